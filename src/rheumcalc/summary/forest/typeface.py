"""The typeface of a figure, DejaVu Sans as it comes with matplotlib: how wide a text is, and where it is broken."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from rheumcalc.messages import visible

if TYPE_CHECKING:
    from matplotlib.font_manager import FontProperties

#: A label longer than this is cut before it is measured: no figure has room for more.
_LONGEST = 300
_ELLIPSIS = "…"


class Typeface:
    """Measures and breaks texts. Widths and sizes are in points, 72 to the inch."""

    #: What is drawn for a character that the typeface does not have.
    BOX = "□"

    def __init__(self) -> None:
        import matplotlib as mpl

        folder = Path(mpl.get_data_path(), "fonts", "ttf")
        self._files = {False: folder / "DejaVuSans.ttf", True: folder / "DejaVuSans-Bold.ttf"}
        self._width = lru_cache(maxsize=10_000)(self._measured)

    def properties(self, size: float, *, is_bold: bool = False) -> FontProperties:
        """Return the font by its file: another of the same name may be installed."""
        from matplotlib.font_manager import FontProperties

        return FontProperties(fname=str(self._files[is_bold]), size=size)

    @cached_property
    def _characters(self) -> frozenset[int]:
        """The characters that both weights have."""
        from matplotlib.font_manager import get_font

        regular, bold = (frozenset(get_font(str(file)).get_charmap()) for file in self._files.values())
        return regular & bold

    def drawable(self, text: str, *others: str | None) -> str:
        """Return the first text that can be drawn whole, else the first with a box for each character that cannot."""
        plain = [visible(" ".join(each[:_LONGEST].split())) for each in (text, *others) if each] or [""]
        for each in plain:
            if all(ord(character) in self._characters for character in each):
                return each
        return "".join(character if ord(character) in self._characters else self.BOX for character in plain[0])

    def width(self, text: str, size: float, *, is_bold: bool = False) -> float:
        """Return the width of one line of text."""
        return self._width(text, size, is_bold) if text else 0.0

    def _measured(self, text: str, size: float, is_bold: bool) -> float:  # noqa: FBT001 - a cache keys by position
        from matplotlib.textpath import text_to_path

        width: float
        width, _, _ = text_to_path.get_text_width_height_descent(
            text, self.properties(size, is_bold=is_bold), ismath=False
        )
        return width

    def wrapped(self, text: str, room: float, most: int, size: float, *, is_bold: bool = False) -> list[str]:
        """Return a text as a limited number of lines that fit the width; an ellipsis shows that some is left out."""

        def fits(line: str) -> bool:
            return self.width(line, size, is_bold=is_bold) <= room

        lines: list[str] = []
        rest = text
        while rest and len(lines) < most:
            line = self._longest(rest, fits)
            if len(lines) == most - 1 and line != rest:
                end = self._longest_prefix(rest, lambda part: fits(part.rstrip() + _ELLIPSIS))
                line = rest[:end].rstrip() + _ELLIPSIS
            lines.append(line)
            rest = rest[len(line) :].lstrip()
        return lines

    def _longest(self, text: str, fits: Callable[[str], bool]) -> str:
        """Return the beginning of a text that fits: whole words, or a part of one, at a hyphen if it has any."""
        if fits(text):
            return text
        end = self._longest_prefix(text, fits)
        space = text.rfind(" ", 0, end + 1)
        hyphen = text.rfind("-", 0, end) + 1
        return text[: max(space, hyphen) if max(space, hyphen) > 0 else max(end, 1)]

    def _longest_prefix(self, text: str, fits: Callable[[str], bool]) -> int:
        """Return how many characters fit, by halving: a longer text is never narrower by much."""
        low, high = 0, len(text)
        while low < high:
            middle = (low + high + 1) // 2
            low, high = (middle, high) if fits(text[:middle]) else (low, middle - 1)
        return low
