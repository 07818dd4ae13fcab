"""What the last build has left in a folder: which files, made of what, in which state, and what was said of each.

A file that would be made of the same, and is as it was left, need not be made again. Kept by `records`, in parts by the paths' checksums,
so that a change of one file writes little, and that of all of them never more than a part is in memory.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import blake2b
from typing import Protocol
from zlib import crc32

from publisher.outputs import Answer, digest_of
from publisher.problems import Problem, PublisherError

__all__ = ["Entry", "Former", "Left", "Media", "Stamp"]

Stamp = tuple[int, int, int, int]
"""As `files.Stamp`."""
_PARTS = 256
_MOST_FOLDERS = 4
"""So many folders with exports are known of one folder of sources; of more, those of the last builds."""
_FOLDERS = "exports"


class Rows(Protocol):
    """Where it is kept, such as `records.Records`."""

    def every(self, kind: str, /) -> Iterator[tuple[str, bytes]]:
        """Yield all values of a kind with their keys."""

    def some(self, kind: str, keys: Iterable[str], /) -> dict[str, bytes]:
        """Return those values of a kind that are there, by their keys."""

    def keep(self, kind: str, values: Mapping[str, bytes], gone: Iterable[str] = ()) -> object:
        """Keep values, and forget those with keys that are `gone`."""


class Media(Protocol):
    """Gives media, such as `files.Cache`."""

    def __call__(self, url: str, /) -> bytes | None:
        """Return the bytes of a medium, `None` when there is none."""

    def state(self, url: str, /) -> Hashable:
        """Return the state of its file, `None` when there is none."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One file that a build has left."""

    key: bytes
    """Digest of all that it is made of, but media."""
    state: Stamp
    answers: tuple[Answer, ...] = ()
    problems: tuple[Problem, ...] = ()


_Row = tuple[bytes, Stamp, tuple[Answer, ...], tuple[Problem, ...]]


@dataclass(frozen=True, slots=True)
class Left:
    """Files that need not be made again."""

    states: Mapping[str, Stamp]
    problems: Mapping[str, tuple[Problem, ...]]
    """Of those that have some."""


class Former:
    """The files in one folder of exports, as the builds before this one have left them."""

    def __init__(self, rows: Rows, folder: str, version: bytes) -> None:
        self._rows = rows
        self._name = blake2b(folder.encode(errors="surrogateescape"), digest_size=8).hexdigest()
        self._version = version

    def left(self, wanted: Mapping[str, bytes | None], state: Callable[[str], Stamp | None], media: Media) -> Left:
        """Return which of the wanted files, by their keys, are there as they would be made."""
        parts: dict[str, list[str]] = {}
        for path, key in wanted.items():
            if key:
                parts.setdefault(_part(path), []).append(path)
        same = _Same(media)
        states: dict[str, Stamp] = {}
        problems: dict[str, tuple[Problem, ...]] = {}
        for name, value in self._rows.every(self._kind(self._name)):
            known = self._loaded(value)
            for path in parts.get(name, ()):
                row = known.get(path)
                if row and row[0] == wanted[path] and state(path) == row[1] and all(map(same, row[2])):
                    states[path] = row[1]
                    if row[3]:
                        problems[path] = row[3]
        return Left(states, problems)

    def keep(self, entries: Mapping[str, Entry], gone: Callable[[str], bool]) -> None:
        """Remember files, and forget those that are gone."""
        new: dict[str, dict[str, _Row]] = {}
        for path, each in entries.items():
            new.setdefault(_part(path), {})[path] = each.key, each.state, each.answers, each.problems
        values: dict[str, bytes] = {}
        for name, value in self._rows.every(self._kind(self._name)):
            known = self._loaded(value)
            kept = {path: row for path, row in known.items() if not gone(path)}
            if name in new or len(kept) < len(known):
                values[name] = self._dumped(kept | new.pop(name, {}))
        values |= {name: self._dumped(rows) for name, rows in new.items()}
        if values:
            self._rows.keep(self._kind(self._name), values)
            self._keep_few()

    def _keep_few(self) -> None:
        """Forget what was left in folders that were not written to for longest."""
        kept = (self._rows.some(_FOLDERS, ("all",)).get("all") or b"").decode().split()
        last = [self._name, *(each for each in kept if each != self._name)]
        for name in last[_MOST_FOLDERS:]:
            self._rows.keep(self._kind(name), {}, map(_named, range(_PARTS)))
        self._rows.keep(_FOLDERS, {"all": " ".join(last[:_MOST_FOLDERS]).encode()})

    def _kind(self, name: str) -> str:
        return f"left {name}"

    def _loaded(self, value: bytes) -> dict[str, _Row]:
        """Return what was kept by this version; what another one has kept may be of classes that are no more."""
        size = len(self._version)
        found: dict[str, _Row] = pickle.loads(value[size:]) if value[:size] == self._version else {}  # noqa: S301 - sealed
        return found

    def _dumped(self, rows: dict[str, _Row]) -> bytes:
        return self._version + pickle.dumps(rows, protocol=5)


class _Same:
    """Tells whether a medium would be the same again; each is looked at once."""

    def __init__(self, media: Media) -> None:
        self._media = media
        self._digests: dict[str, bytes | None] = {}
        self._states: dict[str, Hashable] = {}

    def __call__(self, answer: Answer) -> bool:
        url, state, digest = answer
        if url not in self._states:
            self._states[url] = self._media.state(url)
        if state is not None and state == self._states[url]:
            return True
        if url not in self._digests:
            self._digests[url] = self._digest(url)
        return digest == self._digests[url]

    def _digest(self, url: str) -> bytes | None:
        try:
            return digest_of(self._media(url))
        except PublisherError:
            return None  # who asks for it is told


def _part(path: str) -> str:
    return _named(crc32(path.encode(errors="surrogatepass")) % _PARTS)


def _named(number: int) -> str:
    return f"{number:02x}"
