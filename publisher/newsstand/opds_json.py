"""Writes the catalogue in OPDS 2.0 (https://drafts.opds.io/opds-2.0, a draft, read 2026-11-27).

Deviation: a book has no `self` link, which the draft only recommends: there is no document that would say more of it than the list does.
"""

from __future__ import annotations

from collections.abc import Iterator

from publisher import schema
from publisher.formats import epub, opds, opds2
from publisher.newsstand.browsing import STEM, Facet, Page, moment
from publisher.newsstand.shelf import Listed
from publisher.schema import Json, JsonObject

__all__ = ["write"]

_RELATIONS = "http://opds-spec.org/"
_BOOK = "http://schema.org/PublicationIssue"
_JPEG = "image/jpeg"


def write(page: Page) -> bytes:
    """Return a page of the catalogue."""
    found: JsonObject = {
        "metadata": _metadata(page),
        "links": [*_links(page)],
        "publications": [_publication(page, each) for each in page.books],
    }
    if page.facets:
        found["facets"] = [{"metadata": {"title": page.group}, "links": [_facet(page, each) for each in page.facets]}]
    return schema.to_text(found).encode()


def _metadata(page: Page) -> JsonObject:
    found: JsonObject = {
        "title": page.title,
        "subtitle": page.publication.description,
        "modified": page.updated,
        "numberOfItems": page.total,
    }
    return _present(found)


def _present(members: JsonObject) -> JsonObject:
    return {name: value for name, value in members.items() if value not in (None, [])}


def _link(page: Page, path: str, kind: str, **more: Json) -> JsonObject:
    return {"href": page.near(path), "type": kind, **more}


def _links(page: Page) -> Iterator[Json]:
    yield {"rel": "self", "href": page.url("json"), "type": opds2.MEDIA_TYPE}
    yield _link(page, f"{STEM}.json", opds2.MEDIA_TYPE, rel="start")
    yield _link(page, f"{page.stem}.xml", opds.MEDIA_TYPE, rel="alternate")
    for rel, stem in page.around:
        yield _link(page, f"{stem}.json", opds2.MEDIA_TYPE, rel=rel)


def _facet(page: Page, facet: Facet) -> Json:
    found = _link(page, f"{facet.stem}.json", opds2.MEDIA_TYPE, title=facet.title, properties={"numberOfItems": facet.count})
    return {**found, "rel": "self"} if facet.active else found


def _publication(page: Page, book: Listed) -> Json:
    return {"metadata": _said(book), "links": [*_to_book(page, book)], "images": [*_images(page, book)]}


def _said(book: Listed) -> JsonObject:
    """Return what is said of a book, which is what it says itself."""
    said = book.listing
    found: JsonObject = {
        "@type": _BOOK,
        "identifier": said.identifier,
        "title": said.title,
        "author": said.author,
        "contributor": [*said.contributors],
        "publisher": said.author,
        "language": said.language,
        "modified": moment(said.modified),
        "published": said.published,
        "subject": [*said.subjects],
        "description": said.description,
        "belongsTo": {"series": _series(said.series, said.position)} if said.series else None,
    }
    return _present(found)


def _series(name: str, position: str | None) -> Json:
    """Return what a book is one of; `2026.09` is the position 2026.09: a number, and in the right order."""
    return {"name": name, "position": float(position) if "." in position else int(position)} if position else {"name": name}


def _to_book(page: Page, book: Listed) -> Iterator[Json]:
    """Yield the links to a book; the one that every reader opens goes before that for Kobo."""
    rel = f"{_RELATIONS}acquisition/open-access"
    yield _link(page, book.path, epub.MEDIA_TYPE, rel=rel, **({"title": "EPUB"} if book.kepub else {}))
    if book.kepub:
        yield _link(page, book.kepub, epub.MEDIA_TYPE, rel=rel, title="EPUB (Kobo)")


def _images(page: Page, book: Listed) -> Iterator[Json]:
    """Yield the covers with the relations of OPDS 1.2, by which KOReader finds the small one."""
    yield _link(page, book.cover, _JPEG, rel=f"{_RELATIONS}image")
    yield _link(page, book.thumbnail, _JPEG, rel=f"{_RELATIONS}image/thumbnail")
