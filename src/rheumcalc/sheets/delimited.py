"""Read sheets that are text: separated by commas, semicolons or tabs, in the encodings that spreadsheets write."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from contextlib import suppress
from itertools import islice

from rheumcalc.files.reading import UnreadableFileError, unreadable
from rheumcalc.sheets.grid import Row, Score, Sheet
from rheumcalc.sheets.limits import HEADER_ROWS, MAX_ROWS, too_many_rows
from rheumcalc.source import Source, Span

#: A letter of several bytes in UTF-8, which hardly ever occurs in a text in Windows-1252.
_UTF8_LETTER = re.compile(rb"[\xc3-\xdf][\x80-\xbf]|[\xe1-\xef][\x80-\xbf]{2}")
_DECLARED = re.compile(r"sep=(?P<separator>[^\r\n])(?:\r\n|\r|\n|\Z)", re.IGNORECASE)
_SEPARATORS = (",", ";", "\t", "|")


def read_delimited(data: bytes, name: str, score: Score) -> tuple[Sheet, tuple[str, ...]]:
    """Return the sheet in a text file, and notes on how it was read.

    Its separator is the one that its first line declares (`sep=;`), or else the one under which `score` finds the best
    header, or else the one that divides the first rows most evenly. Raises UnreadableFileError.
    """
    text, notes = _decode(data, name)
    source = Source(name, text)
    declared = _DECLARED.match(text)
    start = declared.end() if declared else 0
    separator = declared["separator"] if declared else _separator(source, score)
    rows: list[Row] = []
    for row in _rows(source, separator, start):
        if any(map(str.strip, row.texts)):
            rows.append(row)
            if len(rows) > MAX_ROWS:
                if score(rows[:HEADER_ROWS]):
                    raise too_many_rows(name)
                # Not a sheet of outcomes, however long: its first rows are enough to say so.
                break
    return Sheet(source, tuple(rows), delimiter=separator, quoted=True), notes


def _separator(source: Source, score: Score) -> str:
    separators = sorted(_SEPARATORS, key="\t".__ne__) if source.name.lower().endswith(".tsv") else list(_SEPARATORS)
    tries = []
    for order, separator in enumerate(separators):
        rows: list[Row] = []
        # Broken rows further down are reported when all are read.
        with suppress(UnreadableFileError):
            rows.extend(row for row in islice(_rows(source, separator, 0), HEADER_ROWS) if row.texts)
        widths = [len(row.texts) for row in rows]
        common = max(set(widths), key=widths.count, default=0)
        tries.append((score(rows), common > 1, widths.count(common), common, -order, separator))
    return max(tries)[-1]


def _rows(source: Source, separator: str, start: int) -> Iterator[Row]:
    """Yield the rows of a text from an offset, empty ones included. Raises UnreadableFileError."""
    place = first = start

    def lines() -> Iterator[str]:
        nonlocal place
        for line in io.StringIO(source.text[start:], newline=""):
            place += len(line)
            yield line

    number = 0
    try:
        for number, texts in enumerate(csv.reader(lines(), delimiter=separator, strict=True), 1):
            yield Row(number, tuple(texts), Span(first, place))
            first = place
    except csv.Error as error:
        line = source.position(first).line
        if "limit" in str(error):
            limit = f"{csv.field_size_limit():,}"
            told = f"A cell of row {number + 1} is longer than {limit} characters; is its quotation mark closed?"
        else:
            told = f"Row {number + 1} (line {line}) has a quotation mark that is not closed where a cell ends."
        raise unreadable(source.name, "unreadable-file", told) from None


def _decode(data: bytes, name: str) -> tuple[str, tuple[str, ...]]:
    """Return the text of a sheet: UTF-8, UTF-16, or Windows-1252 where it can be nothing else."""
    try:
        text, notes = _decoded(data, name)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        byte = f"0x{data[error.start]:02X}"
        message = f"Line {line} contains the byte {byte}, which the file's encoding does not have; save it as UTF-8."
        raise unreadable(name, "invalid-encoding", message) from None
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise unreadable(
            name, "invalid-encoding", f"Line {line} contains the control character U+0000; the file is not text."
        )
    return text, notes


def _decoded(data: bytes, name: str) -> tuple[str, tuple[str, ...]]:
    if data.startswith((b"\xff\xfe\x00\x00", b"\x00\x00\xfe\xff")):
        raise unreadable(name, "invalid-encoding", "The file is UTF-32; save it as UTF-8.")
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16"), ()
    for at, encoding in ((1, "utf-16-le"), (0, "utf-16-be")):
        # Without a mark, UTF-16 is recognised by the zero byte of every letter, digit and separator.
        if len(data) > 3 and data[at:200:2].count(0) * 2 > len(data[at:200:2]):
            return data.decode(encoding), ()
    try:
        return data.decode("utf-8-sig"), ()
    except UnicodeDecodeError as error:
        letter = _UTF8_LETTER.search(data)
        if letter:
            lines = (data.count(b"\n", 0, place) + 1 for place in (letter.start(), error.start))
            message = "The file mixes encodings: line {} is UTF-8 and line {} is not; save it as UTF-8.".format(*lines)
            raise unreadable(name, "invalid-encoding", message) from None
    return data.decode("cp1252"), ("read as Windows-1252, since it is not UTF-8",)
