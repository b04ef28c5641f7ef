"""A forest plot from its layout: matplotlib's figure, which no setting of the user's changes."""

from __future__ import annotations

import logging
import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from rheumcalc.numbers.effects import EffectMeasure
from rheumcalc.summary.forest.content import Content
from rheumcalc.summary.forest.layout import SMALL, Box, Layout, Line
from rheumcalc.summary.forest.typeface import Typeface

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

#: The marks of a study's arms, in turn, and by what a mark is enlarged so that all of one size have one area.
_MARKS = (("s", 1.0), ("D", 1.0), ("o", 4 / math.pi), ("^", 2.0), ("v", 2.0))
#: The areas of marks in square points: that of the largest denominator, and the least.
LARGEST, LEAST = 64.0, 7.0
_BLACK, _GREY, _WHITE = "0.1", "0.62", "1.0"
_PALE, _BAND, _TEXT_GREY = "0.82", "0.955", "0.35"
_EFFECT_AREA = 26.0
#: With more results than this, the numbers of the axes stand at the top as well.
_TALL = 24
#: The groups of settings that bear on how a figure looks.
_GROUPS = frozenset(
    ("agg", "axes", "figure", "font", "grid", "lines", "markers", "mathtext", "patch", "path", "pdf", "savefig",
     "scatter", "svg", "text", "xaxis", "xtick", "yaxis", "ytick")
)  # fmt: skip
#: Settings beside matplotlib's own: text is drawn as it is, and every figure of the same results is the same.
_SETTINGS = {
    "text.parse_math": False,
    "text.usetex": False,
    "text.hinting": "none",
    "svg.fonttype": "path",
    "svg.hashsalt": "rheumcalc",
    "pdf.fonttype": 42,
    "font.family": ["DejaVu Sans"],
    "axes.linewidth": 0.6,
    "axes.unicode_minus": True,
}


@contextmanager
def quiet() -> Iterator[None]:
    """Keep matplotlib from talking of where it keeps its list of fonts, which is nobody's concern here."""
    log = logging.getLogger("matplotlib")
    level = log.level
    log.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        log.setLevel(level)


@contextmanager
def own_settings() -> Iterator[None]:
    """Draw with matplotlib's own settings and these, whatever the user's file says."""
    import matplotlib as mpl

    defaults = {key: value for key, value in mpl.rcParamsDefault.items() if key.partition(".")[0] in _GROUPS}
    settings: Any = {**defaults, **_SETTINGS}
    with mpl.rc_context(settings):
        yield


def drawn(content: Content, layout: Layout, typeface: Typeface) -> Figure:
    """Return the figure, on no canvas yet."""
    from matplotlib.figure import Figure
    from matplotlib.lines import Line2D
    from matplotlib.patches import Rectangle
    from matplotlib.transforms import Affine2D

    figure = Figure(figsize=(layout.width / 72, layout.height / 72), facecolor="white")
    points = Affine2D().scale(1 / layout.width, 1 / layout.height) + figure.transFigure
    for band in layout.bands:
        corner = (band.x, band.y)
        figure.add_artist(
            Rectangle(corner, band.width, band.height, transform=points, color=_BAND, linewidth=0, zorder=-2)
        )
    for rule in layout.rules:
        ends = (layout.bands[0].x, layout.bands[0].x + layout.bands[0].width)
        figure.add_artist(Line2D(ends, (rule, rule), transform=points, color=_BLACK, linewidth=0.6, zorder=-1))
    for text in layout.texts:
        figure.text(
            text.x,
            text.y,
            text.text,
            transform=points,
            horizontalalignment=text.align,
            verticalalignment="baseline",
            color=_TEXT_GREY if text.is_grey else _BLACK,
            fontproperties=typeface.properties(text.size, is_bold=text.is_bold),
        )
    _draw_shares(_panel(figure, layout, layout.shares), layout.lines, layout.shares.width, typeface)
    if layout.effects is not None and content.effect is not None:
        _draw_effects(_panel(figure, layout, layout.effects), layout.lines, content.effect, typeface)
    return figure


def _panel(figure: Figure, layout: Layout, box: Box) -> Axes:
    """Return axes whose y is that of the layout."""
    axes = figure.add_axes(
        (box.x / layout.width, box.y / layout.height, box.width / layout.width, box.height / layout.height),
        facecolor="none",
    )
    axes.set_ylim(box.y, box.y + box.height)
    axes.set_yticks([])
    for side in ("left", "right", "top"):
        axes.spines[side].set_visible(False)
    return axes


def _scale(
    axes: Axes, ticks: Sequence[float], labels: Sequence[str], title: str, typeface: Typeface, *, is_tall: bool
) -> None:
    """Give the axis its ends, its numbers and its title, and pale lines to follow the numbers up."""
    from matplotlib.ticker import NullLocator

    axes.set_xlim(ticks[0], ticks[-1])
    axes.set_xticks(ticks, labels=labels)
    axes.xaxis.set_minor_locator(NullLocator())
    axes.tick_params(axis="x", length=3, width=0.6, pad=2, color=_BLACK, labelcolor=_BLACK, labeltop=is_tall)
    for label in (text for tick in axes.xaxis.get_major_ticks() for text in (tick.label1, tick.label2)):
        label.set_fontproperties(typeface.properties(SMALL))
    axes.set_xlabel(title, fontproperties=typeface.properties(SMALL), color=_BLACK, labelpad=3)
    for tick in ticks:
        axes.axvline(tick, color=_PALE, linewidth=0.5, clip_on=False, zorder=0)


def _draw_shares(axes: Axes, lines: Sequence[Line], width: float, typeface: Typeface) -> None:
    ticks = (0.0, 25.0, 50.0, 75.0, 100.0)
    is_tall = len(lines) > _TALL
    _scale(axes, ticks, [f"{tick:.0f}" for tick in ticks], "Percentage", typeface, is_tall=is_tall)
    ends = [line.result.limits for line in lines]
    _whiskers(axes, lines, [each.lower for each in ends], [each.upper for each in ends])
    largest = max(line.result.denominator for line in lines)
    for line in lines:
        result = line.result
        mark, enlarged = _MARKS[result.arm % len(_MARKS)]
        area = max(LEAST, LARGEST * result.denominator / largest)
        face = _WHITE if result.is_doubtful else _GREY if result.compared else _BLACK
        axes.scatter(
            [result.share],
            [line.y],
            s=area * enlarged,
            marker=mark,
            facecolor=face,
            edgecolor=_BLACK,
            linewidth=0.7,
            clip_on=False,
            zorder=3,
        )
        half = math.sqrt(area) / 2 * 100 / width
        left, right = result.share - half, result.share + half
        lower, upper = result.limits
        if lower > left or upper < right:
            # An end that the mark hides is shown on it.
            ink = _WHITE if face == _BLACK else _BLACK
            axes.hlines(
                [line.y], max(lower, left), min(upper, right), color=ink, linewidth=0.7, clip_on=False, zorder=4
            )


def _whiskers(axes: Axes, lines: Sequence[Line], lower: Sequence[float], upper: Sequence[float]) -> None:
    heights = [line.y for line in lines]
    axes.hlines(heights, lower, upper, color=_BLACK, linewidth=0.9, clip_on=False, zorder=2)


def _draw_effects(axes: Axes, lines: Sequence[Line], effect: EffectMeasure, typeface: Typeface) -> None:
    is_tall = len(lines) > _TALL
    known = [(line, line.result.effect.estimate) for line in lines if line.result.effect]
    estimates = [(line, estimate) for line, estimate in known if estimate is not None]
    ends = [end for _, estimate in estimates for end in (estimate.lower, estimate.upper)]
    if effect is EffectMeasure.RISK_RATIO:
        axes.set_xscale("log")
        ticks = ratio_ticks(ends)
        _scale(axes, ticks, [f"{tick:g}" for tick in ticks], "Ratio, on a log scale", typeface, is_tall=is_tall)
        axes.axvline(1, color=_BLACK, linewidth=0.8, clip_on=False, zorder=1)
    else:
        ticks = difference_ticks(ends)
        labels = [f"{tick:+g}".replace("-", "−") if tick else "0" for tick in ticks]
        _scale(axes, ticks, labels, "Difference in percentage points", typeface, is_tall=is_tall)
        axes.axvline(0, color=_BLACK, linewidth=0.8, clip_on=False, zorder=1)
    _whiskers(
        axes,
        [line for line, _ in estimates],
        [estimate.lower for _, estimate in estimates],
        [estimate.upper for _, estimate in estimates],
    )
    axes.scatter(
        [estimate.value for _, estimate in estimates],
        [line.y for line, _ in estimates],
        s=_EFFECT_AREA,
        marker="o",
        color=_BLACK,
        linewidth=0,
        clip_on=False,
        zorder=3,
    )


def difference_ticks(ends: Sequence[float]) -> list[float]:
    """Return the numbers of an axis of differences in percentage points that holds these and 0: at most five steps."""
    low, high = min(0.0, *ends, 0.0), max(0.0, *ends, 0.0)
    step = next(step for step in (1, 2, 5, 10, 20, 25, 50) if math.ceil(high / step) - math.floor(low / step) <= 5)
    first, last = math.floor(low / step), math.ceil(high / step)
    return [float(step * number) for number in range(first, max(last, first + 1) + 1)]


def ratio_ticks(ends: Sequence[float]) -> list[float]:
    """Return the numbers of a log axis of ratios that holds these and 1: as many as have room, six or seven."""
    low, high = min(0.9, *ends, 0.9), max(1.1, *ends, 1.1)
    first, last = math.floor(math.log10(low)), math.ceil(math.log10(high))
    for digits in ((1, 2, 5), (1, 3), (1,)):
        all_numbers = [float(f"{digit}e{power}") for power in range(first, last + 1) for digit in digits]
        below = max(number for number in all_numbers if number <= low)
        above = min(number for number in all_numbers if number >= high)
        numbers = [number for number in all_numbers if below <= number <= above]
        if len(numbers) <= 6:
            return numbers
    # Counted from 1, so that 1 has its number.
    step = math.ceil((last - first) / 5)
    powers = range(math.floor(first / step) * step, math.ceil(last / step) * step + 1, step)
    return [float(f"1e{power}") for power in powers]
