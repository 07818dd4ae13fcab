"""What RSS and Atom keep of an article in elements that everybody knows, field by field, without the lossless element.

Stated here, not found out by reading: `native` of each format says what it keeps, and a law holds that reading gives exactly that.
A day becomes its first moment in UTC; what is not on the web, and sizes of nothing, are left out.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from publisher.article import Article, Date, Image, Link, Media, Organization, Party, Person, Place
from publisher.feeds import kind_of, web
from publisher.schema import begin

__all__ = ["linked", "modules", "moment", "organization", "people", "person", "pictures", "recordings"]


def modules(article: Article) -> dict[str, Any]:
    """Return the fields that the module elements keep, which are the same in both formats.

    Of several places the first; of links those with an address; of media, what is neither sound nor film comes first.
    """
    images, media = tuple(pictures(article.image)), tuple(recordings(article.associated_media))
    return {
        "alternative_headline": article.alternative_headline,
        "content_location": tuple(map(_place, article.content_location[:1])),
        "is_based_on": article.is_based_on,
        "license": article.license,
        "citation": tuple(linked(article.citation)),
        "translations": tuple(linked(article.translations)),
        "image": (*images, *(_picture(each) for each in media if _is_picture(each))),
        "associated_media": tuple(sorted((each for each in media if not _is_picture(each)), key=lambda each: each.type != "MediaObject")),
    }


def pictures(images: Iterable[Image]) -> Iterable[Image]:
    """Yield the pictures on the web: all of each but its digest (Media RSS has one, which we do not write)."""
    for each in images:
        if web(each.content_url):
            yield Image(
                content_url=each.content_url,
                encoding_format=each.encoding_format,
                width=each.width or None,
                height=each.height or None,
                content_size=each.content_size or None,
                caption=each.caption,
                description=each.description,
                credit_text=each.credit_text,
                license=each.license,
            )


def recordings(media: Iterable[Media]) -> Iterable[Media]:
    """Yield the recordings on the web: all of each but its digest; what is neither sound nor film is told by its media type."""
    for each in media:
        if web(each.content_url):
            yield Media(
                content_url=each.content_url,
                type=each.type if each.type != "MediaObject" else kind_of(each.encoding_format),
                encoding_format=each.encoding_format,
                content_size=each.content_size or None,
                duration=each.duration,
                name=each.name,
                description=each.description,
                credit_text=each.credit_text,
                license=each.license,
            )


def _is_picture(media: Media) -> bool:
    return media.type == "MediaObject" and (media.encoding_format or "").startswith("image/")


def _picture(media: Media) -> Image:
    return Image(
        content_url=media.content_url,
        encoding_format=media.encoding_format,
        content_size=media.content_size,
        caption=media.description,
        description=media.name,
        credit_text=media.credit_text,
        license=media.license,
    )


def linked(links: Iterable[Link]) -> Iterable[Link]:
    """Yield the links that lead somewhere."""
    return (each for each in links if each.url)


def _place(place: Place) -> Place:
    """Return a place whose coordinates have six decimals, a tenth of a metre."""
    if place.latitude is None or place.longitude is None:
        return Place(name=place.name)
    return Place(name=place.name, latitude=round(place.latitude, 6), longitude=round(place.longitude, 6))


def moment(value: Date | None) -> datetime | None:
    """Return the moment that a date is written as."""
    return begin(value) if value else None


def organization(party: Party | None) -> Organization | None:
    """Return who publishes, as Dublin Core keeps it: the name."""
    return Organization(name=party.name) if party else None


def person(party: Party, home: str) -> Person:
    """Return a person of Atom: name, address and e-mail; who has no address gets the publication's."""
    return Person(name=party.name, url=party.url or home, email=party.email)


def people(parties: Iterable[Party], home: str) -> tuple[Person, ...]:
    """Return the people of Atom that these are, organizations too."""
    return tuple(person(each, home) for each in parties)
