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


@dataclass(frozen=True, eq=False)
class Property:
    """A property: the types that have it, and what its values are; there is one object for each."""

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
    _types: dict[str, Type] = field(default_factory=dict)
    _properties: dict[str, Property] = field(default_factory=dict)
    _above: dict[str, frozenset[str]] = field(default_factory=dict)
    _having: set[tuple[tuple[str, ...], Property]] = field(default_factory=set)
    _fitting: set[tuple[tuple[str, ...], Property]] = field(default_factory=set)
    """Types with properties that they have, or that they are values of: only what schema.org has, so that it ends."""

    def type(self, name: str) -> Type | None:
        """Return the type or enumeration of this name."""
        found = self._types.get(name)
        if found is None and (row := self._rows["t"].get(name, self._rows["e"].get(name))) is not None:
            found = self._types[name] = _type(*row.split("|"))
        return found

    def property(self, name: str) -> Property | None:
        """Return the property of this name."""
        found = self._properties.get(name)
        if found is None and (row := self._rows["p"].get(name)) is not None:
            found = self._properties[name] = _property(*row.split("|"))
        return found

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
        found = self._above.get(name)
        if found is None:
            found = frozenset({name}.union(*(self.above(each) for each in self._parents(name))))
            if self.is_known(name):  # else what strangers write would be kept
                self._above[name] = found
        return found

    def _parents(self, name: str) -> tuple[str, ...]:
        found = self.type(name)
        if found:
            return found.parents
        return tuple(self._rows["d"].get(name, "").partition("|")[0].split())

    def has(self, kind: str, name: str) -> bool:
        """Return whether things of a type have a property."""
        found = self.property(name)
        return found is not None and (not found.domains or not found.domains.isdisjoint(self.above(kind)))

    def has_on(self, kinds: tuple[str, ...], found: Property) -> bool:
        """Return whether things of one of these types have a property."""
        if (kinds, found) in self._having:
            return True
        has = any(not found.domains or not found.domains.isdisjoint(self.above(kind)) for kind in kinds)
        self._note(self._having, kinds, found, has)
        return has

    def fits(self, kinds: tuple[str, ...], found: Property) -> bool:
        """Return whether one of these types is one of those that a property takes, or more general than one."""
        if (kinds, found) in self._fitting:
            return True
        wanted = self.things(found)
        fits = any(not self.above(kind).isdisjoint(wanted) or any(kind in self.above(each) for each in wanted) for kind in kinds)
        self._note(self._fitting, kinds, found, fits)
        return fits

    def _note(self, noted: set[tuple[tuple[str, ...], Property]], kinds: tuple[str, ...], found: Property, holds: bool) -> None:
        if holds and len(kinds) == 1 and self.type(kinds[0]):
            noted.add((kinds, found))

    @cache  # noqa: B019 - there is one vocabulary, and as many properties as it has
    def things(self, found: Property) -> frozenset[str]:
        """Return the types of things that a property takes."""
        return frozenset(kind for kind in found.ranges if not self.is_data_type(kind))

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
