"""A study's results as a table and as a picture."""

from __future__ import annotations

import base64
from typing import NamedTuple

from rheumcalc.messages import MissingExtraError, visible
from rheumcalc.numbers.effects import EffectMeasure
from rheumcalc.report.html.cards import group_words, recomputed, time_words
from rheumcalc.report.html.contents import Figure, StudyRow
from rheumcalc.result import StudyReport
from rheumcalc.study.claims import Claim
from rheumcalc.study.denominators import Resolved
from rheumcalc.summary.forest import FigureError, forest
from rheumcalc.summary.options import SummaryOptions
from rheumcalc.summary.rows import claim_rows, rows_of
from rheumcalc.summary.styles import percentages
from rheumcalc.summary.table import interval_of, limits_text
from rheumcalc.terminal.verdicts import verdict_label

#: How intervals and figures are made, as `summary` makes them where nobody asks for more.
_OPTIONS = SummaryOptions()
#: The columns of a study's table.
HEADINGS = ("Outcome", "Group", "Time", "Printed", "Recomputed", f"{_OPTIONS.level} CI", "Verdict")


class StudyTable(NamedTuple):
    """The headings of a table, and a row for each result."""

    headings: tuple[str, ...]
    rows: tuple[StudyRow, ...]


def study_table(study: StudyReport) -> StudyTable:
    """Return a study's results as a table: as printed, recomputed, with the interval, and the verdict."""
    resolved: dict[Claim, Resolved] = {each.claim: each for each in study.case.proportions}
    intervals = _intervals(study)
    rows = []
    for judgement in study.judgements:
        claim = judgement.claim
        subject = claim.subject
        cells = (
            subject.label or subject.outcome or "(no outcome named)",
            group_words(subject),
            time_words(subject),
            claim.text,
            recomputed(judgement, resolved.get(claim)) or "",
            intervals.get(claim, ""),
            verdict_label(judgement.verdict, judgement.convention).lower(),
        )
        rows.append(StudyRow(claim, tuple(map(visible, cells))))
    return StudyTable(HEADINGS, tuple(rows))


def _intervals(study: StudyReport) -> dict[Claim, str]:
    rows = claim_rows(study)
    shown = percentages(rows, _OPTIONS.style)
    limits = (limits_text(interval_of(row, _OPTIONS), each) for row, each in zip(rows, shown, strict=True))
    return {row.claim: f"{lower}–{upper}" for row, (lower, upper) in zip(rows, limits, strict=True) if lower}


def study_figure(study: StudyReport) -> Figure | str | None:
    """Return a study's results as a picture, None where there is none, or in words why it is not drawn."""
    rows = rows_of([study])
    drawn = sum(row.is_binomial for row in rows.rows)
    if not drawn:
        return None
    try:
        data = forest(
            rows.rows,
            method=_OPTIONS.interval,
            confidence_level=float(_OPTIONS.confidence_level),
            effect=EffectMeasure.RISK_DIFFERENCE,
            references=rows.references,
            by=_OPTIONS.by,
            format="svg",
        )
    except (MissingExtraError, FigureError) as error:
        return str(error)
    name = visible(rows.studies[0].name)
    return Figure(
        uri=f"data:image/svg+xml;base64,{base64.b64encode(data).decode()}",
        alt=f"Forest plot of {name}: {drawn} results with their intervals; the table above has their numbers.",
        caption=f"{name}: percentages with {_OPTIONS.level} intervals ({_OPTIONS.interval.label}).",
    )
