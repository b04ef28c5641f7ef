"""The rows of a summary for programs: what CSV and JSON share."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rheumcalc.summary.table import SummaryTable

#: The fields of a row, in order.
FIELDS = (
    "study",
    "outcome",
    "label",
    "population",
    "arm",
    "timepoint",
    "count",
    "count_implied",
    "denominator",
    "resolved_by",
    "percent",
    "lower",
    "upper",
    "interval",
    "confidence_level",
    "printed",
    "also_printed",
    "source",
    "verdict",
    "convention",
    "missing",
    "rules",
    "notes",
)


def described(table: SummaryTable) -> Iterator[dict[str, Any]]:
    """Yield each row as a mapping from FIELDS: numbers as a table shows them are text, counts are integers."""
    notes = {note.mark: note.text for note in table.notes if note.mark}
    for line in table.lines:
        row = line.row
        known = line.percentage
        yield {
            "study": row.study.id,
            "outcome": row.outcome,
            "label": row.label,
            "population": row.population,
            "arm": row.arm,
            "timepoint": row.timepoint.text if row.timepoint else None,
            "count": row.count,
            "count_implied": row.is_count_implied,
            "denominator": row.denominator,
            "resolved_by": row.denominator_by.value if row.denominator_by else None,
            "percent": known.text if known else None,
            "lower": line.lower or None,
            "upper": line.upper or None,
            "interval": table.options.interval.value if line.limits else None,
            "confidence_level": float(table.options.confidence_level) if line.limits else None,
            "printed": row.printed,
            "also_printed": row.also,
            "source": row.claim.provenance,
            "verdict": row.verdict.value,
            "convention": row.judgement.convention.value if row.judgement.convention else None,
            "missing": row.judgement.missing,
            "rules": tuple(dict.fromkeys(finding.rule.code for finding in row.findings)),
            "notes": tuple(notes[mark] for mark in line.marks),
        }
