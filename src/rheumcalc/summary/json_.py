"""The table of a summary as one JSON object; `docs/json.md` specifies the shape."""

from __future__ import annotations

import json

from rheumcalc.summary.records import described
from rheumcalc.summary.table import SummaryTable

#: Changes with every change of the shape that a reader could notice.
SCHEMA_VERSION = "1.0"


def render_table(table: SummaryTable) -> str:
    """Return the rows, what they were asked for, and the notes about all of them."""
    options = table.options
    document = {
        "schema_version": SCHEMA_VERSION,
        "caption": table.caption,
        "style": options.style.value,
        "interval": options.interval.value,
        "confidence_level": float(options.confidence_level),
        "by": options.by.value,
        "rows": [
            {**row, "limits": list(line.limits) if line.limits else None}
            for row, line in zip(described(table), table.lines, strict=True)
        ],
        "notes": [note.text for note in table.notes if note.mark is None],
    }
    return json.dumps(document, indent=2, ensure_ascii=False)
