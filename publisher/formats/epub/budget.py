"""What is made smaller so that a book keeps to its budget: pictures, those first that save most, and recordings last of all.

How much a smaller picture would save is estimated, since making every picture at every level takes minutes; those that are
chosen are made, and counted as they turn out, until the book is small enough. The same input gives the same choice.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from publisher.formats.epub.pictures import LEVELS, Picture, within

__all__ = ["Cuts", "File", "cut"]

_WORTH = 0.9
"""A level is tried when it makes a tenth of the picture go."""


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """A picture or recording in the book."""

    href: str
    media_type: str
    size: int
    """Bytes."""
    urls: tuple[str, ...] = ()
    """Where it is from; empty for what is drawn by us and stays as it is."""
    pixels: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Cuts:
    """What is done so that a book keeps to its budget."""

    pictures: Mapping[str, Picture]
    """Those that are smaller, by the `href` of what they stand for."""
    left_out: tuple[File, ...]
    """Recordings that are not in the book."""


class _Cutter:
    """Goes on until `total` is no more than `room`."""

    def __init__(self, files: Iterable[File], room: int, make: Callable[[str, int], Picture]) -> None:
        self.files = {each.href: each for each in files}
        self.room = room
        self.make = make
        self.total = sum(each.size for each in self.files.values())
        self.sizes = {each.href: each.size for each in self.files.values()}
        self.levels = {each.href: 0 for each in self.files.values() if each.urls and each.media_type in ("image/jpeg", "image/png")}
        self.pictures: dict[str, Picture] = {}
        self.left_out: list[File] = []

    def run(self) -> Cuts:
        for href, level in self.planned().items():
            self.reduce(href, level)
        self.reduce_further()
        self.leave_out()
        return Cuts(pictures=self.pictures, left_out=tuple(self.left_out))

    def planned(self) -> dict[str, int]:
        """Return to which level to bring which pictures if all turns out as it is estimated, what saves most first."""
        expected, sizes, levels = self.total, dict(self.sizes), dict.fromkeys(self.levels, 0)
        steps = [step for href in self.levels for step in self.steps(href, 0, self.sizes[href])]
        heapq.heapify(steps)
        while steps and expected > self.room:
            saved, href, level, size = heapq.heappop(steps)
            expected, sizes[href], levels[href] = expected + saved, size, level
            for step in self.steps(href, level, size):
                heapq.heappush(steps, step)
        found = {href: level for href, level in levels.items() if level}
        return dict(sorted(found.items(), key=lambda each: (sizes[each[0]] - self.sizes[each[0]], each[0])))

    def steps(self, href: str, level: int, size: int) -> list[tuple[int, str, int, int]]:
        """Return the next level that is worth it, if any: minus the bytes it saves, the picture, the level, its size then."""
        pixels = self.files[href].pixels or (1, 1)
        for number in range(level + 1, len(LEVELS)):
            width, height = within(pixels, LEVELS[number])
            expected = int(width * height * LEVELS[number].rate)
            if expected < _WORTH * size:
                return [(expected - size, href, number, expected)]
        return []

    def reduce(self, href: str, level: int) -> None:
        """Make a picture smaller, unless the book is small enough; one that would be larger stays."""
        if self.total <= self.room:
            return
        self.levels[href] = level
        made = self.make(self.files[href].urls[0], level)
        if len(made.data) < self.sizes[href]:
            self.total -= self.sizes[href] - len(made.data)
            self.sizes[href] = len(made.data)
            self.pictures[href] = made

    def reduce_further(self) -> None:
        """Make the largest smaller by one level, as long as there is one that can be."""
        last = len(LEVELS) - 1
        left = [(-self.sizes[href], href) for href, level in self.levels.items() if level < last]
        heapq.heapify(left)
        while left and self.total > self.room:
            _, href = heapq.heappop(left)
            self.reduce(href, self.levels[href] + 1)
            if self.levels[href] < last:
                heapq.heappush(left, (-self.sizes[href], href))

    def leave_out(self) -> None:
        recordings = (each for each in self.files.values() if each.media_type.startswith("audio/"))
        for each in sorted(recordings, key=lambda each: (-each.size, each.href)):
            if self.total > self.room:
                self.total -= each.size
                self.left_out.append(each)


def cut(files: Iterable[File], room: int, make: Callable[[str, int], Picture]) -> Cuts:
    """Return what to do so that the files have no more than `room` bytes; `make` gives the picture at a URL at a level.

    When not all that is possible is enough, all of it is done.
    """
    return _Cutter(files, room, make).run()
