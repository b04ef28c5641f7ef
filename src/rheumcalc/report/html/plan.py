"""What of a report its page shows, and where: which findings and results, and the ids of their places."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

from rheumcalc.findings import Finding
from rheumcalc.report.html.cards import MAX_LISTED
from rheumcalc.report.html.draft import Part, Run, draft_parts
from rheumcalc.report.html.marks import Marks, marks_of
from rheumcalc.result import FileReport, Report, StudyReport
from rheumcalc.rules import Severity
from rheumcalc.source import Location, Span
from rheumcalc.study.claims import Claim

#: How many results are marked, and how many findings are listed, the most severe first; JSON has them all.
MAX_CLAIMS = 5_000
MAX_FINDINGS = 1_000
#: How many results show the number of one finding.
_MAX_ABOUT = 200


@dataclass(eq=False)
class PlannedFile:
    """A file: its results that are shown, each with the id of its mark, and a draft's text with its marks.

    `claims` are the results at each mark, in order; none at a mark that is only a place.
    """

    number: int
    report: FileReport
    kept: dict[Claim, StudyReport] = field(default_factory=dict)
    marks: Marks | None = None
    parts: tuple[Part, ...] = ()
    claims: dict[str, list[Claim]] = field(default_factory=dict)
    ids: dict[Claim, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The file's name."""
        return self.report.name


class Plan:
    """Decides in the order that is needed: which findings, which results, and where each is shown."""

    def __init__(self, report: Report) -> None:
        found = [finding for file in report.files for finding in file.findings]
        shown = [finding for finding in found if finding.is_open]
        ignored = [finding for finding in found if finding.ignored is not None and not finding.known]
        #: The findings that are listed, and those that are ignored with a reason.
        self.open = _gravest(shown)
        self.ignored = _gravest(ignored)
        #: How many of each are left out.
        self.unlisted = len(shown) - len(self.open)
        self.unlisted_ignored = len(ignored) - len(self.ignored)
        #: How many findings about a result a baseline has.
        self.known = Counter(claim for finding in found if finding.known for claim in finding.claims[:1])
        self.files = [PlannedFile(number, file) for number, file in enumerate(report.files, 1)]
        self._keep_claims()
        self._place_marks()
        self._files_by_name = {file.name: file for file in reversed(self.files)}
        self._ids_by_place = {
            (file.name, claim.location.span): mark for file in reversed(self.files) for claim, mark in file.ids.items()
        }
        #: The number of each finding, by its identity, and the id of what shows its place.
        self.numbers = {id(finding): number for number, finding in enumerate((*self.open, *self.ignored), 1)}
        self.homes: dict[str, list[Finding]] = {}
        #: The open findings about each result.
        self.about: dict[Claim, list[Finding]] = {}
        for finding in (*self.open, *self.ignored):
            self.homes.setdefault(self.home(finding), []).append(finding)
        for finding in self.open:
            for claim in islice(finding.claims or self._claims_beside(finding), _MAX_ABOUT):
                self.about.setdefault(claim, []).append(finding)

    def home(self, finding: Finding) -> str:
        """Return the id of the mark that a finding is about, or of its own working where there is none."""
        return self.target(finding.location) or f"s{self.numbers[id(finding)]}"

    def target(self, location: Location) -> str | None:
        """Return the id of the mark that shows a place; None where nothing does."""
        file = self._files_by_name.get(location.source.name)
        if file is None or location.span is None:
            return None
        if file.marks is None:
            return self._ids_by_place.get((file.name, location.span))
        mark = file.marks.at(location.span.start)
        return mark.id if mark is not None and mark.id in file.claims else None

    def _claims_beside(self, finding: Finding) -> Iterator[Claim]:
        """Yield the results at the other places of a finding that is about no one of them."""
        for related in finding.related:
            file = self._files_by_name.get(related.location.source.name)
            mark = self.target(related.location)
            if file is not None and mark is not None:
                yield from file.claims[mark]

    def _keep_claims(self) -> None:
        """Choose the results that are marked: those that findings are about, and the first of the others."""
        wanted = {claim for finding in (*self.open, *self.ignored) for claim in finding.claims[:1]}
        room = MAX_CLAIMS - len(wanted)
        for file in self.files:
            for study in file.report.studies:
                for claim in study.claims.claims:
                    if claim in wanted:
                        file.kept[claim] = study
                    elif room > 0:
                        file.kept[claim] = study
                        room -= 1

    def _place_marks(self) -> None:
        places: dict[str, list[Span]] = {}
        for finding in (*self.open, *self.ignored):
            for location in (finding.location, *(each.location for each in finding.related[:MAX_LISTED])):
                if location.span is not None:
                    places.setdefault(location.source.name, []).append(location.span)
        for file in self.files:
            document = file.report.document
            if document is None:
                file.ids = {claim: f"m{file.number}-{index}" for index, claim in enumerate(file.kept, 1)}
                file.claims = {mark: [claim] for claim, mark in file.ids.items()}
                continue
            file.marks = marks_of(file.kept, places.get(file.name, ()), f"m{file.number}-")
            file.parts = tuple(draft_parts(document, file.marks))
            shown = {run.mark.id for run in _runs(file.parts) if run.mark is not None}
            file.claims = {mark.id: list(mark.claims) for mark in file.marks.all if mark.id in shown}
            file.ids = {claim: mark for mark, claims in file.claims.items() for claim in claims}


def _runs(parts: Sequence[Part]) -> Iterator[Run]:
    for part in parts:
        yield from part.runs
        if part.table is not None:
            yield from part.table.caption
            for row in (*part.table.header, *part.table.rows):
                for cell in row:
                    yield from cell.runs


def _gravest(findings: Sequence[Finding]) -> Sequence[Finding]:
    """Return the findings that are listed, in their order: of too many, the most severe."""
    if len(findings) <= MAX_FINDINGS:
        return findings
    severities = list(Severity)
    ranked = sorted(range(len(findings)), key=lambda index: severities.index(findings[index].severity))
    return [findings[index] for index in sorted(ranked[:MAX_FINDINGS])]
