"""A file system as Macs have it, on which é in one letter and in two is one name, and so are A and a: `python -m tests.maclike hfs FROM ON`.

What is in the folder FROM is seen on ON until that is unmounted. `hfs` takes names apart, as HFS+ does: a file that is made as "é" is
listed as "e" and an accent. `apfs` lists them as they were made, and finds them by any spelling. (Apple's File System Reference
and Technical Note 1150, where the tables are older than Unicode's of today; read on 2026-11-27.)
"""

from __future__ import annotations

import errno
import os
import sys
import unicodedata
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any

from mfusepy import FUSE, FuseOSError, Operations  # type: ignore[import-untyped]

__all__ = ["KINDS"]

KINDS = ("hfs", "apfs")
_NOW = (1 << 30) - 1
"""In place of a time: `UTIME_NOW` of utimensat(2)."""


@lru_cache(maxsize=10_000)
def _key(name: str) -> str:
    """Return what two names have in common that are one (Unicode, D145: canonical caseless matching)."""
    return unicodedata.normalize("NFD", unicodedata.normalize("NFD", name).casefold())


class _Folded(Operations):  # type: ignore[misc]
    """Shows a folder; each name in a path stands for the one in the folder that is the same but for its spelling."""

    use_ns = True

    def __init__(self, base: str, kind: str) -> None:
        self.base = base
        self.spelled: Callable[[str], str] = (lambda name: unicodedata.normalize("NFD", name)) if kind == "hfs" else str

    def init(self, path: str) -> None:
        """Say that all is there (`fuse_operations.init`)."""
        print("mounted", flush=True)

    def real(self, path: str) -> str:
        """Return the path of what is there, or where it would be made."""
        place = self.base
        for name in path.split("/"):
            if name:
                known = {_key(each): each for each in (os.listdir(place) if os.path.isdir(place) else ())}
                place = f"{place}/{known.get(_key(name)) or self.spelled(name)}"
        return place

    def made(self, path: str) -> str:
        """Return the path of what is there now, under the name that it gets."""
        folder, _, name = path.rpartition("/")
        return f"{self.real(folder)}/{self.spelled(name)}"

    def getattr(self, path: str, fh: int | None = None) -> dict[str, int]:
        found = os.lstat(self.real(path))
        return {name: getattr(found, name) for name in dir(found) if name.startswith("st_") and not name.endswith("time")} | {
            f"st_{which}time": getattr(found, f"st_{which}time_ns") for which in "amc"
        }

    def readdir(self, path: str, fh: int) -> Iterator[tuple[str, dict[str, int], int]]:
        place = self.real(path)
        for name in (".", "..", *os.listdir(place)):
            found = os.lstat(f"{place}/{name}")
            yield name, {"st_mode": found.st_mode, "st_ino": found.st_ino}, 0

    def rename(self, old: str, new: str) -> int:
        there, target = self.real(old), self.real(new)
        if there != target and os.path.lexists(target) and not os.path.samefile(there, target):
            os.replace(there, target)
            there = target
        os.rename(there, self.made(new))
        return 0

    def link(self, target: str, source: str) -> int:
        if os.path.lexists(self.real(target)):
            raise FuseOSError(errno.EEXIST)
        os.link(self.real(source), self.real(target), follow_symlinks=False)
        return 0

    def symlink(self, target: str, source: str) -> int:
        if os.path.lexists(self.real(target)):
            raise FuseOSError(errno.EEXIST)
        os.symlink(source, self.real(target))
        return 0

    def create(self, path: str, mode: int, fi: object = None) -> int:
        return os.open(self.real(path), os.O_RDWR | os.O_CREAT, mode)

    def open(self, path: str, flags: int) -> int:
        return os.open(self.real(path), flags & ~os.O_NOFOLLOW)

    def read(self, path: str, size: int, offset: int, fh: int) -> bytes:
        return os.pread(fh, size, offset)

    def write(self, path: str, data: bytes, offset: int, fh: int) -> int:
        return os.pwrite(fh, data, offset)

    def release(self, path: str, fh: int) -> int:
        os.close(fh)
        return 0

    def truncate(self, path: str, length: int, fh: int | None = None) -> int:
        os.truncate(self.real(path) if fh is None else fh, length)
        return 0

    def readlink(self, path: str) -> str:
        return os.readlink(self.real(path))

    def mkdir(self, path: str, mode: int) -> int:
        os.mkdir(self.real(path), mode)
        return 0

    def rmdir(self, path: str) -> int:
        os.rmdir(self.real(path))
        return 0

    def unlink(self, path: str) -> int:
        os.unlink(self.real(path))
        return 0

    def chmod(self, path: str, mode: int) -> int:
        os.chmod(self.real(path), mode)
        return 0

    def utimens(self, path: str, times: tuple[int, int] | None = None) -> int:
        if times and _NOW not in times:
            os.utime(self.real(path), ns=times, follow_symlinks=False)
        else:
            os.utime(self.real(path), follow_symlinks=False)
        return 0

    def statfs(self, path: str) -> dict[str, Any]:
        found = os.statvfs(self.base)
        return {name: getattr(found, name) for name in dir(found) if name.startswith("f_") and name != "f_fsid"}


def main() -> None:
    """Serve until it is unmounted; the system remembers nothing, since it would know a file under one of its names only."""
    kind, base, place = sys.argv[1:]
    FUSE(_Folded(base, kind), place, foreground=True, nothreads=True, use_ino=True, attr_timeout=0, entry_timeout=0, negative_timeout=0)


if __name__ == "__main__":
    main()
