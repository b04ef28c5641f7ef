"""Study records as drafts are compared with them, and reports of one trial that differ."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from rheumcalc.binding.words import content_words
from rheumcalc.numbers.arithmetic import share
from rheumcalc.numbers.rounding import NEAREST, TOLERATED
from rheumcalc.study.claims import Publication, StudyClaims
from rheumcalc.study.denominators import Resolved, ResolvedStudy


@dataclass(frozen=True, eq=False)
class Record:
    """A study record as drafts are compared with it: its claims, resolved."""

    claims: StudyClaims
    publication: Publication

    @cached_property
    def values(self) -> tuple[Resolved, ...]:
        """The results that were read in the study itself."""
        return tuple(each for each in ResolvedStudy(self.claims).proportions if each.claim.provenance == "primary")

    @cached_property
    def title_words(self) -> frozenset[str]:
        """The words of the title that distinguish it from others."""
        return content_words(self.publication.title)

    @cached_property
    def sizes(self) -> frozenset[int]:
        """Every size that the record states."""
        return frozenset(int(group.n.value) for group in self.claims.groups.values() if group.n is not None)


def conflicting(records: Sequence[Record]) -> Iterator[tuple[Resolved, Resolved]]:
    """Yield the values of two records of one trial that differ: one outcome, arm and time, other numbers."""
    by_trial: dict[str, list[Record]] = {}
    for record in records:
        if record.publication.trial:
            by_trial.setdefault(record.publication.trial, []).append(record)
    for together in by_trial.values():
        for index, later in enumerate(together):
            for earlier in together[:index]:
                yield from _differing(earlier, later)


def _differing(earlier: Record, later: Record) -> Iterator[tuple[Resolved, Resolved]]:
    known = {_place(value): value for value in earlier.values if value.claim.subject.outcome}
    for value in later.values:
        other = known.get(_place(value))
        if other is not None and not agree(value, other):
            yield other, value


def _place(value: Resolved) -> tuple[object, ...]:
    subject = value.claim.subject
    return (subject.outcome, subject.arm, subject.timepoint.key if subject.timepoint else None)


def agree(one: Resolved, other: Resolved) -> bool:
    """Decide whether two values can be the same: every number that both print is equal, percentages as rounded.

    A hedged percentage is not a number that can be compared.
    """
    return counts_agree(one, other) and _percentages_agree(one, other) and _percentages_agree(other, one)


def counts_agree(one: Resolved, other: Resolved) -> bool:
    """Decide whether the counts and the printed denominators of two values are equal, as far as both have them."""
    if one.count is not None and other.count is not None and one.count != other.count:
        return False
    is_printed = one.claim.denominator is not None or other.claim.denominator is not None
    return not is_printed or None in (one.denominator, other.denominator) or one.denominator == other.denominator


def _percentages_agree(one: Resolved, other: Resolved) -> bool:
    """Decide whether one's percentage can print what the other counts, or prints."""
    mine = one.claim.percent
    if mine is None or one.claim.hedge is not None or other.claim.hedge is not None:
        return True
    theirs = other.claim.percent
    if theirs is not None and (theirs.numeral, theirs.bound) == (mine.numeral, mine.bound):
        # A draft that quotes a slip as printed says what the study says.
        return True
    admitted = mine.preimage(TOLERATED | NEAREST)
    if other.count is not None and other.denominator is not None:
        return share(other.count, other.denominator) in admitted
    return theirs is None or admitted.meets(theirs.preimage(TOLERATED | NEAREST))
