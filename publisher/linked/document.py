"""A JSON-LD text as its rules see it: the nodes in it, their types and properties in schema.org's names, whatever its shape.

JSON-LD 1.1 (https://www.w3.org/TR/json-ld11/, read 2026-11-24): nodes nested, in lists, in `@graph`, by reference; prefixes and
terms that the document defines; names in full; aliases of keywords; language and index maps. No context is ever loaded:
schema.org's is known, and with any other beside it a name that is not schema.org's may be from there.
"""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from types import MappingProxyType

from publisher.linked.reading import Fault, read
from publisher.linked.vocabulary import Property, Vocabulary, vocabulary
from publisher.places import JsonPlaces, Path
from publisher.problems import Location
from publisher.schema import Json, JsonObject

__all__ = ["KEYWORDS", "Document", "Name", "Node", "Start", "Value", "alternatives", "is_schema_org", "looks_like_schema_org", "quoted"]

_SCHEMA_ORG = re.compile(r"(?:https?:)?//(?:www\.)?schema\.org(?:/(?:(?:docs|version)/.+\.json(?:ld)?)?)?#?", re.IGNORECASE)
_IRI = re.compile(r"https?://(?:www\.)?schema\.org/([^/#?]*)")
KEYWORDS = frozenset(
    "@base @container @context @direction @graph @id @import @included @index @json @language @list @nest @none @prefix @propagate "
    "@protected @reverse @set @type @value @version @vocab".split()
)
"""JSON-LD 1.1, 1.7."""
_ALIKE = 0.85
"""`shema.org` is to `schema.org` 0.95, `schema.gov` 0.8."""
_OPAQUE = frozenset({"@id", "@index", "@type", "@graph"})
_REFERENCE = frozenset({"@id", "@type", "@context"})
_ARTICLES_NOT_NEWS = frozenset({"SocialMediaPosting", "DiscussionForumPosting"})


def is_schema_org(context: str) -> bool:
    """Return whether a context is schema.org's, in any of the ways to write it that consumers accept."""
    return bool(_SCHEMA_ORG.fullmatch(context.strip()))


Start = tuple[int, int] | Callable[[], tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Scope:
    """What names mean in a part of the document."""

    schema_org: bool = True
    """Names without a prefix are schema.org's."""
    open: bool = False
    """Another context may give names, too."""
    terms: Mapping[str, Json] = field(default_factory=lambda: MappingProxyType({}))
    """What the document defines itself."""

    def within(self, context: Json) -> Scope:
        """Return what names mean where `context` is in force, too."""
        scope = Scope(schema_org=False) if self is ASSUMED else self
        for each in context if isinstance(context, list) else [context]:
            scope = scope._with(each)
        return scope

    def _with(self, context: Json) -> Scope:
        if isinstance(context, str):
            ours = is_schema_org(context) or looks_like_schema_org(context)
            return Scope(self.schema_org or ours, self.open or not ours, self.terms)
        if isinstance(context, dict):
            return self._defining(context)
        return Scope(schema_org=False)

    def _defining(self, context: JsonObject) -> Scope:
        ours = self.schema_org
        if "@vocab" in context:
            ours = _IRI.fullmatch(str(context["@vocab"])) is not None or is_schema_org(str(context["@vocab"]))
        terms = {key: value for key, value in context.items() if not key.startswith("@")}
        return Scope(ours, self.open or "@import" in context, MappingProxyType({**self.terms, **terms}))

    def name(self, key: str) -> str | None:
        """Return schema.org's name of what a key or a type means, `None` when it is another vocabulary's or nobody's."""
        if key in self.terms:
            return self._defined(key)
        prefix, colon, rest = key.partition(":")
        if not colon:
            return key if self.schema_org else None
        if rest.startswith("//"):
            return _local(key)
        if prefix in self.terms:
            return _local(f"{self._iri(prefix)}{rest}")
        return rest if prefix == "schema" else None

    def _defined(self, key: str) -> str | None:
        iri = self._iri(key)
        if not iri and isinstance(self.terms[key], dict):
            return key if self.schema_org else None
        prefix, colon, rest = iri.partition(":")
        if colon and not rest.startswith("//"):
            return _local(f"{self._iri(prefix)}{rest}") if prefix in self.terms else rest if prefix == "schema" else None
        return _local(iri)

    def _iri(self, term: str) -> str:
        given = self.terms[term]
        given = given.get("@id") if isinstance(given, dict) else given
        return given if isinstance(given, str) else ""

    def keyword(self, key: str) -> str:
        """Return the keyword that a key is or stands for, `""` when it is none."""
        if key.startswith("@"):
            return key
        meant = self._iri(key) if key in self.terms else ""
        if meant.startswith("@"):
            return meant
        # schema.org's context has these two aliases.
        return {"type": "@type", "id": "@id"}.get(key, "") if key not in self.terms and self.schema_org else ""

    def container(self, key: str) -> frozenset[str]:
        """Return how the values of a term are put together, such as by language."""
        given = self.terms.get(key)
        found = given.get("@container") if isinstance(given, dict) else None
        return frozenset(str(each) for each in (found if isinstance(found, list) else [found] if found else []))

    def coerced(self, key: str) -> str:
        """Return the type that the document gives to the values of a term."""
        given = self.terms.get(key)
        return str(given.get("@type", "")) if isinstance(given, dict) else ""


ASSUMED = Scope()
"""What names are taken to mean where there is no context at all."""


@lru_cache(maxsize=64)
def looks_like_schema_org(context: str) -> bool:
    """Return whether a context is schema.org's misspelt."""
    host = re.sub(r"^(?:[a-z]*:/*|//)?(?:www\.)?", "", context[:200].strip().lower()).partition("/")[0]
    return difflib.SequenceMatcher(None, host, "schema.org").ratio() >= _ALIKE


def _local(iri: str) -> str | None:
    found = _IRI.fullmatch(iri)
    return found[1] if found else None


@dataclass(frozen=True, slots=True, eq=False)
class Node:
    """One object that describes a thing."""

    path: Path
    data: JsonObject
    scope: Scope
    types: tuple[str, ...]
    """Its types in schema.org."""
    foreign: bool
    """It has types of other vocabularies, too, or is described with their help."""
    id: str
    top: bool
    """It is no value of another's property."""

    @property
    def is_reference(self) -> bool:
        """Whether it only names a thing that is described elsewhere."""
        return bool(self.id) and all(self.scope.keyword(key) in _REFERENCE for key in self.data)


@dataclass(frozen=True, slots=True, eq=False)
class Name:
    """One property as a node has it."""

    node: Node
    key: str
    name: str
    path: Path


@dataclass(frozen=True, slots=True, eq=False)
class Value:
    """One value of a property of schema.org: text, a number, a boolean, or a node."""

    owner: Node
    name: str
    path: Path
    data: Json
    node: Node | None = None

    @property
    def text(self) -> str:
        """The value when it is text, else `""`."""
        return self.data if isinstance(self.data, str) else ""


@dataclass(eq=False)
class Document:
    """One JSON-LD text; `start` is the line and column where it begins in its file, or finds them when they are needed."""

    text: str
    start: Start = (1, 1)
    others: tuple[Document, ...] = ()
    """The texts of the same page, whose nodes this one may refer to."""

    def __post_init__(self) -> None:
        self.data, self.faults, self.complete = read(self.text)
        self.vocabulary: Vocabulary = vocabulary()
        self.guesses: dict[str, str] = {}
        """What names that schema.org does not have are likely to mean."""
        self.nodes: list[Node] = []
        self.names: list[Name] = []
        self.values: list[Value] = []
        self.contexts: list[tuple[Path, Json]] = []
        self._walk(self.data, (), ASSUMED, None, top=True)

    # -- walking

    def _walk(self, data: Json, path: Path, scope: Scope, name: tuple[Node, str] | None, *, top: bool = False) -> None:
        """Note the nodes in `data`, and its values as those of the property `name`."""
        if isinstance(data, list):
            for number, each in enumerate(data):
                self._walk(each, (*path, number), scope, name, top=top)
        elif isinstance(data, dict):
            self._object(data, path, scope, name, top=top)
        elif name and data is not None:
            self.values.append(Value(*name, path, data))

    def _object(self, data: JsonObject, path: Path, scope: Scope, name: tuple[Node, str] | None, *, top: bool) -> None:
        if "@context" in data:
            self.contexts.append(((*path, "@context"), data["@context"]))
            scope = scope.within(data["@context"])
        if "@value" in data:
            return
        inside = next((key for key in ("@list", "@set") if key in data), None)
        if inside:
            self._walk(data[inside], (*path, inside), scope, name, top=top)
            return
        node = self._node(data, path, scope, top=top)
        if name:
            self.values.append(Value(*name, path, data, node))
        for key, value in data.items():
            self._member(node, key, value, top=top)

    def _node(self, data: JsonObject, path: Path, scope: Scope, *, top: bool) -> Node:
        given = {keyword: data[key] for key in reversed(data) if (keyword := scope.keyword(key)) in ("@type", "@id")}
        given |= {key: data[key] for key in ("@type", "@id") if key in data}
        kinds = given.get("@type")
        listed = [each for each in (kinds if isinstance(kinds, list) else [kinds]) if isinstance(each, str)]
        types = [scope.name(each.strip()) for each in listed]
        identifier = given.get("@id")
        node = Node(
            path=path,
            data=data,
            scope=scope,
            types=tuple(each for each in types if each),
            foreign=None in types or scope.open,
            id=identifier if isinstance(identifier, str) else "",
            top=top,
        )
        self.nodes.append(node)
        return node

    def _member(self, node: Node, key: str, value: Json, *, top: bool) -> None:
        path, scope, keyword = (*node.path, key), node.scope, node.scope.keyword(key)
        if keyword in ("@graph", "@included"):
            self._walk(value, path, scope, None, top=top)
        elif keyword == "@reverse" and isinstance(value, dict):
            for each, inside in value.items():
                self._walk(inside, (*path, each), scope, None)
        elif keyword == "@nest":
            self._nested(node, value, path, top=top)
        elif not keyword and scope.coerced(key) != "@json":
            self._property(node, key, value, path)

    def _nested(self, node: Node, value: Json, path: Path, *, top: bool) -> None:
        for each in value if isinstance(value, list) else [value]:
            if isinstance(each, dict):
                for key, inside in each.items():
                    if not node.scope.keyword(key):
                        self._property(node, key, inside, (*path, key))

    def _property(self, node: Node, key: str, value: Json, path: Path) -> None:
        name, container = node.scope.name(key), node.scope.container(key)
        if name is not None:
            self.names.append(Name(node, key, name, path))
        owner = (node, name) if name is not None else None
        if isinstance(value, dict) and container & _OPAQUE:
            for each, inside in value.items():
                self._walk(inside, (*path, each), node.scope, owner)
        elif not (isinstance(value, dict) and "@language" in container):
            self._walk(value, path, node.scope, owner)

    # -- looking

    @cached_property
    def by_name(self) -> dict[str, list[Value]]:
        """The values of each property."""
        found: dict[str, list[Value]] = {}
        for each in self.values:
            found.setdefault(each.name, []).append(each)
        return found

    @cached_property
    def by_owner(self) -> dict[Node, dict[str, list[Value]]]:
        """The values of each node's properties."""
        found: dict[Node, dict[str, list[Value]]] = {}
        for each in self.values:
            found.setdefault(each.owner, {}).setdefault(each.name, []).append(each)
        return found

    @cached_property
    def described(self) -> dict[str, Node]:
        """The nodes that have an id and say more than that; of several with one id, which JSON-LD takes for one, that says most."""
        found: dict[str, Node] = {}
        for each in self.nodes:
            if each.id and not each.is_reference and (each.id not in found or len(each.data) > len(found[each.id].data)):
                found[each.id] = each
        return found

    @cached_property
    def fragments(self) -> frozenset[str]:
        """The last parts of these ids, which are how a part of a page refers to another."""
        ids = [name for each in (self, *self.others) for name in each.described]
        return frozenset(each[each.index("#") :] for each in ids if "#" in each)

    @cached_property
    def articles(self) -> list[Node]:
        """The articles that the document is about, not those that it mentions."""
        main = {id(each.node) for each in self.by_name.get("mainEntity", ()) if each.owner.top}
        return [each for each in self.nodes if (each.top or id(each) in main) and not each.is_reference and self._is_article(each)]

    def _is_article(self, node: Node) -> bool:
        if node.scope.open and "headline" not in self.given.get(node, {}):
            return False  # may be the Article of ActivityStreams
        return any("Article" in self.vocabulary.above(each) and each not in _ARTICLES_NOT_NEWS for each in node.types)

    def is_a(self, node: Node, *kinds: str) -> bool:
        """Return whether a node has one of these types, or a kind of one."""
        return _is_a(node.types, kinds)

    def _home(self, node: Node) -> Document:
        """Return the document that a node is in."""
        return next((each for each in self.others if each.described.get(node.id) is node), self) if node.id else self

    def of(self, node: Node, *names: str) -> list[Value]:
        """Return the values of a node's properties."""
        own = self._home(node).by_owner.get(node, {})
        return [each for name in names for each in own.get(name, ())]

    @cached_property
    def given(self) -> dict[Node, dict[str, Json]]:
        """What each node has under the names of schema.org."""
        found: dict[Node, dict[str, Json]] = {}
        for each in self.names:
            found.setdefault(each.node, {})[each.name] = each.node.data.get(each.key, True)
        return found

    def has(self, node: Node, *names: str) -> bool:
        """Return whether a node says something under one of these names."""
        given = self._home(node).given.get(node, {})
        return any(_says_something(given.get(name)) for name in names)

    def meant(self, value: Value) -> Node | None:
        """Return the node that a value is or refers to, `None` when it is none, or one that is not described here."""
        return self.richest(value.node) if value.node else None

    def richest(self, node: Node) -> Node | None:
        """Return what says most about the thing that a node is about, `None` when nothing does."""
        same = [node, *(each.described.get(node.id) for each in (self, *self.others))] if node.id else [node]
        said = [each for each in same if each and not each.is_reference]
        return max(said, key=lambda each: len(each.data)) if said else None

    def path_of(self, node: Node, value: Value) -> Path:
        """Return where a node that a value refers to is in this text; where it is referred to, when it is elsewhere."""
        return node.path if self._home(node) is self else value.path

    def texts(self, node: Node, *names: str) -> list[Value]:
        """Return those values of a node's properties that are text, as `name` and `headline` should be."""
        return [each for each in self.of(node, *names) if each.text.strip()]

    @cached_property
    def known(self) -> list[tuple[Value, Property]]:
        """The values of properties of which schema.org alone says what they may be, with the property."""
        return [
            (each, found) for each in self.values if (found := self.vocabulary.property(each.name)) and found.ranges and _is_plain(each)
        ]

    @cached_property
    def texts_by_property(self) -> list[tuple[Property, list[tuple[Value, str]]]]:
        """The texts among them, without white space around them, by property."""
        found: dict[str, tuple[Property, list[tuple[Value, str]]]] = {}
        for each, property_ in self.known:
            if text := each.text.strip():
                found.setdefault(each.name, (property_, []))[1].append((each, text))
        return list(found.values())

    def faults_of(self, *kinds: str) -> Iterator[Fault]:
        """Yield the faults of some kinds."""
        return (each for each in self.faults if each.kind in kinds)

    # -- locating

    @cached_property
    def _places(self) -> JsonPlaces:
        return JsonPlaces(self.text, self.start() if callable(self.start) else self.start)

    def locate(self, where: object) -> Location:
        """Return the place of a value at a path, or of a character at an offset."""
        if isinstance(where, int):
            line, column = self._places.at(where)
            return Location(line=line, column=column)
        return self._places(where)


@lru_cache(maxsize=4096)  # the rules ask some hundred times for each page, and nearly always the same
def _is_a(types: tuple[str, ...], kinds: tuple[str, ...]) -> bool:
    return any(not vocabulary().above(each).isdisjoint(kinds) for each in types)


def _says_something(value: Json) -> bool:
    return bool(value.strip()) if isinstance(value, str) else value not in (None, [], {})


def _is_plain(value: Value) -> bool:
    """Return whether no other context defines the property."""
    scope = value.owner.scope
    return not scope.open and (not scope.terms or not any(isinstance(part, str) and part in scope.terms for part in value.path[-3:]))


def quoted(value: object) -> str:
    """Return a found value in quotes, cut at 80 characters."""
    if isinstance(value, dict | list):
        return "{…}" if isinstance(value, dict) else "[…]"
    text = value if isinstance(value, str) else json.dumps(value)
    text = " ".join(text[:400].split())
    return f"'{text[:79]}…'" if len(text) > 80 else f"'{text}'"


def alternatives(names: Iterable[str]) -> str:
    """Return names as in `Person or Organization`."""
    *most, last = sorted(names)
    return f"{', '.join(most)} or {last}" if most else last
