"""A judge that stays up: it answers one line of JSON with one line of JSON.

Starting Java or Chromium takes seconds, an answer milliseconds.
"""

from __future__ import annotations

import atexit
import contextlib
import json
import select
import subprocess
import tempfile
from typing import Any

from publisher.judges import JudgeFailed, Refused

__all__ = ["Worker"]


class Worker:
    """A program that reads questions from its standard input until that closes: at the latest, when we end."""

    def __init__(self, *command: str, patience: float = 300) -> None:
        """Start it; an answer is given up after `patience` seconds."""
        self._patience = patience
        self._complaints = tempfile.TemporaryFile()  # noqa: SIM115 - as long as the program runs
        self._program = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self._complaints)  # noqa: S603 - no shell
        atexit.register(self.stop)

    def ask(self, question: object) -> Any:
        """Return the answer; raise `Refused` when the program says that there is none."""
        reply = json.loads(self._exchange(json.dumps(question).encode() + b"\n"))
        if "refused" in reply:
            raise Refused(reply["refused"])
        return reply["answer"]

    def stop(self) -> None:
        """End the program: gently, so that it can clean up behind itself, unless it does not listen."""
        assert self._program.stdin
        with contextlib.suppress(BrokenPipeError):
            self._program.stdin.close()
        try:
            self._program.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self._program.kill()
            self._program.wait()

    def _exchange(self, line: bytes) -> bytes:
        assert self._program.stdin
        assert self._program.stdout
        try:
            self._program.stdin.write(line)
            self._program.stdin.flush()
            # The buffer is empty between answers, so the file itself tells when the next one comes.
            ready, _, _ = select.select([self._program.stdout], [], [], self._patience)
            answer = self._program.stdout.readline() if ready else b""
        except BrokenPipeError:
            answer = b""
        if not answer:
            raise self._failure()
        return answer

    def _failure(self) -> JudgeFailed:
        self.stop()
        self._complaints.seek(0)
        complaints = self._complaints.read().decode(errors="replace")
        return JudgeFailed(f"{self._program.args!r} gave no answer: {complaints[-2000:]}")
