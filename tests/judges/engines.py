"""The engines of reading systems, in Chromium: foliate-js (Foliate, Readest) and epub.js, which most readers in browsers are made of.

They open a book, say what they know about it, and show pages of it by day and by night, in any size of text.
What is shown is measured, so that no test depends on eyes; `python -m tests.judges.engines` takes pictures for eyes.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any

from publisher.judges import program
from publisher.judges.worker import Worker

__all__ = ["E_READER", "PHONE", "Opened", "Screen", "Seen", "View", "open_book"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Screen:
    """What a book is read on."""

    width: int
    """Pixels of CSS."""
    height: int
    """Pixels of CSS."""
    scale: float = 1
    """Pixels of the picture for one of CSS."""


PHONE = Screen(width=360, height=640, scale=2)
E_READER = Screen(width=758, height=1024)


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """A page to look at."""

    href: str
    at: str = ""
    """Selector of what must be on it, for a document of many pages."""
    page: int = 0
    """How many pages further."""
    night: bool = False
    size: int = 100
    """Per cent of the reading system's own size of text."""
    png: Path | None = None
    """Where to put a picture of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What was measured on all pages of a document; elements are called by their name, class and first words."""

    pages: int
    """How many it became; 0 when the engine does not say."""
    vertical: bool
    text: str
    fonts: Sequence[str]
    """Families of the book's own fonts that were needed."""
    overflowing: Sequence[str]
    """What is not within its column; only foliate-js says where these are."""
    faint: Sequence[str]
    """Text with a contrast below 4.5 to what is behind it."""
    fixed: Sequence[str]
    """What has a border of another colour than its text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """What an engine knows about a book, and what was seen in it."""

    toc: Sequence[Mapping[str, Any]]
    """Each with `label`, `href` and the entries `inside`."""
    landmarks: Sequence[Mapping[str, str]]
    """Each with `label`, `href` and `type`."""
    metadata: Mapping[str, Any]
    spine: Sequence[str]
    direction: str
    errors: Sequence[str]
    """From the console: what is missing, and what fails."""
    seen: Sequence[Seen]
    """One for each view."""


def open_book(book: Path, *views: View, engine: str = "foliate", screen: Screen = PHONE) -> Opened:
    """Open a book with `foliate` or `epubjs` and look at some of its pages."""
    asked = [asdict(view) | {"png": str(view.png.absolute()) if view.png else None} for view in views]
    answer = _browser().ask({"engine": engine, "book": str(book.absolute()), "views": asked, **asdict(screen)})
    return Opened(**answer | {"seen": [Seen(**each) for each in answer["seen"]]})


@cache
def _browser() -> Worker:
    chromium = program("chromium", "chromium-browser", "google-chrome")
    return Worker(program("node"), str(Path(__file__).with_suffix(".mjs")), chromium)


def main() -> None:
    """Take a picture: `python -m tests.judges.engines exports/the-lantern.epub EPUB/nav.xhtml out.png --night --size 300`."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("book", type=Path)
    parser.add_argument("href", help="a page as the spine calls it, such as EPUB/nav.xhtml, or its number in the spine")
    parser.add_argument("png", type=Path)
    parser.add_argument("--at", default="", help="selector of what must be on it, such as table")
    parser.add_argument("--page", type=int, default=0, help="how many pages further")
    parser.add_argument("--night", action="store_true")
    parser.add_argument("--size", type=int, default=100, help="per cent")
    parser.add_argument("--e-reader", action="store_const", dest="screen", const=E_READER, default=PHONE)
    parser.add_argument("--engine", choices=("foliate", "epubjs"), default="foliate")
    given = parser.parse_args()
    href = open_book(given.book, engine=given.engine).spine[int(given.href)] if given.href.isdecimal() else given.href
    view = View(href=href, at=given.at, page=given.page, night=given.night, size=given.size, png=given.png)
    (seen,) = open_book(given.book, view, engine=given.engine, screen=given.screen).seen
    print(f"{given.png}: of {seen.pages or 'some'} pages; runs off: {list(seen.overflowing)}; faint: {list(seen.faint)}")


if __name__ == "__main__":
    main()
