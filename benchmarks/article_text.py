"""Write the running text of the reference articles as JSONL, for `rheumcalc scan`.

usage: python benchmarks/article_text.py OUTPUT.jsonl

Every article of `data/articles.tar.gz` in the reference folder (`RHEUMCALC_REFERENCE_DATA`, default `../shared`) that
has paragraphs in its body gives one line with its `id` and `text`. The paragraphs stand in the order of the article,
with an empty line between them. Tables, titles, displayed formulas and the numbers of citations are left out, and the
paragraphs of legends and table notes are kept. Where the folder is absent, nothing is written and a message says so.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tarfile
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

REFERENCE = Path(os.environ.get("RHEUMCALC_REFERENCE_DATA", Path(__file__).parents[2] / "shared")) / "data"


def texts(archive: Path) -> Iterator[tuple[str, str]]:
    """Yield the name and the text of each article that has body paragraphs, in the order of the archive."""
    with tarfile.open(archive) as articles:
        for member in articles:
            stored = articles.extractfile(member)
            if stored is None:
                continue
            body = ET.parse(stored).getroot().find(".//body")  # noqa: S314 - a fixed archive that ships no entities
            paragraphs = [] if body is None else [" ".join(paragraph(p).split()) for p in body.iter("p")]
            text = "\n\n".join(filter(None, paragraphs))
            if text:
                yield PurePosixPath(member.name).stem, text


def paragraph(element: ET.Element) -> str:
    """Return the text of an element, without citations and without paragraphs inside it, which stand for themselves."""
    parts = [element.text or ""]
    for child in element:
        cited = child.tag == "xref" and child.get("ref-type") == "bibr"
        if not cited and child.tag not in {"p", "table-wrap", "table", "fig", "disp-formula", "tex-math"}:
            parts.append(paragraph(child))
        parts.append(child.tail or "")
    return "".join(parts)


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
