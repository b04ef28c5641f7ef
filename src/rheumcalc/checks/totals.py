"""Parts and wholes: arms, categories, the flow (rules RC102 to RC105, RC209, RC210, RC601 to RC603)."""

from __future__ import annotations

from rheumcalc.checks.case import Case, Decision, Judgement
from rheumcalc.findings import Related
from rheumcalc.numbers.printed import Printed
from rheumcalc.numbers.rounding import Interval, RoundingMode, printed_decimal
from rheumcalc.study.claims import FlowClaim, Group, TotalClaim, Verdict
from rheumcalc.study.denominators import VARYING_DENOMINATOR

#: Labels that no participant can have together; anything else may be a question with several answers.
_EXCLUSIVE_LABELS = (
    {"male", "female"},
    {"males", "females"},
    {"boys", "girls"},
    {"men", "women"},
    {"yes", "no"},
    {"present", "absent"},
    {"responders", "non-responders"},
    {"alive", "dead"},
)
_UNKNOWN = {"missing", "unknown", "not reported", "not known"}


def check_totals(case: Case) -> Decision:
    """Judge whether the parts of every allocation and of every set of categories can make up their whole."""
    for claim in case.study.claims:
        if isinstance(claim, TotalClaim):
            whole = case.size_of(claim.whole) if claim.of_arms else _size_divided(case, claim)
            counts = [int(count.value) for _, count in claim.parts if count is not None]
            if len(counts) == len(claim.parts) and whole is not None:
                if claim.of_arms:
                    yield from _arms(case, claim, sum(counts), whole)
                else:
                    yield from _categories(case, claim, sum(counts), whole)
            elif not counts and claim.percentages:
                yield from _percentages(case, claim)
            else:
                missing = "the size of the whole" if whole is None else "the size of every part"
                yield Judgement(claim, Verdict.CANNOT_CHECK, missing=missing)


def _size_divided(case: Case, claim: TotalClaim) -> int | None:
    """Return the size of what the categories divide: the one they print themselves, or that of their group."""
    if claim.denominators:
        return next(iter(claim.denominators)) if len(claim.denominators) == 1 else None
    group = case.group_of(claim)
    varying = claim.missing_data_rule or (group.missing_data_rule if group else None)
    return case.size_of(group.name) if group and varying not in VARYING_DENOMINATOR else None


def _whole(case: Case, claim: TotalClaim) -> tuple[Related, ...]:
    group = case.study.groups.get(claim.whole or "")
    return () if group is None or group.n is None else (Related(group.location, f"'{group.name}' has {group.n.text}"),)


def _sum(claim: TotalClaim, total: int) -> str:
    return f"{claim.text} = {total}"


def _arms(case: Case, claim: TotalClaim, total: int, whole: int) -> Decision:
    unreported = int(claim.unreported.value) if claim.unreported else 0
    gap = whole - total - unreported
    names = " and ".join(f"'{name}'" for name, _ in claim.parts)
    steps = [_sum(claim, total)]
    if unreported:
        steps.append(f"{total} + {unreported} reported as in no group = {total + unreported}")
    related = _whole(case, claim)
    if gap < 0 or (gap > 0 and claim.exhaustive):
        message = f"{names} add up to {total + unreported}; '{claim.whole}' has {whole}."
        yield case.finding("arm-total-mismatch", claim, message, recomputed=str(total), steps=steps, related=related)
        yield Judgement(claim, Verdict.INCONSISTENT, recomputed=str(total))
    elif gap > 0:
        message = f"{names} add up to {total + unreported}, {gap} fewer than the {whole} of '{claim.whole}'."
        yield case.finding("arm-total-shortfall", claim, message, recomputed=str(total), steps=steps, related=related)
        yield Judgement(claim, Verdict.CANNOT_CHECK, missing=f"the fate of {gap}", recomputed=str(total))
    else:
        yield Judgement(claim, Verdict.CONSISTENT, recomputed=str(total))


def _categories(case: Case, claim: TotalClaim, total: int, whole: int) -> Decision:
    over = bool(claim.exclusive) and total > whole
    under = bool(claim.exhaustive) and total < whole
    related = _whole(case, claim)
    if over or under:
        why = "a participant is in at most one category" if over else "every participant is in a category"
        message = f"The categories add up to {total}, but their population is {whole} and {why}."
        steps = [_sum(claim, total)]
        yield case.finding(
            "category-total-mismatch", claim, message, recomputed=str(total), steps=steps, related=related
        )
        yield Judgement(claim, Verdict.INCONSISTENT, recomputed=str(total))
        return
    if claim.exclusive is None and total > whole and _look_exclusive(claim):
        message = f"The categories add up to {total}, more than the {whole} in their population."
        steps = [_sum(claim, total)]
        yield case.finding("category-total-excess", claim, message, recomputed=str(total), steps=steps, related=related)
    if claim.exclusive is None and claim.exhaustive is None:
        yield Judgement(
            claim, Verdict.CANNOT_CHECK, missing="whether the categories exclude each other", recomputed=str(total)
        )
    else:
        yield Judgement(claim, Verdict.CONSISTENT, recomputed=str(total))


def _look_exclusive(claim: TotalClaim) -> bool:
    labels = {label.lower() for label, _ in claim.parts} - _UNKNOWN
    return any(len(labels) > 1 and labels <= exclusive for exclusive in _EXCLUSIVE_LABELS)


def _percentages(case: Case, claim: TotalClaim) -> Decision:
    """Decide whether percentages of categories that cover everybody once can add up to 100.

    The exact shares add up to 100, so 100 must lie in the sum of the preimages: Mosteller, Youtz and Zahn, Demography
    1967;4:850.
    """
    total = sum((percent.value for percent in claim.percentages), start=claim.percentages[0].value * 0)
    shown = f"{printed_decimal(total, max(percent.decimals for percent in claim.percentages))}%"
    if not (claim.exclusive and claim.exhaustive):
        missing = "whether the categories exclude each other and cover everybody"
        yield Judgement(claim, Verdict.CANNOT_CHECK, missing=missing, recomputed=shown)
        return
    steps = [f"{claim.text} = {shown}"]
    if 100 in _sum_of(claim.percentages, case.modes):
        yield Judgement(claim, Verdict.CONSISTENT, recomputed=shown)
    elif 100 in _sum_of(claim.percentages, frozenset({RoundingMode.TRUNCATE})):
        message = f"The categories add up to {shown}, which is 100% only if each is truncated."
        yield case.finding("percentage-total-truncated", claim, message, recomputed=shown, steps=steps)
        yield Judgement(claim, Verdict.CONSISTENT_UNDER, convention=RoundingMode.TRUNCATE, recomputed=shown)
    else:
        message = f"The categories cover everybody once, but add up to {shown}."
        yield case.finding("percentage-total-mismatch", claim, message, recomputed=shown, steps=steps)
        yield Judgement(claim, Verdict.INCONSISTENT, recomputed=shown)


def _sum_of(percentages: tuple[Printed, ...], modes: frozenset[RoundingMode]) -> Interval:
    parts = [percent.preimage(modes) for percent in percentages]
    zero = percentages[0].value * 0
    return Interval(
        sum((part.lower for part in parts if part.lower is not None), start=zero),
        sum((part.upper for part in parts if part.upper is not None), start=zero),
        all(part.lower_closed for part in parts),
        all(part.upper_closed for part in parts),
    )


def check_flow(case: Case) -> Decision:
    """Judge whether each step of the flow balances, and whether parts fit into their wholes."""
    for claim in case.study.claims:
        if isinstance(claim, FlowClaim):
            yield from _step(case, claim)
    for group in case.study.groups.values():
        whole = case.study.groups.get(group.parent or "")
        if whole and whole.n and group.n and group.n.value > whole.n.value and group.unit == whole.unit:
            message = (
                f"'{group.name}' has {group.n.text}, more than the {whole.n.text} of '{whole.name}', "
                "of which it is a part."
            )
            related = (Related(whole.location, f"'{whole.name}' has {whole.n.text}"),)
            yield case.finding("part-exceeds-whole", group, message, printed=group.n.text, related=related)


def _step(case: Case, claim: FlowClaim) -> Decision:
    before = case.size_of(claim.before)
    after = [case.size_of(name) for name in claim.after]
    if before is None or None in after:
        yield Judgement(claim, Verdict.CANNOT_CHECK, missing="the size of every population of the step")
        return
    lost, joined = (sum(int(n.value) for _, n in moves) for moves in (claim.lost, claim.joined))
    expected = before - lost + joined
    arrived = sum(n for n in after if n is not None)
    steps = [f"{claim.text} = {expected}"]
    if len(after) > 1:
        steps.append(f"{' + '.join(map(str, after))} = {arrived}")
    groups: list[Group] = [case.study.groups[name] for name in claim.after]
    related = [Related(group.location, f"'{group.name}' has {case.size_of(group.name)}") for group in groups]
    names = " and ".join(f"'{name}'" for name in claim.after)
    has = "has" if len(claim.after) == 1 else "have"
    if arrived > expected:
        message = (
            f"{names} {has} {arrived}, {arrived - expected} more than the {expected} that '{claim.before}' leaves."
        )
        yield case.finding("flow-overflow", claim, message, recomputed=str(expected), steps=steps, related=related)
        yield Judgement(claim, Verdict.INCONSISTENT, recomputed=str(expected))
    elif arrived < expected:
        gap = expected - arrived
        message = f"{names} {has} {arrived}, but '{claim.before}' leaves {expected}: {gap} unaccounted for."
        yield case.finding("flow-gap", claim, message, recomputed=str(expected), steps=steps, related=related)
        yield Judgement(claim, Verdict.CANNOT_CHECK, missing=f"the fate of {gap}", recomputed=str(expected))
    else:
        yield Judgement(claim, Verdict.CONSISTENT, recomputed=str(expected))
