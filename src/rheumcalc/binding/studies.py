"""Which record a section of a draft is about: by a key, by authors, year and title, or as a proposal."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple

from rheumcalc.binding.records import Record
from rheumcalc.binding.values import Status, compare, says_more, size_of, value_of
from rheumcalc.binding.words import content_words
from rheumcalc.record.addresses import Address, AddressError, Values, parse_address
from rheumcalc.source import Location
from rheumcalc.study.claims import Claim, Group, Naming, ProportionClaim, Publication, StudyClaims, result_key
from rheumcalc.study.denominators import Resolved

#: What share of a title's words, rare words counting more, makes a heading that of the study; and a proposal.
_TITLE_IS_SAID = 0.6
_TITLE_IS_NEAR = 0.3
#: How many words of the title there must be beside authors and year.
_FEWEST_TITLE_WORDS = 2
#: How many results of one sentence are looked at; people write fewer.
_MOST_BESIDE = 50
#: How many results a draft and a record must share before their numbers propose the study.
_ENOUGH_NUMBERS = 3


class Named(NamedTuple):
    """Which record a section is about, whether that is only proposed, and what it was matched by."""

    record: Record
    is_proposed: bool
    by: str


class Comparison(NamedTuple):
    """A claim or a stated size of the draft, the record's value it is of, if any, and whether they agree.

    `marked` is the study that a marker names for this claim alone, whichever the section is about.
    """

    about: ProportionClaim | Group
    value: Resolved | Group | None
    status: Status
    marked: str | None = None


@dataclass(frozen=True, eq=False)
class Binding:
    """A section of a draft and the record it is about, if any, with every claim and stated size compared.

    `unknown` are the keys that no record has, or several; `lost` are the reasons why markers name no value, with the
    markers' places.
    """

    named: Named | None
    unknown: tuple[tuple[str, Location], ...] = ()
    comparisons: tuple[Comparison, ...] = ()
    lost: tuple[tuple[str, Location], ...] = ()


class Library:
    """The records that drafts are compared with."""

    def __init__(self, records: Sequence[Record]) -> None:
        self.records = tuple(records)
        self._frequency = Counter(word for record in self.records for word in record.title_words)

    def bind(self, study: StudyClaims) -> Binding:
        """Return the record that a section of a draft is about, and what its claims and sizes are of."""
        naming = study.naming or Naming()
        found, unknown = self._by_key(naming.keys)
        named = found or (None if unknown else self._by_names(naming) or self._proposed(study, naming))
        marked, lost = self._marked(study)
        compared = () if named is None else tuple(_compared(study, named.record))
        return Binding(named, unknown, (*marked, *compared), lost)

    def informed(self, study: StudyClaims) -> StudyClaims:
        """Return a section's claims with what the record says of how a marked percentage was made.

        An estimate beside a count is not a slip, and the words of a draft need not say that it is an estimate.
        """
        if not any(claim.address for claim in study.proportions):
            return study
        return replace(study, claims=tuple(map(self._informed, study.claims)))

    def _informed(self, claim: Claim) -> Claim:
        if not isinstance(claim, ProportionClaim) or claim.address is None:
            return claim
        try:
            said = self._addressed.at(parse_address(claim.address[0]))
        except AddressError:
            return claim
        if said.is_simple_proportion:
            return claim
        return replace(claim, estimator=said.estimator, missing_data_rule=said.missing_data_rule)

    def _marked(self, study: StudyClaims) -> tuple[tuple[Comparison, ...], tuple[tuple[str, Location], ...]]:
        """Return what the records say of the results that markers give an address, and which addresses fail."""
        compared: list[Comparison] = []
        lost: dict[Location, str] = {}
        for claim in study.proportions:
            if claim.address is None:
                continue
            arguments, location = claim.address
            try:
                value = self._value_at(parse_address(arguments))
            except AddressError as error:
                lost[location] = str(error)
                continue
            status = _marked_status(claim, value)
            compared.append(Comparison(claim, value, status, marked=value.claim.subject.study if value else None))
        return tuple(compared), tuple((reason, location) for location, reason in lost.items())

    def _value_at(self, address: Address) -> Resolved | None:
        """Return the value at an address; None where no record has it from the study itself. Raises AddressError."""
        return self._values.get(result_key(self._addressed.at(address)))

    @cached_property
    def _addressed(self) -> Values:
        return Values(claim for record in self.records for claim in record.claims.proportions)

    @cached_property
    def _values(self) -> Mapping[tuple[object, ...], Resolved]:
        """The results that were read in the studies themselves, by what makes them one; of several, the first."""
        values = [value for record in self.records for value in record.values]
        return {result_key(value.claim): value for value in reversed(values)}

    def _by_key(self, keys: Iterable[tuple[str, Location]]) -> tuple[Named | None, tuple[tuple[str, Location], ...]]:
        """Return the record that a key names: its id, its citation key, or its first author and year."""
        unknown = []
        for key, location in keys:
            fitting = [record for record in self.records if key.lower() in _own_keys(record)]
            fitting = fitting or [record for record in self.records if key.lower() == _author_year(record.publication)]
            if len(fitting) == 1:
                return Named(fitting[0], is_proposed=False, by=f"'{key}'"), ()
            unknown.append((key, location))
        return None, tuple(unknown)

    def _by_names(self, naming: Naming) -> Named | None:
        """Return the one record whose title the heading gives, or whose authors, year and title words are all there."""
        heading = content_words(naming.heading or "")
        said = [record for record in self.records if self._share(record, heading) >= _TITLE_IS_SAID]
        if len(said) == 1:
            return Named(said[0], is_proposed=False, by="its title")
        text = f"{naming.heading or ''} {naming.words}"
        words = content_words(text)
        full = [
            record
            for record in self.records
            if _says_author(record.publication, text)
            and _says_year(record.publication, text)
            and len(record.title_words & words) >= _FEWEST_TITLE_WORDS
        ]
        # Authors and a year may be shared; the title then tells them apart.
        best = self._best((record, self._share(record, words)) for record in full)
        return Named(best, is_proposed=False, by="its authors, year and title") if best else None

    def _proposed(self, study: StudyClaims, naming: Naming) -> Named | None:
        """Return the record that weaker evidence points to."""
        text = f"{naming.heading or ''} {naming.words}"
        heading = content_words(naming.heading or "")
        near = self._best((r, share) for r in self.records if (share := self._share(r, heading)) >= _TITLE_IS_NEAR)
        if near:
            return Named(near, is_proposed=True, by="words of its title")
        by_author = [r for r in self.records if _says_author(r.publication, text) and _says_year(r.publication, text)]
        if len(by_author) == 1:
            return Named(by_author[0], is_proposed=True, by="its authors and year")
        printed = {claim.numbers for claim in study.proportions if claim.count and claim.percent}
        shared = [(record, len(printed & _numbers(record))) for record in self.records]
        alike = self._best((record, number) for record, number in shared if number >= _ENOUGH_NUMBERS)
        return Named(alike, is_proposed=True, by="its numbers") if alike else None

    @staticmethod
    def _best(scored: Iterable[tuple[Record, float]]) -> Record | None:
        """Return the record with the highest score, where no other has the same."""
        ranked = sorted(scored, key=lambda pair: -pair[1])
        is_one = len(ranked) == 1 or (len(ranked) > 1 and ranked[0][1] > ranked[1][1])
        return ranked[0][0] if is_one else None

    def _share(self, record: Record, words: frozenset[str]) -> float:
        """Return what share of a record's title is among some words; a word that many titles have counts less."""
        weights = {word: 1 / self._frequency[word] for word in record.title_words}
        total = sum(weights.values())
        return sum(weight for word, weight in weights.items() if word in words) / total if total else 0.0


def _marked_status(claim: ProportionClaim, value: Resolved | None) -> Status:
    """Return whether a result agrees with the value that its marker names, over whatever denominator."""
    if value is None:
        return Status.UNVERIFIED
    status = compare(claim, value)
    is_hedged = claim.hedge is not None or value.claim.hedge is not None
    return Status.CONTRADICTED if status is Status.UNVERIFIED and not is_hedged else status


def _compared(study: StudyClaims, record: Record) -> Iterator[Comparison]:
    """Yield what the record says about each stated size and each result of a section."""
    yield from _settled(_sizes(study, record))
    values = [(claim, value_of(claim, record)) for claim in study.proportions if claim.address is None]
    by_sentence: dict[str, list[ProportionClaim]] = {}
    for claim in study.proportions:
        if claim.words is not None:
            by_sentence.setdefault(claim.words.sentence, []).append(claim)
    yield from _settled(_result(claim, value, record, by_sentence) for claim, value in values)


def _result(
    claim: ProportionClaim,
    value: Resolved | None,
    record: Record,
    by_sentence: Mapping[str, Sequence[ProportionClaim]],
) -> Comparison:
    """Return what the record says about a result; where one beside it has the record's value, this is another's."""
    if value is None:
        return Comparison(claim, None, Status.UNVERIFIED)
    status = compare(claim, value)
    if status is Status.CONTRADICTED and claim.words is not None:
        beside = by_sentence[claim.words.sentence][:_MOST_BESIDE]
        has_it = any(compare(each, value) is Status.VERIFIED for each in beside if each is not claim)
        if has_it or says_more(claim, value, record):
            status = Status.UNVERIFIED
    return Comparison(claim, value, status)


def _sizes(study: StudyClaims, record: Record) -> Iterator[Comparison]:
    for group in study.groups.values():
        if group.n is None or (group.said is None and group.parent is not None):
            continue
        size = size_of(group, record)
        if size is None or size.n is None:
            yield Comparison(group, None, Status.UNVERIFIED)
        else:
            is_same = group.n.value == size.n.value
            yield Comparison(group, size, Status.VERIFIED if is_same else Status.CONTRADICTED)


def _settled(comparisons: Iterable[Comparison]) -> Iterator[Comparison]:
    """Yield comparisons; where several are of one value of the record, what differs may be of something else."""
    made = list(comparisons)
    times = Counter(id(each.value) for each in made if each.value is not None)
    for each in made:
        is_open = each.status is Status.CONTRADICTED and times[id(each.value)] > 1
        yield each._replace(status=Status.UNVERIFIED) if is_open else each


def _own_keys(record: Record) -> set[str]:
    return {key.lower() for key in (record.claims.study, record.publication.key) if key}


def _author_year(publication: Publication) -> str | None:
    """Return the key that reference managers make: `zhang2023`."""
    if not publication.surname or not publication.year:
        return None
    return f"{publication.surname.replace(' ', '').lower()}{publication.year}"


def _says_author(publication: Publication, text: str) -> bool:
    return bool(publication.surname) and re.search(rf"\b{re.escape(publication.surname or '')}\b", text) is not None


def _says_year(publication: Publication, text: str) -> bool:
    return bool(publication.year) and re.search(rf"\b{publication.year}\b", text) is not None


def _numbers(record: Record) -> set[tuple[str | None, ...]]:
    return {claim.numbers for claim in record.claims.proportions if claim.count and claim.percent}
