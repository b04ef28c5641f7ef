"""The ignores that a draft's markers ask for, and the places that each of them governs."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from rheumcalc.documents.document import Document, blank_comments
from rheumcalc.documents.markers import Marker, word_place
from rheumcalc.findings import Finding
from rheumcalc.rules import find_rule
from rheumcalc.source import Location, Span
from rheumcalc.study.claims import Suppression

_LINE_END = re.compile(r"\r\n|\r|\n")
#: What may be on a line that still counts as empty: spaces, and the marks of a quotation.
_EMPTY = " \t>"
#: What may be between the rule and the reason: `RC312: the reason`, `RC312 – the reason`.
_DIVIDERS = " :–—-"


@dataclass(frozen=True)
class DraftIgnore:
    """An ignore as written, the code of the rule it names, if any, and the numbers of the places that it governs.

    `written` may lack the rule or the reason: then nothing is ignored.
    """

    written: Suppression
    code: str | None
    governs: range


class DraftIgnores:
    """The ignores of a draft, by the places that they govern.

    A place is a line; in a source without lines, a block or a row of a table. A marker beside text governs the lines
    that it is on. One on a line of its own governs the next line that is not empty, other markers passed over. In a
    source without lines it governs the block or row that it is in, or else the next.
    """

    def __init__(self, document: Document) -> None:
        self._places = _Blocks(document) if document.source.landmarks else _Lines(document)
        #: In the order of the text.
        self.ignores = tuple(self._ignore(document, marker) for marker in document.markers if marker.verb == "ignore")
        self._reasons: dict[tuple[int, str], str] = {}
        for ignore in self.ignores:
            if ignore.code and ignore.written.reason:
                for place in ignore.governs:
                    self._reasons.setdefault((place, ignore.code), ignore.written.reason)

    def _ignore(self, document: Document, marker: Marker) -> DraftIgnore:
        written, _, reason = marker.arguments.partition(" ")
        written = written.rstrip(":")
        named = find_rule(written)
        location = Location(document.source, word_place(document.source, marker, written))
        return DraftIgnore(
            Suppression(written, reason.lstrip(_DIVIDERS), location),
            None if named is None or named.about_files else named.code,
            self._places.governed(marker),
        )

    def reason(self, finding: Finding) -> str | None:
        """Return the reason for which a finding is ignored at its place, or None."""
        return next((self._reasons[key] for key in self._keys(finding) if key in self._reasons), None)

    def judged(self, findings: Iterable[Finding]) -> Iterator[tuple[Suppression, bool]]:
        """Yield each ignore as written, with whether any of these findings is in the place that it governs."""
        found = {key for finding in findings for key in self._keys(finding)}
        for ignore in self.ignores:
            yield ignore.written, any((place, ignore.code) in found for place in ignore.governs)

    def _keys(self, finding: Finding) -> Iterator[tuple[int, str]]:
        span = finding.location.span
        for place in self._places.of(span) if span else ():
            yield place, finding.rule.code


class _Lines:
    """The lines of a source as places, by their numbers."""

    def __init__(self, document: Document) -> None:
        self._source = document.source
        lines = _LINE_END.split(blank_comments(document.source.text))
        #: For each line, counted from 0, itself or the next one that holds more than markers; None after the last.
        self._next: list[int | None] = [None] * (len(lines) + 1)
        for number in reversed(range(len(lines))):
            self._next[number] = number if lines[number].strip(_EMPTY) else self._next[number + 1]

    def of(self, span: Span) -> range:
        """Return the lines that a stretch touches."""
        first, last = (self._source.position(offset).line - 1 for offset in (span.start, max(*span) - 1))
        return range(first, max(first, last) + 1)

    def governed(self, marker: Marker) -> range:
        """Return the lines that a marker governs."""
        own = self.of(marker.span)
        if any(self._next[line] == line for line in own):
            return own
        following = self._next[own.stop]
        return range(0) if following is None else range(following, following + 1)


class _Blocks:
    """The blocks and the rows of tables as places, by their order."""

    def __init__(self, document: Document) -> None:
        self._breaks = [match.start() for match in _LINE_END.finditer(document.source.text)]
        rows = (row for table in document.tables for row in (*table.header, *table.rows) if row)
        spans = {
            *(block.span for block in document.blocks),
            *(Span(row[0].span.start, row[-1].span.end) for row in rows),
        }
        self._spans = sorted(spans)

    def _last(self, offset: int) -> int:
        """Return the last place that begins at an offset or before it; -1 where none does."""
        return bisect_right(self._spans, offset, key=lambda span: span.start) - 1

    def of(self, span: Span) -> range:
        """Return the places that a stretch touches."""
        return range(max(0, self._last(span.start)), self._last(max(span.start, span.end - 1)) + 1)

    def governed(self, marker: Marker) -> range:
        """Return the place that a marker is in, or else the next."""
        last = self._last(marker.span.start)
        # A block's own span may end before a comment that ends it: there is a line end between blocks.
        end = self._spans[last].end if last >= 0 else -1
        broken = bisect_left(self._breaks, marker.span.start) > bisect_left(self._breaks, end)
        place = last + 1 if broken or last < 0 else last
        return range(place, min(place + 1, len(self._spans)))
