"""Run the checks over files and collect a report. A bad file is part of the report, never the end of the run."""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from rheumcalc.checks import CHECKS, CHECKS_OF_GROUPS
from rheumcalc.checks.case import Case, Judgement
from rheumcalc.config import Settings
from rheumcalc.files.reading import UnreadableFileError, beginning, decode, read_file, read_stream, unreadable
from rheumcalc.files.search import (
    KINDS,
    OTHER_DOCUMENTS,
    STDIN,
    SUFFIXES,
    FoundFiles,
    find_files,
    kind_of,
    shown_name,
    writable,
)
from rheumcalc.findings import Finding, sort_findings
from rheumcalc.messages import counted
from rheumcalc.record.claims import claims_from_record
from rheumcalc.record.load import is_record_like, load_record_source
from rheumcalc.result import FileReport, Report, Status, StudyReport
from rheumcalc.rules import Severity, find_rule, rule
from rheumcalc.source import Source
from rheumcalc.study.claims import Claim, StudyClaims, Suppression, Verdict

if TYPE_CHECKING:
    from rheumcalc.binding import Binding, Library
    from rheumcalc.documents import Document

#: Progress callback: done, total, next name.
Watch = Callable[[int, int, str], None]


def check(*paths: str | Path, settings: Settings | None = None, stdin_name: str = "stdin.yaml") -> Report:
    """Return the report on records, drafts and sheets, and on folders of them; `-` is standard input.

    Files that cannot be read or are defective are in the report like the others.
    """
    return check_files((str(path) for path in paths), settings=settings, stdin_name=stdin_name)


def check_files(
    paths: Iterable[str],
    settings: Settings | None = None,
    stdin_name: str = "stdin.yaml",
    kinds: Collection[str] = KINDS,
    watch: Watch | None = None,
) -> Report:
    """Return the report on files and folders given by name; a file of another kind than `kinds` is not read.

    `watch` is called before each file is read, first for the records that drafts are compared with.
    """
    settings = settings or Settings()
    found, refused = _of_kinds(find_files(paths), kinds, stdin_name)
    library, unread = (None, []) if settings.studies is None else read_library(settings.studies, watch)
    reports, foreign = _check_found(found, settings, stdin_name, library, watch)
    checked = {report.name for report in reports}
    reports += [report for report in unread if report.name not in checked]
    reports = [*with_conflicts(reports, settings), *refused]
    for folder, reason in found.closed:
        message = f"The folder cannot be read: {reason}."
        reports.append(unread_file(unreadable(shown_name(folder), "unreadable-file", message)))
    return Report(tuple(reports), found.skipped + foreign, settings.rules)


def _of_kinds(found: FoundFiles, kinds: Collection[str], stdin_name: str) -> tuple[FoundFiles, list[FileReport]]:
    """Return the files of some kinds, and a report on each file of another kind that was named."""
    refused: list[FileReport] = []
    kept: list[str] = []
    skipped = found.skipped
    for name in found.names:
        kind = kind_of(stdin_name if name == STDIN else name)
        if kind is None or kind in kinds:
            kept.append(name)
        elif name in found.in_folders:
            skipped += 1
        else:
            message = f"This is a {kind}; only a {' or a '.join(sorted(kinds))} is read here."
            refused.append(unread_file(unreadable(shown_name(name), "unreadable-file", message)))
    return found._replace(names=tuple(kept), skipped=skipped), refused


def _check_found(
    found: FoundFiles,
    settings: Settings,
    stdin_name: str = "stdin.yaml",
    library: Library | None = None,
    watch: Watch | None = None,
) -> tuple[list[FileReport], int]:
    """Return the reports on the files found, and how many files in folders were not meant for this program."""
    reports = []
    foreign = 0
    for done, name in enumerate(found.names):
        if watch is not None:
            watch(done, len(found.names), stdin_name if name == STDIN else name)
        report = check_input(name, settings, stdin_name, library)
        if name in found.in_folders and not is_meant_for_us(report, name):
            foreign += 1
        else:
            reports.append(report)
    return reports, foreign


def is_meant_for_us(report: FileReport, path: str) -> bool:
    """Decide whether a file was meant to be checked: a folder may also contain YAML of other programs and other data.

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


def read_library(folder: str, watch: Watch | None = None) -> tuple[Library, list[FileReport]]:
    """Return the records in a folder that drafts are compared with, and reports on those that cannot be read."""
    found = find_files([folder])
    records = found._replace(names=tuple(name for name in found.names if kind_of(name) == "record" or name == folder))
    reports, _ = _check_found(records, Settings(), watch=watch)
    return library_of(reports), [report for report in reports if report.status is not Status.OK]


def library_of(reports: Iterable[FileReport]) -> Library:
    """Return the records among files that were checked."""
    from rheumcalc.binding import Library, Record

    claims = (study.claims for report in reports for study in report.studies)
    return Library([Record(each, each.publication) for each in claims if each.publication is not None])


def with_conflicts(reports: list[FileReport], settings: Settings) -> list[FileReport]:
    """Return the reports with a finding for each value that two records of one trial print differently."""
    claims = [study.claims for report in reports for study in report.studies]
    trials = Counter(each.publication.trial for each in claims if each.publication and each.publication.trial)
    if not any(number > 1 for number in trials.values()):
        return reports
    from rheumcalc.checks.records import conflicting_records

    conflicts = conflicting_records(library_of(reports).records)
    found = [finding for finding in conflicts if finding.rule.code in settings.rules]
    return [_with_findings(report, tuple(_suppress(found))) for report in reports]


def _with_findings(report: FileReport, findings: Iterable[Finding]) -> FileReport:
    """Return a record's report with the findings placed in it."""
    own = tuple(finding for finding in findings if finding.location.source.name == report.name)
    if not own:
        return report
    study, *others = report.studies
    return report._replace(studies=(study._replace(findings=sort_findings((*study.findings, *own))), *others))


def check_input(
    path: str, settings: Settings, stdin_name: str = "stdin.yaml", library: Library | None = None
) -> FileReport:
    """Return the report on one file, or on standard input, or on what prevented it from being read."""
    name = writable(stdin_name) if path == STDIN else shown_name(path)
    try:
        if kind_of(name) is None and (path == STDIN or os.path.exists(path)):
            message = f"This kind of file cannot be read; its name must end in one of {', '.join(SUFFIXES)}."
            if name.lower().endswith(OTHER_DOCUMENTS):
                message = "This kind of file cannot be read; save it as .docx."
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
    """Return the report on a file's content; the name decides its kind. Raises UnreadableFileError."""
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
    from rheumcalc.documents.claims import claims_from_draft

    parts = claims_from_draft(document)
    sections = tuple(part for part in parts if part.claims or part.groups)
    left = tuple(each for part in parts if not (part.claims or part.groups) for each in part.not_read)
    if library is not None:
        sections = tuple(map(library.informed, sections))
    studies = tuple(
        check_study(claims, settings, library.bind(claims) if library and claims.naming else None)
        for claims in sections
    )
    report = FileReport(document.source.name, "draft", Status.OK, studies, document=document, left=left)
    if document.unread:
        message = f"Too large or too deep, and not read: {'; '.join(document.unread)}."
        defect = unreadable(document.source.name, "oversized-file", message).finding
        report = report._replace(status=Status.INVALID, defects=(defect,))
    return _regraded(_with_markers_applied(report, document, settings), settings)


def _with_markers_applied(report: FileReport, document: Document, settings: Settings) -> FileReport:
    """Return a draft's report with its ignores applied, and with a finding for every marker that is wrong.

    Markers are applied by their places, once for the whole draft, whichever study a finding belongs to.
    """
    if not document.markers:
        return report
    from rheumcalc.documents.generated import generated_tables
    from rheumcalc.documents.ignores import DraftIgnores
    from rheumcalc.documents.markers import unclosed_markers, unknown_markers

    ignores = DraftIgnores(document)
    studies = []
    for study in report.studies:
        findings = (each._replace(ignored=each.ignored or ignores.reason(each)) for each in study.findings)
        studies.append(study._replace(findings=tuple(findings)))
    remarks = [
        Finding(rule("unknown-marker"), message, location, printed=printed)
        for printed, message, location in unknown_markers(document.source, document.markers)
    ]
    remarks += [
        Finding(rule("unclosed-marker"), message, location)
        for message, location in unclosed_markers(document.source, document.markers)
    ]
    is_bound = any(study.case.binding is not None for study in report.studies)
    for ignore, is_used in ignores.judged(report.findings):
        named = find_rule(ignore.rule)
        # What compares a draft with its records was not run where there are none.
        was_run = is_bound or named is None or not named.code.startswith("RC7")
        remarks += _judge_ignore(ignore, None, settings, is_used=is_used or not was_run)
    kept = (finding for finding in remarks if finding.rule.code in settings.rules)
    tables = len(generated_tables(document))
    notes = report.notes
    if tables:
        told = (
            f"{counted(tables, 'summary table')} from records not checked; `rheumcalc summary --into FILE --verify` "
            "does that"
        )
        notes = (*notes, told)
    return report._replace(studies=tuple(studies), remarks=sort_findings(kept), notes=notes)


def _regraded(report: FileReport, settings: Settings) -> FileReport:
    """Return a report with the severities that the settings give to rules. Verdicts use the rules' own."""
    if not settings.severities:
        return report

    def regrade(findings: Iterable[Finding]) -> tuple[Finding, ...]:
        return tuple(each._replace(regraded=settings.severities.get(each.rule.code)) for each in findings)

    studies = tuple(study._replace(findings=regrade(study.findings)) for study in report.studies)
    return report._replace(studies=studies, remarks=regrade(report.remarks))


def check_sheet(data: bytes, name: str, settings: Settings) -> FileReport:
    """Return the report on a sheet of extracted outcomes, study by study. Raises UnreadableFileError."""
    from rheumcalc.sheets import read_sheets
    from rheumcalc.sheets.claims import claims_from_sheets

    sheets = read_sheets(data, name, settings.columns)
    studies = tuple(check_study(claims, settings) for claims in claims_from_sheets(sheets))
    return FileReport(name, "sheet", Status.OK, studies, notes=sheets.notes)


def check_study(claims: StudyClaims, settings: Settings, binding: Binding | None = None) -> StudyReport:
    """Return the judgement on every claim about a study, and the findings of the rules that apply."""
    case = Case(claims, settings.rounding, binding)
    judgements: dict[Claim, Judgement] = {}
    findings: list[Finding] = []
    checks = CHECKS if claims.claims else CHECKS_OF_GROUPS
    if binding is not None:
        from rheumcalc.checks.records import check_records

        checks = (*checks, check_records)
    for run in checks:
        for decision in run(case):
            if isinstance(decision, Judgement):
                judgements[decision.claim] = decision
            else:
                findings.append(decision)
    for finding in findings:
        # A claim that contradicts another is inconsistent, whatever its own numbers say.
        for claim in finding.claims if finding.rule.severity is Severity.ERROR else ():
            judgements[claim] = judgements[claim]._replace(verdict=Verdict.INCONSISTENT, convention=None, missing=None)
    unselected = 0
    if findings:
        # Verdicts are arithmetic: they do not depend on which rules are reported.
        unselected = sum(judgements[claim].verdict is Verdict.INCONSISTENT for claim in _untold(findings, settings))
        findings = list(_suppress(finding for finding in findings if finding.rule.code in settings.rules))
    if claims.suppressions:
        findings += _judge_ignores(claims, findings, settings)
    ordered = tuple(judgements[claim] for claim in claims.claims)
    return StudyReport(claims, ordered, case, sort_findings(findings), unselected)


_RANKS = {severity: rank for rank, severity in enumerate(Severity)}


def _untold(findings: Iterable[Finding], settings: Settings) -> Iterator[Claim]:
    """Return the claims whose most severe findings are of rules that are not selected."""
    gravest: dict[Claim, tuple[int, bool]] = {}
    for finding in findings:
        rank = (_RANKS[finding.rule.severity], finding.rule.code not in settings.rules)
        for claim in finding.claims:
            gravest[claim] = min(rank, gravest.get(claim, rank))
    return (claim for claim, (_, is_left_out) in gravest.items() if is_left_out)


def _suppress(findings: Iterable[Finding]) -> Iterator[Finding]:
    for finding in findings:
        match = next((s for s in finding.suppressions if find_rule(s.rule) is finding.rule), None)
        yield finding._replace(ignored=match.reason) if match else finding


def _judge_ignores(claims: StudyClaims, findings: list[Finding], settings: Settings) -> Iterator[Finding]:
    """Yield a finding for every ignore that names no rule, and for every one that matches no finding."""
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
        message = f"'{_short(ignore.rule)}' is not a rule that can be ignored; `rheumcalc rule` lists them."
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
