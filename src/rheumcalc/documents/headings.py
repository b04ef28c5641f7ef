"""Read what a table's caption, headers and labels say of the cells they rule: a size, `n (%)`, or another statistic."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from rheumcalc.numbers.printed import Printed, PrintedError
from rheumcalc.prose.lexicon import over_tokens
from rheumcalc.prose.reported import read_count
from rheumcalc.prose.tokens import Tokens

#: The longest caption, header or label that is looked at, in characters.
_MAX_LENGTH = 1_000


class Declared(StrEnum):
    """What a heading says its numbers are: nothing, count and percentage, or percentage and count."""

    NOTHING = ""
    COUNT_FIRST = "n (%)"
    PERCENT_FIRST = "% (n)"


@dataclass(frozen=True)
class Heading:
    """A caption, a column's header or a row's label: its words, its `n =`, and what it says of its cells.

    `is_statistic` says that it names an average, a change, an interval or the like; `is_measure` that it names what is
    measured in units, so that a bare pair of numbers may be a mean and its deviation; `in_percent` that it names what
    a bare percentage may measure; `is_pair` that it names two things with a stroke between, so that a fraction under
    it may be two numbers; `is_size` that its percentage is of a kind of the people it counts: `Number (% male)`.
    """

    text: str = ""
    n: Printed | None = None
    declared: Declared = Declared.NOTHING
    is_statistic: bool = False
    is_measure: bool = False
    in_percent: bool = False
    is_pair: bool = False
    is_size: bool = False

    def joined(self, other: Heading) -> Heading:
        """Return what this heading and one below it say together; the lower one prevails."""
        return Heading(
            f"{self.text} {other.text}".strip(),
            other.n or self.n,
            other.declared or self.declared,
            self.is_statistic or other.is_statistic,
            self.is_measure or other.is_measure,
            self.in_percent or other.in_percent,
            self.is_pair or other.is_pair,
            self.is_size or other.is_size,
        )


_COUNTED = r"(?:n|no\.?|nos\.?|nr\.?|number|numbers|count|counts|freq\.?|frequency)"
_OF_WHOM = r"(?:\s+of(?:\s+[^\W\d_]+){1,3})?"
_PERCENTAGE = r"(?:%|per\s?cent(?:ages?)?)"
_DECLARATIONS = (
    (
        Declared.COUNT_FIRST,
        rf"(?<![\w/]){_COUNTED}(?:\s?/\s?(?:n|total|no\.?|number))?{_OF_WHOM}\s?(?:[,;]\s?)?[(\[/]?\s?{_PERCENTAGE}",
    ),
    (
        Declared.COUNT_FIRST,
        rf"\b(?:patients|participants|subjects|children|cases|women|men|girls|boys)\s?[(\[]\s?{_PERCENTAGE}\s?[)\]]",
    ),
    (Declared.PERCENT_FIRST, rf"{_PERCENTAGE}\s?[,;]?\s?[(\[]\s?(?:n|no\.?|number|count)\s?[)\]]"),
)
_THRESHOLD = re.compile(r"[<>≤≥⩽⩾0-9]")
_PAIR = re.compile(r"[^\W\d_]\s?/\s?[^\W\d_]")
_COUNT_OF_TOTAL = re.compile(
    r"\bn\s?/\s?(?:n|total)\b|\bevents?\s?/\s?(?:patients|participants|total|n)\b", re.IGNORECASE
)


_DECLARED = tuple((kind, re.compile(pattern, re.IGNORECASE)) for kind, pattern in _DECLARATIONS)
#: What stands for statistics without being a word of the lexicon.
_SIGNS_OF_STATISTICS = re.compile(
    r"±|∆|Δ|\bper\s(?:100\b|patient|person)|\b(?:relative\srisk|effect\ssize)\b", re.IGNORECASE
)
#: An age that is a class of people: `age group`.
_CLASSES = frozenset(("group", "groups", "category", "categories", "class", "classes", "band", "bands"))


def declares(text: str) -> bool:
    """Decide whether a text says of numbers that they are count and percentage, whatever else it says of them."""
    return any(pattern.search(text) for _, pattern in _DECLARED)


@cache
def _share_of_a_kind() -> re.Pattern[str]:
    return re.compile(over_tokens(r"{percent_sign}(?:{kind}|{person-everybody-whole}){close_bracket}"))


@cache
def _size_stated() -> re.Pattern[str]:
    return re.compile(over_tokens(r"{label_n}{mark}{0,2}{equals|colon}(?P<n>{number})(?!{percent_sign|slash})"))


def read_heading(text: str, start: int) -> Heading:
    """Return what a caption, a header or a label says; its first character stands at `start` in the source."""
    text = text[:_MAX_LENGTH]
    words = " ".join(text.split())
    if not words:
        return Heading()
    tokens = Tokens(text)
    places = range(len(tokens))
    declared = next((kind for kind, pattern in _DECLARED if pattern.search(words)), Declared.NOTHING)
    is_statistic = bool(_SIGNS_OF_STATISTICS.search(words)) or any(_is_statistic(tokens, place) for place in places)
    is_change = any(tokens.has(place, "change") for place in places)
    return Heading(
        words,
        _size(tokens, start),
        Declared.NOTHING if is_statistic else declared,
        is_statistic,
        is_measure=not is_change
        and not _THRESHOLD.search(words)
        and any(_is_measured(tokens, place) for place in places),
        in_percent=is_change or any(tokens.has(place, "measure") for place in places),
        is_pair=bool(_PAIR.search(words)) and not _COUNT_OF_TOTAL.search(words),
        is_size=declared is Declared.COUNT_FIRST and _share_of_a_kind().search(tokens.letters) is not None,
    )


def _is_statistic(tokens: Tokens, place: int) -> bool:
    if not tokens.has(place, "statistic"):
        return False
    return not tokens.has(place, "only_in_capitals") or tokens.printed(place).isupper() or len(tokens) == 1


def _is_measured(tokens: Tokens, place: int) -> bool:
    if not tokens.has(place, "measured"):
        return False
    return tokens.word(place) != "age" or place + 1 >= len(tokens) or tokens.word(place + 1) not in _CLASSES


def _size(tokens: Tokens, start: int) -> Printed | None:
    """Return the size that a heading states as `n = 60`, where it states just one."""
    found = list(_size_stated().finditer(tokens.letters))
    if len(found) != 1:
        return None
    try:
        size = read_count(tokens, found[0].start("n"))
    except PrintedError:
        return None
    return size.at(tokens.span(found[0].start("n"), found[0].start("n")).shifted(start))


_SIZES = re.compile(
    r"[nN]|(?i:(?:no\.?|number|total)(?:\s+of)?\s+(?:patients|participants|children|subjects|cases)(?:,?\s*\(?n\)?)?"
    r"|patients|participants|children|sample size|patients,? \(?n\)?|participants,? \(?n\)?)"
)
_SHARE = re.compile(r"%|\bper\s?cent", re.IGNORECASE)
_TOTAL = re.compile(r"(?i:(?:grand )?totals?|all(?: patients| participants)?|overall)(?:,?\s*\(?[nN]\)?)?|[nN]")


def holds_sizes(header: Heading) -> bool:
    """Decide whether a column holds the size of what each row speaks of: `N`, `Patients`, `Sample size`."""
    return bool(_SIZES.fullmatch(header.text)) and not _SHARE.search(header.text)


def is_total(label: Heading) -> bool:
    """Decide whether a row holds the totals of its columns."""
    return bool(_TOTAL.fullmatch(label.text)) or bool(_SIZES.fullmatch(label.text))
