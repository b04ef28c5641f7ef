"""The table of a summary as a Word document: a real table with its caption and its notes."""

from __future__ import annotations

from datetime import datetime
from io import BytesIO
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from rheumcalc.messages import MissingExtraError, visible
from rheumcalc.summary.grid import Column, Grid, grid_of
from rheumcalc.summary.table import FIGURE_SPACES, SummaryTable

if TYPE_CHECKING:
    from docx.document import Document

#: When every document says it was made, so that the same records give the same file.
_MADE = datetime(2000, 1, 1)  # noqa: DTZ001 - the format knows no zones
#: How wide each column is, as shares: those of words and of numbers, by title.
_SHARES = {"Outcome": 26, "Study": 22, "Group": 15, "Time": 11, "n/N": 9, "%": 7, "As printed": 17, "Verdict": 14}
_INTERVAL_SHARE = 12
#: The page in millimetres, A4 in landscape, and its margins.
_PAGE, _MARGIN = (297, 210), 18
#: How many twentieths of a point, Word's unit, a millimetre has.
_TWENTIETHS = 1440 / 25.4
#: The styles of the table's text and of its notes, with their sizes in points.
_CELL, _NOTE = ("Summary table", 9), ("Summary note", 8.5)


def render_table(table: SummaryTable) -> bytes:
    """Return a document in landscape. Raises MissingExtraError without python-docx."""
    try:
        import docx
    except ImportError:
        raise MissingExtraError("Writing .docx", "docx") from None
    document = docx.Document()
    properties = document.core_properties
    properties.title, properties.author, properties.comments = visible(table.caption)[:255], "rheumcalc", ""
    properties.created = properties.modified = _MADE
    _turn(document)
    _add_styles(document)
    _caption(document, table.caption)
    _table(document, grid_of(table, FIGURE_SPACES))
    for note in table.notes:
        paragraph = document.add_paragraph(style=_NOTE[0])
        if note.mark:
            paragraph.add_run(note.mark).font.superscript = True
            paragraph.add_run(" ")
        paragraph.add_run(visible(note.text))
    stream = BytesIO()
    document.save(stream)
    return stream.getvalue()


def _turn(document: Document) -> None:
    from docx.enum.section import WD_ORIENT
    from docx.shared import Mm

    section = document.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = map(Mm, _PAGE)
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Mm(_MARGIN)


def _add_styles(document: Document) -> None:
    """Add styles of our own: who pastes the table elsewhere changes its look in one place."""
    from docx.enum.style import WD_STYLE_TYPE
    from docx.shared import Pt

    for name, size in (_CELL, _NOTE):
        style = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.base_style = document.styles["Normal"]
        style.font.size = Pt(size)
        style.paragraph_format.space_before = style.paragraph_format.space_after = Pt(1)
        style.paragraph_format.line_spacing = 1.0


def _caption(document: Document, text: str) -> None:
    """Write `Table 1.` with a field that Word counts, and the caption."""
    from docx.oxml import parse_xml
    from docx.oxml.ns import nsdecls
    from docx.shared import Pt, RGBColor

    paragraph = document.add_paragraph(style="Caption")
    paragraph.paragraph_format.keep_with_next = True
    paragraph.add_run("Table ")
    number = paragraph.add_run("1")
    field = parse_xml(rf'<w:fldSimple {nsdecls("w")} w:instr=" SEQ Table \* ARABIC "/>')
    number._r.addprevious(field)  # noqa: SLF001 - python-docx has no fields
    paragraph.add_run(f". {visible(text)}.")
    for run in paragraph.runs:
        run.font.size, run.font.color.rgb = Pt(10), RGBColor(0, 0, 0)
    field.append(number._r)  # noqa: SLF001 - as above


def _table(document: Document, grid: Grid) -> None:
    """Write the table as XML: python-docx builds cell by cell, in a hundred times the time, and has no borders."""
    from docx.oxml import parse_xml
    from docx.oxml.ns import nsdecls

    room = round((_PAGE[0] - 2 * _MARGIN) * _TWENTIETHS)
    shares = [_SHARES.get(column.title, _INTERVAL_SHARE) for column in grid.columns]
    widths = [room * share // sum(shares) for share in shares]
    style = document.styles[_CELL[0]].style_id
    writer = _Rows(style or "", widths, grid.columns)
    rows = [writer.header()]
    for number, (cells, marks) in enumerate(zip(grid.rows, grid.marks, strict=True)):
        if number in grid.headings:
            rows.append(writer.heading(grid.headings[number]))
        rows.append(writer.row(cells, marks))
    columns = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    table = parse_xml(
        f"<w:tbl {nsdecls('w')}><w:tblPr>"
        # Word takes these in one order alone.
        f'<w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:tblBorders>{_border("top", 12)}{_border("bottom", 12)}'
        '</w:tblBorders><w:tblLayout w:type="fixed"/><w:tblCellMar><w:left w:w="85" w:type="dxa"/>'
        '<w:right w:w="85" w:type="dxa"/></w:tblCellMar><w:tblLook w:firstRow="1"/></w:tblPr>'
        f"<w:tblGrid>{columns}</w:tblGrid>{''.join(rows)}</w:tbl>"
    )
    document.paragraphs[0]._p.addnext(table)  # noqa: SLF001 - it goes below the caption


def _border(side: str, size: int) -> str:
    return f'<w:{side} w:val="single" w:sz="{size}" w:space="0" w:color="auto"/>'


class _Rows:
    """Writes the rows of a table, each kept on one page."""

    def __init__(self, style: str, widths: list[int], columns: tuple[Column, ...]) -> None:
        self.style = style
        self.widths = widths
        self.columns = columns

    def header(self) -> str:
        """Return the row of titles, which is repeated on each page."""
        rule = f"<w:tcBorders>{_border('bottom', 6)}</w:tcBorders>"
        cells = (
            self._cell(column.title, width, more=rule, is_number=column.is_number, is_bold=True)
            for column, width in zip(self.columns, self.widths, strict=True)
        )
        return f"<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>{''.join(cells)}</w:tr>"

    def heading(self, text: str) -> str:
        """Return a row of one cell, kept with the next."""
        span = f'<w:gridSpan w:val="{len(self.columns)}"/>'
        cell = self._cell(text, sum(self.widths), more=span, is_bold=True, keeps_next=True)
        return f"<w:tr><w:trPr><w:cantSplit/></w:trPr>{cell}</w:tr>"

    def row(self, cells: tuple[str, ...], marks: tuple[str, ...]) -> str:
        """Return a row; the letters of its notes are raised behind the last cell."""
        written = []
        for place, (text, column, width) in enumerate(zip(cells, self.columns, self.widths, strict=True)):
            is_last = place == len(cells) - 1
            own = ",".join(marks) if is_last else ""
            is_bold = is_last and text.isupper()
            written.append(self._cell(text, width, is_number=column.is_number, is_bold=is_bold, raised=own))
        return f"<w:tr><w:trPr><w:cantSplit/></w:trPr>{''.join(written)}</w:tr>"

    def _cell(
        self,
        text: str,
        width: int,
        *,
        more: str = "",
        is_number: bool = False,
        is_bold: bool = False,
        keeps_next: bool = False,
        raised: str = "",
    ) -> str:
        next_ = "<w:keepNext/>" if keeps_next else ""
        side = '<w:jc w:val="right"/>' if is_number else ""
        bold = "<w:rPr><w:b/></w:rPr>" if is_bold else ""
        run = f'<w:r>{bold}<w:t xml:space="preserve">{escape(visible(text))}</w:t></w:r>'
        if raised:
            run += f'<w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr><w:t>{raised}</w:t></w:r>'
        return (
            f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{more}</w:tcPr>'
            f'<w:p><w:pPr><w:pStyle w:val="{self.style}"/>{next_}{side}</w:pPr>{run}</w:p></w:tc>'
        )
