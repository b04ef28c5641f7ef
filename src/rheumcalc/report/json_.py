"""The report, the claims and the calculator's answer as JSON; `docs/json.md` specifies the shapes."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from rheumcalc.checks.case import Judgement
from rheumcalc.findings import Finding
from rheumcalc.report.summary import read_counts
from rheumcalc.result import FileReport, Report, Status, StudyReport
from rheumcalc.rules import Rule, Severity
from rheumcalc.source import Location
from rheumcalc.study.claims import Claim, NotRead, ProportionClaim, Subject, Verdict
from rheumcalc.study.denominators import Resolved

if TYPE_CHECKING:
    from rheumcalc.binding import Comparison, Named
    from rheumcalc.numbers.feasible import IntegerRange
    from rheumcalc.solve import Solution

    #: A section's source and name with its record, and what the record says about each claim in it.
    _Standings = tuple[dict[tuple[str, str | None], Named], dict[Claim, Comparison]]

#: Changes with every change of a shape that a reader could notice.
SCHEMA_VERSION = "1.1"


def render_report(report: Report, *, with_claims: bool = False) -> str:
    """Return a report as one JSON object, with every claim and its verdict if asked for."""
    document: dict[str, Any] = {
        "schema_version": SCHEMA_VERSION,
        "files": [_file(file) for file in report.files],
    }
    if with_claims:
        studies = [study for file in report.files for study in file.studies]
        document["claims"] = [claim for study in studies for claim in _judged_claims(study)]
    standings = _standings(report)
    document["findings"] = [_finding(finding, standings) for file in report.files for finding in file.findings]
    document["summary"] = {
        "files": {
            "checked": sum(file.status.value == "ok" for file in report.files),
            "failed": sum(file.status.value != "ok" for file in report.files),
            "skipped": report.skipped,
        },
        "claims": {verdict.value: report.verdicts[verdict] for verdict in Verdict},
        "findings": {
            **{severity.value: report.severities[severity] for severity in Severity},
            "ignored": report.ignored,
        },
        "not_read": read_counts(report.reading),
        "records": _record_counts(report),
        "baseline": {"known": report.known, "gone": report.gone},
    }
    return _text(document)


def render_claims(file: FileReport) -> str:
    """Return what was read in one file as one line, without verdicts and findings; or why nothing was read."""
    if file.status is not Status.OK:
        message = "; ".join(finding.message for finding in file.defects)
        return _line({"id": file.name, "path": file.name, "error": message, "claims": []})
    studies = [study.claims for study in file.studies]
    place = _offsets if file.kind == "draft" else _place
    sizes = [
        {"n": int(group.n.value), "population": group.name, **place(group.location)}
        for claims in studies
        for group in claims.groups.values()
        if group.n is not None
    ]
    found = [_claim(claim, place) for claims in studies for claim in claims.claims]
    identity = studies[0].study if file.kind == "record" else file.name
    others = [_not_read(each, place) for each in file.not_read]
    line = {"id": identity, "path": file.name, "claims": found, "sample_sizes": sizes, "not_read": others}
    return _line(line)


def scanned_study(study: StudyReport) -> dict[str, Any]:
    """Return a text's claims with their verdicts, its sample sizes and its findings, placed by offsets in the text."""
    resolved: dict[Claim, Resolved] = {each.claim: each for each in study.case.proportions}
    claims = []
    for judgement in study.judgements:
        claim = judgement.claim
        each = resolved.get(claim)
        claims.append(
            {
                "kind": _kind(claim),
                **_offsets(claim.location),
                "text": claim.text,
                **(_numbers(claim) if isinstance(claim, ProportionClaim) else _NO_NUMBERS),
                "resolved_denominator": each.denominator if each else None,
                "resolved_by": each.by.value if each and each.by else None,
                "verdict": judgement.verdict.value,
            }
        )
    return {
        "claims": claims,
        "sample_sizes": [
            {"n": int(group.n.value), **_offsets(group.location)}
            for group in study.claims.groups.values()
            if group.n is not None
        ],
        "findings": [
            {
                "rule": finding.rule.code,
                "name": finding.rule.name,
                "severity": finding.severity.value,
                "message": finding.message,
                **_offsets(finding.location),
            }
            for finding in study.findings
        ],
    }


def _offsets(location: Location) -> dict[str, int | None]:
    span = location.span
    return {"start": span.start if span else None, "end": span.end if span else None}


def render_solution(solution: Solution) -> str:
    """Return the calculator's answer as one JSON object."""
    joint = solution.joint
    return _text(
        {
            "schema_version": SCHEMA_VERSION,
            "claims": [
                {
                    "printed": answer.printed,
                    "verdict": answer.verdict.value,
                    "convention": answer.convention.value if answer.convention else None,
                    "denominators": _ranges(answer.denominators),
                    "counts": None if answer.counts is None else _ranges(answer.counts),
                    "steps": list(answer.steps),
                }
                for answer in solution.answers
            ],
            "joint": {
                "denominators": _ranges(joint.denominators),
                "fits": list(joint.fits),
                "rest": list(solution.rest),
            },
        }
    )


def render_rules(rules: Iterable[Rule], *, with_pages: bool) -> str:
    """Return rules as one JSON object, with their pages if asked for."""
    return _text(
        {
            "schema_version": SCHEMA_VERSION,
            "rules": [
                {
                    "code": rule.code,
                    "name": rule.name,
                    "severity": rule.severity.value,
                    "summary": rule.summary,
                    "default": rule.default,
                    **({"page": rule.page} if with_pages else {}),
                }
                for rule in rules
            ],
        }
    )


def _line(document: dict[str, Any]) -> str:
    return json.dumps(document, ensure_ascii=False)


def _text(document: dict[str, Any]) -> str:
    return json.dumps(document, indent=2, ensure_ascii=False)


def _ranges(numbers: IntegerRange) -> list[list[int | None]]:
    return [[numbers.low, numbers.high]] if numbers else []


def _file(file: FileReport) -> dict[str, Any]:
    return {
        "path": file.name,
        "kind": file.kind,
        "status": file.status.value,
        "study": file.studies[0].claims.study if file.kind == "record" and file.studies else None,
        "studies": [study.claims.study for study in file.studies],
        "claims": len(file.judgements),
        "notes": list(file.notes),
        "not_read": [_not_read(each, _place) for each in file.not_read],
    }


def _place(location: Location) -> dict[str, Any]:
    start, end = location.start, location.end
    return {
        "path": location.source.name,
        "line": start.line if start else None,
        "column": start.column if start else None,
        "end_line": end.line if end else None,
        "end_column": end.column if end else None,
        "place": location.describe(),
    }


def _standings(report: Report) -> _Standings:
    named: dict[tuple[str, str | None], Named] = {}
    compared: dict[Claim, Comparison] = {}
    for study in (study for file in report.files for study in file.studies):
        binding = study.case.binding
        if binding is None:
            continue
        if binding.named is not None:
            named[study.claims.source.name, study.claims.study] = binding.named
        compared |= {each.about: each for each in binding.comparisons if isinstance(each.about, Claim)}
    return named, compared


def _record_counts(report: Report) -> dict[str, int] | None:
    """Return how many claims and sizes of drafts have each standing; null without records."""
    if report.bindings is None:
        return None
    counts = {status.value: number for status, number in report.bindings.items()}
    return {status: counts.get(status, 0) for status in ("verified", "contradicted", "unverified")}


def _binding(named: Named | None, comparison: Comparison | None) -> dict[str, Any] | None:
    """Return the record that a claim or a finding belongs to, and what it says; null where there is none."""
    marked = comparison.marked if comparison else None
    if named is None and marked is None:
        return None
    value = comparison.value if comparison else None
    return {
        "study": marked or (named.record.claims.study if named else None),
        "outcome": getattr(getattr(value, "claim", None), "subject", Subject()).outcome,
        "status": comparison.status.value if comparison else None,
        "proposed": marked is None and named is not None and named.is_proposed,
    }


def _finding(finding: Finding, standings: _Standings) -> dict[str, Any]:
    return {
        "rule": finding.rule.code,
        "name": finding.rule.name,
        "severity": finding.severity.value,
        "message": finding.message,
        **_place(finding.location),
        "printed": finding.printed,
        "recomputed": finding.recomputed,
        "steps": list(finding.steps),
        "related": [{**_place(related.location), "message": related.message} for related in finding.related],
        "study": finding.study,
        "binding": _binding(
            standings[0].get((finding.location.source.name, finding.study)),
            standings[1].get(finding.claims[0]) if finding.claims else None,
        ),
        "ignored": finding.ignored,
        "baseline": finding.known,
    }


def _claim(claim: Claim, place: Callable[[Location], dict[str, Any]]) -> dict[str, Any]:
    """Return a claim as read: its kind, numbers, words, place and subject."""
    subject = claim.subject
    return {
        "kind": _kind(claim),
        "text": claim.text,
        **(_numbers(claim) if isinstance(claim, ProportionClaim) else {}),
        **place(claim.location),
        "source": claim.provenance,
        "subject": {
            "study": subject.study,
            "outcome": subject.outcome,
            "label": subject.label,
            "population": subject.population,
            "arm": subject.arm,
            "timepoint": subject.timepoint.text if subject.timepoint else None,
        },
    }


def _not_read(each: NotRead, place: Callable[[Location], dict[str, Any]]) -> dict[str, Any]:
    """Return what is in no claim, with the reason; null where nothing tells."""
    return {"text": each.text, **place(each.location), "reason": each.reason}


#: The numbers of a claim that has none of its own, such as a difference.
_NO_NUMBERS = {"count": None, "denominator": None, "percent": None, "approx": None}


def _kind(claim: Claim) -> str:
    if isinstance(claim, ProportionClaim):
        return "proportion" if claim.percent else "fraction" if claim.denominator else "count"
    kind = type(claim).__name__.removesuffix("Claim").lower()
    return getattr(claim, "kind", kind) if kind == "statistic" else kind


def _numbers(claim: ProportionClaim) -> dict[str, Any]:
    return {
        "count": int(claim.count.value) if claim.count else None,
        "denominator": int(claim.denominator.value) if claim.denominator else None,
        "percent": claim.percent.numeral if claim.percent else None,
        "approx": claim.approx,
    }


def _judged_claims(study: StudyReport) -> list[dict[str, Any]]:
    resolved: dict[Claim, Resolved] = {each.claim: each for each in study.case.proportions}
    binding = study.case.binding
    compared: dict[object, Comparison] = {each.about: each for each in binding.comparisons} if binding else {}
    named = binding.named if binding else None
    return [
        {
            **_claim(j.claim, _place),
            **_judged(j, resolved.get(j.claim)),
            "binding": _binding(named, compared.get(j.claim)),
        }
        for j in study.judgements
    ]


def _judged(judgement: Judgement, resolved: Resolved | None) -> dict[str, Any]:
    return {
        "resolved_denominator": resolved.denominator if resolved else None,
        "resolved_by": resolved.by.value if resolved and resolved.by else None,
        "verdict": judgement.verdict.value,
        "convention": judgement.convention.value if judgement.convention else None,
        "missing": judgement.missing,
        "recomputed": judgement.recomputed,
    }
