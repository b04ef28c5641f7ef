"""What is installed on request alone, and how its absence is told."""

from __future__ import annotations


class MissingExtraError(ValueError):
    """A library that is installed only on request is needed and not there; the message names the extra in one line."""

    def __init__(self, what: str, extra: str) -> None:
        super().__init__(f"{what} needs the extra '{extra}': pip install 'rheumcalc[{extra}]'.")
