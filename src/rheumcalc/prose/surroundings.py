"""The words around a result: what it is a result of, more often than not."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from typing import NamedTuple

from rheumcalc.prose.mentions import Mention
from rheumcalc.prose.tokens import Tokens
from rheumcalc.source import Span

#: How far from a result the words may stand that say what it is of, in characters.
REACH = 250
#: What stands between the results of a list: `16 (18.2%), 42 (47.7%) and 37 (42.0%)`.
LISTED = re.compile(r"(?:[\s,;]|\band\b|\bor\b){0,12}")
#: The fewest words by which a sentence is known again.
_FEWEST_WORDS = 6
_ANY_NUMBER = re.compile(r"[0-9][0-9.,·]*")
#: What joins a clause to the one before it, and to the one after it.
_JOINT_BEFORE = re.compile(r"(?:[ ,;:.)\]]|(?:and|but|while) )*+")
_JOINTS_AFTER = (" and", " but", " while", " vs", " versus")


class Words(NamedTuple):
    """The words before and after a result up to the next results, and its sentence."""

    before: str
    after: str
    sentence: str


class Surroundings:
    """The words around the results of a text."""

    def __init__(self, tokens: Tokens, mentions: Sequence[Mention]) -> None:
        self._tokens = tokens
        self._text = tokens.text
        self._spans = sorted(mention.span for mention in mentions)
        self._starts = [span.start for span in self._spans]

    def around(self, span: Span) -> Words:
        """Return the words around a result up to its neighbours; the results of a list share theirs."""
        sentence = self._sentence(span)
        others = self._between(*sentence)
        before = [each for each in others if each.end <= span.start]
        after = [each for each in others if each.start >= span.end]
        low, high = span
        while before and LISTED.fullmatch(self._text, before[-1].end, low):
            low = before.pop().start
        while after and LISTED.fullmatch(self._text, high, after[0].start):
            high = after.pop(0).end
        start = before[-1].end if before else sentence.start
        end = after[0].start if after else sentence.end
        words = [_without_joints(" ".join(self._text[slice(*each)].split())) for each in ((start, low), (high, end))]
        return Words(words[0], words[1], self._text[slice(*sentence)])

    def wording(self, span: Span) -> str | None:
        """Return the sentence of a result with its numbers left out.

        None where it holds another result, has too few words to be about one thing only, or begins too far away.
        """
        sentence = self._sentence(span)
        if sentence.start and sentence.start == span.start - REACH:
            return None
        words = _ANY_NUMBER.sub("#", self._text[slice(*sentence)].lower()).rstrip(" \n.!?").split()
        is_alone = len(self._between(*sentence)) == 1 and sum(word.isalpha() for word in words) >= _FEWEST_WORDS
        return " ".join(words) if is_alone else None

    def after(self, place: int) -> str:
        """Return the rest of the sentence after a place."""
        return self._text[place : self._sentence(Span(place, place)).end]

    def _sentence(self, span: Span) -> Span:
        """Return the sentence of a span, its stop left out, cut where it reaches too far."""
        tokens = self._tokens
        sentence = tokens.sentence_at(tokens.at(span.start))
        last = sentence.last - 1
        while last > sentence.first and (tokens.has(last, "stop") or tokens.has(last, "quote")):
            last -= 1
        end = max(tokens.end(last), span.end)
        return Span(max(tokens.starts[sentence.first], span.start - REACH), min(end, span.end + REACH))

    def _between(self, low: int, high: int) -> list[Span]:
        return self._spans[bisect_left(self._starts, low) : bisect_left(self._starts, high)]


def _without_joints(words: str) -> str:
    """Return words, with one space between each, without what joins them to the clauses beside them."""
    joint = _JOINT_BEFORE.match(words)
    words = words[joint.end() :] if joint else words
    while True:
        words = words.rstrip(" ,;:.([")
        joined = next((joint for joint in _JOINTS_AFTER if words.endswith(joint)), None)
        if joined is None:
            return words
        words = words.removesuffix(joined)
