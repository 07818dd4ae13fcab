"""Pages read: ours exactly, other people's as far as their data, their metadata and a guess go."""

from __future__ import annotations

import hashlib
import re
import uuid
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from lxml import etree

from publisher import markup, schema
from publisher.article import Article, Publication
from publisher.formats import Context, Reading
from publisher.formats.webpage import content
from publisher.markup import Element
from publisher.problems import Problem, PublisherError, Severity, Unreadable, problem, shown
from publisher.schema import Json, JsonObject
from publisher.text import allowed, line, url

__all__ = ["read"]

_SPEC = "https://html.spec.whatwg.org/multipage/"
_WRAPPED = re.compile(r"^\s*<!\[CDATA\[|\]\]>[\s;]*$|;\s*$")
_MOST_COPIED = 20_000
"""How many values may come from nodes referred to; more than any page needs that was not made to do harm."""
_SHORTEST = 250
"""How many characters of paragraphs make an element likely to hold the article."""
_NOT_TEXT = "header footer nav aside form h1 script style".split()
_NONE = "none"
"""What becomes of those: an `aside` may be a note, and stays."""


def read(body: bytes, context: Context = Context()) -> Reading:
    """Return the page's article; raise `Unreadable` when there is none.

    A page of ours gives back all that was written; of other pages we take what their data and metadata say, and guess the body.
    """
    root = markup.parse_html(content.utf8(body))
    node = _linked(root)
    own = next((each for each in root.iter("div") if each.get("class") == content.BODY), None)
    if node and own is not None and isinstance(node.get("identifier"), str):
        return Reading(publication=_with_body(_publication(node, context), own))
    return _read_other(root, body, node, context)


def _publication(node: JsonObject, context: Context) -> Publication:
    try:
        return schema.from_linked(node, context.publication)
    except PublisherError as error:
        raise Unreadable(*error.problems) from None


def _with_body(publication: Publication, element: Element) -> Publication:
    (article,) = publication.articles
    return replace(publication, articles=(replace(article, body=markup.fragment(element, article.url or "")),))


# -- linked data -----------------------------------------------------------------------------------------------------------


def _linked(root: Element) -> JsonObject | None:
    """Return the node of the page's article, with references to other nodes of the page resolved, or `None`."""
    nodes = [each for script in content.scripts(root) for item in _items(script) for each in content.nodes(item)]
    article = content.article_node(nodes, content.address(root))
    return _References(nodes).resolved(article) if article else None


def _items(script: Element) -> list[Json]:
    """Return what one block says, `[]` when it is malformed, so that it doesn't take the good ones with it (extruct 0.18.0)."""
    from extruct.jsonld import JsonLdExtractor  # here because importing it costs 360 ms

    script.set("type", content.DATA)  # extruct wants it without charset
    script.text = _WRAPPED.sub("", allowed(script.text or "").replace("\f", " "))
    try:
        return schema.parsed(lambda _: list(JsonLdExtractor().extract_items(script)), "", "JSON")
    except (ValueError, Unreadable):
        return []


class _References:
    """Puts nodes in the place of references to them, but no node into itself, and not without end."""

    def __init__(self, nodes: list[JsonObject]) -> None:
        self.known = {str(each["@id"]): each for each in nodes if "@id" in each and not set(each) <= {"@id", "@type"}}
        self.left = _MOST_COPIED

    def resolved(self, node: JsonObject, path: tuple[str, ...] = ()) -> JsonObject:
        """Return the node with its references resolved; `path` are those on the way to it."""
        return {key: self.value(each, path) for key, each in node.items() if key != "@graph"}

    def value(self, value: Json, path: tuple[str, ...]) -> Json:
        self.left -= bool(path)
        if self.left < 0 or not isinstance(value, list | dict):
            return value
        if isinstance(value, list):
            return [self.value(each, path) for each in value]
        name = str(value.get("@id"))
        if not set(value) <= {"@id", "@type"} or name not in self.known:
            return self.resolved(value, path)
        return value if name in path or len(path) == content.DEEPEST else self.resolved(self.known[name], (*path, name))


# -- pages of others -------------------------------------------------------------------------------------------------------


def _read_other(root: Element, body: bytes, node: JsonObject | None, context: Context) -> Reading:
    said: JsonObject = {key: value for key, value in (node or {}).items() if value not in (None, "", [], {})}
    base = context.address(context.path) if context.publication else ""
    address = url(content.string(said, "url"), base) or url(content.address(root), base) or ""
    found: JsonObject = _metadata(root) | said | ({"url": address} if address else {})
    found["identifier"] = (
        line(content.string(said, "identifier")) or address or uuid.uuid5(uuid.NAMESPACE_URL, hashlib.sha256(body).hexdigest()).urn
    )
    text, repairs = markup.mended(_guessed_body(root), address or base)
    headline = line(content.string(found, "headline")) or line(content.string(found, "name"))
    if not headline:
        message = "there is no article in this page: no JSON-LD, no heading, no title"
        raise Unreadable(problem("page-no-article", Severity.ERROR, message, hint="check that this is the page you mean", spec=_SPEC))
    publication = _publication({**found, "headline": headline}, context)
    (article,) = publication.articles
    article = replace(article, body=text or article.body)
    problems = (*_guesses(node, article), *map(_told, repairs))
    return Reading(publication=replace(publication, articles=(article,)), problems=problems)


def _told(repair: markup.Repair) -> Problem:
    """Return as a problem what was put right in the text, with its line in the page."""
    line = repair.element.sourceline if repair.element is not None else None
    return repair.problem(line if isinstance(line, int) else 0)


def _guesses(node: JsonObject | None, article: Article) -> Iterator[Problem]:
    hint = "compare it with the page"
    yield problem("page-body-guessed", Severity.INFO, "which part of the page is the article was guessed", hint=hint)
    if node is None:
        yield problem("page-fields-guessed", Severity.INFO, "the page has no JSON-LD; its metadata was read instead", hint=hint)
    if not article.body:
        yield problem("page-body-missing", Severity.WARNING, "no text was found in the page", hint=hint)
    undescribed = [each.content_url for each in article.image if each.content_url and not each.description]
    if undescribed:
        more = f", and {len(undescribed) - 1} more" if len(undescribed) > 1 else ""
        message = f"a lead picture has no alternative text: {shown(undescribed[0])}{more}"
        yield problem("alternative-text-missing", Severity.INFO, message, hint="say what it shows")


def _metadata(root: Element) -> JsonObject:
    """Return what the page says outside of JSON-LD, in its terms; what is absent is left out."""
    found: JsonObject = {
        "@type": "NewsArticle",
        "headline": _first_text(root, "h1") or content.first_meta(root, "og:title") or _first_text(root, "title"),
        "description": content.first_meta(root, "og:description", "description"),
        "inLanguage": root.get("lang") or content.first_meta(root, "og:locale"),
        "image": content.first_meta(root, "og:image"),
        "datePublished": content.first_meta(root, "article:published_time"),
        "dateModified": content.first_meta(root, "article:modified_time"),
        "articleSection": content.first_meta(root, "article:section"),
        "keywords": [*content.all_meta(root, "article:tag")],
        "author": [*content.all_meta(root, "author")],
        "publisher": {"@type": "Organization", "name": content.first_meta(root, "og:site_name") or ""},
    }
    return {key: value for key, value in found.items() if value not in (None, "", [], {"@type": "Organization", "name": ""})}


def _first_text(root: Element, name: str) -> str | None:
    return next((found for each in root.iter(name) if (found := content.said(each))), None)


def _guessed_body(root: Element) -> Element:
    """Return the longest `article`, else `main`, else `body`, without what is around a text."""
    lengths = _lengths(root)
    candidates = (max(root.iter(name), key=lengths.__getitem__, default=root) for name in ("article", "main", "body"))
    chosen = next((each for each in candidates if each is not root and lengths[each] >= _SHORTEST), root)
    for each in list(chosen.iter(*_NOT_TEXT)):
        if not markup.is_note(each):
            each.tag = _NONE
    etree.strip_elements(chosen, _NONE, with_tail=False)
    return chosen


def _lengths(root: Element) -> Counter[Element]:
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
