"""Output files: complete or not at all."""

from __future__ import annotations

import errno
import os
import stat
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

#: The name for standard output where a file is expected.
STANDARD_OUTPUT = frozenset({"-", "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"})


def write_whole(path: str, text: str) -> None:
    """Replace a file's content in one step. Raises OSError."""
    with whole_file(path) as write:
        write(text)


def write_whole_bytes(path: str, data: bytes) -> None:
    """Replace a file's content by bytes in one step. Raises OSError."""
    with _whole_stream(path) as stream:
        stream.write(data)


@contextmanager
def whole_file(path: str) -> Iterator[Callable[[str], object]]:
    """Give a function that writes text to a temporary file, which replaces the file at the end if all went well.

    A link is followed; a pipe or a device is written to and never replaced. A file that is replaced
    keeps its permissions. Raises OSError.
    """
    with _whole_stream(path) as stream:
        yield lambda text: stream.write(text.encode("utf-8"))


@contextmanager
def _whole_stream(path: str) -> Iterator[BinaryIO]:
    named = Path(path)
    if named.exists() and not named.is_file():
        # By the name that was given: the target of /dev/fd/3 may have no name.
        with named.open("wb") as stream:
            yield stream
        return
    target = named.resolve()
    if target.exists() and not os.access(target, os.W_OK):
        raise PermissionError(errno.EACCES, "it is not writable", path)
    handle, temporary = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    try:
        with os.fdopen(handle, "wb") as stream:
            yield stream
        os.chmod(temporary, _mode(target))  # noqa: PTH101 - mkstemp made it private; a report is not
        os.replace(temporary, target)  # noqa: PTH105 - as above
    except BaseException:
        with suppress(OSError):
            os.unlink(temporary)  # noqa: PTH108 - as above
        raise


def _mode(target: Path) -> int:
    """Return the permissions of a file: those that it has, or else those of any new one."""
    if target.exists():
        return stat.S_IMODE(target.stat().st_mode)
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask
