"""The feasible sets, by the examples of the catalogue."""

from __future__ import annotations

import pytest

from rheumcalc.numbers.feasible import (
    NOTHING,
    DenominatorGroup,
    IntegerRange,
    common_denominators,
    denominator_groups,
    feasible_counts,
    feasible_denominators,
)
from rheumcalc.numbers.printed import parse_number
from rheumcalc.numbers.rounding import NEAREST, TOLERATED, RoundingMode


@pytest.mark.parametrize(
    ("count", "percent", "low", "high"),
    [
        (16, "18.2", 88, 88),
        (42, "47.7", 88, 88),
        (10, "12", 80, 86),
        (2, "2.3", 86, 88),
        (0, "0", 1, None),
        (5, "0", 1000, None),
        (12, "100", 12, 12),
        (3, "<1", 301, None),
        (9, "≥90", 9, 10),
        (9, ">90", 9, 9),
        (5, "<=50", 10, None),
    ],
)
def test_denominators_of_the_catalogue(count: int, percent: str, low: int, high: int | None) -> None:
    """A count and a percentage admit exactly these denominators under rounding to nearest."""
    assert IntegerRange(low, high) == feasible_denominators(count, parse_number(percent), NEAREST)


@pytest.mark.parametrize(("count", "percent"), [(12, "87"), (0, "5"), (3, "-1"), (5, "<0"), (5, ">100")])
def test_denominators_that_do_not_exist(count: int, percent: str) -> None:
    """What no denominator gives has an empty set, whatever the mode."""
    assert not feasible_denominators(count, parse_number(percent), TOLERATED)


def test_events_may_exceed_their_denominator() -> None:
    """30 events in 12 participants are 250 per cent; 30 participants are not."""
    percent = parse_number("250")
    assert (
        feasible_denominators(30, percent, NEAREST, events=True).only,
        feasible_denominators(30, percent, NEAREST).only,
    ) == (12, None)


@pytest.mark.parametrize(
    ("percent", "denominator", "low", "high"),
    [("66.7", 24, 16, 16), ("83", 200, 165, 167), ("0", 300, 0, 1), ("100", 300, 299, 300), (">90", 10, 10, 10), ("<1", 50, 0, 0)],  # noqa: E501
)  # fmt: skip
def test_counts_of_a_percentage(percent: str, denominator: int, low: int, high: int) -> None:
    """A percentage of a denominator admits exactly these counts."""
    assert IntegerRange(low, high) == feasible_counts(parse_number(percent), denominator, NEAREST)


def test_a_percentage_that_no_count_gives() -> None:
    """66.7% of 25 is impossible under every rounding."""
    assert not feasible_counts(parse_number("66.7"), 25, {*TOLERATED, RoundingMode.CEILING})


def test_enormous_numbers_cost_nothing() -> None:
    """Sets are held as their ends, so a denominator of 18 digits is as quick as one of two."""
    count = 10**17
    fits = feasible_denominators(count, parse_number("50"), NEAREST)
    assert fits.high == 202020202020202020
    assert 2 * count in fits


def test_the_review_splits_into_its_denominators() -> None:
    """The ten percentages of the review fall into 88 (seven), then the rest."""
    printed = [(16, "18.2"), (42, "47.7"), (37, "42.0"), (44, "50"), (2, "2.3"), (53, "60.2"), (3, "3.4"), (10, "12"), (15, "75"), (5, "25")]  # fmt: skip  # noqa: E501
    ranges = [feasible_denominators(count, parse_number(percent), NEAREST) for count, percent in printed]
    groups = denominator_groups(ranges)
    assert (IntegerRange(88, 88), (0, 1, 2, 3, 4, 5, 6)) == (groups[0].denominators, groups[0].members)
    assert (IntegerRange(20, 20), (8, 9)) == (groups[1].denominators, groups[1].members)
    assert (IntegerRange(80, 86), (7,)) == (groups[2].denominators, groups[2].members)


def test_no_ranges_have_no_groups() -> None:
    """Nothing and empty sets give no group; the common part of nothing is everything."""
    assert denominator_groups([]) == []
    assert denominator_groups([NOTHING, IntegerRange(5, 2)]) == []
    assert IntegerRange(1, None) == common_denominators([])


def test_a_limit_stops_the_splitting() -> None:
    """`limit` bounds how many groups are returned."""
    ranges = [IntegerRange(n, n) for n in (5, 7, 9)]
    assert [DenominatorGroup(IntegerRange(5, 5), (0,))] == denominator_groups(ranges, limit=1)


@pytest.mark.parametrize(
    ("numbers", "words"),
    [(IntegerRange(88, 88), "88"), (IntegerRange(80, 86), "80–86"), (IntegerRange(200, None), "200 or more"), (NOTHING, "none")],  # noqa: E501
)  # fmt: skip
def test_a_range_in_words(numbers: IntegerRange, words: str) -> None:
    """A range reads as people write it."""
    assert words == numbers.describe()
