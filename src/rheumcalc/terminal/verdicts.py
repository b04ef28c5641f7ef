"""Verdicts and severities as people see them: what they are called, and their styles on a terminal."""

from __future__ import annotations

from rheumcalc.numbers.rounding import RoundingMode
from rheumcalc.rules import Severity
from rheumcalc.study.claims import Verdict

#: Styles that can be read on a dark and on a light background: yellow and cyan vanish on white, dim text on both.
VERDICT_STYLES = {
    Verdict.CONSISTENT: "green",
    Verdict.CONSISTENT_UNDER: "magenta",
    Verdict.INCONSISTENT: "bold red",
    Verdict.CANNOT_CHECK: "",
}
SEVERITY_STYLES = {Severity.ERROR: "bold red", Severity.WARNING: "bold magenta", Severity.NOTE: "bold"}
#: What a verdict under a convention is called in a table.
CONVENTION_LABELS = {
    RoundingMode.HALF_UP: "if half up",
    RoundingMode.HALF_EVEN: "if half even",
    RoundingMode.HALF_DOWN: "if half down",
    RoundingMode.TRUNCATE: "if truncated",
    RoundingMode.CEILING: "if rounded up",
}


def verdict_label(verdict: Verdict, convention: RoundingMode | None = None) -> str:
    """Return what a table calls a verdict; capitals show an inconsistency where there is no colour."""
    if verdict is Verdict.INCONSISTENT:
        return verdict.value.upper()
    return CONVENTION_LABELS[convention] if convention is not None else verdict.value.replace("_", " ")
