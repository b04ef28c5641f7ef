"""What a text says in one place of percentages elsewhere: `relapses were estimated by Kaplan-Meier`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from rheumcalc.prose.doubts import estimate_by_words, estimate_words
from rheumcalc.prose.lexicon import over_tokens
from rheumcalc.prose.tokens import Tokens
from rheumcalc.source import Span
from rheumcalc.study.doubts import Doubt

#: How many letters of a word make it known again in another form: `relapse`, `relapsed`.
_STEM = 5
#: Words that say how a percentage was made, or that stand in any sentence, and name nothing that is estimated.
_SAY_NOTHING = frozenset(("kaplan_meier", "weighted", "adjusted", "imputed", "modelled", "pooled", "cumulative", "person", "verb", "preposition", "determiner", "conjunction", "study_noun", "flow", "be"))  # fmt: skip


def _clauses(tokens: Tokens) -> Iterator[range]:
    """Yield the clauses of the sentences that tell an estimate: cut at semicolons."""
    for sentence in tokens.sentences_with(estimate_words()):
        ends = [match.start() for match in _semicolon().finditer(tokens.letters, *sentence)]
        yield from map(range, (sentence.first, *(end + 1 for end in ends)), (*ends, sentence.last))


@cache
def _semicolon() -> re.Pattern[str]:
    return re.compile(over_tokens("{semicolon}"))


@cache
def _percent_sign() -> re.Pattern[str]:
    return re.compile(over_tokens("{percent_sign}"))


@cache
def _all_shares() -> re.Pattern[str]:
    """Return the pattern of words that speak of all percentages: `percentages are weighted`."""
    return re.compile(over_tokens(r"{generic_share}{be}"))


@cache
def _time_said() -> re.Pattern[str]:
    return re.compile(over_tokens(r"{quantity}{time}|{time}{named}"))


class Estimators:
    """The sentences of a text that say how percentages of something were made, and what that something is."""

    def __init__(self, tokens: Tokens) -> None:
        self._by_stem: dict[str, Doubt] = {}
        self._all: Doubt | None = None
        self._over_time: Doubt | None = None
        self._by_sentence: dict[int, Doubt] = {}
        if estimate_by_words(tokens) is None:
            return
        for clause in _clauses(tokens):
            doubt = estimate_by_words(tokens, clause.start, clause.stop)
            # A clause with a percentage of its own says how that one was made.
            if doubt is None or _percent_sign().search(tokens.letters, clause.start, clause.stop):
                continue
            named = [index for index in clause if self._names(tokens, index)]
            if doubt in (Doubt.KAPLAN_MEIER, Doubt.CUMULATIVE_INCIDENCE):
                self._over_time = doubt
            if _all_shares().search(tokens.letters, clause.start, clause.stop):
                self._all = doubt
            elif not named:
                self._by_sentence[tokens.sentence_at(clause.start).first] = doubt
            for index in named:
                self._by_stem.setdefault(tokens.word(index)[:_STEM], doubt)

    @staticmethod
    def _names(tokens: Tokens, index: int) -> bool:
        return tokens.is_noun(index) and len(tokens.word(index)) >= _STEM and not tokens.has_any(index, _SAY_NOTHING)

    def doubt(self, tokens: Tokens, span: Span) -> Doubt | None:
        """Return how the percentage at a place was made, where another sentence says so of what its own names."""
        if self._all is not None or not (self._by_stem or self._by_sentence):
            return self._all
        sentence = tokens.sentence_at(tokens.at(span.start))
        if sentence.first in self._by_sentence:
            return self._by_sentence[sentence.first]
        words = (tokens.word(index)[:_STEM] for index in range(*sentence) if tokens.has(index, "word"))
        named = next((self._by_stem[word] for word in words if word in self._by_stem), None) if self._by_stem else None
        # What is followed over time is estimated so too, by whatever word it is told: `by 24 months 18 had flared`.
        return named or (self._over_time if _time_said().search(tokens.letters, *sentence) else None)

    def doubt_of_words(self, words: str) -> Doubt | None:
        """Return how a percentage was made whose row or column has these words."""
        if self._all is not None or not self._by_stem:
            return self._all
        return next(
            (self._by_stem[word[:_STEM]] for word in words.lower().split() if word[:_STEM] in self._by_stem), None
        )
