"""Results against the sizes beside them: a column's, or those of the group the words refer to (RC313, RC315, RC316)."""

from __future__ import annotations

from rheumcalc.checks.case import Case, Decision
from rheumcalc.findings import Related
from rheumcalc.numbers.arithmetic import division, rounded, share
from rheumcalc.numbers.printed import Printed
from rheumcalc.source import Location
from rheumcalc.study.denominators import Resolved, ResolvedBy

#: How many results must fit the size in their column heading before one that does not says anything.
_ENOUGH_IN_COLUMN = 3


def check_columns(case: Case) -> Decision:
    """Find results of a table that do not fit the size in their column heading, where others of the column do.

    Missing values make a row's own size smaller: only a size above the column's is an error.
    """
    columns: dict[Printed, list[Resolved]] = {}
    for resolved in case.proportions:
        if resolved.claim.column is not None and resolved.claim.denominator is None:
            columns.setdefault(resolved.claim.column, []).append(resolved)
    for column, results in columns.items():
        fitting = {each.claim.numbers for each in results if each.by is ResolvedBy.COLUMN}
        if len(fitting) < _ENOUGH_IN_COLUMN:
            continue
        off = [each for each in results if _is_off(case, each)]
        below = [each for each in off if case.telling(each.claim).low <= column.value]
        for resolved in off:
            # Several that need fewer are rows with missing values; one alone may be a slip.
            if resolved not in below or len(below) == 1:
                yield from _off_column(case, resolved, column)


def _is_off(case: Case, resolved: Resolved) -> bool:
    """Decide whether a result shows that the size of its column is not its own.

    `60 (100%)` says what its own size is: a row of those randomised, above a column of those analysed.
    """
    claim = resolved.claim
    if claim.percent is not None and claim.percent.value == 100:
        return False
    tells = claim.count is not None and claim.percent is not None and claim.doubt is None and not resolved.in_events
    return tells and resolved.by is None and bool(case.telling(claim))


def _off_column(case: Case, resolved: Resolved, column: Printed) -> Decision:
    claim, count, percent = resolved.claim, resolved.count, resolved.claim.percent
    if count is None or percent is None:
        return
    admitted, n = case.telling(claim), int(column.value)
    fits = f"{claim.text} fits {admitted.describe()}"
    elsewhere = next((size for size in case.stated if size in admitted), None)
    if admitted.low > n and elsewhere is not None:
        message = (
            f"Read as {count} of the {n} in its column heading, this is impossible: "
            f"it fits {elsewhere}, which is stated elsewhere."
        )
        name = "mismatch-as-read"
    elif admitted.low > n:
        message = f"{claim.text} is in a column with n = {n}, but fits only {admitted.describe()}."
        name = "column-size-exceeded"
    else:
        value = rounded(share(count, n), percent.decimals)
        message = f"{claim.text} is in a column with n = {n}, but {count}/{n} is {value}%."
        name = "column-size-mismatch"
    steps = [division(count, n, percent.decimals, case.modes) if count <= n else f"{count} is more than {n}", fits]
    related = [Related(Location(claim.location.source, column.span), f"{n} is stated here")] if column.span else []
    yield case.finding(name, claim, message, steps=steps, related=related)


def check_antecedents(case: Case) -> Decision:
    """Find results reported for a group (`of them`, `of the 20 with calcinosis`) whose size they do not fit."""
    for resolved in case.proportions:
        claim = resolved.claim
        if claim.antecedent is None or claim.denominator is not None or claim.doubt is not None:
            continue
        if resolved.by is ResolvedBy.ANTECEDENT or resolved.count is None or claim.percent is None:
            continue
        if case.telling(claim):
            judge = _of_number if claim.is_printed_antecedent else _of_pronoun
            yield from judge(case, resolved, int(claim.antecedent.value))


def _of_number(case: Case, resolved: Resolved, n: int) -> Decision:
    """Report a result that does not fit the number beside it: `Of the 28 with nephritis, 9 (28.1%)`.

    It may be of those with data alone, or of others; the words say neither.
    """
    claim, count = resolved.claim, resolved.count
    admitted = case.telling(claim)
    if claim.percent is None or count is None:
        return
    fits = f"{claim.text} fits {admitted.describe()}"
    if count > n:
        message = f"{claim.text} is reported {claim.antecedent_words!r}: {count} is more than {n}."
        yield case.finding("antecedent-mismatch", claim, message, steps=[fits])
        return
    value = rounded(share(count, n), claim.percent.decimals)
    instead = f", while {resolved.denominator} fits" if resolved.denominator else ""
    message = f"{claim.text} is reported {claim.antecedent_words!r}: {count}/{n} is {value}%{instead}."
    steps = [division(count, n, claim.percent.decimals, case.modes), fits]
    yield case.finding("antecedent-mismatch", claim, message, recomputed=f"{value}%", steps=steps)


def _of_pronoun(case: Case, resolved: Resolved, n: int) -> Decision:
    """Report a result `of them` that fits the whole study and not those counted just before."""
    claim, count = resolved.claim, resolved.count
    # `them` may be anybody: the word is wrong only if a stated or implied size fits instead.
    if claim.percent is None or count is None or resolved.denominator is None:
        return
    # A part of those meant, or an arm beside them, is an honest reading; the whole that they are part of is not.
    if count > n or resolved.denominator <= n or not _is_whole(case, resolved) or n in _whole_sizes(case):
        return
    decimals = claim.percent.decimals
    message = (
        f"{claim.text} is reported {claim.antecedent_words!r} (possibly the {n} before it): {count}/{n} is "
        f"{rounded(share(count, n), decimals)}%, while {resolved.denominator} fits."
    )
    steps = [division(count, n, decimals, case.modes), division(count, resolved.denominator, decimals, case.modes)]
    yield case.finding("antecedent-mismatch", claim, message, steps=steps)


def _is_whole(case: Case, resolved: Resolved) -> bool:
    """Decide whether a claim is resolved by the size of a whole study, or by what its results imply together."""
    if resolved.by is ResolvedBy.JOINT:
        return True
    return resolved.denominator in _whole_sizes(case)


def _whole_sizes(case: Case) -> set[int]:
    wholes = (group for group in case.study.groups.values() if group.parent is None and not group.is_arm)
    return {int(group.n.value) for group in wholes if group.n is not None}
