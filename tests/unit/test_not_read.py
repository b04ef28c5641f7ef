"""What looks like a result and is none, or is not read, is counted and said: no report passes over it."""

from __future__ import annotations

import json
import re
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from markdown_it import MarkdownIt

from conftest import RunCli, check_text
from reports import HOSTILE, runner_commands, sarif_run
from rheumcalc.config import Settings
from rheumcalc.engine import check_bytes
from rheumcalc.messages import visible
from rheumcalc.report import github, json_, junit, markdown, sarif
from rheumcalc.report.outputs import REPORTERS, Options
from rheumcalc.report.summary import summary
from rheumcalc.result import FileReport, Report
from rheumcalc.source import Location, Source, Span
from rheumcalc.study.claims import NotRead

#: Two results and a share; an interval, a change, a strength and a measurement; two that nothing explains.
DRAFT = """# Review

## Study 1

We included 88 children. Remission came in 16 (18.2%; 95% CI 11.2 to 27.6) and rash in 12%.
At week 4 45% foo. The pain fell by 20%. They had 5% dextrose. HbA1c was 7.5%.

## Study 2

At week 8 33% foo.

| | A (n = 60) |
| --- | --- |
| Remission | 27/60 |
"""
#: What `claims` lists of it after the claims.
LISTED = """
In no claim
  Printed  Line
the level or a limit of an interval
  95%      5:55
a change or a difference
  20%      6:37
a strength or a part of a mixture
  5%       6:51
something that is measured in per cent
  7.5%     6:74
not read: nothing tells what it is
  45%      6:11
  33%      10:11
4 excluded, 2 not read.

"""
PEOPLE = ("table", "markdown", "github", "html")
texts = pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)


def draft(text: str, name: str = "draft.md") -> FileReport:
    """Return the report on a draft."""
    return check_bytes(text.encode("utf-8", "replace"), name, Settings())


def unread(*found: str) -> Report:
    """Return the report on a draft in which nothing tells what these texts are."""
    source = Source("draft.md", "\n".join(found))
    places = (Location(source, Span(0, 1), f"table 1, row {number}") for number in range(1, len(found) + 1))
    return Report((FileReport("draft.md", "draft", draft("").status, left=tuple(map(NotRead, found, places))),))


def flat(text: str) -> str:
    """Return a text on one line, as if nothing had been broken to fit."""
    return " ".join(text.split())


# --- what is counted -------------------------------------------------------------------------------------------------


def test_every_percentage_is_counted_once() -> None:
    """A percentage or a cell is a claim, is excluded with a reason, or is unread, in every section."""
    file = draft(DRAFT)
    reading = Report((file,)).reading
    assert reading is not None
    assert (reading.claims, reading.excluded.total(), len(reading.unread)) == (3, 4, 2)
    assert [each.text for each in file.not_read] == ["95%", "45%", "20%", "5%", "7.5%", "33%"]
    assert [each.text for each in reading.unread] == ["45%", "33%"]
    assert reading.total == 9


def test_a_section_in_which_nothing_was_read_is_no_study() -> None:
    """What is not read makes no study of a section, and is counted all the same."""
    file = draft("## Study 1\n\nAt week 8 33% foo.\n\n## Study 2\n\nRemission came in 16/88 (18.2%).\n")
    assert [study.claims.study for study in file.studies] == ["Study 2"]
    assert [each.text for each in file.not_read] == ["33%"]
    assert draft("At week 8 33% foo.\n").studies == ()
    assert [each.text for each in draft("At week 8 33% foo.\n").not_read] == ["33%"]


def test_records_have_nothing_of_the_kind() -> None:
    """A record is read as a whole: what it holds is a claim or a defect, and its report says nothing of drafts."""
    report = Report((check_text("outcomes:\n  - {label: Rash, reported: 16/88 (18.2%)}\n"),))
    assert (report.reading, report.files[0].not_read) == (None, ())
    assert (summary(report).reading, summary(report).unread()) == (None, None)


# --- what is said ----------------------------------------------------------------------------------------------------


def test_the_sentences() -> None:
    """All three are counted, the commonest reasons are named, and what is unread has its place."""
    said = summary(Report((draft(DRAFT),)))
    assert said.reading == (
        "Percentages and cells: 3 read as claims, 4 excluded (1 the level or a limit of an interval, "
        "1 a change or a difference, …), 2 not read."
    )
    assert said.unread() == "Not read: 45% at line 6; 33% at line 10."


def test_the_sentences_where_everything_was_read() -> None:
    """Nothing left over is said as well, in one line."""
    said = summary(Report((draft("Remission came in 16/88 (18.2%).\n"),)))
    assert said.reading == "Percentages and cells: 1 read as a claim, 0 excluded, 0 not read."
    assert said.unread() is None


def test_places_of_several_files_have_their_names() -> None:
    """Where more than one file was checked, each place names its own."""
    files = (draft("At week 4 45% foo.\n", "a.md"), draft("\nAt week 4 45% foo.\n", "b.md"))
    assert summary(Report(files)).unread() == "Not read: 45% at a.md:1; 45% at b.md:2."


def test_few_places_are_listed() -> None:
    """The first are listed, with the beginning of a long text, and the others counted."""
    told = summary(unread("x" * 500, "12 (20)", "13\n(21)", "14", "15")).unread()
    assert told is not None
    first, *others = told.removeprefix("Not read: ").split("; ")
    assert re.fullmatch("x{10,50}… at table 1, row 1", first)
    assert others == ["12 (20) at table 1, row 2", "13 (21) at table 1, row 3", "and 2 more."]


def test_what_stands_together_has_its_place_once() -> None:
    """A place is named once for all that it holds, of which no more are listed than of others."""
    text = "At week 4 45% foo. At week 5 35% foo.\n\nAt week 6 25% foo. At week 7 15% foo.\n"
    told = summary(Report((draft(text),))).unread()
    assert told == "Not read: 45%, 35% at line 1; 25% at line 3; and 1 more."


@pytest.mark.parametrize("name", PEOPLE)
@pytest.mark.parametrize("quiet", [False, True])
def test_every_format_for_people_says_it(name: str, *, quiet: bool) -> None:
    """The sentences are in each, on a quiet run too."""
    report = Report((draft(DRAFT),))
    written = REPORTERS[name](report, Options(quiet=quiet))
    said = summary(report)
    assert said.reading is not None
    assert said.reading in flat(written)
    assert "45% at line 6" in written


def test_json_lists_each_with_its_reason() -> None:
    """The file has every one in the order of the text, with its place; the summary counts them."""
    document = json.loads(json_.render_report(Report((draft(DRAFT),))))
    listed = document["files"][0]["not_read"]
    assert [(each["line"], each["column"], each["text"], each["reason"]) for each in listed[1:3]] == [
        (6, 11, "45%", None),
        (6, 37, "20%", "a change or a difference"),
    ]
    assert document["summary"]["not_read"] == {"of": 9, "excluded": 4, "unread": 2}


def test_json_of_a_record_counts_nothing() -> None:
    """The keys are there for every file, and empty."""
    document = json.loads(json_.render_report(Report((check_text(""),))))
    assert document["files"][0]["not_read"] == []
    assert document["summary"]["not_read"] == {"of": 0, "excluded": 0, "unread": 0}


def test_the_line_of_claims_lists_them() -> None:
    """`claims` places them as it places the claims of the same file, by offsets in the text of a draft."""
    line = json.loads(json_.render_claims(draft(DRAFT)))
    assert all(DRAFT[each["start"] : each["end"]] == each["text"] for each in line["not_read"])
    assert {"start", "end", "text", "reason"} == set(line["not_read"][0])
    assert json.loads(json_.render_claims(check_text("populations: {all: 8}\n")))["not_read"] == []


def test_sarif_counts_them_in_the_properties_of_the_run() -> None:
    """A log has no place for what is no finding but its properties."""
    run = sarif_run(sarif.render_report(Report((draft(DRAFT),))))
    assert run["properties"]["notRead"] == {"of": 9, "excluded": 4, "unread": 2}


def test_junit_counts_them_for_each_draft() -> None:
    """A draft's suite has the counts as properties; a record's has none."""
    files = (draft(DRAFT), check_text("populations: {all: 8}\n"))
    first, second = ET.fromstring(junit.render_report(Report(files)))  # noqa: S314
    counts = {each.get("name"): each.get("value") for each in first.iter("property")}
    assert counts == {"percentages and cells": "9", "excluded": "4", "not read": "2"}
    assert list(second.iter("property")) == []


@texts
@pytest.mark.parametrize("name", REPORTERS)
def test_what_is_quoted_stays_text(name: str, text: str) -> None:
    """A cell may hold anything: no format takes it for more than text, and none breaks."""
    report = unread(text, text)
    written = REPORTERS[name](report, Options())
    written.encode("utf-8", "surrogatepass" if name == "json" else "strict")
    if name != "json":
        assert re.findall("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u202a-\u202e\u2066-\u2069]", written) == []
    if name == "html":
        assert not re.search(r"<img|<script>alert|\[link=https://example\.org\]x</a>", written)


@texts
def test_markdown_quotes_it_in_code(text: str) -> None:
    """Rendered, the report has no text of a draft outside of code."""
    tokens = MarkdownIt("commonmark").parse(markdown.render_report(unread(text)))
    children = [child for token in tokens for child in token.children or []]
    plain = "".join(child.content for child in children if child.type == "text")
    assert re.sub(r"[A-Za-z0-9 .,:;()-]", "", plain) == ""
    assert {"html_inline", "link_open", "image"}.isdisjoint(child.type for child in children)
    code = [child.content for child in children if child.type == "code_inline"]
    assert [each.strip().startswith(visible(flat(text))[:30].strip()) for each in code] == [True]


@texts
def test_github_obeys_none_of_it(text: str) -> None:
    """What is not read is no annotation and no command."""
    assert runner_commands(github.render_report(unread(text))) == []


# --- the list of claims ----------------------------------------------------------------------------------------------


def test_claims_lists_what_is_in_no_claim_by_reason(cli: RunCli, tmp_path: Path) -> None:
    """The list follows the claims, each under its reason and with its place; what nothing explains comes last."""
    (tmp_path / "draft.md").write_text(DRAFT, encoding="utf-8")
    out = cli("claims", "draft.md", cwd=tmp_path).out
    _, _, others = out.partition("3 claims.\n")
    assert others == LISTED


def test_claims_of_a_draft_in_which_nothing_was_read(cli: RunCli, tmp_path: Path) -> None:
    """A draft without claims does not end the list at that."""
    (tmp_path / "draft.md").write_text("At week 8 33% foo.\n", encoding="utf-8")
    out = cli("claims", "draft.md", cwd=tmp_path).out
    assert ("no claims in this file" in out, "0 excluded, 1 not read." in out) == (True, True)
    (tmp_path / "draft.md").write_text("Nothing at all.\n", encoding="utf-8")
    assert "In no claim" not in cli("claims", "draft.md", cwd=tmp_path).out
