"""The rooms of the package and what a plain check loads."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from conftest import PATIENCE

ROOT = Path(__file__).resolve().parent.parent
RECORD = ROOT / "data" / "studies" / "zhang-2023-tofacitinib-jdm.yaml"

#: What `rheumcalc check RECORD` loads of the package. A module that joins the list costs every run its time.
LOADED = {
    "__main__",
    "_version",
    "checks",
    "checks.case",
    "checks.denominators",
    "checks.nesting",
    "checks.passages",
    "checks.percentages",
    "checks.statistics",
    "checks.style",
    "checks.timing",
    "checks.totals",
    "checks.wording",
    "cli",
    "cli.arguments",
    "cli.output",
    "cli.summary",
    "config",
    "engine",
    "files",
    "files.reading",
    "files.search",
    "findings",
    "messages",
    "numbers",
    "numbers.arithmetic",
    "numbers.feasible",
    "numbers.printed",
    "numbers.rounding",
    "numbers.timepoint",
    "prose",
    "prose.constructions",
    "prose.features",
    "prose.hedges",
    "prose.lexicon",
    "prose.marks",
    "prose.reported",
    "prose.tokens",
    "record",
    "record.claims",
    "record.load",
    "record.model",
    "record.yamltree",
    "report",
    "report.outputs",
    "report.summary",
    "report.table",
    "result",
    "rules",
    "source",
    "study",
    "study.claims",
    "study.denominators",
    "study.doubts",
    "terminal",
    "terminal.layout",
    "terminal.verdicts",
}

#: Libraries that are slow to load and that a plain check has no use for.
NOT_LOADED = {"rich.markdown", "markdown_it", "jsonschema", "difflib", "statistics", "asyncio", "tempfile", "scipy"}

_PROBE = """
import sys
from rheumcalc.__main__ import main
sys.argv = ["rheumcalc", "check", sys.argv[1]]
try:
    main()
except SystemExit:
    pass
print("\\n".join(sys.modules), file=sys.stderr)
"""

_BASELINE = """
import sys, typer, yaml, yaml.cyaml, pydantic, rich.console, rich.text
class Model(pydantic.BaseModel):
    number: int
print("\\n".join(sys.modules), file=sys.stderr)
"""


def _modules(program: str) -> set[str]:
    command = [sys.executable, "-c", program, str(RECORD)]
    run = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=True, timeout=PATIENCE)
    return set(run.stderr.split())


def test_a_plain_check_loads_only_what_it_uses() -> None:
    """A check of a record loads the listed modules of the package and no others."""
    loaded = {name.removeprefix("rheumcalc.") for name in _modules(_PROBE) if name.startswith("rheumcalc.")}
    assert loaded == LOADED


def test_a_plain_check_loads_no_slow_library() -> None:
    """Beyond what typer, pydantic, rich and PyYAML load themselves, a check adds no slow library."""
    assert NOT_LOADED & (_modules(_PROBE) - _modules(_BASELINE)) == set()


def test_imports_point_one_way() -> None:
    """The contract in pyproject.toml on which room may import which is kept."""
    from importlinter.cli import lint_imports

    assert lint_imports(config_filename=str(ROOT / "pyproject.toml"), no_cache=True) == 0
