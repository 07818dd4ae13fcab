"""How a folder looks without any of its files being opened: each by its stamp, another one when it changes."""

from __future__ import annotations

import marshal
import os
import shutil
import sys
import time
import zlib
from array import array
from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache, cached_property
from hashlib import blake2b
from heapq import merge
from io import BytesIO
from itertools import islice
from pathlib import Path
from typing import Literal
from urllib.parse import unquote

from publisher.files.reading import CACHE, MANIFEST, Folder, Stamp, below, is_hidden, state
from publisher.paths import Packed, composed

__all__ = ["Census", "Inventory", "Placed", "Stamps", "census", "digest_of", "glimpse", "installed", "is_past", "moment"]

_RECORDS = "records"
"""How what `records` keeps in `CACHE` begins."""
_AT_ONCE = 1_000
"""Stamps that are spelled together."""
_MOST_WAITS = 100
"""Milliseconds to wait for the clock of a disk, which goes in steps of 4 or 10."""


class Stamps(Mapping[str, Stamp]):
    """Stamps by path, in the order of the paths: four numbers each, where tuples of numbers have ten times as many bytes."""

    def __init__(self, rows: Iterable[tuple[str, Stamp | None]] = ()) -> None:
        """Take those that have a stamp; `rows` are in the order of their paths."""
        self._paths: list[str] | Packed = Packed()
        self._numbers = array("q")
        self._large: dict[str, Stamp] = {}
        """Those with a number that is none of 64 bits, as some systems have."""
        self._shift = 0
        """How far from where it was looked for the last path was."""
        for path, stamp in rows:
            if stamp:
                self._note(path, stamp)

    def _note(self, path: str, stamp: Stamp) -> None:
        try:
            numbers = array("q", stamp)
        except OverflowError:
            self._large[path], numbers = stamp, array("q", (0, stamp[1], stamp[2], 0))
        self._paths.append(path)
        self._numbers.extend(numbers)

    def __getitem__(self, path: str) -> Stamp:
        place = bisect_left(self._paths, path)
        if place == len(self) or self._paths[place] != path:
            raise KeyError(path)
        return self._large.get(path) or self._at(place)

    def near(self, place: int, path: str) -> Stamp | None:
        """Return the stamp of a path, `None` when there is none; `place` is the one that it has in another list, of which most are here."""
        meant = place + self._shift
        if not 0 <= meant < len(self) or self._paths[meant] != path:
            meant = bisect_left(self._paths, path)
            if meant == len(self) or self._paths[meant] != path:
                return None
            self._shift = meant - place
        return self._large.get(path) or self._at(meant)

    def _at(self, place: int) -> Stamp:
        size, changed, said, number = self._numbers[4 * place : 4 * place + 4]
        return size, changed, said, number

    def __iter__(self) -> Iterator[str]:
        return iter(self._paths)

    def __len__(self) -> int:
        return len(self._paths)

    def rows(self) -> Iterator[tuple[str, Stamp]]:
        """Yield all of them with their paths, without looking for any."""
        large = self._large.get
        return ((path, large(path) or self._at(place)) for place, path in enumerate(self._paths))

    @property
    def latest(self) -> int:
        """When one of the files has changed last (ns), 0 when there is none."""
        return max((max(self._numbers[place::4], default=0) for place in (1, 2)), default=0)


class _Unordered(Stamps):
    """Stamps by path, in any order."""

    def __init__(self) -> None:
        super().__init__()
        self._paths = []
        self._places: dict[str, int] = {}

    def note(self, path: str, stamp: Stamp) -> None:
        """Add the stamp of a path that is not there yet."""
        self._places[path] = len(self)
        self._note(path, stamp)

    def __getitem__(self, path: str) -> Stamp:
        place = self._places[path]
        return self._large.get(path) or self._at(place)

    def __contains__(self, path: object) -> bool:
        return path in self._places

    def near(self, place: int, path: str) -> Stamp | None:
        return self.get(path)


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """What placing did: paths below the folder."""

    changed: Collection[str]
    removed: tuple[str, ...]
    stayed: int = 0
    """How many files of earlier builds this one would have removed, but that they stay, or are behind a link."""
    states: Stamps = field(default_factory=Stamps, compare=False)
    """Of what was written or found to be the same; none where a later change might not be seen."""


class Inventory:
    """What was in a folder at one moment, looked at once: a file that has the same stamp later is the same."""

    def __init__(self, folder: Folder, moment: int, names: Iterable[str] = ()) -> None:
        """Look at the files of a folder; `moment` is the time by the clock of its disk (ns), before anybody has read one of them.

        Who has their `names` already need not have them twice.
        """
        self._folder = folder
        self._moment = moment
        self._stamps = _Unordered()
        """Of what is no link."""
        self.paths: list[str] = []
        """Of all files that no build made, in the order of `walk`."""
        known = {each: each for each in names}
        for path, entry in below(folder.root, made=False):
            self.paths.append(known.get(path, path))
            if stamp := _stamp(entry):
                self._stamps.note(self.paths[-1], stamp)

    def stamp(self, path: str) -> Stamp | None:
        """Return the stamp of a file, `None` when there is none to rely on: for a link, and for what was changed just now.

        What is changed twice in one instant may have one stamp (racy, says Git).
        """
        found = self._stamps.get(path)
        return found if found and max(found[1], found[2]) < self._moment else None

    def state(self, url: str) -> Stamp | Literal["absent"] | None:
        """Return the stamp of the file behind a URL, "absent" when there is none, `None` when one has to look at it."""
        base = self._folder.base
        if not base or not url.startswith(base):
            return "absent"
        path = unquote(url[len(base) :].partition("#")[0].partition("?")[0])
        if path in self._stamps and not is_hidden(path):
            return self.stamp(path)
        return None if self._folder.path(url) else "absent"


def _stamp(entry: os.DirEntry[str]) -> Stamp | None:
    try:
        if entry.is_symlink():
            return None
        found = entry.stat()
    except OSError:
        return None
    return found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino


class Census:
    """All files below a folder, with their stamps; two with the same digest are of the same files."""

    def __init__(self, stamps: Mapping[str, Stamp] | bytes, later: Stamps | None = None) -> None:
        """`stamps` may be another one as it is `spelled`; `later` has others, of files that are not among those."""
        self._given = stamps
        self._later = later or Stamps()

    @cached_property
    def _stamps(self) -> Mapping[str, Stamp]:
        """By path; that of a link has where it leads behind a null."""
        if not isinstance(self._given, bytes):
            return self._given
        found, spelled = dict[str, Stamp](), BytesIO(self._given)
        while spelled.tell() < len(self._given):
            found.update(marshal.load(spelled))  # noqa: S302 - ours, or sealed as all that is remembered
        return found

    def _rows(self) -> Iterator[tuple[str, Stamp]]:
        """Yield all in the order of their paths. A disk may list é as one letter or as two, whatever was written: both are one here."""
        ours = sorted((composed(path), each) for path, each in self._stamps.items())
        others = sorted((composed(path), each) for path, each in self._later.rows() if not path.isascii())
        return merge(ours, (each for each in self._later.rows() if each[0].isascii()), others)

    def _parts(self) -> Iterator[bytes]:
        """Yield all as bytes, which are the same for the same files."""
        rows = self._rows()
        while some := [*islice(rows, _AT_ONCE)]:
            # Numbers and text alone, each spelled as it is: none of the references that later versions of this format have.
            yield marshal.dumps(some, 0)

    @property
    def spelled(self) -> bytes:
        """All of it as bytes."""
        return self._given if isinstance(self._given, bytes) else b"".join(self._parts())

    @cached_property
    def digest(self) -> str:
        """What another one has when anything is different."""
        found = blake2b(digest_size=16)
        for each in (self._given,) if isinstance(self._given, bytes) else self._parts():
            found.update(each)
        return found.hexdigest()

    @property
    def latest(self) -> int:
        """When one of them has changed last (ns)."""
        return max(self._later.latest, max((max(each[1], each[2]) for each in self._stamps.values()), default=0))

    def stamp(self, path: str) -> Stamp | None:
        """Return the stamp of a file below the folder, `None` for a link and where there is none."""
        return self._later.get(path) or self._stamps.get(self._listed(path))

    def others(self, before: Census) -> dict[str, Stamp] | None:
        """Return the stamps of the files that are others than before; `None` when one has come or gone."""
        ours, theirs = dict(self._rows()), dict(before._rows())
        if ours.keys() != theirs.keys() or len(ours) != self._count or len(theirs) != before._count:
            return None
        return {path: stamp for path, stamp in ours.items() if stamp != theirs[path]}

    @property
    def _count(self) -> int:
        return len(self._stamps) + len(self._later)

    def after(self, placed: Placed) -> Census:
        """Return what there will be after files were placed here, when nobody else changes anything."""
        gone = {*map(self._listed, placed.removed), *map(self._listed, placed.states)} if self._stamps else set[str]()
        return Census({path: each for path, each in self._stamps.items() if path not in gone}, placed.states)

    def _listed(self, path: str) -> str:
        """Return a path as the disk spells it: HFS+ lists é as two characters, however it was written."""
        return path if path in self._stamps or path.isascii() else self._spellings.get(composed(path), path)

    @cached_property
    def _spellings(self) -> dict[str, str]:
        return {composed(path): path for path in self._stamps if not path.isascii()}


def glimpse(root: Path) -> dict[str, Stamp | int | None]:
    """Return what can be seen below a folder where not all of it can be: files with their stamps, folders with their rights."""
    found: dict[str, Stamp | int | None] = {}
    for folder, inner, names in os.walk(root):
        inner[:] = [each for each in inner if each[0] != "." and each != "node_modules" and not state(os.path.join(folder, each, MANIFEST))]
        found.update((path, _rights(path)) for each in inner if (path := os.path.join(folder, each)))
        found.update((path, state(path)) for each in names if each[0] != "." and (path := os.path.join(folder, each)))
    return found


def _rights(folder: str) -> int | None:
    try:
        return os.stat(folder).st_mode
    except OSError:
        return None


def digest_of(spelled: bytes) -> str:
    """Return the digest of a census as it is spelled."""
    return blake2b(spelled, digest_size=16).hexdigest()


def census(root: Path, without: Path | None = None) -> Census | None:
    """Return what is below a folder, seen without reading any file; `None` when not all of it can be seen.

    Links are followed to files. Hidden names are left out, but for what builds look at: manifests, and what was fetched.
    """
    found: dict[str, Stamp] = {}
    left_out, waiting = str(without) if without else None, [("", str(root))]
    try:
        while waiting:
            above, folder = waiting.pop()
            is_inner = above == f"{CACHE}/" or os.name == "nt"  # what is looked at more closely
            with os.scandir(folder) as entries:
                for each in entries:
                    name = each.name
                    if name[0] != "." and not is_inner and each.is_file(follow_symlinks=False):  # nearly all
                        said = each.stat(follow_symlinks=False)
                        found[above + name] = said.st_size, said.st_mtime_ns, said.st_ctime_ns, said.st_ino
                    elif _is_seen(above, name):
                        if not each.is_dir(follow_symlinks=False):
                            _note(found, f"{above}{name}", each)
                        elif each.path != left_out:
                            waiting.append((f"{above}{name}/", each.path))
    except OSError:
        return None
    return Census(found)


def _is_seen(above: str, name: str) -> bool:
    if above == f"{CACHE}/":
        return not name.startswith((_RECORDS, ".gitignore"))
    return name[0] != "." or name == MANIFEST or (not above and name == CACHE)


def _note(found: dict[str, Stamp], path: str, entry: os.DirEntry[str]) -> None:
    """Note the stamp of a file, and of a link where it leads; raise `OSError` when what is behind it may change without being seen here."""
    is_link = entry.is_symlink()
    if is_link and entry.is_dir():
        raise IsADirectoryError(path)
    at_link = is_link and not os.path.exists(entry.path)
    said = os.stat(entry.path, follow_symlinks=not at_link) if is_link or os.name == "nt" else entry.stat(follow_symlinks=False)
    # `DirEntry.stat` has no number on Windows.
    name = f"{path}\0{os.readlink(entry.path)}" if is_link else path
    found[name] = said.st_size, said.st_mtime_ns, said.st_ctime_ns, said.st_ino


@cache  # as it was when this process began, whose code is what it has read then
def installed() -> bytes:
    """Return a digest of what makes the outputs: sizes and times of our own files, Python, packages with versions, pandoc."""
    own = [(path, entry.stat()) for path, entry in below(Path(__file__).parent.parent, made=True) if not path.endswith(".pyc")]
    stamps = [(path, said.st_size, said.st_mtime_ns) for path, said in own]
    converter = shutil.which("pandoc")
    all_of_it = (sys.version, zlib.ZLIB_RUNTIME_VERSION, sorted({*_packages()}), stamps, converter, converter and state(converter))
    return blake2b(repr(all_of_it).encode(errors="surrogatepass"), digest_size=16).digest()


def _packages() -> Iterator[str]:
    for folder in sys.path:
        with suppress(OSError):  # a ZIP file, a folder that is not there
            yield from (each for each in os.listdir(folder or ".") if each.endswith((".dist-info", ".egg-info")))


def moment(folder: Path) -> int:
    """Return what time it is (ns) for the disk that a folder is on: what changes from now on has this time or a later one.

    It goes in steps of some milliseconds, and two changes in one step have the same time. 0 when that cannot be known.
    """
    try:
        os.utime(folder)
        found = os.stat(folder).st_mtime_ns
    except OSError:
        return 0
    return found if found % 10**9 else 0  # whole seconds: a clock with steps that long tells too little


def is_past(folder: Path, latest: int) -> bool:
    """Wait until the clock of the disk has gone on since a time; return whether it has."""
    for _ in range(_MOST_WAITS):
        now = moment(folder)
        if now > latest or not now:
            return bool(now)
        time.sleep(0.001)
    return False
