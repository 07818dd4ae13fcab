"""MuPDF: the text and the pages of an EPUB as a reading system has them, without libxml2 or a browser."""

from __future__ import annotations

import subprocess
from pathlib import Path

from publisher.judges import Refused, program

__all__ = ["lines", "render", "text", "warnings"]

ALWAYS = ("warning: unknown epub version: 3.0", "warning: ICC support is not available")
"""What MuPDF 1.25 says about every EPUB 3."""


def text(epub: Path) -> str:
    """Return the text of all pages in reading order; raise `Refused` when MuPDF cannot open the book."""
    return _draw(epub, "-F", "txt", "-o", "-").stdout


def lines(epub: Path) -> list[str]:
    """Return the lines of text in reading order, on pages so wide that none is broken and no word hyphenated."""
    return _draw(epub, "-W", "100000", "-H", "100000", "-S", "12", "-F", "txt", "-o", "-").stdout.splitlines()


def warnings(epub: Path) -> list[str]:
    """Return what MuPDF complains about while it draws every page, such as pictures that it cannot load."""
    lines = _draw(epub, "-F", "png", "-r", "20", "-o", "/dev/null").stderr.splitlines()
    return [line for line in lines if line.startswith(("warning:", "error:")) and line not in ALWAYS]


def render(epub: Path, folder: Path, pages: str = "1-N") -> list[Path]:
    """Write a picture of each of `pages` (such as `1-3,N`, a page of 6 × 8 inches at 96 dpi) and return their paths in order."""
    page = ("-W", "432", "-H", "576", "-S", "12", "-r", "96")
    _draw(epub, *page, "-o", str(folder / "page-%04d.png"), pages=pages)
    return sorted(folder.glob("page-*.png"))


def _draw(epub: Path, *options: str, pages: str = "1-N") -> subprocess.CompletedProcess[str]:
    command = [program("mutool"), "draw", "-q", *options, str(epub), pages]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False, stdin=subprocess.DEVNULL)
    if done.returncode:
        raise Refused(done.stderr)
    return done
