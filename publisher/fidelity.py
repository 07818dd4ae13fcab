"""What each format carries, measured: an article with every field is written, once as it is and once without one field.

What differs between the two are the elements that carry the field; nothing here is typed by hand.
"""

from __future__ import annotations

import json
import re
import zipfile
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import MISSING, fields, replace
from datetime import UTC, date, datetime
from io import BytesIO
from typing import Any

from lxml import etree

from publisher.article import Article, Correction, Image, Link, Media, Organization, Person, Place, Publication
from publisher.cleaner import local_name
from publisher.formats import Writer
from publisher.markup import Element, parse_html, parse_xml
from publisher.places import name_of

__all__ = ["LOST", "NATIVE", "PARTLY", "ROUTE", "elements", "marks", "native"]

NATIVE, PARTLY, ROUTE, LOST = "●", "◐", "○", "–"

_PUBLICATION = Publication(identifier="https://lantern.example/", name="The Lantern", url="https://lantern.example/")
_SAMPLE = Article(
    identifier="tag:lantern.example,2026:lighthouse",
    headline="The keeper’s last winter",
    type="ReportageNewsArticle",
    url="https://lantern.example/articles/lighthouse.html",
    alternative_headline="A light goes out",
    description="After 140 years the lamp is switched off.",
    body="<p>The <em>lamp</em> turned.</p><ul><li>one</li></ul>",
    article_section="Harbour",
    keywords=("lighthouses",),
    dateline="ELLERY QUAY",
    content_location=(Place(name="Ellery Quay", latitude=54.5, longitude=-1.2), Place(name="Northlight")),
    in_language="en",
    date_published=date(2026, 11, 20),
    date_modified=datetime(2026, 11, 21, 9, 30, tzinfo=UTC),
    author=(Person(name="Ines Calloway", url="https://lantern.example/people/ines"), Organization(name="Northlight Wire")),
    editor=(Person(name="Judith Amory"),),
    contributor=(Person(name="Tobias Wren"),),
    publisher=Organization(name="The Lantern Press"),
    image=(
        Image(content_url="https://lantern.example/media/a.jpg", caption="The lamp", credit_text="Ines Calloway", description="A lamp"),
    ),
    associated_media=(
        Media(content_url="https://lantern.example/media/a.mp3", type="AudioObject", encoding_format="audio/mpeg", duration=18),
    ),
    citation=(Link(url="https://lantern.example/articles/bells.html", name="Bells"),),
    is_based_on="https://northlight.example/lighthouse",
    translations=(Link(url="https://lantern.example/articles/leuchtturm.html", in_language="de"),),
    corrections=(Correction(text="The lamp is older.", date_published=date(2026, 11, 21)),),
    license="https://creativecommons.org/licenses/by/4.0/",
    copyright_notice="© 2026 The Lantern Press",
    copyright_holder=Organization(name="The Lantern Press"),
    copyright_year=2026,
    is_accessible_for_free=True,
)
_SCHEMA = "{https://schema.org/}"
_TOLD_APART = ("rel", "property", "name", "scheme", "domain", "class", "refines")
"""Attributes that say which of several elements of one name is meant."""

Leaves = Counter[tuple[str, str]]
"""What a document says, as pairs of the name of an element or a key, and its value."""


def marks(module: Writer) -> dict[str, str]:
    """Return for each field of an article whether the format carries it: one of the four marks."""
    publication = replace(_PUBLICATION, articles=(_SAMPLE,))
    body = module.write(publication)
    (full,) = module.read(body).publication.articles
    (bare,) = module.read(native(module, body)).publication.articles
    return {each.name: _mark(each.default, *(getattr(article, each.name) for article in (_SAMPLE, full, bare))) for each in fields(Article)}


def _mark(absent: object, sample: object, full: object, bare: object) -> str:
    if full != sample:
        return LOST
    return NATIVE if bare == sample else ROUTE if bare == absent else PARTLY


def native(module: Writer, body: bytes) -> bytes:
    """Return a document of ours without its lossless element, as if another program had written it."""
    return _STRIP[module.NAME](body) if module.NAME in _STRIP else body


def _without_schema_elements(body: bytes) -> bytes:
    root = etree.fromstring(body)
    for element in list(root.iter(f"{_SCHEMA}*")):
        parent = element.getparent()
        if parent is not None:
            parent.remove(element)
    return etree.tostring(root)


def _without_extension(body: bytes) -> bytes:
    feed = json.loads(body)
    for members in (feed, *feed["items"]):
        members.pop("_schema", None)
    return json.dumps(feed).encode()


def _without_description(body: bytes) -> bytes:
    item = json.loads(body)
    item["descriptions"] = [each for each in item["descriptions"] if each.get("contentType") != "application/ld+json"]
    return json.dumps(item).encode()


def _without_meta(body: bytes) -> bytes:
    root = etree.fromstring(body)
    for meta in root.findall("{*}head/{*}meta"):
        head = meta.getparent()
        if head is not None and (meta.get("name") or "").startswith("schema:"):
            head.remove(meta)
    return etree.tostring(root)


_STRIP: Mapping[str, Callable[[bytes], bytes]] = {
    "rss": _without_schema_elements,
    "atom": _without_schema_elements,
    "jsonfeed": _without_extension,
    "newsml": _without_schema_elements,
    "nitf": _without_meta,
    "ninjs": _without_description,
}


def elements(module: Writer) -> dict[str, tuple[str, ...]]:
    """Return for each field of an article the names of what carries it in the format, the lossless element left out."""
    whole = _leaves(module, _SAMPLE)
    found = {}
    for field in fields(Article):
        other = _leaves(module, _without(field.name))
        found[field.name] = _summed(name for name, _ in (*(whole - other), *(other - whole)) if name)
    return found


def _summed(names: Iterable[str]) -> tuple[str, ...]:
    """Return the names, those of attributes together with their element: `enclosure (url, type)`."""
    found: dict[str, dict[str, None]] = {}
    for name in names:
        element, _, attribute = name.partition("\0")
        found.setdefault(element, {}).update({attribute: None} if attribute else {})
    return tuple(f"{element} ({', '.join(attributes)})" if attributes else element for element, attributes in found.items())


def _without(name: str) -> Article:
    """Return the article without a field, or with another value where every article has one."""
    field = next(each for each in fields(Article) if each.name == name)
    absent: Any = f"{getattr(_SAMPLE, name)}2" if field.default is MISSING else field.default
    return replace(_SAMPLE, **{name: absent})


def _leaves(module: Writer, article: Article) -> Leaves:
    body = native(module, module.write(replace(_PUBLICATION, articles=(article,))))
    return Counter(_READERS[module.NAME](body))


def _in_xml(body: bytes, apart: Collection[str] = _TOLD_APART) -> Iterator[tuple[str, str]]:
    root = parse_xml(body)
    for element in root.iter("*"):
        name = _name(element, apart)
        yield name, " ".join((element.text or "").split())
        yield from ((f"{name}\0{str(key).rpartition('}')[2]}", str(value)) for key, value in element.items() if key not in apart)


def _in_nitf(body: bytes) -> Iterator[tuple[str, str]]:
    yield from _in_xml(body, ("class",))  # names are those of people there


def _name(element: Element, told_apart: Iterable[str] = _TOLD_APART) -> str:
    """Return what an element is called, with what it is inside when that is not the entry itself, and what tells it apart."""
    parent = element.getparent()
    inside = f"{name_of(parent)}/" if parent is not None and local_name(parent) in _CONSTRUCTS else ""
    apart = next((f"[{key}={element.get(key)}]" for key in told_apart if element.get(key)), "")
    return f"{inside}{name_of(element)}{apart}"


_CONSTRUCTS = frozenset(("author", "contributor", "content", "image", "group"))


def _in_json(body: bytes) -> Iterator[tuple[str, str]]:
    yield from _values(json.loads(body), "")


def _values(value: object, name: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            if not key.startswith("_"):
                yield from _values(inner, f"{name}.{key}" if name else key)
    elif isinstance(value, list):
        for inner in value:
            yield from _values(inner, f"{name}[]")
    else:
        yield name.removeprefix("items[].").removeprefix("articles[].").removesuffix("[]"), json.dumps(value)


def _in_linked(body: bytes) -> Iterator[tuple[str, str]]:
    document = json.loads(body)
    (article, *_) = document.get("@graph", [document])
    yield from ((re.split(r"[.\[]", name)[0], value) for name, value in _values(article, ""))


def _in_html(body: bytes) -> Iterator[tuple[str, str]]:
    for element in parse_html(body).iter("meta", "link", "time", "figure", "h1", "p", "div", "script"):
        if element.tag == "div" and "body" not in (element.get("class") or "").split():
            continue  # it has the others inside
        if element.get("type") == "application/ld+json":
            yield from ((f"JSON-LD {name}", value) for name, value in _in_linked((element.text or "").encode()))
        elif element.get("class") or element.get("name") or element.get("property") or element.get("rel"):
            values = (str(element.get(key) or "") for key in ("content", "href", "datetime"))
            yield _name(element), " ".join((*values, *(str(each) for each in element.itertext())))


def _in_book(body: bytes) -> Iterator[tuple[str, str]]:
    with zipfile.ZipFile(BytesIO(body)) as book:
        for path in book.namelist():
            if path.endswith(".opf"):
                yield from ((name, value) for name, value in _in_xml(book.read(path)) if name.startswith(("dc:", "meta")))
            elif path.endswith(".xhtml") and b"ld+json" in book.read(path):
                yield from ((name, value) for name, value in _in_html(book.read(path)) if name.startswith(("JSON-LD", "div")))


_READERS: Mapping[str, Callable[[bytes], Iterator[tuple[str, str]]]] = {
    "rss": _in_xml,
    "atom": _in_xml,
    "newsml": _in_xml,
    "nitf": _in_nitf,
    "jsonfeed": _in_json,
    "ninjs": _in_json,
    "spelling": _in_json,
    "newsarticle": _in_linked,
    "webpage": _in_html,
    "epub": _in_book,
}
