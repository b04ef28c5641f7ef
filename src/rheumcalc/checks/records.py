"""What a draft says, compared with the records of its studies (rules RC701 to RC710)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rheumcalc.binding import Comparison, Named, Record, Status, conflicting
from rheumcalc.checks.case import Case, Decision
from rheumcalc.findings import Finding, Related
from rheumcalc.rules import rule
from rheumcalc.source import Location
from rheumcalc.study.claims import Group, ProportionClaim
from rheumcalc.study.denominators import Resolved


def check_records(case: Case) -> Decision:
    """Report which record a section is about if that is open, and what the record contradicts."""
    binding = case.binding
    if binding is None:
        return
    for key, location in binding.unknown:
        message = f"'{key}' matches no study record, or more than one."
        yield Finding(rule("unknown-study"), message, location, study=case.study.study)
    for reason, location in binding.lost:
        message = (
            f"The marker names no value of a record: {reason.removesuffix('?')}{'?' if reason.endswith('?') else '.'}"
        )
        yield Finding(rule("unknown-value"), message, location, study=case.study.study)
    named = binding.named
    if named is None:
        if not binding.unknown and any(claim.address is None for claim in case.study.proportions):
            yield _about_section(
                case, "unbound-section", "No study record matches this section; if there is one, name it."
            )
    elif named.is_proposed:
        study = named.record.claims.study
        message = f"This section may be about '{study}', judging by {named.by}; name the study to be sure."
        yield _about_section(case, "proposed-study", message)
    else:
        yield from _citation(case, named)
    for comparison in binding.comparisons:
        if comparison.marked is not None:
            yield from _result(case, comparison, comparison.marked, is_proposed=False)
        elif named is not None and isinstance(comparison.about, Group):
            yield from _size(case, named, comparison)
        elif named is not None:
            yield from _result(case, comparison, named.record.claims.study, is_proposed=named.is_proposed)


_DOI = re.compile(r"\b10\.[0-9]{4,9}/[^\s()<>\[\]\"',;]{1,200}")
_YEAR = re.compile(r"\((?:19|20)[0-9]{2}[a-z]?\)")


def _citation(case: Case, named: Named) -> Decision:
    """Note a year or a DOI that the section prints for its study and that differs from the record."""
    publication, naming = named.record.publication, case.study.naming
    if naming is None:
        return
    years = {match[0][1:5] for match in _YEAR.finditer(naming.heading or "")}
    if publication.year and len(years) == 1 and years != {str(publication.year)}:
        message = (
            f"The heading says {years.pop()}, but the record '{named.record.claims.study}' has {publication.year}."
        )
        yield _about_section(case, "citation-mismatch", message)
    found = {match[0].lower().rstrip(".") for match in _DOI.finditer(f"{naming.heading or ''} {naming.words}")}
    if publication.doi and len(found) == 1 and found != {publication.doi}:
        message = f"The DOI here is {found.pop()}, but the record '{named.record.claims.study}' has {publication.doi}."
        yield _about_section(case, "citation-mismatch", message)


def _about_section(case: Case, name: str, message: str) -> Finding:
    places = [claim.location for claim in case.study.claims] or [g.location for g in case.study.groups.values()]
    first = min(places, key=lambda location: location.order())
    return Finding(rule(name), message, first, study=case.study.study)


def _size(case: Case, named: Named, comparison: Comparison) -> Decision:
    stated, size = comparison.about, comparison.value
    if comparison.status is not Status.CONTRADICTED or not isinstance(stated, Group) or not isinstance(size, Group):
        return
    if stated.n is None or size.n is None:
        return
    study = named.record.claims.study
    message = f"{stated.n.text} {stated.said}, but the record '{study}' has {size.n.text} for '{size.name}'."
    name = "proposed-record-contradiction" if named.is_proposed else "stated-size-contradiction"
    where = f" ({size.where})" if size.where else ""
    related = [Related(size.location, f"{size.n.text} for '{size.name}', {size.provenance}{where}")]
    yield case.finding(name, stated, message, printed=stated.n.text, recomputed=size.n.text, related=related)


def _result(case: Case, comparison: Comparison, study: str, *, is_proposed: bool) -> Decision:
    claim, value = comparison.about, comparison.value
    if not isinstance(claim, ProportionClaim) or not isinstance(value, Resolved):
        return
    theirs = value.claim
    label = theirs.subject.label
    related = [_where(value)]
    if comparison.status is Status.CONTRADICTED:
        message = f"{claim.text} is printed, but the record '{study}' has {theirs.text} for '{label}'."
        name = "proposed-record-contradiction" if is_proposed else "result-contradiction"
        yield case.finding(name, claim, message, recomputed=theirs.text, related=related)
    elif comparison.status is Status.UNVERIFIED and (claim.hedge or theirs.hedge):
        message = f"{claim.text} does not fit the record '{study}', which has {theirs.text} for '{label}'."
        yield case.finding("hedge-off-record", claim, message, recomputed=theirs.text, related=related)


def _where(value: Resolved) -> Related:
    claim = value.claim
    place = ", ".join(filter(None, (claim.subject.arm, claim.subject.timepoint and claim.subject.timepoint.text)))
    where = f" ({claim.where})" if claim.where else ""
    return Related(claim.location, f"{claim.text}{f', {place}' if place else ''}, {claim.provenance}{where}")


def conflicting_records(records: tuple[Record, ...]) -> Iterator[Finding]:
    """Yield a finding for every value that two records of one trial print differently, at the later one's place."""
    for earlier, later in conflicting(records):
        claim, other = later.claim, earlier.claim
        label = claim.subject.label
        message = (
            f"{claim.text} is reported for '{label}', but another report of this trial, "
            f"'{other.subject.study}', has {other.text}."
        )
        yield Finding(
            rule("conflicting-records"),
            message,
            Location(claim.location.source, claim.location.span),
            printed=claim.text,
            recomputed=other.text,
            related=(_where(earlier),),
            study=claim.subject.study,
            claims=(claim,),
            suppressions=claim.suppressions,
        )
