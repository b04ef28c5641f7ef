"""Texts made to take long, of any size: tests count the steps they take, and `benchmarks/growth.py` the time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, NamedTuple, TypeVar

from rheumcalc.documents.document import MAX_ROWS

T = TypeVar("T", str, bytes)


class Hostile(NamedTuple, Generic[T]):
    """How a text is made, and of what size it is read whole."""

    make: Callable[[int], T]
    size: int

    @property
    def whole(self) -> T:
        """The text of its full size."""
        return self.make(self.size)


def _repeated(unit: T, size: int) -> Hostile[T]:
    return Hostile(lambda times: unit * times, size)


def _numeral(filler: str) -> Hostile[str]:
    return Hostile(lambda times: "1" + filler * times + "x", 500_000)


_MARKER = "<!-- rheumcalc:ignore RC201 as printed -->"
_SLIP = "3/18 (33%)"

#: Drafts of nothing but marks, in Markdown or in plain text.
DRAFTS: dict[str, Hostile[str]] = {
    **{
        mark: _repeated(mark, 100_000)
        for mark in (">", "> ", "[", "|", "`", "*", "_", "<", "(", "- ", "1. ", "~~", "&", "\\", "![")
    },
    **{
        mark: _repeated(mark, 50_000)
        for mark in ("](", "<!--", "` `` ", "[^1", "**a", "_a ", "n = ", "<a ", "a@b ", "12 (20%) ")
    },
    **{
        line: _repeated(line, 20_000)
        for line in ("# a\n\n", "- a\n", "> a\n", "```\n", "[a]: b\n", "a\n\n", "Study 1\n\na.\n\n")
    },
    **{
        line: _repeated(line, 5_000)
        for line in ("|a\n|-\n\n", "Table 1. a\n\n|a\n|-\n|1 (2%)\n\n", "## A\n\n## Results\n\na\n\n")
    },
    "rows": Hostile(lambda times: "| a | b |\n|---|---|\n" + "| 12 (20%) | n (%) |\n" * times, 20_000),
    "columns": Hostile(lambda times: "|a" * times + "|\n" + "|-" * times + "|\n" + "|1" * times + "|\n", 5_000),
    "lists in lists": Hostile(lambda times: "".join("  " * depth + "- a\n" for depth in range(times)), 500),
    "front matter": Hostile(lambda times: "---\n" + "a: b\n" * times, 50_000),
    "digits": _repeated("1", 200_000),
    "letters": _repeated("a", 500_000),
}

#: Prose of nothing but what results, sizes, times and names begin with: each a unit that is repeated.
PROSE: dict[str, Hostile[str]] = {
    unit: Hostile(lambda size, unit=unit: unit * (size // len(unit)), 30_000)  # type: ignore[misc]
    for unit in (
        # brackets, digits, signs, hyphens and quotes
        *("(", "([", ")", "[", "]", "((%", "9(", "(12", "5(", "5%[", "7", "1.", "1,", "0.5 ", "123,456,", "½"),
        *("%", "% ", ".%", "7%", "1% ", "1% (", "5% [", "±", "± ", "± 5%", "–5%", "1%–", "-", "–", "a-", "a-b-", "1-"),
        *("1/", "1:", "1:2 ", "= ", "n=", "mg/", "1 mg/kg ", "'", '"', "“‘", '"a ', "“a ”", "é", ".", "a.", ". A"),
        # signs that are not read
        *("\u00ad", "a\u00adb ", "\u200b", "1\u200b2 ", "％", "１", "（", "１２（２０％）", "5％ "),
        # space
        *(" ", "\n", "\t", "\u2009", "\n\n", "a\n\n", "a\n", "5%\n\n"),
        # numbers in words
        *(
            "one ",
            "one-",
            "twenty ",
            "twenty-one ",
            "hundred ",
            "hundred and ",
            "one hundred and ",
            "a hundred ",
            "twenty six girls ",
        ),
        # words that lead to numbers
        *("of ", "of the ", "of 5 ", "1 of 5 of ", "5 of them ", "of whom 5 (25%) ", "Of the 20, 5 (25%), ", "to "),
        *("1 to ", "1% to ", "n = ", "n = 5, ", "n=1; ", "n=1, 5%; ", "week 1, ", "weeks 1, 2 and ", "in 2012 "),
        *("2012/", "12/2015 ", "2012 to ", "vs ", "12 vs 13 (5% vs ", "median 5% ", "by Kaplan-Meier 5% ", "12 with "),
        # results and rows of them
        *("5 (5%)", "5%, ", "5% of the ", "12 (", "12 (5% (", "16 of 88 (18.2%) ", "1 and 2 and ", "1/2 and ", "1/2, "),
        *("12 patients (5%) and ", "12 patients (5%). ", "(12 patients, 5%", "12 patients with ", "12/40 of type 2 "),
        *("5/40 and 7/40 (", "12% and 18% (5/40 and ", "5 and 7 of 40 (12% and ", "95% CI ", "95% CI 1% to 5%; "),
        *("12/40 girls with type 2 diabetes ", "by 5 (5%) ", "Smith et al. ", "e.g. ", "compared by 5% (12), "),
    )
}

#: Pages that a browser would show somehow.
PAGES: dict[str, Hostile[bytes]] = {
    "open value": _repeated(b"<a href='", 100_000),
    "attributes": Hostile(lambda times: b"<a " + b" ".join(b"a%d=1" % n for n in range(times)) + b">x", 200_000),
    "open attributes": Hostile(lambda times: b"<a" + b" x='<a' y" * times + b">x", 100_000),
    "open tags": _repeated(b"<", 2_000_000),
    "open comments": _repeated(b"<!--", 400_000),
    "open declarations": _repeated(b"<!", 500_000),
    "open references": _repeated(b"&a", 1_000_000),
    "references": _repeated(b"&lt;", 500_000),
    "quotes": _repeated(b'="', 500_000),
    "tags in quotes": _repeated(b'<a ="', 300_000),
    "spaces in a tag": Hostile(lambda times: b"<a =" + b" " * times, 1_000_000),
    "scripts": _repeated(b"<script>", 300_000),
    "titles": _repeated(b"<title>a</title>", 100_000),
    "wrong ends": Hostile(lambda times: b"<b>" * 150 + b"</i>" * times, 1_000_000),
    "large cells": _repeated(b"<td colspan=1000 rowspan=1000>", 1_000),
    "large cells above others": Hostile(
        lambda times: b"<table><tr>" + b"<td colspan=1000 rowspan=1000>1" * (times // 25) + b"<tr><td>1" * times, 5_000
    ),
    "rows": Hostile(lambda times: b"<table><tr><td>a<td>b" + b"<tr><td>1<td>2" * times, MAX_ROWS + 10),
    "line breaks": _repeated(b"<br>", 500_000),
    "markers": _repeated(b"<!-- rheumcalc:ignore RC201 x -->", 20_000),
    "citations": Hostile(lambda times: b"<p>" + b"[1] " * times, 200_000),
}

#: Plain texts with markers without number, or what begins like them.
MARKED: dict[str, Hostile[str]] = {
    "stacked": Hostile(lambda times: (_MARKER + "\n") * times + _SLIP, 40_000),
    "on one line": Hostile(lambda times: _MARKER * times + _SLIP, 40_000),
    "each with its slip": _repeated(_MARKER + _SLIP + " ", 20_000),
    "never closed": _repeated("<!-- rheumcalc:ignore RC201 ", 60_000),
    "long verb": Hostile(lambda times: "<!-- rheumcalc:" + "a" * times, 1_500_000),
    "backticks": Hostile(lambda times: "`<!--" * times + "-->", 300_000),
    "spaces": _repeated("<!--" + " " * 19, 60_000),
    "unknown": Hostile(
        lambda times: "".join(f"<!-- rheumcalc:{'v' * (number % 40)}x{number} -->\n" for number in range(times)), 40_000
    ),
}

#: Settings, each beginning like a file in TOML.
SETTINGS: dict[str, Hostile[bytes]] = {
    "lists": Hostile(lambda times: b"x = " + b"[" * times, 100_000),
    "tables": Hostile(lambda times: b"x = " + b"{a=" * times, 50_000),
    "dots": Hostile(lambda times: b"a." * times + b"b = 1", 200_000),
    "quoted dots": Hostile(lambda times: b"x = {" + b"'a b' .\t" * times + b"b = 1}", 50_000),
    "escapes": Hostile(lambda times: b'x = "' + b'\\"' * times, 200_000),
    "letters": _repeated(b"a", 400_000),
    "many dots": Hostile(lambda times: b"\n".join(b"a." * 49 + b"b%d = 1" % number for number in range(times)), 4_000),
    "keys": Hostile(lambda times: b"".join(b"x%d = 1\n" % number for number in range(times)), 30_000),
    "rules": Hostile(
        lambda times: b"severity = {" + b",".join(b"x%d = 'note'" % number for number in range(times)) + b"}", 20_000
    ),
    "heads": Hostile(lambda times: b"x=1\n[" + b"a." * times + b"b]\n", 200_000),
}


def _listed(items: str, times: int) -> str:
    return ",".join([items] * times)


#: What follows the head of a record that is within the limits, and as wide as they allow.
RECORDS: dict[str, Hostile[str]] = {
    "repeated levels": Hostile(
        lambda times: (
            "outcomes:\n- {label: a, id: a, kind: prevalence, series: {"
            + ",".join(f"{days} days: 5" for days in range(times))
            + f"}}}}\nladders: [{{label: l, levels: [{_listed('a', times * 5 // 3)}]}}]\n"
        ),
        3_000,
    ),
    "repeated supersets": Hostile(
        lambda times: (
            f"outcomes:\n- {{label: a, id: a, kind: prevalence, subset_of: [{_listed('b', times * 5 // 3)}], series: {{"
            + ",".join(f"{days} days: 5" for days in range(times))
            + "}}\n- {label: b, id: b, reported: 5}\n"
        ),
        3_000,
    ),
    "unlike results": Hostile(
        lambda times: (
            "outcomes:\n- {label: a, kind: prevalence, series: {"
            + ",".join(f"{days} days: {days % 80 + 1} ({days * 7 % 97 + 1}.{days % 10}%)" for days in range(times))
            + "}}\n"
        ),
        6_000,
    ),
}

#: What begins and ends like a numeral, and is none.
NUMERALS: dict[str, Hostile[str]] = {
    filler: _numeral(filler) for filler in (" ", "-", ",", ".", "1", "'", "\u00a0", "<", "1 ", "1,")
}
