"""The command line: parse, call the public API, print, exit."""

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer
import typer.core

from rheumcalc._version import __version__
from rheumcalc.terminal import STDIN_NAME, comparison, complain, emit, fail, fail_for, hint, write, write_skeletons

if TYPE_CHECKING:
    pass


class _Commands(typer.core.TyperGroup):
    """The commands, with what goes wrong in them told as this program tells it."""

    def invoke(self, *arguments: Any, **options: Any) -> Any:
        """Run the command that is asked for."""
        try:
            return super().invoke(*arguments, **options)
        except typer.BadParameter as error:
            # typer hands on what pydantic says, with its word for the kind of failure.
            error.message = error.message.removeprefix("Value error, ")
            raise
        except BrokenPipeError:
            # typer would exit with 1, which says that something was found.
            raise typer.Exit(2) from None


app = typer.Typer(
    cls=_Commands,
    help="Recompute what clinical studies report, and find what cannot all be true.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


class Format(StrEnum):
    """How a report is written."""

    TABLE = "table"
    JSON = "json"


class ClaimsFormat(StrEnum):
    """How claims are written: listed, or as records to complete."""

    TABLE = "table"
    JSON = "json"
    RECORD = "record"


class FailOn(StrEnum):
    """The least severity that makes a run fail."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"
    NEVER = "never"


_KINDS = (
    "Records (.yaml), drafts (.md, .txt, .docx, .html, .xml of journals, .pdf), sheets (.csv, .tsv, .xlsx), or folders "
    "of them"
)
Paths = Annotated[
    list[str],
    typer.Argument(
        metavar="PATH",
        help=f"{_KINDS}; - for standard input.",
    ),
]
OptionalPaths = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="PATH",
        help=f"{_KINDS}; - for standard input. The `drafts` of the settings where none is given.",
    ),
]
FormatOption = Annotated[Format, typer.Option("--format", help="How to write the report.")]
StdinName = Annotated[str, typer.Option("--stdin-name", metavar="NAME", help="What standard input is called.")]
Columns = Annotated[
    list[str] | None,
    typer.Option(
        "--columns",
        metavar="FIELD=HEADER,…",
        help="What the columns of a sheet hold where their headers are none of the usual ones: "
        'count=Events,denominator="Number analysed". Fields: study, year, outcome, arm, timepoint, population, count, '
        "denominator, percent, reported. May be repeated.",
    ),
]


def _output(name: str | None) -> str | None:
    """Return the file that is asked for; None where that is standard output, which is written to and not replaced."""
    if name is None:
        return None
    from rheumcalc.output_files import STANDARD_OUTPUT

    return None if name in STANDARD_OUTPUT else name


OutputOption = Annotated[
    str | None,
    typer.Option(
        "--output", "-o", metavar="FILE", callback=_output, help="Write to a file, whole or not at all; - for none."
    ),
]
Rounding = Annotated[
    list[str] | None,
    typer.Option(
        "--rounding",
        metavar="MODE",
        help="The rounding that percentages may follow where a record declares none: nearest (any tie rule), "
        "half_up, half_even, half_down, truncate, ceiling. May be repeated.",
    ),
]


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


def _named(columns: list[str] | None) -> dict[str, str]:
    """Return the headers that `--columns` gives fields. Raises SettingsError."""
    if not columns:
        return {}
    from rheumcalc.sheets.headers import named_columns

    return named_columns(columns)


@app.command()
def check(
    paths: OptionalPaths = None,
    formats: Annotated[
        list[str] | None,
        typer.Option(
            "--format",
            metavar="FORMAT[:FILE]",
            help="How to write the report, and where: table (the default), json, markdown, github, sarif, junit. "
            "May be repeated, with a file for all but one: --format table --format sarif:report.sarif.",
        ),
    ] = None,
    output: OutputOption = None,
    select: Annotated[
        list[str] | None,
        typer.Option("--select", metavar="RULE", help="Apply these rules alone: codes, names, or beginnings (RC2)."),
    ] = None,
    ignore: Annotated[list[str] | None, typer.Option("--ignore", metavar="RULE", help="Leave these rules out.")] = None,
    studies: Annotated[
        str | None,
        typer.Option("--studies", metavar="DIR", help="A folder of records to hold drafts against, study by study."),
    ] = None,
    fail_on: Annotated[
        FailOn | None,
        typer.Option(
            "--fail-on",
            metavar="error|warning|note|never",
            help="The least severity that exits with 1; error where the settings say nothing.",
        ),
    ] = None,
    baseline: Annotated[
        str | None,
        typer.Option("--baseline", metavar="FILE", help="Count the findings recorded there, and fail on others alone."),
    ] = None,
    write_baseline: Annotated[
        bool, typer.Option("--write-baseline", help="Record today's findings in the file of --baseline.")
    ] = False,
    rounding: Rounding = None,
    config: Annotated[
        str | None,
        typer.Option("--config", metavar="FILE", help="The settings file to use in place of the nearest one."),
    ] = None,
    columns: Columns = None,
    claims: Annotated[bool, typer.Option("--claims", help="List every claim in the JSON report too.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print findings and the last line alone.")] = False,
    stdin_name: StdinName = STDIN_NAME,
) -> None:
    """Check study records, review drafts and sheets of outcomes: recompute every number, and say what cannot be true.

    Exits with 0 where nothing is found, 1 where something is, 2 where a file cannot be checked.
    """
    from rheumcalc.config import SettingsError, combine, read_written
    from rheumcalc.engine import check_files
    from rheumcalc.report.outputs import Options, plan_outputs

    try:
        settings = combine(
            read_written(file=config),
            select=select or (),
            ignore=ignore or (),
            rounding=rounding or (),
            studies=studies,
            fail_on=fail_on and fail_on.value,
            baseline=baseline,
            columns=_named(columns),
        )
        plan = plan_outputs(formats or (), output, settings.baseline)
        compare = comparison(settings.baseline, write=write_baseline)
    except SettingsError as error:
        fail(str(error))
    paths = paths or list(settings.drafts)
    if not paths:
        fail("nothing to check: name a PATH, or `drafts` in the settings (rheumcalc.toml)")
    report = check_files(paths, settings, stdin_name)
    if not report.files:
        fail(f"nothing to read in {', '.join(paths)} ({report.skipped} files of other kinds)")
    report = compare(report)
    failed = emit(report, plan, Options(claims, quiet))
    hint(report, paths, stdin_name)
    fail_for(*failed)
    raise typer.Exit(report.exit_code(settings.fail_on))


@app.command()
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
    from rheumcalc.claims import Verdict
    from rheumcalc.config import SettingsError, rounding_modes
    from rheumcalc.printed import PrintedError
    from rheumcalc.solve import solve_denominators

    try:
        modes = rounding_modes(rounding or ())
        solution = solve_denominators(claims, modes)
    except (SettingsError, PrintedError) as error:
        fail(str(error))
    if output_format is Format.JSON:
        from rheumcalc.report import json_

        typer.echo(json_.render_solution(solution))
    else:
        from rheumcalc.console import new_console
        from rheumcalc.report import table

        table.render_solution(solution, new_console())
    raise typer.Exit(int(any(answer.verdict is Verdict.INCONSISTENT for answer in solution.answers)))


@app.command()
def claims(
    paths: Paths,
    output_format: Annotated[
        ClaimsFormat, typer.Option("--format", help="How to write the claims; record: as study records to complete.")
    ] = ClaimsFormat.TABLE,
    output: Annotated[
        str | None,
        typer.Option(
            "--output",
            "-o",
            metavar="FILE",
            callback=_output,
            help="Write to a file, whole or not at all; records of several studies to a folder; none is replaced.",
        ),
    ] = None,
    columns: Columns = None,
    stdin_name: StdinName = STDIN_NAME,
) -> None:
    """List what was read, unjudged: every claim and its place. JSON has one line a file."""
    from rheumcalc.config import Settings, SettingsError
    from rheumcalc.engine import check_files

    try:
        settings = Settings(columns=_named(columns))
    except SettingsError as error:
        fail(str(error))
    report = check_files(paths, settings, stdin_name)
    if not report.files:
        fail(f"nothing to read in {', '.join(paths)} ({report.skipped} files of other kinds)")
    if output_format is ClaimsFormat.RECORD:
        write_skeletons(report, output)
    elif output_format is ClaimsFormat.JSON:
        from rheumcalc.report import json_

        write("\n".join(map(json_.render_claims, report.files)), output)
    else:
        from rheumcalc.console import as_text, new_console
        from rheumcalc.report import table

        if output is None:
            table.render_claims(report, new_console())
        else:
            write(as_text(lambda console: table.render_claims(report, console)), output)
    complain(report, on_screen=output is None and output_format is ClaimsFormat.TABLE)
    hint(report, paths, stdin_name)
    raise typer.Exit(report.exit_code(None))


@app.command()
def scan(
    inputs: Annotated[
        list[str],
        typer.Argument(metavar="INPUT", help="JSONL with `id` and `text` in each line; - for standard input."),
    ],
    output: OutputOption = None,
    workers: Annotated[
        int | None, typer.Option("--workers", min=1, help="How many processes to use: all cores where left out.")
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
        from rheumcalc.working import counted

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
        fail(f"'{code}' begins the codes of several rules; `rheumcalc rule` lists them")
    if output_format is Format.JSON:
        from rheumcalc.report import json_

        typer.echo(json_.render_rules([named] if named else RULES, with_pages=named is not None))
        return
    from rheumcalc.console import new_console
    from rheumcalc.report import table

    if named:
        table.render_rule(named, new_console())
    else:
        table.render_rules(RULES, new_console())


@app.command()
def schema() -> None:
    """Print the JSON Schema of a record, for editors."""
    import json

    from rheumcalc.model import record_schema

    typer.echo(json.dumps(record_schema(), indent=2, ensure_ascii=False))
