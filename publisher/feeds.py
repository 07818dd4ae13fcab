"""What RSS and Atom share: namespaces, values, and what is read of module elements inside an item or entry and of the lossless one.

Native elements come first; what no element can hold is one `schema:NewsArticle` (in the channel `schema:Periodical`)
without attributes whose text is JSON-LD: feedparser gives an element back only when it has no attributes,
and the W3C validator knows the namespace. It holds just the difference: the writer reads back what it has written.

Modules: Media RSS 1.5.1, DCMI Metadata Terms, GeoRSS-Simple, creativeCommons RSS module, RFC 4287 links (all read 2026-11-23).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import lru_cache
from html.entities import html5
from typing import Any
from urllib.parse import urljoin
from uuid import NAMESPACE_URL, uuid5

from lxml import etree

from publisher import markup, schema
from publisher.article import Article, Image, Link, Media, Organization, Place, Publication
from publisher.markup import Element
from publisher.problems import Location, Problem, Severity, Unreadable, problem, shown
from publisher.text import escape, language, line, media_type, url

__all__ = [
    "ATOM",
    "CONTENT",
    "DC",
    "EPOCH",
    "HISTORY",
    "LONGEST",
    "MEDIUMS",
    "NAMESPACES",
    "SECTION",
    "TRANSLATION",
    "UNTYPED",
    "XML",
    "Children",
    "Repaired",
    "add",
    "base_of",
    "changed",
    "children",
    "declared",
    "described",
    "enclosed",
    "extras",
    "fingerprint",
    "html",
    "integer",
    "is_ours",
    "is_picture",
    "join_bases",
    "kind_of",
    "line_of",
    "merged",
    "modules",
    "newest",
    "organization",
    "parse",
    "parse_foreign",
    "plain",
    "raw_in",
    "recording",
    "resolve",
    "spelled",
    "text_in",
    "text_of",
    "web",
]

ATOM = "{http://www.w3.org/2005/Atom}"
CONTENT = "{http://purl.org/rss/1.0/modules/content/}"
DC = "{http://purl.org/dc/elements/1.1/}"
DCTERMS = "{http://purl.org/dc/terms/}"
MEDIA = "{http://search.yahoo.com/mrss/}"
GEORSS = "{http://www.georss.org/georss}"
CREATIVE_COMMONS = "{http://backend.userland.com/creativeCommonsRssModule}"
SCHEMA = "{https://schema.org/}"
HISTORY = "{http://purl.org/syndication/history/1.0}"
ITUNES = "{http://www.itunes.com/dtds/podcast-1.0.dtd}"
PODCAST = "{https://podcastindex.org/namespace/1.0}"
XML = "{http://www.w3.org/XML/1998/namespace}"

NAMESPACES = {
    "dc": DC[1:-1],
    "dcterms": DCTERMS[1:-1],
    "media": MEDIA[1:-1],
    "georss": GEORSS[1:-1],
    "creativeCommons": CREATIVE_COMMONS[1:-1],
    "schema": SCHEMA[1:-1],
}

SECTION = "https://schema.org/articleSection"
"""Category scheme (Atom) or domain (RSS) of an article's section."""
TRANSLATION = "https://schema.org/workTranslation"
"""Link relation of a translation: a second `alternate` makes readers open the wrong one."""
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
"""The moment given where a date is required and nobody knows one."""
LONGEST = 10_000_000
"""How long one text in a feed can be: more than any book has, and as much as libxml2 reads by default."""
UNTYPED = "application/octet-stream"
"""The media type given where a format requires one and nobody knows it."""
MEDIUMS = {"audio": "AudioObject", "video": "VideoObject"}
_ALTERNATIVE, _CAPTION, _CREDIT, _RIGHTS = "title", "description", "credit", "copyright"
_MARKED = re.compile(r"<|&(?!(?:amp|lt|gt|quot);)")
"""What is more than text in which `text.escape` has been at work."""
_CAPTIONED = re.compile(r"(<img [^<>]*>(?:</a>)?(?=<figcaption[ >])|(?=</caption>))")

_USUAL = {**{prefix: name.encode() for prefix, name in NAMESPACES.items()}, "atom": ATOM[1:-1].encode(), "content": CONTENT[1:-1].encode()}
_USUAL |= {
    "rdf": b"http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "itunes": b"http://www.itunes.com/dtds/podcast-1.0.dtd",
    "podcast": b"https://podcastindex.org/namespace/1.0",
    "slash": b"http://purl.org/rss/1.0/modules/slash/",
    "wfw": b"http://wellformedweb.org/CommentAPI/",
    "thr": b"http://purl.org/syndication/thread/1.0",
    "sy": b"http://purl.org/rss/1.0/modules/syndication/",
    "geo": b"http://www.w3.org/2003/01/geo/wgs84_pos#",
    "cc": b"http://web.resource.org/cc/",
    "feedburner": b"http://rssnamespace.org/feedburner/ext/1.0",
    "xhtml": b"http://www.w3.org/1999/xhtml",
}
_XML_OWN = frozenset(("amp", "lt", "gt", "quot", "apos"))
_REFERENCE = re.compile(rb"&([A-Za-z][A-Za-z0-9]*);")
_PREFIX = re.compile(rb"[<\s/]([A-Za-z_][\w.-]*):[A-Za-z_][\w.-]*(?=[\s/>=])")
_DECLARED = re.compile(rb"\sxmlns:([A-Za-z_][\w.-]*)\s*=")
_ROOT = re.compile(rb"<(?:[A-Za-z_][\w.-]*:)?(?:rss|feed|rdf)(?=[\s>])", re.IGNORECASE)
_MOST_PREFIXES = 50
_ANY_BASE = etree.XPath("boolean(//@xml:base)")
_XML_BASE = f"{XML}base"
_WHOLE = ("https://", "http://")
"""With this in front nothing is relative to anything (URL Standard, "special authority slashes state")."""
_LONGEST_BASE = 1000
"""Characters of an xml:base with those around it: with longer ones a small feed could ask for much memory."""


# -- documents ------------------------------------------------------------------------------------------------------------


def parse(body: bytes) -> Element:
    """Return the root of a feed; raise `Unreadable` when it is not well-formed, or a text in it is longer than `LONGEST`."""
    try:
        root = markup.parse_xml(body)
    except Unreadable as error:
        if before := _before(body):
            raise Unreadable(replace(error.problems[0], **before)) from None
        # libxml2's own limit, which it keeps to wherever there may be entities.
        if any(re.search("resource limit|huge text", each.message) for each in error.problems):
            raise _too_long(error.problems[0].location.line) from None
        raise
    if len(body) > LONGEST and any(len(text) > LONGEST for text in root.itertext()):
        raise _too_long()
    return root


_BEGIN = re.compile(rb"<\?xml\s|<(?:[A-Za-z_][\w.-]*:)?(?:rss|feed|RDF)[\s>]")


def _before(body: bytes) -> dict[str, Any]:
    """Return what to say when a program has printed something else, mostly a warning, in front of the feed."""
    found = _BEGIN.search(body)
    text = body[: found.start()].removeprefix(b"\xef\xbb\xbf").strip() if found else b""
    if not found or not text or (text.startswith(b"<") and not found[0].startswith(b"<?xml")):
        return {}
    said = " ".join(text[:400].decode(errors="replace").split())
    hint = "look at what the program that makes the feed prints, such as warnings"
    return {"message": f"there is text before the feed: {shown(said)}", "hint": hint, "location": Location(line=1, column=1)}


def _too_long(number: int = 0) -> Unreadable:
    message, hint = f"a text in this feed is longer than {LONGEST // 10**6} MB", "check where it comes from"
    return Unreadable(problem("feed-text-too-long", Severity.ERROR, message, hint=hint, line=number))


def parse_foreign(body: bytes) -> Element:
    """Return the root of a feed as `parse` does, but forgive what readers of feeds forgive.

    That is white space in front of the XML declaration, prefixes of namespaces that nobody declared, and HTML's names of characters,
    which RSS 0.91 had from its DTD. Other entities are left out: nothing is fetched, and nothing grows.
    """
    root = None
    if b"<!DOCTYPE" not in body:
        with suppress(Unreadable):
            root = parse(body)
    if root is None:
        root = parse(declared(_REFERENCE.sub(_character, body.removeprefix(b"\xef\xbb\xbf").lstrip())))
        etree.strip_tags(root, etree.Entity)  # an element's text would end at one
    if b"xml:base" in body or not markup.is_in_ascii(body):
        join_bases(root)
    return root


def _character(found: re.Match[bytes]) -> bytes:
    name = found[1].decode()
    known = None if name in _XML_OWN else html5.get(f"{name};")
    return "".join(f"&#{ord(each)};" for each in known).encode() if known else found[0]


def declared(body: bytes) -> bytes:
    """Return the feed with every prefix that is used declared, in the usual sense where it has one."""
    known = {b"xml", b"xmlns", *_DECLARED.findall(body)}
    missing = [each for each in dict.fromkeys(_PREFIX.findall(body)) if each not in known]
    spaces = (b' xmlns:%s="%s"' % (each, _USUAL.get(each.decode(), b"urn:x-undeclared:" + each)) for each in missing[:_MOST_PREFIXES])
    return _ROOT.sub(lambda found: found[0] + b"".join(spaces), body, count=1)


def is_ours(root: Element) -> bool:
    """Return whether a feed is as we write it, also when another program has saved it: nobody else declares the lossless element."""
    return SCHEMA[1:-1] in root.nsmap.values()


def fingerprint(item: Element) -> str:
    """Return a URN (RFC 9562, 5.5) made of all that an item says, for an item that has no identifier of its own."""
    said = [(each.tag, sorted(each.items()), line(each.text), line(each.tail) if each is not item else None) for each in item.iter("*")]
    return uuid5(NAMESPACE_URL, repr(said)).urn


def join_bases(root: Element) -> None:
    """Make each xml:base in a tree say all that those around it say, so that nobody has to put them together for each reference."""
    if not _ANY_BASE(root):
        return
    bases = [""]
    for event, element in etree.iterwalk(root, events=("start", "end")):
        if event == "end":
            bases.pop()
            continue
        bases.append(_joined(bases[-1], element.get(f"{XML}base")))
        if element.get(f"{XML}base"):
            element.set(f"{XML}base", bases[-1])


def _joined(outer: str, own: str | None) -> str:
    try:
        found = urljoin(outer, own or "")
    except ValueError:
        return outer
    return found if len(found) <= _LONGEST_BASE else outer


def base_of(element: Element, base: str = "") -> str:
    """Return what references in `element` are relative to: its xml:base and those around it (XML Base), else `base`."""
    around: Element | None = element
    while around is not None and (found := around.get(_XML_BASE)) is None:  # XPath takes ten times as long to find that there is none
        around = around.getparent()
    if around is None or not found or len(found) > _LONGEST_BASE:  # a document type can give one that `join_bases` does not see
        return base
    return url(found, base) or base


def resolve(element: Element, reference: str | None, base: str = "") -> str | None:
    """Return the absolute URL of a reference that `element` has, or `None` when there is none."""
    if reference and reference.startswith(_WHOLE):
        return url(reference)
    return url(reference, base_of(element, base))


# -- values ---------------------------------------------------------------------------------------------------------------


def newest(publication: Publication) -> datetime:
    """Return when the publication last changed: as it says, or by its newest article; `EPOCH` when nothing says so."""
    if publication.date_modified:
        return schema.begin(publication.date_modified)
    return max((schema.begin(each) for article in publication.articles if (each := changed(article))), default=EPOCH)


def changed(article: Article) -> date | None:
    """Return when the article last changed, as far as it says."""
    return article.date_modified or article.date_published


def html(text: str | None) -> str | None:
    """Return plain text as HTML, for elements that readers take for HTML."""
    return escape(text) if text else None


def spelled(body: str) -> str:
    """Return a body as HTML that is read well also where captions are unknown, as by newsboat (2.36) and most text browsers.

    There a caption goes on in the line of its picture, or in the first row of its table, but for a break between them.
    At the end of a line a break is nothing to see for all others, and is left out when it is read.
    """
    written = markup.to_html(body)
    return _CAPTIONED.sub(r"\1<br>", written) if "caption" in written else written


def plain(content: str | None) -> str | None:
    """Return HTML as one line of plain text."""
    if not content or not _MARKED.search(content):
        return line(markup.unescape(content or ""))  # the same, without a parser
    return line(markup.to_text(markup.clean(content)))


def text_of(element: Element, path: str) -> str | None:
    """Return the text of the first element at `path` on one line, without tags that should have been escaped."""
    found = element.find(path)
    return None if found is None else _said(found)


Children = Mapping[str, list[Element]]
"""The elements in another one by their names."""


def children(element: Element) -> Children:
    """Return the elements in an element by their names, those of one name in their order: to look each up takes much longer."""
    found: dict[str, list[Element]] = {}
    for each in element.iterchildren("*"):
        found.setdefault(each.tag, []).append(each)
    return found


def text_in(kids: Children, name: str) -> str | None:
    """Return the text of the first child of a name on one line, without tags that should have been escaped."""
    found = kids.get(name)
    return _said(found[0]) if found else None


def raw_in(kids: Children, name: str) -> str | None:
    """Return the text of the first child of a name as it is, `None` when there is no such child."""
    found = kids.get(name)
    return found[0].text or "" if found else None


def _said(element: Element) -> str | None:
    return line("".join(map(str, element.itertext())) if len(element) else element.text)


class Repaired:
    """Makes the bodies of a feed, and collects what is put right in them, to be told once for each kind."""

    def __init__(self) -> None:
        self._found: dict[str, tuple[markup.Repair, int, str]] = {}

    def body_of(self, element: Element, base: str) -> str:
        """Return the body that an element holds, as HTML that is escaped or, in some feeds, is not."""
        return self.body(element if len(element) else element.text or "", base, line=line_of(element))

    def body(self, source: str | Element, base: str, *, line: int = 0, pointer: str = "") -> str:
        """Return the body made of a text; `line` or `pointer` is where that is."""
        made, repairs = _known(source, base) if isinstance(source, str) and len(source) < _REMEMBERED else markup.mended(source, base)
        for each in repairs:
            first, at, inside = self._found.get(each.kind, (replace(each, count=0), line, pointer))
            self._found[each.kind] = replace(first, count=first.count + each.count), at, inside
        return made

    def problems(self) -> tuple[Problem, ...]:
        """Return a problem for each kind, where the first of it is."""
        return tuple(repair.problem(line, pointer) for repair, line, pointer in self._found.values())


_REMEMBERED = 100_000
"""Characters of a text that is remembered: an article is in several feeds, and each is read back."""
_known = lru_cache(maxsize=128)(markup.mended)


def web(address: str | None) -> str | None:
    """Return the address when it is one of the web: readers fetch what media elements name."""
    return address if address and address.startswith(("http://", "https://")) else None


def kind_of(medium: str | None) -> str:
    """Return which of `MEDIA_TYPES` a medium or a media type stands for: `audio`, `video/mp4`."""
    return MEDIUMS.get((medium or "").partition("/")[0], "MediaObject")


def recording(address: str, kind: str | None) -> Media:
    """Return the recording at `address`, by its media type."""
    return Media(content_url=address, type=kind_of(kind), encoding_format=None if kind == UNTYPED else kind)


def line_of(element: Element) -> int:
    """Return the line on which the element starts, 0 when it is not known."""
    return int(str(element.sourceline or 0))


def add(parent: Element, tag: str, text: str | None = None, attributes: Mapping[str, str | None] | None = None) -> Element | None:
    """Add an element with a text, attributes, or both; nothing when all of them are absent."""
    present = {name: value for name, value in (attributes or {}).items() if value is not None}
    if text is None and not present:
        return None
    element = etree.SubElement(parent, tag, present)
    element.text = text
    return element


# -- the lossless element -------------------------------------------------------------------------------------------------


def merged(element: Element, native: schema.AnyModel) -> schema.AnyModel:
    """Return `native` with what the element's lossless child adds."""
    if not (text := element.findtext(f"{SCHEMA}{_rest_name(native)}")):
        return native
    try:
        given = schema.from_text(text)
    except Unreadable:  # somebody else's use of the name
        return native
    return schema.merge(native, given) if isinstance(given, dict) else native


def _rest_name(value: schema.Model) -> str:
    return "Periodical" if isinstance(value, Publication) else "NewsArticle"


# -- module elements read -------------------------------------------------------------------------------------------------


def extras(entry: Element, kids: Children, atom: str, base: str = "") -> dict[str, Any]:
    """Return the fields of an Article that the elements of `extend` say; `base` is for addresses without xml:base."""
    contents = list(entry.iter(f"{MEDIA}content"))
    links: dict[str | None, list[Element]] = {}
    for each in kids.get(f"{atom}link", ()):
        links.setdefault(each.get("rel"), []).append(each)
    return {
        "alternative_headline": text_in(kids, f"{DCTERMS}alternative"),
        "content_location": _places(kids),
        "is_based_on": next(_hrefs(links.get("via", ()), base), None),
        "license": next(_hrefs(links.get("license", ()), base), None) or url(raw_in(kids, f"{CREATIVE_COMMONS}license")),
        "citation": tuple(_linked(links.get("related", ()), base)),
        "translations": tuple(_linked(links.get(TRANSLATION, ()), base)),
        "image": tuple(image for each in contents if _is_image(each) and (image := _read_image(each, base))),
        "associated_media": tuple(media for each in contents if not _is_image(each) and (media := _read_recording(each, base))),
    }


def _places(kids: Children) -> tuple[Place, ...]:
    name = text_in(kids, f"{DCTERMS}spatial") or text_in(kids, f"{GEORSS}featurename")
    if not name:
        return ()
    found = schema.load_object({"name": name, **_point(raw_in(kids, f"{GEORSS}point") or "")}, Place)
    return (found,) if found else ()


def _point(text: str) -> schema.JsonObject:
    numbers = text.replace(",", " ").split()
    return {"latitude": numbers[0], "longitude": numbers[1]} if len(numbers) == 2 else {}


def _hrefs(links: Iterable[Element], base: str) -> Iterator[str]:
    for each in links:
        if found := resolve(each, each.get("href"), base):
            yield found


def _linked(links: Iterable[Element], base: str) -> Iterator[Link]:
    for each in links:
        if found := resolve(each, each.get("href"), base):
            yield Link(url=found, name=line(each.get("title")), in_language=language(each.get("hreflang")))


def _is_image(content: Element) -> bool:
    kind = (content.get("type") or "").partition("/")[0]
    return content.get("medium", kind) == "image"


def _read_image(content: Element, base: str) -> Image | None:
    address, kids = resolve(content, content.get("url"), base), children(content)
    return (
        address
        and Image(
            content_url=address,
            encoding_format=media_type(content.get("type")),
            width=integer(content.get("width")) or None,
            height=integer(content.get("height")) or None,
            content_size=integer(content.get("fileSize")) or None,
            caption=described(kids, _CAPTION),
            description=described(kids, _ALTERNATIVE),
            credit_text=described(kids, _CREDIT),
            license=_licence(kids),
        )
    ) or None


def _read_recording(content: Element, base: str) -> Media | None:
    address, kind, kids = resolve(content, content.get("url"), base), media_type(content.get("type")), children(content)
    return (
        address
        and Media(
            content_url=address,
            type=kind_of(content.get("medium") or kind),
            encoding_format=kind,
            content_size=integer(content.get("fileSize")) or None,
            duration=integer(content.get("duration")),
            name=described(kids, _ALTERNATIVE),
            description=described(kids, _CAPTION),
            credit_text=described(kids, _CREDIT),
            license=_licence(kids),
        )
    ) or None


def described(kids: Children, name: str) -> str | None:
    """Return what `media:title`, `media:description` or `media:credit` says of a medium, or of all in an item."""
    element = next(iter(kids.get(f"{MEDIA}{name}", ())), None)
    if element is None:
        return None
    return plain(element.text) if element.get("type") == "html" else line(element.text)


def _licence(kids: Children) -> str | None:
    element = next(iter(kids.get(f"{MEDIA}{_RIGHTS}", ())), None)
    return url(element.get("url")) if element is not None else None


def integer(value: str | None) -> int | None:
    """Return the whole number from 0 up that a text is."""
    return int(value) if value and value.isascii() and value.isdigit() and len(value) < 16 else None


def modules(native: Article, found: Mapping[str, Any]) -> Article:
    """Return `native` with the fields that `extras` found, where it has none of its own."""
    return replace(native, **{name: value for name, value in found.items() if value and not getattr(native, name)})


def enclosed(fields: dict[str, Any], found: Iterable[tuple[str | None, str | None]]) -> dict[str, Any]:
    """Return the fields of an Article with the media at these addresses, with their types, where `fields` has none of their sort."""
    known = {each.content_url for name in ("image", "associated_media") for each in fields[name]}
    new = [(address, kind) for address, kind in dict(found).items() if address and address not in known]
    if not new:
        return fields
    pictures = tuple(Image(content_url=address, encoding_format=kind) for address, kind in new if is_picture(kind))
    recordings = tuple(recording(address, kind) for address, kind in new if not is_picture(kind))
    return {**fields, "image": fields["image"] or pictures, "associated_media": fields["associated_media"] or recordings}


def is_picture(kind: str | None) -> bool:
    """Return whether a media type is that of a picture."""
    return (kind or "").startswith("image/")


def organization(name: str | None) -> Organization | None:
    """Return the organization that a bare name of a publisher stands for."""
    return Organization(name=name) if name else None
