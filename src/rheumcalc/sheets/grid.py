"""What every reader of sheets makes of a file: rows of cells as they are displayed, each with its place."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from rheumcalc.source import Location, Source, Span

#: The most characters of a header that a place shows.
_HEADER_SHOWN = 30


class Row(NamedTuple):
    """A row with something in it: its number as spreadsheet programs count, its texts, and where it stands."""

    number: int
    texts: tuple[str, ...]
    span: Span

    def text(self, column: int | None) -> str:
        """Return the text of a cell, spaces collapsed; nothing where the row is shorter or no column is meant."""
        return "" if column is None or column >= len(self.texts) else " ".join(self.texts[column].split())


#: How good a header is among some rows: how many of its columns are known, 0 where there is none.
Score = Callable[[list[Row]], int]


@dataclass(frozen=True, eq=False)
class Sheet:
    """One worksheet, or the only one of a text file: its rows in order, empty ones left out.

    `delimiter` separates the cells of a row in the source's text, where `quoted` says that quotation marks may hold it.
    `problems` says what keeps the value of a cell from being read, by row number and column.
    """

    source: Source
    rows: tuple[Row, ...]
    title: str | None = None
    delimiter: str = "\t"
    quoted: bool = False
    problems: Mapping[tuple[int, int], str] = field(default_factory=dict)

    def location(self, row: Row, column: int, header: str) -> Location:
        """Return the place of a cell, with its name for people: `row 14, column count (C14)`."""
        sheet = f"sheet '{self.title}', " if self.title is not None else ""
        shown = header if len(header) <= _HEADER_SHOWN else header[: _HEADER_SHOWN - 1] + "…"
        name = f"{sheet}row {row.number}, column {shown} ({column_letters(column)}{row.number})"
        return Location(self.source, self._span(row, column), name)

    def _span(self, row: Row, column: int) -> Span:
        raw = self.source.cut(row.span)
        start = 0
        for _ in range(column):
            start = self._field_end(raw, start) + len(self.delimiter)
        end = self._field_end(raw, start)
        if self.quoted and raw[start : start + 1] == '"':
            start, end = start + 1, end - 1
        text = raw[start:end]
        start += len(text) - len(text.lstrip())
        return Span(start, start + len(text.strip())).shifted(row.span.start)

    def _field_end(self, raw: str, start: int) -> int:
        """Return where the cell that begins at an offset of a row ends, its quotation marks included."""
        if self.quoted and raw[start : start + 1] == '"':
            end = raw.find('"', start + 1)
            while raw[end + 1 : end + 2] == '"':
                end = raw.find('"', end + 2)
            return end + 1
        end = raw.find(self.delimiter, start)
        return len(raw.rstrip("\r\n")) if end < 0 else end


def column_letters(column: int) -> str:
    """Return what spreadsheet programs call a column, counted from 0: `A`, `Z`, `AA`."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
