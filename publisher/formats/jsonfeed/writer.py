"""Writes JSON Feed 1.1."""

from __future__ import annotations

from collections.abc import Iterator

from publisher import schema
from publisher.article import Article, Date, Media, Party, Person, Publication
from publisher.feeds import UNTYPED, spelled, web
from publisher.formats import Target
from publisher.formats.jsonfeed.native import native_article, native_head
from publisher.schema import JsonObject

VERSION = "https://jsonfeed.org/version/1.1"
_ABOUT = "https://schema.org/"


def write(publication: Publication, target: Target = Target()) -> bytes:
    """Return the publication as one feed document; the order of its items is the order of the articles."""
    return f"{schema.to_text(_head(publication, target) | {'items': [*map(_item, publication.articles)]})}\n".encode()


def _head(publication: Publication, target: Target) -> JsonObject:
    publisher, image = publication.publisher, publication.image
    feed: JsonObject = {
        "version": VERSION,
        "title": publication.name,
        "home_page_url": publication.url,
        "feed_url": target.url,
        "next_url": target.history.older if target.history else None,
        "description": publication.description,
        "icon": web(image.content_url) if image else None,
        # Of all items without authors they are the author; miniflux adds them to the authors of every item (2.2).
        "authors": [_author(publisher)] if publisher and not _all_signed(publication) else None,
        "language": publication.in_language,
        "hubs": [{"type": "WebSub", "url": target.hub}] if target.hub else None,
    }
    feed = _present(feed)
    return feed | _extension(schema.rest(publication, native_head(publication)))


def _all_signed(publication: Publication) -> bool:
    return bool(publication.articles) and all(each.author for each in publication.articles)


def _present(members: JsonObject) -> JsonObject:
    return {name: value for name, value in members.items() if value not in (None, [])}


def _extension(rest: JsonObject | None) -> JsonObject:
    return {"_schema": {"about": _ABOUT, **rest}} if rest else {}


def _author(party: Party) -> JsonObject:
    picture = party.image if isinstance(party, Person) else party.logo
    return _present({"name": party.name, "url": party.url, "avatar": web(picture.content_url) if picture else None})


def _item(article: Article) -> JsonObject:
    section = [article.article_section] if article.article_section else []
    item: JsonObject = {
        "id": article.identifier,
        "url": article.url,
        "external_url": article.is_based_on,
        "title": article.headline,
        "content_html": spelled(article.body),
        "summary": article.description,
        "image": next((found for each in article.image if (found := web(each.content_url))), None),
        "date_published": _moment(article.date_published),
        "date_modified": _moment(article.date_modified),
        "authors": [_author(each) for each in article.author],
        "tags": [*section, *article.keywords],
        "language": article.in_language,
        "attachments": [*_attachments(article)],
    }
    item = _present(item)
    return item | _extension(schema.rest(article, native_article(article)))


def _moment(value: Date | None) -> str | None:
    """Return a date as RFC 3339 asks for it; a day is its first moment in UTC."""
    return schema.begin(value).isoformat() if value else None


def _attachments(article: Article) -> Iterator[JsonObject]:
    """Yield recordings, and pictures for readers that look for them here only (miniflux 2.2, reader 3.26)."""
    yield from (_attachment(each) for each in article.associated_media if web(each.content_url))
    for each in article.image:
        if web(each.content_url) and (each.encoding_format or "").startswith("image/"):
            yield _present({"url": each.content_url, "mime_type": each.encoding_format, "size_in_bytes": each.content_size})


def _attachment(media: Media) -> JsonObject:
    attachment: JsonObject = {
        "url": media.content_url,
        "mime_type": media.encoding_format or UNTYPED,
        "title": media.name,
        "size_in_bytes": media.content_size,
        "duration_in_seconds": media.duration,
    }
    return _present(attachment)
