"""Find the durations that definitions of response demand, where the words leave no choice."""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from rheumcalc.numbers.printed import Bound, PrintedError, parse_number
from rheumcalc.numbers.timepoint import Timepoint, parse_timepoint
from rheumcalc.prose.lexicon import over_tokens, token_class
from rheumcalc.prose.times import AMOUNT
from rheumcalc.prose.tokens import Tokens
from rheumcalc.source import Span


class Definition(NamedTuple):
    """How long a definition of response demands that the response last; `span` is that of the words that say so."""

    duration: Timepoint
    span: Span


#: How many tokens before a term are looked at, and how many after its word of definition.
_BEFORE, _AFTER = 5, 45

_TERM = "{qualifies_state}{0,3}(?:{response}|{inactive}{disease})|{qualifies_state}{state}"
#: What may stand between a term and the word that defines it.
_LINK = "{comma}?(?:{relative}|{and})?(?:{have}?{be})?{also}?{comma}?"
#: States that a response is.
_STATE = (
    "{qualifies_state|lasting}{0,4}(?:{inactive}{disease}|{disease}?{state}|{response-person}|{lacks}(?:{of}|{from})"
    "|{no_response&determiner}{sign}|{low}{disease}{activity}|{disease}{free})"
)
#: How long: `more than 6 months`, `≥ 12 weeks`, `6 consecutive months`, or `6-month`, which is one token.
_DURATION = (
    r"(?P<duration>(?:(?P<strict>{exceeds&comparison}{than}|{exceeds&hedge})"
    r"|{at}{lower_limit}|{a}{lower_limit|period}{of}|(?P<sign>{bound_sign}))?"
    rf"(?P<amount>{AMOUNT})(?:{{unbroken}}?(?P<unit>{{time}}))?)"
)


@cache
def _cues() -> re.Pattern[str]:
    """Return the pattern of a term and the words that define it, a bracket alone in a group of its own."""
    inside = "[^" + token_class("open|close_bracket|stop|paragraph_end")[1:-1] + "]"
    aside = rf"(?:{{open}}{inside}{{1,5}}{{close_bracket}})?"
    words = r"{define}(?:{as}|{by})|{requires}|{that_is}{stop}?"
    return re.compile(over_tokens(rf"(?P<term>{_TERM}){aside}{_LINK}(?:{{open}}?(?:{words})|(?P<open>{{open}}))"))


@cache
def _demands() -> tuple[re.Pattern[str], ...]:
    """Return the patterns of a duration that a state must last."""
    period = r"(?:{a}{period}{of})?"
    return (
        re.compile(over_tokens(rf"{_DURATION}{{period}}?{{of}}{_STATE}")),
        re.compile(
            over_tokens(rf"{_STATE}{{word|number|quantity|named|date-for}}{{0,6}}?{{comma}}?{{for}}{period}{_DURATION}")
        ),
        re.compile(over_tokens(rf"{{lasting}}(?:{{for}}|{{exceeds&hedge}})?{period}{_DURATION}")),
    )


@cache
def _no_response() -> re.Pattern[str]:
    """Return the pattern of what is no response; beside those words, `time to`."""
    return re.compile(over_tokens(r"{no_response}|{measure&weak_label}(?:{to}|{in})"))


@cache
def _treated() -> re.Pattern[str]:
    """Return the pattern of words after which it is the treatment or the watching that lasts, and not the state."""
    return re.compile(over_tokens(r"{treated}|{follow}{up}"))


@cache
def _close() -> re.Pattern[str]:
    return re.compile(over_tokens(r"{close_bracket}"))


def response_definitions(tokens: Tokens) -> list[Definition]:
    """Return the durations that definitions of response, remission or inactive disease demand, in order.

    The words must define: `remission was defined as inactive disease for at least 6 months`, `remission (inactive
    disease for 6 months)`. That somebody was in remission for 6 months is a result and no definition.
    """
    found: list[Definition] = []
    for cue in _cues().finditer(tokens.letters):
        definition = _definition(tokens, cue)
        if definition is not None and (not found or definition.span.start >= found[-1].span.end):
            found.append(definition)
    return found


def _definition(tokens: Tokens, cue: re.Match[str]) -> Definition | None:
    """Return the definition that a term and its word of definition begin, if it demands a duration."""
    begin = cue.end()
    sentence = tokens.sentence_at(cue.start())
    if _no_response().search(tokens.letters, max(sentence.first, cue.start() - _BEFORE), cue.start()):
        return None
    finish = min(sentence.last, begin + _AFTER)
    if cue["open"]:
        closing = _close().search(tokens.letters, begin, finish)
        finish = closing.start() if closing else begin
    found = [demand for pattern in _demands() if (demand := _demand(tokens, pattern, begin, finish))]
    if not found:
        return None
    match, duration = min(found, key=lambda demand: demand[0].start("duration"))
    if _no_response().search(tokens.letters, begin, match.start()) or _treated().search(
        tokens.letters, begin, match.end()
    ):
        return None
    # In brackets, `remission (inactive disease for 9 months)` may be a result; with `at least` it is a definition.
    if cue["open"] and match.start("duration") == match.start("amount"):
        return None
    return Definition(duration, tokens.span(cue.start(), match.end() - 1))


def _demand(
    tokens: Tokens, pattern: re.Pattern[str], begin: int, finish: int
) -> tuple[re.Match[str], Timepoint] | None:
    """Return the first duration that a pattern finds between two places, if any match is one."""
    for match in pattern.finditer(tokens.letters, begin, finish):
        unit = tokens.word(match.start("unit")) if match["unit"] else ""
        time = parse_timepoint(f"{tokens.word(match.start('amount'))} {unit}")
        bound = _bound(tokens, match)
        if time.unit is not None and bound in (Bound.EXACT, Bound.ABOVE, Bound.AT_LEAST):
            first, last = match.start("duration"), match.end("duration") - 1
            words = " ".join(tokens.cut(first, last).split())
            return match, time._replace(text=words, strict=bound is Bound.ABOVE, span=tokens.span(first, last))
    return None


def _bound(tokens: Tokens, match: re.Match[str]) -> Bound:
    """Return whether a duration must be exceeded, as its words or the sign before it say."""
    if match["strict"]:
        return Bound.ABOVE
    if not match["sign"]:
        return Bound.EXACT
    sign = "".join(tokens.printed(match.start("sign")).split())
    try:
        return parse_number(f"{sign}1").bound
    except PrintedError:
        return Bound.BELOW
