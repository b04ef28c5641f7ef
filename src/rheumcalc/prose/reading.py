"""From the tokens of a sentence to its results: every reading is a candidate, and the best cover of them is taken."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from fractions import Fraction
from functools import cache
from typing import NamedTuple

from rheumcalc.numbers.printed import Printed, PrintedError
from rheumcalc.prose.constructions import CONSTRUCTIONS, Construction, Guard, compiled, guards_of, needs_met, needs_of
from rheumcalc.prose.lexicon import over_tokens
from rheumcalc.prose.mentions import Mention
from rheumcalc.prose.reported import Reported, read_count, read_denominator, read_match, read_percentage
from rheumcalc.prose.tokens import Sentence, Tokens
from rheumcalc.source import Span

#: How many tokens before a result a guard looks at.
_BEFORE = 14
#: What a number left over among the numbers of a reading costs it, and what a word between them does.
_LEFT_OVER, _WORD_BETWEEN = 1.0, 0.1
#: What each number of a list is worth, beside the weight of its construction.
_LISTED = 4.0
#: The families in which a percentage is a share, and so no criterion.
_SHARES = frozenset(("fraction", "count first"))
#: How far a reading may lie behind the best one and still be plausible.
_PLAUSIBLE = 2.5


class Candidate(NamedTuple):
    """One way to read some numbers of a sentence: its results, its first and last number, and how well it binds."""

    results: tuple[Reported, ...]
    first: int
    last: int
    weight: float
    construction: Construction

    def percentages(self) -> frozenset[int]:
        """The places in the text of its percentages."""
        return frozenset(r.percent.span.start for r in self.results if r.percent is not None and r.percent.span)


def counted_results(tokens: Tokens, sentence: Sentence) -> list[Mention]:
    """Return the results of a sentence that have a count or a denominator, in order, each with its other readings."""
    candidates = _candidates(tokens, sentence)
    if not candidates:
        return []
    chosen = best_cover(candidates)
    by_percentage: dict[int, list[Candidate]] = {}
    for candidate in candidates:
        if len(candidate.results) == 1:
            for place in candidate.percentages():
                by_percentage.setdefault(place, []).append(candidate)
    found = []
    for best in chosen:
        others = (
            (
                *_others(best, by_percentage),
                *_elsewhere(best, tokens),
                *_complement(best, tokens),
                *_before_phrase(best, tokens, sentence),
            )
            if len(best.results) == 1
            else ()
        )
        nobody = _may_count_nobody(best, tokens, sentence)
        for result in best.results:
            span = result.span
            if span is not None:
                kind = "fraction" if result.percent is None else "proportion"
                none = (Reported(result.text, percent=result.percent),) if nobody else ()
                found.append(Mention(result, span, best.construction.name, kind, alternatives=others + none))
    return found


def _others(best: Candidate, by_percentage: Mapping[int, Iterable[Candidate]]) -> tuple[Reported, ...]:
    """Return the other plausible readings of a result's percentage."""
    return tuple(
        other.results[0]
        for place in best.percentages()
        for other in by_percentage.get(place, ())
        if other is not best and best.weight - other.weight <= _PLAUSIBLE
    )


#: From so many words between a count and its percentage on, they may not belong together.
_FAR = 5


@cache
def _far_phrase() -> re.Pattern[str]:
    """Return the pattern of a count whose noun has a phrase of its own: `8 in the fixed dose group (`."""
    return re.compile(over_tokens(r"{number}(?:{word-person}){0,4}?{preposition}(?:{word-person}){1,5}{open}"))


@cache
def _of_these() -> re.Pattern[str]:
    return re.compile(over_tokens(r"{of}(?:{determiner}){0,1}{pronoun}"))


def _elsewhere(best: Candidate, tokens: Tokens) -> tuple[Reported, ...]:
    """Return the reading in which a percentage is of none of the numbers: it stands far from them, or shares a size."""
    name = best.construction.name
    is_far = name == "count-clause-percentage" and best.last - best.first > _FAR
    is_of_phrase = name == "count-percentage" and _far_phrase().match(tokens.letters, best.first) is not None
    # `151 adults (76% women)`: of some the sex may not be known.
    is_share = "size first" in best.construction.ancestors()
    # `three (15%) of these 17`: the percentage may be of all, and the words say whom the three belong to.
    is_of_these = (
        name == "count-percentage-of" and _of_these().search(tokens.letters, best.first, best.last) is not None
    )
    is_open = is_far or is_of_phrase or is_share or is_of_these
    return (Reported(best.results[0].text, percent=best.results[0].percent),) if is_open else ()


@cache
def _counts_something() -> re.Pattern[str]:
    """Return the pattern of words that say what a number counts: people, or what happens to them."""
    return re.compile(over_tokens("{person|event|share-thing}"))


@cache
def _after_of() -> re.Pattern[str]:
    """Return the pattern of the words before a number that may be the name of a degree: `a performance status of 2`."""
    return re.compile(over_tokens("{word-verb-preposition-total}{of}\\Z"))


@cache
def _adherence() -> re.Pattern[str]:
    """Return the pattern of what has a percentage in each person: `adherence was similar: 79.7% (n = 198)`."""
    return re.compile(over_tokens("{measure&no_share}"))


#: Of so many, events are told as a rate: `39/1000 live births`.
_RATES = frozenset(10**power for power in range(3, 7))


def _may_count_nobody(best: Candidate, tokens: Tokens, sentence: Sentence) -> bool:
    """Decide whether the numbers beside percentages may count nobody, so that the percentages are of something else.

    Numbers of one digit may belong to their noun: `two doses (70%)`, `a status of 2 (16%)`. A count of a round thousand
    after a stroke is a rate. Beside what has a percentage in each person, `n =` is how many were measured.
    """
    result = best.results[-1]
    count, denominator, percent = result.count, result.denominator, result.percent
    if percent is None:
        return False
    if count is None or count.span is None:
        return denominator is not None and _is_named(denominator, tokens, sentence)  # `74% of Pretest 2`
    if denominator is not None:
        before = tokens.at(denominator.span.start) - 1 if denominator.span is not None else sentence.first
        return denominator.value in _RATES and tokens.has(before, "slash")
    if result.is_labelled:
        return _adherence().search(tokens.letters, sentence.first, best.first) is not None
    ancestors = tuple(best.construction.ancestors())
    if not {"count first", "list"} & set(ancestors) or count.value >= _FEW:
        return False
    place = tokens.at(count.span.start)
    between = any(tokens.has(index, "word") for index in range(place + 1, best.last))
    if between and _counts_something().search(tokens.letters, best.first, best.last):
        return False
    return (
        between
        or _is_named(count, tokens, sentence)
        or _after_of().search(tokens.letters, max(0, place - 2), place) is not None
    )


#: Fewer may be the number of a degree, a dose or a place.
_FEW = 10


def _is_named(number: Printed, tokens: Tokens, sentence: Sentence) -> bool:
    """Decide whether a number of one digit may belong to the capital word before it: `Circle 3 to Square 4 (14.7%)`."""
    before = tokens.at(number.span.start) - 1 if number.span else sentence.first
    return number.value < _FEW and before > sentence.first and tokens.printed(before).istitle()


def _complement(best: Candidate, tokens: Tokens) -> tuple[Reported, ...]:
    """Return the reading in which a percentage with its own noun is of the others: `3 of 150 failed (98% success)`."""
    result = best.results[0]
    count, denominator = result.count, result.denominator
    if "fraction first" not in best.construction.ancestors() or count is None or denominator is None:
        return ()
    own_noun = best.last + 2
    says_nothing = ("person", "kind", "group", "whole", "preposition", "conjunction", "of")
    is_of_people = any(tokens.has(own_noun, each) for each in says_nothing)
    if not tokens.has(own_noun, "word") or is_of_people or count.value > denominator.value:
        return ()
    rest = int(denominator.value - count.value)
    others = Reported(result.text, count._replace(text=str(rest), value=Fraction(rest)), denominator, result.percent)
    # Or it is of something else, which its own noun names.
    return (others, Reported(result.text, percent=result.percent))


#: How many tokens before a result its own count may stand, where the number beside it is inside a phrase.
_PHRASE = 20


@cache
def _phrase_with_number() -> re.Pattern[str]:
    """Return the pattern of a count with the phrase that leads to another number: `12/40 patients at the 2 (…`."""
    between = r"{word|mark|quote|dash|quantity|named|date|cited-verb-conjunction-alternative}{0,12}"
    return re.compile(
        over_tokens(
            r"(?P<k>{number})(?:(?:{slash}|{out}?{of}{determiner}{0,2})(?P<n>{number}))?"
            rf"{between}{{preposition|of-determiner}}{{determiner}}?\Z"
        )
    )


def _before_phrase(best: Candidate, tokens: Tokens, sentence: Sentence) -> tuple[Reported, ...]:
    """Return the reading in which the number beside a bracket is no count: `12/40 patients at 2 centres (30%)`."""
    result = best.results[0]
    if result.count is None or result.percent is None or tokens.is_percentage(best.first):
        return ()
    match = _phrase_with_number().search(tokens.letters, max(sentence.first, best.first - _PHRASE), best.first)
    if match is None:
        return ()
    try:
        count = read_count(tokens, match.start("k"))
        denominator = read_denominator(tokens, match.start("n")) if match["n"] else result.denominator
    except PrintedError:
        return ()
    return (Reported(result.text, count, denominator, result.percent),)


def best_cover(candidates: Iterable[Candidate]) -> list[Candidate]:
    """Return the candidates that lie apart and together weigh most, in order.

    The weighted choice among intervals, by the last number of each: what is best up to a place is kept once.
    """
    ordered = sorted(candidates, key=lambda candidate: (candidate.last, candidate.first))
    ends = [candidate.last for candidate in ordered]
    totals = [0.0]
    for index, candidate in enumerate(ordered):
        before = bisect_right(ends, candidate.first - 1, 0, index)
        totals.append(max(totals[-1], totals[before] + candidate.weight))
    chosen: list[Candidate] = []
    index = len(ordered)
    while index:
        candidate = ordered[index - 1]
        if totals[index] == totals[index - 1]:
            index -= 1
            continue
        chosen.append(candidate)
        index = bisect_right(ends, candidate.first - 1, 0, index - 1)
    return chosen[::-1]


#: The groups that are one number each.
_NUMBERS = frozenset(("again", "k", "n", "p"))


@cache
def _in_prose() -> tuple[tuple[Construction, re.Pattern[str], frozenset[str]], ...]:
    """Return the constructions of prose, each with its pattern and the patterns of what it cannot do without."""
    return tuple((each, compiled(each.name), needs_of(each)) for each in CONSTRUCTIONS if each.where != "record")


@cache
def _number() -> re.Pattern[str]:
    """Return the pattern of what no construction of prose can do without."""
    return re.compile(over_tokens("{number}"))


def _candidates(tokens: Tokens, sentence: Sentence) -> list[Candidate]:
    letters, (first, last) = tokens.letters, sentence
    if not _number().search(letters, first, last):
        return []
    there = needs_met(letters, first, last)
    found: dict[tuple[Span, ...], Candidate] = {}
    for construction, pattern, needs in _in_prose():
        if not needs <= there:
            continue
        start = first
        while match := pattern.search(letters, start, last):
            start = match.start() + 1
            candidate = _candidate(construction, match, tokens, sentence)
            if candidate is not None:
                key = tuple(number.span for result in candidate.results for number in result.numbers if number.span)
                if key not in found or found[key].weight < candidate.weight:
                    found[key] = candidate
    return list(found.values())


def _candidate(
    construction: Construction, match: re.Match[str], tokens: Tokens, sentence: Sentence
) -> Candidate | None:
    """Return what a match reads, or None where a guard refuses it or a number cannot be what its place asks for."""
    if _is_refused(construction, match, tokens, sentence):
        return None
    try:
        if construction.parent == "list":
            return _list_candidate(construction, match, tokens)
        places = sorted(match.start(name) for name in _NUMBERS & match.re.groupindex.keys() if match.start(name) >= 0)
        first, last = places[0], places[-1]
        span = _with_brackets(tokens, _label_before(tokens, first), _with_sign(tokens, last))
        reported = read_match(match, tokens, tokens.text[span.start : span.end], span)
    except PrintedError:
        return None
    if not _may_stand(construction, match, tokens, reported):
        return None
    used = set(places)
    between = last - first - len(used - {last})
    left_over = sum(found.start() not in used for found in _number().finditer(tokens.letters, first, last))
    weight = construction.weight - _LEFT_OVER * left_over - _WORD_BETWEEN * between
    return Candidate((reported,), first, last, weight, construction)


def _label_before(tokens: Tokens, index: int) -> int:
    """Return where a count begins: at its label, `n =`, where it has one."""
    label = index - 2
    while tokens.has(label, "mark"):
        label -= 1  # `*n* =`
    is_labelled = tokens.has(index - 1, "equals") or tokens.has(index - 1, "colon")
    return label if is_labelled and tokens.has(label, "label_n") else index


def _with_sign(tokens: Tokens, index: int) -> int:
    return index + 1 if tokens.has(index + 1, "percent_sign") else index


@cache
def _opening() -> re.Pattern[str]:
    return re.compile(over_tokens("{open}"))


@cache
def _closed() -> re.Pattern[str]:
    return re.compile(over_tokens("{close_bracket}"))


@cache
def _closing() -> re.Pattern[str]:
    return re.compile(over_tokens(r"{word-verb-conjunction-of}{0,3}{close_bracket}"))


def _with_brackets(tokens: Tokens, first: int, last: int) -> Span:
    """Return the span of the tokens `first` to `last`, and the bracket that opens or closes one of theirs."""
    if tokens.has(first - 1, "bound_sign"):
        first -= 1
    opened = len(_opening().findall(tokens.letters, first, last + 1))
    closed = len(_closed().findall(tokens.letters, first, last + 1))
    closing = _closing().match(tokens.letters, last + 1)
    is_number = not tokens.has(last, "percent_sign")
    if opened > closed and closing and (closing.end() == last + 2 or is_number):
        last = closing.end() - 1
    elif closed > opened and tokens.has(first - 1, "open"):
        first -= 1
    return tokens.span(first, last)


def _is_refused(construction: Construction, match: re.Match[str], tokens: Tokens, sentence: Sentence) -> bool:
    return any(
        _speaks_against(guard, pattern, match, tokens, sentence)
        and (unless is None or unless.search(match.group()) is None)
        for guard, pattern, unless in guards_of(construction.name)
    )


def _speaks_against(
    guard: Guard, pattern: re.Pattern[str], match: re.Match[str], tokens: Tokens, sentence: Sentence
) -> bool:
    """Decide whether the pattern of a guard is met where it looks."""
    side, _, group = guard.at.partition(" ")
    if side == "inside":
        return pattern.search(match.group()) is not None
    if side == "around":
        return pattern.search(tokens.letters[match.start() : match.end() + 1]) is not None
    place = match.start() if group == "whole" else match.start(group or side)
    if place < 0:
        return False  # the match has no such number
    if side == "before":
        return pattern.search(tokens.letters, max(sentence.first, place - _BEFORE), place) is not None
    # Beside a percentage its sign is passed over.
    after = place + 1 + (group == "p") if side == "after" else place
    return pattern.match(tokens.letters, after, sentence.last) is not None


def _may_stand(construction: Construction, match: re.Match[str], tokens: Tokens, reported: Reported) -> bool:
    """Decide what patterns cannot: whether the values of the numbers may be what their places say."""
    percent, count, denominator = reported.percent, reported.count, reported.denominator
    if percent is None:
        return count is not None and denominator is not None and _is_fraction(match, tokens, reported)
    place = match.start("p")
    if tokens.has(place - 1, "bound_sign") and _SHARES.intersection(construction.ancestors()):
        # `9 of 30 (≥50% reduction)`: a bound is a share where it is near none or near all.
        is_below = tokens.printed(place - 1)[0] in "<≤⩽"
        if (percent.value > 5) if is_below else (percent.value < 95):
            return False
        if tokens.has(place + 2, "word"):
            return False
    is_loose = construction.name in ("count-among-percentage", "count-in-people-percentage", "count-out-percentage")
    if is_loose and count is not None and denominator is not None and count.value > denominator.value:
        return False  # `10 events among 5 subjects (5%)`
    again = read_count(tokens, match.start("again")) if "again" in match.re.groupindex else None
    if again and count is not None and again.value != count.value:
        return False
    if construction.name == "size-parts":
        rest = read_percentage(tokens, match.start("rest")).value
        return 99 <= percent.value + rest <= 101 and 0 not in (percent.value, rest)
    return True


def _is_fraction(match: re.Match[str], tokens: Tokens, reported: Reported) -> bool:
    """Decide whether two numbers without a percentage are a count and its denominator, by their form alone."""
    count, denominator = reported.count, reported.denominator
    k, n = match.start("k"), match.start("n")
    if count is None or denominator is None or count.value > denominator.value:
        return False
    is_stroke = tokens.has(k + 1, "slash")
    in_digits = not tokens.has(n, "spelled")
    if is_stroke:
        return in_digits and not tokens.has(k, "spelled") and 4 < denominator.value < 1900
    if tokens.has(k, "one") and not in_digits:
        return False  # `one of three arms`
    between = range(k + 1, n)
    return tokens.has(k + 1, "of") or tokens.has(k + 1, "out") or any(tokens.has(index, "person") for index in between)


def _list_candidate(construction: Construction, match: re.Match[str], tokens: Tokens) -> Candidate | None:
    """Return one result for each percentage of a list, or None where counts and percentages differ in number."""
    group = "fs" if match.groupdict().get("fs") else "ks"
    counts = [index for index in range(*match.span(group)) if tokens.has(index, "number")]
    percents = [
        index
        for index in range(*match.span("ps"))
        if any(tokens.has(index, feature) for feature in ("percentage", "number", "decimal", "quantity"))
    ]
    step = 2 if group == "fs" else 1
    sizes = (
        [index for index in range(*match.span("ns")) if tokens.has(index, "number")]
        if match.groupdict().get("ns")
        else []
    )
    if len(counts) != len(percents) * step or (sizes and len(sizes) != len(counts)):
        return None
    if sizes:
        counts, step = [number for pair in zip(counts, sizes, strict=True) for number in pair], 2
    shared = match.start("n") if match.groupdict().get("n") else None
    results = tuple(
        _listed(tokens, counts[place * step : place * step + step], shared, percent)
        for place, percent in enumerate(percents)
    )
    numbers = [*counts, *percents]
    weight = _LISTED * len(numbers) + construction.weight - 5
    return Candidate(results, min(numbers), max(numbers), weight, construction)


def _listed(tokens: Tokens, numbers: list[int], shared: int | None, percent: int) -> Reported:
    denominator = numbers[1] if len(numbers) > 1 else shared
    places = [*numbers, percent]
    span = tokens.span(min(places), _with_sign(tokens, max(places)))
    return Reported(
        tokens.text[span.start : span.end],
        count=read_count(tokens, numbers[0]),
        denominator=None if denominator is None else read_denominator(tokens, denominator),
        percent=read_percentage(tokens, percent),
        span=span,
    )
