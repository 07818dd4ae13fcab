"""The disk: the only module that opens files.

What is written is written whole or not at all: every file first under a temporary name, then renamed;
a file whose bytes are the same stays as it is, and what an earlier build made and this one does not, goes.
"""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

from publisher.problems import PublisherError, Severity, problem

__all__ = ["MANIFEST", "SETTINGS", "Folder", "Placed", "home", "place", "read", "walk", "write"]

SETTINGS = "publisher.toml"
MANIFEST = ".publisher"
"""Lists what the last build made, so that the next one removes nothing else."""
_LARGEST = 512 * 2**20
_TEMPORARY = ".publisher-new"


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
        message = f"the file cannot be read: {(error.strerror or 'unknown').lower()}"
        raise PublisherError(
            problem("file-unreadable", Severity.ERROR, message, hint="check its name and your rights").at(str(path))
        ) from None


def home(path: Path) -> Path:
    """Return the folder with the `publisher.toml` that is nearest above `path`, else the folder `path` is in."""
    folder = path if path.is_dir() else path.parent
    resolved = folder.resolve()
    return next((each for each in (resolved, *resolved.parents) if (each / SETTINGS).is_file()), folder)


def walk(root: Path, *, made: bool = True) -> Iterator[str]:
    """Yield the paths of all files below `root`, with `/`, in the order of their names; hidden ones are left out.

    Without `made`, those that a build made are left out too, and folders below `root` that a build has written to.
    """
    left_out: set[Path] = set()
    for folder, folders, names in os.walk(root):
        left_out |= set() if made else {Path(folder, each) for each in _listed(Path(folder))}
        folders[:] = sorted(each for each in folders if _is_open(Path(folder, each), made=made))
        for name in sorted(names):
            if not name.startswith(".") and (path := Path(folder, name)) not in left_out and path.is_file():
                yield path.relative_to(root).as_posix()


def _is_open(folder: Path, *, made: bool) -> bool:
    if folder.name.startswith(".") or folder.name == "node_modules":
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
        return found if not _is_hidden(found) and _is_inside(self.root, found) else None

    def open(self, path: str) -> bytes:
        """Return the bytes of the file at `path`; raise `PublisherError` when it cannot be read."""
        return read(self.root / path)

    def __call__(self, url: str) -> bytes | None:
        """Return the bytes behind a URL, or `None` when it is not one of the folder's files."""
        return self.open(path) if (path := self.path(url)) else None


def _is_hidden(path: str) -> bool:
    """Return whether nobody may see the file: the settings, and names with a dot in front, as in `walk`."""
    return any(part == SETTINGS or part.startswith(".") for part in path.split("/"))


def _is_inside(root: Path, path: str) -> bool:
    """Return whether `path` is a file below `root`, and stays there when symbolic links are followed."""
    try:
        return (root / path).is_file() and (root / path).resolve().is_relative_to(root.resolve())
    except (OSError, ValueError):  # a name too long, a null character
        return False


def write(path: Path, body: bytes) -> None:
    """Write one file, whole or not at all; raise `PublisherError` when that cannot be."""
    try:
        _stage(path.parent, {path.name: body})
        os.replace(_temporary(path), path)
    except OSError as error:
        raise _unwritable(error, path) from None


def _unwritable(error: OSError, path: Path) -> PublisherError:
    message = f"cannot write: {(error.strerror or 'unknown').lower()}"
    found = problem("file-unwritable", Severity.ERROR, message, hint="check the folder and the space on the disk")
    return PublisherError(found.at(str(error.filename or path)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """What placing did: paths below the folder."""

    changed: tuple[str, ...]
    removed: tuple[str, ...]


def place(folder: Path, written: Mapping[str, bytes | Path], *, complete: bool = True) -> Placed:
    """Make the files below `folder` what `written` says, and where that is `complete`, remove what an earlier build made besides.

    Raise `PublisherError` when that cannot be; then nothing has changed.
    """
    _refuse_outside(folder, written)
    others = [path for path in _listed(folder) if path not in written and _is_inside(folder, path)]
    removed = others if complete else []
    _refuse_foreign(folder, written)
    try:
        made = {path: body for path, body in written.items() if not _is_itself(folder / path, body)}
        manifest = _manifest([*made, *(path for path in others if not complete)])
        changed = {path: body for path, body in {**made, MANIFEST: manifest}.items() if not _is_same(folder / path, body)}
        _stage(folder, changed)
        for path in changed:
            os.replace(_temporary(folder / path), folder / path)
    except OSError as error:
        raise _unwritable(error, folder) from None
    for path in removed:
        _remove(folder, path)
    return Placed(changed=tuple(path for path in changed if path != MANIFEST), removed=tuple(removed))


def _refuse_outside(folder: Path, written: Iterable[str]) -> None:
    """Raise `PublisherError` when a path is absolute or leads out of the folder."""
    for path in written:
        if path.startswith("/") or "\0" in path or ".." in path.split("/"):
            message = f"{path!r} leads out of the folder"
            raise PublisherError(problem("file-outside", Severity.ERROR, message, hint="give the article another address").at(str(folder)))


def _refuse_foreign(folder: Path, written: Mapping[str, bytes | Path]) -> None:
    """Raise `PublisherError` when a file would be replaced that no build made."""
    ours = {*_listed(folder), MANIFEST}
    foreign = (
        path for path, body in written.items() if path not in ours and (folder / path).is_file() and not _is_same(folder / path, body)
    )
    for path in foreign:
        hint = "choose another folder with -o, or take the file away"
        raise PublisherError(problem("file-foreign", Severity.ERROR, "this file is not ours to replace", hint=hint).at(str(folder / path)))


def _manifest(paths: Iterable[str]) -> bytes:
    """Return one line for each path, with a line end in a name escaped as in a URL."""
    lines = (path.replace("%", "%25").replace("\n", "%0A") for path in sorted(paths))
    return "".join(f"{each}\n" for each in lines).encode(errors="surrogateescape")


def _listed(folder: Path) -> list[str]:
    """Return the paths in the manifest of `folder`; none when there is no manifest."""
    if not (folder / MANIFEST).is_file():
        return []
    return [unquote(each) for each in read(folder / MANIFEST).decode(errors="surrogateescape").split("\n") if each]


def _is_itself(path: Path, body: bytes | Path) -> bool:
    """Return whether a medium lies where it would be copied to: no build made it, so none may remove it."""
    return isinstance(body, Path) and path.exists() and path.samefile(body)


def _temporary(path: Path) -> Path:
    # A short name of its own: the file's name with an ending could be longer than a name may be.
    return path.with_name(f"{_TEMPORARY}-{hashlib.sha256(path.name.encode()).hexdigest()[:16]}")


def _stage(folder: Path, written: Mapping[str, bytes | Path]) -> None:
    """Write each file under its temporary name; when one cannot be, none is left."""
    try:
        for path, body in written.items():
            _stage_one(folder / path, body)
    except BaseException:
        for path in written:
            with suppress(OSError):
                _temporary(folder / path).unlink()
        raise


def _stage_one(path: Path, body: bytes | Path) -> None:
    if path.is_dir():  # renaming would find out too late
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    path.parent.mkdir(parents=True, exist_ok=True)
    if isinstance(body, Path):
        shutil.copyfile(body, _temporary(path))
    else:
        _temporary(path).write_bytes(body)


def _is_same(path: Path, body: bytes | Path) -> bool:
    if not path.is_file():
        return False
    if path.stat().st_size != (body.stat().st_size if isinstance(body, Path) else len(body)):
        return False
    return path.read_bytes() == (body.read_bytes() if isinstance(body, Path) else body)


def _remove(folder: Path, path: str) -> None:
    """Remove a file, and the folders that are empty then."""
    (folder / path).unlink()
    for parent in Path(path).parents:
        if parent == Path() or any((folder / parent).iterdir()):
            return
        (folder / parent).rmdir()
