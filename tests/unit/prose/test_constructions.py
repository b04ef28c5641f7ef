"""The table of constructions is true: each row reads its examples, and each guard refuses one that would be read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from rheumcalc.prose import constructions, reading
from rheumcalc.prose.constructions import (
    CONSTRUCTIONS,
    FAMILIES,
    GUARDS,
    PARTS,
    Construction,
    Guard,
    by_name,
    compiled,
    compiled_for_record,
    guards_of,
)
from rheumcalc.prose.lexicon import LexiconError
from rheumcalc.prose.marks import mark_measurements, mark_numbers
from rheumcalc.prose.reading import counted_results
from rheumcalc.prose.reported import Reported, parse_reported
from rheumcalc.prose.tokens import Tokens

Numerals = tuple[str | None, str | None, str | None]

#: What each example of the table says: its counts, denominators and percentages.
EXPECTED: dict[str, list[Numerals]] = {
    "10/12 girls (83.3%)": [("10", "12", "83.3")],
    "5 of an initial 13 patients (38.5%)": [("5", "13", "38.5")],
    "12/40 girls with type 2 diabetes (30%)": [("12", "40", "30")],
    "7 of 20 men given 10 mg of it for 12 weeks (35%)": [("7", "20", "35")],
    "35/36 or 97.2%": [("35", "36", "97.2")],
    "3/8 = 75%": [("3", "8", "75")],
    "3/8 girls, 38%": [("3", "8", "38")],
    "58/177 (33)": [("58", "177", "33")],
    "73 women of the 84 (87%)": [("73", "84", "87")],
    "3 among the 7 girls (42.9%)": [("3", "7", "42.9")],
    "12 from 74 (16%)": [("12", "74", "16")],
    "16 in 88 patients (18.2%)": [("16", "88", "18.2")],
    "321 (64%) of 505": [("321", "505", "64")],
    "41 (20%; all mild) of 205": [("41", "205", "20")],
    "75% (15/20)": [("15", "20", "75")],
    "74%, 70/94": [("70", "94", "74")],
    "twelve girls (60%, 12/20)": [("12", "20", "60")],
    "9 girls who ate (40%) or not (60%)": [(None, "9", "40")],
    "151 adults (76% women)": [(None, "151", "76")],
    "50 children (age: 14 ± 3 years, 48% female)": [(None, "50", "48")],
    "n = 151; 48% male": [(None, "151", "48")],
    "n = 45; 36.9%": [("45", None, "36.9")],
    "n = 12 girls (9%)": [("12", None, "9")],
    "75% (n = 15)": [("15", None, "75")],
    "16 (64% of 25)": [("16", "25", "64")],
    "16 patients (18.2%)": [("16", None, "18.2")],
    "39 eyes (of girls, 49.4%)": [("39", None, "49.4")],
    "(111 female, 68.1%)": [("111", None, "68.1")],
    "twelve girls, 24%,": [("12", None, "24")],
    "12 of the patients (5%)": [("12", None, "5")],
    "9 girls were well (18%)": [("9", None, "18")],
    "12 withdrew (27%)": [("12", None, "27")],
    "75% (15)": [("15", None, "75")],
    "75% (15 patients)": [("15", None, "75")],
    "16 events in 60 (27%)": [("16", "60", "27")],
    "111 female, 68.1%": [("111", None, "68.1")],
    "16 (18.2)": [("16", None, "18.2")],
    "66.7% of 25": [(None, "25", "66.7")],
    "13 of the 14 patients": [("13", "14", None)],
    "nearly 50%": [(None, None, "50")],
    "6": [("6", None, None)],
    "17 of the 59 in the placebo group, 28.8%)": [("17", "59", "28.8")],
    "45% (9) of the 20": [("9", "20", "45")],
    "5/40 and 7/40 (12.5% and 17.5%)": [("5", "40", "12.5"), ("7", "40", "17.5")],
    "5/40 and 7/40 (12.5 and 17.5%)": [("5", "40", "12.5"), ("7", "40", "17.5")],
    "16/44 and 22/44, 36.4% and 50.0%": [("16", "44", "36.4"), ("22", "44", "50.0")],
    "91% breast, 58% colon; 20/22 and 14/24": [("20", "22", "91"), ("14", "24", "58")],
    "11, 7 and 3 of 50, 49 and 51 patients (22.0%, 14.3% and 5.9%)": [
        ("11", "50", "22.0"),
        ("7", "49", "14.3"),
        ("3", "51", "5.9"),
    ],
    "5 and 7 of 40 (12% and 18%)": [("5", "40", "12"), ("7", "40", "18")],
    "16, 42 and 37 patients (18.2%, 47.7% and 42.0%)": [
        ("16", None, "18.2"),
        ("42", None, "47.7"),
        ("37", None, "42.0"),
    ],
    "16, 42 and 37 patients (18.2, 47.7 and 42.0%)": [
        ("16", None, "18.2"),
        ("42", None, "47.7"),
        ("37", None, "42.0"),
    ],
    "12% and 18% (5/40 and 7/40)": [("5", "40", "12"), ("7", "40", "18")],
    "12% and 18% (n = 5 and n = 7)": [("5", None, "12"), ("7", None, "18")],
}

EXAMPLES = [(each, text) for each in CONSTRUCTIONS for text in each.reads]


def _named(value: object) -> str | None:
    return value.name if isinstance(value, Construction | Guard) else None


def _numerals(reported: Reported) -> Numerals:
    count, denominator, percent = (
        None if number is None else number.numeral
        for number in (reported.count, reported.denominator, reported.percent)
    )
    return count, denominator, percent


def _read(text: str) -> list[tuple[str, Numerals]]:
    """Return the constructions that read a text, each with the numbers of its result."""
    tokens = Tokens(text)
    mark_numbers(tokens)
    found = [mention for sentence in tokens.sentences for mention in counted_results(tokens, sentence)]
    return [(mention.construction, _numerals(mention.reported)) for mention in found]


def _candidates(text: str) -> set[tuple[str, tuple[Numerals, ...]]]:
    """Return every way in which a text may be read, chosen or not."""
    tokens = Tokens(text)
    mark_numbers(tokens)
    return {
        (candidate.construction.name, tuple(map(_numerals, candidate.results)))
        for sentence in tokens.sentences
        for candidate in reading._candidates(tokens, sentence)
    }


@pytest.mark.parametrize("construction", CONSTRUCTIONS, ids=_named)
def test_every_construction_has_an_example(construction: Construction) -> None:
    """Every construction has an example, and it is said here what that example says."""
    assert construction.reads
    assert [text for text in construction.reads if text not in EXPECTED] == []


@pytest.mark.parametrize(("construction", "text"), [pair for pair in EXAMPLES if pair[0].where != "record"], ids=_named)
@pytest.mark.parametrize("around", ["{}", "Here {}.", "There was a rash by then: {}"])
def test_a_construction_of_prose_reads_its_examples(construction: Construction, text: str, around: str) -> None:
    """A construction of prose, and no other, reads its examples, wherever in a sentence they stand."""
    assert [(construction.name, numbers) for numbers in EXPECTED[text]] == _read(around.format(text))


@pytest.mark.parametrize(("construction", "text"), [pair for pair in EXAMPLES if pair[0].where != "prose"], ids=_named)
def test_a_construction_of_records_reads_its_examples(construction: Construction, text: str) -> None:
    """A construction of records reads its examples as the first that matches."""
    assert EXPECTED[text] == [_numerals(parse_reported(text))]
    tokens = Tokens(text)
    mark_measurements(tokens)
    matching = [
        each.name
        for each in CONSTRUCTIONS
        if each.where != "prose" and compiled_for_record(each.name).fullmatch(tokens.letters)
    ]
    assert construction.name in matching


@pytest.mark.parametrize(("construction", "text"), [pair for pair in EXAMPLES if pair[0].where == "record"], ids=_named)
def test_a_construction_of_records_reads_no_prose(construction: Construction, text: str) -> None:
    """A construction that is of records alone reads nothing in prose."""
    assert construction.name not in {name for name, _ in _read(text)}


@pytest.mark.parametrize(
    ("construction", "text"), [(each, text) for each in CONSTRUCTIONS for text in each.leaves], ids=_named
)
def test_a_construction_leaves_its_counterexamples_alone(construction: Construction, text: str) -> None:
    """A construction does not read what it is said to leave alone, chosen or not."""
    assert construction.name not in {name for name, _ in _candidates(text)}


@pytest.mark.parametrize("guard", GUARDS.values(), ids=_named)
def test_every_guard_refuses_its_example(guard: Guard, monkeypatch: pytest.MonkeyPatch) -> None:
    """A guard is alive: its example is read in some way once the guard is gone, and not so while it stands."""
    guarded = _candidates(guard.example)
    monkeypatch.setattr(
        reading, "guards_of", lambda name: tuple(each for each in guards_of(name) if each[0].name != guard.name)
    )
    assert _candidates(guard.example) - guarded


@pytest.mark.parametrize("guard", GUARDS.values(), ids=_named)
def test_every_guard_is_used(guard: Guard) -> None:
    """Every guard is that of a construction or a family."""
    assert [each.name for each in (*CONSTRUCTIONS, *FAMILIES) if guard.name in each.guards]


@pytest.mark.parametrize("construction", CONSTRUCTIONS, ids=_named)
def test_a_guard_looks_at_a_number_that_its_construction_has(construction: Construction) -> None:
    """A guard of a construction looks beside a number that the construction has."""
    groups = {"whole", "", *compiled(construction.name).groupindex}
    if construction.where != "record":
        for guard in construction.all_guards():
            side, _, group = guard.at.partition(" ")
            assert side in ("before", "after", "inside", "around", "k", "n"), guard.name
            assert (side if side in ("k", "n") else group) in groups, guard.name


@pytest.mark.parametrize("each", [*CONSTRUCTIONS, *FAMILIES], ids=_named)
def test_ancestors_are_families_and_go_round_in_no_circle(each: Construction) -> None:
    """Every parent is a family, and none is its own ancestor."""
    line = [each.name]
    parent = each.parent
    while parent is not None:
        assert parent in {family.name for family in FAMILIES}
        assert parent not in line
        line.append(parent)
        parent = by_name(parent).parent
    assert line[1:] == list(each.ancestors())
    guards = [guard.name for guard in each.all_guards()]
    assert len(set(guards)) == len(guards), "a guard is inherited and declared again"


def test_every_family_has_a_child() -> None:
    """A family without children is no family."""
    parents = {each.parent for each in (*CONSTRUCTIONS, *FAMILIES)}
    assert [family.name for family in FAMILIES if family.name not in parents] == []


def test_names_are_unique() -> None:
    """No two constructions share a name, a pattern or an example."""
    names = [each.name for each in (*CONSTRUCTIONS, *FAMILIES)]
    assert len(set(names)) == len(names)
    patterns = [(each.pattern, each.where) for each in CONSTRUCTIONS]
    assert len(set(patterns)) == len(patterns)
    examples = [text for _, text in EXAMPLES]
    assert len(set(examples)) == len(examples)
    assert set(EXPECTED) == set(examples)


def test_every_part_is_used() -> None:
    """Every part stands in a pattern of the table."""
    used = {part.removesuffix("?") for each in CONSTRUCTIONS for part in each.pattern.split()}
    assert used == set(PARTS)
    assert set(constructions._NEEDED) <= used


@pytest.fixture
def unkept() -> Iterator[None]:
    """Keep nothing of what a test put into the table."""
    caches = (by_name, compiled, compiled_for_record, guards_of)
    for cache in caches:
        cache.cache_clear()
    yield
    for cache in caches:
        cache.cache_clear()


def _with_row(monkeypatch: pytest.MonkeyPatch, **changes: object) -> str:
    """Put a changed row into the table and return its name."""
    row = replace(CONSTRUCTIONS[0], name="my-row", **changes)  # type: ignore[arg-type]
    monkeypatch.setattr(constructions, "CONSTRUCTIONS", (*CONSTRUCTIONS, row))
    return row.name


@pytest.mark.usefixtures("unkept")
@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"pattern": "count ovr denominator"}, "construction 'my-row': there is no part 'ovr'"),
        ({"guards": ("no such",)}, "construction 'my-row': there is no guard 'no such'"),
        ({"parent": "nobody's"}, "there is no construction 'nobody's'"),
    ],
)
def test_a_row_that_names_what_is_not_there_is_told_by_its_name(
    changes: dict[str, object], message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A row with an unknown part, guard or parent fails, and the message names it."""
    name = _with_row(monkeypatch, **changes)
    with pytest.raises(LexiconError, match=message):  # noqa: PT012
        compiled(name)
        guards_of(name)


@pytest.mark.usefixtures("unkept")
@pytest.mark.parametrize("pattern", ["{persn}", "{person-wrd}", "(?P<k>{number}", "{person-word}"])
def test_a_pattern_that_is_none_is_told_by_the_name_of_its_row(pattern: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A part with an unknown feature, without a token or with an open bracket fails with the name of its row."""
    monkeypatch.setitem(PARTS, "wrong", pattern)
    name = _with_row(monkeypatch, pattern="count wrong percent")
    with pytest.raises(LexiconError, match="construction 'my-row'"):
        compiled(name)
    monkeypatch.setitem(constructions._RECORD_PARTS, "wrong", pattern)
    with pytest.raises(LexiconError, match="construction 'my-row' in a record"):
        compiled_for_record(name)


@pytest.mark.usefixtures("unkept")
def test_a_guard_that_is_none_is_told_by_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    """A guard with an unknown feature fails, and the message names it."""
    monkeypatch.setitem(GUARDS, "mine", Guard("mine", "after p", "{persn}", "an example"))
    name = _with_row(monkeypatch, guards=("mine",))
    with pytest.raises(LexiconError, match="guard 'mine': unknown feature 'persn'"):
        guards_of(name)
