"""Pictures of pages in several sizes and types: which there are, and where (`srcset`; HTML, 4.8.4.3.12).

Making them takes long, and what comes of it decides what pages say: which of them are smaller than the original is known only then.
So they are made before anything is planned (`developed`), and kept for the next build. A path has a digest of the original and of how
it was encoded in it, so that a file is never another one under the same name, and can be cached for ever.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import Protocol
from urllib.parse import unquote, urlsplit

from publisher import markup
from publisher.article import Person, Publication
from publisher.measure import measure
from publisher.newsstand import addresses
from publisher.newsstand.encoder import Encoded, Unfit, encode, recipe
from publisher.newsstand.plan import Site
from publisher.outputs import Make, Output
from publisher.problems import Problem, PublisherError, Severity, problem
from publisher.surroundings import Rendition
from publisher.text import slug
from publisher.themes import pages

__all__ = ["FOLDER", "Developed", "Shape", "Store", "developed", "key", "outputs", "packed", "renditions", "shown", "unpacked"]

FOLDER = "media/sized"
"""Where they are, below the exports."""
NAME = "rendition"
_RASTER = frozenset(("image/jpeg", "image/png", "image/gif", "image/webp", "image/avif"))
_ENDINGS = frozenset(("jpg", "jpeg", "png", "gif", "webp", "avif"))


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
    found: dict[str, None] = {}
    for article in publication.articles:
        lead = pages.lead(article)
        people = (each.image for each in article.author if isinstance(each, Person))
        found |= dict.fromkeys(each.content_url for each in (lead, *people) if each and each.content_url)
        found |= dict.fromkeys(markup.media(article.body))
    return tuple(each for each in found if addresses.is_below(each, publication) and not each.endswith("#"))


def key(body: bytes) -> str:
    """Return what is kept under: a digest of the original's bytes and of the recipe."""
    return sha256(sha256(body).digest() + recipe().encode()).hexdigest()


def developed(url: str, media: Callable[[str], bytes | None], store: Store) -> Developed:
    """Return what is kept of a picture, or make it and keep it; with a warning when nothing can be made of it."""
    try:
        body = media(url)
        if body is None or not _is_raster(url, body):
            return Developed(url=url)
        name = key(body)
        kept = _shapes(store.get(name))
        if kept is None:
            made = encode(body)
            store.keep(name, packed(made))
            kept = tuple(Shape(media_type=each.media_type, width=each.width, height=each.height) for each in made)
        return Developed(url=url, key=name, shapes=kept)
    except Unfit as error:
        hint = "save it anew as JPEG or PNG; pages show it as it is"
        found = problem("picture-unusable", Severity.WARNING, f"no smaller pictures can be made of this one: {error}", hint=hint)
        return Developed(url=url, problems=(found.at(url),))
    except PublisherError:  # who reads the sources is told
        return Developed(url=url)


def _is_raster(url: str, body: bytes) -> bool:
    """Return whether this is a picture of pixels, or says so: drawings, recordings and documents are left as they are."""
    return measure(body[:64], "").encoding_format in _RASTER or urlsplit(url).path.rpartition(".")[2].lower() in _ENDINGS


# -- as they are kept -----------------------------------------------------------------------------------------------------


def packed(made: Iterable[Encoded]) -> bytes:
    """Return pictures as one file: a line of JSON that says what there is, then their bytes, one after the other."""
    several = tuple(made)
    head = json.dumps([[each.media_type, each.width, each.height, len(each.body)] for each in several])
    return b"\n".join((head.encode(), b"".join(each.body for each in several)))


def unpacked(kept: bytes) -> tuple[Encoded, ...]:
    """Return the pictures that `packed` has put into one file."""
    head, _, bodies = kept.partition(b"\n")
    found, start = [], 0
    for media_type, width, height, size in json.loads(head):
        found.append(Encoded(media_type=media_type, width=width, height=height, body=bodies[start : start + size]))
        start += size
    return tuple(found)


def _shapes(kept: bytes | None) -> tuple[Shape, ...] | None:
    """Return what there is, `None` when nothing is kept."""
    if kept is None:
        return None
    return tuple(Shape(media_type=each[0], width=each[1], height=each[2]) for each in json.loads(kept.partition(b"\n")[0]))


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


def _made(store: Store, name: str, number: int, media: Callable[[str], bytes | None], url: str) -> bytes:
    """Return what is kept of a picture; when that has gone since, make it anew."""
    if kept := store.get(name):
        return unpacked(kept)[number].body
    return encode(media(url) or b"")[number].body
