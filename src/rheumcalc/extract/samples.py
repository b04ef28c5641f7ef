"""Find the sample sizes that prose states: `included 83 children`, `(n = 60)`, `a total of eighty-eight patients`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

from rheumcalc.extract.mentions import Mention
from rheumcalc.extract.words import LABELS, PEOPLE, UNITS
from rheumcalc.numbers.printed import GROUP_SPACES, NUMBER_WORDS, Printed, PrintedError, parse_count
from rheumcalc.source import Span
from rheumcalc.tokens import NUMERAL, SPACE, lower_case

#: How much text around a number is read to tell what it is the size of, in characters.
_CONTEXT = 80


@dataclass(frozen=True, slots=True)
class SampleSize:
    """A number of people that a text states.

    `role` is `study` for everybody in a study, `arm` for a group that was allocated, and `subset` for anybody else.
    `label` is the words that name the group, where they stand before the number's bracket. `said` is the verb by which
    a study states how many it had: `included`.
    """

    n: Printed
    role: str
    label: str | None = None
    said: str | None = None


def find_sample_sizes(text: str, results: Iterable[Mention] = ()) -> list[SampleSize]:
    """Return the sample sizes that `text` states, in order.

    The counts of `results` are no sample sizes; their denominators are.
    """
    counts = {count.span for count in (result.reported.count for result in results) if count is not None}
    found: dict[Span, SampleSize] = {}
    for size in (*_labelled(text), *_counted_people(text)):
        if size.n.span is not None and size.n.span not in counts:
            found.setdefault(size.n.span, size)
    return [found[span] for span in sorted(found)]


# Patterns begin with a digit, so that the search for them is fast; what stands before it is looked at afterwards.
_NUMERAL = (
    rf"(?P<n>[0-9](?<![\w.,/·$€£<>≤≥±–\-][0-9])"
    rf"(?:[0-9]{{0,2}}(?:[,{GROUP_SPACES}][0-9]{{3}}(?![0-9]))++|[0-9]{{0,17}}+(?![0-9])))"
)


@cache
def _label() -> re.Pattern[str]:
    return re.compile(rf"[nN](?<![\w.][nN])[*_]{{0,2}}{SPACE}?[=:]{SPACE}?(?P<n>{NUMERAL})(?![0-9%])")


@cache
def _people() -> tuple[re.Pattern[str], ...]:
    people = "|".join(sorted(PEOPLE, key=len, reverse=True))
    words = rf"(?P<words>(?:{SPACE}[^\W\d_][\w'’/\-\u2010\u2011]{{0,40}}+){{0,5}}?){SPACE}(?:{people})\b"
    numbers = "|".join(sorted(NUMBER_WORDS, key=len, reverse=True))
    spelled = rf"(?P<n>\b(?:{numbers})\b(?:(?:[-\u2010\u2011 ]|[ ]and[ ])(?:{numbers})\b){{0,8}}+)"
    # `143 were randomised to A and 142 to B`, `(251 in the intervention group and 262 in the control group)`
    flow = (
        rf"{SPACE}(?:(?:were|was|had been){SPACE}(?:randomly{SPACE})?(?:randomi[sz]|allocat|assign|enrol|includ|recruit"
        rf"|analy|evaluat|eligible)|completed\b|enrolled\b|participated\b|received\b|to receive\b|(?:to|in) the\b"
        rf"|in each\b|(?:in|to){SPACE}(?:group|arm)\b)"
    )
    return re.compile(rf"{_NUMERAL}(?:{words}|{flow})"), re.compile(rf"{spelled}{words}")


def _labelled(text: str) -> Iterator[SampleSize]:
    """Yield the sizes printed as `n = 60`."""
    for match in _label().finditer(text):
        printed = _count(text, match)
        if printed is None:
            continue
        before = text[max(0, match.start() - _CONTEXT) : match.start()]
        name = re.search(r"([^.,;:()\[\]]{1,80})[(\[,;:]\s?$", before)
        label = " ".join(name[1].split()[-6:]) or None if name else None
        yield SampleSize(printed, _role_of_label(label), label)


_ARM = re.compile(
    r"\b(?:arms?|groups?|placebo|controls?|intervention|comparator|vehicle|sham|standard care|usual care|active|cohort"
    r"|mg|treated|allocated|assigned|randomi[sz]ed to|received|receiving)\b",
    re.IGNORECASE,
)
#: People by a name that all of a study share, unlike `responders`.
_EVERYBODY = frozenset(
    {"patients", "participants", "subjects", "individuals", "children", "adults", "infants", "total"}
)
_STUDY = re.compile(
    r"\b(?:total of|total|included|followed|enrolled|recruited|randomi[sz]ed|randomly|studied|analy[sz]ed|evaluated"
    r"|screened|invited|consecutive|overall|eligible|consisted of|comprised|population|sample|participated|study)\b",
    re.IGNORECASE,
)


def _role_of_label(label: str | None) -> str:
    if label is None:
        return "study"
    if _ARM.search(label):
        return "arm"
    return "study" if label.split()[-1].lower() in _EVERYBODY else "subset"


def _counted_people(text: str) -> Iterator[SampleSize]:
    """Yield the numbers that count people: `83 children`, `eighty-eight eligible patients`."""
    lowered = lower_case(text)
    for pattern in _people():
        for match in pattern.finditer(lowered):
            before = text[max(0, match.start() - _CONTEXT) : match.start()]
            if _names(before) or _measures(match["words"] or ""):
                continue
            printed = _count(text, match)
            if printed is not None:
                after = text[match.end("n") : match.end("n") + _CONTEXT]
                yield SampleSize(printed, _role(before, after), None, _said(before, after))


def _names(before: str) -> bool:
    """Return whether the word before a number makes it a name: `week 12 patients`."""
    words = before.split()
    return bool(words) and words[-1].lower() in LABELS and words[-1].lower() not in ("age", "trial", "study", "group")


_NO_ADJECTIVES = frozenset(
    ["of", "to", "and", "or", "in", "per", "vs", "thirds", "third", "quarters", "half", "fold", "times"]
)


def _measures(words: str) -> bool:
    first = words.split()[:1]
    return bool(first) and (first[0] in UNITS or first[0].lower() in _NO_ADJECTIVES)


_SAID = re.compile(
    r"\b(?P<verb>includ|enrol|recruit|randomi[sz]|studied|analy[sz]|compris|consist|treat|follow|participat"
    r"|screen|invit|eligib|complet|approach|assess|withdr|exclu|lost)",
    re.IGNORECASE,
)
_VERBS = {"includ": "included", "enrol": "enrolled", "recruit": "recruited", "random": "randomised"}


def _said(before: str, after: str) -> str | None:
    """Return the verb that states a size, where just one stands near it and it is one of inclusion."""
    clause, following = re.split(r"[.;]\s", before)[-1][-40:], re.split(r"[.,;]\s", after)[0][:50]
    verbs = {match["verb"].lower() for text in (clause, following) for match in _SAID.finditer(text)}
    named = {word for verb in verbs for stem, word in _VERBS.items() if verb.startswith(stem)}
    return named.pop() if len(named) == 1 and len(verbs) == 1 else None


_ALLOCATED_TO_ONE = re.compile(
    r"\b(?:randomi[sz]ed|allocated|assigned) to (?!.*\b(?:or|either|one|two|three|four|each)\b)", re.IGNORECASE
)


#: Words that make a size that of a part, whatever else is said: all may have been more.
_PART = re.compile(
    r"\b(?:analy[sz]|evaluab|evaluated|assessable|complete data|full data|completed|per[- ]protocol|efficacy"
    r"|followed up|with (?:data|a|an|follow-up)\b)",
    re.IGNORECASE,
)


def _role(before: str, after: str) -> str:
    clause = re.split(r"[.;]\s", before)[-1]
    following = re.split(r"[.,;]\s", after)[0]
    if _PART.search(clause[-40:]) or _PART.search(following[:60]):
        return "subset"
    if re.match(
        r"[^.;]{0,40}\b(?:to|in|received|receiving)\b[^.;]{0,30}\b(?:group|arm|placebo|control)s?\b", following
    ):
        return "arm"
    if _ALLOCATED_TO_ONE.search(following):
        return "arm"
    if re.search(r"\btotal of $", clause, re.IGNORECASE):
        return "study"
    if _STUDY.search(clause[-40:]) or re.match(
        r"[^.;,]{0,40}\b(?:were|was|have been|participated|entered|took part)\b", after
    ):
        return "study" if not re.search(r"\b(?:of|among) (?:the |these |those )?$", clause, re.IGNORECASE) else "subset"
    return "study" if re.search(r"\bof (?:the )?$", clause, re.IGNORECASE) and following != after else "subset"


def _count(text: str, match: re.Match[str]) -> Printed | None:
    try:
        printed = parse_count(text[match.start("n") : match.end("n")])
    except PrintedError:
        return None
    return printed.at(Span(*match.span("n"))) if printed.value > 1 else None
