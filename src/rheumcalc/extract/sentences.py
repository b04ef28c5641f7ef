"""Where sentences end."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from functools import cache

from rheumcalc.source import Span

_ABBREVIATIONS = ("vs", "e\\.g", "i\\.e", "al", "Fig", "No", "Dr", "St", "ca", "approx", "resp", "no", "cf", "v")


@cache
def sentence_end() -> re.Pattern[str]:
    """Return the pattern of what stands between two sentences: the stop of the first, and the space after it."""
    # A full stop ends a sentence before a capital, a digit, a bracket or a quotation mark, unless an abbreviation or
    # an initial stands before it; so does an empty line.
    # The pattern begins with the stop itself, so that the search for it is fast.
    abbreviations = "".join(rf"(?<!\b{word}\.)" for word in _ABBREVIATIONS)
    return re.compile(
        rf"[.!?]{abbreviations}(?<!\b[A-Z]\.)[)\]\"'”’]?[ \t\u00a0]{{0,4}}\s(?=[\s\"'“‘(\[]{{0,3}}[A-Z0-9≥≤<>])"
        r"|\n[ \t]*+\n"
    )


class Sentences:
    """The sentences of a text, found once and asked for by place."""

    def __init__(self, text: str) -> None:
        ends = [match.span() for match in sentence_end().finditer(text)]
        self._stops = [start for start, _ in ends]
        self._starts = [end for _, end in ends]
        self._length = len(text)

    def around(self, span: Span, reach: int) -> Span:
        """Return the sentence that holds a span, cut where it reaches farther than `reach` characters from it."""
        return Span(self.start(span.start, reach), self.end(span.end, reach))

    def start(self, place: int, reach: int) -> int:
        """Return where the sentence that holds a place begins, at most `reach` characters before it."""
        index = bisect_right(self._starts, place)
        return max(self._starts[index - 1] if index else 0, place - reach)

    def end(self, place: int, reach: int) -> int:
        """Return where the sentence that holds a place ends, its stop left out, at most `reach` characters after it."""
        index = bisect_left(self._stops, place)
        return min(self._stops[index] if index < len(self._stops) else self._length, place + reach)
