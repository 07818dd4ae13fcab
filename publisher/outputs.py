"""What is to be written, one file each, and what has been."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, replace
from functools import lru_cache
from hashlib import blake2b
from heapq import merge
from typing import Any, Protocol, overload

from publisher.article import Article, Publication
from publisher.formats import Target
from publisher.paths import Packed
from publisher.problems import Problem

__all__ = [
    "KEY",
    "Answer",
    "Bundle",
    "Content",
    "Make",
    "Media",
    "Output",
    "Plan",
    "Row",
    "Sheaf",
    "Source",
    "Written",
    "digest_of",
    "row_of",
]

KEY = 16
"""Bytes of the key of an output."""
_AT_ONCE = 10_000
"""So many paths are sorted together."""


Media = Callable[[str], bytes | None]
"""Gives the bytes behind a URL, `None` when there are none."""


class Make:
    """A call to be made later, perhaps in another process; two are equal when function and arguments are."""

    __slots__ = ("arguments", "function")

    def __init__(self, function: Callable[..., bytes], *arguments: object) -> None:
        self.function = function
        self.arguments = arguments

    def __call__(self) -> bytes:
        """Make the bytes."""
        return self.function(*self.arguments)

    def with_media(self, change: Callable[[Media], Media]) -> Make:
        """Return the same call, with media that are changed for those who are told of them."""
        return Make(
            self.function, *(replace(each, media=change(each.media)) if isinstance(each, Target) else each for each in self.arguments)
        )

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Make) and (self.function, self.arguments) == (other.function, other.arguments)

    def __hash__(self) -> int:
        return hash(self.function)


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What an output is made of."""

    publication: Publication
    """What goes into it; with `make`, what it is of, without articles."""
    target: Target = Target()
    make: Make | None = None
    """Makes the bytes of what is no format of articles: a list, a sitemap, a picture."""


class Output:
    """One file to be written.

    Of most files there are as many as articles, so what they are made of is put together when it is asked for (`late`), anew each time:
    a plan is as large as its paths, and what it is made from.
    """

    __slots__ = ("_content", "_given", "article", "format", "is_made", "key", "path")

    def __init__(self, *, path: str, format: str, publication: Publication, target: Target = Target(), make: Make | None = None) -> None:  # noqa: A002
        self.path = path
        """Below the exports, with `/`."""
        self.format = format
        """Name of a format that is written and read back, or, with `make`, of what it is."""
        self.is_made = make is not None
        """Whether it is no format of articles."""
        self.article: Article | None = None
        """The one article of it that this is a page of."""
        self.key: bytes | None = None
        """The digest of all that it is made of, but media, where that is known already."""
        self._content: Any = _as_it_is
        self._given: Any = (Content(publication=publication, target=target, make=make),)

    @classmethod
    def late(
        cls,
        path: str,
        format: str,  # noqa: A002
        content: Callable[..., Content],
        *given: object,
        article: Article | None = None,
        is_made: bool = False,
    ) -> Output:
        """Return an output whose content a function puts together from what is given."""
        made = cls.__new__(cls)
        made.path, made.format, made.article, made.is_made, made.key = path, format, article, is_made, None
        made._content, made._given = content, given
        return made

    def content(self) -> Content:
        """Return what it is made of."""
        found: Content = self._content(*self._given)
        return found

    @property
    def publication(self) -> Publication:
        """What goes into it."""
        return self.content().publication

    @property
    def target(self) -> Target:
        """What its writer is told."""
        return self.content().target

    @property
    def make(self) -> Make | None:
        """What makes it, when it is no format of articles."""
        return self.content().make

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Output) and (self.path, self.format, self.content()) == (other.path, other.format, other.content())

    def __hash__(self) -> int:
        return hash(self.path)

    def __reduce__(self) -> tuple[Callable[..., Output], tuple[str, str, Content]]:
        return _whole, (self.path, self.format, self.content())


class Sheaf:
    """Outputs that are planned together, from what is given and from nothing else: of the same given they are the same."""

    __slots__ = ("_given", "_late", "article", "name", "plan")

    def __init__(
        self,
        name: str,
        plan: Callable[..., Iterable[Output]],
        *given: object,
        article: Article | None = None,
        late: Callable[[Article], tuple[object, ...]] | None = None,
    ) -> None:
        self.name = name
        """What it is of: no other has it, and in another build it is called the same.

        That of an article is its identifier, which is one line; all others begin with a new line.
        """
        self.plan = plan
        self.article = article
        """The one that they are of."""
        self._given = given
        self._late = late
        """Gives of that one what they are planned from, where it is to be put together anew whenever somebody asks."""

    @property
    def given(self) -> tuple[object, ...]:
        """What they are planned from."""
        return self._late(self.article) if self._late and self.article else self._given

    def outputs(self) -> tuple[Output, ...]:
        """Return all of them; what they are made of is planned again when it is asked for, since of all of a site it would be large."""
        return tuple(_Planned(self, number, *row_of(each)) for number, each in enumerate(_planned(self)))

    def bundle(self) -> Bundle:
        """Return what all of them are called."""
        return self, [*map(row_of, self.outputs())], None

    def content(self, number: int) -> Content:
        """Return what one of them is made of, counted from 0."""
        return _planned(self)[number].content()


def forget() -> None:
    """Forget what the last sheaves were planned to be: it is planned again when it is asked for."""
    _planned.cache_clear()


@lru_cache(maxsize=8)  # those of one list are asked for one after the other
def _planned(sheaf: Sheaf) -> tuple[Output, ...]:
    return tuple(sheaf.plan(*sheaf.given))


class Source(Protocol):
    """Who knows what several outputs are made of, such as a sheaf."""

    @property
    def article(self) -> Article | None:
        """The one that they are of."""

    def content(self, number: int, /) -> Content:
        """Return what one of them is made of, counted from 0."""


class _Planned(Output):
    """An output of which only its source knows what it is made of."""

    __slots__ = ()

    def __init__(self, source: Source, number: int, path: str, form: str, is_made: bool, key: bytes | None) -> None:
        self.path, self.format, self.is_made, self.key = path, form, is_made, key
        self.article = None if is_made else source.article
        self._content, self._given = source, number

    def content(self) -> Content:
        """Return what it is made of."""
        found: Content = self._content.content(self._given)
        return found


Row = tuple[str, str, bool, bytes | None]
"""What an output is called: path, format, whether it is no format of articles, and its key."""
Bundle = tuple["Source | Output", Sequence[Row], bytes | None]
"""The outputs of one source, and the digest of all that they are planned from, where that is known."""


def row_of(output: Output) -> Row:
    """Return what an output is called."""
    return output.path, output.format, output.is_made, output.key


class Plan(Sequence[Output]):
    """All outputs of a build, in columns: a large site has a million, so that each is an object only while somebody looks at it."""

    def __init__(self) -> None:
        self._sources: list[Source | Output] = []
        """Outputs that know themselves what they are made of are their own."""
        self._from = bytearray()
        """The digest of all that the outputs of each source are planned from."""
        self._starts = array("I", (0,))
        """Which output is the first of each source, and which would be that of the next."""
        self._of = array("I")
        """Which source each output has."""
        self._paths = Packed()
        self._formats: list[str] = []
        self._numbers: dict[str, int] = {}
        """Of each of these formats its place among them."""
        self._written_as = array("H")
        """Which of them each output has."""
        self._are_made = bytearray()
        self._keys = bytearray()
        self._order: Sequence[int] = range(0)

    def add(self, outputs: Iterable[Output]) -> None:
        """Add outputs that know themselves what they are made of."""
        for each in outputs:
            self._add(each, (row_of(each),), None)

    def add_all(self, bundles: Iterable[Bundle]) -> None:
        """Add the outputs of several sources."""
        for each in bundles:
            self._add(*each)

    def _add(self, source: Source | Output, rows: Sequence[Row], planned_from: bytes | None) -> None:
        for path, form, is_made, key in rows:
            self._paths.append(path)
            self._written_as.append(self._number(form))
            self._are_made.append(is_made)
            self._keys += key or bytes(KEY)
            self._of.append(len(self._sources))
        self._sources.append(source)
        self._from += planned_from or bytes(KEY)
        self._starts.append(len(self._of))
        self._order = range(len(self._of))

    def _number(self, form: str) -> int:
        if form not in self._numbers:
            self._numbers[form] = len(self._formats)
            self._formats.append(form)
        return self._numbers[form]

    def sort(self) -> None:
        """Put all in the order of their paths, of which never many are there at once."""
        parts = [self._order[each : each + _AT_ONCE] for each in range(0, len(self), _AT_ONCE)]
        several = [array("I", sorted(part, key=self._paths.__getitem__)) for part in parts]
        self._order = array("I", merge(*several, key=self._paths.__getitem__))

    def without(self, paths: Collection[str]) -> Plan:
        """Return those that are at other paths, in the same order."""
        left = copy(self)
        left._order = array("I", (each for each in self._order if self._paths[each] not in paths)) if paths else self._order
        return left

    def starting_with(self, form: str) -> Plan:
        """Return the same outputs, those of one format before all others."""
        early = [each == form for each in self._formats]
        found = copy(self)
        found._order = array("I", (place for first in (True, False) for place in self._order if early[self._written_as[place]] is first))
        return found

    @property
    def paths(self) -> Iterator[str]:
        """All paths, in their order."""
        return map(self._paths.__getitem__, self._order)

    def learn_from(self, keys: Iterable[bytes | None]) -> None:
        """Take up the digests of what sheaves are planned from, in their order, of those that were added without."""
        sheaves = (number for number, each in enumerate(self._sources) if isinstance(each, Sheaf) and not _key(self._from, number))
        for number, key in zip(sheaves, keys, strict=True):
            self._from[number * KEY : (number + 1) * KEY] = key or bytes(KEY)

    def learn(self, path: str, key: bytes) -> None:
        """Take up the key of an output, which was not known before it was made."""
        place = self._order[bisect_left(self._order, path, key=self._paths.__getitem__)]
        self._keys[place * KEY : (place + 1) * KEY] = key

    def bundles(self) -> Mapping[bytes, Sequence[Row]]:
        """Return the outputs of each source of which it is known what they are planned from, by the digest of that."""
        return _Bundles({key: number for number in range(len(self._sources)) if (key := _key(self._from, number))}, self._rows)

    def apart(self) -> Iterator[Output]:
        """Yield those that are of no such source, or of what has no name."""
        return (self._output(each) for each in self._order if not (_key(self._from, self._of[each]) and _key(self._keys, each)))

    def _rows(self, source: int) -> Sequence[Row]:
        return [*map(self._row, range(self._starts[source], self._starts[source + 1]))]

    def _row(self, place: int) -> Row:
        return self._paths[place], self._formats[self._written_as[place]], bool(self._are_made[place]), _key(self._keys, place)

    def _output(self, place: int) -> Output:
        source = self._sources[of := self._of[place]]
        return source if isinstance(source, Output) else _Planned(source, place - self._starts[of], *self._row(place))

    @overload
    def __getitem__(self, place: int) -> Output: ...

    @overload
    def __getitem__(self, place: slice) -> Sequence[Output]: ...

    def __getitem__(self, place: int | slice) -> Output | Sequence[Output]:
        found = self._order[place]
        return self._output(found) if isinstance(found, int) else [*map(self._output, found)]

    def __iter__(self) -> Iterator[Output]:
        return map(self._output, self._order)

    def __len__(self) -> int:
        return len(self._order)


def _key(keys: bytearray, place: int) -> bytes | None:
    """Return one of several keys, `None` where there is none."""
    found = bytes(keys[place * KEY : (place + 1) * KEY])
    return found if any(found) else None


class _Bundles(Mapping[bytes, Sequence[Row]]):
    """The outputs of sources, put together when they are asked for."""

    def __init__(self, sources: Mapping[bytes, int], rows: Callable[[int], Sequence[Row]]) -> None:
        self._sources, self._rows = sources, rows

    def __getitem__(self, key: bytes) -> Sequence[Row]:
        return self._rows(self._sources[key])

    def __iter__(self) -> Iterator[bytes]:
        return iter(self._sources)

    def __len__(self) -> int:
        return len(self._sources)


def _as_it_is(content: Content) -> Content:
    return content


def _whole(path: str, format: str, content: Content) -> Output:  # noqa: A002
    return Output(path=path, format=format, publication=content.publication, target=content.target, make=content.make)


Answer = tuple[str, Hashable, bytes]
"""The address of a medium that an output has asked for, the state of its file just before, and the digest of its bytes.

The state is `None` where nothing tells when the file changes, the digest empty where there was no file.
"""


def digest_of(medium: bytes | None) -> bytes:
    """Return the digest that an answer has of a medium, empty where there is none."""
    return b"" if medium is None else blake2b(medium, digest_size=16).digest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """One file as bytes, checked, and read back to be the same."""

    path: str
    body: bytes
    problems: tuple[Problem, ...]
    answers: tuple[Answer, ...] = ()
    """What came of all media that it has asked for, also where there were none."""
    key: bytes | None = None
    """The digest of all that it was made of, but media, where somebody asked for that."""
