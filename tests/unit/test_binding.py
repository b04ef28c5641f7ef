"""Drafts against records: which record a section is about, and what is verified, contradicted or left open."""

from __future__ import annotations

import pytest

from rheumcalc.binding import Library
from rheumcalc.config import Settings
from rheumcalc.engine import check_bytes, library_of
from rheumcalc.result import FileReport

_TOFACITINIB = """
id: zhang-2023-tofacitinib
citation:
  authors: Zhang J, Sun L, et al.
  title: "Tofacitinib in refractory juvenile dermatomyositis: a retrospective study in China"
  year: 2023
  key: zhang2023jdm
populations:
  included: 88
  screened-apart: {n: 20, of: included}
outcomes:
  - {label: Complete clinical response, population: included, at: 12 months, reported: 37 (42.0%)}
  - {label: Herpes zoster, population: included, reported: 1}
  - {label: Serious adverse events, population: included, reported: 4/88 (4.5%)}
  - {label: Off glucocorticoids, population: included, reported: 10 (11.4%), source: secondary}
  - {label: Improvement, population: included, at: last follow-up, reported: nearly 50%}
  - {label: Liver injury, population: included, reported: 5/88 (6.5%)}
"""
_THALIDOMIDE = """
id: zhang-2023-thalidomide
citation:
  authors: Zhang C, Yu Z, et al.
  title: Thalidomide in children with monogenic autoinflammatory diseases
  year: 2023
populations:
  enrolled: 16
outcomes:
  - {label: Rash gone, population: enrolled, reported: 9 (56.3%)}
"""
_AWAKEN = """
id: ruperto-2008
citation:
  authors: Ruperto N, Lovell DJ, et al.
  title: Abatacept in children with juvenile idiopathic arthritis
  year: 2008
populations:
  randomised: {n: 122, analysis_set: randomised}
arms:
  abatacept: {n: 60, of: randomised}
  placebo: {n: 62, of: randomised}
outcomes:
  - label: Flare
    at: 6 months
    by_arm:
      abatacept: 12/60 (20%)
      placebo: 33/62 (53%)
"""


def library() -> Library:
    """Return the three records above as a library."""
    return library_of(
        check_bytes(text.encode(), "r.yaml", Settings()) for text in (_TOFACITINIB, _THALIDOMIDE, _AWAKEN)
    )


def draft(text: str) -> FileReport:
    """Return the report on a draft held against the records above."""
    return check_bytes(text.encode(), "draft.md", Settings(), library())


def bound(text: str) -> list[tuple[str | None, bool]]:
    """Return the record of each section, and whether it is proposed."""
    bindings = [study.case.binding for study in draft(text).studies]
    named = [binding.named for binding in bindings if binding is not None]
    return [(each.record.claims.study, each.is_proposed) if each else (None, False) for each in named]


def statuses(text: str) -> list[str]:
    """Return what the records say about each stated size and claim, in order."""
    bindings = [study.case.binding for study in draft(text).studies]
    return [each.status.value for binding in bindings if binding for each in binding.comparisons]


def codes(text: str) -> list[str]:
    """Return the codes of the findings about records."""
    return [finding.rule.code for finding in draft(text).findings if finding.rule.code.startswith("RC7")]


_RESULT = "\n\nIn the end 44 (50%) responded.\n"


@pytest.mark.parametrize(
    ("text", "record"),
    [
        (f"## Tofacitinib\n\n<!-- rheumcalc:study zhang-2023-tofacitinib -->{_RESULT}", "zhang-2023-tofacitinib"),
        (f"## Tofacitinib {{study=zhang-2023-tofacitinib}}{_RESULT}", "zhang-2023-tofacitinib"),
        (f"## Tofacitinib [@zhang2023jdm]{_RESULT}", "zhang-2023-tofacitinib"),
        (f"## A withdrawal trial [@ruperto2008]{_RESULT}", "ruperto-2008"),
        (f"---\nstudy: zhang-2023-tofacitinib\n---\n\n# A drug{_RESULT}", "zhang-2023-tofacitinib"),
        ("# A drug\n\nWe read a study [@zhang2023jdm] in which 44 (50%) responded.\n", "zhang-2023-tofacitinib"),
        (f"## Tofacitinib in refractory juvenile dermatomyositis in China{_RESULT}", "zhang-2023-tofacitinib"),
        (f"## Zhang et al. (2023), tofacitinib and dermatomyositis{_RESULT}", "zhang-2023-tofacitinib"),
        (f"## Zhang et al. (2023), thalidomide in autoinflammatory disease{_RESULT}", "zhang-2023-thalidomide"),
    ],
)
def test_what_binds_a_section(text: str, record: str) -> None:
    """A marker, an attribute, a key, front matter, the title, or authors, year and title words bind."""
    assert bound(text) == [(record, False)]


@pytest.mark.parametrize(
    ("text", "record"),
    [
        (f"## Tofacitinib for dermatomyositis{_RESULT}", "zhang-2023-tofacitinib"),
        (f"## Ruperto et al. (2008){_RESULT}", "ruperto-2008"),
        ("## A drug\n\n12/60 (20%) left, 33/62 (53%) stayed and 7/60 (11.7%) fell.\n", None),
    ],
)
def test_what_proposes_a_record(text: str, record: str | None) -> None:
    """A few words of a title, or authors and year alone, only propose; two numbers alike do nothing."""
    assert bound(text) == [(record, record is not None)]


def test_many_equal_numbers_propose_a_record() -> None:
    """Three results with the numbers of one record propose it, and verify nothing."""
    text = "## A drug\n\nIn all 37 (42.0%) came, 10 (11.4%) left and 4/88 (4.5%) fell.\n"
    assert bound(text) == [("zhang-2023-tofacitinib", True)]
    assert set(statuses(text)) == {"unverified"}


@pytest.mark.parametrize(
    "text", [f"## Zhang et al. (2023){_RESULT}", f"## A vaccine{_RESULT}", f"## Zang et al. (2022), a vaccine{_RESULT}"]
)
def test_what_fits_several_records_or_none_is_unbound(text: str) -> None:
    """Two papers of Zhang in one year are told apart by nothing here; a draft that binds nothing says so."""
    assert bound(text) == [(None, False)]
    assert codes(text) == ["RC707"]


@pytest.mark.parametrize("key", ["zhang2023", "zang-2023", "nobody"])
def test_a_key_of_no_record_or_of_several_is_a_finding(key: str) -> None:
    """Two records are `zhang2023`; what a key does not name is not guessed from the rest."""
    text = f"## Tofacitinib in refractory juvenile dermatomyositis in China [@{key}]{_RESULT}"
    assert (bound(text), codes(text)) == ([(None, False)], ["RC708"])


_HEAD = "## Tofacitinib\n\n<!-- rheumcalc:study zhang-2023-tofacitinib -->\n\n"


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("The study included 88 children; 3 (3.4%) left.", ["verified", "unverified"]),
        ("The study included 83 children; 3 (3.4%) left.", ["contradicted", "unverified"]),
        ("The study screened 120 children; 3 (3.4%) left.", ["unverified", "unverified"]),
        ("The study included 20 children; 3 (3.4%) left.", ["unverified", "unverified"]),
        ("A complete clinical response was seen in 37 (42.0%) at 12 months.", ["verified"]),
        ("A complete clinical response was seen in 37 (42%) at 12 months.", ["verified"]),
        ("A complete clinical response was seen in 42% at 12 months.", ["verified"]),
        ("A complete clinical response was seen in 37/88 (42.0%) at 12 months.", ["verified"]),
        ("A complete clinical response was seen in 42 (47.7%) at 12 months.", ["contradicted"]),
        ("A complete clinical response was seen in 47.7% at 12 months.", ["contradicted"]),
        ("A complete clinical response was seen in 42 (47.7%) at 9 months.", ["unverified"]),
        ("A complete clinical response was seen in 42 (47.7%).", ["unverified"]),
        ("No complete clinical response was seen in 42 (47.7%) at 12 months.", ["unverified"]),
        ("A response was seen in 42 (47.7%) at 12 months.", ["unverified"]),
        ("In the literature a complete clinical response was seen in 42 (47.7%) at 12 months.", ["unverified"]),
        ("Serious adverse events were seen in 4/88 (4.5%).", ["verified"]),
        ("Liver injury was seen in 5/88 (6.5%).", ["verified"]),
        ("Liver injury was seen in 5/88 (5.7%).", ["contradicted"]),
        ("Liver injury was seen in 6/88 (6.5%).", ["contradicted"]),
        ("Adverse events were seen in 40/88 (45.5%).", ["unverified"]),
        ("At the end 12/88 (13.6%) were off glucocorticoids.", ["unverified"]),
        ("Improvement was seen in 44 (50%) at the last follow-up.", ["verified"]),
        ("Improvement was seen in 53/88 (60.2%) at last follow-up.", ["unverified"]),
    ],
)
def test_what_a_record_says_about_a_draft(sentence: str, expected: list[str]) -> None:
    """Outcome, arm and timepoint bind a claim to one value of the study itself, or it stays unverified."""
    assert statuses(_HEAD + sentence + "\n") == expected


_ARMS = "## Abatacept\n\n<!-- rheumcalc:study ruperto-2008 -->\n\n"


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("At 6 months a flare was seen in 12/60 (20%) on abatacept.", ["verified"]),
        ("At 6 months a flare was seen in 33/60 (55%) on abatacept.", ["contradicted"]),
        ("At 6 months a flare was seen in 12/60 (20%).", ["unverified"]),
        ("In the abatacept group 12/60 (20%) and in the placebo group 33/62 (53%) had a flare at 6 months.", None),
        ("A flare at 6 months was seen in 20% and 53% with abatacept and placebo, respectively.", None),
    ],
)
def test_an_arm_must_be_named(sentence: str, expected: list[str] | None) -> None:
    """Where a sentence names both arms, only what stands by one of them alone is compared; never the wrong one."""
    found = statuses(_ARMS + sentence + "\n")
    assert "contradicted" not in found if expected is None else found == expected


def test_a_proposal_contradicts_with_a_warning_only() -> None:
    """The record may be another study's."""
    text = "## Tofacitinib for dermatomyositis\n\nThe study included 83 children; 44 (50.6%) responded.\n"
    assert codes(text) == ["RC703", "RC706"]


def test_contradictions_point_at_the_record() -> None:
    """The finding has the record's value, and where it stands."""
    (finding,) = (
        f for f in draft(_HEAD + "It included 83 children; 3 (3.6%) left.\n").findings if f.rule.code == "RC701"
    )
    assert (finding.printed, finding.recomputed) == ("83", "88")
    assert "zhang-2023-tofacitinib" in finding.message
    (related,) = finding.related
    assert related.location.source.name == "r.yaml"
    assert related.location.source.cut(related.location.span) == "88" if related.location.span else False


def test_no_records_no_words_about_them() -> None:
    """Without records nothing is said about binding."""
    report = check_bytes((_HEAD + _RESULT).encode(), "draft.md", Settings())
    assert [finding.rule.code for finding in report.findings if finding.rule.code.startswith("RC7")] == []


@pytest.mark.parametrize(
    ("heading", "words", "found"),
    [
        ("Abatacept (2008)", "", []),
        ("Abatacept (2009)", "", ["RC709"]),
        ("Abatacept (2008, 2009)", "", []),
        ("Abatacept", "It is doi 10.1000/abc.", []),
    ],
)
def test_a_year_or_doi_that_the_record_has_otherwise_is_noted(heading: str, words: str, found: list[str]) -> None:
    """A record without a DOI says nothing about one."""
    text = f"## {heading}\n\n<!-- rheumcalc:study ruperto-2008 -->\n\n{words} In the end 44 (50%) responded.\n"
    assert codes(text) == found


def test_a_section_that_states_a_size_alone_is_compared() -> None:
    """A section without any result may still contradict its record."""
    assert codes(_HEAD + "The study included 83 children.\n") == ["RC701"]


def test_a_long_row_of_digits_is_no_bait() -> None:
    """Digits without an end beside a time take no longer than other words."""
    sentence = f"At {'1' * 200} {'2, ' * 60} a complete clinical response was seen in 42 (47.7%)."
    assert statuses(_HEAD + sentence + "\n") == ["unverified"]
