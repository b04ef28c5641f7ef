"""A finding: one place where a rule fails, with its working."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from rheumcalc.rules import Rule, Severity
from rheumcalc.source import Location
from rheumcalc.study.claims import Claim, Suppression


class Related(NamedTuple):
    """Another place a finding is about, and what stands there."""

    location: Location
    message: str


class Finding(NamedTuple):
    """One place where a rule fails.

    `message` has a first sentence that stands alone. `printed` is what the text says and `recomputed` what the other
    numbers give, rounded like the printed one (None where there is nothing to recompute). `steps` is the arithmetic
    in order. `claims` are the claims that
    cannot all hold, the one at the place first. `suppressions` are the ignores in force at the place;
    `ignored` is the reason of the one that matched. `regraded` is the severity that the settings give to the rule in
    place of its own. `known` says that a baseline has it.
    """

    rule: Rule
    message: str
    location: Location
    printed: str | None = None
    recomputed: str | None = None
    steps: tuple[str, ...] = ()
    related: tuple[Related, ...] = ()
    study: str | None = None
    claims: tuple[Claim, ...] = ()
    suppressions: tuple[Suppression, ...] = ()
    ignored: str | None = None
    regraded: Severity | None = None
    known: bool = False

    @property
    def severity(self) -> Severity:
        """How much the finding counts for in this run: as the settings say, or else as the rule does."""
        return self.regraded or self.rule.severity

    @property
    def is_open(self) -> bool:
        """Whether the finding is for somebody to look at: neither ignored with a reason nor known."""
        return self.ignored is None and not self.known

    def order(self) -> tuple[object, ...]:
        """Return a key that sorts findings by place, then rule, whatever order the checks ran in."""
        return (*self.location.order(), self.rule.code, self.message)


def sort_findings(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return the findings in the order of their places."""
    return tuple(sorted(findings, key=Finding.order))
