"""Tokens of reported results: each stretch of text becomes one letter, over which the forms of `grammar` are patterns.

A record's result is read by the few kinds of token here. Prose has more, because it holds other numbers too: its
tokeniser is in `extract/tokens.py`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from rheumcalc.numbers.printed import NUMBER_WORDS, POINTS, parse_number_words
from rheumcalc.source import Span

SPACE = r"[\s\u00a0\u2009\u202f\u200a]"
NUMERAL = (
    rf"(?:[0-9]{{1,3}}(?:(?:[,\u00a0\u2009\u202f'’]|[ ](?![0-9]{{3}}[0-9.,·]*+\s?%))[0-9]{{3}}(?![0-9]))++"
    rf"(?:[{POINTS}][0-9]++)?"
    rf"|[0-9]++(?:(?:[,{POINTS}]|[ ][·∙⋅‧][ ])[0-9]++)*+|(?<![\w)\]])[{POINTS}][0-9]++)"
)
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
    "greater than",
    "less than",
    "fewer than",
    "lower than",
    "under",
    "at least",
    "at most",
    "up to",
    "just over",
    "just under",
    "close to",
    "~",
    "≈",
    "∼",
)


PERCENT_SIGN = rf"(?:%|per{SPACE}?cent\b|pct\b)"
SIGNS = r"[<>≤≥⩽⩾=]=?|=[<>]"
LABEL = rf"(?<![^\W_])n[*_]{{0,2}}{SPACE}*+(?:=|:(?={SPACE}?[0-9]))"
OF = (
    r"\b(?:out[ ]+of|of)\b(?:[ ]+(?:an?|the)[ ]+total[ ]+of\b)?"
    r"(?:[ ]+(?:the|these|those|all|which|whom|our)\b)*+"
)
WORD = r"[^\W\d_]\w*+(?:[-'’./&+\u2010\u2011][^\W_]\w*+)*+"

#: What each letter stands for is said by `tokenise_result` and, for prose, by `extract.tokens.tokenise`.
LETTERS = {
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
    "part": "?",
    "other": "?",
}


#: The longest number in words, in tokens: commas and `and` among them.
_LONGEST_NUMBER = 12


class Token(NamedTuple):
    """One token: its letter in the table of forms, its text as printed and in lower case, and where it stands."""

    letter: str
    text: str
    lower: str
    span: Span


def hedge_pattern() -> str:
    """Return the pattern of every hedge, the longer ones first."""
    hedges = "|".join(re.escape(hedge) for hedge in sorted(HEDGES, key=len, reverse=True))
    return rf"(?:{hedges})(?![a-z])"


@cache
def _result_lexer() -> re.Pattern[str]:
    kinds = {
        "percent": rf"(?:(?:{SIGNS}){SPACE}*+)?[-\u2212]?{NUMERAL}{SPACE}*+{PERCENT_SIGN}",
        "label": LABEL,
        "number": NUMERAL,
        "sign": PERCENT_SIGN,
        "hedge": hedge_pattern(),
        "of": OF,
        "slash": "/",
        "open": r"[(\[]",
        "close": r"[)\]]",
        "comma": "[,;:]",
        "alternative": r"\bor\b|\bi\.e\.",
        # A part of one is no count, and no word that may stand beside a count.
        "part": r"\b(?:halves|half|thirds?|quarters?|fourths?|fifths?|sixths?|tenths?)\b",
        "word": WORD,
        "other": ".",
    }
    named = "|".join(f"(?P<{kind}>{pattern})" for kind, pattern in kinds.items())
    return re.compile(rf"{SPACE}*+(?:{named}|(?P<end>\Z))", re.DOTALL)


def tokenise_result(text: str) -> list[Token]:
    """Return the tokens of one result as a record gives it, spaces left out.

    Letters: `P` a percentage, `N` a number, `=` the label of a count (`n =`), `h` a hedge, `o` of, `g` in, `/`, `(`,
    `)`, `,`, `r` or, `w` any other word, `?` the rest.
    """
    tokens = [
        token._replace(letter=LETTERS.get(kind) or ("g" if token.lower == "in" else "%" if kind == "sign" else "w"))
        for kind, token in cut(_result_lexer(), text)
    ]
    return list(_with_number_words(text, tokens))


def cut(lexer: re.Pattern[str], text: str, start: int = 0) -> Iterator[tuple[str, Token]]:
    """Yield the stretches of a text that a lexer tells apart: the kind of each, and its token, still without a letter.

    `text` begins at `start` in what spans are counted from. A group named `end` ends the text.
    """
    for match in lexer.finditer(lower_case(text)):
        kind = match.lastgroup or "end"
        if kind == "end":
            return
        first, last = match.span(kind)
        yield kind, Token("", text[first:last], match[kind], Span(start + first, start + last))


def _with_number_words(text: str, tokens: list[Token]) -> Iterator[Token]:
    """Yield the tokens, each run of words that spells a number as one number, or one percentage with its sign."""
    index = 0
    while index < len(tokens):
        last = _spelled_until(text, tokens, index)
        if last is None:
            yield tokens[index]._replace(letter="?") if tokens[index].letter == "%" else tokens[index]
            index += 1
            continue
        signed = last + 1 < len(tokens) and tokens[last + 1].letter == "%"
        last += signed
        span = Span(tokens[index].span.start, tokens[last].span.end)
        printed = text[span.start : span.end]
        yield Token("P" if signed else "N", printed, printed.lower(), span)
        index = last + 1


def _spelled_until(text: str, tokens: list[Token], first: int) -> int | None:
    """Return the last token of the longest number in words that begins at `first`."""
    start = re.split(r"[-\u2010\u2011]", tokens[first].lower, maxsplit=1)[0]
    if tokens[first].letter != "w" or (start not in NUMBER_WORDS and start != "a"):
        return None
    for last in range(min(first + _LONGEST_NUMBER, len(tokens)) - 1, first - 1, -1):
        if parse_number_words(text[tokens[first].span.start : tokens[last].span.end]) is not None:
            return last
    return None


def lower_case(text: str) -> str:
    """Return `text` in lower case, every character in its place."""
    lowered = text.lower()
    return lowered if len(lowered) == len(text) else "".join(c.lower() if len(c.lower()) == 1 else c for c in text)
