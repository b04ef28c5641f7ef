"""Markers that authors leave for this program in comments: `<!-- rheumcalc:ignore RC312 the reason -->`."""

from __future__ import annotations

import re
from typing import NamedTuple

from rheumcalc.source import Source, Span


class Marker(NamedTuple):
    """A comment `<!-- rheumcalc:VERB arguments -->`: its verb, the rest as written, and its place."""

    verb: str
    arguments: str
    span: Span


#: The longest marker, in characters; what is longer is an ordinary comment.
MAX_MARKER = 2_000
_MARKER = re.compile(
    rf"<!--\s*rheumcalc:[ \t]*(?P<verb>[A-Za-z][A-Za-z-]*)(?P<arguments>(?:(?!-->)[\s\S]){{0,{MAX_MARKER}}})-->"
)


def find_markers(source: Source) -> tuple[Marker, ...]:
    """Return the markers in the comments of a text, in order."""
    if "rheumcalc:" not in source.text:
        return ()
    return tuple(
        Marker(match["verb"].lower(), " ".join(match["arguments"].split()), Span(*match.span()))
        for match in _MARKER.finditer(source.text)
    )
