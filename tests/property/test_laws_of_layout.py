"""Laws of layout: whatever is quoted, lines fit their width, results stay whole, and no text is lost."""

from __future__ import annotations

from collections import Counter
from io import StringIO

from hypothesis import example, given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Console

from rheumcalc.messages import visible
from rheumcalc.terminal.layout import GAP, fitted_widths, quoted, row_lines, wrapped

_counts = st.integers(0, 100_000)
_percents = st.decimals(0, 100, places=1).map(str)
results = st.one_of(
    st.builds("{} ({}%)".format, _counts, _percents),
    st.builds("{} [{}%]".format, _counts, _percents),
    st.builds("{}/{} ({}%)".format, _counts, _counts, _percents),
    st.builds("{} of {} ({}%)".format, _counts, _counts, _percents),
    st.builds("{}/{} = {}%".format, _counts, _counts, _percents),
)
_words = st.one_of(
    st.sampled_from(
        [
            "patients",
            "of",
            "per",
            "=",
            "+",
            "(n",
            "lead-in-completed",
            "https://example.org/a-very-long/path/of-a/page.html?and=query",
            "若年性皮膚筋炎の寛解",
            "e\u0301te\u0301",
            "x" * 150,
            "\U0001f469\u200d\u2695\ufe0f",
        ]
    ),
    st.text(max_size=12),
)
texts = st.lists(st.one_of(_words, results), max_size=10).map(" ".join)
#: The narrowest terminal here still has room for the widest letter.
terminals = st.integers(2, 160)


def _console(width: int) -> Console:
    return Console(file=StringIO(), width=width, markup=False, emoji=False, highlight=False)


def _letters(*shown: str) -> Counter[str]:
    return Counter("".join(shown).replace(" ", ""))


@given(texts, terminals)
@example("per 16 (18.2%)", 12)
@example("\u0301" * 200 + "a", 2)
def test_prose_fits_its_width_and_loses_nothing(text: str, width: int) -> None:
    """No line is wider than asked, and the letters come in their order."""
    lines = [line.plain for line in wrapped(quoted(text), width, _console(width))]
    assert [line for line in lines if cell_len(line) > width] == []
    assert visible(text).replace(" ", "") == "".join(lines).replace(" ", "")


@given(st.lists(_words, max_size=4).map(" ".join), results, st.lists(_words, max_size=4).map(" ".join), terminals)
@example("the 12 of", "16 (18.2%)", "= 3 and", 12)
def test_no_result_in_prose_is_broken(before: str, result: str, after: str, width: int) -> None:
    """A result stands on one line wherever the line is long enough for it."""
    lines = [line.plain for line in wrapped(quoted(f"{before} {result} {after}"), width, _console(width))]
    assert cell_len(result) > width or any(result in line for line in lines)


@given(st.lists(st.lists(texts, min_size=5, max_size=5), min_size=1, max_size=6), terminals)
def test_rows_fit_the_terminal_and_lose_nothing(rows: list[list[str]], width: int) -> None:
    """No line of a table is wider than the terminal, each begins with the indent or a mark, all letters are there."""
    console = _console(width)
    shown = [[visible(text) for text in row] for row in rows]
    widths = fitted_widths([list(column) for column in zip(*shown, strict=True)], width - GAP, [2])
    for row in shown:
        lines = [line.plain for line in row_lines([(text, "") for text in row], widths, console, whole=[2])]
        assert [line for line in lines if cell_len(line) > width] == []
        assert _letters(*row) == _letters(*lines)


@given(st.lists(st.tuples(texts, texts, results, results, texts), min_size=1, max_size=6), st.integers(10, 160))
def test_no_result_in_a_row_is_broken(rows: list[tuple[str, ...]], width: int) -> None:
    """What is printed and what is recomputed stand whole on a line wherever the terminal is as wide as they are."""
    console = _console(width)
    shown = [[visible(text) for text in row] for row in rows]
    widths = fitted_widths([list(column) for column in zip(*shown, strict=True)], width - GAP, [2])
    for row in shown:
        lines = [line.plain for line in row_lines([(text, "") for text in row], widths, console, whole=[2])]
        broken = [text for text in row[2:4] if cell_len(text) <= width and not any(text in line for line in lines)]
        assert broken == []


@given(texts, st.integers(10, 80))
def test_a_mark_costs_a_row_nothing(text: str, width: int) -> None:
    """A marked row has the mark and all that it has without it."""
    console = _console(width)
    cells = [(visible(text), ""), ("16 (18.2%)", ""), ("consistent", "green")]
    widths = fitted_widths([[each] for each, _ in cells], width - GAP)
    plain = row_lines(cells, widths, console)
    marked = row_lines(cells, widths, console, mark=("!", "bold red"))
    assert _letters("!", *(line.plain for line in plain)) == _letters(*(line.plain for line in marked))
    assert marked[0].plain.startswith("!")
