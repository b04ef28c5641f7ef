"""Runs every example on every rule page, and holds the pages and the table of rules to their form."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

import pytest

from rheumcalc.config import Settings, select_rules
from rheumcalc.engine import check_bytes, library_of, unread_file, with_conflicts
from rheumcalc.files.reading import UnreadableFileError, read_file, read_stream
from rheumcalc.findings import Finding
from rheumcalc.result import FileReport, Status
from rheumcalc.rules import RULES, Rule, Severity
from rheumcalc.source import Source
from rheumcalc.study.claims import FlowClaim, TotalClaim

#: The name that examples have in their findings.
NAME = "record.yaml"
#: The names of examples that are no records, by the kind of their block.
OTHER_NAMES = {"markdown": "draft.md", "csv": "sheet.csv"}
HEADINGS = ("What it checks", "Why it matters", "Examples", "How to resolve", "Assumptions", "References")

_CODE = re.compile(r"\bRC\d{3}\b")
_FENCE = re.compile(r"^```(?P<info>[^\n]*)\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL)
_KEBAB_CASE = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_URL = re.compile(r"<https?://[^\s<>]+>")
#: What a citation without an address has: a year, and a volume with its page, an edition with its section, or the like.
_FULL_CITATION = re.compile(r"\b(?:19|20)\d\d;\d+:\w+|\bedition, (?:section|tables)\b")


@dataclass(frozen=True)
class Example:
    """One fenced block of a page: what kind of file it is, whether it passes or fails, and what it says is found.

    `records` are the blocks marked `yaml record` that stand before it: it is checked against them.
    """

    rule: Rule
    kind: str
    outcome: str
    body: str
    told: str
    number: int
    records: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The name that the example's file has in its findings."""
        return OTHER_NAMES.get(self.kind, NAME)

    @property
    def content(self) -> bytes | None:
        """The bytes of the example's file; None for a file that does not exist."""
        if self.kind == "yaml" or self.kind in OTHER_NAMES:
            return self.body.encode()
        content = eval(self.body, {"__builtins__": {}})  # noqa: S307 - an expression on our own page
        assert content is None or isinstance(content, bytes)
        return content


def path_of(rule: Rule) -> Path:
    """Return the file of a rule's page."""
    return Path(str(files("rheumcalc.rules"))) / f"{rule.code}-{rule.name}.md"


def text_of(rule: Rule) -> str:
    """Return a rule's page, or nothing where it has none: its absence is one test's to report."""
    path = path_of(rule)
    return path.read_text(encoding="utf-8") if path.exists() else ""


def examples_of(rule: Rule) -> list[Example]:
    """Return the examples of a page; the block after a failing one says what is found in it."""
    blocks = [(match["info"], match["body"]) for match in _FENCE.finditer(text_of(rule))]
    examples: list[Example] = []
    records: list[str] = []
    for number, (info, body) in enumerate(blocks):
        if info == "yaml record":
            records.append(body)
        elif info != "text":
            kind, _, outcome = info.partition(" ")
            follower, told = blocks[number + 1] if number + 1 < len(blocks) else ("", "")
            told = told if follower == "text" else ""
            examples.append(Example(rule, kind, outcome, body, told, len(examples) + 1, tuple(records)))
    return examples


def report_on(example: Example) -> FileReport:
    """Return the report on an example, its own rule selected where it is off by default."""
    content = example.content
    nowhere = Path(__file__).parent / "no such folder" / example.name
    selected = () if example.rule.default else (example.rule.code,)
    settings = Settings(rules=select_rules(selected))
    try:
        data = read_file(nowhere, example.name) if content is None else read_stream(io.BytesIO(content), example.name)
        if not example.records:
            return check_bytes(data, example.name, settings)
        records = [check_bytes(body.encode(), "studies.yaml", settings) for body in example.records]
        assert [record.status for record in records] == [Status.OK] * len(records)
        report = check_bytes(data, example.name, settings, library_of(records))
        return with_conflicts([*records, report], settings)[-1]
    except UnreadableFileError as error:
        return unread_file(error)


def findings_of(rule: Rule, example: Example) -> list[Finding]:
    """Return a rule's own findings in an example."""
    return [finding for finding in report_on(example).findings if finding.rule == rule and finding.ignored is None]


def line_of(finding: Finding) -> str:
    """Return a finding as pages print it; a finding about the whole file has no line and column."""
    start = finding.location.start
    place = f"{finding.location.source.name}:{start.line}:{start.column}" if start else finding.location.source.name
    return f"{place}: {finding.rule.severity.value} {finding.rule.code} {finding.message}"


def section_of(rule: Rule, heading: str) -> str:
    """Return what stands under a heading."""
    return text_of(rule).partition(f"\n## {heading}\n")[2].partition("\n## ")[0].strip()


EXAMPLES = [example for rule in RULES for example in examples_of(rule)]
PASSING = [example for example in EXAMPLES if example.outcome == "pass"]
FAILING = [example for example in EXAMPLES if example.outcome == "fail"]

every_rule = pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)


def _example_id(example: Example) -> str:
    return f"{example.rule.code}-{example.number}-{example.outcome}"


# --- the table of rules ----------------------------------------------------------------------------------------------


def test_codes_and_names_are_unique() -> None:
    """No two rules share a code or a name, so that either can be selected and ignored."""
    assert len(RULES) == len({rule.code for rule in RULES}) == len({rule.name for rule in RULES})


def test_rules_are_in_order_of_their_codes() -> None:
    """The table reads like its codes."""
    assert sorted(rule.code for rule in RULES) == [rule.code for rule in RULES]


@every_rule
def test_code_and_name_have_their_form(rule: Rule) -> None:
    """A code is RC and three digits, a name is kebab-case, and a summary is a phrase."""
    assert _CODE.fullmatch(rule.code)
    assert _KEBAB_CASE.fullmatch(rule.name)
    assert rule.summary
    assert not rule.summary.endswith(".")
    assert isinstance(rule.severity, Severity)


# --- the form of the pages -------------------------------------------------------------------------------------------


@every_rule
def test_rule_has_a_page(rule: Rule) -> None:
    """Every rule has a page, and the program finds it."""
    assert path_of(rule).read_text(encoding="utf-8") == rule.page


def test_no_page_is_without_its_rule() -> None:
    """Every page belongs to a rule of the table."""
    pages = {path.name for path in path_of(RULES[0]).parent.glob("*.md")}
    assert {path_of(rule).name for rule in RULES} == pages


@every_rule
def test_page_begins_with_what_the_rule_is(rule: Rule) -> None:
    """A page begins with its title, one sentence, the severity, and a word where the rule is off by default."""
    title, sentence, severity, after, *_ = text_of(rule).split("\n\n")
    assert f"# {rule.code} {rule.name}" == title
    assert sentence.startswith("Finds ")
    assert sentence.endswith(".")
    assert "\n" not in sentence
    assert f"Severity: {rule.severity.value}" == severity
    assert rule.default is not after.startswith("Off by default")


@every_rule
def test_headings_stand_in_order(rule: Rule) -> None:
    """Every page has the same headings in the same order, and something under each."""
    prose = _FENCE.sub("", text_of(rule))
    assert list(HEADINGS) == re.findall(r"^## (.*)$", prose, re.MULTILINE)
    assert all(section_of(rule, heading) for heading in HEADINGS)


@every_rule
def test_page_has_examples_that_pass_and_fail(rule: Rule) -> None:
    """A page shows at least one file of each kind, and no block of another kind."""
    examples = examples_of(rule)
    assert {"pass", "fail"} == {example.outcome for example in examples}
    assert {"yaml", "python", *OTHER_NAMES} >= {example.kind for example in examples}
    assert len(list(_FENCE.finditer(text_of(rule)))) == text_of(rule).count("```") / 2


@every_rule
def test_only_failing_examples_tell_findings(rule: Rule) -> None:
    """A failing example is followed by what is found in it, and nothing else is."""
    examples = examples_of(rule)
    assert [bool(example.told) for example in examples] == [example.outcome == "fail" for example in examples]


@every_rule
def test_page_cites_a_source(rule: Rule) -> None:
    """A page cites at least one source that can be found: each has an address or a full citation."""
    references = section_of(rule, "References").splitlines()
    assert all(line.startswith("- ") for line in references)
    assert not [line for line in references if not _URL.search(line) and not _FULL_CITATION.search(line)]


@every_rule
def test_page_mentions_rules_that_exist(rule: Rule) -> None:
    """A page names no rule that is not in the table."""
    assert {other.code for other in RULES} >= set(_CODE.findall(text_of(rule)))


@every_rule
def test_prose_has_a_sentence_on_each_line(rule: Rule) -> None:
    """Prose has one sentence a line, ended by a full stop, so that a change shows as one line."""
    prose = _FENCE.sub("", text_of(rule)).partition("\n## References\n")[0]
    lines = [line for line in prose.splitlines() if line and not line.startswith(("#", "Severity: "))]
    assert not [line for line in lines if not line.endswith(".") or re.search(r"[a-z`)][.] [A-Z]", line)]


# --- what the pages say ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("example", PASSING, ids=_example_id)
def test_passing_example_passes(example: Example) -> None:
    """An example that passes is a record without defects, in which the rule finds nothing."""
    report = report_on(example)
    assert report.status is Status.OK
    assert not report.defects
    assert not findings_of(example.rule, example)


@pytest.mark.parametrize("example", FAILING, ids=_example_id)
def test_failing_example_fails_as_told(example: Example) -> None:
    """An example that fails gives exactly the findings printed below it: place, severity, code and message."""
    assert example.told.splitlines() == [line_of(finding) for finding in findings_of(example.rule, example)]


@pytest.mark.parametrize("example", FAILING, ids=_example_id)
def test_failing_example_is_a_whole_record(example: Example) -> None:
    """Only rules about files are shown in files that are no records, and they alone find something in them."""
    report = report_on(example)
    assert example.rule.about_files is (report.status is not Status.OK)
    assert all(finding.rule.about_files for finding in report.defects)


@pytest.mark.parametrize("example", FAILING, ids=_example_id)
def test_span_of_a_finding_is_what_was_printed(example: Example) -> None:
    """The span of a finding, cut from the file, is the printed text that the finding quotes.

    A sum of several printed numbers stands nowhere as such: there, each of its numbers stands in the file.
    """
    for finding in findings_of(example.rule, example):
        if finding.printed is None:
            continue
        assert finding.location.span is not None
        source: Source = finding.location.source
        if finding.claims and isinstance(finding.claims[0], TotalClaim | FlowClaim):
            assert {*re.findall(r"[\w.]+", finding.printed)} <= {*re.findall(r"[\w.]+", source.text)}
        else:
            assert finding.printed == source.cut(finding.location.span)
