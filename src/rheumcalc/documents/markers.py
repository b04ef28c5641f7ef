"""Markers that authors leave for this program in comments: `<!-- rheumcalc:ignore RC312 the reason -->`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import NamedTuple

from rheumcalc.messages import did_you_mean
from rheumcalc.source import Location, Source, Span

#: What a marker may do: ignore a rule in its place, name the study of a section, hold a summary table
#: that is written here, hold a value that is written here. A new verb is added here, or it is reported as unknown.
VERBS = ("ignore", "study", "summary", "value")
#: The verbs whose marker holds everything up to the closing comment, `<!-- /rheumcalc -->`; and that one's own.
HOLDING = frozenset({"summary", "value"})
CLOSING = "/rheumcalc"


class Marker(NamedTuple):
    """A comment `<!-- rheumcalc:VERB arguments -->`: its verb, the rest as written, and its place."""

    verb: str
    arguments: str
    span: Span


#: The longest marker, in characters; what is longer is an ordinary comment.
MAX_MARKER = 2_000
_OPENING = re.compile(
    r"<!--\s{0,20}(?:rheumcalc:[ \t]{0,20}(?P<verb>[A-Za-z][A-Za-z-]{0,40})|(?P<closing>/rheumcalc)(?=\s{0,20}-->))"
)


def find_markers(source: Source) -> tuple[Marker, ...]:
    """Return the markers in the comments of a text, in order; one in backticks is quoted, and is not a marker."""
    text = source.text
    if "rheumcalc:" not in text and CLOSING not in text:
        return ()
    markers: list[Marker] = []
    opening = _OPENING.search(text)
    while opening:
        end = text.find("-->", opening.end(), opening.start() + MAX_MARKER)
        done = opening.end()
        if end >= 0 and "`" not in (text[opening.start() - 1 : opening.start()], text[end + 3 : end + 4]):
            done = end + 3
            arguments = " ".join(text[opening.end() : end].split())
            verb = (opening["verb"] or opening["closing"]).lower()
            markers.append(Marker(verb, arguments, Span(opening.start(), done)))
        opening = _OPENING.search(text, done)
    return tuple(markers)


class Held(NamedTuple):
    """A marker that holds something, and the place of that; None where no comment closes it."""

    marker: Marker
    body: Span | None


def held(markers: Iterable[Marker]) -> tuple[Held, ...]:
    """Return each marker that holds something with what it holds: up to the closing comment, before any other such."""
    found: list[Held] = []
    opened: Marker | None = None
    for marker in markers:
        if opened is not None and marker.verb == CLOSING:
            found.append(Held(opened, Span(opened.span.end, marker.span.start)))
            opened = None
        elif marker.verb in HOLDING:
            if opened is not None:
                found.append(Held(opened, None))
            opened = marker
    return (*found, *([Held(opened, None)] if opened else []))


def unclosed_markers(source: Source, markers: Sequence[Marker]) -> Iterator[tuple[str, Location]]:
    """Yield a message and a place for each marker that is not closed, and each closing comment that closes nothing."""
    holding = held(markers)
    for each in holding:
        if each.body is None:
            message = f"The marker '{each.marker.verb}' is not closed; write <!-- {CLOSING} --> after its contents."
            yield message, Location(source, word_place(source, each.marker, each.marker.verb))
    closed = {each.body.end for each in holding if each.body is not None}
    for marker in markers:
        if marker.verb == CLOSING and marker.span.start not in closed:
            yield f"<!-- {CLOSING} --> closes nothing here.", Location(source, marker.span)


def word_place(source: Source, marker: Marker, word: str) -> Span:
    """Return the place of a word of a marker, its verb or one of its arguments; the whole marker where it is unknown.

    A text that was taken out of another format may not contain its comments.
    """
    opening = _OPENING.match(source.text, marker.span.start)
    if opening is None or not word:
        return marker.span
    if word == marker.verb and opening["verb"]:
        return Span(*opening.span("verb"))
    start = source.text.find(word, opening.end(), marker.span.end)
    return Span(start, start + len(word)) if start >= 0 else marker.span


def unknown_markers(source: Source, markers: Iterable[Marker]) -> Iterator[tuple[str, str, Location]]:
    """Yield each verb that is not known as it is printed, with a message that names the nearest, and its place."""
    for marker in markers:
        if marker.verb not in (*VERBS, CLOSING):
            place = word_place(source, marker, marker.verb)
            printed = source.cut(place) if place != marker.span else marker.verb
            yield printed, f"'{printed}' is not a known marker{_nearest(marker.verb)}", Location(source, place)


@cache
def _nearest(verb: str) -> str:
    return "; " + did_you_mean(verb, VERBS, f"known markers: {', '.join(VERBS)}.")
