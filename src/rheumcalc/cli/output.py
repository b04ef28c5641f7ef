"""What the commands write: reports to standard output or to files, complaints to standard error."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, NoReturn

import typer

from rheumcalc.messages import unwritten, visible

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from rheumcalc.engine import Watch
    from rheumcalc.report.outputs import Options, Output
    from rheumcalc.result import Report

#: The default name of standard input.
STDIN_NAME = "stdin.yaml"


def fail(message: str) -> NoReturn:
    """Print the reason for a failure on stderr, and exit with 2."""
    tell(message)
    raise typer.Exit(2)


@contextmanager
def watched(*, quiet: bool = False) -> Iterator[Watch | None]:
    """Give the progress of a run over files, drawn on stderr if that is a terminal and the run takes long."""
    if quiet or sys.stderr is None or not sys.stderr.isatty():
        yield None
        return
    from rheumcalc.terminal.progress import FileRun, drawn

    run = FileRun()
    with drawn(run):
        yield run


def write(text: str, output: str | None) -> None:
    """Write a text to a file, or to standard output where there is none."""
    if output is None:
        typer.echo(text)
    else:
        fail_for(write_file(output, text))


def write_file(name: str, content: str | bytes) -> str | None:
    """Write a text, with a line end, or bytes to a file, completely or not at all; return what prevented it."""
    from rheumcalc.files.writing import write_whole_bytes

    data = content if isinstance(content, bytes) else (content + "\n").encode()
    try:
        write_whole_bytes(name, data)
    except OSError as error:
        return unwritten(name, error)
    return None


def fail_for(*reasons: str | None) -> None:
    """Fail if there is a reason to."""
    told = [reason for reason in reasons if reason]
    if told:
        fail("; ".join(reason.removesuffix(".") for reason in told))


def comparison(path: str | None, *, write: bool) -> Callable[[Report], Report]:
    """Read a baseline; return a function that marks its findings in a report, and first writes the current if `write`.

    Raises SettingsError.
    """
    if path is None and not write:
        return lambda report: report
    from rheumcalc.baseline import apply_baseline, read_baseline, render_baseline, renew_baseline
    from rheumcalc.config import SettingsError

    if path is None:
        raise SettingsError("--write-baseline needs --baseline FILE, or `baseline` in the settings, to say where")
    before = read_baseline(path, may_be_missing=write)

    def compare(report: Report) -> Report:
        if not write:
            return apply_baseline(report, before)
        today = renew_baseline(report, before)
        fail_for(write_file(path, render_baseline(today)))
        return apply_baseline(report, today)

    return compare


def annotation(
    target: str | None, paths: list[str], others: Iterable[str | None], *, quiet: bool
) -> Callable[[Report], tuple[str | None, str | None]]:
    """Find the draft to annotate; return a function that writes it with comments and gives a message and an error.

    Fails where it is not clear which draft is meant. `others` are files that are written too. If `quiet`, there is only
    something to tell where a finding got no comment.
    """
    if target is None:
        return lambda _: (None, None)
    from rheumcalc.config import SettingsError
    from rheumcalc.report.annotate.plan import draft_to_annotate

    try:
        draft = draft_to_annotate(target, paths, others)
    except SettingsError as error:
        fail(str(error))

    def write(report: Report) -> tuple[str | None, str | None]:
        from rheumcalc.report.annotate import UnwrittenError, write_annotated

        try:
            made = write_annotated(report, draft, target)
        except UnwrittenError as error:
            return None, str(error)
        return (None if quiet and not made.placeless else visible(f"{target}: {made.describe()}")), None

    return write


def emit(report: Report, plan: Sequence[Output], options: Options) -> list[str | None]:
    """Write the reports that have files, print the other, and repeat on stderr what would not be seen.

    Returns what prevented files from being written.
    """
    from rheumcalc.report.outputs import REPORTERS

    shown = next((each.format for each in plan if each.target is None), None)
    # Files come first: the reader of standard output may close it.
    filed = [(each.target, each.format) for each in plan if each.target is not None]
    failed = [write_file(target, REPORTERS[each](report, options)) for target, each in filed]
    if shown == "table":
        from rheumcalc.report import table
        from rheumcalc.terminal.layout import new_console

        table.render_report(report, new_console(), quiet=options.quiet)
    elif shown:
        typer.echo(REPORTERS[shown](report, options))
    # A GitHub runner reads both streams as one, and the annotations already have it.
    if shown != "github":
        complain(report, on_screen=shown == "table")
    return failed


def complain(report: Report, *, on_screen: bool) -> None:
    """Name every file that could not be checked on stderr, unless the report itself is on screen."""
    if on_screen and sys.stdout.isatty():
        return
    from rheumcalc.report.table import unchecked

    for file in report.files:
        if file.defects:
            typer.echo(visible(f"{file.name}: {unchecked(file)}"), err=True)


def hint(report: Report, paths: list[str], stdin_name: str) -> None:
    """Explain how to read a draft from standard input, if the input was taken for a record and is not one."""
    if "-" not in paths or stdin_name != STDIN_NAME:
        return
    from rheumcalc.engine import is_meant_for_us

    if any(file.name == stdin_name and not is_meant_for_us(file, "-") for file in report.files):
        typer.echo("standard input was read as a record; if it is a draft, add --stdin-name draft.md", err=True)


def write_skeletons(report: Report, output: str | None) -> None:
    """Write a record to complete for each study that was read in drafts and sheets."""
    from rheumcalc.report.skeleton import MAX_RESULTS, UnwrittenError, skeletons, write_skeletons

    for file in report.files:
        if file.kind == "record":
            tell(f"{file.name} is a record already")
    made = skeletons([(study.claims, file.kind or "") for file in report.files for study in file.studies])
    for skeleton in made:
        if skeleton.left_out:
            tell(f"{skeleton.id}: a record holds {MAX_RESULTS} results; {skeleton.left_out} more are left out")
    if output is None:
        typer.echo("---\n".join(skeleton.text for skeleton in made), nl=False)
        return
    try:
        write_skeletons(made, output)
    except UnwrittenError as error:
        fail(str(error))


def tell(message: str) -> None:
    """Print a message on stderr, wrapped to its width if that is a terminal."""
    text = visible(f"rheumcalc: {message}")
    if sys.stderr is not None and sys.stderr.isatty():
        from rich.text import Text

        from rheumcalc.terminal.layout import measure, new_console, wrapped

        console = new_console()
        text = "\n".join(line.plain for line in wrapped(Text(text), measure(console), console))
    typer.echo(text, err=True)
