"""Chromium that searches in a site, and says which renditions it chose for pictures."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from publisher.judges import program
from publisher.judges.worker import Worker

__all__ = ["pictures", "search"]


def search(url: str, text: str | None = None, *, width: int = 1000, **more: object) -> dict[str, Any]:
    """Type a question into the page of the search and return what is shown: `status`, `results`, `violations`, `asked`, `bytes`, …"""
    found: dict[str, Any] = _browser().ask({"url": url, "text": text, "width": width, **more})
    return found


def pictures(url: str, *, width: int, scale: float = 1, **more: object) -> dict[str, Any]:
    """Return which file was chosen for each picture of a page, and the page as the browser writes it."""
    found: dict[str, Any] = _browser().ask({"url": url, "pictures": True, "width": width, "scale": scale, **more})
    return found


@cache
def _browser() -> Worker:
    chromium = program("chromium", "chromium-browser", "google-chrome")
    return Worker(program("node"), str(Path(__file__).with_suffix(".mjs")), chromium)
