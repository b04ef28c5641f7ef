"""How messages are worded: numbers of things, quoted text as it may be shown, and what is not installed."""

from __future__ import annotations

#: Control characters, those that end a line or change the direction of writing, and what no encoding can write.
_INVISIBLE = dict.fromkeys(
    [
        *range(0x20),
        *range(0x7F, 0xA0),
        0x61C,
        0x200E,
        0x200F,
        *range(0x2028, 0x202F),
        *range(0x2066, 0x206A),
        *range(0xD800, 0xE000),
        0xFFFE,
        0xFFFF,
    ],
    "�",
)


def visible(text: str) -> str:
    """Return `text` with every character replaced by `�` that is not shown but acts, or that cannot be written."""
    return text.translate(_INVISIBLE)


def counted(number: int, thing: str) -> str:
    """Return a number of things in words: `1 result`, `3 results`."""
    return f"{number} {thing}{'' if number == 1 else 's'}"


class MissingExtraError(ValueError):
    """A library that is installed only on request is needed and not there; the message names the extra in one line."""

    def __init__(self, what: str, extra: str) -> None:
        super().__init__(f"{what} needs the extra '{extra}': pip install 'rheumcalc[{extra}]'.")
