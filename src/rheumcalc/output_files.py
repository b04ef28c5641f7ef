"""Output files: whole or not at all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

#: What people call standard output where a file is asked for.
STANDARD_OUTPUT = frozenset({"-", "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"})


def write_whole(path: str, text: str) -> None:
    """Replace a file's content in one step. Raises OSError."""
    with whole_file(path) as write:
        write(text)


@contextmanager
def whole_file(path: str) -> Iterator[Callable[[str], object]]:
    """Give a function that writes text to what becomes the file in one step, at the end and if nothing went wrong.

    A link is followed; what is no file (a pipe, a device) is written to and never replaced. Raises OSError.
    """
    named = Path(path)
    if named.exists() and not named.is_file():
        # By the name that was given: what /dev/fd/3 leads to may have none of its own.
        with named.open("w", encoding="utf-8", newline="\n") as stream:
            yield stream.write
        return
    target = named.resolve()
    handle, temporary = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as stream:
            yield stream.write
        mask = os.umask(0)
        os.umask(mask)
        os.chmod(temporary, 0o666 & ~mask)  # noqa: PTH101 - mkstemp made it private; a report is not
        os.replace(temporary, target)  # noqa: PTH105 - as above
    except BaseException:
        with suppress(OSError):
            os.unlink(temporary)  # noqa: PTH108 - as above
        raise
