"""The command line in a fork of the process that tests: another process, as users have it, but all is imported and compiled already.

Of a small build that is two thirds. What is given an environment of its own is begun anew as a program (`tests.test_exports.publisher`).
"""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
import tempfile
import traceback
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
    """Build in this process, which has imported and compiled then what its forks need."""
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
    """End as Python does with what the command line returns."""
    code = 1
    try:
        for number, stream in enumerate((open(os.devnull, "rb"), out, err)):  # noqa: SIM115 (until the process ends)
            os.dup2(stream.fileno(), number)
        sys.stdin, sys.stdout, sys.stderr = (io.TextIOWrapper(open(each, "rb" if not each else "wb", closefd=False)) for each in range(3))  # noqa: SIM115
        signal.signal(signal.SIGINT, signal.default_int_handler)
        os.chdir(folder)
        for name in without:
            os.environ.pop(name, None)
        code = main(arguments)
    except SystemExit as ended:
        code = ended.code if isinstance(ended.code, int) else 0 if ended.code is None else 1
    except BaseException:
        traceback.print_exc()
    finally:
        for each in (sys.stdout, sys.stderr):
            each.flush()
        os._exit(code)


def _all_of(file: IO[bytes]) -> str:
    file.seek(0)
    return file.read().decode()
