"""Honest records that must not be called errors: a false alarm costs more than a miss."""

from __future__ import annotations

import pytest

from conftest import CheckRecord
from rheumcalc.rules import Severity

_PARTITION = "  exclusive: yes\n  exhaustive: yes\n  categories: "
_HONEST = {
    "categories where an arm and a population cross": (
        "arms: {A: 50, B: 50}\npopulations: {all: 100, old: {n: 60, of: all}}\noutcomes:\n"
        "- label: Sex\n  arm: A\n  population: old\n" + _PARTITION + "{male: 8, female: 12}\n"
    ),
    "categories over their own printed denominator": (
        "populations: {all: 50}\noutcomes:\n- label: Sex\n  population: all\n"
        + _PARTITION
        + "{male: 10/40 (25.0%), female: 30/40 (75.0%)}\n"
    ),
    "categories of events": (
        "populations: {all: 20}\noutcomes:\n- label: Events by grade\n  population: all\n  unit: events\n"
        + _PARTITION
        + "{mild: 18, severe: 12}\n"
    ),
    "categories of those observed": (
        "populations: {all: 20}\noutcomes:\n- label: Response\n  population: all\n  missing_data_rule: observed\n"
        + _PARTITION
        + "{yes: 10 (55.6%), no: 8 (44.4%)}\n"
    ),
    "a cumulative percentage of those observed": (
        "populations: {all: 50}\noutcomes:\n- label: R\n  population: all\n  missing_data_rule: observed\n"
        "  kind: cumulative\n  series: {6 months: 50%, 12 months: 40%}\n"
    ),
    "printed denominators that differ by missing rows": (
        "populations: {all: {}}\noutcomes:\n- {label: R, population: all, reported: 10/83 (12.0%)}\n"
        "- {label: S, population: all, reported: 12/80 (15.0%)}\n"
    ),
    "none is below one per cent": "populations: {all: 88}\noutcomes:\n- {label: R, population: all, reported: 0 (<1%)}\n",  # noqa: E501
    "results over both arms, whose sum is not stated": (
        "arms: {A: 60, B: 62}\noutcomes:\n- {label: R, reported: 61 (50.0%)}\n- {label: S, reported: 59 (48.4%)}\n"
    ),
    "results over a whole of which only a part is stated": (
        "populations: {all: {}, part: {n: 20, of: all}}\noutcomes:\n- {label: R, reported: 16 (18.2%)}\n"
        "- {label: S, reported: 42 (47.7%)}\n"
    ),
    "joints of participants": (
        "populations: {all: 20, joints: {of: all, unit: joints}}\noutcomes:\n"
        "- {label: R, population: joints, unit: joints, reported: 35 (74.5%)}\n"
        "- {label: S, population: joints, unit: joints, reported: 16 (34.0%)}\n"
    ),
    "a follow-up of a thousand days": (
        'follow_up: {maximum: "1,000 days"}\noutcomes:\n- {label: R, at: 12 months, reported: 5/10 (50%)}\n'
    ),
}


@pytest.mark.parametrize("name", _HONEST)
def test_an_honest_record_has_no_error(record: CheckRecord, name: str) -> None:
    """Error level means that no honest reading exists; here one does."""
    findings = record(_HONEST[name]).findings
    assert [f"{f.rule.code} {f.message}" for f in findings if f.rule.severity is Severity.ERROR] == []


@pytest.mark.parametrize("order", [("50%", "5", "7"), ("5", "50%", "7"), ("7", "5", "50%")], ids=" ".join)
def test_a_repeat_is_found_wherever_it_stands(record: CheckRecord, order: tuple[str, ...]) -> None:
    """Two of three reports of one result contradict each other, whichever comes first."""
    outcomes = "".join(f"- {{id: a, label: a, reported: '{text}'}}\n" for text in order)
    assert [f.rule.code for f in record("outcomes:\n" + outcomes).findings] == ["RC110"]


@pytest.mark.parametrize("downwards", [False, True])
def test_the_depth_of_populations_is_bounded_in_any_order(record: CheckRecord, *, downwards: bool) -> None:
    """A chain of populations is too deep whether it is written from the whole down or from the part up."""
    lines = ["  p0: 88\n"] + [f"  p{i}: {{of: p{i - 1}}}\n" for i in range(1, 60)]
    report = record("populations:\n" + "".join(reversed(lines) if downwards else lines))
    assert [f.rule.code for f in report.findings] == ["RC010"]
