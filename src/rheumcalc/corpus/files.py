"""A scan from files to a file: streaming, with a progress bar where somebody is looking."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import BinaryIO

from rheumcalc.corpus import read_lines, scan
from rheumcalc.output_files import whole_file


def scan_files(inputs: Sequence[str], output: str | None, workers: int | None) -> int:
    """Scan the documents in JSONL files and write a line for each; return how many could not be read.

    Raises OSError where a file cannot be opened, before anything is written.
    """
    with ExitStack() as stack:
        streams = [_open(name, stack) for name in inputs]
        write = stack.enter_context(whole_file(output)) if output else sys.stdout.write
        progress = stack.enter_context(_progress(streams))
        failed = 0
        for answer in scan((line for stream in streams for line in read_lines(stream, progress)), workers):
            failed += answer.failed
            write(answer.text + "\n")
        return failed


def _open(name: str, stack: ExitStack) -> BinaryIO:
    return sys.stdin.buffer if name == "-" else stack.enter_context(Path(name).open("rb"))


@contextmanager
def _progress(streams: Sequence[BinaryIO]) -> Iterator[Callable[[int], object]]:
    """Show how much has been read on stderr, if that is a terminal."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TimeRemainingColumn

    total = sum(os.fstat(stream.fileno()).st_size for stream in streams if stream is not sys.stdin.buffer) or None
    columns = (BarColumn(), DownloadColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("scan", total=total)
        yield lambda size: bar.advance(task, size)
