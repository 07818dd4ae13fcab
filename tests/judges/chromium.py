"""Chromium: how a page looks, what text it shows, what its console complains about, and what axe-core finds inaccessible.

No page reaches any host but this one, so whatever a page loads from elsewhere is an error.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from publisher.judges import program
from publisher.judges.worker import Worker

__all__ = ["Look", "Stop", "attacks", "console_errors", "look", "screenshot", "text_of", "violations", "walk"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What Chromium made of a page."""

    text: str
    """As shown, one line a block (`innerText`)."""
    errors: tuple[str, ...]
    """From its console: files that are missing, scripts that fail."""
    requests: tuple[str, ...]
    """Every address that it asked for, its own first."""
    wider: int
    """Pixels by which it is wider than the window."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """One place to which the Tab key leads."""

    name: str
    """Of the element."""
    text: str
    visible: bool
    """Whether it is in the window and marked as having the focus."""


def look(
    page: Path | str,
    *,
    width: int = 1280,
    height: int = 800,
    dark: bool = False,
    png: Path | None = None,
    whole: bool = False,
    script: bool = True,
) -> Look:
    """Open the page at a path or URL, in a window of `width` × `height` pixels, and write what is seen to `png`, or the `whole` page."""
    picture = str(png.absolute()) if png else None
    question = {"url": _url(page), "width": width, "height": height, "dark": dark, "png": picture, "whole": whole, "script": script}
    answer = _browser().ask(question)
    return Look(text=answer["text"], errors=tuple(answer["errors"]), requests=tuple(answer["requests"]), wider=answer["wider"])


def walk(page: Path | str, *, width: int = 1280) -> tuple[tuple[Stop, ...], int]:
    """Return where the Tab key leads, in its order, and how many elements of the page it has to reach."""
    answer = _browser().ask({"url": _url(page), "width": width, "height": 800, "dark": False, "keys": True})
    return tuple(Stop(**each) for each in answer["stops"]), answer["wanted"]


def _url(page: Path | str) -> str:
    return page.absolute().as_uri() if isinstance(page, Path) else page


def screenshot(page: Path | str, png: Path, width: int, height: int, dark: bool = False) -> Path:
    """Write a picture of the page to `png` and return that."""
    look(page, width=width, height=height, dark=dark, png=png)
    return png


def console_errors(page: Path | str) -> list[str]:
    """Return what the console complains about."""
    return list(look(page).errors)


def text_of(page: Path | str) -> str:
    """Return the text that the page shows."""
    return look(page).text


def violations(page: Path | str, *widths: int) -> list[str]:
    """Return what axe-core finds wrong, in daylight at each width, and by night: the rule, where, the element, and how to mend it."""
    found: list[str] = _browser().ask({"url": _url(page), "width": 1280, "height": 800, "axe": widths or (1280,)})
    return found


def attacks(pages: Iterable[Path | str], *, allowed: Iterable[str], policy: bool = True) -> dict[str, list[str]]:
    """Return what happened in pages that should not, by address: scripts that ran, dialogs, addresses asked for that are not `allowed`.

    Every element is touched as a reader would. Without `policy` no page's Content-Security-Policy holds.
    """
    question = {"urls": [_url(each) for each in pages], "allowed": [*allowed], "bypass": not policy}
    found: dict[str, list[str]] = _browser().ask(question)
    return found


@cache
def _browser() -> Worker:
    chromium = program("chromium", "chromium-browser", "google-chrome")
    return Worker(program("node"), str(Path(__file__).with_suffix(".mjs")), chromium)
