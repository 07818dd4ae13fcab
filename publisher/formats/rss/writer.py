"""Writes RSS 2.0."""

from __future__ import annotations

from dataclasses import replace
from email.utils import format_datetime
from functools import partial
from urllib.parse import urlsplit

from publisher import feeds, feedwriting
from publisher.article import Article, Date, Publication
from publisher.feeds import SECTION, web
from publisher.feedwriting import Lines, add, nest
from publisher.formats import Target
from publisher.formats.rss import podcast
from publisher.formats.rss.native import native_article, native_head
from publisher.markup import Element
from publisher.schema import begin
from publisher.text import escape

_MEDIA_TYPE = "application/rss+xml"


def write(publication: Publication, target: Target = Target()) -> bytes:
    """Return the publication as one feed document; the order of its items is the order of the articles."""
    show = podcast.is_show(publication, target)
    head, tail = _frame(publication, target if show else replace(target, podcast=None))
    return b"\n    ".join((head, *(_item(each, show=show) for each in publication.articles))) + tail


def _frame(publication: Publication, target: Target) -> tuple[bytes, bytes]:
    """Return what stands before and after the items."""
    lines: Lines = []
    _modules(lines, publication, target)
    return feedwriting.frame(_channel(publication, target), lines, end="\n  </channel>", indent=4)


def _channel(publication: Publication, target: Target) -> bytes:
    """Return what feedgen has to say about a channel."""
    from feedgen.feed import FeedGenerator

    feed = FeedGenerator()
    feed.title(publication.name)
    feed.link(href=publication.url)
    feed.description(escape(publication.description or publication.name))
    feed.language(publication.in_language)
    feed.copyright(publication.copyright_notice)
    feed.lastBuildDate(feeds.newest(publication))  # feedgen says now unless told
    feed.generator("Publisher")
    feed.register_extension("ours", partial(_Extension, publication, target))
    document: bytes = feed.rss_str(pretty=True)
    return document


class _Extension:
    """Tells feedgen the namespaces, and the date of the feed: it writes dates by the locale, which it sets for all threads (1.0.0)."""

    def __init__(self, publication: Publication, target: Target) -> None:
        self.publication = publication
        self.target = target

    def extend_ns(self) -> dict[str, str]:
        shows = podcast.NAMESPACES if self.target.podcast else {}
        return feeds.NAMESPACES | feedwriting.history_namespaces(self.target.history) | shows

    def extend_rss(self, rss: Element) -> None:
        for each in rss.iterfind("channel/lastBuildDate"):
            each.text = _rfc_822(feeds.newest(self.publication))


def _modules(lines: Lines, publication: Publication, target: Target) -> None:
    """Add the publisher, links, the image, what makes it a podcast, the lossless element."""
    if publication.publisher:
        add(lines, "dc:publisher", publication.publisher.name)
    if target.url:
        add(lines, "atom:link", attributes={"rel": "self", "type": _MEDIA_TYPE, "href": target.url})
    if target.hub:
        add(lines, "atom:link", attributes={"rel": "hub", "href": target.hub})
    if target.cloud:
        add(lines, "cloud", "", _cloud(target.cloud))
    if publication.license:
        add(lines, "atom:link", attributes={"rel": "license", "href": publication.license})
    feedwriting.write_history(lines, target.history, "atom:link")
    if picture := web(publication.image.content_url if publication.image else None):
        _image(lines, publication, picture)
    if target.podcast:
        podcast.write_channel(lines, publication, target, target.podcast)
    feedwriting.write_rest(lines, publication, native_head(publication))


def _image(lines: Lines, publication: Publication, address: str) -> None:
    """Add the image, with title and link of the channel as the profile asks."""
    image: Lines = []
    for name, value in (("url", address), ("title", publication.name), ("link", publication.url)):
        add(image, name, value)
    nest(lines, "image", image)


def _item(article: Article, *, show: bool) -> bytes:
    lines: Lines = []
    _texts(lines, article)
    add(lines, "guid", article.identifier, {"isPermaLink": str(_is_page(article)).lower()})
    if article.article_section:
        add(lines, "category", article.article_section, {"domain": SECTION})
    for each in article.keywords:
        add(lines, "category", each)
    if enclosure := podcast.enclosure(article):
        add(lines, "enclosure", attributes=dict(zip(("url", "length", "type"), enclosure, strict=True)))
    add(lines, "pubDate", _rfc_822(article.date_published) if article.date_published else None)
    _dublin_core(lines, article)
    feedwriting.extend(lines, article, "atom:link")
    if show:
        podcast.write_item(lines, article)
    feedwriting.write_rest(lines, article, native_article(article))
    return feedwriting.entry("item", article.in_language, lines, indent=4)


def _texts(lines: Lines, article: Article) -> None:
    add(lines, "title", article.headline)
    add(lines, "link", article.url or None)
    if article.description:
        add(lines, "description", escape(article.description))
    if article.body:
        lines.append(f"<content:encoded>{feedwriting.body(article.body)}</content:encoded>")


def _dublin_core(lines: Lines, article: Article) -> None:
    """Add language, people, rights and the last change."""
    add(lines, "dc:language", article.in_language or None)
    add(lines, "dc:creator", ", ".join([each.name for each in article.author]) or None)
    for each in article.contributor:
        add(lines, "dc:contributor", each.name)
    if article.publisher:
        add(lines, "dc:publisher", article.publisher.name)
    add(lines, "dc:rights", article.copyright_notice)
    add(lines, "dcterms:modified", article.date_modified.isoformat() if article.date_modified else None)


def _rfc_822(value: Date) -> str:
    """Return the date as a moment with a year of four digits, the same in every locale."""
    return format_datetime(begin(value))


def _cloud(url: str) -> dict[str, str]:
    """Return the attributes of an rssCloud server that is asked by HTTP (RSS 2.0, `<cloud>`); the procedure has no name there."""
    parts = urlsplit(url)
    port = str(parts.port or {"https": 443}.get(parts.scheme, 80))
    protocol = "https-post" if parts.scheme == "https" else "http-post"
    return {"domain": parts.hostname or "", "port": port, "path": parts.path or "/", "registerProcedure": "", "protocol": protocol}


def _is_page(article: Article) -> bool:
    """Return whether browsers find the article at its identifier: who has no link opens a permalink."""
    return article.identifier == article.url and article.identifier.startswith(("http:", "https:"))
