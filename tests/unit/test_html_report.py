"""The report as a page: nothing of a draft is lost, nothing quoted is markup, and everything leads somewhere."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections import Counter
from functools import cache
from html.parser import HTMLParser
from itertools import pairwise, product
from pathlib import Path

import pytest

from conftest import HEAD, check_text
from makers import as_docx, as_html
from reports import HOSTILE, defect, finding, landmarked, report
from rheumcalc.baseline import apply_baseline, renew_baseline
from rheumcalc.checks.case import Judgement
from rheumcalc.config import Settings, SettingsError
from rheumcalc.documents import Document, document_from_bytes, read_document
from rheumcalc.engine import check, check_bytes, check_document, check_record
from rheumcalc.messages import visible
from rheumcalc.numbers.rounding import RoundingMode
from rheumcalc.report.html import render_report
from rheumcalc.report.html.cards import MEANINGS, verdict_words
from rheumcalc.report.html.marks import marks_of
from rheumcalc.report.html.plan import MAX_CLAIMS, MAX_FINDINGS
from rheumcalc.report.outputs import plan_outputs
from rheumcalc.result import FileReport, Report, Status
from rheumcalc.rules import RULES, Severity
from rheumcalc.source import Location, Source, Span
from rheumcalc.study.claims import Claim, Verdict

ROOT = Path(__file__).resolve().parent.parent.parent
DRAFT = ROOT / "data" / "drafts" / "quarter-in-review.md"
STYLE = (ROOT / "src" / "rheumcalc" / "report" / "html" / "page.css").read_text("utf-8")
HONEST = [
    json.loads(line)["text"] for line in (ROOT / "tests" / "corpus" / "honest.jsonl").read_text("utf-8").splitlines()
]
_VOID = frozenset(["meta", "input", "br", "hr", "img", "link", "col", "wbr"])
texts = pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)


class Page(HTMLParser):
    """A page as a strict reader has it: its tags with their attributes, and the text of a draft in it.

    Every tag that is opened must be closed in its order.
    """

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.draft: list[str] = []
        self.blocks: list[str] = []
        self.inside: list[tuple[str, bool, bool]] = []
        self.text: list[str] = []
        self.own: dict[str, str] = {}
        self.feed(text)
        self.close()
        assert self.inside == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag, and whether what follows belongs to a draft."""
        values = dict(attrs)
        assert len(values) == len(attrs)
        self.tags.append((tag, values))
        if tag in _VOID:
            return
        is_draft, is_added = self.inside[-1][1:] if self.inside else (False, False)
        is_draft = is_draft or "draft" in (values.get("class") or "").split()
        self.inside.append((tag, is_draft, is_added or "data-added" in values))
        if "data-block" in values:
            self.blocks.append("")

    def handle_endtag(self, tag: str) -> None:
        """Close the tag that was opened last."""
        assert tag == self.inside.pop()[0]

    def handle_data(self, data: str) -> None:
        """Note the text of a draft, without what the page adds."""
        tag, is_draft, is_added = self.inside[-1] if self.inside else ("", False, False)
        if tag in ("style", "script"):
            self.own[tag] = data
        else:
            self.text.append(data)
        if is_draft and not is_added:
            self.draft.append(data)
            if self.blocks:
                self.blocks[-1] += data

    @property
    def ids(self) -> list[str]:
        """Every id, in order."""
        return [values["id"] or "" for _, values in self.tags if "id" in values]

    def of_class(self, name: str) -> list[dict[str, str | None]]:
        """Return the attributes of every tag of a class."""
        return [values for _, values in self.tags if name in (values.get("class") or "").split()]


def page_of(*files: FileReport) -> Page:
    """Return the page of a report on files."""
    return Page(render_report(Report(files)))


def draft(text: str, name: str = "draft.md") -> FileReport:
    """Return the report on a draft."""
    return check_document(read_document(Source(name, text)), Settings())


# --- the draft as read -----------------------------------------------------------------------------------------------


def _ink(text: str) -> str:
    """Return a text without spaces, and with what acts on a screen as the page shows it."""
    return visible(re.sub(r"[\t\r\n]", " ", text)).translate(
        {ord(space): None for space in " \u00a0\u2003\u2009\u3000"}
    )


def _without_rules(text: str, document: Document) -> str:
    """Return a text without the characters that rules of tables are made of, if the draft has tables."""
    return re.sub("[|:>-]", "", text) if document.tables else text


TABLES = """---
title: A draft
---

# A review

<!-- a comment with 3 (4%) -->

Table 1. Responses of all.

| Outcome | Drug (n = 60) | Placebo (n = 62) |
|:--|--:|--:|
| ACR30 | 39 (65%) | 23 (37%) |
| *Flare* | 12 (21%) | a \\| b |

- First, 16 of 88 (18.2%) **improved**.
- Second, 16/88 (19.3%).

> 1. Quoted, 5 (25%).
>    Its second line, 15 (75%).

Setext
======

```
code with 4/5 (12%)
```

[link]: https://example.org
Last line 2/3 (66.7%)
"""

MADE = "# Title\n\nWe enrolled 60 children, of whom 12 (20%) improved.\n\n| Outcome | n = 60 |\n|---|---|\n| Nausea | 4 (7%) |\n\nLast, 5/6 (83%).\n"  # noqa: E501


SPANNING = """<html><body><h1>Spans</h1><table><caption>Table 1. Responses.</caption>
<tr><th rowspan="2">Outcome</th><th colspan="2">Week 12, n = 60</th></tr><tr><th>Drug</th><th>Placebo</th></tr>
<tr><td rowspan="2">ACR30</td><td>12 (20%)</td><td>15 (25%)</td></tr><tr><td>13 (22%)</td><td>14 (23%)</td></tr>
</table><p>After it, 6/7 (86%).</p></body></html>"""


def _documents() -> list[tuple[str, Document]]:
    found = [("quarter", document_from_bytes(DRAFT.read_bytes(), "quarter.md"))]
    found += [("tables", read_document(Source("tables.md", TABLES)))]
    found += [("crlf", read_document(Source("crlf.md", TABLES.replace("\n", "\r\n"))))]
    found += [("plain", read_document(Source("tables.txt", TABLES)))]
    found += [
        (
            name,
            read_document(
                Source(
                    "hostile.md",
                    f"# {text}\n\n16 (19.3%) {text} of 88.\n\n| {text} | a |\n|--|--|\n| 1/3 (33%) | {text} |\n",
                )
            ),
        )
        for name, text in HOSTILE.items()
        if "\x00" not in text
    ]
    found += [("docx", document_from_bytes(as_docx(MADE), "made.docx"))]
    found += [("html", document_from_bytes(as_html(MADE), "made.html"))]
    found += [("spans", document_from_bytes(SPANNING.encode(), "spans.html"))]
    return found


@pytest.mark.parametrize("document", [pytest.param(each, id=name) for name, each in _documents()])
def test_no_text_is_lost_or_doubled(document: Document) -> None:
    """The page has every character of a draft once and in order; only the rules of tables become a table."""
    page = page_of(check_document(document, Settings()))
    whole, shown = _ink(document.source.text), _ink("".join(page.draft))
    assert _without_rules(whole, document) == _without_rules(shown, document)


def test_no_text_of_the_corpus_is_lost_or_doubled() -> None:
    """The page of very many drafts has every character of each."""
    documents = [read_document(Source(f"{number}.md", text)) for number, text in enumerate(HONEST)]
    for has_tables in (False, True):
        alike = [each for each in documents if bool(each.tables) is has_tables]
        whole = _ink("".join(each.source.text for each in alike))
        shown = _ink("".join(page_of(*(check_document(each, Settings()) for each in alike)).draft))
        assert _without_rules(whole, alike[0]) == _without_rules(shown, alike[0])


def test_a_paragraph_stands_as_it_is() -> None:
    """Marks add no space to the words around them."""
    page = page_of(draft("Sixteen (18.2%), 42(47.7%)and 37(42.0%) patients; (10/83(12%)) took none.\n"))
    assert page.blocks[0].strip() == "Sixteen (18.2%), 42(47.7%)and 37(42.0%) patients; (10/83(12%)) took none."


def test_headings_paragraphs_and_tables_are_what_they_are() -> None:
    """Headings keep their order below those of the page, lists and quotations are paragraphs, tables have headers."""
    page = page_of(draft(TABLES))
    inner = [tag for tag, _ in page.tags]
    start = inner.index("h4")
    assert [tag for tag in inner[start:] if re.fullmatch("h[4-6]", tag)][:2] == ["h4", "h4"]
    assert Counter(tag for tag in inner if tag in ("table", "caption", "pre"))["table"] == 1
    assert [values.get("scope") for tag, values in page.tags if tag == "th"] == ["col", "col", "col", "row", "row"]
    assert inner.count("caption") == 1
    assert len([1 for tag, values in page.tags if tag == "a" and "mark" in (values.get("class") or "")]) == 8


def test_cells_that_span_stand_once() -> None:
    """A cell that covers rows or columns is one cell in the page, and is called a header of them."""
    report_ = check_bytes(SPANNING.encode(), "spans.html", Settings())
    cells = [(tag, values) for tag, values in page_of(report_).tags if tag in ("th", "td")]
    spans = [(tag, values.get("colspan"), values.get("rowspan"), values.get("scope")) for tag, values in cells]
    assert spans[:4] == [("th", None, None, "col"), ("th", "2", None, "colgroup"), ("td", None, None, None), ("th", None, None, "col")]  # fmt: skip  # noqa: E501
    assert spans[5:] == [("th", None, "2", "rowgroup"), *[("td", None, None, None)] * 4]


def test_results_that_overlap_share_a_mark() -> None:
    """A mark holds no other: results that overlap stand in one, and a place in a result leads to the result."""
    source = Source("a", "0123456789" * 3)
    claims = [_claim(source, *span) for span in ((0, 4), (2, 6), (10, 12), (11, 15), (20, 25))]
    marks = marks_of(claims, [Span(3, 5), Span(7, 30), Span(8, 9), Span(26, 26), Span(18, 22)], "m")
    held = [(mark.span, len(mark.claims)) for mark in marks.all]
    assert held == [(Span(0, 6), 2), (Span(7, 10), 0), (Span(10, 15), 2), (Span(18, 20), 0), (Span(20, 25), 1), (Span(26, 26), 0)]  # fmt: skip  # noqa: E501
    places = {offset: mark.id if (mark := marks.at(offset)) else None for offset in (0, 5, 6, 8, 14, 16, 21, 26, 27)}
    assert places == {0: "m1", 5: "m1", 6: None, 8: "m2", 14: "m3", 16: None, 21: "m5", 26: "m6", 27: None}


def _claim(source: Source, start: int, end: int) -> Claim:
    from rheumcalc.study.claims import Subject

    return Claim(Subject(), source.text[start:end], Location(source, Span(start, end)))


# --- what the page is ------------------------------------------------------------------------------------------------


def _every_state() -> Report:
    """Return a report with a file in each state there is."""
    known = Report((check_text("populations: {all: 88}\noutcomes:\n  - {label: A, population: all, reported: 16 (19.3%)}\n"),))  # fmt: skip  # noqa: E501
    (known_file,) = apply_baseline(known, renew_baseline(known, ())).files
    ignored = "populations: {all: 88}\noutcomes:\n  - label: B\n    population: all\n    reported: 16 (19.3%)\n    ignore: [{rule: RC301, reason: a <b>misprint</b>}]\n"  # noqa: E501
    settings = Settings(studies=str(ROOT / "data" / "studies"))
    drafts = check(DRAFT, settings=settings)
    records = check(*sorted((ROOT / "data" / "studies").glob("[dr]*.yaml")))
    sheet = b"study,outcome,n,N,%\nSmith 2020,ACR30,16,88,19.3\nLee 2021,ACR30,12,60,20\n"
    files = (
        known_file,
        check_record(Source("ignored.yaml", HEAD + ignored), Settings()),
        check_record(Source("cut.yaml", f"{HEAD}outcomes: [{{label: Off, reported: 16/88 (18.1%)}}]\n"), Settings()),
        check_record(Source("invalid.yaml", "outcomes: [\n"), Settings()),
        check_record(Source("empty.yaml", HEAD), Settings()),
        draft("No numbers here.\n"),
        draft("", "nothing.txt"),
        draft("- " * 60 + "deep\n\n16/88 (19.3%).\n", "deep.md"),
        draft(TABLES, "tables.md"),
        draft("16/88 (19.3%) <!-- rheumcalc:ignore RC201 printed so --> <!-- rheumcalc:oops -->\n", "markers.md"),
        check_bytes(as_docx(MADE), "made.docx", Settings()),
        check_bytes(sheet, "sheet.csv", Settings()),
        *drafts.files,
        *records.files,
    )
    return Report((*files, *report(defect("gone")).files), skipped=3, gone=1)


@cache
def every() -> Report:
    """Return the report with every state."""
    return _every_state()


def _report_named(name: str) -> Report:
    match name:
        case "every state":
            return every()
        case "nothing":
            return report()
        case "clean":
            return Report((draft("16/88 (18.2%).\n"),))
        case _:
            text = HOSTILE[name]
            return report(finding(text), defect(text), landmarked(text))


@pytest.fixture
def page(request: pytest.FixtureRequest) -> str:
    """The page of a report by its name."""
    return rendered(request.param)


@cache
def rendered(name: str) -> str:
    """Return the page of the report with a name."""
    return render_report(_report_named(name))


pages = pytest.mark.parametrize("page", ["every state", "nothing", "clean", *HOSTILE], indirect=True)


def test_the_states_are_there() -> None:
    """The report that the page is tried on has every status and every verdict, known and ignored findings."""
    assert {file.status for file in every().files} == set(Status)
    assert set(every().verdicts) == set(Verdict)
    assert set(every().severities) == set(Severity)
    assert (every().ignored > 1, every().known) == (True, 1)
    assert len(every().bindings or {}) == 3
    assert {file.kind for file in every().files} == {"draft", "record", "sheet", None}


@pages
def test_the_page_is_one_file(page: str) -> None:
    """No address leads out, no attribute holds script or style, and the policy allows what the page has alone."""
    read = Page(page)
    for tag, values in read.tags:
        assert tag not in ("link", "iframe", "object", "embed", "base", "form", "svg")
        assert [name for name in values if name.startswith("on") or name in ("style", "srcset", "action")] == []
        for name in ("href", "src"):
            if name in values:
                assert (values[name] or "")[:1] == "#" or (values[name] or "").startswith("data:image/")
    assert Counter(tag for tag, _ in read.tags if tag in ("style", "script")) == {"style": 1, "script": 1}
    (policy,) = (values["content"] for _, values in read.tags if values.get("http-equiv") == "Content-Security-Policy")
    digests = {tag: base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() for tag, text in read.own.items()}
    assert policy == (
        f"default-src 'none'; style-src 'sha256-{digests['style']}'; script-src 'sha256-{digests['script']}'; "
        "img-src data:; base-uri 'none'; form-action 'none'"
    )


@pages
def test_everything_leads_somewhere(page: str) -> None:
    """Ids are unique, and every link, label and control names one that is there."""
    read = Page(page)
    ids = read.ids
    assert [name for name, times in Counter(ids).items() if times > 1] == []
    named = {values[name] or "" for _, values in read.tags for name in ("aria-labelledby", "for", "data-target", "data-mark") if name in values}  # fmt: skip  # noqa: E501
    named |= {(values["href"] or "")[1:] for tag, values in read.tags if tag == "a"}
    assert sorted(each for each in named if each not in set(ids)) == []


@pages
def test_landmarks_and_headings(page: str) -> None:
    """There is one h1, a header, a list and a main part in this order, and no heading skips a level."""
    read = Page(page)
    levels = [int(tag[1]) for tag, _ in read.tags if re.fullmatch("h[1-6]", tag)]
    assert (levels[0], levels.count(1)) == (1, 1)
    assert [(above, below) for above, below in pairwise(levels) if below > above + 1] == []
    assert [tag for tag, _ in read.tags if tag in ("header", "nav", "main")] == ["header", "nav", "main"]
    assert read.tags[0] == ("html", {"lang": "en"})


@texts
def test_what_is_quoted_is_data(text: str) -> None:
    """Whatever a file holds and is called, the page has the same tags, and shows the text as it is."""
    harmless = Page(render_report(report(finding("x"), defect("x"), landmarked("x"))))
    read = Page(render_report(report(finding(text), defect(text), landmarked(text))))
    if text:
        assert [tag for tag, _ in harmless.tags] == [tag for tag, _ in read.tags]
    assert visible(f"{text} is printed.") in read.text
    attributes = {value for _, values in read.tags for name, value in values.items() if name != "aria-label"}
    assert not text.strip() or not any(text in (value or "") for value in attributes if len(text) > 3)


def test_the_page_is_the_same_every_time() -> None:
    """Nothing in a page depends on the time or on chance."""
    assert rendered("every state") == render_report(_every_state())


@pages
def test_no_character_acts(page: str) -> None:
    """No control character and no mark of direction is left in a page."""
    assert re.findall("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]", page) == []


# --- what the page says ----------------------------------------------------------------------------------------------


def test_every_claim_and_finding_is_there() -> None:
    """Each result has a mark with its verdict in words, each finding a line that leads to its place."""
    read = Page(render_report(every()))
    text = " ".join(" ".join(read.text).split())
    marked = [tag for tag, values in read.tags if tag == "a" and "mark" in (values.get("class") or "")]
    assert len(marked) >= sum(every().verdicts.values())
    items = read.of_class("item")
    assert Counter(values["data-severity"] for values in items) == every().severities
    for each in every().findings:
        assert each.known or visible(each.message) in text
        assert each.ignored is None or visible(each.ignored) in text
        for step in each.steps if each.is_open else ():
            assert visible(step) in text
    for words in (*MEANINGS.values(), "1 finding known from the baseline.", "This file could not be read"):
        assert words in text
    for found in {each.rule.code for each in every().findings if each.is_open}:
        assert f"rule-{found}" in read.ids


def test_a_working() -> None:
    """A result's working has what is printed, what it gives, what would fit, and whence the denominator is."""
    read = page_of(
        check_text("populations: {all: 88}\noutcomes:\n  - {label: Nausea, population: all, reported: 16 (19.3%)}\n")
    )
    text = " ".join(" ".join(read.text).split())
    for words in (
        "✗ These numbers cannot all be true.",
        "Denominator 88 (stated for this group: all)",
        "16/88 = 18.181…%, which prints as 18.2%",
        "16 (19.3%) fits a denominator of 83",
        "19.3% of 88 fits a count of 17",
        "Nausea, all",
    ):
        assert words in text


def test_what_a_record_says_of_a_draft() -> None:
    """A result that its record has, or has otherwise, says so, with the record's value."""
    read = Page(render_report(check(DRAFT, settings=Settings(studies=str(ROOT / "data" / "studies")))))
    text = " ".join(" ".join(read.text).split())
    assert "As in the record zhang-2023-tofacitinib-jdm, which has" in text
    assert "Not verified: no value of the record zhang-2023-tofacitinib-jdm can be matched to this result." in text
    assert "compared with the record zhang-2023-thalidomide-aid, matched by its authors, year and title" in text
    assert "the numbers fit together; as in the study's record" in text


@pytest.mark.parametrize(
    ("mode", "words"),
    [
        (RoundingMode.TRUNCATE, "They fit only if the percentage was cut off, not rounded."),
        (RoundingMode.CEILING, "They fit only if the percentage was rounded up."),
        (RoundingMode.HALF_EVEN, "They fit only with rounding half to even."),
    ],
)
def test_a_verdict_under_a_convention(mode: RoundingMode, words: str) -> None:
    """A verdict says in words under which rounding the numbers fit."""
    claim = _claim(Source("a", "16 (18.1%)"), 0, 10)
    assert words == verdict_words(Judgement(claim, Verdict.CONSISTENT_UNDER, mode))


def test_the_rules_pages_stay_in_the_file() -> None:
    """Each rule's page is there as HTML: its headings below the page's own, addresses as words."""
    from rheumcalc.report.html.rule_pages import rule_page

    for rule in RULES:
        html = rule_page(rule.page, set())
        assert ("<a " in html, "<h1" in html, "<h2" in html, "<h4>What it checks</h4>" in html) == (False,) * 3 + (
            True,
        )
        for address in re.findall(r"<(https?://[^>]+)>", rule.page):
            assert address.replace("&", "&amp;") in html
    own = rule_page(
        "# RC1\n\nSee [RC201](RC201-x.md), [RC202](RC202-y.md), [x](https://example.org) <script>.\n", {"RC201"}
    )
    assert (
        own
        == '<p>See <a href="#rule-RC201">RC201</a>, RC202 (RC202-y.md), x (https://example.org) &lt;script&gt;.</p>\n'
    )


def test_much_is_cut_and_said() -> None:
    """Of very many results and findings the gravest are shown, and the page says how many are left out."""
    lines = "".join(f"In {n}, 16/88 (19.3%) did.\n\n" for n in range(MAX_CLAIMS + 1000))
    whole = Report((draft(f"{lines}Of 60, 7/8 (87%) did.\n"),))
    found = whole.severities.total()
    read = Page(render_report(whole))
    text = " ".join(read.text)
    assert found > MAX_FINDINGS
    assert len(read.of_class("item")) == MAX_FINDINGS
    assert f"{found - MAX_FINDINGS} more findings left out of this page" in text
    assert f"{sum(whole.verdicts.values()) - MAX_CLAIMS} more results left out of this page" in text
    assert "".join(read.draft).count("16/88 (19.3%)") == MAX_CLAIMS + 1000


# --- the look --------------------------------------------------------------------------------------------------------


def _luminance(colour: str) -> float:
    """Return the relative luminance of `#rrggbb` (WCAG 2.2)."""
    channels = [int(colour[index : index + 2], 16) / 255 for index in (1, 3, 5)]
    linear = [each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(one: str, other: str) -> float:
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_ink_is_readable_on_every_ground(scheme: str) -> None:
    """Text has a contrast of 4.5 to 1 at least (WCAG 2.2, 1.4.3), by day and by night."""
    by_day, by_night = STYLE.split("@media (prefers-color-scheme: dark)", 1)
    block = by_day if scheme == "light" else by_night.split("}", 1)[0]
    colours = dict(re.findall(r"--((?:ink|ground)[a-z-]*): (#[0-9a-f]{6})", block))
    inks = {name: value for name, value in colours.items() if name.startswith("ink")}
    grounds = {name: value for name, value in colours.items() if name.startswith("ground")}
    assert (len(inks), len(grounds)) == (7, 6)
    poor = [(ink, ground) for ink, ground in product(inks, grounds) if _contrast(inks[ink], grounds[ground]) < 4.5]
    assert poor == []


def test_colours_are_inks_and_grounds() -> None:
    """No text has another colour, and no ground but that of figures."""
    used = re.findall(r"[\s;{](color|background|text-decoration-color): ([^;}]+)", STYLE)
    others = {value.strip() for _, value in used if not re.fullmatch(r"var\(--(?:ink|ground)[a-z-]*\)", value.strip())}
    assert others == {"#fff"}


def test_verdicts_differ_without_colour() -> None:
    """Each kind of mark has a line of its own kind, and its own sign."""
    kinds = re.findall(r"\.mark\.([a-z_]+) > bdi \{[^}]*text-decoration-style: ([a-z]+)", STYLE)
    styles = {kind: style for kind, style in kinds if kind != "place"}
    assert len({styles.get(verdict.value, "solid") for verdict in Verdict}) >= 3
    read = Page(render_report(every()))
    assert len(read.of_class("sign")) > 4


def test_a_missing_library_is_named_before_anything_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without jinja2 the format is refused in one line that names the extra; that of other commands is not."""
    import importlib.util

    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    with pytest.raises(
        SettingsError, match=r"--format html needs the extra 'report': pip install 'rheumcalc\[report\]'"
    ):
        plan_outputs(["json:a", "html:b"])
    assert plan_outputs(["html:b"], known=("html",))[0].format == "html"


def test_a_row_of_signs_is_read_in_one_way() -> None:
    """A banner of thousands of signs in a comment ends, and is shown: there is one way to read it, and not many."""
    for banner in ("#" * 5000, "-" * 5000, "> # " * 1000, "1. " * 1000):
        text = f"<!--\n{banner} Results -->10/12 (83%) children responded.\n"
        report = Report((check_document(read_document(Source("draft.md", text)), Settings()),))
        assert banner.strip()[:40] in render_report(report).replace("&gt;", ">")
