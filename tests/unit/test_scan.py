"""Scanning a corpus: limits, documents whose reading raises, and processes that die."""

from __future__ import annotations

import io
import json
import multiprocessing
from collections.abc import Iterator
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

import pytest

from rheumcalc import corpus as scanning
from rheumcalc.corpus import Answer, answer, read_lines, scan
from rheumcalc.corpus.files import scan_files
from rheumcalc.documents import claims as draft_claims
from rheumcalc.files.writing import whole_file
from rheumcalc.prose.text import read_text


def _line(identity: object, text: str = "We included 88 patients. 16 (18.2%) responded.") -> bytes:
    return json.dumps({"id": identity, "text": text}).encode() + b"\n"


def _ids(answers: list[Answer]) -> list[object]:
    return [json.loads(each.text)["id"] for each in answers]


def test_an_over_long_line_is_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    """A line past the limit is answered with an error, in its place, and what follows is read."""
    monkeypatch.setattr(scanning, "MAX_LINE", 200)
    stream = io.BytesIO(_line("a") + _line("long", "x" * 5_000_000) + _line("b") + _line("long", "x" * 300).strip())
    answers = list(scan(read_lines(stream), 1))
    assert _ids(answers) == ["a", None, "b", None]
    assert [each.failed for each in answers] == [False, True, False, True]
    error = json.loads(answers[1].text)
    assert (error["line"], "longer than 200 bytes" in error["error"], error["claims"]) == (2, True, [])


def test_the_longest_line_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """A line that just reaches the limit, its end included, is read."""
    line = _line("a")
    monkeypatch.setattr(scanning, "MAX_LINE", len(line))
    assert [line, line] == list(read_lines(io.BytesIO(line * 2)))


def test_an_over_long_text(monkeypatch: pytest.MonkeyPatch) -> None:
    """A text past the limit is answered with its id and an error."""
    monkeypatch.setattr(scanning, "MAX_TEXT", 100)
    told = answer(_line("a", "x" * 101), 7)
    assert told.failed
    assert json.loads(told.text) == {
        "id": "a",
        "line": 7,
        "error": "the text is longer than 100 characters",
        "claims": [],
    }
    assert not answer(_line("a", "x" * 100), 7).failed


def test_progress_is_told_of_every_line() -> None:
    """The bytes that lines took are told as they are read."""
    told: list[int] = []
    lines = list(read_lines(io.BytesIO(_line("a") + b"\n" + _line("b")), told.append))
    assert [len(line or b"") for line in lines] == told


@pytest.mark.parametrize("error", [RuntimeError("bad\nluck"), RecursionError(), MemoryError(), ValueError("x" * 5000)])
def test_a_document_whose_reading_raises(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    """It is answered with its error in one line, and the others with their claims."""
    read = read_text

    def fail(text: str) -> object:
        if "bad" in text:
            raise error
        return read(text)

    monkeypatch.setattr(draft_claims, "read_text", fail)
    answers = list(scan([_line("a"), _line("b", "bad"), _line("c")], 1))
    assert _ids(answers) == ["a", "b", "c"]
    assert [each.failed for each in answers] == [False, True, False]
    told = json.loads(answers[1].text)
    assert list(told) == ["id", "line", "error", "claims"]
    assert type(error).__name__ in told["error"]
    assert "\n" not in told["error"]
    assert len(told["error"]) < 300


def test_a_batch_whose_process_died() -> None:
    """Each of its documents is answered with an error, with its id where the line has one."""
    future: Future[list[Answer]] = Future()
    future.set_exception(BrokenProcessPool("a process died"))
    batch = [(4, _line("a")), (5, b"no JSON"), (6, None), (8, _line(["b"]))]
    answers = scanning._collect(batch, future)
    assert _ids(answers) == ["a", None, None, ["b"]]
    assert [json.loads(each.text)["line"] for each in answers] == [4, 5, 6, 8]
    assert all(each.failed and "died" in each.text for each in answers)


def test_processes_that_die_cost_no_line() -> None:
    """Where processes are killed midway, every document still has its line, in order, and the scan goes on."""
    count = 3000
    before = multiprocessing.active_children()
    answers = scan((_line(number) for number in range(count)), 2)
    first = [next(answers)]
    for process in multiprocessing.active_children():
        if process not in before:
            process.kill()
    assert list(range(count)) == _ids(first + list(answers))


def test_workers_get_lines_as_they_come() -> None:
    """Input is read as answers are taken, so that a corpus of any size is held in part only."""
    taken = 0

    def lines() -> Iterator[bytes]:
        nonlocal taken
        for number in range(5000):
            taken += 1
            yield _line(number, "")

    answers = scan(lines(), 2)
    next(answers)
    assert taken < 1000
    assert len(list(answers)) == 4999


def test_every_answer_is_one_line() -> None:
    """Nothing in an id or a text breaks the line that answers it."""
    for identity in ("a\nb", "a\r", "\u2028", "\x00", "\ud800"):
        told = answer(_line(identity, f"{identity} 16 (18.2%)"), 1).text
        assert "\n" not in told
        assert identity == json.loads(told)["id"]
        assert told.encode().isascii() or "\ud800" not in identity


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999"])
def test_an_answer_is_strict_json(number: str) -> None:
    """What Python reads as a number beyond JSON is not written as one."""

    def refuse(constant: str) -> object:
        raise AssertionError(constant)

    json.loads(answer(f'{{"id": {number}, "text": ""}}'.encode(), 1).text, parse_constant=refuse)


def test_output_is_whole_or_not_at_all(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Where a scan breaks off, the file that was there stays as it was, and no other is left."""

    def broken(*_: object) -> Iterator[Answer]:
        yield Answer("{}")
        raise KeyboardInterrupt

    source, target = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    source.write_bytes(_line("a"))
    target.write_text("before", encoding="utf-8")
    monkeypatch.setattr("rheumcalc.corpus.files.scan", broken)
    with pytest.raises(KeyboardInterrupt):
        scan_files([str(source)], str(target), 1)
    assert target.read_text(encoding="utf-8") == "before"
    assert [source, target] == sorted(tmp_path.iterdir())


def test_a_whole_file_follows_links(tmp_path: Path) -> None:
    """A link as output stays a link, and what it leads to is replaced."""
    (tmp_path / "real").write_text("before", encoding="utf-8")
    (tmp_path / "link").symlink_to("real")
    with whole_file(str(tmp_path / "link")) as write:
        write("after")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real").read_text(encoding="utf-8") == "after"
