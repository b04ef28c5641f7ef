"""Claims to the skeleton of a record: what was read, as YAML, for a person to complete."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple, get_args

from rheumcalc.files.writing import write_whole
from rheumcalc.messages import counted, unwritten
from rheumcalc.numbers.printed import Bound, Printed, PrintedError
from rheumcalc.prose.reported import MAX_LENGTH, parse_reported
from rheumcalc.record.model import Unit, slug
from rheumcalc.study.claims import Group, ProportionClaim, StudyClaims

#: The most results that a skeleton holds: a record has room for no more with everything that is to be added.
MAX_RESULTS = 1_500
#: The most characters of a text; a record takes more, and nobody's label is longer.
_MOST_TEXT = 300
#: What YAML reads as it stands, whatever program reads it: a word with no sign that means anything.
_PLAIN = re.compile(
    r"(?!(?:true|false|yes|no|on|off|null|y|n|nan|inf)\Z)[A-Za-z](?:[\w ./()%+;-]*[\w.)%/+])?|[0-9]+ [A-Za-z]+",
    re.IGNORECASE,
)
_PLAIN_RESULT = re.compile(r"[0-9]+ ?[(/][\w ./()%]*[)%0-9]")
_INVISIBLE = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\u2028\u2029\ufeff\ufffe\uffff]")


class Skeleton(NamedTuple):
    """A record to complete: its id, which also names its file, its text, and how many results it leaves out."""

    id: str
    text: str
    left_out: int


class UnwrittenError(Exception):
    """Records that cannot be written; the message says why."""


def skeletons(studies: Iterable[tuple[StudyClaims, str]]) -> list[Skeleton]:
    """Return a skeleton for each study that was read in drafts or sheets, each with an id of its own.

    A study comes with the kind of file that it was read in; one of a record has its record, and rows of totals need
    none.
    """
    taken: set[str] = set()
    made = []
    for study, kind in studies:
        is_sum = all(claim.estimator == "pooled" for claim in study.proportions)
        if kind != "record" and not (kind == "sheet" and is_sum):
            made.append(_skeleton(study, kind, _unused(slug(_clean(study.study)), taken)))
    return made


def write_skeletons(made: Sequence[Skeleton], output: str) -> None:
    """Write one skeleton to a file, or each to `ID.yaml` in a folder, which is made where there is none.

    A folder is what exists as one or ends in `/`. Raises UnwrittenError; existing files are never replaced, since
    somebody may have completed them.
    """
    path = Path(output)
    is_folder = output.endswith(("/", "\\")) or path.is_dir()
    if len(made) != 1 and not is_folder:
        raise UnwrittenError(f"there are {len(made)} studies; name a folder for their records: --output {output}/")
    targets = [path / f"{skeleton.id}.yaml" for skeleton in made] if is_folder else [path]
    standing = next((target for target in targets if target.exists()), None)
    if standing is not None:
        raise UnwrittenError(f"{standing} exists already; it is not replaced, since somebody may have completed it")
    try:
        if is_folder:
            path.mkdir(parents=True, exist_ok=True)
        for target, skeleton in zip(targets, made, strict=True):
            write_whole(str(target), skeleton.text)
    except OSError as error:
        raise UnwrittenError(unwritten(output, error)) from None


def _skeleton(study: StudyClaims, kind: str, name: str) -> Skeleton:
    title = _clean(study.study) or "Untitled"
    results = [claim for claim in study.proportions if _reported(claim) is not None]
    kept, left_out = results[:MAX_RESULTS], results[MAX_RESULTS:]
    written = set(results)
    unread = [claim for claim in study.claims if claim not in written][:MAX_RESULTS]
    lines = [
        f"# A record to complete, of what rheumcalc read in {_clean(study.source.name)}.",
        "# Compare it with the study, and decide what TODO asks for.",
        f"id: {name}",
        "citation:",
        f"  title: {_scalar(title)}  # TODO: the publication's own title",
        "  # TODO: authors, journal, year, doi",
    ]
    if kind == "draft":
        lines.append("source: secondary  # as another text reports it")
    else:
        lines.append("source: primary  # TODO: secondary, where the numbers were not read in the study itself")
    names = _Names()
    outcomes = list(_outcomes(kept, names))
    lines += _populations(study.groups.values(), names, kept)
    lines += ["outcomes:", *outcomes] if outcomes else ["# TODO: outcomes"]
    if left_out:
        lines.append(f"# TODO: {counted(len(left_out), 'more result')} left out: divide the study into several records")
    lines += [f"# TODO: not written, at {_clean(c.location.describe())}: {_clean(c.text)}" for c in unread]
    return Skeleton(name, "\n".join(lines) + "\n", len(left_out))


# --- groups ----------------------------------------------------------------------------------------------------------


class _Names:
    """Gives arms and populations names that a record takes, each its own."""

    def __init__(self) -> None:
        self.taken: set[str] = set()
        self.arms: dict[str, str] = {}
        self.populations: dict[str, str] = {}

    def arm(self, label: str) -> str:
        """Return the name of the arm with this label."""
        if label not in self.arms:
            self.arms[label] = _unused(_name(label, "arm"), self.taken)
        return self.arms[label]

    def population(self, label: str) -> str:
        """Return the name of the population with this label."""
        if label not in self.populations:
            self.populations[label] = _unused(_name(label, "population"), self.taken)
        return self.populations[label]


def _populations(groups: Iterable[Group], names: _Names, claims: list[ProportionClaim]) -> Iterator[str]:
    """Yield the populations and arms: the sizes that the text states, and whom its results name."""
    sized = {group.name: group for group in groups if group.n is not None and group.n.value > 0}
    given = {name: names.population(name.replace("=", "")) for name in sized}
    populations = [label for label in names.populations if names.populations[label] not in given.values()]
    if sized or populations:
        yield "populations:"
    for name, group in sized.items():
        yield f"  {given[name]}:"
        yield f"    n: {int(group.n.value) if group.n else 0}"
        if group.parent in given:
            yield f"    of: {given[group.parent]}  # TODO: is it?"
        label = _clean(group.label or "")
        yield f"    label: {_scalar(label)}" if label else "    # TODO: label: who they are"
    for label in populations:
        yield from _group(names.populations[label], label, [c for c in claims if c.subject.population == label])
    if names.arms:
        yield "arms:"
    for label in names.arms:
        yield from _group(names.arms[label], label, [c for c in claims if c.subject.arm == label])


def _group(name: str, label: str, claims: list[ProportionClaim]) -> Iterator[str]:
    """Yield a group that results name; its size where all of them print one denominator."""
    sizes = {int(claim.denominator.value) if claim.denominator else None for claim in claims}
    size = next(iter(sizes)) if len(sizes) == 1 else None
    words = _clean(label)
    if not words and not size:
        yield f"  {name}: {{}}  # TODO: label and n"
        return
    yield f"  {name}:"
    yield f"    label: {_scalar(words)}" if words else "    # TODO: label"
    yield f"    n: {size}" if size else "    # TODO: n"


# --- outcomes --------------------------------------------------------------------------------------------------------


def _outcomes(claims: list[ProportionClaim], names: _Names) -> Iterator[str]:
    """Yield the outcomes; what differs by its arm alone is one outcome."""
    items: list[list[ProportionClaim]] = []
    open_items: dict[tuple[object, ...], list[ProportionClaim]] = {}
    for claim in claims:
        subject = claim.subject
        time = subject.timepoint.key if subject.timepoint else None
        key = (subject.outcome, subject.label, subject.population, time, claim.unit, claim.estimator)
        item = open_items.get(key)
        arms = [each.subject.arm for each in item or ()]
        if item is None or subject.outcome is None or subject.arm is None or None in arms or subject.arm in arms:
            item = open_items[key] = []
            items.append(item)
        item.append(claim)
    taken: set[str] = set()
    known: dict[str, str] = {}
    for item in items:
        outcome = item[0].subject.outcome
        # Results of one outcome share its id; of those that name none, each has its own.
        if outcome is None:
            name = _unused("outcome", taken)
        else:
            name = known[outcome] = known.get(outcome) or _unused(outcome, taken)
        yield from _outcome(item, name, names)


def _outcome(item: list[ProportionClaim], name: str, names: _Names) -> Iterator[str]:
    first = item[0]
    subject = first.subject
    yield f"  - id: {name}"
    yield f"    label: {_scalar(_label(first))}" + ("" if subject.outcome else "  # TODO: what was measured")
    if subject.population:
        yield f"    population: {names.population(subject.population)}"
    if subject.timepoint:
        yield f"    at: {_scalar(_clean(subject.timepoint.text))}"
    if first.unit in get_args(Unit):
        yield from [f"    unit: {first.unit}"] if first.unit != "participants" else []
    else:
        yield f"    # TODO: unit: {_clean(first.unit)} were counted"
    if first.estimator:
        yield f"    estimator: {first.estimator}"
    if len(item) == 1:
        if subject.arm:
            yield f"    arm: {names.arm(subject.arm)}"
        yield f"    reported: {_result(first)}  # {_clean(first.location.describe())}"
        return
    yield "    by_arm:"
    for claim in item:
        yield f"      {names.arm(claim.subject.arm or '')}: {_result(claim)}  # {_clean(claim.location.describe())}"


def _label(claim: ProportionClaim) -> str:
    return _clean(claim.subject.label or "") or "Outcome"


def _result(claim: ProportionClaim) -> str:
    text = _reported(claim) or ""
    return text if _PLAIN_RESULT.fullmatch(text) else _scalar(text)


def _reported(claim: ProportionClaim) -> str | None:
    """Return a result as printed, where a record reads that as the same numbers, or else its numbers written anew."""
    if claim.unclear or (claim.count is None and claim.percent is None):
        return None
    return next((text for text in (_clean(claim.text), *_anew(claim)) if _says(text, claim)), None)


def _anew(claim: ProportionClaim) -> Iterator[str]:
    """Yield the ways to write the numbers of a claim, its hedge first."""
    count = claim.count.numeral if claim.count else ""
    denominator = claim.denominator.numeral if claim.denominator else ""
    for hedge in (f"{claim.hedge} ", "") if claim.hedge else ("",):
        percent = f"{hedge}{_bounded(claim.percent)}%" if claim.percent else ""
        fraction = f"{count}/{denominator}" if count and denominator else count
        if fraction and percent:
            yield f"{fraction} ({percent})"
        elif percent and denominator:
            yield f"{percent} of {denominator}"
        else:
            yield fraction or percent


def _bounded(number: Printed) -> str:
    return number.numeral if number.bound is Bound.EXACT else f"{number.bound.value}{number.numeral}"


def _says(text: str, claim: ProportionClaim) -> bool:
    """Decide whether a record reads a text as the claim's numbers."""
    if not text.strip() or len(text) > MAX_LENGTH:
        return False
    try:
        reported = parse_reported(text)
    except PrintedError:
        return False
    pairs = (
        (reported.count, claim.count),
        (reported.denominator, claim.denominator),
        (reported.percent, claim.percent),
    )
    return all(_same(one, other) for one, other in pairs)


def _same(one: Printed | None, other: Printed | None) -> bool:
    if one is None or other is None:
        return one is other
    return (one.value, one.decimals, one.bound) == (other.value, other.decimals, other.bound)


# --- text ------------------------------------------------------------------------------------------------------------


def _clean(text: str) -> str:
    """Return a text on one line, without what YAML does not take, and no longer than needed."""
    line = " ".join(_INVISIBLE.sub(" ", text).split())
    return line if len(line) <= _MOST_TEXT else line[: _MOST_TEXT - 1].rstrip() + "…"


def _scalar(text: str) -> str:
    """Return a text as YAML: in quotes unless it cannot be read as anything else."""
    return text if _PLAIN.fullmatch(text) else json.dumps(text, ensure_ascii=False)


def _name(label: str, fallback: str) -> str:
    """Return a name that a record takes, as near to a label as can be."""
    kept = "".join(letter if letter.isalnum() or letter in "-_.+/" else " " for letter in label)
    name = re.sub(r"[^\w]+\Z|\A[^\w]+", "", " ".join(kept.split())[:70].replace(" ", "-"))
    return name if _PLAIN.fullmatch(name) else f"{fallback}-{name}".rstrip("-")


def _unused(name: str, taken: set[str]) -> str:
    """Return the name, with a number where it is taken, and take it."""
    name = name[:70].rstrip("-") or "study"
    unused = next(each for each in _numbered(name) if each not in taken)
    taken.add(unused)
    return unused


def _numbered(name: str) -> Iterator[str]:
    yield name
    number = 2
    while True:
        yield f"{name}-{number}"
        number += 1
