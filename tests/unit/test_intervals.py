"""Intervals of a proportion: by other libraries, by published tables, and at the ends."""

from __future__ import annotations

import builtins
import warnings
from collections.abc import Iterator
from typing import Any

import pytest

from rheumcalc.messages import MissingExtraError
from rheumcalc.numbers.intervals import IntervalMethod, Limits, proportion_interval

_LEVELS = (0.8, 0.9, 0.95, 0.99)
_LARGE = (83, 88, 100, 360, 1000, 12345)
#: How far limits may lie from those of another library.
_TOLERANCE = 1e-10

#: The methods whose limits have no closed form.
NEED_SCIPY = (IntervalMethod.CLOPPER_PEARSON, IntervalMethod.JEFFREYS)

_STATSMODELS = {
    IntervalMethod.WILSON: "wilson",
    IntervalMethod.CLOPPER_PEARSON: "beta",
    IntervalMethod.AGRESTI_COULL: "agresti_coull",
    IntervalMethod.JEFFREYS: "jeffreys",
    IntervalMethod.WALD: "normal",
}


def _grid() -> Iterator[tuple[int, int]]:
    """Yield all counts of small denominators, and the ends and the middle of large ones."""
    for denominator in range(1, 41):
        for count in range(denominator + 1):
            yield count, denominator
    for denominator in _LARGE:
        for count in (0, 1, denominator // 2, denominator - 1, denominator):
            yield count, denominator


@pytest.mark.parametrize("level", _LEVELS)
@pytest.mark.parametrize("method", IntervalMethod)
def test_statsmodels_agrees(method: IntervalMethod, level: float) -> None:
    """The limits are those of statsmodels, except for Jeffreys' at 0 and at the denominator, which are 0 and 1."""
    proportion = pytest.importorskip("statsmodels.stats.proportion")
    pairs = list(_grid())
    counts, denominators = zip(*pairs, strict=True)
    numpy = pytest.importorskip("numpy")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        lower, upper = proportion.proportion_confint(
            numpy.array(counts), numpy.array(denominators), 1 - level, _STATSMODELS[method]
        )
    for (count, denominator), theirs in zip(pairs, zip(lower, upper, strict=True), strict=True):
        expected = list(theirs)
        if method is IntervalMethod.JEFFREYS:
            expected = [0.0 if count == 0 else expected[0], 1.0 if count == denominator else expected[1]]
        assert pytest.approx(expected, abs=_TOLERANCE) == proportion_interval(count, denominator, method, level)


@pytest.mark.parametrize("level", _LEVELS)
@pytest.mark.parametrize(
    ("method", "theirs"), [(IntervalMethod.WILSON, "wilson"), (IntervalMethod.CLOPPER_PEARSON, "exact")]
)
def test_scipy_agrees(method: IntervalMethod, theirs: str, level: float) -> None:
    """The limits are those of scipy's binomial test."""
    stats = pytest.importorskip("scipy.stats")
    for count, denominator in _grid():
        expected = stats.binomtest(count, denominator).proportion_ci(level, method=theirs)
        ours = proportion_interval(count, denominator, method, level)
        assert pytest.approx((expected.low, expected.high), abs=_TOLERANCE) == ours


@pytest.mark.parametrize("denominator", [10**5, 10**6, 10**7])
def test_large_denominators(denominator: int) -> None:
    """The limits of Clopper and Pearson leave 2.5 per cent of the binomial distribution on either side."""
    stats = pytest.importorskip("scipy.stats")
    for count in (1, 17, denominator // 3, denominator - 2):
        lower, upper = proportion_interval(count, denominator, IntervalMethod.CLOPPER_PEARSON)
        assert pytest.approx(0.025, rel=1e-6) == stats.binom.sf(count - 1, denominator, lower)
        assert pytest.approx(0.025, rel=1e-6) == stats.binom.cdf(count, denominator, upper)


@pytest.mark.parametrize("denominator", [10**3, 10**7])
@pytest.mark.parametrize("method", [IntervalMethod.WILSON, IntervalMethod.AGRESTI_COULL, IntervalMethod.WALD])
def test_closed_forms_in_sixty_digits(method: IntervalMethod, denominator: int) -> None:
    """The closed forms keep nine digits of a limit near 0, as decimal arithmetic of sixty digits gives them."""
    from decimal import Decimal, localcontext

    with localcontext(prec=60):
        z = Decimal("1.95996398454005423552459443052055152795555007786954839847695")
        n = Decimal(denominator)
        for count in (1, 2, 40, denominator // 3):
            x = Decimal(count)
            p = x / n
            match method:
                case IntervalMethod.WILSON:
                    middle = (p + z * z / (2 * n)) / (1 + z * z / n)
                    half = z / (1 + z * z / n) * (p * (1 - p) / n + z * z / (4 * n * n)).sqrt()
                case IntervalMethod.AGRESTI_COULL:
                    middle = (x + z * z / 2) / (n + z * z)
                    half = z * (middle * (1 - middle) / (n + z * z)).sqrt()
                case _:
                    middle = p
                    half = z * (p * (1 - p) / n).sqrt()
            expected = (max(0.0, float(middle - half)), float(middle + half))
            assert pytest.approx(expected, rel=1e-9, abs=1e-18) == proportion_interval(count, denominator, method)


#: Newcombe, Stat Med 1998;17:857, table I: methods 1 (simple asymptotic), 3 (score) and 5 (exact), in four decimals.
_NEWCOMBE = [
    (81, 263, IntervalMethod.WALD, 0.2522, 0.3638),
    (81, 263, IntervalMethod.WILSON, 0.2553, 0.3662),
    (81, 263, IntervalMethod.CLOPPER_PEARSON, 0.2527, 0.3676),
    (15, 148, IntervalMethod.WALD, 0.0527, 0.1500),
    (15, 148, IntervalMethod.WILSON, 0.0624, 0.1605),
    (15, 148, IntervalMethod.CLOPPER_PEARSON, 0.0578, 0.1617),
    (0, 20, IntervalMethod.WALD, 0.0000, 0.0000),
    (0, 20, IntervalMethod.WILSON, 0.0000, 0.1611),
    (0, 20, IntervalMethod.CLOPPER_PEARSON, 0.0000, 0.1684),
    (1, 29, IntervalMethod.WILSON, 0.0061, 0.1718),
    (1, 29, IntervalMethod.CLOPPER_PEARSON, 0.0009, 0.1776),
]


@pytest.mark.parametrize(("count", "denominator", "method", "lower", "upper"), _NEWCOMBE)
def test_newcombe_1998_table_i(
    count: int, denominator: int, method: IntervalMethod, lower: float, upper: float
) -> None:
    """The 95% limits that Newcombe prints are these limits rounded."""
    if method in NEED_SCIPY:
        pytest.importorskip("scipy")
    limits = proportion_interval(count, denominator, method)
    assert (lower, upper) == (round(limits.lower, 4), round(limits.upper, 4))


@pytest.mark.parametrize("denominator", [1, 2, 12, 88, 10**7])
@pytest.mark.parametrize("method", [IntervalMethod.WILSON, IntervalMethod.CLOPPER_PEARSON, IntervalMethod.JEFFREYS])
def test_ends_are_exact(method: IntervalMethod, denominator: int) -> None:
    """With no event the lower limit is 0 itself, with nothing but events the upper is 1 itself; the others are not."""
    if method in NEED_SCIPY:
        pytest.importorskip("scipy")
    none, every = proportion_interval(0, denominator, method), proportion_interval(denominator, denominator, method)
    assert Limits(0.0, 1.0) == Limits(none.lower, every.upper)
    assert 0 < none.upper < 1
    assert 0 < every.lower < 1


def test_wald_says_nothing_at_the_ends() -> None:
    """Wald's interval has no width without an event, and with nothing else."""
    assert Limits(0, 0) == proportion_interval(0, 12, IntervalMethod.WALD)
    assert Limits(1, 1) == proportion_interval(12, 12, IntervalMethod.WALD)


def test_limits_are_clipped() -> None:
    """13 of 14 has an upper Wald limit of 106 per cent: it is shown as 100."""
    assert proportion_interval(13, 14, IntervalMethod.WALD).upper == 1.0
    assert proportion_interval(0, 12, IntervalMethod.AGRESTI_COULL).lower == 0.0


def test_wilson_is_the_default() -> None:
    """Without a method and a level, the interval is Wilson's of 95 per cent."""
    assert proportion_interval(10, 12, IntervalMethod.WILSON, 0.95) == proportion_interval(10, 12)


@pytest.mark.parametrize(("count", "denominator"), [(-1, 5), (6, 5), (0, 0), (1, 0), (0, -3)])
@pytest.mark.parametrize("method", IntervalMethod)
def test_no_proportion(method: IntervalMethod, count: int, denominator: int) -> None:
    """A count outside 0 to the denominator, and a denominator below 1, are refused by every method."""
    with pytest.raises(ValueError, match="denominator"):
        proportion_interval(count, denominator, method)


@pytest.mark.parametrize("level", [0.0, 1.0, -0.5, 95.0, float("nan"), float("inf")])
@pytest.mark.parametrize("method", IntervalMethod)
def test_no_level(method: IntervalMethod, level: float) -> None:
    """A confidence level that does not lie between 0 and 1 is refused by every method."""
    if method in NEED_SCIPY:
        pytest.importorskip("scipy")
    with pytest.raises(ValueError, match="confidence level"):
        proportion_interval(3, 5, method, level)


@pytest.mark.parametrize("method", IntervalMethod)
def test_without_scipy(monkeypatch: pytest.MonkeyPatch, method: IntervalMethod) -> None:
    """Without scipy, its two methods name the extra in one line, and the others do without."""
    there = builtins.__import__

    def without(name: str, *arguments: Any, **named: Any) -> Any:
        if name.partition(".")[0] == "scipy":
            raise ModuleNotFoundError(name)
        return there(name, *arguments, **named)

    monkeypatch.setattr(builtins, "__import__", without)
    if method not in NEED_SCIPY:
        assert proportion_interval(3, 5, method).upper <= 1
        return
    with pytest.raises(MissingExtraError) as error:
        proportion_interval(3, 5, method)
    assert str(error.value) == f"The {method} interval needs the extra 'stats': pip install 'rheumcalc[stats]'."


def test_labels() -> None:
    """Every method has words of its own for notes."""
    assert len(IntervalMethod) == len({method.label for method in IntervalMethod})
