"""Show that reading prose takes time linear in its length, whatever it holds.

usage: python benchmarks/extraction.py [--size CHARACTERS] [--corpus DOCUMENTS.jsonl]

For each kind of text the time is printed at one, two and four times a size, the shortest of three runs each: a ratio
near 2 between neighbours is linear, and one near 4 is quadratic. Times below about 10 ms scatter on a busy machine, so
judge a kind by both ratios, and at a larger `--size` where they disagree. This is the time to read a text, not to check
what it claims.

The last lines give throughput. Without `--corpus` the text is made up and repeats itself, most of it without a number,
which flatters; give real documents (JSONL with `text`) for a figure to quote. `results` and `results and sizes` read
all documents joined into one text, as the two plain patterns do, which find far less and resolve and check nothing.
`whole documents` is everything that `rheumcalc scan` does with one process, document by document: reading, resolving
denominators, checking, and writing the line of JSON.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import time
from collections.abc import Callable
from pathlib import Path

from rheumcalc.corpus import scan
from rheumcalc.prose.sizes import sample_sizes
from rheumcalc.prose.text import read_text

KINDS = {
    "brackets": "(",
    "nested": "([" * 20 + "])" * 20,
    "digits": "7",
    "percent signs": "%",
    "digits and signs": "7%",
    "commas": "1,",
    "grouped thousands": "123,456,",
    "points": "1.",
    "number words": "twenty two hundred ",
    "hyphenated number words": "twenty-",
    "of": "of ",
    "of the": "of the 5 of these ",
    "slashes": "1/2/",
    "labels": "n = ",
    "counts": "12 (",
    "letters": "a",
    "hyphens": "a-",
    "spaces": " ",
    "narrow spaces": "\u2009",
    "newlines": "\n",
    "full stops": "A. ",
    "dashes": "1-",
    "lists": "1, 2 and ",
    "percent lists": "1%, 2% and 3% vs ",
    "results": "Of 88 patients, 16 (18.2%), 42 (47.7%) and 37 (42.0%) responded. ",
    "results without an end": "Of 88 patients, 16 (18.2%), 42 (47.7%) and 37 (42.0%) responded, ",
    "prose": "The children were seen every week by the same nurse and nothing else was recorded in the notes. ",
}
PLAIN = (
    re.compile(r"(\d{1,4}(?:,\d{3})*)\s?(?:/|of|out of)\s?(?:the )?(\d{1,4})[^()%\d]{0,60}\(?(\d{1,3}(?:\.\d+)?)\s?%"),
    re.compile(r"(\d{1,4}(?:,\d{3})*)(?: \w+){0,3}\s?\((\d{1,3}(?:\.\d+)?)\s?%"),
)


def read(text: str) -> None:
    """Read everything in a text."""
    reading = read_text(text)
    sample_sizes(reading.tokens, reading.mentions)


def read_results(text: str) -> None:
    """Read the results in a text."""
    read_text(text)


def match_plainly(text: str) -> None:
    """Match two plain patterns for counts and percentages."""
    for pattern in PLAIN:
        for _ in pattern.finditer(text):
            pass


def seconds(action: Callable[[str], None], text: str) -> float:
    """Return the shortest of three times that an action takes."""
    times = []
    for _ in range(3):
        start = time.perf_counter()
        action(text)
        times.append(time.perf_counter() - start)
    return min(times)


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", type=int, default=50_000)
    parser.add_argument("--corpus")
    args = parser.parse_args()
    print(f"{'kind':<26}{'1x s':>8}{'2x s':>8}{'4x s':>8}{'2x/1x':>8}{'4x/2x':>8}")
    for kind, unit in KINDS.items():
        one, two, four = (
            seconds(read, (unit * (size // len(unit) + 1))[:size]) for size in (args.size, args.size * 2, args.size * 4)
        )
        print(f"{kind:<26}{one:>8.3f}{two:>8.3f}{four:>8.3f}{two / one:>8.2f}{four / two:>8.2f}")
    texts = [KINDS["prose"] * 12 + KINDS["results"] for _ in range(500)]
    if args.corpus:
        with Path(args.corpus).open(encoding="utf-8") as lines:
            texts = [json.loads(line)["text"] for line in lines]
    whole = "\n\n".join(texts)
    for name, action in (
        ("results", read_results),
        ("results and sizes", read),
        ("two plain patterns", match_plainly),
    ):
        taken = seconds(action, whole)
        print(f"{name:<26}{len(whole) / taken / 1e6:>8.2f} million characters a second")
    documents = [json.dumps({"id": number, "text": text}).encode() for number, text in enumerate(texts)]
    list(scan(documents[:1], workers=1))  # Imports and patterns are no part of it.
    start = time.perf_counter()
    for _ in scan(documents, workers=1):
        pass
    taken = time.perf_counter() - start
    print(f"{'whole documents':<26}{len(whole) / taken / 1e6:>8.2f} million characters a second")
    return 0


if __name__ == "__main__":
    sys.exit(main())
