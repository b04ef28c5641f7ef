"""YAML to a tree of printed text with places."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from rheumcalc.record.yamltree import MAX_DEPTH, MAX_NODES, Mapping, Node, Scalar, Sequence, Tree, TreeError, read_tree
from rheumcalc.source import Source


def _tree(text: str) -> Tree:
    return read_tree(Source("x.yaml", text))


def _scalars(node: Node | None) -> Iterator[Scalar]:
    if isinstance(node, Scalar):
        yield node
    elif isinstance(node, Mapping):
        for key, value in node.items():
            yield Scalar(key) if not isinstance(key, Scalar) else key
            yield from _scalars(value)
    elif isinstance(node, Sequence):
        for item in node:
            yield from _scalars(item)


@pytest.mark.parametrize(
    "text", ["18.20", "no", "1:30", "0x1F", "1_000", "~", "null", "2023-01-01", "1e3", ".nan", "010", "<1"]
)
def test_scalars_keep_their_text(text: str) -> None:
    """No resolver runs: every scalar is the text that is printed."""
    root = _tree(f"a: {text}\n").root
    assert {"a": text} == root


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"], ids=["LF", "CRLF", "CR"])
@pytest.mark.parametrize("value", ["16 (18.2%)", "'16 (18.2%)'", '"16 (18.2%)"', "ünïcödé 😀 é", "'😀'"])
def test_spans_cut_the_scalars(value: str, newline: str) -> None:
    """A scalar's span, cut from the text, is the scalar, whatever the line ends and the quotes."""
    text = newline.join(["# 😀 comment", f"a: {value}", "b:", f"  - {value}", f"  - {{c: {value}, d: x}}", ""])
    source = Source("x.yaml", text)
    scalars = list(_scalars(read_tree(source).root))
    assert len(scalars) == 8
    assert [str(scalar) for scalar in scalars] == [source.cut(scalar.span) for scalar in scalars]
    assert (2, 4 + (value[0] in "'\"")) == source.position(scalars[1].span.start)


def test_a_byte_order_mark_does_not_move_columns() -> None:
    """A mark left in the text is no column of the first key's line."""
    source = Source("x.yaml", "\ufeffa: b\nc: d\n")
    try:
        scalars = list(_scalars(read_tree(source).root))
    except TreeError:
        return
    assert [str(scalar) for scalar in scalars] == [source.cut(scalar.span) for scalar in scalars]


def test_escapes_give_the_whole_scalar() -> None:
    """Where the source does not hold the text verbatim, the span covers the scalar with its quotes."""
    source = Source("x.yaml", 'a: "16 \\u0028x"\n')
    scalar = list(_scalars(read_tree(source).root))[1]
    assert (str(scalar), scalar.verbatim, source.cut(scalar.span)) == ("16 (x", False, '"16 \\u0028x"')


@pytest.mark.parametrize(
    ("text", "reason", "line", "column", "words"),
    [
        ("a: 1\nb: 2\na: 3\n", "duplicate-key", 3, 1, "'a'"),
        ("a: &x 1\n", "yaml-alias", 1, 4, "&x"),
        ("a: *x\n", "yaml-alias", 1, 4, r"\*x"),
        ("a: !!int 5\n", "yaml-syntax", 1, 4, "tag"),
        ("a: !x {b: 1}\n", "yaml-syntax", 1, 4, "tag"),
    ],
)
def test_defects_that_do_not_stop_the_reading(text: str, reason: str, line: int, column: int, words: str) -> None:
    """Repeated keys, aliases, anchors and tags are defects with a place, and the tree is still there."""
    tree = _tree(text)
    defect = tree.defects[0]
    assert tree.root is not None
    assert defect.span is not None
    assert (reason, (line, column)) == (defect.reason, Source("x", text).position(defect.span.start))
    assert words.strip("\\").replace("\\", "") in defect.message


@pytest.mark.parametrize(
    ("text", "reason", "line", "column"),
    [
        ("a: [1, 2\nb: 3\n", "yaml-syntax", 1, 4),
        ("a: 1\n\tb: 2\n", "yaml-syntax", 2, 1),
        ("a: 1\n---\nb: 2\n", "yaml-syntax", 2, 1),
        ("? [a]\n: 1\n", "yaml-syntax", 1, 3),
        ("a: 1\nb: x\u2028y\n", "invalid-encoding", 2, 5),
        ("a: 1\nb: x\u0085y\n", "invalid-encoding", 2, 5),
        ("a: 1\nb: x\x00y\n", "invalid-encoding", 2, 5),
        ("a: 1\nb: x\x1by\n", "invalid-encoding", 2, 5),
        ("a: 1\nb: x\x90y\n", "invalid-encoding", 2, 5),
        ("a: 1\nb: x\ufffey\n", "invalid-encoding", 2, 5),
        ("a: 1\nb: x\ud800y\n", "invalid-encoding", 2, 5),
        ("a: 'open\n", "yaml-syntax", None, None),
    ],
)
def test_texts_without_a_tree(text: str, reason: str, line: int | None, column: int | None) -> None:
    """What gives no tree is one TreeError with its reason and place; no other exception escapes."""
    with pytest.raises(TreeError) as caught:
        _tree(text)
    assert reason == caught.value.reason
    assert caught.value.span is not None
    if line is not None:
        assert (line, column) == Source("x", text).position(caught.value.span.start)


@pytest.mark.parametrize(
    ("value", "start"),
    [(">90%", 4), ("%5", 4), ("a: b", 4), ("@x", 4), ("`x`", 4), ("[84%]]", 4)],
)
def test_a_value_that_wants_quotes_is_told_so(value: str, start: int) -> None:
    """Where YAML trips over a sign in a value, the message says which value to quote, and how."""
    with pytest.raises(TreeError, match="put the value in quotes") as caught:
        _tree(f"a: {value}\nb: 2\n")
    assert f"a: '{value}'" in caught.value.message
    assert caught.value.span is not None
    assert (1, start) == Source("x", f"a: {value}\n").position(caught.value.span.start)


@pytest.mark.parametrize("opening", ["[", "{a: ", "- ", "? "])
def test_depth_is_bounded(opening: str) -> None:
    """Nesting past the limit is refused, long before any stack is in danger."""
    with pytest.raises(TreeError) as caught:
        _tree(opening * 100_000)
    assert caught.value.reason in ("oversized-file", "yaml-syntax")


def test_the_deepest_tree_is_read() -> None:
    """The limit itself is allowed."""
    assert _tree("[" * MAX_DEPTH + "]" * MAX_DEPTH).root is not None


@pytest.mark.parametrize("item", ["1", "{}", "[]", "*a", "&a 1"])
def test_the_number_of_values_is_bounded(item: str) -> None:
    """A file of more values than any record is refused, aliases included."""
    with pytest.raises(TreeError) as caught:
        _tree("[" + ",".join([item] * (MAX_NODES + 10)) + "]")
    assert caught.value.reason == "oversized-file"


@pytest.mark.parametrize("text", ["", "\n\n", "# only a comment\n", "---\n", "---\n...\n", "~"])
def test_nothing_is_an_empty_tree(text: str) -> None:
    """A file without a value has no root, or an empty scalar for one; it is no error here."""
    root = _tree(text).root
    assert root is None or isinstance(root, Scalar)
