"""The report as SARIF 2.1.0, the format in which code hosts and editors take findings."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from rheumcalc._version import __version__
from rheumcalc.findings import fingerprints
from rheumcalc.messages import visible
from rheumcalc.report.summary import read_counts
from rheumcalc.result import Status
from rheumcalc.rules import RULES, Rule, Severity

if TYPE_CHECKING:
    from rheumcalc.findings import Finding
    from rheumcalc.result import FileReport, Report
    from rheumcalc.source import Location

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
#: Under this name GitHub and others compare the fingerprints of two runs. A new way to make them gets a new name.
FINGERPRINT = "rheumcalc/v1"
#: The longest full description that GitHub takes, in UTF-16 units.
_LONGEST = 1024
#: How many places of one finding GitHub shows; it refuses a log with ten times as many.
_MAX_RELATED = 100

_PROBLEMS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "recommendation"}
#: What would be read as a link or as the place of an argument in a message.
_PLACEHOLDER = re.compile(r"\{([0-9]+)\}")
_DRIVE = re.compile(r"[A-Za-z]:/")


def render_report(report: Report) -> str:
    """Return a log with one run: every rule that applied, and every finding that is neither ignored nor known."""
    rules = [rule for rule in RULES if rule.code in report.rules or rule.about_files]
    places = {rule.code: index for index, rule in enumerate(rules)}
    results = [
        _result(finding, mark, places[finding.rule.code])
        for finding, mark in fingerprints(report.findings)
        if finding.is_open
    ]
    notices = [notice for file in report.files for notice in _notices(file)]
    invocation: dict[str, Any] = {"executionSuccessful": all(file.status is Status.OK for file in report.files)}
    if notices:
        invocation["toolExecutionNotifications"] = notices
    reading = report.reading
    run = {
        "tool": {
            "driver": {
                "name": "rheumcalc",
                "version": __version__,
                "semanticVersion": __version__,
                "rules": [_rule(rule) for rule in rules],
            }
        },
        "columnKind": "unicodeCodePoints",
        "invocations": [invocation],
        "artifacts": [
            {"location": {"uri": file_uri(name)}, "roles": ["analysisTarget"]}
            for name in dict.fromkeys(file.name for file in report.files)
        ],
        "results": results,
        "properties": {
            "ignored": report.ignored,
            "knownFromBaseline": report.known,
            **({"notRead": read_counts(reading)} if reading else {}),
        },
    }
    log = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(log, indent=1, ensure_ascii=False)


def _rule(rule: Rule) -> dict[str, Any]:
    page = rule.page
    return {
        "id": rule.code,
        "name": rule.name,
        "shortDescription": {"text": f"{rule.summary[0].upper()}{rule.summary[1:]}."},
        "fullDescription": {"text": _description(page)},
        "help": {"text": page, "markdown": page},
        "defaultConfiguration": {"level": rule.severity.value},
        "properties": {"problem.severity": _PROBLEMS[rule.severity]},
    }


def _description(page: str) -> str:
    """Return what a rule finds and what it checks, as its page says it: as many whole sentences as there is room for.

    A page has each sentence on a line of its own.
    """
    _, first, *rest = page.split("\n\n")
    checks = next((text for heading, text in pairwise(rest) if heading == "## What it checks"), "")
    description = ""
    for sentence in (*first.splitlines(), *checks.splitlines()):
        longer = f"{description} {sentence}".strip()
        if len(longer.encode("utf-16-le")) // 2 > _LONGEST:
            break
        description = longer
    return description


def _result(finding: Finding, fingerprint: str, rule_index: int) -> dict[str, Any]:
    result: dict[str, Any] = {
        "ruleId": finding.rule.code,
        "ruleIndex": rule_index,
        "level": finding.severity.value,
        "message": _message(finding),
        "locations": [_location(finding.location)],
    }
    related = [
        {"id": number, **_location(each.location), "message": {"text": _literal(each.message)}}
        for number, each in enumerate(finding.related[:_MAX_RELATED], 1)
    ]
    if related:
        result["relatedLocations"] = related
    result["partialFingerprints"] = {FINGERPRINT: fingerprint}
    told = {"study": finding.study, "printed": finding.printed, "recomputed": finding.recomputed}
    properties = {key: visible(value) for key, value in told.items() if value is not None}
    if properties:
        result["properties"] = properties
    return result


def _notices(file: FileReport) -> Iterator[dict[str, Any]]:
    """Yield what prevented a file from being checked, and any notes on how it was read."""
    for finding in file.defects:
        yield {
            "descriptor": {"id": finding.rule.code},
            "level": finding.severity.value,
            "message": _message(finding),
            "locations": [_location(finding.location)],
        }
    for note in file.notes:
        place = {"physicalLocation": {"artifactLocation": {"uri": file_uri(file.name)}}}
        yield {"level": "note", "message": {"text": _literal(note)}, "locations": [place]}


def _message(finding: Finding) -> dict[str, str]:
    return {"text": "\n".join(map(_literal, (finding.message, *finding.steps)))}


def _location(location: Location) -> dict[str, Any]:
    """Return a place: its file, its region where the file has lines, and its name if it has one."""
    physical: dict[str, Any] = {"artifactLocation": {"uri": file_uri(location.source.name)}}
    start, end = location.start, location.end
    if start and end:
        physical["region"] = {
            "startLine": start.line,
            "startColumn": start.column,
            "endLine": end.line,
            "endColumn": end.column,
        }
    place: dict[str, Any] = {"physicalLocation": physical}
    if location.name is not None or (start is None and location.span is not None):
        named = visible(location.describe())
        place["logicalLocations"] = [{"name": named, "fullyQualifiedName": named}]
        place["message"] = {"text": _literal(location.describe())}
    return place


def _literal(text: str) -> str:
    """Return a text that no reader of SARIF mistakes for a link or a placeholder."""
    return _PLACEHOLDER.sub(r"{{\1}}", visible(text)).replace("](", "] (")


def file_uri(name: str) -> str:
    """Return a file's name as a URI: relative, as names below the working directory are, or of the scheme `file`."""
    path = name.replace("\\", "/") if os.sep == "\\" else name
    encoded = quote(path, safe="/", errors="replace")
    if path.startswith("/"):
        return f"file://{encoded}" if not path.startswith("//") else f"file:{encoded}"
    if os.sep == "\\" and _DRIVE.match(path):
        return f"file:///{path[:2]}{quote(path[2:], safe='/', errors='replace')}"
    return encoded
