"""Streams and files: the report on stdout, everything else on stderr, quoted text as data."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

import pytest

from conftest import HEAD, PATIENCE, RunCli

CLEAN = (
    HEAD + "populations:\n  all: 88\noutcomes:\n  - label: Response\n    population: all\n    reported: 16 (18.2%)\n"
)


def _words(value: object) -> str | None:
    """Return a command line as the id of its case."""
    return " ".join(value) if isinstance(value, list) else None


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a good and a broken record."""
    (tmp_path / "good.yaml").write_text(CLEAN, encoding="utf-8")
    (tmp_path / "bad.yaml").write_text("citation:\nid: [\n", encoding="utf-8")
    return tmp_path


def test_json_alone_is_on_stdout(cli: RunCli, folder: Path) -> None:
    """With `--format json` stdout is one JSON object even where files fail; the complaint is on stderr."""
    run = cli("check", "good.yaml", "bad.yaml", "--format", "json", cwd=folder)
    assert [file["path"] for file in json.loads(run.out)["files"]] == ["good.yaml", "bad.yaml"]
    assert "bad.yaml" in run.err


def test_standard_input_has_the_name_it_is_given(cli: RunCli, folder: Path) -> None:
    """`-` reads standard input under the name of `--stdin-name`, and `stdin.yaml` without."""
    named = cli("check", "-", "--stdin-name", "zhang.yml", "--format", "json", stdin=CLEAN.encode())
    plain = cli("check", "-", "--format", "json", stdin=CLEAN.encode())
    assert tuple(json.loads(run.out)["files"][0]["path"] for run in (named, plain)) == ("zhang.yml", "stdin.yaml")
    assert (named.code, plain.code) == (0, 0)


@pytest.mark.parametrize(
    ("text", "is_told"),
    [("# Study 1\n\n16 (18.2%): *of 88*.\n", True), ("Words.\n", True), ("outcomes: [\n", False), (CLEAN, False)],
)
def test_a_draft_on_standard_input_wants_its_name(cli: RunCli, text: str, *, is_told: bool) -> None:
    """A text that looks like no record is refused with a hint at the option that says what it is."""
    run = cli("check", "-", stdin=text.encode())
    assert (is_told, is_told) == ("--stdin-name draft.md" in run.err, "--stdin-name draft.md" in run.err)
    assert "--stdin-name" not in cli("check", "-", "--stdin-name", "x.yaml", stdin=text.encode()).err


@pytest.mark.parametrize("arguments", [[], ["--format", "json"], ["--output", "report"]], ids=_words)
def test_a_bad_file_has_one_line_on_stderr(cli: RunCli, folder: Path, arguments: list[str]) -> None:
    """The report has the mistakes; stderr names the file and how many there are, or why it was not read."""
    (folder / "bad.yaml").write_text("id: x\noutcoms: []\npopulations: {a: 0}\n", encoding="utf-8")
    run = cli("check", "good.yaml", "bad.yaml", "absent.yaml", *arguments, cwd=folder)
    assert run.err.splitlines() == [
        "bad.yaml: not checked, 3 mistakes",
        "absent.yaml: not read: There is no such file.",
    ]


@pytest.mark.skipif(os.name == "nt", reason="a terminal of one's own needs a pty")
def test_nothing_is_told_twice_on_a_terminal(folder: Path) -> None:
    """Where the table is on the screen, stderr stays empty."""
    import pty
    import subprocess
    import sys

    leader, follower = pty.openpty()
    command = [sys.executable, "-m", "rheumcalc", "check", "bad.yaml"]
    done = subprocess.run(command, check=False, cwd=folder, stdout=follower, stderr=subprocess.PIPE, timeout=PATIENCE)
    os.close(follower)
    os.close(leader)
    assert (done.returncode, done.stderr) == (2, b"")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
@pytest.mark.parametrize(
    "arguments",
    [["check", "good.yaml"], ["check", "good.yaml", "--format", "json"], ["scan", "x.jsonl"], ["rule"]],
    ids=_words,
)
def test_a_full_disk_is_no_internal_error(folder: Path, arguments: list[str]) -> None:
    """Output that cannot be written is told in one sentence, with exit code 2."""
    import subprocess
    import sys

    (folder / "x.jsonl").write_text('{"id": 1, "text": ""}\n', encoding="utf-8")
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        command = [sys.executable, "-m", "rheumcalc", *arguments]
        done = subprocess.run(command, check=False, cwd=folder, stdout=full, stderr=subprocess.PIPE, timeout=PATIENCE)
    assert (
        done.returncode,
        done.stderr,
    ) == (2, b"rheumcalc: cannot write to standard output: No space left on device\n")


def test_a_reader_that_leaves_is_no_finding(folder: Path) -> None:
    """A closed pipe is nobody's mistake: exit code 2, and not a word."""
    import subprocess
    import sys

    read, write = os.pipe()
    os.close(read)
    command = [sys.executable, "-m", "rheumcalc", "check", "good.yaml"]
    done = subprocess.run(command, check=False, cwd=folder, stdout=write, stderr=subprocess.PIPE, timeout=PATIENCE)
    os.close(write)
    assert (done.returncode, done.stderr) == (2, b"")


@pytest.mark.parametrize("name", ["-", "/dev/stdout", "/dev/fd/1"])
@pytest.mark.skipif(not Path("/dev/fd/1").exists(), reason="no such devices here")
def test_standard_output_may_be_named(cli: RunCli, folder: Path, name: str) -> None:
    """`--output -` and its like write where the report goes anyway."""
    for arguments in (["check", "good.yaml"], ["check", "good.yaml", "--format", "json"], ["claims", "good.yaml"]):
        plain, named = cli(*arguments, cwd=folder), cli(*arguments, "--output", name, cwd=folder)
        assert (arguments, plain.code, plain.out, "") == (arguments, named.code, named.out, named.err)
    assert not (folder / "-").exists()


def test_a_redirected_file_is_written_on_and_not_replaced(folder: Path) -> None:
    """`--output /dev/stdout >> log` keeps what the log holds."""
    import subprocess
    import sys

    log = folder / "log"
    log.write_text("before\n", encoding="utf-8")
    with log.open("a", encoding="utf-8") as stream:
        command = [sys.executable, "-m", "rheumcalc", "check", "good.yaml", "-o", "/dev/stdout"]
        subprocess.run(command, check=True, cwd=folder, stdout=stream, timeout=PATIENCE)
    assert log.read_text("utf-8").startswith("before\ntest-study")


def test_paths_are_relative_below_the_working_directory(cli: RunCli, folder: Path) -> None:
    """A path below the working directory is shown relative, another as given."""
    (folder / "sub").mkdir()
    inside = cli("check", str(folder / "good.yaml"), "--format", "json", cwd=folder)
    outside = cli("check", str(folder / "good.yaml"), "--format", "json", cwd=folder / "sub")
    paths = [json.loads(run.out)["files"][0]["path"] for run in (inside, outside)]
    assert ["good.yaml", str(folder / "good.yaml")] == paths


@pytest.mark.parametrize("output_format", ["table", "json"])
def test_output_holds_the_report(cli: RunCli, folder: Path, output_format: str) -> None:
    """`--output` writes what stdout would have had, and stdout is empty."""
    printed = cli("check", "good.yaml", "--format", output_format, cwd=folder)
    run = cli("check", "good.yaml", "--format", output_format, "--output", "report", cwd=folder)
    assert (0, "", printed.out.split()) == (run.code, run.out, (folder / "report").read_text("utf-8").split())


@pytest.mark.parametrize("target", ["nowhere/report.json", "sub", "", "x" * 300])
def test_output_that_cannot_be_written_leaves_nothing(cli: RunCli, folder: Path, target: str) -> None:
    """A failed `--output` exits 2 with a message, and leaves neither half a file nor a temporary one."""
    (folder / "sub").mkdir()
    before = sorted(path.name for path in folder.rglob("*"))
    run = cli("check", "good.yaml", "--output", target, cwd=folder)
    assert (run.code, "cannot write" in run.err, "Traceback" in run.err) == (2, True, False)
    assert before == sorted(path.name for path in folder.rglob("*"))


def test_output_keeps_the_old_file_on_failure(cli: RunCli, folder: Path) -> None:
    """Where the run is refused, a file from before stays as it was."""
    (folder / "report").write_text("old", encoding="utf-8")
    cli("check", "good.yaml", "--select", "nonsense", "--output", "report", cwd=folder)
    assert (folder / "report").read_text("utf-8") == "old"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with names here")
def test_output_does_not_replace_what_is_no_file(cli: RunCli, folder: Path) -> None:
    """A pipe or a device named by `--output` (`/dev/null`) is never replaced by a file."""
    os.mkfifo(folder / "pipe")
    reader = os.open(folder / "pipe", os.O_RDONLY | os.O_NONBLOCK)
    try:
        cli("check", "good.yaml", "--output", "pipe", cwd=folder)
    finally:
        os.close(reader)
    assert (folder / "pipe").is_fifo()


@pytest.mark.parametrize("name", ["pipe.yaml"])
@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with names here")
def test_a_pipe_does_not_hold_up_the_run(process: RunCli, folder: Path, name: str) -> None:
    """An input that is no regular file is refused without being opened."""
    os.mkfifo(folder / name)
    assert ((run := process("check", name, cwd=folder)).code, name in run.err) == (2, True)


def test_no_colour_when_piped(cli: RunCli, folder: Path) -> None:
    """A piped report holds no escape sequence and no line of more than 80 columns."""
    run = cli("check", "good.yaml", "bad.yaml", cwd=folder)
    assert "\x1b" not in run.out + run.err
    assert [line for line in run.out.splitlines() if len(line) > 80] == []


@pytest.mark.parametrize(
    "arguments",
    [
        ["check", "."],
        ["check", ".", "--format", "json"],
        ["claims", "."],
        ["solve", "10 (12%)"],
        ["rule"],
        ["rule", "RC201"],
        ["schema"],
        ["--help"],
        ["check", "--help"],
        ["check"],
    ],
    ids=_words,
)
@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "latin-1"])
def test_a_console_that_cannot_encode_gets_plain_characters(
    cli: RunCli, folder: Path, arguments: list[str], encoding: str
) -> None:
    """No character makes the program fail, whatever the console can show."""
    text = CLEAN.replace("Response", "Réponse ≥ 50 · 😀 → 日本").replace("18.2%", "19·3%")
    (folder / "good.yaml").write_text(text, encoding="utf-8")
    plain = cli(*arguments, cwd=folder)
    run = cli(*arguments, cwd=folder, env={"PYTHONIOENCODING": encoding})
    assert (plain.code, False, False) == (run.code, "internal error" in run.err, "Error" in run.out)


@pytest.mark.parametrize("columns", ["1", "5", "20", "40", "1000", "x"])
def test_any_width_will_do(cli: RunCli, folder: Path, columns: str) -> None:
    """A narrow, wide or senseless width is no failure."""
    assert cli("check", "good.yaml", cwd=folder, env={"COLUMNS": columns}).code == 0


HOSTILE = {
    "markup": "[/bold] [link=https://example.org]x[/link] [red]",
    "emoji": ":smile: [sic] [data not shown]",
    "ansi": "a\x1b[31mb",
    "title": "a\x1b]0;owned\x07b",
    "bidi": "a\u202eb\u2066c",
    "marks": "a\u200eb\u200fc\u061cd",
    "return": "a\rb\x08c",
    "c1": "a\x9b31mb",
}
_TERMINAL = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_text_in_a_good_record_is_data(cli: RunCli, tmp_path: Path, name: str) -> None:
    """Whatever a label or a title says, the terminal shows it and does not obey it; JSON holds it whole."""
    label = HOSTILE[name]
    text = HEAD + f"outcomes:\n  - label: {json.dumps(label)}\n    reported: 12 (87%)\n    note: {json.dumps(label)}\n"
    (tmp_path / "x.yaml").write_text(text, encoding="utf-8")
    for command in ("check", "claims"):
        run = cli(command, "x.yaml", cwd=tmp_path)
        assert (command, [], False) == (command, _TERMINAL.findall(run.out + run.err), "internal" in run.err)
        if name in ("markup", "emoji"):
            shown = "".join(run.out.split())
            assert [word for word in label.split() if word not in shown] == []
    document = json.loads(cli("check", "x.yaml", "--claims", "--format", "json", cwd=tmp_path).out)
    assert " ".join(label.split()) == document["claims"][0]["subject"]["label"]


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("place", ["key", "value", "reference", "population"])
def test_hostile_text_in_a_broken_record_is_data(cli: RunCli, tmp_path: Path, name: str, place: str) -> None:
    """What a complaint quotes is shown and not obeyed, on stdout and on stderr, as if on a terminal."""
    quoted = json.dumps(HOSTILE[name])
    bodies = {
        "key": f"{quoted}: 1\n",
        "value": f"outcomes:\n  - label: x\n    reported: {quoted}\n",
        "reference": f"outcomes:\n  - label: x\n    reported: 5\n    population: {quoted}\n",
        "population": f"populations:\n  {quoted}: 5\n",
    }
    (tmp_path / "x.yaml").write_text(HEAD + bodies[place], encoding="utf-8")
    run = cli("check", "x.yaml", cwd=tmp_path)
    assert (run.code, _TERMINAL.findall(run.out + run.err), "internal" in run.err) == (2, [], False)


def test_a_hostile_file_name_is_data(cli: RunCli, tmp_path: Path) -> None:
    """A name with escapes or direction marks is shown, not obeyed."""
    name = "a\x1b]0;x\x07\u202e[b].yaml"
    (tmp_path / name).write_text("id: [\n", encoding="utf-8")
    run = cli("check", name, cwd=tmp_path)
    assert (run.code, _TERMINAL.findall(run.out + run.err)) == (2, [])
