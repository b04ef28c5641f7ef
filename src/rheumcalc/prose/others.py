"""Results of others than the study's own participants: another study, the literature, controls, parents."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from functools import cache, cached_property
from typing import NamedTuple

from rheumcalc.prose.lexicon import over_tokens
from rheumcalc.prose.sizes import SampleSize
from rheumcalc.prose.tokens import Tokens
from rheumcalc.source import Span

#: How far words that lead to others reach within a paragraph, in characters: a few sentences.
_REACH = 500
#: How many tokens after a stated size say whose size it is.
_NOUN = 10


@cache
def _cues() -> re.Pattern[str]:
    """Return the pattern of words that lead to others; `source` rules on for some sentences, `thing` names things."""
    return re.compile(
        over_tokens(
            # What begins none of these is passed over at once.
            r"(?={word}{et|by}|{other_study|other_source|larger|kept_elsewhere|phase|reported_by}"
            r"|{not|in|among|other_people|thing|per})"
            r"(?:(?P<source>{other_study}(?:{word-verb-person-preposition}){0,2}?{study_noun}|{other_source}"
            r"|{larger}(?:{word-verb-preposition}){0,1}?{set_noun}"
            r"|(?<!{from})(?<!{from}.)(?<!{from}..){kept_elsewhere}|{phase}{named|word}{study_noun})"
            r"|{reported_by}{by}|{not}{allocated|flow}|{in}{in_parallel}|{among}{possessive}|{other_people}"
            r"|(?P<author>{word}){et}"
            r"|(?P<thing>{thing-passing}|{per})|(?P<twice>{word}{by}{word}))"
        )
    )


@cache
def _paragraph_ends() -> re.Pattern[str]:
    return re.compile(over_tokens("{paragraph_end}"))


class _Cue(NamedTuple):
    """Words that lead to others: their place, where what they rule ends, and whether they are things."""

    start: int
    end: int
    words: str
    is_thing: bool = False


class Others:
    """The places of a text where it may speak of others than its own participants."""

    def __init__(self, tokens: Tokens, sizes: Iterable[SampleSize], names: Iterable[str] = ()) -> None:
        """`names` are words of the headings, which name the studies that a text is about."""
        self._tokens = tokens
        self._names = frozenset(names)
        self._sizes = sorted(size.n.span for size in sizes if size.n.span is not None)
        ends = [match.start() for match in _paragraph_ends().finditer(tokens.letters)]
        self._paragraphs = [0, *(tokens.starts[index] for index in ends)]
        self._bounds = [0, *ends, len(tokens)]
        self._found: dict[int, list[_Cue]] = {}

    def paragraph(self, span: Span) -> int:
        """Return the number of the paragraph that a place lies in, from 0."""
        return bisect_right(self._paragraphs, span.start) - 1

    def of(self, span: Span, *, names_people: bool) -> str | None:
        """Return the words that may make a result one of others: in its sentence, or shortly before in its paragraph.

        What stands before the last size that is stated is over. A result whose own noun is one of people counts no
        things, whatever is named beside it.
        """
        paragraph = self.paragraph(span)
        if paragraph not in self._found:
            self._found[paragraph] = list(self._in_paragraph(paragraph))
        cues = self._found[paragraph]
        if not cues:
            return None
        before = bisect_left(self._sizes, span)
        low = max(span.start - _REACH, self._sizes[before - 1].end if before else 0)
        high = self._sentence_end(span.end)
        near = cues[bisect_left(cues, (low,)) : bisect_left(cues, (high,))]
        found = (cue.words for cue in near if cue.end > span.start and not (cue.is_thing and names_people))
        return next(found, None)

    def _sentence_end(self, place: int) -> int:
        tokens = self._tokens
        last = tokens.sentence_at(tokens.at(max(0, place - 1))).last
        return min(tokens.end(last - 1), place + _REACH)

    def _in_paragraph(self, paragraph: int) -> Iterator[_Cue]:
        """Yield the words that lead to others, those left out whose size the text states."""
        tokens = self._tokens
        for match in _cues().finditer(tokens.letters, *self._bounds[paragraph : paragraph + 2]):
            if match["author"] and tokens.word(match.start()) in self._authors:
                continue
            # `dose by dose`: what is counted is said twice.
            if match["twice"] and tokens.word(match.start()) != tokens.word(match.end() - 1):
                continue
            span = tokens.span(match.start(), match.end() - 1)
            words = tokens.text[span.start : span.end]
            if words.lower() not in self._own:
                is_far = match["source"] or match["thing"] or match["twice"]
                end = span.end + _REACH if is_far else self._sentence_end(span.end)
                yield _Cue(span.start, end, words, bool(match["thing"]))

    @cached_property
    def _authors(self) -> frozenset[str]:
        """The names of those whose study states its sizes: their own results are no others'."""
        tokens, names = self._tokens, set()
        for span in self._sizes:
            sentence = tokens.sentence_at(tokens.at(span.start))
            names.update(tokens.words(*sentence))
        return frozenset(names | set(self._names))

    @cached_property
    def _own(self) -> frozenset[str]:
        """The words that say whose the stated sizes are."""
        tokens, own = self._tokens, set()
        for span in self._sizes:
            first = tokens.at(span.start) + 1
            for index in range(first, min(len(tokens), first + _NOUN)):
                if not tokens.has(index, "word"):
                    break
                own.add(tokens.word(index))
        return frozenset(own)
