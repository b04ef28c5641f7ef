"""What a forest plot says, in words and numbers; where it stands is decided elsewhere."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import groupby
from typing import NamedTuple

from rheumcalc.numbers.effects import EffectMeasure, Estimate
from rheumcalc.numbers.intervals import IntervalMethod, Limits, proportion_interval
from rheumcalc.numbers.rounding import RoundingMode, printed_decimal, round_exact
from rheumcalc.study.claims import Verdict
from rheumcalc.summary.contrasts import Contrast, contrasts
from rheumcalc.summary.forest.typeface import Typeface
from rheumcalc.summary.options import Grouping, level_text
from rheumcalc.summary.rows import Row
from rheumcalc.summary.select import outcome_key

#: How many results fit a figure that people can still read.
MOST_RESULTS = 200
#: The marks of a result whose printed numbers cannot all be true, and at one whose count is not printed.
DOUBT, IMPLIED = "†", "*"


class FigureError(ValueError):
    """A figure that cannot be drawn; the message says what to ask for instead."""


class Effect(NamedTuple):
    """The effect between two arms: a difference in percentage points, or a ratio. No estimate where none is possible.

    `value` and `interval` are its texts; `between` says of which arms it is: `anakinra minus placebo`.
    """

    estimate: Estimate | None
    value: str
    interval: str
    between: str


class Result(NamedTuple):
    """One result of the figure, with its texts; `share` and `limits` are in percent.

    `label` is empty where it is that of the result above. `arm` numbers the arms of the study. `effect` is that of this
    arm; `compared` says of which arms the effect is that compares another with this one.
    """

    label: str
    group: str
    time: str
    fraction: str
    percent: str
    interval: str
    denominator: int
    share: float
    limits: Limits
    arm: int
    is_doubtful: bool
    compared: str
    effect: Effect | None


class Section(NamedTuple):
    """Results under one heading: those of a study, or of an outcome."""

    heading: str
    results: tuple[Result, ...]


class Content(NamedTuple):
    """All that a figure says: the titles of its columns, its sections, its notes, and itself in words.

    `effect` is None where no two arms are compared.
    """

    label_title: str
    percent_title: str
    effect_title: str
    effect: EffectMeasure | None
    sections: tuple[Section, ...]
    notes: tuple[str, ...]
    title: str
    description: str

    @property
    def results(self) -> tuple[Result, ...]:
        """All results from top to bottom."""
        return tuple(result for section in self.sections for result in section.results)


class Plan(NamedTuple):
    """What is asked of a figure."""

    method: IntervalMethod
    confidence_level: float
    effect: EffectMeasure
    by: Grouping

    @property
    def level(self) -> str:
        """The confidence level as people print it: `95%`."""
        return f"{level_text(Fraction(str(self.confidence_level)))}%"


def content_of(
    rows: Sequence[Row], references: Mapping[tuple[str, str | None], str], plan: Plan, typeface: Typeface
) -> Content:
    """Return what a figure of these rows says. Raises FigureError for none and for too many."""
    drawn = [row for row in rows if row.is_binomial]
    if not drawn:
        raise FigureError("there is nothing to draw: no result has a known count and denominator of participants")
    if len(drawn) > MOST_RESULTS:
        raise FigureError(
            f"{len(drawn)} results do not fit into one figure, the limit is {MOST_RESULTS}; select fewer with "
            "--outcome, --timepoint or --population"
        )
    compared = tuple(contrasts(rows, references))
    writer = _Writer(plan, typeface, compared)
    sections = tuple(writer.section(same) for same in _sections(drawn, plan.by))
    studies = list(dict.fromkeys(writer.study(row) for row in drawn))
    title = f"Forest plot of {len(drawn)} result{'s' if len(drawn) > 1 else ''}: {', '.join(studies)}"
    content = Content(
        label_title="Outcome" if plan.by is Grouping.STUDY else "Study",
        percent_title=f"% ({plan.level} CI)",
        effect_title=f"{_EFFECT_WORDS[plan.effect]} ({plan.level} CI)",
        effect=plan.effect if compared else None,
        sections=sections,
        notes=(),
        title=title,
        description="",
    )
    notes = tuple(_notes(content, plan, rows, typeface))
    return content._replace(notes=notes, description="\n".join((*_described(content, plan), *notes)))


_EFFECT_WORDS = {EffectMeasure.RISK_DIFFERENCE: "Difference", EffectMeasure.RISK_RATIO: "Ratio"}


def _sections(rows: Sequence[Row], by: Grouping) -> Iterator[list[Row]]:
    """Yield the rows of each heading, in the order of their first; arms that may be compared stand together."""

    def heading(row: Row) -> object:
        return outcome_key(row) if by is Grouping.OUTCOME else (row.study.id, row.study.source)

    def label(row: Row) -> object:
        return (row.study.id, row.study.source) if by is Grouping.OUTCOME else outcome_key(row)

    def time(row: Row) -> object:
        return row.timepoint.key if row.timepoint else None

    firsts: dict[tuple[object, ...], int] = {}

    def place(row: Row) -> list[int]:
        keys = (heading(row), label(row), time(row), row.population)
        return [firsts.setdefault(keys[:depth], len(firsts)) for depth in range(1, len(keys) + 1)]

    places = [place(row) for row in rows]
    order = sorted(range(len(rows)), key=lambda index: places[index])
    for _, same in groupby((rows[index] for index in order), key=heading):
        yield list(same)


class _Writer:
    """Puts rows into words and numbers."""

    def __init__(self, plan: Plan, typeface: Typeface, compared: Sequence[Contrast]) -> None:
        self._plan = plan
        self._typeface = typeface
        self._contrasts = {id(contrast.row): contrast for contrast in compared}
        self._references = {id(contrast.reference): contrast for contrast in compared}

    def study(self, row: Row) -> str:
        """Return the study's short name."""
        return self._typeface.drawable(row.study.name, row.study.id)

    def outcome(self, row: Row) -> str:
        """Return the outcome in words."""
        return self._typeface.drawable(row.label, row.outcome)

    def section(self, rows: Sequence[Row]) -> Section:
        """Return the results of one heading."""
        heading, label = (self.study, self.outcome) if self._plan.by is Grouping.STUDY else (self.outcome, self.study)
        results: list[Result] = []
        above = None
        for row in rows:
            text = label(row)
            results.append(self._result(row, "" if text == above else text))
            above = text
        return Section(heading(rows[0]), tuple(results))

    def _result(self, row: Row, label: str) -> Result:
        count, denominator, exact = row.count or 0, row.denominator or 0, row.exact or Fraction(0)
        limits = proportion_interval(count, denominator, self._plan.method, self._plan.confidence_level)
        lower, upper = limits.lower * 100, limits.upper * 100
        is_doubtful = row.verdict is Verdict.INCONSISTENT
        marks = f"{DOUBT if is_doubtful else ''}{IMPLIED if row.is_count_implied else ''}"
        return Result(
            label=label,
            group=", ".join(self._group(row, name) for name in (row.arm, row.population) if name),
            time=self._typeface.drawable(row.timepoint.text) if row.timepoint else "",
            fraction=f"{marks} {count}/{denominator}".lstrip(),
            percent=_fixed(exact, 1),
            interval=f"({_fixed(lower, 1)}–{_fixed(upper, 1)})",
            denominator=denominator,
            share=float(exact),
            limits=Limits(lower, upper),
            arm=_arm_number(row),
            is_doubtful=is_doubtful,
            compared=self._compared(self._references.get(id(row))),
            effect=self._effect(self._contrasts.get(id(row))),
        )

    def _group(self, row: Row, name: str) -> str:
        group = row.study.groups.get(name)
        return self._typeface.drawable(name, group.label if group else None)

    def _effect(self, contrast: Contrast | None) -> Effect | None:
        if contrast is None:
            return None
        estimate = contrast.estimate(self._plan.effect, self._plan.confidence_level)
        if estimate is None:
            return Effect(None, "not estimable", "", self._compared(contrast))
        if self._plan.effect is EffectMeasure.RISK_RATIO:
            value, lower, upper = map(_ratio, estimate)
        else:
            estimate = Estimate(*(100 * each for each in estimate))
            value, lower, upper = map(_signed, estimate)
        return Effect(estimate, value, f"({lower} to {upper})", self._compared(contrast))

    def _compared(self, contrast: Contrast | None) -> str:
        if contrast is None:
            return ""
        word = " over " if self._plan.effect is EffectMeasure.RISK_RATIO else " minus "
        return word.join(self._group(row, row.arm or "") for row in contrast)


def _arm_number(row: Row) -> int:
    arms = [name for name, group in row.study.groups.items() if group.is_arm]
    return arms.index(row.arm) if row.arm in arms else 0


def _fixed(value: float | Fraction, decimals: int) -> str:
    return printed_decimal(round_exact(Fraction(value), decimals, RoundingMode.HALF_UP), decimals)


def _signed(value: float) -> str:
    """Return a difference with its sign: `+58.3`, `−1.2`, `0.0`."""
    text = _fixed(abs(value), 1)
    if float(text) == 0:
        return text
    return f"{'+' if value > 0 else '−'}{text}"


def _ratio(value: float) -> str:
    """Return a ratio with two decimals, or as many as show two digits of a small one."""
    decimals = 2
    while value < 0.995 / 10 ** (decimals - 1) and decimals < 6:
        decimals += 1
    return _fixed(value, decimals)


def _notes(content: Content, plan: Plan, rows: Sequence[Row], typeface: Typeface) -> Iterator[str]:
    """Yield what a reader has to know to read the figure."""
    results = content.results
    yield (
        f"Lines are {plan.level} confidence intervals ({plan.method.label}), unadjusted. The area of a mark is "
        "proportional to its denominator, but none is too small to be seen."
    )
    if len({result.arm for result in results}) > 1:
        grey = "; grey is the arm that another is compared with" if content.effect else ""
        yield f"Arms of one study have marks of different shapes{grey}."
    if content.effect is EffectMeasure.RISK_DIFFERENCE:
        yield (
            f"Difference: in percentage points, with {plan.level} confidence intervals by Newcombe's hybrid score "
            "method, unadjusted."
        )
    if content.effect is EffectMeasure.RISK_RATIO:
        yield (
            f"Ratio: of the two percentages, with {plan.level} log-normal (Katz) confidence intervals, unadjusted; not "
            "estimable at 0% in an arm, or at 100% in both."
        )
    if any(result.is_doubtful for result in results):
        yield f"{DOUBT} With a hollow mark: the numbers printed for this result cannot all be true."
    if any(row.is_binomial and row.is_count_implied for row in rows):
        yield f"{IMPLIED} The count is not printed: it is the only one that fits the percentage."
    left_out = [row for row in rows if not row.is_binomial]
    unknown = sum(row.count is None or row.denominator is None for row in left_out)
    if unknown:
        yield f"{_results(unknown)} without a known count and denominator."
    if len(left_out) > unknown:
        yield f"{_results(len(left_out) - unknown)} whose percentage is not a share of participants."
    if any(typeface.BOX in text for text in _texts(content)):
        yield f"{typeface.BOX}: a character that the typeface of the figure does not have."


def _results(number: int) -> str:
    return f"Not shown: {number} result{'s' if number > 1 else ''}"


def _texts(content: Content) -> Iterable[str]:
    for section in content.sections:
        yield section.heading
        for result in section.results:
            yield from (result.label, result.group, result.time)


def _described(content: Content, plan: Plan) -> Iterator[str]:
    """Yield the figure line by line, for those who do not see it."""
    for section in content.sections:
        label = ""
        for result in section.results:
            label = result.label or label
            what = ", ".join(filter(None, (section.heading, label, result.group, result.time)))
            yield f"{what}: {result.fraction}, {result.percent}% {result.interval}."
            if result.effect is not None:
                effect = result.effect
                yield f"{_EFFECT_WORDS[plan.effect]}, {effect.between}: {effect.value} {effect.interval}".rstrip() + "."
