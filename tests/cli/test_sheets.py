"""Sheets on the command line: what is printed, what exits with 2, and the records that are made of them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from conftest import ROOT, RunCli

DRAFT = ROOT / "data" / "drafts" / "quarter-in-review.md"
SHEET = (
    "study,outcome,arm,week,n,N,%\nA 2020,ACR20,drug,24,16,88,18.2\nA 2020,ACR20,placebo,24,12,60,20\nB,R,x,24,1,4,25\n"
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a sound sheet and one with a slip."""
    (tmp_path / "good.csv").write_text(SHEET, encoding="utf-8")
    (tmp_path / "slip.csv").write_text(SHEET.replace(",88,", ",83,"), encoding="utf-8")
    return tmp_path


def test_a_slip_is_told_with_its_cell(cli: RunCli, folder: Path) -> None:
    """The report names line, row and cell; the exit code says that something was found."""
    run = cli("check", "slip.csv", cwd=folder)
    assert (run.code, run.err) == (1, "")
    assert "slip.csv:2:28  row 2, column % (G2)" in run.out
    assert "16/83 is 19.3%; 18.2% is printed." in run.out
    assert cli("check", "good.csv", cwd=folder).code == 0


def test_json_names_the_cell(cli: RunCli, folder: Path) -> None:
    """A sheet is a file of its own kind, and its findings have lines and places."""
    report = json.loads(cli("check", "slip.csv", "--format", "json", cwd=folder).out)
    (finding,) = report["findings"]
    assert tuple(finding[key] for key in ("line", "column", "place", "study")) == (
        2,
        28,
        "row 2, column % (G2)",
        "A 2020",
    )
    assert tuple(report["files"][0][key] for key in ("kind", "status", "claims", "notes")) == ("sheet", "ok", 3, [])


def test_claims_are_listed(cli: RunCli, folder: Path) -> None:
    """`claims` lists a sheet's rows, in both formats."""
    line = json.loads(cli("claims", "good.csv", "--format", "json", cwd=folder).out)
    assert [claim["subject"]["study"] for claim in line["claims"]] == ["A 2020", "A 2020", "B"]
    assert line["claims"][0]["place"] == "row 2, column % (G2)"
    assert "2:28" in cli("claims", "good.csv", cwd=folder).out


def test_unusable_files_exit_with_2(cli: RunCli, folder: Path) -> None:
    """A file that is no sheet, or whose columns are not known, is named; the others are still reported."""
    (folder / "bad.csv").write_text("study,first,second\n", encoding="utf-8")
    (folder / "bad.xlsx").write_bytes(b"PK")
    run = cli("check", "bad.csv", "bad.xlsx", "good.csv", "--format", "json", cwd=folder)
    report = json.loads(run.out)
    assert (run.code, [finding["rule"] for finding in report["findings"]]) == (2, ["RC013", "RC001"])
    assert report["files"][2]["claims"] == 3


def test_other_sheets_in_a_folder_are_skipped(cli: RunCli, folder: Path) -> None:
    """In a folder, a sheet without columns of results is of another kind: it is counted, and named by nobody."""
    (folder / "patients.csv").write_text("patient,visit\n" + "1,2\n" * 30_000, encoding="utf-8")
    report = json.loads(cli("check", ".", "--format", "json", cwd=folder).out)
    assert [file["path"] for file in report["files"]] == ["good.csv", "slip.csv"]
    assert report["summary"]["files"] == {"checked": 2, "failed": 0, "skipped": 1}
    assert cli("check", "patients.csv", cwd=folder).code == 2


def test_columns_are_named(cli: RunCli, folder: Path) -> None:
    """`--columns` says what columns hold; a slip in it is told with the nearest name."""
    (folder / "own.csv").write_text('who,first,"second, all"\nA,12,60\n', encoding="utf-8")
    named = 'study=who,count=first,denominator="second, all"'
    assert cli("check", "own.csv", "--columns", named, cwd=folder).code == 0
    assert "12/60" in cli("claims", "own.csv", "--columns", named, cwd=folder).out
    run = cli("check", "own.csv", "--columns", "cuont=first", cwd=folder)
    assert (run.code, "did you mean 'count'?" in run.err) == (2, True)
    run = cli("check", "own.csv", "--columns", "count=frist,denominator=x", cwd=folder)
    assert (run.code, "did you mean 'first'?" in run.err) == (2, True)


def test_standard_input_may_be_a_sheet(cli: RunCli) -> None:
    """`--stdin-name` says that standard input is a sheet."""
    assert cli("check", "-", "--stdin-name", "x.csv", stdin=SHEET.encode("utf-16")).code == 0


def test_notes_are_printed(cli: RunCli, folder: Path) -> None:
    """How a sheet was read is said where it is not as usual."""
    (folder / "old.csv").write_bytes(SHEET.replace("B,", "Bé,").encode("cp1252"))
    assert "old.csv: read as Windows-1252, since it is not UTF-8" in cli("check", "old.csv", cwd=folder).out


def test_formulas_stay_text(cli: RunCli, folder: Path) -> None:
    """A cell that begins like a formula, or holds markup or control characters, is shown as data."""
    text = "study,outcome,n,N,%\n\"=cmd|' /C calc'!A0\",[red]@x[/red] \x1b[31m,16,83,18.2\n"
    (folder / "formula.csv").write_text(text, encoding="utf-8")
    run = cli("check", "formula.csv", cwd=folder)
    assert run.code == 1
    assert "[red]@x[/red]" in run.out
    assert "\x1b" not in run.out


# --- skeletons -------------------------------------------------------------------------------------------------------


def test_a_draft_becomes_records(cli: RunCli, tmp_path: Path) -> None:
    """The records made of the shipped draft load as they are, and find in it what the draft's check finds."""
    run = cli("claims", str(DRAFT), "--format", "record", "--output", "records/", cwd=tmp_path)
    assert (run.code, run.out, run.err) == (0, "", "")
    assert len(list((tmp_path / "records").iterdir())) == 2
    report = json.loads(cli("check", "records", "--format", "json", cwd=tmp_path).out)
    assert [file["status"] for file in report["files"]] == ["ok", "ok"]
    assert [finding["rule"] for finding in report["findings"] if finding["severity"] == "error"] == ["RC302"]


def test_a_sheet_becomes_records(cli: RunCli, folder: Path) -> None:
    """Several studies are printed one after the other, or written to a folder; results of two arms are one outcome."""
    run = cli("claims", "good.csv", "--format", "record", cwd=folder)
    first, second = run.out.split("---\n")
    assert "    by_arm:\n      drug: 16/88 (18.2%)  # row 2, column % (G2)\n" in first
    assert "id: b\n" in second
    (folder / "made").mkdir()
    assert cli("claims", "good.csv", "--format", "record", "-o", "made", cwd=folder).code == 0
    assert sorted(path.name for path in (folder / "made").iterdir()) == ["a-2020.yaml", "b.yaml"]
    assert first == (folder / "made" / "a-2020.yaml").read_text(encoding="utf-8")
    assert cli("check", "made", cwd=folder).code == 0


def test_nothing_that_stands_is_replaced(cli: RunCli, folder: Path) -> None:
    """A record that somebody may have completed is never written over, and nothing is written beside it."""
    (folder / "made").mkdir()
    (folder / "made" / "b.yaml").write_text("mine", encoding="utf-8")
    run = cli("claims", "good.csv", "--format", "record", "-o", "made", cwd=folder)
    assert (run.code, "exists already" in run.err) == (2, True)
    assert [path.name for path in (folder / "made").iterdir()] == ["b.yaml"]


def test_several_records_need_a_folder(cli: RunCli, folder: Path) -> None:
    """One study goes to a file; several go to a folder, and the message says how to name one."""
    run = cli("claims", "good.csv", "--format", "record", "-o", "made.yaml", cwd=folder)
    assert (run.code, "--output made.yaml/" in run.err) == (2, True)
    (folder / "one.csv").write_text("study,n,N\nA,1,2\n", encoding="utf-8")
    assert cli("claims", "one.csv", "--format", "record", "-o", "one.yaml", cwd=folder).code == 0
    assert cli("check", "one.yaml", cwd=folder).code == 0


def test_a_record_is_a_record_already(cli: RunCli, folder: Path) -> None:
    """No skeleton is made of a record, and that is said."""
    (folder / "x.yaml").write_text("id: x\ncitation: {title: T}\n", encoding="utf-8")
    run = cli("claims", "x.yaml", "--format", "record", cwd=folder)
    assert (run.code, run.out, run.err) == (0, "", "rheumcalc: x.yaml is a record already\n")
