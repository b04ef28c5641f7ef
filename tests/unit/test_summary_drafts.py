"""Tables and values in drafts: written between their markers, every other byte as it was."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conftest import HEAD
from rheumcalc.config import Settings
from rheumcalc.engine import check_record
from rheumcalc.files.reading import UnreadableFileError
from rheumcalc.source import Source
from rheumcalc.summary import Style, SummaryOptions, rows_of
from rheumcalc.summary.drafts import MAX_TABLES, DraftError, Renewal, difference, renew
from summaries import TWO_ARMS, reported, rows_from

ROWS = rows_from(TWO_ARMS)
VALUE = "<!-- rheumcalc:value study-1.slip -->old<!-- /rheumcalc -->"
TABLE = "<!-- rheumcalc:summary outcome=slip -->\nold\n<!-- /rheumcalc -->"


def _renewed(text: str, name: str = "draft.md") -> Renewal:
    return renew(text.encode(), name, ROWS, SummaryOptions())


def _after(text: str, name: str = "draft.md") -> str:
    return _renewed(text, name).after.decode()


@pytest.mark.parametrize(
    ("arguments", "shown"),
    [
        ("study-1.acr-30 arm=drug", "8/12 (67%)"),
        ("study-1.acr-50 timepoint='week 24'", "10/20 (50.0%)"),
        ("study-1.acr-50 timepoint='week 24' style=jrheum", "10/20 (50%)"),
        ("study-1.share", "13/20 (65.0%)"),
        ("study-1.vague", "nearly 50%"),
        ("study-1.survival", "91.3%"),
        ("study-1.joints", "30/200 (15.0%)"),
    ],
)
def test_a_value_is_written_as_a_sentence_takes_it(arguments: str, shown: str) -> None:
    """Count, denominator and percentage, recomputed; what has no such numbers, as printed."""
    marker = f"<!-- rheumcalc:value {arguments} -->"
    assert _after(f"So {marker}old<!-- /rheumcalc --> of them.") == f"So {marker}{shown}<!-- /rheumcalc --> of them."


def test_a_value_that_cannot_be_true_is_told() -> None:
    """It is written as printed, for nobody can say which number is wrong, and whoever writes it hears of it."""
    renewal = _renewed(VALUE)
    assert b">9/24 (40.0%)<" in renewal.after
    assert renewal.remarks == ("draft.md:1:1: the numbers of study-1.slip cannot all be true (RC201)",)


def test_a_slip_from_a_column_of_percentages_gets_its_sign() -> None:
    """A table prints `(40)` under a head that says %, and a sentence has no head."""
    rows = rows_from(reported("69/177 (40)"))
    made = renew(VALUE.replace("slip", "o1").encode(), "draft.md", rows, SummaryOptions()).after
    assert b">69/177 (40%)<" in made


def test_each_table_has_its_own_options() -> None:
    """Several tables live in one draft, each by its marker; the command's options are for what markers leave open."""
    text = (
        "<!-- rheumcalc:summary outcome=acr-30 style=ama -->\n<!-- /rheumcalc -->\n\nWords.\n\n"
        "<!-- rheumcalc:summary study-1 --outcome acr-50 --interval wald timepoint='24 weeks' -->\n"
        "<!-- /rheumcalc -->\n"
    )
    renewal = renew(text.encode(), "draft.md", ROWS, SummaryOptions(style=Style.JRHEUM))
    first, second = renewal.after.decode().split("Words.")
    assert [words in first for words in ("AMA Manual", "ACR Pedi 30", "Wilson", "ACR Pedi 50")] == [True, True, True, False]  # fmt: skip  # noqa: E501
    assert [words in second for words in ("Wald", "week 24", "Journal of Rheu", "week 4 ")] == [True, True, True, False]
    assert (renewal.tables, renewal.values, renewal.changed) == (2, 0, 2)


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_line_ends_and_the_byte_order_mark_are_kept(line_end: str, mark: str) -> None:
    """What is written has the line ends of the draft; everything around it is as it was, spaces at ends included."""
    before, after = f"{mark}# Title  {line_end}{line_end}", f"  {line_end}End \t"
    text = before + TABLE.replace("\n", line_end) + after
    made = renew(text.encode(), "draft.md", ROWS, SummaryOptions()).after
    assert made.startswith(before.encode())
    assert made.endswith(after.encode())
    inside = made.decode().removeprefix(before).removesuffix(after)
    assert set(re.findall(r"\r\n|\r|\n", inside)) == {line_end}


def test_what_is_up_to_date_stays() -> None:
    """Renewed twice, a draft is what it was after the first time, and nothing is said to have changed."""
    once = _renewed(f"# A\n\n{VALUE}\n\n{TABLE}\n")
    twice = renew(once.after, "draft.md", ROWS, SummaryOptions())
    assert (once.changed, twice.changed, twice.after) == (2, 0, once.after)
    assert list(difference(twice, "draft.md")) == []


def test_a_stale_draft_shows_its_difference() -> None:
    """The lines as they are and as the records say, as tools for differences write them."""
    lines = list(difference(_renewed(VALUE), "draft.md"))
    assert lines[:2] == ["--- draft.md", "+++ draft.md (from the records)"]
    assert [line[0] for line in lines[2:]] == ["@", "-", "+"]


def test_markers_in_code_are_examples() -> None:
    """What stands in backticks or in fenced code asks for nothing, and stays."""
    text = f"`{VALUE}`\n\n```markdown\n{TABLE}\n```\n\n{VALUE}\n"
    renewal = _renewed(text)
    assert (renewal.tables, renewal.values) == (0, 1)
    assert renewal.after.decode().startswith(text.removesuffix(f"{VALUE}\n"))


def test_html_gets_html() -> None:
    """In a page, a table is a table of HTML, and its labels are text."""
    made = _after(f"<p>{VALUE}</p>\n{TABLE}\n", "draft.html")
    assert "<p><!-- rheumcalc:value study-1.slip -->9/24 (40.0%)<!-- /rheumcalc --></p>" in made
    assert "<table>" in made
    assert "|" not in made


def test_a_label_cannot_end_what_holds_it() -> None:
    """A record whose text looks like a marker does not move the markers of the draft."""
    rows = rows_from(TWO_ARMS.replace("label: A slip", 'label: "<!-- /rheumcalc --> <!-- rheumcalc:value x -->"'))
    for name in ("draft.md", "draft.html"):
        once = renew(TABLE.encode(), name, rows, SummaryOptions())
        twice = renew(once.after, name, rows, SummaryOptions())
        assert (once.tables, twice.tables, twice.values, twice.changed) == (1, 1, 0, 0)


@pytest.mark.parametrize(
    ("text", "place", "words"),
    [
        ("<!-- rheumcalc:value study-1.slip -->", "1:16", "is not closed"),
        ("a\n\n<!-- /rheumcalc -->", "3:1", "closes nothing"),
        (f"<!-- rheumcalc:summary -->{VALUE}", "1:16", "is not closed"),
        ("<!-- rheumcalc:value study-1.slyp -->x<!-- /rheumcalc -->", "1:1", "did you mean 'slip'?"),
        ("<!-- rheumcalc:value study-1.acr-30 -->x<!-- /rheumcalc -->", "1:1", "say which"),
        ("<!-- rheumcalc:value study-1.slip style=nejm -->x<!-- /rheumcalc -->", "1:1", "is not a known style"),
        ("<!-- rheumcalc:summary by=arm --><!-- /rheumcalc -->", "1:1", "valid: study, outcome"),
        ("<!-- rheumcalc:summary colour=red --><!-- /rheumcalc -->", "1:1", "not an option of a summary"),
        ("<!-- rheumcalc:summary other-study --><!-- /rheumcalc -->", "1:1", "no result has the study"),
        ("<!-- rheumcalc:summary outcome='x --><!-- /rheumcalc -->", "1:1", "not closed"),
    ],
)
def test_what_a_marker_cannot_mean_is_told_with_its_place(text: str, place: str, words: str) -> None:
    """Every marker that fails is named with its line and column, and nothing is written."""
    with pytest.raises(DraftError) as error:
        _renewed(f"{text}\n\n{VALUE}\n" if "value study-1.slip -->" not in text else text)
    assert any(reason.startswith(f"draft.md:{place}: ") and words in reason for reason in error.value.reasons)


def test_all_that_is_wrong_is_told_at_once() -> None:
    """Who mends a draft does not learn of its mistakes one by one."""
    with pytest.raises(DraftError) as error:
        _renewed(f"{VALUE.replace('slip', 'a')}\n{VALUE.replace('slip', 'b')}\n{VALUE.replace('slip', 'c')}")
    assert [reason.split(": ")[0] for reason in error.value.reasons] == ["draft.md:1:1", "draft.md:2:1", "draft.md:3:1"]


@pytest.mark.parametrize("name", ["draft.docx", "draft.pdf", "draft", "draft.yaml"])
def test_only_texts_are_written_into(name: str) -> None:
    """Another kind of file is refused by its name."""
    with pytest.raises(DraftError, match="written only into"):
        _renewed(VALUE, name)


def test_a_draft_without_markers_is_told() -> None:
    """Who asks for tables in a draft that has no place for them is shown how to make one."""
    with pytest.raises(DraftError, match="<!-- rheumcalc:summary -->"):
        _renewed("# Nothing here\n")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (f"- {TABLE}", "lines of its own"),
        (f"> {TABLE}", "lines of its own"),
        (f"Words {TABLE}", "lines of its own"),
        (f"a\n\n    {TABLE}", "lines of its own"),
        (VALUE.replace("old", "9/24\n\n## Heading\n\nWords"), "run over several paragraphs"),
        (VALUE.replace("old", "9/24\r\n\r\nWords"), "run over several paragraphs"),
    ],
)
def test_a_marker_that_would_break_the_draft_is_refused(text: str, words: str) -> None:
    """A table within a list, a quotation or code would fall out of it, and a value must not take paragraphs away."""
    with pytest.raises(DraftError, match=words):
        _renewed(text)


def test_two_records_of_one_id_are_no_address() -> None:
    """Which of them is meant, nobody can say: nothing is written, whatever the order of the files."""
    one, other = (
        check_record(Source(f"{name}.yaml", f"{HEAD}outcomes: [{{id: o, label: O, reported: '{text}'}}]\n"), Settings())
        for name, text in (("one", "12/40 (30%)"), ("other", "11/40 (27.5%)"))
    )
    for reports in ((one, other), (other, one)):
        rows = rows_of([study for report in reports for study in report.studies])
        with pytest.raises(DraftError, match=r"several records have the id 'test-study': one\.yaml, other\.yaml"):
            renew(VALUE.replace("study-1.slip", "test-study.o").encode(), "draft.md", rows, SummaryOptions())


def test_a_value_and_a_table_say_the_same() -> None:
    """A value that prints no percentage has the decimals of the study, alone as in its row, whatever is selected."""
    rows = rows_from(reported("12/40 (30.0%)", "13/40 (32.5%)", "7/40"))
    text = f"{VALUE.replace('slip', 'o3')}\n\n{TABLE.replace('slip', 'o3')}\n"
    made = renew(text.encode(), "draft.md", rows, SummaryOptions()).after.decode()
    assert ("7/40 (17.5%)" in made, "| 17.5 |" in made) == (True, True)


def test_many_wrong_markers_are_answered_in_bounded_time() -> None:
    """What is near a wrong outcome is looked for in the first of them; each is told with its place all the same."""
    text = "".join(f"<!-- rheumcalc:value study-1.slyp{n} -->x<!-- /rheumcalc -->\n" for n in range(100))
    with pytest.raises(DraftError) as error:
        _renewed(text)
    hints = ["did you mean" in reason for reason in error.value.reasons]
    assert (len(hints), hints[0], sum(hints) < 30) == (100, True, True)


def test_too_many_tables_are_refused() -> None:
    """A draft of thousands of markers does not hold up the run."""
    with pytest.raises(DraftError, match=f"more than the limit of {MAX_TABLES}"):
        _renewed("<!-- rheumcalc:summary outcome=slip --><!-- /rheumcalc -->\n" * (MAX_TABLES + 1))


@pytest.mark.parametrize("data", [b"\xff\xfea\0", b"caf\xe9", b"a\0b"])
def test_what_is_no_text_is_refused(data: bytes) -> None:
    """Other encodings and control characters are not guessed at."""
    with pytest.raises(UnreadableFileError):
        renew(data, "draft.md", ROWS, SummaryOptions())


_AROUND = st.text(st.sampled_from("ab \n\r\t`#|<>!-*[]()%0123456789é\u2028"), max_size=60)


@given(_AROUND, _AROUND)
def test_every_other_byte_stays(before: str, after: str) -> None:
    """Whatever stands around a marker that is heeded, stands there afterwards, byte for byte."""
    text = f"{before}\n\n{VALUE}\n\n{after}"
    try:
        made = renew(text.encode(), "draft.md", ROWS, SummaryOptions())
    except DraftError:
        return  # The text around it made the marker a part of code.
    assert made.after == f"{before}\n\n{VALUE.replace('old', '9/24 (40.0%)')}\n\n{after}".encode()
