"""The table of a summary in Markdown, for a draft: text of records is only text there."""

from __future__ import annotations

import re

from rich.cells import cell_len

from rheumcalc.messages import visible
from rheumcalc.summary.grid import Column, Grid, grid_of
from rheumcalc.summary.table import FIGURE_SPACES, SummaryTable

#: What Markdown would read as more than itself. `<` and `>` become entities, so that no comment begins or ends.
_ACTIVE = re.compile(r"[\\`*_\[\]|~$#]")


def render_table(table: SummaryTable) -> str:
    """Return the caption, the table and its notes, with a blank line between."""
    grid = grid_of(table, FIGURE_SPACES)
    notes = [f"{f'({note.mark}) ' if note.mark else ''}{escape(note.text)}" for note in table.notes]
    # A backslash at its end breaks a line, and the notes stay one paragraph.
    return "\n".join([f"**{escape(table.caption)}.**", "", *_rows(grid), "", "\\\n".join(notes)])


def _rows(grid: Grid) -> list[str]:
    """Return the lines of the table, whose pipes are aligned in the source too."""
    body = [[escape(cell) for cell in row] for row in grid.rows]
    for row, marks in zip(body, grid.marks, strict=True):
        row[-1] += f" ({', '.join(marks)})" if marks else ""
    titles = [escape(column.title) for column in grid.columns]
    lines: list[list[str]] = [titles]
    for number, row in enumerate(body):
        if number in grid.headings:
            lines.append([f"**{escape(grid.headings[number])}**", *[""] * (len(titles) - 1)])
        lines.append(row)
    widths = [max(4, *(cell_len(line[place]) for line in lines)) for place in range(len(titles))]
    drawn = [_line(cells, grid.columns, widths) for cells in lines]
    rule = [
        f"{'-' * (width - 1)}:" if c.is_number else "-" * width for c, width in zip(grid.columns, widths, strict=True)
    ]
    return [drawn[0], f"| {' | '.join(rule)} |", *drawn[1:]]


def _line(cells: list[str], columns: tuple[Column, ...], widths: list[int]) -> str:
    padded = []
    for cell, column, width in zip(cells, columns, widths, strict=True):
        space = " " * (width - cell_len(cell))
        padded.append(space + cell if column.is_number else cell + space)
    return f"| {' | '.join(padded)} |"


def escape(text: str) -> str:
    """Return text that Markdown shows as it is, on one line."""
    shown = " ".join(visible(text).split(" ")).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return _ACTIVE.sub(r"\\\g<0>", shown)
