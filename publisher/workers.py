"""A `map` by several processes: few results waiting, and nobody left when it ends; in the order of the values, or as they come.

On Linux the processes are forks of this one, begun when there is something to do, so that the values are theirs too: only numbers are
sent. (2,388 outputs of 300 articles are 18 MB one by one, and 6 MB in chunks: an article is in ten of them.) Elsewhere, and where
other threads run, which a fork would lose, processes begin anew and are sent values, several together, what these have in common once.
"""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
import sys
import threading
import traceback
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from multiprocessing.connection import Connection, wait
from typing import Any, TypeVar

from publisher.problems import Problem, PublisherError, Severity, problem

__all__ = ["Workers", "cores", "forks"]

Value = TypeVar("Value")
Result = TypeVar("Result")
_CHUNK = 32
"""Values at once, at most: sending is little beside making them, and who waits for the last has not long to wait."""
_AHEAD = 16
"""Chunks for each process that may be under way or wait for one before them: a book takes as long as a hundred pages."""
_SIGNALS = (signal.SIGINT, signal.SIGTERM)


def cores() -> int:
    """Return how many processes can run at once."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def forks() -> bool:
    """Return whether workers that are begun now are forks of this process."""
    return sys.platform == "linux" and threading.active_count() == 1


_M_MMAP_THRESHOLD = -3
"""What `mallopt` of glibc calls the size from which on memory has a place of its own (malloc.h)."""
_LARGE = 2**20


class Workers:
    """Several processes, each at work on a few values; `kill` them at the end, whatever has happened."""

    def __init__(self, jobs: int, method: str = "") -> None:
        self._jobs = jobs
        self._method = method or ("fork" if forks() else "spawn")
        self._processes: dict[Connection, Any] = {}

    def map(self, function: Callable[[Value], Result], values: Iterable[Value]) -> Iterator[Result]:
        """Yield what a function returns for each value, in their order; raise `PublisherError` when a process ends before its time."""
        every = values if isinstance(values, Sequence) else tuple(values)
        with self._at_work(function, every):
            yield from self._in_order(every)

    def as_they_come(self, function: Callable[[Value], Result], values: Iterable[Value]) -> Iterator[Result]:
        """Yield what a function returns for each value, first what is made first; raise `PublisherError` as `map` does."""
        every = values if isinstance(values, Sequence) else tuple(values)
        with self._at_work(function, every):
            yield from self._as_they_come(every)

    def kill(self) -> None:
        """End all processes at once: none of them holds anything that must be put away."""
        for connection, process in self._processes.items():
            process.kill()
            connection.close()
        for process in self._processes.values():
            process.join()
        self._processes.clear()

    @contextmanager
    def _at_work(self, function: Callable[[Any], Any], values: Sequence[Any]) -> Iterator[None]:
        frozen = gc.get_freeze_count()
        gc.freeze()  # what is there now is not looked through by each process, which would copy it
        _give_back()
        try:
            self._start(function, values if self._method == "fork" else ())
            yield
        finally:
            if not frozen:  # else somebody else has frozen it for longer
                gc.unfreeze()
            self.kill()

    def _start(self, function: Callable[[Value], Result], values: Sequence[Value]) -> None:
        context = multiprocessing.get_context(self._method)
        masked = signal.pthread_sigmask(signal.SIG_BLOCK, _SIGNALS) if hasattr(signal, "pthread_sigmask") else None
        try:
            for _ in range(self._jobs):
                ours, theirs = context.Pipe()
                # A fork has the ends of all pipes before its own: kept open, they would let no process see that we are gone.
                others = (*self._processes, ours) if self._method == "fork" else ()
                process = context.Process(target=_serve, args=(theirs, others, function, values), daemon=True)  # type: ignore[attr-defined]
                process.start()
                theirs.close()
                self._processes[ours] = process
        finally:
            if masked is not None:
                signal.pthread_sigmask(signal.SIG_SETMASK, masked)

    def _as_they_come(self, values: Sequence[Any]) -> Iterator[Any]:
        chunks = _chunks(len(values), self._jobs)
        running: set[Connection] = set()
        for connection, first in zip(self._processes, chunks, strict=False):
            self._send(connection, self._given(first, values))
            running.add(connection)
        while running:
            ready = wait([*running])
            for connection in [each for each in running if each in ready]:
                found = self._received(connection)
                if chunk := next(chunks, None):
                    self._send(connection, self._given(chunk, values))
                else:
                    running.remove(connection)
                yield from found

    def _in_order(self, values: Sequence[Any]) -> Iterator[Any]:
        chunks = deque(_chunks(len(values), self._jobs))
        running: dict[Connection, tuple[int, int]] = {}
        under_way: deque[tuple[int, int]] = deque()
        done: dict[tuple[int, int], list[Any]] = {}
        while chunks or under_way:
            for connection in self._processes:
                if chunks and connection not in running and len(under_way) < _AHEAD * self._jobs:
                    running[connection] = chunk = chunks.popleft()
                    under_way.append(chunk)
                    self._send(connection, self._given(chunk, values))
            while under_way and under_way[0] in done:
                yield from done.pop(under_way.popleft())
            ready = wait([*running], 0 if under_way and under_way[0] in done else None) if running else ()
            for connection in [each for each in running if each in ready]:
                done[running.pop(connection)] = self._received(connection)

    def _given(self, chunk: tuple[int, int], values: Sequence[Any]) -> object:
        """Return what a process is sent for a chunk: a fork has the values."""
        return chunk if self._method == "fork" else values[slice(*chunk)]

    def _send(self, connection: Connection, chunk: object) -> None:
        try:
            connection.send(chunk)
        except (BrokenPipeError, ConnectionResetError):
            raise self._died(connection) from None

    def _received(self, connection: Connection) -> list[Any]:
        try:
            results, error = connection.recv()
        except (EOFError, ConnectionResetError):
            raise self._died(connection) from None
        if isinstance(error, str):
            raise RuntimeError(error)
        if error:
            raise PublisherError(*error)
        found: list[Any] = results
        return found

    def _died(self, connection: Connection) -> PublisherError:
        process = self._processes[connection]
        process.join()
        how = f"by signal {-process.exitcode}" if process.exitcode < 0 else f"with {process.exitcode}"
        message = f"a process that makes outputs was ended {how}, perhaps for want of memory"
        return PublisherError(problem("worker-died", Severity.ERROR, message, hint="build with --jobs 1, or with more memory"))


def _give_back() -> None:
    """Give the system what is free in the heap, before there are copies of it: a gigabyte of sources leaves a hundred MB there.

    The C library, glibc at least, keeps it for whatever it lies between, and has no call in Python. What is large has a place of its
    own from now on, which is gone with it: glibc would put it into the heap, too, once something as large was free.
    """
    if sys.platform == "linux":
        with suppress(ImportError, OSError, AttributeError):
            from ctypes import CDLL

            library = CDLL(None)
            library.mallopt(_M_MMAP_THRESHOLD, _LARGE)
            library.malloc_trim(0)


def _chunks(count: int, jobs: int) -> Iterator[tuple[int, int]]:
    """Yield which values go together, from which to before which."""
    start = 0
    while start < count:
        end = start + _size(count - start, jobs)
        yield start, end
        start = end


def _size(left: int, jobs: int) -> int:
    """Return how many values go together: fewer and fewer, so that all processes end at about the same time."""
    return max(1, min(_CHUNK, left // (jobs * 4)))


def _serve(connection: Connection, others: Iterable[Connection], function: Callable[[Any], Any], values: Sequence[Any]) -> None:
    """Answer chunks until who asks is gone."""
    for each in others:
        each.close()
    for number in (signal.SIGTERM, *([signal.SIGHUP] if hasattr(signal, "SIGHUP") else [])):
        signal.signal(number, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # who has started us ends us
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _SIGNALS)
    with suppress(EOFError, BrokenPipeError, ConnectionResetError):
        while True:
            chunk = connection.recv()
            connection.send(_answer(function, values[slice(*chunk)] if values else chunk))


def _answer(function: Callable[[Any], Any], values: Iterable[Any]) -> tuple[list[Any], tuple[Problem, ...] | str]:
    """Return what a function returns for each value, or why there is nothing: problems, or of a defect what it was and where."""
    try:
        return [function(each) for each in values], ()
    except PublisherError as error:
        return [], error.problems
    except Exception:
        return [], traceback.format_exc()
