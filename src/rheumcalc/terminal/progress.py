"""The progress of a long run, drawn on standard error if that is a terminal, and cleared when the run ends."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Event, Thread
from time import monotonic
from typing import NamedTuple, Protocol

from rheumcalc.messages import visible

#: How many seconds a run takes before anything is drawn, and how many pass between two drawings.
DELAY = 1.0
_PAUSE = 0.1


class State(NamedTuple):
    """How much is done, of how much if that is known, and what to say about it."""

    done: int
    total: int | None
    told: str


class Run(Protocol):
    """A run that can be asked for its progress."""

    def state(self) -> State:
        """Return the progress of the run."""
        ...


class FileRun:
    """A run over files: it is notified of each before it is read."""

    def __init__(self) -> None:
        self._state = State(0, None, "")

    def __call__(self, done: int, total: int, name: str) -> None:
        """Record how many files are done, out of how many, and which one is next."""
        self._state = State(done, total, f"{done} of {total} files  {visible(name)}")

    def state(self) -> State:
        """Return the progress of the run."""
        return self._state


class CorpusRun:
    """A run over documents: it counts the bytes read, of a total if that is known, and the documents answered."""

    def __init__(self, total: int | None) -> None:
        self._total = total
        self._begun = monotonic()
        self.read = 0
        self.answered = 0

    def state(self) -> State:
        """Return the progress of the run."""
        rate = self.answered / max(monotonic() - self._begun, 0.001)
        size = f"{self.read / 1e6:,.1f}" + (f" of {self._total / 1e6:,.1f}" if self._total is not None else "")
        answered = f"{self.answered:,} document{'' if self.answered == 1 else 's'}"
        return State(self.read, self._total, f"{answered}, {rate:,.0f} a second, {size} MB")


def is_watched() -> bool:
    """Decide whether standard error is a terminal that somebody watches."""
    return sys.stderr is not None and sys.stderr.isatty()


@contextmanager
def drawn(run: Run, delay: float | None = None) -> Iterator[None]:
    """Draw the progress of a run if somebody is watching, after `delay` seconds and until it ends.

    The run is polled and does not push: so drawing costs it nothing, and goes on while one file takes long.
    """
    if not is_watched():
        yield
        return
    ended = Event()
    drawing = Thread(target=_draw, args=(run, ended, DELAY if delay is None else delay), daemon=True)
    drawing.start()
    try:
        yield
    finally:
        ended.set()
        drawing.join()


def _draw(run: Run, ended: Event, delay: float) -> None:
    """Draw until the run has ended; a terminal that goes away does not end it."""
    if delay and ended.wait(delay):
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn
    from rich.table import Column

    console = Console(stderr=True, markup=False, emoji=False, highlight=False)
    if console.is_dumb_terminal:
        return
    text = TextColumn(
        "{task.description}", style="none", markup=False, table_column=Column(no_wrap=True, overflow="ellipsis")
    )
    columns = (SpinnerColumn("line"), BarColumn(20), text)
    bar = Progress(
        *columns, console=console, transient=True, auto_refresh=False, redirect_stdout=False, redirect_stderr=False
    )
    with suppress(OSError), bar:
        task = bar.add_task("", total=None)
        while True:
            done, total, told = run.state()
            bar.update(task, completed=done, total=total, description=told, refresh=True)
            if ended.wait(_PAUSE):
                return
