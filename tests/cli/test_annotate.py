"""`check --annotate`: the author's own document with comments, written whole or not at all."""

from __future__ import annotations

import io
import os
import stat
from pathlib import Path

import docx
import pytest

from conftest import ROOT, RunCli
from makers import as_docx

REVIEW = (ROOT / "data" / "drafts" / "quarter-in-review.md").read_text(encoding="utf-8")
STUDIES = str(ROOT / "data" / "studies")
SLIPS = "# Review\n\n## Study 1: a drug\n\nOf them 11/40 (28.7%) responded, and 12/40 (31%) did not.\n"
HONEST = "# Review\n\n## Study 1: a drug\n\nOf the children, 11/40 (27.5%) responded.\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a draft that has two slips."""
    (tmp_path / "draft.docx").write_bytes(as_docx(SLIPS))
    return tmp_path


def heads(path: Path) -> list[str]:
    """Return the first line of each comment of a document."""
    return [each.text.split("\n")[0] for each in docx.Document(io.BytesIO(path.read_bytes())).comments]


def test_the_draft_is_written_with_its_comments_and_stays_as_it_is(cli: RunCli, folder: Path) -> None:
    """The report is what it is without the option, the exit code too, and a last line counts the comments."""
    before = (folder / "draft.docx").read_bytes()
    plain = cli("check", "draft.docx", cwd=folder)
    run = cli("check", "draft.docx", "--annotate", "checked.docx", cwd=folder)
    assert (run.code, run.out, run.err) == (1, plain.out, f"{plain.err}checked.docx: 2 comments\n")
    assert heads(folder / "checked.docx") == ["Error RC201 percentage mismatch"] * 2
    assert (folder / "draft.docx").read_bytes() == before
    assert sorted(each.name for each in folder.iterdir()) == ["checked.docx", "draft.docx"]


def test_the_review_against_its_records(cli: RunCli, tmp_path: Path) -> None:
    """What the records contradict is commented on too; no folder of the author's machine is named."""
    (tmp_path / "review.docx").write_bytes(as_docx(REVIEW))
    run = cli("check", "review.docx", "--studies", STUDIES, "--annotate", "out.docx", "--quiet", cwd=tmp_path)
    assert (run.code, run.err) == (1, "")
    document = docx.Document(io.BytesIO((tmp_path / "out.docx").read_bytes()))
    texts = [each.text for each in document.comments]
    assert [text.split()[1] for text in texts] == ["RC701", "RC302", "RC313", "RC308", "RC314"]
    assert "zhang-2023-tofacitinib-jdm.yaml, line" in texts[0]
    assert [text for text in texts if STUDIES in text or str(tmp_path) in text] == []


def test_only_what_is_selected_and_not_known(cli: RunCli, folder: Path) -> None:
    """Rules that do not apply and findings of a baseline get no comment; without any, the bytes are the draft's."""
    run = cli("check", "draft.docx", "--annotate", "none.docx", "--select", "RC302", cwd=folder)
    assert (run.code, run.err) == (0, "none.docx: no comments; the draft is unchanged\n")
    assert (folder / "none.docx").read_bytes() == (folder / "draft.docx").read_bytes()
    assert cli("check", "draft.docx", "--baseline", "b.json", "--write-baseline", cwd=folder).code == 0
    (folder / "draft.docx").write_bytes(as_docx(f"{SLIPS}\nThen 13/40 (34%) relapsed.\n"))
    run = cli("check", "draft.docx", "--baseline", "b.json", "--annotate", "new.docx", cwd=folder)
    assert (run.code, run.err) == (1, "new.docx: 1 comment\n")


def test_a_folder_with_one_draft_in_word(cli: RunCli, folder: Path) -> None:
    """Other inputs are checked, and only the draft is annotated."""
    (folder / "other.md").write_text(SLIPS, encoding="utf-8")
    (folder / "out").mkdir()
    run = cli("check", ".", "--annotate", "../checked.docx", cwd=folder / "out")
    assert (run.code, run.err.count("nothing to read"), "--annotate needs" in run.err) == (2, 0, True)
    run = cli("check", ".", "--annotate", str(folder.parent / "checked.docx"), cwd=folder)
    assert (run.code, len(heads(folder.parent / "checked.docx"))) == (1, 2)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("draft.docx", "--annotate", "draft.docx"), "never overwrites an input"),
        (("draft.docx", "--annotate", "./draft.docx"), "never overwrites an input"),
        (("draft.docx", "--annotate", "link.docx"), "never overwrites an input"),
        (("draft.docx", "--annotate", "checked.txt"), "does not end in .docx"),
        (("draft.docx", "--annotate", "-"), "does not end in .docx"),
        (("draft.docx", "--annotate", "a.docx", "--output", "a.docx"), "given for two outputs"),
        (
            ("draft.docx", "--annotate", "a.docx", "--format", "table", "--format", "json:a.docx"),
            "given for two outputs",
        ),
        (("draft.docx", "--annotate", "a.docx", "--baseline", "a.docx", "--write-baseline"), "given for two outputs"),
        (("draft.docx", "second.docx", "--annotate", "a.docx"), "but 2 are given: draft.docx, second.docx"),
        ((".", "--annotate", "a.docx"), "but 2 are given: ./draft.docx, ./second.docx"),
        (("draft.md", "--annotate", "a.docx"), "none of the inputs ends in .docx"),
        (("-", "--stdin-name", "draft.docx", "--annotate", "a.docx"), "standard input cannot be annotated"),
        (("missing.docx", "--annotate", "a.docx"), "a.docx is not written, since missing.docx cannot be read"),
        (("draft.docx", "--annotate", "none/a.docx"), "cannot write none/a.docx: No such file"),
        (("draft.docx", "--annotate", "folder.docx"), "cannot write folder.docx: Is a directory"),
    ],
)
def test_what_cannot_be_meant_is_said_in_one_line(
    cli: RunCli, folder: Path, arguments: tuple[str, ...], words: str
) -> None:
    """Exit 2, nothing is written, and what was there is as it was."""
    names = ("draft.docx", "draft.md", "second.docx")
    (folder / "draft.md").write_text(HONEST, encoding="utf-8")
    (folder / "second.docx").write_bytes(as_docx(HONEST))
    (folder / "folder.docx").mkdir()
    if "link.docx" in arguments:
        (folder / "link.docx").symlink_to(folder / "draft.docx")
    before = {name: (folder / name).read_bytes() for name in names}
    run = cli("check", *arguments, cwd=folder, stdin=before["draft.docx"])
    (line,) = [line for line in run.err.splitlines() if line.startswith("rheumcalc:")]
    assert (run.code, words in line) == (2, True), run.err
    assert {name: (folder / name).read_bytes() for name in names} == before
    assert {each.name for each in folder.iterdir()} - {*names, "folder.docx", "link.docx"} == set()


def test_a_damaged_draft_is_not_annotated(cli: RunCli, folder: Path) -> None:
    """It exits with 2, and an older file stays."""
    (folder / "draft.docx").write_bytes((folder / "draft.docx").read_bytes()[:-100])
    (folder / "checked.docx").write_bytes(b"older")
    run = cli("check", "draft.docx", "--annotate", "checked.docx", cwd=folder)
    assert (run.code, (folder / "checked.docx").read_bytes()) == (2, b"older")
    assert "checked.docx is not written" in run.err


@pytest.mark.skipif(os.name == "nt", reason="permissions are others there")
def test_a_file_that_is_replaced_keeps_its_permissions(cli: RunCli, folder: Path) -> None:
    """A draft that only its author may read stays so, whatever the umask."""
    target = folder / "checked.docx"
    target.write_bytes(b"older")
    target.chmod(0o600)
    assert cli("check", "draft.docx", "--annotate", "checked.docx", cwd=folder).code == 1
    assert (stat.S_IMODE(target.stat().st_mode), len(heads(target))) == (0o600, 2)


def test_without_the_library_one_line_names_the_extra(folder: Path, process: RunCli) -> None:
    """The report says why the draft was not read, and nothing is written."""
    (folder / "sitecustomize.py").write_text("import sys\nsys.modules['docx'] = None\n", encoding="utf-8")
    run = process("check", "draft.docx", "--annotate", "a.docx", cwd=folder, env={"PYTHONPATH": str(folder)})
    assert (run.code, (folder / "a.docx").exists()) == (2, False)
    assert "pip install 'rheumcalc[docx]'" in " ".join(run.err.split())
