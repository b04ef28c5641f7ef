"""A draft as it is read: its text in order, character by character, with what is marked in it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple

from rheumcalc.documents import Block, Cell, Document, Table
from rheumcalc.messages import visible
from rheumcalc.report.html.marks import Mark, Marks
from rheumcalc.source import Span

#: The level of the page's heading above a draft; the draft's own begin below it.
_LEVEL = 3
_DEEPEST = 6


class Run(NamedTuple):
    """A stretch of a paragraph: text, perhaps marked, or a sign of the format (`##`), which is `syntax`.

    `goes_on` says that a mark continues from another paragraph, where it is described.
    """

    text: str
    mark: Mark | None = None
    is_syntax: bool = False
    goes_on: bool = False


Runs = tuple[Run, ...]


class CellPart(NamedTuple):
    """A cell of a table; `scope` is what a header is of, None for a cell of the body."""

    runs: Runs
    columns: int = 1
    rows: int = 1
    scope: Literal["col", "colgroup", "row", "rowgroup"] | None = None


class TablePart(NamedTuple):
    """A table as read, with the caption that stands right before it."""

    name: str
    caption: Runs
    header: tuple[tuple[CellPart, ...], ...]
    rows: tuple[tuple[CellPart, ...], ...]


class Part(NamedTuple):
    """A heading, a paragraph, a table, or text that is neither (code, front matter), in its own lines."""

    kind: Literal["heading", "paragraph", "table", "text"]
    runs: Runs = ()
    level: int = _DEEPEST
    table: TablePart | None = None


def draft_parts(document: Document, marks: Marks) -> Iterator[Part]:
    """Yield the parts of a draft in order; together they hold its whole text once."""
    return _Reader(document, marks).parts()


#: What a format writes before the words of a heading or a paragraph: `## `, `> `, `- `, `1. `.
#: One sign at a time, so that there is one way to read a row of them.
_SIGNS = re.compile(r"[ \t]*(?:(?:[#>*+-]|[0-9]{1,9}[.)])[ \t]*)+\Z")
#: What is between the cells of a table and has no meaning.
_RULES = re.compile(r"[\s|:>-]*\Z")
_LINE_END = re.compile(r"\r\n|\r|\n")
_SPACES = re.compile(r"([\t\n]+)")


class _Reader:
    """Goes through a draft once, from its first character to its last."""

    def __init__(self, document: Document, marks: Marks) -> None:
        self.text = document.source.text
        self.document = document
        self.marks = marks
        self.begun: set[str] = set()
        self.depths: list[int] = []

    def parts(self) -> Iterator[Part]:
        """Yield headings, paragraphs and tables, and whatever is between them."""
        stretches: list[tuple[Span, Block | Table]] = [(block.span, block) for block in self.document.blocks]
        stretches += [(table.span, table) for table in self.document.tables]
        stretches.sort(key=lambda each: each[0])
        captions = {table.caption: table for table in self.document.tables if table.caption}
        done = 0
        caption: Runs = ()
        for index, (span, part) in enumerate(stretches):
            if span.start < done:
                continue
            # A caption and its table have nothing but space between them, and so no part of its own.
            between, signs = self._between(done, self._start(part, done))
            yield from between
            done = span.end
            if isinstance(part, Table):
                table, done = self._table(part, signs, caption)
                caption = ()
                yield Part("table", table=table)
                continue
            runs = (*signs, *self._runs(span))
            after = stretches[index + 1] if index + 1 < len(stretches) else None
            own = captions.get(span)
            if (
                own is not None
                and after is not None
                and after[1] is own
                and not self._has_ink(done, self._start(own, done))
            ):
                caption = runs
            elif part.is_heading:
                yield Part("heading", runs, self._level(part.level or 1))
            else:
                yield Part("paragraph", runs)
        yield from self._between(done, len(self.text), is_end=True)[0]

    def _start(self, part: Block | Table, low: int) -> int:
        """Return where a part begins, not before `low`: the bar before a table's first cell is the table's."""
        start = part.span.start
        while isinstance(part, Table) and start > low and self.text[start - 1] in "| \t":
            start -= 1
        return start

    def _level(self, level: int) -> int:
        """Return the level of a heading in the page: one below the last that is less deep in the draft."""
        while self.depths and self.depths[-1] >= level:
            self.depths.pop()
        self.depths.append(level)
        return min(_LEVEL + len(self.depths), _DEEPEST)

    def _has_ink(self, low: int, high: int) -> bool:
        return bool(self.text[low:high].strip())

    def _between(self, low: int, high: int, *, is_end: bool = False) -> tuple[list[Part], Runs]:
        """Return what is between two parts: text of its own, and signs that belong to what follows."""
        line = max(low, self.text.rfind("\n", low, high) + 1, self.text.rfind("\r", low, high) + 1)
        signs: Runs = ()
        if not is_end and line < high and _SIGNS.match(self.text, line, high):
            signs, high = tuple(run._replace(is_syntax=run.mark is None) for run in self._runs(Span(line, high))), line
        if not self._has_ink(low, high):
            return [], signs
        # Its first line keeps its indentation.
        first = low + len(self.text[low:high]) - len(self.text[low:high].lstrip())
        low = max(low, self.text.rfind("\n", low, first) + 1)
        return [Part("text", self._runs(Span(low, low + len(self.text[low:high].rstrip()))))], signs

    def _runs(self, span: Span) -> Runs:
        """Return a stretch of the text as runs."""
        return tuple(self._cut(span))

    def _cut(self, span: Span) -> Iterator[Run]:
        done = span.start
        for mark in self.marks.between(*span):
            start, end = max(span.start, mark.span.start), min(span.end, mark.span.end)
            if not self._has_ink(start, end) and mark.span.start != mark.span.end:
                continue
            if start > done:
                yield Run(_shown(self.text[done:start]))
            yield Run(_shown(self.text[start:end]), mark, goes_on=mark.id in self.begun)
            self.begun.add(mark.id)
            done = end
        if done < span.end:
            yield Run(_shown(self.text[done : span.end]))

    def _table(self, table: Table, signs: Runs, caption: Runs) -> tuple[TablePart, int]:
        """Return a table with its cells, and where its text ends."""
        done = table.span.start
        groups: list[tuple[tuple[CellPart, ...], ...]] = []
        lead = signs
        for rows, is_header in ((table.header, True), (table.rows, False)):
            made: list[tuple[CellPart, ...]] = []
            for row, covers in zip(rows, _covers(rows), strict=True):
                cells: list[CellPart] = []
                for column, (cell, cover) in enumerate(zip(row, covers, strict=True)):
                    if cover is None:
                        continue
                    runs: Runs = ()
                    if cell.span.start >= done:
                        last, before = self._rules(done, cell.span.start)
                        if last and made and not cells:
                            # What was too wide to be read stays where it was.
                            made[-1] = (*made[-1], CellPart(last))
                            last = ()
                        runs = (*lead, *last, *before, *self._runs(cell.span))
                        lead, done = (), max(done, cell.span.end)
                    scope = _scope(cover, is_header=is_header, is_first=column == 0 and len(row) > 1) if runs else None
                    cells.append(CellPart(runs, *cover, scope))
                made.append(tuple(cells))
            groups.append(tuple(made))
        header, body = groups
        end = max(done, table.span.end)
        rest = self._runs(Span(done, end)) if not _RULES.match(self.text, done, end) else ()
        if rest or lead:
            body = (*body, (CellPart((*lead, *rest)),))
        return TablePart(table.name, caption, header, body), end

    def _rules(self, low: int, high: int) -> tuple[Runs, Runs]:
        """Return what stands between two cells and is more than rules: on the line before, and on the cell's own."""
        if _RULES.match(self.text, low, high):
            return (), ()
        match = _LINE_END.search(self.text, low, high)
        middle = match.start() if match else low
        spans = (Span(low, middle), Span(middle, high))
        before, own = (() if _RULES.match(self.text, *span) else self._runs(span) for span in spans)
        return before, own


def _covers(rows: Sequence[Sequence[Cell]]) -> list[list[tuple[int, int] | None]]:
    """Return how many columns and rows each cell covers: one that covers several places is one cell.

    None where the cell of another place covers this one.
    """
    found: list[list[tuple[int, int] | None]] = [[(1, 1)] * len(row) for row in rows]
    for top, row in enumerate(rows):
        for left, cell in enumerate(row):
            if found[top][left] != (1, 1) or cell.span.start == cell.span.end:
                continue
            right = left + 1
            while right < len(row) and row[right].span == cell.span:
                right += 1
            bottom = top + 1
            while bottom < len(rows) and [each.span for each in rows[bottom][left:right]] == [cell.span] * (
                right - left
            ):
                bottom += 1
            for line in range(top, bottom):
                found[line][left:right] = [None] * (right - left)
            found[top][left] = (right - left, bottom - top)
    return found


def _scope(
    cover: tuple[int, int], *, is_header: bool, is_first: bool
) -> Literal["col", "colgroup", "row", "rowgroup"] | None:
    columns, rows = cover
    if is_header:
        return "colgroup" if columns > 1 else "col"
    if is_first:
        return "rowgroup" if rows > 1 else "row"
    return None


def _shown(text: str) -> str:
    """Return text as it may be shown, its spaces and line ends kept."""
    parts = _SPACES.split(_LINE_END.sub("\n", text))
    return "".join(part if index % 2 else visible(part) for index, part in enumerate(parts))
