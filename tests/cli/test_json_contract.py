"""The JSON that other programs rely on (DESIGN section 6), held by strict schemas."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from conftest import HEAD, RunCli

Schema = dict[str, Any]


def _object(**properties: Any) -> Schema:
    return {"type": "object", "properties": properties, "required": list(properties), "additionalProperties": False}


def _list(items: Schema) -> Schema:
    return {"type": "array", "items": items}


def _maybe(schema: Schema) -> Schema:
    return {"anyOf": [schema, {"type": "null"}]}


TEXT: Schema = {"type": "string"}
WORDS: Schema = {"type": "string", "minLength": 1}
COUNT: Schema = {"type": "integer", "minimum": 0}
ORDINAL: Schema = {"type": "integer", "minimum": 1}
VERDICT: Schema = {"enum": ["consistent", "consistent_under", "inconsistent", "cannot_check"]}
SEVERITY: Schema = {"enum": ["error", "warning", "note"]}
MODE: Schema = {"enum": ["half_up", "half_even", "half_down", "truncate", "ceiling"]}
PLACE: Schema = {
    "path": WORDS,
    "line": _maybe(ORDINAL),
    "column": _maybe(ORDINAL),
    "end_line": _maybe(ORDINAL),
    "end_column": _maybe(ORDINAL),
    "place": WORDS,
}
SUBJECT = _object(
    study=WORDS,
    outcome=_maybe(WORDS),
    label=_maybe(WORDS),
    population=_maybe(WORDS),
    arm=_maybe(WORDS),
    timepoint=_maybe(WORDS),
)
BINDING = _maybe(
    _object(
        study=WORDS,
        outcome=_maybe(WORDS),
        status={"enum": ["verified", "contradicted", "unverified", None]},
        proposed={"type": "boolean"},
    )
)
FINDING = _object(
    rule={"type": "string", "pattern": "^RC[0-9]{3}$"},
    name={"type": "string", "pattern": "^[a-z]+(-[a-z]+)*$"},
    severity=SEVERITY,
    message=WORDS,
    **PLACE,
    printed=_maybe(TEXT),
    recomputed=_maybe(WORDS),
    steps=_list(WORDS),
    related=_list(_object(**PLACE, message=WORDS)),
    study=_maybe(WORDS),
    binding=BINDING,
    ignored=_maybe(WORDS),
    baseline={"type": "boolean"},
)
FILE = _object(
    path=WORDS,
    kind=_maybe({"enum": ["record", "draft", "sheet"]}),
    status={"enum": ["ok", "invalid", "unreadable"]},
    study=_maybe(WORDS),
    studies=_list(WORDS),
    claims=COUNT,
    notes=_list(WORDS),
    not_read=_list(_object(text=WORDS, **PLACE, reason=_maybe(WORDS))),
)
_PROPORTION: Schema = {
    "kind": {"enum": ["proportion", "fraction", "count"]},
    "text": WORDS,
    "count": _maybe(COUNT),
    "denominator": _maybe(ORDINAL),
    "percent": _maybe({"type": "string", "pattern": "^-?[0-9]+(\\.[0-9]+)?$"}),
    "approx": {"type": "boolean"},
    **PLACE,
    "source": {"enum": ["primary", "secondary"]},
    "subject": SUBJECT,
}
_OTHER: Schema = {
    "kind": {"enum": ["total", "flow", "mean", "median", "rate", "effect"]},
    "text": WORDS,
    **PLACE,
    "source": {"enum": ["primary", "secondary"]},
    "subject": SUBJECT,
}
_JUDGED: Schema = {
    "resolved_denominator": _maybe(ORDINAL),
    "resolved_by": {"enum": ["explicit", "column", "antecedent", "record", "stated", "joint", None]},
    "verdict": VERDICT,
    "convention": _maybe(MODE),
    "missing": _maybe(WORDS),
    "recomputed": _maybe(WORDS),
    "binding": BINDING,
}
CLAIM: Schema = {"anyOf": [_object(**_PROPORTION), _object(**_OTHER)]}
JUDGED_CLAIM: Schema = {"anyOf": [_object(**_PROPORTION, **_JUDGED), _object(**_OTHER, **_JUDGED)]}
SUMMARY = _object(
    files=_object(checked=COUNT, failed=COUNT, skipped=COUNT),
    claims=_object(consistent=COUNT, consistent_under=COUNT, inconsistent=COUNT, cannot_check=COUNT),
    findings=_object(error=COUNT, warning=COUNT, note=COUNT, ignored=COUNT),
    not_read=_object(of=COUNT, excluded=COUNT, unread=COUNT),
    records=_maybe(_object(verified=COUNT, contradicted=COUNT, unverified=COUNT)),
    baseline=_object(known=COUNT, gone=COUNT),
)
VERSION: Schema = {"type": "string", "pattern": "^[0-9]+\\.[0-9]+$"}
REPORT = _object(schema_version=VERSION, files=_list(FILE), findings=_list(FINDING), summary=SUMMARY)
REPORT_WITH_CLAIMS = _object(
    schema_version=VERSION, files=_list(FILE), claims=_list(JUDGED_CLAIM), findings=_list(FINDING), summary=SUMMARY
)
CLAIMS_LINE: Schema = {
    "anyOf": [
        _object(
            id=WORDS,
            path=WORDS,
            claims=_list(CLAIM),
            sample_sizes=_list(_object(n=ORDINAL, population=WORDS, **PLACE)),
            # A record is read as a whole.
            not_read={"type": "array", "maxItems": 0},
        ),
        _object(id=WORDS, path=WORDS, error=WORDS, claims={"type": "array", "maxItems": 0}),
    ]
}
OFFSETS: Schema = {"start": COUNT, "end": COUNT}
DRAFT_LINE = _object(
    id=WORDS,
    path=WORDS,
    claims=_list({"type": "object", "required": [*OFFSETS]}),
    sample_sizes=_list(_object(n=ORDINAL, population=WORDS, **OFFSETS)),
    not_read=_list(_object(text=WORDS, **OFFSETS, reason=_maybe(WORDS))),
)
INTERVALS = _list({"type": "array", "prefixItems": [ORDINAL, _maybe(ORDINAL)], "minItems": 2, "maxItems": 2})
COUNT_INTERVALS = _list({"type": "array", "prefixItems": [COUNT, _maybe(COUNT)], "minItems": 2, "maxItems": 2})
SOLUTION = _object(
    schema_version=VERSION,
    claims=_list(
        _object(
            printed=WORDS,
            verdict=VERDICT,
            convention=_maybe(MODE),
            denominators=INTERVALS,
            counts=_maybe(COUNT_INTERVALS),
            steps=_list(WORDS),
        )
    ),
    joint=_object(denominators=INTERVALS, fits=_list(COUNT), rest=_list(COUNT)),
)

RECORD = (
    HEAD
    + """\
rounding: half_up
populations:
  all: 122
  sub: {of: all}
arms:
  A: {n: 60, of: all}
  B: {n: 61, of: all}
allocation:
  - {of: all, into: [A, B]}
flow:
  - {from: all, lost: {withdrawn: 2}, to: [A, B]}
outcomes:
  - label: Response
    population: all
    series: {6 months: 61 (50.0%), 12 months: 62/122 (50.9%), last follow-up: nearly 60%}
    ignore: [{rule: RC109, reason: it may fall}]
  - {label: Other, population: sub, reported: 16 (18.2%)}
  - {label: None known, reported: 5}
  - {label: Bound, arm: A, reported: "0 (<1%)"}
  - {label: Sex, arm: A, exclusive: yes, exhaustive: yes, categories: {male: 30 (50%), female: 31 (51.7%)}}
  - {label: Cut, arm: A, reported: 11 (18.4%)}
  - label: Score
    population: all
    mean: {mean: 3.5, sd: 1.2}
    median: {median: 3}
    rate: {rate: 2.1, per: 100 patient-years}
    effects: [{measure: risk_ratio, estimate: 0.5, arm: A, reference: B, p: 0.03}]
"""
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Records of every fate."""
    (tmp_path / "record.yaml").write_text(RECORD, encoding="utf-8")
    (tmp_path / "invalid.yaml").write_text("id: x\npopulations: {a: 0}\n", encoding="utf-8")
    (tmp_path / "arms.yaml").write_text("arms: [", encoding="utf-8")
    (tmp_path / "latin.yaml").write_bytes(b"arms: caf\xe9\n")
    (tmp_path / "notes.dat").write_text("", encoding="utf-8")
    return tmp_path


def _validate(schema: Schema, document: Any) -> None:
    errors = sorted(Draft202012Validator(schema).iter_errors(document), key=str)
    assert [f"{error.json_path}: {error.message[:300]}" for error in errors] == []


@pytest.mark.parametrize("with_claims", [False, True])
def test_check(cli: RunCli, folder: Path, *, with_claims: bool) -> None:
    """`check --format json` has the shape of the contract, with and without the claims."""
    run = cli("check", ".", "missing.yaml", "--format", "json", *(["--claims"] if with_claims else []), cwd=folder)
    document = json.loads(run.out)
    _validate(REPORT_WITH_CLAIMS if with_claims else REPORT, document)
    assert run.code == 2
    assert {"ok", "invalid", "unreadable"} == {file["status"] for file in document["files"]}


def test_a_draft_names_its_studies(cli: RunCli, tmp_path: Path) -> None:
    """A draft's file lists the studies that its findings and verdicts are about, in order; a record's its own."""
    draft = "# Review\n\n## Study 1\n\nOf 88, 16/88 (19.2%).\n\n## Study 2\n\nFever in 10/12 girls (93.3%).\n"
    (tmp_path / "draft.md").write_text(draft, encoding="utf-8")
    (tmp_path / "record.yaml").write_text(RECORD, encoding="utf-8")
    document = json.loads(cli("check", "draft.md", "record.yaml", "gone.md", "--format", "json", cwd=tmp_path).out)
    told = [(file["kind"], file["study"], file["studies"]) for file in document["files"]]
    assert told == [
        ("draft", None, ["Study 1", "Study 2"]),
        ("record", "test-study", ["test-study"]),
        (None, None, []),
    ]
    assert [finding["study"] for finding in document["findings"] if finding["path"] == "draft.md"] == [
        "Study 1",
        "Study 2",
    ]


DRAFT = """# Review

## Study 1

Of 88, 16/88 (18.2%; 95% CI 11.2 to 27.6) had a remission.

## Study 2

At week 4 45% foo. The pain fell by 20%.
"""


def test_a_draft_says_what_is_in_no_claim(cli: RunCli, tmp_path: Path) -> None:
    """`check` and `claims` list the same of a draft, and the summary counts it; in JSON nothing is left out."""
    (tmp_path / "draft.md").write_text(DRAFT, encoding="utf-8")
    document = json.loads(cli("check", "draft.md", "--format", "json", cwd=tmp_path).out)
    _validate(REPORT, document)
    line = json.loads(cli("claims", "draft.md", "--format", "json", cwd=tmp_path).out)
    _validate(DRAFT_LINE, line)
    listed = document["files"][0]["not_read"]
    assert [(e["text"], e["reason"] is not None) for e in listed] == [("95%", True), ("45%", False), ("20%", True)]
    assert [(e["text"], e["reason"]) for e in listed] == [(e["text"], e["reason"]) for e in line["not_read"]]
    assert document["summary"]["not_read"] == {"of": 4, "excluded": 2, "unread": 1}
    assert [e["text"] for e in line["not_read"]] == [DRAFT[e["start"] : e["end"]] for e in line["not_read"]]


def test_the_summary_adds_up(cli: RunCli, folder: Path) -> None:
    """The counts of the summary are those of the lists."""
    document = json.loads(cli("check", ".", "--format", "json", "--claims", cwd=folder).out)
    summary = document["summary"]
    assert len(document["claims"]) == sum(summary["claims"].values()) == sum(f["claims"] for f in document["files"])
    assert len(document["findings"]) == sum(summary["findings"].values()) + summary["baseline"]["known"]
    assert (len(document["files"]), 1) == (summary["files"]["checked"] + summary["files"]["failed"], summary["files"]["skipped"])  # fmt: skip  # noqa: E501
    for verdict, count in summary["claims"].items():
        assert (verdict, count) == (verdict, sum(claim["verdict"] == verdict for claim in document["claims"]))


def test_every_place_is_a_place(cli: RunCli, folder: Path) -> None:
    """Findings and claims of a record have line and column, and the text there is what is printed."""
    document = json.loads(cli("check", "record.yaml", "--format", "json", "--claims", cwd=folder).out)
    lines = RECORD.split("\n")
    assert document["findings"]
    for each in (*document["findings"], *document["claims"]):
        start, end = (each["line"], each["column"]), (each["end_line"], each["end_column"])
        assert start < end <= (len(lines), 10_000)
    for claim in document["claims"]:
        if claim["kind"] in ("proportion", "fraction", "count"):
            assert claim["text"] == lines[claim["line"] - 1][claim["column"] - 1 : claim["end_column"] - 1]


def test_claims(cli: RunCli, folder: Path) -> None:
    """`claims --format json` has one line a file, without verdicts and findings."""
    run = cli("claims", ".", "--format", "json", cwd=folder)
    lines = [json.loads(line) for line in run.out.splitlines()]
    for line in lines:
        _validate(CLAIMS_LINE, line)
    assert (run.code, len(lines), sum("error" not in line for line in lines)) == (2, 4, 1)


@pytest.mark.parametrize(
    "claims",
    [
        ["16 (18.2%)", "42 (47.7%)", "37 (42.0%)", "2 (2.3%)"],
        ["10 (12%)", "66.7% of 25", "83% of 200", "0 (0%)", "44/88 50%", "16/88 (18.1%)", "12 (87%)", "nearly 50%", "5", "5/10", "3 (<1%)", "0% of 5", "104%"],  # noqa: E501
        ["12 (87%)"],
    ],
)  # fmt: skip
def test_solve(cli: RunCli, claims: list[str]) -> None:
    """`solve --format json` has the shape of the contract; every claim is in `fits` or in `rest`, once."""
    document = json.loads(cli("solve", "--format", "json", *claims).out)
    _validate(SOLUTION, document)
    joint = document["joint"]
    assert list(range(len(claims))) == sorted(joint["fits"] + joint["rest"])


def test_solve_says_88(cli: RunCli) -> None:
    """The four claims of the first case fit 88 together."""
    run = cli("solve", "--format", "json", "16 (18.2%)", "42 (47.7%)", "37 (42.0%)", "2 (2.3%)")
    assert json.loads(run.out)["joint"] == {"denominators": [[88, 88]], "fits": [0, 1, 2, 3], "rest": []}


def test_a_report_can_be_written_whatever_is_quoted(cli: RunCli, tmp_path: Path) -> None:
    """JSON is valid for labels with quotes, escapes and characters outside the BMP."""
    label = 'a"b\\c é 😀 \u202e'
    text = HEAD + f"outcomes:\n  - label: {json.dumps(label, ensure_ascii=False)}\n    reported: 5\n"
    (tmp_path / "x.yaml").write_text(text, encoding="utf-8")
    document = json.loads(cli("check", "x.yaml", "--format", "json", "--claims", cwd=tmp_path).out)
    assert " ".join(label.split()) == document["claims"][0]["subject"]["label"]
