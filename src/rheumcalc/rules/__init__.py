"""What is required: every rule with its code, name and severity. Each has a page beside this file.

Codes are never used twice. A rule's severity is part of it: where a check can be an error or a warning, each strength
is a rule of its own.
"""

from __future__ import annotations

from enum import StrEnum
from functools import cache
from typing import NamedTuple


class Severity(StrEnum):
    """How much a finding claims, in SARIF's words.

    `error`: no honest reading exists. `warning`: a reading exists, but not the one printed. `note`: worth a look.
    """

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


class Rule(NamedTuple):
    """One rule: `name` completes the sentence "allow …"; `default` says whether it runs unless deselected."""

    code: str
    name: str
    severity: Severity
    summary: str
    default: bool = True

    @property
    def page(self) -> str:
        """The rule's page, in Markdown."""
        from importlib.resources import files

        return files(__package__).joinpath(f"{self.code}-{self.name}.md").read_text(encoding="utf-8")

    @property
    def about_files(self) -> bool:
        """Whether the rule is about what a file is, so that it can neither be deselected nor ignored."""
        return self.code.startswith("RC0")


_E, _W, _N = Severity.ERROR, Severity.WARNING, Severity.NOTE

RULES = (
    # 0xx: files
    Rule("RC001", "unreadable-file", _E, "a file that cannot be read"),
    Rule("RC002", "invalid-encoding", _E, "a file that is not UTF-8 text"),
    Rule("RC003", "yaml-syntax", _E, "a record that is not YAML, or uses parts of it that are not supported"),
    Rule("RC004", "duplicate-key", _E, "a key that appears twice in one mapping"),
    Rule("RC005", "unknown-key", _E, "a key that a record does not have"),
    Rule("RC006", "missing-key", _E, "a key that a record must have"),
    Rule("RC007", "invalid-value", _E, "a value of the wrong kind, or a number that cannot be read"),
    Rule("RC008", "unknown-reference", _E, "a population, arm, outcome or definition that is not in the record"),
    Rule("RC009", "circular-reference", _E, "populations that are parts of each other"),
    Rule("RC010", "oversized-file", _E, "a file that exceeds the limits of size, depth or number of values"),
    Rule("RC011", "empty-record", _E, "a file that contains no record"),
    Rule("RC012", "yaml-alias", _E, "anchors and aliases in a record"),
    Rule("RC013", "missing-columns", _E, "a sheet whose headers name no columns of results"),
    # 1xx: counts and totals
    Rule("RC101", "count-exceeds-denominator", _E, "a count of participants above its denominator"),
    Rule("RC102", "arm-total-mismatch", _E, "arms that add up to more than their population, or less when complete"),
    Rule("RC103", "arm-total-shortfall", _W, "arms that add up to less than their population, unexplained"),
    Rule("RC104", "category-total-mismatch", _E, "categories that cannot add up to their population"),
    Rule("RC105", "category-total-excess", _W, "categories that look exclusive and exceed their population"),
    Rule("RC106", "subset-exceeds-superset", _E, "more in a subset than in the set that contains it"),
    Rule("RC107", "rising-ladder", _E, "more at a harder level of a scale than at an easier one"),
    Rule("RC108", "falling-cumulative-count", _E, "a cumulative outcome that falls with time"),
    Rule("RC109", "falling-series", _W, "an outcome that falls with time and is not declared a prevalence"),
    Rule("RC110", "conflicting-reports", _E, "one result reported with different numbers"),
    Rule("RC111", "conflicting-sentences", _W, "a sentence that appears twice with different numbers"),
    # 2xx: percentages and rounding
    Rule("RC201", "percentage-mismatch", _E, "a percentage that its count and denominator do not give"),
    Rule("RC202", "undeclared-rounding", _W, "a percentage that only a convention the study does not state gives"),
    Rule("RC203", "truncation-throughout", _N, "a study whose percentages are all truncated"),
    Rule("RC204", "impossible-percentage", _E, "a percentage that no count gives over its denominator"),
    Rule("RC205", "impossible-unless-truncated", _W, "a percentage that some count gives only by truncation"),
    Rule("RC206", "percentage-out-of-range", _E, "a share of participants below 0 or above 100 percent"),
    Rule("RC207", "bound-mismatch", _E, "a bound that its count and denominator contradict"),
    Rule("RC208", "understated-bound", _W, "a bound below 100% where the count is everybody"),
    Rule("RC209", "percentage-total-mismatch", _E, "percentages of all categories that cannot add up to 100"),
    Rule("RC210", "percentage-total-truncated", _W, "percentages of all categories that make 100 only if truncated"),
    Rule("RC211", "excess-decimals", _N, "more decimals than the denominator supports", default=False),
    Rule("RC212", "mismatch-as-read", _W, "numbers that cannot be true as read, in words that allow another reading"),
    # 3xx: denominators and analysis sets
    Rule("RC301", "stated-denominator-mismatch", _E, "a result that its population's stated size does not give"),
    Rule("RC302", "implied-denominator-above-stated", _E, "results that together imply more than any size stated"),
    Rule("RC303", "implied-denominator-off-stated", _W, "results that together imply a denominator not stated"),
    Rule("RC304", "no-denominator-fits", _E, "a count and percentage that no denominator gives"),
    Rule("RC305", "no-denominator-unless-truncated", _W, "a count and percentage that only truncation reconciles"),
    Rule("RC306", "no-common-denominator", _W, "results that name no population and share no denominator"),
    Rule("RC307", "shared-denominator-conflict", _E, "results of one population that share no denominator"),
    Rule("RC308", "switched-denominator", _W, "a printed denominator that is not its population's size"),
    Rule("RC309", "short-analysis-set", _W, "an analysis of all randomised that leaves some out"),
    Rule("RC310", "denominator-exceeds-at-risk", _W, "a denominator larger than those who could have the outcome"),
    Rule("RC311", "completers-only-denominator", _W, "results reported only over those who stayed, not over all"),
    Rule("RC312", "unstated-denominator", _N, "a denominator that is not stated but follows from results"),
    Rule("RC313", "antecedent-mismatch", _W, "a result that does not fit the group its words refer to"),
    Rule("RC314", "unnamed-denominator", _W, "a passage whose results have several denominators, not all stated"),
    Rule("RC315", "column-size-exceeded", _E, "a result that needs more than the size in its column heading"),
    Rule("RC316", "column-size-mismatch", _N, "a table result that does not fit the size in its column heading"),
    # 6xx: participant flow
    Rule("RC601", "flow-overflow", _E, "more participants after a step of the flow than it leaves"),
    Rule("RC602", "flow-gap", _W, "participants that a step leaves unaccounted for"),
    Rule("RC603", "part-exceeds-whole", _E, "a population larger than the one it is part of"),
    # 7xx: draft against record
    Rule("RC701", "stated-size-contradiction", _E, "a stated sample size that the study's record contradicts"),
    Rule("RC702", "result-contradiction", _E, "a result that the study's record contradicts"),
    Rule("RC703", "proposed-record-contradiction", _W, "a number that the record of a proposed study contradicts"),
    Rule("RC704", "hedge-off-record", _N, "hedged words that the record's number does not support"),
    Rule("RC705", "conflicting-records", _W, "two records of one trial that print one result differently"),
    Rule("RC706", "proposed-study", _N, "a section whose study is only proposed, not named"),
    Rule("RC707", "unbound-section", _N, "a section that matches no study record"),
    Rule("RC708", "unknown-study", _W, "a key that names no study record"),
    Rule("RC709", "citation-mismatch", _N, "a year or DOI that differs from the study's record"),
    Rule("RC710", "unknown-value", _W, "a marker that names no value of a study's record"),
    # 8xx: time, definitions and wording
    Rule("RC801", "duration-exceeds-timepoint", _E, "a response counted before it could have lasted long enough"),
    Rule("RC802", "duration-fills-timepoint", _W, "a response that must have begun on the first day"),
    Rule("RC803", "timepoint-beyond-follow-up", _E, "a result later than the longest follow-up"),
    Rule("RC804", "timepoint-beyond-median", _W, "a full denominator later than the median follow-up"),
    Rule("RC805", "timepoint-off-visits", _N, "a result between two scheduled visits"),
    Rule("RC811", "hedge-mismatch", _N, "a percentage in hedged words that its exact share does not support"),
    Rule("RC812", "difference-unit-confusion", _W, "a change in points printed as percent, or the other way round"),
    Rule("RC813", "difference-mismatch", _W, "a change that its two percentages do not give"),
    # 9xx: ignores and markers
    Rule("RC901", "unknown-ignore", _W, "an ignore that names no rule that can be ignored"),
    Rule("RC902", "unused-ignore", _W, "an ignore that matches no finding"),
    Rule("RC903", "reasonless-ignore", _W, "an ignore in a draft that gives no reason"),
    Rule("RC904", "unknown-marker", _W, "a marker in a draft whose first word is not known"),
    Rule("RC905", "unclosed-marker", _W, "a marker in a draft that contains a table or a value and is not closed"),
)  # fmt: skip


@cache
def _by_name() -> dict[str, Rule]:
    return {key.lower(): rule for rule in RULES for key in (rule.code, rule.name)}


def find_rule(name: str) -> Rule | None:
    """Return the rule with this code or name, in any letter case, or None."""
    return _by_name().get(name.strip().lower())


def rule(name: str) -> Rule:
    """Return the rule with this name; a name that no rule has is a mistake in the program (KeyError)."""
    return _by_name()[name]
