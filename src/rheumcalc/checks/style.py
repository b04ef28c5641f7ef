"""How numbers are printed (rule RC211)."""

from __future__ import annotations

from rheumcalc.checks.case import Case, Decision
from rheumcalc.findings import Related
from rheumcalc.messages import counted


def check_decimals(case: Case) -> Decision:
    """Note once for a study that its percentages have more decimals than their denominators support.

    Bands of the Journal of Rheumatology's statistics guide: whole percentages below 100, one decimal below 1000.
    """
    excess = [
        resolved.claim
        for resolved in case.proportions
        if resolved.denominator is not None
        and resolved.claim.percent is not None
        and resolved.claim.percent.decimals > decimals_carried(resolved.denominator)
    ]
    if excess:
        first, *rest = excess
        message = (
            f"{counted(len(excess), 'percentage')} printed with more decimals than the denominator supports: none "
            "below 100 participants, one below 1000, two above."
        )
        related = [Related(claim.location, claim.text) for claim in rest]
        yield case.finding("excess-decimals", first, message, related=related)


def decimals_carried(denominator: int) -> int:
    """Return how many decimals of a percentage a denominator supports."""
    return 0 if denominator < 100 else 1 if denominator < 1000 else 2
