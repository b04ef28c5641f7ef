"""Gather the words of a paragraph or a cell, with breaks, raised characters and markers, in reading order."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import NamedTuple

from rheumcalc.documents.markers import Marker, find_markers
from rheumcalc.source import Source

#: Placeholders for a break, a marker, and a citation left out; such characters are dropped from all input.
_BREAK = "\x00"
_MARKER = "\x01"
_CITATION = "\x02"

#: Control characters and soft hyphens: nobody sees them.
_UNSEEN = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f\u00ad\ufeff\ufffe]")
_SPACES = re.compile(r"[ \t\r\n\f]+")
_DIVIDED = re.compile(r"[ \x00]*\x00 ?\x00[ \x00]*")
_CITATIONS = re.compile(r" ?[\[(][ \x02,;–—-]*\x02[ \x02,;–—-]*[\])]|\x02(?:[ ,;–—-]*\x02)*")
_BROKEN = re.compile(r" ?\x00[ \x00]*")


class Words(NamedTuple):
    """The words of a paragraph or a cell, and the markers in them, placed in the words."""

    text: str
    markers: tuple[Marker, ...] = ()
    is_bold: bool = False

    @property
    def ink(self) -> str:
        """The words without the markers."""
        text = self.text
        for marker in reversed(self.markers):
            text = text[: marker.span.start] + text[marker.span.end :]
        return text.strip()


def is_ink(sign: str) -> bool:
    """Decide whether a character is visible: not white space, and not a control character."""
    return not sign.isspace() and not _UNSEEN.match(sign)


class Gatherer:
    """Gathers words piece by piece."""

    def __init__(self) -> None:
        self._clear()

    def _clear(self) -> None:
        self._parts: list[str] = []
        self._markers: list[str] = []
        self._inked = self._bold = 0

    def add(self, text: str | None, *, is_bold: bool = False) -> None:
        """Add text; white space of any length in it is one space."""
        if not text:
            return
        text = _SPACES.sub(" ", _UNSEEN.sub("", text))
        self._parts.append(text)
        ink = len(text) - text.count(" ")
        self._inked += ink
        self._bold += ink if is_bold else 0

    def add_raised(self, text: str) -> None:
        """Add superscript text so that it never joins the number before it."""
        self.add(raised(_SPACES.sub(" ", text), self._before()))

    def add_break(self) -> None:
        """Add the end of a line; two of them divide paragraphs."""
        self._parts.append(_BREAK)

    def add_citation(self) -> None:
        """Add a place where the number of a reference is left out, with the brackets and commas around it."""
        self._parts.append(_CITATION)

    def add_lines(self, text: str) -> None:
        """Add text whose line ends are line ends."""
        for index, line in enumerate(text.splitlines()):
            if index:
                self.add_break()
            self.add(line)

    def add_comment(self, comment: str) -> None:
        """Add a comment, if it is for this program; any other is dropped."""
        text = f"<!--{_SPACES.sub(' ', _UNSEEN.sub('', comment))}-->"
        if find_markers(Source("", text)):
            self._markers.append(text)
            self._parts.append(_MARKER)

    @property
    def is_empty(self) -> bool:
        """Whether nothing has been added that could be seen, nor a marker."""
        return not self._inked and not self._markers

    def paragraphs(self) -> list[Words]:
        """Return the words as paragraphs, and start again."""
        text = self._text()
        stretches = _DIVIDED.split(text) if text.count(_BREAK) > 1 else [text]
        words = [self._words(_BROKEN.sub("\n", stretch).strip()) for stretch in stretches]
        self._clear()
        return [each for each in words if each.text]

    def cell(self) -> Words:
        """Return the words as those of one cell, and start again: text on lines of its own is divided."""
        text = _BROKEN.sub(_BREAK, self._text()).strip(f" {_BREAK}")
        lines = text.split(_BREAK)
        joined = lines[0]
        for before, line in pairwise(lines):
            joined += _between(before, line) + line
        # The spaces that set a label in are kept.
        words = self._words(joined.rstrip().lstrip(" \n"))
        self._clear()
        return words

    def _text(self) -> str:
        text = _SPACES.sub(" ", "".join(self._parts))
        return _CITATIONS.sub("", text) if _CITATION in text else text

    def _words(self, text: str) -> Words:
        pieces = text.split(_MARKER)
        markers: list[Marker] = []
        done = pieces[0]
        for piece in pieces[1:]:
            comment = self._markers.pop(0)
            markers += (
                marker._replace(span=marker.span.shifted(len(done))) for marker in find_markers(Source("", comment))
            )
            done += comment + piece
        return Words(done, tuple(markers), is_bold=0 < self._inked == self._bold)

    def _before(self) -> str:
        before = ""
        for part in reversed(self._parts):
            before = part + before
            if len(before) > 12:
                break
        return before


_DIGIT = re.compile("[0-9]")


def _between(before: str, after: str) -> str:
    """Return what to put between two lines of a cell: two results are divided, the two halves of one are not."""
    is_half = after.lstrip().startswith(("(", "[", "±", "/")) or before.rstrip().endswith((";", ",", "/", "±"))
    return " " if is_half or not (_DIGIT.search(before) and _DIGIT.search(after)) else "; "


_ORDINAL = re.compile(r"\s*(?:st|nd|rd|th)\b", re.IGNORECASE)
_EXPONENT = re.compile(r"\s*[+\-−–]?\s?[0-9]{1,2}\s*")
_MAY_BE_RAISED = re.compile(r"(?:(?<![0-9.,·])10|(?<![^\W\d_])[^\W\d_]{1,3}|(?:^|\s))\Z")
#: How raised characters are written that are an exponent.
RAISED = dict(zip("0123456789+-−–", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁻", strict=True))
_HIGH = str.maketrans(RAISED)


def raised(text: str, before: str) -> str:
    """Return superscript text as it can be written in a line after `before`.

    `10` and `9` give `10⁹`, `m` and `2` give `m²`; `88` and `12` give `88^12^`, since the 12 cites something.
    """
    if not any(map(str.isalnum, text)) or _ORDINAL.match(text):
        return text
    if _EXPONENT.fullmatch(text) and _MAY_BE_RAISED.search(before):
        return text.translate(_HIGH)
    return f"^{text.strip()}^"
