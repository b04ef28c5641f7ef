"""Numbers as sheets hold them: counts that a program wrote as `12.0`, percentages with or without a sign."""

from __future__ import annotations

import re

from rheumcalc.numbers.printed import Printed, PrintedError, parse_count, parse_number
from rheumcalc.sheets.formats import shortened

#: What people write where a study reports nothing.
_NOT_REPORTED = {
    *("", "-", "--", "–", "—", ".", "..", "?", "na", "n/a", "n.a.", "#n/a", "nan", "nr", "n.r.", "n/r", "nd", "null"),
    *("none", "not reported", "not available", "not stated", "not given", "unclear", "unknown", "missing"),
}
#: Zeros that a program adds to whole numbers where a column has empty cells.
_ADDED_ZEROS = re.compile(r"(?<=[0-9])[.,]0{1,2}$")
_GROUPED_BY_POINTS = re.compile(r"[1-9][0-9]{0,2}(?:\.[0-9]{3})+")
_SIGN = re.compile(r"\s*(?:%|per\s?cent|pct)\s*$", re.IGNORECASE)


def is_blank(text: str) -> bool:
    """Decide whether a cell says that nothing was reported."""
    return text.lower() in _NOT_REPORTED


def read_count(text: str) -> Printed:
    """Return the whole number in a cell. Raises PrintedError for anything else."""
    plain = _ADDED_ZEROS.sub("", text)
    if _GROUPED_BY_POINTS.fullmatch(plain):
        # No count has three decimals: these points group thousands, or the number is not a count.
        raise PrintedError(f"'{text}' may be a whole number or a fraction")
    return parse_count(plain)


def read_percent(text: str) -> tuple[Printed, bool]:
    """Return the percentage in a cell, and whether it prints a percent sign. Raises PrintedError for anything else."""
    plain = _SIGN.sub("", text)
    return parse_number(shortened(plain), percentage=True), plain != text
