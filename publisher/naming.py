"""What the files of a site name: the addresses in pages, style sheets, linked data, feeds, lists of feeds, catalogues, and in what
hosts and crawlers read.

Only what leads somewhere: a namespace, an identifier or a hub is no address that a file has to stand at.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from sys import intern
from typing import Any

from publisher.markup import Element, parse_xml
from publisher.places import line_of
from publisher.problems import PublisherError

__all__ = ["LINKED_DATA", "Reference", "in_file", "in_page"]

LINKED_DATA = "JSON-LD"
_SHOWN = ("href", "src", "poster", "data", "action")
_ELEMENTS = "a area img source audio video track script link iframe embed object form meta style".split()
_NOT_FOLLOWED = frozenset("canonical preconnect dns-prefetch hub pingback webmention shortlink".split())
"""Relations of links that lead to no file, and `canonical`, which has a rule of its own."""
_PICTURES = frozenset(("og:image", "og:image:url", "og:audio", "og:video", "twitter:image"))
_URL_IN_CSS = re.compile(r"""url\(\s*(?:"([^"]*)"|'([^']*)'|([^()"'\s]+))\s*\)|@import\s+["']([^"']+)["']""")
_CSS_COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)", re.DOTALL)
# Each of these reads a text once, whatever is in it: nothing is tried again from every place on.
_CANDIDATE = re.compile(r"[^ \t\n\f\r,][^ \t\n\f\r]*")
_DESCRIPTORS = re.compile(r"(?:[^,(]|\([^)]*(?:\)|\Z))*,?")
_LINKED_NAMES = frozenset(("@id", "url", "item", "contentUrl", "thumbnailUrl"))
_JSON_NAMES = frozenset(("href", "url", "next_url", "feed_url", "home_page_url", "icon", "favicon", "thumbnail_url"))
_IN_LINK_FIELD = re.compile(r"<([^<>]+)>\s*;\s*rel=\"?([\w-]+)")
_OPML = ("xmlUrl", "htmlUrl", "url")
_DEEPEST = 100


@dataclass(frozen=True, slots=True)
class Reference:
    """An address as a file names it."""

    url: str
    """As it is written: it may be relative."""
    element: str
    """What names it: the name of an element, `JSON-LD`, a field."""
    line: int = 0


# -- pages ----------------------------------------------------------------------------------------------------------------


def in_page(root: Element) -> tuple[Reference, ...]:
    """Return what a page names, each address once for each kind of element; feeds that it announces have a rule of their own."""
    found: dict[tuple[str, str], Reference] = {}
    for element in root.iter(*_ELEMENTS):
        for url in _of_element(element):
            key = (intern(url.strip()), LINKED_DATA if element.get("type") == "application/ld+json" else intern(str(element.tag)))
            if key not in found:
                found[key] = Reference(*key, line_of(element))
    return tuple(found.values())


def _of_element(element: Element) -> Iterator[str]:
    name = str(element.tag)
    if name == "style":
        yield from in_css(element.text or "")
    elif name == "meta":
        if (element.get("property") or element.get("name")) in _PICTURES:
            yield element.get("content") or ""
    elif element.get("type") == "application/ld+json":
        yield from _in_linked_data(element.text or "")
    elif name != "link" or _is_followed(element):
        yield from (value for attribute in _SHOWN if (value := element.get(attribute)))
        for attribute in ("srcset", "imagesrcset"):
            yield from _candidates(element.get(attribute) or "")


def _candidates(srcset: str) -> Iterator[str]:
    """Yield the addresses in a `srcset` (HTML, 4.8.4.2.1): commas may be inside them, and inside the brackets of what follows."""
    place = 0
    while found := _CANDIDATE.search(srcset, place):
        url, place = found[0], found.end()
        if not url.endswith(",") and (after := _DESCRIPTORS.match(srcset, place)):
            place = after.end()
        yield url.rstrip(",")


def _is_followed(link: Element) -> bool:
    relations = set((link.get("rel") or "").lower().split())
    is_feed = "alternate" in relations and (link.get("type") or "").endswith(("rss+xml", "atom+xml", "feed+json"))
    return bool(relations) and not relations & _NOT_FOLLOWED and not is_feed


def in_css(text: str) -> Iterator[str]:
    """Yield the addresses in a style sheet; what is inside it (`data:`) and what is in the page (`#`) is none."""
    for found in _URL_IN_CSS.findall(_CSS_COMMENT.sub("", text)):
        url = next(filter(None, found), "")
        if url and not url.startswith(("data:", "#")):
            yield url


def _in_linked_data(text: str) -> Iterator[str]:
    try:
        yield from _values(json.loads(text), _LINKED_NAMES)
    except (ValueError, RecursionError):
        return  # its own rules say so


def _values(document: Any, names: frozenset[str]) -> Iterator[str]:
    """Yield the addresses under some names, level by level."""
    level = [document]
    for _ in range(_DEEPEST):
        inside: list[Any] = []
        for each in level:
            if isinstance(each, dict):
                yield from (value for name, value in each.items() if name in names and isinstance(value, str))
                inside += each.values()
            elif isinstance(each, list):
                inside += each
        if not (level := [each for each in inside if isinstance(each, dict | list)]):
            return


# -- other files ----------------------------------------------------------------------------------------------------------


def in_file(path: str, body: bytes) -> tuple[Reference, ...]:
    """Return what a file that is no page names; of feeds what stands before their entries, since articles and media have rules."""
    name, ending = path.rpartition("/")[2], path.rpartition(".")[2].lower()
    try:
        if ending in ("atom", "rss", "xml", "opml"):
            return tuple(_in_xml(parse_xml(body)))
        text = body.decode()
        if ending == "css":
            return tuple(Reference(each, "style sheet") for each in in_css(text))
        if ending in ("json", "jsonld"):
            document = json.loads(text)
            return tuple(Reference(each, LINKED_DATA if ending == "jsonld" else "JSON") for each in _in_json(document, ending))
        if name in ("_headers", "_redirects", "robots.txt"):
            return tuple(_in_lines(name, text))
    except (PublisherError, ValueError, RecursionError):
        pass  # its own rules say so
    return ()


def _in_xml(root: Element) -> Iterator[Reference]:
    for element, url in _links(root):
        if url:
            yield Reference(intern(url), _local(element), line_of(element))


def _links(root: Element) -> Iterator[tuple[Element, str | None]]:
    kind = _local(root)
    if kind == "opml":
        yield from ((each, each.get(name)) for each in root.iter("outline") for name in _OPML)
    elif kind in ("feed", "rss", "RDF"):
        links = [each for each in root.iter("{*}link") if each.get("rel") not in _NOT_FOLLOWED]
        is_catalogue = any("opds" in f"{each.get('type')} {each.get('rel')}" for each in links)
        yield from ((each, each.get("href")) for each in links if is_catalogue or not _in_entry(each))


def _local(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _in_entry(element: Element) -> bool:
    parent = element.getparent()
    return parent is not None and _local(parent) not in ("feed", "channel", "rss", "RDF")


def _in_json(document: Any, ending: str) -> Iterator[str]:
    if ending == "jsonld":
        yield from _values(document, _LINKED_NAMES)
    elif isinstance(document, dict):
        # What is in a JSON Feed, or in our JSON, are articles; all of a catalogue (OPDS 2.0) are links.
        yield from _values({name: each for name, each in document.items() if name not in ("items", "hubs", "articles")}, _JSON_NAMES)


def _in_lines(name: str, text: str) -> Iterator[Reference]:
    for number, line in enumerate(text.splitlines(), 1):
        words = line.split()
        if name == "robots.txt" and words and words[0].lower() == "sitemap:":
            yield Reference(words[-1], "Sitemap", number)
        elif (
            name == "_redirects"
            and len(words) > 1
            and not words[0].startswith("#")
            and not re.search(r"[:*]\w*", words[1].partition("://")[2] or words[1])
        ):
            yield Reference(words[1], "redirect", number)
        elif name == "_headers" and words and words[0].lower() == "link:":
            yield from (Reference(url, "Link", number) for url, relation in _IN_LINK_FIELD.findall(line) if relation not in _NOT_FOLLOWED)
