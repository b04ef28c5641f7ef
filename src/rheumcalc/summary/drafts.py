"""Tables and values that a draft takes from records, each between its markers: every other byte stays as it is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePath
from typing import NamedTuple

from rheumcalc.config import SettingsError
from rheumcalc.documents import Marker, read_document
from rheumcalc.documents.markers import HOLDING, find_markers, held, unclosed_markers
from rheumcalc.files.reading import decode, refuse_nul
from rheumcalc.record.addresses import AddressError, Values, parse_address, split_words
from rheumcalc.source import Source, Span
from rheumcalc.study.claims import Verdict, result_key
from rheumcalc.summary import html, markdown
from rheumcalc.summary.options import SummaryOptions, parse_words, with_options
from rheumcalc.summary.rows import Row, Rows
from rheumcalc.summary.styles import percentages, usual_decimals
from rheumcalc.summary.table import fraction_of, tabulate

#: The most tables that a draft holds.
MAX_TABLES = 200
#: The drafts that tables are written into, by the end of their names: texts, in which nothing else need be touched.
_HTML = (".html", ".htm")
WRITABLE = (".md", ".markdown", ".txt", *_HTML)
_BOM = b"\xef\xbb\xbf"
_LINE_END = re.compile(r"\r\n|\r|\n")
_PARAGRAPH_END = re.compile(r"(?:\r\n|\r|\n)[ \t>]*(?:\r\n|\r|\n)")
#: How far a marker of a table may be set in: what is set in further is code.
_MOST_INDENT = 3


class DraftError(Exception):
    """A draft whose markers cannot be done: `reasons` are lines for its author, each with its place."""

    def __init__(self, reasons: list[str]) -> None:
        super().__init__("; ".join(reasons))
        self.reasons = reasons


class MisplacedError(Exception):
    """A marker that stands where what it asks for cannot stand; the message says why, in words for its author."""


class Renewal(NamedTuple):
    """A draft before and after: how many tables and values it holds, how many of them changed, and what to know."""

    before: bytes
    after: bytes
    tables: int
    values: int
    changed: int
    remarks: tuple[str, ...]


def renew(data: bytes, name: str, rows: Rows, options: SummaryOptions) -> Renewal:
    """Return a draft with what its markers hold written anew from rows; a marker's own options go before `options`.

    Raises DraftError where a marker cannot be done, and UnreadableFileError.
    """
    if PurePath(name).suffix.lower() not in WRITABLE:
        raise DraftError([f"{name}: tables are written only into {', '.join(WRITABLE)}"])
    source = decode(data, name)
    refuse_nul(source)
    markers = _markers(source)
    reasons = [
        f"{_place(source, location.span or Span(0, 0))}: {message}"
        for message, location in unclosed_markers(source, markers)
    ]
    writer = _Writer(source, rows, options)
    parts: list[str] = []
    done = changed = 0
    holding = [(each.marker, each.body) for each in held(markers) if each.body is not None]
    tables = sum(marker.verb == "summary" for marker, _ in holding)
    if tables > MAX_TABLES:
        raise DraftError([f"{name}: there are {tables} tables in this draft, more than the limit of {MAX_TABLES}"])
    for marker, body in holding:
        try:
            made = writer.made(marker, body)
        except (SettingsError, AddressError, MisplacedError) as error:
            reasons.append(f"{_place(source, marker.span)}: {error}")
            continue
        changed += made != source.cut(body)
        parts += [source.text[done : body.start], made]
        done = body.end
    if reasons:
        raise DraftError(reasons)
    if not holding:
        raise DraftError([f"{name}: there is no marker in this draft; write <!-- rheumcalc:summary --> and {_END}"])
    text = "".join((*parts, source.text[done:]))
    after = (_BOM if data.startswith(_BOM) else b"") + text.encode()
    return Renewal(data, after, tables, len(holding) - tables, changed, tuple(writer.remarks))


_END = "<!-- /rheumcalc --> after it"


def difference(renewal: Renewal, name: str) -> Iterator[str]:
    """Yield the lines in which a draft is not what its records say, as a unified diff."""
    from difflib import unified_diff

    before, after = (text.decode("utf-8-sig").splitlines() for text in (renewal.before, renewal.after))
    yield from unified_diff(before, after, name, f"{name} (from the records)", lineterm="")


def _markers(source: Source) -> tuple[Marker, ...]:
    """Return the markers with their places in the file itself, those in code left out."""
    if source.name.lower().endswith(_HTML):
        return find_markers(source)
    return read_document(source).markers


def _place(source: Source, span: Span) -> str:
    position = source.position(span.start)
    return f"{source.name}:{position.line}:{position.column}"


class _Writer:
    """Writes what a marker asks for, in the language and with the line ends of its draft."""

    def __init__(self, source: Source, rows: Rows, options: SummaryOptions) -> None:
        self.source = source
        self.rows = rows
        self.options = options
        self.is_html = source.name.lower().endswith(_HTML)
        end = _LINE_END.search(source.text)
        self.line_end = end[0] if end else "\n"
        self.remarks: list[str] = []
        self._by_result = {result_key(row.claim): row for row in rows.rows}
        self._usual = usual_decimals(rows.rows)
        self._values = Values(row.claim for row in rows.rows)

    def made(self, marker: Marker, body: Span) -> str:
        """Return what stands after a marker. Raises SettingsError, AddressError, and MisplacedError."""
        assert marker.verb in HOLDING  # noqa: S101 - no other marker holds anything
        self._refuse_misplaced(marker, body)
        return self._table(marker) if marker.verb == "summary" else self._value(marker)

    def _refuse_misplaced(self, marker: Marker, body: Span) -> None:
        """Raise MisplacedError where a table would break what is around it, and a value would take it away."""
        if marker.verb == "value":
            if _PARAGRAPH_END.search(self.source.cut(body)):
                raise MisplacedError(
                    "the contents of this value run over several paragraphs; close it after its number"
                )
            return
        line = max(self.source.text.rfind(end, 0, marker.span.start) for end in "\r\n") + 1
        before = self.source.text[line : marker.span.start]
        if not self.is_html and (before.strip() or len(before.expandtabs(4)) > _MOST_INDENT):
            raise MisplacedError("a table needs lines of its own, outside lists, quotations, tables and code")

    def _table(self, marker: Marker) -> str:
        own = parse_words(tuple(split_words(marker.arguments)))
        table = tabulate(self.rows, with_options(self.options, own))
        text = html.render_fragment(table) if self.is_html else markdown.render_table(table)
        gap = "\n" if self.is_html else "\n\n"
        return f"{gap}{text}{gap}".replace("\n", self.line_end)

    def _value(self, marker: Marker) -> str:
        address = parse_address(marker.arguments)
        row = self._by_result[result_key(self._values.at(address))]
        options = with_options(self.options, {"style": address.style})
        text = self._in_words(row, options)
        if row.verdict is Verdict.INCONSISTENT:
            # Which of the numbers is wrong nobody here can say: the draft quotes what is printed.
            text = _quoted(row)
            place = _place(self.source, marker.span)
            codes = ", ".join(dict.fromkeys(finding.rule.code for finding in row.findings))
            self.remarks.append(f"{place}: the numbers of {address.name} cannot all be true ({codes or row.printed})")
        return html.escape(text) if self.is_html else markdown.escape(text)

    def _in_words(self, row: Row, options: SummaryOptions) -> str:
        """Return a result as a sentence takes it: `10/12 (83.3%)`, and as printed where its numbers are not known."""
        (known,) = percentages([row], options.style, self._usual)
        return row.printed if row.exact is None or known is None else f"{fraction_of(row)} ({known.text}%)"


def _quoted(row: Row) -> str:
    """Return a result as printed, with the percent sign that a table leaves to the head of its column."""
    percent = row.claim.percent
    is_bare = percent is not None and percent.text.strip(" %").isascii() and "%" not in row.printed
    if not is_bare or percent is None or f"({percent.text})" not in row.printed:
        return row.printed
    return row.printed.replace(f"({percent.text})", f"({percent.text}%)")
