"""Durations, timepoints and follow-up (rules RC801 to RC805)."""

from __future__ import annotations

from rheumcalc.checks.case import Case, Decision
from rheumcalc.numbers.timepoint import Timepoint, certainly_later, same_time
from rheumcalc.study.claims import ProportionClaim
from rheumcalc.study.denominators import Resolved


def check_durations(case: Case) -> Decision:
    """Find responses counted before their state can have lasted as long as their definition requires."""
    for claim in case.study.proportions:
        timepoint, duration = claim.subject.timepoint, claim.duration
        if timepoint is None or duration is None or claim.may_predate_baseline:
            continue
        reached = claim.count or claim.percent
        if reached is None or reached.value == 0:
            continue
        if certainly_later(duration, timepoint):
            message = f"{claim.text} is counted at {timepoint.text}, but the response must have lasted {duration.text}."
            yield case.finding("duration-exceeds-timepoint", claim, message)
        elif same_time(duration, timepoint) and duration.strict:
            message = (
                f"{claim.text} is counted at {timepoint.text}, but the response must have lasted {duration.text}: "
                "this needs a state that began before the first day."
            )
            yield case.finding("duration-fills-timepoint", claim, message)


def check_follow_up(case: Case) -> Decision:
    """Find results beyond the follow-up, or between its visits."""
    study = case.study
    for resolved in case.proportions:
        claim, timepoint = resolved.claim, resolved.claim.subject.timepoint
        if timepoint is None or timepoint.amount is None:
            continue
        if study.maximum_follow_up and certainly_later(timepoint, study.maximum_follow_up):
            message = (
                f"{claim.text} is at {timepoint.text}, but the longest follow-up is {study.maximum_follow_up.text}."
            )
            yield case.finding("timepoint-beyond-follow-up", claim, message)
        elif study.median_follow_up and certainly_later(timepoint, study.median_follow_up):
            yield from _beyond_median(case, resolved, timepoint, study.median_follow_up)
        if study.visits_every and _off_visits(timepoint, study.visits_every):
            message = f"{claim.text} is at {timepoint.text}, but visits are every {study.visits_every.text}."
            yield case.finding("timepoint-off-visits", claim, message)


def _beyond_median(case: Case, resolved: Resolved, timepoint: Timepoint, median: Timepoint) -> Decision:
    """Warn where everybody is in the denominator at a time that half had not reached."""
    claim: ProportionClaim = resolved.claim
    group = resolved.group
    if group is None or group.parent is not None or group.n is None or resolved.denominator != group.n.value:
        return
    if claim.kind == "cumulative":
        return
    message = (
        f"{claim.text} at {timepoint.text} is over all {resolved.denominator} of '{group.name}', but half were "
        f"followed for less than {median.text}."
    )
    yield case.finding("timepoint-beyond-median", claim, message)


def _off_visits(timepoint: Timepoint, every: Timepoint) -> bool:
    if timepoint.unit != every.unit or timepoint.amount is None or not every.amount:
        return False
    return timepoint.amount % every.amount != 0
