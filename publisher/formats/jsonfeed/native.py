"""What JSON Feed keeps by itself, field by field: what others read who do not know our extension `_schema`.

Lost but for that: identifier, alternate name, sections, dates, licence and notice of the publication; of an article its kind,
alternative headline, section (it becomes the first tag), dateline, places, editors, contributors, publisher, related links,
translations, corrections, rights, whether it is free, and of pictures all but address, type and size, and those without a type but
for the first; the publisher of the publication where every article has an author;
e-mail addresses, which parties are organizations, digests, credits and licences of recordings, and that a date was a day.
"""

from __future__ import annotations

from collections.abc import Iterable

from publisher import carriers
from publisher.article import Article, Image, Media, Party, Person, Publication
from publisher.feeds import UNTYPED, kind_of, web
from publisher.schema import with_articles

__all__ = ["native", "native_article", "native_head"]


def native(publication: Publication) -> Publication:
    """Return what is left of a publication that was written as JSON Feed, without our extension."""
    return with_articles(native_head(publication), map(native_article, publication.articles))


def native_head(publication: Publication) -> Publication:
    """Return what is left of a publication itself, without its articles."""
    image = web(publication.image.content_url) if publication.image else None
    return Publication(
        identifier=publication.url,
        name=publication.name,
        url=publication.url,
        description=publication.description,
        in_language=publication.in_language,
        publisher=_person(publication.publisher) if publication.publisher and not _all_signed(publication.articles) else None,
        image=Image(content_url=image) if image else None,
    )


def native_article(article: Article) -> Article:
    """Return what is left of an article."""
    section = (article.article_section,) if article.article_section else ()
    return Article(
        identifier=article.identifier,
        headline=article.headline,
        url=article.url,
        is_based_on=article.is_based_on,
        description=article.description,
        body=article.body,
        keywords=(*section, *article.keywords),
        in_language=article.in_language,
        date_published=carriers.moment(article.date_published),
        date_modified=carriers.moment(article.date_modified),
        author=tuple(map(_person, article.author)),
        image=tuple(_pictures(article)),
        associated_media=tuple(_recording(each) for each in article.associated_media if web(each.content_url) and not _is_picture(each)),
    )


def _all_signed(articles: tuple[Article, ...]) -> bool:
    return bool(articles) and all(each.author for each in articles)


def _pictures(article: Article) -> Iterable[Image]:
    """Return the first picture with its address, then all that have a type; of one that is there twice, what is said last."""
    first = [Image(content_url=each.content_url) for each in article.image if web(each.content_url)][:1]
    media: tuple[Media | Image, ...] = (*article.associated_media, *article.image)
    typed = [
        Image(content_url=each.content_url, encoding_format=each.encoding_format, content_size=each.content_size)
        for each in media
        if web(each.content_url) and _is_picture(each)
    ]
    return {each.content_url: each for each in (*first, *typed)}.values()


def _is_picture(media: Media | Image) -> bool:
    return (media.encoding_format or "").startswith("image/")


def _person(party: Party) -> Person:
    picture = party.image if isinstance(party, Person) else party.logo
    address = web(picture.content_url) if picture else None
    return Person(name=party.name, url=party.url, image=Image(content_url=address) if address else None)


def _recording(media: Media) -> Media:
    return Media(
        content_url=media.content_url,
        type=kind_of(media.encoding_format),
        encoding_format=None if media.encoding_format == UNTYPED else media.encoding_format,
        content_size=media.content_size,
        duration=media.duration,
        name=media.name,
    )
