"""The report as comments in the author's own Word document, each on the words that it is about."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from rheumcalc.documents.docx import read_docx
from rheumcalc.documents.docx_places import Trace
from rheumcalc.documents.word_styles import W
from rheumcalc.files.reading import UnreadableFileError, read_file
from rheumcalc.files.search import shown_name
from rheumcalc.files.writing import write_whole_bytes
from rheumcalc.messages import counted, unwritten
from rheumcalc.report.annotate.anchors import Anchors
from rheumcalc.report.annotate.comments import comment, written_at
from rheumcalc.report.annotate.package import Package

if TYPE_CHECKING:
    from lxml import etree

    from rheumcalc.result import FileReport, Report

#: The highest number that a comment may have.
_MAX_IDENTIFIER = 2**31 - 1
_NUMBER = re.compile(r"[0-9]{1,10}\Z")


class UnwrittenError(Exception):
    """The reason why a document with comments was not written; nothing was."""


class Annotated(NamedTuple):
    """A document with comments: how many were added, and how many findings there are that have no place in it."""

    data: bytes
    comments: int
    placeless: int

    def describe(self) -> str:
        """Describe what was done, in words."""
        told = counted(self.comments, "comment") if self.comments else "no comments; the draft is unchanged"
        if self.placeless:
            told += f"; {counted(self.placeless, 'finding')} without a place in the text, only in the report"
        return told


def annotate(data: bytes, report: FileReport) -> Annotated:
    """Return a Word document with a comment on each finding of its report that is open.

    Without findings it is returned as it is. Raises UnreadableFileError, and UnwrittenError where the report is not
    about this text.
    """
    trace = Trace(data)
    document = read_docx(data, report.name, trace)
    text = document.source.text
    if report.document is None or report.document.source.text != text:
        raise UnwrittenError(f"{report.name} has changed since it was checked")
    findings = [finding for finding in report.findings if finding.is_open]
    package = Package(data, report.name, trace.part)
    part, comments = package.comments()
    anchors = Anchors(trace.root)
    identifiers = _identifiers(comments, trace.root)
    written = written_at()
    hung = 0
    for finding in findings:
        span = finding.location.span
        points = None if span is None else trace.points(text, span)
        if points is None:
            continue
        identifier = next(identifiers)
        if anchors.add(*points, identifier):
            is_elsewhere = points[0].piece.hangs_on is not None
            comment(comments, finding, identifier, written, is_elsewhere=is_elsewhere)
            hung += 1
    if not hung:
        return Annotated(data, 0, len(findings))
    anchors.apply()
    package.replace(trace.part.partname.membername, trace.root)
    package.replace(part, comments)
    return Annotated(package.written(), hung, len(findings) - hung)


def write_annotated(report: Report, draft: str, target: str) -> Annotated:
    """Write a draft of a run with its comments to another file, and return what was written.

    Raises UnwrittenError.
    """
    name = shown_name(draft)
    try:
        file = next(file for file in report.files if file.name == name and file.document is not None)
        made = annotate(read_file(Path(draft), name), file)
        write_whole_bytes(target, made.data)
    except (StopIteration, UnreadableFileError):
        raise UnwrittenError(f"{target} is not written, since {name} cannot be read") from None
    except UnwrittenError as error:
        raise UnwrittenError(f"{target} is not written: {error}") from None
    except OSError as error:
        raise UnwrittenError(unwritten(target, error)) from None
    return made


def _identifiers(comments: etree._Element, root: etree._Element) -> Iterator[str]:
    """Yield numbers that are used by no comment of a document, and by no place that a deleted one was attached to."""
    names = [W + tag for tag in ("commentRangeStart", "commentRangeEnd", "commentReference")]
    elements = (*comments.iter(W + "comment"), *root.iter(*names))
    taken = {int(told) for each in elements if _NUMBER.match(told := each.get(W + "id") or "")}
    number = max(taken, default=-1) + 1
    while True:
        if number > _MAX_IDENTIFIER:
            number = 0
        if number not in taken:
            yield str(number)
        number += 1
