"""The grammar of reported results: how counts, denominators and percentages are written together.

A text becomes tokens, each token one letter (`tokens.py`), and a form is a short pattern over those letters, so that
every form the tool knows can be read in one table, `FORMS`, with its example. Records and prose share the table.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cache
from typing import NamedTuple

from rheumcalc.numbers.printed import Bound, Printed, PrintedError, parse_count, parse_number, parse_number_words
from rheumcalc.source import Span
from rheumcalc.tokens import Token, tokenise_result

#: The longest text read as one reported result; what people print is far shorter.
MAX_LENGTH = 500


class Form(NamedTuple):
    """One way to write a result.

    The pattern is a row of the parts named in `_PARTS`, an optional one with a question mark. `context` says where
    the form is read: in a record's `reported:` value, in prose, or in both.
    """

    name: str
    pattern: str
    example: str
    context: str = "both"


#: In the order in which they are tried: the more a form binds, the earlier it comes.
FORMS = (
    Form("fraction-percentage", "count over adjective? denominator phrase open hedge? percent", "10/12 girls (83.3%)"),
    Form("fraction-percentage-joined", "count over adjective? denominator joint? hedge? percent", "35/36 or 97.2%"),
    Form("fraction-words-percentage", "count over adjective? denominator nouns joint hedge? percent", "3/8 girls, 38%"),
    Form("fraction-percentage-without-sign", "count over denominator open unsigned close", "58/177 (33)", "record"),
    Form("count-out-percentage", "count words of denominator phrase open hedge? percent", "73 women of the 84 (87%)"),
    Form(
        "count-percentage-of",
        "label? count words open hedge? percent close words of adjective? denominator",
        "321 (64%) of 505",
    ),
    Form(
        "count-percentage-aside-of",
        "count words open percent aside close words of denominator",
        "41 (20%; all mild) of 205",
    ),
    Form(
        "percentage-fraction",
        "hedge? percent far comma? open label? count words over adjective? denominator",
        "75% (15/20)",
    ),
    Form("percentage-fraction-joined", "hedge? percent comma? count over denominator", "74%, 70/94"),
    Form("size-share", "label? denominator clause comma? open percent share", "151 adults (76% women)", "prose"),
    Form("size-share-joined", "label denominator comma percent share", "n = 151; 48% male", "prose"),
    Form(
        "size-parts", "denominator words people clause open percent rest", "9 girls who ate (40%) or not (60%)", "prose"
    ),
    Form("labelled-count-percentage", "label count comma? or? open? hedge? percent", "n = 45; 36.9%"),
    Form("labelled-count-words-percentage", "label count nouns comma? open hedge? percent", "n = 12 girls (9%)"),
    Form("percentage-labelled-count", "hedge? percent tail joint? open? label count", "75% (n = 15)"),
    Form("count-percentage-of-inside", "count words open percent of adjective? denominator close", "16 (64% of 25)"),
    Form("count-percentage", "count words open hedge? percent", "16 patients (18.2%)"),
    Form("count-percentage-enclosed", "open count words comma hedge? percent", "(111 female, 68.1%)"),
    Form("count-percentage-appended", "count words people comma hedge? percent comma", "twelve girls, 24%,", "prose"),
    Form("count-of-percentage", "count of words open hedge? percent", "12 of the patients (5%)"),
    Form(
        "count-clause-percentage", "count words people clause open hedge? percent", "9 girls were well (18%)", "prose"
    ),
    Form("percentage-enclosed-count", "percent open count close", "75% (15)"),
    Form("percentage-count", "percent open count words people close", "75% (15 patients)"),
    Form("count-in-percentage", "count words in denominator words open percent", "16 events in 60 (27%)", "record"),
    Form("count-percentage-joined", "count words joint? hedge? percent", "111 female, 68.1%", "record"),
    Form("count-percentage-without-sign", "count open unsigned close", "16 (18.2)", "record"),
    Form("percentage-of", "hedge? percent of adjective? denominator", "66.7% of 25"),
    Form("fraction", "count words over adjective? denominator", "13 of the 14 patients"),
    Form("percentage", "open? hedge? percent", "nearly 50%", "record"),
    Form("count", "label? count", "6", "record"),
)

_PARTS = {
    "count": "(?P<k>N)",
    "denominator": "(?P<n>N)",
    "percent": "(?P<p>P)",
    "unsigned": "(?P<q>[ND])",
    "hedge": "(?P<h>h)",
    "label": "=",
    "over": "[/o]",
    "of": "o",
    "in": "g",
    "adjective": "[wg]",
    "or": "r",
    "people": "u",
    "share": "(?=[wu])",
    "open": r"\(",
    "close": r"\)",
    "rest": r"(?=\)[,r&]{1,2}[wughv]{0,10}\((?P<rest>P)\))",
    "comma": ",",
    "joint": r"(?:,|r|\)|,r)",
    "aside": r"[^()]{1,14}",
    "words": "[wugh]{0,5}",
    "nouns": "[wuh]{1,5}",
    "phrase": "[wughv]{0,12}",
    "clause": "[wughvr&]{0,12}",
    "tail": "[wughvr&o]{0,14}",
    "far": "[wughvr&oND]{0,14}",
}
#: A record holds nothing but the result, so any words may stand around its numbers.
_RECORD_PARTS = (
    _PARTS | {"people": ""} | dict.fromkeys(("words", "nouns", "phrase", "clause", "tail", "far"), "[wugvo&]{0,40}")
)


@cache
def compiled(form: Form, *, record: bool = False) -> re.Pattern[str]:
    """Return the pattern of a form over token letters, with groups `k`, `n`, `p`, `q` and `h`."""
    parts = _RECORD_PARTS if record else _PARTS
    pattern = ""
    for part in form.pattern.split():
        name = part.removesuffix("?")
        pattern += f"(?:{parts[name]})?" if part.endswith("?") else parts[name]
    return re.compile(rf"\(?=?{pattern}\)?[wugv&]*+\)?" if record else pattern)


_NEEDED = {
    "percent": "P",
    "count": "N",
    "denominator": "N",
    "label": "=",
    "comma": ",",
    "over": "/o",
    "of": "o",
    "in": "g",
}


def _may_match(form: Form, letters: str) -> bool:
    """Decide whether the letters hold one of those that each part of a form needs."""
    needs = (_NEEDED[part] for part in form.pattern.split() if part in _NEEDED)
    return all(any(letter in letters for letter in need) for need in needs)


@dataclass(frozen=True)
class Reported:
    """What one reported result prints: any of count, denominator and percentage, and a hedge on the percentage.

    `is_labelled` says that the count is printed as `n = 24`: it may then be the size of a group as well.
    """

    text: str
    count: Printed | None = None
    denominator: Printed | None = None
    percent: Printed | None = None
    hedge: str | None = None
    span: Span | None = None
    is_labelled: bool = False

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


def parse_reported(text: str) -> Reported:
    """Return what a result as printed says: `10/12 (83.3%)`, `16 (18.2)`, `nearly 50%`, `6`.

    The whole text must be one of `FORMS`. Raises PrintedError, with the reason in words, where it is not.
    """
    if len(text) > MAX_LENGTH:
        raise PrintedError(f"is {len(text)} characters long; a reported result has at most {MAX_LENGTH}")
    tokens = tokenise_result(text)
    letters = "".join(token.letter for token in tokens)
    for form in FORMS:
        # A pattern is compiled only where the text has what the form cannot do without.
        if form.context == "prose" or not _may_match(form, letters):
            continue
        match = compiled(form, record=True).fullmatch(letters)
        if match:
            return read(match, tokens, text)
    for token in tokens:
        if token.letter in "ND":
            _count_or_numeral(token)
    raise PrintedError(
        "is not a form of result that can be read; print it as '16 (18.2%)', '10/12 (83.3%)', '75% (15/20)', "
        "'66.7% of 25', '18.2%' or '16'"
    )


def read(match: re.Match[str], tokens: list[Token], text: str) -> Reported:
    """Return what a match of a form over the letters of `tokens` prints, `text` being its own words.

    Raises PrintedError where a number cannot be what its place in the form says.
    """
    found = {name: tokens[match.start(name)] for name, value in match.groupdict().items() if value}
    percent = found.get("p") or found.get("q")
    return Reported(
        text,
        count=read_count(found["k"]) if "k" in found else None,
        denominator=read_denominator(found["n"]) if "n" in found else None,
        percent=read_percentage(percent) if percent else None,
        hedge=found["h"].text if "h" in found else None,
        is_labelled="=" in match.group(),
    )


def read_count(token: Token) -> Printed:
    """Return the whole number that a token prints, with its place."""
    return parse_count(token.text).at(token.span)


def read_denominator(token: Token) -> Printed:
    """Return the whole number above 0 that a token prints, with its place."""
    denominator = read_count(token)
    if denominator.value == 0:
        raise PrintedError("has a denominator of 0")
    return denominator


def _count_or_numeral(token: Token) -> Printed:
    words = parse_number_words(token.text)
    return parse_number(token.text) if words is None else parse_count(token.text)


_PERCENT_SIGN = re.compile(r"\s*(?:%|per\s?cent|pct)\s*$", re.IGNORECASE)
_SPACED_POINT = re.compile(r"\s([·∙⋅‧])\s")


def read_percentage(token: Token) -> Printed:
    """Return the percentage that a token prints, its text without the sign, with its place."""
    text = _PERCENT_SIGN.sub("", token.text)
    words = parse_number_words(text)
    if words is not None:
        printed = parse_count(text)
    else:
        printed = parse_number(_SPACED_POINT.sub(r"\1", text), percentage=True)._replace(text=text)
    return printed.at(Span(token.span.start, token.span.start + len(text)))
