"""What a report says in a few lines: how many claims and findings there are."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from rheumcalc.messages import counted
from rheumcalc.result import Status
from rheumcalc.rules import Severity
from rheumcalc.study.claims import Verdict

if TYPE_CHECKING:
    from rheumcalc.result import Report


class Summary(NamedTuple):
    """Sentences that count the claims by verdict, what the records say of them, and the findings by severity.

    `records` is None where there were no records to hold drafts against. `more` is what else has to be known.
    """

    claims: str
    records: str | None
    findings: str
    more: tuple[str, ...]


def summary(report: Report) -> Summary:
    """Return what a report says in a few lines."""
    return Summary(_claims(report), _records(report), _findings(report), _more(report))


def conclusion(report: Report) -> str:
    """Return what came out, in one sentence."""
    failed = sum(file.status is not Status.OK for file in report.files)
    severities = report.severities
    found = (each for each in report.findings if each.is_open and each.severity is Severity.ERROR)
    errors = sum(not each.rule.about_files for each in found)
    if failed:
        others = f", and {counted(errors, 'error')} found in the others" if errors else ""
        return f"{failed} of {counted(len(report.files), 'file')} could not be checked{others}."
    if errors:
        return f"The numbers cannot all be true: {counted(errors, 'error')}."
    if not report.verdicts and not any(severities.values()):
        return "No results were read: nothing was checked."
    rest = [counted(severities[each], each.value) for each in Severity if severities[each]]
    return f"No errors; {' and '.join(rest)} to look at." if rest else "Nothing found that cannot be true."


def _claims(report: Report) -> str:
    verdicts = report.verdicts
    parts = [
        f"{verdicts[Verdict.CONSISTENT]} consistent",
        f"{verdicts[Verdict.CONSISTENT_UNDER]} consistent under another rounding",
        f"{verdicts[Verdict.INCONSISTENT]} inconsistent",
        f"{verdicts[Verdict.CANNOT_CHECK]} cannot be checked",
    ]
    return f"{counted(sum(verdicts.values()), 'claim')}: {', '.join(parts)}."


def _records(report: Report) -> str | None:
    bindings = report.bindings
    if bindings is None:
        return None
    standings = {status.value: number for status, number in bindings.items()}
    told = (f"{standings.get(status, 0)} {status}" for status in ("verified", "contradicted", "unverified"))
    return f"Against the records: {', '.join(told)}."


def _findings(report: Report) -> str:
    severities, ignored, known = report.severities, report.ignored, report.known
    counts = ", ".join(counted(severities[severity], severity.value) for severity in Severity)
    kept = [f"{ignored} ignored"] if ignored else []
    kept += [f"{known} known from the baseline"] if known else []
    aside = f" ({', '.join(kept)})" if kept else ""
    failed = sum(file.status is not Status.OK for file in report.files)
    unread = f", {failed} of them not checked" if failed else ""
    skipped = f", {counted(report.skipped, 'other file')} skipped" if report.skipped else ""
    return f"{counts}{aside} in {counted(len(report.files), 'file')}{unread}{skipped}."


def _more(report: Report) -> tuple[str, ...]:
    lines = []
    if report.unselected:
        claims = counted(report.unselected, "inconsistent claim")
        verb = "has" if report.unselected == 1 else "have"
        lines.append(f"{claims} {verb} findings of rules that are not selected.")
    if report.gone:
        entries, verb, them = ("finding", "occurs", "it") if report.gone == 1 else ("findings", "occur", "them")
        lines.append(f"{report.gone} {entries} of the baseline no longer {verb}: --write-baseline removes {them}.")
    return tuple(lines)
