"""Rules about names: contexts, types, properties, keywords and ids (JSON-LD 1.1; schema.org 30.1)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from publisher.linked.document import Document, alternatives, quoted
from publisher.linked.nodes import KEYWORDS, Name, Node, is_schema_org, looks_like_schema_org
from publisher.places import Path
from publisher.problems import Finding, Severity, rule
from publisher.schema import Json

_JSON_LD = "https://www.w3.org/TR/json-ld11/"
_MODEL = "https://schema.org/docs/datamodel.html"
_GETTING_STARTED = "https://schema.org/docs/gs.html"

# -- the context ----------------------------------------------------------------------------------------------------------


@rule(Severity.ERROR, spec=f"{_JSON_LD}#the-context", hint='add "@context": "https://schema.org"')
def jsonld_context_missing(document: Document) -> Iterator[Finding]:
    """Without a context the names mean nothing, and search engines ignore the whole block."""
    for path, each in _tops(document.data):
        if not _has_context(each):
            yield Finding(message="the JSON-LD has no context", where=path)


def _tops(data: Json) -> list[tuple[Path, dict[str, Json]]]:
    listed = enumerate(data) if isinstance(data, list) else ()
    found = [((number,), each) for number, each in listed if isinstance(each, dict)]
    return [((), data)] if isinstance(data, dict) and data else [*found]


def _has_context(data: dict[str, Json]) -> bool:
    """Return whether a node, or each node of its graph, has a context, or needs none since its names are written in full."""
    if data.get("@context") not in (None, "", [], {}):
        return True
    graph = data.get("@graph")
    if isinstance(graph, list) and graph:
        return all(isinstance(each, dict) and _has_context(each) for each in graph)
    return all(key.startswith("@") or ":" in key for key in data) and not _short(data.get("@type"))


def _short(kinds: Json) -> bool:
    return any(isinstance(each, str) and ":" not in each for each in (kinds if isinstance(kinds, list) else [kinds]))


def _addresses(document: Document) -> Iterator[tuple[Path, str]]:
    """Yield the contexts that are given by their address."""
    for path, given in document.contexts:
        if isinstance(given, str):
            yield path, given
        elif isinstance(given, list):
            yield from (((*path, number), each) for number, each in enumerate(given) if isinstance(each, str))
        elif isinstance(given, dict) and isinstance(given.get("@vocab"), str):
            yield (*path, "@vocab"), str(given["@vocab"])


@rule(Severity.ERROR, spec=_GETTING_STARTED, hint='write "https://schema.org"')
def jsonld_context_misspelt(document: Document) -> Iterator[Finding]:
    """A context that is nearly schema.org's gives no meaning to any name: the whole block is lost."""
    for path, each in _addresses(document):
        if not is_schema_org(each) and looks_like_schema_org(each):
            yield Finding(message=f"the context {quoted(each)} is not schema.org's", where=path)


_OF_OTHERS = re.compile(
    r"https?://(?:[\w-]+\.)*(?:w3\.org|w3id\.org|purl\.org|iiif\.io|json-ld\.org|webarchive\.org\.uk|ogp\.me|xmlns\.com|doi\.org|datacite\.org)/"
)


@rule(Severity.WARNING, spec=_GETTING_STARTED, hint='use "https://schema.org", alone or beside yours')
def jsonld_context_unknown(document: Document) -> Iterator[Finding]:
    """Search engines understand schema.org's names and load no other context."""
    given = [*_addresses(document)]
    if any(is_schema_org(each) or looks_like_schema_org(each) for _, each in given):
        return
    for path, each in given:
        if path[-1] != "@vocab" and not _OF_OTHERS.match(each) and _names_articles(document):
            yield Finding(message=f"the context {quoted(each)} is not schema.org's", where=path)


def _names_articles(document: Document) -> bool:
    kinds = (node.data.get("@type") for node in document.nodes)
    return any(isinstance(each, str) and "Thing" in document.vocabulary.above(each) for each in kinds)


@rule(Severity.ERROR, spec=f"{_JSON_LD}#context-definitions", hint='write "https://schema.org", or an object that defines names')
def jsonld_context_malformed(document: Document) -> Iterator[Finding]:
    """A context is an address, an object, null, or a list of these; processors refuse the document otherwise."""
    for path, given in document.contexts:
        for each in given if isinstance(given, list) else [given]:
            if isinstance(each, bool | int | float | list):
                yield Finding(message=f"the context is {quoted(each)}", where=path)


# -- keywords -------------------------------------------------------------------------------------------------------------


@rule(Severity.ERROR, spec=f"{_JSON_LD}#syntax-tokens-and-keywords", hint="write the keyword as JSON-LD has it, or a name without @")
def jsonld_keyword_unknown(document: Document) -> Iterator[Finding]:
    """Names that begin with @ are JSON-LD's own; processors ignore one that they do not know, with all that it says."""
    for node in document.nodes if document.keywords - KEYWORDS else ():
        for key in node.data:
            if key.startswith("@") and key not in KEYWORDS and re.fullmatch("@[A-Za-z]+", key):
                meant = next((each for each in KEYWORDS if each.lower() == key.lower()), "")
                yield Finding(message=f"{quoted(key)} is no keyword", where=(*node.path, key), hint=f"write {meant}" if meant else "")


@rule(Severity.INFO, spec=f"{_JSON_LD}#aliasing-keywords", hint='write "@type" and "@id"')
def jsonld_keyword_without_sign(document: Document) -> Iterator[Finding]:
    """Only who loads schema.org's context knows that its `type` means `@type`; most readers look for that alone."""
    for node in document.nodes:
        for key in ("type", "id"):
            if key in node.data and f"@{key}" not in node.data and key not in node.scope.terms and _is_aliased(node, key):
                yield Finding(message=f"{quoted(key)} stands for '@{key}'", where=(*node.path, key))


def _is_aliased(node: Node, key: str) -> bool:
    return bool(node.scope.keyword(key)) and not node.scope.open


@rule(Severity.ERROR, spec=f"{_JSON_LD}#value-objects", hint="write @value with @type or @language, and nothing else")
def jsonld_value_object_malformed(document: Document) -> Iterator[Finding]:
    """An object with `@value` is a text, a number or a boolean; processors refuse the document when it is also something else."""
    if not document.faults and "@value" not in document.text and "\\u" not in document.text:
        return
    for path, each in _objects(document.data, ()):
        rest = set(each) - {"@value", "@type", "@language", "@index", "@direction", "@context"}
        if "@value" in each and (rest or {"@type", "@language"} <= set(each)):
            named = sorted(rest) or ["@type and @language"]
            yield Finding(message=f"{named[0]} stands beside @value", where=path)


def _objects(data: Json, path: Path) -> Iterator[tuple[Path, dict[str, Json]]]:
    if isinstance(data, dict):
        yield path, data
        for key, each in data.items():
            if isinstance(each, dict | list):
                yield from _objects(each, (*path, key))
    elif isinstance(data, list):
        for number, each in enumerate(data):
            if isinstance(each, dict | list):
                yield from _objects(each, (*path, number))


# -- types ----------------------------------------------------------------------------------------------------------------


def _types(document: Document) -> Iterator[tuple[Node, str]]:
    """Yield the nodes with each type in schema.org's namespace; none where another context may say what it is."""
    for node in document.nodes:
        if not node.scope.open:
            yield from ((node, each) for each in node.types)


def _other_types(document: Document) -> Iterator[tuple[Node, str]]:
    """Yield those types that schema.org does not have, or only as types of data."""
    names = document.vocabulary
    return ((node, each) for node, each in _types(document) if not names.type(each) and not names.is_data_type(each))


def _type_path(node: Node) -> Path:
    return (*node.path, next((key for key in node.data if node.scope.keyword(key) == "@type"), "@type"))


@rule(Severity.ERROR, spec=f"{_JSON_LD}#specifying-the-type", hint='write a name, such as "NewsArticle", or a list of names')
def jsonld_type_malformed(document: Document) -> Iterator[Finding]:
    """A type is a name or a list of names; processors refuse the document otherwise."""
    for node in document.nodes:
        given = node.data.get("@type", "Thing")
        for each in given if isinstance(given, list) else [given]:
            if not isinstance(each, str) or not each.strip():
                yield Finding(message=f"the type is {quoted(each)}", where=(*node.path, "@type"))


@rule(Severity.WARNING, spec=_GETTING_STARTED, hint='add "@type", such as "NewsArticle"')
def jsonld_type_missing(document: Document) -> Iterator[Finding]:
    """Without a type nobody knows what is described; search engines pass the node over."""
    for node in document.nodes:
        if node.top and not node.types and not node.foreign and not _is_typed(document, node) and document.given(node):
            yield Finding(message="there is no type", where=node.path)


def _is_typed(document: Document, node: Node) -> bool:
    richest = document.richest(node)
    return any(node.scope.keyword(key) == "@type" for key in node.data) or bool(richest and richest.types)


@rule(Severity.ERROR, spec="https://schema.org/docs/full.html", hint="use a type of schema.org")
def jsonld_type_unknown(document: Document) -> Iterator[Finding]:
    """Search engines ignore a thing whose type they do not know, with all that it says."""
    names = document.vocabulary
    for node, each in document.once(_other_types):
        if not names.type_in_any_case(each) and not names.is_member(each):
            meant = names.closest_type(each)
            yield Finding(message=f"schema.org has no type {quoted(each)}", where=_type_path(node), hint=_did_you_mean(meant))


@rule(Severity.ERROR, spec="https://schema.org/docs/full.html", hint="write it as schema.org does")
def jsonld_type_wrong_case(document: Document) -> Iterator[Finding]:
    """Types are written with upper and lower case as schema.org has them: `imageObject` is no type."""
    for node, each in document.once(_other_types):
        if meant := document.vocabulary.type_in_any_case(each):
            yield Finding(message=f"the type is {quoted(each)}", where=_type_path(node), hint=f"write {meant}")


@rule(Severity.INFO, spec="https://schema.org/docs/attic.home.html", hint="use the type that took its place")
def jsonld_type_superseded(document: Document) -> Iterator[Finding]:
    """A type that schema.org has replaced still works, but new software may not know it."""
    for node, each in _types(document):
        if (found := document.vocabulary.type(each)) and found.superseded_by:
            yield Finding(message=f"the type {quoted(each)} is superseded", where=_type_path(node), hint=f"write {found.superseded_by}")


# -- properties -----------------------------------------------------------------------------------------------------------

_MOST_GUESSES = 200
"""Names of one document that are compared with all of schema.org's, which takes 2 ms each."""
_INPUT = re.compile(r"-(?:input|output)$")
_KNOWN_TO_GOOGLE = frozenset({"xPath"})
_ELSEWHERE = {
    "title": "headline",
    "subtitle": "alternativeHeadline",
    "summary": "description",
    "excerpt": "description",
    "body": "articleBody",
    "content": "articleBody",
    "date": "datePublished",
    "published": "datePublished",
    "publishedDate": "datePublished",
    "publishDate": "datePublished",
    "updated": "dateModified",
    "lastModified": "dateModified",
    "dateUpdated": "dateModified",
    "tags": "keywords",
    "section": "articleSection",
    "lang": "inLanguage",
    "language": "inLanguage",
    "link": "url",
    "permalink": "url",
    "byline": "author",
    "writer": "author",
    "credit": "creditText",
    "copyright": "copyrightNotice",
    "picture": "image",
    "altText": "caption",
    "alt": "caption",
    "usageTerms": "usageInfo",
    "twitter": "sameAs",
    "facebook": "sameAs",
    "avatar": "image",
}
"""What people call what schema.org has another name for."""


def _names(document: Document) -> Iterator[Name]:
    """Yield the properties in schema.org's namespace that it does not have; none where another context may give them."""
    for each in document.odd_names:
        if each.name and not each.node.foreign and not document.vocabulary.property(each.name) and not _is_allowed(each.name):
            yield each


def _is_allowed(name: str) -> bool:
    """Return whether a name that schema.org does not have is understood all the same."""
    return bool(_INPUT.search(name)) or name in _KNOWN_TO_GOOGLE


def _did_you_mean(name: str) -> str:
    return f"did you mean {name}?" if name else ""


@rule(Severity.ERROR, spec="https://schema.org/docs/full.html", hint="write it as schema.org does")
def jsonld_name_wrong_case(document: Document) -> Iterator[Finding]:
    """Names are written with upper and lower case as schema.org has them: nobody reads `datemodified`."""
    for each in document.once(_names):
        if meant := document.vocabulary.property_in_any_case(each.name):
            yield Finding(message=f"the property is {quoted(each.name)}", where=each.path, hint=f"write {meant}")


@rule(Severity.ERROR, spec="https://schema.org/docs/full.html", hint="use a property of schema.org")
def jsonld_name_misspelt(document: Document) -> Iterator[Finding]:
    """A name that is nearly one of schema.org's is read by nobody, so what it says is lost."""
    for each in document.once(_names):
        if meant := _misspelt(document, each):
            yield Finding(message=f"schema.org has no property {quoted(each.name)}", where=each.path, hint=_did_you_mean(meant))


def _misspelt(document: Document, name: Name) -> str:
    if name.name in _ELSEWHERE or document.vocabulary.property_in_any_case(name.name):
        return ""
    if name.name not in document.guesses and len(document.guesses) < _MOST_GUESSES:
        document.guesses[name.name] = document.vocabulary.closest_property(name.name, name.node.types)
    return document.guesses.get(name.name, "")


@rule(Severity.WARNING, spec="https://schema.org/docs/full.html", hint="use a property of schema.org, or define the name in the context")
def jsonld_name_unknown(document: Document) -> Iterator[Finding]:
    """Nobody reads a name that schema.org does not have, so what it says is lost."""
    for each in document.once(_names):
        if not document.vocabulary.property_in_any_case(each.name) and not _misspelt(document, each):
            hint = _did_you_mean(_ELSEWHERE.get(each.name, ""))
            yield Finding(message=f"schema.org has no property {quoted(each.name)}", where=each.path, hint=hint)


@rule(Severity.WARNING, spec=_MODEL, hint="move it to a thing that has it, or use another property")
def jsonld_name_out_of_place(document: Document) -> Iterator[Finding]:
    """Readers look for a property only on the types that schema.org gives it to."""
    for each in document.odd_names:
        found = document.vocabulary.property(each.name)
        if found and found.domains and _could_have(document, each.node):
            kinds = alternatives(each.node.types)
            where = alternatives(sorted(found.domains)[:4])
            yield Finding(
                message=f"{kinds} has no {quoted(each.name)}", where=each.path, hint=_instead(document, each) or f"only {where} has it"
            )


def _could_have(document: Document, node: Node) -> bool:
    """Return whether it is known what properties a node may have."""
    known = node.types and all(document.vocabulary.type(each) for each in node.types)
    return bool(known) and not node.foreign and not document.is_a(node, "Role") and "additionalType" not in document.given(node)


_INSTEAD = {
    "dateline": "locationCreated",
    "logo": "image",
    "title": "headline",
    "caption": "description",
    "category": "articleSection",
    "photo": "image",
    "thumbnail": "thumbnailUrl",
    "contentUrl": "url",
}


def _instead(document: Document, name: Name) -> str:
    meant = _INSTEAD.get(name.name, "")
    return f"write {meant}" if meant and any(document.vocabulary.has(each, meant) for each in name.node.types) else ""


@rule(Severity.INFO, spec="https://schema.org/docs/attic.home.html", hint="use the property that took its place")
def jsonld_name_superseded(document: Document) -> Iterator[Finding]:
    """A property that schema.org has replaced still works, but new software may not know it."""
    for each in document.names:
        found = document.vocabulary.property(each.name)
        if found and found.superseded_by and not each.node.scope.open:
            yield Finding(message=f"{quoted(each.name)} is superseded", where=each.path, hint=f"write {found.superseded_by}")


# -- ids ------------------------------------------------------------------------------------------------------------------


@rule(Severity.ERROR, spec=f"{_JSON_LD}#node-identifiers", hint="write one address, such as https://example.org/#article")
def jsonld_id_malformed(document: Document) -> Iterator[Finding]:
    """An id is an address in one string; processors refuse the document otherwise, and references to it lead nowhere."""
    for node in document.nodes:
        if "@id" in node.data and not isinstance(node.data["@id"], str):
            yield Finding(message=f"the id is {quoted(node.data['@id'])}", where=(*node.path, "@id"))
        elif node.id and re.search(r"\s", node.id.strip()):
            yield Finding(message=f"the id {quoted(node.id)} has white space in it", where=(*node.path, "@id"))


@rule(Severity.WARNING, spec=f"{_JSON_LD}#node-identifiers", hint="describe it in the document, or write the whole id as it is there")
def jsonld_reference_dangling(document: Document) -> Iterator[Finding]:
    """A reference to a part of the document that is not there says nothing: an author given so has no name."""
    for each in document.things:
        if (
            each.node
            and each.node.is_reference
            and not each.node.types
            and _is_local(each.node.id)
            and not _is_described(document, each.node.id)
        ):
            yield Finding(message=f"nothing here has the id {quoted(each.node.id)}", where=each.path)


def _is_local(identifier: str) -> bool:
    return identifier.startswith(("#", "_:")) and identifier != "#"


def _is_described(document: Document, identifier: str) -> bool:
    return identifier in document.fragments or any(identifier in each.described for each in (document, *document.others))
