"""Forest plots: what is drawn, where it stands, and that nothing of the text or the machine changes the figure."""

from __future__ import annotations

import builtins
import io
import math
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import cache
from itertools import combinations, groupby, pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple
from xml.etree import ElementTree as ET

import pytest

from conftest import PATIENCE, ROOT, check_text
from rheumcalc.engine import check
from rheumcalc.messages import MissingExtraError
from rheumcalc.numbers.effects import EffectMeasure, risk_difference, risk_ratio
from rheumcalc.numbers.intervals import IntervalMethod, proportion_interval
from rheumcalc.summary.forest import FORMATS, FigureError, Format, forest
from rheumcalc.summary.forest.content import MOST_RESULTS, Content, Plan, content_of
from rheumcalc.summary.forest.drawing import LARGEST, LEAST, difference_ticks, drawn, own_settings, ratio_ticks
from rheumcalc.summary.forest.layout import Layout, laid_out
from rheumcalc.summary.forest.typeface import Typeface
from rheumcalc.summary.options import Grouping
from rheumcalc.summary.rows import Row, Rows, rows_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

pytest.importorskip("matplotlib")

_DIFFERENCE, _RATIO = EffectMeasure.RISK_DIFFERENCE, EffectMeasure.RISK_RATIO
#: Texts that a figure must draw as they are, or that must not break it.
_HOSTILE = (
    "$x^2$ and \\frac{a}{b}, 50% of_those^who $came",
    "</title></svg><script>alert(1)</script>",
    "--> <!-- ]]> &amp; \" '",
    "\x1b[31mred\x00\r\nand \u202eback\u2066",
    "临床改善 のある 患者",
    "emoji \U0001f600 and \U0001f469\u200d\U0001f52c",
    "e\u0301e\u0301 العربية",
    "\ud800 alone",
    "W" * 5000,
    "word " * 2000,
)


class Drawn(NamedTuple):
    """A figure with what it was made of."""

    content: Content
    layout: Layout
    figure: Figure

    @property
    def axes(self) -> list[Axes]:
        """The panels: percentages, and effects where there are any."""
        return list(self.figure.axes)


def _drawn(rows: Rows, effect: EffectMeasure = _DIFFERENCE, by: Grouping = Grouping.STUDY) -> Drawn:
    """Return the figure of some rows on a canvas of dots, 200 to the inch."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    with own_settings():
        typeface = Typeface()
        plan = Plan(IntervalMethod.WILSON, 0.95, effect, by)
        content = content_of(rows.rows, rows.references, plan, typeface)
        layout = laid_out(content, typeface)
        figure = drawn(content, layout, typeface)
        figure.set_dpi(200)
        FigureCanvasAgg(figure)
        figure.draw_without_rendering()
    return Drawn(content, layout, figure)


def _bytes(rows: Rows, kind: Format, effect: EffectMeasure = _DIFFERENCE, by: Grouping = Grouping.STUDY) -> bytes:
    return forest(
        rows.rows,
        method=IntervalMethod.WILSON,
        confidence_level=0.95,
        effect=effect,
        references=rows.references,
        by=by,
        format=kind,
    )


def _cohort(results: Sequence[str]) -> Rows:
    """Return an outcome for each result of a study without arms."""
    text = "outcomes:\n" + "".join(
        f"  - label: Outcome {number}\n    reported: {result}\n" for number, result in enumerate(results)
    )
    return rows_of(check_text(text).studies)


def _trial(outcomes: int = 2, *, n: int = 40) -> Rows:
    """Return outcomes of a study with a drug and a placebo."""
    text = f"arms:\n  drug: {n}\n  placebo: {n}\noutcomes:\n"
    for number in range(outcomes):
        text += f"  - label: Outcome {number}\n    at: week {number + 1}\n    by_arm:\n"
        text += f"      drug: {20 + number % 15}/{n}\n      placebo: {5 + number % 9}/{n}\n"
    return rows_of(check_text(text).studies)


def _labelled(rows: Rows, words: Callable[[int], str]) -> Rows:
    """Return rows with other words for outcomes, arms, populations and times."""

    def other(row: Row, number: int) -> Row:
        subject = row.claim.subject
        time = subject.timepoint._replace(text=words(number)) if subject.timepoint else None
        arm = f"{subject.arm} {words(number)}" if subject.arm else None
        changed = subject._replace(
            label=f"{words(number)} {subject.label}", arm=arm, timepoint=time, population=words(0)
        )
        study = row.study._replace(name=words(number))
        return replace(row, claim=replace(row.claim, subject=changed), study=study)

    return rows._replace(rows=tuple(other(row, number) for number, row in enumerate(rows.rows)))


@cache
def _all_studies() -> Rows:
    return rows_of([study for file in check(str(ROOT / "data" / "studies")).files for study in file.studies])


def _studies(name: str = "", *, most: int = 1000, of_each: int = 1000) -> Rows:
    """Return results of the studies that come with the repository."""
    rows = _all_studies()
    chosen = [row for row in rows.rows if name in row.study.id and row.is_binomial]
    few = [row for _, same in groupby(chosen, key=lambda row: row.study.id) for row in list(same)[:of_each]]
    return rows._replace(rows=tuple(few[:most]))


_FIGURES: dict[str, Callable[[], Rows]] = {
    "one": lambda: _cohort(["5/16"]),
    "three": lambda: _cohort(["1/20", "9/12 (75%)", "300/300"]),
    "trial": _trial,
    "sixty": lambda: _cohort([f"{number}/{60 + number}" for number in range(60)]),
    "trial of sixty": lambda: _trial(30),
    "anajis": lambda: _studies("anajis"),
    "awaken": lambda: _studies("awaken"),
    "all studies": lambda: _studies(most=60, of_each=5),
    "letters": lambda: _labelled(_trial(6), lambda number: "abc"[number % 3] * 3),
    "long words": lambda: _labelled(_trial(4), lambda number: f"{number}" + "W" * 200),
    "long texts": lambda: _labelled(_trial(4), lambda number: (f"{number} the outcome in many words " * 9)[:200]),
    "hostile": lambda: _labelled(_trial(5), lambda number: _HOSTILE[number % len(_HOSTILE)]),
}


@pytest.mark.parametrize(("effect", "by"), [(_DIFFERENCE, Grouping.STUDY), (_RATIO, Grouping.OUTCOME)])
@pytest.mark.parametrize("name", _FIGURES)
def test_no_text_covers_another(name: str, effect: EffectMeasure, by: Grouping) -> None:
    """No two texts overlap, none lies over a panel, and all lie inside the figure, whatever their number and length."""
    figure = _drawn(_FIGURES[name](), effect, by).figure
    inside = figure.bbox
    boxes = dict(_text_boxes(figure))
    assert len(boxes) > 8
    for text, box in boxes.items():
        assert inside.x0 <= box.x0 < box.x1 <= inside.x1, text
        assert inside.y0 <= box.y0 < box.y1 <= inside.y1, text
    for (one, first), (other, second) in combinations(boxes.items(), 2):
        assert not _overlap(first, second), (one, other)
    for axes in figure.axes:
        assert not [text for text, box in boxes.items() if _overlap(box, axes.bbox)]


def _text_boxes(figure: Figure) -> Iterator[tuple[tuple[str, int], Any]]:
    """Yield each text that is seen, with where it stands; equal texts are told apart by a number."""
    from matplotlib.text import Text

    with own_settings():
        for number, text in enumerate(figure.findobj(Text)):
            assert isinstance(text, Text)
            if text.get_text().strip() and text.get_visible():
                yield (text.get_text(), number), text.get_window_extent()


def _overlap(one: Any, other: Any) -> bool:
    """Decide whether two boxes share more than their edges: a twentieth of a millimetre is none."""
    slack = 0.4
    return bool(
        one.x0 + slack < other.x1
        and other.x0 + slack < one.x1
        and one.y0 + slack < other.y1
        and other.y0 + slack < one.y1
    )


@pytest.mark.parametrize("by", Grouping)
@pytest.mark.parametrize("name", ["three", "trial of sixty", "awaken", "all studies"])
def test_every_row_is_there(name: str, by: Grouping) -> None:
    """Each result has its count and denominator, its percentage with limits, and its mark at the percentage."""
    rows = _FIGURES[name]()
    made = _drawn(rows, by=by)
    written = [text for (text, _), _ in _text_boxes(made.figure)]
    expected = sorted((row.count or 0, row.denominator or 0) for row in rows.rows)
    fractions = [text.lstrip("†* ") for text in written if "/" in text and text != "n/N"]
    assert expected == sorted((int(a), int(b)) for a, _, b in (text.partition("/") for text in fractions))
    for row in rows.rows:
        lower, upper = proportion_interval(row.count or 0, row.denominator or 0)
        assert f"({100 * lower:.1f}–{100 * upper:.1f})" in written
    shares = sorted(float(mark.get_offsets()[0][0]) for mark in _marks(made.axes[0]))
    assert pytest.approx(sorted(float(row.exact or 0) for row in rows.rows)) == shares


def _marks(axes: Axes) -> list[Any]:
    """Return the marks of a panel from top to bottom."""
    from matplotlib.collections import PathCollection

    return [each for each in axes.collections if isinstance(each, PathCollection)]


def _whiskers(axes: Axes) -> Any:
    """Return the intervals of a panel, which are drawn together."""
    from matplotlib.collections import LineCollection

    return next(each for each in axes.collections if isinstance(each, LineCollection))


def _area(mark: Any) -> float:
    """Return the area of a mark in square points, whatever its shape."""
    (polygon,) = mark.get_paths()[0].to_polygons()
    unit = abs(sum(x0 * y1 - x1 * y0 for (x0, y0), (x1, y1) in pairwise(polygon))) / 2
    return float(unit * mark.get_sizes()[0])


@pytest.mark.parametrize("name", ["sixty", "awaken", "all studies"])
def test_areas_are_proportional_to_denominators(name: str) -> None:
    """The area of a mark, whatever its shape, is to the largest as its denominator is, unless it has the least size."""
    made = _drawn(_FIGURES[name]())
    results = [line.result for line in made.layout.lines]
    largest = max(result.denominator for result in results)
    for result, mark in zip(results, _marks(made.axes[0]), strict=True):
        expected = max(LEAST, LARGEST * result.denominator / largest)
        assert pytest.approx(expected, rel=0.01) == _area(mark)


def test_a_small_mark_has_the_least_size() -> None:
    """A denominator of 2 beside one of 10,000 can be seen."""
    small, large = map(_area, _marks(_drawn(_cohort(["1/2", "5000/10000"])).axes[0]))
    assert pytest.approx((LEAST, LARGEST)) == (small, large)


@pytest.mark.parametrize("method", [IntervalMethod.WILSON, IntervalMethod.WALD])
def test_whiskers_end_at_the_limits(method: IntervalMethod) -> None:
    """The lines run from the lower to the upper limit in percent, at the height of their mark."""
    rows = _cohort(["0/20", "9/12", "300/300", "1/7"])
    with own_settings():
        typeface = Typeface()
        content = content_of(rows.rows, {}, Plan(method, 0.9, _DIFFERENCE, Grouping.STUDY), typeface)
        axes = drawn(content, laid_out(content, typeface), typeface).axes[0]
    heights = [float(mark.get_offsets()[0][1]) for mark in _marks(axes)]
    segments = _whiskers(axes).get_segments()
    for row, height, ((x0, y0), (x1, y1)) in zip(rows.rows, heights, segments, strict=True):
        lower, upper = proportion_interval(row.count or 0, row.denominator or 0, method, 0.9)
        assert pytest.approx((100 * lower, 100 * upper)) == (x0, x1)
        assert (height, height) == (y0, y1)
    assert axes.get_xlim() == (0.0, 100.0)


@pytest.mark.parametrize(("effect", "reference"), [(_DIFFERENCE, 0.0), (_RATIO, 1.0)])
def test_effects_have_their_reference_line(effect: EffectMeasure, reference: float) -> None:
    """The second panel has each effect with its limits, and a dark line at no effect."""
    made = _drawn(_trial(3), effect)
    axes = made.axes[1]
    dark: list[Any] = [line for line in axes.lines if line.get_color() == "0.1"]
    assert [[reference, reference]] == [list(line.get_xdata()) for line in dark]
    left, right = axes.get_xlim()
    assert left < reference < right or left == reference
    for number, ((x0, _), (x1, _)) in enumerate(_whiskers(axes).get_segments()):
        table = (20 + number, 40, 5 + number, 40)
        estimate = risk_ratio(*table) if effect is _RATIO else risk_difference(*table)
        assert estimate is not None
        scale = 1 if effect is _RATIO else 100
        assert pytest.approx((scale * estimate.lower, scale * estimate.upper)) == (x0, x1)
        assert left <= x0 < x1 <= right
    words = "drug over placebo" if effect is _RATIO else "drug minus placebo"
    assert [words] * 3 == [text.text for text in made.layout.texts if text.is_grey]


def test_an_effect_that_is_none() -> None:
    """A ratio with no event in an arm is told as not estimable, and so is a figure that has no other."""
    text = "arms:\n  drug: 12\n  placebo: 12\noutcomes:\n  - label: Response\n    by_arm:\n"
    rows = rows_of(check_text(f"{text}      drug: 7/12\n      placebo: 0/12\n").studies)
    made = _drawn(rows, _RATIO)
    assert "not estimable" in [each.text for each in made.layout.texts]
    assert any("not estimable" in note for note in made.content.notes)
    assert "+58.3" in [each.text for each in _drawn(rows).layout.texts]


def test_no_panel_of_effects_without_two_arms() -> None:
    """A figure in which no two arms are compared has one panel."""
    assert [len(_drawn(rows).axes) for rows in (_cohort(["1/2"]), _trial(1))] == [1, 2]


def test_what_is_not_drawn_is_counted() -> None:
    """Results without a denominator, and percentages that are no share of participants, are counted in notes."""
    rows = _cohort(["1/20", "45%", "12 (30%)", "40%\n    estimator: kaplan_meier"])
    rows = rows._replace(rows=(*rows.rows, replace(rows.rows[0], claim=replace(rows.rows[0].claim, unit="events"))))
    notes = _drawn(rows).content.notes
    drawable = [row for row in rows.rows if row.is_binomial]
    unknown = [row for row in rows.rows if row.count is None or row.denominator is None]
    assert "Not shown: 1 result whose percentage is not a share of participants." in notes
    assert len(rows.rows) == len(drawable) + len(unknown) + 1
    assert any(note.startswith(f"Not shown: {len(unknown)} result") for note in notes)


def test_what_cannot_be_true_is_hollow() -> None:
    """A result whose numbers contradict each other is drawn hollow and marked, and the note says what that means."""
    made = _drawn(_cohort(["10/20 (50%)", "10/20 (60%)"]))
    faces = [tuple(mark.get_facecolor()[0][:3]) for mark in _marks(made.axes[0])]
    assert [face == (1, 1, 1) for face in faces] == [False, True]
    assert [result.fraction for result in made.content.results] == ["10/20", "† 10/20"]
    assert "† With a hollow mark: the numbers printed for this result cannot all be true." in made.content.notes


def test_a_count_that_is_not_printed_is_marked() -> None:
    """A count that only follows from the percentage has a mark, and a note that says so."""
    rows = rows_of(
        check_text("populations:\n  all: 12\noutcomes:\n  - label: A\n    population: all\n    reported: 75%\n").studies
    )
    made = _drawn(rows)
    assert [result.fraction for result in made.content.results] == ["* 9/12"]
    assert any(note.startswith("* The count is not printed") for note in made.content.notes)


def test_arms_differ_without_colour() -> None:
    """The arms of a study have marks of different shapes, the reference a grey one, and no colour is used."""
    made = _drawn(_trial(1))
    drug, placebo = _marks(made.axes[0])
    assert len(drug.get_paths()[0].vertices) == len(placebo.get_paths()[0].vertices)
    assert drug.get_paths()[0].vertices.tolist() != placebo.get_paths()[0].vertices.tolist()
    assert drug.get_facecolor().tolist() != placebo.get_facecolor().tolist()


def test_a_figure_is_grey() -> None:
    """Every dot of a figure is grey, so that paper without colour loses nothing."""
    image = pytest.importorskip("PIL.Image")
    with image.open(io.BytesIO(_bytes(_trial(2), "png"))) as picture:
        red, green, blue = picture.convert("RGB").split()
    assert red.tobytes() == green.tobytes() == blue.tobytes()


def test_arms_stand_together() -> None:
    """Two arms that are compared stand one above the other, whatever stood between them in the record."""
    text = "arms:\n  drug: 20\n  placebo: 30\noutcomes:\n"
    for arm, series in (("drug", "week 12: 10/20, week 24: 12/20"), ("placebo", "week 12: 6/30, week 24: 5/30")):
        text += f"  - label: Response\n    arm: {arm}\n    series: {{{series}}}\n"
    content = _drawn(rows_of(check_text(text).studies)).content
    expected = [("drug", "week 12"), ("placebo", "week 12"), ("drug", "week 24"), ("placebo", "week 24")]
    assert expected == [(result.group, result.time) for result in content.results]
    assert [result.label for result in content.results] == ["Response", "", "", ""]


def test_sections_by_outcome() -> None:
    """By outcome, the headings are outcomes and the labels studies."""
    content = _drawn(_studies("ruperto-20"), by=Grouping.OUTCOME).content
    flare = next(section for section in content.sections if section.heading == "Flare in the double-blind period")
    assert [result.label for result in flare.results] == ["Ruperto 2008", "", "Ruperto 2021", ""]


@pytest.mark.parametrize("kind", FORMATS)
@pytest.mark.parametrize("label", _HOSTILE, ids=range(len(_HOSTILE)))
def test_text_is_data(label: str, kind: Format) -> None:
    """No label is read as markup, breaks the figure, or makes it warn."""
    data = _bytes(_labelled(_trial(1), lambda _: label), kind)
    assert len(data) > 10_000
    if kind == "svg":
        root = ET.fromstring(data)  # noqa: S314 - what is parsed is our own
        assert not [element for element in root.iter() if element.tag.endswith("script")]


def test_no_text_is_a_formula() -> None:
    """No text of a figure, those of the axes included, is looked through for formulas."""
    from matplotlib.text import Text

    texts: list[Any] = _drawn(_trial(1)).figure.findobj(Text)
    assert len(texts) > 30
    assert not [text for text in texts if text.get_parse_math()]


def test_formulas_are_drawn_as_they_are() -> None:
    """A label with dollar signs and commands stands in the figure letter by letter."""
    texts = [text.text for text in _drawn(_labelled(_trial(1), lambda _: "$x^2$ \\frac")).layout.texts]
    assert "$x^2$ \\frac Outcome 0" in texts


def test_characters_that_the_typeface_lacks() -> None:
    """Where a text cannot be drawn, the id is; where that cannot either, boxes stand for what is missing."""
    typeface = Typeface()
    assert typeface.drawable("临床改善 of 12", "clinical-improvement") == "clinical-improvement"
    assert typeface.drawable("临床改善 of 12", "改善") == "□□□□ of 12"
    assert typeface.drawable("Größe ≥ 5 µm", "size") == "Größe ≥ 5 µm"
    content = _drawn(_labelled(_trial(1), lambda _: "临床")).content
    assert "□: a character that the typeface of the figure does not have." in content.notes


@pytest.mark.parametrize("text", ["one two three four", "W" * 400, "a-b-c-" * 40, "x", "", "a " * 400])
@pytest.mark.parametrize("most", [1, 2, 3])
def test_lines_fit_their_room(text: str, most: int) -> None:
    """A text is broken into lines that fit; what is left out is told by an ellipsis, and nothing else is lost."""
    typeface = Typeface()
    lines = typeface.wrapped(text.strip(), 60, most, 8)
    assert len(lines) <= most
    assert all(typeface.width(line, 8) <= 60 for line in lines)
    whole, shown = text.replace(" ", ""), "".join(lines).replace(" ", "")
    assert shown == whole or (shown.endswith("…") and whole.startswith(shown.removesuffix("…")))


def test_svg_stands_alone() -> None:
    """The picture has a title and says in words what it shows; it refers to nothing outside and has no date."""
    data = _bytes(_trial(1), "svg")
    root = ET.fromstring(data)  # noqa: S314 - what is parsed is our own
    svg = "{http://www.w3.org/2000/svg}"
    assert [f"{svg}title", f"{svg}desc"] == [element.tag for element in root][:2]
    assert root[0].text == "Forest plot of 2 results: test-study"
    assert "test-study, Outcome 0, drug, week 1: 20/40, 50.0% (35.2–64.8)." in (root[1].text or "")
    value, lower, upper = (100 * each for each in risk_difference(20, 40, 5, 40))
    assert f"Difference, drug minus placebo: +{value:.1f} (+{lower:.1f} to +{upper:.1f})." in (root[1].text or "")
    names = {name for element in root.iter() for name in element.attrib}
    assert not {name for name in names if name.startswith("on")}
    links = [value for element in root.iter() for name, value in element.attrib.items() if name.endswith("href")]
    assert links
    assert not [link for link in links if not link.startswith("#")]
    tags = {element.tag.rpartition("}")[2] for element in root.iter()}
    assert not tags & {"script", "text", "image", "foreignObject", "date"}
    assert b"<!DOCTYPE" not in data
    assert b"@import" not in data
    assert b"font-family" not in data


def test_pdf_embeds_its_fonts() -> None:
    """Every font of the PDF is embedded, as outlines that readers can search, and there is no date."""
    pdfium = pytest.importorskip("pypdfium2")
    data = _bytes(_trial(1), "pdf")
    with pdfium.PdfDocument(data) as document:
        (page,) = document
        texts = [each for each in page.get_objects() if each.type == pdfium.raw.FPDF_PAGEOBJ_TEXT]
        fonts = [pdfium.raw.FPDFTextObj_GetFont(each.raw) for each in texts]
        embedded = {pdfium.raw.FPDFFont_GetIsEmbedded(font) for font in fonts}
        words = page.get_textpage().get_text_range()
        title = document.get_metadata_value("Title")
    assert {1} == embedded
    assert "drug minus placebo" in words
    assert title == "Forest plot of 2 results: test-study"
    assert b"/FontFile2" in data
    assert b"/Type3" not in data
    assert b"Date" not in data


def test_png_has_two_hundred_dots_to_the_inch() -> None:
    """The picture is as large as its layout, at 200 dots to the inch."""
    rows = _trial(1)
    layout = _drawn(rows).layout
    header = _bytes(rows, "png")[:24]
    assert header.startswith(b"\x89PNG")
    size = int.from_bytes(header[16:20]), int.from_bytes(header[20:24])
    assert pytest.approx((layout.width / 72 * 200, layout.height / 72 * 200), abs=1) == size


def test_the_largest_figure_has_room() -> None:
    """As many results as a figure holds, each a study of its own with the longest labels, stay below 2¹⁶ dots."""
    one = _labelled(_trial(1), lambda _: "W" * 600).rows[0]
    rows = tuple(
        replace(one, study=one.study._replace(id=str(number), name=f"{number}{one.study.name}"))
        for number in range(MOST_RESULTS)
    )
    with own_settings():
        typeface = Typeface()
        plan = Plan(IntervalMethod.WILSON, 0.95, _DIFFERENCE, Grouping.STUDY)
        layout = laid_out(content_of(rows, {}, plan, typeface), typeface)
    assert layout.height / 72 * 200 < 2**16
    # A PDF page is at most 200 inches high.
    assert layout.height < 200 * 72
    assert len(layout.lines) == MOST_RESULTS


def test_too_many_results() -> None:
    """More results than a figure holds are refused, with what to do about it."""
    rows = _cohort(["1/20"])
    with pytest.raises(
        FigureError, match=r"201 results do not fit into one figure.*--outcome, --timepoint or --population"
    ):
        _bytes(rows._replace(rows=rows.rows * (MOST_RESULTS + 1)), "svg")


@pytest.mark.parametrize("results", [[], ["45%"]])
def test_no_results(results: list[str]) -> None:
    """Nothing to draw is an error, not an empty figure."""
    rows = _cohort(results or ["1/2"])
    rows = rows._replace(rows=rows.rows[: len(results)])
    with pytest.raises(FigureError, match="nothing to draw"):
        _bytes(rows, "svg")


def test_without_matplotlib(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without matplotlib, the extra is named in one line."""
    there = builtins.__import__

    def without(name: str, *arguments: Any, **named: Any) -> Any:
        if name.partition(".")[0] == "matplotlib":
            raise ModuleNotFoundError(name)
        return there(name, *arguments, **named)

    rows = _trial(1)
    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(MissingExtraError) as error:
        _bytes(rows, "svg")
    assert str(error.value) == "A forest plot needs the extra 'plot': pip install 'rheumcalc[plot]'."


_SCRIPT = """
import hashlib, sys
from rheumcalc.engine import check
from rheumcalc.numbers.effects import EffectMeasure
from rheumcalc.numbers.intervals import IntervalMethod
from rheumcalc.summary.forest import FORMATS, forest
from rheumcalc.summary.options import Grouping
from rheumcalc.summary.rows import rows_of
rows = rows_of([study for file in check(sys.argv[1]).files for study in file.studies])
assert "matplotlib" not in sys.modules
for kind in FORMATS:
    data = forest(rows.rows, method=IntervalMethod.WILSON, confidence_level=0.95, references=rows.references,
                  effect=EffectMeasure.RISK_DIFFERENCE, by=Grouping.STUDY, format=kind)
    print(hashlib.sha256(data).hexdigest())
assert "matplotlib.pyplot" not in sys.modules
"""


def test_the_machine_changes_nothing(tmp_path: Path) -> None:
    """A settings file of the user's, a home that cannot be written to and another run give the same bytes, quietly."""
    (tmp_path / "matplotlibrc").write_text(
        "font.size: 40\ntext.usetex: True\nsvg.fonttype: none\nsavefig.dpi: 30\naxes.facecolor: red\nnonsense here\n"
        "savefig.bbox: tight\nlines.linewidth: 9\nbackend: nosuch\nsvg.hashsalt: other\nxtick.color: green\n",
        encoding="utf-8",
    )
    record = str(ROOT / "data" / "studies" / "quartier-2011-anajis.yaml")
    printed: list[tuple[str, str]] = []
    for seed, folder, home in (("1", tmp_path, "/dev/null/home"), ("2", ROOT, os.environ.get("HOME", ""))):
        env = {key: value for key, value in os.environ.items() if not key.startswith(("MPL", "XDG"))}
        env |= {"PYTHONHASHSEED": seed, "HOME": home}
        done = subprocess.run(
            [sys.executable, "-c", _SCRIPT, record],
            check=False,
            capture_output=True,
            text=True,
            cwd=folder,
            env=env,
            timeout=PATIENCE,
        )
        printed.append((done.stdout, done.stderr))
    assert [err for _, err in printed] == [""] * 2
    assert len(printed[0][0].split()) == len(set(printed[0][0].split())) == len(FORMATS)
    assert printed[0] == printed[1]


def test_drawing_leaves_no_trace() -> None:
    """The settings of a program that draws with matplotlib itself stay as they were."""
    import logging

    import matplotlib as mpl

    before, level = dict(mpl.rcParams), logging.getLogger("matplotlib").level
    _bytes(_trial(1), "svg")
    assert before == dict(mpl.rcParams)
    assert level == logging.getLogger("matplotlib").level


@pytest.mark.parametrize(
    ("ends", "ticks"),
    [
        ([], [0, 1]),
        ([19.7, 79.0], [0, 20, 40, 60, 80]),
        ([-100, 100], [-100, -50, 0, 50, 100]),
        ([-0.5, 0.2], [-1, 0, 1]),
        ([-47.6, 40.1], [-60, -40, -20, 0, 20, 40, 60]),
    ],
)
def test_ticks_of_differences(ends: list[float], ticks: list[float]) -> None:
    """The axis of differences has few and round numbers, among them 0, and holds all limits."""
    found = difference_ticks(ends)
    assert 0 in found
    assert 2 <= len(found) <= 6
    assert min([*ends, 0]) >= found[0]
    assert max([*ends, 0]) <= found[-1]
    if len(ticks) <= 6:
        assert ticks == found


@pytest.mark.parametrize(
    ("ends", "ticks"),
    [
        ([], [0.5, 1, 2]),
        ([0.5, 2], [0.5, 1, 2]),
        ([0.22, 0.66, 1.12, 1.96], [0.2, 0.5, 1, 2]),
        ([0.95, 54.5], [0.3, 1, 3, 10, 30, 100]),
        ([0.03, 28.98], [0.01, 0.1, 1, 10, 100]),
        ([1e-6, 1e7], [1e-6, 1e-3, 1, 1e3, 1e6, 1e9]),
    ],
)
def test_ticks_of_ratios(ends: list[float], ticks: list[float]) -> None:
    """The axis of ratios has few numbers that people read, among them 1, and holds all limits."""
    found = ratio_ticks(ends)
    assert 1 in found
    assert 2 <= len(found) <= 7
    assert math.log10(found[-1] / found[0]) > 0
    assert min([*ends, 1]) >= found[0]
    assert max([*ends, 1]) <= found[-1]
    assert ticks == found
