"""The calculator: what fits a few printed numbers, one by one and together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rheumcalc.numbers.arithmetic import (
    division,
    expansion,
    fitting_counts,
    fitting_denominators,
    neighbours,
    rounded,
    share,
)
from rheumcalc.numbers.feasible import (
    ANY_DENOMINATOR,
    NOTHING,
    IntegerRange,
    denominator_groups,
    feasible_counts,
    feasible_denominators,
)
from rheumcalc.numbers.printed import Bound, Printed, PrintedError
from rheumcalc.numbers.rounding import NEAREST, TOLERATED, RoundingMode
from rheumcalc.prose.reported import Reported, parse_reported
from rheumcalc.study.claims import Verdict


@dataclass(frozen=True, slots=True)
class Answer:
    """What one claim admits alone: the denominators, and the counts where a percentage of a denominator was given."""

    printed: str
    verdict: Verdict
    denominators: IntegerRange
    steps: tuple[str, ...]
    counts: IntegerRange | None = None
    convention: RoundingMode | None = None


@dataclass(frozen=True, slots=True)
class Joint:
    """Denominators that fit several claims, and which those are, by position from 0."""

    denominators: IntegerRange
    fits: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Solution:
    """The calculator's answer: each claim alone, the most that fit one denominator, and the sets among the rest."""

    answers: tuple[Answer, ...]
    joint: Joint
    others: tuple[Joint, ...]

    @property
    def rest(self) -> tuple[int, ...]:
        """The claims that do not fit the joint denominator, by position from 0."""
        return tuple(index for index in range(len(self.answers)) if index not in set(self.joint.fits))


def solve_denominators(claims: Sequence[str], modes: frozenset[RoundingMode] = NEAREST) -> Solution:
    """Return what fits each claim (`16 (18.2%)`, `44/88 50%`, `66.7% of 25`), and all together.

    Raises PrintedError for a text that is not a claim, with the text in the message.
    """
    answers = tuple(_answer(_read(text), modes) for text in claims)
    ranges = [answer.denominators for answer in answers]
    # A claim that says nothing about its denominator agrees with every other, and so tells nothing.
    telling = [index for index, each in enumerate(ranges) if each and each.size is not None]
    groups = denominator_groups([ranges[index] for index in telling])
    sets = [Joint(group.denominators, tuple(telling[member] for member in group.members)) for group in groups]
    if not sets or (len(sets[0].fits) < 2 and len(answers) > 1):
        return Solution(answers, Joint(NOTHING, ()), ())
    return Solution(answers, sets[0], tuple(sets[1:]))


def _read(text: str) -> Reported:
    try:
        return parse_reported(text)
    except PrintedError as error:
        raise PrintedError(f"'{text[:60]}': {error}") from None


def _answer(reported: Reported, modes: frozenset[RoundingMode]) -> Answer:
    count = None if reported.count is None else int(reported.count.value)
    denominator = None if reported.denominator is None else int(reported.denominator.value)
    percent = reported.percent
    text = reported.text
    if percent is not None and percent.value > 100:
        return Answer(text, Verdict.INCONSISTENT, NOTHING, (f"{percent.text}% is not a share: it is above 100%",))
    if count is not None and denominator is not None and count > denominator:
        return Answer(text, Verdict.INCONSISTENT, NOTHING, (f"{count} is more than {denominator}",))
    if percent is None:
        return _without_percentage(text, count, denominator)
    if reported.hedge is not None:
        return Answer(text, Verdict.CANNOT_CHECK, ANY_DENOMINATOR, (f"'{reported.hedge}' gives no exact percentage",))
    match count, denominator:
        case None, None:
            return Answer(text, Verdict.CANNOT_CHECK, ANY_DENOMINATOR, ("needs a count or a denominator",))
        case int(), None:
            return _given_count(text, count, percent, modes)
        case None, int():
            return _given_denominator(text, denominator, percent, modes)
        case _:
            return _given_both(text, int(count or 0), int(denominator or 1), percent, modes)


def _without_percentage(text: str, count: int | None, denominator: int | None) -> Answer:
    if count is None or denominator is None:
        return Answer(text, Verdict.CANNOT_CHECK, IntegerRange(max(1, count or 1), None), ("needs a percentage",))
    step = (
        f"{text} = {expansion(share(count, denominator), 1)}%, which prints as {rounded(share(count, denominator), 1)}%"
    )
    return Answer(text, Verdict.CONSISTENT, IntegerRange(denominator, denominator), (step,))


def _given_count(text: str, count: int, percent: Printed, modes: frozenset[RoundingMode]) -> Answer:
    fits = feasible_denominators(count, percent, modes)
    if fits:
        step = fitting_denominators(count, percent, modes)
        if fits.only is not None:
            step += f": {division(count, fits.only, percent.decimals, modes)}"
        return Answer(text, Verdict.CONSISTENT, fits, (step,))
    truncated = feasible_denominators(count, percent, modes | TOLERATED)
    if truncated:
        step = f"{fitting_denominators(count, percent, TOLERATED)}, only by truncation"
        return Answer(text, Verdict.CONSISTENT_UNDER, truncated, (step,), convention=RoundingMode.TRUNCATE)
    return Answer(text, Verdict.INCONSISTENT, NOTHING, (fitting_denominators(count, percent, modes),))


def _given_denominator(text: str, denominator: int, percent: Printed, modes: frozenset[RoundingMode]) -> Answer:
    only = IntegerRange(denominator, denominator)
    counts = feasible_counts(percent, denominator, modes)
    if counts:
        return Answer(text, Verdict.CONSISTENT, only, (fitting_counts(percent, denominator, modes),), counts)
    truncated = feasible_counts(percent, denominator, modes | TOLERATED)
    if truncated:
        step = f"{fitting_counts(percent, denominator, TOLERATED)}, only by truncation"
        return Answer(text, Verdict.CONSISTENT_UNDER, only, (step,), truncated, RoundingMode.TRUNCATE)
    steps = (f"no count out of {denominator} gives {percent.text}%: {neighbours(percent, denominator)}",)
    return Answer(text, Verdict.INCONSISTENT, NOTHING, steps, NOTHING)


def _given_both(text: str, count: int, denominator: int, percent: Printed, modes: frozenset[RoundingMode]) -> Answer:
    value = share(count, denominator)
    only = IntegerRange(denominator, denominator)
    step = division(count, denominator, percent.decimals, modes)
    if percent.bound is not Bound.EXACT:
        step = f"{count}/{denominator} = {expansion(value, max(1, percent.decimals))}%"
    if value in percent.preimage(modes):
        return Answer(text, Verdict.CONSISTENT, only, (step,))
    if value in percent.preimage(modes | TOLERATED):
        only_so = (step, f"{percent.text}% is {count}/{denominator} only by truncation")
        return Answer(text, Verdict.CONSISTENT_UNDER, only, only_so, convention=RoundingMode.TRUNCATE)
    steps = (step, fitting_counts(percent, denominator, modes), fitting_denominators(count, percent, modes))
    return Answer(text, Verdict.INCONSISTENT, NOTHING, steps)
