"""The command `summary`."""

from typing import Annotated

import typer

from rheumcalc.cli.arguments import Columns, Config, OutputOption, StdinName, named
from rheumcalc.cli.output import STDIN_NAME, fail


def summary(
    paths: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="PATH",
            help="Records (.yaml), sheets (.csv, .tsv, .xlsx), or folders of them; - for standard input. The `studies` "
            "of the settings where none is given.",
        ),
    ] = None,
    formats: Annotated[
        list[str] | None,
        typer.Option(
            "--format",
            metavar="FORMAT[:FILE]",
            help="How to write the table, and where: table (the default), markdown, csv, json, html, latex, docx, "
            "xlsx. May be repeated, with a file for all but one: --format table --format docx:table.docx.",
        ),
    ] = None,
    output: OutputOption = None,
    by: Annotated[
        str | None,
        typer.Option("--by", metavar="study|outcome", help="What the rows are grouped by; study by default."),
    ] = None,
    outcome: Annotated[
        list[str] | None,
        typer.Option(
            "--outcome", metavar="NAME", help="Show only this outcome: its id or its label; * stands for any words."
        ),
    ] = None,
    timepoint: Annotated[
        list[str] | None,
        typer.Option("--timepoint", metavar="TIME", help="Show only this time: 'week 24', or '24 weeks'."),
    ] = None,
    population: Annotated[
        list[str] | None,
        typer.Option(
            "--population", metavar="NAME", help="Show only this population, arm or analysis set: its name or label."
        ),
    ] = None,
    style: Annotated[
        str | None,
        typer.Option(
            "--style",
            metavar="as-printed|jrheum|ama",
            help="The decimals and the rounding of percentages: as printed, as the Journal of Rheumatology asks, or as "
            "the AMA Manual of Style does.",
        ),
    ] = None,
    interval: Annotated[
        str | None,
        typer.Option(
            "--interval",
            metavar="METHOD",
            help="The confidence interval of a percentage: wilson (the default), clopper_pearson, agresti_coull, "
            "jeffreys, wald.",
        ),
    ] = None,
    level: Annotated[
        str | None,
        typer.Option("--confidence-level", metavar="LEVEL", help="The level of the intervals: 0.95, or 95%."),
    ] = None,
    forest: Annotated[
        str | None,
        typer.Option("--forest", metavar="FILE", help="Draw the rows as a forest plot: a file in .svg, .png or .pdf."),
    ] = None,
    effect: Annotated[
        str | None,
        typer.Option(
            "--effect",
            metavar="MEASURE",
            help="What the plot shows where there are two arms: risk_difference (the default) or risk_ratio.",
        ),
    ] = None,
    into: Annotated[
        list[str] | None,
        typer.Option(
            "--into",
            metavar="DRAFT",
            help="Write the tables and values into a draft (.md, .txt, .html), each between its markers. May be "
            "repeated.",
        ),
    ] = None,
    verify: Annotated[
        bool,
        typer.Option(
            "--verify", help="With --into, write nothing: show what is stale, and exit with 1 if anything is."
        ),
    ] = False,
    config: Config = None,
    columns: Columns = None,
    stdin_name: StdinName = STDIN_NAME,
) -> None:
    """Make a table of the results in study records, recomputed: counts, percentages, intervals, verdicts.

    Exits with 0, with 2 where something could not be read or written, and with 1 where --verify finds a stale draft.
    """
    from rheumcalc.cli.summary_output import plan_summary, summarise_files
    from rheumcalc.config import SettingsError, combine, read_written

    try:
        settings = combine(read_written(file=config), columns=named(columns))
        request = plan_summary(
            {
                "by": by,
                "style": style,
                "interval": interval,
                "confidence-level": level,
                "outcome": tuple(outcome or ()),
                "timepoint": tuple(timepoint or ()),
                "population": tuple(population or ()),
            },
            formats=tuple(formats or ()),
            output=output,
            figure=forest,
            effect=effect,
            drafts=tuple(into or ()),
            verify=verify,
        )
    except SettingsError as error:
        fail(str(error))
    paths = paths or ([settings.studies] if settings.studies else [])
    if not paths:
        fail("nothing to summarise: name a PATH, or `studies` in the settings (rheumcalc.toml)")
    raise typer.Exit(summarise_files(paths, settings, stdin_name, request))
