"""Percentages that stand alone: which are proportions of people, events or units.

A percentage without count or denominator says what it is by its neighbours. The nearest words decide; where they do
not, the walk goes left to the next word that does, or to a percentage already decided, whose kind it inherits.
"""

from __future__ import annotations

import re

from rheumcalc.extract.words import (
    CHANGE_STEMS,
    COMPARISON_STEMS,
    EVENTS,
    GROUPS,
    KINDS,
    MEASURES_IN_PERCENT,
    NO_SHARES,
    NO_UNITS,
    PEOPLE,
    PLANS,
    RATES,
    SHARES,
    SOLUTIONS,
    WHOLES,
)
from rheumcalc.tokens import Token

#: The signs with which a bound begins.
_BOUNDS = "<>≤≥⩽⩾"
#: How far a word may stand from the percentage it explains, in tokens.
_REACH = 30

_LINKED = re.compile(r"P(?:(?:\([^()P]{1,12}\))?(?:,?[&r]?|/)w{0,2}h?P)+")


def proportions(tokens: list[Token], letters: str) -> list[int]:
    """Return the indices of the percentages that are proportions.

    `letters` are those of `tokens`, with `#` for the tokens of results found before.
    """
    words = [token.lower for token in tokens]
    verdicts: dict[int, bool] = {}
    if "P" not in letters:
        return []
    sentence = " ".join(words)
    if any(plan in sentence for plan in PLANS):
        return []
    for run in _runs(letters):
        local = [_local(words, letters, index) for index in run]
        said = [verdict for verdict in local if verdict is not None]
        verdict = said[0] if said else _nearest(words, letters, run[0], verdicts)
        for index, own in zip(run, local, strict=True):
            verdicts[index] = verdict if own is None else own
    return [index for index, verdict in verdicts.items() if verdict]


def _runs(letters: str) -> list[list[int]]:
    """Return the percentages of a sentence, those that one row joins together: `5%, 4% and 3% of patients`."""
    runs: list[list[int]] = []
    end = -1
    for match in re.finditer(r"P", letters):
        index = match.start()
        if runs and index < end:
            runs[-1].append(index)
            continue
        linked = _LINKED.match(letters, index)
        end = linked.end() if linked else -1
        runs.append([index])
    return runs


def _local(words: list[str], letters: str, index: int) -> bool | None:
    """Return what the immediate neighbours of a percentage say, or None where they say nothing."""
    for rule in _LOCAL:
        verdict = rule(words, letters, index)
        if verdict is not None:
            return verdict
    return None


def _before(letters: str, index: int) -> tuple[int, bool]:
    """Return the place of the word before a percentage and its hedge, and whether a bracket opens between them."""
    left = index - 1 - (letters[index - 1 : index] == "h")
    bracketed = left >= 0 and letters[left] == "("
    return left - bracketed, bracketed


def _following(words: list[str], letters: str, index: int) -> list[str]:
    """Return the words of the noun phrase after a percentage, over a bracket that closes."""
    aside = re.match(r"\([^()]{1,12}\)|\)", letters[index + 1 : index + 16])
    start = index + 1 + (aside.end() if aside else 0)
    end = start
    while end < min(len(letters), start + 4) and letters[end] in "wu":
        end += 1
    return words[start:end]


def _is_change(word: str) -> bool:
    return word.startswith(CHANGE_STEMS)


def _of(words: list[str], letters: str, index: int) -> bool | None:
    """`12% of …`: yes where people or units follow."""
    if letters[index + 1 : index + 2] != "o":
        return None
    if words[index + 1].endswith(("whom", "these", "those", "which")):
        return True
    start = index + 2
    phrase = []
    for place in range(start, min(len(words), start + 6)):
        if letters[place] not in "wugNDh&":
            break
        phrase.append(words[place])
    if not phrase:
        return letters[start : start + 1] in ("N", "D")
    if phrase[0] == "any" or "baseline" in phrase:
        return False
    for word in phrase[:5]:
        if (word in PEOPLE and word != "patient") or word in WHOLES:
            return True
        if word in MEASURES_IN_PERCENT or _is_change(word):
            return False
    if any(_is_plural(word) for word in phrase[:5]):
        return True
    # `completed at least 75% of the programme` is a criterion
    return False if letters[index - 1 : index] == "h" or words[index][0] in _BOUNDS else None


def _is_plural(word: str) -> bool:
    return word.endswith("s") and not word.endswith(("ss", "us", "is")) and word not in NO_UNITS


def _noun_after(words: list[str], letters: str, index: int) -> bool | None:
    """`20% improvement`, `5% shorter`, `0.5% bupivacaine`: no; `18% women`: yes."""
    following = _following(words, letters, index)
    if not SOLUTIONS.isdisjoint(following[:3]):
        # `39% drug vs 38% saline` compares arms
        return None if index and words[index - 1] in _VERSUS else False
    if letters[index + 1 : index + 2] == ")":
        return None
    if letters[index + 1 : index + 2] == "h" and words[index + 1].endswith("than"):
        return False
    if letters[index + 1 : index + 3] == "rw" and words[index + 2].startswith(COMPARISON_STEMS):
        return False
    for place, word in enumerate(following[:3]):
        if word in PEOPLE:
            return True
        if _is_change(word) or word.startswith(COMPARISON_STEMS) or word in NO_SHARES or word in MEASURES_IN_PERCENT:
            return False if place < 2 else None
    left, bracketed = _before(letters, index)
    if (
        not bracketed
        and following
        and left >= 0
        and (words[left] in _WITH or letters[left] in "vgw")
        and words[left] not in _BE
    ):
        return any(word in SHARES or word in KINDS for word in following)
    return None


def _verb_after(words: list[str], letters: str, index: int) -> bool | None:
    """`17% had soft stools`: the percentage is a subject, and people and things counted are what acts."""
    aside = re.match(r"\([^()]{1,12}\)", letters[index + 1 : index + 16])
    if aside and letters[index + 1 + aside.end() : index + 2 + aside.end()] == "v":
        return True
    if letters[index + 1 : index + 2] == "v" and not _is_change(words[index + 1]):
        return True
    return True if words[index + 1 : index + 2] in (["who"], ["whose"]) else None


def _quantity_beside(words: list[str], letters: str, index: int) -> bool | None:
    """`6 minutes (31%)`, `16% (206 kcal)`: the percentage says the same as a measurement."""
    left, bracketed = _before(letters, index)
    if bracketed and left >= 0 and letters[left] == "D" and re.search(r"[a-zµ°]$", words[left]):
        if _FRACTION.search(words[left]):
            return True
        if not _TIME.search(words[left]):
            return False
    if not {"sd", "se", "sem"}.isdisjoint(words[index + 1 : index + 3]):
        return False
    if letters[index + 1 : index + 3] == "(D" and re.search(r"[a-zµ]", words[index + 2]):
        return False
    return None


_ABOVE_HUNDRED = re.compile(r"[^0-9]*(?!100(?![0-9])(?:[.,·]0+)?)[0-9]{3}")
_FRACTION = re.compile(r"(?:third|quarter|half|halve|fourth|fifth|sixth|tenth)s?$")
_TIME = re.compile(r"(?:week|month|year)s?$")


def _criterion(words: list[str], letters: str, index: int) -> bool | None:
    """`75% (PASI 75)`, `pain relief (≥50%)`: the percentage is a criterion, met by a share that is said elsewhere."""
    left, _ = _before(letters, index)
    before = words[left] if left >= 0 else ""
    number = re.sub(r"[^0-9]", "", words[index])
    if _ABOVE_HUNDRED.match(words[index]):
        return False
    if letters[index + 1 : index + 3] == "(w" and words[index + 2].endswith(number):
        return False
    if words[index][0] == "=" and not {"r", "r2", "r²", "n"}.isdisjoint(words[max(0, left - 2) : left + 1]):
        return False
    if before in ("rheumatology", "hba1c", "acr", "above", "below", "exceeding", "beyond") or (
        before == number and letters[left] == "D"
    ):
        return False
    is_bound = words[index][0] in _BOUNDS
    if is_bound and any(_is_change(word) for word in words[max(0, left - 4) : left + 1]):
        return False
    if is_bound and left >= 0 and letters[left] == "w" and before not in SHARES:
        return False  # `a refill ratio ≥80%`
    if is_bound and (letters[index + 1 : index + 2] in ("", ")", ",", "(") or before in MEASURES_IN_PERCENT):
        return False
    if (is_bound or letters[index - 1 : index] == "h") and before == "in" and left > 1 and words[left - 2] in EVENTS:
        return False
    return None


def _measure_before(words: list[str], letters: str, index: int) -> bool | None:
    """`a difference of 5%`, `reduced by 7%`, `saline 0.9%`: no; `women (67%)`: yes."""
    left, bracketed = _before(letters, index)
    if left < 0:
        return None
    before = words[left]
    if before in SOLUTIONS:
        return False
    if bracketed:
        return True if before in PEOPLE else None
    if before == "of" and words[left - 1] == "total":
        return not any(_is_change(word) for word in words[max(0, left - 6) : left])
    if before == "by" and any(
        _is_change(word) or word.startswith(COMPARISON_STEMS) for word in words[max(0, left - 12) : left]
    ):
        return False
    earlier = words[max(0, left - 3) : left]
    if not RATES.isdisjoint(earlier):
        return None
    if before in _LINKS and any(word in MEASURES_IN_PERCENT or word.startswith(COMPARISON_STEMS) for word in earlier):
        return False
    return False if before in _LINKS and any(_is_change(word) for word in earlier) and "to" not in before else None


_PARTS = frozenset(["percent", "percentage", "percentages", "proportion", "proportions"])
_AVERAGES = frozenset(["mean", "median", "average", "averaged"])
_AVERAGE_REACH = 3
#: A percentage with the people that it is of: `45% in the males`.
_ROW = re.compile(r"Pg[wg]{0,2}u\Z")
_ROW_REACH = 6
_VERSUS = frozenset(["vs", "vs.", "versus", "v.", "v"])
_BE = frozenset(["is", "are", "was", "were", "be", "been", "had", "has", "have"])
_WITH = frozenset(["with", "of", "plus", "using", "containing", "either", "or", "in", "at", "to", "receive"])
_LINKS = frozenset(["of", "at", "a", "an", "the", "was", "by", "is", "were", "assigned", "about", "using"])
_LOCAL = (_of, _noun_after, _criterion, _quantity_beside, _measure_before, _verb_after)


def _nearest(words: list[str], letters: str, index: int, verdicts: dict[int, bool]) -> bool:
    """Return what the nearest telling word to the left says, or the percentage before, or the words to the right."""
    place = index
    while (place := place - 1) > max(-1, index - _REACH):
        if letters[place] == ")":
            place = _over_bracket(letters, place, verdicts)
        if place in verdicts and words[place][0] in _BOUNDS and words[index][0] in _BOUNDS:
            return verdicts[place]  # a row of bounds goes on as it began
        said = _says(words, letters, place, verdicts)
        if said is not None:
            # `45% in males and 42% in females`: the people are those of the percentage before, and say no more of this.
            row = _ROW.search(letters[max(0, place - _ROW_REACH) : place + 1]) if letters[place] == "u" else None
            earlier = place + 1 - len(row[0]) if row else -1
            return verdicts.get(earlier, said)
    place = index
    while (place := place + 1) < min(len(words), index + 14):
        if letters[place] == "(":
            closing = letters.find(")", place, place + 8)
            if closing < 0 or "P" not in letters[place:closing]:
                break
            place = closing
        said = _says(words, letters, place, {})
        if said is not None:
            return said
    left, bracketed = _before(letters, index)
    if bracketed:
        return (left >= 0 and words[left] in GROUPS) or _compares(words)
    return letters[index + 1 : index + 2] == "g" and words[index + 1] in ("in", "among", "for")


def _compares(words: list[str]) -> bool:
    """Return whether a sentence compares groups or counts people, and measures nothing."""
    return any(word in GROUPS or word in PEOPLE for word in words) and not any(
        word in MEASURES_IN_PERCENT or _is_change(word) for word in words
    )


def _over_bracket(letters: str, place: int, verdicts: dict[int, bool]) -> int:
    """Return where the bracket that closes at `place` opens, if it holds no percentage that was decided."""
    for opening in range(place - 1, max(-1, place - _REACH), -1):
        if opening in verdicts or letters[opening] in "#)":
            break
        if letters[opening] == "(":
            return opening
    return place


def _says(words: list[str], letters: str, place: int, verdicts: dict[int, bool]) -> bool | None:
    word = words[place]
    if letters[place] == "P" and word[0] in _BOUNDS:
        return True  # a criterion: what follows is the share that meets it
    if place in verdicts:
        return verdicts[place]
    if letters[place] == "#":
        return True if word.endswith("%") else None
    if letters[place] == "D":
        is_criterion = word[0] in _BOUNDS and words[place - 1 : place] not in (["p"], ["p-value"], ["="])
        return True if is_criterion and place > 0 else None
    if _is_change(word):
        return not RATES.isdisjoint(words[max(0, place - 12) : place])
    if word in MEASURES_IN_PERCENT and words[place - 1 : place] != ["birth"]:
        signs = (words[near][0] for near in range(max(0, place - 5), place) if letters[near] in "PD")
        return any(sign in _BOUNDS for sign in signs)
    if word in SHARES:
        # `the median proportion of days`: an average over people, and no share of them
        return word not in _PARTS or _AVERAGES.isdisjoint(words[max(0, place - _AVERAGE_REACH) : place])
    return True if word in PEOPLE and not word.startswith("control") else None
