"""Counts, denominators and percentages against each other (rules RC101 and RC201 to RC208, RC301, RC304, RC305)."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from rheumcalc.checks.case import Case, Decision, Judgement
from rheumcalc.findings import Finding, Related
from rheumcalc.messages import counted
from rheumcalc.numbers.arithmetic import (
    CONVENTION_WORDS,
    division,
    expansion,
    fitting_counts,
    fitting_denominators,
    neighbours,
    percent_text,
    rounded,
    rounded_twice,
    share,
)
from rheumcalc.numbers.feasible import feasible_counts, feasible_denominators
from rheumcalc.numbers.printed import Bound, Printed
from rheumcalc.numbers.rounding import Interval, RoundingMode
from rheumcalc.rules import Severity
from rheumcalc.study.claims import OtherReading, ProportionClaim, Verdict
from rheumcalc.study.denominators import Resolved, ResolvedBy

#: How many percentages with count and denominator it takes to report the conventions of a whole study.
_ENOUGH_PAIRS = 5
#: The rules whose findings also say how the study rounds elsewhere.
_MISMATCHES = {"percentage-mismatch", "stated-denominator-mismatch"}

_CEILING_HINT = "rounding up would give it: declare `rounding: ceiling` if the source rounds up throughout"

_ESTIMATOR_WORDS = {
    "kaplan_meier": "a Kaplan-Meier estimate",
    "cumulative_incidence": "a cumulative incidence",
    "weighted": "weighted",
    "adjusted": "adjusted",
    "imputed": "imputed",
    "model": "from a model",
    "pooled": "pooled",
}


#: What a share of participants can be, in percent.
_SHARES = Interval(Fraction(0), Fraction(100))


def check_percentages(case: Case) -> Decision:
    """Judge every claim of a count, denominator and percentage by its own numbers and its population's size."""
    decisions = [(resolved, _undoubted(case, resolved, _decide(case, resolved))) for resolved in case.proportions]
    if not any(isinstance(decision, Finding) for _, made in decisions for decision in made):
        # If nothing is found, how the study rounds as a whole does not matter.
        yield from (decision for _, made in decisions for decision in made)
        return
    truncated = [r for r, made in decisions for d in made if isinstance(d, Finding) and _is_truncation(d)]
    pairs = [resolved for resolved, _ in decisions if _is_pair(resolved)]
    throughout = len(truncated) > 1 and all(_fits(pair, {RoundingMode.TRUNCATE}) for pair in pairs)
    if throughout:
        yield _truncation_throughout(case, truncated, len(pairs))
    words = _conventions(case, pairs)
    always_up = all(_fits(pair, {RoundingMode.CEILING}) for pair in pairs)
    for _, made in decisions:
        for decision in made:
            if isinstance(decision, Finding):
                if throughout and _is_truncation(decision):
                    continue
                if decision.rule.name in _MISMATCHES:
                    steps = tuple(step for step in decision.steps if always_up or step != _CEILING_HINT)
                    yield decision._replace(steps=(*steps, *words))
                    continue
            yield decision


def _undoubted(case: Case, resolved: Resolved, decision: Decision) -> list[Judgement | Finding]:
    """Return what is decided about a claim, unless it fails and its words allow another reading.

    An error needs every plausible reading to be impossible. Where the words may mean no simple proportion, the claim
    is not checked. Where they may join other numbers, that is a warning, unless those numbers fit exactly.
    """
    made, claim = list(decision), resolved.claim
    errors = [each for each in made if isinstance(each, Finding) and each.rule.severity is Severity.ERROR]
    if all(isinstance(each, Judgement) for each in made):
        return made
    if claim.doubt is not None:
        return [Judgement(claim, Verdict.CANNOT_CHECK, missing=f"a simple proportion (this may be {claim.doubt})")]
    if not errors or not claim.alternatives:
        return made
    fits = [other for other in claim.alternatives if _may_be(case, claim, other)]
    exact = next((other for other in fits if other.count is not None and other.denominator is not None), None)
    if exact is not None and exact.count is not None and exact.denominator is not None:
        told = f"a single reading (as {exact.count.text} of {exact.denominator.text}, it fits)"
        return [Judgement(claim, Verdict.CANNOT_CHECK, missing=told)]
    if not fits:
        return made
    return [_as_read(case, resolved, errors[0]), *(each for each in made if isinstance(each, Judgement))]


def _may_be(case: Case, claim: ProportionClaim, other: OtherReading) -> bool:
    """Decide whether another reading of a claim's words can be true."""
    percent = claim.percent
    if percent is None or other.count is None:
        return True
    count = int(other.count.value)
    if other.denominator is None:
        return bool(feasible_denominators(count, percent, case.tolerated))
    return share(count, int(other.denominator.value)) in percent.preimage(case.tolerated)


def _as_read(case: Case, resolved: Resolved, error: Finding) -> Finding:
    claim = resolved.claim
    count = "" if resolved.count is None else str(resolved.count)
    of = f" of {resolved.denominator}" if claim.denominator is not None else ""
    message = f"Read as {count}{of}, this is impossible: {error.message[:1].lower()}{error.message[1:]}"
    return case.finding("mismatch-as-read", claim, message, recomputed=error.recomputed, steps=error.steps)


def _decide(case: Case, resolved: Resolved) -> Decision:
    claim = resolved.claim
    percent, count, denominator = claim.percent, resolved.count, resolved.denominator
    if claim.unclear is not None:
        yield Judgement(claim, Verdict.CANNOT_CHECK, missing=claim.unclear)
        return
    if percent is not None and claim.unit == "participants" and percent.value not in _SHARES:
        message = f"{percent_text(percent)} is not a share of participants, which lies between 0 and 100%."
        yield case.finding("percentage-out-of-range", claim, message)
        yield Judgement(claim, Verdict.INCONSISTENT)
        return
    if count is not None and denominator is not None and count > denominator and not resolved.in_events:
        yield from _above_denominator(case, resolved, count, denominator)
        return
    if percent is not None and not claim.is_simple_proportion:
        how = _ESTIMATOR_WORDS[claim.estimator or "imputed"]
        yield Judgement(claim, Verdict.CANNOT_CHECK, missing=f"a simple proportion (this one is {how})")
    elif percent is None:
        yield _unpercented(claim, count, denominator)
    elif claim.hedge is not None:
        yield Judgement(
            claim,
            Verdict.CANNOT_CHECK,
            missing="an exact percentage",
            recomputed=_recomputed(count, denominator, percent, case),
        )
    elif count is not None and denominator is not None:
        if percent.bound is Bound.EXACT:
            yield from _count_over_denominator(case, resolved, count, denominator, percent)
        else:
            yield from _count_against_bound(case, claim, count, denominator, percent)
    elif count is not None:
        yield from _count_alone(case, resolved, count, percent)
    elif denominator is not None:
        yield from _percentage_alone(case, resolved, denominator, percent)
    else:
        yield Judgement(claim, Verdict.CANNOT_CHECK, missing="a count and a denominator")


def _above_denominator(case: Case, resolved: Resolved, count: int, denominator: int) -> Decision:
    claim = resolved.claim
    stated = _stated(resolved)
    message = f"{count} is more than its denominator of {denominator}{stated}."
    steps = []
    if claim.percent is not None and claim.percent.bound is Bound.EXACT:
        steps.append(fitting_denominators(count, claim.percent, case.modes))
    yield case.finding("count-exceeds-denominator", claim, message, steps=steps, related=_where_stated(resolved))
    yield Judgement(claim, Verdict.INCONSISTENT)


def _unpercented(claim: ProportionClaim, count: int | None, denominator: int | None) -> Judgement:
    if count is None or denominator is None:
        return Judgement(claim, Verdict.CANNOT_CHECK, missing="a denominator")
    return Judgement(claim, Verdict.CONSISTENT, recomputed=f"{rounded(share(count, denominator), 1)}%")


def _count_over_denominator(case: Case, resolved: Resolved, count: int, denominator: int, percent: Printed) -> Decision:
    claim = resolved.claim
    value = share(count, denominator)
    if value in percent.preimage(case.modes):
        # A tie prints as either neighbour: the one that is printed is meant.
        yield Judgement(claim, Verdict.CONSISTENT, recomputed=f"{percent.numeral}%")
        return
    recomputed = f"{rounded(value, percent.decimals, case.modes)}%"
    steps = [division(count, denominator, percent.decimals, case.modes)]
    convention = next((mode for mode in _others(case) if value in percent.preimage({mode})), None)
    if convention is not None:
        message = f"{percent_text(percent)} is {count}/{denominator} only by {CONVENTION_WORDS[convention]}."
        yield case.finding("undeclared-rounding", claim, message, recomputed=recomputed, steps=steps)
        yield Judgement(claim, Verdict.CONSISTENT_UNDER, convention=convention, recomputed=recomputed)
        return
    steps.append(fitting_counts(percent, denominator, case.modes))
    steps.append(fitting_denominators(count, percent, case.modes, events=resolved.in_events))
    possible = feasible_denominators(count, percent, case.tolerated, events=resolved.in_events)
    if not possible and resolved.by is not ResolvedBy.EXPLICIT:
        yield _no_denominator(case, resolved, count, percent, steps)
        yield Judgement(claim, Verdict.INCONSISTENT, recomputed=recomputed)
        return
    if value in percent.preimage({RoundingMode.CEILING}):
        steps.append(_CEILING_HINT)
    steps += filter(None, [rounded_twice(count, denominator, percent)])
    if resolved.by is ResolvedBy.EXPLICIT:
        message = f"{count}/{denominator} is {recomputed}; {percent_text(percent)} is printed."
        yield case.finding("percentage-mismatch", claim, message, recomputed=recomputed, steps=steps)
    else:
        message = (
            f"{count} ({percent_text(percent)}) does not fit {denominator}{_stated(resolved)}: "
            f"{count}/{denominator} is {recomputed}."
        )
        related = _where_stated(resolved)
        yield case.finding(
            "stated-denominator-mismatch", claim, message, recomputed=recomputed, steps=steps, related=related
        )
    yield Judgement(claim, Verdict.INCONSISTENT, recomputed=recomputed)


def _count_against_bound(
    case: Case, claim: ProportionClaim, count: int, denominator: int, percent: Printed
) -> Decision:
    value = share(count, denominator)
    recomputed = f"{rounded(value, max(percent.decimals, 1))}%"
    steps = [f"{count}/{denominator} = {expansion(value, percent.decimals)}%"]
    if value not in percent.preimage(case.modes):
        message = f"{count}/{denominator} is {recomputed}, which is not {percent_text(percent)}."
        yield case.finding("bound-mismatch", claim, message, recomputed=recomputed, steps=steps)
        yield Judgement(claim, Verdict.INCONSISTENT, recomputed=recomputed)
        return
    if count == denominator and percent.bound in (Bound.ABOVE, Bound.AT_LEAST) and percent.value < 100:
        message = f"{count}/{denominator} is everybody, and {percent_text(percent)} says less."
        yield case.finding("understated-bound", claim, message, recomputed=recomputed, steps=steps)
    yield Judgement(claim, Verdict.CONSISTENT, recomputed=recomputed)


def _count_alone(case: Case, resolved: Resolved, count: int, percent: Printed) -> Decision:
    """Decide about a count and percentage whose denominator is not known."""
    claim, events = resolved.claim, resolved.in_events
    if not feasible_denominators(count, percent, case.tolerated, events=events):
        yield _no_denominator(case, resolved, count, percent)
        yield Judgement(claim, Verdict.INCONSISTENT)
        return
    if not feasible_denominators(count, percent, case.modes, events=events):
        fits = feasible_denominators(count, percent, case.tolerated, events=events)
        message = f"{count} ({percent_text(percent)}) fits a denominator only by truncation: {fits.describe()}."
        yield case.finding("no-denominator-unless-truncated", claim, message)
        yield Judgement(claim, Verdict.CONSISTENT_UNDER, convention=RoundingMode.TRUNCATE)
        return
    missing = "a denominator"
    if claim.column is not None and claim.column.value >= count:
        # A reader takes the size in the column heading as the denominator.
        n = int(claim.column.value)
        missing += f" other than {n} ({rounded(share(count, n), percent.decimals, case.modes)}%)"
    yield Judgement(claim, Verdict.CANNOT_CHECK, missing=missing)


def _no_denominator(
    case: Case, resolved: Resolved, count: int, percent: Printed, working: Iterable[str] = ()
) -> Finding:
    claim = resolved.claim
    steps = list(working)
    if count and percent.value > 0:
        nearest = max(count, int(Fraction(100 * count) / percent.value))
        steps += [division(count, n, percent.decimals, case.modes) for n in (nearest, nearest + 1)]
    message = f"No denominator gives {count} ({percent_text(percent)})"
    size = _size_meant(case, resolved, count, percent)
    if size is not None:
        message += f"; over {size} it would be {rounded(share(count, size), percent.decimals, case.modes)}%"
    message += "."
    return case.finding("no-denominator-fits", claim, message, steps=steps)


def _size_meant(case: Case, resolved: Resolved, count: int, percent: Printed) -> int | None:
    """Return the stated size that an impossible result was likely taken over: its own, or one that comes near it."""
    claim = resolved.claim
    own = next((int(size.value) for size in (claim.column, claim.antecedent) if size), resolved.denominator)
    if own is not None or percent.value <= 0:
        return own if own and own >= count else None
    implied = Fraction(100 * count) / percent.value
    near = min((size for size in case.stated if size >= count), key=lambda size: abs(size - implied), default=None)
    return near if near is not None and abs(near - implied) <= implied / 10 else None


def _percentage_alone(case: Case, resolved: Resolved, denominator: int, percent: Printed) -> Decision:
    """Decide about a percentage of a known denominator: is there a count that gives it?"""
    claim, events = resolved.claim, resolved.in_events
    counts = feasible_counts(percent, denominator, case.modes, events=events)
    if counts:
        yield Judgement(claim, Verdict.CONSISTENT, recomputed=f"{counts.describe()}/{denominator}")
        return
    truncated = feasible_counts(percent, denominator, case.tolerated, events=events)
    steps = [neighbours(percent, denominator)]
    fits = [n for n in range(denominator - 1, max(0, denominator - 4), -1) if feasible_counts(percent, n, case.modes)]
    steps += [f"{percent_text(percent)} fits {feasible_counts(percent, n, case.modes).describe()} of {n}" for n in fits]
    if truncated:
        message = (
            f"{percent_text(percent)} of {denominator} is {truncated.describe()}/{denominator} only by truncation."
        )
        yield case.finding("impossible-unless-truncated", claim, message, steps=steps)
        yield Judgement(claim, Verdict.CONSISTENT_UNDER, convention=RoundingMode.TRUNCATE)
        return
    message = f"No count gives {percent_text(percent)} of {denominator}{_stated(resolved)}."
    related = _where_stated(resolved)
    yield case.finding("impossible-percentage", claim, message, steps=steps, related=related)
    yield Judgement(claim, Verdict.INCONSISTENT, recomputed=f"no count/{denominator}")


# --- conventions of a whole study ------------------------------------------------------------------------------------


def _others(case: Case) -> list[RoundingMode]:
    """Return the conventions that are found in print but not in force here, the usual ones first."""
    return [mode for mode in RoundingMode if mode in case.tolerated and mode not in case.modes]


def _is_pair(resolved: Resolved) -> bool:
    percent = resolved.claim.percent
    return (
        resolved.claim.is_simple_proportion
        and percent is not None
        and percent.bound is Bound.EXACT
        and resolved.claim.hedge is None
        and None not in (resolved.count, resolved.denominator)
    )


def _fits(pair: Resolved, modes: set[RoundingMode] | frozenset[RoundingMode]) -> bool:
    if pair.count is None or pair.denominator is None or pair.claim.percent is None:
        return False
    return share(pair.count, pair.denominator) in pair.claim.percent.preimage(modes)


def _is_truncation(finding: Finding) -> bool:
    return finding.rule.name == "undeclared-rounding" and CONVENTION_WORDS[RoundingMode.TRUNCATE] in finding.message


def _truncation_throughout(case: Case, truncated: list[Resolved], pairs: int) -> Finding:
    message = (
        f"{counted(pairs, 'percentage')} with a count and a denominator fit truncation, and {len(truncated)} of them "
        "fit nothing else: this study seems to cut digits off. Declare `rounding: truncate` if so."
    )
    first, *rest = (resolved.claim for resolved in truncated)
    related = tuple(Related(claim.location, claim.text) for claim in rest)
    return case.finding("truncation-throughout", first, message, related=related)


def _conventions(case: Case, pairs: list[Resolved]) -> tuple[str, ...]:
    """Return a step that says how the study's other percentages are rounded, where they are enough to tell."""
    if len(pairs) < _ENOUGH_PAIRS:
        return ()
    fitting = sum(_fits(pair, case.modes) for pair in pairs)
    return (f"of the {len(pairs)} percentages in this study that can be recomputed, {fitting} come out as printed",)


# --- findings --------------------------------------------------------------------------------------------------------


def _recomputed(count: int | None, denominator: int | None, percent: Printed, case: Case) -> str | None:
    if count is None or denominator is None:
        return None
    value = share(count, denominator)
    # A tie prints as either neighbour: where one of them is printed, that one is meant.
    if percent.bound is Bound.EXACT and value in percent.preimage(case.modes):
        return f"{percent.numeral}%"
    return f"{rounded(value, percent.decimals, case.modes)}%"


def _stated(resolved: Resolved) -> str:
    if resolved.by is ResolvedBy.EXPLICIT or resolved.group is None:
        return ""
    how = "stated for" if resolved.by is ResolvedBy.RECORD else "implied for"
    return f", {how} '{resolved.group.name}'"


def _where_stated(resolved: Resolved) -> tuple[Related, ...]:
    if resolved.by is not ResolvedBy.RECORD or resolved.group is None or resolved.group.n is None:
        return ()
    return (Related(resolved.group.location, f"{resolved.group.n.text} is stated for '{resolved.group.name}'"),)
