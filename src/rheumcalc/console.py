"""A terminal of a known width: what is printed on it is plain text in columns. Quoted text is never read as markup."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from io import StringIO
from typing import IO

from rich.console import Console
from rich.text import Text

from rheumcalc.claims import Verdict
from rheumcalc.plain import visible

VERDICT_STYLES = {
    Verdict.CONSISTENT: "green",
    Verdict.CONSISTENT_UNDER: "yellow",
    Verdict.INCONSISTENT: "bold red",
    Verdict.CANNOT_CHECK: "dim",
}
#: The least that a column takes, and what stands between two.
LEAST_WIDTH = 8
GAP = 2


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


def quoted(text: str, style: str = "") -> Text:
    """Return text that was read somewhere as it may be shown."""
    return Text(visible(text), style=style)


#: A text and its style: the claims of a large draft are too many for rich's own texts all at once.
Cell = tuple[str, str]


def column_widths(needed: Sequence[int], most: Sequence[int], width: int) -> list[int]:
    """Return a width for each column: all it needs, unless the terminal is too narrow for the texts before the last."""
    widths = [min(pair) for pair in zip(needed[:-1], most[:-1], strict=True)]
    spare = width - GAP * (len(needed) - 1) - sum(widths) - needed[-1]
    while spare < 0 and max(widths) > LEAST_WIDTH:
        widths[widths.index(max(widths))] -= 1
        spare += 1
    for index, need in enumerate(needed[:-1]):
        more = max(0, min(spare, need - widths[index]))
        widths[index] += more
        spare -= more
    return [*widths, needed[-1]]


def row_lines(cells: Sequence[Cell], widths: Sequence[int], console: Console) -> list[Text]:
    """Return a row as lines, indented: each cell wrapped to its column, no spaces at the end."""
    columns = [wrapped(Text(*cell), width, console) for cell, width in zip(cells, widths, strict=True)]
    lines = []
    for number in range(max(map(len, columns))):
        line, place = Text(), GAP
        for column, width in zip(columns, widths, strict=True):
            if number < len(column) and column[number]:
                line.append(" " * (place - line.cell_len))
                line.append_text(column[number])
            place += width + GAP
        lines.append(line)
    return lines


def wrapped(text: Text, width: int, console: Console) -> list[Text]:
    """Return a text as lines of a width, broken between words."""
    return [text] if text.cell_len <= width else [*text.wrap(console, width)]
