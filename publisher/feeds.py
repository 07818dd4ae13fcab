"""What RSS and Atom share: namespaces, the module elements inside an item or entry, and the lossless element.

Native elements come first; what no element can hold is one `schema:NewsArticle` (in the channel `schema:Periodical`)
without attributes whose text is JSON-LD: feedparser gives an element back only when it has no attributes,
and the W3C validator knows the namespace. It holds just the difference: the writer reads back what it has written.

Modules: Media RSS 1.5.1, DCMI Metadata Terms, GeoRSS-Simple, creativeCommons RSS module, RFC 4287 links (all read 2026-11-23).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, time
from typing import Any

from lxml import etree

from publisher import markup, schema
from publisher.article import Article, Date, Image, Link, Media, Organization, Place, Publication
from publisher.markup import Element
from publisher.problems import Unreadable
from publisher.text import escape, language, line, media_type, url

__all__ = [
    "ATOM",
    "CONTENT",
    "DC",
    "EPOCH",
    "NAMESPACES",
    "SECTION",
    "XML",
    "add",
    "as_moment",
    "changed",
    "extend",
    "extras",
    "html",
    "line_of",
    "merged",
    "modules",
    "newest",
    "organization",
    "plain",
    "text_of",
    "write_rest",
]

ATOM = "{http://www.w3.org/2005/Atom}"
CONTENT = "{http://purl.org/rss/1.0/modules/content/}"
DC = "{http://purl.org/dc/elements/1.1/}"
DCTERMS = "{http://purl.org/dc/terms/}"
MEDIA = "{http://search.yahoo.com/mrss/}"
GEORSS = "{http://www.georss.org/georss}"
CREATIVE_COMMONS = "{http://backend.userland.com/creativeCommonsRssModule}"
SCHEMA = "{https://schema.org/}"
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
_MEDIUMS = {"audio": "AudioObject", "video": "VideoObject"}
_ALTERNATIVE, _CAPTION, _CREDIT, _RIGHTS = "title", "description", "credit", "copyright"


# -- values ---------------------------------------------------------------------------------------------------------------


def as_moment(value: Date) -> datetime:
    """Return the moment, or the first moment of the day in UTC."""
    return value if isinstance(value, datetime) else datetime.combine(value, time(), UTC)


def newest(publication: Publication) -> datetime:
    """Return when the publication last changed: as it says, or by its newest article; `EPOCH` when nothing says so."""
    if publication.date_modified:
        return as_moment(publication.date_modified)
    return max((as_moment(each) for article in publication.articles if (each := changed(article))), default=EPOCH)


def changed(article: Article) -> date | None:
    """Return when the article last changed, as far as it says."""
    return article.date_modified or article.date_published


def html(text: str | None) -> str | None:
    """Return plain text as HTML, for elements that readers take for HTML."""
    return escape(text) if text else None


def plain(content: str | None) -> str | None:
    """Return HTML as one line of plain text."""
    return line(markup.to_text(markup.clean(content))) if content else None


def text_of(element: Element, path: str) -> str | None:
    """Return the text of the first element at `path` on one line."""
    return line(element.findtext(path))


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


def write_rest(element: Element, value: schema.Model, native: schema.Model) -> None:
    """Add what `value` has beyond `native`, which is what the element's other children say."""
    if rest := schema.rest(value, native):
        add(element, f"{SCHEMA}{_rest_name(value)}", schema.to_text(rest, indent=None))


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


# -- module elements of an item or entry, written -------------------------------------------------------------------------


def extend(entry: Element, article: Article, atom: str) -> None:
    """Add the module elements that are the same in an RSS item and an Atom entry.

    `atom` is the namespace of Atom's own elements as the tree has it. Media go last, since some readers take
    the first description they meet for the text.
    """
    add(entry, f"{DCTERMS}alternative", article.alternative_headline)
    for place in article.content_location[:1]:
        _place(entry, place)
    for attributes in _links(article):
        add(entry, f"{atom}link", attributes=attributes)
    for number, image in enumerate(article.image):
        _image(entry, image, first=number == 0)
    for media in article.associated_media:
        _recording(entry, media)


def _place(entry: Element, place: Place) -> None:
    add(entry, f"{DCTERMS}spatial", place.name)
    if place.latitude is not None and place.longitude is not None:
        add(entry, f"{GEORSS}point", f"{_degrees(place.latitude)} {_degrees(place.longitude)}")


def _degrees(value: float) -> str:
    return f"{value:.6f}".rstrip("0").rstrip(".")


def _links(article: Article) -> Iterator[dict[str, str | None]]:
    if article.is_based_on:
        yield {"rel": "via", "href": article.is_based_on}
    if article.license:
        yield {"rel": "license", "href": article.license}
    for rel, links in (("related", article.citation), (TRANSLATION, article.translations)):
        for each in links:
            if each.url:
                yield {"rel": rel, "href": each.url, "hreflang": each.in_language, "title": each.name}


def _image(entry: Element, image: Image, *, first: bool) -> None:
    if not image.content_url:
        return
    attributes = {
        "url": image.content_url,
        "type": image.encoding_format,
        "medium": "image",
        "fileSize": _number(image.content_size),
        "width": _number(image.width),
        "height": _number(image.height),
        "isDefault": "true" if first else None,
    }
    content = add(entry, f"{MEDIA}content", attributes=attributes)
    assert content is not None
    _describe(content, image.description, image.caption, image.credit_text, image.license)


def _recording(entry: Element, media: Media) -> None:
    attributes = {
        "url": media.content_url,
        "type": media.encoding_format,
        "medium": next((medium for medium, kind in _MEDIUMS.items() if kind == media.type), None),
        "fileSize": _number(media.content_size),
        "duration": _number(media.duration),
    }
    content = add(entry, f"{MEDIA}content", attributes=attributes)
    assert content is not None
    _describe(content, media.name, media.description, media.credit_text, media.license)


def _describe(content: Element, title: str | None, caption: str | None, credit: str | None, license_url: str | None) -> None:
    add(content, f"{MEDIA}title", title, {"type": "plain"} if title else None)
    add(content, f"{MEDIA}description", caption, {"type": "plain"} if caption else None)
    add(content, f"{MEDIA}credit", credit)
    add(content, f"{MEDIA}copyright", attributes={"url": license_url})


def _number(value: int | None) -> str | None:
    return None if value is None else str(value)


# -- module elements read -------------------------------------------------------------------------------------------------


def extras(entry: Element, atom: str) -> dict[str, Any]:
    """Return the fields of an Article that the elements of `extend` say."""
    contents = list(entry.iter(f"{MEDIA}content"))
    links = entry.findall(f"{atom}link")
    return {
        "alternative_headline": text_of(entry, f"{DCTERMS}alternative"),
        "content_location": _places(entry),
        "is_based_on": next(_hrefs(links, "via"), None),
        "license": next(_hrefs(links, "license"), None) or url(entry.findtext(f"{CREATIVE_COMMONS}license")),
        "citation": tuple(_linked(links, "related")),
        "translations": tuple(_linked(links, TRANSLATION)),
        "image": tuple(image for each in contents if _is_image(each) and (image := _read_image(each))),
        "associated_media": tuple(media for each in contents if not _is_image(each) and (media := _read_recording(each))),
    }


def _places(entry: Element) -> tuple[Place, ...]:
    name = text_of(entry, f"{DCTERMS}spatial") or text_of(entry, f"{GEORSS}featurename")
    if not name:
        return ()
    found = schema.load_object({"name": name, **_point(entry.findtext(f"{GEORSS}point") or "")}, Place)
    return (found,) if found else ()


def _point(text: str) -> schema.JsonObject:
    numbers = text.replace(",", " ").split()
    return {"latitude": numbers[0], "longitude": numbers[1]} if len(numbers) == 2 else {}


def _hrefs(links: Iterable[Element], rel: str) -> Iterator[str]:
    for each in links:
        if each.get("rel") == rel and (found := url(each.get("href"))):
            yield found


def _linked(links: Iterable[Element], rel: str) -> Iterator[Link]:
    for each in links:
        if each.get("rel") == rel and (found := url(each.get("href"))):
            yield Link(url=found, name=line(each.get("title")), in_language=language(each.get("hreflang")))


def _is_image(content: Element) -> bool:
    kind = (content.get("type") or "").partition("/")[0]
    return content.get("medium", kind) == "image"


def _read_image(content: Element) -> Image | None:
    address = url(content.get("url"))
    return (
        address
        and Image(
            content_url=address,
            encoding_format=media_type(content.get("type")),
            width=_integer(content.get("width")),
            height=_integer(content.get("height")),
            content_size=_integer(content.get("fileSize")),
            caption=_described(content, _CAPTION),
            description=_described(content, _ALTERNATIVE),
            credit_text=_described(content, _CREDIT),
            license=_licence(content),
        )
    ) or None


def _read_recording(content: Element) -> Media | None:
    address, kind = url(content.get("url")), media_type(content.get("type"))
    medium = content.get("medium") or (kind or "").partition("/")[0]
    return (
        address
        and Media(
            content_url=address,
            type=_MEDIUMS.get(medium, "MediaObject"),
            encoding_format=kind,
            content_size=_integer(content.get("fileSize")),
            duration=_integer(content.get("duration")),
            name=_described(content, _ALTERNATIVE),
            description=_described(content, _CAPTION),
            credit_text=_described(content, _CREDIT),
            license=_licence(content),
        )
    ) or None


def _described(content: Element, name: str) -> str | None:
    element = content.find(f"{MEDIA}{name}")
    if element is None:
        return None
    return plain(element.text) if element.get("type") == "html" else line(element.text)


def _licence(content: Element) -> str | None:
    element = content.find(f"{MEDIA}{_RIGHTS}")
    return url(element.get("url")) if element is not None else None


def _integer(value: str | None) -> int | None:
    return int(value) if value and value.isascii() and value.isdigit() and len(value) < 16 else None


def modules(native: Article, found: Mapping[str, Any]) -> Article:
    """Return `native` with the fields that `extras` found, where it has none of its own."""
    return replace(native, **{name: value for name, value in found.items() if value and not getattr(native, name)})


def organization(name: str | None) -> Organization | None:
    """Return the organization that a bare name of a publisher stands for."""
    return Organization(name=name) if name else None
