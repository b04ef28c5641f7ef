"""Write the running text of the reference articles as JSONL, for `rheumcalc scan`.

usage: python benchmarks/article_text.py OUTPUT.jsonl

Every article of `data/articles.tar.gz` in the reference folder (`RHEUMCALC_REFERENCE_DATA`, default `../shared`) that
has paragraphs in its body gives one line with its `id` and `text`. The paragraphs stand in the order of the article, as
the program reads them, with an empty line between them. Tables, titles and abstracts are left out, and the paragraphs
of legends and table notes are kept. Where the folder is absent, nothing is written and a message says so.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from articles import REFERENCE, articles
from rheumcalc.documents import document_from_bytes


def texts(archive: Path) -> Iterator[tuple[str, str]]:
    """Yield the name and the text of each article that has body paragraphs, in the order of the archive."""
    for name, data in articles(archive):
        document = document_from_bytes(data, name)
        paragraphs = [
            " ".join(document.text_of(block.span).split())
            for block in document.blocks
            if not block.is_heading and not (document.source.landmark(block.span.start) or "").startswith("Abstract")
        ]
        if paragraphs:
            yield PurePosixPath(name).stem, "\n\n".join(paragraphs)


def main() -> int:
    """Write the articles."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("output", type=Path)
    output: Path = parser.parse_args().output
    archive = REFERENCE / "articles.tar.gz"
    if not archive.is_file():
        print("no articles: set RHEUMCALC_REFERENCE_DATA to the reference folder", file=sys.stderr)
        return 0
    with output.open("w", encoding="utf-8") as lines:
        for name, text in texts(archive):
            lines.write(json.dumps({"id": name, "text": text}, ensure_ascii=False) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
