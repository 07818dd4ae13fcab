"""A JSON-LD text as its rules see it: the nodes in it, their types and properties in schema.org's names, whatever its shape.

JSON-LD 1.1 (https://www.w3.org/TR/json-ld11/, read 2026-11-24): nodes nested, in lists, in `@graph`, by reference; prefixes and
terms that the document defines; names in full; aliases of keywords; language and index maps. No context is ever loaded:
schema.org's is known, and with any other beside it a name that is not schema.org's may be from there.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TypeVar, cast

from publisher.linked.nodes import ASSUMED, Name, Node, Scope, Term, Value
from publisher.linked.reading import Fault, exactly, read
from publisher.linked.vocabulary import Property, Vocabulary, vocabulary
from publisher.places import JsonPlaces, Path
from publisher.problems import Location
from publisher.schema import Json, JsonObject

__all__ = ["Document", "Start", "alternatives", "quoted"]

_REFERENCE = frozenset({"@id", "@type", "@context"})
_ARTICLES_NOT_NEWS = frozenset({"SocialMediaPosting", "DiscussionForumPosting"})
Start = tuple[int, int] | Callable[[], tuple[int, int]]

_Named = tuple[Node, str, Property | None]
Found = TypeVar("Found")


class _Walk:
    """What is in a document."""

    def __init__(self, data: Json) -> None:
        self.nodes: list[Node] = []
        self.values: list[Value] = []
        self.contexts: list[tuple[Path, Json]] = []
        self.keywords: set[str] = set()
        self.named: list[tuple[Node, str, Term, Path]] = []
        self._walk(data, (), ASSUMED, None, True)

    def _walk(self, data: Json, path: Path, scope: Scope, name: _Named | None, top: bool) -> None:
        """Note the nodes in `data`, and its values as those of the property `name`."""
        if isinstance(data, dict):
            self._object(data, path, scope, name, top)
        elif isinstance(data, list):
            for number, each in enumerate(data):
                self._walk(each, (*path, number), scope, name, top)
        elif name and data is not None:
            self.values.append(Value(name[0], name[1], path, data, name[2]))

    def _object(self, data: JsonObject, path: Path, scope: Scope, name: _Named | None, top: bool) -> None:
        if "@context" in data:
            self.contexts.append(((*path, "@context"), data["@context"]))
            scope = scope.within(data["@context"])
        if "@value" in data:
            return
        inside = "@list" if "@list" in data else "@set" if "@set" in data else ""
        if inside:
            self._walk(data[inside], (*path, inside), scope, name, top)
            return
        node = self._node(data, path, scope, top)
        if name:
            self.values.append(Value(name[0], name[1], path, data, name[2], node))
        for key, value in data.items():
            term = scope.term(key)
            if term.keyword:
                self.keywords.add(key)
                self._keyword(node, term.keyword, value, (*path, key), top)
            elif not term.is_json:
                self._property(node, key, term, value, (*path, key))

    def _node(self, data: JsonObject, path: Path, scope: Scope, top: bool) -> Node:
        kinds, identifier = scope.given(data, "@type"), scope.given(data, "@id")
        types = [scope.name(each.strip()) for each in (kinds if isinstance(kinds, list) else [kinds]) if isinstance(each, str)]
        name = identifier if isinstance(identifier, str) else ""
        is_reference = bool(name) and all(scope.term(key).keyword in _REFERENCE for key in data)
        node = Node(path, data, scope, tuple(filter(None, types)), None in types or scope.open, name, top, is_reference)
        self.nodes.append(node)
        return node

    def _keyword(self, node: Node, keyword: str, value: Json, path: Path, top: bool) -> None:
        if keyword in ("@graph", "@included"):
            self._walk(value, path, node.scope, None, top)
        elif keyword == "@reverse" and isinstance(value, dict):
            for each, inside in value.items():
                self._walk(inside, (*path, each), node.scope, None, False)
        elif keyword == "@nest":
            for each, inside in _nested(node.scope, value):
                self._property(node, each, node.scope.term(each), inside, (*path, each))

    def _property(self, node: Node, key: str, term: Term, value: Json, path: Path) -> None:
        name = term.name
        if name is not None:
            self.named.append((node, key, term, path))
            if isinstance(value, str):  # as most are
                self.values.append(Value(node, name, path, value, term.kind))
                return
        owner = None if name is None else (node, name, term.kind)
        if isinstance(value, dict) and term.is_opaque:
            for each, inside in value.items():
                self._walk(inside, (*path, each), node.scope, owner, False)
        elif not (isinstance(value, dict) and term.is_by_language):
            self._walk(value, path, node.scope, owner, False)


@dataclass(eq=False)
class Document:
    """One JSON-LD text; `start` is the line and column where it begins in its file, or finds them when they are needed."""

    text: str
    start: Start = (1, 1)
    others: tuple[Document, ...] = ()
    """The texts of the same page, whose nodes this one may refer to."""

    def __post_init__(self) -> None:
        exact = exactly(self.text)
        self.is_exact = exact is not None
        """Whether it is JSON as `json` reads it, too."""
        self.data, self.faults, self.complete = (exact[0], (), True) if exact else read(self.text)
        self.vocabulary: Vocabulary = vocabulary()
        self.guesses: dict[str, str] = {}
        """What names that schema.org does not have are likely to mean."""
        self._found: dict[Callable[[Document], Iterable[object]], list[object]] = {}
        self._given: dict[Node, dict[str, Json]] = {}
        self._by_owner: dict[str, dict[Node, list[Value]]] = {}

    # -- walking

    @cached_property
    def _walked(self) -> _Walk:
        return _Walk(self.data)

    @cached_property
    def nodes(self) -> list[Node]:
        """All nodes, in the order of the text."""
        return self._walked.nodes

    @cached_property
    def values(self) -> list[Value]:
        """The values of their properties."""
        return self._walked.values

    @cached_property
    def contexts(self) -> list[tuple[Path, Json]]:
        """The contexts, and where they are."""
        return self._walked.contexts

    @cached_property
    def keywords(self) -> set[str]:
        """The keys of nodes that are keywords, or stand for some."""
        return self._walked.keywords

    # -- looking

    def once(self, find: Callable[[Document], Iterable[Found]]) -> list[Found]:
        """Return what several rules look for, looked for once."""
        if find not in self._found:
            self._found[find] = [*find(self)]
        return cast("list[Found]", self._found[find])

    @cached_property
    def names(self) -> list[Name]:
        """The properties of schema.org's namespace that the nodes have."""
        return [Name(node, key, term.name or "", path) for node, key, term, path in self._walked.named]

    @cached_property
    def odd_names(self) -> list[Name]:
        """Those that schema.org does not have, or not on things of these types."""
        has = self.vocabulary.has_on
        return [
            Name(node, key, term.name or "", path)
            for node, key, term, path in self._walked.named
            if term.kind is None or not has(node.types, term.kind)
        ]

    @cached_property
    def by_name(self) -> dict[str, list[Value]]:
        """The values of each property."""
        found: dict[str, list[Value]] = {}
        for each in self.values:
            found.setdefault(each.name, []).append(each)
        return found

    @cached_property
    def things(self) -> list[Value]:
        """The values that are nodes."""
        return [each for each in self.values if each.node]

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
        if node.scope.open and "headline" not in self.given(node):
            return False  # may be the Article of ActivityStreams
        return any("Article" in self.vocabulary.above(each) and each not in _ARTICLES_NOT_NEWS for each in node.types)

    def is_a(self, node: Node, *kinds: str) -> bool:
        """Return whether a node has one of these types, or a kind of one."""
        return _is_a(node.types, kinds)

    @cached_property
    def _types(self) -> frozenset[tuple[str, ...]]:
        return frozenset(each.types for each in self.nodes)

    def all(self, *kinds: str) -> list[Node]:
        """Return the nodes that have one of these types, or a kind of one."""
        wanted = {each for each in self._types if _is_a(each, kinds)}
        return [each for each in self.nodes if each.types in wanted] if wanted else []

    def _home(self, node: Node) -> Document:
        """Return the document that a node is in."""
        return next((each for each in self.others if each.described.get(node.id) is node), self) if node.id else self

    def of(self, node: Node, *names: str) -> list[Value]:
        """Return the values of a node's properties."""
        home = self._home(node)
        return [each for name in names if name in home.by_name for each in home._owned(name).get(node, ())]

    def _owned(self, name: str) -> dict[Node, list[Value]]:
        """Return the values of a property by the nodes that have it."""
        if name not in self._by_owner:
            found: dict[Node, list[Value]] = {}
            for each in self.by_name.get(name, ()):
                found.setdefault(each.owner, []).append(each)
            self._by_owner[name] = found
        return self._by_owner[name]

    def given(self, node: Node) -> dict[str, Json]:
        """Return what a node has under the names of schema.org."""
        if node not in self._given:
            self._given[node] = dict(_given(node))
        return self._given[node]

    def has(self, node: Node, *names: str) -> bool:
        """Return whether a node says something under one of these names."""
        given = self.given(node)
        return any(_says_something(given.get(name)) for name in names)

    def meant(self, value: Value) -> Node | None:
        """Return the node that a value is or refers to, `None` when it is none, or one that is not described here."""
        return self.richest(value.node) if value.node else None

    def richest(self, node: Node) -> Node | None:
        """Return what says most about the thing that a node is about, `None` when nothing does."""
        if not node.id:
            return node
        same = [node, *(each.described.get(node.id) for each in (self, *self.others))]
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
        return [(each, found) for each in self.values if (found := each.kind) and found.ranges and _is_plain(each)]

    @cached_property
    def known_things(self) -> list[tuple[Value, Property, Node]]:
        """The nodes among them."""
        return [(each, found, each.node) for each, found in self.known if each.node]

    @cached_property
    def known_numbers(self) -> list[tuple[Value, Property]]:
        """Those that are neither text nor a node: numbers and booleans."""
        return [(each, found) for each, found in self.known if each.node is None and not isinstance(each.data, str)]

    @cached_property
    def texts_by_property(self) -> list[tuple[Property, list[tuple[Value, str]]]]:
        """The texts among them, without white space around them, by property."""
        found: dict[str, tuple[Property, list[tuple[Value, str]]]] = {}
        for each, kind in self.known:
            if text := each.text.strip():
                found.setdefault(each.name, (kind, []))[1].append((each, text))
        return list(found.values())

    @cached_property
    def beginnings(self) -> str:
        """The first 200 characters of all texts that are values, white space before aside: what is not in here begins none of them."""
        return "\0".join([each.data.strip()[:200] for each in self.values if isinstance(each.data, str)])

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


def _nested(scope: Scope, value: Json) -> Iterator[tuple[str, Json]]:
    """Yield the properties that stand under `@nest`."""
    for each in value if isinstance(value, list) else [value]:
        if isinstance(each, dict):
            yield from ((key, inside) for key, inside in each.items() if not scope.keyword(key))


def _given(node: Node) -> Iterator[tuple[str, Json]]:
    """Yield what a node has under the names of schema.org; of what is nested only that it is there."""
    for key, value in node.data.items():
        term = node.scope.term(key)
        if term.keyword == "@nest":
            named = ((each, node.scope.name(each)) for each, _ in _nested(node.scope, value))
            yield from ((name, node.data.get(each, True)) for each, name in named if name is not None)
        elif not term.keyword and not term.is_json and term.name is not None:
            yield term.name, value


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
