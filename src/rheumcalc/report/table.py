"""The report as people read it in a terminal. Quoted text is data: it is never read as markup."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import IO, TYPE_CHECKING

from rich.console import Console
from rich.text import Text

from rheumcalc.claims import Claim, Verdict
from rheumcalc.engine import Status
from rheumcalc.report.plain import visible
from rheumcalc.rounding import RoundingMode
from rheumcalc.rules import Rule, Severity
from rheumcalc.working import counted

if TYPE_CHECKING:
    from rheumcalc.cases import Judgement, Resolved
    from rheumcalc.engine import FileReport, Report, StudyReport
    from rheumcalc.findings import Finding
    from rheumcalc.solve import Solution

_SEVERITY_STYLES = {Severity.ERROR: "bold red", Severity.WARNING: "yellow", Severity.NOTE: "cyan"}
_VERDICT_STYLES = {
    Verdict.CONSISTENT: "green",
    Verdict.CONSISTENT_UNDER: "yellow",
    Verdict.INCONSISTENT: "bold red",
    Verdict.CANNOT_CHECK: "dim",
}
_CONVENTION_LABELS = {
    RoundingMode.HALF_UP: "if half up",
    RoundingMode.HALF_EVEN: "if half even",
    RoundingMode.HALF_DOWN: "if half down",
    RoundingMode.TRUNCATE: "if truncated",
    RoundingMode.CEILING: "if rounded up",
}
#: The most that a column of where, when, printed and recomputed takes while others want room, and the least.
_MOST_WIDTHS = (20, 14, 18, 14)
_LEAST_WIDTH = 8
_GAP = 2
#: How many other places of one finding are listed; JSON has them all.
_MAX_RELATED = 12


def new_console(file: IO[str] | None = None) -> Console:
    """Return a console for reports: no markup, no emoji codes, no guessed highlights."""
    return Console(file=file, markup=False, emoji=False, highlight=False, width=None if file is None else 80)


def _text(text: str, style: str = "") -> Text:
    return Text(visible(text), style=style)


def render_report(report: Report, console: Console, *, quiet: bool = False) -> None:
    """Print a block for each study (its claims, then its findings), and a last line that counts both."""
    for file in report.files:
        if quiet and not file.findings:
            continue
        for study in file.studies:
            _print_study(file, study, console, quiet=quiet)
        if not file.studies:
            console.print(_text(file.name, "bold"))
            if file.status is Status.OK:
                console.print(Text("  no claims in this file"))
        _print_findings(file.findings, console)
        console.print()
    _print_summary(report, console)


def _print_study(file: FileReport, study: StudyReport, console: Console, *, quiet: bool) -> None:
    heading = _text(study.claims.study, "bold")
    heading.append(visible(f"  {file.name}"), "dim")
    console.print(heading)
    if quiet:
        return
    if study.claims.title:
        console.print(_text(study.claims.title, "italic"))
    if not study.judgements:
        console.print(_text("  no claims in this file"))
        return
    resolved: dict[Claim, Resolved] = {each.claim: each for each in study.case.proportions}
    rows = []
    for judgement in study.judgements:
        recomputed = _text(_recomputed(judgement, resolved.get(judgement.claim)))
        rows.append((judgement.claim, [recomputed, _verdict(judgement)]))
    console.print()
    _print_claims(rows, ("Recomputed", "Verdict"), console)


def _print_claims(rows: Sequence[tuple[Claim, list[Text]]], headings: tuple[str, ...], console: Console) -> None:
    """Print a line for each claim under the outcome it is about: where, when, as printed, and what `headings` name.

    A rich Table has no cell that spans columns, and an outcome's name in a column of its own leaves the numbers no
    room at 80 columns: so the lines are laid out here, and printed at once.
    """
    titles = ("  In", "At", "Printed", *headings)
    cells = [[*_subject_cells(claim), *more] for claim, more in rows]
    widths = _column_widths([[Text(title) for title in titles], *cells], console.width)
    lines = _row([Text(title, style="bold") for title in titles], widths, console)
    label = None
    for (claim, _), row in zip(rows, cells, strict=True):
        if claim.subject.label != label:
            label = claim.subject.label
            lines.extend(_wrapped(_text(label or "(no outcome named)"), console.width, console))
        lines.extend(_row(row, widths, console))
    console.print(Text("\n").join(lines), soft_wrap=True)


def _column_widths(rows: Sequence[Sequence[Text]], width: int) -> list[int]:
    """Return a width for each column: all it needs, unless the terminal is too narrow for the texts before the last."""
    needed = [max(cell.cell_len for cell in column) for column in zip(*rows, strict=True)]
    widths = [min(need, most) for need, most in zip(needed[:-1], _MOST_WIDTHS, strict=False)]
    spare = width - _GAP * (len(needed) - 1) - sum(widths) - needed[-1]
    while spare < 0 and max(widths) > _LEAST_WIDTH:
        widths[widths.index(max(widths))] -= 1
        spare += 1
    for index, need in enumerate(needed[:-1]):
        more = max(0, min(spare, need - widths[index]))
        widths[index] += more
        spare -= more
    return [*widths, needed[-1]]


def _row(cells: Sequence[Text], widths: Sequence[int], console: Console) -> list[Text]:
    """Return a row as lines: each cell wrapped to its column, no spaces at the end."""
    columns = [_wrapped(cell, width, console) for cell, width in zip(cells, widths, strict=True)]
    lines = []
    for number in range(max(map(len, columns))):
        line, place = Text(), 0
        for column, width in zip(columns, widths, strict=True):
            if number < len(column) and column[number]:
                line.append(" " * (place - line.cell_len))
                line.append_text(column[number])
            place += width + _GAP
        lines.append(line)
    return lines


def _wrapped(text: Text, width: int, console: Console) -> list[Text]:
    return [text] if text.cell_len <= width else [*text.wrap(console, width)]


def _subject_cells(claim: Claim) -> list[Text]:
    subject = claim.subject
    group = ", ".join(filter(None, [subject.arm, subject.population]))
    timepoint = subject.timepoint.text if subject.timepoint else ""
    return [Text("  ") + _text(group), _text(timepoint), _text(claim.text)]


def _recomputed(judgement: Judgement, resolved: Resolved | None) -> str:
    if judgement.verdict is Verdict.CANNOT_CHECK and judgement.missing:
        return f"needs {judgement.missing}"
    if judgement.recomputed is None:
        return ""
    claim = resolved.claim if resolved else None
    if resolved and claim and claim.count and claim.denominator is None and resolved.denominator:
        return f"{resolved.count}/{resolved.denominator} = {judgement.recomputed}"
    return judgement.recomputed


def _verdict(judgement: Judgement) -> Text:
    label = judgement.verdict.value.replace("_", " ")
    if judgement.verdict is Verdict.INCONSISTENT:
        # Capitals carry it where there is no colour.
        label = label.upper()
    elif judgement.convention is not None:
        label = _CONVENTION_LABELS[judgement.convention]
    return Text(label, style=_VERDICT_STYLES[judgement.verdict])


def _print_findings(findings: Sequence[Finding], console: Console) -> None:
    for finding in findings:
        start = finding.location.start
        place = f":{start.line}:{start.column}" if start else ""
        if finding.ignored is None:
            heading = Text(finding.rule.severity.value, style=_SEVERITY_STYLES[finding.rule.severity])
        else:
            heading = Text("ignored", style="dim")
        heading.append(f" {finding.rule.code} {finding.rule.name}")
        body = [_text(finding.message)]
        body += [_text(f"· {step}", "dim") for step in finding.steps]
        body += [_text(f"→ {r.location.describe()}: {r.message}", "dim") for r in finding.related[:_MAX_RELATED]]
        if len(finding.related) > _MAX_RELATED:
            body.append(Text(f"→ and {len(finding.related) - _MAX_RELATED} more", style="dim"))
        if finding.ignored is not None:
            body.append(_text(f"reason: {finding.ignored}"))
        # A place is never broken: editors and terminals follow it.
        lines = [Text(), heading, Text("  ").append_text(_text(f"{finding.location.source.name}{place}", "dim"))]
        for text in body:
            lines += [Text("  ").append_text(part) for part in _wrapped(text, console.width - 2, console)]
        console.print(Text("\n").join(lines), soft_wrap=True)


def _print_summary(report: Report, console: Console) -> None:
    verdicts, severities = report.verdicts, report.severities
    total = sum(verdicts.values())
    parts = [
        f"{verdicts[Verdict.CONSISTENT]} consistent",
        f"{verdicts[Verdict.CONSISTENT_UNDER]} consistent under another rounding",
        f"{verdicts[Verdict.INCONSISTENT]} inconsistent",
        f"{verdicts[Verdict.CANNOT_CHECK]} cannot be checked",
    ]
    ignored = f" ({report.ignored} ignored)" if report.ignored else ""
    counts = ", ".join(counted(severities[severity], severity.value) for severity in Severity)
    failed = sum(file.status is not Status.OK for file in report.files)
    unread = f", {failed} of them not checked" if failed else ""
    skipped = f", {counted(report.skipped, 'other file')} skipped" if report.skipped else ""
    console.print(Text(f"{counted(total, 'claim')}: {', '.join(parts)}."))
    worst = next((severity for severity in Severity if severities[severity]), None)
    style = _SEVERITY_STYLES[worst] if worst else "green"
    console.print(Text(f"{counts}{ignored} in {counted(len(report.files), 'file')}{unread}{skipped}.", style=style))


def render_claims(report: Report, console: Console) -> None:
    """Print what was read, unjudged."""
    for file in report.files:
        console.print(_text(file.name, "bold"))
        if file.status is not Status.OK:
            console.print(Text("  not read", style="red"))
            continue
        claims = [judgement.claim for judgement in file.judgements]
        starts = [claim.location.start for claim in claims]
        places = [Text(f"{start.line}:{start.column}" if start else "") for start in starts]
        if not claims:
            console.print(Text("  no claims in this file"))
            continue
        _print_claims([(claim, [place]) for claim, place in zip(claims, places, strict=True)], ("Line",), console)
        console.print(Text(f"{counted(len(claims), 'claim')}."))
        console.print()


def render_solution(solution: Solution, console: Console) -> None:
    """Print what each claim admits alone, and what fits all."""
    for answer in solution.answers:
        line = _text(answer.printed, "bold")
        line.append("  ")
        if answer.verdict is Verdict.CONSISTENT_UNDER and answer.convention:
            line.append(_CONVENTION_LABELS[answer.convention], "yellow")
        elif answer.verdict is Verdict.INCONSISTENT:
            line.append("IMPOSSIBLE", "bold red")
        elif answer.verdict is Verdict.CANNOT_CHECK:
            line.append("cannot check", "dim")
        else:
            line.append("possible", "green")
        console.print(line)
        for step in answer.steps:
            for part in _wrapped(_text(step), console.width - 2, console):
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
        console.print(_text(f"apart     {printed}: {other.denominators.describe()}"))


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
