"""Read sheets of extracted outcomes, text or Excel: tables whose columns are known, each cell with its place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from rheumcalc.files.reading import UnreadableFileError, unreadable
from rheumcalc.messages import did_you_mean
from rheumcalc.sheets.grid import Row, Sheet
from rheumcalc.sheets.headers import Group, Layout, fold, read_header
from rheumcalc.sheets.limits import HEADER_ROWS, MAX_COLUMNS, MAX_RESULTS, oversized
from rheumcalc.source import Source

__all__ = ["Group", "Layout", "Row", "Sheet", "Sheets", "Table", "read_sheets"]

#: How many headers a message names.
_HEADERS_NAMED = 20


@dataclass(frozen=True, eq=False)
class Table:
    """A sheet whose columns are known: its layout, its header, and the rows below that."""

    sheet: Sheet
    layout: Layout
    header: Row
    rows: tuple[Row, ...]


@dataclass(frozen=True, eq=False)
class Sheets:
    """The tables of a file, and notes on how it was read."""

    source: Source
    tables: tuple[Table, ...]
    notes: tuple[str, ...] = ()


def read_sheets(data: bytes, name: str, columns: Mapping[str, str]) -> Sheets:
    """Return the tables that a file's bytes hold. Raises UnreadableFileError, also where no columns are known.

    `columns` gives fields the headers that the user chose.
    """
    named = {field: fold(header) for field, header in columns.items()}
    score = partial(_best_width, named=named)
    sheets: tuple[Sheet, ...]
    notes: tuple[str, ...] = ()
    if name.lower().endswith(".xlsx"):
        from rheumcalc.sheets.workbook import read_workbook

        sheets = read_workbook(data, name, score)
    else:
        from rheumcalc.sheets.delimited import read_delimited

        sheet, notes = read_delimited(data, name, score)
        sheets = (sheet,)
    found = [(sheet, _find_header(sheet.rows, named)) for sheet in sheets]
    tables = tuple(
        Table(sheet, layout, sheet.rows[at], sheet.rows[at + 1 :])
        for sheet, header in found
        if header
        for layout, at in [header]
    )
    if not tables:
        raise _no_columns(name, sheets, columns)
    if any(any(table.header.texts[MAX_COLUMNS:]) for table in tables):
        raise oversized(name, f"The sheet has more than {MAX_COLUMNS} columns")
    if sum(len(table.rows) * len(table.layout.groups) for table in tables) > MAX_RESULTS:
        raise oversized(name, f"The file has room for more than {MAX_RESULTS:,} results")
    skipped = [f"'{sheet.title}'" for sheet, header in found if header is None and sheet.rows]
    if skipped:
        notes = (*notes, f"not read, since they have no columns of results: {', '.join(skipped)}")
    return Sheets(tables[0].sheet.source, tables, notes)


def _find_header(rows: Sequence[Row], named: Mapping[str, str]) -> tuple[Layout, int] | None:
    """Return the first header among the first rows, and which row it is."""
    for at in range(len(rows[:HEADER_ROWS])):
        layout = _read_row(rows, at, named)
        if layout is not None:
            return layout, at
    return None


def _read_row(rows: Sequence[Row], at: int, named: Mapping[str, str]) -> Layout | None:
    def texts(row: Row) -> list[str]:
        return [row.text(column) for column in range(min(len(row.texts), MAX_COLUMNS))]

    return read_header(texts(rows[at]), texts(rows[at - 1]) if at else (), named)


def _best_width(rows: list[Row], named: Mapping[str, str]) -> int:
    return max((layout.width for at in range(len(rows)) if (layout := _read_row(rows, at, named))), default=0)


def _no_columns(name: str, sheets: Sequence[Sheet], columns: Mapping[str, str]) -> UnreadableFileError:
    """Return the error for a file without known columns: it names the headers that were found."""
    rows = [row for sheet in sheets for row in sheet.rows[:HEADER_ROWS]]
    widest = max(rows, key=lambda row: sum(map(bool, row.texts)), default=None)
    headers = [text for column in range(len(widest.texts)) if (text := widest.text(column))] if widest else []
    if not headers:
        return unreadable(name, "missing-columns", "The sheet is empty.")
    missing = [header for header in columns.values() if fold(header) not in map(fold, headers)]
    shown = ", ".join(f"'{header[:40]}'" for header in headers[:_HEADERS_NAMED])
    more = f" and {len(headers) - _HEADERS_NAMED} more" if len(headers) > _HEADERS_NAMED else ""
    if missing:
        hint = did_you_mean(missing[0], [header[:80] for header in headers])
        message = f"There is no column '{missing[0]}'; {f'{hint} The' if hint else 'the'} sheet has {shown}{more}."
    else:
        message = (
            f"No row has headers for results, such as count, denominator and percent. Found: {shown}{more}. "
            "Use --columns to name the columns: --columns count=Events,denominator=Total."
        )
    return unreadable(name, "missing-columns", message)
