"""From sources to a publication: read each, measure its media, tie the articles together, put them in order."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from functools import cached_property, partial
from itertools import chain, groupby, repeat
from operator import attrgetter, itemgetter
from pathlib import PurePosixPath
from typing import Any, TypeVar
from urllib.parse import quote, unquote, urlsplit

from publisher import archives, disclosure, formats, manuscript, markup, schema
from publisher.article import Article, Image, Link, Media, Party, Person, Publication
from publisher.formats import Context, Origin, Reading
from publisher.measure import Facts, measure
from publisher.paths import Packed
from publisher.problems import Problem, PublisherError, Severity, problem, shown
from publisher.settings import Settings
from publisher.text import escape
from publisher.tracing import (
    NOTHING,
    Asked,
    Head,
    Memory,
    Question,
    Stamp,
    Trace,
    at_hand,
    digest,
    known,
    named_in,
    shelf_number,
    text_digest,
    told_digest,
)

__all__ = ["ABOUT_SETTINGS", "Gathered", "Read", "as_published", "corrected", "gather", "is_source", "looks_written", "one", "read"]

Value = TypeVar("Value")
Find = Callable[[str], bytes | None]
"""Gives the bytes of the file that is published at a URL."""

_BY_HAND = ("md", "markdown", "txt")
"""Endings of what people write, in the order in which a source is looked for by its name without one."""
_WRITTEN = frozenset("md markdown mdown mkd txt text json jsonld rss atom rdf opml xml html htm xhtml epub".split())
_FOR_ROBOTS = frozenset(("robots.txt", "ads.txt", "app-ads.txt", "humans.txt", "security.txt", "llms.txt", "llms-full.txt"))
"""What lies at the root of sites and is no article."""
_SHAPELESS = frozenset(("clipping-no-date", "clipping-no-byline"))
ABOUT_SETTINGS = frozenset(("date-without-zone",))
"""What is told of a source, and would be of all others that have the same settings."""
_NAMED = re.compile(r"\[\[(?P<name>.+)\]\]")
"""Where the address of a file would be, the name it is asked for by."""
_TAG = re.compile(r"(?:\[\[|\{%-?\s*(?:link|post_url)\s|[\s<%](?:rel)?ref\s++\"?)\s*+([^\[\]|#\n\"%>]+)")
_LOCAL = re.compile(
    r".+\.(?:md|markdown|mdown|mkd|txt|png|jpe?g|gif|webp|avif|svg|mp3|m4a|ogg|opus|wav|flac|mp4|webm|mov|pdf|zip|csv)", re.IGNORECASE
)
"""Paths of what lies beside sources; others may be pages of the site."""
_PICTURE = re.compile(r"\.(?:jpe?g|png|gif|webp|avif)$", re.IGNORECASE)
_NOT_RETURNED = "translation-not-returned"
"""Of each translation in another source: whether that one names this one, too, is known when all are tied (`_standing`)."""
_WORD = re.compile(r"[^\s<>()\[\]{}|\"'#]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered:
    """What the sources gave: a publication in order, and what was found on the way, with the paths of the sources."""

    publication: Publication
    problems: tuple[Problem, ...]
    written: bool = True
    """Whether it comes from a form that people write, and says nothing itself of what its articles appear in."""
    drafts: frozenset[str] = frozenset()
    """Identifiers of those articles that are not published yet."""
    media: Find = formats.no_media
    """Gives the bytes of what was inside the sources, by its URL in the articles, and of what lies beside them."""
    origins: tuple[Origin, ...] = ()
    """Where the values of articles were taken from, as far as a reader tells."""
    encloses: bool = True
    """Whether one of the sources may have media inside."""
    paths: Iterable[str] = ()
    """Of each article in their order, the source."""


@dataclass(frozen=True, slots=True)
class _Source:
    path: str
    reading: Reading
    written: bool
    """Whether it is in a form that people write, and says nothing itself of what its articles appear in."""
    lines: tuple[tuple[str, int], ...] = ()
    """Where its text names what lies beside it: each `_mark` with its line."""
    whole: tuple[str, ...] = ()
    """Addresses of the publication that its text has in full: of its site on the web, when no file is there."""


def is_source(path: str) -> bool:
    """Return whether a file in a folder may hold articles, by its ending; `path` begins in the folder."""
    return path.rpartition(".")[2].lower() in _WRITTEN and path.lower() not in _FOR_ROBOTS


def looks_written(body: bytes) -> bool:
    """Return whether a text is surely an article: it has front matter, or a byline and a date."""
    if formats.get("markdown").recognizes(body, ""):
        return True
    try:
        return _SHAPELESS.isdisjoint(each.code for each in formats.get("clipping").read(body, Context()).problems)
    except PublisherError:
        return False


def _never(path: str) -> PublisherError:
    """Return that a source cannot be opened again: who has no memory does not need it."""
    return PublisherError(problem("file-unreadable", Severity.ERROR, "the file cannot be read", hint="check its name and your rights"))


@dataclass(frozen=True, slots=True)
class Read:
    """What was read of one source, perhaps in another process; what was inside a document is not sent, so it arrives as `None`."""

    source: _Source | None
    """`None` when it cannot be read, or is left out."""
    problems: tuple[Problem, ...]
    digest: bytes | None
    """Of its bytes, `None` when there were none."""

    def __reduce__(self) -> tuple[Callable[..., Read | None], tuple[object, ...]]:
        if self.source and self.source.reading.media is not formats.no_media:
            return _unsent, ()
        return Read, (self.source, self.problems, self.digest)


Given = bytes | PublisherError | Trace | Read
"""What stands for a source: its bytes, why there are none, what is known of it, or what was read of it."""


def _unsent() -> None:
    return None


def read(path: str, body: bytes | PublisherError, settings: Settings, known: bytes = b"", *, drafts: bool) -> Read:
    """Return what a source is, or why it cannot be read; only its digest when that is known."""
    found = None if isinstance(body, PublisherError) else digest(body)
    if found and found == known:
        return Read(None, (), found)
    problems: list[Problem] = []
    source = _try(path, body, settings, problems, drafts=drafts)
    return Read(source, tuple(problems), found)


def gather(
    sources: Iterable[tuple[str, Given]],
    settings: Settings | None,
    assumed: Settings,
    find: Find,
    *,
    drafts: bool = False,
    paths: Iterable[str] = (),
    memory: Memory = NOTHING,
    again: Callable[[str], bytes | PublisherError] = _never,
) -> Gathered:
    """Return the publication made of all sources, newest article first.

    `settings` are those of `publisher.toml`; without one, a single file that says what its articles appear in
    gives the publication, else `assumed` does. A source that cannot be read is an error among the problems;
    in place of its bytes may stand why it could not be opened. Of the sources at `paths` that are not among them
    those are read that they link to, so that one article alone has the same links as among all.

    What `memory` knows is not done again, and all comes out as if it were; then `sources` have to be all there are. In place of the
    bytes of one may stand its trace, or what was read of it; `again` opens it when what it asks about others is answered otherwise.
    """
    among = tuple(paths)
    read = _Reader(settings or assumed, memory, again, drafts=drafts)
    shelf_of = partial(_shelf, settings, assumed, find, memory)
    early = shelf_of(()) if settings and memory is not NOTHING else None
    works, done = _read_each(sources, read, early, memory)
    inside = _inside(works)
    shelf = early if early and inside is formats.no_media else shelf_of(works)
    for work in works[done if shelf is early else 0 :]:
        if not shelf.holds(work.files or ()):
            read.again(work)
        if work.files is None:
            _finish_files(work, shelf, memory)
    shelf.drafts.update(work.path for work in works if work.draft)
    by_path = {work.path: work for work in works}
    if all(each in by_path for each in among if is_source(each)):
        shelf.pages.update(each.url for work in works for each in work.articles if each.url)
    shelf.look_up = _Among(shelf, by_path, _Elsewhere(shelf, settings or assumed, among))
    written = _is_written(works, settings)
    for part, together in groupby(sorted(works, key=_part), _part):
        several = [*together]
        at_hand(chain.from_iterable(work.articles for work in several if not work.trace))
        for work in several:
            if work.trace and not shelf.holds(work.trace.ties):
                read.again(work)
                _finish_files(work, shelf, memory)
            if not work.trace:
                _finish_ties(work, shelf, memory)
                work.become(_trace(work, memory))
        if memory.saved(part, {work.path: work.trace for work in several if work.trace and work.lasts}):
            for work in several:
                work.dwindle()
    shelf.look_up = _nowhere  # which knows the shelf: else all that was read would stay until somebody looks for such circles
    saved = chain.from_iterable(work.articles for work in works if not work.trace and work.lasts)
    memory.save({work.path: work.trace for work in works if work.trace and work.lasts}, saved)
    found = _together(works, shelf.publication, shelf.measured, _Lines(find, shelf.publication))
    media = _Careful(find, as_published(settings or assumed), inside).published
    return replace(found, written=written, media=media, encloses=inside is not formats.no_media)


def _shelf(settings: Settings | None, assumed: Settings, find: Find, memory: Memory, works: Sequence[_Work]) -> _Shelf:
    """Return the shelf on which sources lie, with what is inside them."""
    shelf = _Shelf((settings or assumed).publication, _Careful(find, as_published(settings or assumed), _inside(works), memory))
    shelf.publication = _measured(_publication(works, settings, assumed), shelf)
    shelf.measured = tuple(shelf.problems)
    return shelf


def _read_each(sources: Iterable[tuple[str, Given]], read: _Reader, early: _Shelf | None, memory: Memory) -> tuple[list[_Work], int]:
    """Return all sources as they were read, and how many of them, from the first, have the facts about their media already.

    A large archive has them from the shelf where nothing is inside sources, so that little of each waits until all are read. That ends
    with the first that has media inside, which others may ask for, or of which something is remembered that does not hold any more.
    """
    works: list[_Work] = []
    done = 0
    for path, body in sources:
        work = read(path, body)
        if early and done == len(works) and _is_alone(work, early):
            if work.files is None:
                _finish_files(work, early, memory)
            done += 1
        elif work.source:
            work.source = _with_articles(work.source, memory.light(work.source.reading.publication.articles))
        works.append(work)
    return works, done


def _is_alone(work: _Work, shelf: _Shelf) -> bool:
    """Return whether a source that was read has nothing to do with media of others."""
    return shelf.holds(work.files or ()) and _inside([work]) is formats.no_media


def _together(works: Sequence[_Work], publication: Publication, measured: Iterable[Problem], line_of: _Lines) -> Gathered:
    """Return what all sources gave."""
    found = [each for work in works for each in zip(work.orders, work.articles, repeat(work.path))]
    found.sort(key=itemgetter(0))
    problems = [
        *chain.from_iterable(work.read for work in works),
        *measured,
        *chain.from_iterable(work.completed for work in works),
        *_standing(works, publication.url),
        *dict.fromkeys(_clashes(works, line_of)),
    ]
    return Gathered(
        publication=schema.with_articles(publication, [article for _, article, _ in found]),
        problems=tuple(_once(problems)),
        drafts=frozenset(chain.from_iterable(work.drafts for work in works)),
        paths=Packed(path for *_, path in found),
    )


def _part(work: _Work) -> int:
    """Return in which part of what is remembered a source is: those of one part are done with, and kept, together."""
    return shelf_number(work.path)


def _is_written(works: Sequence[_Work], settings: Settings | None) -> bool:
    read = [each.source for each in works if each.source]
    return settings is not None or len(read) != 1 or read[0].written


@dataclass(slots=True)
class _Work:
    """A source on its way, and what is told of it at each stage; one that is as it was remembered has nothing to be done."""

    path: str
    trace: Trace | None = None
    source: _Source | None = None
    """`None` when it cannot be read, or is left out."""
    digest: bytes | None = None
    """Of its bytes, when it is to be remembered."""
    articles: tuple[Article, ...] = ()
    drafts: tuple[str, ...] = ()
    draft: bool = False
    lasts: bool = True
    """Whether it can be remembered: not when something could not be read, which may be otherwise the next time."""
    read: tuple[Problem, ...] = ()
    completed: tuple[Problem, ...] = ()
    tied: tuple[Problem, ...] = ()
    files: Asked | None = None
    """What it asked about media, `None` when it has not yet."""
    ties: Asked = ()

    def become(self, trace: Trace) -> None:
        """Keep what came of it, and nothing that was on the way there: there may be a hundred thousand."""
        self.trace, self.articles, self.drafts = trace, trace.articles, trace.drafts
        self.read, self.completed, self.tied = trace.read, trace.completed, trace.tied
        self.source, self.ties = None, ()

    def dwindle(self) -> None:
        """Keep what it gives to the whole, once its trace is kept."""
        self.trace = self.digest = None
        self.files = ()

    @property
    def orders(self) -> Iterable[tuple[bool, float, str]]:
        """By what each of its articles is sorted."""
        return self.trace.orders if self.trace else map(_order, self.articles)


class _Reader:
    """Reads sources, but those that have not changed."""

    def __init__(self, settings: Settings, memory: Memory, again: Callable[[str], bytes | PublisherError], *, drafts: bool) -> None:
        self._settings = settings
        self._memory = memory
        self._again = again
        self._drafts = drafts

    def __call__(self, path: str, body: Given) -> _Work:
        """Return what is known of a source, or read it."""
        trace = body if isinstance(body, Trace) else self._memory.trace_of(path, _digest_of(body))
        if isinstance(trace, Trace):
            work = _Work(path, draft=trace.draft, files=trace.files)
            work.become(trace)
            return work
        work = _Work(path)
        self.read(work, body if not isinstance(body, Trace) else self._again(path))
        return work

    def again(self, work: _Work) -> None:
        """Read a source that has not changed, but of which others are to be asked anew."""
        self.read(work, self._again(work.path))

    def read(self, work: _Work, body: bytes | PublisherError | Read) -> None:
        """Read a source."""
        self._memory.wake()
        found = body if isinstance(body, Read) else read(work.path, body, self._settings, drafts=self._drafts)
        work.trace, work.articles, work.drafts, work.read, work.source, work.files = None, (), (), found.problems, found.source, None
        work.draft = any(each.code == "source-draft" for each in work.read)
        if work.source:
            work.drafts = _drafts(work.source)
            self._memory.note(work.source.reading.publication.articles)
        work.digest = found.digest
        # What is inside documents is needed as long as the build lasts.
        work.lasts = work.digest is not None and (work.source is None or work.source.reading.media is formats.no_media)
        # Nor is what a program could not do the fault of the source alone.
        work.lasts = work.lasts and not any(each.code.startswith("pandoc-") for each in work.read)


def corrected(former: Trace, body: bytes, settings: Settings, stamp: Stamp, *, drafts: bool) -> Trace | None:
    """Return what a source gives now that has changed since it gave the former, when only texts of its articles are others; else `None`.

    All that it asks about others has to be answered as the last time: they are the same still, and so is all that they ask of this one.
    """
    work = _Work(former.path)
    _Reader(settings, NOTHING, _never, drafts=drafts).read(work, body)
    shelf = _Answered(settings.publication, _Careful(formats.no_media, _as_it_is))
    shelf.known = dict(chain(former.files, former.ties))
    try:
        _finish_files(work, shelf, NOTHING)
        _finish_ties(work, shelf, NOTHING)
    except _UnansweredError:
        return None
    found = replace(_trace(work, NOTHING), stamp=stamp)
    return found if work.lasts and _but_texts(found) == _but_texts(former) else None


class _UnansweredError(Exception):
    """A question was not asked the last time."""


_but_texts = attrgetter(*(each.name for each in fields(Trace) if each.name not in ("stamp", "digest", "articles", "texts")))


def _digest_of(body: bytes | PublisherError | Read) -> bytes | None:
    return body.digest if isinstance(body, Read) else digest(body) if isinstance(body, bytes) else None


def _with_articles(source: _Source, articles: tuple[Article, ...]) -> _Source:
    reading = source.reading
    return replace(source, reading=replace(reading, publication=schema.with_articles(reading.publication, articles)))


def _finish_files(work: _Work, shelf: _Shelf, memory: Memory) -> None:
    """Give a source's articles the facts about their media."""
    told, asked = shelf.begin()
    if work.source:
        work.articles = memory.light(_complete(work.source, shelf))
        # What it said of its publication and media is known now; of a large archive all sources wait for each other here.
        nothing = Reading(publication=shelf.publication)
        work.source = replace(work.source, path=work.path, reading=shelf.one(nothing))
    work.completed, work.files = tuple(told), shelf.one(tuple(asked.items()))


def _finish_ties(work: _Work, shelf: _Shelf, memory: Memory) -> None:
    """Tie a source's articles to those of others."""
    told, asked = shelf.begin()
    if work.source:
        tied = tuple(_tie(each, work.source, shelf) for each in work.articles)
        work.articles = memory.light(tuple(map(known, tied)))
    work.tied, work.ties = tuple(told), tuple(asked.items())
    work.lasts = work.lasts and shelf.unsure.isdisjoint(question for question, _ in chain(work.files or (), work.ties))


def _trace(work: _Work, memory: Memory) -> Trace:
    """Return what a source gave; what was told twice is told once."""
    told = [dict.fromkeys(each) for each in (work.read, work.completed, work.tied)]
    return Trace(
        path=work.path,
        stamp=memory.stamp(work.path),
        digest=work.digest or b"",
        files=work.files or (),
        ties=work.ties,
        articles=work.articles,
        told=tuple(map(told_digest, work.articles)),
        texts=tuple(map(text_digest, work.articles)),
        named=tuple(map(named_in, work.articles)),
        orders=tuple(map(_order, work.articles)),
        drafts=work.drafts,
        draft=work.draft,
        read=tuple(told[0]),
        completed=tuple(each for each in told[1] if each not in told[0]),
        tied=tuple(each for each in told[2] if each not in told[0] and each not in told[1]),
    )


def _inside(works: Iterable[_Work]) -> Find:
    """Return what finds media inside the sources."""
    return formats.inside(each.source.reading for each in works if each.source)


def _drafts(source: _Source) -> tuple[str, ...]:
    """Return the identifiers of a source's articles that are not published yet."""
    reading = source.reading
    return tuple(each.identifier for each in reading.publication.articles if reading.draft or each.identifier in reading.drafts)


def _once(problems: Iterable[Problem]) -> Iterator[Problem]:
    """Yield the problems, of those that are about the settings rather than a source only the first of each code."""
    told: set[str] = set()
    for each in problems:
        if each.code not in ABOUT_SETTINGS or each.code not in told:
            yield each
        told.add(each.code)


def as_published(settings: Settings) -> Callable[[bytes, str], bytes]:
    """Return what makes of a file, by its bytes and its name, what is published of it.

    It raises `Unfit` when that cannot be told of a damaged one.
    """
    return _as_it_is if settings.site.metadata else disclosure.published


def _as_it_is(body: bytes, _: str) -> bytes:
    return body


class _Careful:
    """Finds files; one that is there and cannot be read is a problem, told once, and as good as not there."""

    def __init__(
        self, find: Find, publish: Callable[[bytes, str], bytes], inside: Find = formats.no_media, memory: Memory = NOTHING
    ) -> None:
        """What is `inside` sources comes first; what `memory` knows of a file is not read from it again.

        `publish` makes of a file what is published of it.
        """
        self.problems: list[Problem] = []
        self.failures = 0
        """How often there was something that could not be read."""
        self.silent = False
        """Whether it is raised rather than told."""
        self._find = find
        self._publish = publish
        self._inside = inside
        self._memory = memory
        self._told: set[Problem] = set()

    def __call__(self, url: str) -> bytes | None:
        """Return the bytes of the file at a URL, `None` when there are none."""
        try:
            return self._inside(url) or (None if self._memory.absent(url) else self._find(url))
        except PublisherError as error:
            if self.silent:
                raise
            self.failures += 1
            self.problems.extend(each for each in error.problems if each not in self._told)
            self._told.update(error.problems)
            return None

    def there(self, url: str) -> bool:
        """Return whether there is a file at a URL."""
        if self._inside(url) or self._memory.medium(url):
            return True
        found = self(url) is not None
        if found:
            self._memory.learn(url, None)
        return found

    def published(self, url: str) -> bytes | None:
        """Return the bytes that will be at a URL, `None` when there are none."""
        body = self(url)
        try:
            return body and self._publish(body, PurePosixPath(urlsplit(url).path).name)
        except disclosure.Unfit as error:  # told when it is published
            return None if isinstance(error, disclosure.Unsafe) else body

    def facts(self, url: str) -> Facts | None:
        """Return what a file is as it is published."""
        inside = self._inside(url)
        known = None if inside else self._memory.medium(url)
        if known and known.facts:
            return known.facts
        body = self.published(url)
        facts = measure(body, url) if body is not None else None
        if facts and not inside:
            self._memory.learn(url, facts)
        return facts


def _try(path: str, body: bytes | PublisherError, settings: Settings, problems: list[Problem], *, drafts: bool) -> _Source | None:
    try:
        if isinstance(body, PublisherError):
            raise body
        found = _read(path, body, settings)
    except PublisherError as error:
        problems += error.at(path).problems
        return None
    problems += (each.at(path) for each in found.reading.problems)
    if found.reading.draft and not drafts:
        problems.append(problem("source-draft", Severity.INFO, "this is a draft: left out", hint="build with --drafts to see it").at(path))
        return None
    return found if drafts else _without_drafts(found, problems)


def _without_drafts(source: _Source, problems: list[Problem]) -> _Source:
    """Return a source of many articles without those that are not published yet."""
    every = source.reading.publication.articles
    kept = tuple(each for each in every if each.identifier not in source.reading.drafts)
    if len(kept) == len(every):
        return source
    message = f"{len(every) - len(kept)} of {len(every)} articles are drafts: left out"
    problems.append(problem("source-drafts", Severity.INFO, message, hint="use --drafts to see them").at(source.path))
    return replace(source, reading=replace(source.reading, publication=schema.with_articles(source.reading.publication, kept)))


def one(
    path: str, body: bytes, settings: Settings | None, assumed: Settings, find: Find, paths: Iterable[str] = (), *, form: str | None = None
) -> Gathered:
    """Return what one file holds, as `gather` would; of the other sources only those that it links to are read.

    `paths` are those of all files; without them, what is asked for by name is looked for where it usually lies.
    `form` is the name of its format, when that is not to be found from its content.
    """
    found = _read(path, body, settings or assumed, form)
    problems = [each.at(path) for each in found.reading.problems]
    find = _Careful(find, as_published(settings or assumed), found.reading.media)
    kept = Gathered(
        publication=found.reading.publication,
        problems=tuple(problems),
        written=False,
        drafts=frozenset(_drafts(found)),
        media=find,
        origins=found.reading.origins,
    )
    if not found.written:
        return kept
    shelf = _Shelf((settings or assumed).publication, find)
    find.problems = problems
    shelf.publication = _measured(shelf.publication, shelf)
    shelf.look_up = _Elsewhere(shelf, settings or assumed, paths, path)
    articles = [_tie(article, found, shelf) for article in _complete(found, shelf)]
    told = tuple(each for each in _once(dict.fromkeys(problems)) if each.code != f"source-{_NOT_RETURNED}")
    return replace(kept, publication=schema.with_articles(shelf.publication, articles), problems=told, written=True)


class _Among:
    """Finds the first article of the source at an address, or of the name in its place."""

    def __init__(self, shelf: _Shelf, works: Mapping[str, _Work], elsewhere: _Elsewhere) -> None:
        self._shelf = shelf
        self._works = works
        self._elsewhere = elsewhere
        elsewhere.beside = next((path for path, work in self._works.items() if work.articles), "")

    @cached_property
    def _names(self) -> Mapping[str, str]:
        return _names(path for path, work in self._works.items() if work.articles)

    def __call__(self, address: str) -> Article | None:
        """Return the article, `None` when there is none."""
        path = self._shelf.whole_path(address)
        if path not in self._works and (name := self._shelf.name(address)):
            path = self._names.get(_plain(name)) or self._elsewhere.path(address)
        return next(iter(self._works[path].articles), None) if path in self._works else self._elsewhere(address)


class _Elsewhere:
    """Finds the articles of sources that were not asked for, and reads only those that are linked to."""

    def __init__(self, shelf: _Shelf, settings: Settings, paths: Iterable[str], beside: str = "") -> None:
        self.beside = beside
        """Path of a source near which others are looked for."""
        self._shelf = shelf
        self._settings = settings
        self._paths = paths

    @cached_property
    def _names(self) -> Mapping[str, str]:
        return _names(filter(is_source, self._paths))

    def __call__(self, address: str) -> Article | None:
        """Return the first article of the source at an address, `None` when there is none or it is a draft."""
        path = self.path(address)
        body = self._shelf.find(_address(path, self._shelf.publication)) if is_source(path) else None
        told: list[Problem] = []
        found = _try(path, body, self._settings, told, drafts=False) if body else None
        self._shelf.drafts.update(path for each in told if each.code == "source-draft")
        return next(iter(found.reading.publication.articles), None) if found else None

    def path(self, address: str) -> str:
        """Return the path of the source that an address or a name means, `""` when it means none."""
        if name := self._shelf.name(address):
            return self._names.get(_plain(name)) or self._shelf.source(name, self.beside)
        return self._shelf.whole_path(address)


def _read(path: str, body: bytes, settings: Settings, form: str | None = None) -> _Source:
    _refuse_large(body, settings)
    module = formats.get(form) if form else formats.detect(body, path)
    context = settings.context(path)
    reading = module.read(body, context)
    says_where = schema.with_articles(reading.publication, ()) != context.publication
    written = (reading.is_manuscript or not formats.is_written(module.NAME)) and not says_where
    beside = [each for article in reading.publication.articles for each in _beside(article, reading.publication.url)] if written else []
    if not beside:
        return _Source(path, reading, written)
    text = _text(body)
    return _Source(path, reading, written, tuple(_lines(text, set(map(_mark, beside))).items()), tuple(_whole(text, beside)))


def _text(body: bytes) -> str:
    """Return a source as text, `""` when it is none, such as a document in an archive."""
    if archives.looks_like(body):
        return ""
    try:
        return manuscript.decode(body)[0]
    except PublisherError:
        return ""


def _refuse_large(body: bytes, settings: Settings) -> None:
    """Raise `PublisherError` for more than anybody would write or read."""
    most = settings.limits.file * (5 if archives.looks_like(body) else 1)
    if len(body) > most:
        message = f"this has {len(body) / 1_000_000:.0f} MB, more than {most // 1_000_000}"
        hint = "split it, or set a larger `file` in [limits] of publisher.toml"
        raise PublisherError(problem("file-too-large", Severity.ERROR, message, hint=hint))


def _beside(article: Article, base: str) -> Iterator[str]:
    """Yield the addresses of the files and articles of the publication that an article names."""
    linked = (each.url for each in (*article.citation, *article.translations) if each.url)
    yield from (each for each in chain(_media_of(article), markup.links(article.body), linked) if base and each.startswith(base))


def _mark(address: str) -> str:
    """Return the last word of a file's name: it is spelled alike wherever the path to it begins."""
    return unquote(address.partition("#")[0]).rstrip("]/").rpartition("/")[2].rpartition("[")[2].rpartition(" ")[2]


def _lines(text: str, marks: set[str]) -> dict[str, int]:
    """Return the first line that has each of the marks; one in a tag that asks for a file by its name comes first."""
    asked: dict[str, int] = {}
    found: dict[str, int] = {}
    for number, line in enumerate(text.split("\n"), start=1):
        if "%" not in line and not any(each in line for each in marks):
            continue  # in words without escapes a mark is as it stands there
        words = _WORD.findall(line)
        listed = [part for each in words if "," in each for part in each.split(",")]
        for lines, named in ((asked, _TAG.findall(line)), (found, [*words, *listed])):
            for mark in marks.intersection(map(_mark, map(str.strip, named))):
                lines.setdefault(mark, number)
    return found | asked


def _whole(text: str, addresses: Iterable[str]) -> Iterator[str]:
    """Yield those of the addresses that a text has in full, in HTML or not."""
    yield from (each for each in dict.fromkeys(addresses) if each in text or escape(each) in text)


def _publication(works: Iterable[_Work], settings: Settings | None, assumed: Settings) -> Publication:
    read = [each.source for each in works if each.source] if settings is None else []
    if len(read) == 1:
        return schema.with_articles(read[0].reading.publication, ())
    return (settings or assumed).publication


def _address(path: str, publication: Publication) -> str:
    """Return the URL that other sources call the source at `path`."""
    return f"{publication.url}{quote(path, errors='surrogateescape')}"


def _order(article: Article) -> tuple[bool, float, str]:
    """Return what sorts the newest article first, and those without a date last."""
    published = article.date_published
    return published is None, -schema.begin(published).timestamp() if published else 0.0, article.identifier


# -- media ----------------------------------------------------------------------------------------------------------------


_FLEETING = frozenset(("draft",))
"""Questions whose answer can change in one and the same gathering: when a draft that was not asked for is linked to."""


def _nowhere(address: str) -> Article | None:
    return None


@dataclass(slots=True)
class _Shelf:
    """Where files and other sources lie, and what is told about those that don't.

    All that a stage wants to know beside its source it asks here, so that questions and answers can be kept (see `tracing`).
    """

    publication: Publication
    find: _Careful
    look_up: Callable[[str], Article | None] = _nowhere
    """Gives the first article of the source at an address of the publication."""
    drafts: set[str] = field(default_factory=set)
    """Paths of the sources that were left out."""
    pages: set[str] = field(default_factory=set)
    """Addresses of all articles; empty when not all sources are read."""
    asked: dict[Question, object] = field(default_factory=dict)
    """What was asked since `begin`."""
    measured: tuple[Problem, ...] = ()
    """What was told of the publication's own pictures."""
    unsure: set[Question] = field(default_factory=set)
    """Questions that could not be answered since something could not be read."""
    _answers: dict[Question, object] = field(default_factory=dict)
    _ones: dict[Any, Any] = field(default_factory=dict)

    def one(self, value: Value) -> Value:
        """Return the one value for all that are equal to it: of a hundred thousand articles a few hundred authors are in memory."""
        found: Value = self._ones.setdefault(value, value)
        return found

    @property
    def problems(self) -> list[Problem]:
        """What was told since `begin`."""
        return self.find.problems

    def begin(self) -> tuple[list[Problem], dict[Question, object]]:
        """Return where what is told from now on will be, and what is asked."""
        self.find.problems, self.asked = [], {}
        return self.find.problems, self.asked

    def holds(self, asked: Asked) -> bool:
        """Return whether all these questions have the same answers still; nobody is told of what cannot be read."""
        known = self._answers
        return all(known[question] == answer if question in known else self._again(question, answer) for question, answer in asked)

    def _again(self, question: Question, answer: object) -> bool:
        self.find.silent = True
        try:
            return self._answer(question) == answer
        except PublisherError:
            return False
        finally:
            self.find.silent = False

    def _ask(self, kind: str, what: str = "") -> Any:
        question = (kind, what)
        self.asked[question] = answer = self._answer(question)
        return answer

    def _answer(self, question: Question) -> object:
        if question in self._answers:
            return self._answers[question]
        failures = self.find.failures
        answer = getattr(self, f"_{question[0]}")(question[1])
        if self.find.failures > failures:
            self.unsure.add(question)
        if question[0] not in _FLEETING:
            self._answers[question] = answer
        return answer

    # -- questions

    def _publisher(self, _: str) -> Party | None:
        return self.publication.publisher

    def _facts(self, url: str) -> Facts | None:
        return self.find.facts(url)

    def _file(self, url: str) -> bool:
        return self.find.there(url)

    def _article(self, address: str) -> Head | None:
        found = self.look_up(address)
        return Head(found.url, found.headline, found.in_language) if found else None

    def _page(self, address: str) -> bool:
        return address in self.pages

    def _pages(self, _: str) -> bool:
        return bool(self.pages)

    def _draft(self, path: str) -> bool:
        return path in self.drafts

    def publisher(self) -> Party | None:
        """Return who publishes all articles."""
        found: Party | None = self._ask("publisher")
        return found

    def facts(self, url: str | None) -> Facts | None:
        """Return what the file at a URL is, `None` when there is none."""
        found: Facts | None = self._ask("facts", url) if url else None
        return found

    def there(self, url: str) -> bool:
        """Return whether there is a file at a URL."""
        return bool(self._ask("file", url))

    def article(self, address: str) -> Head | None:
        """Return what is known of the first article of the source at an address, or of the name in its place."""
        found: Head | None = self._ask("article", address) if self.publication.url and address.startswith(self.publication.url) else None
        return found

    def is_page(self, address: str) -> bool:
        """Return whether an article is published at an address."""
        return bool(self._ask("page", address))

    def knows_pages(self) -> bool:
        """Return whether it is known what is published."""
        return bool(self._ask("pages"))

    def is_draft(self, path: str) -> bool:
        """Return whether the source at a path was left out."""
        return bool(self._ask("draft", path))

    # -- addresses

    def whole_path(self, address: str) -> str:
        """Return the path that an address has with all that stands behind it, `""` when it is elsewhere."""
        base = self.publication.url
        return unquote(address.removeprefix(base)) if base and address.startswith(base) else ""

    def path(self, address: str) -> str:
        """Return the path that the publication's `address` has, `""` when it is elsewhere or at its root."""
        base = self.publication.url
        return unquote(address.removeprefix(base).partition("?")[0]) if base and address.startswith(base) else ""

    def name(self, address: str) -> str:
        """Return the name that a file is asked for by, `""` when it is not by name."""
        base = self.publication.url
        found = _NAMED.fullmatch(unquote(address.removeprefix(base))) if base and address.startswith(base) else None
        return found["name"] if found else ""

    def file(self, address: str, path: str) -> str | None:
        """Return the address of a file that the source at `path` means, `None` when there is none."""
        return next((each for each in self._places(address, path) if not self._is_below(each) or self.there(each)), None)

    def is_unsure(self, address: str, path: str) -> bool:
        """Return whether the file that the source at `path` may mean is there and cannot be read, which is told already."""
        return any(("file", each) in self.unsure for each in self._places(address, path))

    def is_no_picture(self, address: str) -> bool:
        """Return whether a file that is called a picture is a source, or a text, which no page can show."""
        return (is_source(self.path(address)) and self.there(address)) or self.is_text(address)

    def is_text(self, address: str) -> bool:
        """Return whether a file whose name ends as that of a picture is a text, or empty."""
        facts = self.facts(address) if self._is_below(address) and _PICTURE.search(address) else None
        return bool(facts and facts.encoding_format == "text/plain")

    def _places(self, address: str, path: str) -> Iterator[str]:
        """Yield where the file may be that the source at `path` means."""
        name = self.name(address)
        places = (f"{folder}{inner}{name}" for folder in _folders(path) for inner in ("", "media/"))
        return (_address(each, self.publication) for each in places) if name else iter((address,))

    def _is_below(self, address: str) -> bool:
        return bool(self.publication.url) and address.startswith(self.publication.url)

    def source(self, name: str, path: str) -> str:
        """Return the path of the source of that name beside `path` or above it, `""` when there is none."""
        names = [name, *(f"{name}.{ending}" for ending in _BY_HAND)]
        places = (f"{folder}{each}" for folder in _folders(path) for each in names if is_source(each))
        return next((each for each in places if self.find.there(_address(each, self.publication))), "")

    def say(self, code: str, severity: Severity, source: _Source, address: str, message: str, hint: str) -> None:
        """Note what is not there."""
        line = dict(source.lines).get(_mark(address), 0)
        self.problems.append(problem(f"source-{code}", severity, message, hint=hint, line=line).at(source.path))


@dataclass(slots=True)
class _Answered(_Shelf):
    """One that knows answers from the last time, and nothing else."""

    known: Mapping[Question, object] = field(default_factory=dict)

    def _answer(self, question: Question) -> object:
        if question not in self.known:
            raise _UnansweredError
        return self.known[question]


def _folders(path: str) -> Iterator[str]:
    """Yield the folder of a path and those above it, each with `/` at its end, the root as `""`."""
    yield from (f"{each}/" if str(each) != "." else "" for each in PurePosixPath(path).parents)


def _complete(source: _Source, shelf: _Shelf) -> tuple[Article, ...]:
    """Return the source's articles with the facts about their media; a file that is not there is a problem."""
    articles = source.reading.publication.articles
    if not source.written:
        return articles
    return tuple(_with_facts(_with_files(each, source, shelf), shelf) for each in articles)


def _with_files(article: Article, source: _Source, shelf: _Shelf) -> Article:
    """Return the article with the addresses of its files, and without pictures that are not there; what is said of them stays."""
    files = {address: shelf.file(address, source.path) for address in dict.fromkeys(_media_of(article))}
    files |= _elsewhere([each for each, found in files.items() if found is None and each in source.whole], source, shelf)
    _tell_missing([each for each, found in files.items() if found is None], source, shelf)
    attached = {each.content_url for each in article.associated_media}
    unusable = _unusable({each: found for each, found in files.items() if found}, attached, source, shelf)
    files |= unusable
    if all(address == found for address, found in files.items()):
        return article
    images = (replace(each, content_url=files.get(each.content_url or "")) for each in article.image)
    return replace(
        article,
        image=tuple(each for each in dict.fromkeys(images) if each != Image()),
        associated_media=tuple(
            replace(each, content_url=files[each.content_url] or each.content_url)
            for each in article.associated_media
            if files[each.content_url] or not (each.content_url in unusable or shelf.name(each.content_url))
        ),
        body=markup.clean(_without(article.body, files), lambda address: files.get(address, address)),
    )


def _without(body: str, files: Mapping[str, str | None]) -> str:
    """Return the body with what is said of the pictures that are not there set off from the words beside them."""
    gone = {address for address, found in files.items() if found is None}
    return markup.in_brackets(body, gone) if gone else body


def _elsewhere(addresses: Collection[str], source: _Source, shelf: _Shelf) -> dict[str, str]:
    """Return whole addresses of the site as they are, and say of each file that it is not there."""
    for address in _files(addresses):
        message = f"there is no file {shown(shelf.path(address))}; its address was kept, since the site may have such a file"
        shelf.say("media-elsewhere", Severity.INFO, source, address, message, "check that it is there, or bring it below media/")
    return {each: each for each in addresses}


def _tell_missing(addresses: Iterable[str], source: _Source, shelf: _Shelf) -> None:
    """Say of each file that it is not there."""
    told: dict[str, str] = {}
    for address in _files(each for each in addresses if not shelf.is_unsure(each, source.path)):
        told.setdefault(shelf.name(address) or shelf.path(address) or unquote(address), address)
    for file, address in told.items():
        hint = "check the path, which begins where the source is"
        shelf.say("media-missing", Severity.WARNING, source, address, f"there is no file {shown(file)}", hint)


def _unusable(files: Mapping[str, str], attached: Collection[str], source: _Source, shelf: _Shelf) -> dict[str, None]:
    """Return the addresses of pictures that are none, and say of each file what it is; `attached` may also be sources."""
    found = {
        address: file
        for address, each in files.items()
        if (shelf.is_text if address in attached else shelf.is_no_picture)(file := each.partition("#")[0])
    }
    for file, address in {file: address for address, file in reversed(found.items())}.items():
        what = "recording" if address in attached else "picture"
        message = f"{shown(shelf.path(file))} is empty or a text, and no {what}; it was left out"
        shelf.say("media-unusable", Severity.WARNING, source, file, message, "get the file anew, or take another one")
    return dict.fromkeys(found)


def _files(addresses: Iterable[str]) -> Iterable[str]:
    """Return the address of each file once, whatever places in it are named."""
    return dict.fromkeys(each.partition("#")[0] for each in addresses)


def _media_of(article: Article) -> Iterator[str]:
    yield from (each.content_url for each in article.image if each.content_url)
    yield from (each.content_url for each in article.associated_media)
    yield from markup.media(article.body)


def _with_facts(article: Article, shelf: _Shelf) -> Article:
    return replace(
        article,
        image=tuple(_image(each, shelf) for each in article.image),
        associated_media=tuple(_recording(each, shelf) for each in article.associated_media),
        article_section=shelf.one(article.article_section),
        keywords=tuple(map(shelf.one, article.keywords)),
        author=shelf.one(tuple(_party(each, shelf) for each in article.author)),
        editor=tuple(_party(each, shelf) for each in article.editor),
        contributor=tuple(_party(each, shelf) for each in article.contributor),
        publisher=shelf.publisher(),
        copyright_holder=_party(article.copyright_holder, shelf) if article.copyright_holder else None,
        body=markup.with_sizes(article.body, lambda address: _size(address, shelf)),
    )


def _measured(publication: Publication, shelf: _Shelf) -> Publication:
    """Return the publication with the facts about its own pictures."""
    image, publisher = publication.image, publication.publisher
    return replace(publication, image=image and _image(image, shelf), publisher=publisher and _party(publisher, shelf))


def _size(address: str, shelf: _Shelf) -> tuple[int, int] | None:
    facts = shelf.facts(address)
    return (facts.width, facts.height) if facts and facts.width and facts.height else None


def _image(image: Image, shelf: _Shelf) -> Image:
    if not (facts := shelf.facts(image.content_url)):
        return image
    return replace(
        image,
        encoding_format=facts.encoding_format,
        width=facts.width,
        height=facts.height,
        content_size=facts.content_size,
        sha256=facts.sha256,
    )


def _recording(media: Media, shelf: _Shelf) -> Media:
    if not (facts := shelf.facts(media.content_url)):
        return media
    kind = facts.encoding_format or media.encoding_format
    return replace(media, encoding_format=kind, content_size=facts.content_size, sha256=facts.sha256)


def _party(party: Party, shelf: _Shelf) -> Party:
    if isinstance(party, Person):
        return replace(party, image=_image(party.image, shelf)) if party.image else party
    return replace(party, logo=_image(party.logo, shelf)) if party.logo else party


# -- ties between articles ------------------------------------------------------------------------------------------------


def _tie(article: Article, source: _Source, shelf: _Shelf) -> Article:
    """Return the article with links to other sources made links to their articles; a name that none has becomes text."""
    new = {address: _new_address(address, source, shelf) for address in dict.fromkeys(markup.links(article.body))}
    body = markup.relink(article.body, lambda address: new.get(address) or address)
    return replace(
        article,
        author=shelf.one(article.author),
        article_section=shelf.one(article.article_section),
        keywords=tuple(map(shelf.one, article.keywords)),
        body=markup.clean(body, lambda address: new.get(address, address)) if None in new.values() else body,
        citation=tuple(filter(None, (_link(each, source, shelf) for each in article.citation))),
        translations=tuple(filter(None, (_translation(each, source, shelf) for each in article.translations))),
    )


def _translation(link: Link, source: _Source, shelf: _Shelf) -> Link | None:
    """Return the link to a translation as `_link` does, and note that it is not returned, as long as nobody knows better."""
    found = _link(link, source, shelf)
    if source.written and link.url and found and found.url and found.in_language and shelf.path(found.url):
        hint = "name this article among the translations there, too: search engines believe only what both say"
        shelf.say(_NOT_RETURNED, Severity.WARNING, source, link.url, _not_returned(found.url, shelf.publication.url), hint)
    return found


def _not_returned(url: str, base: str) -> str:
    return f"the translation {shown(unquote(url.removeprefix(base)))} does not name this article as its own"


def _standing(works: Sequence[_Work], base: str) -> Iterator[Problem]:
    """Yield what is told of links, but of translations only of those that are among the articles and do not name each other."""
    code = f"source-{_NOT_RETURNED}"
    naming = {work.path for work in works if any(each.code == code for each in work.tied)}
    wanted = {link.url for work in works if work.path in naming for article in work.articles for link in article.translations}
    articles = (each for work in works for each in work.articles) if wanted else ()
    back = {each.url: {link.url for link in each.translations} for each in articles if each.url in wanted}
    for work in works:
        if work.path in naming:
            pairs = ((article.url, link.url) for article in work.articles for link in article.translations)
            gone = {_not_returned(there, base) for here, there in pairs if there and here in back.get(there, {here})}
            yield from (each for each in work.tied if each.code != code or each.message not in gone)
        else:
            yield from work.tied


def _new_address(address: str, source: _Source, shelf: _Shelf) -> str | None:
    """Return where a link goes, `None` when it asks for a name that nothing has."""
    plain, mark, place = address.partition("#")
    if (target := shelf.article(plain)) and target.url:
        return f"{target.url}{mark}{place}"
    if shelf.name(plain):
        return _file(plain, source, shelf)
    return address if not source.written or _is_there(plain, shelf) else _kept(address, source, shelf)


def _is_there(address: str, shelf: _Shelf) -> bool:
    """Return whether an address is that of a page, of a file, or none of ours."""
    if not (path := shelf.path(address)):
        return True
    plain = address.partition("?")[0]
    return (shelf.is_page(address) or shelf.there(plain) or shelf.is_unsure(plain, path)) and not shelf.is_draft(path)


def _kept(address: str, source: _Source, shelf: _Shelf, left: str = "the text of the link was kept") -> str | None:
    """Return an address at which nothing lies when it may be a page of the site, `None` when it names a source or a file.

    What is `left` of the link then is told.
    """
    plain = address.partition("#")[0]
    path = shelf.path(plain)
    if shelf.is_draft(path):
        message = f"{shown(path)} is a draft, which is left out; {left}"
        shelf.say("link-to-draft", Severity.WARNING, source, address, message, "publish it too, or take the link out")
    elif _LOCAL.fullmatch(path) and plain not in source.whole:
        message = f"there is no source or file {shown(path)}; {left}"
        shelf.say("link-dead", Severity.WARNING, source, address, message, "check the path, which begins where the source is")
    else:
        if shelf.knows_pages():
            message = f"there is no article or file {shown(path)}; the link was kept, since the site may have such a page"
            shelf.say("link-elsewhere", Severity.INFO, source, address, message, _meant(plain, shelf) or "check that the page is there")
        return address
    return None


def _meant(address: str, shelf: _Shelf) -> str:
    """Return the hint for a link to a page that the source of that name is not published at, `""` where there is none of that name."""
    bare, _, ending = address.rpartition(".")
    names = [f"{bare}.{each}" for each in _BY_HAND] if ending.lower() in ("html", "htm") else []
    found = next(filter(shelf.article, names), "")
    return f"did you mean {shown(shelf.path(found))}? it leads to the page of that source" if found else ""


def _file(address: str, source: _Source, shelf: _Shelf) -> str | None:
    if not (found := shelf.file(address, source.path)):
        message = f"there is no article or file {shown(shelf.name(address))}; the text of the link was kept"
        shelf.say("link-unknown", Severity.INFO, source, address, message, "write the name of its file")
    return found


def _link(link: Link, source: _Source, shelf: _Shelf) -> Link | None:
    """Return a link with the address of the article that it means; without address, when nothing is there; `None` when nothing is left."""
    if not link.url:
        return link
    plain, mark, place = link.url.partition("#")
    if target := shelf.article(plain):
        url = f"{target.url}{mark}{place}" if target.url else None
        return Link(url=url, name=link.name or target.headline, in_language=link.in_language or target.in_language)
    if name := shelf.name(link.url):
        return Link(url=_file(link.url, source, shelf), name=link.name or name, in_language=link.in_language)
    if not source.written or _is_there(plain, shelf):
        return link
    url = _kept(link.url, source, shelf, "the text of the link was kept" if link.name else "the link was left out")
    return replace(link, url=url) if url or link.name else None


def _names(paths: Iterable[str]) -> dict[str, str]:
    """Return the path that each name means: any end of a path, with or without ending; as in Obsidian, the shortest path first."""
    found: dict[str, str] = {}
    for path in sorted(paths, key=lambda path: (path.count("/"), path)):
        parts = _plain(path).split("/")
        for start in range(len(parts)):
            whole = "/".join(parts[start:])
            bare = whole.rpartition(".")[0]
            for name in (whole, bare, bare.removesuffix("/index")):
                found.setdefault(name, path)
    return found


def _plain(name: str) -> str:
    """Return a name as all its spellings have it."""
    return unicodedata.normalize("NFC", name).casefold().strip().strip("/")


class _Lines:
    """Finds where a source says a value, once that is asked for: nobody else opens it again."""

    def __init__(self, find: Find, publication: Publication) -> None:
        self._find = find
        self._publication = publication

    def __call__(self, path: str, *fields: str) -> int:
        """Return the line of the first of the fields that is in front matter, 0 when none is."""
        from publisher.formats import markdown  # here because hardly any build needs it

        try:
            body = self._find(_address(path, self._publication))
        except PublisherError:
            return 0
        return markdown.line_of(body, *fields) if body else 0


_SAYS = {"identifier": ("identifier",), "address": ("url", "slug", "is_based_on")}
"""The fields of front matter that an article has its identifier and its address from."""


_FEW = 3
"""So many articles of one source that others have, too, are told of one by one."""


def _clashes(works: Sequence[_Work], line_of: _Lines) -> Iterator[Problem]:
    """Yield an error for each article that has the identifier of another, or the address of one in another source; of a feed one."""
    articles = [article for work in works for article in work.articles]
    if all(len({*values}) == len(articles) for values in ([each.identifier for each in articles], [each.url for each in articles])):
        return
    seen: dict[tuple[str, str], str] = {}
    for work in sorted(works, key=lambda work: len(work.articles)):  # a feed after all that may be in it
        pairs = ((article, _shared(article, work.path, seen)) for article in work.articles)
        clashing = [(article, shared) for article, shared in pairs if shared]
        if len(clashing) > _FEW:
            yield _clashing(clashing, len(work.articles)).at(work.path)
        else:
            yield from (each.at(work.path) for article, shared in clashing for each in _clash(article, work.path, shared, line_of))


def _shared(article: Article, path: str, seen: dict[tuple[str, str], str]) -> dict[str, str]:
    """Return of the identifier and the address of an article those that another one has, each with the source of that; note both."""
    shared: dict[str, str] = {}
    for what, value in (("identifier", article.identifier), ("address", article.url)):
        other = seen.get((what, value)) if value else None
        if other and (other != path or what == "identifier"):
            shared[what] = other
        if value:
            seen.setdefault((what, value), path)
    return shared


def _clash(article: Article, path: str, shared: Mapping[str, str], line_of: _Lines) -> Iterator[Problem]:
    """Yield an error for what an article shares with another; when it is all, it may be one that is there twice."""
    values = {"identifier": shown(article.identifier), "address": shown(article.url)}
    other = {what: "another article" if there == path else shown(there) for what, there in shared.items()}
    if len(shared) == 2 and len({*shared.values()}) == 1:
        message = f"the identifier {values['identifier']} and the address {values['address']} are those of {other['address']} too"
        hint, line = "leave one of them out, or give it an id and a slug of its own", line_of(path, *chain.from_iterable(_SAYS.values()))
        yield problem("source-identifier-clash", Severity.ERROR, message, hint=hint, line=line)
        return
    for what in shared:
        hint = "give one of them another slug" if what == "address" else "give one of them an id of its own"
        message = f"the {what} {values[what]} is that of {other[what]} too"
        yield problem(f"source-{what}-clash", Severity.ERROR, message, hint=hint, line=line_of(path, *_SAYS[what]))


def _clashing(clashing: Sequence[tuple[Article, Mapping[str, str]]], total: int) -> Problem:
    """Return the error for a source many articles of which are there already, such as a feed of what is in the folder."""
    article, shared = clashing[0]
    what = next(iter(shared))
    of = "all its" if len(clashing) == total else f"{len(clashing)} of its {total}"
    such = f"{shown(article.headline)} of {shown(shared[what])}"
    message = f"{of} articles have the identifier or the address of another one, such as {such}"
    hint = "read only one of these sources, or give each article an id and an address of its own"
    return problem(f"source-{what}-clash", Severity.ERROR, message, hint=hint)
