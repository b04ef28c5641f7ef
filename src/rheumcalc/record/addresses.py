"""The address of a value in a record, as a marker in a draft gives it: `STUDY.OUTCOME arm=placebo timepoint=…`."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from rheumcalc.messages import did_you_mean, first_of
from rheumcalc.numbers.timepoint import parse_timepoint
from rheumcalc.study.claims import ProportionClaim, result_key

#: What narrows an address, by the words that people write.
_SELECTORS = {"arm": "arm", "population": "population", "timepoint": "timepoint", "at": "timepoint", "style": "style"}


class AddressError(ValueError):
    """An address that names no value; the message tells its author what is wrong."""


class Address(NamedTuple):
    """Where a value stands: a study's id and an outcome's id with a point between, and what narrows it.

    `style` is the convention in which the value is shown.
    """

    name: str
    arm: str | None = None
    population: str | None = None
    timepoint: str | None = None
    style: str | None = None


def split_words(arguments: str) -> list[str]:
    """Return the words of a marker; what is in quotes is one word. Raises AddressError."""
    try:
        return shlex.split(arguments)
    except ValueError:
        raise AddressError("a quotation mark is not closed") from None


def parse_address(arguments: str) -> Address:
    """Return the address that a marker's words give. Raises AddressError."""
    words = split_words(arguments)
    if not words:
        raise AddressError("no value is named; write STUDY.OUTCOME, the ids of a record and of its outcome")
    given: dict[str, str] = {}
    for word in words[1:]:
        name, _, value = word.removeprefix("--").partition("=")
        field = _SELECTORS.get(name)
        if field is None or not value:
            raise AddressError(f"'{word}' is not understood; write {', '.join(f'{each}=…' for each in _SELECTORS)}")
        given[field] = value
    return Address(words[0], **given)


class Values:
    """The results of records, by their addresses."""

    def __init__(self, claims: Iterable[ProportionClaim]) -> None:
        #: The results of each study and outcome, both in lower case.
        self._studies: dict[str, dict[str, list[ProportionClaim]]] = {}
        self._hints = _MOST_HINTS
        for claim in claims:
            study, outcome = ((part or "").lower() for part in (claim.subject.study, claim.subject.outcome))
            self._studies.setdefault(study, {}).setdefault(outcome, []).append(claim)

    def at(self, address: Address) -> ProportionClaim:
        """Return the one result at an address; of several texts for one result, the first. Raises AddressError.

        Where several values fit, the one that has nothing beyond what the address says is used.
        """
        outcomes = self._outcomes(address)
        found = [claim for claim in outcomes if _is_at(address, claim)]
        if not found:
            raise AddressError(f"'{address.name}' has no such value; it has {_listed(outcomes)}")
        files = sorted({claim.location.source.name for claim in found})
        if len(files) > 1:
            raise AddressError(f"several records have the id '{found[0].subject.study}': {', '.join(files[:3])}")
        if len({result_key(claim) for claim in found}) > 1:
            plain = [claim for claim in found if _is_said(address, claim)]
            if len({result_key(claim) for claim in plain}) != 1:
                raise AddressError(f"'{address.name}' has several values; say which: {_listed(found)}")
            return plain[0]
        return found[0]

    def _outcomes(self, address: Address) -> list[ProportionClaim]:
        """Return the results of an address's outcome. Ids may hold points: the longest study id that has it is used."""
        name = address.name.lower()
        points = [place for place, letter in enumerate(name) if letter == "." and name[:place] in self._studies]
        for place in reversed(points):
            found = self._studies[name[:place]].get(name[place + 1 :])
            if found:
                return found
        if not points:
            raise AddressError(f"no study record has an id that '{address.name}' begins with")
        # Looking for similar names takes time: only the first wrong addresses get suggestions.
        self._hints -= 1
        wanted, outcomes = address.name[points[-1] + 1 :], self._studies[name[: points[-1]]]
        raise AddressError(_no_outcome(wanted, outcomes, looks=self._hints >= 0))


def _is_at(address: Address, claim: ProportionClaim) -> bool:
    subject = claim.subject
    if address.timepoint is not None:
        time = subject.timepoint.key if subject.timepoint else None
        if time != parse_timepoint(address.timepoint).key:
            return False
    pairs = ((address.arm, subject.arm), (address.population, subject.population))
    return all(wanted is None or (has or "").lower() == wanted.lower() for wanted, has in pairs)


def _is_said(address: Address, claim: ProportionClaim) -> bool:
    """Decide whether an address says all that its value has: its arm, its population, its time."""
    subject = claim.subject
    pairs = (
        (address.arm, subject.arm),
        (address.population, subject.population),
        (address.timepoint, subject.timepoint),
    )
    return all(wanted is not None or has is None for wanted, has in pairs)


#: How many wrong outcomes get suggestions.
_MOST_HINTS = 20


def _no_outcome(wanted: str, outcomes: Mapping[str, Sequence[ProportionClaim]], *, looks: bool) -> str:
    known = [claims[0].subject.outcome or "" for claims in outcomes.values()]
    study = next(iter(outcomes.values()))[0].subject.study
    listed = f"it has {first_of(known, 8)}"
    hint = did_you_mean(wanted, known, listed) if looks else listed
    return f"the record '{study}' has no outcome '{wanted}'; {hint}"


#: How many values of an outcome are listed.
_MOST_LISTED = 8


def _listed(claims: Sequence[ProportionClaim]) -> str:
    """Return what distinguishes each of some values from the others: `arm=placebo timepoint="week 24"`."""
    told = list(dict.fromkeys(" ".join(_selectors(claim)) or "one without a selector" for claim in claims))
    more = " or …" if len(told) > _MOST_LISTED else ""
    return " or ".join(told[:_MOST_LISTED]) + more


def _selectors(claim: ProportionClaim) -> Iterator[str]:
    subject = claim.subject
    time = subject.timepoint.text if subject.timepoint else None
    for name, value in (("arm", subject.arm), ("population", subject.population), ("timepoint", time)):
        if value:
            yield f"{name}={shlex.quote(value)}"
