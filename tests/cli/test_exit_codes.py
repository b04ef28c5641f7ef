"""Exit codes: 0 nothing found, 1 found, 2 could not do the job; 2 wins."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from conftest import HEAD, RunCli

CLEAN = (
    HEAD + "populations:\n  all: 88\noutcomes:\n  - label: Response\n    population: all\n    reported: 16 (18.2%)\n"
)
ERROR = CLEAN.replace("18.2%", "19.3%")
WARNING = CLEAN.replace("18.2%", "18.1%")
NOTE = CLEAN.replace("all: 88", "all: {}") + "  - label: Other\n    population: all\n    reported: 42 (47.7%)\n"
BROKEN = "citation:\nid: [\n"


def _words(value: object) -> str | None:
    """Return a command line as the id of its case."""
    return " ".join(value) if isinstance(value, list) else None


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """A folder with one record of each fate, and a file that is no record."""
    texts = {"clean": CLEAN, "error": ERROR, "warning": WARNING, "note": NOTE, "broken": BROKEN}
    for name, text in texts.items():
        (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")
    (tmp_path / "notes.dat").write_text("not a record", encoding="utf-8")
    (tmp_path / "empty").mkdir()
    return tmp_path


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["clean.yaml"], 0),
        (["error.yaml"], 1),
        (["warning.yaml"], 0),
        (["warning.yaml", "--fail-on", "warning"], 1),
        (["note.yaml"], 0),
        (["note.yaml", "--fail-on", "warning"], 0),
        (["note.yaml", "--fail-on", "note"], 1),
        (["error.yaml", "--fail-on", "never"], 0),
        (["broken.yaml"], 2),
        (["broken.yaml", "--fail-on", "never"], 2),
        (["error.yaml", "broken.yaml"], 2),
        (["clean.yaml", "missing.yaml"], 2),
        (["clean.yaml", "missing.yaml", "--fail-on", "never"], 2),
        (["clean.yaml", "notes.dat"], 2),
        (["notes.dat"], 2),
        (["empty"], 2),
        ([], 2),
        (["."], 2),
        (["error.yaml", "--ignore", "RC301"], 0),
        (["error.yaml", "--select", "RC8"], 0),
        (["warning.yaml", "--rounding", "truncate"], 0),
        (["warning.yaml", "--rounding", "truncate", "--fail-on", "note"], 0),
        (["-", "--stdin-name", "draft.xyz"], 2),
        (["-"], 2),
    ],
    ids=_words,
)
def test_check(cli: RunCli, files: Path, arguments: list[str], code: int) -> None:
    """`check` exits as DESIGN section 3 says, and never with a traceback."""
    run = cli("check", *arguments, cwd=files)
    assert (code, False) == (run.code, "Traceback" in run.out + run.err)


@pytest.mark.parametrize(
    "arguments", [["clean.yaml", "broken.yaml"], ["missing.yaml", "clean.yaml"], ["."]], ids=_words
)
def test_a_bad_file_does_not_end_the_run(cli: RunCli, files: Path, arguments: list[str]) -> None:
    """The good files are reported beside the bad one, whose name is on stderr."""
    run = cli("check", *arguments, cwd=files)
    assert run.code == 2
    assert "16/88 = 18.2%" in run.out
    assert ("missing.yaml" if "missing.yaml" in arguments else "broken.yaml") in run.err


def test_other_kinds_are_skipped_and_counted_in_folders(cli: RunCli, files: Path) -> None:
    """A folder may hold other files; they are counted, and are no failure."""
    (files / "broken.yaml").unlink()
    run = cli("check", ".", "--fail-on", "never", cwd=files)
    assert (run.code, "1 other file skipped" in run.out) == (0, True)


FOREIGN: dict[str, str | bytes] = {
    "mkdocs.yml": "site_name: A site\nnav: [index.md]\nmarkdown_extensions: [!!python/name:x.y '']\n",
    "compose.yaml": "services: &s {web: {image: x}}\nmore: *s\n",
    "manifests.yml": "kind: A\n---\nkind: B\n",
    "list.yaml": "- a\n- b\n",
    "scalar.yaml": "only words\n",
    "empty.yaml": "",
    "template.yaml": "{% if x %}\nname: {{ y }}\n{% endif %}\n",
    "latin.yaml": b"name: caf\xe9\n",
    "lock.yaml": "packages:\n" + "  a: 1\n" * 300_000,
}


@pytest.mark.parametrize("name", FOREIGN)
def test_yaml_of_other_programs_in_a_folder_is_skipped(cli: RunCli, tmp_path: Path, name: str) -> None:
    """In a folder it is counted like any other file; named, it is refused as a record."""
    text = FOREIGN[name]
    (tmp_path / "clean.yaml").write_text(CLEAN, encoding="utf-8")
    (tmp_path / name).write_bytes(text if isinstance(text, bytes) else text.encode())
    run = cli("check", ".", cwd=tmp_path)
    assert (run.code, "1 other file skipped" in run.out, run.err) == (0, True, "")
    for arguments in ([name], [".", name], [name, "."]):
        assert (arguments, 2) == (arguments, cli("check", *arguments, cwd=tmp_path).code)


@pytest.mark.parametrize(
    "text",
    [
        b"outcomes:\n  - label: [\n",
        b"id: x\n'populations': {a: 0\n",
        b"id: x\ncitation:\n  title: caf\xe9\n",
        "id: x\ncitation:\n".encode("utf-16"),
        b"{id: x, arms: {a: 5}}\n",
        b" id: x\n outcomes: []\n",
        b"arms:\n" + b"# \n" * 700_000,
    ],
    ids=range(7),
)
def test_a_broken_record_in_a_folder_is_not_skipped(cli: RunCli, tmp_path: Path, text: bytes) -> None:
    """What has a key of a record was meant for one, and its mistakes are told."""
    (tmp_path / "broken.yaml").write_bytes(text)
    run = cli("check", ".", cwd=tmp_path)
    assert (run.code, "RC0" in run.out) == (2, True)


@pytest.mark.parametrize("name", ["node_modules", "_build", "build", "dist", "venv", ".venv", "__pycache__"])
def test_folders_of_what_others_wrote_are_not_entered(cli: RunCli, tmp_path: Path, name: str) -> None:
    """Nothing in them is checked or counted, unless they are named."""
    (tmp_path / "clean.yaml").write_text(CLEAN, encoding="utf-8")
    (tmp_path / "deep" / name).mkdir(parents=True)
    (tmp_path / "deep" / name / "error.yaml").write_text(ERROR, encoding="utf-8")
    run = cli("check", ".", cwd=tmp_path)
    assert (run.code, "skipped" in run.out) == (0, False)
    assert cli("check", f"deep/{name}", cwd=tmp_path).code == 1


def test_rules_that_are_not_selected_are_no_surprise(cli: RunCli, files: Path) -> None:
    """Where the table shows INCONSISTENT and no finding says why, the last line does."""
    words = "1 inconsistent claim has findings of rules that are not selected."
    for arguments in (["--select", "RC2"], ["--ignore", "RC301"]):
        run = cli("check", "error.yaml", *arguments, cwd=files)
        assert (run.code, "INCONSISTENT" in run.out, run.out.splitlines()[-1]) == (0, True, words)
    for arguments in (["--select", "RC3"], []):
        assert words not in cli("check", "error.yaml", *arguments, cwd=files).out


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["16 (18.2%)", "42 (47.7%)"], 0),
        (["16/88 (18.2%)"], 0),
        (["66.7% of 25"], 1),
        (["16 (18.2%)", "12 (87%)"], 1),
        (["nearly 50%"], 0),
        (["half"], 2),
        (["5/0"], 2),
        (["9" * 400], 2),
        ([], 2),
    ],
)
def test_solve(cli: RunCli, arguments: list[str], code: int) -> None:
    """`solve` exits 1 where a claim cannot be true and 2 where it is no claim."""
    run = cli("solve", *arguments)
    assert (code, False) == (run.code, "Traceback" in run.err)


def test_solve_names_the_claim_it_cannot_read(cli: RunCli) -> None:
    """Of several claims, the message quotes the one that is none."""
    assert "three and a half" in cli("solve", "16 (18.2%)", "three and a half").err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["check", "--formt", "json", "x.yaml"], "--format"),
        (["check", "--format", "jsn", "x.yaml"], "json"),
        (["check", "--select", "percentage-mismatsh", "x.yaml"], "percentage-mismatch"),
        (["check", "--ignore", "RC9999", "x.yaml"], "RC9999"),
        (["check", "--ignore", "RC001", "x.yaml"], "cannot be ignored"),
        (["check", "--fail-on", "eror", "x.yaml"], "error"),
        (["check", "--rounding", "halfup", "x.yaml"], "half_up"),
        (["rule", "percentage-mismatsh"], "percentage-mismatch"),
        (["rule", "RC2"], "RC2"),
        (["rule", "RC999"], "did you mean 'RC9"),
        (["chekc", "x.yaml"], "check"),
        (["check", "--select", "[/bold]", "x.yaml"], "[/bold]"),
        (["check", "--format", "[/bold]", "x.yaml"], "json"),
        (["solve", "[/bold]"], "can be read"),
    ],
    ids=_words,
)
def test_wrong_usage_is_answered_in_words(cli: RunCli, tmp_path: Path, arguments: list[str], words: str) -> None:
    """Bad usage exits 2 with what is valid, on stderr, without a traceback."""
    run = cli(*arguments, cwd=tmp_path)
    assert (run.code, run.out, words in run.err, "Traceback" in run.err) == (2, "", True, False)
    assert "Value error" not in run.err


@pytest.mark.parametrize(
    "arguments",
    [["rule"], ["schema"], ["--version"], ["--help"], ["check", "--help"], ["rule", "--format", "json"]],
    ids=_words,
)
def test_what_does_not_judge_exits_0(cli: RunCli, arguments: list[str]) -> None:
    """Commands that only print succeed, and keep stderr empty."""
    run = cli(*arguments)
    assert (run.code, bool(run.out), run.err) == (0, True, "")


def test_claims_does_not_judge(cli: RunCli, files: Path) -> None:
    """`claims` exits 0 on findings and 2 on a file it cannot read."""
    assert (cli("claims", "error.yaml", cwd=files).code, cli("claims", "broken.yaml", cwd=files).code) == (0, 2)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything")
def test_a_folder_that_cannot_be_entered_is_no_success(cli: RunCli, files: Path) -> None:
    """Records that could not be looked at are not passed over in silence."""
    (files / "broken.yaml").unlink()
    (files / "empty").chmod(0)
    try:
        assert cli("check", ".", "--fail-on", "never", cwd=files).code == 2
    finally:
        (files / "empty").chmod(0o755)


def test_a_link_that_leads_nowhere_is_named(cli: RunCli, files: Path) -> None:
    """A broken link in a folder is a file that cannot be read."""
    (files / "empty" / "gone.yaml").symlink_to("nowhere.yaml")
    run = cli("check", "empty", cwd=files)
    assert (run.code, "gone.yaml" in run.err) == (2, True)


def test_a_name_that_is_not_unicode_does_not_end_the_run(cli: RunCli, files: Path) -> None:
    """A file whose name is no text is checked, in both formats, and the others too."""
    (files / "broken.yaml").unlink()
    try:
        Path(os.fsdecode(os.fsencode(files) + b"/caf\xe9.yaml")).write_text(ERROR, encoding="utf-8")
    except OSError:
        pytest.skip("this file system has Unicode names only")
    for arguments in (["check", "."], ["check", ".", "--format", "json"], ["claims", ".", "--format", "json"]):
        run = cli(*arguments, cwd=files)
        assert (arguments, True, True) == (arguments, "16 (18.2%)" in run.out, "internal error" not in run.err)
