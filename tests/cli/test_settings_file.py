"""A settings file in use: what the command line makes of it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from conftest import HEAD, RunCli

SLIP = "Relapse was seen in 5/18 (33%) of the children.\n"
RECORD = HEAD + "outcomes:\n  - label: Response\n    reported: 5/18 (33%)\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A review repository: drafts with a slip, a record, and no settings yet."""
    for name, text in {"drafts/one.md": SLIP, "records/study.yaml": RECORD, "notes/clean.md": "5/18 (28%)\n"}.items():
        path = tmp_path / name
        path.parent.mkdir()
        path.write_text(text, encoding="utf-8")
    (tmp_path / ".git").mkdir()
    return tmp_path


def _settings(folder: Path, text: str, name: str = "rheumcalc.toml") -> None:
    (folder / name).write_text(text, encoding="utf-8")


def test_without_a_path_the_drafts_of_the_settings_are_checked(cli: RunCli, folder: Path) -> None:
    """From any folder of the repository, the same files are checked; a path that is named goes before them."""
    _settings(folder, "drafts = ['drafts', 'records/study.yaml']")
    for cwd in (folder, folder / "notes"):
        run = cli("check", "--format", "json", cwd=cwd)
        assert (run.code, len(json.loads(run.out)["files"])) == (1, 2)
    assert cli("check", "notes", cwd=folder).code == 0


@pytest.mark.parametrize("text", [None, "studies = 'records'"])
def test_without_a_path_and_without_drafts_there_is_nothing_to_do(cli: RunCli, folder: Path, text: str | None) -> None:
    """The usage error says what is missing."""
    if text:
        _settings(folder, text)
    run = cli("check", cwd=folder)
    assert (run.code, run.out, "name a PATH, or `drafts`" in run.err) == (2, "", True)


def test_drafts_that_are_not_there_are_told(cli: RunCli, folder: Path) -> None:
    """A folder that was renamed is no success."""
    _settings(folder, "drafts = 'draughts'")
    run = cli("check", cwd=folder)
    assert (run.code, "draughts" in run.err, "There is no such file." in run.out) == (2, True, True)


@pytest.mark.parametrize("name", ["rheumcalc.toml", "pyproject.toml"])
def test_a_mistake_in_the_settings_ends_the_run(cli: RunCli, folder: Path, name: str) -> None:
    """Exit code 2, the file, the line and what was meant; no traceback."""
    _settings(folder, "[tool.rheumcalc]\nslect = 'RC2'" if name == "pyproject.toml" else "\nslect = 'RC2'", name)
    run = cli("check", "drafts", cwd=folder)
    assert (run.code, run.out) == (2, "")
    assert run.err == f"rheumcalc: {name}:2: 'slect' is not a setting; did you mean 'select'?\n"


def test_a_severity_reaches_the_table_the_json_and_the_exit_code(cli: RunCli, folder: Path) -> None:
    """A finding counts for what the settings say, everywhere."""
    _settings(folder, "[severity]\nRC201 = 'note'")
    run = cli("check", "drafts", cwd=folder)
    assert (run.code, "note RC201" in run.out, "0 errors, 0 warnings, 1 note" in run.out) == (0, True, True)
    document = json.loads(cli("check", "drafts", "--format", "json", cwd=folder).out)
    assert [finding["severity"] for finding in document["findings"]] == ["note"]
    assert document["summary"]["findings"] == {"error": 0, "warning": 0, "note": 1, "ignored": 0}
    assert document["summary"]["claims"]["inconsistent"] == 1
    assert cli("check", "drafts", "--fail-on", "note", cwd=folder).code == 1
    _settings(folder, "[severity]\npercentage-mismatch = 'off'")
    assert json.loads(cli("check", "drafts", "--format", "json", cwd=folder).out)["findings"] == []


def test_options_go_before_the_settings(cli: RunCli, folder: Path) -> None:
    """What is said now counts, and what is not said is taken from the file."""
    _settings(folder, "fail_on = 'never'\nignore = 'RC201'")
    assert cli("check", "drafts", cwd=folder).code == 0
    assert cli("check", "drafts", "--ignore", "RC8", cwd=folder).code == 0
    assert cli("check", "drafts", "--ignore", "RC8", "--fail-on", "error", cwd=folder).code == 1
    assert cli("check", "drafts", "--select", "RC201", "--fail-on", "error", cwd=folder).code == 1
    _settings(folder, "fail_on = 'note'", "other.toml")
    assert cli("check", "drafts", "--config", "other.toml", cwd=folder).code == 1


def test_ignores_in_a_draft_are_counted(cli: RunCli, folder: Path) -> None:
    """The table shows an ignored finding with its reason, and counts it apart."""
    (folder / "drafts" / "one.md").write_text("<!-- rheumcalc:ignore RC201 as [red]printed[/red] -->\n" + SLIP)
    run = cli("check", "drafts", cwd=folder)
    assert run.code == 0
    assert "ignored RC201 percentage-mismatch" in run.out
    assert "reason: as [red]printed[/red]" in run.out
    assert "0 errors, 0 warnings, 0 notes (1 ignored) in 1 file." in run.out
