"""Write what a reader finds, block after block, into one text whose places have names: a `Document`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Literal

from rheumcalc.documents.captions import with_captions
from rheumcalc.documents.document import Block, Cell, Document, Table, blank
from rheumcalc.documents.grid import Grid, GridCell
from rheumcalc.documents.markers import Marker
from rheumcalc.documents.plain_text import is_heading_line
from rheumcalc.documents.words import Words
from rheumcalc.files.reading import unreadable
from rheumcalc.source import Landmark, Source, Span

#: The longest text that is taken out of a document, in characters: as much as a draft in plain text may have.
MAX_CHARACTERS = 2_000_000


class Writer:
    """Writes a document's text as its reader goes through it."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._parts: list[str] = []
        self._length = 0
        self._blocks: list[Block] = []
        self._bold: set[Span] = set()
        self._tables: list[Table] = []
        self._landmarks: list[Landmark] = []
        self._markers: list[Marker] = []
        self._unread: list[str] = []
        self._body_end: int | None = None

    @property
    def length(self) -> int:
        """How long the text is so far."""
        return self._length

    @property
    def tables(self) -> Sequence[Table]:
        """The tables so far."""
        return self._tables

    @property
    def next_table(self) -> int:
        """The number of the table that is written next."""
        return len(self._tables) + 1

    def paragraph(self, words: Words, place: str) -> None:
        """Write a paragraph, and the name of its place."""
        self._block("paragraph", words, place, None)

    def table_note(self, words: Words, place: str) -> None:
        """Write a note to the last table."""
        span = self._block("paragraph", words, place, None)
        if span and self._tables:
            table = self._tables[-1]
            self._tables[-1] = replace(table, note=Span(table.note.start if table.note else span.start, span.end))

    def heading(self, words: Words, place: str, level: int | None) -> None:
        """Write a heading."""
        self._block("heading", words, place, level)

    def _block(self, kind: Literal["heading", "paragraph"], words: Words, place: str, level: int | None) -> Span | None:
        start = self._words(words, place)
        if not words.ink:
            # A marker on a line of its own is about the line below it.
            self._put("\n")
            return None
        span = Span(start, self._length)
        self._blocks.append(Block(kind, span, level))
        if words.is_bold and kind == "paragraph" and is_heading_line(words.text):
            self._bold.add(span)
        self._put("\n\n")
        return span

    def table(self, grid: Grid, caption: Words | None = None) -> str:
        """Write a table, its caption before it, and return its name."""
        number = self.next_table
        name = f"table {number}"
        above = self._block("paragraph", caption, f"{name}, caption", None) if caption and caption.text else None
        start = self._length
        written: dict[int, Cell] = {}
        header = [self._row(row, f"{name}, header", written) for row in grid.header]
        rows = [self._row(row, f"{name}, row {index}", written) for index, row in enumerate(grid.rows, 1)]
        self._tables.append(Table(number, Span(start, max(start, self._length - 1)), tuple(header), tuple(rows), above))
        self._unread += [f"{name}: {cut}" for cut in grid.cut]
        self._put("\n")
        return name

    def _row(self, row: Sequence[GridCell | None], place: str, written: dict[int, Cell]) -> tuple[Cell, ...]:
        cells = []
        for column, each in enumerate(row, 1):
            if column > 1:
                self._put(" | ")
            if each is None or not each.words.text:
                cells.append(Cell(Span(self._length, self._length), ""))
                continue
            if id(each) not in written:
                start = self._words(each.words, f"{place}, column {column}")
                written[id(each)] = Cell(Span(start, self._length), each.words.text)
            cells.append(written[id(each)])
        self._put("\n")
        return tuple(cells)

    def end_body(self) -> None:
        """Mark that everything written from here on belongs to no study: headers and footers of pages."""
        self._body_end = self._length

    def leave_out(self, what: str) -> None:
        """Record, in words, what is not read."""
        if what not in self._unread:
            self._unread.append(what)

    def document(self, *, is_article: bool = False) -> Document:
        """Return what was written. Where no heading is marked as one, short bold lines are headings."""
        text = "".join(self._parts)
        blocks = self._blocks
        if not any(block.is_heading for block in blocks):
            blocks = [Block("heading", block.span) if block.span in self._bold else block for block in blocks]
        prose = _without(text, [*(marker.span for marker in self._markers), *(table.span for table in self._tables)])
        return Document(
            Source(self.name, text, tuple(self._landmarks) or (Landmark(0, "whole file"),)),
            prose,
            tuple(blocks),
            tuple(with_captions(self._tables, blocks, prose)),
            tuple(self._unread),
            tuple(self._markers),
            is_article=is_article,
            body_end=self._body_end,
        )

    def _words(self, words: Words, place: str) -> int:
        """Write words at a place with a name, and return where they begin."""
        start = self._length
        self._landmarks.append(Landmark(start, place))
        self._markers += (marker._replace(span=marker.span.shifted(start)) for marker in words.markers)
        self._put(words.text)
        return start

    def _put(self, text: str) -> None:
        self._parts.append(text)
        self._length += len(text)
        if self._length > MAX_CHARACTERS:
            message = f"The text is longer than {MAX_CHARACTERS:,} characters, the limit."
            raise unreadable(self.name, "oversized-file", message)


def _without(text: str, spans: Iterable[Span]) -> str:
    """Return `text` with what the spans cover blanked."""
    parts: list[str] = []
    done = 0
    for span in sorted(spans):
        if span.end > done:
            start = max(done, span.start)
            parts += [text[done:start], blank(text[start : span.end])]
            done = span.end
    return "".join((*parts, text[done:]))
