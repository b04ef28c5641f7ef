"""The report as Markdown for a comment on a pull request. Quoted text is set as code, where it has no other meaning.

Mentions, references to issues, links, HTML and emoji codes do not work there, by construction and not by a list.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from rheumcalc.messages import counted, visible
from rheumcalc.report.summary import conclusion, summary
from rheumcalc.rules import Severity

if TYPE_CHECKING:
    from rheumcalc.findings import Finding
    from rheumcalc.result import Report

#: The longest report, in bytes of UTF-8: GitHub refuses a comment of more than 65,536 characters.
MAX_BYTES = 60_000
#: How much of it the table may take; the rest is for the arithmetic.
_MAX_TABLE = 40_000
#: The longest text in one cell or on one line of the arithmetic, in characters.
_LONGEST = 400
_MAX_RELATED = 12
#: How many notes on how files were read are shown.
_MAX_NOTES = 20

_BACKTICKS = re.compile("`+")
_PIPE = re.compile(r"(\\*)\|")


def render_report(report: Report) -> str:
    """Return the verdict, the counts, a table of the findings, errors first, and their arithmetic folded away."""
    findings = sorted((each for each in report.findings if each.is_open), key=_severity)
    said = summary(report)
    told = (said.claims, said.reading, said.unread(_code), said.records, said.findings, *said.more)
    parts = [f"**{conclusion(report)}**", "", "\\\n".join(filter(None, told))]
    notes = [f"{file.name}: {note}" for file in report.files for note in file.notes]
    parts += ["", *(f"- {_code(note)}" for note in notes[:_MAX_NOTES])] if notes else []
    if findings:
        rows, left = _fitting(map(_row, findings), _MAX_TABLE)
        head = ["| | Place | Finding | Printed | Recomputed |", "| --- | --- | --- | --- | --- |"]
        parts += ["", *head, *rows]
        if left:
            parts += ["", f"{counted(left, 'more finding')} left out: a comment has no room for them."]
        parts += _arithmetic(findings[: len(rows)], MAX_BYTES - _size(parts))
    return "\n".join(parts)


def _severity(finding: Finding) -> int:
    return list(Severity).index(finding.severity)


def _row(finding: Finding) -> str:
    what = f"{finding.rule.code} {finding.rule.name}<br>{_cell(finding.message)}"
    cells = (
        finding.severity.value,
        _cell(_place(finding)),
        what,
        _cell(finding.printed),
        _cell(finding.recomputed),
    )
    return "| " + " | ".join(cells) + " |"


def _place(finding: Finding) -> str:
    """Return a finding's file and line, or the name of its place where lines mean nothing."""
    location = finding.location
    if location.start:
        return f"{location.source.name}:{location.start.line}"
    return location.source.name if location.span is None else f"{location.source.name}, {location.describe()}"


def _arithmetic(findings: Iterable[Finding], room: int) -> list[str]:
    """Return the steps of the findings, folded away, within a number of bytes; nothing where there are none."""
    head = ["", "<details>", "<summary>The arithmetic</summary>"]
    tail = ["", "</details>"]
    shown = [each for each in findings if each.steps or each.related]
    # Room for the sentence that says how many are left out.
    blocks, left = _fitting(map(_block, shown), room - _size([*head, *tail]) - 100)
    if not shown:
        return []
    said = ["", f"The arithmetic of {counted(left, 'more finding')} is left out."] if left else []
    return [*head, *blocks, *said, *tail]


def _block(finding: Finding) -> str:
    lines = ["", f"{finding.rule.code} at {_code(_place(finding))}", ""]
    lines += [f"- {_code(step)}" for step in finding.steps[:_MAX_RELATED]]
    for related in finding.related[:_MAX_RELATED]:
        lines.append(f"- {_code(f'{related.location.seen_from(finding.location)}: {related.message}')}")
    more = sum(max(0, len(each) - _MAX_RELATED) for each in (finding.steps, finding.related))
    if more:
        lines.append(f"- and {more} more")
    return "\n".join(lines)


def _fitting(texts: Iterable[str], room: int) -> tuple[list[str], int]:
    """Return the texts that fit before the first that does not, and how many are left."""
    kept: list[str] = []
    rest: Iterator[str] = iter(texts)
    for text in rest:
        room -= _size([text])
        if room < 0:
            return kept, 1 + sum(1 for _ in rest)
        kept.append(text)
    return kept, 0


def _size(lines: Iterable[str]) -> int:
    return sum(len(line.encode("utf-8")) + 1 for line in lines)


def _code(text: str | None) -> str:
    """Return a text as a code span: on one line, of bounded length, with a fence that it does not hold."""
    if not text:
        return ""
    shown = visible(text)
    if len(shown) > _LONGEST:
        shown = shown[: _LONGEST - 1] + "…"
    fence = "`" * (1 + max((len(run[0]) for run in _BACKTICKS.finditer(shown)), default=0))
    # One space on either side belongs to the fence; without it, a backtick at the end would lengthen it.
    pad = " " if shown[0] in "` " or shown[-1] in "` " else ""
    return f"{fence}{pad}{shown}{pad}{fence}"


def _cell(text: str | None) -> str:
    """Return a text as a code span in a table. A pipe ends a cell even in code, unless it is escaped.

    An odd number of backslashes escapes it for those who read them in pairs and for those who look at the last alone.
    """
    return _PIPE.sub(r"\1\1\\|", _code(text))
