"""Make documents in code: PDF bytes, Word packages, and a draft in Markdown as Word or HTML."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Mapping, Sequence
from html import escape

import docx

#: A line of a page: its place, its size, its text.
PdfLine = tuple[float, float, float, str]


def made_pdf(pages: Sequence[Sequence[PdfLine]], *, trailer: bytes = b"", repeat: int = 1) -> bytes:
    """Return a PDF whose pages have the lines given; `repeat` lists each page so many times."""
    objects: list[bytes] = [b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"]
    kids: list[int] = []
    tree = 2 + 2 * len(pages)
    for lines in pages:
        parts = []
        for x, y, size, text in lines:
            shown = re.sub(r"([\\()])", r"\\\1", text).encode("cp1252")
            parts.append(b"/F1 %d Tf 1 0 0 1 %d %d Tm (%s) Tj" % (size, x, y, shown))
        stream = b"BT\n" + b"\n".join(parts) + b"\nET"
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream))
        fonts = b"/Resources << /Font << /F1 1 0 R >> >>"
        objects.append(
            b"<< /Type /Page /Parent %d 0 R /MediaBox [0 0 612 792] /Contents %d 0 R %s >>"
            % (tree, len(objects), fonts)
        )
        kids += [len(objects)] * repeat
    listed = b" ".join(b"%d 0 R" % kid for kid in kids)
    objects.append(b"<< /Type /Pages /Count %d /Kids [%s] >>" % (len(kids), listed))
    objects.append(b"<< /Type /Catalog /Pages %d 0 R >>" % tree)
    data = b"%PDF-1.4\n"
    offsets = []
    for number, body in enumerate(objects, 1):
        offsets.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    size = len(objects) + 1
    end = b"xref\n0 %d\n0000000000 65535 f \n%strailer << /Size %d /Root %d 0 R %s >>\nstartxref\n%d\n%%%%EOF\n"
    return data + end % (size, table, size, size - 1, trailer, len(data))


def lines_of(*texts: str, top: float = 700, leading: float = 14, size: float = 11) -> list[PdfLine]:
    """Return texts as lines one below the other."""
    return [(72, top - leading * index, size, text) for index, text in enumerate(texts)]


NAMESPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math" '
    'xmlns:v="urn:schemas-microsoft-com:vml"'
)


def made_docx(build: Callable[[docx.document.Document], object] | None = None) -> bytes:
    """Return the document that python-docx saves after `build`."""
    document = docx.Document()
    if build is not None:
        build(document)
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def with_parts(data: bytes, parts: Mapping[str, bytes | str]) -> bytes:
    """Return a package with parts replaced or added."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            if entry.filename not in parts:
                new.writestr(entry.filename, old.read(entry.filename))
        for part, content in parts.items():
            new.writestr(part, content)
    return stream.getvalue()


def docx_body(xml: str, notes: str | None = None) -> bytes:
    """Return a Word document whose body is given as XML, with footnotes if any."""
    parts: dict[str, bytes | str] = {
        "word/document.xml": f"<w:document {NAMESPACES}><w:body>{xml}</w:body></w:document>"
    }
    data = made_docx()
    if notes is not None:
        kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
        relation = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes"
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            types = package.read("[Content_Types].xml").decode()
            relations = package.read("word/_rels/document.xml.rels").decode()
        parts["[Content_Types].xml"] = types.replace(
            "</Types>", f'<Override PartName="/word/footnotes.xml" ContentType="{kind}"/></Types>'
        )
        parts["word/_rels/document.xml.rels"] = relations.replace(
            "</Relationships>", f'<Relationship Id="rIdN" Type="{relation}" Target="footnotes.xml"/></Relationships>'
        )
        parts["word/footnotes.xml"] = f"<w:footnotes {NAMESPACES}>{notes}</w:footnotes>"
    return with_parts(data, parts)


def run(text: str, properties: str = "") -> str:
    """Return a run of a paragraph in Word's XML."""
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{escape(text)}</w:t></w:r>'


def par(*runs: str, properties: str = "") -> str:
    """Return a paragraph in Word's XML."""
    return f"<w:p><w:pPr>{properties}</w:pPr>{''.join(runs)}</w:p>"


def _parts(markdown: str) -> list[tuple[int, str | list[list[str]]]]:
    """Return the parts of a simple draft: each heading with its level, paragraphs with 0, tables as their rows."""
    found: list[tuple[int, str | list[list[str]]]] = []
    for part in re.split(r"\n\s*\n", markdown.strip()):
        level = len(part) - len(part.lstrip("#"))
        if part.startswith("|"):
            rows = [line.strip("|").split("|") for line in part.splitlines() if not re.fullmatch(r"[|\s:-]+", line)]
            found.append((0, [[cell.strip() for cell in row] for row in rows]))
        elif re.match(r"1\. ", part):
            found += [(0, re.sub(r"^[0-9]+\. ", "", line)) for line in part.splitlines()]
        else:
            found.append((level, part.lstrip("# ") if level else part))
    return found


def as_html(markdown: str) -> bytes:
    """Return a simple draft in Markdown as HTML."""
    lines = ["<!DOCTYPE html>", '<html><head><meta charset="utf-8"><title>A draft</title></head><body>']
    for level, part in _parts(markdown):
        if isinstance(part, list):
            head, *rows = [[escape(cell) for cell in row] for row in part]
            lines.append("<table><tr>" + "".join(f"<th>{cell}</th>" for cell in head) + "</tr>")
            lines += ["<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows]
            lines.append("</table>")
        else:
            tag = f"h{level}" if level else "p"
            lines.append(f"<{tag}>{escape(part)}</{tag}>")
    return "\n".join((*lines, "</body></html>")).encode()


def as_docx(markdown: str) -> bytes:
    """Return a simple draft in Markdown as a Word document."""

    def build(document: docx.document.Document) -> None:
        for level, part in _parts(markdown):
            if isinstance(part, list):
                table = document.add_table(rows=len(part), cols=len(part[0]))
                for index, row in enumerate(part):
                    for column, cell in enumerate(row):
                        table.cell(index, column).text = cell
            elif level:
                document.add_heading(part, level)
            else:
                document.add_paragraph(part.replace("\n", " "))

    return made_docx(build)
