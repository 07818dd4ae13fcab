"""Lists cut by the calendar: which articles are together on an older page or in an archive.

A period that has no more articles than fit is one part. One that has more is divided into the smaller periods inside it: all articles
into decades, then five years, years, quarters, months, ten days, five days, days. So a change of one article reaches only
the period that it is in. A day is not divided. Periods between year and day are there because a month of thirty articles would else
make thirty parts: over twenty years with 50 articles each, 75 parts of at most 40 instead of 217.

Names are as in ISO 8601, with `--` between the first and the last of several: `2010s`, `2015--2019`, `2018`, `2018-07--09`, `2018-09`,
`2018-09-11--20`, `2018-09-14`. Articles without a date are `undated`, divided by digits of a digest of their identifiers.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from itertools import chain

from publisher.article import Article

__all__ = ["NAME", "UNDATED", "Part", "above", "cut", "day"]

UNDATED = "undated"
NAME = r"[0-9]{3}0s|[0-9]{4}(?:--[0-9]{4}|(?:-[0-9]{2}){0,2}|(?:-[0-9]{2}){1,2}--[0-9]{2})|undated(?:-[0-3]+)?"
"""A regular expression of all names."""
_FOURTHS = str.maketrans("456789abcdef", "0123" * 3)
"""From hexadecimal digits to digits of which there are four, so that what is divided by them has four parts."""
_DIGITS = 16
"""Of the digest of an article without a date."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """The articles of one period that is not divided."""

    name: str
    """Of the period; that of the whole list where all articles fit."""
    places: tuple[int, ...]
    """Where its articles are in the list, counted from 0."""
    divided: tuple[str, ...] = ()
    """The divided periods that it is in, without the whole list, the largest first."""


def day(article: Article) -> str:
    """Return the day that an article shows, `2018-09-14`; `undated-` and 16 digits where it has none."""
    published = article.date_published
    if published:
        return published.isoformat()[:10]
    return f"{UNDATED}-{sha256(article.identifier.encode()).hexdigest()[:_DIGITS].translate(_FOURTHS)}"


def cut(days: Sequence[str], size: int, whole: str = "") -> tuple[Part, ...]:
    """Return the parts of a list, the newest first and those without a date last.

    `days` are those of its articles, as `day` gives them; `whole` is the period that the list is of, such as `2018`, if it is of one.
    No part has more than `size` articles but one of a single day.
    """
    found: dict[str, list[int]] = {}
    for place, each in enumerate(days):
        found.setdefault(each, []).append(place)
    if not found:
        return ()
    depth = above(next(iter(found))).index(whole) + 1 if whole else 0
    return tuple(_divided(found, size, (whole,), depth))


def _divided(days: Mapping[str, list[int]], size: int, way: tuple[str, ...], depth: int) -> Iterator[Part]:
    """Yield the parts of the period that is last on the `way`; `depth` is the place of the next smaller one among those of a day."""
    if sum(map(len, days.values())) <= size or depth == len(above(next(iter(days)))):
        yield Part(name=way[-1], places=tuple(sorted(chain.from_iterable(days.values()))), divided=way[1:-1])
        return
    inside: dict[str, dict[str, list[int]]] = {}
    for each, places in days.items():
        inside.setdefault(above(each)[depth], {})[each] = places
    for each in sorted(inside, key=lambda each: (not each.startswith(UNDATED), each), reverse=True):
        yield from _divided(inside[each], size, (*way, each), depth + 1)


@lru_cache(maxsize=50_000)
def above(day: str) -> tuple[str, ...]:
    """Return all periods that a day is in, the largest first, itself last."""
    if day.startswith(UNDATED):
        digits = day[len(UNDATED) + 1 :]
        return UNDATED, *(f"{UNDATED}-{digits[: each + 1]}" for each in range(len(digits)))
    year, month, number = int(day[:4]), int(day[5:7]), int(day[8:])
    last = monthrange(year, month)[1]
    five, quarter = year // 5 * 5, (month - 1) // 3 * 3 + 1
    return (
        f"{day[:3]}0s",
        f"{five:04}--{five + 4:04}",
        day[:4],
        f"{day[:4]}-{quarter:02}--{quarter + 2:02}",
        day[:7],
        _days(day[:7], number, 10, last),
        _days(day[:7], number, 5, last),
        day,
    )


def _days(month: str, number: int, count: int, last: int) -> str:
    """Return the name of a run of days of a month; the last of ten or five goes on to the end of the month."""
    first = min((number - 1) // count * count, 30 - count) + 1
    end = first + count - 1 if first + count <= 30 else last
    return f"{month}-{first:02}--{end:02}"
