"""A study record to its claims."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from rheumcalc.record.yamltree import span_of
from rheumcalc.source import Location, Source, Span
from rheumcalc.study.claims import (
    Claim,
    FlowClaim,
    Group,
    Ladder,
    ProportionClaim,
    Publication,
    StatisticClaim,
    StudyClaims,
    Subject,
    Suppression,
    TotalClaim,
)

if TYPE_CHECKING:
    from rheumcalc.prose.reported import Reported
    from rheumcalc.record.model import (
        Allocation,
        Cell,
        Effect,
        FlowStep,
        Ignore,
        Outcome,
        Population,
        Read,
        Sourced,
        Study,
    )


def claims_from_record(study: Study, source: Source) -> StudyClaims:
    """Return everything a study record claims, in the order of the record."""
    reader = _RecordReader(study, source)
    follow_up = study.follow_up
    return StudyClaims(
        study=study.id,
        source=source,
        title=study.citation.title,
        groups=reader.groups,
        claims=tuple(reader.claims()),
        ladders=tuple(Ladder(ladder.label, ladder.levels) for ladder in study.ladders),
        suppressions=reader.all_suppressions(),
        rounding=frozenset(study.rounding),
        publication=_publication(study),
        median_follow_up=follow_up.median if follow_up else None,
        maximum_follow_up=follow_up.maximum if follow_up else None,
        visits_every=follow_up.visits_every if follow_up else None,
    )


def _publication(study: Study) -> Publication:
    citation = study.citation
    # The first author's name up to the initials: `De Benedetti F, Brunner HI, et al.`
    first = (citation.authors or "").split(",")[0].split()
    names = [word for word in first if not (word.isupper() and len(word) <= 4)]
    return Publication(
        title=citation.title,
        surname=" ".join(names) or None,
        year=int(citation.year.value) if citation.year else None,
        doi=citation.doi.lower() if citation.doi else None,
        key=citation.key,
        trial=study.trial.lower() if study.trial else None,
    )


class _RecordReader:
    """Walks a record once, passing down what its parts inherit."""

    def __init__(self, study: Study, source: Source) -> None:
        self.study = study
        self.source = source
        self.groups = {
            **{str(name): self._group(name, part, is_arm=False) for name, part in study.populations.items()},
            **{str(name): self._group(name, part, is_arm=True) for name, part in study.arms.items()},
        }

    def _location(self, span: Span | None) -> Location:
        return Location(self.source, span)

    def _group(self, name: str, part: Population, *, is_arm: bool) -> Group:
        return Group(
            name=str(name),
            location=self._location(part.n.span if part.n else span_of(name)),
            label=part.label,
            n=part.n,
            parent=part.of,
            analysis_set=part.analysis_set,
            unit=part.unit,
            missing_data_rule=part.missing_data_rule or self.study.missing_data_rule,
            is_arm=is_arm,
            suppressions=self.suppressions(part.ignore),
            provenance=self._provenance(part),
            where=self._where(part),
        )

    def suppressions(self, *ignores: tuple[Ignore, ...]) -> tuple[Suppression, ...]:
        """Return the ignores of a part and of what holds it."""
        return tuple(
            Suppression(ignore.rule, ignore.reason, self._location(span_of(ignore.rule)))
            for part in ignores
            for ignore in part
        )

    def all_suppressions(self) -> tuple[Suppression, ...]:
        """Return every ignore of the record, each once."""
        study = self.study
        outcomes = study.outcomes
        cells = [
            cell
            for outcome in outcomes
            for cells in (outcome.series, outcome.by_arm, outcome.categories)
            for cell in cells.values()
        ]
        groups = (*study.populations.values(), *study.arms.values())
        parts = (*groups, *study.allocation, *study.flow, *outcomes, *cells)
        return self.suppressions(*(part.ignore for part in parts))

    def _provenance(self, *parts: Read) -> str:
        return next((part.source for part in (*parts, self.study) if part.source), "primary")

    def _where(self, *parts: Read) -> str | None:
        """Return where a part was read; what the study as a whole says applies only to its own source."""
        own = next((part.where for part in parts if part.where), None)
        is_whole = self._provenance(*parts) == (self.study.source or "primary")
        return own or (self.study.where if is_whole else None)

    def claims(self) -> Iterator[Claim]:
        """Yield the claims in the order of the record."""
        for allocation in self.study.allocation:
            yield self._allocation(allocation)
        for step in self.study.flow:
            yield self._flow(step)
        for outcome in self.study.outcomes:
            yield from self._outcome(outcome)

    def _allocation(self, allocation: Allocation) -> TotalClaim:
        parts = tuple((str(name), self.groups[name].n) for name in allocation.into)
        return TotalClaim(
            subject=Subject(self.study.id, population=allocation.of, label="allocation"),
            text=" + ".join(n.text if n else "?" for _, n in parts),
            location=self._location(span_of(allocation.of)),
            provenance=self._provenance(allocation),
            suppressions=self.suppressions(allocation.ignore),
            whole=allocation.of,
            parts=parts,
            of_arms=True,
            exclusive=True,
            exhaustive=allocation.complete,
            unreported=allocation.unreported,
        )

    def _flow(self, step: FlowStep) -> FlowClaim:
        before = self.groups[step.from_].n
        moves = [(" − ", n) for n in step.lost.values()] + [(" + ", n) for n in step.joined.values()]
        return FlowClaim(
            subject=Subject(self.study.id, population=step.from_, label=f"flow to {', '.join(step.to)}"),
            text=(before.text if before else "?") + "".join(sign + n.text for sign, n in moves),
            location=self._location(span_of(step.from_)),
            provenance=self._provenance(step),
            suppressions=self.suppressions(step.ignore),
            before=step.from_,
            after=tuple(step.to),
            lost=tuple(step.lost.items()),
            joined=tuple(step.joined.items()),
        )

    def _outcome(self, outcome: Outcome) -> Iterator[Claim]:
        subject = Subject(self.study.id, outcome.key, outcome.label, outcome.population, outcome.arm, outcome.at)
        if outcome.reported is not None:
            yield self._proportion(subject, outcome, outcome.reported)
        for timepoint, cell in outcome.series.items():
            yield self._proportion(subject._replace(timepoint=timepoint), outcome, cell.reported, cell)
        for name, cell in outcome.by_arm.items():
            yield self._proportion(self._within(subject, name), outcome, cell.reported, cell)
        if outcome.categories:
            yield from self._categories(subject, outcome)
        if outcome.mean:
            yield self._statistic(subject, outcome, "mean", outcome.mean.mean.text, outcome.mean.mean.span)
        if outcome.median:
            yield self._statistic(subject, outcome, "median", outcome.median.median.text, outcome.median.median.span)
        if outcome.rate:
            text = f"{outcome.rate.rate.text} per {outcome.rate.per}"
            yield self._statistic(subject, outcome, "rate", text, outcome.rate.rate.span)
        for effect in outcome.effects:
            compared = self._within(subject, effect.arm) if effect.arm else subject
            printed = effect.estimate or effect.p
            span = printed.span if printed else None
            yield self._statistic(compared, outcome, "effect", _effect_text(effect), span, reference=effect.reference)

    def _within(self, subject: Subject, name: str) -> Subject:
        """Return the subject narrowed to the arm or population with this name."""
        return subject._replace(arm=name) if self.groups[name].is_arm else subject._replace(population=name)

    def _proportion(
        self, subject: Subject, outcome: Outcome, reported: Reported, cell: Cell | None = None
    ) -> ProportionClaim:
        group = self.groups.get(subject.group or "")
        definition = self.study.definitions.get(outcome.definition or "")
        parts: tuple[Sourced, ...] = (cell, outcome) if cell else (outcome,)
        return ProportionClaim(
            subject=subject,
            text=reported.text,
            location=self._location(reported.span),
            provenance=self._provenance(*parts),
            where=self._where(*parts),
            suppressions=self.suppressions(*(part.ignore for part in parts)),
            count=reported.count,
            denominator=reported.denominator,
            percent=reported.percent,
            hedge=reported.hedge,
            unit=outcome.unit,
            estimator=(cell.estimator if cell else None) or outcome.estimator,
            missing_data_rule=outcome.missing_data_rule
            or (group.missing_data_rule if group else self.study.missing_data_rule),
            kind=outcome.kind,
            at_risk=outcome.at_risk,
            duration=definition.duration if definition else None,
            may_predate_baseline=definition.may_predate_baseline if definition else False,
            subset_of=outcome.subset_of,
        )

    def _categories(self, subject: Subject, outcome: Outcome) -> Iterator[Claim]:
        cells = outcome.categories
        for label, cell in cells.items():
            part = subject._replace(outcome=f"{outcome.key}.{label}", label=f"{outcome.label}: {label}")
            yield self._proportion(part, outcome, cell.reported, cell)
        exact = [cell.reported.percent for cell in cells.values() if cell.reported.percent and not cell.reported.approx]
        yield TotalClaim(
            subject=subject._replace(label=f"{outcome.label}, all categories"),
            text=" + ".join(_part_text(cell.reported) for cell in cells.values()),
            location=self._location(span_of(outcome.label)),
            provenance=self._provenance(outcome),
            suppressions=self.suppressions(outcome.ignore),
            whole=subject.group,
            parts=tuple((str(label), cell.reported.count) for label, cell in cells.items()),
            percentages=tuple(exact) if len(exact) == len(cells) and outcome.estimator is None else (),
            denominators=frozenset(
                int(cell.reported.denominator.value) for cell in cells.values() if cell.reported.denominator
            ),
            unit=outcome.unit,
            missing_data_rule=outcome.missing_data_rule or self.study.missing_data_rule,
            exclusive=outcome.exclusive,
            exhaustive=outcome.exhaustive,
        )

    def _statistic(
        self,
        subject: Subject,
        outcome: Outcome,
        kind: str,
        text: str,
        span: Span | None,
        *,
        reference: str | None = None,
    ) -> StatisticClaim:
        return StatisticClaim(
            subject=subject,
            text=text,
            location=self._location(span or span_of(outcome.label)),
            provenance=self._provenance(outcome),
            suppressions=self.suppressions(outcome.ignore),
            kind=kind,
            reference=reference,
        )


def _part_text(reported: Reported) -> str:
    if reported.count:
        return reported.count.text
    return f"{reported.percent.text}%" if reported.percent else "?"


def _effect_text(effect: Effect) -> str:
    """Return an effect in few words: `risk ratio 0.46`, or `p 0.0003` where only that is printed."""
    name = (effect.measure or "effect").replace("_", " ")
    if effect.estimate:
        return f"{name} {effect.estimate.text}"
    return f"p {effect.p.text}" if effect.p else name
