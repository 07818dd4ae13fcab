"""Calibre: what its programs make of our books when they convert, polish or relabel them, and what they complain about.

It is started once, with folders of its own for settings and what is temporary, so that it finds nothing of the user's.
"""

from __future__ import annotations

import atexit
import tempfile
from functools import cache
from pathlib import Path

from publisher.judges import program
from publisher.judges.worker import Worker

__all__ = ["convert", "polish", "relabel"]

QT = ("QT_QPA_PLATFORM=offscreen", "QTWEBENGINE_DISABLE_SANDBOX=1", "QTWEBENGINE_CHROMIUM_FLAGS=--no-sandbox")
"""Without a screen; PDF is made by a browser, which has no sandbox for root."""


def convert(book: Path, target: Path, *options: str) -> list[str]:
    """Write the book to `target` in the format that this ends with; return warnings and errors; raise `Refused` when it fails."""
    return _ask("ebook-convert", str(book.absolute()), str(target.absolute()), *options)


def polish(book: Path, target: Path, *options: str) -> list[str]:
    """Write the book to `target` with what `options` name done to it; return warnings and errors."""
    return _ask("ebook-polish", *options, str(book.absolute()), str(target.absolute()))


def relabel(book: Path, *options: str) -> list[str]:
    """Change the book's metadata as `options` say; return warnings and errors."""
    return _ask("ebook-meta", str(book.absolute()), *options)


def _ask(*command: str) -> list[str]:
    name, *arguments = command
    found: list[str] = _calibre().ask([name, arguments])
    return found


@cache
def _calibre() -> Worker:
    home = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
    atexit.register(home.cleanup)  # before the worker's own, so that it runs after that
    folders = [f"CALIBRE_{each}={home.name}/{each}" for each in ("CONFIG_DIRECTORY", "CACHE_DIRECTORY", "TEMP_DIR")]
    Path(home.name, "TEMP_DIR").mkdir()
    script = str(Path(__file__).with_name("calibre_worker.py"))
    command = (program("env"), f"HOME={home.name}", *folders, *QT, program("calibre-debug"), "-e", script)
    return Worker(*command, patience=120)
