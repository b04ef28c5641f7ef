"""Against annotated text: `scan` reads it at least as well as these floors say, and calls nothing honest an error.

The annotated documents and the program that scores them are part of the reference data. Counted claims are those with
a count or a denominator; bare percentages are scored apart.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from conftest import PATIENCE, RunCli

#: The same floors are printed and held by `.ci/run`.
FLOORS = (
    "--min-precision=0.99",
    "--min-recall=0.98",
    "--min-bare-precision=0.93",
    "--min-bare-recall=0.88",
    "--min-caught=1.0",
    "--max-false-alarms=0",
)


def test_gold(cli: RunCli, reference_data: Path, tmp_path: Path) -> None:
    """Every annotated document has its answer, and the scorer finds every floor kept."""
    gold, scorer = reference_data / "data" / "gold.jsonl", reference_data / "tools" / "score_claims.py"
    if not gold.is_file() or not scorer.is_file():
        print("reference data hold no gold.jsonl with its scorer")  # noqa: T201
        pytest.skip("reference data hold no gold.jsonl with its scorer")
    predicted = tmp_path / "predicted.jsonl"
    run = cli("scan", str(gold), "--output", str(predicted))
    assert (run.code, run.err) == (0, "")
    command = [sys.executable, str(scorer), str(gold), str(predicted), "--misses", "10", *FLOORS]
    score = subprocess.run(command, check=False, capture_output=True, text=True, encoding="utf-8", timeout=PATIENCE)
    assert (score.returncode, score.stderr) == (0, ""), score.stdout


def test_ci_holds_the_same_floors() -> None:
    """What the continuous integration prints and holds are the floors of this file."""
    script = (Path(__file__).parents[2] / ".ci" / "run").read_text(encoding="utf-8")
    assert [floor for floor in FLOORS if floor.replace("=", " ") not in script] == []
