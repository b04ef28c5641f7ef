"""Show that hostile texts take time linear in their length to read, the matching of patterns included.

usage: python benchmarks/growth.py [--scale NUMBER]

The tests count steps of Python over the same texts; what C does within one of them is seen here alone. Each text is
read at half its size and whole, in turn, and the time of the processor for each character is compared: a growth near 1
is linear, and one near 2 is quadratic. The least of three times counts, all of one run; what takes less than 5 ms is
not judged. `--scale` makes the texts longer than those of the tests, or shorter.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

import hostile
from rheumcalc.config import SettingsError
from rheumcalc.config.file import read_settings
from rheumcalc.documents import document_from_bytes, outside, read_document, read_table, sections
from rheumcalc.documents.claims import claims_from_text
from rheumcalc.files.reading import UnreadableFileError
from rheumcalc.numbers.printed import PrintedError, parse_number
from rheumcalc.source import Source

T = TypeVar("T", str, bytes)
CEILING = 1.5
LEAST = 0.005
RUNS = 3


def read_draft(text: str) -> None:
    """Read a draft in Markdown and as plain text, with its markers."""
    for name in ("a.md", "a.txt"):
        document = read_document(Source(name, text))
        sections(document)
        outside(document)
        for table in document.tables:
            for _ in read_table(table, text).results:
                pass


def read_prose(text: str) -> None:
    """Read prose to its claims."""
    claims_from_text(Source("text", text))


def read_page(data: bytes) -> None:
    """Read a page, or refuse it."""
    with suppress(UnreadableFileError):
        document_from_bytes(data, "a.html")


def read_numeral(text: str) -> None:
    """Refuse what is no numeral."""
    with suppress(PrintedError):
        parse_number(text)


def read_own_settings(data: bytes) -> None:
    """Refuse what are no settings."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "rheumcalc.toml"
        path.write_bytes(data)
        with suppress(SettingsError):
            read_settings(str(path))


def seconds(read: Callable[[T], object], text: T) -> float:
    """Return how long the processor reads a text."""
    start = time.process_time()
    read(text)
    return time.process_time() - start


def report(group: str, texts: Mapping[str, hostile.Hostile[T]], read: Callable[[T], object], scale: float) -> bool:
    """Print a line for each text; return whether the time of each grows as it should."""
    is_linear = True
    for name, (make, size) in texts.items():
        once, twice = make(int(size * scale / 2)), make(int(size * scale))
        pairs = [(seconds(read, once), seconds(read, twice)) for _ in range(RUNS)]
        shorter, longer = (min(times) for times in zip(*pairs, strict=True))
        growth = longer / len(twice) / (shorter / len(once)) if longer >= LEAST and shorter else None
        is_linear &= growth is None or growth < CEILING
        told = "-" if growth is None else f"{growth:.2f}" + (" too much" if growth >= CEILING else "")
        print(f"{group:<9} {name!r:<34} {shorter * 1000:8.1f} ms {longer * 1000:8.1f} ms   {told}")
    return is_linear


def main() -> int:
    """Print the growth of every text; return 1 where one is above the ceiling."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--scale", type=float, default=1.0)
    scale = parser.parse_args().scale
    linear = [
        report("numerals", hostile.NUMERALS, read_numeral, scale),
        report("settings", hostile.SETTINGS, read_own_settings, scale),
        report("prose", hostile.PROSE, read_prose, scale),
        report("drafts", hostile.DRAFTS, read_draft, scale),
        report("markers", hostile.MARKED, read_draft, scale),
        report("pages", hostile.PAGES, read_page, scale),
    ]
    return int(not all(linear))


if __name__ == "__main__":
    sys.exit(main())
