"""Writes Atom 1.0."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import quote

from publisher import entries, feeds
from publisher.article import Article, Image, Media, Party, Person, Publication
from publisher.feeds import EPOCH, XML, add, web
from publisher.formats import Target
from publisher.formats.atom.reader import read_article, read_publication
from publisher.markup import Element
from publisher.schema import begin

if TYPE_CHECKING:
    from feedgen.entry import FeedEntry
    from feedgen.feed import FeedGenerator


LAYOUT = entries.Xml(
    "entry",
    parent="feed",
    indent=2,
    identity="id",
    free=("email", "fh:archive", "fh:complete", "logo", "rights", "schema:Periodical", "subtitle", "uri"),
)
"""Entries depend on nothing that is `free`; what does not stand there is taken to matter."""
_MEDIA_TYPE = "application/atom+xml"
_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`\[\]]+")


def write(publication: Publication, target: Target = Target()) -> bytes:
    """Return the publication as one feed document; the order of its entries is the order of the articles."""
    home = target.home or publication.url
    document = partial(_document, publication, target, home)
    return entries.written(LAYOUT, f"atom {home}", publication.articles, document, feeds.spelled)


def _document(publication: Publication, target: Target, home: str, articles: Sequence[Article]) -> bytes:
    """Return the feed with these articles of the publication."""
    from feedgen.feed import FeedGenerator

    feed = FeedGenerator()
    feed.id(_iri(publication.identifier, home))
    feed.title(publication.name)
    feed.updated(feeds.newest(publication))  # feedgen says now unless told
    feed.author(_person(publication.publisher or Person(name=publication.name), home))
    feed.language(publication.in_language)
    feed.subtitle(publication.description)
    feed.rights(publication.copyright_notice)
    feed.logo(web(publication.image.content_url) if publication.image else None)
    feed.generator("Publisher")
    feed.register_extension("ours", partial(_FeedExtension, publication, target))
    for article in articles:
        feed.add_entry(_entry(article, home), order="append")  # in front is quadratic
    return _bytes(feed)


def _bytes(feed: FeedGenerator) -> bytes:
    document: bytes = feed.atom_str(pretty=True)
    return document


def _entry(article: Article, home: str) -> FeedEntry:
    from feedgen.entry import FeedEntry

    entry = FeedEntry()
    entry.id(_iri(article.identifier, home))
    entry.title(article.headline)
    entry.updated(begin(feeds.changed(article) or EPOCH))
    if article.date_published:
        entry.published(begin(article.date_published))
    entry.author([_person(each, home) for each in article.author])
    entry.contributor([_person(each, home) for each in article.contributor])
    entry.content(feeds.spelled(article.body), type="html")
    entry.summary(article.description)
    entry.category(feeds.categories(article))
    entry.rights(article.copyright_notice)
    entry.register_extension("ours", partial(_EntryExtension, article))
    return entry


def _iri(identifier: str, home: str) -> str:
    """Return the identifier, or when it is no IRI (RFC 4287, 4.2.6) one made of it and of the publication's address."""
    return identifier if _IRI.fullmatch(identifier) else f"{home.partition('#')[0]}#{quote(identifier, safe='')}"


def _person(party: Party, home: str) -> dict[str, str]:
    person = {"name": party.name, "uri": party.url or home, "email": party.email}
    return {name: value for name, value in person.items() if value}


class _FeedExtension:
    """Adds to feedgen's feed what it cannot write: links with all attributes, the hub, the lossless element."""

    def __init__(self, publication: Publication, target: Target) -> None:
        self.publication = publication
        self.target = target

    def extend_ns(self) -> dict[str, str]:
        return feeds.NAMESPACES | feeds.history_namespaces(self.target.history)

    def extend_atom(self, feed: Element) -> None:
        add(feed, "link", attributes={"rel": "alternate", "type": "text/html", "href": self.publication.url})
        if self.target.url:
            add(feed, "link", attributes={"rel": "self", "type": _MEDIA_TYPE, "href": self.target.url})
        if self.target.hub:
            add(feed, "link", attributes={"rel": "hub", "href": self.target.hub})
        if self.publication.license:
            add(feed, "link", attributes={"rel": "license", "href": self.publication.license})
        feeds.write_history(feed, self.target.history, "")
        feeds.write_rest(feed, self.publication, read_publication(feed, ""))


class _EntryExtension:
    """Adds to feedgen's entry what it cannot write: language, links with all attributes, media, the lossless element.

    The elements that feedgen makes have no namespace: it writes Atom's as an attribute of the root (1.0.0).
    """

    def __init__(self, article: Article) -> None:
        self.article = article

    def extend_atom(self, entry: Element) -> None:
        article = self.article
        if article.in_language:
            entry.set(f"{XML}lang", article.in_language)
        if article.url:
            # Exactly one alternate: with two, half of the readers open the first and half the last.
            add(entry, "link", attributes={"rel": "alternate", "type": "text/html", "href": article.url, "hreflang": article.in_language})
        for each in feeds.enclosures(article):
            add(entry, "link", attributes=_enclosure(each))
        feeds.extend(entry, article, "")
        feeds.write_rest(entry, article, read_article(entry, "", body=False))


def _enclosure(media: Image | Media) -> dict[str, str | None]:
    size = None if media.content_size is None else str(media.content_size)
    return {"rel": "enclosure", "type": media.encoding_format, "href": media.content_url, "length": size}
