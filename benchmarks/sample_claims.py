"""Draw seeded samples of claims, and show them for reading.

usage: python benchmarks/sample_claims.py DOCUMENTS.jsonl SCANNED.jsonl [--seed N] [--seen GOLD.jsonl]

DOCUMENTS has `id` and `text` in each line, and SCANNED is what `rheumcalc scan DOCUMENTS.jsonl --output SCANNED.jsonl`
writes. Three samples are drawn one after the other: claims with a count or a denominator, bare percentages, and percent
signs inside no claim. Each line gives the document, what was read, and the text with the claim in ⟦brackets⟧.
With `--seen`, documents that share their opening with an annotated text are marked `*`: the engine was built on them.
An engine that reads another set of claims gives another sample. Where a file is absent, a message says so.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Item:
    """A span to judge: a claim with what was read of it, or a percent sign with nothing."""

    document: str
    start: int
    end: int
    read: str = ""


def rows(path: Path) -> list[dict[str, Any]]:
    """Return the lines of a JSONL file."""
    with path.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines if line.strip()]


def populations(texts: dict[str, str], scanned: list[dict[str, Any]]) -> dict[str, list[Item]]:
    """Return all there is to draw from, in the order of the documents."""
    counted: list[Item] = []
    bare: list[Item] = []
    left: list[Item] = []
    for row in scanned:
        name, claims = row["id"], row.get("claims", [])
        for claim in claims:
            if claim["kind"] != "proportion":
                continue
            values = (claim["count"], claim["denominator"])
            read = f"count {values[0]}, denominator {values[1]}, percent {claim['percent']}"
            item = Item(name, claim["start"], claim["end"], read)
            (bare if values == (None, None) else counted).append(item)
        left.extend(
            Item(name, *sign.span())
            for sign in re.finditer("[%\uff05]", texts[name])
            if not any(claim["start"] <= sign.start() < claim["end"] for claim in claims)
        )
    return {"counted claims": counted, "bare percentages": bare, "signs not read": left}


def seen(texts: dict[str, str], annotated: list[dict[str, Any]]) -> set[str]:
    """Return the documents whose opening stands in an annotated text, or the other way round, whatever the spaces."""
    squeezed = {name: "".join(text.split()) for name, text in texts.items()}
    others = ["".join(row["text"].split()) for row in annotated]
    return {
        name
        for name, text in squeezed.items()
        if any(text[20:140] in other or other[20:140] in text for other in others)
    }


def show(text: str, item: Item) -> str:
    """Return the text around an item on one line."""
    before, after = text[max(0, item.start - 170) : item.start], text[item.end : item.end + 90]
    return " ".join(f"{before}⟦{text[item.start : item.end]}⟧{after}".split())


def main() -> int:
    """Print the samples."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("documents", type=Path)
    parser.add_argument("scanned", type=Path)
    parser.add_argument("--seed", type=int, default=20261122)
    parser.add_argument("--seen", type=Path)
    args = parser.parse_args()
    for path in (args.documents, args.scanned, args.seen):
        if path is not None and not path.is_file():
            print(f"no {path}", file=sys.stderr)
            return 0
    texts = {row["id"]: row["text"] for row in rows(args.documents)}
    known = seen(texts, rows(args.seen)) if args.seen else set()
    generator = random.Random(args.seed)  # noqa: S311 - a sample that anybody can draw again, no secret
    sizes = (100, 100, 60)
    for (title, items), size in zip(populations(texts, rows(args.scanned)).items(), sizes, strict=True):
        drawn = generator.sample(items, min(size, len(items)))
        marked = f", {sum(item.document in known for item in drawn)} of them marked" if args.seen else ""
        print(f"\n# {title}: {len(drawn)} of {len(items)}{marked}")
        for number, item in enumerate(drawn, 1):
            mark = "*" if item.document in known else ""
            print(f"[{number}] {item.document}{mark} {item.read}\n    {show(texts[item.document], item)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
