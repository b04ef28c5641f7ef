"""The table of a summary in HTML: a page that opens from disk, or the table alone for a draft.

It is built as a tree, so that no text of a record can be markup.
"""

from __future__ import annotations

import base64
import hashlib
import html
from xml.etree import ElementTree as ET

from rheumcalc.messages import visible
from rheumcalc.summary.grid import Grid, grid_of
from rheumcalc.summary.table import FIGURE_SPACES, Note, SummaryTable

#: The columns of words that are not broken, besides numbers.
_WHOLE = frozenset({"As printed", "Verdict"})
_STYLE = """
:root { color-scheme: light dark; }
body { font: 16px/1.45 system-ui, "Segoe UI", Roboto, "Helvetica Neue", sans-serif; margin: 2rem auto; max-width: 72rem;
  padding: 0 1rem; color: #1c1c1c; background: #fff; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums lining-nums; }
caption { text-align: left; font-weight: 600; padding-bottom: .5rem; }
th, td { padding: .25rem .6rem; text-align: left; vertical-align: top; }
thead th { border-top: 2px solid; border-bottom: 1px solid; }
tbody:last-child tr:last-child > * { border-bottom: 2px solid; }
tbody th[scope=rowgroup] { padding-top: .8rem; }
tbody th[scope=row] { font-weight: normal; }
.number { text-align: right; white-space: nowrap; }
.whole { white-space: nowrap; }
.notes { font-size: .875rem; margin-top: .75rem; }
.notes p { margin: .2rem 0; }
@media (prefers-color-scheme: dark) { body { color: #e6e6e6; background: #161616; } }
@media print { body { margin: 0; max-width: none; font-size: 10pt; } tr { break-inside: avoid; } }
"""


def render_page(table: SummaryTable) -> str:
    """Return a whole page; nothing in it is loaded from anywhere, and nothing in it runs."""
    root = ET.Element("html", lang="en")
    head = ET.SubElement(root, "head")
    ET.SubElement(head, "meta", charset="utf-8")
    digest = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    ET.SubElement(head, "meta", {"http-equiv": "Content-Security-Policy", "content": policy})
    ET.SubElement(head, "meta", name="viewport", content="width=device-width, initial-scale=1")
    ET.SubElement(head, "title").text = visible(table.caption)
    ET.SubElement(head, "style").text = _STYLE
    main = ET.SubElement(ET.SubElement(root, "body"), "main")
    for part in _parts(table):
        main.append(part)
    ET.indent(root, space=" ")
    head_style = head.find("style")
    assert head_style is not None  # noqa: S101 - it was made above
    head_style.text = _STYLE
    return "<!DOCTYPE html>\n" + ET.tostring(root, encoding="unicode", method="html")


def render_fragment(table: SummaryTable) -> str:
    """Return the table with its caption and its notes, for a page that is there already."""
    parts = _parts(table)
    for part in parts:
        ET.indent(part, space=" ")
    return "\n".join(ET.tostring(part, encoding="unicode", method="html") for part in parts)


def escape(text: str) -> str:
    """Return text that HTML shows as it is."""
    return html.escape(visible(text), quote=False)


def _parts(table: SummaryTable) -> list[ET.Element]:
    scroll = ET.Element("div", {"class": "scroll"})
    scroll.append(_table(table.caption, grid_of(table, FIGURE_SPACES)))
    return [scroll, _notes(table.notes)]


def _table(caption: str, grid: Grid) -> ET.Element:
    root = ET.Element("table")
    ET.SubElement(root, "caption").text = visible(caption)
    head = ET.SubElement(ET.SubElement(root, "thead"), "tr")
    for column in grid.columns:
        ET.SubElement(head, "th", {"scope": "col", **_class(is_number=column.is_number)}).text = visible(column.title)
    body = ET.SubElement(root, "tbody")
    for number, (cells, marks) in enumerate(zip(grid.rows, grid.marks, strict=True)):
        if number in grid.headings:
            if len(body):
                body = ET.SubElement(root, "tbody")
            row = ET.SubElement(body, "tr")
            heading = ET.SubElement(row, "th", scope="rowgroup", colspan=str(len(grid.columns)))
            ET.SubElement(heading, "bdi").text = visible(grid.headings[number])
        row = ET.SubElement(body, "tr")
        for place, (column, cell) in enumerate(zip(grid.columns, cells, strict=True)):
            is_name = place == 0 and bool(cell)
            made = ET.SubElement(row, "th" if is_name else "td", {"scope": "row"} if is_name else {})
            made.attrib |= _class(is_number=column.is_number, title=column.title)
            if place == len(cells) - 1:
                _verdict(made, cell, marks)
            elif column.is_number:
                made.text = cell
            elif cell:
                ET.SubElement(made, "bdi").text = visible(cell)
    return root


def _class(*, is_number: bool, title: str = "") -> dict[str, str]:
    name = "number" if is_number else "whole" if title in _WHOLE else ""
    return {"class": name} if name else {}


def _verdict(cell: ET.Element, verdict: str, marks: tuple[str, ...]) -> None:
    shown = ET.SubElement(cell, "strong" if verdict.isupper() else "span")
    shown.text = verdict
    if marks:
        shown.tail = " "
        ET.SubElement(cell, "sup").text = ",\u2009".join(marks)


def _notes(notes: tuple[Note, ...]) -> ET.Element:
    root = ET.Element("div", {"class": "notes"})
    for note in notes:
        paragraph = ET.SubElement(root, "p")
        if note.mark:
            mark = ET.SubElement(paragraph, "sup")
            mark.text = note.mark
            mark.tail = " "
        ET.SubElement(paragraph, "bdi").text = visible(note.text)
    return root
