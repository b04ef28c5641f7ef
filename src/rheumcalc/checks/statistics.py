"""Means, medians, rates and effects: listed, and not checked."""

from __future__ import annotations

from rheumcalc.checks.case import Case, Decision, Judgement
from rheumcalc.study.claims import StatisticClaim, Verdict


def judge_statistics(case: Case) -> Decision:
    """Count every mean, median, rate and effect as not checked, so that silence is not mistaken for a pass."""
    for claim in case.study.claims:
        if isinstance(claim, StatisticClaim):
            yield Judgement(claim, Verdict.CANNOT_CHECK, missing=f"a check of {claim.kind}s")
