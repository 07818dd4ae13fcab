"""RSS 2.0 (https://www.rssboard.org/rss-specification, 2.0.11, read 2026-11-23) with its profile, written with feedgen 1.0.0.

Deviations: all authors are joined in one `dc:creator`, since of several elements readers show one;
`description` is the summary as HTML, since readers take it for HTML; the text is in `content:encoded`.
Read without `content:encoded`, the description is the text, as readers show it; one of ours that is not says so in the lossless element.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from email.utils import format_datetime, parsedate_to_datetime
from functools import partial
from typing import TYPE_CHECKING, Literal

from publisher import feeds, markup, schema
from publisher.article import Article, Date, Image, Media, Person, Publication
from publisher.feeds import ATOM, CONTENT, DC, SECTION, UNTYPED, XML, add, as_moment, line_of, resolve, text_of, web
from publisher.formats import Context, Reading, Target
from publisher.markup import Element
from publisher.problems import Finding, Problem, Severity, Unreadable, check_all, problem, rule, rules_in
from publisher.text import language, line, media_type, url

if TYPE_CHECKING:
    from feedgen.entry import FeedEntry
    from feedgen.feed import FeedGenerator

NAME = "rss"
TITLE = "RSS 2.0"
SPEC = "https://www.rssboard.org/rss-specification"
MEDIA_TYPE = "application/rss+xml"
PATH = "feed.rss"
EACH: Literal["publication"] = "publication"

_PROFILE = "https://www.rssboard.org/rss-profile"
_START = re.compile(rb"<rss[\s>]")
_NAMESPACED = re.compile(r"\{[^}]*\}rss")
_EARLY = re.compile(r" 0\d{3} ")
_RFC_822 = re.compile(
    r"((Mon|Tue|Wed|Thu|Fri|Sat|Sun), )?\d{1,2} (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{4} "
    r"\d\d:\d\d(:\d\d)? ([+-]\d{4}|GMT|UT|[ECMP][SD]T|Z)"
)


def recognizes(body: bytes, path: str = "") -> bool:
    """Return whether the bytes have an rss element near their beginning."""
    return bool(_START.search(body[:4096].replace(b"\0", b"")))  # in UTF-16 every second byte is 0


# -- writing --------------------------------------------------------------------------------------------------------------


def write(publication: Publication, target: Target = Target()) -> bytes:
    """Return the publication as one feed document; the order of its items is the order of the articles."""
    from feedgen.feed import FeedGenerator

    feed = FeedGenerator()
    feed.title(publication.name)
    feed.link(href=publication.url)
    feed.description(feeds.html(publication.description) or feeds.html(publication.name))
    feed.language(publication.in_language)
    feed.copyright(publication.copyright_notice)
    feed.lastBuildDate(feeds.newest(publication))  # feedgen says now unless told
    feed.generator("Publisher")
    feed.register_extension("ours", partial(_ChannelExtension, publication, target))
    for article in publication.articles:
        feed.add_entry(_item(article), order="append")  # in front is quadratic
    return _bytes(feed)


def _bytes(feed: FeedGenerator) -> bytes:
    document: bytes = feed.rss_str(pretty=True)
    return document


def _item(article: Article) -> FeedEntry:
    from feedgen.entry import FeedEntry

    item = FeedEntry()
    item.title(article.headline)
    item.guid(article.identifier, permalink=article.identifier == article.url)
    if article.url:
        item.link(href=article.url)
    item.description(feeds.html(article.description), isSummary=True)
    if article.body:
        item.content(markup.to_html(article.body))
    item.category(feeds.categories(article))
    if enclosure := _enclosure(article):
        item.enclosure(*enclosure)
    item.register_extension("ours", partial(_ItemExtension, article))
    return item


def _enclosure(article: Article) -> tuple[str, str, str] | None:
    """Return url, length and type of the one enclosure an item may have: its recording, else its picture."""
    media: tuple[Image | Media, ...] = (*article.associated_media, *article.image)
    for each in media:
        if address := web(each.content_url):
            return address, str(each.content_size or 0), each.encoding_format or UNTYPED
    return None


def _rfc_822(value: Date) -> str:
    """Return the date as a moment with a year of four digits, the same in every locale and thread (feedgen sets the locale, 1.0.0)."""
    return format_datetime(as_moment(value))


class _ChannelExtension:
    """Adds to feedgen's channel what it cannot write: links, the image, the publisher, the lossless element."""

    def __init__(self, publication: Publication, target: Target) -> None:
        self.publication = publication
        self.target = target

    def extend_ns(self) -> dict[str, str]:
        return feeds.NAMESPACES

    def extend_rss(self, rss: Element) -> None:
        (channel,) = rss
        publication = self.publication
        for each in channel.iterfind("lastBuildDate"):
            each.text = _rfc_822(feeds.newest(publication))
        if publication.publisher:
            add(channel, f"{DC}publisher", publication.publisher.name)
        if self.target.url:
            add(channel, f"{ATOM}link", attributes={"rel": "self", "type": MEDIA_TYPE, "href": self.target.url})
        if self.target.hub:
            add(channel, f"{ATOM}link", attributes={"rel": "hub", "href": self.target.hub})
        if publication.license:
            add(channel, f"{ATOM}link", attributes={"rel": "license", "href": publication.license})
        if picture := web(publication.image.content_url if publication.image else None):
            self.image(channel, picture)
        feeds.write_rest(channel, publication, _publication(channel))

    def image(self, channel: Element, address: str) -> None:
        """Add the image, with title and link of the channel as the profile asks."""
        image = add(channel, "image", "")
        assert image is not None
        image.text = None
        for name, value in (("url", address), ("title", self.publication.name), ("link", self.publication.url)):
            add(image, name, value)


class _ItemExtension:
    """Adds to feedgen's item what it cannot write: date, language, authors, links, media, the lossless element."""

    def __init__(self, article: Article) -> None:
        self.article = article

    def extend_rss(self, item: Element) -> None:
        article = self.article
        self.content(item)
        add(item, "pubDate", _rfc_822(article.date_published) if article.date_published else None)
        if article.in_language:
            item.set(f"{XML}lang", article.in_language)
            add(item, f"{DC}language", article.in_language)
        add(item, f"{DC}creator", ", ".join(each.name for each in article.author) or None)
        for each in article.contributor:
            add(item, f"{DC}contributor", each.name)
        if article.publisher:
            add(item, f"{DC}publisher", article.publisher.name)
        add(item, f"{DC}rights", article.copyright_notice)
        add(item, f"{feeds.DCTERMS}modified", article.date_modified.isoformat() if article.date_modified else None)
        feeds.extend(item, article, ATOM)
        feeds.write_rest(item, article, _article(item, body=not article.body))

    def content(self, item: Element) -> None:
        """Put the text into content:encoded: without a summary feedgen writes it as description (1.0.0)."""
        description = item.find("description")
        if description is not None and not self.article.description:
            description.tag = f"{CONTENT}encoded"


# -- reading --------------------------------------------------------------------------------------------------------------


def read(body: bytes, context: Context = Context()) -> Reading:
    """Return the channel's publication; raise `Unreadable` when it is no RSS feed."""
    root = _plain(feeds.parse_foreign(body))
    channel = root.find("channel") if root.tag == "rss" else None
    if channel is None:
        message = f"the root is {root.tag!r}, without a channel"
        raise Unreadable(problem("rss-no-channel", Severity.ERROR, message, hint="check that this is an RSS 2.0 feed", spec=SPEC))
    articles = tuple(feeds.merged(item, _article(item)) for item in channel.iterfind("item"))
    publication = feeds.merged(channel, _publication(channel))
    return Reading(publication=schema.with_articles(publication, articles))


def _plain(root: Element) -> Element:
    """Return the tree with RSS's own elements in no namespace; early feeds put them into one."""
    if _NAMESPACED.fullmatch(root.tag):
        space = root.tag.removesuffix("rss")
        for each in root.iter(f"{space}*"):
            each.tag = each.tag.removeprefix(space)
    return root


def _publication(channel: Element) -> Publication:
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


def _article(item: Element, *, body: bool = True) -> Article:
    """Return what the item's own elements say."""
    address = resolve(item, item.findtext("link")) or _permalink(item)
    encoded, description = item.find(f"{CONTENT}encoded"), item.find("description")
    text = encoded if encoded is not None and (len(encoded) or (encoded.text or "").strip()) else description
    content = feeds.body_of(text, feeds.base_of(text, address or "")) if body and text is not None else ""
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
        date_modified=schema.parse_date(item.findtext(f"{feeds.DCTERMS}modified") or item.findtext(f"{ATOM}updated") or ""),
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
    """Return an RFC 822 date, or an ISO 8601 one, which some feeds have."""
    if not text or _EARLY.search(text):  # the standard library takes 0099 for 1999, and the model has no year before 1000
        return None
    try:
        return schema.parse_date(parsedate_to_datetime(text.strip()).isoformat())
    except (ValueError, TypeError, IndexError, OverflowError):
        return schema.parse_date(text)


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


def _channel(rss: Element) -> Element | None:
    return rss.find("channel")


def _items(rss: Element) -> Iterator[tuple[str, Element]]:
    for number, item in enumerate(rss.iterfind("channel/item")):
        yield f"item[{number}]", item


@rule(Severity.ERROR, spec=SPEC, hint='begin with <rss version="2.0"><channel>')
def rss_no_channel(rss: Element) -> Iterator[Finding]:
    """A feed is an rss element with one channel in it."""
    if rss.tag != "rss" or len(rss.findall("channel")) != 1:
        yield Finding(message=f"the root is {rss.tag!r} with {len(rss.findall('channel'))} channels", line=line_of(rss))


@rule(Severity.ERROR, spec=f"{SPEC}#requiredChannelElements", hint="add exactly one of it")
def rss_channel_required(rss: Element) -> Iterator[Finding]:
    """A channel has a title, a link and a description."""
    channel = _channel(rss)
    for name in ("title", "link", "description"):
        if channel is not None and len(channel.findall(name)) != 1:
            yield Finding(message=f"the channel has {len(channel.findall(name))} elements {name!r}", line=line_of(channel), pointer=name)


@rule(Severity.ERROR, spec=f"{SPEC}#hrelementsOfLtitemgt", hint="add a title, a description or both")
def rss_item_empty(rss: Element) -> Iterator[Finding]:
    """An item has at least a title or a description."""
    for pointer, item in _items(rss):
        if not text_of(item, "title") and not text_of(item, "description"):
            yield Finding(message="the item has neither title nor description", line=line_of(item), pointer=pointer)


@rule(Severity.WARNING, spec=f"{_PROFILE}#element-channel-item-guid", hint="add a guid that never changes")
def rss_guid_missing(rss: Element) -> Iterator[Finding]:
    """By the guid a reader knows what it has shown already."""
    for pointer, item in _items(rss):
        if not text_of(item, "guid"):
            yield Finding(message="the item has no guid", line=line_of(item), pointer=f"{pointer}.guid")


@rule(Severity.WARNING, spec=f"{_PROFILE}#element-channel-item-guid", hint="give each article a guid of its own")
def rss_guid_repeated(rss: Element) -> Iterator[Finding]:
    """Two items with one guid are one item for a reader, which shows only one of them."""
    return feeds.repeated(((pointer, text_of(item, "guid"), None, line_of(item)) for pointer, item in _items(rss)), "guid")


@rule(Severity.ERROR, spec=f"{SPEC}#ltguidgtSubelementOfLtitemgt", hint='add isPermaLink="false"')
def rss_guid_not_a_url(rss: Element) -> Iterator[Finding]:
    """A guid that claims to be a permalink is an address."""
    for pointer, item in _items(rss):
        guid = item.find("guid")
        if guid is not None and guid.get("isPermaLink", "true") == "true" and url(guid.text) is None:
            yield Finding(message=f"the guid {guid.text!r} is no address", line=line_of(guid), pointer=f"{pointer}.guid")


@rule(Severity.ERROR, spec=f"{SPEC}#comments", hint="write the whole address with https://")
def rss_link_malformed(rss: Element) -> Iterator[Finding]:
    """A link is an address with its scheme."""
    for link in (*rss.iterfind("channel/link"), *rss.iterfind("channel/item/link")):
        if url(link.text) is None:
            yield Finding(message=f"the link {link.text!r} is no address", line=line_of(link), pointer="link")


@rule(Severity.ERROR, spec=f"{SPEC}#optionalChannelElements", hint="write Wed, 24 Oct 2018 08:00:00 +0100")
def rss_date_malformed(rss: Element) -> Iterator[Finding]:
    """Dates are as in RFC 822, with a year of four digits."""
    for each in rss.iter("pubDate", "lastBuildDate"):
        if not _RFC_822.fullmatch((each.text or "").strip()):
            yield Finding(message=f"{each.text!r} is no RFC 822 date", line=line_of(each), pointer=str(each.tag))


@rule(Severity.ERROR, spec=f"{SPEC}#ltenclosuregtSubelementOfLtitemgt", hint="add url, length (bytes) and type")
def rss_enclosure_incomplete(rss: Element) -> Iterator[Finding]:
    """An enclosure has url, length and type."""
    for enclosure in rss.iter("enclosure"):
        for name in ("url", "length", "type"):
            if not enclosure.get(name):
                yield Finding(message=f"the enclosure has no {name}", line=line_of(enclosure), pointer=f"enclosure.{name}")


@rule(Severity.WARNING, spec=f"{_PROFILE}#element-channel-item-enclosure", hint="keep one; write the others as media:content")
def rss_enclosure_repeated(rss: Element) -> Iterator[Finding]:
    """Readers differ in which of several enclosures they play."""
    for pointer, item in _items(rss):
        if len(item.findall("enclosure")) > 1:
            yield Finding(message="the item has several enclosures", line=line_of(item), pointer=f"{pointer}.enclosure")


@rule(Severity.ERROR, spec=f"{SPEC}#ltauthorgtSubelementOfLtitemgt", hint="write mail@example.org (Name), or dc:creator")
def rss_author_without_address(rss: Element) -> Iterator[Finding]:
    """RSS's own author element is an e-mail address."""
    for author in rss.iterfind("channel/item/author"):
        if "@" not in (author.text or ""):
            yield Finding(message=f"the author {author.text!r} is no e-mail address", line=line_of(author), pointer="author")


@rule(
    Severity.WARNING, spec="https://www.rssboard.org/rss-profile#namespace-elements-dublin-creator", hint="join the names in one dc:creator"
)
def rss_creator_repeated(rss: Element) -> Iterator[Finding]:
    """Of several dc:creator newsboat, reader and miniflux show the last, sfeed the first."""
    for pointer, item in _items(rss):
        if len(item.findall(f"{DC}creator")) > 1:
            yield Finding(message="the item has several dc:creator", line=line_of(item), pointer=f"{pointer}.dc:creator")


@rule(Severity.WARNING, spec=f"{_PROFILE}#namespace-elements-content-encoded", hint="write description first")
def rss_content_before_description(rss: Element) -> Iterator[Finding]:
    """Some readers take the last of the two for the text."""
    for pointer, item in _items(rss):
        tags = [each.tag for each in item]
        if "description" in tags and f"{CONTENT}encoded" in tags and tags.index("description") > tags.index(f"{CONTENT}encoded"):
            yield Finding(message="content:encoded is before description", line=line_of(item), pointer=pointer)


@rule(Severity.INFO, spec=f"{_PROFILE}#namespace-elements-atom-link", hint="add atom:link with rel=self and the feed's own address")
def rss_self_missing(rss: Element) -> Iterator[Finding]:
    """With its own address in it a feed can be subscribed to from a copy, and WebSub works."""
    if not any(each.get("rel") == "self" for each in rss.iterfind(f"channel/{ATOM}link")):
        yield Finding(message="the feed does not say its own address")


_RULES = rules_in(globals())
