"""The arithmetic of a finding, in words: what was divided, what it prints as, what would fit instead."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from rheumcalc.numbers.feasible import IntegerRange, feasible_counts, feasible_denominators
from rheumcalc.numbers.printed import Bound, Printed
from rheumcalc.numbers.rounding import NEAREST, RoundingMode, printed_decimal, round_exact, rounded_numeral

#: How many digits an expansion shows beyond the printed ones.
_EXTRA_DIGITS = 2

CONVENTION_WORDS = {
    RoundingMode.HALF_UP: "rounding half up",
    RoundingMode.HALF_EVEN: "rounding half to even",
    RoundingMode.HALF_DOWN: "rounding half down",
    RoundingMode.TRUNCATE: "truncation",
    RoundingMode.CEILING: "rounding up",
}


def share(count: int, denominator: int) -> Fraction:
    """Return the exact percentage that a count is of a denominator."""
    return Fraction(100 * count, denominator)


def rounded(value: Fraction, decimals: int, modes: Iterable[RoundingMode] = NEAREST) -> str:
    """Return a value as printed with a number of decimals: half up where the modes allow it, else under the first."""
    mode = RoundingMode.HALF_UP if RoundingMode.HALF_UP in modes else min(modes, key=list(RoundingMode).index)
    return rounded_numeral(value, decimals, mode)


def expansion(value: Fraction, decimals: int) -> str:
    """Return a value's first digits, cut and not rounded: `18.18…`; all of them where they end: `12.5`."""
    shown = decimals + _EXTRA_DIGITS
    cut = round_exact(value, shown, RoundingMode.TRUNCATE)
    digits = printed_decimal(cut, shown)
    if cut != value:
        return digits + "…"
    return digits.rstrip("0").rstrip(".") if "." in digits else digits


def division(count: int, denominator: int, decimals: int, modes: Iterable[RoundingMode] = NEAREST) -> str:
    """Return one step: `16/83 = 19.277…%, which prints as 19.3%`."""
    value = share(count, denominator)
    printed = sorted({round_exact(value, decimals, mode) for mode in modes})
    shown = " or ".join(f"{printed_decimal(each, decimals)}%" for each in printed)
    return f"{count}/{denominator} = {expansion(value, decimals)}%, which prints as {shown}"


def percent_text(percent: Printed) -> str:
    """Return a percentage as the message quotes it: as printed, or in digits where it is printed in words."""
    return f"{percent.text if any(map(str.isdigit, percent.text)) else percent.numeral}%"


def fitting_denominators(count: int, percent: Printed, modes: Iterable[RoundingMode], *, events: bool = False) -> str:
    """Return one step: which denominators the count and the percentage admit."""
    fits = feasible_denominators(count, percent, modes, events=events)
    claim = f"{count} ({percent_text(percent)})"
    if not fits:
        return f"no denominator gives {claim}"
    return f"{claim} fits {_denominators(fits)}"


def _denominators(fits: IntegerRange) -> str:
    return f"a denominator of {fits.describe()}" if fits.size == 1 else f"denominators {fits.describe()}"


def fitting_counts(percent: Printed, denominator: int, modes: Iterable[RoundingMode]) -> str:
    """Return one step: which counts the percentage admits over the denominator."""
    fits = feasible_counts(percent, denominator, modes)
    over = f"{percent_text(percent)} of {denominator}"
    if not fits:
        return f"{over} fits no count: {neighbours(percent, denominator)}"
    return f"{over} fits {'a count' if fits.size == 1 else 'counts'} of {fits.describe()}"


def neighbours(percent: Printed, denominator: int) -> str:
    """Return the two counts whose percentages lie on either side: `16/25 = 64.0%, 17/25 = 68.0%`."""
    below = min(int(percent.value * denominator / 100), denominator)
    counts = [count for count in (below, below + 1) if 0 <= count <= denominator]
    return ", ".join(
        f"{count}/{denominator} = {rounded(share(count, denominator), percent.decimals)}%" for count in counts
    )


def rounded_twice(count: int, denominator: int, percent: Printed) -> str | None:
    """Return one step where rounding twice explains a percentage one unit high: 43.45 to 43.5 to 44."""
    value = share(count, denominator)
    once = round_exact(value, percent.decimals + 1, RoundingMode.HALF_UP)
    if percent.bound is not Bound.EXACT or round_exact(once, percent.decimals, RoundingMode.HALF_UP) != percent.value:
        return None
    way = (expansion(value, percent.decimals), rounded(value, percent.decimals + 1), percent.text)
    return f"rounding twice gives it: {' to '.join(way)}"
