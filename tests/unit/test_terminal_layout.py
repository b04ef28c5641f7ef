"""Lines and columns of a terminal: where lines end, how room is shared, and what happens where there is too little."""

from __future__ import annotations

from io import StringIO

import pytest
from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from rheumcalc.terminal.layout import MEASURE, fitted_widths, hanging, row_lines, wrapped
from rheumcalc.terminal.verdicts import SEVERITY_STYLES, VERDICT_STYLES


def _console(width: int) -> Console:
    return Console(file=StringIO(), width=width, markup=False, emoji=False, highlight=False)


def _wrapped(text: str, width: int) -> list[str]:
    return [line.plain for line in wrapped(Text(text), width, _console(width))]


def _rows(rows: list[list[str]], width: int, whole: list[int]) -> list[str]:
    widths = fitted_widths([list(column) for column in zip(*rows, strict=True)], width - 2, whole)
    console = _console(width)
    return [
        line.plain for row in rows for line in row_lines([(text, "") for text in row], widths, console, whole=whole)
    ]


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("all that fits", 20, ["all that fits"]),
        ("Remission in 16 (18.2%) of them", 16, ["Remission in", "16 (18.2%) of", "them"]),
        ("Remission in 5/18 [33%] of them", 18, ["Remission in", "5/18 [33%] of them"]),
        ("It came in 44 of 88 (50%) at last", 16, ["It came in", "44 of 88 (50%)", "at last"]),
        ("that is 16/88 = 18.181…%, or so", 18, ["that is", "16/88 = 18.181…%,", "or so"]),
        ("0 inconsistent, 2 cannot be checked.", 18, ["0 inconsistent,", "2 cannot be", "checked."]),
        ("seen at line 12, column 5 of it", 16, ["seen at line 12,", "column 5 of it"]),
        ("here Fifteen patients (75%)", 23, ["here", "Fifteen patients (75%)"]),
        ("16 (18.2%)", 7, ["16", "(18.2%)"]),
        ("about lead-in-completed", 12, ["about lead-", "in-completed"]),
        ("see https://example.org/papers/one", 22, ["see https://example.", "org/papers/one"]),
        ("abcdefghij", 4, ["abcd", "efgh", "ij"]),
        ("若年性皮膚筋炎", 5, ["若年", "性皮", "膚筋", "炎"]),
        ("e\u0301e\u0301e\u0301e\u0301", 2, ["e\u0301e\u0301", "e\u0301e\u0301"]),
        ("  indented as it was", 12, ["  indented", "as it was"]),
        (" " * 30, 10, [""]),
        ("", 10, [""]),
    ],
)
def test_lines_end_between_words_and_not_within_results(text: str, width: int, lines: list[str]) -> None:
    """A count stays with its percentage and its denominator, an equation together, a number with its word."""
    assert lines == _wrapped(text, width)


def test_styles_survive_a_wrap() -> None:
    """Each part of a styled text is styled as it was."""
    lines = wrapped(Text("one two ", "bold").append("three four", "red"), 9, _console(9))
    spans = [[(line.plain[span.start : span.end], str(span.style)) for span in line.spans] for line in lines]
    assert [(line.plain, found) for line, found in zip(lines, spans, strict=True)] == [
        ("one two", []),
        ("three", [("three", "red")]),
        ("four", [("four", "red")]),
    ]
    assert [line.style for line in lines] == ["bold"] * 3


def test_prose_is_no_longer_than_can_be_read() -> None:
    """On a wide terminal a line of prose ends at the measure, and later lines stand below its beginning."""
    lines = [line.plain for line in hanging("  · ", "some words " * 40, _console(200))]
    assert max(map(cell_len, lines)) <= MEASURE
    assert [lines[0][:8], lines[1][:8]] == ["  · some", "    word"]


def test_columns_have_what_they_need_where_there_is_room() -> None:
    """Nothing is wider than its widest cell."""
    assert fitted_widths([["In", "girl"], ["Printed", "16 (18.2%)"], ["Verdict", "INCONSISTENT"]], 80) == [4, 10, 12]


def test_room_is_taken_where_it_costs_the_fewest_lines() -> None:
    """One long name is broken before many short times are."""
    columns = [
        ["In", "all", "all", "those with lung disease"],
        ["At", "last follow-up", "last follow-up", "last follow-up"],
        ["Verdict", "consistent", "consistent", "consistent"],
    ]
    assert fitted_widths(columns, 40) == [12, 14, 10]


def test_what_is_printed_pushes_down_what_follows_it() -> None:
    """A result that is wider than its column stays whole, and the rest of its row goes on below."""
    rows = [
        ["In", "Printed", "Recomputed", "Verdict"],
        *[["enrolled", "8 (50.0%)", "8/16 = 50.0%", "consistent"]] * 4,
        ["enrolled", "3 + 4 + 2 + 2 + 1 + 1 + 1", "14", "consistent"],
    ]
    assert _rows(rows, 47, [1])[-3:] == [
        "  enrolled  8 (50.0%)  8/16 = 50.0%  consistent",
        "  enrolled  3 + 4 + 2 + 2 + 1 + 1 + 1",
        "                       14            consistent",
    ]


def test_a_terminal_too_narrow_for_columns_has_cells_one_after_the_other() -> None:
    """On 30 columns every cell is there, and whole."""
    rows = [["included", "last follow-up", "Fifteen patients (75%)", "15/20 = 75%", "consistent"]]
    assert _rows(rows, 30, [2]) == [
        "  included  last follow-up",
        "    Fifteen patients (75%)",
        "    15/20 = 75%  consistent",
    ]


def test_empty_cells_take_no_line() -> None:
    """A row of nothing is one empty line."""
    assert _rows([["", "", ""]], 80, [1]) == [""]


@pytest.mark.parametrize("styles", [VERDICT_STYLES, SEVERITY_STYLES], ids=["verdicts", "severities"])
def test_styles_can_be_read_on_both_backgrounds(styles: dict[object, str]) -> None:
    """Nothing is dim, and neither yellow nor cyan, which vanish on white, nor blue or white."""
    words = {word for style in styles.values() for word in style.split()}
    assert set() == words & {"dim", "yellow", "cyan", "blue", "white", "black"}
