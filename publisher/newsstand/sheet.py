"""The one style sheet of all pages (CSS Snapshot 2025, https://www.w3.org/TR/css-2025/, read 2026-11-27)."""

from __future__ import annotations

from collections.abc import Iterator

from publisher.formats import Target
from publisher.newsstand import addresses
from publisher.newsstand.plan import SHEET, Site
from publisher.outputs import Make, Output
from publisher.surroundings import Theme
from publisher.themes import templates

__all__ = ["NAME", "outputs", "write"]

NAME = "stylesheet"


def outputs(site: Site) -> Iterator[Output]:
    """Yield the style sheet, where pages are written."""
    if "webpage" in site.formats:
        target = Target(url=addresses.url(site.publication, SHEET), media=site.media)
        yield Output(path=SHEET, format=NAME, publication=site.bare, target=target, make=Make(write, site.options.theme))


def write(theme: Theme) -> bytes:
    """Return the theme's style sheet, in UTF-8."""
    return f"{templates.sheet(theme)}\n".encode()
