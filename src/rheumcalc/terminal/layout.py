"""A terminal of a known width: what is printed on it is plain text in columns. Quoted text is never read as markup."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from io import StringIO
from itertools import pairwise
from typing import IO, NamedTuple

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from rheumcalc.messages import visible

#: The least width of a column, and the gap between two.
LEAST_WIDTH = 8
GAP = 2
#: The narrowest terminal that lines are laid out for.
_NARROWEST = 20
#: How long a line of prose may be: the eye loses the next line of a longer one.
MEASURE = 100


class _Console(Console):
    """A console that leaves a closed pipe to the edge of the program."""

    def on_broken_pipe(self) -> None:
        """Pass the error on: rich would exit with 1, which means that something was found."""
        raise BrokenPipeError from None


def new_console(file: IO[str] | None = None) -> Console:
    """Return a console for reports: no markup, no emoji codes, no guessed highlights."""
    if file is None:
        console = _Console(markup=False, emoji=False, highlight=False)
        # Where COLUMNS is 0, as some programs set it, rich would draw nothing at all.
        width = max(console.width, _NARROWEST)
    else:
        # A file gets plain text, even if the environment asks for colours.
        console = _Console(file=file, markup=False, emoji=False, highlight=False, width=80, force_terminal=False)
        width = 80
    # Measured once: rich would ask the terminal and the environment again for every line. What it sets aside on old
    # Windows is taken off already.
    console.size = (width + console.legacy_windows, console.height)
    return console


def measure(console: Console) -> int:
    """Return how long a line of prose is on a console."""
    return min(console.width, MEASURE)


def as_text(render: Callable[[Console], None]) -> str:
    """Return what `render` draws on a console, as plain text 80 columns wide."""
    buffer = StringIO()
    render(new_console(buffer))
    return buffer.getvalue().rstrip("\n")


def quoted(text: str, style: str = "") -> Text:
    """Return quoted text in a form that is safe to show."""
    return Text(visible(text), style=style)


#: A text and its style: the claims of a large draft are too many for rich's own texts all at once.
Cell = tuple[str, str]


def fitted_widths(columns: Sequence[Sequence[str]], width: int, whole: Collection[int] = ()) -> list[int]:
    """Return a width for each column of texts: all it needs, or what costs the fewest lines where there is less room.

    The columns whose places are in `whole` hold texts that are never broken, and may be narrower than those. The last
    column keeps all it needs. The widths may be too much for the terminal: `row_lines` sees to that.
    """
    sizes = [Counter(map(cell_len, column)) for column in columns]
    widths = [min(max(each), max(width, 1)) for each in sizes]
    over = GAP * (len(widths) - 1) + sum(widths) - width
    if over <= 0:
        return widths
    least = [
        LEAST_WIDTH if index in whole else max(map(_least_width, set(column)))
        for index, column in enumerate(columns[:-1])
    ]

    def cost(index: int) -> tuple[int, int]:
        """Return how many lines more a column takes that is one narrower; of equal ones the widest comes first."""
        now = widths[index]
        lines = [_lines_needed(sizes[index], each, is_whole=index in whole) for each in (now - 1, now)]
        return lines[0] - lines[1], -now

    while over > 0 and (wide := [index for index, each in enumerate(least) if widths[index] > each]):
        widths[min(wide, key=cost)] -= 1
        over -= 1
    return widths


def _lines_needed(sizes: Counter[int], width: int, *, is_whole: bool) -> int:
    """Return about how many lines cells of these sizes take.

    What is not broken pushes the rest of its row down, which reads worse than a broken name and counts double.
    """
    if is_whole:
        return sum(number * (3 if size > width else 1) for size, number in sizes.items())
    return sum(number * -(-size // width) for size, number in sizes.items())


def row_lines(
    cells: Sequence[Cell],
    widths: Sequence[int],
    console: Console,
    *,
    whole: Collection[int] = (),
    mark: Cell = ("", ""),
) -> list[Text]:
    """Return a row as lines, indented: each cell wrapped to its column, no spaces at the end.

    No result is broken, nor any cell of the columns whose places are in `whole`, while the terminal has room for it on
    a line: where it is wider than its column, what follows it goes on the next line. Where the columns are too much for
    the terminal, the cells follow one another. `mark` is put in the margin.
    """
    if GAP + sum(widths) + GAP * (len(widths) - 1) > console.width:
        lines = _running(cells, console.width, whole)
    else:
        columns = [
            _wrapped(text, console.width if index in whole else width, console.width)
            for index, ((text, _), width) in enumerate(zip(cells, widths, strict=True))
        ]
        lines = _in_columns(columns, [style for _, style in cells], widths, console.width)
    if mark[0] and not lines[0].plain[:GAP].strip():
        lines[0] = Text.assemble((mark[0].ljust(GAP), mark[1]), lines[0][GAP:])
    elif mark[0]:
        lines.insert(0, Text(*mark))
    return lines


def _in_columns(columns: list[list[str]], styles: Sequence[str], widths: Sequence[int], most: int) -> list[Text]:
    """Return lines in which columns stand side by side, as far as they do not run into each other."""
    lines: list[Text] = []
    current: list[Text] = []
    place = GAP
    for column, style, width in zip(columns, styles, widths, strict=True):
        size = max(map(cell_len, column))
        start = max(0, min(place, most - size))
        if size and any(line.cell_len + (GAP if line else 0) > start for line in current):
            lines += current
            current = []
        for number, part in enumerate(column if size else []):
            if number == len(current):
                current.append(Text())
            current[number].append(" " * (start - current[number].cell_len))
            current[number].append(part, style)
        place += width + GAP
    return [*lines, *current] or [Text()]


def _running(cells: Sequence[Cell], width: int, whole: Collection[int]) -> list[Text]:
    """Return lines in which cells follow one another, the second and later lines indented more."""
    lines: list[Text] = []
    for index, (text, style) in enumerate(cells):
        room = max(1, width - 2 * GAP)
        for number, part in enumerate(_wrapped(text, width if index in whole else room, width) if text else []):
            size = cell_len(part)
            if number == 0 and lines and lines[-1].cell_len + GAP + size <= width:
                lines[-1].append(" " * GAP)
            else:
                lines.append(Text(" " * max(0, min(2 * GAP if lines else GAP, width - size))))
            lines[-1].append(part, style)
    return lines or [Text()]


def wrapped(text: Text, width: int, console: Console) -> list[Text]:  # noqa: ARG001 - what all that draws is given
    """Return a text as lines of a width, broken between words, and within a result only where it is longer."""
    if text.cell_len <= width:
        return [text]
    offsets = [offset for span in _line_spans(text.plain, width, width) for offset in span]
    return text.divide(offsets)[1::2]


def hanging(head: str, text: str, console: Console) -> list[Text]:
    """Return quoted text as lines of prose, the first after `head` and the others below its beginning."""
    lines = wrapped(quoted(text), max(1, measure(console) - cell_len(head)), console)
    return [Text(" " * cell_len(head) if number else head).append_text(line) for number, line in enumerate(lines)]


def _wrapped(text: str, width: int, most: int) -> list[str]:
    """Return a text as lines of a width; results may be wider, up to `most`."""
    if cell_len(text) <= width:
        return [text]
    return [text[start:end] for start, end in _line_spans(text, width, most)]


class _Word(NamedTuple):
    """A word of a text: where it begins and ends, and how closely the next one belongs to it (0: not at all)."""

    start: int
    end: int
    bond: int


def _line_spans(text: str, width: int, most: int) -> Iterator[tuple[int, int]]:
    """Yield where the lines of a text begin and end; the spaces between them belong to none."""
    begin = end = 0
    for words in _bonded(_words(text), 1):
        for start, stop in _parts(text, words, width, most):
            if cell_len(text[begin:stop]) > width:
                if end:
                    yield begin, end
                begin = start
            end = stop
    yield begin, end


def _parts(text: str, words: Sequence[_Word], width: int, most: int, bond: int = 1) -> Iterator[tuple[int, int]]:
    """Yield the places of the parts of words that stand together: one if there is room, else divided at weak bonds."""
    start, end = words[0].start, words[-1].end
    if cell_len(text[start:end]) <= (most if _is_result(text, words) else width):
        yield start, end
    elif len(words) > 1:
        for part in _bonded(words, bond + 1):
            yield from _parts(text, part, width, most, bond + 1)
    else:
        yield from _cut(text, start, end, width)


def _bonded(words: Iterable[_Word], bond: int) -> Iterator[list[_Word]]:
    """Yield the words that stand together by such a bond or a closer one."""
    together: list[_Word] = []
    for word in words:
        together.append(word)
        if word.bond < bond:
            yield together
            together = []
    if together:
        yield together


def _words(text: str) -> list[_Word]:
    places = [match.span() for match in re.finditer("[^ ]+", text)]
    words = [text[start:end] for start, end in places]
    bonds = [_bond(*pair) for pair in pairwise(words)]
    for index, word in enumerate(words[2:]):
        # `Fifteen patients (75%)`: the count stands before the word for what is counted.
        if _BRACKET.match(word) and words[index][-1].isalnum() and not _NUMERAL.match(words[index + 1]):
            bonds[index] = max(bonds[index], 1)
    return [_Word(*place, bond) for place, bond in zip(places, [*bonds, 0], strict=False)]


#: A number, with what may stand around it and does not end a clause; the beginning of one, and that of a bracket.
_NUMBER = re.compile(r"[(\[]?[<>≤≥≈~±+−–-]?[0-9][0-9.,·:/%–−-]*(?<![.,:])")
_NUMERAL = re.compile(r"[(\[]?[<>≤≥≈~±+−–-]?[0-9]")
_BRACKET = re.compile(r"[(\[][<>≤≥≈~±+−–-]?[0-9]")
#: What stands between two numbers, and words that a number follows.
_SIGNS = frozenset("=+−-±×/<>≤≥≈–")
_BEFORE_NUMBERS = frozenset(
    {"per", "p", "P", "n", "N", "line", "column", "row", "table", "page", "paragraph"}
    | {"day", "week", "month", "year", "Day", "Week", "Month", "Year"}
)


def _bond(before: str, after: str) -> int:
    """Return how closely two words belong together.

    4: a count and its percentage. 3: a count and its denominator. 2: the sides of an equation. 1: a number and what it
    counts. 0: not.
    """
    if _BRACKET.match(after):
        return 4
    is_number = _NUMBER.fullmatch(before) is not None
    if (after == "of" and is_number) or (before == "of" and after[0].isdigit()):
        return 3
    if before in _SIGNS or after in _SIGNS:
        return 2
    return int(is_number or (before in _BEFORE_NUMBERS and after[0].isdigit()))


def _is_result(text: str, words: Sequence[_Word]) -> bool:
    """Decide whether words that stand together are more than a name with a figure in it."""
    return any(_NUMERAL.match(text, word.start) for word in words)


def _least_width(text: str) -> int:
    """Return how wide a column must be for a text whose words may be cut at hyphens and whose results may not."""
    least = 1
    for words in _bonded(_words(text), 1):
        piece = text[words[0].start : words[-1].end]
        parts = [piece] if _is_result(text, words) else _SEAM.split(piece)
        least = max(least, *map(cell_len, parts))
    return least


#: Where a long word may be cut: after a hyphen, or a mark of an address, that a letter follows.
_SEAM = re.compile(r"(?<=[-/_.&?=])(?=[^\W\d_])")


def _cut(text: str, start: int, end: int, width: int) -> Iterator[tuple[int, int]]:
    """Yield the places of the parts of a word, none wider than `width`, cut at its seams where that is enough."""
    seams = [match.start() for match in _SEAM.finditer(text, start + 1, end)]
    for left, right in pairwise([start, *seams, end]):
        begin, size = left, 0
        for place in range(left, right):
            cells = cell_len(text[place])
            # A mark that combines with the letter before it takes no room and stays with it.
            if size and cells and size + cells > width:
                yield begin, place
                begin, size = place, 0
            size += cells
        yield begin, right
