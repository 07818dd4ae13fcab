"""What the last build has left in a folder: which files, made of what, in which state, and what was said of each.

A file that would be made of the same, and is as it was left, need not be made again. Nor is it planned again what there is to make of
the same: of each sheaf is kept which outputs it had. Kept by `records`, in parts by checksums, so that a change of one file writes little,
and that of all of them never more than a part is in memory.
"""

from __future__ import annotations

import pickle
from array import array
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from hashlib import blake2b
from io import BytesIO
from itertools import chain
from operator import attrgetter
from typing import Any, Protocol
from zlib import crc32

from publisher.article import Article
from publisher.outputs import KEY, Answer, Media, Output, Row, Sheaf, digest_of, row_of
from publisher.paths import Packed
from publisher.problems import Problem, PublisherError
from publisher.tracing import Stamp

__all__ = ["Entry", "Former", "Left", "Outline", "Same", "Shape", "Shapes", "Sheaves"]

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

    def keep_each(self, kind: str, values: Iterable[tuple[str, bytes]], gone: Iterable[str] = ()) -> object:
        """Keep values as they come, so that few are in memory."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One file that a build has left."""

    key: bytes
    """Digest of all that it is made of, but media."""
    state: Stamp
    answers: tuple[Answer, ...] = ()
    problems: tuple[Problem, ...] = ()


_Row = tuple[bytes, Stamp, tuple[Answer, ...], tuple[Problem, ...]]
Sheaves = Mapping[bytes, Sequence[Row]]
"""The outputs of each sheaf, by its key."""
Shape = tuple[str, bytes, tuple[int, ...], int | None]
"""Of a sheaf: its name, the digest of all that it is planned from but texts, the places of the articles whose texts it is planned from,
and of the one that it is of."""


class Shapes:
    """The shapes of all sheaves, in columns: each is as large as its numbers."""

    def __init__(self) -> None:
        self._names = Packed()
        self._digests = bytearray()
        self._own = array("q")
        """The place of the article that each is of, -1 for none."""
        self._places = array("I")
        self._ends = array("I", (0,))

    def append(self, shape: Shape) -> None:
        """Add one."""
        name, digest, places, own = shape
        self._names.append(name)
        self._digests += digest
        self._own.append(-1 if own is None else own)
        self._places.extend(places)
        self._ends.append(len(self._places))

    def __getitem__(self, number: int) -> Shape:
        own, digest = self._own[number], bytes(self._digests[number * KEY : (number + 1) * KEY])
        return self._names[number], digest, tuple(self._places[self._ends[number] : self._ends[number + 1]]), None if own < 0 else own

    def __iter__(self) -> Iterator[Shape]:
        return map(self.__getitem__, range(len(self._names)))


Outline = tuple[bytes, Shapes]
"""The digest of all that sheaves are made from but texts, and what it comes to."""


Given = tuple[bytes, Callable[..., Iterable[Output]], tuple[object, ...]]
"""Of a sheaf: the digest of all that it is planned from but texts, what plans it, and what it is given."""


@dataclass(frozen=True, slots=True)
class Left:
    """Files that need not be made again."""

    states: Mapping[str, Stamp]
    problems: Mapping[str, tuple[Problem, ...]]
    """Of those that have some."""


class Former:
    """The files in one folder of exports, as the builds before this one have left them."""

    def __init__(self, opened: Callable[[], AbstractContextManager[Rows]], folder: str, version: bytes) -> None:
        self._opened = opened
        self._name = blake2b(folder.encode(errors="surrogateescape"), digest_size=8).hexdigest()
        self._version = version
        self._others: set[str] = set()
        """Paths that are known and were not wanted."""

    def left(self, want: Callable[[], Mapping[str, bytes | None]], state: Callable[[str], Stamp | None], media: Media) -> Left:
        """Return which of the wanted files, by their keys, are there as they would be made; nobody is asked where nothing is known."""
        same = Same(media)
        wanted: Mapping[str, bytes | None] = {}
        states: dict[str, Stamp] = {}
        problems: dict[str, tuple[Problem, ...]] = {}
        for path, (key, seen, answers, said) in self._every(_files(self._name)):
            wanted = wanted or want()
            if path not in wanted:
                self._others.add(path)
            elif wanted[path] == key and state(path) == seen and all(map(same, answers)):
                states[path] = seen
                if said:
                    problems[path] = said
        return Left(states, problems)

    def sheaves(self) -> dict[bytes, Sequence[Row]]:
        """Return the outputs of all sheaves that are known."""
        return dict(self._every(_plans(self._name)))

    def outline(self, what: str) -> Outline:
        """Return what is known of all sheaves of the last build, by what these are called together."""
        found: Outline = self._some(_outline(self._name), (_part(what),)).get(what, (b"", Shapes()))
        return found

    def entries(self, paths: Iterable[str]) -> dict[str, Entry]:
        """Return what is known of some files."""
        wanted = {*paths}
        found = self._some(_files(self._name), map(_part, wanted))
        return {path: Entry(*row) for path, row in found.items() if path in wanted}

    def sheaves_of(self, keys: Iterable[bytes]) -> dict[bytes, Sequence[Row]]:
        """Return the outputs of those sheaves that are known, and of others that are kept beside them."""
        return self._some(_plans(self._name), {_named(key[0]) for key in keys})

    def exchange_sheaves(self, new: Mapping[bytes, tuple[bytes, Sequence[Output]]]) -> None:
        """Remember the outputs of sheaves by their new keys, in the place of what was known by their former keys."""
        known = self.sheaves_of((*new, *(key for key, _ in new.values())))
        for key in new:
            known.pop(key, None)
        now = {key: [*map(row_of, outputs)] for key, outputs in new.values()}
        touched = {key[0] for key in (*new, *now)}
        self._keep_plans(touched, known, now)

    def givens(self, names: Iterable[str], articles: Mapping[str, Article], media: Media) -> dict[str, Given]:
        """Return what sheaves are planned from, by their names, where that is known; `articles` are by their identifiers."""
        wanted = {*names}
        with self._opened() as rows:
            parts = rows.some(_givens(self._name), map(_part, wanted)).values()
        size = len(self._version)
        found = (_Unpacker(part[size:], articles, media).load() for part in parts if part[:size] == self._version)
        return {name: given for part in found for name, given in part.items() if name in wanted}

    def keep_givens(self, before: Shapes, now: Shapes, sheaves: Mapping[str, Sheaf], articles: Sequence[Article], media: Media) -> None:
        """Remember what sheaves are planned from that are planned from texts, and of others as they were before nothing any more."""
        known = {name: shape for name, shape, texts, _ in before if texts}
        changed = {_part(name) for name, shape, texts, _ in now if texts and known.pop(name, None) != shape} | {*map(_part, known)}
        parts: dict[str, dict[str, int]] = {part: {} for part in changed}
        for number, (name, _, texts, _) in enumerate(now if parts else ()):
            if texts and (part := _part(name)) in parts:
                parts[part][name] = number
        names = {id(each): each.identifier for each in articles}
        made = ({name: (now[numbers[name]][1], sheaves[name]) for name in sorted(numbers)} for numbers in parts.values())
        packed = (self._version + _packed(each, names, media) for each in made)  # a kilobyte for each article
        with self._opened() as rows:
            rows.keep_each(_givens(self._name), zip(parts, packed, strict=True))

    def keep_outline(self, what: str, outline: Outline) -> None:
        """Remember what is known of all sheaves that are called so together."""
        part = _part(what)
        known = self._some(_outline(self._name), (part,))
        with self._opened() as rows:
            rows.keep(_outline(self._name), {part: self._dumped(known | {what: outline})})

    def keep_sheaves(self, before: Sheaves, now: Sheaves, *, complete: bool) -> None:
        """Remember the outputs of sheaves and, where those are all that there are, forget those that were known `before`."""
        kept = now.keys() if complete else before.keys() | now.keys()
        changed = {each[0] for each in (now.keys() - before.keys()) | (before.keys() - kept)}
        if changed:
            self._keep_plans(changed, {key: before[key] for key in kept & before.keys()}, now)

    def _keep_plans(self, parts: Iterable[int], before: Sheaves, now: Sheaves) -> None:
        """Write parts anew, of which few are in memory."""
        keys_of: dict[int, list[bytes]] = {each: [] for each in parts}
        for key in chain(before, (each for each in now if each not in before)):
            if key[0] in keys_of:
                keys_of[key[0]].append(key)
        made = ({key: now[key] if key in now else before[key] for key in keys} for keys in keys_of.values())
        with self._opened() as rows:
            rows.keep_each(_plans(self._name), zip(map(_named, keys_of), map(self._dumped, made), strict=True))

    def keep(self, paths: Iterable[str], entry_at: Callable[[int], tuple[str, Entry] | None], *, complete: bool) -> None:
        """Remember files, each as `entry_at` gives it for its place among `paths`, if it does; forget, where those are all that are wanted,
        the others that `left` has met. Of parts few are in memory.
        """
        parts: dict[str, array[int]] = {_part(path): array("I") for path in self._others} if complete else {}
        for place, path in enumerate(paths):
            parts.setdefault(_part(path), array("I")).append(place)
        kind, gone = _files(self._name), self._others if complete else set[str]()
        with self._opened() as rows:

            def changed(name: str, places: Iterable[int]) -> dict[str, _Row]:
                known = self._loaded(rows.some(kind, (name,)).get(name, b""))
                kept = {path: row for path, row in known.items() if path not in gone}
                return kept | {path: _row(each) for path, each in filter(None, map(entry_at, places))}

            rows.keep_each(kind, ((name, self._dumped(changed(name, places))) for name, places in parts.items()))
            self._keep_few(rows)

    def _keep_few(self, rows: Rows) -> None:
        """Forget what was left in folders that were not written to for longest."""
        kept = (rows.some(_FOLDERS, ("all",)).get("all") or b"").decode().split()
        last = [self._name, *(each for each in kept if each != self._name)]
        for name in last[_MOST_FOLDERS:]:
            for kind in (_files(name), _plans(name), _outline(name), _givens(name)):
                rows.keep(kind, {}, map(_named, range(_PARTS)))
        rows.keep(_FOLDERS, {"all": " ".join(last[:_MOST_FOLDERS]).encode()})

    def _every(self, kind: str) -> Iterator[tuple[Any, Any]]:
        with self._opened() as rows:
            for _, value in rows.every(kind):
                yield from self._loaded(value).items()

    def _some(self, kind: str, parts: Iterable[str]) -> dict[Any, Any]:
        with self._opened() as rows:
            return {key: row for value in rows.some(kind, {*parts}).values() for key, row in self._loaded(value).items()}

    def _loaded(self, value: bytes) -> dict[Any, Any]:
        """Return what was kept by this version; what another one has kept may be of classes that are no more."""
        size = len(self._version)
        found: dict[Any, Any] = pickle.loads(value[size:]) if value[:size] == self._version else {}  # noqa: S301 - sealed
        return found

    def _dumped(self, rows: Mapping[Any, Any]) -> bytes:
        return self._version + pickle.dumps(rows, protocol=5)


class Same:
    """Tells whether a medium would be the same again; each is looked at once."""

    def __init__(self, media: Media) -> None:
        """`media` gives media, and where it has a `state`, that of the file behind a URL: another when it changes."""
        self._media = media
        self._state: Callable[[str], Hashable] = getattr(media, "state", _stateless)
        self._digests: dict[str, bytes | None] = {}
        self._states: dict[str, Hashable] = {}

    def __call__(self, answer: Answer) -> bool:
        """Return whether who asks gets the same answer."""
        url, state, digest = answer
        if url not in self._states:
            self._states[url] = self._state(url)
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


_row: Callable[[Entry], _Row] = attrgetter("key", "state", "answers", "problems")


def _stateless(url: str) -> None:
    """Return nothing: what is there has to be looked at."""


def _files(name: str) -> str:
    return f"left {name}"


def _plans(name: str) -> str:
    return f"plan {name}"


def _outline(name: str) -> str:
    return f"outline {name}"


def _givens(name: str) -> str:
    return f"given {name}"


def _article(identifier: str) -> Article | None:
    """Stand for an article, and `_media` for what gives media: who reads it is given both."""


def _media() -> None:
    """Stand for what gives media."""


class _Packer(pickle.Pickler):
    """Writes articles as their identifiers, and media as nothing."""

    def __init__(self, file: BytesIO, names: Mapping[int, str], media: Media) -> None:
        super().__init__(file, protocol=5)
        self._names = names
        self._known = media

    def reducer_override(self, value: object) -> Any:
        """Return the call that stands for a value; it is asked of no text, number or tuple."""
        if type(value) is Article:
            return _article, (self._names[id(value)],)
        return (_media, ()) if value is self._known else NotImplemented


class _Unpacker(pickle.Unpickler):
    """Gives articles for their identifiers."""

    def __init__(self, packed: bytes, articles: Mapping[str, Article], media: Media) -> None:
        super().__init__(BytesIO(packed))
        self._given = {_article.__name__: articles.get, _media.__name__: lambda: media}

    def find_class(self, module: str, name: str) -> Any:
        """Return a class or a function by its name; what stands for something gives that."""
        return self._given[name] if module == __name__ and name in self._given else super().find_class(module, name)


def _packed(sheaves: Mapping[str, tuple[bytes, Sheaf]], names: Mapping[int, str], media: Media) -> bytes:
    """Return what sheaves are planned from; nothing of those that have an article of their own making, or anything without a name."""
    file = BytesIO()
    try:
        _Packer(file, names, media).dump({name: (shape, each.plan, each.given) for name, (shape, each) in sheaves.items()})
    except (KeyError, TypeError, AttributeError, pickle.PicklingError):
        return pickle.dumps({})
    return file.getvalue()


def _part(path: str) -> str:
    return _named(crc32(path.encode(errors="surrogatepass")) % _PARTS)


def _named(number: int) -> str:
    return f"{number:02x}"
