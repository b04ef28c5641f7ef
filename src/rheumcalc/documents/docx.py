"""Read Word documents: python-docx opens the package, and the XML of its parts is walked here.

Tracked changes are read as accepted: what was inserted is there, what was deleted is not.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from io import BytesIO
from typing import TYPE_CHECKING, NamedTuple

from rheumcalc.documents.archive import damaged, inspect_package
from rheumcalc.documents.document import Document
from rheumcalc.documents.grid import GridCell, arrange, readable
from rheumcalc.documents.markup import MAX_DEPTH, formula, too_deep
from rheumcalc.documents.word_styles import Styles, W, child, is_on, value
from rheumcalc.documents.words import Gatherer, Words
from rheumcalc.documents.writer import Writer

if TYPE_CHECKING:
    from docx.opc.part import Part
    from lxml import etree

    from rheumcalc.documents.docx_places import Trace

_M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_ALTERNATIVES = "{http://schemas.openxmlformats.org/markup-compatibility/2006}AlternateContent"
_CHOICE = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Choice"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"

#: What is dropped when changes are accepted, and what holds no text of the document.
_DROPPED = frozenset(
    W + tag
    for tag in (
        *("del", "moveFrom", "delText", "delInstrText", "instrText", "rPr", "pPr", "tblPr", "tblGrid", "trPr", "tcPr"),
        *("sdtPr", "sdtEndPr", "sectPr", "annotationRef", "footnoteRef", "endnoteRef", "separator", "commentReference"),
        *("continuationSeparator", "rt", "pgNum"),
    )
)
#: Fields whose results number pages rather than say something.
_PAGE_FIELDS = frozenset(["PAGE", "NUMPAGES", "SECTIONPAGES", "SECTION", "PAGEREF"])
#: Signs of the font Symbol that stand beside numbers.
_SYMBOLS = {"B3": "≥", "A3": "≤", "B1": "±", "B4": "×", "2D": "−", "25": "%", "BB": "≈", "B7": "•", "6D": "µ"}


def read_docx(data: bytes, name: str, trace: Trace | None = None) -> Document:
    """Return the paragraphs, tables, notes, text boxes, headers and footers of a document.

    `trace` records which element each piece of the text comes from. Raises UnreadableFileError.
    """
    inspect_package(data, name)
    import docx
    from docx.opc.exceptions import OpcError
    from lxml import etree

    try:
        package = docx.Document(BytesIO(data)).part
        reader = _Reader(name, package, trace)
        reader.read()
    except (
        OpcError,
        etree.XMLSyntaxError,
        zipfile.BadZipFile,
        KeyError,
        ValueError,
        AttributeError,
        TypeError,
    ) as error:
        if "depth" in str(error):
            raise too_deep(name) from None
        raise damaged(name) from None
    return reader.writer.document()


class _Field(NamedTuple):
    """A field that has begun: the instruction so far, and whether its result is reached."""

    instruction: str = ""
    has_result: bool = False

    @property
    def is_shown(self) -> bool:
        """Whether the text here is read."""
        words = self.instruction.split()
        return self.has_result and not (words and words[0].upper() in _PAGE_FIELDS)


class _Reader:
    """Goes through the parts of a document and writes what they say."""

    def __init__(self, name: str, part: Part, trace: Trace | None = None) -> None:
        self.writer = Writer(name)
        self.part = part
        self.trace = trace
        self.styles = Styles(_related(part, "styles"))
        self.notes = {kind: _notes(part, kind) for kind in ("footnote", "endnote")}
        self.noted = {"footnote": 0, "endnote": 0}
        self.paragraphs = self.boxes = 0
        #: What the place is called, outside the body.
        self.place: str | None = None
        #: What in the body it hangs on: the mark of a note, a text box; the body, for what stands on every page.
        self.hangs_on: etree._Element | None = None
        self.words = Gatherer()
        self.fields: list[_Field] = []
        self.in_cell = False
        #: Tables, text boxes and notes met within a paragraph or a cell, which are read after it, with their marks.
        self.later: list[tuple[str, etree._Element, etree._Element]] = []
        self.depth = 0

    def read(self) -> None:
        """Write the body, then the headers and footers."""
        root = self.part.element if self.trace is None else self.trace.open(self.part)  # type: ignore[attr-defined]
        body = child(root, "body")
        if body is None:
            raise damaged(self.writer.name)
        self._blocks(body)
        self._end_paragraph(None)
        self.writer.end_body()
        seen: set[str] = set()
        for kind in ("header", "footer"):
            self.place = kind
            self.hangs_on = body
            for each in _all_related(self.part, kind):
                text = " ".join("".join(map(str, each.itertext())).split())
                if text not in seen:
                    seen.add(text)
                    self._blocks(each)
                    self._end_paragraph(None)

    def _blocks(self, element: etree._Element) -> None:
        """Read paragraphs and tables, and what wraps them."""
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise too_deep(self.writer.name)
        for each in element:
            if each.tag == W + "p":
                self._paragraph(each)
            elif each.tag == W + "tbl":
                self._table(each)
            elif each.tag == W + "altChunk":
                self.writer.leave_out("a part that was imported from another file")
            elif each.tag == _ALTERNATIVES:
                for choice in _choice(each):
                    self._blocks(choice)
            elif each.tag not in _DROPPED:
                self._blocks(each)
        self.depth -= 1

    def _paragraph(self, paragraph: etree._Element) -> None:
        properties = child(paragraph, "pPr")
        style = self.styles.of(value(child(properties, "pStyle")))
        if style.is_contents:
            return
        run = child(properties, "rPr")
        self._runs(paragraph, is_bold=style.is_bold)
        if self.in_cell:
            self.words.add_break()
        elif child(run, "del") is None and child(run, "moveFrom") is None:
            # Otherwise the end of the paragraph was deleted, and the next goes on with it.
            outline = value(child(properties, "outlineLvl")) or ""
            level = int(outline) + 2 if outline.isdigit() and len(outline) == 1 and int(outline) < 9 else style.level
            self._end_paragraph(level)

    def _end_paragraph(self, level: int | None) -> None:
        start = self.writer.length
        for words in self.words.paragraphs():
            if self.place is None:
                self.paragraphs += 1
            place = self.place or f"paragraph {self.paragraphs}"
            if level is None or self.place:
                self.writer.paragraph(words, place)
            else:
                self.writer.heading(words, place, level)
        if self.trace is not None:
            self.trace.end(start, self.writer.length)
        self._read_later()

    def _read_later(self) -> None:
        """Read the notes and text boxes that hang on what has just been written, and tables within tables."""
        waiting, self.later = self.later, []
        outer = self.place, self.fields, self.hangs_on
        for kind, element, mark in waiting:
            self.fields = []
            if kind != "table":
                self.hangs_on = mark if outer[2] is None else outer[2]
            if kind == "text box":
                self.boxes += 1
                self.place = f"text box {self.boxes}"
            elif kind != "table":
                self.noted[kind] += 1
                self.place = f"{kind} {self.noted[kind]}"
            self._blocks(element) if kind != "table" else self._table(element)
            self._end_paragraph(None)
            self.place, self.fields, self.hangs_on = outer

    def _runs(self, element: etree._Element, *, is_bold: bool = False, is_raised: bool = False) -> None:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise too_deep(self.writer.name)
        for each in element:
            tag = each.tag
            if tag == W + "r":
                properties = child(each, "rPr")
                if not is_on(child(properties, "vanish")) and not is_on(child(properties, "strike")):
                    style = self.styles.of(value(child(properties, "rStyle")))
                    align = value(child(properties, "vertAlign"))
                    self._runs(
                        each,
                        is_bold=is_on(child(properties, "b"), otherwise=is_bold or style.is_bold),
                        is_raised=style.is_raised if align is None else align == "superscript",
                    )
            elif tag == W + "fldChar":
                self._field(each.get(W + "fldCharType"))
            elif tag == W + "instrText" and self.fields and not self.fields[-1].has_result:
                told = self.fields[-1].instruction + (each.text or "")
                self.fields[-1] = _Field(told[:200])
            elif tag == W + "fldSimple":
                around = len(self.fields)
                self.fields.append(_Field(each.get(W + "instr") or "", has_result=True))
                self._runs(each, is_bold=is_bold)
                # What began or ended within it and did not belong there goes with it.
                del self.fields[around:]
            elif tag == _ALTERNATIVES:
                for choice in _choice(each):
                    self._runs(choice, is_bold=is_bold)
            elif tag == W + "txbxContent":
                self.later.append(("text box", each, each))
            elif tag in (W + "footnoteReference", W + "endnoteReference"):
                kind = tag.removeprefix(W).removesuffix("Reference")
                note = self.notes[kind].pop(each.get(W + "id") or "", None)
                if note is not None:
                    self.later.append((kind, note, each))
            elif not all(field.is_shown for field in self.fields):
                continue
            elif tag == W + "t":
                self._text(each, is_bold=is_bold, is_raised=is_raised)
            elif tag in (W + "br", W + "cr"):
                self.words.add_break()
            elif tag in (W + "tab", W + "ptab"):
                self.words.add(" ")
            elif tag == W + "noBreakHyphen":
                self._add(each, "\u2011")
            elif tag == W + "sym":
                self._add(each, _symbol(each))
            elif tag == _M + "oMath":
                self._add(each, formula(each))
            elif tag == W + "sdt":
                if child(child(each, "sdtPr"), "showingPlcHdr") is None:
                    self._runs(each, is_bold=is_bold)
            elif tag not in _DROPPED and isinstance(tag, str):
                self._runs(each, is_bold=is_bold, is_raised=is_raised)
        self.depth -= 1

    def _text(self, element: etree._Element, *, is_bold: bool, is_raised: bool) -> None:
        text = element.text or ""
        self.words.add_raised(text) if is_raised else self.words.add(text, is_bold=is_bold)
        self._note(element, text, is_whole=is_raised)

    def _add(self, element: etree._Element, text: str) -> None:
        """Add the text that an element without text of its own stands for."""
        self.words.add(text)
        self._note(element, text, is_whole=True)

    def _note(self, element: etree._Element, text: str, *, is_whole: bool) -> None:
        if self.trace is not None:
            from rheumcalc.documents.docx_places import Piece

            self.trace.add(Piece(element, text, self.hangs_on, is_whole))

    def _field(self, kind: str | None) -> None:
        if kind == "begin":
            self.fields.append(_Field())
        elif kind == "separate" and self.fields:
            self.fields[-1] = self.fields[-1]._replace(has_result=True)
        elif kind == "end" and self.fields:
            self.fields.pop()

    def _table(self, table: etree._Element) -> None:
        if self.in_cell:
            self.later.append(("table", table, table))
            return
        rows = list(_rows(table))
        cells = [list(_cells(row)) for row in rows[: readable(len(row) for row in rows)]]
        if self.place in ("header", "footer") or not any(len(row) > 1 for row in cells):
            # A table of one column is a box; one at the head of a page arranges it.
            for row in rows:
                for cell in _cells(row):
                    self._blocks(cell)
            return
        headers = 0
        while headers < len(rows) and is_on(child(child(rows[headers], "trPr"), "tblHeader")):
            headers += 1
        self.in_cell = True
        grid = [[self._cell(cell) for cell in row] for row in cells]
        self.in_cell = False
        arranged = arrange(_merged(grid), headers or None, len(rows) - len(cells))
        self.writer.table(arranged)
        if self.trace is not None:
            self.trace.end_table(arranged, self.writer.tables[-1])
        self._read_later()

    def _cell(self, cell: etree._Element) -> tuple[GridCell, bool]:
        """Return a cell, and whether it goes on with the one above it."""
        properties = child(cell, "tcPr")
        merge = child(properties, "vMerge")
        span = value(child(properties, "gridSpan")) or "1"
        self._blocks(cell)
        words = self.words.cell()
        indent = child(child(child(cell, "p"), "pPr"), "ind")
        if indent is not None and re.match("[1-9]", indent.get(W + "left") or indent.get(W + "start") or ""):
            words = Words(f"\u2003{words.text}") if words.text else words
        if self.trace is not None:
            self.trace.end_cell(words)
        columns = int(span) if span.isdigit() and len(span) < 4 else 1
        return GridCell(words, max(1, columns)), merge is not None and value(merge) != "restart"


def _merged(rows: list[list[tuple[GridCell, bool]]]) -> list[list[GridCell]]:
    """Return the rows with cells that go on downwards counted to those above them."""
    done: list[list[GridCell]] = []
    #: Where the cell that covers a column began: its row, and its place in that row.
    above: dict[int, tuple[int, int]] = {}
    for index, row in enumerate(rows):
        kept: list[GridCell] = []
        column = 0
        for cell, goes_on in row:
            origin = above.get(column)
            if goes_on and origin is not None:
                first = done[origin[0]]
                first[origin[1]] = first[origin[1]]._replace(rows=index - origin[0] + 1)
            else:
                above[column] = index, len(kept)
                kept.append(cell)
            column += cell.columns
        done.append(kept)
    return done


def _rows(table: etree._Element) -> Iterator[etree._Element]:
    for each in table:
        if each.tag == W + "tr":
            properties = child(each, "trPr")
            if child(properties, "del") is None:
                yield each
        elif each.tag not in _DROPPED:
            yield from _rows(each)


def _cells(row: etree._Element) -> Iterator[etree._Element]:
    for each in row:
        if each.tag == W + "tc":
            if child(child(each, "tcPr"), "cellDel") is None:
                yield each
        elif each.tag not in _DROPPED:
            yield from _cells(each)


def _choice(alternatives: etree._Element) -> list[etree._Element]:
    """Return the first of several forms of one thing."""
    return [each for each in alternatives if each.tag in (_CHOICE, _FALLBACK)][:1]


def _symbol(element: etree._Element) -> str:
    return _SYMBOLS.get((element.get(W + "char") or "").upper().removeprefix("F0"), "\ufffd")


def _all_related(part: Part, kind: str) -> list[etree._Element]:
    """Return the roots of the parts that a part is related to in one way."""
    from docx.oxml import parse_xml

    found = [each for each in part.rels.values() if each.reltype.endswith(f"/{kind}") and not each.is_external]
    return [parse_xml(each.target_part.blob) for each in found]


def _related(part: Part, kind: str) -> etree._Element | None:
    return next(iter(_all_related(part, kind)), None)


def _notes(part: Part, kind: str) -> dict[str, etree._Element]:
    """Return the notes of a kind by their identifiers, the lines above them left out."""
    root = _related(part, f"{kind}s")
    notes = () if root is None else root
    return {note.get(W + "id") or "": note for note in notes if note.tag == W + kind and note.get(W + "type") is None}
