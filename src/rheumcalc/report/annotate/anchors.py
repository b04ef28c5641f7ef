"""Attach comments to stretches of a Word document's text. Its XML changes only where runs are divided.

A range may begin and end wherever a run may stand: in a paragraph, a link, a field, a tracked insertion, a content
control. It is never inside a run, so a run in which one begins or ends is divided, and both halves keep its properties.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from copy import deepcopy
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from rheumcalc.documents.docx_places import Point
from rheumcalc.documents.word_styles import W, child

if TYPE_CHECKING:
    from lxml import etree

_RUN, _TEXT, _PARAGRAPH = W + "r", W + "t", W + "p"
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_WHITE = " \t\r\n"
#: Elements of a paragraph in which ranges may begin and end.
_OPEN = frozenset(
    W + tag
    for tag in ("hyperlink", "ins", "moveTo", "fldSimple", "smartTag", "customXml", "sdt", "sdtContent", "dir", "bdo")
)
#: The longest properties of a run, as XML in bytes, that are copied for each part of it; people's have some hundred.
_MAX_PROPERTIES = 2_000

#: A place in a run: a child by its number, and how many characters of its text lie before the place.
_Key = tuple[int, int]
_BEFORE: _Key = (-1, 0)
_AFTER: _Key = (sys.maxsize, 0)


class _Cut(NamedTuple):
    """What is put in at one place: the ends of ranges, then the beginnings of others."""

    ends: list[etree._Element]
    starts: list[etree._Element]

    @property
    def marks(self) -> list[etree._Element]:
        """All of it, in order."""
        return [*self.ends, *self.starts]


class _Place(NamedTuple):
    """A place before, in, or after an element that stands where ranges may."""

    holder: etree._Element
    key: _Key


class Anchors:
    """The ranges of a document's comments, gathered and then put in at one time."""

    def __init__(self, root: etree._Element) -> None:
        self.root = root
        self._cuts: dict[etree._Element, dict[_Key, _Cut]] = {}
        #: The marks of comments that stand after an element, in the order of their comments.
        self._marks: dict[etree._Element, list[etree._Element]] = {}
        self._children: dict[etree._Element, dict[etree._Element, int]] = {}
        self._closings: dict[etree._Element, dict[etree._Element, etree._Element]] = {}
        self._are_whole: dict[etree._Element, bool] = {}

    def add(self, first: Point, last: Point, identifier: str) -> bool:
        """Attach a comment to the text between two characters, both included; return whether that was possible."""
        start, end = self._ends(first, last)
        if start is None or end is None:
            return False
        begun, ended = (self._element(tag, identifier) for tag in ("commentRangeStart", "commentRangeEnd"))
        self._cut(start).starts.append(begun)
        self._cut(end).ends.append(ended)
        mark = self._mark(identifier)
        after = self._mark_after(end.holder)
        if after is end.holder:
            self._cut(end).ends.append(mark)
        else:
            self._marks.setdefault(after, []).append(mark)
        return True

    def apply(self) -> None:
        """Put the ranges in."""
        # What stands after an element first: the parts of a divided run come between the two.
        for element, marks in self._marks.items():
            for mark in reversed(marks):
                element.addnext(mark)
        for holder, cuts in self._cuts.items():
            _put_in(holder, cuts)

    # --- places ------------------------------------------------------------------------------------------------------

    def _ends(self, first: Point, last: Point) -> tuple[_Place | None, _Place | None]:
        if first.piece.hangs_on is None:
            return self._place(first, is_end=False), self._place(last, is_end=True)
        hold = first.piece.hangs_on
        if hold.tag in (W + "footnoteReference", W + "endnoteReference"):
            first = last = Point(first.piece._replace(element=hold, is_whole=True), 0)
            return self._place(first, is_end=False), self._place(last, is_end=True)
        paragraph = _paragraph_of(hold)
        if paragraph is None:
            paragraph = next(self.root.iter(_PARAGRAPH), None)
        return (None, None) if paragraph is None else self._around(paragraph)

    def _around(self, paragraph: etree._Element) -> tuple[_Place, _Place]:
        """Return the places before and after all that a paragraph holds."""
        content = [each for each in paragraph if each.tag != W + "pPr"]
        if content:
            return _Place(content[0], _BEFORE), _Place(content[-1], _AFTER)
        # An empty paragraph is given an empty run for the range.
        run = self._element("r", None)
        paragraph.append(run)
        return _Place(run, _BEFORE), _Place(run, _AFTER)

    def _place(self, point: Point, *, is_end: bool) -> _Place | None:
        """Return the place before a character, or after it."""
        element = point.piece.element
        chain = [element, *element.iterancestors()]
        inside = [index for index, each in enumerate(chain) if each.tag == _PARAGRAPH]
        if not inside:
            return None
        at = inside[-1] - 1
        while at > 0 and chain[at].tag in _OPEN and not _is_bound(chain[at]):
            at -= 1
        holder = chain[at]
        if holder.tag != _RUN or at == 0 or self._is_whole(holder):
            return _Place(holder, _AFTER if is_end else _BEFORE)
        inner = chain[at - 1]
        text = element.text or ""
        offset = point.offset + is_end
        if inner is not element or point.piece.is_whole or len(element):
            offset = len(text) if is_end else 0
        return _Place(holder, self._key(holder, inner, offset, is_after=is_end and offset >= len(text)))

    def _key(self, run: etree._Element, inner: etree._Element, offset: int, *, is_after: bool) -> _Key:
        if run not in self._children:
            self._children[run] = {each: index for index, each in enumerate(run)}
        numbers = self._children[run]
        number = numbers[inner]
        if is_after:
            number, offset = number + 1, 0
        if number == len(numbers):
            return _AFTER
        if offset == 0 and number == (child(run, "rPr") is not None):
            return _BEFORE
        return number, offset

    def _is_whole(self, run: etree._Element) -> bool:
        """Decide whether a run is not divided, since what its parts would have to repeat is without end."""
        if run not in self._are_whole:
            self._are_whole[run] = _length_of_properties(run) > _MAX_PROPERTIES
        return self._are_whole[run]

    def _cut(self, place: _Place) -> _Cut:
        return self._cuts.setdefault(place.holder, {}).setdefault(place.key, _Cut([], []))

    # --- marks -------------------------------------------------------------------------------------------------------

    def _mark_after(self, holder: etree._Element) -> etree._Element:
        """Return the child of the paragraph after which the mark of a comment stands whose range ends at an element.

        Outside links and insertions, which may be rejected, and of fields, whose results are written anew.
        """
        chain = [holder, *holder.iterancestors()]
        top = max(index for index, each in enumerate(chain) if each.tag == _PARAGRAPH)
        paragraph, outer = chain[top], chain[top - 1]
        if paragraph not in self._closings:
            self._closings[paragraph] = dict(_closings(paragraph))
        return self._closings[paragraph].get(outer, outer)

    def _element(self, tag: str, identifier: str | None) -> etree._Element:
        return self.root.makeelement(W + tag, {} if identifier is None else {W + "id": identifier})

    def _mark(self, identifier: str) -> etree._Element:
        run, properties = self._element("r", None), self._element("rPr", None)
        style = self._element("rStyle", None)
        style.set(W + "val", "CommentReference")
        properties.append(style)
        run.extend([properties, self._element("commentReference", identifier)])
        return run


def _paragraph_of(element: etree._Element) -> etree._Element | None:
    """Return the outermost paragraph that contains an element."""
    outermost = None
    for each in (element, *element.iterancestors()):
        if each.tag == _PARAGRAPH:
            outermost = each
    return outermost


def _is_bound(element: etree._Element) -> bool:
    """Decide whether an element is a content control whose content Word fills in anew when it opens the document."""
    return child(child(element, "sdtPr"), "dataBinding") is not None


def _length_of_properties(run: etree._Element) -> int:
    from lxml import etree

    properties = child(run, "rPr")
    length = sum(len(name) + len(value) for name, value in run.attrib.items())
    return length if properties is None else length + len(etree.tostring(properties))


def _closings(paragraph: etree._Element) -> Iterator[tuple[etree._Element, etree._Element]]:
    """Yield each child of a paragraph at whose end a field is open, with the child that ends the field."""
    depth = 0
    waiting: list[etree._Element] = []
    for each in paragraph:
        for sign in each.iter(W + "fldChar"):
            kind = sign.get(W + "fldCharType")
            depth = max(0, depth + (kind == "begin") - (kind == "end"))
        if depth:
            waiting.append(each)
        else:
            yield from ((inside, each) for inside in waiting)
            waiting = []


# --- dividing runs ---------------------------------------------------------------------------------------------------


def _put_in(holder: etree._Element, cuts: dict[_Key, _Cut]) -> None:
    for mark in cuts[_BEFORE].marks if _BEFORE in cuts else ():
        holder.addprevious(mark)
    inner = sorted(key for key in cuts if _BEFORE < key < _AFTER)
    last = holder
    for key, part in zip(inner, _parts(holder, inner), strict=True):
        for each in (*cuts[key].marks, part):
            last.addnext(each)
            last = each
    for mark in cuts[_AFTER].marks if _AFTER in cuts else ():
        last.addnext(mark)
        last = mark


def _parts(run: etree._Element, keys: Sequence[_Key]) -> list[etree._Element]:
    """Take everything after the first of the places out of a run, and return it as a run for each place."""
    if not keys:
        return []
    properties = child(run, "rPr")
    cut = set(keys)
    inside: dict[int, list[int]] = {}
    for number, offset in keys:
        if offset:
            inside.setdefault(number, []).append(offset)
    parts: list[etree._Element] = []

    def begin() -> None:
        part = _like(run)
        if properties is not None:
            part.append(deepcopy(properties))
        parts.append(part)

    for number, each in enumerate(list(run)):
        if (number, 0) in cut:
            begin()
        if parts and each is not properties:
            parts[-1].append(each)
        for texts in _divided(each, inside.get(number, [])):
            begin()
            parts[-1].extend(texts)
    return parts


def _like(element: etree._Element) -> etree._Element:
    """Return an empty element of the same name with the same attributes."""
    made = element.makeelement(element.tag)
    made.attrib.update(element.attrib)
    return made


def _divided(element: etree._Element, offsets: Sequence[int]) -> list[list[etree._Element]]:
    """Cut a text after the first of the offsets, and return the rest as a text for each offset."""
    if not offsets:
        return []
    text = element.text or ""
    start, end = 0, len(text)
    if element.get(_SPACE) != "preserve":
        # Word shows no spaces at the ends of such a text, so they do not become part of one that keeps its spaces.
        start, end = len(text) - len(text.lstrip(_WHITE)), len(text.rstrip(_WHITE))
    rest = [_like(element) for _ in offsets]
    parts = [[each] for each in rest]
    for place, unseen in ((0, text[:start]), (-1, text[end:])):
        if unseen:
            other = _like(element)
            other.text = unseen
            parts[place].append(other) if place else element.addprevious(other)
    for each, (low, high) in zip((element, *rest), pairwise((start, *offsets, end)), strict=True):
        each.text = text[low:high]
        if each.text != each.text.strip():
            each.set(_SPACE, "preserve")
    return parts
