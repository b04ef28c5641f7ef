"""The rules in a terminal: every page is laid out whole, and examples stay as they are written."""

from __future__ import annotations

import re
from io import StringIO

import pytest
from rich.cells import cell_len
from rich.console import Console

from rheumcalc.report.rule_pages import render_rule, render_rules
from rheumcalc.rules import RULES, Rule, Severity


def _console(*, is_terminal: bool) -> Console:
    return Console(
        file=StringIO(),
        width=80,
        force_terminal=is_terminal,
        color_system=None,
        markup=False,
        emoji=False,
        highlight=False,
    )


def _shown(rule: Rule, *, is_terminal: bool) -> str:
    console = _console(is_terminal=is_terminal)
    render_rule(rule, console)
    assert isinstance(console.file, StringIO)
    return console.file.getvalue()


def _words(text: str) -> list[str]:
    """Return the words of a page but for the signs of its headings."""
    return [word for word in text.split() if word.strip("#")]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_a_page_is_laid_out_whole(rule: Rule) -> None:
    """All words are there, prose fits the width, addresses are whole, and examples stand as they are written."""
    shown = _shown(rule, is_terminal=True)
    written = re.sub(r"^```.*$", "", re.sub(r"<(https?://[^>]*)>", r"\1", rule.page), flags=re.MULTILINE)
    assert _words(written) == _words(shown)
    assert [
        line for line in shown.splitlines() if cell_len(line) > 80 and not line.startswith(("    ", "  http"))
    ] == []
    for example in re.findall(
        r"^```(?:yaml|markdown|csv) (?:pass|fail)\n(.*?)^```$", rule.page, re.MULTILINE | re.DOTALL
    ):
        assert "".join(f"    {line}\n" for line in example.splitlines()) in shown


def test_a_page_goes_to_a_file_as_it_is_written() -> None:
    """Outside a terminal the page is its Markdown."""
    assert _shown(RULES[0], is_terminal=False).strip() == RULES[0].page.strip()


def test_the_list_has_every_rule() -> None:
    """Each rule has a line with its code, its severity and its name; those that are off say so."""
    console = _console(is_terminal=True)
    render_rules(RULES, console)
    assert isinstance(console.file, StringIO)
    lines = [line.split(maxsplit=2) for line in console.file.getvalue().splitlines()]
    expected = [[rule.code, rule.severity.value, rule.name] for rule in RULES if rule.default]
    assert [line for line in lines if line in expected] == expected
    off = [line for line in lines if line and line[-1].endswith("(off unless selected)")]
    assert [line[0] for line in off] == [rule.code for rule in RULES if not rule.default]
    assert {line[1] for line in lines if line[:1] and line[0].startswith("RC")} == set(Severity)
