"""Which draft is annotated, decided before anything is read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rheumcalc.config import SettingsError
from rheumcalc.files.search import STDIN, find_files
from rheumcalc.messages import first_of
from rheumcalc.report.outputs import identity

_SUFFIX = ".docx"
#: How many names a message lists.
_MAX_NAMES = 3


def draft_to_annotate(target: str, paths: Sequence[str], others: Iterable[str | None]) -> str:
    """Return the one Word document among the inputs; its comments go to `target`, which is none of the `others`.

    Raises SettingsError where this makes no sense.
    """
    if not target.lower().endswith(_SUFFIX):
        raise SettingsError(f"--annotate writes a Word document, and {target} does not end in {_SUFFIX}")
    drafts = [name for name in find_files(paths).names if name.lower().endswith(_SUFFIX)]
    if any(identity(draft) == identity(target) for draft in drafts):
        raise SettingsError(f"--annotate never overwrites an input: give another name than {target}")
    if any(other is not None and identity(other) == identity(target) for other in others):
        raise SettingsError(f"{target} is given for two outputs")
    if len(drafts) > 1:
        listed = first_of(drafts, _MAX_NAMES)
        raise SettingsError(f"--annotate takes one draft in Word at a time, but {len(drafts)} are given: {listed}")
    if not drafts:
        hint = "; standard input cannot be annotated" if STDIN in paths else ""
        raise SettingsError(f"--annotate needs a draft in Word, and none of the inputs ends in {_SUFFIX}{hint}")
    return drafts[0]
