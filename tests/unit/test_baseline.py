"""Findings that are known, and the file that records them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from conftest import HEAD, check_text
from rheumcalc.baseline import Baseline, apply_baseline, read_baseline, render_baseline, renew_baseline
from rheumcalc.config import Settings, SettingsError, select_rules
from rheumcalc.engine import check
from rheumcalc.result import Report
from rheumcalc.rules import Severity

SLIP = "populations: {all: 62}\noutcomes:\n  - {label: Nausea, population: all, reported: 4 (7%)}\n"
MORE = SLIP + "  - {label: Rhinitis, population: all, reported: 4 (7%)}\n"
CLEAN = SLIP.replace("7%", "6%")


def _report(text: str) -> Report:
    return Report((check_text(text),))


@pytest.fixture(autouse=True)
def _inside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Work in an empty folder: whether a file exists is part of what is decided."""
    monkeypatch.chdir(tmp_path)


def _written(baseline: Baseline) -> Baseline:
    """Return a baseline as it is read again."""
    Path("base.json").write_text(render_baseline(baseline), encoding="utf-8")
    return read_baseline("base.json")


def test_what_is_written_is_read() -> None:
    """A baseline survives its file, an empty one too."""
    today = renew_baseline(_report(MORE), ())
    assert len(today) == 2
    assert today == _written(today)
    assert _written(()) == ()


def test_known_findings_are_counted_and_do_not_fail() -> None:
    """What is known is in the report, and neither counted by severity nor a reason to exit with 1."""
    report = apply_baseline(_report(SLIP), renew_baseline(_report(SLIP), ()))
    assert (len(report.findings), report.known, report.severities[Severity.ERROR], report.gone) == (1, 1, 0, 0)
    assert (report.exit_code(), report.exit_code(Severity.NOTE), _report(SLIP).exit_code()) == (0, 0, 1)


def test_a_new_finding_fails() -> None:
    """Only what is recorded is known."""
    report = apply_baseline(_report(MORE), renew_baseline(_report(SLIP), ()))
    assert (report.known, report.severities[Severity.ERROR], report.exit_code()) == (1, 1, 1)


def test_what_is_mended_is_gone() -> None:
    """An entry that matches nothing any more is counted, and dropped when the baseline is written again."""
    before = renew_baseline(_report(MORE), ())
    report = apply_baseline(_report(SLIP), before)
    assert (report.known, report.gone) == (1, 1)
    today = renew_baseline(_report(SLIP), before)
    assert (len(today), apply_baseline(_report(SLIP), today).gone) == (1, 0)


def test_a_run_over_other_files_or_rules_says_nothing_of_the_rest() -> None:
    """An entry is gone only if its file was checked for its rule, or is no more."""
    Path("here.yaml").write_text(HEAD + SLIP, encoding="utf-8")
    Path("clean.yaml").write_text(HEAD + CLEAN, encoding="utf-8")
    before = renew_baseline(check("here.yaml"), ())
    others = [check("clean.yaml"), check("here.yaml", settings=Settings(rules=select_rules(["RC8"])))]
    assert [apply_baseline(report, before).gone for report in others] == [0, 0]
    assert [renew_baseline(report, before) for report in others] == [before, before]
    Path("here.yaml").unlink()
    assert apply_baseline(check("clean.yaml"), before).gone == 1
    assert renew_baseline(check("clean.yaml"), before) == ()


def test_a_file_that_cannot_be_checked_is_never_known() -> None:
    """A defect is no entry, and what was known of its file is kept until it can be read again."""
    Path("here.yaml").write_text(HEAD + SLIP, encoding="utf-8")
    before = renew_baseline(check("here.yaml"), ())
    Path("here.yaml").write_text("id: [", encoding="utf-8")
    broken = check("here.yaml")
    assert renew_baseline(broken, before) == before
    assert (apply_baseline(broken, before).gone, apply_baseline(broken, before).exit_code()) == (0, 2)


def test_an_ignored_finding_needs_no_entry() -> None:
    """An ignore has its reason; the baseline holds what has none."""
    ignored = SLIP.replace("reported:", "ignore: [{rule: RC301, reason: as printed}], reported:")
    report = _report(ignored)
    assert (report.ignored, renew_baseline(report, ())) == (1, ())
    again = apply_baseline(report, renew_baseline(_report(SLIP), ()))
    assert (again.ignored, again.known, again.gone) == (1, 0, 1)


def test_the_file_can_be_reviewed() -> None:
    """Each finding has a line of its own with rule, path, printed and message, in an order free of line numbers."""
    report = _report(MORE)
    lines = [line.rstrip(",") for line in render_baseline(renew_baseline(report, ())).splitlines()]
    entries = [json.loads(line) for line in lines if line.startswith("{") and len(line) > 1]
    assert [(each["rule"], each["path"], each["printed"]) for each in entries] == [
        ("RC301", "record.yaml", "4 (7%)"),
        ("RC301", "record.yaml", "4 (7%)"),
    ]
    assert {each["message"] for each in entries} == {finding.message for finding in report.findings}
    # Every line but the first three and the last two is an entry.
    assert len(lines) == len(entries) + 5
    moved = render_baseline(renew_baseline(_report("\n\n" + MORE), ()))
    assert moved == render_baseline(renew_baseline(report, ()))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "line 1"),
        ("no JSON", "line 1"),
        ('{\n"baseline_version": 1,\n<<<<<<< HEAD\n"findings": []\n}', "line 3"),
        ("[]", "line 1"),
        ('{"findings": {}}', "line 1"),
        ('{\n"findings": []\n}', "version"),
        ('{\n"baseline_version": 2,\n"findings": []\n}', "line 2"),
        ('{\n"baseline_version": 1,\n"findings": [\n"a"\n]\n}', "line 4"),
        ('{"baseline_version": 1, "note": "findings [", "findings": [\n\n{"rule": 5}]}', "'path' in entry 1, line 3"),
        ("[" * 100_000, "list of findings"),
        ('{"baseline_version": ' + "9" * 5_000 + "}", "list of findings"),
    ],
)
def test_a_file_that_is_no_baseline_is_refused(text: str, words: str) -> None:
    """The message names the file and, where there is one, the line."""
    Path("base.json").write_text(text, encoding="utf-8")
    with pytest.raises(SettingsError, match=r"base\.json") as raised:
        read_baseline("base.json", may_be_missing=True)
    assert words in str(raised.value)


def test_the_line_of_a_bad_entry_is_found_among_good_ones() -> None:
    """Entries before it, of whatever layout, are stepped over."""
    good = renew_baseline(_report(MORE), ())
    text = (
        render_baseline(good)
        .replace('"rule": "RC301"', '"rule": null', 2)
        .replace('"rule": null', '"rule": "RC301"', 1)
    )
    Path("base.json").write_text(text, encoding="utf-8")
    with pytest.raises(SettingsError, match="'rule' in entry 2, line 5"):
        read_baseline("base.json")


@pytest.mark.parametrize("path", ["missing.json", "."])
def test_a_baseline_that_cannot_be_read_is_refused(path: str) -> None:
    """A missing file is no empty baseline, and a folder is none."""
    with pytest.raises(SettingsError, match="cannot be used"):
        read_baseline(path)
    if path == "missing.json":
        assert read_baseline(path, may_be_missing=True) == ()


def test_a_baseline_in_another_encoding_is_refused() -> None:
    """What is no UTF-8 is no baseline."""
    Path("base.json").write_bytes(b'{"baseline_version": 1, "findings": ["\xe9"]}')
    with pytest.raises(SettingsError, match="UTF-8"):
        read_baseline("base.json")
