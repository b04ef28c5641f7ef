"""Addresses of values in records, as markers give them."""

from __future__ import annotations

import pytest

from rheumcalc.record.addresses import AddressError, Values, parse_address
from summaries import TWO_ARMS, reported, rows_from

VALUES = Values(row.claim for row in rows_from(TWO_ARMS).rows)


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        ("study-1.slip", "9/24 (40.0%)"),
        ("STUDY-1.Slip", "9/24 (40.0%)"),
        ("study-1.acr-30 arm=placebo", "1 (8%)"),
        ("study-1.acr-30 --arm=Placebo", "1 (8%)"),
        ("study-1.acr-50 timepoint='week 24'", "10/20 (50.0%)"),
        ('study-1.acr-50 at="24 weeks" population=completers', "10/20 (50.0%)"),
    ],
)
def test_an_address_leads_to_one_value(arguments: str, text: str) -> None:
    """Letter case, spelling of the time and the order of what narrows it do not matter."""
    assert VALUES.at(parse_address(arguments)).text == text


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ("", "no value is named"),
        ("study-1", "no study record has an id that 'study-1' begins with"),
        ("study-2.slip", "no study record"),
        ("study-1.", "has no outcome ''"),
        ("study-1.slyp", "did you mean 'slip'?"),
        ("study-1.acr-30", "has several values; say which: arm=drug timepoint='month 1' or arm=placebo"),
        ("study-1.acr-30 arm=other", "has no such value; it has arm=drug"),
        ("study-1.slip colour=red", "'colour=red' is not understood"),
        ("study-1.slip arm=", "'arm=' is not understood"),
        ("study-1.slip arm='x", "a quotation mark is not closed"),
    ],
)
def test_what_leads_nowhere_says_why(arguments: str, words: str) -> None:
    """The author is told what is wrong, and what there is."""
    with pytest.raises(AddressError) as error:
        VALUES.at(parse_address(arguments))
    assert words in str(error.value)


def test_the_plain_value_needs_no_selector() -> None:
    """Where an outcome has a value without a time and one with, the address without a time is that of the first."""
    record = """
populations: {all: 40}
outcomes:
  - {id: d, label: D, population: all, reported: 10 (25%)}
  - {id: d, label: D, population: all, at: week 24, reported: 20 (50%)}
"""
    values = Values(row.claim for row in rows_from(record).rows)
    assert values.at(parse_address("study-1.d population=all")).text == "10 (25%)"
    assert values.at(parse_address("study-1.d population=all at='week 24'")).text == "20 (50%)"


def test_ids_may_hold_points() -> None:
    """The longest study whose id begins the address and that has the outcome is meant."""
    one = rows_from(reported("1/2 (50%)"), head="id: a\ncitation: {title: A}\n").rows
    other = rows_from(reported("3/4 (75%)"), head="id: a.b\ncitation: {title: B}\n").rows
    values = Values(row.claim for row in (*one, *other))
    assert values.at(parse_address("a.b.o1")).text == "3/4 (75%)"
    assert values.at(parse_address("a.o1")).text == "1/2 (50%)"
