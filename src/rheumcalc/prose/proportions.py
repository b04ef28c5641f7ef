"""Percentages that stand alone: which are shares of people, events or units, and what the others are.

A percentage without count or denominator says what it is by its neighbours. The nearest words decide; where they do
not, the walk goes left to the next word that tells, or to a percentage already decided, whose kind it takes over.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from enum import StrEnum
from functools import cache
from typing import NamedTuple

from rheumcalc.prose.lexicon import over_tokens
from rheumcalc.prose.tokens import Sentence, Tokens

#: How far a word may stand from the percentage that it explains, in tokens.
_REACH, _REACH_RIGHT = 34, 16
_NO_DIGIT, _SIMPLE = re.compile(r"[^0-9]"), re.compile(r"[0-9]{1,6}(?:[.,·][0-9]{1,6})?")
#: What may stand right after a percentage: where its phrase ends, and where `in 54%` goes on.
_ENDS = frozenset(("close_bracket", "comma", "semicolon", "open", "stop"))
_GOES_ON = frozenset(("comma", "stop", "verb"))
#: Words that link a percentage to the noun before it.
_LINKS = frozenset(("of", "at", "by", "be", "a", "hedge"))
_SPREADS = frozenset(("sd", "se", "sem"))
_CHANGES = frozenset(("change", "comparison"))
_MEASURES = frozenset(("no_share", "measure"))
_IN_PHRASE = frozenset(("word", "number", "quantity", "decimal"))
_COUNTED = frozenset(("whole", "thing"))
#: What takes the percentage after it as a description, and what does not.
_COPULAS, _TAKES, _TAKES_NOT = (
    frozenset(("be", "have")),
    frozenset(("verb", "preposition")),
    frozenset(("person", "conjunction", "of")),
)
_SIGNS_BEFORE = frozenset(("bound_sign", "equals"))


class Nature(StrEnum):
    """What a percentage is: a share, which is read, or one of the kinds that are excluded."""

    SHARE = "a share of those counted"
    INTERVAL = "the level or a limit of an interval"
    RANGE = "one end of a range, or a signed number"
    CHANGE = "a change or a difference"
    MEASURE = "something that is measured in per cent"
    STRENGTH = "a strength or a part of a mixture"
    CRITERION = "a criterion, met by a share that is printed elsewhere"
    PLAN = "planned or assumed"
    AVERAGE = "an average of percentages"


#: What stands beside a percentage and says nothing of it.
_BESIDE = (Nature.INTERVAL, Nature.RANGE)


class _Beside(NamedTuple):
    """The places of what stands beside a percentage.

    `left` is the word before it, its sign and its hedge, and before the bracket that opens between, if it is
    `bracketed`; `after` is what follows its sign and a short aside in brackets.
    """

    left: int
    bracketed: bool
    after: int


_Rule = Callable[[Tokens, Sentence, int, _Beside], Nature | None]


def natures(tokens: Tokens, sentence: Sentence, read: Mapping[int, bool]) -> dict[int, Nature | None]:
    """Return what each percentage of a sentence is that is in no counted result; None where its words do not say.

    `read` holds the tokens of the results found before: True for a percentage of theirs.
    """
    found: dict[int, Nature | None] = {}
    for match in _signed().finditer(tokens.letters, *sentence):
        found[match.start()] = Nature.INTERVAL if tokens.has(match.start(), "bound") else Nature.RANGE
    open_ones = [m.start() for m in _percentages().finditer(tokens.letters, *sentence) if m.start() not in read]
    if not open_ones:
        return found
    if _plan().search(tokens.letters, *sentence) or _words_of_plan(tokens, sentence):
        return found | dict.fromkeys(open_ones, Nature.PLAN)
    for row in _rows(tokens, open_ones, sentence.last):
        own = [_by_neighbours(tokens, sentence, index) for index in row]
        said = next((nature for nature in own if nature is not None), None)
        if said is None:
            said = _by_nearest(tokens, sentence, row[0], found, read)
        found.update((index, said if nature is None else nature) for index, nature in zip(row, own, strict=True))
    return found


@cache
def _percentages() -> re.Pattern[str]:
    return re.compile(over_tokens(r"{percentage}(?={percent_sign})"))


@cache
def _signed() -> re.Pattern[str]:
    return re.compile(over_tokens(r"{spread|bound}(?={percent_sign})"))


@cache
def _plan() -> re.Pattern[str]:
    return re.compile(over_tokens(r"{plan}|{percentage}{percent_sign}{planned_power}|{planned_power}{to}"))


#: What plans are about, in more than one word.
_PLANS = (
    *("sample size", "willingness-to-pay", "coefficient of variation", "coefficients of variation"),
    *("clinically important difference", "type i error", "feasible if", "acceptable if", "criteria for success"),
)


def _words_of_plan(tokens: Tokens, sentence: Sentence) -> bool:
    text = tokens.cut(sentence.first, sentence.last - 1).lower()
    return any(plan in text for plan in _PLANS)


@cache
def _joined() -> re.Pattern[str]:
    """Return the pattern of percentages that one row joins together: `5%, 4% and 3%`."""
    aside = r"(?:{open}[^CLOSED]{1,12}{close_bracket})?".replace(
        "[^CLOSED]", "[^" + over_tokens("{open|close_bracket}")[1:-1] + "]"
    )
    joint = r"(?:{comma|semicolon}?{conjunction|alternative}?{stop}?|{slash})"
    return re.compile(
        over_tokens(
            rf"(?:{{percent_sign}}{aside}{joint}{{word-verb-person-preposition-conjunction-of}}{{0,2}}{{hedge}}?{{bound_sign}}?{{percentage}})+"
        )
    )


def _rows(tokens: Tokens, indices: list[int], last: int) -> list[list[int]]:
    rows: list[list[int]] = []
    end = -1
    for index in indices:
        if rows and index < end:
            rows[-1].append(index)
            continue
        joined = _joined().match(tokens.letters, index + 1, last)
        end = joined.end() if joined else -1
        rows.append([index])
    return rows


# --- the words beside a percentage -----------------------------------------------------------------------------------


def _by_neighbours(tokens: Tokens, sentence: Sentence, index: int) -> Nature | None:
    beside = _Beside(*_before(tokens, sentence, index), _after(tokens, sentence, index))
    for rule in _RULES:
        nature = rule(tokens, sentence, index, beside)
        if nature is not None:
            return nature
    return None


def _noun_phrase(tokens: Tokens, place: int, last: int, length: int = 4) -> range:
    """Return the words from a place on that may be one noun phrase."""
    end = place
    while end < min(last, place + length) and tokens.is_noun(end):
        end += 1
    return range(place, end)


@cache
def _aside() -> re.Pattern[str]:
    inside = "[^" + over_tokens("{open|close_bracket}")[1:-1] + "]"
    return re.compile(over_tokens("{open}") + inside + "{1,12}" + over_tokens("{close_bracket}"))


def _after(tokens: Tokens, sentence: Sentence, index: int) -> int:
    """Return the place after a percentage and its sign, and after a short aside in brackets."""
    place = index + 2
    aside = _aside().match(tokens.letters, place, sentence.last)
    return aside.end() if aside else place


def _before(tokens: Tokens, sentence: Sentence, index: int) -> tuple[int, bool]:
    """Return the place of the word before a percentage, its sign and its hedge, and whether a bracket opens between."""
    left = index - 1
    if tokens.has_any(left, _SIGNS_BEFORE):
        left -= 1
    hedge = _hedge().search(tokens.letters, max(sentence.first, left - 1), left + 1)
    if hedge:
        left = hedge.start() - 1
    bracketed = left >= sentence.first and tokens.has(left, "open")
    return (left - 1 if bracketed else left), bracketed


@cache
def _hedge() -> re.Pattern[str]:
    return re.compile(over_tokens(r"(?:{hedge_than}{than}|{at}{extreme}|{up}{to}|{just}{hedge}|{close}{to}|{hedge})\Z"))


def _is_bound(tokens: Tokens, index: int) -> bool:
    return tokens.has(index - 1, "bound_sign")


def _is_hedged(tokens: Tokens, sentence: Sentence, index: int) -> bool:
    return _hedge().search(tokens.letters, max(sentence.first, index - 2), index) is not None


def _of(tokens: Tokens, sentence: Sentence, index: int, _beside: _Beside) -> Nature | None:
    """`12% of …`: a share where people or units follow."""
    if not tokens.has(index + 2, "of"):
        return None
    start = index + 3
    while start < sentence.last and tokens.has(start, "determiner"):
        if tokens.has(start, "pronoun"):
            return Nature.SHARE
        if tokens.word(start) == "any":
            return Nature.CRITERION
        start += 1
    phrase = []
    for place in range(start, min(sentence.last, start + 6)):
        if tokens.has(place, "verb") or not tokens.has_any(place, _IN_PHRASE):
            break
        if tokens.has(place, "of") and place > start:
            break
        phrase.append(place)
    if not phrase:
        return None
    if any(tokens.word(place) == "baseline" for place in phrase):
        return Nature.CHANGE
    if tokens.has(start, "number") and len(phrase) == 1:
        return Nature.SHARE
    for place in phrase[:5]:
        if (tokens.has(place, "person") and tokens.word(place) != "patient") or tokens.has_any(place, _COUNTED):
            return None if tokens.has(place, "time") else Nature.SHARE
        if tokens.has(place, "measure"):
            return Nature.MEASURE
        if tokens.has(place, "change"):
            return Nature.CHANGE
    if any(tokens.is_plural(place) for place in phrase[:5]):
        return Nature.SHARE
    # `completed at least 75% of the programme` is a criterion
    return Nature.CRITERION if _is_hedged(tokens, sentence, index) or _is_bound(tokens, index) else None


def _noun_after(tokens: Tokens, sentence: Sentence, index: int, beside: _Beside) -> Nature | None:
    """`20% improvement`, `5% shorter`, `0.5% bupivacaine`: none; `18% women`: a share."""
    place = beside.after
    is_closed = tokens.has(index + 2, "close_bracket")
    following = _noun_phrase(tokens, place + is_closed * (place == index + 2), sentence.last)
    left, bracketed, _ = beside
    if any(tokens.has(each, "solution") for each in following[:3]):
        # `39% drug vs 38% saline` compares arms
        return None if _is_compared(tokens, index) else Nature.STRENGTH
    if is_closed:
        return None
    if tokens.has(index + 2, "hedge_than") and tokens.has(index + 3, "than"):
        return Nature.CHANGE
    if tokens.has(index + 2, "alternative") and tokens.has(index + 3, "comparison"):
        return Nature.CRITERION
    for order, each in enumerate(following[:3]):
        if tokens.has(each, "person") or (order == 0 and _is_named_rate(tokens, each)):
            return Nature.SHARE
        if tokens.has_any(each, _CHANGES):
            return Nature.CHANGE if order < 2 else None
        if tokens.has_any(each, _MEASURES):
            return Nature.MEASURE if order < 2 else None
    if not bracketed and following and left >= sentence.first and _leads(tokens, left):
        is_share = any(tokens.has(each, "share") or tokens.has(each, "kind") for each in following)
        return Nature.SHARE if is_share else Nature.MEASURE
    return None


def _is_compared(tokens: Tokens, index: int) -> bool:
    """Decide whether `vs` stands before a percentage."""
    return tokens.has(index - 1, "versus") or (tokens.has(index - 1, "stop") and tokens.has(index - 2, "versus"))


@cache
def _named_rate() -> re.Pattern[str]:
    return re.compile(over_tokens(r"{rate-no_share-part}{rate&no_share}(?!{change|comparison|measure})"))


def _is_named_rate(tokens: Tokens, place: int) -> bool:
    """Decide whether a rate of what happens to people is named: `a 20% mortality rate`, but no response rate."""
    return _named_rate().match(tokens.letters, place) is not None


def _leads(tokens: Tokens, place: int) -> bool:
    """Decide whether what stands before a percentage takes it as a description: `received 5% …`, `with 8% …`."""
    if tokens.has_any(place, _COPULAS):
        return False
    return (
        tokens.has_any(place, _TAKES)
        or (tokens.has(place, "word") and not tokens.has_any(place, _TAKES_NOT))
        or tokens.word(place) in ("of", "or")
    )


def _criterion(tokens: Tokens, sentence: Sentence, index: int, beside: _Beside) -> Nature | None:
    """`75% (PASI 75)`, `pain relief (≥50%)`: a criterion, met by a share that is printed elsewhere."""
    left = beside.left
    shown = tokens.printed(index)
    number = shown if shown.isdecimal() and shown.isascii() else _NO_DIGIT.sub("", shown)
    before = tokens.word(left) if left >= sentence.first else ""
    value = float(shown.replace(",", ".").replace("·", ".")) if _SIMPLE.fullmatch(shown) else 0
    if value > 100:
        return Nature.CHANGE
    if (
        number
        and tokens.has(index + 2, "open")
        and tokens.has(index + 3, "word")
        and tokens.word(index + 3).endswith(number)
    ):
        return Nature.CRITERION
    symbols = range(max(sentence.first, left - 1), left + 1)
    if tokens.has(index - 1, "equals") and any(tokens.has(each, "statistic_symbol") for each in symbols):
        return Nature.MEASURE
    if left >= sentence.first and tokens.has(left, "threshold"):
        return Nature.CRITERION
    if number and before == number:
        return Nature.CRITERION
    is_threshold = _is_bound(tokens, index) or _is_hedged(tokens, sentence, index)
    if is_threshold and tokens.has(left, "in") and any(tokens.has(left - each, "event") for each in (1, 2)):
        return Nature.CRITERION  # `adverse events reported in more than 1% of any group`
    if not _is_bound(tokens, index):
        return None
    if any(tokens.has(each, "change") for each in range(max(sentence.first, left - 4), left + 1)):
        return Nature.CRITERION
    if (
        left >= sentence.first
        and tokens.is_noun(left)
        and not tokens.has(left, "share")
        and not tokens.has(left, "person")
    ):
        return Nature.CRITERION  # `a refill ratio ≥80%`
    ends = index + 2 >= sentence.last or tokens.has_any(index + 2, _ENDS)
    return Nature.CRITERION if ends or tokens.has(left, "measure") else None


def _quantity_beside(tokens: Tokens, sentence: Sentence, index: int, beside: _Beside) -> Nature | None:
    """`6 minutes (31%)`, `16% (206 kcal)`: the percentage says the same as a measurement."""
    left, bracketed, _ = beside
    if bracketed and tokens.has(left, "unit") and tokens.has(left - 1, "quantity") and not tokens.has(left, "time"):
        return Nature.MEASURE
    if bracketed and tokens.has(left, "share_of_one"):
        return Nature.SHARE
    if not _SPREADS.isdisjoint(tokens.words(index + 2, min(index + 4, sentence.last))):
        return Nature.AVERAGE
    if tokens.has(index + 2, "open") and tokens.has(index + 3, "quantity") and tokens.has(index + 4, "unit"):
        return Nature.MEASURE
    return None


def _measure_before(tokens: Tokens, sentence: Sentence, _index: int, beside: _Beside) -> Nature | None:
    """`a difference of 5%`, `reduced by 7%`, `saline 0.9%`: none; `women (67%)`: a share."""
    left, bracketed, _ = beside
    if left < sentence.first:
        return None
    if tokens.has(left, "solution"):
        return Nature.STRENGTH
    if bracketed:
        return Nature.SHARE if tokens.has(left, "person") else None
    near = range(max(sentence.first, left - 3), left)
    if tokens.has(left, "of") and tokens.has(left - 1, "total"):
        changes = any(tokens.has(each, "change") for each in range(max(sentence.first, left - 6), left))
        return Nature.CHANGE if changes else Nature.SHARE
    if tokens.has(left, "by"):
        wide = range(max(sentence.first, left - 12), left)
        if any(tokens.has_any(each, _CHANGES) for each in wide):
            return Nature.CHANGE
    if tokens.has(left, "from") or any(tokens.has(each, "rate") for each in near) or not _links(tokens, left):
        return None
    if any(tokens.has(each, "measure") for each in near):
        return Nature.MEASURE
    if any(tokens.has_any(each, _CHANGES) for each in near):
        return Nature.CHANGE
    return None


def _links(tokens: Tokens, place: int) -> bool:
    """Decide whether a word links a percentage to the noun before it: `of`, `was`, `at`."""
    return tokens.has_any(place, _LINKS) or tokens.word(place) in ("the", "assigned", "using")


def _verb_after(tokens: Tokens, sentence: Sentence, index: int, beside: _Beside) -> Nature | None:
    """`17% had soft stools`: the percentage is a subject, and people and things counted are what acts."""
    place = beside.after
    if place >= sentence.last:
        return None
    if tokens.has(place, "verb") and not tokens.has(place, "change"):
        return Nature.SHARE
    return Nature.SHARE if tokens.word(index + 2) in ("who", "whose") else None


@cache
def _compared_by_ratio() -> re.Pattern[str]:
    """Return the pattern of what follows a percentage up to an effect that compares it with another share."""
    joint = "percentage|percent_sign|versus|conjunction|and|comma|semicolon|stop|hedge|quantity|decimal|equals"
    between = rf"(?:{{{joint}}}|{{word-verb-measure}}){{0,12}}?"
    return re.compile(over_tokens(rf"{{percent_sign}}{between}(?:{{ratio_of_shares}}|{{name&alternative}})"))


def _ratio_after(tokens: Tokens, sentence: Sentence, index: int, beside: _Beside) -> Nature | None:
    """`(82% vs 36%, OR 10)`: what an odds ratio or a risk ratio compares are shares."""
    bracketed = beside.bracketed
    if not bracketed and not _is_compared(tokens, index):
        return None
    return Nature.SHARE if _compared_by_ratio().match(tokens.letters, index + 1, sentence.last) else None


def _between_groups(tokens: Tokens, sentence: Sentence, _index: int, beside: _Beside) -> Nature | None:
    """`the difference between the valerian group (29%) and …`: what differs between groups is told in brackets."""
    left, bracketed, _ = beside
    if not bracketed or left < sentence.first or not tokens.has(left, "group"):
        return None
    if tokens.kinds(sentence) & {"measure", "average"}:
        return None
    near = range(left, max(sentence.first, left - _REACH) - 1, -1)
    return Nature.SHARE if any(tokens.word(place) == "between" for place in near) else None


def _per_time(tokens: Tokens, sentence: Sentence, index: int, _beside: _Beside) -> Nature | None:
    """`2.65%/year`: a rate."""
    if not tokens.has(index + 3, "time"):
        return None
    is_per = tokens.has(index + 2, "slash") or (index + 2 < sentence.last and tokens.word(index + 2) == "per")
    return Nature.MEASURE if is_per else None


def _in_alone(tokens: Tokens, sentence: Sentence, index: int, beside: _Beside) -> Nature | None:
    """`In 54%, nothing was seen`: whoever they are, they are counted."""
    left, bracketed, _ = beside
    follows = tokens.has_any(index + 2, _GOES_ON)
    return Nature.SHARE if not bracketed and left >= sentence.first and tokens.has(left, "in") and follows else None


@cache
def _average_of_parts() -> re.Pattern[str]:
    return re.compile(over_tokens("{average}{part}{of}"))


def _averaged(tokens: Tokens, sentence: Sentence, index: int, _beside: _Beside) -> Nature | None:
    """`the median percentage of days was 2.3% for 49 children; 2.5% in 47`: an average, whoever it is of."""
    if "part" not in tokens.kinds(sentence):
        return None
    return Nature.AVERAGE if _average_of_parts().search(tokens.letters, sentence.first, index) else None


_RULES: tuple[_Rule, ...] = (
    _averaged,
    _per_time,
    _ratio_after,
    _of,
    _noun_after,
    _criterion,
    _quantity_beside,
    _measure_before,
    _verb_after,
    _in_alone,
    _between_groups,
)


# --- the nearest word that tells -------------------------------------------------------------------------------------


def _by_nearest(
    tokens: Tokens, sentence: Sentence, index: int, found: Mapping[int, Nature | None], read: Mapping[int, bool]
) -> Nature | None:
    """Return what the nearest telling word to the left says, or the percentage before, or the words to the right."""
    # `rose from 19% to 74%`: what changes is told by another word.
    is_level = _from_to(tokens, sentence, index)
    place = index
    while (place := place - 1) > max(sentence.first - 1, index - _REACH):
        if tokens.has(place, "close_bracket"):
            place = _over_bracket(tokens, place, sentence.first, found, read)
        if found.get(place) is not None and _is_bound(tokens, place) and _is_bound(tokens, index):
            return found[place]  # a row of bounds goes on as it began
        said = _says(tokens, sentence, place, found, read)
        if said is Nature.CHANGE and is_level:
            continue
        if said is not None:
            # `45% in males and 42% in females`: the people are those of the percentage before, and say no more of this.
            earlier = _of_percentage_before(tokens, place) if tokens.has(place, "person") else None
            return said if earlier is None else found.get(earlier, said)
    place = index + 1
    while (place := place + 1) < min(sentence.last, index + _REACH_RIGHT):
        if tokens.has(place, "open"):
            closing = next(
                (each for each in range(place, min(place + 9, sentence.last)) if tokens.has(each, "close_bracket")),
                None,
            )
            if closing is None or not any(tokens.has(each, "percentage") for each in range(place, closing)):
                break
            place = closing
        said = _says(tokens, sentence, place, {}, {})
        if said is not None:
            return said
    left, bracketed = _before(tokens, sentence, index)
    if bracketed:
        is_group = left >= sentence.first and tokens.has(left, "group")
        return Nature.SHARE if is_group or _compares(tokens, sentence) else None
    follows = (
        tokens.has(index + 2, "in")
        or tokens.has(index + 2, "among")
        or (index + 2 < sentence.last and tokens.word(index + 2) == "for")
    )
    return Nature.SHARE if follows else None


@cache
def _from() -> re.Pattern[str]:
    return re.compile(
        over_tokens(
            r"{from}(?:{percentage}{percent_sign}(?:{open}{word|number|equals|label_n|percentage|percent_sign}{1,6}{close_bracket})?{word-verb-to}{0,6}{to})?\Z"
        )
    )


def _from_to(tokens: Tokens, sentence: Sentence, index: int) -> bool:
    return _from().search(tokens.letters, max(sentence.first, index - 16), index) is not None


@cache
def _in_people() -> re.Pattern[str]:
    return re.compile(
        over_tokens(r"{percentage}{percent_sign}{preposition}{word-verb-person-conjunction}{0,2}{person}\Z")
    )


def _of_percentage_before(tokens: Tokens, place: int) -> int | None:
    match = _in_people().search(tokens.letters, max(0, place - 6), place + 1)
    return match.start() if match else None


def _compares(tokens: Tokens, sentence: Sentence) -> bool:
    """Decide whether a sentence compares groups or counts people, and measures nothing."""
    has = tokens.kinds(sentence)
    return bool(has & {"group", "person"}) and not has & {"measure", "change"}


def _over_bracket(
    tokens: Tokens, place: int, first: int, found: Mapping[int, Nature | None], read: Mapping[int, bool]
) -> int:
    """Return where the bracket that closes at a place opens, if it holds no percentage that was decided."""
    for opening in range(place - 1, max(first - 1, place - _REACH), -1):
        if found.get(opening, Nature.RANGE) not in _BESIDE or opening in read or tokens.has(opening, "close_bracket"):
            break
        if tokens.has(opening, "open"):
            return opening
    return place


def _says(
    tokens: Tokens, sentence: Sentence, place: int, found: Mapping[int, Nature | None], read: Mapping[int, bool]
) -> Nature | None:
    has = tokens.features(place)
    if place in read:
        return Nature.SHARE if read[place] else None
    if "percentage" in has and _is_bound(tokens, place):
        return Nature.SHARE  # a criterion: what follows is the share that meets it
    if place in found:
        return None if found[place] in _BESIDE else found[place]
    if "quantity" in has:
        is_criterion = (
            _is_bound(tokens, place)
            and not tokens.has(place - 2, "statistic_symbol")
            and tokens.word(place - 2) != "p-value"
            and place - 2 >= sentence.first
        )
        return Nature.SHARE if is_criterion else None
    if "currency" in has:
        return Nature.MEASURE
    if "change" in has:
        rates = any(tokens.has(each, "rate") for each in range(max(sentence.first, place - 12), place))
        return Nature.SHARE if rates else Nature.CHANGE
    if "measure" in has and not (place > 0 and tokens.word(place - 1) == "birth"):
        bounds = any(tokens.has(each, "bound_sign") for each in range(max(sentence.first, place - 5), place))
        return Nature.SHARE if bounds else Nature.MEASURE
    if "share" in has:
        # `the median proportion of days`: an average over people, and no share of them
        averaged = tokens.has(place, "part") and any(
            tokens.has(each, "average") for each in range(max(sentence.first, place - 3), place)
        )
        return Nature.AVERAGE if averaged else Nature.SHARE
    return Nature.SHARE if "person" in has and not tokens.word(place).startswith("control") else None
