"""Make the view of a page from a report."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from typing import TYPE_CHECKING

from rheumcalc.checks.case import Judgement
from rheumcalc.findings import Finding
from rheumcalc.messages import counted, visible
from rheumcalc.report.html.cards import MAX_LISTED, MEANINGS, SIGNS, STANDINGS, claim_view, finding_view
from rheumcalc.report.html.contents import (
    Card,
    ClaimView,
    Count,
    Fact,
    Figure,
    FileView,
    FindingView,
    Listed,
    MarkView,
    Page,
    StudyView,
)
from rheumcalc.report.html.plan import Plan, PlannedFile
from rheumcalc.report.html.tables import study_figure, study_table
from rheumcalc.report.summary import conclusion, summary
from rheumcalc.result import FileReport, Report, Status
from rheumcalc.rules import Severity
from rheumcalc.study.claims import Claim, Verdict
from rheumcalc.study.denominators import Resolved

if TYPE_CHECKING:
    from rheumcalc.binding import Binding, Comparison

#: A mark of several results shows the first of these verdicts.
_GRAVITY = (Verdict.INCONSISTENT, Verdict.CONSISTENT_UNDER, Verdict.CANNOT_CHECK, Verdict.CONSISTENT)
#: How many numbers of findings one mark shows.
_MAX_NUMBERS = 5


def page_view(report: Report) -> Page:
    """Return the contents of a report's page."""
    return _Maker(report).page()


class _Maker:
    """Makes the parts of a page as they were planned."""

    def __init__(self, report: Report) -> None:
        self.report = report
        self.plan = Plan(report)
        self.views = {
            id(each): finding_view(each, self.plan.numbers[id(each)], self.plan.home(each), self.plan.target)
            for each in (*self.plan.open, *self.plan.ignored)
        }

    def page(self) -> Page:
        """Return the whole page."""
        report, plan = self.report, self.plan
        said, told = summary(report), conclusion(report)
        listed = self._views(plan.open)
        by_file = groupby(plan.open, key=lambda finding: finding.location.source.name)
        rules = {finding.rule.code: finding.rule for finding in (*plan.open, *plan.ignored)}
        found = Counter(view.code for view in listed)
        severities = Counter(view.severity for view in listed)
        return Page(
            title=f"{visible(report.files[0].name)}: {told}" if len(report.files) == 1 else told,
            conclusion=told,
            tone=_tone(report),
            sentences=tuple(filter(None, (said.findings, said.reading, said.unread(visible), *said.more))),
            verdicts=tuple(Count(report.verdicts[each], MEANINGS[each], each.value, SIGNS[each]) for each in Verdict),
            severities=tuple(_severity(report.severities[each], each) for each in Severity),
            standings=tuple(_standings(report)),
            files=tuple(map(self._file, plan.files)),
            listed=tuple(Listed(visible(name), self._views(each)) for name, each in by_file),
            total=len(listed),
            unlisted=_more(plan.unlisted, "finding", "--format json lists them all"),
            ignored=self._views(plan.ignored),
            unlisted_ignored=_more(plan.unlisted_ignored, "ignored finding", "--format json lists them all"),
            known=f"{counted(report.known, 'finding')} known from the baseline." if report.known else None,
            by_rule=tuple(Count(found[code], rules[code].name, code) for code in sorted(found)),
            by_severity=tuple(_severity(severities[each.value], each) for each in Severity if severities[each.value]),
            rules=tuple(rules[code] for code in sorted(rules)),
        )

    def _views(self, findings: Iterable[Finding]) -> tuple[FindingView, ...]:
        return tuple(self.views[id(finding)] for finding in findings)

    def _file(self, file: PlannedFile) -> FileView:
        report = file.report
        judged = {judgement.claim: judgement for judgement in report.judgements}
        compared = _compared(report)
        marks = {
            mark: self._mark(mark, [judged[each] for each in held], compared) for mark, held in file.claims.items()
        }
        return FileView(
            id=f"file-{file.number}",
            name=visible(report.name),
            kind=report.kind or "file",
            trouble=_trouble(report),
            notes=tuple(map(visible, report.notes)),
            sections=tuple(_sections(report)),
            parts=file.parts,
            studies=tuple(_studies(file)),
            cards=tuple(self._cards(file, marks, judged, compared)),
            marks=marks,
            marks_by_claim={claim: marks[mark] for claim, mark in file.ids.items()},
            unmarked=_more(len(judged) - len(file.kept), "result", "--format json --claims lists them all"),
            claims=len(judged),
        )

    def _mark(self, mark: str, judgements: list[Judgement], compared: Mapping[object, Comparison]) -> MarkView:
        """Return how a mark looks: by the most severe verdict in it, and by what its record says."""
        homes = self.plan.homes.get(mark, [])
        about = [finding for judgement in judgements for finding in self.plan.about.get(judgement.claim, ())]
        about += [finding for finding in homes if finding.ignored is None]
        found = sorted({self.plan.numbers[id(finding)] for finding in about})
        numbers = [*map(str, found[:_MAX_NUMBERS]), *(["…"] if len(found) > _MAX_NUMBERS else [])]
        verdict = min((judgement.verdict for judgement in judgements), key=_GRAVITY.index, default=None)
        said = {compared[each.claim].status.value for each in judgements if each.claim in compared}
        told = [STANDINGS[each] for each in ("contradicted", "verified") if each in said]
        words = [MEANINGS[verdict]] if verdict else []
        words += [standing.meaning for standing in told]
        words += [f"{'finding' if len(numbers) == 1 else 'findings'} {', '.join(numbers)}"] if numbers else []
        return MarkView(
            id=mark,
            card=f"c{mark[1:]}" if judgements or homes else None,
            kind=verdict.value if verdict else "place",
            signs="".join((SIGNS[verdict] if verdict else "", *(standing.sign for standing in told))),
            label="; ".join(words),
            numbers=tuple(numbers),
        )

    def _cards(
        self,
        file: PlannedFile,
        marks: Mapping[str, MarkView],
        judged: Mapping[Claim, Judgement],
        compared: Mapping[object, Comparison],
    ) -> Iterator[Card]:
        """Yield the working of each mark, then those of findings that have no place in what is shown."""
        resolved: dict[Claim, Resolved] = {
            each.claim: each for study in file.report.studies for each in study.case.proportions
        }
        for mark, claims in file.claims.items():
            card = marks[mark].card
            if card is None:
                continue
            homes = self.plan.homes.get(mark, [])
            shown = tuple(
                claim_view(judged[each], resolved.get(each), file.kept[each].case, compared.get(each))
                for each in claims
            )
            here = {id(finding) for finding in homes}
            about = {
                id(each): each for claim in claims for each in self.plan.about.get(claim, ()) if id(each) not in here
            }
            mentions = list(about.values())
            place = claims[0].location if claims else homes[0].location
            own = self._views(each for each in homes if each.ignored is None)
            yield Card(
                card,
                mark,
                title=shown[0].text if shown else visible(homes[0].printed or place.describe()),
                place=visible(place.describe()),
                claims=tuple(_without_steps_of(own, each) for each in shown),
                findings=tuple(_without_facts_of(shown, each) for each in own),
                mentions=self._views(mentions[:MAX_LISTED]),
                unmentioned=max(0, len(mentions) - MAX_LISTED),
                ignored=self._views(each for each in homes if each.ignored is not None),
                known=sum(self.plan.known[claim] for claim in claims),
            )
        yield from self._without_place(file)

    def _without_place(self, file: PlannedFile) -> Iterator[Card]:
        for finding in file.report.findings:
            view = self.views.get(id(finding))
            if view is not None and view.target == f"s{view.number}":
                own = (view,)
                title = view.printed or view.place
                is_open = finding.ignored is None
                yield Card(
                    view.target,
                    None,
                    title=title,
                    place=view.place,
                    findings=own if is_open else (),
                    ignored=() if is_open else own,
                )


def _without_steps_of(findings: Iterable[FindingView], claim: ClaimView) -> ClaimView:
    """Return a result without the steps that its findings show below it."""
    told = {step for finding in findings for step in finding.steps}
    return claim._replace(steps=tuple(step for step in claim.steps if step not in told))


def _without_facts_of(claims: Iterable[ClaimView], finding: FindingView) -> FindingView:
    """Return a finding without what is printed and recomputed where its result shows both above it."""
    for claim in claims:
        again = next((fact.text for fact in claim.facts if fact.term == "Recomputed"), "")
        if finding.printed == claim.text and finding.recomputed and again.endswith(finding.recomputed):
            return finding._replace(printed=None, recomputed=None)
    return finding


def _tone(report: Report) -> str:
    if any(file.status is not Status.OK for file in report.files):
        return Severity.ERROR.value
    return next((each.value for each in Severity if report.severities[each]), "none")


def _severity(number: int, severity: Severity) -> Count:
    return Count(number, f"{severity.value}{'' if number == 1 else 's'}", severity.value)


def _standings(report: Report) -> Iterator[Count]:
    """Yield how many results and sizes have each standing against their records; nothing without records."""
    bindings = report.bindings
    if bindings is not None:
        numbers = {status.value: number for status, number in bindings.items()}
        for name, standing in STANDINGS.items():
            yield Count(numbers.get(name, 0), standing.meaning, name, standing.sign)


def _more(number: int, thing: str, where: str) -> str | None:
    """Return a sentence on what is left out, if anything is."""
    return f"{counted(number, f'more {thing}')} left out of this page; {where}." if number else None


def _compared(report: FileReport) -> dict[object, Comparison]:
    """Return what the records say of each result of a file."""
    bindings = (study.case.binding for study in report.studies)
    return {each.about: each for binding in bindings if binding is not None for each in binding.comparisons}


def _trouble(report: FileReport) -> str | None:
    """Return why a file was not checked, or not wholly."""
    if report.status is Status.OK:
        return None
    if report.status is Status.UNREADABLE:
        return "This file could not be read, so nothing in it was checked."
    if report.document is not None:
        return "Part of this file could not be read; what was read is checked below."
    return f"This file was not checked: {counted(len(report.defects), 'mistake')} in it must be corrected first."


def _sections(report: FileReport) -> Iterator[Fact]:
    """Yield each section of a draft that was compared with the records, and the result."""
    for study in report.studies:
        if study.case.binding is not None:
            yield Fact(visible(study.claims.study), visible(_held_against(study.case.binding)))


def _held_against(binding: Binding) -> str:
    numbers = Counter(comparison.status.value for comparison in binding.comparisons)
    told = ", ".join(f"{numbers[name]} {name}" for name in STANDINGS)
    if binding.named is None:
        return f"no record matches this study{f'; by markers: {told}' if numbers else ', so nothing here is verified'}."
    how = "possibly" if binding.named.is_proposed else "compared with"
    return f"{how} the record {binding.named.record.claims.study}, matched by {binding.named.by}: {told}."


#: How many files of a page have figures: each takes a fifth of a second to draw, and as many kB.
MAX_FIGURES = 50
_TOO_MANY = (
    f"a page has those of its first {MAX_FIGURES} files only; `rheumcalc summary FILE --forest figure.svg` draws one."
)


def _studies(file: PlannedFile) -> Iterator[StudyView]:
    """Yield the studies of a record or a sheet."""
    if file.report.document is None:
        for study in file.report.studies:
            table = study_table(study)
            rows = tuple(row for row in table.rows if row.claim in file.kept)
            claims = study.claims
            title = None if claims.title is None else visible(claims.title)
            figure, undrawn = None, None
            if file.report.kind == "record":
                drawn = study_figure(study) if file.number <= MAX_FIGURES else _TOO_MANY
                figure, undrawn = (drawn, None) if isinstance(drawn, Figure) else (None, drawn)
            yield StudyView(visible(claims.study), title, table.headings, rows, figure, undrawn)
