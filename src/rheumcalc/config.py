"""What a run is asked to do: the rounding modes in force and the rules that apply."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from rheumcalc.rounding import NEAREST, RoundingMode
from rheumcalc.rules import RULES, Rule, find_rule


class SettingsError(ValueError):
    """A setting that cannot be meant; the message says which and what is valid."""


@dataclass(frozen=True)
class Settings:
    """How to check.

    `studies`: the folder of the records that drafts are held against. `rounding`: the modes that a record's percentages
    may follow where it declares none. `rules`: the codes that apply.
    """

    studies: str | None = None
    rounding: frozenset[RoundingMode] = NEAREST
    rules: frozenset[str] = field(default_factory=lambda: frozenset(r.code for r in RULES if r.default))


def select_rules(select: Iterable[str] = (), ignore: Iterable[str] = ()) -> frozenset[str]:
    """Return the codes of the rules that `select` names, all default ones if it names none, less those of `ignore`.

    Each entry is a code, a name, or the beginning of codes (`RC2`). Rules about files (RC0xx) always apply.
    Raises SettingsError for an entry that names no rule, and for ignoring a rule about files.
    """
    chosen = [r for entry in _split(select) for r in _named(entry)]
    dropped = [r for entry in _split(ignore) for r in _named(entry)]
    for dropped_rule in dropped:
        if dropped_rule.about_files:
            msg = f"{dropped_rule.code} is about what a file is and cannot be ignored"
            raise SettingsError(msg)
    codes = {r.code for r in chosen} or {r.code for r in RULES if r.default}
    return frozenset(codes - {r.code for r in dropped} | {r.code for r in RULES if r.about_files})


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


def _split(entries: Iterable[str]) -> list[str]:
    return [part.strip() for entry in entries for part in entry.split(",") if part.strip()]


def _named(entry: str) -> list[Rule]:
    exact = find_rule(entry)
    if exact:
        return [exact]
    prefix = entry.upper()
    found = [r for r in RULES if prefix.startswith("RC") and r.code.startswith(prefix)]
    if not found:
        from difflib import get_close_matches

        keys = {key.lower(): key for r in RULES for key in (r.code, r.name)}
        near = get_close_matches(entry.lower(), keys, n=1)
        hint = f"; did you mean '{keys[near[0]]}'?" if near else "; `rheumcalc rule` lists them"
        msg = f"'{entry}' is no rule{hint}"
        raise SettingsError(msg)
    return found
