"""The disk: the only module that opens files.

What is written is written whole or not at all: every file first under a temporary name, then renamed;
a file whose bytes are the same stays as it is, and what an earlier build made and this one does not, goes.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

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


def walk(root: Path) -> Iterator[str]:
    """Yield the paths of all files below `root`, with `/`, in the order of their names; hidden ones are left out."""
    for folder, folders, names in os.walk(root):
        folders[:] = sorted(each for each in folders if not each.startswith(".") and each != "node_modules")
        for name in sorted(names):
            if not name.startswith("."):
                yield (Path(folder) / name).relative_to(root).as_posix()


@dataclass(frozen=True, slots=True)
class Folder:
    """The files below a folder, by their path or by the URL they are published at."""

    root: Path
    base: str
    """URL that stands for the folder."""

    def path(self, url: str) -> str | None:
        """Return the path below the folder that a URL stands for, or `None` when it is elsewhere or no file."""
        if not self.base or not url.startswith(self.base) or not (found := unquote(urlsplit(url[len(self.base) :]).path)):
            return None
        inside = (self.root / found).resolve().is_relative_to(self.root.resolve())
        return found if inside and (self.root / found).is_file() else None

    def open(self, path: str) -> bytes:
        """Return the bytes of the file at `path`; raise `PublisherError` when it cannot be read."""
        return read(self.root / path)

    def __call__(self, url: str) -> bytes | None:
        """Return the bytes behind a URL, or `None` when it is not one of the folder's files."""
        return self.open(path) if (path := self.path(url)) else None


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


def place(folder: Path, written: Mapping[str, bytes | Path]) -> Placed:
    """Make the files below `folder` what `written` says, and remove what an earlier build made besides.

    Raise `PublisherError` when that cannot be; then nothing has changed.
    """
    manifest = "".join(f"{path}\n" for path in sorted(written)).encode()
    former = (folder / MANIFEST).read_text("utf-8").splitlines() if (folder / MANIFEST).is_file() else []
    changed = [path for path, body in written.items() if not _is_same(folder / path, body)]
    removed = [path for path in former if path not in written and _is_ours(folder, path)]
    try:
        _stage(folder, {path: written[path] for path in changed} | {MANIFEST: manifest})
        for path in (*changed, MANIFEST):
            os.replace(_temporary(folder / path), folder / path)
    except OSError as error:
        _clear(folder, (*changed, MANIFEST))
        raise _unwritable(error, folder) from None
    for path in removed:
        _remove(folder, path)
    return Placed(changed=tuple(changed), removed=tuple(removed))


def _temporary(path: Path) -> Path:
    # A short name of its own: the file's name with an ending could be longer than a name may be.
    return path.with_name(f"{_TEMPORARY}-{hashlib.sha256(path.name.encode()).hexdigest()[:16]}")


def _stage(folder: Path, written: Mapping[str, bytes | Path]) -> None:
    for path, body in written.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        if isinstance(body, Path):
            shutil.copyfile(body, _temporary(folder / path))
        else:
            _temporary(folder / path).write_bytes(body)


def _clear(folder: Path, paths: tuple[str, ...]) -> None:
    for path in paths:
        _temporary(folder / path).unlink(missing_ok=True)


def _is_same(path: Path, body: bytes | Path) -> bool:
    if not path.is_file():
        return False
    if path.stat().st_size != (body.stat().st_size if isinstance(body, Path) else len(body)):
        return False
    return path.read_bytes() == (body.read_bytes() if isinstance(body, Path) else body)


def _is_ours(folder: Path, path: str) -> bool:
    return (folder / path).is_file() and (folder / path).resolve().is_relative_to(folder.resolve())


def _remove(folder: Path, path: str) -> None:
    """Remove a file, and the folders that are empty then."""
    (folder / path).unlink()
    for parent in Path(path).parents:
        if parent == Path() or any((folder / parent).iterdir()):
            return
        (folder / parent).rmdir()
