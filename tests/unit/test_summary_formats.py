"""Each format of a summary: its structure, its alignment, and that no text of a record is more than text in it."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from html.parser import HTMLParser

import docx
import openpyxl
import pytest
from docx.oxml.ns import qn
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from statsmodels.stats.proportion import proportion_confint

from reports import HOSTILE
from rheumcalc.numbers.intervals import IntervalMethod
from rheumcalc.summary import Grouping, SummaryOptions, SummaryTable, tabulate
from rheumcalc.summary.latex import escape as latex_escape
from rheumcalc.summary.markdown import escape as markdown_escape
from rheumcalc.summary.outputs import BINARY, FORMATS, render
from rheumcalc.summary.records import FIELDS
from rheumcalc.summary.table import FIGURE_SPACES, SPACES, aligned, intervals
from rheumcalc.summary.terminal_table import render_table
from rheumcalc.terminal.layout import as_text
from summaries import TWO_ARMS, reported, rows_from, table_from

TABLE = table_from(TWO_ARMS)
BY_OUTCOME = tabulate(rows_from(TWO_ARMS, TWO_ARMS), SummaryOptions(by=Grouping.OUTCOME))


def _text(table: SummaryTable, name: str) -> str:
    made = render(table, name)
    assert isinstance(made, str)
    return made


def _bytes(table: SummaryTable, name: str) -> bytes:
    made = render(table, name)
    assert isinstance(made, bytes)
    return made


# --- the table itself ------------------------------------------------------------------------------------------------


def test_marks_and_notes_belong_together() -> None:
    """Every letter of a line has a note, in the order of the letters, and every note about lines is referred to."""
    used = {mark for line in TABLE.lines for mark in line.marks}
    lettered = [note.mark for note in TABLE.notes if note.mark]
    assert (sorted(used), lettered) == (lettered, sorted(lettered))


def test_every_flagged_row_has_a_note() -> None:
    """A row whose numbers cannot all be true names its rule below; one that cannot be checked says what it needs."""
    notes = {note.mark: note.text for note in TABLE.notes}
    told = {line.row.outcome: " ".join(notes[mark] for mark in line.marks) for line in TABLE.lines}
    assert "Error RC201" in told["slip"]
    assert "needs" in told["vague"]
    assert "kaplan meier" in told["survival"]
    assert "the only one that fits" in told["share"]
    assert "No interval: what is counted is joints" in told["joints"]


@pytest.mark.parametrize(
    "words", ["Denominators: printed with the result (in 4 rows)", "Wilson score", "decimals", "1 mean"]
)
def test_notes_say_how_the_table_was_made(words: str) -> None:
    """Denominators, interval method, rounding, and what is not in the table."""
    assert any(words in note.text for note in TABLE.notes if note.mark is None)


def test_a_selection_does_not_count_what_it_left_out() -> None:
    """What is not in the table is counted for whole studies alone."""
    table = table_from(TWO_ARMS, options=SummaryOptions(outcomes=("slip",)))
    assert not any("Not in this table" in note.text for note in table.notes)


@pytest.mark.parametrize("method", IntervalMethod)
def test_the_method_is_named(method: IntervalMethod) -> None:
    """The note on the intervals names the one that was asked for."""
    table = table_from(TWO_ARMS, options=SummaryOptions(interval=method))
    assert any(method.label in note.text for note in table.notes)


@pytest.mark.parametrize("method", IntervalMethod)
@pytest.mark.parametrize("count", [0, 3, 500_000_000, 999_999_999, 1_000_000_000])
def test_any_size_has_an_interval_or_none(method: IntervalMethod, count: int) -> None:
    """Up to the largest denominator the limits hold the percentage; above it there are none, and nothing fails."""
    largest = table_from(reported(f"{count}/1000000000"), options=SummaryOptions(interval=method)).lines[0]
    assert largest.limits is not None
    assert -1e-9 <= largest.limits.lower <= 100 * count / 1_000_000_000 + 1e-9 <= largest.limits.upper + 2e-9
    above = table_from(reported(f"{count}/100000000000000000"), options=SummaryOptions(interval=method)).lines[0]
    assert (above.limits, above.lower) == (None, "")


def test_limits_have_the_decimals_of_the_percentage() -> None:
    """One rounding for one row."""
    decimals = {line.row.outcome: [len(each.partition(".")[2]) for each in (line.percent, line.lower, line.upper)] for line in TABLE.lines if line.limits}  # fmt: skip  # noqa: E501
    assert decimals == {"acr-30": [0, 0, 0], "acr-50": [1, 1, 1], "slip": [1, 1, 1], "share": [1, 1, 1]}


_NUMERALS = st.lists(st.from_regex(r"[0-9]{1,3}(\.[0-9]{1,3})?", fullmatch=True), min_size=1, max_size=8)


@given(_NUMERALS)
def test_numbers_align_on_the_decimal_mark(numerals: list[str]) -> None:
    """Set at the right, the decimal mark of every number, or where it would be, stands in one column."""
    padded = aligned(numerals, SPACES)
    assert [text.rstrip(" ") for text in padded] == numerals
    assert len({len(text) - len(text.partition(".")[0].rstrip(" ")) for text in padded}) == 1


@given(_NUMERALS)
def test_figure_spaces_are_as_wide_as_figures(numerals: list[str]) -> None:
    """Where no typewriter face is used, a digit stands for a digit and a mark for a mark."""
    for numeral, text in zip(numerals, aligned(numerals, FIGURE_SPACES), strict=True):
        filled = text.replace(FIGURE_SPACES.digit, "0").replace(FIGURE_SPACES.mark, ".")
        decimals = max(len(each.partition(".")[2]) for each in numerals)
        assert (filled.count("."), len(filled.partition(".")[2])) == (1 if decimals else 0, decimals)
        assert filled.startswith(numeral)


def test_intervals_align_on_their_dash() -> None:
    """Set at the right, every dash stands in one column."""
    shown = [text for text in intervals(TABLE.lines, SPACES) if len(text) > 1]
    assert len({len(text) - text.index("–") for text in shown}) == 1


# --- formats ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("table", [TABLE, BY_OUTCOME], ids=["study", "outcome"])
def test_the_terminal_keeps_its_width(table: SummaryTable) -> None:
    """At 80 columns no line is longer, and no result is broken."""
    text = _text(table, "table")
    assert max(map(len, text.splitlines())) <= 80
    for line in table.lines:
        assert line.fraction in text
        assert line.percent in text


def test_markdown_is_one_table() -> None:
    """A reader of Markdown sees a table with a row for each line and heading, and the notes below it."""
    tokens = MarkdownIt().enable("table").parse(_text(BY_OUTCOME, "markdown"))
    assert sum(token.type == "table_open" for token in tokens) == 1
    assert sum(token.type == "tr_open" for token in tokens) == 1 + len(BY_OUTCOME.lines) + len(BY_OUTCOME.groups)
    assert sum(token.type == "td_open" for token in tokens) == 8 * (len(BY_OUTCOME.lines) + len(BY_OUTCOME.groups))


def test_csv_says_everything_about_each_row() -> None:
    """One header, one line a row, and what is not known is empty."""
    rows = list(csv.DictReader(io.StringIO(_text(TABLE, "csv"))))
    assert tuple(rows[0]) == FIELDS
    assert len(rows) == len(TABLE.lines)
    slip = next(row for row in rows if row["outcome"] == "slip")
    assert (slip["count"], slip["denominator"], slip["percent"], slip["verdict"], slip["rules"]) == ("9", "24", "37.5", "inconsistent", "RC201")  # fmt: skip  # noqa: E501
    vague = next(row for row in rows if row["outcome"] == "vague")
    assert (vague["count"], vague["lower"], vague["interval"], vague["percent"]) == ("", "", "", "")


def test_json_and_csv_agree() -> None:
    """The same rows, with numbers as numbers."""
    document = json.loads(_text(TABLE, "json"))
    rows = list(csv.DictReader(io.StringIO(_text(TABLE, "csv"))))
    assert [row["printed"] for row in document["rows"]] == [row["printed"] for row in rows]
    assert ["" if row["count"] is None else str(row["count"]) for row in document["rows"]] == [r["count"] for r in rows]
    limits = next(row["limits"] for row in document["rows"] if row["outcome"] == "acr-30")
    assert limits == pytest.approx([100 * limit for limit in proportion_confint(8, 12, method="wilson")])


class _Cells(HTMLParser):
    """The texts of a page's table, and every tag and attribute in it."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: set[str] = set()
        self.texts: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes |= {name for name, _ in attrs}

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def test_html_has_headers_for_its_cells() -> None:
    """A table with a caption, column headers and row headers; nothing in the page runs or is loaded."""
    page = _Cells(_text(TABLE, "html"))
    assert {"table", "caption", "thead", "tbody", "th"} <= set(page.tags)
    assert page.tags.count("tr") == 1 + len(TABLE.lines)
    assert not {"script", "link", "img", "iframe"} & set(page.tags)
    assert not {name for name in page.attributes if name.startswith("on") or name in {"style", "src", "href"}}


def test_latex_has_the_rules_of_booktabs() -> None:
    """As many cells in each row as there are columns; a long table runs on over pages."""
    text = _text(TABLE, "latex")
    assert [text.count(rf"\{rule}") for rule in ("toprule", "midrule", "bottomrule")] == [1, 1, 1]
    body = text.partition(r"\midrule")[2].partition(r"\bottomrule")[0].strip().splitlines()
    assert {len(re.findall(r"(?<!\\)&", line)) for line in body} == {7}
    long = table_from(reported(*(f"{count}/50" for count in range(45))))
    assert r"\begin{longtable}" in _text(long, "latex")


def test_word_has_a_real_table() -> None:
    """A caption with its number as a field, a header that is repeated, rows that are not cut, notes below."""
    document = docx.Document(io.BytesIO(_bytes(BY_OUTCOME, "docx")))
    (table,) = document.tables
    assert len(table.rows) == 1 + len(BY_OUTCOME.lines) + len(BY_OUTCOME.groups)
    caption = document.paragraphs[0]
    assert caption.style is not None
    assert (caption.style.name, caption._p.find(qn("w:fldSimple")) is not None) == ("Caption", True)
    kept = [row._tr.get_or_add_trPr() for row in table.rows]
    assert kept[0].find(qn("w:tblHeader")) is not None
    assert all(each.find(qn("w:cantSplit")) is not None for each in kept)
    assert [cell.text for cell in table.rows[0].cells] == ["Study", "Group", "Time", "n/N", "%", "95% CI", "As printed", "Verdict"]  # fmt: skip  # noqa: E501
    notes = [paragraph.text for paragraph in document.paragraphs[1:]]
    assert len(notes) == len(BY_OUTCOME.notes)


def test_word_takes_properties_in_its_order() -> None:
    """What Word refuses is a table whose properties stand in another order than the schema's."""
    document = docx.Document(io.BytesIO(_bytes(TABLE, "docx")))
    tags = [each.tag.rpartition("}")[2] for each in document.tables[0]._tbl.tblPr]
    order = ["tblStyle", "tblW", "jc", "tblInd", "tblBorders", "shd", "tblLayout", "tblCellMar", "tblLook"]
    assert tags == sorted(tags, key=order.index)


def test_a_workbook_has_typed_cells() -> None:
    """Counts, percentages as rounded and limits in full are numbers, shown with their decimals; all else is text."""
    book = openpyxl.load_workbook(io.BytesIO(_bytes(TABLE, "xlsx")))
    sheet = book["Results"]
    header = [cell.value for cell in sheet[1]]
    rows = [dict(zip(header, row, strict=True)) for row in sheet.iter_rows(min_row=2)]
    first = rows[0]
    assert (first["Count"].value, first["Denominator"].value) == (8, 12)
    assert first["%"].value == 67
    assert first["95% CI, lower"].value == pytest.approx(39.06, abs=0.01)
    assert [first[name].number_format for name in ("%", "95% CI, lower", "Count")] == ["0", "0", "0"]
    assert rows[2]["%"].number_format == "0.0"
    assert rows[6]["%"].value is None
    assert sheet.freeze_panes == "C2"
    assert [sheet.title for sheet in book.worksheets] == ["Results", "Notes"]


@pytest.mark.parametrize("name", FORMATS)
def test_the_same_rows_give_the_same_bytes(name: str) -> None:
    """Nothing in a file depends on when or where it was made."""
    assert render(TABLE, name) == render(table_from(TWO_ARMS), name)


# --- hostile text ----------------------------------------------------------------------------------------------------


def _hostile(text: str) -> SummaryTable:
    label = json.dumps(text if text.strip() else "x")
    record = TWO_ARMS.replace("label: ACR Pedi 30\n", f"label: {label}\n")
    return table_from(record)


# YAML holds no such characters: a record with them is refused before it comes here.
_LABELS = {
    name: text
    for name, text in HOSTILE.items()
    if name not in {"controls", "lines", "surrogate", "noncharacter", "bidi", "empty", "spaces"}
} | {"formula": "=cmd()", "plus": "+1", "at": "@SUM(A1)", "latex": r"\input{/etc/passwd} $x$ 100% #1 {a}_b^c~d"}


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("label", _LABELS)
def test_no_label_is_more_than_text(name: str, label: str) -> None:
    """A label stays a label in every format: no markup, no formula, no command, and no line or cell more."""
    # A record folds the white space of a label.
    text = " ".join(_LABELS[label].split())
    made = render(_hostile(text), name)
    plain = render(TABLE, name)
    match name:
        case "csv":
            assert isinstance(made, str)
            row = next(csv.DictReader(io.StringIO(made)))
            assert row["label"] == (f"'{text}" if text[0] in "=+-@" else text)
        case "json":
            assert json.loads(made)["rows"][0]["label"] == text
        case "html":
            assert isinstance(made, str)
            assert isinstance(plain, str)
            page = _Cells(made)
            assert (page.tags, text in "".join(page.texts)) == (_Cells(plain).tags, True)
        case "markdown":
            assert isinstance(made, str)
            tokens = MarkdownIt().enable("table").parse(made)
            inline = next(t for t in tokens if t.type == "inline" and t.level == 4 and t.map and t.map[0] == 4)
            assert {child.type for child in inline.children or ()} <= {"text", "text_special"}
            assert "".join(child.content for child in inline.children or ()) == text
            assert sum(t.type == "td_open" for t in tokens) == 8 * len(TABLE.lines)
        case "latex":
            assert isinstance(made, str)
            assert r"\input" not in made
        case "docx":
            assert isinstance(made, bytes)
            assert docx.Document(io.BytesIO(made)).tables[0].cell(1, 0).text == text
        case "xlsx":
            assert isinstance(made, bytes)
            cell = openpyxl.load_workbook(io.BytesIO(made))["Results"]["B2"]
            assert (cell.value, cell.data_type, cell.hyperlink) == (text, "s", None)
        case _:
            assert isinstance(made, str)
            assert "\x1b" not in made


@given(st.text(st.characters(codec="utf-8"), max_size=40))
def test_markdown_shows_text_as_it_is(text: str) -> None:
    """Whatever a label holds, a reader of Markdown gets it back, and no comment begins or ends in the source."""
    shown = markdown_escape(text)
    assert "<" not in shown
    assert ">" not in shown
    for token in MarkdownIt().parse(f"x{shown}x"):
        assert {child.type for child in token.children or ()} <= {"text", "text_special", "softbreak"}


@given(st.text(st.sampled_from('\\{}$&#%_^~<>|"ab \u2007\u00a0–≤'), max_size=30))
def test_latex_has_no_command_but_those_of_the_escape(text: str) -> None:
    """Every special character is escaped: what is left of backslashes begins a known command."""
    shown = latex_escape(text)
    known = (
        "textbackslash|textasciicircum|textasciitilde|textless|textgreater|textbar|textquotedbl|phantom|leq|[{}$&#%_()]"
    )
    assert re.sub(rf"\\(?:{known})", "", shown).count("\\") == 0
    assert not re.search(r"(?<!\\)[$&#%_^]", shown.replace("\\_", "").replace(r"\&", ""))


@pytest.mark.parametrize("name", sorted(BINARY))
def test_a_package_holds_no_active_parts(name: str) -> None:
    """No macro, no link to another file, no embedded object."""
    with zipfile.ZipFile(io.BytesIO(_bytes(TABLE, name))) as package:
        parts = package.namelist()
        relations = b"".join(package.read(part) for part in parts if part.endswith(".rels"))
    assert not [part for part in parts if "vba" in part.lower() or "embed" in part.lower()]
    assert b'TargetMode="External"' not in relations


@pytest.mark.parametrize(("name", "module", "extra"), [("docx", "docx", "docx"), ("xlsx", "xlsxwriter", "xlsx")])
def test_a_missing_extra_is_named_in_one_line(
    name: str, module: str, extra: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without the library, the author is told what to install."""
    monkeypatch.setitem(__import__("sys").modules, module, None)
    with pytest.raises(ValueError, match=rf"needs the extra '{extra}': pip install"):
        render(TABLE, name)


def test_wide_characters_keep_the_columns() -> None:
    """Labels and groups in scripts of double width, and words without spaces, stay in their columns."""
    record = TWO_ARMS.replace("drug:", "薬剤群薬剤群薬剤群:").replace("reference: placebo", "reference: placebo")
    record = record.replace("arm: drug", "arm: 薬剤群薬剤群薬剤群").replace("label: Vague", f"label: {'x' * 150}")
    text = as_text(lambda console: render_table(table_from(record), console))
    from rich.cells import cell_len

    assert max(map(cell_len, text.splitlines())) <= 80
