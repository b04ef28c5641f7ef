"""Numbers that count nobody: measurements, dates, names, references, and percentages that belong to an interval.

`12` in `week 12` is a name, in `12 mg` a measurement, in `[12]` a reference. What is marked here is no count, no
denominator and no share in any reading.
"""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from rheumcalc.prose.lexicon import over_tokens
from rheumcalc.prose.tokens import Tokens


class Mark(NamedTuple):
    """A pattern over features whose groups `x` and `y` are tokens that get another feature.

    A pattern begins with the number, or with a sign that few texts have: it is looked for from there. What must stand
    before is looked back at.
    """

    feature: str
    pattern: str
    example: str


#: In the order in which they are made: later ones see what earlier ones marked.
MARKS = (
    Mark("spread", r"(?P<x>{quantity}){percent_sign}", "fell by −5%"),
    Mark("percentage", r"(?P<x>{number|decimal}){percent_sign}", "5%"),
    Mark(
        "cited",
        r"{square&open}(?P<x>{number})(?:{comma|dash}(?P<y>{number})){0,2}{square&close_bracket}",
        "was seen [12]",
    ),
    Mark("spread", r"(?P<x>{percentage})(?:(?<={plus_minus|plus}.)|(?<={open|comma}{dash}.))", "was ±5%"),
    Mark("spread", r"(?P<x>{percentage}){percent_sign}{plus_minus}", "40% ± 5"),
    Mark(
        "spread",
        r"(?P<x>{number|decimal|percentage|spread}){percent_sign}?{dash|plus_minus}{bound_sign}?(?P<y>{percentage|spread})",
        "12–18%",
    ),
    Mark(
        "spread",
        r"(?P<x>{number|decimal|percentage|quantity})(?<!{from}.){percent_sign}?{to}{bound_sign}?(?P<y>{percentage})",
        "12% to 18%",
    ),
    Mark(
        "bound",
        r"(?P<x>{percentage}){percent_sign}{dash}?{word-person-verb-of-share}?{dash}?{interval_noun-and}",
        "95% CI",
    ),
    Mark("bound", r"(?P<x>{percentage}){percent_sign}{open}{interval_noun-interval-and}", "4.5% (range 3 to 11)"),
    Mark(
        "bound",
        r"{percentage|spread}{percent_sign}{open}(?P<x>{percentage}){percent_sign}{comma|semicolon}(?P<y>{percentage})",
        "45% (40%, 50%)",
    ),
    Mark(
        "bound",
        r"{percentage|spread|bound}{percent_sign}{open}{number|decimal}{comma|semicolon}(?P<x>{percentage}){percent_sign}",
        "45% (40, 50%)",
    ),
    Mark(
        "quantity",
        r"(?P<x>{number|decimal})"
        r"(?:{dash|plus_minus|times_sign}(?P<y>{number|decimal|quantity})|{dash}?{unit}"
        r"|(?<={currency|bound_sign|plus_minus|plus}.)|(?<={name|statistic_symbol-label_n}{equals}.))",
        "12–18, 12 mg, p < 5, Q = 12",
    ),
    Mark("quantity", r"(?P<x>{number|a}){dash}?{share_of_one}", "two thirds"),
    Mark("quantity", r"(?P<x>{number|decimal-spelled}){number_word}", "17 million"),
    Mark("quantity", r"{percent_sign}{open}(?P<x>{number}){source_count}", "63% (2 trials)"),
    Mark("quantity", r"(?P<x>{number|decimal}){to}(?P<y>{quantity})", "2 to 5 days"),
    Mark(
        "quantity",
        r"{open}(?P<x>{number})(?:{comma}(?P<y>{number}))?{comma}?{and}?{quantity}{time}",
        "(4, 8, and 12 weeks)",
    ),
    Mark("quantity", r"(?P<x>{number|decimal})(?:{and|alternative|comma|slash}){quantity}{unit-time}", "50 and 100 mg"),
    Mark("named", r"{name|reading}{of}(?P<x>{number})(?!{person|slash|of|out})", "a GCS of 7"),
    Mark(
        "date",
        r"(?P<x>{year}){dash|and|to}(?P<y>{year})(?!{person})",
        "2009 to 2012",
    ),
    Mark(
        "date",
        r"(?<!{percent_sign}{open|comma|semicolon})(?P<x>{year}){slash}(?P<y>{year})"
        r"(?!{open|comma|semicolon|equals}?{percentage}|{person})",
        "2009/2012",
    ),
    Mark(
        "named",
        r"{determiner}{word-verb-of}{0,3}(?P<x>{one})(?!{word-verb-preposition-conjunction})",
        "the common one",
    ),
)

#: Signs by which it is known at once that a mark has nothing to do.
_SIGNS = ("percent_sign", "source_count", "share_of_one", "one", "square&open", "to")

#: What makes the number before it no name, in a row of names.
_ENDS_ROW = frozenset(("person", "slash", "of", "out"))
#: Words that leave the label after them unqualified: `with group 3`.
_QUALIFIES_NOT = frozenset(("preposition", "verb", "conjunction", "of"))
#: The usual levels of intervals.
_LEVELS = frozenset(["80", "90", "95", "97.5", "98", "99", "99.9", "95.0", "99.0", "90.0"])


class _Compiled(NamedTuple):
    """A mark made ready: its pattern, the groups that this has, and the pattern of a sign that it cannot do without."""

    feature: str
    pattern: re.Pattern[str]
    groups: tuple[str, ...]
    sign: re.Pattern[str] | None


@cache
def _compiled() -> tuple[_Compiled, ...]:
    """Return the marks made ready, in their order."""
    patterns = [(mark, re.compile(over_tokens(mark.pattern))) for mark in MARKS]
    return tuple(_Compiled(mark.feature, found, tuple(found.groupindex), _sign_of(mark)) for mark, found in patterns)


@cache
def _alone(sign: str) -> re.Pattern[str]:
    return re.compile(over_tokens(f"{{{sign}}}"))


def _sign_of(mark: Mark) -> re.Pattern[str] | None:
    met = re.sub(r"\(\?<?!.*?\)", "", mark.pattern)  # what must not stand there is no sign
    sign = next((each for each in _SIGNS if re.search(rf"{{{each}}}(?!\?)", met)), None)
    return _alone(sign) if sign else None


@cache
def _named() -> re.Pattern[str]:
    """Return the pattern of a number after its name; the name is in the group that has one."""
    return re.compile(
        over_tokens(
            r"(?P<x>{number})(?:(?<=(?P<taker>{takes_quantity}){of}.)|(?<=(?P<label>{label|weak_label|before_year|mark}).))"
        )
    )


@cache
def _next_named() -> re.Pattern[str]:
    """Return the pattern of what stands between the numbers of a row of names, with the next number."""
    return re.compile(
        over_tokens(
            r"(?:{open}(?:{word}|{equals|bound_sign|comma|slash}|{number|decimal|percentage|percent_sign}){1,8}{close_bracket})?"
            r"(?P<joint>{comma}?{and|alternative|versus|conjunction}|{comma}|{slash}|{to})(?:{label}|{determiner}|{to}){0,2}(?P<x>{number})"
        )
    )


@cache
def _level() -> re.Pattern[str]:
    return re.compile(over_tokens(r"(?P<x>{bound}){percent_sign}"))


@cache
def _level_after() -> re.Pattern[str]:
    """Return the pattern of a level after its interval: `CI 95%`."""
    return re.compile(over_tokens(r"{interval}{equals|colon|open|comma}{0,2}(?P<x>{percentage})"))


@cache
def _limits() -> re.Pattern[str]:
    """Return the pattern of up to two percentages after the level of an interval, before its bracket closes."""
    other = r"(?:{word-verb}|{equals|colon|comma|open|dash|bound_sign|semicolon})"
    return re.compile(
        over_tokens(
            rf"{other}{{0,8}}?(?P<x>{{percentage}}){{percent_sign}}?(?:{other}{{1,3}}?(?P<y>{{percentage}}){{percent_sign}})?"
        )
    )


@cache
def _upper_limit() -> re.Pattern[str]:
    """Return the pattern of limits of which the upper one alone has a percent sign: `90% CI: 4.1, 9.1%`."""
    return re.compile(
        over_tokens(
            r"{word-verb}{1,2}{equals|colon|open|comma}?{number|decimal}{comma|dash|to|semicolon}(?P<x>{percentage}){percent_sign}"
        )
    )


#: What is marked in a record's result, where words are few and say what a number is.
_MEASUREMENTS = frozenset(("percentage", "quantity", "cited"))


def mark_measurements(tokens: Tokens) -> None:
    """Mark the percentages of a result, its measurements and references: `84.9% (3 yr)`, `71% [12]`."""
    for feature, pattern, *_ in _compiled():
        if feature in _MEASUREMENTS:
            tokens.mark({match.start("x"): feature for match in pattern.finditer(tokens.letters)})


def mark_numbers(tokens: Tokens) -> None:
    """Mark the numbers of a text that can count nobody, and the percentages that are no share."""
    absent: set[re.Pattern[str]] = set()
    for feature, pattern, groups, sign in _compiled():
        if sign is not None and (sign in absent or not sign.search(tokens.letters)):
            absent.add(sign)
            continue
        changes: dict[int, str] = {}
        for match in pattern.finditer(tokens.letters):
            for group in groups:
                if (index := match.start(group)) >= 0:
                    changes[index] = feature
        tokens.mark(changes)
    tokens.mark(_levels_after(tokens))
    tokens.mark(_limits_of_intervals(tokens))
    tokens.mark(_names(tokens) | _months(tokens) | _times_in_a_row(tokens))
    tokens.mark(_broken(tokens))


def _levels_after(tokens: Tokens) -> dict[int, str]:
    return {
        match.start("x"): "bound"
        for match in _level_after().finditer(tokens.letters)
        if tokens.word(match.start("x")) in _LEVELS
    }


def _limits_of_intervals(tokens: Tokens) -> dict[int, str]:
    changes: dict[int, str] = {}
    for match in _level().finditer(tokens.letters):
        if tokens.word(match.start()) in _LEVELS:
            limits = _limits().match(tokens.letters, match.end())
            if limits:
                changes.update((limits.start(group), "bound") for group in "xy" if limits[group])
            upper = _upper_limit().match(tokens.letters, match.end())
            if upper:
                changes[upper.start("x")] = "bound"
    return changes


def _names(tokens: Tokens) -> dict[int, str]:
    """Return the numbers that are names: of weeks, grades and scores, and years."""
    changes: dict[int, str] = {}
    for match in _named().finditer(tokens.letters):
        index, label = match.start(), match.start(match.lastgroup or 0)
        # A row that was begun before goes on as it went.
        feature = None if index in changes else _name(tokens, index, label)
        while feature is not None:
            changes[index] = feature
            following = _next_named().match(tokens.letters, index + 1)
            if following is None or not _goes_on(tokens, index, following, label):
                break
            index = following.start("x")
    return changes


def _name(tokens: Tokens, index: int, label: int) -> str | None:
    """Return what a number after a label is, or None where it may count all the same."""
    if tokens.has(label, "before_year") and not tokens.has(label, "label"):
        if not tokens.has(index, "year"):
            return None
        # `in 2012 patients` counts, and so do `in 2012 of 2500`, `45 of 2012` and `45 (2%) of 2012`.
        counts = tokens.has(index + 1, "person") or tokens.has(index + 1, "slash") or _has_size(tokens, index)
        return None if counts or _takes_size().search(tokens.letters, max(0, label - 3), label + 1) else "date"
    if tokens.has(label, "weak_label"):
        # `in the control group 3 (12%)` counts, `compared with group 3 (12%)` does not
        if not tokens.has(index, "single") or tokens.has(index + 1, "slash"):
            return None
        if tokens.has(index + 1, "word"):
            # `in group 2 patients died`, but not `in the placebo group 2 patients died` and `on treatment 2 died`
            is_alone = tokens.has(label - 1, "preposition") and not tokens.has(label - 1, "determiner")
            return "named" if tokens.has(label, "group") and is_alone else None
        qualified = tokens.has(label - 1, "word") and not tokens.has_any(label - 1, _QUALIFIES_NOT)
        return None if qualified and tokens.has(index + 1, "open") else "named"
    if tokens.has(label, "time") and (tokens.has(label - 1, "quantity") or tokens.has(label - 1, "number")):
        return None  # `after 4 months 22 (19%)`
    if tokens.has(label, "mark"):
        # `#3`; `*3`, an allele, but not `*3 girls*`
        is_joined = tokens.end(label) == tokens.starts[index] and tokens.word(label) == "*"
        closes = any(_closes_emphasis(tokens, each) for each in range(index + 1, index + _EMPHASISED))
        return "named" if tokens.word(label) == "#" or (is_joined and not closes) else None
    return "named"


#: How many tokens Markdown's emphasis may hold: `*16 (18.2%)*`.
_EMPHASISED = 14


def _closes_emphasis(tokens: Tokens, index: int) -> bool:
    return tokens.word(index) == "*" and tokens.end(index - 1) == tokens.starts[index]


@cache
def _takes_size() -> re.Pattern[str]:
    """Return the pattern of an `of` that takes what a count is of."""
    return re.compile(over_tokens(r"(?:{number}{out}?|{percentage}{percent_sign}{close_bracket}){of}\Z"))


@cache
def _size_after() -> re.Pattern[str]:
    return re.compile(
        over_tokens(r"(?:{open}{percentage}{percent_sign}{close_bracket})?{out}?{of}{determiner}{0,2}(?P<n>{number})")
    )


def _has_size(tokens: Tokens, index: int) -> bool:
    """Decide whether what a number is of follows it, and is no less."""
    match = _size_after().match(tokens.letters, index + 1)
    size = re.sub(r"\D", "", tokens.printed(match.start("n"))) if match else ""
    return size != "" and len(size) < 10 and int(size) >= int(tokens.printed(index))


def _goes_on(tokens: Tokens, index: int, following: re.Match[str], label: int) -> bool:
    """Decide whether a number goes on a row of names: `weeks 4, 8 and 12`, but not `days 30, 372 (89%)`."""
    after = following.end()
    number = following.start("x")
    has_aside = tokens.has(index + 1, "open")
    joint = following["joint"]
    if tokens.has(index, "year") and not tokens.has(number, "year"):
        return False
    if tokens.has_any(after, _ENDS_ROW):
        return False
    if _counted_row().match(tokens.letters, number):
        return False  # `at week 12, 113 and 80 of 240`
    if has_aside:
        # `at weeks 4 (60%), 12 (58%) and 24 (47%)`: each name has its own share.
        return tokens.has(after, "open")
    if tokens.has(following.start("joint"), "to"):
        return True  # `aged 18 to 65`
    is_comma_alone = len(joint) == 1 and tokens.has(following.start("joint"), "comma")
    if is_comma_alone:
        return not tokens.has(after, "open") or tokens.has(number, "single") or _row_goes_on(tokens, number)
    # `at weeks 12 and 24`, but not `at day 180 and 383 (91%)`
    return tokens.is_plural_form(label) or tokens.has(number, "single") or not tokens.has(after, "open")


@cache
def _counted_row() -> re.Pattern[str]:
    """Return the pattern of a row of numbers that are counts, for its last says of what: `113, 90 and 80 of 240`."""
    return re.compile(
        over_tokens(
            r"{number}(?:(?:{comma}?{and|alternative|versus|conjunction}|{comma}){number}){1,9}"
            r"(?:{word-verb-preposition-conjunction-of}{0,2}{person}|{out}?{of}{determiner}{0,2}{number})"
        )
    )


def _row_goes_on(tokens: Tokens, number: int) -> bool:
    """Decide whether more numbers follow in the row, without a bracket between them."""
    return tokens.has(number + 1, "comma") or tokens.has(number + 1, "and")


@cache
def _time_row() -> re.Pattern[str]:
    """Return the pattern of a row of times of one unit, each with its share: `at 1 (30%), 3 (26%) and 6 months`."""
    aside = "(?:{open}{percentage|percent_sign|bound_sign|hedge}{1,4}{close_bracket})?"
    number = rf"{{number}}{aside}"
    return re.compile(
        over_tokens(
            rf"{{preposition}}(?P<row>{number}(?:{{comma}}{number}){{0,6}}){{comma}}?{{and|alternative}}{{quantity}}{{time}}"
        )
    )


def _times_in_a_row(tokens: Tokens) -> dict[int, str]:
    """Return the numbers of a row of times."""
    return {
        index: "named"
        for match in _time_row().finditer(tokens.letters)
        for index in range(*match.span("row"))
        if tokens.has(index, "number")
    }


@cache
def _month() -> re.Pattern[str]:
    return re.compile(over_tokens(r"(?P<x>{number-spelled}){slash}(?P<y>{number-spelled})"))


def _months(tokens: Tokens) -> dict[int, str]:
    """Return the numbers of months with their years, and of seasons: `12/2015`, `2010/11`, `1999/2000`.

    A fraction whose percentage or people stand beside it is none: `1/1900 (0.1%)`.
    """
    return {
        match.start(group): "date"
        for match in _month().finditer(tokens.letters)
        if _is_date(tokens, match.start("x"), match.start("y")) and not _is_restated(tokens, match)
        for group in "xy"
    }


@cache
def _restated_after() -> re.Pattern[str]:
    return re.compile(
        over_tokens(
            r"{word-verb-preposition-conjunction-of}{0,3}"
            r"(?:(?<={person})|{open|comma|semicolon|equals}?(?:{hedge}|{bound_sign|equals})?{percentage})"
        )
    )


@cache
def _restated_before() -> re.Pattern[str]:
    return re.compile(over_tokens(r"{percent_sign}(?:{open}|{comma|semicolon})\Z"))


def _is_restated(tokens: Tokens, match: re.Match[str]) -> bool:
    """Decide whether two numbers with a stroke stand beside their percentage, or count people."""
    if not tokens.has(match.start("y"), "year") or tokens.printed(match.start("x")).startswith("0"):
        return False
    return bool(
        _restated_after().match(tokens.letters, match.end())
        or _restated_before().search(tokens.letters, max(0, match.start() - 2), match.start())
    )


def _is_date(tokens: Tokens, first: int, second: int) -> bool:
    one, other = tokens.printed(first), tokens.printed(second)
    if (one, other) == ("24", "7"):
        return True  # around the clock
    if tokens.has(second, "year") and len(one) <= 2:
        return one.isdigit() and 1 <= int(one) <= 12
    follows = tokens.has(first, "year") and other.isdigit() and len(other) in (2, 4)
    return follows and str(int(one) + 1).endswith(other)


@cache
def _apart() -> re.Pattern[str]:
    return re.compile(over_tokens(r"(?P<x>{single})(?P<y>{number-spelled})(?={open|slash|of|out})"))


def _broken(tokens: Tokens) -> dict[int, str]:
    """Return the numbers whose digits stand apart: `1 2 (20%)`, which may be 12 or 2."""
    return {match.start(group): "broken" for match in _apart().finditer(tokens.letters) for group in "xy"}
