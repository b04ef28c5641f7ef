"""Inspect a zip archive before anything unpacks it: how much it really contains, and whether its XML is plain XML."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator
from copy import copy
from io import BytesIO

from rheumcalc.files.reading import UnreadableFileError, unreadable

#: The most that an archive may contain: entries, bytes of all entries, bytes and tags of its XML.
MAX_ENTRIES = 5_000
MAX_UNPACKED = 300_000_000
MAX_XML = 100_000_000
MAX_TAGS = 1_000_000

_CHUNK = 1 << 20
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_XML = (".xml", ".rels", ".vml")
_DOCTYPES = tuple("<!DOCTYPE".encode(encoding) for encoding in ("ascii", "utf-16-le", "utf-16-be"))


def inspect_package(data: bytes, name: str) -> None:
    """Return if a file is a zip archive of bounded size whose entries are as long as they say, without DTDs in XML.

    Raises UnreadableFileError.
    """
    if data.startswith(_OLE):
        if "EncryptedPackage".encode("utf-16-le") in data:
            raise unreadable(name, "unreadable-file", "The file is encrypted; save it without a password.")
        raise unreadable(name, "unreadable-file", "This is a Word document in the old format; save it as .docx.")
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            _inspect(archive, name)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, OSError):
        raise damaged(name) from None


def damaged(name: str) -> UnreadableFileError:
    """Return the error for a file that is not a Word document, or only a part of one."""
    return unreadable(name, "unreadable-file", "The file is not a whole Word document: it breaks off or is damaged.")


def _inspect(archive: zipfile.ZipFile, name: str) -> None:
    entries = archive.infolist()
    if len(entries) > MAX_ENTRIES:
        raise unreadable(name, "oversized-file", f"The file has more than {MAX_ENTRIES:,} parts.")
    if any(entry.flag_bits & 1 for entry in entries):
        raise unreadable(name, "unreadable-file", "The file is encrypted; save it without a password.")
    if any(entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for entry in entries):
        # No other is allowed in the format, and the others unpack without bounds.
        raise damaged(name)
    _bound(sum(entry.file_size for entry in entries), MAX_UNPACKED, name)
    _bound(sum(entry.file_size for entry in entries if _is_xml(entry)), MAX_XML, name)
    tags = 0
    for entry in entries:
        tail = b""
        for chunk in _chunks(archive, entry, name):
            if _is_xml(entry):
                tags += chunk.count(b"<")
                # What is looked for may be split across two pieces.
                window, tail = tail + chunk, chunk[-20:]
                if any(mark in window for mark in _DOCTYPES):
                    message = "The file contains a document type definition, which Word never writes; it is not read."
                    raise unreadable(name, "unreadable-file", message)
        if tags > MAX_TAGS:
            message = f"The file has more than {MAX_TAGS:,} tags, the limit."
            raise unreadable(name, "oversized-file", message)


def _is_xml(entry: zipfile.ZipInfo) -> bool:
    return entry.filename.lower().endswith(_XML)


def _chunks(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, name: str) -> Iterator[bytes]:
    """Yield what an entry really contains, piece by piece. Raises UnreadableFileError if it is longer than declared."""
    told = copy(entry)
    told.file_size = entry.file_size + 1
    length = 0
    with archive.open(told) as stream:
        while chunk := stream.read(_CHUNK):
            length += len(chunk)
            if length > entry.file_size:
                raise damaged(name)
            yield chunk


def _bound(size: int, limit: int, name: str) -> None:
    if size > limit:
        message = f"The file unpacks to more than {limit // 1_000_000} MB, the limit."
        raise unreadable(name, "oversized-file", message)
