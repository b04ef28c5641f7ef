"""A finding: one place where a rule fails, with its working, and how it is recognised in a changed text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from rheumcalc.rules import Rule, Severity
from rheumcalc.source import Location
from rheumcalc.study.claims import Claim, Suppression


class Related(NamedTuple):
    """Another place a finding is about, and what is there."""

    location: Location
    message: str


class Finding(NamedTuple):
    """One place where a rule fails.

    `message` has a first sentence that stands alone. `printed` is what the text says and `recomputed` what the other
    numbers give, rounded like the printed one (None where there is nothing to recompute). `steps` is the arithmetic
    in order. `claims` are the claims that
    cannot all be true, the one at the place first. `suppressions` are the ignores in force at the place;
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
        """The severity of the finding in this run: that of the settings, or else that of the rule."""
        return self.regraded or self.rule.severity

    @property
    def is_open(self) -> bool:
        """Whether the finding is open: neither ignored with a reason nor known."""
        return self.ignored is None and not self.known

    def order(self) -> tuple[object, ...]:
        """Return a key that sorts findings by place, then rule, whatever order the checks ran in."""
        return (*self.location.order(), self.rule.code, self.message)


def sort_findings(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return the findings in the order of their places."""
    return tuple(sorted(findings, key=Finding.order))


#: How much of the hash is kept, in hexadecimal digits: two findings of one file share it once in 10¹⁸ pairs.
_LENGTH = 16


def fingerprint(finding: Finding) -> str:
    """Return a hash of what a finding is about: its file, rule, study and subject, and the words at its place.

    Neither its line nor its message is part of it: lines move, and messages quote numbers from elsewhere.
    """
    import hashlib
    import json

    location = finding.location
    words = finding.printed
    if words is None and location.span is not None:
        words = location.source.cut(location.span)
    identity = [location.source.name, finding.rule.code, finding.study, *_subject(finding), _plain(words)]
    text = json.dumps(identity)
    return hashlib.sha256(text.encode("ascii")).hexdigest()[:_LENGTH]


def fingerprints(findings: Iterable[Finding]) -> Iterator[tuple[Finding, str]]:
    """Yield each finding with its fingerprint and a number that distinguishes equal ones, in the order given: `ab12:1`.

    The findings are all of a file or of a report, ignored ones included, so that an ignore renumbers no other.
    """
    seen: Counter[str] = Counter()
    for finding in findings:
        digest = fingerprint(finding)
        seen[digest] += 1
        yield finding, f"{digest}:{seen[digest]}"


def _subject(finding: Finding) -> list[str | None]:
    """Return what the first claim of a finding is about, where it is named.

    A label is left out: in prose it is made of the words around a result, which may be rephrased.
    """
    if not finding.claims:
        return []
    subject = finding.claims[0].subject
    timepoint = subject.timepoint.text if subject.timepoint else None
    return [_plain(each) for each in (subject.outcome, subject.population, subject.arm, timepoint)]


def _plain(text: str | None) -> str | None:
    """Return a text as it reads: how its lines are broken does not matter."""
    return None if text is None else " ".join(text.split())
