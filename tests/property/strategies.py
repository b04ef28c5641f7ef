"""Honest authors: records in which every number is what its study counted, printed under one mode."""

from __future__ import annotations

import json
from dataclasses import dataclass
from fractions import Fraction

from hypothesis import strategies as st

from rheumcalc.numbers.rounding import NEAREST, RoundingMode, printed_decimal, round_exact

modes = st.sampled_from(sorted(NEAREST))
all_modes = st.sampled_from(sorted(RoundingMode))
decimals = st.integers(0, 3)
denominators = st.one_of(st.integers(1, 400), st.integers(1, 10**9))
exact_values = st.fractions(min_value=-1000, max_value=1000, max_denominator=10**6)


@st.composite
def counts_and_denominators(draw: st.DrawFn) -> tuple[int, int]:
    """A count of participants and a denominator that holds it."""
    denominator = draw(denominators)
    return draw(st.integers(0, denominator)), denominator


def percent_text(count: int, denominator: int, digits: int, mode: RoundingMode) -> str:
    """Return what an author prints for a percentage."""
    return printed_decimal(round_exact(Fraction(100 * count, denominator), digits, mode), digits)


@dataclass(frozen=True)
class Honest:
    """A record's text without head, its outcomes one by one, and the mode its author rounds by."""

    before: str
    outcomes: tuple[str, ...]
    mode: RoundingMode

    def text(self, order: tuple[int, ...] | None = None) -> str:
        """Return the record with its outcomes in an order."""
        indices = range(len(self.outcomes)) if order is None else order
        return self.before + "outcomes:\n" + "".join(self.outcomes[index] for index in indices)


@st.composite
def _outcome(draw: st.DrawFn, number: int, group: str, n: int, mode: RoundingMode) -> str:
    """One honest outcome of a group of n: any of the forms in which one can be printed."""
    digits = draw(st.integers(0, 2))

    def result(count: int) -> str:
        percent = percent_text(count, n, digits, mode)
        forms = [f"{count}/{n} ({percent}%)", f"{count} ({percent}%)", f"{percent}%", f"{percent}% ({count}/{n})",
                 f"{count} of {n}", f"{count} ({percent})", f"{count}/{n}, {percent} %"]  # fmt: skip
        return json.dumps(draw(st.sampled_from(forms)))

    head = f"  - id: outcome-{number}\n    label: Outcome {number}\n    {group}\n"
    match draw(st.sampled_from(["single", "cumulative", "prevalence", "categories", "partition"])):
        case "single":
            return head + f"    reported: {result(draw(st.integers(0, n)))}\n"
        case "cumulative":
            counts = sorted(draw(st.lists(st.integers(0, n), min_size=2, max_size=4)))
            cells = "".join(f"      {6 * (i + 1)} months: {result(count)}\n" for i, count in enumerate(counts))
            return head + "    kind: cumulative\n    series:\n" + cells
        case "prevalence":
            counts = draw(st.lists(st.integers(0, n), min_size=2, max_size=4))
            cells = "".join(f"      week {12 * (i + 1)}: {result(count)}\n" for i, count in enumerate(counts))
            return head + "    kind: prevalence\n    series:\n" + cells
        case "categories":
            counts = draw(st.lists(st.integers(0, n), min_size=1, max_size=4))
            cells = "".join(f"      answer {i}: {result(count)}\n" for i, count in enumerate(counts))
            return head + "    exclusive: no\n    categories:\n" + cells
        case _:
            cuts = sorted(draw(st.lists(st.integers(0, n), min_size=1, max_size=4)))
            parts = [high - low for low, high in zip([0, *cuts], [*cuts, n], strict=True)]
            cells = "".join(f"      part {i}: {result(count)}\n" for i, count in enumerate(parts))
            return head + "    exclusive: yes\n    exhaustive: yes\n    categories:\n" + cells


@st.composite
def honest_records(draw: st.DrawFn, mode: st.SearchStrategy[RoundingMode] = modes) -> Honest:
    """A record of a whole in two arms with a flow to completers, and honest outcomes of any of them."""
    rounding = draw(mode)
    first, second = draw(st.integers(1, 300)), draw(st.integers(1, 300))
    lost, joined = draw(st.integers(0, first + second - 1)), draw(st.integers(0, 20))
    whole = first + second
    completers = whole - lost + joined
    before = (
        f"populations:\n  all: {whole}\n  done: {{n: {completers}, label: completers}}\n"
        f"arms:\n  A: {{n: {first}, of: all}}\n  B: {{n: {second}, of: all}}\n"
        "allocation:\n  - {of: all, into: [A, B], complete: yes}\n"
        f"flow:\n  - {{from: all, lost: {{left: {lost}}}, joined: {{came: {joined}}}, to: done}}\n"
    )
    sizes = [("population: all", whole), ("arm: A", first), ("arm: B", second), ("population: done", completers)]
    chosen = draw(st.lists(st.sampled_from(sizes), min_size=1, max_size=5))
    outcomes = tuple(draw(_outcome(number, *group, rounding)) for number, group in enumerate(chosen))
    return Honest(before, outcomes, rounding)


_REPORTED = ["16 (18.2%)", "42 (47.7%)", "44/88 (50%)", "10/83 (12%)", "12 (87%)", "50%", "5", "7", "nearly 50%",
             "19.3%", "0 (0%)", "16 (18.1%)", "42 (50.0%)", "90/88 (102%)", "3 (<1%)", "66.7%"]  # fmt: skip


@st.composite
def any_records(draw: st.DrawFn) -> Honest:
    """A record whose outcomes may contradict each other in any way, repeats and unnamed populations included."""
    size = draw(st.sampled_from(["88", "{}", "83"]))
    outcomes = []
    for _ in range(draw(st.integers(1, 6))):
        name = draw(st.sampled_from("ab"))
        lines = [f"  - id: {name}", f"    label: {name}", f"    reported: {draw(st.sampled_from(_REPORTED))}"]
        if draw(st.booleans()):
            lines.append("    population: all")
        if draw(st.booleans()):
            lines.append(f"    at: {draw(st.sampled_from(['6 months', '12 months', '52 weeks']))}")
        kind = draw(st.sampled_from([None, "cumulative", "prevalence"]))
        lines += [f"    kind: {kind}"] if kind else []
        outcomes.append("\n".join(lines) + "\n")
    return Honest(f"populations:\n  all: {size}\n", tuple(outcomes), RoundingMode.HALF_UP)
