"""Rules for a feed as an XML document: its characters, namespaces, languages and links."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache

from lxml import etree

from publisher.feedrules import values
from publisher.feedrules.feed import PREFIXES, Feed, name_of, with_attribute
from publisher.feeds import ATOM
from publisher.keys import closest
from publisher.problems import Finding, Severity, rule, shown

_XML = "https://www.w3.org/TR/xml/"
_NAMESPACES = "https://www.w3.org/TR/xml-names/"
_LINK = "https://www.rfc-editor.org/rfc/rfc4287#section-4.2.7"
_GOOGLE = "https://support.google.com/news/publisher-center/answer/9545420"

_ENCODING = re.compile(rb"""<\?xml[^>]*?encoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")
_STYLESHEET = re.compile(rb"<\?xml-stylesheet\s[^?]*?(?:xsl|text/xml)", re.IGNORECASE)
_CONTROLS = re.compile("[\x80-\x84\x86-\x9f]")
_LARGE = 2_000_000
_VARIANTS = {
    "https://search.yahoo.com/mrss/": "http://search.yahoo.com/mrss/",
    "https://github.com/Podcastindex-org/podcast-namespace/blob/main/docs/1.0.md": "https://podcastindex.org/namespace/1.0",
    "http://a9.com/-/spec/opensearchrss/1.0/": "http://a9.com/-/spec/opensearch/1.1/",
}
"""Namespaces that readers take for the ones they mean."""
_MAYBE_CONTROLS = (re.compile(rb"\xc2[\x80-\x84\x86-\x9f]"), re.compile(rb"&#(?:1[2-5]\d|[xX]0*[89][0-9A-Fa-f]);"))
"""A control character in UTF-8, and as a reference."""

RELATIONS = frozenset(
    """
    about acl alternate amphtml api-catalog appendix apple-touch-icon apple-touch-startup-image archives author blocked-by
    bookmark c2pa-manifest canonical chapter cite-as collection compression-dictionary contents convertedfrom copyright
    create-form current deprecation describedby describes disclosure dns-prefetch duplicate edit edit-form edit-media enclosure
    external first geofeed glossary help hosts hub ice-server icon index intervalafter intervalbefore intervalcontains
    intervaldisjoint intervalduring intervalequals intervalfinishedby intervalfinishes intervalin intervalmeets intervalmetby
    intervaloverlappedby intervaloverlaps intervalstartedby intervalstarts item last latest-version license linkset lrdd manifest
    mask-icon me media-feed memento micropub modulepreload monitor monitor-group next next-archive nofollow noopener noreferrer
    opener openid2.local_id openid2.provider original p3pv1 payment pingback preconnect predecessor-version prefetch preload
    prerender prev prev-archive preview previous privacy-policy profile publication rdap-active related replies restconf ruleinput
    search section self service service-desc service-doc service-meta sip-trunking-capability sponsored start status stylesheet
    subsection successor-version sunset tag terms-of-service timegate timemap type ugc up version-history via webmention
    working-copy working-copy-of
    """.split()
)
"""Registered link relations (https://www.iana.org/assignments/link-relations/, read 2026-11-24)."""


@rule(Severity.ERROR, spec=f"{_XML}#charsets", hint="declare the encoding that the file really has, mostly windows-1252 or UTF-8")
def feed_character_wrong(feed: Feed) -> Iterator[Finding]:
    """Control characters stand where quotation marks and dashes of Windows should: readers show boxes, or nothing."""
    for each in _controlled(feed):
        found = _CONTROLS.search("".join((each.text or "", each.tail or "", *each.attrib.values())))
        yield Finding(message=f"there is the control character U+{ord(found[0]) if found else 0:04X}", where=each)


def _controlled(feed: Feed) -> Iterator[etree._Element]:
    if _is_utf_8(feed.body) and not any(each.search(feed.body) for each in _MAYBE_CONTROLS):
        return
    for name in feed.names:
        for each in feed.of(name):
            if _CONTROLS.search("".join((each.text or "", each.tail or "", *each.attrib.values()))):
                yield each


def _is_utf_8(body: bytes) -> bool:
    found = _ENCODING.match(body.removeprefix(b"\xef\xbb\xbf"))
    return not body.startswith((b"\xff\xfe", b"\xfe\xff")) and (not found or found[1].lower() in (b"utf-8", b"us-ascii", b"ascii"))


@rule(Severity.INFO, spec=f"{_XML}#charencoding", hint="write UTF-8")
def feed_encoding_unusual(feed: Feed) -> Iterator[Finding]:
    """Only UTF-8 and UTF-16 are known to every XML parser; feedparser and miniflux know the others, smaller readers do not."""
    found = _ENCODING.match(feed.body.removeprefix(b"\xef\xbb\xbf"))
    if found and found[1].lower() not in (b"utf-8", b"utf-16", b"us-ascii", b"ascii"):
        yield Finding(message=f"the encoding is {shown(found[1].decode())}", where=feed.root)


@rule(Severity.ERROR, spec=f"{_XML}#charencoding", hint="declare UTF-16, or better save the file as UTF-8")
def feed_encoding_contradicts(feed: Feed) -> Iterator[Finding]:
    """A document in another encoding than it declares is a fatal error of XML: careful parsers refuse the whole feed."""
    if not feed.body.startswith((b"\xff\xfe", b"\xfe\xff", b"<\0", b"\0<")):
        return
    found = _ENCODING.match(feed.body[:400].removeprefix(b"\xff\xfe").removeprefix(b"\xfe\xff").replace(b"\0", b""))
    if found and not found[1].lower().startswith((b"utf-16", b"iso-10646-ucs-2")):
        yield Finding(message=f"the file is UTF-16, and declares {shown(found[1].decode())}", where=feed.root)


@rule(Severity.WARNING, spec=f"{_XML}#sec-entity-decl", hint="write the character itself, or its number such as &#160;")
def feed_entity(feed: Feed) -> Iterator[Finding]:
    """Names of characters such as &nbsp; are HTML's; readers of feeds load no DTD, so what is named is lost."""
    if b"<!DOCTYPE" not in feed.body:
        return
    for each in feed.root.iter(etree.Entity):
        yield Finding(message=f"there is the entity {shown(str(each.text))}", where=each.getparent())


@rule(Severity.INFO, spec="https://github.com/whatwg/html/issues/11523", hint="offer a page for people instead, or a CSS style sheet")
def feed_stylesheet_xslt(feed: Feed) -> Iterator[Finding]:
    """Browsers are about to drop XSLT (Chrome turns it off in version 158), so people will see the bare XML."""
    if _STYLESHEET.search(feed.body[:4096]):
        yield Finding(message="there is an XSLT style sheet", where=feed.root)


@rule(Severity.INFO, spec=_GOOGLE, hint="keep the newest 20 to 60 entries, and put older ones into archives (RFC 5005)")
def feed_too_large(feed: Feed) -> Iterator[Finding]:
    """Google reads 2 MB of a feed, and every reader fetches all of it each time."""
    if len(feed.body) > _LARGE:
        yield Finding(message=f"the feed has {len(feed.body) / 1e6:.1f} MB", line=1)


# -- namespaces and languages ---------------------------------------------------------------------------------------------


@lru_cache(maxsize=256)
def _key(space: str) -> str:
    """Return a namespace without what people mistake: case, http or https, www, the slash or # at its end."""
    return re.sub(r"^https?://(www\.)?", "", space.strip().lower()).rstrip("/#")


_BY_KEY = {_key(space): space for space in PREFIXES}


@rule(Severity.WARNING, spec=f"{_NAMESPACES}#ns-decl", hint="write the namespace exactly as its specification has it")
def feed_namespace_misspelt(feed: Feed) -> Iterator[Finding]:
    """A namespace is compared letter by letter: elements in one that differs in a slash or a capital are ignored by most readers.

    No rule about the meant one looks at them either.
    """
    for space in {name[1:].partition("}")[0] for name in feed.names if name.startswith("{")}:
        meant = _BY_KEY.get(_key(space))
        if meant and space != meant and space not in _VARIANTS and space not in PREFIXES:
            where = next(feed.of(name)[0] for name in feed.names if name.startswith(f"{{{space}}}"))
            yield Finding(message=f"the namespace is {shown(space)}", where=where, hint=f"write {meant}")


_KNOWN_BY_PREFIX = ("atom", "content", "dc", "georss", "itunes", "media", "podcast")


@rule(Severity.WARNING, spec=f"{_NAMESPACES}#ns-decl", hint="choose another prefix, or the namespace that it usually has")
def feed_prefix_unusual(feed: Feed) -> Iterator[Finding]:
    """Simple readers, sfeed among them, know modules by their prefixes: `media:` has to be Media RSS."""
    usual = {prefix: space for space, prefix in PREFIXES.items() if prefix in _KNOWN_BY_PREFIX}
    for prefix, space in feed.root.nsmap.items():
        known = usual.get(prefix or "")
        if known and space != known and space not in _VARIANTS and _key(space) not in _BY_KEY:
            yield Finding(message=f"the prefix {prefix!r} is bound to {shown(space)}", where=feed.root, hint=f"{prefix!r} is {known}")


@rule(Severity.ERROR, spec="https://www.rfc-editor.org/info/bcp47", hint="write a tag such as en or pt-BR")
def feed_language_unknown(feed: Feed) -> Iterator[Finding]:
    """By xml:lang readers choose voices, fonts, hyphenation and translation."""
    if feed.root.tag in (f"{ATOM}feed", f"{ATOM}entry"):
        return  # as atom-language-unknown
    for each, found in with_attribute(feed, "xml:lang"):
        if found and values.language(found):
            yield Finding(message=f"xml:lang is {shown(found)}", where=each)


@rule(Severity.ERROR, spec="https://www.w3.org/TR/xmlbase/", hint="write the whole address with https://")
def feed_base_malformed(feed: Feed) -> Iterator[Finding]:
    """References are relative to xml:base; when that is no address, none of them leads anywhere."""
    if b"xml:base" not in feed.body:
        return
    for each, base in with_attribute(feed, "xml:base"):
        if wrong := values.reference(base.strip()):
            yield Finding(message=f"xml:base is {shown(base)}: {wrong}", where=each)


# -- links of Atom, also in RSS -------------------------------------------------------------------------------------------


@cache
def _relation(rel: str) -> str:
    """Return `""` for a relation that is registered or an IRI, `malformed`, or `unknown`."""
    if rel.lower().removeprefix("http://www.iana.org/assignments/relation/") in RELATIONS or (":" in rel and not values.address(rel)):
        return ""
    return "unknown" if re.fullmatch(r"[A-Za-z0-9._~!$&'()*+,;=@%-]+", rel) else "malformed"


@rule(Severity.ERROR, spec=_LINK, hint="write a registered name such as alternate, or an IRI")
def feed_relation_malformed(feed: Feed) -> Iterator[Finding]:
    """The relation of a link is one name or one IRI: readers compare the whole value, so `self alternate` is neither."""
    for link in feed.of(f"{ATOM}link"):
        if (rel := link.get("rel")) is not None and _relation(rel) == "malformed":
            yield Finding(message=f"rel is {shown(rel)}", where=link)


@rule(Severity.WARNING, spec="https://www.iana.org/assignments/link-relations/", hint="use a registered name, or an IRI of your own")
def feed_relation_unknown(feed: Feed) -> Iterator[Finding]:
    """Nobody knows what a relation means that is not registered."""
    for link in feed.of(f"{ATOM}link"):
        if (rel := link.get("rel")) and _relation(rel) == "unknown":
            yield Finding(message=f"rel is {shown(rel)}", where=link, hint=closest(rel, RELATIONS))


@rule(Severity.ERROR, spec=_LINK, hint="write a type such as text/html, a language such as en, a length in bytes")
def feed_link_attribute(feed: Feed) -> Iterator[Finding]:
    """By type, language and length readers choose among links before they fetch any."""
    tests = (("type", values.media_type), ("hreflang", values.language), ("length", values.whole))
    for link in feed.of(f"{ATOM}link"):
        for name, test in tests:
            given = link.get(name)
            other = name == "hreflang" and feed.root.tag != "rss"  # that is atom-language-unknown
            if given is not None and not other and (wrong := test(given)):
                yield Finding(message=f"{name} is {shown(given)}: {wrong}", where=link)


@rule(Severity.ERROR, spec=_LINK, hint="write the whole address with https://")
def feed_link_malformed(feed: Feed) -> Iterator[Finding]:
    """The address of a link is an IRI without white space; in RSS, where nothing says what it is relative to, a whole one."""
    test = values.address if feed.root.tag == "rss" else values.reference
    for link in feed.of(f"{ATOM}link"):
        href = link.get("href")
        if href is None and feed.root.tag == "rss":
            yield Finding(message="the link has no href", where=link)
        elif href and (wrong := test(href)):
            yield Finding(message=f"href is {shown(href)}: {wrong}", where=link)


@rule(Severity.WARNING, spec=_LINK, hint="keep one link with rel=self")
def feed_self_repeated(feed: Feed) -> Iterator[Finding]:
    """A feed has one address of its own; of several readers move to the first, or the last, and hubs take neither."""
    for parent in (feed.root, *feed.of("channel")):
        own = [each for each in feed.children(parent).get(f"{ATOM}link", ()) if each.get("rel") == "self"]
        if len({each.get("href") for each in own}) > 1:
            yield Finding(message=f"there are {len(own)} addresses of its own", where=own[1])


# -- RFC 5005 -------------------------------------------------------------------------------------------------------------

_HISTORY = "https://www.rfc-editor.org/rfc/rfc5005"
_FH = "{http://purl.org/syndication/history/1.0}"


def _relations(feed: Feed) -> set[str]:
    tops = (feed.root, *feed.of("channel"))
    return {each.get("rel", "alternate") for top in tops for each in feed.children(top).get(f"{ATOM}link", ())}


@rule(Severity.ERROR, spec=f"{_HISTORY}#section-2", hint="choose one: a whole feed, pages, or archives")
def feed_complete_in_pages(feed: Feed) -> Iterator[Finding]:
    """A feed that is complete has no other pages and no archives; readers would drop all that is not in this document."""
    for each in feed.of(f"{_FH}complete"):
        if feed.of(f"{_FH}archive") or _relations(feed) & {"next", "previous", "prev-archive", "next-archive"}:
            yield Finding(message="the feed is complete, and has archives or pages", where=each)


@rule(Severity.WARNING, spec=f"{_HISTORY}#section-4", hint="add links with rel=current and rel=prev-archive")
def feed_archive_links(feed: Feed) -> Iterator[Finding]:
    """From an archive readers find the newest entries by rel=current, and older ones by rel=prev-archive."""
    for each in feed.of(f"{_FH}archive"):
        if "current" not in _relations(feed):
            yield Finding(message="the archive has no link to the current feed", where=each)


@rule(Severity.ERROR, spec=f"{_HISTORY}#section-2", hint="leave it empty, directly in the feed")
def feed_history_malformed(feed: Feed) -> Iterator[Finding]:
    """fh:complete and fh:archive are empty and stand in the head of the feed: they are true because they are there."""
    for each in feed.of(f"{_FH}complete", f"{_FH}archive"):
        parent = each.getparent()
        if len(each) or (each.text or "").strip() or (parent is not None and parent.tag not in ("channel", f"{ATOM}feed")):
            yield Finding(message=f"{name_of(each.tag)} is not empty, or in an entry", where=each)
