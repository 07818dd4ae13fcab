"""Where two publications differ, field by field."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from difflib import SequenceMatcher
from operator import attrgetter

from publisher import schema
from publisher.article import Article, Publication
from publisher.schema import Json

__all__ = ["Difference", "between", "differences", "lines"]

_BLOCK = re.compile(r"(?<=>)(?=<(?:p|h[2-6]|ul|ol|li|dl|dt|dd|blockquote|pre|table|tr|figure|figcaption|hr|div)\b)")
_AROUND = 60
"""How many characters before a difference are shown of a long text."""
_WIDE = 240
_MOST_COMPARED = 40_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One place where two publications differ; `None` is absent."""

    pointer: str
    """Such as `articles[3].image[0].width`."""
    first: Json
    second: Json
    article: str = ""
    """The beginning of the pointer that means the article."""

    def is_in(self, field: str) -> bool:
        """Return whether this is in a field of the publication or of any article, such as `image` or `publication.image`."""
        inside = self.pointer.removeprefix(self.article).removeprefix(".")
        return inside == field or inside.startswith((f"{field}.", f"{field}["))


def differences(first: Publication, second: Publication) -> Iterator[Difference]:
    """Yield the places where two publications differ in their JSON spelling; offsets of moments count."""
    if first != second or _offsets(first) != _offsets(second):
        yield from _differences(schema.dump(first), schema.dump(second), "")


def _offsets(publication: Publication) -> list[timedelta | None]:
    """Return the offsets of all moments: those that are equal may have others."""
    dates = [publication.date_modified]
    for each in publication.articles:
        dates += (each.date_published, each.date_modified, *(correction.date_published for correction in each.corrections))
    return [each.utcoffset() if isinstance(each, datetime) else None for each in dates]


def between(first: Publication, second: Publication, *, common: bool = False) -> Iterator[Difference]:
    """Yield the places where two publications differ, comparing those articles that are the same.

    Those are the ones with the same identifier, else the same address, else the same headline, where that is one of a kind;
    the order of the articles does not matter. With `common`, what only one of the publications has is left out.
    """
    yield from differences(schema.with_articles(first, ()), schema.with_articles(second, ()))
    for name, one, other in _pairs(first.articles, second.articles):
        if one and other:
            article = f"articles[{name}]"
            yield from (replace(each, article=article) for each in _differences(schema.spell(one), schema.spell(other), article))
        elif not common:
            yield Difference(pointer=f"articles[{name}]", first=one.headline if one else None, second=other.headline if other else None)


def _pairs(first: Iterable[Article], second: Iterable[Article]) -> Iterator[tuple[str, Article | None, Article | None]]:
    """Yield a name for each article with the article as either side has it."""
    alone, left = list(first), list(second)
    for key in (attrgetter("identifier"), attrgetter("url"), attrgetter("headline")):
        ones, others = _singles(alone, key), _singles(left, key)
        pairs = [(ones[name], others[name]) for name in ones if name in others]
        yield from ((one.identifier, one, other) for one, other in pairs)
        met = {id(each) for pair in pairs for each in pair}
        alone, left = ([each for each in side if id(each) not in met] for side in (alone, left))
    yield from ((one.identifier, one, None) for one in alone)
    yield from ((other.identifier, None, other) for other in left)


def _singles(articles: Iterable[Article], key: Callable[[Article], str | None]) -> dict[str, Article]:
    """Return those articles by their key that are the only ones to have it."""
    found: dict[str, list[Article]] = {}
    for each in articles:
        if name := key(each):
            found.setdefault(name, []).append(each)
    return {name: several[0] for name, several in found.items() if len(several) == 1}


def lines(difference: Difference) -> Iterator[str]:
    """Yield what a person needs to see of a difference: lines that begin with `-` for the first and `+` for the second."""
    for one, other in _changed(_blocks(difference.first), _blocks(difference.second)):
        cut = _cut("".join(one), "".join(other))
        yield from (f"{mark} {text}" for mark, text in zip("-+", cut, strict=True) if text)


def _changed(first: list[str], second: list[str]) -> Iterator[tuple[list[str], list[str]]]:
    """Yield the runs of blocks that differ; of two very long texts all from the first to the last difference as one run."""
    start = _agreeing(first, second)
    end = min(_agreeing(first[::-1], second[::-1]), len(first) - start, len(second) - start)
    first, second = first[start : len(first) - end], second[start : len(second) - end]
    if len(first) * len(second) > _MOST_COMPARED:  # difflib's time grows with this, and more
        yield first, second
        return
    for tag, one, other, from_, to in SequenceMatcher(None, first, second, autojunk=False).get_opcodes():
        if tag != "equal":
            yield first[one:other], second[from_:to]


def _agreeing(first: Sequence[str], second: Sequence[str]) -> int:
    """Return how many places from the beginning are the same."""
    pairs = enumerate(zip(first, second, strict=False))
    return next((place for place, (one, other) in pairs if one != other), min(len(first), len(second)))


def _blocks(value: Json) -> list[str]:
    """Return a value as text, a body in its blocks, so that only those are shown that differ."""
    if value is None:
        return []
    return _BLOCK.split(value) if isinstance(value, str) else [schema.to_text(value, indent=None)]


def _cut(first: str, second: str) -> tuple[str, str]:
    """Return two texts from shortly before the first character in which they differ, no longer than a few lines."""
    start = max(0, _agreeing(first, second) - _AROUND)
    return _short(first, start), _short(second, start)


def _short(text: str, start: int) -> str:
    shown = text[start : start + _WIDE].replace("\n", "\\n")
    return f"{'…' if start and shown else ''}{shown}{'…' if len(text) > start + _WIDE else ''}"


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
