"""oEmbed 1.0 (https://oembed.com/, read 2026-11-27): what another site shows in the place of a link to an article.

Deviation: a static host sees no query, so it honours no `maxwidth`; the type is therefore `link`, which has no size, and what there
is in XML would say nothing more.
"""

from __future__ import annotations

from publisher import schema
from publisher.article import Article, Publication
from publisher.outputs import Content, Make, Output
from publisher.schema import JsonObject
from publisher.themes import pages
from publisher.tracing import light

__all__ = ["output"]


def output(publication: Publication, path: str, article: Article) -> Output:
    """Return the file of an article that has its page here; the publication is without articles."""
    return Output.late(path, "oembed", _content, publication, article, is_made=True)


def _content(publication: Publication, article: Article) -> Content:
    told = schema.with_articles(publication, (light(article),))  # its text is not shown
    return Content(publication=publication, make=Make(write, told))


def write(publication: Publication) -> bytes:
    """Return what is to be shown of the one article, as JSON."""
    (article,) = publication.articles
    found: JsonObject = {"version": "1.0", "type": "link", "title": article.headline, "url": article.url}
    if article.author:
        first = article.author[0]
        found["author_name"] = ", ".join(each.name for each in article.author)
        found |= {"author_url": first.url} if len(article.author) == 1 and pages.media_url(first.url) else {}
    found |= {"provider_name": publication.name, "provider_url": publication.url, **_thumbnail(article)}
    return f"{schema.to_text(found)}\n".encode()


def _thumbnail(article: Article) -> JsonObject:
    """Return the picture when its size is known: the three go together (2.3.4)."""
    image = pages.lead(article)
    if not image or not image.width or not image.height:
        return {}
    return {"thumbnail_url": image.content_url, "thumbnail_width": image.width, "thumbnail_height": image.height}
