"""Numerals and number words: what is read, what is refused."""

from __future__ import annotations

import random
from fractions import Fraction

import pytest
from num2words import num2words

from hostile import NUMERALS
from rheumcalc.numbers.printed import Bound, PrintedError, parse_count, parse_number, parse_number_words


@pytest.mark.parametrize(
    ("text", "value", "decimals"),
    [
        ("18.2", "18.2", 1),
        ("18·2", "18.2", 1),
        ("18∙2", "18.2", 1),
        ("18⋅2", "18.2", 1),
        ("18,2", "18.2", 1),
        ("42.0", "42", 1),
        ("42", "42", 0),
        (".5", "0.5", 1),
        ("0,123", "0.123", 3),
        ("1,234", "1234", 0),
        ("1,234.5", "1234.5", 1),
        ("1,234,567", "1234567", 0),
        ("1.234.567", "1234567", 0),
        ("1.234,5", "1234.5", 1),
        ("1 234", "1234", 0),
        ("1\u2009234", "1234", 0),
        ("1\u202f234", "1234", 0),
        ("1\u00a0234\u00a0567", "1234567", 0),
        ("1'234", "1234", 0),
        ("1’234,5", "1234.5", 1),
        ("-0.3", "-0.3", 1),
        ("−0.3", "-0.3", 1),
        ("–2", "-2", 0),
        ("+5", "5", 0),
        ("0.00", "0", 2),
        ("  7 ", "7", 0),
    ],
)
def test_numerals_are_read_exactly(text: str, value: str, decimals: int) -> None:
    """A numeral keeps its exact value and the decimals it prints."""
    printed = parse_number(text)
    assert (Fraction(value), decimals, Bound.EXACT) == (printed.value, printed.decimals, printed.bound)


@pytest.mark.parametrize(
    ("text", "bound", "value"),
    [
        ("<1", Bound.BELOW, 1),
        ("< 1", Bound.BELOW, 1),
        ("≥90", Bound.AT_LEAST, 90),
        ("⩾ 90", Bound.AT_LEAST, 90),
        (">=90", Bound.AT_LEAST, 90),
        ("≤5", Bound.AT_MOST, 5),
        ("<=5", Bound.AT_MOST, 5),
        (">99", Bound.ABOVE, 99),
        ("=3", Bound.EXACT, 3),
    ],
)
def test_inequalities_are_kept(text: str, bound: Bound, value: int) -> None:
    """An inequality is a bound on a value that is not printed."""
    printed = parse_number(text)
    assert (bound, Fraction(value)) == (printed.bound, printed.value)


def test_a_comma_in_a_percentage_is_a_decimal_mark() -> None:
    """`1,234` is a thousand and more as a number, and a little above one as a percentage."""
    assert (Fraction(1234), Fraction(1234, 1000)) == (
        parse_number("1,234").value,
        parse_number("1,234", percentage=True).value,
    )


@pytest.mark.parametrize(
    "text",
    [
        "", " ", ".", ",", "-", "<", "5.", "1.2.3", "12.34.5", "18..2", "18,2,1", "1,23,456", "1 23", "12 34", "1,234 567",  # noqa: E501
        "--5", "+-5", "1e5", "0x10", "NaN", ".nan", "inf", "1_000", "٣", "１２", "½", "²", "five", "5%", "<<1", "1" * 19, "9" * 400,  # noqa: E501
    ],
)  # fmt: skip
def test_what_is_no_numeral_is_refused(text: str) -> None:
    """Anything that is not one numeral is refused with a sentence, never misread."""
    with pytest.raises(PrintedError, match=r"\w"):
        parse_number(text)


def test_a_number_with_two_decimal_marks_is_called_that() -> None:
    """The message says what is wrong, not only that something is."""
    with pytest.raises(PrintedError, match="more than one decimal mark"):
        parse_number("18.2.1")


def test_a_long_refusal_is_cut() -> None:
    """A message never carries a hostile text whole."""
    with pytest.raises(PrintedError) as refused:
        parse_number("9" * 100_000)
    assert len(str(refused.value)) < 200


@pytest.mark.parametrize("text", [each.whole for each in NUMERALS.values()], ids=map(repr, NUMERALS))
def test_a_long_text_is_refused(text: str) -> None:
    """A hostile text is no number, however long; `benchmarks/growth.py` measures how long that takes to say."""
    with pytest.raises(PrintedError):
        parse_number(text)


@pytest.mark.parametrize("text", ["-1", "−3", "1.5", "42.0", "<5", "≥5", "one of twelve", "half"])
def test_what_is_no_count_is_refused(text: str) -> None:
    """A count is a whole number, not negative, not a bound."""
    with pytest.raises(PrintedError):
        parse_count(text)


_HYPHENS = ("-", "\u2010", "\u2011")


def _sample() -> list[int]:
    chosen = random.Random(20240601)  # noqa: S311 - a sample of test values
    return [*range(1, 131), 199, 200, 999, 1000, 1001, 1100, 99_999, 100_000, 999_999, 1_000_000] + [
        chosen.randrange(1, 1_000_001) for _ in range(400)
    ]


@pytest.mark.parametrize("hyphen", _HYPHENS, ids=["minus", "hyphen", "non-breaking"])
@pytest.mark.parametrize("style", ["british", "american"])
def test_number_words_round_trip(style: str, hyphen: str) -> None:
    """What num2words spells, with `and` or without, is read back, whatever the hyphen."""
    lang = "en_GB" if style == "british" else "en"
    for number in _sample():
        spelled = num2words(number, lang=lang).replace("-", hyphen)
        if style == "american":
            spelled = spelled.replace(" and ", " ").replace(",", "")
        assert (spelled, number) == (spelled, parse_number_words(spelled))


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("Eighty-eight", 88),
        ("eighty eight", 88),
        ("ONE HUNDRED AND FIFTY-THREE", 153),
        ("one hundred fifty-three", 153),
        ("twelve hundred", 1200),
        ("a thousand", 1000),
        ("a hundred and six", 106),
        ("zero", 0),
        ("forty", 40),
    ],
)
def test_number_words_are_read(text: str, number: int) -> None:
    """Whole numbers in words are read in any letter case."""
    assert number == parse_number_words(text)


@pytest.mark.parametrize(
    "text",
    [
        "", "five ten", "half", "one of twelve", "hundreds", "thousands", "hundred", "and five", "one hundred and",
        "twenty ten", "one two", "one, two", "twenty-zero", "a", "an hundred", "first", "two thirds", "one million million",  # noqa: E501
        "twelve hundred thousand", "dozens", "five-ten", "one thousand twelve hundred", "5", "one 5", "twenty, five",
    ],
)  # fmt: skip
def test_what_only_looks_like_number_words_is_refused(text: str) -> None:
    """Runs of number words that spell no one number, fractions and ordinals are refused."""
    assert parse_number_words(text) is None
