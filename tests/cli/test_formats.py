"""The formats of `check` as people and programs get them: golden files, streams, several outputs."""

from __future__ import annotations

import json
import os
import re
from html import unescape
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.single_file import SingleFileSnapshotExtension, WriteMode

from conftest import HEAD, RunCli
from reports import runner_commands, sarif_run
from rheumcalc.report.outputs import REPORTERS

ROOT = Path(__file__).resolve().parent.parent.parent
CLEAN = HEAD + "populations: {all: 88}\noutcomes:\n  - {label: Response, population: all, reported: 16 (18.2%)}\n"
SLIP = CLEAN.replace("18.2%", "19.3%")
RECORDS = ["clean.yaml", "slip.yaml", "broken.yaml"]

_RECORDS = ["data/studies/ruperto-2008-awaken.yaml", "data/studies/zhang-2023-thalidomide-aid.yaml"]
_CASES = {
    "records": _RECORDS,
    "draft": ["data/drafts/quarter-in-review.md"],
    "broken": ["tests/broken/unknown-key.yaml", "tests/broken/quote-star.yaml", "tests/broken/missing.yaml"],
    "mixed": [*_RECORDS, "data/drafts/quarter-in-review.md", "tests/broken/unknown-key.yaml"],
}


@pytest.mark.parametrize("case", _CASES)
@pytest.mark.parametrize(("name", "ending"), [("markdown", "md"), ("github", "txt"), ("junit", "xml")])
def test_golden(cli: RunCli, snapshot: SnapshotAssertion, case: str, name: str, ending: str) -> None:
    """What people see, reviewed: `pytest --snapshot-update` renews it."""

    class Golden(SingleFileSnapshotExtension):
        _write_mode = WriteMode.TEXT
        file_extension = ending

    run = cli("check", *_CASES[case], "--format", name, cwd=ROOT)
    # The token is another in every run.
    shown = re.sub("[0-9a-f]{32}", "TOKEN", run.out)
    assert shown == snapshot(extension_class=Golden)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a record that is right, one with a slip, and one that is broken."""
    for name, text in (("clean", CLEAN), ("slip", SLIP), ("broken", "outcomes: [\n")):
        (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize("name", REPORTERS)
@pytest.mark.parametrize(("file", "code"), [("clean.yaml", 0), ("slip.yaml", 1), ("broken.yaml", 2)])
def test_the_exit_code_is_of_the_findings(cli: RunCli, folder: Path, name: str, file: str, code: int) -> None:
    """No format changes what a run exits with; standard output has the report, standard error no other."""
    run = cli("check", file, "--format", name, cwd=folder)
    complaint = code == 2 and name != "github"
    assert (code, True, complaint, False) == (run.code, file in run.out or name == "markdown", bool(run.err), "Traceback" in run.err)  # fmt: skip  # noqa: E501


def test_several_outputs_of_one_run(cli: RunCli, folder: Path) -> None:
    """The table is printed, the others are whole files, each as it would be alone."""
    files = {"json": "json", "sarif": "sarif", "junit": "xml", "markdown": "md", "github": "txt"}
    out = folder / "out"
    out.mkdir()
    formats = ["table", *(f"{name}:out/a.{ending}" for name, ending in files.items())]
    run = cli("check", *RECORDS, *[each for name in formats for each in ("--format", name)], cwd=folder)
    alone = {
        name: cli("check", *RECORDS, "--format", name, cwd=folder).out
        for name in ("table", "json", "junit", "markdown")
    }
    assert (run.code, alone["table"]) == (2, run.out)
    assert (out / "a.json").read_text("utf-8") == alone["json"]
    written = json.loads(alone["json"])
    assert (out / "a.xml").read_text("utf-8") == alone["junit"]
    assert (out / "a.md").read_text("utf-8") == alone["markdown"]
    assert len(runner_commands((out / "a.txt").read_text("utf-8"))) == len(written["findings"])
    assert len(sarif_run((out / "a.sarif").read_text("utf-8"))["results"]) == len(written["findings"])


def test_files_alone_leave_the_streams_empty(cli: RunCli, folder: Path) -> None:
    """Where every format has a file, the exit code says what came out, and the streams say nothing."""
    run = cli("check", "slip.yaml", "--format", "sarif:a.sarif", "--format", "json:a.json", cwd=folder)
    assert (run.code, run.out, run.err) == (1, "", "")


def test_output_is_the_file_of_the_format_without_one(cli: RunCli, folder: Path) -> None:
    """`--output` still takes the one format that does not name a file."""
    run = cli("check", "slip.yaml", "--format", "markdown", "--format", "json:a.json", "-o", "a.md", cwd=folder)
    assert (run.code, run.out, (folder / "a.md").read_text("utf-8")[:2]) == (1, "", "**")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--format", "sarfi"], "did you mean 'sarif'?"),
        (["--format", "table", "--format", "json"], "cannot both be written to the same place"),
        (["--format", "json:a", "--format", "sarif:a"], "given for two outputs"),
        (["--format", "json:a", "-o", "b"], "nothing is left for --output b"),
        (["--format", "json:"], "does not name a file"),
        (["--baseline", "a", "--format", "json:a"], "given for two outputs"),
        (["--write-baseline"], "--baseline FILE"),
        (["--baseline", "none.json"], "none.json"),
    ],
    ids=str,
)
def test_what_cannot_be_meant(cli: RunCli, folder: Path, arguments: list[str], words: str) -> None:
    """Wrong usage exits with 2 before anything is read or written, in words."""
    before = sorted(folder.iterdir())
    run = cli("check", "clean.yaml", *arguments, cwd=folder)
    assert (run.code, run.out, words in run.err, before) == (2, "", True, sorted(folder.iterdir()))


def test_a_target_that_cannot_be_written_costs_no_other(cli: RunCli, folder: Path) -> None:
    """The other outputs are there, standard output too; the run exits with 2 and leaves no half file."""
    formats = ["--format", "table", "--format", "json:nowhere/a.json", "--format", "sarif:a.sarif"]
    run = cli("check", "clean.yaml", *formats, cwd=folder)
    assert (run.code, "cannot write nowhere/a.json" in run.err, "16/88 = 18.2%" in run.out) == (2, True, True)
    assert sorted(path.name for path in folder.iterdir()) == ["a.sarif", "broken.yaml", "clean.yaml", "slip.yaml"]
    sarif_run((folder / "a.sarif").read_text("utf-8"))


def test_colours_stay_out_of_files(cli: RunCli, folder: Path) -> None:
    """A table in a file, or among annotations, is plain, also where the environment asks for colours."""
    forced = {"FORCE_COLOR": "1", "NO_COLOR": "", "TERM": "xterm"}
    run = cli("check", "slip.yaml", "--format", "github", "--format", "table:a.txt", cwd=folder, env=forced)
    assert "\x1b" not in run.out + (folder / "a.txt").read_text("utf-8")


@pytest.mark.parametrize("name", REPORTERS)
def test_a_hostile_name_and_text(cli: RunCli, tmp_path: Path, name: str) -> None:
    """What a file and its keys are called is data in every format, end to end."""
    file = "::error::x |`@me`<b>,a:b.yaml"
    (tmp_path / file).write_text(HEAD + '"::stop-commands::x <script> | ` ]]>": 1\n', encoding="utf-8")
    run = cli("check", "./" + file, "--format", name, cwd=tmp_path)
    assert (run.code, "internal error" in run.err) == (2, False)
    match name:
        case "github":
            assert [(command, told["file"]) for command, told, _ in runner_commands(run.out)] == [("error", file)]
        case "junit":
            assert ET.fromstring(run.out).find("testsuite[@name]").get("name") == file  # type: ignore[union-attr]  # noqa: S314
        case "sarif":
            assert len(sarif_run(run.out)["results"]) == 1
        case "html":
            assert (file in unescape(run.out), "<b>" in run.out) == (True, False)
        case _:
            assert file in run.out.replace("\\|", "|")


@pytest.mark.skipif(os.name == "nt", reason="names are Unicode there")
@pytest.mark.parametrize("name", REPORTERS)
def test_names_that_are_no_unicode(cli: RunCli, tmp_path: Path, name: str) -> None:
    """A file whose name is no text is reported in every format, and so is standard input under such a name."""
    try:
        Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.yaml")).write_text(SLIP, encoding="utf-8")
    except OSError:
        pytest.skip("this file system has Unicode names only")
    run = cli("check", ".", "--format", name, cwd=tmp_path)
    piped = cli("check", "-", "--stdin-name", os.fsdecode(b"caf\xe9.yaml"), "--format", name, stdin=SLIP.encode())
    assert [(each.code, "internal" in each.err) for each in (run, piped)] == [(1, False)] * 2
    if name == "sarif":
        (result,) = sarif_run(run.out)["results"]
        assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "caf%5Cxe9.yaml"


# --- the baseline ----------------------------------------------------------------------------------------------------


def _check(cli: RunCli, folder: Path, *arguments: str) -> tuple[int, str, str]:
    run = cli("check", "slip.yaml", "--baseline", "base.json", *arguments, cwd=folder)
    return run.code, run.out, run.err


def test_baseline_round_trip(cli: RunCli, folder: Path) -> None:
    """Written, it lets a run pass; a new slip fails; moved lines do not; a mended one is said and dropped."""
    slip = folder / "slip.yaml"
    code, out, _ = _check(cli, folder, "--write-baseline")
    assert (code, "1 known from the baseline" in out, "RC301" in out) == (0, True, False)
    assert _check(cli, folder)[0] == 0

    text = slip.read_text("utf-8")
    slip.write_text("# moved\n\n\n" + text + "  - {label: Other, population: all, reported: 9 (50%)}\n", "utf-8")
    code, out, _ = _check(cli, folder)
    assert (code, "9 (50%) does not fit" in out, "16 (19.3%) does not fit" in out) == (1, True, False)

    slip.write_text("# moved\n\n\n" + text, encoding="utf-8")
    assert _check(cli, folder)[0] == 0

    slip.write_text(CLEAN, encoding="utf-8")
    code, out, _ = _check(cli, folder)
    assert (code, "1 finding of the baseline no longer occurs: --write-baseline removes it." in out) == (0, True)
    assert "no longer" not in _check(cli, folder, "--write-baseline")[1]
    assert json.loads((folder / "base.json").read_text("utf-8"))["findings"] == []


@pytest.mark.parametrize("name", REPORTERS)
def test_known_findings_in_every_format(cli: RunCli, folder: Path, name: str) -> None:
    """JSON has what is known, marked; every other format leaves it out, and counts it."""
    _check(cli, folder, "--write-baseline")
    code, out, _ = _check(cli, folder, "--format", name)
    assert code == 0
    match name:
        case "json":
            document = json.loads(out)
            assert [each["baseline"] for each in document["findings"]] == [True]
            assert document["summary"]["baseline"] == {"known": 1, "gone": 0}
            assert document["summary"]["findings"]["error"] == 0
        case "sarif":
            assert sarif_run(out)["properties"]["knownFromBaseline"] == 1
            assert sarif_run(out)["results"] == []
        case "junit":
            assert ("RC301" in out, 'name="known from the baseline" value="1"' in out) == (False, True)
        case _:
            assert ("RC301" in out, "1 known from the baseline" in out) == (False, True)


def test_a_baseline_excuses_no_broken_file(cli: RunCli, folder: Path) -> None:
    """A file that cannot be checked exits with 2, and is no entry."""
    run = cli("check", ".", "--baseline", "base.json", "--write-baseline", cwd=folder)
    assert run.code == 2
    assert cli("check", ".", "--baseline", "base.json", cwd=folder).code == 2
    assert [each["rule"] for each in json.loads((folder / "base.json").read_text("utf-8"))["findings"]] == ["RC301"]


@pytest.mark.parametrize("text", ["", "# Notes\n", '{\n"findings": 5}'])
def test_what_is_no_baseline_is_not_overwritten(cli: RunCli, folder: Path, text: str) -> None:
    """A file named by mistake stays as it is, and is named with its line."""
    (folder / "base.json").write_text(text, encoding="utf-8")
    code, out, err = _check(cli, folder, "--write-baseline")
    assert (code, out, "line 1" in err) == (2, "", True)
    assert (folder / "base.json").read_text("utf-8") == text


def test_a_baseline_that_cannot_be_written(cli: RunCli, folder: Path) -> None:
    """It is an error like any other output that cannot be written."""
    run = cli("check", "slip.yaml", "--baseline", "nowhere/base.json", "--write-baseline", cwd=folder)
    assert (run.code, "cannot write nowhere/base.json" in run.err) == (2, True)


def test_the_settings_may_name_the_baseline(cli: RunCli, folder: Path) -> None:
    """Without `--baseline`, that of the settings is compared with, and written."""
    (folder / "rheumcalc.toml").write_text('drafts = ["slip.yaml"]\nbaseline = "known.json"\n', encoding="utf-8")
    missing = cli("check", cwd=folder)
    assert (missing.code, "known.json" in missing.err, "--write-baseline" in missing.err) == (2, True, True)
    written = cli("check", "--write-baseline", cwd=folder)
    assert (written.code, (folder / "known.json").exists(), cli("check", cwd=folder).code) == (0, True, 0)
    assert cli("check", "--baseline", "other.json", cwd=folder).code == 2
