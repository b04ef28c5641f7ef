"""A draft's prose as claims: whom each result is taken of, and what is an error and what is none."""

from __future__ import annotations

import pytest

from rheumcalc.config import Settings
from rheumcalc.documents.claims import claims_from_text
from rheumcalc.engine import check_bytes, check_study
from rheumcalc.result import StudyReport
from rheumcalc.rules import Severity
from rheumcalc.source import Source
from rheumcalc.study.claims import Verdict


def _study(text: str) -> StudyReport:
    return check_study(claims_from_text(Source("draft", text)), Settings())


def _resolved(study: StudyReport) -> list[tuple[str, int | None, str | None]]:
    return [(each.claim.text, each.denominator, each.by and each.by.value) for each in study.case.proportions]


def _found(study: StudyReport, *severities: Severity) -> list[str]:
    return [each.rule.code for each in study.findings if each.rule.severity in (severities or tuple(Severity))]


@pytest.mark.parametrize(
    ("text", "resolved"),
    [
        ("Fever was seen in 12/45 (26.7%).", [("12/45 (26.7%)", 45, "explicit")]),
        ("We included 60 girls. Fever was seen in 9 of 45 (20%).", [("9 of 45 (20%)", 45, "explicit")]),
        ("Of the 20 with calcinosis, 7 (35%) improved.", [("7 (35%)", 20, "antecedent")]),
        (
            "Rash was seen in 13/60 (21.7%), of whom 4 (30.8%) were girls.",
            [("13/60 (21.7%)", 60, "explicit"), ("4 (30.8%)", 13, "antecedent")],
        ),
        (
            "We included 24 patients. At follow-up, 12 patients were seen. Of these, 5 (41.7%) were well.",
            [("5 (41.7%)", 12, "antecedent")],
        ),
        ("We included 88 patients. Of them, 16 (18.2%) responded.", [("16 (18.2%)", 88, "antecedent")]),
        ("We included 88 patients. Sixteen (18.2%) responded.", [("Sixteen (18.2%)", 88, "stated")]),
        (
            "We included 88 patients, and 83 completed. 16 (18.2%) relapsed and 42 (50.6%) responded.",
            [("16 (18.2%)", 88, "stated"), ("42 (50.6%)", 83, "stated")],
        ),
        (
            "The drug group (n = 58) and the placebo group (n = 62): 29 (50.0%) and 12 (19.4%) responded.",
            [("29 (50.0%)", 58, "stated"), ("12 (19.4%)", 62, "stated")],
        ),
        (
            "Remission came in 16 (18.2%) and 42 (47.7%) children.",
            [("16 (18.2%)", 88, "joint"), ("42 (47.7%)", 88, "joint")],
        ),
        ("Remission came in 16 (18.2%).", [("16 (18.2%)", None, None)]),
        ("We included 60 patients. Nearly 50% responded.", [("50%", None, None)]),
        ("We included 100 patients. Fever was seen in 16 (18.4%).", [("16 (18.4%)", None, None)]),
    ],
)
def test_how_a_denominator_is_known(text: str, resolved: list[tuple[str, int | None, str | None]]) -> None:
    """A denominator is printed, meant by words nearby, stated, implied by several results, or not known."""
    assert _resolved(_study(text)) == resolved


def test_the_largest_stated_size_that_fits() -> None:
    """Where several stated sizes fit, the largest is taken: a result is one of the study before it is of a part."""
    study = _study("We included 60 patients. There were 59 women among the patients. Half were well: 30 (51%).")
    assert _resolved(study)[-1][1:] == (59, "stated")


def test_what_is_not_resolved_is_counted() -> None:
    """A claim without a denominator is one that cannot be checked, and every claim has a verdict."""
    study = _study("We included 60 patients. Nearly 50% responded, 16 (18.4%) left, and 12/60 (20%) had fever.")
    verdicts = [judgement.verdict for judgement in study.judgements]
    assert verdicts == [Verdict.CANNOT_CHECK, Verdict.CANNOT_CHECK, Verdict.CONSISTENT]
    assert len(study.claims.claims) == len(verdicts)


def test_every_number_has_its_place() -> None:
    """Count, denominator and percentage of each claim, and each stated size, stand where they say."""
    text = "We included 88 patients. Sixteen (18·2%), 10/12 girls (83.3%) and 75% (66/88) responded."
    study = _study(text)
    for claim in study.claims.proportions:
        assert claim.location.span is not None
        assert claim.text == text[slice(*claim.location.span)]
        for number in (claim.count, claim.denominator, claim.percent):
            if number is not None:
                assert number.span is not None
                assert number.text == text[slice(*number.span)]
    for group in study.claims.groups.values():
        assert group.n is not None
        assert group.n.span is not None
        assert group.n.text == text[slice(*group.n.span)]


# --- sizes -----------------------------------------------------------------------------------------------------------

_88 = "Remission was seen in 16 (18.2%) at six months, in 42 (47.7%) at nine, and in 37 (42.0%) at twelve."


def test_more_than_any_size_stated() -> None:
    """Results that together imply more than everything stated are an error, which names the size and each result."""
    study = _study(f"We included 83 patients. {_88}")
    (finding,) = study.findings
    assert (finding.rule.code, finding.rule.severity, finding.recomputed) == ("RC302", Severity.ERROR, "88")
    assert "88" in finding.message
    assert "83" in finding.message
    results = ["16 (18.2%)", "42 (47.7%)", "37 (42.0%)"]
    named = [related.message.partition(" admits ") for related in finding.related]
    assert [text for text, admits, _ in named if admits] == results


def test_fewer_than_the_size_stated() -> None:
    """Results that imply fewer may be those of a subgroup: a note at most."""
    assert _found(_study(f"We included 120 patients. {_88}")) == ["RC312"]


@pytest.mark.parametrize(
    ("stated", "found"),
    [
        ("We included 88 patients.", []),
        ("We screened 88 patients and included 83.", []),
        ("Eighty-eight patients were included, and 83 completed.", []),
        ("The drug group (n = 45) and the placebo group (n = 43) were alike.", []),
        ("The drug group (n = 45) and the placebo group (n = 45) were alike.", ["RC312"]),
        ("The drug group (n = 41) and the placebo group (n = 43) were alike.", ["RC302"]),
        ("Girls with uveitis (n = 20) were seen twice.", ["RC312"]),
        ("We included 83 patients; fever was seen in 9/83 (10.8%).", ["RC308", "RC302"]),
        ("We included 83 patients; fever was seen in 9/88 (10.2%).", []),
        ("", ["RC312"]),
    ],
)
def test_what_bounds_an_implied_size(stated: str, found: list[str]) -> None:
    """A whole bounds what its results may imply, arms do so together, and a part bounds nothing."""
    assert _found(_study(f"{stated} {_88}")) == found


def test_one_result_that_needs_more_than_all_stated() -> None:
    """A single result implies no size, but needs more than all who are stated: a warning, told once."""
    text = "We included 83 patients. 16 (18.2%) responded. In short, 16 (18.2%) responded."
    assert _found(_study(text)) == ["RC303"]


def test_one_result_that_needs_far_more_is_of_others() -> None:
    """What lies far above all that is stated is of others, and what needs fewer may be of a part."""
    assert _found(_study("We included 83 patients. In 40 (4.0%) it was seen.")) == []
    assert _found(_study("We included 83 patients. In 16 (80.0%) it was seen.")) == []


def test_a_result_that_does_not_fit_the_number_its_words_print() -> None:
    """`Of 40 patients, 12 (35%)` is 30%: whoever the others are, the words do not say."""
    assert _found(_study("Of 40 patients, 12 (35%) relapsed.")) == ["RC313"]
    assert _found(_study("Of 40 patients 12 (35%) relapsed.")) == ["RC313"]
    assert _found(_study("Of 40 patients, 12 (30%) relapsed.")) == []


# --- antecedents -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("We included 60 patients. Rash was seen in 13 (21.7%), of whom 4 (6.7%) were girls.", ["13", "60"]),
        ("We included 60 patients. Of the 20 with calcinosis, 7 (11.7%) improved.", ["20", "60"]),
        ("Of 64 girls, 16 (25%) had uveitis; 10 (15.6%) of them were treated.", ["16", "64"]),
    ],
)
def test_words_that_mean_somebody_else(text: str, words: list[str]) -> None:
    """A result of `them` that fits everybody and not them is a warning, which says both sizes."""
    (finding,) = _study(text).findings
    assert (finding.rule.code, finding.rule.severity) == ("RC313", Severity.WARNING)
    assert [word for word in words if word not in finding.message] == []


@pytest.mark.parametrize(
    "text",
    [
        "We included 60 patients. Rash was seen in 13 (21.7%), of whom 4 (30.8%) were girls.",
        "We included 60 patients. Of the 20 with calcinosis, 7 (35%) improved.",
        "We included 60 patients, of whom 30 (50%) were women; 12 (20%) smoked.",
        "We included 60 patients. Of these, 3 (18.8%) were lost.",
    ],
)
def test_words_that_may_mean_what_fits(text: str) -> None:
    """Words that mean whom the result fits, or may mean somebody unstated, are no finding."""
    assert _found(_study(text)) == []


# --- honest and dishonest --------------------------------------------------------------------------------------------

HONEST = [
    "We followed 83 children with uveitis. Remission was seen in 42 (50.6%) and relapse in 16 (19.3%).",
    (
        "In all, 120 adults were randomised to the drug (n = 58) or placebo (n = 62). Response was seen in 29 (50.0%) "
        "of the drug group and in 12 (19.4%) on placebo, and 41 (34.2%) responded overall."
    ),
    "The study included 45 patients. Fever occurred in 12/45 (26.7%), rash in 9/45 (20%) and headache in 3/45 (7%).",
    "Of 64 girls, 16 (25%) had uveitis; of these, 10 (62.5%) were treated and 4 of 10 (40%) lost vision.",
    "We enrolled 30 patients. Nearly half improved (48%), and two thirds of the parents (67%) were content.",
    "A cohort of 212 infants was studied. Of the 20 with calcinosis, 7 (35%) improved within a year.",
    "Among 251 women who answered, 113 (45%; 95% CI 39-51) smoked, and 66% of those did so daily.",
    "We screened 300 children and included 150. 75 (50%) were girls. Of the 300 screened, 30 (10%) gave no consent.",
    "One hundred and twelve knees of 70 patients were treated; 56 knees (50%) improved and 28 knees (25%) did not.",
    "Overall, 60 patients were analysed. Fever was reported in 45 patients (75%), and 90 events (60%) were mild.",
    "In total 90 participants were enrolled, of whom 45 (50%) were men; 8 (8.8%) dropped out.",
    "We included 40 patients. Response rates were 65% (26/40) at week 12 and 55% (22/40) at week 24.",
    (
        "In 12 trials with 2,345 participants, remission was reached by 1,173 (50.0%) patients (risk ratio 1.2, 95% CI "
        "1.1 to 1.4)."
    ),
    "The trial randomised 200 patients, 100 in each arm: 5 vs 7 patients (5% vs 7%) died.",
    "We included 50 patients. In those with fever, 11 (47.8%) had a rash, 6 (26.1%) arthritis and 4 (17.4%) both.",
    "There were 25 responders: 10 (40.0%) on the low dose and 15 (60.0%) on the high dose.",
    "A total of 50 patients took part; 12 of 131 samples (9.2%) were positive, 48 (36.6%) doubtful, 71 (54.2%) lost.",
    "Fifty-two adults were enrolled. Fever fell from 40% to 20%, and the dose was cut by 35% in 11 (21.2%).",
    "The drug group (n = 60) and the placebo group (n = 61) were alike: 61 (50.4%) were women, 47 (38.8%) smoked.",
    "Both groups (n = 60 each) were alike: 61 (50.8%) were women, 47 (39.2%) smoked and 33 (27.5%) drank.",
    "Of 45 women and 30 men, 9 (20%) and 6 (20%) relapsed.",
    "We included 40 children. Rash was seen in 26 (65.0%; P = 0.03) and fever in fewer than 5%.",
    "The registry holds 1 204 adults. At week 12 (65.5%) and week 24 (71.0%) ACR20 was reached.",
    "All 14 boys (100%) and none of the girls (0%) had a rash.",
    "We included 60 patients. Of the 20 with calcinosis, 7 (35%) improved and 3 (15.0%) got worse.",
    "Rounding apart, 1/3 (33%), 2/3 (67%), 1/8 (13%), 1/8 (12%), 5/8 (62%) and 5/8 (63%) are the same.",
]
#: Honest, and read as an error: results of what is not a participant, said before the results.
OTHER_UNITS = [
    (
        "We included 50 patients. Among 131 clinic visits, fever was noted at 12 (9.2%), rash at 48 (36.6%) and "
        "pain at 71 (54.2%)."
    ),
    (
        "The study had 60 patients with 80 eyes. Relapse was seen in 19 (23.8%), pain in 27 (33.8%), and 52 (65.0%) "
        "were well."
    ),
]


@pytest.mark.parametrize("text", [*HONEST, *OTHER_UNITS])
def test_honest_prose_has_no_error(text: str) -> None:
    """Error level means that no honest reading exists; here one does."""
    study = _study(text)
    assert [finding.message for finding in study.findings if finding.rule.severity is Severity.ERROR] == []


DISHONEST = [
    (f"We included 83 children. {_88}", "RC302"),
    ("We enrolled 60 patients. Relapse was seen in 19 (23.8%), pain in 27 (33.8%) and rash in 52 (65.0%).", "RC302"),
    ("The study included 45 patients. Fever occurred in 12/45 (28.7%).", "RC201"),
    ("We included 40 patients. Response was seen in 27/40 (57.5%) at week 12.", "RC201"),
    ("Response was seen in 9/12 (75%), 8/12 (66.7%) and 7/12 (85.3%).", "RC201"),
    ("Improvement was seen in 13 of 52 patients (35%).", "RC201"),
    ("A registry of 1,000 adults was studied. 333 (43.3%) of 1,000 had gout.", "RC201"),
    ("Rates were 75% (15/20) and 45% (10/20).", "RC201"),
    ("Among 60 women, 66.7% of 25 had a relapse.", "RC204"),
    ("In all, 30 patients were enrolled. Pain was relieved in 10 (87%).", "RC304"),
    ("Pain was relieved in 3 (99.5%) of the patients.", "RC304"),
    ("We saw 40 patients, and 17 of 12 girls (141.7%) improved.", "RC206"),
    ("We saw 40 patients, and 17 of 12 girls (42.5%) improved.", "RC101"),
]


@pytest.mark.parametrize(("text", "rule"), DISHONEST)
def test_what_cannot_be_true_is_an_error(text: str, rule: str) -> None:
    """Numbers that no honest reading reconciles are an error, and one only."""
    assert _found(_study(text), Severity.ERROR) == [rule]


def test_a_cell_that_does_not_fit_its_column_is_not_given_another_size() -> None:
    """4 (7) in a column of 62 is 4/60 only by chance: the cell stays unresolved."""
    table = "| | Drug (n = 60) | Placebo (n = 62) |\n|---|---|---|\n| Fever, n (%) | 10 (17) | 4 (7) |\n"
    (study,) = check_bytes(f"We included 122 children.\n\n{table}".encode(), "draft.md", Settings()).studies
    resolved = [each.denominator for each in study.case.proportions if each.claim.column]
    assert resolved == [60, None]


#: A table whose other cells fit the size of their column.
_TABLE = "| | Drug (n = 60) |\n|---|---|\n| A, n (%) | 33 (55.0) |\n| B, n (%) | 12 (20.0) |\n| C, n (%) | 9 (15.0) |\n"


@pytest.mark.parametrize(
    ("row", "found"),
    [
        ("Fever, n (%) | 27 (45.0)", []),
        ("Fever, n (%) | 27 (42.9)", ["RC315"]),
        ("Fever, n (%) | 63 (98.4)", ["RC315"]),
        ("Fever, n (%) | 27 (46.6)", ["RC316"]),
        ("Fever, n (%) | 27/58 (46.6)", []),
        ("Swollen joints, n (%) | 63 (98.4)", []),
        ("Adverse events, n (%) | 27 (42.9)", []),
        ("Fever, n (%) | 0 (0)", []),
        ("Randomised, n (%) | 64 (100)", []),
        ("Fever, n (%) | <5 (8)", []),
    ],
)
def test_a_cell_against_the_size_of_its_column(row: str, found: list[str]) -> None:
    """More than the column has is an error, fewer may be missing values, and things are not participants."""
    (study,) = check_bytes(f"{_TABLE}| {row} |\n".encode(), "draft.md", Settings()).studies
    assert _found(study) == found


def test_two_cells_that_fit_do_not_make_a_column() -> None:
    """Where few others fit the size of a column, it may be that the column is of something else."""
    table = (
        "| | Drug (n = 60) |\n|---|---|\n| A, n (%) | 33 (55.0) |\n| B, n (%) | 12 (20.0) |\n| C, n (%) | 27 (42.9) |\n"
    )
    (study,) = check_bytes(table.encode(), "draft.md", Settings()).studies
    assert _found(study) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("We saw 88 girls. Sixteen (18.2%) responded. Later, 15 (75%) left and 7 (35%) died.", ["RC314"]),
        ("We saw 88 girls. Sixteen (18.2%) responded.\n\nLater, 15 (75%) left and 7 (35%) died.", ["RC312"]),
        ("We saw 88 girls. Later, 15 (75%) left and 7 (35%) died.", ["RC312"]),
        ("We saw 88 girls, 20 of them ill. Sixteen (18.2%) responded, 15 (75%) left and 7 (35%) died.", []),
        ("We saw 88 girls. 20 (22.7%) were ill. 15 (75%) left and 7 (35%) died.", []),
    ],
)
def test_one_passage_with_several_denominators(text: str, found: list[str]) -> None:
    """A denominator that is nowhere stated is a warning where the results beside it have another, else a note."""
    assert _found(_study(text)) == found
