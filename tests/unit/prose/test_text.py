"""What is read in prose: forms, places, and what is left alone."""

from __future__ import annotations

from typing import Any

import pytest

from rheumcalc.prose.mentions import Mention
from rheumcalc.prose.reported import parse_reported
from rheumcalc.prose.text import read_text
from rheumcalc.source import Span

Key = tuple[int | None, int | None, str | None]


def numbers(mention: Mention) -> Key:
    """Numbers."""
    reported = mention.reported
    return (
        None if reported.count is None else int(reported.count.value),
        None if reported.denominator is None else int(reported.denominator.value),
        None if reported.percent is None else reported.percent.numeral,
    )


def found(text: str) -> list[Key]:
    """Found."""
    return [numbers(mention) for mention in read_text(text).mentions]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("16 treatment failures in 60 patients (27%)", (16, 60, "27")),
        ("n = 45; 36.9%", (45, None, "36.9")),
        ("44 (50%) of the 88", (44, 88, "50")),
        ("58/177 (33)", (58, 177, "33")),
        ("nearly 50%", (None, None, "50")),
        ("Sixteen", (16, None, None)),
    ],
)
def test_records_share_the_table(text: str, expected: Key) -> None:
    """Records share the table."""
    reported = parse_reported(text)
    assert numbers(Mention(reported, Span(0, len(text)), "", "proportion")) == expected


@pytest.mark.parametrize(
    "text",
    [
        "The ratio was 0.459 (95% CI 0.268–0.785; p = 0.002).",
        "They were randomised to one of three groups.",
        "Two groups of 12 animals were fed.",
        "The talk of 12/05/2019 was cancelled.",
        "Visual acuity was 6/60/12 at best.",
        "See https://example.org/a%20b%2Fc for more.",
        "Pain fell by 20% and stiffness by 30%.",
        "Nothing is counted here, and nothing is per se.",
        "",
    ],
)
def test_what_is_no_result_is_left_alone(text: str) -> None:
    """What is no result is left alone."""
    assert found(text) == []


def test_a_fraction_without_a_percentage_is_a_fraction() -> None:
    """A fraction without a percentage is a fraction."""
    (mention,) = read_text("Nodules subsided in 4 out of 11 girls.").mentions
    assert (mention.kind, numbers(mention)) == ("fraction", (4, 11, None))


def test_a_list_is_given_out_only_where_counts_and_percentages_are_as_many() -> None:
    """A list is given out only where counts and percentages are as many."""
    text = "We saw 16, 42 and 37 patients (18.2%, 47.7% and 42.0%, respectively)."
    assert found(text) == [(16, None, "18.2"), (42, None, "47.7"), (37, None, "42.0")]
    assert all(count is None for count, _, _ in found("We saw 16 and 42 patients (18.2%, 47.7% and 42.0%)."))


def test_every_number_knows_its_place_in_the_whole_text() -> None:
    """Every number knows its place in the whole text."""
    text = "Before it.\n\nOf 88 children, 44 (50%) recovered."
    (mention,) = read_text(text).mentions
    count, percent = mention.reported.count, mention.reported.percent
    assert count is not None
    assert count.span is not None
    assert percent is not None
    assert percent.span is not None
    assert text[slice(*count.span)] == "44"
    assert text[slice(*percent.span)] == "50"
    assert text[slice(*mention.span)] == "44 (50%)" == mention.reported.text


@pytest.mark.parametrize(
    ("text", "antecedent", "number"),
    [
        ("Two (2.3%) of them had a rash.", "of them", None),
        ("Of the 20 children with calcinosis, 15 (75%) improved.", "Of the 20 children with calcinosis", 20),
        ("Of the 20 children who had a rash, 15 (75%) improved.", "Of the 20 children who had a rash", 20),
        ("Of the 20 children seen had improved, and 15 (75%) of them fully.", "of them", None),
        ("AF was new in ten, 7 (70%) of whom had a stroke.", "of whom", None),
        ("Among responders, 12 (30%) relapsed.", "Among responders", None),
        ("A rash was seen in 12 (30%) among responders.", "among responders", None),
        ("We took 164 samples of which 75 (46%) were lost.", "of which", None),
        ("In total 12 (30%) relapsed.", None, None),
        ("Of 88 patients, 12 of 40 (30%) relapsed.", None, None),
    ],
)
def test_antecedents(text: str, antecedent: str | None, number: int | None) -> None:
    """Antecedents."""
    mention = read_text(text).mentions[-1]
    if antecedent is None:
        assert mention.antecedent is None
    else:
        assert mention.antecedent is not None
        assert text[slice(*mention.antecedent.span)] == antecedent
        printed = mention.antecedent.number
        assert (None if printed is None else int(printed.value)) == number


def test_hedges_and_bounds_make_a_percentage_approximate() -> None:
    """Hedges and bounds make a percentage approximate."""
    hedged, bound, plain = read_text("Fever in 5 (about 2%), rash in 2 (<1%), pain in 9 (4%) of the girls.").mentions
    assert (hedged.reported.hedge, hedged.reported.approx) == ("about", True)
    assert bound.reported.approx
    assert not plain.reported.approx


def test_the_corpus_is_read_with_its_floors(claims_corpus: list[dict[str, Any]]) -> None:
    """The corpus is read with its floors."""
    right = {"counted": 0, "bare": 0}
    expected, predicted = dict(right), dict(right)
    for document in claims_corpus:
        keys = [
            (claim["start"], claim["end"], claim["approx"], claim["count"], claim["denominator"], claim["percent"])
            for claim in document["claims"]
        ]
        read = [
            (*mention.span, mention.reported.approx, *numbers(mention))
            for mention in read_text(document["text"]).mentions
            if mention.kind == "proportion"
        ]
        for kind in right:
            wanted = {key for key in keys if (key[3] is None and key[4] is None) == (kind == "bare")}
            got = {key for key in read if (key[3] is None and key[4] is None) == (kind == "bare")}
            right[kind] += len(wanted & got)
            expected[kind] += len(wanted)
            predicted[kind] += len(got)
    assert right["counted"] / predicted["counted"] >= 0.99
    assert right["counted"] / expected["counted"] >= 0.99
    assert right["bare"] / predicted["bare"] >= 0.9
    assert right["bare"] / expected["bare"] >= 0.85
