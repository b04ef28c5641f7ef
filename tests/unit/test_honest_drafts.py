"""Honest prose that must not be called wrong: every text here has a reading under which its numbers hold."""

from __future__ import annotations

import pytest

from rheumcalc.config import Settings
from rheumcalc.documents.claims import claims_from_text
from rheumcalc.engine import check_study
from rheumcalc.rules import Severity
from rheumcalc.source import Source

#: What a study states, and a slip that nobody could explain.
_STATED = "We included 83 children with dermatomyositis."


def errors(text: str) -> list[str]:
    """Return the codes of the errors in a text."""
    study = check_study(claims_from_text(Source("draft", text)), Settings())
    return [finding.rule.code for finding in study.findings if finding.rule.severity is Severity.ERROR]


_NO_FRACTIONS = [
    "Puberty was at Tanner 4/5 (35%) at the visit.",
    "Blood pressure of 120/80 (12%) was the target.",
    "An acuity of 20/40 (41%) was reached.",
    "Visual acuity was 20/40 or better (41%).",
    "Since 3/2019 (12%) the drug has been on the market.",
    "The pain was scored 7/10 (35%) by parents.",
    "The genotype 1/3 (40%) was the commonest.",
    "One of two (45%) reported pain.",
    "Nearly two out of three women (62%) had pain.",
    "About 2 of 3 (62%) had pain.",
    "The strength was 4/5 (70%) on the left.",
]


@pytest.mark.parametrize("text", _NO_FRACTIONS)
def test_two_numbers_with_a_stroke_may_be_no_fraction(text: str) -> None:
    """Stages, pressures, charts, dates, scores, and numbers in round words count nobody exactly."""
    assert errors(text) == []


_ESTIMATES = [
    "The Kaplan-Meier estimate of remission was 12/40 (35%).",
    "Drug survival at two years was 30/60 (58.1%).",
    "The weighted prevalence was 120/600 (24.3%).",
    "The adjusted proportion was 44/88 (47%).",
    "After multiple imputation 44/88 (47%) responded.",
    "The predicted response was 44/88 (47%).",
    "The pooled proportion was 44/88 (47%).",
    "The cumulative incidence of flare was 10/50 (23%).",
    "Response came in 44/88 (47%, 95% CI 39 to 55).",
    "Response came in 44/88 (47%; 95% confidence interval 39 to 55).",
    "The average completion was 85.4% (34/40) of modules.",
]


@pytest.mark.parametrize("text", _ESTIMATES)
def test_an_estimate_is_not_count_over_denominator(text: str) -> None:
    """Kaplan-Meier, weighted, adjusted, imputed and pooled percentages are never recomputed."""
    assert errors(text) == []


_OTHERS = [
    "In the historical cohort, 16 (18.2%) relapsed and 42 (47.7%) responded.",
    "In a registry, 16 (18.2%) relapsed and 42 (47.7%) responded.",
    "A registry was searched. There, 16 (18.2%) relapsed. Another 42 (47.7%) responded.",
    "Jones et al. reported that 16 (18.2%) relapsed and 42 (47.7%) responded.",
    "In published cases, 16 (18.2%) relapsed and 42 (47.7%) responded.",
    "In the phase 3 trial, 16 (18.2%) relapsed and 42 (47.7%) responded.",
    "In the validation set, 16 (18.2%) relapsed and 42 (47.7%) responded.",
    "Of the controls, 16 (18.2%) had antibodies and 42 (47.7%) had a rash.",
    "Among parents, 16 (18.2%) were content and 42 (47.7%) would choose it again.",
    "Of the lesions, 16 (18.2%) healed and 42 (47.7%) shrank.",
    "There were 16 (18.2%) swollen joints and 42 (47.7%) tender joints.",
    "At follow-up visits, 16 (18.2%) injections hurt and 42 (47.7%) injections bled.",
    "Samples were taken: 16 samples (18.2%) were positive and 42 samples (47.7%) negative.",
    "Of episodes, 16 (18.2%) were mild and 42 (47.7%) severe.",
]


@pytest.mark.parametrize("text", _OTHERS)
def test_results_of_others_may_lie_above_the_stated_size(text: str) -> None:
    """A registry, the literature, controls, parents, lesions and visits may be more than the study's participants."""
    assert errors(f"{_STATED} {text}") == []


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Fever was seen in 12/45 (29%).", "RC201"),
        ("Fever was seen in 4 of 9 children (54%).", "RC201"),
        ("The adjusted odds ratio was 2.1; fever was seen in 12/45 (29%).", "RC201"),
        ("Median age was 12 years. Fever was seen in 12/45 (29%).", "RC201"),
        ("Sixteen subjects (65%) completed treatment.", "RC304"),
        (f"{_STATED} Later 16 (18.2%) relapsed and 42 (47.7%) responded.", "RC302"),
        (f"Previous studies were small. {_STATED} 16 (18.2%) relapsed and 42 (47.7%) responded.", "RC302"),
        (f"{_STATED} 16 children (18.2%) relapsed and 42 children (47.7%) with swollen joints responded.", "RC302"),
    ],
)
def test_slips_are_still_found(text: str, code: str) -> None:
    """What no reading explains is an error: the texts above are let go for their words alone."""
    assert errors(text) == [code]
