"""One study as a check sees it, and what a check decides about its claims."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, NamedTuple

from rheumcalc.findings import Finding, Related
from rheumcalc.numbers.rounding import NEAREST, RoundingMode
from rheumcalc.rules import rule
from rheumcalc.study.claims import Claim, Group, ProportionClaim, StatisticClaim, StudyClaims, Verdict
from rheumcalc.study.denominators import ResolvedStudy

if TYPE_CHECKING:
    from rheumcalc.binding import Binding


class Judgement(NamedTuple):
    """What is decided about one claim: `convention` for consistent_under, `missing` for cannot_check.

    `recomputed` is what the other numbers give: a percentage rounded as printed, a total, or the counts that fit.
    """

    claim: Claim
    verdict: Verdict
    convention: RoundingMode | None = None
    missing: str | None = None
    recomputed: str | None = None


Decision = Iterator[Judgement | Finding]


class Case(ResolvedStudy):
    """A study to check: its claims with their denominators, and what a record says about them."""

    def __init__(
        self, study: StudyClaims, modes: frozenset[RoundingMode] = NEAREST, binding: Binding | None = None
    ) -> None:
        super().__init__(study, modes)
        #: What a record says about the study, where there are records.
        self.binding = binding

    def finding(
        self,
        name: str,
        claim: Claim | Group,
        message: str,
        *,
        printed: str | None = None,
        recomputed: str | None = None,
        steps: Iterable[str] = (),
        related: Iterable[Related] = (),
        beside: Iterable[Claim] = (),
    ) -> Finding:
        """Return a finding of the rule with this name about a claim, or about a group's stated size.

        `beside` are the claims that contradict it.
        """
        about = claim if isinstance(claim, Claim) else None
        return Finding(
            rule=rule(name),
            message=message,
            location=claim.location,
            printed=printed or (about.text if isinstance(about, ProportionClaim | StatisticClaim) else None),
            recomputed=recomputed,
            steps=tuple(steps),
            related=tuple(related),
            study=self.study.study,
            claims=(*([about] if about else []), *beside),
            suppressions=claim.suppressions,
        )
