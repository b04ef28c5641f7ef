"""Laws of sheets, each quoted in its test's docstring."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from fractions import Fraction

import openpyxl
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.cell.cell import Cell
from openpyxl.worksheet.worksheet import Worksheet

from property.strategies import modes, percent_text
from rheumcalc.config import Settings
from rheumcalc.documents.claims import claims_from_text
from rheumcalc.engine import check_bytes
from rheumcalc.numbers.rounding import RoundingMode, round_exact
from rheumcalc.record.claims import claims_from_record
from rheumcalc.record.load import load_record_source
from rheumcalc.report.skeleton import skeletons
from rheumcalc.result import FileReport
from rheumcalc.source import Source
from rheumcalc.study.claims import StudyClaims

HEADERS = [
    ("study", "outcome", "arm", "week", "n", "N", "%"),
    ("Author", "End point", "Treatment group", "Time (weeks)", "events", "Total", "Percentage"),
    ("STUDY_ID", "Outcome", "Arm", "Weeks", "Responders", "Sample size", "Rate (%)"),
]

Result = tuple[str, str, str, int, int, int, int]


@dataclass(frozen=True)
class Table:
    """A header and honest results: study, outcome, arm, week, count, denominator, decimals of the percentage."""

    header: tuple[str, ...]
    results: tuple[Result, ...]
    mode: RoundingMode

    def rows(self, mark: str = ".", slip: int | None = None) -> list[list[str]]:
        """Return the rows as printed; the result `slip` counts one participant more than its percentage says."""
        made = []
        for number, (study, outcome, arm, week, count, denominator, digits) in enumerate(self.results):
            percent = percent_text(count, denominator, digits, self.mode).replace(".", mark)
            printed = count + (number == slip)
            made.append([study, outcome, arm, str(week), str(printed), str(denominator), percent])
        return made


@st.composite
def tables(draw: st.DrawFn) -> Table:
    """A sheet in which every percentage is what its count and denominator give, and no result stands twice."""
    subjects = st.tuples(st.sampled_from("AB"), st.sampled_from("RS"), st.sampled_from("xy"), st.sampled_from([12, 24]))
    results = []
    for subject in draw(st.lists(subjects, min_size=1, max_size=6, unique=True)):
        denominator = draw(st.integers(8, 900))
        # Above 1%, so that no column of percentages can be taken for one of proportions.
        count = draw(st.integers(denominator // 50 + 1, denominator - 1))
        results.append((*subject, count, denominator, draw(st.integers(0, 2))))
    return Table(draw(st.sampled_from(HEADERS)), tuple(results), draw(modes))


@dataclass(frozen=True)
class Dialect:
    """How a program writes a sheet."""

    separator: str
    encoding: str
    mark: str
    newline: str
    decimal: str

    def write(self, header: tuple[str, ...], rows: list[list[str]]) -> bytes:
        """Return a sheet in this dialect."""
        stream = io.StringIO()
        writer = csv.writer(stream, delimiter=self.separator, lineterminator=self.newline)
        writer.writerow(header)
        writer.writerows(rows)
        return (self.mark + stream.getvalue()).encode(self.encoding)


dialects = st.builds(
    lambda encoding, rest: Dialect(rest[0], encoding[0], encoding[1], rest[1], rest[2]),
    st.sampled_from([("utf-8", ""), ("utf-8", "\ufeff"), ("utf-16-le", "\ufeff"), ("utf-16-be", "\ufeff"),
                     ("cp1252", "")]),
    st.tuples(st.sampled_from(",;\t|"), st.sampled_from(["\n", "\r\n", "\r"]), st.sampled_from(".,")),
)  # fmt: skip


def _workbook(table: Table, rows: list[list[str]], *, by_format: bool) -> bytes:
    """Return a workbook of the rows: numbers as numbers, and percentages as text or as formatted proportions."""
    workbook = openpyxl.Workbook()
    worksheet = workbook.active
    assert isinstance(worksheet, Worksheet)
    worksheet.append(table.header)
    for number, row in enumerate(rows, 2):
        *subject, week, count, denominator, percent = row
        stored: str | float = percent
        if by_format:
            digits = table.results[number - 2][6]
            stored = float(Fraction(percent) / 100)
            cell = worksheet.cell(number, 7)
            assert isinstance(cell, Cell)
            cell.number_format = "0%" if digits == 0 else f"0.{'0' * digits}%"
        for column, value in enumerate([*subject, int(week), int(count), int(denominator), stored], 1):
            worksheet.cell(number, column, value)
    stream = io.BytesIO()
    workbook.save(stream)
    return stream.getvalue()


def _told(report: FileReport) -> list[tuple[object, ...]]:
    """Return the claims of a report: whose they are, and their numbers."""
    told: list[tuple[object, ...]] = []
    for study in report.studies:
        for claim in study.claims.proportions:
            assert claim.subject.timepoint is not None
            told.append((claim.subject[:5], claim.subject.timepoint.key, claim.numbers))
    return sorted(told)


def _as_given(table: Table) -> list[tuple[object, ...]]:
    return sorted(
        (
            (study, outcome.lower(), outcome, None, arm),
            ("week", Fraction(week)),
            (None, f"={count}", f"={n}", "=" + percent_text(count, n, digits, table.mode)),
        )
        for study, outcome, arm, week, count, n, digits in table.results
    )


@settings(max_examples=80)
@given(tables(), dialects)
def test_every_dialect_says_the_same(table: Table, dialect: Dialect) -> None:
    """A generated table of honest results under every dialect yields the same claims and no finding."""
    report = check_bytes(dialect.write(table.header, table.rows(dialect.decimal)), "x.csv", Settings())
    assert [finding.message for finding in report.findings] == []
    assert _as_given(table) == _told(report)


@settings(max_examples=20)
@given(tables(), st.booleans())
def test_a_workbook_says_the_same(table: Table, by_format: bool) -> None:  # noqa: FBT001 - a property's argument
    """The same table as a workbook, its percentages as text or as Excel displays them, yields the same claims."""
    report = check_bytes(_workbook(table, table.rows(), by_format=by_format), "x.xlsx", Settings())
    assert [finding.message for finding in report.findings] == []
    assert _as_given(table) == _told(report)


@settings(max_examples=80)
@given(tables(), dialects, st.data())
def test_a_planted_slip_is_found_in_its_cell(table: Table, dialect: Dialect, data: st.DataObject) -> None:
    """A planted slip yields exactly one finding, with the right row and cell, where rounding cannot explain it."""
    slip = data.draw(st.integers(0, len(table.results) - 1))
    _, _, _, _, count, denominator, digits = table.results[slip]
    percent = Fraction(percent_text(count, denominator, digits, table.mode))
    shown = {round_exact(Fraction(100 * (count + 1), denominator), digits, mode) for mode in RoundingMode}
    report = check_bytes(dialect.write(table.header, table.rows(dialect.decimal, slip)), "x.csv", Settings())
    if percent in shown:
        assert len(report.findings) <= 1
        return
    (finding,) = report.findings
    assert ("RC201", f"row {slip + 2}, column {table.header[6]} (G{slip + 2})") == (
        finding.rule.code,
        finding.location.describe(),
    )
    printed = table.rows(dialect.decimal)[slip][6]
    assert finding.location.span is not None
    assert printed == finding.location.source.cut(finding.location.span)
    assert finding.location.start is not None
    assert slip + 2 == finding.location.start.line


# --- skeletons -------------------------------------------------------------------------------------------------------

labels = st.text(max_size=90)
cells = st.one_of(
    st.sampled_from(["12", "60", "12/60 (20%)", "20", "18.2%", "<1", "nearly 50%", "0.2", "", "NR", "twelve", "1,234"]),
    st.text(max_size=12),
)


def _numbers(study: StudyClaims) -> list[tuple[str | None, ...]]:
    """Return the numbers of the results of a study that can be read, hedges apart."""
    claims = (claim for claim in study.proportions if claim.unclear is None)
    return sorted(tuple(str(number) for number in claim.numbers[1:]) for claim in claims)


@settings(max_examples=80)
@given(st.lists(st.tuples(labels, labels, labels, labels, cells, cells, cells, cells), max_size=6))
def test_the_skeleton_of_any_claims_loads_and_says_the_same(rows: list[tuple[str, ...]]) -> None:
    """The skeleton of any extracted claims loads as a record and gives the same numbers."""
    stream = io.StringIO()
    writer = csv.writer(stream)
    writer.writerow(["study", "outcome", "arm", "population", "n", "N", "%", "reported"])
    writer.writerows([text.replace("\0", "") for text in row] for row in rows)
    report = check_bytes(stream.getvalue().encode("utf-8", "replace"), "x.csv", Settings())
    studies = [study.claims for study in report.studies]
    kept = [s for s in studies if not all(claim.estimator == "pooled" for claim in s.proportions)]
    made = skeletons([(study, "sheet") for study in studies])
    assert len(kept) == len(made) == len({skeleton.id for skeleton in made})
    for study, skeleton in zip(kept, made, strict=True):
        loaded = load_record_source(Source("x.yaml", skeleton.text))
        assert [defect.message for defect in loaded.defects] == []
        assert loaded.study is not None
        assert _numbers(study) == _numbers(claims_from_record(loaded.study, loaded.source))


def test_the_skeleton_of_any_text_loads_and_says_the_same(claims_corpus: list[dict[str, str]]) -> None:
    """The skeleton of what is read in prose, of whatever form, loads as a record and gives the same numbers."""
    for document in claims_corpus:
        study = claims_from_text(Source("a text", document["text"]))
        (skeleton,) = skeletons([(study, "draft")])
        loaded = load_record_source(Source("x.yaml", skeleton.text))
        assert [defect.message for defect in loaded.defects] == []
        assert loaded.study is not None
        assert _numbers(study) == _numbers(claims_from_record(loaded.study, loaded.source))
