"""How percentages are shown: decimals and rounding by a named convention."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple

from rheumcalc.numbers.printed import Bound
from rheumcalc.numbers.rounding import NEAREST, RoundingMode, printed_decimal, round_exact
from rheumcalc.summary.options import Style
from rheumcalc.summary.rows import Row

_BOUND_SIGNS = {Bound.BELOW: "<", Bound.AT_MOST: "≤", Bound.ABOVE: ">", Bound.AT_LEAST: "≥"}

#: What the notes of a table say about its percentages.
STYLE_NOTES = {
    Style.AS_PRINTED: (
        "Percentages are recomputed and have as many decimals as the printed ones; where none is printed, as many as "
        "the others of the study. An exact half is rounded as printed, otherwise up."
    ),
    Style.JRHEUM: (
        "Percentages are recomputed and rounded half up: whole below 100 participants, one decimal below 1000, two "
        "from there on, and the same within the table, by its smallest denominator (Journal of Rheumatology)."
    ),
    Style.AMA: (
        "Percentages are recomputed and rounded half to even, with no more digits than the denominator has (AMA Manual "
        "of Style)."
    ),
}


class Percentage(NamedTuple):
    """A percentage as a table shows it, without its sign; `decimals` are those of its interval too.

    `exact` is the share behind it; None where the text alone gives the percentage.
    """

    text: str
    decimals: int
    exact: Fraction | None


def band(denominator: int) -> int:
    """Return how many decimals a percentage of a denominator has: none below 100, one below 1000, two from there on.

    The bands are those of the Journal of Rheumatology's statistics guide; the AMA Manual's rule, no more digits than
    the denominator has, gives the same.
    """
    return min(2, max(0, len(str(denominator)) - 2))


def percentages(
    rows: Sequence[Row], style: Style, usual: Mapping[tuple[str, str], int] | None = None
) -> list[Percentage | None]:
    """Return what a table shows for each row; None where neither numbers nor text give a percentage.

    `usual` are the decimals of `usual_decimals`, where more rows than these decide them.
    """
    known = [row.denominator for row in rows if row.exact is not None and row.denominator]
    fewest = band(min(known)) if known else 0
    usual = usual_decimals(rows) if usual is None else usual
    shown: list[Percentage | None] = []
    for row in rows:
        if row.exact is None or row.denominator is None:
            shown.append(_as_text(row))
            continue
        match style:
            case Style.JRHEUM:
                shown.append(_rounded(row.exact, fewest, RoundingMode.HALF_UP))
            case Style.AMA:
                shown.append(_rounded(row.exact, band(row.denominator), RoundingMode.HALF_EVEN))
            case Style.AS_PRINTED:
                shown.append(_as_printed(row, row.exact, usual.get(row.study.key, band(row.denominator))))
    return shown


def _rounded(exact: Fraction, decimals: int, mode: RoundingMode) -> Percentage:
    return Percentage(printed_decimal(round_exact(exact, decimals, mode), decimals), decimals, exact)


def _as_printed(row: Row, exact: Fraction, usual: int) -> Percentage:
    printed = row.claim.percent
    if printed is None or printed.bound is not Bound.EXACT or row.claim.hedge is not None:
        return _rounded(exact, usual, RoundingMode.HALF_UP)
    if exact in printed.preimage(row.modes | NEAREST):
        return Percentage(printed.numeral, printed.decimals, exact)
    return _rounded(exact, printed.decimals, RoundingMode.HALF_UP)


def _as_text(row: Row) -> Percentage | None:
    """Return a percentage that only the text gives, its bound with it; one in hedged words is not a number."""
    printed = row.claim.percent
    if printed is None or row.claim.hedge is not None:
        return None
    return Percentage(_BOUND_SIGNS.get(printed.bound, "") + printed.numeral, printed.decimals, None)


def usual_decimals(rows: Sequence[Row]) -> dict[tuple[str, str], int]:
    """Return the decimals that most printed percentages of each study have; of two equally common, the fewer."""
    counts: dict[tuple[str, str], Counter[int]] = {}
    for row in rows:
        printed = row.claim.percent
        if printed is not None and printed.bound is Bound.EXACT and row.claim.hedge is None:
            counts.setdefault(row.study.key, Counter())[printed.decimals] += 1
    return {study: min(each, key=lambda decimals: (-each[decimals], decimals)) for study, each in counts.items()}
