"""Recompute what clinical studies report, and find what cannot all be true."""

from typing import TYPE_CHECKING, Any

from rheumcalc._version import __version__

if TYPE_CHECKING:
    from rheumcalc.config import Settings, load_settings
    from rheumcalc.corpus import scan
    from rheumcalc.documents import Document, read_draft
    from rheumcalc.documents.claims import extract_claims
    from rheumcalc.engine import check
    from rheumcalc.findings import Finding
    from rheumcalc.numbers.rounding import RoundingMode
    from rheumcalc.record.load import InvalidRecordError, load_record
    from rheumcalc.record.model import Study
    from rheumcalc.result import Report
    from rheumcalc.rules import RULES, Rule, Severity
    from rheumcalc.solve import Solution, solve_denominators
    from rheumcalc.study.claims import Claim, Verdict
    from rheumcalc.summary import SummaryOptions, SummaryTable, summarise

#: Where each public name lives. It is imported when first asked for, so that a command loads only what it uses.
_HOMES = {
    "Claim": "study.claims",
    "Document": "documents",
    "Finding": "findings",
    "InvalidRecordError": "record.load",
    "Report": "result",
    "RoundingMode": "numbers.rounding",
    "RULES": "rules",
    "Rule": "rules",
    "Settings": "config",
    "Severity": "rules",
    "Solution": "solve",
    "Study": "record.model",
    "Verdict": "study.claims",
    "check": "engine",
    "extract_claims": "documents.claims",
    "load_record": "record.load",
    "load_settings": "config",
    "read_draft": "documents",
    "scan": "corpus",
    "solve_denominators": "solve",
    "summarise": "summary",
    "SummaryOptions": "summary",
    "SummaryTable": "summary",
}

__all__ = [
    "RULES",
    "Claim",
    "Document",
    "Finding",
    "InvalidRecordError",
    "Report",
    "RoundingMode",
    "Rule",
    "Settings",
    "Severity",
    "Solution",
    "Study",
    "SummaryOptions",
    "SummaryTable",
    "Verdict",
    "__version__",
    "check",
    "extract_claims",
    "load_record",
    "load_settings",
    "read_draft",
    "scan",
    "solve_denominators",
    "summarise",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        msg = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(msg)
    from importlib import import_module

    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
