"""Which rows a summary shows, by the words of its options. A word that selects nothing is an error, never ignored."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from fnmatch import fnmatchcase

from rheumcalc.config import SettingsError
from rheumcalc.messages import first_of, near
from rheumcalc.numbers.timepoint import parse_timepoint
from rheumcalc.summary.options import Grouping, SummaryOptions
from rheumcalc.summary.rows import Row, Rows


def selected(rows: Rows, options: SummaryOptions) -> tuple[Row, ...]:
    """Return the selected rows, in the selected order. Raises SettingsError for none."""
    chosen: Sequence[Row] = rows.rows
    for what, wanted, names in (
        ("study", options.studies, _study_names),
        ("outcome", options.outcomes, _outcome_names),
        ("timepoint", options.timepoints, _time_names),
        ("population", options.populations, _group_names),
    ):
        chosen = _narrowed(chosen, what, wanted, names)
    if options.by is Grouping.OUTCOME:
        order = {key: number for number, key in enumerate(dict.fromkeys(map(outcome_key, chosen)))}
        chosen = sorted(chosen, key=lambda row: order[outcome_key(row)])
    return tuple(chosen)


def outcome_key(row: Row) -> str:
    """Return the key by which results of several studies belong to one outcome: its id."""
    return (row.outcome or row.label).lower()


def _study_names(row: Row) -> Iterable[str | None]:
    return (row.study.id, row.study.name)


def _outcome_names(row: Row) -> Iterable[str | None]:
    return (row.outcome, row.label)


def _time_names(row: Row) -> Iterable[str | None]:
    return () if row.timepoint is None else (row.timepoint.text,)


def _one_spelling(text: str) -> set[str]:
    return {_plain(text)}


def _either_spelling(text: str) -> set[str]:
    """Return a time as written, and in a form that all its spellings share: `week 24` and `24 weeks` are one."""
    return {_plain(text), _plain(str(parse_timepoint(text).key))}


def _group_names(row: Row) -> Iterable[str | None]:
    names: list[str | None] = [row.population, row.arm]
    for name in (row.population, row.arm):
        group = row.study.groups.get(name or "")
        if group is not None:
            names += [group.label, group.analysis_set]
    return names


def _narrowed(
    rows: Sequence[Row], what: str, wanted: Sequence[str], names: Callable[[Row], Iterable[str | None]]
) -> list[Row]:
    if not wanted:
        return list(rows)
    spelt = _either_spelling if what == "timepoint" else _one_spelling
    named = [({each for name in names(row) if name for each in spelt(name)}, row) for row in rows]
    kept: dict[int, Row] = {}
    for word in wanted:
        patterns = spelt(word)
        found = [row for said, row in named if any(fnmatchcase(name, each) for name in said for each in patterns)]
        if not found:
            raise SettingsError(_nothing(what, word, [name for row in rows for name in names(row) if name]))
        kept |= {id(row): row for row in found}
    return [row for row in rows if id(row) in kept]


def _plain(text: str) -> str:
    # Brackets are not patterns here: labels have them.
    return " ".join(text.lower().split()).replace("[", "(").replace("]", ")").replace("?", ".")


def _nothing(what: str, word: str, names: Sequence[str]) -> str:
    meant = near(word, names, most=3)
    known = list(dict.fromkeys(names))
    if meant:
        return f"no result has the {what} '{word}'; did you mean {' or '.join(repr(name) for name in meant)}?"
    return f"no result has the {what} '{word}'" + (f"; there are {first_of(known, 8)}" if known else "")
