"""A text read once: its tokens, its sentences, its results, and what its other percentages are."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from rheumcalc.numbers.printed import PrintedError
from rheumcalc.prose.anaphora import with_antecedents
from rheumcalc.prose.doubts import with_doubts
from rheumcalc.prose.lexicon import over_tokens
from rheumcalc.prose.marks import mark_numbers
from rheumcalc.prose.mentions import Mention
from rheumcalc.prose.proportions import Nature, natures
from rheumcalc.prose.reading import counted_results
from rheumcalc.prose.reported import Reported, read_percentage
from rheumcalc.prose.tokens import Sentence, Tokens
from rheumcalc.source import Span


@dataclass(frozen=True)
class TextReading:
    """What a text prints: its results in order, and each other percentage with what it is; None where nothing tells."""

    tokens: Tokens
    mentions: tuple[Mention, ...]
    others: tuple[tuple[Span, Nature | None], ...]


def read_text(text: str) -> TextReading:
    """Return the results that a text prints, and what the percentages are that are none."""
    tokens = Tokens(text)
    mark_numbers(tokens)
    mentions: list[Mention] = []
    others: list[tuple[Span, Nature | None]] = []
    for sentence in tokens.sentences_with(_anchors()):
        counted = counted_results(tokens, sentence)
        bare, excluded = _alone(tokens, sentence, counted)
        if counted or bare:
            found = sorted([*counted, *bare], key=lambda mention: mention.place)
            mentions += with_doubts(with_antecedents(found, tokens, sentence), tokens, sentence)
        others += excluded
    return TextReading(tokens, tuple(mentions), tuple(others))


@cache
def _anchors() -> re.Pattern[str]:
    """Return the pattern of what a result cannot do without: a percent sign, or two numbers with a stroke or `of`."""
    return re.compile(
        over_tokens(
            r"{percent_sign|slash|of|among|from}"
            r"(?:(?<={percent_sign})|(?<={slash}){number}|(?<={of|among|from})[^\n]{0,8}?{number})"
        )
    )


@cache
def _percent_sign() -> re.Pattern[str]:
    return re.compile(over_tokens("{percent_sign}"))


def _alone(
    tokens: Tokens, sentence: Sentence, counted: list[Mention]
) -> tuple[list[Mention], list[tuple[Span, Nature | None]]]:
    """Return the percentages of a sentence that stand alone and are shares, and the others with what they are."""
    if not _percent_sign().search(tokens.letters, *sentence):
        return [], []
    read: dict[int, bool] = {}
    for mention in counted:
        first, last = tokens.at(mention.span.start), tokens.at(mention.span.end - 1)
        read.update((index, tokens.has(index, "percentage")) for index in range(first, last + 1))
    bare: list[Mention] = []
    excluded: list[tuple[Span, Nature | None]] = []
    for index, nature in natures(tokens, sentence, read).items():
        span = tokens.span(index - tokens.has(index - 1, "bound_sign"), index + 1)
        result = _share(tokens, index, span) if nature is Nature.SHARE else None
        if result is None:
            excluded.append((span, None if nature is Nature.SHARE else nature))
        else:
            bare.append(result)
    return bare, excluded


def _share(tokens: Tokens, index: int, span: Span) -> Mention | None:
    try:
        percent = read_percentage(tokens, index)
    except PrintedError:
        return None
    if not 0 <= percent.value <= 100:
        return None
    hedge = tokens.hedge_before(index - tokens.has(index - 1, "bound_sign"))
    reported = Reported(tokens.text[span.start : span.end], percent=percent, hedge=hedge, span=span)
    return Mention(reported, span, "percentage", "proportion")
