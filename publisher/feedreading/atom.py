"""Atom by others: entries that lack what RFC 4287 wants, or have it in another place.

Trees are those of Atom 1.0 (see `shapes.atom`). An entry without authors has those of its source, else of its feed (4.2.1);
of several alternates that which is a page in the feed's language is its address, the others are translations.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from publisher import feeds, schema
from publisher.article import Article, Link, Party, Publication
from publisher.feedreading import modules, values
from publisher.feedreading.modules import Children, said
from publisher.feedreading.notes import Notes
from publisher.feedreading.shapes import FEEDBURNER, ITUNES
from publisher.feeds import ATOM, CONTENT, DC, DCTERMS, MEDIA, XML, resolve
from publisher.markup import Element
from publisher.text import language, line, url

__all__ = ["article", "authors", "is_draft", "publication"]

Read = Callable[[Element, str, feeds.Repaired], Article]
"""Reads what an entry says in Atom's own elements: the entry, what its addresses are relative to, and whom to tell of repairs."""

_APP = ("{http://www.w3.org/2007/app}", "{http://purl.org/atom/app#}")
_PUBLISHED = tuple(
    f"{space}{name}"
    for space, name in (
        (ATOM, "published"),
        (DCTERMS, "issued"),
        (DC, "date"),
        (DCTERMS, "created"),
        (DCTERMS, "available"),
        ("", "pubDate"),
    )
)
_UPDATED = (f"{ATOM}updated", f"{DCTERMS}modified", f"{ATOM}modified")
_BODIES = (f"{CONTENT}encoded", f"{ATOM}body", f"{ATOM}div")
_SUMMARIES = (f"{MEDIA}description", f"{DC}description", f"{ITUNES}summary", f"{ITUNES}subtitle")
_MARKS_OF_PROGRAMS = ("#kind", "/g/2005#kind")
_PAGES = ("", "text/html", "application/xhtml+xml", "text/plain", "html")


def is_draft(entry: Element) -> bool:
    """Return whether an entry is not to be published yet (RFC 5023, 13.1.1)."""
    marks = (*(entry.findtext(f"{space}control/{space}draft") for space in _APP), entry.findtext(f"{ATOM}draft"))
    return any((each or "").strip().lower() in ("yes", "true") for each in marks)


def publication(feed: Element, native: Publication) -> Publication:
    """Return what a stranger's feed says, in its modules too."""
    kids = modules.children(feed)
    address = next(filter(None, map(schema.web_address, _addresses(feed, kids))), native.url)
    found: dict[str, Any] = {
        "in_language": language(modules.first(kids, f"{DC}language")),
        "publisher": next((party for name in (f"{DC}publisher", f"{ITUNES}author") for party in _named(kids, name)), None),
        "license": modules.licence(kids, address),
        "copyright_notice": modules.first(kids, f"{DC}rights", f"{DCTERMS}rights"),
        "date_modified": next(filter(None, (values.moment(each) for each in modules.texts(kids, *_UPDATED, f"{DC}date"))), None),
    }
    own = native.identifier if modules.first(kids, f"{ATOM}id") else address
    native = replace(native, url=address, identifier=own, name=native.name if native.name != native.url else address)
    return replace(native, **{name: value for name, value in found.items() if value and not getattr(native, name)})


def _addresses(feed: Element, kids: Children) -> Iterator[str | None]:
    """Yield what may be the address of the publication, the best first: a page, else the feed itself."""
    links = kids.get(f"{ATOM}link", ())
    own = next((url(each.get("href")) for each in links if each.get("rel") == "self"), None) or ""
    alternates = [each for each in links if each.get("rel", "alternate").strip() == "alternate"]
    pages = [each for each in alternates if _is_page(each)]
    yield from (resolve(each, each.get("href"), own) for each in (*pages, *alternates))
    yield from (resolve(each, said(each), own) for each in kids.get(f"{ATOM}link", ()))
    yield own
    yield modules.first(kids, f"{ATOM}id")
    yield feeds.base_of(feed)


def article(entry: Element, of_feed: tuple[Party, ...], notes: Notes, base: str, read: Read) -> Article:
    """Return what an entry of a stranger's feed says, in its modules too; `of_feed` has written what says of nobody."""
    kids = modules.children(entry)
    notes.left(kids)
    notes.renditions(modules.arrange_media(_prepared(entry, kids)))
    kids = modules.children(entry)
    native = read(entry, base, notes.repaired)
    address = _address(entry, kids, base) or native.url
    identifier = modules.first(kids, f"{ATOM}id", f"{DC}identifier") or address
    if not identifier:
        notes.unnamed()
    language_of = native.in_language or language(modules.first(kids, f"{DC}language"))
    found = replace(
        native,
        identifier=identifier or native.identifier,
        url=address,
        headline=_headline(kids, native, address),
        author=_authors(entry, base) or of_feed,
        date_published=notes.date(*(each for name in _PUBLISHED for each in kids.get(name, ()))),
        date_modified=notes.date(*(each for name in _UPDATED for each in kids.get(name, ()))),
        in_language=language_of,
        description=native.description or next(map(feeds.plain, modules.texts(kids, *_SUMMARIES)), None),
        keywords=tuple(_keywords(kids)),
        translations=native.translations or tuple(_translations(kids, address, base)),
        publisher=native.publisher or _source(entry),
    )
    return modules.filled(found, entry, kids, base)


def _prepared(entry: Element, kids: Children) -> Element:
    """Return an entry with its text in its content: what others put elsewhere, or into the summary alone."""
    for each in (*kids.get(f"{ATOM}content", ()), *kids.get(f"{ATOM}summary", ()), *kids.get(f"{ATOM}title", ())):
        if each.get("type") == "xhtml" and not len(each) and "<" in (each.text or ""):
            each.set("type", "html")  # a CDATA section where elements should be
        elif len(each) and (each.tag != f"{ATOM}content" or each.get("type", "text") in ("text", "html", "text/html", "text/plain")):
            each.set("type", "xhtml")  # elements where escaped text should be
        elif each.get("type") is None and values.is_html(each.text or ""):
            each.set("type", "html")  # by RFC 4287 it is text: nobody means that
    if f"{ATOM}content" in kids:
        return entry
    body = next((each for name in _BODIES for each in kids.get(name, ())), None)
    summary = next((each for each in kids.get(f"{ATOM}summary", ()) if each.get("type") in ("html", "xhtml", "text/html")), None)
    if body is not None:
        body.tag = f"{ATOM}content"
        body.set("type", "xhtml" if len(body) else "html")
    elif summary is not None and (len(summary) or "<" in (summary.text or "")):
        summary.tag = f"{ATOM}content"
    return entry


def _headline(kids: Children, native: Article, address: str | None) -> str:
    """Return the title; of one that is not said to be anything, HTML too."""
    for each in kids.get(f"{ATOM}title", ()):
        if each.get("type") is None and not len(each) and (found := values.title(each.text)):
            return found
        if line("".join(map(str, each.itertext()))):
            return native.headline
    spelled = (values.title(each) for each in modules.texts(kids, f"{MEDIA}title", f"{DC}title", f"{ITUNES}title"))
    return next(filter(None, spelled), None) or values.beginning(native.body) or native.description or address or native.headline


def _address(entry: Element, kids: Children, base: str) -> str | None:
    original = modules.first(kids, f"{FEEDBURNER}origLink")
    if original and (found := url(original)):
        return found
    alternates = _alternates(kids)
    pages = [each for each in alternates if _is_page(each)]
    own = language(entry.get(f"{XML}lang"))
    in_own = [each for each in pages if not each.get("hreflang") or language(each.get("hreflang")) == own]
    candidates = [(each, each.get("href") or said(each)) for each in (*in_own, *pages, *alternates)]
    identifier = modules.first(kids, f"{ATOM}id")
    if identifier and identifier.startswith(("http://", "https://")):
        candidates.append((entry, identifier))
    return next((found for each, href in candidates if (found := resolve(each, href, base))), None)


def _alternates(kids: Children) -> list[Element]:
    return [each for each in kids.get(f"{ATOM}link", ()) if each.get("rel", "alternate").strip().lower() in ("alternate", "")]


def _is_page(link: Element) -> bool:
    return link.get("type", "").partition(";")[0].strip().lower() in _PAGES


def _translations(kids: Children, address: str | None, base: str) -> Iterator[Link]:
    """Yield the pages in other languages."""
    for each in _alternates(kids):
        found, tongue = resolve(each, each.get("href"), base), language(each.get("hreflang"))
        if tongue and found and found != address and _is_page(each):
            yield Link(url=found, name=line(each.get("title")), in_language=tongue)


def authors(holder: Element, base: str) -> tuple[Party, ...]:
    """Return whom a feed, an entry or its source calls its authors."""
    kids = modules.children(holder)
    for name in (f"{ATOM}author", f"{DC}creator", f"{ITUNES}author"):
        if found := {each.name.casefold(): each for each in _named(kids, name, base)}:
            return tuple(found.values())
    return ()


def _authors(entry: Element, base: str) -> tuple[Party, ...]:
    holders = (entry, *entry.iterchildren(f"{ATOM}source"))
    return next(filter(None, (authors(each, base) for each in holders)), ())


def _named(kids: Children, name: str, base: str = "") -> Iterator[Party]:
    """Yield whom the elements of a name name: as Atom has it, or as text."""
    for each in kids.get(name, ()):
        if not len(each):
            yield from values.people(each.text)
            continue
        parts = modules.children(each)
        who, mail = modules.first(parts, f"{ATOM}name"), modules.first(parts, f"{ATOM}email")
        address = next((resolve(part, said(part), base) for part in parts.get(f"{ATOM}uri", ())), None)
        for party in values.people(f"{who} <{mail}>" if who and mail else who or mail or address):
            yield replace(party, url=party.url or address)


def _keywords(kids: Children) -> Iterator[str]:
    """Yield the categories that are not the section, nor what a program calls its entries."""
    for each in kids.get(f"{ATOM}category", ()):
        scheme = each.get("scheme") or ""
        own = scheme != feeds.SECTION and not scheme.endswith(_MARKS_OF_PROGRAMS)
        if own and (found := values.title(each.get("label") or each.get("term") or each.text)):
            yield found


def _source(entry: Element) -> Party | None:
    return feeds.organization(next((said(each) for each in entry.iterfind(f"{ATOM}source/{ATOM}title")), None))
