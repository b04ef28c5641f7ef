"""Read Markdown: markdown-it-py finds the lines of each block, and the places within them are worked out here."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from rheumcalc.documents.captions import with_captions
from rheumcalc.documents.document import MAX_COLUMNS, MAX_ROWS, Block, Cell, Document, Table, blank, blank_comments
from rheumcalc.documents.markers import Marker, find_markers
from rheumcalc.documents.marks import veil
from rheumcalc.source import Source, Span

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

#: How deep lists and quotations are read; what is beyond is named in `Document.unread`.
MAX_NESTING = 40

_LINE = re.compile(r"([^\r\n]*+)(?:\r\n|\r|\n|\Z)")


class _Line(NamedTuple):
    """A line of the source without its end, and where it begins."""

    start: int
    text: str


@cache
def _parser() -> MarkdownIt:
    from markdown_it import MarkdownIt

    parser = MarkdownIt("commonmark", {"maxNesting": MAX_NESTING}).enable("table")
    # The content of a block is read here, with its place; markdown-it need not look at it.
    parser.core.ruler.enableOnly(["normalize", "block"])
    return parser


def read_markdown(source: Source) -> Document:
    """Return the headings, paragraphs (those of lists and quotations too) and tables of a Markdown text."""
    text = _readable(source.text)
    lines = [_Line(match.start(), match[1]) for match in _LINE.finditer(text)]
    tokens = _parser().parse(text)
    blocks: list[Block] = []
    veils: list[tuple[Span, str]] = []
    tables: list[Table] = []
    unread: list[str] = []
    code: list[tuple[int, int]] = []
    depth, too_deep = 0, False
    for index, token in enumerate(tokens):
        if token.type in ("blockquote_open", "list_item_open"):
            depth += 1
            too_deep = too_deep or token.level + 1 >= MAX_NESTING
        elif token.type in ("blockquote_close", "list_item_close"):
            depth -= 1
        elif token.type in ("paragraph_open", "heading_open"):
            placed = _placed(token, tokens[index + 1], lines)
            if placed is not None:
                block, words = placed
                blocks.append(block)
                veils.append((block.span, words))
        elif token.type == "table_open" and token.map:
            rows = lines[token.map[0] : token.map[1]]
            table, cut = _table(len(tables) + 1, rows, source.text, quoted=depth > 0)
            tables.append(table)
            unread += cut
        elif token.type == "fence" and token.map:
            first, end = (lines[number].start if number < len(lines) else len(text) for number in token.map)
            code.append((first, end))
    if too_deep:
        unread.append(f"lists or quotations nested more than {MAX_NESTING} deep")
    prose = _prose(source.text, veils)
    captioned = tuple(with_captions(tables, blocks, prose))
    return Document(source, prose, tuple(blocks), captioned, tuple(unread), tuple(_spoken(find_markers(source), code)))


def _spoken(markers: Iterable[Marker], code: Sequence[tuple[int, int]]) -> Iterator[Marker]:
    """Yield the markers outside fenced code: an example of a marker has no effect."""
    for marker in markers:
        fence = bisect_right(code, marker.span.start, key=lambda stretch: stretch[0]) - 1
        if fence < 0 or marker.span.start >= code[fence][1]:
            yield marker


_FENCE = re.compile(r"\A---[ \t]*(?:\r\n|\r|\n)(?=[^\s])")
_FENCE_END = re.compile(r"^(?:---|\.\.\.)[ \t]*$", re.MULTILINE)
#: Stands for a comment's characters while Markdown is read: a space for Python, an ordinary character for Markdown.
_UNSEEN = "\x1f"


def _readable(text: str) -> str:
    """Return `text` with front matter and comments blanked, every other character in its place.

    A comment beside text becomes characters that Markdown treats as text, so that its line is not indented code.
    """
    if _FENCE.match(text):
        end = _FENCE_END.search(text.replace("\r", "\n"), 3)
        if end:
            text = blank(text[: end.end()]) + text[end.end() :]
    # markdown-it replaces NUL by the replacement character.
    text = text.replace("\0", "\ufffd")
    if "<!--" not in text:
        return text
    filled = blank_comments(text, _UNSEEN)
    return "".join(line[0].replace(_UNSEEN, " ") if not line[1].strip() else line[0] for line in _LINE.finditer(filled))


def _placed(opening: Token, inline: Token, lines: Sequence[_Line]) -> tuple[Block, str] | None:
    """Return a block with its place, and its words without the marks before each line."""
    place = inline.map or opening.map
    content = inline.content.strip()
    if not place or not content:
        return None
    wanted = content.split("\n")
    rows = lines[place[0] : place[1]]
    # Lines of nothing but unusual spaces are lost at both ends of the content.
    spare = range(max(0, len(rows) - len(wanted)) + 1)
    skipped = next((skip for skip in spare if rows[skip].text.rstrip().endswith(wanted[0].strip())), 0)
    rows = rows[skipped : skipped + len(wanted)]
    first = rows[0]
    if opening.type == "heading_open" and opening.markup.startswith("#"):
        mark = first.text.find(opening.markup)
        start = first.text.find(content, mark + len(opening.markup)) if mark >= 0 else -1
        if start < 0:
            return None
        span = Span(first.start + start, first.start + start + len(content))
        return Block("heading", span, int(opening.tag[1:])), content
    prefixes = [_prefix(row.text, words) for row, words in zip(rows, wanted, strict=False)]
    last = rows[-1]
    span = Span(first.start + prefixes[0], last.start + len(last.text.rstrip()))
    words = "".join(
        " " * prefix + row.text[prefix:] + " " * (after.start - row.start - len(row.text))
        for prefix, row, after in zip(prefixes, rows, (*rows[1:], last), strict=True)
    )
    words = words[prefixes[0] : prefixes[0] + span.end - span.start]
    if opening.type == "heading_open":
        return Block("heading", span, int(opening.tag[1:])), words
    return Block("paragraph", span), words


def _prefix(line: str, words: str) -> int:
    """Return how much of a line comes before its own words: indentation, `>`, the mark of a list."""
    stripped, ink = line.rstrip(), words.strip()
    return len(stripped) - len(ink) if stripped.endswith(ink) else len(line) - len(line.lstrip())


def _prose(text: str, veils: Iterable[tuple[Span, str]]) -> str:
    """Return `text` with everything blanked but the blocks, and in those the marks of Markdown."""
    parts: list[str] = []
    done = 0
    for span, words in veils:
        if span.start < done:
            continue
        kept = veil(words).replace(_UNSEEN, " ")
        ends = blank(text[span.start : span.end])
        if "\n" in ends or "\r" in ends:
            kept = "".join(end if end in "\r\n" else ink for ink, end in zip(kept, ends, strict=True))
        parts += [blank(text[done : span.start]), kept]
        done = span.end
    return "".join((*parts, blank(text[done:])))


_CONTAINERS = re.compile(r"[ \t]*(?:(?:>|[-*+](?=[ \t])|[0-9]{1,9}[.)](?=[ \t]))[ \t]*)*")
_QUOTED = re.compile(r"[ \t]*(?:>[ \t]*)*")
_PIPE = re.compile(r"(?<!\\)\|")


def _table(number: int, lines: Sequence[_Line], source: str, *, quoted: bool) -> tuple[Table, list[str]]:
    """Return a table from its lines, and what of it was not read."""
    header = _cells(lines[0], source, _CONTAINERS if quoted else None)
    columns = min(len(header), MAX_COLUMNS)
    body = lines[2 : 2 + MAX_ROWS]
    rows = tuple(tuple(_cells(line, source, _QUOTED if quoted else None, columns)) for line in body)
    cut = []
    if len(header) > MAX_COLUMNS:
        cut.append(f"table {number}: columns after the first {MAX_COLUMNS}")
    if len(lines) - 2 > MAX_ROWS:
        cut.append(f"table {number}: rows after the first {MAX_ROWS}")
    span = Span(header[0].span.start, lines[-1].start + len(lines[-1].text.rstrip()))
    return Table(number, span, (tuple(header[:columns]),), rows), cut


def _cells(line: _Line, source: str, containers: re.Pattern[str] | None, columns: int | None = None) -> list[Cell]:
    """Return the cells of a row, filled up or cut to `columns`."""
    match = containers.match(line.text) if containers else None
    start = match.end() if match else 0
    end = len(line.text.rstrip())
    start += len(line.text[start:end]) - len(line.text[start:end].lstrip())
    pipes = [pipe.start() for pipe in _PIPE.finditer(line.text, start, end)]
    if pipes and pipes[0] == start:
        pipes, start = pipes[1:], start + 1
    if pipes and pipes[-1] == end - 1:
        end = pipes.pop()
    cells = []
    for stop in (*pipes, end)[:columns]:
        text = line.text[start:stop]
        ink = text.strip()
        place = line.start + start + (text.index(ink) if ink else 0)
        cells.append(Cell(Span(place, place + len(ink)), source[place : place + len(ink)]))
        start = stop + 1
    while columns is not None and len(cells) < columns:
        cells.append(Cell(Span(line.start + end, line.start + end), ""))
    return cells
