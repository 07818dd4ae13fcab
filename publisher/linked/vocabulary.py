"""The names of schema.org: types, properties, enumerations, and what belongs to what (release 30.1, read 2026-11-24).

The table beside this file is made by `docs/make-vocabulary.py`; it is read when somebody asks, in about 2 ms.
From schema.org (https://schema.org/docs/terms.html), licensed under CC BY-SA 3.0
(https://creativecommons.org/licenses/by-sa/3.0/); so is the table.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache
from importlib.resources import files

__all__ = ["Vocabulary", "vocabulary"]

_CLOSE = 0.82
"""How alike two names are that one is likely the other misspelt: `autor` is to `author` 0.91."""


@dataclass(frozen=True)
class Property:
    """A property: the types that have it, and what its values are."""

    domains: frozenset[str]
    ranges: frozenset[str]
    superseded_by: str = ""


@dataclass(frozen=True)
class Type:
    """A type: those it is a kind of, and what took its place."""

    parents: tuple[str, ...]
    superseded_by: str = ""


@dataclass(frozen=True)
class Vocabulary:
    """All names of one release."""

    release: str
    _rows: Mapping[str, Mapping[str, str]]
    _types: dict[str, Type | None] = field(default_factory=dict)
    _properties: dict[str, Property | None] = field(default_factory=dict)
    _above: dict[str, frozenset[str]] = field(default_factory=dict)

    def type(self, name: str) -> Type | None:
        """Return the type or enumeration of this name."""
        if name not in self._types:
            row = self._rows["t"].get(name, self._rows["e"].get(name))
            self._types[name] = None if row is None else _type(*row.split("|"))
        return self._types[name]

    def property(self, name: str) -> Property | None:
        """Return the property of this name."""
        if name not in self._properties:
            row = self._rows["p"].get(name)
            self._properties[name] = None if row is None else _property(*row.split("|"))
        return self._properties[name]

    def is_data_type(self, name: str) -> bool:
        """Return whether values of this are strings, numbers or booleans."""
        return name in self._rows["d"]

    def is_enumeration(self, name: str) -> bool:
        """Return whether this has members, such as `ItemAvailability` has `InStock`."""
        return name in self._rows["e"]

    def is_member(self, name: str) -> bool:
        """Return whether this is a member of an enumeration."""
        return name in self._rows["m"]

    def members(self, enumeration: str) -> tuple[str, ...]:
        """Return the members of an enumeration and of the enumerations that are kinds of it."""
        return tuple(
            name for name, row in self._rows["m"].items() if any(enumeration in self.above(each) for each in row.partition("|")[0].split())
        )

    def is_known(self, name: str) -> bool:
        """Return whether the name is anything's."""
        return any(name in rows for rows in self._rows.values())

    def above(self, name: str) -> frozenset[str]:
        """Return the type itself and all that it is a kind of."""
        if name not in self._above:
            parents = self._parents(name)
            self._above[name] = frozenset({name}.union(*(self.above(each) for each in parents)))
        return self._above[name]

    def _parents(self, name: str) -> tuple[str, ...]:
        found = self.type(name)
        if found:
            return found.parents
        return tuple(self._rows["d"].get(name, "").partition("|")[0].split())

    def has(self, kind: str, name: str) -> bool:
        """Return whether things of a type have a property."""
        found = self.property(name)
        return found is not None and (not found.domains or not found.domains.isdisjoint(self.above(kind)))

    def properties_of(self, kinds: Iterable[str]) -> list[str]:
        """Return the names of all properties that things of these types have."""
        above = frozenset[str]().union(*(self.above(each) for each in kinds))
        return [name for name, row in self._rows["p"].items() if not above.isdisjoint(row.partition("|")[0].split())]

    def type_in_any_case(self, name: str) -> str:
        """Return the type that is this but for upper and lower case, `""` when none is."""
        return _in_any_case(self, "te").get(name.lower(), "")

    def property_in_any_case(self, name: str) -> str:
        """Return the property that is this but for upper and lower case, `""` when none is."""
        return _in_any_case(self, "p").get(name.lower(), "")

    def closest_type(self, name: str) -> str:
        """Return the type that was likely meant, `""` when none is like it."""
        return _closest(name, (*self._rows["t"], *self._rows["e"]))

    def closest_property(self, name: str, kinds: Iterable[str] = ()) -> str:
        """Return the property that was likely meant, first of those that the types have, `""` when none is like it."""
        return _closest(name, self.properties_of(kinds)) or _closest(name, self._rows["p"])

    def closest_member(self, name: str, enumerations: Iterable[str]) -> str:
        """Return the member that was likely meant, `""` when none is like it."""
        return _closest(name, [member for each in enumerations for member in self.members(each)])

    def __hash__(self) -> int:
        return id(self)


def _type(parents: str = "", superseded_by: str = "") -> Type:
    return Type(tuple(parents.split()), superseded_by)


def _property(domains: str = "", ranges: str = "", superseded_by: str = "") -> Property:
    return Property(frozenset(domains.split()), frozenset(ranges.split()), superseded_by)


@cache
def _in_any_case(vocabulary: Vocabulary, kinds: str) -> dict[str, str]:
    return {name.lower(): name for kind in kinds for name in vocabulary._rows[kind]}


def _closest(name: str, known: Iterable[str]) -> str:
    return _close(name[:60], tuple(known))


@lru_cache(maxsize=512)
def _close(name: str, known: tuple[str, ...]) -> str:
    lowered = {each.lower(): each for each in known}
    found = _swapped(name.lower(), lowered) or difflib.get_close_matches(name.lower(), lowered, 1, _CLOSE)
    return lowered[found[0]] if found else ""


def _swapped(name: str, known: Iterable[str]) -> list[str]:
    """Return the names that are this one but for two letters that have changed places."""
    return [each for each in known if len(each) == len(name) > 3 and _is_swapped(name, each)]


def _is_swapped(name: str, other: str) -> bool:
    wrong = [place for place, (one, two) in enumerate(zip(name, other, strict=True)) if one != two]
    return len(wrong) == 2 and wrong[1] == wrong[0] + 1 and name[wrong[0]] == other[wrong[1]] and name[wrong[1]] == other[wrong[0]]


@cache
def vocabulary() -> Vocabulary:
    """Return the vocabulary that is beside this file."""
    return _read(files("publisher.linked").joinpath("schemaorg.txt").read_text("utf-8"))


def _read(table: str) -> Vocabulary:
    rows: dict[str, dict[str, str]] = {kind: {} for kind in ("release", *"tdepm")}
    for each in table.splitlines():
        if not each.startswith("#"):
            kind, name, rest = (*each.split("|", 2), "")[:3]
            rows[kind][name] = rest
    (release,) = rows.pop("release")
    return Vocabulary(release, rows)
