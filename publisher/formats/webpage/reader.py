"""Pages read: ours exactly, other people's as far as they say what they are (see `foreign`)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from publisher import markup, schema
from publisher.article import Publication
from publisher.formats import Context, Reading
from publisher.formats.webpage import content
from publisher.formats.webpage.page import Page, parsed
from publisher.formats.webpage.rules import check_page
from publisher.markup import Element
from publisher.problems import Problem, Severity, Unreadable, problem
from publisher.schema import Json, JsonObject
from publisher.text import allowed

__all__ = ["read", "review"]

_HINT = "give the addresses of the articles, or that of a feed of them"
_WRAPPED = re.compile(r"^\s*<!\[CDATA\[|\]\]>[\s;]*$|;\s*$")
_REFERENCE = frozenset({"@id", "@type"})
_MOST_COPIED = 20_000
"""How many values may come from nodes referred to; more than any page needs that was not made to do harm."""


def read(body: bytes, context: Context = Context()) -> Reading:
    """Return the page's article; raise `Unreadable` when there is none.

    A page of ours gives back all that was written; of other pages we take what their data and metadata say, and guess the body.
    A page of ours that says that it lists others has none: what would be guessed is the first of the list, or all of them in one.
    Of others that is not believed, since some say so of their articles, too.
    """
    return read_page(parsed(body), context)


def review(body: bytes) -> tuple[Reading, list[Problem]]:
    """Return what `read` and `check` say, both of one tree."""
    page = parsed(body)
    problems = check_page(page)  # first, since the reader changes the tree
    return read_page(page, known=page.exact), problems


def read_page(page: Page, context: Context = Context(), known: Mapping[Element, Json] = MappingProxyType({})) -> Reading:
    """Return the article of a page, whose tree is changed; `known` is what is said by those of its scripts that were read already."""
    items = (item for script in page.scripts for item in (_listed(known[script]) if script in known else _items(script)))
    nodes = [each for item in items for each in content.nodes(item)]
    node = _linked(page, nodes)
    leads_on = page.says_that_there_is_none or page.is_redirect or any(map(content.is_list, nodes))
    if not node and page.is_ours and leads_on:
        raise Unreadable(problem("page-no-article", Severity.ERROR, "this page leads to articles, and is none itself", hint=_HINT))
    own = next((each for each in page.root.iter("div") if each.get("class") == content.BODY), None)
    if node and own is not None and isinstance(node.get("identifier"), str):
        return Reading(publication=_with_body(content.publication(node, context), own))
    from publisher.formats.webpage import foreign  # here because who builds reads no page of others, and it loads much

    return foreign.read(page.root, page.text, node, context)


def _with_body(publication: Publication, element: Element) -> Publication:
    (article,) = publication.articles
    return replace(publication, articles=(replace(article, body=markup.fragment(element, article.url or "")),))


# -- linked data -----------------------------------------------------------------------------------------------------------


def _linked(page: Page, nodes: list[JsonObject]) -> JsonObject | None:
    """Return the node of the page's article, with references to other nodes of the page resolved, or `None`."""
    article = content.article_node(nodes, page.address)
    return _References(nodes).resolved(article) if article else None


def _listed(data: Json) -> list[Json]:
    """Return what extruct makes of one block."""
    return [each for each in (data if isinstance(data, list) else [data] if isinstance(data, dict) else []) if each]


def _items(script: Element) -> list[Json]:
    """Return what one block says, `[]` when it is malformed, so that it doesn't take the good ones with it (extruct 0.18.0)."""
    script.set("type", content.DATA)  # extruct wants it without charset
    text = allowed(script.text or "").replace("\f", " ")
    script.text = _WRAPPED.sub("", text) if _is_wrapped(text.strip()) else text
    try:
        return schema.parsed(lambda _: list(content.extractor("jsonld").JsonLdExtractor().extract_items(script)), "", "JSON")
    except (ValueError, Unreadable):
        return []


def _is_wrapped(text: str) -> bool:
    return text.startswith("<![CDATA[") or text.endswith(("]]>", ";"))


class _References:
    """Puts nodes in the place of references to them, but no node into itself, and not without end."""

    def __init__(self, nodes: list[JsonObject]) -> None:
        self.known = {str(each["@id"]): each for each in nodes if "@id" in each and not each.keys() <= _REFERENCE}
        self.left = _MOST_COPIED

    def resolved(self, node: JsonObject, path: tuple[str, ...] = ()) -> JsonObject:
        """Return the node with its references resolved; `path` are those on the way to it."""
        self.left -= len(node) if path else 0
        return {key: each if isinstance(each, str) else self.value(each, path) for key, each in node.items() if key != "@graph"}

    def value(self, value: Json, path: tuple[str, ...]) -> Json:
        if self.left < 0 or not isinstance(value, list | dict):
            return value
        if isinstance(value, list):
            self.left -= len(value) if path else 0
            return [self.value(each, path) for each in value]
        if "@id" not in value or not value.keys() <= _REFERENCE or (name := str(value["@id"])) not in self.known:
            return self.resolved(value, path)
        return value if name in path or len(path) == content.DEEPEST else self.resolved(self.known[name], (*path, name))
