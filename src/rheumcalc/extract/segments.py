"""Stretches of text worth reading: the sentences around percentages and fractions, found without reading the rest."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from rheumcalc.extract.sentences import sentence_end
from rheumcalc.numbers.printed import NUMBER_WORDS
from rheumcalc.source import Span

#: The longest stretch read as one sentence, to either side of an anchor, in characters.
REACH = 1_000

_SPACE = r"[\s\u00a0\u2009\u202f]"


@cache
def _anchors() -> tuple[re.Pattern[str], ...]:
    """Return the patterns of what a result cannot do without, each beginning with literal text to be fast."""
    numbers = "|".join(sorted(NUMBER_WORDS))
    return (
        re.compile(r"%"),
        re.compile(r"cent\b(?:(?<=ercent)|(?<=er.cent))"),
        re.compile(r"CENT\b(?:(?<=ERCENT)|(?<=ER.CENT))"),
        re.compile(r"pct\b"),
        re.compile(rf"/{_SPACE}?[0-9]"),
        re.compile(
            rf"of(?<={_SPACE}of){_SPACE}(?:(?:the|these|those|all|which){_SPACE}){{0,2}}+(?:[0-9]|(?:{numbers})\b)"
        ),
    )


def segments(text: str) -> Iterator[Span]:
    """Yield the sentences of `text` that hold a percentage sign, its word, or a fraction, in order.

    Each is at most `REACH` characters to either side of its first anchor, so the work is linear in the text's length.
    """
    done = 0
    for anchor in _anchor_places(text):
        if anchor < done:
            continue
        low, high = max(done, anchor - REACH), min(len(text), anchor + REACH)
        start = low
        for end in sentence_end().finditer(text, low, anchor):
            start = end.end()
        first = sentence_end().search(text, anchor + 1, high)
        stop = first.start() if first else high
        yield Span(start, stop)
        done = stop


def _anchor_places(text: str) -> Iterator[int]:
    places: set[int] = set()
    for pattern in _anchors():
        places.update(match.start() for match in pattern.finditer(text))
    yield from sorted(places)
