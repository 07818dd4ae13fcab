"""Paths: which of them are one file, on disks where letters have no case or an accented letter has one spelling; and very many of them."""

from __future__ import annotations

import unicodedata
from array import array
from collections.abc import Collection, Iterable, Iterator
from heapq import merge
from itertools import islice, pairwise

__all__ = ["Packed", "composed", "folded", "in_order"]

_AT_ONCE = 10_000
"""So many paths are sorted together."""


class Packed:
    """Paths in one run of bytes, at places from 0 on: as a text, each would have sixty bytes more."""

    __slots__ = ("_bytes", "_ends")

    def __init__(self, paths: Iterable[str] = ()) -> None:
        self._bytes = bytearray()
        self._ends = array("I", (0,))
        """Where each begins, and where the next one would."""
        for each in paths:
            self.append(each)

    def append(self, path: str) -> None:
        """Add one at the end."""
        self._bytes += path.encode(errors="surrogatepass")
        self._ends.append(len(self._bytes))

    def __getitem__(self, place: int) -> str:
        if place < 0:
            raise IndexError(place)
        return self._bytes[self._ends[place] : self._ends[place + 1]].decode(errors="surrogatepass")

    def __iter__(self) -> Iterator[str]:
        return map(self.__getitem__, range(len(self)))

    def __len__(self) -> int:
        return len(self._ends) - 1


def in_order(paths: Collection[str]) -> Iterator[str]:
    """Yield paths sorted, without a list of them all."""
    if all(one <= other for one, other in pairwise(paths)):
        return iter(paths)
    every, parts = iter(paths), list[Packed]()
    while some := [*islice(every, _AT_ONCE)]:
        parts.append(Packed(sorted(some)))
    return merge(*parts)


def composed(path: str) -> str:
    """Return a path as all of its spellings are on a disk that normalizes them (Unicode normalization form C)."""
    return path if path.isascii() else unicodedata.normalize("NFC", path)


def folded(path: str) -> str:
    """Return a path as all are that some disk takes for one file with it: whatever the case, and the spelling of accents."""
    return path.lower() if path.isascii() else composed(composed(path).casefold())
