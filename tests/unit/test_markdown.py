"""Markdown: structure by markdown-it-py, places by us."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conftest import PATIENCE
from rheumcalc.documents import Document, read_document
from rheumcalc.documents.document import MAX_COLUMNS, MAX_ROWS
from rheumcalc.documents.marks import veil
from rheumcalc.prose.text import read_text
from rheumcalc.source import Source


def read(text: str) -> Document:
    """Return a Markdown text as read."""
    return read_document(Source("draft.md", text))


def blocks(document: Document) -> list[tuple[int | None, str]]:
    """Return the level and the source's words of each block."""
    return [(block.level, document.source.cut(block.span)) for block in document.blocks]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_blocks_have_their_places(end: str) -> None:
    """Headings of both kinds, quotations, lists and indented lines are cut from their places."""
    lines = [
        "# One #",
        "",
        "\tcode 5 (50%)",
        "",
        "> ## Two",
        "> 16 (18.2%)",
        "lazy",
        "",
        "- item",
        "  on",
        "  1. deep",
        "",
        "Three",
        "and",
        "---",
    ]
    expected = [
        (1, "One"),
        (2, "Two"),
        (None, f"16 (18.2%){end}lazy"),
        (None, f"item{end}  on"),
        (None, "deep"),
        (2, f"Three{end}and"),
    ]
    assert expected == blocks(read(end.join(lines)))


@pytest.mark.parametrize("text", ["\u00a0\nwords", "words\n\u00a0", "> \u2003\n> words\n> <!-- a -->"])
def test_lines_of_unusual_spaces_move_nothing(text: str) -> None:
    """A line that holds only spaces Markdown does not know leaves the words in their place."""
    document = read(text)
    assert document.prose.strip() == "words"
    assert document.prose.index("words") == text.index("words")


@pytest.mark.parametrize(
    "text",
    [
        "```\n5 (50%)\n```\n",
        "~~~\n5 (50%)\n",
        "    5 (50%)\n",
        "<!-- 5 (50%) -->\n",
        "<!-- a\n\n5 (50%)\n-->\n",
        "Words `5 (50%)` here.\n",
        "Words <!-- 5 (50%) --> here.\n",
        "Words ~~5 (50%)~~ here.\n",
        "[a](http://x/5%20(50%)) words\n",
        "[a]: http://x '5 (50%)'\n",
        "---\nnote: 5 (50%)\n---\n\nWords.\n",
        "| a |\n|---|\n| 5 (50%) |\n",
    ],
)
def test_code_comments_front_matter_and_tables_are_no_prose(text: str) -> None:
    """What is no prose is blanked in it."""
    document = read(text)
    assert read_text(document.prose).mentions == ()
    assert len(text) == len(document.prose)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("**16** (18.2%) patients", "16** (18.2%)"),
        ("16 (**18.2%**) patients", "16 (**18.2%**)"),
        ("_16 (18.2%)_ patients", "16 (18.2%)"),
        ("[16 (18.2%)](http://x/1%202) patients", "16 (18.2%)"),
        ("16 (18.2\\%) patients", "16 (18.2\\%)"),
        ("16&nbsp;(18.2%) patients", "16&nbsp;(18.2%)"),
        ("16[^1] (18.2%) patients", "16[^1] (18.2%)"),
        ("> 16\n> (18.2%) patients", "16\n> (18.2%)"),
        ("<!-- note --> 16 (18.2%) patients", "16 (18.2%)"),
        ("- 16\r\n  (18.2%) patients", "16\r\n  (18.2%)"),
    ],
)
def test_results_are_read_through_marks(text: str, expected: str) -> None:
    """What is found in prose is cut, marks and all, from the source."""
    found = read_text(read(text).prose).mentions
    assert [expected] == [text[mention.span.start : mention.span.end] for mention in found]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("16* (18%)", "16* (18%)"),
        ("p*q and 5_6_7", "p*q and 5_6_7"),
        ("a\\*b", "a *b"),
        ("p &lt; 0.05", "p    < 0.05"),
        ("a<br>b", "a;   b"),
        ("`` a ` b `` c `", "            c `"),
        ("CO<sub>2</sub>", "CO     2      "),
        ("x < 5 and y > 3", "x < 5 and y > 3"),
    ],
)
def test_marks_alone_are_blanked(text: str, expected: str) -> None:
    """Only what is a mark goes; footnote stars and comparisons stay."""
    assert expected == veil(text)


@given(st.text(alphabet="ab12 *_`~[](){}<>!&;\\|%\n\r/=-", max_size=80))
def test_a_veil_keeps_every_place(text: str) -> None:
    """The veil keeps length and line ends, and what it keeps stands where it stood."""
    veiled = veil(text)
    assert len(text) == len(veiled)
    assert [char for char in text if char in "\r\n"] == [char for char in veiled if char in "\r\n"]
    assert all(new in (old, " ", ";", "<", ">", "&") for old, new in zip(text, veiled, strict=True))


def test_tables_have_cells_with_places() -> None:
    """Cells are cut without their spaces; rows are filled up to the header, and escaped pipes divide nothing."""
    text = "> | a | |\n> |---|:-:|\n> | b\\|c | **d** | e |\n> f\n"
    (table,) = read(text).tables
    assert [[cell.text for cell in row] for row in table.header] == [["a", ""]]
    assert [[cell.text for cell in row] for row in table.rows] == [["b\\|c", "**d**"], ["f", ""]]
    assert all(text[slice(*cell.span)] == cell.text for row in table.rows for cell in row)
    assert text[slice(*table.span)].startswith("a")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Table 1. Who they were\n\n{}", ["Table 1. Who they were"]),
        ("**Table 2** Response\n\n{}", ["**Table 2** Response"]),
        ("{}\nTable: Response\n", ["Table: Response"]),
        ("Table 2 shows who responded.\n\n{}", [None]),
        ("### Table 3\n\n{}", ["Table 3"]),
        ("{}\nTable 2. b\n\n{}", [None, "Table 2. b"]),
        ("{}\nTable 1. a\n\nTable 2. b\n\n{}", ["Table 1. a", "Table 2. b"]),
    ],
)
def test_a_caption_stands_beside_its_table(text: str, expected: list[str | None]) -> None:
    """A block just before a table, or just after, is its caption where it begins as captions do."""
    source = text.replace("{}", "| a |\n|---|\n| b |\n")
    tables = read(source).tables
    assert expected == [source[slice(*table.caption)] if table.caption else None for table in tables]


def test_what_is_not_read_is_said() -> None:
    """Rows, columns and nesting beyond the limits are named."""
    long = read("|a|\n|-|\n" + "|b|\n" * (MAX_ROWS + 1))
    wide = read("|a" * (MAX_COLUMNS + 1) + "|\n" + "|-" * (MAX_COLUMNS + 1) + "|\n")
    assert (f"table 1: rows after the first {MAX_ROWS}",) == long.unread
    assert len(long.tables[0].rows) == MAX_ROWS
    assert (f"table 1: columns after the first {MAX_COLUMNS}",) == wide.unread
    assert list(read(">" * 100 + " a").unread) == ["lists or quotations nested more than 40 deep"]


def test_plain_text_does_not_load_markdown_it() -> None:
    """The Markdown parser is loaded when a Markdown text is read, and not before."""
    program = (
        "import sys; from rheumcalc.documents import read_document; from rheumcalc.source import Source; "
        "read_document(Source('a.txt', 'words')); sys.exit('markdown_it' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False, timeout=PATIENCE).returncode == 0
