"""What else a result may honestly be: an estimate, a score, a share of lesions, a change.

The words around a result tell. What is said here never makes a claim; it keeps a check from judging one too harshly.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from rheumcalc.numbers.feasible import feasible_counts, feasible_denominators
from rheumcalc.numbers.rounding import NEAREST
from rheumcalc.prose.lexicon import over_tokens
from rheumcalc.prose.mentions import Mention
from rheumcalc.prose.reported import Reported
from rheumcalc.prose.tokens import Sentence, Tokens
from rheumcalc.study.doubts import Doubt

#: How many tokens after a result its noun may take: `16 (18.2%) active swollen joints`.
_NOUN_REACH = 4
#: How many tokens before and after a result may make it an estimate, within its part of the sentence.
_BEFORE, _AFTER = 30, 14
#: The largest size that is tried, far above those with which a percentage says anything.
_MAX_SIZE = 1_000_000
_FEWEST_LEVELS = 3
#: A fraction of so few may be a grade, a score or a manner of speaking as well as a count.
_FEW = 10
_OUT_OF = 100
#: Constructions in which the percentage says once more what the fraction says.
_RESTATED = frozenset(("fraction-percentage-joined", "percentage-fraction-joined", "fraction-words-percentage"))


def with_doubts(mentions: list[Mention], tokens: Tokens, sentence: Sentence) -> list[Mention]:
    """Return the mentions of a sentence with what its words make doubtful, and with what is counted."""
    found = []
    for mention in mentions:
        first, last = tokens.at(mention.span.start), tokens.at(mention.span.end - 1)
        nouns = _nouns(mention, tokens, sentence, first, last)
        people = any(tokens.has(noun, "person") for noun in nouns)
        named = mention._replace(unit="participants" if people else counted_by(tokens, nouns), names_people=people)
        doubt = _doubt(named, tokens, sentence, first, last)
        found.append(named if doubt is None else named._replace(doubt=doubt))
    return _one_or_the_next(_without_levels(_estimates_shared(found, tokens)), tokens)


#: How many words may stand between results of one row: `55% (22/44) on the drug and 30% (15/43)`.
_ROW = 12
_ESTIMATES = frozenset(
    (
        *(Doubt.KAPLAN_MEIER, Doubt.CUMULATIVE_INCIDENCE, Doubt.WEIGHTED, Doubt.ADJUSTED),
        *(Doubt.IMPUTED, Doubt.MODELLED, Doubt.POOLED, Doubt.AVERAGE),
    )
)


def _estimates_shared(mentions: list[Mention], tokens: Tokens) -> list[Mention]:
    """Return the mentions of a sentence, those of a row made as any is: `adjusted 61% (24/44) v 40% (19/45)`."""
    found = list(mentions)
    for places in (range(1, len(found)), range(len(found) - 2, -1, -1)):
        for place in places:
            beside = place - places.step
            if (
                found[beside].doubt in _ESTIMATES
                and found[place].doubt is None
                and _in_a_row(found, place, beside, tokens)
            ):
                found[place] = found[place]._replace(doubt=found[beside].doubt)
    return found


def _in_a_row(mentions: list[Mention], one: int, other: int, tokens: Tokens) -> bool:
    first, second = (mentions[place].span for place in sorted((one, other)))
    between = range(tokens.at(first.end - 1) + 1, tokens.at(second.start))
    return len(between) <= _ROW and not _ends_row().search(tokens.letters, between.start, between.stop)


@cache
def _ends_row() -> re.Pattern[str]:
    return re.compile(over_tokens("{semicolon|be}"))


def _doubt(mention: Mention, tokens: Tokens, sentence: Sentence, first: int, last: int) -> Doubt | None:
    return (
        _estimate(tokens, sentence, first, last)
        or _interval(tokens, sentence, last)
        or _no_count(mention, tokens, sentence, first)
        or _per_person(mention, tokens, sentence, first, last)
        or _few(mention, tokens, first, last)
        or size_by_label(mention.reported)
    )


def _without_levels(mentions: list[Mention]) -> list[Mention]:
    """Return the mentions with a doubt where numbers name levels: `0 (55%), 1 (30%) or 2 (10%) injections`."""
    alone = [m for m in mentions if m.reported.count is not None and m.reported.denominator is None]
    counts = [int(m.reported.count.value) for m in alone if m.reported.count is not None]
    in_row = len(counts) >= _FEWEST_LEVELS and counts == list(range(counts[0], counts[0] + len(counts)))
    has_none = any(mention.doubt is Doubt.LEVEL for mention in alone)
    if not in_row and not has_none:
        return mentions
    few = {id(m) for m, count in zip(alone, counts, strict=True) if count < _FEW and not m.names_people}
    return [m._replace(doubt=m.doubt or Doubt.LEVEL) if id(m) in few else m for m in mentions]


@cache
def _or() -> re.Pattern[str]:
    return re.compile(over_tokens(r"{close_bracket}{alternative}\Z"))


def _one_or_the_next(mentions: list[Mention], tokens: Tokens) -> list[Mention]:
    """Return the mentions with a doubt where two numbers follow one another by `or`: `2 (34%) or 3 (22%) types`."""
    found = list(mentions)
    for place in range(1, len(found)):
        one, other = found[place - 1].reported, found[place].reported
        second = tokens.at(found[place].span.start)
        if one.count is None or other.count is None or one.denominator is not None or other.denominator is not None:
            continue
        if other.count.value == one.count.value + 1 and _or().search(tokens.letters, max(0, second - 2), second):
            for each in (place - 1, place):
                if not found[each].names_people:
                    found[each] = found[each]._replace(doubt=found[each].doubt or Doubt.LEVEL)
    return found


# --- estimates -------------------------------------------------------------------------------------------------------


@cache
def _estimates() -> tuple[tuple[Doubt, re.Pattern[str]], ...]:
    other_number = r"(?!{dash|mark}{0,1}(?:{word-odds_words-person}){0,2}{odds_words})"
    return tuple(
        (doubt, re.compile(over_tokens(pattern)))
        for doubt, pattern in (
            (
                Doubt.KAPLAN_MEIER,
                r"{kaplan_meier}|(?:{qualifies_survival|quantity|time}{dash}?){1,3}{overall_survival}",
            ),
            (Doubt.CUMULATIVE_INCIDENCE, r"{cumulative}{incidence}"),
            (Doubt.WEIGHTED, rf"{{weighted}}{other_number}"),
            (Doubt.ADJUSTED, rf"(?:(?<!{{be}}){{adjusts}}|{{adjusted-adjusts}}){other_number}|{{adjusts}}{{for}}"),
            (Doubt.IMPUTED, r"{imputed}"),
            (Doubt.MODELLED, rf"{{modelled}}{other_number}"),
            (Doubt.POOLED, r"{pooled}"),
        )
    )


@cache
def estimate_words() -> re.Pattern[str]:
    """Return the pattern of the words that no estimate can be told without."""
    return re.compile(
        over_tokens(r"{kaplan_meier|overall_survival|cumulative|weighted|adjusted|adjusts|imputed|modelled|pooled}")
    )


@cache
def _average() -> re.Pattern[str]:
    """Return the pattern of an average that a result is said to be: `the mean of the rates was 64% (96/150)`."""
    return re.compile(
        over_tokens(
            r"{average-comparison}(?:{word|quote|percent_sign-verb}){0,9}{be}{hedge}?\Z|{average-comparison}{comma}?{hedge}?\Z"
        )
    )


def _estimate(tokens: Tokens, sentence: Sentence, first: int, last: int) -> Doubt | None:
    """Return what kind of estimate the words beside a result make it: `by Kaplan-Meier it was 12/40 (35%)`.

    They are looked for up to the next result or semicolon on either side: what is adjusted beyond it is another number.
    """
    low, high = max(sentence.first, first - _BEFORE), max(last + 1, min(sentence.last, last + 1 + _AFTER))
    previous = _last_limit().match(tokens.letters, low, first)
    following = _limit().search(tokens.letters, last + 1, high)
    before = previous.end() - 1 if previous else low - 1
    after = following.start() if following else high
    beside = [
        stretch
        for stretch in ((before + 1, first), (last + 1, after))
        if estimate_words().search(tokens.letters, *stretch)
    ]
    for doubt, pattern in _estimates() if beside else ():
        if any(pattern.search(tokens.letters, *stretch) for stretch in beside):
            return doubt
    return Doubt.AVERAGE if _average().search(tokens.letters, before + 1, first) else None


#: Where the words beside a result end: at the next percentage, fraction or semicolon.
_LIMIT = "(?:{semicolon}|{percent_sign}(?<={percentage|spread|bound}.))"


@cache
def _limit() -> re.Pattern[str]:
    return re.compile(over_tokens(_LIMIT))


@cache
def _last_limit() -> re.Pattern[str]:
    return re.compile(over_tokens(rf"(?s:.*){_LIMIT}"))


def estimate_by_words(tokens: Tokens, first: int = 0, last: int | None = None) -> Doubt | None:
    """Return what kind of estimate the words of a stretch make every percentage that they speak of, if any."""
    end = len(tokens) if last is None else last
    if not estimate_words().search(tokens.letters, first, end):
        return None
    return next((doubt for doubt, pattern in _estimates() if pattern.search(tokens.letters, first, end)), None)


@cache
def _interval_after() -> re.Pattern[str]:
    return re.compile(
        over_tokens(
            r"(?:{comma|semicolon|colon|close_bracket|open}){0,3}(?:{word-person-verb}{0,1})"
            r"(?:{bound|number|decimal|percentage}{percent_sign}?{dash}?)?{interval-and}"
        )
    )


def _interval(tokens: Tokens, sentence: Sentence, last: int) -> Doubt | None:
    """Return the doubt that an interval beside a result raises: an estimate has one, and so may a plain proportion."""
    return Doubt.WITH_INTERVAL if _interval_after().match(tokens.letters, last + 1, sentence.last) else None


# --- numbers that count nobody ---------------------------------------------------------------------------------------


#: The lines of eye charts, in metres and in feet.
_CHARTS = {
    6: frozenset({5, 6, 9, 12, 15, 18, 24, 36, 60}),
    20: frozenset({20, 25, 30, 32, 40, 50, 60, 63, 70, 80, 100, 125, 160, 200, 400}),
}


@cache
def _change() -> re.Pattern[str]:
    return re.compile(over_tokens(r"{change|comparison}"))


def _changed(tokens: Tokens, sentence: Sentence, first: int) -> bool:
    """Decide whether a sentence speaks of a change before a place: `pain fell by 3 (60%), fatigue by 2 (35%)`."""
    return _change().search(tokens.letters, sentence.first, first) is not None


def _is_repeated(tokens: Tokens, first: int) -> bool:
    """Decide whether a name stands with the same two numbers elsewhere too, as that of a dose does: `ES 10/20`."""
    return tokens.text.count(tokens.cut(first - 1, first + 2)) > 1


@cache
def _scale_of() -> re.Pattern[str]:
    return re.compile(over_tokens(r"{name-rate-share}{of}\Z"))


@cache
def _spoken() -> re.Pattern[str]:
    return re.compile(over_tokens(r"{number}{word-verb-person}{0,1}(?:{of|in}|{out}{of})\Z"))


def _no_count(mention: Mention, tokens: Tokens, sentence: Sentence, first: int) -> Doubt | None:
    """Return the doubt whether a number counts anybody: `0 (55%)`, `fell by 3 (60%)`, `1/160 (42%)`."""
    count, denominator, percent = mention.reported.count, mention.reported.denominator, mention.reported.percent
    if count is None or percent is None:
        return None
    is_stroke = "/" in mention.reported.text
    if denominator is None:
        if mention.construction == "percentage-enclosed-count":
            return Doubt.REFERENCE
        if count.value == 0 and percent.value >= 1:
            return Doubt.LEVEL
        if tokens.has(first, "single") and tokens.has(first - 1, "name"):
            return Doubt.NAME  # `commonest in MTP 5 (48%), then MCP 2 (39%)`
        if tokens.has(first - 1, "by") and not mention.names_people and _changed(tokens, sentence, first):
            return Doubt.CHANGE
        return Doubt.MANNER_OF_SPEAKING if _spoken().search(tokens.letters, max(0, first - 4), first) else None
    if count.value == denominator.value and percent.value != 100:
        return Doubt.FULL_SCORE
    if is_stroke and denominator.value in _CHARTS.get(int(count.value), ()) and not mention.names_people:
        return Doubt.EYE_CHART
    if not mention.names_people and _may_be_date(mention, tokens):
        return Doubt.YEARS
    if re.match(r"[*_/^A-Za-z-]", tokens.text[max(0, mention.span.start - 1) : mention.span.start]):
        return Doubt.NAME
    if is_stroke and tokens.has(first - 1, "name") and "named_by_numbers" in tokens.kinds(sentence):
        return Doubt.NAME
    if is_stroke and tokens.has(first - 1, "name") and _is_repeated(tokens, first):
        return Doubt.NAME
    if mention.construction == "fraction-percentage-joined" and denominator.value == _OUT_OF != percent.value:
        return Doubt.SCORE  # `11/100 or 37% of baseline`: of a hundred, so many are as many per cent
    if is_stroke and _scale_of().search(tokens.letters, max(sentence.first, first - 2), first):
        return Doubt.SCORE
    is_round = denominator.value >= 2 * _FEW and denominator.value % _FEW == 0
    return Doubt.TITRE if is_stroke and count.value == 1 and is_round and not mention.names_people else None


#: The most that a number before a year may be where it is a month, or the day of one.
_MONTHS, _DAYS = 12, 31


def _may_be_date(mention: Mention, tokens: Tokens) -> bool:
    """Decide whether a denominator may be a year: `2010/2012 (45%)`, `3/1950 (5%)`, `9 (45%) of 2012`."""
    count, denominator = mention.reported.count, mention.reported.denominator
    if count is None or denominator is None or count.span is None or denominator.span is None:
        return False
    k, n = tokens.at(count.span.start), tokens.at(denominator.span.start)
    if not tokens.has(n, "year"):
        return False
    if tokens.has(n - 1, "slash"):
        return count.value <= _MONTHS or tokens.has(k, "year")
    return tokens.has(n - 1, "of") and (count.value <= _DAYS or tokens.has(n - 2, "close_bracket"))


def _per_person(mention: Mention, tokens: Tokens, sentence: Sentence, first: int, last: int) -> Doubt | None:
    """Return the doubt that `10 of 12 sessions (86%)` raises: each person has several, and an average is meant."""
    if mention.reported.denominator is None or mention.reported.percent is None or mention.names_people:
        return None
    end = last + 1
    while end < min(sentence.last, last + 1 + _NOUN_REACH) and tokens.is_noun(end):
        end += 1
    return Doubt.AVERAGE if any(tokens.has(place, "per_person") for place in range(first, end)) else None


def _few(mention: Mention, tokens: Tokens, first: int, last: int) -> Doubt | None:
    """Return the doubt that a fraction of few raises: `4/5 (35%)` of a scale, `one of two (45%)`, `nearly 2 of 3`."""
    count, denominator = mention.reported.count, mention.reported.denominator
    if count is None or denominator is None or mention.reported.percent is None:
        return None
    if tokens.hedge_before(first) is not None:
        return Doubt.ROUND_NUMBERS
    if denominator.value > _FEW:
        return None
    inside = range(first, last + 1)
    if mention.construction in _RESTATED:
        return None  # `3/8 = 75%` works it out
    if any(
        tokens.has(place, "spelled") and tokens.starts[place] == denominator.span.start
        for place in inside
        if denominator.span
    ):
        return Doubt.ROUND_NUMBERS
    near = range(max(0, first - 2), min(len(tokens), last + 1 + _NOUN_REACH))
    people = any(tokens.has(place, feature) for place in near for feature in ("person", "whole"))
    counted = any(tokens.is_plural(place) and not tokens.has(place, "unit") for place in inside)
    return None if people or counted else Doubt.SCORE


def size_by_label(reported: Reported) -> Doubt | None:
    """Return the doubt whether `n = 24` beside a percentage is a count: `79%; n = 24` may be 19 of 24."""
    count, percent = reported.count, reported.percent
    if not reported.is_labelled or count is None or percent is None or reported.denominator is not None:
        return None
    # Where a denominator fits, the number is taken for the count, as journals print it.
    if not 0 < count.value < _MAX_SIZE or feasible_denominators(int(count.value), percent, NEAREST):
        return None
    return Doubt.GROUP_SIZE if feasible_counts(percent, int(count.value), NEAREST) else None


# --- what is counted -------------------------------------------------------------------------------------------------


def _nouns(mention: Mention, tokens: Tokens, sentence: Sentence, first: int, last: int) -> list[int]:
    """Return the words of a result's noun and of the phrase that opens its clause: what is counted is among them."""
    nouns = [place for place in range(first, last + 1) if tokens.is_noun(place)]
    after = last + 1
    while after < sentence.last and (
        tokens.has(after, "of") or (tokens.has(after, "determiner") and tokens.has(after - 1, "of"))
    ):
        after += 1
    while after < min(sentence.last, last + 1 + _NOUN_REACH + 2) and tokens.is_noun(after):
        nouns.append(after)
        after += 1
    antecedent = mention.antecedent
    if antecedent is not None and antecedent.span.end <= mention.span.start:
        nouns += range(tokens.at(antecedent.span.start), tokens.at(antecedent.span.end - 1) + 1)
    return nouns


def counted_by(tokens: Tokens, places: Iterable[int]) -> str:
    """Return what words count: `participants` where they name people, or nothing that is counted."""
    places = list(places)
    if any(tokens.has(place, "person") for place in places):
        return "participants"
    thing = next((place for place in places if tokens.has(place, "thing")), None)
    if thing is None:
        return "participants"
    # `12 studies … and 1 trial` are counted together.
    return "studies" if tokens.has(thing, "source_count") else tokens.word(thing)
