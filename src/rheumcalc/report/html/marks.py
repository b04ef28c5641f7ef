"""Which stretches of a text are marked: results, and other places that findings point to, none within another."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from rheumcalc.source import Span
from rheumcalc.study.claims import Claim


@dataclass(frozen=True, eq=False)
class Mark:
    """A stretch that is marked, by its id in the page: one result, several that overlap, or a place that is none."""

    id: str
    span: Span
    claims: tuple[Claim, ...] = ()


class Marks:
    """The marks of one text in the order of their places."""

    def __init__(self, marks: Sequence[Mark]) -> None:
        self.all = tuple(marks)
        self._starts = [mark.span.start for mark in self.all]

    def at(self, offset: int) -> Mark | None:
        """Return the mark that an offset lies in."""
        index = bisect_right(self._starts, offset) - 1
        if index < 0:
            return None
        mark = self.all[index]
        return mark if offset < mark.span.end or offset == mark.span.start else None

    def between(self, low: int, high: int) -> Iterator[Mark]:
        """Yield the marks of which a part, or all, lies from `low` up to `high`."""
        index = bisect_right(self._starts, low)
        # One that begins right here may be empty.
        if index and (self.all[index - 1].span.end > low or self.all[index - 1].span.start == low):
            index -= 1
        yield from self.all[index : bisect_left(self._starts, high)]


def marks_of(claims: Iterable[Claim], places: Iterable[Span], prefix: str) -> Marks:
    """Return the marks of a text: each claim, and where each other place begins; ids begin with `prefix`."""
    clusters = _clusters(claims)
    starts = [span.start for span, _ in clusters]
    found: list[tuple[Span, tuple[Claim, ...]]] = []
    for place in sorted(set(places)):
        index = bisect_right(starts, place.start)
        if index and place.start < clusters[index - 1][0].end:
            continue
        end = min([max(place), *starts[index : index + 1]])
        if found and place.start < found[-1][0].end:
            found[-1] = Span(found[-1][0].start, max(end, found[-1][0].end)), ()
        elif not found or place.start > found[-1][0].start:
            found.append((Span(place.start, end), ()))
    ordered = sorted([*found, *clusters], key=lambda each: each[0])
    return Marks([Mark(f"{prefix}{number}", span, held) for number, (span, held) in enumerate(ordered, 1)])


def _clusters(claims: Iterable[Claim]) -> list[tuple[Span, tuple[Claim, ...]]]:
    """Return claims that overlap together, with the stretch that they cover."""
    placed = sorted(
        ((claim.location.span, claim) for claim in claims if claim.location.span is not None), key=lambda each: each[0]
    )
    found: list[tuple[Span, list[Claim]]] = []
    for span, claim in placed:
        if found and span.start < found[-1][0].end:
            whole, held = found[-1]
            held.append(claim)
            found[-1] = Span(whole.start, max(whole.end, span.end)), held
        else:
            found.append((span, [claim]))
    return [(span, tuple(held)) for span, held in found]
