"""Blogger's backup: Atom (RFC 4287) with everything that a blog has in its entries, from its settings or Google Takeout. We only read it.

Until 2024 the kind of an entry is a category of the scheme `http://schemas.google.com/g/2005#kind`; since then, and in Takeout,
it is `blogger:type` of `http://schemas.google.com/blogger/2018` (read 2026-11-26; there is no specification).
Deviations: two line breaks are the end of a paragraph, since its editor made none for long; labels are keywords, since a blog has
no sections; e-mail addresses that Blogger makes up are left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from publisher import bylines, schema
from publisher.archives import Archive
from publisher.article import Article, Party, Person, Place, Publication
from publisher.feeds import line_of
from publisher.formats import Context, Reading, beginning
from publisher.listings import root_name
from publisher.markup import Element
from publisher.minting import UNNAMED
from publisher.platforms import cards, members, rewriting, trees
from publisher.platforms.ledger import Ledger, Loss
from publisher.platforms.paragraphs import paragraphs
from publisher.platforms.posts import distinct, headline, later, plain, unique
from publisher.platforms.rewriting import Change
from publisher.platforms.trees import text_in
from publisher.problems import Severity, Unreadable, problem
from publisher.text import language, line, url

__all__ = ["MEDIA_TYPE", "NAME", "SPEC", "TITLE", "read", "recognizes"]

NAME = "blogger"
TITLE = "Blogger backup (Atom)"
SPEC = "https://support.google.com/blogger/answer/41387"
MEDIA_TYPE = "application/atom+xml"

_INFO, _WARNING = Severity.INFO, Severity.WARNING
_LOSSES = {
    "unpublished": Loss(_INFO, "articles that are not published yet: {names}", "publish them, or ask for drafts to have them too"),
    "trash": Loss(
        _INFO, "articles left out, since they are in the bin: {count}", "take them out of the bin and export anew if you want them"
    ),
    "not-articles": Loss(_INFO, "what is no article was left out: {names}", "nothing, unless you miss any of it"),
    "member-damaged": Loss(_WARNING, "files of the archive that cannot be read: {names}", "export anew"),
}
_ATOM, _GEORSS = "{http://www.w3.org/2005/Atom}", "{http://www.georss.org/georss}"
_BLOGGER = "{http://schemas.google.com/blogger/2018}"
_KIND = "http://schemas.google.com/g/2005#kind"
_APPS = ("{http://purl.org/atom/app#}", "{http://www.w3.org/2007/app}")
_SIGN = re.compile(rb"schemas\.google\.com/blogger/2018|schemas\.google\.com/blogger/2008/kind#")
_TAKEOUT = re.compile(r"(?:^|/)Blogger/.*\.atom$|(?:^|/)feed\.atom$", re.IGNORECASE)
_FAR = 2_000_000
"""Bytes in which a backup says of its first entry what it is: the templates, which are long, come first."""
_PUBLISHED = frozenset(("", "LIVE"))
_DROPPED = frozenset(("SOFT_TRASHED", "TRASHED"))
_NOT_A_NAME = frozenset(("unknown", "anonymous", "noreply@blogger.com"))


def recognizes(body: bytes, path: str = "") -> bool:
    """Return whether the bytes are Atom whose entries say what kind they are, or a ZIP file of Takeout with such a file."""
    if names := members.names(body):
        return any(_TAKEOUT.search(each) for each in names) and any(map(_is_backup, members.beginnings(body, ".atom")))
    return _is_backup(body)


def _is_backup(body: bytes) -> bool:
    start = beginning(body)
    return start.startswith(b"<") and root_name(start).lower().endswith("feed") and bool(_SIGN.search(body[:_FAR]))


def read(body: bytes, context: Context = Context()) -> Reading:
    """Return the posts and pages of a backup; raise `Unreadable` when it is none."""
    ledger = Ledger(NAME, _LOSSES)
    feeds = list(_feeds(body, context, ledger))
    if not feeds:
        message = "there is no feed of Blogger in this file"
        raise Unreadable(problem("blogger-no-feed", Severity.ERROR, message, hint="check that this is a backup of Blogger"))
    return _Reader(feeds, context, ledger).reading()


def _feeds(body: bytes, context: Context, ledger: Ledger) -> Iterator[Element]:
    for each in _files(body, context, ledger):
        root, found = trees.parse(each, NAME)
        ledger.tell(found)
        if root.tag == f"{_ATOM}feed":
            yield root


def _files(body: bytes, context: Context, ledger: Ledger) -> Iterator[bytes]:
    if not members.names(body):
        yield body
        return
    archive = Archive(body, NAME, context.limits)
    for name in sorted(each for each in archive.names if _TAKEOUT.search(each)):
        try:
            yield archive.read(name)
        except Unreadable:
            ledger.note("member-damaged", name)


class _Reader:
    def __init__(self, feeds: list[Element], context: Context, ledger: Ledger) -> None:
        self.feeds = feeds
        self.context = context
        self.ledger = ledger
        self.publication = _publication(feeds[0], context)

    def reading(self) -> Reading:
        """Return all that is a post or a page."""
        entries = [each for each in self.entries() if self.is_article(each)]
        articles = distinct(map(self.article, entries), self.ledger)
        drafts = frozenset(each.identifier for each, entry in zip(articles, entries, strict=True) if _status(entry) not in _PUBLISHED)
        publication = schema.with_articles(self.publication, articles)
        return Reading(publication=publication, problems=self.ledger.problems(), drafts=drafts)

    def entries(self) -> Iterator[Element]:
        """Yield the entries of all blogs."""
        for feed in self.feeds:
            yield from feed.iterfind(f"{_ATOM}entry")

    def is_article(self, entry: Element) -> bool:
        """Return whether an entry is a post or a page that is not in the bin; others are noted."""
        kind = _kind(entry)
        if kind in ("post", "page"):
            dropped = _status(entry) in _DROPPED
            self.ledger.note("trash", count=dropped, line=line_of(entry))
            return not dropped
        comment = kind == "comment"
        self.ledger.note("comments" if comment else "not-articles", "" if comment else kind, line=line_of(entry))
        return False

    def article(self, entry: Element) -> Article:
        """Return what an entry is."""
        title, number = plain(_text(entry, "title")), line_of(entry)
        draft = _status(entry) not in _PUBLISHED
        address = self.address(entry)
        html = paragraphs(_text(entry, "content") or _text(entry, "summary"), lines=False)
        body = self.ledger.body(rewriting.tree(html, _CARDS) if _CAPTIONED in html else html, address or self.publication.url, line=number)
        name = headline(title, body, "")
        published, modified = schema.parse_date(_text(entry, "published")), schema.parse_date(_text(entry, "updated"))
        self.ledger.note("unpublished", name, count=draft, line=number)
        self.ledger.note("without-date", name, count=published is None and not draft, line=number)
        return Article(
            identifier=line(_text(entry, "id")) or address or f"{self.publication.url}#{number}",
            type="BlogPosting" if _kind(entry) == "post" else "Article",
            headline=name,
            url=None if draft else address,
            description=plain(text_in(entry.find(f"{_BLOGGER}metaDescription"))),
            body=body,
            keywords=unique(line(each.get("term")) for each in entry.iterfind(f"{_ATOM}category") if each.get("scheme") != _KIND),
            content_location=_places(entry),
            in_language=self.publication.in_language,
            date_published=None if _is_draft(entry) else published,
            date_modified=(modified or published) if _is_draft(entry) else later(modified, published),
            author=self.authors(entry),
        )

    def address(self, entry: Element) -> str | None:
        """Return where an entry is published: in Takeout it says only the path."""
        if found := _link(entry, "alternate"):
            return found
        path = text_in(entry.find(f"{_BLOGGER}filename")).strip()
        return url(path, self.publication.url) if path and self.publication.url != UNNAMED.url else None

    def authors(self, entry: Element) -> tuple[Party, ...]:
        """Return who wrote an entry, with the address of their profile."""
        found = (self.author(each) for each in entry.iterfind(f"{_ATOM}author"))
        return tuple(each for each in found if each)

    def author(self, element: Element) -> Party | None:
        """Return whom an element names."""
        name = line(_text(element, "name"))
        found = bylines.party(name, self.context.parties) if name and name.lower() not in _NOT_A_NAME else None
        if not isinstance(found, Person) or found.name.casefold() in self.context.parties:
            return found
        return replace(found, url=found.url or url(_text(element, "uri")))


_CAPTIONED = "tr-caption-container"
"""Class of the table that a picture and its caption are in."""


def _figure(table: Element) -> str | None:
    pictures = [cards.picture(each.get("src") or "", each.get("alt") or None, _target(each)) for each in table.iter("img")]
    return cards.figure("".join(pictures), rewriting.inside(rewriting.first(table, "tr-caption"))) if pictures else None


def _target(picture: Element) -> str:
    parent = picture.getparent()
    return (parent.get("href") or "") if parent is not None and parent.tag == "a" else ""


_CARDS: dict[str, Change] = {_CAPTIONED: _figure}


def _publication(feed: Element, context: Context) -> Publication:
    """Return what a feed says of its blog; in Takeout it does not say where that is."""
    given = context.publication or UNNAMED
    address = schema.web_address(_link(feed, "alternate")) or given.url
    return Publication(
        identifier=line(_text(feed, "id")) or address,
        name=plain(_text(feed, "title")) or given.name,
        url=address,
        description=plain(_text(feed, "subtitle")),
        in_language=language(feed.get("{http://www.w3.org/XML/1998/namespace}lang")) or given.in_language,
    )


def _text(element: Element, name: str) -> str:
    return text_in(element.find(f"{_ATOM}{name}"))


def _link(element: Element, relation: str) -> str | None:
    addresses = (url(each.get("href")) for each in element.iterfind(f"{_ATOM}link") if each.get("rel", "alternate") == relation)
    return next((each for each in addresses if each), None)


def _kind(entry: Element) -> str:
    """Return `post`, `page`, `comment`, `template` or `settings`."""
    if said := text_in(entry.find(f"{_BLOGGER}type")).strip():
        return said.lower()
    terms = (each.get("term") or "" for each in entry.iterfind(f"{_ATOM}category") if each.get("scheme") == _KIND)
    return next((each.rpartition("#")[2].lower() for each in terms), "post")


def _status(entry: Element) -> str:
    """Return the status as Takeout has it, `LIVE`, `DRAFT`, `SCHEDULED` or `SOFT_TRASHED`; `""` for one that is published."""
    if said := text_in(entry.find(f"{_BLOGGER}status")).strip():
        return said.upper()
    drafts = (text_in(entry.find(f"{app}control/{app}draft")).strip().lower() for app in _APPS)
    return "DRAFT" if "yes" in drafts else ""


def _is_draft(entry: Element) -> bool:
    return _status(entry) == "DRAFT"


def _places(entry: Element) -> tuple[Place, ...]:
    found = entry.find(f"{_BLOGGER}location")
    names = (
        entry.findtext(f"{_GEORSS}featurename"),
        entry.findtext(f"{_BLOGGER}location/{_BLOGGER}name"),
        found.text if found is not None else "",
    )
    name = next((name for each in names if (name := line(each))), None)
    return (Place(name=name),) if name else ()
