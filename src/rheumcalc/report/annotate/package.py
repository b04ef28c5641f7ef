"""The package that a Word document is: some of its parts with other content, every other part as it was."""

from __future__ import annotations

import re
import zipfile
from io import BytesIO
from posixpath import dirname
from typing import TYPE_CHECKING

from rheumcalc.documents.archive import damaged
from rheumcalc.documents.word_styles import W

if TYPE_CHECKING:
    from docx.opc.part import Part
    from lxml import etree

_TYPES = "[Content_Types].xml"
_KIND = "application/vnd.openxmlformats-officedocument.wordprocessingml.comments+xml"
_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/comments"
_IN_TYPES = "{http://schemas.openxmlformats.org/package/2006/content-types}"
_IN_RELATIONS = "{http://schemas.openxmlformats.org/package/2006/relationships}"

_DECLARATION = re.compile(rb"\s*<\?xml[^>]*\?>\s*")
_HEAD = b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\r\n'


class Package:
    """A document's package, and the new content of some of its parts."""

    def __init__(self, data: bytes, name: str, document: Part) -> None:
        self.data = data
        self.name = name
        self.document = document
        self._archive = zipfile.ZipFile(BytesIO(data))
        self._changed: dict[str, bytes] = {}

    def read(self, part: str) -> bytes | None:
        """Return what a part holds; None where there is none of that name."""
        return self._archive.read(part) if part in self._archive.namelist() else None

    def replace(self, part: str, root: etree._Element) -> None:
        """Set a part to an element and what surrounds it, with the part's own XML declaration."""
        from lxml import etree

        tree = root.getroottree()
        declared = _DECLARATION.match(self.read(part) or _HEAD)
        is_plain = (tree.docinfo.encoding or "UTF-8").upper() == "UTF-8"
        declaration = declared[0] if declared and is_plain else _HEAD
        self._changed[part] = declaration + etree.tostring(tree, encoding="unicode").encode("utf-8")

    def comments(self) -> tuple[str, etree._Element]:
        """Return the part of the comments and its root; where there is none, one is added and declared."""
        known = [
            each.target_part.partname.membername
            for each in self.document.rels.values()
            if not each.is_external and each.reltype.endswith("/comments")
        ]
        if known:
            root = self._root(known[0])
            if root.tag != W + "comments":
                raise damaged(self.name)
            return known[0], root
        from lxml import etree

        part = self._free()
        self._tell(part)
        return part, etree.Element(W + "comments", nsmap={"w": W[1:-1]})

    def _free(self) -> str:
        """Return a name for the part of the comments, beside that of the document."""
        folder = dirname(self.document.partname.membername)
        taken = {name.lower() for name in self._archive.namelist()}
        taken |= {(each.get("PartName") or "")[1:].lower() for each in self._root(_TYPES)}
        names = (f"{folder}/comments{number or ''}.xml".removeprefix("/") for number in range(len(taken) + 1))
        return next(name for name in names if name.lower() not in taken)

    def _tell(self, part: str) -> None:
        """Declare in the package that the part of that name has the comments of the document."""
        from lxml import etree

        types = self._root(_TYPES)
        types.append(types.makeelement(_IN_TYPES + "Override", {"PartName": f"/{part}", "ContentType": _KIND}))
        self.replace(_TYPES, types)
        name = self.document.partname.rels_uri.membername
        relations = (
            etree.fromstring(f'<Relationships xmlns="{_IN_RELATIONS[1:-1]}"/>')
            if self.read(name) is None
            else self._root(name)
        )
        taken = {each.get("Id") for each in relations}
        identifier = next(each for number in range(1, len(taken) + 2) if (each := f"rId{number}") not in taken)
        told = {"Id": identifier, "Type": _RELATION, "Target": part.rpartition("/")[2]}
        relations.append(relations.makeelement(_IN_RELATIONS + "Relationship", told))
        self.replace(name, relations)

    def _root(self, part: str) -> etree._Element:
        from lxml import etree

        content = self.read(part)
        if content is None:
            raise damaged(self.name)
        try:
            return etree.fromstring(
                content, etree.XMLParser(resolve_entities=False, no_network=True, strip_cdata=False)
            )
        except etree.XMLSyntaxError:
            raise damaged(self.name) from None

    def written(self) -> bytes:
        """Return the package: its parts in their order under their names, then those that are new."""
        stream = BytesIO()
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
            new.comment = self._archive.comment
            # Of two parts of one name, the last is the one that is read.
            before = dict.fromkeys(self._archive.namelist())
            for name in before:
                content = self._changed[name] if name in self._changed else self._archive.read(name)
                _write(new, self._archive.getinfo(name), content)
            for name in sorted(self._changed.keys() - before.keys()):
                _write(new, zipfile.ZipInfo(name), self._changed[name], zipfile.ZIP_DEFLATED)
        return stream.getvalue()


def _write(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, content: bytes, method: int | None = None) -> None:
    same = zipfile.ZipInfo(entry.filename, entry.date_time)
    same.compress_type = entry.compress_type if method is None else method
    same.external_attr, same.create_system, same.comment = entry.external_attr, entry.create_system, entry.comment
    archive.writestr(same, content)
