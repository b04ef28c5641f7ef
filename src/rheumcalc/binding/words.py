"""The words of a title, a label or a sentence that say what it is about."""

from __future__ import annotations

import re


def as_words(text: str) -> frozenset[str]:
    """Return the words of a list that is written as one text."""
    return frozenset(text.split())


_WORD = re.compile(r"[^\W\d_]+|[0-9]+")
_STOP_WORDS = as_words(
    "a after all among an and any are as at by children double during end evidence for from had has have in into "
    "is it its of on or patients per randomised randomized real review study than that the their them these this "
    "those to trial versus vs was were who whom with year years month months week weeks day days"
)
#: The endings by which one word has several forms, the longer ones first.
_ENDINGS = ("ations", "ation", "ings", "ing", "ions", "ion", "ies", "ed", "es", "al", "ic", "s", "e", "y")
_SHORTEST_STEM = 4


def content_words(text: str) -> frozenset[str]:
    """Return the words of a text that say what it is about, in lower case and without their endings."""
    found = (word for word in _WORD.findall(text.lower().replace("-", " ")) if word not in _STOP_WORDS)
    return frozenset(stem(word) for word in found if len(word) > 1 or word.isdigit())


def stem(word: str) -> str:
    """Return a word without its ending, roughly: `improved` and `improvement` differ, `rashes` and `rash` do not."""
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST_STEM:
            return word[: -len(ending)]
    return word
