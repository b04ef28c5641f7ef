"""The arguments and options that several commands have."""

from enum import StrEnum
from typing import Annotated

import typer


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
        help=f"{_KINDS}; - for standard input. By default, the `drafts` of the settings.",
    ),
]
FormatOption = Annotated[Format, typer.Option("--format", help="How to write the report.")]
StdinName = Annotated[str, typer.Option("--stdin-name", metavar="NAME", help="The name that standard input goes by.")]
Columns = Annotated[
    list[str] | None,
    typer.Option(
        "--columns",
        metavar="FIELD=HEADER,…",
        help="What the columns of a sheet hold, where their headers are not the usual ones: "
        'count=Events,denominator="Number analysed". Fields: study, year, outcome, arm, timepoint, population, count, '
        "denominator, percent, reported. May be repeated.",
    ),
]


def output_file(name: str | None) -> str | None:
    """Return the output file; None for standard output, which is written to and not replaced."""
    if name is None:
        return None
    from rheumcalc.files.writing import STANDARD_OUTPUT

    return None if name in STANDARD_OUTPUT else name


OutputOption = Annotated[
    str | None,
    typer.Option(
        "--output",
        "-o",
        metavar="FILE",
        callback=output_file,
        help="Write to a file, complete or not at all; - for standard output.",
    ),
]
Rounding = Annotated[
    list[str] | None,
    typer.Option(
        "--rounding",
        metavar="MODE",
        help="The rounding that percentages may follow if a record declares none: nearest (any tie rule), "
        "half_up, half_even, half_down, truncate, ceiling. May be repeated.",
    ),
]
Config = Annotated[
    str | None,
    typer.Option("--config", metavar="FILE", help="The settings file to use instead of the nearest one."),
]


def named(columns: list[str] | None) -> dict[str, str]:
    """Return the headers that `--columns` gives fields. Raises SettingsError."""
    if not columns:
        return {}
    from rheumcalc.sheets.headers import named_columns

    return named_columns(columns)
