"""Results in tables: which cells are claims, and what the table states beside them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rheumcalc.documents import TableResult, read_document, read_table
from rheumcalc.numbers.printed import Printed
from rheumcalc.source import Source


def results(*rows: str, caption: str = "") -> list[TableResult]:
    """Return the results of a table given by its rows, cells divided by ` ; `, the first being the header."""
    lines = [f"| {row.replace(' ; ', ' | ')} |" for row in rows]
    lines.insert(1, "|" + "---|" * (rows[0].count(" ; ") + 1))
    text = f"{caption}\n\n" + "\n".join(lines) + "\n"
    (table,) = read_document(Source("a.md", text)).tables
    found = list(read_table(table, text).results)
    for result in found:
        assert text[slice(*result.span)] == result.reported.text
        for number in (result.column, result.row, result.total, result.caption):
            if number is not None and number.span is not None:
                assert text[slice(*number.span)] == number.text
    return found


def number(printed: Printed | None) -> int | None:
    """Return a printed number's value."""
    return None if printed is None else int(printed.value)


def told(result: TableResult) -> tuple[int | None, int | None, str | None]:
    """Return count, denominator and percentage."""
    reported = result.reported
    return number(reported.count), number(reported.denominator), reported.percent and reported.percent.numeral


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("12 (20%)", (12, None, "20")),
        ("**12 (20.0%)**", (12, None, "20.0")),
        ("12 (20%)*", (12, None, "20")),
        ("12 (20%)^a^", (12, None, "20")),
        ("12 (20%)<sup>a</sup>", (12, None, "20")),
        ("12&nbsp;(20\\%)", (12, None, "20")),
        ("12/60 (20%)", (12, 60, "20")),
        ("12 of 60 (20%)", (12, 60, "20")),
        ("20% (12/60)", (12, 60, "20")),
        ("20%", (None, None, "20")),
        ("12/60", (12, 60, None)),
        ("1,234 (5.6%)", (1234, None, "5.6")),
        ("<1%", (None, None, "1")),
    ],
)
def test_a_cell_that_prints_its_form_is_read_anywhere(cell: str, expected: tuple[int, int, str]) -> None:
    """A percent sign or a fraction in the cell itself is enough."""
    assert [expected] == [told(result) for result in results("Outcome ; Arm", f"Rash ; {cell}")]


@pytest.mark.parametrize(
    "cell",
    [
        *("45.2 (12.1)", "45 (12)", "12", "0.03", "<0.001", "3 (1–5)", "5–10%", "12 (10–20%)", "20.1% (3.2)", "-12%"),
        *("20% (15–25)", "120/80", "45 ± 12%", "", "–", "NA", "1:2", "12 (20", "%", "n/a", "12/05/2020"),
    ],
)
def test_other_cells_are_no_claims(cell: str) -> None:
    """Means, medians, ranges, p-values, changes and blood pressures are left alone."""
    assert results("Outcome ; Arm", f"Rash ; {cell}") == []


@pytest.mark.parametrize(
    ("caption", "header", "label"),
    [
        ("", "Arm, n (%)", "Rash"),
        ("", "Arm No. (%)", "Rash"),
        ("", "Number of patients (%)", "Rash"),
        ("", "Arm (n = 60) n (%)", "Rash"),
        ("", "Arm", "Rash, n (%)"),
        ("", "Arm", "Rash, no. (percent)"),
        ("Table 1. Values are n (%) unless stated otherwise", "Arm", "Rash"),
        ("Table 1. Values are n (%)", "Arm", "Age < 5 years"),
        ("", "n (%)", "Improvement in rash"),
    ],
)
@pytest.mark.parametrize("cell", ["12 (20)", "12 (20.0)", "12 [20]"])
def test_a_declared_cell_is_read(caption: str, header: str, label: str, cell: str) -> None:
    """`n (%)`, declared in the header, the label or the caption, makes pairs of numbers results."""
    (result,) = results(f"Outcome ; {header}", f"{label} ; {cell}", caption=caption)
    assert (number(result.reported.count), result.declared) == (12, True)


@pytest.mark.parametrize(
    ("caption", "header", "label", "cell"),
    [
        ("Table 1. Values are n (%) or mean (SD)", "Arm", "Something", "45 (12)"),
        ("Table 1. Values are n (%)", "Arm", "Age, years", "45 (12)"),
        ("", "n (%)", "Age, mean (SD)", "45 (12)"),
        ("", "n (%)", "HAQ, median (IQR)", "5 (2)"),
        ("", "n (%)", "Rash", "45.2 (12.1)"),
        ("", "n (%)", "Titre", "12 (120)"),
        ("", "n (%)", "Rash", "12"),
        ("", "Change (%)", "CRP", "20%"),
        ("", "Mean change", "CRP", "12 (20%)"),
        ("", "Difference (95% CI)", "Rash", "12% (3–20%)"),
        ("", "Odds ratio", "Rash", "12/60"),
        ("", "OR", "Rash", "20%"),
        ("", "P value", "Rash", "5%"),
        ("", "Arm", "Haematocrit", "42%"),
        ("", "Arm", "Reduction in CRP", "42%"),
        ("", "Arm", "Male/female", "8/12"),
    ],
)
def test_cells_of_other_statistics_are_no_claims(caption: str, header: str, label: str, cell: str) -> None:
    """Where a heading names an average, a change, a ratio or a measure, its cells are not shares."""
    assert results(f"Outcome ; {header}", f"{label} ; {cell}", caption=caption) == []


def test_percentage_first_is_read_as_declared() -> None:
    """Under `% (n)` the first number is the percentage."""
    assert [told(result) for result in results("Outcome ; Arm, % (n)", "Rash ; 20.0 (12)")] == [(12, None, "20.0")]


def test_sizes_are_given_with_their_places() -> None:
    """A result knows the sizes that its column, row and caption state, and its place for people."""
    (result,) = results(
        "Outcome ; A ; **B** (*n* = 30)",
        "Calcinosis (n = 20) ; 5 ; 15 (75%)",
        caption="Table 1. Who they were (N = 60)",
    )
    sizes = (result.column, result.row, result.total, result.caption)
    assert [number(size) for size in sizes] == [30, 20, None, 60]
    assert (result.place, result.label) == ("table 1, row 1, column 3", "Calcinosis (n = 20)")
    assert " ".join(result.header.replace("( n", "(n").split()) == "B (n = 30)"


def test_two_sizes_in_one_heading_are_none() -> None:
    """A heading with two sizes does not say which is meant."""
    (result,) = results("Outcome ; n = 30, later n = 28", "Rash ; 15 (50%)")
    assert None is result.column


@pytest.mark.parametrize("label", ["Total", "All patients", "N", "**Total**", "No. of patients"])
def test_a_row_of_totals_gives_its_columns_their_totals(label: str) -> None:
    """The totals are given beside the results, for whoever reconciles them."""
    found = results("Outcome ; A ; B", "Rash ; 12 (40%) ; 10 (50%)", f"{label} ; 30 ; 20 (100%)")
    assert [number(result.total) for result in found[:2]] == [30, 20]


def test_a_column_of_sizes_gives_its_rows_their_sizes() -> None:
    """In a table of studies, each row has its own size; beside a column of percentages, numbers are counts."""
    (result,) = results("Study ; N ; Response", "Zhang ; 88 ; 44 (50%)")
    assert number(result.row) == 88
    (other,) = results("Outcome ; N ; %", "Rash ; 12 ; 20%")
    assert None is other.row


def test_a_second_row_of_headers_is_read() -> None:
    """Sizes and `n (%)` in the first rows of the body belong to the header."""
    (result,) = results("Outcome ; A ; P", " ; n = 60 ; ", " ; n (%) ; p", "Rash ; 12 (20) ; 0.3")
    assert (number(result.column), told(result)) == (60, (12, None, "20"))
    assert result.place == "table 1, row 3, column 2"


def test_a_label_without_cells_rules_the_rows_below() -> None:
    """What the label of a group of rows declares holds until the next."""
    found = results("Item ; A", "Sex, n (%) ; ", "Male ; 12 (20)", "Age, years ; ", "Mean ; 45 (12)", "All ; 45 (12)")
    assert [result.label for result in found] == ["Male"]


def test_a_group_of_indented_rows_ends_with_them() -> None:
    """What the label of a group declares does not rule the first row that is set out again."""
    found = results("Item ; A", "Sex, n (%) ; ", "&nbsp;Male ; 12 (20)", "Something ; 45 (12)")
    assert [result.label for result in found] == ["Male"]


def test_independent_characteristics_are_read_without_categories() -> None:
    """A Table 1 gives one result a cell and guesses no denominator."""
    found = results(
        "Characteristic ; n (%)",
        *("Female ; 40 (66.7)", "Rash ; 30 (50.0)", "Fever ; 45 (75.0)", "Age, years ; 9.1 (3.2)"),
        caption="Table 1. Characteristics (N = 60)",
    )
    assert [told(result) for result in found] == [(40, None, "66.7"), (30, None, "50.0"), (45, None, "75.0")]
    assert {60} == {number(result.caption) for result in found}


def test_sentences_in_cells_are_read_as_prose() -> None:
    """A table of studies may hold several results in a cell."""
    found = results("Study ; Findings", "Zhang ; 16 (18.2%) at 6 months<br>42 (47.7%) at 9 months")
    assert [told(result) for result in found] == [(16, None, "18.2"), (42, None, "47.7")]


@given(st.lists(st.tuples(st.integers(0, 999), st.integers(0, 1000)), min_size=1, max_size=6), st.booleans())
def test_what_an_author_prints_is_what_is_read(pairs: list[tuple[int, int]], signed: bool) -> None:  # noqa: FBT001
    """Counts and percentages come back as printed, each from its own place."""
    cells = [(count, f"{tenths / 10:.1f}") for count, tenths in pairs]
    sign = "%" if signed else ""
    found = results("Item ; Arm, n (%)", *(f"Row ; {count} ({percent}{sign})" for count, percent in cells))
    assert [(count, None, percent) for count, percent in cells] == [told(result) for result in found]


def test_a_declaration_in_the_corner_holds_for_every_column() -> None:
    """`Characteristic, n (%)` above the labels says what all the cells are."""
    found = results("Characteristic, n (%) ; Drug ; Placebo", "Rash ; 12 (20) ; 9 (15)")
    assert [(number(result.reported.count), result.declared) for result in found] == [(12, True), (9, True)]


def test_pairs_that_reconcile_with_their_column_are_read() -> None:
    """Where nothing says `n (%)`, three pairs that are count and percentage of their column's size do."""
    rows = ("Girls ; 33 (55)", "Uveitis ; 12 (20)", "Rash ; 9 (15)", "Joint count ; 21 (6)")
    assert [told(result)[0] for result in results(" ; Drug (n = 60)", *rows)] == [33, 12, 9]
    assert results(" ; Drug (n = 60)", *rows[:2]) == []
    assert results(" ; Drug", *rows) == []


def test_means_that_reconcile_by_chance_are_not_read() -> None:
    """Three of many pairs fit a size by chance: most of the column must."""
    means = [f"Marker {letter} ; {number} (6)" for letter, number in zip("abcdefg", range(11, 18), strict=True)]
    assert results(" ; Drug (n = 60)", "Girls ; 33 (55)", "Uveitis ; 12 (20)", "Rash ; 9 (15)", *means) == []


def test_a_row_that_states_sizes_anew_heads_what_is_below_it() -> None:
    """A table may hold two tables, one below the other, with columns of other sizes; results with sizes are results."""
    found = results(
        "Without steroid ; A (n = 17) ; B (n = 15)",
        "Nausea, n (%) ; 3 (17.6) ; 6 (40.0)",
        "With steroid ; A (n = 24) ; B (n = 29)",
        "Nausea, n (%) ; 14 (58.3) ; 12 (41.4)",
        "Rescue ; n = 6; 25.0% ; n = 3; 10.3%",
    )
    assert [number(result.column) for result in found] == [17, 15, 24, 29, 24, 29]
