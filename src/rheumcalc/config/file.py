"""A settings file, `rheumcalc.toml` or `pyproject.toml`: every value is checked, and every error has its line."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from rheumcalc.config import PROJECT_FILE, SettingsError, Written, graded_rule, read_bytes, rounding_modes, select_rules
from rheumcalc.messages import did_you_mean
from rheumcalc.rules import Severity

Text = Annotated[str, Field(min_length=1)]
#: A single one may be written without the list.
Texts = Annotated[list[Text], BeforeValidator(lambda value: [value] if isinstance(value, str) else value)]


class SettingsFile(BaseModel):
    """The keys of a settings file."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    studies: Text | None = Field(default=None, description="The folder of the study records.")
    drafts: Texts = Field(default=[], description="The files and folders that `check` checks if no PATH is given.")
    rounding: Texts = Field(
        default=[],
        description="The rounding that percentages may follow if a record declares none, as `--rounding`.",
    )
    select: Texts = Field(default=[], description="The only rules to apply, as `--select`.")
    ignore: Texts = Field(default=[], description="Rules to leave out, as `--ignore`.")
    fail_on: Literal["error", "warning", "note", "never"] | None = Field(
        default=None, description="The lowest severity that exits with 1, as `--fail-on`."
    )
    severity: dict[str, Literal["error", "warning", "note", "off"]] = Field(
        default={}, description="The severity of a rule's findings, by its code or name; `off` leaves the rule out."
    )
    baseline: Text | None = Field(default=None, description="The file of findings that are known already.")


def read_settings(path: str) -> Written | None:
    """Return what a settings file says; None for a Python project's file without settings. Raises SettingsError."""
    file = _File(path)
    if file.table is None:
        return None
    try:
        given = SettingsFile.model_validate(file.table)
    except ValidationError as error:
        raise file.explained(error.errors(include_url=False)[0]) from None
    file.attempt(("rounding",), rounding_modes, given.rounding)
    file.attempt(("select",), select_rules, given.select)
    file.attempt(("ignore",), select_rules, (), given.ignore)
    severity: dict[str, Severity | None] = {}
    for name, grade in given.severity.items():
        code = file.attempt(("severity", name), graded_rule, name)
        if code in severity:
            raise file.error(("severity", name), f"{code} has a severity already")
        severity[code] = None if grade == "off" else Severity(grade)
    return Written(
        rounding=tuple(given.rounding),
        select=tuple(given.select),
        ignore=tuple(given.ignore),
        severity=severity,
        fail_on=given.fail_on,
        studies=given.studies and file.from_here(given.studies),
        drafts=tuple(map(file.from_here, given.drafts)),
        baseline=given.baseline and file.from_here(given.baseline),
    )


_Key = tuple[str, ...]
_Result = TypeVar("_Result")
_PLACE = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)")
#: A key of more parts than anybody writes, which the standard parser takes quadratic time for.
_DEEP_KEY = re.compile(
    r"""(?:(?:(?<![\w-])[\w-]{1,200}+|"(?:[^"\\\n]|\\.){0,200}+"|'[^'\n]{0,200}+')[ \t]{0,200}+\.[ \t]{0,200}+){50}"""
)


class _File:
    """A settings file: its table of settings, None where it has none, and the place of each key."""

    def __init__(self, path: str) -> None:
        self._folder = Path(path).parent
        self._name = _from_working_directory(path) if Path(path).is_absolute() else path
        self._head: _Key = ("tool", "rheumcalc") if Path(path).name == PROJECT_FILE else ()
        try:
            self._text = read_bytes(path, self._name).decode("utf-8-sig")
            deep = _DEEP_KEY.search(self._text)
            if deep:
                raise self._error(self._text.count("\n", 0, deep.start()) + 1, "a key has more than 50 parts")
            table: Any = tomllib.loads(self._text)
        except UnicodeDecodeError:
            raise SettingsError(f"{self._name}: the settings are not UTF-8") from None
        except RecursionError:
            raise SettingsError(f"{self._name}: the settings are nested too deep") from None
        except tomllib.TOMLDecodeError as error:
            place = _PLACE.search(str(error))
            message = f"this is not TOML: {_PLACE.sub('', str(error))}"
            last = self._text.rstrip().count("\n") + 1
            raise self._error(int(place[1]) if place and place[1] else last, message) from None
        for part in self._head:
            table = table.get(part) if isinstance(table, dict) else None
        self.table = table

    def from_here(self, path: str) -> str:
        """Return a path that the file gives as one from the working directory."""
        path = _from_working_directory(str(self._folder / path))
        # This means a file of this name, not standard input.
        return "./-" if path == "-" else path

    def attempt(self, key: _Key, check: Callable[..., _Result], *values: object) -> _Result:
        """Return the result of a check on a key's value; its errors get the place of the key."""
        try:
            return check(*values)
        except SettingsError as error:
            raise self.error(key, str(error)) from None

    def error(self, key: _Key, message: str) -> SettingsError:
        """Return an error about a key, with the file's name and the key's line."""
        return self._error(_line_of(self._text, (*self._head, *key)), message)

    def _error(self, line: int | None, message: str) -> SettingsError:
        return SettingsError(f"{self._name}:{line}: {message}" if line else f"{self._name}: {message}")

    def explained(self, detail: Any) -> SettingsError:
        """Return one of pydantic's errors in words, with the place of its key."""
        key = tuple(part for part in detail["loc"] if isinstance(part, str))
        name, kind = _short(key[-1]) if key else "tool.rheumcalc", detail["type"]
        match kind:
            case "extra_forbidden":
                message = f"'{name}' is not a setting{_nearest(name, SettingsFile.model_fields)}"
                if not self._head and name in ("tool", "rheumcalc"):
                    message = f"'{name}' is not a setting: in a file of their own, settings have no heading"
            case "literal_error":
                choices = [choice.strip("'\" ") for choice in detail["ctx"]["expected"].replace(" or ", ",").split(",")]
                given = detail["input"]
                shown = f"'{_short(given)}'" if isinstance(given, str) else "this"
                message = f"{shown} is not a value of '{name}'{_nearest(str(given), choices)}"
            case "dict_type" | "model_type":
                message = f"'{name}' must be a table"
            case _ if kind == "list_type" or (kind == "string_type" and isinstance(detail["loc"][-1], int)):
                message = f"'{name}' must be a text, or a list of texts"
            case "string_too_short":
                message = f"'{name}' must not be empty"
            case _:
                message = f"'{name}' must be text, in quotes"
        return self.error(key, message)


def _from_working_directory(path: str) -> str:
    """Return a path relative to the working directory, where that is possible."""
    try:
        return os.path.relpath(path)
    except (OSError, ValueError):
        return path  # Another drive, or no working directory.


def _short(text: str) -> str:
    return text if len(text) <= 60 else text[:59] + "…"


def _nearest(word: str, choices: Iterable[str]) -> str:
    return "; " + did_you_mean(word, choices, f"valid: {', '.join(choices)}")


_LINE_START = re.compile(r"""[ \t]*(?:(?P<table>\[\[?[^\n#=]*\]\]?)|(?P<key>[\w.\-"' \t]+)=)""")


def _line_of(text: str, key: _Key) -> int | None:
    """Return the line on which a key is set, or the nearest table or key above it; None where none is.

    The standard parser of TOML keeps no places. A line inside a multi-line text that looks like a key may be mistaken
    for one: then only the line that a message names is wrong.
    """
    table: _Key = ()
    best: tuple[int, int | None] = (0, None)
    for number, line in enumerate(text.split("\n"), 1):
        match = _LINE_START.match(line)
        if match is None:
            continue
        path = table + _path(f"{match['key']}= 0") if match["key"] else _path(match["table"])
        if match["table"]:
            table = path
        shared = min(len(path), len(key))
        if shared > best[0] and path[:shared] == key[:shared]:
            best = shared, number
    return best[1]


def _path(line: str) -> _Key:
    """Return the keys that one line of TOML sets, the outermost first."""
    try:
        node: Any = tomllib.loads(line)
    except (tomllib.TOMLDecodeError, RecursionError):
        return ()
    keys: list[str] = []
    while isinstance(node, dict | list) and node:
        if isinstance(node, dict):
            keys += node
        node = next(iter(node.values())) if isinstance(node, dict) else node[0]
    return tuple(keys)
