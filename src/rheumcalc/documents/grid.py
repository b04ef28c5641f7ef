"""Arrange the cells of a table, some of which cover several rows or columns, as rows of equal length."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from rheumcalc.documents.document import MAX_CELLS, MAX_COLUMNS, MAX_ROWS
from rheumcalc.documents.words import Words

#: The most rows of headers; what follows is read as rows of the body.
MAX_HEADER_ROWS = 10


class GridCell(NamedTuple):
    """A cell as a format has it: its words, and how many columns and rows it covers."""

    words: Words
    columns: int = 1
    rows: int = 1


class Grid(NamedTuple):
    """A table's cells in rows of equal length.

    A cell that covers several columns of the header is in each; in the body it is in the first, but a label
    that covers several rows is in each. None is an empty place. `cut` says, in words, what was left out.
    """

    header: list[list[GridCell | None]]
    rows: list[list[GridCell | None]]
    cut: list[str]


def readable(lengths: Iterable[int]) -> int:
    """Return how many rows of a table are read, given how many cells each has."""
    cells = 0
    rows = 0
    for length in lengths:
        cells += length
        if rows == MAX_ROWS + MAX_HEADER_ROWS or cells > MAX_CELLS:
            break
        rows += 1
    return rows


def arrange(rows: Sequence[Sequence[GridCell]], headers: int | None, hidden: int = 0) -> Grid:
    """Return the cells as a grid; `headers` rows are headers, or the first, unless it holds results, where None.

    `hidden` is how many rows the caller left out after the last.
    """
    if headers is None or headers >= len(rows):
        headers = 0 if not rows or _holds_results(rows[0]) else 1
    headers = min(headers, MAX_HEADER_ROWS)
    kept = rows[: headers + MAX_ROWS]
    cut = []
    if hidden or len(rows) > len(kept):
        cut.append(f"rows after the first {len(kept) - headers}")
    done: list[list[GridCell | None]] = []
    covering: dict[int, tuple[int, GridCell | None]] = {}
    is_wide = False
    for index, row in enumerate(kept):
        if index == headers:
            covering = {}
        line, too_wide = _row(row, covering, is_header=index < headers)
        is_wide = is_wide or too_wide
        done.append(line)
    if is_wide:
        cut.append(f"columns after the first {MAX_COLUMNS}")
    width = max(map(len, done), default=0)
    done = [line + [None] * (width - len(line)) for line in done]
    # Rows of nothing but rules are not rows to a reader.
    return Grid(_filled(done[:headers]), _filled(done[headers:]), cut)


def _filled(rows: list[list[GridCell | None]]) -> list[list[GridCell | None]]:
    return [row for row in rows if any(cell is not None and cell.words.text for cell in row)]


def _row(
    row: Sequence[GridCell], covering: dict[int, tuple[int, GridCell | None]], *, is_header: bool
) -> tuple[list[GridCell | None], bool]:
    """Return one row, with what cells of the rows above cover, and whether it is too wide."""
    line: list[GridCell | None] = []

    def fill() -> None:
        while len(line) in covering:
            rows, cell = covering.pop(len(line))
            if rows > 1:
                covering[len(line)] = rows - 1, cell
            line.append(cell)

    for cell in row:
        fill()
        if len(line) >= MAX_COLUMNS:
            return line[:MAX_COLUMNS], True
        for column in range(min(cell.columns, MAX_COLUMNS - len(line))):
            place = len(line)
            line.append(cell if column == 0 or is_header else None)
            if cell.rows > 1:
                covering[place] = cell.rows - 1, cell if place == 0 and not is_header else None
    fill()
    return line, False


_RESULT_ALONE = re.compile(r"(?=[^%(/]*[%(/])[\s0-9.,·%()\[\]/±<>=–-]*[0-9][\s0-9.,·%()\[\]/±<>=–-]*")


def _holds_results(row: Sequence[GridCell]) -> bool:
    """Decide whether a first row is one of the body: a cell after the first holds a result and no word."""
    return any(_RESULT_ALONE.fullmatch(cell.words.text[:100]) for cell in row[1:])
