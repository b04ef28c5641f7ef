"""Changes printed beside their two percentages, in prose."""

from __future__ import annotations

import pytest

from rheumcalc.prose.differences import Difference, find_differences
from rheumcalc.prose.text import read_text


def differences_in(text: str) -> list[Difference]:
    """Return the changes of a text."""
    return find_differences(read_text(text).tokens)


def numbers_of(difference: Difference) -> tuple[str, str, str, str]:
    """Return the printed numbers of a change and its unit."""
    return difference.first.text, difference.second.text, difference.change.text, difference.unit


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Use fell from 53% to 29%, a fall of 24 points.", ("53", "29", "24", "points")),
        ("Use fell from 53% to 29%, a fall of 24 percentage points.", ("53", "29", "24", "points")),
        ("Use fell from 53% to 29% (a 24 percentage-point drop).", ("53", "29", "24", "points")),
        ("Use fell from 53% to 29%, a fall of 24%.", ("53", "29", "24", "percent")),
        ("Use fell from 53% to 29%, a 45% reduction.", ("53", "29", "45", "percent")),
        ("Use fell from 53% to 29%, a 45% reduction in the rate.", ("53", "29", "45", "percent")),
        ("Use fell from 53% to 29%, an absolute reduction of 24%.", ("53", "29", "24", "points")),
        ("Use fell from 53% to 29%, a 24% absolute reduction.", ("53", "29", "24", "points")),
        ("Use fell from 53 to 29 per cent, a fall of 24 points.", ("53", "29", "24", "points")),
        (
            "Use fell from 53% (47/88) at baseline to 29% (26/88) at month 12 (P < 0.01), a 45% relative reduction.",
            ("53", "29", "45", "percent"),
        ),
        ("Use fell from 53% in 2012 to 29% in 2014, a fall of 24 points.", ("53", "29", "24", "points")),
        ("Use fell from 53% to 29%, which was a fall of 24 points.", ("53", "29", "24", "points")),
        ("Use fell by 24 percentage points, from 53% to 29%.", ("53", "29", "24", "points")),
        ("Use decreased by 45% (from 53% to 29%).", ("53", "29", "45", "percent")),
        ("There was a 24-point fall from 53% to 29%.", ("53", "29", "24", "points")),
        ("Response rose from 20·5% to 40·5%, an increase of 20·0 pp.", ("20·5", "40·5", "20·0", "points")),
        (
            "Response was 60% v 47.5%, an absolute difference of 12.5 percentage points.",
            ("60", "47.5", "12.5", "points"),
        ),
        ("Response was 60% with it versus 47.5% without (difference of 12.5%).", ("60", "47.5", "12.5", "points")),
    ],
)
def test_a_change_with_its_percentages(text: str, expected: tuple[str, str, str, str]) -> None:
    """A change is found with its percentages and its unit, each in its place."""
    text = "It was seen. " + text
    (difference,) = differences_in(text)
    assert expected == numbers_of(difference)
    for number in difference[:3]:
        assert number.span is not None
        assert number.text == text[slice(*number.span)]
        assert difference.span.start <= number.span.start < number.span.end <= difference.span.end


@pytest.mark.parametrize(
    ("text", "cut"),
    [
        ("Use fell from 53% to 29%, a fall of 24 points on it.", "53% to 29%, a fall of 24 points"),
        ("Use fell by 24%, from 53% to 29% on it.", "24%, from 53% to 29%"),
    ],
)
def test_the_span_runs_over_all_three_numbers(text: str, cut: str) -> None:
    """The span of a change, cut from its text, reads as it is printed."""
    (difference,) = differences_in(text)
    assert cut == text[slice(*difference.span)]


@pytest.mark.parametrize(
    "text",
    [
        "HbA1c fell from 8.5% to 7.2%, a reduction of 1.3%.",
        "The mean share fell from 53% to 29%, a fall of 24 points.",
        "Use fell from 53% to 29%, a mean fall of 20 points.",
        "Use fell from 53% to 29%, an adjusted fall of 20 points.",
        "Use fell from 53% to 29%, a fall of about 24 points.",
        "Use fell from 53% to 29%, a fall of 24 to 30 points.",
        "Use fell from 53% to 29% a 24 to 30 points fall.",
        "Use fell from 53% to 29%, no fall of 24 points.",
        "Use fell from 53% to 29%, a fall of 24 points after adjustment.",
        "Use was about 53% versus 29%, a fall of 24 points.",
        "Use fell from 53% to 29%, a fall of 6 points per year.",
        "Use fell from 53% to 29%, a 45% reduction in costs.",
        "Use fell from 53% to 29%, a rise of 24 points.",
        "Use fell from 53% to 29%. There was a fall of 20 points elsewhere.",
        "Use rose from 20% to 50% with it and from 22% to 30% without, a difference of 22 points.",
        "Response was 60% versus 47.5% (difference of 12.0 percentage points, 95% CI 3 to 21).",
        "Response was 60% versus 47.5%, a 21% reduction.",
        "Use fell from about 53% to 29%, a fall of 24 points.",
        "Use fell from 53% to 29%.",
        "",
    ],
)
def test_no_change(text: str) -> None:
    """Means, models, hedges, and changes of something else are not read."""
    assert differences_in(text) == []


def test_changes_are_in_order() -> None:
    """Each pair has its own change."""
    text = "A fell from 53% to 29%, a fall of 24 points, and B rose from 20% to 40%, an increase of 20 points."
    assert [difference.change.text for difference in differences_in(text)] == ["24", "20"]


@pytest.mark.parametrize(
    "bait", ["from 5", "from 5% to ", "5% ", "a fall of ", "from 5% a ", "5% versus ", "a ", "fall ", "(", "1,", "1 "]
)
def test_text_made_to_be_slow_is_read(bait: str) -> None:
    """A long run of anything that begins a pattern is read to its end."""
    text = f"5% fall {bait * 10_000} from 5% to 3%, a fall of 2 points."
    assert len(differences_in(text)) <= 1
