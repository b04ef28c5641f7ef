"""The table: columns without entries, findings without number, and what a cell of a draft's table needs."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from rich.cells import cell_len

from conftest import HEAD, RunCli


def _heading(out: str) -> list[str]:
    return next(line.split() for line in out.splitlines() if "Verdict" in line)


@pytest.mark.parametrize(
    ("body", "columns"),
    [
        ("reported: 16 (18.2%)", "Printed Recomputed Verdict"),
        ("reported: 16/88 (18.2%)\n    at: week 4", "At Printed Recomputed Verdict"),
        ("reported: 16 (18.2%)\n    population: all", "In Printed Recomputed Verdict"),
        ("population: all\n    series: {week 4: 16 (18.2%), week 8: 42 (47.7%)}", "In At Printed Recomputed Verdict"),
    ],
)
def test_columns_without_entries_are_left_out(cli: RunCli, tmp_path: Path, body: str, columns: str) -> None:
    """A column is shown where one of the claims has something to say in it, and each line keeps its indent."""
    text = HEAD + f"populations: {{all: 88}}\noutcomes:\n  - label: Response\n    {body}\n"
    (tmp_path / "x.yaml").write_text(text, encoding="utf-8")
    out = cli("check", "x.yaml", cwd=tmp_path).out
    assert columns.split() == _heading(out)
    assert all(line.startswith("  ") for line in out.splitlines() if "Verdict" in line or line.endswith(" consistent"))


def test_a_draft_has_no_columns_of_groups_and_times(cli: RunCli, tmp_path: Path) -> None:
    """A draft's results name no arm and often no time."""
    (tmp_path / "x.md").write_text("Remission came in 10/12 girls (83.3%).\n", encoding="utf-8")
    assert _heading(cli("check", "x.md", cwd=tmp_path).out) == ["Printed", "Recomputed", "Verdict"]
    assert "Printed Line" in " ".join(cli("claims", "x.md", cwd=tmp_path).out.split())


def test_very_many_findings_are_counted(cli: RunCli, tmp_path: Path) -> None:
    """The table lists 200 findings of a file, the gravest, in their order; JSON has them all."""
    wrong = "Fever was seen in 12/45 (28.7%) children.\n\n" * 150
    cut = "Rash was seen in 16/88 (18.1%) children.\n\n" * 100
    (tmp_path / "x.md").write_text(cut + wrong, encoding="utf-8")
    document = json.loads(cli("check", "x.md", "--format", "json", cwd=tmp_path).out)
    total = len(document["findings"])
    assert total > 200
    out = cli("check", "x.md", cwd=tmp_path).out
    places = [line.strip() for line in out.splitlines() if line.startswith("  x.md:")]
    assert (200, f"… and {total - 200} more findings in this file; --format json lists them all.") == (
        len(places), next(line for line in out.splitlines() if "more finding" in line)
    )  # fmt: skip
    assert (out.count("\nerror RC"), out.count("\nwarning RC") + out.count("\nnote RC")) == (150, 50)
    assert places == sorted(places, key=lambda place: [int(number) for number in place.split()[0].split(":")[1:]])


def test_a_cell_that_does_not_fit_its_column_says_so(cli: RunCli, tmp_path: Path) -> None:
    """What is missing names the size above it, and what it would give."""
    rows = "| | A (n = 60) |\n| --- | --- |\n| Remission, n (%) | 27 (46.6%) |\n"
    (tmp_path / "x.md").write_text(rows, encoding="utf-8")
    document = json.loads(cli("check", "x.md", "--format", "json", "--claims", cwd=tmp_path).out)
    assert [claim["missing"] for claim in document["claims"]] == ["a denominator other than 60 (45.0%)"]
    assert "other than 60 (45.0%)" in " ".join(cli("check", "x.md", cwd=tmp_path).out.split())


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("We included 40 children. Fever: 14 patients (36.2%).", "No denominator gives 14 (36.2%); over 40 it would be 35.0%."),  # noqa: E501
        ("We included 14 children. Fever: 12 patients (87%).", "No denominator gives 12 (87%); over 14 it would be 86%."),  # noqa: E501
        ("We included 90 children. Fever was seen in 12 patients (87%).", "No denominator gives 12 (87%)."),
        ("Fever was seen in 12 patients (87%).", "No denominator gives 12 (87%)."),
    ],
)  # fmt: skip
def test_an_impossible_result_is_held_against_the_stated_size(
    cli: RunCli, tmp_path: Path, text: str, message: str
) -> None:
    """Where a size is stated that comes near, the message says what it would give."""
    (tmp_path / "x.md").write_text(text + "\n", encoding="utf-8")
    findings = json.loads(cli("check", "x.md", "--format", "json", cwd=tmp_path).out)["findings"]
    assert [message] == [finding["message"] for finding in findings if finding["rule"] == "RC304"]


def test_results_with_findings_are_marked_and_findings_name_their_results(cli: RunCli, tmp_path: Path) -> None:
    """A mark in the margin leads from the table to its findings, outcome, group and time lead back."""
    body = """populations: {all: 88}
outcomes:
  - label: Response
    population: all
    series: {week 4: 16/88 (18.2%), week 8: 42/88 (48.7%)}
  - label: Rash
    population: all
    reported: 16/88 (18.1%)
"""
    (tmp_path / "x.yaml").write_text(HEAD + body, encoding="utf-8")
    lines = cli("check", "x.yaml", cwd=tmp_path).out.splitlines()
    rows = [line[:2] for line in lines if line.endswith((" consistent", "INCONSISTENT", "if truncated"))]
    assert (rows, lines.count("! a finding below is about this result")) == (["  ", "! ", "! "], 1)
    places = [line.split("  ")[1:] for line in lines if line.startswith("  x.yaml:")]
    assert [place[1:] for place in places] == [["Response, all, week 8"], ["Rash, all"]]


def test_no_mark_where_nothing_is_found(cli: RunCli, tmp_path: Path) -> None:
    """Without findings nothing is said about marks; nor where findings are ignored with a reason."""
    right = "outcomes:\n  - label: Response\n    reported: 16/88 (18.2%)\n"
    wrong = right.replace("18.2", "18.9") + "    ignore: [{rule: RC201, reason: As printed.}]\n"
    for text in (right, wrong):
        (tmp_path / "x.yaml").write_text(HEAD + text, encoding="utf-8")
        out = cli("check", "x.yaml", cwd=tmp_path).out
        assert [line for line in out.splitlines() if line.startswith("!")] == []
    assert "ignored RC201 percentage-mismatch" in out


@pytest.mark.parametrize("options", [[], ["--quiet"]], ids=["whole", "quiet"])
def test_findings_follow_the_study_they_are_about(cli: RunCli, tmp_path: Path, options: list[str]) -> None:
    """A draft of several studies has each study's findings below its table; quietly, others are left out."""
    draft = """# Review

## Study 1: a drug

Remission came in 10/12 girls (93.3%).

## Study 2: another drug

Remission came in 10/12 girls (83.3%).

## Study 3: a third drug

Remission came in 9/12 girls (85.0%).
"""
    (tmp_path / "x.md").write_text(draft, encoding="utf-8")
    out = cli("check", "x.md", *options, cwd=tmp_path).out
    order = [line.split(":")[0] for line in out.splitlines() if line.startswith(("Study ", "error "))]
    quietly = ["Study 1", "error RC201 percentage-mismatch", "Study 3", "error RC201 percentage-mismatch"]
    assert order == (quietly if options else [*quietly[:2], "Study 2", *quietly[2:]])


@pytest.mark.parametrize("columns", ["0", "1", "40", "80", "140", "", "wide"])
def test_any_terminal_gets_the_whole_report(cli: RunCli, tmp_path: Path, columns: str) -> None:
    """Whatever the width, all words of names in any script are there, lines fit, and results are whole."""
    label = "若年性皮膚筋炎の寛解 e\u0301tat " + "x" * 90 + " https://example.org/a/very-long/path/of-a/page.html"
    text = HEAD + f"outcomes:\n  - label: '{label}'\n    at: last follow-up\n    reported: Fifteen of 88 (17.9%)\n"
    (tmp_path / "x.yaml").write_text(text, encoding="utf-8")
    run = cli("check", "x.yaml", cwd=tmp_path, env={"COLUMNS": columns})
    width = {"0": 20, "1": 20, "40": 40, "140": 140}.get(columns, 80)
    table, _, findings = run.out.partition("\nerror ")
    assert (run.code, run.err) == (1, "")
    assert [line for line in table.splitlines() if cell_len(line) > width] == []
    assert label.replace(" ", "") in table.replace(" ", "").replace("\n", "")
    assert ("Fifteen of 88 (17.9%)" in table) == (width > 21)
    assert ("88 (17.9%)" in table, "17.0%" in findings) == (True, True)
