"""Drafts as people send them: Word, HTML, articles, PDF, together and each with its findings and failures."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from conftest import PATIENCE, ROOT, RunCli
from makers import as_docx, as_html, lines_of, made_docx, made_pdf

REVIEW = (ROOT / "data" / "drafts" / "quarter-in-review.md").read_text(encoding="utf-8")
TABLES = """# Review

## Study 1: a drug

We included 122 children.

Table 1. Response, n (%)

| Outcome | Drug (n = 60) | Placebo (n = 62) |
|---|---|---|
| ACR20 | 33 (55.0%) | 12 (19.4%) |
| ACR50 | 20 (35.3%) | 7 (11.3%) |

## Study 2: another drug

We included 40 children, and 11 (28.7%) of 40 responded.
"""


def findings(cli: RunCli, folder: Path, name: str, content: bytes) -> list[tuple[str, str, str]]:
    """Return the rule, what is printed and the message of each finding in a file."""
    (folder / name).write_bytes(content)
    studies = str(ROOT / "data" / "studies")
    found = json.loads(cli("check", name, "--studies", studies, "--format", "json", cwd=folder).out)
    return [(each["rule"], each["printed"], each["message"]) for each in found["findings"]]


@pytest.mark.parametrize("markdown", [REVIEW, TABLES], ids=["review", "tables"])
def test_a_review_gives_the_same_findings_in_every_format(cli: RunCli, tmp_path: Path, markdown: str) -> None:
    """As Markdown, as a Word document and as HTML, a review has the same findings in the same order."""
    expected = findings(cli, tmp_path, "draft.md", markdown.encode())
    assert expected
    assert findings(cli, tmp_path, "draft.docx", as_docx(markdown)) == expected
    assert findings(cli, tmp_path, "draft.html", as_html(markdown)) == expected


def test_places_have_names_and_no_lines(cli: RunCli, tmp_path: Path) -> None:
    """A finding in a format without lines has a place for people, and null for the line; the table shows the place."""
    (tmp_path / "draft.docx").write_bytes(as_docx(TABLES))
    found: list[dict[str, Any]] = json.loads(cli("check", "draft.docx", "--format", "json", cwd=tmp_path).out)[
        "findings"
    ]
    places = [(each["rule"], each["place"], each["line"], each["column"]) for each in found]
    assert places == [("RC304", "table 1, row 2, column 2", None, None), ("RC201", "paragraph 6", None, None)]
    table = cli("check", "draft.docx", cwd=tmp_path).out
    assert "\n  draft.docx: table 1, row 2, column 2  " in table
    assert "paragraph 6" in cli("claims", "draft.docx", cwd=tmp_path).out


def test_a_file_that_cannot_be_read_is_named_and_the_rest_reported(cli: RunCli, tmp_path: Path) -> None:
    """Exit 2 for what failed, with the file's name; the findings of the others are there."""
    files = {
        "bomb.docx": made_docx()[:-300],
        "draft.html": as_html(REVIEW),
        "entities.xml": b"<article><body><p>a</body></article>",
        "locked.pdf": made_pdf([lines_of("a")])[:100],
        "nul.md": b"Words.\n\0\n",
        "scan.pdf": made_pdf([[]]),
    }
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    run = cli("check", ".", "--format", "json", cwd=tmp_path)
    assert (run.code, run.out[:1]) == (2, "{")
    failed = [file["path"] for file in json.loads(run.out)["files"] if file["status"] != "ok"]
    assert failed == ["bomb.docx", "entities.xml", "locked.pdf", "nul.md", "scan.pdf"]
    assert all(name in run.out for name in failed)
    assert "RC302" in run.out


def test_in_a_folder_other_files_are_skipped_and_counted(cli: RunCli, tmp_path: Path) -> None:
    """XML that is no article, the trace that Word leaves of an open document, and the old formats."""
    for name in ("pom.xml", "~$draft.docx", "old.doc", "old.odt", "old.rtf"):
        (tmp_path / name).write_bytes(b"<project/>")
    (tmp_path / "article.xml").write_bytes(b"<article><body><p>Fever in 16/88 (18.2%).</p></body></article>")
    report = json.loads(cli("check", ".", "--format", "json", cwd=tmp_path).out)
    assert ([file["path"] for file in report["files"]], report["summary"]["files"]["skipped"]) == (["article.xml"], 5)
    run = cli("check", "pom.xml", cwd=tmp_path)
    assert (run.code, "not an article in JATS" in " ".join(run.out.split())) == (2, True)


@pytest.mark.parametrize("name", ["draft.doc", "draft.odt", "draft.RTF"])
def test_other_word_processors_are_told_what_to_do(cli: RunCli, tmp_path: Path, name: str) -> None:
    """A file that can be saved as .docx is answered with that."""
    (tmp_path / name).write_bytes(b"words")
    run = cli("check", name, cwd=tmp_path)
    assert (run.code, "save it as .docx" in " ".join(run.out.split())) == (2, True)


@pytest.mark.parametrize(
    ("name", "module", "extra"),
    [
        ("a.docx", "docx", "docx"),
        ("a.html", "lxml", "documents"),
        ("a.xml", "lxml", "documents"),
        ("a.pdf", "pypdfium2", "documents"),
    ],
)
def test_without_its_library_a_format_names_the_extra(
    monkeypatch: pytest.MonkeyPatch, name: str, module: str, extra: str
) -> None:
    """One line says what to install."""
    from rheumcalc import documents
    from rheumcalc.files.reading import UnreadableFileError

    monkeypatch.setattr(documents, "find_spec", lambda asked: None if asked == module else object())
    with pytest.raises(UnreadableFileError) as error:
        documents.document_from_bytes(b"", name)
    suffix = name[1:]
    assert str(error.value) == f"Reading {suffix} needs the extra '{extra}': pip install 'rheumcalc[{extra}]'."


def test_a_document_on_standard_input_is_read(cli: RunCli) -> None:
    """The name that is given says of what kind it is."""
    run = cli("check", "-", "--stdin-name", "draft.docx", stdin=as_docx(REVIEW))
    assert (run.code, "RC302" in run.out) == (1, True)


def test_a_draft_in_text_loads_no_reader_of_documents() -> None:
    """Libraries are imported when a file needs them: none of them for Markdown."""
    import subprocess

    program = (
        "import sys; from rheumcalc import check; check('data/drafts/quarter-in-review.md'); "
        "print(sorted({'docx', 'lxml', 'pypdfium2', 'zipfile', 'subprocess'} & set(sys.modules)))"
    )
    run = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT, timeout=PATIENCE
    )
    assert run.stdout.strip() == "[]"


def test_what_was_left_out_is_said_and_the_rest_reported(cli: RunCli, tmp_path: Path) -> None:
    """A file that was read in part is not passed for checked: exit 2, with its findings."""
    (tmp_path / "draft.html").write_bytes(as_html(REVIEW).replace(b"</body>", b"<script>"))
    run = cli("check", "draft.html", cwd=tmp_path)
    assert (run.code, "RC302" in run.out, "is never closed" in " ".join(run.out.split())) == (2, True, True)
