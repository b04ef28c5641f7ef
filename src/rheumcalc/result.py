"""The result of a run: a report for each file, study by study, and the counts over all of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from rheumcalc.checks.case import Case, Judgement
from rheumcalc.config import DEFAULT_RULES
from rheumcalc.findings import Finding, sort_findings
from rheumcalc.rules import Severity
from rheumcalc.study.claims import NotRead, ProportionClaim, StudyClaims, Verdict

if TYPE_CHECKING:
    from rheumcalc.binding import Status as Bound
    from rheumcalc.documents import Document


class Status(StrEnum):
    """What happened to a file: read and checked, read and found defective, or not read at all."""

    OK = "ok"
    INVALID = "invalid"
    UNREADABLE = "unreadable"


class StudyReport(NamedTuple):
    """One study's claims, a judgement for each in the same order, and the findings about them.

    `unselected` counts the inconsistent claims that only rules which do not apply have findings about.
    """

    claims: StudyClaims
    judgements: tuple[Judgement, ...]
    case: Case
    findings: tuple[Finding, ...]
    unselected: int = 0


class Reading(NamedTuple):
    """The percentages and cells that drafts print: how many are claims, excluded by reason, and the unread ones."""

    claims: int
    excluded: Counter[str]
    unread: tuple[NotRead, ...]

    @property
    def total(self) -> int:
        """How many percentages and cells there are."""
        return self.claims + self.excluded.total() + len(self.unread)


class FileReport(NamedTuple):
    """The result of one file: `defects` prevent it from being checked, `remarks` are findings about its markers.

    `notes` say, in words, how it was read and what of it was not. `document` is what was read of a draft, and `left`
    what looks like results in the parts of it that claim nothing.
    """

    name: str
    kind: str | None
    status: Status
    studies: tuple[StudyReport, ...] = ()
    defects: tuple[Finding, ...] = ()
    remarks: tuple[Finding, ...] = ()
    notes: tuple[str, ...] = ()
    document: Document | None = None
    left: tuple[NotRead, ...] = ()

    @property
    def not_read(self) -> tuple[NotRead, ...]:
        """What looks like a result and is in no claim, in the order of its places."""
        found = (each for study in self.studies for each in study.claims.not_read)
        return tuple(sorted((*self.left, *found), key=lambda each: each.location.order()))

    @property
    def reading(self) -> Reading:
        """What became of the file's percentages and cells."""
        claims = (judgement.claim for judgement in self.judgements)
        # A cell is named by its place; in prose, what prints no percentage is none.
        read = (isinstance(each, ProportionClaim) and bool(each.percent or each.location.name) for each in claims)
        others = self.not_read
        excluded = Counter(each.reason for each in others if each.reason is not None)
        return Reading(sum(read), excluded, tuple(each for each in others if each.reason is None))

    @property
    def findings(self) -> tuple[Finding, ...]:
        """All findings of the file in the order of their places, ignored ones included."""
        found = (finding for study in self.studies for finding in study.findings)
        return self.defects + sort_findings((*self.remarks, *found))

    @property
    def judgements(self) -> tuple[Judgement, ...]:
        """What is decided about every claim of the file."""
        return tuple(judgement for study in self.studies for judgement in study.judgements)


class Report(NamedTuple):
    """The result of a run: a report for each file in the order given, and how many files in folders were not records.

    `rules` are the codes of the rules that applied. `gone` is how many entries of a baseline no longer match anything.
    """

    files: tuple[FileReport, ...]
    skipped: int = 0
    rules: frozenset[str] = DEFAULT_RULES
    gone: int = 0

    @property
    def findings(self) -> tuple[Finding, ...]:
        """All findings, file by file, ignored ones included."""
        return tuple(finding for file in self.files for finding in file.findings)

    @property
    def verdicts(self) -> Counter[Verdict]:
        """How many claims got each verdict."""
        return Counter(judgement.verdict for file in self.files for judgement in file.judgements)

    @property
    def unselected(self) -> int:
        """How many inconsistent claims only rules that do not apply have findings about."""
        return sum(study.unselected for file in self.files for study in file.studies)

    @property
    def reading(self) -> Reading | None:
        """What became of the percentages and cells of drafts; None without drafts: other files are read as a whole."""
        read = [file.reading for file in self.files if file.kind == "draft"]
        if not read:
            return None
        excluded: Counter[str] = Counter()
        for each in read:
            excluded.update(each.excluded)
        return Reading(sum(each.claims for each in read), excluded, tuple(one for each in read for one in each.unread))

    @property
    def severities(self) -> Counter[Severity]:
        """How many findings, neither ignored nor known from a baseline, have each severity."""
        return Counter(finding.severity for finding in self._unordered() if finding.is_open)

    @property
    def bindings(self) -> Counter[Bound] | None:
        """How many claims and sizes of drafts have each standing against their records; None without records."""
        bound = [study.case.binding for file in self.files for study in file.studies if study.case.binding is not None]
        return Counter(each.status for binding in bound for each in binding.comparisons) if bound else None

    @property
    def ignored(self) -> int:
        """How many findings are ignored with a reason."""
        return sum(finding.ignored is not None for finding in self._unordered())

    @property
    def known(self) -> int:
        """How many findings a baseline has."""
        return sum(finding.known for finding in self._unordered())

    def _unordered(self) -> Iterator[Finding]:
        """Yield all findings without the cost of their order."""
        for file in self.files:
            yield from file.defects
            yield from file.remarks
            for study in file.studies:
                yield from study.findings

    def exit_code(self, fail_on: Severity | None = Severity.ERROR) -> int:
        """Return 2 where a file could not be checked, 1 where a finding is at or above `fail_on`, else 0."""
        if not self.files or any(file.status is not Status.OK for file in self.files):
            return 2
        severities, found = list(Severity), self.severities
        failing = severities[: severities.index(fail_on) + 1] if fail_on else []
        return int(any(found[severity] for severity in failing))
