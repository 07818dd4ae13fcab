"""What RSS and its modules keep by themselves, field by field: what others read who do not know our lossless element.

Lost but for that element: alternate name, sections, kind of article, dateline, editors, corrections, copyright holder and year,
whether it is free, digests of media, all of people and publishers but their names, and that a date was a day.
"""

from __future__ import annotations

from publisher import carriers, feeds, markup
from publisher.article import Article, Image, Person, Publication
from publisher.feeds import web
from publisher.schema import with_articles

__all__ = ["native", "native_article", "native_head"]


def native(publication: Publication) -> Publication:
    """Return what is left of a publication that was written as RSS, without the lossless element."""
    return with_articles(native_head(publication), map(native_article, publication.articles))


def native_head(publication: Publication) -> Publication:
    """Return what is left of a publication itself, without its articles."""
    image = web(publication.image.content_url) if publication.image else None
    return Publication(
        identifier=publication.url,  # a channel has no identifier
        name=publication.name,
        url=publication.url,
        description=publication.description or publication.name,  # required
        in_language=publication.in_language,
        publisher=carriers.organization(publication.publisher),
        image=Image(content_url=image) if image else None,
        license=publication.license,
        copyright_notice=publication.copyright_notice,
        date_modified=feeds.newest(publication),
    )


def native_article(article: Article) -> Article:
    """Return what is left of an article: all authors in one name, and as the text of one without any its summary."""
    summary = article.description or ""
    return Article(
        identifier=article.identifier,
        headline=article.headline,
        url=article.url,
        description=article.description if article.body else None,
        body=article.body or markup.from_text(summary),
        article_section=article.article_section,
        keywords=article.keywords,
        in_language=article.in_language,
        date_published=carriers.moment(article.date_published),
        date_modified=article.date_modified,  # dcterms:modified can be a day
        author=(Person(name=", ".join(each.name for each in article.author)),) if article.author else (),
        contributor=tuple(Person(name=each.name) for each in article.contributor),
        publisher=carriers.organization(article.publisher),
        copyright_notice=article.copyright_notice,
        **carriers.modules(article),
    )
