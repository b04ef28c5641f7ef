"""Rounding and the feasible sets against brute force.

The design. Rounding: the full grid, every k <= n <= 300 with 0 to 2 decimals under every mode, by schoolbook division
in integers, and by the decimal module. Preimages: the same grid, each share against its own
print and both neighbours. Feasible sets: every percentage that can be printed, and its neighbour, over a strided
choice of n (for counts) and of k (for denominators), against enumeration of all counts, or of all denominators up to
300. `RHEUMCALC_FULL_ORACLE=1` takes the stride away (minutes).
"""

from __future__ import annotations

import decimal
import itertools
import os
import random
from collections import defaultdict
from collections.abc import Iterable
from fractions import Fraction

import pytest

from rheumcalc.numbers.feasible import IntegerRange, denominator_groups, feasible_counts, feasible_denominators
from rheumcalc.numbers.printed import Printed
from rheumcalc.numbers.rounding import NEAREST, TOLERATED, RoundingMode, preimage, round_exact

LIMIT = 300
_CONSTANTS = {
    RoundingMode.HALF_UP: decimal.ROUND_HALF_UP,
    RoundingMode.HALF_EVEN: decimal.ROUND_HALF_EVEN,
    RoundingMode.HALF_DOWN: decimal.ROUND_HALF_DOWN,
    RoundingMode.TRUNCATE: decimal.ROUND_DOWN,
    RoundingMode.CEILING: decimal.ROUND_CEILING,
}
_FULL = bool(os.environ.get("RHEUMCALC_FULL_ORACLE"))


def _shares() -> list[Fraction]:
    """Every percentage that a count of at most 300 is of a denominator of at most 300, once."""
    return sorted({Fraction(100 * k, n) for n in range(1, LIMIT + 1) for k in range(n + 1)})


SHARES = _shares()


def _units(k: int, n: int, decimals: int, mode: RoundingMode) -> int:
    """Return k/n as a percentage in units of its last digit, in integers alone."""
    scale: int = 10 ** (decimals + 2)
    whole, rest = divmod(k * scale, n)
    match mode:
        case RoundingMode.HALF_UP:
            return whole + (2 * rest >= n)
        case RoundingMode.HALF_DOWN:
            return whole + (2 * rest > n)
        case RoundingMode.HALF_EVEN:
            return whole + (2 * rest > n or (2 * rest == n and whole % 2 == 1))
        case RoundingMode.TRUNCATE:
            return whole
        case RoundingMode.CEILING:
            return whole + (rest > 0)


def _printed(units: int, decimals: int) -> Printed:
    return Printed("", Fraction(units, 10**decimals), decimals)


@pytest.mark.parametrize("decimals", [0, 1, 2])
@pytest.mark.parametrize("mode", RoundingMode)
def test_rounding_agrees_with_integer_arithmetic(mode: RoundingMode, decimals: int) -> None:
    """For every k <= n <= 300 the rounded percentage is that of schoolbook division."""
    scale = 10**decimals
    wrong = [
        share
        for share in SHARES
        if round_exact(share, decimals, mode) * scale
        != _units(share.numerator, share.denominator * 100, decimals, mode)
    ]
    assert wrong == []


@pytest.mark.parametrize("mode", RoundingMode)
def test_rounding_agrees_with_the_decimal_module(mode: RoundingMode) -> None:
    """The decimal module's own constant rounds every percentage to the same, negative ones too.

    Endless expansions are cut by ROUND_05UP, which exists so that a second rounding goes the right way.
    """
    context = decimal.Context(prec=30, rounding=decimal.ROUND_05UP)
    for share in itertools.chain(SHARES, (-share for share in SHARES[::7])):
        exact = context.divide(decimal.Decimal(share.numerator), decimal.Decimal(share.denominator))
        for decimals in (0, 1, 2):
            unit = decimal.Decimal(1).scaleb(-decimals)
            expected = exact.quantize(unit, rounding=_CONSTANTS[mode], context=context)
            actual = round_exact(share, decimals, mode)
            assert (share, Fraction(int(expected.scaleb(decimals)))) == (share, actual * 10**decimals)


@pytest.mark.parametrize("decimals", [0, 1, 2])
@pytest.mark.parametrize("mode", RoundingMode)
def test_preimages_hold_what_prints_so_and_nothing_else(mode: RoundingMode, decimals: int) -> None:
    """A share lies in the preimage of its own print under the mode, and in that of neither neighbour."""
    scale, cache = 10**decimals, {}
    for share in SHARES:
        units = _units(share.numerator, share.denominator * 100, decimals, mode)
        for near in (units - 1, units, units + 1):
            if near not in cache:
                cache[near] = preimage(Fraction(near, scale), decimals, {mode})
            assert (share, near, near == units) == (share, near, share in cache[near])


_MODE_SETS = [frozenset({mode}) for mode in RoundingMode] + [NEAREST, TOLERATED]


def _strided(decimals: int) -> Iterable[int]:
    """Return the numbers up to 300 that stand for all: every small one, and then a stride that is prime."""
    if _FULL:
        return range(1, LIMIT + 1)
    return (*range(1, 61 if decimals < 2 else 31), *range(61, LIMIT + 1, {0: 7, 1: 13, 2: 29}[decimals]))


def _ids(modes: frozenset[RoundingMode]) -> str:
    return "+".join(sorted(modes))


@pytest.mark.parametrize("decimals", [0, 1, 2])
@pytest.mark.parametrize("modes", _MODE_SETS, ids=_ids)
def test_feasible_counts_agree_with_enumeration(modes: frozenset[RoundingMode], decimals: int) -> None:
    """The counts that fit a percentage of n are those that print it, for what prints and for its neighbours."""
    for n in _strided(decimals):
        by_units: dict[int, list[int]] = defaultdict(list)
        for k in range(n + 1):
            for units in {_units(k, n, decimals, mode) for mode in modes}:
                by_units[units].append(k)
        top = 100 * 10**decimals
        candidates = {near for units in by_units for near in (units, units + 1) if near <= top}
        for units in candidates:
            counts = by_units.get(units, [])
            fits = feasible_counts(_printed(units, decimals), n, modes)
            assert (n, units, counts) == (n, units, list(range(fits.low, (fits.high or 0) + 1)) if fits else [])


@pytest.mark.parametrize("decimals", [0, 1, 2])
@pytest.mark.parametrize("modes", _MODE_SETS, ids=_ids)
def test_feasible_denominators_agree_with_enumeration(modes: frozenset[RoundingMode], decimals: int) -> None:
    """The denominators up to 300 that fit a count and a percentage are those over which it prints so."""
    for k in _strided(decimals):
        by_units: dict[int, list[int]] = defaultdict(list)
        for n in range(k, LIMIT + 1):
            for units in {_units(k, n, decimals, mode) for mode in modes}:
                by_units[units].append(n)
        top = 100 * 10**decimals
        candidates = {near for units in by_units for near in (units, units + 1) if near <= top}
        for units in candidates:
            found = feasible_denominators(k, _printed(units, decimals), modes) & IntegerRange(1, LIMIT)
            actual = list(range(found.low, (found.high or 0) + 1)) if found else []
            assert (k, units, by_units.get(units, [])) == (k, units, actual)


@pytest.mark.parametrize("decimals", [0, 1, 2])
@pytest.mark.parametrize("modes", _MODE_SETS, ids=_ids)
def test_a_count_of_none_admits_all_or_nothing(modes: frozenset[RoundingMode], decimals: int) -> None:
    """0 prints as 0 over every denominator, and as nothing else."""
    assert IntegerRange(1, None) == feasible_denominators(0, _printed(0, decimals), modes)
    assert not feasible_denominators(0, _printed(1, decimals), modes)


def _best_group(ranges: list[IntegerRange], remaining: list[int]) -> tuple[IntegerRange, tuple[int, ...]]:
    """Return the largest subset with a common denominator by trying every subset: ties shorter, then lower."""
    best: tuple[tuple[int, float, int], IntegerRange, tuple[int, ...]] | None = None
    for size in range(len(remaining), 0, -1):
        for members in itertools.combinations(remaining, size):
            common = IntegerRange(1, None)
            for index in members:
                common &= ranges[index]
            if not common:
                continue
            rank = (-size, float("inf") if common.size is None else common.size, common.low)
            if best is None or rank < best[0]:
                best = rank, common, members
        if best is not None:
            break
    assert best is not None
    return best[1], best[2]


def test_groups_agree_with_subset_search() -> None:
    """The split is the largest subset with a common denominator, then the same for the rest; ties as documented."""
    chosen = random.Random(7)  # noqa: S311 - a sample of test values
    for _ in range(1500):
        ranges = []
        for _ in range(chosen.randrange(1, 8)):
            low = chosen.randrange(1, 14)
            ranges.append(IntegerRange(low, None if chosen.random() < 0.1 else low + chosen.randrange(-1, 6)))
        remaining = [index for index, each in enumerate(ranges) if each]
        expected = []
        while remaining:
            common, members = _best_group(ranges, remaining)
            expected.append((common, members))
            remaining = [index for index in remaining if index not in members]
        actual = [(group.denominators, group.members) for group in denominator_groups(ranges)]
        assert (ranges, expected) == (ranges, actual)


def test_ties_go_to_the_smaller_span() -> None:
    """Of two groups of equal size the one that says more comes first, wherever it stands."""
    loose, tight = IntegerRange(1, 9), IntegerRange(50, 51)
    assert [tight, loose] == [group.denominators for group in denominator_groups([loose, loose, tight, tight])]
