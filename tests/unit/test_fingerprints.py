"""What a finding is known by."""

from __future__ import annotations

import pytest

from conftest import check_text
from rheumcalc.config import Settings
from rheumcalc.documents import document_from_bytes
from rheumcalc.engine import check_document
from rheumcalc.findings import Finding, fingerprint, fingerprints

RECORD = """\
populations:
  all: 62
  others: {}
outcomes:
  - label: Nausea
    population: all
    reported: 4 (7%)
  - label: Rhinitis
    population: all
    reported: 4 (7%)
"""
DRAFT = "# Study\n\nWe included 60 children. Remission came in 12/60 (19%), and pain in 12/60 (19%).\n"


def _findings(text: str) -> tuple[Finding, ...]:
    return check_text(text).findings


def _draft(text: str) -> list[str]:
    report = check_document(document_from_bytes(text.encode(), "draft.md"), Settings())
    return [mark for _, mark in fingerprints(report.findings)]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("populations:", "\n\n# a comment\npopulations:"),
        ("  - label: Nausea", "  - {label: Fever, population: all, reported: 31 (50%)}\n  - label: Nausea"),
        ("  others: {}", "  others: {of: all}"),
        ("populations:", "arms: {A: 10}\npopulations:"),
    ],
)
def test_what_stands_elsewhere_changes_no_fingerprint(old: str, new: str) -> None:
    """Lines may move, and other results come and go."""
    before, after = (sorted(map(fingerprint, _findings(text))) for text in (RECORD, RECORD.replace(old, new)))
    assert len(before) == 2
    assert before == after


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("4 (7%)", "4 (8%)"),
        ("label: Nausea", "label: Vomiting"),
        ("population: all", "population: all\n    at: week 4"),
    ],
)
def test_what_a_finding_is_about_changes_its_fingerprint(old: str, new: str) -> None:
    """The printed text, the outcome and the timepoint are what a finding is known by."""
    before, after = (set(map(fingerprint, _findings(text))) for text in (RECORD, RECORD.replace(old, new, 1)))
    assert (len(before), len(after), len(before & after)) == (2, 2, 1)


def test_fingerprints_of_one_result_differ_by_file_and_rule() -> None:
    """The same words in another file, or against another rule, are another finding."""
    (first, _) = _findings(RECORD)
    moved = first._replace(location=first.location._replace(source=type(first.location.source)("other.yaml", "")))
    other = first._replace(rule=first.rule._replace(code="RC999"))
    assert len({fingerprint(each) for each in (first, moved, other)}) == 3


def test_equal_findings_are_counted_in_order() -> None:
    """Two findings that are alike are told apart by a number, and a third leaves those of the two as they were."""
    alike = DRAFT.replace("pain", "remission")
    twice, thrice = _draft(alike), _draft(alike + "\nRemission came in 12/60 (19%).\n")
    assert len(set(_draft(DRAFT))) == 2
    assert len(set(twice)) == 2
    assert set(twice) < set(thrice)


def test_an_ignored_finding_keeps_its_number() -> None:
    """Ignoring the first of two equal findings does not renumber the second."""
    (first, second) = (each._replace(claims=()) for each in _findings(RECORD))
    plain = [mark for _, mark in fingerprints((first, second))]
    ignored = [mark for _, mark in fingerprints((first._replace(ignored="so it is"), second))]
    assert [mark.partition(":")[2] for mark in plain] == ["1", "2"]
    assert plain == ignored


def test_prose_may_be_rephrased() -> None:
    """The words around a result are not what a finding is known by."""
    assert _draft(DRAFT) == _draft(DRAFT.replace("Remission came in", "They had no fever: that was so for")) != []


def test_line_breaks_within_a_result_do_not_matter() -> None:
    """A paragraph may be filled again."""
    text = "# Study\n\nWe included 60 children. Remission came in\n12 of 60 (19%).\n"
    assert _draft(text) == _draft(text.replace("12 of 60", "12 of\n60")) != []
