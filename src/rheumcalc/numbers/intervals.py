"""Confidence intervals for one proportion, under the names of the field."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final, NamedTuple

from rheumcalc.messages import MissingExtraError


class IntervalMethod(StrEnum):
    """How the interval of a proportion is worked out."""

    WILSON = "wilson"
    CLOPPER_PEARSON = "clopper_pearson"
    AGRESTI_COULL = "agresti_coull"
    JEFFREYS = "jeffreys"
    WALD = "wald"

    @property
    def label(self) -> str:
        """The method as a note names it."""
        return _LABELS[self]


_LABELS: Final[Mapping[IntervalMethod, str]] = MappingProxyType(
    {
        IntervalMethod.WILSON: "Wilson score",
        IntervalMethod.CLOPPER_PEARSON: "Clopper–Pearson, exact",
        IntervalMethod.AGRESTI_COULL: "Agresti–Coull",
        IntervalMethod.JEFFREYS: "Jeffreys",
        IntervalMethod.WALD: "Wald, normal",
    }
)


class Limits(NamedTuple):
    """The limits of a two-sided confidence interval: for a proportion, from 0 to 1."""

    lower: float
    upper: float


def proportion_interval(
    count: int, denominator: int, method: IntervalMethod = IntervalMethod.WILSON, confidence_level: float = 0.95
) -> Limits:
    """Return the two-sided interval for `count` out of `denominator`, clipped to [0, 1].

    Sources: Newcombe, Stat Med 1998;17:857; Brown, Cai & DasGupta, Stat Sci 2001;16:101. Each method's function says
    what happens at 0 events and at all events. Raises ValueError for a count outside 0 to `denominator`, a
    denominator below 1 and a level that is not between 0 and 1, and MissingExtraError where the method needs scipy and
    it is not installed.
    """
    if denominator < 1:
        raise ValueError(f"the denominator is {denominator}; it must be at least 1")
    if not 0 <= count <= denominator:
        raise ValueError(f"the count is {count}; it must lie between 0 and the denominator, {denominator}")
    lower, upper = _METHODS[method](count, denominator, confidence_level)
    return Limits(max(lower, 0.0), min(upper, 1.0))


def normal_quantile(confidence_level: float) -> float:
    """Return z such that a standard normal value is between -z and z with this probability: 1.96 for 0.95.

    Raises ValueError for a level that is not between 0 and 1.
    """
    from statistics import NormalDist

    # By the lower tail: near 1, a level has no digits left for the upper one.
    return abs(NormalDist().inv_cdf(_tail(confidence_level)))


def _tail(confidence_level: float) -> float:
    """Return the probability that an interval leaves out on either side."""
    if not 0 < confidence_level < 1:
        raise ValueError(f"the confidence level is {confidence_level}; it must lie between 0 and 1")
    return (1 - confidence_level) / 2


def _wilson(count: int, denominator: int, confidence_level: float) -> Limits:
    """Invert the score test (Wilson, JASA 1927;22:209). The limits at 0 and at `denominator` are exactly 0 and 1."""
    z = normal_quantile(confidence_level)

    def lower(count: int) -> float:
        # The smaller root by way of the larger: their difference would cancel near 0.
        if count == 0:
            return 0.0
        spread = z * math.sqrt(z * z + 4 * (count * (denominator - count) / denominator))
        return 2 * count * (count / denominator) / (2 * count + z * z + spread)

    return Limits(lower(count), 1 - lower(denominator - count))


def _wald(count: int, denominator: int, confidence_level: float) -> Limits:
    """Take the estimate and its own standard error, whatever the sample.

    At 0 and at `denominator` that error is 0: the interval shrinks to [0, 0] or [1, 1] and means nothing.
    """
    proportion = count / denominator
    half = normal_quantile(confidence_level) * math.sqrt(proportion * (1 - proportion) / denominator)
    return Limits(proportion - half, proportion + half)


def _agresti_coull(count: int, denominator: int, confidence_level: float) -> Limits:
    """Add z²/2 participants with the event and as many without, then as Wald (Agresti & Coull, Am Stat 1998;52:119).

    At 0 and at `denominator` the outer limit lies outside [0, 1] and is clipped.
    """
    z = normal_quantile(confidence_level)
    more = denominator + z * z
    middle = (count + z * z / 2) / more
    half = z * math.sqrt(middle * (1 - middle) / more)
    return Limits(middle - half, middle + half)


def _clopper_pearson(count: int, denominator: int, confidence_level: float) -> Limits:
    """Invert two one-sided binomial tests (Clopper & Pearson, Biometrika 1934;26:404), by quantiles of beta.

    The limits at 0 and at `denominator` are exactly 0 and 1.
    """
    quantile, tail = _beta_quantile(IntervalMethod.CLOPPER_PEARSON), _tail(confidence_level)

    def lower(count: int) -> float:
        return quantile(count, denominator - count + 1, tail) if count else 0.0

    return Limits(lower(count), 1 - lower(denominator - count))


def _jeffreys(count: int, denominator: int, confidence_level: float) -> Limits:
    """Cut equal tails off the posterior under Jeffreys' prior, Beta(½, ½).

    As Brown, Cai & DasGupta define it (section 4.1.2), the lower limit at 0 is 0 and the upper limit at `denominator`
    is 1; the other limits stay the quantiles. statsmodels leaves these two at the quantiles as well, so that its
    interval does not contain the estimate there.
    """
    quantile, tail = _beta_quantile(IntervalMethod.JEFFREYS), _tail(confidence_level)

    def lower(count: int) -> float:
        return quantile(count + 0.5, denominator - count + 0.5, tail) if count else 0.0

    return Limits(lower(count), 1 - lower(denominator - count))


_METHODS: Final[Mapping[IntervalMethod, Callable[[int, int, float], Limits]]] = MappingProxyType(
    {
        IntervalMethod.WILSON: _wilson,
        IntervalMethod.CLOPPER_PEARSON: _clopper_pearson,
        IntervalMethod.AGRESTI_COULL: _agresti_coull,
        IntervalMethod.JEFFREYS: _jeffreys,
        IntervalMethod.WALD: _wald,
    }
)


def _beta_quantile(method: IntervalMethod) -> Callable[[float, float, float], float]:
    """Return the quantile function of the beta distribution: both shapes, and the probability below."""
    try:
        from scipy.special import betaincinv
    except ModuleNotFoundError:
        raise MissingExtraError(f"The {method} interval", "stats") from None
    return lambda first, second, probability: float(betaincinv(first, second, probability))
