"""How much of a sheet is read: far more than a person fills in, and little enough to hold in memory."""

from __future__ import annotations

from rheumcalc.files.reading import UnreadableFileError, unreadable

#: The most rows of one worksheet that are not empty.
MAX_ROWS = 20_000
#: The most results of a file, in all rows of all worksheets: as many are checked in half a minute, all of them wrong.
MAX_RESULTS = 30_000
#: The most columns of a header.
MAX_COLUMNS = 500
#: The most cells of a workbook, empty ones among others included.
MAX_CELLS = 2_000_000
#: What a workbook may unpack to, in bytes.
MAX_UNPACKED = 50_000_000
#: In how many rows that are not empty the header is looked for.
HEADER_ROWS = 30


def too_many_rows(name: str) -> UnreadableFileError:
    """Return the error for a sheet with more than MAX_ROWS rows: none of it is read."""
    return oversized(name, f"The sheet has more than {MAX_ROWS:,} rows")


def oversized(name: str, told: str) -> UnreadableFileError:
    """Return the error for a sheet over a limit: none of it is read, so that no part is mistaken for the whole."""
    return unreadable(name, "oversized-file", f"{told}, the limit, and was not read. Divide it.")
