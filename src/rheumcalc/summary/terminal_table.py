"""The table of a summary in a terminal: a block for each heading, numbers aligned on their decimal marks."""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from itertools import groupby

from rich.console import Console
from rich.text import Text

from rheumcalc.messages import visible
from rheumcalc.summary.options import Grouping
from rheumcalc.summary.table import SPACES, Line, SummaryTable, aligned, intervals
from rheumcalc.terminal.layout import GAP, Cell, as_text, fitted_widths, hanging, quoted, row_lines, wrapped
from rheumcalc.terminal.verdicts import VERDICT_STYLES

#: The columns whose cells are right-aligned.
_NUMBERS = frozenset({"n/N", "%"})


def render_text(table: SummaryTable) -> str:
    """Return what `render_table` prints, as plain text 80 columns wide."""
    return as_text(lambda console: render_table(table, console))


def render_table(table: SummaryTable, console: Console) -> None:
    """Print a block for each study or outcome, then the notes."""
    for group in table.groups:
        lines = [*wrapped(quoted(group.heading, "bold"), console.width, console)]
        if group.title:
            lines += wrapped(quoted(group.title, "italic"), console.width, console)
        lines += _block(table, group.lines, console)
        console.print(Text("\n").join(lines), soft_wrap=True)
        console.print()
    for note in table.notes:
        head = f"({note.mark}) " if note.mark else ""
        console.print(Text("\n").join(hanging(head, note.text, console)), soft_wrap=True)


def _block(table: SummaryTable, lines: Sequence[Line], console: Console) -> Iterator[Text]:
    """Yield the lines of a block, whose columns are as wide as its own cells need.

    Lines of one outcome of one study are below its name. What is the same for all of them, in the whole block (the
    group, the time), is beside the name and not in a column: at 80 columns, numbers need the room.
    """
    named = [list(same) for _, same in groupby(lines, key=_name)]
    parts = ("group", "timepoint")
    told = {part for part in parts if all(len({getattr(each, part) for each in same}) == 1 for same in named)}
    columns = _columns(table, lines, told)
    whole = {place for place, title in enumerate(columns) if title in {"n/N", "%", table.interval_title}}
    widths = fitted_widths([[text for text, _ in cells] for cells in columns.values()], console.width - GAP, whole)
    yield from row_lines([cells[0] for cells in columns.values()], widths, console, whole=whole)
    rows = iter(zip(*(cells[1:] for cells in columns.values()), strict=True))
    for same in named:
        label = same[0].outcome if table.options.by is Grouping.STUDY else same[0].study
        beside = [getattr(same[0], part) for part in parts if part in told]
        yield from wrapped(quoted(", ".join(filter(None, (label, *beside)))), console.width, console)
        for _ in same:
            yield from row_lines(next(rows), widths, console, whole=whole)


def _name(line: Line) -> tuple[str, str]:
    """Return what lines share that stand below one name."""
    return line.study, line.outcome


def _columns(table: SummaryTable, lines: Sequence[Line], told: Container[str]) -> dict[str, list[Cell]]:
    """Return the columns with the cells of lines below their titles; what is shown elsewhere has none."""
    columns: dict[str, list[str]] = {}
    if "group" not in told:
        columns["In"] = [visible(line.group) for line in lines]
    if "timepoint" not in told:
        columns["At"] = [visible(line.timepoint) for line in lines]
    columns["n/N"] = _at_right(["n/N", *(line.fraction for line in lines)])[1:]
    columns["%"] = _at_right(["%", *aligned([line.percent for line in lines], SPACES)])[1:]
    columns[table.interval_title] = _at_right([table.interval_title, *intervals(lines, SPACES)])[1:]
    columns["As printed"] = [visible(line.printed) for line in lines]
    cells: dict[str, list[Cell]] = {
        title: [(_heading(title, texts), "bold"), *((text, "") for text in texts)] for title, texts in columns.items()
    }
    cells["Verdict"] = [("Verdict", "bold"), *map(_verdict, lines)]
    return cells


def _heading(title: str, texts: Sequence[str]) -> str:
    width = max(map(len, texts), default=0)
    return title.rjust(width) if title in _NUMBERS else title


def _at_right(texts: Sequence[str]) -> list[str]:
    width = max(map(len, texts))
    return [text.rjust(width) for text in texts]


def _verdict(line: Line) -> Cell:
    marks = f" ({','.join(line.marks)})" if line.marks else ""
    return f"{line.verdict}{marks}", VERDICT_STYLES[line.row.verdict]
