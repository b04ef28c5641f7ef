"""Lists: counts in one row and their percentages in another, given to one another where there are as many of each."""

from __future__ import annotations

import re
from functools import cache

from rheumcalc.extract.mentions import Mention
from rheumcalc.grammar import Reported, read_count, read_denominator, read_percentage
from rheumcalc.numbers.printed import PrintedError
from rheumcalc.source import Span
from rheumcalc.tokens import Token

_JOIN = r"(?:,?[&r]|,|/)"
_AND = r"(?:,?[&r]|,)"
_COUNTS = rf"(?P<counts>=?N[wug]{{0,3}}(?:{_AND}=?N[wug]{{0,3}}?){{1,9}})"
_FRACTIONS = rf"(?P<counts>N[/o]N[wug]{{0,3}}(?:{_AND}N[/o]N[wug]{{0,3}}?){{1,9}})"
_PERCENTS = rf"(?P<percents>h?P(?:{_JOIN}h?P){{1,9}})"
#: In brackets, the last alone may have the sign: `(12, 15 and 20%)`.
_PERCENTS_OR_NUMBERS = rf"(?P<percents>h?[PND](?:{_JOIN}h?[PND]){{0,8}}{_JOIN}h?P)"
_WORDS = r"[wughvo]{0,8}"


@cache
def _lists() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Return the names and patterns of lists; their examples are in the order of the table."""
    return (
        (
            "fraction-list",
            re.compile(rf"{_FRACTIONS}{_WORDS}[(,]r?{_PERCENTS_OR_NUMBERS}"),
        ),  # 5/40 vs 7/40 (12.5% vs 17.5%)
        (
            "count-list-of",
            re.compile(rf"{_COUNTS}o[wg]?(?P<n>N){_WORDS}\({_PERCENTS_OR_NUMBERS}"),
        ),  # 5 and 7 of 40 (12% and 18%)
        (
            "count-list",
            re.compile(rf"{_COUNTS}{_WORDS}\({_PERCENTS_OR_NUMBERS}"),
        ),  # 16, 42 and 37 patients (18%, 48% and 42%)
        ("percentage-fraction-list", re.compile(rf"{_PERCENTS}{_WORDS}\({_FRACTIONS}")),  # 12% and 18% (5/40 and 7/40)
        ("percentage-count-list", re.compile(rf"{_PERCENTS}{_WORDS}\({_COUNTS}")),  # 12% and 18% (n = 5 and n = 7)
    )


def read_lists(text: str, tokens: list[Token], letters: str) -> tuple[list[Mention], str]:
    """Return the results of the lists in a sentence, and its letters with the tokens they used struck out."""
    found: list[Mention] = []
    if "P" not in letters:
        return found, letters
    for name, pattern in _lists():
        start = 0
        while match := pattern.search(letters, start):
            start = match.start() + 1
            mentions = _distribute(text, tokens, name, match)
            if mentions:
                found += mentions
                start = match.end()
                letters = letters[: match.start()] + "#" * (match.end() - match.start()) + letters[match.end() :]
    return found, letters


def _distribute(text: str, tokens: list[Token], name: str, match: re.Match[str]) -> list[Mention]:
    """Return one result for each count of a list, or none where counts and percentages differ in number."""
    numbers = [tokens[index] for index in range(*match.span("counts")) if match.string[index] == "N"]
    percents = [tokens[index] for index in range(*match.span("percents")) if match.string[index] in "PND"]
    step = 2 if "fraction" in name else 1
    if len(numbers) != len(percents) * step:
        return []
    shared = tokens[match.start("n")] if "n" in match.groupdict() else None
    try:
        return [
            _mention(text, name, numbers[place * step : place * step + step], shared, percent)
            for place, percent in enumerate(percents)
        ]
    except PrintedError:
        return []


def _mention(text: str, name: str, numbers: list[Token], shared: Token | None, percent: Token) -> Mention:
    denominator = numbers[1] if len(numbers) > 1 else shared
    spans = [token.span for token in (*numbers, percent)]
    span = Span(min(spans).start, max(span.end for span in spans))
    reported = Reported(
        text[span.start : span.end],
        count=read_count(numbers[0]),
        denominator=read_denominator(denominator) if denominator else None,
        percent=read_percentage(percent),
    )
    return Mention(reported, span, name, "proportion")
