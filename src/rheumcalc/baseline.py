"""Findings that are known: recorded in a file, so that a run fails only on new ones."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Iterable
from itertools import filterfalse
from pathlib import Path
from typing import Any, NamedTuple

from rheumcalc.config import SettingsError
from rheumcalc.files.reading import UnreadableFileError, read_file
from rheumcalc.findings import Finding, fingerprints
from rheumcalc.result import FileReport, Report, Status

#: Changes when an older program could not read what is written.
VERSION = 1
#: The largest baseline that is read, in bytes: some 100,000 findings.
MAX_BYTES = 50_000_000

#: The keys of an entry that may be null.
_OPTIONAL = ("study", "printed")
_LIST = re.compile(r'"findings"\s*:\s*\[')
_HEAD = f'{{\n"baseline_version": {VERSION},\n"findings": ['
_TAIL = "]\n}"


class Entry(NamedTuple):
    """One finding that is known. `fingerprint` identifies it; the rest is for people who read the file."""

    path: str
    rule: str
    study: str | None
    printed: str | None
    message: str
    fingerprint: str

    def order(self) -> tuple[str, ...]:
        """Return a key that sorts entries by file and rule, wherever the lines have moved."""
        return (self.path, self.rule, self.study or "", self.printed or "", self.fingerprint)


Baseline = tuple[Entry, ...]


def read_baseline(path: str, *, may_be_missing: bool = False) -> Baseline:
    """Return the entries of a baseline file. Raises SettingsError, with the line that cannot be used."""
    if may_be_missing and not Path(path).exists():
        return ()
    try:
        text = read_file(Path(path), path, MAX_BYTES).decode("utf-8-sig")
    except UnreadableFileError as error:
        hint = "" if Path(path).exists() else " --write-baseline writes one."
        raise SettingsError(f"the baseline {path} cannot be used: {error.finding.message}{hint}") from None
    except UnicodeDecodeError:
        raise SettingsError(f"the baseline {path} is not UTF-8") from None
    return _parse(text, path)


def apply_baseline(report: Report, baseline: Baseline) -> Report:
    """Return the report with the findings that the baseline has marked as known, and its other entries counted."""
    found = {each: finding for finding, each in fingerprints(report.findings) if _can_be_known(finding)}
    wanted = {entry.fingerprint for entry in baseline}
    known = {id(finding) for each, finding in found.items() if each in wanted}
    gone = sum(entry.fingerprint not in found for entry in filter(_looked_at(report), baseline))
    return report._replace(files=tuple(_marked(file, known) for file in report.files), gone=gone)


def renew_baseline(report: Report, baseline: Baseline) -> Baseline:
    """Return the current baseline: what the report finds, and the entries that this run did not look at."""
    found = (_entry(finding, each) for finding, each in fingerprints(report.findings) if _can_be_known(finding))
    kept = filterfalse(_looked_at(report), baseline)
    unique = {entry.fingerprint: entry for entry in (*kept, *found)}
    return tuple(sorted(unique.values(), key=Entry.order))


def render_baseline(baseline: Baseline) -> str:
    """Return the text of a baseline file: JSON with a line for each finding, so that a change can be reviewed."""
    lines = ",\n".join(json.dumps(entry._asdict(), ensure_ascii=False) for entry in baseline)
    return f"{_HEAD}\n{lines}\n{_TAIL}" if lines else _HEAD + _TAIL


def _can_be_known(finding: Finding) -> bool:
    """Decide whether a finding may be in a baseline: a file that cannot be checked is never accepted."""
    return finding.ignored is None and not finding.rule.about_files


def _looked_at(report: Report) -> Callable[[Entry], bool]:
    """Return a test whether a run would have found an entry: its file was checked for its rule, or is gone.

    A run over some of the files, or for some of the rules, says nothing about the others.
    """
    checked = {file.name: file.status is Status.OK for file in report.files}

    def decide(entry: Entry) -> bool:
        if entry.path in checked:
            return checked[entry.path] and entry.rule in report.rules
        return not os.path.exists(entry.path)  # noqa: PTH110 - unlike Path.exists, it never raises

    return decide


def _marked(file: FileReport, known: set[int]) -> FileReport:
    def marked(findings: Iterable[Finding]) -> tuple[Finding, ...]:
        return tuple(finding._replace(known=id(finding) in known) for finding in findings)

    studies = tuple(study._replace(findings=marked(study.findings)) for study in file.studies)
    return file._replace(studies=studies, remarks=marked(file.remarks))


def _entry(finding: Finding, fingerprint: str) -> Entry:
    name = finding.location.source.name
    return Entry(name, finding.rule.code, finding.study, finding.printed, finding.message, fingerprint)


# --- reading ---------------------------------------------------------------------------------------------------------


def _parse(text: str, path: str) -> Baseline:
    try:
        document = json.loads(text)
    except json.JSONDecodeError as error:
        raise SettingsError(f"the baseline {path} is not JSON: line {error.lineno}: {error.msg}") from None
    except (RecursionError, ValueError):
        raise SettingsError(f"the baseline {path} is not a list of findings") from None
    if not isinstance(document, dict) or not isinstance(document.get("findings"), list):
        raise SettingsError(f"the baseline {path} has no list of 'findings' at line 1: is it a baseline?")
    version = document.get("baseline_version")
    if version != VERSION:
        line = _line_of(text, '"baseline_version"')
        raise SettingsError(
            f"the baseline {path} is of version {version!r:.20} (line {line}); this program reads {VERSION}"
        )
    return tuple(_read_entry(each, number, text, path) for number, each in enumerate(document["findings"]))


def _read_entry(value: Any, number: int, text: str, path: str) -> Entry:
    given: dict[str, Any] = value if isinstance(value, dict) else {}
    for key in Entry._fields:
        each = given.get(key)
        if not isinstance(each, str) and (each is not None or key not in _OPTIONAL):
            place = f"entry {number + 1}, line {_entry_line(text, number)}"
            raise SettingsError(f"the baseline {path} has no text for '{key}' in {place}")
    fields: list[Any] = [given.get(key) for key in Entry._fields]
    return Entry(*fields)


def _line_of(text: str, words: str) -> int:
    return text.count("\n", 0, max(0, text.find(words))) + 1


def _entry_line(text: str, number: int) -> int:
    """Return the line on which an entry begins, counted from 0, in a text that is known to be JSON."""
    decoder = json.JSONDecoder()
    place = _LIST.search(text)
    end = place.end() if place else 0
    for _ in range(number):
        _, end = decoder.raw_decode(text, _skip(text, end))
    return text.count("\n", 0, _skip(text, end)) + 1


def _skip(text: str, place: int) -> int:
    """Return the place of the next value of a list."""
    while text[place] in " \t\r\n,":
        place += 1
    return place
