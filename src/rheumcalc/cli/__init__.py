"""The command line: parse, call the public API, print, exit."""

from typing import Annotated, Any

import typer
import typer.core

from rheumcalc._version import __version__
from rheumcalc.cli.arguments import (
    ClaimsFormat,
    Columns,
    Config,
    FailOn,
    Format,
    FormatOption,
    OptionalPaths,
    OutputOption,
    Paths,
    Rounding,
    StdinName,
    named,
    output_file,
)
from rheumcalc.cli.output import (
    STDIN_NAME,
    annotation,
    comparison,
    complain,
    emit,
    fail,
    fail_for,
    hint,
    watched,
    write,
    write_skeletons,
)
from rheumcalc.cli.summary import summary


class _Commands(typer.core.TyperGroup):
    """The commands, with errors worded as in the rest of the program."""

    def invoke(self, *arguments: Any, **options: Any) -> Any:
        """Run the command."""
        try:
            return super().invoke(*arguments, **options)
        except typer.BadParameter as error:
            # typer passes on pydantic's message, with its prefix for the kind of error.
            error.message = error.message.removeprefix("Value error, ")
            raise
        except BrokenPipeError:
            # typer would exit with 1, which means that something was found.
            raise typer.Exit(2) from None
        except KeyboardInterrupt:
            # The exit code that shells use after Ctrl-C.
            typer.echo("rheumcalc: interrupted", err=True)
            raise typer.Exit(130) from None


app = typer.Typer(
    cls=_Commands,
    help="Recompute what clinical studies report, and find what cannot all be true.",
    no_args_is_help=True,
    # Boxes leave too little room for the help texts of options.
    rich_markup_mode=None,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)


def _version(value: bool) -> None:  # noqa: FBT001 - typer's callback
    if value:
        typer.echo(f"rheumcalc {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and exit.")
    ] = False,
) -> None:
    pass


@app.command(short_help="Check records, drafts and sheets: find what cannot be true.")
def check(
    paths: OptionalPaths = None,
    formats: Annotated[
        list[str] | None,
        typer.Option(
            "--format",
            metavar="FORMAT[:FILE]",
            help="How to write the report, and where: table (the default), html, json, markdown, github, sarif, "
            "junit. May be repeated, with a file for all but one: --format table --format sarif:report.sarif.",
        ),
    ] = None,
    output: OutputOption = None,
    select: Annotated[
        list[str] | None,
        typer.Option(
            "--select", metavar="RULE", help="Apply only these rules: codes, names, or beginnings of codes (RC2)."
        ),
    ] = None,
    ignore: Annotated[list[str] | None, typer.Option("--ignore", metavar="RULE", help="Leave these rules out.")] = None,
    studies: Annotated[
        str | None,
        typer.Option("--studies", metavar="DIR", help="A folder of records to compare drafts with, study by study."),
    ] = None,
    fail_on: Annotated[
        FailOn | None,
        typer.Option(
            "--fail-on",
            metavar="error|warning|note|never",
            help="The lowest severity that exits with 1; error unless the settings say otherwise.",
        ),
    ] = None,
    baseline: Annotated[
        str | None,
        typer.Option(
            "--baseline",
            metavar="FILE",
            help="A file of known findings: they are counted, and only others fail the run.",
        ),
    ] = None,
    write_baseline: Annotated[
        bool, typer.Option("--write-baseline", help="Write the current findings to the file of --baseline.")
    ] = False,
    annotate: Annotated[
        str | None,
        typer.Option(
            "--annotate",
            metavar="FILE",
            help="Write a copy of the Word draft to this file (.docx), with a comment on every finding.",
        ),
    ] = None,
    rounding: Rounding = None,
    config: Config = None,
    columns: Columns = None,
    claims: Annotated[bool, typer.Option("--claims", help="Also list every claim in the JSON report.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print only the findings and the last line.")] = False,
    stdin_name: StdinName = STDIN_NAME,
) -> None:
    """Check study records, review drafts and sheets of outcomes: recompute every number, and say what cannot be true.

    Exits with 0 where nothing is found, 1 where something is, 2 where a file cannot be checked.
    """
    from rheumcalc.config import SettingsError, combine, read_written
    from rheumcalc.engine import check_files
    from rheumcalc.report.outputs import Options, plan_outputs, refuse_inputs

    try:
        settings = combine(
            read_written(file=config),
            select=select or (),
            ignore=ignore or (),
            rounding=rounding or (),
            studies=studies,
            fail_on=fail_on and fail_on.value,
            baseline=baseline,
            columns=named(columns),
        )
        plan = plan_outputs(formats or (), output, settings.baseline)
        compare = comparison(settings.baseline, write=write_baseline)
    except SettingsError as error:
        fail(str(error))
    paths = paths or list(settings.drafts)
    if not paths:
        fail("nothing to check: name a PATH, or `drafts` in the settings (rheumcalc.toml)")
    try:
        refuse_inputs((settings.baseline if write_baseline else None, *(each.target for each in plan)), paths)
    except SettingsError as error:
        fail(str(error))
    annotated = annotation(annotate, paths, (settings.baseline, *(each.target for each in plan)), quiet=quiet)
    with watched(quiet=quiet) as watch:
        report = check_files(paths, settings, stdin_name, watch=watch)
    if not report.files:
        fail(f"nothing to read in {', '.join(paths)} ({report.skipped} files of other kinds)")
    report = compare(report)
    told, unwritten = annotated(report)
    failed = emit(report, plan, Options(claims, quiet))
    if told:
        typer.echo(told, err=True)
    hint(report, paths, stdin_name)
    fail_for(unwritten, *failed)
    raise typer.Exit(report.exit_code(settings.fail_on))


@app.command(short_help="Calculate which denominators or counts fit what is printed.")
def solve(
    claims: Annotated[
        list[str], typer.Argument(metavar="CLAIM", help="'16 (18.2%)', '44/88 50%', '66.7% of 25', each in quotes.")
    ],
    output_format: FormatOption = Format.TABLE,
    rounding: Rounding = None,
) -> None:
    """Calculate which denominators or counts fit what is printed, one by one and together.

    Exits with 1 where a claim cannot be true.
    """
    from rheumcalc.config import SettingsError, rounding_modes
    from rheumcalc.numbers.printed import PrintedError
    from rheumcalc.solve import solve_denominators
    from rheumcalc.study.claims import Verdict

    try:
        modes = rounding_modes(rounding or ())
        solution = solve_denominators(claims, modes)
    except (SettingsError, PrintedError) as error:
        fail(str(error))
    if output_format is Format.JSON:
        from rheumcalc.report import json_

        typer.echo(json_.render_solution(solution))
    else:
        from rheumcalc.report import table
        from rheumcalc.terminal.layout import new_console

        table.render_solution(solution, new_console())
    raise typer.Exit(int(any(answer.verdict is Verdict.INCONSISTENT for answer in solution.answers)))


app.command(short_help="Make tables and figures of the results in records.")(summary)


@app.command()
def claims(
    paths: Paths,
    output_format: Annotated[
        ClaimsFormat,
        typer.Option("--format", help="How to write the claims; `record` writes study records to complete."),
    ] = ClaimsFormat.TABLE,
    output: Annotated[
        str | None,
        typer.Option(
            "--output",
            "-o",
            metavar="FILE",
            callback=output_file,
            help="Write to a file, complete or not at all; records of several studies go to a folder. Existing files "
            "are not replaced.",
        ),
    ] = None,
    columns: Columns = None,
    stdin_name: StdinName = STDIN_NAME,
) -> None:
    """List what was read, without verdicts: each claim and its place, and what is in none (JSON: one line a file)."""
    from rheumcalc.config import Settings, SettingsError
    from rheumcalc.engine import check_files
    from rheumcalc.report.outputs import refuse_inputs

    try:
        settings = Settings(columns=named(columns))
        refuse_inputs([output], paths)
    except SettingsError as error:
        fail(str(error))
    with watched() as watch:
        report = check_files(paths, settings, stdin_name, watch=watch)
    if not report.files:
        fail(f"nothing to read in {', '.join(paths)} ({report.skipped} files of other kinds)")
    if output_format is ClaimsFormat.RECORD:
        write_skeletons(report, output)
    elif output_format is ClaimsFormat.JSON:
        from rheumcalc.report import json_

        write("\n".join(map(json_.render_claims, report.files)), output)
    else:
        from rheumcalc.report import table
        from rheumcalc.terminal.layout import as_text, new_console

        if output is None:
            table.render_claims(report, new_console())
        else:
            write(as_text(lambda console: table.render_claims(report, console)), output)
    complain(report, on_screen=output is None and output_format is ClaimsFormat.TABLE)
    hint(report, paths, stdin_name)
    raise typer.Exit(report.exit_code(None))


@app.command(short_help="Scan a corpus: one line of claims and findings per document.")
def scan(
    inputs: Annotated[
        list[str],
        typer.Argument(metavar="INPUT", help="JSONL with `id` and `text` in each line; - for standard input."),
    ],
    output: OutputOption = None,
    workers: Annotated[
        int | None, typer.Option("--workers", min=1, help="How many processes to use; by default, one per core.")
    ] = None,
) -> None:
    """Scan a corpus: one line of claims and findings for each document, in order. Exits with 0 whatever is found."""
    from rheumcalc.corpus.files import scan_files

    try:
        failed = scan_files(inputs, output, workers)
    except BrokenPipeError:
        raise
    except OSError as error:
        if output is None and error.filename is None:
            raise
        named = error.filename if error.filename in inputs else output
        fail(f"{named or 'scan'}: {error.strerror or error}")
    if failed:
        from rheumcalc.messages import counted

        typer.echo(f"rheumcalc: {counted(failed, 'line')} not read; the output has the reason for each", err=True)


@app.command()
def rule(
    code: Annotated[str | None, typer.Argument(metavar="[CODE]", help="A rule's code or name.")] = None,
    output_format: FormatOption = Format.TABLE,
) -> None:
    """List the rules, or print one rule's page."""
    from rheumcalc.rules import RULES, find_rule

    named = find_rule(code) if code else None
    if code and named is None:
        from rheumcalc.config import SettingsError, select_rules

        try:
            select_rules([code])
        except SettingsError as error:
            fail(str(error))
        fail(f"'{code}' matches several rules; `rheumcalc rule` lists them")
    if output_format is Format.JSON:
        from rheumcalc.report import json_

        typer.echo(json_.render_rules([named] if named else RULES, with_pages=named is not None))
        return
    from rheumcalc.report import rule_pages
    from rheumcalc.terminal.layout import new_console

    if named:
        rule_pages.render_rule(named, new_console())
    else:
        rule_pages.render_rules(RULES, new_console())


@app.command()
def schema() -> None:
    """Print the JSON Schema of a record, for editors."""
    import json

    from rheumcalc.record.model import record_schema

    typer.echo(json.dumps(record_schema(), indent=2, ensure_ascii=False))
