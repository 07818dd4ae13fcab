"""What tests have the workers of a cluster do: here, since they import it by its name."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from distributed import Event

from publisher import build
from publisher.outputs import Output, Written


def double(number: int) -> int:
    return 2 * number


def where(what: object) -> int:
    """Return the process that does the work."""
    return os.getpid()


def fail(number: int) -> int:
    raise LookupError(f"no lamp {number}")


def wait(done: Event) -> bool:
    return bool(done.wait())


def die(number: int) -> int:
    """End this process as if somebody had pulled the plug."""
    os.kill(os.getpid(), signal.SIGKILL)
    return number


@dataclass(frozen=True)
class Once:
    """Renders; the first worker that comes to a certain output is killed in the midst of it, and leaves a note."""

    path: str
    note: str

    def __call__(self, output: Output) -> Written:
        if output.path == self.path:
            try:
                os.close(os.open(self.note, os.O_CREAT | os.O_EXCL))
            except FileExistsError:
                pass
            else:
                die(0)
        return build.render(output)


@dataclass(frozen=True)
class Errand:
    """Something to look up, one address after the other; each only when the one before it was there."""

    media: Callable[[str], bytes | None]
    urls: tuple[str, ...]


def look_up(errand: Errand) -> tuple[int, list[bytes | None]]:
    found: list[bytes | None] = []
    for url in errand.urls:
        found.append(errand.media(url))
        if found[-1] is None:
            break
    return os.getpid(), found


@dataclass(frozen=True)
class Kept:
    """Something on the disk of who sends it."""

    folder: Path


def read_kept(kept: Kept | None) -> tuple[int, str]:
    return os.getpid(), (kept.folder / "lamp.txt").read_text("utf-8") if kept else ""
