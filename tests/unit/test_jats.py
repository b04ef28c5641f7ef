"""Articles in JATS: one study each, with title, abstract, body and tables, and without references."""

from __future__ import annotations

import pytest

from rheumcalc.documents import Document, document_from_bytes, read_table, sections
from rheumcalc.files.reading import UnreadableFileError


def article(body: str, front: str = "", back: str = "", head: str = "") -> bytes:
    """Return an article with parts given."""
    title = "<title-group><article-title>A trial</article-title></title-group>"
    meta = f"<front><article-meta>{title}{front}</article-meta></front>"
    return f'{head}<article xmlns:mml="m">{meta}<body>{body}</body><back>{back}</back></article>'.encode()


def read(data: bytes) -> Document:
    """Return an article as read."""
    return document_from_bytes(data, "article.xml")


def paragraphs(body: str) -> list[str]:
    """Return the words of the paragraphs of a body."""
    document = read(article(body))
    return [document.text_of(block.span) for block in document.blocks if not block.is_heading]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ('<p>88<sup><xref ref-type="bibr">12</xref></sup> children</p>', ["88 children"]),
        ('<p>88<xref ref-type="bibr"><sup>12</sup></xref> children</p>', ["88 children"]),
        ('<p>88<sup><xref ref-type="bibr">12</xref>,<xref ref-type="bibr">14</xref></sup></p>', ["88"]),
        ('<p>children [<xref ref-type="bibr">1</xref>–<xref ref-type="bibr">3</xref>].</p>', ["children."]),
        ("<p>10<sup>9</sup>/L, 88<sup>12</sup>, 5 m<sup>2</sup></p>", ["10⁹/L, 88^12^, 5 m²"]),
        ('<p>16 (18.2%)<xref ref-type="fn">1</xref> and HbA<sub>1c</sub></p>', ["16 (18.2%)^1^ and HbA1c"]),
        ("<p>&alpha; &lt; 18&middot;2&percnt; &unheard;</p>", ["α < 18·2% \ufffd"]),
        (
            "<p>p<inline-formula><mml:math><mml:mo>&lt;</mml:mo><mml:mn>5</mml:mn></mml:math></inline-formula></p>",
            ["p<5"],
        ),
        ("<p>a <inline-formula><tex-math>\\frac{16}{88}</tex-math></inline-formula> b</p>", ["a [formula] b"]),
        ("<p>a<list><list-item><p>b</p></list-item></list>c</p>", ["a", "b", "c"]),
        (
            "<fig><label>Figure 1</label><caption><p>Flow of 88.</p></caption><graphic/></fig>",
            ["Figure 1: Flow of 88."],
        ),
        ("<boxed-text><sec><title>Box</title><p>a</p></sec></boxed-text>", ["a"]),
        ("<supplementary-material><p>no</p></supplementary-material><p>a<?pi x?><!-- c --></p>", ["a"]),
        ("<p><![CDATA[16 < 88 (18.2%)]]></p>", ["16 < 88 (18.2%)"]),
    ],
)
def test_the_body_reads_as_it_is_printed(body: str, expected: list[str]) -> None:
    """Citations never join a number; entities of the DTD are read without it."""
    assert paragraphs(body) == expected


def test_an_article_is_one_study() -> None:
    """Its headings divide nothing, whatever they say; references and acknowledgements are not read."""
    front = (
        "<abstract><sec><title>Results</title><p>Sixteen (18.2%).</p></sec></abstract>"
        "<abstract abstract-type='toc'><p>no</p></abstract>"
    )
    body = "".join(f"<sec><title>{t}</title><p>Words.</p></sec>" for t in ("Study 1", "Study 2", "Zhang et al (2020)"))
    back = "<ack><p>no</p></ack><ref-list><ref><mixed-citation>no 5 (50%)</mixed-citation></ref></ref-list>"
    document = read(article(body, front, back))
    (section,) = sections(document)
    assert (section.title, len(section.blocks)) == ("A trial", 10)
    assert "no" not in document.prose.split()
    assert document.source.landmark(document.blocks[3].span.start) == "Abstract, Results, paragraph 1"


TABLE = """<table-wrap><label>Table 1</label><caption><title>Response</title></caption><table>
<thead><tr><th rowspan="2"/><th colspan="2">Group</th></tr><tr><th colspan="2"><hr/></th></tr>
<tr><th/><th>Drug<break/>(<italic>n</italic> = 60)</th><th>Placebo (n = 62)</th></tr></thead>
<tbody><tr><td>ACR20</td><td>33 (55)<xref ref-type="table-fn"><sup>a</sup></xref></td>
<td>12 (19.4)</td></tr></tbody></table>
<table-wrap-foot><fn><p>Data are n (%).</p></fn></table-wrap-foot></table-wrap>"""


def test_a_table_has_its_caption_its_header_and_its_notes() -> None:
    """Rows of rules are no rows; a note may say what the cells are; the wide header stands over each column."""
    document = read(article(f"<sec><title>Results</title><p>See {TABLE}.</p></sec>"))
    (table,) = document.tables
    assert table.caption is not None
    assert document.source.cut(table.caption) == "Table 1: Response"
    assert [cell.text for cell in table.header[0]] == ["", "Group", "Group"]
    found = [
        (r.reported.text, r.column and r.column.text, r.place) for r in read_table(table, document.source.text).results
    ]
    assert found == [("33 (55)", "60", "table 1, row 1, column 2"), ("12 (19.4)", "62", "table 1, row 1, column 3")]
    assert "table 1, note" in {landmark.name for landmark in document.source.landmarks}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "iso-8859-1", "windows-1252"])
def test_the_declared_encoding_is_read(encoding: str) -> None:
    """Also where it is not UTF-8."""
    data = article("<p>Müller</p>", head=f'<?xml version="1.0" encoding="{encoding}"?>\n').decode().encode(encoding)
    assert "Müller" in read(data).prose


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"<project><modelVersion>4</modelVersion></project>", "not an article in JATS"),
        (b"<set><article><front/></article><article><front/></article></set>", "several articles"),
        (article("<p>")[:-30], "breaks off or is damaged in line 1"),
        (b"", "breaks off"),
        (b"words", "breaks off"),
    ],
)
def test_other_xml_is_refused(data: bytes, words: str) -> None:
    """XML of another kind, and XML that breaks off, are named as what they are."""
    with pytest.raises(UnreadableFileError, match=words):
        read(data)


def test_an_article_in_an_envelope_is_read() -> None:
    """Archives send an article within elements of their own."""
    assert "Words." in read(b"<record><metadata>" + article("<p>Words.</p>") + b"</metadata></record>").prose
