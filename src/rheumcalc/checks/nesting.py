"""Sets within sets, levels of a scale, results over time, and results reported twice (rules RC106 to RC110)."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator
from fractions import Fraction
from itertools import combinations, pairwise

from rheumcalc.checks.case import Case, Decision
from rheumcalc.findings import Related
from rheumcalc.numbers.arithmetic import share
from rheumcalc.numbers.printed import Bound, Printed
from rheumcalc.numbers.rounding import Interval
from rheumcalc.numbers.timepoint import certainly_later
from rheumcalc.study.claims import ProportionClaim
from rheumcalc.study.denominators import VARYING_DENOMINATOR, Resolved

#: How many different reports of one result are compared.
_MAX_TELLINGS = 20


def _by(resolved: Iterable[Resolved], key: Callable[[ProportionClaim], Hashable]) -> dict[Hashable, list[Resolved]]:
    groups: dict[Hashable, list[Resolved]] = {}
    for each in resolved:
        groups.setdefault(key(each.claim), []).append(each)
    return groups


def _endpoint(claim: ProportionClaim) -> tuple[Hashable, ...]:
    """Return what two results must share to be about the same participants at the same time."""
    subject = claim.subject
    return subject.population, subject.arm, subject.timepoint.key if subject.timepoint else None, claim.unit


def _about_outcome(claim: ProportionClaim) -> tuple[Hashable, ...]:
    return (claim.subject.outcome, *_endpoint(claim))


def _exceeds(case: Case, part: Resolved, whole: Resolved) -> str | None:
    """Return why a part cannot lie within a whole, or None where it can.

    Counts decide where both are printed; percentages only over one denominator, because rounding keeps order.
    """
    if part.count is not None and whole.count is not None:
        if part.in_events or whole.in_events or part.count <= whole.count:
            return None
        return f"{part.count} is more than {whole.count}"
    one, other = part.claim.percent, whole.claim.percent
    if one is None or other is None or part.claim.approx or whole.claim.approx:
        return None
    if _share_denominator(part, whole) and _values(case, part).wholly_above(_values(case, whole)):
        return f"{one.text}% is more than {other.text}%"
    return None


def _share_denominator(one: Resolved, other: Resolved) -> bool:
    """Decide whether two percentages are certainly over the same denominator."""
    if one.denominator is not None or other.denominator is not None:
        return one.denominator == other.denominator
    varying = any(each.claim.missing_data_rule in VARYING_DENOMINATOR for each in (one, other))
    return one.group is not None and one.group == other.group and not varying


def _values(case: Case, resolved: Resolved) -> Interval:
    """Return the exact percentages a claim can stand for."""
    percent = resolved.claim.percent
    if percent is not None and resolved.claim.hedge is None:
        return percent.preimage(case.tolerated)
    if resolved.count is not None and resolved.denominator is not None:
        value = share(resolved.count, resolved.denominator)
        return Interval(value, value)
    return Interval(None, None)


def check_subsets(case: Case) -> Decision:
    """Find results that exceed the result of an outcome they are declared part of."""
    parts = [resolved for resolved in case.proportions if resolved.claim.subset_of]
    results = _by(case.proportions, _about_outcome) if parts else {}
    for resolved in parts:
        wholes = [
            whole
            for outcome in resolved.claim.subset_of
            for whole in results.get((outcome, *_endpoint(resolved.claim)), [])
        ]
        # One finding per result: a second superset that is exceeded too says nothing new.
        for whole in wholes:
            why = _exceeds(case, resolved, whole)
            if why:
                message = (
                    f"{resolved.claim.text} is counted as part of {whole.claim.text} "
                    f"('{whole.claim.subject.outcome}'), but {why}."
                )
                yield case.finding(
                    "subset-exceeds-superset", resolved.claim, message, related=_also(whole), beside=[whole.claim]
                )
                break


def check_ladders(case: Case) -> Decision:
    """Find levels of a scale that more participants reach than an easier level."""
    if not case.study.ladders:
        return
    by_outcome = _by(case.proportions, lambda claim: claim.subject.outcome)
    for ladder in case.study.ladders:
        levels = [resolved for level in ladder.levels for resolved in by_outcome.get(level, [])]
        for rungs in _by(levels, _endpoint).values():
            for easier, harder in pairwise(rungs):
                if easier.claim.subject.outcome == harder.claim.subject.outcome:
                    continue
                why = _exceeds(case, harder, easier)
                if why:
                    names = harder.claim.subject.outcome, easier.claim.subject.outcome
                    message = f"'{names[0]}' is a harder level of {ladder.label} than '{names[1]}', but {why}."
                    yield case.finding(
                        "rising-ladder", harder.claim, message, related=_also(easier), beside=[easier.claim]
                    )


def check_series(case: Case) -> Decision:
    """Find results that fall with time where the outcome, once reached, cannot be lost."""
    # Results that name no outcome may be of anything.
    named = [each for each in case.proportions if each.claim.subject.outcome is not None]
    timed = [each for each in named if each.claim.subject.timepoint is not None]
    series = _by(timed, lambda c: (c.subject.outcome, c.subject.population, c.subject.arm, c.unit, c.provenance))
    for results in series.values():
        if results[0].claim.kind == "prevalence":
            continue
        for earlier, later in _in_order(results):
            why = _exceeds(case, earlier, later)
            if not why:
                continue
            times = [r.claim.subject.timepoint.text for r in (earlier, later) if r.claim.subject.timepoint]
            told = f"{earlier.claim.text} at {times[0]} falls to {later.claim.text} at {times[1]}"
            if later.claim.kind == "cumulative":
                message = f"{told}, but the outcome is cumulative: once reached it stays counted."
                yield case.finding(
                    "falling-cumulative-count", later.claim, message, related=_also(earlier), beside=[earlier.claim]
                )
            else:
                message = f"{told}: say whether the outcome is cumulative (then it cannot) or a prevalence."
                yield case.finding("falling-series", later.claim, message, related=_also(earlier))


def _in_order(results: list[Resolved]) -> Iterator[tuple[Resolved, Resolved]]:
    """Yield neighbours in time; results whose times cannot be ordered are not compared."""

    def days(resolved: Resolved) -> tuple[Fraction, Fraction]:
        timepoint = resolved.claim.subject.timepoint
        return (timepoint.days if timepoint else None) or (Fraction(-1), Fraction(-1))

    # Results at one time are put in the order of their counts, so that the order of the text never matters.
    timed = [each for each in results if days(each)[0] >= 0]
    known = sorted(timed, key=lambda each: (*days(each), each.count or 0, each.claim.text))
    for earlier, later in pairwise(known):
        first, second = earlier.claim.subject.timepoint, later.claim.subject.timepoint
        if first and second and certainly_later(second, first):
            yield earlier, later


def check_repeats(case: Case) -> Decision:
    """Find a result reported several times with numbers that cannot all be true: one finding per result."""
    # Results that name no outcome may be of anything.
    named = [each for each in case.proportions if each.claim.subject.outcome is not None]
    for results in _by(named, _about_outcome).values():
        if len(results) == 1:
            continue
        tellings: dict[tuple[str | None, ...], list[Resolved]] = {}
        for each in results:
            tellings.setdefault(each.claim.numbers, []).append(each)
        told = list(tellings.values())[:_MAX_TELLINGS]
        pairs = [(one[0], other[0]) for one, other in combinations(told, 2) if _differs(case, one[0], other[0])]
        if not pairs:
            continue
        earlier, again = pairs[0]
        message = (
            f"The same result is reported as {earlier.claim.text} and as {again.claim.text}: "
            f"{_differs(case, earlier, again)}."
        )
        apart = {each.claim.numbers for pair in pairs for each in pair}
        others = [each for each in results if each.claim.numbers in apart and each is not again]
        related = [Related(each.claim.location, each.claim.text) for each in others]
        beside = [each.claim for each in others]
        yield case.finding("conflicting-reports", again.claim, message, related=related, beside=beside)


def check_sentences(case: Case) -> Decision:
    """Find sentences that appear twice, word for word, with numbers that cannot both be true.

    The same words may be about two groups that only the context tells apart, so this is not proof.
    """
    worded = [each for each in case.proportions if each.claim.wording is not None]
    for results in _by(worded, lambda claim: claim.wording).values():
        first = results[0]
        again = next((each for each in results[1:] if _differs(case, first, each)), None)
        if again is not None:
            message = (
                f"The same sentence prints {first.claim.text} and {again.claim.text}: {_differs(case, first, again)}."
            )
            yield case.finding("conflicting-sentences", again.claim, message, related=_also(first))


def _differs(case: Case, one: Resolved, other: Resolved) -> str | None:
    if one.count is not None and other.count is not None and one.count != other.count:
        return f"{one.count} is not {other.count}"
    printed = one.claim.denominator, other.claim.denominator
    if printed[0] and printed[1] and printed[0].value != printed[1].value:
        return f"the denominators are {printed[0].text} and {printed[1].text}"
    percentages = one.claim.percent, other.claim.percent
    comparable = all(map(_exact, percentages)) and one.claim.hedge is other.claim.hedge is None
    if comparable and not _values(case, one).meets(_values(case, other)):
        return "no percentage prints as both"
    return None


def _exact(percent: Printed | None) -> bool:
    return percent is not None and percent.bound is Bound.EXACT


def _also(resolved: Resolved) -> tuple[Related, ...]:
    return (Related(resolved.claim.location, resolved.claim.text),)
