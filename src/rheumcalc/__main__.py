"""The outermost edge: whatever goes wrong inside, people get a sentence and programs get exit code 2."""

from __future__ import annotations

import errno
import os
import sys


def main() -> None:
    """Run the command line and exit with its code."""
    try:
        _run()
    except KeyboardInterrupt:
        # While the program starts, or a second time while it ends.
        sys.exit(130)


def _run() -> None:
    import codecs
    import gc

    # Looking for its plugins, pydantic reads the metadata of every installed package.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "1")
    # Imports, models and claims make many objects and no garbage; collecting it takes a few per cent of a run.
    gc.set_threshold(100_000, 20, 20)
    from rheumcalc.cli import app

    codecs.register_error("rheumcalc-ascii", _plain)
    for stream in (sys.stdout, sys.stderr):
        # A console that cannot encode a character gets a plain one in its place, never a crash.
        if hasattr(stream, "reconfigure") and (stream.encoding or "").lower().replace("-", "") != "utf8":
            stream.reconfigure(errors="rheumcalc-ascii")
    try:
        try:
            app()
        finally:
            # At its end Python searches all objects for garbage, more than once; they live until then, so that the
            # search finds nothing and takes a fifth of a short run.
            gc.freeze()
            # Buffered output is written here, where a failure can still be reported.
            if sys.stdout:
                sys.stdout.flush()
    except BrokenPipeError:
        # The reader of our output has closed it, which is not an error.
        _write_no_more()
        sys.exit(2)
    except Exception as error:  # The edge: an unforeseen failure must not look like a finding.
        if isinstance(error, OSError) and error.errno in _FULL and error.filename is None:
            _write_no_more()
            print(f"rheumcalc: cannot write to standard output: {error.strerror}", file=sys.stderr)  # noqa: T201
            sys.exit(2)
        print(f"rheumcalc: internal error: {type(error).__name__}: {error}", file=sys.stderr)  # noqa: T201
        if os.environ.get("RHEUMCALC_TRACEBACK"):
            raise
        print("Set RHEUMCALC_TRACEBACK=1 to see where, and please report it.", file=sys.stderr)  # noqa: T201
        sys.exit(2)


#: Why nothing more can be written: the disk, the quota or the file is full.
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


def _write_no_more() -> None:
    """Discard standard output: Python would otherwise try to flush it again at exit, and complain."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


#: What a character is replaced by on a console that does not have it.
_PLAIN = {"…": "...", "–": "-", "−": "-", "·": "*", "→": "->", "≥": ">=", "≤": "<=", "’": "'", "�": "?"}


def _plain(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return "".join(_PLAIN.get(letter, "?") for letter in error.object[error.start : error.end]), error.end


if __name__ == "__main__":
    main()
