"""The way back from the text of a Word document to its XML: which character of which element a character comes from.

The reader notes each piece of text as it gathers it, and what of it was written where. Between a piece and what was
written only white space differs, what nobody sees, raised digits, and a few signs that were put in: so the two are
laid side by side, sign by sign, where a place is asked for.
"""

from __future__ import annotations

import zipfile
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from io import BytesIO
from typing import TYPE_CHECKING, NamedTuple

from rheumcalc.documents.words import RAISED, is_ink

if TYPE_CHECKING:
    from docx.opc.part import Part
    from lxml import etree

    from rheumcalc.documents.document import Table
    from rheumcalc.documents.grid import Grid
    from rheumcalc.documents.words import Words
    from rheumcalc.source import Span

#: The signs that are written where no piece has them: around raised numbers, and between two lines of a cell.
_PUT_IN = frozenset("^;")


class Piece(NamedTuple):
    """The text that one element gives.

    Where it is in a note, a text box, a header or a footer, it `hangs_on` an element of the body. What `is_whole`
    is not divided: its text is not the element's own, or would read otherwise in two halves.
    """

    element: etree._Element
    text: str
    hangs_on: etree._Element | None
    is_whole: bool


class Point(NamedTuple):
    """One character of a piece."""

    piece: Piece
    offset: int


class _Stretch(NamedTuple):
    """What was written from `start` to `end`, and the pieces it was made of."""

    start: int
    end: int
    pieces: Sequence[Piece]


class Trace:
    """Notes where the text of a document comes from, as its reader goes through it; then says it."""

    root: etree._Element
    part: Part

    def __init__(self, data: bytes) -> None:
        self.data = data
        self._pieces: list[Piece] = []
        self._cells: dict[int, tuple[Words, list[Piece]]] = {}
        self._stretches: list[_Stretch] = []
        self._aligned_at: dict[int, tuple[list[int], list[Point]]] = {}

    # --- what the reader tells ---------------------------------------------------------------------------------------

    def open(self, part: Part) -> etree._Element:
        """Return the root of the document's own part, parsed so that nothing in it is lost."""
        from lxml import etree

        parser = etree.XMLParser(resolve_entities=False, no_network=True, strip_cdata=False)
        with zipfile.ZipFile(BytesIO(self.data)) as archive:
            self.root = etree.fromstring(archive.read(part.partname.membername), parser)
        self.part = part
        return self.root

    def add(self, piece: Piece) -> None:
        """Note a piece of the paragraph or the cell that is being gathered."""
        self._pieces.append(piece)

    def end(self, start: int, end: int) -> None:
        """Note that what was gathered is written from `start` to `end`."""
        if self._pieces and start < end:
            self._stretches.append(_Stretch(start, end, self._pieces))
        self._pieces = []

    def end_cell(self, words: Words) -> None:
        """Note that what was gathered are the words of a cell."""
        # The words are kept so that no others get their identity.
        self._cells[id(words)] = words, self._pieces
        self._pieces = []

    def end_table(self, grid: Grid, table: Table) -> None:
        """Note where the cells that were gathered are written."""
        for row, cells in zip((*grid.header, *grid.rows), (*table.header, *table.rows), strict=True):
            for each, cell in zip(row, cells, strict=True):
                # A cell that covers several places is written once.
                if each is not None and cell.text and id(each.words) in self._cells:
                    _, self._pieces = self._cells.pop(id(each.words))
                    self.end(*cell.span)
        self._cells.clear()

    # --- what is asked -----------------------------------------------------------------------------------------------

    def points(self, text: str, span: Span) -> tuple[Point, Point] | None:
        """Return the first and the last character that a span of the text comes from, both in one stretch.

        Where none of it comes from the document, it is what stands nearest. None where the document has no text.
        """
        index = bisect_right(self._stretches, span.start, key=lambda each: each.end)
        if index == len(self._stretches):
            index -= 1
        if index < 0:
            return None
        offsets, points = self._aligned(self._stretches[index], text)
        if not points:
            return None
        first = min(bisect_left(offsets, span.start), len(points) - 1)
        last = max(bisect_left(offsets, span.end) - 1, first)
        return points[first], points[last]

    def _aligned(self, stretch: _Stretch, text: str) -> tuple[list[int], list[Point]]:
        """Return the offsets of the signs of a stretch, and the character that each of them comes from."""
        if stretch.start not in self._aligned_at:
            self._aligned_at[stretch.start] = _laid(stretch, text)
        return self._aligned_at[stretch.start]


def _laid(stretch: _Stretch, text: str) -> tuple[list[int], list[Point]]:
    offsets: list[int] = []
    points: list[Point] = []
    signs = (
        (Point(piece, offset), sign)
        for piece in stretch.pieces
        for offset, sign in enumerate(piece.text)
        if is_ink(sign)
    )
    point, sign = next(signs, (None, ""))
    for offset in range(stretch.start, stretch.end):
        written = text[offset]
        if not is_ink(written):
            continue
        if written in _PUT_IN and written != sign:
            continue
        while point is not None and written not in (sign, RAISED.get(sign)):
            point, sign = next(signs, (None, ""))
        if point is not None:
            offsets.append(offset)
            points.append(point)
            point, sign = next(signs, (None, ""))
    return offsets, points
