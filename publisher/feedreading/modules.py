"""What the modules of feeds say of an item or an entry beyond what we write ourselves, as fields of an article.

Read 2026-11-26: Dublin Core and DCMI terms, Media RSS 1.5.1, Apple's podcast RSS (itunes), the Podcast Namespace 1.0, GeoRSS (Simple
and GML), W3C Basic Geo, Slash, FeedBurner, Creative Commons (three modules), RFC 4685 (thr).
Whatever the format itself says goes first: `filled` only adds.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any, TypeVar

from publisher import feeds, schema
from publisher.article import Article, Image, Link, Media, Party, Person, Place
from publisher.feedreading import values
from publisher.feedreading.shapes import CC, GEO, ITUNES, PODCAST, RDF, SLASH, THREAD
from publisher.feeds import ATOM, CREATIVE_COMMONS, DC, DCTERMS, GEORSS, MEDIA, resolve
from publisher.markup import Element
from publisher.text import line, url

__all__ = ["Children", "arrange_media", "children", "filled", "first", "licence", "said", "texts"]

Children = Mapping[str, list[Element]]
"""The elements in an item by their names."""

_GML = "{http://www.opengis.net/gml}"
_GOOGLE_PLAY = "{http://www.google.com/schemas/play-podcasts/1.0}"
_PRISM = re.compile(r"\{https?://prismstandard\.org/namespaces/(?:basic/)?[\w./-]*\}")
_GEO_URI = re.compile(r"geo:(-?\d+(?:\.\d+)?),(-?\d+(?:\.\d+)?)")
_MOST_NAMES = 200


def children(item: Element) -> Children:
    """Return the elements in an item by their names, those of one name in their order; what is said of a group of media is said of it."""
    found: dict[str, list[Element]] = {}
    for each in item.iterchildren("*"):
        found.setdefault(each.tag, []).append(each)
    for group in found.get(f"{MEDIA}group", ()):
        for each in group.iterchildren("*"):
            if each.tag != f"{MEDIA}content":
                found.setdefault(each.tag, []).append(each)
    return found


def said(element: Element) -> str | None:
    """Return the text of an element on one line, also of tags in it that should have been escaped."""
    return line("".join(map(str, element.itertext())) if len(element) else element.text)


def texts(kids: Children, *names: str) -> Iterator[str]:
    """Yield what the elements of these names say, those of the first name first."""
    for name in names:
        for each in kids.get(name, ()):
            if found := said(each):
                yield found


def first(kids: Children, *names: str) -> str | None:
    """Return what the first of the elements of these names says."""
    return next(texts(kids, *names), None)


def filled(article: Article, item: Element, kids: Children, base: str = "") -> Article:
    """Return the article with what modules say about it, where the article has nothing; `base` is for addresses without xml:base."""
    article = _with_media(article, item, kids, base)
    place = () if article.content_location else tuple(_places(item, kids))
    people = tuple(_podcasters(kids, base))
    found: dict[str, Any] = {
        "content_location": place,
        "author": tuple(party for party, role in people if role in ("host", "author", "writer")),
        "contributor": tuple(party for party, role in people if role not in ("host", "author", "writer")),
        "article_section": first(kids, f"{SLASH}section") or _of_prism(kids, "section"),
        "license": licence(kids, base),
        "copyright_notice": first(kids, f"{DC}rights", f"{DCTERMS}rights", f"{MEDIA}copyright") or _of_prism(kids, "copyright"),
        "citation": tuple(_answered(kids, base)),
        "alternative_headline": first(kids, f"{DCTERMS}alternative"),
    }
    return replace(feeds.modules(article, found), keywords=_keywords(article.keywords, kids))


def _of_prism(kids: Children, name: str) -> str | None:
    return next((found for each in kids if each.endswith(f"}}{name}") and _PRISM.match(each) for found in texts(kids, each)), None)


def _keywords(own: tuple[str, ...], kids: Children) -> tuple[str, ...]:
    """Return the keywords with those of the modules: of some each element is one, of others one has many, with commas between them."""
    single = (*texts(kids, f"{DC}subject", f"{DCTERMS}subject"), *_labels(kids))
    listed = texts(kids, f"{MEDIA}keywords", f"{ITUNES}keywords")
    many = (found for each in listed for part in each.split(",") if (found := line(part)))
    return tuple(dict.fromkeys((*own, *single, *many)))[: max(_MOST_NAMES, len(own))]


def _labels(kids: Children) -> Iterator[str]:
    for each in kids.get(f"{MEDIA}category", ()):
        if found := line(each.get("label")) or said(each):
            yield found
    for each in kids.get(f"{ITUNES}category", ()):
        yield from (found for inner in each.iter(f"{ITUNES}category") if (found := line(inner.get("text"))))


# -- media ----------------------------------------------------------------------------------------------------------------


_ENDINGS = {
    **dict.fromkeys(("mp3", "mpga"), "audio/mpeg"),
    **dict.fromkeys(("m4a", "m4b"), "audio/mp4"),
    **dict.fromkeys(("ogg", "oga", "opus"), "audio/ogg"),
    **dict.fromkeys(("mp4", "m4v"), "video/mp4"),
    **dict.fromkeys(("jpg", "jpeg"), "image/jpeg"),
    "wav": "audio/wav",
    "webm": "video/webm",
    "mov": "video/quicktime",
    "png": "image/png",
    "gif": "image/gif",
    "webp": "image/webp",
    "pdf": "application/pdf",
}
"""Media types by the endings of addresses, for media without one."""
_SIZES = ("width", "fileSize", "bitrate")


def arrange_media(item: Element) -> int:
    """Give media without a type the one of their ending, and leave one rendition of each in a group; return how many are left out."""
    for each in item.iter("enclosure", f"{MEDIA}content", f"{ATOM}link"):
        address = (each.get("url") or each.get("href") or "").partition("?")[0].partition("#")[0]
        kind = _ENDINGS.get(address.rpartition(".")[2].lower())
        is_medium = each.tag != f"{ATOM}link" or each.get("rel") == "enclosure"
        if kind and is_medium and not each.get("medium") and each.get("type", feeds.UNTYPED).strip() in ("", feeds.UNTYPED):
            each.set("type", kind)
    return sum(_left_out(each) for each in item.iter(f"{MEDIA}group"))


def _left_out(group: Element) -> int:
    """Leave the rendition that a group calls its default, else the largest, of each kind of medium; return how many are gone."""
    kinds: dict[str, list[Element]] = {}
    for each in group.findall(f"{MEDIA}content"):
        kinds.setdefault((each.get("medium") or each.get("type") or "").partition("/")[0], []).append(each)
    gone = 0
    for found in kinds.values():
        best = max(found, key=lambda each: (each.get("isDefault") == "true", *(feeds.integer(each.get(name)) or 0 for name in _SIZES)))
        for each in found:
            if each is not best:
                group.remove(each)
                gone += 1
    return gone


def _with_media(article: Article, item: Element, kids: Children, base: str) -> Article:
    """Return the article with pictures that only the modules name, and its media described by what is said of all of them."""
    credit, rights = _credit(kids), next((url(each.get("url")) for each in kids.get(f"{MEDIA}copyright", ())), None)
    holder = next(iter(kids.get(f"{MEDIA}group", ())), item)
    own, grouped = feeds.children(item), feeds.children(holder)
    name, caption = (feeds.described(own, each) or feeds.described(grouped, each) for each in ("title", "description"))
    pictures = article.image or tuple(_thumbnails(item, kids, base))
    recordings = article.associated_media
    alone = len(pictures) + len(recordings) == 1
    pictures = tuple(
        replace(
            each,
            caption=each.caption or (caption if alone else None),
            description=each.description or (name if alone else None),
            credit_text=each.credit_text or credit,
            license=each.license or rights,
        )
        for each in pictures
    )
    long = values.duration(first(kids, f"{ITUNES}duration"))
    recordings = tuple(
        replace(
            each,
            duration=each.duration or (long if number == 0 else None),
            credit_text=each.credit_text or credit,
            license=each.license or rights,
        )
        for number, each in enumerate(recordings)
    )
    return replace(article, image=tuple(_sized(pictures, kids)), associated_media=tuple(_sized(recordings, kids)))


def _credit(kids: Children) -> str | None:
    return next((found for each in kids.get(f"{MEDIA}credit", ()) if each.get("role") != "author" and (found := said(each))), None)


def _thumbnails(item: Element, kids: Children, base: str) -> Iterator[Image]:
    """Yield the one picture that stands for an item: the largest of its thumbnails, else that of a podcast."""
    small = [each for each in item.iter(f"{MEDIA}thumbnail") if resolve(each, each.get("url"), base)]
    if small:
        best = max(small, key=_width)  # the first of those that are as wide
        height = feeds.integer(best.get("height")) or None
        yield Image(content_url=resolve(best, best.get("url"), base), width=_width(best) or None, height=height)
        return
    for each in (*kids.get(f"{ITUNES}image", ()), *kids.get(f"{_GOOGLE_PLAY}image", ()), *kids.get("image", ())):
        if address := resolve(each, each.get("href") or each.findtext("url") or each.text, base):
            yield Image(content_url=address)
            return


def _width(thumbnail: Element) -> int:
    return feeds.integer(thumbnail.get("width")) or 0


Sized = TypeVar("Sized", Image, Media)


def _sized(media: Iterable[Sized], kids: Children) -> Iterator[Sized]:
    """Yield pictures or recordings with the bytes that enclosures say they have."""
    named = [(each, each.get("url")) for each in kids.get("enclosure", ())] + [
        (each, each.get("href")) for each in kids.get(f"{ATOM}link", ())
    ]
    sizes = {url(address): feeds.integer((each.get("length") or "").strip()) for each, address in named}
    for each in media:
        yield each if each.content_size else replace(each, content_size=sizes.get(each.content_url) or None)


# -- people, places, rights -----------------------------------------------------------------------------------------------


def _podcasters(kids: Children, base: str) -> Iterator[tuple[Party, str]]:
    """Yield who took part by `podcast:person`, and as what."""
    for each in kids.get(f"{PODCAST}person", ()):
        if name := said(each):
            picture = resolve(each, each.get("img"), base)
            image = Image(content_url=picture) if picture else None
            yield Person(name=name, url=resolve(each, each.get("href"), base), image=image), (each.get("role") or "host").strip().lower()


def _places(item: Element, kids: Children) -> Iterator[Place]:
    name = first(kids, f"{DCTERMS}spatial", f"{GEORSS}featureName", f"{GEORSS}featurename", f"{DC}coverage", f"{MEDIA}location")
    for each in kids.get(f"{PODCAST}location", ()):
        name = name or said(each)
    point = _point(item, kids)
    name = name or (f"{point[0]}, {point[1]}" if point else None)
    if name and (found := schema.load_object({"name": name, **({"latitude": point[0], "longitude": point[1]} if point else {})}, Place)):
        yield found


def _point(item: Element, kids: Children) -> tuple[str, str] | None:
    """Return latitude and longitude, in degrees."""
    spelled = [*texts(kids, f"{GEORSS}point")]
    spelled += [said(each) or "" for each in item.iter(f"{_GML}pos")] if f"{GEORSS}where" in kids or f"{_GML}Point" in kids else []
    for holder in (kids, *(children(each) for each in kids.get(f"{GEO}Point", ()))):
        latitude, longitude = first(holder, f"{GEO}lat"), first(holder, f"{GEO}long", f"{GEO}lon")
        spelled += [f"{latitude} {longitude}"] if latitude and longitude else []
    for each in kids.get(f"{PODCAST}location", ()):
        spelled += [f"{found[1]} {found[2]}"] if (found := _GEO_URI.match(each.get("geo") or "")) else []
    for pair in spelled:
        if len(numbers := pair.replace(",", " ").split()) == 2:
            return numbers[0], numbers[1]
    return None


def licence(kids: Children, base: str) -> str | None:
    """Return the address of the licence."""
    for each in (*kids.get(f"{CC}license", ()), *kids.get(f"{CREATIVE_COMMONS}license", ()), *kids.get(f"{DCTERMS}license", ())):
        if found := resolve(each, each.get(f"{RDF}resource") or each.text, base):
            return found
    for each in (*kids.get(f"{MEDIA}license", ()), *kids.get(f"{PODCAST}license", ())):
        if found := url(each.get("href") or each.get("url")):
            return found
    return None


def _answered(kids: Children, base: str) -> Iterator[Link]:
    """Yield what this is an answer to (RFC 4685, 3)."""
    for each in kids.get(f"{THREAD}in-reply-to", ()):
        if address := resolve(each, each.get("href") or each.get("ref"), base):
            yield Link(url=address)
