"""Results of others than the study's own participants: a registry, the literature, controls, parents."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from functools import cache, cached_property
from typing import NamedTuple

from rheumcalc.extract.samples import SampleSize
from rheumcalc.extract.sentences import Sentences
from rheumcalc.extract.words import COUNTED_THINGS, PASSING_THINGS
from rheumcalc.source import Span

#: How far words that lead to others reach within a paragraph, in characters: a few sentences.
_REACH = 500
#: How much after a stated size is looked at for the noun that says whose size it is, in characters.
_NOUN = 60

_STUDIES = (
    r"(?:stud(?:y|ies)|trials?|cohorts?|series|reports?|cases|data(?:sets?)?|sets?|centres?|centers?|hospitals?|countries"
    r"|populations?|samples?|groups?|work|authors|surveys?)\b"
)
#: Other studies and sources: what follows in the paragraph may be theirs.
_SOURCES = (
    rf"(?:(?:previous|prior|earlier|other|another|published|external|validation|replication|derivation|comparator|reference"
    rf"|historical|pivotal|extension|nation-?wide|general)\s(?:[^\W\d_]{{1,20}}\s){{0,2}}{_STUDIES}"
    r"|historical(?:ly)?\b|registr(?:y|ies)\b|databases?\b|literature\b|previously (?:reported|published|described)\b"
    r"|meta-analys|systematic review|census\b|phase (?:[1-4]|i{1,3}v?|one|two|three|four)\b|reported by\b|elsewhere\b)"
)
#: Larger sets than the one whose size was stated last.
_LARGER = (
    r"(?:(?:whole|total|entire|full|complete|overall|parent|main)\s(?:[^\W\d_]{1,20}\s)?(?:cohort|sample|population|group|set)\b"
    r"|safety (?:set|population|analysis|cohort)\b|comparison (?:group|cohort|arm)\b|at enrolment\b|at screening\b"
    r"|not (?:randomi[sz]ed|included|enrolled)\b|in parallel\b|(?:sister|supplementary) (?:cohort|study|group)\b"
    r"|among their\b|twice\b|(?P<unit>[^\W\d_]{3,12}) by (?P=unit)\b|\d+ others\b)"
)
#: Other people than those a study includes: their results stand in the sentence that names them.
_PEOPLE = (
    r"(?:et al|controls?|siblings?|parents?|mothers?|fathers?|relatives|famil(?:y|ies)|carers?|care-?givers?"
    r"|physicians?|clinicians?|doctors?|nurses?|pharmacists?|rheumatologists?|donors?|respondents?|teachers?|partners?|volunteers?"
    r"|unexposed|non-participants?|screened|invited|approached|eligible|registered)\b"
)
_PARAGRAPH = re.compile(r"\n[ \t]*\r?\n")


@cache
def _others() -> re.Pattern[str]:
    things = "|".join(sorted(COUNTED_THINGS - PASSING_THINGS))
    return re.compile(rf"\b(?:(?P<source>{_SOURCES}|{_LARGER})|{_PEOPLE}|(?P<thing>(?:{things}|per)\b))", re.IGNORECASE)


_PHRASE = re.compile(r"[^.,;:()\[\]]*+")


class _Cue(NamedTuple):
    """Words that lead to others: their place, where what they rule ends, and whether they are things."""

    start: int
    end: int
    words: str
    is_thing: bool = False


class Scope:
    """The places of a text where it may speak of others than its own participants."""

    def __init__(self, text: str, sentences: Sentences, sizes: Iterable[SampleSize]) -> None:
        self._text = text
        self._sentences = sentences
        self._sizes = sorted(size.n.span for size in sizes if size.n.span is not None)
        self._paragraphs = [0, *(match.end() for match in _PARAGRAPH.finditer(text)), len(text)]
        self._cues: dict[int, list[_Cue]] = {}

    def paragraph(self, span: Span) -> int:
        """Return the number of the paragraph that a place lies in, from 0."""
        return bisect_right(self._paragraphs, span.start) - 1

    def others(self, span: Span, *, names_people: bool) -> str | None:
        """Return the words that may make a result one of others: in its sentence, or shortly before in its paragraph.

        What stands before the last size that is stated is over. A result whose own noun is one of people counts no
        things, whatever is named beside it.
        """
        paragraph = self.paragraph(span)
        if paragraph not in self._cues:
            self._cues[paragraph] = list(self._in_paragraph(paragraph))
        cues = self._cues[paragraph]
        if not cues:
            return None
        before = bisect_left(self._sizes, span)
        low = max(span.start - _REACH, self._sizes[before - 1].end if before else 0)
        high = self._sentences.end(span.end, _REACH)
        near = cues[bisect_left(cues, (low,)) : bisect_left(cues, (high,))]
        found = (cue.words for cue in near if cue.end > span.start and not (cue.is_thing and names_people))
        return next(found, None)

    def _in_paragraph(self, paragraph: int) -> Iterator[_Cue]:
        """Yield the words that lead to others, those left out whose size the text states."""
        for match in _others().finditer(self._text, *self._paragraphs[paragraph : paragraph + 2]):
            if match[0].lower() not in self._own:
                is_near = not match["source"] and not match["thing"]
                end = self._sentences.end(match.end(), _REACH) if is_near else match.end() + _REACH
                yield _Cue(match.start(), end, match[0], bool(match["thing"]))

    @cached_property
    def _own(self) -> frozenset[str]:
        """The words that say whose the stated sizes are."""
        phrases = (_PHRASE.match(self._text, span.end, span.end + _NOUN) for span in self._sizes)
        return frozenset(word for phrase in phrases if phrase for word in phrase[0].lower().split())
