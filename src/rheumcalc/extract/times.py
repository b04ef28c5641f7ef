"""Find the times that results are given at, and the durations that definitions of response demand.

Both are read where the words leave no choice: a result without a time is not checked against one, and a wrong time
would be a false alarm.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import pairwise
from typing import NamedTuple

from rheumcalc.extract.mentions import Mention
from rheumcalc.extract.segments import segments
from rheumcalc.extract.words import PEOPLE
from rheumcalc.numbers.printed import NUMBER_WORDS
from rheumcalc.numbers.timepoint import Timepoint, parse_timepoint
from rheumcalc.source import Span
from rheumcalc.tokens import SPACE, lower_case

_S = rf"{SPACE}{{1,3}}"
_UNIT = r"(?:days?|weeks?|wks?|months?|mos?|years?|yrs?)"


@cache
def _amount() -> str:
    words = "|".join(sorted(NUMBER_WORDS, key=len, reverse=True))
    return rf"(?:[0-9]{{1,4}}(?:[.·][0-9]{{1,2}})?(?![0-9])|(?:{words})(?:-(?:{words}))?\b)"


# --- times of results ------------------------------------------------------------------------------------------------


class _Phrase(NamedTuple):
    """The words of one or more times in a sentence: `after 6, 9 and 12 months`."""

    span: Span
    times: tuple[Timepoint, ...]


@cache
def _phrases() -> re.Pattern[str]:
    """Return the pattern of the words of times, each way to write them in a group."""
    amount, joint = _amount(), rf"(?:,?{_S}and{_S}|,{SPACE}{{0,3}})"
    respectively = rf"(?:,?{_S}respectively\b)?"
    visit = rf"(?:{_S}(?:follow[- ]?up|visits?|assessments?|time[- ]?points?)\b){{0,2}}"
    return re.compile(
        rf"\b(?:at|after|by)(?:{_S}(?:the|their))?{_S}(?:"
        # at 6, 9 and 12 months; at 6 months, 9 months and 12 months
        rf"(?P<many>{amount}(?:{SPACE}{_UNIT})?(?:{joint}{amount}(?:{SPACE}{_UNIT})?){{0,7}}{joint}{amount}"
        rf"{SPACE}{_UNIT})\b{respectively}"
        # at weeks 12, 24 and 52
        rf"|(?P<named>{_UNIT}{_S}{amount}(?:,{SPACE}{{0,3}}(?:{_UNIT}{_S})?{amount}){{0,7}},?{_S}and{_S}(?:{_UNIT}{_S})?"
        rf"{amount})(?!{SPACE}?[(%]){respectively}"
        rf"|(?P<one>{amount}(?:{SPACE}|-){_UNIT}\b|(?:day|week|wk|month|mo|year|yr){_S}{amount}){visit}{respectively}"
        rf"|(?P<words>baseline|(?:last|final|latest|most{_S}recent|end{_S}of)"
        rf"{_S}(?:follow[- ]?up|visit|assessment|(?:the{_S})?(?:study|treatment)))\b{visit})"
    )


#: What may follow a time counted from the start of treatment or of the study.
_SINCE_START = (
    rf"of{_S}(?:treatment|therapy|follow[- ]?up|observation|the{_S}study)\b"
    rf"|(?:after|from|since|following){_S}(?:the{_S})?(?:start|starting|initiation|initiating|baseline|randomi[sz]ation"
    rf"|enrolment|enrollment|inclusion|treatment{_S}(?:start|initiation)|first{_S}dose)\b"
)
#: What makes a time one that is counted from elsewhere, or a duration, or an age.
_ELSEWHERE = re.compile(
    rf"{SPACE}{{0,3}}(?:(?!{_SINCE_START})(?:of|after|from|since|following|before|prior|post|off|without|later|earlier"
    rf"|or|to|through|old|pregnant|gestation|postpartum)\b|[-/±\u2013\u2014+(]{SPACE}?[0-9±])"
)
#: Words between a result and a time that may give the time to somebody else: `patients who were well at 6 months`.
_OTHERS = re.compile(
    r"\b(?:of|who|whom|whose|which|that|with|without|among|amongst|those|had been|having|already|previously|than|before"
    r"|from|compared|as well|since|until|because|although|but|assumed|reached at|seen at)\b"
    r"|,\s[\w-]+ing\b"
)
_OF_PEOPLE = re.compile(rf"\bof{_S}(?:(?:the|all|these|our){_S})?(?:{'|'.join(sorted(PEOPLE))})\b")
#: Words between two results after which the second may be of another time.
_LATER = re.compile(
    r"[;:]|\b(?:later|then|thereafter|subsequently|after|finally|initially|baseline|fell|rose|decreased|increased|dropped)\b"
)
#: What stands before a time that opens a clause, and so goes with what follows it.
_OPENING = re.compile(r"(?:\A|[,;:.]|\b(?:and|but|while|whereas))\s*\Z")
_CLAUSE_END = re.compile("[;:]")
#: How far a time may stand from its result, and how much before a word is looked at, in characters.
_REACH, _NEAR = 120, 30


def result_times(text: str, mentions: Sequence[Mention]) -> dict[int, Timepoint]:
    """Return the times of results, by the index of each in `mentions`, which are those of `text` in order.

    A time's span is that of its words without `at` or `after`; in a row such as `6, 9 and 12 months` it is the number,
    with the unit where that stands beside it. A time without a number (`last follow-up`) has its text alone.
    """
    found: dict[int, Timepoint] = {}
    starts = [mention.place for mention in mentions]
    for segment in segments(text) if mentions else ():
        first, last = bisect_left(starts, segment.start), bisect_left(starts, segment.end)
        if first < last:
            sentence = lower_case(text[segment.start : segment.end])
            spans = [mention.span.shifted(-segment.start) for mention in mentions[first:last]]
            for index, time in _distribute(sentence, spans, _read_phrases(text, sentence, segment.start)):
                span = time.span.shifted(segment.start) if time.span else None
                found[first + index] = time._replace(span=span)
    return found


def _read_phrases(text: str, sentence: str, offset: int) -> list[_Phrase]:
    """Return the times that a sentence names, in order; those counted from elsewhere have none."""
    phrases = []
    for match in _phrases().finditer(sentence):
        kind = match.lastgroup or ""
        first, last = match.span(kind)
        printed = text[offset + first : offset + last]
        if _ELSEWHERE.match(sentence, match.end()):
            times: tuple[Timepoint, ...] = ()
        elif kind in ("many", "named"):
            times = _row(printed, match[kind], first)
        else:
            time = parse_timepoint(printed)
            times = (time.at(Span(first, last)),) if kind == "words" or time.unit else ()
        phrases.append(_Phrase(Span(*match.span()), times))
    return phrases


def _row(printed: str, lower: str, start: int) -> tuple[Timepoint, ...]:
    """Return the times of a row; none where it is not plain which unit each of them has."""
    units = re.findall(rf"\b{_UNIT}\b", lower)
    times = []
    for match in _item().finditer(lower):
        words = printed[match.start() : match.end()]
        if not match["unit"] and len(set(units)) > 1:
            return ()
        time = parse_timepoint(words if match["unit"] else f"{words} {units[0]}")
        if time.unit is None:
            return ()
        times.append(time.at(Span(*match.span()).shifted(start)))
    return tuple(times)


@cache
def _item() -> re.Pattern[str]:
    unit = rf"\b{_UNIT}\b"
    return re.compile(
        rf"(?=(?P<unit>{unit}{_S}{_amount()}|{_amount()}{SPACE}{unit}|))(?:{unit}{_S})?{_amount()}(?:{SPACE}{unit})?"
    )


def _distribute(sentence: str, spans: list[Span], phrases: list[_Phrase]) -> Iterator[tuple[int, Timepoint]]:
    """Yield which result of a sentence has which time; a result that two phrases claim has none."""
    given: dict[int, list[Timepoint]] = {}
    low = 0
    for index, phrase in enumerate(phrases):
        high = phrases[index + 1].span.start if index + 1 < len(phrases) else len(sentence)
        low_next = phrase.span.end
        for result, time in _results_of(sentence, spans, phrase, Span(low, high)):
            given.setdefault(result, []).append(time)
            # What has its time already leaves the next phrase no choice.
            low_next = max(low_next, spans[result].end)
        low = low_next
    for result, times in given.items():
        if len(times) == 1:
            yield result, times[0]


def _results_of(sentence: str, spans: list[Span], phrase: _Phrase, room: Span) -> Iterator[tuple[int, Timepoint]]:
    """Yield the results that one phrase gives a time, within the `room` that its neighbours leave it."""
    start, end = phrase.span
    # A time between the numbers of one result is not plainly the result's.
    if any(span.start < end and start < span.end for span in spans):
        return
    low = max((match.end() for match in _CLAUSE_END.finditer(sentence, room.start, start)), default=room.start)
    clause_end = _CLAUSE_END.search(sentence, end, room.end)
    high = clause_end.start() if clause_end else room.end
    preceding = [index for index, span in enumerate(spans) if low <= span.start and span.end <= start]
    following = [index for index, span in enumerate(spans) if end <= span.start and span.end <= high]
    opens = bool(_OPENING.search(sentence[max(low, start - _NEAR) : start]))
    if opens and following and not preceding:
        if len(phrase.times) == 1:
            following = _while_listed(sentence, spans, following)
    elif preceding and not opens and _may_belong(sentence[spans[preceding[-1]].end : start], phrase):
        following = preceding if len(phrase.times) > 1 else preceding[-1:]
    elif following and not preceding and not opens and _may_belong(sentence[low : spans[following[0]].start], phrase):
        # `complete response at 12 months was seen in 42 (48%)`
        following = following if len(phrase.times) > 1 else following[:1]
    else:
        return
    if len(phrase.times) == 1:
        yield from ((index, phrase.times[0]) for index in following)
    elif len(phrase.times) == len(following):
        yield from zip(following, phrase.times, strict=True)


def _may_belong(between: str, phrase: _Phrase) -> bool:
    """Return whether the words between a result and a time leave the time to the result."""
    if phrase.times and phrase.times[0].amount == 0:
        # A baseline is what patients are described by: only beside the result itself is it the result's time.
        return not between.strip()
    return len(between) <= _REACH and not _OTHERS.search(_OF_PEOPLE.sub("", between))


def _while_listed(sentence: str, spans: list[Span], following: list[int]) -> list[int]:
    """Return the results that go on being of the time which opens their clause."""
    for place, (one, other) in enumerate(pairwise(following), 1):
        between = sentence[spans[one].end : spans[other].start]
        if _OTHERS.search(_OF_PEOPLE.sub("", between)) or _LATER.search(between):
            return following[:place]
    return following


# --- durations that definitions demand -------------------------------------------------------------------------------


class Definition(NamedTuple):
    """How long a definition of response demands that the response last; `span` is that of the words that say so."""

    duration: Timepoint
    span: Span


#: How far before and after its word a definition is read, in characters.
_BEFORE, _AFTER = 120, 240
_SPACES = re.compile(r"\s+")
_SENTENCE_END = re.compile(r"[.!?][)\]\"'”’]?\s+(?=[A-Z0-9(\[])|\n[ \t]*\n")
_TERM = (
    r"\b(?:(?:clinical|complete|clinically)[ ](?:complete[ ]|clinical[ ])?(?:response|remission)|complete response|ccr"
    r"|responses?|responders?|remission|(?:clinically )?inactive disease|clinical inactivity)\b"
)
#: What is defined is no response where one of these stands close before it, or among what is demanded.
_NO_RESPONSE = re.compile(
    r"\b(?:non|no|not|without|loss|lack|time to|time in|duration|flares?|relapses?|recurrence|failures?|refractory"
    r"|inadequate|incomplete|insufficient|non-?responders?|non-?responses?)\b"
)
#: Then it is the treatment or the watching that lasts, and not the state.
_TREATED = re.compile(r"\b(?:treatment|therapy|treated|receiv\w*|follow(?:ed|ing|[- ]?up)|within|after)\b")
#: What may stand between a term and the word that defines it.
#: Each part begins with its own space, so that a run of spaces, made one before, can be read in one way only.
_LINK = re.compile(
    r"(?: ?\([^()]{1,20}\))?,?(?: (?:which|that|and))?(?: (?:is|was|were|are|has been|had been|being))?"
    r"(?: (?:also|here|then|strictly))?,? ?\(?"
)
#: States that a response is.
_STATE = (
    r"(?:(?:clinically |clinical |complete |continuous |sustained |persistent )*+(?:inactive disease|disease inactivity"
    r"|inactivity|remission|response|absence of|no (?:signs|symptoms|evidence|active|clinical)|freedom from"
    r"|(?:low|minimal) disease activity|disease[- ]free|normal))\b"
)


@cache
def _demands() -> tuple[re.Pattern[str], ...]:
    """Return the patterns of a duration that a state must last, with groups `strict`, `amount` and `unit`."""
    duration = (
        rf"(?P<duration>(?:(?:(?P<strict>more{_S}than|longer{_S}than|over|>(?!{SPACE}?=))|at{_S}least|a{_S}minimum{_S}of"
        rf"|a{_S}period{_S}of|≥|⩾|>{SPACE}?=){SPACE}{{0,3}})?(?P<amount>{_amount()})"
        rf"(?:{SPACE}|-)(?:(?:consecutive|continuous){SPACE})?(?P<unit>{_UNIT}))\b"
    )
    words = rf"(?:{SPACE}(?!for\b)[^\W_][\w'’-]{{0,30}}+){{0,6}}?,?"
    return (
        re.compile(rf"{duration}{_S}(?:period{_S})?of{_S}{_STATE}"),
        re.compile(rf"\b{_STATE}{words}{_S}for{_S}(?:a{_S}period{_S}of{_S})?{duration}"),
        re.compile(
            rf"\b(?:sustained|maintained|persisting|persisted|persistent|lasting|lasted|continuing)"
            rf"(?:{_S}(?:for|over))?{_S}(?:a{_S}period{_S}of{_S})?{duration}"
        ),
    )


def response_definitions(text: str) -> list[Definition]:
    """Return the durations that definitions of response, remission or inactive disease demand, in order.

    The words must define: `remission was defined as inactive disease for at least 6 months`, `remission (inactive
    disease for 6 months)`. That somebody was in remission for 6 months is a result and no definition.
    """
    lowered = lower_case(text)
    found: list[Definition] = []
    for cue in _cues().finditer(lowered):
        definition = _definition(text, lowered, cue)
        if definition is not None and (not found or definition.span.start >= found[-1].span.end):
            found.append(definition)
    return found


@cache
def _cues() -> re.Pattern[str]:
    """Return the pattern of the words that define, each beginning with literal text so that the search is fast."""
    return re.compile(
        r"defined (?:as|by)\b|requir(?:ed|es|ing)\b|i\.e\.|\((?=[^()]{8,100}\b(?:day|week|wk|month|mo|year|yr))"
    )


def _definition(text: str, lowered: str, cue: re.Match[str]) -> Definition | None:
    """Return the definition that a word of definition begins, if what it defines is a response and lasts."""
    term = _term(lowered, cue.start())
    if term is None:
        return None
    in_brackets = cue[0] == "("
    stop = _SENTENCE_END.search(lowered, cue.end(), cue.end() + _AFTER)
    finish = stop.start() if stop else min(len(lowered), cue.end() + _AFTER)
    if in_brackets:
        finish = max(cue.end(), lowered.find(")", cue.end(), finish))
    demand = _demand(lowered, cue.end(), finish)
    # In brackets, `remission (inactive disease for 9 months)` may be a result; with `at least` it is a definition.
    if demand is None or (in_brackets and demand.start("duration") == demand.start("amount")):
        return None
    span = Span(*demand.span("duration"))
    time = parse_timepoint(f"{demand['amount']} {demand['unit']}")
    words = " ".join(text[span.start : span.end].split())
    duration = time._replace(text=words, strict=demand["strict"] is not None, span=span)
    return Definition(duration, Span(term.start, demand.end())) if time.unit else None


def _term(lowered: str, end: int) -> Span | None:
    """Return the response that is defined by what begins at `end`: the last before it, with hardly a word between."""
    begin = max(0, end - _BEFORE)
    term = None
    for term in re.finditer(_TERM, lowered[begin:end]):  # noqa: B007 - the last is wanted
        pass
    if term is None or not _LINK.fullmatch(_SPACES.sub(" ", lowered[begin + term.end() : end])):
        return None
    if _NO_RESPONSE.search(lowered[max(0, begin + term.start() - _NEAR) : begin + term.start()].rpartition(". ")[2]):
        return None
    return Span(*term.span()).shifted(begin)


def _demand(lowered: str, begin: int, finish: int) -> re.Match[str] | None:
    """Return the first duration that a state must last between two places, or None where anything speaks against it."""
    matches = [match for pattern in _demands() if (match := pattern.search(lowered, begin, finish))]
    if not matches:
        return None
    demand = min(matches, key=lambda match: match.start("duration"))
    if _NO_RESPONSE.search(lowered, begin, demand.start()) or _TREATED.search(lowered, begin, demand.end()):
        return None
    return demand
