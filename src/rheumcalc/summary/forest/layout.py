"""Where everything of a forest plot stands. Nothing overlaps, because every text is measured before it has its place.

Lengths are in points, 72 to the inch; x runs from the left, y from the bottom of the figure.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import NamedTuple

from rheumcalc.summary.forest.content import Content, Effect, Result
from rheumcalc.summary.forest.typeface import Typeface

#: Sizes of letters, and the distance from one line of text to the next, relative to them.
SIZE, SMALL = 8.0, 6.8
_LEADING = 1.3
#: Between columns, around the figure, and above and below the text of a row.
_GAP, _MARGIN, _PAD = 12.0, 10.0, 2.0
#: The widest that a column of texts becomes, and how many lines a text may have.
_LABEL, _GROUP, _TIME, _EFFECT = 170.0, 110.0, 80.0, 130.0
_LINES = 3
_HEADING_LINES = 2
#: The widths of the two panels, and the room beside each for a mark at its very end.
_SHARES, _EFFECTS, _BESIDE = 190.0, 150.0, 8.0
#: The least width of a figure: that of notes that can be read.
_LEAST = 460.0
#: What stands below a panel: ticks with their numbers, and the title of the axis.
_AXIS = 28.0
#: How far below the middle of a line its letters stand, relative to their size.
_BASELINE = 0.36


class Text(NamedTuple):
    """One line of text: where it stands on its line of writing, and on which side of x it lies."""

    x: float
    y: float
    text: str
    align: str = "left"
    size: float = SIZE
    is_bold: bool = False
    is_grey: bool = False


class Box(NamedTuple):
    """A rectangle by its left lower corner."""

    x: float
    y: float
    width: float
    height: float


class Line(NamedTuple):
    """A result and the height at which its mark stands."""

    result: Result
    y: float


class Layout(NamedTuple):
    """A figure with everything in its place; `effects` is None where no arms are compared."""

    width: float
    height: float
    texts: tuple[Text, ...]
    bands: tuple[Box, ...]
    rules: tuple[float, ...]
    lines: tuple[Line, ...]
    shares: Box
    effects: Box | None


class _Columns(NamedTuple):
    """The widths of the columns, and where each begins; `effect_interval` is the right part of `effect`."""

    label: float
    group: float
    time: float
    fraction: float
    percent: float
    interval: float
    effect: float
    effect_interval: float

    def left_of(self, name: str) -> float:
        """Return where a column, or a panel, begins."""
        x = _MARGIN
        for each, width in self._widths():
            if each == name:
                return x
            x += width + _GAP if width else 0.0
        return x

    @property
    def right(self) -> float:
        """Where the last column ends."""
        return self.left_of("") - _GAP

    @property
    def heading(self) -> float:
        """The room for a heading: from the label to the panel."""
        return self.left_of("shares") - _GAP - _MARGIN

    def _widths(self) -> Iterable[tuple[str, float]]:
        shares, effects = _SHARES + 2 * _BESIDE, _EFFECTS + 2 * _BESIDE if self.effect else 0.0
        yield from (("label", self.label), ("group", self.group), ("time", self.time), ("shares", shares))
        yield from (("fraction", self.fraction), ("percent", self.percent), ("interval", self.interval))
        yield from (("effects", effects), ("effect", self.effect))


def laid_out(content: Content, typeface: Typeface) -> Layout:
    """Return the figure with everything in its place; its height follows from its rows, its width from its texts."""
    page = _Page(typeface, _columns(content, typeface))
    top = page.titles(content)
    for section in content.sections:
        page.section(section.heading, section.results)
    return page.finished(content, top)


def _columns(content: Content, typeface: Typeface) -> _Columns:
    results = content.results

    def widest(texts: Iterable[str], most: float = float("inf"), *, size: float = SIZE, is_bold: bool = False) -> float:
        # One point more than measured: a program that shows the figure may set letters on whole dots.
        return min(most, max((typeface.width(text, size, is_bold=is_bold) + 1 for text in texts if text), default=0.0))

    title = widest([content.label_title], is_bold=True)
    label = max(title, widest((result.label for result in results), _LABEL))
    group = widest((result.group for result in results), _GROUP)
    time = widest((result.time for result in results), _TIME)
    columns = _Columns(
        label=label,
        group=max(group, widest(["Group"], is_bold=True)) if group else 0.0,
        time=max(time, widest(["Time"], is_bold=True)) if time else 0.0,
        fraction=max(widest(["n/N"], is_bold=True), widest(result.fraction for result in results)),
        percent=widest(result.percent for result in results),
        interval=widest(result.interval for result in results),
        effect=0.0,
        effect_interval=0.0,
    )
    short = widest([content.percent_title], is_bold=True) - (columns.percent + columns.interval + _GAP)
    headings = widest((section.heading for section in content.sections), _LABEL, is_bold=True) - columns.heading
    columns = columns._replace(percent=columns.percent + max(0.0, short), label=label + max(0.0, headings))
    if content.effect is not None:
        effects = [result.effect for result in results if result.effect]
        interval = widest(each.interval for each in effects)
        effect = max(
            widest(each.value for each in effects if each.interval) + 4 + interval,
            widest(each.value for each in effects),
            widest([content.effect_title], is_bold=True),
            widest((result.compared for result in results), _EFFECT, size=SMALL),
        )
        columns = columns._replace(effect=effect, effect_interval=interval)
    narrow = _LEAST - (columns.right + _MARGIN)
    return columns._replace(label=columns.label + max(0.0, narrow))


class _Page:
    """Writes a figure from its top down; what it has written is turned upside up at the end."""

    def __init__(self, typeface: Typeface, columns: _Columns) -> None:
        self._typeface = typeface
        self._columns = columns
        self._texts: list[Text] = []
        self._bands: list[Box] = []
        self._rules: list[float] = []
        self._lines: list[Line] = []
        #: How far down the page is written.
        self.down = _MARGIN

    def titles(self, content: Content) -> float:
        """Write the titles of the columns and a rule below, where the panels begin; return how far down it is."""
        columns = self._columns
        self._write(columns.left_of("label"), [content.label_title], is_bold=True)
        if columns.group:
            self._write(columns.left_of("group"), ["Group"], is_bold=True)
        if columns.time:
            self._write(columns.left_of("time"), ["Time"], is_bold=True)
        self._write(columns.left_of("fraction") + columns.fraction, ["n/N"], align="right", is_bold=True)
        right = columns.left_of("interval") + columns.interval
        self._write(right, [content.percent_title], align="right", is_bold=True)
        if columns.effect:
            self._write(columns.right, [content.effect_title], align="right", is_bold=True)
        self.down += SIZE * _LEADING + 2 * _PAD
        self._rules.append(self.down)
        self.down += _PAD
        return self._rules[0]

    def section(self, heading: str, results: Sequence[Result]) -> None:
        """Write a heading and the results below it, those of one label together; every other label has a band."""
        lines = self._typeface.wrapped(heading, self._columns.heading, _HEADING_LINES, SIZE, is_bold=True)
        self.down += _PAD
        self._write(self._columns.left_of("label"), lines, is_bold=True)
        self.down += len(lines) * SIZE * _LEADING + 2 * _PAD
        for number, block in enumerate(_blocks(results)):
            begin = self.down
            self._block(block)
            if number % 2 == 0:
                self._bands.append(Box(_MARGIN, begin, self._columns.right - _MARGIN, self.down - begin))
        self.down += _PAD

    def _block(self, results: Sequence[Result]) -> None:
        columns, wrapped = self._columns, self._typeface.wrapped
        label = wrapped(results[0].label, columns.label, _LINES, SIZE)
        self._write(columns.left_of("label"), label)
        end = self.down + len(label) * SIZE * _LEADING + 2 * _PAD
        for result in results:
            group = wrapped(result.group, columns.group, _LINES, SIZE)
            time = wrapped(result.time, columns.time, _LINES, SIZE)
            self._write(columns.left_of("group"), group)
            self._write(columns.left_of("time"), time)
            self._write(columns.left_of("fraction") + columns.fraction, [result.fraction], align="right")
            self._write(columns.left_of("percent") + columns.percent, [result.percent], align="right")
            self._write(columns.left_of("interval") + columns.interval, [result.interval], align="right")
            compared = wrapped(result.compared, columns.effect, _LINES, SMALL)
            self._write(columns.right, compared, align="right", size=SMALL, is_grey=True)
            if result.effect is not None:
                self._effect(result.effect)
            self._lines.append(Line(result, self.down + _PAD + SIZE * _LEADING / 2))
            tallest = max(len(group), len(time), 1) * SIZE * _LEADING
            self.down += max(tallest, len(compared) * SMALL * _LEADING) + 2 * _PAD
        self.down = max(self.down, end)

    def _effect(self, effect: Effect) -> None:
        right = self._columns.right
        if effect.interval:
            self._write(right, [effect.interval], align="right")
            right -= self._columns.effect_interval + 4
        self._write(right, [effect.value], align="right")

    def _write(
        self,
        x: float,
        lines: Sequence[str],
        *,
        align: str = "left",
        size: float = SIZE,
        is_bold: bool = False,
        is_grey: bool = False,
    ) -> None:
        """Write lines one below the other, from where the page is written to; the first is on the line of its row."""
        for number, line in enumerate(lines):
            y = self.down + _PAD + SIZE * _LEADING / 2 + number * size * _LEADING + _BASELINE * size
            self._texts.append(Text(x, y, line, align, size, is_bold, is_grey))

    def finished(self, content: Content, top: float) -> Layout:
        """Write the notes below the axes, and return the whole page with its bottom at 0."""
        bottom = self.down
        self._rules.append(bottom)
        self.down += _AXIS
        room = self._columns.right - _MARGIN
        for note in content.notes:
            lines = self._typeface.wrapped(note, room, _LINES, SMALL)
            self._write(_MARGIN, lines, size=SMALL)
            self.down += len(lines) * SMALL * _LEADING + _PAD
        height = self.down + _MARGIN
        columns = self._columns

        def panel(name: str, width: float) -> Box:
            return Box(columns.left_of(name) + _BESIDE, height - bottom, width, bottom - top)

        return Layout(
            width=columns.right + _MARGIN,
            height=height,
            texts=tuple(text._replace(y=height - text.y) for text in self._texts),
            bands=tuple(band._replace(y=height - band.y - band.height) for band in self._bands),
            rules=tuple(height - rule for rule in self._rules),
            lines=tuple(line._replace(y=height - line.y) for line in self._lines),
            shares=panel("shares", _SHARES),
            effects=panel("effects", _EFFECTS) if columns.effect else None,
        )


def _blocks(results: Sequence[Result]) -> Iterable[list[Result]]:
    """Yield results of one label together: the first has it, the others none."""
    number = 0

    def block(result: Result) -> int:
        nonlocal number
        number += bool(result.label)
        return number

    for _, same in groupby(results, key=block):
        yield list(same)
