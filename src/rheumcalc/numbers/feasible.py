"""Which counts and denominators can stand behind a printed percentage, singly and jointly.

Every set here is one run of integers, because a percentage falls as its denominator grows: so sets are held as
their two ends and never enumerated.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from heapq import heappop, heappush
from typing import NamedTuple

from rheumcalc.numbers.printed import Printed
from rheumcalc.numbers.rounding import RoundingMode


@dataclass(frozen=True, slots=True)
class IntegerRange:
    """The integers from `low` to `high`, both included; `high` is None where there is no end.

    Empty, and false, where `low` exceeds `high`.
    """

    low: int
    high: int | None

    def __bool__(self) -> bool:
        return self.high is None or self.low <= self.high

    def __contains__(self, number: int) -> bool:
        return self.low <= number and (self.high is None or number <= self.high)

    def __and__(self, other: IntegerRange) -> IntegerRange:
        highs = [high for high in (self.high, other.high) if high is not None]
        return IntegerRange(max(self.low, other.low), min(highs, default=None))

    @property
    def only(self) -> int | None:
        """The single member, or None where there is none or more than one."""
        return self.low if self.low == self.high else None

    @property
    def size(self) -> int | None:
        """How many members; None where there is no end."""
        return None if self.high is None else max(0, self.high - self.low + 1)

    def describe(self) -> str:
        """Return the range as people read it: `88`, `80–86`, `200 or more`, `none`."""
        if not self:
            return "none"
        if self.high is None:
            return f"{self.low} or more"
        return str(self.low) if self.low == self.high else f"{self.low}–{self.high}"


#: No integer at all.
NOTHING = IntegerRange(1, 0)
#: Every denominator there can be.
ANY_DENOMINATOR = IntegerRange(1, None)


def feasible_denominators(
    count: int, percent: Printed, modes: Iterable[RoundingMode], *, events: bool = False
) -> IntegerRange:
    """Return the denominators over which `count` prints as `percent` under any of the modes.

    A denominator of participants is at least the count; one of `events` need not be.
    The inequality is that of GRIM for proportions, solved for n: 100·k/n must lie in the preimage of the percentage
    (https://en.wikipedia.org/wiki/GRIM_test).
    """
    shares = percent.preimage(modes)
    least = 1 if events else max(1, count)
    if count == 0:
        return IntegerRange(least, None) if 0 in shares else NOTHING
    lower, upper = shares.lower, shares.upper
    high = None
    if lower is not None and lower.numerator > 0:
        high, rest = divmod(100 * count * lower.denominator, lower.numerator)
        if not rest and not shares.lower_closed:
            high -= 1
    low = 1
    if upper is not None:
        if upper.numerator <= 0:
            return NOTHING
        below, rest = divmod(100 * count * upper.denominator, upper.numerator)
        low = below if not rest and shares.upper_closed else below + 1
    return IntegerRange(max(low, least), high)


def feasible_counts(
    percent: Printed, denominator: int, modes: Iterable[RoundingMode], *, events: bool = False
) -> IntegerRange:
    """Return the counts that print as `percent` of `denominator` under any of the modes."""
    shares = percent.preimage(modes)
    low, high = 0, None if events else denominator
    lower, upper = shares.lower, shares.upper
    if lower is not None:
        below, rest = divmod(lower.numerator * denominator, 100 * lower.denominator)
        low = max(low, below if not rest and shares.lower_closed else below + 1)
    if upper is not None:
        top, rest = divmod(upper.numerator * denominator, 100 * upper.denominator)
        if not rest and not shares.upper_closed:
            top -= 1
        high = top if high is None else min(high, top)
    return IntegerRange(low, high)


def common_denominators(ranges: Iterable[IntegerRange]) -> IntegerRange:
    """Return the denominators that lie in every range."""
    common = ANY_DENOMINATOR
    for each in ranges:
        common &= each
    return common


class DenominatorGroup(NamedTuple):
    """Claims that fit a common denominator: which denominators, and the claims' indices in order."""

    denominators: IntegerRange
    members: tuple[int, ...]


def denominator_groups(ranges: Sequence[IntegerRange], limit: int | None = None) -> list[DenominatorGroup]:
    """Split claims into the largest set that fits one denominator, the largest of the rest, and so on.

    Ties go to the smaller span of denominators, then to the smaller denominators. Empty ranges belong to no group.
    At most `limit` groups are returned. Each group costs one sweep over the ends of the remaining ranges.
    """
    remaining = [index for index, each in enumerate(ranges) if each]
    groups: list[DenominatorGroup] = []
    while remaining and (limit is None or len(groups) < limit):
        best = _deepest(ranges, remaining)
        members = tuple(index for index in remaining if best.low in ranges[index])
        groups.append(DenominatorGroup(best, members))
        taken = set(members)
        remaining = [index for index in remaining if index not in taken]
    return groups


def _deepest(ranges: Sequence[IntegerRange], indices: Iterable[int]) -> IntegerRange:
    """Return the run of integers that lies in the most ranges (ties: shorter, then lower).

    Between two neighbouring ends the same ranges are open, so a sweep over the ends meets every candidate.
    """
    open_ends: list[int] = []
    endless = 0
    by_start: dict[int, list[int | None]] = {}
    for index in indices:
        by_start.setdefault(ranges[index].low, []).append(ranges[index].high)
    best: tuple[int, float, int] | None = None
    best_range = NOTHING
    for position in sorted(by_start):
        while open_ends and open_ends[0] < position:
            heappop(open_ends)
        for high in by_start[position]:
            if high is None:
                endless += 1
            else:
                heappush(open_ends, high)
        # The run ends where the first open range ends. Ranges that start before that end are met at their own start.
        candidate = IntegerRange(position, open_ends[0] if open_ends else None)
        width = float("inf") if candidate.size is None else candidate.size
        rank = (-(len(open_ends) + endless), width, position)
        if best is None or rank < best:
            best, best_range = rank, candidate
    return best_range
