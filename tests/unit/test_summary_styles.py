"""Percentages under each convention, against an oracle in Python's decimal module and by the guides' own examples."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Context, Decimal

import pytest

from rheumcalc.summary.options import Style
from rheumcalc.summary.styles import band, percentages
from summaries import reported, rows_from


def _shown(style: Style, *results: str, n: int | None = None, more: str = "") -> list[str | None]:
    shown = percentages(rows_from(reported(*results, n=n, more=more)).rows, style)
    return [each.text if each else None for each in shown]


@pytest.mark.parametrize(("denominator", "decimals"), [(1, 0), (9, 0), (12, 0), (99, 0), (100, 1), (999, 1), (1000, 2), (41727, 2)])  # fmt: skip  # noqa: E501
def test_bands(denominator: int, decimals: int) -> None:
    """Whole below 100, one decimal below 1000, two from there on: never more digits than the denominator has."""
    assert band(denominator) == decimals


def _quantized(count: int, denominator: int, decimals: int, rounding: str) -> str:
    # 60 digits are more than any of these shares needs to be told from a tie.
    share = Context(prec=60).divide(Decimal(100 * count), Decimal(denominator))
    return str(share.quantize(Decimal(1).scaleb(-decimals), rounding=rounding))


@pytest.mark.parametrize("denominator", [7, 8, 40, 64, 125, 160, 200, 1000])
def test_rounding_is_that_of_the_convention(denominator: int) -> None:
    """Every count gives what decimal arithmetic gives, ties included: half up, and half to even."""
    counts = range(min(denominator, 220) + 1)
    results = [f"{count}/{denominator}" for count in counts]
    decimals = band(denominator)
    assert _shown(Style.JRHEUM, *results) == [_quantized(c, denominator, decimals, ROUND_HALF_UP) for c in counts]
    assert _shown(Style.AMA, *results) == [_quantized(c, denominator, decimals, ROUND_HALF_EVEN) for c in counts]


def test_examples_of_the_guides() -> None:
    """9 of 28 is 32% and 45 of 80 is 56%; one half of 8 up is 13% of a hundred, and even 12%."""
    assert _shown(Style.AMA, "9/28", "45/80", "1/8") == ["32", "56", "12"]
    assert _shown(Style.JRHEUM, "9/28", "45/80", "1/8") == ["32", "56", "13"]


def test_a_table_is_alike_in_one_style_and_each_row_by_itself_in_the_other() -> None:
    """The Journal of Rheumatology asks for one number of decimals in a table; its smallest denominator decides."""
    results = ("33/200", "1/12", "1/1000")
    assert _shown(Style.JRHEUM, *results) == ["17", "8", "0"]
    assert _shown(Style.JRHEUM, "33/200", "1/1000") == ["16.5", "0.1"]
    assert _shown(Style.AMA, *results) == ["16.5", "8", "0.10"]


def test_as_printed_has_the_printed_decimals() -> None:
    """Trailing noughts stay, ties are as printed, and what was not printed has the decimals of the others."""
    assert _shown(Style.AS_PRINTED, "42/100 (42.0%)", "1/8 (12%)", "1/8 (13%)", "1/8 (12.5%)") == ["42.0", "12", "13", "12.5"]  # fmt: skip  # noqa: E501
    assert _shown(Style.AS_PRINTED, "16 (18.2%)", "42 (47.7%)", "3 (3%)", "9", n=88) == ["18.2", "47.7", "3", "10.2"]
    assert _shown(Style.AS_PRINTED, "9", n=88) == ["10"]


def test_a_slip_is_shown_as_recomputed() -> None:
    """What count and denominator give stands in the table, with the decimals of the printed percentage."""
    assert _shown(Style.AS_PRINTED, "9/24 (40.0%)") == ["37.5"]
    assert _shown(Style.AS_PRINTED, "5/30 (16.6%)") == ["16.7"]


def test_a_declared_rounding_is_kept() -> None:
    """Where the record says that its percentages are truncated, so are they here."""
    assert _shown(Style.AS_PRINTED, "5/30 (16.6%)", more="rounding: truncate\n") == ["16.6"]


@pytest.mark.parametrize("style", Style)
def test_what_only_the_text_gives_is_shown_as_printed(style: Style) -> None:
    """Without count and denominator, a percentage keeps its bound in every style; hedged words are no number."""
    assert _shown(style, "nearly 50%", "<1%", "87%", "6") == [None, "<1", "87", None]
