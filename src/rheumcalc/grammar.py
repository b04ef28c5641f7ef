"""The grammar of reported results: how counts, denominators and percentages are written together.

A text becomes tokens, each token one letter, and a form is a short pattern over those letters, so that every form the
tool knows can be read in one table, `FORMS`, with its example.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from typing import NamedTuple

from rheumcalc.printed import (
    NUMBER_WORDS,
    POINTS,
    Bound,
    Printed,
    PrintedError,
    parse_count,
    parse_number,
    parse_number_words,
)
from rheumcalc.source import Span

#: The longest text read as one reported result; what people print is far shorter.
MAX_LENGTH = 500

# Quantifiers are possessive (`++`): a run of digits is one token or none, and no input makes the lexer try it twice.
_SPACE = r"[\s\u00a0\u2009\u202f]"
_NUMERAL = (
    rf"(?:[0-9]{{1,3}}(?:(?:[,\u00a0\u2009\u202f'’]|[ ](?![0-9]{{3}}[0-9.,·]*+\s?%))[0-9]{{3}}(?![0-9]))++"
    rf"(?:[{POINTS}][0-9]++)?"
    rf"|[0-9]++(?:[,{POINTS}][0-9]++)*+|[{POINTS}][0-9]++)"
)
_WORD_ALTERNATIVES = "|".join(sorted(NUMBER_WORDS, key=len, reverse=True))
_NUMBER_WORDS = (
    rf"(?:a[ ]+(?=hundred|thousand))?\b(?:{_WORD_ALTERNATIVES})\b"
    rf"(?:(?:[-\u2010\u2011\u2013 ]+(?:and[ ]+)?|,[ ]*)(?:{_WORD_ALTERNATIVES})\b){{0,12}}"
)
_SIGNS = r"[<>≤≥⩽⩾=]=?|=[<>]"

#: Words that make a number inexact, kept as printed: `nearly 50%`.
HEDGES = (
    "almost",
    "nearly",
    "about",
    "around",
    "approximately",
    "approx.",
    "approx",
    "roughly",
    "some",
    "circa",
    "ca.",
    "over",
    "more than",
    "less than",
    "fewer than",
    "under",
    "at least",
    "at most",
    "up to",
    "~",
    "≈",
    "∼",
)


@cache
def _lexer() -> re.Pattern[str]:
    hedges = "|".join(re.escape(hedge) for hedge in HEDGES)
    return re.compile(
        rf"(?P<space>{_SPACE}++)"
        rf"|(?P<percent>(?:(?:{_SIGNS}){_SPACE}*+)?(?:[-\u2212]?(?:{_NUMERAL})|{_NUMBER_WORDS}){_SPACE}*+"
        rf"(?:%|per{_SPACE}?cent\b|pct\b))"
        rf"|(?P<label>\bn{_SPACE}*+=)"
        rf"|(?P<number>{_NUMERAL}|{_NUMBER_WORDS})"
        rf"|(?P<hedge>(?:{hedges})(?![a-z]))"
        r"|(?P<of>\bout[ ]+of\b|\bof\b)(?:[ ]+(?:the|these|those|all)\b)*"
        r"|(?P<slash>/)|(?P<open>[(\[])|(?P<close>[)\]])|(?P<comma>[,;:])"
        r"|(?P<part>\b(?:halves|half|thirds?|quarters?|fourths?|fifths?|tenths?)\b)"
        r"|(?P<alternative>\bor\b|\bi\.e\.)"
        r"|(?P<word>[^\W\d_]+(?:[-'’][^\W\d_]+)*)"
        r"|(?P<other>.)",
        re.IGNORECASE | re.DOTALL,
    )


_LETTERS = {
    "percent": "P",
    "label": "=",
    "number": "N",
    "hedge": "h",
    "of": "o",
    "slash": "/",
    "open": "(",
    "close": ")",
    "comma": ",",
    "alternative": "r",
    "word": "w",
    # A part of one is no count, and no word that may stand beside a count.
    "part": "?",
    "other": "?",
}


class Token(NamedTuple):
    """One token: its letter in the table of forms, its text and where it stands."""

    letter: str
    text: str
    span: Span


def tokenise(text: str) -> Iterator[Token]:
    """Yield the tokens of `text`, spaces left out."""
    for match in _lexer().finditer(text):
        kind = match.lastgroup or "other"
        if kind != "space":
            yield Token(_LETTERS[kind], match.group(), Span(match.start(), match.end()))


class Form(NamedTuple):
    """One way to write a result: a pattern over token letters, with groups `k`, `n`, `p`, `h` and `q`.

    `k` is the count, `n` the denominator, `p` the percentage, `h` its hedge, and `q` a percentage without its sign.
    """

    name: str
    pattern: str
    example: str


FORMS = (
    Form("fraction-percentage", r"k[/o]w?nw*[,r]?\(?h?p\)?w*", "10/12 (83.3%)"),
    Form("fraction-percentage-without-sign", r"k[/o]n\(q\)", "58/177 (33)"),
    Form("count-percentage-of", r"=?kw*\(?h?p\)?w*ow?nw*", "321 (64%) of 505"),
    Form("percentage-fraction", r"h?pw*,?\(?k[/o]n\)?w*", "75% (15/20)"),
    Form("count-percentage", r"\(?=?kw*,?\(?h?p\)?\)?w*", "16 (18.2%)"),
    Form("count-percentage-without-sign", r"k\(q\)", "16 (18.2)"),
    Form("percentage-count", r"h?pw*,?\(=?k\)w*", "75% (n = 15)"),
    Form("percentage-of", r"h?pow?nw*", "66.7% of 25"),
    Form("fraction", r"k[/o]w?nw*", "13 of the 14 patients"),
    Form("percentage", r"\(?h?p\)?w*", "nearly 50%"),
    Form("count", r"=?kw*", "6"),
)


@cache
def _compiled_forms() -> list[re.Pattern[str]]:
    groups = {"k": "(?P<k>N)", "n": "(?P<n>N)", "p": "(?P<p>P)", "h": "(?P<h>h)", "q": "(?P<q>N)"}
    return [re.compile("".join(groups.get(symbol, symbol) for symbol in form.pattern)) for form in FORMS]


@dataclass(frozen=True, slots=True)
class Reported:
    """What one reported result prints: any of count, denominator and percentage, and a hedge on the percentage."""

    text: str
    count: Printed | None = None
    denominator: Printed | None = None
    percent: Printed | None = None
    hedge: str | None = None
    span: Span | None = None

    def placed(self, span: Span | None, *, verbatim: bool) -> Reported:
        """Return the same result with the places of its numbers in a source.

        Where the source does not hold the text `verbatim` (escapes, folded lines), each number gets the whole `span`.
        """

        def place(printed: Printed | None) -> Printed | None:
            if printed is None or span is None or printed.span is None:
                return printed
            return printed.at(printed.span.shifted(span.start) if verbatim else span)

        return replace(
            self,
            count=place(self.count),
            denominator=place(self.denominator),
            percent=place(self.percent),
            span=span,
        )

    @property
    def approx(self) -> bool:
        """Whether the percentage is hedged or printed as a bound."""
        return self.hedge is not None or (self.percent is not None and self.percent.bound is not Bound.EXACT)


def parse_reported(text: str) -> Reported:
    """Return what a result as printed says: `10/12 (83.3%)`, `16 (18.2)`, `nearly 50%`, `6`.

    The whole text must be one of `FORMS`. Raises PrintedError, with the reason in words, where it is not.
    """
    if len(text) > MAX_LENGTH:
        raise PrintedError(f"is {len(text)} characters long; a reported result has at most {MAX_LENGTH}")
    tokens = list(tokenise(text))
    letters = "".join(token.letter for token in tokens)
    for pattern in _compiled_forms():
        match = pattern.fullmatch(letters)
        if match:
            found = {name: tokens[match.start(name)] for name, value in match.groupdict().items() if value}
            percent = found.get("p") or found.get("q")
            return Reported(
                text,
                count=_count(found["k"]) if "k" in found else None,
                denominator=_denominator(found["n"]) if "n" in found else None,
                percent=_percentage(percent) if percent else None,
                hedge=found["h"].text if "h" in found else None,
            )
    for token in tokens:
        if token.letter == "N":
            _count_or_numeral(token)
    raise PrintedError(
        "is not a form of result that can be read; print it as '16 (18.2%)', '10/12 (83.3%)', '75% (15/20)', "
        "'66.7% of 25', '18.2%' or '16'"
    )


def _count(token: Token) -> Printed:
    return parse_count(token.text).at(token.span)


def _denominator(token: Token) -> Printed:
    denominator = _count(token)
    if denominator.value == 0:
        raise PrintedError("has a denominator of 0")
    return denominator


def _count_or_numeral(token: Token) -> Printed:
    words = parse_number_words(token.text)
    return parse_number(token.text) if words is None else parse_count(token.text)


_PERCENT_SIGN = re.compile(r"\s*(?:%|per\s?cent|pct)\s*$", re.IGNORECASE)


def _percentage(token: Token) -> Printed:
    """Return the percentage that a token prints, its text without the sign."""
    text = _PERCENT_SIGN.sub("", token.text)
    words = parse_number_words(text)
    printed = parse_count(text) if words is not None else parse_number(text, percentage=True)
    return printed.at(Span(token.span.start, token.span.start + len(text)))
