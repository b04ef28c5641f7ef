"""Whom a result is taken of, where words beside it say so: `of them`, `Of the 20 with calcinosis, …`."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import replace

from rheumcalc.extract.mentions import Antecedent, Mention
from rheumcalc.extract.words import PEOPLE
from rheumcalc.grammar import read_count
from rheumcalc.numbers.printed import PrintedError
from rheumcalc.source import Span
from rheumcalc.tokens import Token

_PRONOUNS = frozenset({"them", "these", "those", "whom", "which"})
_AMONG = frozenset({"among", "amongst"})
_OPENS = re.compile("o[wg]{0,2}N")
#: How long the opening phrase of a sentence may be, in tokens: `Of the 20 patients with calcinosis at baseline,`.
_LONGEST = 16


def with_antecedents(mentions: list[Mention], tokens: list[Token]) -> list[Mention]:
    """Return the mentions of a sentence with the antecedents that its words give them.

    Words beside a mention go before the phrase that opens its clause, which holds for the mentions up to the clause's
    end. A mention with a denominator of its own has none.
    """
    if not mentions:
        return mentions
    letters = "".join(token.letter for token in tokens)
    starts = [token.span.start for token in tokens]
    clauses = [0, *(index + 1 for index, token in enumerate(tokens) if token.text in (";", ":"))]
    openings = {start: opening(tokens, letters, start) for start in clauses}
    found = []
    for mention in mentions:
        if mention.reported.denominator is None:
            first, last = bisect_left(starts, mention.span.start), bisect_left(starts, mention.span.end) - 1
            antecedent = beside(tokens, letters, first, last)
            opened = openings[clauses[bisect_right(clauses, first) - 1]]
            if antecedent is None and opened and opened.span.end <= mention.span.start:
                after = bisect_left(starts, opened.span.end)
                # `Of the 821 in one group …, while of the 907 in the other …`: the second opens anew.
                antecedent = None if _OPENS.search(letters, after, first) else opened
            found.append(replace(mention, antecedent=antecedent))
        else:
            found.append(mention)
    return found


def opening(tokens: list[Token], letters: str, start: int) -> Antecedent | None:
    """Return the phrase that opens a clause at `start` and says whom its results are of, if one does."""
    if not (letters[start : start + 1] == "o" or (start < len(tokens) and tokens[start].lower in _AMONG)):
        return None
    for end in range(start + 1, min(start + _LONGEST, len(tokens))):
        if letters[end] == ",":
            numbers = [index for index in range(start + 1, end) if letters[index] == "N"]
            if len(numbers) > 1:
                return None  # `Of the 219 clinics and 957 clinicians, …`: there is no telling which
            return _antecedent(tokens, start, end - 1, numbers[0] if numbers else None)
        if letters[end] in "Pv":
            return _pronoun(tokens, start)
    return _pronoun(tokens, start)


def _pronoun(tokens: list[Token], start: int) -> Antecedent | None:
    """Return a bare `of these` that no comma ends."""
    if tokens[start].lower.split()[-1] in _PRONOUNS:
        return _antecedent(tokens, start, start, None)
    return None


def beside(tokens: list[Token], letters: str, first: int, last: int) -> Antecedent | None:
    """Return the antecedent that stands right before the tokens `first` to `last` of a result, or soon after them."""
    if first and letters[first - 1] == "o" and tokens[first - 1].lower.split()[-1] in _PRONOUNS:
        return _antecedent(tokens, first - 1, first - 1, None)
    start = last + 1
    while start < len(tokens) and letters[start] in ")wu" and start < last + 4:
        if tokens[start].lower in _AMONG:
            break
        start += 1
    if start >= len(tokens):
        return None
    words = tokens[start].lower.split()
    if letters[start] == "o":
        following = tokens[start + 1].lower if start + 1 < len(tokens) else ""
        if words[-1] == "those" and letters[start + 1 : start + 2] in ("w", "v", "u", "g"):
            return None  # `of those randomised` says whom it means
        if words[-1] in _PRONOUNS:
            return _antecedent(tokens, start, start, None)
        return _antecedent(tokens, start, start + 1, None) if following in _PRONOUNS else None
    if words[0] in _AMONG:
        for end in range(start + 1, min(start + 6, len(tokens))):
            if tokens[end].lower in _PRONOUNS | PEOPLE:
                return _antecedent(tokens, start, end, None)
    return None


def _antecedent(tokens: list[Token], first: int, last: int, number: int | None) -> Antecedent:
    span = Span(tokens[first].span.start, tokens[last].span.end)
    try:
        return Antecedent(span, None if number is None else read_count(tokens[number]))
    except PrintedError:
        return Antecedent(span)
