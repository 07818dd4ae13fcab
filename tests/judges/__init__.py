"""Other people's programs that judge what we write: each module asks one of them.

A judge that is not installed or breaks is an error, never a skip: `make judges` brings them all.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

__all__ = ["JudgeFailed", "Message", "Refused", "program"]


class JudgeFailed(RuntimeError):
    """The judge is missing or broken, so nothing is known about what it was asked."""


class Refused(ValueError):
    """The judge cannot read the file at all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One thing that a judge has to say about a file."""

    path: Path
    """The file that was judged."""
    severity: str
    """`fatal`, `error`, `warning`, `info` or `usage`."""
    text: str
    code: str = ""
    inside: str = ""
    """Path within the judged file, where that is an archive."""
    line: int = 0
    """Counts from 1; 0 when the judge names none."""
    column: int = 0


def program(*names: str) -> str:
    """Return the path of the first of the programs `names` that is installed; raise `JudgeFailed` when none is."""
    for name in names:
        if path := shutil.which(name):
            return path
    raise JudgeFailed(f"{' or '.join(names)} is not installed: run `make judges`")
