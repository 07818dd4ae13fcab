"""Pictures of pages in several sizes and types: which there are, and where (`srcset`; HTML, 4.8.4.3.12).

Making them takes long, and what comes of it decides what pages say: which of them are smaller than the original is known only then.
So they are made before anything is planned (`developed`), and kept for the next build (`known`). A path has a digest of the original and
of how it was encoded in it, so that a file is never another one under the same name, and can be cached for ever.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass, replace
from hashlib import sha256
from itertools import chain
from typing import Protocol, TypeVar
from urllib.parse import unquote, urlsplit

from publisher.article import Article, Person, Publication
from publisher.measure import measure
from publisher.newsstand import addresses
from publisher.newsstand.encoder import Encoded, Unfit, encode, missing, recipe, refuse_damaged
from publisher.newsstand.plan import Site
from publisher.outputs import Make, Media, Output
from publisher.problems import Problem, PublisherError, Severity, problem
from publisher.problems import shown as quoted
from publisher.surroundings import Rendition
from publisher.text import slug
from publisher.themes import pages
from publisher.tracing import named_in

__all__ = [
    *("FOLDER", "Developed", "Shape", "Store"),
    *("damaged", "developed", "key", "known", "lacking", "located", "outputs", "renditions", "shown"),
]

Key = TypeVar("Key")
Value = TypeVar("Value")

FOLDER = "media/sized"
"""Where they are, below the exports."""
NAME = "rendition"
_RASTER = frozenset(("image/jpeg", "image/png", "image/gif", "image/webp", "image/avif"))
_ENDINGS = frozenset(("jpg", "jpeg", "png", "gif", "webp", "avif"))
_DIGESTS: dict[Hashable, bytes] = {}
"""The digests of originals by the states of their files: a preview builds again and again in one process."""
_MOST_DIGESTS = 10_000
_WHY_DAMAGED: dict[bytes, str] = {}
"""By digests of pictures, why they cannot be decoded."""


class Store(Protocol):
    """Keeps what can be made again, such as `files.Store`."""

    def get(self, key: str, /) -> bytes | None:
        """Return what is kept under a key, `None` when there is nothing, or it is damaged."""

    def keep(self, key: str, body: bytes, /) -> None:
        """Keep it, if that can be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """One size and type that a picture was made in."""

    media_type: str
    width: int
    """Pixels."""
    height: int
    """Pixels."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Developed:
    """What was made of a picture."""

    url: str
    """Of the original."""
    key: str = ""
    """What it is kept under: a digest of the original and of how it was encoded."""
    shapes: tuple[Shape, ...] = ()
    """The best type first, the smallest first."""
    problems: tuple[Problem, ...] = ()


# -- before the plan ------------------------------------------------------------------------------------------------------


def shown(publication: Publication) -> tuple[str, ...]:
    """Return the addresses of the pictures below the publication's that pages show, each once."""
    found = dict.fromkeys(chain.from_iterable(map(_shown_by, publication.articles)))
    return tuple(each for each in found if addresses.is_below(each, publication) and not each.endswith("#"))


def _shown_by(article: Article) -> Iterator[str]:
    lead = pages.lead(article)
    people = (each.image for each in article.author if isinstance(each, Person))
    yield from (each.content_url for each in (lead, *people) if each and each.content_url)
    yield from named_in(article).media


def damaged(publication: Publication, media: Media) -> Iterator[Problem]:
    """Yield a warning for each picture that pages show and nobody can decode, as `developed` does, but without making any."""
    for url in dict.fromkeys(each.partition("#")[0] for each in shown(publication)):
        body = media(url)
        if body is not None and _is_raster(url, body) and (why := _why_damaged(body)):
            yield _unusable(url, why)


def _why_damaged(body: bytes) -> str:
    """Return why a picture cannot be decoded, "" when it can; the same is not decoded again, as the portrait of an author would be."""
    digest = sha256(body).digest()
    if digest not in _WHY_DAMAGED:
        why = ""
        try:
            refuse_damaged(body)
        except Unfit as error:
            why = str(error)
        _remember(_WHY_DAMAGED, digest, why)
    return _WHY_DAMAGED[digest]


def located(made: Iterable[Developed], publication: Publication, path_of: Callable[[str], str]) -> Iterator[Developed]:
    """Yield the same with the headline of who shows the picture in what is told of it, and where its file is."""
    found = [*made]
    wrong = {each.url for each in found if each.problems}
    by: dict[str, str] = {}
    for article in publication.articles if wrong else ():
        by |= {url: article.headline for url in _shown_by(article) if url in wrong and url not in by}
    for each in found:
        shows = f"; {quoted(by[each.url])} shows it" if by.get(each.url) else ""
        told = (replace(one, message=f"{one.message}{shows}") for one in each.problems)
        path = path_of(each.url) if each.problems else ""
        yield replace(each, problems=tuple(one.at(path) if path else one for one in told))


def lacking() -> tuple[Developed, ...]:
    """Return nothing but a warning where a type cannot be written here: the site is another one then than elsewhere."""
    names = " and ".join(missing())
    hint = "install Pillow with pip, whose own builds have both"
    message = f"the Pillow that is installed cannot write {names}, so that pages do without such pictures"
    return (Developed(url="", problems=(problem("picture-type-missing", Severity.WARNING, message, hint=hint),)),) if names else ()


def key(body: bytes) -> str:
    """Return what is kept under: a digest of the original's bytes and of the recipe."""
    return _key(sha256(body).digest())


def _key(digest: bytes) -> str:
    return sha256(digest + recipe().encode()).hexdigest()


State = Callable[[str], Hashable]
"""Gives what a file's bytes go by, without reading them; `None` where nothing does."""


def developed(url: str, media: Media, store: Store, state: State | None = None) -> Developed:
    """Return what is kept of a picture, or make it and keep it; with a warning when nothing can be made of it."""
    found = _looked(url, media, store, state)
    try:
        return _developed(url, found, store) if isinstance(found, bytes) else found
    except Unfit as error:
        return Developed(url=url, problems=(_unusable(url, str(error)).at(url),))


def _unusable(url: str, why: str) -> Problem:
    name = unquote(urlsplit(url).path.rpartition("/")[2])
    message = f"no smaller pictures can be made of {quoted(name)}: {why}"
    return problem("picture-unusable", Severity.WARNING, message, hint="save it anew as JPEG or PNG; pages show it as it is")


def known(url: str, media: Media, store: Store, state: State | None = None) -> Developed | None:
    """Return what is kept of a picture, or that it stays as it is; `None` when it is still to be made.

    While the `state` of the file behind a URL is the same, and not `None`, it is not read again by this process.
    """
    found = _looked(url, media, store, state)
    return None if isinstance(found, bytes) else found


def _looked(url: str, media: Media, store: Store, state: State | None) -> Developed | bytes:
    """Return what is known of a picture, else its bytes."""
    try:
        name, body = _named(url, media, state(url) if state else None)
        if name and (shapes := _shapes(store.get(name))) is not None:
            return Developed(url=url, key=name, shapes=shapes)
        body = media(url) if name and body is None else body
    except PublisherError:  # who reads the sources is told
        name, body = "", None
    return Developed(url=url) if not name or body is None else body


def _named(url: str, media: Media, state: Hashable) -> tuple[str, bytes | None]:
    """Return what a picture is kept under, "" when it is none or not there, and its bytes where they were read."""
    if state and (digest := _DIGESTS.get(state)):
        return _key(digest), None
    body = media(url)
    if body is None or not _is_raster(url, body):
        return "", body
    digest = sha256(body).digest()
    _note(state, digest)
    return _key(digest), body


def _developed(url: str, body: bytes, store: Store) -> Developed:
    name = key(body)
    return Developed(url=url, key=name, shapes=_shapes_of(_kept(store, name, body)))


def _note(state: Hashable, digest: bytes) -> None:
    if state:
        _remember(_DIGESTS, state, digest)


def _remember(known: dict[Key, Value], key: Key, value: Value) -> None:
    """Remember the newest so many."""
    while len(known) >= _MOST_DIGESTS:
        del known[next(iter(known))]
    known[key] = value


def _is_raster(url: str, body: bytes) -> bool:
    """Return whether this is a picture of pixels, or says so: drawings, recordings and documents are left as they are."""
    return measure(body[:64], "").encoding_format in _RASTER or urlsplit(url).path.rpartition(".")[2].lower() in _ENDINGS


# -- as they are kept -----------------------------------------------------------------------------------------------------


def _kept(store: Store, name: str, body: bytes) -> tuple[Encoded, ...]:
    """Make the pictures and keep them: what there is, a list in JSON, under the name, and each by itself under the name and its number."""
    made = encode(body)
    for number, each in enumerate(made):
        store.keep(f"{name}-{number}", each.body)
    store.keep(name, json.dumps([[each.media_type, each.width, each.height] for each in made]).encode())
    return made


def _shapes_of(made: Iterable[Encoded]) -> tuple[Shape, ...]:
    return tuple(Shape(media_type=each.media_type, width=each.width, height=each.height) for each in made)


def _shapes(kept: bytes | None) -> tuple[Shape, ...] | None:
    """Return what there is, `None` when nothing is kept."""
    return None if kept is None else tuple(Shape(media_type=each[0], width=each[1], height=each[2]) for each in json.loads(kept))


# -- the plan -------------------------------------------------------------------------------------------------------------


def renditions(publication: Publication, pictures: Iterable[Developed]) -> dict[str, tuple[Rendition, ...]]:
    """Return what pages are told of each picture that was made in several sizes, by the address of the original."""
    return {
        each.url: tuple(
            Rendition(
                url=addresses.url(publication, _path(each, shape)),
                media_type=shape.media_type,
                width=shape.width,
                height=shape.height,
            )
            for shape in each.shapes
        )
        for each in pictures
        if each.shapes
    }


def _path(picture: Developed, shape: Shape) -> str:
    name = slug(unquote(urlsplit(picture.url).path).rpartition("/")[2].rpartition(".")[0]) or "picture"
    return f"{FOLDER}/{name}-{shape.width}.{picture.key[:8]}.{shape.media_type.removeprefix('image/')}"


def outputs(site: Site, pictures: Iterable[Developed], store: Store) -> Iterator[Output]:
    """Yield one file for each size and type of each picture; the same picture under two addresses is made once."""
    found: dict[str, Output] = {}
    for each in pictures:
        for number, shape in enumerate(each.shapes):
            make = Make(_made, store, each.key, number, site.media, each.url)
            path = _path(each, shape)
            found.setdefault(path, Output(path=path, format=NAME, publication=site.bare, make=make))
    yield from found.values()


def _made(store: Store, name: str, number: int, media: Media, url: str) -> bytes:
    """Return one of what is kept of a picture; when that has gone since, make all anew."""
    kept = store.get(f"{name}-{number}")
    return _anew(store, name, media(url) or b"")[number].body if kept is None else kept


def _anew(store: Store, name: str, body: bytes) -> tuple[Encoded, ...]:
    if key(body) != name:
        message, hint = "a picture has changed while the site was made", "build again"
        raise PublisherError(problem("picture-changed", Severity.ERROR, message, hint=hint))
    return _kept(store, name, body)
