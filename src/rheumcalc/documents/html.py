"""Read HTML: its headings, paragraphs, lists and tables, as a browser would show them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from rheumcalc.documents.document import Document
from rheumcalc.documents.html_tags import reduce_html
from rheumcalc.documents.markup import (
    MAX_DEPTH,
    Places,
    decode_markup,
    formula,
    line_of,
    refuse_many_tags,
    tag_of,
    too_deep,
    with_references,
)
from rheumcalc.documents.markup_tables import cells_of, read_grid, rows_of
from rheumcalc.documents.words import Gatherer, Words
from rheumcalc.documents.writer import Writer
from rheumcalc.files.reading import unreadable

if TYPE_CHECKING:
    from lxml import etree

_CHARSET = re.compile(
    rb"<(?:meta\b[^>]{0,400}?\bcharset\s*=\s*[\"']?\s*|\?xml\b[^>]{0,200}?\bencoding\s*=\s*[\"'])([\w.:-]+)",
    re.IGNORECASE,
)

_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_BLOCKS = frozenset(
    [
        *("address", "article", "aside", "blockquote", "body", "center", "dd", "details", "dialog", "dir", "div", "dl"),
        *("dt", "fieldset", "figcaption", "figure", "footer", "form", "header", "hgroup", "hr", "html", "legend"),
        *("li", "main", "menu", "ol", "optgroup", "p", "pre", "search", "section", "summary", "ul"),
        *("caption", "tbody", "td", "tfoot", "th", "thead", "tr"),
    ]
)
#: What is not shown as text, what leads about the page, and what is struck out.
_SKIPPED = frozenset(
    [
        *("audio", "button", "canvas", "datalist", "embed", "frameset", "head", "input", "map", "meter", "nav"),
        *("object", "progress", "select", "svg", "template", "video", "rp", "rt"),
        *("del", "s", "strike"),
    ]
)
_BOLD = frozenset(["b", "strong"])


class _Style(NamedTuple):
    """How the text at a place is set."""

    is_bold: bool = False
    is_verbatim: bool = False


def read_html(data: bytes, name: str) -> Document:
    """Return the headings, paragraphs and tables of an HTML page. Raises UnreadableFileError."""
    from lxml import etree

    text = decode_markup(data, name, _CHARSET)
    refuse_many_tags(text, name)
    reduced = reduce_html(text)
    parser = etree.HTMLParser(encoding="utf-8", no_network=True, huge_tree=False, remove_pis=True)
    try:
        root = etree.fromstring(with_references(reduced.text, None).encode(), parser)
    except (etree.ParserError, etree.XMLSyntaxError):
        # Nothing but spaces and comments.
        root = None
    if any(error.type_name == "ERR_RESOURCE_LIMIT" for error in parser.error_log):
        raise (
            too_deep(name)
            if "depth" in str(parser.error_log)
            else unreadable(
                name, "oversized-file", "The file has a longer stretch of text without a tag than the limit allows."
            )
        )
    reader = _Reader(name, text)
    if root is not None:
        reader.element(root, _Style(), 0)
        reader.divide()
    if reduced.unclosed:
        reader.writer.leave_out(f"what follows <{reduced.unclosed}>, which is never closed")
    return reader.writer.document()


class _Reader:
    """Goes through the tree of a page and writes what it shows."""

    def __init__(self, name: str, text: str) -> None:
        self.writer = Writer(name)
        self.places = Places(text)
        self.words = Gatherer()
        self.in_cell = False
        self.level: int | None = None
        self.line: int | None = None

    def divide(self) -> None:
        """End the paragraph or the heading that has been gathered."""
        if self.in_cell:
            self.words.add_break()
            return
        if self.words.is_empty:
            self.words.paragraphs()
            return
        for words in self.words.paragraphs():
            if not words.ink:
                self.writer.paragraph(words, "comment")
            elif self.level is None:
                self.writer.paragraph(words, self.places.paragraph(self.line))
            else:
                self.writer.heading(words, self.places.heading(words.text, self.line), self.level)

    def element(self, element: etree._Element, style: _Style, depth: int) -> None:
        """Read an element, not what follows it."""
        if depth > MAX_DEPTH:
            raise too_deep(self.writer.name)
        tag = tag_of(element)
        if not tag:
            self.words.add_comment(str(element.text or ""))
        elif tag in _SKIPPED or element.get("hidden") is not None:
            # What is not shown divides nothing that it stands within, unless it is a block.
            if tag in _BLOCKS:
                self.divide()
        elif tag == "br":
            self.words.add_break()
        elif tag == "sup":
            self.words.add_raised(_shown(element))
        elif tag == "math":
            self.words.add(formula(element))
        elif tag == "table":
            self._table(element, style, depth)
        elif tag in _HEADINGS and not self.in_cell:
            self.divide()
            self.level, self.line = _HEADINGS[tag], line_of(element)
            self._content(element, style, depth)
            self.divide()
            self.level = None
        elif tag in _BLOCKS or tag in _HEADINGS:
            self.divide()
            self.line = line_of(element)
            self._content(element, style._replace(is_verbatim=style.is_verbatim or tag == "pre"), depth)
            self.divide()
        else:
            self._content(element, style._replace(is_bold=style.is_bold or tag in _BOLD), depth)

    def _content(self, element: etree._Element, style: _Style, depth: int) -> None:
        self._text(element.text, style)
        for child in element:
            self.element(child, style, depth + 1)
            self._text(child.tail, style)

    def _text(self, text: str | None, style: _Style) -> None:
        if text and style.is_verbatim:
            self.words.add_lines(text)
        else:
            self.words.add(text, is_bold=style.is_bold)

    def _table(self, table: etree._Element, style: _Style, depth: int) -> None:
        rows = list(rows_of(table))
        if self.in_cell or _is_layout(table, rows):
            self.divide()
            self._content(table, style, depth)
            self.divide()
            return
        self.divide()
        self.in_cell = True
        outer, self.words = self.words, Gatherer()
        caption = None
        for child in table:
            if tag_of(child) == "caption":
                self._content(child, style, depth + 1)
                caption = self.words.cell()
        grid = read_grid(rows, lambda cell: self._cell(cell, style, depth))
        self.words, self.in_cell = outer, False
        self.writer.table(grid, caption)

    def _cell(self, cell: etree._Element, style: _Style, depth: int) -> Words:
        before = cell.getprevious()
        if before is None and (row := cell.getparent()) is not None:
            before = row.getprevious()
        # A marker before a row or a cell is about it.
        if before is not None and not tag_of(before):
            self.words.add_comment(str(before.text or ""))
        self._content(cell, style, depth + 3)
        return self.words.cell()


def _shown(element: etree._Element) -> str:
    parts = [element.text or ""]
    for child in element:
        if tag_of(child) and tag_of(child) not in _SKIPPED and child.get("hidden") is None:
            parts.append("".join(str(text) for text in child.itertext()))
        parts.append(child.tail or "")
    return "".join(parts)


def _is_layout(table: etree._Element, rows: list[etree._Element]) -> bool:
    """Decide whether a table is only layout: it says so, has one column, or contains headings or tables."""
    if table.get("role") or not any(len(cells_of(row)) > 1 for row in rows):
        return True
    return any(tag_of(each) == "table" or tag_of(each) in _HEADINGS for each in table.iterdescendants())
