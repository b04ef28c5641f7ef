"""What every reader makes of a text: blocks of prose and tables, each with its exact place in the source."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from rheumcalc.documents.markers import Marker
from rheumcalc.source import Source, Span

#: How much of a table is read; what is beyond is named in `Document.unread`.
MAX_ROWS = 5_000
MAX_COLUMNS = 100
MAX_CELLS = 100_000


class Block(NamedTuple):
    """A heading or a paragraph. `level` is that of a Markdown heading; plain text prints none."""

    kind: Literal["heading", "paragraph"]
    span: Span
    level: int | None = None

    @property
    def is_heading(self) -> bool:
        """Whether the block is a heading."""
        return self.kind == "heading"


class Cell(NamedTuple):
    """A cell of a table: its place, without the spaces around it, and its text as the source has it."""

    span: Span
    text: str


@dataclass(frozen=True)
class Table:
    """A table: its caption, its rows of headers and of the body, its place, and its number in the document from 1.

    `note` is where its notes stand, if the format says which they are.
    """

    number: int
    span: Span
    header: tuple[tuple[Cell, ...], ...]
    rows: tuple[tuple[Cell, ...], ...]
    caption: Span | None = None
    note: Span | None = None

    @property
    def name(self) -> str:
        """The name of the table: `table 2`."""
        return f"table {self.number}"


@dataclass(frozen=True, eq=False)
class Document:
    """A text as read: its blocks and tables in order.

    `prose` is the source's text, character for character in its place, with everything blanked that is not prose:
    tables, code, comments, front matter, and the marks of Markdown itself. What is found in `prose` therefore has its
    place in the source. `unread` says, in words, what was too large or too deep to be read. `markers` are the comments
    for this program. An article is about one study, and its headings divide nothing. What comes after
    `body_end` is printed on every page, and belongs to no study.
    """

    source: Source
    prose: str
    blocks: tuple[Block, ...] = ()
    tables: tuple[Table, ...] = ()
    unread: tuple[str, ...] = ()
    markers: tuple[Marker, ...] = ()
    is_article: bool = False
    body_end: int | None = None

    def text_of(self, span: Span) -> str:
        """Return the prose that a span covers, as long as the span itself."""
        return self.prose[span.start : span.end]

    def blocks_between(self, low: int, high: int) -> tuple[Block, ...]:
        """Return the blocks that begin from `low` up to `high`."""
        return self.blocks[_at(self.blocks, low) : _at(self.blocks, high)]

    def tables_between(self, low: int, high: int) -> tuple[Table, ...]:
        """Return the tables that begin from `low` up to `high`."""
        return self.tables[_at(self.tables, low) : _at(self.tables, high)]


def _at(parts: Sequence[Block] | Sequence[Table], offset: int) -> int:
    return bisect_left(parts, offset, key=lambda part: part.span.start)


_INK = re.compile(r"[^\r\n]")


def blank(text: str) -> str:
    """Return as many spaces as `text` has characters, its line ends kept."""
    return _INK.sub(" ", text)


def blank_comments(text: str, fill: str = " ") -> str:
    """Return `text` with `fill` for each character of its HTML comments, line ends kept.

    A comment that is never closed is text, and so is one in backticks.
    """
    parts: list[str] = []
    done = 0
    start = text.find("<!--")
    while start >= 0:
        if start and text[start - 1] == "`":
            start = text.find("<!--", start + 4)
            continue
        end = text.find("-->", start + 4)
        if end < 0:
            break
        parts += [text[done:start], _INK.sub(fill, text[start : end + 3])]
        done = end + 3
        start = text.find("<!--", done)
    return "".join((*parts, text[done:]))
