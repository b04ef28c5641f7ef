"""Tables whose numbers are no count and percentage of their column: what shows it, and that one cell alone does not."""

from __future__ import annotations

import pytest

from rheumcalc.documents import read_document, read_table
from rheumcalc.source import Source
from rheumcalc.study.doubts import Doubt

_PAIRS = ("Sex, yes/no, n (% yes) ; 5/8 (38) ; 10/7 (59)", "Work ; 2/4 (33) ; 7/9 (44)", "Tics ; 8/26 (24) ; 1/5 (17)")


def doubts(*rows: str, note: str = "") -> list[Doubt | None]:
    """Return the doubts of a table's results, by rows with their cells divided by ` ; `, the first being the header."""
    lines = [f"| {row.replace(' ; ', ' | ')} |" for row in rows]
    lines.insert(1, "|" + "---|" * (rows[0].count(" ; ") + 1))
    text = "\n".join(lines) + f"\n\n{note}\n"
    (table,) = read_document(Source("a.md", text)).tables
    return [result.doubt for result in read_table(table, text, note).results]


def test_a_table_of_pairs() -> None:
    """`5/8 (38)` is 5 of 13 throughout a table of pairs; a table of true fractions is none."""
    assert set(doubts("Item, n/N (%) ; A ; B", *_PAIRS)) <= {Doubt.OF_BOTH, Doubt.OTHER_BASE}
    right = ("Rash ; 5/8 (63) ; 10/17 (59)", "Pain ; 2/4 (50) ; 7/9 (78)", "Fever ; 8/26 (31) ; 1/5 (17)")
    assert doubts("Item, n/N (%) ; A ; B", *right) == [None] * 6


def test_a_table_of_slips_is_no_table_of_pairs() -> None:
    """Fractions that give neither their percentages nor those of both together are slips, however many."""
    assert doubts("Item, n/N (%) ; A ; B", "Rash ; 5/8 (38) ; 3/9 (44)") == [None, None]
    slips = ("Rash ; 5/8 (73) ; 10/17 (49)", "Pain ; 2/4 (90) ; 7/9 (68)", "Fever ; 8/26 (41) ; 1/5 (37)")
    assert doubts("Item, n/N (%) ; A ; B", *slips) == [None] * 6


def test_a_pair_by_its_label_is_of_both() -> None:
    """`14/10 (58)` under a label with a stroke may be 14 of 24, where that fits."""
    label = "Male/female, n (% male)"
    assert doubts("Item ; A", f"{label} ; 14/10 (58)") == [Doubt.OTHER_BASE]
    assert doubts("Item ; A", f"{label} ; 14/10 (48)") == [None]
    assert doubts("Item ; A", "Rash, n (%) ; 5/8 (38)") == [None]


def test_a_size_with_a_share_of_it() -> None:
    """`17 (76.5%)` under `Number (% male)` may be 13 of 17; under `Number (%)` it is a count."""
    assert doubts("Item ; A (n = 20)", "Number (% male) ; 17 (76.5%)") == [Doubt.GROUP_SIZE]
    assert doubts("Item ; A (n = 20)", "Number (% male) ; 17 (76.4%)") == [None]
    assert doubts("Item ; A (n = 20)", "Number (%) ; 17 (76.5%)") == [None]
    assert doubts("Item ; A (n = 20)", "Number (% participants) ; 17 (76.5%)") == [None]


def test_a_table_of_sizes_with_shares() -> None:
    """Where every telling cell fits as a size with a share of it, none need be a count; one that does not ends that."""
    sizes = ("Old ; 33 (72.7)", "Young ; 74 (73.0)", "Tall ; 97 (69.1)", "Short ; 91 (69.2)")
    assert set(doubts("Group ; T, n (%)", *sizes)) == {Doubt.GROUP_SIZE}
    assert set(doubts("Group ; T, n (%)", *sizes[:3], "Short ; 91 (69.4)")) == {None}
    assert set(doubts("Group ; T, n (%)", *sizes[:2])) == {None}


@pytest.mark.parametrize(
    ("cell", "expected"),
    [("2 (99.1)", Doubt.OF_THE_OTHERS), ("2 (89.1)", None), ("120 (48.0)", None), ("0 (99.1)", None)],
)
def test_a_percentage_of_the_others(cell: str, expected: Doubt | None) -> None:
    """Beside few of many, nearly all may be those who are not counted; half of them may not."""
    assert doubts("Cure rate, n (%) ; A (n = 245)", f"Cured by day 28 ; {cell}") == [expected]


def test_a_note_on_a_group_of_rows_holds_for_them() -> None:
    """Where the note of a group's label says that people gave several answers, the base is not its column's size."""
    note = "^a^ Total exceeds 8 because more than one mode was documented in some patients."
    rows = ("Mode of infection^a^ [n (%)] ; ", "Mother ; 5 (33)", "Blood ; 6 (40)")
    assert doubts("Item ; A (n = 8)", *rows, note=note) == [Doubt.OTHER_BASE] * 2
    assert doubts("Item ; A (n = 8)", "Mode of infection [n (%)] ; ", *rows[1:], note=note) == [None] * 2


def test_a_label_that_names_a_statistic_states_otherwise() -> None:
    """`n (%) unless stated otherwise` below a table does not make a median of what a label calls one."""
    note = "Figures are number (percentages) unless stated otherwise."
    rows = ("Father's schooling, years (median, IQR) ; 10 (7.12)", "Boys ; 30 (50.0)")
    assert doubts("Item ; A (n = 60)", *rows, note=note) == [None]
