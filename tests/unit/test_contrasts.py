"""Contrasts: which two results are compared, and which of them is the reference."""

from __future__ import annotations

import pytest

from conftest import CheckRecord
from rheumcalc.numbers.effects import EffectMeasure, risk_difference, risk_ratio
from rheumcalc.summary.contrasts import contrasts
from rheumcalc.summary.rows import Rows, rows_of


def _rows(record: CheckRecord, arms: str, *outcomes: str) -> Rows:
    """Return the rows of a record with these arms, and an outcome for each text of results."""
    text = f"arms:\n{arms}outcomes:\n"
    for number, outcome in enumerate(outcomes):
        text += f"  - id: outcome-{number}\n    label: Outcome {number}\n{outcome}"
    return rows_of(record(text).studies)


def _by_arm(*results: str, more: str = "") -> str:
    return f"{more}    by_arm:\n" + "".join(f"      {result}\n" for result in results)


def _pairs(rows: Rows) -> list[tuple[str | None, str | None]]:
    return [(contrast.row.arm, contrast.reference.arm) for contrast in contrasts(rows.rows, rows.references)]


@pytest.mark.parametrize(
    ("one", "other", "compared"),
    [
        ("drug", "placebo", ("drug", "placebo")),
        ("placebo", "drug", ("drug", "placebo")),
        ("usual-care", "drug", ("drug", "usual-care")),
        ("controls", "drug", ("drug", "controls")),
        # `uncontrolled` is no control; the last arm is then the reference.
        ("uncontrolled", "drug", ("uncontrolled", "drug")),
        ("high", "low", ("high", "low")),
        # Both have standard care; one of them a placebo.
        ("standard-placebo", "standard-drug", ("standard-drug", "standard-placebo")),
    ],
)
def test_reference_by_its_words(record: CheckRecord, one: str, other: str, compared: tuple[str, str]) -> None:
    """An arm whose name says so is the reference, else the last of the record."""
    rows = _rows(record, f"  {one}: 20\n  {other}: 30\n", _by_arm(f"{one}: 10/20", f"{other}: 6/30"))
    assert [compared] == _pairs(rows)


def test_reference_by_its_label(record: CheckRecord) -> None:
    """The label of an arm is read too."""
    arms = "  a:\n    n: 20\n    label: Sham procedure\n  b: 30\n"
    assert _pairs(_rows(record, arms, _by_arm("a: 10/20", "b: 6/30"))) == [("b", "a")]


def test_reference_that_the_record_says(record: CheckRecord) -> None:
    """What the record says of an outcome goes before the words, and holds for its other outcomes too."""
    effect = "    effects:\n      - {arm: placebo, reference: drug, p: 0.05}\n"
    results = _by_arm("drug: 10/20", "placebo: 6/30")
    rows = _rows(record, "  drug: 20\n  placebo: 30\n", results + effect, results)
    assert dict(rows.references) == {("test-study", "outcome-0"): "drug"}
    assert _pairs(rows) == [("placebo", "drug"), ("placebo", "drug")]


def test_only_two_arms_are_compared(record: CheckRecord) -> None:
    """Three arms with a result are no contrast, nor are one arm and a result without numbers."""
    arms = "  a: 20\n  b: 30\n  placebo: 40\n"
    three = _by_arm("a: 10/20", "b: 6/30", "placebo: 4/40")
    one = _by_arm("a: 10/20")
    two = _by_arm("a: 10/20", "placebo: 4/40")
    assert _pairs(_rows(record, arms, three, one, two)) == [("a", "placebo")]


def test_timepoints_are_compared_apart(record: CheckRecord) -> None:
    """Two results of each arm are compared where they are of one timepoint, however it is written."""
    text = "arms:\n  drug: 20\n  placebo: 30\noutcomes:\n"
    for arm, series in (("drug", "week 12: 10/20, week 24: 12/20"), ("placebo", "24 weeks: 5/30, week 52: 4/30")):
        text += f"  - label: Response\n    arm: {arm}\n    series: {{{series}}}\n"
    rows = rows_of(record(text).studies)
    found = [(contrast.row.printed, contrast.reference.printed) for contrast in contrasts(rows.rows, rows.references)]
    assert found == [("12/20", "5/30")]


def test_estimates(record: CheckRecord) -> None:
    """The estimate is that of the arm against the reference."""
    rows = _rows(record, "  placebo: 30\n  drug: 20\n", _by_arm("placebo: 6/30", "drug: 10/20"))
    (contrast,) = contrasts(rows.rows, rows.references)
    assert risk_difference(10, 20, 6, 30, 0.9) == contrast.estimate(EffectMeasure.RISK_DIFFERENCE, 0.9)
    assert risk_ratio(10, 20, 6, 30, 0.9) == contrast.estimate(EffectMeasure.RISK_RATIO, 0.9)
