"""Read Excel workbooks: the values that are stored, as their formats display them. No formula is ever evaluated."""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple

from rheumcalc.files.reading import UnreadableFileError, unreadable
from rheumcalc.messages import MissingExtraError
from rheumcalc.sheets.formats import displayed
from rheumcalc.sheets.grid import Row, Score, Sheet
from rheumcalc.sheets.limits import HEADER_ROWS, MAX_CELLS, MAX_ROWS, MAX_UNPACKED, oversized, too_many_rows
from rheumcalc.source import Landmark, Source, Span

#: How encrypted workbooks and those from before 2007 begin.
_OLE = b"\xd0\xcf\x11\xe0"
_BREAK = re.compile(r"[\t\r\n]+")
#: What would be needed to read a cell: a formula's missing value, or the fraction that was turned into a date.
_NO_VALUE = "the value of a formula"
_A_DATE = "what a date stands for"


class _Part(NamedTuple):
    """One worksheet before the text of the whole is known: its rows with their offsets, and its cells' problems."""

    title: str
    rows: list[Row]
    problems: dict[tuple[int, int], str]


def read_workbook(data: bytes, name: str, score: Score) -> tuple[Sheet, ...]:
    """Return the worksheets of a workbook in their order, with what their cells display.

    `score` says whether rows have a header. Raises UnreadableFileError.
    """
    try:
        import openpyxl
    except ImportError:
        raise unreadable(name, "unreadable-file", str(MissingExtraError("Reading .xlsx", "xlsx"))) from None
    _inspect(data, name)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return _read(openpyxl, data, name, score)
    except UnreadableFileError:
        raise
    except MemoryError:
        raise unreadable(name, "oversized-file", "The workbook needs more memory than there is.") from None
    except Exception as error:  # noqa: BLE001 - a damaged workbook fails anywhere inside the library, in any way
        message = f"The workbook is damaged, or contains something that cannot be read ({type(error).__name__})."
        raise unreadable(name, "unreadable-file", message) from None


def _inspect(data: bytes, name: str) -> None:
    """Refuse files that are not workbooks, are encrypted, or would unpack to more than the limit."""
    if data.startswith(_OLE):
        message = "The workbook is encrypted, or of a version before 2007; save it as .xlsx without a password."
        raise unreadable(name, "unreadable-file", message)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
            if any(member.flag_bits & 1 for member in members):
                raise unreadable(name, "unreadable-file", "The workbook is encrypted; save it without a password.")
            # No member gives more than its stated size: the library that unpacks it stops there.
            if sum(member.file_size for member in members) > MAX_UNPACKED or len(members) > 10_000:
                message = f"The workbook unpacks to more than {MAX_UNPACKED // 1_000_000} MB, the limit."
                raise unreadable(name, "oversized-file", message)
            for member in members:
                with archive.open(member) as stream:
                    if b"<!DOCTYPE" in stream.read(1000):
                        message = "The workbook declares a document type, which no workbook should; it is not read."
                        raise unreadable(name, "unreadable-file", message)
    except (zipfile.BadZipFile, EOFError, OSError, ValueError, NotImplementedError, zipfile.zlib.error):  # type: ignore[attr-defined]
        message = "The file is not a workbook, or it is cut off or damaged."
        raise unreadable(name, "unreadable-file", message) from None


def _read(openpyxl: Any, data: bytes, name: str, score: Score) -> tuple[Sheet, ...]:
    book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
    formulas: Any = None
    texts: list[str] = []
    landmarks: list[Landmark] = []
    parts: list[_Part] = []
    offset = 0
    budget = iter(range(MAX_CELLS))
    for worksheet in book.worksheets:
        part = _Part(str(worksheet.title), [], {})
        is_open = False
        for number, cells in _rows(worksheet, name, budget):
            is_open = is_open or any(cell.value is None and hasattr(cell, "coordinate") for cell in cells)
            shown = [_shown(cell, part.problems, number, column) for column, cell in enumerate(cells)]
            if not any(shown):
                continue
            line = "\t".join(shown) + "\n"
            part.rows.append(Row(number, tuple(shown), Span(offset, offset + len(line))))
            landmarks.append(Landmark(offset, f"sheet '{part.title}', row {number}"))
            texts.append(line)
            offset += len(line)
            if len(part.rows) > MAX_ROWS:
                if score(part.rows[:HEADER_ROWS]):
                    raise too_many_rows(name)
                # Not a worksheet of outcomes, however long: its first rows are enough to say so.
                break
        if is_open:
            # A cell that is present but empty may be a formula that was never evaluated: only its own text tells.
            formulas = formulas or openpyxl.load_workbook(io.BytesIO(data), read_only=True, keep_links=False)
            part.problems.update(_unvalued(formulas[worksheet.title], part, name, iter(range(MAX_CELLS))))
        parts.append(part)
    source = Source(name, "".join(texts), tuple(landmarks) or (Landmark(0, "whole file"),))
    return tuple(Sheet(source, tuple(part.rows), part.title, problems=part.problems) for part in parts)


def _rows(worksheet: Any, name: str, budget: Iterator[int]) -> Iterator[tuple[int, tuple[Any, ...]]]:
    """Yield the rows of a worksheet with their numbers, within the budget of cells."""
    # The size that a workbook declares may be wrong.
    worksheet.reset_dimensions()
    for number, cells in enumerate(worksheet.iter_rows(), 1):
        for _ in range(len(cells) + 1):
            if next(budget, None) is None:
                raise oversized(name, f"The workbook has more than {MAX_CELLS:,} cells")
        if cells:
            yield number, cells


def _unvalued(worksheet: Any, part: _Part, name: str, budget: Iterator[int]) -> dict[tuple[int, int], str]:
    """Return the cells whose formula has no stored value."""
    rows = {row.number: row for row in part.rows}
    return {
        (number, column): _NO_VALUE
        for number, cells in _rows(worksheet, name, budget)
        if number in rows
        for column, cell in enumerate(cells)
        if cell.data_type == "f" and not rows[number].text(column)
    }


def _shown(cell: Any, problems: dict[tuple[int, int], str], number: int, column: int) -> str:
    """Return what a cell displays, on one line."""
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, int | float):
        return displayed(value, cell.number_format or "General")
    if isinstance(value, date | datetime | time | timedelta):
        problems[number, column] = _A_DATE
        return str(value)
    return _BREAK.sub(" ", str(value)).strip()
