"""What hedged words admit: `nearly 50%`, `about a third`. A convention of this project."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from rheumcalc.numbers.printed import Bound
from rheumcalc.numbers.rounding import Interval
from rheumcalc.study.claims import ProportionClaim

#: How far below its percentage `nearly` reaches, and how far to either side `about` does, in percentage points.
#: No authority says; these are this project's convention, and the reason why the rule is a note.
_NEARLY = 5
_ABOUT = Fraction(5, 2)

_Meaning = Callable[[Fraction], Interval]


def _nearly(stated: Fraction) -> Interval:
    return Interval(stated - _NEARLY, stated, upper_closed=False)


def _about(stated: Fraction) -> Interval:
    return Interval(stated - _ABOUT, stated + _ABOUT)


def _more(stated: Fraction) -> Interval:
    return Interval(stated, None, lower_closed=False)


def _less(stated: Fraction) -> Interval:
    return Interval(None, stated, upper_closed=False)


def _at_least(stated: Fraction) -> Interval:
    return Interval(stated, None)


def _at_most(stated: Fraction) -> Interval:
    return Interval(None, stated)


#: What a hedge before a percentage admits. Words that promise nothing (`some`, `close to`) are left out.
_MEANINGS: dict[str, _Meaning] = {
    **dict.fromkeys(("nearly", "almost"), _nearly),
    **dict.fromkeys(
        ("about", "around", "approximately", "approx.", "approx", "roughly", "circa", "ca.", "~", "≈", "∼"), _about
    ),
    **dict.fromkeys(("more than", "greater than", "over", "just over"), _more),
    **dict.fromkeys(("less than", "fewer than", "lower than", "under", "just under"), _less),
    "at least": _at_least,
    **dict.fromkeys(("at most", "up to"), _at_most),
}

#: Parts of a whole in words, as percentages. By themselves they mean about as much.
_PARTS: dict[str, Fraction] = {
    **dict.fromkeys(("half", "a half", "one half"), Fraction(50)),
    **dict.fromkeys(("third", "a third", "one third"), Fraction(100, 3)),
    **dict.fromkeys(("two thirds",), Fraction(200, 3)),
    **dict.fromkeys(("quarter", "a quarter", "one quarter"), Fraction(25)),
    **dict.fromkeys(("three quarters",), Fraction(75)),
}


def admitted_by_words(claim: ProportionClaim) -> Interval | None:
    """Return the shares that a claim's words admit, in percent; None where they promise nothing."""
    words = " ".join((claim.hedge or "").lower().replace("-", " ").split())
    if claim.percent is not None:
        meaning = _MEANINGS.get(words)
        return meaning(claim.percent.value) if meaning and claim.percent.bound is Bound.EXACT else None
    if words in _PARTS:
        return _about(_PARTS[words])
    hedge = next(
        (hedge for hedge in _MEANINGS if words.startswith(hedge) and words[len(hedge) :].strip() in _PARTS), ""
    )
    return _MEANINGS[hedge](_PARTS[words[len(hedge) :].strip()]) if hedge else None
