"""How far a run has come: shown on a terminal's stderr while it lasts and only if it lasts, and gone at its end."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Timer

import pytest

from conftest import HEAD, PATIENCE, run_here
from rheumcalc.config import Settings
from rheumcalc.engine import check_files
from rheumcalc.terminal.progress import CorpusRun, FileRun, drawn

pytestmark = pytest.mark.skipif(os.name == "nt", reason="a terminal of one's own needs a pty")

#: The program with its delay given, so that no test waits for it.
_PROGRAM = """
import sys
from rheumcalc.terminal import progress
progress.DELAY = float(sys.argv.pop(1))
from rheumcalc.__main__ import main
main()
"""
AT_ONCE, NEVER = "0", "1000"


@dataclass(frozen=True)
class Session:
    """What a run wrote to a terminal, what it left on its screen, and what it wrote to standard output."""

    code: int
    out: bytes
    drawn: str
    left: list[str]


def _environment(more: Mapping[str, str]) -> dict[str, str]:
    return {**os.environ, "TERM": "xterm", "COLUMNS": "80", "NO_COLOR": "1", **more}


def _screen(written: str) -> list[str]:
    """Return the lines that stand on a screen after all that was written to it."""
    lines, row, column = [""], 0, 0
    for control, text in re.findall(r"(\x1b\[[0-9;?]*[A-Za-z]|\r|\n)|([^\x1b\r\n]+)", written):
        if control == "\r":
            column = 0
        elif control == "\n":
            row += 1
            lines += [""] * (row + 1 - len(lines))
        elif control.endswith("A"):
            row -= int(control[2:-1] or 1)
        elif control == "\x1b[2K":
            lines[row] = ""
        elif text:
            lines[row] = lines[row][:column].ljust(column) + text + lines[row][column + len(text) :]
            column += len(text)
    return [line for line in lines if line.strip()]


def _read(leader: int) -> str:
    """Return all that was written to a terminal whose other end is closed."""
    written = b""
    while True:
        try:
            more = os.read(leader, 100_000)
        except OSError:
            more = b""
        if not more:
            return written.decode()
        written += more


@contextmanager
def _killed_if_it_hangs(process: subprocess.Popen[bytes]) -> Iterator[None]:
    """Bound how long the terminal of a process is read."""
    killing = Timer(PATIENCE, process.kill)
    killing.start()
    try:
        yield
    finally:
        killing.cancel()
        process.kill()
        process.wait()


def _run(
    folder: Path, delay: str, *arguments: str, screen: bool = False, environment: Mapping[str, str] | None = None
) -> Session:
    """Run the program with stderr on a terminal, and stdout too where it is the `screen`."""
    import pty

    leader, follower = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-c", _PROGRAM, delay, *arguments],
        cwd=folder,
        stdout=follower if screen else subprocess.PIPE,
        stderr=follower,
        env=_environment(environment or {}),
    )
    os.close(follower)
    with _killed_if_it_hangs(process):
        written = _read(leader)
        out, _ = process.communicate()
    os.close(leader)
    return Session(process.returncode, out or b"", written, _screen(written))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder of three records and of a corpus."""
    for number in range(3):
        text = HEAD + f"outcomes:\n  - label: Response {number}\n    reported: 16/88 (18.2%)\n"
        (tmp_path / f"record-{number}.yaml").write_text(text, encoding="utf-8")
    document = json.dumps({"id": 1, "text": "Sixteen (18.2%) of 88 patients."}) + "\n"
    (tmp_path / "corpus.jsonl").write_text(document * 60, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(
    ("command", "told"),
    [(["check", "."], "files"), (["claims", "."], "files"), (["scan", "corpus.jsonl"], "documents")],
    ids=lambda each: each[0] if isinstance(each, list) else each,
)
def test_a_run_is_shown_and_leaves_nothing(folder: Path, command: list[str], told: str) -> None:
    """The terminal shows what is done, and at the end nothing of it; stdout is the same as without a terminal."""
    session = _run(folder, AT_ONCE, *command)
    plain = run_here(*command, cwd=folder)
    assert (plain.code, plain.out.encode()) == (session.code, session.out)
    assert (told in session.drawn, session.left) == (True, [])


def test_the_report_on_the_same_terminal_stays_clean(folder: Path) -> None:
    """Where the report goes to the terminal too, that is all that is left on it."""
    session = _run(folder, AT_ONCE, "check", "record-0.yaml", screen=True)
    plain = [line for line in run_here("check", "record-0.yaml", cwd=folder).out.splitlines() if line]
    assert ("files" in session.drawn.split("Recomputed")[0], session.left) == (True, plain)


@pytest.mark.parametrize(
    ("delay", "command", "environment"),
    [
        (NEVER, ["check", "."], {}),
        (NEVER, ["scan", "corpus.jsonl"], {}),
        (AT_ONCE, ["check", ".", "--quiet"], {}),
        (AT_ONCE, ["check", "."], {"TERM": "dumb"}),
    ],
    ids=["a short check", "a short scan", "quiet", "a terminal that cannot draw"],
)
def test_nothing_is_drawn(folder: Path, delay: str, command: list[str], environment: dict[str, str]) -> None:
    """A run that is over before the delay, or that is to be quiet, writes not a byte to the terminal."""
    session = _run(folder, delay, *command, environment=environment)
    assert (session.code, session.drawn) == (0, "")


def test_answers_on_the_terminal_are_not_drawn_over(folder: Path) -> None:
    """A scan whose answers go to the terminal shows them alone."""
    session = _run(folder, AT_ONCE, "scan", "corpus.jsonl", screen=True)
    assert (session.drawn.count('{"id": 1'), "a second" in session.drawn) == (60, False)


def test_an_interrupted_run_says_so(folder: Path) -> None:
    """Ctrl-C takes the drawing away, leaves one line, and exits with 130."""
    import pty

    leader, follower = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-c", _PROGRAM, AT_ONCE, "check", "-"],
        cwd=folder,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=follower,
        env=_environment({}),
    )
    os.close(follower)
    # The run waits for its standard input, which never comes.
    written = ""
    with _killed_if_it_hangs(process):
        while "0 of 1 files  stdin.yaml" not in written:
            written += os.read(leader, 10_000).decode()
        process.send_signal(signal.SIGINT)
        written += _read(leader)
        out, _ = process.communicate()
    os.close(leader)
    assert (process.returncode, out, _screen(written)) == (130, b"", ["rheumcalc: interrupted"])


def test_a_check_tells_of_each_file_before_it_is_read(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The records that drafts are held against come first, then the files, each run counted for itself."""
    monkeypatch.chdir(folder)
    (folder / "studies").mkdir()
    (folder / "record-2.yaml").rename(folder / "studies" / "record-2.yaml")
    told: list[tuple[int, int, str]] = []
    check_files(["record-0.yaml", "record-1.yaml"], Settings(studies="studies"), watch=lambda *each: told.append(each))
    assert told == [
        (0, 1, os.path.join("studies", "record-2.yaml")),  # noqa: PTH118 - names stay as given
        (0, 2, "record-0.yaml"),
        (1, 2, "record-1.yaml"),
    ]


def test_names_of_files_are_data() -> None:
    """What a name holds is neither markup nor a control of the terminal."""
    run = FileRun()
    run(3, 10, "[bold]a\x1b[2Jb.yaml")
    assert run.state() == (3, 10, "3 of 10 files  [bold]a�[2Jb.yaml")


def test_a_corpus_of_unknown_size() -> None:
    """What comes from standard input is counted without a total."""
    run = CorpusRun(None)
    run.read, run.answered = 2_500_000, 1
    done, total, told = run.state()
    assert (done, total, told.split(",")[0], told.endswith(", 2.5 MB")) == (2_500_000, None, "1 document", True)


def test_nobody_looks(capsys: pytest.CaptureFixture[str]) -> None:
    """Where stderr is no terminal nothing is drawn, without any delay too."""
    with drawn(FileRun(), 0):
        pass
    assert capsys.readouterr().err == ""
