"""Feeds: written beside feedgen, read back beside feedparser, checked beside the W3C's validator."""

from __future__ import annotations

import os
from collections.abc import Iterator
from importlib.metadata import version

from bench.measure import ROOT, both, inside
from bench.table import Row

__all__ = ["rows"]

_TITLES = {"rss": "RSS 2.0", "atom": "Atom 1.0", "jsonfeed": "JSON Feed 1.1"}
_AN_ENTRY = 0.0002
"""Seconds for reading one back."""
_VALIDATOR = "the W3C's validator: not installed; `git clone https://github.com/w3c/feedvalidator .cache/feedvalidator`"
_ITS_TIME = 3.0
"""Seconds that it takes for a feed of 1,000 entries (issue 7), where it is not there to be measured."""


def rows(count: int) -> Iterator[Row]:
    """Yield what feeds of all articles take."""
    for name, title in _TITLES.items():
        ours, theirs = _beside(f"write-{name}", f"feedgen-{name}", count)
        whose = f"feedgen {version('feedgen')}" if theirs else ""
        yield Row(work=f"write {title} of {count:,}", what="CPU", ours=ours, theirs=theirs, whose=whose, most=1.0 if theirs else None)
    for name, title in _TITLES.items():
        ours, theirs = _beside(f"read-{name}", f"feedparser-{name}", count)
        whose = f"feedparser {version('feedparser')}" if theirs else ""
        work = f"read {title} of {count:,}"
        yield Row(work=work, what="CPU", ours=ours, theirs=theirs, whose=whose, most=_AN_ENTRY * count, is_ratio=False)
    for name, title in _TITLES.items():
        yield _checked(name, title, count)


def _beside(ours: str, theirs: str, count: int) -> tuple[float, float | None]:
    """Return seconds of CPU; the two libraries know nothing of JSON Feed."""
    if ours.endswith("jsonfeed"):
        return inside(ours, count).cpu, None
    first, second = both(ours, theirs, count)
    return first.cpu, second.cpu


def _checked(name: str, title: str, count: int) -> Row:
    work, ours = f"check {title} of {count:,}", inside(f"check-{name}", count).cpu
    if name == "jsonfeed":
        return Row(work=work, what="CPU", ours=ours, most=_ITS_TIME / 10 * count / 1000, is_ratio=False)
    if not (folder := _validator()):
        return Row(work=work, what="CPU", ours=ours, whose=_VALIDATOR, most=_ITS_TIME / 10 * count / 1000, is_ratio=False)
    os.environ["PYTHONPATH"] = folder
    return Row(work=work, what="CPU", ours=ours, theirs=inside(f"validator-{name}", count).cpu, whose="the W3C's validator", most=0.1)


def _validator() -> str | None:
    """Return where its package is, `None` when it is not there; it is on no registry."""
    folder = ROOT / ".cache" / "feedvalidator" / "src"
    return str(folder) if (folder / "feedvalidator").is_dir() else None
