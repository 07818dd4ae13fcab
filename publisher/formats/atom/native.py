"""What Atom and its extensions keep by themselves, field by field: what others read who do not know our lossless element.

Lost but for that element: alternate name, sections, kind of article, dateline, editors, the publisher of an article, corrections,
copyright holder and year, whether it is free, digests of media, pictures and profiles of people, which of them are organizations,
identifiers that are no IRIs, and that a date was a day.
"""

from __future__ import annotations

import re
from urllib.parse import quote

from publisher import carriers, feeds
from publisher.article import Article, Image, Person, Publication
from publisher.feeds import EPOCH, web
from publisher.schema import with_articles

__all__ = ["iri", "native", "native_article", "native_head"]

_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`\[\]]+")


def native(publication: Publication) -> Publication:
    """Return what is left of a publication that was written as Atom, without the lossless element."""
    home = publication.url
    return with_articles(native_head(publication, home), (native_article(each, home) for each in publication.articles))


def native_head(publication: Publication, home: str) -> Publication:
    """Return what is left of a publication itself, without its articles; `home` is what identifiers and people without an address get."""
    image = web(publication.image.content_url) if publication.image else None
    return Publication(
        identifier=iri(publication.identifier, home),
        name=publication.name,
        url=publication.url,
        description=publication.description,
        in_language=publication.in_language,
        publisher=carriers.person(publication.publisher or Person(name=publication.name), home),  # a feed has an author
        image=Image(content_url=image) if image else None,
        license=publication.license,
        copyright_notice=publication.copyright_notice,
        date_modified=feeds.newest(publication),
    )


def native_article(article: Article, home: str) -> Article:
    """Return what is left of an article."""
    return Article(
        identifier=iri(article.identifier, home),
        headline=article.headline,
        url=article.url,
        description=article.description,
        body=article.body,
        article_section=article.article_section,
        keywords=article.keywords,
        in_language=article.in_language,
        date_published=carriers.moment(article.date_published),
        date_modified=carriers.moment(feeds.changed(article) or EPOCH),  # required
        author=carriers.people(article.author, home),
        contributor=carriers.people(article.contributor, home),
        copyright_notice=article.copyright_notice,
        **carriers.modules(article),
    )


def iri(identifier: str, home: str) -> str:
    """Return the identifier, or when it is no IRI (RFC 4287, 4.2.6) the one that is made of it and of the publication's address."""
    return identifier if _IRI.fullmatch(identifier) else f"{home.partition('#')[0]}#{quote(identifier, safe='')}"
