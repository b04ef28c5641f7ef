"""Numbers that count nobody are marked as what they are, and their neighbours are not."""

from __future__ import annotations

from typing import NamedTuple

import pytest

from rheumcalc.prose import marks
from rheumcalc.prose.features import FEATURES
from rheumcalc.prose.marks import MARKS, Mark, mark_measurements, mark_numbers
from rheumcalc.prose.tokens import Tokens


class Case(NamedTuple):
    """What a mark makes of its example, and what of texts that are nearly the same."""

    marked: tuple[str, ...]
    neighbours: tuple[str, ...]


#: For each example of `MARKS`: the tokens that get its feature, and texts in which no token does.
CASES = {
    "fell by −5%": Case(("−5",), ("fell by 5%", "fell by −5")),
    "5%": Case(("5",), ("5", "5 of them", "5 mg")),
    "was seen [12]": Case(("12",), ("was seen (12)", "was seen [12%]", "was seen [12 girls]")),
    "was ±5%": Case(("5",), ("was 5%", "was ± 5", "was ± of 5%")),
    "40% ± 5": Case(("40",), ("40% (5)", "40% of 5")),
    "12–18%": Case(("12", "18"), ("12, 18%", "12 (18%)", "12/18 (67%)")),
    "12% to 18%": Case(("12", "18"), ("from 12% to 18%", "12% and 18%")),
    "95% CI": Case(("95",), ("95% of girls", "95% had a CI", "95% (CI 90 to 99)")),
    "4.5% (range 3 to 11)": Case(("4.5",), ("4.5% (CI 3 to 11)", "4.5% (3 to 11)", "4.5% had a range")),
    "45% (40, 50%)": Case(("50",), ("45% (40), 50%", "45% (40 girls, 50%)", "45 (40, 50%)")),
    "45% (40%, 50%)": Case(("40", "50"), ("45% (40%)", "45 (40%), 50", "45% (40 girls, 50%)")),
    "12–18, 12 mg, p < 5, Q = 12": Case(
        ("12", "18", "12", "5", "12"),
        (
            *("12, 18", "12 of 18", "12/18", "12 girls", "12 of", "12"),
            *("p 5", "5 < p", "n = 12", "N = 12", "girls = 12"),
        ),
    ),
    "two thirds": Case(("two",), ("two girls", "two of the girls", "two")),
    "17 million": Case(("17",), ("17 millers", "seventeen million", "17 or a million")),
    "63% (2 trials)": Case(("2",), ("63% (2 girls)", "63% (2)", "2 trials")),
    "2 to 5 days": Case(("2", "5"), ("2 to 5 girls", "2 of 5 girls")),
    "(4, 8, and 12 weeks)": Case(("4", "8", "12"), ("(4, 8, and 12 girls)", "(4 girls and 8)")),
    "50 and 100 mg": Case(("50", "100"), ("50 and 100 girls",)),
    "a GCS of 7": Case(("7",), ("a GCS of 7 girls", "a GCS of 7/20", "a group of 7")),
    "2009 to 2012": Case(("2009", "2012"), ("2009 to 2012 girls", "2009 of 2012 girls", "209 to 212")),
    "2009/2012": Case(
        ("2009", "2012"), ("2009/2012 girls", "2009/2012 (99.9%)", "99.9% (2009/2012)", "209/212", "2009/2012, 99.9%")
    ),
    "the common one": Case(("one",), ("the one girl", "one girl", "the common one girl", "one of the girls")),
}


def _with_feature(text: str, feature: str) -> tuple[str, ...]:
    tokens = Tokens(text)
    mark_numbers(tokens)
    return tuple(tokens.printed(index) for index in range(len(tokens)) if tokens.has(index, feature))


@pytest.mark.parametrize("mark", MARKS, ids=lambda mark: mark.example)
def test_a_mark_is_made_in_its_example(mark: Mark) -> None:
    """The example of each mark gets its feature, at the numbers that are meant."""
    assert CASES[mark.example].marked == _with_feature(mark.example, mark.feature)


@pytest.mark.parametrize("mark", MARKS, ids=lambda mark: mark.example)
@pytest.mark.parametrize("around", ["{}", "Here {}, as told", "It was so. There: {}"])
def test_a_mark_is_made_wherever_it_stands(mark: Mark, around: str) -> None:
    """A mark is made in the middle of a text as at its start."""
    got = _with_feature(around.format(mark.example), mark.feature)
    assert set(CASES[mark.example].marked) <= set(got)


@pytest.mark.parametrize(
    ("mark", "text"), [(mark, text) for mark in MARKS for text in CASES[mark.example].neighbours], ids=str
)
def test_the_neighbours_of_a_mark_are_left_alone(mark: Mark, text: str) -> None:
    """What is nearly the example of a mark does not get its feature."""
    assert _with_feature(text, mark.feature) == ()


@pytest.mark.parametrize("mark", MARKS, ids=lambda mark: mark.example)
def test_no_mark_is_dead(mark: Mark, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a mark its example is marked otherwise: no other mark does the same."""
    marks._compiled.cache_clear()
    monkeypatch.setattr(marks, "MARKS", tuple(each for each in MARKS if each is not mark))
    try:
        assert CASES[mark.example].marked != _with_feature(mark.example, mark.feature)
    finally:
        marks._compiled.cache_clear()


@pytest.mark.parametrize("mark", MARKS, ids=lambda mark: mark.example)
def test_a_mark_gives_a_feature_that_numbers_can_have(mark: Mark) -> None:
    """The feature of a mark exists, and its groups are `x` and `y`."""
    assert mark.feature in FEATURES
    assert "(?P<x>" in mark.pattern


@pytest.mark.parametrize("mark", MARKS, ids=lambda mark: mark.example)
def test_the_sign_of_a_mark_is_one_it_cannot_do_without(mark: Mark) -> None:
    """What a text must hold for a mark to be looked for stands in the mark's example."""
    sign = marks._sign_of(mark)
    assert sign is None or sign.search(Tokens(mark.example).letters)


def test_examples_are_unique() -> None:
    """No two marks share an example, and each says what it marks."""
    examples = [mark.example for mark in MARKS]
    assert sorted(examples) == sorted(CASES)


@pytest.mark.parametrize(
    ("text", "feature", "marked"),
    [
        ("at weeks 4, 8 and 12", "named", ("4", "8", "12")),
        ("at week 12 (45%)", "named", ("12",)),
        ("at weeks 4 (60%), 12 (58%) and 24 (47%)", "named", ("4", "12", "24")),
        ("at day 180 and 383 (91%) did", "named", ("180",)),
        ("of grade 3 or 4", "named", ("3", "4")),
        ("grade 3, 12 of 40 girls", "named", ("3",)),
        ("in group 3 (12%)", "named", ("3",)),
        ("in the control group 3 (12%)", "named", ()),
        ("a median of 3 girls", "named", ("3",)),
        ("after 4 months 22 (19%) had", "named", ()),
        ("table #4 says", "named", ("4",)),
        ("*4 girls*", "named", ()),
        # years
        ("in 2012 (45%)", "date", ("2012",)),
        ("in 2012 patients (45%)", "date", ()),
        ("in 2012/4000 (50%)", "date", ()),
        ("in 2012 of 4000 (50%)", "date", ()),
        ("in 2012 (50%) of 4000", "date", ()),
        ("in 2012 (50%) of 40 girls", "date", ("2012",)),
        ("in 2012 of 40 girls (30%)", "date", ("2012",)),
        ("45 of 2012 (2%)", "date", ()),
        ("45 (2%) of 2012 there", "date", ()),
        ("45 out of 2012 (2%)", "date", ()),
        ("in May of 2012 (2%)", "date", ("2012",)),
        ("12% of 2012", "date", ("2012",)),
        # months and seasons
        ("12/2015", "date", ("12", "2015")),
        ("in 12/2015 and 01/2016", "date", ("12", "2015", "01", "2016")),
        ("13/2015", "date", ()),
        ("2010/11 (45%)", "date", ("2010", "11")),
        ("1999/2000", "date", ("1999", "2000")),
        ("1999/2001 girls", "date", ()),
        ("1/1900 (0.1%)", "date", ()),
        ("01/1900 (0.1%)", "date", ("01", "1900")),
        ("1/1900, 0.1%", "date", ()),
        ("0.1% (1/1900)", "date", ()),
        ("1/1900 girls", "date", ()),
        ("1/1900 young girls (<1%)", "date", ()),
        # intervals
        ("45% (95% CI 40% to 50%)", "bound", ("95",)),
        ("45% (95% CI 40% to 50%)", "spread", ("40", "50")),
        ("45% (95% CI 40%, 50%)", "bound", ("95", "40", "50")),
        ("45% (CI 95%: 40%, 50%)", "bound", ("95", "40", "50")),
        ("45% (CI 12%)", "bound", ()),
        ("6.6% (90% CI: 4.1, 9.1%)", "bound", ("90", "9.1")),
        ("RR 1.5 (95% CI 1.2 to 2.3); 45% had it", "bound", ("95",)),
        # digits apart
        ("1 2 (20%)", "broken", ("1", "2")),
        ("1 12 girls", "broken", ()),
    ],
)
def test_names_years_limits_and_broken_numbers(text: str, feature: str, marked: tuple[str, ...]) -> None:
    """What labels, years, levels and digits that stand apart make of numbers."""
    assert marked == _with_feature(text, feature)


@pytest.mark.parametrize(
    ("text", "features"),
    [
        ("84.9% (3 yr)", ["percentage", "quantity"]),
        ("71% [12]", ["percentage", "cited"]),
        ("week 12", ["number"]),
        ("12–18%", ["percentage"]),
    ],
)
def test_a_record_marks_only_what_is_measured_and_cited(text: str, features: list[str]) -> None:
    """In a record's result percentages, measurements and references are marked, and names are not."""
    tokens = Tokens(text)
    mark_measurements(tokens)
    kinds = ("percentage", "quantity", "cited", "named", "spread", "number")
    found = [kind for index in range(len(tokens)) for kind in kinds if tokens.has(index, kind)]
    assert features == [each for each in found if each in features]
