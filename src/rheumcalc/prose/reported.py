"""What one result prints, and the reading of a record's `reported:`, which holds nothing else."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from rheumcalc.numbers.printed import Bound, Printed, PrintedError, parse_count, parse_number, parse_number_words
from rheumcalc.prose.constructions import CONSTRUCTIONS, compiled_for_record, needs_met, needs_of
from rheumcalc.prose.marks import mark_measurements
from rheumcalc.prose.tokens import Tokens
from rheumcalc.source import Span

#: The longest text read as one reported result; what people print is far shorter.
MAX_LENGTH = 500


@dataclass(frozen=True)
class Reported:
    """What one reported result prints: any of count, denominator and percentage, and a hedge on the percentage.

    `is_labelled` says that the count is printed as `n = 24`: it may then be the size of a group as well.
    `construction` is the name of that which reads it.
    """

    text: str
    count: Printed | None = None
    denominator: Printed | None = None
    percent: Printed | None = None
    hedge: str | None = None
    span: Span | None = None
    is_labelled: bool = False
    construction: str | None = None

    def placed(self, span: Span | None, *, verbatim: bool) -> Reported:
        """Return the same result with the places of its numbers in a source.

        Where the source does not hold the text `verbatim` (escapes, folded lines), each number gets the whole `span`.
        """

        def place(printed: Printed | None) -> Printed | None:
            if printed is None or span is None or printed.span is None:
                return printed
            return printed.at(printed.span.shifted(span.start) if verbatim else span)

        return replace(
            self,
            count=place(self.count),
            denominator=place(self.denominator),
            percent=place(self.percent),
            span=span,
        )

    @property
    def approx(self) -> bool:
        """Whether the percentage is hedged or printed as a bound."""
        return self.hedge is not None or (self.percent is not None and self.percent.bound is not Bound.EXACT)

    @property
    def numbers(self) -> tuple[Printed, ...]:
        """The numbers it prints."""
        return tuple(number for number in (self.count, self.denominator, self.percent) if number is not None)


#: What no record needs to say.
_PEOPLE = "{person}"


def parse_reported(text: str) -> Reported:
    """Return what a result as printed says: `10/12 (83.3%)`, `16 (18.2)`, `nearly 50%`, `6`.

    The whole text must be one construction. Raises PrintedError, with the reason in words, where it is not.
    """
    if len(text) > MAX_LENGTH:
        raise PrintedError(f"is {len(text)} characters long; a reported result has at most {MAX_LENGTH}")
    tokens = Tokens(text)
    mark_measurements(tokens)
    there = {*needs_met(tokens.letters, 0, len(tokens)), _PEOPLE}
    for construction in CONSTRUCTIONS:
        if construction.where == "prose" or not needs_of(construction) <= there:
            continue
        match = compiled_for_record(construction.name).fullmatch(tokens.letters)
        if match:
            return replace(read_match(match, tokens, text), construction=construction.name)
    for index in range(len(tokens)):
        if any(tokens.has(index, feature) for feature in ("number", "decimal", "quantity", "percentage")):
            _count_or_numeral(tokens.printed(index))
    raise PrintedError(
        "is not a form of result that can be read; print it as '16 (18.2%)', '10/12 (83.3%)', '75% (15/20)', "
        "'66.7% of 25', '18.2%' or '16'"
    )


def read_match(match: re.Match[str], tokens: Tokens, text: str, span: Span | None = None) -> Reported:
    """Return what a match of a construction prints, `text` being its own words, and `span` their place.

    Raises PrintedError where a number cannot be what its place in the construction says.
    """
    places = {name: match.start(name) for name in match.re.groupindex}
    found = {name: place for name, place in places.items() if place >= 0 and match[name]}
    percent = found.get("p", found.get("q"))
    count = found.get("k")
    return Reported(
        text,
        count=None if count is None else read_count(tokens, count),
        denominator=read_denominator(tokens, found["n"]) if "n" in found else None,
        percent=None if percent is None else read_percentage(tokens, percent),
        hedge=tokens.cut(match.start("h"), match.end("h") - 1) if "h" in found else None,
        span=span,
        is_labelled=count is not None and _is_label(tokens, count - 1),
    )


def _is_label(tokens: Tokens, index: int) -> bool:
    return tokens.has(index, "equals") or (tokens.has(index, "colon") and tokens.has(index - 1, "label_n"))


def read_count(tokens: Tokens, index: int) -> Printed:
    """Return the whole number that a token prints, with its place."""
    return parse_count(tokens.printed(index)).at(tokens.span(index, index))


def read_denominator(tokens: Tokens, index: int) -> Printed:
    """Return the whole number above 0 that a token prints, with its place."""
    denominator = read_count(tokens, index)
    if denominator.value == 0:
        raise PrintedError("has a denominator of 0")
    return denominator


_SPACED_SIGN = re.compile(r"(?<=[<>])\s=")
_SPACED_POINT = re.compile(r"\s([·∙⋅‧])\s")


def read_percentage(tokens: Tokens, index: int) -> Printed:
    """Return the percentage that a token prints before its sign, its bound with it, with its place."""
    text = tokens.printed(index)
    words = parse_number_words(text)
    if words is not None:
        return parse_count(text).at(tokens.span(index, index))
    first = index - 1 if tokens.has(index - 1, "bound_sign") else index
    span = tokens.span(first, index)
    shown = tokens.text[span.start : span.end]
    unspaced = shown if first == index and shown.isalnum() else _SPACED_SIGN.sub("=", _SPACED_POINT.sub(r"\1", shown))
    printed = parse_number(unspaced, percentage=True)
    return Printed(shown, printed.value, printed.decimals, printed.bound, span)


def _count_or_numeral(text: str) -> Printed:
    words = parse_number_words(text)
    return parse_number(text) if words is None else parse_count(text)
