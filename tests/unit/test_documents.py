"""Documents as read: the reader is chosen by name, and plain text becomes paragraphs and headings."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hostile import DRAFTS
from rheumcalc.documents import Document, outside, read_document, read_table, sections
from rheumcalc.source import Source
from steps import LINEAR, growth

#: Texts that look like documents: the marks of Markdown, results, line ends of every kind.
PIECES = st.sampled_from(
    [
        *(
            "\n",
            "\r\n",
            "\r",
            "\n\n",
            " ",
            "\t",
            "    ",
            "> ",
            "- ",
            "1. ",
            "# ",
            "## ",
            "---\n",
            "===\n",
            "```\n",
            "`",
        ),
        *("| ", "|", "|-|-|\n", "| a | b |\n|---|---|\n", "\\|", "\\", "**", "*", "_", "~~", "[", "](", ")", "<!--"),
        *("-->", "<br>", "<sup>", "&nbsp;", "&lt;", "\0", "\u00a0", "\u2028", "\x1f", "é", "Table 1. ", "n = 60"),
        *(
            "n (%)",
            "16 (18.2%)",
            "10/12",
            "12 (20)",
            "20%",
            "Study 1",
            "Results",
            "References",
            "words",
            "\ufeff",
            "😀",
        ),
    ]
)
TEXTS = st.lists(PIECES, max_size=40).map("".join)


def read(text: str, name: str = "draft.txt") -> Document:
    """Return a text as read under a name."""
    return read_document(Source(name, text))


def kinds(document: Document) -> list[tuple[str, str]]:
    """Return the kind and the source's words of each block."""
    return [(block.kind, document.source.cut(block.span)) for block in document.blocks]


@pytest.mark.parametrize(
    ("name", "expected"),
    [("a.md", "heading"), ("A.MD", "heading"), ("a.markdown", "heading"), ("a.txt", "paragraph"), ("-", "paragraph")],
)
def test_the_reader_is_chosen_by_the_end_of_the_name(name: str, expected: str) -> None:
    """Names that end in .md or .markdown are Markdown, in any case; all others are plain text."""
    assert expected == read("# words\n\nmore words here.", name).blocks[0].kind


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_paragraphs_are_divided_by_blank_lines(end: str) -> None:
    """A single line end stays within a paragraph; a line of spaces divides."""
    text = end.join(["", "  One of", "them.  ", " \t", "Two.", "", ""])
    expected = [("paragraph", f"One of{end}them."), ("paragraph", "Two.")]
    assert expected == kinds(read(text))


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Study In Focus 1:", "heading"),
        ("Efficacy of thalidomide in children: a single-centre study", "heading"),
        ("2. Patients and methods", "heading"),
        ("Sixteen children took part.", "paragraph"),
        ("Sixteen (18.2%) patients responded", "paragraph"),
        ("as was seen before", "paragraph"),
        ("- a point of a list", "paragraph"),
        ("Seen by others too.12", "paragraph"),
        ("N" * 300, "paragraph"),
        ("Two\nlines", "paragraph"),
    ],
)
def test_a_heading_of_plain_text_is_a_short_line_that_is_no_sentence(line: str, expected: str) -> None:
    """A line that stands alone and ends without a full stop is a heading; a result or a list's point is none."""
    assert expected == read(f"{line}\n\nWhat follows.").blocks[0].kind


def test_the_last_line_of_a_plain_text_is_no_heading() -> None:
    """Nothing follows it, so it heads nothing: an abstract of one line is a paragraph."""
    assert [kind for kind, _ in kinds(read("Sixteen of 88 patients responded"))] == ["paragraph"]


def test_pipes_in_plain_text_are_no_table() -> None:
    """Plain text has no tables."""
    assert read("| a | b |\n|---|---|\n| 1 | 2 |\n").tables == ()


def test_a_comment_in_plain_text_is_no_prose() -> None:
    """Comments are blanked in prose, and a paragraph of comments only is no block."""
    document = read("<!-- rheumcalc:ignore RC201 5 (50%) -->\nSixteen.\n\n<!-- a\n\nb -->")
    assert kinds(document) == [("paragraph", "Sixteen.")]
    assert "50%" not in document.prose


@given(TEXTS, st.sampled_from(["a.md", "a.txt"]))
def test_places_hold_on_any_text(text: str, name: str) -> None:
    """Prose is as long as the source; blocks and tables are in order and apart; each cell is cut from its place."""
    document = read(text, name)
    assert len(text) == len(document.prose)
    spans = [block.span for block in document.blocks]
    assert sorted(spans) == spans
    ends = [0, *(span.end for span in spans)]
    assert all(end <= span.start < span.end for end, span in zip(ends, spans, strict=False))
    assert all(text[span.start : span.end].strip("\x1f \t") for span in spans)
    for table in document.tables:
        cells = [cell for row in (*table.header, *table.rows) for cell in row]
        assert [text[cell.span.start : cell.span.end] for cell in cells] == [cell.text for cell in cells]
        for result in read_table(table, text).results:
            assert text[result.span.start : result.span.end] == result.reported.text
            printed = (result.reported.count, result.reported.denominator, result.reported.percent)
            for number in (*printed, result.column, result.row, result.total, result.caption):
                if number is not None and number.span is not None:
                    assert text[number.span.start : number.span.end] == number.text


@given(TEXTS, st.sampled_from(["a.md", "a.txt"]))
def test_no_block_is_in_two_sections(text: str, name: str) -> None:
    """Each block is in one section at most, and what is outside is in none."""
    document = read(text, name)
    parts = [*sections(document), outside(document)]
    spans = [span for part in parts for span in part.spans]
    assert len(set(spans)) == len(spans)
    numbers = [table.number for part in parts for table in part.tables]
    assert sorted(numbers) == [table.number for table in document.tables]


@pytest.mark.parametrize("text", [each.whole for each in DRAFTS.values()], ids=DRAFTS)
@pytest.mark.parametrize("name", ["a.md", "a.txt"])
def test_hostile_texts_are_read(text: str, name: str) -> None:
    """Nesting, long lines and endless tables raise nothing, and give no more than is there."""
    document, results = _everything(text, name)
    assert len(text) == len(document.prose)
    assert results <= 500_000


@pytest.mark.parametrize("kind", DRAFTS)
@pytest.mark.parametrize("name", ["a.md", "a.txt"])
def test_hostile_texts_are_read_in_linear_time(kind: str, name: str) -> None:
    """A text that is twice as long takes twice the steps."""
    make, size = DRAFTS[kind]
    assert growth(lambda text: _everything(text, name), make, size // 50) < LINEAR


def _everything(text: str, name: str) -> tuple[Document, int]:
    """Read a document, its sections and what is outside of them; return it and the number of results in its tables."""
    document = read(text, name)
    sections(document)
    outside(document)
    return document, sum(1 for table in document.tables for _ in read_table(table, text).results)
