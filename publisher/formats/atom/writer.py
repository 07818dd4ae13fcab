"""Writes Atom 1.0."""

from __future__ import annotations

from functools import partial

from publisher import feeds, feedwriting
from publisher.article import Article, Image, Media, Party, Person, Publication
from publisher.feeds import EPOCH, SECTION, web
from publisher.feedwriting import Lines, add, nest
from publisher.formats import Target
from publisher.formats.atom.native import iri, native_article, native_head
from publisher.markup import Element
from publisher.schema import begin

_MEDIA_TYPE = "application/atom+xml"


def write(publication: Publication, target: Target = Target()) -> bytes:
    """Return the publication as one feed document; the order of its entries is the order of the articles."""
    home = target.home or publication.url
    head, tail = _frame(publication, target, home)
    return b"\n  ".join((head, *(_entry(each, home=home) for each in publication.articles))) + tail


def _frame(publication: Publication, target: Target, home: str) -> tuple[bytes, bytes]:
    """Return what stands before and after the entries."""
    lines: Lines = []
    _links(lines, publication, target)
    feedwriting.write_history(lines, target.history, "link")
    feedwriting.write_rest(lines, publication, native_head(publication, home))
    return feedwriting.frame(_feed(publication, target, home), lines, end="\n</feed>", indent=2)


def _feed(publication: Publication, target: Target, home: str) -> bytes:
    """Return what feedgen has to say about a feed."""
    from feedgen.feed import FeedGenerator

    feed = FeedGenerator()
    feed.id(iri(publication.identifier, home))
    feed.title(publication.name)
    feed.updated(feeds.newest(publication))  # feedgen says now unless told
    feed.author(_author(publication.publisher or Person(name=publication.name), home))
    feed.language(publication.in_language)
    feed.subtitle(publication.description)
    feed.rights(publication.copyright_notice)
    feed.logo(web(publication.image.content_url) if publication.image else None)
    feed.generator("Publisher")
    feed.register_extension("ours", partial(_Namespaces, target))
    document: bytes = feed.atom_str(pretty=True)
    return document


def _author(party: Party, home: str) -> dict[str, str]:
    author = {"name": party.name, "uri": party.url or home, "email": party.email}
    return {name: value for name, value in author.items() if value}


class _Namespaces:
    """Tells feedgen the namespaces of what is added to its feed."""

    def __init__(self, target: Target) -> None:
        self.target = target

    def extend_ns(self) -> dict[str, str]:
        return feeds.NAMESPACES | feedwriting.history_namespaces(self.target.history)

    def extend_atom(self, feed: Element) -> None:
        """Feedgen asks for it."""


def _links(lines: Lines, publication: Publication, target: Target) -> None:
    add(lines, "link", attributes={"rel": "alternate", "type": "text/html", "href": publication.url})
    if target.url:
        add(lines, "link", attributes={"rel": "self", "type": _MEDIA_TYPE, "href": target.url})
    if target.hub:
        add(lines, "link", attributes={"rel": "hub", "href": target.hub})
    if publication.license:
        add(lines, "link", attributes={"rel": "license", "href": publication.license})


def _entry(article: Article, *, home: str) -> bytes:
    lines: Lines = []
    add(lines, "id", iri(article.identifier, home))
    add(lines, "title", article.headline)
    add(lines, "updated", begin(feeds.changed(article) or EPOCH).isoformat())
    for each in article.author:
        _person(lines, "author", each, home)
    content = feedwriting.body(article.body)
    lines.append(f'<content type="html">{content}</content>' if content else '<content type="html"/>')
    add(lines, "summary", article.description)
    _categories(lines, article)
    for each in article.contributor:
        _person(lines, "contributor", each, home)
    add(lines, "published", begin(article.date_published).isoformat() if article.date_published else None)
    add(lines, "rights", article.copyright_notice)
    _pages(lines, article)
    feedwriting.extend(lines, article, "link")
    feedwriting.write_rest(lines, article, native_article(article, home))
    return feedwriting.entry("entry", article.in_language, lines, indent=2)


def _person(lines: Lines, name: str, party: Party, home: str) -> None:
    person: Lines = []
    add(person, "name", party.name)
    add(person, "email", party.email or None)
    add(person, "uri", party.url or home)
    nest(lines, name, person)


def _categories(lines: Lines, article: Article) -> None:
    if article.article_section:
        add(lines, "category", attributes={"term": article.article_section, "scheme": SECTION})
    for each in article.keywords:
        add(lines, "category", attributes={"term": each})


def _pages(lines: Lines, article: Article) -> None:
    """Add links to the article, exactly one alternate, and to its media.

    With two, half of the readers open the first and half the last.
    """
    if article.url:
        add(lines, "link", attributes={"rel": "alternate", "type": "text/html", "href": article.url, "hreflang": article.in_language})
    for each in feedwriting.enclosures(article):
        add(lines, "link", attributes=_enclosure(each))


def _enclosure(media: Image | Media) -> dict[str, str | None]:
    size = None if media.content_size is None else str(media.content_size)
    return {"rel": "enclosure", "type": media.encoding_format, "href": media.content_url, "length": size}
