"""One call made by a fork of this process, while this one does something else."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import BinaryIO, NoReturn

__all__ = ["Meanwhile"]

_SIGNALS = (signal.SIGINT, signal.SIGTERM)


class Meanwhile:
    """A call that returns bytes. Where there is one core, no fork, or a thread that a fork would lose, nothing is begun."""

    def __init__(self, function: Callable[[], bytes | None]) -> None:
        self._pipe: BinaryIO | None = None
        self._number = 0
        if hasattr(os, "fork") and _is_alone() and _cores() > 1:
            with suppress(OSError):
                self._begin(function)

    def result(self) -> bytes | None:
        """Wait for it, and return what it returned; `None` also when it came to nothing, or was asked for before."""
        found = self._pipe.read() if self._pipe else b""
        self.close()
        return found[8:] if len(found) >= 8 and int.from_bytes(found[:8], "big") == len(found) - 8 else None

    def close(self) -> None:
        """End it, whether it is done or not."""
        if self._pipe:
            self._pipe.close()
            self._pipe = None
            with suppress(ProcessLookupError):
                os.kill(self._number, signal.SIGKILL)
            with suppress(ChildProcessError):
                os.waitpid(self._number, 0)

    def _begin(self, function: Callable[[], bytes | None]) -> None:
        ours, theirs = os.pipe()
        self._pipe = os.fdopen(ours, "rb")
        masked = signal.pthread_sigmask(signal.SIG_BLOCK, _SIGNALS)  # else it could tidy up what is ours before it knows what it is
        try:
            self._number = os.fork()
        except OSError:
            self._pipe.close()
            self._pipe = None
        if self._pipe and self._number == 0:
            self._pipe.close()  # else it would wait for itself when nobody else is there to read
            _answer(function, theirs, masked)
        signal.pthread_sigmask(signal.SIG_SETMASK, masked)
        os.close(theirs)


def _is_alone() -> bool:
    return threading.active_count() == 1


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _answer(function: Callable[[], bytes | None], pipe: int, masked: set[int]) -> NoReturn:
    """Write what the call returns behind its length, and be gone: nothing of the process that began it is tidied up, or told twice."""
    try:
        for number in _SIGNALS:
            signal.signal(number, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_SETMASK, masked)
        if (found := function()) is not None:
            with os.fdopen(pipe, "wb") as file:
                file.write(len(found).to_bytes(8, "big") + found)
    finally:
        os._exit(0)
