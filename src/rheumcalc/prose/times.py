"""Find the times that results are given at.

They are read where the words leave no choice: a result without a time is not checked against one, and a wrong time
would be a false alarm.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import accumulate, groupby, pairwise
from typing import NamedTuple

from rheumcalc.numbers.timepoint import UNIT_WORDS, Timepoint, parse_timepoint
from rheumcalc.prose.lexicon import features_of, over_tokens
from rheumcalc.prose.mentions import Mention
from rheumcalc.prose.tokens import Sentence, Tokens

#: What may be the number of a time, whatever it was marked as: `12` in `at month 12 to 8%` as the end of a range.
AMOUNT = "{number|decimal|quantity|named|broken|spread}(?!{percent_sign})"
#: When patients are seen: `visit`, `study visit`, `time points`, `follow up`.
_OCCASION = "(?:{weak_label}?{occasion}|{follow}{up})"
#: How many tokens may stand between a result and its time.
_REACH = 24


class _Place(NamedTuple):
    """The tokens of a result: from `first` to `last`, the last one left out."""

    first: int
    last: int


class _Phrase(NamedTuple):
    """The tokens of one or more times in a sentence, the last one left out: `after 6, 9 and 12 months`."""

    first: int
    last: int
    times: tuple[Timepoint, ...]


@cache
def _phrases() -> re.Pattern[str]:
    """Return the pattern of the words of times, each way to write them in a group."""
    item, joint = rf"{AMOUNT}{{time}}?", r"(?:{comma}?{and}|{comma})"
    return re.compile(
        over_tokens(
            rf"{{time_lead}}{{determiner&preposition-a-pronoun-relative}}?(?:"
            # at 6, 9 and 12 months; at 6 months, 9 months and 12 months
            rf"(?P<many>{item}(?:{joint}{item}){{0,7}}{joint}{AMOUNT}{{time}})"
            # at weeks 12, 24 and 52
            rf"|(?P<named>{{time&label}}{AMOUNT}(?:{{comma}}{{time}}?{AMOUNT}){{0,7}}"
            rf"{{comma}}?{{and}}{{time}}?{AMOUNT})(?!{{open}})"
            # at 6 months; at the 6-month visit, which is one token; at week 12, but not at weeks 12
            rf"|(?P<one>{AMOUNT}{{time}}|{{quantity}}|{{time&label-passing}}{AMOUNT})"
            rf"|(?P<words>{{baseline}}|(?:{{extreme}}?{{last}}|{{end}}{{of}})(?:{_OCCASION}|{{determiner}}?{{course}}))"
            rf"){_OCCASION}{{0,2}}(?:{{comma}}?{{respectively}})?"
        )
    )


@cache
def _elsewhere() -> re.Pattern[str]:
    """Return the pattern of what makes a time one counted from elsewhere, a duration or an age."""
    since_start = (
        r"(?:{since}{determiner}?(?:{course}?{start}|{first}{given})"
        rf"|{{of}}{{determiner}}?(?:{{course}}|{_OCCASION}))"
    )
    number = "{number|decimal|quantity|named|broken|date|percentage|spread|bound|plus_minus-spelled}"
    return re.compile(over_tokens(rf"(?!{since_start}){{elsewhere}}|{{dash|slash|plus_minus|plus|open}}{number}"))


@cache
def _others() -> re.Pattern[str]:
    """Return the pattern of words that may give a time to others than a result: `who were well`, but `of patients`."""
    return re.compile(
        over_tokens(
            r"(?!{of}{determiner}?{person}){sets_apart|percentage}|{have}{be}|{as}{well}|{arrived}{at}"
            r"|(?P<comma>{comma})(?={word})"
        )
    )


@cache
def _later() -> re.Pattern[str]:
    """Return the pattern of what stands between two results of which the second may be of another time."""
    return re.compile(over_tokens(r"{semicolon|colon|later}"))


@cache
def _clause_start() -> re.Pattern[str]:
    """Return the pattern of what a clause with times of its own begins with: `;`, `while`, but not `and`."""
    return re.compile(over_tokens(r"{semicolon|colon|opens_clause-and}"))


@cache
def _clause_end() -> re.Pattern[str]:
    return re.compile(over_tokens(r"{semicolon|colon}"))


@cache
def _opening() -> re.Pattern[str]:
    """Return the pattern of what stands before a time that opens a clause, and so goes with what follows it."""
    return re.compile(over_tokens(r"{comma|semicolon|colon|stop|opens_clause}"))


@cache
def _subject() -> re.Pattern[str]:
    """Return the pattern of what follows a time that belongs to a subject: `the rate at 12 months was 6%`."""
    return re.compile(over_tokens(r"{be}(?:{hedge|bound_sign}|{hedge_than}{than})?{percentage|number|quantity}"))


@cache
def _amount() -> re.Pattern[str]:
    return re.compile(over_tokens(AMOUNT))


def result_times(tokens: Tokens, mentions: Sequence[Mention]) -> dict[int, Timepoint]:
    """Return the times of results, by the index of each in `mentions`, which are those of the text in order.

    A time's span is that of its words without `at` or `after`; in a row such as `6, 9 and 12 months` it is the number,
    with the unit where that stands beside it. A time without a number (`last follow-up`) has its text alone.
    """
    found: dict[int, Timepoint] = {}
    placed = [(index, tokens.at(mention.place)) for index, mention in enumerate(mentions)]
    for sentence, group in groupby(placed, key=lambda each: tokens.sentence_at(each[1])):
        phrases = _read_phrases(tokens, sentence)
        if phrases:
            indices = [index for index, _ in group]
            spans = [mentions[index].span for index in indices]
            places = [_Place(tokens.at(span.start), tokens.at(span.end - 1) + 1) for span in spans]
            given = _distribute(tokens, sentence, places, phrases)
            found.update((indices[result], time) for result, time in given)
    return found


def _read_phrases(tokens: Tokens, sentence: Sentence) -> list[_Phrase]:
    """Return the times that a sentence names, in order; those counted from elsewhere have none."""
    phrases = []
    for match in _phrases().finditer(tokens.letters, *sentence):
        kind = match.lastgroup or ""
        first, last = match.span(kind)
        times: tuple[Timepoint, ...] = ()
        if kind in ("many", "named"):
            times = _row(tokens, first, last)
        else:
            time = parse_timepoint(tokens.cut(first, last - 1))
            if kind == "words" or time.unit:
                times = (time.at(tokens.span(first, last - 1)),)
            elif last - first == 1:
                continue  # `at 5mg`: a measurement of something else
        if _counts_elsewhere(tokens, match.end(), sentence.last):
            times = ()
        phrases.append(_Phrase(*match.span(), times))
    return phrases


def _counts_elsewhere(tokens: Tokens, after: int, last: int) -> bool:
    """Return whether what follows a time counts it from elsewhere; `post-treatment` does so by its first part."""
    if _elsewhere().match(tokens.letters, after, last):
        return True
    first, joint, _ = tokens.word(after).partition("-") if after < last else ("", "", "")
    return bool(joint) and "elsewhere" in features_of(first)


def _row(tokens: Tokens, first: int, last: int) -> tuple[Timepoint, ...]:
    """Return the times of a row; none where it is not plain which unit each of them has."""
    units = [tokens.word(index) for index in range(first, last) if tokens.has(index, "time")]
    is_one_unit = len({UNIT_WORDS[unit] for unit in units}) == 1
    times = []
    for match in _amount().finditer(tokens.letters, first, last):
        begin, end = match.start(), match.start()
        if end + 1 < last and tokens.has(end + 1, "time"):
            end += 1
        elif begin > first and tokens.has(begin - 1, "time"):
            begin -= 1
        elif not is_one_unit:
            return ()
        words = tokens.cut(begin, end)
        time = parse_timepoint(words if begin < end else f"{words} {units[0]}")
        if time.unit is None:
            return ()
        times.append(time.at(tokens.span(begin, end)))
    return tuple(times)


def _distribute(
    tokens: Tokens, sentence: Sentence, places: list[_Place], phrases: list[_Phrase]
) -> Iterator[tuple[int, Timepoint]]:
    """Yield which result of a sentence has which time; a result that two phrases claim has none."""
    given: dict[int, list[Timepoint]] = {}
    reach = list(accumulate((place.last for place in places), max))
    low = sentence.first
    for index, phrase in enumerate(phrases):
        high = phrases[index + 1].first if index + 1 < len(phrases) else sentence.last
        low_next = phrase.last
        begun = bisect_left(places, (phrase.last,))
        # A time between the numbers of one result is not plainly the result's.
        if not begun or reach[begun - 1] <= phrase.first:
            for result, time in _results_of(tokens, places, phrase, Sentence(low, high)):
                given.setdefault(result, []).append(time)
                # What has its time already leaves the next phrase no choice.
                low_next = max(low_next, places[result].last)
        low = low_next
    for result, times in given.items():
        if len(times) == 1:
            yield result, times[0]


def _results_of(
    tokens: Tokens, places: list[_Place], phrase: _Phrase, room: Sentence
) -> Iterator[tuple[int, Timepoint]]:
    """Yield the results that one phrase gives a time, within the `room` that its neighbours leave it."""
    starts = _clause_start().finditer(tokens.letters, room.first, phrase.first)
    low = max((start.end() for start in starts), default=room.first)
    clause_end = _clause_end().search(tokens.letters, phrase.last, room.last)
    high = clause_end.start() if clause_end else room.last
    preceding = range(bisect_left(places, (low,)), bisect_left(places, (phrase.first,)))
    after = range(bisect_left(places, (phrase.last,)), bisect_left(places, (high,)))
    following = [index for index in after if places[index].last <= high]
    opens = phrase.first == low or bool(_opening().match(tokens.letters, phrase.first - 1))
    is_subject = bool(_subject().match(tokens.letters, phrase.last))
    if opens and following and not preceding:
        results = _while_listed(tokens, places, following) if len(phrase.times) == 1 else following
    elif preceding and not opens and not is_subject:
        if not _may_belong(tokens, places[preceding[-1]].last, phrase.first, phrase):
            return
        results = [*preceding] if len(phrase.times) > 1 else [preceding[-1]]
    elif following and not opens:
        # `complete response at 12 months was seen in 42 (48%)`
        begin, end = places[preceding[-1]].last if preceding else low, places[following[0]].first
        if _clause_start().search(tokens.letters, phrase.last, end) or not _may_belong(tokens, begin, end, phrase):
            return
        results = following if len(phrase.times) > 1 else following[:1]
    else:
        return
    if len(phrase.times) == 1:
        yield from ((index, phrase.times[0]) for index in results)
    elif len(phrase.times) == len(results):
        yield from zip(results, phrase.times, strict=True)


def _may_belong(tokens: Tokens, first: int, last: int, phrase: _Phrase) -> bool:
    """Return whether the tokens between a result and a time leave the time to the result."""
    if phrase.times and phrase.times[0].amount == 0:
        # A baseline is what patients are described by: only beside the result itself is it the result's time.
        return first == last
    return last - first <= _REACH and not _sets_apart(tokens, first, last)


def _while_listed(tokens: Tokens, places: list[_Place], following: list[int]) -> list[int]:
    """Return the results that go on being of the time which opens their clause."""
    for count, (one, other) in enumerate(pairwise(following), 1):
        first, last = places[one].last, places[other].first
        if _later().search(tokens.letters, first, last) or _sets_apart(tokens, first, last):
            return following[:count]
    return following


def _sets_apart(tokens: Tokens, first: int, last: int) -> bool:
    """Return whether the words between two places may give a time to others: `who`, `, suggesting`."""
    for match in _others().finditer(tokens.letters, first, max(first, last)):
        if match["comma"] is None or tokens.word(match.end()).endswith("ing"):
            return True
    return False
