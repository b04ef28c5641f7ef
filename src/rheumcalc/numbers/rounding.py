"""Rounding in exact arithmetic, and its inverse: which exact values print as a given number.

Everything here is an integer or a `Fraction`; a float never enters.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from functools import lru_cache


class RoundingMode(StrEnum):
    """How a value was cut to its printed decimals.

    `half_up` and `half_down` take an exact half away from zero and toward zero; `half_even` takes it to the even
    last digit. `truncate` drops digits; `ceiling` goes up to the next printable number.
    """

    HALF_UP = "half_up"
    HALF_EVEN = "half_even"
    HALF_DOWN = "half_down"
    TRUNCATE = "truncate"
    CEILING = "ceiling"


#: Rounding to nearest under any tie rule. Journals differ on ties, so none of the three is ever a finding.
NEAREST = frozenset({RoundingMode.HALF_UP, RoundingMode.HALF_EVEN, RoundingMode.HALF_DOWN})

#: The conventions that are found in print without being declared: rounding to nearest, and truncation.
TOLERATED = NEAREST | {RoundingMode.TRUNCATE}


@dataclass(frozen=True, slots=True)
class Interval:
    """An interval of exact values; a bound of None is infinite."""

    lower: Fraction | None
    upper: Fraction | None
    lower_closed: bool = True
    upper_closed: bool = True

    def __contains__(self, value: Fraction | int) -> bool:
        # Multiplied out: comparing two fractions as such takes five times as long.
        above, below = value.numerator, value.denominator
        if self.lower is not None:
            over = above * self.lower.denominator - self.lower.numerator * below
            if over < 0 or (over == 0 and not self.lower_closed):
                return False
        if self.upper is not None:
            under = self.upper.numerator * below - above * self.upper.denominator
            if under < 0 or (under == 0 and not self.upper_closed):
                return False
        return True

    def meets(self, other: Interval) -> bool:
        """Decide whether the two intervals have a value in common."""
        return not (self.wholly_above(other) or other.wholly_above(self))

    def wholly_above(self, other: Interval) -> bool:
        """Decide whether every value here is greater than every value of `other`."""
        if self.lower is None or other.upper is None:
            return False
        if self.lower == other.upper:
            return not (self.lower_closed and other.upper_closed)
        return self.lower > other.upper


def round_exact(value: Fraction | int, decimals: int, mode: RoundingMode) -> Fraction:
    """Return `value` cut to `decimals` digits after the point under one mode, exactly."""
    return Fraction(_units(value, decimals, mode), 10**decimals)


def rounded_numeral(value: Fraction | int, decimals: int, mode: RoundingMode) -> str:
    """Return `value` as a numeral with `decimals` digits after the point, rounded under one mode."""
    return _numeral(_units(value, decimals, mode), decimals)


def _units(value: Fraction | int, decimals: int, mode: RoundingMode) -> int:
    """Return how many units of the last digit `value` is cut to; all of it in integers, which are fastest."""
    scale: int = 10**decimals
    above, below = value.numerator * scale, value.denominator
    size, sign = (above, 1) if above >= 0 else (-above, -1)
    match mode:
        case RoundingMode.HALF_UP:
            return sign * ((2 * size + below) // (2 * below))
        case RoundingMode.HALF_EVEN:
            units, rest = divmod(size, below)
            return sign * (units + (2 * rest > below or (2 * rest == below and units % 2)))
        case RoundingMode.HALF_DOWN:
            return sign * -((below - 2 * size) // (2 * below))
        case RoundingMode.TRUNCATE:
            return sign * (size // below)
        case RoundingMode.CEILING:
            return -(-above // below)


def preimage(value: Fraction, decimals: int, modes: Iterable[RoundingMode]) -> Interval:
    """Return all exact values that print as `value` with `decimals` digits under any of the modes.

    The set is one interval for every choice of modes, because each mode maps the printed value to itself.
    Raises ValueError where `modes` is empty.
    """
    return _preimage_of_all(value.numerator, value.denominator, decimals, frozenset(modes))


@lru_cache(maxsize=8192)
def _preimage_of_all(above: int, below: int, decimals: int, modes: frozenset[RoundingMode]) -> Interval:
    # A text prints the same few hundred percentages over and over, and is asked about each several times; integers are
    # found again faster than a fraction, whose hash is a power.
    value = Fraction(above, below)
    parts = [_preimage(value, decimals, mode) for mode in modes]
    lower = min(lower for lower, _, _, _ in parts)
    upper = max(upper for _, upper, _, _ in parts)
    return Interval(
        lower,
        upper,
        any(closed for bound, _, closed, _ in parts if bound == lower),
        any(closed for _, bound, _, closed in parts if bound == upper),
    )


def _preimage(value: Fraction, decimals: int, mode: RoundingMode) -> tuple[Fraction, Fraction, bool, bool]:
    unit = Fraction(1, 10**decimals)
    half = unit / 2
    match mode:
        case RoundingMode.HALF_UP:
            return value - half, value + half, value > 0, value < 0
        case RoundingMode.HALF_EVEN:
            even = (value / unit) % 2 == 0
            return value - half, value + half, even, even
        case RoundingMode.HALF_DOWN:
            return value - half, value + half, value <= 0, value >= 0
        case RoundingMode.TRUNCATE:
            below = value if value > 0 else value - unit
            above = value if value < 0 else value + unit
            return below, above, value > 0, value < 0
        case RoundingMode.CEILING:
            return value - unit, value, False, True


def printed_decimal(value: Fraction, decimals: int) -> str:
    """Return a value that has at most `decimals` digits after the point as a numeral: `18.2`, `-0.50`.

    Raises ValueError where the value has more digits: round first.
    """
    units, rest = divmod(value.numerator * 10**decimals, value.denominator)
    if rest:
        msg = f"{value} has more than {decimals} decimals"
        raise ValueError(msg)
    return _numeral(units, decimals)


def _numeral(units: int, decimals: int) -> str:
    digits = str(abs(units)).rjust(decimals + 1, "0")
    sign = "-" if units < 0 else ""
    return sign + (f"{digits[:-decimals]}.{digits[-decimals:]}" if decimals else digits)
