"""Numbers as people print them: the only numeral parser.

A number keeps its printed text, its exact value and its decimals, because `42.0` claims more than `42`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from enum import StrEnum
from fractions import Fraction
from functools import cache, lru_cache
from typing import NamedTuple

from rheumcalc.numbers.rounding import Interval, RoundingMode, preimage, printed_decimal
from rheumcalc.source import Span

#: The longest numeral read, in digits: no study counts more, and conversion stays cheap.
MAX_DIGITS = 18

#: What is printed for the decimal point: full stop, and the middle dots of the Lancet and its typesetters.
POINTS = ".·∙⋅‧"
#: What may group thousands, besides comma and full stop: spaces of several widths, and apostrophes.
GROUP_SPACES = " \u00a0\u2002-\u200a\u202f'’"
#: Signs that people type for minus: hyphen-minus, minus, hyphens and the en dash.
MINUS_SIGNS = r"\-\u2212\u2010\u2011\u2013"

_SIGN = rf"(?P<sign>[{MINUS_SIGNS}+]?)"
_PLAIN = re.compile(rf"(?P<whole>[0-9]*)(?:[,{POINTS}](?P<fraction>[0-9]+))?")
_BOUND = re.compile(r"(?P<bound><=|>=|=<|=>|[<>≤≥⩽⩾=])?\s*" + _SIGN + r"\s*(?P<digits>\S.*)", re.DOTALL)
#: The longest text that is looked at for a number: MAX_DIGITS, grouped, with a sign and spaces to spare.
_MAX_LENGTH = 60
#: So many numerals are kept as read: most that people print are short, and come again.
_KEPT = 4096


class Bound(StrEnum):
    """Whether a number is printed as itself or as a bound on a value that is not printed."""

    EXACT = "="
    BELOW = "<"
    AT_MOST = "<="
    ABOVE = ">"
    AT_LEAST = ">="


_BOUND_SIGNS = {
    "<": Bound.BELOW,
    "<=": Bound.AT_MOST,
    "=<": Bound.AT_MOST,
    "≤": Bound.AT_MOST,
    "⩽": Bound.AT_MOST,
    ">": Bound.ABOVE,
    ">=": Bound.AT_LEAST,
    "=>": Bound.AT_LEAST,
    "≥": Bound.AT_LEAST,
    "⩾": Bound.AT_LEAST,
}


class PrintedError(ValueError):
    """A text that cannot be read as a number; the message tells its author why."""


class Printed(NamedTuple):
    """A number as printed: its text, exact value, digits after the point, and whether it is a bound.

    `span` is the place of the text in its source, once that is known.
    """

    text: str
    value: Fraction
    decimals: int
    bound: Bound = Bound.EXACT
    span: Span | None = None

    @property
    def numeral(self) -> str:
        """The number with `.` as decimal mark and no grouping: `1234`, `18.20`."""
        return printed_decimal(self.value, self.decimals)

    def preimage(self, modes: Iterable[RoundingMode]) -> Interval:
        """Return the exact values that this number can stand for under any of the modes.

        A bound is taken literally: `<1` stands for everything below exactly 1.
        """
        match self.bound:
            case Bound.EXACT:
                return preimage(self.value, self.decimals, modes)
            case Bound.BELOW:
                return Interval(None, self.value, upper_closed=False)
            case Bound.AT_MOST:
                return Interval(None, self.value)
            case Bound.ABOVE:
                return Interval(self.value, None, lower_closed=False)
            case Bound.AT_LEAST:
                return Interval(self.value, None)

    def at(self, span: Span) -> Printed:
        """Return the same number with its place."""
        return Printed(self.text, self.value, self.decimals, self.bound, span)


@lru_cache(maxsize=_KEPT)
def parse_number(text: str, *, percentage: bool = False) -> Printed:
    """Return the number that `text` prints: `18.2`, `18·2`, `18,2`, `1,234`, `1 234`, `<1`, `≥90`, `−0.3`.

    A comma before exactly three digits groups thousands (`1,234`), unless the number starts with 0 or is a
    `percentage`, where it can only be a decimal mark. Number words are read by `parse_number_words`.
    Raises PrintedError for anything else.
    """
    stripped = text.strip()
    match = _BOUND.fullmatch(stripped)
    if match is None:
        raise PrintedError("a number is missing")
    digits = match["digits"]
    if len(stripped) > _MAX_LENGTH or sum(map(str.isdigit, digits)) > MAX_DIGITS:
        raise PrintedError(f"{_shown(text)} is too long for a number: more than {MAX_DIGITS} digits")
    whole, fraction = _split(digits, percentage=percentage)
    value = Fraction(int((whole or "0") + fraction), 10 ** len(fraction))
    negative = match["sign"] not in ("", "+")
    bound = _BOUND_SIGNS.get(match["bound"] or "", Bound.EXACT)
    return Printed(stripped, -value if negative else value, len(fraction), bound)


@lru_cache(maxsize=_KEPT)
def parse_count(text: str) -> Printed:
    """Return the whole number, not negative, that `text` prints in digits or in words.

    Raises PrintedError for anything else, fractions and bounds included.
    """
    words = parse_number_words(text)
    if words is not None:
        return Printed(text.strip(), Fraction(words), 0)
    printed = parse_number(text)
    if printed.value < 0:
        raise PrintedError(f"{_shown(text)} is negative; a count is 0 or more")
    if printed.decimals:
        raise PrintedError(f"{_shown(text)} is not a whole number")
    if printed.bound is not Bound.EXACT:
        raise PrintedError(f"{_shown(text)} is a bound, not a count")
    return printed


@cache
def _grouped() -> tuple[re.Pattern[str], ...]:
    """Return the patterns of numerals whose thousands are grouped: by commas, by full stops, by spaces."""
    return (
        re.compile(rf"(?P<whole>[1-9][0-9]{{0,2}}(?:,[0-9]{{3}})+)(?:[{POINTS}](?P<fraction>[0-9]+))?"),
        re.compile(
            r"(?P<whole>[1-9][0-9]{0,2}(?:\.[0-9]{3})+),(?P<fraction>[0-9]+)"
            r"|(?P<only>[1-9][0-9]{0,2}(?:\.[0-9]{3}){2,})"
        ),
        re.compile(
            rf"(?P<whole>[1-9][0-9]{{0,2}}(?P<mark>[{GROUP_SPACES}])[0-9]{{3}}(?:(?P=mark)[0-9]{{3}})*)"
            rf"(?:[,{POINTS}](?P<fraction>[0-9]+))?"
        ),
    )


def _split(digits: str, *, percentage: bool) -> tuple[str, str]:
    """Return the digits before and after the decimal mark, grouping removed."""
    plain = _PLAIN.fullmatch(digits)
    # Most numerals have no more than one point: nothing in them can be grouping.
    if plain and "," not in digits:
        return plain["whole"], plain["fraction"] or ""
    patterns = _grouped()[1:] if percentage and digits.count(",") == 1 else _grouped()
    for pattern in (*patterns, _PLAIN):
        match = pattern.fullmatch(digits)
        if match:
            parts = match.groupdict()
            whole = parts["whole"] if parts["whole"] is not None else parts["only"]
            return re.sub(r"[^0-9]", "", whole), parts["fraction"] or ""
    marks = sum(digits.count(mark) for mark in "," + POINTS)
    if marks > 1 and re.fullmatch(rf"[0-9,{POINTS}]+", digits):
        raise PrintedError(f"{_shown(digits)} has more than one decimal mark")
    raise PrintedError(f"{_shown(digits)} is not a number")


def _shown(text: str, width: int = 40) -> str:
    """Return `text` in quotation marks, cut to a length that a message can carry."""
    text = text.strip()
    return f"'{text if len(text) <= width else text[: width - 1] + '…'}'"


_UNITS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_TEENS = (
    *("ten", "eleven", "twelve", "thirteen", "fourteen"),
    *("fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
)
_SMALL = {word: value for value, word in enumerate((*_UNITS, *_TEENS), 1)}
_TENS = {
    word: value * 10
    for value, word in enumerate(("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"), 2)
} | {"fourty": 40}
_UNIT_DIGITS = frozenset("123456789")
_SCALES = {"thousand": 1_000, "million": 1_000_000}

#: The words that can begin a number in words, for readers of prose.
NUMBER_WORDS = frozenset({*_SMALL, *_TENS, "zero", "hundred", "thousand", "million"})

#: Hyphens and dashes of any kind, a comma, or spaces.
_WORD_SEPARATORS = re.compile(r"\s*[-\u2010-\u2015\u2212,]\s*|\s+")


#: A comma joins number words only after a scale: `one thousand, two hundred`, but not `twenty, five`.
_STRAY_COMMA = re.compile(r"(?<!hundred)(?<!thousand)(?<!million),")


def parse_number_words(text: str) -> int | None:
    """Return the whole number that `text` spells in English, or None where it spells none.

    Reads `eighty-eight`, `one hundred and fifty-three`, `twelve hundred`, `a thousand`. Refuses runs that only
    look like a number (`five ten`), fractions (`half`) and ordinals.
    """
    lowered = text.strip().lower()
    if lowered[:1].isdecimal():
        return None
    if _STRAY_COMMA.search(lowered):
        return None
    words = _WORD_SEPARATORS.split(lowered)
    if words == ["zero"]:
        return 0
    total, position, limit = 0, 0, 1_000_000_000
    while position < len(words):
        group, position = _below_thousand(words, position)
        if group is None:
            return None
        scale = _SCALES.get(words[position], 1) if position < len(words) else 1
        # `twelve hundred` stands alone: no thousand comes before it, and none multiplies it.
        if scale >= limit or (group > 999 and (scale > 1 or total)):
            return None
        total += group * scale
        if scale == 1:
            return total if position == len(words) else None
        limit = scale
        position += 1
        if position < len(words) and words[position] == "and":
            position += 1
            if position == len(words):
                return None
    return total


def _below_thousand(words: list[str], position: int) -> tuple[int | None, int]:
    """Read one group (`two hundred and six`, `twelve hundred`) and return it with the next position."""
    if words[position] == "a" and words[position + 1 : position + 2] in (["hundred"], ["thousand"], ["million"]):
        value: int | None = 1
        position += 1
    else:
        value, position = _below_hundred(words, position)
    if value is None or position == len(words) or words[position] != "hundred":
        return value, position
    value *= 100
    position += 1
    rest = position + (position < len(words) and words[position] == "and")
    if rest < len(words):
        tail, after = _below_hundred(words, rest)
        if tail is not None:
            return value + tail, after
    return value, position


def _below_hundred(words: list[str], position: int) -> tuple[int | None, int]:
    word = words[position]
    if word in _TENS:
        following = words[position + 1] if position + 1 < len(words) else ""
        # `Forty-6` is met where a typesetter sets the unit in digits.
        unit = int(following) if following in _UNIT_DIGITS else _SMALL.get(following, 10)
        return (_TENS[word] + unit, position + 2) if unit < 10 else (_TENS[word], position + 1)
    return _SMALL.get(word), position + 1
