"""The table of a summary as CSV: a line for each row that says everything about itself."""

from __future__ import annotations

import csv
from io import StringIO

from rheumcalc.messages import visible
from rheumcalc.summary.records import FIELDS, described
from rheumcalc.summary.table import SummaryTable

#: How a cell begins that a spreadsheet would read as a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def render_table(table: SummaryTable) -> str:
    """Return the rows under a header, without the notes about all of them; each row's own notes are in it."""
    stream = StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(FIELDS)
    for row in described(table):
        writer.writerow([_cell(row[field]) for field in FIELDS])
    return stream.getvalue().rstrip("\n")


def _cell(value: object) -> str:
    if value is None or isinstance(value, bool):
        return "" if value is None else str(value).lower()
    text = visible("; ".join(value) if isinstance(value, tuple) else str(value))
    return f"'{text}" if text.startswith(_FORMULA) else text
