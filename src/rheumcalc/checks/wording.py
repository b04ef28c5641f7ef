"""Hedged words, and changes between percentages (rules RC811 to RC813)."""

from __future__ import annotations

from fractions import Fraction

from rheumcalc.checks.case import Case, Decision, Judgement
from rheumcalc.findings import Finding
from rheumcalc.numbers.arithmetic import expansion, percent_text, rounded, share
from rheumcalc.numbers.printed import Bound, Printed
from rheumcalc.numbers.rounding import Interval, printed_decimal
from rheumcalc.prose.hedges import admitted_by_words
from rheumcalc.study.claims import DifferenceClaim, Verdict
from rheumcalc.study.denominators import Resolved, ResolvedBy

# --- hedged words ----------------------------------------------------------------------------------------------------


def check_hedges(case: Case) -> Decision:
    """Note hedged words that the exact share of count and denominator does not support: `nearly 50%` for 44/88."""
    for resolved in case.proportions:
        claim, count, denominator = resolved.claim, resolved.count, resolved.denominator
        if claim.hedge is None or count is None or denominator is None or not claim.is_simple_proportion:
            continue
        admitted = admitted_by_words(claim)
        # Another rule reports numbers that cannot be a share.
        if admitted is None or (count > denominator and not resolved.in_events):
            continue
        if share(count, denominator) not in admitted:
            yield _hedge_finding(case, resolved, count, denominator, admitted)


#: How a group's size is known, where the claim does not print it.
_HOW = {ResolvedBy.RECORD: "stated", ResolvedBy.JOINT: "implied"}


def _hedge_finding(case: Case, resolved: Resolved, count: int, denominator: int, admitted: Interval) -> Finding:
    claim = resolved.claim
    decimals = claim.percent.decimals if claim.percent else 0
    exact = expansion(share(count, denominator), decimals)
    printed = " ".join(filter(None, (claim.hedge, claim.percent and percent_text(claim.percent))))
    steps = [f"'{(claim.hedge or '').lower()}' is taken to mean {_in_words(admitted)}"]
    if resolved.group is not None and resolved.by in _HOW:
        steps.append(f"{denominator} is {_HOW[resolved.by]} for '{resolved.group.name}'")
    return case.finding(
        "hedge-mismatch",
        claim,
        f"{count}/{denominator} is {exact}%, which is not {printed}.",
        recomputed=f"{rounded(share(count, denominator), decimals)}%",
        steps=steps,
    )


def _in_words(interval: Interval) -> str:
    """Return what a hedge admits, in words: `at least 45% and less than 50%`."""
    lower = upper = None
    if interval.lower is not None:
        lower = f"{'at least' if interval.lower_closed else 'more than'} {expansion(interval.lower, 0)}%"
    if interval.upper is not None:
        upper = f"{'at most' if interval.upper_closed else 'less than'} {expansion(interval.upper, 0)}%"
    return " and ".join(filter(None, (lower, upper)))


# --- changes between percentages -------------------------------------------------------------------------------------


def check_differences(case: Case) -> Decision:
    """Judge every printed change between two percentages, as a change in points or in percent of the first."""
    for claim in case.study.claims:
        if isinstance(claim, DifferenceClaim):
            yield from _judge_difference(case, claim)


def _judge_difference(case: Case, claim: DifferenceClaim) -> Decision:
    first, second, change = claim.first, claim.second, _magnitude(claim.change)
    if any(number.bound is not Bound.EXACT or number.value < 0 for number in (first, second, change)):
        yield Judgement(claim, Verdict.CANNOT_CHECK, missing="exact percentages, not below 0")
        return
    points, percent = points_between(first, second, case), percent_between(first, second, case)
    printed = change.preimage(case.modes)
    fits = {"points": printed.meets(points), "percent": printed.meets(percent)}
    recomputed = _recomputed(first, second, claim.unit, change.decimals)
    if fits[claim.unit]:
        yield Judgement(claim, Verdict.CONSISTENT, recomputed=recomputed)
        return
    pair = f"From {percent_text(first)} to {percent_text(second)}"
    steps = [f"{pair} is {_range(points)} percentage points, as the percentages are rounded"]
    if first.value:
        steps.append(f"{pair} is {_range(percent)}% of the first, as the percentages are rounded")
    kinds = {"points": "percentage points", "percent": "percent of the first"}
    other = "percent" if claim.unit == "points" else "points"
    name = "difference-unit-confusion" if fits[other] else "difference-mismatch"
    if fits[other]:
        told = f"is a change of {recomputed}" if recomputed else "has no change in percent"
        message = f"{pair} {told}; {change.text} is the change in {kinds[other]}."
    else:
        both = [_recomputed(first, second, kind, change.decimals) for kind in ("points", "percent")]
        message = f"{pair} is a change of {' or '.join(filter(None, both))}; {change.text} is printed."
    yield case.finding(name, claim, message, printed=claim.text, recomputed=recomputed, steps=steps)
    yield Judgement(claim, Verdict.INCONSISTENT, recomputed=recomputed)


def _magnitude(change: Printed) -> Printed:
    """Return a change without its sign: the words beside it say which way it went."""
    return change._replace(value=abs(change.value))


def points_between(first: Printed, second: Printed, case: Case) -> Interval:
    """Return the differences in percentage points that two printed percentages admit, the lower from the higher.

    Under rounding to nearest that is the printed difference with half a unit of each last digit to either side.
    """
    high, low = (first, second) if first.value >= second.value else (second, first)
    above, below = high.preimage(case.modes), low.preimage(case.modes)
    return Interval(
        None if above.lower is None or below.upper is None else above.lower - below.upper,
        None if above.upper is None or below.lower is None else above.upper - below.lower,
        above.lower_closed and below.upper_closed,
        above.upper_closed and below.lower_closed,
    )


def percent_between(first: Printed, second: Printed, case: Case) -> Interval:
    """Return the relative changes, in percent of the first, that two printed percentages admit, without their sign.

    An end is None where the first percentage may be 0.
    """
    before, after = _share(first.preimage(case.modes)), _share(second.preimage(case.modes))
    if first.value >= second.value:
        # a fall of 100 (1 - after/before)
        return Interval(
            None if not before.lower else 100 * (1 - (after.upper or 0) / before.lower),
            None if not before.upper else 100 * (1 - (after.lower or 0) / before.upper),
            after.upper_closed and before.lower_closed,
            after.lower_closed and before.upper_closed,
        )
    return Interval(
        None if not before.upper else 100 * ((after.lower or 0) / before.upper - 1),
        None if not before.lower else 100 * ((after.upper or 0) / before.lower - 1),
        after.lower_closed and before.upper_closed,
        after.upper_closed and before.lower_closed,
    )


def _share(interval: Interval) -> Interval:
    """Return an interval of shares without what lies below 0."""
    if interval.lower is not None and interval.lower < 0:
        return Interval(Fraction(0), interval.upper, upper_closed=interval.upper_closed)
    return interval


def _recomputed(first: Printed, second: Printed, unit: str, decimals: int) -> str | None:
    """Return the change as the printed percentages give it, in its unit; None for a relative change from 0."""
    difference = abs(first.value - second.value)
    if unit == "points":
        exact = max(first.decimals, second.decimals)
        return f"{printed_decimal(difference, exact)} percentage points"
    return f"{rounded(100 * difference / first.value, decimals)}%" if first.value else None


def _range(interval: Interval) -> str:
    """Return an interval as people read it: `22.5 to 25.5`, its ends cut to two digits."""
    ends = (None if end is None else expansion(end, 0) for end in (interval.lower, interval.upper))
    low, high = (end or "?" for end in ends)
    return f"{low} to {high}"
