"""Quoted text as it may be shown: what could rewrite the screen around it is made visible."""

from __future__ import annotations

#: Control characters, and those that change the direction of writing.
_INVISIBLE = dict.fromkeys(
    [*range(0x20), *range(0x7F, 0xA0), 0x61C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)], "�"
)


def visible(text: str) -> str:
    """Return `text` with every control and direction character replaced by `�`."""
    return text.translate(_INVISIBLE)
