"""Atom 1.0 (RFC 4287, https://www.rfc-editor.org/rfc/rfc4287, read 2026-11-23), written with feedgen 1.0.0.

Deviations: translations are links with schema.org's `workTranslation` as relation, since readers take any second `alternate`
for the article; an author without an address gets the publication's, since feedparser gives it the previous author's.
An identifier that is no IRI is written as a fragment of the publication's URL, and comes back from the lossless element.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING, Literal
from urllib.parse import quote

from lxml import etree

from publisher import feeds, markup, schema
from publisher.article import Article, Image, Media, Party, Person, Publication
from publisher.feeds import ATOM, EPOCH, SECTION, XML, add, as_moment, line_of, resolve, text_of, web
from publisher.formats import Context, Reading, Target
from publisher.markup import Element
from publisher.problems import Finding, Problem, Severity, Unreadable, check_all, problem, rule, rules_in
from publisher.text import escape, language, line, media_type, url

if TYPE_CHECKING:
    from feedgen.entry import FeedEntry
    from feedgen.feed import FeedGenerator

NAME = "atom"
TITLE = "Atom 1.0"
SPEC = "https://www.rfc-editor.org/rfc/rfc4287"
MEDIA_TYPE = "application/atom+xml"
PATH = "feed.atom"
EACH: Literal["publication"] = "publication"

_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`\[\]]+")
_START = re.compile(rb"<(?:[\w.-]+:)?feed\s[^>]*http://www\.w3\.org/2005/Atom")
_POINTING = ("href", "src", "cite", "poster")
"""Attributes of bodies that hold references."""


def recognizes(body: bytes, path: str = "") -> bool:
    """Return whether the bytes have an Atom feed near their beginning."""
    return bool(_START.search(body[:4096].replace(b"\0", b"")))  # in UTF-16 every second byte is 0


# -- writing --------------------------------------------------------------------------------------------------------------


def write(publication: Publication, target: Target = Target()) -> bytes:
    """Return the publication as one feed document; the order of its entries is the order of the articles."""
    from feedgen.feed import FeedGenerator

    feed = FeedGenerator()
    feed.id(_iri(publication.identifier, publication))
    feed.title(publication.name)
    feed.updated(feeds.newest(publication))  # feedgen says now unless told
    feed.author(_person(publication.publisher or Person(name=publication.name), publication))
    feed.language(publication.in_language)
    feed.subtitle(publication.description)
    feed.rights(publication.copyright_notice)
    feed.logo(web(publication.image.content_url) if publication.image else None)
    feed.generator("Publisher")
    feed.register_extension("ours", partial(_FeedExtension, publication, target))
    for article in publication.articles:
        feed.add_entry(_entry(article, publication), order="append")  # in front is quadratic
    return _bytes(feed)


def _bytes(feed: FeedGenerator) -> bytes:
    document: bytes = feed.atom_str(pretty=True)
    return document


def _entry(article: Article, publication: Publication) -> FeedEntry:
    from feedgen.entry import FeedEntry

    entry = FeedEntry()
    entry.id(_iri(article.identifier, publication))
    entry.title(article.headline)
    entry.updated(as_moment(feeds.changed(article) or EPOCH))
    if article.date_published:
        entry.published(as_moment(article.date_published))
    entry.author([_person(each, publication) for each in article.author])
    entry.contributor([_person(each, publication) for each in article.contributor])
    entry.content(markup.to_html(article.body), type="html")
    entry.summary(article.description)
    entry.category(feeds.categories(article))
    entry.rights(article.copyright_notice)
    entry.register_extension("ours", partial(_EntryExtension, article))
    return entry


def _iri(identifier: str, publication: Publication) -> str:
    """Return the identifier, or when it is no IRI (RFC 4287, 4.2.6) one made of it."""
    return identifier if _IRI.fullmatch(identifier) else f"{publication.url.partition('#')[0]}#{quote(identifier, safe='')}"


def _person(party: Party, publication: Publication) -> dict[str, str]:
    person = {"name": party.name, "uri": party.url or publication.url, "email": party.email}
    return {name: value for name, value in person.items() if value}


class _FeedExtension:
    """Adds to feedgen's feed what it cannot write: links with all attributes, the hub, the lossless element."""

    def __init__(self, publication: Publication, target: Target) -> None:
        self.publication = publication
        self.target = target

    def extend_ns(self) -> dict[str, str]:
        return feeds.NAMESPACES

    def extend_atom(self, feed: Element) -> None:
        add(feed, "link", attributes={"rel": "alternate", "type": "text/html", "href": self.publication.url})
        if self.target.url:
            add(feed, "link", attributes={"rel": "self", "type": MEDIA_TYPE, "href": self.target.url})
        if self.target.hub:
            add(feed, "link", attributes={"rel": "hub", "href": self.target.hub})
        if self.publication.license:
            add(feed, "link", attributes={"rel": "license", "href": self.publication.license})
        feeds.write_rest(feed, self.publication, _publication(feed, ""))


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
        for attributes in _enclosures(article):
            add(entry, "link", attributes=attributes)
        feeds.extend(entry, article, "")
        feeds.write_rest(entry, article, _article(entry, "", body=False))


def _enclosures(article: Article) -> Iterator[dict[str, str | None]]:
    media: tuple[Image | Media, ...] = (*article.associated_media, *article.image)
    for each in media:
        if address := web(each.content_url):
            yield _enclosure(address, each.encoding_format, each.content_size)


def _enclosure(address: str, kind: str | None, size: int | None) -> dict[str, str | None]:
    return {"rel": "enclosure", "type": kind, "href": address, "length": None if size is None else str(size)}


# -- reading --------------------------------------------------------------------------------------------------------------


def read(body: bytes, context: Context = Context()) -> Reading:
    """Return the feed's publication; a text that is not in its entry is a problem; raise `Unreadable` when it is no feed."""
    root = feeds.parse_foreign(body)
    if root.tag != f"{ATOM}feed":
        message = f"the root is {root.tag!r}, not an Atom feed"
        raise Unreadable(problem("atom-no-feed", Severity.ERROR, message, hint="check that this is an Atom feed", spec=SPEC))
    base = _link(root, ATOM, "self") or _link(root, ATOM, "alternate") or ""
    articles = tuple(feeds.merged(entry, _article(entry, ATOM, base)) for entry in root.iterfind(f"{ATOM}entry"))
    publication = feeds.merged(root, _publication(root, ATOM))
    problems = tuple(found for entry in root.iterfind(f"{ATOM}entry") if (found := _missing_text(entry, base)))
    return Reading(publication=schema.with_articles(publication, articles), problems=problems)


def _publication(feed: Element, atom: str) -> Publication:
    """Return what the feed's own elements say; `atom` is the namespace as the tree has it."""
    own = _link(feed, atom, "self") or ""
    address = schema.web_address(_link(feed, atom, "alternate", own)) or schema.web_address(own) or "https://example.org/"
    logo = feed.find(f"{atom}logo")
    picture = resolve(logo, logo.text, own) if logo is not None else None
    return Publication(
        identifier=text_of(feed, f"{atom}id") or address,
        name=_text(feed, f"{atom}title") or address,
        url=address,
        description=_text(feed, f"{atom}subtitle"),
        in_language=language(feed.get(f"{XML}lang")),
        publisher=next(_people(feed, f"{atom}author", atom), None),
        image=Image(content_url=picture) if picture else None,
        license=_link(feed, atom, "license", own),
        copyright_notice=_text(feed, f"{atom}rights"),
        date_modified=schema.parse_date(feed.findtext(f"{atom}updated") or ""),
    )


def _article(entry: Element, atom: str, base: str = "", *, body: bool = True) -> Article:
    """Return what the entry's own elements say; `base` is what its references are relative to without xml:base."""
    address = _link(entry, atom, "alternate", base)
    content = _body(entry, atom, address or base) if body else ""
    identifier = text_of(entry, f"{atom}id") or address or feeds.fingerprint(entry)
    native = Article(
        identifier=identifier,
        headline=_text(entry, f"{atom}title") or line(markup.to_text(content)[:80]) or identifier,
        url=address,
        description=_text(entry, f"{atom}summary"),
        body=content,
        article_section=next(_terms(entry, atom, section=True), None),
        keywords=tuple(_terms(entry, atom, section=False)),
        in_language=language(entry.get(f"{XML}lang")),
        date_published=schema.parse_date(entry.findtext(f"{atom}published") or ""),
        date_modified=schema.parse_date(entry.findtext(f"{atom}updated") or ""),
        author=tuple(_people(entry, f"{atom}author", atom, base)),
        contributor=tuple(_people(entry, f"{atom}contributor", atom, base)),
        copyright_notice=_text(entry, f"{atom}rights"),
    )
    full = feeds.modules(native, feeds.extras(entry, atom, base))
    return feeds.enclosed(full, _enclosed(entry, atom, base))


def _enclosed(entry: Element, atom: str, base: str) -> Iterator[tuple[str | None, str | None]]:
    """Yield address and type of each enclosure, and of a content that is elsewhere and no text."""
    for each in entry.iterfind(f"{atom}link"):
        if each.get("rel") == "enclosure":
            yield resolve(each, each.get("href"), base), media_type(each.get("type"))
    content = entry.find(f"{atom}content")
    if content is not None and content.get("src") and not _is_text(content):
        yield resolve(content, content.get("src"), base), media_type(content.get("type"))


def _body(entry: Element, atom: str, base: str) -> str:
    """Return the content (RFC 4287, 4.1.3) as a body: a link to it when it is elsewhere, nothing when it is no text."""
    content = entry.find(f"{atom}content")
    if content is None or not _is_text(content):
        return ""
    kind, here = content.get("type", "text"), feeds.base_of(content, base)
    if content.get("src"):
        address = escape(url(content.get("src"), here) or "")
        return markup.clean(f'<p><a href="{address}">{address}</a></p>') if address else ""
    if kind == "xhtml" or kind.endswith(("+xml", "/xml")):
        return markup.fragment(_based(content, base), here)
    return markup.clean(content.text or "", here) if kind in ("html", "text/html") else markup.from_text(content.text or "")


def _is_text(content: Element) -> bool:
    """Return whether a content is text that people read, here or elsewhere, and not, say, a picture."""
    kind = content.get("type", "text")
    return "/" not in kind or kind.startswith("text/") or kind.endswith(("+xml", "/xml"))


def _based(content: Element, base: str) -> Element:
    """Return the content with its references absolute where an element in it has an xml:base of its own."""
    if any(each.get(f"{XML}base") for each in content.iterdescendants()):
        for each in content.iterdescendants("*"):
            for name in _POINTING:
                if (reference := each.get(name)) and not reference.startswith("#"):
                    each.set(name, resolve(each, reference, base) or reference)
    return content


def _missing_text(entry: Element, base: str) -> Problem | None:
    """Return what to say about an entry whose content is not in it, or no text."""
    content = entry.find(f"{ATOM}content")
    if content is None or (not content.get("src") and _is_text(content)):
        return None
    source, kind = content.get("src"), content.get("type")
    message = f"the content of the entry is at {source!r}, not in the feed" if source else f"the content of the entry is {kind!r}, no text"
    hint, spec = "read the article where it is", f"{SPEC}#section-4.1.3"
    return problem("atom-content-elsewhere", Severity.WARNING, message, hint=hint, spec=spec, line=line_of(content))


def _text(element: Element, path: str) -> str | None:
    """Return a text construct (RFC 4287, 3.1) as one line of plain text."""
    found = element.find(path)
    if found is None:
        return None
    kind = found.get("type", "text")
    if kind == "xhtml":
        return line(markup.to_text(markup.fragment(found)))
    return feeds.plain(found.text) if kind == "html" else line(found.text)


def _link(element: Element, atom: str, rel: str, base: str = "") -> str | None:
    """Return the absolute address of the first link with this relation."""
    links = (each for each in element.iterfind(f"{atom}link") if each.get("rel", "alternate") == rel)
    return next((found for each in links if (found := resolve(each, each.get("href"), base))), None)


def _people(element: Element, path: str, atom: str, base: str = "") -> Iterator[Person]:
    for each in element.iterfind(path):
        if name := text_of(each, f"{atom}name"):
            yield Person(name=name, url=resolve(each, each.findtext(f"{atom}uri"), base), email=text_of(each, f"{atom}email"))


def _terms(entry: Element, atom: str, *, section: bool) -> Iterator[str]:
    for each in entry.iterfind(f"{atom}category"):
        if (each.get("scheme") == SECTION) == section and (term := line(each.get("label") or each.get("term"))):
            yield term


def carry(publication: Publication) -> Publication:
    """Return the publication: what has no element of its own is in the lossless one."""
    return publication


# -- checking -------------------------------------------------------------------------------------------------------------


def check(body: bytes) -> list[Problem]:
    """Return what is wrong with the feed; never raise."""
    try:
        return check_all(_RULES, feeds.parse(body))
    except Unreadable as error:
        return list(error.problems)


def _entries(feed: Element) -> Iterator[tuple[str, Element]]:
    for number, entry in enumerate(feed.iterfind(f"{ATOM}entry")):
        yield f"entry[{number}]", entry


def _all(feed: Element) -> Iterator[tuple[str, Element]]:
    if feed.tag == f"{ATOM}feed":
        yield "feed", feed
    yield from _entries(feed)


def _section(number: str) -> str:
    return f"{SPEC}#section-{number}"


@rule(Severity.ERROR, spec=_section("4.1.1"), hint='begin with <feed xmlns="http://www.w3.org/2005/Atom">')
def atom_no_feed(feed: Element) -> Iterator[Finding]:
    """Only a feed element in Atom's namespace is a feed."""
    if feed.tag != f"{ATOM}feed":
        yield Finding(message=f"the root is {feed.tag!r}", line=line_of(feed))


@rule(Severity.ERROR, spec=_section("4.1.2"), hint="add exactly one of it")
def atom_required_missing(feed: Element) -> Iterator[Finding]:
    """A feed and each entry have exactly one id, one title and one updated."""
    for pointer, each in _all(feed):
        for name in ("id", "title", "updated"):
            if (count := len(each.findall(f"{ATOM}{name}"))) != 1:
                yield Finding(message=f"there are {count} elements {name!r}", line=line_of(each), pointer=f"{pointer}.{name}")


@rule(Severity.ERROR, spec=_section("4.2.6"), hint="write a tag: URI, which can stay for ever")
def atom_id_not_an_iri(feed: Element) -> Iterator[Finding]:
    """By the id a reader knows what it has shown already; it is an absolute IRI."""
    for pointer, each in _all(feed):
        if (identifier := each.findtext(f"{ATOM}id")) is not None and not _IRI.fullmatch(identifier.strip()):
            yield Finding(message=f"{identifier!r} is no IRI", line=line_of(each), pointer=f"{pointer}.id")


@rule(Severity.WARNING, spec=_section("4.1.1"), hint="give each article an id of its own")
def atom_id_repeated(feed: Element) -> Iterator[Finding]:
    """Entries with one id and one date of change are one entry for a reader."""
    # RFC 4287 allows an entry to be there once for each date of change.
    return feeds.repeated(
        ((pointer, text_of(entry, f"{ATOM}id"), text_of(entry, f"{ATOM}updated"), line_of(entry)) for pointer, entry in _entries(feed)),
        "id",
    )


@rule(Severity.ERROR, spec=_section("3.3"), hint="write 2018-10-24T08:00:00+01:00")
def atom_date_malformed(feed: Element) -> Iterator[Finding]:
    """Dates are moments with an offset, as in RFC 3339."""
    shape = r"\s*\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)\s*"
    for each in feed.iter(f"{ATOM}updated", f"{ATOM}published"):
        if not re.fullmatch(shape, each.text or "") or schema.parse_date(each.text or "") is None:
            yield Finding(message=f"{each.text!r} is no moment", line=line_of(each), pointer=etree.QName(each).localname)


@rule(Severity.ERROR, spec=_section("4.2.1"), hint="add an author to the feed")
def atom_author_missing(feed: Element) -> Iterator[Finding]:
    """Each entry has an author, or the feed has one for all."""
    if feed.find(f"{ATOM}author") is None:
        for pointer, entry in _entries(feed):
            if entry.find(f"{ATOM}author") is None and entry.find(f"{ATOM}source/{ATOM}author") is None:
                yield Finding(message="neither the entry nor the feed has an author", line=line_of(entry), pointer=pointer)


@rule(Severity.ERROR, spec=_section("3.2.1"), hint="name the person")
def atom_person_without_name(feed: Element) -> Iterator[Finding]:
    """A person has exactly one name."""
    for each in feed.iter(f"{ATOM}author", f"{ATOM}contributor"):
        if len(each.findall(f"{ATOM}name")) != 1 or not text_of(each, f"{ATOM}name"):
            yield Finding(message="the person has no name", line=line_of(each), pointer=etree.QName(each).localname)


@rule(Severity.ERROR, spec=_section("4.1.2"), hint="leave one of them")
def atom_repeated(feed: Element) -> Iterator[Finding]:
    """An entry has at most one of each of these."""
    for pointer, entry in _entries(feed):
        for name in ("content", "published", "rights", "source", "summary"):
            if len(entry.findall(f"{ATOM}{name}")) > 1:
                yield Finding(message=f"there are several {name!r}", line=line_of(entry), pointer=f"{pointer}.{name}")


@rule(Severity.ERROR, spec=_section("4.1.2"), hint="add content, or a link with rel=alternate")
def atom_content_missing(feed: Element) -> Iterator[Finding]:
    """An entry without content has to say where it is."""
    for pointer, entry in _entries(feed):
        links = (each for each in entry.iterfind(f"{ATOM}link") if each.get("rel", "alternate") == "alternate")
        if entry.find(f"{ATOM}content") is None and not any(each.get("href") for each in links):
            yield Finding(message="the entry has neither content nor an alternate link", line=line_of(entry), pointer=pointer)


@rule(Severity.ERROR, spec=_section("4.1.2"), hint="keep one; use another relation for translations")
def atom_alternate_repeated(feed: Element) -> Iterator[Finding]:
    """There is one alternate of each type and language; newsboat, sfeed and miniflux take the first, others the last."""
    for pointer, each in _all(feed):
        seen: set[tuple[str | None, str | None]] = set()
        for link in each.iterfind(f"{ATOM}link"):
            key = (link.get("type"), link.get("hreflang"))
            if link.get("rel", "alternate") == "alternate" and key in seen:
                yield Finding(message=f"there are two alternates of type {key[0]!r}", line=line_of(link), pointer=f"{pointer}.link")
            seen |= {key} if link.get("rel", "alternate") == "alternate" else set()


@rule(Severity.ERROR, spec=_section("4.2.7"), hint="add href, with the whole address")
def atom_link_without_address(feed: Element) -> Iterator[Finding]:
    """A link goes somewhere."""
    for link in feed.iter(f"{ATOM}link"):
        if not (link.get("href") or "").strip():
            yield Finding(message="the link has no href", line=line_of(link), pointer="link")


@rule(Severity.ERROR, spec=_section("4.2.2"), hint="add term")
def atom_category_without_term(feed: Element) -> Iterator[Finding]:
    """A category says which one."""
    for each in feed.iter(f"{ATOM}category"):
        if not each.get("term"):
            yield Finding(message="the category has no term", line=line_of(each), pointer="category")


@rule(Severity.ERROR, spec="https://www.rfc-editor.org/info/bcp47", hint="write a tag such as en or pt-BR")
def atom_language_unknown(feed: Element) -> Iterator[Finding]:
    """Languages are BCP 47 tags."""
    for each in feed.iter():
        for value in (each.get(f"{XML}lang"), each.get("hreflang")):
            if value and language(value) is None:
                yield Finding(message=f"{value!r} is no language tag", line=line_of(each))


@rule(Severity.INFO, spec=_section("4.1.1"), hint="add a link with rel=self and the feed's own address")
def atom_self_missing(feed: Element) -> Iterator[Finding]:
    """With its own address in it a feed can be subscribed to from a copy, and WebSub works."""
    if not _link(feed, ATOM, "self"):
        yield Finding(message="the feed does not say its own address")


_RULES = rules_in(globals())
