"""Find changes printed beside the two percentages they lie between: `from 53% to 29%, a fall of 24 percentage points`.

Only what must be the difference of the two is read. Means, models, adjusted and hedged changes are not, and neither is
a change that may be between others.
"""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from rheumcalc.numbers.printed import Printed, PrintedError, parse_number
from rheumcalc.prose.lexicon import features_of, over_tokens, token_class
from rheumcalc.prose.tokens import Sentence, Tokens
from rheumcalc.source import Span


class Difference(NamedTuple):
    """A change printed beside the two percentages it lies between.

    `unit` is `points` for percentage points and `percent` for a share of the first percentage. `span` runs from the
    first of the three numbers to the end of the last and its words: `53% to 29%, a fall of 24 points`.
    """

    first: Printed
    second: Printed
    change: Printed
    unit: str
    span: Span


#: Words that may stand between a percentage and the next part: `at month 12`. None has a percentage.
#: `12 to 29%` is marked as a range, also where it is `at month 12 to 29%`.
_WORDS = r"{word|number|quantity|named|date|spread}{0,6}?"


def _aside() -> str:
    """Return the pattern of what may stand in brackets after a percentage: its count, a p-value."""
    inside = token_class("open|close_bracket|stop|paragraph_end")[1:-1]
    return rf"(?:{{open}}[^{inside}]{{1,20}}{{close_bracket}})?"


def _told() -> str:
    """Return the pattern of a change in words, with its groups numbered by the ways to write one."""
    kinds = r"{qualifies_change}{0,3}"

    def number(way: int) -> str:
        # `24-point` is one token, and is taken apart when it is read.
        unit = r"{percent_sign}(?:{dash}?{points})?|{part}?{dash}?{points}"
        return (
            rf"(?:(?P<change{way}>{{number|decimal|quantity|percentage}})(?P<unit{way}>{unit})"
            rf"|(?P<joined{way}>{{quantity}}))"
        )

    def noun(way: int) -> str:
        return rf"(?P<noun{way}>{{downward|upward|difference-verb}})"

    return (
        # `a fall of 24 to 30 points`, `about 24 points`: neither end nor a hedged change is the difference
        rf"(?<!{{to|hedge|than|extreme|bound_sign}})(?P<told>{{a|determiner-no_response}}?{kinds}"
        rf"(?:{noun(1)}{{of}}{{a}}?{number(1)}|{number(2)}{kinds}{noun(2)})"
        rf"|(?P<noun3>{{downward&verb|upward&verb}}){{by}}{number(3)})"
    )


@cache
def _patterns() -> tuple[re.Pattern[str], ...]:
    """Return the patterns of a change after its pair, before its pair, and beside two compared percentages."""
    aside = _aside()
    leads = r"(?:{amounts_to}|{that_is}{stop}?{comma}?|{relative}{be}{comma}?)?"
    join = rf"{_WORDS}{aside}{{comma|semicolon|colon|open|dash}}?{leads}"
    from_to = (
        rf"{{from}}(?P<first>{{number|decimal|percentage}}){{percent_sign}}?{aside}{_WORDS}{{to}}"
        rf"(?P<second>{{percentage|spread}}){{percent_sign}}{aside}"
    )
    versus = (
        rf"(?<!{{bound_sign|hedge|than|extreme}})(?P<first>{{percentage}}){{percent_sign}}{aside}{_WORDS}{{comma}}?"
        r"(?:{versus}{stop}?|{conjunction-and}(?:{with}|{to})|{and})"
        rf"(?P<second>{{percentage}}){{percent_sign}}{aside}"
    )
    return (
        re.compile(over_tokens(from_to + join + _told())),
        re.compile(over_tokens(rf"(?<!{{dash|plus_minus}}){_told()}{{comma}}?{{open}}?{from_to}")),
        re.compile(over_tokens(versus + join + _told())),
    )


@cache
def _changes() -> re.Pattern[str]:
    return re.compile(over_tokens(r"{downward|upward|difference}"))


@cache
def _elsewhere() -> re.Pattern[str]:
    """Return the pattern of how a change goes on that is of something else, or per unit, or has an interval."""
    inside = token_class("stop|paragraph_end")[1:-1]
    return re.compile(
        over_tokens(
            rf"(?:{{in}}|{{of}}|{{for}})(?!{{determiner}}?{{of_change}})|[^{inside}]{{0,9}}?{{interval}}"
            r"|{per}|{a}{time}|{since}{adjusted}"
        )
    )


@cache
def _modelled() -> re.Pattern[str]:
    """Return the pattern of words that make a change of their sentence one of a model."""
    return re.compile(over_tokens(r"{adjusted|weighted|imputed|modelled|odds_words&measure}"))


@cache
def _measured() -> re.Pattern[str]:
    """Return the pattern of what is measured in per cent: its changes are means, or points by custom."""
    return re.compile(over_tokens(r"{measure-weak_label-passing-activity}"))


@cache
def _percent_sign() -> re.Pattern[str]:
    return re.compile(over_tokens(r"{percent_sign}"))


def find_differences(tokens: Tokens) -> list[Difference]:
    """Return the changes that a text prints beside their two percentages, in order."""
    found: list[Difference] = []
    for sentence in tokens.sentences_with(_percent_sign()):
        if _changes().search(tokens.letters, *sentence):
            found += _in_sentence(tokens, sentence)
    return found


def _in_sentence(tokens: Tokens, sentence: Sentence) -> list[Difference]:
    matches = [
        (match, is_versus)
        for is_versus, pattern in zip((False, False, True), _patterns(), strict=True)
        for match in pattern.finditer(tokens.letters, *sentence)
    ]
    if not matches or _modelled().search(tokens.letters, *sentence):
        return []
    measure = _measured().search(tokens.letters, *sentence)
    percent = _percent_sign().search(tokens.letters, *sentence)
    found: list[Difference] = []
    taken: set[int] = set()
    for match, is_versus in matches:
        if (measure and measure.start() < match.end()) or not taken.isdisjoint(range(*match.span())):
            continue
        has_others = percent is not None and percent.start() < match.start()
        difference = _difference(tokens, match, sentence, is_versus=is_versus, has_others=has_others)
        if difference is not None:
            found.append(difference)
            taken.update(range(*match.span()))
    return sorted(found, key=lambda difference: difference.span)


def _difference(
    tokens: Tokens, match: re.Match[str], sentence: Sentence, *, is_versus: bool, has_others: bool
) -> Difference | None:
    """Return what a match prints, or None where its change may be of something else than its two percentages.

    `has_others` says that percentages stand before it in the sentence.
    """
    way = next(way for way in "123" if match[f"noun{way}"] is not None)
    place = match.start(f"change{way}") if match[f"change{way}"] else match.start(f"joined{way}")
    noun = match.start(f"noun{way}")
    if _elsewhere().match(tokens.letters, match.end(), sentence.last):
        return None
    # A difference may be one between other percentages of the sentence, or between two differences.
    if has_others and (is_versus or tokens.has(noun, "difference")):
        return None
    try:
        first, second = (_printed(tokens, match.start(name)) for name in ("first", "second"))
        change, has_points = _change(tokens, place, range(*match.span(f"unit{way}")))
    except PrintedError:
        return None
    unit = _unit(tokens, range(*match.span("told")), noun, has_points=has_points)
    if is_versus and unit != "points":
        return None
    fell = first.value > second.value
    if not is_versus and (tokens.has(noun, "upward") if fell else tokens.has(noun, "downward")):
        return None
    second_end = match.start("second") + 1
    last = match.end() - 1 if place > second_end else second_end
    return Difference(first, second, change, unit, tokens.span(min(match.start("first"), place), last))


def _printed(tokens: Tokens, index: int) -> Printed:
    return parse_number(tokens.printed(index), percentage=True).at(tokens.span(index, index))


#: A number and its unit in one token: `24-point`, `24pp`.
_JOINED = re.compile(r"(?P<number>[0-9][^-\u2010\u2011a-z]*)[-\u2010\u2011]?(?P<unit>[a-z].*)")


def _change(tokens: Tokens, index: int, unit: range) -> tuple[Printed, bool]:
    """Return the number of a change, and whether its unit says points.

    Raises PrintedError where a token of both is no change of a percentage, or has a sign of its own.
    """
    if unit:
        change = _printed(tokens, index)
        if not change.text[0].isdigit():
            raise PrintedError("a change has a sign of its own")
        return change, any(tokens.has(each, "points") for each in unit)
    joined = _JOINED.fullmatch(tokens.word(index))
    if joined is None or "points" not in features_of(joined["unit"]):
        raise PrintedError("is no change of a percentage")
    start = tokens.starts[index]
    span = Span(start, start + joined.end("number"))
    return parse_number(joined["number"], percentage=True).at(span), True


def _unit(tokens: Tokens, told: range, noun: int, *, has_points: bool) -> str:
    """Return whether a change is printed in points or in percent.

    `an absolute reduction of 24%` and `a difference of 24%` are points by their words.
    """
    if has_points or any(tokens.has(index, "absolute") for index in told):
        return "points"
    is_difference = tokens.has(noun, "difference") and tokens.has(noun, "comparison")
    return "points" if is_difference and not any(tokens.has(index, "proportional") for index in told) else "percent"
