"""YAML text to a tree that keeps every scalar as printed, with its place.

PyYAML's own loaders turn `18.20` into 18.2, `no` into False and `1:30` into 90, silently keep the last of two equal
keys, and expand aliases without bound. So no resolver runs here: the parser's events are built into strings,
mappings and lists, iteratively and within limits.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

import yaml
import yaml.cyaml

from rheumcalc.source import Source, Span

#: Deeper than any record; PyYAML's own composer overflows the stack on deep input.
MAX_DEPTH = 64
#: More nodes than any record, few enough to hold.
MAX_NODES = 20_000
#: YAML 1.1 ends a line at these, editors do not: lines would disagree.
_FOREIGN_LINE_ENDS = re.compile("[\u0085\u2028\u2029]")
#: What YAML does not print, lone surrogates and non-characters included.
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufeff\ufffe\uffff]")


class Scalar(str):
    """A scalar as printed. `verbatim` says that the source text at `span` is exactly this string."""

    __slots__ = ("span", "verbatim")

    span: Span
    verbatim: bool


def span_of(text: str | None) -> Span | None:
    """Return the place of a text, if it came from a file."""
    return text.span if isinstance(text, Scalar) else None


def scalar_like(text: str, original: object) -> str:
    """Return `text` at the place of the scalar it was made from; plain where that has none."""
    if not isinstance(original, Scalar):
        return text
    return original if text == original else _scalar(text, original.span, verbatim=False)


class Mapping(dict[str, Any]):
    """A mapping whose keys are scalars with their places."""

    __slots__ = ("_places", "span")

    span: Span

    def key(self, name: str) -> Scalar | None:
        """Return the key as it is in the source."""
        if not hasattr(self, "_places"):
            self._places = {str(key): key for key in self if isinstance(key, Scalar)}
        return self._places.get(name)


class Sequence(list[Any]):
    """A sequence with its place."""

    __slots__ = ("span",)

    span: Span


Node = Scalar | Mapping | Sequence


class TreeError(Exception):
    """A defect of a text as YAML or as a record: a reason (the name of a rule), a message and a place."""

    def __init__(self, reason: str, message: str, span: Span | None) -> None:
        super().__init__(message)
        self.reason = reason
        self.message = message
        self.span = span


class Tree(NamedTuple):
    """The one document of a text: its root, None where it is empty, and the defects that did not stop the reading."""

    root: Node | None
    defects: tuple[TreeError, ...]


def read_tree(source: Source) -> Tree:
    """Return the tree of the one YAML document in `source`.

    Repeated keys, aliases, anchors and tags are defects of the tree; its first value, the alias's name and the bare
    value are used instead. Raises TreeError where there is no tree: broken YAML, keys that are not scalars, a second
    document, and trees past MAX_DEPTH or MAX_NODES. Time and memory are linear in the text.
    """
    for pattern, what in ((_CONTROL, "control character"), (_FOREIGN_LINE_ENDS, "line separator")):
        match = pattern.search(source.text)
        if match:
            code = f"U+{ord(match.group()):04X}"
            raise TreeError("invalid-encoding", f"The text contains the {what} {code}; remove it.", Span(*match.span()))
    try:
        return _Builder(source).build()
    except yaml.YAMLError as error:
        raise _syntax_error(source, error) from None


def _events(text: str) -> Iterator[Any]:
    if yaml.__with_libyaml__:
        # types-PyYAML does not say that yaml.cyaml has it.
        parser = yaml.cyaml.CParser(text)  # type: ignore[attr-defined]
        try:
            while True:
                event = parser.get_event()
                if event is None:
                    return
                yield event
        finally:
            parser.dispose()
    else:
        yield from yaml.parse(text, yaml.SafeLoader)


class _Builder:
    """Builds one tree from events, with an explicit stack."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.root: Node | None = None
        self.stack: list[Mapping | Sequence] = []
        self.pending: list[Scalar | None] = []
        self.defects: list[TreeError] = []
        self.documents = 0
        self.nodes = 0

    def build(self) -> Tree:
        for event in _events(self.source.text):
            span = Span(event.start_mark.index, event.end_mark.index)
            match event:
                case yaml.DocumentStartEvent():
                    self.documents += 1
                    if self.documents > 1:
                        raise TreeError("yaml-syntax", "A record is one YAML document; a second begins here.", span)
                    if event.tags:
                        raise TreeError("yaml-syntax", "Tags are not supported; remove the %TAG line.", span)
                case yaml.AliasEvent():
                    self._count(span)
                    message = f"The alias *{event.anchor} is not supported; write it out, or put it in quotes."
                    self.defects.append(TreeError("yaml-alias", message, span))
                    self._place(_scalar(f"*{event.anchor}", span, verbatim=False))
                case yaml.ScalarEvent():
                    self._check_node(event, span)
                    self._place(self._read_scalar(event, span))
                case yaml.MappingStartEvent():
                    self._open(Mapping(), event, span)
                case yaml.SequenceStartEvent():
                    self._open(Sequence(), event, span)
                case yaml.MappingEndEvent() | yaml.SequenceEndEvent():
                    node = self.stack.pop()
                    self.pending.pop()
                    node.span = Span(node.span.start, span.end)
        return Tree(self.root, tuple(self.defects))

    def _count(self, span: Span) -> None:
        self.nodes += 1
        if self.nodes > MAX_NODES:
            raise TreeError("oversized-file", f"The file has more than {MAX_NODES:,} values.", span)

    def _check_node(self, event: Any, span: Span) -> None:
        self._count(span)
        if event.anchor is not None:
            message = f"The anchor &{event.anchor} is not supported; write its value out where it is needed."
            self.defects.append(TreeError("yaml-alias", message, span))
        if event.tag is not None:
            message = f"The tag {event.tag} is not supported; put the text in quotes."
            self.defects.append(TreeError("yaml-syntax", message, span))

    def _open(self, node: Mapping | Sequence, event: Any, span: Span) -> None:
        self._check_node(event, span)
        node.span = span
        self._place(node)
        self.stack.append(node)
        self.pending.append(None)
        if len(self.stack) > MAX_DEPTH:
            raise TreeError("oversized-file", f"The file is nested more than {MAX_DEPTH} levels deep.", span)

    def _place(self, node: Node) -> None:
        """Put a node where it belongs: the root, the next item, a key, or the value of the pending key."""
        if not self.stack:
            self.root = node
            return
        parent = self.stack[-1]
        if isinstance(parent, Sequence):
            parent.append(node)
            return
        key = self.pending[-1]
        if key is not None:
            # The first of two equal keys keeps its value; the second is reported and dropped.
            parent.setdefault(key, node)
            self.pending[-1] = None
            return
        if not isinstance(node, Scalar):
            raise TreeError("yaml-syntax", "A key must be plain text, not a list or a mapping.", node.span)
        if node in parent:
            self.defects.append(TreeError("duplicate-key", f"The key '{node}' appears here a second time.", node.span))
        self.pending[-1] = node

    def _read_scalar(self, event: Any, span: Span) -> Scalar:
        quoted = event.style in ("'", '"')
        inner = Span(span.start + 1, span.end - 1) if quoted else span
        verbatim = self.source.cut(inner) == event.value
        return _scalar(event.value, inner if verbatim else span, verbatim=verbatim)


def _scalar(text: str, span: Span, *, verbatim: bool) -> Scalar:
    scalar = Scalar(text)
    scalar.span = span
    scalar.verbatim = verbatim
    return scalar


_KEY_AND_VALUE = r"\s*(?:-\s+)?(?P<key>[^\s:#][^:#]{0,80}):\s+(?P<value>\S.*?)\s*$"


def _syntax_error(source: Source, error: yaml.YAMLError) -> TreeError:
    """Return what the parser failed on and, if one value is the cause, that it needs quotes."""
    mark = getattr(error, "problem_mark", None)
    index = min(mark.index, len(source.text)) if mark else 0
    span = Span(index, min(index + 1, len(source.text)))
    problem = getattr(error, "problem", None) or "it cannot be read"
    if "nesting depth" in problem:
        # Newer parsers have a bound of their own, and reach it before they report the first level.
        return TreeError("oversized-file", f"The file is nested more than {MAX_DEPTH} levels deep.", span)
    lines = source.text.splitlines()
    last = source.position(index).line
    for number in (last, last - 1):
        match = re.match(_KEY_AND_VALUE, lines[number - 1][:500]) if 0 < number <= len(lines) else None
        if match and _wants_quotes(match["value"]):
            start = sum(map(len, source.text.splitlines(keepends=True)[: number - 1])) + match.start("value")
            quoted = "'" + match["value"].replace("'", "''") + "'"
            message = (
                f"A character in this value has a meaning in YAML; put the value in quotes: {match['key']}: {quoted}"
            )
            return TreeError("yaml-syntax", message, Span(start, start + len(match["value"])))
    return TreeError("yaml-syntax", f"This is not YAML: {problem}.", span)


def _wants_quotes(value: str) -> bool:
    if value[0] in "'\"":
        return False
    return value[0] in "%@`&*!|>[]{}," or ": " in value or value.endswith(":")
