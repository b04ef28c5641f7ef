"""Time `rheumcalc scan --workers 1` against a reader of two regular expressions: whole processes in turn, on one core.

usage: python benchmarks/two_patterns.py [--runs N] [--copies N]
       python benchmarks/two_patterns.py --baseline INPUT.jsonl OUTPUT.jsonl

Both read the same lines of JSON and write a line of JSON for each. The reader here finds `16 (18.2%)`, `16/88 (18.2%)`
and `18.2% (16/88)`, and nothing else; it resolves no denominator and checks nothing. The documents are those of
`data/abstracts.jsonl.gz` in the reference folder (`RHEUMCALC_REFERENCE_DATA`, default `../shared`), six copies of each
under ids of their own. Where the folder is absent, a message says so.

Prints documents a second of each, the median of the runs, and the ratio pair by pair: its median, least and most. The
ratio is meant to be at least 0.2.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import re
import statistics
import sys
import tempfile
from pathlib import Path

from startup import seconds, warm

REFERENCE = Path(os.environ.get("RHEUMCALC_REFERENCE_DATA", Path(__file__).parents[2] / "shared")) / "data"
FLOOR = 0.2

COUNT_FIRST = re.compile(r"(?P<k>\d+)(?: ?/ ?(?P<n>\d+))? ?\((?P<p>\d+(?:\.\d+)?) ?%\)")
PERCENT_FIRST = re.compile(r"(?P<p>\d+(?:\.\d+)?) ?% ?\((?P<k>\d+) ?/ ?(?P<n>\d+)\)")


def read_plainly(source: Path, target: Path) -> None:
    """Write what the two patterns find in each document."""
    with source.open("rb") as lines, target.open("w", encoding="utf-8") as output:
        for line in lines:
            document = json.loads(line)
            claims = [
                {
                    "start": match.start(),
                    "end": match.end(),
                    "text": match[0],
                    "count": int(match["k"]),
                    "denominator": int(match["n"]) if match["n"] else None,
                    "percent": match["p"],
                }
                for pattern in (COUNT_FIRST, PERCENT_FIRST)
                for match in pattern.finditer(document["text"])
            ]
            output.write(json.dumps({"id": document["id"], "claims": claims}, ensure_ascii=False) + "\n")


def write_copies(archive: Path, target: Path, copies: int) -> int:
    """Write the documents of an archive so many times, each under an id of its own; return how many there are."""
    with gzip.open(archive) as lines:
        documents = [json.loads(line) for line in lines]
    with target.open("w", encoding="utf-8") as output:
        for copy in range(1, copies + 1):
            for document in documents:
                row = document | {"id": f"{document['id']}-{copy}"}
                output.write(json.dumps(row, ensure_ascii=False) + "\n")
    return len(documents) * copies


def main() -> int:
    """Time both in turn and print the figures; return 1 where the ratio is below the floor."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--copies", type=int, default=6)
    parser.add_argument("--baseline", nargs=2, type=Path, metavar=("INPUT", "OUTPUT"))
    arguments = parser.parse_args()
    if arguments.baseline:
        read_plainly(*arguments.baseline)
        return 0
    archive = REFERENCE / "abstracts.jsonl.gz"
    if not archive.is_file():
        print("no abstracts: set RHEUMCALC_REFERENCE_DATA to the reference folder", file=sys.stderr)
        return 0
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder, "documents.jsonl"), Path(folder, "answers.jsonl")
        number = write_copies(archive, source, arguments.copies)
        first = Path(folder, "first.jsonl")
        first.write_bytes(source.read_bytes().split(b"\n", 1)[0] + b"\n")
        program = str(Path(sys.executable).parent / "rheumcalc")

        def scan(documents: Path) -> list[str]:
            return [program, "scan", str(documents), "--workers", "1", "--output", str(target)]

        def plain(documents: Path) -> list[str]:
            return [sys.executable, __file__, "--baseline", str(documents), str(target)]

        warm(scan(first), plain(first))
        pairs = [(number / seconds(scan(source)), number / seconds(plain(source))) for _ in range(arguments.runs)]
    ratios = sorted(a / b for a, b in pairs)
    ratio = statistics.median(ratios)
    print(f"scan         {statistics.median(a for a, _ in pairs):8.0f} documents a second ({number} documents,")
    print(f"two patterns {statistics.median(b for _, b in pairs):8.0f} documents a second  median of {arguments.runs})")
    print(f"ratio        {ratio:8.3f} ({ratios[0]:.3f} to {ratios[-1]:.3f}; meant to be at least {FLOOR})")
    return int(ratio < FLOOR)


if __name__ == "__main__":
    sys.exit(main())
