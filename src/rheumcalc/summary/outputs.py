"""The formats of a summary by their names. The writer of a format is loaded when it is needed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from rheumcalc.summary.table import SummaryTable

#: What writes each format: a module here, and its function from a table to text or bytes.
_WRITERS: Mapping[str, tuple[str, str]] = {
    "table": ("terminal_table", "render_text"),
    "markdown": ("markdown", "render_table"),
    "csv": ("csv_", "render_table"),
    "json": ("json_", "render_table"),
    "html": ("html", "render_page"),
    "latex": ("latex", "render_table"),
    "docx": ("docx", "render_table"),
    "xlsx": ("xlsx", "render_table"),
}
FORMATS = tuple(_WRITERS)
#: The binary formats.
BINARY = frozenset({"docx", "xlsx"})


def render(table: SummaryTable, name: str) -> str | bytes:
    """Return a table in a format. Raises MissingExtraError where the format's library is not installed."""
    module, function = _WRITERS[name]
    write = cast(
        "Callable[[SummaryTable], str | bytes]", getattr(import_module(f"rheumcalc.summary.{module}"), function)
    )
    return write(table)
