"""Which format goes where, and the table of formats. The writer of a format is loaded when it is needed."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from rheumcalc.config import SettingsError
from rheumcalc.messages import none_of

if TYPE_CHECKING:
    from rheumcalc.result import Report


class Options(NamedTuple):
    """The options of a run's reports: every claim in JSON; findings and the last line alone in a table."""

    claims: bool = False
    quiet: bool = False


class Output(NamedTuple):
    """A format and the file it goes to; None is standard output."""

    format: str
    target: str | None = None


def _table(report: Report, options: Options) -> str:
    from rheumcalc.report import table
    from rheumcalc.terminal.layout import as_text

    return as_text(lambda console: table.render_report(report, console, quiet=options.quiet))


def _json(report: Report, options: Options) -> str:
    from rheumcalc.report import json_

    return json_.render_report(report, with_claims=options.claims)


def _markdown(report: Report, _options: Options) -> str:
    from rheumcalc.report import markdown

    return markdown.render_report(report)


def _github(report: Report, options: Options) -> str:
    from rheumcalc.report import github

    return github.render_report(report, quiet=options.quiet)


def _sarif(report: Report, _options: Options) -> str:
    from rheumcalc.report import sarif

    return sarif.render_report(report)


def _junit(report: Report, _options: Options) -> str:
    from rheumcalc.report import junit

    return junit.render_report(report)


def _html(report: Report, _options: Options) -> str:
    from rheumcalc.report import html

    return html.render_report(report)


#: Every format of a report by its name: a function from the report to its text.
REPORTERS: dict[str, Callable[[Report, Options], str]] = {
    "table": _table,
    "json": _json,
    "markdown": _markdown,
    "github": _github,
    "sarif": _sarif,
    "junit": _junit,
    "html": _html,
}
#: The library that a format of `REPORTERS` needs, and the extra that brings it.
_LIBRARIES = {"html": ("jinja2", "report")}


def plan_outputs(
    formats: Sequence[str],
    output: str | None = None,
    reserved: str | None = None,
    known: Collection[str] | None = None,
) -> tuple[Output, ...]:
    """Return what is written where: `formats` are `NAME` or `NAME:FILE`, `output` is the file of the one without.

    `reserved` is a file that no report may replace, `known` are the formats there are, those of `REPORTERS` unless they
    are given. Raises SettingsError where this makes no sense, or needs a library that is not installed.
    """
    planned = [_parse(each, REPORTERS if known is None else known) for each in formats or ["table"]]
    if known is None:
        _refuse_missing(planned)
    bare = [each.format for each in planned if each.target is None]
    if len(bare) > 1:
        hint = f"give all but one a file, as in --format {bare[1]}:FILE"
        raise SettingsError(f"{' and '.join(bare)} cannot both be written to the same place; {hint}")
    if output is not None:
        if not bare:
            raise SettingsError(f"nothing is left for --output {output}: every --format has a file of its own")
        planned = [each if each.target is not None else Output(each.format, output) for each in planned]
    taken = {identity(reserved)} if reserved is not None else set()
    for each in planned:
        if each.target is not None:
            if identity(each.target) in taken:
                raise SettingsError(f"{each.target} is given for two outputs")
            taken.add(identity(each.target))
    return tuple(planned)


def refuse_inputs(targets: Iterable[str | None], paths: Iterable[str]) -> None:
    """Raise SettingsError where a file that is to be written is among those that are read, named or in a folder."""
    written = {identity(target): target for target in targets if target is not None}
    if not written:
        return
    from rheumcalc.files.search import STDIN, find_files

    for name in find_files(paths).names:
        if name != STDIN and identity(name) in written:
            raise SettingsError(
                f"{written[identity(name)]} is one of the inputs and would be overwritten; choose another file"
            )


def _refuse_missing(planned: Iterable[Output]) -> None:
    """Raise SettingsError where a report needs a library that is not installed, before anything is read for it."""
    for name in {each.format for each in planned} & set(_LIBRARIES):
        from importlib.util import find_spec

        from rheumcalc.messages import MissingExtraError

        module, extra = _LIBRARIES[name]
        if find_spec(module) is None:
            raise SettingsError(str(MissingExtraError(f"--format {name}", extra)))


def _parse(text: str, known: Collection[str]) -> Output:
    # The first colon alone divides: the file may be C:\report.sarif.
    name, colon, target = text.partition(":")
    if name not in known:
        raise SettingsError(none_of(name, "format", known))
    if colon and not target:
        raise SettingsError(f"'{text}' does not name a file")
    return Output(name, _file(target) if target else None)


def _file(name: str) -> str | None:
    """Return the file with this name; None where it means standard output."""
    from rheumcalc.files.writing import STANDARD_OUTPUT

    return None if name in STANDARD_OUTPUT else name


def identity(path: str) -> str:
    """Return a key that is equal for two names of one file."""
    return os.path.normcase(os.path.realpath(path))
