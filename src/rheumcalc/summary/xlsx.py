"""The table of a summary as an Excel workbook: numbers are numbers, and no text is a formula."""

from __future__ import annotations

from datetime import datetime
from io import BytesIO
from textwrap import wrap
from typing import TYPE_CHECKING, Any

from rheumcalc.messages import MissingExtraError, visible
from rheumcalc.summary.records import described
from rheumcalc.summary.table import Line, SummaryTable

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

_TITLES = ("Study", "Outcome", "Population", "Arm", "Time", "Count", "Denominator", "%")
_LAST = ("As printed", "Verdict", "Rules", "Notes")
_NUMBERS = range(5, 10)
#: How wide a column is at the most, in pixels; those of numbers and of notes, in characters; how high a line is, in
#: points.
_WIDEST, _NUMBER, _NOTES, _LINE = 420, 14, 70, 15
#: When every workbook says it was made, so that the same records give the same file.
_MADE = datetime(2000, 1, 1)  # noqa: DTZ001 - the format knows no zones


def render_table(table: SummaryTable) -> bytes:
    """Return a workbook with a sheet of the rows and one of the notes. Raises MissingExtraError without xlsxwriter."""
    try:
        import xlsxwriter
    except ImportError:
        raise MissingExtraError("Writing .xlsx", "xlsx") from None
    stream = BytesIO()
    # Nothing in a cell is ever looked at for what it might mean.
    told = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    workbook = xlsxwriter.Workbook(stream, told)
    workbook.set_properties({"title": visible(table.caption), "author": "rheumcalc", "created": _MADE})
    head = workbook.add_format({"bold": True, "bottom": 1, "indent": 1})
    head_of_numbers = workbook.add_format({"bold": True, "bottom": 1, "align": "right"})
    plain = workbook.add_format({"align": "left", "indent": 1, "valign": "top"})
    wrapped = workbook.add_format({"align": "left", "indent": 1, "valign": "top", "text_wrap": True})
    flagged = workbook.add_format({"align": "left", "indent": 1, "valign": "top", "bold": True})
    numbers = [workbook.add_format({"num_format": f"0.{'0' * d}" if d else "0", "valign": "top"}) for d in range(10)]
    at_right = workbook.add_format({"align": "right", "valign": "top"})
    sheet = workbook.add_worksheet("Results")
    level = table.options.level
    titles = (*_TITLES, f"{level} CI, lower", f"{level} CI, upper", *_LAST)
    for place, title in enumerate(titles):
        sheet.write_string(0, place, title, head_of_numbers if place in _NUMBERS else head)
    sheet.freeze_panes(1, 2)
    for number, (line, row) in enumerate(zip(table.lines, described(table), strict=True), 1):
        texts = {0: line.study, 1: row["label"], 2: row["population"], 3: row["arm"], 4: row["timepoint"]}
        texts |= {10: row["printed"], 11: line.verdict, 12: ", ".join(row["rules"])}
        for place, text in texts.items():
            _text(sheet, number, place, text, flagged if place == 11 and line.verdict.isupper() else plain)
        _wrapped(sheet, number, 13, " ".join(row["notes"]), wrapped)
        for place, value in ((5, row["count"]), (6, row["denominator"])):
            if value is not None:
                sheet.write_number(number, place, value, numbers[0])
        _shares(sheet, number, line, numbers, at_right)
    sheet.autofit(_WIDEST)
    # Numbers are written in full and shown cut, which the fit does not know.
    sheet.set_column(5, 9, _NUMBER)
    sheet.set_column(13, 13, _NOTES)
    if table.lines:
        sheet.autofilter(0, 0, len(table.lines), len(titles) - 1)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    _about(workbook.add_worksheet("Notes"), table, wrapped, head)
    workbook.close()
    return stream.getvalue()


def _shares(sheet: Worksheet, number: int, line: Line, numbers: list[Any], at_right: Any) -> None:
    """Write a percentage as rounded, which Excel would do in its own way, and its limits in full."""
    known = line.percentage
    if known is not None and known.exact is not None:
        sheet.write_number(number, 7, float(known.text), numbers[min(known.decimals, 9)])
    elif known is not None:
        _text(sheet, number, 7, known.text, at_right)
    if line.limits is not None and known is not None:
        for place, limit in zip((8, 9), line.limits, strict=True):
            sheet.write_number(number, place, limit, numbers[min(known.decimals, 9)])


def _about(sheet: Worksheet, table: SummaryTable, wrapped: Any, head: Any) -> None:
    sheet.set_column(0, 0, 2 * _NOTES)
    sheet.write_string(0, 0, visible(table.caption), head)
    for number, note in enumerate((each for each in table.notes if each.mark is None), 1):
        _wrapped(sheet, number, 0, note.text, wrapped, 2 * _NOTES)


def _wrapped(sheet: Worksheet, row: int, column: int, text: str, form: Any, width: int = _NOTES) -> None:
    """Write a text of several lines, and make its row as high: not every program does that by itself."""
    sheet.set_row(row, _LINE * max(1, len(wrap(text, width - 4))))
    _text(sheet, row, column, text, form)


#: The longest text of a cell in Excel.
_LONGEST = 32_767


def _text(sheet: Worksheet, row: int, column: int, text: str | None, form: Any) -> None:
    if text:
        sheet.write_string(row, column, visible(text)[:_LONGEST], form)
