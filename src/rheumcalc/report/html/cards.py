"""What is shown for a result and for a finding: the working, in words that need no manual."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, NamedTuple

from rheumcalc.checks.case import Case, Judgement
from rheumcalc.findings import Finding
from rheumcalc.messages import visible
from rheumcalc.numbers.arithmetic import CONVENTION_WORDS, division, fitting_counts, fitting_denominators
from rheumcalc.numbers.rounding import RoundingMode
from rheumcalc.report.html.contents import ClaimView, Fact, FindingView, PlaceView
from rheumcalc.source import Location
from rheumcalc.study.claims import Subject, Verdict
from rheumcalc.study.denominators import Resolved, ResolvedBy

if TYPE_CHECKING:
    from rheumcalc.binding import Comparison

#: The id of the element that shows a place, or None.
Targets = Callable[[Location], str | None]
#: How many steps and other places of one finding, and how many findings beside a result, are listed; JSON has them all.
MAX_LISTED = 12

#: What a verdict looks like where there is no colour.
SIGNS = {
    Verdict.CONSISTENT: "✓",
    Verdict.CONSISTENT_UNDER: "≈",
    Verdict.INCONSISTENT: "✗",
    Verdict.CANNOT_CHECK: "?",
}
#: What a verdict means, in a few words.
MEANINGS = {
    Verdict.CONSISTENT: "the numbers fit together",
    Verdict.CONSISTENT_UNDER: "they fit only under another rounding",
    Verdict.INCONSISTENT: "the numbers cannot all be true",
    Verdict.CANNOT_CHECK: "cannot be checked",
}
_CONVENTIONS = {
    RoundingMode.TRUNCATE: "They fit only if the percentage was cut off, not rounded.",
    RoundingMode.CEILING: "They fit only if the percentage was rounded up.",
}
_KNOWN_BY = {
    ResolvedBy.EXPLICIT: "printed with the result",
    ResolvedBy.COLUMN: "stated in the column heading",
    ResolvedBy.ANTECEDENT: "the group that the words refer to",
    ResolvedBy.RECORD: "stated for this group",
    ResolvedBy.STATED: "a size that is stated elsewhere, and that fits",
    ResolvedBy.JOINT: "not stated; the only one that fits this result and others together",
}


class Standing(NamedTuple):
    """What a record says of a result: the sign for it, and what it means in a few words."""

    sign: str
    meaning: str


STANDINGS = {
    "verified": Standing("=", "as in the study's record"),
    "contradicted": Standing("≠", "differs from the study's record"),
    "unverified": Standing("", "not verified by a record"),
}


def finding_view(finding: Finding, number: int, target: str, targets: Targets) -> FindingView:
    """Return a finding as it is shown; `target` is the id of its place."""
    related = tuple(
        PlaceView(visible(each.location.seen_from(finding.location)), visible(each.message), targets(each.location))
        for each in finding.related[:MAX_LISTED]
    )
    return FindingView(
        number=number,
        severity=finding.severity.value,
        code=finding.rule.code,
        name=finding.rule.name,
        message=visible(finding.message),
        about=visible(next((about(each.subject) for each in finding.claims if each.location == finding.location), "")),
        place=visible(finding.location.describe()),
        target=target,
        printed=_quoted(finding.printed),
        recomputed=_quoted(finding.recomputed),
        steps=tuple(map(visible, finding.steps[:MAX_LISTED])),
        related=related,
        more=sum(max(0, len(each) - MAX_LISTED) for each in (finding.steps, finding.related)),
        reason=_quoted(finding.ignored),
    )


def _quoted(text: str | None) -> str | None:
    return None if text is None else visible(text)


def claim_view(judgement: Judgement, resolved: Resolved | None, case: Case, comparison: Comparison | None) -> ClaimView:
    """Return a result as it is shown, with what its record says of it where there is one."""
    claim = judgement.claim
    facts = [Fact("Printed", claim.text)]
    again = recomputed(judgement, resolved)
    if again is not None:
        facts.append(Fact("Recomputed", again))
    if resolved is not None:
        facts += _denominator(resolved)
    if comparison is not None:
        facts += _record(comparison, case)
    return ClaimView(
        text=visible(claim.text),
        about=visible(about(claim.subject)),
        verdict=judgement.verdict.value,
        sign=SIGNS[judgement.verdict],
        words=visible(verdict_words(judgement)),
        facts=tuple(Fact(term, visible(text)) for term, text in facts),
        steps=tuple(map(visible, _steps(resolved, case))) if resolved is not None else (),
    )


def about(subject: Subject) -> str:
    """Return the outcome, group and time that a result is about, as far as they are named."""
    return ", ".join(filter(None, [subject.label, group_words(subject), time_words(subject)]))


def group_words(subject: Subject) -> str:
    """Return the arm and the population that a result is about; nothing where none is named."""
    return ", ".join(filter(None, [subject.arm, subject.population]))


def time_words(subject: Subject) -> str:
    """Return the timepoint of a result as it is printed; nothing where none is."""
    return subject.timepoint.text if subject.timepoint else ""


def verdict_words(judgement: Judgement) -> str:
    """Return a verdict as a sentence."""
    match judgement.verdict:
        case Verdict.CONSISTENT:
            return "The numbers fit together."
        case Verdict.CONSISTENT_UNDER:
            mode = judgement.convention
            other = f"They fit only with {CONVENTION_WORDS[mode]}." if mode else "They fit only under another rounding."
            return _CONVENTIONS.get(mode, other) if mode else other
        case Verdict.INCONSISTENT:
            return "These numbers cannot all be true."
        case Verdict.CANNOT_CHECK:
            return f"Cannot be checked: needs {judgement.missing}." if judgement.missing else "Cannot be checked."


def recomputed(judgement: Judgement, resolved: Resolved | None) -> str | None:
    """Return what the other numbers give, with the division where the denominator is not printed beside the count."""
    if judgement.recomputed is None:
        return None
    if resolved and resolved.count is not None and resolved.claim.denominator is None and resolved.denominator:
        return f"{resolved.count}/{resolved.denominator} = {judgement.recomputed}"
    return judgement.recomputed


def _denominator(resolved: Resolved) -> Iterator[Fact]:
    """Yield the denominator, and how it is known."""
    claim = resolved.claim
    if resolved.denominator is None or resolved.by is None:
        return
    how = _KNOWN_BY[resolved.by]
    if resolved.by is ResolvedBy.ANTECEDENT and claim.antecedent_words:
        how = f"{how}: “{claim.antecedent_words}”"
    elif resolved.by is ResolvedBy.RECORD and resolved.group is not None:
        how = f"{how}: {resolved.group.label or resolved.group.name}"
    yield Fact("Denominator", f"{resolved.denominator} ({how})")


def _steps(resolved: Resolved, case: Case) -> Iterator[str]:
    """Yield the arithmetic: the division, and which denominators or counts would fit."""
    claim, denominator = resolved.claim, resolved.denominator
    percent = claim.percent
    if percent is None or claim.hedge is not None or not claim.is_simple_proportion:
        return
    if resolved.count is not None:
        if denominator:
            yield division(resolved.count, denominator, percent.decimals, case.modes)
        yield fitting_denominators(resolved.count, percent, case.modes, events=resolved.in_events)
    if denominator and not resolved.in_events:
        yield fitting_counts(percent, denominator, case.modes)


def _record(comparison: Comparison, case: Case) -> Iterator[Fact]:
    """Yield what the study's record says of a result, and how the record is known to be the study's."""
    named = case.binding.named if case.binding else None
    study = comparison.marked or (named.record.claims.study if named else "")
    value = comparison.value
    if not isinstance(value, Resolved):
        yield Fact(
            "Record", f"Not verified: no value of the record {study} can be matched to this result.".replace("  ", " ")
        )
        return
    where = ", ".join(filter(None, [about(value.claim.subject), value.claim.where]))
    has = f"{value.claim.text} for {where}" if where else value.claim.text
    said = {"verified": "As in the record", "contradicted": "Not as in the record"}
    lead = said.get(comparison.status.value, "Not verified by the record")
    yield Fact("Record", f"{lead} {study}, which has {has}.")
    if comparison.marked is None and named is not None and named.is_proposed:
        yield Fact("", f"It is only proposed that this is the study's record, by {named.by}.")
