"""Named text and places in it: the only conversion from offsets to lines and columns."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

_LINE_END = re.compile(r"\r\n|\r|\n")


class Span(NamedTuple):
    """A stretch of a source's text: code-point offsets, `end` exclusive."""

    start: int
    end: int

    def shifted(self, by: int) -> Span:
        """Return the same stretch moved by `by` code points."""
        return Span(self.start + by, self.end + by)


class Position(NamedTuple):
    """A line and a column, both counted from 1; columns count code points."""

    line: int
    column: int


class Landmark(NamedTuple):
    """Where a stretch of a text begins that has a name of its own: `paragraph 12`, `page 5, line 3`."""

    offset: int
    name: str


@dataclass(frozen=True, eq=False, repr=False)
class Source:
    """A file's name, as shown to people, and its decoded text.

    A text that was taken out of a format without lines (Word, PDF, a sheet) has `landmarks` in the order of their
    offsets: they name its places, and lines and columns do not.
    """

    name: str
    text: str
    landmarks: tuple[Landmark, ...] = ()

    def __repr__(self) -> str:
        return f"<Source {self.name!r}>"

    @cached_property
    def _line_starts(self) -> list[int]:
        return [0, *(match.end() for match in _LINE_END.finditer(self.text))]

    def landmark(self, offset: int) -> str | None:
        """Return the name of the place of an offset, where the source names its places."""
        index = bisect_right(self.landmarks, offset, key=lambda landmark: landmark.offset)
        return self.landmarks[index - 1].name if index else None

    def position(self, offset: int) -> Position:
        """Return the line and column of a code-point offset."""
        starts = self._line_starts
        line = bisect_right(starts, offset)
        return Position(line, offset - starts[line - 1] + 1)

    def cut(self, span: Span) -> str:
        """Return the text that a span covers."""
        return self.text[span.start : span.end]


class Location(NamedTuple):
    """A place in a source: `span` is None where only the file as a whole can be named.

    `name` is the name of the place where lines and columns would mean little: `table 2, row 3, column 4`.
    """

    source: Source
    span: Span | None = None
    name: str | None = None

    @property
    def start(self) -> Position | None:
        """The position of the first code point, where the source has lines."""
        return None if self.span is None or self.source.landmarks else self.source.position(self.span.start)

    @property
    def end(self) -> Position | None:
        """The position just after the last code point, where the source has lines."""
        return None if self.span is None or self.source.landmarks else self.source.position(self.span.end)

    def describe(self) -> str:
        """Return the place as people read it: `line 12, column 5`, `table 2, row 3, column 4`, or `whole file`."""
        if self.name is not None:
            return self.name
        landmark = self.source.landmark(self.span.start) if self.span else None
        if landmark is not None:
            return landmark
        start = self.start
        return "whole file" if start is None else f"line {start.line}, column {start.column}"

    def seen_from(self, other: Location) -> str:
        """Return the place as people read it, with its file if that is not the file of `other`."""
        place = self.describe()
        return place if self.source.name == other.source.name else f"{self.source.name}, {place}"

    def order(self) -> tuple[str, int, int]:
        """Return a key that sorts places as they are read."""
        return (self.source.name, *(self.span or (-1, -1)))
