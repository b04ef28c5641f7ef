"""Read the results in a table, cell by cell, and the sizes that its caption, headers and labels state."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cache
from typing import NamedTuple

from rheumcalc.documents.document import Cell, Table, blank_comments
from rheumcalc.documents.headings import Declared, Heading, holds_sizes, is_total, read_heading
from rheumcalc.documents.marks import veil
from rheumcalc.documents.table_notes import read_caption, read_notes
from rheumcalc.numbers.feasible import feasible_counts
from rheumcalc.numbers.printed import Printed, PrintedError, parse_count, parse_number
from rheumcalc.numbers.rounding import NEAREST, Interval
from rheumcalc.prose.reported import MAX_LENGTH, Reported, parse_reported
from rheumcalc.prose.text import read_text
from rheumcalc.prose.tokens import NUMERAL
from rheumcalc.source import Span
from rheumcalc.study.doubts import Doubt


@dataclass(frozen=True)
class TableResult:
    """One result in a cell of a table, every place counted in the source's text.

    `place` is for people: `table 2, row 3, column 4`, rows counted below the header. The sizes are what the table
    states, not what the result is taken over: `column` in the column's header (`Placebo (n = 60)`), `row` in the row's
    label or in a column of sizes, `total` in a row of totals, `caption` in the caption. `declared` says that the cell
    is read as count and percentage because a heading says `n (%)`, not because it prints a percent sign. `doubt` is
    what its numbers may be besides, and `at` its row and column.
    """

    reported: Reported
    span: Span
    kind: str
    place: str
    label: str
    header: str
    column: Printed | None = None
    row: Printed | None = None
    total: Printed | None = None
    caption: Printed | None = None
    declared: bool = False
    doubt: Doubt | None = None
    at: tuple[int, int] = (0, 0)


@dataclass(frozen=True)
class TableReading:
    """What a table prints: its results, and the cells that look like one and are none, each with the reason if any."""

    results: tuple[TableResult, ...]
    not_read: tuple[tuple[Span, str, str | None], ...]


class _Ruling(NamedTuple):
    """The headings that rule a cell, from the nearest to the farthest; `corner` stands above the labels."""

    label: Heading
    group: Heading
    header: Heading
    corner: Heading
    caption: Heading

    @property
    def declared(self) -> Declared:
        """What the cell is declared to be, by the nearest heading that says anything of the kind."""
        if not self.label.declared and self.label.is_measure:
            return Declared.NOTHING
        headings = (self.label, self.group, self.header, self.corner, self.caption)
        return next((heading.declared for heading in headings if heading.declared), Declared.NOTHING)

    @property
    def is_statistic(self) -> bool:
        """Whether the cell holds an average, a change or the like, by the nearest heading that says what it holds."""
        if self.label.declared:
            return False
        return any(heading.is_statistic for heading in (self.label, self.group, self.header))


def read_table(table: Table, text: str, notes: str = "") -> TableReading:
    """Return what a table prints, `text` being that of its source and `notes` what stands right below it.

    A cell is read where it prints a percent sign or a fraction itself, or where its column's header, its row's label,
    the label of its group of rows, the corner or the caption declares `n (%)`. Where nothing does, pairs of numbers are
    read that are count and percentage of the size in their column's header, if there are several. Cells of averages,
    changes, ratios, intervals and p-values are not. No denominator is guessed.
    """
    caption = Heading()
    if table.caption:
        caption = read_heading(_words(text[table.caption.start : table.caption.end]), table.caption.start)
    if table.note and not caption.declared:
        # `Data are n (%)` stands as often below a table as above it.
        note = read_heading(text[table.note.start : table.note.end], table.note.start)
        caption = replace(caption, declared=note.declared)
    said = read_notes(text[table.note.start : table.note.end] if table.note else notes)
    above = read_caption(caption.text)
    headers, rows = _headers(table)
    sizes = _column_of_sizes(headers)
    totals = _totals(rows)
    corner = headers[0] if headers else Heading()
    reconciled = _reconciled(headers, rows)
    group = Heading()
    was_indented = False
    bases: dict[int, Printed] = {}
    results: list[TableResult] = []
    not_read: list[tuple[Span, str, str | None]] = []
    for number, cells in rows:
        label = _heading(cells[0])
        if _begins_part(cells):
            headers = [label, *map(_heading, cells[1:])]
            group, was_indented, bases = Heading(), False, {}
            continue
        if label.text and len(cells) > 1 and not any(cell.text for cell in cells[1:]):
            group, was_indented = label, False
            continue
        is_indented = cells[0].text.startswith(_INDENTS)
        if was_indented and not is_indented:
            group = Heading()
        was_indented = is_indented
        size = _bare_count(cells[sizes]) if sizes is not None else None
        if _states_a_base(label, cells):
            bases = {
                index: count for index, cell in enumerate(cells[1:], 1) if (count := _bare_count(cell)) is not None
            }
        meaning = said.of(label.text, group.text)
        for index, cell in enumerate(cells[1:], 1):
            ruling = _Ruling(label, group, headers[index], corner, caption)
            if meaning and not label.declared and (meaning is not said.general or _is_open(cell, ruling)):
                # `n (%) unless stated otherwise`: a label that names a statistic or a measurement states otherwise.
                declared = Declared.NOTHING if label.is_statistic or label.is_measure else meaning.declared
                noted = replace(label, declared=declared, is_statistic=label.is_statistic or meaning.is_statistic)
                ruling = ruling._replace(label=noted)
            if not ruling.declared and (number, index) in reconciled:
                ruling = ruling._replace(header=replace(ruling.header, declared=Declared.COUNT_FIRST))
            place = f"{table.name}, row {number}, column {index + 1}"
            found = list(_results(cell, ruling))
            if not found and _LOOKS_LIKE_A_RESULT.search(cell.text):
                not_read.append((cell.span, place, _why_none(cell, ruling)))
            for reported, is_declared, doubt in found:
                results.append(
                    TableResult(
                        reported,
                        reported.span or cell.span,
                        "fraction" if reported.percent is None else "proportion",
                        place,
                        label.text,
                        headers[index].text,
                        column=headers[index].n,
                        row=label.n or group.n or size or _base_of(bases.get(index), headers[index].n, reported),
                        total=totals.get(index),
                        caption=caption.n,
                        declared=is_declared,
                        doubt=doubt
                        or meaning.doubt
                        or above.doubt
                        or _of_its_own_size(reported, ruling)
                        or _of_both(reported, ruling),
                        at=(number, index),
                    )
                )
    told = _with_own_sizes(_with_pairs(list(_with_row_shares(results))))
    return TableReading(tuple(told), tuple(not_read))


def _is_open(cell: Cell, ruling: _Ruling) -> bool:
    """Decide whether nothing nearer than a table's notes says what a cell holds: no heading, no percent sign."""
    nearer = (ruling.label, ruling.group, ruling.header, ruling.corner)
    return not any(heading.declared for heading in nearer) and not _SIGN.search(cell.text)


#: What looks like a result: a percentage, a pair of numbers, a fraction.
_LOOKS_LIKE_A_RESULT = re.compile(
    r"[0-9]\s?%|[0-9]\s?[(\[]\s?[0-9.,·]+\s?%?\s?[)\]]|(?<![0-9/])[0-9]+\s?/\s?[0-9]+(?![0-9/])"
)
_STATISTIC, _RANGE = "a mean, a median or another statistic, by its heading", "a range, or a number with its spread"


def _why_none(cell: Cell, ruling: _Ruling) -> str | None:
    """Return why a cell that looks like a result is none; None where nothing tells."""
    if ruling.is_statistic:
        return _STATISTIC
    if _SPREAD.search(_words(cell.text)):
        return _RANGE
    parts = (ruling.label, ruling.group, ruling.header)
    if any(part.in_percent or part.is_measure for part in parts):
        return "a measurement, by its heading"
    return "two numbers, by its heading" if any(part.is_pair for part in parts) else None


_BASE = re.compile(r"(?:number|no\.?|total)\s+of\b|\bn\b|\bN\b|^n$", re.IGNORECASE)


def _states_a_base(label: Heading, cells: Sequence[Cell]) -> bool:
    """Decide whether a row states what the rows below it are of: `Number of lesions | 80 | 75`."""
    if not _BASE.search(label.text) or label.declared:
        return False
    counts = [_bare_count(cell) for cell in cells[1:] if cell.text.strip()]
    return bool(counts) and all(count is not None for count in counts)


def _base_of(base: Printed | None, column: Printed | None, reported: Reported) -> Printed | None:
    """Return the base that a row above states, where a result fits it and does not fit its column's size."""
    count, percent = reported.count, reported.percent
    if base is None or count is None or percent is None or reported.denominator is not None:
        return None
    fits_column = column is not None and _gives(count, column, percent)
    return base if not fits_column and _gives(count, base, percent) else None


def _of_its_own_size(reported: Reported, ruling: _Ruling) -> Doubt | None:
    """Return the doubt that `17 (76.5%)` raises under `Number (% male)`: 13 of the 17."""
    count, percent = reported.count, reported.percent
    if (
        count is None
        or percent is None
        or not any(each.is_size for each in (ruling.label, ruling.group, ruling.header))
    ):
        return None
    return Doubt.GROUP_SIZE if feasible_counts(percent, int(count.value), NEAREST) else None


def _of_both(reported: Reported, ruling: _Ruling) -> Doubt | None:
    """Return the doubt that `14/10 (58%)` raises under `Male/female, n (% male)`: 14 of 24."""
    count, denominator, percent = reported.count, reported.denominator, reported.percent
    if count is None or denominator is None or percent is None or not ruling.label.is_pair:
        return None
    both = denominator._replace(value=count.value + denominator.value)
    return Doubt.OTHER_BASE if _gives(count, both, percent) else None


#: How far the percentages of a row may lie from 100, by rounding.
_ROW_TOTAL = Fraction(2, 10)


def _with_row_shares(results: list[TableResult]) -> Iterator[TableResult]:
    """Yield the results, with a doubt those that are shares of their row: two arms' percentages that make up 100."""
    by_row: dict[int, list[TableResult]] = {}
    for result in results:
        by_row.setdefault(result.at[0], []).append(result)
    shares = {id(each) for row in by_row.values() for each in (*_row_shares(row), *_of_row_total(row))}
    for result in results:
        doubt = Doubt.ROW_SHARE if id(result) in shares else Doubt.OF_THE_OTHERS if _of_the_others(result) else None
        yield replace(result, doubt=result.doubt or doubt) if doubt else result


#: The fewest fractions that show that a table prints pairs.
_FEWEST_PAIRS = 3


def _with_pairs(results: list[TableResult]) -> list[TableResult]:
    """Return the results, with a doubt where most fractions of a table are pairs: `5/8 (38)` is 5 of 13 by `Yes/no`.

    That they do not give their percentages shows nothing, for all may be slips; that they give those of both together
    does.
    """
    of_both = as_printed = 0
    for count, denominator, percent in (
        (each.reported.count, each.reported.denominator, each.reported.percent) for each in results
    ):
        if count is not None and denominator is not None and percent is not None:
            of_both += _gives(count, denominator._replace(value=count.value + denominator.value), percent)
            as_printed += _gives(count, denominator, percent)
    if of_both < _FEWEST_PAIRS or of_both <= as_printed:
        return results
    return [
        replace(each, doubt=each.doubt or Doubt.OF_BOTH)
        if each.reported.denominator is not None and each.reported.percent is not None
        else each
        for each in results
    ]


#: From how small a chance on it is taken for none that all cells of a table fit as sizes with shares.
_CHANCE = Fraction(1, 1000)


def _with_own_sizes(results: list[TableResult]) -> list[TableResult]:
    """Return the results, with a doubt where all cells print a size and a share of it: `T (% M)`, `33 (72.7)`."""
    chance = Fraction(1)
    for each in results:
        count, percent = each.reported.count, each.reported.percent
        if not each.declared or count is None or percent is None or not count.value:
            continue
        if each.column is not None and _gives(count, each.column, percent):
            return results
        if not feasible_counts(percent, int(count.value), NEAREST):
            return results
        chance *= min(Fraction(1), (count.value + 1) / 10 ** (percent.decimals + 2))
    if chance > _CHANCE:
        return results
    return [replace(each, doubt=each.doubt or Doubt.GROUP_SIZE) if each.declared else each for each in results]


#: The least part of a column's size that may have stayed to the end, and the most that is counted beside most of them.
_STAYED, _FEW = Fraction(9, 10), Fraction(1, 5)


def _of_the_others(result: TableResult) -> bool:
    """Decide whether a percentage is that of those who are not counted: `2 (99.1)` of 232 in a row of cures."""
    count, percent = result.reported.count, result.reported.percent
    size = result.row or result.column or result.total
    if count is None or percent is None or size is None or not 0 < count.value <= _FEW * size.value:
        return False
    fewest, most = (100 - 100 * count.value / of for of in (_STAYED * size.value, size.value))
    return percent.preimage(NEAREST).meets(Interval(fewest, most))


def _row_shares(row: Sequence[TableResult]) -> Iterator[TableResult]:
    for size in {2, len(row)}:
        for first in range(len(row) - size + 1):
            part = row[first : first + size]
            counts = [int(each.reported.count.value) for each in part if each.reported.count is not None]
            percents = [each.reported.percent for each in part if each.reported.percent is not None]
            if size < _FEWEST_SHARES or len(counts) < size or len(percents) < size or not sum(counts):
                continue
            is_all = abs(sum((percent.value for percent in percents), Fraction(-100))) <= _ROW_TOTAL * size
            if is_all and all(
                Fraction(100 * count, sum(counts)) in percent.preimage(NEAREST)
                for count, percent in zip(counts, percents, strict=True)
            ):
                yield from part


_FEWEST_SHARES = 2


def _of_row_total(row: Sequence[TableResult]) -> Iterator[TableResult]:
    """Yield the results that are shares of a total in their own row: `73 (100) | 23 (31.5) | 50 (68.5)`."""
    totals = [each.reported.count for each in row if each.reported.percent and each.reported.percent.value == 100]
    for each in row:
        count, percent = each.reported.count, each.reported.percent
        if count is None or percent is None or percent.value == 100:
            continue
        if any(total is not None and _gives(count, total, percent) for total in totals):
            yield each


#: How authors set the rows of a group in from its label.
_INDENTS = ("&nbsp;", "&emsp;", "&ensp;", "&#160;", "\u00a0", "\u2002", "\u2003")


def _words(text: str) -> str:
    return veil(blank_comments(text))


def _heading(cell: Cell) -> Heading:
    return read_heading(_words(cell.text), cell.span.start)


_Rows = list[tuple[int, Sequence[Cell]]]


def _headers(table: Table) -> tuple[list[Heading], _Rows]:
    """Return what stands above each column, and the other rows with their numbers.

    Markdown has one row of headers; what goes on with it (`n = 60`, `n (%)`) stands in the first rows of the body.
    """
    width = max((len(row) for row in (*table.header, *table.rows)), default=0)
    headers = [Heading()] * width
    for row in table.header:
        headers = [above.joined(_heading(cell)) for above, cell in zip(headers, row, strict=False)]
    rows = list(enumerate(table.rows, 1))
    while rows and _is_header(rows[0][1]):
        headers = [above.joined(_heading(cell)) for above, cell in zip(headers, rows[0][1], strict=True)]
        rows = rows[1:]
    return headers, [(number, cells) for number, cells in rows if cells]


_SIZE_ALONE = re.compile(r"[([]?\s*[nN]\s*[=:]\s*[0-9][0-9,]*\s*[)\]]?")
_DECLARATION_ALONE = re.compile(
    r"(?:n|no\.?|number|count)\s?[,;]?\s?[(\[/]?\s?(?:%|per\s?cent)\s?[)\]]?|%|p(?:[- ]?value)?"
    r"|mean \(sd\)|median \(iqr\)",
    re.IGNORECASE,
)


def _is_header(cells: Sequence[Cell]) -> bool:
    """Decide whether a row of the body goes on with the header: every cell but the first is empty, a size or a form."""
    texts = [" ".join(_words(cell.text[:100]).split()) for cell in cells]
    filled = [text for text in texts[1:] if text]
    first_is_bare = not texts[0] or bool(_SIZE_ALONE.fullmatch(texts[0]))
    return (
        bool(filled)
        and first_is_bare
        and all(_SIZE_ALONE.fullmatch(text) or _DECLARATION_ALONE.fullmatch(text) for text in filled)
    )


_RESULT_IN_CELL = re.compile(r"[0-9]\s*(?:%|per\s?cent)", re.IGNORECASE)


def _begins_part(cells: Sequence[Cell]) -> bool:
    """Decide whether a row of the body heads the rows below it anew: two cells or more state a size of their own."""
    stating = [cell for cell in cells[1:] if "=" in cell.text and not _RESULT_IN_CELL.search(cell.text)]
    return len(stating) > 1 and sum(_heading(cell).n is not None for cell in stating) > 1


def _column_of_sizes(headers: Sequence[Heading]) -> int | None:
    """Return the column that holds the size of what each row speaks of, if there is just one."""
    # Where percentages have a column of their own, the numbers beside them are their counts.
    if any(header.text.strip("() ") == "%" for header in headers):
        return None
    found = [index for index, header in enumerate(headers) if index and holds_sizes(header)]
    return found[0] if len(found) == 1 else None


def _totals(rows: _Rows) -> dict[int, Printed]:
    """Return the numbers in the row of totals, by column, where there is just one such row."""
    found = [cells for _, cells in rows if len(cells) > 1 and len(cells[0].text) < 80 and is_total(_heading(cells[0]))]
    if len(found) != 1:
        return {}
    counts = ((index, _bare_count(cell)) for index, cell in enumerate(found[0]) if index)
    return {index: count for index, count in counts if count is not None}


_WITH_ALL = re.compile(r"[(\[]\s*100(?:[.,·]0+)?\s*%?\s*[)\]]\s*\Z")


def _bare_count(cell: Cell) -> Printed | None:
    """Return the number that is all of a cell, or all but its `(100%)`."""
    words = _words(cell.text[:100])
    number = _WITH_ALL.sub("", words).strip()
    if not number or not number[0].isdigit():
        return None
    try:
        printed = parse_count(number)
    except PrintedError:
        return None
    start = cell.span.start + words.index(number)
    return printed.at(Span(start, start + len(number)))


#: How many pairs of a column must be count and percentage of its size to show that its pairs are.
_ENOUGH_PAIRS = 3


def _reconciled(headers: Sequence[Heading], rows: _Rows) -> frozenset[tuple[int, int]]:
    """Return the cells, by row and column, whose pair of numbers is count and percentage of their column's size.

    A mean and its deviation agree so by chance: only where most pairs of a column do are they taken for that.
    """
    found: list[tuple[int, int]] = []
    for index, header in enumerate(headers):
        if index == 0 or header.n is None or header.is_statistic:
            continue
        pairs = [
            (number, pair)
            for number, cells in rows
            if index < len(cells) and (pair := _pair(cells[index], _heading(cells[0]))) is not None
        ]
        fitting = [(number, index) for number, (count, percent) in pairs if _gives(count, header.n, percent)]
        if len(fitting) >= max(_ENOUGH_PAIRS, len(pairs) // 2 + 1):
            found += fitting
    return frozenset(found)


def _pair(cell: Cell, label: Heading) -> tuple[Printed, Printed] | None:
    """Return the two numbers of a cell such as `12 (20)`, where its label names no average and no measure."""
    match = _bare_pair().fullmatch(_FOOTNOTE.sub("", _words(cell.text[:100]).strip()))
    if match is None or label.is_statistic or label.is_measure:
        return None
    try:
        return parse_count(match["first"]), parse_number(match["second"], percentage=True)
    except PrintedError:
        return None


def _gives(count: Printed, denominator: Printed, percent: Printed) -> bool:
    """Decide whether a count, not 0, and a denominator give a percentage under rounding to nearest."""
    if not 0 < count.value <= denominator.value:
        return False
    return 100 * count.value / denominator.value in percent.preimage(NEAREST)


_SIGN = re.compile(r"%|per\s?cent|\bpct\b", re.IGNORECASE)
#: Marks of footnotes after a result: `12 (20%)*`, `12 (20%) a`, `12 (20%)^b^`.
_FOOTNOTE = re.compile(r"(?<=[\d)\]%])\s*(?:[*†‡§¶‖#]{1,4}|\^[\w*†‡,]{1,6}\^?|\s?[a-z]|[¹²³ᵃᵇᶜᵈᵉ]{1,3})\s*\Z")
_SPREAD = re.compile(r"±|\+/-|[0-9]\s?%?\s?(?:[-\u2010-\u2014\u2212]|\bto\b)\s?[0-9]")
_PROSE = re.compile(r"[^\W\d_]{2}|[;,]")


@cache
def _bare_pair() -> re.Pattern[str]:
    return re.compile(rf"(?P<first>{NUMERAL})\s*[(\[]\s*(?P<second>{NUMERAL})\s*[)\]]")


def _results(cell: Cell, ruling: _Ruling) -> Iterator[tuple[Reported, bool, Doubt | None]]:
    """Yield the results in a cell, each with whether a heading alone declares it, and with its doubt."""
    if ruling.is_statistic or not any(map(str.isdigit, cell.text)):
        return
    words = _words(cell.text)
    first = len(words) - len(words.lstrip())
    inner = _FOOTNOTE.sub("", words.strip())
    place = Span(cell.span.start + first, cell.span.start + first + len(inner))
    printed = cell.text[first : first + len(inner)]
    is_signed = bool(_SIGN.search(inner))
    if ruling.declared is Declared.PERCENT_FIRST and not is_signed:
        reported = _percent_first(inner)
    elif len(inner) <= MAX_LENGTH and (is_signed or "/" in inner or " of " in inner or ruling.declared):
        reported = _whole(inner)
    else:
        reported = None
    if reported is not None:
        is_declared = reported.percent is not None and not is_signed
        if _stands(reported, ruling, is_declared=is_declared):
            is_bare = reported.construction == "percentage-enclosed-count" and not ruling.declared
            doubt = Doubt.REFERENCE if is_bare else None
            yield replace(reported.placed(place, verbatim=True), text=printed), is_declared, doubt
    elif is_signed and _PROSE.search(inner) and not ruling.label.is_measure:
        yield from ((found, False, doubt) for found, doubt in _in_prose(words, cell))


def _whole(words: str) -> Reported | None:
    """Return the result that is all of a cell; a span of numbers is none."""
    if _SPREAD.search(words):
        return None
    try:
        return parse_reported(words)
    except PrintedError:
        return None


def _percent_first(words: str) -> Reported | None:
    """Return what `20.0 (12)` says under `% (n)`."""
    match = _bare_pair().fullmatch(words)
    if match is None:
        return None
    try:
        percent, count = parse_number(match["first"], percentage=True), parse_count(match["second"])
    except PrintedError:
        return None
    return Reported(words, count=count.at(Span(*match.span("second"))), percent=percent.at(Span(*match.span("first"))))


def _stands(reported: Reported, ruling: _Ruling, *, is_declared: bool) -> bool:
    """Decide whether what a cell prints may be taken for a result."""
    percent, count, denominator = reported.percent, reported.count, reported.denominator
    if percent is None:
        # `120/80` and `8/12` under `Male/female` are two numbers.
        if count is None or denominator is None or count.value > denominator.value:
            return False
        return not any(part.is_pair or part.is_measure for part in (ruling.label, ruling.group, ruling.header))
    if percent.value < 0:
        return False
    if is_declared:
        # Without a sign, what cannot be a share is taken for something else.
        return ruling.declared is not Declared.NOTHING and percent.value <= 100
    if count is None:
        # A percentage alone may measure anything: haematocrit, a change, a dose of ointment.
        return not any(part.in_percent or part.is_measure for part in (ruling.label, ruling.group, ruling.header))
    return True


def _in_prose(words: str, cell: Cell) -> Iterator[tuple[Reported, Doubt | None]]:
    """Yield the results in a cell that holds sentences, as in a table of studies."""
    for mention in read_text(words).mentions:
        moved = {
            name: number.at(number.span.shifted(cell.span.start))
            for name in ("count", "denominator", "percent")
            if (number := getattr(mention.reported, name)) is not None and number.span is not None
        }
        span = mention.span.shifted(cell.span.start)
        printed = cell.text[mention.span.start : mention.span.end]
        yield replace(mention.reported, text=printed, span=span, **moved), mention.doubt
