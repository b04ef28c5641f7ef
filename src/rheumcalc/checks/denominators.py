"""Denominators that results share, imply, switch or leave out (rules RC302, RC303, RC306 to RC312)."""

from __future__ import annotations

from collections.abc import Sequence

from rheumcalc.checks.case import Case, Decision
from rheumcalc.findings import Related
from rheumcalc.messages import counted
from rheumcalc.numbers.arithmetic import rounded, share
from rheumcalc.numbers.feasible import (
    ANY_DENOMINATOR,
    NOTHING,
    DenominatorGroup,
    IntegerRange,
    common_denominators,
    denominator_groups,
)
from rheumcalc.study.claims import Group, ProportionClaim
from rheumcalc.study.denominators import VARYING_DENOMINATOR, JointSize, Resolved, ResolvedBy

#: A set with more denominators than this is too loose to say anything.
TOO_LOOSE = 20
#: How many of the numbers that a text prints are added up in search of a size.
_MAX_ADDED = 500
#: How many groups of claims are listed where they fit no common denominator.
_MAX_GROUPS = 6


def check_shared_denominators(case: Case) -> Decision:
    """Find what results that share a population, by name or presumably, jointly imply about its size."""
    named: dict[str, list[ProportionClaim]] = {}
    unnamed: list[ProportionClaim] = []
    for claim in case.study.proportions:
        # A claim that no denominator fits is a finding of its own and says nothing about the others.
        if case.denominators_of(claim, case.tolerated) in (ANY_DENOMINATOR, NOTHING):
            continue
        if claim.subject.group is None:
            if claim.denominator is None and claim.unit == "participants":
                unnamed.append(claim)
        elif group := case.group_of(claim):
            named.setdefault(group.name, []).append(claim)
    for name, claims in named.items():
        group = case.study.groups[name]
        if group.n is None:
            yield from _unstated(case, group, claims)
        else:
            yield from _against_stated(case, group, claims)
    if len(unnamed) > 1 and case.study.presumes_sharing:
        yield from _presumed(case, unnamed)
    yield from _joint(case)
    yield from _above_all(case)


def _above_all(case: Case) -> Decision:
    """Warn of a single result in prose that needs more participants than are stated: `12 withdrew (27%)` of 40.

    Results that agree on a larger size are told together, and what lies far above is of others.
    """
    most = _most_participants(case)
    together = {claim for joint in case.joint for claim in joint.claims}
    told: set[tuple[str | None, ...]] = set()
    for resolved in case.proportions if most is not None else ():
        claim = resolved.claim
        is_sure = (
            claim.passage is not None and claim.others is None and claim.doubt is None and claim.antecedent is None
        )
        if resolved.denominator is not None or claim in together or not is_sure or resolved.in_events:
            continue
        admitted = case.telling(claim)
        if admitted and most is not None and most < admitted.low <= most * 3 // 2 and claim.numbers not in told:
            told.add(claim.numbers)
            fits = _admitted_by(case, claim)
            message = f"{claim.text} needs {fits.describe()} participants, but {most} is stated."
            steps = [_over_both(claim, fits.low, most)]
            yield case.finding(
                "implied-denominator-off-stated",
                claim,
                message,
                recomputed=admitted.describe(),
                steps=steps,
                related=_stated_wholes(case),
            )


def _unstated(case: Case, group: Group, claims: Sequence[ProportionClaim]) -> Decision:
    """Report the size that a group's results imply, or that they imply none."""
    implied = case.implied.get(group.name)
    if implied and implied.denominators:
        if implied.size is not None:
            how = "imply" if any(claim.denominator is None for claim in claims) else "print"
            message = (
                f"No size is stated for '{group.name}', but {counted(len(claims), 'result')} {how} "
                f"a denominator of {implied.size}."
            )
            yield case.finding("unstated-denominator", group, message, related=_admitted(case, claims))
        return
    # A printed denominator of its own is an honest answer to missing data; only the others must share one.
    sharing = [claim for claim in claims if claim.denominator is None]
    if not sharing:
        return
    yield from _printed_apart(case, group, claims)
    common = common_denominators(case.denominators_of(claim, case.tolerated) for claim in sharing)
    whole = next((each for each in case.ancestors(group.parent) if each.n and each.unit == group.unit), None)
    if not common:
        message = f"The results for '{group.name}' fit no common denominator: {_split(case, sharing)}."
        related = _admitted(case, sharing)
        yield case.finding("shared-denominator-conflict", sharing[0], message, related=related, beside=sharing[1:])
    elif whole and whole.n is not None and common.low > whole.n.value:
        message = (
            f"The results for '{group.name}' imply {common.describe()}, more than the {whole.n.text} "
            f"of '{whole.name}', of which it is a part."
        )
        related = _admitted(case, sharing)
        yield case.finding("implied-denominator-above-stated", sharing[0], message, related=related, beside=sharing[1:])


def _printed_apart(case: Case, group: Group, claims: Sequence[ProportionClaim]) -> Decision:
    """Warn once where one group, its size not stated, is reported over several printed denominators."""
    by_denominator: dict[int, ProportionClaim] = {}
    for claim in claims:
        if claim.denominator is not None:
            by_denominator.setdefault(int(claim.denominator.value), claim)
    if len(by_denominator) > 1:
        shown = ", ".join(map(str, sorted(by_denominator)))
        message = f"No size is stated for '{group.name}', and its results have several denominators: {shown}."
        first, *others = by_denominator.values()
        related = [Related(claim.location, claim.text) for claim in others]
        yield case.finding("switched-denominator", first, message, related=related)


def _against_stated(case: Case, group: Group, claims: Sequence[ProportionClaim]) -> Decision:
    """Report results that together imply a size other than the one stated for their group."""
    if group.n is None:
        return
    n = int(group.n.value)
    sharing = [claim for claim in claims if claim.denominator is None]
    sets = [case.denominators_of(claim) for claim in sharing]
    best = next(iter(denominator_groups(sets, limit=1)), None)
    # The stated size is kept if as many results fit it as fit any other, or if one result is merely repeated.
    if best is None or n in best.denominators or sum(n in each for each in sets) >= len(best.members):
        return
    members = [sharing[index] for index in best.members]
    off = [claim for claim in members if n not in case.denominators_of(claim, case.tolerated)]
    if len({claim.numbers for claim in off}) < 2:
        return
    above = common_denominators(case.denominators_of(claim, case.tolerated) for claim in off).low > n
    # Fewer than stated may be missing data, so a single result that fits only the stated size is enough to doubt it.
    if not above and any(n in each and not each & best.denominators for each in sets):
        return
    name = "implied-denominator-above-stated" if above else "implied-denominator-off-stated"
    message = (
        f"{group.n.text} is stated for '{group.name}', but {len(members)} of its results together imply "
        f"{best.denominators.describe()}."
    )
    steps = [_over_both(claim, best.denominators.low, n) for claim in members]
    related = _admitted(case, members)
    yield case.finding(
        name,
        group,
        message,
        printed=group.n.text,
        recomputed=best.denominators.describe(),
        steps=steps,
        related=related,
    )


def _over_both(claim: ProportionClaim, implied: int, stated: int) -> str:
    if claim.count is None or claim.percent is None:
        return claim.text
    count, decimals = int(claim.count.value), claim.percent.decimals
    fits, off = (rounded(share(count, n), decimals) for n in (implied, stated))
    return f"{count}/{implied} prints {fits}%; over {stated} it would be {off}%"


def _presumed(case: Case, claims: Sequence[ProportionClaim]) -> Decision:
    """Warn where results that are presumed to share a population fit no common denominator."""
    sets = [case.denominators_of(claim, case.tolerated) for claim in claims]
    if not common_denominators(sets):
        message = (
            f"These {len(claims)} results name no population and fit no common denominator: {_split(case, claims)}."
        )
        yield case.finding("no-common-denominator", claims[0], message, related=_admitted(case, claims))


def _joint(case: Case) -> Decision:
    """Report what results that name no population imply together and that no stated size fits.

    A subgroup is smaller than its study: only a size above everything stated cannot be that of one.
    """
    if not case.joint:
        return
    most = _most_participants(case)
    shown = ", ".join(map(str, case.stated))
    counts = {resolved.count for resolved in case.proportions}
    printed = sorted({*case.stated, *case.study.other_numbers})[:_MAX_ADDED]
    for joint in case.joint:
        # A number that the text prints may be the size of what these count: visits, eyes, samples.
        if any(number in joint.denominators for number in case.study.other_numbers) or _is_sum(joint, case.stated):
            continue
        implied = joint.denominators.describe()
        about, related = joint.claims, _admitted(case, joint.claims)
        own = _of_participants(case, joint)
        lowest = common_denominators(case.telling(claim) for claim in own).low if own else 0
        # A slip is near the stated size; results that imply far more are about others, whoever they are.
        if most is not None and most < lowest <= most * 3 // 2:
            message = f"{len(own)} results together imply {implied} participants, but {shown} is stated."
            name = "implied-denominator-above-stated"
            about, related = own, [*_stated_wholes(case), *_admitted(case, own)]
            yield from _beside(case, joint, own)
        elif case.study.presumes_sharing and joint.unit == "participants" and most is not None:
            message = f"{len(joint.claims)} results together imply {implied} participants, but {shown} is stated."
            name = "implied-denominator-off-stated"
        elif joint.denominators.only is None or joint.denominators.only in counts or _is_sum(joint, printed):
            continue
        elif others := _denominators_beside(case, joint):
            shown_others = ", ".join(map(str, others))
            message = f"{len(joint.claims)} results imply a denominator of {implied}, which is not stated anywhere; "
            message += f"results beside them have {shown_others}."
            name = "unnamed-denominator"
        else:
            message = (
                f"{len(joint.claims)} results together imply a denominator of {implied}, which is not stated anywhere."
            )
            name = "unstated-denominator"
        finding = case.finding(name, about[0], message, recomputed=implied, related=related)
        # These claims agree with each other: what they do not agree with is the size that is stated.
        yield finding._replace(claims=())


def _is_sum(joint: JointSize, printed: Sequence[int]) -> bool:
    """Decide whether a joint size is the sum of two numbers that are printed, or of all: `37 girls and 18 boys`."""
    only = joint.denominators.only
    if only is None:
        return False
    known = set(printed)
    return sum(printed) == only or any(only - number in known for number in printed if 2 * number < only)


def _denominators_beside(case: Case, joint: JointSize) -> list[int]:
    """Return the other denominators that results are over in the passage that all claims of a joint size share."""
    passages = {claim.passage for claim in joint.claims}
    if len(passages) != 1 or None in passages or all(claim.others for claim in joint.claims):
        return []
    beside = [each for each in case.proportions if each.claim.passage in passages and each.claim not in joint.claims]
    found = {each.denominator for each in beside if each.denominator is not None and each.by is not ResolvedBy.COLUMN}
    return sorted(found - {joint.denominators.only})


def _beside(case: Case, joint: JointSize, own: Sequence[ProportionClaim]) -> Decision:
    """Warn where a result is printed over the stated size, among results that imply another."""
    passages = {claim.passage for claim in own} - {None}
    most = _most_participants(case)
    for resolved in case.proportions:
        claim = resolved.claim
        is_beside = claim.passage in passages and claim.denominator is not None
        if is_beside and resolved.denominator in case.stated and resolved.denominator == most:
            message = (
                f"{claim.text} is over {resolved.denominator}, while {len(own)} other results imply "
                f"{joint.denominators.describe()}."
            )
            yield case.finding("switched-denominator", claim, message, related=_admitted(case, own))


def _of_participants(case: Case, joint: JointSize) -> tuple[ProportionClaim, ...]:
    """Return the results of a joint size that can only be about the study's own participants; none if they are too few.

    A registry, the literature, controls and parents may be more than the study has; and so may lesions and visits. In
    prose the words say so; a cell of a table may count anything.
    """
    sure = (claim for claim in joint.claims if claim.others is None)
    own = tuple(claim for claim in sure if claim.passage is not None or case.study.presumes_sharing)
    return own if joint.unit == "participants" and len({claim.numbers for claim in own}) > 1 else ()


def _stated_wholes(case: Case) -> list[Related]:
    """Return where the sizes of whole studies are stated."""
    wholes = [group for group in case.study.groups.values() if group.parent is None and group.n is not None]
    return [Related(group.location, f"{group.n.text} is stated") for group in wholes if group.n]


def _most_participants(case: Case) -> int | None:
    """Return how many participants the study can have had according to its stated sizes; None where that is open.

    Groups that are not part of another may be separate, so their sizes add up.
    """
    wholes = [group for group in case.study.groups.values() if group.parent is None and group.unit == "participants"]
    sizes = [int(group.n.value) for group in wholes if group.n is not None]
    return sum(sizes) if sizes and len(sizes) == len(wholes) else None


def _split(case: Case, claims: Sequence[ProportionClaim]) -> str:
    """Return the largest sets of claims that do share a denominator: `16 (18.2%), 2 (2.3%) fit 88`."""
    groups = denominator_groups([_admitted_by(case, claim) for claim in claims], limit=_MAX_GROUPS)
    return "; ".join(f"{_members(claims, group)} {group.denominators.describe()}" for group in groups)


def _admitted_by(case: Case, claim: ProportionClaim) -> IntegerRange:
    """Return the denominators that a claim admits, by truncation where nothing else gives any."""
    return case.denominators_of(claim) or case.denominators_of(claim, case.tolerated)


def _members(claims: Sequence[ProportionClaim], group: DenominatorGroup) -> str:
    shown = [claims[index].text for index in group.members[:4]]
    more = len(group.members) - len(shown)
    fits = "fits" if len(group.members) == 1 else "fit"
    return ", ".join(shown) + (f" and {more} more " if more else " ") + fits


def _admitted(case: Case, claims: Sequence[ProportionClaim]) -> list[Related]:
    """Return each claim's place with the denominators that it admits alone."""
    related = []
    for claim in claims:
        admits = _admitted_by(case, claim)
        loose = admits.size is None or admits.size > TOO_LOOSE
        told = f"admits {admits.describe()}{', too many to tell' if loose else ''}"
        related.append(Related(claim.location, f"{claim.text} {told}"))
    return related


def check_switched_denominators(case: Case) -> Decision:
    """Find printed denominators that are not the size of the population they are reported for."""
    for resolved in case.proportions:
        claim, group = resolved.claim, resolved.group
        if resolved.by is not ResolvedBy.EXPLICIT or group is None or claim.missing_data_rule in VARYING_DENOMINATOR:
            continue
        if group.n is not None and resolved.denominator != group.n.value and not resolved.in_events:
            message = f"{claim.text} is over {resolved.denominator}, but {group.n.text} is stated for '{group.name}'."
            steps = _over_stated(resolved, int(group.n.value))
            where = (Related(group.location, f"{group.n.text} is stated for '{group.name}'"),)
            yield case.finding("switched-denominator", claim, message, steps=steps, related=where)


def _over_stated(resolved: Resolved, n: int) -> list[str]:
    if resolved.count is None or resolved.count > n:
        return []
    percent = resolved.claim.percent
    value = rounded(share(resolved.count, n), percent.decimals if percent else 1)
    return [f"over {n} it would be {resolved.count}/{n} = {value}%"]


def check_analysis_sets(case: Case) -> Decision:
    """Find analyses of all randomised that leave some out, and results over only those who stayed."""
    for group in case.study.groups.values():
        if group.n is None:
            continue
        everyone = group.analysis_set == "itt" or (group.missing_data_rule == "nri" and group.analysis_set is None)
        randomised = (g for g in case.ancestors(group.parent) if g.is_arm or g.analysis_set == "randomised")
        whole = next(randomised, None) if everyone else None
        if whole and whole.n and group.n.value < whole.n.value:
            says = "intention to treat" if group.analysis_set == "itt" else "non-responder imputation"
            message = (
                f"'{group.name}' is analysed by {says} with {group.n.text}, but {whole.n.text} were randomised "
                f"to '{whole.name}'."
            )
            yield case.finding("short-analysis-set", group, message, printed=group.n.text, related=_stated_at(whole))
        if group.analysis_set == "completers":
            yield from _completers(case, group)
    for resolved in case.proportions:
        yield from _nri(case, resolved)
        yield from _at_risk(case, resolved)


def _completers(case: Case, group: Group) -> Decision:
    whole = next((g for g in case.ancestors(group.parent) if g.n is not None and g.analysis_set != "completers"), None)
    if whole is None or whole.n is None or group.n is None or whole.n.value <= group.n.value:
        return
    over_all = {r.claim.subject.outcome for r in case.proportions if r.group and r.group.name != group.name}
    over_completers = [r for r in case.proportions if r.group == group and r.count and r.claim.percent]
    alone = [r for r in over_completers if r.claim.subject.outcome not in over_all]
    if not alone:
        return
    n, total = int(group.n.value), int(whole.n.value)
    message = (
        f"The {n} of '{group.name}' are the only denominator of {counted(len(alone), 'result')}; "
        f"'{whole.name}' has {total}, and those who left may have responded less often."
    )
    steps = [
        f"{r.claim.text}: over {total} it would be {r.count}/{total} = "
        f"{rounded(share(r.count, total), r.claim.percent.decimals if r.claim.percent else 0)}%"
        for r in alone
        if r.count is not None
    ]
    related = [Related(r.claim.location, r.claim.text) for r in alone]
    yield case.finding(
        "completers-only-denominator", group, message, printed=group.n.text, steps=steps, related=related
    )


def _nri(case: Case, resolved: Resolved) -> Decision:
    claim = resolved.claim
    if claim.missing_data_rule != "nri" or resolved.by is not ResolvedBy.EXPLICIT or resolved.group is None:
        return
    n = resolved.group.n
    if n is not None and resolved.denominator is not None and resolved.denominator < n.value:
        message = (
            f"{claim.text} is over {resolved.denominator}, but non-responder imputation counts all {n.text} "
            f"of '{resolved.group.name}'."
        )
        yield case.finding("short-analysis-set", claim, message, related=_stated_at(resolved.group))


def _at_risk(case: Case, resolved: Resolved) -> Decision:
    at_risk = resolved.claim.at_risk
    if at_risk is None or resolved.denominator is None or resolved.denominator <= at_risk.value:
        return
    steps = []
    if resolved.count is not None and resolved.count <= at_risk.value:
        value = rounded(share(resolved.count, int(at_risk.value)), 1)
        steps = [f"over those at risk it would be {resolved.count}/{at_risk.text} = {value}%"]
    message = f"{resolved.claim.text} is over {resolved.denominator}, but only {at_risk.text} could have the outcome."
    yield case.finding("denominator-exceeds-at-risk", resolved.claim, message, steps=steps)


def _stated_at(group: Group) -> tuple[Related, ...]:
    return (Related(group.location, f"{group.n.text if group.n else '?'} is stated for '{group.name}'"),)
