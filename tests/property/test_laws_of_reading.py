"""Laws of reading prose: places are exact, honest results are found, and any input is read."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from rheumcalc.numbers.printed import Printed
from rheumcalc.prose.sizes import sample_sizes
from rheumcalc.prose.text import read_text

WORDS = st.sampled_from(
    [
        "patients",
        "of",
        "the",
        "and",
        "vs",
        "in",
        "week",
        "n",
        "=",
        "/",
        "(",
        ")",
        "[",
        "]",
        ",",
        ";",
        ".",
        "%",
        "percent",
        "5",
        "12",
        "88",
        "18.2",
        "1,204",
        "sixteen",
        "twenty",
        "two",
        "hundred",
        "CI",
        "95%",
        "±",
        "–",
        "<",
        "≥",
        "mg",
        "to",
        "or",
        "with",
        "were",
        "3/4",
        "(12%)",
        "n=",
        "44",
        "İ",
        "ﬁ",
        "\n",
        "\u2009",
    ]
)
TEXTS = st.one_of(
    st.text(max_size=200), st.lists(WORDS, max_size=60).map(" ".join), st.lists(WORDS, max_size=60).map("".join)
)


def printed(text: str) -> list[Printed]:
    """Printed."""
    numbers = [
        number
        for mention in read_text(text).mentions
        for number in (mention.reported.count, mention.reported.denominator, mention.reported.percent)
        if number is not None
    ]
    return [*numbers, *(size.n for size in sample_sizes(read_text(text).tokens))]


@given(TEXTS)
@settings(max_examples=500)
def test_every_span_cut_from_its_text_is_the_printed_token(text: str) -> None:
    """Every span cut from its text is the printed token."""
    for number in printed(text):
        assert number.span is not None
        assert text[slice(*number.span)].strip() == number.text
    for mention in read_text(text).mentions:
        assert text[slice(*mention.span)] == mention.reported.text
        reported = mention.reported
        for part in (reported.count, reported.denominator, reported.percent):
            if part is not None and part.span is not None:
                assert mention.span.start <= part.span.start
                assert part.span.end <= mention.span.end


@given(TEXTS)
def test_no_percentage_is_read_twice_and_results_come_in_order(text: str) -> None:
    """No percentage is read twice and results come in order."""
    places = [mention.place for mention in read_text(text).mentions if mention.reported.percent is not None]
    assert places == sorted(set(places))


@given(TEXTS)
def test_sentences_cover_the_text_in_order(text: str) -> None:
    """Sentences lie in the text, follow one another and leave out nothing but empty lines."""
    tokens = read_text(text).tokens
    end = 0
    for first, last in tokens.sentences:
        assert all(tokens.has(index, "paragraph_end") for index in range(end, first))
        assert end <= first < last <= len(tokens)
        end = last


@given(
    st.integers(1, 5000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))),
    st.sampled_from(
        ["{k}/{n} ({p}%)", "{k} of {n} patients ({p}%)", "{p}% ({k}/{n})", "{k} ({p}%) of {n}", "{k}/{n}, {p}%"]
    ),
)
def test_an_honest_result_is_read_as_it_was_written(fraction: tuple[int, int], form: str) -> None:
    """An honest result is read as it was written."""
    k, n = fraction
    p = f"{100 * k / n:.1f}"
    (mention,) = read_text(f"A rash was seen in {form.format(k=k, n=n, p=p)} by the last visit.").mentions
    count, denominator, percent = mention.reported.count, mention.reported.denominator, mention.reported.percent
    assert count is not None
    assert denominator is not None
    assert percent is not None
    assert (int(count.value), int(denominator.value), percent.numeral) == (k, n, p)
