"""Fixtures: the program as a process, a record as a report, and the reference data."""

from __future__ import annotations

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


def run_process(
    *arguments: str,
    cwd: Path | None = None,
    stdin: bytes = b"",
    env: Mapping[str, str] | None = None,
    timeout: float = 120,
) -> Run:
    """Run the program as a process, without colour, at 80 columns, with UTF-8 streams unless `env` says otherwise."""
    dropped = ("FORCE_COLOR", "PY_COLORS", "CLICOLOR_FORCE", "TTY_COMPATIBLE", "RHEUMCALC_TRACEBACK")
    base = {key: value for key, value in os.environ.items() if key not in dropped}
    base |= {"NO_COLOR": "1", "COLUMNS": "80", "PYTHONIOENCODING": "utf-8", **(env or {})}
    done = subprocess.run(
        [sys.executable, "-m", "rheumcalc", *arguments],
        check=False,
        input=stdin,
        capture_output=True,
        cwd=cwd,
        env=base,
        timeout=timeout,
    )
    return Run(done.returncode, done.stdout.decode("utf-8", "replace"), done.stderr.decode("utf-8", "replace"))


@pytest.fixture
def cli() -> RunCli:
    """The program as a process: `cli("check", "record.yaml", cwd=...)` gives a `Run`."""
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
