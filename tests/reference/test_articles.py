"""Published articles in JATS: all of a sample are read, each as one study, with the cells that expat sees."""

from __future__ import annotations

import tarfile
from pathlib import Path

import pytest

import articles
from rheumcalc.config import Settings
from rheumcalc.documents import sections
from rheumcalc.documents.jats import read_jats
from rheumcalc.engine import check_bytes
from rheumcalc.result import Status

#: Every so many articles one is read here; `benchmarks/articles.py` reads all.
STEP = 6


@pytest.fixture(scope="module")
def sample(reference_data: Path) -> list[tuple[str, bytes]]:
    """Some of the articles, with their names."""
    archive = reference_data / "data" / "articles.tar.gz"
    if not archive.is_file():
        print("reference data hold no articles.tar.gz")  # noqa: T201
        pytest.skip("reference data hold no articles.tar.gz")
    with tarfile.open(archive) as members:
        chosen = list(members)[::STEP]
        return [(member.name, stored.read()) for member in chosen if (stored := members.extractfile(member))]


def test_articles_are_read_each_as_one_study(sample: list[tuple[str, bytes]]) -> None:
    """No article fails or is divided, nothing of it is left out, and its title is its study's."""
    assert len(sample) >= 40
    for name, data in sample:
        document = read_jats(data, name)
        (section,) = sections(document)
        assert (name, section.title is not None, document.unread) == (name, True, ())
        assert check_bytes(data, name, Settings()).status is Status.OK


def test_the_cells_of_articles_are_those_that_another_parser_sees(sample: list[tuple[str, bytes]]) -> None:
    """Every cell that prints a count and a percentage with its sign is in a table as read, and nearly all are found."""
    cells = read = found = 0
    for name, data in sample:
        count = articles.compare(name, data, articles.SIGNED)
        cells += count.cells.total()
        read += count.read.total()
        found += count.found.total()
    assert cells > 100
    assert (read, found >= 0.95 * cells) == (cells, True)
