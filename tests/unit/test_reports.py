"""Each format of a report: what it must say, and that no quoted text says anything else in it."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from urllib.parse import unquote, urlsplit
from xml.etree import ElementTree as ET

import pytest
from markdown_it import MarkdownIt

from conftest import HEAD, check_text
from reports import HOSTILE, defect, finding, landmarked, report, runner_commands, sarif_run
from rheumcalc.config import Settings, select_rules
from rheumcalc.engine import check
from rheumcalc.findings import Finding
from rheumcalc.messages import visible
from rheumcalc.report import github, junit, markdown, sarif
from rheumcalc.report.outputs import REPORTERS, Options
from rheumcalc.result import Report
from rheumcalc.rules import RULES, Severity, find_rule

ROOT = Path(__file__).resolve().parent.parent.parent
SLIP = "populations: {all: 62}\noutcomes:\n  - {label: Nausea, population: all, reported: 4 (7%)}\n"
texts = pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)


@texts
@pytest.mark.parametrize("name", REPORTERS)
def test_every_format_can_be_written(name: str, text: str) -> None:
    """Whatever is quoted, a report is text that a file can hold, without a character that acts on a screen."""
    written = REPORTERS[name](report(finding(text), defect(text), landmarked(text)), Options())
    written.encode("utf-8", "surrogatepass" if name == "json" else "strict")
    if name != "json":
        assert re.findall("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u202a-\u202e\u2066-\u2069]", written) == []


# --- SARIF -----------------------------------------------------------------------------------------------------------


@texts
def test_sarif_is_valid_whatever_is_quoted(text: str) -> None:
    """A log is valid, its URIs are, and messages hold no link and no place for an argument."""
    run = sarif_run(sarif.render_report(report(finding(text), defect(text), landmarked(text))))
    assert len(run["results"]) == 3
    for result in run["results"]:
        message = result["message"]["text"]
        assert ("](" in message, re.findall(r"(?<!\{)\{[0-9]+\}(?!\})", message)) == (False, [])
        for location in (*result["locations"], *result["relatedLocations"]):
            uri = location["physicalLocation"]["artifactLocation"]["uri"]
            assert re.fullmatch(r"(?:[A-Za-z0-9/._~-]|%[0-9A-F]{2})+", uri)
            assert not urlsplit(uri).scheme


def test_sarif_of_nothing_is_valid() -> None:
    """A run without files, and one without findings, are logs too: every rule is listed all the same."""
    for each in (report(), Report((check_text(SLIP.replace("7%", "6%")),))):
        run = sarif_run(sarif.render_report(each))
        assert (run["results"], run["invocations"]) == ([], [{"executionSuccessful": True}])
        assert [rule["id"] for rule in run["tool"]["driver"]["rules"]] == [rule.code for rule in RULES if rule.default]


def test_sarif_of_the_records_is_valid() -> None:
    """The log on the project's own records and drafts is valid, and every finding that counts is in it."""
    whole = check(ROOT / "data")
    run = sarif_run(sarif.render_report(whole))
    assert [each.rule.code for each in whole.findings if each.is_open] == [each["ruleId"] for each in run["results"]]
    rules = run["tool"]["driver"]["rules"]
    assert [rules[each["ruleIndex"]]["id"] for each in run["results"]] == [each["ruleId"] for each in run["results"]]
    marks = [json.dumps(each["partialFingerprints"]) for each in run["results"]]
    assert len(set(marks)) == len(marks)


def test_sarif_lists_the_active_rules() -> None:
    """What applied is listed, with what rules about files always have; what did not is left out."""
    settings = Settings(rules=select_rules(["RC2"], ["RC202"]))
    run = sarif_run(sarif.render_report(check(ROOT / "data" / "studies", settings=settings)))
    listed = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert listed == [rule.code for rule in RULES if re.match("RC0|RC2(?!02)", rule.code)]


def test_sarif_describes_every_rule() -> None:
    """Each rule has its page, a level, and descriptions of the length that GitHub takes, in whole sentences."""
    every = report()._replace(rules=frozenset(rule.code for rule in RULES))
    for told in sarif_run(sarif.render_report(every))["tool"]["driver"]["rules"]:
        rule = find_rule(told["id"])
        assert rule
        assert (told["name"], told["defaultConfiguration"]["level"]) == (rule.name, rule.severity.value)
        assert told["help"] == {"text": rule.page, "markdown": rule.page}
        full = told["fullDescription"]["text"]
        assert (full.startswith("Finds "), full[-1], len(full) <= 1024) == (True, ".", True)
        assert told["shortDescription"]["text"].endswith(".")
        assert len(full) > len(told["shortDescription"]["text"])


def test_sarif_places() -> None:
    """Columns count code points from 1; the first place is the finding's, the rest are related."""
    text = HEAD + "populations: {all: 62}\noutcomes:\n  - {label: '😀 é', population: all, reported: 4 (7%)}\n"
    run = sarif_run(sarif.render_report(Report((check_text(text, head=""),))))
    (result,) = run["results"]
    (place,) = result["locations"]
    line = text.splitlines()[5]
    column = line.index("4 (7%)") + 1
    region = {"startLine": 6, "startColumn": column, "endLine": 6, "endColumn": column + 6}
    assert place == {"physicalLocation": {"artifactLocation": {"uri": "record.yaml"}, "region": region}}
    assert run["columnKind"] == "unicodeCodePoints"
    (related,) = result["relatedLocations"]
    assert related["physicalLocation"]["region"]["startLine"] == 4
    assert "62 is stated" in related["message"]["text"]


def test_sarif_place_without_lines() -> None:
    """A format without lines has its file, and the name of the place in words."""
    run = sarif_run(sarif.render_report(report(landmarked("12"))))
    place = run["results"][0]["locations"][0]
    assert place["physicalLocation"] == {"artifactLocation": {"uri": "12.docx"}}
    assert place["logicalLocations"] == [{"name": "paragraph 12", "fullyQualifiedName": "paragraph 12"}]
    assert place["message"] == {"text": "paragraph 12"}


def test_sarif_says_that_a_file_could_not_be_checked() -> None:
    """A defect is a result, and a notice that the run was no success."""
    run = sarif_run(sarif.render_report(report(defect("x"), finding("y"))))
    (invocation,) = run["invocations"]
    assert [each["ruleId"] for each in run["results"]] == ["RC001", "RC201"]
    assert (invocation["executionSuccessful"], len(invocation["toolExecutionNotifications"])) == (False, 1)
    assert invocation["toolExecutionNotifications"][0]["descriptor"] == {"id": "RC001"}


def test_sarif_leaves_out_what_is_ignored_or_known() -> None:
    """Both are counted, and neither is a result."""
    run = sarif_run(
        sarif.render_report(
            report(finding("a")._replace(ignored="so"), finding("b")._replace(known=True), finding("c"))
        )
    )
    assert len(run["results"]) == 1
    assert run["properties"] == {"ignored": 1, "knownFromBaseline": 1}


def test_sarif_fingerprints_stay_when_lines_move() -> None:
    """A log on the same text further down has the same fingerprints at other lines."""
    runs = [sarif_run(sarif.render_report(Report((check_text(text),)))) for text in (SLIP, "\n\n" + SLIP)]
    first, second = (run["results"][0] for run in runs)
    assert first["partialFingerprints"] == second["partialFingerprints"]
    assert first["locations"] != second["locations"]


@pytest.mark.parametrize("name", ["a b.md", "sub/ä#1.md", "c:d.md", "100%.md", "../up.md", "/abs/x y.md"])
def test_sarif_uris_name_their_files(name: str) -> None:
    """A name is found again in its URI; below the working directory the URI is relative."""
    parts = urlsplit(sarif.file_uri(name))
    assert (unquote(parts.path), parts.netloc, parts.query) == (name, "", "")
    assert parts.scheme == ("file" if name.startswith("/") else "")


def test_sarif_uris_on_windows(monkeypatch: pytest.MonkeyPatch) -> None:
    """Backslashes become slashes there, and a drive belongs to the path."""
    monkeypatch.setattr(os, "sep", "\\")
    names = [r"..\a b.md", r"C:\x\y z.md", r"\\server\share\x.md"]
    assert [sarif.file_uri(name) for name in names] == [
        "../a%20b.md",
        "file:///C:/x/y%20z.md",
        "file://server/share/x.md",
    ]


# --- JUnit -----------------------------------------------------------------------------------------------------------


@texts
def test_junit_parses_whatever_is_quoted(text: str) -> None:
    """The XML is well formed, and says what was quoted, with what XML cannot hold made visible."""
    root = ET.fromstring(junit.render_report(report(finding(text), defect(text))).encode())  # noqa: S314
    failure, error = root.find(".//failure"), root.find(".//error")
    assert failure is not None
    assert error is not None
    assert failure.get("message") == error.get("message") == visible(f"{text} is printed.")
    assert visible(text) in (failure.text or "")


def test_junit_counts() -> None:
    """Errors are failures, defects are errors, the rest passes; a file that is right has a case too."""
    findings = [finding(name, name) for name in ("percentage-mismatch", "undeclared-rounding", "excess-decimals")]
    files = (*report(*findings, defect("x")).files, check_text(SLIP.replace("7%", "6%")))
    root = ET.fromstring(junit.render_report(Report(files)))  # noqa: S314
    keys = ("tests", "failures", "errors", "skipped")
    assert [tuple(int(suite.get(key, "")) for key in keys) for suite in root] == [
        (1, 1, 0, 0),
        (2, 0, 0, 0),
        (2, 0, 0, 0),
        (1, 0, 1, 0),
        (1, 0, 0, 0),
    ]
    assert tuple(root.get(key) for key in keys) == ("7", "1", "1", "0")
    assert [case.get("name") for case in root[4]] == ["1 claim"]


def test_junit_of_a_file_without_claims() -> None:
    """A file without claims is not passed over, and not passed."""
    empty = check_text("")
    empty = empty._replace(studies=())
    root = ET.fromstring(junit.render_report(Report((empty,))))  # noqa: S314
    assert [case.find("skipped") is not None for case in root.iter("testcase")] == [True]


# --- GitHub ----------------------------------------------------------------------------------------------------------


@texts
def test_github_obeys_only_our_commands(text: str) -> None:
    """A runner reads one annotation for each finding, with the file and message as they are, and nothing more."""
    written = github.render_report(report(finding(text), defect(text), landmarked(text)))
    commands = runner_commands(written)
    assert [name for name, _, _ in commands] == ["error"] * 3
    for name, (_, properties, data) in zip((f"{text}.yaml", f"{text}.yaml", f"{text}.docx"), commands, strict=True):
        assert properties["file"] == visible(name)
        assert visible(text) in data


def test_github_annotations() -> None:
    """Each severity has its command; places are lines and columns, and words where there are none."""
    findings = [finding("x", name) for name in ("percentage-mismatch", "undeclared-rounding", "excess-decimals")]
    commands = runner_commands(github.render_report(report(*findings, defect("d"), landmarked("3"))))
    assert [name for name, _, _ in commands] == ["error", "warning", "notice", "error", "error"]
    places = [{key: value for key, value in told.items() if key not in ("file", "title")} for _, told, _ in commands]
    lines = {"line": "2", "endLine": "2", "col": "1", "endColumn": "11"}
    assert places == [lines, lines, lines, {}, {}]
    assert commands[1][1]["title"] == "RC202 undeclared-rounding"
    assert commands[4][2].startswith("paragraph 3:\n")


def test_github_shows_ten_of_a_kind_and_counts_the_rest() -> None:
    """Ten errors and ten warnings are annotated, the table has all, and the others are counted."""
    errors = [finding(f"e{number}") for number in range(13)]
    warnings = [finding(f"w{number}", "undeclared-rounding") for number in range(11)]
    written = github.render_report(report(*errors, *warnings))
    names = [name for name, _, _ in runner_commands(written)]
    assert (names.count("error"), names.count("warning")) == (10, 10)
    assert "3 errors not annotated" in written
    assert "1 warning not annotated" in written
    assert "e12 is printed." in written
    assert "not annotated" not in github.render_report(report(*errors[:10]))


def test_github_leaves_out_what_is_ignored_or_known() -> None:
    """What needs no attention has no annotation."""
    both = (finding("a")._replace(ignored="so"), finding("b")._replace(known=True))
    assert runner_commands(github.render_report(report(*both))) == []


def test_github_guards_with_a_token_nobody_knows() -> None:
    """The token is another in every run."""
    tokens = {re.search("::stop-commands::(.*)", github.render_report(report()))[1] for _ in range(5)}  # type: ignore[index]
    assert (len(tokens), min(map(len, tokens))) == (5, 32)


def test_github_bounds_a_message() -> None:
    """A finding with a great deal to say is cut."""
    (command,) = runner_commands(github.render_report(report(finding("x" * 100_000))))
    assert len(command[2]) <= 4_000


# --- Markdown --------------------------------------------------------------------------------------------------------


@texts
def test_markdown_quotes_in_code_alone(text: str) -> None:
    """Rendered, a report has the rows and cells it should, and no quoted text outside of code."""
    findings = (finding(text), defect(text), landmarked(text))
    tokens = MarkdownIt("commonmark").enable("table").parse(markdown.render_report(report(*findings)))
    rows = [index for index, token in enumerate(tokens) if token.type == "tr_open"]
    assert len(rows) == 1 + len(findings)
    assert sum(token.type in ("th_open", "td_open") for token in tokens) == 5 * len(rows)
    assert [token.content for token in tokens if token.type == "html_block"] == [
        "<details>\n<summary>The arithmetic</summary>\n",
        "</details>",
    ]
    children = [child for token in tokens for child in token.children or []]
    assert {child.type for child in children} <= {
        "text",
        "code_inline",
        "html_inline",
        "hardbreak",
        "softbreak",
        "strong_open",
        "strong_close",
    }
    assert {child.content for child in children if child.type == "html_inline"} == {"<br>"}
    plain = "".join(child.content for child in children if child.type == "text")
    assert re.sub(r"[A-Za-z0-9 .,:;-]", "", plain) == ""
    code = [child.content for child in children if child.type == "code_inline"]
    quoted = visible(text).strip()
    assert any(quoted in each for each in code)


@texts
def test_markdown_cells_hold_for_readers_that_pair_backslashes(text: str) -> None:
    r"""A row has five cells too where `\\|` is read as a backslash and the end of a cell."""
    rows = [line for line in markdown.render_report(report(finding(text))).splitlines() if line.startswith("| ")]
    cell = r"(?:\\[!-/:-@\[-`{-~]|[^|\\]|\\(?![!-/:-@\[-`{-~]))*"
    for row in rows:
        assert re.fullmatch(rf"\|(?:{cell}\|){{5}}", row)


def test_markdown_is_bounded() -> None:
    """A report on thousands of findings fits into a comment, errors first, and says how many are left out."""
    findings = [finding(f"{number} " + "💥" * 500, "undeclared-rounding") for number in range(500)]
    written = markdown.render_report(report(*findings, *[finding(f"e{number}") for number in range(30)]))
    assert len(written.encode("utf-16-le")) // 2 <= 65_536
    assert len(written.encode()) <= markdown.MAX_BYTES
    assert all(f"e{number} is printed" in written for number in range(30))
    shown = sum(line.startswith("| ") for line in written.splitlines()) - 2
    assert f"{530 - shown} more findings left out" in written
    assert re.search("The arithmetic of [0-9]+ more findings is left out", written)
    assert written.endswith("</details>")


@pytest.mark.parametrize(
    ("findings", "verdict"),
    [
        ([], "**No results were read: nothing was checked.**"),
        ([finding("x")], "**The numbers cannot all be true: 1 error.**"),
        ([finding("x", "undeclared-rounding")], "**No errors; 1 warning to look at.**"),
        ([finding("x", "undeclared-rounding")] * 2, "**No errors; 2 warnings to look at.**"),
        ([finding("x", "undeclared-rounding"), finding("y", "excess-decimals")], "**No errors; 1 warning and 1 note"),
        ([defect("x")], "**1 of 1 file could not be checked.**"),
        ([defect("x"), finding("y")], "**1 of 2 files could not be checked, and 1 error found in the others.**"),
    ],
)  # fmt: skip
def test_markdown_begins_with_the_verdict(findings: list[Finding], verdict: str) -> None:
    """The first line says what came out."""
    assert markdown.render_report(report(*findings)).startswith(verdict)


def test_markdown_counts_what_is_known() -> None:
    """What a baseline has is counted and not shown; what is gone from it is said."""
    written = markdown.render_report(report(finding("quoted")._replace(known=True), gone=2))
    assert "(1 known from the baseline)" in written
    assert "2 findings of the baseline no longer occur" in written
    assert "quoted" not in written


@texts
def test_how_a_file_was_read_is_said(text: str) -> None:
    """Notes on a file are in every format for people, as data like what is quoted."""
    (file,) = report(finding("x")).files
    noted = Report((file._replace(notes=(f"note {text}",)),))
    tokens = MarkdownIt("commonmark").enable("table").parse(markdown.render_report(noted))
    code = [child.content for token in tokens for child in token.children or [] if child.type == "code_inline"]
    assert visible(f"x.yaml: note {text}").strip() in [each.strip() for each in code]
    (notice,) = sarif_run(sarif.render_report(noted))["invocations"][0]["toolExecutionNotifications"]
    assert (notice["level"], notice["message"]["text"][:5]) == ("note", "note ")
    assert ET.fromstring(junit.render_report(noted)).findtext("testsuite/system-out") == visible(f"note {text}")  # noqa: S314
    assert len(runner_commands(github.render_report(noted))) == 1


def test_a_regraded_finding_has_its_new_severity() -> None:
    """The settings may give a rule another severity: annotations, levels and failures follow."""
    noted = report(finding("x")._replace(regraded=Severity.NOTE))
    assert runner_commands(github.render_report(noted))[0][0] == "notice"
    assert sarif_run(sarif.render_report(noted))["results"][0]["level"] == "note"
    assert ET.fromstring(junit.render_report(noted)).get("failures") == "0"  # noqa: S314
    assert markdown.render_report(noted).startswith("**No errors; 1 note to look at.**")


def test_severities_have_a_place_in_every_format() -> None:
    """No severity is unknown to a format."""
    for severity in Severity:
        each = finding("x")
        each = each._replace(rule=each.rule._replace(severity=severity))
        assert all(render(report(each), Options()) for render in REPORTERS.values())
