"""What the styles of a Word document say about a paragraph or a run, and helpers for its XML."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from lxml import etree

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"

#: How many styles a style may be based on, one on the other.
_MAX_CHAIN = 20
_HEADING = re.compile(r"heading ([1-9])\Z", re.IGNORECASE)
_CONTENTS = re.compile(r"(?:toc|table of figures|contents)(?: [1-9])?\Z", re.IGNORECASE)


def child(element: etree._Element | None, tag: str) -> etree._Element | None:
    """Return the first child of a name, if there is one."""
    return None if element is None else element.find(W + tag)


def value(element: etree._Element | None) -> str | None:
    """Return what a property is set to."""
    return None if element is None else element.get(W + "val")


def is_on(element: etree._Element | None, *, otherwise: bool = False) -> bool:
    """Decide whether a property is switched on; `otherwise` is what holds where it is not there."""
    if element is None:
        return otherwise
    return (value(element) or "1").lower() not in ("0", "false", "off", "none")


class Style(NamedTuple):
    """What a style says: the level of a heading, and how its text is set."""

    level: int | None = None
    is_bold: bool = False
    is_raised: bool = False
    is_contents: bool = False


class Styles:
    """The styles of a document by their identifiers."""

    def __init__(self, root: etree._Element | None) -> None:
        styles = () if root is None else root.iterfind(W + "style")
        self._elements = {each.get(W + "styleId") or "": each for each in styles}
        self._known: dict[str, Style] = {}

    def of(self, identifier: str | None) -> Style:
        """Return what a style says, by itself or through those it is based on."""
        if identifier is None:
            return Style()
        if identifier not in self._known:
            self._known[identifier] = self._read(identifier)
        return self._known[identifier]

    def _read(self, identifier: str) -> Style:
        level: int | None = None
        bold: bool | None = None
        raised: bool | None = None
        is_contents = False
        for _ in range(_MAX_CHAIN):
            element = self._elements.get(identifier)
            if element is None:
                break
            name = value(child(element, "name")) or ""
            heading = _HEADING.match(name)
            if level is None and (heading or name.lower() == "title"):
                # A title is above the headings of the first level.
                level = int(heading[1]) + 1 if heading else 1
            is_contents = is_contents or bool(_CONTENTS.match(name))
            run = child(element, "rPr")
            if bold is None and child(run, "b") is not None:
                bold = is_on(child(run, "b"))
            if raised is None and child(run, "vertAlign") is not None:
                raised = value(child(run, "vertAlign")) == "superscript"
            outline = value(child(child(element, "pPr"), "outlineLvl")) or ""
            if level is None and len(outline) == 1 and outline in "012345678":
                level = int(outline) + 2
            identifier = value(child(element, "basedOn")) or ""
        return Style(level, bool(bold), bool(raised), is_contents)
