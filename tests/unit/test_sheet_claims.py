"""Rows to claims: what is read of a row, what is checked, and where nothing is said."""

from __future__ import annotations

import pytest

from rheumcalc.config import Settings
from rheumcalc.engine import check_bytes
from rheumcalc.result import FileReport
from rheumcalc.study.claims import ProportionClaim


def report(text: str) -> FileReport:
    """Return the report on a sheet in CSV."""
    return check_bytes(text.encode(), "x.csv", Settings())


def claims(text: str) -> list[ProportionClaim]:
    """Return the claims of a sheet in CSV."""
    return [claim for study in report(text).studies for claim in study.claims.proportions]


def told(text: str) -> list[tuple[str, str]]:
    """Return the findings of a sheet: rule and place."""
    return [(finding.rule.code, finding.location.describe()) for finding in report(text).findings]


def verdicts(text: str) -> list[tuple[str, str | None]]:
    """Return what is decided about each claim, and what is missing."""
    return [(judgement.verdict.value, judgement.missing) for judgement in report(text).judgements]


def test_a_row_is_one_claim_with_its_subject() -> None:
    """Study, outcome, arm, population and time are those of the row; the numbers are as printed."""
    text = "author,year,endpoint,group,analysis set,weeks,events,total,%\nLi,2020,ACR 20,drug,ITT,24,12,60,20.0\n"
    (claim,) = claims(text)
    subject = claim.subject
    assert subject[:5] == ("Li 2020", "acr-20", "ACR 20", "ITT", "drug")
    assert subject.timepoint is not None
    assert (subject.timepoint.text, claim.text) == ("24 weeks", "12/60 (20.0%)")
    assert claim.location.describe() == "row 2, column % (I2)"
    assert claim.location.start == (2, 34)


@pytest.mark.parametrize(
    ("header", "row", "rule"),
    [
        ("n,N,%", "16,83,18.2", "RC201"),
        ("n,N,%", "16,88,18.1", "RC202"),
        ("n,N,%", "89,88,18.2", "RC101"),
        ("N,%,x", "25,66.7,", "RC204"),
        ("n,%,x", "10,83.4,", "RC304"),
        ("n,N,%", "2,4,500", "RC206"),
        ("n,N,%", "2,60,<1", "RC207"),
        ("n,N,%", "60,60,>90", "RC208"),
        ("n/N (%),x,y", "16/83 (18.2%),,", "RC201"),
        ("N,n (%),x", "83,16 (18.2),", "RC201"),
        ("events,total,reported", "13,60,12/60 (20%)", "RC110"),
    ],
)
def test_a_slip_is_found(header: str, row: str, rule: str) -> None:
    """Each check of a percentage, its bounds and its parts runs on a row."""
    ((found, place),) = told(f"study,outcome,arm,{header}\nA,Remission,drug,{row}\n")
    assert rule == found
    assert place.startswith("row 2, column ")


@pytest.mark.parametrize(
    "rows",
    [
        # Two groups that no column tells apart.
        "study,outcome,n,N\nA,R,12,60\nA,R,15,62\n",
        # A column that is not read tells them apart.
        "study,outcome,arm,n,N,sex\nA,R,drug,12,60,f\nA,R,drug,15,62,m\n",
        # A study's name that was forgotten.
        "study,outcome,arm,n,N\nA,R,drug,12,60\n,R,drug,15,62\n",
        # Two outcomes whose ids would be one.
        "study,outcome,arm,n,N\nA,≥5 joints,drug,12,60\nA,<5 joints,drug,15,62\n",
        "study,outcome,arm,n,N\nA,R,drug,12,60\nA,r 2,drug,15,62\n",
        # No time is given for one of them.
        "study,outcome,arm,week,n,N\nA,R,drug,,12,60\nA,R,drug,,15,62\n",
        # An outcome that comes and goes.
        "study,outcome,arm,week,n,N\nA,R,drug,12,30,60\nA,R,drug,24,12,58\n",
        # A pooled percentage in a row of totals.
        "study,n,N,%\nA,1,10,10\nB,30,60,50\nTotal,31,70,38.7\n",
        # Proportions, all of them at most 1, as programs export them.
        "study,n,N,%\nA,1,10,0.1\nA,12,60,0.2\nB,16,88,0.182\nB,16,88,0.18181818181818182\n",
        "study,n,N,proportion\nA,1,300,0.00\nA,12,60,0.20\n",
        "study,outcome,arm,N,proportion\nA,R,drug,60,0.20\n",
        "study,N,%\nA,60,0.20\n",
        # Less than one in a hundred.
        "study,n,N,%\nA,1,200,0.5\nA,1,1000,0.1\nA,0,1000,0\n",
        # All digits that a program computed.
        "study,n,N,%\nA,16,88,18.181818181818183\nA,29,100,28.999999999999996\n",
        # Counts as programs write them beside empty cells, and thousands.
        'study,n,N,%\nA,12.0,60.0,20\nA,,60.0,\nB,"1,234","12,340",10.0\n',
        # Nothing reported.
        "study,n,N,%\nA,NR,60,20\nA,-,60,\nA,n/a,NR,N/A\n",
        # More events than participants.
        "study,number of events,N\nA,75,60\n",
        # No plain share.
        "study,outcome,n,N,%\nA,Relapse-free (Kaplan-Meier),12,60,25.1\nA,Weighted prevalence,12,60,25.1\n",
        "study,outcome,n,N,%,notes\nA,R,12,60,25.1,adjusted for age\n",
        # A mean and its deviation.
        "study,outcome,result,N\nA,Age,45 (12),60\nA,Weight,3.2 (1.1),60\n",
        # A sample size beside a percentage.
        "study,n,%\nA,30,36.7\nB,60,20.0\nC,25,64\n",
        # A second row of headers, and a remark.
        "study,events,total,%\n,(n),(N),(%)\nA,12,60,20\nstudy,events,total,%\nB,12,60,20\nNR: not reported\n",
        # Decimal commas.
        "study;n;N;%\nA;16;88;18,2\nA;12;60;20,0 %\n",
        # A formula is text.
        "study,n,N,%\n=HYPERLINK(1),12,60,=B2/C2\n",
    ],
)
def test_an_honest_sheet_has_no_finding(rows: str) -> None:
    """What people and programs write in earnest is no finding."""
    assert told(rows) == []


def test_one_result_with_two_numbers_is_found() -> None:
    """Where study, outcome, arm and time are printed twice and nothing else differs, the numbers must agree."""
    text = "study,outcome,arm,week,n,N\nA,ACR20,drug,24,12,60\nA,ACR50,drug,24,3,60\nA,acr20,drug,24,13,60\n"
    assert told(text) == [("RC110", "row 4, column n (E4)")]
    assert told(text.replace("24,13", "24,12")) == []


@pytest.mark.parametrize(
    ("row", "missing"),
    [
        ("12 or 13,60,20", "a count that can be read"),
        ("12,0,20", "a denominator that can be read"),
        ("12,60,20-25", "a percent that can be read"),
        ("1.234,60,20", "a count that can be read"),
        ("12,60,12-Mar", "a percent that can be read"),
        ("12,,", "a denominator"),
        (",,20", "a count and a denominator"),
        ("11,60,0.9", "whether 0.9 is a percentage"),
    ],
)
def test_what_cannot_be_checked_is_counted(row: str, missing: str) -> None:
    """A row whose numbers cannot be read, or are not enough, says what is missing."""
    assert [("cannot_check", missing)] == verdicts(f"study,n,N,%\nA,{row}\n")


def test_blank_studies_and_outcomes_are_those_above() -> None:
    """A list that prints a name once means it for the rows below; the next study begins anew."""
    text = "study,outcome,arm,n,N\nA,R,x,1,2\n,,y,1,2\n,S,x,1,2\nB,,x,1,2\n"
    subjects = [claim.subject for claim in claims(text)]
    assert [(s.study, s.label) for s in subjects] == [("A", "R"), ("A", "R"), ("A", "S"), ("B", None)]


def test_a_study_goes_on_further_down() -> None:
    """The rows of one study need not stand together, and its name may be written in any case."""
    studies = report("study,n,N\nA,1,2\nB,1,2\na ,1,2\n").studies
    assert [(study.claims.study, len(study.judgements)) for study in studies] == [("A", 2), ("B", 1)]


def test_a_sheet_without_studies_is_one() -> None:
    """Without a column of studies, the file is the study."""
    (study,) = report("outcome,n,N\nR,1,2\n").studies
    assert study.claims.study == "x.csv"


def test_a_header_alone_claims_nothing() -> None:
    """A sheet without rows is read, and has no claims."""
    assert (report("study,n,N\n").status.value, report("study,n,N\n").studies) == ("ok", ())


def test_arms_side_by_side_are_two_results() -> None:
    """Each arm of a row has its own claim and its own place."""
    text = "study,,Drug,,Placebo,\n,outcome,n,N,n,N\nA,R,1,2,3,4\n"
    assert [(claim.subject.arm, claim.text, claim.location.describe()) for claim in claims(text)] == [
        ("Drug", "1/2", "row 3, column n (C3)"),
        ("Placebo", "3/4", "row 3, column n (E3)"),
    ]
