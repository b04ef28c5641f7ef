"""Which rules carry out which check of the catalogue of checks: P percentages, F populations and flow, T time."""

from __future__ import annotations

import pytest

from rheumcalc.rules import RULES, Severity, find_rule

_E, _W, _N = Severity.ERROR, Severity.WARNING, Severity.NOTE

#: Check ids with the codes and severities of their rules, the strongest first.
CATALOGUE = {
    "P1 percentage v count/denominator": [("RC201", _E), ("RC212", _W), ("RC202", _W), ("RC203", _N)],
    "P2 implied numerator": [("RC204", _E), ("RC205", _W)],
    "P3 implied denominators": [("RC304", _E), ("RC305", _W)],
    "P4 joint denominator": [("RC307", _E), ("RC306", _W), ("RC312", _N)],
    "P5 stated N v implied N": [("RC301", _E), ("RC302", _E), ("RC315", _E), ("RC303", _W), ("RC316", _N)],
    "P6 bounds and inequalities": [("RC101", _E), ("RC206", _E), ("RC207", _E), ("RC208", _W)],
    "P7 hedged words v number": [("RC811", _N)],
    "P8 differences of percentages": [("RC812", _W), ("RC813", _W)],
    "P9 over-precision": [("RC211", _N)],
    "F1 arms sum to total": [("RC102", _E), ("RC103", _W)],
    "F2 flow balance": [("RC601", _E), ("RC603", _E), ("RC602", _W)],
    "F3 categories sum": [("RC104", _E), ("RC105", _W)],
    "F4 percentages sum to 100": [("RC209", _E), ("RC210", _W)],
    "F5 subset within superset": [("RC106", _E)],
    "F6 threshold ladder": [("RC107", _E)],
    "F7 time": [("RC108", _E), ("RC109", _W)],
    "F8 switched denominator": [("RC308", _W), ("RC309", _W), ("RC310", _W), ("RC311", _W), ("RC314", _W)],
    "F9 antecedent": [("RC313", _W)],
    "F10 same claim twice": [("RC110", _E), ("RC111", _W)],
    "X1 draft v record": [
        ("RC701", _E),
        ("RC702", _E),
        ("RC703", _W),
        ("RC708", _W),
        ("RC710", _W),
        ("RC704", _N),
        ("RC706", _N),
        ("RC707", _N),
    ],
    "X3 citation v record": [("RC709", _N)],
    "X2 two reports of one trial": [("RC705", _W)],
    "T1 duration v timepoint": [("RC801", _E), ("RC802", _W)],
    "T2 timepoint beyond follow-up": [("RC803", _E), ("RC804", _W), ("RC805", _N)],
}


@pytest.mark.parametrize(("check", "codes"), CATALOGUE.items())
def test_each_check_has_its_rules_at_their_severities(check: str, codes: list[tuple[str, Severity]]) -> None:
    """Every strength of a check is a rule of its own."""
    assert codes == [(code, found.severity) for code, _ in codes if (found := find_rule(code))]


def test_every_rule_about_numbers_belongs_to_a_check() -> None:
    """No rule stands outside the catalogue but those about files and ignores."""
    listed = {code for codes in CATALOGUE.values() for code, _ in codes}
    assert listed == {rule.code for rule in RULES if rule.code[2] not in "09"}
