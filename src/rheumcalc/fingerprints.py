"""By what a finding is known again when the text around it has changed."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator

from rheumcalc.findings import Finding

#: How much of the hash is kept, in hexadecimal digits: two findings of one file share it once in 10¹⁸ pairs.
_LENGTH = 16


def fingerprint(finding: Finding) -> str:
    """Return a hash of what a finding is about: its file, rule, study and subject, and the words at its place.

    Neither its line nor its message is part of it: lines move, and messages quote numbers from elsewhere.
    """
    location = finding.location
    words = finding.printed
    if words is None and location.span is not None:
        words = location.source.cut(location.span)
    identity = [location.source.name, finding.rule.code, finding.study, *_subject(finding), _plain(words)]
    text = json.dumps(identity)
    return hashlib.sha256(text.encode("ascii")).hexdigest()[:_LENGTH]


def fingerprints(findings: Iterable[Finding]) -> Iterator[tuple[Finding, str]]:
    """Yield each finding with its fingerprint and a number that tells equal ones apart, in the order given: `ab12:1`.

    The findings are all of a file or of a report, ignored ones included, so that ignoring one renumbers none.
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
