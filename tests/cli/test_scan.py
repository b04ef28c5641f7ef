"""`scan`: the contract of its lines, what becomes of a document that fails, and of files that cannot be had."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from conftest import Run, RunCli, run_here

Schema = dict[str, Any]


def _object(**properties: Any) -> Schema:
    return {"type": "object", "properties": properties, "required": list(properties), "additionalProperties": False}


def _list(items: Schema) -> Schema:
    return {"type": "array", "items": items}


def _maybe(schema: Schema) -> Schema:
    return {"anyOf": [schema, {"type": "null"}]}


WORDS: Schema = {"type": "string", "minLength": 1}
COUNT: Schema = {"type": "integer", "minimum": 0}
ORDINAL: Schema = {"type": "integer", "minimum": 1}
VERDICT: Schema = {"enum": ["consistent", "consistent_under", "inconsistent", "cannot_check"]}
SEVERITY: Schema = {"enum": ["error", "warning", "note"]}
CLAIM = _object(
    kind={"enum": ["proportion", "fraction"]},
    start=COUNT,
    end=ORDINAL,
    text=WORDS,
    count=_maybe(COUNT),
    denominator=_maybe(ORDINAL),
    percent=_maybe({"type": "string", "pattern": "^[0-9]+(\\.[0-9]+)?$"}),
    approx={"type": "boolean"},
    resolved_denominator=_maybe(ORDINAL),
    resolved_by={"enum": ["explicit", "column", "antecedent", "record", "stated", "joint", None]},
    verdict=VERDICT,
)
FINDING = _object(
    rule={"type": "string", "pattern": "^RC[0-9]{3}$"},
    name={"type": "string", "pattern": "^[a-z]+(-[a-z]+)*$"},
    severity=SEVERITY,
    message=WORDS,
    start=COUNT,
    end=ORDINAL,
)
SIZE = _object(n={"type": "integer", "minimum": 2}, start=COUNT, end=ORDINAL)
ANSWER = _object(id={}, claims=_list(CLAIM), sample_sizes=_list(SIZE), findings=_list(FINDING))
ERROR = _object(id={}, line=ORDINAL, error=WORDS, claims={"type": "array", "maxItems": 0})

TEXTS = {
    "explicit": "Remission was seen in 10/12 girls (83.3%) and in 5 of 12 (41.7%).",
    "without a percentage": "A rash was seen in 13 of the 14 patients.",
    "stated": "We included 88 patients. 16 (18.2%) responded.",
    "antecedent": "Of the 20 with calcinosis, 7 (35%) improved.",
    "joint": "Remission came in 16 (18.2%), 42 (47.7%) and 37 (42.0%).",
    "bare and hedged": "Nearly 50% of the children had fever.",
    "wrong": "Fever was seen in 12/45 (28.7%).",
    "truncated": "Fever was seen in 11/60 (18.4%) and in 16/88 (18.1%).",
    "more than stated": "We included 83 patients. Remission came in 16 (18.2%), 42 (47.7%) and 37 (42.0%).",
    "astral": "😀😀 𝟙 𐍈 We included 88 patients. 16 (18.2%) and 42\u2009(47·7\u202f%) responded 😀.",
    "combining marks": "Sjo\u0308gren, e\u0301te\u0301: we included 88 patients; 16 (18.2%) e\u0301te\u0301.",
    "direction marks and tabs": "\u202eWe included\t88 patients.\r\n\u200f16 (18.2%)\u2028responded.\x00",
    "letters that grow": "İİİ ẞ ﬁ: we included 88 patients. 16 (18.2%) responded, ŉ 42 (47.7%) did not.",
    "nothing": "No number is here.",
    "empty": "",
}


def _jsonl(*documents: Any) -> bytes:
    return b"".join(json.dumps(document).encode() + b"\n" for document in documents)


def _documents(count: int) -> list[dict[str, str]]:
    texts = list(TEXTS.values())
    return [{"id": f"d{number}", "text": texts[number % len(texts)]} for number in range(count)]


def _answers(run: Run) -> list[dict[str, Any]]:
    return [json.loads(line) for line in run.out.split("\n")[:-1]]


def _defects(schema: Schema, document: Any) -> list[str]:
    errors = sorted(Draft202012Validator(schema).iter_errors(document), key=str)
    return [f"{error.json_path}: {error.message[:300]}" for error in errors]


@pytest.fixture(scope="module")
def answered(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """The answer to each text, by its name."""
    path = tmp_path_factory.mktemp("scan") / "texts.jsonl"
    path.write_bytes(_jsonl(*({"id": name, "text": text} for name, text in TEXTS.items())))
    run = run_here("scan", str(path))
    assert (run.code, run.err) == (0, "")
    return {answer["id"]: answer for answer in _answers(run)}


@pytest.mark.parametrize("name", TEXTS)
def test_shape(answered: dict[str, dict[str, Any]], name: str) -> None:
    """A line has the keys of the contract, no more and no fewer, of the types that it says."""
    assert _defects(ANSWER, answered[name]) == []


@pytest.mark.parametrize("name", TEXTS)
def test_offsets_are_code_points(answered: dict[str, dict[str, Any]], name: str) -> None:
    """What stands between a claim's offsets is the claim, whatever characters stand before it."""
    text, answer = TEXTS[name], answered[name]
    for claim in answer["claims"]:
        assert claim["text"] == text[claim["start"] : claim["end"]]
    for size in answer["sample_sizes"]:
        assert str(size["n"]) == text[size["start"] : size["end"]]
    for finding in answer["findings"]:
        assert finding["start"] in {claim["start"] for claim in answer["claims"]}


@pytest.mark.parametrize(
    ("name", "resolved"),
    [
        ("explicit", [(12, "explicit")] * 2),
        ("without a percentage", [(14, "explicit")]),
        ("stated", [(88, "stated")]),
        ("antecedent", [(20, "antecedent")]),
        ("joint", [(88, "joint")] * 3),
        ("bare and hedged", [(None, None)]),
        ("astral", [(88, "stated")] * 2),
        ("combining marks", [(88, "stated")]),
        ("direction marks and tabs", [(88, "stated")]),
        ("letters that grow", [(88, "stated")] * 2),
        ("nothing", []),
        ("empty", []),
    ],
)
def test_resolved(
    answered: dict[str, dict[str, Any]], name: str, resolved: list[tuple[int | None, str | None]]
) -> None:
    """Each claim says which denominator it was checked with, and how that is known."""
    claims = answered[name]["claims"]
    assert [(claim["resolved_denominator"], claim["resolved_by"]) for claim in claims] == resolved


def test_numbers_are_those_of_the_text(answered: dict[str, dict[str, Any]]) -> None:
    """Count, denominator and percentage hold what the claim prints, and nothing that was worked out."""
    keys = ("kind", "text", "count", "denominator", "percent", "approx", "verdict")

    def told(name: str) -> list[tuple[object, ...]]:
        return [tuple(claim[key] for key in keys) for claim in answered[name]["claims"]]

    assert told("stated") == [("proportion", "16 (18.2%)", 16, None, "18.2", False, "consistent")]
    assert told("without a percentage") == [("fraction", "13 of the 14", 13, 14, None, False, "consistent")]
    assert told("bare and hedged") == [("proportion", "50%", None, None, "50", True, "cannot_check")]
    assert told("wrong") == [("proportion", "12/45 (28.7%)", 12, 45, "28.7", False, "inconsistent")]
    assert told("astral")[1] == ("proportion", "42\u2009(47·7\u202f%)", 42, None, "47.7", False, "consistent")


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("stated", []),
        ("wrong", [("RC201", "error")]),
        ("more than stated", [("RC302", "error")]),
        ("joint", [("RC312", "note")]),
    ],
)
def test_findings(answered: dict[str, dict[str, Any]], name: str, found: list[tuple[str, str]]) -> None:
    """Findings come with their severity, and do not change the exit code."""
    assert [(finding["rule"], finding["severity"]) for finding in answered[name]["findings"]] == found


@pytest.mark.parametrize("workers", ["1", "2", None])
def test_one_line_a_document_in_order(process: RunCli, tmp_path: Path, workers: str | None) -> None:
    """However many processes read, there is a line for each document, in the order of the input."""
    documents = _documents(231)
    (tmp_path / "in.jsonl").write_bytes(_jsonl(*documents))
    run = process("scan", "in.jsonl", *(["--workers", workers] if workers else []), cwd=tmp_path)
    assert (run.code, run.err) == (0, "")
    assert [document["id"] for document in documents] == [answer["id"] for answer in _answers(run)]


def test_processes_change_nothing(process: RunCli, tmp_path: Path) -> None:
    """The output is the same, byte for byte, with one process and with two, and in a file."""
    (tmp_path / "in.jsonl").write_bytes(_jsonl(*_documents(120)))
    one = process("scan", "in.jsonl", "--workers", "1", cwd=tmp_path).out
    assert one == process("scan", "in.jsonl", "--workers", "2", cwd=tmp_path).out
    run = process("scan", "in.jsonl", "--workers", "2", "--output", "out.jsonl", cwd=tmp_path)
    assert (run.code, run.out, run.err) == (0, "", "")
    assert one == (tmp_path / "out.jsonl").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("line", "identity", "words"),
    [
        (b'{"id": 1, "text"', None, "not JSON"),
        (b"not JSON at all", None, "not JSON"),
        (b"\x00", None, "not JSON"),
        (b"[" * 100_000, None, "not JSON"),
        (b'{"id": ' + b"9" * 5000 + b', "text": ""}', None, "not JSON"),
        (b'{"id": "a", "text": "caf\xe9"}', None, "not JSON"),
        (b'{"id": "a"}', "a", "'id' and 'text'"),
        (b'{"text": "16 (18.2%)"}', None, "'id' and 'text'"),
        (b'{"id": "a", "text": 5}', "a", "'id' and 'text'"),
        (b'{"id": "a", "text": null}', "a", "'id' and 'text'"),
        (b'{"id": "a", "text": ["16 (18.2%)"]}', "a", "'id' and 'text'"),
        (b'["a", "16 (18.2%)"]', None, "'id' and 'text'"),
        (b'"text"', None, "'id' and 'text'"),
    ],
    ids=lambda value: repr(value)[:30] if isinstance(value, bytes) else "",
)
def test_a_line_that_is_no_document(cli: RunCli, line: bytes, identity: str | None, words: str) -> None:
    """Such a line is answered with its number and its error, the others are read, and nothing fails."""
    good = _jsonl({"id": "good", "text": TEXTS["stated"]})
    run = cli("scan", "-", stdin=good + line + b"\n" + good)
    first, answer, last = _answers(run)
    assert _defects(ERROR, answer) == []
    assert (run.code, identity, 2) == (0, answer["id"], answer["line"])
    assert words in answer["error"]
    assert [word for word in ("codec", "recursion", "char ", "Expecting", "digits)") if word in answer["error"]] == []
    assert "1 line" in run.err
    assert first == last
    assert first["claims"]


def test_lines_without_anything_are_no_documents(cli: RunCli) -> None:
    """Empty lines are passed over, and still count for the number of a line that fails; a last newline may lack."""
    document = _jsonl({"id": "a", "text": ""})
    run = cli("scan", "-", stdin=b"\n" + document + b"  \r\n\n{\r\n" + document.strip())
    assert (run.code, ["a", None, "a"]) == (0, [answer["id"] for answer in _answers(run)])
    assert [answer["line"] for answer in _answers(run) if "error" in answer] == [5]


def test_lone_surrogates(cli: RunCli) -> None:
    """JSON can spell half a character, which no encoding can: its place is kept, and the output is UTF-8 and JSON."""
    line = b'{"id": "\\udc00", "text": "\\ud800 We included 88 patients. 16 (18.2%) \\udfff"}\n'
    (answer,) = _answers(cli("scan", "-", stdin=line))
    (claim,) = answer["claims"]
    assert (answer["id"], claim["text"], claim["resolved_denominator"]) == ("\udc00", "16 (18.2%)", 88)
    assert claim["text"] == json.loads(line)["text"][claim["start"] : claim["end"]]


@pytest.mark.parametrize("identity", [7, 1.5, None, True, ["a", 1], {"b": "c"}, "", 'quo"te\n\u2028é😀'])
def test_an_id_is_given_back(cli: RunCli, identity: object) -> None:
    """An id may be any JSON, and comes back as it was."""
    run = cli("scan", "-", stdin=_jsonl({"id": identity, "text": "", "more": 1}))
    assert [identity] == [answer["id"] for answer in _answers(run)]


@pytest.mark.parametrize("name", ["absent.jsonl", "folder"])
@pytest.mark.parametrize("order", [1, -1])
def test_an_input_that_cannot_be_read(cli: RunCli, tmp_path: Path, name: str, order: int) -> None:
    """It exits with 2 and names the file, and nothing is written, not even for the files that could be read."""
    (tmp_path / "good.jsonl").write_bytes(_jsonl(*_documents(3)))
    (tmp_path / "folder").mkdir()
    (tmp_path / "out.jsonl").write_text("before", encoding="utf-8")
    inputs = ["good.jsonl", name][::order]
    for output in ([], ["--output", "out.jsonl"]):
        run = cli("scan", *inputs, *output, cwd=tmp_path)
        assert (run.code, run.out, name in run.err, "Traceback" in run.err) == (2, "", True, False)
    assert (tmp_path / "out.jsonl").read_text(encoding="utf-8") == "before"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["folder", "good.jsonl", "out.jsonl"]


def test_an_output_that_cannot_be_written(cli: RunCli, tmp_path: Path) -> None:
    """It exits with 2 and says why."""
    (tmp_path / "in.jsonl").write_bytes(_jsonl(*_documents(3)))
    run = cli("scan", "in.jsonl", "--output", "absent/out.jsonl", cwd=tmp_path)
    assert (run.code, run.out, "absent" in run.err, "Traceback" in run.err) == (2, "", True, False)


def test_an_output_is_replaced_as_a_whole(cli: RunCli, tmp_path: Path) -> None:
    """A longer file leaves nothing behind, and a file may be its own output."""
    path = tmp_path / "both.jsonl"
    path.write_bytes(_jsonl({"id": "a", "text": "Nothing. " * 1000}))
    assert cli("scan", "both.jsonl", "-o", "both.jsonl", cwd=tmp_path).code == 0
    assert json.loads(path.read_bytes()) == {"id": "a", "claims": [], "sample_sizes": [], "findings": []}
    assert [path] == list(tmp_path.iterdir())


def test_several_inputs_are_one_corpus(cli: RunCli, tmp_path: Path) -> None:
    """Files and standard input are read in the order given."""
    for name in ("a", "b"):
        (tmp_path / f"{name}.jsonl").write_bytes(_jsonl({"id": name, "text": ""}))
    run = cli("scan", "b.jsonl", "-", "a.jsonl", cwd=tmp_path, stdin=_jsonl({"id": "stdin", "text": ""}))
    assert [answer["id"] for answer in _answers(run)] == ["b", "stdin", "a"]


@pytest.mark.parametrize("content", [b"", b"\n \n"])
def test_an_empty_corpus(cli: RunCli, tmp_path: Path, content: bytes) -> None:
    """No documents are no failure: the output is there, and empty."""
    (tmp_path / "in.jsonl").write_bytes(content)
    run = cli("scan", "in.jsonl", "-o", "out.jsonl", cwd=tmp_path)
    assert (run.code, run.out, run.err, b"") == (0, "", "", (tmp_path / "out.jsonl").read_bytes())


@pytest.mark.parametrize("arguments", [[], ["in.jsonl", "--workers", "0"], ["in.jsonl", "--workers", "two"]], ids=str)
def test_wrong_usage(cli: RunCli, tmp_path: Path, arguments: list[str]) -> None:
    """Wrong usage exits with 2, on stderr."""
    (tmp_path / "in.jsonl").write_bytes(b"")
    run = cli("scan", *arguments, cwd=tmp_path)
    assert (run.code, run.out, bool(run.err), "Traceback" in run.err) == (2, "", True, False)


@pytest.mark.parametrize("forced", [{}, {"FORCE_COLOR": "1"}, {"TTY_COMPATIBLE": "1"}], ids=str)
def test_no_progress_where_nobody_looks(cli: RunCli, forced: dict[str, str]) -> None:
    """Where stderr is no terminal, not a byte goes there."""
    run = cli("scan", "-", stdin=_jsonl(*_documents(60)), env=forced)
    assert (run.code, len(_answers(run)), run.err) == (0, 60, "")
