"""How messages are worded: numbers, quoted text, suggestions for misspelt words, and what is not installed."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

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
    """Return `text` with `�` for every character that is invisible but has an effect, or that cannot be written."""
    return text.translate(_INVISIBLE)


def on_one_line(text: str, most: int) -> str:
    """Return a text with its white space made plain, and no more of it than `most` characters."""
    line = " ".join(text.split())
    return line if len(line) <= most else line[: most - 1].rstrip() + "…"


def counted(number: int, thing: str) -> str:
    """Return a number of things in words: `1 result`, `3 results`."""
    return f"{number} {thing}{'' if number == 1 else 's'}"


#: How much of a word is compared: longer ones take long, and no name is longer.
_COMPARED = 80


def near(word: str, choices: Iterable[str], most: int = 1) -> list[str]:
    """Return the choices that a word was probably meant to be, the likeliest first: case, `-` and `_` do not matter."""
    from difflib import get_close_matches

    by_fold = {_folded(choice): choice for choice in choices}
    return [by_fold[each] for each in get_close_matches(_folded(word), by_fold, n=most)]


def _folded(word: str) -> str:
    return "_".join(word[:_COMPARED].lower().replace("-", " ").split())


def did_you_mean(word: str, choices: Iterable[str], otherwise: str = "") -> str:
    """Return `did you mean 'response'?` where a choice is near a word, else `otherwise`."""
    found = near(word, choices)
    return f"did you mean '{found[0]}'?" if found else otherwise


def none_of(word: str, what: str, choices: Collection[str]) -> str:
    """Return a message that a word is not among some choices, with the nearest one and all of them."""
    hint = did_you_mean(word, choices)
    return f"'{word}' is not a known {what}; {hint}{' ' if hint else ''}valid: {', '.join(choices)}"


def first_of(names: Sequence[str], most: int, between: str = ", ") -> str:
    """Return the first of some names, and whether there are more: `a, b, …`."""
    return between.join((*names[:most], *(["…"] if len(names) > most else [])))


def why_unopened(error: Exception) -> str:
    """Return why a file cannot be opened, in the system's words where it has any."""
    return error.strerror if isinstance(error, OSError) and error.strerror else "it cannot be opened"


def unwritten(name: str, error: OSError) -> str:
    """Return a message that a file cannot be written, and why."""
    return f"cannot write {name}: {error.strerror or error}"


class MissingExtraError(ValueError):
    """An optional library is needed and not installed; the message names the extra in one line."""

    def __init__(self, what: str, extra: str) -> None:
        super().__init__(f"{what} needs the extra '{extra}': pip install 'rheumcalc[{extra}]'.")
