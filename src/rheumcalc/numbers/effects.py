"""Effects between two arms, with their confidence intervals: from counts and denominators, unadjusted."""

from __future__ import annotations

import math
from enum import StrEnum
from typing import NamedTuple

from rheumcalc.numbers.intervals import normal_quantile, proportion_interval


class EffectMeasure(StrEnum):
    """How two proportions are compared."""

    RISK_DIFFERENCE = "risk_difference"
    RISK_RATIO = "risk_ratio"


class Estimate(NamedTuple):
    """An effect and the limits of its interval. A difference of proportions lies between -1 and 1."""

    value: float
    lower: float
    upper: float


def risk_difference(
    count: int, denominator: int, reference_count: int, reference_denominator: int, confidence_level: float = 0.95
) -> Estimate:
    """Return the proportion minus that of the reference arm, with Newcombe's hybrid score interval.

    It is method 10 of Newcombe, Stat Med 1998;17:873: the distances to the Wilson limits of the two proportions,
    squared and added, without continuity correction. It stays between -1 and 1, and has a width at 0 and 100
    per cent too.
    Raises ValueError as `proportion_interval` does.
    """
    lower, upper = proportion_interval(count, denominator, confidence_level=confidence_level)
    least, most = proportion_interval(reference_count, reference_denominator, confidence_level=confidence_level)
    proportion, reference = count / denominator, reference_count / reference_denominator
    difference = proportion - reference
    return Estimate(
        difference,
        max(-1.0, difference - math.hypot(proportion - lower, most - reference)),
        min(1.0, difference + math.hypot(upper - proportion, reference - least)),
    )


def risk_ratio(
    count: int, denominator: int, reference_count: int, reference_denominator: int, confidence_level: float = 0.95
) -> Estimate | None:
    """Return the proportion over that of the reference arm, with the log-normal interval of Katz.

    Source: Katz et al., Biometrics 1978;34:469. None where a count is 0, which leaves the ratio or its logarithm
    undefined, and where both proportions are 100 per cent, which would give an interval without width: no half
    participants are added to get a number. Raises ValueError as `proportion_interval` does.
    """
    for each, whole in ((count, denominator), (reference_count, reference_denominator)):
        if whole < 1 or not 0 <= each <= whole:
            raise ValueError(f"{each} of {whole} is not a proportion")
    z = normal_quantile(confidence_level)
    if count == 0 or reference_count == 0:
        return None
    without, reference_without = denominator - count, reference_denominator - reference_count
    if without == 0 and reference_without == 0:
        return None
    ratio = (count * reference_denominator) / (denominator * reference_count)
    # 1/a - 1/n as (n - a)/(a n): the difference of the two would cancel near 100 per cent.
    error = math.sqrt(without / (count * denominator) + reference_without / (reference_count * reference_denominator))
    return Estimate(ratio, ratio * math.exp(-z * error), ratio * math.exp(z * error))
