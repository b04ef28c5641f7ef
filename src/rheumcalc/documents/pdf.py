"""Read the text of a PDF: a process of its own finds its lines, and here they are joined into paragraphs."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from statistics import median

from rheumcalc.documents.document import Block, Document
from rheumcalc.documents.pdf_pages import Line
from rheumcalc.documents.plain_text import is_heading_line
from rheumcalc.documents.writer import MAX_CHARACTERS
from rheumcalc.files.reading import unreadable
from rheumcalc.source import Landmark, Source, Span

#: The most pages that are read, and the longest that reading them may take, in seconds.
MAX_PAGES = 2_000
TIME_LIMIT = 60

_PROGRAM = Path(__file__).with_name("pdf_pages.py")
_FAILURES = {
    "encrypted": ("unreadable-file", "The PDF is encrypted; save it without a password."),
    "broken": ("unreadable-file", "The file is not a whole PDF: it breaks off or is damaged."),
    "page": ("unreadable-file", "A page of the PDF is damaged."),
    "pages": ("oversized-file", f"The PDF has more than {MAX_PAGES:,} pages, the limit."),
    "text": (
        "oversized-file",
        f"The text is longer than {MAX_CHARACTERS:,} characters, the limit.",
    ),
    "time": ("oversized-file", f"Reading the PDF takes longer than {TIME_LIMIT} seconds, the limit."),
    "empty": (
        "unreadable-file",
        "The PDF contains no text, only pictures of it; give the draft itself, or run text recognition on it.",
    ),
}


def read_pdf(data: bytes, name: str) -> Document:
    """Return the paragraphs of a PDF that has a text layer. Tables are not read. Raises UnreadableFileError."""
    pages = _pages(data, name)
    if not any(pages):
        raise unreadable(name, *_FAILURES["empty"])
    return _document(name, pages)


def _pages(data: bytes, name: str) -> list[list[Line]]:
    """Return the lines of each page, as the process that reads them returns them."""
    arguments = [sys.executable, "-P", str(_PROGRAM), *map(str, (MAX_PAGES, MAX_CHARACTERS, TIME_LIMIT))]
    try:
        run = subprocess.run(arguments, input=data, capture_output=True, timeout=TIME_LIMIT, check=False)  # noqa: S603
    except subprocess.TimeoutExpired:
        raise unreadable(name, *_FAILURES["time"]) from None
    try:
        answers = [json.loads(line) for line in run.stdout.splitlines()]
    except ValueError:
        raise unreadable(name, *_FAILURES["broken"]) from None
    error = next((answer["error"] for answer in answers if isinstance(answer, dict)), None)
    if error is None and run.returncode:
        error = "broken"
    if error is not None:
        raise unreadable(name, *_FAILURES[error])
    return [[Line(*line) for line in answer] for answer in answers]


_NUMBER = re.compile(r"[0-9]+")
_PAGE_NUMBER = re.compile(r"(?i:page\s*)?[0-9]{1,4}(?:\s*(?:/|of)\s*[0-9]{1,4})?|[-–—]\s*[0-9]{1,4}\s*[-–—]")
#: How many lines at the top and at the bottom of a page may be printed on every page.
_EDGE = 2


def _document(name: str, pages: Sequence[Sequence[Line]]) -> Document:
    repeated = _repeated(pages)
    parts: list[str] = []
    landmarks: list[Landmark] = []
    stretches: list[Span] = []
    length = start = 0
    before: Line | None = None
    usual = _usual_distance(pages)
    for page, lines in enumerate(pages, 1):
        for number, line in enumerate(lines, 1):
            is_edge = number <= _EDGE or number > len(lines) - _EDGE
            if line.is_tabular or (is_edge and (_key(line) in repeated or _PAGE_NUMBER.fullmatch(line.text.strip()))):
                continue
            if before is not None:
                joint = _joint(before, line, usual)
                if joint == "\n\n":
                    stretches.append(Span(start, length))
                    start = length + len(joint)
                parts.append(joint)
                length += len(joint)
            landmarks.append(Landmark(length, f"page {page}, line {number}"))
            parts.append(line.text)
            length += len(line.text)
            before = line
    if length > start:
        stretches.append(Span(start, length))
    text = "".join(parts)
    blocks = [
        Block("heading" if index + 1 < len(stretches) and is_heading_line(text[slice(*span)]) else "paragraph", span)
        for index, span in enumerate(stretches)
    ]
    return Document(Source(name, text, tuple(landmarks) or (Landmark(0, "whole file"),)), text, tuple(blocks))


def _key(line: Line) -> str:
    return _NUMBER.sub("#", line.text.casefold())


def _repeated(pages: Sequence[Sequence[Line]]) -> set[str]:
    """Return the lines at the edges of pages that are repeated on several, apart from their numbers."""
    edges = ({_key(line) for line in (*lines[:_EDGE], *lines[-_EDGE:])} for lines in pages)
    found = Counter(key for keys in edges for key in keys)
    return {key for key, times in found.items() if times > 1 and times >= len(pages) // 3}


def _usual_distance(pages: Sequence[Sequence[Line]]) -> float:
    """Return the distance between two lines of one paragraph, in heights of a line."""
    distances = [distance for lines in pages for distance in _distances(lines)]
    return median(distances) if distances else 1.0


def _distances(lines: Sequence[Line]) -> Iterator[float]:
    for above, below in pairwise(lines):
        distance = above.bottom - below.bottom
        if distance > 0 and below.height > 0:
            yield distance / below.height


_SENTENCE_END = re.compile(r"[.!?:;][\"'”’)\]]*(?:\^[^^]*\^)?\Z")
_GOES_ON = re.compile(r"[a-z0-9(\[]")


def _joint(above: Line, below: Line, usual: float) -> str:
    """Return what to put between two lines: nothing within a word, a line end within a paragraph, or an empty line."""
    if above.is_hyphenated:
        # `10-` and `15` are two numbers.
        return "-" if above.text[-1:].isdigit() or below.text[:1].isdigit() else ""
    size = max(above.height, below.height, 0.1)
    is_alike = abs(above.height - below.height) <= 0.15 * size
    distance = above.bottom - below.bottom
    if not is_alike:
        return "\n\n"
    if distance <= 0 or distance > 10 * usual * size:
        # The next column or page: a sentence that has begun goes on.
        return "\n" if not _SENTENCE_END.search(above.text) and _GOES_ON.match(below.text) else "\n\n"
    if distance > 1.35 * usual * size:
        return "\n\n"
    ends_early = above.right < below.right - 0.1 * (below.right - below.left)
    is_set_in = below.left > above.left + 0.7 * size
    return "\n\n" if _SENTENCE_END.search(above.text) and (ends_early or is_set_in) else "\n"
