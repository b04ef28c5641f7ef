"""Files as bytes and as text: read completely, within bounds, or refused with the reason."""

from __future__ import annotations

import stat
from pathlib import Path, PurePath
from typing import BinaryIO

from rheumcalc.findings import Finding
from rheumcalc.messages import why_unopened
from rheumcalc.rules import rule
from rheumcalc.source import Location, Source, Span

#: The largest record or draft in plain text, in bytes: hundreds of times the largest a person writes.
MAX_BYTES = 2_000_000
#: The largest file of the formats that hold more than their text, in bytes, by the end of its name.
LIMITS = {
    **dict.fromkeys((".docx", ".pdf"), 50_000_000),
    **dict.fromkeys((".xml", ".html", ".htm", ".csv", ".tsv", ".xlsx"), 20_000_000),
}
#: How a file in UTF-16 begins.
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")


class UnreadableFileError(Exception):
    """A file whose text cannot be read; carries the finding that says why."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.message)
        self.finding = finding


def unreadable(name: str, reason: str, message: str) -> UnreadableFileError:
    """Return the error for a file: the rule that it breaks, by name, and the sentence that says why."""
    return UnreadableFileError(Finding(rule(reason), message, Location(Source(name, ""))))


def read_source(path: Path, name: str) -> Source:
    """Return the text of a file; `name` is its name in messages. Raises UnreadableFileError."""
    return decode(read_file(path, name), name)


def limit_of(name: str) -> int:
    """Return how many bytes of a file are read, which the end of its name decides."""
    return LIMITS.get(PurePath(name).suffix.lower(), MAX_BYTES)


def read_file(path: Path, name: str, limit: int | None = None) -> bytes:
    """Return what a file holds, at most `limit` bytes or as much as its kind allows. Raises UnreadableFileError."""
    try:
        # Opening a pipe or a device could block the run, so only regular files are opened.
        if not stat.S_ISREG(path.stat().st_mode):
            raise unreadable(name, "unreadable-file", "This is not a regular file.")
        with path.open("rb") as stream:
            return read_stream(stream, name, limit)
    except FileNotFoundError:
        raise unreadable(name, "unreadable-file", "There is no such file.") from None
    except (OSError, ValueError) as error:
        raise unreadable(name, "unreadable-file", f"The file cannot be read: {why_unopened(error)}.") from None


def read_stream(stream: BinaryIO, name: str, limit: int | None = None) -> bytes:
    """Return what a stream holds, at most `limit` bytes or as much as its kind allows. Raises UnreadableFileError."""
    limit = limit or limit_of(name)
    data = stream.read(limit + 1)
    if len(data) > limit:
        message = f"The file is larger than {limit // 1_000_000} MB, the limit."
        raise unreadable(name, "oversized-file", message)
    return data


def beginning(path: Path) -> str:
    """Return the beginning of a file, up to the limit, with `�` for bytes that are not text; nothing if that fails.

    It shows what a file was meant to be when its text cannot be read.
    """
    try:
        with path.open("rb") as stream:
            data = stream.read(MAX_BYTES)
    except OSError:
        return ""
    return data.decode("utf-16" if data.startswith(_UTF_16) else "utf-8", "replace")


def decode(data: bytes, name: str) -> Source:
    """Return UTF-8 as text, a byte-order mark dropped. Raises UnreadableFileError."""
    if data.startswith(_UTF_16):
        raise unreadable(name, "invalid-encoding", "The file is UTF-16; save it as UTF-8.")
    try:
        return Source(name, data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        message = f"The file is not UTF-8: line {line} contains the byte 0x{data[error.start]:02X}; save it as UTF-8."
        raise unreadable(name, "invalid-encoding", message) from None


def refuse_nul(source: Source) -> None:
    """Raise UnreadableFileError if a text contains the character that ends a text for many programs."""
    place = source.text.find("\0")
    if place >= 0:
        line = source.position(place).line
        message = f"The text contains the control character U+0000, first in line {line}; remove it."
        raise UnreadableFileError(Finding(rule("invalid-encoding"), message, Location(source, Span(place, place + 1))))
