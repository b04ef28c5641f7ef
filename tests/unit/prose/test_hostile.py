"""Prose made to take long is read whole, in linear time and in bounded memory."""

from __future__ import annotations

import tracemalloc

import pytest

from hostile import PROSE
from rheumcalc.documents.claims import claims_from_text
from rheumcalc.prose.sizes import sample_sizes
from rheumcalc.prose.text import read_text
from rheumcalc.source import Source
from steps import LINEAR, growth

#: How much memory a character may take while it is read, in bytes: what is kept of each is a token, and a claim.
MOST_FOR_A_CHARACTER = 4_000


def _read(text: str) -> None:
    reading = read_text(text)
    sample_sizes(reading.tokens, reading.mentions)


def _claims(text: str) -> None:
    claims_from_text(Source("text", text))


@pytest.mark.parametrize("unit", PROSE)
def test_hostile_prose_takes_linear_time(unit: str) -> None:
    """A text that is twice as long takes twice the steps, to its claims."""
    make, size = PROSE[unit]
    assert growth(_claims, make, size // 20) < LINEAR


@pytest.mark.parametrize("unit", PROSE)
def test_hostile_prose_takes_linear_memory(unit: str) -> None:
    """A text that is twice as long takes at most twice the memory, and not much for each character."""
    make, size = PROSE[unit]
    _claims(make(size // 30))

    def peak(text: str) -> float:
        tracemalloc.start()
        try:
            _claims(text)
            return tracemalloc.get_traced_memory()[1] / len(text)
        finally:
            tracemalloc.stop()

    shorter, longer = (peak(make(each)) for each in (size // 30, 2 * size // 30))
    assert longer < max(LINEAR * shorter, 200)
    assert longer < MOST_FOR_A_CHARACTER


@pytest.mark.parametrize("text", [each.make(each.size // 2) for each in PROSE.values()], ids=PROSE)
def test_hostile_prose_is_read(text: str) -> None:
    """Whatever the text, there is an answer."""
    _read(text)
