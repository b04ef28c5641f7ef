"""`rheumcalc summary`: formats as people and programs see them, files, figures, drafts, exit codes and streams."""

from __future__ import annotations

import csv
import io
import json
import os
import zipfile
from pathlib import Path

import pytest
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.single_file import SingleFileSnapshotExtension, WriteMode

from conftest import HEAD, ROOT, RunCli
from rheumcalc.summary.outputs import BINARY, FORMATS
from summaries import TWO_ARMS

_ENDINGS = {"table": "txt", "markdown": "md", "csv": "csv", "json": "json", "html": "html", "latex": "tex"}
_CASES = {
    "by-study": ["data/studies/quartier-2011-anajis.yaml", "data/studies/zhang-2023-tofacitinib-jdm.yaml"],
    "by-outcome": [
        "data/studies",
        "--by",
        "outcome",
        "--outcome",
        "acr*",
        "--style",
        "jrheum",
        "--interval",
        "jeffreys",
    ],
}


@pytest.mark.parametrize("case", _CASES)
@pytest.mark.parametrize("name", _ENDINGS)
def test_golden(cli: RunCli, snapshot: SnapshotAssertion, case: str, name: str) -> None:
    """What people see, reviewed: `pytest --snapshot-update` renews it."""

    class Golden(SingleFileSnapshotExtension):
        _write_mode = WriteMode.TEXT
        file_extension = _ENDINGS[name]

    run = cli("summary", *_CASES[case], "--format", name, cwd=ROOT)
    assert (run.code, run.err) == (0, "")
    assert run.out == snapshot(extension_class=Golden)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a record, a sheet, a draft with markers, and a record that is broken."""
    (tmp_path / "records").mkdir()
    (tmp_path / "records" / "one.yaml").write_text(HEAD + TWO_ARMS, encoding="utf-8")
    (tmp_path / "sheet.csv").write_text("study,outcome,count,denominator\nb-2020,Response,3,4\n", encoding="utf-8")
    (tmp_path / "broken.yaml").write_text("outcomes: [\n", encoding="utf-8")
    (tmp_path / "draft.md").write_text(
        "# A\n\n<!-- rheumcalc:value test-study.acr-30 arm=drug -->8/12 (67%)<!-- /rheumcalc -->\n", encoding="utf-8"
    )
    return tmp_path


def test_every_format_in_one_run(cli: RunCli, folder: Path) -> None:
    """Each format goes to its file, whole; the one without is printed."""
    formats = [each for name in FORMATS if name != "table" for each in ("--format", f"{name}:out.{name}")]
    run = cli("summary", "records", "--format", "table", *formats, cwd=folder)
    assert (run.code, run.err, "INCONSISTENT (a)" in run.out) == (0, "", True)
    for name in FORMATS:
        if name in BINARY:
            assert zipfile.is_zipfile(folder / f"out.{name}")
        elif name != "table":
            alone = cli("summary", "records", "--format", name, cwd=folder)
            assert (folder / f"out.{name}").read_text("utf-8") == alone.out


def test_records_and_sheets_and_folders(cli: RunCli, folder: Path) -> None:
    """Results of sheets stand beside those of records, from files and from folders."""
    run = cli("summary", "records", "sheet.csv", "--format", "csv", cwd=folder)
    rows = list(csv.DictReader(io.StringIO(run.out)))
    assert (run.code, {row["study"] for row in rows}, rows[-1]["percent"]) == (0, {"test-study", "b-2020"}, "75")


def test_a_bad_file_is_told_and_the_others_are_summarised(cli: RunCli, folder: Path) -> None:
    """Nothing is lost when one file is bad, standard output stays clean, and the exit code says so."""
    run = cli("summary", "records", "broken.yaml", "--format", "csv", cwd=folder)
    alone = cli("summary", "records", "--format", "csv", cwd=folder)
    assert (run.code, run.out, "broken.yaml: not checked, 1 mistake" in run.err) == (2, alone.out, True)


def test_a_draft_is_no_source(cli: RunCli, folder: Path) -> None:
    """A draft that is named is refused with the reason; in a folder it is passed over."""
    named = cli("summary", "records", "draft.md", cwd=folder)
    assert (named.code, "draft.md: not read: This is a draft; only a record or a sheet is read here." in named.err) == (2, True)  # fmt: skip  # noqa: E501
    (folder / "broken.yaml").unlink()
    assert cli("summary", ".", cwd=folder).code == 0


def test_standard_input(cli: RunCli, folder: Path) -> None:
    """A record may come through a pipe, and a sheet by its name."""
    record = (folder / "records" / "one.yaml").read_bytes()
    assert "ACR Pedi 30" in cli("summary", "-", stdin=record).out
    sheet = (folder / "sheet.csv").read_bytes()
    assert "3/4" in cli("summary", "-", "--stdin-name", "a.csv", stdin=sheet).out


def test_the_settings_name_the_records(cli: RunCli, folder: Path) -> None:
    """Without a path, the `studies` of the settings are summarised."""
    nothing = cli("summary", cwd=folder)
    assert (nothing.code, "`studies` in the settings" in nothing.err) == (2, True)
    (folder / "rheumcalc.toml").write_text('studies = "records"\n', encoding="utf-8")
    assert cli("summary", "--format", "csv", cwd=folder).out == cli("summary", "records", "--format", "csv", cwd=folder).out  # fmt: skip  # noqa: E501


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--format", "xslx"], "did you mean 'xlsx'?"),
        (["--format", "sarif"], "'sarif' is not a known format"),
        (["--output", "t.docx"], "add --format docx"),
        (["--format", "json:t.xlsx"], "add --format xlsx"),
        (["--forest", "t.gif"], ".svg, .png, .pdf"),
        (["--effect", "risk_ratio"], "--forest"),
        (["--forest", "t.svg", "--effect", "odds"], "valid: risk_difference, risk_ratio"),
        (["--interval", "exact"], "valid: wilson, clopper_pearson, agresti_coull, jeffreys, wald"),
        (["--style", "x"], "valid: as-printed, jrheum, ama"),
        (["--confidence-level", "5"], "write 0.95 or 95%"),
        (["--outcome", "acr-3"], "did you mean 'acr-30'"),
        (["--verify"], "--verify needs --into DRAFT"),
        (["--into", "draft.md", "--format", "csv"], "leave out --format and --output"),
        (["--forest", "t.svg", "--format", "csv:t.svg"], "given for two outputs"),
    ],
    ids=str,
)
def test_what_cannot_be_meant(cli: RunCli, folder: Path, arguments: list[str], words: str) -> None:
    """Wrong usage exits with 2 in one line, and nothing is printed or written."""
    before = sorted(folder.rglob("*"))
    run = cli("summary", "records", *arguments, cwd=folder)
    assert (run.code, run.out, words in run.err, len(run.err.splitlines())) == (2, "", True, 1)
    assert sorted(folder.rglob("*")) == before


@pytest.mark.parametrize("ending", ["svg", "png", "pdf"])
def test_a_figure(cli: RunCli, folder: Path, ending: str) -> None:
    """The figure is written beside the table, of the rows that are selected."""
    pytest.importorskip("matplotlib", reason="figures need the extra 'plot'")
    run = cli("summary", "records", "--forest", f"f.{ending}", "--outcome", "acr-30", cwd=folder)
    starts = {"svg": b"<?xml", "png": b"\x89PNG", "pdf": b"%PDF"}
    assert (run.code, run.err) == (0, "")
    assert (folder / f"f.{ending}").read_bytes().startswith(starts[ending])


def test_a_figure_of_nothing(cli: RunCli, folder: Path) -> None:
    """Where no row has a count and a denominator, there is no figure, and the reason is told."""
    run = cli("summary", "records", "--forest", "f.svg", "--outcome", "vague", cwd=folder)
    assert (run.code, "Traceback" in run.err, (folder / "f.svg").exists()) == (2, False, False)


# --- drafts ----------------------------------------------------------------------------------------------------------


def test_a_draft_is_renewed_and_verified(cli: RunCli, folder: Path) -> None:
    """Fresh, --verify is silent on standard output and exits with 0; stale, it shows the lines and exits with 1."""
    draft = folder / "draft.md"
    fresh = cli("summary", "records", "--into", "draft.md", "--verify", cwd=folder)
    assert (fresh.code, fresh.out, fresh.err) == (0, "", "rheumcalc: draft.md: 0 tables and 1 value, up to date\n")
    text = draft.read_text("utf-8")
    draft.write_text(text.replace("67%", "68%"), encoding="utf-8")
    stale = cli("summary", "records", "--into", "draft.md", "--verify", cwd=folder)
    assert (stale.code, "-<!-- rheumcalc:value" in stale.out, "1 of them stale" in stale.err) == (1, True, True)
    assert "68%" in draft.read_text("utf-8")
    done = cli("summary", "records", "--into", "draft.md", cwd=folder)
    assert (done.code, done.out, draft.read_text("utf-8")) == (0, "", text)
    assert done.err == "rheumcalc: draft.md: 0 tables and 1 value, 1 of them renewed\n"


@pytest.mark.skipif(os.name == "nt", reason="permissions are others there")
def test_the_draft_keeps_its_permissions_and_its_time(cli: RunCli, folder: Path) -> None:
    """A file that others may read stays so; one that is up to date is not written at all."""
    draft = folder / "draft.md"
    draft.write_text(draft.read_text("utf-8").replace("67%", "68%"), encoding="utf-8")
    draft.chmod(0o640)
    cli("summary", "records", "--into", "draft.md", cwd=folder)
    before = draft.stat()
    cli("summary", "records", "--into", "draft.md", cwd=folder)
    after = draft.stat()
    assert (before.st_mode & 0o777, after.st_ino, after.st_mtime_ns) == (0o640, before.st_ino, before.st_mtime_ns)


@pytest.mark.parametrize(
    ("arguments", "file"),
    [
        (["summary", "records/one.yaml", "-o", "records/one.yaml"], "records/one.yaml"),
        (["summary", "records", "--format", "json:records/one.yaml"], "records/one.yaml"),
        (["summary", "sheet.csv", "--format", "csv:./sheet.csv"], "sheet.csv"),
        (["check", "records", "-o", "records/one.yaml"], "records/one.yaml"),
        (["check", "draft.md", "--format", "json:draft.md"], "draft.md"),
        (["claims", "draft.md", "-o", "draft.md"], "draft.md"),
    ],
)
def test_what_is_read_is_never_written_over(cli: RunCli, folder: Path, arguments: list[str], file: str) -> None:
    """A target that is among the inputs, by whatever name, is refused before anything is read or written."""
    before = (folder / file).read_bytes()
    run = cli(*arguments, cwd=folder)
    assert (run.code, run.out, "would be overwritten" in run.err, (folder / file).read_bytes()) == (2, "", True, before)


def test_a_draft_is_left_alone_where_a_record_is_not_read(cli: RunCli, folder: Path) -> None:
    """Without its record a study would be gone from a table: nothing is written, and the mistake is told."""
    draft = folder / "draft.md"
    stale = draft.read_text("utf-8").replace("67%", "68%")
    draft.write_text(stale, encoding="utf-8")
    run = cli("summary", "records", "broken.yaml", "--into", "draft.md", cwd=folder)
    assert (run.code, run.out, draft.read_text("utf-8")) == (2, "", stale)
    assert ("left as before" in run.err, "broken.yaml, line" in run.err) == (True, True)


def test_one_bad_draft_costs_no_other(cli: RunCli, folder: Path) -> None:
    """A draft whose markers are wrong stays as it was and is told; the others are renewed; the exit code is 2."""
    draft = folder / "draft.md"
    good, bad = draft.read_text("utf-8").replace("67%", "68%"), "<!-- rheumcalc:value x.y -->"
    draft.write_text(good, encoding="utf-8")
    (folder / "bad.md").write_text(bad, encoding="utf-8")
    run = cli("summary", "records", "--into", "bad.md", "--into", "draft.md", "--into", "none.md", cwd=folder)
    assert (run.code, run.out) == (2, "")
    assert ("bad.md:1:16: The marker 'value' is not closed" in run.err, "none.md: There is no such file." in run.err) == (True, True)  # fmt: skip  # noqa: E501
    assert ((folder / "bad.md").read_text("utf-8"), draft.read_text("utf-8")) == (bad, good.replace("68%", "67%"))


def test_an_unreadable_record_goes_before_a_stale_draft(cli: RunCli, folder: Path) -> None:
    """2 wins over 1: what was not read may have made the draft stale."""
    draft = folder / "draft.md"
    draft.write_text(draft.read_text("utf-8").replace("67%", "68%"), encoding="utf-8")
    run = cli("summary", "records", "broken.yaml", "--into", "draft.md", "--verify", cwd=folder)
    assert run.code == 2


def test_what_is_written_checks_clean(cli: RunCli, folder: Path) -> None:
    """A draft whose numbers are all taken from records has no finding against them."""
    draft = folder / "draft.md"
    draft.write_text(draft.read_text("utf-8") + "\n<!-- rheumcalc:summary -->\n<!-- /rheumcalc -->\n", encoding="utf-8")
    assert cli("summary", "records", "--into", "draft.md", cwd=folder).code == 0
    run = cli("check", "draft.md", "--studies", "records", "--fail-on", "note", "--format", "json", cwd=folder)
    summary = json.loads(run.out)["summary"]
    assert (run.code, summary["records"]) == (0, {"verified": 1, "contradicted": 0, "unverified": 0})
