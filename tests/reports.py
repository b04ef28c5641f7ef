"""Reports made by hand, for whatever text a file may hold; and readers of the formats that are strict about it."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft4Validator

from rheumcalc.checks.case import Case
from rheumcalc.findings import Finding, Related
from rheumcalc.result import FileReport, Report, Status, StudyReport
from rheumcalc.rules import rule
from rheumcalc.source import Landmark, Location, Source, Span
from rheumcalc.study.claims import StudyClaims

SCHEMA = Path(__file__).parent / "reference" / "sarif-schema-2.1.0.json"

HOSTILE = {
    "rich": "[/bold] [link=https://example.org]x[/link]",
    "html": "<script>alert(1)</script> <img src=x onerror=y> </details> &amp; <!-- x -->",
    "cdata": "]]> <![CDATA[ x ]]>",
    "controls": "a\x00b\x08c\x1b[31md\x7fe\x9bf",
    "lines": "a\nb\rc\r\nd\u2028e\u2029f\x85g\vh",
    "command": "::error::owned",
    "old command": "##[error]owned",
    "stop": "::stop-commands::x\n::set-output name=a::b",
    "percent": "50%25 %0A::error::x",
    "pipe": "a|b \\| c \\\\| d",
    "ticks": "`a` ``b`` ```",
    "end": "\\",
    "mention": "@octocat @org/team #1 GH-1 org/repo#1 :smile:",
    "links": "[x](https://example.org) https://example.org www.example.org a@example.org ![x](y)",
    "arguments": "{0} {1} [x](1)",
    "bidi": "a\u202eb\u2066c\u061cd",
    "surrogate": "a\ud800b\udfffc",
    "noncharacter": "a\ufffeb\uffffc",
    "properties": "a,b:c=d",
    "spaces": " a ",
    "empty": "",
}


def finding(text: str, name: str = "percentage-mismatch", *, place: Location | None = None) -> Finding:
    """Return a finding in which everything that is quoted is this text."""
    source = Source(f"{text}.yaml", text + "\n16 (18.2%)\n")
    where = place or Location(source, Span(len(text) + 1, len(text) + 11))
    return Finding(
        rule(name),
        f"{text} is printed.",
        where,
        printed=text,
        recomputed=text,
        steps=(text, "16/88 = 18.2%"),
        related=(Related(where, text), Related(where._replace(span=None), text)),
        study=text,
    )


def defect(text: str) -> Finding:
    """Return the finding about a file that could not be read."""
    return finding(text, "unreadable-file", place=Location(Source(f"{text}.yaml", "")))


def report(*findings: Finding, **more: Any) -> Report:
    """Return the report of a run in which each finding came from a file of its own."""
    return Report(tuple(map(_file, findings)), **more)


def _file(each: Finding) -> FileReport:
    source = each.location.source
    if each.rule.about_files:
        return FileReport(source.name, None, Status.UNREADABLE, defects=(each,))
    claims = StudyClaims(each.study or "", source)
    return FileReport(source.name, "record", Status.OK, (StudyReport(claims, (), Case(claims, frozenset()), (each,)),))


def landmarked(text: str) -> Finding:
    """Return a finding in a format that has no lines."""
    source = Source(f"{text}.docx", "16 (18.2%)", (Landmark(0, f"paragraph {text}"),))
    return finding(text, place=Location(source, Span(0, 10)))


@cache
def _validator() -> Draft4Validator:
    return Draft4Validator(json.loads(SCHEMA.read_text(encoding="utf-8")))


def sarif_run(text: str) -> dict[str, Any]:
    """Return the one run of a log, which must be valid against the official schema."""
    text.encode("utf-8")
    log = json.loads(text)
    errors = [f"{error.json_path}: {error.message[:300]}" for error in _validator().iter_errors(log)]
    assert errors == []
    (run,) = log["runs"]
    assert isinstance(run, dict)
    return run


#: How a runner reads a line: the first of these forms that a line begins with, or the second anywhere in it.
_COMMAND = re.compile(r"\s*::(?P<name>[a-zA-Z0-9-]+)(?: (?P<properties>.*?))?::(?P<data>.*)", re.DOTALL)
_OLD_COMMAND = re.compile(r"##\[(?P<name>[a-zA-Z-]+)(?: [^\]]*)?\]")


def runner_commands(text: str) -> list[tuple[str, dict[str, str], str]]:
    """Return the commands that a runner of GitHub obeys in a log, as (name, properties, data)."""
    commands = []
    token = None
    # A runner's lines end where .NET's do.
    for line in re.split(r"\r\n|\r|\n", text):
        match = _COMMAND.match(line)
        if token is not None:
            token = None if match and match["name"] == token else token
            continue
        if match and match["name"] == "stop-commands":
            token = match["data"]
            continue
        if match:
            pairs = (each.partition("=") for each in (match["properties"] or "").split(","))
            properties = {key: _unescaped(value) for key, _, value in pairs}
            commands.append((match["name"], properties, _unescaped(match["data"])))
        elif _OLD_COMMAND.search(line):
            commands.append(("old", {}, line))
    assert token is None
    return commands


def _unescaped(text: str) -> str:
    for escape, letter in (("%0D", "\r"), ("%0A", "\n"), ("%3A", ":"), ("%2C", ","), ("%25", "%")):
        text = text.replace(escape, letter)
    return text
