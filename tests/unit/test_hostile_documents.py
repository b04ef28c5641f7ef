"""Documents made to do harm: refused or read in bounded time and memory, never resolved, never run."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Callable
from contextlib import suppress

import pytest

from hostile import PAGES
from makers import docx_body, made_docx, par, run, with_parts
from rheumcalc.documents import archive, document_from_bytes
from rheumcalc.documents.document import MAX_ROWS
from rheumcalc.files.reading import UnreadableFileError, limit_of, read_stream
from steps import LINEAR, growth


def refused(data: bytes, name: str) -> str:
    """Return the name of the rule and the message with which a file is refused."""
    with pytest.raises(UnreadableFileError) as error:
        document_from_bytes(data, name)
    assert error.value.finding.location.source.name == name
    return f"{error.value.finding.rule.name}: {error.value.finding.message}"


def zipped(entries: dict[str, bytes], level: int = 9) -> bytes:
    """Return a zip archive."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=level) as package:
        for name, content in entries.items():
            package.writestr(name, content)
    return stream.getvalue()


def lying(data: bytes, told: int) -> bytes:
    """Return an archive whose entries say that they are `told` bytes long."""
    changed = bytearray(data)
    for mark, offset in ((b"PK\x01\x02", 24), (b"PK\x03\x04", 22)):
        place = changed.find(mark)
        while place >= 0:
            struct.pack_into("<I", changed, place + offset, told)
            place = changed.find(mark, place + 4)
    return bytes(changed)


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600
DTD = b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
BOMB = zipped({"word/document.xml": b"<" * 1_000_000, "word/media/a.bin": b"\0" * (archive.MAX_UNPACKED + 1)})


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (lambda: BOMB, "oversized-file: The file unpacks to more than 300 MB"),
        (lambda: lying(BOMB, 100), "unreadable-file: The file is not a whole Word document"),
        (
            lambda: zipped({f"word/{n}.xml": b"" for n in range(archive.MAX_ENTRIES + 1)}),
            "oversized-file: The file has more",
        ),
        (
            lambda: zipped({"word/document.xml": b"<" * (archive.MAX_TAGS + 1)}),
            "oversized-file: The file has more than 1,000,000",
        ),
        (
            lambda: zipped({"word/document.xml": b" " * (archive.MAX_XML + 1)}),
            "oversized-file: The file unpacks to more than 100",
        ),
        (lambda: made_docx()[:-200], "unreadable-file: The file is not a whole Word document"),
        (lambda: made_docx()[:2000], "unreadable-file: The file is not a whole Word document"),
        (lambda: b"plain words", "unreadable-file: The file is not a whole Word document"),
        (lambda: b"", "unreadable-file: The file is not a whole Word document"),
        (lambda: zipped({"a.txt": b"x"}), "unreadable-file: The file is not a whole Word document"),
        (lambda: OLE, "unreadable-file: This is a Word document in the old format; save it as .docx."),
        (lambda: OLE + "EncryptedPackage".encode("utf-16-le"), "unreadable-file: The file is encrypted"),
        (
            lambda: with_parts(made_docx(), {"word/document.xml": DTD + b"<x>&a;</x>"}),
            "unreadable-file: The file contains a document type",
        ),
        (
            lambda: with_parts(made_docx(), {"word/styles.xml": DTD.decode().encode("utf-16")}),
            "unreadable-file: The file contains a document type",
        ),
        (
            lambda: with_parts(made_docx(), {"word/document.xml": b"<w:document"}),
            "unreadable-file: The file is not a whole Word document",
        ),
        (lambda: docx_body("<w:sdt><w:sdtContent>" * 50_000), "oversized-file: The file is nested more than 200"),
        (
            lambda: docx_body("<w:sdt><w:sdtContent>" * 110 + par(run("a")) + "</w:sdtContent></w:sdt>" * 110),
            "oversized-file: The file is nested",
        ),
        (
            lambda: docx_body(par(run("words " * 500_000))),
            "oversized-file: The text is longer than 2,000,000 characters",
        ),
    ],
    ids=[
        *(
            "bomb",
            "lying bomb",
            "entries",
            "tags",
            "XML",
            "cut off",
            "beginning",
            "no zip",
            "empty",
            "other zip",
            "old Word",
        ),
        *("encrypted", "DTD", "DTD in UTF-16", "broken XML", "depth", "some depth", "text"),
    ],
)
def test_word_documents_made_to_harm_are_refused(data: Callable[[], bytes], expected: str) -> None:
    """Before anything is unpacked, or as soon as it is longer than it says."""
    assert refused(data(), "draft.docx").startswith(expected)


def test_an_archive_packed_in_another_way_is_refused() -> None:
    """Other methods of packing have no bound on what one step unpacks, and Word uses none of them."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_BZIP2) as package:
        package.writestr("word/document.xml", b"x" * 1000)
    assert refused(stream.getvalue(), "draft.docx").startswith("unreadable-file")


LAUGHS = "<!DOCTYPE article [<!ENTITY a0 'ha'>" + "".join(
    f"<!ENTITY a{n} '{f'&a{n - 1};' * 10}'>" for n in range(1, 12)
)
EXTERNAL = (
    '<!DOCTYPE article PUBLIC "-//NLM//DTD" "http://nowhere.invalid/a.dtd" [<!ENTITY e SYSTEM "file:///etc/passwd">'
)


@pytest.mark.parametrize("name", ["a.xml", "a.html"])
@pytest.mark.parametrize("head", [LAUGHS, EXTERNAL])
def test_entities_that_a_file_declares_are_never_resolved(head: str, name: str) -> None:
    """Neither those that grow nor those that lie elsewhere."""
    data = f"{head}]><article><front/><body><p>a &a11; &e; b</p></body></article>".encode()
    prose = document_from_bytes(data, name).prose
    assert ("ha" in prose, "root" in prose, len(prose) < 500) == (False, False, True)


@pytest.mark.parametrize(
    "head",
    [
        '<!DOCTYPE article [<!ENTITY % p SYSTEM "file:///etc/passwd"> %p;]>',
        "<!DOCTYPE article [<!ENTITY % a 'x'><!ENTITY % b '%a;'> %b;]>",
        "<!DOCTYPE article [" + "<!ENTITY % a 'x'> %a;" * 10_000 + "]>",
    ],
)
def test_entities_within_a_declaration_are_never_resolved(head: str) -> None:
    """Such a file is refused or read without them."""
    data = f"{head}<article><front/><body><p>Words.</p></body></article>".encode()
    try:
        text = document_from_bytes(data, "a.xml").prose.strip()
    except UnreadableFileError as error:
        text = error.finding.rule.name
    assert text in ("Words.", "unreadable-file", "oversized-file")


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"<article><front/><body>" + b"<sec>" * 100_000 + b"</sec>" * 100_000 + b"</body></article>", "a.xml"),
        (b"<article><front/><body>" + b"<p><b>" * 120 + b"x" + b"</b></p>" * 120 + b"</body></article>", "a.xml"),
        (b"<article><front/><body>" + b"<p/>" * 1_000_001 + b"</body></article>", "a.xml"),
        (b"<article><front/><body><p>" + b"words " * 2_000_000 + b"</p></body></article>", "a.xml"),
        (b"<div>" * 100_000 + b"x", "a.html"),
        (b"<table><tr><td>" * 100_000 + b"x", "a.html"),
        (b"<p>" * 1_000_001, "a.html"),
        (b"<p>" + b"words " * 3_000_000, "a.html"),
        (b"<table>" + (b"<tr>" + b"<td>12 (20%)" * 100) * 10_000, "a.html"),
    ],
    ids=["sections", "levels", "tags", "text", "divisions", "tables", "paragraphs", "words", "cells"],
)
def test_markup_beyond_the_limits_is_refused(data: bytes, name: str) -> None:
    """Depth, number of tags, and length of text have bounds."""
    assert refused(data, name).startswith("oversized-file")


@pytest.mark.parametrize("data", [each.whole for each in PAGES.values()], ids=PAGES)
def test_hostile_html_is_read_or_refused(data: bytes) -> None:
    """Whatever the tags, there is a document or a reason why not."""
    _read_or_refused(data)


@pytest.mark.parametrize("kind", PAGES)
def test_hostile_html_takes_linear_time(kind: str) -> None:
    """A page that is twice as long takes twice the steps."""
    make, size = PAGES[kind]
    assert growth(_read_or_refused, make, size // 50) < LINEAR


def _read_or_refused(data: bytes) -> None:
    with suppress(UnreadableFileError):
        document_from_bytes(data, "a.html")


def test_a_table_beyond_the_limits_is_read_in_part_and_says_so() -> None:
    """What is left out is named."""
    data = b"<table><tr><th>a<th>b" + b"<tr><td>1<td>2" * (MAX_ROWS + 10)
    document = document_from_bytes(data, "a.html")
    assert (len(document.tables[0].rows), document.unread) == (MAX_ROWS, (f"table 1: rows after the first {MAX_ROWS}",))
    wide = document_from_bytes(b"<table><tr><th>a<th colspan=9999>b<tr>" + b"<td>1" * 9999, "a.html")
    assert (len(wide.tables[0].rows[0]), wide.unread) == (100, ("table 1: columns after the first 100",))
    large = document_from_bytes(b"<table>" + (b"<tr>" + b"<td>1" * 100) * 1_500, "a.html")
    assert (len(large.tables[0].rows), large.unread) == (999, ("table 1: rows after the first 999",))


def test_an_element_that_is_never_closed_is_named() -> None:
    """What a browser would not show either is said to be left out."""
    assert document_from_bytes(b"<p>a<script>x = 1", "a.html").unread != ()


@pytest.mark.parametrize("name", ["a.md", "a.txt"])
def test_a_draft_with_nul_is_refused_with_its_line(name: str) -> None:
    """A text that other programs would end there is not read to its end in silence."""
    with pytest.raises(UnreadableFileError, match="first in line 2") as error:
        document_from_bytes(b"One.\nTwo\0.", name)
    assert error.value.finding.location.start == (2, 4)


@pytest.mark.parametrize(
    ("name", "megabytes"), [("a.docx", 50), ("a.PDF", 50), ("a.html", 20), ("a.xml", 20), ("a.md", 2)]
)
def test_each_kind_of_file_has_its_size(name: str, megabytes: int) -> None:
    """A file beyond it is refused before it is read whole."""
    assert limit_of(name) == megabytes * 1_000_000
    with pytest.raises(UnreadableFileError, match=f"larger than {megabytes} MB"):
        read_stream(io.BytesIO(b" " * (megabytes * 1_000_000 + 1)), name)
