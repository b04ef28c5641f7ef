"""HTML: what a browser shows is read, and nothing else; encodings; markers in comments."""

from __future__ import annotations

import pytest

from rheumcalc.documents import Document, document_from_bytes, read_table, sections
from rheumcalc.files.reading import UnreadableFileError


def read(html: str | bytes) -> Document:
    """Return HTML as read."""
    return document_from_bytes(html if isinstance(html, bytes) else html.encode(), "draft.html")


def texts(html: str | bytes) -> list[str]:
    """Return the words of each block."""
    document = read(html)
    return [document.text_of(block.span).strip() for block in document.blocks]


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<h2>Study 1</h2><p>One\n  of <b>them</b>.<p>Two", ["Study 1", "One of them.", "Two"]),
        ("<ul><li>a<li>b<p>c</ul><dl><dt>d<dd>e</dl>", ["a", "b", "c", "d", "e"]),
        ("loose<div>in<p>side</p>tail</div>end", ["loose", "in", "side", "tail", "end"]),
        ("<p>a<br>b<br><br>c", ["a\nb", "c"]),
        ("<pre>a\nb\n\nc</pre>", ["a\nb", "c"]),
        ("<p>16&nbsp;(18&middot;2&percnt;) &le; &#8805; &amp;lt; &unknown;", ["16\u00a0(18·2%) ≤ ≥ &lt; &unknown;"]),
        ("<p>x < 5 and y > 3, a<b", ["x < 5 and y > 3, a"]),
        ("<p>88<sup>12</sup> of 10<sup>9</sup>/L, 3<sup>rd</sup>, CO<sub>2</sub>", ["88^12^ of 10⁹/L, 3rd, CO2"]),
        ("<p>soft&shy;ly<wbr> said", ["softly said"]),
        ("<script>document.write('<p>5/10 (99%)</p>')</script><style>p{}</style><p>a", ["a"]),
        ("<template><p>5 (99%)</template><noscript><p>6 (99%)</noscript><p>a", ["a"]),
        ("<p>a<span hidden>5 (99%)</span><i style='display: none'>x</i><b aria-hidden=true>y</b>b", ["ab"]),
        ("<p>a <del>5 (99%)</del><s>6</s>b", ["a b"]),
        ("<nav>Home</nav><head><title>5 (99%)</title></head><p>a", ["a"]),
        ("<p>a<!-- 5 (99%) --><!--> b --><![if x]>c<![endif]><?php 5 ?>", ["a b -->c"]),
        ("<math><mi>p</mi><mo>&lt;</mo><mn>0.05</mn></math>", ["p<0.05"]),
        ("<math><mfrac><mn>16</mn><mn>88</mn></mfrac></math>", ["[formula]"]),
        ("<textarea>5 (99%)</textarea><p>a", ["a"]),
        ("<p title='<p>5 (99%)</p>'>a", ["a"]),
        ("", []),
        ("<!-- nothing -->", []),
    ],
)
def test_what_a_browser_shows_is_read(html: str, expected: list[str]) -> None:
    """Blocks, entities, raised numbers; no scripts, styles, hidden text or comments."""
    assert texts(html) == expected


def test_places_are_named_by_heading_paragraph_and_line() -> None:
    """A file that has lines gives them; one that a program wrote on one line does not."""
    document = read("<h1>Review</h1>\n<p>One.</p>\n\n<p>Two.</p>\n")
    places = [document.source.landmark(block.span.start) for block in document.blocks]
    assert places == ["Review (line 1)", "Review, paragraph 1 (line 2)", "Review, paragraph 2 (line 4)"]
    document = read("<h1>Review</h1><p>One.</p><p>Two.</p>")
    assert document.source.landmark(document.blocks[2].span.start) == "Review, paragraph 2"


TABLE = """
<table><caption>Table 1. Response, n (%)</caption>
<tfoot><tr><td>Foot<td><td></tfoot>
<thead><tr><th rowspan="2">Outcome<th colspan="2">Group
<tr><th>Drug<br>(n = 60)<th>Placebo (n = 62)</thead>
<tr><td>ACR20<td>33 (55)<td>12 (19.4)<sup>a</sup>
<tr><td rowspan="2">ACR50<td colspan="2">20 (33.3)
<tr><td>1 (1.7)<td>2 (3.2)
</table>
"""


def test_a_table_is_read_with_its_caption_and_what_its_cells_cover() -> None:
    """A header over two columns stands over each; a label covers its rows; a result stands once."""
    document = read(TABLE)
    (table,) = document.tables
    header = [[cell.text for cell in row] for row in table.header]
    assert header == [["Outcome", "Group", "Group"], ["", "Drug (n = 60)", "Placebo (n = 62)"]]
    rows = [[cell.text for cell in row] for row in table.rows]
    assert rows == [
        ["ACR20", "33 (55)", "12 (19.4)^a^"],
        ["ACR50", "20 (33.3)", ""],
        ["ACR50", "1 (1.7)", "2 (3.2)"],
        ["Foot", "", ""],
    ]
    found = [(r.reported.text, r.column and r.column.text) for r in read_table(table, document.source.text).results]
    assert found == [("33 (55)", "60"), ("12 (19.4)", "62"), ("20 (33.3)", "60"), ("1 (1.7)", "60"), ("2 (3.2)", "62")]


@pytest.mark.parametrize(
    "table",
    [
        "<table><tr><td><h2>Study 1</h2><p>We included 88.<td>side</table>",
        "<table role=presentation><tr><td><p>Study 1<td>We included 88.</table>",
        "<table><tr><td>Study 1<tr><td>We included 88.</table>",
        "<table><tr><td>Study 1<td><table><tr><td>We included 88.</table></table>",
    ],
)
def test_a_table_that_arranges_the_page_is_no_table(table: str) -> None:
    """It holds headings or tables, says so, or has one column: its text is prose."""
    document = read(table)
    assert document.tables == ()
    assert {"Study 1", "We included 88."} <= {document.text_of(block.span) for block in document.blocks}


def test_a_first_row_of_results_is_no_header() -> None:
    """Where a table has no header, its first row is read like the others."""
    (table,) = read("<table><tr><td>ACR20<td>33 (55%)<tr><td>ACR50<td>20 (33%)</table>").tables
    assert (len(table.header), len(table.rows)) == (0, 2)


def test_markers_stand_where_they_stand() -> None:
    """A comment that speaks to this program is found above its block, within it, and in a cell; it is no prose."""
    document = read(
        "<p>One.</p><!-- rheumcalc:ignore RC201 5 (50%)\n of two --><p>Two <!-- rheumcalc:ignore RC302 b -->words.</p>"
        "<table><tr><th>a<th>b<tr><!-- rheumcalc:ignore RC204 c --><td>x<td>5 (50%)</table>"
        "<p>&lt;!-- rheumcalc:ignore x y -->"
    )
    assert [(m.verb, m.arguments) for m in document.markers] == [
        ("ignore", "RC201 5 (50%) of two"),
        ("ignore", "RC302 b"),
        ("ignore", "RC204 c"),
    ]
    assert [document.source.cut(m.span)[:17] for m in document.markers] == ["<!-- rheumcalc:ig"] * 3
    assert "50%" not in document.prose
    lines = document.source.text.splitlines()
    assert lines[lines.index("<!-- rheumcalc:ignore RC201 5 (50%) of two -->") + 1].startswith("Two")


@pytest.mark.parametrize(
    "data",
    [
        '<meta charset="utf-8"><p>Müller ≥'.encode(),
        "<p>Müller ≥".encode(),
        "\ufeff<p>Müller ≥".encode(),
        "<p>Müller ≥".encode("utf-16"),
        '<meta http-equiv="Content-Type" content="text/html; charset=windows-1253"><p>Müller ≥'.replace(
            "ü", "y"
        ).encode("cp1253", "ignore"),
        '<meta charset="gbk"><p>Müller ≥'.replace("ü", "y").encode("gbk"),
    ],
)
def test_encodings_are_those_the_page_declares(data: bytes) -> None:
    """A byte-order mark, a declaration, or UTF-8."""
    assert texts(data)[0].replace("y", "ü").startswith("Müller")


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b'<meta charset="utf-8">\n<p>M\xfcller', "line 2 contains the byte 0xFC"),
        (b"<p>M\xfcller", "not UTF-8"),
        (b'<meta charset="zlib_codec"><p>x', "encoding 'zlib_codec'"),
        (b"<p>a\n<p>b\0", "first in line 2"),
    ],
)
def test_other_encodings_are_refused(data: bytes, words: str) -> None:
    """What a page declares must be so; NULs are refused with their line."""
    with pytest.raises(UnreadableFileError, match=words) as error:
        read(data)
    assert error.value.finding.rule.name == "invalid-encoding"


def test_headings_divide_studies_as_in_markdown() -> None:
    """The sections of a page are those of its headings."""
    html = "<h1>Review</h1>" + "".join(f"<h2>Study {n}: a drug</h2><p>Words.<h3>Results</h3><p>More." for n in (1, 2))
    assert [section.title for section in sections(read(html))] == ["Study 1: a drug", "Study 2: a drug"]
