"""A file to a study record. Every defect becomes a finding with its place; none ends the run."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, get_args

from rheumcalc.files.reading import UnreadableFileError, read_source
from rheumcalc.findings import Finding, sort_findings
from rheumcalc.messages import did_you_mean, first_of, near
from rheumcalc.record.yamltree import Mapping as TreeMapping
from rheumcalc.record.yamltree import Scalar, Sequence, TreeError, read_tree, span_of
from rheumcalc.rules import rule
from rheumcalc.source import Location, Source, Span

if TYPE_CHECKING:
    from rheumcalc.record.model import Study

#: How many populations may be between one and the whole.
MAX_POPULATION_DEPTH = 20
#: How many defects of one file are listed; the rest are counted.
MAX_DEFECTS = 50
#: The keys that show that a mapping is meant as a record, whatever else is wrong with it.
_RECORD_KEYS = ("populations", "outcomes", "arms", "citation")
_RECORD_LINE = re.compile(rf"^[\"']?(?:{'|'.join(_RECORD_KEYS)})[\"']?[ \t]*:", re.MULTILINE)


class LoadedRecord(NamedTuple):
    """The result of reading a record file: the study, or the defects that prevented it."""

    source: Source
    study: Study | None
    defects: tuple[Finding, ...] = ()


class InvalidRecordError(ValueError):
    """A record that cannot be used; `findings` are its defects, each with its place."""

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        self.findings = findings
        lines = (f"{f.location.source.name}: {f.location.describe()}: {f.message}" for f in findings)
        super().__init__("\n".join(lines))


def load_record(path: str | Path) -> Study:
    """Return the study record in a YAML file. Raises InvalidRecordError, with every defect of the file."""
    try:
        loaded = load_record_source(read_source(Path(path), str(path)))
    except UnreadableFileError as error:
        raise InvalidRecordError((error.finding,)) from None
    if loaded.study is None:
        raise InvalidRecordError(loaded.defects)
    return loaded.study


def is_record_like(text: str) -> bool:
    """Decide whether a text was meant as a record: a mapping with one of a record's keys, even if full of mistakes.

    Where it is not YAML, a line that begins with such a key decides.
    """
    if _RECORD_LINE.search(text):
        return True
    try:
        root = read_tree(Source("", text)).root
    except TreeError:
        return False
    return isinstance(root, TreeMapping) and any(key in root for key in _RECORD_KEYS)


def load_record_source(source: Source) -> LoadedRecord:
    """Return the study that a record's text describes, or every defect of the text in the order of their places."""
    try:
        document = read_tree(source)
    except TreeError as error:
        return LoadedRecord(source, None, _findings(source, [error]))
    defects = list(document.defects)
    tree = document.root
    if tree is None or (isinstance(tree, Scalar) and not tree.strip()):
        return LoadedRecord(
            source, None, _findings(source, [TreeError("empty-record", "The file contains no record.", None)])
        )
    if not isinstance(tree, TreeMapping):
        message = "A record is a mapping of keys such as id, citation and outcomes."
        return LoadedRecord(source, None, _findings(source, [*defects, TreeError("invalid-value", message, tree.span)]))
    study, invalid = _validate(tree)
    defects += invalid
    defects += _references(tree)
    return LoadedRecord(source, None if defects else study, _findings(source, defects))


def _findings(source: Source, defects: Iterable[TreeError]) -> tuple[Finding, ...]:
    """Return defects as findings, without those that only follow from an alias that was not read.

    Of very many, the first are listed, and one more finding, at the place of the next, counts the rest.
    """
    defects = list(defects)
    aliases = {defect.span for defect in defects if defect.reason == "yaml-alias"}
    findings = [
        Finding(rule(defect.reason), defect.message, Location(source, defect.span))
        for defect in defects
        if defect.reason == "yaml-alias" or defect.span not in aliases
    ]
    ordered = sort_findings(findings)
    if len(ordered) <= MAX_DEFECTS:
        return ordered
    listed, rest = ordered[:MAX_DEFECTS], ordered[MAX_DEFECTS:]
    more = f"The mistakes from here on are not listed: {len(rest)} more."
    return (*listed, Finding(rest[0].rule, more, rest[0].location))


# --- shape -----------------------------------------------------------------------------------------------------------


def _validate(tree: TreeMapping) -> tuple[Study | None, list[TreeError]]:
    from pydantic import ValidationError

    from rheumcalc.record.model import Study

    try:
        return Study.model_validate(tree), []
    except ValidationError as error:
        details = error.errors(include_url=False, include_input=False)
        mistyped = _mistyped(details)
        told = [each for each in details if not (each["type"] == "missing" and each["loc"] in mistyped)]
        return None, [_explain(tree, detail, hints=number < MAX_DEFECTS) for number, detail in enumerate(told)]


def _mistyped(details: Iterable[Mapping[str, Any]]) -> set[tuple[str | int, ...]]:
    """Return the paths of the keys that unknown ones were probably meant to be: such a key is misspelt, not missing."""
    unknown = [detail["loc"] for detail in details if detail["type"] == "extra_forbidden"]
    return {(*path[:-1], meant) for path in unknown[:MAX_DEFECTS] for meant in near(str(path[-1]), _keys_at(path[:-1]))}


def _explain(tree: TreeMapping, detail: Mapping[str, Any], *, hints: bool) -> TreeError:
    """Return one of pydantic's errors in words for the record's author, at its place.

    `hints` says whether to look for the nearest valid word, which takes time.
    """
    location: tuple[str | int, ...] = tuple(part for part in detail["loc"] if part != "[key]")
    name = str(next((part for part in reversed(location) if isinstance(part, str)), "record"))
    kind, context = detail["type"], detail.get("ctx", {})
    of_key = detail["loc"][-1:] == ("[key]",)
    place = _key_span(tree, location) if of_key else _span_at(tree, location)
    match kind:
        case "missing":
            whole = _describe(location[:-1])
            return TreeError("missing-key", f"{whole} has no '{name}'.", _span_at(tree, location[:-1], first_key=True))
        case "extra_forbidden":
            keys = _keys_at(location[:-1])
            message = f"'{_short(name)}' is not a key of {_describe(location[:-1], capital=False)}"
            message += _nearest(name, keys) if hints else "."
            return TreeError("unknown-key", message, _key_span(tree, location))
        case "literal_error" | "enum":
            value = _node_at(tree, location)
            choices = [choice.strip("'\" ") for choice in context["expected"].replace(" or ", ",").split(",")]
            shown = value if isinstance(value, Scalar) else "this"
            message = f"'{_short(shown)}' is not a value of '{name}'{_nearest(shown, choices) if hints else '.'}"
            return TreeError("invalid-value", message, place)
        case "model_type" | "dict_type" | "model_attributes_type":
            return TreeError("invalid-value", f"{_describe(location)} must be a mapping of keys to values.", place)
        case "tuple_type" | "list_type":
            return TreeError(
                "invalid-value", f"{_describe(location)} must be a list: each item begins with '- '.", place
            )
        case "too_short":
            least = context["min_length"]
            return TreeError("invalid-value", f"{_describe(location)} needs at least {least} item(s).", place)
        case _:
            owner = location[:-1] if isinstance(_node_at(tree, location[:-1]), Scalar) else location
            text = detail["msg"].rstrip(".")
            return TreeError("invalid-value", f"{_describe(owner)}: {text}.", place)


def _nearest(word: str, choices: list[str]) -> str:
    """Return the end of a message that names the nearest valid word, or all of them where none is near."""
    hint = did_you_mean(word, choices, f"valid: {', '.join(choices)}." if choices else "")
    return f"; {hint}" if hint else "."


def _keys_at(location: tuple[str | int, ...]) -> list[str]:
    """Return the keys that the record's model has at a path."""
    from rheumcalc.record.model import Part, Study

    kind: Any = Study
    for part in location:
        if isinstance(kind, type) and issubclass(kind, Part):
            field = next((f for n, f in kind.model_fields.items() if part in (f.alias, n)), None)
            kind = field.annotation if field else None
        else:
            kind = next((arg for arg in reversed(get_args(kind)) if arg is not Ellipsis), None)
        while type(None) in get_args(kind):
            kind = get_args(kind)[0]
    if isinstance(kind, type) and issubclass(kind, Part):
        return [field.alias or name for name, field in kind.model_fields.items()]
    return []


_SINGULAR = {
    "populations": "population",
    "arms": "arm",
    "outcomes": "outcome",
    "definitions": "definition",
    "flow": "flow step",
    "allocation": "allocation",
    "ladders": "ladder",
    "ignore": "ignore",
    "effects": "effect",
    "series": "result at",
    "by_arm": "result in",
    "categories": "category",
}


def _describe(location: tuple[str | int, ...], *, capital: bool = True) -> str:
    """Return a path in words: outcome 3, population 'completers'."""
    if not location:
        words = "the record"
    elif len(location) > 1 and location[-2] in _SINGULAR:
        kind = _SINGULAR[str(location[-2])]
        words = f"{kind} {location[-1] + 1}" if isinstance(location[-1], int) else f"{kind} '{_short(location[-1])}'"
    elif isinstance(location[-1], int):
        words = f"item {location[-1] + 1} of '{location[-2]}'"
    elif len(location) > 1:
        words = f"'{_short(location[-1])}' of {_describe(location[:-1], capital=False)}"
    else:
        words = f"'{_short(location[-1])}'"
    return words[0].upper() + words[1:] if capital else words


def _short(text: str) -> str:
    return text if len(text) <= 60 else text[:59] + "…"


# --- places ----------------------------------------------------------------------------------------------------------


def _node_at(tree: Any, location: Iterable[str | int]) -> Any:
    """Return the deepest node on a path; a shorthand scalar stands for the mapping it is short for."""
    node = tree
    for part in location:
        in_mapping = isinstance(node, TreeMapping) and part in node
        if in_mapping or (isinstance(node, Sequence) and isinstance(part, int) and part < len(node)):
            node = node[part]
        else:
            return node
    return node


def _span_at(tree: TreeMapping, location: tuple[str | int, ...], *, first_key: bool = False) -> Span:
    node = _node_at(tree, location)
    if isinstance(node, TreeMapping) and node and (first_key or not isinstance(node.span, Span)):
        return span_of(next(iter(node))) or node.span
    span: Span = node.span
    if isinstance(node, Scalar) and span.start == span.end and location:
        # An empty value has no text to point at: its key has.
        return _key_span(tree, location)
    return span


def _key_span(tree: TreeMapping, location: tuple[str | int, ...]) -> Span:
    owner = _node_at(tree, location[:-1])
    key = owner.key(str(location[-1])) if isinstance(owner, TreeMapping) else None
    return key.span if key is not None else _span_at(tree, location[:-1])


# --- references ------------------------------------------------------------------------------------------------------


def _references(tree: TreeMapping) -> Iterator[TreeError]:
    """Yield every name that refers to nothing, and every circle of populations.

    Works on the tree rather than the model, so that these are reported for a record with other mistakes too.
    """
    populations, arms = _mapping(tree, "populations"), _mapping(tree, "arms")
    groups = {**populations, **arms}
    names: dict[str, dict[str, None]] = {
        "population or arm": dict.fromkeys(groups),
        "population": dict.fromkeys(populations),
        "arm": dict.fromkeys(arms),
        "definition": dict.fromkeys(_mapping(tree, "definitions")),
        "outcome": dict.fromkeys(key for item in _items(tree, "outcomes") if (key := _outcome_key(item))),
    }
    hints = iter(range(MAX_DEFECTS))

    def missing(kind: str, node: Any) -> Iterator[TreeError]:
        seen: set[str] = set()
        for name in node if isinstance(node, Sequence) else [node]:
            if not isinstance(name, Scalar) or not name.strip():
                continue
            if name in seen:
                yield TreeError("invalid-value", f"'{_short(name)}' appears twice in this list.", name.span)
            elif name not in names[kind]:
                # Looking for the nearest name takes time: only the first mistakes get it.
                nearest = _nearest(name, list(names[kind])) if next(hints, None) is not None else "."
                yield TreeError("unknown-reference", f"There is no {kind} '{_short(name)}'{nearest}", name.span)
            seen.add(name)

    for name in arms:
        if name in populations:
            yield TreeError(
                "duplicate-key", f"'{name}' is both a population and an arm; give them two names.", span_of(name)
            )
    for group in groups.values():
        yield from missing("population or arm", _get(group, "of"))
    for item in _items(tree, "allocation"):
        yield from missing("population or arm", _get(item, "of"))
        yield from missing("population or arm", _get(item, "into"))
    for item in _items(tree, "flow"):
        yield from missing("population or arm", _get(item, "from"))
        yield from missing("population or arm", _get(item, "to"))
    for item in _items(tree, "outcomes"):
        yield from missing("population", _get(item, "population"))
        yield from missing("arm", _get(item, "arm"))
        yield from missing("definition", _get(item, "definition"))
        yield from missing("outcome", _get(item, "subset_of"))
        for effect in _items(item, "effects"):
            yield from missing("population or arm", _get(effect, "arm"))
            yield from missing("population or arm", _get(effect, "reference"))
        for name in _mapping(item, "by_arm"):
            yield from missing("population or arm", name)
        yield from _nothing_reported(item, hints)
    for item in _items(tree, "ladders"):
        yield from missing("outcome", _get(item, "levels"))
    yield from _circles(groups)


_RESULTS = ("reported", "series", "by_arm", "categories", "mean", "median", "rate", "effects")


def _nothing_reported(outcome: Any, hints: Iterator[int]) -> Iterator[TreeError]:
    if isinstance(outcome, TreeMapping) and not any(key in outcome for key in _RESULTS):
        keys = _keys_at(("outcomes", 0))
        # A misspelt key has its own finding; looking for it takes time, as above.
        unknown = (key for key in outcome if key not in keys and next(hints, None) is not None)
        if any(meant in _RESULTS for key in unknown for meant in near(key, keys)):
            return
        label = _short(str(outcome.get("label", "")))
        message = f"Outcome '{label}' reports nothing: it needs one of {', '.join(_RESULTS)}."
        yield TreeError("missing-key", message, outcome.span)


def _circles(groups: Mapping[str, Any]) -> Iterator[TreeError]:
    """Yield a defect for each circle of `of`, and one for a chain of them that is too long; visit each group once."""
    parents = {str(name): _get(group, "of") for name, group in groups.items()}
    depths: dict[str, int] = {}
    for start, parent in parents.items():
        path: list[str] = []
        name: str | None = start
        while name in parents and name not in depths and name not in path:
            path.append(name)
            name = None if parents[name] is None else str(parents[name])
        if name in path:
            circle = [*path[path.index(name) :], name]
            shown = first_of(circle, 6, " → ")
            message = f"These populations are parts of each other: {shown}."
            yield TreeError("circular-reference", message, parents[path[-1]].span)
        below = depths.get(name or "", 0)
        depths |= {passed: depth for depth, passed in enumerate(reversed(path), below + 1)}
        if depths[start] > MAX_POPULATION_DEPTH:
            message = f"This population is nested in more than {MAX_POPULATION_DEPTH} others, one within another."
            yield TreeError("oversized-file", message, span_of(parent))
            return


def _get(node: Any, key: str) -> Any:
    return node.get(key) if isinstance(node, TreeMapping) else None


def _mapping(node: Any, key: str) -> Mapping[str, Any]:
    value = _get(node, key)
    return value if isinstance(value, TreeMapping) else {}


def _items(node: Any, key: str) -> list[Any]:
    value = _get(node, key)
    return value if isinstance(value, Sequence) else []


def _outcome_key(item: Any) -> str | None:
    from rheumcalc.record.model import slug

    name, label = _get(item, "id"), _get(item, "label")
    if isinstance(name, Scalar):
        return str(name)
    return slug(label) if isinstance(label, Scalar) else None
