"""The program as a process gives what it gives in the process of the tests, where most of its runs are tested."""

from __future__ import annotations

from pathlib import Path

import pytest

from conftest import HEAD, RunCli

CLEAN = HEAD + "populations: {all: 88}\noutcomes:\n  - {label: Réponse ≥ 50, population: all, reported: 16 (18.2%)}\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a record that is right, one with a slip, and one that is broken."""
    for name, text in (("clean", CLEAN), ("slip", CLEAN.replace("18.2%", "19.3%")), ("broken", "outcomes: [\n")):
        (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(
    ("code", "arguments", "env"),
    [
        (0, ["check", "clean.yaml"], {}),
        (1, ["check", "clean.yaml", "slip.yaml", "--format", "json"], {}),
        (2, ["check", "clean.yaml", "broken.yaml", "missing.yaml"], {}),
        (2, ["check", "--formt", "json"], {}),
        (2, ["chekc"], {}),
        (2, [], {}),
        (0, ["--help"], {}),
        (0, ["check", "--help"], {"COLUMNS": "60"}),
        (0, ["rule", "RC201"], {"FORCE_COLOR": "1", "NO_COLOR": "", "TERM": "xterm"}),
        (1, ["check", "slip.yaml"], {"PYTHONIOENCODING": "ascii"}),
        (1, ["check", "slip.yaml"], {"PYTHONIOENCODING": "cp1252"}),
        (2, ["check", "broken.yaml"], {"PYTHONIOENCODING": "latin-1"}),
        (1, ["check", "-", "--stdin-name", "Réponse.yaml"], {}),
        (2, ["claims", "."], {}),
    ],
    ids=lambda each: " ".join(each) if isinstance(each, list) else "",
)
def test_a_process_gives_the_same(
    cli: RunCli, process: RunCli, folder: Path, code: int, arguments: list[str], env: dict[str, str]
) -> None:
    """The same exit code and the same bytes on both streams, whatever the arguments, the folder and the environment."""
    stdin = CLEAN.replace("18.2%", "19.3%").encode()
    run = process(*arguments, cwd=folder, stdin=stdin, env=env)
    assert (code, run) == (run.code, cli(*arguments, cwd=folder, stdin=stdin, env=env))
