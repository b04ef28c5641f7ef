"""Ignores in drafts: what each marker governs, and what is said of one that is wrong."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from hostile import MARKED
from rheumcalc.config import Settings, select_rules
from rheumcalc.documents import Document, read_document
from rheumcalc.documents.ignores import DraftIgnores
from rheumcalc.documents.markers import VERBS
from rheumcalc.engine import check_document
from rheumcalc.findings import Finding
from rheumcalc.report.json_ import render_report
from rheumcalc.result import FileReport, Report
from rheumcalc.rules import rule
from rheumcalc.source import Landmark, Location, Source, Span
from steps import LINEAR, growth

SLIP = "Relapse was seen in 3/18 (33%) of the children."
MARKER = "<!-- rheumcalc:ignore RC201 as printed -->"


def _check(text: str, name: str = "draft.md", settings: Settings | None = None) -> FileReport:
    return check_document(read_document(Source(name, text)), settings or Settings())


def _told(report: FileReport) -> list[str]:
    """Return the findings as `code`, or `code: reason` where they are ignored."""
    return [f"{f.rule.code}: {f.ignored}" if f.ignored is not None else f.rule.code for f in report.findings]


@pytest.mark.parametrize("name", ["draft.md", "draft.txt"])
@pytest.mark.parametrize(
    "text",
    [
        f"{SLIP} {MARKER}",
        f"{MARKER} {SLIP}",
        f"{MARKER}\n{SLIP}",
        f"{MARKER}\n\n{SLIP}",
        f"{MARKER}\n\n \n\n{SLIP}\nMore.",
        f"{MARKER}\r\n\r\n{SLIP}",
        f"  {MARKER}  \n{SLIP}",
        f"<!-- rheumcalc:ignore RC302 another -->\n{MARKER}\n<!-- a remark -->\n{SLIP}",
        f"{MARKER} <!-- a remark -->\n{SLIP}",
        f"> {MARKER}\n> {SLIP}",
        f"<!-- rheumcalc:ignore RC201\nas printed -->\n{SLIP}",
        f"{SLIP} <!-- rheumcalc:ignore\nRC201 as printed -->",
        "Relapse was seen in 3/18\n(33%) of the children. " + MARKER,
    ],
)
def test_an_ignore_governs_its_line_or_the_next(text: str, name: str) -> None:
    """A marker beside text governs its lines; one that stands alone governs the next line that is not empty."""
    assert "RC201: as printed" in _told(_check(text, name))


@pytest.mark.parametrize(
    "text",
    [
        f"{SLIP}\n{MARKER}",
        f"{SLIP}\n\n{MARKER}",
        f"{MARKER}\nWords.\n{SLIP}",
        f"Words. {MARKER}\n{SLIP}",
        f"{MARKER}\n\nWords.\n\n{SLIP}",
        f"`{MARKER}`\n{SLIP}",
        f"```\n{MARKER}\n```\n\n{SLIP}",
        f"{SLIP} <!-- rheumcalc:ignore RC202 another rule -->",
        f"{SLIP} <!-- rheumcalc:ignore RC201 -->",
        f"{SLIP} <!-- rheumcalc:ignore RC201: -->",
        f"{SLIP} <!-- rheumcalc:ignore RC201, RC202 two at once -->",
        f"{SLIP} <!-- rheumcalc:ignore RC2 a family -->",
        f"{SLIP} <!-- rheumcalc:ignore -->",
        f"{SLIP} <!-- rheumcalc:study a-study -->",
    ],
)
def test_an_ignore_governs_nothing_else(text: str) -> None:
    """The line before, the line after the next, other rules: the finding stands."""
    assert "RC201" in _told(_check(text))


@pytest.mark.parametrize(
    "arguments",
    [
        "RC201 as printed",
        "rc201 as printed",
        "percentage-mismatch as printed",
        "RC201: as printed",
        "RC201 – as printed",
    ],
)
def test_a_rule_is_named_by_its_code_or_name(arguments: str) -> None:
    """Letter case does not matter, and a mark may stand between the rule and the reason."""
    assert _told(_check(f"{SLIP} <!-- rheumcalc:ignore {arguments} -->")) == ["RC201: as printed"]


def test_a_row_of_a_table_has_its_own_ignore() -> None:
    """A marker in a cell governs its row and no other; a bar in the reason does not end the cell."""
    rows = [
        "| | n (%) |",
        "| --- | --- |",
        f"| A | 3/18 (33%) {MARKER.replace('as', 'as | was')} |",
        "| B | 4/18 (33%) |",
    ]
    report = _check("\n".join(rows))
    assert _told(report) == ["RC201: as | was printed", "RC201"]


def test_an_ignored_finding_is_kept_with_its_reason_and_counted() -> None:
    """It stays in JSON, is counted as ignored and not as an error, and does not fail the run; the verdict stays."""
    report = Report((_check(f"{SLIP} {MARKER}"),))
    document = json.loads(render_report(report))
    assert [(f["rule"], f["ignored"]) for f in document["findings"]] == [("RC201", "as printed")]
    assert document["summary"]["findings"] == {"error": 0, "warning": 0, "note": 0, "ignored": 1}
    assert document["summary"]["claims"]["inconsistent"] == 1
    assert report.exit_code() == 0


@pytest.mark.parametrize(
    ("marker", "code", "printed", "words"),
    [
        ("<!-- rheumcalc:ignore RC999 because -->", "RC901", "RC999", "is not a rule"),
        ("<!-- rheumcalc:ignore RC001 because -->", "RC901", "RC001", "is not a rule"),
        ("<!-- rheumcalc:ignore RC902 because -->", "RC901", "RC902", "is not a rule"),
        ("<!-- rheumcalc:ignore -->", "RC901", None, "names no rule"),
        ("<!-- rheumcalc:ignore RC302 because -->", "RC902", "RC302", "finds nothing here"),
        ("<!-- rheumcalc:ignore RC302 -->", "RC903", "RC302", "no reason"),
        ("<!-- rheumcalc:ignore RC302 – -->", "RC903", "RC302", "no reason"),
        ("<!-- rheumcalc:ingore RC302 because -->", "RC904", "ingore", "did you mean 'ignore'?"),
        ("<!-- rheumcalc:Ingore RC302 because -->", "RC904", "Ingore", "did you mean 'ignore'?"),
        ("<!-- rheumcalc:zzz -->", "RC904", "zzz", "known markers: ignore, study, summary, value."),
    ],
)
def test_a_marker_that_is_wrong_is_found_at_its_word(marker: str, code: str, printed: str | None, words: str) -> None:
    """Unknown, reasonless and unused ignores, and unknown markers, are found where the word in question stands."""
    (finding,) = _check(f"Words.\n\n{marker}\n\nMore.").findings
    assert (finding.rule.code, finding.printed, words in finding.message) == (code, printed, True)
    assert finding.location.span is not None
    assert finding.location.source.cut(finding.location.span) == (printed or marker)


@pytest.mark.parametrize("verb", [*VERBS, "Ignore"])
def test_known_markers_are_no_findings(verb: str) -> None:
    """A marker that another part of the program reads is none of this one's business."""
    assert "RC904" not in _told(_check(f"{SLIP} <!-- rheumcalc:{verb} RC201 x -->"))


def test_an_ignore_is_judged_once_for_the_whole_draft() -> None:
    """A marker in one study's section, over a finding of another's, is used; and one that is unused is told once."""
    study = "## Study {}\n\nWe included 18 children. {} had a relapse.\n\n"
    text = study.format(1, f"{MARKER} 3/18 (33%)") + study.format(2, "4/18 (22%)") + study.format(3, "5/18 (28%)")
    assert _told(_check(text)) == ["RC201: as printed"]
    assert _told(_check(text.replace("3/18 (33%)", "6/18 (33%)"))) == ["RC902"]
    before = "Relapse: 3/18 (33%) of the first. " + MARKER + "\n\n" + text.replace(MARKER, "")
    assert _told(_check(before)) == ["RC201: as printed", "RC201"]


def test_a_joint_finding_is_ignored_where_it_stands() -> None:
    """A finding about several results is ignored at its first place, and not at the others."""
    lines = ["We included 83 children.", "Response came in 16 (18.2%).", "Remission came in 42 (47.7%)."]
    found = _check("\n".join(lines))
    assert [(f.rule.code, f.location.start and f.location.start.line) for f in found.findings] == [("RC302", 2)]
    ignore = " <!-- rheumcalc:ignore RC302 five came later -->"
    assert _told(_check("\n".join([lines[0], lines[1] + ignore, lines[2]]))) == ["RC302: five came later"]
    assert _told(_check("\n".join([*lines[:2], lines[2] + ignore]))) == ["RC302", "RC902"]


def test_what_was_not_run_is_not_unused() -> None:
    """An ignore of a rule that was not selected is left alone, and the rules about ignores can be left out."""
    text = f"Words. {MARKER}"
    assert _told(_check(text, settings=Settings(rules=select_rules(["RC3", "RC902"])))) == []
    assert _told(_check(text, settings=Settings(rules=select_rules((), ["RC902"])))) == []
    assert _told(_check(text)) == ["RC902"]


def test_without_records_what_compares_with_them_was_not_run() -> None:
    """The same draft is checked with its records in CI and without them elsewhere: its ignores are not unused there."""
    assert _told(_check("Words. <!-- rheumcalc:ignore RC702 the record has an older count -->")) == []


def test_two_ignores_of_one_finding_are_both_used() -> None:
    """Which of the two is one too many, nobody can say."""
    assert _told(_check(f"{MARKER}\n{SLIP} {MARKER}")) == ["RC201: as printed"]


def _in_paragraphs(*texts: str) -> Document:
    """Return a document of a format without lines, its comments kept in the text."""
    source = Source("draft.html", "\n\n".join(texts))
    document = read_document(Source("draft.txt", source.text))
    starts = [source.text.index(text) for text in texts]
    landmarks = tuple(Landmark(start, f"paragraph {number}") for number, start in enumerate(starts, 1))
    return replace(document, source=replace(source, landmarks=landmarks))


@pytest.mark.parametrize(
    ("texts", "ignored"),
    [
        (["Words.", f"{MARKER} First.\n{SLIP}", "Words."], True),
        (["Words.", f"First. {SLIP}\nLast. {MARKER}", "Words."], True),
        (["Words.", MARKER, SLIP], True),
        ([MARKER, SLIP], True),
        ([f"Words. {MARKER}", SLIP], False),
        ([SLIP, MARKER], False),
    ],
)
def test_without_lines_an_ignore_governs_its_block(texts: list[str], *, ignored: bool) -> None:
    """Where a source has no lines, the block that a marker stands in is governed, or else the next."""
    document = _in_paragraphs(*texts)
    place = document.source.text.index("3/18 (33%)")
    finding = Finding(rule("percentage-mismatch"), "", Location(document.source, Span(place, place + 10)))
    assert (DraftIgnores(document).reason(finding) == "as printed") is ignored


@pytest.mark.parametrize("text", [each.whole for each in MARKED.values()], ids=MARKED)
def test_markers_without_number_are_read(text: str) -> None:
    """Reading the markers and looking up what they govern comes to an end: each that is whole is judged."""
    assert len(_judged(text, 100)) == text.count(MARKER)


@pytest.mark.parametrize("kind", MARKED)
def test_markers_without_number_are_read_in_linear_time(kind: str) -> None:
    """A text that is twice as long takes twice the steps."""
    make, size = MARKED[kind]
    assert growth(lambda text: _judged(text, 1), make, size // 50) < LINEAR


def _judged(text: str, times: int) -> list[object]:
    """Read the markers of a text, and judge them by findings at its end."""
    document = Document(Source("draft.md", text), text)
    document = replace(document, markers=read_document(Source("draft.txt", text)).markers)
    ignores = DraftIgnores(document)
    span = Span(len(text) - 5, len(text))
    finding = Finding(rule("percentage-mismatch"), "", Location(document.source, span))
    ignores.reason(finding)
    return list(ignores.judged([finding] * times))
