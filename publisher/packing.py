"""Many values of frozen dataclasses as bytes and back, quickly: one field of all of them at a time, which is done in C.

Pickle makes each value of a dataclass with slots by a function in Python that sets field after field.
What is packed is only ever unpacked where nobody else can have written it (see `records`): it is a pickle inside.
"""

from __future__ import annotations

import pickle
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import fields
from functools import cache
from io import BytesIO
from itertools import repeat
from operator import attrgetter
from typing import Any, TypeVar

__all__ = ["blank", "made", "pack", "unpack"]

Value = TypeVar("Value")


def made(kind: type[Value], count: int, columns: Iterable[Iterable[object]]) -> list[Value]:
    """Return so many values of a dataclass with slots; `columns` give its first field of all of them, then its second, and so on."""
    values = [*map(object.__new__, repeat(kind, count))]
    _fill(kind, values, columns)
    return values


def _fill(kind: type, values: Iterable[object], columns: Iterable[Iterable[object]], without: str = "") -> None:
    for put, column in zip(_setters(kind, without), columns, strict=True):
        deque(map(put, values, column), maxlen=0)


@cache
def _setters(kind: type, without: str = "") -> tuple[Callable[[Any, Any], None], ...]:
    return tuple(getattr(kind, each.name).__set__ for each in fields(kind) if each.name != without)


@cache
def _getters(kind: type, without: str = "") -> tuple[Callable[[Any], Any], ...]:
    return tuple(attrgetter(each.name) for each in fields(kind) if each.name != without)


def blank(value: Value, without: str) -> Value:
    """Return the same value of a dataclass, but that one of its fields has no value."""
    kind: type = type(value)
    found: Value = object.__new__(kind)
    for put, get in zip(_setters(kind, without), _getters(kind, without), strict=True):
        put(found, get(value))
    return found


def pack(values: Iterable[object], kinds: Sequence[type], shared: Sequence[type] = (), without: str = "") -> bytes:
    """Return values of `kinds` as bytes; their fields may have other values of these, and what pickle takes.

    Of `shared` kinds values that are equal become one. The field `without` is left out, of whatever kind it is.
    """
    packer = _Packer(kinds, frozenset(shared), without)
    first = [packer.number(each) for each in values]
    parts = 0
    while packer.waiting:
        packer.dump_part()
        parts += 1
    return pickle.dumps((bytes(packer.kinds_of), first, parts, packer.body.getvalue()), pickle.HIGHEST_PROTOCOL)


def unpack(packed: bytes, kinds: Sequence[type], without: str = "") -> list[Any]:
    """Return the values that were packed with the same `kinds`; a field that was left out has no value."""
    kinds_of, first, parts, body = pickle.loads(packed)  # noqa: S301 - sealed
    table: list[Any] = [*map(object.__new__, map(kinds.__getitem__, kinds_of))]
    reader = pickle.Unpickler(BytesIO(body))  # noqa: S301
    reader.persistent_load = table.__getitem__  # type: ignore[method-assign]
    for _ in range(parts):
        kind, numbers, columns = reader.load()
        _fill(kinds[kind], [*map(table.__getitem__, numbers)], columns, without)
    return [*map(table.__getitem__, first)]


class _Packer(pickle.Pickler):
    """Gives each value of the kinds a number where it is found, and writes it later, with all others of its kind."""

    def __init__(self, kinds: Sequence[type], shared: frozenset[type], without: str) -> None:
        self.body = BytesIO()
        super().__init__(self.body, pickle.HIGHEST_PROTOCOL)
        self.kinds_of: list[int] = []
        """Which kind the value of each number is of."""
        self.waiting: dict[type, list[tuple[int, object]]] = {}
        """Values that are not written yet, and their numbers."""
        self._kinds = {kind: number for number, kind in enumerate(kinds)}
        self._shared = shared
        self._without = without
        self._numbers: dict[object, int] = {}

    def persistent_id(self, value: object) -> int | None:
        """Return the number that stands for a value of the kinds."""
        return self.number(value) if type(value) in self._kinds else None

    def number(self, value: object) -> int:
        """Return the number of a value, a new one when it was not met yet."""
        kind = type(value)
        key = (kind, value) if kind in self._shared else id(value)
        if (number := self._numbers.get(key)) is None:
            number = self._numbers[key] = len(self.kinds_of)
            self.kinds_of.append(self._kinds[kind])
            self.waiting.setdefault(kind, []).append((number, value))
        return number

    def dump_part(self) -> None:
        """Write the values of one kind that wait."""
        kind = next(iter(self.waiting))
        found = self.waiting.pop(kind)
        values = [value for _, value in found]
        self.dump((self._kinds[kind], [number for number, _ in found], [[*map(get, values)] for get in _getters(kind, self._without)]))
