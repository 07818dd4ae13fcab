"""What is in a folder, and what of it may be read: the files that nobody hides and no link leads out of it to."""

from __future__ import annotations

import os
import posixpath
import stat
import zipfile
import zlib
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO, FileIO
from itertools import accumulate, islice
from operator import attrgetter
from pathlib import Path, PurePosixPath
from typing import NoReturn
from urllib.parse import unquote

from publisher.paths import in_order
from publisher.problems import PublisherError, Severity, problem

__all__ = [
    "ANNOUNCED",
    "CACHE",
    "LEDGER",
    "MANIFEST",
    "SETTINGS",
    "STAGED",
    "THEME",
    "Folder",
    "Stamp",
    "below",
    "held",
    "home",
    "is_hidden",
    "is_inside",
    "is_linked",
    "is_plain",
    "listed",
    "manifest_of",
    "member",
    "members",
    "names",
    "part",
    "paths_in",
    "read",
    "small",
    "state",
    "stays_inside",
    "walk",
    "with_path",
]

_AT_ONCE = 1_000
"""Lines of a manifest that are written together."""
SETTINGS = "publisher.toml"
THEME = "theme"
"""Folder beside the settings with a user's own files for the look of pages; nothing in it is a source, or published."""
MANIFEST = ".publisher"
"""Lists what the last build made, so that the next one removes nothing else."""
CACHE = ".publisher-cache"
"""Folder for what was fetched for books, and what builds remember; hidden like `STAGED`."""
ANNOUNCED = ".publisher-announced"
"""What was announced to whom, beside the settings."""
LEDGER = ".publisher-import"
"""Lists what the last import has written, so that the next one knows what somebody has edited since."""
_LARGEST, _PIECE = 512 * 2**20, 2**20
STAGED = ".publisher-new"
"""Folder for what is not yet in place; hidden, so that no web server shows it and `walk` passes it by."""


def read(path: Path) -> bytes:
    """Return the bytes of a file; raise `PublisherError` when it cannot be read."""
    try:
        with open(path, "rb", buffering=0) as file:
            found = os.fstat(file.fileno())
            body = b"" if found.st_size > _LARGEST else file.readall() if stat.S_ISREG(found.st_mode) else _bounded(file)
            if max(found.st_size, len(body)) > _LARGEST:
                hint = "split it, or read it in parts"
                raise PublisherError(
                    problem("file-too-large", Severity.ERROR, f"the file is larger than {_LARGEST >> 20} MB", hint=hint).at(str(path))
                )
            return body
    except OSError as error:
        raise _unreadable(error, path) from None


def _bounded(file: FileIO) -> bytes:
    """Return what comes from what is no file, such as a pipe, until there is too much: /dev/zero has no end."""
    found = bytearray()
    while len(found) <= _LARGEST and (piece := file.read(_PIECE)):
        found += piece
    return bytes(found)


def _unreadable(error: OSError, path: Path) -> PublisherError:
    code, hint = "file-unreadable", "check its name and your rights"
    if isinstance(error, IsADirectoryError):
        code, hint = "file-is-folder", "name a file; `publisher check` takes folders"
    message = f"the file cannot be read: {(error.strerror or 'unknown').lower()}"
    return PublisherError(problem(code, Severity.ERROR, message, hint=hint).at(str(path)))


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
    found = sorted(each for each in names(folder) if not each.startswith(".") and stays_inside(folder, each))
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
    return next((each for each in (resolved, *resolved.parents) if _has(each, SETTINGS)), folder)


def walk(root: Path, *, made: bool = True) -> Iterator[str]:
    """Yield the paths of all files below `root`, with `/`, in the order of their names; hidden ones are left out.

    Without `made`, those that a build made are left out too, and folders below `root` that a build has written to.
    """
    return (path for path, _ in below(root, made=made))


def below(root: Path, *, made: bool) -> Iterator[tuple[str, os.DirEntry[str]]]:
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
        _refuse_folder(error, Path(folder))


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:
        return False


def _refuse_folder(error: OSError, folder: Path) -> NoReturn:
    message = f"the folder cannot be read: {(error.strerror or 'unknown').lower()}"
    found = problem("folder-unreadable", Severity.ERROR, message, hint="check your rights")
    raise PublisherError(found.at(str(folder))) from None


def _has(folder: Path, name: str) -> bool:
    """Return whether there is a file of that name in a folder; raise `PublisherError` when that cannot be seen."""
    try:
        return (folder / name).is_file()
    except OSError as error:
        _refuse_folder(error, folder)


def _may_be_read(entry: os.DirEntry[str]) -> bool:
    """Return whether this is a file; also where it leads nowhere, so that who reads it is told. Pipes and devices are none."""
    try:
        return entry.is_file(follow_symlinks=False) or stat.S_ISREG(entry.stat().st_mode)
    except OSError:
        return True


def _is_open(folder: Path, *, made: bool) -> bool:
    if folder.name.startswith(".") or folder.name == "node_modules" or folder.is_symlink():
        return False
    if folder.name == THEME and _has(folder.parent, SETTINGS):
        return False
    return made or not _has(folder, MANIFEST)


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
        if not is_plain(found) or is_hidden(found) or self._is_of_theme(found):
            return None
        return found if is_inside(self.root, found) else None

    def _is_of_theme(self, path: str) -> bool:
        return path.startswith(f"{THEME}/") and _has(self.root, SETTINGS)

    def leads_out(self, path: str) -> bool:
        """Return whether a file below the folder is a link to one that is not: a stranger's source must not publish what lies elsewhere."""
        return os.path.islink(os.path.join(self.root, path)) and not stays_inside(self.root, path)

    def open(self, path: str) -> bytes:
        """Return the bytes of the file at `path`; raise `PublisherError` when it cannot be read."""
        return read(self.root / path)

    def state(self, url: str) -> tuple[str, int, int, int] | None:
        """Return path, bytes and times of change (ns) of the file behind a URL: others when it changes; `None` when there is none."""
        path = self.path(url)
        return with_path(self.root / path) if path is not None else None

    def __call__(self, url: str) -> bytes | None:
        """Return the bytes behind a URL, or `None` when it is not one of the folder's files."""
        return self.open(path) if (path := self.path(url)) else None


Stamp = tuple[int, int, int, int]
"""Of a file: bytes, times of change of what is in it and of what is said of it (ns), number. Another when it was changed."""


def state(path: str | os.PathLike[str]) -> Stamp | None:
    """Return the stamp of a file, `None` when there is none."""
    try:
        found = os.stat(path)
    except (OSError, ValueError):
        return None
    return (found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino) if stat.S_ISREG(found.st_mode) else None


def with_path(path: Path) -> tuple[str, int, int, int] | None:
    """Return where a file really is, with its state, `None` when it is not there."""
    found = state(resolved := os.path.realpath(path))  # which, other than `resolve`, raises nothing where links go round in a circle (3.11)
    return (str(resolved), *found[:3]) if found else None


def is_hidden(path: str) -> bool:
    """Return whether nobody may see the file: the settings, and names with a dot in front, as in `walk`."""
    return any(part == SETTINGS or part.startswith(".") for part in path.split("/"))


def is_inside(root: Path, path: str) -> bool:
    """Return whether `path` is a file below `root`, and stays there when symbolic links are followed."""
    try:
        return os.path.isfile(os.path.join(root, path)) and stays_inside(root, path)
    except (OSError, ValueError):  # a name too long, a null character
        return False


def stays_inside(root: Path, path: str) -> bool:
    """Return whether a path leads to what is below `root`; it is only resolved where one of its folders or the file is a link."""
    return not _may_lead_out(root, path) or Path(os.path.realpath(root / path)).is_relative_to(os.path.realpath(root))


def _may_lead_out(root: Path, path: str) -> bool:
    # Windows has more kinds of links and other separators.
    return os.name == "nt" or path.startswith("/") or ".." in path.split("/") or is_linked(root, path)


def is_linked(root: Path, path: str) -> bool:
    """Return whether a path below a folder, or one of the folders on its way, is a symbolic link."""
    return any(map(os.path.islink, islice(accumulate(path.split("/"), "{}/{}".format, initial=str(root)), 1, None)))


def is_plain(path: str) -> bool:
    """Return whether a path is relative, stays inside, and has no empty part, so that no other path means the same file."""
    return posixpath.normpath(path) == path and path not in (".", MANIFEST) and not path.startswith(("/", "../")) and "\0" not in path


def manifest_of(paths: Collection[str]) -> bytes:
    """Return one line for each path, with a line end in a name escaped as in a URL."""
    whole, lines = BytesIO(), (each.replace("%", "%25").replace("\n", "%0A") for each in in_order(paths))
    while some := [*islice(lines, _AT_ONCE)]:
        whole.write("\n".join((*some, "")).encode(errors="surrogateescape"))
    return whole.getvalue()


def listed(folder: Path) -> list[str]:
    """Return the paths of what the last build has put into a folder, as its manifest says; none when there is no manifest."""
    if not _has(folder, MANIFEST):
        return []
    return paths_in(read(folder / MANIFEST))


def paths_in(manifest: bytes) -> list[str]:
    """Return the paths in a manifest."""
    lines = filter(None, manifest.decode(errors="surrogateescape").split("\n"))
    return [*(map(unquote, lines) if b"%" in manifest else lines)]
