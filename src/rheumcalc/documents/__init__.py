"""Read documents, one reader per format: text in, blocks and tables with their exact places out. Nothing is judged."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path, PurePath

from rheumcalc.documents.document import Block, Cell, Document, Table
from rheumcalc.documents.markers import Marker
from rheumcalc.documents.plain_text import read_plain
from rheumcalc.documents.sections import Section, outside, sections
from rheumcalc.documents.tables import TableReading, TableResult, read_table
from rheumcalc.files.reading import decode, read_file, refuse_nul, unreadable
from rheumcalc.messages import MissingExtraError
from rheumcalc.source import Source

__all__ = [
    "Block",
    "Cell",
    "Document",
    "Marker",
    "Section",
    "Table",
    "TableReading",
    "TableResult",
    "document_from_bytes",
    "outside",
    "read_document",
    "read_draft",
    "read_table",
    "sections",
]

MARKDOWN_SUFFIXES = (".md", ".markdown")

#: The library that a format needs, and the extra that brings it.
_LIBRARIES = {
    ".docx": ("docx", "docx"),
    ".html": ("lxml", "documents"),
    ".htm": ("lxml", "documents"),
    ".xml": ("lxml", "documents"),
    ".pdf": ("pypdfium2", "documents"),
}


def read_draft(path: str | Path) -> Document:
    """Return the blocks and tables of a draft in a file. Raises UnreadableFileError."""
    return document_from_bytes(read_file(Path(path), str(path)), str(path))


def document_from_bytes(data: bytes, name: str) -> Document:
    """Return the blocks and tables in a file's bytes, in the format its name says. Raises UnreadableFileError."""
    suffix = PurePath(name).suffix.lower()
    if suffix in _LIBRARIES:
        module, extra = _LIBRARIES[suffix]
        if find_spec(module) is None:
            raise unreadable(name, "unreadable-file", str(MissingExtraError(f"Reading {suffix}", extra)))
    if suffix == ".docx":
        from rheumcalc.documents.docx import read_docx

        return read_docx(data, name)
    if suffix in (".html", ".htm"):
        from rheumcalc.documents.html import read_html

        return read_html(data, name)
    if suffix == ".xml":
        from rheumcalc.documents.jats import read_jats

        return read_jats(data, name)
    if suffix == ".pdf":
        from rheumcalc.documents.pdf import read_pdf

        return read_pdf(data, name)
    source = decode(data, name)
    refuse_nul(source)
    return read_document(source)


def read_document(source: Source) -> Document:
    """Return the blocks and tables of a text: Markdown where the name says so, else plain text."""
    if source.name.lower().endswith(MARKDOWN_SUFFIXES):
        from rheumcalc.documents.markdown import read_markdown

        return read_markdown(source)
    return read_plain(source)
