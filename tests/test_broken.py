"""Every way in which a file can be wrong: exit 2, the file's name, the place, the words, and the rest of the run."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

import pytest

from conftest import HEAD, Run, RunCli, check_text
from hostile import RECORDS
from steps import LINEAR, growth

FOLDER = Path(__file__).parent / "broken"
EXPECTED: dict[str, dict[str, Any]] = tomllib.loads((FOLDER / "expected.toml").read_text(encoding="utf-8"))
GOOD = HEAD + "populations: {all: 88}\noutcomes: [{label: Response, population: all, reported: 16 (18.2%)}]\n"


def _run_beside_a_good_file(cli: RunCli, folder: Path, name: str) -> tuple[Run, list[dict[str, Any]]]:
    """Check a broken file between two good ones; hold what every broken file is owed; return its findings."""
    for good in ("good-1.yaml", "good-2.yaml"):
        (folder / good).write_text(GOOD, encoding="utf-8")
    run = cli("check", "good-1.yaml", name, "good-2.yaml", "--format", "json", "--claims", cwd=folder)
    assert (run.code, name in run.err, "Traceback" in run.err or "internal error" in run.err) == (2, True, False)
    document = json.loads(run.out)
    statuses = {file["path"]: file["status"] for file in document["files"]}
    assert (statuses["good-1.yaml"], statuses["good-2.yaml"]) == ("ok", "ok")
    assert statuses[name] in ("invalid", "unreadable")
    assert [claim["verdict"] for claim in document["claims"]] == ["consistent", "consistent"]
    findings = [finding for finding in document["findings"] if finding["path"] == name]
    assert findings
    assert {"RC0"} == {finding["rule"][:3] for finding in findings}
    assert max(len(finding["message"]) for finding in findings) < 1000
    return run, findings


def test_every_file_is_expected() -> None:
    """The table and the folder name the same files."""
    assert sorted(EXPECTED) == sorted(path.stem for path in FOLDER.glob("*.yaml"))


@pytest.mark.parametrize("name", EXPECTED)
def test_a_mistake_is_answered_at_its_place(cli: RunCli, tmp_path: Path, name: str) -> None:
    """The mistake has a finding of its rule, at its line and column, with the words its author needs."""
    expected = EXPECTED[name]
    (tmp_path / f"{name}.yaml").write_bytes((FOLDER / f"{name}.yaml").read_bytes())
    _, findings = _run_beside_a_good_file(cli, tmp_path, f"{name}.yaml")
    keys = [key for key in ("line", "column") if key in expected]
    told = [(f["rule"], *(f[key] for key in keys), f["message"]) for f in findings]
    wanted = tuple(expected[key] for key in keys)
    fitting = [t for t in told if t[0].startswith(expected["rule"]) and t[1:-1] == wanted]
    assert (expected, True, told) == (expected, bool(fitting), told)
    assert [word for word in expected["words"] if not any(word in t[-1] for t in fitting)] == []


_BYTES = {
    "latin-1": (b"id: caf\xe9\n", "RC002", "UTF-8"),
    "utf-16-le": (b"\xff\xfe" + "id: x\n".encode("utf-16-le"), "RC002", "UTF-16"),
    "utf-16-be": (b"\xfe\xff" + "id: x\n".encode("utf-16-be"), "RC002", "UTF-16"),
    "utf-16-no-mark": ("id: x\n".encode("utf-16-le"), "RC002", ""),
    "utf-32": ("id: x\n".encode("utf-32"), "RC002", ""),
    "overlong": (b"id: \xc0\xaf\n", "RC002", "UTF-8"),
    "surrogate": (b"id: \xed\xa0\x80\n", "RC002", "UTF-8"),
    "nul": (b"id: a\x00b\n", "RC002", "U+0000"),
    "all-nul": (b"\x00" * 100_000, "RC002", "U+0000"),
    "escape": (b"id: a\x1bb\n", "RC002", "U+001B"),
    "zip": (b"PK\x03\x04" + bytes(range(256)) * 50, "RC002", ""),
    "elf": (b"\x7fELF\x02\x01\x01" + bytes(range(256)), "RC002", ""),
    "too-large": (b"# x\n" * 600_000, "RC010", "2 MB"),
    "one-long-line": (b"id: " + b"a" * 1_500_000 + b"\n", "RC007", ""),
    "long-key": (b"a" * 1_500_000 + b": 1\n", "RC0", ""),
    "open-brackets": (b"[" * 1_900_000, "RC010", "nested"),
    "open-mappings": (b"{a: " * 400_000, "RC010", "nested"),
    "dashes": (b"- " * 900_000, "RC010", "nested"),
    "many-values": (b"design: [" + b"1," * 50_000 + b"]\n", "RC010", "values"),
    "many-aliases": (b"design: [" + b"*a," * 300_000 + b"]\n", "RC0", ""),
    "spaces-in-a-number": (HEAD.encode() + b"populations: {a: '1" + b" " * 60_000 + b"x'}\n", "RC007", ""),
    "many-unknown-keys": (HEAD.encode() + b"".join(b"key%d: 1\n" % i for i in range(9_000)), "RC005", ""),
    "many-missing-references": (
        HEAD.encode()
        + b"populations:\n"
        + b"".join(b"  population%d: 5\n" % i for i in range(1_200))
        + b"allocation:\n- of: population0\n  into: ["
        + b",".join(b"poplation%d" % i for i in range(1_200))
        + b"]\n",
        "RC008",
        "population",
    ),
}


@pytest.mark.parametrize("name", _BYTES)
def test_bytes_that_are_no_record(cli: RunCli, tmp_path: Path, name: str) -> None:
    """Wrong encodings, binary and oversized files are answered; made here, as git would spoil them."""
    data, rule, words = _BYTES[name]
    (tmp_path / f"{name}.yaml").write_bytes(data)
    _, findings = _run_beside_a_good_file(cli, tmp_path, f"{name}.yaml")
    assert any(finding["rule"].startswith(rule) and words in finding["message"] for finding in findings)


def test_a_missing_file_is_named(cli: RunCli, tmp_path: Path) -> None:
    """A file that is not there does not keep the others from being checked."""
    _, findings = _run_beside_a_good_file(cli, tmp_path, "missing.yaml")
    assert [finding["rule"] for finding in findings] == ["RC001"]


def test_a_folder_with_a_record_name_is_a_folder(cli: RunCli, tmp_path: Path) -> None:
    """`x.yaml/` is looked into, not read."""
    (tmp_path / "x.yaml").mkdir()
    (tmp_path / "x.yaml" / "good.yaml").write_text(GOOD, encoding="utf-8")
    assert cli("check", "x.yaml", cwd=tmp_path).code == 0


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"], ids=["plain", "BOM"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"], ids=["LF", "CRLF", "CR"])
def test_marks_and_line_ends_are_fine(cli: RunCli, tmp_path: Path, newline: str, mark: bytes) -> None:
    """A byte-order mark and any line end are read, and move no position."""
    text = (
        HEAD
        + "populations:\n  all: 88\noutcomes:\n  - label: Réponse 😀\n    population: all\n    reported: 16 (19.3%)\n"
    )
    (tmp_path / "x.yaml").write_bytes(mark + text.replace("\n", newline).encode())
    run = cli("check", "x.yaml", "--format", "json", cwd=tmp_path)
    [finding] = json.loads(run.out)["findings"]
    assert (
        run.code, finding["rule"], finding["line"], finding["column"], finding["end_line"], finding["end_column"]
    ) == (1, "RC301", 9, 15, 9, 25)  # fmt: skip


def test_all_mistakes_in_one_go(cli: RunCli, tmp_path: Path) -> None:
    """A file with several mistakes hears of all of them, in the order of their places."""
    text = "id: x\ntypo: 1\npopulations:\n  all: 0\n  sub: {of: al}\noutcomes:\n  - label: R\n    reported: nothing\n"
    (tmp_path / "x.yaml").write_text(text, encoding="utf-8")
    _, findings = _run_beside_a_good_file(cli, tmp_path, "x.yaml")
    assert [finding["rule"] for finding in findings] == ["RC006", "RC005", "RC007", "RC008", "RC007"]


@pytest.mark.parametrize(
    "text",
    [
        "id: x\ncitaton:\n  title: A study\n",
        HEAD + "outcomes:\n  - labl: Response\n    reported: 5\n",
        HEAD + "outcomes:\n  - label: Response\n    reportd: 5\n",
    ],
)
def test_a_misspelt_key_is_not_missing_too(cli: RunCli, tmp_path: Path, text: str) -> None:
    """One mistake is told once: the unknown key, with the one that was meant."""
    (tmp_path / "x.yaml").write_text(text, encoding="utf-8")
    _, findings = _run_beside_a_good_file(cli, tmp_path, "x.yaml")
    assert [(finding["rule"], "did you mean" in finding["message"]) for finding in findings] == [("RC005", True)]


def test_another_unknown_key_excuses_no_missing_one(cli: RunCli, tmp_path: Path) -> None:
    """A key that is missing, and one that is unknown and unlike it, are two mistakes."""
    (tmp_path / "x.yaml").write_text("id: x\nzzz: 1\ncitation: {ttle: A, doy: b}\n", encoding="utf-8")
    _, findings = _run_beside_a_good_file(cli, tmp_path, "x.yaml")
    assert [finding["rule"] for finding in findings] == ["RC005", "RC005", "RC005"]
    (tmp_path / "x.yaml").write_text("id: x\nzzz: 1\ncitation: {doy: b}\n", encoding="utf-8")
    _, findings = _run_beside_a_good_file(cli, tmp_path, "x.yaml")
    assert sorted(finding["rule"] for finding in findings) == ["RC005", "RC005", "RC006"]


def test_very_many_mistakes_are_counted(cli: RunCli, tmp_path: Path) -> None:
    """The first are listed whole; a last line of its own, where the next one is, counts the rest."""
    text = HEAD + "".join(f"key{number}: 1\n" for number in range(60))
    (tmp_path / "x.yaml").write_text(text, encoding="utf-8")
    run, findings = _run_beside_a_good_file(cli, tmp_path, "x.yaml")
    assert (
        len(findings), findings[-1]["line"], findings[-1]["message"]
    ) == (51, 54, "The mistakes from here on are not listed: 10 more.")  # fmt: skip
    assert [finding["message"] for finding in findings if "not listed" in finding["message"]] == [
        findings[-1]["message"]
    ]
    assert "more than 50 mistakes" in run.err


@pytest.mark.parametrize("body", [each.whole for each in RECORDS.values()], ids=RECORDS)
def test_a_wide_record_is_checked(cli: RunCli, tmp_path: Path, body: str) -> None:
    """A record within the limits comes to a verdict, however wide it is."""
    (tmp_path / "x.yaml").write_text(HEAD + body, encoding="utf-8")
    run = cli("check", "x.yaml", "--format", "json", cwd=tmp_path)
    assert (run.code in (0, 1, 2), "internal error" in run.err) == (True, False)


@pytest.mark.parametrize("kind", RECORDS)
def test_a_wide_record_takes_linear_time(kind: str) -> None:
    """A record that is twice as wide takes twice the steps."""
    make, size = RECORDS[kind]
    assert growth(check_text, make, size // 10) < LINEAR
