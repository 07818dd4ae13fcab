"""Reads Atom 1.0 and 0.3, ours and everybody's."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from lxml import etree

from publisher import feeds, markup, schema
from publisher.article import Article, Image, Person, Publication
from publisher.feedreading import atom as foreign
from publisher.feedreading import rescue, shapes
from publisher.feedreading.identity import distinct
from publisher.feedreading.notes import Notes
from publisher.feedrules.repair import date_of
from publisher.feeds import ATOM, SECTION, XML, line_of, raw_in, resolve, text_in, text_of
from publisher.formats import Context, Reading
from publisher.markup import Element
from publisher.problems import Problem, Severity, Unreadable, problem
from publisher.text import escape, language, line, media_type, url

_SPEC = "https://www.rfc-editor.org/rfc/rfc4287"
_POINTING = ("href", "src", "cite", "poster")
"""Attributes of bodies that hold references."""
_MOST_AUTHORS = 50
"""Authors of a feed who count for each of its entries."""


def read(body: bytes, context: Context = Context()) -> Reading:
    """Return the feed's publication; a text that is not in its entry is a problem; raise `Unreadable` when it is no feed."""
    found = rescue.tree(body)
    return read_tree(found.root, found.problems)


def read_tree(root: Element, problems: tuple[Problem, ...] = ()) -> Reading:
    """Return the same of a feed that is parsed, with the problems that it had."""
    given, root = root, root if feeds.is_ours(root) else shapes.atom(root)
    if root.tag == f"{ATOM}entry":
        root = _feed_of(root)
    if root.tag != f"{ATOM}feed":
        message = f"the root is {given.tag!r}, not an Atom feed"
        raise Unreadable(problem("atom-no-feed", Severity.ERROR, message, hint="check that this is an Atom feed", spec=_SPEC))
    base = _link(root, ATOM, "self") or _link(root, ATOM, "alternate") or ""
    return _ours(root, base, problems) if feeds.is_ours(root) else _foreign(root, base, problems)


def _ours(root: Element, base: str, problems: tuple[Problem, ...]) -> Reading:
    repaired = feeds.Repaired()
    articles, missing = [], []
    for entry in root.iterfind(f"{ATOM}entry"):  # once: each time lxml makes an object of all that is looked at
        articles.append(feeds.merged(entry, read_article(entry, ATOM, base, repaired)))
        missing.append(_missing_text(entry, base))
    publication = feeds.merged(root, read_publication(root, ATOM))
    found = (*problems, *filter(None, missing), *repaired.problems())
    return Reading(publication=schema.with_articles(publication, articles), problems=found)


def _foreign(root: Element, base: str, problems: tuple[Problem, ...]) -> Reading:
    publication = foreign.publication(root, read_publication(root, ATOM))
    notes = Notes(publication.in_language)
    entries = root.findall(f"{ATOM}entry")
    drafts = [foreign.is_draft(each) for each in entries]
    missing = tuple(_missing_texts(root, base))
    every = foreign.authors(root, base)  # once: to look through the feed for each entry takes time with its square
    authors = every[:_MOST_AUTHORS]
    articles = tuple(foreign.article(each, authors, notes, base, _read_foreign) for each in entries)
    left = frozenset(article.identifier for article, draft in zip(articles, drafts, strict=True) if draft)
    single, repeated = distinct(articles)
    found = (*problems, *missing, *notes.problems(), *repeated, *_crowd(len(every)))
    return Reading(publication=schema.with_articles(publication, single), problems=found, drafts=left)


def _crowd(authors: int) -> Iterator[Problem]:
    """Say that not all authors of a feed count: each of its entries that names none would have all of them."""
    if authors > _MOST_AUTHORS:
        message = f"the feed has {authors} authors; the first {_MOST_AUTHORS} count for entries that name none"
        yield problem("feed-authors-left-out", Severity.WARNING, message, hint="name the authors in each entry")


def _read_foreign(entry: Element, base: str, repaired: feeds.Repaired) -> Article:
    return read_article(entry, ATOM, base, repaired)


def _missing_texts(root: Element, base: str) -> Iterator[Problem]:
    return (found for entry in root.iterfind(f"{ATOM}entry") if (found := _missing_text(entry, base)))


def _feed_of(entry: Element) -> Element:
    """Return a feed with an entry that is a document by itself (RFC 4287, 2), as far as its source says of which feed it is."""
    feed = etree.Element(f"{ATOM}feed")
    feed.extend(entry.findall(f"{ATOM}source/*"))
    feed.append(entry)
    return feed


def read_publication(feed: Element, atom: str) -> Publication:
    """Return what the feed's own elements say; `atom` is the namespace as the tree has it."""
    own = _link(feed, atom, "self") or ""
    address = schema.web_address(_link(feed, atom, "alternate", own)) or schema.web_address(own) or "https://example.org/"
    kids = feeds.children(feed)
    logo = feed.find(f"{atom}logo")
    picture = resolve(logo, logo.text, own) if logo is not None else None
    return Publication(
        identifier=text_of(feed, f"{atom}id") or address,
        name=_text(kids, f"{atom}title") or address,
        url=address,
        description=_text(kids, f"{atom}subtitle"),
        in_language=language(feed.get(f"{XML}lang")),
        publisher=next(_people(kids, f"{atom}author", atom), None),
        image=Image(content_url=picture) if picture else None,
        license=_link(feed, atom, "license", own),
        copyright_notice=_text(kids, f"{atom}rights"),
        date_modified=date_of(feed.findtext(f"{atom}updated")),
    )


def read_article(entry: Element, atom: str, base: str = "", repaired: feeds.Repaired | None = None, *, body: bool = True) -> Article:
    """Return what the entry's own elements say.

    `base` is what its references are relative to without xml:base, and `repaired` is told what was put right.
    """
    kids = feeds.children(entry)
    address = _address(kids.get(f"{atom}link", ()), "alternate", base)
    content = _body(kids, atom, address or base, repaired or feeds.Repaired()) if body else ""
    identifier = text_in(kids, f"{atom}id") or address or feeds.fingerprint(entry)
    return Article(
        identifier=identifier,
        headline=_text(kids, f"{atom}title") or line(markup.to_text(content)[:80]) or identifier,
        url=address,
        description=_text(kids, f"{atom}summary"),
        body=content,
        article_section=next(_terms(kids, atom, section=True), None),
        keywords=tuple(_terms(kids, atom, section=False)),
        in_language=language(entry.get(f"{XML}lang")),
        date_published=date_of(raw_in(kids, f"{atom}published")),
        date_modified=date_of(raw_in(kids, f"{atom}updated")),
        author=tuple(_people(kids, f"{atom}author", atom, base)),
        contributor=tuple(_people(kids, f"{atom}contributor", atom, base)),
        copyright_notice=_text(kids, f"{atom}rights"),
        **feeds.enclosed(feeds.extras(entry, kids, atom, base), _enclosed(kids, atom, base)),
    )


def _enclosed(kids: feeds.Children, atom: str, base: str) -> Iterator[tuple[str | None, str | None]]:
    """Yield address and type of each enclosure, and of a content that is elsewhere and no text."""
    for each in kids.get(f"{atom}link", ()):
        if each.get("rel") == "enclosure":
            yield resolve(each, each.get("href"), base), media_type(each.get("type"))
    for content in kids.get(f"{atom}content", ())[:1]:
        if content.get("src") and not _is_text(content):
            yield resolve(content, content.get("src"), base), media_type(content.get("type"))


def _body(kids: feeds.Children, atom: str, base: str, repaired: feeds.Repaired) -> str:
    """Return the content (RFC 4287, 4.1.3) as a body: a link to it when it is elsewhere, nothing when it is no text."""
    content = next(iter(kids.get(f"{atom}content", ())), None)
    if content is None or not _is_text(content):
        return ""
    kind, here = content.get("type", "text"), feeds.base_of(content, base)
    if content.get("src"):
        address = escape(url(content.get("src"), here) or "")
        return markup.clean(f'<p><a href="{address}">{address}</a></p>') if address else ""
    if kind == "xhtml" or kind.endswith(("+xml", "/xml")):
        return repaired.body(_based(content, base), here, line=line_of(content))
    return (
        repaired.body(content.text or "", here, line=line_of(content))
        if kind in ("html", "text/html")
        else markup.from_text(content.text or "")
    )


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
    hint, spec = "read the article where it is", f"{_SPEC}#section-4.1.3"
    return problem("atom-content-elsewhere", Severity.WARNING, message, hint=hint, spec=spec, line=line_of(content))


def _text(kids: feeds.Children, name: str) -> str | None:
    """Return a text construct (RFC 4287, 3.1) as one line of plain text."""
    found = next(iter(kids.get(name, ())), None)
    if found is None:
        return None
    kind = found.get("type", "text")
    if kind == "xhtml":
        return line(markup.to_text(markup.fragment(found)))
    return feeds.plain(found.text) if kind == "html" else line(found.text)


def _link(element: Element, atom: str, rel: str, base: str = "") -> str | None:
    return _address(element.iterfind(f"{atom}link"), rel, base)


def _address(links: Iterable[Element], rel: str, base: str) -> str | None:
    """Return the absolute address of the first link with this relation."""
    found = (resolve(each, each.get("href"), base) for each in links if each.get("rel", "alternate") == rel)
    return next(filter(None, found), None)


def _people(kids: feeds.Children, name: str, atom: str, base: str = "") -> Iterator[Person]:
    for each in kids.get(name, ()):
        parts = feeds.children(each)
        if called := text_in(parts, f"{atom}name"):
            address = resolve(each, raw_in(parts, f"{atom}uri"), base)
            yield Person(name=called, url=address, email=schema.email(text_in(parts, f"{atom}email")))


def _terms(kids: feeds.Children, atom: str, *, section: bool) -> Iterator[str]:
    for each in kids.get(f"{atom}category", ()):
        if (each.get("scheme") == SECTION) == section and (term := line(each.get("label") or each.get("term"))):
            yield term
