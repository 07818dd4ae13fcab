"""Programs of others that convert: started without a shell, in an empty folder, with bounds on time and on what they say.

Beside `judges`, which keeps programs running to ask them again, the only room that starts any.
"""

from __future__ import annotations

import os
import select
import shutil
import subprocess
import tempfile
import time
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

__all__ = ["Failed", "find", "run"]

_CHUNK = 1 << 16
_COMPLAINTS = 2_000


class Failed(RuntimeError):
    """The program gave no answer; the message says why, in words of the program where it has some."""


def find(name: str, package: str = "", inside: str = "") -> str | None:
    """Return the path of a program that is installed, or that a Python package has `inside`; `None` when there is none."""
    if path := shutil.which(name):
        return path
    spec = find_spec(package) if package else None
    packaged = Path(spec.origin).parent / inside if spec and spec.origin else None
    return str(packaged) if packaged and packaged.is_file() else None


def run(command: Sequence[str], body: bytes, *, seconds: float, most: int) -> bytes:
    """Return what a program says when it is given `body`; raise `Failed` when it fails, takes longer, or says more than `most` bytes.

    It starts in an empty folder that is its home too, so that nothing of the user's settings and files is at hand.
    """
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as complaints:
        given.write(body)
        given.seek(0)
        environment = {"PATH": os.environ.get("PATH", os.defpath), "HOME": folder, "XDG_DATA_HOME": folder, "LANG": "C.UTF-8"}
        with subprocess.Popen(command, stdin=given, stdout=subprocess.PIPE, stderr=complaints, cwd=folder, env=environment) as program:  # noqa: S603 - no shell
            try:
                said = _said(program, time.monotonic() + seconds, most)
            except BaseException:
                program.kill()
                raise
        if program.returncode:
            complaints.seek(0)
            raise Failed(" ".join(complaints.read(_COMPLAINTS).decode(errors="replace").split()) or f"it ended with {program.returncode}")
        return said


def _said(program: subprocess.Popen[bytes], end: float, most: int) -> bytes:
    assert program.stdout
    parts: list[bytes] = []
    length = 0
    while True:
        ready, _, _ = select.select([program.stdout], [], [], max(end - time.monotonic(), 0))
        if not ready:
            raise Failed("it took too long")
        chunk = os.read(program.stdout.fileno(), _CHUNK)
        if not chunk:
            return b"".join(parts)
        parts.append(chunk)
        length += len(chunk)
        if length > most:
            raise Failed("it says far more than was given to it")
