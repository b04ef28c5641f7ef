"""What the columns of a sheet are, by the names that are usual in the field: small tables, and what they leave open."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from rheumcalc.config import SettingsError
from rheumcalc.messages import did_you_mean

#: The names of each field's column, spaces, cases and `_-.` being the same; the preferred ones first.
NAMES: dict[str, tuple[str, ...]] = {
    "study": ("study", "study name", "study id", "studyid", "studlab", "trial", "trial name", "trial id",
              "first author", "author", "authors", "author year", "author (year)", "study (year)", "reference", "ref",
              "citation", "paper", "article", "publication"),
    "year": ("year", "publication year", "pub year", "year of publication"),
    "outcome": ("outcome", "outcomes", "outcome name", "outcome measure", "outcome label", "endpoint", "end point",
                "measure", "variable", "characteristic", "adverse event", "response criterion"),
    "arm": ("arm", "arms", "study arm", "trial arm", "treatment arm", "arm name", "treatment", "treatment group",
            "group", "intervention", "drug", "regimen", "allocation"),
    "timepoint": ("timepoint", "time point", "time", "follow up", "followup", "fu", "visit", "assessment time",
                  "time of assessment"),
    "population": ("population", "analysis set", "analysis population", "subgroup", "cohort", "sample"),
    "count": ("count", "events", "event", "event count", "no of events", "number of events", "n events", "events n",
              "n event", "responders", "no of responders", "number of responders", "n responders", "responders n",
              "numerator", "cases", "number of cases", "n with event", "n with outcome", "number with event",
              "number with outcome", "number responding", "n responding", "affected"),
    "denominator": ("denominator", "total", "sample size", "total n", "n total", "group size", "arm size", "n analysed",
                    "n analyzed", "number analysed", "number analyzed", "analysed", "analyzed", "n evaluated",
                    "number evaluated", "n randomised", "n randomized", "number randomised", "number randomized",
                    "randomised", "randomized", "total patients", "total participants"),
    "percent": ("%", "(%)", "percent", "percentage", "per cent", "pct", "percent (%)", "percentage (%)", "rate (%)",
                "rate %", "event rate (%)", "event rate %", "response rate", "response rate (%)", "response rate %",
                "responders (%)", "responders %", "% responders", "events (%)", "events %", "% events",
                "incidence (%)", "frequency (%)", "prevalence (%)", "proportion (%)", "proportion"),
    "reported": ("reported", "as reported", "reported result", "result", "results", "reported as"),
}  # fmt: skip

#: The fields of which a row has one each; the others hold the numbers of a result.
SUBJECT_FIELDS = ("study", "year", "outcome", "arm", "timepoint", "population")
FIELDS = tuple(NAMES)

#: Names that may mean the count or the denominator, as the others decide.
_PEOPLE = ("patients", "participants", "subjects", "number of patients", "number of participants", "no of patients",
           "no of participants", "n patients", "n participants", "number")  # fmt: skip
#: What distinguishes the columns of two arms where both are in one row.
_ARM_WORDS = {
    *("treatment", "treated", "intervention", "experimental", "exp", "active", "control", "ctrl", "comparator"),
    *("placebo", "treat", "e", "c", "t", "1", "2", "3", "4", "a", "b", "arm 1", "arm 2", "group 1", "group 2"),
    *("arm a", "arm b", "group a", "group b"),
}
_COUNTED = r"(?:n|no|number|counts?|events?|cases|responders?|patients|participants|x|r|k)"
_PERCENT_SIGN = r"(?:%|per ?cent|percentage|pct)"
_OVER = r"(?:\s?/\s?(?:n|total|sample size)|\s?\(n\))"
_DECLARED = re.compile(rf"{_COUNTED}{_OVER}?\s?[,;]?\s?[(\[]?\s?{_PERCENT_SIGN}\s?[)\]]?")
#: `Placebo, n (%)`: the form is beside other words.
_DECLARED_WITHIN = re.compile(rf"[,;]?\s?\b{_COUNTED}{_OVER}?\s?[(\[]\s?{_PERCENT_SIGN}\s?[)\]]", re.IGNORECASE)
_FRACTION = re.compile(rf"[(\[]?{_COUNTED}\s?/\s?(?:n|total|sample size)[)\]]?")
_TIME_UNITS = {"d": "days", "w": "weeks", "m": "months", "y": "years"}
_TIME = re.compile(
    r"(?:time ?points?|time|follow ?up|followup|fu|visit|duration of follow ?up)\s?[,(\[]?\s?(?:in )?"
    r"(?P<unit>days?|weeks?|wks?|w|months?|mos?|m|years?|yrs?)\s?[)\]]?"
    r"|(?P<alone>days?|weeks?|wks?|months?|years)"
)
_ARM_IN_BRACKETS = re.compile(r"(?P<base>.+?)\s?[(\[](?P<arm>[^()\[\]]+)[)\]]")


#: A header in quotation marks of its own: `denominator="Number, analysed"`.
_QUOTED_HEADER = re.compile(r'(\w+)="([^"]*)"')


class Column(NamedTuple):
    """What one header says: the field (`n` and `people` are not decided), an arm, a unit of time."""

    field: str
    arm: str | None = None
    unit: str | None = None


@dataclass(frozen=True, eq=False)
class Group:
    """The columns that hold one result of a row, by field; `arm` is the arm that their headers name.

    `either` is a column that may hold counts or denominators. `declares_percent`: the result's column says `n (%)`.
    """

    columns: Mapping[str, int]
    arm: str | None = None
    either: int | None = None
    declares_percent: bool = False

    @property
    def is_usable(self) -> bool:
        """Whether the columns can hold a result that can be recomputed."""
        return "reported" in self.columns or len(self.columns) + (self.either is not None) > 1


@dataclass(frozen=True)
class Layout:
    """The columns of a sheet: those of the subject, those of each result in a row, all others, and their headers."""

    subject: Mapping[str, int]
    groups: tuple[Group, ...]
    headers: tuple[str, ...]
    time_unit: str | None = None
    others: tuple[int, ...] = field(default=())

    @property
    def width(self) -> int:
        """How many columns have a meaning."""
        return len(self.subject) + sum(len(group.columns) + (group.either is not None) for group in self.groups)


def fold(header: str) -> str:
    """Return what two ways to write one header share."""
    return " ".join(re.sub(r"[_\-.:]", " ", header.casefold()).split())


_FIELDS_BY_NAME = {name: each for each, names in NAMES.items() for name in names}


def recognise(header: str) -> Column | None:
    """Return what a header says, or None if it is not a known name."""
    text = fold(header)
    if header.strip() in ("n", "N"):
        return Column("n" if header.strip() == "n" else "N")
    if text in _FIELDS_BY_NAME:
        return Column(_FIELDS_BY_NAME[text])
    if text in _PEOPLE:
        return Column("people")
    if _DECLARED.fullmatch(text) or _FRACTION.fullmatch(text) or _DECLARED_WITHIN.search(text):
        return Column("reported")
    time = _TIME.fullmatch(text)
    if time:
        return Column("timepoint", unit=_TIME_UNITS[(time["unit"] or time["alone"])[0]])
    return _of_arm(header, text)


def _of_arm(header: str, text: str) -> Column | None:
    """Return what `Events (placebo)`, `event.e` or `control total` say."""
    match = _ARM_IN_BRACKETS.fullmatch(text)
    words = text.split()
    splits = [(match["base"], match["arm"])] if match else []
    for size in (1, 2):
        if len(words) > size:
            splits += [
                (" ".join(words[:-size]), " ".join(words[-size:])),
                (" ".join(words[size:]), " ".join(words[:size])),
            ]
    for base, arm in splits:
        if arm not in _ARM_WORDS:
            continue
        capital = base == "n" and "N" in header
        found = Column("N") if capital else recognise(base)
        if found and found.field not in SUBJECT_FIELDS:
            return Column(found.field, arm)
    return None


def read_header(texts: Sequence[str], above: Sequence[str], named: Mapping[str, str]) -> Layout | None:
    """Return the layout that a row of headers gives, or None if it is not such a row.

    `above` is the row over it, in which merged cells may name the arms, or a column whose own header is empty. `named`
    gives fields the folded headers that the user chose; all of them must be present.
    """
    headers = tuple(text or (above[index] if index < len(above) else "") for index, text in enumerate(texts))
    folded = [fold(header) for header in headers]
    if not set(named.values()) <= set(folded):
        return None
    columns = {folded.index(header): Column(each) for each, header in named.items()}
    for index, header in enumerate(headers):
        if index not in columns and header and (found := recognise(header)) and found.field not in named:
            columns[index] = found
    subject = _subject(columns, folded)
    # A field that the user names is in only one column.
    numbers = {index: each for index, each in columns.items() if each.field not in SUBJECT_FIELDS}
    groups = tuple(_resolved(group, arm, headers) for arm, group in _grouped(numbers, texts, above))
    groups = tuple(group for group in groups if group.is_usable)
    if not groups:
        return None
    used = {*subject.values(), *(index for group in groups for index in (*group.columns.values(), group.either))}
    unit = columns[subject["timepoint"]].unit if "timepoint" in subject else None
    others = tuple(index for index in range(len(headers)) if index not in used)
    return Layout(subject, groups, headers, unit, others)


def _subject(columns: Mapping[int, Column], folded: Sequence[str]) -> dict[str, int]:
    """Return the columns of the subject; where several could be one field, the name that comes first in the table."""

    def rank(index: int) -> int:
        names = NAMES[columns[index].field]
        return names.index(folded[index]) if folded[index] in names else -1

    subject: dict[str, int] = {}
    about = [index for index, each in columns.items() if each.field in SUBJECT_FIELDS]
    for index in sorted(about, key=lambda index: (rank(index), index)):
        subject.setdefault(columns[index].field, index)
    return subject


_Raw = dict[str, int]


def _grouped(
    numbers: Mapping[int, Column], texts: Sequence[str], above: Sequence[str]
) -> list[tuple[str | None, _Raw]]:
    """Return the columns of numbers, arm by arm: a field that comes again begins the next arm."""
    groups: list[tuple[str | None, _Raw]] = []
    for index in sorted(numbers):
        each = numbers[index]
        own = [group for arm, group in groups if arm == each.arm]
        if own and each.field not in own[-1]:
            own[-1][each.field] = index
        else:
            groups.append((each.arm, {each.field: index}))
    if len(groups) > 1 and all(arm is None for arm, _ in groups):
        low = 0
        for number, (_, group) in enumerate(groups):
            first, last = min(group.values()), max(group.values())
            labels = [above[index] for index in range(low, first + 1) if index < len(above) and texts[index]]
            beside = _DECLARED_WITHIN.sub("", texts[first]).strip() if "reported" in group else ""
            groups[number] = (next((label for label in (beside, *reversed(labels)) if label), None), group)
            low = last + 1
    return groups


def _resolved(raw: _Raw, arm: str | None, headers: Sequence[str]) -> Group:
    """Return the columns of one arm with what `n`, `N` and `patients` mean beside the others."""
    columns = {each: index for each, index in raw.items() if each in FIELDS}
    either = None
    small, large, people = raw.get("n"), raw.get("N"), raw.get("people")
    if small is not None and large is not None:
        columns.setdefault("count", small)
        columns.setdefault("denominator", large)
        small = large = None
    open_ones = [index for index in (small, people, large) if index is not None]
    if len(open_ones) > 1 and not {"count", "denominator", "reported"} & set(columns):
        columns |= {"count": open_ones[0], "denominator": open_ones[1]}
    for index in open_ones:
        if index in columns.values():
            continue
        if "count" in columns and "denominator" not in columns:
            columns["denominator"] = index
        elif "denominator" in columns and "count" not in columns and "reported" not in columns:
            columns["count"] = index
        elif "reported" in columns and index != small:
            columns.setdefault("denominator", index)
        elif not {"count", "reported"} & set(columns):
            either = index
    declares = "reported" in columns and bool(re.search(_PERCENT_SIGN, fold(headers[columns["reported"]])))
    return Group(columns, arm, either, declares)


def named_columns(entries: Sequence[str]) -> dict[str, str]:
    """Return the header that the user gives each field: `count=Events,denominator="Number analysed"`.

    Raises SettingsError for an unknown field, and for a field without a header.
    """
    named: dict[str, str] = {}
    for entry in entries:
        for pair in next(csv.reader([_QUOTED_HEADER.sub(r'"\1=\2"', entry)], skipinitialspace=True), ()):
            each, sign, header = pair.partition("=")
            name = each.strip().casefold()
            if name not in FIELDS:
                hint = did_you_mean(name, FIELDS, f"valid: {', '.join(FIELDS)}")
                raise SettingsError(f"'{each.strip()}' is not a field of a sheet; {hint}")
            if not sign or not header.strip():
                raise SettingsError(f"'{pair.strip()}' has no header; write {name}=HEADER")
            named[name] = header.strip()
    return named
