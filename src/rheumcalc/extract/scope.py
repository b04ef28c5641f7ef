"""Results of others than the study's own participants: a registry, the literature, controls, parents."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from functools import cache, cached_property

from rheumcalc.extract.samples import SampleSize
from rheumcalc.source import Span

#: How far words that lead to others reach within a paragraph, in characters: a few sentences.
_REACH = 500
#: How much after a stated size is looked at for the noun that says whose size it is, in characters.
_NOUN = 60

_OTHERS = (
    # other studies and sources
    r"historical(?:ly)?\b|registr(?:y|ies)\b|databases?\b|literature\b|published\b|previous(?:ly)?\b|prior\b"
    r"|earlier (?:study|studies|trials?|reports?|series|cohorts?|work)\b|et al\b|meta-analys|systematic review"
    r"|other (?:studies|trials?|cohorts?|centres?|centers?|series|reports?|hospitals?|groups?|countries)\b"
    r"|another\b|nation-?wide\b|census\b|surveys?\b|validation\b|replication\b|derivation\b|external\b|phase \w"
    r"|extension\b|pivotal\b|pooled\b|reported by\b|contrast\b|comparison\b|comparators?\b|compared\b|unlike\b"
    r"|elsewhere\b|general population\b|reference (?:group|population|cohort)"
    # other people
    r"|(?:healthy )?controls?\b|siblings?\b|parents?\b|mothers?\b|fathers?\b|relatives\b|famil(?:y|ies)\b|carers?\b"
    r"|care-?givers?\b|physicians?\b|clinicians?\b|doctors?\b|nurses?\b|pharmacists?\b|rheumatologists?\b|donors?\b"
    r"|respondents?\b|teachers?\b|partners?\b|volunteers?\b|unexposed\b|non-participants?\b|screened\b|invited\b"
    r"|eligible\b"
)
_PARAGRAPH = re.compile(r"\n[ \t]*\r?\n")


@cache
def _others() -> re.Pattern[str]:
    return re.compile(rf"\b(?:{_OTHERS})", re.IGNORECASE)


_PHRASE = re.compile(r"[^.,;:()\[\]]*+")
_SENTENCE_END = re.compile(r"[.!?](?=\s+[A-Z(\[])")


class Scope:
    """The places of a text where it may speak of others than its own participants."""

    def __init__(self, text: str, sizes: Iterable[SampleSize]) -> None:
        self._text = text
        self._sizes = sorted(size.n.span for size in sizes if size.n.span is not None)
        self._paragraphs = [0, *(match.end() for match in _PARAGRAPH.finditer(text)), len(text)]
        self._found: dict[int, list[tuple[int, str]]] = {}

    def others(self, span: Span) -> str | None:
        """Return the word that may make a result one of others: in its sentence, or shortly before in its paragraph.

        What stands before the last size that is stated is over.
        """
        paragraph = bisect_right(self._paragraphs, span.start) - 1
        if paragraph not in self._found:
            self._found[paragraph] = list(self._in_paragraph(paragraph))
        found = self._found[paragraph]
        if not found:
            return None
        before = bisect_left(self._sizes, span)
        low = max(span.start - _REACH, self._sizes[before - 1].end if before else 0)
        end = _SENTENCE_END.search(self._text, span.end, span.end + _REACH)
        high = end.start() if end else span.end + _REACH
        near = found[bisect_left(found, (low, "")) : bisect_left(found, (high, ""))]
        return near[0][1] if near else None

    def _in_paragraph(self, paragraph: int) -> Iterator[tuple[int, str]]:
        """Yield the words that lead to others and where they stand, those left out whose size the text states."""
        for match in _others().finditer(self._text, *self._paragraphs[paragraph : paragraph + 2]):
            if match[0].lower() not in self._own:
                yield match.start(), match[0]

    @cached_property
    def _own(self) -> frozenset[str]:
        """The words that say whose the stated sizes are."""
        phrases = (_PHRASE.match(self._text, span.end, span.end + _NOUN) for span in self._sizes)
        return frozenset(word for phrase in phrases if phrase for word in phrase[0].lower().split())
