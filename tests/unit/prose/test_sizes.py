"""Sample sizes that prose states."""

from __future__ import annotations

import pytest

from rheumcalc.prose.sizes import SampleSize, sample_sizes
from rheumcalc.prose.text import read_text


def sizes_of(text: str) -> list[SampleSize]:
    """Return the sizes that a text states."""
    reading = read_text(text)
    return sample_sizes(reading.tokens, reading.mentions)


@pytest.mark.parametrize(
    ("text", "n", "role", "label"),
    [
        ("We included 83 children with active disease.", 83, "study", None),
        ("In all, 88 patients were randomised.", 88, "study", None),
        ("A total of eighty-eight children were seen.", 88, "study", None),
        ("A total of 1,204 eligible adult patients took part.", 1204, "study", None),
        ("Patients (n = 60) were seen weekly.", 60, "study", "Patients"),
        ("The placebo group (n = 31) was smaller.", 31, "arm", "The placebo group"),
        ("Girls with uveitis (n = 12) were seen twice.", 12, "subset", "Girls with uveitis"),
        ("Later 143 were randomised to the drug.", 143, "arm", None),
    ],
)
def test_a_stated_size(text: str, n: int, role: str, label: str | None) -> None:
    """A stated size."""
    (size,) = sizes_of(text)
    assert (int(size.n.value), size.role, size.label) == (n, role, label)
    assert size.n.span is not None
    assert text[slice(*size.n.span)] == size.n.text


def test_arms_of_a_trial() -> None:
    """Arms of a trial."""
    sizes = sizes_of("They were given the drug (n = 170) or placebo (n = 153).")
    assert [int(size.n.value) for size in sizes] == [170, 153]
    assert sizes[1].role == "arm"


@pytest.mark.parametrize(
    "text",
    [
        "At week 12 patients were seen again.",
        "After 12 months patients were seen again.",
        "Two thirds of the women agreed.",
        "It was given at 5 mg in patients below 18.5 kg.",
        "One patient had shingles.",
        "",
    ],
)
def test_no_size(text: str) -> None:
    """No size."""
    assert sizes_of(text) == []


def test_counts_are_no_sizes_and_denominators_are() -> None:
    """Counts are no sizes and denominators are."""
    text = "In all, 44 patients (50%) improved and 10 of 12 children (83%) were well."
    sizes = sizes_of(text)
    assert [int(size.n.value) for size in sizes] == [12]
