"""Divide a document into stretches about one study each."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from rheumcalc.documents.document import Block, Document, Table
from rheumcalc.source import Span


@dataclass(frozen=True)
class Section:
    """What a document says of one study: its title, if it has one, and its blocks and tables in order.

    `span` runs from the title to where the next section begins.
    """

    span: Span
    title: str | None = None
    title_span: Span | None = None
    blocks: tuple[Block, ...] = ()
    tables: tuple[Table, ...] = ()

    @property
    def spans(self) -> tuple[Span, ...]:
        """The places of the section's blocks."""
        return tuple(block.span for block in self.blocks)

    @property
    def has_body(self) -> bool:
        """Whether the section holds more than headings."""
        return bool(self.tables) or any(not block.is_heading for block in self.blocks)


def sections(document: Document) -> tuple[Section, ...]:
    """Return the stretches of a document that are about one study each.

    Headings that name or number a study (`Study In Focus 1:`, `Zhang et al (2023)`) divide a document. Where none does,
    the shallowest headings of which there are several do, those of structure (`Methods`) apart. A document without
    either is one section, and so is an article. A list of references belongs to no section; nor does what comes before
    the first study, or after the last under a heading above it: `outside` gives that.
    """
    titles = _titles(document)
    starts = [] if document.is_article else _study_titles(titles)
    end = len(document.prose) if document.body_end is None else document.body_end
    references = _references(document, titles)
    if not starts:
        whole = Span(0, end)
        # An article has its own title, whatever its words.
        fitting = (title for title in titles if (title.level == 1 if document.is_article else not title.is_structural))
        first = next(fitting, None)
        section = _section(document, whole, first if first and _leads(first, document) else None, references)
        return (section,) if section.has_body else ()
    ranges = _ranges(starts, titles, end)
    found = (_section(document, span, title, references) for title, span in ranges)
    return tuple(section for section in found if section.has_body)


def outside(document: Document) -> Section:
    """Return what belongs to no study: a preface, an afterword; references are left out all the same."""
    inside = sections(document)
    spans = {span for section in inside for span in section.spans} | _references(document, _titles(document))
    numbers = {table.number for section in inside for table in section.tables}
    return Section(
        Span(0, len(document.prose)),
        blocks=tuple(block for block in document.blocks if block.span not in spans),
        tables=tuple(table for table in document.tables if table.number not in numbers),
    )


class _Title(NamedTuple):
    """A heading, joined with those that follow it at once and go on with it: `Study In Focus 1:` and its title.

    `has_body` says whether anything but another heading follows.
    """

    span: Span
    text: str
    level: int | None
    order: int
    is_structural: bool
    is_study: bool
    has_body: bool

    @property
    def depth(self) -> int:
        """The level for comparison; headings of plain text are all alike."""
        return self.level or 1


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


#: Words of headings that divide one study's account, in every combination: `Patients and methods`, `Main results`.
_STRUCTURE = _words(
    "a abstract acknowledgement acknowledgements acknowledgment acknowledgments additional adverse aim aims "
    "allocation analyses analysis and appendix appraisal arms assessment assessments at author authors background "
    "baseline between bottom characteristics clinical comment commentary comments comparison comparisons competing "
    "conclusion conclusions conflict conflicts consent considerations contributions criteria critical data "
    "declaration declarations demographic demographics description design development disclosure disclosures "
    "disposition discussion disease dose eligibility endpoint endpoints ethical ethics evaluation evaluations event "
    "events exclusion efficacy figure figures final finding findings first flow follow follow-up for from funding "
    "groups highlights history home implications important inclusion in interest interests interim interpretation "
    "intervention interventions introduction its key keywords laboratory learn limitation limitations line long "
    "main material materials matters mean means measure measures message messages method methodology methods month "
    "months need note notes objective objectives of on other our outcome outcomes overall overview participant "
    "participants patient patients point points population populations practice pre-specified primary procedures "
    "protocol publication purpose randomisation randomization rationale recruitment registration related response "
    "responses result results review run-in safety sample secondary selection setting settings short side effects "
    "effect size statement statements statistical statistics strength strengths study studies subgroup subgroups "
    "subjects summary supplementary supporting take takeaway takeaways take-home term the these this to "
    "tolerability tolerance treatment treatments trial up we week weeks what why with year years"
)
_REFERENCE_WORDS = _words("references reference bibliography literature citations sources cited")
_NUMBERING = re.compile(r"\s*(?:[0-9]{1,2}(?:\.[0-9]{1,2}){0,3}[.)]?|[A-HIVX]{1,4}[.)])\s+")
_WORDS = re.compile(r"[^\W_](?:[^\W_]|[-'’](?=[^\W_]))*")

#: A heading that says that it begins a study: by number, by its authors and year, or by a citation key.
_STUDY = re.compile(
    r"\W{0,4}(?i:study|trial|paper|article|spotlight)\b(?:\s+(?i:in|of|the|focus|spotlight|review|no\.?|number)\b){0,3}"
    r"\s*[#№:.–-]{0,2}\s*(?:[0-9]{1,3}|[IVX]{1,4}|(?i:one|two|three|four|five|six|seven|eight|nine|ten))\b"
    r"|\W{0,4}(?i:study|trial|paper|article)\s+(?i:in\s+focus|spotlight|of\s+the\s+(?:week|month|quarter))\b"
    r"|.{0,150}\bet\s+al\b|.{0,300}\(\s*(?:19|20)[0-9]{2}[a-z]?\s*\)\W*\Z"
)
_CITED = re.compile(r"\[-?@|\{[^{}]{0,200}\bstudy\s*=")
_ATTRIBUTES = re.compile(r"\s*\{[^{}]{0,300}\}\s*\Z")


def _titles(document: Document) -> list[_Title]:
    """Return the headings, each joined with those that go on with it."""
    titles: list[_Title] = []
    blocks = document.blocks
    index = 0
    while index < len(blocks):
        if not blocks[index].is_heading:
            index += 1
            continue
        first = last = index
        is_study = _begins_study(document, blocks[first].span)
        while is_study and _goes_on(document, last):
            last += 1
        titles.append(_title(document, first, last, is_study=is_study))
        index = last + 1
    return titles


def _title(document: Document, first: int, last: int, *, is_study: bool) -> _Title:
    blocks = document.blocks
    span = Span(blocks[first].span.start, blocks[last].span.end)
    text = " ".join(_ATTRIBUTES.sub("", document.text_of(block.span)) for block in blocks[first : last + 1])
    return _Title(
        span,
        " ".join(text.split()),
        blocks[first].level,
        first,
        is_structural=not is_study and _is_structural(text),
        is_study=is_study,
        has_body=_has_body(document, last),
    )


def _goes_on(document: Document, index: int) -> bool:
    """Decide whether the heading after this one only continues it: a title under `Study 1`."""
    if _has_body(document, index) or index + 1 >= len(document.blocks):
        return False
    here, after = document.blocks[index], document.blocks[index + 1]
    text = document.text_of(after.span)
    is_deep_enough = (after.level or 1) >= (here.level or 1)
    return is_deep_enough and not _begins_study(document, after.span) and not _is_structural(text)


def _has_body(document: Document, index: int) -> bool:
    """Decide whether something other than a heading follows a heading."""
    if index + 1 >= len(document.blocks):
        return bool(document.tables_between(document.blocks[index].span.end, len(document.prose)))
    after = document.blocks[index + 1]
    if not after.is_heading:
        return True
    return bool(document.tables_between(document.blocks[index].span.end, after.span.start))


def _begins_study(document: Document, span: Span) -> bool:
    text = document.text_of(span)[:1000]
    return bool(_STUDY.match(" ".join(text.split())) or _CITED.search(document.source.cut(span)[:1000]))


def _heading_words(text: str) -> list[str]:
    text = _NUMBERING.sub("", text[:500], count=1)
    return [word.lower() for word in _WORDS.findall(text)]


def _is_structural(text: str) -> bool:
    words = _heading_words(text)
    return all(word in _STRUCTURE or word in _REFERENCE_WORDS or word.isdigit() for word in words)


def _is_reference_heading(text: str) -> bool:
    words = _heading_words(text)
    return 0 < len(words) <= 4 and any(word in _REFERENCE_WORDS for word in words) and _is_structural(text)


def _leads(title: _Title, document: Document) -> bool:
    """Decide whether a heading comes before everything else, as a document's own title does."""
    return title.order == 0 and not document.tables_between(0, title.span.start)


def _study_titles(titles: Sequence[_Title]) -> list[_Title]:
    """Return the headings that begin a section, or none where the document is one section."""
    marked = [title for title in titles if title.is_study]
    if marked:
        # A heading of the same level that names no study ends one; in plain text that cannot be decided.
        level = min(title.depth for title in marked)
        return [
            title
            for title in titles
            if title.is_study
            or (title.level == level and not title.is_structural)
            or (title.depth < level and title.order > marked[0].order and not title.is_structural)
        ]
    candidates = [title for title in titles if not title.is_structural]
    found = _shallowest(candidates)
    return found if len(found) > 1 else []


def _shallowest(titles: Sequence[_Title]) -> list[_Title]:
    """Return the shallowest headings of which there are several, looking inside those that only group others."""
    while titles:
        level = min(title.depth for title in titles)
        top = [index for index, title in enumerate(titles) if title.depth == level]
        if titles[0].level is None:
            # A plain text's first line is its own title; only lines with a text under them are titles of studies.
            return [title for title in titles if title.has_body]
        groups = [
            (titles[start], titles[start + 1 : end]) for start, end in zip(top, (*top[1:], len(titles)), strict=True)
        ]
        if len(groups) == 1:
            # One heading above all others is the document's own title.
            titles = [*titles[: top[0]], *groups[0][1]]
            continue
        found: list[_Title] = []
        for title, below in groups:
            inner = [] if title.has_body else _shallowest(below)
            found += inner if len(inner) > 1 else [title]
        return found
    return []


def _ranges(starts: Sequence[_Title], titles: Sequence[_Title], length: int) -> list[tuple[_Title, Span]]:
    """Return each study's title with its stretch."""
    ranges: list[tuple[_Title, Span]] = []
    beside: list[int | None] = []
    level = min(title.depth for title in starts)
    for title, after in zip(starts, (*starts[1:], None), strict=True):
        high = after.span.start if after else length
        inner = titles[_at(titles, title.span.start) + 1 : _at(titles, high)]
        above = (other.span.start for other in inner if other.level is not None and other.depth < title.depth)
        high = next(above, high)
        ranges.append((title, Span(title.span.start, high)))
        same = (other.span.start for other in inner if other.is_structural and other.level == level)
        beside.append(next((start for start in same if start < high), None))
    # Where no other study is divided by headings of its own level, such a heading after the last is an afterword.
    if len(ranges) > 1 and beside[-1] is not None and not any(beside[:-1]):
        title, span = ranges[-1]
        ranges[-1] = (title, Span(span.start, beside[-1]))
    return ranges


def _at(titles: Sequence[_Title], offset: int) -> int:
    """Return the index of the first heading at or after an offset."""
    return bisect_left(titles, offset, key=lambda title: title.span.start)


_NUMBERED = re.compile(r"\s*(?:\[\^?[\w-]{1,30}\]:?|\(?[0-9]{1,3}[.)\]])\s+\S")
_INITIALS = re.compile(
    r"\s*[A-Z][\w'’-]{0,40}(?: [A-Z][\w'’-]{0,40}){0,2},? [A-Z](?:[A-Z]{0,3}|(?:\. ?[A-Z]){0,3})[.,]"
)
_PUBLISHED = re.compile(
    r"\b(?:19|20)[0-9]{2}[a-z]?(?: [A-Z][a-z]{2}(?: [0-9]{1,2})?)?\s*;\s*[0-9]{1,4}\s*[(:]|\bdoi\b|https?://|\bPMID\b",
    re.IGNORECASE,
)


#: How much may follow the year and volume of a reference: pages, identifiers.
_AFTER_PLACE = 120


def _references(document: Document, titles: Sequence[_Title]) -> set[Span]:
    """Return the places of references: all under such a heading, and paragraphs that read like one."""
    found: set[Span] = set()
    headings = {title.order: title for title in titles}
    ruling: _Title | None = None
    for index, block in enumerate(document.blocks):
        title = headings.get(index)
        if title is not None:
            if _is_reference_heading(title.text):
                ruling = title
            elif ruling and (title.level is None or title.depth <= ruling.depth):
                ruling = None
        if ruling or (not block.is_heading and _is_reference(document.source.cut(block.span))):
            found.add(block.span)
    return found


def _is_reference(text: str) -> bool:
    """Decide whether a paragraph is a reference, or a list of them, as journals print them."""
    line = text[:2000].strip().splitlines()[:1]
    if not line or "%" in line[0] or not (_NUMBERED.match(line[0]) or _INITIALS.match(line[0])):
        return False
    last = max((match.end() for match in _PUBLISHED.finditer(line[0])), default=None)
    return last is not None and len(line[0]) - last <= _AFTER_PLACE


def _section(document: Document, span: Span, title: _Title | None, references: set[Span]) -> Section:
    return Section(
        span,
        title.text if title else None,
        title.span if title else None,
        tuple(block for block in document.blocks_between(*span) if block.span not in references),
        document.tables_between(*span),
    )
