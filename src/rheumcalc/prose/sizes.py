"""The sizes that prose states: `included 83 children`, `(n = 60)`, `a cohort of 143`, `data from 143`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

from rheumcalc.numbers.printed import Printed, PrintedError
from rheumcalc.prose.lexicon import over_tokens
from rheumcalc.prose.mentions import Mention
from rheumcalc.prose.reported import read_count
from rheumcalc.prose.tokens import Tokens
from rheumcalc.source import Span

#: How many tokens before and after a number tell what it is the size of.
_BEFORE, _AFTER = 8, 12
#: How many of them may hold the word that says so.
_NEAR_BEFORE, _NEAR_AFTER = 7, 9
#: The words by which a study says how many it had, by how they begin.
_SAID = {"includ": "included", "enrol": "enrolled", "recruit": "recruited", "randomi": "randomised"}


#: The places of the tokens close before a number and close after it.
_Near = tuple[tuple[int, int], tuple[int, int]]


@dataclass(frozen=True, slots=True)
class SampleSize:
    """A number of people that a text states.

    `role` is `study` for everybody in a study, `arm` for a group that was allocated, and `subset` for anybody else.
    `label` is the words that name the group, where they stand before the number's bracket. `said` is the verb by which
    a study states how many it had: `included`.
    """

    n: Printed
    role: str
    label: str | None = None
    said: str | None = None


def sample_sizes(tokens: Tokens, results: Iterable[Mention] = ()) -> list[SampleSize]:
    """Return the sizes that a text states, in order.

    The counts of `results` are no sizes; their denominators are.
    """
    counts = {count.span for count in (result.reported.count for result in results) if count is not None}
    found: dict[Span, SampleSize] = {}
    for size in (*_labelled(tokens), *_counted(tokens)):
        if size.n.span is not None and size.n.span not in counts:
            found.setdefault(size.n.span, size)
    return [found[span] for span in sorted(found)]


@cache
def _label() -> re.Pattern[str]:
    return re.compile(over_tokens(r"{label_n}{mark}{0,2}{equals|colon}(?P<n>{number})"))


@cache
def _name() -> re.Pattern[str]:
    """Return the pattern of the words before a label's bracket, to be met at its end."""
    return re.compile(
        over_tokens(r"(?P<name>(?:{word}|{dash|slash|percent_sign|quantity|named}){1,6}){open|comma|semicolon|colon}\Z")
    )


@cache
def _people() -> re.Pattern[str]:
    """Return the pattern of numbers of people, and of those said without a word for people."""
    adjectives = r"(?:{word-verb-of-conjunction-alternative-unit}|{dash}){0,5}?"
    done = r"(?:{be}|{have}{be}?)(?:{word-verb-person-preposition}){0,2}{flow-overall_survival}|{took_part}"
    return re.compile(
        over_tokens(
            rf"(?P<n>{{number}})(?<!{{currency|bound_sign|slash|plus_minus}}.)"
            rf"(?:{adjectives}{{person}}|(?P<did>{done})|(?P<to>{{to|in}}{{determiner|either}}?{{word-verb}}{{0,3}}{{group|arm_word}}))"
        )
    )


@cache
def _sizes_said() -> re.Pattern[str]:
    """Return the pattern of a size that is said to be one: `a cohort of 143`, `data from 143`, `sample size 143`."""
    return re.compile(
        over_tokens(
            r"(?P<whole>{whole|group|sample|total|data}(?:(?<={whole|group|sample|total}){of}|(?<={data}){from|of}"
            r"|(?<={sample}){size}(?:{be}|{of}){1,2}))"
            r"{determiner}?(?P<n>{number})(?!{slash|of|percent_sign|out})"
        )
    )


def _labelled(tokens: Tokens) -> Iterator[SampleSize]:
    """Yield the sizes printed as `n = 60`."""
    for match in _label().finditer(tokens.letters):
        printed = _size(tokens, match.start("n"))
        if printed is None:
            continue
        first = tokens.sentence_at(match.start()).first
        name = _name().search(tokens.letters, max(first, match.start() - _BEFORE), match.start())
        label = " ".join(tokens.cut(name.start("name"), name.end("name") - 1).split()) if name else None
        words = range(*name.span("name")) if name else range(0)
        yield SampleSize(printed, _role_of_label(tokens, words), label or None)


def _role_of_label(tokens: Tokens, words: range) -> str:
    if not words:
        return "study"
    if any(tokens.has(word, "arm_word") for word in words):
        return "arm"
    return "study" if tokens.has(words[-1], "everybody") else "subset"


def _counted(tokens: Tokens) -> Iterator[SampleSize]:
    """Yield the numbers that count people: `83 children`, `143 were randomised`, `a cohort of 143`."""
    for match in _people().finditer(tokens.letters):
        printed = _size(tokens, match.start("n"))
        if printed is not None:
            place, sentence = match.start("n"), tokens.sentence_at(match.start("n"))
            before = range(max(sentence.first, place - _BEFORE), place)
            after = _clause(tokens, place + 1, sentence.last)
            near = (
                (max(before.start, place - _NEAR_BEFORE), place),
                (after.start, min(after.stop, after.start + _NEAR_AFTER)),
            )
            yield SampleSize(printed, _role(tokens, before, after, near), None, _said(tokens, near))
    for match in _sizes_said().finditer(tokens.letters):
        printed = _size(tokens, match.start("n"))
        if printed is not None:
            yield SampleSize(printed, "study" if tokens.has(match.start(), "sample") else "subset")


@cache
def _clause_end() -> re.Pattern[str]:
    return re.compile(over_tokens(r"{comma|semicolon|stop}"))


def _clause(tokens: Tokens, start: int, last: int) -> range:
    """Return the tokens from a place to the end of its clause, or as far as they are looked at."""
    end = _clause_end().search(tokens.letters, start, min(last, start + _AFTER))
    return range(start, end.start() if end else max(start, min(last, start + _AFTER)))


@cache
def _part_said() -> re.Pattern[str]:
    return re.compile(over_tokens("{analysed_part}"))


@cache
def _included() -> re.Pattern[str]:
    return re.compile(over_tokens("{inclusion}"))


@cache
def _several() -> re.Pattern[str]:
    return re.compile(over_tokens("{either}"))


@cache
def _flow() -> re.Pattern[str]:
    return re.compile(over_tokens("{flow}"))


@cache
def _to_an_arm() -> re.Pattern[str]:
    return re.compile(
        over_tokens(r"(?:[^\n]){0,8}?(?:{to|in}|{took_part&verb})(?:{word|dash|quantity}){0,5}?{group&arm_word}")
    )


@cache
def _to_one() -> re.Pattern[str]:
    return re.compile(over_tokens(r"{allocated}{to}"))


@cache
def _part_before() -> re.Pattern[str]:
    return re.compile(over_tokens(r"(?<!{whole|sample|total|group})(?:{of|among})(?:{determiner}){0,2}\Z"))


@cache
def _takes_part() -> re.Pattern[str]:
    return re.compile(over_tokens(r"(?:{word}){0,6}?(?:{be}|{have}{be}|{took_part})"))


def _role(tokens: Tokens, before: range, after: range, near: _Near) -> str:
    if any(_part_said().search(tokens.letters, *each) for each in near) or _with_something(tokens, after):
        return "subset"
    if _to_an_arm().match(tokens.letters, after.start, after.stop):
        return "arm"
    allocated = _to_one().search(tokens.letters, after.start, after.stop)
    if allocated and not _several().search(tokens.letters, allocated.end(), after.stop):
        return "arm"
    if len(before) > 1 and tokens.has(before[-1], "of") and tokens.has(before[-2], "total"):
        return "study"
    is_part = _part_before().search(tokens.letters, before.start, before.stop) is not None
    is_included = _included().search(tokens.letters, *near[0]) is not None
    if is_included or _takes_part().match(tokens.letters, after.start, after.stop):
        return "subset" if is_part else "study"
    ends_clause = tokens.has(after.stop, "comma") or tokens.has(after.stop, "stop")
    return "study" if is_part and not tokens.has(before[-1], "among") and ends_clause else "subset"


@cache
def _with() -> re.Pattern[str]:
    return re.compile(over_tokens("{with}"))


def _with_something(tokens: Tokens, after: range) -> bool:
    """Decide whether the people of a size are said to be those with something: all may have been more."""
    return any(
        tokens.has(match.end(), "a") or tokens.word(match.end()) in ("data", "follow-up")
        for match in _with().finditer(tokens.letters, after.start, min(after.stop, after.start + 7))
    )


def _said(tokens: Tokens, near: _Near) -> str | None:
    """Return the verb that states a size, where just one stands near it and it is one of inclusion."""
    verbs = {tokens.word(match.start()) for each in near for match in _flow().finditer(tokens.letters, *each)}
    stems = {next((stem for stem in _SAID if verb.startswith(stem)), verb[:6]) for verb in verbs}
    return _SAID.get(stems.pop()) if len(stems) == 1 else None


def _size(tokens: Tokens, index: int) -> Printed | None:
    try:
        printed = read_count(tokens, index)
    except PrintedError:
        return None
    return printed if printed.value > 1 else None
