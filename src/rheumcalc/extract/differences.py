"""Find changes printed beside the two percentages they lie between: `from 53% to 29%, a fall of 24 percentage points`.

Only what must be the difference of the two is read. Means, models, adjusted and hedged changes are not, and neither is
a change that may be between others.
"""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from rheumcalc.extract.segments import segments
from rheumcalc.extract.words import MEASURES_IN_PERCENT
from rheumcalc.numbers.printed import Printed, PrintedError, parse_number
from rheumcalc.source import Span
from rheumcalc.tokens import NUMERAL, PERCENT_SIGN, SPACE, lower_case


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


_S = rf"{SPACE}{{1,3}}"
_SIGN = rf"{SPACE}?{PERCENT_SIGN}"
#: What may stand in brackets after a percentage: its count, a p-value.
_ASIDE = rf"(?:{SPACE}?[(\[][^()\[\]]{{1,60}}[)\]])?"
#: Words that may stand between a percentage and the next part: `at month 12`. None has a percentage.
_WORDS = rf"(?:{SPACE}[^\W_][\w'’-]{{0,30}}+){{0,6}}?"
_FALLS, _RISES, _OPEN = "fall|reduction|decrease|drop|decline", "rise|increase|gain", "improvement|change|difference"
_FELL, _ROSE = "fell|dropped|decreased|declined", "rose|increased|climbed"
#: Words that may qualify a change and leave it the difference of the two percentages. `mean` and `adjusted` do not.
_KINDS = (
    r"(?:(?:absolute|relative|proportional|overall|net|total|further|significant|substantial|marked|clear|risk"
    rf"|statistically|clinically){_S}){{0,3}}"
)
_POINTS = r"(?:percentage|percent|per[ ]cent|%)?[-\u2010\u2011 ]?points?\b"
_UNIT = rf"(?:[-\u2010\u2011]|{SPACE}{{0,2}})(?:{_POINTS}|pp\b|{PERCENT_SIGN})"


def _told() -> str:
    """Return the pattern of a change in words, with its groups numbered by the ways to write one."""
    nouns = rf"(?:(?P<falls{{0}}>{_FALLS})|(?P<rises{{0}}>{_RISES})|(?P<open{{0}}>{_OPEN}))\b"
    number = rf"(?P<change{{0}}>{NUMERAL.replace('{', '{{').replace('}', '}}')})(?P<unit{{0}}>{_doubled(_UNIT)})"
    return (
        rf"(?:(?:(?:an?|the){_S})?(?P<kinds1>{_KINDS})"
        rf"(?:{nouns.format(1)}{_S}of{_S}(?:an?{_S})?{number.format(1)}"
        rf"|{number.format(2)}{_S}(?P<kinds2>{_KINDS}){nouns.format(2)})"
        rf"|(?:(?P<falls3>{_FELL})|(?P<rises3>{_ROSE})){_S}by{_S}{number.format(3)})"
    )


def _doubled(pattern: str) -> str:
    return pattern.replace("{", "{{").replace("}", "}}")


@cache
def _patterns() -> tuple[re.Pattern[str], ...]:
    """Return the patterns of a change after its pair, before its pair, and beside two compared percentages."""
    join = rf"{_WORDS}{_ASIDE}{SPACE}?[,;:(\u2013\u2014-]?{SPACE}{{0,3}}(?:(?:representing|i\.e\.,?|that is,?){_S})?"
    from_to = (
        rf"\bfrom{_S}(?P<first>{NUMERAL})(?:{_SIGN})?{_ASIDE}{_WORDS}{_S}to{_S}(?P<second>{NUMERAL}){_SIGN}{_ASIDE}"
    )
    versus = (
        rf"(?<![\w.,·-])(?P<first>{NUMERAL}){_SIGN}{_ASIDE}{_WORDS},?{_S}(?:vs\.?|v\.?|versus|compared with|compared to"
        rf"|and){_S}(?P<second>{NUMERAL}){_SIGN}{_ASIDE}"
    )
    return (
        re.compile(from_to + join + _told()),
        re.compile(rf"(?<![\w.,·-]){_told()},?{SPACE}{{0,3}}\(?{from_to}"),
        re.compile(versus + join + _told()),
    )


#: No change is read where none of these stems is.
_STEMS = tuple(f"{_FALLS}|{_RISES}|{_OPEN}|{_FELL}|{_ROSE}".split("|"))
#: A change that goes on like this is of something else, per unit of something, or has an interval and so a model.
_ELSEWHERE = re.compile(
    rf"{_S}(?:in|of|for){_S}(?!(?:the{_S})?(?:relative|absolute|risk|rates?|proportions?|prevalence|incidence|shares?"
    r"|percentages?|frequency|mortality|response|patients)\b)"
    r"|[^.]{0,40}?(?:\bci\b|confidence|credible|interval)"
    rf"|{_S}(?:per|each|every|annually|yearly|a{_S}(?:year|month)|after{_S}adjust)\b"
)
#: Changes of these are means of changes, or are printed in per cent though they are points by custom.
_MEASURES = MEASURES_IN_PERCENT - {"activity", "dose", "doses", "time"}
_ADJUSTED = re.compile(r"\b(?:adjusted|weighted|imputed|estimated|modell?ed|predicted|odds|hazards?)\b")
_WORD = re.compile(r"[^\W_][\w-]*+")


def find_differences(text: str) -> list[Difference]:
    """Return the changes that `text` prints beside their two percentages, in order; places are offsets in `text`."""
    found: list[Difference] = []
    for segment in segments(text):
        sentence = lower_case(text[segment.start : segment.end])
        if any(stem in sentence for stem in _STEMS):
            found += _in_sentence(text, sentence, segment.start)
    return found


def _in_sentence(text: str, sentence: str, offset: int) -> list[Difference]:
    found: list[Difference] = []
    for is_versus, pattern in zip((False, False, True), _patterns(), strict=True):
        for match in pattern.finditer(sentence):
            difference = _difference(text, match, offset, is_versus=is_versus)
            if difference is not None and not any(_overlap(difference.span, other.span) for other in found):
                found.append(difference)
    return sorted(found, key=lambda difference: difference.span)


def _overlap(one: Span, other: Span) -> bool:
    return one.start < other.end and other.start < one.end


def _difference(text: str, match: re.Match[str], offset: int, *, is_versus: bool) -> Difference | None:
    """Return what a match prints, or None where its change may be of something else than its two percentages."""
    way = next(way for way in "123" if match[f"change{way}"] is not None)
    before, sentence = match.string[: match.start()], match.string
    unit = _unit(match, way)
    if _ELSEWHERE.match(sentence, match.end()) or _ADJUSTED.search(sentence):
        return None
    if _MEASURES.intersection(_WORD.findall(before + match[0])):
        return None
    # A difference may be one between other percentages of the sentence, or between two differences.
    if (is_versus or (way != "3" and match[f"open{way}"])) and re.search(PERCENT_SIGN, before):
        return None
    if is_versus and unit != "points":
        return None
    try:
        first, second, change = (_printed(text, match, name, offset) for name in ("first", "second", f"change{way}"))
    except PrintedError:
        return None
    fell = first.value > second.value
    if not is_versus and ((match[f"falls{way}"] and not fell) or (match[f"rises{way}"] and fell)):
        return None
    start = min(match.start(name) for name in ("first", "second", f"change{way}"))
    end = max(match.end("second"), match.end() if match.end(f"change{way}") > match.end("second") else 0)
    return Difference(first, second, change, unit, Span(offset + start, offset + _with_sign(sentence, end)))


def _unit(match: re.Match[str], way: str) -> str:
    """Return whether a change is printed in points or in percent.

    `an absolute reduction of 24%` and `a difference of 24%` are points by their words.
    """
    kinds = " ".join(match[name] or "" for name in ("kinds1", "kinds2")).split()
    is_difference = way != "3" and match[f"open{way}"] == "difference"
    if "point" in match[f"unit{way}"] or "pp" in match[f"unit{way}"] or "absolute" in kinds:
        return "points"
    return "points" if is_difference and not {"relative", "proportional"} & {*kinds} else "percent"


def _with_sign(sentence: str, end: int) -> int:
    sign = re.compile(_SIGN).match(sentence, end)
    return sign.end() if sign else end


def _printed(text: str, match: re.Match[str], name: str, offset: int) -> Printed:
    span = Span(*match.span(name)).shifted(offset)
    return parse_number(text[span.start : span.end], percentage=True).at(span)
