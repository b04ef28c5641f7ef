"""Times as studies print them: `12 months`, `week 24`, `more than 6 months`, `last follow-up`."""

from __future__ import annotations

import re
from fractions import Fraction
from functools import cache
from typing import NamedTuple

from rheumcalc.numbers.printed import PrintedError, parse_number, parse_number_words
from rheumcalc.source import Span

#: How many days a unit can mean. Papers write 52 weeks and 12 months for one visit, and a month of four weeks.
UNIT_DAYS = {
    "day": (Fraction(1), Fraction(1)),
    "week": (Fraction(7), Fraction(7)),
    "month": (Fraction(28), Fraction(31)),
    "year": (Fraction(364), Fraction(366)),
}

#: Each way to write a unit, and the unit.
UNIT_WORDS = {
    **dict.fromkeys(("d", "day", "days"), "day"),
    **dict.fromkeys(("wk", "wks", "week", "weeks"), "week"),
    **dict.fromkeys(("mo", "mos", "month", "months"), "month"),
    **dict.fromkeys(("y", "yr", "yrs", "year", "years"), "year"),
}

_UNIT = rf"(?P<unit>{'|'.join(sorted(UNIT_WORDS, key=len, reverse=True))})"
_AMOUNT = r"(?P<amount>[0-9]{1,6}(?:[.,·][0-9]{1,3})?|[a-z]+(?:-[a-z]+)?)"
_STRICT = r"(?P<strict>more than|longer than|over|>)"
_LEAD = rf"(?:(?:after|at|by|for|through|up to|within|at least|over the|≥|>=|{_STRICT})\s*)?"


class Timepoint(NamedTuple):
    """A time or a duration: its printed text, and its amount and unit where the text says them.

    `strict` is set by `more than`: the time itself is then not enough.
    """

    text: str
    amount: Fraction | None = None
    unit: str | None = None
    strict: bool = False
    span: Span | None = None

    @property
    def days(self) -> tuple[Fraction, Fraction] | None:
        """The shortest and longest time this can mean, in days; None where the text names no time."""
        if self.amount is None or self.unit is None:
            return None
        shortest, longest = UNIT_DAYS[self.unit]
        return self.amount * shortest, self.amount * longest

    @property
    def key(self) -> tuple[str, Fraction] | str:
        """A key that is equal for two texts of one timepoint: `week 24` and `24 weeks`."""
        if self.amount is None or self.unit is None:
            return " ".join(self.text.lower().split())
        return self.unit, self.amount

    def at(self, span: Span) -> Timepoint:
        """Return the same time with its place."""
        return self._replace(span=span)


def certainly_later(later: Timepoint, earlier: Timepoint) -> bool:
    """Decide whether `later` comes after `earlier` under every meaning of their units."""
    if later.unit is not None and later.unit == earlier.unit and later.amount is not None:
        return earlier.amount is not None and later.amount > earlier.amount
    first, second = earlier.days, later.days
    return first is not None and second is not None and second[0] > first[1]


def same_time(one: Timepoint, other: Timepoint) -> bool:
    """Decide whether the two name one amount in one unit."""
    return one.amount is not None and (one.amount, one.unit) == (other.amount, other.unit)


def parse_timepoint(text: str) -> Timepoint:
    """Return the time that `text` names, or the bare text where it names none (`last follow-up`).

    `baseline` is 0 days. Units: days, weeks, months, years, in full or abbreviated.
    """
    plain = " ".join(text.split())
    if plain.lower() == "baseline":
        return Timepoint(plain, Fraction(0), "day")
    match = next(filter(None, (pattern.fullmatch(plain) for pattern in _patterns())), None)
    amount = _amount(match["amount"]) if match else None
    if match is None or amount is None:
        return Timepoint(plain)
    unit = match["unit"].lower()
    return Timepoint(plain, amount, UNIT_WORDS[unit], strict=match["strict"] is not None)


@cache
def _patterns() -> tuple[re.Pattern[str], ...]:
    """Return the patterns of `12 months` and of `month 12`."""
    either_way = (rf"{_LEAD}{_AMOUNT}[\s-]*{_UNIT}", rf"{_LEAD}{_UNIT}\s*{_AMOUNT}")
    return tuple(re.compile(pattern, re.IGNORECASE) for pattern in either_way)


def _amount(text: str) -> Fraction | None:
    words = parse_number_words(text)
    if words is not None:
        return Fraction(words)
    try:
        return parse_number(text).value
    except PrintedError:
        return None
