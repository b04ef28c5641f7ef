"""What a report says in a few lines: how many claims and findings there are."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from rheumcalc.messages import counted, first_of, on_one_line
from rheumcalc.result import Status
from rheumcalc.rules import Severity
from rheumcalc.study.claims import Verdict

if TYPE_CHECKING:
    from rheumcalc.result import Reading, Report
    from rheumcalc.source import Location
    from rheumcalc.study.claims import NotRead

#: How many reasons and how many places are named of what is in no claim: `claims` and JSON have them all.
_MAX_REASONS = 2
_MAX_PLACES = 3
#: How much of what was not read is quoted, in characters.
_LONGEST = 40


class Summary(NamedTuple):
    """Sentences that count the claims by verdict, what the records say of them, and the findings by severity.

    `reading` counts what drafts print that looks like a result, and is None without drafts; `places` are the first of
    what was not read, as quoted from a draft, and `unlisted` how many others there are. `records` is None where there
    were no records to hold drafts against. `more` is what else has to be known.
    """

    claims: str
    reading: str | None
    places: tuple[str, ...]
    unlisted: int
    records: str | None
    findings: str
    more: tuple[str, ...]

    def unread(self, shown: Callable[[str], str] = str) -> str | None:
        """Return a sentence on what was not read, each place as `shown` makes it; None where everything was."""
        if not self.places:
            return None
        rest = [f"and {self.unlisted} more"] if self.unlisted else []
        return f"Not read: {'; '.join((*map(shown, self.places), *rest))}."


def summary(report: Report) -> Summary:
    """Return what a report says in a few lines."""
    reading = report.reading
    unread = reading.unread if reading else ()
    return Summary(
        _claims(report),
        _reading(reading) if reading else None,
        tuple(_places(unread[:_MAX_PLACES], names_files=len(report.files) > 1)),
        max(0, len(unread) - _MAX_PLACES),
        _records(report),
        _findings(report),
        _more(report),
    )


def read_counts(reading: Reading | None) -> dict[str, int]:
    """Return how many percentages and cells there are, and how many are in no claim, as formats for programs say it."""
    if reading is None:
        return {"of": 0, "excluded": 0, "unread": 0}
    return {"of": reading.total, "excluded": reading.excluded.total(), "unread": len(reading.unread)}


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


def _reading(reading: Reading) -> str:
    """Return how many percentages and cells are claims, how many are none, and how many were not read."""
    # A reason says the most before its first comma.
    reasons = [f"{number} {reason.partition(',')[0]}" for reason, number in reading.excluded.most_common()]
    named = f" ({first_of(reasons, _MAX_REASONS)})" if reasons else ""
    claims = f"{reading.claims} read as {'a claim' if reading.claims == 1 else 'claims'}"
    excluded = f"{reading.excluded.total()} excluded{named}"
    return f"Percentages and cells: {claims}, {excluded}, {len(reading.unread)} not read."


def _places(unread: Sequence[NotRead], *, names_files: bool) -> Iterator[str]:
    """Yield what was not read with its place, once for all that stands together at one."""
    for place, each in groupby(unread, key=lambda each: _place(each.location, names_files=names_files)):
        yield f"{', '.join(on_one_line(one.text, _LONGEST) for one in each)} at {place}"


def _place(location: Location, *, names_files: bool) -> str:
    """Return a place as briefly as it can be found: its line, or what people call it; with its file among several."""
    name, start = location.source.name, location.start
    if location.name is None and start is not None:
        return f"{name}:{start.line}" if names_files else f"line {start.line}"
    return f"{name}, {location.describe()}" if names_files else location.describe()


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
