"""Markers that hold something: values bound to their record, and tables that are not read again."""

from __future__ import annotations

import pytest

from conftest import HEAD
from makers import as_html
from rheumcalc.binding import Library, Record, Status
from rheumcalc.config import Settings
from rheumcalc.documents import document_from_bytes, read_document
from rheumcalc.engine import check_document, check_record
from rheumcalc.result import FileReport
from rheumcalc.source import Source
from summaries import TWO_ARMS

RECORD = HEAD + TWO_ARMS


def _library() -> Library:
    (study,) = check_record(Source("record.yaml", RECORD), Settings()).studies
    assert study.claims.publication is not None
    return Library([Record(study.claims, study.claims.publication)])


def _check(text: str, name: str = "draft.md") -> FileReport:
    document = document_from_bytes(text.encode(), name)
    return check_document(document, Settings(), _library())


def _statuses(report: FileReport) -> list[Status]:
    bindings = [study.case.binding for study in report.studies]
    return [each.status for binding in bindings if binding for each in binding.comparisons]


def _codes(report: FileReport) -> list[str]:
    return [finding.rule.code for finding in report.findings]


def _marked(value: str, address: str = "test-study.acr-30 arm=drug") -> str:
    return f"Whatever this says, <!-- rheumcalc:value {address} -->{value}<!-- /rheumcalc --> it is.\n"


@pytest.mark.parametrize(
    ("value", "status", "codes"),
    [
        ("8/12 (67%)", Status.VERIFIED, []),
        ("8 (67%)", Status.VERIFIED, []),
        ("7/12 (58%)", Status.CONTRADICTED, ["RC702"]),
        ("8/13 (62%)", Status.CONTRADICTED, ["RC702"]),
        ("67%", Status.VERIFIED, []),
        ("16%", Status.CONTRADICTED, ["RC702"]),
        (" 8 ", Status.VERIFIED, []),
    ],
)
def test_a_marker_binds_a_result_to_its_record(value: str, status: Status, codes: list[str]) -> None:
    """Whatever the words around it, the result is that value: it agrees, or it is contradicted."""
    report = _check(_marked(value))
    assert (_statuses(report), _codes(report)) == ([status], codes)


def test_a_section_need_not_name_its_study() -> None:
    """Where every result has its marker, no record of the whole section is missed; else one is."""
    assert _codes(_check(_marked("8/12 (67%)"))) == []
    assert _codes(_check(_marked("8/12 (67%)") + "\nIn the end 7 (35%) of 20 relapsed.\n")) == ["RC707"]


def test_an_address_that_leads_nowhere_is_found_at_its_marker() -> None:
    """The marker is named, with what the record has; the result stays unverified."""
    report = _check(_marked("8/12 (67%)", "test-study.acr-20"))
    (finding,) = [finding for finding in report.findings if finding.rule.code == "RC710"]
    assert (finding.location.describe(), "did you mean 'acr-" in finding.message) == ("line 1, column 21", True)


def test_what_is_not_read_in_the_study_itself_settles_nothing() -> None:
    """A value that the record has from another text neither verifies nor contradicts."""
    secondary = RECORD.replace("  - id: slip\n", "  - id: slip\n    source: secondary\n")
    (study,) = check_record(Source("record.yaml", secondary), Settings()).studies
    assert study.claims.publication is not None
    library = Library([Record(study.claims, study.claims.publication)])
    document = read_document(Source("draft.md", _marked("8/24 (33.3%)", "test-study.slip")))
    report = check_document(document, Settings(), library)
    assert (_statuses(report), _codes(report)) == ([Status.UNVERIFIED], [])


def test_values_in_tables_and_pages() -> None:
    """A marker in a cell, and in a page of HTML, binds as in a paragraph."""
    cell = "| | drug |\n| --- | --- |\n| Response | <!-- rheumcalc:value test-study.acr-30 arm=drug -->7/12 (58%)<!-- /rheumcalc --> |\n"  # noqa: E501
    assert "RC702" in _codes(_check(cell))
    page = as_html("Words.").decode().replace("Words.", _marked("7/12 (58%)"))
    assert "RC702" in _codes(_check(page, "draft.html"))


def test_an_estimate_of_the_record_is_no_slip_in_the_draft() -> None:
    """A count beside a Kaplan-Meier percentage fits no division; the record says so, and the draft need not."""
    estimate = RECORD.replace("    reported: 91.3%", "    reported: 20/24 (91.3%)")
    (study,) = check_record(Source("record.yaml", estimate), Settings()).studies
    assert study.claims.publication is not None
    library = Library([Record(study.claims, study.claims.publication)])
    document = read_document(Source("draft.md", _marked("20/24 (91.3%)", "test-study.survival")))
    report = check_document(document, Settings(), library)
    assert (_statuses(report), _codes(report)) == ([Status.VERIFIED], [])
    assert _codes(check_document(document, Settings())) == ["RC201"]


GENERATED = """# Review

In all 9 of 24 (37.5%) improved.

<!-- rheumcalc:summary -->

| Outcome | n/N | % | 95% CI | As printed | Verdict |
| --- | --- | --- | --- | --- | --- |
| A slip | 9/24 | 37.5 | 21.2–57.3 | 9/24 (40.0%) | INCONSISTENT (a) |

(a) Error RC201: 9/24 is 37.5%; 40.0% is printed.

<!-- /rheumcalc -->

Words.
"""


def test_a_generated_table_is_not_read_again() -> None:
    """It shows what records print, slips included; the report says that it was not read, and what does."""
    report = _check(GENERATED)
    assert [claim.text for study in report.studies for claim in study.claims.claims] == ["9 of 24 (37.5%)"]
    assert list(report.notes) == ["1 summary table from records not checked; `rheumcalc summary --into FILE --verify` does that"]  # fmt: skip  # noqa: E501


def test_a_table_whose_marker_is_not_closed_is_read() -> None:
    """Nothing is passed over on the word of a marker that says nobody knows what."""
    report = _check(GENERATED.replace("<!-- /rheumcalc -->", ""))
    assert {"RC905", "RC201"} <= set(_codes(report))
