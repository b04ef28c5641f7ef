"""Laws of words: which word of a kind an author chooses never makes an error of a result, and never hides one.

A template has slots for words and for numbers. Any word of a slot's list may stand in it: what is found depends on the
numbers alone.
"""

from __future__ import annotations

import re
from fractions import Fraction
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rheumcalc.config import Settings
from rheumcalc.documents.claims import claims_from_text
from rheumcalc.engine import check_study
from rheumcalc.numbers.rounding import RoundingMode, printed_decimal, round_exact
from rheumcalc.prose.lexicon import words_with
from rheumcalc.rules import Severity
from rheumcalc.source import Source

#: The words that may stand for one another.
WORDS = {
    "noun": [
        "patients", "children", "participants", "women", "men", "girls", "boys", "adults", "subjects", "individuals",
        "volunteers", "infants", "adolescents", "people", "persons", "smokers", "controls", "cases", "mothers",
    ],
    "kind": [
        "", "adult ", "young ", "eligible ", "consecutive ", "obese ", "female ", "elderly ", "treated ", "Japanese ",
        "HIV-positive ", "newly diagnosed ", "treatment-naive ", "hospitalised ",
    ],
    "verb": [
        "responded", "improved", "recovered", "relapsed", "withdrew", "died", "flared", "survived", "worsened",
        "had a rash", "developed nausea", "reported fatigue", "achieved remission", "experienced pain",
        "were in remission", "required surgery", "showed a response", "discontinued",
    ],
    "arm": [
        "tofacitinib", "methotrexate", "placebo", "etanercept", "prednisone", "control", "intervention", "vitamin D",
        "low-dose", "IL-6", "exercise", "yoga", "anti-TNF", "MTX", "sham", "surgery", "Japanese",
    ],
    "drug": [
        "tofacitinib", "methotrexate", "placebo", "etanercept", "prednisone", "vitamin D", "rituximab", "yoga",
        "an anti-TNF agent", "MTX", "standard care", "IVIG", "acupuncture",
    ],
    "det": ["the ", "these ", "our ", "those ", "all ", "all the ", "its ", "their "],
    # `three (15%) of these 17` may be 15 % of all, and `1% of those 65 or older` speaks of an age: not swapped
    "article": ["the ", "our ", "all ", "all the ", "its ", "their "],
    "adverb": [
        "", "Overall, ", "Notably, ", "However, ", "In addition, ", "Finally, ", "Interestingly, ", "In this trial, ",
        "By contrast, ", "As expected, ", "Furthermore, ", "Clinically, ", "In total, ", "Surprisingly, ",
    ],
    "author": ["Smith", "Zhang", "Müller", "O'Brien", "Li", "Ng", "Okonkwo", "García-Pérez", "Young", "White"],
    "seen": [
        "was seen", "was observed", "was reported", "occurred", "was noted", "was found", "was present", "was recorded",
    ],
    "event": [
        "A rash", "Nausea", "Remission", "A relapse", "Uveitis", "A response", "Fatigue", "Vomiting", "A flare",
        "Fever", "Recurrence", "Headache", "Anaemia", "Clinical response", "An infection",
    ],
}  # fmt: skip


#: Every word of the lexicon that names people, and every adjective of them, may stand in their slots as well.
WORDS["noun"] += sorted(word for word in words_with("person") if word.isalpha() and word not in WORDS["noun"])
WORDS["kind"] += sorted(f"{word} " for word in words_with("kind") if word.isalpha())

#: Longer words for the same slots, with numbers of their own, which are no count and no denominator.
WORDS_WITH_NUMBERS = {
    "noun": [
        "patients with type 2 diabetes", "patients aged 18 to 65", "patients over 65 years", "patients in group 2",
        "patients at week 12", "patients with grade 3 toxicity", "patients of two centres",
        "patients with nephropathy at 2 centres", "COVID-19 patients", "18-year-olds", "patients†", "“patients”",
        "women aged ≥40 years", "patients (aged 3–17 years)", "patients with HbA1c >7%", "patients with ≥50% stenosis",
    ],
    "kind": ["18-year-old ", "type 2 diabetic ", "HIV-1-positive ", "grade 3 ", "(adult) ", "BRCA1-mutated "],
    "arm": ["10 mg", "2 mg/kg", "stage 3", "15-mg", "1-year", "anti-CD20", "0.5 mg", "“usual care”", "*placebo*"],
    "drug": [
        "10 mg prednisone", "20 mg of prednisone", "drug A 2 mg/kg", "two drugs", "5 mg/day", "at least 2 doses",
        "0.9% saline", "low-dose (5 mg) aspirin", "rituximab (1000 mg × 2)", "B12", "IL-17A inhibitors",
    ],
    "adverb": [
        "At week 12, ", "At 6 months, ", "In 2012, ", "By 24 weeks of follow-up, ", "In group 2, ", "In phase 2, ",
        "After 3 doses, ", "In Table 2, ", "During 2009 to 2012, ", "In 3 of the centres, ", "On day 1, ",
    ],
    "author": ["Smith et al.", "Smith and Jones", "A. B. Smith", "Smith et al. [12]"],
}  # fmt: skip


class Template(NamedTuple):
    """A sentence with slots.

    `is_checked` says that a slip in it is always an error: a result `of them` may be of those of them with data.
    """

    text: str
    is_checked: bool = True


TEMPLATES = {
    "fraction (percentage) noun verb": Template("{adverb}{k}/{n} ({p}%) {kind}{noun} {verb}."),
    "fraction noun (percentage)": Template("{adverb}{k}/{n} {kind}{noun} ({p}%) in the {arm} group {verb}."),
    "count of the size (percentage)": Template("{adverb}{k} of {det}{n} {kind}{noun} ({p}%) {verb}."),
    "count of size given a drug (percentage)": Template("{k} of {n} {noun} treated with {drug} ({p}%) {verb}."),
    "count out of size": Template("{event} {seen} in {k} out of {n} {kind}{noun} ({p}%)."),
    "percentage (fraction) of the noun": Template("{adverb}{p}% ({k}/{n}) of {det}{noun} {verb}."),
    "percentage of noun (fraction)": Template("{adverb}{p}% of {kind}{noun} ({k}/{n}) {verb}."),
    "percentage of the noun on a drug (fraction)": Template("{p}% of {det}{noun} on {drug} ({k} of {n}) {verb}."),
    "percentage (count of size noun)": Template("{event} {seen} in {p}% ({k} of {n} {kind}{noun}) on {drug}."),
    "count (percentage) of size": Template("{adverb}{k} ({p}%) of {n} {kind}{noun} {verb} in the {arm} group."),
    "count (percentage) of the size": Template("{adverb}{k} ({p}%) of {article}{n} {noun} on {drug} {verb}."),
    "count noun (percentage) of size": Template("{event} {seen} in {k} {noun} ({p}%) of {n}."),
    "fraction, percentage": Template("{event} {seen} in {k}/{n}, {p}%, by then."),
    "fraction or percentage": Template("{event} {seen} in {k} of {n} {noun}, or {p}%."),
    "fraction [percentage] against another": Template(
        "{event} {seen} in {k}/{n} [{p}%] {noun} on {drug} vs {k2}/{n2} [{p2}%] on placebo."
    ),
    "percentage (fraction) against another": Template(
        "{p}% ({k}/{n}) in the {arm} group and {p2}% ({k2}/{n2}) in the placebo group {verb}."
    ),
    "arm (fraction, percentage) than arm": Template(
        "{event} was more common with {drug} ({k} of {n}, {p}%) than with placebo ({k2} of {n2}, {p2}%)."
    ),
    "list of counts of one size": Template(
        "{adverb}{k} and {k3} of {n} {kind}{noun} ({p}% and {p3}%, respectively) {verb}."
    ),
    "list of fractions": Template(
        "{adverb}{k}/{n} and {k2}/{n2} {noun} ({p}% and {p2}%, respectively) {verb} on {drug} and placebo."
    ),
    "list of percentages before fractions": Template(
        "{event} {seen} in {p}% and {p2}% ({k}/{n} and {k2}/{n2}, respectively) of {det}{noun}."
    ),
    "of whom": Template("We enrolled {n} {kind}{noun}, of whom {k} ({p}%) {verb}.", is_checked=False),
    "of the size that were given a drug": Template(
        "Of {det}{n} {noun} who received {drug}, {k} ({p}%) {verb}.", is_checked=False
    ),
    "of them": Template("We treated {n} {kind}{noun}. {k} ({p}%) of them {verb}.", is_checked=False),
    "among the size": Template("Among {det}{n} {kind}{noun}, {k} ({p}%) {verb}.", is_checked=False),
    "relative clause after a fraction": Template("{adverb}{k} of {n} {noun} who took {drug} ({p}%) {verb}."),
    "relative clause after a count": Template("{event} {seen} in {k}/{n} {noun} ({p}%) who took {drug}."),
    "size before, count (percentage) after": Template(
        "We included {n} {kind}{noun}. {adverb}{k} {noun} ({p}%) {verb}.", is_checked=False
    ),
    "size before, row after": Template(
        "A total of {n} {kind}{noun} were enrolled. {event} {seen} in {k} ({p}%), and fever in {k3} ({p3}%).",
        is_checked=False,
    ),
    "arms with sizes, counts after": Template(
        "{noun} were randomised to {drug} (n = {n}) or placebo (n = {n2}). "
        "{event} {seen} in {k} ({p}%) on {drug} and in {k2} ({p2}%) on placebo.",
        is_checked=False,
    ),
    "percentage of the size": Template("{adverb}{p}% of {article}{n} {kind}{noun} {verb}.", is_checked=False),
    "with a reference": Template("{event} {seen} in {k} of {det}{n} {noun} ({p}%) on {drug} [12]."),
    "with a footnote": Template("{adverb}{k}/{n}* {kind}{noun} ({p}%) {verb}."),
    "with a difference": Template(
        "{event} {seen} in {k} of {n} {noun} on {drug} ({p}%) and in {k2} of {n2} on placebo ({p2}%; p = 0.03)."
    ),
    "in a long sentence": Template(
        "{adverb}among {noun} who had taken {drug} for at least 12 weeks and had data at week 24, {event} {seen} "
        "in {k}/{n} ({p}%), while it was rare in the {arm} group."
    ),
    "by an author": Template("{author} reported that {k} of {n} {kind}{noun} ({p}%) {verb}."),
    "in the study of an author": Template("In the study by {author}, {k}/{n} ({p}%) {noun} {verb} with {drug}."),
    "with an author after it": Template("{event} {seen} in {k}/{n} {noun} ({p}%) in the {arm} group ({author} 2019)."),
}

SLOT = re.compile(r"\{([a-z]+)\}")


class Result(NamedTuple):
    """A count, its denominator, and the percentage that is printed with them."""

    k: int
    n: int
    p: str


@st.composite
def honest_results(draw: st.DrawFn) -> Result:
    """A result as an honest author prints it."""
    n = draw(st.integers(20, 600))
    k = draw(st.integers(2, n - 1))  # 1/50 may be a titre
    digits = draw(st.integers(0, 1))
    return Result(k, n, printed_decimal(round_exact(Fraction(100 * k, n), digits, RoundingMode.HALF_UP), digits))


@st.composite
def slips(draw: st.DrawFn) -> Result:
    """A result whose percentage is neither that of its count nor that of the others, by far.

    A number of one digit may belong to its noun, `two doses (70%)`, and `20/30` may be a reading of an eye chart, so
    that words decide whether they count: not here.
    """
    honest = draw(honest_results().filter(lambda result: result.k >= 10 and result.k != 20))
    share = Fraction(100 * honest.k, honest.n)
    candidates = [p for p in range(1, 100) if abs(p - share) > 6 and abs(p - (100 - share)) > 6]
    p = draw(st.sampled_from(candidates))
    return honest._replace(p=draw(st.sampled_from([f"{p}", f"{p}.0", f"{p}.3"])))


@st.composite
def words_of(draw: st.DrawFn, template: str) -> dict[str, str]:
    """One choice of words for the slots of a template."""
    return {slot: draw(st.sampled_from(WORDS[slot])) for slot in SLOT.findall(template) if slot in WORDS}


def _text(template: str, words: dict[str, str], result: Result, other: Result) -> str:
    """Return a template with its words and numbers; the third count is one of the same size."""
    k3 = max(1, result.n // 3)
    third = printed_decimal(round_exact(Fraction(100 * k3, result.n), 1, RoundingMode.HALF_UP), 1)
    numbers = {"k": result.k, "n": result.n, "p": result.p, "k2": other.k, "n2": other.n, "p2": other.p}
    return template.format(**words, **numbers, k3=k3, p3=third)


def _told(text: str, *severities: Severity) -> list[str]:
    """Return the rules that find something in a text, of some severities."""
    report = check_study(claims_from_text(Source("text", text)), Settings())
    return sorted(finding.rule.code for finding in report.findings if finding.rule.severity in severities)


@pytest.mark.parametrize("template", TEMPLATES.values(), ids=TEMPLATES)
@settings(max_examples=60)
@given(st.data())
def test_no_words_make_an_honest_result_a_finding(template: Template, data: st.DataObject) -> None:
    """An honest result gives no error and no warning, whatever words it is told in."""
    text = _text(
        template.text, data.draw(words_of(template.text)), data.draw(honest_results()), data.draw(honest_results())
    )
    assert (_told(text, Severity.ERROR, Severity.WARNING), text) == ([], text)


@pytest.mark.parametrize("template", TEMPLATES.values(), ids=TEMPLATES)
@settings(max_examples=60)
@given(st.data())
def test_swapping_words_neither_makes_nor_unmakes_an_error(template: Template, data: st.DataObject) -> None:
    """A result with a clear slip is an error in any words, as it is in those that stand first in their lists."""
    slip, other = data.draw(slips()), data.draw(honest_results())
    plain = {slot: WORDS[slot][0] for slot in SLOT.findall(template.text) if slot in WORDS}
    expected = _told(_text(template.text, plain, slip, other), Severity.ERROR)
    assert expected or not template.is_checked
    text = _text(template.text, data.draw(words_of(template.text)), slip, other)
    assert (_told(text, Severity.ERROR), text) == (expected, text)


#: What fails in `test_no_words_with_numbers_make_an_honest_result_a_finding`, and why.
_CENTRES = (
    "the 2 of `113 patients at 2 centres (47.1%)` is read as the count; that 113 may be it makes the error a warning"
)


def _of_plain_words() -> list[object]:
    """Return each template with each word that has a number in it, the others being plain."""
    params: list[object] = []
    for name, template in TEMPLATES.items():
        slots = [slot for slot in SLOT.findall(template.text) if slot in WORDS]
        for slot in slots:
            for word in WORDS_WITH_NUMBERS.get(slot, []):
                fails = name == "size before, count (percentage) after" and word.endswith("at 2 centres")
                marks = [pytest.mark.xfail(strict=True, reason=_CENTRES)] if fails else []
                words = {each: WORDS[each][0] for each in slots} | {slot: word}
                params.append(pytest.param(template.text, words, id=f"{name}, {word}", marks=marks))
    return params


@pytest.mark.parametrize(("template", "words"), _of_plain_words())
def test_no_words_with_numbers_make_an_honest_result_a_finding(template: str, words: dict[str, str]) -> None:
    """A week, a dose, a grade or a number of centres beside an honest result gives no error and no warning."""
    text = _text(template, words, Result(113, 240, "47.1"), Result(31, 208, "14.9"))
    assert (_told(text, Severity.ERROR, Severity.WARNING), text) == ([], text)
