"""What others will show of an article: taken out of the files that are served, as their programs find it there.

Nothing is taken from the model, so that what a file lacks is seen to be missing.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urljoin

from publisher import files, schema
from publisher.markup import Element, parse_html, parse_xml
from publisher.problems import PublisherError
from publisher.schema import Json
from publisher.server.store import Edition, Store
from publisher.text import escape

__all__ = ["Chapter", "Entry", "Page", "chapter", "entry", "page", "shown_here"]

_ATOM = "{http://www.w3.org/2005/Atom}"
_MEDIA = ("image/", "audio/", "video/")


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What a web page says of itself in its head."""

    language: str = "en"
    title: str = ""
    description: str = ""
    canonical: str = ""
    graph: dict[str, str] = field(default_factory=dict)
    """Open Graph and Twitter: contents by property, the first of each."""
    blocks: tuple[Json, ...] = ()
    """JSON-LD, block by block."""


def page(body: bytes) -> Page:
    """Return what a page says of itself."""
    root = parse_html(body)
    named = dict(reversed([(_name(each), each.get("content") or "") for each in root.iter("meta") if _name(each)]))
    return Page(
        language=root.get("lang") or "en",
        title=" ".join(_inside(next(root.iter("title"), None)).split()),
        description=named.get("description", ""),
        canonical=next((each.get("href") or "" for each in root.iter("link") if each.get("rel") == "canonical"), ""),
        graph={key: value for key, value in named.items() if key.startswith(("og:", "twitter:", "article:"))},
        blocks=tuple(_blocks(root)),
    )


def _name(element: Element) -> str:
    return (element.get("property") or element.get("name") or "").lower()


def _blocks(root: Element) -> Iterator[Json]:
    for each in root.iter("script"):
        if each.get("type") == "application/ld+json":
            try:
                yield schema.from_text(each.text or "")
            except PublisherError:
                continue  # the rules say so


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """An entry of the feed, as a reader that knows Atom takes it."""

    feed: str
    """The feed's title."""
    path: str
    """The feed's."""
    title: str
    link: str
    authors: tuple[str, ...]
    date: str
    tags: tuple[str, ...]
    html: str
    """Content, or without one the summary."""
    enclosures: tuple[tuple[str, str], ...]
    """Media types and addresses."""


def entry(edition: Edition, store: Store, identifier: str) -> Entry | None:
    """Return the entry of an article in the first feed that has one."""
    wanted = escape(identifier).encode()
    for path in edition.offered("application/atom+xml"):
        body = store.read(edition.resources[path])
        if wanted in body and (found := _in_feed(body, identifier, path)):
            return found
    return None


def _in_feed(body: bytes, identifier: str, path: str) -> Entry | None:
    try:
        root = parse_xml(body)
    except PublisherError:
        return None
    found = next((each for each in root.iter(f"{_ATOM}entry") if _text(each, "id") == identifier), None)
    return _entry(found, _text(root, "title"), path) if found is not None else None


def _entry(found: Element, feed: str, path: str) -> Entry:
    links = [(each.get("rel") or "alternate", each.get("type") or "", each.get("href") or "") for each in found.findall(f"{_ATOM}link")]
    names = (_text(each, "name") for each in found.findall(f"{_ATOM}author"))
    return Entry(
        feed=feed,
        path=path,
        title=_text(found, "title"),
        link=next((href for rel, _, href in links if rel == "alternate"), ""),
        authors=tuple(filter(None, names)),
        date=_text(found, "published") or _text(found, "updated"),
        tags=tuple(each.get("label") or each.get("term") or "" for each in found.findall(f"{_ATOM}category")),
        html=_text(found, "content") or _text(found, "summary"),
        enclosures=tuple((kind, href) for rel, kind, href in links if rel == "enclosure" and kind.startswith(_MEDIA)),
    )


def _text(element: Element, name: str) -> str:
    """Return the text of a child; HTML in it is text in Atom already (RFC 4287, 3.1.1.2)."""
    return _inside(element.find(f"{_ATOM}{name}")).strip()


@dataclass(frozen=True, slots=True, kw_only=True)
class Chapter:
    """Where an article is in a book."""

    book: str
    """Path of the book."""
    member: str
    """Name of the file in it."""


def chapter(edition: Edition, store: Store, identifier: str) -> Chapter | None:
    """Return the chapter of an article, in the book of everything where there is one; `None` when it is in no book."""
    named = re.compile(rb'"identifier"\s*:\s*' + re.escape(json.dumps(identifier, ensure_ascii=False).encode()))
    for book in sorted(edition.books, key=lambda path: (path.count("/"), path)):
        if identifier not in edition.books[book] or book not in edition.resources:
            continue
        where = store.path(edition.resources[book])
        for name in files.members(where):
            if name.endswith(".xhtml") and named.search(files.member(where, name) or b""):
                return Chapter(book=book, member=name)
    return None


def shown_here(edition: Edition, url: str, base: str) -> str:
    """Return an address of the preview as a path on it, so that it is asked wherever the preview was opened."""
    found = urljoin(base, url)
    return f"/{found[len(edition.base) :]}" if found.startswith(edition.base) else found


def _inside(element: Element | None) -> str:
    return "".join(map(str, element.itertext())) if element is not None else ""
