"""Times as studies print them."""

from __future__ import annotations

from fractions import Fraction

import pytest

from rheumcalc.numbers.timepoint import certainly_later, parse_timepoint, same_time


@pytest.mark.parametrize(
    ("text", "amount", "unit"),
    [
        ("12 months", "12", "month"),
        ("month 12", "12", "month"),
        ("12-month", "12", "month"),
        ("week 24", "24", "week"),
        ("24 weeks", "24", "week"),
        ("24 wks", "24", "week"),
        ("twenty-four weeks", "24", "week"),
        ("six months", "6", "month"),
        ("1.5 years", "1.5", "year"),
        ("1,5 years", "1.5", "year"),
        ("2 yrs", "2", "year"),
        ("3 mo", "3", "month"),
        ("day 1", "1", "day"),
        ("90 d", "90", "day"),
        ("1000 days", "1000", "day"),
        ("1,000 days", "1000", "day"),
        ("baseline", "0", "day"),
        ("Baseline", "0", "day"),
        ("after 6 months", "6", "month"),
        ("at least 6 months", "6", "month"),
        ("≥ 6 months", "6", "month"),
        ("up to 2 years", "2", "year"),
        ("  6   months ", "6", "month"),
    ],
)
def test_times_are_read(text: str, amount: str, unit: str) -> None:
    """Amount and unit are read, in figures and in words, before or after the unit."""
    timepoint = parse_timepoint(text)
    assert (Fraction(amount), unit) == (timepoint.amount, timepoint.unit)


@pytest.mark.parametrize(
    ("text", "strict"),
    [("more than 6 months", True), ("longer than 6 months", True), ("over 6 months", True), ("> 6 months", True), ("6 months", False), ("at least 6 months", False), ("over the 6 months", False)],  # noqa: E501
)  # fmt: skip
def test_more_than_is_strict(text: str, *, strict: bool) -> None:
    """`more than` excludes the time itself."""
    timepoint = parse_timepoint(text)
    assert (Fraction(6), strict) == (timepoint.amount, timepoint.strict)


@pytest.mark.parametrize(
    "text",
    [
        "last follow-up",
        "6",
        "months",
        "visit 3",
        "6 parsecs",
        "discharge",
        "NaN months",
        "6 to 12 months",
        "9999999 days",
    ],
)
def test_a_text_without_a_time_is_kept_bare(text: str) -> None:
    """What names no length of time keeps its words and claims no amount."""
    timepoint = parse_timepoint(text)
    assert (text, None, None) == (timepoint.text, timepoint.amount, timepoint.unit)


@pytest.mark.parametrize(
    ("later", "earlier", "certain"),
    [
        ("12 months", "6 months", True),
        ("6 months", "6 months", False),
        ("6 months", "12 months", False),
        ("52 weeks", "12 months", False),
        ("12 months", "52 weeks", False),
        ("1 year", "12 months", False),
        ("24 weeks", "6 months", False),
        ("6 months", "12 weeks", True),
        ("last follow-up", "6 months", False),
        ("1,000 days", "12 months", True),
    ],
)
def test_later_only_where_no_unit_allows_otherwise(later: str, earlier: str, *, certain: bool) -> None:
    """One time is later than another only under every meaning of their units."""
    assert certain is certainly_later(parse_timepoint(later), parse_timepoint(earlier))


def test_one_time_in_two_spellings() -> None:
    """`week 24` and `24 weeks` are one timepoint; 12 months and 52 weeks are not."""
    assert same_time(parse_timepoint("week 24"), parse_timepoint("24 weeks"))
    assert parse_timepoint("week 24").key == parse_timepoint("twenty-four weeks").key
    assert not same_time(parse_timepoint("12 months"), parse_timepoint("52 weeks"))
