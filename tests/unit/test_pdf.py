"""PDF: lines become paragraphs, what is printed on every page is left out, and failures have their reasons."""

from __future__ import annotations

from pathlib import Path

import pytest

from makers import PdfLine, lines_of, made_pdf
from rheumcalc.documents import Document, document_from_bytes, pdf, sections
from rheumcalc.files.reading import UnreadableFileError


def read(*pages: list[PdfLine]) -> Document:
    """Return the PDF of some pages as read."""
    return document_from_bytes(made_pdf(pages), "draft.pdf")


def texts(document: Document) -> list[str]:
    """Return the words of each block."""
    return [document.text_of(block.span) for block in document.blocks]


def test_lines_are_joined_to_paragraphs_with_their_pages() -> None:
    """A gap divides; a word that is broken is one; a place is a page and a line."""
    first = [
        (72, 720, 18, "Study 1: Tofacitinib"),
        *lines_of(
            "The authors included 83 children who had been on tofa-",
            "citinib. Sixteen (18.2%) of them",
            "responded.",
            top=690,
        ),
        *lines_of("A second paragraph that goes on", top=620),
    ]
    document = read(first, lines_of("on the next page."))
    assert texts(document) == [
        "Study 1: Tofacitinib",
        "The authors included 83 children who had been on tofacitinib. Sixteen (18.2%) of them\nresponded.",
        "A second paragraph that goes on\non the next page.",
    ]
    assert [block.kind for block in document.blocks] == ["heading", "paragraph", "paragraph"]
    assert document.source.landmark(document.source.text.index("Sixteen")) == "page 1, line 3"
    assert document.source.landmark(document.source.text.index("on the next")) == "page 2, line 1"
    assert [section.title for section in sections(document)] == ["Study 1: Tofacitinib"]


def test_what_stands_on_every_page_is_left_out() -> None:
    """`Page 3 of 12` is no result, and a journal's name no part of a sentence."""
    pages = [
        [(72, 760, 9, "Journal of things"), *lines_of(f"The text of page {name}"), (300, 30, 9, f"Page {number} of 12")]
        for number, name in enumerate(("one", "two", "three"), 1)
    ]
    document = read(*pages)
    assert "12" not in document.prose
    assert "Journal" not in document.prose
    assert "page two" in document.prose


def test_rows_of_a_table_are_not_prose() -> None:
    """A line with wide gaps is a row, whose numbers have their headings elsewhere: it is not read."""
    row: list[PdfLine] = [(72, 600, 11, "Remission"), (250, 600, 11, "33 (55%)"), (400, 600, 11, "12 (19.4%)")]
    document = read(
        [
            *lines_of("We included 88 children in all of this."),
            *row,
            *lines_of("1.", top=500),
            (100, 500, 11, "A point"),
        ]
    )
    assert "55" not in document.prose
    assert "A point" in document.prose


def test_a_raised_number_does_not_join_what_it_follows() -> None:
    """A citation after a count is not its last digit."""
    document = read([(72, 700, 11, "We included 88"), (148, 704, 6, "12"), (160, 700, 11, "children.")])
    assert "8812" not in document.prose
    assert "88^12^ children" in document.prose


def test_a_range_broken_at_its_hyphen_is_not_one_number() -> None:
    """`10-` and `15` on the next line are not 1015."""
    document = read(lines_of("The children were seen after 10-", "15 months, and 5 of them (50%) responded."))
    assert "1015" not in document.prose


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (made_pdf([[]]), "contains no text"),
        (made_pdf([lines_of("Words.")])[:200], "breaks off or is damaged"),
        (b"not a PDF", "breaks off or is damaged"),
        (b"", "breaks off or is damaged"),
        (
            made_pdf(
                [lines_of("Words.")],
                trailer=b"/Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O <%s> /U <%s> >> /ID [<00> <00>]"
                % (b"41" * 32, b"42" * 32),
            ),
            "encrypted",
        ),
        (made_pdf([lines_of("Words.")], repeat=100_000), "more than 2,000 pages"),
    ],
    ids=["no text", "cut off", "no PDF", "empty", "encrypted", "pages"],
)
def test_what_cannot_be_read_is_named(data: bytes, words: str) -> None:
    """A picture, a part of a file, a locked file, and a file without end each have their message."""
    with pytest.raises(UnreadableFileError, match=words):
        document_from_bytes(data, "draft.pdf")


def test_a_pdf_that_takes_too_long_is_given_up(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The process that reads it is ended, and the message says why."""
    sleeper = tmp_path / "sleeper.py"
    sleeper.write_text("import time\ntime.sleep(60)\n", encoding="utf-8")
    monkeypatch.setattr(pdf, "_PROGRAM", sleeper)
    monkeypatch.setattr(pdf, "TIME_LIMIT", 0.5)
    with pytest.raises(UnreadableFileError, match="takes longer than"):
        document_from_bytes(made_pdf([lines_of("Words.")]), "draft.pdf")


@pytest.mark.parametrize("program", ["import os\nos.abort()\n", "print('no JSON')\n", "raise SystemExit(3)\n"])
def test_a_pdf_that_ends_its_reader_does_not_end_the_run(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, program: str
) -> None:
    """PDFium is native code: when it dies, the file is damaged, and the run goes on."""
    dying = tmp_path / "dying.py"
    dying.write_text(program, encoding="utf-8")
    monkeypatch.setattr(pdf, "_PROGRAM", dying)
    with pytest.raises(UnreadableFileError, match="damaged"):
        document_from_bytes(made_pdf([lines_of("Words.")]), "draft.pdf")
