"""Forest plots: results with their intervals, and what two arms differ by. Nothing is pooled."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from html import escape
from typing import TYPE_CHECKING, Any, Literal

from rheumcalc.messages import MissingExtraError
from rheumcalc.numbers.effects import EffectMeasure
from rheumcalc.numbers.intervals import IntervalMethod
from rheumcalc.summary.forest.content import Content, FigureError, Plan, content_of
from rheumcalc.summary.forest.drawing import drawn, own_settings, quiet
from rheumcalc.summary.forest.layout import laid_out
from rheumcalc.summary.forest.typeface import Typeface
from rheumcalc.summary.options import Grouping
from rheumcalc.summary.rows import Row

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["FORMATS", "FigureError", "Format", "forest"]

Format = Literal["svg", "png", "pdf"]
FORMATS: tuple[Format, ...] = ("svg", "png", "pdf")
_DOTS_PER_INCH = 200


def forest(
    rows: Sequence[Row],
    *,
    method: IntervalMethod,
    confidence_level: float,
    effect: EffectMeasure,
    references: Mapping[tuple[str, str | None], str],
    by: Grouping,
    format: Format,  # noqa: A002 - the word of the command line
) -> bytes:
    """Return a figure of results: each with its percentage and interval, and the effects where two arms are compared.

    `confidence_level` lies between 0 and 1; `references` is that of `Rows`: the arms that the records compare with.
    Results without a known count and denominator of participants are counted in a note. The same results give the same
    bytes with one version of matplotlib. Raises FigureError for no result to draw and for more than a figure holds,
    ValueError for a level outside 0 to 1, and MissingExtraError where matplotlib, or scipy for the intervals, is not
    installed.
    """
    with quiet():
        try:
            import matplotlib as mpl
        except ModuleNotFoundError:
            raise MissingExtraError("A forest plot", "plot") from None
        del mpl
        with own_settings():
            typeface = Typeface()
            content = content_of(rows, references, Plan(method, confidence_level, effect, by), typeface)
            figure = drawn(content, laid_out(content, typeface), typeface)
            return _written(figure, content, format)


def _written(figure: Figure, content: Content, kind: Format) -> bytes:
    """Return the figure in a format, with its title, and with no date: today's is not part of the results."""
    stream = io.BytesIO()
    told: dict[str, Any]
    match kind:
        case "png":
            from matplotlib.backends.backend_agg import FigureCanvasAgg

            told = {"Title": content.title, "Description": content.description, "Software": "rheumcalc"}
            FigureCanvasAgg(figure)
            figure.savefig(stream, format="png", dpi=_DOTS_PER_INCH, metadata=told)
        case "pdf":
            from matplotlib.backends.backend_pdf import FigureCanvasPdf

            told = {"Title": content.title, "Creator": "rheumcalc", "CreationDate": None}
            FigureCanvasPdf(figure)
            figure.savefig(stream, format="pdf", metadata=told)
        case "svg":
            from matplotlib.backends.backend_svg import FigureCanvasSVG

            told = {"Title": content.title, "Creator": "rheumcalc", "Date": None}
            FigureCanvasSVG(figure)
            figure.savefig(stream, format="svg", metadata=told)
            return _self_contained(stream.getvalue().decode(), content).encode()
    return stream.getvalue()


def _self_contained(svg: str, content: Content) -> str:
    """Return a picture that names no document type elsewhere, and that tells in words what it shows."""
    start = svg.index("<svg")
    title = svg.index("</title>", start) + len("</title>")
    head = svg[:start].partition("<!DOCTYPE")[0]
    return f"{head}{svg[start:title]}\n <desc>{escape(content.description)}</desc>{svg[title:]}"
