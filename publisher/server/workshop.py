"""The build of the preview, in a process of its own, so that the site is served meanwhile.

It is the build of `publisher build`, with two differences: addresses are those of the preview (`moving`), and outputs that are the same
as in the last build are not rendered again. They are the same when article, surroundings and settings are, and no medium has changed.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from publisher import build, desk, planning, whole
from publisher.desk import Desk
from publisher.files import Cache
from publisher.inputs import Inputs
from publisher.newsstand import addresses
from publisher.outputs import Output, digest_of
from publisher.problems import Problem, PublisherError, Severity, problem
from publisher.server.moving import change, moved
from publisher.server.store import Edition, Made, Resource, Store
from publisher.sources import Gathered

__all__ = ["Order", "examine", "make"]

_FOR_SERVERS = frozenset(("_headers", "_redirects"))
"""Files that tell servers what to do, and that these show nobody."""
_SHOWN = ".well-known"

_NOT_OUTSIDE = ("-not-public", "-unlikely", "-not-https")
"""Ends of codes that say that nobody else can ask for an address, which is so with each of the preview."""

Stamp = tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What to build."""

    sources: tuple[str, ...]
    base: str
    """URL of the preview; ends with `/`."""
    store: Store
    today: date
    drafts: bool = False


class _Memory:
    """What the last build has made."""

    def __init__(self) -> None:
        self.outputs: dict[str, tuple[bytes | None, Resource, tuple[Problem, ...]]] = {}
        """By path: the key of all that it was made of, but media."""
        self.inside: dict[str, bytes] = {}
        """Digests of the media inside sources."""
        self.media: dict[str, tuple[Stamp, Resource]] = {}
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
    press = desk.press(gathered.publication, at, order.store.folder / "none", whole=folders, today=order.today)
    home = addresses.base(gathered.publication)
    to_here = change(home, order.base)
    inside = {to_here(url): body for url, body in desk.inside(gathered, at.folder).items()}
    books = tuple(replace(each, articles=tuple(moved(article, to_here) for article in each.articles)) for each in press.issues.books)
    gathered = replace(gathered, publication=moved(gathered.publication, to_here))
    at = _moved_desk(at, to_here)
    find = _find(inside, Cache(at.folder))
    kept = desk.pictures_kept()
    sized = desk.develop(gathered.publication, find, kept) if at.settings.site.pictures else ()
    developed = (sized, kept) if at.settings.site.pictures else None
    outputs = planning.plan(gathered.publication, at.settings, find, books=books, developed=developed)
    media = _media(gathered, at, inside, order.store)
    inputs = Inputs(b"")
    keys = {each.path: inputs.key(each) for each in outputs}
    rendered = {each.path: _rendered(each, keys[each.path], order.store) for each in outputs}
    _MEMORY.outputs = {path: (key, *rendered[path]) for path, key in keys.items()}
    told = build.told(found for _, problems in rendered.values() for found in problems)
    unusable = (found for each in sized for found in each.problems)
    found = (*gathered.problems, *press.issues.problems, *unusable, *told, *build.clashes(outputs, media))
    problems = tuple(_at_home(found, order.base, home))
    if any(each.severity >= Severity.ERROR for each in problems):
        return Made(edition=None, problems=problems)
    files = media | {path: resource for path, (resource, _) in rendered.items()}
    edition = Edition(
        name=gathered.publication.name,
        base=order.base,
        home=home,
        hub=at.settings.site.hub,
        resources=dict(_dated({path: each for path, each in sorted(files.items()) if _is_shown(path)}, order.store.now())),
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


def _rendered(output: Output, key: bytes | None, store: Store) -> tuple[Resource, tuple[Problem, ...]]:
    former, resource, problems = _MEMORY.outputs.get(output.path, (None, None, ()))
    if resource is not None and key and former == key:
        return resource, problems
    written = build.render(output)
    return store.keep(output.path, written.body), written.problems


def _media(gathered: Gathered, at: Desk, inside: dict[str, bytes], store: Store) -> dict[str, Resource]:
    """Return the files that outputs refer to; forget what was rendered when one of them has changed."""
    found = dict(_kept(desk.media_files(gathered.publication, at.folder, at.settings.site.podcast.image), store))
    digests = {url: digest_of(body) for url, body in inside.items()}
    stamps, former = ({path: stamp for path, (stamp, _) in each.items()} for each in (found, _MEMORY.media))
    if (stamps, digests) != (former, _MEMORY.inside):
        _MEMORY.outputs = {}
    _MEMORY.media, _MEMORY.inside = found, digests
    unpacked = {path: store.keep(path, body) for path, body in desk.unpacked(inside, at.folder).items()}
    return {path: resource for path, (_, resource) in found.items()} | unpacked


def _kept(media: dict[str, Path], store: Store) -> Iterator[tuple[str, tuple[Stamp, Resource]]]:
    for path, where in media.items():
        said = os.stat(where)
        stamp = (said.st_size, said.st_mtime_ns)
        known, resource = _MEMORY.media.get(path, (None, None))
        yield path, (stamp, resource if resource is not None and known == stamp else store.keep(path, where.read_bytes()))
