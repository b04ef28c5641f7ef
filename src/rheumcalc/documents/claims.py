"""A draft to its claims: results and sizes, whom each result is taken of, when, and what a response must be."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cached_property

from rheumcalc.documents import (
    Document,
    Marker,
    Section,
    Table,
    TableReading,
    TableResult,
    outside,
    read_table,
    sections,
)
from rheumcalc.documents.generated import MarkedValues, without_generated
from rheumcalc.numbers.printed import Printed, PrintedError
from rheumcalc.numbers.timepoint import Timepoint
from rheumcalc.prose.definitions import Definition, response_definitions
from rheumcalc.prose.differences import Difference, find_differences
from rheumcalc.prose.doubts import counted_by, estimate_by_words, size_by_label
from rheumcalc.prose.estimators import Estimators
from rheumcalc.prose.mentions import Mention
from rheumcalc.prose.others import Others
from rheumcalc.prose.reported import parse_reported
from rheumcalc.prose.sizes import SampleSize, sample_sizes
from rheumcalc.prose.surroundings import LISTED, Surroundings
from rheumcalc.prose.text import read_text
from rheumcalc.prose.times import result_times
from rheumcalc.prose.tokens import Tokens, whole_numbers
from rheumcalc.source import Location, Source, Span
from rheumcalc.study.claims import (
    Claim,
    DifferenceClaim,
    Group,
    Naming,
    NotRead,
    OtherReading,
    ProportionClaim,
    StudyClaims,
    Subject,
    Words,
)
from rheumcalc.study.doubts import Doubt

#: How much of the words around a result is shown as its label, in characters.
_LABEL = 72
_BRACKETS = re.compile(r"[(\[][^()\[\]]{0,60}[)\]]")
#: How much text beside a table may say what its numbers are, in characters.
_NOTES = 300
_PARAGRAPH_END = re.compile(r"\n[ \t]*\r?\n")
#: How a draft names a study by a key: a citation, or an attribute of a heading.
_KEY = re.compile(
    r"\[-?@(?P<cited>[\w:.#$%&+?<>~/-]{1,100}?)(?=[\],;\s])|\{[^{}\n]{0,200}?\bstudy=[\"']?(?P<study>[\w.-]{1,100})"
)
_FRONT_MATTER = re.compile(r"---[ \t]*\r?\n(?:(?!---|\.\.\.).{0,1000}\r?\n){0,50}?study:[ \t]*(?P<study>[^\s#]{1,100})")
#: The words that name a response, by which a definition and a result are known to be about one thing.
_RESPONSES = re.compile(r"\b(?:respon[ds]\w*|remission|inactiv\w+)\b", re.IGNORECASE)


def claims_from_draft(document: Document) -> tuple[StudyClaims, ...]:
    """Return what a draft claims, study by study: its sections are kept apart.

    A part that claims nothing is among them where something in it was not read.
    """
    document = without_generated(document)
    parts = sections(document)
    reader = _Reader(document.source, document.prose, document.markers, [part.title for part in parts if part.title])
    studies = [(section, reader.naming(section)) for section in parts]
    # What stands before the first study and after the last is of no study, and is read all the same.
    studies.append((outside(document), Naming()))
    studies.sort(key=lambda part: part[0].spans[:1])
    claims = (reader.study(part, naming) for part, naming in studies)
    return tuple(study for study in claims if study.claims or study.groups or study.not_read)


def claims_from_text(source: Source) -> StudyClaims:
    """Return what a plain text claims that speaks of one study, such as an abstract."""
    reader = _Reader(source, source.text)
    whole = Section(Span(0, len(source.text)))
    return reader.study(whole)


def extract_claims(text: str) -> tuple[Claim, ...]:
    """Return what a text claims, unjudged: counts, denominators and percentages, with their places in the text."""
    return claims_from_text(Source("text", text)).claims


class _Reader:
    """Reads a whole text once, and deals out what was found to its sections."""

    def __init__(self, source: Source, prose: str, markers: Sequence[Marker] = (), titles: Sequence[str] = ()) -> None:
        self.source = source
        self.markers = markers
        self.marked = MarkedValues(markers)
        reading = read_text(prose)
        self.tokens = reading.tokens
        self.mentions = reading.mentions
        self.not_read = reading.others
        self.sizes = sample_sizes(self.tokens, self.mentions)
        self.differences = find_differences(self.tokens)
        self.times = result_times(self.tokens, self.mentions)
        self.surroundings = Surroundings(self.tokens, self.mentions)
        named = {word.strip(".,:;()").lower() for title in titles for word in title.split()}
        self.others = Others(self.tokens, self.sizes, named)
        self.prose = prose
        reported = [mention.reported for mention in self.mentions]
        printed = [number for each in reported for number in (each.count, each.denominator, each.percent)]
        printed += [size.n for size in self.sizes]
        self.taken = {number.span.start for number in printed if number is not None and number.span is not None}

    @cached_property
    def definitions(self) -> list[Definition]:
        """How long responses must last, which only the times of results are held against."""
        return response_definitions(self.tokens) if self.times else []

    @cached_property
    def numbers(self) -> list[tuple[int, int]]:
        """The whole numbers that the text prints, with their places."""
        return list(whole_numbers(self.tokens))

    @cached_property
    def estimators(self) -> Estimators:
        """What sentences say of how percentages elsewhere were made."""
        return Estimators(self.tokens)

    def study(self, section: Section, naming: Naming | None = None) -> StudyClaims:
        """Return the claims of one section; of a document with a `naming`, only what stands in its own blocks."""
        inside = None if naming is None else _Inside(section)
        mentions = [(index, each) for index, each in enumerate(self.mentions) if _is_in(inside, each.span)]
        captions = [table.caption for table in section.tables if table.caption]
        sizes = [size for size in self.sizes if size.n.span and _is_in(inside, size.n.span)]
        sizes += [size for caption in captions for size in self._sizes_in(caption)]
        tables = [read_table(table, self.source.text, self._below(table)) for table in section.tables]
        cells = [cell for table in tables for cell in table.results]
        sizes += [SampleSize(n, "arm") for n in {cell.column for cell in cells if cell.column}]
        sizes += [SampleSize(n, "subset") for n in {size for cell in cells for size in (cell.row, cell.total) if size}]
        definitions = [each for each in self.definitions if _is_in(inside, each.span)]
        differences = [each for each in self.differences if _is_in(inside, each.span)]
        proportions = [*self._prose(mentions, sizes, definitions), *map(self._cell, cells)]
        unread = self._unread_values(inside, proportions)
        claims: list[Claim] = [*proportions, *unread, *map(self._difference, differences)]
        return StudyClaims(
            study=section.title or self.source.name,
            source=self.source,
            groups=_groups(self.source, sizes, proportions),
            claims=tuple(sorted(claims, key=lambda claim: claim.location.order())),
            presumes_sharing=False,
            naming=naming,
            other_numbers=self._other_numbers(section.span) if _share_a_size(proportions) else frozenset(),
            not_read=(*self._not_read(inside), *self._cells_not_read(tables)),
        )

    def _not_read(self, inside: _Inside | None) -> Iterator[NotRead]:
        """Yield the percentages of the prose that are in no claim, each with the reason, if there is one."""
        marked = [body for _, body in self.marked.bodies]
        for span, nature in self.not_read:
            if _is_in(inside, span) and not any(body.start <= span.start < body.end for body in marked):
                reason = None if nature is None else nature.value
                yield NotRead(self.source.cut(span), Location(self.source, span), reason)

    def _cells_not_read(self, tables: Iterable[TableReading]) -> Iterator[NotRead]:
        """Yield the cells that look like a result and are in no claim, each with the reason, if there is one."""
        for table in tables:
            for span, place, reason in table.not_read:
                yield NotRead(self.source.cut(span), Location(self.source, span, place), reason)

    def _sizes_in(self, caption: Span) -> Iterator[SampleSize]:
        """Yield the sizes that a table's caption states; of whom its rows are parts, it does not say."""
        read = read_text(self.source.cut(caption))
        for size in sample_sizes(read.tokens, read.mentions):
            if size.n.span is not None:
                yield replace(size, n=size.n.at(size.n.span.shifted(caption.start)), role="subset", said=None)

    def _unread_values(self, inside: _Inside | None, read: Iterable[ProportionClaim]) -> Iterator[ProportionClaim]:
        """Yield what markers hold that is not known for a result by its words, such as a percentage alone.

        A marker says that it is one, so that no word need.
        """
        known = {claim.address[1] for claim in read if claim.address is not None}
        for marker, body in self.marked.bodies:
            location = Location(self.source, marker.span)
            if location in known or not _is_in(inside, body):
                continue
            text = self.source.cut(body)
            start = body.start + len(text) - len(text.lstrip())
            try:
                reported = parse_reported(text.strip()).placed(Span(start, start + len(text.strip())), verbatim=True)
            except PrintedError:
                continue
            yield ProportionClaim(
                subject=Subject(),
                text=reported.text,
                location=Location(self.source, Span(start, start + len(text.strip()))),
                count=reported.count,
                denominator=reported.denominator,
                percent=reported.percent,
                hedge=reported.hedge,
                passage=self.others.paragraph(body),
                address=(marker.arguments, location),
            )

    def naming(self, section: Section) -> Naming:
        """Return how a section names its study; a key in its heading or a marker goes before those in its text."""
        span = section.span
        marked = [
            (marker.arguments, Location(self.source, marker.span))
            for marker in self.markers
            if marker.verb == "study" and span.start <= marker.span.start < span.end
        ]
        head = section.title_span
        if not marked and head is not None:
            # The attributes of a heading follow its text.
            line_end = self.source.text.find("\n", head.end)
            marked = self._keys(head.start, line_end if line_end >= 0 else len(self.source.text))
        if not marked and (front := _FRONT_MATTER.match(self.source.text)):
            marked = [(front["study"].strip("\"'"), Location(self.source, Span(*front.span("study"))))]
        if not marked:
            cited = self._keys(*span)
            marked = cited[:1] if len({key for key, _ in cited}) == 1 else []
        words = " ".join(self.prose[block.span.start : block.span.end] for block in section.blocks)
        return Naming(tuple(marked), section.title, words)

    def _keys(self, low: int, high: int) -> list[tuple[str, Location]]:
        """Return the keys by which a stretch of text names studies: `[@zhang2023]`, `{study=zhang-2023}`."""
        return [
            (match["cited"] or match["study"], Location(self.source, Span(*match.span(match.lastgroup or 0))))
            for match in _KEY.finditer(self.source.text, low, high)
        ]

    def _other_numbers(self, span: Span) -> frozenset[int]:
        """Return the whole numbers that a stretch prints, those of its results and sizes left out."""
        low, high = span
        first = bisect_left(self.numbers, (low, 0))
        last = bisect_left(self.numbers, (high, 0))
        return frozenset(number for place, number in self.numbers[first:last] if place not in self.taken)

    def _prose(
        self, mentions: Sequence[tuple[int, Mention]], sizes: Iterable[SampleSize], definitions: Sequence[Definition]
    ) -> Iterator[ProportionClaim]:
        numbers = [size.n for size in sizes] + [mention.reported.count for _, mention in mentions]
        counted = sorted((n.span, n) for n in numbers if n is not None and n.span is not None)
        for index, mention in mentions:
            yield self._claim(mention, counted, self.times.get(index), definitions)

    def _claim(
        self,
        mention: Mention,
        counted: Sequence[tuple[Span, Printed]],
        timepoint: Timepoint | None,
        definitions: Sequence[Definition],
    ) -> ProportionClaim:
        """Return a mention as a claim; `counted` are the groups counted in the text, which `of them` may mean."""
        reported, antecedent = mention.reported, mention.antecedent
        of, of_words, words = None, None, self._around(mention.span)
        if antecedent is not None:
            of_words = self.source.cut(antecedent.span)
            first = min(antecedent.span.start, mention.span.start)
            # `16 (18.2%) and 2 (2.3%) of them`: the neighbour in the list is not meant, unless the words stand between.
            in_list = antecedent.span.start > mention.span.start
            of = antecedent.number or self._counted_before(first, counted, in_list=in_list)
        return ProportionClaim(
            subject=Subject(label=_shortened(words), timepoint=timepoint),
            text=self.source.cut(mention.span),
            location=Location(self.source, mention.span),
            count=reported.count,
            denominator=reported.denominator,
            percent=reported.percent,
            hedge=reported.hedge,
            unit=mention.unit,
            doubt=mention.doubt or self._doubt_elsewhere(mention),
            alternatives=tuple(OtherReading(other.count, other.denominator) for other in mention.alternatives),
            passage=self.others.paragraph(mention.span),
            others=self._others(mention),
            antecedent=of,
            antecedent_words=of_words,
            is_printed_antecedent=antecedent is not None and antecedent.number is not None,
            words=words,
            wording=self.surroundings.wording(mention.span) if reported.count else None,
            duration=self._duration(mention, definitions) if timepoint else None,
            address=self._address(mention.span),
        )

    def _doubt_elsewhere(self, mention: Mention) -> Doubt | None:
        """Return how a percentage was made where another sentence says so: `relapses were Kaplan-Meier estimates`."""
        if mention.reported.percent is None or not (mention.reported.count or mention.antecedent):
            return None
        return self.estimators.doubt(self.tokens, mention.span)

    def _address(self, span: Span) -> tuple[str, Location] | None:
        marker = self.marked.around(span)
        return (marker.arguments, Location(self.source, marker.span)) if marker else None

    def _others(self, mention: Mention) -> str | None:
        if mention.reported.count is None or mention.reported.percent is None:
            return None
        return self.others.of(mention.span, names_people=mention.names_people)

    def _around(self, span: Span) -> Words:
        return Words(*self.surroundings.around(span))

    def _counted_before(self, place: int, counted: Sequence[tuple[Span, Printed]], *, in_list: bool) -> Printed | None:
        """Return the last group counted before a place; `in_list` passes over the neighbours in a list of results."""
        for index in range(bisect_left(counted, (Span(place, place),)) - 1, -1, -1):
            span, number = counted[index]
            between = self.prose[span.end : place]
            if _PARAGRAPH_END.search(between):
                return None
            if not in_list or not LISTED.fullmatch(_BRACKETS.sub(" ", between)):
                return number
            place = span.start
        return None

    def _duration(self, mention: Mention, definitions: Sequence[Definition]) -> Timepoint | None:
        """Return how long the response that a result speaks of must last, by the last definition before it."""
        before = [each for each in definitions if each.span.end <= mention.span.start]
        if not before:
            return None
        defined = _RESPONSES.search(self.source.cut(before[-1].span))
        told = _RESPONSES.search(self.surroundings.after(mention.span.end))
        is_same = defined and told and defined[0][:6].lower() == told[0][:6].lower()
        return before[-1].duration if is_same else None

    def _cell(self, cell: TableResult) -> ProportionClaim:
        """Return a cell as a claim, with what its headings, its notes and the text make doubtful."""
        reported = cell.reported
        words = f"{cell.label} {cell.header}"
        return ProportionClaim(
            subject=Subject(label=" · ".join(filter(None, (cell.label, cell.header)))),
            text=self.source.cut(cell.span),
            location=Location(self.source, cell.span, cell.place),
            count=reported.count,
            denominator=reported.denominator,
            percent=reported.percent,
            hedge=reported.hedge,
            unit=_unit_of(cell),
            doubt=cell.doubt
            or estimate_by_words(Tokens(words))
            or self.estimators.doubt_of_words(words)
            or size_by_label(reported),
            column=cell.column or cell.row or cell.total,
            address=self._address(cell.span),
        )

    def _below(self, table: Table) -> str:
        """Return the text right below a table, where its notes stand in formats that do not say which they are."""
        return self.prose[table.span.end : table.span.end + _NOTES].lstrip("\n")

    def _difference(self, difference: Difference) -> DifferenceClaim:
        return DifferenceClaim(
            subject=Subject(label=_shortened(self._around(difference.span))),
            text=self.source.cut(difference.span),
            location=Location(self.source, difference.span),
            first=difference.first,
            second=difference.second,
            change=difference.change,
            unit=difference.unit,
        )


def _share_a_size(proportions: Iterable[ProportionClaim]) -> bool:
    """Decide whether results print no denominator, so that the text's other numbers may be their size."""
    return any(
        claim.count is not None and claim.percent is not None and claim.denominator is None for claim in proportions
    )


class _Inside:
    """The places that belong to a section, asked in the time of a search."""

    def __init__(self, section: Section) -> None:
        captions = {table.caption for table in section.tables}
        spans = [block.span for block in section.blocks if not block.is_heading and block.span not in captions]
        self.spans = sorted([*spans, *(table.span for table in section.tables)])

    def __contains__(self, span: Span) -> bool:
        at = bisect_left(self.spans, Span(span.start + 1, 0)) - 1
        return at >= 0 and span.end <= self.spans[at].end


def _is_in(inside: _Inside | None, span: Span) -> bool:
    return inside is None or span in inside


def _unit_of(cell: TableResult) -> str:
    """Return what a cell counts, by its label, or else by its column's header."""
    read = (Tokens(words) for words in (cell.label, cell.header))
    units = (counted_by(tokens, range(len(tokens))) for tokens in read)
    return next((unit for unit in units if unit != "participants"), "participants")


def _shortened(words: Words) -> str:
    """Return a result's label, far words left out where they are many: `Fever was seen in … of the children`."""
    before, after, _ = words
    if len(before) + len(after) > _LABEL:
        half = max(_LABEL // 2, _LABEL - len(after))
        before = before if len(before) <= half else "…" + before[-half:].partition(" ")[2]
        room = _LABEL - len(before)
        after = after if len(after) <= room else after[:room].rsplit(" ", 1)[0] + "…"
    return " ".join(filter(None, (before, "…", after)))


def _groups(source: Source, sizes: Iterable[SampleSize], claims: Iterable[ProportionClaim]) -> dict[str, Group]:
    """Return the sizes that a text states as groups: whole studies, and what is part of them.

    A printed denominator is a stated size too. What is larger than every study's size is a whole of its own; where the
    text states the size of no whole, the parts belong to one that is not stated, and nothing bounds it from above.
    """
    by_number: dict[int, SampleSize] = {}
    arms: list[SampleSize] = []
    for size in sizes:
        known = by_number.get(int(size.n.value))
        if known is None or (known.role != "study" and size.role == "study"):
            by_number[int(size.n.value)] = size
        if size.role == "arm":
            arms.append(size)
    for claim in claims:
        if claim.denominator is not None:
            by_number.setdefault(int(claim.denominator.value), SampleSize(claim.denominator, "subset"))
    roles = {size.role for size in by_number.values()}
    whole_roles = {"study"} if "study" in roles else {"arm"} if len(arms) > 1 else set()
    largest = max((n for n, size in by_number.items() if size.role in whole_roles), default=None)
    groups = {}
    for n, size in by_number.items():
        is_whole = size.role in whole_roles or (largest is not None and n > largest)
        parent = None if is_whole else _name(largest)
        groups[_name(n)] = _group(source, size, parent)
    if whole_roles == {"arm"}:
        # Arms of one size are told apart by their places: together they bound the study.
        for number, size in enumerate(arms):
            if by_number[int(size.n.value)] is not size:
                name = f"{_name(int(size.n.value))}, again ({number})"
                groups[name] = _group(source, size, None)._replace(name=name)
    if largest is None and groups:
        groups[_name(None)] = Group(_name(None), Location(source), "the whole study")
    return groups


def _name(n: int | None) -> str:
    return "the study" if n is None else f"n = {n}"


def _group(source: Source, size: SampleSize, parent: str | None) -> Group:
    return Group(
        name=_name(int(size.n.value)),
        location=Location(source, size.n.span),
        label=size.label,
        n=size.n,
        parent=parent,
        is_arm=size.role == "arm",
        said=size.said if size.role == "study" else None,
    )
