"""RSS as a tree: what its channel and its items say, ours and everybody's, of every version (see `shapes.rss`)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from html import unescape
from typing import Any

from publisher import feeds, markup, schema
from publisher.article import Article, Image, Party, Person, Publication
from publisher.feedreading import modules, values
from publisher.feedreading.modules import Children, said
from publisher.feedreading.notes import Notes
from publisher.feedreading.shapes import FEEDBURNER, ITUNES, RDF, XHTML
from publisher.feedreading.values import date_in_rss
from publisher.feeds import ATOM, CONTENT, DC, DCTERMS, MEDIA, SECTION, XML, raw_in, resolve, text_in, text_of
from publisher.markup import Element
from publisher.text import language, line, media_type, url

__all__ = ["NOWHERE", "foreign_article", "foreign_publication", "prepare", "read_article", "read_publication"]

NOWHERE = "https://example.org/"
"""The address of a publication that says none."""


# -- what RSS says, as we write it ----------------------------------------------------------------------------------------


def read_publication(channel: Element) -> Publication:
    """Return what the channel's own elements say."""
    address = schema.web_address(resolve(channel, channel.findtext("link"))) or NOWHERE
    picture = resolve(channel, channel.findtext("image/url"), address)
    return Publication(
        identifier=address,
        name=text_of(channel, "title") or address,
        url=address,
        description=feeds.plain(channel.findtext("description")),
        in_language=language(channel.findtext("language")),
        publisher=feeds.organization(text_of(channel, f"{DC}publisher")),
        image=Image(content_url=picture) if picture else None,
        license=next((url(each.get("href")) for each in channel.iterfind(f"{ATOM}link") if each.get("rel") == "license"), None),
        copyright_notice=text_of(channel, "copyright"),
        date_modified=date_in_rss(channel.findtext("lastBuildDate") or channel.findtext("pubDate")),
    )


def read_article(
    item: Element, repaired: feeds.Repaired | None = None, *, body: bool = True, base: str = "", address: str | None = None
) -> Article:
    """Return what the item's own elements say; `repaired` is told what was put right.

    `base` is for addresses without xml:base, `address` is that of the article where it is known better than from the item's elements.
    """
    kids = feeds.children(item)
    address = address or resolve(item, raw_in(kids, "link"), base) or _permalink(kids)
    encoded, description = _first(kids, f"{CONTENT}encoded"), _first(kids, "description")
    text = encoded if encoded is not None and (len(encoded) or (encoded.text or "").strip()) else description
    content = (repaired or feeds.Repaired()).body_of(text, feeds.base_of(text, address or base)) if body and text is not None else ""
    identifier = text_in(kids, "guid") or address or feeds.fingerprint(item)
    creator = text_in(kids, f"{DC}creator") or _author(raw_in(kids, "author"))
    enclosures = kids.get("enclosure", ())
    return Article(
        identifier=identifier,
        headline=text_in(kids, "title") or line(markup.to_text(content)[:80]) or identifier,
        url=address,
        description=feeds.plain(raw_in(kids, "description")) if text is not description else None,
        body=content,
        article_section=next(_categories_of(kids, section=True), None),
        keywords=tuple(_categories_of(kids, section=False)),
        in_language=language(item.get(f"{XML}lang") or raw_in(kids, f"{DC}language")),
        date_published=date_in_rss(raw_in(kids, "pubDate")),
        date_modified=date_in_rss(raw_in(kids, f"{DCTERMS}modified") or raw_in(kids, f"{ATOM}updated")),
        author=(Person(name=creator),) if creator else (),
        contributor=tuple(Person(name=name) for each in kids.get(f"{DC}contributor", ()) if (name := line(each.text))),
        publisher=feeds.organization(text_in(kids, f"{DC}publisher")),
        copyright_notice=text_in(kids, f"{DC}rights"),
        **feeds.enclosed(
            feeds.extras(item, kids, ATOM, address or base),
            ((resolve(each, each.get("url"), address or base), media_type(each.get("type"))) for each in enclosures),
        ),
    )


def _first(kids: feeds.Children, name: str) -> Element | None:
    return next(iter(kids.get(name, ())), None)


def _permalink(kids: feeds.Children) -> str | None:
    guid = _first(kids, "guid")
    return url(guid.text) if guid is not None and guid.get("isPermaLink", "true") == "true" else None


def _author(text: str | None) -> str | None:
    """Return the name in `mail@example.org (Name)`, as RSS writes authors."""
    found = re.fullmatch(r"\s*+(?=\S+?@\S)\S++\s++\((.+)\)\s*", text or "")
    return line(found[1] if found else text)


def _categories_of(kids: feeds.Children, *, section: bool) -> Iterator[str]:
    for each in kids.get("category", ()):
        if (each.get("domain") == SECTION) == section and (term := line(each.text)):
            yield term


# -- what else others write -----------------------------------------------------------------------------------------------

_TWICE = re.compile(r"&lt;(?:p|div|span|a|img|br|table|h[1-6]|ul|ol|figure|strong|b|em|i|blockquote)\b", re.IGNORECASE)
_TITLES = ("title", f"{MEDIA}title", f"{DC}title", f"{ITUNES}title")
_MODIFIED = (f"{DCTERMS}modified", f"{ATOM}updated", "updated", "modified")
_CDATA, _END = "<![CDATA[", "]]>"
_BODIES = (f"{XHTML}body", f"{XHTML}div", "fullitem", "body", f"{ATOM}content", "content")
_SUMMARIES = (
    f"{ATOM}summary",
    "summary",
    f"{DC}description",
    f"{DCTERMS}abstract",
    f"{ITUNES}summary",
    f"{MEDIA}description",
    f"{ITUNES}subtitle",
)
_PUBLISHED = (
    *("pubDate", f"{ATOM}published", f"{DCTERMS}issued", f"{DC}date", f"{DCTERMS}created", f"{DCTERMS}available", f"{DCTERMS}date", "date"),
    *("published", "issued", "created"),
)


def prepare(item: Element) -> Element:
    """Return an item with its text where RSS 2.0 has it, and free of what programs do to it that escape once too often."""
    for each in item.iterchildren("description", f"{CONTENT}encoded", "title", "link", "guid"):
        each.text = _once(each.text or "")
    for each in (*item.iterchildren("link"), *item.iterchildren(f"{ATOM}link")):
        if each.get("rel") == "enclosure" and each.get("href"):
            each.tag = "enclosure"
            each.set("url", each.get("href") or "")
    if item.find(f"{CONTENT}encoded") is None:
        text = next((each for name in _BODIES for each in item.iterchildren(name)), None)
        if text is not None:
            text.tag = f"{CONTENT}encoded"
    if not (item.findtext("description") or "").strip() and not len(item.findall("description/*")):
        _described(item)
    return item


def _once(text: str) -> str:
    """Return a text that is HTML escaped twice, or a section that became text, as it was meant."""
    plain = text.strip()
    if _TWICE.match(plain) and plain.endswith("&gt;") and "<" not in plain:
        return unescape(text)
    return plain.removeprefix(_CDATA).removesuffix(_END) if plain.startswith(_CDATA) else text


def _described(item: Element) -> None:
    """Let the first summary of a module be the description of an item that has none."""
    for each in (each for name in _SUMMARIES for each in item.iterchildren(name)):
        if (each.text or "").strip() or len(each):
            for empty in item.findall("description"):
                item.remove(empty)
            each.tag = "description"
            return


def foreign_publication(channel: Element, base: str = "") -> Publication:
    """Return what the channel of a stranger's feed says, in its modules too."""
    native = read_publication(channel)
    kids = modules.children(channel)
    address = native.url if native.url != NOWHERE else _home(channel, kids, base) or NOWHERE
    summaries = modules.texts(kids, f"{ITUNES}summary", f"{ITUNES}subtitle", f"{ATOM}subtitle")
    dates = modules.texts(kids, "lastBuildDate", "pubDate", f"{DC}date", f"{ATOM}updated")
    found: dict[str, Any] = {
        "description": next(map(feeds.plain, summaries), None),
        "in_language": language(modules.first(kids, f"{DC}language") or channel.get(f"{XML}lang")),
        "publisher": next(iter(_publishers(kids)), None),
        "image": _picture(kids, address),
        "license": modules.licence(kids, address),
        "copyright_notice": modules.first(kids, f"{DC}rights", f"{DCTERMS}rights", f"{MEDIA}copyright", f"{ATOM}rights"),
        "date_modified": next(filter(None, map(values.moment, dates)), None),
    }
    native = replace(
        native,
        identifier=address,
        url=address,
        name=next(filter(None, (values.title(said(each)) for each in kids.get("title", ()))), address),
    )
    return replace(native, **{name: value for name, value in found.items() if value and not getattr(native, name)})


def _home(channel: Element, kids: Children, base: str) -> str | None:
    """Return the address of a channel without a proper link: the one it has relative to its feed, else that of the feed."""
    links = kids.get(f"{ATOM}link", ())
    own = next((url(each.get("href")) for each in links if each.get("rel") == "self"), None)
    base = own or base
    given = (
        *(resolve(channel, said(each) or each.get("href"), base) for each in kids.get("link", ()) if said(each) or each.get("href")),
        *(resolve(each, each.get("href"), base) for each in links if each.get("rel", "alternate") == "alternate"),
        *(resolve(channel, channel.get(f"{RDF}about"), base),),
    )
    return next((found for each in (*given, own, base) if (found := schema.web_address(each))), None)


def _publishers(kids: Children) -> Iterator[Party]:
    for name in (f"{DC}publisher", f"{ITUNES}author", "managingEditor", f"{DC}creator"):
        for each in modules.texts(kids, name):
            yield from values.people(each)


def _picture(kids: Children, base: str) -> Image | None:
    for each in (*kids.get(f"{ITUNES}image", ()), *kids.get("{http://www.google.com/schemas/play-podcasts/1.0}image", ())):
        if found := resolve(each, each.get("href") or each.text, base):
            return Image(content_url=found)
    return None


def foreign_article(item: Element, notes: Notes, base: str = "") -> Article:
    """Return what an item of a stranger's feed says, in its modules too; `base` is for addresses without xml:base."""
    kids = modules.children(item)
    notes.left(kids)
    notes.renditions(modules.arrange_media(prepare(item)))
    kids = modules.children(item)
    address = _address(item, kids, base)
    native = read_article(item, notes.repaired, base=base, address=address)
    identifier = modules.first(kids, "guid", f"{ATOM}id", "id") or item.get(f"{RDF}about") or address
    if not identifier:
        notes.unnamed()
    article = replace(
        native,
        identifier=line(identifier) or native.identifier,
        url=address,
        headline=_headline(kids, native, address),
        author=tuple(_authors(kids)),
        publisher=native.publisher or next((feeds.organization(each) for each in modules.texts(kids, "source")), None),
        date_published=notes.date(*(each for name in _PUBLISHED for each in kids.get(name, ()))),
        date_modified=notes.date(*(each for name in _MODIFIED for each in kids.get(name, ()))),
        in_language=native.in_language or language(modules.first(kids, "language")),
        description=_summary(native),
        keywords=tuple(found for each in native.keywords if (found := values.title(each))),
    )
    return modules.filled(article, item, kids, address or base)


_ADVERTISED = re.compile(r"(?:(?<!\s)\s++)?The post .{1,300} (?:appeared first|first appeared) on .{1,200}$")
"""What a common extension of WordPress adds to each summary."""


def _summary(native: Article) -> str | None:
    """Return the summary when it is not the text again."""
    found = line(_ADVERTISED.sub("", native.description)) if native.description else None
    return found if found != values.words(native.body) else None


def _headline(kids: Children, native: Article, address: str | None) -> str:
    holders = (each for name in _TITLES for each in kids.get(name, ()))
    spelled = (values.title(said(each)) for each in holders)
    return next(filter(None, spelled), None) or values.beginning(native.body) or address or native.headline


def _address(item: Element, kids: Children, base: str) -> str | None:
    """Return where an item is published: where FeedBurner says it was before, its link, or its guid when that is one."""
    original = modules.first(kids, f"{FEEDBURNER}origLink")
    if original and (found := url(original)):
        return found
    given = [(each, said(each) or each.get("href")) for each in kids.get("link", ()) if each.get("rel", "alternate") == "alternate"]
    given += [(each, each.get("href")) for each in kids.get(f"{ATOM}link", ()) if each.get("rel", "alternate") == "alternate"]
    given += [(each, said(each)) for each in kids.get("guid", ()) if _is_permalink(each)]
    given += [(item, item.get(f"{RDF}about"))]
    return next((found for element, each in given if each and (found := resolve(element, each, base))), None)


def _is_permalink(guid: Element) -> bool:
    if (guid.get("isPermaLink") or "true").strip().lower() != "true":
        return False
    return (guid.text or "").strip().lower().startswith(("http://", "https://", "//", "/"))


def _authors(kids: Children) -> Iterator[Party]:
    """Yield who wrote an item, each once: by the first kind of element that names anybody."""
    for name in (f"{DC}creator", "author", f"{DC}author", f"{ATOM}author", f"{DCTERMS}creator", f"{ITUNES}author"):
        found = {each.name.casefold(): each for element in kids.get(name, ()) for each in _named(element)}
        if found:
            yield from found.values()
            return
    for each in kids.get(f"{MEDIA}credit", ()):
        if each.get("role") == "author":
            yield from values.people(said(each))


def _named(element: Element) -> Iterator[Party]:
    """Yield whom an element names: as text, or as Atom does."""
    if not len(element):
        yield from values.people(element.text)
    elif name := next((said(each) for each in element.iterchildren("*") if each.tag.rpartition("}")[2] in ("name", "Description")), None):
        mail = next((said(each) for each in element.iterchildren("*") if each.tag.rpartition("}")[2] == "email"), None)
        yield from values.people(f"{name} <{mail}>" if mail else name)
    else:
        yield from values.people(said(element))
