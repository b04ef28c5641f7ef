"""Whom a result is taken of, where words beside it say so: `of them`, `Of the 20 with calcinosis, …`."""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import cache

from rheumcalc.numbers.printed import PrintedError
from rheumcalc.prose.lexicon import over_tokens
from rheumcalc.prose.mentions import Antecedent, Mention
from rheumcalc.prose.reported import read_count
from rheumcalc.prose.tokens import Sentence, Tokens

#: How long the opening phrase of a sentence may be, in tokens: `Of the 20 patients with calcinosis at baseline,`.
_LONGEST = 18
_OPENS = frozenset(("of", "among", "out"))


def with_antecedents(mentions: list[Mention], tokens: Tokens, sentence: Sentence) -> list[Mention]:
    """Return the mentions of a sentence with the antecedents that its words give them.

    Words beside a mention go before the phrase that opens its clause, which holds for the mentions up to the clause's
    end. A mention with a denominator of its own has none.
    """
    if all(mention.reported.denominator is not None for mention in mentions):
        return mentions
    clauses = [sentence.first, *(match.end() for match in _clause_end().finditer(tokens.letters, *sentence))]
    openings: dict[int, Antecedent | None] = {}
    # `Of the 821 in one group …, while of the 907 in the other …`: the second opens anew.
    anew: dict[int, re.Match[str] | None] = {}
    found = []
    for mention in mentions:
        if mention.reported.denominator is None:
            first, last = tokens.at(mention.span.start), tokens.at(mention.span.end - 1)
            antecedent = _beside(tokens, first, last, sentence)
            clause = clauses[bisect_right(clauses, first) - 1]
            if clause not in openings:
                openings[clause] = opened = _opening(tokens, clause, sentence.last)
                after = sentence.last if opened is None else tokens.at(opened.span.end)
                anew[clause] = _opens_anew().search(tokens.letters, after, sentence.last)
            opened = openings[clause]
            if antecedent is None and opened and opened.span.end <= mention.span.start:
                other = anew[clause]
                antecedent = None if other and other.end() <= first else opened
            found.append(mention if antecedent is None else mention._replace(antecedent=antecedent))
        else:
            found.append(mention)
    return found


@cache
def _clause_end() -> re.Pattern[str]:
    return re.compile(over_tokens("{semicolon|colon}"))


@cache
def _opens_anew() -> re.Pattern[str]:
    return re.compile(over_tokens(r"{of}(?:{word-verb}){0,3}{number}"))


@cache
def _of_them() -> re.Pattern[str]:
    """Return the pattern of `of them`, `out of these`, and of their like with a noun."""
    return re.compile(over_tokens(r"{out}?{of}(?:{determiner-pronoun}){0,2}{pronoun}"))


@cache
def _of_them_before() -> re.Pattern[str]:
    return re.compile(over_tokens(r"{of}(?:{determiner-pronoun}){0,2}{pronoun}\Z"))


def _opening(tokens: Tokens, start: int, last: int) -> Antecedent | None:
    """Return the phrase that opens a clause and says whom its results are of, if one does."""
    if start >= last or not tokens.has_any(start, _OPENS):
        return None
    is_relative = False  # `Of the 40 who received it, …`: the verb is that of the phrase
    for end in range(start + 1, min(start + _LONGEST, last)):
        if tokens.has(end, "comma"):
            numbers = [index for index in range(start + 1, end) if tokens.has(index, "number")]
            if len(numbers) > 1:
                return None  # `Of the 219 clinics and 957 clinicians, …`: there is no telling which
            return _antecedent(tokens, start, end - 1, numbers[0] if numbers else None)
        numbers = [index for index in range(start + 1, end) if tokens.has(index, "number")]
        if tokens.has(end, "number") and len(numbers) == 1 and end > numbers[0] + 1 and tokens.is_noun(end - 1):
            return _antecedent(tokens, start, end - 1, numbers[0])  # `Of 25 patients 10 (40%) improved`
        is_relative = is_relative or tokens.has(end, "relative")
        if tokens.has(end, "percentage") or (tokens.has(end, "verb") and not is_relative):
            break
    match = _of_them().match(tokens.letters, start, last)
    return _antecedent(tokens, start, match.end() - 1, None) if match else None


def _beside(tokens: Tokens, first: int, last: int, sentence: Sentence) -> Antecedent | None:
    """Return the antecedent that stands right before a result's tokens, or soon after them."""
    before = _of_them_before().search(tokens.letters, max(sentence.first, first - 4), first)
    if before:
        return _antecedent(tokens, before.start(), first - 1, None)
    start = last + 1
    while start < min(sentence.last, last + 4) and (tokens.is_noun(start) or tokens.has(start, "close_bracket")):
        if tokens.has(start, "among"):
            break
        start += 1
    if start >= sentence.last:
        return None
    match = _of_them().match(tokens.letters, start, sentence.last)
    if match:
        is_those = tokens.word(match.end() - 1) == "those"
        # `of those randomised` says whom it means
        return (
            None if is_those and tokens.has(match.end(), "word") else _antecedent(tokens, start, match.end() - 1, None)
        )
    if tokens.has(start, "among"):
        for end in range(start + 1, min(start + 6, sentence.last)):
            if tokens.has(end, "pronoun") or tokens.has(end, "person"):
                return _antecedent(tokens, start, end, None)
    return None


def _antecedent(tokens: Tokens, first: int, last: int, number: int | None) -> Antecedent:
    span = tokens.span(first, last)
    try:
        return Antecedent(span, None if number is None else read_count(tokens, number))
    except PrintedError:
        return Antecedent(span)
