"""Rounding and its inverse, by table."""

from __future__ import annotations

from fractions import Fraction

import pytest

from rheumcalc.numbers.rounding import (
    NEAREST,
    TOLERATED,
    Interval,
    RoundingMode,
    preimage,
    printed_decimal,
    round_exact,
)

UP, EVEN, DOWN = RoundingMode.HALF_UP, RoundingMode.HALF_EVEN, RoundingMode.HALF_DOWN
CUT, CEILING = RoundingMode.TRUNCATE, RoundingMode.CEILING


@pytest.mark.parametrize(
    ("value", "decimals", "expected"),
    [
        # value, decimals, then half up, half even, half down, truncate, ceiling
        ("56.25", 1, ("56.3", "56.2", "56.2", "56.2", "56.3")),
        ("12.5", 0, ("13", "12", "12", "12", "13")),
        ("13.5", 0, ("14", "14", "13", "13", "14")),
        ("0.5", 0, ("1", "0", "0", "0", "1")),
        ("-0.5", 0, ("-1", "0", "0", "0", "0")),
        ("-1.5", 0, ("-2", "-2", "-1", "-1", "-1")),
        ("-2.55", 1, ("-2.6", "-2.6", "-2.5", "-2.5", "-2.5")),
        ("18.1999", 1, ("18.2", "18.2", "18.2", "18.1", "18.2")),
        ("18.1001", 1, ("18.1", "18.1", "18.1", "18.1", "18.2")),
        ("100", 2, ("100", "100", "100", "100", "100")),
        ("0", 1, ("0", "0", "0", "0", "0")),
    ],
)
def test_ties_and_signs(value: str, decimals: int, expected: tuple[str, ...]) -> None:
    """Each mode takes ties and negative values as its documentation says."""
    actual = tuple(round_exact(Fraction(value), decimals, mode) for mode in (UP, EVEN, DOWN, CUT, CEILING))
    assert tuple(map(Fraction, expected)) == actual


@pytest.mark.parametrize(
    ("value", "modes", "inside", "outside"),
    [
        ("18.2", {UP}, ["18.15", "18.2", "18.2499"], ["18.25", "18.1499"]),
        ("18.2", {DOWN}, ["18.25", "18.1501"], ["18.15"]),
        ("18.2", {EVEN}, ["18.15", "18.25"], ["18.1499", "18.2501"]),
        ("18.3", {EVEN}, ["18.2501", "18.3499"], ["18.25", "18.35"]),
        ("18.2", NEAREST, ["18.15", "18.25"], ["18.14999", "18.25001"]),
        ("18.2", {CUT}, ["18.2", "18.2999"], ["18.3", "18.1999"]),
        ("18.2", {CEILING}, ["18.2", "18.1001"], ["18.1", "18.2001"]),
        ("18.2", TOLERATED, ["18.15", "18.2999"], ["18.3", "18.1499"]),
        ("0.0", {CUT}, ["0", "0.0999", "-0.0999"], ["0.1", "-0.1"]),
        ("0.0", {UP}, ["0", "0.0499", "-0.0499"], ["0.05", "-0.05"]),
        ("0.0", {DOWN}, ["0.05", "-0.05"], ["0.0501", "-0.0501"]),
        ("-0.5", {CUT}, ["-0.5", "-0.5999"], ["-0.6", "-0.4999"]),
        ("-0.5", {UP}, ["-0.45", "-0.5499"], ["-0.55", "-0.4499"]),
        ("-0.5", {CEILING}, ["-0.5", "-0.5999"], ["-0.6", "-0.4999"]),
    ],
)
def test_preimages_at_their_ends(value: str, modes: set[RoundingMode], inside: list[str], outside: list[str]) -> None:
    """The ends of a preimage are closed exactly where the mode maps them to the printed value."""
    interval = preimage(Fraction(value), 1, modes)
    assert (inside, []) == (
        [each for each in inside if Fraction(each) in interval],
        [each for each in outside if Fraction(each) in interval],
    )


def test_no_mode_has_no_preimage() -> None:
    """Asking under no mode is a mistake, and is not answered with a set."""
    with pytest.raises(ValueError, match=r"\w"):
        preimage(Fraction(1), 0, [])


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [("18.2", 1, "18.2"), ("-0.5", 2, "-0.50"), ("0.05", 2, "0.05"), ("0", 0, "0"), ("1234", 0, "1234"), ("0", 3, "0.000")],  # noqa: E501
)  # fmt: skip
def test_a_value_prints_with_its_decimals(value: str, decimals: int, text: str) -> None:
    """A value prints with exactly the decimals asked for."""
    assert text == printed_decimal(Fraction(value), decimals)


def test_a_value_with_more_digits_is_not_cut_in_silence() -> None:
    """Printing never rounds."""
    with pytest.raises(ValueError, match="more than 1 decimals"):
        printed_decimal(Fraction("0.25"), 1)


@pytest.mark.parametrize(
    ("one", "other", "meet"),
    [
        (Interval(Fraction(0), Fraction(1)), Interval(Fraction(1), Fraction(2)), True),
        (Interval(Fraction(0), Fraction(1), upper_closed=False), Interval(Fraction(1), Fraction(2)), False),
        (Interval(None, Fraction(1)), Interval(Fraction(2), None), False),
        (Interval(None, None), Interval(Fraction(2), None), True),
    ],
)
def test_intervals_meet_where_they_share_a_value(one: Interval, other: Interval, *, meet: bool) -> None:
    """Open ends that touch share nothing; the relation has no direction."""
    assert (meet, meet) == (one.meets(other), other.meets(one))
