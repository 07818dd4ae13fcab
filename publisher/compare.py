"""Where two publications differ, field by field."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from publisher import schema
from publisher.article import Publication
from publisher.schema import Json

__all__ = ["Difference", "differences"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One place where two publications differ; `None` is absent."""

    pointer: str
    """Such as `articles[3].image[0].width`."""
    first: Json
    second: Json


def differences(first: Publication, second: Publication) -> Iterator[Difference]:
    """Yield the places where two publications differ in their JSON spelling; offsets of moments count."""
    yield from _differences(schema.dump(first), schema.dump(second), "")


def _differences(first: Json, second: Json, pointer: str) -> Iterator[Difference]:
    if isinstance(first, dict) and isinstance(second, dict):
        for key in dict.fromkeys((*first, *second)):
            yield from _differences(first.get(key), second.get(key), f"{pointer}.{key}".lstrip("."))
    elif isinstance(first, list) and isinstance(second, list):
        for number in range(max(len(first), len(second))):
            yield from _differences(_at(first, number), _at(second, number), f"{pointer}[{number}]")
    elif first != second:
        yield Difference(pointer=pointer, first=first, second=second)


def _at(values: list[Json], number: int) -> Json:
    return values[number] if number < len(values) else None
