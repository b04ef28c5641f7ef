"""The denominators of one study's claims: each resolved, with how it is known."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import NamedTuple

from rheumcalc.numbers.feasible import (
    ANY_DENOMINATOR,
    NOTHING,
    IntegerRange,
    common_denominators,
    denominator_groups,
    feasible_denominators,
)
from rheumcalc.numbers.rounding import NEAREST, TOLERATED, RoundingMode
from rheumcalc.study.claims import Group, ProportionClaim, StudyClaims, TotalClaim

#: How many joint sizes are looked for among results that name no population.
_MAX_JOINT = 8
#: Missing-data rules under which each visit has its own denominator, at most the population's size.
VARYING_DENOMINATOR = frozenset({"observed", "locf"})


class ResolvedBy(StrEnum):
    """How a claim's denominator is known."""

    EXPLICIT = "explicit"
    COLUMN = "column"
    ANTECEDENT = "antecedent"
    RECORD = "record"
    STATED = "stated"
    JOINT = "joint"


@dataclass(frozen=True, eq=False, repr=False)
class Resolved:
    """A proportion with its denominator, and how that is known; `group` is the group it is taken over."""

    claim: ProportionClaim
    group: Group | None
    denominator: int | None
    by: ResolvedBy | None

    @property
    def count(self) -> int | None:
        """The printed count."""
        return None if self.claim.count is None else int(self.claim.count.value)

    @property
    def in_events(self) -> bool:
        """Whether the count is not one of participants, so that it may exceed the denominator."""
        return self.claim.unit != "participants"


class ImpliedSize(NamedTuple):
    """The size of a group that its claims admit: `sources` is how many of them say something about it."""

    group: Group
    denominators: IntegerRange
    claims: tuple[ProportionClaim, ...]

    @property
    def size(self) -> int | None:
        """The one size, where at least two claims agree on it."""
        return self.denominators.only if len(self.claims) > 1 else None


class JointSize(NamedTuple):
    """Denominators that several claims of one unit admit together."""

    denominators: IntegerRange
    claims: tuple[ProportionClaim, ...]

    @property
    def unit(self) -> str:
        """What the claims count."""
        return self.claims[0].unit


class ResolvedStudy:
    """A study's claims under the rounding modes in force, each denominator resolved once."""

    def __init__(self, study: StudyClaims, modes: frozenset[RoundingMode] = NEAREST) -> None:
        self.study = study
        #: The modes a percentage may follow without a finding.
        self.modes = study.rounding or modes
        #: The same, with every convention that is found in print without being declared.
        self.tolerated = self.modes | TOLERATED
        self._admitted: dict[tuple[ProportionClaim, frozenset[RoundingMode]], IntegerRange] = {}

    def ancestors(self, name: str | None) -> Iterator[Group]:
        """Yield a group and the groups that it is part of, the nearest first."""
        seen: set[str] = set()
        while name is not None and name not in seen and name in self.study.groups:
            seen.add(name)
            group = self.study.groups[name]
            yield group
            name = group.parent

    def group_of(self, claim: ProportionClaim | TotalClaim) -> Group | None:
        """Return the group whose size is the claim's denominator.

        None where none is named, where the claim counts other things than the group, and where an arm and a
        population cross: the size of what they share is not stated.
        """
        arm, population = claim.subject.arm, claim.subject.population
        if arm and population and population not in {group.name for group in self.ancestors(arm)}:
            if arm not in {group.name for group in self.ancestors(population)}:
                return None
            arm = None
        group = self.study.groups.get(arm or population or "")
        return group if group and group.unit == claim.unit else None

    @cached_property
    def proportions(self) -> tuple[Resolved, ...]:
        """The claims of counts and percentages, resolved, in the order of the text."""
        return tuple(self._resolve(claim) for claim in self.study.proportions)

    def _resolve(self, claim: ProportionClaim) -> Resolved:
        group = None if claim.subject.group is None else self.group_of(claim)
        if claim.denominator is not None:
            return Resolved(claim, group, int(claim.denominator.value), ResolvedBy.EXPLICIT)
        for near, by in ((claim.column, ResolvedBy.COLUMN), (claim.antecedent, ResolvedBy.ANTECEDENT)):
            if near is not None and int(near.value) in self._admitted_by_place(claim):
                return Resolved(claim, group, int(near.value), by)
        if claim.column is not None:
            # Values are missing in this row, or something is wrong: another size that happens to fit shows neither.
            return Resolved(claim, group, None, None)
        if claim.subject.group is None:
            return self._resolve_unnamed(claim)
        if group is None or claim.missing_data_rule in VARYING_DENOMINATOR:
            return Resolved(claim, group, None, None)
        if group.n is not None:
            return Resolved(claim, group, int(group.n.value), ResolvedBy.RECORD)
        implied = self.implied.get(group.name)
        size = implied.size if implied else None
        return Resolved(claim, group, size, ResolvedBy.JOINT if size else None)

    def _admitted_by_place(self, claim: ProportionClaim) -> IntegerRange:
        """Return the denominators that a claim may have where its place gives one: none is no per cent of any."""
        is_none = (
            claim.count is not None and claim.percent is not None and claim.count.value == claim.percent.value == 0
        )
        return ANY_DENOMINATOR if is_none else self.telling(claim)

    def _resolve_unnamed(self, claim: ProportionClaim) -> Resolved:
        """Resolve a claim that names no population: by a stated size, or by a size that others imply with it.

        Only rounding to nearest tells which size is meant: truncation would fit too many.
        """
        admitted = self.telling(claim)
        if admitted:
            admitted &= self.denominators_of(claim)
        last = len(self.stated) if admitted.high is None else bisect_right(self.stated, admitted.high)
        if admitted and last and self.stated[last - 1] in admitted:
            return Resolved(claim, None, self.stated[last - 1], ResolvedBy.STATED)
        joint = self._joint_of.get(claim)
        size = joint.denominators.only if joint else None
        return Resolved(claim, None, size, ResolvedBy.JOINT if size else None)

    def _is_placed(self, claim: ProportionClaim) -> bool:
        """Decide whether a table's column or the words beside a claim give a denominator that fits it."""
        near = (claim.column, claim.antecedent)
        return any(size is not None and int(size.value) in self.telling(claim) for size in near)

    def _is_stated(self, claim: ProportionClaim) -> bool:
        """Decide whether a stated size is one that a claim admits."""
        admitted = self.telling(claim)
        first = bisect_left(self.stated, admitted.low)
        return first < len(self.stated) and self.stated[first] in admitted

    def telling(self, claim: ProportionClaim) -> IntegerRange:
        """Return the denominators that a claim's own numbers admit; none if they say nothing about it."""
        admitted = self.denominators_of(claim, self.tolerated)
        return NOTHING if admitted is ANY_DENOMINATOR or admitted == ANY_DENOMINATOR else admitted

    @cached_property
    def stated(self) -> tuple[int, ...]:
        """Every size of participants that is stated, in ascending order."""
        groups = self.study.groups.values()
        return tuple(sorted({int(group.n.value) for group in groups if group.n and group.unit == "participants"}))

    @cached_property
    def joint(self) -> tuple[JointSize, ...]:
        """What results of one kind that name no population, and that no stated size fits, imply together.

        At least two different results make one; the most first, those of participants and of each other unit apart.
        """
        unnamed = [
            claim
            for claim in self.study.proportions
            if claim.subject.group is None
            and claim.denominator is None
            and claim.column is None
            and claim.doubt is None
            and not self._is_placed(claim)
        ]
        by_unit: dict[str, list[ProportionClaim]] = {}
        for claim in unnamed:
            # A record's events need not be counted over one size; in prose, what is called by one noun is one kind.
            is_one_kind = claim.unit == "participants" or not self.study.presumes_sharing
            if is_one_kind and self.telling(claim) and not self._is_stated(claim):
                by_unit.setdefault(claim.unit, []).append(claim)
        sizes = []
        for telling in by_unit.values():
            groups = denominator_groups([self.denominators_of(claim) for claim in telling], limit=_MAX_JOINT)
            sizes += [JointSize(group.denominators, tuple(telling[i] for i in group.members)) for group in groups]
        return tuple(size for size in sizes if len({claim.numbers for claim in size.claims}) > 1)

    @cached_property
    def _joint_of(self) -> Mapping[ProportionClaim, JointSize]:
        return {claim: each for each in self.joint for claim in each.claims}

    def size_of(self, name: str | None) -> int | None:
        """Return a group's size, stated or solved."""
        group = self.study.groups.get(name or "")
        if group is None:
            return None
        if group.n is not None:
            return int(group.n.value)
        implied = self.implied.get(group.name)
        return implied.size if implied else None

    @cached_property
    def implied(self) -> Mapping[str, ImpliedSize]:
        """The groups that state no size, with the sizes their claims admit."""
        telling: dict[str, list[ProportionClaim]] = {}
        largest: dict[str, int] = {}
        for claim in self.study.proportions:
            group = self.group_of(claim)
            if group is None or group.n is not None:
                continue
            if claim.count is not None and claim.unit == "participants":
                largest[group.name] = max(largest.get(group.name, 1), int(claim.count.value))
            if self.denominators_of(claim) != ANY_DENOMINATOR:
                telling.setdefault(group.name, []).append(claim)
        sizes = {}
        for name, claims in telling.items():
            unit = self.study.groups[name].unit
            stated = [int(group.n.value) for group in self.ancestors(name) if group.n and group.unit == unit]
            bound = IntegerRange(largest.get(name, 1), min(stated, default=None))
            admitted = common_denominators(self.denominators_of(claim) for claim in claims)
            sizes[name] = ImpliedSize(self.study.groups[name], admitted & bound, tuple(claims))
        return sizes

    def denominators_of(self, claim: ProportionClaim, modes: frozenset[RoundingMode] | None = None) -> IntegerRange:
        """Return the denominators that a claim's own numbers admit: all, where they say nothing."""
        key = (claim, modes or self.modes)
        admitted = self._admitted.get(key)
        if admitted is None:
            admitted = self._admitted[key] = self._denominators_of(claim, key[1])
        return admitted

    def _denominators_of(self, claim: ProportionClaim, modes: frozenset[RoundingMode]) -> IntegerRange:
        if not claim.is_simple_proportion or claim.missing_data_rule in VARYING_DENOMINATOR:
            return ANY_DENOMINATOR
        if claim.denominator is not None:
            n = int(claim.denominator.value)
            return IntegerRange(n, n)
        if claim.count is None or claim.percent is None or claim.hedge is not None:
            return ANY_DENOMINATOR
        return feasible_denominators(int(claim.count.value), claim.percent, modes, events=claim.unit != "participants")
