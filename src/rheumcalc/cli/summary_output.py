"""What the command `summary` does: rows from files, then tables, figures, and drafts that hold them."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import typer

from rheumcalc.cli.output import complain, fail, fail_for, tell, watched, write_file
from rheumcalc.config import SettingsError
from rheumcalc.engine import check_files
from rheumcalc.files.reading import UnreadableFileError, read_file
from rheumcalc.messages import MissingExtraError, counted, visible
from rheumcalc.numbers.effects import EffectMeasure
from rheumcalc.report.outputs import Output, plan_outputs, refuse_inputs
from rheumcalc.result import Status
from rheumcalc.summary.forest import FORMATS as FORMATS_OF_FIGURES
from rheumcalc.summary.forest import FigureError, Format, forest
from rheumcalc.summary.options import SummaryOptions, one_of, with_options
from rheumcalc.summary.outputs import BINARY, FORMATS, render
from rheumcalc.summary.rows import Rows, rows_of
from rheumcalc.summary.table import SummaryTable, tabulate

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from rheumcalc.config import Settings
    from rheumcalc.result import Report
    from rheumcalc.summary.drafts import Renewal


class Request(NamedTuple):
    """What to make of the rows: tables by the plan, a figure, and drafts to renew or, if `verify`, to compare."""

    options: SummaryOptions
    plan: Sequence[Output]
    figure: str | None
    effect: EffectMeasure
    drafts: Sequence[str]
    verify: bool


def plan_summary(
    given: Mapping[str, str | tuple[str, ...] | None],
    *,
    formats: Sequence[str],
    output: str | None,
    figure: str | None,
    effect: str | None,
    drafts: Sequence[str],
    verify: bool,
) -> Request:
    """Return what to make, before anything is read. Raises SettingsError if the options make no sense together."""
    plan = plan_outputs(formats, output, figure, FORMATS)
    for each in plan:
        _refuse_misplaced(each)
    if figure is not None:
        figure_format(figure)
    if effect is not None and figure is None:
        raise SettingsError("--effect says what the plot of --forest shows")
    if drafts and (formats or output):
        raise SettingsError("--into writes only into drafts; leave out --format and --output")
    if verify and not drafts:
        raise SettingsError("--verify needs --into DRAFT, to say which drafts to compare")
    measure = one_of(EffectMeasure, "effect measure")(effect or EffectMeasure.RISK_DIFFERENCE)
    return Request(with_options(SummaryOptions(), given), plan, figure, measure, drafts, verify)


def figure_format(path: str) -> Format:
    """Return the format of a figure by the end of its file's name. Raises SettingsError."""
    ending = Path(path).suffix.lower().removeprefix(".")
    for known in FORMATS_OF_FIGURES:
        if ending == known:
            return known
    valid = ", ".join(f".{each}" for each in FORMATS_OF_FIGURES)
    raise SettingsError(f"a figure cannot be written to {path}; its name must end in {valid}")


def _refuse_misplaced(output: Output) -> None:
    """Refuse a binary format on a terminal, and another format in a file whose name ends like a binary one."""
    if output.target is None:
        if output.format in BINARY and sys.stdout.isatty():
            raise SettingsError(
                f"{output.format} cannot be shown on a terminal; write it to a file: --output table.{output.format}"
            )
        return
    ending = Path(output.target).suffix.lower().removeprefix(".")
    if ending in BINARY and ending != output.format:
        raise SettingsError(f"{output.target} would hold {output.format}, not {ending}; add --format {ending}")


def summarise_files(paths: Sequence[str], settings: Settings, stdin_name: str, request: Request) -> int:
    """Make what is requested, and return the exit code: 2 where a file could not be read, 1 where a draft is stale."""
    try:
        refuse_inputs((request.figure, *(each.target for each in request.plan)), paths)
    except SettingsError as error:
        fail(str(error))
    with watched() as watch:
        report = check_files(paths, settings, stdin_name, frozenset({"record", "sheet"}), watch)
    _complain(report)
    rows = _rows(report, paths)
    stale = False
    if request.drafts and report.exit_code(None) and not request.verify:
        # Without what could not be read, a table would lose a study.
        tell(f"{', '.join(request.drafts)}: left as before, since not every record could be read")
    elif request.drafts:
        stale = _renew_drafts(request, rows)
    else:
        _write_tables(request, _table(rows, request.options))
    if request.figure is not None:
        _write_figure(request.figure, rows, request)
    return report.exit_code(None) or int(stale)


#: How many mistakes of one file are printed; `check` has them all.
_MOST_MISTAKES = 5


def _complain(report: Report) -> None:
    """Print why each file could not be read: there is no report to look it up in."""
    complain(report, on_screen=False)
    for file in report.files:
        for defect in file.defects[:_MOST_MISTAKES] if file.status is Status.INVALID else ():
            tell(f"{defect.location.source.name}, {defect.location.describe()}: {defect.message}")


def _rows(report: Report, paths: Sequence[str]) -> Rows:
    rows = rows_of([study for file in report.files for study in file.studies])
    if not rows.rows:
        if report.files and report.exit_code(None) == 2:
            # The reason has been printed.
            raise typer.Exit(2)
        named = ", ".join(paths)
        fail(f"no results in {named}: summaries are made from records (.yaml) and sheets (.csv, .tsv, .xlsx)")
    return rows


def _table(rows: Rows, options: SummaryOptions) -> SummaryTable:
    try:
        return tabulate(rows, options)
    except (SettingsError, MissingExtraError) as error:
        fail(str(error))


def _write_tables(request: Request, table: SummaryTable) -> None:
    failed: list[str | None] = []
    # Files come first: the reader of standard output may close it.
    for output in sorted(request.plan, key=lambda each: each.target is None):
        if output.target is None and output.format == "table":
            from rheumcalc.summary.terminal_table import render_table
            from rheumcalc.terminal.layout import new_console

            render_table(table, new_console())
            continue
        try:
            made = render(table, output.format)
        except MissingExtraError as error:
            failed.append(str(error))
            continue
        if output.target is None:
            typer.echo(made, nl=isinstance(made, str))
        else:
            failed.append(write_file(output.target, made))
    fail_for(*failed)


def _write_figure(path: str, rows: Rows, request: Request) -> None:
    from rheumcalc.summary.select import selected

    options = request.options
    try:
        drawn = forest(
            selected(rows, options),
            method=options.interval,
            confidence_level=float(options.confidence_level),
            effect=request.effect,
            references=rows.references,
            by=options.by,
            format=figure_format(path),
        )
    except (SettingsError, FigureError, MissingExtraError) as error:
        fail(str(error))
    fail_for(write_file(path, drawn))


def _renew_drafts(request: Request, rows: Rows) -> bool:
    """Update what drafts take from records, or report what is stale; return whether anything is."""
    from rheumcalc.summary.drafts import DraftError, difference, renew

    renewals: list[tuple[str, Renewal]] = []
    reasons: list[str] = []
    for name in request.drafts:
        try:
            renewals.append((name, renew(read_file(Path(name), name), name, rows, request.options)))
        except DraftError as error:
            reasons += error.reasons
        except UnreadableFileError as error:
            reasons.append(f"{name}: {error.finding.message}")
        except MissingExtraError as error:
            reasons.append(f"{name}: {error}")
    for name, renewal in renewals:
        for remark in renewal.remarks:
            tell(remark)
        done = (
            f"{renewal.changed} of them {'stale' if request.verify else 'renewed'}" if renewal.changed else "up to date"
        )
        tell(f"{name}: {counted(renewal.tables, 'table')} and {counted(renewal.values, 'value')}, {done}")
        if request.verify:
            for line in difference(renewal, name):
                typer.echo(visible(line))
        elif renewal.changed:
            reasons += filter(None, [write_file(name, renewal.after)])
    for reason in reasons:
        tell(reason)
    if reasons:
        raise typer.Exit(2)
    return request.verify and any(renewal.changed for _, renewal in renewals)
