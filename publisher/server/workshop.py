"""The build of the preview, in a process of its own, so that the site is served meanwhile.

It is the build of `publisher build`, with two differences: addresses are those of the preview (`moving`), and outputs that are the same
as in the last build are not rendered again. They are the same when article, surroundings and settings are, and the media inside.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from publisher import build, desk, files, planning, whole
from publisher.desk import Desk
from publisher.files import Cache
from publisher.former import Same
from publisher.inputs import Inputs
from publisher.newsstand import addresses
from publisher.outputs import Answer, Output
from publisher.problems import Problem, PublisherError, Severity, problem
from publisher.server.moving import change, moved
from publisher.server.store import Edition, Made, Resource, Store
from publisher.settings import Settings
from publisher.sources import Gathered

__all__ = ["Order", "examine", "make"]

_FOR_SERVERS = frozenset(("_headers", "_redirects"))
"""Files that tell servers what to do, and that these show nobody."""
_SHOWN = ".well-known"

_NOT_OUTSIDE = ("-not-public", "-unlikely", "-not-https")
"""Ends of codes that say that nobody else can ask for an address, which is so with each of the preview."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Medium:
    """A file beside the sources, as it is shown."""

    stamp: tuple[int, int, bool]
    """Bytes, time of change (ns), and whether what is noted in pictures is left there."""
    resource: Resource
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What to build."""

    sources: tuple[str, ...]
    base: str
    """URL of the preview; ends with `/`."""
    store: Store
    today: date
    drafts: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class _Made:
    """An output as it was made."""

    key: bytes | None
    """Of all that it was made of, but media."""
    answers: tuple[Answer, ...]
    """The media that it was made of."""
    resource: Resource
    problems: tuple[Problem, ...]


class _Memory:
    """What the last build has made."""

    def __init__(self) -> None:
        self.outputs: dict[str, _Made] = {}
        """By path."""
        self.media: dict[str, _Medium] = {}
        self.served: Mapping[str, Resource] = {}


_MEMORY = _Memory()


def make(order: Order) -> Made:
    """Build an edition; never raise."""
    try:
        return _make(order)
    except Exception as error:  # the preview goes on: perhaps the next change is better
        return Made(edition=None, problems=_said_of(error))


def examine(order: Order, edition: Edition) -> Made:
    """Return what the files of an edition get wrong together; never raise."""
    found: Sequence[Problem]
    try:
        found = whole.check(edition.resources, lambda path: order.store.read(edition.resources[path]))
    except Exception as error:
        found = _said_of(error)
    return Made(edition=edition, problems=tuple(_at_home(found, edition.base, edition.home)), about="more")


def _said_of(error: Exception) -> tuple[Problem, ...]:
    if isinstance(error, PublisherError):
        return error.problems
    message = f"this is a defect of Publisher: {type(error).__name__}: {error}"
    return (problem("build-defect", Severity.ERROR, message, hint="please report it"),)


def _make(order: Order) -> Made:
    gathered, at = desk.gather(order.sources, drafts=order.drafts)
    folders = all(Path(each).is_dir() for each in order.sources)
    press = desk.press(gathered.publication, at, order.store.folder / "none", whole=folders, today=order.today, paths=gathered.paths)
    home = addresses.base(gathered.publication)
    to_here = change(home, order.base)
    inside = {to_here(url): body for url, body in desk.inside(gathered, at.folder).items()}
    books = tuple(replace(each, articles=tuple(moved(article, to_here) for article in each.articles)) for each in press.issues.books)
    gathered = replace(gathered, publication=moved(gathered.publication, to_here))
    at = _moved_desk(at, to_here)
    find = _find(inside, Cache(at.folder))
    kept = desk.pictures_kept()
    sized = desk.develop(gathered.publication, find, kept, folder=at.folder) if at.settings.site.pictures else ()
    developed = (sized, kept) if at.settings.site.pictures else None
    outputs = planning.plan(gathered.publication, at.settings, find, books=books, developed=developed)
    media, undisclosed = _media(gathered, at, inside, order.store)
    inputs = Inputs(b"")
    same = Same(find)
    _MEMORY.outputs = rendered = {each.path: _rendered(each, inputs.key(each), same, order.store) for each in outputs}
    told = build.told(found for each in rendered.values() for found in each.problems)
    unusable = (found for each in sized for found in each.problems)
    clashes = build.clashes(gathered.publication, outputs, media)
    unmatched = desk.unmatched(gathered.publication, at, order.sources, gathered.paths)
    found = build.without_echoes((*gathered.problems, *press.issues.problems, *unmatched, *unusable, *undisclosed, *told, *clashes))
    problems = tuple(_at_home(found, order.base, home))
    if any(each.severity >= Severity.ERROR for each in problems):
        return Made(edition=None, problems=problems)
    served = media | {path: each.resource for path, each in rendered.items()}
    edition = Edition(
        name=gathered.publication.name,
        base=order.base,
        home=home,
        hub=at.settings.site.hub,
        resources=dict(_dated({path: each for path, each in sorted(served.items()) if _is_shown(path)}, _now(order.store))),
        articles={each.path: each.publication.articles[0].identifier for each in outputs if each.format == "webpage" and not each.is_made},
        books={each.path: [article.identifier for article in each.publication.articles] for each in outputs if each.format == "epub"},
    )
    _MEMORY.served = edition.resources
    return Made(edition=edition, problems=problems)


def _dated(resources: Mapping[str, Resource], now: float) -> Iterator[tuple[str, Resource]]:
    """Yield what is served with the time since when it is at its path: what comes back there after something else is new again."""
    for path, each in resources.items():
        former = _MEMORY.served.get(path)
        yield path, replace(each, modified=former.modified if former and former.digest == each.digest else now)


def _now(store: Store) -> float:
    """Return the time, in another second than that of the last edition: `Last-Modified` says of two bytes in one that they are the same."""
    latest = int(max((each.modified for each in _MEMORY.served.values()), default=0))
    while int(now := store.now()) == latest:
        time.sleep(1 - now % 1)
    return now


def _at_home(problems: Iterable[Problem], base: str, home: str) -> Iterator[Problem]:
    """Yield the problems that the publication itself would have, with its own addresses."""
    for each in problems:
        if base not in each.message or not each.code.endswith(_NOT_OUTSIDE):
            yield replace(each, message=each.message.replace(base, home))


def _moved_desk(at: Desk, to_here: Callable[[str], str]) -> Desk:
    settings = replace(at.settings, book=moved(at.settings.book, to_here), site=moved(at.settings.site, to_here))
    return replace(at, settings=settings, folder=replace(at.folder, base=to_here(at.folder.base)))


def _find(inside: dict[str, bytes], beside: Cache) -> Callable[[str], bytes | None]:
    return (lambda url: inside[url] if url in inside else beside(url)) if inside else beside


def _is_shown(path: str) -> bool:
    parts = path.split("/")
    return parts[0] not in _FOR_SERVERS and not any(each.startswith(".") and each != _SHOWN for each in parts)


def _rendered(output: Output, key: bytes | None, same: Callable[[Answer], bool], store: Store) -> _Made:
    known = _MEMORY.outputs.get(output.path)
    if known and key and known.key == key and store.has(known.resource) and all(map(same, known.answers)):
        return known
    written = build.render(output)
    return _Made(key=key, answers=written.answers, resource=store.keep(output.path, written.body), problems=written.problems)


def _media(gathered: Gathered, at: Desk, inside: dict[str, bytes], store: Store) -> tuple[dict[str, Resource], list[Problem]]:
    """Return the files that outputs refer to, and what is wrong with them."""
    found = dict(_kept(desk.media_files(gathered.publication, at.folder, at.settings.site.podcast.image), at.settings, store))
    _MEMORY.media = found
    unpacked = {path: store.keep(path, body) for path, body in desk.unpacked(inside, at.folder).items()}
    return {path: each.resource for path, each in found.items()} | unpacked, desk.seen(
        told for each in found.values() for told in each.problems
    )


def _kept(media: dict[str, Path], settings: Settings, store: Store) -> Iterator[tuple[str, _Medium]]:
    for path, where in media.items():
        said = os.stat(where)
        stamp = (said.st_size, said.st_mtime_ns, settings.site.metadata)
        known = _MEMORY.media.get(path)
        if known is None or known.stamp != stamp:
            body, problems = desk.disclosed(files.read(where), settings, where)
            known = _Medium(stamp=stamp, resource=store.keep(path, body), problems=problems)
        yield path, known
