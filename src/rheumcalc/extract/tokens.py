"""Tokens of clinical prose: what each stretch of text is, decided by itself and by its neighbours.

`12` in `week 12` is a name, in `12 mg` a quantity, and only a number that may be a count gets the letter `N`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from rheumcalc.extract.words import CONJUNCTIONS, GLUE, LABELS, MEASURES, PEOPLE, UNITS, VERBS, WEAK_LABELS, YEAR_WORDS
from rheumcalc.numbers.printed import GROUP_SPACES, NUMBER_WORDS, POINTS
from rheumcalc.tokens import (
    HEDGES,
    LABEL,
    LETTERS,
    NUMERAL,
    OF,
    PERCENT_SIGN,
    SIGNS,
    SPACE,
    WORD,
    Token,
    cut,
    hedge_pattern,
)

_WORD_ALTERNATIVES = "|".join(sorted(NUMBER_WORDS, key=len, reverse=True))
#: `and` and the comma join number words only after a scale: `one hundred and six`, but not `five and six`.
_NUMBER_WORDS = (
    rf"(?:a[ ]+(?=hundred|thousand))?\b(?:{_WORD_ALTERNATIVES})\b"
    rf"(?:(?:[-\u2010\u2011\u2013 ]{{1,2}}|(?:(?<=hundred)|(?<=thousand)|(?<=million))(?:,?[ ]+and[ ]+|,[ ]+))"
    rf"(?:{_WORD_ALTERNATIVES})\b){{0,12}}"
)
_DASHES = r"\-\u2010\u2011\u2012\u2013\u2014\u2212"

#: What follows a percentage that is the level of an interval.
_LEVEL = (
    rf"(?={SPACE}{{0,2}}[-\u2010\u2011]?{SPACE}{{0,2}}[(\[]?"
    r"(?:two-sided |one-sided |bootstrap |bayesian |exact |highest |posterior |central ){0,2}"
    rf"(?:ci|c\.{SPACE}?i\b|cri|bci|bca|ui\b|lci|uci|hdi|hpd|pi\b|loa|cl\b|limits?\b|confid|credib|uncertainty|predict"
    r"|interval|range))"
)
_BOUND = rf"(?:(?:{SIGNS}){SPACE}?)"
_SPREAD = r"(?:±|\+/-)"
#: A span of numbers or percentages, with its sign between: `12-18%`, `12% to 18%`, `30.5 ± 29.6%`.
RANGE = re.compile(r"[0-9]%?\s?(?:[-\u2010-\u2014\u2212]|±|\+/-|to)|^[-\u2010-\u2014\u2212+±]")


def _token_patterns() -> dict[str, str]:
    """Return the pattern of each kind of token, in the order in which they are tried."""
    hedge_starts = "|".join(sorted({hedge.split()[0] for hedge in HEDGES if hedge[0].isalpha()}))
    units = (
        rf"(?:{'|'.join(re.escape(unit) for unit in sorted({unit.lower() for unit in UNITS}, key=len, reverse=True))})"
    )
    dash, one = rf"[{_DASHES}]", rf"(?:{_WORD_ALTERNATIVES})"
    return {
        # Most words are nothing else, which this says at once.
        "plain": rf"(?!(?:{_WORD_ALTERNATIVES}|{hedge_starts}|of|out|or|i|n|a|vs?|e|et|nos?|nr|fig)\b){WORD}",
        "range": rf"{_BOUND}?{NUMERAL}{SPACE}?%?(?:{SPACE}?(?:{dash}|{_SPREAD}){SPACE}?{_BOUND}?|{SPACE}to{SPACE})"
        rf"{NUMERAL}{SPACE}?{PERCENT_SIGN}"
        rf"|(?:{_SPREAD}|[+\u2212](?={SPACE}?[0-9{POINTS}])|(?<![\w)\]])[-\u2010-\u2013](?=[0-9{POINTS}])){SPACE}?{NUMERAL}{SPACE}?{PERCENT_SIGN}",
        "level": rf"(?:{SIGNS})?{NUMERAL}{SPACE}{{0,2}}{PERCENT_SIGN}(?:{_LEVEL}|(?=[a-z0-9]))",
        "percent": rf"(?:(?:{SIGNS}){SPACE}*+)?(?:{NUMERAL}|{_NUMBER_WORDS}){SPACE}*+{PERCENT_SIGN}",
        "label": LABEL,
        "thirds": rf"\b(?:one|two|three|four|a)(?:{SPACE}|{dash})"
        r"(?:thirds?|quarters?|halves|half|fourths?|fifths?|sixths?|tenths?)\b",
        # money and exponents, spans and signed numbers, numbers with a unit or letters of their own
        "quantity": rf"[$€£¥]{SPACE}?{NUMERAL}(?:{SPACE}(?:thousand|million|billion))?"
        r"|(?<=[^\W\d_])[\u2212\u2013][0-9]++|[0-9]{1,3}:[0-9]{1,3}(?![0-9:])"
        rf"|{NUMERAL}{SPACE}?{dash}{SPACE}?{NUMERAL}(?![{POINTS}]?[0-9])"
        rf"|(?:[<>≤≥⩽⩾]=?|=[<>]|{_SPREAD}){SPACE}?[-\u2212\u2013+]?{NUMERAL}|(?<![\w)])[-\u2212+]{NUMERAL}"
        rf"|{NUMERAL}(?:{SPACE}|{dash})?{units}(?!\w)|{NUMERAL}{dash}?[^\W\d_]\w*+(?:{dash}[^\W\d_]\w*+){{0,3}}+"
        rf"|{_NUMBER_WORDS}(?:{SPACE}|{dash}){units}(?![\w-])|\b{one}-(?!{one}\b)[^\W\d_]++",
        "number": rf"{NUMERAL}|{_NUMBER_WORDS}",
        "hedge": hedge_pattern(),
        "of": OF,
        "slash": "/",
        "open": r"[(\[]",
        "close": r"[)\]]",
        "comma": "[,;:]",
        "alternative": r"\bor\b|\bi\.e\.",
        "word": rf"(?:vs|v|e\.g|et al|no|nr|nos|fig|approx)\.(?=\W)|{WORD}",
        "other": ".",
    }


@cache
def _lexer() -> re.Pattern[str]:
    kinds = "|".join(f"(?P<{kind}>{pattern})" for kind, pattern in _token_patterns().items())
    return re.compile(rf"{SPACE}*+(?:{kinds}|(?P<end>\Z))", re.DOTALL)


_LETTERS = LETTERS | {"range": "I", "level": "I", "quantity": "D", "thirds": "D"}


def tokenise(text: str, start: int = 0, end: int | None = None) -> list[Token]:
    """Return the tokens of `text` from `start` to `end`, spaces left out, spans counted from the start of `text`.

    Letters: `P` a percentage, `I` a percentage that is a range, a change or belongs to an interval, `N` a number that
    may be a count, `D` any other number, `=` the label of a count (`n =`), `h` a hedge, `o` of, `/`, `(`, `)`, `,`,
    `r` or, `&` and or versus, `v` a verb, `g` a preposition or the like, `u` a word for people, `w` any other word, `?`
    the rest.
    """
    tokens = [
        token._replace(letter=_LETTERS.get(kind) or _word_letter(token.lower))
        for kind, token in cut(_lexer(), text[start:end], start)
    ]
    for letter, places in (("D", _named_numbers(tokens)), ("I", _interval_bounds(tokens))):
        for index in places:
            tokens[index] = tokens[index]._replace(letter=letter)
    return tokens


def _word_letter(word: str) -> str:
    if word in VERBS:
        return "v"
    if word in PEOPLE:
        return "u"
    if word in CONJUNCTIONS:
        return "&"
    return "g" if word in GLUE else "w"


_WHOLE = re.compile(rf"[0-9]{{1,3}}(?:(?P<mark>[,.{GROUP_SPACES}])[0-9]{{3}}(?:(?P=mark)[0-9]{{3}})*)?|[0-9]+|[^0-9]+")
_YEAR = re.compile(r"(?:19|20)[0-9]{2}")
_STATISTIC = re.compile(r"[^\W\d_]{1,3}|[A-Z0-9]+")


def _named_numbers(tokens: list[Token]) -> set[int]:
    """Return the indices of numbers that are no counts: decimals, years, and the names of weeks, grades and scores."""
    found: set[int] = set()
    chain = ""  # the letters over which the last name goes on: `day 180 and 383`, `weeks 4, 8 and 12`
    for index, token in enumerate(tokens):
        if token.letter == "N":
            before = tokens[index - 1] if index else None
            after = tokens[index + 1] if index + 1 < len(tokens) else None
            if before and before.letter in chain and _goes_on(token, before, after, chain):
                found.add(index)
                if before.letter in "&r":
                    chain = ""
            elif _is_name(tokens, index, before, after) or not _WHOLE.fullmatch(token.text):
                found.add(index)
                label = before.lower if before else ""
                chain = "&r/," if label in LABELS and label.endswith("s") else "&r/" if label in LABELS else "/"
            else:
                chain = ""
        elif token.letter == "P" and chain and index and tokens[index - 1].letter == "(":
            chain += ","  # `stage 2 (20%), 3 (35%)`
        elif token.letter not in "&r/,":
            chain = chain if token.letter in "()" else ""
    return found


def _goes_on(token: Token, before: Token, after: Token | None, chain: str) -> bool:
    """Return whether a number goes on a row of names: `weeks 4, 8 and 12`, but not `days 30, 372 (89%)`."""
    if before.letter == ",":
        return after is not None and (after.letter in ",&r" or (after.letter == "(" and len(token.text) == 1))
    return before.letter != "&" or "," in chain or len(token.text) == 1 or token.text.isalpha()


def _is_name(tokens: list[Token], index: int, before: Token | None, after: Token | None) -> bool:
    if before is None:
        return False
    text, label, following = tokens[index].text, before.lower, after.letter if after else ""
    if _YEAR.fullmatch(text) and label in YEAR_WORDS:
        is_denominator = before.letter == "o" and index > 1 and tokens[index - 2].letter not in "wg"
        is_share = [token.letter for token in tokens[index + 1 : index + 5]] == ["(", "P", ")", "o"]
        return following not in ("w", "u", "/", "o") and not is_denominator and not is_share
    if label in WEAK_LABELS:
        # `in the control group 3 (12%)` counts, `compared with group 3 (12%)` does not
        counts = ("w", "u", "/", "o", "(") if index > 1 and tokens[index - 2].letter == "w" else ("w", "u", "/", "o")
        return len(text) == 1 and following not in counts
    if label in LABELS or label in ("#", "№"):
        return True
    two_before = tokens[index - 2].text if index > 1 else ""
    if before.letter == "o":
        return two_before.lower() in MEASURES
    return label == "=" and bool(_STATISTIC.fullmatch(two_before))


_LEVELS = frozenset(["80", "90", "95", "97.5", "98", "99", "99.9", "95.0", "99.0", "90.0"])
_INTERVAL_WORDS = frozenset(["ci", "cis", "cri", "confidence", "interval", "intervals", "ic", "credible"])


def _interval_bounds(tokens: list[Token]) -> set[int]:
    """Return the indices of percentages that are levels or bounds of intervals, as far as their neighbours say so."""
    found: set[int] = set()
    letters = "".join(token.letter for token in tokens)
    for match in re.finditer(r"[PI]\((P),(P)\)", letters):
        found.update((match.start(1), match.start(2)))
    for index, token in enumerate(tokens):
        if token.letter == "P" and token.text.rstrip(" %") in _LEVELS:
            words = [before.lower for before in tokens[max(0, index - 2) : index] if before.letter not in "(,?"]
            if words and words[-1] in _INTERVAL_WORDS:
                found.add(index)
        is_level = index in found or (token.letter == "I" and not RANGE.search(token.text))
        if is_level and token.text.rstrip(" %pPerRcCnNtT") in _LEVELS:
            found.update(_bounds_after(letters, index))
    return found


def _bounds_after(letters: str, index: int) -> Iterator[int]:
    """Yield the places of up to two percentages that follow an interval's level before its bracket closes."""
    numbers = 0
    for place in range(index + 1, min(index + 14, len(letters))):
        letter = letters[place]
        if letter in ")v" or numbers == 2:
            return
        if letter in "PND":
            numbers += 1
            if letter == "P":
                yield place
        elif letter == "I":
            return
