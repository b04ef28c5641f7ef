"""A scan from files to a file: streaming, and showing its progress."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import BinaryIO

from rheumcalc.corpus import read_lines, scan
from rheumcalc.files.writing import whole_file
from rheumcalc.terminal.progress import CorpusRun, drawn


def scan_files(inputs: Sequence[str], output: str | None, workers: int | None) -> int:
    """Scan the documents in JSONL files and write a line for each; return how many could not be read.

    Raises OSError where a file cannot be opened, before anything is written.
    """
    with ExitStack() as stack:
        streams = [_open(name, stack) for name in inputs]
        write = stack.enter_context(whole_file(output)) if output else sys.stdout.write
        run = CorpusRun(_size(streams))
        if output or not sys.stdout.isatty():
            # Answers on the terminal would be written into the drawing.
            stack.enter_context(drawn(run))

        def count(size: int) -> None:
            run.read += size

        failed = 0
        for answer in scan((line for stream in streams for line in read_lines(stream, count)), workers):
            failed += answer.failed
            run.answered += 1
            write(answer.text + "\n")
        return failed


def _open(name: str, stack: ExitStack) -> BinaryIO:
    return sys.stdin.buffer if name == "-" else stack.enter_context(Path(name).open("rb"))


def _size(streams: Sequence[BinaryIO]) -> int | None:
    """Return how many bytes there are to read; None where that is not known."""
    return sum(os.fstat(stream.fileno()).st_size for stream in streams if stream is not sys.stdin.buffer) or None
