"""Which files a run reads: those that are named, and those in folders that are of a kind it reads."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from rheumcalc.messages import why_unopened

#: The kinds of files that are read, by the end of their names.
SUFFIXES = {
    ".yaml": "record",
    ".yml": "record",
    ".md": "draft",
    ".markdown": "draft",
    ".txt": "draft",
    ".docx": "draft",
    ".html": "draft",
    ".htm": "draft",
    ".xml": "draft",
    ".pdf": "draft",
    ".csv": "sheet",
    ".tsv": "sheet",
    ".xlsx": "sheet",
}

KINDS = frozenset(SUFFIXES.values())

#: Folders of installed and built files: nothing in them is written by hand.
_NOT_ENTERED = frozenset({"__pycache__", "_build", "build", "dist", "node_modules", "site-packages", "venv"})

#: Kinds of files that a word processor writes and can write otherwise.
OTHER_DOCUMENTS = (".doc", ".odt", ".rtf")

STDIN = "-"


class FoundFiles(NamedTuple):
    """The files to read, each once; how many others were in the folders; and folders that could not be read, and why.

    `in_folders` are those of the files that were found in folders and not named.
    """

    names: tuple[str, ...]
    skipped: int
    closed: tuple[tuple[str, str], ...] = ()
    in_folders: frozenset[str] = frozenset()


def find_files(paths: Iterable[str]) -> FoundFiles:
    """Return the files that are named, and those in named folders whose names are of a kind that is read.

    Hidden files and folders are passed over, and so are folders of what was installed or built (`node_modules`);
    links to folders are not followed.
    """
    names: dict[str, str] = {}
    named: set[str] = set()
    skipped = 0
    closed: list[tuple[str, str]] = []

    def note(error: OSError) -> None:
        closed.append((str(error.filename), why_unopened(error)))

    for path in paths:
        if path == STDIN or not os.path.isdir(path):
            named.add(names.setdefault(path if path == STDIN else os.path.realpath(path), path))
            continue
        for folder, subfolders, files in os.walk(path, onerror=note):
            entered = (name for name in subfolders if not name.startswith(".") and name not in _NOT_ENTERED)
            subfolders[:] = sorted(entered)
            for file in sorted(name for name in files if not name.startswith(".")):
                full = os.path.join(folder, file)
                if kind_of(file) and _is_draft(full):
                    names.setdefault(os.path.realpath(full), full)
                else:
                    skipped += 1
    return FoundFiles(tuple(names.values()), skipped, tuple(closed), frozenset(names.values()) - named)


def kind_of(name: str) -> str | None:
    """Return what kind of file a name is of, `record`, `draft` or `sheet`; None for any other."""
    return SUFFIXES.get(os.path.splitext(name)[1].lower())


#: How much of a file in a folder is looked at to see what it is, in bytes.
_HEAD = 4096


def _is_draft(path: str) -> bool:
    """Decide whether a file in a folder is worth reading: not the lock file of a document, XML only if an article."""
    if os.path.basename(path).startswith("~$"):
        return False
    if not path.lower().endswith(".xml"):
        return True
    try:
        with open(path, "rb") as stream:
            head = stream.read(_HEAD)
    except OSError:
        return True
    return b"<article" in head.replace(b"\0", b"")


def shown_name(path: str) -> str:
    """Return a path relative to the working directory if it is below it, else as given; `/` on every system."""
    try:
        relative = os.path.relpath(path)
    except ValueError:
        relative = os.pardir
    return writable(path if relative.startswith(os.pardir) else Path(relative).as_posix())


def writable(name: str) -> str:
    """Return a name without the surrogates that stand for bytes that are not UTF-8: no report could write them."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
