"""Tables as HTML and JATS have them: rows, the cells in them, and how much each cell covers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from rheumcalc.documents.grid import Grid, GridCell, arrange, readable
from rheumcalc.documents.markup import tag_of
from rheumcalc.documents.words import Words

if TYPE_CHECKING:
    from lxml import etree


def read_grid(rows: Sequence[etree._Element], read: Callable[[etree._Element], Words]) -> Grid:
    """Return the cells of a table's rows as a grid; `read` gives the words of a cell."""
    headers = 0
    while headers < len(rows) and _is_header(rows[headers]):
        headers += 1
    kept = rows[: readable(len(row) for row in rows)]
    cells = [
        [GridCell(read(cell), _covers(cell, "colspan"), _covers(cell, "rowspan")) for cell in cells_of(row)]
        for row in kept
    ]
    return arrange(cells, headers or None, len(rows) - len(kept))


def rows_of(table: etree._Element) -> Iterator[etree._Element]:
    """Yield the rows of a table as they are shown: the head first, the foot last, hidden rows left out."""
    parts = [part for part in table if tag_of(part) in ("thead", "tbody", "tfoot", "tr")]
    parts.sort(key=lambda part: {"thead": 0, "tfoot": 2}.get(tag_of(part), 1))
    for part in parts:
        rows = [part] if tag_of(part) == "tr" else [row for row in part if tag_of(row) == "tr"]
        yield from (row for row in rows if row.get("hidden") is None)


def cells_of(row: etree._Element) -> list[etree._Element]:
    """Return the cells of a row, hidden ones left out."""
    return [cell for cell in row if tag_of(cell) in ("td", "th") and cell.get("hidden") is None]


def _is_header(row: etree._Element) -> bool:
    parent = row.getparent()
    return (parent is not None and tag_of(parent) == "thead") or all(tag_of(cell) == "th" for cell in cells_of(row))


def _covers(cell: etree._Element, attribute: str) -> int:
    told = cell.get(attribute) or "1"
    return max(1, int(told)) if told.isascii() and told.isdigit() and len(told) < 6 else 1
