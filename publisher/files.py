"""The disk: the only module that opens files.

What is written is written whole or not at all: every file first in a hidden folder, then moved, and moved back when one cannot be;
a file whose bytes are the same stays as it is, and what an earlier build made and this one does not, goes.
"""

from __future__ import annotations

import errno
import hashlib
import marshal
import os
import posixpath
import shutil
import signal
import stat
import sys
import tempfile
import threading
import time
import zipfile
import zlib
from array import array
from bisect import bisect_left
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager, nullcontext, suppress
from dataclasses import dataclass, field
from functools import cache, cached_property, partial
from hashlib import blake2b
from heapq import merge
from io import BytesIO
from itertools import chain, islice, takewhile
from operator import attrgetter
from pathlib import Path, PurePosixPath
from typing import Any, Literal, NoReturn
from urllib.parse import unquote

from publisher.paths import composed, folded
from publisher.problems import PublisherError, Severity, problem

try:
    import fcntl
except ImportError:  # Windows: two builds at once are not kept apart there
    fcntl = None  # type: ignore[assignment]

__all__ = [
    "ANNOUNCED",
    "CACHE",
    "LEDGER",
    "MANIFEST",
    "SETTINGS",
    "THEME",
    "Body",
    "Cache",
    "Census",
    "Folder",
    "Inventory",
    "Placed",
    "Spool",
    "Stamp",
    "Stamps",
    "Store",
    "adopt",
    "alone",
    "census",
    "digest_of",
    "home",
    "installed",
    "kept_folder",
    "listed",
    "manifest_of",
    "member",
    "members",
    "moment",
    "names",
    "part",
    "paths_in",
    "place",
    "put",
    "read",
    "scratch",
    "small",
    "spool",
    "state",
    "walk",
    "write",
]

SETTINGS = "publisher.toml"
THEME = "theme"
"""Folder beside the settings with a user's own files for the look of pages; nothing in it is a source, or published."""
MANIFEST = ".publisher"
"""Lists what the last build made, so that the next one removes nothing else."""
CACHE = ".publisher-cache"
"""Folder for what was fetched for books, and what builds remember; hidden like `_STAGED`."""
ANNOUNCED = ".publisher-announced"
"""What was announced to whom, beside the settings."""
LEDGER = ".publisher-import"
"""Lists what the last import has written, so that the next one knows what somebody has edited since."""
_RECORDS = "records"
"""How what `records` keeps in `CACHE` begins."""
_LARGEST = 512 * 2**20
_SHELVES = "0123456789abcdef"
"""Folders among which waiting outputs are divided: processes that make files in one and the same wait for each other."""
_AT_ONCE = 1_000
"""Stamps that are spelled together."""
_MOST_WAITS = 100
"""Milliseconds to wait for the clock of a disk, which goes in steps of 4 or 10."""
_STAGED = ".publisher-new"
"""Folder for what is not yet in place; hidden, so that no web server shows it and `walk` passes it by."""


def read(path: Path) -> bytes:
    """Return the bytes of a file; raise `PublisherError` when it cannot be read."""
    try:
        if path.stat().st_size > _LARGEST:
            hint = "split it, or read it in parts"
            raise PublisherError(
                problem("file-too-large", Severity.ERROR, f"the file is larger than {_LARGEST >> 20} MB", hint=hint).at(str(path))
            )
        return path.read_bytes()
    except OSError as error:
        raise _unreadable(error, path) from None


def _unreadable(error: OSError, path: Path) -> PublisherError:
    message = f"the file cannot be read: {(error.strerror or 'unknown').lower()}"
    return PublisherError(problem("file-unreadable", Severity.ERROR, message, hint="check its name and your rights").at(str(path)))


def part(path: Path, start: int, end: int) -> bytes:
    """Return the bytes of a file from `start` to before `end`; raise `PublisherError` when it cannot be read."""
    try:
        with path.open("rb") as file:
            file.seek(start)
            return file.read(end - start)
    except OSError as error:
        raise _unreadable(error, path) from None


@contextmanager
def held(path: Path) -> Iterator[Callable[[int, int], bytes]]:
    """Give what reads a file from one byte to before another, also when it is removed meanwhile; raise `PublisherError` when there is none.

    One thread at a time may read.
    """
    try:
        file = path.open("rb")
    except OSError as error:
        raise _unreadable(error, path) from None

    def part(start: int, end: int) -> bytes:
        file.seek(start)
        return file.read(end - start)

    with file:
        yield part


def member(path: Path, name: str) -> bytes | None:
    """Return one member of a ZIP file without reading the rest of it, or `None` when there is none that can be read."""
    try:
        with zipfile.ZipFile(path) as archive:
            found = archive.getinfo(name)
            return archive.read(found) if found.file_size <= _LARGEST else None
    except (OSError, KeyError, ValueError, EOFError, RuntimeError, NotImplementedError, zipfile.BadZipFile, zlib.error):
        return None


def members(path: Path) -> tuple[str, ...]:
    """Return the names of the members of a ZIP file, none when it cannot be read."""
    try:
        with zipfile.ZipFile(path) as archive:
            return tuple(archive.namelist())
    except (OSError, ValueError, EOFError, RuntimeError, NotImplementedError, zipfile.BadZipFile):
        return ()


def names(folder: Path) -> frozenset[str]:
    """Return the names of the files in a folder; none when there is no such folder."""
    try:
        return frozenset(each.name for each in folder.iterdir() if each.is_file())
    except OSError:
        return frozenset()


def small(folder: Path, most: int = 100, size: int = 2**20) -> dict[str, bytes]:
    """Return the files right in a folder by their names, without hidden ones and links that lead out of it.

    Raise `PublisherError` when there are more than `most`, or one has more than `size` bytes.
    """
    found = sorted(each for each in names(folder) if not each.startswith(".") and _stays(folder, each))
    if len(found) > most:
        message, hint = f"there are more than {most} files in this folder", "keep only those that are used"
        raise PublisherError(problem("folder-too-full", Severity.ERROR, message, hint=hint).at(str(folder)))
    return {each: _small(folder / each, size) for each in found}


def _small(path: Path, size: int) -> bytes:
    if path.stat().st_size > size:
        hint = "put pictures and fonts into media/"
        raise PublisherError(problem("file-too-large", Severity.ERROR, f"the file is larger than {size >> 20} MB", hint=hint).at(str(path)))
    return read(path)


def home(path: Path) -> Path:
    """Return the folder with the `publisher.toml` that is nearest above `path`, else the folder `path` is in."""
    folder = path if path.is_dir() else path.parent
    resolved = folder.resolve()
    return next((each for each in (resolved, *resolved.parents) if (each / SETTINGS).is_file()), folder)


def walk(root: Path, *, made: bool = True) -> Iterator[str]:
    """Yield the paths of all files below `root`, with `/`, in the order of their names; hidden ones are left out.

    Without `made`, those that a build made are left out too, and folders below `root` that a build has written to.
    """
    return (path for path, _ in _found(root, made=made))


def _found(root: Path, *, made: bool) -> Iterator[tuple[str, os.DirEntry[str]]]:
    """Yield the paths of files below `root`, as `walk` does, and what the system says of them."""
    left_out: set[str] = set()
    waiting = [("", str(root))]
    while waiting:
        above, folder = waiting.pop()
        left_out |= set() if made else {f"{above}{PurePosixPath(each)}" for each in listed(Path(folder))}
        entries = _entries(folder)
        folders = {each.name: each.path for each in entries if _is_folder(each)}
        for each in entries:
            path = f"{above}{each.name}"
            if not each.name.startswith(".") and each.name not in folders and path not in left_out and _may_be_read(each):
                yield path, each
        waiting += ((f"{above}{name}/", path) for name, path in reversed(folders.items()) if _is_open(Path(path), made=made))


def _entries(folder: str) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as found:
            return sorted(found, key=attrgetter("name"))
    except OSError as error:
        _refuse_folder(error)


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:
        return False


def _refuse_folder(error: OSError) -> NoReturn:
    message = f"the folder cannot be read: {(error.strerror or 'unknown').lower()}"
    found = problem("folder-unreadable", Severity.ERROR, message, hint="check your rights")
    raise PublisherError(found.at(str(error.filename))) from None


def _may_be_read(entry: os.DirEntry[str]) -> bool:
    """Return whether this is a file; also where it leads nowhere, so that who reads it is told. Pipes and devices are none."""
    try:
        return entry.is_file(follow_symlinks=False) or stat.S_ISREG(entry.stat().st_mode)
    except OSError:
        return True


def _is_open(folder: Path, *, made: bool) -> bool:
    if folder.name.startswith(".") or folder.name == "node_modules" or folder.is_symlink():
        return False
    if folder.name == THEME and (folder.parent / SETTINGS).is_file():
        return False
    return made or not (folder / MANIFEST).is_file()


@dataclass(frozen=True, slots=True)
class Folder:
    """The files below a folder, by their path or by the URL they are published at."""

    root: Path
    base: str
    """URL that stands for the folder."""

    def path(self, url: str) -> str | None:
        """Return the path below the folder that a URL stands for, or `None` when it is elsewhere or no file."""
        if not self.base or not url.startswith(self.base):
            return None
        found = unquote(url[len(self.base) :].partition("#")[0].partition("?")[0])
        if not _is_plain(found) or _is_hidden(found) or self._is_of_theme(found):
            return None
        return found if _is_inside(self.root, found) else None

    def _is_of_theme(self, path: str) -> bool:
        return path.startswith(f"{THEME}/") and (self.root / SETTINGS).is_file()

    def leads_out(self, path: str) -> bool:
        """Return whether a file below the folder is a link to one that is not: a stranger's source must not publish what lies elsewhere."""
        return (self.root / path).is_symlink() and not _stays(self.root, path)

    def open(self, path: str) -> bytes:
        """Return the bytes of the file at `path`; raise `PublisherError` when it cannot be read."""
        return read(self.root / path)

    def state(self, url: str) -> tuple[str, int, int, int] | None:
        """Return path, bytes and times of change (ns) of the file behind a URL: others when it changes; `None` when there is none."""
        path = self.path(url)
        return _with_path(self.root / path) if path is not None else None

    def __call__(self, url: str) -> bytes | None:
        """Return the bytes behind a URL, or `None` when it is not one of the folder's files."""
        return self.open(path) if (path := self.path(url)) else None


Stamp = tuple[int, int, int, int]
"""Of a file: bytes, times of change of what is in it and of what is said of it (ns), number. Another when it was changed."""


class Stamps(Mapping[str, Stamp]):
    """Stamps by path, in the order of the paths: four numbers each, where tuples of numbers have ten times as many bytes."""

    def __init__(self, rows: Iterable[tuple[str, Stamp | None]] = ()) -> None:
        """Take those that have a stamp; `rows` are in the order of their paths."""
        self._paths: list[str] = []
        self._numbers = array("q")
        self._large: dict[str, Stamp] = {}
        """Those with a number that is none of 64 bits, as some systems have."""
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
        if self._paths[place : place + 1] != [path]:
            raise KeyError(path)
        return self._large.get(path) or self._at(place)

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


class Inventory:
    """What was in a folder at one moment, looked at once: a file that has the same stamp later is the same."""

    def __init__(self, folder: Folder, moment: int) -> None:
        """Look at the files of a folder; `moment` is the time by the clock of its disk (ns), before anybody has read one of them."""
        self._folder = folder
        self._stamps: dict[str, Stamp | None] = {}
        """Of what is no link; `None` for what was changed just now: changed twice in one instant it may have one stamp (racy, says Git)."""
        self.paths: list[str] = []
        """Of all files that no build made, in the order of `walk`."""
        for path, entry in _found(folder.root, made=False):
            self.paths.append(path)
            if stamp := _stamp(entry):
                self._stamps[path] = stamp if max(stamp[1], stamp[2]) < moment else None

    def stamp(self, path: str) -> Stamp | None:
        """Return the stamp of a file, `None` when there is none to rely on: for a link, and for what was changed just now."""
        return self._stamps.get(path)

    def state(self, url: str) -> Stamp | Literal["absent"] | None:
        """Return the stamp of the file behind a URL, "absent" when there is none, `None` when one has to look at it."""
        base = self._folder.base
        if not base or not url.startswith(base):
            return "absent"
        path = unquote(url[len(base) :].partition("#")[0].partition("?")[0])
        if path in self._stamps and not _is_hidden(path):
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


@dataclass(frozen=True, slots=True)
class Cache:
    """The files of a folder, and what was fetched from elsewhere: each address once, until the folder `CACHE` is taken away."""

    folder: Folder

    def __call__(self, url: str) -> bytes | None:
        """Return the bytes behind a URL, or `None` when they are neither in the folder nor were fetched."""
        own = self.folder(url)
        return own if own is not None or not self._has(url) else self.folder.open(_cached(url))

    def state(self, url: str) -> tuple[str, int, int, int] | None:
        """Return what `Folder.state` does, also of what was fetched."""
        kept = self.folder.root / _cached(url)
        return self.folder.state(url) or (_with_path(kept) if self._has(url) else None)

    def lacks(self, url: str) -> bool:
        """Return whether the bytes behind a URL are neither in the folder nor were fetched."""
        return self.folder.path(url) is None and not self._has(url)

    def prepare(self) -> None:
        """Make room for what will be fetched, out of the way of Git; raise `PublisherError` when that cannot be."""
        if not _stays(self.folder.root, CACHE):
            hint = f"take the link {CACHE} away"
            raise PublisherError(problem("link-outside", Severity.ERROR, f"{CACHE} leads out of the folder", hint=hint))
        write(self.folder.root / CACHE / ".gitignore", b"*\n")

    def file(self, name: str) -> Path | None:
        """Return where a file of ours is beside what was fetched, `None` when it cannot be there or is a link to elsewhere."""
        folder = self.folder.root / CACHE
        try:
            if not (folder / ".gitignore").is_file() or not _stays(self.folder.root, CACHE):
                self.prepare()
            # A database has others beside it, whose names begin alike.
            return None if any(each.is_symlink() for each in folder.glob(f"{name}*")) else folder / name
        except (PublisherError, OSError):
            return None

    def moment(self) -> int:
        """Return what time it is for the disk that this is on, as `moment` does."""
        return moment(self.folder.root / CACHE)

    def keep(self, url: str, body: bytes) -> None:
        """Keep what was fetched; raise `PublisherError` when that cannot be."""
        write(self.folder.root / _cached(url), body)

    def _has(self, url: str) -> bool:
        return _is_inside(self.folder.root, _cached(url))


@dataclass(frozen=True, slots=True)
class Store:
    """What can be made again, by keys that are names of files: whole and as it was, or not there. What cannot be kept is done without."""

    folder: Path

    def get(self, key: str, /) -> bytes | None:
        """Return what is kept under a key, `None` when there is nothing or it is damaged; it counts as used just now."""
        path = self.folder / key
        try:
            os.utime(path)
            seal, _, body = path.read_bytes().partition(b"\n")
        except OSError:
            return None
        return body if seal == _seal(body) else None

    def keep(self, key: str, body: bytes, /) -> None:
        """Keep it, if that can be."""
        with suppress(PublisherError):
            write(self.folder / key, _seal(body) + b"\n" + body)

    def trim(self, most: int) -> None:
        """Take away what was not used for longest, until there are at most so many bytes."""
        with suppress(OSError):
            found = [(each.stat(), each) for each in self.folder.iterdir()]
            for status, path in sorted(found, key=lambda each: (each[0].st_mtime_ns, each[1].name), reverse=True):
                most -= status.st_size
                if most < 0:
                    path.unlink(missing_ok=True)


def _seal(body: bytes) -> bytes:
    return hashlib.sha256(body).hexdigest().encode()


def kept_folder() -> Path:
    """Return the folder for what can be had again: the one that `PUBLISHER_CACHE` names, else the user's for such things."""
    if named := os.environ.get("PUBLISHER_CACHE"):
        return Path(named)
    from platformdirs import user_cache_path

    return user_cache_path("publisher", appauthor=False)


def state(path: str | os.PathLike[str]) -> Stamp | None:
    """Return the stamp of a file, `None` when there is none."""
    try:
        found = os.stat(path)
    except (OSError, ValueError):
        return None
    return (found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino) if stat.S_ISREG(found.st_mode) else None


def _with_path(path: Path) -> tuple[str, int, int, int] | None:
    found = state(resolved := os.path.realpath(path))  # which, other than `resolve`, raises nothing where links go round in a circle (3.11)
    return (str(resolved), *found[:3]) if found else None


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
        gone = {*map(self._listed, placed.removed), *map(self._listed, placed.states)}
        return Census({path: each for path, each in self._stamps.items() if path not in gone}, placed.states)

    def _listed(self, path: str) -> str:
        """Return a path as the disk spells it: HFS+ lists é as two characters, however it was written."""
        return path if path in self._stamps or path.isascii() else self._spellings.get(composed(path), path)

    @cached_property
    def _spellings(self) -> dict[str, str]:
        return {composed(path): path for path in self._stamps if not path.isascii()}


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
    own = [(path, entry.stat()) for path, entry in _found(Path(__file__).parent, made=True) if not path.endswith(".pyc")]
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


def _past(folder: Path, latest: int) -> bool:
    """Wait until the clock of the disk has gone on since a time; return whether it has."""
    for _ in range(_MOST_WAITS):
        now = moment(folder)
        if now > latest or not now:
            return bool(now)
        time.sleep(0.001)
    return False


def _cached(url: str) -> str:
    address = url.partition("#")[0]
    return f"{CACHE}/{hashlib.sha256(address.encode(errors='surrogateescape')).hexdigest()}"


def _is_hidden(path: str) -> bool:
    """Return whether nobody may see the file: the settings, and names with a dot in front, as in `walk`."""
    return any(part == SETTINGS or part.startswith(".") for part in path.split("/"))


def _is_inside(root: Path, path: str) -> bool:
    """Return whether `path` is a file below `root`, and stays there when symbolic links are followed."""
    try:
        return os.path.isfile(os.path.join(root, path)) and _stays(root, path)
    except (OSError, ValueError):  # a name too long, a null character
        return False


def _stays(root: Path, path: str) -> bool:
    """Return whether a path leads to what is below `root`; it is only resolved where one of its folders or the file is a link."""
    return not _may_lead_out(root, path) or Path(os.path.realpath(root / path)).is_relative_to(os.path.realpath(root))


def _may_lead_out(root: Path, path: str) -> bool:
    parts = path.split("/")
    if os.name == "nt" or path.startswith("/") or ".." in parts:
        return True  # Windows has more kinds of links and other separators
    place = str(root)
    for part in parts:
        place = f"{place}/{part}"
        if os.path.islink(place):
            return True
    return False


def write(path: Path, body: bytes) -> None:
    """Write one file, whole or not at all; raise `PublisherError` when that cannot be."""
    # A short name of its own: the file's name with an ending could be longer than a name may be.
    temporary = path.with_name(f"{_STAGED}-{hashlib.sha256(path.name.encode(errors='surrogateescape')).hexdigest()[:16]}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary.write_bytes(body)
        os.replace(temporary, path)
    except (OSError, ValueError) as error:
        with suppress(OSError):
            temporary.unlink()
        raise _unwritable(error, path) from None


def _unwritable(error: OSError | ValueError, path: Path) -> PublisherError:
    reason = (error.strerror or "unknown").lower() if isinstance(error, OSError) else str(error)
    found = problem("file-unwritable", Severity.ERROR, f"cannot write: {reason}", hint="check the folder and the space on the disk")
    return PublisherError(found.at(str(getattr(error, "filename2", None) or getattr(error, "filename", None) or path)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """What placing did: paths below the folder."""

    changed: tuple[str, ...]
    removed: tuple[str, ...]
    states: Stamps = field(default_factory=Stamps, compare=False)
    """Of what was written or found to be the same; none where a later change might not be seen."""


def _none(path: str) -> bool:
    return False


class Spool:
    """Keeps outputs until all of a build are made, on the disk where they are to be: then each has only to be renamed.

    Whichever process makes one keeps it; its path says where it is, so that nobody needs to be told.
    """

    def __init__(self, exports: Path) -> None:
        self._exports = exports
        self._folder = ""
        self._process = os.getpid()
        self._lock: int | None = None
        """Held by who has opened it: what nobody holds was left by a build that was killed."""
        self._made: list[Path] = []
        """Folders that were not there before."""

    def open(self) -> None:
        """Make room, before other processes are begun that keep something; raise `PublisherError` when that cannot be."""
        if self._folder:
            return
        try:
            self._made = [*takewhile(lambda each: not each.exists(), (self._exports, *self._exports.parents))]
            self._exports.mkdir(parents=True, exist_ok=True)
            _clear(self._exports)
            while not self._folder:
                folder = tempfile.mkdtemp(prefix=f"{_STAGED}-", dir=self._exports)
                self._lock = self._locked(folder)  # unless another build has just taken it away
                self._folder = folder if fcntl is None or self._lock is not None else ""
            for each in _SHELVES:
                os.mkdir(f"{self._folder}/{each}")
        except (OSError, ValueError) as error:
            raise _unwritable(error, self._exports) from None

    @staticmethod
    def _locked(folder: str) -> int | None:
        try:
            return _held(folder)
        except OSError:  # a disk without locks
            os.rmdir(folder)
            raise

    def __call__(self, path: str, body: bytes) -> Spool:
        """Keep the bytes of an output; raise `PublisherError` when that cannot be."""
        self.open()
        if self._lock is not None and self._process != os.getpid():
            os.close(self._lock)  # a fork of who holds it
            self._lock = None
        try:
            with open(self.file(path), "wb") as file:
                file.write(body)
        except OSError as error:
            raise _unwritable(error, self._exports) from None
        return self

    def file(self, path: str) -> str:
        """Return where the bytes of an output are."""
        name = blake2b(path.encode(errors="surrogateescape"), digest_size=16).hexdigest()
        return f"{self._folder}/{name[0]}/{name[1:]}"

    def close(self) -> None:
        """Take away what is left, and folders that nothing has come into."""
        if self._folder:
            _surely(shutil.rmtree, self._folder, ignore_errors=True)
            self._folder = ""
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None
        with suppress(OSError):  # not empty
            for each in self._made:
                each.rmdir()
        self._made = []

    def __reduce__(self) -> tuple[Callable[..., Spool], tuple[Path, str]]:
        return _same_spool, (self._exports, self._folder)


def _same_spool(exports: Path, folder: str) -> Spool:
    found = Spool(exports)
    found._folder = folder
    return found


def _held(folder: str) -> int | None:
    """Return what holds a folder until it is closed, `None` when somebody else does, it is gone, or this system has no such locks.

    Raises `OSError` when the disk has none.
    """
    if fcntl is None:
        return None
    handle = None
    try:
        handle = os.open(folder, os.O_RDONLY)
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        os.stat(folder)
    except OSError as error:
        if handle is not None:
            os.close(handle)
        if isinstance(error, (BlockingIOError, FileNotFoundError)):
            return None
        raise
    return handle


def _clear(folder: Path) -> None:
    """Take away what builds have left in a folder that were killed; without locks nobody can tell that from what is in use."""
    for each in filter(_is_spool, folder.glob(f"{_STAGED}-????????/")):
        with suppress(OSError):
            if (held := _held(str(each))) is not None:
                shutil.rmtree(each, ignore_errors=True)
                os.close(held)


def _is_spool(folder: Path) -> bool:
    """Return whether there is nothing in a folder but what a build puts there."""
    try:
        return all(each.name in {*_SHELVES} and each.is_dir(follow_symlinks=False) for each in os.scandir(folder))
    except OSError:
        return False


Body = bytes | Path | Spool
"""What is to be in a file: the bytes, where they are, or what keeps them by the path of the file."""


@contextmanager
def spool(exports: Path) -> Iterator[Spool]:
    """Yield a `Spool` for a folder of exports; what is left in it goes at the end."""
    with closing(Spool(exports)) as kept:
        yield kept


def place(
    folder: Path,
    written: Mapping[str, Body],
    *,
    left: Collection[str] = (),
    before: Stamp | None = None,
    complete: bool = True,
    stays: Callable[[str], bool] = _none,
) -> Placed:
    """Make the files below `folder` what `written` says, and where that is `complete`, remove what an earlier build made besides.

    What a `Spool` keeps is taken out of it, and that is closed then. What is `left` is there already, and stays; `before` is the stamp
    of the manifest when that was seen. What `stays` by its path is never removed.
    Raise `PublisherError` when that cannot be; then nothing has changed.
    """
    _refuse_outside(folder, written)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with _alone(folder):
            if left:
                _refuse_changed(folder, before)
            return _place(folder, written, left, complete=complete, stays=stays)
    except (OSError, ValueError) as error:
        raise _unwritable(error, folder) from None


def put(folder: Path, written: Mapping[str, bytes]) -> tuple[str, ...]:
    """Make the files below `folder` what `written` says, whoever made those that are there; return the paths of those that have changed.

    Raise `PublisherError` when that cannot be; then nothing has changed.
    """
    _refuse_outside(folder, written)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with _alone(folder):
            changed = tuple(path for path, body in written.items() if not _is_same(folder, path, body))
            if changed:
                _exchange(folder, changed, map(written.__getitem__, changed), ())
            return changed
    except (OSError, ValueError) as error:
        raise _unwritable(error, folder) from None


@contextmanager
def scratch() -> Iterator[Path]:
    """Give a folder that is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="publisher-") as name:
        yield Path(name)


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Make a folder and keep other builds out of it; raise `PublisherError` when one is in it, or it cannot be made."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _unwritable(error, folder) from None
    with _alone(folder):
        yield


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Keep other builds out of a folder; raise `PublisherError` when one is in it. A lock ends with the process that holds it."""
    if fcntl is None:
        yield
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError:
        hint = "wait until it is done, and build again"
        raise PublisherError(problem("folder-locked", Severity.ERROR, "another build is writing here", hint=hint).at(str(folder))) from None
    finally:
        os.close(handle)


def _refuse_changed(folder: Path, before: Stamp | None) -> None:
    """Raise `PublisherError` when another build has written here meanwhile: each that changes anything writes its manifest anew."""
    if state(folder / MANIFEST) != before:
        message, hint = "another build has written here while this one was at work", "build again"
        raise PublisherError(problem("file-changed", Severity.ERROR, message, hint=hint).at(str(folder)))


def _place(folder: Path, written: Mapping[str, Body], left: Collection[str], *, complete: bool, stays: Callable[[str], bool]) -> Placed:
    before = listed(folder)
    others = [path for path in before if path not in written and path not in left and _is_plain(path) and _is_inside(folder, path)]
    removed = frozenset(path for path in others if complete and not stays(path))
    known = {*before}
    renamed = _renamed(folder, [path for path in written if path not in known], removed)
    _refuse_foreign(folder, written, {*before, *renamed, MANIFEST})
    # Lists of paths, and no second table of what is written: of a large site each has many megabytes.
    made = [path for path, body in written.items() if not (isinstance(body, Path) and _is_itself(folder / path, body))]
    manifest = manifest_of([*made, *left, *(path for path in others if path not in removed)])
    changed = [path for path in made if path in renamed or not _is_same(folder, path, written[path])]
    bodies = map(written.__getitem__, changed)
    if changed or removed or not _is_same(folder, MANIFEST, manifest):
        _exchange(folder, [*changed, MANIFEST], chain(bodies, (manifest,)), sorted(removed))
    else:
        _exchange(folder, (), (), ())
    with _in_place():
        for each in {each for each in written.values() if isinstance(each, Spool)}:
            each.close()
        states = _states(folder, [*made, MANIFEST])
    return Placed(changed=tuple(changed), removed=tuple(sorted(removed)), states=states)


def _renamed(folder: Path, new: Iterable[str], removed: Collection[str]) -> set[str]:
    """Return which paths are there only under another spelling, which is to go: where A and a are one, or é in one letter and in two."""
    alike: dict[str, list[str]] = {}
    for path in removed:
        alike.setdefault(folded(path), []).append(path)
    pairs = ((path, old) for path in (new if alike else ()) for old in alike.get(folded(path), ()))
    return {path for path, old in pairs if _is_there(f"{folder}/{path}") and os.path.samefile(folder / path, folder / old)}


def _states(folder: Path, paths: Iterable[str]) -> Stamps:
    """Return the states of files, where whatever changes one of them from now on changes its state."""
    base = str(folder)
    found = Stamps((path, state(f"{base}/{path}")) for path in sorted(paths))
    return found if found and _past(folder, found.latest) else Stamps()


def _refuse_outside(folder: Path, written: Iterable[str]) -> None:
    """Raise `PublisherError` when a path is none below the folder, spelled in the one way there is, or a link leads it out."""
    for path in written:
        if not _is_plain(path):
            message = f"{path!r} leads out of the folder, or is no path"
            raise PublisherError(problem("file-outside", Severity.ERROR, message, hint="give the article another address").at(str(folder)))
    for path in sorted({parent for path in written if (parent := path.rpartition("/")[0])}):
        if not _stays(folder, path):
            message, hint = "a link leads this folder elsewhere, and files would be written there", "take the link away"
            raise PublisherError(problem("link-outside", Severity.ERROR, message, hint=hint).at(str(folder / path)))


def _is_plain(path: str) -> bool:
    """Return whether a path is relative, stays inside, and has no empty part, so that no other path means the same file."""
    return posixpath.normpath(path) == path and path not in (".", MANIFEST) and not path.startswith(("/", "../")) and "\0" not in path


def _refuse_foreign(folder: Path, written: Mapping[str, Body], ours: Collection[str]) -> None:
    """Raise `PublisherError` when a file would be replaced that no build made."""
    others = (path for path in written if path not in ours)
    base = str(folder)
    foreign = (path for path in others if _is_there(f"{base}/{path}") and not _is_same(folder, path, written[path]))
    for path in foreign:
        hint = "choose another folder with -o, or take the file away"
        raise PublisherError(problem("file-foreign", Severity.ERROR, "this file is not ours to replace", hint=hint).at(str(folder / path)))


def _is_there(path: str) -> bool:
    try:
        return not stat.S_ISDIR(os.lstat(path).st_mode)
    except OSError:
        return False


def manifest_of(paths: Iterable[str]) -> bytes:
    """Return one line for each path, with a line end in a name escaped as in a URL."""
    lines = sorted(paths)
    whole = "\n".join((*lines, ""))
    if "%" in whole or whole.count("\n") != len(lines):
        whole = "".join(f"{each}\n" for each in (path.replace("%", "%25").replace("\n", "%0A") for path in lines))
    return whole.encode(errors="surrogateescape")


def listed(folder: Path) -> list[str]:
    """Return the paths of what the last build has put into a folder, as its manifest says; none when there is no manifest."""
    if not (folder / MANIFEST).is_file():
        return []
    return paths_in(read(folder / MANIFEST))


def paths_in(manifest: bytes) -> list[str]:
    """Return the paths in a manifest."""
    lines = filter(None, manifest.decode(errors="surrogateescape").split("\n"))
    return [*(map(unquote, lines) if b"%" in manifest else lines)]


def adopt(folder: Path, paths: Iterable[str]) -> None:
    """Let paths below a folder count as made by the last build, besides those that do; raise `PublisherError` when that cannot be."""
    write(folder / MANIFEST, manifest_of({*listed(folder), *paths}))


def _is_itself(path: Path, body: Path) -> bool:
    """Return whether a medium lies where it would be copied to: no build made it, so none may remove it."""
    return path.exists() and path.samefile(body)


def _exchange(folder: Path, changed: Sequence[str], bodies: Iterable[Body], removed: Iterable[str]) -> None:
    """Put `bodies` in place at the paths that are `changed`, and take `removed` away; when any of it fails, put everything back as it was.

    All is written before the first file is replaced, and what is replaced is kept until the last one is.
    Each file is replaced in one step, so that who reads the folder meanwhile finds the old one or the new one.
    """
    base, staged = str(folder), folder / _STAGED
    shutil.rmtree(staged, ignore_errors=True)  # of a build that was killed
    _clear(folder)
    with _stopped_once(), ExitStack() as undo:
        undo.callback(_cleared, staged, done := [False])
        back: _Steps = []
        try:
            ready = _stage(staged, changed, bodies)
            for number, path in enumerate(removed):
                _keep(base, path, f"{staged}/removed-{number}", back)
                _remove(base, path)
            rooms: set[str] = set()
            for number, (path, body) in enumerate(zip(changed, ready, strict=True)):
                _make_room(base, path, rooms, back)
                _keep(base, path, f"{staged}/old-{number}", back)
                os.replace(body.file(path) if isinstance(body, Spool) else f"{staged}/{number}", f"{base}/{path}")
            back.clear()
            done[0] = True
        except BaseException:
            _take_back(back)
            raise


@contextmanager
def _stopped_once() -> Iterator[None]:
    """Let who wants to stop the program do so once: that is answered meanwhile, and nothing else disturbs it.

    Only the main thread is stopped so, and has to set how.
    """
    stopped: list[int] = []

    def stop(former: Callable[..., object], number: int, frame: object) -> None:
        if not stopped:
            stopped.append(number)
            former(number, frame)

    former = {}
    if threading.current_thread() is threading.main_thread():
        former = {each: handler for each in (signal.SIGINT, signal.SIGTERM) if callable(handler := signal.getsignal(each))}
    try:
        for each, handler in former.items():
            signal.signal(each, partial(stop, handler))
        yield
    finally:
        for each, handler in former.items():
            signal.signal(each, handler)


@contextmanager
def _in_place() -> Iterator[None]:
    """Let who stops the program from now on be told that all is in place."""
    try:
        yield
    except KeyboardInterrupt:
        raise KeyboardInterrupt("stopped; but everything was in place already") from None


def _cleared(staged: Path, done: list[bool]) -> None:
    """Take away what was kept meanwhile; who wants to stop that is told what is so."""
    with _in_place() if done[0] else nullcontext():
        _surely(shutil.rmtree, staged, ignore_errors=True)


def _surely(work: Callable[..., object], *given: Any, **more: Any) -> None:
    """Do what has to be done to the end, however often somebody wants to stop it meanwhile."""
    stopped: KeyboardInterrupt | None = None
    while True:
        try:
            work(*given, **more)
            break
        except KeyboardInterrupt as error:
            stopped = error
    if stopped:
        raise stopped


_Steps = list[tuple[Callable[..., None], *tuple[str, ...]]]


def _take_back(steps: _Steps) -> None:
    """Take back each step, the last first, also when that fails with one of them.

    Calls in a stack from the beginning would take half a kilobyte for each file.
    """
    with ExitStack() as back:
        for action, *given in steps:
            back.callback(action, *given)


def _stage(staged: Path, paths: Iterable[str], bodies: Iterable[Body]) -> list[Spool | None]:
    """Write each file under its number, but those that are kept already; return what keeps them."""
    staged.mkdir()
    return [_staged(staged / str(number), path, body) for number, (path, body) in enumerate(zip(paths, bodies, strict=True))]


def _staged(place: Path, path: str, body: Body) -> Spool | None:
    if isinstance(body, Spool):
        os.stat(body.file(path))  # what is not there is told before anything is replaced
        return body
    if isinstance(body, Path):
        shutil.copyfile(body, place)
    else:
        place.write_bytes(body)
    return None


def _make_room(base: str, path: str, rooms: set[str], back: _Steps) -> None:
    """Make the folders above a path, each once; `back` removes those again that were not there."""
    parent = path.rpartition("/")[0]
    if not parent or parent in rooms:
        return
    _make_room(base, parent, rooms, back)
    with suppress(FileExistsError):
        os.mkdir(f"{base}/{parent}")
        back.append((_rmdir, base, parent))
    rooms.add(parent)


def _keep(base: str, path: str, old: str, back: _Steps) -> None:
    """Keep a file under another name until all is done; `back` restores it, or removes what is there by then."""
    place = f"{base}/{path}"
    try:
        os.link(place, old)
    except FileNotFoundError:
        back.append((_unlink, base, path))
        return
    except OSError:
        if os.path.isdir(place):
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), place) from None
        shutil.copy2(place, old)  # file systems without hard links
    back.append((_restore, base, path, old))


def _restore(base: str, path: str, old: str) -> None:
    os.makedirs(os.path.dirname(f"{base}/{path}"), exist_ok=True)
    with suppress(FileNotFoundError):  # done already
        os.replace(old, f"{base}/{path}")


def _unlink(base: str, path: str) -> None:
    with suppress(FileNotFoundError):
        os.unlink(f"{base}/{path}")


def _rmdir(base: str, path: str) -> None:
    with suppress(OSError):  # another program has put something there
        os.rmdir(f"{base}/{path}")


def _is_same(folder: Path, path: str, body: Body) -> bool:
    """Return whether a file is there with these bytes; it is read only when it has as many."""
    seen = state(place := f"{folder}/{path}")
    if not seen:
        return False
    source = body.file(path) if isinstance(body, Spool) else body
    if seen[0] != (len(source) if isinstance(source, bytes) else os.stat(source).st_size):
        return False
    with open(place, "rb") as file:
        return file.read() == (source if isinstance(source, bytes) else Path(source).read_bytes())


def _remove(base: str, path: str) -> None:
    """Remove a file, and the folders that are empty then."""
    os.unlink(f"{base}/{path}")
    with suppress(OSError):  # not empty
        while path := path.rpartition("/")[0]:
            os.rmdir(f"{base}/{path}")
