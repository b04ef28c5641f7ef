"""Rows of summaries from records given as text, for the tests of summaries."""

from __future__ import annotations

from conftest import check_text
from rheumcalc.result import StudyReport
from rheumcalc.summary import Rows, SummaryOptions, SummaryTable, rows_of, tabulate

#: A record with two arms, a part of them, several timepoints, and one slip.
TWO_ARMS = """
populations:
  randomised: {n: 24, label: systemic JIA, analysis_set: randomised}
  completers: {n: 20, of: randomised, analysis_set: completers}
arms:
  drug: {n: 12, of: randomised, label: the new drug}
  placebo: {n: 12, of: randomised}
outcomes:
  - id: acr-30
    label: ACR Pedi 30
    at: month 1
    by_arm:
      drug: 8 (67%)
      placebo: 1 (8%)
    effects:
      - {arm: drug, reference: placebo, p: 0.003}
  - id: acr-50
    label: ACR Pedi 50
    population: completers
    series:
      week 4: 7/20 (35.0%)
      week 24: 10/20 (50.0%)
  - id: slip
    label: A slip
    population: randomised
    reported: 9/24 (40.0%)
  - id: share
    label: A share alone
    population: completers
    reported: 65.0%
  - id: vague
    label: Vague
    population: randomised
    reported: nearly 50%
  - id: survival
    label: Survival
    population: randomised
    estimator: kaplan_meier
    reported: 91.3%
  - id: joints
    label: Joints
    unit: joints
    reported: 30/200 (15.0%)
  - id: weight
    label: Weight
    mean: {mean: 20.5, sd: 3.1}
"""


def rows_from(*records: str, head: str = "") -> Rows:
    """Return the rows of records, the first called `study-1`."""
    studies: list[StudyReport] = []
    for number, record in enumerate(records, 1):
        own = (
            head or f"id: study-{number}\ncitation: {{title: Study {number}, authors: Author{number} A, year: 2020}}\n"
        )
        report = check_text(record, head=own)
        assert report.studies, [finding.message for finding in report.defects]
        studies += report.studies
    return rows_of(studies)


def table_from(*records: str, options: SummaryOptions | None = None) -> SummaryTable:
    """Return the table of records."""
    return tabulate(rows_from(*records), options or SummaryOptions())


def reported(*results: str, n: int | None = None, more: str = "") -> str:
    """Return a record whose outcomes are these results, each of one population of `n`."""
    size = f"populations: {{all: {n}}}\n" if n else ""
    group = ", population: all" if n else ""
    lines = [f"  - {{id: o{i}, label: Outcome {i}{group}, reported: '{text}'}}" for i, text in enumerate(results, 1)]
    return f"{size}{more}outcomes:\n" + "\n".join(lines) + "\n"
