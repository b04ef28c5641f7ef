"""What a text claims, whatever kind of text it was: the closed set of claim types."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from rheumcalc.numbers.printed import Bound, Printed
from rheumcalc.numbers.timepoint import Timepoint
from rheumcalc.source import Location, Source
from rheumcalc.study.doubts import Doubt

if TYPE_CHECKING:
    from rheumcalc.numbers.rounding import RoundingMode


class Verdict(StrEnum):
    """What is decided about a claim; every report counts all four."""

    CONSISTENT = "consistent"
    CONSISTENT_UNDER = "consistent_under"
    INCONSISTENT = "inconsistent"
    CANNOT_CHECK = "cannot_check"


class Subject(NamedTuple):
    """What a claim is about. None means that the text does not say."""

    study: str | None = None
    outcome: str | None = None
    label: str | None = None
    population: str | None = None
    arm: str | None = None
    timepoint: Timepoint | None = None

    @property
    def group(self) -> str | None:
        """The name of the group whose size is the denominator: the arm, or else the population."""
        return self.arm or self.population


class Suppression(NamedTuple):
    """An author's request to ignore a rule at a place, with the reason."""

    rule: str
    reason: str
    location: Location


class Group(NamedTuple):
    """A population or an arm: its stated size, if any, and what it is part of.

    `provenance` is `primary` or `secondary`, and `where` the part of the publication it was read in. `said` is the verb
    by which prose states the size: `included`.
    """

    name: str
    location: Location
    label: str | None = None
    n: Printed | None = None
    parent: str | None = None
    analysis_set: str | None = None
    unit: str = "participants"
    missing_data_rule: str | None = None
    is_arm: bool = False
    suppressions: tuple[Suppression, ...] = ()
    provenance: str = "primary"
    where: str | None = None
    said: str | None = None


class Words(NamedTuple):
    """The words around a result in prose: those before and after it up to the next results, and its sentence."""

    before: str
    after: str
    sentence: str


@dataclass(frozen=True, slots=True)
class OtherReading:
    """Another count or denominator that the words of a result allow beside its percentage."""

    count: Printed | None = None
    denominator: Printed | None = None


class NotRead(NamedTuple):
    """What looks like a result but is in no claim: `reason` says what it is, None if that is not known."""

    text: str
    location: Location
    reason: str | None = None


@dataclass(frozen=True, eq=False, repr=False)
class Claim:
    """What every claim has: its subject, its words and place, where it was published, and the ignores in force.

    Claims are compared by identity: the same words twice are two claims.
    """

    subject: Subject
    text: str
    location: Location
    provenance: str = "primary"
    where: str | None = None
    suppressions: tuple[Suppression, ...] = ()

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.text!r} at {self.location.describe()}>"


@dataclass(frozen=True, eq=False, repr=False)
class ProportionClaim(Claim):
    """Any of a count, a denominator and a percentage (0 to 100), as one text prints them together.

    `unit` is what is counted; `estimator` and `missing_data_rule` say how the percentage was made; `kind` whether the
    outcome is `cumulative` or a `prevalence`; `at_risk` how many could have the outcome. `column` is the size that
    heads a table's column; `antecedent` the number that `antecedent_words` (`of them`) refer to, or print
    themselves (`of the 20 with calcinosis`): then it `is_printed_antecedent`. `wording` is the
    sentence with its numbers left out: two results with one wording are about one thing. `doubt` says what the
    percentage may honestly be besides count over denominator: then a mismatch is not a finding. `alternatives` are
    other plausible readings of its numbers. `others` is the word that
    may make it a result of others than the study's participants: `registry`, `controls`. Claims of one `passage` are
    printed in one paragraph. `address` is the value of a record that a marker says the result is, with the marker's
    place. `unclear` says what would be needed to read the claim's numbers, where they are not read.
    """

    count: Printed | None = None
    denominator: Printed | None = None
    percent: Printed | None = None
    hedge: str | None = None
    unit: str = "participants"
    estimator: str | None = None
    missing_data_rule: str | None = None
    kind: str | None = None
    at_risk: Printed | None = None
    column: Printed | None = None
    antecedent: Printed | None = None
    antecedent_words: str | None = None
    is_printed_antecedent: bool = False
    wording: str | None = None
    doubt: Doubt | None = None
    alternatives: tuple[OtherReading, ...] = ()
    others: str | None = None
    passage: int | None = None
    words: Words | None = None
    duration: Timepoint | None = None
    may_predate_baseline: bool = False
    subset_of: tuple[str, ...] = ()
    address: tuple[str, Location] | None = None
    unclear: str | None = None

    @property
    def approx(self) -> bool:
        """Whether the percentage is hedged or printed as a bound."""
        return self.hedge is not None or (self.percent is not None and self.percent.bound is not Bound.EXACT)

    @property
    def numbers(self) -> tuple[str | None, ...]:
        """What the claim prints, however it is written: two claims with the same numbers say the same."""
        printed = (self.count, self.denominator, self.percent)
        return (self.hedge, *(f"{number.bound}{number.numeral}" if number else None for number in printed))

    @property
    def is_simple_proportion(self) -> bool:
        """Whether the percentage is meant to be count over denominator."""
        return self.estimator is None and self.missing_data_rule != "mi"


def result_key(claim: Claim) -> tuple[object, ...]:
    """Return a key that is equal for two claims of one result: the abstract and a table may both report it."""
    subject = claim.subject
    time = subject.timepoint.key if subject.timepoint else None
    return (subject.study, subject.outcome or subject.label, subject.population, subject.arm, time)


@dataclass(frozen=True, eq=False, repr=False)
class TotalClaim(Claim):
    """Parts that divide a group: arms of an allocation, or categories of an outcome.

    `denominators` are those that the parts print themselves. `exclusive` and `exhaustive` are None where the text does
    not say. `unreported` is how many the text itself says
    are in no part.
    """

    whole: str | None = None
    parts: tuple[tuple[str, Printed | None], ...] = ()
    percentages: tuple[Printed, ...] = ()
    denominators: frozenset[int] = frozenset()
    unit: str = "participants"
    missing_data_rule: str | None = None
    of_arms: bool = False
    exclusive: bool | None = None
    exhaustive: bool | None = None
    unreported: Printed | None = None


@dataclass(frozen=True, eq=False, repr=False)
class FlowClaim(Claim):
    """One step of the flow: a group before, who left and joined, and the groups after."""

    before: str = ""
    after: tuple[str, ...] = ()
    lost: tuple[tuple[str, Printed], ...] = ()
    joined: tuple[tuple[str, Printed], ...] = ()


@dataclass(frozen=True, eq=False, repr=False)
class StatisticClaim(Claim):
    """A mean, median, rate or effect: read and listed, and counted as not checked.

    `reference` is the arm that an effect compares the claim's own with.
    """

    kind: str = "mean"
    reference: str | None = None


@dataclass(frozen=True, eq=False, repr=False)
class DifferenceClaim(Claim):
    """A change between two percentages: `from 53% to 29%, a fall of 24 points`.

    `unit` says what the change is printed in: `points` (percentage points), or `percent` of the first percentage.
    """

    first: Printed = field(kw_only=True)
    second: Printed = field(kw_only=True)
    change: Printed = field(kw_only=True)
    unit: str = field(kw_only=True)


class Ladder(NamedTuple):
    """Outcomes that are levels of one scale, the easiest first."""

    label: str
    levels: tuple[str, ...]


class Publication(NamedTuple):
    """What a record says about its paper: enough to recognise it in a draft.

    `trial` is the registration that two reports of one trial share.
    """

    title: str
    surname: str | None = None
    year: int | None = None
    doi: str | None = None
    key: str | None = None
    trial: str | None = None


class Naming(NamedTuple):
    """How a draft names the study that a section is about: the keys it prints, its heading, and its words."""

    keys: tuple[tuple[str, Location], ...] = ()
    heading: str | None = None
    words: str = ""


@dataclass(frozen=True, eq=False, repr=False)
class StudyClaims:
    """All that one text claims about one study.

    `publication` is what a record says of the study's own paper; `naming` how a draft names the study.

    `presumes_sharing` says whether results that name no population are presumed to share one: in a record they are,
    because a record names what differs; in prose most subgroups go without a name. `other_numbers` are whole numbers
    that the text prints beside its results: any of them may be the size of what a result counts. `not_read` look like
    results but are in no claim.
    """

    study: str
    source: Source
    title: str | None = None
    groups: Mapping[str, Group] = field(default_factory=dict)
    claims: tuple[Claim, ...] = ()
    ladders: tuple[Ladder, ...] = ()
    suppressions: tuple[Suppression, ...] = ()
    rounding: frozenset[RoundingMode] = frozenset()
    presumes_sharing: bool = True
    other_numbers: frozenset[int] = frozenset()
    not_read: tuple[NotRead, ...] = ()
    publication: Publication | None = None
    naming: Naming | None = None
    median_follow_up: Timepoint | None = None
    maximum_follow_up: Timepoint | None = None
    visits_every: Timepoint | None = None

    @cached_property
    def proportions(self) -> tuple[ProportionClaim, ...]:
        """The claims of counts and percentages."""
        return tuple(claim for claim in self.claims if isinstance(claim, ProportionClaim))
