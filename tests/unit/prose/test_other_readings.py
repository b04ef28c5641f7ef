"""Numbers that may count nobody: an impossible result is then a warning that says how it was read, and no error."""

from __future__ import annotations

import pytest

from rheumcalc.config import Settings
from rheumcalc.documents.claims import claims_from_text
from rheumcalc.engine import check_study
from rheumcalc.source import Source


def told(text: str) -> list[tuple[str, str]]:
    """Return the rules and severities of what is found in a text."""
    report = check_study(claims_from_text(Source("text", text)), Settings())
    return [(finding.rule.code, finding.rule.severity.value) for finding in report.findings]


@pytest.mark.parametrize(
    "text",
    [
        "More had a performance status of 2 (15.9%).",
        "One and two doses of a primary series (70% and 60%) gave antibodies.",
        "Success was less likely with seven beats (68%).",
        "The area ratio of Circle 3 to Square 4 (14.7%) was shown.",
        "Mortality was 39/1000 live births, 94% of babies were born at home.",
        "Adherence rates were similar: 84.6% (n = 194) and 78.9% (n = 200).",
    ],
)
def test_what_may_count_nobody_is_a_warning(text: str) -> None:
    """A grade, a dose, a name, a rate per thousand, and how many were measured."""
    assert set(told(text)) == {("RC212", "warning")}


@pytest.mark.parametrize(
    "text",
    [
        "A relapse occurred in 7 girls (68%).",
        "There were 7 deaths (68%).",
        "Fever was seen in 7 (68%).",
        "Fever was seen in 39/1010 girls, 94%.",
        "Fever was seen in 78.9% (n = 200).",
        "A dose of 10 mg was given to 38 girls (94.4%).",
    ],
)
def test_what_counts_people_is_an_error(text: str) -> None:
    """People, what happens to them, and numbers of two digits."""
    assert [severity for _, severity in told(text)] == ["error"]


@pytest.mark.parametrize(
    "text",
    [
        "It affects 11.6% of the 17 million people here.",
        "Of the girls 30%, 50% and 65% improved (4, 8, and 12 weeks, respectively).",
        "Scores rose in 74% of Pretest 2.",
    ],
)
def test_what_is_no_denominator(text: str) -> None:
    """Millions, times in a bracket, and a name with its number are no sizes, and no error."""
    assert [each for each in told(text) if each[1] == "error"] == []
