"""Comments in Word: each on the words it is about, in a document that is otherwise as it was."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from copy import deepcopy

import docx
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from lxml import etree

from conftest import ROOT
from makers import NAMESPACES, as_docx, docx_body, made_docx, par, run, with_parts
from reports import HOSTILE
from rheumcalc.config import Settings
from rheumcalc.documents import Document, document_from_bytes
from rheumcalc.engine import check_bytes, read_library
from rheumcalc.files.reading import UnreadableFileError
from rheumcalc.findings import Finding, Related
from rheumcalc.report.annotate import Annotated, UnwrittenError, annotate
from rheumcalc.result import FileReport, Status
from rheumcalc.rules import RULES, Severity, rule
from rheumcalc.source import Location, Span

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
NAME = "draft.docx"
MARKS = tuple(W + tag for tag in ("commentRangeStart", "commentRangeEnd", "commentReference"))

#: A sentence with a slip, and the words that the finding is about.
SLIP = "We saw 11/40 (28.7%) respond."
WORDS = "11/40 (28.7%)"


def checked(data: bytes, settings: Settings | None = None) -> FileReport:
    """Return the report on a document."""
    return check_bytes(data, NAME, settings or Settings())


def annotated(data: bytes, settings: Settings | None = None) -> Annotated:
    """Return a document with comments on what is found in it."""
    return annotate(data, checked(data, settings))


def told(data: bytes) -> list[tuple[str, Span | None, str]]:
    """Return what is found in a document."""
    return [(each.rule.code, each.location.span, each.message) for each in checked(data).findings]


def part(data: bytes, name: str = "word/document.xml") -> bytes:
    """Return a part of a package."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return package.read(name)


def marked(data: bytes) -> dict[str, str]:
    """Return the words that each comment hangs on, changes accepted, read without the program's reader.

    Every comment must have one beginning, one end and one mark, in this order, none within a run but the mark.
    """
    root = etree.fromstring(part(data))
    words: dict[str, list[str]] = {}
    found: dict[str, str] = {}
    ended: list[str] = []
    for each in root.iter(W + "t", W + "noBreakHyphen", "{*}oMath", *MARKS):
        above = [parent.tag for parent in each.iterancestors()]
        identifier = each.get(W + "id") or ""
        if each.tag == MARKS[0]:
            assert identifier not in words
            words[identifier] = []
        elif each.tag == MARKS[1]:
            found[identifier] = " ".join("".join(words[identifier]).split())
        elif each.tag == MARKS[2]:
            ended.append(identifier)
            assert identifier in found
        else:
            shown = each.text or "" if each.tag == W + "t" else "\u2011"
            hidden = any(parent.find(f"{W}rPr/{W}vanish") is not None for parent in each.iterancestors(W + "r"))
            if not hidden and W + "moveFrom" not in above and W + "txbxContent" not in above:
                for identifier in words.keys() - found.keys():
                    words[identifier].append(shown)
        if each.tag in MARKS[:2]:
            assert W + "r" not in above
    assert sorted(ended) == sorted(found) == sorted(words)
    return found


def hung(data: bytes) -> list[str]:
    """Return the words that each comment of an annotated document hangs on, in the order of the comments."""
    made = annotated(data)
    found = marked(made.data)
    assert made.comments == len(found)
    return [found[identifier] for identifier in sorted(found, key=int)]


def comments(data: bytes) -> list[list[str]]:
    """Return the lines of each comment, as python-docx reads them."""
    return [each.text.split("\n") for each in docx.Document(io.BytesIO(data)).comments]


def canonical(xml: bytes, *, is_laid_out: bool = False) -> bytes:
    """Return a document without its comments, with neighbouring runs of equal properties as one, in canonical XML.

    Spaces at the ends of a text that Word does not show are left out; if `is_laid_out`, so are those between elements.
    """
    root = etree.fromstring(xml, etree.XMLParser(remove_blank_text=is_laid_out))
    for each in list(root.iter(*MARKS)):
        above = each.getparent()
        assert above is not None
        gone = above if above.tag == W + "r" else each
        outer = gone.getparent()
        assert outer is not None
        outer.remove(gone)
    for each in list(root.iter(W + "r")):
        before = each.getprevious()
        if before is not None and before.tag == W + "r" and not before.tail and _like(before) == _like(each):
            for inner in each:
                if inner.tag != W + "rPr":
                    before.append(deepcopy(inner))
            before.tail = each.tail
            outer = each.getparent()
            assert outer is not None
            outer.remove(each)
    for each in list(root.iter(W + "t")):
        if each.attrib.pop("{http://www.w3.org/XML/1998/namespace}space", None) is None:
            each.text = (each.text or "").strip(" \t\r\n")
        before = each.getprevious()
        if before is not None and before.tag == W + "t":
            before.text = (before.text or "") + (each.text or "")
            outer = each.getparent()
            assert outer is not None
            outer.remove(each)
    return etree.tostring(root, method="c14n2")


def _like(element: etree._Element) -> tuple[object, ...]:
    properties = element.find(W + "rPr")
    return sorted(element.attrib.items()), b"" if properties is None else etree.tostring(properties, with_tail=False)


def assert_untouched(before: bytes, after: bytes) -> None:
    """Fail unless a document has its comments, and everything else is as it was."""
    changed = {"[Content_Types].xml", "word/document.xml", "word/_rels/document.xml.rels", "word/comments.xml"}
    with zipfile.ZipFile(io.BytesIO(before)) as old, zipfile.ZipFile(io.BytesIO(after)) as new:
        names = old.namelist()
        assert names == new.namelist()[: len(names)]
        assert set(new.namelist()) - set(names) <= {"word/comments.xml"}
        for name in names:
            assert old.getinfo(name).compress_type == new.getinfo(name).compress_type
            assert name in changed or old.read(name) == new.read(name)
        assert new.testzip() is None
    assert canonical(part(before)) == canonical(part(after))
    read_before, read_after = (document_from_bytes(data, NAME) for data in (before, after))
    assert read_before.source.text == read_after.source.text
    assert told(before) == told(after)


# --- anchors ---------------------------------------------------------------------------------------------------------

FIELD = (
    '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> REF a </w:instrText></w:r>'
    '<w:r><w:fldChar w:fldCharType="separate"/></w:r>{}<w:r><w:fldChar w:fldCharType="end"/></w:r>'
)
RAISED = '<w:vertAlign w:val="superscript"/>'


@pytest.mark.parametrize(
    "xml",
    [
        run(SLIP),
        "".join(map(run, SLIP)),
        run("We saw ") + run("11/40", "<w:b/>") + run(" (28.", "<w:i/>") + run("7%) respond."),
        run("We saw ") + "<w:hyperlink>" + run("the 11/40 (28.7") + "</w:hyperlink>" + run("%) respond."),
        f"{run('We saw ')}<w:ins w:id='7' w:author='A'>{run(WORDS)}</w:ins>{run(' respond.')}",
        f"{run('We saw 11/40 (28')}<w:ins w:id='7' w:author='A'>{run('.7%) respond.')}</w:ins>",
        f"{run('We saw 11/4')}<w:del w:id='7'><w:r><w:delText>4</w:delText></w:r></w:del>{run('0 (28.7%) respond.')}",
        f"<w:moveFrom>{run(SLIP)}</w:moveFrom><w:moveTo>{run(SLIP)}</w:moveTo>",
        f"<w:sdt><w:sdtContent>{run('We saw 11/40')}</w:sdtContent></w:sdt>{run(' (28.7%) respond.')}",
        f"<w:fldSimple w:instr=' REF a '>{run('We saw 11/40')}</w:fldSimple>{run(' (28.7%) respond.')}",
        run("We saw 11") + FIELD.format(run("/40 (2")) + run("8.7%) respond."),
        f"<w:smartTag>{run('We saw 11/40')}</w:smartTag>{run(' (28.7%) respond.')}",
        f"{run('We saw 11/40')}{run(' hidden 5 (5%)', '<w:vanish/>')}{run(' (28.7%) respond.')}",
        "<w:r><w:t>We saw</w:t><w:tab/><w:t>11/40</w:t><w:tab/><w:t>(28.7%)</w:t><w:br/><w:t>respond.</w:t></w:r>",
        run("We saw 11/40\u00a0(28.7%)\u00a0respond."),
        run("𝒜 𝒲e 𝓈aw 11/40 (28.7%) 𝓇espond."),
        "<w:r><w:t>  We saw 11/40 (28.7%) respond.  </w:t></w:r>",
        '<w:r w:rsidR="00AB12CD"><w:rPr><w:sz w:val="20"/></w:rPr><w:br/><w:t>We 11/40 </w:t><w:t>(28.7%)</w:t></w:r>',
        f"<w:bookmarkStart w:id='1' w:name='a'/>{run('We saw 11/')}<w:bookmarkEnd w:id='1'/>{run('40 (28.7%)')}",
        run("We") + run("12", RAISED) + run(" saw 11/40 (28.7%)") + run("13", RAISED) + run(" respond."),
    ],
)
def test_a_comment_hangs_on_the_very_words(xml: str) -> None:
    """However the words are divided among runs, links, fields, controls and changes, and nothing else changes."""
    data = docx_body(par(xml))
    assert ["".join(words.split()) for words in hung(data)] == ["".join(WORDS.split())]
    assert_untouched(data, annotated(data).data)


def test_the_right_one_of_two_equal_results_is_meant() -> None:
    """Equal words in one paragraph, in one run or in several, are told apart by their place."""
    text = "Of 40, 11 (27.5%) responded. Later 11/40 (28.7%), and then 11/40 (27.5%), later 11/40 (28.7%) did."
    for xml in (run(text), "".join(map(run, re.split("(?<=1)", text)))):
        data = docx_body(par(xml))
        made = annotated(data).data
        assert hung(data) == [WORDS, WORDS]
        root = etree.fromstring(part(made))
        before, places = "", []
        for each in root.iter(W + "t", MARKS[0]):
            before += each.text or ""
            places += [len(before)] if each.tag == MARKS[0] else []
        assert places == [place.start() for place in re.finditer(re.escape(WORDS), text)]


def test_cells_of_a_table_merged_or_not() -> None:
    """Also where cells cover others, and where one cell holds several lines or a table."""

    def build(document: docx.document.Document) -> None:
        table = document.add_table(rows=4, cols=3)
        rows = [
            ["", "Drug (n = 60)", "Placebo (n = 62)"],
            ["ACR20", "33 (54%)", "12/62 (19.4%)"],
            ["ACR50", "20/60 (35.3%)", "gone"],
            ["", "6/60 (10%)\n7/60 (12.9%)", "8/62 (12.9%)"],
        ]
        for index, row in enumerate(rows):
            for column, text in enumerate(row):
                table.cell(index, column).text = text
        table.cell(2, 0).merge(table.cell(3, 0))
        table.cell(0, 1).merge(table.cell(0, 2))
        inner = table.cell(3, 2).add_table(2, 2)
        inner.cell(1, 1).text = "9/62 (15.5%)"

    data = made_docx(build)
    assert set(hung(data)) >= {"20/60 (35.3%)", "7/60 (12.9%)", "9/62 (15.5%)"}
    assert_untouched(data, annotated(data).data)


def test_a_paragraph_whose_end_was_deleted_goes_on_in_the_next() -> None:
    """The comment reaches from one into the other."""
    data = docx_body(par(run("We saw 11/40 "), properties="<w:rPr><w:del/></w:rPr>") + par(run("(28.7%) respond.")))
    assert hung(data) == [WORDS]
    assert_untouched(data, annotated(data).data)


def test_the_mark_of_a_comment_stands_outside_of_what_may_go() -> None:
    """A change that is rejected, or a field that is written anew, would take a mark in it along."""
    for xml in (f"<w:ins w:id='7' w:author='A'>{run(SLIP)}</w:ins>", FIELD.format(run(SLIP))):
        root = etree.fromstring(part(annotated(docx_body(par(xml))).data))
        (mark,) = root.iter(MARKS[2])
        outer = [each.tag for each in mark.iterancestors()]
        assert outer[:2] == [W + "r", W + "p"]
        assert mark.getparent() is next(root.iter(W + "p"))[-1]


def test_a_control_that_is_bound_to_data_is_not_divided() -> None:
    """Word fills it in when it opens the document, and what stood in it is gone."""
    bound = "<w:sdt><w:sdtPr><w:dataBinding/></w:sdtPr><w:sdtContent>{}</w:sdtContent></w:sdt>"
    data = docx_body(par(bound.format(run(SLIP))))
    assert hung(data) == [SLIP]
    assert_untouched(data, annotated(data).data)


def test_a_raised_number_is_not_divided() -> None:
    """Its halves would be read as two numbers; the comment hangs on all of it."""
    data = docx_body(par(run("It is 88"), run("12 13", RAISED), run(" here.")))
    made = annotate(data, made_report(data, "88^12"))
    assert list(marked(made.data).values()) == ["8812 13"]
    assert_untouched(data, made.data)


@pytest.mark.parametrize(
    ("text", "xml", "expected"),
    [
        ("p<0.05", "<m:oMath><m:r><m:t>p&lt;0.</m:t></m:r><m:r><m:t>05</m:t></m:r></m:oMath>", "\u2011"),
        ("1\u20112", "<w:r><w:t>a 1</w:t><w:noBreakHyphen/><w:t>2 b</w:t></w:r>", "1\u20112"),
        ("≥5", '<w:r><w:t>a </w:t><w:sym w:font="Symbol" w:char="F0B3"/><w:t>5 b</w:t></w:r>', "5"),
        (
            "ruby",
            f"<w:r><w:ruby><w:rt>{run('x')}</w:rt><w:rubyBase>{run('a ruby')}</w:rubyBase></w:ruby></w:r>",
            "xa ruby",
        ),
        (
            "two",
            f"<mc:AlternateContent><mc:Choice Requires='w'>{run('one two')}</mc:Choice></mc:AlternateContent>",
            "one two",
        ),
    ],
    ids=["formula", "hyphen", "symbol", "ruby", "alternatives"],
)
def test_what_is_no_text_is_taken_whole(text: str, xml: str, expected: str) -> None:
    """No range begins within a formula, or where only some programs look."""
    data = docx_body(par(run("Here ") + xml + run(" there.")))
    made = annotate(data, made_report(data, text))
    assert list(marked(made.data).values()) == [expected]
    assert_untouched(data, made.data)


def made_report(data: bytes, *words: str, lines: tuple[str, ...] = ()) -> FileReport:
    """Return a report that finds something at each of the words."""
    document = document_from_bytes(data, NAME)
    spans = [Span(at := document.source.text.index(each), at + len(each)) for each in words]
    return report_at(document, *spans, steps=lines)


def report_at(document: Document, *spans: Span | None, steps: tuple[str, ...] = ()) -> FileReport:
    """Return a report that finds something at each place."""
    found = (
        Finding(rule("percentage-mismatch"), "Words.", Location(document.source, span), steps=steps) for span in spans
    )
    return FileReport(NAME, "draft", Status.OK, document=document, remarks=tuple(found))


def test_findings_at_one_place_and_overlapping_ones() -> None:
    """Each has a comment of its own on its own words."""
    data = docx_body(par(run("one two three four")))
    report = made_report(data, "two three", "two three", "three four", "two", "one two three four")
    made = annotate(data, report)
    found = marked(made.data)
    assert sorted(found.values()) == ["one two three four", "three four", "two", "two three", "two three"]
    assert (made.comments, made.placeless) == (5, 0)
    assert_untouched(data, made.data)


# --- what cannot be anchored -----------------------------------------------------------------------------------------


def test_notes_boxes_headers_and_footers_hang_on_the_nearest_place() -> None:
    """On the mark of the note, the paragraph of the box, the first paragraph; the comment says where, and the words."""
    box = f"<w:r><w:pict><v:textbox><w:txbxContent>{par(run(SLIP))}</w:txbxContent></v:textbox></w:pict></w:r>"
    reference = '<w:r><w:t>this</w:t><w:footnoteReference w:id="5"/><w:t>that</w:t></w:r>'
    data = docx_body(
        par(run("First.")) + par(run("Noted "), reference) + par(run("Boxed "), box),
        f'<w:footnote w:id="5">{par(run(SLIP))}</w:footnote>',
    )
    made = annotated(data).data
    lines = comments(made)
    assert hung(data) == ["", "Boxed"]
    assert [each[1] for each in lines] == [f"In footnote 1: “{WORDS}”", f"In text box 1: “{WORDS}”"]
    root = etree.fromstring(part(made))
    (note,) = root.iter(W + "footnoteReference")
    holder = note.getparent()
    assert holder is not None
    neighbours = [each.tag for each in (holder.getprevious(), holder.getnext()) if each is not None]
    assert neighbours == [MARKS[0], MARKS[1]]
    assert_untouched(data, made)

    def build(document: docx.document.Document) -> None:
        document.add_paragraph("First.")
        document.sections[0].header.paragraphs[0].text = SLIP
        document.sections[0].footer.paragraphs[0].text = "Of 50, 21/50 (28.7%) did."

    data = made_docx(build)
    assert hung(data) == ["First.", "First."]
    places = [each[1] for each in comments(annotated(data).data)]
    assert places == [f"In header: “{WORDS}”", "In footer: “21/50 (28.7%)”"]
    assert_untouched(data, annotated(data).data)


def test_an_empty_first_paragraph_can_hold_what_stands_in_the_header() -> None:
    """There is always something to hang on."""

    def build(document: docx.document.Document) -> None:
        document.add_paragraph("")
        document.sections[0].header.paragraphs[0].text = f"{SLIP} And 21/50 (28.7%) did."

    data = made_docx(build)
    assert hung(data) == ["", ""]


def test_findings_without_a_place_are_counted() -> None:
    """What is about the file as a whole has no comment, and is not lost."""
    data = docx_body(par(run("one two")))
    document = document_from_bytes(data, NAME)
    made = annotate(data, report_at(document, None, Span(0, 3), None))
    assert (made.comments, made.placeless) == (1, 2)
    assert made.describe() == "1 comment; 2 findings without a place in the text, only in the report"


def test_a_place_without_words_hangs_on_the_nearest() -> None:
    """An empty place, or one between two cells, has no words of its own."""
    data = as_docx("# A\n\none two\n\n| a | b |\n|---|---|\n| c | d |\n")
    document = document_from_bytes(data, NAME)
    text = document.source.text
    between = Span(text.index(" | b"), text.index("b"))
    made = annotate(data, report_at(document, Span(0, 0), between, Span(len(text), len(text))))
    assert list(marked(made.data).values()) == ["A", "b", "d"]


# --- the document ----------------------------------------------------------------------------------------------------


def test_a_document_without_findings_is_as_it_was() -> None:
    """Byte for byte; ignored and known findings are none."""
    data = docx_body(par(run("We saw 11/40 (27.5%) respond.")))
    assert annotated(data) == (data, 0, 0)
    slip = docx_body(par(run(SLIP)))
    report = checked(slip)
    for change in ({"ignored": "as printed"}, {"known": True}):
        (study,) = report.studies
        studies = (study._replace(findings=tuple(each._replace(**change) for each in study.findings)),)
        assert annotate(slip, report._replace(studies=studies)).data == slip


def test_a_document_that_has_changed_is_refused() -> None:
    """What was found may not be there any more."""
    report = checked(docx_body(par(run(SLIP))))
    with pytest.raises(UnwrittenError, match="has changed"):
        annotate(docx_body(par(run(SLIP + " More."))), report)


def test_comments_that_are_there_stay() -> None:
    """With their numbers, their replies and the people; new ones get numbers of their own."""

    def build(document: docx.document.Document) -> None:
        paragraph = document.add_paragraph("We saw ")
        runs = [paragraph.add_run("11/40 "), paragraph.add_run("(28.7%)"), paragraph.add_run(" respond.")]
        document.add_comment(runs[:2], "Is this so?", "Reviewer", "R")
        document.add_comment(runs[1], "And this?", "Reviewer", "R")

    extended = "<w15:commentsEx xmlns:w15='http://schemas.microsoft.com/office/word/2012/wordml'/>"
    data = with_parts(made_docx(build), {"word/commentsExtended.xml": extended, "word/people.xml": "<x/>"})
    made = annotated(data).data
    names = zipfile.ZipFile(io.BytesIO(data)).namelist()
    assert zipfile.ZipFile(io.BytesIO(made)).namelist() == names
    for name in names:
        if name not in ("word/document.xml", "word/comments.xml"):
            assert part(data, name) == part(made, name)
    found = [(each.comment_id, each.author, each.initials) for each in docx.Document(io.BytesIO(made)).comments]
    assert found == [(0, "Reviewer", "R"), (1, "Reviewer", "R"), (2, "rheumcalc", "rc")]
    assert marked(made) == {"0": "11/40 (28.7%)", "1": "(28.7%)", "2": WORDS}
    before = etree.fromstring(part(data, "word/comments.xml"))
    after = etree.fromstring(part(made, "word/comments.xml"))
    assert [etree.tostring(each, method="c14n") for each in before] == [
        etree.tostring(each, method="c14n") for each in after
    ][: len(before)]


def test_a_second_run_adds_to_the_first() -> None:
    """A document that was annotated is a document with comments."""
    data = docx_body(par(run(SLIP)))
    twice = annotated(annotated(data).data).data
    assert marked(twice) == {"0": WORDS, "1": WORDS}


@pytest.mark.parametrize(
    ("taken", "expected"),
    [("7", "8"), ("2147483647", "0"), ("99999999999999999999", "0"), ("x", "0"), ("-3", "0")],
)
def test_no_number_is_used_twice(taken: str, expected: str) -> None:
    """Not even one of a comment that is lost, whose place is still marked; no number is too large for Word."""
    data = docx_body(par(f'<w:commentRangeStart w:id="{taken}"/>', run(SLIP), f'<w:commentRangeEnd w:id="{taken}"/>'))
    root = etree.fromstring(part(annotated(data).data, "word/comments.xml"))
    assert [each.get(W + "id") for each in root] == [expected]


def test_the_xml_keeps_its_declaration_its_prefixes_and_what_stands_around() -> None:
    """So that mc:Ignorable names prefixes that are declared, and a document that was laid out stays so."""
    xml = (
        '<?xml version=\'1.0\' encoding="UTF-8" standalone="yes"?>\r\n<!-- by hand -->'
        f'<w:document {NAMESPACES} xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml" '
        'xmlns:q="urn:q" mc:Ignorable="w14 q">\n  <w:body>\n    <w:p w14:paraId="12345678">\n      <w:r>\n        '
        f"<w:t>{SLIP}</w:t>\n      </w:r>\n    </w:p>\n  </w:body>\n</w:document>"
    )
    data = with_parts(made_docx(), {"word/document.xml": xml})
    made = annotated(data).data
    head, body = part(made).split(b"<w:body>")
    assert head == xml.encode().split(b"<w:body>")[0]
    assert canonical(part(data), is_laid_out=True) == canonical(part(made), is_laid_out=True)
    assert b'w14:paraId="12345678"' in body
    assert list(marked(made).values()) == [WORDS]


def test_other_encodings_are_written_as_utf_8() -> None:
    """A package may hold UTF-16, and what is written must be what it says it is."""
    body = f"<w:document {NAMESPACES}><w:body>{par(run(SLIP))}</w:body></w:document>"
    xml = f'<?xml version="1.0" encoding="UTF-16"?>{body}'.encode("utf-16")
    made = annotated(with_parts(made_docx(), {"word/document.xml": xml})).data
    assert part(made).startswith(b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>')
    assert list(marked(made).values()) == [WORDS]


def test_a_part_that_has_the_name_of_the_comments_is_left_alone() -> None:
    """A part that the document is not related to may be called anything."""
    data = with_parts(docx_body(par(run(SLIP))), {"word/comments.xml": "<other/>"})
    made = annotated(data).data
    assert part(made, "word/comments.xml") == b"<other/>"
    assert len(comments(made)) == 1


@pytest.mark.parametrize("content", ["<w:comments", "<other/>"])
def test_comments_that_cannot_be_read_are_not_written_over(content: str) -> None:
    """A document whose comments are damaged is refused as such, and not robbed of them."""
    data = annotated(docx_body(par(run(SLIP)))).data
    types = part(data, "[Content_Types].xml").replace(b"wordprocessingml.comments+xml", b"wordprocessingml.other+xml")
    broken = with_parts(data, {"word/comments.xml": content, "[Content_Types].xml": types})
    with pytest.raises(UnreadableFileError, match="damaged"):
        annotated(broken)


def test_an_entry_keeps_its_time_and_its_way_of_packing() -> None:
    """Only what changed is written anew; a part whose name stands twice is written once, as it is read."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(docx_body(par(run(SLIP))))) as old, zipfile.ZipFile(stream, "w") as new:
        for entry in old.infolist():
            stored = zipfile.ZipInfo(entry.filename, (1999, 1, 2, 3, 4, 6))
            stored.compress_type = zipfile.ZIP_STORED if "styles" in entry.filename else zipfile.ZIP_DEFLATED
            new.writestr(stored, old.read(entry.filename))
        new.comment = b"packed by hand"
        with pytest.warns(UserWarning, match="Duplicate"):
            new.writestr(zipfile.ZipInfo("docProps/app.xml", (1999, 1, 2, 3, 4, 6)), "<last/>")
    made = annotated(stream.getvalue()).data
    with zipfile.ZipFile(io.BytesIO(made)) as package:
        assert package.comment == b"packed by hand"
        assert {entry.date_time for entry in package.infolist()[:-1]} == {(1999, 1, 2, 3, 4, 6)}
        assert package.getinfo("word/styles.xml").compress_type == zipfile.ZIP_STORED
        assert package.read("docProps/app.xml") == b"<last/>"


# --- what a comment says ---------------------------------------------------------------------------------------------


def test_what_a_comment_says() -> None:
    """A heading in bold that begins with the severity, the message, the working, the other places, and the rule."""
    data = docx_body(par(run("one two")))
    document = document_from_bytes(data, NAME)
    place = Location(document.source, Span(4, 7))
    elsewhere = Location(checked(docx_body(par(run(SLIP)))).studies[0].claims.source, Span(0, 2))
    elsewhere = elsewhere._replace(source=elsewhere.source.__class__("/home/me/studies/a.yaml", "id: a\n"))
    related = (Related(place, "two"), Related(elsewhere, "88 for 'all'"), *[Related(place, "more")] * 11)
    finding = Finding(rule("percentage-mismatch"), "It is 3.", place, steps=("1 + 2 = 3",), related=related)
    report = FileReport(NAME, "draft", Status.OK, document=document, remarks=(finding,))
    made = annotate(data, report).data
    assert comments(made) == [
        [
            "Error RC201 percentage mismatch",
            "It is 3.",
            "· 1 + 2 = 3",
            "→ paragraph 1: two",
            "→ a.yaml, line 1, column 1: 88 for 'all'",
            *["→ paragraph 1: more"] * 10,
            "→ and 1 more",
            "rheumcalc cannot tell which of the numbers is wrong. More on this: rheumcalc rule RC201",
        ]
    ]
    (comment,) = docx.Document(io.BytesIO(made)).comments
    assert (comment.author, comment.initials) == ("rheumcalc", "rc")
    assert [bool(each.bold) for paragraph in comment.paragraphs for each in paragraph.runs if each.text] == [
        True,
        *[False] * (len(comment.paragraphs) - 1),
    ]
    regraded = report._replace(remarks=(finding._replace(regraded=Severity.NOTE),))
    assert comments(annotate(data, regraded).data)[0][0] == "Note RC201 percentage mismatch"


@pytest.mark.parametrize("text", [text for text in HOSTILE.values() if text])
def test_quoted_text_is_only_text(text: str) -> None:
    """Whatever a finding quotes, the document can be opened, and its text has no character that acts."""
    data = docx_body(par(run("one two")))
    made = annotate(data, made_report(data, "two", lines=(text,))).data
    (lines,) = comments(made)
    told = etree.fromstring(part(made, "word/comments.xml")).xpath("string(.)")
    assert isinstance(told, str)
    assert re.search("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]", told) is None
    assert len(lines) == 4
    assert re.sub("�+", "", lines[2].removeprefix("· ")) in re.sub("[^\x20-\x7e]", "", text)


def test_the_time_is_utc_and_can_be_given(monkeypatch: pytest.MonkeyPatch) -> None:
    """SOURCE_DATE_EPOCH gives equal bytes for equal input; what is no time is none."""
    data = docx_body(par(run(SLIP)))
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    made = annotated(data).data
    assert b'w:date="2023-11-14T22:13:20Z"' in part(made, "word/comments.xml")
    assert annotated(data).data == made
    for wrong in ("", "x", "9" * 30):
        monkeypatch.setenv("SOURCE_DATE_EPOCH", wrong)
        assert re.search(rb'w:date="20[0-9-]{8}T[0-9:]{8}Z"', part(annotated(data).data, "word/comments.xml"))


# --- in general ------------------------------------------------------------------------------------------------------


def test_the_review_draft() -> None:
    """Every finding of the review hangs on its words, and the document is otherwise as it was."""
    data = as_docx((ROOT / "data" / "drafts" / "quarter-in-review.md").read_text(encoding="utf-8"))
    library, _ = read_library(str(ROOT / "data" / "studies"))
    report = check_bytes(data, NAME, Settings(), library)
    made = annotate(data, report)
    words = [each.location.source.cut(each.location.span) for each in report.findings if each.location.span]
    assert len(words) == made.comments > 0
    found = marked(made.data)
    assert [found[identifier] for identifier in sorted(found, key=int)] == words
    assert_untouched(data, made.data)


def test_every_rule_has_a_heading_that_reads() -> None:
    """The severity, the code and the name in words."""
    data = docx_body(par(run("one two")))
    document = document_from_bytes(data, NAME)
    location = Location(document.source, Span(0, 3))
    found = tuple(Finding(each, "Words.", location) for each in RULES)
    report = FileReport(NAME, "draft", Status.OK, document=document, remarks=found)
    heads = [lines[0] for lines in comments(annotate(data, report).data)]
    assert heads == [f"{each.severity.title()} {each.code} {' '.join(each.name.split('-'))}" for each in RULES]


def test_thousands_of_findings() -> None:
    """In one run, each has its comment; the work grows with the text and not with its square."""
    sentence = "We saw 11/40 (28.7%) respond. "
    data = docx_body(par(run(sentence * 3_000)))
    document = document_from_bytes(data, NAME)
    spans = [Span(*each.span()) for each in re.finditer(re.escape(WORDS), document.source.text)]
    made = annotate(data, report_at(document, *spans))
    root = etree.fromstring(part(made.data))
    assert (made.comments, len(list(root.iter(MARKS[0])))) == (3_000, 3_000)
    between = [each.getnext() for each in root.iter(MARKS[0])]
    assert {"".join(map(str, each.itertext())) for each in between if each is not None} == {WORDS}


def test_properties_without_end_are_not_copied() -> None:
    """A run whose properties are as long as a book is taken whole, however many findings lie in it."""
    properties = "<w:b/>" * 5_000
    data = docx_body(par(run(f"one {'two ' * 500}", properties)))
    document = document_from_bytes(data, NAME)
    spans = [Span(*each.span()) for each in re.finditer("two", document.source.text)]
    made = annotate(data, report_at(document, *spans))
    assert len(part(made.data)) < 10 * len(part(data))
    assert made.comments == 500


_WRAPPED = [
    "{}",
    "<w:hyperlink>{}</w:hyperlink>",
    "<w:ins w:id='7' w:author='A'>{}</w:ins>",
    "<w:moveTo>{}</w:moveTo>",
    "<w:sdt><w:sdtContent>{}</w:sdtContent></w:sdt>",
    "<w:fldSimple w:instr=' REF a '>{}</w:fldSimple>",
    FIELD,
    "<w:smartTag><w:ins>{}</w:ins></w:smartTag>",
    "<w:proofErr w:type='spellStart'/>{}<w:del><w:r><w:delText>5 (5%)</w:delText></w:r></w:del>",
]
_PIECES = st.text(st.sampled_from("aé4(%) \u00a0;^.𝒜&<"), min_size=1, max_size=8)
_RUNS = st.builds(
    lambda text, properties, wrapper: wrapper.format(run(text, properties)),
    _PIECES,
    st.sampled_from(["", "", "<w:b/>", "<w:vanish/>"]),
    st.sampled_from(_WRAPPED),
)
_PARAGRAPHS = st.lists(_RUNS, min_size=1, max_size=6).map(lambda runs: par(*runs))
_CELLS = st.lists(_PARAGRAPHS, min_size=1, max_size=2).map(lambda inner: f"<w:tc>{''.join(inner)}</w:tc>")
_TABLES = st.lists(st.tuples(_CELLS, _CELLS), min_size=1, max_size=3).map(
    lambda rows: f"<w:tbl>{''.join(f'<w:tr>{first}{second}</w:tr>' for first, second in rows)}</w:tbl>"
)


@given(st.lists(st.one_of(_PARAGRAPHS, _TABLES), min_size=1, max_size=4), st.data())
def test_any_words_of_any_document(blocks: list[str], drawn: st.DataObject) -> None:
    """Whatever a document is made of, a comment hangs on exactly the words of its place, and nothing else changes."""
    data = docx_body("".join(blocks))
    document = document_from_bytes(data, NAME)
    places = list(_stretches(document))
    if not places:
        return
    spans = []
    for start, end in drawn.draw(st.lists(st.sampled_from(places), min_size=1, max_size=5)):
        first = drawn.draw(st.integers(start, end - 1))
        spans.append(Span(first, drawn.draw(st.integers(first + 1, end))))
    made = annotate(data, report_at(document, *spans))
    found = marked(made.data)
    for number, span in enumerate(sorted(spans)):
        words = "".join(document.source.cut(span).split())
        if words and words not in ";^":
            # What was put in between two lines of a cell is in no document.
            assert re.sub(r"[;^]|\s", "", found[str(number)]) == re.sub("[;^]", "", words)
    assert_untouched(data, made.data)


_NESTED = [
    *(
        "p",
        "r",
        "r",
        "t",
        "ins",
        "del",
        "moveTo",
        "hyperlink",
        "sdt",
        "sdtContent",
        "sdtPr",
        "dataBinding",
        "tbl",
        "tr",
    ),
    *(
        "tc",
        "rPr",
        "pPr",
        "vanish",
        "ruby",
        "rubyBase",
        "txbxContent",
        "pict",
        "object",
        "bdo",
        "smartTag",
        "tab",
        "br",
    ),
    *("fldSimple", 'fldChar w:fldCharType="begin"', 'fldChar w:fldCharType="separate"', 'fldChar w:fldCharType="end"'),
    *('footnoteReference w:id="5"', 'sym w:char="F0B3"', "noBreakHyphen", "bookmarkStart"),
]
_NONSENSE = st.recursive(
    st.sampled_from(["<w:t>ab 4 </w:t>", "<w:r><w:t> y;^</w:t></w:r>", "<m:oMath><m:r><m:t>5</m:t></m:r></m:oMath>"]),
    lambda inner: st.builds(
        lambda tag, content: f"<w:{tag}>{''.join(content)}</w:{tag.split()[0]}>",
        st.sampled_from(_NESTED),
        st.lists(inner, max_size=4),
    ),
    max_leaves=20,
)


@given(st.lists(_NONSENSE, min_size=1, max_size=4), _NONSENSE, st.data())
@example(["<w:fldSimple><w:r><w:fldChar w:fldCharType='end'/></w:r></w:fldSimple>"], "", None)
def test_nonsense_is_annotated_too(blocks: list[str], note: str, drawn: st.DataObject | None) -> None:
    """Elements where they do not belong neither stop the program nor lose a finding nor change what is read."""
    xml = "".join(f"<w:p>{block}</w:p>" for block in blocks)
    data = docx_body(xml, f'<w:footnote w:id="5"><w:p>{note}</w:p></w:footnote>')
    document = document_from_bytes(data, NAME)
    text = document.source.text
    if drawn is None or not text.strip():
        return
    bounds = st.integers(0, len(text))
    spans = drawn.draw(
        st.lists(st.tuples(bounds, bounds).map(lambda pair: Span(*sorted(pair))), min_size=1, max_size=4)
    )
    made = annotate(data, report_at(document, *spans))
    assert (made.comments, made.placeless) == (len(spans), 0)
    assert text == document_from_bytes(made.data, NAME).source.text
    root = etree.fromstring(part(made.data))
    order = [(each.tag, each.get(W + "id")) for each in root.iter(*MARKS)]
    for number in range(len(spans)):
        places = [order.index((tag, str(number))) for tag in MARKS]
        assert places == sorted(places)
    above = [parent.tag for each in root.iter(*MARKS[:2]) for parent in each.iterancestors()]
    assert W + "p" in above


def _stretches(document: Document) -> Iterator[Span]:
    """Yield the blocks and the cells of a document."""
    yield from (block.span for block in document.blocks)
    for table in document.tables:
        yield from {cell.span for row in (*table.header, *table.rows) for cell in row if cell.text}
