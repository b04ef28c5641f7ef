"""Every check, in the order they run. A check sees a case, and never where its claims came from."""

from __future__ import annotations

from collections.abc import Callable

from rheumcalc.checks.case import Case, Decision
from rheumcalc.checks.denominators import (
    check_analysis_sets,
    check_shared_denominators,
    check_switched_denominators,
)
from rheumcalc.checks.nesting import check_ladders, check_repeats, check_sentences, check_series, check_subsets
from rheumcalc.checks.passages import check_antecedents, check_columns
from rheumcalc.checks.percentages import check_percentages
from rheumcalc.checks.statistics import judge_statistics
from rheumcalc.checks.style import check_decimals
from rheumcalc.checks.timing import check_durations, check_follow_up
from rheumcalc.checks.totals import check_flow, check_totals
from rheumcalc.checks.wording import check_differences, check_hedges

Check = Callable[[Case], Decision]

CHECKS: tuple[Check, ...] = (
    check_percentages,
    check_shared_denominators,
    check_switched_denominators,
    check_analysis_sets,
    check_antecedents,
    check_columns,
    check_totals,
    check_flow,
    check_subsets,
    check_ladders,
    check_series,
    check_repeats,
    check_sentences,
    check_durations,
    check_follow_up,
    check_hedges,
    check_differences,
    check_decimals,
    judge_statistics,
)
#: Those that also apply to a text that states sizes but claims no result.
CHECKS_OF_GROUPS: tuple[Check, ...] = (check_analysis_sets, check_flow)
