"""The study record: what a YAML file may say, validated by pydantic.

Numbers stay as printed (`Printed`, `Reported`, `Timepoint`), each with its place in the file.
"""

from collections.abc import Callable
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, GetCoreSchemaHandler, GetJsonSchemaHandler, model_validator
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from rheumcalc.numbers.printed import Bound, Printed, PrintedError, parse_count, parse_number
from rheumcalc.numbers.rounding import RoundingMode
from rheumcalc.numbers.timepoint import Timepoint, parse_timepoint
from rheumcalc.prose.reported import Reported, parse_reported
from rheumcalc.record.yamltree import Scalar, scalar_like

_TRUE, _FALSE = {"true", "yes"}, {"false", "no"}


def _text_of(value: Any, wanted: str) -> str:
    """Return a scalar's text; `wanted` names the thing in the message where the value is not a scalar."""
    if isinstance(value, bool | float) or not isinstance(value, str | int):
        kind = "a mapping" if isinstance(value, dict) else "a list" if isinstance(value, list) else "not text"
        hint = "; put text that begins with [ or { in quotes" if isinstance(value, dict | list) else ""
        raise PydanticCustomError(
            "wrong_type", "{wanted} is expected here, not {kind}{hint}", {"kind": kind, "wanted": wanted, "hint": hint}
        )
    text = str(value)
    if not text.strip():
        raise PydanticCustomError("empty", "{wanted} is missing here", {"wanted": wanted})
    return text


def _place(value: Any) -> Scalar | None:
    return value if isinstance(value, Scalar) else None


def _refuse(error: PrintedError) -> PydanticCustomError:
    return PydanticCustomError("printed", "{reason}", {"reason": str(error)})


def _count(value: Any) -> Printed:
    try:
        printed = parse_count(_text_of(value, "a count"))
    except PrintedError as error:
        raise _refuse(error) from None
    place = _place(value)
    return printed.at(place.span) if place else printed


def _denominator(value: Any) -> Printed:
    printed = _count(value)
    if printed.value == 0:
        raise PydanticCustomError("printed", "0 is not a sample size; leave n out if it is not known")
    return printed


def _number(value: Any) -> Printed:
    try:
        printed = parse_number(_text_of(value, "a number"))
    except PrintedError as error:
        raise _refuse(error) from None
    place = _place(value)
    return printed.at(place.span) if place else printed


def _probability(value: Any) -> Printed:
    printed = _number(value)
    if not 0 <= printed.value <= 1:
        raise PydanticCustomError(
            "printed", "'{text}' is not a p-value, which lies from 0 to 1", {"text": printed.text}
        )
    return printed


def _level(value: Any) -> Printed:
    text = _text_of(value, "a confidence level")
    try:
        printed = parse_number(text.removesuffix("%"))
    except PrintedError as error:
        raise _refuse(error) from None
    if not 50 <= printed.value < 100 or printed.bound is not Bound.EXACT:
        raise PydanticCustomError("printed", "'{text}' is not a confidence level; print it as 95%", {"text": text})
    return printed


def _reported(value: Any) -> Reported:
    text = _text_of(value, "a result as printed")
    place = _place(value)
    try:
        return parse_reported(text).placed(place.span if place else None, verbatim=bool(place and place.verbatim))
    except PrintedError as error:
        raise PydanticCustomError(
            "printed", "'{text}' {reason}", {"text": _short(text), "reason": str(error)}
        ) from None


def _timepoint(value: Any) -> Timepoint:
    timepoint = parse_timepoint(_text_of(value, "a time"))
    place = _place(value)
    return timepoint.at(place.span) if place else timepoint


def _duration(value: Any) -> Timepoint:
    timepoint = _timepoint(value)
    if timepoint.amount is None:
        message = "'{text}' is not a length of time; print it as '6 months' or 'more than 6 months'"
        raise PydanticCustomError("printed", message, {"text": _short(timepoint.text)})
    return timepoint


def _flag(value: Any) -> bool:
    word = _text_of(value, "yes or no").strip().lower()
    if word not in _TRUE | _FALSE:
        raise PydanticCustomError("printed", "'{text}' is neither yes nor no", {"text": _short(word)})
    return word in _TRUE


def _line(value: Any) -> str:
    text = " ".join(_text_of(value, "text").split())
    if len(text) > 2000:
        raise PydanticCustomError("printed", "this text is longer than 2000 characters")
    return scalar_like(text, value)


def _name(value: Any) -> str:
    text = _line(value)
    if text != str(value):
        message = "'{text}' is a name, which has no spaces at its ends and no two in a row"
        raise PydanticCustomError("printed", message, {"text": _short(text)})
    if len(text) > 80 or not all(letter.isalnum() or letter in " -_.+/" for letter in text):
        message = "'{text}' is not a name: letters, digits, spaces and - _ . + / only, at most 80"
        raise PydanticCustomError("printed", message, {"text": _short(text)})
    return text


def _one_or_many(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


def slug(label: str) -> str:
    """Return the id made from a label where none is given: `Clinical improvement` is `clinical-improvement`."""
    words = "".join(letter if letter.isalnum() else " " for letter in label.lower()).split()
    return "-".join(words)[:80] or "outcome"


def _short(text: str) -> str:
    return text if len(text) <= 60 else text[:59] + "…"


class Reads:
    """An annotation: the field's value is whatever `read` makes of the scalar.

    pydantic's PlainValidator does the same but first builds a schema for the annotated type, which costs a third of
    the start-up of a `check`.
    """

    def __init__(self, read: Callable[[Any], object], *json_types: str) -> None:
        self.read = read
        self.json_types = json_types

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(self.read)

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return {"type": list(self.json_types)}


class OneOrMany:
    """An annotation for a list that may also be written as its one item."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_before_validator_function(_one_or_many, handler(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        full = handler(schema)
        return {"anyOf": [full["items"], full]}


Count = Annotated[Printed, Reads(_count, "integer", "string")]
SampleSize = Annotated[Printed, Reads(_denominator, "integer", "string")]
Number = Annotated[Printed, Reads(_number, "number", "string")]
Probability = Annotated[Printed, Reads(_probability, "number", "string")]
Level = Annotated[Printed, Reads(_level, "number", "string")]
Result = Annotated[Reported, Reads(_reported, "number", "string")]
Time = Annotated[Timepoint, Reads(_timepoint, "integer", "string")]
Duration = Annotated[Timepoint, Reads(_duration, "string")]
Flag = Annotated[bool, Reads(_flag, "boolean", "string")]
Line = Annotated[str, Reads(_line, "number", "string")]
Name = Annotated[str, Reads(_name, "number", "string")]

Provenance = Literal["primary", "secondary"]
Unit = Literal["participants", "events", "episodes", "visits", "joints", "samples"]
MissingDataRule = Literal["nri", "locf", "observed", "mi"]
Estimator = Literal["kaplan_meier", "cumulative_incidence", "weighted", "adjusted", "imputed", "model", "pooled"]
_MISSING_DATA = "How missing outcomes are counted, which decides the denominator."
AnalysisSet = Literal["randomised", "itt", "mitt", "full_analysis", "per_protocol", "safety", "completers"]


class Part(BaseModel):
    """A part of a record: nothing unknown in it, nothing changed after it is read."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


def expand_scalar(value: Any, key: str) -> Any:
    """Return a bare scalar as a mapping that holds it under `key`; anything else as it is."""
    return {key: value} if isinstance(value, str | int) else value


class Ignore(Part):
    """A rule that is not applied here, and why."""

    rule: Name = Field(description="The rule's code or name.")
    reason: Line = Field(description="Why the finding is not a mistake here. It is printed in the report.")


class Read(Part):
    """A part that says where its numbers were read."""

    source: Provenance | None = Field(
        default=None,
        description="`primary`: read in the study itself; `secondary`: as another text reports it. "
        "If left out, it is taken from the study, and is primary if the study does not say.",
    )
    where: Line | None = Field(default=None, description="Where in the text: abstract, table 2.")
    url: Line | None = Field(default=None, description="Where the text itself was found.")
    quote: Line | None = Field(default=None, description="The words of the text, short.")
    note: Line | None = Field(default=None, description="Anything a reader of the record should know.")


class Sourced(Read):
    """A part with numbers that rules are applied to."""

    ignore: tuple[Ignore, ...] = Field(
        default=(), max_length=20, description="Rules not applied here, each with its reason."
    )


class Citation(Part):
    """Which publication the record is about."""

    title: Line = Field(description="The title.")
    authors: Line | None = Field(default=None, description="The authors, as a reference list prints them.")
    journal: Line | None = Field(default=None, description="The journal, abbreviated or in full.")
    year: Count | None = Field(default=None, description="The year of publication.")
    volume: Line | None = Field(default=None, description="The volume.")
    pages: Line | None = Field(default=None, description="The pages, or the article number.")
    doi: Line | None = Field(default=None, description="The DOI, without https://doi.org/.")
    pmid: Line | None = Field(default=None, description="The PubMed number.")
    pmcid: Line | None = Field(default=None, description="The PubMed Central number.")
    url: Line | None = Field(default=None, description="Where the publication can be read.")
    key: Line | None = Field(default=None, description="The key by which drafts cite it: zhang2023, for [@zhang2023].")


class Population(Sourced):
    """A named group of participants, or an arm. A bare number is its `n`."""

    n: SampleSize | None = Field(default=None, description="Its size. If left out, it is worked out from its claims.")
    of: Name | None = Field(default=None, description="The population it is part of.")
    label: Line | None = Field(default=None, description="Who is in it, in words.")
    analysis_set: AnalysisSet | None = Field(default=None, description="Which analysis set it is, if one.")
    unit: Unit = Field(default="participants", description="What n counts.")
    missing_data_rule: MissingDataRule | None = Field(default=None, description=_MISSING_DATA)

    @model_validator(mode="before")
    @classmethod
    def _shorthand(cls, value: Any) -> Any:
        return expand_scalar(value, "n")

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return _or_scalar(schema, handler)


def _or_scalar(schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
    """Return the schema of a part that may also be written as one scalar."""
    full = handler.resolve_ref_schema(handler(schema))
    return {"anyOf": [{"type": ["integer", "number", "string"]}, full]}


class Allocation(Sourced):
    """How a population was divided into arms, or into other groups that do not overlap."""

    of: Name = Field(description="The population that was divided.")
    into: tuple[Name, ...] = Field(description="The arms or groups.", min_length=1)
    complete: Flag | None = Field(default=None, description="Whether `into` lists every arm.")
    unreported: Count | None = Field(default=None, description="How many the text itself says are in no group.")


class FlowStep(Sourced):
    """One step of the participant flow: who was there, who left and why, who was there after."""

    from_: Name = Field(alias="from", description="The population before the step.")
    to: Annotated[tuple[Name, ...], OneOrMany()] = Field(
        min_length=1, description="The population or populations after it."
    )
    lost: dict[Name, Count] = Field(default_factory=dict, description="Who left: a count for each reason.")
    joined: dict[Name, Count] = Field(
        default_factory=dict, description="Who joined at this step, a count for each reason."
    )


class Definition(Part):
    """What a response is, as far as time decides it."""

    label: Line | None = Field(default=None, description="The definition in words.")
    duration: Duration | None = Field(
        default=None, description="How long the state must have lasted: `more than 6 months`."
    )
    may_predate_baseline: Flag = Field(
        default=False,
        description="Whether the state may have begun before baseline, or is counted from an earlier visit.",
    )


class FollowUp(Part):
    """How long participants were followed."""

    median: Duration | None = Field(default=None, description="The median length of follow-up.")
    maximum: Duration | None = Field(default=None, description="The longest follow-up.")
    visits_every: Duration | None = Field(default=None, description="The interval between scheduled visits.")


class Cell(Sourced):
    """One result of a series, an arm or a category. A bare result is its `reported`."""

    reported: Result = Field(description="The result as printed.")
    estimator: Estimator | None = Field(
        default=None, description="How the percentage was made, if it is not count over denominator."
    )

    @model_validator(mode="before")
    @classmethod
    def _shorthand(cls, value: Any) -> Any:
        return expand_scalar(value, "reported")

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return _or_scalar(schema, handler)


class Mean(Part):
    """A mean as printed."""

    mean: Number = Field(description="The mean.")
    sd: Number | None = Field(default=None, description="Its standard deviation.")
    se: Number | None = Field(default=None, description="Its standard error.")
    n: SampleSize | None = Field(default=None, description="How many participants it is over.")
    scale: Line | None = Field(default=None, description="The scale's name or unit.")
    minimum: Number | None = Field(default=None, description="The lowest value the scale has.")
    maximum: Number | None = Field(default=None, description="The highest value the scale has.")
    integer: Flag = Field(default=False, description="Whether each participant's value is a whole number.")
    items: Count | None = Field(
        default=None, description="How many whole numbers are averaged into one participant's value."
    )


class Median(Part):
    """A median as printed, with its quartiles and range."""

    median: Number = Field(description="The median.")
    q1: Number | None = Field(default=None, description="The first quartile.")
    q3: Number | None = Field(default=None, description="The third quartile.")
    minimum: Number | None = Field(default=None, description="The lowest value seen.")
    maximum: Number | None = Field(default=None, description="The highest value seen.")
    n: SampleSize | None = Field(default=None, description="How many participants it is over.")
    scale: Line | None = Field(default=None, description="The scale's name or unit.")


class Rate(Part):
    """Events per person-time."""

    rate: Number = Field(description="The rate.")
    per: Line = Field(description="The person-time: 100 patient-years.")
    events: Count | None = Field(default=None, description="How many events.")
    person_time: Number | None = Field(default=None, description="The person-time, in the unit of `per`.")
    lower: Number | None = Field(default=None, description="The lower limit of its interval.")
    upper: Number | None = Field(default=None, description="The upper limit of its interval.")
    confidence_level: Level | None = Field(default=None, description="The level of the interval: 95%.")


class Effect(Part):
    """An effect measure between two arms, with its interval and test, or a p-value alone."""

    measure: (
        Literal["risk_difference", "risk_ratio", "odds_ratio", "hazard_ratio", "nnt", "rate_ratio", "mean_difference"]
        | None
    ) = Field(default=None, description="Leave it out if the text prints only a p-value.")
    estimate: Number | None = Field(default=None, description="The effect as printed.")
    arm: Name | None = Field(default=None, description="The arm or population it is about.")
    reference: Name | None = Field(default=None, description="The arm or population it is compared with.")
    lower: Number | None = Field(default=None, description="The lower limit of its interval.")
    upper: Number | None = Field(default=None, description="The upper limit of its interval.")
    confidence_level: Level | None = Field(default=None, description="The level of the interval: 95%.")
    p: Probability | None = Field(default=None, description="The p-value: 0.0003, <0.001.")
    test: Line | None = Field(default=None, description="The test the text names.")


class Outcome(Sourced):
    """What was measured, in whom, when, and the result as printed."""

    id: Name | None = Field(default=None, description="If left out, it is made from the label.")
    label: Line = Field(description="The outcome in words.")
    population: Name | None = Field(default=None, description="The population it is reported for.")
    arm: Name | None = Field(default=None, description="The arm it is reported for.")
    at: Time | None = Field(default=None, description="The timepoint: 12 months, week 24, last follow-up.")
    reported: Result | None = Field(default=None, description="The result as printed: 10/12 (83.3%), 16 (18.2%), 6.")
    series: dict[Time, Cell] = Field(default_factory=dict, description="Results at several timepoints.")
    by_arm: dict[Name, Cell] = Field(default_factory=dict, description="Results in several arms or populations.")
    categories: dict[Line, Cell] = Field(default_factory=dict, description="Results that divide the population.")
    exclusive: Flag | None = Field(default=None, description="Whether a participant is in at most one category.")
    exhaustive: Flag | None = Field(default=None, description="Whether a participant is in at least one category.")
    kind: Literal["cumulative", "prevalence"] | None = Field(
        default=None, description="`cumulative`: ever reached, so it cannot fall; `prevalence`: at that time."
    )
    unit: Unit = Field(default="participants", description="What is counted.")
    estimator: Estimator | None = Field(
        default=None, description="How the percentage was made, if it is not count over denominator."
    )
    missing_data_rule: MissingDataRule | None = Field(default=None, description=_MISSING_DATA)
    definition: Name | None = Field(default=None, description="Which of `definitions` a participant must meet.")
    subset_of: Annotated[tuple[Name, ...], OneOrMany()] = Field(
        default=(), description="Outcomes that everybody counted here also had."
    )
    at_risk: SampleSize | None = Field(default=None, description="How many could have the outcome at baseline.")
    mean: Mean | None = Field(default=None, description="A mean as the result.")
    median: Median | None = Field(default=None, description="A median as the result.")
    rate: Rate | None = Field(default=None, description="A rate per person-time as the result.")
    effects: tuple[Effect, ...] = Field(
        default=(), description="Comparisons between arms, with their intervals and p-values."
    )

    @property
    def key(self) -> str:
        """The id, or one made from the label."""
        return self.id or slug(self.label)


class Ladder(Part):
    """Outcomes that are levels of one scale, the easiest first: ACR 30, 50, 70, 90."""

    label: Line = Field(description="The scale's name.")
    levels: tuple[Name, ...] = Field(min_length=2, description="Outcome ids, the easiest level first.")


class Study(Read):
    """One study: who was in it, what happened to them, and what was reported."""

    id: Name = Field(description="The study's name in reports and drafts: zhang-2023-thalidomide-aid.")
    citation: Citation = Field(description="The publication the record is about.")
    design: Line | None = Field(default=None, description="The design, as the study calls it.")
    trial: Line | None = Field(
        default=None, description="The trial's registration (NCT00323960) or name: reports of one trial share it."
    )
    rounding: Annotated[tuple[RoundingMode, ...], OneOrMany()] = Field(
        default=(), description="How its percentages are rounded, if the text says or shows it."
    )
    missing_data_rule: MissingDataRule | None = Field(default=None, description=_MISSING_DATA)
    follow_up: FollowUp | None = Field(default=None, description="How long participants were followed.")
    populations: dict[Name, Population] = Field(
        default_factory=dict, description="Groups of participants, by the names that outcomes use for them."
    )
    arms: dict[Name, Population] = Field(default_factory=dict, description="Groups as allocated, by name.")
    allocation: tuple[Allocation, ...] = Field(
        default=(), description="How populations were divided into arms or groups."
    )
    flow: tuple[FlowStep, ...] = Field(default=(), description="The participant flow, step by step.")
    definitions: dict[Name, Definition] = Field(
        default_factory=dict, description="Response definitions, by the names that outcomes use for them."
    )
    outcomes: tuple[Outcome, ...] = Field(default=(), description="What was reported.")
    ladders: tuple[Ladder, ...] = Field(default=(), description="Outcomes that are levels of one scale.")


def record_schema() -> dict[str, Any]:
    """Return the JSON Schema of a record, for editors that complete and check YAML."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "rheumcalc study record",
        **Study.model_json_schema(by_alias=True),
    }
