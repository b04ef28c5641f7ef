"""Summary tables and figures: rows from claims, and a writer for each format."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from rheumcalc.summary.options import Grouping, Style, SummaryOptions
from rheumcalc.summary.rows import Row, Rows, rows_of
from rheumcalc.summary.table import SummaryTable, tabulate

if TYPE_CHECKING:
    from rheumcalc.config import Settings

__all__ = ["Grouping", "Row", "Rows", "Style", "SummaryOptions", "SummaryTable", "rows_of", "summarise", "tabulate"]


def summarise(
    *paths: str | Path, options: SummaryOptions | None = None, settings: Settings | None = None
) -> SummaryTable:
    """Return the summary table of the results in records and sheets, and in folders of them.

    Files that cannot be read, and drafts, give no rows. Raises SettingsError where an option selects nothing.
    """
    from rheumcalc.engine import check_files

    report = check_files((str(path) for path in paths), settings)
    studies = [study for file in report.files if file.kind != "draft" for study in file.studies]
    return tabulate(rows_of(studies), options or SummaryOptions())
