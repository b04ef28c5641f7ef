"""Find results in prose: counts, denominators and percentages written together, with exact places."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rheumcalc.extract.antecedents import with_antecedents
from rheumcalc.extract.bare import proportions
from rheumcalc.extract.lists import read_lists
from rheumcalc.extract.mentions import Mention
from rheumcalc.extract.readings import with_readings
from rheumcalc.extract.segments import segments
from rheumcalc.extract.tokens import tokenise
from rheumcalc.extract.vetoes import refuses
from rheumcalc.grammar import FORMS, Form, Reported, compiled, read, read_percentage
from rheumcalc.numbers.printed import PrintedError
from rheumcalc.source import Span
from rheumcalc.tokens import Token


def find_results(text: str) -> list[Mention]:
    """Return the results that `text` prints, in order of their percentages; every place is an offset in `text`.

    What only looks like a result is left out: intervals and their levels, p-values, doses, changes, thresholds.
    """
    return [mention for segment in segments(text) for mention in _read_sentence(text, segment)]


def _read_sentence(text: str, segment: Span) -> list[Mention]:
    tokens = tokenise(text, *segment)
    letters = "".join(token.letter for token in tokens)
    found, letters = read_lists(text, tokens, letters)
    for form in FORMS:
        if form.context == "record":
            continue
        pattern, start = compiled(form), 0
        while match := pattern.search(letters, start):
            start = match.start() + 1
            mention = None if refuses(form, match, tokens) else _mention(text, form, match, tokens)
            if mention:
                found.append(mention)
                start = match.end()
                letters = letters[: match.start()] + "#" * (match.end() - match.start()) + letters[match.end() :]
    found += _bare(tokens, letters)
    found.sort(key=lambda mention: mention.place)
    return with_readings(text, with_antecedents(found, tokens), tokens)


def _mention(text: str, form: Form, match: re.Match[str], tokens: list[Token]) -> Mention | None:
    """Return what a match prints, or None where a number in it is not what its place asks for."""
    numbers = [index for index in range(match.start(), match.end()) if tokens[index].letter in "NP="]
    span = _with_brackets(tokens, match.string, numbers[0], numbers[-1])
    try:
        reported = read(match, tokens, text[span.start : span.end])
    except PrintedError:
        return None
    return Mention(reported, span, form.name, "fraction" if reported.percent is None else "proportion")


_CLOSING = re.compile(r"[wug]{0,3}\)")


def _with_brackets(tokens: list[Token], letters: str, first: int, last: int) -> Span:
    """Return the span of the tokens `first` to `last`, and the bracket that opens or closes one of theirs."""
    inside = letters[first : last + 1]
    closing = _CLOSING.match(letters, last + 1)
    if inside.count("(") > inside.count(")") and closing and (closing.end() == last + 2 or letters[last] == "N"):
        last = closing.end() - 1
    elif inside.count(")") > inside.count("(") and letters[first - 1 : first] == "(":
        first -= 1
    return Span(tokens[first].span.start, tokens[last].span.end)


def _bare(tokens: list[Token], letters: str) -> Iterator[Mention]:
    for index in proportions(tokens, letters):
        token = tokens[index]
        hedge = tokens[index - 1].text if index and tokens[index - 1].letter == "h" else None
        try:
            percent = read_percentage(token)
        except PrintedError:
            continue
        if percent.value > 100:  # no share of anybody
            continue
        yield Mention(Reported(token.text, percent=percent, hedge=hedge), token.span, "percentage", "proportion")
