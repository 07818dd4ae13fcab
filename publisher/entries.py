"""The entries of feeds: each is written, read back and checked once in a process, in however many feeds it is.

An article is in the feed of the whole, of its section and of its authors, with the very same bytes. So a writer makes only those
entries that it has not made before (`written`), and a build reads and checks a document without those that were right in another
one (`unread`). That stays a proof of all that is in the file:

- A document is cut at its entries, and put together again it is the same bytes. In what is cut nothing but a tag begins with `<`
  and no line ends inside a text of JSON, so that each part is one whole element or object.
- An entry has been read when its bytes, what is around it in the feed and the article that it has to be are all the same (by half of
  their SHA-256; of an article whose text is kept by two digests, of its text and of all else, that were made when it was read).
  Its text is cut out for that, where its bytes are just those that the article's text has to be: the article is in the digest.
- One that is alike to its last byte but for plain values of its article was read with the first of its form (`alike`).
- What is around the entries is read each time, with one entry at least, so that entries are where a reader looks for them.
- What only several entries together can get wrong, that two have one identifier, is looked at here, in all of them.
- When anything is wrong, nothing counts as read: all is read again, and problems say where they are in the whole.
"""

from __future__ import annotations

import json
import marshal
import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from functools import lru_cache
from hashlib import sha256
from operator import attrgetter
from typing import Any, Protocol

from publisher import alike, piles
from publisher.article import Article, Correction, Image, Link, Media, Organization, Person, Place, Publication

__all__ = ["Cut", "Json", "Layout", "Part", "Xml", "fingerprint", "forget", "unread", "written"]

_SHORT = 200
"""Bytes of a text that is kept with its entry."""
_AT_HAND = 1000
"""How many articles have their fingerprints kept: one document is mostly followed by the same in another format."""
_WHOLE = (b"https://", b"http://", b"mailto:", b"tel:")
_IN_XML = (b' href="', b' src="', b' url="', b"<uri>")
_IN_JSON = (b'url": "', b'image": "', b'"avatar": "')
"""What is in front of addresses."""
_ROOT = re.compile(rb"<(?:rss|feed)\s[^<>]*>")
_HISTORY = re.compile(rb' xmlns:fh="[^"]*"')
_ELEMENT = re.compile(rb"<([A-Za-z][\w:.-]*)")
_MEMBER = re.compile(rb'^  "(\w+)":', re.MULTILINE)
_VERSION = re.compile(rb'^  "version": .*', re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """A document in parts."""

    head: bytes
    entries: tuple[bytes, ...]
    tail: bytes


class Layout(Protocol):
    """Where the entries are in a document of a format as we write it."""

    def cut(self, document: bytes) -> Cut | None:
        """Return the parts of a document, `None` when it is not laid out as we do."""

    def join(self, cut: Cut) -> bytes:
        """Return the document with these parts."""

    def spelled(self, body: str) -> bytes:
        """Return an article's text as it is in an entry."""

    def identity(self, part: bytes) -> bytes | None:
        """Return by what readers know an entry, or a head, again."""

    def around(self, cut: Cut) -> bytes:
        """Return all that what a reader or a rule makes of an entry could depend on in its feed."""

    def stands_alone(self, entry: bytes) -> bool:
        """Return whether an entry by itself is one, and has only whole addresses: what a feed says they are relative to is left open."""


class Xml:
    """A feed in XML as feedgen writes it: `name` is that of its entries, `free` of elements in the head that say nothing about entries."""

    def __init__(self, name: str, *, parent: str, indent: int, identity: str, free: Collection[str]) -> None:
        self._begin, self._end = f"<{name}".encode(), f"</{name}>".encode()
        self._indent = b"\n" + b" " * indent
        self._foot = f"\n{' ' * (indent - 2)}</{parent}>".encode()
        self._identity = re.compile(rb"<%s(?: [^<>]*)?>([^<]+)</" % identity.encode())
        self._free = {each.encode() for each in free}

    def cut(self, document: bytes) -> Cut | None:
        """Return the parts of a document without comments, CDATA sections and instructions, in which all is indented."""
        if b"<!" in document or document.find(b"<?", 2) > 0 or b"xml:base" in document:
            return None
        *parts, tail = document.split(self._end)
        if not parts:
            head, foot, end = document.rpartition(self._foot)
            return Cut(head=head, entries=(), tail=foot + end)
        begin = self._indent + self._begin
        head, _, first = parts[0].partition(begin)
        entries = [self._begin + first, *(each[len(self._indent) :] for each in parts[1:] if each.startswith(begin))]
        if len(entries) < len(parts) or not tail.startswith(self._foot) or not all(map(self._is_one, entries)):
            return None
        return Cut(head=head, entries=tuple(each + self._end for each in entries), tail=tail)

    def _is_one(self, entry: bytes) -> bool:
        """Return whether an entry that has lost its end tag has one begin tag, and that of its own name."""
        return entry.count(self._begin) == 1 and entry[len(self._begin) : len(self._begin) + 1] in (b" ", b">")

    def join(self, cut: Cut) -> bytes:
        """Return the document with these parts."""
        return b"".join((cut.head, *(self._indent + each for each in cut.entries), cut.tail))

    def spelled(self, body: str) -> bytes:
        """Return an article's text between tags."""
        from publisher import feedwriting  # with lxml, which the table of formats does without

        return feedwriting.body(body).encode()

    def identity(self, part: bytes) -> bytes | None:
        """Return the text of the element that is it."""
        found = self._identity.search(part)
        return found and found[1]

    def around(self, cut: Cut) -> bytes:
        """Return the begin tag of the root and the names of the elements beside the entries."""
        root = _ROOT.search(cut.head)
        names = set(_ELEMENT.findall(cut.head + cut.tail)) - self._free
        return b" ".join((_HISTORY.sub(b"", root[0]) if root else cut.head, *sorted(names)))

    def stands_alone(self, entry: bytes) -> bool:
        """Return whether each address is a whole one; those in an entry's text are relative to its link."""
        return _is_whole(entry, _IN_XML) and (b' rel="alternate"' in entry or b"<link>" in entry)


class Json:
    """A JSON Feed as we write it; `free` are the members of the feed that say nothing about items."""

    _FIRST, _LAST, _NONE = b'\n  "items": [\n', b"\n  ]\n}\n", b'\n  "items": []\n}\n'
    _BEGIN, _END = b"    {\n", b"\n    }"
    _IDENTITY = re.compile(rb'\A    \{\n      "id": ("(?:[^"\\]|\\.)+")')

    def __init__(self, free: Collection[str]) -> None:
        self._free = {each.encode() for each in free}

    def cut(self, document: bytes) -> Cut | None:
        """Return the parts of a document whose items are the last of its members."""
        if document.endswith(self._NONE):
            return Cut(head=document.removesuffix(self._NONE), entries=(), tail=b"")
        head, first, rest = document.partition(self._FIRST)
        if not first or self._FIRST in rest or not rest.endswith(self._LAST):
            return None
        entries = rest.removesuffix(self._LAST).split(b",\n" + self._BEGIN)
        entries = [entries[0], *(self._BEGIN + each for each in entries[1:])]
        whole = all(each.startswith(self._BEGIN) and each.endswith(self._END) for each in entries)
        return Cut(head=head, entries=tuple(entries), tail=b"") if whole else None

    def join(self, cut: Cut) -> bytes:
        """Return the document with these parts."""
        return b"".join((cut.head, self._FIRST, b",\n".join(cut.entries), self._LAST)) if cut.entries else cut.head + self._NONE

    def spelled(self, body: str) -> bytes:
        """Return an article's text as it is between quotes."""
        return _quoted(body)

    def identity(self, part: bytes) -> bytes | None:
        """Return the id as it is written, with its quotes; a head has none."""
        found = self._IDENTITY.search(part)
        return found and found[1]

    def around(self, cut: Cut) -> bytes:
        """Return the version and the names of the members beside the items."""
        names = set(_MEMBER.findall(cut.head)) - self._free
        return b" ".join((*_VERSION.findall(cut.head), *sorted(names)))

    def stands_alone(self, entry: bytes) -> bool:
        """Return whether an item is one object, with whole addresses."""
        try:
            return isinstance(json.loads(entry), dict) and _is_whole(entry, _IN_JSON)
        except ValueError:
            return False


@lru_cache(maxsize=256)
def _quoted(body: str) -> bytes:
    from publisher import feeds, schema  # with lxml, too

    return schema.quoted(feeds.spelled(body))[1:-1].encode()


def _is_whole(entry: bytes, starts: Iterable[bytes]) -> bool:
    """Return whether the addresses that begin after `starts` are all whole."""
    return all(each.startswith(_WHOLE) for start in starts for each in entry.split(start)[1:])  # far sooner than a pattern


# -- what an article says ---------------------------------------------------------------------------------------------------


def fingerprint(article: Article) -> bytes:
    """Return 32 bytes made of all that an article says, offsets of moments and kinds of numbers too: SHA-256, or digests that are known."""
    if hasattr(article, "_late"):
        from publisher.tracing import made_of

        return made_of(article)
    known = _fingerprints.get(id(article))
    if known and known[0] is article:
        return known[1]
    found = sha256(marshal.dumps(_said(article), 2)).digest()  # later versions of marshal tell strings apart that are equal
    if len(_fingerprints) >= _AT_HAND:
        _fingerprints.clear()
    _fingerprints[id(article)] = article, found  # with the article, so that no other one gets its id
    return found


_fingerprints: dict[int, tuple[Article, bytes]] = {}


def _said(value: Any) -> Any:
    kind = type(value)
    if kind is tuple:
        return tuple([each if type(each) in _PLAIN else _said(each) for each in value])
    if kind in _VALUES:
        return (kind.__name__, *[each if type(each) in _PLAIN else _said(each) for each in _VALUES[kind](value)])
    return (kind.__name__, value.isoformat()) if isinstance(value, date) else value


_PLAIN = frozenset((str, int, bool, float, type(None)))
_KINDS: tuple[type[Any], ...] = (Article, Correction, Image, Link, Media, Organization, Person, Place)
_VALUES = {kind: attrgetter(*(each.name for each in fields(kind))) for kind in _KINDS}


# -- written once -----------------------------------------------------------------------------------------------------------


def forget() -> None:
    """Forget all entries."""
    _last.clear()
    _fingerprints.clear()
    piles.forget()
    alike.forget()


def written(layout: Layout, kind: str, articles: Sequence[Article], frame: Cut, write: Callable[[Article], bytes]) -> bytes:
    """Return the document of `frame` and the entries of articles, asking `write` only for those that are new.

    `kind` is the format and what else of a feed its entries depend on.
    """
    from publisher.tracing import at_hand  # with lxml, too

    found: list[bytes] = []
    new: dict[int, tuple[bytes, ...]] = {}
    numbers = piles.numbers([*map(fingerprint, articles)])
    known = piles.known_of(layout)
    at_hand(articles)
    for number, article in zip(numbers, articles, strict=True):
        text = layout.spelled(article.body)
        parts = known.parts(kind, number) or new.get(number)
        if parts is None:
            parts = new[number] = _parts(write(article), text)
        found.append(text.join(parts))
    if not _are_cut_out(layout, frame, map(b"".join, new.values())):
        return layout.join(_with(frame, found))
    known.keep(kind, new)
    return _remembered(layout, _with(frame, found))


def _parts(entry: bytes, text: bytes) -> tuple[bytes, ...]:
    """Return an entry cut where the text of its article is; where that is short, all of it."""
    parts = tuple(entry.split(text)) if len(text) > _SHORT else ()
    return parts if len(parts) == 2 else (entry,)


def _with(frame: Cut, found: Iterable[bytes]) -> Cut:
    return Cut(head=frame.head, entries=tuple(found), tail=frame.tail)


def _are_cut_out(layout: Layout, frame: Cut, found: Iterable[bytes]) -> bool:
    """Return whether these entries, and nothing else, are found again in a document of theirs.

    They are without the texts of their articles, in which layouts escape all that could end one: looking through those takes long.
    """
    cut = _with(frame, found)
    return layout.cut(layout.join(cut)) == cut


_last: list[tuple[bytes, Cut]] = []
"""The document that was put together last, with its parts."""


def _remembered(layout: Layout, cut: Cut) -> bytes:
    document = layout.join(cut)
    _last[:] = [(document, cut)]
    return document


def _cut(layout: Layout, document: bytes) -> Cut | None:
    """Return the parts of a document; those of the last one are known, each from a document that was cut."""
    return next((cut for known, cut in _last if known is document), None) or layout.cut(document)


# -- read once --------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What of a document has to be read and checked, and the articles that it has to give."""

    publication: Publication
    body: bytes
    is_all: bool
    layout: Layout
    around: bytes
    """What is around the entries."""
    marks: Mapping[int, bytes]
    """By their numbers, of the entries that are right when it is."""
    forms: tuple[tuple[tuple[bytes, ...], Article], ...]
    """Of those that have been read with it: themselves in parts, and what they are of."""

    def note(self) -> None:
        """Remember that these entries are right, after they were read, compared and checked."""
        for parts, article in self.forms:
            if len(parts) == 2:
                alike.keep(self.around, parts, article)
        piles.known_of(self.layout).note(self.around, self.marks)


def _mark(expected: bytes, parts: Sequence[bytes]) -> bytes:
    """Return the digest of an entry that has been cut at the text of its article, which `expected` says."""
    found = sha256(expected)  # of one length, so that what follows begins where it begins
    found.update(b",".join(b"%d" % len(each) for each in parts) + b":")
    found.update(b"".join(parts))
    return found.digest()[: piles.MARK]


def unread(layout: Layout, publication: Publication, body: bytes) -> Part | None:
    """Return the document without those entries that were right in another one; `None` when it has to be read as it is."""
    from publisher import schema

    cut = _cut(layout, body)
    if cut is None or len(cut.entries) != len(publication.articles) or not cut.entries or layout.join(cut) != body:
        return None
    pairs = list(zip(cut.entries, publication.articles, strict=True))
    parts = [_parts(entry, layout.spelled(article.body)) for entry, article in pairs]
    bare = [b"".join(each) for each in parts]  # without the texts, in which nothing that is looked for can be
    identities = [*map(layout.identity, bare), layout.identity(cut.head) or b""]
    if None in identities or len(set(identities)) < len(identities):
        return None
    around = sha256(layout.around(cut)).digest()
    said = [fingerprint(article) for _, article in pairs]
    marks, numbers = [*map(_mark, said, parts)], piles.numbers(said)
    known = piles.known_of(layout)
    unknown = [place for place, mark in enumerate(marks) if not known.is_read(around, numbers[place], mark)]
    alone = [place for place in unknown if layout.stands_alone(bare[place])]
    unlike = {place for place in unknown if not _is_alike(around, parts[place], pairs[place][1])}
    new = sorted({0, *unlike})
    return Part(
        publication=schema.with_articles(publication, (pairs[place][1] for place in new)),
        body=layout.join(Cut(head=cut.head, entries=tuple(pairs[place][0] for place in new), tail=cut.tail)),
        is_all=len(new) == len(pairs),
        layout=layout,
        around=around,
        marks={numbers[place]: marks[place] for place in alone},
        forms=tuple((parts[place], pairs[place][1]) for place in alone if place in unlike),
    )


def _is_alike(around: bytes, parts: Sequence[bytes], article: Article) -> bool:
    return len(parts) == 2 and alike.is_right(around, parts, article) and alike.is_simple(article.body)
