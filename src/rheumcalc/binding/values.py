"""Which value of a record a claim of a draft is of, and which population a stated size."""

from __future__ import annotations

import re
from enum import StrEnum

from rheumcalc.binding.records import Record, agree, counts_agree
from rheumcalc.binding.words import as_words, content_words, stem
from rheumcalc.numbers.arithmetic import share
from rheumcalc.numbers.rounding import NEAREST
from rheumcalc.numbers.timepoint import parse_timepoint
from rheumcalc.prose.hedges import admitted_by_words
from rheumcalc.prose.lexicon import words_with
from rheumcalc.study.claims import Group, ProportionClaim
from rheumcalc.study.denominators import Resolved


class Status(StrEnum):
    """What the record says about a claim or a size of the draft."""

    VERIFIED = "verified"
    CONTRADICTED = "contradicted"
    UNVERIFIED = "unverified"


#: Words that make an outcome another one: `serious adverse events` are not `adverse events`.
_MODIFIERS = frozenset(
    map(
        stem,
        as_words(
            "absent adjusted another baseline before complete cumulative discontinued early excluding failed former "
            "free gone grade history improved improvement late lost mild minor major moderate modified never new no "
            "non none not partial persistent previous recurrent related relapsed remained resolved screened serious "
            "severe stopped still "
            "sustained total treatment unrelated withdrew without worse"
        ),
    )
)


#: A remark on an outcome, which a draft does not repeat: `Modified ACRpedi 30 (primary)`.
_REMARK = re.compile(r"\([^()]*\)")
#: Times in a sentence: `at month 6`, `after 6, 9 and 12 months`, `last follow-up`.
_TIME = re.compile(
    r"(?<![0-9])(?:[0-9]++(?:\s?[-–]\s?[0-9]++)?(?:,\s|\sand\s|\sor\s)?){1,6}+[\s-]?(?:days?|weeks?|months?|years?)\b"
    r"|\b(?:days?|weeks?|months?|years?)\s[0-9]+|\bbaseline\b|\bfollow[- ]up\b|\bvisit\b",
    re.IGNORECASE,
)


def value_of(claim: ProportionClaim, record: Record) -> Resolved | None:
    """Return the one value of the record that a claim is of, by outcome, arm and timepoint; None where that is open."""
    if claim.words is None or (claim.others is not None and claim.others.lower() not in words_with("thing")):
        return None
    around = _TIME.sub(" ", f"{claim.words.before} {claim.words.after}")
    outcomes = _outcomes(content_words(around), content_words(claim.words.sentence), record)
    arm = _arm_of(claim, record)
    if len(outcomes) != 1 or arm is False:
        return None
    fitting = [
        value
        for value in record.values
        if value.claim.subject.outcome in outcomes
        and (value.claim.subject.arm or None) == arm
        and _same_time(claim, value.claim)
    ]
    # One value may be printed twice, in the abstract and in a table; two different ones leave it open.
    return fitting[0] if len({value.claim.numbers for value in fitting}) == 1 else None


def _outcomes(around: frozenset[str], sentence: frozenset[str], record: Record) -> set[str]:
    """Return the outcomes whose label's words are all around a result, only those with the most words.

    A word that makes the outcome another one, or a number that the label does not have (`ACR70`), leaves none.
    """
    labels: dict[str, frozenset[str]] = {}
    for value in record.values:
        subject = value.claim.subject
        if subject.outcome and subject.label:
            labels[subject.outcome] = content_words(_REMARK.sub(" ", subject.label))
    said = {key: words for key, words in labels.items() if words and words <= sentence and words & around}
    most = max((len(words) for words in said.values()), default=0)
    other = {word for word in around if word in _MODIFIERS or word.isdigit()}
    return {key for key, words in said.items() if len(words) == most and not other - words}


def _arm_of(claim: ProportionClaim, record: Record) -> str | bool | None:
    """Return the arm that a claim's own words name, None where they name none, and False where that cannot be decided.

    In a sentence with several arms, words may belong to the neighbour: there the printed denominator must be the size
    of one arm alone.
    """
    arms = {group.name: group for group in record.claims.groups.values() if group.is_arm}
    if not arms or claim.words is None:
        return None
    words = {name: content_words(f"{name} {group.label or ''}") for name, group in arms.items()}
    shared = frozenset.intersection(*words.values()) if len(words) > 1 else frozenset()
    sentence = content_words(claim.words.sentence)
    named = [name for name, said in words.items() if (said - shared) & sentence]
    if len(named) == 1:
        near = content_words(f"{claim.words.before} {claim.text} {claim.words.after}")
        return named[0] if (words[named[0]] - shared) & near else False
    if not named:
        return None
    if claim.denominator is None:
        return False
    sizes = {name: group.n.value for name, group in arms.items() if group.n is not None}
    fitting = [name for name, size in sizes.items() if size == claim.denominator.value]
    return fitting[0] if len(fitting) == 1 and fitting[0] in named else False


def _same_time(claim: ProportionClaim, value: ProportionClaim) -> bool:
    """Decide whether a claim is about a value's timepoint; if the value has none, it may name none."""
    mine, its = claim.subject.timepoint, value.subject.timepoint
    said = [match[0] for match in _TIME.finditer(claim.words.sentence)] if claim.words else []
    if its is None:
        return mine is None and not said
    # A time that is the only one in the sentence is that of its results.
    named = {_time_key(parse_timepoint(text).key) for text in said} if mine is None else {_time_key(mine.key)}
    return named == {_time_key(its.key)}


def _time_key(key: object) -> object:
    return key.replace("-", " ") if isinstance(key, str) else key


_OTHER_COHORT = re.compile(
    r"\b(?:another|second|sister|supplementary|separate|control|comparison|historical|validation|extension"
    r"|other|parallel|further|additional|later|earlier|previous|prior|subsequent)\b[^.;]{0,60}\Z",
    re.IGNORECASE,
)


def _is_of_others(stated: Group) -> bool:
    """Decide whether a stated size is that of another cohort, by the words before it."""
    place = stated.location.span
    before = stated.location.source.text[max(0, place.start - 100) : place.start] if place else ""
    return bool(_OTHER_COHORT.search(before))


def size_of(stated: Group, record: Record) -> Group | None:
    """Return the population that a draft's stated size is of: `included 83 children` is of all who were included."""
    if stated.n is None or stated.said is None or _is_of_others(stated):
        return None
    groups = record.claims.groups.values()
    wholes = [group for group in groups if group.parent is None and not group.is_arm and group.n is not None]
    if stated.said == "randomised":
        found = [group for group in wholes if group.analysis_set == "randomised" or group.name.startswith("random")]
    else:
        found = wholes
    if len(found) != 1 or found[0].provenance != "primary" or found[0].unit != "participants":
        return None
    # A number that the record has for another population is of that one.
    is_another = int(stated.n.value) in record.sizes and stated.n.value != (found[0].n or stated.n).value
    return None if is_another else found[0]


#: Words that may be in any sentence with a result, and do not change what it is a result of.
_GENERIC = frozenset(
    map(
        stem,
        as_words(
            "achieved adults allocated also arm arms assigned boys by children compared dose drug either end "
            "endpoint found general girls given group groups had met mg noted number observed occurred occurring "
            "only outcome overall participants patients people percent percentage primary proportion rate rates "
            "reached received receiving recorded reported respectively result results seen showed shown subjects "
            "therapy treated under up whereas while within"
        ),
    )
)


def says_more(claim: ProportionClaim, value: Resolved, record: Record) -> bool:
    """Decide whether a claim's sentence has words beyond those of the value: another definition, a part, a negation.

    Such a result may be the record's own or another: it contradicts nothing.
    """
    if claim.words is None:
        return True
    words = content_words(_TIME.sub(" ", claim.words.sentence))
    known = content_words(_REMARK.sub(" ", value.claim.subject.label or "")) | _GENERIC
    for group in record.claims.groups.values():
        if group.is_arm:
            known |= content_words(f"{group.name} {group.label or ''}")
    return any(word not in known and not word.isdigit() for word in words)


def compare(claim: ProportionClaim, value: Resolved) -> Status:
    """Return whether a claim agrees with the value it is of. Hedged words that do not fit leave it open."""
    mine = Resolved(claim, None, None if claim.denominator is None else int(claim.denominator.value), None)
    of = claim.denominator or (claim.antecedent if claim.is_printed_antecedent else None)
    if of is not None and of.value != value.denominator:
        return Status.UNVERIFIED  # another analysis, or a part of the participants
    if claim.hedge is None and value.claim.hedge is None:
        if agree(mine, value):
            return Status.VERIFIED
        # `of these` names a part, whoever they are.
        return Status.UNVERIFIED if claim.antecedent_words else Status.CONTRADICTED
    if not counts_agree(mine, value):
        return Status.CONTRADICTED
    return Status.VERIFIED if hedge_fits(mine, value) and hedge_fits(value, mine) else Status.UNVERIFIED


def hedge_fits(hedged: Resolved, exact: Resolved) -> bool:
    """Decide whether a hedged percentage admits what the other counts or prints; a percentage without hedge does."""
    admitted = admitted_by_words(hedged.claim) if hedged.claim.hedge is not None else None
    if admitted is None:
        return True
    if exact.count is not None and exact.denominator is not None:
        return share(exact.count, exact.denominator) in admitted
    printed = exact.claim.percent
    return printed is None or admitted.meets(printed.preimage(NEAREST))
