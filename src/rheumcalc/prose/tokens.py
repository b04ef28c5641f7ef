"""A text as tokens and sentences, cut once and read by all else: results, sizes, times, differences, anaphora."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from functools import cache, cached_property
from itertools import accumulate
from operator import itemgetter
from typing import NamedTuple

from rheumcalc.numbers.printed import GROUP_SPACES, POINTS, parse_number_words
from rheumcalc.prose.lexicon import kind_letters, letters, letters_of, over_tokens
from rheumcalc.source import Span

#: A numeral as printed, thousands grouped in any way, one decimal mark or several.
NUMERAL = (
    rf"(?:[0-9]{{1,3}}(?:(?:[,{GROUP_SPACES.replace(' ', '')}]|[ ](?![0-9]{{3}}[0-9.,·]*+\s?%))[0-9]{{3}}(?![0-9]))++"
    rf"(?:[{POINTS}][0-9]++)?"
    rf"|[0-9]++(?:(?:[,{POINTS}]|[ ][·∙⋅‧][ ])[0-9]++)*+)"
)
#: A word. Most are plain letters with nothing joined on, which is tried first because it is fast.
_PERCENT_WORD = r"(?:per\s?cent|pct)(?!\w)"
_JOINED = r"[-'’./&+\u2010\u2011]"
WORD = rf"(?!{_PERCENT_WORD})(?:[a-zA-Z]++(?![\w\-'’./&+\u2010\u2011])|[^\W\d_](?:\w++|{_JOINED}(?=[^\W_]))*+)"
#: Space that does not end a paragraph. Most is one space, which is tried first because it is fast.
_SPACE = r"(?: (?!\s)|(?=\S)|(?:[^\S\n]++|\n(?!\s*?\n))*+)"
#: Most of a text is plain words and their punctuation, each with one space, which is tried first because it is fast.
_COMMON = r"[a-oq-zA-Z][a-zA-Z]*+ (?!\s)|[,;:)] (?!\s)|\((?=\w)"
_STRETCH = re.compile(
    rf"{_COMMON}|(?:{WORD}|[0-9]{{1,3}}:[0-9]{{1,3}}(?![0-9:])"
    rf"|{NUMERAL}(?:[-\u2010\u2011'’′]?[^\W\d_]\w*+(?:[-\u2010\u2011]\w++)*+)?"
    rf"|(?<![\w)\]%])[-+\u2010-\u2013\u2212]{NUMERAL}|(?<![\w)\]])[{POINTS}][0-9]++|[<>≤≥⩽⩾](?:\s?=)?|=[<>]"
    rf"|\n\s*?\n\s*+|{_PERCENT_WORD}|\S){_SPACE}"
)


_PERCENTAGES = frozenset(("percentage", "spread", "bound"))
_second = itemgetter(1)
#: Longer ones, in digits or words, count nobody.
_LONGEST = 40


class Sentence(NamedTuple):
    """The tokens of a sentence: from `first` to `last`, the last one left out."""

    first: int
    last: int


class Tokens:
    """The tokens of a text: `letters` has one for each, and `starts` its place.

    Patterns over features run on `letters`. A token that is marked as something else gets another letter.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self._features = letters().features
        self._cut: list[Sentence] = []
        self._stretches = stretches = _STRETCH.findall(text)
        self.letters = "".join(map(kind_letters().__getitem__, stretches))
        begins = _STRETCH.search(text)
        first = begins.start() if begins else 0
        self.starts = list(accumulate(map(len, stretches), initial=first))
        self.starts.pop()
        #: What the sentence that was asked for last has.
        self._kinds: dict[Sentence, frozenset[str]] = {}
        self._join_number_words()

    @cached_property
    def sentences(self) -> list[Sentence]:
        """The sentences of the text, in order."""
        sentences, index, size = [], 0, len(self.letters)
        while index < size:
            if self._is_paragraph_end(index):
                index += 1
                continue
            sentences.append(self.sentence_at(index))
            index = sentences[-1].last
        return sentences

    def sentences_with(self, pattern: re.Pattern[str]) -> Iterator[Sentence]:
        """Yield the sentences in which a pattern over letters is met, in order."""
        end = 0
        for match in pattern.finditer(self.letters):
            if match.start() >= end:
                sentence = self.sentence_at(match.start())
                end = sentence.last
                yield sentence

    def __len__(self) -> int:
        return len(self.letters)

    def word(self, index: int) -> str:
        """Return the token at an index in lower case."""
        return self._stretches[index].rstrip().lower() if 0 <= index < len(self._stretches) else ""

    def printed(self, index: int) -> str:
        """Return the token at an index as printed; before the first and after the last there is nothing."""
        stretch: str = self._stretches[index] if 0 <= index < len(self._stretches) else ""
        return stretch.rstrip()

    def end(self, index: int) -> int:
        """Return where the token at an index ends in the text."""
        return self.starts[index] + len(self._stretches[index].rstrip())

    def words(self, first: int, last: int) -> list[str]:
        """Return the tokens from `first` to `last`, the last one left out, in lower case."""
        return [self.word(index) for index in range(max(0, first), min(last, len(self)))]

    def has(self, index: int, feature: str) -> bool:
        """Decide whether the token at an index has a feature; no token has none."""
        return 0 <= index < len(self.letters) and feature in self._features[self.letters[index]]

    def has_any(self, index: int, features: frozenset[str]) -> bool:
        """Decide whether the token at an index has one of some features; no token has none."""
        return 0 <= index < len(self.letters) and not features.isdisjoint(self._features[self.letters[index]])

    def features(self, index: int) -> frozenset[str]:
        """Return the features of the token at an index."""
        return self._features[self.letters[index]]

    def kinds(self, sentence: Sentence) -> frozenset[str]:
        """Return the features that any token of a sentence has."""
        if sentence not in self._kinds:
            features = letters().features
            kinds = (features[letter] for letter in set(self.letters[sentence.first : sentence.last]))
            self._kinds = {sentence: frozenset().union(*kinds)}
        return self._kinds[sentence]

    def is_percentage(self, index: int) -> bool:
        """Decide whether the token at an index is a number with a percent sign, whatever it means."""
        return self.has_any(index, _PERCENTAGES)

    def is_noun(self, index: int) -> bool:
        """Decide whether a token is a word that may stand in a noun phrase."""
        return 0 <= index < len(self.letters) and self.letters[index] in _nouns()

    def is_plural_form(self, index: int) -> bool:
        """Decide whether a token ends like a plural."""
        word = self.word(index)
        return word.endswith("s") and not word.endswith(("ss", "us", "is"))

    def is_plural(self, index: int) -> bool:
        """Decide whether a token ends like a plural of something that can be counted."""
        return self.has(index, "word") and self.is_plural_form(index) and not self.has(index, "uncountable")

    def hedge_before(self, index: int) -> str | None:
        """Return the words that make the number at an index inexact, as printed."""
        match = _hedges().search(self.letters, max(0, index - 2), index)
        return self.cut(match.start(), index - 1) if match else None

    def span(self, first: int, last: int) -> Span:
        """Return the place of the tokens from `first` to `last`, both included."""
        return Span(self.starts[first], self.end(last))

    def cut(self, first: int, last: int) -> str:
        """Return the text of the tokens from `first` to `last`, both included."""
        return self.text[self.starts[first] : self.end(last)]

    def at(self, place: int) -> int:
        """Return the token that holds a place in the text, or the last before it."""
        return max(0, bisect_right(self.starts, place) - 1)

    def sentence_at(self, index: int) -> Sentence:
        """Return the sentence that holds a token; an empty line belongs to the one before it.

        A stop before a capital, a digit or a bracket ends a sentence, and so does an empty line. Sentences are cut when
        they are asked for, since most hold no number.
        """
        if index and self._is_paragraph_end(index):
            index -= 1
        known = bisect_right(self._cut, (index, len(self.letters)))
        if known and index < self._cut[known - 1].last:
            return self._cut[known - 1]
        stops = self._stops
        beside = bisect_right(stops, index, key=_second)
        before, after = beside - 1, beside
        while before >= 0 and not self._ends_sentence(*stops[before]):
            before -= 1
        while after < len(stops) and not self._ends_sentence(*stops[after]):
            after += 1
        first = stops[before][1] if before >= 0 else 0
        last = len(self.letters)
        if after < len(stops):
            stop, last = stops[after]
            last = stop if self._is_paragraph_end(stop) else last
        sentence = Sentence(first, last)
        self._cut.insert(known, sentence)
        return sentence

    def mark(self, changes: dict[int, str]) -> None:
        """Give the tokens at some indices other features."""
        if changes:
            row: list[str] = []
            end = 0
            for index in sorted(changes):
                row += (self.letters[end:index], letters().letter(changes[index]))
                end = index + 1
            row.append(self.letters[end:])
            self.letters = "".join(row)
            self._kinds.clear()

    def _join_number_words(self) -> None:
        """Make one token of each number that stands in several words: `one hundred and six`, `Forty-6`."""
        joined: list[tuple[int, int]] = []
        for match in _number_words().finditer(self.letters):
            first, last = match.span()
            while last - first > 1 and not self._spells(first, last):
                last -= 1
            if last - first > 1:
                joined.append((first, last))
        if not joined:
            return
        spelled = letters().letter("number", "spelled")
        row: list[str] = []
        stretches: list[str] = []
        starts: list[int] = []
        end = 0
        for first, last in joined:
            row += (self.letters[end:first], spelled)
            stretches += (*self._stretches[end:first], "".join(self._stretches[first:last]))
            starts += self.starts[end : first + 1]
            end = last
        self.letters = "".join((*row, self.letters[end:]))
        self._stretches, self.starts = stretches + self._stretches[end:], starts + self.starts[end:]

    def _spells(self, first: int, last: int) -> bool:
        return parse_number_words(self.cut(first, last - 1)) is not None

    @cached_property
    def _stops(self) -> list[tuple[int, int]]:
        """The places where a sentence may end, each with the place after it."""
        return [match.span() for match in _ends().finditer(self.letters)]

    def _is_paragraph_end(self, index: int) -> bool:
        return bool(self._stretches[index][0].isspace())

    def _ends_sentence(self, stop: int, after: int) -> bool:
        return (
            after >= len(self.letters)
            or self._is_paragraph_end(stop)
            or (self._stretches[after - 1][-1].isspace() and self._begins_sentence(stop, after))
        )

    def _begins_sentence(self, stop: int, after: int) -> bool:
        """Decide whether a sentence begins after a stop and the space after it."""
        stretches = self._stretches
        following = after
        while (character := stretches[following][0]) in "\"'“‘([" and following < len(stretches) - 1:
            following += 1
        if not (character.isupper() or character.isdigit() or character in "≥≤<>"):
            return False
        if stop == 0 or stretches[stop][0] != ".":
            return True
        before = stretches[stop - 1]
        return not (len(before) == 1 and before.isupper()) and not self.has(stop - 1, "abbreviation")


@cache
def _whole() -> re.Pattern[str]:
    return re.compile(over_tokens("{number|named|quantity|date|cited|broken}"))


def whole_numbers(tokens: Tokens) -> Iterator[tuple[int, int]]:
    """Yield the whole numbers that a text prints without grouping, whatever they mean, with their places."""
    for match in _whole().finditer(tokens.letters):
        printed = tokens.printed(match.start())
        number = int(printed) if printed.isdecimal() else parse_number_words(printed)
        if number is not None and len(printed) < _LONGEST:
            yield tokens.starts[match.start()], number


@cache
def _number_words() -> re.Pattern[str]:
    """Return the pattern of numbers in several words; what it finds must still be spelled as one."""
    return re.compile(
        over_tokens(
            r"{number_word|spelled|a}(?:(?<!{a})|(?={number_word}))"
            r"(?:{dash}?{number_word|spelled|single}|(?:{comma}?{and}|{comma}){number_word|spelled}){1,11}"
        )
    )


@cache
def _ends() -> re.Pattern[str]:
    return re.compile(over_tokens(r"{stop}(?:{close_bracket}|{quote}){0,2}|{paragraph_end}"))


@cache
def _nouns() -> frozenset[str]:
    return letters_of("word-verb-conjunction-of-alternative-preposition")


@cache
def _hedges() -> re.Pattern[str]:
    return re.compile(
        over_tokens(r"(?:{hedge_than}{than}|{at}{extreme}|{up}{to}|{just}{hedge}|{close}{to}|{hedge}{stop}?)\Z")
    )
