"""Effects between two arms: by another library, by published tables, and where there is none."""

from __future__ import annotations

import math
from collections.abc import Iterator

import pytest

from rheumcalc.numbers.effects import Estimate, risk_difference, risk_ratio

#: Newcombe, Stat Med 1998;17:873, table II: the limits of method 10, in four decimals.
_NEWCOMBE = [
    (56, 70, 48, 80, 0.0524, 0.3339),
    (9, 10, 3, 10, 0.1705, 0.8090),
    (6, 7, 2, 7, 0.0582, 0.8062),
    (5, 56, 0, 29, -0.0381, 0.1926),
    (0, 10, 0, 20, -0.1611, 0.2775),
    (0, 10, 0, 10, -0.2775, 0.2775),
    (10, 10, 0, 20, 0.6791, 1.0000),
    (10, 10, 0, 10, 0.6075, 1.0000),
]


@pytest.mark.parametrize(("a", "m", "b", "n", "lower", "upper"), _NEWCOMBE)
def test_newcombe_1998_table_ii(a: int, m: int, b: int, n: int, lower: float, upper: float) -> None:
    """The 95% limits that Newcombe prints for his hybrid score method are these limits rounded."""
    difference = risk_difference(a, m, b, n)
    assert (lower, upper) == (round(difference.lower, 4), round(difference.upper, 4))


def _tables() -> Iterator[tuple[int, int, int, int]]:
    """Yield all tables of some small arms, and those of trials."""
    for m, n in ((1, 1), (3, 5), (12, 12)):
        for a in range(m + 1):
            for b in range(n + 1):
                yield a, m, b, n
    yield from ((12, 60, 33, 62), (64, 75, 9, 37), (4, 121, 28, 121), (1, 10_000, 7, 20_000))


@pytest.mark.parametrize("level", [0.8, 0.95, 0.99])
def test_statsmodels_agrees_on_differences(level: float) -> None:
    """Newcombe's limits are those of statsmodels."""
    proportion = pytest.importorskip("statsmodels.stats.proportion")
    for a, m, b, n in _tables():
        expected = proportion.confint_proportions_2indep(a, m, b, n, method="newcomb", compare="diff", alpha=1 - level)
        difference = risk_difference(a, m, b, n, level)
        assert pytest.approx(a / m - b / n, abs=1e-15) == difference.value
        assert pytest.approx(tuple(expected), abs=1e-10) == (difference.lower, difference.upper)


@pytest.mark.parametrize("level", [0.8, 0.95, 0.99])
def test_statsmodels_agrees_on_ratios(level: float) -> None:
    """The log-normal limits are those of statsmodels wherever there is a ratio."""
    proportion = pytest.importorskip("statsmodels.stats.proportion")
    compared = 0
    for a, m, b, n in _tables():
        ratio = risk_ratio(a, m, b, n, level)
        if ratio is None:
            continue
        expected = proportion.confint_proportions_2indep(a, m, b, n, method="log", compare="ratio", alpha=1 - level)
        assert pytest.approx(a / m / (b / n), rel=1e-12) == ratio.value
        assert pytest.approx(tuple(expected), rel=1e-10) == (ratio.lower, ratio.upper)
        compared += 1
    assert compared > 150


def test_a_ratio_by_hand() -> None:
    """12/60 v 33/62 is a ratio of 0.376; its logarithm has a variance of 1/12 - 1/60 + 1/33 - 1/62."""
    error = math.sqrt(1 / 12 - 1 / 60 + 1 / 33 - 1 / 62)
    value = 12 * 62 / (60 * 33)
    expected = Estimate(value, value * math.exp(-1.959964 * error), value * math.exp(1.959964 * error))
    assert pytest.approx(expected, rel=1e-6) == risk_ratio(12, 60, 33, 62)


@pytest.mark.parametrize(("a", "m", "b", "n"), [(0, 5, 3, 7), (3, 5, 0, 7), (0, 5, 0, 7), (5, 5, 7, 7)])
def test_no_ratio(a: int, m: int, b: int, n: int) -> None:
    """No participant is invented to get a ratio without events in an arm, or an interval for 100 per cent in both."""
    assert risk_ratio(a, m, b, n) is None


@pytest.mark.parametrize(("a", "b"), [(5, 3), (3, 7)])
def test_one_full_arm_has_a_ratio(a: int, b: int) -> None:
    """100 per cent in one arm is no obstacle: the other arm has a standard error."""
    ratio = risk_ratio(a, 5, b, 7)
    assert ratio is not None
    assert ratio.lower < ratio.value < ratio.upper


@pytest.mark.parametrize("effect", [risk_difference, risk_ratio])
@pytest.mark.parametrize(("a", "m", "b", "n"), [(-1, 5, 1, 5), (6, 5, 1, 5), (1, 5, 6, 5), (1, 0, 1, 5), (0, 5, 0, 0)])
def test_no_proportions(effect: object, a: int, m: int, b: int, n: int) -> None:
    """A count outside 0 to its denominator is refused in either arm."""
    assert callable(effect)
    with pytest.raises(ValueError, match=r"denominator|not a proportion"):
        effect(a, m, b, n)


@pytest.mark.parametrize("effect", [risk_difference, risk_ratio])
@pytest.mark.parametrize("level", [0.0, 1.0, 95.0])
def test_no_level(effect: object, level: float) -> None:
    """A confidence level that does not lie between 0 and 1 is refused, for a ratio that does not exist too."""
    assert callable(effect)
    with pytest.raises(ValueError, match="confidence level"):
        effect(0, 5, 1, 5, level)
