"""The report as people read it in a terminal. Quoted text is data: it is never read as markup."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from io import StringIO
from typing import IO, TYPE_CHECKING

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from rheumcalc.claims import Claim, Verdict
from rheumcalc.load import MAX_DEFECTS
from rheumcalc.report.plain import visible
from rheumcalc.report.summary import summary
from rheumcalc.rounding import RoundingMode
from rheumcalc.rules import Rule, Severity
from rheumcalc.run import Status
from rheumcalc.working import counted

if TYPE_CHECKING:
    from rheumcalc.binding import Binding
    from rheumcalc.cases import Judgement, Resolved
    from rheumcalc.findings import Finding
    from rheumcalc.run import FileReport, Report, StudyReport
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
#: The most that a column takes while others want room, and the least.
_MOST_WIDTHS = {"In": 18, "At": 14, "Printed": 18, "Recomputed": 14}
_LEAST_WIDTH = 8
_GAP = 2
#: How many other places of one finding are listed; JSON has them all.
_MAX_RELATED = 12
#: How many findings of one file are listed: who mends so many runs again. JSON has them all.
_MAX_FINDINGS = 200
#: How many lines are printed at once.
_LINES_AT_ONCE = 1000


class _Console(Console):
    """A console that leaves it to the edge of the program what a closed pipe means."""

    def on_broken_pipe(self) -> None:
        """Pass the error on: rich would exit with 1, which says that something was found."""
        raise BrokenPipeError from None


def new_console(file: IO[str] | None = None) -> Console:
    """Return a console for reports: no markup, no emoji codes, no guessed highlights."""
    if file is None:
        return _Console(markup=False, emoji=False, highlight=False)
    # What is written to a file is plain, also where the environment asks for colours.
    return _Console(file=file, markup=False, emoji=False, highlight=False, width=80, force_terminal=False)


def as_text(render: Callable[[Console], None]) -> str:
    """Return what `render` draws on a console, as plain text 80 columns wide."""
    buffer = StringIO()
    render(new_console(buffer))
    return buffer.getvalue().rstrip("\n")


def _text(text: str, style: str = "") -> Text:
    return Text(visible(text), style=style)


def render_report(report: Report, console: Console, *, quiet: bool = False) -> None:
    """Print a block for each study (its claims, then its findings), and a last line that counts both."""
    for file in report.files:
        findings = [finding for finding in file.findings if not finding.known]
        if quiet and not findings:
            continue
        for study in file.studies:
            _print_study(file, study, console, quiet=quiet)
        for note in file.notes:
            console.print(_text(f"{file.name}: {note}", "dim"))
        if not file.studies:
            console.print(_text(file.name, "bold"))
            if file.status is Status.OK:
                console.print(Text("  no claims in this file"))
        _print_findings(findings, console)
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
    claims = [judgement.claim for judgement in study.judgements]
    recomputed = [(_recomputed(judgement, resolved.get(judgement.claim)), "") for judgement in study.judgements]
    console.print()
    columns = {"Recomputed": recomputed, "Verdict": list(map(_verdict, study.judgements))}
    if study.case.binding is not None and study.case.binding.named is not None:
        columns["Record"] = _standings(study.case.binding, claims)
    _print_claims(claims, columns, console)
    if study.case.binding is not None:
        for line in _wrapped(_text(_bound_to(study.case.binding), "dim"), console.width, console):
            console.print(line, soft_wrap=True)


def _standings(binding: Binding, claims: Sequence[Claim]) -> list[_Cell]:
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


#: A text and its style: the claims of a large draft are too many for rich's own texts all at once.
_Cell = tuple[str, str]


def _print_claims(claims: Sequence[Claim], more: Mapping[str, list[_Cell]], console: Console) -> None:
    """Print a line for each claim under the outcome it is about: where, when, as printed, and the columns of `more`.

    A column in which nothing stands is left out. A rich Table has no cell that spans columns, and an outcome's name in
    a column of its own leaves the numbers no room at 80 columns: so the lines are laid out here.
    """
    columns = {"In": [_group(claim) for claim in claims], "At": [_time(claim) for claim in claims]}
    columns |= {"Printed": [(visible(claim.text), "") for claim in claims], **more}
    columns = {title: cells for title, cells in columns.items() if any(text for text, _ in cells)}
    needed = [max(cell_len(text) for text, _ in ((title, ""), *cells)) for title, cells in columns.items()]
    widths = _column_widths(needed, [_MOST_WIDTHS.get(title, 0) for title in columns], console.width - _GAP)
    lines = _row([(title, "bold") for title in columns], widths, console)
    label = None
    for claim, row in zip(claims, zip(*columns.values(), strict=True), strict=True):
        if claim.subject.label != label:
            label = claim.subject.label
            lines.extend(_wrapped(_text(label or "(no outcome named)"), console.width, console))
        lines.extend(_row(row, widths, console))
        if len(lines) > _LINES_AT_ONCE:
            console.print(Text("\n").join(lines), soft_wrap=True)
            lines = []
    if lines:
        console.print(Text("\n").join(lines), soft_wrap=True)


def _column_widths(needed: Sequence[int], most: Sequence[int], width: int) -> list[int]:
    """Return a width for each column: all it needs, unless the terminal is too narrow for the texts before the last."""
    widths = [min(pair) for pair in zip(needed[:-1], most[:-1], strict=True)]
    spare = width - _GAP * (len(needed) - 1) - sum(widths) - needed[-1]
    while spare < 0 and max(widths) > _LEAST_WIDTH:
        widths[widths.index(max(widths))] -= 1
        spare += 1
    for index, need in enumerate(needed[:-1]):
        more = max(0, min(spare, need - widths[index]))
        widths[index] += more
        spare -= more
    return [*widths, needed[-1]]


def _row(cells: Sequence[_Cell], widths: Sequence[int], console: Console) -> list[Text]:
    """Return a row as lines, indented: each cell wrapped to its column, no spaces at the end."""
    columns = [_wrapped(Text(*cell), width, console) for cell, width in zip(cells, widths, strict=True)]
    lines = []
    for number in range(max(map(len, columns))):
        line, place = Text(), _GAP
        for column, width in zip(columns, widths, strict=True):
            if number < len(column) and column[number]:
                line.append(" " * (place - line.cell_len))
                line.append_text(column[number])
            place += width + _GAP
        lines.append(line)
    return lines


def _wrapped(text: Text, width: int, console: Console) -> list[Text]:
    return [text] if text.cell_len <= width else [*text.wrap(console, width)]


def _group(claim: Claim) -> _Cell:
    return visible(", ".join(filter(None, [claim.subject.arm, claim.subject.population]))), ""


def _time(claim: Claim) -> _Cell:
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


def _verdict(judgement: Judgement) -> _Cell:
    label = judgement.verdict.value.replace("_", " ")
    if judgement.verdict is Verdict.INCONSISTENT:
        # Capitals carry it where there is no colour.
        label = label.upper()
    elif judgement.convention is not None:
        label = _CONVENTION_LABELS[judgement.convention]
    return label, _VERDICT_STYLES[judgement.verdict]


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
        body = [_text(finding.message)]
        body += [_text(f"· {step}", "dim") for step in finding.steps]
        body += [
            _text(f"→ {r.location.seen_from(finding.location)}: {r.message}", "dim")
            for r in finding.related[:_MAX_RELATED]
        ]
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
        console.print(_text(file.name, "bold"))
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


def _listed_place(claim: Claim) -> _Cell:
    """Return where a claim stands: line and column, or what people call the place where there are none."""
    start = claim.location.start
    return (f"{start.line}:{start.column}" if start else visible(claim.location.describe())), ""


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
