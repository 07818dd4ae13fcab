"""What must hold for RSS 2.0, as rules: what its specification says, its profile advises, and readers do.

Sources, read 2026-11-24: https://www.rssboard.org/rss-specification (2.0.11), https://www.rssboard.org/rss-profile (1.0);
what readers do was measured with newsboat 2.36, sfeed 2.2, feedparser 6.0.14, reader 3.26 and miniflux 2.2.6.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from publisher.feedrules import repair, shared, values
from publisher.feedrules.feed import Feed, check_feed, empty_or, name_of, repeated, said, stray, stray_texts, told_of
from publisher.feedrules.texts import title_like_html
from publisher.feeds import ATOM, CONTENT, DC
from publisher.keys import closest
from publisher.markup import Element
from publisher.problems import Finding, Problem, Rule, Severity, rule, rules_in, shown

__all__ = ["RULES", "check", "check_tree", "fix"]

_SPEC = "https://www.rssboard.org/rss-specification"
_PROFILE = "https://www.rssboard.org/rss-profile"
_ITEM = f"{_SPEC}#hrelementsOfLtitemgt"
_OPTIONAL = f"{_SPEC}#optionalChannelElements"

_ELDER = ("0.91", "0.92", "0.93", "0.94")
"""Versions without guid and namespaces, whose hours go from 1 to 24."""
_VERSIONS = ("2.0", *_ELDER)
_TEXTS = {
    "channel": (
        *("title", "link", "description", "language", "copyright", "managingEditor", "webMaster", "pubDate", "lastBuildDate"),
        *("generator", "docs", "ttl", "rating"),
    ),
    "item": ("title", "link", "description", "author", "comments", "guid", "pubDate", "source"),
    "image": ("url", "title", "link", "width", "height", "description"),
    "textInput": ("title", "description", "name", "link"),
}
"""The elements with a text that each element can have once."""
_PARTS = {
    "rss": ("channel",),
    "channel": (*_TEXTS["channel"], "category", "cloud", "image", "textInput", "skipHours", "skipDays", "item"),
    "item": (*_TEXTS["item"], "category", "enclosure"),
    "image": _TEXTS["image"],
    "textInput": _TEXTS["textInput"],
    "skipHours": ("hour",),
    "skipDays": ("day",),
}
_ALL = frozenset(name for names in _PARTS.values() for name in names) | {"rss"}
_MANY = {"category", "item", "hour", "day", "enclosure", "channel"}
_ONCE = {
    name: sorted(set(parts) - _MANY - ({"title", "link", "description"} if name == "channel" else set())) for name, parts in _PARTS.items()
}
_WITHOUT_PARTS = {name: sorted(set(parts) - set(_PARTS)) for name, parts in _PARTS.items()}
_ATTRIBUTES = {
    "rss": ("version",),
    "category": ("domain",),
    "guid": ("isPermaLink",),
    "source": ("url",),
    "enclosure": ("url", "length", "type"),
    "cloud": ("domain", "port", "path", "registerProcedure", "protocol"),
}
_STRAY = stray(*_PARTS)
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_DATES = ("pubDate", "lastBuildDate")
_PEOPLE = ("author", "managingEditor", "webMaster")
_PICTURE = re.compile(r"\.(?:svgz?|webp|avif|ico|bmp|tiff?|jxl|heic)(?:[?#]|$)", re.IGNORECASE)
_MAILBOX = re.compile(r"[^<>@]+<\s*([^<>\s]+)\s*>")


def check(body: bytes) -> list[Problem]:
    """Return what is wrong with the feed; never raise."""
    return check_feed(body, rss_no_channel, RULES)


def check_tree(root: Element, body: bytes) -> list[Problem]:
    """Return the same of a feed that is parsed."""
    return told_of(root, body, rss_no_channel, RULES)


def fix(body: bytes, problems: Iterable[Problem]) -> bytes:
    """Return the feed with those of its problems repaired that have one sure repair, and all else byte for byte as it was."""
    return repair.xml(body, problems, _REPAIRS)


def _permalink(value: str | None) -> str | None:
    """Return what an isPermaLink that is neither true nor false means."""
    return {"yes": "true", "1": "true", "true": "true", "no": "false", "0": "false", "false": "false"}.get((value or "").strip().lower())


_REPAIRS: Mapping[str, repair.XmlRepair] = {
    "rss-guid-not-a-url": repair.attribute_renamed("isPermaLink", repair.attribute_set("isPermaLink", lambda _: "false")),
    "rss-attribute-unknown": repair.attribute_renamed("isPermaLink"),
    "rss-permalink-unclear": repair.attribute_set("isPermaLink", _permalink),
    "rss-element-unknown": repair.renamed({name.lower(): name for name in _ALL}),
    "rss-content-before-description": repair.moved_before("description"),
    "feed-link-malformed": repair.stripped("href"),
    **dict.fromkeys(("rss-date-malformed", "rss-date-unusual"), repair.written(repair.rfc_822)),
}


def _channels(feed: Feed) -> list[Element]:
    return feed.children(feed.root).get("channel", [])


def _elder(feed: Feed) -> bool:
    return feed.root.get("version") in _ELDER


def _in(feed: Feed, parent: str, *names: str) -> Iterator[Element]:
    """Yield the elements of these names that are in an element of RSS called `parent`."""
    for each in feed.of(*names):
        above = each.getparent()
        if above is not None and above.tag == parent:
            yield each


# -- the document ---------------------------------------------------------------------------------------------------------


@rule(Severity.ERROR, spec=_SPEC, hint='begin with <rss version="2.0"><channel>')
def rss_no_channel(feed: Feed) -> Iterator[Finding]:
    """A feed is an rss element with one channel in it; readers show nothing of any other document."""
    count = len(_channels(feed))
    if feed.root.tag != "rss" or count != 1:
        yield Finding(message=f"the root is {shown(feed.root.tag)} with {count} channels", where=feed.root)


@rule(Severity.ERROR, spec=f"{_SPEC}#whatIsRss", hint='write <rss version="2.0">')
def rss_version(feed: Feed) -> Iterator[Finding]:
    """A feed says which version of RSS it is; validators and a few readers refuse one that does not."""
    version = feed.root.get("version")
    if version not in _VERSIONS:
        yield Finding(message=f"the version is {shown(version)}" if version else "there is no version", where=feed.root)


@rule(Severity.ERROR, spec=f"{_SPEC}#requiredChannelElements", hint="add exactly one of it")
def rss_channel_required(feed: Feed) -> Iterator[Finding]:
    """A channel has a title, a link and a description: readers name the feed by the first and open the second."""
    for channel in _channels(feed):
        for name in ("title", "link", "description"):
            found = feed.children(channel).get(name, [])
            if len(found) != 1:
                yield Finding(message=f"the channel has {len(found)} elements {name!r}", where=found[1] if found else channel)


@rule(Severity.WARNING, spec=f"{_SPEC}#requiredChannelElements", hint="write the name of the feed")
def rss_title_empty(feed: Feed) -> Iterator[Finding]:
    """A title names the feed, its picture, its field or its item; newsboat and miniflux list a feed without one by its address."""
    for title in feed.of("title"):
        parent = title.getparent()
        if parent is not None and parent.tag in ("channel", "image", "textInput") and not len(title) and not said(title):
            yield Finding(message=f"the title of the {parent.tag} is empty", where=title)


@rule(Severity.ERROR, spec=f"{_SPEC}#extendingRss", hint="correct its name, or put it into a namespace")
def rss_element_unknown(feed: Feed) -> Iterator[Finding]:
    """Elements without a namespace are those of RSS; readers ignore any other, so a misspelt one says nothing to anybody."""
    for name in feed.names:
        # The DTD of 0.91 has textinput where all others have textInput.
        if name not in _ALL and not name.startswith("{") and not (name == "textinput" and feed.root.get("version") == "0.91"):
            for each in feed.of(name):
                parent = each.getparent()
                if parent is not None and parent.tag in _PARTS:
                    yield Finding(message=f"RSS has no element {name!r}", where=each, hint=_meant(name, parent.tag))


def _meant(name: str, parent: str) -> str:
    by_case = {each.casefold(): each for each in _PARTS[parent]}
    known = by_case.get(name.casefold())
    return f"did you mean {known!r}?" if known else closest(name, _PARTS[parent])


@rule(Severity.ERROR, spec=_SPEC, hint="move it to where the specification has it")
def rss_element_misplaced(feed: Feed) -> Iterator[Finding]:
    """Readers look for an element only where the specification puts it: a pubDate in the image dates nothing."""
    for name in feed.names:
        if name in _ALL and name != "rss":
            for each in feed.of(name):
                parent = each.getparent()
                if parent is not None and parent.tag in _PARTS and name not in _PARTS[parent.tag]:
                    yield Finding(message=f"{name!r} does not belong into {parent.tag!r}", where=each)


@rule(Severity.ERROR, spec=_SPEC, hint="keep one of them")
def rss_repeated(feed: Feed) -> Iterator[Finding]:
    """Of an element that can be there once readers take the first or the last, each its own."""
    for name, once in _ONCE.items():
        yield from repeated(feed, feed.of(name), once)


@rule(Severity.ERROR, spec=f"{_SPEC}#extendingRss", hint="leave it out, or put it into a namespace")
def rss_attribute_unknown(feed: Feed) -> Iterator[Finding]:
    """Attributes without a namespace are those of RSS; nobody reads another, and `ispermalink` is not `isPermaLink`."""
    for name in sorted(_ALL & feed.names):
        known = _ATTRIBUTES.get(name, ())
        for each in feed.of(name):
            for attribute in map(str, each.keys()):
                if not attribute.startswith("{") and attribute not in known:
                    hint = closest(attribute, known) if known else ""
                    yield Finding(message=f"{name!r} has no attribute {attribute!r}", where=each, hint=hint)


@rule(Severity.ERROR, spec=_SPEC, hint="put the text into an element")
def rss_text_stray(feed: Feed) -> Iterator[Finding]:
    """Text between the elements belongs to none of them: it is lost, and mostly the rest of a broken tag."""
    for parent, text, where in stray_texts(feed, _PARTS, _STRAY):
        yield Finding(message=f"there is text in {parent.tag!r}: {shown(text)}", where=where)


@rule(Severity.ERROR, spec=_SPEC, hint="escape the markup (&lt;b&gt;), or put it into a CDATA section")
def rss_markup_unescaped(feed: Feed) -> Iterator[Finding]:
    """An element of RSS has a text, no elements; sfeed and newsboat drop those, and the words in them."""
    for parent, names in _WITHOUT_PARTS.items():
        for each in _in(feed, parent, *names):
            if len(each):
                child = each[0].tag if isinstance(each[0].tag, str) else ""
                if child:
                    yield Finding(message=f"there is an element {name_of(child)!r} in {each.tag!r}", where=each)


@rule(Severity.WARNING, spec=_SPEC, hint="say something, or leave the element out")
def rss_empty(feed: Feed) -> Iterator[Finding]:
    """An element without a text says nothing; readers show an empty line, or the word `None`."""
    names = ("copyright", "generator", "rating", "category", "comments", "name", "source", *_PEOPLE)
    for each in feed.of(*names):
        if not said(each) and not len(each):
            yield Finding(message=f"{each.tag!r} is empty", where=each)
    for each in _in(feed, "channel", "description"):
        if not said(each) and not len(each):
            yield Finding(message="the description of the channel is empty", where=each)
    for each in feed.of("skipHours", "skipDays"):
        if not len(each):
            yield Finding(message=f"{each.tag!r} is empty", where=each)


# -- people, dates, languages ---------------------------------------------------------------------------------------------


@rule(Severity.ERROR, spec=f"{_SPEC}#ltauthorgtSubelementOfLtitemgt", hint="write mail@example.org (Name), or dc:creator")
def rss_author_without_address(feed: Feed) -> Iterator[Finding]:
    """RSS's own author element is an e-mail address; for a name alone readers have dc:creator."""
    for author in _in(feed, "item", "author"):
        if said(author) and not _MAILBOX.fullmatch(said(author)) and values.name_and_address(said(author)):
            yield Finding(message=f"the author {shown(author.text)} is no e-mail address", where=author)


@rule(Severity.ERROR, spec=_OPTIONAL, hint="write mail@example.org (Name)")
def rss_contact_without_address(feed: Feed) -> Iterator[Finding]:
    """managingEditor and webMaster are e-mail addresses of people who answer for the feed."""
    for each in _in(feed, "channel", "managingEditor", "webMaster"):
        if said(each) and not _MAILBOX.fullmatch(said(each)) and values.name_and_address(said(each)):
            yield Finding(message=f"the {each.tag} {shown(each.text)} is no e-mail address", where=each)


@rule(Severity.WARNING, spec=f"{_PROFILE}#data-types-email", hint="write mail@example.org (Name)")
def rss_contact_unusual(feed: Feed) -> Iterator[Finding]:
    """Readers take the name from the parentheses behind the address; `Name <mail>` they show as it stands."""
    for each in feed.of(*_PEOPLE):
        if _MAILBOX.fullmatch(said(each)):
            yield Finding(message=f"the name is before the address: {shown(said(each))}", where=each)


@rule(
    Severity.WARNING, spec="https://www.rssboard.org/rss-profile#namespace-elements-dublin-creator", hint="join the names in one dc:creator"
)
def rss_creator_repeated(feed: Feed) -> Iterator[Finding]:
    """Of several dc:creator newsboat, reader and miniflux show the last, sfeed the first."""
    for item in feed.of("item"):
        found = feed.children(item).get(f"{DC}creator", [])
        if len(found) > 1:
            yield Finding(message=f"the item has {len(found)} dc:creator", where=found[1])


_TWICE = (("author", f"{DC}creator"), ("category", f"{DC}subject"), ("pubDate", f"{DC}date"), ("language", f"{DC}language"))


@rule(Severity.WARNING, spec=f"{_PROFILE}#namespace-elements-dublin", hint="keep the element of RSS, or for a name alone dc:creator")
def rss_said_twice(feed: Feed) -> Iterator[Finding]:
    """RSS and Dublin Core say the same; readers differ in which they believe, and some show both."""
    for parent in (*_channels(feed), *feed.of("item")):
        children = feed.children(parent)
        for own, core in _TWICE:
            if own in children and core in children:
                yield Finding(message=f"there are both {own!r} and {name_of(core)!r}", where=children[core][0])


@rule(Severity.ERROR, spec=_OPTIONAL, hint="write Wed, 24 Oct 2018 08:00:00 +0100")
def rss_date_malformed(feed: Feed) -> Iterator[Finding]:
    """Dates are as in RFC 822; newsboat and miniflux show an item with any other as one of now."""
    for each in feed.of(*_DATES):
        if not len(each) and (wrong := values.rfc_822(said(each)).wrong):
            yield Finding(message=f"the date {empty_or(each.text, f' is no RFC 822 date: {wrong}')}", where=each)


@rule(Severity.ERROR, spec="https://www.rfc-editor.org/rfc/rfc822#section-5.2", hint="correct the day of the week, or leave it out")
def rss_date_weekday(feed: Feed) -> Iterator[Finding]:
    """A day of the week that is not the date's shows that one of both is wrong; strict readers drop such a date."""
    for each in feed.of(*_DATES):
        if weekday := values.rfc_822(said(each)).weekday:
            yield Finding(message=f"{shown(said(each))} is a {weekday}", where=each, hint=f"write {weekday}, or leave the day out")


@rule(Severity.WARNING, spec=f"{_PROFILE}#data-types-datetime", hint="write Wed, 24 Oct 2018 08:00:00 +0100")
def rss_date_unusual(feed: Feed) -> Iterator[Finding]:
    """RFC 822 allows more ways to write a date than readers understand: years of two digits, zones of one letter."""
    for each in feed.of(*_DATES):
        if unusual := values.rfc_822(said(each)).unusual:
            yield Finding(message=f"{shown(said(each))}: {unusual}", where=each)


@rule(Severity.INFO, spec=f"{_PROFILE}#element-channel-item-pubdate", hint="add the pubDate")
def rss_date_missing(feed: Feed) -> Iterator[Finding]:
    """An item without a date is one of now for newsboat and miniflux, each time it comes as a new one."""
    for item in feed.of("item"):
        children = feed.children(item)
        if "pubDate" not in children and f"{DC}date" not in children and feed.root.get("version") not in ("0.91", "0.92"):
            yield Finding(message="the item has no date", where=item)


@rule(Severity.ERROR, spec=f"{_SPEC}#optionalChannelElements", hint="write a tag such as en or pt-BR")
def rss_language_unknown(feed: Feed) -> Iterator[Finding]:
    """By the language readers choose voices, fonts, hyphenation and translation."""
    for each in _in(feed, "channel", "language"):
        if values.language(said(each)):
            yield Finding(message=f"the language {empty_or(each.text, ' is no language tag')}", where=each)


# -- items ----------------------------------------------------------------------------------------------------------------


@rule(Severity.ERROR, spec=_ITEM, hint="add a title, a description or both")
def rss_item_empty(feed: Feed) -> Iterator[Finding]:
    """An item has at least a title or a description: without both there is nothing to show in a list."""
    for item in feed.of("item"):
        children = feed.children(item)
        texts = (*children.get("title", ()), *children.get("description", ()))
        if not any(each.text and not each.text.isspace() for each in texts) and not any(len(each) for each in texts):
            yield Finding(message="the item has neither title nor description", where=item)


@rule(Severity.WARNING, spec=f"{_PROFILE}#element-channel-item-guid", hint="add a guid that never changes")
def rss_guid_missing(feed: Feed) -> Iterator[Finding]:
    """By the guid a reader knows what it has shown already; newsboat and miniflux show an item again when it changes."""
    for item in feed.of("item"):
        found = feed.children(item).get("guid")
        if (not found and not _elder(feed)) or (found and not said(found[0])):
            yield Finding(message="the item has no guid", where=found[0] if found else item)


@rule(Severity.WARNING, spec=f"{_PROFILE}#element-channel-item-guid", hint="give each article a guid of its own")
def rss_guid_repeated(feed: Feed) -> Iterator[Finding]:
    """Two items with one guid are one item for a reader, which shows only one of them."""
    seen: set[str] = set()
    for guid in _in(feed, "item", "guid"):
        if (text := said(guid)) in seen and text:
            yield Finding(message=f"the guid {shown(text)} is there already", where=guid)
        seen.add(text)


@rule(Severity.ERROR, spec=f"{_SPEC}#ltguidgtSubelementOfLtitemgt", hint='add isPermaLink="false"')
def rss_guid_not_a_url(feed: Feed) -> Iterator[Finding]:
    """A guid that claims to be a permalink is an address; newsboat and miniflux open it when there is no link."""
    for guid in _in(feed, "item", "guid"):
        if guid.get("isPermaLink", "true") == "true" and said(guid) and (wrong := _not_open(said(guid))):
            yield Finding(message=f"the guid {shown(guid.text)} is no address: {wrong}", where=guid)


def _not_open(text: str) -> str:
    """Say why a browser cannot open an address."""
    scheme = text.partition(":")[0].lower()
    return values.address(text) or ("" if scheme in ("http", "https", "ftp", "gopher", "gemini") else f"browsers do not open {scheme}:")


@rule(Severity.ERROR, spec=f"{_SPEC}#ltguidgtSubelementOfLtitemgt", hint='write "true" or "false"')
def rss_permalink_unclear(feed: Feed) -> Iterator[Finding]:
    """isPermaLink is true or false, in small letters; sfeed takes anything else for true."""
    for guid in feed.of("guid"):
        if guid.get("isPermaLink", "true") not in ("true", "false"):
            yield Finding(message=f"isPermaLink is {shown(guid.get('isPermaLink'))}", where=guid)


@rule(Severity.ERROR, spec=f"{_SPEC}#comments", hint="write the whole address with https://")
def rss_link_malformed(feed: Feed) -> Iterator[Finding]:
    """A link is an address with its scheme: a feed is read far from its site, so nobody knows what a path is relative to."""
    for link in feed.of("link"):
        parent = link.getparent()
        if parent is None or parent.tag not in ("channel", "item", "image", "textInput") or len(link):
            continue
        if wrong := values.address(said(link)):
            yield Finding(message=f"the link {empty_or(link.text, f' is no address: {wrong}')}", where=link)


@rule(Severity.ERROR, spec=f"{_SPEC}#comments", hint="write the whole address with https://")
def rss_address_malformed(feed: Feed) -> Iterator[Finding]:
    """Addresses of the picture, of comments, documentation and sources are whole ones; readers fetch or open them."""
    elements = (*_in(feed, "image", "url"), *_in(feed, "item", "comments"), *_in(feed, "channel", "docs"))
    for each in elements:
        if wrong := values.address(said(each)):
            yield Finding(message=f"the {each.tag} {empty_or(each.text, f' is no address: {wrong}')}", where=each)
    for source in feed.of("source"):
        if (given := source.get("url")) is not None and (wrong := values.address(given.strip())):
            yield Finding(message=f"the url {shown(given)} is no address: {wrong}", where=source)


@rule(Severity.WARNING, spec=f"{_PROFILE}#data-types-url", hint="percent-encode what is not ASCII: %C3%A9 for é, xn-- names for hosts")
def rss_address_not_ascii(feed: Feed) -> Iterator[Finding]:
    """RSS has URLs, not IRIs: readers differ in how they encode the rest, and some fetch nothing."""
    for each in (*feed.of("link", "guid", "comments", "docs"), *_in(feed, "image", "url")):
        text = said(each)
        if not text.isascii() and (each.tag != "guid" or each.get("isPermaLink", "true") == "true"):
            yield Finding(message=f"the {each.tag} is {shown(text)}", where=each)
    for each in feed.of("enclosure", "source"):
        if not each.get("url", "").isascii():
            yield Finding(message=f"the url is {shown(each.get('url'))}", where=each)


@rule(Severity.INFO, spec=f"{_PROFILE}#element-channel-item-link", hint="add the link")
def rss_link_missing(feed: Feed) -> Iterator[Finding]:
    """An item without a link, and without a guid that is one, cannot be opened on the site."""
    for item in feed.of("item"):
        children = feed.children(item)
        guids = children.get("guid", ())
        if "link" not in children and not any(each.get("isPermaLink", "true") == "true" for each in guids):
            yield Finding(message="the item has no link", where=item)


@rule(Severity.ERROR, spec=f"{_SPEC}#ltsourcegtSubelementOfLtitemgt", hint="add url, the address of the feed")
def rss_source_without_address(feed: Feed) -> Iterator[Finding]:
    """The source of an item is another feed, so it names that one's address."""
    for source in _in(feed, "item", "source"):
        if source.get("url") is None:
            yield Finding(message="the source has no url", where=source)


@rule(Severity.WARNING, spec=f"{_PROFILE}#data-types-characterdata", hint="write plain text, with & and < escaped once")
def rss_title_with_markup(feed: Feed) -> Iterator[Finding]:
    """Titles are plain text: sfeed, newsboat and reader show `<b>` and `&amp;` in them as they stand.

    A single tag that nothing closes is a title about HTML.
    """
    for title in feed.of("title"):
        if not len(title) and (found := title_like_html(title.text)):
            yield Finding(message=f"there is {shown(found)} in the title {shown(said(title))}", where=title)


@rule(Severity.WARNING, spec=f"{_PROFILE}#namespace-elements-content-encoded", hint="write description first")
def rss_content_before_description(feed: Feed) -> Iterator[Finding]:
    """Some readers take the last of the two for the text, so the whole text has to come after its summary."""
    for item in feed.of("item"):
        children = feed.children(item)
        if "description" in children and f"{CONTENT}encoded" in children:
            tags = [each.tag for each in item]
            if tags.index("description") > tags.index(f"{CONTENT}encoded"):
                yield Finding(message="content:encoded is before description", where=children[f"{CONTENT}encoded"][0])


# -- enclosures -----------------------------------------------------------------------------------------------------------

_ENCLOSURE = f"{_SPEC}#ltenclosuregtSubelementOfLtitemgt"


@rule(Severity.ERROR, spec=_ENCLOSURE, hint="add url, length (bytes) and type")
def rss_enclosure_incomplete(feed: Feed) -> Iterator[Finding]:
    """An enclosure has url, length and type; podcast players skip one whose type they do not know."""
    for enclosure in feed.of("enclosure"):
        for name in ("url", "length", "type"):
            if not enclosure.get(name):
                yield Finding(message=f"the enclosure has no {name}", where=enclosure)


@rule(Severity.ERROR, spec=_ENCLOSURE, hint="write the whole address, the length in bytes (0 when unknown), a type such as audio/mpeg")
def rss_enclosure_malformed(feed: Feed) -> Iterator[Finding]:
    """Players fetch the address, show the length and choose by the type."""
    tests = (("url", _fetched), ("length", values.whole), ("type", values.media_type))
    for enclosure in feed.of("enclosure"):
        for name, test in tests:
            given = enclosure.get(name)
            if given and (wrong := test(given.strip())):
                yield Finding(message=f"the {name} of the enclosure is {shown(given)}: {wrong}", where=enclosure)


def _fetched(text: str) -> str:
    """Say what is wrong with the address of an enclosure: "The url must be an http url"."""
    scheme = text.partition(":")[0].lower()
    return values.address(text) or ("" if scheme in ("http", "https") else f"players do not fetch {scheme}:")


@rule(Severity.WARNING, spec=f"{_PROFILE}#element-channel-item-enclosure", hint="keep one; write the others as media:content")
def rss_enclosure_repeated(feed: Feed) -> Iterator[Finding]:
    """Readers differ in which of several enclosures they play."""
    for item in feed.of("item"):
        found = feed.children(item).get("enclosure", [])
        if len(found) > 1:
            yield Finding(message=f"the item has {len(found)} enclosures", where=found[1])


# -- picture, field, cloud, hours -----------------------------------------------------------------------------------------

_IMAGE = f"{_SPEC}#ltimagegtSubelementOfLtchannelgt"
_FIELD = f"{_SPEC}#lttextinputgtSubelementOfLtchannelgt"
_CLOUD = f"{_SPEC}#ltcloudgtSubelementOfLtchannelgt"


def _incomplete(feed: Feed, parent: str, names: tuple[str, ...]) -> Iterator[Finding]:
    for each in feed.of(parent):
        for name in names:
            if name not in feed.children(each):
                yield Finding(message=f"the {parent} has no {name}", where=each)


@rule(Severity.ERROR, spec=_IMAGE, hint="add url, title and link")
def rss_image_incomplete(feed: Feed) -> Iterator[Finding]:
    """A picture has its address, a title for those who cannot see it, and the link of the site."""
    return _incomplete(feed, "image", ("url", "title", "link"))


@rule(Severity.ERROR, spec=_IMAGE, hint="write pixels: width 1 to 144, height 1 to 400, or leave them out")
def rss_image_size(feed: Feed) -> Iterator[Finding]:
    """The picture of a channel is at most 144 wide and 400 high; readers keep that much room for it."""
    for name, most in (("width", 144), ("height", 400)):
        for each in _in(feed, "image", name):
            text = said(each)
            if values.positive(text) or len(text) > 6 or int(text) > most:
                yield Finding(message=f"the {name} is {shown(each.text or '')}", where=each)


@rule(Severity.WARNING, spec=f"{_PROFILE}#element-channel-image", hint="write the same title and link as in the channel")
def rss_image_other(feed: Feed) -> Iterator[Finding]:
    """Title and link of the picture are those of the channel, since readers show one for the other."""
    for image in _in(feed, "channel", "image"):
        own, channel = feed.children(image), feed.children(_channels(feed)[0])
        for name in ("title", "link"):
            if name in own and name in channel and not _same(said(own[name][0]), said(channel[name][0])):
                message = f"the {name} {shown(said(own[name][0]))} is not the channel's {shown(said(channel[name][0]))}"
                yield Finding(message=message, where=own[name][0])


def _same(one: str, other: str) -> bool:
    """Return whether two texts are the same; to an address of a host alone a slash adds nothing (RFC 3986, 6.2.3)."""
    return one == other or (one.rstrip("/") == other.rstrip("/") and bool(re.fullmatch(r"https?://[^/?#]+/?", one)))


@rule(Severity.WARNING, spec=_IMAGE, hint="use a GIF, JPEG or PNG")
def rss_image_kind(feed: Feed) -> Iterator[Finding]:
    """The picture of a channel is a GIF, JPEG or PNG: readers of RSS know no other kind for sure."""
    for each in _in(feed, "image", "url"):
        if _PICTURE.search(said(each)):
            yield Finding(message=f"{shown(said(each))} is no GIF, JPEG or PNG", where=each)


@rule(Severity.ERROR, spec=_FIELD, hint="add title, description, name and link")
def rss_text_input_incomplete(feed: Feed) -> Iterator[Finding]:
    """A text input has all four of its elements, or there is nothing to send, and nowhere."""
    return _incomplete(feed, "textInput", ("title", "description", "name", "link"))


@rule(Severity.INFO, spec=f"{_PROFILE}#element-channel-textinput", hint="leave it out")
def rss_text_input_ignored(feed: Feed) -> Iterator[Finding]:
    """Most readers ignore a text input: its purpose is something of a mystery, as the specification says."""
    for each in _in(feed, "channel", "textInput"):
        yield Finding(message="there is a textInput", where=each)


@rule(Severity.ERROR, spec=_CLOUD, hint="add domain, port, path, registerProcedure and protocol")
def rss_cloud_incomplete(feed: Feed) -> Iterator[Finding]:
    """Who wants to be told of new items needs all five attributes of the cloud."""
    for cloud in feed.of("cloud"):
        for name in _ATTRIBUTES["cloud"]:
            given = cloud.get(name)
            if given is None or (not given.strip() and name != "registerProcedure"):
                yield Finding(message=f"the cloud has no {name}", where=cloud)


@rule(Severity.ERROR, spec=_CLOUD, hint="write a port from 1 to 65535, and xml-rpc, soap or http-post")
def rss_cloud_malformed(feed: Feed) -> Iterator[Finding]:
    """A cloud is asked at its port in one of three protocols."""
    for cloud in feed.of("cloud"):
        port, protocol = cloud.get("port", "").strip(), cloud.get("protocol", "").strip()
        if port and (values.positive(port) or len(port) > 5 or int(port) > 65535):
            yield Finding(message=f"the port is {shown(port)}", where=cloud)
        if protocol and protocol.lower() not in ("xml-rpc", "soap", "http-post", "https-post"):
            yield Finding(message=f"the protocol is {shown(protocol)}", where=cloud)


@rule(Severity.ERROR, spec=f"{_SPEC}#ltskiphours", hint="write each hour once, from 0 (midnight) to 23, in GMT")
def rss_skip_hours(feed: Feed) -> Iterator[Finding]:
    """The hours in which a reader need not look are numbers from 0 to 23, each once."""
    for parent in _in(feed, "channel", "skipHours"):
        seen: set[int] = set()
        for each in feed.children(parent).get("hour", ()):
            text = said(each)
            if values.whole(text) or len(text) > 2 or int(text) > (24 if _elder(feed) else 23) or int(text) in seen:
                yield Finding(message=f"the hour is {shown(each.text or '')}", where=each)
            else:
                seen.add(int(text))


@rule(Severity.ERROR, spec=f"{_SPEC}#ltskipdays", hint="write each day once: Monday, Tuesday …")
def rss_skip_days(feed: Feed) -> Iterator[Finding]:
    """The days on which a reader need not look are named in English, each once."""
    for parent in _in(feed, "channel", "skipDays"):
        seen: set[str] = set()
        for each in feed.children(parent).get("day", ()):
            if said(each) not in _DAYS or said(each) in seen:
                yield Finding(message=f"the day is {shown(each.text or '')}", where=each)
            seen.add(said(each))


@rule(Severity.ERROR, spec=f"{_SPEC}#ltttlgtSubelementOfLtchannelgt", hint="write minutes, such as 60")
def rss_ttl(feed: Feed) -> Iterator[Finding]:
    """For so many minutes a reader need not look again; some keep to it."""
    for each in _in(feed, "channel", "ttl"):
        if values.whole(said(each)):
            yield Finding(message=f"the ttl is {shown(each.text or '')}", where=each)


@rule(Severity.WARNING, spec="https://www.w3.org/TR/REC-PICS-labels", hint='write (PICS-1.1 "…" …), or leave it out')
def rss_rating(feed: Feed) -> Iterator[Finding]:
    """A rating is a label of PICS, which nobody reads any more."""
    for each in _in(feed, "channel", "rating"):
        if said(each) and not said(each).startswith("(PICS-1."):
            yield Finding(message=f"the rating is {shown(said(each))}", where=each)


# -- Atom in RSS ----------------------------------------------------------------------------------------------------------


@rule(Severity.WARNING, spec=f"{_PROFILE}#namespace-elements-atom-link", hint="add atom:link with rel=self and the feed's own address")
def rss_self_missing(feed: Feed) -> Iterator[Finding]:
    """With its own address in it a feed can be subscribed to from a copy, and WebSub works."""
    for channel in () if _elder(feed) else _channels(feed):
        if not any(each.get("rel") == "self" for each in feed.children(channel).get(f"{ATOM}link", ())):
            yield Finding(message="the feed does not say its own address", where=channel)


@rule(Severity.WARNING, spec=f"{_PROFILE}#namespace-elements-atom", hint="use the element of RSS")
def rss_atom_instead(feed: Feed) -> Iterator[Finding]:
    """Readers of RSS look for its own elements, not for those of Atom that mean the same."""
    for name in ("title", "subtitle", "content", "rights", "category"):
        for each in feed.of(f"{ATOM}{name}"):
            yield Finding(message=f"there is atom:{name} in RSS", where=each)


@rule(Severity.ERROR, spec="https://www.rfc-editor.org/rfc/rfc4287#section-3.3", hint="write 2018-10-24T08:00:00+01:00")
def rss_atom_date(feed: Feed) -> Iterator[Finding]:
    """Dates of Atom are as in RFC 3339, in RSS too; with others readers take the item for one of now."""
    for each in feed.of(f"{ATOM}updated", f"{ATOM}published"):
        if wrong := values.rfc_3339(said(each)):
            yield Finding(message=f"{name_of(each.tag)} is {shown(said(each))}: {wrong}", where=each)


@rule(Severity.ERROR, spec="https://www.rfc-editor.org/rfc/rfc4287#section-6.3", hint="keep one author, or use dc:creator")
def rss_atom_author(feed: Feed) -> Iterator[Finding]:
    """An item has one atom:author at most, and no atom:source: readers take the last, or none."""
    yield from repeated(feed, feed.of("channel", "item"), (f"{ATOM}author",))
    for each in feed.of(f"{ATOM}source"):
        yield Finding(message="there is atom:source in RSS", where=each, hint="use the source of RSS")


RULES: tuple[Rule[Feed], ...] = (*rules_in(globals()), *shared.RULES)
