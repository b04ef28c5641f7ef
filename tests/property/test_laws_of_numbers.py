"""Laws of numbers, each quoted in its test's docstring."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from property.strategies import all_modes, counts_and_denominators, decimals, exact_values, modes, percent_text
from rheumcalc.numbers.feasible import IntegerRange, denominator_groups, feasible_counts, feasible_denominators
from rheumcalc.numbers.printed import PrintedError, parse_number, parse_number_words
from rheumcalc.numbers.rounding import Interval, RoundingMode, preimage, printed_decimal, round_exact, rounded_numeral
from rheumcalc.numbers.timepoint import parse_timepoint
from rheumcalc.prose.reported import parse_reported


@given(exact_values, decimals, all_modes)
def test_the_preimage_of_what_is_printed_holds_what_was_rounded(x: Fraction, digits: int, mode: RoundingMode) -> None:
    """`preimage(round_exact(x))` contains x."""
    assert x in preimage(round_exact(x, digits, mode), digits, {mode})


@given(exact_values, decimals, all_modes)
def test_rounding_again_changes_nothing(x: Fraction, digits: int, mode: RoundingMode) -> None:
    """A rounded value is its own rounding under every mode, and less than one unit from what was rounded."""
    rounded = round_exact(x, digits, mode)
    assert [rounded] * len(RoundingMode) == [round_exact(rounded, digits, each) for each in RoundingMode]
    assert abs(rounded - x) < Fraction(1, 10**digits)


@given(exact_values, exact_values, decimals, all_modes)
def test_rounding_keeps_order(x: Fraction, y: Fraction, digits: int, mode: RoundingMode) -> None:
    """What is not more does not print as more."""
    low, high = sorted((x, y))
    assert round_exact(low, digits, mode) <= round_exact(high, digits, mode)


@given(exact_values, exact_values, decimals, st.sets(all_modes, min_size=1))
def test_a_preimage_holds_nothing_else(x: Fraction, y: Fraction, digits: int, chosen: set[RoundingMode]) -> None:
    """A value lies in the preimage under several modes exactly where one of them prints it so."""
    printed = round_exact(x, digits, RoundingMode.HALF_UP)
    assert any(round_exact(y, digits, mode) == printed for mode in chosen) == (y in preimage(printed, digits, chosen))


@given(exact_values, decimals, all_modes)
def test_a_value_is_rounded_and_printed_in_one_step(x: Fraction, digits: int, mode: RoundingMode) -> None:
    """The numeral of a value under a mode is that of the value rounded under it."""
    assert printed_decimal(round_exact(x, digits, mode), digits) == rounded_numeral(x, digits, mode)


_ENDS = st.one_of(st.none(), st.fractions(-3, 3, max_denominator=4))


@given(st.builds(Interval, _ENDS, _ENDS, st.booleans(), st.booleans()), st.fractions(-3, 3, max_denominator=8))
def test_an_interval_holds_what_lies_between_its_ends(interval: Interval, x: Fraction) -> None:
    """A value is inside where both comparisons of fractions say so, an end only where it is closed."""
    above = interval.lower is None or interval.lower < x or (interval.lower_closed and interval.lower == x)
    below = interval.upper is None or x < interval.upper or (interval.upper_closed and interval.upper == x)
    assert (above and below) == (x in interval)


@given(exact_values, decimals)
def test_numerals_round_trip(x: Fraction, digits: int) -> None:
    """A printed value, read back, is the value with its decimals."""
    value = round_exact(x, digits, RoundingMode.HALF_UP)
    printed = parse_number(printed_decimal(value, digits))
    assert (value, digits, printed_decimal(value, digits)) == (printed.value, printed.decimals, printed.numeral)


@given(counts_and_denominators(), decimals, all_modes)
def test_the_truth_is_always_feasible(pair: tuple[int, int], digits: int, mode: RoundingMode) -> None:
    """The count and the denominator behind a printed percentage are in the sets that it admits."""
    count, denominator = pair
    percent = parse_number(percent_text(count, denominator, digits, mode), percentage=True)
    assert denominator in feasible_denominators(count, percent, {mode})
    assert count in feasible_counts(percent, denominator, {mode})


@given(st.lists(st.builds(IntegerRange, st.integers(1, 50), st.one_of(st.none(), st.integers(1, 60))), max_size=12))
def test_groups_share_their_denominators(ranges: list[IntegerRange]) -> None:
    """Every claim with a set is in one group; a group's denominators fit all its members; groups do not grow."""
    groups = denominator_groups(ranges)
    members = sorted(index for group in groups for index in group.members)
    assert [index for index, each in enumerate(ranges) if each] == members
    for group in groups:
        assert all(group.denominators & ranges[index] == group.denominators for index in group.members)
    sizes = [len(group.members) for group in groups]
    assert sorted(sizes, reverse=True) == sizes


_FORMS = (
    "{k}/{n} ({p}%)", "{k}/{n}({p}%)", "{k} of {n} [{p}%]", "{k} of the {n} patients ({p} %)", "{p}% ({k}/{n})",
    "{k} ({p}%) of {n}", "{k} out of {n} patients ({p} per cent)", "{k}/{n} {p}%", "{k}/{n}, {p}%", "{k}/{n} ({p})",
    "{k} ({p}%)", "{k}({p}%)", "{k} patients ({p}%)", "n = {k} ({p}%)", "n={k}; {p}%", "{k} ({p})", "{p}% (n = {k})",
    "{p}% of {n}", "{p}%", "{k}/{n}", "{k} of the {n} patients", "{k}",
)  # fmt: skip


@given(st.sampled_from(_FORMS), counts_and_denominators(), decimals, modes, st.sampled_from([".", "·", ","]))
def test_prose_round_trips(form: str, pair: tuple[int, int], digits: int, mode: RoundingMode, mark: str) -> None:
    """What is written in any form is read back: the same count, denominator and percentage, and nothing else."""
    count, denominator = pair
    percent = percent_text(count, denominator, digits, mode)
    reported = parse_reported(form.format(k=count, n=denominator, p=percent.replace(".", mark)))
    actual = [part.numeral if part else None for part in (reported.count, reported.denominator, reported.percent)]
    expected = [str(count), str(denominator), percent]
    assert [value if f"{{{name}}}" in form else None for name, value in zip("knp", expected, strict=True)] == actual


_NOISE = st.text(alphabet="0123456789.,·% ()[]/<>≥=-−’'noft \u00a0\u2009aehundredtywi~½\x00\ud7ff", max_size=60)


@given(_NOISE)
def test_no_text_breaks_the_readers(text: str) -> None:
    """Any text is read or refused: no other exception escapes, and spans lie in the text."""
    parse_number_words(text)
    parse_timepoint(text)
    for percentage in (False, True):
        try:  # noqa: SIM105
            parse_number(text, percentage=percentage)
        except PrintedError:
            pass
    try:
        reported = parse_reported(text)
    except PrintedError:
        return
    for printed in (reported.count, reported.denominator, reported.percent):
        if printed is not None and printed.span is not None:
            assert printed.text == text[printed.span.start : printed.span.end]
