"""The rows of a summary: one result for each study, outcome, group and timepoint, recomputed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from rheumcalc.checks.case import Case, Judgement
from rheumcalc.findings import Finding
from rheumcalc.numbers.arithmetic import share
from rheumcalc.numbers.feasible import feasible_counts
from rheumcalc.numbers.rounding import RoundingMode
from rheumcalc.numbers.timepoint import Timepoint
from rheumcalc.rules import Severity
from rheumcalc.study.claims import Group, ProportionClaim, StatisticClaim, StudyClaims, Verdict, result_key
from rheumcalc.study.denominators import Resolved, ResolvedBy

if TYPE_CHECKING:
    from rheumcalc.result import StudyReport


#: The largest denominator for which an interval is computed: far above any study, and far below loss of precision.
MAX_DENOMINATOR = 1_000_000_000


class StudyHead(NamedTuple):
    """A study as a summary names it: its id, a short name (`Zhang 2023`) that no other study here has, and its title.

    `source` is the name of the file it was read from, `groups` its populations and arms by name.
    """

    id: str
    name: str
    title: str | None
    source: str
    groups: Mapping[str, Group]

    @property
    def key(self) -> tuple[str, str]:
        """A unique key of the study, even if two records have one id by mistake."""
        return self.id, self.source


@dataclass(frozen=True, eq=False)
class Row:
    """One result of one study: what is printed, and what its count and denominator give.

    `count` is printed, or, where `is_count_implied`, the only one that fits the percentage. `denominator_by` says how
    the denominator is known. `also` are other texts that the record has for the same result. `findings` are those that
    say the result may be wrong, the ignored ones included.
    """

    study: StudyHead
    claim: ProportionClaim
    judgement: Judgement
    modes: frozenset[RoundingMode]
    count: int | None = None
    is_count_implied: bool = False
    denominator: int | None = None
    denominator_by: ResolvedBy | None = None
    also: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()

    @property
    def outcome(self) -> str | None:
        """The outcome's id."""
        return self.claim.subject.outcome

    @property
    def label(self) -> str:
        """The outcome in words."""
        return self.claim.subject.label or self.claim.subject.outcome or "(no outcome named)"

    @property
    def population(self) -> str | None:
        """The name of the population, where one is named."""
        return self.claim.subject.population

    @property
    def arm(self) -> str | None:
        """The name of the arm, where one is named."""
        return self.claim.subject.arm

    @property
    def timepoint(self) -> Timepoint | None:
        """The timepoint, where one is named."""
        return self.claim.subject.timepoint

    @property
    def verdict(self) -> Verdict:
        """What is decided about the result."""
        return self.judgement.verdict

    @property
    def printed(self) -> str:
        """The result as printed."""
        return self.claim.text

    @property
    def exact(self) -> Fraction | None:
        """The exact percentage that the count is of the denominator; None where the percentage is not such a share."""
        if self.count is None or self.denominator is None or not self.claim.is_simple_proportion:
            return None
        return share(self.count, self.denominator)

    @property
    def is_binomial(self) -> bool:
        """Whether an interval for a proportion may be computed: a count of participants with a denominator."""
        return (
            self.exact is not None
            and self.claim.unit == "participants"
            and (self.count or 0) <= (self.denominator or 0) <= MAX_DENOMINATOR
        )


class Rows(NamedTuple):
    """All results of some studies, and which of them are not proportions: how many means, rates and so on.

    `references` says, by study and outcome, with which arm the record itself compares the others. `others` are the
    errors and warnings about a study and none of its rows (sizes, totals, flow), by the study's key.
    """

    studies: tuple[StudyHead, ...]
    rows: tuple[Row, ...]
    left_out: Counter[str]
    references: Mapping[tuple[str, str | None], str]
    others: Mapping[tuple[str, str], tuple[Finding, ...]]


def rows_of(reports: Sequence[StudyReport]) -> Rows:
    """Return the results of studies that were checked, in their order."""
    heads = _heads(reports)
    rows = [row for head, report in zip(heads, reports, strict=True) for row in _study_rows(head, report)]
    statistics = [claim for report in reports for claim in report.claims.claims if isinstance(claim, StatisticClaim)]
    references = {
        (claim.subject.study or "", claim.subject.outcome): claim.reference for claim in statistics if claim.reference
    }
    others = {head.key: tuple(_about_no_row(each.findings)) for head, each in zip(heads, reports, strict=True)}
    return Rows(tuple(heads), tuple(rows), Counter(claim.kind for claim in statistics), references, others)


def _heads(reports: Sequence[StudyReport]) -> list[StudyHead]:
    names = [_short_name(report) for report in reports]
    times = Counter(names)
    ids = Counter(report.claims.study for report in reports)

    def own_name(name: str, claims: StudyClaims) -> str:
        if times[name] == 1:
            return name
        # Records may share an id too, by mistake; their files do not.
        return f"{name} ({claims.study if ids[claims.study] == 1 else claims.source.name})"

    return [
        StudyHead(
            id=report.claims.study,
            name=own_name(name, report.claims),
            title=report.claims.title,
            source=report.claims.source.name,
            groups=report.claims.groups,
        )
        for report, name in zip(reports, names, strict=True)
    ]


def _short_name(report: StudyReport) -> str:
    publication = report.claims.publication
    if publication is None or not publication.surname or not publication.year:
        return report.claims.study
    return f"{publication.surname} {publication.year}"


def claim_rows(report: StudyReport) -> list[Row]:
    """Return a row for each proportion of one study, those for one result apart."""
    (head,) = _heads([report])
    return list(_rows_apart(head, report))


def _study_rows(head: StudyHead, report: StudyReport) -> Iterator[Row]:
    made: dict[tuple[object, ...], list[Row]] = {}
    for row in _rows_apart(head, report):
        made.setdefault(result_key(row.claim), []).append(row)
    for same in made.values():
        yield _merged(same)


def _rows_apart(head: StudyHead, report: StudyReport) -> Iterator[Row]:
    judgements = {judgement.claim: judgement for judgement in report.judgements}
    about = _findings_by_claim(report.findings)
    for resolved in report.case.proportions:
        claim = resolved.claim
        count, is_implied = _count(report.case, resolved)
        yield Row(
            study=head,
            claim=claim,
            judgement=judgements[claim],
            modes=report.case.modes,
            count=count,
            is_count_implied=is_implied,
            denominator=resolved.denominator,
            denominator_by=resolved.by,
            findings=tuple(about.get(claim, ())),
        )


def _merged(rows: Sequence[Row]) -> Row:
    """Return texts for one result as one row: the one with most numbers, and the study's own before another's."""
    best = max(
        rows,
        key=lambda row: (
            row.count is not None and not row.is_count_implied,
            row.denominator is not None,
            row.claim.provenance == "primary",
            row.claim.percent is not None,
        ),
    )
    others = [row for row in rows if row is not best]
    also = tuple(dict.fromkeys(row.printed for row in others if row.claim.numbers != best.claim.numbers))
    findings = tuple(dict.fromkeys(finding for row in (best, *others) for finding in row.findings))
    return replace(best, also=also, findings=findings)


def _count(case: Case, resolved: Resolved) -> tuple[int | None, bool]:
    """Return the count of a result, and whether it is not printed but the only one that fits."""
    claim = resolved.claim
    if resolved.count is not None or claim.percent is None or resolved.denominator is None:
        return resolved.count, False
    if claim.approx or claim.doubt is not None or resolved.in_events or not claim.is_simple_proportion:
        return None, False
    only = feasible_counts(claim.percent, resolved.denominator, case.modes).only
    return only, only is not None


def _findings_by_claim(findings: Iterable[Finding]) -> dict[ProportionClaim, list[Finding]]:
    """Return the findings that make a result doubtful, by the claims that they are about; notes do not count."""
    about: dict[ProportionClaim, list[Finding]] = {}
    for finding in filter(_counts, findings):
        for claim in finding.claims:
            if isinstance(claim, ProportionClaim):
                about.setdefault(claim, []).append(finding)
    return about


def _about_no_row(findings: Iterable[Finding]) -> Iterator[Finding]:
    for finding in filter(_counts, findings):
        if not any(isinstance(claim, ProportionClaim) for claim in finding.claims):
            yield finding


def _counts(finding: Finding) -> bool:
    return finding.severity is not Severity.NOTE
