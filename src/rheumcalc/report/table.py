"""The report as people read it in a terminal. Quoted text is data: it is never read as markup."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from rheumcalc.claims import Claim, Verdict
from rheumcalc.console import GAP, VERDICT_STYLES, Cell, column_widths, quoted, row_lines, wrapped
from rheumcalc.load import MAX_DEFECTS
from rheumcalc.plain import visible
from rheumcalc.report.summary import summary
from rheumcalc.rules import Rule, Severity
from rheumcalc.run import Status
from rheumcalc.working import CONVENTION_LABELS, counted, verdict_label

if TYPE_CHECKING:
    from rheumcalc.binding import Binding
    from rheumcalc.cases import Judgement, Resolved
    from rheumcalc.findings import Finding
    from rheumcalc.run import FileReport, Report, StudyReport
    from rheumcalc.solve import Solution

_SEVERITY_STYLES = {Severity.ERROR: "bold red", Severity.WARNING: "yellow", Severity.NOTE: "cyan"}
#: The most that a column takes while others want room.
_MOST_WIDTHS = {"In": 18, "At": 14, "Printed": 18, "Recomputed": 14}
#: How many other places of one finding are listed; JSON has them all.
_MAX_RELATED = 12
#: How many findings of one file are listed: who mends so many runs again. JSON has them all.
_MAX_FINDINGS = 200
#: How many lines are printed at once.
_LINES_AT_ONCE = 1000


def render_report(report: Report, console: Console, *, quiet: bool = False) -> None:
    """Print a block for each study (its claims, then its findings), and a last line that counts both."""
    for file in report.files:
        findings = [finding for finding in file.findings if not finding.known]
        if quiet and not findings:
            continue
        for study in file.studies:
            _print_study(file, study, console, quiet=quiet)
        for note in file.notes:
            console.print(quoted(f"{file.name}: {note}", "dim"))
        if not file.studies:
            console.print(quoted(file.name, "bold"))
            if file.status is Status.OK:
                console.print(Text("  no claims in this file"))
        _print_findings(findings, console)
        console.print()
    _print_summary(report, console)


def _print_study(file: FileReport, study: StudyReport, console: Console, *, quiet: bool) -> None:
    heading = quoted(study.claims.study, "bold")
    heading.append(visible(f"  {file.name}"), "dim")
    console.print(heading)
    if quiet:
        return
    if study.claims.title:
        console.print(quoted(study.claims.title, "italic"))
    if not study.judgements:
        console.print(quoted("  no claims in this file"))
        return
    resolved: dict[Claim, Resolved] = {each.claim: each for each in study.case.proportions}
    claims = [judgement.claim for judgement in study.judgements]
    recomputed = [(_recomputed(judgement, resolved.get(judgement.claim)), "") for judgement in study.judgements]
    console.print()
    columns = {"Recomputed": recomputed, "Verdict": list(map(_verdict, study.judgements))}
    if study.case.binding is not None and study.case.binding.named is not None:
        columns["Record"] = _standings(study.case.binding, claims)
    _print_claims(claims, columns, console)
    if study.case.binding is not None:
        for line in wrapped(quoted(_bound_to(study.case.binding), "dim"), console.width, console):
            console.print(line, soft_wrap=True)


def _standings(binding: Binding, claims: Sequence[Claim]) -> list[Cell]:
    """Return what the record says about each claim; capitals carry a contradiction where there is no colour."""
    standings: dict[object, str] = {each.about: each.status.value for each in binding.comparisons}
    shown = {"contradicted": ("CONTRADICTED", "bold red"), "verified": ("verified", "green")}
    return [shown.get(standings.get(claim, ""), (standings.get(claim, ""), "dim")) for claim in claims]


def _bound_to(binding: Binding) -> str:
    """Return one line on the record that a section is held against."""
    named = binding.named
    if named is None:
        return "No record: nothing here is verified."
    counts = Counter(comparison.status.value for comparison in binding.comparisons)
    told = ", ".join(f"{counts[status]} {status}" for status in ("verified", "contradicted", "unverified"))
    how = "proposed" if named.is_proposed else "bound"
    return f"Record {named.record.claims.study}, {how} by {named.by}: {told}."


def _print_claims(claims: Sequence[Claim], more: Mapping[str, list[Cell]], console: Console) -> None:
    """Print a line for each claim under the outcome it is about: where, when, as printed, and the columns of `more`.

    A column in which nothing stands is left out. A rich Table has no cell that spans columns, and an outcome's name in
    a column of its own leaves the numbers no room at 80 columns: so the lines are laid out here.
    """
    columns = {"In": [_group(claim) for claim in claims], "At": [_time(claim) for claim in claims]}
    columns |= {"Printed": [(visible(claim.text), "") for claim in claims], **more}
    columns = {title: cells for title, cells in columns.items() if any(text for text, _ in cells)}
    needed = [max(cell_len(text) for text, _ in ((title, ""), *cells)) for title, cells in columns.items()]
    widths = column_widths(needed, [_MOST_WIDTHS.get(title, 0) for title in columns], console.width - GAP)
    lines = row_lines([(title, "bold") for title in columns], widths, console)
    label = None
    for claim, row in zip(claims, zip(*columns.values(), strict=True), strict=True):
        if claim.subject.label != label:
            label = claim.subject.label
            lines.extend(wrapped(quoted(label or "(no outcome named)"), console.width, console))
        lines.extend(row_lines(row, widths, console))
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


def _print_findings(findings: Sequence[Finding], console: Console) -> None:
    """Print findings in the order of their places; of too many the gravest, and how many more there are."""
    if len(findings) > _MAX_FINDINGS:
        gravest = sorted(range(len(findings)), key=lambda index: _gravity(findings[index]))[:_MAX_FINDINGS]
        _print_each([findings[index] for index in sorted(gravest)], console)
        more = counted(len(findings) - _MAX_FINDINGS, "more finding")
        console.print(Text(f"\n… and {more} in this file; --format json lists them all.", style="bold"))
    else:
        _print_each(findings, console)


def _gravity(finding: Finding) -> int:
    severities = list(Severity)
    return len(severities) if finding.ignored is not None else severities.index(finding.severity)


def _print_each(findings: Iterable[Finding], console: Console) -> None:
    for finding in findings:
        start = finding.location.start
        named = f": {finding.location.describe()}" if finding.location.span else ""
        place = f":{start.line}:{start.column}" if start else named
        if start and finding.location.name is not None:
            # Line and column for editors, and what people find the place by.
            place += f"  {finding.location.name}"
        if finding.ignored is None:
            heading = Text(finding.severity.value, style=_SEVERITY_STYLES[finding.severity])
        else:
            heading = Text("ignored", style="dim")
        heading.append(f" {finding.rule.code} {finding.rule.name}")
        body = [quoted(finding.message)]
        body += [quoted(f"· {step}", "dim") for step in finding.steps]
        body += [
            quoted(f"→ {r.location.seen_from(finding.location)}: {r.message}", "dim")
            for r in finding.related[:_MAX_RELATED]
        ]
        if len(finding.related) > _MAX_RELATED:
            body.append(Text(f"→ and {len(finding.related) - _MAX_RELATED} more", style="dim"))
        if finding.ignored is not None:
            body.append(quoted(f"reason: {finding.ignored}"))
        # A place is never broken: editors and terminals follow it.
        lines = [Text(), heading, Text("  ").append_text(quoted(f"{finding.location.source.name}{place}", "dim"))]
        for text in body:
            lines += [Text("  ").append_text(part) for part in wrapped(text, console.width - 2, console)]
        console.print(Text("\n").join(lines), soft_wrap=True)


def _print_summary(report: Report, console: Console) -> None:
    severities = report.severities
    worst = next((severity for severity in Severity if severities[severity]), None)
    said = summary(report)
    console.print(Text(said.claims))
    if said.records:
        console.print(Text(said.records))
    console.print(Text(said.findings, style=_SEVERITY_STYLES[worst] if worst else "green"))
    for line in said.more:
        console.print(Text(line, style="yellow"))


def unchecked(file: FileReport) -> str:
    """Return one line on a file that could not be checked: the reason why it was not read, or how many mistakes."""
    if file.status is Status.UNREADABLE:
        return f"not read: {file.defects[0].message}"
    listed = len(file.defects)
    mistakes = f"more than {MAX_DEFECTS} mistakes" if listed > MAX_DEFECTS else counted(listed, "mistake")
    return f"not checked, {mistakes}"


def render_claims(report: Report, console: Console) -> None:
    """Print what was read, unjudged."""
    for file in report.files:
        console.print(quoted(file.name, "bold"))
        if file.status is not Status.OK:
            console.print(Text(f"  {unchecked(file)}", style="red"))
            _print_findings(file.defects, console)
            console.print()
            continue
        claims = [judgement.claim for judgement in file.judgements]
        places = [_listed_place(claim) for claim in claims]
        if not claims:
            console.print(Text("  no claims in this file"))
            continue
        _print_claims(claims, {"Line": places}, console)
        console.print(Text(f"{counted(len(claims), 'claim')}."))
        console.print()


def _listed_place(claim: Claim) -> Cell:
    """Return where a claim stands: line and column, or what people call the place where there are none."""
    start = claim.location.start
    return (f"{start.line}:{start.column}" if start else visible(claim.location.describe())), ""


def render_solution(solution: Solution, console: Console) -> None:
    """Print what each claim admits alone, and what fits all."""
    for answer in solution.answers:
        line = quoted(answer.printed, "bold")
        line.append("  ")
        if answer.verdict is Verdict.CONSISTENT_UNDER and answer.convention:
            line.append(CONVENTION_LABELS[answer.convention], "yellow")
        elif answer.verdict is Verdict.INCONSISTENT:
            line.append("IMPOSSIBLE", "bold red")
        elif answer.verdict is Verdict.CANNOT_CHECK:
            line.append("cannot check", "dim")
        else:
            line.append("possible", "green")
        console.print(line)
        for step in answer.steps:
            for part in wrapped(quoted(step), console.width - 2, console):
                console.print(Text("  ").append_text(part), soft_wrap=True)
    if len(solution.answers) < 2:
        return
    if not solution.joint.fits:
        console.print(Text("together  no two of these fit one denominator", style="yellow"))
        return
    fits = solution.joint.denominators.describe()
    share = "all" if not solution.rest else f"{len(solution.joint.fits)} of"
    console.print(Text(f"together  {share} {len(solution.answers)} fit {fits}", style="bold"))
    for other in solution.others:
        printed = ", ".join(solution.answers[index].printed for index in other.fits)
        console.print(quoted(f"apart     {printed}: {other.denominators.describe()}"))


def render_rules(rules: Iterable[Rule], console: Console) -> None:
    """Print a line for each rule."""
    from rich.table import Table

    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False, header_style="bold", show_edge=False)
    for heading in ("Code", "Severity", "Name"):
        table.add_column(heading, no_wrap=True)
    for rule in rules:
        severity = Text(rule.severity.value, style=_SEVERITY_STYLES[rule.severity])
        table.add_row(rule.code, severity, rule.name + ("" if rule.default else " (off unless selected)"))
    console.print(table)
    console.print(Text("\n`rheumcalc rule CODE` prints a rule's page."))


def render_rule(rule: Rule, console: Console) -> None:
    """Print a rule's page as it is written."""
    if console.is_terminal:
        from rich.markdown import Markdown

        console.print(Markdown(rule.page))
    else:
        console.print(Text(rule.page), soft_wrap=True)
