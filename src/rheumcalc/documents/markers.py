"""Markers that authors leave for this program in comments: `<!-- rheumcalc:ignore RC312 the reason -->`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import NamedTuple

from rheumcalc.source import Location, Source, Span

#: What a marker may ask for: to ignore a rule in its place, to name the study of a section, to hold a summary table
#: that is written here, to hold a value that is written here. A new verb is added here, or it is reported as unknown.
VERBS = ("ignore", "study", "summary", "value")


class Marker(NamedTuple):
    """A comment `<!-- rheumcalc:VERB arguments -->`: its verb, the rest as written, and its place."""

    verb: str
    arguments: str
    span: Span


#: The longest marker, in characters; what is longer is an ordinary comment.
MAX_MARKER = 2_000
_OPENING = re.compile(r"<!--\s{0,20}rheumcalc:[ \t]{0,20}(?P<verb>[A-Za-z][A-Za-z-]{0,40})")


def find_markers(source: Source) -> tuple[Marker, ...]:
    """Return the markers in the comments of a text, in order; one that stands in backticks is quoted, and is none."""
    text = source.text
    if "rheumcalc:" not in text:
        return ()
    markers: list[Marker] = []
    opening = _OPENING.search(text)
    while opening:
        end = text.find("-->", opening.end(), opening.start() + MAX_MARKER)
        done = opening.end()
        if end >= 0 and text[opening.start() - 1 : opening.start()] != "`":
            done = end + 3
            arguments = " ".join(text[opening.end() : end].split())
            markers.append(Marker(opening["verb"].lower(), arguments, Span(opening.start(), done)))
        opening = _OPENING.search(text, done)
    return tuple(markers)


def word_place(source: Source, marker: Marker, word: str) -> Span:
    """Return where a word of a marker stands, its verb or one of its arguments; the whole marker where it is unknown.

    A text that was taken out of another format need not hold its comments.
    """
    opening = _OPENING.match(source.text, marker.span.start)
    if opening is None or not word:
        return marker.span
    if word == marker.verb:
        return Span(*opening.span("verb"))
    start = source.text.find(word, opening.end(), marker.span.end)
    return Span(start, start + len(word)) if start >= 0 else marker.span


def unknown_markers(source: Source, markers: Iterable[Marker]) -> Iterator[tuple[str, str, Location]]:
    """Yield each verb that is not known as it is printed, with a message that names the nearest, and its place."""
    for marker in markers:
        if marker.verb not in VERBS:
            place = word_place(source, marker, marker.verb)
            printed = source.cut(place) if place != marker.span else marker.verb
            yield printed, f"'{printed}' is no marker that is known{_nearest(marker.verb)}", Location(source, place)


@cache
def _nearest(verb: str) -> str:
    from difflib import get_close_matches

    near = get_close_matches(verb, VERBS, n=1)
    return f"; did you mean '{near[0]}'?" if near else f"; known are {', '.join(VERBS)}."
