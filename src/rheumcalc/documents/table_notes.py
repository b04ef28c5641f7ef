"""What the notes of a table say of its cells: of all of them, or of the rows that bear a note's mark."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from functools import cache

from rheumcalc.documents.headings import Declared, declares, read_heading
from rheumcalc.prose.estimators import stated_estimate
from rheumcalc.prose.lexicon import over_tokens
from rheumcalc.prose.tokens import Tokens
from rheumcalc.study.doubts import Doubt

#: The marks that lead from a cell or a label to a note.
MARK = r"(?:\\?[*†‡§¶‖#]{1,3}|\^\\?[\w*†‡§¶#]{1,3}\^|[ᵃᵇᶜᵈᵉ¹²³⁴⁵])"
_MARK_AT_END = re.compile(rf"({MARK})\s*[,:]?\s*[^\W\d_]{{0,12}}\Z")
_NOTE = re.compile(rf"(?:(?<=\n)|\A|(?<=[.;]\s))\s*({MARK})\s*(?=\S)")
#: How the rows without a mark are spoken of.
_OTHERS = re.compile(
    r"\b(?:all others?|others|unmarked(?: rows)?|other rows|otherwise|elsewhere)\b[^;.\n]*", re.IGNORECASE
)


@dataclass(frozen=True)
class Meaning:
    """What a note says of numbers: that they are count and percentage, another statistic, or something else."""

    declared: Declared = Declared.NOTHING
    is_statistic: bool = False
    doubt: Doubt | None = None

    def __bool__(self) -> bool:
        return bool(self.declared) or self.is_statistic or self.doubt is not None


#: What may stand after a label's mark: `Mode of infection^a^ [n (%)]`.
_BRACKET_AT_END = re.compile(r"\s*(?:\[[^\[\]]*\]|\([^()]*\))\s*\Z")


@dataclass(frozen=True)
class Notes:
    """The notes of a table: what they say of every row, and of the rows that bear a mark."""

    general: Meaning = Meaning()
    by_mark: dict[str, Meaning] = field(default_factory=dict)

    def of(self, *labels: str) -> Meaning:
        """Return what the notes say of a row, by its label and its group; a mark goes before what holds for all."""
        matches = (_MARK_AT_END.search(_BRACKET_AT_END.sub("", label).strip()) for label in labels)
        marks = (_plain(match[1]) for match in matches if match)
        return next((self.by_mark[mark] for mark in marks if mark in self.by_mark), self.general)


def read_notes(text: str) -> Notes:
    """Return what the notes below a table say; `text` begins right after it."""
    places = list(_NOTE.finditer(text))
    by_mark: dict[str, Meaning] = {}
    general = text[: places[0].start()] if places else text
    others = ""
    for place, match in enumerate(places):
        end = places[place + 1].start() if place + 1 < len(places) else len(text)
        said = text[match.end() : end].split("\n\n", maxsplit=1)[0]
        rest = _OTHERS.search(said)
        if rest:
            others = rest[0]
            said = said[: rest.start()]
        meaning = _meaning(said)
        if meaning:
            by_mark.setdefault(_plain(match[1]), meaning)
    return Notes(_of_all(general, others), by_mark)


def read_caption(text: str) -> Meaning:
    """Return what a caption says of all rows of its table, besides what it declares as a heading does."""
    return replace(_meaning(text), declared=Declared.NOTHING, is_statistic=False)


#: How a note begins that says what all numbers of a table are, and where it ends.
_ALL = re.compile(
    r"\b(?:data|values|results|numbers|figures|percentages)\b[^.\n]{0,20}?\b(?:are|were|shown|given|expressed|presented)\b[^.\n]*",
    re.IGNORECASE,
)


def _of_all(text: str, others: str) -> Meaning:
    """Return what a note without a mark says of all rows; `others` is what one with a mark says of those without."""
    said = _ALL.search(text)
    meaning = _meaning(others or (said[0] if said else ""))
    first = text.strip().split("\n\n")[0]
    if meaning.doubt is None and len(first) < _PARAGRAPH:
        tokens = Tokens(first)
        return replace(meaning, doubt=stated_estimate(tokens, range(len(tokens))))
    return meaning


#: A paragraph below a table that is longer goes on with the text.
_PARAGRAPH = 250


def _plain(mark: str) -> str:
    return mark.strip("^").lstrip("\\")


@cache
def _of_people() -> re.Pattern[str]:
    """Return the pattern of a count of things with a percentage of people: `number of events (% of patients)`."""
    return re.compile(
        over_tokens(
            r"{thing|event-person}(?:{word-person}){0,3}{open}?(?:{percent_sign}|{part}){of}(?:{word-person}){0,2}{person}"
        )
    )


@cache
def _average() -> re.Pattern[str]:
    return re.compile(over_tokens("{average}"))


@cache
def _along_the_row() -> re.Pattern[str]:
    return re.compile(
        r"\b(?:row (?:percentages?|totals?)|percentages? (?:are|is|were) (?:of|by|across|over) (?:the )?rows?"
        r"|across (?:arms|groups|columns))\b",
        re.IGNORECASE,
    )


@cache
def _of_answers() -> re.Pattern[str]:
    return re.compile(
        r"\bmore than (?:one|1)\b|\bmultiple (?:responses|answers|choices)\b|\bnot mutually exclusive\b"
        r"|\b(?:totals?|sums?|percentages?)\b[^.\n]{0,40}\bexceeds?\b",
        re.IGNORECASE,
    )


def _meaning(text: str) -> Meaning:
    if not text.strip():
        return Meaning()
    heading = read_heading(text, 0)
    tokens = Tokens(text)
    if _of_people().search(tokens.letters):
        return Meaning(doubt=Doubt.OTHER_MEANING)
    if _of_answers().search(text):
        return Meaning(heading.declared, doubt=Doubt.OTHER_BASE)
    if _along_the_row().search(text):
        return Meaning(heading.declared, doubt=Doubt.ROW_SHARE)
    # A note on a result with its test says nothing of the cells: `* p < 0.05 for the difference`.
    is_average = _average().search(tokens.letters) is not None
    is_statistic = is_average and not declares(text) and len(text) < _SHORT and "<" not in text and "=" not in text
    return Meaning(heading.declared, is_statistic, stated_estimate(tokens, range(len(tokens))))


#: A note that says what numbers are is short.
_SHORT = 120
