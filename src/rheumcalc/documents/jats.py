"""Read an article in JATS, the XML of journals: its title, abstract, body and tables, and no references."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rheumcalc.documents.document import Document
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
from rheumcalc.files.reading import UnreadableFileError, unreadable

if TYPE_CHECKING:
    from lxml import etree

_ENCODING = re.compile(rb"<\?xml\b[^>]{0,200}?\bencoding\s*=\s*[\"']([\w.:-]+)", re.IGNORECASE)
_DECLARATION = re.compile(r"\A\s*<\?xml\b[^>]{0,400}?\?>")

#: Abstracts that are lists of contents, pictures, or in other words what another abstract says.
_OTHER_ABSTRACTS = frozenset(["toc", "graphical", "teaser", "key-points", "short", "web-summary", "video", "audio"])
#: Elements that begin a new paragraph before and after them.
_BLOCKS = frozenset(
    [
        *("p", "list", "list-item", "def-list", "def-item", "def", "term", "disp-quote", "boxed-text", "statement"),
        *("verse-group", "verse-line", "speech", "fig-group", "table-wrap-group", "attrib", "preformat", "code"),
    ]
)
_SKIPPED = frozenset(
    [
        *("supplementary-material", "media", "graphic", "inline-graphic", "tex-math", "object-id", "alt-text"),
        *("long-desc", "permissions", "ref-list", "ack", "app-group", "glossary", "chem-struct-wrap", "private-char"),
        *("sec-meta", "label", "title", "related-article", "related-object", "processing-meta", "strike"),
    ]
)
#: References to notes, whose sign is never part of the number before it.
_NOTES = frozenset(["fn", "table-fn", "aff", "corresp", "author-notes"])
#: libxml2's number for a limit that was passed: depth, length, or entities that grow.
_RESOURCE_LIMIT = 114


def read_jats(data: bytes, name: str) -> Document:
    """Return the title, abstract, body and tables of an article. Raises UnreadableFileError."""
    text = decode_markup(data, name, _ENCODING)
    refuse_many_tags(text, name)
    articles = _articles(text, name)
    if len(articles) != 1:
        told = "contains several articles" if articles else "is not an article in JATS, the only XML that is read"
        raise unreadable(name, "unreadable-file", f"The file {told}.")
    reader = _Reader(name, text)
    reader.article(articles[0])
    return reader.writer.document(is_article=True)


def _articles(text: str, name: str) -> list[etree._Element]:
    from lxml import etree

    # Entities are numbers by now; what a file declares itself is never looked up, and neither is what it points to.
    references = with_references(_DECLARATION.sub("", text, count=1), "&#xFFFD;")
    parser = etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(references.lstrip().encode(), parser)
    except etree.XMLSyntaxError as error:
        raise _syntax_error(error, name) from None
    if tag_of(root) == "article":
        return [root]
    return [
        each
        for each in root.iter()
        if tag_of(each) == "article" and any(tag_of(child) in ("front", "body") for child in each)
    ][:2]


def _syntax_error(error: etree.XMLSyntaxError, name: str) -> UnreadableFileError:
    if getattr(error, "code", None) != _RESOURCE_LIMIT:
        message = f"The file is not well-formed XML: it breaks off or is damaged in line {error.lineno or 1}."
        return unreadable(name, "unreadable-file", message)
    if "depth" in str(error):
        return too_deep(name)
    return unreadable(name, "oversized-file", "The file has longer text or larger entities than the limits allow.")


class _Reader:
    """Goes through the tree of an article and writes its text."""

    def __init__(self, name: str, text: str) -> None:
        self.writer = Writer(name)
        self.places = Places(text)
        self.words = Gatherer()
        self.in_cell = False
        self.line: int | None = None
        self.notes: list[etree._Element] = []

    def article(self, article: etree._Element) -> None:
        """Write an article's title, abstracts, body, and the tables that follow it."""
        parts = {tag_of(child): child for child in article}
        meta = next((each for each in parts.get("front", ()) if tag_of(each) == "article-meta"), ())
        for part in meta:
            if tag_of(part) == "title-group":
                for title in part:
                    if tag_of(title) == "article-title":
                        self._heading(title, 1)
        for part in meta:
            if tag_of(part) == "abstract" and part.get("abstract-type") not in _OTHER_ABSTRACTS:
                self._section(part, 2, "Abstract", 0)
        for name in ("body", "floats-group"):
            if name in parts:
                self.places.heading("")
                self._flow(parts[name], 1, "", 0)

    def _heading(self, title: etree._Element, level: int, above: str = "") -> None:
        self._inline(title, 0)
        for words in self.words.paragraphs()[:1]:
            # The abstract and the body have the same titles.
            named = f"{above}, {words.text}" if above else words.text
            self.writer.heading(words, self.places.heading(named, line_of(title)), level)

    def _section(self, section: etree._Element, level: int, above: str, depth: int) -> None:
        titles = [child for child in section if tag_of(child) == "title"]
        if titles:
            self._heading(titles[0], level, "" if tag_of(section) == "abstract" else above)
        elif above and tag_of(section) == "abstract":
            self.writer.heading(Words(above), self.places.heading(above, line_of(section)), level)
        self._flow(section, level, above, depth)

    def _flow(self, element: etree._Element, level: int, above: str, depth: int) -> None:
        """Write what an element holds in blocks."""
        if depth > MAX_DEPTH:
            raise too_deep(self.writer.name)
        for child in element:
            if tag_of(child) == "sec":
                self._section(child, level + 1, above, depth + 1)
            elif tag_of(child) in _SKIPPED:
                continue
            else:
                self._child(child, depth + 1)
                self.words.add(child.tail)
        self._divide()

    def _divide(self) -> None:
        if self.in_cell:
            self.words.add_break()
            return
        for words in self.words.paragraphs():
            place = "comment" if not words.ink else self.places.paragraph(self.line)
            self.writer.paragraph(words, place)
        while self.notes:
            self._block(self.notes.pop(0), 0)

    def _inline(self, element: etree._Element, depth: int) -> None:
        if depth > MAX_DEPTH:
            raise too_deep(self.writer.name)
        self.words.add(element.text)
        for child in element:
            self._child(child, depth + 1)
            self.words.add(child.tail)

    def _child(self, child: etree._Element, depth: int) -> None:
        """Read an element, not what follows it."""
        tag = tag_of(child)
        if not tag:
            self.words.add_comment(str(child.text or ""))
        elif tag == "xref":
            self._reference(child, depth)
        elif tag == "sup":
            self._raised(child, depth)
        elif tag in ("inline-formula", "disp-formula", "disp-formula-group", "math", "chem-struct"):
            self._formula(child)
        elif tag == "table-wrap":
            self._table_wrap(child, depth)
        elif tag == "table":
            self._tables([child], None, depth)
        elif tag == "fig":
            self._figure(child, depth)
        elif tag == "break":
            self.words.add_break()
        elif tag == "fn" and not self.in_cell:
            self.notes.append(child)
        elif tag in _BLOCKS:
            self._block(child, depth)
        elif tag not in _SKIPPED:
            self._inline(child, depth)

    def _block(self, element: etree._Element, depth: int) -> None:
        self._divide()
        self.line = line_of(element)
        self._inline(element, depth)
        self._divide()

    def _reference(self, reference: etree._Element, depth: int) -> None:
        kind = reference.get("ref-type") or ""
        if kind == "bibr":
            self.words.add_citation()
        elif kind in _NOTES:
            self._raised(reference, depth)
        else:
            self._inline(reference, depth)

    def _raised(self, element: etree._Element, depth: int) -> None:
        """Read superscript text; where it holds nothing but citations, nothing."""
        outer, self.words = self.words, Gatherer()
        self._inline(element, depth)
        text = self.words.cell().text
        self.words = outer
        if any(map(str.isalnum, text)) or not any(
            tag_of(each) == "xref" and each.get("ref-type") == "bibr" for each in element.iterdescendants()
        ):
            # A sign within a sign is raised once.
            self.words.add_raised(text.strip("^") if text.count("^") == 2 else text)

    def _formula(self, element: etree._Element) -> None:
        maths = [each for each in element.iter() if tag_of(each) == "math"]
        if maths:
            self.words.add(formula(maths[0]))
        elif any(tag_of(each) in ("tex-math", "graphic", "inline-graphic") for each in element.iter()):
            self.words.add(" [formula] ")
        else:
            self._inline(element, 0)

    def _label_and_caption(self, element: etree._Element, depth: int) -> Words:
        """Return the label and the caption of a table or a figure, one sentence after the other."""
        outer, self.words = self.words, Gatherer()
        was_cell, self.in_cell = self.in_cell, True
        for child in element:
            if tag_of(child) == "label":
                self._inline(child, depth)
                self.words.add(": ")
            elif tag_of(child) == "caption":
                for part in child:
                    self._inline(part, depth)
                    self.words.add(" ")
        caption = self.words.cell()
        self.words, self.in_cell = outer, was_cell
        return caption

    def _figure(self, figure: etree._Element, depth: int) -> None:
        self._divide()
        caption = self._label_and_caption(figure, depth)
        if caption.text and not self.in_cell:
            label = caption.text.partition(":")[0]
            name = label.lower() if re.fullmatch(r"\w+\.? \w{1,6}", label) else "figure"
            self.writer.paragraph(caption, f"{name}, caption")

    def _table_wrap(self, wrap: etree._Element, depth: int) -> None:
        tables = [each for each in wrap.iterdescendants() if tag_of(each) == "table"]
        if any("oasis" in str(each.tag) for each in tables):
            self.writer.leave_out("tables in the OASIS model")
            tables = []
        name = self._tables(tables, self._label_and_caption(wrap, depth), depth)
        for foot in wrap:
            if tag_of(foot) == "table-wrap-foot" and not self.in_cell:
                self._note(foot, f"{name}, note", depth, has_table=bool(tables))

    def _note(self, foot: etree._Element, place: str, depth: int, *, has_table: bool) -> None:
        for part in foot.iter():
            if tag_of(part) != "p" or any(tag_of(each) == "p" for each in part.iterdescendants()):
                continue
            self._inline(part, depth)
            for words in self.words.paragraphs():
                if has_table:
                    self.writer.table_note(words, place)
                else:
                    self.writer.paragraph(words, place)

    def _tables(self, tables: list[etree._Element], caption: Words | None, depth: int) -> str:
        """Write tables, the first with the caption, and return the name of the last."""
        self._divide()
        name = f"table {self.writer.next_table}"
        if caption and not tables:
            self.writer.paragraph(caption, f"{name}, caption")
        for table in tables:
            rows = list(rows_of(table))
            if self.in_cell or not any(len(cells_of(row)) > 1 for row in rows):
                # A table of one column is a box with text in it.
                if caption and caption.text:
                    self.writer.paragraph(caption, f"{name}, caption")
                for row in rows:
                    for cell in cells_of(row):
                        self._block(cell, depth)
            else:
                outer, self.words, self.in_cell = self.words, Gatherer(), True
                grid = read_grid(rows, lambda cell: self._cell(cell, depth))
                self.words, self.in_cell = outer, False
                name = self.writer.table(grid, caption)
            caption = None
        return name

    def _cell(self, cell: etree._Element, depth: int) -> Words:
        self._inline(cell, depth + 3)
        return self.words.cell()
