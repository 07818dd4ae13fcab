"""Programs of others that convert: started without a shell, in an empty folder, with bounds on time and on what they say.

And functions of ours that need much memory for a moment, in a process that ends with it (`aside`).
Beside `judges`, which keeps programs running to ask them again, `workers` and `meanwhile` the only room that starts any.
"""

from __future__ import annotations

import marshal
import os
import select
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any, TypeVar

__all__ = ["Failed", "aside", "find", "run"]

Result = TypeVar("Result")

_CHUNK = 1 << 16
_COMPLAINTS = 2_000
_ASIDE = """
import marshal, sys
from importlib.machinery import SourceFileLoader
path, name, folder = sys.argv[1:]
sys.path.append(folder)
module = type(sys)("aside")
SourceFileLoader("aside", path).exec_module(module)
marshal.dump(getattr(module, name)(*marshal.load(sys.stdin.buffer)), sys.stdout.buffer)
"""


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


def aside(function: Callable[..., Result], *given: Any, needs: str) -> Result:
    """Return what a function returns for what it is given, by a Python of its own: 9 MB and 7 ms, and all that it took is free again.

    Its module imports nothing of ours, and one package beside Python's own modules, which it `needs`. Numbers, text, bytes and tuples
    are given and returned. Where no process can be started, and where it fails, the function is called here, and may say why.
    """
    done = _done(function, given, needs)
    if done is None or done.returncode:
        return function(*given)
    result: Result = marshal.loads(done.stdout)  # noqa: S302 - it comes from a function of ours
    return result


def _done(function: Callable[..., object], given: tuple[Any, ...], needs: str) -> subprocess.CompletedProcess[bytes] | None:
    spec, path = find_spec(needs), getattr(sys.modules[function.__module__], "__file__", None)
    if not (sys.executable and path and spec and spec.origin):
        return None
    # -I and -S: the folder here, the environment and what site-packages would have done at the start are nothing to it.
    command = [sys.executable, "-I", "-S", "-c", _ASIDE, path, function.__name__, str(Path(spec.origin).parents[1])]
    try:
        return subprocess.run(command, input=marshal.dumps(given), capture_output=True, check=False)  # noqa: S603 - no shell
    except OSError:
        return None
