"""The table of a summary as a plain grid: what formats share that set one cell beside the other."""

from __future__ import annotations

from typing import NamedTuple

from rheumcalc.summary.options import Grouping
from rheumcalc.summary.table import Padding, SummaryTable, aligned, intervals


class Column(NamedTuple):
    """A column: its title, its cells from top to bottom, and whether they are numbers, which stand at the right."""

    title: str
    cells: tuple[str, ...]
    is_number: bool = False


class Grid(NamedTuple):
    """Columns of one length; `headings` are what stands above some of the lines, by the line's number from 0.

    The last column holds verdicts, and `marks` the letters of each line's notes.
    """

    columns: tuple[Column, ...]
    headings: dict[int, str]
    marks: tuple[tuple[str, ...], ...]

    @property
    def rows(self) -> list[tuple[str, ...]]:
        """The cells line by line."""
        return list(zip(*(column.cells for column in self.columns), strict=True))


def grid_of(table: SummaryTable, pad: Padding, dash: str = "–") -> Grid:
    """Return the table as a grid: a heading for each study or outcome where there are several.

    A cell that repeats the one above it under the same heading is empty.
    """
    lines = table.lines
    is_by_study = table.options.by is Grouping.STUDY
    firsts, headings = _headings(table)
    named = [line.outcome if is_by_study else line.study for line in lines]
    columns = [Column("Outcome" if is_by_study else "Study", _once(named, firsts))]
    if table.has_groups:
        columns.append(Column("Group", tuple(line.group for line in lines)))
    if table.has_times:
        columns.append(Column("Time", tuple(line.timepoint for line in lines)))
    columns += [
        Column("n/N", tuple(line.fraction for line in lines), is_number=True),
        Column("%", tuple(aligned([line.percent for line in lines], pad)), is_number=True),
        Column(table.interval_title, tuple(intervals(lines, pad, dash)), is_number=True),
        Column("As printed", tuple(line.printed for line in lines)),
        Column("Verdict", tuple(line.verdict for line in lines)),
    ]
    return Grid(tuple(columns), headings, tuple(line.marks for line in lines))


def _headings(table: SummaryTable) -> tuple[set[int], dict[int, str]]:
    """Return the lines that begin a group, and the headings above them where there is more than one."""
    firsts: set[int] = set()
    headings: dict[int, str] = {}
    place = 0
    for group in table.groups:
        firsts.add(place)
        if len(table.groups) > 1 or table.options.by is Grouping.OUTCOME:
            headings[place] = group.heading
        place += len(group.lines)
    return firsts, headings


def _once(texts: list[str], firsts: set[int]) -> tuple[str, ...]:
    return tuple(
        "" if number and number not in firsts and text == texts[number - 1] else text
        for number, text in enumerate(texts)
    )
