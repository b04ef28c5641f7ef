"""The forms in which results are printed."""

from __future__ import annotations

import pytest

from rheumcalc.numbers.printed import Bound, PrintedError
from rheumcalc.prose.constructions import CONSTRUCTIONS, Construction
from rheumcalc.prose.reported import MAX_LENGTH, Reported, parse_reported


def _numerals(reported: Reported) -> tuple[str | None, str | None, str | None]:
    count, denominator, percent = (
        part.numeral if part else None for part in (reported.count, reported.denominator, reported.percent)
    )
    return count, denominator, percent


@pytest.mark.parametrize(
    ("text", "count", "denominator", "percent"),
    [
        ("10/12 (83.3%)", "10", "12", "83.3"),
        ("10/83(12%)", "10", "83", "12"),
        ("44 of 88 [50%]", "44", "88", "50"),
        ("44 of the 88 patients (50%)", "44", "88", "50"),
        ("44 out of 88 patients (50.0 %)", "44", "88", "50.0"),
        ("16 (18.2%)", "16", None, "18.2"),
        ("42(47.7%)", "42", None, "47.7"),
        ("16 (18.2)", "16", None, "18.2"),
        ("58/177 (33)", "58", "177", "33"),
        ("Sixteen (18.2%)", "16", None, "18.2"),
        ("Fifteen patients (75%)", "15", None, "75"),
        ("one hundred fifty-three (80.5%)", "153", None, "80.5"),
        ("Forty-six of 67", "46", "67", None),
        ("Ninety-six per cent", None, None, "96"),
        ("75% (15/20)", "15", "20", "75"),
        ("75% (n = 15)", "15", None, "75"),
        ("n=45; 36.9%", "45", None, "36.9"),
        ("n = 45 (36.9%)", "45", None, "36.9"),
        ("66.7% of 25", None, "25", "66.7"),
        ("321 (64%) of 505", "321", "505", "64"),
        ("13 of the 14 patients", "13", "14", None),
        ("18·2%", None, None, "18.2"),
        ("18,2 %", None, None, "18.2"),
        ("1,234 (5.6 per cent)", "1234", None, "5.6"),
        ("1 234 (5.6%)", "1234", None, "5.6"),
        ("1,000/1,234 (81.0%)", "1000", "1234", "81.0"),
        ("44/88 50%", "44", "88", "50"),
        ("88/88 100%", "88", "88", "100"),
        ("88/88 (100%)", "88", "88", "100"),
        ("12 100%", "12", None, "100"),
        ("0 (0%)", "0", None, "0"),
        ("6", "6", None, None),
        ("six", "6", None, None),
        ("(18.2%)", None, None, "18.2"),
    ],
)
def test_forms_of_real_prose(text: str, count: str | None, denominator: str | None, percent: str | None) -> None:
    """What people print is read as they mean it."""
    assert (count, denominator, percent) == _numerals(parse_reported(text))


@pytest.mark.parametrize(
    "construction", [each for each in CONSTRUCTIONS if each.where != "prose"], ids=lambda each: each.name
)
def test_every_construction_of_records_reads_its_own_examples(construction: Construction) -> None:
    """The table of constructions is true: each example is read."""
    assert [parse_reported(example).text for example in construction.reads] == list(construction.reads)


@pytest.mark.parametrize(
    ("text", "hedge", "bound"),
    [
        ("nearly 50%", "nearly", Bound.EXACT),
        ("44 (about 50%)", "about", Bound.EXACT),
        ("<1%", None, Bound.BELOW),
        ("3 (<1%)", None, Bound.BELOW),
        ("≥ 90%", None, Bound.AT_LEAST),
        ("more than 50%", "more than", Bound.EXACT),
    ],
)
def test_hedges_and_bounds_are_approximate(text: str, hedge: str | None, bound: Bound) -> None:
    """A hedge is kept as printed; a bound is a bound; both are approximate."""
    reported = parse_reported(text)
    assert reported.percent is not None
    assert (hedge, bound, True) == (reported.hedge, reported.percent.bound, reported.approx)


@pytest.mark.parametrize(
    "text",
    ["16 (18.2%)", "  10/12 (83.3 %)", "Sixteen (18.2%)", "75% (15/20)", "1,234 (5.6 per cent)", "66.7% of 25", "18·2%", "n=45; <36.9%"],  # noqa: E501
)  # fmt: skip
def test_spans_cut_the_tokens(text: str) -> None:
    """Each number's span, cut from the text, is the number as printed."""
    reported = parse_reported(text)
    for printed in (reported.count, reported.denominator, reported.percent):
        if printed is not None:
            assert printed.span is not None
            assert printed.text == text[printed.span.start : printed.span.end]


@pytest.mark.parametrize(
    "text",
    [
        "", "   ", "%", "half", "n/a", "not reported", "16 (18.2.1%)", "16 (18..2%)", "5/0", "5/0 (0%)", "-5/10", "1/2/3",  # noqa: E501
        "16 18.2", "16 (18.2%) (20%)", "12.1-18.3", "p<0.05", "NaN", "NaN%", "1.5 (3%)", "{}", "five ten", "10/12.5 (80%)",  # noqa: E501
        "½ (50%)", "\x00", "9" * 400, "9" * 400 + "%", "twenty, five",
    ],
)  # fmt: skip
def test_what_is_no_result_is_refused(text: str) -> None:
    """What is not wholly one form is refused with a sentence."""
    with pytest.raises(PrintedError, match=r"\w"):
        parse_reported(text)


def test_a_long_text_is_refused_unread() -> None:
    """Past the limit nothing is tried."""
    with pytest.raises(PrintedError, match="characters long"):
        parse_reported("5 " * MAX_LENGTH)


@pytest.mark.parametrize(
    "piece", ["1 ", "1,", "one ", "of ", "(", "n = ", "1 2", "per ", "a hundred ", "<", "1,234 ", "more than "]
)
def test_any_text_is_read_or_refused(piece: str) -> None:
    """No text within the limit makes the lexer or the forms backtrack without bound: it would never end."""
    text = (piece * MAX_LENGTH)[:MAX_LENGTH]
    try:  # noqa: SIM105
        parse_reported(text)
    except PrintedError:
        pass
