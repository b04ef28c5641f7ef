"""Fixtures: the program, in this process and as one of its own, a record as a report, and the reference data."""

from __future__ import annotations

import gc
import io
import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

import rheumcalc.__main__ as program
from rheumcalc.cli import app
from rheumcalc.config import Settings
from rheumcalc.engine import check_record
from rheumcalc.numbers.rounding import NEAREST, RoundingMode
from rheumcalc.result import FileReport
from rheumcalc.source import Source

ROOT = Path(__file__).resolve().parent.parent

_SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large]
settings.register_profile("ci", derandomize=True, deadline=None, suppress_health_check=_SLOW)
settings.register_profile("explore", deadline=None, max_examples=2000, suppress_health_check=_SLOW)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))

#: What precedes the parts of a record that a test is about.
HEAD = "id: test-study\ncitation:\n  title: A study\n"


@dataclass(frozen=True)
class Run:
    """What one run of the program gave."""

    code: int
    out: str
    err: str


RunCli = Callable[..., Run]
CheckRecord = Callable[..., FileReport]

#: After how many seconds a process that a test has started is taken to hang, and killed.
PATIENCE = 120


def _environment(env: Mapping[str, str] | None) -> dict[str, str]:
    """Return the environment that the program is run in: the tests' own, but the same on every machine."""
    dropped = ("FORCE_COLOR", "PY_COLORS", "CLICOLOR_FORCE", "TTY_COMPATIBLE", "RHEUMCALC_TRACEBACK")
    base = {key: value for key, value in os.environ.items() if key not in dropped}
    return base | {"NO_COLOR": "1", "COLUMNS": "80", "PYTHONIOENCODING": "utf-8", **(env or {})}


def run_process(
    *arguments: str, cwd: Path | None = None, stdin: bytes = b"", env: Mapping[str, str] | None = None
) -> Run:
    """Run the program as a process, without colour, at 80 columns, with UTF-8 streams unless `env` says otherwise.

    Starting one takes a hundred times as long as most runs: it is for what only a process has (its pipes, its terminal,
    its signals, what it loads). Everything else is tested with `run_here`.
    """
    done = subprocess.run(
        [sys.executable, "-m", "rheumcalc", *arguments],
        check=False,
        input=stdin,
        capture_output=True,
        cwd=cwd,
        env=_environment(env),
        timeout=PATIENCE,
    )
    return Run(done.returncode, done.stdout.decode("utf-8", "replace"), done.stderr.decode("utf-8", "replace"))


def run_here(*arguments: str, cwd: Path | None = None, stdin: bytes = b"", env: Mapping[str, str] | None = None) -> Run:
    """Run the program as `run_process` does, from `main` to its exit code, but in the process of the tests.

    `tests/cli/test_process.py` holds that both give the same.
    """
    environment = _environment(env)
    encoding = environment["PYTHONIOENCODING"]
    out, err = io.BytesIO(), io.BytesIO()
    thresholds = gc.get_threshold()
    with pytest.MonkeyPatch.context() as here:
        for name in os.environ.keys() - environment.keys():
            here.delenv(name)
        for name, value in environment.items():
            here.setenv(name, value)
        if cwd is not None:
            here.chdir(cwd)
        # What a process has to itself; what is set as it is, the program changes.
        here.setitem(sys.modules, "__main__", program)
        here.setattr(sys, "argv", [program.__file__, *arguments])
        here.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin), encoding))
        here.setattr(sys, "stdout", io.TextIOWrapper(out, encoding))
        here.setattr(sys, "stderr", io.TextIOWrapper(err, encoding, errors="backslashreplace"))
        here.setattr(sys, "excepthook", sys.excepthook)
        here.setattr(app, "registered_commands", app.registered_commands)
        try:
            program.main()
            code: object = 0
        except SystemExit as ended:
            code = ended.code or 0
        finally:
            gc.set_threshold(*thresholds)
        if code == 130:
            # Whoever interrupts the tests means all of them.
            raise KeyboardInterrupt
        assert isinstance(code, int)
        sys.stdout.flush()
        sys.stderr.flush()
        return Run(code, out.getvalue().decode("utf-8", "replace"), err.getvalue().decode("utf-8", "replace"))


@pytest.fixture
def cli() -> RunCli:
    """The program, run in this process: `cli("check", "record.yaml", cwd=...)` gives a `Run`."""
    return run_here


@pytest.fixture
def process() -> RunCli:
    """The program as a process of its own, for what only a process has; called as `cli` is."""
    return run_process


def check_text(text: str, *, modes: frozenset[RoundingMode] = NEAREST, head: str = HEAD) -> FileReport:
    """Return the report on a record whose id and citation are given by `head`."""
    return check_record(Source("record.yaml", head + text), Settings(rounding=modes))


@pytest.fixture
def record() -> CheckRecord:
    """A record's text, without id and citation, to its report."""
    return check_text


@pytest.fixture(scope="session")
def reference_data() -> Path:
    """The folder of reference data; tests that need it are skipped, with a printed line, where it is absent."""
    base = Path(os.environ.get("RHEUMCALC_REFERENCE_DATA", ROOT.parent / "shared"))
    folder = base if base.is_absolute() else ROOT / base
    if not (folder / "data" / "cases").is_dir():
        print("reference data absent: set RHEUMCALC_REFERENCE_DATA to run these tests")  # noqa: T201
        pytest.skip("reference data absent: set RHEUMCALC_REFERENCE_DATA")
    return folder


@pytest.fixture(scope="session")
def claims_corpus() -> list[dict[str, Any]]:
    """Return the documents of the corpus of claims, each with its text and the claims it prints."""
    path = Path(__file__).parent / "corpus" / "claims.jsonl"
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
