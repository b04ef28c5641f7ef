"""Scan a corpus: documents in, one line of claims and findings out for each, in order and in bounded memory."""

from __future__ import annotations

import json
import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from itertools import chain
from multiprocessing import get_all_start_methods, get_context
from typing import Any, BinaryIO, NamedTuple, NoReturn

from rheumcalc.config import Settings
from rheumcalc.documents.claims import claims_from_text
from rheumcalc.engine import check_study
from rheumcalc.report.json_ import scanned_study
from rheumcalc.source import Source

#: The longest line read, in bytes; longer ones get an error.
MAX_LINE = 32_000_000
#: The longest text read, in characters: a whole issue of a journal is shorter.
MAX_TEXT = 10_000_000
#: How many lines a process is given at a time: enough to make the exchange cheap.
_BATCH = 50
#: How many bytes end a batch before that.
_BATCH_BYTES = 2_000_000
#: How many batches a process has waiting, which bounds what is held in memory.
_WAITING = 3
#: A corpus is checked like a draft, without settings.
_SETTINGS = Settings()


class Answer(NamedTuple):
    """The answer to one document, a line of JSON, and whether it is an error."""

    text: str
    failed: bool = False


def scan(lines: Iterable[bytes | None], workers: int | None = None) -> Iterator[Answer]:
    """Yield the answer to each line of JSON (`id`, `text`) as one line of JSON, in the order of the lines.

    None stands for a line that was too long. `workers` is the number of processes, by default one per core. A
    document that fails gets its error as the answer; nothing is left out.
    """
    numbered = ((number, line) for number, line in enumerate(lines, 1) if line is None or line.strip())
    batches = iter(lambda: _next_batch(numbered), [])
    count = workers or os.cpu_count() or 1
    first = next(batches, None)
    if first is None:
        return
    second = next(batches, None)
    if count == 1 or second is None:
        yield from _answer_batch(first)
        yield from _answer_batch(second or [])
        for batch in batches:
            yield from _answer_batch(batch)
        return
    yield from _in_processes([first, second], batches, count)


Batch = list[tuple[int, bytes | None]]


def _next_batch(numbered: Iterator[tuple[int, bytes | None]]) -> Batch:
    """Return the next lines, fewer where they are long: what is held is bounded in bytes too."""
    batch: Batch = []
    size = 0
    for number, line in numbered:
        batch.append((number, line))
        size += len(line or b"")
        if len(batch) == _BATCH or size >= _BATCH_BYTES:
            break
    return batch


def _in_processes(first: list[Batch], batches: Iterator[Batch], workers: int) -> Iterator[Answer]:
    # fork copies whatever threads hold; forkserver and spawn start clean.
    context = get_context("forkserver" if "forkserver" in get_all_start_methods() else "spawn")
    waiting: deque[tuple[Batch, Future[list[Answer]]]] = deque()
    pool = ProcessPoolExecutor(workers, mp_context=context)
    try:
        for batch in chain(first, batches):
            try:
                future = pool.submit(_answer_batch, batch)
            except BrokenProcessPool:
                # A process died, and its pool with it: waiting documents get errors, the rest goes on in a new pool.
                pool.shutdown(wait=False, cancel_futures=True)
                pool = ProcessPoolExecutor(workers, mp_context=context)
                future = pool.submit(_answer_batch, batch)
            waiting.append((batch, future))
            if len(waiting) >= workers * _WAITING:
                yield from _collect(*waiting.popleft())
        while waiting:
            yield from _collect(*waiting.popleft())
    finally:
        pool.shutdown(cancel_futures=True)


def _collect(batch: Batch, future: Future[list[Answer]]) -> list[Answer]:
    """Return a batch's answers; where its process died, an error for each of its documents."""
    try:
        return future.result()
    except BrokenProcessPool:
        return [_error(number, _identity(line), "the process that read it died") for number, line in batch]


def _answer_batch(batch: Batch) -> list[Answer]:
    return [answer(line, number) for number, line in batch]


def answer(line: bytes | None, number: int) -> Answer:
    """Return the answer to one line of the input, whatever it holds; `number` counts lines from 1."""
    if line is None:
        return _error(number, None, f"the line is longer than {MAX_LINE:,} bytes")
    try:
        document = _load(line)
    except (ValueError, RecursionError) as error:
        return _error(number, None, f"the line is not JSON: {_why_no_json(error)}")
    if not isinstance(document, dict) or "id" not in document or not isinstance(document.get("text"), str):
        return _error(number, _identity(line), "the line is not an object with 'id' and 'text'")
    if len(document["text"]) > MAX_TEXT:
        return _error(number, document["id"], f"the text is longer than {MAX_TEXT:,} characters")
    try:
        return Answer(_dump(scan_text(document["id"], document["text"])))
    except Exception as error:  # noqa: BLE001 - one document must never cost the others
        return _error(number, document["id"], f"internal error: {type(error).__name__}: {_brief(error)}")


def scan_text(identity: object, text: str) -> dict[str, object]:
    """Return the claims of one document, their verdicts, and the findings, as an object for a line of JSON."""
    study = check_study(claims_from_text(Source(str(identity), text)), _SETTINGS)
    return {"id": identity, **scanned_study(study)}


def _refuse_constant(name: str) -> NoReturn:
    """NaN and Infinity are Python's own; JSON has no such numbers."""
    raise _ConstantError(f"{name} is not a number in JSON")


class _ConstantError(ValueError):
    """A word that Python reads as a number."""


#: `json.loads` and `json.dumps` make one of these for every document.
_DECODER = json.JSONDecoder(parse_constant=_refuse_constant)
_STRICT = json.JSONEncoder(ensure_ascii=False, allow_nan=False)


def _load(line: bytes) -> Any:
    return _DECODER.decode(line.decode(json.detect_encoding(line), "surrogatepass"))


def _why_no_json(error: ValueError | RecursionError) -> str:
    """Return why a line cannot be read as JSON, in words for the corpus's owner."""
    match error:
        case json.JSONDecodeError():
            return f"it cannot be read from column {error.colno} onwards"
        case UnicodeDecodeError():
            return f"it is not UTF-8 from byte {error.start + 1} onwards"
        case RecursionError():
            return "it is nested too deeply"
        case _ConstantError():
            return str(error)
        case _:
            return "it has a number with too many digits"


def _identity(line: bytes | None) -> object:
    try:
        document = _load(line or b"")
    except (ValueError, RecursionError):
        return None
    return document.get("id") if isinstance(document, dict) else None


def _error(number: int, identity: object, message: str) -> Answer:
    return Answer(_dump({"id": identity, "line": number, "error": message, "claims": []}), failed=True)


def _brief(error: BaseException) -> str:
    return " ".join(str(error).split())[:200]


def _dump(document: dict[str, object]) -> str:
    try:
        text = _STRICT.encode(document)
    except ValueError:
        # A number too large for a float, which would come back as Infinity.
        text = json.dumps(document | {"id": None}, ensure_ascii=False)
    try:
        text.encode()
    except UnicodeEncodeError:
        # A lone surrogate, which JSON can spell and UTF-8 cannot.
        return json.dumps(document)
    return text


def read_lines(stream: BinaryIO, progress: Callable[[int], object] = lambda _: None) -> Iterator[bytes | None]:
    """Yield the lines of a stream, None for one that is too long; tell `progress` how many bytes each took."""
    while line := stream.readline(MAX_LINE):
        size = len(line)
        if size == MAX_LINE and not line.endswith(b"\n"):
            while (more := stream.readline(1_000_000)) and not more.endswith(b"\n"):
                size += len(more)
            progress(size)
            yield None
            continue
        progress(size)
        yield line
