"""The report as workflow commands of GitHub Actions: annotations at the lines, then the table."""

from __future__ import annotations

import secrets
from collections import Counter
from typing import TYPE_CHECKING

from rheumcalc.messages import counted, visible
from rheumcalc.report import table
from rheumcalc.rules import Severity
from rheumcalc.terminal.layout import as_text

if TYPE_CHECKING:
    from rheumcalc.findings import Finding
    from rheumcalc.result import Report

_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}
#: How many annotations of one kind a step may show (actions/toolkit, pull request 734).
SHOWN = 10
#: The longest message of an annotation, in characters; the table has the rest.
_LONGEST = 4_000


def render_report(report: Report, *, quiet: bool = False) -> str:
    """Return a command for each finding that GitHub will show, and the table as a text in which nothing is a command.

    A runner obeys a command anywhere in a line, so the table is put between two commands that name a token which the
    author of the quoted text could not know.
    """
    commands, left = [], Counter[Severity]()
    shown = Counter[Severity]()
    for finding in report.findings:
        severity = finding.severity
        if not finding.is_open:
            continue
        if shown[severity] == SHOWN:
            left[severity] += 1
            continue
        shown[severity] += 1
        commands.append(_command(finding))
    token = secrets.token_hex(16)
    said = [
        f"{counted(left[severity], severity.value)} not annotated: a step shows {SHOWN}."
        for severity in Severity
        if left[severity]
    ]
    text = as_text(lambda console: table.render_report(report, console, quiet=quiet))
    return "\n".join([*commands, f"::stop-commands::{token}", *said, text, f"::{token}::"])


def _command(finding: Finding) -> str:
    location = finding.location
    start, end = location.start, location.end
    properties = {"file": location.source.name}
    if start and end:
        properties |= {"line": str(start.line), "endLine": str(end.line)}
        if start.line == end.line:
            properties |= {"col": str(start.column), "endColumn": str(end.column)}
    properties["title"] = f"{finding.rule.code} {finding.rule.name}"
    lines = [finding.message, *finding.steps]
    lines += [f"{related.location.seen_from(finding.location)}: {related.message}" for related in finding.related]
    if start is None and location.span is not None:
        lines.insert(0, f"{location.describe()}:")
    message = "\n".join(map(visible, lines))
    if len(message) > _LONGEST:
        message = message[: _LONGEST - 1] + "…"
    told = ",".join(f"{key}={_property(value)}" for key, value in properties.items())
    return f"::{_COMMANDS[finding.severity]} {told}::{_data(message)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(visible(text)).replace(":", "%3A").replace(",", "%2C")
