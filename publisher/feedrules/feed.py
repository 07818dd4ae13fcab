"""A feed in XML as its rules see it: every element by its name, found in one walk."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, KeysView, Sequence
from functools import cache, cached_property
from typing import Any, cast

from lxml import etree

from publisher.feedrules.texts import Html, html_of
from publisher.feeds import ATOM, CONTENT, XML, parse
from publisher.markup import Element
from publisher.places import XmlPlaces
from publisher.problems import Finding, Problem, Rule, Unreadable, asked, shown

__all__ = ["PREFIXES", "Feed", "check_feed", "empty_or", "name_of", "repeated", "said", "stray", "stray_texts", "told_of", "with_attribute"]

PREFIXES = {
    "http://www.w3.org/2005/Atom": "atom",
    "http://purl.org/rss/1.0/modules/content/": "content",
    "http://purl.org/dc/elements/1.1/": "dc",
    "http://purl.org/dc/terms/": "dcterms",
    "http://search.yahoo.com/mrss/": "media",
    "http://www.georss.org/georss": "georss",
    "http://www.w3.org/2003/01/geo/wgs84_pos#": "geo",
    "http://backend.userland.com/creativeCommonsRssModule": "creativeCommons",
    "http://purl.org/rss/1.0/modules/slash/": "slash",
    "http://purl.org/rss/1.0/modules/syndication/": "sy",
    "http://wellformedweb.org/CommentAPI/": "wfw",
    "http://purl.org/syndication/thread/1.0": "thr",
    "http://purl.org/syndication/history/1.0": "fh",
    "http://www.itunes.com/dtds/podcast-1.0.dtd": "itunes",
    "https://podcastindex.org/namespace/1.0": "podcast",
    "http://a9.com/-/spec/opensearch/1.1/": "opensearch",
    "http://madskills.com/public/xml/rss/module/trackback/": "trackback",
    "http://backend.userland.com/blogChannelModule": "blogChannel",
    "http://webns.net/mvcb/": "admin",
    "http://www.w3.org/2007/app": "app",
    "http://purl.org/atompub/tombstones/1.0": "at",
}
"""Usual prefixes of the namespaces that the rules know."""
_MOST = 100


class Feed:
    """A feed and what its rules ask of it again and again."""

    def __init__(self, root: Element, body: bytes) -> None:
        self.root = root
        self.body = body
        self._by_name: dict[str, list[Element]] = {}
        for each in root.iter("*"):
            self._by_name.setdefault(each.tag, []).append(each)
        self._children: dict[Element, dict[str, list[Element]]] = {}
        self._several: dict[Element, set[str]] = {}

    def of(self, *names: str) -> Sequence[Element]:
        """Return all elements of these names, those of one name in the order of the document."""
        if len(names) == 1:
            return self._by_name.get(names[0], ())
        return [each for name in names for each in self._by_name.get(name, ())]

    @property
    def names(self) -> KeysView[str]:
        """The names of all elements, each once."""
        return self._by_name.keys()

    def several(self, parent: Element) -> set[str]:
        """Return the names of those elements in `parent` that are there more than once."""
        found = self._several.get(parent)
        if found is None:
            found = self._several[parent] = {name for name, each in self.children(parent).items() if len(each) > 1}
        return found

    def children(self, parent: Element) -> dict[str, list[Element]]:
        """Return the elements in `parent` by their names."""
        found = self._children.get(parent)
        if found is None:
            found = self._children[parent] = {}
            for each in parent.iterchildren("*"):
                found.setdefault(each.tag, []).append(each)
        return found

    @cached_property
    def entries(self) -> Sequence[Element]:
        """The items or the entries."""
        return self.of("item", f"{ATOM}entry")

    @cached_property
    def markup(self) -> Sequence[Element]:
        """The elements whose text is HTML."""
        escaped = (each for each in self.of(*(f"{ATOM}{name}" for name in ("content", "summary", "title", "subtitle", "rights"))))
        return [*self.of("description", f"{CONTENT}encoded"), *(each for each in escaped if each.get("type") in ("html", "text/html"))]

    @cached_property
    def hypertext(self) -> list[tuple[Element, Html]]:
        """The same, those without any tag left out, with their tags."""
        texts = ((each, each.text) for each in self.markup)
        return [(each, html) for each, text in texts if text and "<" in text and (html := html_of(text)).names]


def said(element: Element | None) -> str:
    """Return an element's own text without white space around it."""
    return (element.text or "").strip() if element is not None else ""


def empty_or(text: str | None, otherwise: str) -> str:
    """Return what to say about a text: that it is empty, or in quotes and with `otherwise`."""
    return f"{shown(text)}{otherwise}" if text and text.strip() else "is empty"


def name_of(name: str) -> str:
    """Return how people call an element or an attribute: `dc:creator`."""
    if not name.startswith("{"):
        return name
    space, _, local = name[1:].partition("}")
    prefix = "xml" if space.endswith("/XML/1998/namespace") else PREFIXES.get(space)
    return f"{prefix}:{local}" if prefix else local


def stray_texts(feed: Feed, names: Collection[str], find: etree.XPath) -> Iterator[tuple[Element, str, Element]]:
    """Yield each text that is directly in elements of these `names`, which `find` gives, with the element it is in, and the one to show."""
    if not any(_is_stray(each) for name in names for each in feed.of(name)):  # XPath takes three times as long to find none
        return
    for found in cast("list[etree._ElementUnicodeResult]", find(feed.root)):
        where = found.getparent()
        parent = where.getparent() if where is not None and found.is_tail else where
        if where is not None and parent is not None:
            yield parent, str(found).strip(_WHITE), where


def _is_stray(element: Element) -> bool:
    texts = [element.text, *(each.tail for each in element)]
    return bool("".join(filter(None, texts)).strip(_WHITE))


_WHITE = " \t\r\n"
"""White space as XPath has it (XPath 1.0, 3.7): a space that does not break is a text."""


def stray(*names: str) -> etree.XPath:
    """Return what finds the text that is directly in elements of these names, white space left out."""
    own = " or ".join(f"self::{name}" for name in names)
    return etree.XPath(f"//*[{own}]/text()[normalize-space()]", namespaces={"atom": ATOM[1:-1]})


def with_attribute(feed: Feed, name: str) -> Iterator[tuple[Element, str]]:
    """Yield the elements that have an attribute such as `xml:lang`, with its value."""
    for each in cast("list[Element]", _with(name)(feed.root)):
        yield each, each.get(f"{XML}{name.removeprefix('xml:')}") or ""


@cache
def _with(name: str) -> etree.XPath:
    return etree.XPath(f"//*[@{name}]")


def check_feed(body: bytes, root: Rule[Any], rules: Sequence[Rule[Any]]) -> list[Problem]:
    """Return what breaks the rules; where the feed already breaks that of its root, only that. Never raise."""
    try:
        return told_of(parse(body), body, root, rules)
    except Unreadable as error:
        return list(error.problems)


def told_of(tree: Element, body: bytes, root: Rule[Any], rules: Sequence[Rule[Any]]) -> list[Problem]:
    """Return the same of a feed that is parsed."""
    feed, places = Feed(tree, body), XmlPlaces(tree, body)
    return root.first(feed, places, _MOST) or [
        found for each in asked(rules) if each is not root for found in each.first(feed, places, _MOST)
    ]


def repeated(feed: Feed, parents: Iterable[Element], names: Iterable[str]) -> Iterator[Finding]:
    """Yield the second of each of the elements that a parent may have once."""
    names = tuple(names)
    for parent in parents:
        several = feed.several(parent)
        for name in (each for each in names if each in several) if several else ():
            if found := feed.children(parent)[name]:
                yield Finding(message=f"there are {len(found)} elements {name_of(name)!r} in {name_of(parent.tag)!r}", where=found[1])
