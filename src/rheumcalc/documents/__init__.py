"""Read documents, one reader per format: text in, blocks and tables with their exact places out. Nothing is judged."""

from __future__ import annotations

from pathlib import Path

from rheumcalc.documents.document import Block, Cell, Document, Table
from rheumcalc.documents.markers import Marker
from rheumcalc.documents.plain import read_plain
from rheumcalc.documents.sections import Section, outside, sections
from rheumcalc.documents.tables import TableResult, table_results
from rheumcalc.files import decode, read_file
from rheumcalc.source import Source

__all__ = [
    "Block",
    "Cell",
    "Document",
    "Marker",
    "Section",
    "Table",
    "TableResult",
    "document_from_bytes",
    "outside",
    "read_document",
    "read_draft",
    "sections",
    "table_results",
]

MARKDOWN_SUFFIXES = (".md", ".markdown")


def read_draft(path: str | Path) -> Document:
    """Return the blocks and tables of a draft in a file. Raises UnreadableFileError."""
    return document_from_bytes(read_file(Path(path), str(path)), str(path))


def document_from_bytes(data: bytes, name: str) -> Document:
    """Return the blocks and tables in a file's bytes, in the format its name says. Raises UnreadableFileError."""
    return read_document(decode(data, name))


def read_document(source: Source) -> Document:
    """Return the blocks and tables of a text: Markdown where the name says so, else plain text."""
    if source.name.lower().endswith(MARKDOWN_SUFFIXES):
        from rheumcalc.documents.markdown import read_markdown

        return read_markdown(source)
    return read_plain(source)
