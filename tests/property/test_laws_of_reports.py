"""Laws of reports: no text that a file may hold is anything but text in a report."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from reports import defect, finding, landmarked, report, runner_commands, sarif_run
from rheumcalc.findings import Finding, fingerprints
from rheumcalc.messages import visible
from rheumcalc.report import github, junit, markdown, sarif

_PIECES = st.sampled_from(
    [
        "|",
        "\\",
        "`",
        "``",
        "]]>",
        "<",
        "&",
        "::",
        "##[",
        "%",
        "\n",
        "\r",
        "@",
        "]",
        "(",
        "{0}",
        "error",
        " ",
        "\ud800",
        ",",
    ]
)
texts = st.lists(st.one_of(_PIECES, st.text(max_size=3)), max_size=12).map("".join)


def _findings(text: str) -> tuple[Finding, ...]:
    return (finding(text), defect(text), landmarked(text))


@given(texts)
def test_xml_is_read_back_as_it_was_shown(text: str) -> None:
    """JUnit is well formed XML, and its messages are the findings' own."""
    root = ET.fromstring(junit.render_report(report(*_findings(text))).encode())  # noqa: S314
    results = [each for tag in ("failure", "error") for each in root.iter(tag)]
    assert [each.get("message") for each in results] == [visible(f"{text} is printed.")] * 3


@given(texts)
@example("::error::x")
@example("##[error]x")
def test_annotations_are_read_back_as_they_were_shown(text: str) -> None:
    """A runner reads as many commands as there are findings, with their files; the table holds none."""
    commands = runner_commands(github.render_report(report(*_findings(text))))
    files = [visible(each.location.source.name) for each in _findings(text)]
    assert [(name, told["file"]) for name, told, _ in commands] == [("error", file) for file in files]


@given(texts)
@example("a\\|b")
def test_a_comment_has_its_rows_and_nothing_else(text: str) -> None:
    """Markdown has a row of five cells for each finding, and what is quoted is code."""
    tokens = MarkdownIt("commonmark").enable("table").parse(markdown.render_report(report(*_findings(text))))
    children = [child for token in tokens for child in token.children or []]
    plain = "".join(child.content for child in children if child.type == "text")
    assert sum(token.type == "td_open" for token in tokens) == 15
    assert re.sub(r"[A-Za-z0-9 .,:;-]", "", plain) == ""
    assert {child.content for child in children if child.type == "html_inline"} == {"<br>"}
    assert not any(child.type in ("link_open", "image") for child in children)


@given(texts)
def test_a_log_is_valid(text: str) -> None:
    """SARIF follows its schema, one result for each finding."""
    assert len(sarif_run(sarif.render_report(report(*_findings(text))))["results"]) == 3


@given(st.lists(texts, max_size=6))
def test_fingerprints_are_unique_and_kept_in_any_company(several: list[str]) -> None:
    """No two findings share a fingerprint, and a finding keeps its own when others follow it."""
    findings = [finding(text) for text in several]
    marks = [mark for _, mark in fingerprints(findings)]
    assert len(set(marks)) == len(marks)
    assert [mark for _, mark in fingerprints([*findings, finding("another")])][: len(marks)] == marks
