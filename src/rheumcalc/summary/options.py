"""The options of a summary: its rows, their order, rounding and intervals. A marker in a draft has the same options."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import StrEnum
from fractions import Fraction
from typing import Any, NamedTuple, TypeVar

from rheumcalc.config import SettingsError
from rheumcalc.messages import none_of
from rheumcalc.numbers.intervals import IntervalMethod
from rheumcalc.numbers.printed import Bound, PrintedError, parse_number
from rheumcalc.numbers.rounding import printed_decimal


class Style(StrEnum):
    """A named convention for the decimals and the rounding of percentages."""

    AS_PRINTED = "as-printed"
    JRHEUM = "jrheum"
    AMA = "ama"


class Grouping(StrEnum):
    """What the rows of a summary are grouped by."""

    STUDY = "study"
    OUTCOME = "outcome"


class SummaryOptions(NamedTuple):
    """The options of a summary.

    `studies`, `outcomes`, `timepoints` and `populations` select rows, all of them where nothing is named; each entry
    is an id or the words of a label, and `*` stands for any. `confidence_level` lies between 0 and 1.
    """

    style: Style = Style.AS_PRINTED
    interval: IntervalMethod = IntervalMethod.WILSON
    confidence_level: Fraction = Fraction(95, 100)
    by: Grouping = Grouping.STUDY
    studies: tuple[str, ...] = ()
    outcomes: tuple[str, ...] = ()
    timepoints: tuple[str, ...] = ()
    populations: tuple[str, ...] = ()

    @property
    def level(self) -> str:
        """The confidence level as people print it: `95%`."""
        return f"{level_text(self.confidence_level)}%"


def level_text(level: Fraction) -> str:
    """Return a level as a percentage with no more decimals than it needs: `95`, `97.5`."""
    percent = level * 100
    decimals = next(number for number in range(10) if (percent * 10**number).denominator == 1 or number == 9)
    return printed_decimal(Fraction(round(percent * 10**decimals), 10**decimals), decimals)


def confidence_level(text: str) -> Fraction:
    """Return the level that a text names: `0.95`, `95%` or `95`. Raises SettingsError."""
    try:
        printed = parse_number(text.strip().removesuffix("%"))
    except PrintedError as error:
        raise SettingsError(f"the confidence level {error}") from None
    value = printed.value if printed.value <= 1 and "%" not in text else printed.value / 100
    if printed.bound is not Bound.EXACT or not Fraction(1, 2) <= value < 1 or printed.decimals > 6:
        raise SettingsError(f"'{text}' is not a confidence level from 50% to below 100%; write 0.95 or 95%")
    return value


_Choice = TypeVar("_Choice", bound=StrEnum)


def one_of(kinds: type[_Choice], what: str) -> Callable[[str], _Choice]:
    """Return a function that reads a member of an enumeration by its value; `-` and `_` are the same."""

    def read(text: str) -> _Choice:
        wanted = text.strip().lower().replace("_", "-")
        for each in kinds:
            if each.value.replace("_", "-") == wanted:
                return each
        raise SettingsError(none_of(text, what, [each.value for each in kinds]))

    return read


#: What reads each option that has one value, by its name on the command line and in a marker.
_READ: Mapping[str, tuple[str, Callable[[str], Any]]] = {
    "style": ("style", one_of(Style, "style")),
    "interval": ("interval", one_of(IntervalMethod, "interval method")),
    "confidence-level": ("confidence_level", confidence_level),
    "by": ("by", one_of(Grouping, "grouping")),
}
#: The fields that collect values, by the option's name.
_COLLECTED = {"study": "studies", "outcome": "outcomes", "timepoint": "timepoints", "population": "populations"}


def with_options(base: SummaryOptions, given: Mapping[str, str | tuple[str, ...] | None]) -> SummaryOptions:
    """Return options with those replaced that are given, by their names on the command line. Raises SettingsError."""
    changed: dict[str, Any] = {}
    for name, value in given.items():
        key = name.replace("_", "-")
        if value is None or value == ():
            continue
        if key in _READ and isinstance(value, str):
            field, read = _READ[key]
            changed[field] = read(value)
        elif key in _COLLECTED:
            changed[_COLLECTED[key]] = (value,) if isinstance(value, str) else tuple(value)
        else:
            raise SettingsError(f"'{name}' is not an option of a summary; valid: {', '.join((*_READ, *_COLLECTED))}")
    return base._replace(**changed)


def parse_words(words: tuple[str, ...]) -> dict[str, str | tuple[str, ...]]:
    """Return the options that a marker's words give: `by=outcome`, `--by outcome`, `--by=outcome`.

    A bare word is a study. Raises SettingsError where an option has no value, or one that takes one value has two.
    """
    found: dict[str, str | tuple[str, ...]] = {}
    rest = list(words)
    while rest:
        word = rest.pop(0)
        name, equals, value = word.partition("=")
        is_long = name.startswith("--")
        if not equals and not is_long:
            name, value = "study", word
        elif is_long and not equals:
            if not rest or rest[0].startswith("--"):
                raise SettingsError(f"'{word}' has no value")
            value = rest.pop(0)
        name = name.removeprefix("--").replace("_", "-")
        if not value:
            raise SettingsError(f"'{word}' has no value")
        if name in _COLLECTED:
            found[name] = (*found.get(name, ()), value)
        elif name in found:
            raise SettingsError(f"'{name}' is given twice")
        else:
            found[name] = value
    return found
