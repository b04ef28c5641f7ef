"""The table of a summary, whatever format it is written in: its columns, its lines, and its notes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby
from typing import NamedTuple

from rheumcalc.findings import Finding
from rheumcalc.messages import counted
from rheumcalc.numbers.intervals import Limits, proportion_interval
from rheumcalc.numbers.rounding import RoundingMode, printed_decimal, round_exact
from rheumcalc.sheets.grid import column_letters
from rheumcalc.study.claims import Verdict
from rheumcalc.study.denominators import ResolvedBy
from rheumcalc.summary.options import Grouping, SummaryOptions
from rheumcalc.summary.rows import MAX_DENOMINATOR, Row, Rows
from rheumcalc.summary.select import outcome_key, selected
from rheumcalc.summary.styles import STYLE_NOTES, Percentage, percentages, usual_decimals
from rheumcalc.terminal.verdicts import verdict_label

#: What is shown where a number is not known.
UNKNOWN = "–"

_DENOMINATOR_WORDS = {
    ResolvedBy.EXPLICIT: "printed with the result",
    ResolvedBy.RECORD: "the stated size of the group",
    ResolvedBy.COLUMN: "the size in the column heading",
    ResolvedBy.ANTECEDENT: "the number that the words refer to",
    ResolvedBy.STATED: "a size that is stated and fits",
    ResolvedBy.JOINT: "the only size that fits all the results together",
    None: "not known",
}
#: The name of a statistic, singular and plural.
_KIND_WORDS = {
    "mean": ("mean", "means"),
    "median": ("median", "medians"),
    "rate": ("rate", "rates"),
    "effect": ("comparison between groups", "comparisons between groups"),
}


class Line(NamedTuple):
    """A line of the table: a row of the summary with its cells as text.

    `limits` are those of the interval in percent, unrounded; `lower` and `upper` the same as shown. `marks` are the
    letters of the notes about the line.
    """

    row: Row
    study: str
    outcome: str
    group: str
    timepoint: str
    fraction: str
    percentage: Percentage | None
    limits: Limits | None
    lower: str
    upper: str
    printed: str
    verdict: str
    marks: tuple[str, ...]

    @property
    def percent(self) -> str:
        """The percentage as shown."""
        return self.percentage.text if self.percentage else UNKNOWN


class Note(NamedTuple):
    """A note below the table; `mark` is the letter by which lines refer to it, or None for one about all."""

    mark: str | None
    text: str


class LineGroup(NamedTuple):
    """Lines under one heading: those of a study, or of an outcome. `title` says more about the study."""

    heading: str
    title: str | None
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class SummaryTable:
    """A summary as a table: its caption, its lines under their headings, and its notes."""

    caption: str
    options: SummaryOptions
    groups: tuple[LineGroup, ...]
    notes: tuple[Note, ...]

    @property
    def lines(self) -> tuple[Line, ...]:
        """All lines in order."""
        return tuple(line for group in self.groups for line in group.lines)

    @property
    def has_groups(self) -> bool:
        """Whether any line names an arm or a population."""
        return any(line.group for line in self.lines)

    @property
    def has_times(self) -> bool:
        """Whether any line has a timepoint."""
        return any(line.timepoint for line in self.lines)

    @property
    def interval_title(self) -> str:
        """The heading of the column of intervals: `95% CI`."""
        return f"{self.options.level} CI"


def tabulate(rows: Rows, options: SummaryOptions) -> SummaryTable:
    """Return the table of the selected rows.

    Raises SettingsError where a word of the options selects nothing, and MissingExtraError where the intervals need a
    library that is not installed.
    """
    chosen = selected(rows, options)
    marks = _Marks()
    shown = percentages(chosen, options.style, usual_decimals(rows.rows))
    lines = [_line(row, percentage, options, marks) for row, percentage in zip(chosen, shown, strict=True)]
    groups = tuple(_grouped(lines, options.by))
    return SummaryTable(_caption(lines), options, groups, (*marks.notes, *_general_notes(rows, lines, options)))


def interval_of(row: Row, options: SummaryOptions) -> Limits | None:
    """Return the limits of a row's interval in percent; None where the percentage is not a share of participants."""
    if not row.is_binomial or row.count is None or row.denominator is None:
        return None
    limits = proportion_interval(row.count, row.denominator, options.interval, float(options.confidence_level))
    return Limits(limits.lower * 100, limits.upper * 100)


def fraction_of(row: Row) -> str:
    """Return `10/12`, or as much of it as is known."""
    if row.count is None and row.denominator is None:
        return UNKNOWN
    known = (UNKNOWN if number is None else str(number) for number in (row.count, row.denominator))
    return "/".join(known)


def _line(row: Row, percentage: Percentage | None, options: SummaryOptions, marks: _Marks) -> Line:
    limits = interval_of(row, options)
    lower, upper = limits_text(limits, percentage)
    return Line(
        row=row,
        study=row.study.name,
        outcome=row.label,
        group=", ".join(filter(None, (row.arm, row.population))),
        timepoint=row.timepoint.text if row.timepoint else "",
        fraction=fraction_of(row),
        percentage=percentage,
        limits=limits,
        lower=lower,
        upper=upper,
        printed=row.printed,
        verdict=verdict_label(row.verdict, row.judgement.convention),
        marks=tuple(marks.of(row)),
    )


def limits_text(limits: Limits | None, percentage: Percentage | None) -> tuple[str, str]:
    """Return limits in percent with the decimals of their percentage; nothing where there are none."""
    if limits is None or percentage is None:
        return "", ""
    decimals = percentage.decimals
    lower, upper = (round_exact(Fraction(each), decimals, RoundingMode.HALF_UP) for each in limits)
    return printed_decimal(lower, decimals), printed_decimal(upper, decimals)


def _grouped(lines: Sequence[Line], by: Grouping) -> Iterator[LineGroup]:
    if by is Grouping.OUTCOME:
        for _, same in groupby(lines, key=lambda line: outcome_key(line.row)):
            together = tuple(same)
            yield LineGroup(together[0].outcome, None, together)
        return
    for _, same in groupby(lines, key=lambda line: line.row.study.key):
        together = tuple(same)
        yield LineGroup(together[0].study, together[0].row.study.title, together)


def _caption(lines: Sequence[Line]) -> str:
    studies = list(dict.fromkeys(line.study for line in lines))
    whose = studies[0] if len(studies) == 1 else f"{len(studies)} studies"
    return f"Results of {whose}, recomputed from counts and denominators"


class _Marks:
    """Gives each note about lines its letter, a to z and then aa, in the order in which they are first needed."""

    def __init__(self) -> None:
        self._letters: dict[str, str] = {}

    def of(self, row: Row) -> list[str]:
        """Return the letters of the notes about a row."""
        return sorted({self._letter(text) for text in _remarks(row)}, key=lambda letter: (len(letter), letter))

    def _letter(self, text: str) -> str:
        return self._letters.setdefault(text, column_letters(len(self._letters)).lower())

    @property
    def notes(self) -> tuple[Note, ...]:
        """The notes in the order of their letters."""
        return tuple(Note(letter, text) for text, letter in self._letters.items())


def _remarks(row: Row) -> Iterator[str]:
    """Yield what a reader has to know about a row: why it is flagged, and where its numbers come from."""
    for finding in row.findings:
        yield _told(finding)
    if row.verdict is Verdict.INCONSISTENT and not row.findings:
        yield "These numbers cannot all be true; the rule that says why is not selected."
    if row.verdict is Verdict.CANNOT_CHECK and row.judgement.missing:
        yield f"Cannot be checked: needs {row.judgement.missing}."
    if row.is_count_implied:
        yield "The count is not printed: it is the only one that fits the percentage."
    if row.claim.provenance == "secondary":
        where = f" ({row.claim.where})" if row.claim.where else ""
        yield f"Not read in the study itself, but as another text reports it{where}."
    if row.also:
        yield f"Also printed as {', '.join(row.also)}."
    if row.claim.estimator is not None:
        yield f"The percentage is an estimate ({row.claim.estimator.replace('_', ' ')}), as printed."
    elif row.claim.missing_data_rule == "mi":
        yield "The percentage was made by multiple imputation, as printed."
    if row.exact is not None and row.claim.unit != "participants":
        yield f"No interval: what is counted is {row.claim.unit}."
    elif row.exact is not None and not row.is_binomial and (row.denominator or 0) > MAX_DENOMINATOR:
        yield f"No interval: the denominator is above {MAX_DENOMINATOR:,}."


def _told(finding: Finding) -> str:
    ignored = "" if finding.ignored is None else f" Ignored: {finding.ignored.rstrip('.')}."
    return f"{finding.severity.value.capitalize()} {finding.rule.code}: {finding.message}{ignored}"


def _general_notes(rows: Rows, lines: Sequence[Line], options: SummaryOptions) -> Iterator[Note]:
    sources = Counter(line.row.denominator_by for line in lines)
    told = [f"{words} (in {counted(sources[by], 'row')})" for by, words in _DENOMINATOR_WORDS.items() if sources[by]]
    yield Note(None, f"n/N is count and denominator. Denominators: {'; '.join(told)}.")
    yield Note(None, STYLE_NOTES[options.style])
    if any(line.limits for line in lines):
        yield Note(
            None,
            f"{options.level} CI: {options.interval.label} interval of n/N in percent, unadjusted, with the "
            "decimals of the percentage.",
        )
    for study, name in {line.row.study.key: line.study for line in lines}.items():
        for finding in rows.others.get(study, ()):
            yield Note(None, f"{name}, not about a single row: {_told(finding)}")
    left_out = _left_out(rows, lines)
    if left_out:
        yield Note(None, f"Not in this table, because they are not proportions: {left_out}.")


def _left_out(rows: Rows, lines: Sequence[Line]) -> str:
    """Return how many results of the studies in a whole table are not proportions; nothing for a selection."""
    if len(lines) != len(rows.rows):
        return ""
    kinds = sorted(rows.left_out.items())
    return ", ".join(f"{number} {_KIND_WORDS[kind][number > 1]}" for kind, number in kinds)


class Padding(NamedTuple):
    """The padding for a digit, and for a decimal mark, that a number does not have."""

    digit: str
    mark: str


#: In a typewriter face every space is as wide as a digit; in others these spaces are.
SPACES = Padding(" ", " ")
FIGURE_SPACES = Padding("\u2007", "\u2008")


def aligned(texts: Iterable[str], pad: Padding) -> list[str]:
    """Return numbers padded so that, when right-aligned, their decimal marks are in one column.

    What is not a number (`–`) is padded like a number without decimals.
    """
    parts = [text.partition(".") for text in texts]
    decimals = max((len(digits) for _, _, digits in parts), default=0)
    has_marks = any(mark for _, mark, _ in parts)
    return [
        "".join(part) + (pad.mark if has_marks and not part[1] else "") + pad.digit * (decimals - len(part[2]))
        for part in parts
    ]


def intervals(lines: Sequence[Line], pad: Padding, dash: str = "–") -> list[str]:
    """Return the intervals of lines, padded so that, when right-aligned, their dashes are in one column."""
    uppers = [line.upper for line in lines if line.limits]
    marks = max((upper.count(".") for upper in uppers), default=0)
    digits = max((len(upper) - upper.count(".") for upper in uppers), default=0)
    shown = []
    for line in lines:
        own = line.upper.count(".")
        rest = pad.mark * (marks - own) + pad.digit * (digits - len(line.upper) + own)
        shown.append(f"{line.lower}{dash}{line.upper}{rest}" if line.limits else UNKNOWN)
    return shown
