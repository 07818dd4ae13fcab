"""Our own books, exactly as they were written, and as much of them as is left when others have saved them.

Each article's page says in its JSON-LD what it describes; the text is on the page itself. The record of the issue lists the articles
in the order of the publication. Without a record they are in the order of the spine, which goes by sections.
Calibre 8.5 was measured (2026-11-25): `ebook-meta` shuffles the manifest; `ebook-convert` drops the record of the issue, since
that is not in the manifest, and splits a page before headings that begin with words like "Part" and where it is over 260 kB,
each part with the whole head. So nothing here depends on names of files, and parts of one article are put together again.
"""

from __future__ import annotations

import posixpath
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import chain
from math import inf
from typing import Any
from urllib.parse import unquote

from lxml import etree

from publisher import markup, schema
from publisher.archives import Archive
from publisher.article import Article, Publication
from publisher.formats import Context, Reading
from publisher.formats.epub import bodies, joining, parts
from publisher.formats.epub import record as records
from publisher.formats.epub.foreign import about_book
from publisher.formats.epub.opening import SPEC, documents, metadata, spine, tree
from publisher.markup import Element
from publisher.problems import Problem, Severity, Unreadable, problem
from publisher.schema import Json, JsonObject

__all__ = ["read"]

_JSON_LD = "application/ld+json"
_MARKS = (_JSON_LD.encode(), b'id="%s"' % bodies.ID.encode())
_CUT = re.compile("calibre_pb_[0-9]+")
_WITH_CUT = etree.XPath("descendant-or-self::*[starts-with(@id, 'calibre_pb_')]")


_Places = Mapping[tuple[str, str], Sequence[int]]
"""See `record.places`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Page:
    """A page that describes what it is."""

    name: str
    """Its path in the book."""
    root: Element
    node: JsonObject
    article: Article | None
    """Without its text."""
    place: int
    """Where it stands in reading order, or, when it is not in that, in the manifest, after all that is."""
    number: int
    """Where it stands in the manifest."""

    @property
    def position(self) -> int:
        """Where its article stands in the publication, as books made until 2026-12-07 say; 0 when it does not say."""
        given = self.node.get("position")
        return given if isinstance(given, int) else 0

    @property
    def has_headline(self) -> bool:
        """Whether the headline of the article is on it."""
        return any(each.get("id") == parts.HEADLINE for each in self.root.iter("{*}h1"))


def read(book: Any, archive: Archive, context: Context) -> Reading | None:
    """Return the publication in the book, or `None` when the book is none of ours."""
    pages = list(_pages(book))
    said = _record(book, archive)
    listed = records.places(said) if said else None
    found = list(_articles([each for each in pages if each.article or not each.node], listed))
    record = (records.publication(said) if said else None) or _described(pages)
    if not record and (not found or all(_body(each.root) is None for each in pages)):
        return None
    publication = record or _around(pages) or context.house or about_book(book)
    problems = (*_torn(pages), *(_changed(article) for article, known in found if not known))
    return Reading(
        publication=replace(publication, articles=tuple(article for article, _ in found)), problems=problems, media=_Media(book, archive)
    )


class _Media:
    """Gives what is in the book by the address that it has in the articles; looks for it only when somebody asks."""

    def __init__(self, book: Any, archive: Archive) -> None:
        self._book = book
        self._archive = archive

    @cached_property
    def _members(self) -> Mapping[str, str]:
        """Return the members by their addresses."""
        found: dict[str, str] = {}
        for item in documents(self._book):
            root = tree(item.content) if b"data-src=" in item.content else None
            for each in () if root is None else root.iter("{*}img", "{*}audio"):
                if (address := each.get("data-src")) and (source := each.get("src")):
                    path = posixpath.join(self._book.folder, posixpath.dirname(str(item.file_name)), unquote(source))
                    found.setdefault(address, posixpath.normpath(path))
        return found

    def __call__(self, url: str) -> bytes | None:
        """Return the bytes, `None` when there are none or they cannot be unpacked."""
        name = self._members.get(url)
        try:
            return self._archive.read(name) if name in self._archive.names else None
        except Unreadable:
            return None


def _torn(pages: list[_Page]) -> Iterator[Problem]:
    if torn := [each for each in pages if each.article and not each.node]:
        message = f"{len(torn)} of {len(pages)} pages have lost what describes their article, the JSON-LD"
        yield problem("epub-json-ld-lost", Severity.WARNING, message, hint="get the book from where it was made", spec=SPEC)


def _changed(article: Article) -> Problem:
    message = f"the text of {article.headline!r} was changed after the book was made"
    return problem("epub-text-changed", Severity.INFO, message, hint="compare it with its source, unless that was meant", spec=SPEC)


def _pages(book: Any) -> Iterator[_Page]:
    order = {name: place for place, name in enumerate(spine(book))}
    for number, item in enumerate(documents(book)):
        root = tree(item.content) if any(each in item.content for each in _MARKS) else None
        if root is None or not ((node := _node(root)) or _body(root) is not None):
            continue
        article = schema.load_object(node, Article) if node else parts.article(root, str(item.file_name))
        place = order.get(item.get_id(), len(order) + number)
        yield _Page(name=str(item.file_name), root=root, node=node or {}, article=article, place=place, number=number)


def _body(root: Element) -> Element | None:
    return next(filter(bodies.is_body, root.iter("{*}div")), None)


def _node(root: Element) -> JsonObject | None:
    """Return the first object in a JSON-LD block of the page."""
    blocks = (each.text or "" for each in root.iter("{*}script") if each.get("type") == _JSON_LD)
    return next((node for each in blocks if (node := _json(each))), None)


def _json(text: str | bytes) -> JsonObject | None:
    try:
        node: Json = schema.from_text(text)
    except Unreadable:
        return None
    return node if isinstance(node, dict) else None


# -- the publication ------------------------------------------------------------------------------------------------------


def _record(book: Any, archive: Archive) -> JsonObject | None:
    """Return the record of the issue."""
    for _, attributes in metadata(book, "OPF", "link"):
        if attributes.get("rel") == "record" and attributes.get("media-type") == _JSON_LD:
            path = posixpath.normpath(posixpath.join(book.folder, unquote(attributes.get("href", ""))))
            if path in archive.names and (node := _json(archive.read(path))):
                return node
    return None


def _described(pages: list[_Page]) -> Publication | None:
    """Return the publication that a page describes: the title page does."""
    nodes = (each.node for each in pages if each.node.get("@type") == "Periodical")
    return next((found for each in nodes if (found := schema.load_object(each, Publication))), None)


def _around(pages: list[_Page]) -> Publication | None:
    """Return what the first article says it is part of."""
    parts = (each.node.get("isPartOf") for each in pages)
    return next((found for each in parts if isinstance(each, dict) and (found := schema.load_object(each, Publication))), None)


# -- articles -------------------------------------------------------------------------------------------------------------


def _articles(pages: list[_Page], listed: _Places | None) -> Iterator[tuple[Article, bool]]:
    """Yield the articles in the order of the publication; with each goes whether its text is the one that was written.

    `listed` are the places that the record gives to articles, `None` without a record.
    """
    for together in _in_order(_together(pages), listed):
        if article := together[0].article:
            body, known = _text(together)
            yield replace(article, body=body), known


def _in_order(articles: list[list[_Page]], listed: _Places | None) -> list[list[_Page]]:
    """Return articles, each given as its pages and all in reading order, in the order of the publication.

    In books made until 2026-12-07 each page says the position of its article, in later ones the record does.
    """
    positions = [page.position for pages in articles for page in pages if page.node]
    if positions and all(positions):
        return sorted(articles, key=lambda pages: pages[0].position or len(positions) + 1)
    return articles if listed is None else _listed(articles, listed)


def _listed(articles: list[list[_Page]], listed: _Places) -> list[list[_Page]]:
    """Return articles at their places in the record, those that it does not list after all others.

    Those with the same identifier and headline take their places in the order of the manifest, which is that of the publication.
    """
    taken: Counter[tuple[str, str]] = Counter()
    placed: list[tuple[float, list[_Page]]] = []
    for pages in sorted(articles, key=lambda pages: min(each.number for each in pages)):
        article = pages[0].article
        name = (article.identifier, article.headline) if article else ("", "")
        places = listed.get(name, ())
        placed.append((places[taken[name]] if taken[name] < len(places) else inf, pages))
        taken[name] += 1
    return [pages for _, pages in sorted(placed, key=lambda each: each[0])]


def _together(pages: list[_Page]) -> list[list[_Page]]:
    """Return the pages of each article, in reading order."""
    found: list[list[_Page]] = []
    for page in sorted(pages, key=lambda each: each.place):
        if found and _goes_on(found[-1], page):
            found[-1].append(page)
        else:
            found.append([page])
    return found


def _goes_on(before: list[_Page], page: _Page) -> bool:
    """Return whether the page is a further part of the article on the pages before it.

    It describes the same article, or has lost its JSON-LD and has no headline; but a second headline begins a second article.
    """
    if not page.article:
        return True
    return bool(page.node) and page.node == before[0].node and not (page.has_headline and any(each.has_headline for each in before))


def _text(pages: list[_Page]) -> tuple[str, bool]:
    """Return the body that the pages were made from, and whether we know that it is."""
    own = [found for each in pages if (found := _body(each.root)) is not None]
    texts = own or [next(each.root.iter("{*}body"), each.root) for each in pages]
    _forget_names(pages)
    for each in texts:
        bodies.restore(each)
    guesses = (markup.fragment(each) for each in joining.joined(texts))
    best = next(guesses)
    known = (bodies.recalled(each, texts[0]) for each in chain((best,), guesses))
    whole = next((each for each in known if each is not None), None)
    return (best, False) if whole is None else (whole, True)


def _forget_names(pages: list[_Page]) -> None:
    """Make links to the article's own pages links inside the page again, and take the ids away by which Calibre marks cuts."""
    names = {each.name for each in pages}
    for page in pages:
        for link in page.root.iter("{*}a"):
            path, _, place = (link.get("href") or "").partition("#")
            if place and path and place and posixpath.normpath(posixpath.join(posixpath.dirname(page.name), unquote(path))) in names:
                link.set("href", f"#{place}")
        for element in _cut(page.root):
            if _CUT.fullmatch(element.get("id") or ""):
                del element.attrib["id"]


def _cut(root: Element) -> list[Element]:
    found = _WITH_CUT(root)
    return [each for each in found if isinstance(each, etree._Element)] if isinstance(found, list) else []
