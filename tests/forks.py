"""The command line in a fork of the process that tests: another process, as users have it, and twice as quick, being warm.

It has imported and compiled what it needs, and inherits what this process has remembered, and what tests have patched. What is done when
Python begins and ends is not seen: ask for a program for that (`tests.test_exports.program`).
"""

from __future__ import annotations

import io
import logging
import os
import signal
import subprocess
import sys
import tempfile
import traceback
import warnings
from collections.abc import Sequence
from contextlib import redirect_stderr
from functools import cache
from pathlib import Path
from typing import IO

from publisher.cli import main

__all__ = ["import_everything", "publisher"]

_SETTINGS = '[publication]\nname = "The Lantern"\nurl = "https://lantern.example/"\nlanguage = "en"\nsince = "2026"\n'
_ARTICLE = "---\ntitle: The ferry\ndate: 2026-01-02\nauthor: Ada Byron\nsection: Harbour\ndescription: It sailed.\n---\nIt sailed.\n"


@cache
def import_everything() -> None:
    """Build in this process, which has imported and compiled then what its forks need; called before a test patches what builds."""
    with tempfile.TemporaryDirectory() as folder, redirect_stderr(io.StringIO()):
        sources = Path(folder) / "sources"
        sources.mkdir()
        for name, text in {"publisher.toml": _SETTINGS, "ferry.md": _ARTICLE}.items():
            (sources / name).write_text(text, "utf-8")
        assert main(["build", str(sources), "-o", f"{folder}/exports", "--jobs", "1"]) == 0


def publisher(arguments: Sequence[str], folder: Path, without: Sequence[str] = ()) -> subprocess.CompletedProcess[str]:
    """Run the command line in a folder, `without` some variables of the environment; nothing is said to it."""
    import_everything()
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        sys.stdout.flush()
        sys.stderr.flush()
        if not (child := os.fork()):
            _end(arguments, folder, without, out, err)
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        said = [_all_of(each) for each in (out, err)]
    return subprocess.CompletedProcess(["publisher", *arguments], code, *said)


def _end(arguments: Sequence[str], folder: Path, without: Sequence[str], out: IO[bytes], err: IO[bytes]) -> None:
    """End as Python does with what the command line returns; nothing gets out of here but by that."""
    code = 120  # as Python ends when what was said cannot be written
    try:
        _become(folder, without, out, err)
        found = _returned(arguments)
        for each in (sys.stdout, sys.stderr):
            each.flush()
        code = found
    finally:
        os._exit(code)


def _become(folder: Path, without: Sequence[str], out: IO[bytes], err: IO[bytes]) -> None:
    """Make a program of this process: streams, warnings and logs as they are when Python begins, and not as those who test have them."""
    for number, stream in enumerate((open(os.devnull, "rb"), out, err)):  # noqa: SIM115 (until the process ends)
        os.dup2(stream.fileno(), number)
    sys.stdin, sys.stdout, sys.stderr = (io.TextIOWrapper(open(each, "rb" if not each else "wb", closefd=False)) for each in range(3))  # noqa: SIM115
    signal.signal(signal.SIGINT, signal.default_int_handler)
    logging.getLogger().handlers.clear()
    warnings.simplefilter("default")
    for each in (DeprecationWarning, PendingDeprecationWarning, ImportWarning, ResourceWarning):
        warnings.simplefilter("ignore", each)
    warnings.showwarning = lambda *given: print(warnings.formatwarning(*given[:4]), end="", file=sys.stderr)
    os.chdir(folder)
    for name in without:
        os.environ.pop(name, None)


def _returned(arguments: Sequence[str]) -> int:
    try:
        return main(arguments)
    except SystemExit as ended:
        if ended.code is None or isinstance(ended.code, int):
            return ended.code or 0
        print(ended.code, file=sys.stderr)
    except BaseException:
        traceback.print_exc()
    return 1


def _all_of(file: IO[bytes]) -> str:
    file.seek(0)
    return file.read().decode()
