"""Send every vector of `cases/hostile` by every way in, to every file that we write, read every hostile file, and print tables: `make hostile`.

Ends with 1 when anything survived, which it says; else with 0. Some fifteen minutes on two cores. With `markup` or `files` only one of the two.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from publisher.article import Article
from tests import hostile, hostile_files
from tests.hostile import WAYS, vectors
from tests.hostile_files import Outcome
from tests.judges import chromium
from tests.test_hostile_markup import faults_of_settings

__all__ = ["main"]

SETTINGS = "publisher.toml"
SHOWN = ("**/*.html", "**/*.xhtml", "*.xml")
FAMILIES = tuple(dict.fromkeys(each.family for each in vectors()))


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """What became of all vectors by one way."""

    way: str
    refused: tuple[str, ...] = ()
    """The families of those whose file no reader took."""
    files: int = 0
    """How many files were judged, those inside books included."""
    loaded: int = 0
    """How many pages Chromium opened."""
    survived: tuple[str, ...] = ()
    ran: tuple[str, ...] = ()


def attempt(way: str) -> Tried:
    """Try all vectors by one way."""
    return _by_settings() if way == SETTINGS else _by_way(way)


def _by_settings() -> Tried:
    """Try a site for each vector, whose settings say it."""
    found = [faults_of_settings(each) for each in vectors()]
    refused = tuple(each.family for each, faults in zip(vectors(), found, strict=True) if faults is None)
    survived = (f"n0-{number}-0 {fault}" for number, faults in enumerate(found) for fault in faults or ())
    return Tried(way=SETTINGS, refused=refused, files=len(vectors()) - len(refused), survived=tuple(survived))


def _by_way(way: str) -> Tried:
    read = [hostile.through(way, each, number) for number, each in enumerate(vectors())]
    many = [each for family in FAMILIES for each in hostile.crowded(list(_of(family, read)), 12)]
    site = hostile.site(many, hostile.settings(extra="sections = false\nauthors = false"))
    files = hostile.inside(site | hostile.agencies(many))
    survived = [found for several in read for each in several for found in hostile.faults_of(each)]
    survived += [found for path, body in files.items() for found in hostile.faults_in(path, body)]
    refused = tuple(vectors()[number].family for number, several in enumerate(read) if not several)
    loaded, ran = _opened(site)
    return Tried(way=way, refused=refused, files=len(files), loaded=loaded, survived=tuple(survived), ran=tuple(ran))


def _of(family: str, read: Sequence[Sequence[Article]]) -> Iterator[Article]:
    return (each for vector, several in zip(vectors(), read, strict=True) if vector.family == family for each in several)


def _opened(site: Mapping[str, bytes]) -> tuple[int, list[str]]:
    """Open all pages and chapters in Chromium without policies, and the articles with theirs; return how many, and what happened."""
    folder = hostile.laid(Path(tempfile.mkdtemp()), site)
    try:
        pages = sorted({each for pattern in SHOWN for each in folder.glob(pattern)})
        articles = sorted(folder.glob("articles/*.html"))
        found = [*_attacks(folder, pages, policy=False), *_attacks(folder, articles, policy=True)]
    finally:
        shutil.rmtree(folder)
    return len(pages) + len(articles), found


def _attacks(folder: Path, pages: Iterable[Path], *, policy: bool) -> Iterable[str]:
    found = chromium.attacks(pages, allowed=[folder.as_uri(), hostile.SITE, "https://example.org/"], policy=policy)
    return (f"{page.removeprefix(folder.as_uri())}: {each}" for page, several in found.items() for each in several)


def table(tried: Sequence[Tried]) -> str:
    """Return what was tried, in Markdown: a row for each family, and one for what has several, such as feeds."""
    writers = len(hostile.kinds(hostile.through("RSS", vectors()[0], 0)))
    head = f"| family | vectors | ways × writers | files refused | survived | ran, or asked |\n|---{'|--:' * 5}|"
    rows = [_row(each, tried, f"{len(tried)} × {writers}") for each in FAMILIES]
    sums = [sum(len(getattr(each, key)) for each in tried) for key in ("refused", "survived", "ran")]
    whole = f"| **all** | {len(vectors())} | {len(tried)} × {writers} | {' | '.join(map(str, sums))} |"
    files, loaded = (sum(getattr(each, key) for each in tried) for key in ("files", "loaded"))
    return "\n".join((head, *rows, whole, "", f"{files:,} files judged, {loaded:,} pages opened in Chromium."))


def _row(family: str, tried: Iterable[Tried], product: str) -> str:
    count = sum(each.family == family for each in vectors())
    refused = sum(each.refused.count(family) for each in tried)
    ends = (sum(_family(found) == family for each in tried for found in getattr(each, key)) for key in ("survived", "ran"))
    return f"| {family} | {count} | {product} | {refused} | {' | '.join(map(str, ends))} |"


def _family(found: str) -> str:
    """Return the family of the vector that is named in the identifier or the path of what was found."""
    number = re.search(r"\d+-(\d+)-\d", found)
    return vectors()[int(number[1])].family if number and int(number[1]) < len(vectors()) else ""


def files_table(found: Sequence[Outcome]) -> str:
    """Return what became of hostile files, in Markdown: a row for each family."""
    head = f"| family | tried | refused | read | faults | most memory, all of Python included | longest |\n|---{'|--:' * 6}|"
    families = dict.fromkeys(each.family for each in hostile_files.files())
    return "\n".join((head, *(_files_row(name, [each for each in found if each.name.startswith(f"{name}, ")]) for name in families)))


def _files_row(family: str, found: Sequence[Outcome]) -> str:
    refused = sum("refused" in each.said for each in found)
    faults = sum(bool(each.fault) for each in found)
    peak, seconds = max(each.peak for each in found) >> 20, max(each.seconds for each in found)
    return f"| {family} | {len(found)} | {refused} | {len(found) - refused - faults} | {faults} | {peak} MB | {seconds:.1f} s |"


def _try_files() -> int:
    """Read every hostile file, each family in a process of its own; print the table and the faults."""
    found: list[Outcome] = []
    for family in dict.fromkeys(each.family for each in hostile_files.files()):
        with tempfile.TemporaryDirectory() as folder:
            found += hostile_files.tried([each.name for each in hostile_files.files() if each.family == family], Path(folder))
    print(files_table(found))
    bad = [f"{each.name}: {each.fault}" for each in found if each.fault]
    print(*bad, sep="\n", file=sys.stderr)
    return int(bool(bad))


def main(wanted: Sequence[str] = ()) -> int:
    """Try what is wanted, or all; print the tables and what survived."""
    found = [work() for name, work in (("markup", _try_markup), ("files", _try_files)) if name in (wanted or ("markup", "files"))]
    return max(found)


def _try_markup() -> int:
    """Try all vectors, print the table and what survived."""
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        tried = []
        for each in pool.map(attempt, (SETTINGS, *WAYS)):
            tried.append(each)
            print(f"{each.way}: {each.files} files, {len(each.survived)} survived, {len(each.ran)} ran", file=sys.stderr, flush=True)
    print(table(tried))
    bad = [f"{each.way}: {found}" for each in tried for found in (*each.survived, *each.ran)]
    print(*bad[:200], sep="\n", file=sys.stderr)
    return int(bool(bad))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
