"""Sheets as spreadsheet programs write them: encodings, separators, headers, formats and places."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from rheumcalc.config import SettingsError
from rheumcalc.files.reading import UnreadableFileError
from rheumcalc.sheets import Sheets, read_sheets
from rheumcalc.sheets.formats import displayed, shortened
from rheumcalc.sheets.grid import column_letters
from rheumcalc.sheets.headers import FIELDS, NAMES, SUBJECT_FIELDS, fold, named_columns, read_header, recognise

HEADER = "study,outcome,arm,n,N,%"
ROW = "Añez 2020,Remission,drug,16,88,18.2"


def book(*sheets: tuple[str, list[list[object]]]) -> bytes:
    """Return a workbook with these worksheets."""
    workbook = openpyxl.Workbook()
    first = workbook.active
    assert isinstance(first, Worksheet)
    workbook.remove(first)
    for title, rows in sheets:
        worksheet = workbook.create_sheet(title)
        for row in rows:
            worksheet.append(row)
    stream = io.BytesIO()
    workbook.save(stream)
    return stream.getvalue()


def texts(sheets: Sheets) -> list[tuple[str, ...]]:
    """Return the rows of the first table, their texts stripped."""
    return [tuple(text.strip() for text in row.texts) for row in sheets.tables[0].rows]


# --- text ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize(
    ("encoding", "mark"),
    [("utf-8", ""), ("utf-8", "\ufeff"), ("utf-16-le", "\ufeff"), ("utf-16-be", "\ufeff"), ("utf-16-le", ""),
     ("utf-16-be", ""), ("cp1252", "")],
)  # fmt: skip
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_every_dialect_gives_the_same_rows(separator: str, encoding: str, mark: str, newline: str) -> None:
    """Byte-order marks, UTF-16, Windows-1252, any separator and any line end are read."""
    text = mark + newline.join([HEADER, ROW, ""]).replace(",", separator)
    assert [tuple(ROW.split(","))] == texts(read_sheets(text.encode(encoding), "x.csv", {}))


def test_the_separator_may_be_declared() -> None:
    """The line `sep=;` is no row, and decides."""
    sheets = read_sheets(b"sep=;\r\nstudy;n;N\r\nA,B;1;2\r\n", "x.csv", {})
    assert texts(sheets) == [("A,B", "1", "2")]
    assert sheets.tables[0].rows[0].number == 2


def test_windows_1252_is_said() -> None:
    """What is not UTF-8 is read as Windows-1252, and the report says so."""
    assert read_sheets(f"{HEADER}\n{ROW}".encode("cp1252"), "x.csv", {}).notes == (
        "read as Windows-1252, since it is not UTF-8",
    )
    assert read_sheets(f"{HEADER}\n{ROW}".encode(), "x.csv", {}).notes == ()


def test_rows_are_numbered_as_spreadsheet_programs_do() -> None:
    """Titles, empty rows and quoted line ends are above the header and between rows; places are those people see."""
    data = 'Table 1,,\n\nstudy,outcome,"n (%)"\nA,"Rem\nission","3 (30%)"\n,,\nB,R,"1 ""x"""\n'
    sheets = read_sheets(data.encode(), "x.csv", {})
    (table,) = sheets.tables
    assert [row.number for row in table.rows] == [4, 6]
    place = table.sheet.location(table.rows[0], 2, "n (%)")
    assert (place.describe(), sheets.source.cut(place.span)) == ("row 4, column n (%) (C4)", "3 (30%)")  # type: ignore[arg-type]
    assert place.start is not None
    assert place.start == (5, 10)
    assert sheets.source.cut(table.sheet.location(table.rows[0], 1, "").span) == "Rem\nission"  # type: ignore[arg-type]
    assert sheets.source.cut(table.sheet.location(table.rows[1], 0, "").span) == "B"  # type: ignore[arg-type]
    assert sheets.source.cut(table.sheet.location(table.rows[1], 2, "").span) == '1 ""x""'  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "The sheet is empty."),
        (b"\n,,\n", "The sheet is empty."),
        (b"study,n\0,N\n", "U+0000"),
        (b"\xff\xfe\x00\x00" + "study".encode("utf-32-le"), "UTF-32"),
        ("é,n,N\n".encode() + "é".encode("cp1252"), "mixes encodings: line 1 is UTF-8 and line 2 is not"),
        (b"study,n,N\n\x81,1,2\n", "Line 2 contains the byte 0x81"),
        (b'study,n,N\n"A,1,2\nB,1,2\n', "Row 2 (line 2) has a quotation mark that is not closed"),
        (b'study,n,N\n"A" x,1,2\n', "Row 2 (line 2) has a quotation mark"),
        (b"study,n,N\n" + b"x" * 200_000 + b",1,2\n", "A cell of row 2 is longer than 131,072 characters"),
        (b"study,n,N\n" + b"A,1,2\n" * 20_001, "more than 20,000 rows"),
        (b"n,N," * 50_000 + b"\n", "more than 500 columns"),
        (b"n," * 100_000 + b"\n", "No row has headers for results"),
        (b"patient,visit\n" + b"1,2\n" * 30_000, "No row has headers for results"),
        ((b"n,N," * 200 + b"\n") + (b"1,2," * 200 + b"\n") * 200, "more than 30,000 results"),
        (b"study,first,second\nA,1,2\n", "Found: 'study', 'first', 'second'"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_told(data: bytes, words: str) -> None:
    """A file that is not a sheet, or too large, is answered with the reason."""
    with pytest.raises(UnreadableFileError) as caught:
        read_sheets(data, "x.csv", {})
    assert words in caught.value.finding.message


# --- headers ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("field", "name"), [(field, name) for field, names in NAMES.items() for name in names])
def test_every_name_means_its_field(field: str, name: str) -> None:
    """A name is found whatever its case, spaces and underscores, and no name means two fields."""
    for written in (name, name.upper(), name.title().replace(" ", "_"), f"  {name}  "):
        found = recognise(written)
        assert found is not None
        assert field == found.field


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("study,n,N", {"count": 1, "denominator": 2}),
        ("study,N,n", {"count": 2, "denominator": 1}),
        ("study,events,n", {"count": 1, "denominator": 2}),
        ("study,events,N", {"count": 1, "denominator": 2}),
        ("study,n,total", {"count": 1, "denominator": 2}),
        ("study,patients,events", {"count": 2, "denominator": 1}),
        ("study,patients,total", {"count": 1, "denominator": 2}),
        ("study,n,patients,%", {"count": 1, "denominator": 2, "percent": 3}),
        ("study,N,n (%)", {"denominator": 1, "reported": 2}),
        ("study,n/N (%)", {"reported": 1}),
        ("study,Events/Total", {"reported": 1}),
        ("study,No. (%)", {"reported": 1}),
        ("study,Responders n (%)", {"reported": 1}),
        ("study,mean (SD)", None),
    ],
)  # fmt: skip
def test_n_is_what_the_other_columns_leave(header: str, expected: dict[str, int] | None) -> None:
    """`n` and `N` are a count or a denominator as the other headers decide."""
    layout = read_header(header.split(","), (), {})
    assert expected == (dict(layout.groups[0].columns) if layout else None)


@pytest.mark.parametrize("header", ["study,first,second", "study,n", "study,outcome", "mean,sd,n", "%", ""])
def test_other_headers_are_none(header: str) -> None:
    """A row without two numbers of a result is no header."""
    assert read_header(header.split(","), (), {}) is None


@pytest.mark.parametrize(
    ("header", "above", "arms"),
    [
        ("study,event.e,n.e,event.c,n.c", "", ["e", "c"]),
        ("study,Events (treatment),Total (treatment),Events (control),Total (control)", "", ["treatment", "control"]),
        ("study,experimental events,experimental total,control events,control total", "", ["experimental", "control"]),
        ("study,events,total,events,total", ",Drug,,Placebo,", ["Drug", "Placebo"]),
        ("study,events,total,events,total", "", [None, None]),
        (",events,total,events,total", "study,Drug,,Placebo,", ["Drug", "Placebo"]),
    ],
)
def test_several_arms_in_a_row(header: str, above: str, arms: list[str | None]) -> None:
    """Where a field comes again, the next arm begins; its name is in the header, or in the row above."""
    layout = read_header(header.split(","), above.split(","), {})
    assert layout is not None
    assert arms == [group.arm for group in layout.groups]
    assert [dict(g.columns) for g in layout.groups] == [{"count": 1, "denominator": 2}, {"count": 3, "denominator": 4}]
    assert layout.subject == {"study": 0}


def test_results_of_several_arms_in_a_row() -> None:
    """What stands beside `n (%)` in the headers of several results is whom they are of."""
    layout = read_header(["study", "Placebo, n (%)", "Drug n (%)"], (), {})
    assert layout is not None
    assert [(g.arm, g.columns) for g in layout.groups] == [("Placebo", {"reported": 1}), ("Drug", {"reported": 2})]


@pytest.mark.parametrize(
    ("header", "unit"),
    [("Week", "weeks"), ("months", "months"), ("Follow-up (months)", "months"), ("time_wk", "weeks"), ("Visit", None),
     ("Time in years", "years")],
)  # fmt: skip
def test_the_unit_of_time_is_in_the_header(header: str, unit: str | None) -> None:
    """A number under `Follow-up (months)` is one of months."""
    found = recognise(header)
    assert found is not None
    assert ("timepoint", unit) == (found.field, found.unit)


def test_columns_are_named_by_the_user() -> None:
    """`--columns` gives fields their headers; what is no field is told with the nearest."""
    expected = {"count": "Events, all", "denominator": "Number analysed"}
    assert expected == named_columns(['count="Events, all",denominator=Number analysed'])
    assert expected == named_columns(['count="Events, all"', ' denominator = "Number analysed"'.replace(" = ", "=")])
    for entry, words in (("cuont=x", "did you mean 'count'?"), ("count", "has no header"), ("zzz=x", FIELDS[0])):
        with pytest.raises(SettingsError, match=words.replace("?", r"\?")):
            named_columns([entry])


def test_a_named_column_wins() -> None:
    """A column that the user names is taken whatever its header would mean, and the usual one is left."""
    layout = read_header(["study", "events", "total", "x"], (), {"count": fold("X")})
    assert layout is not None
    assert dict(layout.groups[0].columns) == {"count": 3, "denominator": 2}
    assert layout.others == (1,)
    with pytest.raises(UnreadableFileError, match="There is no column 'Evnts'; did you mean 'events'"):
        read_sheets(b"study,events,total\n", "x.csv", {"count": "Evnts"})


def test_subject_fields_are_fields() -> None:
    """Every field of the subject has names."""
    assert set(SUBJECT_FIELDS) < set(FIELDS)


# --- workbooks -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "number_format", "expected"),
    [
        (0.18181818181818182, "0.0%", "18.2%"),
        (0.125, "0%", "13%"),
        (0.2, "0.00%", "20.00%"),
        (18.181818, "0.0", "18.2"),
        (18.25, '0.0"%"', "18.3%"),
        (18.25, r"0.0\%", "18.3%"),
        (12, "General", "12"),
        (12.0, "General", "12"),
        (18.2, "General", "18.2"),
        (1234, "#,##0", "1234"),
        (18.2, "0.0_);[Red](0.0)", "18.2"),
        (18.5, "0.##", "18.5"),
        (18.0, "0.#", "18"),
        (18.2, '0.0" mg"', "18.2"),
        (1.005, "0.00", "1.01"),
        (2.5e-05, "General", "0.000025"),
        (12, "@", "12"),
    ],
)
def test_a_number_is_what_its_format_displays(value: float, number_format: str, expected: str) -> None:
    """The printed text of a stored number is what the program displays, in exact arithmetic."""
    assert expected == displayed(value, number_format)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("18.181818181818183", "18.1818"), ("28.999999999999996", "29"), ("18.2", "18.2"), ("18.20", "18.20"),
     ("5e-05", "0.00005"), ("1234567890123", "1234567890123"), ("18,1818181818182", "18.1818"), ("x", "x")],
)  # fmt: skip
def test_a_computed_number_is_not_printed_with_all_its_digits(text: str, expected: str) -> None:
    """Digits that nobody printed claim nothing."""
    assert expected == shortened(text)


def test_column_letters() -> None:
    """Columns have the letters of spreadsheet programs."""
    assert [column_letters(number) for number in (0, 25, 26, 16383)] == ["A", "Z", "AA", "XFD"]


def test_worksheets_without_results_are_named() -> None:
    """Each worksheet is read if its header is usable, and the others are named."""
    data = book(("Notes", [["a", "b"]]), ("Empty", []), ("Outcomes", [[*HEADER.split(",")], ["A", "R", "d", 1, 2, 50]]))
    sheets = read_sheets(data, "x.xlsx", {})
    assert sheets.notes == ("not read, since they have no columns of results: 'Notes'",)
    (table,) = sheets.tables
    place = table.sheet.location(table.rows[0], 5, "%")
    assert place.describe() == "sheet 'Outcomes', row 2, column % (F2)"
    assert place.start is None
    assert sheets.source.cut(place.span) == "50"  # type: ignore[arg-type]


def test_a_formula_without_value_is_not_an_empty_cell() -> None:
    """A formula that was never worked out is known as one, and never worked out here."""
    data = book(("A", [[*HEADER.split(",")], ["A", "R", "d", 1, 2, "=D2/E2"], ["A", "S", "d", 1, 2, None]]))
    (table,) = read_sheets(data, "x.xlsx", {}).tables
    assert table.sheet.problems == {(2, 5): "the value of a formula"}


def _patched(change: Callable[[bytes], bytes]) -> bytes:
    source = zipfile.ZipFile(io.BytesIO(book(("A", [[*HEADER.split(",")], ["A", "R", "d", 1, 2, 50]]))))
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            target.writestr(name, change(source.read(name)) if "sheet1.xml" in name else source.read(name))
    return stream.getvalue()


def _with_row(row: bytes) -> bytes:
    return _patched(lambda data: data.replace(b"</sheetData>", row + b"</sheetData>"))


def test_a_workbook_may_lie_about_its_size() -> None:
    """The rows that are there are read, whatever the workbook says of their number."""
    lie = b'<dimension ref="A1:XFD1048576"/><sheetData>'
    for data in (
        _patched(lambda data: data.replace(b"<sheetData>", lie)),
        _with_row(b'<row r="1048576"><c r="A1048576"><v>1</v></c></row>'),
        _with_row(b'<row r="9"><c r="ZZZ9"><v>1</v></c></row>'),
    ):
        assert texts(read_sheets(data, "x.xlsx", {}))[0] == ("A", "R", "d", "1", "2", "50")


def _bomb() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as target:
        target.writestr("xl/workbook.xml", b"\0" * 60_000_000)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: b"", "not a workbook"),
        (lambda: b"study,n,N\n", "not a workbook"),
        (lambda: book(("A", [["x"]]))[:3000], "cut off"),
        (lambda: b"\xd0\xcf\x11\xe0" + bytes(5000), "encrypted"),
        (_bomb, "unpacks to more than 50 MB"),
        (lambda: _patched(lambda data: data[: len(data) // 2]), "damaged"),
        (lambda: _patched(lambda data: b"<!DOCTYPE a>" + data), "document type"),
        (lambda: _with_row(b'<row r="99999999"><c r="A99999999"><v>1</v></c></row>'), "cells"),
        (lambda: _with_row(b'<row r="9"><c r="ZZZZZZ9"><v>1</v></c></row>'), "damaged"),
        (lambda: book(("A", [["x", "y"]])), "Found: 'x', 'y'"),
    ],
)
def test_a_hostile_workbook_is_told(make: Callable[[], bytes], words: str) -> None:
    """A workbook that is cut off, encrypted, a bomb or forged is answered in bounded time, with the reason."""
    with pytest.raises(UnreadableFileError) as caught:
        read_sheets(make(), "x.xlsx", {})
    assert words in caught.value.finding.message


def test_the_missing_library_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the extra, one line says how to get it."""
    monkeypatch.setitem(__import__("sys").modules, "openpyxl", None)
    with pytest.raises(UnreadableFileError, match=r"pip install 'rheumcalc\[xlsx\]'"):
        read_sheets(b"", "x.xlsx", {})
