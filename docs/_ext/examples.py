"""The examples of the pages: records and commands in fenced blocks, and what the commands really print.

A block marked `yaml record FILE STATUS` is a record, saved under that name, whose file status is said to be STATUS.
A block marked `json corpus FILE` is a corpus, one document a line, one marked `csv sheet FILE` a sheet, and one
marked `markdown draft FILE` a draft, saved under that name.
A block marked `console` holds commands after `$`, each followed by its output: of `rheumcalc`, of `cat FILE`, or of
`echo $?`, which prints the exit code of the command before. They run in the order of the page, in one folder, 80
columns wide.

`python docs/_ext/examples.py` runs all commands and writes their output into the pages; a test finds stale output.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

DOCS = Path(__file__).parent.parent

_BLOCK = re.compile(r"^```(?P<info>[a-z][^\n]*)\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Record:
    """A record in a page: its file name, the status it is said to have, and its text."""

    name: str
    status: str
    text: str


def hand_written_pages() -> list[Path]:
    """Return the pages that people wrote."""
    return sorted(DOCS.glob("*.md"))


def records(page: str) -> Iterator[Record]:
    """Yield the records of a page in their order."""
    for match in _BLOCK.finditer(page):
        if match["info"].startswith("yaml record"):
            yield _record(match)


def _record(match: re.Match[str]) -> Record:
    _, _, name, status = match["info"].split()
    return Record(name, status, match["body"])


_ENVIRONMENT = {"COLUMNS": "80", "NO_COLOR": "1", "TERM": "dumb", "PYTHONUTF8": "1"}
#: What runs the program with arguments in a folder and an environment: its exit code, standard output and error.
Run = Callable[[list[str], str, dict[str, str]], tuple[int, str, str]]


def run_process(arguments: list[str], folder: str, environment: dict[str, str]) -> tuple[int, str, str]:
    """Run the program as a process of its own, as readers do, without whatever would colour or widen the output."""
    forced = ("FORCE_COLOR", "PY_COLORS", "CLICOLOR_FORCE", "TTY_COMPATIBLE", "RHEUMCALC_TRACEBACK")
    kept = {key: value for key, value in os.environ.items() if key not in forced}
    done = subprocess.run(  # noqa: S603 - our own program, with the arguments of our own pages
        [sys.executable, "-m", "rheumcalc", *arguments],
        cwd=folder,
        env=kept | environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
        encoding="utf-8",
        timeout=120,
    )
    return done.returncode, done.stdout, done.stderr


def with_real_output(page: str, run: Run = run_process) -> str:
    """Return the page with the output of every command as it is now."""
    with tempfile.TemporaryDirectory() as folder:

        def renew(match: re.Match[str]) -> str:
            if match["info"].startswith("yaml record"):
                record = _record(match)
                Path(folder, record.name).write_text(record.text, encoding="utf-8")
            elif match["info"].startswith(("json corpus", "csv sheet", "markdown draft")):
                Path(folder, match["info"].split()[2]).write_text(match["body"], encoding="utf-8")
            elif match["info"] == "console":
                return f"```console\n{_session(match['body'], folder, run)}```"
            return match.group()

        return _BLOCK.sub(renew, page)


def _session(body: str, folder: str, run: Run) -> str:
    lines, code = [], 0
    for command in (line[2:] for line in body.splitlines() if line.startswith("$ ")):
        lines.append(f"$ {command}")
        if command == "echo $?":
            lines.append(str(code))
            continue
        program, *arguments = shlex.split(command)
        if program == "cat":
            lines += Path(folder, *arguments).read_text(encoding="utf-8").rstrip("\n").splitlines()
            continue
        if program != "rheumcalc":
            raise ValueError(f"'{command}' cannot be run: only rheumcalc, cat and `echo $?` can")
        code, out, err = run(arguments, folder, _ENVIRONMENT)
        shown = (out.rstrip("\n") + "\n" + err).removeprefix("\n")
        lines += (line.rstrip() for line in shown.splitlines())
        while not lines[-1]:
            lines.pop()
    return "".join(f"{line}\n" for line in lines)


def main() -> None:
    """Write the real output into every page."""
    for path in hand_written_pages():
        page = path.read_text(encoding="utf-8")
        renewed = with_real_output(page)
        if renewed != page:
            path.write_text(renewed, encoding="utf-8", newline="\n")
            print(f"renewed {path.name}")


if __name__ == "__main__":
    main()
