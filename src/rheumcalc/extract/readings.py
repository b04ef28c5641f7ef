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
from rheumcalc.printed import PrintedError, parse_number_words
from rheumcalc.tokens import Token

#: How many tokens after a result its noun may take: `16 (18.2%) active swollen joints`.
_NOUN_REACH = 4
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
        doubt = _estimate(text, mention) or _interval(text, mention) or _few(mention, letters, first, last)
        found.append(replace(mention, doubt=doubt, unit=_unit(mention, tokens, letters, first, last)))
    return found


# --- estimates -------------------------------------------------------------------------------------------------------

#: How far from a result a word may stand that makes it an estimate, in characters, before and after it.
_NEAR = (120, 60)
#: What an adjusted or weighted number may be besides the percentage itself: `adjusted odds ratio 0.47`.
_OTHER_NUMBER = (
    r"(?!\W{1,3}(?:\w{1,15}\W{1,3}){0,2}(?:a?or|a?hr|a?rr|odds|hazards?|risks?|relative|ratios?|p|diff\w*|for)\b)"
)
_ESTIMATES = (
    ("a Kaplan-Meier estimate", r"kaplan|product[- ]limit|actuarial|life[- ]tables?\b|-free survival|\bsurvival\b"),
    ("a cumulative incidence", r"cumulative (?:incidence|probability|risk|rate|hazard)|competing[- ]risk"),
    ("a weighted percentage", rf"(?<!body-)\bweighted\b{_OTHER_NUMBER}|\bweighting\b|complex sampl"),
    ("an adjusted percentage", rf"\badjusted\b{_OTHER_NUMBER}|age-standardi[sz]ed|marginal|least[- ]squares"),
    ("an imputed percentage", r"imput"),
    ("an estimate from a model", r"\bpredicted\b|modell?ed\b|model-based|bayesian|posterior|\bestimated\b"),
    ("a pooled percentage", r"\bpooled\b|meta-anal|random[- ]effects|bootstrap|extrapolat|projected"),
)
_AVERAGE = re.compile(r"\b(?:mean|median|average)\b[^,;.()]{0,60}\Z", re.IGNORECASE)


@cache
def _estimates() -> re.Pattern[str]:
    return re.compile("|".join(f"({pattern})" for _, pattern in _ESTIMATES), re.IGNORECASE)


def _estimate(text: str, mention: Mention) -> str | None:
    """Return what kind of estimate the words around a result make it: `by Kaplan-Meier it was 12/40 (35%)`."""
    low, high = mention.span.start - _NEAR[0], mention.span.end + _NEAR[1]
    before = re.split(r"[;.]\s", text[max(0, low) : mention.span.start])[-1]
    after = re.split(r"[;.]\s", text[mention.span.end : high])[0]
    match = _estimates().search(before) or _estimates().search(after)
    if match:
        return _ESTIMATES[(match.lastindex or 1) - 1][0]
    return "an average of percentages" if _AVERAGE.search(before) else None


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


def _in_words(text: str) -> bool:
    try:
        return parse_number_words(text) is not None
    except PrintedError:
        return False


# --- what is counted -------------------------------------------------------------------------------------------------

_RUN = re.compile("[wu]+")


def _unit(mention: Mention, tokens: list[Token], letters: str, first: int, last: int) -> str:
    """Return what a result counts where its noun, or the phrase that opens its clause, names things: `lesions`."""
    runs = [match.span() for match in _RUN.finditer(letters, first, last + 1)]
    after = last + 1 + (letters[last + 1 : last + 2] == "o")
    following = _RUN.match(letters, after, after + _NOUN_REACH)
    runs += [following.span()] if following else []
    nouns = [token.lower for run in runs for token in tokens[slice(*run)]]
    if mention.antecedent is not None and mention.antecedent.span.end <= mention.span.start:
        span = mention.antecedent.span
        nouns += [token.lower for token in tokens if span.start <= token.span.start and token.span.end <= span.end]
    return counted_by(nouns)


def counted_by(words: Iterable[str]) -> str:
    """Return what words in lower case count: `participants` where they name people, or nothing that is counted."""
    words = list(words)
    if not PEOPLE.isdisjoint(words):
        return "participants"
    return next((word for word in words if word in COUNTED_THINGS), "participants")
