"""The report as JUnit XML, for the systems that show test results: a suite for each file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from rheumcalc.messages import counted, visible
from rheumcalc.report.summary import read_counts
from rheumcalc.rules import Severity

if TYPE_CHECKING:
    from rheumcalc.findings import Finding
    from rheumcalc.result import FileReport, Report


def render_report(report: Report) -> str:
    """Return the report as XML: a case for each finding, and one for each study without an error.

    An error is a failure, a file that cannot be checked an error. Warnings and notes pass, with what they say.
    """
    root = Element("testsuites", name="rheumcalc")
    for file in report.files:
        suite = SubElement(root, "testsuite", name=visible(file.name))
        ignored = sum(finding.ignored is not None for finding in file.findings)
        known = sum(finding.known for finding in file.findings)
        counts = {"ignored": ignored, "known from the baseline": known} if ignored or known else {}
        if file.kind == "draft":
            read = read_counts(file.reading)
            counts |= {"percentages and cells": read["of"], "excluded": read["excluded"], "not read": read["unread"]}
        if counts:
            properties = SubElement(suite, "properties")
            for name, number in counts.items():
                SubElement(properties, "property", name=name, value=str(number))
        suite.extend(_cases(file))
        if file.notes:
            SubElement(suite, "system-out").text = "\n".join(map(visible, file.notes))
        _count(suite, suite)
    _count(root, root)
    indent(root)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + tostring(root, encoding="unicode")


def _count(element: Element, among: Element) -> None:
    for key, tag in (("tests", "testcase"), ("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        element.set(key, str(sum(1 for _ in among.iter(tag))))


def _cases(file: FileReport) -> Iterator[Element]:
    for finding in file.findings:
        if finding.is_open:
            yield _case(file, finding)
    for study in file.studies:
        if not any(each.is_open and each.severity is Severity.ERROR for each in study.findings):
            yield Element(
                "testcase", classname=visible(study.claims.study), name=counted(len(study.judgements), "claim")
            )
    if not file.studies and not file.defects:
        case = Element("testcase", classname=visible(file.name), name="claims")
        SubElement(case, "skipped", message="no claims in this file")
        yield case


def _case(file: FileReport, finding: Finding) -> Element:
    place = finding.location.describe()
    about = f": {finding.printed}" if finding.printed else ""
    case = Element(
        "testcase",
        classname=visible(finding.study or file.name),
        name=visible(f"{finding.rule.code} {finding.rule.name}{about} ({place})"),
        file=visible(file.name),
    )
    if finding.location.start:
        case.set("line", str(finding.location.start.line))
    told = [finding.message, *(f"· {step}" for step in finding.steps)]
    told += [f"→ {related.location.seen_from(finding.location)}: {related.message}" for related in finding.related]
    text = "\n".join(visible(each) for each in (f"{file.name}, {place}", *told))
    if finding.severity is Severity.ERROR:
        tag = "error" if finding.rule.about_files else "failure"
        result = SubElement(case, tag, type=finding.rule.code, message=visible(finding.message))
    else:
        result = SubElement(case, "system-out")
    result.text = text
    return case
