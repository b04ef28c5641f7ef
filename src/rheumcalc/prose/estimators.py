"""What a text says in one place of percentages elsewhere: `relapses were estimated by Kaplan-Meier`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from rheumcalc.prose.doubts import estimate_by_words, estimate_words
from rheumcalc.prose.lexicon import over_tokens
from rheumcalc.prose.tokens import Sentence, Tokens
from rheumcalc.source import Span
from rheumcalc.study.doubts import Doubt

#: How many letters of a word make it known again in another form: `relapse`, `relapsed`.
_STEM = 5
#: Words that say how a percentage was made, or that stand in any sentence, and name nothing that is estimated.
_SAY_NOTHING = frozenset(
    (
        *("kaplan_meier", "weighted", "adjusted", "imputed", "modelled", "pooled", "cumulative", "incidence", "person"),
        *(
            "verb",
            "preposition",
            "determiner",
            "conjunction",
            "study_noun",
            "flow",
            "be",
            "label",
            "weak_label",
            "measure",
        ),
        *(
            "takes_quantity",
            "average",
            "time",
            "unit",
            "comparison",
            "change",
            "whole",
            "group",
            "compared",
            "generic_share",
        ),
        *("larger", "total", "event", "either", "statistic"),
    )
)


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
    made = "{weighted|adjusted|imputed|modelled|pooled|kaplan_meier}"
    return re.compile(
        over_tokens(
            rf"{{generic_share}}{{be}}(?:{{word-verb-preposition}}){{0,2}}{made}"
            r"|{generic_share}(?:{word-verb}){0,4}{be}(?:{word-verb-preposition}){0,2}{worked_out}{by}(?:{word}){0,3}{model_estimate}"
        )
    )


@cache
def _time_said() -> re.Pattern[str]:
    return re.compile(over_tokens(r"{by}{quantity}{time}|{by}{time}{named}"))


#: How many words a subject may have.
_SUBJECT = 12


@cache
def _predicate() -> re.Pattern[str]:
    """Return the pattern of a verb that says how something was worked out: `was estimated`, `were all adjusted`."""
    return re.compile(over_tokens("{be}(?:{word-verb-preposition}){0,2}{worked_out}"))


def _subject(tokens: Tokens, clause: range) -> range:
    """Return what a clause says that was worked out in some way: its words before the verb, if it does."""
    verb = _predicate().search(tokens.letters, clause.start, min(clause.stop, clause.start + _SUBJECT + 4))
    return range(clause.start, verb.start()) if verb and verb.start() - clause.start <= _SUBJECT else range(0)


def stated_estimate(tokens: Tokens, clause: range) -> Doubt | None:
    """Return how a clause says that percentages were made; that something was estimated may mean any number."""
    doubt = estimate_by_words(tokens, clause.start, clause.stop)
    if doubt is not Doubt.MODELLED:
        return doubt
    return doubt if _model().search(tokens.letters, clause.start, clause.stop) else None


@cache
def _model() -> re.Pattern[str]:
    return re.compile(over_tokens("{model_estimate}"))


class Estimators:
    """The sentences of a text that say how percentages of something were made, and what that something is."""

    def __init__(self, tokens: Tokens) -> None:
        self._by_stem: dict[str, Doubt] = {}
        self._all: Doubt | None = None
        self._over_time: Doubt | None = None
        self._by_sentence: dict[int, Doubt | None] = {}
        if estimate_by_words(tokens) is None:
            return
        for clause in _clauses(tokens):
            doubt = stated_estimate(tokens, clause)
            # A clause with a percentage of its own says how that one was made.
            if doubt is None or _percent_sign().search(tokens.letters, clause.start, clause.stop):
                continue
            subject = _subject(tokens, clause)
            named = [index for index in subject if self._names(tokens, index)]
            if doubt in (Doubt.KAPLAN_MEIER, Doubt.CUMULATIVE_INCIDENCE):
                self._over_time = doubt
            if _all_shares().search(tokens.letters, clause.start, clause.stop):
                self._all = doubt
            elif not any(self._names(tokens, index) for index in clause):
                self._by_sentence[tokens.sentence_at(clause.start).first] = doubt
            for index in named:
                self._by_stem.setdefault(tokens.word(index)[:_STEM], doubt)

    @staticmethod
    def _names(tokens: Tokens, index: int) -> bool:
        return (
            tokens.is_noun(index)
            and (len(tokens.word(index)) >= _STEM or tokens.has(index, "name"))
            and not tokens.has_any(index, _SAY_NOTHING)
        )

    def doubt(self, tokens: Tokens, span: Span) -> Doubt | None:
        """Return how the percentage at a place was made, where another sentence says so of what its own names."""
        if self._all is not None or not (self._by_stem or self._by_sentence):
            return self._all
        sentence = tokens.sentence_at(tokens.at(span.start))
        if sentence.first not in self._by_sentence:
            self._by_sentence[sentence.first] = self._named_in(tokens, sentence)
        return self._by_sentence[sentence.first]

    def _named_in(self, tokens: Tokens, sentence: Sentence) -> Doubt | None:
        """Return how a percentage in a sentence was made whose words name what another sentence speaks of."""
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
