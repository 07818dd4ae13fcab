"""Writes the catalogue in OPDS 1.2 (https://specs.opds.io/opds-1.2, read 2026-11-27)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from lxml import etree

from publisher.feeds import ATOM, DCTERMS, XML, add
from publisher.formats import epub, opds, opds2
from publisher.formats.epub.listing import house
from publisher.markup import Element
from publisher.newsstand import addresses
from publisher.newsstand.browsing import STEM, Facet, Page, moment
from publisher.newsstand.shelf import Listed

__all__ = ["write"]

_KIND = f"{opds.MEDIA_TYPE};kind=acquisition"
_RELATIONS = "http://opds-spec.org/"
_OPDS, _THREADS = "{http://opds-spec.org/2010/catalog}", "{http://purl.org/syndication/thread/1.0}"
_NAMESPACES: Any = {None: ATOM[1:-1], "dc": DCTERMS[1:-1], "opds": _OPDS[1:-1], "thr": _THREADS[1:-1]}
_JPEG = "image/jpeg"
_Attributes = Mapping[str, str | None]


def write(page: Page) -> bytes:
    """Return a page of the catalogue."""
    feed = etree.Element(f"{ATOM}feed", nsmap=_NAMESPACES)
    if page.publication.in_language:
        feed.set(f"{XML}lang", page.publication.in_language)
    add(feed, f"{ATOM}id", addresses.urn(page.publication, page.stem))
    add(feed, f"{ATOM}title", page.title)
    add(feed, f"{ATOM}subtitle", page.publication.description)
    add(feed, f"{ATOM}updated", page.updated)
    _person(feed, "author", house(page.publication).name, house(page.publication).url or page.publication.url)
    _add_links(feed, _links(page))
    for book in page.books:
        _entry(feed, page, book)
    etree.indent(feed)
    written: bytes = etree.tostring(feed, encoding="utf-8", xml_declaration=True)
    return written


def _add_links(parent: Element, links: Iterator[_Attributes]) -> None:
    for attributes in links:
        add(parent, f"{ATOM}link", attributes=attributes)


def _person(parent: Element, element: str, name: str, uri: str | None = None) -> None:
    person = etree.SubElement(parent, f"{ATOM}{element}")
    add(person, f"{ATOM}name", name)
    add(person, f"{ATOM}uri", uri)


# -- the feed -------------------------------------------------------------------------------------------------------------


def _links(page: Page) -> Iterator[_Attributes]:
    yield {"rel": "self", "type": _KIND, "href": page.url("xml")}
    yield {"rel": "start", "type": _KIND, "href": page.near(f"{STEM}.xml")}
    yield {"rel": "alternate", "type": opds2.MEDIA_TYPE, "href": page.near(f"{page.stem}.json")}
    for rel, stem in page.around:
        yield {"rel": rel, "type": _KIND, "href": page.near(f"{stem}.xml")}
    yield from (_facet(page, each) for each in page.facets)


def _facet(page: Page, facet: Facet) -> _Attributes:
    return {
        "rel": f"{_RELATIONS}facet",
        "type": _KIND,
        "href": page.near(f"{facet.stem}.xml"),
        "title": facet.title,
        f"{_OPDS}facetGroup": page.group,
        f"{_OPDS}activeFacet": "true" if facet.active else None,
        f"{_THREADS}count": str(facet.count),
    }


# -- its entries ----------------------------------------------------------------------------------------------------------


def _entry(feed: Element, page: Page, book: Listed) -> None:
    """Add a book: what the catalogue says of it is what the book says itself, so that its shelf and ours agree.

    The entry has the book's own identifier, which is as stable as Atom wants it, and says it once more as the book's (5.1.1).
    """
    entry, said = etree.SubElement(feed, f"{ATOM}entry"), book.listing
    add(entry, f"{ATOM}id", said.identifier)
    add(entry, f"{ATOM}title", said.title)
    add(entry, f"{ATOM}updated", moment(said.modified))
    _person(entry, "author", said.author)
    for name in said.contributors:
        _person(entry, "contributor", name)
    for name, text in (
        ("identifier", said.identifier),
        ("issued", said.published),
        ("language", said.language),
        ("publisher", said.author),
    ):
        add(entry, f"{DCTERMS}{name}", text)
    for subject in said.subjects:
        add(entry, f"{ATOM}category", attributes={"term": subject, "label": subject})
    add(entry, f"{ATOM}rights", said.rights)
    add(entry, f"{ATOM}summary", said.description or said.series)
    _add_links(entry, _to_book(page, book))


def _to_book(page: Page, book: Listed) -> Iterator[_Attributes]:
    """Yield the links of an entry; the book that every reader opens goes before that for Kobo, since KOReader loads the first."""
    open_access = f"{_RELATIONS}acquisition/open-access"
    yield {"rel": open_access, "type": epub.MEDIA_TYPE, "href": page.near(book.path), "title": "EPUB" if book.kepub else None}
    if book.kepub:
        yield {"rel": open_access, "type": epub.MEDIA_TYPE, "href": page.near(book.kepub), "title": "EPUB (Kobo)"}
    yield {"rel": f"{_RELATIONS}image", "type": _JPEG, "href": page.near(book.cover)}
    yield {"rel": f"{_RELATIONS}image/thumbnail", "type": _JPEG, "href": page.near(book.thumbnail)}
