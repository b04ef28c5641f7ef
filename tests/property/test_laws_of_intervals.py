"""Laws of intervals, each quoted in its test's docstring."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rheumcalc.numbers.effects import risk_difference, risk_ratio
from rheumcalc.numbers.intervals import IntervalMethod, Limits, proportion_interval

pytest.importorskip("scipy")

_METHODS = st.sampled_from(IntervalMethod)
#: The methods whose interval holds the estimate whatever the count.
_HOLDING = st.sampled_from([IntervalMethod.WILSON, IntervalMethod.CLOPPER_PEARSON])
_LEVELS = st.floats(0.5, 0.9999)


@st.composite
def _proportions(draw: st.DrawFn) -> tuple[int, int]:
    """A count and a denominator, from one participant to ten million."""
    denominator = draw(st.one_of(st.integers(1, 100), st.integers(1, 10**7)))
    return draw(st.integers(0, denominator)), denominator


@given(_proportions(), _METHODS, _LEVELS)
def test_intervals_mirror(pair: tuple[int, int], method: IntervalMethod, level: float) -> None:
    """Intervals mirror under n − count."""
    count, denominator = pair
    lower, upper = proportion_interval(count, denominator, method, level)
    mirrored = proportion_interval(denominator - count, denominator, method, level)
    assert pytest.approx(Limits(1 - upper, 1 - lower), abs=1e-12) == mirrored


@given(_proportions(), _METHODS, _LEVELS, _LEVELS)
def test_intervals_widen_with_the_level(
    pair: tuple[int, int], method: IntervalMethod, one: float, other: float
) -> None:
    """Intervals widen with the level."""
    lesser, greater = sorted((one, other))
    inner, outer = (proportion_interval(*pair, method, level) for level in (lesser, greater))
    assert outer.lower <= inner.lower + 1e-12
    assert outer.upper >= inner.upper - 1e-12


@given(_proportions(), _HOLDING, _LEVELS)
def test_wilson_and_clopper_pearson_contain_the_estimate(
    pair: tuple[int, int], method: IntervalMethod, level: float
) -> None:
    """Wilson and Clopper–Pearson contain the estimate."""
    lower, upper = proportion_interval(*pair, method, level)
    assert lower <= pair[0] / pair[1] <= upper


@given(_proportions(), _METHODS, st.floats(1e-6, 1, exclude_max=True))
def test_limits_are_proportions(pair: tuple[int, int], method: IntervalMethod, level: float) -> None:
    """Limits lie between 0 and 1, the lower below the upper, at any level."""
    lower, upper = proportion_interval(*pair, method, level)
    assert 0 <= lower <= upper <= 1


@given(_proportions(), _LEVELS)
def test_clopper_pearson_is_the_widest(pair: tuple[int, int], level: float) -> None:
    """The exact interval holds the one under Jeffreys' prior, whose tails are those of half a participant less."""
    exact = proportion_interval(*pair, IntervalMethod.CLOPPER_PEARSON, level)
    jeffreys = proportion_interval(*pair, IntervalMethod.JEFFREYS, level)
    assert exact.lower <= jeffreys.lower + 1e-12
    assert exact.upper >= jeffreys.upper - 1e-12


@given(_proportions(), _proportions(), _LEVELS)
def test_effects_turn_with_their_arms(one: tuple[int, int], other: tuple[int, int], level: float) -> None:
    """The difference the other way round is the same with the other sign, the ratio its reciprocal."""
    difference, turned = risk_difference(*one, *other, level), risk_difference(*other, *one, level)
    assert pytest.approx((-difference.value, -difference.upper, -difference.lower), abs=1e-12) == turned
    assert -1 <= difference.lower <= difference.value <= difference.upper <= 1
    ratio, upside_down = risk_ratio(*one, *other, level), risk_ratio(*other, *one, level)
    if ratio is None or upside_down is None:
        assert ratio is upside_down
        return
    assert pytest.approx((1 / ratio.value, 1 / ratio.upper, 1 / ratio.lower), rel=1e-9) == upside_down
    assert ratio.lower <= ratio.value <= ratio.upper
