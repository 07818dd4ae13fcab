"""Programs with which people subscribe: each module makes one of them follow feeds over HTTP, and tells what it keeps.

A reader that is not installed or breaks is an error, never a skip: `.ci/programs` brings them all.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

__all__ = ["Entry", "Reader", "names", "run"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What a reader keeps of one article; what it does not keep is `None` or `()`."""

    key: str
    """What it knows the article by: the identifier, or what it makes of that."""
    title: str
    link: str
    authors: tuple[str, ...] = ()
    summary: str | None = None
    content: str = ""
    """HTML."""
    pictures: tuple[str, ...] = ()
    """URLs, of the pictures beside the text."""
    recordings: tuple[str, ...] = ()
    """URLs, of all else beside the text."""
    tags: tuple[str, ...] = ()
    published: datetime | None = None
    updated: datetime | None = None


class Reader(Protocol):
    """One reader, with subscriptions of its own."""

    NAME: str
    FORMATS: tuple[str, ...]
    """Those of `feed.<format>` that it understands."""

    def __init__(self, folder: Path, urls: Sequence[str]) -> None:
        """Subscribe to the feeds; what is kept lies in an empty folder."""

    def poll(self) -> None:
        """Ask for every feed once."""

    def entries(self, url: str) -> list[Entry]:
        """Return all that is kept of a feed."""

    def key(self, identifier: str) -> str:
        """Return what the reader makes of an article's identifier."""

    def close(self) -> None:
        """End all that runs."""


def names(text: str | None) -> tuple[str, ...]:
    """Return the names in one text; in those of the seeds there is no comma."""
    return tuple(text.split(", ")) if text else ()


def run(*command: str, home: Path) -> str:
    """Return what a program says that ends by itself, run at home in an empty folder and in UTC."""
    environment = {"PATH": os.environ["PATH"], "HOME": str(home), "TZ": "UTC", "LANG": "C.UTF-8", "TERM": "xterm-256color"}
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, env=environment, cwd=home)
    assert done.returncode == 0, f"{command[0]}: {done.stdout[-500:]} {done.stderr[-500:]}"
    return done.stdout
