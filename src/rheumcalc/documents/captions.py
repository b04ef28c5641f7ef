"""Find the captions of tables among the blocks around them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from rheumcalc.documents.document import Block, Table
from rheumcalc.source import Span

_CAPTION = re.compile(
    r"\W{0,5}(?:(?i:supplementary |supplemental |appendix |web )?(?i:table)\b\s*(?:S?[0-9]{1,3}[A-Za-z]?|[IVX]{1,6})?"
    r"(?:\s*[.:|–—-]|\s*\Z|\s+[A-Z(])|:\s)"
)


def with_captions(tables: Sequence[Table], blocks: Sequence[Block], prose: str) -> Iterator[Table]:
    """Yield the tables with their captions: the block just before a table, or just after, that begins with `Table`.

    A table that has its caption keeps it.
    """
    place = 0
    taken: set[Span] = {table.caption for table in tables if table.caption}
    for index, table in enumerate(tables):
        while place < len(blocks) and blocks[place].span.start < table.span.start:
            place += 1
        low = tables[index - 1].span.end if index else 0
        high = tables[index + 1].span.start if index + 1 < len(tables) else len(prose)
        candidates = [block.span for block in blocks[max(0, place - 1) : place] if block.span.start >= low]
        # A caption between two tables with nothing else there belongs to the second.
        after = [block.span for block in blocks[place : place + 2] if block.span.start < high]
        if index + 1 == len(tables) or len(after) > 1:
            candidates += after[:1]
        if table.caption:
            yield table
            continue
        fitting = (span for span in candidates if span not in taken and _CAPTION.match(prose, span.start, span.end))
        caption = next(fitting, None)
        if caption:
            taken.add(caption)
        yield replace(table, caption=caption)
