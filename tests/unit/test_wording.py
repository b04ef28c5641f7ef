"""Hedged words against exact shares, and changes against the percentages they lie between."""

from __future__ import annotations

from fractions import Fraction

import pytest

from rheumcalc.checks.case import Case, Judgement
from rheumcalc.checks.wording import check_differences, check_hedges, percent_between, points_between
from rheumcalc.findings import Finding
from rheumcalc.numbers.printed import parse_count, parse_number
from rheumcalc.numbers.rounding import Interval, RoundingMode
from rheumcalc.prose.reported import parse_reported
from rheumcalc.source import Location, Source
from rheumcalc.study.claims import Claim, DifferenceClaim, Group, ProportionClaim, StudyClaims, Subject, Verdict

SOURCE = Source("draft.md", "")
LOCATION = Location(SOURCE)


def proportion(text: str, hedge: str | None = None, **about: str) -> ProportionClaim:
    """Return the claim that a result makes as a record prints it."""
    reported = parse_reported(text)
    return ProportionClaim(
        Subject(population="all"),
        text,
        LOCATION,
        count=reported.count,
        denominator=reported.denominator,
        percent=reported.percent,
        hedge=hedge or reported.hedge,
        **about,  # type: ignore[arg-type]
    )


def difference(first: str, second: str, change: str, unit: str) -> DifferenceClaim:
    """Return the claim of a change between two percentages."""
    numbers = (parse_number(number) for number in (first, second, change))
    one, other, between = numbers
    return DifferenceClaim(
        Subject(), f"{first} to {second}: {change}", LOCATION, first=one, second=other, change=between, unit=unit
    )


def case_of(*claims: Claim, n: str | None = None, rounding: frozenset[RoundingMode] = frozenset()) -> Case:
    """Return a case of these claims, and of a population of a stated size."""
    groups = {"all": Group("all", LOCATION, n=parse_count(n))} if n else {}
    return Case(StudyClaims("study", SOURCE, claims=claims, groups=groups, rounding=rounding))


def messages(case: Case) -> list[str]:
    """Return what the hedges of a case are found to be."""
    return [finding.message for finding in check_hedges(case) if isinstance(finding, Finding)]


@pytest.mark.parametrize(
    ("text", "is_true"),
    [
        ("nearly 50% (44/88)", False),
        ("nearly 50% (43/88)", True),
        ("nearly 50% (45/100)", True),
        ("nearly 50% (449/1000)", False),
        ("Almost 50% (43/88)", True),
        ("about 50% (525/1000)", True),
        ("around 50% (475/1000)", True),
        ("approximately 50% (526/1000)", False),
        ("roughly 50% (474/1000)", False),
        ("more than 50% (44/88)", False),
        ("more than 50% (5001/10000)", True),
        ("over 50% (45/88)", True),
        ("less than 50% (44/88)", False),
        ("under 50% (43/88)", True),
        ("at least 50% (44/88)", True),
        ("at least 50% (43/88)", False),
        ("up to 50% (44/88)", True),
        ("up to 50% (45/88)", False),
        ("some 50% (12/88)", True),
        ("close to 50% (12/88)", True),
        ("50% (12/88)", True),
        (">50% (12/88)", True),
        ("nearly 50% (90/88)", True),
    ],
)
def test_hedged_percentages(text: str, *, is_true: bool) -> None:
    """A hedge is false where the exact share lies outside what it means; what promises nothing is never false."""
    assert is_true is not bool(messages(case_of(proportion(text))))


@pytest.mark.parametrize(
    ("text", "hedge", "is_true"),
    [
        ("44/88", "half", True),
        ("44/88", "more than half", False),
        ("44/88", "nearly half", False),
        ("30/88", "about a third", True),
        ("31/100", "one third", True),
        ("30/100", "a third", False),
        ("58/88", "Two-thirds", True),
        ("22/88", "a quarter", True),
        ("70/88", "three quarters", False),
        ("44/88", "several", True),
        ("44/88", "few", True),
    ],
)
def test_parts_in_words(text: str, hedge: str, *, is_true: bool) -> None:
    """Half, thirds and quarters mean within two and a half points of themselves, and take hedges of their own."""
    assert is_true is not bool(messages(case_of(proportion(text, hedge))))


def test_a_hedge_is_told_with_its_meaning() -> None:
    """The finding prints the exact share, the words, and what they are taken to mean."""
    (finding,) = check_hedges(case_of(proportion("nearly 50% (44/88)")))
    assert isinstance(finding, Finding)
    assert finding.message == "44/88 is 50%, which is not nearly 50%."
    assert finding.steps == ("'nearly' is taken to mean at least 45% and less than 50%",)
    assert (finding.rule.code, finding.printed, finding.recomputed) == ("RC811", "nearly 50% (44/88)", "50%")


def test_a_stated_size_is_a_denominator() -> None:
    """The denominator may be the size of the population."""
    (finding,) = check_hedges(case_of(proportion("44 (nearly 50%)"), n="88"))
    assert isinstance(finding, Finding)
    assert finding.steps[1] == "88 is stated for 'all'"
    assert messages(case_of(proportion("44 (nearly 50%)"))) == []


def test_an_estimate_is_no_simple_share() -> None:
    """A Kaplan-Meier estimate is not compared with count over denominator."""
    assert messages(case_of(proportion("nearly 50% (44/88)", estimator="kaplan_meier"))) == []


@pytest.mark.parametrize(
    ("first", "second", "change", "unit", "rule"),
    [
        ("53", "29", "24", "points", None),
        ("53", "29", "25", "points", None),
        ("53", "29", "25.0", "points", None),
        ("53", "29", "25.1", "points", "RC813"),
        ("53", "29", "26", "points", "RC813"),
        ("53", "29", "45", "points", "RC812"),
        ("53", "29", "45", "percent", None),
        ("53", "29", "24", "percent", "RC812"),
        ("53", "29", "34", "percent", "RC813"),
        ("29", "53", "24", "points", None),
        ("29", "53", "-24", "points", None),
        ("20", "40", "100", "percent", None),
        ("20", "40", "20", "percent", "RC812"),
        ("20.0", "40.0", "20.2", "points", "RC813"),
        ("20.0", "40.0", "20.1", "points", None),
        ("50", "50", "0", "points", None),
        ("50", "50", "0", "percent", None),
        ("5", "0", "100", "percent", None),
        ("5", "0", "95", "percent", None),
        ("0", "5", "5", "percent", "RC812"),
        ("0", "0", "0", "percent", None),
        ("100", "98", "2", "points", None),
        ("100", "98", "2", "percent", None),
    ],
)
def test_changes(first: str, second: str, change: str, unit: str, rule: str | None) -> None:
    """A change fits its kind, only the other, or neither, with the slack that rounding leaves each number."""
    *findings, judgement = check_differences(case_of(difference(first, second, change, unit)))
    codes = [finding.rule.code for finding in findings if isinstance(finding, Finding)]
    assert codes == ([rule] if rule else [])
    assert isinstance(judgement, Judgement)
    assert judgement.verdict is (Verdict.INCONSISTENT if rule else Verdict.CONSISTENT)


@pytest.mark.parametrize(
    ("numbers", "message", "recomputed"),
    [
        (
            ("53", "29", "45", "points"),
            "From 53% to 29% is a change of 24 percentage points; 45 is the change in percent of the first.",
            "24 percentage points",
        ),
        (
            ("53", "29", "24", "percent"),
            "From 53% to 29% is a change of 45%; 24 is the change in percentage points.",
            "45%",
        ),
        (
            ("53", "29", "34", "points"),
            "From 53% to 29% is a change of 24 percentage points or 45%; 34 is printed.",
            "24 percentage points",
        ),
        (
            ("0", "5", "5", "percent"),
            "From 0% to 5% has no change in percent; 5 is the change in percentage points.",
            None,
        ),
    ],
)
def test_what_is_said_about_a_change(numbers: tuple[str, str, str, str], message: str, recomputed: str | None) -> None:
    """A finding says the change as recomputed, and which kind the printed one is."""
    finding, _ = check_differences(case_of(difference(*numbers)))
    assert isinstance(finding, Finding)
    assert (message, recomputed) == (finding.message, finding.recomputed)
    assert finding.printed == finding.claims[0].text


@pytest.mark.parametrize("numbers", [("<5", "3", "2"), ("5", "3", ">2"), ("-5", "3", "8")])
def test_bounds_and_changes_from_below_zero_cannot_be_checked(numbers: tuple[str, str, str]) -> None:
    """What is no exact percentage is counted as not checked."""
    (judgement,) = check_differences(case_of(difference(*numbers, "points")))
    assert isinstance(judgement, Judgement)
    assert judgement.verdict is Verdict.CANNOT_CHECK


def test_the_declared_rounding_is_used() -> None:
    """Where a study truncates, its percentages stand for what lies above them."""
    claim = difference("53", "29", "23", "points")
    modes = frozenset({RoundingMode.TRUNCATE})
    first, second = parse_number("53"), parse_number("29")
    assert points_between(first, second, case_of(claim, rounding=modes)) == Interval(
        Fraction(23), Fraction(25), lower_closed=False, upper_closed=False
    )


def test_intervals_are_those_of_the_catalogue() -> None:
    """Points have half a unit of each last digit as slack; percent is taken over both boxes."""
    case = case_of()
    first, second = parse_number("53"), parse_number("29")
    assert points_between(first, second, case) == Interval(Fraction(23), Fraction(25))
    low, high = 100 * (1 - Fraction(59, 105)), 100 * (1 - Fraction(57, 107))
    assert percent_between(first, second, case) == Interval(low, high)
