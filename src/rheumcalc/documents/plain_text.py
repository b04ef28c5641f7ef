"""Read plain text: paragraphs divided by blank lines, and single lines that look like headings."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rheumcalc.documents.document import Block, Document, blank_comments
from rheumcalc.documents.markers import find_markers
from rheumcalc.source import Source, Span

#: The longest line taken for a heading, in characters: titles of studies are long.
MAX_HEADING = 250

_LINE = re.compile(r"[^\r\n]*+(?:\r\n|\r|\n|\Z)")
#: A sentence, a clause or a result; a heading's last mark may only be a colon or a closing bracket.
_NO_HEADING = re.compile(r"[%=<>≤≥|]|\bper cent\b|[.,;!?…][\"'”’)\]]*[0-9]{0,3}\Z")
_HEADING_START = re.compile(r"[\"'“‘(]?(?:[A-Z]|[0-9]{1,2}(?:\.[0-9]{1,2}){0,2}\.?[ \t]+[A-Z])")


def read_plain(source: Source) -> Document:
    """Return the paragraphs and headings of a plain text. Tables are not read in plain text."""
    prose = blank_comments(source.text)
    stretches = list(_stretches(prose))
    blocks = [
        Block(
            "heading" if index + 1 < len(stretches) and is_heading_line(prose[span.start : span.end]) else "paragraph",
            span,
        )
        for index, span in enumerate(stretches)
    ]
    return Document(source, prose, tuple(blocks), markers=find_markers(source))


def _stretches(text: str) -> Iterator[Span]:
    """Yield the stretches between blank lines, without the spaces around them."""
    start = end = None
    for line in _LINE.finditer(text):
        words = line[0].strip()
        if words:
            if start is None:
                start = line.start() + line[0].index(words)
            end = line.start() + len(line[0].rstrip())
        elif start is not None and end is not None:
            yield Span(start, end)
            start = end = None
        if line.end() == len(text):
            break
    if start is not None and end is not None:
        yield Span(start, end)


def is_heading_line(line: str) -> bool:
    """Decide whether a stretch is one short line that is neither a sentence nor a result."""
    if len(line) > MAX_HEADING or "\n" in line or "\r" in line or not _HEADING_START.match(line):
        return False
    return not _NO_HEADING.search(line)
