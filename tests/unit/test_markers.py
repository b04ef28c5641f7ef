"""Comments that speak to this program."""

from __future__ import annotations

import pytest

from rheumcalc.documents import Document, read_document
from rheumcalc.source import Landmark, Location, Source, Span


def _read(text: str, name: str = "draft.md") -> Document:
    return read_document(Source(name, text))


@pytest.mark.parametrize("name", ["draft.md", "draft.txt"])
def test_a_marker_has_its_verb_its_arguments_and_its_place(name: str) -> None:
    """A space after the colon is fine, and so is a line end within."""
    text = "Words.\n\n<!-- rheumcalc: ignore RC312\n  the subgroup is not named -->\n\nMore."
    document = _read(text, name)
    (marker,) = document.markers
    assert (marker.verb, marker.arguments) == ("ignore", "RC312 the subgroup is not named")
    assert document.source.cut(marker.span).startswith("<!--")
    assert document.source.cut(marker.span).endswith("-->")


@pytest.mark.parametrize("text", ["<!-- a remark -->", "<!-- rheumcalc:ignore RC312", "rheumcalc:ignore RC312 x"])
def test_other_comments_are_no_markers(text: str) -> None:
    """A comment of another kind, one that is never closed, and plain words speak to nobody."""
    assert _read(text).markers == ()


def test_a_source_with_landmarks_names_its_places() -> None:
    """Where a format has no lines, places have names and neither line nor column."""
    source = Source("a.docx", "One.\n\nTwo.", (Landmark(0, "paragraph 1"), Landmark(6, "paragraph 2")))
    place = Location(source, Span(7, 8))
    assert (place.describe(), place.start, place.end) == ("paragraph 2", None, None)
    assert Location(source, Span(3, 4)).describe() == "paragraph 1"
