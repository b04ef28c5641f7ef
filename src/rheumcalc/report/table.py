"""The report as people read it in a terminal. Quoted text is data: it is never read as markup."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from rheumcalc.messages import counted, on_one_line, visible
from rheumcalc.record.load import MAX_DEFECTS
from rheumcalc.report.summary import summary
from rheumcalc.result import Status
from rheumcalc.rules import Severity
from rheumcalc.study.claims import Claim, Subject, Verdict
from rheumcalc.terminal.layout import GAP, Cell, fitted_widths, hanging, measure, quoted, row_lines, wrapped
from rheumcalc.terminal.verdicts import CONVENTION_LABELS, SEVERITY_STYLES, VERDICT_STYLES, verdict_label

if TYPE_CHECKING:
    from rheumcalc.binding import Binding
    from rheumcalc.checks.case import Judgement
    from rheumcalc.findings import Finding
    from rheumcalc.result import FileReport, Report, StudyReport
    from rheumcalc.solve import Solution
    from rheumcalc.study.denominators import Resolved

#: The mark in the margin of a result that a finding is about, and its meaning.
_MARK = ("!", "bold")
_MARKED = "! a finding below is about this result"
#: How many other places of one finding are listed; JSON has them all.
_MAX_RELATED = 12
#: How many findings of one file are listed: after correcting that many, one runs the check again. JSON has them all.
_MAX_FINDINGS = 200
#: What stands above what was not read, and how much of each is quoted, in characters.
_UNREAD = "not read: nothing tells what it is"
_LONGEST = 60
#: How many lines are printed at once.
_LINES_AT_ONCE = 1000


def render_report(report: Report, console: Console, *, quiet: bool = False) -> None:
    """Print a block for each study (its claims, then its findings), and a last line that counts both."""
    for file in report.files:
        findings = [finding for finding in file.findings if not finding.known]
        if not quiet or findings:
            _print_file(file, _listed(findings), console, quiet=quiet)
    _print_summary(report, console)


def _listed(findings: Sequence[Finding]) -> Sequence[Finding]:
    """Return the findings of a file that are listed: of too many, the most severe."""
    if len(findings) <= _MAX_FINDINGS:
        return findings
    gravest = sorted(range(len(findings)), key=lambda index: _gravity(findings[index]))[:_MAX_FINDINGS]
    return [findings[index] for index in sorted(gravest)]


def _gravity(finding: Finding) -> int:
    severities = list(Severity)
    return len(severities) if finding.ignored is not None else severities.index(finding.severity)


def _print_file(file: FileReport, listed: Sequence[Finding], console: Console, *, quiet: bool) -> None:
    """Print a file study by study, then what is found about the file itself."""
    left = {id(finding): finding for finding in listed}
    for study in file.studies:
        own = [left.pop(id(finding)) for finding in study.findings if id(finding) in left]
        if not quiet or own:
            _print_study(file, study, console, quiet=quiet)
            _print_findings(own, console)
            console.print()
    if not file.studies:
        console.print(quoted(file.name, "bold"))
        if file.status is Status.OK:
            console.print(Text("  no claims in this file"))
    for note in file.notes:
        _print_prose(quoted(f"{file.name}: {note}"), console)
    _print_findings(left.values(), console)
    hidden = sum(not finding.known for finding in file.findings) - len(listed)
    if hidden:
        told = f"… and {counted(hidden, 'more finding')} in this file; --format json lists them all."
        console.print()
        _print_prose(Text(told, style="bold"), console)
    if left or hidden or file.notes or not file.studies:
        console.print()


def _print_prose(text: Text, console: Console) -> None:
    for line in wrapped(text, measure(console), console):
        console.print(line, soft_wrap=True)


def _print_study(file: FileReport, study: StudyReport, console: Console, *, quiet: bool) -> None:
    name = visible(file.name)
    heading = quoted(study.claims.study, "bold")
    if heading.plain != name:
        # The file's name is never broken: editors and terminals follow it.
        room = max(measure(console), cell_len(name))
        heading.append("  " if heading.cell_len + 2 + cell_len(name) <= room else "\n").append(name, "not bold")
    *lines, last = heading.split("\n")
    for line in lines:
        _print_prose(line, console)
    console.print(last, soft_wrap=True)
    if quiet:
        return
    if study.claims.title:
        _print_prose(quoted(study.claims.title, "italic"), console)
    if not study.judgements:
        console.print(Text("  no claims in this file"))
        return
    resolved: dict[Claim, Resolved] = {each.claim: each for each in study.case.proportions}
    claims = [judgement.claim for judgement in study.judgements]
    recomputed = [(_recomputed(judgement, resolved.get(judgement.claim)), "") for judgement in study.judgements]
    console.print()
    columns = {"Recomputed": recomputed, "Verdict": list(map(_verdict, study.judgements))}
    if study.case.binding is not None and study.case.binding.comparisons:
        columns["Record"] = _standings(study.case.binding, claims)
    found = _found(study)
    _print_claims(claims, columns, console, marked=found)
    if found:
        console.print(Text(_MARKED))
    if study.case.binding is not None:
        _print_prose(quoted(_bound_to(study.case.binding)), console)


def _found(study: StudyReport) -> frozenset[Claim]:
    """Return the claims that findings are about: those that cannot be true, or else those that are quoted."""
    findings = [finding for finding in study.findings if finding.is_open]
    claims = {claim for finding in findings for claim in finding.claims}
    places = {related.location for finding in findings if not finding.claims for related in finding.related}
    return frozenset(each for each in study.claims.claims if each in claims or each.location in places)


def _standings(binding: Binding, claims: Sequence[Claim]) -> list[Cell]:
    """Return what the record says about each claim; capitals show a contradiction where there is no colour."""
    standings: dict[object, str] = {each.about: each.status.value for each in binding.comparisons}
    shown = {"contradicted": ("CONTRADICTED", "bold red"), "verified": ("verified", "green")}
    return [shown.get(standings.get(claim, ""), (standings.get(claim, ""), "")) for claim in claims]


def _bound_to(binding: Binding) -> str:
    """Return one line on the record that a section is compared with."""
    named = binding.named
    counts = Counter(comparison.status.value for comparison in binding.comparisons)
    told = ", ".join(f"{counts[status]} {status}" for status in ("verified", "contradicted", "unverified"))
    if named is None:
        return (
            f"No record matches this section; by markers: {told}."
            if counts
            else "No record matches this section, so nothing here is verified."
        )
    how = "proposed" if named.is_proposed else "matched"
    return f"Record {named.record.claims.study}, {how} by {named.by}: {told}."


def _print_claims(
    claims: Sequence[Claim],
    more: Mapping[str, list[Cell]],
    console: Console,
    marked: Collection[Claim] = frozenset(),
) -> None:
    """Print a line for each claim under the outcome it is about: where, when, as printed, and the columns of `more`.

    An empty column is left out. A rich Table has no cell that spans columns, and an outcome's name in
    a column of its own leaves the numbers no room at 80 columns: so the lines are laid out here.
    """
    columns = {"In": [_group(claim) for claim in claims], "At": [_time(claim) for claim in claims]}
    columns |= {"Printed": [(visible(claim.text), "") for claim in claims], **more}
    columns = {title: cells for title, cells in columns.items() if any(text for text, _ in cells)}
    # People search the text for what is printed, so it is not broken.
    whole = [list(columns).index("Printed")]
    texts = [[title, *(text for text, _ in cells)] for title, cells in columns.items()]
    widths = fitted_widths(texts, console.width - GAP, whole)
    lines = row_lines([(title, "bold") for title in columns], widths, console, whole=whole)
    label = None
    for claim, row in zip(claims, zip(*columns.values(), strict=True), strict=True):
        if claim.subject.label != label:
            label = claim.subject.label
            lines.extend(wrapped(quoted(label or "(no outcome named)"), measure(console), console))
        mark = _MARK if claim in marked else ("", "")
        lines.extend(row_lines(row, widths, console, whole=whole, mark=mark))
        if len(lines) > _LINES_AT_ONCE:
            console.print(Text("\n").join(lines), soft_wrap=True)
            lines = []
    if lines:
        console.print(Text("\n").join(lines), soft_wrap=True)


def _group(claim: Claim) -> Cell:
    return visible(", ".join(filter(None, [claim.subject.arm, claim.subject.population]))), ""


def _time(claim: Claim) -> Cell:
    return visible(claim.subject.timepoint.text if claim.subject.timepoint else ""), ""


def _recomputed(judgement: Judgement, resolved: Resolved | None) -> str:
    if judgement.verdict is Verdict.CANNOT_CHECK and judgement.missing:
        return visible(f"needs {judgement.missing}")
    if judgement.recomputed is None:
        return ""
    claim = resolved.claim if resolved else None
    if resolved and claim and claim.count and claim.denominator is None and resolved.denominator:
        return visible(f"{resolved.count}/{resolved.denominator} = {judgement.recomputed}")
    return visible(judgement.recomputed)


def _verdict(judgement: Judgement) -> Cell:
    return verdict_label(judgement.verdict, judgement.convention), VERDICT_STYLES[judgement.verdict]


def _print_findings(findings: Iterable[Finding], console: Console) -> None:
    for finding in findings:
        if finding.ignored is None:
            heading = Text(finding.severity.value, style=SEVERITY_STYLES[finding.severity])
        else:
            heading = Text("ignored")
        heading.append(f" {finding.rule.code} {finding.rule.name}", "not bold default")
        body = [("", finding.message)]
        body += [("· ", step) for step in finding.steps]
        body += [
            ("→ ", f"{related.location.seen_from(finding.location)}: {related.message}")
            for related in finding.related[:_MAX_RELATED]
        ]
        if len(finding.related) > _MAX_RELATED:
            body.append(("→ ", f"and {len(finding.related) - _MAX_RELATED} more"))
        if finding.ignored is not None:
            body.append(("", f"reason: {finding.ignored}"))
        lines = [Text(), heading, *_placed(finding, console)]
        for head, text in body:
            lines += hanging(f"  {head}", text, console)
        console.print(Text("\n").join(lines), soft_wrap=True)


def _placed(finding: Finding, console: Console) -> list[Text]:
    """Return the place of a finding, and what it is about if that is one result."""
    start = finding.location.start
    named = f": {finding.location.describe()}" if finding.location.span else ""
    place = f":{start.line}:{start.column}" if start else named
    if start and finding.location.name is not None:
        # Line and column for editors, and the name of the place for people.
        place += f"  {finding.location.name}"
    # A place is never broken: editors and terminals follow it.
    line = quoted(f"  {finding.location.source.name}{place}")
    about = visible(_about(finding))
    if not about:
        return [line]
    if line.cell_len + GAP + cell_len(about) <= measure(console):
        return [line.append(" " * GAP).append(about)]
    return [line, *hanging("  ", about, console)]


def _about(finding: Finding) -> str:
    """Return the outcome, group and time of the result that a finding is placed at; nothing where it names none."""
    claim = next((each for each in finding.claims if each.location == finding.location), None)
    if claim is None or claim.subject.label is None:
        return ""
    return ", ".join(filter(None, [claim.subject.label, _group(claim)[0], _time(claim)[0]]))


def _print_summary(report: Report, console: Console) -> None:
    severities = report.severities
    worst = next((severity for severity in Severity if severities[severity]), None)
    said = summary(report)
    _print_prose(Text(said.claims), console)
    for told in (said.reading, said.unread()):
        if told:
            _print_prose(quoted(told), console)
    if said.records:
        _print_prose(Text(said.records), console)
    _print_prose(Text(said.findings, style=SEVERITY_STYLES[worst] if worst else "green"), console)
    for line in said.more:
        _print_prose(Text(line, style="bold"), console)


def unchecked(file: FileReport) -> str:
    """Return one line on a file that could not be checked: the reason why it was not read, or how many mistakes."""
    if file.status is Status.UNREADABLE:
        return f"not read: {file.defects[0].message}"
    listed = len(file.defects)
    mistakes = f"more than {MAX_DEFECTS} mistakes" if listed > MAX_DEFECTS else counted(listed, "mistake")
    return f"not checked, {mistakes}"


def render_claims(report: Report, console: Console) -> None:
    """Print what was read, without verdicts."""
    for file in report.files:
        console.print(quoted(file.name, "bold"))
        if file.status is not Status.OK:
            _print_prose(quoted(f"  {unchecked(file)}", "bold red"), console)
            _print_findings(file.defects, console)
            console.print()
            continue
        claims = [judgement.claim for judgement in file.judgements]
        others = _not_read(file)
        if claims:
            _print_claims(claims, {"Line": list(map(_listed_place, claims))}, console)
            console.print(Text(f"{counted(len(claims), 'claim')}."))
            console.print()
        else:
            console.print(Text("  no claims in this file"))
        if others:
            console.print(Text("In no claim", style="bold"))
            _print_claims(others, {"Line": list(map(_listed_place, others))}, console)
            unread = len(file.reading.unread)
            console.print(Text(f"{len(others) - unread} excluded, {unread} not read."))
            console.print()


def _not_read(file: FileReport) -> list[Claim]:
    """Return what looks like a result and is in no claim as lines of a list, under the reasons, what is unread last."""
    found = file.not_read
    reasons = [*dict.fromkeys(each.reason for each in found if each.reason is not None), None]
    listed = sorted(found, key=lambda each: reasons.index(each.reason))
    return [
        Claim(Subject(label=each.reason or _UNREAD), on_one_line(each.text, _LONGEST), each.location) for each in listed
    ]


def _listed_place(claim: Claim) -> Cell:
    """Return the place of a claim: line and column, or its name where there are none."""
    start = claim.location.start
    return (f"{start.line}:{start.column}" if start else visible(claim.location.describe())), ""


def render_solution(solution: Solution, console: Console) -> None:
    """Print what each claim admits alone, and what fits all."""
    for answer in solution.answers:
        if answer.verdict is Verdict.CONSISTENT_UNDER and answer.convention:
            told = CONVENTION_LABELS[answer.convention]
        elif answer.verdict is Verdict.INCONSISTENT:
            told = "IMPOSSIBLE"
        elif answer.verdict is Verdict.CANNOT_CHECK:
            told = "cannot check"
        else:
            told = "possible"
        line = quoted(answer.printed, "bold").append("  ").append(told, f"not bold {VERDICT_STYLES[answer.verdict]}")
        _print_prose(line, console)
        for step in answer.steps:
            for part in hanging("  ", step, console):
                console.print(part, soft_wrap=True)
    if len(solution.answers) < 2:
        return
    if not solution.joint.fits:
        _print_prose(Text("together  no two of these share a denominator", style="bold"), console)
        return
    fits = solution.joint.denominators.describe()
    share = "all" if not solution.rest else f"{len(solution.joint.fits)} of"
    _print_prose(Text(f"together  {share} {len(solution.answers)} fit {fits}", style="bold"), console)
    for other in solution.others:
        printed = ", ".join(solution.answers[index].printed for index in other.fits)
        for part in hanging("apart     ", f"{printed}: {other.denominators.describe()}", console):
            console.print(part, soft_wrap=True)
