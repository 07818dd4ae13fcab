"""The command line in a fork says and returns what it does as a program."""

from __future__ import annotations

import logging
import os
import sys
import warnings
from collections.abc import Callable
from pathlib import Path

import pytest

from tests import forks
from tests.test_exports import program, publisher


@pytest.mark.parametrize("arguments", [("nonsense",), ("show", "none.md"), ("--version",), ("rules", "--help"), ("schema",)], ids=" ".join)
def test_a_fork_says_and_returns_what_a_program_does(arguments: tuple[str, ...], tmp_path: Path) -> None:
    fork, anew = publisher(*arguments, folder=tmp_path), program(*arguments, folder=tmp_path)
    assert (fork.returncode, fork.stdout, fork.stderr) == (anew.returncode, anew.stdout, anew.stderr)


def leave(code: object) -> Callable[[object], int]:
    def leaving(_: object) -> int:
        sys.exit(code)  # type: ignore[arg-type]

    return leaving


def warn(_: object) -> int:
    warnings.warn("a lamp", UserWarning, stacklevel=1)
    logging.getLogger("lamp").warning("another lamp")
    return 0


def fail(_: object) -> int:
    raise LookupError("no lamp")


def shut(_: object) -> int:
    print("lamp")
    os.close(1)
    return 0


@pytest.mark.parametrize(
    ("main", "code", "said"),
    [
        (leave(None), 0, []),
        (leave(7), 7, []),
        (leave("a lamp"), 1, ["a lamp"]),
        (warn, 0, ["UserWarning: a lamp", "another lamp"]),
        (fail, 1, ["Traceback", "LookupError: no lamp"]),
        (shut, 120, []),
    ],
)
def test_a_fork_ends_as_python_does(
    main: Callable[[object], int], code: int, said: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    forks.import_everything()
    monkeypatch.setattr(forks, "main", main)
    here = os.getpid()
    done = forks.publisher([], tmp_path)
    assert os.getpid() == here, "no fork tests on"
    assert (done.returncode, [each for each in said if each not in done.stderr]) == (code, [])
    assert bool(done.stderr) == bool(said)
