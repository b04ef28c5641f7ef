"""The rules as people read them in a terminal: their list, and the page of one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from rheumcalc.rules import Rule
from rheumcalc.terminal.layout import hanging, measure
from rheumcalc.terminal.verdicts import SEVERITY_STYLES

_ADDRESS = re.compile(r"<(https?://[^>]*)>")


def render_rules(rules: Iterable[Rule], console: Console) -> None:
    """Print a line for each rule."""
    console.print(Text("Code   Severity  Name", style="bold"))
    for rule in rules:
        line = Text(f"{rule.code}  ").append(rule.severity.value.ljust(10), SEVERITY_STYLES[rule.severity])
        console.print(line.append(rule.name + ("" if rule.default else " (off unless selected)")), soft_wrap=True)
    console.print(Text("\n`rheumcalc rule CODE` prints a rule's page."))


def render_rule(rule: Rule, console: Console) -> None:
    """Print a rule's page: laid out for a terminal, and as it is written for a file."""
    lines = _page_lines(rule.page, console) if console.is_terminal else [Text(rule.page)]
    console.print(Text("\n").join(lines), soft_wrap=True)


def _page_lines(page: str, console: Console) -> Iterator[Text]:
    """Yield a page's lines: headings, paragraphs, lists of one line an item, and examples as they are written.

    That is all that pages are made of, and rich's Markdown parts a count from its percentage and paints examples on a
    ground of its own.
    """
    example: str | None = None
    paragraph: list[str] = []
    for line in [*page.splitlines(), ""]:
        if line and example is None and not line.startswith(("# ", "## ", "- ", "```")):
            paragraph.append(_ADDRESS.sub(r"\1", line))
            continue
        if paragraph:
            yield from hanging("", " ".join(paragraph), console)
            paragraph = []
        if line.startswith("```"):
            example = line[3:] if example is None else None
        elif example == "text":
            yield from hanging("    ", line, console)
        elif example is not None:
            yield Text(f"    {line}")
        elif line.startswith("#"):
            yield Text(line.lstrip("# "), style="bold")
        elif line.startswith("- "):
            text, _, last = _ADDRESS.sub(r"\1", line[2:]).rpartition(" ")
            if cell_len(last) > measure(console) - 2:
                # An address that is broken across lines does not work.
                yield from hanging("- ", text, console)
                yield Text(f"  {last}")
            else:
                yield from hanging("- ", f"{text} {last}".lstrip(), console)
        else:
            yield Text(line)
