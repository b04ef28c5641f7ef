"""Read the tables of the reference articles, and compare what is read with an independent count of their cells.

usage: python benchmarks/articles.py [--seed SEED] [--sample N] [--misses N]

All articles of `data/articles.tar.gz` in the reference folder (`RHEUMCALC_REFERENCE_DATA`, default `../shared`) are
read first; that none fails is the first figure, and the time is the second. Then `--sample` articles with tables are
drawn.
In their XML the cells are found by expat, without the reader, that print a count and a percentage in words of their
own: `12 (20%)`, `12 (20.0)` or `12/60 (20%)`. A cell is read if the reader has a cell with the same words in a table of
the article; it is found if a result was read in it. The cells with any words in them are counted on both sides too.
Where the folder is absent, a message says so.
"""

from __future__ import annotations

import argparse
import os
import random
import re
import sys
import tarfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import NamedTuple
from xml.parsers import expat

from rheumcalc.documents import document_from_bytes, read_table
from rheumcalc.files.reading import UnreadableFileError

REFERENCE = Path(os.environ.get("RHEUMCALC_REFERENCE_DATA", Path(__file__).parents[2] / "shared")) / "data"

SIGNED = re.compile(r"[0-9][0-9,]*(?: ?/ ?[0-9][0-9,]*)? ?[(\[] ?[0-9]+(?:[.·,][0-9]+)? ?% ?[)\]]")
BARE = re.compile(r"[0-9][0-9,]*(?: ?/ ?[0-9][0-9,]*)? ?[(\[] ?[0-9]{1,3}(?:[.·][0-9]+)? ?[)\]]")


class Count(NamedTuple):
    """The cells of one article that look like a count and a percentage, how many are read, and how many found.

    `filled` are all cells with words in them: in the XML, and as read.
    """

    filled: tuple[int, int]
    cells: Counter[str]
    read: Counter[str]
    found: Counter[str]


def articles(archive: Path) -> Iterator[tuple[str, bytes]]:
    """Yield the name and the content of each article, in the order of the archive."""
    with tarfile.open(archive) as members:
        for member in members:
            stored = members.extractfile(member)
            if stored is not None:
                yield PurePosixPath(member.name).name, stored.read()


def cells_of(data: bytes) -> list[str]:
    """Return the words of all cells in the tables of an article, as expat sees them, raised signs left out."""
    cells: list[str] = []
    parts: list[str] = []
    wrapped = depth = raised = 0
    parser = expat.ParserCreate()

    def start(tag: str, _: dict[str, str]) -> None:
        nonlocal wrapped, depth, raised
        wrapped += tag == "table-wrap"
        depth += tag in ("td", "th")
        raised += tag == "sup"

    def end(tag: str) -> None:
        nonlocal wrapped, depth, raised
        raised -= tag == "sup"
        if tag in ("td", "th"):
            depth -= 1
            if wrapped:
                cells.append(" ".join("".join(parts).split()))
            parts.clear()
        wrapped -= tag == "table-wrap"

    def words(text: str) -> None:
        if depth and not raised:
            parts.append(text)

    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = start, end, words
    parser.Parse(data, True)
    return cells


def looks(cell: str, pattern: re.Pattern[str]) -> bool:
    """Decide whether a cell is a count and a percentage, with marks of footnotes after it or none."""
    return bool(pattern.fullmatch(cell.rstrip("*†‡§¶#abcd ")))


def compare(name: str, data: bytes, pattern: re.Pattern[str]) -> Count:
    """Return how many of an article's cells of one look are read and found."""
    seen = [cell for cell in cells_of(data) if cell]
    wanted = Counter(cell for cell in seen if looks(cell, pattern))
    filled = 0
    document = document_from_bytes(data, name)
    read: Counter[str] = Counter()
    found: Counter[str] = Counter()
    for table in document.tables:
        spans = {result.span for result in read_table(table, document.source.text).results}
        cells = {cell.span: cell.text for row in (*table.header, *table.rows) for cell in row}
        filled += sum(bool(text) for text in cells.values())
        for span, text in cells.items():
            words = " ".join(re.sub(r"\^[^^]*\^|[†‡]", "", text).split())
            read[words] += 1
            found[words] += any(span.start <= other.start and other.end <= span.end for other in spans)
    return Count((len(seen), filled), wanted, wanted & read, wanted & found)


def main() -> int:
    """Read everything, compare a sample, and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=20261123)
    parser.add_argument("--sample", type=int, default=20)
    parser.add_argument("--misses", type=int, default=0, help="how many cells that were not found to print")
    options = parser.parse_args()
    archive = REFERENCE / "articles.tar.gz"
    if not archive.is_file():
        print("no articles: set RHEUMCALC_REFERENCE_DATA to the reference folder", file=sys.stderr)
        return 0
    everything = list(articles(archive))
    start = time.perf_counter()
    tables, failed = Counter[str](), 0
    for name, data in everything:
        try:
            tables[name] = len(document_from_bytes(data, name).tables)
        except UnreadableFileError as error:
            failed += 1
            print(f"{name}: {error}")
    seconds = time.perf_counter() - start
    size = sum(len(data) for _, data in everything)
    print(f"{len(everything)} articles, {failed} not read, {tables.total()} tables")
    print(f"{seconds:.1f} s for {size / 1e6:.0f} MB")
    for label, pattern in (("with a percent sign", SIGNED), ("without one", BARE)):
        chosen = [(name, data) for name, data in everything if compare(name, data, pattern).cells]
        drawn = random.Random(options.seed).sample(chosen, min(options.sample, len(chosen)))  # noqa: S311
        print(f"cells {label}:")
        report("sample", drawn, pattern, options.misses)
        report("all", chosen, pattern, 0)
    return 0


def report(of: str, drawn: list[tuple[str, bytes]], pattern: re.Pattern[str], misses: int) -> None:
    """Print the shares of one look over some articles, and some of what was missed."""
    total: Counter[str] = Counter()
    for name, data in sorted(drawn):
        count = compare(name, data, pattern)
        total["seen"] += count.filled[0]
        total["filled"] += count.filled[1]
        total["cells"] += count.cells.total()
        total["read"] += count.read.total()
        total["found"] += count.found.total()
        missed = count.cells - count.found
        if misses and missed:
            shown = ", ".join(list(missed)[:misses])
            print(f"  {name}: {count.found.total()} of {count.cells.total()}; missed: {shown}")
    read, found = (100 * total[part] / max(1, total["cells"]) for part in ("read", "found"))
    print(f"  {of}: {len(drawn)} articles, {total['seen']} cells with words, {total['filled']} read")
    print(f"  {total['cells']} of them look so:")
    print(f"  read {total['read']} ({read:.1f}%), found {total['found']} ({found:.1f}%)")


if __name__ == "__main__":
    sys.exit(main())
