"""What is found in prose: results, their other readings, and whom they are taken of."""

from __future__ import annotations

from typing import NamedTuple

from rheumcalc.numbers.printed import Printed
from rheumcalc.prose.reported import Reported
from rheumcalc.source import Span
from rheumcalc.study.doubts import Doubt


class Antecedent(NamedTuple):
    """Whom a result is taken of, in words that stand beside it: `of them`, `of the 20 with calcinosis`."""

    span: Span
    number: Printed | None = None


class Mention(NamedTuple):
    """One result found in prose.

    `span` runs from its first number to its last, with its own brackets and percent sign. `kind` is `proportion` where
    a percentage is printed and `fraction` where only count and denominator are. `alternatives` are its other plausible
    readings; `doubt` says what the percentage may be besides a plain proportion; `unit` is what is counted, and
    `names_people` says whether its own noun is one of people.
    """

    reported: Reported
    span: Span
    construction: str
    kind: str
    antecedent: Antecedent | None = None
    doubt: Doubt | None = None
    unit: str = "participants"
    names_people: bool = False
    alternatives: tuple[Reported, ...] = ()

    @property
    def place(self) -> int:
        """Where the result's percentage stands, or its start where it prints none."""
        percent = self.reported.percent
        return percent.span.start if percent is not None and percent.span is not None else self.span.start
