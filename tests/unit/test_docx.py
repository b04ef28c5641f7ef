"""Word documents: what is read and what is not, where it stands, and tracked changes as accepted."""

from __future__ import annotations

import docx
import pytest

from makers import docx_body, made_docx, par, run
from rheumcalc.documents import Document, document_from_bytes, outside, read_table, sections

RAISED = '<w:vertAlign w:val="superscript"/>'
LOWERED = '<w:vertAlign w:val="subscript"/>'


def read(data: bytes) -> Document:
    """Return a Word document as read."""
    return document_from_bytes(data, "draft.docx")


def told(document: Document) -> list[tuple[str, str | None, str]]:
    """Return the kind, the place and the words of each block."""
    return [(b.kind, document.source.landmark(b.span.start), document.text_of(b.span)) for b in document.blocks]


def texts(xml: str, notes: str | None = None) -> list[str]:
    """Return the words of each block of a body in XML."""
    return [text for _, _, text in told(read(docx_body(xml, notes)))]


def test_headings_paragraphs_and_lists_are_blocks_with_their_numbers() -> None:
    """Each has its place by number; the styles of headings give their levels, a title's the highest."""

    def build(document: docx.document.Document) -> None:
        document.add_heading("Quarter in review", 0)
        document.add_heading("Study 1", 1)
        document.add_paragraph("We included 83 children.")
        document.add_paragraph("One point", style="List Bullet")

    document = read(made_docx(build))
    assert told(document) == [
        ("heading", "paragraph 1", "Quarter in review"),
        ("heading", "paragraph 2", "Study 1"),
        ("paragraph", "paragraph 3", "We included 83 children."),
        ("paragraph", "paragraph 4", "One point"),
    ]
    assert [block.level for block in document.blocks] == [1, 2, None, None]


def test_bold_lines_are_headings_where_no_style_says_so() -> None:
    """Many authors set headings by hand; where one heading has a style, bold lines are paragraphs."""
    bold = par(run("Study 1: Tofacitinib", "<w:b/>")) + par(run("Sixteen (18.2%) responded."))
    assert [block.kind for block in read(docx_body(bold)).blocks] == ["heading", "paragraph"]
    styled = par(run("Review"), properties='<w:pStyle w:val="Heading1"/>') + bold
    assert [block.kind for block in read(docx_body(styled)).blocks] == ["heading", "paragraph", "paragraph"]


@pytest.mark.parametrize(
    ("xml", "expected"),
    [
        (f"<w:ins>{run('16')}</w:ins>{run(' (18.2%)')}", "16 (18.2%)"),
        (f"{run('16')}<w:del><w:r><w:delText>7</w:delText></w:r></w:del>{run(' (18.2%)')}", "16 (18.2%)"),
        (f"<w:moveFrom>{run('gone')}</w:moveFrom><w:moveTo>{run('come')}</w:moveTo>", "come"),
        (f"<w:sdt><w:sdtContent>{run('content')}</w:sdtContent></w:sdt>{run(' control')}", "content control"),
        (f"<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>{run('Click')}</w:sdtContent></w:sdt>", None),
        (f"<w:hyperlink>{run('a link')}</w:hyperlink>", "a link"),
        (f"{run('88')}{run('12', RAISED)}{run(' children')}", "88^12^ children"),
        (f"{run('10')}{run('9', RAISED)}{run('/L')}", "10⁹/L"),
        (f"{run('CO')}{run('2', LOWERED)}", "CO2"),
        (f"{run('shown')}{run('hidden', '<w:vanish/>')}{run('struck', '<w:strike/>')}", "shown"),
        ("<w:r><w:t>a</w:t><w:tab/><w:t>b</w:t><w:br/><w:t>c</w:t></w:r>", "a b\nc"),
        ("<w:r><w:t>non</w:t><w:softHyphen/><w:t>stop 1</w:t><w:noBreakHyphen/><w:t>2</w:t></w:r>", "nonstop 1\u20112"),
        ('<w:r><w:sym w:font="Symbol" w:char="F0B3"/><w:t>5</w:t></w:r>', "≥5"),
        ("<m:oMath><m:r><m:t>p&lt;0.05</m:t></m:r></m:oMath>", "p<0.05"),
        ("<m:oMath><m:f><m:num><m:r><m:t>16</m:t></m:r></m:num></m:f></m:oMath>", "[formula]"),
        (
            '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>ADDIN x 5 (50%)</w:instrText></w:r>'
            '<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
            + run("[12]")
            + '<w:r><w:fldChar w:fldCharType="end"/></w:r>',
            "[12]",
        ),
        ('<w:fldSimple w:instr=" PAGE ">' + run("3") + "</w:fldSimple>" + run(" words"), "words"),
        (
            f"<mc:AlternateContent><mc:Choice>{run('one')}</mc:Choice><mc:Fallback>{run('two')}</mc:Fallback></mc:AlternateContent>",
            "one",
        ),
    ],
)
def test_runs_read_as_they_are_shown(xml: str, expected: str | None) -> None:
    """Insertions are there and deletions are not; fields give their results; raised numbers stay apart."""
    assert texts(par(xml)) == ([expected] if expected else [])


def test_a_deleted_end_of_a_paragraph_joins_two() -> None:
    """Accepting the change makes one paragraph of them."""
    first = par(run("Sixteen "), properties="<w:rPr><w:del/></w:rPr>")
    assert texts(first + par(run("(18.2%) responded."))) == ["Sixteen (18.2%) responded."]


def test_a_list_of_contents_is_not_read() -> None:
    """Its lines repeat the headings, with page numbers."""

    def build(document: docx.document.Document) -> None:
        style = document.styles.add_style("toc 1", 1)
        document.add_paragraph("Methods 3", style=style)
        document.add_paragraph("Words.")

    assert [text for _, _, text in told(read(made_docx(build)))] == ["Words."]


def test_notes_and_text_boxes_follow_the_paragraph_they_hang_on() -> None:
    """So that a footnote stays with its study; it is numbered as Word numbers it."""
    reference = '<w:r><w:footnoteReference w:id="5"/></w:r>'
    box = (
        "<w:r><w:pict><v:textbox><w:txbxContent>" + par(run("In a box")) + "</w:txbxContent></v:textbox></w:pict></w:r>"
    )
    notes = '<w:footnote w:type="separator" w:id="-1"/><w:footnote w:id="5">' + par(run("A note.")) + "</w:footnote>"
    document = read(docx_body(par(run("Text"), reference, box) + par(run("More")), notes))
    assert [(place, text) for _, place, text in told(document)] == [
        ("paragraph 1", "Text"),
        ("footnote 1", "A note."),
        ("text box 1", "In a box"),
        ("paragraph 2", "More"),
    ]


def test_headers_and_footers_belong_to_no_study() -> None:
    """They are read after the body, and are outside of its sections."""

    def build(document: docx.document.Document) -> None:
        document.add_heading("Study 1", 1)
        document.add_paragraph("We included 83 children.")
        document.sections[0].header.paragraphs[0].text = "Journal club, 5 (50%)"

    document = read(made_docx(build))
    assert [len(section.blocks) for section in sections(document)] == [2]
    assert [document.source.landmark(block.span.start) for block in outside(document).blocks] == ["header"]


def test_a_table_is_read_cell_by_cell_and_is_no_prose() -> None:
    """Merged cells are there once, a label covers its rows, and the header gives the denominators."""

    def build(document: docx.document.Document) -> None:
        document.add_paragraph("Table 1. Response, n (%)")
        table = document.add_table(rows=4, cols=3)
        rows = [
            ["", "Drug (n = 60)", "Placebo (n = 62)"],
            ["ACR20", "33 (55)", "12 (19.4)"],
            ["Joints", "20 (33.3)", ""],
            ["", "5 (8.3)", "6 (9.7)"],
        ]
        for index, row in enumerate(rows):
            for column, text in enumerate(row):
                table.cell(index, column).text = text
        table.cell(2, 0).merge(table.cell(3, 0))
        table.cell(2, 1).merge(table.cell(2, 2))

    document = read(made_docx(build))
    (table,) = document.tables
    found = [
        (r.reported.text, r.label, r.column and r.column.text, r.place)
        for r in read_table(table, document.source.text).results
    ]
    assert found == [
        ("33 (55)", "ACR20", "60", "table 1, row 1, column 2"),
        ("12 (19.4)", "ACR20", "62", "table 1, row 1, column 3"),
        ("20 (33.3)", "Joints", "60", "table 1, row 2, column 2"),
        ("5 (8.3)", "Joints", "60", "table 1, row 3, column 2"),
        ("6 (9.7)", "Joints", "62", "table 1, row 3, column 3"),
    ]
    assert document.source.landmark(table.header[0][1].span.start) == "table 1, header, column 2"
    assert "33" not in document.prose
    assert table.caption is not None
    assert document.source.cut(table.caption) == "Table 1. Response, n (%)"


def test_deleted_rows_are_gone_and_marked_rows_are_the_header() -> None:
    """A row that was deleted under track changes is no row; two marked rows are two rows of the header."""

    def row(*cells: str, properties: str = "") -> str:
        return f"<w:tr><w:trPr>{properties}</w:trPr>{''.join(f'<w:tc>{par(run(c))}</w:tc>' for c in cells)}</w:tr>"

    head = row("", "Drug", properties="<w:tblHeader/>") + row("Outcome", "(n = 60)", properties="<w:tblHeader/>")
    body = row("gone", "5 (50%)", properties="<w:del/>") + row("kept", "6 (10%)")
    (table,) = read(docx_body(f"<w:tbl>{head}{body}</w:tbl>")).tables
    assert (len(table.header), [[cell.text for cell in cells] for cells in table.rows]) == (2, [["kept", "6 (10%)"]])


def test_a_table_of_one_column_is_a_box_and_a_nested_table_a_table() -> None:
    """What stands in a box is prose; a table within a cell follows the one around it."""

    def build(document: docx.document.Document) -> None:
        document.add_table(rows=1, cols=1).cell(0, 0).text = "Sixteen (18.2%) responded."
        outer = document.add_table(rows=2, cols=2)
        outer.cell(0, 0).text = "Outer"
        inner = outer.cell(1, 1).add_table(2, 2)
        inner.cell(0, 0).text = "Inner"

    document = read(made_docx(build))
    assert [text for _, _, text in told(document)] == ["Sixteen (18.2%) responded."]
    assert [table.header[0][0].text for table in document.tables] == ["Outer", "Inner"]


def test_results_side_by_side_in_a_cell_are_divided() -> None:
    """Two results on two lines are two; a count and its percentage on two lines are one."""

    def build(document: docx.document.Document) -> None:
        table = document.add_table(rows=2, cols=2)
        table.cell(1, 0).text = "Duration of\nfollow-up"
        table.cell(1, 1).text = "10 (50%)\n12\n(60%)"

    (table,) = read(made_docx(build)).tables
    assert [cell.text for cell in table.rows[0]] == ["Duration of follow-up", "10 (50%); 12 (60%)"]
