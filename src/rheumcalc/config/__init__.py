"""What a run is asked to do: by options, else by a settings file, else by default."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

from rheumcalc.messages import did_you_mean, why_unopened
from rheumcalc.numbers.rounding import NEAREST, RoundingMode
from rheumcalc.rules import RULES, Rule, Severity, find_rule

#: The settings file, and the other place where settings may be: `[tool.rheumcalc]` of a Python project.
SETTINGS_FILE = "rheumcalc.toml"
PROJECT_FILE = "pyproject.toml"
#: The codes of the rules that apply unless others are selected.
DEFAULT_RULES = frozenset(r.code for r in RULES if r.default)
#: The value of `fail_on` with which no finding makes a run fail.
NEVER = "never"
#: The largest settings file, in bytes.
MAX_SETTINGS = 500_000


class SettingsError(ValueError):
    """A setting that makes no sense; the message says which, and what is valid."""


_NOTHING: Mapping[str, Any] = MappingProxyType({})


class Settings(NamedTuple):
    """How to check.

    `studies`: the folder of the records that drafts are compared with. `rounding`: the modes that the percentages of a
    record may follow where it declares none. `rules`: the codes that apply. `severities`: the rules, by code, whose
    findings have another severity than the rule's own. `fail_on`: the lowest severity that makes a run fail; None for
    never. `drafts`: what is checked where nothing is named. `baseline`: the file of findings known before. `columns`:
    the header of a sheet's column, by what it contains, if not a usual one. Paths are relative to the working
    directory.
    """

    studies: str | None = None
    rounding: frozenset[RoundingMode] = NEAREST
    rules: frozenset[str] = DEFAULT_RULES
    severities: Mapping[str, Severity] = _NOTHING
    fail_on: Severity | None = Severity.ERROR
    drafts: tuple[str, ...] = ()
    baseline: str | None = None
    columns: Mapping[str, str] = _NOTHING


class Written(NamedTuple):
    """What a settings file says, each value checked; nothing, where there is no file.

    `severity` maps codes to severities, and to None for a rule that is off. `fail_on` is None where the file is silent.
    """

    rounding: tuple[str, ...] = ()
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    severity: Mapping[str, Severity | None] = _NOTHING
    fail_on: str | None = None
    studies: str | None = None
    drafts: tuple[str, ...] = ()
    baseline: str | None = None


def load_settings(folder: str = ".", file: str | None = None) -> Settings:
    """Return the settings for a folder: those of the nearest settings file, or of the `file` given, or the defaults.

    Raises SettingsError, whose message names the file and the line.
    """
    return combine(read_written(folder, file))


def read_written(folder: str = ".", file: str | None = None) -> Written:
    """Return what the settings file says that is given, or else the nearest one upward. Raises SettingsError."""
    if file is not None:
        from rheumcalc.config.file import read_settings

        written = read_settings(file)
        if written is None:
            raise SettingsError(f"{file}: there is no [tool.rheumcalc] in this file")
        return written
    for path in _candidates(folder):
        from rheumcalc.config.file import read_settings

        written = read_settings(path)
        if written is not None:
            return written
    return Written()


def combine(
    written: Written,
    *,
    select: Iterable[str] = (),
    ignore: Iterable[str] = (),
    rounding: Iterable[str] = (),
    fail_on: str | None = None,
    studies: str | None = None,
    baseline: str | None = None,
    columns: Mapping[str, str] | None = None,
) -> Settings:
    """Return the settings in force: options, where given, override the file. Raises SettingsError.

    `select` overrides the whole selection of the file, including the rules that it turns off.
    """
    select, ignore, rounding = tuple(select), tuple(ignore), tuple(rounding)
    severities = {code: severity for code, severity in written.severity.items() if severity is not None}
    if select:
        rules = select_rules(select, ignore)
    else:
        rules = select_rules(written.select, ignore or written.ignore)
        off = written.severity.keys() - severities.keys()
        # A severity for a rule that is off by default turns it on, unless the file selects others.
        on = set() if written.select else severities.keys() - _codes(ignore or written.ignore)
        rules = rules.union(on) - off
    fail_on = fail_on or written.fail_on or Severity.ERROR.value
    return Settings(
        studies=studies or written.studies,
        rounding=rounding_modes(rounding or written.rounding),
        rules=rules,
        severities=severities,
        fail_on=None if fail_on == NEVER else Severity(fail_on),
        drafts=written.drafts,
        baseline=baseline or written.baseline,
        columns=columns or {},
    )


#: A head of a table, or a key, with which settings may begin in a Python project's file.
_MENTION = re.compile(
    rb"""^[ \t]*(?:\[[ \t]*["']?tool["']?[ \t]*(?:\]|\.[ \t]*["']?rheumcalc\b)|["']?tool["']?[ \t]*[.=])""",
    re.MULTILINE,
)


def _candidates(folder: str) -> Iterator[str]:
    """Yield the files that may hold the settings for a folder, the nearest first.

    The search goes upward to the top of a repository, or else of the file system. A Python project's file without a
    mention of settings is passed over here, so that TOML is not even loaded for it.
    """
    try:
        start = Path(folder).resolve()
    except OSError:
        return  # The working directory no longer exists.
    for place in (start, *start.parents):
        own, project = place / SETTINGS_FILE, place / PROJECT_FILE
        if own.is_file():
            yield str(own)
        if project.is_file() and _MENTION.search(read_bytes(str(project))):
            yield str(project)
        if (place / ".git").exists():
            return


def read_bytes(path: str, name: str | None = None) -> bytes:
    """Return what a settings file holds; `name` is its name in messages. Raises SettingsError."""
    name = name or path
    try:
        with Path(path).open("rb") as stream:
            data = stream.read(MAX_SETTINGS + 1)
    except (OSError, ValueError) as error:
        raise SettingsError(f"{name}: the settings cannot be read: {why_unopened(error)}") from None
    if len(data) > MAX_SETTINGS:
        raise SettingsError(f"{name}: the settings are larger than {MAX_SETTINGS // 1000} kB, the limit")
    return data


def select_rules(select: Iterable[str] = (), ignore: Iterable[str] = ()) -> frozenset[str]:
    """Return the codes of the rules that `select` names, all default ones if it names none, less those of `ignore`.

    Each entry is a code, a name, or the beginning of codes (`RC2`). Rules about files (RC0xx) always apply.
    Raises SettingsError for an entry that names no rule, and for ignoring a rule about files.
    """
    chosen, dropped = _codes(select), _codes(ignore)
    always = frozenset(r.code for r in RULES if r.about_files)
    for code in sorted(dropped & always):
        msg = f"{code} is about the file itself and cannot be ignored"
        raise SettingsError(msg)
    codes = chosen or DEFAULT_RULES
    return frozenset(codes - dropped | always)


def graded_rule(name: str) -> str:
    """Return the code of the one rule with this code or name. Raises SettingsError where its severity cannot be set."""
    found = _named(name)
    if len(found) > 1:
        raise SettingsError(f"'{name}' matches several rules; name one")
    if found[0].about_files:
        raise SettingsError(f"{found[0].code} is about the file itself, and its severity cannot be changed")
    return found[0].code


def rounding_modes(names: Iterable[str]) -> frozenset[RoundingMode]:
    """Return the rounding modes with these names; `nearest` stands for every tie rule. Raises SettingsError."""
    modes: set[RoundingMode] = set()
    for name in _split(names):
        if name == "nearest":
            modes |= NEAREST
            continue
        try:
            modes.add(RoundingMode(name.replace("-", "_")))
        except ValueError:
            valid = ", ".join(["nearest", *(mode.value for mode in RoundingMode)])
            msg = f"'{name}' is not a rounding mode; valid: {valid}"
            raise SettingsError(msg) from None
    return frozenset(modes) or NEAREST


def _codes(entries: Iterable[str]) -> frozenset[str]:
    return frozenset(r.code for entry in _split(entries) for r in _named(entry))


def _split(entries: Iterable[str]) -> list[str]:
    return [part.strip() for entry in entries for part in entry.split(",") if part.strip()]


def _named(entry: str) -> list[Rule]:
    exact = find_rule(entry)
    if exact:
        return [exact]
    prefix = entry.upper()
    found = [r for r in RULES if prefix.startswith("RC") and r.code.startswith(prefix)]
    if not found:
        names = (key for r in RULES for key in (r.code, r.name))
        raise SettingsError(f"'{entry}' is not a rule; {did_you_mean(entry, names, '`rheumcalc rule` lists them')}")
    return found
