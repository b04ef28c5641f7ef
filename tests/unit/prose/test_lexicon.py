"""The words of clinical prose: the table that ships is sound, a wrong one is refused, and every word has its letter."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import rheumcalc
from rheumcalc.numbers.printed import NUMBER_WORDS
from rheumcalc.prose.constructions import CONSTRUCTIONS, compiled, compiled_for_record, guards_of
from rheumcalc.prose.features import FEATURES, NUMBERS, SYMBOLS
from rheumcalc.prose.hedges import _MEANINGS
from rheumcalc.prose.lexicon import (
    LexiconError,
    kind_letters,
    letters,
    lexicon,
    over_tokens,
    parse_lexicon,
    token_class,
    words_with,
)
from rheumcalc.prose.marks import mark_numbers
from rheumcalc.prose.tokens import Tokens

PACKAGE = Path(rheumcalc.__file__).parent
TABLE = (PACKAGE / "prose" / "lexicon.tsv").read_text(encoding="utf-8")

#: Features of which nothing asks: they only keep a token from being anything else.
APART = {"symbol"}
#: A class of tokens in a pattern, as `over_tokens` reads it.
CLASS = re.compile(r"\{([a-z_&]+(?:\|[a-z_&]+)*(?:-[a-z_]+)*)\}")
#: The features that words get by their form.
BY_FORM = {"word", "name", "plural", "number_word"}


# --- what is refused -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("girls person", "is not a word in lower case, a tab and features"),
        ("girls", "is not a word in lower case, a tab and features"),
        ("girls\t", "is not a word in lower case, a tab and features"),
        ("girls\t ", "is not a word in lower case, a tab and features"),
        ("\tperson", "is not a word in lower case, a tab and features"),
        ("\t", "is not a word in lower case, a tab and features"),
        (" ", "is not a word in lower case, a tab and features"),
        ("Girls\tperson", "is not a word in lower case, a tab and features"),
        (" girls\tperson", "is not a word in lower case, a tab and features"),
        ("girls \tperson", "is not a word in lower case, a tab and features"),
        ("girls\tpersons", "has the unknown feature 'persons'"),
        ("girls\tperson Person", "has the unknown feature 'Person'"),
        ("boys\tperson", "has the word 'boys' a second time"),
    ],
)
def test_a_malformed_row_is_told_by_its_number_and_text(row: str, reason: str) -> None:
    """A malformed row raises an error with its number and its text."""
    with pytest.raises(LexiconError) as caught:
        parse_lexicon(f"# Words\nboys\tperson\n\n{row}\nmen\tperson\n")
    assert str(caught.value) == f"row 4 {reason}: {row!r}"


def test_rows_are_read_with_their_features() -> None:
    """Empty rows and remarks are passed over; features stand in any order."""
    assert parse_lexicon("# Words\n\nboys\tplural person\na\ta\n") == {
        "boys": frozenset({"person", "plural"}),
        "a": frozenset({"a"}),
    }
    assert parse_lexicon("") == {}


@pytest.mark.parametrize(
    ("expression", "message"),
    [
        ("persn", "unknown feature 'persn' in {persn}"),
        ("person-wrd", "unknown feature 'wrd' in {person-wrd}"),
        ("person|persn", "unknown feature 'persn' in {person|persn}"),
        ("person&persn", "unknown feature 'persn' in {person&persn}"),
        ("person-word", "no token is in {person-word}"),
        ("person&percent_sign", "no token is in {person&percent_sign}"),
    ],
)
def test_a_class_that_cannot_be_is_refused(expression: str, message: str) -> None:
    """A class with an unknown feature or without a token raises an error that names it."""
    with pytest.raises(LexiconError) as caught:
        token_class(expression)
    assert str(caught.value) == message


# --- the table that ships --------------------------------------------------------------------------------------------


def test_the_table_is_sorted_without_duplicates() -> None:
    """The table stands in the order of the alphabet, and has each word once."""
    words = [row.partition("\t")[0] for row in TABLE.splitlines() if row and not row.startswith("#")]
    assert words == sorted(set(words))


def test_the_features_of_a_row_are_in_order_and_not_repeated() -> None:
    """The features of a row stand in the order of the alphabet, each once."""
    rows = [row for row in TABLE.splitlines() if row and not row.startswith("#")]
    assert [row for row in rows if (listed := row.partition("\t")[2].split()) != sorted(set(listed))] == []


def test_no_row_says_what_its_stem_says_already() -> None:
    """A word that begins with a stem of the table has at least one feature more than the stem."""
    stems = {word[:-1]: features for word, features in parse_lexicon(TABLE).items() if word.endswith("*")}
    needless = []
    for word, features in parse_lexicon(TABLE).items():
        stem = max((each for each in stems if word.startswith(each) and word != each + "*"), key=len, default=None)
        if stem is not None and not word.endswith("*") and features <= stems[stem]:
            needless.append(word)
    assert needless == []


@cache
def _strings() -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    """Return what the code of the package says of features: in patterns, as plain strings, and asked of a token."""
    in_patterns: set[str] = set()
    plain: set[str] = set()
    asked: set[str] = set()
    for path in PACKAGE.rglob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        docstrings = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
                if path.name != "features.py":
                    plain.add(node.value)
                if path.parent.name == "prose":
                    for each in CLASS.findall(node.value):
                        in_patterns.update(re.split(r"[|&-]", each))
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute | ast.Name):
                asked.update(_asked(node))
            if isinstance(node, ast.GeneratorExp | ast.ListComp | ast.SetComp):
                asked.update(_asked_in_turn(node))
    return frozenset(in_patterns), frozenset(plain), frozenset(asked)


def _asked(call: ast.Call) -> Iterator[str]:
    """Yield the features that a call asks a token for: `tokens.has(index, "person")`, `words_with("person")`."""
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    arguments = call.args[1:2] if name == "has" else call.args if name in ("words_with", "letter") else []
    for argument in arguments:
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
            yield argument.value


def _asked_in_turn(loop: ast.GeneratorExp | ast.ListComp | ast.SetComp) -> Iterator[str]:
    """Yield the features that a loop asks tokens for in turn: `any(has(index, each) for each in ("of", "in"))`."""
    names = {
        argument.id
        for call in ast.walk(loop.elt)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr == "has"
        for argument in call.args[1:2]
        if isinstance(argument, ast.Name)
    }
    for each in loop.generators:
        if isinstance(each.target, ast.Name) and each.target.id in names and isinstance(each.iter, ast.Tuple):
            yield from (item.value for item in each.iter.elts if isinstance(item, ast.Constant))  # type: ignore[misc]


@pytest.mark.parametrize("feature", FEATURES)
def test_no_feature_is_dead(feature: str) -> None:
    """Every feature is asked for by a pattern or by code, and some token has it."""
    in_patterns, plain, _ = _strings()
    assert feature in in_patterns | plain | APART
    given = BY_FORM.union(*lexicon().values(), *NUMBERS, *SYMBOLS.values())
    assert feature in given


def test_every_feature_that_code_asks_for_exists() -> None:
    """No pattern and no code asks for a feature that is not there: it would never be met, and nobody would know."""
    in_patterns, _, asked = _strings()
    assert sorted(in_patterns - FEATURES.keys()) == []
    assert sorted(asked - FEATURES.keys()) == []
    assert {"person", "percent_sign", "year"} <= asked  # the search finds what it should


def test_every_pattern_of_the_tables_compiles() -> None:
    """The constructions, their guards and the marks ask for features that exist."""
    for construction in CONSTRUCTIONS:
        compiled(construction.name)
        compiled_for_record(construction.name)
        guards_of(construction.name)
    mark_numbers(Tokens("A rash."))


def test_every_feature_says_what_it_means() -> None:
    """Every feature has a meaning in words, and no two the same."""
    assert all(FEATURES.values())
    assert len(set(FEATURES.values())) == len(FEATURES)


@pytest.mark.parametrize("hedge", _MEANINGS)
def test_the_words_of_hedges_are_hedges(hedge: str) -> None:
    """Words that promise something of a percentage are read as hedges of the number after them."""
    tokens = Tokens(f"Seen in {hedge} 50% here.")
    place = next(index for index in range(len(tokens)) if tokens.printed(index) == "50")
    assert tokens.hedge_before(place) == hedge
    first, _, than = hedge.partition(" ")
    if than == "than":
        assert first in words_with("hedge_than")
    elif not than and first.strip(".").isalpha():
        assert first.rstrip(".") in words_with("hedge")


# --- letters ---------------------------------------------------------------------------------------------------------


def test_letters_and_sets_are_one_to_one() -> None:
    """Each set of features has one letter, of an area that no text has a meaning in."""
    table = letters()
    assert len(table.of) == len(table.features) == len(set(table.of.values()))
    assert all("\ue000" <= letter <= "\uf8ff" for letter in table.features)


_FORMS = ["{}5", "{}-5", "{}140", "{}-0.7", "{}s", "{}ed", "{}ing", "{}'s", "{}.", "sex-{}", "non-{}", "{}-adjusted", "{}-weighted", "two-{}", "{}-two", "5{}", "5-{}", "%{}"]  # noqa: E501  # fmt: skip


@pytest.mark.parametrize("form", _FORMS)
def test_every_word_has_a_letter_in_any_form(form: str) -> None:
    """Every word of the table has a letter in small letters and capitals, with a number or another word joined on."""
    words = [form.format(word.rstrip("*")) for word in lexicon()]
    printed = [case(word) for word in words for case in (str, str.upper, str.title)]
    assert all(kind_letters()[each] for each in printed)


def test_every_word_of_two_has_a_letter() -> None:
    """Words of the table joined to one another by a hyphen have a letter."""
    words = [word.rstrip("*") for word in lexicon()]
    assert all(kind_letters()[f"{one}-{other}"] for one, other in zip(words, reversed(words), strict=True))


_PIECES = st.one_of(
    st.sampled_from(sorted({word.rstrip("*") for word in lexicon()})),
    st.text("abcdefgINS", min_size=1, max_size=6),
    st.integers(0, 99999).map(str),
    st.sampled_from(["-", "\u2011", "/", ".", "'", "0.7", "one", "hundred", "é", "ß", "İ", "ﬁ", "*", "_"]),
)


@given(st.lists(_PIECES, min_size=1, max_size=5).map("".join))
def test_any_word_has_a_letter(word: str) -> None:
    """Whatever letters, hyphens and digits make up a word, it has a letter, and the text is read."""
    assert kind_letters()[word] in letters().features
    mark_numbers(Tokens(word))


@given(st.text(max_size=30))
def test_any_text_is_cut_into_tokens_that_make_it_up(text: str) -> None:
    """Tokens follow one another in a text, and leave out nothing but space."""
    tokens = Tokens(text)
    end = 0
    for index in range(len(tokens)):
        assert text[end : tokens.starts[index]].strip() == ""
        assert text[tokens.starts[index] : tokens.end(index)] == tokens.printed(index)
        end = tokens.end(index)
    assert text[end:].strip() == ""


def test_words_with_a_feature_are_alike_to_a_pattern() -> None:
    """Words of one set of features have one letter: what is read of one is read of another."""
    by_features: dict[frozenset[str], set[str]] = {}
    for word, features in lexicon().items():
        if not word.endswith("*"):
            by_features.setdefault(features, set()).add(word)
    for words in by_features.values():
        plain = {word for word in words if re.fullmatch("[a-z]+", word)} - NUMBER_WORDS
        got = {kind_letters()[word] for word in plain if not _has_stem(word)}
        assert len(got) <= 1, words


def _has_stem(word: str) -> bool:
    return any(each.endswith("*") and word.startswith(each[:-1]) for each in lexicon())


def test_patterns_over_features_may_be_laid_out() -> None:
    """Spaces and line breaks in a pattern mean nothing."""
    assert over_tokens("{person} \n {of}") == over_tokens("{person}{of}")
