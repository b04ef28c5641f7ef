"""A sheet of extracted outcomes to its claims: row by row, study by study."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import NamedTuple

from rheumcalc.numbers.printed import Bound, Printed, PrintedError
from rheumcalc.numbers.rounding import TOLERATED, printed_decimal
from rheumcalc.numbers.timepoint import Timepoint, parse_timepoint
from rheumcalc.prose.reported import Reported, parse_reported
from rheumcalc.record.model import slug
from rheumcalc.sheets import Group, Row, Sheets, Table
from rheumcalc.sheets.headers import fold
from rheumcalc.sheets.numerals import is_blank, read_count, read_percent
from rheumcalc.source import Location
from rheumcalc.study.claims import Claim, ProportionClaim, StudyClaims, Subject

#: The names of studies in rows that sum up others: their percentages may be weighted.
_TOTALS = {
    *("total", "totals", "sum", "all", "overall", "all studies", "grand total", "subtotal", "pooled", "summary"),
    *("mean", "average", "meta analysis", "combined"),
}
#: Words which show that a percentage is not count over denominator, and how it was made.
_ESTIMATORS = {
    "kaplan_meier": re.compile(r"(?i:kaplan)|\bKM\b"),
    "cumulative_incidence": re.compile(r"cumulative incidence", re.IGNORECASE),
    "weighted": re.compile(r"\bweighted\b", re.IGNORECASE),
    "adjusted": re.compile(r"\badjusted\b", re.IGNORECASE),
    "imputed": re.compile(r"\bmultipl[ey] imput", re.IGNORECASE),
    "model": re.compile(r"\bmodel[- ](?:based|derived|estimated)\b", re.IGNORECASE),
    "pooled": re.compile(r"\bpooled\b|\bmeta-?analy", re.IGNORECASE),
}
#: How much of a label is in the id of its outcome, in characters.
_MOST_ID = 70
_SIGNED = re.compile(r"%|/|\bof\b|per ?cent", re.IGNORECASE)


def claims_from_sheets(sheets: Sheets) -> tuple[StudyClaims, ...]:
    """Return what a file of sheets claims, a study at a time, in the order in which they first come."""
    reader = _Reader(sheets)
    for table in sheets.tables:
        for group in table.layout.groups:
            reader.settle(table, group)
        reader.read(table)
    return tuple(
        # In a sheet most populations have no name, so nothing is presumed about results that name none.
        StudyClaims(study=study.name, source=sheets.source, claims=tuple(study.claims), presumes_sharing=False)
        for study in reader.studies.values()
        if study.claims
    )


@dataclass
class _Study:
    name: str
    claims: list[Claim] = field(default_factory=list)
    #: How outcomes of one name, arm and time are distinguished by the other cells of their rows.
    identities: dict[tuple[object, ...], dict[object, str]] = field(default_factory=dict)


class _Settled(NamedTuple):
    """What the rows of a group of columns decide: what each column contains, and whether 0.2 means 20%."""

    columns: Mapping[str, int]
    in_proportions: bool | None


@dataclass(frozen=True)
class _Numbers:
    """What the cells of a result say, the cell that gives its place, and what keeps it from being read."""

    count: Printed | None
    denominator: Printed | None
    percent: Printed | None
    unclear: str | None
    at: int | None
    reported: tuple[Reported, int] | None


class _Reader:
    """Reads tables in their order; a study may go on in the next."""

    def __init__(self, sheets: Sheets) -> None:
        self.sheets = sheets
        self.studies: dict[str, _Study] = {}
        self.settled: dict[Group, _Settled] = {}

    # --- what the columns hold ---------------------------------------------------------------------------------------

    def settle(self, table: Table, group: Group) -> None:
        """Decide by all rows of a table what its headers leave open."""
        columns = dict(group.columns)
        if group.either is not None:
            # `n` beside a percentage is a count or a sample size: what more rows can be true with.
            fits = {each: _fitting(table, {**columns, each: group.either}) for each in ("count", "denominator")}
            preferred = "denominator" if table.layout.headers[group.either].strip() == "N" else "count"
            other = next(each for each in fits if each != preferred)
            columns[other if fits[other] > fits[preferred] else preferred] = group.either
        self.settled[group] = _Settled(columns, _in_proportions(table, columns))

    # --- rows --------------------------------------------------------------------------------------------------------

    def read(self, table: Table) -> None:
        """Add the claims of a table's rows to their studies."""
        layout = table.layout
        subject = layout.subject
        headers = [fold(text) for text in layout.headers]
        last_study = last_outcome = ""
        for row in table.rows:
            if [fold(row.text(index)) for index in range(len(headers))] == headers:
                continue
            name, outcome = row.text(subject.get("study")), row.text(subject.get("outcome"))
            year = row.text(subject.get("year"))
            is_total = fold(name or outcome) in _TOTALS
            if name and year and year not in name:
                name = f"{name} {year}"
            if name and name != last_study:
                last_outcome = ""
            # Merged cells, and lists that print a name once: an empty cell means the one above.
            last_study, last_outcome = name or last_study, outcome or last_outcome
            study = self._study(last_study or self.sheets.source.name)
            told = bool(outcome) and (bool(name) or "study" not in subject)
            estimator = "pooled" if is_total else _estimator(table, row)
            about = _About(study, last_outcome, told, estimator)
            for group in layout.groups:
                study.claims += self._claims(table, row, group, about)

    def _study(self, name: str) -> _Study:
        return self.studies.setdefault(fold(name), _Study(name))

    def _claims(self, table: Table, row: Row, group: Group, about: _About) -> Iterator[Claim]:
        layout = table.layout
        settled = self.settled[group]
        numbers = _numbers(table, row, settled)
        tellings: list[tuple[Reported, int, str | None]] = []
        if numbers.at is not None:
            printed = Reported("", numbers.count, numbers.denominator, numbers.percent)
            tellings.append((printed, numbers.at, numbers.unclear))
        column = settled.columns.get("reported")
        text = row.text(column)
        if column is not None and not is_blank(text):
            reported, unclear = _reported(text, declares_percent=group.declares_percent)
            problem = table.sheet.problems.get((row.number, column))
            tellings.append((reported, column, problem or unclear))
        elif numbers.reported is not None:
            tellings.append((*numbers.reported, None))
        if len(tellings) == 2 and numbers.count is None and numbers.percent is None and not numbers.unclear:
            # Beside `n (%)`, a column of sizes gives the denominator that the result does not print itself.
            (sized, _, _), (result, at, unclear) = tellings
            if result.denominator is None:
                result = Reported(result.text, result.count, sized.denominator, result.percent, result.hedge)
            tellings = [(result, at, unclear)]
        subject = self._subject(table, row, group, about)
        for printed, at, unclear in tellings:
            if printed.count is None and printed.percent is None and unclear is None:
                continue
            header = layout.headers[settled.columns.get("count", at)]
            place = table.sheet.location(row, at, layout.headers[at])
            claim = _claim(printed, unclear, place, row.text(at), is_events="event" in fold(header))
            yield replace(claim, subject=subject, estimator=about.estimator)

    def _subject(self, table: Table, row: Row, group: Group, about: _About) -> Subject:
        columns = table.layout.subject
        arm = ", ".join(filter(None, [row.text(columns.get("arm")), group.arm])) or None
        population = row.text(columns.get("population")) or None
        time = row.text(columns.get("timepoint"))
        timepoint = _timepoint(time, table.layout.time_unit) if time and not is_blank(time) else None
        label = about.outcome or None
        subject = Subject(about.study.name, None, label, population, arm, timepoint)
        if label is None:
            return subject
        # Any other cell of the row may distinguish its result from another of the same name: then they are two results.
        rest = tuple(row.text(index) for index in table.layout.others)
        has_time = timepoint is not None or "timepoint" not in columns
        is_same = about.is_told and arm and has_time
        identity = (fold(label), rest) if is_same else (row.number, table.sheet.title)
        name = slug(label)[:_MOST_ID]
        endpoint = (name, population, arm, timepoint.key if timepoint else None)
        known = about.study.identities.setdefault(endpoint, {})
        # No label gives an id with two hyphens.
        outcome = known.setdefault(identity, f"{name}--{len(known) + 1}" if known else name)
        return subject._replace(outcome=outcome)


class _About(NamedTuple):
    """Whose row it is: its study, its outcome, whether the row itself says both, and how its percentages were made."""

    study: _Study
    outcome: str
    is_told: bool
    estimator: str | None


def _claim(
    printed: Reported, unclear: str | None, location: Location, text: str, *, is_events: bool
) -> ProportionClaim:
    """Return the claim that a row makes at a place, its subject left open; `text` is what the cell there holds."""
    count, denominator, percent = printed.count, printed.denominator, printed.percent
    over = count is not None and denominator is not None and count.value > denominator.value
    return ProportionClaim(
        subject=Subject(),
        text=(text or "(no value)") if unclear else (printed.text or _text(printed)),
        location=location,
        count=None if unclear else count,
        denominator=None if unclear else denominator,
        percent=None if unclear else percent,
        hedge=printed.hedge,
        # One participant can have several events, so only then can there be more of them.
        unit="events" if over and is_events else "participants",
        # A sheet cannot say that an outcome is cumulative, so a fall with time is nothing to warn of.
        kind="prevalence",
        unclear=unclear,
    )


def _text(printed: Reported) -> str:
    """Return the numbers of several cells as a result is printed: `12/60 (20.0%)`."""
    fraction = printed.count.text if printed.count else ""
    if printed.denominator:
        fraction += f"/{printed.denominator.text}" if fraction else ""
    percent = f"{printed.percent.text}%" if printed.percent else ""
    if fraction and percent:
        return f"{fraction} ({percent})"
    if percent and printed.denominator:
        return f"{percent} of {printed.denominator.text}"
    return fraction or percent


# --- cells -----------------------------------------------------------------------------------------------------------


def _numbers(table: Table, row: Row, settled: _Settled) -> _Numbers:
    """Return what the columns of count, denominator and percentage say in a row."""
    found: dict[str, Printed] = {}
    unclear: tuple[str, int] | None = None
    reported: tuple[Reported, int] | None = None
    first: int | None = None
    is_told = False
    for name in ("percent", "count", "denominator"):
        column = settled.columns.get(name)
        if column is None:
            continue
        text, problem = row.text(column), table.sheet.problems.get((row.number, column))
        if problem is None and is_blank(text):
            continue
        first = column if first is None else first
        whole = None
        try:
            if problem is None:
                found[name] = _cell(name, text, settled)
        except PrintedError:
            problem = f"a {name} that can be read"
            whole = _whole(text) if name == "count" else None
        except _OpenError as error:
            problem = str(error)
        if whole is not None and whole.count is not None:
            found[name], reported = whole.count, (whole, column)
        elif problem is not None:
            unclear = unclear or (problem, column)
            is_told = is_told or text == "" or any(map(str.isdigit, text))
    # Words where numbers are expected, and no number beside them, are not a result: a second line of headers, a remark.
    words, at = (unclear if found or is_told else None) or (None, first)
    return _Numbers(found.get("count"), found.get("denominator"), found.get("percent"), words, at, reported)


class _OpenError(Exception):
    """A number that can mean two things; the message says what would decide it."""


def _cell(name: str, text: str, settled: _Settled) -> Printed:
    """Return the number in a cell. Raises PrintedError, and _OpenError."""
    if name != "percent":
        number = read_count(text)
        if name == "denominator" and number.value == 0:
            raise PrintedError("is 0")
        return number
    number, has_sign = read_percent(text)
    if has_sign or settled.in_proportions is False or not 0 <= number.value <= 1:
        return number
    if settled.in_proportions is None:
        # Zero is zero, and nobody prints `<1` of a proportion.
        if number.value == 0 or (number.bound is not Bound.EXACT and number.decimals == 0):
            return number
        raise _OpenError(f"whether {text} is a percentage")
    if number.decimals < 2:
        raise _OpenError("a proportion of more digits")
    decimals = number.decimals - 2
    value = number.value * 100
    return Printed(printed_decimal(value, decimals), value, decimals, number.bound)


def _whole(text: str) -> Reported | None:
    try:
        return parse_reported(text)
    except PrintedError:
        return None


def _reported(text: str, *, declares_percent: bool) -> tuple[Reported, str | None]:
    """Return what a result in one cell says, and what keeps it from being read."""
    nothing = Reported(text)
    if not declares_percent and "(" in text and not _SIGNED.search(text):
        # `12 (20)` may be a mean and its deviation where no header says what it is.
        return nothing, "a percent sign"
    try:
        return parse_reported(text), None
    except PrintedError:
        return nothing, "a result in a known form"


def _timepoint(text: str, unit: str | None) -> Timepoint:
    number = re.fullmatch(r"([0-9]+(?:[.,][0-9]*[1-9])?)(?:[.,]0+)?", text)
    return parse_timepoint(f"{number[1]} {unit}" if number and unit else text)


def _estimator(table: Table, row: Row) -> str | None:
    """Return how a row says that its percentage was made, if it is not a simple share."""
    layout = table.layout
    said = [row.text(layout.subject.get("outcome")), *(row.text(index) for index in layout.others)]
    said += [layout.headers[index] for group in layout.groups for index in group.columns.values()]
    words = " | ".join(said)
    return next((name for name, pattern in _ESTIMATORS.items() if pattern.search(words)), None)


# --- what only all rows together say ---------------------------------------------------------------------------------


def _readings(
    table: Table, columns: Mapping[str, int]
) -> Iterator[tuple[Printed | None, Printed | None, Printed, bool]]:
    """Yield count, denominator and percentage of the rows that print an exact percentage, and whether it has a sign."""
    for row in table.rows:
        try:
            percent, has_sign = read_percent(row.text(columns.get("percent")))
        except PrintedError:
            continue
        if percent.bound is Bound.EXACT:
            count, denominator = (_count_in(row.text(columns.get(name))) for name in ("count", "denominator"))
            yield count, denominator, percent, has_sign


def _count_in(text: str) -> Printed | None:
    try:
        return read_count(text)
    except PrintedError:
        return None


def _in_proportions(table: Table, columns: Mapping[str, int]) -> bool | None:
    """Decide whether a column of percentages contains proportions; None if its values can be either.

    They are read as proportions only if all are between 0 and 1 and count over denominator confirms it.
    """
    if "percent" not in columns:
        return False
    values = [reading for reading in _readings(table, columns) if not reading[3]]
    if any(not 0 <= percent.value <= 1 for _, _, percent, _ in values):
        return False
    fits = {1: 0, 100: 0}
    for count, denominator, percent, _ in values:
        if count is None or denominator is None or not count.value or not denominator.value:
            continue
        for scale in fits:
            fits[scale] += Fraction(scale * count.value, denominator.value) in percent.preimage(TOLERATED)
    if fits[1] != fits[100]:
        return fits[1] > fits[100]
    header = fold(table.layout.headers[columns["percent"]])
    return True if header == "proportion" else None


def _fitting(table: Table, columns: Mapping[str, int]) -> int:
    """Return how many rows of a count, or a denominator, and a percentage can be true."""
    from rheumcalc.numbers.feasible import feasible_counts, feasible_denominators

    fitting = 0
    for count, denominator, percent, _ in _readings(table, columns):
        if count is not None:
            fitting += bool(feasible_denominators(int(count.value), percent, TOLERATED))
        elif denominator is not None and denominator.value:
            fitting += bool(feasible_counts(percent, int(denominator.value), TOLERATED))
    return fitting
