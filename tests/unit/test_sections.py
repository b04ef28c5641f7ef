"""Sections: which stretches of a document speak of one study."""

from __future__ import annotations

from pathlib import Path

import pytest

from rheumcalc.documents import outside, read_document, sections
from rheumcalc.source import Source

DRAFT = Path(__file__).resolve().parents[2] / "data" / "drafts" / "quarter-in-review.md"


def titles(text: str, name: str = "draft.md") -> list[str | None]:
    """Return the titles of the sections of a text."""
    return [section.title for section in sections(read_document(Source(name, text)))]


def outline(text: str) -> str:
    """Return an outline, one heading a line, with a paragraph under each heading that ends in `+`."""
    return "\n\n".join(
        line.removesuffix("+") + ("\n\nWords." if line.endswith("+") else "") for line in text.split("/")
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Words.", [None]),
        ("# Title/## Methods+/## Results+", ["Title"]),
        ("## Background+/## Patients and methods+/## Conclusions+", [None]),
        ("# Review+/## Tofacitinib in JDM+/## Thalidomide in AID+", ["Tofacitinib in JDM", "Thalidomide in AID"]),
        ("# Tofacitinib+/## Results+/# Thalidomide+/## Results+", ["Tofacitinib", "Thalidomide"]),
        ("# Tofacitinib+/# Results+/# Thalidomide+/# Results+", ["Tofacitinib", "Thalidomide"]),
        ("# A drug+/## Calcinosis+/# B drug+/## Lungs+", ["A drug", "B drug"]),
        ("# Review/## Children/### A drug+/### B drug+/## Adults+", ["A drug", "B drug", "Adults"]),
        ("# Review/## Study 1/### A drug+/### Lungs+/## Study 2: B+", ["Study 1 A drug", "Study 2: B"]),
        ("# Review/## Zhang et al+/## Another+/### More+", ["Zhang et al", "Another"]),
        ("# Review/## A drug (2023)+/### Lungs+", ["A drug (2023)"]),
        ("# Review/## A drug [@zhang2023]+/## B drug {study=b}+", ["A drug", "B drug"]),
        ("# Review/## Study in focus: tofacitinib+/## Study of the month+", None),
        ("# Review/## A drug+/## B drug+/## References+", ["A drug", "B drug"]),
    ],
)
def test_headings_that_name_studies_divide(text: str, expected: list[str | None] | None) -> None:
    """Headings divide, but for those of structure, of references, and those below the studies."""
    found = titles(outline(text))
    assert (expected or ["Study in focus: tofacitinib", "Study of the month"]) == found


def test_an_afterword_belongs_to_no_study() -> None:
    """A heading of structure after the last study is outside, unless other studies have such headings too."""
    document = read_document(Source("a.md", outline("# Review+/## A drug+/## B drug+/## Conclusion+")))
    assert [len(section.blocks) for section in sections(document)] == [2, 2]
    assert len(outside(document).blocks) == 4
    same = read_document(Source("a.md", outline("## A drug+/## Results+/## B drug+/## Results+")))
    assert [len(section.blocks) for section in sections(same)] == [4, 4]


def test_plain_text_is_divided_by_its_lines() -> None:
    """A line that begins a study takes the title below it; without such lines, all titles divide."""
    text = outline("A quarter+/Study In Focus 1:/A drug in JDM+/Take-home message+/Study 2+")
    assert titles(text, "a.txt") == ["Study In Focus 1: A drug in JDM", "Study 2"]
    assert titles("A quarter\n\nA drug\n\nWords.\n\nB drug\n\nMore.", "a.txt") == ["A drug", "B drug"]


def test_a_structured_abstract_is_one_section() -> None:
    """Labels at the start of paragraphs are no headings, and headings of structure divide nothing."""
    text = "A drug in JDM\n\nBackground: words.\n\nResults: 16 (18.2%).\n\nConclusion\n\nIt works."
    assert titles(text, "a.txt") == ["A drug in JDM"]


@pytest.mark.parametrize(
    "text",
    [
        "## References\n\nAnything at all.",
        "1. Zhang J, Sun L, et al. A drug. Arthritis Res Ther. 2023;25(1):204.",
        "Zhang J, Sun L. A drug. Ann Rheum Dis 2023;82:12-9. doi: 10.1136/ard",
        "[^1]: Zhang J. A drug. https://doi.org/10.1136/ard",
    ],
)
def test_references_belong_to_nothing(text: str) -> None:
    """A list of references is in no section and not outside either."""
    document = read_document(Source("a.md", f"Words of a study.\n\n{text}\n"))
    assert [
        document.source.cut(span) for section in (*sections(document), outside(document)) for span in section.spans
    ] == ["Words of a study."]


def test_a_citation_in_prose_is_no_reference() -> None:
    """A sentence that names a journal stays where it is."""
    text = "Zhang et al (Arthritis Res Ther 2023;25:204) included 83 children, of whom 16 (18.2%) responded."
    (section,) = sections(read_document(Source("a.md", text)))
    assert len(section.blocks) == 1


def test_tables_go_with_their_study() -> None:
    """A table is in the section in whose stretch it stands."""
    table = "| a |\n|---|\n| b |\n"
    text = f"{table}\n# Study 1\n\n{table}\n# Study 2\n\nWords.\n\n{table}"
    document = read_document(Source("a.md", text))
    assert [[table.number for table in section.tables] for section in sections(document)] == [[2], [3]]
    assert [table.number for table in outside(document).tables] == [1]


def test_the_review_has_two_studies(reference_data: Path) -> None:
    """The review that started this has two studies, and its references belong to neither."""
    text = (reference_data / "data" / "review.txt").read_text(encoding="utf-8")
    document = read_document(Source("review.txt", text))
    one, two = sections(document)
    assert ((one.title or "")[:24], (two.title or "")[:27]) == (
        "Study In Focus 1: Janus ",
        "Study In Focus 2: Efficacy ",
    )
    assert ["(18.2%)" in document.text_of(section.span) for section in (one, two)] == [True, False]
    assert all(
        "2023;25(1):204" not in text[span.start : span.end] for part in (two, outside(document)) for span in part.spans
    )


def test_the_example_draft_has_two_studies() -> None:
    """The example draft is read as two studies with a preface."""
    document = read_document(Source(DRAFT.name, DRAFT.read_text(encoding="utf-8")))
    assert [(section.title or "")[:7] for section in sections(document)] == ["Study 1", "Study 2"]
    assert len(outside(document).blocks) == 2
