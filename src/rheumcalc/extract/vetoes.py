"""What looks like a result and is none: the reasons to refuse a match of a form in prose."""

from __future__ import annotations

import re
from collections.abc import Callable

from rheumcalc.extract.words import (
    CHANGE_STEMS,
    COMPARED,
    COMPARISON_STEMS,
    DISPERSION,
    GROUPS,
    KINDS,
    NO_SHARES,
    SOLUTIONS,
)
from rheumcalc.grammar import Form, read_count, read_percentage
from rheumcalc.numbers.printed import PrintedError
from rheumcalc.tokens import Token

Veto = Callable[[re.Match[str], list[Token]], bool]


def refuses(form: Form, match: re.Match[str], tokens: list[Token]) -> bool:
    """Return whether the numbers that `match` joins do not belong together."""
    if _letter(match, match.start() - 1) == "/" and _letter(match, match.start() - 2) != ")":
        return True
    if _letter(match, match.end()) == "/" and match.group().endswith("N"):
        return True
    return any(veto(match, tokens) for veto in _VETOES.get(form.name, ()))


def _letter(match: re.Match[str], index: int) -> str:
    return match.string[index] if 0 <= index < len(match.string) else ""


def _lower(tokens: list[Token], start: int, end: int) -> set[str]:
    return {token.lower for token in tokens[max(0, start) : max(0, end)]}


def _other_share(match: re.Match[str], tokens: list[Token]) -> bool:
    """`816 children (12% loss)`, `43 nurses (14% consent rate)`: the percentage is of what its own noun names."""
    following = match.string[match.end() : match.end() + 2]
    end = match.end() + (2 if following in ("ww", "wu") else 1)
    return following[:1] in ("w", "u") and not _lower(tokens, match.end(), end).isdisjoint(NO_SHARES)


def _noun_follows(match: re.Match[str], tokens: list[Token]) -> bool:
    """`79 parents completed it (95% retention rate`: after a clause, the percentage has a noun of its own."""
    return _letter(match, match.end()) in ("w", "u")


def _no_parts(match: re.Match[str], tokens: list[Token]) -> bool:
    """Return whether two percentages do not make up a whole: `59 girls who relapsed (36%) or never responded (64%)`."""
    try:
        parts = [read_percentage(tokens[match.start(name)]).value for name in ("p", "rest")]
    except PrintedError:
        return True
    return not 99 <= sum(parts) <= 101 or 0 in parts


def _nobody_counted(match: re.Match[str], tokens: list[Token]) -> bool:
    """`12 items (40% agreement)`: shares are taken of people, or named by a word for people, or of a stated n."""
    return not ("u" in match.group() or "=" in match.group() or _letter(match, match.end()) == "u")


def _no_kind(match: re.Match[str], tokens: list[Token]) -> bool:
    """`n = 3, 10% premature`: only a word for a kind of people makes the number the size of a group."""
    return _letter(match, match.end()) != "u" and tokens[match.end()].lower not in KINDS


def _averaged(match: re.Match[str], tokens: list[Token]) -> bool:
    """`the mean decrease was 29.9% (n = 28)`: the percentage is no share of those counted."""
    return not _lower(tokens, match.start() - 8, match.start()).isdisjoint(DISPERSION)


def _at_least(match: re.Match[str], tokens: list[Token]) -> bool:
    """`with at least 1 adverse event (77%)`: the number is a criterion, not how many met it."""
    return _letter(match, match.start("k") - 1) == "h" and "u" not in match.group()


def _one_of(match: re.Match[str], tokens: list[Token]) -> bool:
    """`one of the commonest causes (12%)`: one of a kind is no count."""
    return tokens[match.start("k")].lower == "one" and "u" not in match.group()


def _no_number_of_people(match: re.Match[str], tokens: list[Token]) -> bool:
    """`40% of one repetition maximum`, `60% of the two groups`: the number is no denominator."""
    place = match.start("n")
    return tokens[place].lower == "one" or not _lower(tokens, place + 1, place + 3).isdisjoint(COMPARED)


def _own_clause(match: re.Match[str], tokens: list[Token]) -> bool:
    """`between two formulas (17% had soft stools`: the percentage begins a clause, or a comparison, of its own."""
    after = match.string[match.end() : match.end() + 4]
    return after.startswith("v") or bool(re.match(r",?[&r]?h?P", after))


def _begins_list(match: re.Match[str], tokens: list[Token]) -> bool:
    """`in 120 patients, 24%, 12% and 5% had`: the number is whom the percentages are of."""
    before = _letter(match, match.start() - 1)
    return before in ("o", "g") or _letter(match, match.end()) in ("P", "&", "N", "h")


def _per_time(match: re.Match[str], tokens: list[Token]) -> bool:
    """`12/100 person-years (12%)`: a rate, of time."""
    return any("year" in token.lower for token in tokens[match.start() : match.end()])


def _has_percentage(match: re.Match[str], tokens: list[Token]) -> bool:
    """`74%, 70/94; 69%, 63/91`: the fraction has a percentage already."""
    return "(" not in match.group() and match.string[: match.start()].endswith("P,")


def _group_size(match: re.Match[str], tokens: list[Token]) -> bool:
    """`38% of the placebo group (n = 60)`: the number is the size of the group."""
    end = match.start() + match.group().rindex("=")
    return not _lower(tokens, max(match.start(), end - 4), end).isdisjoint(GROUPS)


def _criterion(match: re.Match[str], tokens: list[Token]) -> bool:
    """`completed ≥70% of sessions (n = 11)`: the percentage is a criterion."""
    return tokens[match.start("p")].text[0] in "<>≤≥⩽⩾" and "(" in match.group() and match.group()[1:2] != "("


def _solution(match: re.Match[str], tokens: list[Token]) -> bool:
    """`saline 0.9% (n = 12)`: the percentage is a strength."""
    return not _lower(tokens, match.start() - 1, match.end()).isdisjoint(SOLUTIONS)


def _inside_phrase(match: re.Match[str], tokens: list[Token]) -> bool:
    """`vendors of 59 shops reported high uptake (98%)`: the number counts something inside another phrase."""
    return "v" in match.group() and _letter(match, match.start() - 1) in ("o", "g")


def _groups_counted(match: re.Match[str], tokens: list[Token]) -> bool:
    """`between the two groups (2.3%)`: the number counts groups, not people in them."""
    bracket = match.string.find("(", match.start("k"), match.end())
    return not _lower(tokens, match.start("k") + 1, bracket).isdisjoint(COMPARED)


def _of_which(match: re.Match[str], tokens: list[Token]) -> bool:
    """`164 samples of which 75 (46%)`: the second number is the count."""
    return any(
        token.letter == "o" and token.lower.endswith(("which", "whom")) for token in tokens[slice(*match.span())]
    )


def _dispersion(match: re.Match[str], tokens: list[Token]) -> bool:
    """`a mean of 73% (12)`, `17% (4) reduction`: the number in brackets is no count."""
    words = _lower(tokens, match.start() - 12, match.end() + 2)
    return not words.isdisjoint(DISPERSION) or not words.isdisjoint(NO_SHARES)


def _odd_fraction(match: re.Match[str], tokens: list[Token]) -> bool:
    """Return whether two numbers are joined for another reason: allocation, dates, scales, groups of a size."""
    count, denominator = tokens[match.start("k")], tokens[match.start("n")]
    between = match.string[match.end("k") : match.start("n")]
    if between[0] not in "/o" and "u" not in between:  # `two groups of 12`
        return True
    both_in_digits = count.text.isdigit() and denominator.text.isdigit()
    if "/" in between and not both_in_digits:
        return True
    if count.lower == "one" and not denominator.text.isdigit():  # `one of three arms`
        return True
    try:
        k, n = (int(read_count(token).value) for token in (count, denominator))
    except PrintedError:
        return True
    return k > n or ("/" in between and not 4 < n < 1900)


#: Words beside which two numbers with a stroke between them are a reading, a grade, a dose or a date.
_READINGS = frozenset(
    [
        *("acuity", "allele", "alleles", "apgar", "bcva", "bp", "diastolic", "dilution", "dilutions", "ecog", "gcs"),
        *("genotype", "haplotype", "haplotypes", "hla", "kps", "mmhg", "nrs", "nyha", "points", "pressure", "ratio"),
        *("ratios", "scale", "scored", "systolic", "tanner", "va", "vas", "vision", "visual"),
    ]
)
#: Those of them that may follow the numbers: `20/40 vision`, but not `20/79 scored above the cut-off`.
_MEASURED = frozenset({"acuity", "mmhg", "points", "ratio", "scale", "vision"})
#: What may stand between such a word and the numbers: `an acuity of 20/40`.
_LINKING = frozenset({"of", "was", "is", "were", "are", "a", "an", "the", "=", ":", "to", "or", "worse", "better"})


def _reading(match: re.Match[str], tokens: list[Token]) -> bool:
    """`20/40 vision or better (41%)`, `Tanner 4/5 (35%)`, `since 3/2019 (12%)`: the fraction counts nobody."""
    between = match.string[match.end("k") : match.start("n")]
    if between != "/":
        return False
    if not _MEASURED.isdisjoint(_lower(tokens, match.start("n") + 1, match.start("n") + 3)):
        return True
    place = match.start("k") - 1
    while place >= 0 and tokens[place].lower in _LINKING:
        place -= 1
    if place >= 0 and tokens[place].lower in _READINGS:
        return True
    month, year = tokens[match.start("k")].text, tokens[match.start("n")].text
    return len(year) == 4 and year.startswith(("19", "20")) and month.isdigit() and 0 < int(month) <= 12


def _another_percentage(match: re.Match[str], tokens: list[Token]) -> bool:
    """`from 18/30 to 12/30 (33% relative reduction)`, `54/60 (75% in 2019)`: the percentage is of something else."""
    bracket = match.string[match.end() : match.end() + 2].partition(")")[0]
    following = tokens[match.end() : match.end() + len(bracket)]
    if any(token.lower.startswith((*CHANGE_STEMS, *COMPARISON_STEMS)) for token in following if token.letter in "wv"):
        return True
    words = [token.lower for token in following]
    return bool(words) and words[0] in ("relative", "absolute", "power", "efficacy", "in")


def _threshold(match: re.Match[str], tokens: list[Token]) -> bool:
    """`9 of 30 (≥50% reduction)`, `15/20 (>90% adherence)`: a bound is a share where it is near none or near all."""
    text = tokens[match.start("p")].text
    if text[0] not in "<>≤≥⩽⩾":
        return False
    try:
        value = read_percentage(tokens[match.start("p")]).value
    except PrintedError:
        return True
    near_an_end = value <= 5 if text[0] in "<≤⩽" else value >= 95
    return not near_an_end or _letter(match, match.end()) in ("w", "u")


def _another_fraction(match: re.Match[str], tokens: list[Token]) -> bool:
    """`21% in one arm and 70% in the other (44/211 and 259/367)`: the bracket is shared out over both."""
    return re.match(r"[^)]{0,20}N/N", match.string[match.end() :]) is not None


_PLANNED = frozenset(
    {"planned", "scheduled", "prescribed", "required", "recommended", "expected", "intended", "target"}
)


def _planned(match: re.Match[str], tokens: list[Token]) -> bool:
    """`70% of the 48 planned sessions`: how much is asked for, and not how much was reached."""
    return not _PLANNED.isdisjoint(_lower(tokens, match.start("n") + 1, match.start("n") + 3))


def _worked_out(match: re.Match[str], tokens: list[Token]) -> bool:
    """`25% of 13 = 3.25`: the text multiplies, and counts nobody."""
    return tokens[match.end()].lower == "=" if match.end() < len(tokens) else False


_COUNT_FIRST = (_other_share, _own_clause, _groups_counted, _at_least, _threshold)
_VETOES: dict[str, tuple[Veto, ...]] = {
    "fraction-percentage": (_per_time, _reading, _another_percentage, _threshold),
    "count-out-percentage": (_of_which, _another_percentage, _threshold),
    "percentage-fraction": (_another_fraction, _reading),
    "percentage-fraction-joined": (_reading,),
    "count-percentage-appended": (_begins_list,),
    "fraction-percentage-joined": (_has_percentage, _reading),
    "fraction-words-percentage": (_has_percentage, _reading, _another_percentage, _threshold),
    "size-parts": (_no_parts,),
    "size-share": (_other_share, _nobody_counted),
    "size-share-joined": (_other_share, _no_kind),
    "percentage-labelled-count": (_group_size, _solution, _averaged, _criterion),
    "percentage-of": (_no_number_of_people, _worked_out, _planned),
    "count-percentage": _COUNT_FIRST,
    "count-percentage-enclosed": _COUNT_FIRST,
    "count-of-percentage": (*_COUNT_FIRST, _one_of, _of_which),
    "count-clause-percentage": (*_COUNT_FIRST, _noun_follows, _inside_phrase),
    "percentage-enclosed-count": (_dispersion, _solution),
    "fraction": (_of_which, _odd_fraction, _reading),
}
