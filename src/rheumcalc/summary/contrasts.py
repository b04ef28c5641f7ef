"""Two arms of one study whose results differ in nothing else: the two sides of a risk difference or ratio."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from rheumcalc.numbers.effects import EffectMeasure, Estimate, risk_difference, risk_ratio
from rheumcalc.summary.rows import Row

#: Words in a name or label which show that an arm is the one that others are compared with, the surest first.
_REFERENCE_WORDS = ("placebo", "sham", "control", "comparator", "usual", "standard")


class Contrast(NamedTuple):
    """The result of an arm, and that of the arm it is compared with."""

    row: Row
    reference: Row

    def estimate(self, effect: EffectMeasure, confidence_level: float) -> Estimate | None:
        """Return the effect with its interval; None where it cannot be estimated."""
        numbers = (
            self.row.count or 0,
            self.row.denominator or 0,
            self.reference.count or 0,
            self.reference.denominator or 0,
        )
        if effect is EffectMeasure.RISK_RATIO:
            return risk_ratio(*numbers, confidence_level)
        return risk_difference(*numbers, confidence_level)


def contrasts(rows: Sequence[Row], references: Mapping[tuple[str, str | None], str]) -> Iterator[Contrast]:
    """Yield a contrast for each outcome, population and timepoint of a study that exactly two arms have a result for.

    `references` says, by study and outcome, with which arm the record compares. Where it does not, the arm that the
    study's other outcomes are compared with is taken; else the one that a word of its name or label shows
    (`placebo`, `usual care`); else the last of the record. Both results must count participants.
    """
    alike: dict[tuple[object, ...], list[Row]] = {}
    for row in rows:
        if row.arm is not None:
            time = row.timepoint.key if row.timepoint else None
            key = (row.study.id, row.study.source, row.outcome or row.label, row.population, time)
            alike.setdefault(key, []).append(row)
    for pair in alike.values():
        if len(pair) == 2 and pair[0].arm != pair[1].arm and all(row.is_binomial for row in pair):
            one, other = pair
            yield Contrast(other, one) if _reference(pair, references) is one else Contrast(one, other)


def _reference(pair: Sequence[Row], references: Mapping[tuple[str, str | None], str]) -> Row:
    """Return the row of the arm that the other is compared with."""
    study = pair[0].study
    elsewhere = {arm for (study_id, _), arm in references.items() if study_id == study.id}
    said = references.get((study.id, pair[0].outcome)) or (elsewhere.pop() if len(elsewhere) == 1 else None)
    for row in pair:
        if row.arm == said:
            return row
    for word in _REFERENCE_WORDS:
        named = [row for row in pair if re.search(rf"(?<![a-z]){word}s?(?![a-z])", _names(row))]
        if len(named) == 1:
            return named[0]
    order = {name: number for number, name in enumerate(study.groups)}
    return max(pair, key=lambda row: order.get(row.arm or "", -1))


def _names(row: Row) -> str:
    group = row.study.groups.get(row.arm or "")
    return f"{row.arm} {group.label if group and group.label else ''}".lower()
