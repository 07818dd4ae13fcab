"""Books: written beside EbookLib, pandoc and Calibre, and checked; how memory grows with pictures."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Iterator
from functools import partial
from importlib.metadata import version
from pathlib import Path

from bench.measure import PYTHON, both, inside, middle, run
from bench.table import Row

__all__ = ["rows"]

_OFFSCREEN = {"QT_QPA_PLATFORM": "offscreen"}


_LONG = 4
"""Times 3.4 kB, which is how long the articles were with which pandoc took 35 s, Calibre 19 s and EbookLib 1 s (issue 7)."""


def rows(count: int) -> Iterator[Row]:
    """Yield what a book of all articles takes."""
    ebooklib = f"EbookLib {version('EbookLib')}"
    work, (ours, theirs) = f"EPUB of {count:,} articles of 14 kB", both("write-epub", "ebooklib", count, _LONG)
    yield Row(work=work, what="CPU", ours=ours.cpu, theirs=theirs.cpu, whose=ebooklib, most=1.0)
    yield _pandoc(work, ours.cpu, count)
    yield _calibre(work, ours.cpu, count)
    yield Row(work=work, what="memory", ours=ours.memory, most=80e6, is_ratio=False)
    work, (ours, theirs) = f"EPUB of {count:,} articles of 3.4 kB", both("write-epub", "ebooklib", count)
    yield Row(work=work, what="CPU", ours=ours.cpu, theirs=theirs.cpu, whose=ebooklib, most=1.0)
    work, (ours, theirs) = f"EPUB of {count // 10:,} articles with pictures", both("write-pictures", "ebooklib-pictures", count)
    yield Row(work=work, what="CPU", ours=ours.cpu, theirs=theirs.cpu, whose=ebooklib, most=2.0)
    yield from _grown(count // 8, count // 2)
    yield Row(work=f"read EPUB of {count:,} articles", what="CPU", ours=inside("read-epub", count).cpu)
    yield Row(work=f"check EPUB of {count:,} articles", what="CPU", ours=inside("check-epub", count).cpu, most=count / 1000, is_ratio=False)


def _grown(*counts: int) -> Iterator[Row]:
    for pictures in counts:
        book, growth = json.loads(run([PYTHON, "-m", "bench.pictures", str(pictures)]).said)
        work = f"EPUB with {pictures:,} pictures of 260 kB"
        yield Row(work=work, what="memory", ours=growth, theirs=book, whose="the book itself")


def _pandoc(work: str, ours: float, count: int) -> Row:
    if not shutil.which("pandoc"):
        return Row(work=work, what="CPU", ours=ours, whose="pandoc: not installed (Debian: pandoc)", most=1 / 30)
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        folder = _html(Path(name), count)
        command = ["pandoc", "all.html", "--from", "html", "--to", "epub3", "--output", "book.epub", "--metadata", "title=The Lantern"]
        theirs = middle(partial(run, command, folder=folder))
    whose = f"pandoc {run(['pandoc', '--version']).said.split()[1]}"
    return Row(work=work, what="CPU", ours=ours, theirs=theirs.cpu, whose=whose, most=1 / 30)


def _calibre(work: str, ours: float, count: int) -> Row:
    if not shutil.which("ebook-convert"):
        return Row(work=work, what="CPU", ours=ours, whose="Calibre: not installed (Debian: calibre)", most=1 / 15)
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        folder = _html(Path(name), count)
        theirs = middle(partial(run, ["ebook-convert", "index.html", "book.epub"], _OFFSCREEN, folder))
    whose = f"Calibre {run(['ebook-convert', '--version'], _OFFSCREEN).said.split()[2].strip('()')}"
    return Row(work=work, what="CPU", ours=ours, theirs=theirs.cpu, whose=whose, most=1 / 15)


def _html(folder: Path, count: int) -> Path:
    """Write the articles as one page, as a page each, and as an index of these, in a process of its own."""
    run([PYTHON, "-m", "bench.articles", str(folder), str(count), str(_LONG)])
    return folder
