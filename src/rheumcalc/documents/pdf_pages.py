"""A program of its own: the lines of a PDF on standard input, page by page, as JSON on standard output.

usage: python -P pdf_pages.py PAGES CHARACTERS SECONDS

PDFium is native code that reads untrusted files, so it runs in a process that can be ended, with a bound on
its memory where the system has one. A page is one line, a list of lines as in `Line`; a failure is one line with the
key `error`. It imports nothing of the package, so that starting it costs little.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from pypdfium2 import PdfTextPage

#: The most memory that the process may use, in bytes.
MAX_MEMORY = 2_000_000_000

#: How many heights of the line a space must be wide to stand between two columns of a table.
_COLUMN_GAP = 1.8
#: The most that may come before the first wide space for it to follow a list's number, in characters.
_LIST_NUMBER = 4
#: How high a raised number is at most, and how far above the line's foot it is at least, in heights of the line.
_RAISED = 0.8
_RISE = 0.15

_LINE = re.compile(r"[^\r\n\ufffe]+")
_GAP = re.compile(r"(?<=\S)[ \t\u00a0]+(?=\S)")
_DIGITS = re.compile(r"(?<=\S)[0-9]+(?:[,–-][0-9]+)*")

#: PDFium's numbers for why a file is not opened.
_WRONG_PASSWORD = 4
_UNKNOWN_SECURITY = 5


class Line(NamedTuple):
    """A line of a page: its text, its place in points, its height, and how it was set."""

    text: str
    left: float
    right: float
    bottom: float
    height: float
    is_tabular: bool
    is_hyphenated: bool


def main() -> None:
    """Read a PDF and write its lines."""
    pages, characters, seconds = (int(argument) for argument in sys.argv[1:4])
    _bound(seconds)
    for answer in _read(sys.stdin.buffer.read(), pages, characters):
        sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()


def _bound(seconds: int) -> None:
    try:
        import resource
    except ImportError:  # Windows has no such bounds
        return
    for kind, limit in ((resource.RLIMIT_AS, MAX_MEMORY), (resource.RLIMIT_CPU, seconds + 1)):
        try:
            resource.setrlimit(kind, (limit, limit))
        except (OSError, ValueError):
            continue


def _read(data: bytes, pages: int, characters: int) -> Iterator[object]:
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        is_locked = getattr(error, "err_code", None) in (_WRONG_PASSWORD, _UNKNOWN_SECURITY)
        yield {"error": "encrypted" if is_locked else "broken"}
        return
    if len(document) > pages:
        yield {"error": "pages"}
        return
    for index in range(len(document)):
        try:
            page = document[index]
            text = page.get_textpage()
            lines = list(_lines(text))
            text.close()
            page.close()
        except pypdfium2.PdfiumError:
            yield {"error": "page"}
            return
        characters -= sum(len(line.text) for line in lines)
        if characters < 0:
            yield {"error": "text"}
            return
        yield lines


def _lines(page: PdfTextPage) -> Iterator[Line]:
    count = page.count_chars()
    text = page.get_text_range() if count > 0 else ""
    if len(text) != count:
        # Characters beyond the first plane are one in a string and may be two on a page.
        text = "".join(page.get_text_range(index, 1)[:1] or " " for index in range(count))
    for match in _LINE.finditer(text):
        words = match[0].strip()
        if not words:
            continue
        start = match.start() + match[0].index(words)
        end = start + len(words)
        left, bottom, _, top = page.get_charbox(start, loose=True)
        right = page.get_charbox(end - 1, loose=True)[2]
        height = top - bottom
        yield Line(
            _with_raised(page, words, start, bottom, height),
            left,
            right,
            bottom,
            height,
            is_tabular=_is_tabular(page, words, start, height),
            is_hyphenated=text[match.end() : match.end() + 1] == "\ufffe",
        )


def _is_tabular(page: PdfTextPage, words: str, start: int, height: float) -> bool:
    """Decide whether a space in a line is so wide that a column of a table ends there."""
    for gap in _GAP.finditer(words):
        if gap.start() > _LIST_NUMBER:
            before = page.get_charbox(start + gap.start() - 1, loose=True)[2]
            after = page.get_charbox(start + gap.end(), loose=True)[0]
            if after - before > _COLUMN_GAP * height:
                return True
    return False


def _with_raised(page: PdfTextPage, words: str, start: int, bottom: float, height: float) -> str:
    """Return a line with its raised numbers between carets, so that they never join what they follow."""
    parts: list[str] = []
    done = 0
    for digits in _DIGITS.finditer(words):
        small = digits.start()
        while small < digits.end() and not _is_raised(page, start + small, bottom, height):
            small += 1
        if small < digits.end():
            parts += [words[done:small], "^", words[small : digits.end()], "^"]
            done = digits.end()
    return "".join((*parts, words[done:]))


def _is_raised(page: PdfTextPage, index: int, bottom: float, height: float) -> bool:
    _, low, _, high = page.get_charbox(index, loose=True)
    return bool(high - low < _RAISED * height and low - bottom > _RISE * height)


if __name__ == "__main__":
    main()
