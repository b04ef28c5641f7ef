"""The rows of a summary: one for each study, outcome, group and time, and what is known of each."""

from __future__ import annotations

from rheumcalc.study.claims import Verdict
from rheumcalc.study.denominators import ResolvedBy
from rheumcalc.summary import Row
from summaries import TWO_ARMS, reported, rows_from


def _row(outcome: str, *records: str) -> Row:
    (row,) = [row for row in rows_from(*(records or (TWO_ARMS,))).rows if row.outcome == outcome]
    return row


def test_a_row_for_each_outcome_group_and_time() -> None:
    """Nothing is left out but what is no proportion, and that is counted by kind."""
    rows = rows_from(TWO_ARMS)
    keys = [(row.outcome, row.arm, row.population, row.timepoint and row.timepoint.text) for row in rows.rows]
    assert keys == [
        ("acr-30", "drug", None, "month 1"),
        ("acr-30", "placebo", None, "month 1"),
        ("acr-50", None, "completers", "week 4"),
        ("acr-50", None, "completers", "week 24"),
        ("slip", None, "randomised", None),
        ("share", None, "completers", None),
        ("vague", None, "randomised", None),
        ("survival", None, "randomised", None),
        ("joints", None, None, None),
    ]
    assert dict(rows.left_out) == {"mean": 1, "effect": 1}


def test_the_denominator_and_how_it_is_known() -> None:
    """It is printed, or the size that the record states for the group, or what the results imply together."""
    implied = "populations: {all: {label: all}}\noutcomes:\n" + "\n".join(
        f"  - {{id: o{i}, label: O{i}, population: all, reported: '{text}'}}"
        for i, text in enumerate(("16 (18.2%)", "42 (47.7%)"), 1)
    )
    assert (_row("acr-50", TWO_ARMS.replace("week 4: 7/20 (35.0%)", "")).denominator, ResolvedBy.EXPLICIT) == (20, ResolvedBy.EXPLICIT)  # fmt: skip  # noqa: E501
    assert _known(rows_from(TWO_ARMS).rows[0]) == (8, 12, ResolvedBy.RECORD)
    assert _known(_row("o1", implied)) == (16, 88, ResolvedBy.JOINT)


def _known(row: Row) -> tuple[int | None, int | None, ResolvedBy | None]:
    return row.count, row.denominator, row.denominator_by


def test_a_count_that_is_the_only_one_is_worked_out() -> None:
    """65.0% of 20 is 13 and nothing else; 18% of 1000 may be many, and stays open; words are no number."""
    share = _row("share")
    assert (share.count, share.is_count_implied) == (13, True)
    many = _row("o1", reported("18%", n=1000))
    assert (many.count, many.is_count_implied) == (None, False)
    assert _row("vague").count is None
    assert _row("survival").count is None


def test_what_is_no_share_of_participants_has_no_interval() -> None:
    """Joints are not independent, and an estimate is no count over denominator."""
    assert [_row(each).is_binomial for each in ("joints", "survival", "vague", "slip")] == [False, False, False, True]


def test_a_flagged_row_has_its_findings() -> None:
    """Errors and warnings about a result are on its row, and those about no row are kept apart."""
    slip = _row("slip")
    assert (slip.verdict, [finding.rule.code for finding in slip.findings]) == (Verdict.INCONSISTENT, ["RC201"])
    arms = "populations: {all: 25}\narms: {a: {n: 12, of: all}, b: {n: 12, of: all}}\nallocation: [{of: all, into: [a, b], complete: yes}]\n"  # noqa: E501
    rows = rows_from(arms + "outcomes: [{label: Response, arm: a, reported: 6 (50%)}]\n")
    assert [[finding.rule.code for finding in each] for each in rows.others.values()] == [["RC102"]]
    assert rows.rows[0].findings == ()


def test_two_texts_for_one_result_are_one_row() -> None:
    """The one with most numbers stands for both, and the other is told beside it."""
    record = """
populations: {all: 88}
outcomes:
  - {id: response, label: Response, population: all, at: 6 months, reported: nearly 50%, source: primary}
  - {id: response, label: Response, population: all, at: month 6, reported: 44 (50%), source: secondary}
"""
    (row,) = rows_from(record).rows
    assert (row.count, row.printed, row.also, row.claim.provenance) == (44, "44 (50%)", ("nearly 50%",), "secondary")


def test_the_study_itself_goes_before_another_text() -> None:
    """Of two texts with the same numbers, what was read in the study is shown."""
    record = """
populations: {all: 88}
outcomes:
  - {id: response, label: Response, population: all, reported: 44 (50%), source: secondary, where: a review}
  - {id: response, label: Response, population: all, reported: 44/88 (50%), source: primary}
"""
    (row,) = rows_from(record).rows
    assert (row.printed, row.claim.provenance) == ("44/88 (50%)", "primary")


def test_short_names_tell_studies_apart() -> None:
    """A study is called by its first author and year, with its id where two would be called alike."""
    one = reported("1/2 (50%)")
    names = [study.name for study in rows_from(one, one).studies]
    assert names == ["Author1 2020", "Author2 2020"]
    head = "id: same\ncitation: {title: A, authors: Zhang C, year: 2023}\n"
    two = [*rows_from(one, head=head).studies]
    assert [study.name for study in two] == ["Zhang 2023"]
    # Two records of one id are told apart by their files, which are one here.
    alike = rows_from(one, one, head=head)
    assert [study.name for study in alike.studies] == ["Zhang 2023 (record.yaml)"] * 2


def test_the_record_says_with_which_arm_it_compares() -> None:
    """The reference of an effect is handed on for figures."""
    assert dict(rows_from(TWO_ARMS).references) == {("study-1", "acr-30"): "placebo"}
