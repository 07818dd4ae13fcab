"""Writes RSS 2.0."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from email.utils import format_datetime
from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from publisher import entries, feeds
from publisher.article import Article, Date, Publication
from publisher.feedreading.rss import read_article, read_publication
from publisher.feeds import ATOM, CONTENT, DC, XML, add, web
from publisher.formats import Target
from publisher.formats.rss import podcast
from publisher.markup import Element
from publisher.schema import begin

if TYPE_CHECKING:
    from feedgen.entry import FeedEntry
    from feedgen.feed import FeedGenerator


LAYOUT = entries.Xml(
    "item",
    parent="channel",
    indent=4,
    identity="guid",
    free=("cloud", "copyright", "dc:publisher", "fh:archive", "fh:complete", "image", "schema:Periodical", "url"),
)
"""Entries depend on nothing that is `free`; what does not stand there is taken to matter."""
_MEDIA_TYPE = "application/rss+xml"


def write(publication: Publication, target: Target = Target()) -> bytes:
    """Return the publication as one feed document; the order of its items is the order of the articles."""
    show = podcast.is_show(publication, target)
    document = partial(_document, publication, target if show else replace(target, podcast=None), show)
    return entries.written(LAYOUT, f"rss {show}", publication.articles, document, feeds.spelled)


def _document(publication: Publication, target: Target, show: bool, articles: Sequence[Article]) -> bytes:
    """Return the feed with these articles of the publication."""
    from feedgen.feed import FeedGenerator

    feed = FeedGenerator()
    feed.title(publication.name)
    feed.link(href=publication.url)
    feed.description(feeds.html(publication.description) or feeds.html(publication.name))
    feed.language(publication.in_language)
    feed.copyright(publication.copyright_notice)
    feed.lastBuildDate(feeds.newest(publication))  # feedgen says now unless told
    feed.generator("Publisher")
    feed.register_extension("ours", partial(_ChannelExtension, publication, target))
    for article in articles:
        feed.add_entry(_item(article, show=show), order="append")  # in front is quadratic
    return _bytes(feed)


def _bytes(feed: FeedGenerator) -> bytes:
    document: bytes = feed.rss_str(pretty=True)
    return document


def _item(article: Article, *, show: bool) -> FeedEntry:
    from feedgen.entry import FeedEntry

    item = FeedEntry()
    item.title(article.headline)
    item.guid(article.identifier, permalink=article.identifier == article.url)
    if article.url:
        item.link(href=article.url)
    item.description(feeds.html(article.description), isSummary=True)
    if article.body:
        item.content(feeds.spelled(article.body))
    item.category(feeds.categories(article))
    if enclosure := podcast.enclosure(article):
        item.enclosure(*enclosure)
    item.register_extension("ours", partial(_ItemExtension, article, show))
    return item


def _rfc_822(value: Date) -> str:
    """Return the date as a moment with a year of four digits, the same in every locale and thread (feedgen sets the locale, 1.0.0)."""
    return format_datetime(begin(value))


def _cloud(url: str) -> dict[str, str]:
    """Return the attributes of an rssCloud server that is asked by HTTP (RSS 2.0, `<cloud>`); the procedure has no name there."""
    parts = urlsplit(url)
    port = str(parts.port or {"https": 443}.get(parts.scheme, 80))
    protocol = "https-post" if parts.scheme == "https" else "http-post"
    return {"domain": parts.hostname or "", "port": port, "path": parts.path or "/", "registerProcedure": "", "protocol": protocol}


class _ChannelExtension:
    """Adds to feedgen's channel what it cannot write: links, the image, the publisher, the lossless element."""

    def __init__(self, publication: Publication, target: Target) -> None:
        self.publication = publication
        self.target = target

    def extend_ns(self) -> dict[str, str]:
        shows = podcast.NAMESPACES if self.target.podcast else {}
        return feeds.NAMESPACES | feeds.history_namespaces(self.target.history) | shows

    def extend_rss(self, rss: Element) -> None:
        (channel,) = rss
        publication = self.publication
        for each in channel.iterfind("lastBuildDate"):
            each.text = _rfc_822(feeds.newest(publication))
        if publication.publisher:
            add(channel, f"{DC}publisher", publication.publisher.name)
        if self.target.url:
            add(channel, f"{ATOM}link", attributes={"rel": "self", "type": _MEDIA_TYPE, "href": self.target.url})
        if self.target.hub:
            add(channel, f"{ATOM}link", attributes={"rel": "hub", "href": self.target.hub})
        if self.target.cloud:
            add(channel, "cloud", "", _cloud(self.target.cloud))
        if publication.license:
            add(channel, f"{ATOM}link", attributes={"rel": "license", "href": publication.license})
        feeds.write_history(channel, self.target.history, ATOM)
        if picture := web(publication.image.content_url if publication.image else None):
            self.image(channel, picture)
        if self.target.podcast:
            podcast.write_channel(channel, publication, self.target, self.target.podcast)
        feeds.write_rest(channel, publication, read_publication(channel))

    def image(self, channel: Element, address: str) -> None:
        """Add the image, with title and link of the channel as the profile asks."""
        image = add(channel, "image", "")
        assert image is not None
        image.text = None
        for name, value in (("url", address), ("title", self.publication.name), ("link", self.publication.url)):
            add(image, name, value)


class _ItemExtension:
    """Adds to feedgen's item what it cannot write: date, language, authors, links, media, the lossless element."""

    def __init__(self, article: Article, show: bool) -> None:
        self.article = article
        self.show = show

    def extend_rss(self, item: Element) -> None:
        article = self.article
        self.content(item)
        add(item, "pubDate", _rfc_822(article.date_published) if article.date_published else None)
        if article.in_language:
            item.set(f"{XML}lang", article.in_language)
            add(item, f"{DC}language", article.in_language)
        add(item, f"{DC}creator", ", ".join(each.name for each in article.author) or None)
        for each in article.contributor:
            add(item, f"{DC}contributor", each.name)
        if article.publisher:
            add(item, f"{DC}publisher", article.publisher.name)
        add(item, f"{DC}rights", article.copyright_notice)
        add(item, f"{feeds.DCTERMS}modified", article.date_modified.isoformat() if article.date_modified else None)
        feeds.extend(item, article, ATOM)
        if self.show:
            podcast.write_item(item, article)
        feeds.write_rest(item, article, read_article(item, body=not article.body))

    def content(self, item: Element) -> None:
        """Put the text into content:encoded: without a summary feedgen writes it as description (1.0.0)."""
        description = item.find("description")
        if description is not None and not self.article.description:
            description.tag = f"{CONTENT}encoded"
