"""What a page shows: strings, lists and ids alone, so that the page itself decides nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from rheumcalc.report.html.draft import Part
from rheumcalc.rules import Rule
from rheumcalc.study.claims import Claim


class Fact(NamedTuple):
    """A line of a working: a term and its text."""

    term: str
    text: str


class ClaimView(NamedTuple):
    """A result with its verdict in words, and its working."""

    text: str
    about: str
    verdict: str
    sign: str
    words: str
    facts: tuple[Fact, ...]
    steps: tuple[str, ...]


class PlaceView(NamedTuple):
    """Another place that a finding is about, and the id of what shows it, if anything does."""

    place: str
    message: str
    target: str | None


class FindingView(NamedTuple):
    """A finding as it is listed and as its working is shown. `target` is the id of the place it is about.

    `about` is the outcome, group and time of the result there, where they are named. `more` is how many steps and
    related places are left out, `reason` why the finding is ignored.
    """

    number: int
    severity: str
    code: str
    name: str
    message: str
    about: str
    place: str
    target: str
    printed: str | None
    recomputed: str | None
    steps: tuple[str, ...]
    related: tuple[PlaceView, ...]
    more: int
    reason: str | None


class Count(NamedTuple):
    """A number at the top of the page: of what, its kind, and its sign."""

    number: int
    label: str
    kind: str
    sign: str = ""


class MarkView(NamedTuple):
    """How a mark looks and what it is called; `card` is the id of its working, None where it is only a place.

    `numbers` are those of the findings that are about it, and an ellipsis where there are many.
    """

    id: str
    card: str | None
    kind: str
    signs: str
    label: str
    numbers: tuple[str, ...]


class Card(NamedTuple):
    """The working of a mark; `mark` is None for a finding that has no place in what is shown.

    `mentions` are findings about it whose working is at another place, with `unmentioned` more; `known` is how many
    findings about it a baseline has.
    """

    id: str
    mark: str | None
    title: str
    place: str
    claims: tuple[ClaimView, ...] = ()
    findings: tuple[FindingView, ...] = ()
    mentions: tuple[FindingView, ...] = ()
    unmentioned: int = 0
    ignored: tuple[FindingView, ...] = ()
    known: int = 0


class StudyRow(NamedTuple):
    """A result, and a cell for each of the headings."""

    claim: Claim
    cells: tuple[str, ...]


class Figure(NamedTuple):
    """A picture as a data URI, what it shows in words, and its caption."""

    uri: str
    alt: str
    caption: str


class StudyView(NamedTuple):
    """A study of a record or a sheet: its results as a table, and as a picture where there is one.

    `undrawn` says in words why there is no picture, where there could be one.
    """

    name: str
    title: str | None
    headings: tuple[str, ...]
    rows: tuple[StudyRow, ...]
    figure: Figure | None
    undrawn: str | None = None


class FileView(NamedTuple):
    """A file. `trouble` says why it was not checked, `sections` which record each study of a draft was compared with.

    `parts` is a draft's text, `unmarked` says how many results are not shown.
    """

    id: str
    name: str
    kind: str
    trouble: str | None
    notes: tuple[str, ...]
    sections: tuple[Fact, ...]
    parts: tuple[Part, ...]
    studies: tuple[StudyView, ...]
    cards: tuple[Card, ...]
    marks: Mapping[str, MarkView]
    marks_by_claim: Mapping[Claim, MarkView]
    unmarked: str | None
    claims: int


class Listed(NamedTuple):
    """The findings of one file in the list."""

    file: str
    findings: tuple[FindingView, ...]


class Page(NamedTuple):
    """All that a page shows. `tone` is the highest severity, `unlisted` says how many findings are left out."""

    title: str
    conclusion: str
    tone: str
    sentences: tuple[str, ...]
    verdicts: tuple[Count, ...]
    severities: tuple[Count, ...]
    standings: tuple[Count, ...]
    files: tuple[FileView, ...]
    listed: tuple[Listed, ...]
    total: int
    unlisted: str | None
    ignored: tuple[FindingView, ...]
    unlisted_ignored: str | None
    known: str | None
    by_rule: tuple[Count, ...]
    by_severity: tuple[Count, ...]
    rules: tuple[Rule, ...]
