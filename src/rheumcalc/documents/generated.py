"""What of a document was written from records: its summary tables, which are not read again, and its marked values."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import replace

from rheumcalc.documents.document import Document, blank
from rheumcalc.documents.markers import Marker, held
from rheumcalc.source import Span


def generated_tables(document: Document) -> tuple[Span, ...]:
    """Return where the summary tables stand that markers hold."""
    return tuple(each.body for each in held(document.markers) if each.marker.verb == "summary" and each.body)


def without_generated(document: Document) -> Document:
    """Return a document without its summary tables: they show what records print, slips included, as what it is."""
    spans = generated_tables(document)
    if not spans:
        return document
    parts: list[str] = []
    done = 0
    for span in spans:
        parts += [document.prose[done : span.start], blank(document.prose[span.start : span.end])]
        done = span.end
    return replace(
        document,
        prose="".join((*parts, document.prose[done:])),
        blocks=tuple(block for block in document.blocks if not _is_in(spans, block.span)),
        tables=tuple(table for table in document.tables if not _is_in(spans, table.span)),
    )


def _is_in(spans: Sequence[Span], inner: Span) -> bool:
    at = bisect_right(spans, inner.start, key=lambda span: span.start) - 1
    return at >= 0 and inner.start < spans[at].end


class MarkedValues:
    """The markers that say of a result which value of a record it is, asked by places."""

    def __init__(self, markers: Iterable[Marker]) -> None:
        values = [each for each in held(markers) if each.marker.verb == "value" and each.body]
        self._starts = [each.body.start for each in values if each.body]
        self._values = values

    @property
    def bodies(self) -> tuple[tuple[Marker, Span], ...]:
        """Each marker with the place of what it holds."""
        return tuple((each.marker, each.body) for each in self._values if each.body is not None)

    def around(self, span: Span) -> Marker | None:
        """Return the marker that holds a stretch of text, or None."""
        at = bisect_right(self._starts, span.start) - 1
        if at < 0:
            return None
        each = self._values[at]
        return each.marker if each.body is not None and span.end <= each.body.end else None
