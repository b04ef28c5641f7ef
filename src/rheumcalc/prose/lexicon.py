"""The words of clinical prose and what they tell: one table, `lexicon.tsv`, from which every list of words is derived.

A word is a row with its features. Words of one set of features are alike to every pattern, so that each set is one
letter, a text is a row of letters, and a pattern over features is a regular expression over letters.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from itertools import groupby
from pathlib import Path

from rheumcalc.numbers.printed import NUMBER_WORDS, POINTS, PrintedError, parse_number_words
from rheumcalc.numbers.timepoint import UNIT_WORDS
from rheumcalc.prose.features import FEATURES, NUMBERS, SYMBOLS


class LexiconError(ValueError):
    """A row of the table that cannot be read; the message names it."""


def parse_lexicon(text: str) -> dict[str, frozenset[str]]:
    """Return the features of each word of a table: a word and its features in a row, with a tab between.

    Raises LexiconError, with the number and text of the row, where a row is malformed, a feature is unknown, or a word
    stands twice.
    """
    words: dict[str, frozenset[str]] = {}
    for number, row in enumerate(text.splitlines(), 1):
        if not row or row.startswith("#"):
            continue
        word, tab, listed = row.partition("\t")
        features = listed.split()
        unknown = [feature for feature in features if feature not in FEATURES]
        if not tab or not word or not features or word != word.strip().lower():
            raise LexiconError(f"row {number} is not a word in lower case, a tab and features: {row!r}")
        if unknown:
            raise LexiconError(f"row {number} has the unknown feature '{unknown[0]}': {row!r}")
        if word in words:
            raise LexiconError(f"row {number} has the word '{word}' a second time: {row!r}")
        words[word] = frozenset(features)
    return words


@cache
def lexicon() -> dict[str, frozenset[str]]:
    """Return the table that comes with the program, and the units of time with it."""
    words = parse_lexicon(Path(__file__).with_name("lexicon.tsv").read_text(encoding="utf-8"))
    for unit in UNIT_WORDS:
        words[unit] = words.get(unit, frozenset()) | {"time", "unit"}
    return words


@cache
def words_with(feature: str) -> frozenset[str]:
    """Return the words that have a feature."""
    return frozenset(word for word, features in lexicon().items() if feature in features)


@cache
def _stems() -> tuple[re.Pattern[str], dict[str, frozenset[str]]]:
    stems = {word[:-1]: features for word, features in lexicon().items() if len(word) > 1 and word.endswith("*")}
    return re.compile("|".join(sorted(map(re.escape, stems), key=len, reverse=True))), stems


#: The first of the letters, in an area that Unicode leaves to programs.
_FIRST = 0xE000
_WHOLE = re.compile(r"[0-9]{1,3}(?:([,.\s'’])[0-9]{3}(?:\1[0-9]{3})*)?|[0-9]+")
_NAME = re.compile(r"(?=[^\W\d_]*[A-Z])[\w*.-]*[A-Z][\w*.-]*[A-Z0-9*][\w*.-]*")
_SIGN = re.compile(r"[<>≤≥⩽⩾](?:\s?=)?|=[<>]")
_PERCENT_SIGN = re.compile(r"%|per\s?cent|pct")
#: A number as the first part of a word that measures or names: `one-year`, `two-thirds`, `5mg`, `12-month`.
_NUMBER_FIRST = re.compile(r"([^\W\d_]+)[-\u2010\u2011]")


#: A number joined on to a word.
_NUMBER_JOINED = re.compile(r"(?P<word>[^\W\d_]+)(?:-[0-9][0-9.]*|(?P<index>[0-9]{1,4}))")


#: What a word tells of the same with an index: `AUC140`.
_OF_INDEXED = frozenset(("measure", "solution"))
#: What a unit over another one tells: `mg/day`.
_COMPOUND_UNIT = frozenset(("word", "unit"))
#: What the last part of a word tells of the whole: `sex-adjusted`.
_OF_LAST_PART = frozenset(("adjusted", "weighted", "imputed", "modelled", "pooled"))


class Letters:
    """The letters of the sets of features: every set that a word, a number or a sign can have has one."""

    def __init__(self) -> None:
        sets = {features_of(word.rstrip("*")) | features | {"word"} for word, features in lexicon().items()}
        sets |= {features & part | {"word"} for features in sets for part in (_OF_LAST_PART, _OF_INDEXED)}
        # What begins with a stem has the features of the stem, with an index as well: `inhibition140`.
        sets |= {features_of(word + "1") | {"word"} for word, has in lexicon().items() if has & _OF_INDEXED}
        sets |= {_COMPOUND_UNIT, _COMPOUND_UNIT | {"measured"}}
        sets |= {each | {"name"} for each in sets}
        sets |= {frozenset({"word", *more}) for more in ((), ("plural",), ("name",), ("plural", "name"))}
        numerals = [frozenset({"word", "number_word"}), *(frozenset(each) for each in NUMBERS)]
        signs = [frozenset(features) for features in SYMBOLS.values()]
        self.of = {
            each: chr(_FIRST + place) for place, each in enumerate(sorted({*sets, *numerals, *signs}, key=sorted))
        }
        self.features = {letter: each for each, letter in self.of.items()}

    def letter(self, *features: str) -> str:
        """Return the letter of a set of features."""
        return self.of[frozenset(features)]


@cache
def letters() -> Letters:
    """Return the letters, made once."""
    return Letters()


def features_of(word: str) -> frozenset[str]:
    """Return the features of a word in lower case: those of its own row, and of the stem it begins with.

    A word with a number joined on has those of the word: `CI-0.07`, and what is measured in per cent is that with an
    index: `AUC140`.
    """
    own = lexicon().get(word)
    if own is None:
        made = lexicon().get(word.rpartition("-")[2], frozenset()) & _OF_LAST_PART
        if made:
            return made
        joined = None if word.isalpha() else _NUMBER_JOINED.fullmatch(word)
        own = lexicon().get(joined["word"], frozenset()) if joined else frozenset()
        if joined and joined["index"]:
            own &= _OF_INDEXED
        # `μg/d`, `drops/day`: so much a time, or of one unit in another.
        unit, stroke, other = word.partition("/")
        if stroke and (other in UNIT_WORDS or "unit" in lexicon().get(unit, frozenset())):
            return frozenset({"unit"})
    pattern, stems = _stems()
    stem = pattern.match(word)
    return own | stems[stem[0]] if stem else own


class KindLetters(dict[str, str]):
    """The letter of each stretch of text, a token with the space after it, decided the first time it is met."""

    #: So many are kept: a text of nonsense must not fill the memory.
    LIMIT = 200_000

    def __missing__(self, stretch: str) -> str:
        if len(self) >= self.LIMIT:
            self.clear()
        core = stretch.rstrip()
        letter = self[stretch] = letters().of[_features(core, core.lower())]
        return letter


def _features(core: str, word: str) -> frozenset[str]:
    if not core:
        return frozenset({"paragraph_end"})
    if _PERCENT_SIGN.fullmatch(word):
        return frozenset({"percent_sign"})
    if core[0].isdigit() or (core[0] in POINTS and len(core) > 1):
        return _numeral_features(core)
    if len(core) > 1 and core[1].isdigit():
        return frozenset({"quantity"})
    if not core[0].isalpha():
        if _SIGN.fullmatch(core):
            return frozenset({"bound_sign"})
        return frozenset(SYMBOLS.get(core, SYMBOLS["other"]))
    return _word_features(core, word)


def _numeral_features(core: str) -> frozenset[str]:
    if ":" in core or any(map(str.isalpha, core)):
        return frozenset({"quantity"})
    if _WHOLE.fullmatch(core) is None:
        return frozenset({"decimal"})
    if len(core) == 1:
        return frozenset({"number", "single"})
    return frozenset({"number", "year"}) if len(core) == 4 and core[:2] in ("19", "20") else frozenset({"number"})


def _word_features(core: str, word: str) -> frozenset[str]:
    first = _NUMBER_FIRST.match(word)
    if word in NUMBER_WORDS or (first and first[1] in NUMBER_WORDS):
        if _spells_number(word):
            return frozenset({"number", "spelled", "one"}) if word == "one" else frozenset({"number", "spelled"})
        return frozenset({"word", "number_word"}) if word in NUMBER_WORDS else frozenset({"quantity"})
    features = features_of(word) | {"word"}
    if "/" in word and "unit" in features_of(word.partition("/")[0]):
        features = _COMPOUND_UNIT | (features & {"measured"})  # `mg/kg`, `copies/ml`
    if _NAME.fullmatch(core):
        features |= {"name"}
    elif features == {"word"} and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return frozenset({"word", "plural"})
    return features


def _spells_number(word: str) -> bool:
    try:
        return parse_number_words(word) is not None
    except PrintedError:
        return False


@cache
def kind_letters() -> KindLetters:
    """Return the letters that are known so far."""
    return KindLetters()


#: A class of tokens in a pattern: `{person}`, `{person|thing}`, `{word-verb-of}`, `{square&open}`.
_CLASS = re.compile(r"\{([a-z_&]+(?:\|[a-z_&]+)*(?:-[a-z_]+)*)\}")


_UNREAD_CLASS = re.compile(r"\{[a-z][^{}]*\}?")


@cache
def letters_of(expression: str) -> frozenset[str]:
    """Return the letters of tokens that have one of the features before the first `-` and none of those after it.

    Features joined by `&` must come together. Raises LexiconError for an unknown feature and for a class without a
    token.
    """
    wanted, *unwanted = expression.split("-")
    any_of = [each.split("&") for each in wanted.split("|")]
    unknown = {*unwanted, *(feature for each in any_of for feature in each)} - FEATURES.keys()
    if unknown:
        raise LexiconError(f"unknown feature '{min(unknown)}' in {{{expression}}}")
    chosen = frozenset[str]().union(*(frozenset.intersection(*map(_letters_with, each)) for each in any_of))
    chosen = chosen.difference(*map(_letters_with, unwanted))
    if not chosen:
        raise LexiconError(f"no token is in {{{expression}}}")
    return chosen


@cache
def token_class(expression: str) -> str:
    """Return the class of the letters of an expression, to stand in a pattern."""
    return f"[{_as_ranges(letters_of(expression))}]"


@cache
def _letters_with(feature: str) -> frozenset[str]:
    return frozenset(letter for letter, has in letters().features.items() if feature in has)


def _as_ranges(chosen: Iterable[str]) -> str:
    """Return letters as the inside of a class, those that follow one another as a range: it is compiled faster."""
    places = sorted(map(ord, chosen))
    runs = groupby(enumerate(places), key=lambda each: each[1] - each[0])
    row = []
    for _, run in runs:
        first, *others = (chr(place) for _, place in run)
        row.append(f"{first}-{others[-1]}" if others else first)
    return "".join(row)


def over_tokens(pattern: str) -> str:
    """Return a pattern over features as a regular expression over letters; spaces are left out.

    Raises LexiconError for a class that cannot be read.
    """
    made = _CLASS.sub(lambda match: token_class(match[1]), pattern.replace(" ", "").replace("\n", ""))
    left = _UNREAD_CLASS.search(made)
    if left:
        raise LexiconError(
            f"{left[0]} is no class of tokens: features, then what they must not be, as in {{word|mark-verb}}"
        )
    return made
