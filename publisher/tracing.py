"""What is remembered of sources: what each gave, and the answers to all that it asked about the rest of the folder.

A source need not be read again while its bytes are the same, and every question that was asked for it has the same answer
(a "verifying trace": Mokhov, Mitchell, Peyton Jones, Build Systems à la Carte, 4.2.2). Nothing is kept of what could not be answered.
"""

from __future__ import annotations

import gc
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from hashlib import blake2b
from typing import Any, NamedTuple, Protocol
from zlib import crc32

from publisher.article import Article, Correction, Image, Link, Media, Organization, Person, Place
from publisher.measure import Facts
from publisher.packing import pack, unpack
from publisher.problems import Location, Problem

__all__ = ["NOTHING", "Asked", "Disk", "Head", "Measured", "Memory", "Question", "Stamp", "Trace", "digest", "shelf"]

Question = tuple[str, str]
"""What is asked, and of what: `("file", url)`."""
Asked = tuple[tuple[Question, object], ...]
"""Questions in the order in which they were asked, with their answers."""
Stamp = tuple[int, int, int, int]
"""Of a file, as `files.Stamp`."""

_SHELVES = 64
"""Into how many parts all is divided: one that changes is written anew, and is small beside the whole."""
_KEY = 16
"""Bytes of a digest."""
_SHARED = (Person, Organization, Image)


class Head(NamedTuple):
    """What others may ask of the first article of a source."""

    url: str | None
    headline: str
    in_language: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """What one source gave."""

    path: str
    stamp: Stamp | None
    """Of its file when it was read, `None` when there is none to rely on."""
    digest: bytes
    """Of its bytes."""
    files: Asked
    """What it asked about media and other files."""
    ties: Asked
    """What it asked about other sources, knowing its own media."""
    articles: tuple[Article, ...]
    digests: tuple[bytes, ...]
    """Of each article."""
    orders: tuple[tuple[bool, float, str], ...]
    """By what each article is sorted."""
    drafts: tuple[str, ...]
    """Identifiers of those articles that are not published yet."""
    draft: bool
    """Whether it was left out."""
    read: tuple[Problem, ...]
    """What was to be told when it was read."""
    completed: tuple[Problem, ...]
    """Of its media."""
    tied: tuple[Problem, ...]
    """Of its links."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What is known of the file behind a URL."""

    url: str
    stamp: Stamp
    facts: Facts | None
    """`None` when nobody has measured it, only seen that it is there."""


_SOURCES = (Trace, Article, Person, Organization, Image, Media, Link, Place, Correction, Problem, Location, Facts)
_MEDIA = (Measured, Facts)


class Kept(Protocol):
    """Where all of it is kept, such as `records.Records`."""

    def every(self, kind: str) -> Iterable[tuple[str, bytes]]:
        """Yield all values of a kind with their keys."""

    def keep(self, kind: str, values: Mapping[str, bytes]) -> None:
        """Keep values, if that can be."""


class Disk(Protocol):
    """What is seen of a folder without opening files, such as `files.Inventory`."""

    def stamp(self, path: str) -> Stamp | None:
        """Return the stamp of a file below the folder, `None` when there is none to rely on."""

    def state(self, url: str) -> Stamp | str | None:
        """Return the stamp of the file behind a URL, "absent" when there is none, `None` when one has to look at it."""


class Memory:
    """What is known from the last time; tells which of it still holds, and keeps what is new."""

    def __init__(self, kept: Kept | None = None, disk: Disk | None = None, key: str = "", kind: str = "") -> None:
        """Take up what was kept under a `key`, which names all that sources depend on beside each other and their media."""
        self._kept, self._disk, self._kind = kept, disk, kind
        self._key = digest(key.encode(errors="surrogatepass"))
        with _uncollected():
            self._traces: dict[str, Trace] = {each.path: each for each in self._values("source", _SOURCES)}
            self._media: dict[str, Measured] = {each.url: each for each in self._values("medium", _MEDIA)}
        self._used: dict[str, Measured] = {}

    def trace(self, path: str) -> Trace | None:
        """Return what the source at `path` gave, when its file has not changed since."""
        found = self._traces.get(path)
        return found if found and found.stamp and found.stamp == self.stamp(path) else None

    def trace_of(self, path: str, body: bytes) -> Trace | None:
        """Return what the source at `path` gave, when it had these bytes."""
        found = self._traces.get(path)
        if found is None or found.digest != digest(body):
            return None
        stamp = self.stamp(path)
        return found if found.stamp == stamp else replace(found, stamp=stamp)

    def stamp(self, path: str) -> Stamp | None:
        """Return the stamp of a source's file."""
        return self._disk.stamp(path) if self._disk else None

    def absent(self, url: str) -> bool:
        """Return whether there is surely no file behind a URL."""
        return self._disk is not None and self._disk.state(url) == "absent"

    def medium(self, url: str) -> Measured | None:
        """Return what is known of the file behind a URL, when it has not changed since."""
        found = self._used.get(url) or self._media.get(url)
        if found is None or self._disk is None or self._disk.state(url) != found.stamp:
            return None
        self._used[url] = found
        return found

    def learn(self, url: str, facts: Facts | None) -> None:
        """Remember the file behind a URL, which was read just now."""
        stamp = self._disk.state(url) if self._disk else None
        if isinstance(stamp, tuple):
            self._used[url] = Measured(url=url, stamp=stamp, facts=facts)

    def save(self, traces: Mapping[str, Trace]) -> None:
        """Keep these of the sources, and what was asked of media; what is not among them is forgotten."""
        if self._kept is None:
            return
        with _uncollected():
            self._keep("source", self._traces, traces, _SOURCES)
            self._keep("medium", self._media, self._used, _MEDIA)

    def _values(self, what: str, kinds: tuple[type, ...]) -> Iterator[Any]:
        for _, value in self._kept.every(what + self._kind) if self._kept else ():
            if value[:_KEY] == self._key:
                yield from unpack(value[_KEY:], kinds)

    def _keep(self, what: str, before: Mapping[str, object], now: Mapping[str, object], kinds: tuple[type, ...]) -> None:
        changed = {shelf(name) for name in before.keys() | now.keys() if before.get(name) is not now.get(name)}
        shelves: dict[str, list[object]] = {each: [] for each in changed}
        for name, value in now.items() if changed else ():
            if (number := shelf(name)) in changed:
                shelves[number].append(value)
        if self._kept and changed:
            packed = {number: self._key + pack(values, kinds, _SHARED) for number, values in shelves.items()}
            self._kept.keep(what + self._kind, packed)


def digest(body: bytes) -> bytes:
    """Return the digest of some bytes."""
    return blake2b(body, digest_size=_KEY).digest()


def shelf(name: str) -> str:
    """Return in which part the source at a path is kept, or the medium at a URL."""
    return f"{crc32(name.encode(errors='surrogatepass')) % _SHELVES:02}"


@contextmanager
def _uncollected() -> Iterator[None]:
    """Let the garbage collector rest: nothing of what is made becomes garbage, and it would look at all of it again and again."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


NOTHING = Memory()
"""Knows nothing, and keeps nothing."""
