"""What reading and checking look for in a page: its text, its metadata, its linked data."""

from __future__ import annotations

import importlib
import importlib.util
import re
import sys
from collections import Counter
from collections.abc import Iterator
from functools import cache
from typing import Any

from lxml import etree

from publisher import markup, schema
from publisher.article import Publication
from publisher.charset import text_of
from publisher.formats import Context
from publisher.markup import Element
from publisher.minting import UNNAMED
from publisher.problems import PublisherError, Unreadable
from publisher.schema import Json, JsonObject
from publisher.text import line

__all__ = [
    "BODY",
    "CHARSET",
    "DATA",
    "DEEPEST",
    "address",
    "all_meta",
    "article_node",
    "extractor",
    "first_meta",
    "is_article",
    "is_list",
    "lengths",
    "nodes",
    "parsed",
    "publication",
    "said",
    "scripts",
    "string",
]

BODY = "body e-content"
"""The class of the element that holds an article's text in our pages."""
CHARSET = re.compile(rb"""<meta[^<>]*?charset\s*+=\s*+(?:["']\s*+)?([A-Za-z0-9_.:-]+)""", re.IGNORECASE)
DATA = "application/ld+json"
DEEPEST = 8
"""How far down lists, graphs and references are followed."""


@cache
def extractor(name: str) -> Any:
    """Return a module of extruct, and only that.

    Whatever of it is imported, its package imports all extractors first, and requests, Beautiful Soup and rdflib with them: 0.3 s in each
    process that reads a page (0.18). So an empty package stands there while the module is imported, and afterwards none of it.
    """
    full, spec = f"extruct.{name}", importlib.util.find_spec("extruct")
    if "extruct" in sys.modules or spec is None:
        return importlib.import_module(full)
    sys.modules["extruct"] = importlib.util.module_from_spec(spec)
    try:
        return importlib.import_module(full)
    finally:
        for each in [each for each in sys.modules if each.partition(".")[0] == "extruct"]:
            del sys.modules[each]


def parsed(body: bytes) -> tuple[Element, str]:
    """Return the root of the page, and its text, decoded as UTF-8, as the page says (HTML, 13.2.3.2), or as is guessed.

    Raise `Unreadable` when there is nothing in it.
    """
    declared = CHARSET.search(body[:4096])
    text = text_of(body, declared[1] if declared else None)
    return markup.parse_html(text.encode()), text


# -- metadata --------------------------------------------------------------------------------------------------------------


def address(root: Element) -> str:
    """Return the page's own address, `""` when it doesn't say."""
    for each in root.iter("link"):
        if "canonical" in (each.get("rel") or "").lower().split() and each.get("href"):
            return (each.get("href") or "").strip()
    return first_meta(root, "og:url") or ""


def first_meta(root: Element, *names: str) -> str | None:
    """Return what the first of the meta elements so called says, `None` when none says anything."""
    return next((each for name in names for each in all_meta(root, name)), None)


def all_meta(root: Element, name: str) -> list[str]:
    """Return what each meta element so called says."""
    return [
        content
        for each in root.iter("meta")
        if name in ((each.get("property") or "").lower(), (each.get("name") or "").lower()) and (content := line(each.get("content")))
    ]


def said(element: Element) -> str | None:
    """Return the text of an element on one line."""
    return line("".join(map(str, element.itertext())))


# -- linked data -----------------------------------------------------------------------------------------------------------


def scripts(root: Element) -> list[Element]:
    """Return the script elements that hold JSON-LD."""
    return [each for each in root.iter("script") if (each.get("type") or "").partition(";")[0].strip().lower() == DATA]


def nodes(item: Json, depth: int = DEEPEST) -> Iterator[JsonObject]:
    """Yield the nodes of a document: those at its top, in lists, in a graph, and what a page is mainly about."""
    if isinstance(item, list) and depth:
        for each in item:
            yield from nodes(each, depth - 1)
    elif isinstance(item, dict) and depth:
        yield item
        yield from nodes(item.get("@graph"), depth - 1)
        yield from nodes(item.get("mainEntity"), depth - 1)


def article_node(nodes: list[JsonObject], address: str) -> JsonObject | None:
    """Return the node of the page's article: the one with the page's address, else the first."""
    articles = [each for each in nodes if is_article(each)]
    return next((each for each in articles if address and string(each, "url") == address), articles[0] if articles else None)


def is_article(node: JsonObject) -> bool:
    """Return whether a node is of a type of articles."""
    kinds = node.get("@type")
    return any(str(each).endswith(("Article", "BlogPosting")) for each in (kinds if isinstance(kinds, list) else [kinds]))


_LISTS = frozenset({"CollectionPage", "ProfilePage", "SearchResultsPage", "MediaGallery", "ImageGallery", "VideoGallery"})
"""Types of pages that are about other pages (https://schema.org/WebPage, "More specific types")."""


def is_list(node: JsonObject) -> bool:
    """Return whether a node is of a type of pages that list others."""
    return not _LISTS.isdisjoint(_types(node))


def is_search(node: JsonObject) -> bool:
    """Return whether a node is a page of what a search has found."""
    return "SearchResultsPage" in _types(node)


def _types(node: JsonObject) -> list[str]:
    kinds = node.get("@type")
    return [str(each).rpartition("/")[2] for each in (kinds if isinstance(kinds, list) else [kinds])]


def string(node: JsonObject, key: str) -> str:
    """Return the text at a key, or the first of several; `""` when there is none."""
    value = node.get(key)
    first = value[0] if isinstance(value, list) and value else value
    return first if isinstance(first, str) else ""


def lengths(root: Element) -> Counter[Element]:
    """Return how many characters of paragraphs are in each element, counted in one walk."""
    found: Counter[Element] = Counter()
    paragraphs = 0
    for event, element in etree.iterwalk(root, events=("start", "end")):
        if event == "start":
            paragraphs += element.tag == "p"
            found[element] += len(line(element.text) or "") if paragraphs else 0
        elif (parent := element.getparent()) is not None:
            paragraphs -= element.tag == "p"
            found[parent] += found[element] + (len(line(element.tail) or "") if paragraphs else 0)
    return found


def publication(node: JsonObject, context: Context) -> Publication:
    """Return the publication with the one article that linked data describe; raise `Unreadable` when they don't."""
    assumed = context.publication is not None and context.publication.url == UNNAMED.url
    try:
        return schema.from_linked(node, None if assumed else context.publication)
    except PublisherError as error:
        raise Unreadable(*error.problems) from None
