"""What a printed percentage may honestly be besides count over denominator: the closed set of reasons for doubt."""

from __future__ import annotations

from enum import StrEnum


class Doubt(StrEnum):
    """A reason, in words that complete `this may be`."""

    KAPLAN_MEIER = "a Kaplan-Meier estimate"
    CUMULATIVE_INCIDENCE = "a cumulative incidence"
    WEIGHTED = "a weighted percentage"
    ADJUSTED = "an adjusted percentage"
    IMPUTED = "an imputed percentage"
    MODELLED = "an estimate from a model"
    POOLED = "a pooled percentage"
    AVERAGE = "an average of percentages"
    WITH_INTERVAL = "an estimate, with its interval"
    ROUND_NUMBERS = "a fraction in round numbers"
    SCORE = "a grade or a score"
    LEVEL = "the share of a level"
    CHANGE = "a change"
    MANNER_OF_SPEAKING = "a manner of speaking"
    FULL_SCORE = "a full score"
    EYE_CHART = "a reading of an eye chart"
    NAME = "a name with two numbers"
    TITRE = "a titre"
    YEARS = "a span of years"
    GROUP_SIZE = "of a group of that size"
    REFERENCE = "a percentage with the number of a reference"
    OTHER_BASE = "a percentage of something else that its row or its note names"
    OF_THE_OTHERS = "a percentage of those who are not counted"
    ROW_SHARE = "a percentage along the row"
    OTHER_MEANING = "what a footnote says of these numbers"
    OF_BOTH = "of both numbers together, as most in its table are"
