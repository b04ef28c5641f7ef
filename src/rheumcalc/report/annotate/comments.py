"""What a comment says, for doctors: what is wrong, the arithmetic, and the other places. Quoted text is only text."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from rheumcalc.documents.word_styles import W
from rheumcalc.messages import visible
from rheumcalc.rules import Severity

if TYPE_CHECKING:
    from lxml import etree

    from rheumcalc.findings import Finding
    from rheumcalc.source import Location

AUTHOR = "rheumcalc"
INITIALS = "rc"

#: How many other places of one finding are listed, and the longest line, in characters; JSON has all of it.
_MAX_RELATED = 12
_LONGEST = 1_000
#: How much of the words is repeated in a comment that is attached elsewhere.
_MAX_WORDS = 200
_FOLDERS = re.compile(r".*[/\\]", re.DOTALL)
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"


def comment(root: etree._Element, finding: Finding, identifier: str, written: str, *, is_elsewhere: bool) -> None:
    """Add the comment on a finding to those of a document; `is_elsewhere`: not attached to its words."""
    made = _made(root, "comment", id=identifier, author=AUTHOR, date=written, initials=INITIALS)
    for number, line in enumerate(_lines(finding, is_elsewhere=is_elsewhere)):
        paragraph = _made(made, "p")
        _made(_made(paragraph, "pPr"), "pStyle", val="CommentText")
        if not number:
            run = _made(paragraph, "r")
            _made(_made(run, "rPr"), "rStyle", val="CommentReference")
            _made(run, "annotationRef")
        run = _made(paragraph, "r")
        if not number:
            _made(_made(run, "rPr"), "b")
        text = _made(run, "t")
        text.set(_SPACE, "preserve")
        text.text = visible(line if len(line) <= _LONGEST else line[: _LONGEST - 1] + "…")


def written_at() -> str:
    """Return the time of writing in the format of comments: now, or that of SOURCE_DATE_EPOCH."""
    moment = datetime.now(UTC)
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    if epoch.isdecimal():
        try:
            moment = datetime.fromtimestamp(int(epoch), UTC)
        except (ValueError, OverflowError, OSError):
            # A year out of range.
            moment = datetime.now(UTC)
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def _lines(finding: Finding, *, is_elsewhere: bool) -> Iterator[str]:
    rule = finding.rule
    yield f"{finding.severity.capitalize()} {rule.code} {rule.name.replace('-', ' ')}"
    location = finding.location
    if is_elsewhere and location.span is not None:
        words = " ".join(location.source.cut(location.span).split())
        shown = words if len(words) <= _MAX_WORDS else words[: _MAX_WORDS - 1] + "…"
        yield f"In {location.describe()}: “{shown}”"
    yield finding.message
    yield from (f"· {step}" for step in finding.steps)
    for related in finding.related[:_MAX_RELATED]:
        yield f"→ {_seen_from(location, related.location)}: {related.message}"
    if len(finding.related) > _MAX_RELATED:
        yield f"→ and {len(finding.related) - _MAX_RELATED} more"
    doubt = "rheumcalc cannot tell which of the numbers is wrong. " if rule.severity is Severity.ERROR else ""
    yield f"{doubt}More on this: rheumcalc rule {rule.code}"


def _seen_from(here: Location, there: Location) -> str:
    """Return a place as people read it; of another file its name alone, for the comment goes to others."""
    if there.source.name == here.source.name:
        return there.describe()
    return f"{_FOLDERS.sub('', there.source.name)}, {there.describe()}"


def _made(parent: etree._Element, tag: str, **attributes: str) -> etree._Element:
    element = parent.makeelement(W + tag, {W + name: value for name, value in attributes.items()})
    parent.append(element)
    return element
