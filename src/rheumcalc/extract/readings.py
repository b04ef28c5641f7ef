"""What else a result may honestly be: an estimate, a score, a share of lesions, a result of others than the study's.

The words around a result tell. What is said here never makes a claim; it keeps a check from judging one too harshly.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import replace
from functools import cache

from rheumcalc.extract.mentions import Mention
from rheumcalc.extract.words import COUNTED_THINGS, PEOPLE
from rheumcalc.grammar import Reported
from rheumcalc.numbers.feasible import feasible_counts, feasible_denominators
from rheumcalc.numbers.printed import PrintedError, parse_number_words
from rheumcalc.numbers.rounding import NEAREST
from rheumcalc.tokens import Token

#: How many tokens after a result its noun may take: `16 (18.2%) active swollen joints`.
_NOUN_REACH = 4
#: The largest size that is tried, far above those with which a percentage says anything.
_MAX_SIZE = 1_000_000
_LEVEL = "the share of a level"
_FEWEST_LEVELS = 3
#: A fraction of so few may be a grade, a score or a way of speaking as well as a count.
_FEW = 10


def with_readings(text: str, mentions: list[Mention], tokens: list[Token]) -> list[Mention]:
    """Return the mentions of a sentence with what its words make doubtful, and with what is counted."""
    if not mentions:
        return mentions
    letters = "".join(token.letter for token in tokens)
    starts = [token.span.start for token in tokens]
    found = []
    for mention in mentions:
        first = bisect_left(starts, mention.span.start)
        last = bisect_right(starts, mention.span.end - 1) - 1
        nouns = _nouns(mention, tokens, letters, first, last)
        people = not PEOPLE.isdisjoint(nouns)
        named = replace(mention, unit=counted_by(nouns), names_people=people)
        is_checkable = named.reported.count or named.reported.denominator or named.antecedent
        # A percentage with nothing beside it to be held against needs no doubt.
        doubt = (
            None
            if not is_checkable
            else (
                _estimate(text, named)
                or _interval(text, named)
                or _no_count(text, named, tokens, letters, first)
                or _few(named, letters, first, last)
                or size_by_label(named.reported)
            )
        )
        found.append(replace(named, doubt=doubt))
    return _without_levels(found)


def _without_levels(mentions: list[Mention]) -> list[Mention]:
    """Return the mentions with a doubt where numbers name levels: `0 (55%), 1 (30%) or 2 (10%) injections`."""
    alone = [m for m in mentions if m.reported.count is not None and m.reported.denominator is None]
    counts = [int(m.reported.count.value) for m in alone if m.reported.count is not None]
    in_row = len(counts) >= _FEWEST_LEVELS and counts == list(range(counts[0], counts[0] + len(counts)))
    has_none = any(mention.doubt == _LEVEL for mention in alone)
    if not in_row and not has_none:
        return mentions
    few = {id(m) for m, count in zip(alone, counts, strict=True) if count < _FEW and not m.names_people}
    return [replace(m, doubt=m.doubt or _LEVEL) if id(m) in few else m for m in mentions]


# --- estimates -------------------------------------------------------------------------------------------------------

#: How far from a result a word may stand that makes it an estimate, in characters, before and after it. Such a word
#: may stand in the sentence before, or in the one after: `Probabilities are Kaplan-Meier estimates.`
_NEAR = (200, 120)
#: What an adjusted or weighted number may be besides the percentage itself: `adjusted odds ratio 0.47`.
_OTHER_NUMBER = (
    r"(?!\W{1,3}(?:\w{1,15}\W{1,3}){0,2}(?:a?or|a?hr|a?rr|odds|hazards?|risks?|relative|ratios?|p|diff\w*)\b)"
)
_STANDARDISED = r"(?:age-|sex-)standardi[sz]ed|standardi[sz]ed (?:rates?|proportions?|prevalence|incidence)"
_ESTIMATES = (
    (
        "a Kaplan-Meier estimate",
        r"kaplan|\bkm\b|product[- ]limit|actuarial|life[- ]tables?\b|-free survival|\bsurvival\b|log-?rank|\bcensor",
    ),
    ("a cumulative incidence", r"cumulative (?:incidence|probability|risk|rate|hazard)|competing[- ]risk"),
    ("a weighted percentage", rf"(?<!body-)\bweighted\b{_OTHER_NUMBER}|\bweighting\b|complex sampl"),
    (
        "an adjusted percentage",
        rf"\badjusted\b{_OTHER_NUMBER}|(?:adjustment|corrected) for|marginal|least[- ]squares|{_STANDARDISED}",
    ),
    ("an imputed percentage", r"imput"),
    (
        "an estimate from a model",
        r"\bpredicted\b|modell?ed\b|model-based|bayesian|posterior|\bestimated\b|\bprobabilit",
    ),
    (
        "a pooled percentage",
        r"\bpooled\b|meta-anal|random[- ]effects|bootstrap|extrapolat|projected|shrunken|shrinkage",
    ),
)
_AVERAGE = re.compile(r"\b(?:mean|median|average)\b[^,;.()]{0,60}\Z", re.IGNORECASE)


@cache
def _estimates() -> re.Pattern[str]:
    return re.compile("|".join(f"({pattern})" for _, pattern in _ESTIMATES), re.IGNORECASE)


def _estimate(text: str, mention: Mention) -> str | None:
    """Return what kind of estimate the words around a result make it: `by Kaplan-Meier it was 12/40 (35%)`."""
    low, high = mention.span.start - _NEAR[0], mention.span.end + _NEAR[1]
    before, after = text[max(0, low) : mention.span.start], text[mention.span.end : high]
    said = estimate_by_words(before.rpartition("\n\n")[2]) or estimate_by_words(after.partition("\n\n")[0])
    return said or ("an average of percentages" if _AVERAGE.search(before) else None)


def estimate_by_words(text: str) -> str | None:
    """Return what kind of estimate words make a percentage, if any: `Kaplan-Meier`, `adjusted for centre`."""
    match = _estimates().search(text)
    return _ESTIMATES[(match.lastindex or 1) - 1][0] if match else None


_INTERVAL = re.compile(
    r"[\s,;:)\]]{0,4}[(\[]?\s?(?:two-sided |exact )?(?:80|90|95|97\.5|98|99)(?:\.0)?\s?%?[\s-]{0,2}"
    r"(?:ci\b|c\.i\.|cri\b|confidence|credible|uncertainty|hpd)",
    re.IGNORECASE,
)


def _interval(text: str, mention: Mention) -> str | None:
    """Return the doubt that an interval beside a result raises: an estimate has one, and so may a plain proportion."""
    return "an estimate, with its interval" if _INTERVAL.match(text, mention.span.end) else None


# --- fractions of few ------------------------------------------------------------------------------------------------


def _few(mention: Mention, letters: str, first: int, last: int) -> str | None:
    """Return the doubt that a fraction of few raises: `4/5 (35%)` of a scale, `one of two (45%)`, `nearly 2 of 3`."""
    reported = mention.reported
    count, denominator = reported.count, reported.denominator
    if count is None or denominator is None or reported.percent is None:
        return None
    if letters[first - 1 : first] == "h" or letters[first : first + 1] == "h":
        return "a fraction in round numbers"
    if denominator.value > _FEW:
        return None
    if _in_words(denominator.text):
        return "a fraction in round numbers"
    counts_people = "u" in letters[first : last + 1 + _NOUN_REACH] or "u" in letters[max(0, first - 2) : first]
    return None if counts_people else "a grade or a score"


#: The lines of eye charts, in metres and in feet.
_CHARTS = {
    6: frozenset({5, 6, 9, 12, 15, 18, 24, 36, 60}),
    20: frozenset({20, 25, 30, 32, 40, 50, 60, 63, 70, 80, 100, 125, 160, 200, 400}),
}
_NAME = re.compile(r"(?=[^\W\d_]*[A-Z])[\w*.-]*[A-Z][\w*.-]*[A-Z0-9*][\w*.-]*\Z")


def _no_count(text: str, mention: Mention, tokens: list[Token], letters: str, first: int) -> str | None:
    """Return the doubt whether a number counts anybody: `KRAS 12/13 (40%)`, `0 (55%)`, `fell by 3 (60%)`.

    A full score (`80/80 (45%)`) and a titre (`1/160 (42%)`) look like fractions too.
    """
    reported = mention.reported
    count, denominator, percent = reported.count, reported.denominator, reported.percent
    if count is None or percent is None:
        return None
    before = tokens[first - 1] if first else None
    if denominator is None:
        if count.value == 0 and percent.value >= 1:
            return _LEVEL
        if before is not None and before.lower == "by":
            return "a change"
        return "a way of speaking" if re.search(r"N[wu]?[go]\Z", letters[max(0, first - 3) : first]) else None
    if count.value == denominator.value and percent.value != 100:
        return "a full score"
    if denominator.value in _CHARTS.get(int(count.value), ()) and not mention.names_people:
        return "a reading of an eye chart"
    if re.match(r"[*_/^A-Za-z]", text[max(0, mention.span.start - 1) : mention.span.start]):
        return "a name with two numbers"
    if count.value == 1 and denominator.value >= 2 * _FEW and denominator.value % _FEW == 0:
        return "a titre"
    named = tokens[first - 2] if before is not None and before.letter == "o" and first > 1 else before
    return "a name with two numbers" if named is not None and _NAME.match(named.text) else None


def _in_words(text: str) -> bool:
    try:
        return parse_number_words(text) is not None
    except PrintedError:
        return False


def size_by_label(reported: Reported) -> str | None:
    """Return the doubt whether `n = 24` beside a percentage is a count: `79%; n = 24` may be 19 of 24."""
    count, percent = reported.count, reported.percent
    if not reported.is_labelled or count is None or percent is None or reported.denominator is not None:
        return None
    # Where a denominator fits, the number is taken for the count, as journals print it.
    if not 0 < count.value < _MAX_SIZE or feasible_denominators(int(count.value), percent, NEAREST):
        return None
    return "of a group of that size" if feasible_counts(percent, int(count.value), NEAREST) else None


# --- what is counted -------------------------------------------------------------------------------------------------

_RUN = re.compile("[wu]+")


def _nouns(mention: Mention, tokens: list[Token], letters: str, first: int, last: int) -> list[str]:
    """Return the words of a result's noun and of the phrase that opens its clause: what is counted is among them."""
    runs = [match.span() for match in _RUN.finditer(letters, first, last + 1)]
    after = last + 1 + (letters[last + 1 : last + 2] == "o")
    following = _RUN.match(letters, after, after + _NOUN_REACH)
    runs += [following.span()] if following else []
    nouns = [token.lower for run in runs for token in tokens[slice(*run)]]
    if mention.antecedent is not None and mention.antecedent.span.end <= mention.span.start:
        span = mention.antecedent.span
        nouns += [token.lower for token in tokens if span.start <= token.span.start and token.span.end <= span.end]
    return nouns


def counted_by(words: Iterable[str]) -> str:
    """Return what words in lower case count: `participants` where they name people, or nothing that is counted."""
    words = list(words)
    if not PEOPLE.isdisjoint(words):
        return "participants"
    return next((word for word in words if word in COUNTED_THINGS), "participants")
