"""Options of a summary, on the command line and in a marker; and which rows they select."""

from __future__ import annotations

from fractions import Fraction

import pytest

from rheumcalc.config import SettingsError
from rheumcalc.numbers.intervals import IntervalMethod
from rheumcalc.summary.options import Grouping, Style, SummaryOptions, confidence_level, parse_words, with_options
from rheumcalc.summary.select import selected
from summaries import TWO_ARMS, rows_from


@pytest.mark.parametrize(
    ("text", "level", "told"),
    [("0.95", Fraction(95, 100), "95%"), ("95%", Fraction(95, 100), "95%"), ("95", Fraction(95, 100), "95%"),
     ("0.975", Fraction(975, 1000), "97.5%"), ("99.9%", Fraction(999, 1000), "99.9%"), ("0,9", Fraction(9, 10), "90%")],
)  # fmt: skip
def test_a_level_is_read_as_people_write_it(text: str, level: Fraction, told: str) -> None:
    """As a share, as a percentage, with the sign or without."""
    assert (level, told) == (confidence_level(text), SummaryOptions(confidence_level=confidence_level(text)).level)


@pytest.mark.parametrize("text", ["", "1", "100%", "0", "-0.95", "0.4", "x", "<0.95", "1.5", "0.95%", "0.99999999999"])
def test_what_is_no_level(text: str) -> None:
    """Below a half, one and above, words and bounds are refused."""
    with pytest.raises(SettingsError, match="confidence level"):
        confidence_level(text)


def test_options_by_their_names() -> None:
    """Each name of the command line gives its field, `-` and `_` alike; what is not given stays as it was."""
    given: dict[str, str | tuple[str, ...] | None] = {
        "style": "AMA",
        "interval": "clopper-pearson",
        "confidence-level": "0.9",
        "by": "outcome",
        "outcome": ("a", "b"),
        "timepoint": None,
    }
    options = with_options(SummaryOptions(populations=("x",)), given)
    wanted = SummaryOptions(
        Style.AMA, IntervalMethod.CLOPPER_PEARSON, Fraction(9, 10), Grouping.OUTCOME, (), ("a", "b"), (), ("x",)
    )
    assert wanted == options


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"style": "nejm"}, "valid: as-printed, jrheum, ama"),
        ({"interval": "wilsn"}, "did you mean 'wilson'?"),
        ({"colour": "red"}, "not an option of a summary"),
        ({"by": "arm"}, "valid: study, outcome"),
    ],
)
def test_what_cannot_be_meant(given: dict[str, str], words: str) -> None:
    """A value that is unknown is told with those that are."""
    with pytest.raises(SettingsError) as error:
        with_options(SummaryOptions(), given)
    assert words in str(error.value)


@pytest.mark.parametrize(
    "words",
    [
        ("zhang", "by=outcome", "outcome=a", "outcome=b c"),
        ("--by", "outcome", "zhang", "--outcome=a", "--outcome", "b c"),
        ("study=zhang", "--by=outcome", "outcome=a", "--outcome=b c"),
    ],
)
def test_a_marker_may_write_options_in_each_way(words: tuple[str, ...]) -> None:
    """As `name=value`, or as on the command line; a bare word is a study."""
    assert parse_words(words) == {"study": ("zhang",), "by": "outcome", "outcome": ("a", "b c")}


@pytest.mark.parametrize("words", [("by=",), ("--by",), ("--by", "--style"), ("by=study", "by=outcome")])
def test_words_of_a_marker_that_cannot_be_meant(words: tuple[str, ...]) -> None:
    """An option without a value, and one that is said twice, are refused."""
    with pytest.raises(SettingsError):
        parse_words(words)


ROWS = rows_from(TWO_ARMS, TWO_ARMS.replace("ACR Pedi 30", "ACR Pedi 30 [primary]"))


@pytest.mark.parametrize(
    ("options", "count"),
    [
        (SummaryOptions(), 18),
        (SummaryOptions(studies=("study-2",)), 9),
        (SummaryOptions(studies=("Author1 2020",)), 9),
        (SummaryOptions(outcomes=("acr-30",)), 4),
        (SummaryOptions(outcomes=("ACR PEDI  30",)), 2),
        (SummaryOptions(outcomes=("ACR Pedi 30 [primary]",)), 2),
        (SummaryOptions(outcomes=("acr-*",)), 8),
        (SummaryOptions(outcomes=("acr-30", "slip")), 6),
        (SummaryOptions(timepoints=("24 weeks",)), 2),
        (SummaryOptions(timepoints=("Week 24",)), 2),
        (SummaryOptions(timepoints=("month 1",), populations=("drug",)), 2),
        (SummaryOptions(populations=("the new drug",)), 2),
        (SummaryOptions(populations=("completers",)), 6),
    ],
    ids=str,
)
def test_selection(options: SummaryOptions, count: int) -> None:
    """Rows are chosen by ids, labels, other spellings of a time, names and labels of groups; all of the words count."""
    assert count == len(selected(ROWS, options))


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (SummaryOptions(outcomes=("acr30",)), "did you mean 'acr-30'"),
        (SummaryOptions(timepoints=("week 23",)), "no result has the timepoint 'week 23'"),
        (SummaryOptions(outcomes=("slip",), populations=("drug",)), "no result has the population 'drug'"),
        (SummaryOptions(studies=("study",)), "study-1"),
        (SummaryOptions(outcomes=("[",)), "no result has the outcome '['"),
    ],
    ids=str,
)
def test_a_word_that_selects_nothing_is_told(options: SummaryOptions, words: str) -> None:
    """Nothing is passed over in silence; near names are offered, or the names there are."""
    with pytest.raises(SettingsError) as error:
        selected(ROWS, options)
    assert words in str(error.value)


def test_by_outcome_brings_studies_together() -> None:
    """Outcomes keep the order in which they are first met, and studies theirs within each."""
    chosen = selected(ROWS, SummaryOptions(by=Grouping.OUTCOME, outcomes=("acr-30", "slip")))
    assert [(row.outcome, row.study.id) for row in chosen] == [("acr-30", "study-1"), ("acr-30", "study-1"), ("acr-30", "study-2"), ("acr-30", "study-2"), ("slip", "study-1"), ("slip", "study-2")]  # fmt: skip  # noqa: E501
