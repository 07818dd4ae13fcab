"""Reads RSS 2.0, ours and everybody's."""

from __future__ import annotations

import re
from collections.abc import Iterator
from email.utils import parsedate_to_datetime

from publisher import feeds, markup, schema
from publisher.article import Article, Date, Image, Person, Publication
from publisher.feedrules.repair import date_of
from publisher.feeds import ATOM, CONTENT, DC, SECTION, XML, resolve, text_of
from publisher.formats import Context, Reading
from publisher.markup import Element
from publisher.problems import Severity, Unreadable, problem
from publisher.text import language, line, media_type, url

_SPEC = "https://www.rssboard.org/rss-specification"
_NAMESPACED = re.compile(r"\{[^}]*\}rss")
_EARLY = re.compile(r" 0\d{3} ")


def read(body: bytes, context: Context = Context()) -> Reading:
    """Return the channel's publication; raise `Unreadable` when it is no RSS feed."""
    root = _plain(feeds.parse_foreign(body))
    channel = root.find("channel") if root.tag == "rss" else None
    if channel is None:
        message = f"the root is {root.tag!r}, without a channel"
        raise Unreadable(problem("rss-no-channel", Severity.ERROR, message, hint="check that this is an RSS 2.0 feed", spec=_SPEC))
    repaired = feeds.Repaired()
    articles = tuple(feeds.merged(item, read_article(item, repaired)) for item in channel.iterfind("item"))
    publication = feeds.merged(channel, read_publication(channel))
    return Reading(publication=schema.with_articles(publication, articles), problems=repaired.problems())


def _plain(root: Element) -> Element:
    """Return the tree with RSS's own elements in no namespace; early feeds put them into one."""
    if _NAMESPACED.fullmatch(root.tag):
        space = root.tag.removesuffix("rss")
        for each in root.iter(f"{space}*"):
            each.tag = each.tag.removeprefix(space)
    return root


def read_publication(channel: Element) -> Publication:
    """Return what the channel's own elements say."""
    address = schema.web_address(resolve(channel, channel.findtext("link"))) or "https://example.org/"
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
        date_modified=_date(channel.findtext("lastBuildDate") or channel.findtext("pubDate")),
    )


def read_article(item: Element, repaired: feeds.Repaired | None = None, *, body: bool = True) -> Article:
    """Return what the item's own elements say; `repaired` is told what was put right."""
    address = resolve(item, item.findtext("link")) or _permalink(item)
    encoded, description = item.find(f"{CONTENT}encoded"), item.find("description")
    text = encoded if encoded is not None and (len(encoded) or (encoded.text or "").strip()) else description
    content = (repaired or feeds.Repaired()).body_of(text, feeds.base_of(text, address or "")) if body and text is not None else ""
    identifier = text_of(item, "guid") or address or feeds.fingerprint(item)
    creator = text_of(item, f"{DC}creator") or _author(item.findtext("author"))
    native = Article(
        identifier=identifier,
        headline=text_of(item, "title") or line(markup.to_text(content)[:80]) or identifier,
        url=address,
        description=feeds.plain(item.findtext("description")) if text is not description else None,
        body=content,
        article_section=next(_categories_of(item, section=True), None),
        keywords=tuple(_categories_of(item, section=False)),
        in_language=language(item.get(f"{XML}lang") or item.findtext(f"{DC}language")),
        date_published=_date(item.findtext("pubDate")),
        date_modified=date_of(item.findtext(f"{feeds.DCTERMS}modified") or item.findtext(f"{ATOM}updated")),
        author=(Person(name=creator),) if creator else (),
        contributor=tuple(Person(name=name) for each in item.iterfind(f"{DC}contributor") if (name := line(each.text))),
        publisher=feeds.organization(text_of(item, f"{DC}publisher")),
        copyright_notice=text_of(item, f"{DC}rights"),
    )
    full = feeds.modules(native, feeds.extras(item, ATOM, address or ""))
    enclosures = item.iterfind("enclosure")
    return feeds.enclosed(full, ((resolve(each, each.get("url"), address or ""), media_type(each.get("type"))) for each in enclosures))


def _permalink(item: Element) -> str | None:
    guid = item.find("guid")
    return url(guid.text) if guid is not None and guid.get("isPermaLink", "true") == "true" else None


def _author(text: str | None) -> str | None:
    """Return the name in `mail@example.org (Name)`, as RSS writes authors."""
    found = re.fullmatch(r"\s*\S+@\S+\s+\((.+)\)\s*", text or "")
    return line(found[1] if found else text)


def _categories_of(item: Element, *, section: bool) -> Iterator[str]:
    for each in item.iterfind("category"):
        if (each.get("domain") == SECTION) == section and (term := line(each.text)):
            yield term


def _date(text: str | None) -> Date | None:
    """Return a date as RSS, Atom or people write it; without a zone it is in UTC."""
    if not text or _EARLY.search(text):  # the standard library takes 0099 for 1999, and the model has no year before 1000
        return None
    if found := date_of(text):
        return found
    try:
        return schema.parse_date(parsedate_to_datetime(text.strip()).isoformat())
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
