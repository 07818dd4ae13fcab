"""What is remembered of sources: what each gave, and the answers to all that it asked about the rest of the folder.

A source need not be read again while its bytes are the same, and every question that was asked for it has the same answer
(a "verifying trace": Mokhov, Mitchell, Peyton Jones, Build Systems à la Carte, 4.2.2). Nothing is kept of what could not be answered.
"""

from __future__ import annotations

import gc
import marshal
import os
from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence, Set
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass, fields, replace
from functools import cached_property
from hashlib import blake2b
from itertools import chain, groupby, islice, repeat, starmap
from operator import attrgetter, itemgetter
from typing import Any, NamedTuple, Protocol
from zlib import crc32

from publisher import markup
from publisher.article import Article, Correction, Image, Link, Media, Named, Organization, Person, Place
from publisher.measure import Facts
from publisher.packing import blank, pack, unpack
from publisher.problems import Location, Problem, PublisherError, Severity, problem

__all__ = [
    "NOTHING",
    "Asked",
    "Disk",
    "Head",
    "Measured",
    "Memory",
    "Question",
    "Stamp",
    "Texts",
    "Trace",
    "at_hand",
    "digest",
    "known",
    "light",
    "made_of",
    "named_in",
    "shelf",
    "shelf_number",
    "text_digest",
    "told_digest",
]

Question = tuple[str, str]
"""What is asked, and of what: `("file", url)`."""
Asked = tuple[tuple[Question, object], ...]
"""Questions in the order in which they were asked, with their answers."""
Stamp = tuple[int, int, int, int]
"""Of a file, as `files.Stamp`."""

_SHELVES = 256
"""Into how many parts all is divided: one that changes is written anew, and is small beside the whole."""
_EVERY = frozenset(f"{number:02x}" for number in range(_SHELVES))
_KEY = 16
"""Bytes of a digest."""
_SHARED = (Person, Organization, Image, Named)
_ROOM = 16_000_000
"""Characters of bodies that are in memory when sources are read; later ones are kept at once, and taken when they are needed.

None is in memory when the files that are read are larger together.
"""
_RECENT = 128
"""Bodies that are asked for again at once: a feed of 40 is written, read back and compared."""
_MOST_AT_HAND = 1_000
"""Those that are read together; of a source with very many articles only as many."""
_AT_ONCE = 500
"""Texts that are written together."""
_SET_LATE = getattr(Article, "_late").__set__  # noqa: B009
_SET_KNOWN = getattr(Article, "_known").__set__  # noqa: B009
_SET_BODY = getattr(Article, "body").__set__  # noqa: B009
_TOLD = attrgetter(*(each.name for each in fields(Article) if each.name != "body"))


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
    told: tuple[bytes, ...]
    """Digest of all that each article is but its body."""
    texts: tuple[bytes, ...]
    """Digest of the body of each."""
    named: tuple[Named, ...]
    """What the body of each names."""
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


_SOURCES = (Trace, Article, Person, Organization, Image, Media, Link, Place, Correction, Named, Problem, Location, Facts)
_MEDIA = (Measured, Facts)


class Kept(Protocol):
    """Where all of it is kept, such as `records.Records`."""

    def every(self, kind: str) -> Iterable[tuple[str, bytes]]:
        """Yield all values of a kind with their keys."""

    def some(self, kind: str, keys: Iterable[str]) -> Mapping[str, bytes]:
        """Return those values of a kind that are there, by their keys."""

    def keys(self, kind: str) -> Iterable[str]:
        """Return the keys of all values of a kind."""

    def get(self, kind: str, key: str) -> bytes | None:
        """Return one value, `None` when it is not there."""

    def keep(self, kind: str, values: Mapping[str, bytes], gone: Iterable[str] = ()) -> bool:
        """Keep values and forget what is `gone`; return whether that could be."""

    def keep_each(self, kind: str, values: Iterable[tuple[str, bytes]], gone: Iterable[str] = ()) -> bool:
        """Keep values as they come, and forget what is `gone`; return whether all of it could be."""


class Disk(Protocol):
    """What is seen of a folder without opening files, such as `files.Inventory`."""

    def stamp(self, path: str) -> Stamp | None:
        """Return the stamp of a file below the folder, `None` when there is none to rely on."""

    def state(self, url: str) -> Stamp | str | None:
        """Return the stamp of the file behind a URL, "absent" when there is none, `None` when one has to look at it."""


class Texts:
    """The bodies of articles: each is read only when somebody asks for it, and once when that is again and again."""

    def __init__(self, open: Callable[[], AbstractContextManager[Kept]], anew: Callable[[], Mapping[bytes, str]], kind: str) -> None:  # noqa: A002
        """`open` what they are kept in; `anew` reads all sources and gives their texts by digest, should one be lost."""
        self._open = open
        self._anew = anew
        self._kind = f"text{kind}"
        self._recent: dict[bytes, str] = {}
        self._room = _RECENT
        self._waiting: dict[bytes, str] = {}
        """Those that are not kept yet."""
        self._full = False
        """Whether no more can be kept; then they stay in memory."""
        self._opened: list[tuple[int, ExitStack, Kept]] = []

    def __call__(self, name: bytes) -> str:
        """Return a text by its digest; raise `PublisherError` when it is lost, and its source another by now."""
        found = self._recent.get(name, self._waiting.get(name))
        return self._read((name,))[name] if found is None else found

    def have(self, names: Iterable[bytes]) -> None:
        """Have texts at hand that are asked for next, a thousand at most: to ask for several takes the locks of one."""
        wanted = [*dict.fromkeys(islice(names, _MOST_AT_HAND))]
        self._room = max(_RECENT, len(wanted))
        self._recent |= {each: self._recent.pop(each) for each in wanted if each in self._recent}  # the last ones now
        missing = [each for each in wanted if each not in self._recent and each not in self._waiting]
        if missing:
            self._read(missing)

    def put(self, text: str) -> bytes:
        """Keep a text, soon, and return its digest."""
        name = _name(text)
        if name not in self._recent:
            self._waiting[name] = text
        if len(self._waiting) >= _AT_ONCE:
            self.flush()
        return name

    def flush(self) -> bool:
        """Keep the texts that wait; return whether that could be."""
        if self._waiting and not self._full:
            values = {name.hex(): _spelled(text) for name, text in self._waiting.items()}
            self._full = not self._kept().keep(self._kind, values)
            self._waiting = self._waiting if self._full else {}
        return not self._full

    def forget(self, wanted: Set[str], unused: Set[str], *, all_others: bool) -> bool:
        """Forget texts that were `unused` the last time too, for another build may be using these; return whether that could be."""
        kept = self._kept()
        before = (kept.get("unused", self._kind) or b"").decode().split()
        gone = {each for each in (kept.keys(self._kind) if all_others else before) if each not in wanted and each not in unused}
        return kept.keep("unused", {self._kind: " ".join(sorted(unused)).encode()}) and kept.keep(self._kind, {}, gone)

    def spare(self, unused: set[str]) -> bool:
        """Note that texts are `unused`, besides those that were the last time; return whether that could be."""
        kept = self._kept()
        before = (kept.get("unused", self._kind) or b"").decode().split()
        return kept.keep("unused", {self._kind: " ".join(sorted(unused.union(before))).encode()})

    def _read(self, names: Sequence[bytes]) -> dict[bytes, str]:
        kept = self._kept().some(self._kind, map(bytes.hex, names))
        found = {name: self._lost(name) if (value := kept.get(name.hex())) is None else _text(value) for name in names}
        self._recent |= found
        for each in [*islice(self._recent, max(0, len(self._recent) - self._room))]:
            del self._recent[each]
        return found

    def _kept(self) -> Kept:
        if not self._opened or self._opened[-1][0] != os.getpid():  # no connection is of two processes, nor closed by the other one
            stack = ExitStack()
            self._opened.append((os.getpid(), stack, stack.enter_context(self._open())))
        return self._opened[-1][2]

    def _lost(self, name: bytes) -> str:
        if name in self._waiting:  # one of several that are lost
            return self._waiting[name]
        self._waiting |= self._anew()
        self._full = True
        if name not in self._waiting:
            message, hint = "a source was changed while its article was published", "build again"
            raise PublisherError(problem("source-changed", Severity.ERROR, message, hint=hint))
        self._kept().keep(self._kind, {each.hex(): _spelled(text) for each, text in self._waiting.items()})
        return self._waiting[name]


class Memory:
    """What is known from the last time; tells which of it still holds, and keeps what is new."""

    def __init__(
        self,
        kept: Kept | None = None,
        disk: Disk | None = None,
        key: str = "",
        kind: str = "",
        texts: Texts | None = None,
        only: Collection[str] = (),
    ) -> None:
        """Take up what was kept under a `key`, which names all that sources depend on beside each other and their media.

        `texts` gives the bodies of articles. With `only`, nothing is taken up but the parts that those sources are in.
        """
        self._kept, self._disk, self._kind, self._texts = kept, disk, kind, texts
        self._key = digest(_spelled(key))
        self._room = _ROOM
        self._rests = kept is not None and gc.isenabled()
        if self._rests:
            gc.disable()
        self._traces: dict[str, Trace] = {}
        self._shelves: set[str] = set()
        self._saved: set[str] = set()
        """Parts that are kept already."""
        self._take_up({*map(shelf, only)} if only else _EVERY)
        self._media: dict[str, Measured] = {} if only else {each.url: each for each in self._values("medium", _MEDIA)}
        self._used: dict[str, Measured] = {}

    def _take_up(self, shelves: Set[str]) -> None:
        found: list[Trace] = [*self._values("source", _SOURCES, shelves)]
        articles, names, told, named = (
            [*chain.from_iterable(map(attrgetter(name), found))] for name in ("articles", "texts", "told", "named")
        )
        deque(map(_SET_LATE, articles, zip(repeat(self._texts), names)), maxlen=0)
        deque(map(_SET_KNOWN, articles, starmap(_known_of, zip(told, named, strict=True))), maxlen=0)
        self._traces.update((each.path, each) for each in found)
        self._shelves |= shelves

    def close(self) -> None:
        """End the work."""
        self.wake()

    def wake(self) -> None:
        """Let the garbage collector work again.

        It rests until the first source is read: none of what is taken up is garbage, and it would look at all of it three times.
        """
        if self._rests:
            self._rests = False
            gc.enable()

    def take_up_more(self, numbers: Iterable[int]) -> Iterable[Trace]:
        """Take up what was left out of the parts with these numbers; return what is known by now, whether it holds still or not."""
        more = {*map(_named, numbers)} - self._shelves
        self._take_up(more)
        return self._traces.values()

    def last(self, path: str) -> Trace | None:
        """Return what is known of the source at `path`, whether it holds still or not."""
        return self._traces.get(path)

    def trace(self, path: str) -> Trace | None:
        """Return what the source at `path` gave, when its file has not changed since."""
        found = self._traces.get(path)
        return found if found and found.stamp and found.stamp == self.stamp(path) else None

    def digest(self, path: str) -> bytes:
        """Return the digest of the bytes that the source at `path` had, empty when nothing is known of it."""
        found = self._traces.get(path)
        return found.digest if found else b""

    def trace_of(self, path: str, digest: bytes | None) -> Trace | None:
        """Return what the source at `path` gave, when its bytes had this digest."""
        found = self._traces.get(path)
        if found is None or not digest or found.digest != digest:
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

    def expect(self, paths: Iterable[str]) -> None:
        """Note which sources will be read: when their files are large together, even the first do not stay in memory with their texts."""
        if sum(size for size, *_ in filter(None, map(self.stamp, paths))) > _ROOM:
            self._room = 0

    def note(self, articles: tuple[Article, ...]) -> None:
        """Note that articles were read: once there are many, none may stay in memory with its text."""
        self._room -= sum(len(each.body) for each in articles)

    def light(self, articles: tuple[Article, ...]) -> tuple[Article, ...]:
        """Return articles as they may stay in memory."""
        return articles if self._room > 0 or self._texts is None else tuple(self._light(each, self._texts) for each in articles)

    def saved(self, number: int, traces: Mapping[str, Trace]) -> bool:
        """Keep these, which are all of the part with this number, when no source of it was known; return whether that was done.

        So those of a large archive need not all be in memory until the last of them is there: each is as large as its article.
        """
        if _named(number) in self._parts or not self._texts:
            return False
        self._keep_texts(self._texts, traces.values())
        if self._texts.flush() and self._keep_parts("source", {_named(number): traces.values()}, _SOURCES):
            self._saved.add(_named(number))
        return _named(number) in self._saved

    @cached_property
    def _parts(self) -> frozenset[str]:
        """The parts of which something was known."""
        return frozenset(map(shelf, self._traces))

    def save(self, traces: Mapping[str, Trace], saved: Iterable[Article] = ()) -> None:
        """Keep these of the sources, and what was asked of media; what is not among them is forgotten, but of articles `saved` before."""
        if self._texts and self._save_texts(self._texts, traces, saved):
            self._keep("source", self._traces, traces, _SOURCES, self._saved)
            self._keep("medium", self._media, self._used, _MEDIA)

    def exchange(self, new: Mapping[str, Trace]) -> bool:
        """Keep these of some sources in the place of what is known of them, and all else as it is; return whether that could be.

        Only the texts of articles may be others.
        """
        if self._texts is None:
            return False
        self._keep_texts(self._texts, new.values())
        unused = _named_texts([self._traces[path] for path in new]) - _named_texts(new.values())
        is_kept = self._texts.flush() and self._texts.spare(unused)
        return is_kept and self._keep("source", self._traces, {**self._traces, **new}, _SOURCES)

    def _light(self, article: Article, texts: Texts) -> Article:
        if hasattr(article, "_late"):
            return article
        late = blank(article, "body")
        _SET_LATE(late, (texts, texts.put(article.body)))
        if hasattr(article, "_known"):
            _SET_KNOWN(late, article._known)
        return late

    def _save_texts(self, texts: Texts, traces: Mapping[str, Trace], saved: Iterable[Article]) -> bool:
        """Keep the texts of what is new, and forget those that nothing has any more; return whether that could be."""
        new = [each for path, each in traces.items() if self._traces.get(path) is not each]
        if not new and not self._saved and len(traces) == len(self._traces):
            return True
        self._keep_texts(texts, new)
        wanted, before = (_named_texts(each.values()) for each in (traces, self._traces))
        wanted.update(text_digest(each).hex() for each in saved)
        return texts.flush() and texts.forget(wanted, before - wanted, all_others=not self._traces)

    def _keep_texts(self, texts: Texts, new: Iterable[Trace]) -> None:
        for article in chain.from_iterable(each.articles for each in new):
            if not hasattr(article, "_late"):
                texts.put(article.body)

    def _values(self, what: str, kinds: tuple[type, ...], shelves: Set[str] = _EVERY) -> Iterator[Any]:
        if self._kept is None:
            return
        kind = what + self._kind
        every = self._kept.every(kind) if shelves == _EVERY else self._kept.some(kind, sorted(shelves)).items()
        for _, value in every:
            if value[:_KEY] == self._key:
                yield from unpack(value[_KEY:], kinds, "body")

    def _keep(
        self, what: str, before: Mapping[str, object], now: Mapping[str, object], kinds: tuple[type, ...], saved: Set[str] = frozenset()
    ) -> bool:
        """Keep those parts in which something is another now, but those that are `saved` already; return whether that could be."""
        changed = {shelf(name) for name in before.keys() | now.keys() if before.get(name) is not now.get(name)}
        changed |= set() if before else _EVERY  # what may be there of another key
        shelves: dict[str, list[object]] = {each: [] for each in changed - saved}
        for name, value in now.items() if shelves else ():
            if (number := shelf(name)) in shelves:
                shelves[number].append(value)
        return self._keep_parts(what, shelves, kinds)

    def _keep_parts(self, what: str, parts: Mapping[str, Collection[object]], kinds: tuple[type, ...]) -> bool:
        """Keep parts, of which few are in memory, and forget those that have nothing; return whether that could be."""
        if not parts:
            return True
        packed = ((number, self._key + pack(values, kinds, _SHARED, "body")) for number, values in parts.items() if values)
        gone = (number for number, values in parts.items() if not values)
        return self._kept is None or self._kept.keep_each(what + self._kind, packed, gone)


def _named_texts(traces: Iterable[Trace]) -> set[str]:
    return {name.hex() for each in traces for name in each.texts}


def digest(body: bytes) -> bytes:
    """Return the digest of some bytes."""
    return blake2b(body, digest_size=_KEY).digest()


def text_digest(article: Article) -> bytes:
    """Return the digest of an article's body, without reading one that is where it is kept."""
    return article._late[1] if hasattr(article, "_late") else _name(article.body)


def told_digest(article: Article) -> bytes:
    """Return the digest of all that an article is but its body: the same on another day and in another process."""
    # What `repr` gives names all values, and has no addresses: those of the model are text, numbers, dates and more of the model.
    return article._known[:_KEY] if hasattr(article, "_known") else digest(_spelled(repr(_TOLD(article))))


def made_of(article: Article) -> bytes:
    """Return the digests of all but the text of an article, and of its text."""
    return told_digest(article) + text_digest(article)


def named_in(article: Article) -> Named:
    """Return what an article's body names, without reading one that is where it is kept."""
    if not hasattr(article, "_known"):
        return markup.named(article.body)
    media, pictures, links = marshal.loads(article._known[_KEY:])  # noqa: S302 - ours
    return Named(media=media, pictures=pictures, links=links)


def known(article: Article) -> Article:
    """Return an article that is as it stays, and know from now on what can be known of it without its text."""
    _SET_KNOWN(article, _known_of(told_digest(article), named_in(article)))
    return article


def _known_of(told: bytes, named: Named) -> bytes:
    """Return the digest of all that an article is but its body, and what that names, in one piece: as objects these have 0.2 kB more."""
    return told + marshal.dumps((named.media, named.pictures, named.links))


def at_hand(articles: Iterable[Article]) -> None:
    """Have the texts of articles at hand that are asked for next."""
    late = [each._late for each in articles if hasattr(each, "_late")]
    for texts, several in groupby(late, itemgetter(0)):
        if isinstance(texts, Texts):
            texts.have(name for _, name in several)


def light(article: Article) -> Article:
    """Return an article with an empty text; of one that is known, that is known too."""
    found = blank(article, "body")
    _SET_BODY(found, "")
    if hasattr(article, "_known"):
        _SET_KNOWN(found, _known_of(told_digest(article), Named()))
    return found


def _name(text: str) -> bytes:
    return digest(_spelled(text))


def _spelled(text: str) -> bytes:
    return text.encode(errors="surrogatepass")


def _text(spelled: bytes) -> str:
    return spelled.decode(errors="surrogatepass")


def shelf(name: str) -> str:
    """Return in which part the source at a path is kept, or the medium at a URL."""
    return _named(shelf_number(name))


def shelf_number(name: str) -> int:
    """Return the number of that part, which one byte holds."""
    return crc32(_spelled(name)) % _SHELVES


def _named(number: int) -> str:
    return f"{number:02x}"


NOTHING = Memory()
"""Knows nothing, and keeps nothing."""
