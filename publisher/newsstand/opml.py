"""The list of all feeds, to subscribe to several at once (OPML 2.0, http://opml.org/spec2.opml, read 2026-11-27).

Each feed is in it once, as Atom, else as RSS, else as JSON Feed: who imports a list subscribes to all that it names,
and few importers know JSON Feed. The feeds of one kind of lists are in a folder of their own, so that one click leaves them out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from email.utils import format_datetime

from lxml import etree

from publisher import feeds
from publisher.article import Publication
from publisher.formats import Alternate, Target
from publisher.formats.epub.words import UNKNOWN, words
from publisher.newsstand import addresses
from publisher.newsstand.plan import FEEDS, MOST_READ, OPML, Collection, Site, named
from publisher.outputs import Make, Output
from publisher.surroundings import Kind

__all__ = ["outputs", "write"]

_FOLDERS: tuple[Kind, ...] = ("section", "author", "keyword")
Feed = tuple[str, str, str]
"""What it is called, its URL, and that of its page."""


def outputs(site: Site) -> Iterator[Output]:
    """Yield the list, where all is written that there is."""
    if site.whole and not site.formats.isdisjoint(FEEDS):
        whole = _feed(site.publication.name, site.alternates, site.publication.url)
        folders = tuple((kind, tuple(_feeds(site, kind))) for kind in _FOLDERS)
        target = Target(url=addresses.url(site.publication, OPML), media=site.media)
        changed = format_datetime(feeds.newest(site.publication))
        yield Output(path=OPML, format="opml", publication=site.bare, target=target, make=Make(write, site.bare, changed, whole, folders))


def _feeds(site: Site, kind: Kind) -> Iterator[Feed]:
    lists: dict[str, tuple[Collection, ...]] = {"section": site.sections, "author": site.authors, "keyword": site.keywords}
    for each in lists[kind]:
        if own := site.feeds_of(each):
            yield _feed(named(site.publication, each), own, each.url)


def _feed(name: str, alternates: Iterable[Alternate], page: str) -> Feed:
    by_type = {each.media_type: each.url for each in alternates}
    return name, next(by_type[each] for each in MOST_READ if each in by_type), page


def write(publication: Publication, changed: str, whole: Feed, folders: Iterable[tuple[Kind, tuple[Feed, ...]]]) -> bytes:
    """Return the list; `changed` is when any of it changed at last, as RFC 822 has it."""
    opml = etree.Element("opml", version="2.0")
    head, body = etree.SubElement(opml, "head"), etree.SubElement(opml, "body")
    for name, text in _head(publication, changed):
        feeds.add(head, name, text)
    _outline(body, publication, whole)
    for kind, found in folders:
        if found:
            folder = etree.SubElement(body, "outline", text=_called(publication, kind))
            for each in found:
                _outline(folder, publication, each)
    document: bytes = etree.tostring(opml, pretty_print=True, encoding="UTF-8", xml_declaration=True)
    return document


def _head(publication: Publication, changed: str) -> Iterator[tuple[str, str | None]]:
    owner = publication.publisher
    yield "title", publication.name
    yield "dateModified", changed
    if owner:
        yield from (("ownerName", owner.name), ("ownerEmail", owner.email), ("ownerId", owner.url))
    yield "docs", "http://opml.org/spec2.opml"


def _called(publication: Publication, kind: Kind) -> str:
    known = words(publication.in_language or UNKNOWN)
    return {"section": known.said.sections, "author": known.contributors}.get(kind, known.said.keywords)


def _outline(parent: etree._Element, publication: Publication, feed: Feed) -> None:
    name, url, page = feed
    attributes = {"type": "rss", "text": name, "title": name, "xmlUrl": url, "htmlUrl": page, "language": publication.in_language}
    feeds.add(parent, "outline", attributes=attributes)
