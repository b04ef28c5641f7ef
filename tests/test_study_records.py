"""The study records in data/studies: all load, and what is found in them is what is wrong in print, no more."""

from __future__ import annotations

from pathlib import Path

import pytest

from rheumcalc import Study, check, load_record
from rheumcalc.checks import CHECKS, CHECKS_OF_GROUPS
from rheumcalc.checks.case import Case
from rheumcalc.files.reading import read_source
from rheumcalc.record.claims import claims_from_record
from rheumcalc.result import FileReport, Status
from rheumcalc.rules import Severity, find_rule
from rheumcalc.study.claims import StudyClaims

STUDIES = Path(__file__).resolve().parent.parent / "data" / "studies"
RECORDS = sorted(path.stem for path in STUDIES.glob("*.yaml"))

#: Every error and warning, by record, in the order of the file: the rule and what is printed or added up at its place.
#: Each has been recomputed by hand, and the arithmetic stands beside it. A record that is not listed has none.
FOUND = {
    "bindoli-2024-stills-sr-table2": [
        ("RC202", "2/23 (8%)"),  # 8.70, 8 only by truncation
        ("RC201", "5/18 (33%)"),  # 27.8; the ACR 70 cell of the same row prints 28 for 5
        ("RC201", "69/177 (40)"),  # 38.98
        ("RC201", "12/14 (87%)"),  # 85.7
    ],
    "brunner-2020-canakinumab-fever": [
        ("RC103", "70 + 52"),  # 122 of 123; the final version adds "not reported for 1" and is silent
    ],
    "carra-2017-biologics-survey-table3": [
        ("RC201", "10/94 14.9%"),  # 10.6
        ("RC201", "27/94 14.9%"),  # 28.7
    ],
    "jdm-skin-2023-table1": [
        ("RC204", "66.7%"),  # of 25: 16 are 64.0, 17 are 68.0
    ],
    "kobayashi-2012-raise": [
        ("RC309", "121"),  # by intention to treat, of 125
        ("RC309", "121"),  # by intention to treat, of 123
    ],
    "ruperto-2008-awaken": [
        ("RC602", "170 − 47"),  # 123; 60 + 62 = 122
        ("RC301", "4 (7%)"),  # influenza, of 62: 6.45
        ("RC301", "4 (7%)"),  # rhinitis
        ("RC301", "10 (14%)"),  # gastrointestinal disorders, of 60: 16.7
        ("RC301", "4 (7%)"),  # nausea
    ],
    "zhang-2023-thalidomide-aid": [
        ("RC311", "12"),  # the review's 10/12 would be 10/16 = 62.5
        ("RC310", "1/12 (8.3%)"),  # 2 were on a biologic
    ],
    "zhang-2023-tofacitinib-jdm": [
        ("RC802", "Sixteen (18.2%)"),  # more than 6 months of response, counted at month 6
        ("RC308", "10/83(12%)"),  # 88 were included
    ],
}

#: Studies that print nothing impossible; what leaves a patient or two unexplained is a warning.
CLEAN = [
    "brunner-2020-canakinumab-fever",
    "debenedetti-2012-tender",
    "debenedetti-2018-cluster",
    "debenedetti-2023-emapalumab",
    "jaki-2021-25-refractory-jdm",
    "kobayashi-2012-raise",
    "lovell-2015-abatacept-lte",
    "morning-stiffness-2014",
    "ozen-2020-cluster-crfmf",
    "printo-jdm-2013-abstract",
    "quartier-2011-anajis",
    "ramanan-2017-sycamore",
    "ramanan-2023-juve-basis",
    "ruperto-2012-canakinumab",
    "ruperto-2016-printo-jdm",
    "ruperto-2021-propel",
    "zhang-2023-thalidomide-aid",
    "zhang-2023-tofacitinib-jdm",
]

#: Inconsistencies in print that the catalogue of checks lists, so far as a check of percentages (P) or populations (F)
#: covers them: the record, the rule, a fragment of what is printed, and how often.
IN_PRINT = [
    ("Still's review, P1", "bindoli-2024-stills-sr-table2", "RC201", "69/177 (40)", 1),
    ("Still's review, P1", "bindoli-2024-stills-sr-table2", "RC201", "12/14 (87%)", 1),
    ("Still's review, P1", "bindoli-2024-stills-sr-table2", "RC201", "5/18 (33%)", 1),
    ("Still's review, P1", "bindoli-2024-stills-sr-table2", "RC202", "2/23 (8%)", 1),
    ("CARRA survey, P1", "carra-2017-biologics-survey-table3", "RC201", "10/94", 1),
    ("CARRA survey, P1", "carra-2017-biologics-survey-table3", "RC201", "27/94", 1),
    ("JDM skin scores, P2", "jdm-skin-2023-table1", "RC204", "66.7%", 1),
    ("AWAKEN adverse events, P1", "ruperto-2008-awaken", "RC301", "10 (14%)", 1),
    ("AWAKEN adverse events, P1", "ruperto-2008-awaken", "RC301", "4 (7%)", 3),
    ("AWAKEN abstract, F2", "ruperto-2008-awaken", "RC602", "170 − 47", 1),
    ("Canakinumab with and without fever, F1", "brunner-2020-canakinumab-fever", "RC103", "70 + 52", 1),
]


def report_on(record: str) -> FileReport:
    """Return the report on a record of data/studies."""
    return check(STUDIES / f"{record}.yaml").files[0]


def found_in(record: str, *severities: Severity) -> list[tuple[str, str | None]]:
    """Return the rule of each finding that has one of the severities, with what is printed or added up at its place."""
    return [
        (finding.rule.code, finding.printed or (finding.claims[0].text if finding.claims else None))
        for finding in report_on(record).findings
        if finding.rule.severity in severities and finding.ignored is None
    ]


def provenances(study: Study) -> set[tuple[object, ...]]:
    """Return where each part of a study was read, its own or the study's: provenance, place in the text and address."""
    parts = [
        study,
        *study.populations.values(),
        *study.arms.values(),
        *study.allocation,
        *study.flow,
        *study.outcomes,
    ]
    return {(part.source or study.source, part.where or study.where, part.url or study.url) for part in parts}


def test_there_are_at_least_twenty_records() -> None:
    """The collection is large enough to measure false alarms on."""
    assert len(RECORDS) >= 20


def test_every_record_loads() -> None:
    """No record has a defect, and no other file lies among them."""
    report = check(STUDIES)
    assert dict.fromkeys(RECORDS, Status.OK) == {Path(file.name).stem: file.status for file in report.files}
    assert report.skipped == 0


@pytest.mark.parametrize("record", RECORDS)
def test_a_record_is_named_after_its_study(record: str) -> None:
    """A draft's citation key leads to the file."""
    assert record == load_record(STUDIES / f"{record}.yaml").id


@pytest.mark.parametrize("record", RECORDS)
def test_a_record_says_where_its_numbers_were_read(record: str) -> None:
    """Each part has a provenance, a place in the text and an address, its own or the record's."""
    assert all(all(where) for where in provenances(load_record(STUDIES / f"{record}.yaml")))


@pytest.mark.parametrize("record", RECORDS)
def test_a_record_quotes_nothing(record: str) -> None:
    """Figures carry over into a record, sentences do not."""
    assert "quote:" not in (STUDIES / f"{record}.yaml").read_text(encoding="utf-8")


@pytest.mark.parametrize("record", RECORDS)
def test_errors_and_warnings_are_those_that_were_judged_right(record: str) -> None:
    """A change to a rule shows here as a gain or a loss on real studies."""
    assert FOUND.get(record, []) == found_in(record, Severity.ERROR, Severity.WARNING)


@pytest.mark.parametrize("record", CLEAN)
def test_a_clean_study_gives_no_error(record: str) -> None:
    """Error level means that no honest reading exists; these have one."""
    assert not found_in(record, Severity.ERROR)


def test_every_record_without_errors_is_listed_as_clean() -> None:
    """The list of clean studies leaves none out."""
    errors = {record for record in RECORDS if found_in(record, Severity.ERROR)}
    assert sorted(set(RECORDS) - errors) == CLEAN


@pytest.mark.parametrize(("where", "record", "code", "printed", "times"), IN_PRINT)
def test_an_inconsistency_in_print_is_found(where: str, record: str, code: str, printed: str, times: int) -> None:
    """What the catalogue lists as wrong in print is found, as often as it is printed."""
    rule = find_rule(code)
    assert rule is not None, where
    found = [text for found, text in found_in(record, rule.severity) if found == code and text and printed in text]
    assert times == len(found), where


def test_no_finding_is_ignored() -> None:
    """The records show what the rules say of real studies, unsuppressed."""
    assert check(STUDIES).ignored == 0


@pytest.mark.parametrize("name", RECORDS)
def test_without_claims_only_the_checks_of_groups_have_something_to_say(name: str) -> None:
    """Where a study claims no result, all other checks find nothing, so that they need not run."""
    path = STUDIES / f"{name}.yaml"
    claims = claims_from_record(load_record(path), read_source(path, str(path)))
    case = Case(StudyClaims(study=claims.study, source=claims.source, groups=claims.groups, ladders=claims.ladders))
    assert not [found for run in CHECKS if run not in CHECKS_OF_GROUPS for found in run(case)]
