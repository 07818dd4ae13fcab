"""JSON-LD in any legal shape (JSON-LD 1.1, https://www.w3.org/TR/json-ld11/, read 2026-11-26), made into the one that `schema` reads.

A document with another context than schema.org's is expanded by PyLD, with a context of our own in the place of schema.org's, which
is never fetched; nor is any other, and what it would have defined is left out, which is told. Then, whatever the shape was:
names without prefixes, values without `@value`, nodes in the place of references to them, and each article a node of its own,
with what it appears in under `isPartOf`. A document that breaks a rule of JSON-LD is read as it is written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from publisher.article import ARTICLE_TYPES
from publisher.linked.vocabulary import vocabulary
from publisher.problems import Problem, Severity, problem, shown
from publisher.schema import Json, JsonObject
from publisher.text import language, line, url

__all__ = ["Shapes", "is_article", "shapes"]

_SPEC = "https://www.w3.org/TR/json-ld11/"
_OURS = re.compile(r"https?://(?:www\.)?schema\.org(?:/|/docs/jsonldcontext\.jsonl?d?|/version/[^/]+/schemaorg\.jsonld)?#?", re.IGNORECASE)
_NAME = re.compile(r"https?://(?:www\.)?schema\.org/(?P<name>[A-Za-z0-9]+)|schema:(?P<short>[A-Za-z0-9]+)")
_CONTEXT: JsonObject = {"@context": {"@vocab": "http://schema.org/", "schema": "http://schema.org/", "id": "@id", "type": "@type"}}
"""What schema.org's context says of names; what it says of the types of values makes no difference here."""
_ALIASES = {"id": "@id", "type": "@type"}
_AROUND = (
    "@graph",
    "@included",
    "itemListElement",
    "item",
    "mainEntity",
    "mainEntityOfPage",
    "hasPart",
    "blogPost",
    "blogPosts",
    "dataFeedElement",
    "workExample",
)
"""Where articles are in what is no article."""
_PUBLICATIONS = frozenset(
    ("Periodical", "Newspaper", "Magazine", "Blog", "WebSite", "CreativeWorkSeries", "PublicationIssue", "Collection")
)
_PARTS = frozenset(("hasPart", "blogPost", "blogPosts", "mainEntity", "isPartOf"))
"""What a publication says of its articles and of what it is itself part of."""
_SINGLE_NAMES = frozenset(
    "url contentUrl license isBasedOn sameAs thumbnailUrl usageInfo mainEntityOfPage genre articleSection encodingFormat inLanguage".split()
)
"""Properties whose values are addresses or words, so that a reference to something not described is its address."""
_TEXTS = frozenset(
    "headline alternativeHeadline description name dateline caption creditText copyrightNotice text articleBody articleSection".split()
)
_PICTURES = frozenset(("image", "logo", "thumbnail"))
_MOST_COPIED, _COPIES = 50_000, 10
"""How many values may come from nodes referred to, and how many more for each that is written."""
_DEEPEST = 20


@dataclass(slots=True)
class Shapes:
    """What a document says."""

    articles: list[JsonObject] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def shapes(document: Json, tongue: str | None = None) -> Shapes:
    """Return the articles of a document, each a node without references, and what could not be understood.

    `tongue` is the language that is wanted of an article in several that does not say which is its own.
    """
    found = Shapes()
    top = _expanded(document, found.problems) if _needs_expansion(document) else document
    graph = _Graph(tongue, document)
    roots = [graph.simple(each) for each in (top if isinstance(top, list) else [top])]
    graph.turn_round()
    graph.left += _COPIES * graph.size
    seen: set[int] = set()
    for node, around in _articles([*roots, *graph.turned], graph, seen):
        found.articles.append(graph.article(node, around))
    if graph.untaken:
        message = f"texts in other languages were left out: {shown(', '.join(sorted(graph.untaken)))}"
        hint = "make an article of each, and say its language with inLanguage"
        found.problems.append(problem("jsonld-languages-left-out", Severity.WARNING, message, hint=hint, spec=_SPEC))
    return found


# -- expanding ------------------------------------------------------------------------------------------------------------


def _needs_expansion(document: Json) -> bool:
    """Return whether a context says more than that names are schema.org's."""
    return any(not _is_ours(each) for each in _contexts(document))


def _contexts(value: Json) -> Iterator[Json]:
    level: list[Json] = [value]
    while level:
        each = level.pop()
        if isinstance(each, dict):
            if "@context" in each:
                yield each["@context"]
            level += [inside for name, inside in each.items() if name != "@context"]
        elif isinstance(each, list):
            level += each


def _is_ours(context: Json) -> bool:
    if isinstance(context, list):
        return all(map(_is_ours, context))
    if isinstance(context, dict):
        return set(context) <= {"@vocab", "@version"} and _is_ours(context.get("@vocab"))
    return context is None or (isinstance(context, str) and bool(_OURS.fullmatch(context)))


def _expanded(document: Json, problems: list[Problem]) -> Json:
    """Return the document as PyLD expands it, or as it is when it cannot be."""
    from pyld import jsonld  # here because importing it costs 300 ms

    unknown: list[str] = []

    def load(address: str, options: Any) -> dict[str, Any]:
        if not _OURS.fullmatch(address):
            unknown.append(address)
        context: Json = _CONTEXT if _OURS.fullmatch(address) else {"@context": {}}
        return {"contentType": "application/ld+json", "contextUrl": None, "documentUrl": address, "document": context}

    try:
        found: Json = jsonld.expand(document, {"documentLoader": load, "base": "", "processingMode": "json-ld-1.1"})
    except Exception as error:  # JsonLdError; 3.3 raises others for values that it does not expect, RecursionError for depth
        message = f"this breaks a rule of JSON-LD, and was read as it is written: {_reason(error)}"
        problems.append(problem("jsonld-not-expanded", Severity.WARNING, message, hint="correct its context", spec=_SPEC))
        return document
    for each in dict.fromkeys(unknown):
        message = f"the context {shown(each)} is not known and was not fetched; names from it were left out"
        problems.append(problem("jsonld-context-not-fetched", Severity.WARNING, message, hint="use the names of schema.org", spec=_SPEC))
    return found


def _reason(error: BaseException) -> str:
    code = getattr(error, "code", None)
    return str(code) if isinstance(code, str) and code else type(error).__name__


# -- the graph ------------------------------------------------------------------------------------------------------------


class _Graph:
    """The nodes of a document by their ids, with names as schema.org has them."""

    def __init__(self, wanted: str | None, document: Json) -> None:
        self.wanted = wanted
        self.document = document
        self.untaken: set[str] = set()
        self.written: dict[str, int] = {}
        self.known: dict[str, JsonObject] = {}
        self.reversed: list[tuple[JsonObject, str, JsonObject]] = []
        self.turned: list[Json] = []
        self.left = _MOST_COPIED
        self.size = 0

    # names and values

    def simple(self, value: Json) -> Json:
        """Return a value with names that have no prefix and without the objects that only JSON-LD needs."""
        if isinstance(value, list):
            return [each for item in value for each in self.spread(item)]
        return self.node(value) if isinstance(value, dict) else value

    def spread(self, item: Json) -> list[Json]:
        """Return an item of a list, or the items of a list of JSON-LD's in it."""
        found = self.simple(item)
        return found if isinstance(found, list) else [found]

    def node(self, data: JsonObject) -> Json:
        self.size += len(data)
        for keyword in ("@list", "@set"):
            if keyword in data:
                return self.spread(data[keyword])
        if "@value" in data:
            value = data["@value"]
            tagged = isinstance(value, str) and isinstance(data.get("@language"), str)
            return {"@value": value, "@language": data["@language"]} if tagged else value if not isinstance(value, dict | list) else None
        found: JsonObject = {}
        for key, value in data.items():
            name = _ALIASES.get(key, _name(key)) if key != "@context" else key
            if name == "@type":
                found[name] = _types(value)
            elif name == "@reverse" and isinstance(value, dict):
                self.reverse(found, value)
            elif name != "@context" and name not in found:
                found[name] = self.simple(value)
        return self.remember(found)

    def reverse(self, node: JsonObject, given: JsonObject) -> None:
        for key, value in given.items():
            for each in self.spread(value):
                if isinstance(each, dict):
                    self.reversed.append((each, _name(key), node))

    def remember(self, node: JsonObject) -> JsonObject:
        """Keep a node by its id; what several nodes of one id say is put together."""
        name = node.get("@id")
        if not isinstance(name, str) or set(node) <= {"@id", "@type"}:
            return node
        known = self.known.setdefault(name, node)
        if known is not node:
            for key, value in node.items():
                known.setdefault(key, value)
        return known

    def turn_round(self) -> None:
        """Say of the subjects what `@reverse` says of their objects."""
        for subject, name, node in self.reversed:
            whole = self.whole(subject)
            target: Json = {"@id": node["@id"]} if isinstance(node.get("@id"), str) else {k: v for k, v in node.items() if k != name}
            whole.setdefault(name, target)
            self.turned.append(whole)

    def whole(self, node: JsonObject) -> JsonObject:
        """Return the node that a reference is to, else the node itself."""
        return self.known.get(str(node["@id"]), node) if "@id" in node and set(node) <= {"@id", "@type"} else node

    # articles

    def article(self, node: JsonObject, around: JsonObject | None) -> JsonObject:
        """Return an article as `schema` reads it."""
        tongue = self.tongue(node, around)
        found = self.resolved(node, (), tongue)
        assert isinstance(found, dict)
        found["@type"] = _article_types(found)
        part_of = self.publication(node.get("isPartOf"), tongue) or self.publication(around, tongue)
        found.pop("isPartOf", None)
        page = self.whole(page) if isinstance(page := _first(node.get("mainEntityOfPage")), dict) else page
        page = (_first(page.get("url")) or page.get("@id")) if isinstance(page, dict) else page
        own = node.get("@id")
        found["url"] = next(filter(None, (url(_text(each)) for each in (found.get("url"), page, own))), None)
        found["headline"] = next(filter(None, (_text(found.get(each)) for each in ("headline", "name", "alternativeHeadline"))), None)
        found["identifier"] = (
            _identifier(found.get("identifier"))
            or (own if isinstance(own, str) and ":" in own and not own.startswith("_:") else None)
            or found["url"]
        )
        given = found.get("articleBody")
        found["articleBody"] = _paragraphs(given) or given or _paragraphs(found.get("text"))
        found["publisher"] = _organizations(found.get("publisher"))
        if isinstance(found.get("inLanguage"), dict):
            named = found["inLanguage"]
            found["inLanguage"] = (named.get("alternateName") or named.get("name")) if isinstance(named, dict) else None
        found.setdefault("inLanguage", tongue)
        found["keywords"] = _keywords(found.get("keywords"))
        if part_of:
            found["isPartOf"] = part_of
        return {name: value for name, value in found.items() if value not in (None, [], {}, "") and (name[:1] != "@" or name == "@type")}

    def tongue(self, node: JsonObject, around: JsonObject | None) -> str | None:
        """Return the language of an article: what it says, else that of its headline; of several what is wanted, else the first."""
        said = _first(node.get("inLanguage"))
        if isinstance(said, str) and (found := language(said)):
            return found
        headline = node.get("headline") or node.get("name")
        tags = [tag for each in (headline if isinstance(headline, list) else [headline]) if (tag := _tag(each))]
        if len(tags) < 2:
            return language(tags[0]) if tags and _tag(_first(headline)) else None
        wanted = [_first(each.get("inLanguage")) for each in (around, _first(node.get("isPartOf"))) if isinstance(each, dict)]
        for each in (*wanted, self.wanted):
            if fitting := _fitting(tags, language(each) if isinstance(each, str) else None):
                return language(fitting[0])
        self.written = written = self.written or _languages(self.document)
        return language(min(tags, key=lambda tag: written.get(tag.lower(), len(written))))

    def publication(self, value: Json, tongue: str | None, depth: int = 0) -> JsonObject | None:
        """Return what an article appears in: a periodical, a site; of a page or an issue what that is part of."""
        for each in value if isinstance(value, list) else [value]:
            if not isinstance(each, dict):
                continue
            node = self.whole(each)
            if set(_types(node.get("@type"))) & _PUBLICATIONS:
                found = self.resolved(self.without_articles(node), (), tongue)
                assert isinstance(found, dict)
                address = url(_text(found.get("url")) or _text(node.get("@id")))
                name = _text(found.get("name"))
                if address and name:
                    return {
                        **found,
                        "@type": "Periodical",
                        "identifier": _identifier(found.get("identifier")) or address,
                        "url": address,
                        "name": name,
                    }
            if depth < _DEEPEST and (above := self.publication(node.get("isPartOf"), tongue, depth + 1)):
                return above
        return None

    def without_articles(self, node: JsonObject) -> JsonObject:
        """Return a publication with no parts but its sections."""
        parts = node.get("hasPart")
        listed = (self.whole(each) for each in (parts if isinstance(parts, list) else [parts]) if isinstance(each, dict))
        sections: list[Json] = [each for each in listed if _types(each.get("@type")) == ["CreativeWork"]]
        kept: JsonObject = {key: each for key, each in node.items() if key not in _PARTS}
        return {**kept, "hasPart": sections} if sections else kept

    def resolved(self, value: Json, path: tuple[str, ...], tongue: str | None, name: str = "") -> Json:
        """Return a value with nodes in the place of references, no node in itself and not without end, and one language of several."""
        self.left -= 1
        if isinstance(value, list):
            taken = _in_language(value, tongue, name)
            self.untaken |= {tag for each in value if (tag := _tag(each))} - {tag for each in taken if (tag := _tag(each))}
            found = [self.resolved(each, path, tongue, name) for each in taken]
            kept: list[Json] = [each for each in found if each is not None]
            return kept[0] if len(kept) == 1 else kept  # a list of one says what that one says
        if not isinstance(value, dict):
            return value
        if "@value" in value:
            return value["@value"]
        whole, own = self.whole(value), str(value.get("@id", ""))
        if self.left < 0 or (own and own in path) or len(path) >= _DEEPEST:
            whole = {key: each for key, each in whole.items() if not isinstance(each, dict | list)}
        elif set(whole) == {"@id"}:
            return own if name in _SINGLE_NAMES or _is_picture(name, own) else None if not own else whole
        elif set(whole) == {"@id", "@type"} and _is_picture(name, own):
            return own
        if (number := _quantity(whole)) is not None:
            return number
        return {key: self.resolved(each, (*path, own) if own else (*path, ""), tongue, key) for key, each in whole.items()}


def _is_picture(name: str, identifier: str) -> bool:
    """Return whether an id can be the address of a picture: with a `#` it names a node that is described on another page."""
    return name in _PICTURES and identifier.startswith(("http://", "https://")) and "#" not in identifier


def _name(key: str) -> str:
    """Return a property or a type of schema.org without what stands before its name."""
    found = _NAME.fullmatch(key)
    return (found["name"] or found["short"]) if found else key


def _types(value: Json) -> list[Json]:
    return [_name(each) for each in (value if isinstance(value, list) else [value]) if isinstance(each, str)]


def _first(value: Json) -> Json:
    return value[0] if isinstance(value, list) and value else value


def _text(value: Json, *, whole: bool = False) -> str | None:
    value = _first(value)
    value = value.get("@value") if isinstance(value, dict) else value
    return value if whole and isinstance(value, str) and value.strip() else line(value) if isinstance(value, str) else None


def _paragraphs(value: Json) -> str | None:
    """Return a text that may be given in parts."""
    parts = (_text(each, whole=True) for each in (value if isinstance(value, list) else [value]))
    return "\n\n".join(each for each in parts if each) or None


def _organizations(value: Json) -> Json:
    """Return publishers with those that are only a name as organizations, which they are far more often than people."""
    if isinstance(value, list):
        return [_organizations(each) for each in value]
    return {"@type": "Organization", "name": value} if isinstance(value, str) and line(value) else value


def _tag(value: Json) -> str | None:
    return str(value["@language"]) if isinstance(value, dict) and "@value" in value and "@language" in value else None


def _languages(document: Json) -> dict[str, int]:
    """Return where in a document each name, and so each language of a map, and each `@language` is first, in lower case."""
    found: dict[str, int] = {}
    level: list[Json] = [document]
    while level:
        each = level.pop()
        if isinstance(each, dict):
            for name, value in each.items():
                word = value if name == "@language" and isinstance(value, str) else name
                found.setdefault(word.lower(), len(found))
            level += reversed(each.values())
        elif isinstance(each, list):
            level += reversed(each)
    return found


def _fitting(tags: list[str], tongue: str | None) -> list[str]:
    """Return the tags that mean a language, else those of the same language elsewhere."""
    primary = (tongue or "").partition("-")[0].lower()
    return [each for each in tags if language(each) == tongue] or [each for each in tags if each.partition("-")[0].lower() == primary]


def _in_language(values: list[Json], tongue: str | None, name: str) -> list[Json]:
    """Return of texts in several languages those in the article's, else the first; all of what is no text of one language."""
    tags = [tag for each in values if (tag := _tag(each))]
    if len(set(tags)) < 2 or name not in _TEXTS:
        return values
    taken = next(iter(_fitting(tags, tongue)), tags[0])
    return [each for each in values if _tag(each) == taken]


def _quantity(node: JsonObject) -> Json:
    """Return the number that a `QuantitativeValue` is, such as the width of a picture."""
    value = _first(node.get("value"))
    return value if set(_types(node.get("@type"))) & {"QuantitativeValue", "Distance"} and isinstance(value, int | float | str) else None


def _identifier(value: Json) -> str | None:
    value = _first(value)
    if isinstance(value, dict):
        value = _first(value.get("value")) or value.get("@id") or _first(value.get("url"))
    return line(str(value)) if isinstance(value, str | int) and not isinstance(value, bool) else None


def _keywords(value: Json) -> list[Json]:
    """Return keywords one by one: schema.org lets a text have several, with commas between them."""
    listed = value if isinstance(value, list) else [] if value is None else [value]
    if len(listed) == 1 and isinstance(listed[0], str):
        return [word for each in listed[0].split(",") if (word := line(each))]
    names = (each.get("name") if isinstance(each, dict) else each for each in listed)
    return [word for each in names if isinstance(each, str) and (word := line(each))]


# -- articles -------------------------------------------------------------------------------------------------------------


def is_article(kinds: Json) -> bool:
    """Return whether one of these types is an article of schema.org's, or a kind of one."""
    return any("Article" in vocabulary().above(str(each)) for each in _types(kinds))


def _article_types(node: JsonObject) -> list[Json]:
    """Return types that we know, for one that we do not the closest above it."""
    given = _types(node.get("@type"))
    known: list[Json] = [each for each in given if each in ARTICLE_TYPES]
    above = {name for each in given for name in vocabulary().above(str(each))}
    return known or [next((name for name in ("NewsArticle", "BlogPosting") if name in above), "Article")]


def _articles(roots: list[Json], graph: _Graph, seen: set[int]) -> Iterator[tuple[JsonObject, JsonObject | None]]:
    """Yield the articles, each once, with what they were found in."""
    level: list[tuple[Json, JsonObject | None]] = [(each, None) for each in reversed(roots)]
    while level:
        value, around = level.pop()
        if isinstance(value, list):
            level += [(each, around) for each in reversed(value)]
            continue
        if not isinstance(value, dict):
            continue
        node = graph.whole(value)
        if id(node) in seen:
            continue
        seen.add(id(node))
        if is_article(node.get("@type")) and _says_something(node):
            yield node, around
            continue
        inside = node if set(_types(node.get("@type"))) & _PUBLICATIONS else around
        level += [(node[name], inside) for name in reversed(_AROUND) if name in node]


def _says_something(node: JsonObject) -> bool:
    return any(node.get(name) for name in ("headline", "name", "articleBody", "text"))
