"""A newspaper that is published twice: as the seeds are, and some days later."""

from __future__ import annotations

import contextlib
import io
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from publisher import desk
from publisher.article import Article, Publication
from publisher.cli import main
from tests.served import Served, served

__all__ = ["ADDED", "CHANGED", "CORRECTED", "RETITLED", "SEEDS", "SIZE", "Paper", "edit", "newsstand", "paper"]

SEEDS = Path(__file__).parents[3] / "seeds"
HOST = 'url = "https://lantern.example/"'
CHANGED, RETITLED, CORRECTED, ADDED = "rope", "whale", "press-day", "fog-signal"
"""Names of the sources to which something happens."""
_NEWS = """---
title: The fog signal speaks & is answered
date: 2026-10-11T05:30:00+01:00
author: [Ines Calloway, Tobias Wren]
section: Harbour
tags: [fog, sound]
image: {src: media/lens.jpg, alt: The lens behind glass, caption: The lens, credit: "Drawing: The Lantern"}
---

At half past five the signal on Tarn Skerry sounded for the first time since 2007, <q>and someone in the harbour sounded back</q>.
"""
_EDITS = {
    f"{CHANGED}.md": (
        (
            'title = "How to buy a rope you will not have to think about"',
            'title = "How to buy a rope & forget it"\nupdated = 2026-10-10T08:00:00Z',
        ),
        ("Strong for what?", "Strong for what, we ask, and for how long?"),
    ),
    f"{RETITLED}.md": (
        (
            'title = "Humpback and calf stay third week in Ellery Sound"',
            'title = "Humpback and calf leave Ellery Sound"\nslug = "whales-leave"',
        ),
    ),
    f"{CORRECTED}.md": (
        ("author: Judith Amory\n", "author: Judith Amory\ncorrections:\n  - {date: 2026-10-10, text: The folder is from 1975.}\n"),
    ),
}
_DAY = 86_400
SIZE = 5
"""How many articles a feed of the newsstand has: few, so that there are archives."""
_ONLY = ("--only", "rss", "atom", "jsonfeed", "webpage")


@dataclass(frozen=True, kw_only=True)
class Paper:
    """The newspaper on the web, in two states; which of them is served can be changed."""

    site: Served
    first: Publication
    later: Publication
    folders: tuple[Path, Path]

    def show(self, number: int) -> None:
        """Serve the first state or the later one, under the same addresses."""
        self.site.folder = self.folders[number]

    def named(self, name: str) -> Article:
        """Return an article as it is later, by the name of its source."""
        return next(each for each in self.later.articles if each.identifier.endswith(f":{name}"))


@contextmanager
def paper(folder: Path) -> Iterator[Paper]:
    """Publish the seeds, edit them and publish them again; the addresses are those of the server."""
    seeds, exports = folder / "seeds", folder / "exports"
    with served(exports) as site:
        _copied(seeds, site)
        first = _built(seeds, exports, *_ONLY)
        states = (folder / "first", folder / "later")
        shutil.copytree(exports, states[0])
        _age(states[0], _DAY)
        for name, edits in _EDITS.items():
            for old, new in edits:
                edit(seeds / name, old, new)
        (seeds / f"{ADDED}.md").write_text(_NEWS, "utf-8")
        later = _built(seeds, exports, *_ONLY)
        shutil.copytree(exports, states[1])
        yield Paper(site=site, first=first, later=later, folders=states)


@contextmanager
def newsstand(folder: Path) -> Iterator[tuple[Served, Publication]]:
    """Publish the seeds with all that belongs to a site, in short feeds."""
    seeds, exports = folder / "seeds", folder / "exports"
    with served(exports) as site:
        _copied(seeds, site)
        edit(seeds / "publisher.toml", "size = 20", f"size = {SIZE}")
        yield site, _built(seeds, exports)


def _copied(seeds: Path, site: Served) -> None:
    shutil.copytree(SEEDS, seeds)
    edit(seeds / "publisher.toml", HOST, f'url = "{site.url}"')


def edit(path: Path, old: str, new: str) -> None:
    """Write something else into a source."""
    text = path.read_text("utf-8")
    assert text.count(old) == 1, f"{path.name} has no {old!r}, or more than one"
    path.write_text(text.replace(old, new), "utf-8")


def _built(seeds: Path, exports: Path, *options: str) -> Publication:
    """Build as people do, and return what the feeds should say: the sources, as they are read."""
    with contextlib.redirect_stderr(io.StringIO()) as said:
        code = main(["build", str(seeds), "-o", str(exports), "--jobs", "1", *options])
    assert code == 0, said.getvalue()[-2000:]
    return desk.gather([str(seeds)])[0].publication


def _age(folder: Path, seconds: int) -> None:
    """Make the files older: what changes within a second has the same Last-Modified."""
    for path in folder.rglob("*"):
        if path.is_file():
            os.utime(path, (path.stat().st_atime, path.stat().st_mtime - seconds))
