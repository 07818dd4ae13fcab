"""What is kept beside sources and for whoever builds: what was fetched, and what can be made again."""

from __future__ import annotations

import hashlib
import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from publisher.files.placing import write
from publisher.files.reading import CACHE, Folder, is_inside, stays_inside, with_path
from publisher.files.seeing import moment
from publisher.problems import PublisherError, Severity, problem

__all__ = ["Cache", "Store", "kept_folder"]


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
        return self.folder.state(url) or (with_path(kept) if self._has(url) else None)

    def lacks(self, url: str) -> bool:
        """Return whether the bytes behind a URL are neither in the folder nor were fetched."""
        return self.folder.path(url) is None and not self._has(url)

    def prepare(self) -> None:
        """Make room for what will be fetched, out of the way of Git; raise `PublisherError` when that cannot be."""
        if not stays_inside(self.folder.root, CACHE):
            hint = f"take the link {CACHE} away"
            raise PublisherError(problem("link-outside", Severity.ERROR, f"{CACHE} leads out of the folder", hint=hint))
        write(self.folder.root / CACHE / ".gitignore", b"*\n")

    def file(self, name: str) -> Path | None:
        """Return where a file of ours is beside what was fetched, `None` when it cannot be there or is a link to elsewhere."""
        folder = self.folder.root / CACHE
        try:
            if not (folder / ".gitignore").is_file() or not stays_inside(self.folder.root, CACHE):
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
        return is_inside(self.folder.root, _cached(url))


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


def _cached(url: str) -> str:
    address = url.partition("#")[0]
    return f"{CACHE}/{hashlib.sha256(address.encode(errors='surrogateescape')).hexdigest()}"
