"""Read what a table's caption, headers and labels say of the cells they rule: a size, `n (%)`, or another statistic."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from rheumcalc.extract.words import CHANGE_STEMS, MEASURES_IN_PERCENT
from rheumcalc.numbers.printed import Printed, PrintedError, parse_count
from rheumcalc.source import Span
from rheumcalc.tokens import LABEL, NUMERAL, SPACE, lower_case

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
    it may be two numbers.
    """

    text: str = ""
    n: Printed | None = None
    declared: Declared = Declared.NOTHING
    is_statistic: bool = False
    is_measure: bool = False
    in_percent: bool = False
    is_pair: bool = False

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
        )


_COUNTED = r"(?:n|no\.?|nos\.?|nr\.?|number|numbers|count|counts|freq\.?|frequency)"
_OF_WHOM = r"(?:\s+of(?:\s+[^\W\d_]+){1,3})?"
_PERCENTAGE = r"(?:%|per\s?cent(?:ages?)?)"
_DECLARATIONS = (
    (
        Declared.COUNT_FIRST,
        rf"(?<![\w/]){_COUNTED}(?:\s?/\s?(?:n|total|no\.?|number))?{_OF_WHOM}\s?(?:[,;]\s?)?[(\[/]?\s?{_PERCENTAGE}",
    ),
    (Declared.PERCENT_FIRST, rf"{_PERCENTAGE}\s?[,;]?\s?[(\[]\s?(?:n|no\.?|number|count)\s?[)\]]"),
)
#: What else a heading may declare: with it beside `n (%)`, there is no telling which a cell is.
_STATISTIC = (
    r"\b(?:means?|medians?|averages?|geometric|sd|s\.d\.|se|sem|iqr|ranges?|cv|ci|cis|cri|confidence|credible|intervals?"
    r"|p-?values?|p\svalues?|p|changes?|odds|hazard|relative\srisk|risk\sratio|ratios?|differences?|or|rr|hr|rd|arr|rrr|nnt|nnh"
    r"|minimum|maximum|min|max|quartiles?|percentiles?|z-scores?|effect\ssize|kappa|icc|auc|delta)\b(?!-)"
    r"|±|∆|Δ|\bper\s100\b|\bpatient-years\b|\bperson-years\b|\bper\s(?:patient|person)"
)
#: Words of the above that are ordinary words in lower case.
_ONLY_UPPER = frozenset(["or", "min", "max", "se", "p", "hr", "rd"])
#: Units of what is measured, which make a pair of numbers a mean and its deviation, unless a threshold is named.
_UNITS = (
    r"\b(?:years?|yrs?|y|months?|mo|weeks?|wks?|days?|hours?|minutes?|kg(?:/m2|/m²)?|cm|mm(?:/h|hg)?|mg(?:/kg|/dl|/l|/day)?"
    r"|g/dl|g/l|iu/l|u/l|mmol(?:/l)?|ng/ml|scores?|duration|bmi|esr|crp|vas|haq|chaq|cmas|mmt8?"
    r"|das28|jadas\w*)\b|\bage\b(?!\s(?:groups?|categor|class|bands?))"
)
_THRESHOLD = re.compile(r"[<>≤≥⩽⩾0-9]")
_PAIR = re.compile(r"[^\W\d_]\s?/\s?[^\W\d_]")
_COUNT_OF_TOTAL = re.compile(
    r"\bn\s?/\s?(?:n|total)\b|\bevents?\s?/\s?(?:patients|participants|total|n)\b", re.IGNORECASE
)


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    change = "|".join(CHANGE_STEMS)
    measures = "|".join(sorted(map(re.escape, MEASURES_IN_PERCENT), key=len, reverse=True))
    return {
        "n": re.compile(rf"{LABEL}{SPACE}?(?P<n>{NUMERAL})(?![\w%/.])"),
        "statistic": re.compile(_STATISTIC, re.IGNORECASE),
        "units": re.compile(_UNITS, re.IGNORECASE),
        "change": re.compile(rf"\b(?:{change})", re.IGNORECASE),
        "measure": re.compile(rf"\b(?:{measures})\b"),
        **{declared.value: re.compile(pattern, re.IGNORECASE) for declared, pattern in _DECLARATIONS},
    }


def read_heading(text: str, start: int) -> Heading:
    """Return what a caption, a header or a label says; its first character stands at `start` in the source."""
    words = " ".join(text[:_MAX_LENGTH].split())
    if not words:
        return Heading()
    patterns = _patterns()
    lowered = words.lower()
    declared = next((kind for kind, _ in _DECLARATIONS if patterns[kind.value].search(words)), Declared.NOTHING)
    is_statistic = any(
        match[0].lower() not in _ONLY_UPPER or match[0].isupper() or lowered == match[0].lower()
        for match in patterns["statistic"].finditer(words)
    )
    is_change = bool(patterns["change"].search(words))
    return Heading(
        words,
        _size(text[:_MAX_LENGTH], start),
        Declared.NOTHING if is_statistic else declared,
        is_statistic,
        is_measure=not is_change and not _THRESHOLD.search(words) and bool(patterns["units"].search(words)),
        in_percent=is_change or bool(patterns["measure"].search(lowered)),
        is_pair=bool(_PAIR.search(words)) and not _COUNT_OF_TOTAL.search(words),
    )


def _size(text: str, start: int) -> Printed | None:
    """Return the size that a heading states as `n = 60`, where it states just one."""
    found = list(_patterns()["n"].finditer(lower_case(text)))
    if len(found) != 1:
        return None
    place = Span(*found[0].span("n"))
    try:
        return parse_count(text[place.start : place.end]).at(place.shifted(start))
    except PrintedError:
        return None


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
