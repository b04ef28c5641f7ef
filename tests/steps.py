"""Work counted in steps of Python, which are the same on every machine, however busy it is: no test asks a clock."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import FrameType
from typing import Any, AnyStr

#: The most that the steps for each character may grow where a text is twice as long: 1 where work is linear, 2 where it
#: is quadratic.
LINEAR = 1.25


def steps(work: Callable[[], object]) -> int:
    """Return how many lines of Python, those of libraries included, run while `work` does.

    What C does in one call, the match of a pattern above all, is one step: `benchmarks/growth.py` measures its time.
    """
    count = 0

    def trace(frame: FrameType, event: str, argument: Any) -> Any:
        nonlocal count
        count += 1
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        work()
    finally:
        sys.settrace(before)
    return count


def growth(read: Callable[[AnyStr], object], make: Callable[[int], AnyStr], size: int) -> float:
    """Return how many times more steps a character of `make(2 * size)` takes to read than one of `make(size)`."""
    # Patterns and caches are made once, and not counted.
    read(make(size // 2))
    shorter, longer = make(size), make(2 * size)
    return steps(lambda: read(longer)) / len(longer) / (steps(lambda: read(shorter)) / len(shorter))
