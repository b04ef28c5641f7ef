"""Run the checks over files and collect a report. A bad file is a value in it, never the end of the run."""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from rheumcalc.cases import Case, Judgement
from rheumcalc.checks import CHECKS
from rheumcalc.claims import Claim, StudyClaims, Verdict
from rheumcalc.config import DEFAULT_RULES, Settings
from rheumcalc.files import UnreadableFileError, beginning, decode, read_file, read_stream, unreadable
from rheumcalc.findings import Finding, Suppression, sort_findings
from rheumcalc.load import is_record_like, load_record_source
from rheumcalc.record_claims import claims_from_record
from rheumcalc.rules import Severity, find_rule, rule
from rheumcalc.source import Source

if TYPE_CHECKING:
    from rheumcalc.binding import Binding, Library
    from rheumcalc.binding import Status as Bound
    from rheumcalc.documents import Document

#: The kinds of files that are read, by the end of their names.
SUFFIXES = {
    ".yaml": "record",
    ".yml": "record",
    ".md": "draft",
    ".markdown": "draft",
    ".txt": "draft",
    ".docx": "draft",
    ".html": "draft",
    ".htm": "draft",
    ".xml": "draft",
    ".pdf": "draft",
    ".csv": "sheet",
    ".tsv": "sheet",
    ".xlsx": "sheet",
}

#: Folders of what others wrote and of what was built: nothing in them is written by hand.
_NOT_ENTERED = frozenset({"__pycache__", "_build", "build", "dist", "node_modules", "site-packages", "venv"})

#: Kinds of files that a word processor writes and can write otherwise.
OTHER_DOCUMENTS = (".doc", ".odt", ".rtf")

STDIN = "-"


class Status(StrEnum):
    """What became of a file: read and checked, read and found defective, or not read at all."""

    OK = "ok"
    INVALID = "invalid"
    UNREADABLE = "unreadable"


class StudyReport(NamedTuple):
    """One study's claims, a judgement for each in the same order, and the findings about them.

    `unselected` counts the inconsistent claims that only rules which do not apply have findings about.
    """

    claims: StudyClaims
    judgements: tuple[Judgement, ...]
    case: Case
    findings: tuple[Finding, ...]
    unselected: int = 0


class FileReport(NamedTuple):
    """What one file gave: `defects` prevent its being checked, `remarks` are findings about its markers.

    `notes` say, in words, how it was read and what of it was not.
    """

    name: str
    kind: str | None
    status: Status
    studies: tuple[StudyReport, ...] = ()
    defects: tuple[Finding, ...] = ()
    remarks: tuple[Finding, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def findings(self) -> tuple[Finding, ...]:
        """All findings of the file in the order of their places, ignored ones included."""
        found = (finding for study in self.studies for finding in study.findings)
        return self.defects + sort_findings((*self.remarks, *found))

    @property
    def judgements(self) -> tuple[Judgement, ...]:
        """What is decided about every claim of the file."""
        return tuple(judgement for study in self.studies for judgement in study.judgements)


class Report(NamedTuple):
    """What a run gave: a report for each file in the order given, and how many files in folders were no records.

    `rules` are the codes of the rules that applied. `gone` is how many entries of a baseline match nothing any more.
    """

    files: tuple[FileReport, ...]
    skipped: int = 0
    rules: frozenset[str] = DEFAULT_RULES
    gone: int = 0

    @property
    def findings(self) -> tuple[Finding, ...]:
        """All findings, file by file, ignored ones included."""
        return tuple(finding for file in self.files for finding in file.findings)

    @property
    def verdicts(self) -> Counter[Verdict]:
        """How many claims got each verdict."""
        return Counter(judgement.verdict for file in self.files for judgement in file.judgements)

    @property
    def unselected(self) -> int:
        """How many inconsistent claims only rules that do not apply have findings about."""
        return sum(study.unselected for file in self.files for study in file.studies)

    @property
    def severities(self) -> Counter[Severity]:
        """How many findings, neither ignored nor known from a baseline, have each severity."""
        return Counter(finding.severity for finding in self._unordered() if finding.is_open)

    @property
    def bindings(self) -> Counter[Bound] | None:
        """How many claims and sizes of drafts have each standing against their records; None without records."""
        bound = [study.case.binding for file in self.files for study in file.studies if study.case.binding is not None]
        return Counter(each.status for binding in bound for each in binding.comparisons) if bound else None

    @property
    def ignored(self) -> int:
        """How many findings are ignored with a reason."""
        return sum(finding.ignored is not None for finding in self._unordered())

    @property
    def known(self) -> int:
        """How many findings a baseline has."""
        return sum(finding.known for finding in self._unordered())

    def _unordered(self) -> Iterator[Finding]:
        """Yield all findings without the cost of their order."""
        for file in self.files:
            yield from file.defects
            yield from file.remarks
            for study in file.studies:
                yield from study.findings

    def exit_code(self, fail_on: Severity | None = Severity.ERROR) -> int:
        """Return 2 where a file could not be checked, 1 where a finding is at or above `fail_on`, else 0."""
        if not self.files or any(file.status is not Status.OK for file in self.files):
            return 2
        severities, found = list(Severity), self.severities
        failing = severities[: severities.index(fail_on) + 1] if fail_on else []
        return int(any(found[severity] for severity in failing))


def check(*paths: str | Path, settings: Settings | None = None, stdin_name: str = "stdin.yaml") -> Report:
    """Return the report on records, drafts and sheets, and on folders of them; `-` is standard input.

    Files that cannot be read or are defective are in the report like the others.
    """
    return check_files((str(path) for path in paths), settings=settings, stdin_name=stdin_name)


def check_files(paths: Iterable[str], settings: Settings | None = None, stdin_name: str = "stdin.yaml") -> Report:
    """Return the report on files and folders given by name."""
    settings = settings or Settings()
    found = find_files(paths)
    library, unread = (None, []) if settings.studies is None else read_library(settings.studies)
    reports, foreign = _check_found(found, settings, stdin_name, library)
    checked = {report.name for report in reports}
    reports += [report for report in unread if report.name not in checked]
    reports = with_conflicts(reports, settings)
    for folder, reason in found.closed:
        message = f"The folder cannot be read: {reason}."
        reports.append(unread_file(unreadable(shown_name(folder), "unreadable-file", message)))
    return Report(tuple(reports), found.skipped + foreign, settings.rules)


def _check_found(
    found: FoundFiles, settings: Settings, stdin_name: str = "stdin.yaml", library: Library | None = None
) -> tuple[list[FileReport], int]:
    """Return the reports on the files that were found, and how many others in folders turned out to be foreign."""
    reports = []
    foreign = 0
    for name in found.names:
        report = check_input(name, settings, stdin_name, library)
        if name in found.in_folders and not is_meant_for_us(report, name):
            foreign += 1
        else:
            reports.append(report)
    return reports, foreign


def is_meant_for_us(report: FileReport, path: str) -> bool:
    """Decide whether a file was written to be checked: a folder may hold YAML of other programs and other data too.

    What was checked was, and so was every draft. A file that could not be opened may have been; a sheet without columns
    of results was not.
    """
    if report.status is Status.OK or kind_of(report.name) != "record":
        return all(defect.rule.name != "missing-columns" for defect in report.defects)
    text = report.defects[0].location.source.text
    if report.status is Status.UNREADABLE:
        if report.defects[0].rule.name == "unreadable-file":
            return True
        text = "" if path == STDIN else beginning(Path(path))
    return is_record_like(text)


def read_library(folder: str) -> tuple[Library, list[FileReport]]:
    """Return the records in a folder that drafts are held against, and reports on those that cannot be read."""
    found = find_files([folder])
    records = found._replace(names=tuple(name for name in found.names if kind_of(name) == "record" or name == folder))
    reports, _ = _check_found(records, Settings())
    return library_of(reports), [report for report in reports if report.status is not Status.OK]


def library_of(reports: Iterable[FileReport]) -> Library:
    """Return the records among files that were checked."""
    from rheumcalc.binding import Library, Record

    claims = (study.claims for report in reports for study in report.studies)
    return Library([Record(each, each.publication) for each in claims if each.publication is not None])


def with_conflicts(reports: list[FileReport], settings: Settings) -> list[FileReport]:
    """Return the reports with what two records of one trial print differently."""
    claims = [study.claims for report in reports for study in report.studies]
    trials = Counter(each.publication.trial for each in claims if each.publication and each.publication.trial)
    if not any(number > 1 for number in trials.values()):
        return reports
    from rheumcalc.checks.records import conflicting_records

    conflicts = conflicting_records(library_of(reports).records)
    found = [finding for finding in conflicts if finding.rule.code in settings.rules]
    return [_with_findings(report, tuple(_suppress(found))) for report in reports]


def _with_findings(report: FileReport, findings: Iterable[Finding]) -> FileReport:
    """Return a record's report with the findings that lie in it."""
    own = tuple(finding for finding in findings if finding.location.source.name == report.name)
    if not own:
        return report
    study, *others = report.studies
    return report._replace(studies=(study._replace(findings=sort_findings((*study.findings, *own))), *others))


class FoundFiles(NamedTuple):
    """The files to read, each once; how many others lay in the folders; and folders that could not be read, and why.

    `in_folders` are those of the files that nobody named.
    """

    names: tuple[str, ...]
    skipped: int
    closed: tuple[tuple[str, str], ...] = ()
    in_folders: frozenset[str] = frozenset()


def find_files(paths: Iterable[str]) -> FoundFiles:
    """Return the files that are named, and what is read by its name in the folders that are named.

    Hidden files and folders are passed over, and so are folders of what was installed or built (`node_modules`);
    links to folders are not followed.
    """
    names: dict[str, str] = {}
    named: set[str] = set()
    skipped = 0
    closed: list[tuple[str, str]] = []

    def note(error: OSError) -> None:
        closed.append((str(error.filename), error.strerror or "it cannot be opened"))

    for path in paths:
        if path == STDIN or not os.path.isdir(path):
            named.add(names.setdefault(path if path == STDIN else os.path.realpath(path), path))
            continue
        for folder, subfolders, files in os.walk(path, onerror=note):
            entered = (name for name in subfolders if not name.startswith(".") and name not in _NOT_ENTERED)
            subfolders[:] = sorted(entered)
            for file in sorted(name for name in files if not name.startswith(".")):
                full = os.path.join(folder, file)
                if kind_of(file) and _is_draft(full):
                    names.setdefault(os.path.realpath(full), full)
                else:
                    skipped += 1
    return FoundFiles(tuple(names.values()), skipped, tuple(closed), frozenset(names.values()) - named)


def kind_of(name: str) -> str | None:
    """Return what kind of file a name is of, `record`, `draft` or `sheet`; None for any other."""
    return SUFFIXES.get(os.path.splitext(name)[1].lower())


#: How much of a file in a folder is looked at to see what it is, in bytes.
_HEAD = 4096


def _is_draft(path: str) -> bool:
    """Decide whether a file in a folder is worth reading: no trace of an open document, no XML but articles."""
    if os.path.basename(path).startswith("~$"):
        return False
    if not path.lower().endswith(".xml"):
        return True
    try:
        with open(path, "rb") as stream:
            head = stream.read(_HEAD)
    except OSError:
        return True
    return b"<article" in head.replace(b"\0", b"")


def shown_name(path: str) -> str:
    """Return a path relative to the working directory where it lies below it, else as given; `/` on every system."""
    try:
        relative = os.path.relpath(path)
    except ValueError:
        relative = os.pardir
    return _writable(path if relative.startswith(os.pardir) else Path(relative).as_posix())


def _writable(name: str) -> str:
    """Return a name without the surrogates that stand for bytes that are not UTF-8: no report could write them."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def check_input(
    path: str, settings: Settings, stdin_name: str = "stdin.yaml", library: Library | None = None
) -> FileReport:
    """Return the report on one file, or on standard input, or on what prevented it from being read."""
    name = _writable(stdin_name) if path == STDIN else shown_name(path)
    try:
        if kind_of(name) is None and (path == STDIN or os.path.exists(path)):
            message = f"This kind of file is not read; its name must end in one of {', '.join(SUFFIXES)}."
            if name.lower().endswith(OTHER_DOCUMENTS):
                message = "This kind of file is not read; save it as .docx."
            raise unreadable(name, "unreadable-file", message)
        data = read_stream(sys.stdin.buffer, name) if path == STDIN else read_file(Path(path), name)
        return check_bytes(data, name, settings, library)
    except UnreadableFileError as error:
        return unread_file(error)
    except OSError as error:
        return unread_file(unreadable(name, "unreadable-file", f"It cannot be read: {error.strerror}."))


def unread_file(error: UnreadableFileError) -> FileReport:
    """Return the report on a file that could not be read."""
    return FileReport(error.finding.location.source.name, None, Status.UNREADABLE, defects=(error.finding,))


def check_bytes(data: bytes, name: str, settings: Settings, library: Library | None = None) -> FileReport:
    """Return the report on a file's content; the name says of what kind it is. Raises UnreadableFileError."""
    if kind_of(name) == "draft":
        from rheumcalc.documents import document_from_bytes

        return check_document(document_from_bytes(data, name), settings, library)
    if kind_of(name) == "sheet":
        return check_sheet(data, name, settings)
    return check_record(decode(data, name), settings)


def check_record(source: Source, settings: Settings) -> FileReport:
    """Return the report on a record's text."""
    loaded = load_record_source(source)
    if loaded.study is None:
        return FileReport(source.name, "record", Status.INVALID, defects=loaded.defects)
    study = check_study(claims_from_record(loaded.study, source), settings)
    return _regraded(FileReport(source.name, "record", Status.OK, (study,)), settings)


def check_document(document: Document, settings: Settings, library: Library | None = None) -> FileReport:
    """Return the report on a draft, study by study, each against its record where there are records."""
    from rheumcalc.draft_claims import claims_from_draft

    studies = tuple(
        check_study(claims, settings, library.bind(claims) if library and claims.naming else None)
        for claims in claims_from_draft(document)
    )
    report = FileReport(document.source.name, "draft", Status.OK, studies)
    if document.unread:
        message = f"Too large or too deep, and not read: {'; '.join(document.unread)}."
        defect = unreadable(document.source.name, "oversized-file", message).finding
        report = report._replace(status=Status.INVALID, defects=(defect,))
    return _regraded(_with_markers_heeded(report, document, settings), settings)


def _with_markers_heeded(report: FileReport, document: Document, settings: Settings) -> FileReport:
    """Return a draft's report with what its markers ignore ignored, and with a finding for every marker that is wrong.

    Markers are heeded by their places, once for the whole draft: whichever study a finding belongs to.
    """
    if not document.markers:
        return report
    from rheumcalc.documents.ignores import DraftIgnores
    from rheumcalc.documents.markers import unknown_markers

    ignores = DraftIgnores(document)
    studies = []
    for study in report.studies:
        findings = (each._replace(ignored=each.ignored or ignores.reason(each)) for each in study.findings)
        studies.append(study._replace(findings=tuple(findings)))
    remarks = [
        Finding(rule("unknown-marker"), message, location, printed=printed)
        for printed, message, location in unknown_markers(document.source, document.markers)
    ]
    is_bound = any(study.case.binding is not None for study in report.studies)
    for ignore, is_used in ignores.judged(report.findings):
        named = find_rule(ignore.rule)
        # What compares a draft with its records was not run where there are none.
        was_run = is_bound or named is None or not named.code.startswith("RC7")
        remarks += _judge_ignore(ignore, None, settings, is_used=is_used or not was_run)
    kept = (finding for finding in remarks if finding.rule.code in settings.rules)
    return report._replace(studies=tuple(studies), remarks=sort_findings(kept))


def _regraded(report: FileReport, settings: Settings) -> FileReport:
    """Return a report with the severities that the settings give to rules. Verdicts keep to the rules' own."""
    if not settings.severities:
        return report

    def regrade(findings: Iterable[Finding]) -> tuple[Finding, ...]:
        return tuple(each._replace(regraded=settings.severities.get(each.rule.code)) for each in findings)

    studies = tuple(study._replace(findings=regrade(study.findings)) for study in report.studies)
    return report._replace(studies=studies, remarks=regrade(report.remarks))


def check_sheet(data: bytes, name: str, settings: Settings) -> FileReport:
    """Return the report on a sheet of extracted outcomes, study by study. Raises UnreadableFileError."""
    from rheumcalc.sheet_claims import claims_from_sheets
    from rheumcalc.sheets import read_sheets

    sheets = read_sheets(data, name, settings.columns)
    studies = tuple(check_study(claims, settings) for claims in claims_from_sheets(sheets))
    return FileReport(name, "sheet", Status.OK, studies, notes=sheets.notes)


def check_study(claims: StudyClaims, settings: Settings, binding: Binding | None = None) -> StudyReport:
    """Return the judgement on every claim about a study, and the findings of the rules that apply."""
    case = Case(claims, settings.rounding, binding)
    judgements: dict[Claim, Judgement] = {}
    findings: list[Finding] = []
    checks = CHECKS
    if binding is not None:
        from rheumcalc.checks.records import check_records

        checks = (*CHECKS, check_records)
    for run in checks:
        for decision in run(case):
            if isinstance(decision, Judgement):
                judgements[decision.claim] = decision
            else:
                findings.append(decision)
    for finding in findings:
        # A claim that cannot hold beside another is inconsistent, whatever its own numbers say.
        for claim in finding.claims if finding.rule.severity is Severity.ERROR else ():
            judgements[claim] = judgements[claim]._replace(verdict=Verdict.INCONSISTENT, convention=None, missing=None)
    # Verdicts are arithmetic: they do not depend on which rules are reported.
    unselected = sum(judgements[claim].verdict is Verdict.INCONSISTENT for claim in _untold(findings, settings))
    findings = list(_suppress(finding for finding in findings if finding.rule.code in settings.rules))
    findings += _judge_ignores(claims, findings, settings)
    ordered = tuple(judgements[claim] for claim in claims.claims)
    return StudyReport(claims, ordered, case, sort_findings(findings), unselected)


def _untold(findings: Iterable[Finding], settings: Settings) -> Iterator[Claim]:
    """Return the claims whose gravest findings are of rules that do not apply."""
    ranks = {severity: rank for rank, severity in enumerate(Severity)}
    gravest: dict[Claim, tuple[int, bool]] = {}
    for finding in findings:
        rank = (ranks[finding.rule.severity], finding.rule.code not in settings.rules)
        for claim in finding.claims:
            gravest[claim] = min(rank, gravest.get(claim, rank))
    return (claim for claim, (_, is_left_out) in gravest.items() if is_left_out)


def _suppress(findings: Iterable[Finding]) -> Iterator[Finding]:
    for finding in findings:
        match = next((s for s in finding.suppressions if find_rule(s.rule) is finding.rule), None)
        yield finding._replace(ignored=match.reason) if match else finding


def _judge_ignores(claims: StudyClaims, findings: list[Finding], settings: Settings) -> Iterator[Finding]:
    """Yield a finding for every ignore that names no rule, and for every one that nothing needed."""
    used = {
        (suppression.location, finding.rule.code)
        for finding in findings
        if finding.ignored is not None
        for suppression in finding.suppressions
    }
    for suppression in claims.suppressions:
        named = find_rule(suppression.rule)
        is_used = named is not None and (suppression.location, named.code) in used
        for finding in _judge_ignore(suppression, claims.study, settings, is_used=is_used):
            if finding.rule.code in settings.rules:
                yield finding


def _judge_ignore(ignore: Suppression, study: str | None, settings: Settings, *, is_used: bool) -> Iterator[Finding]:
    """Yield a finding where an ignore names no rule that can be ignored, gives no reason, or is not needed."""
    named = find_rule(ignore.rule)
    if not ignore.rule:
        name, message = "unknown-ignore", "The ignore names no rule; `rheumcalc rule` lists them."
    elif named is None or named.about_files or named.code.startswith("RC9"):
        name = "unknown-ignore"
        message = f"'{_short(ignore.rule)}' is no rule that can be ignored; `rheumcalc rule` lists them."
    elif not ignore.reason:
        name = "reasonless-ignore"
        message = f"The ignore of {named.code} {named.name} gives no reason, and without one it ignores nothing."
    elif named.code in settings.rules and not is_used:
        name = "unused-ignore"
        message = f"{named.code} {named.name} finds nothing here; remove the ignore."
    else:
        return
    yield Finding(rule(name), message, ignore.location, printed=ignore.rule or None, study=study)


def _short(text: str) -> str:
    return text if len(text) <= 60 else text[:59] + "…"
