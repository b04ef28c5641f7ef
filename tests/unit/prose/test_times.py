"""Times of results and durations of definitions, in prose."""

from __future__ import annotations

import pytest

from rheumcalc.prose.definitions import Definition, response_definitions
from rheumcalc.prose.text import read_text
from rheumcalc.prose.times import result_times


def times_in(text: str) -> list[str | None]:
    """Return the time of each result of a text, as amount and unit, or its words where it has no amount."""
    reading = read_text(text)
    mentions = reading.mentions
    times = result_times(reading.tokens, mentions)
    found: list[str | None] = []
    for index in range(len(mentions)):
        time = times.get(index)
        found.append(time and (f"{time.amount} {time.unit}" if time.unit else time.text))
    return found


def definitions_in(text: str) -> list[Definition]:
    """Return the definitions of a text."""
    return response_definitions(read_text(text).tokens)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Sixteen (18.2%), 42(47.7%) and 37(42.0%) patients responded after 6, 9 and 12 months respectively.",
            ["6 month", "9 month", "12 month"],
        ),
        ("16 (18%) at 6 months, 42 (48%) at 9 months and 37 (42%) at a year.", ["6 month", "9 month", None]),
        ("16 (18%) and 37 (42%) responded at 6 months and 1 year, respectively.", ["6 month", "1 year"]),
        ("At weeks 12 and 24, 16 (18%) and 37 (42%) responded.", ["12 week", "24 week"]),
        ("At 6 months 16 (18%), at 9 months 42 (48%) and at 12 months 37 (42%).", ["6 month", "9 month", "12 month"]),
        ("Twenty (40%) improved and 5 (10%) were well at week 24.", [None, "24 week"]),
        ("At 12 months, 20 (40%) responded and 5 (10%) were well.", ["12 month", "12 month"]),
        ("At week 12, 16 (18%) responded, compared with 42 (48%) at week 24.", ["12 week", "24 week"]),
        ("In all, 44 (50%) patients responded at the last follow up.", ["last follow up"]),
        ("In all, 44 (50%) of the patients responded at the most recent visit.", ["most recent visit"]),
        ("Complete response at 12 months was seen in 42 (48%).", ["12 month"]),
        ("Ten (20%) were well at the 12-month visit.", ["12 month"]),
        ("Ten (20%) were well after 6 months of treatment.", ["6 month"]),
        ("Ten (20%) were well at 6 months after randomisation.", ["6 month"]),
        ("At baseline, 20 (40%) had fever.", ["0 day"]),
        ("Ten (20%) were well after twenty-four weeks.", ["24 week"]),
        ("Ten (20%) improved; at 12 months 20 (40%) had.", [None, "12 month"]),
        ("Ten (20%) improved, while at 12 months 20 (40%) had.", [None, "12 month"]),
        ("Ten (20%) improved, whereas response at week 52 was seen in 20 (40%).", [None, "52 week"]),
        ("Of them, 10 (20%) died and the rate at 12 months was 6% (95% CI 3% to 9%).", [None, "12 month"]),
        ("Rates were 12% (95% CI 8% to 16%) at 12 months.", ["12 month"]),
        ("Ten (20%) were well at the end of therapy.", ["end of therapy"]),
        ("Ten (20%) were well at the final study visit.", ["final study visit"]),
    ],
)
def test_times_of_results(text: str, expected: list[str | None]) -> None:
    """A result has the time that its own sentence gives it."""
    assert expected == times_in(text)


@pytest.mark.parametrize(
    "text",
    [
        "Five (10%) and 7 (14%) were well at 6, 9 and 12 months.",
        "Ten (20%) relapsed at 6 months after stopping.",
        "Ten (20%) were well after 6 months of remission.",
        "Ten (20%) fell ill at 6 years of age.",
        "Ten (20%) were seen for 6 months.",
        "Ten (20%) were seen within 6 months.",
        "Ten (20%) were well at 6-12 months.",
        "Ten (20%) were well at 6 to 12 months.",
        "Ten (20%) were well at 6 ± 2 months.",
        "Ten (20%) were well after at least 6 months.",
        "Ten (20%) were well at 6 months post-treatment.",
        "Ten (20%) were well after a median of 6 months.",
        "Of the 40 in remission at 12 months, 10 (25%) relapsed.",
        "Ten (20%) patients with calcinosis at 6 months improved.",
        "Ten (20%) had had fever at baseline.",
        "Ten (20%) responded, after 6 months, and 5 (10%) died.",
        "Ten (20%) responded. All were seen at 6 months.",
        "Ten (20%) were well at 6 weeks, 9 and 12 months.",
        "Ten (20%) were well, suggesting a change after 6 months.",
        "Ten (20%) were seen on admission as well as at 6 months.",
        "The rest were assessed at 32 weeks pregnant (61.7%).",
        "",
    ],
)
def test_no_time_rather_than_a_wrong_one(text: str) -> None:
    """A time that may be of something else is nobody's."""
    assert set(times_in(text)) <= {None}


@pytest.mark.parametrize(
    ("text", "cut"),
    [
        ("Ten (20%) were well at week 24.", "week 24"),
        ("Ten (20%) were well at the last follow-up.", "last follow-up"),
        ("Ten (20%) and 9 (18%) were well at 6 and 12 months.", "6"),
        ("At months 6 and 12, 10 (20%) and 9 (18%) were well.", "months 6"),
    ],
)
def test_the_span_of_a_time_is_its_words(text: str, cut: str) -> None:
    """Every span, cut from its text, gives the printed words; in a row that is the number alone."""
    text = "Before it. " + text
    reading = read_text(text)
    time = result_times(reading.tokens, reading.mentions)[0]
    assert time.span is not None
    assert cut == text[slice(*time.span)]


@pytest.mark.parametrize(
    ("text", "duration", "strict"),
    [
        ("Response is defined as more than 6 months of inactive disease.", "more than 6 months", True),
        ("Remission was defined as inactive disease for at least 6 months.", "at least 6 months", False),
        ("Complete response (CR) was defined as no active disease sustained for > 12 weeks.", "> 12 weeks", True),
        ("Remission was defined by inactive disease for ≥ 6 months.", "≥ 6 months", False),
        ("Remission was defined as inactive disease lasting 6 months.", "6 months", False),
        ("We sought remission (inactive disease for at least 6 months).", "at least 6 months", False),
        ("We sought remission, i.e. inactive disease for 6 months.", "6 months", False),
        ("Remission required 6 consecutive months of inactive disease.", "6 consecutive months", False),
        (
            "Flares were treated. Remission was defined as inactive disease for more than six months.",
            "more than six months",
            True,
        ),
    ],
)
def test_durations_that_definitions_demand(text: str, duration: str, *, strict: bool) -> None:
    """A definition of response gives the duration it demands, with the words around it."""
    (definition,) = definitions_in(text)
    assert (duration, strict) == (definition.duration.text, definition.duration.strict)
    assert definition.duration.span is not None
    assert duration == text[slice(*definition.duration.span)]
    assert duration in text[slice(*definition.span)]


@pytest.mark.parametrize(
    "text",
    [
        "Ten patients had inactive disease for at least 6 months.",
        "Ten patients were in remission (inactive disease for 9 months).",
        "Flare was defined as active disease for 6 months.",
        "Loss of response was defined as absence of remission for 6 months.",
        "Time to response was defined as inactive disease for 6 months.",
        "Refractory disease was defined as no response for 6 months.",
        "Remission was defined as inactive disease for less than 6 months.",
        "Remission was defined as inactive disease within 6 months.",
        "Response was defined as improvement after treatment for at least 6 months.",
        "Remission was defined as inactive disease. It was treated for 6 months.",
        "Remission was defined as inactive disease. It lasted at least 6 months.",
        "Remission was seen in children with disease that was defined as inactive for 6 months.",
        "",
    ],
)
def test_no_definition(text: str) -> None:
    """Results, other states and other durations define no response."""
    assert definitions_in(text) == []


@pytest.mark.parametrize(
    "bait",
    [
        "(",
        "at 6, ",
        "at 6 months ",
        "6 months and ",
        "defined as ",
        "remission (",
        "one hundred ",
        "5% ",
        "for ",
        "1,",
        "remission" + " " * 100 + "(one day",
    ],
)
def test_text_made_to_be_slow_is_read(bait: str) -> None:
    """A long run of anything that begins a pattern is read to its end."""
    text = f"5 (10%) {bait * 20_000} 5 (10%) remission was defined as {bait * 2_000}"
    reading = read_text(text)
    times = result_times(reading.tokens, reading.mentions)
    assert set(times) <= {*range(len(reading.mentions))}
    assert isinstance(response_definitions(reading.tokens), list)
