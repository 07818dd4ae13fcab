"""Send every vector of `cases/hostile` by every way in, to every file that we write, and print a table: `make hostile`.

Ends with 1 when anything survived, which it says; else with 0. Some ten minutes on two cores.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from itertools import product
from pathlib import Path

from tests import hostile
from tests.hostile import WAYS, Vector, vectors
from tests.judges import chromium
from tests.test_hostile_markup import faults_of_settings

__all__ = ["main"]

SETTINGS = "publisher.toml"
SHOWN = ("**/*.html", "**/*.xhtml", "**/*.svg", "*.xml", "sections/*.xml")


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """What became of the vectors of a family by one way."""

    family: str
    way: str
    refused: int = 0
    """How many files no reader took."""
    files: int = 0
    """How many files were judged, those inside books included."""
    loaded: int = 0
    """How many of them Chromium opened, each with policies and without."""
    survived: tuple[str, ...] = ()
    ran: tuple[str, ...] = ()


def of_family(family: str) -> list[Vector]:
    return [each for each in vectors() if each.family == family]


def attempt(work: tuple[str, str]) -> Tried:
    """Try the vectors of a family by one way."""
    family, way = work
    return _by_settings(family) if way == SETTINGS else _by_way(family, way)


def _by_settings(family: str) -> Tried:
    given = of_family(family)
    return Tried(
        family=family, way=SETTINGS, files=len(given), survived=tuple(found for each in given for found in faults_of_settings(each))
    )


def _by_way(family: str, way: str) -> Tried:
    read = [hostile.through(way, each, number) for number, each in enumerate(of_family(family))]
    articles = [each for several in read for each in several]
    many = hostile.crowded(articles)
    site, rest = hostile.site(many), hostile.agencies(many)
    files = hostile.inside(site | rest)
    survived = [
        *(found for each in articles for found in hostile.faults_of(each)),
        *(found for each in files for found in hostile.faults_in(each, files[each])),
    ]
    folder = hostile.laid(Path(tempfile.mkdtemp()), site)
    try:
        pages = sorted({each for pattern in SHOWN for each in folder.glob(pattern)})
        ran = [found for policy in (True, False) for found in _attacks(folder, pages, policy=policy)]
    finally:
        shutil.rmtree(folder)
    refused = sum(not several for several in read)
    return Tried(family=family, way=way, refused=refused, files=len(files), loaded=len(pages), survived=tuple(survived), ran=tuple(ran))


def _attacks(folder: Path, pages: Iterable[Path], *, policy: bool) -> Iterable[str]:
    found = chromium.attacks(pages, allowed=[folder.as_uri(), hostile.SITE, "https://example.org/"], policy=policy)
    return (f"{page.removeprefix(folder.as_uri())}: {each}" for page, several in found.items() for each in several)


def table(tried: Iterable[Tried]) -> str:
    """Return what was tried, in Markdown."""
    tried = list(tried)
    writers = len(hostile.kinds(hostile.through("RSS", vectors()[0], 0)))
    head = "| family | vectors | ways × writers | files judged | opened in Chromium | refused at once | survived | ran or asked |\n|---|--:|--:|--:|--:|--:|--:|--:|"
    families = dict.fromkeys(each.family for each in tried)
    rows = [_row(each, len(of_family(each)), [one for one in tried if one.family == each], writers) for each in families]
    return "\n".join((head, *rows, _row("**all**", len(vectors()), tried, writers)))


def _row(name: str, count: int, tried: list[Tried], writers: int) -> str:
    sums = [sum(getattr(each, key) for each in tried) for key in ("files", "loaded", "refused")]
    ends = [sum(len(getattr(each, key)) for each in tried) for key in ("survived", "ran")]
    ways = len({each.way for each in tried})
    return f"| {name} | {count:,} | {ways} × {writers} | {' | '.join(f'{each:,}' for each in (*sums, *ends))} |"


def main() -> int:
    """Try all, print the table and what survived."""
    work = list(product(dict.fromkeys(each.family for each in vectors()), (*WAYS, SETTINGS)))
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        tried = list(pool.map(attempt, work))
    print(table(tried))
    bad = [f"{each.way}: {found}" for each in tried for found in (*each.survived, *each.ran)]
    print(*bad[:200], sep="\n", file=sys.stderr)
    return int(bool(bad))


if __name__ == "__main__":
    sys.exit(main())
