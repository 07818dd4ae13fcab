"""What JSON-LD is made of, as the rules see it: nodes, their properties and values, and what names mean where they stand."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from types import MappingProxyType

from publisher.linked.vocabulary import Property, vocabulary
from publisher.places import Path
from publisher.schema import Json, JsonObject

__all__ = ["ALONE", "ASSUMED", "KEYWORDS", "Name", "Node", "Scope", "Term", "Value", "is_schema_org", "looks_like_schema_org"]

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


def is_schema_org(context: str) -> bool:
    """Return whether a context is schema.org's, in any of the ways to write it that consumers accept."""
    return bool(_SCHEMA_ORG.fullmatch(context.strip()))


@dataclass(frozen=True, slots=True)
class Term:
    """What one key means."""

    keyword: str
    """The keyword that it is or stands for, `""` when it is none."""
    name: str | None
    """Schema.org's name, `None` when it is another vocabulary's or nobody's."""
    kind: Property | None
    """The property of that name, `None` when schema.org has none."""
    is_opaque: bool
    """The keys of its value are ids, types or the like, and no names."""
    is_by_language: bool
    """The keys of its value are languages."""
    is_json: bool
    """Its value is any JSON, which says nothing to who reads names."""


@dataclass(frozen=True, slots=True)
class Scope:
    """What names mean in a part of the document."""

    schema_org: bool = True
    """Names without a prefix are schema.org's."""
    open: bool = False
    """Another context may give names, too."""
    terms: Mapping[str, Json] = field(default_factory=lambda: MappingProxyType({}))
    """What the document defines itself."""
    _known: dict[str, Term] = field(default_factory=dict, repr=False, compare=False)
    """What was asked for, as far as schema.org has it: no more than that, since some scopes outlive their document."""

    def within(self, context: Json) -> Scope:
        """Return what names mean where `context` is in force, too."""
        scope = Scope(schema_org=False) if self is ASSUMED else self
        for each in context if isinstance(context, list) else [context]:
            scope = scope._with(each)
        return scope

    def _with(self, context: Json) -> Scope:
        if isinstance(context, str):
            ours = is_schema_org(context) or looks_like_schema_org(context)
            alone = ours and not self.open and not self.terms
            return ALONE if alone else Scope(self.schema_org or ours, self.open or not ours, self.terms)
        if isinstance(context, dict):
            return self._defining(context)
        return Scope(schema_org=False)

    def _defining(self, context: JsonObject) -> Scope:
        ours = self.schema_org
        if "@vocab" in context:
            ours = _IRI.fullmatch(str(context["@vocab"])) is not None or is_schema_org(str(context["@vocab"]))
        terms = {key: value for key, value in context.items() if not key.startswith("@")}
        return Scope(ours, self.open or "@import" in context, MappingProxyType({**self.terms, **terms}))

    def term(self, key: str) -> Term:
        """Return what a key means here."""
        found = self._known.get(key)
        if found is None:
            found = self._term(key)
            if found.kind or found.keyword in KEYWORDS:
                self._known[key] = found
        return found

    def _term(self, key: str) -> Term:
        name, container = self.name(key), self.container(key)
        return Term(
            keyword=self.keyword(key),
            name=name,
            kind=None if name is None else vocabulary().property(name),
            is_opaque=not container.isdisjoint(_OPAQUE),
            is_by_language="@language" in container,
            is_json=self.coerced(key) == "@json",
        )

    def given(self, data: JsonObject, keyword: str) -> Json:
        """Return what a node says under a keyword, or under the first key that stands for it."""
        if keyword in data:
            return data[keyword]
        if not self.terms:
            return data.get(keyword[1:]) if self.schema_org else None  # schema.org's context has these two aliases
        return next((data[key] for key in data if self.keyword(key) == keyword), None)

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
ALONE = Scope()
"""What names mean in nearly all documents: schema.org's context, and no other."""


@lru_cache(maxsize=64)
def looks_like_schema_org(context: str) -> bool:
    """Return whether a context is schema.org's misspelt."""
    host = re.sub(r"^(?:[a-z]*:/*|//)?(?:www\.)?", "", context[:200].strip().lower()).partition("/")[0]
    return difflib.SequenceMatcher(None, host, "schema.org").ratio() >= _ALIKE


def _local(iri: str) -> str | None:
    found = _IRI.fullmatch(iri)
    return found[1] if found else None


# Not frozen: there are a hundred of these in a page, and frozen ones take three times as long to make.
@dataclass(slots=True, eq=False)
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
    is_reference: bool
    """It only names a thing that is described elsewhere."""


@dataclass(slots=True, eq=False)
class Name:
    """One property as a node has it."""

    node: Node
    key: str
    name: str
    path: Path


@dataclass(slots=True, eq=False)
class Value:
    """One value of a property of schema.org: text, a number, a boolean, or a node."""

    owner: Node
    name: str
    path: Path
    data: Json
    kind: Property | None
    """Its property, `None` when schema.org has none of this name."""
    node: Node | None = None

    @property
    def text(self) -> str:
        """The value when it is text, else `""`."""
        return self.data if isinstance(self.data, str) else ""
