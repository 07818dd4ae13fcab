"""What is known of the entries of feeds: where each is kept as it was written, and that it was right when it was read.

Of a large site these are hundreds of thousands. So they are in columns: what an article says has one number, for all formats, and an entry
is 32 bytes at that number. In a table for each format, by digests, it was 270, and of 100,000 articles not all could be kept.
"""

from __future__ import annotations

import os
from array import array
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import chain
from typing import Protocol

from publisher.problems import PublisherError

__all__ = ["MARK", "Known", "Pile", "forget", "kept_on", "known_of", "numbers"]

MARK = 16
"""Bytes of a digest."""
_MOST = 120_000
"""Articles that have a number, 260 bytes for each with what is known of its entries in three formats."""
_COLUMNS = 8
"""Kinds of entries in one format, and what is around them; there are two or three."""


class Pile(Protocol):
    """Where entries are kept as they were written, one after the other."""

    @property
    def is_full(self) -> bool:
        """Whether what is on it had better be forgotten."""

    def put(self, body: bytes) -> int:
        """Keep some bytes, and return where they are."""

    def take(self, place: int, size: int) -> bytes:
        """Return so many bytes from a place on, fewer when they cannot be had."""


class _InMemory:
    """Entries of one format in memory: those of 10,000 articles."""

    _ROOM = 22_000_000
    """Bytes."""

    def __init__(self) -> None:
        self._bodies = bytearray()

    @property
    def is_full(self) -> bool:
        return len(self._bodies) > self._ROOM

    def put(self, body: bytes) -> int:
        place = len(self._bodies)
        self._bodies += body
        return place

    def take(self, place: int, size: int) -> bytes:
        return bytes(self._bodies[place : place + size])


class Known:
    """The entries of one format, by the numbers of their articles: as they were written, cut where the text is, and which were read."""

    def __init__(self, pile: Pile) -> None:
        self.process = os.getpid()
        """No other one has what is on the pile: a fork would write over it."""
        self._pile = pile
        self._places: dict[str, array[int]] = {}
        """Of each kind, for each number where the entry is, and its size with that of its first part."""
        self._marks: dict[bytes, bytearray] = {}
        """By what is around, for each number the digest of the entry that was read."""

    @property
    def is_full(self) -> bool:
        """Whether what is known had better be forgotten."""
        return self._pile.is_full or max(len(self._places), len(self._marks)) > _COLUMNS

    def parts(self, kind: str, number: int) -> tuple[bytes, ...] | None:
        """Return the parts of an entry, `None` when it is new."""
        places = self._places.get(kind, ())
        if len(places) < 2 * number + 2 or not (sizes := places[2 * number + 1]):
            return None
        size, first = sizes >> _BITS, sizes & _MASK
        body = self._pile.take(places[2 * number], size)
        if len(body) < size:  # it is written again
            return None
        return (body[:first], body[first:]) if first < size else (body,)

    def keep(self, kind: str, new: Mapping[int, tuple[bytes, ...]]) -> None:
        """Keep entries, if that can be: what is not kept is written again."""
        short = {number: parts for number, parts in new.items() if sum(map(len, parts)) <= _MASK}
        try:
            place = self._pile.put(b"".join(chain.from_iterable(short.values())))
        except PublisherError:
            return
        places = self._places.setdefault(kind, array("Q"))
        places.frombytes(bytes(max(0, 16 * (max(short, default=-1) + 1) - 8 * len(places))))
        for number, parts in short.items():
            size = sum(map(len, parts))
            places[2 * number], places[2 * number + 1] = place, size << _BITS | len(parts[0])
            place += size

    def is_read(self, around: bytes, number: int, mark: bytes) -> bool:
        """Return whether an entry of this digest was right, with that around it."""
        return self._marks.get(around, b"")[MARK * number : MARK * (number + 1)] == mark

    def note(self, around: bytes, read: Mapping[int, bytes]) -> None:
        """Remember the digests of entries that are right."""
        marks = self._marks.setdefault(around, bytearray())
        marks += bytes(max(0, MARK * (max(read, default=-1) + 1) - len(marks)))
        for number, mark in read.items():
            marks[MARK * number : MARK * (number + 1)] = mark


_BITS = 24
_MASK = (1 << _BITS) - 1
_numbers: dict[bytes, int] = {}
_known: dict[object, Known] = {}
_piles: list[Callable[[], Pile]] = [_InMemory]


def numbers(said: Sequence[bytes]) -> list[int]:
    """Return a number for each digest of what an article says; they stand for the same until some are asked for again.

    So one thread at a time may use them, with what `known_of` gives right after. When there are too many, all are forgotten, with what is
    known of their entries: in a large site the next ones are about other articles.
    """
    if len(_numbers) + sum(each not in _numbers for each in said) > _MOST:
        _numbers.clear()
        _known.clear()
    return [_numbers.setdefault(each, len(_numbers)) for each in said]


def known_of(layout: object) -> Known:
    """Return what is known of the entries of a format."""
    found = _known.get(layout)
    if found is None or found.process != os.getpid() or found.is_full:
        found = _known[layout] = Known(_pile())
    return found


def _pile() -> Pile:
    try:
        return _piles[-1]()
    except PublisherError:
        return _InMemory()


@contextmanager
def kept_on(pile: Callable[[], Pile]) -> Iterator[None]:
    """Keep entries on piles of this kind meanwhile, one for each format."""
    forget()
    _piles.append(pile)
    try:
        yield
    finally:
        _piles.pop()
        forget()


def forget() -> None:
    """Forget all entries."""
    _known.clear()
    _numbers.clear()
