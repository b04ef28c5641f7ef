"""What HTML and XML have in common: encodings, entities, bounds, and places named by headings."""

from __future__ import annotations

import codecs
import re
from html.entities import html5
from typing import TYPE_CHECKING

from rheumcalc.files.reading import UnreadableFileError, refuse_nul, unreadable
from rheumcalc.source import Source

if TYPE_CHECKING:
    from lxml import etree

#: The most tags that are read in a file, and the deepest nesting. libxml2 itself stops at 256 levels.
MAX_TAGS = 1_000_000
MAX_DEPTH = 200

_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
#: How much of a file is searched for the name of its encoding, in bytes.
_HEAD = 4096
#: Encodings by the names used in files; like browsers, this reads Latin-1 as its superset Windows-1252.
_ENCODINGS = {
    **dict.fromkeys(("utf-8", "utf8", "us-ascii", "ascii", "utf-16", "utf-16le", "utf-16be", "unicode"), "utf-8"),
    **dict.fromkeys(("iso-8859-1", "iso8859-1", "latin1", "latin-1", "windows-1252", "cp1252", "x-cp1252"), "cp1252"),
    **{f"iso-8859-{number}": f"iso8859_{number}" for number in (2, 3, 4, 5, 6, 7, 8, 10, 13, 14, 15, 16)},
    **{f"windows-125{number}": f"cp125{number}" for number in (0, 1, 3, 4, 5, 6, 7, 8)},
    **dict.fromkeys(("iso-8859-9", "latin5", "windows-1254"), "cp1254"),
    **dict.fromkeys(("gb2312", "gbk", "gb18030", "x-gbk"), "gb18030"),
    **dict.fromkeys(("shift_jis", "shift-jis", "sjis", "x-sjis", "windows-31j"), "cp932"),
    **dict.fromkeys(("euc-kr", "ks_c_5601-1987", "windows-949"), "cp949"),
    **{name: name for name in ("big5", "euc-jp", "iso-2022-jp", "koi8-r", "koi8-u")},
    "macintosh": "mac_roman",
}


def decode_markup(data: bytes, name: str, declaration: re.Pattern[bytes]) -> str:
    """Return bytes as text, in the encoding of a byte-order mark or a declaration, else UTF-8.

    `declaration` finds the encoding's name in its group. Raises UnreadableFileError.
    """
    encoding = next((encoding for mark, encoding in _BOMS if data.startswith(mark)), None)
    if encoding is None:
        declared = declaration.search(data[:_HEAD])
        told = declared[1].decode("ascii", "replace").lower() if declared else "utf-8"
        encoding = _ENCODINGS.get(told)
        if encoding is None:
            raise unreadable(
                name, "invalid-encoding", f"The encoding '{told[:40]}' is not supported; save it as UTF-8."
            )
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        shown = encoding.replace("-sig", "").upper()
        message = f"The file is not {shown}: line {line} contains the byte 0x{data[error.start]:02X}; save it as UTF-8."
        raise unreadable(name, "invalid-encoding", message) from None
    refuse_nul(Source(name, text))
    return text


_ENTITY = re.compile(r"&([A-Za-z_][\w.:-]{0,60});")
_PREDEFINED = frozenset(["amp", "lt", "gt", "quot", "apos"])


def with_references(text: str, unknown: str | None) -> str:
    """Return `text` with its named entities as numbers, so that no parser has to look one up.

    An entity that HTML does not know becomes `unknown`, or stays where that is None.
    """

    def number(match: re.Match[str]) -> str:
        if match[1] in _PREDEFINED:
            return match[0]
        known = html5.get(f"{match[1]};")
        if known is None:
            return match[0] if unknown is None else unknown
        return "".join(f"&#{ord(character)};" for character in known)

    return _ENTITY.sub(number, text) if "&" in text else text


def refuse_many_tags(text: str, name: str) -> None:
    """Raise UnreadableFileError where a text has more tags than are read."""
    if text.count("<") > MAX_TAGS:
        raise unreadable(name, "oversized-file", f"The file has more than {MAX_TAGS:,} tags, the limit.")


def too_deep(name: str) -> UnreadableFileError:
    """Return the error for a file whose elements are nested too deeply."""
    return unreadable(name, "oversized-file", f"The file is nested more than {MAX_DEPTH} levels deep.")


def tag_of(element: etree._Element) -> str:
    """Return an element's tag without its namespace, in lower case; nothing for a comment or the like."""
    tag: object = element.tag
    return tag.rpartition("}")[2].lower() if isinstance(tag, str) else ""


def line_of(element: etree._Element) -> int | None:
    """Return the line of the file in which an element begins."""
    line: object = element.sourceline
    return line if isinstance(line, int) else None


#: What makes a formula more than a line of characters, in MathML and in Word, and the elements of those characters.
_TWO_DIMENSIONAL = frozenset(
    [
        *("mfrac", "msqrt", "mroot", "msup", "msub", "msubsup", "munder", "mover", "munderover", "mtable"),
        *("mmultiscripts", "f", "rad", "ssup", "ssub", "ssubsup", "nary", "m"),
    ]
)
_SIGNS = frozenset(["mi", "mn", "mo", "mtext", "ms", "t"])


def formula(element: etree._Element) -> str:
    """Return a formula that is a line of characters as text; any other is not read, and is replaced by a word."""
    parts: list[str] = []
    for each in element.iter():
        tag = tag_of(each)
        if tag in _TWO_DIMENSIONAL:
            return " [formula] "
        if tag in _SIGNS:
            parts.append(each.text or "")
    return "".join(parts)


#: The most of a heading that names a place, in characters.
_MAX_NAME = 60


class Places:
    """Names places by the heading over them: `Results, paragraph 3 (line 214)`."""

    def __init__(self, text: str) -> None:
        # In a file that a program wrote on one line, line numbers are useless.
        self._has_lines = text.count("\n") > text.lower().count("<p")
        self._heading = ""
        self._paragraphs = 0

    def heading(self, text: str, line: int | None = None) -> str:
        """Return the name of a heading's place, under which paragraphs are counted from now on."""
        text = " ".join(text.split())
        self._heading = text if len(text) <= _MAX_NAME else text[:_MAX_NAME].rsplit(" ", 1)[0] + "…"
        self._paragraphs = 0
        return f"{self._heading}{self._line(line)}"

    def paragraph(self, line: int | None) -> str:
        """Return the name of the next paragraph's place."""
        self._paragraphs += 1
        before = f"{self._heading}, " if self._heading else ""
        return f"{before}paragraph {self._paragraphs}{self._line(line)}"

    def _line(self, line: int | None) -> str:
        return f" (line {line})" if self._has_lines and line else ""
