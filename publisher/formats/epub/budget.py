"""What is made smaller so that a book keeps to its budget: pictures, level by level, and recordings last of all.

No picture goes to the next level before all have been asked for this one, those first that save most, so that none is a stamp
beside a poster. Levels that are not enough, as a few pictures show, are passed over, since making one takes 20 to 100 ms.
The same input gives the same choice.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import IO

from publisher.formats.epub.pictures import LEVELS, Picture, within

__all__ = ["Cuts", "Drawer", "File", "Laid", "cut"]
_REDUCIBLE = ("image/jpeg", "image/png")
_SAMPLE = 8
"""Pictures by which it is estimated how much a level saves."""


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
class Laid:
    """A picture in a drawer."""

    picture: Picture
    """Without its bytes, when those are in the file."""
    size: int
    """Bytes."""
    start: int | None
    """Where they begin in the file; `None` when the disk had no room for them."""


class Drawer:
    """Pictures that are laid aside until their page is written: in memory they would be as much as the book itself, once more."""

    def __init__(self) -> None:
        self._end = 0

    def put(self, picture: Picture, before: Laid | None = None) -> Laid:
        """Lay a picture aside, in the place of a larger one when there is one `before`."""
        size, start = len(picture.data), self._end if before is None or before.start is None else before.start
        try:
            self._file.seek(start)
            self._file.write(picture.data)
            self._file.flush()
        except OSError:
            return Laid(picture=picture, size=size, start=None)
        self._end = max(self._end, start + size)
        return Laid(picture=replace(picture, data=b""), size=size, start=start)

    def take(self, laid: Laid) -> Picture:
        """Return a picture that was laid aside."""
        if laid.start is None:
            return laid.picture
        self._file.seek(laid.start)
        return replace(laid.picture, data=self._file.read(laid.size))

    def close(self) -> None:
        """Throw all of it away."""
        if "_file" in self.__dict__:
            self._file.close()

    @cached_property
    def _file(self) -> IO[bytes]:
        return tempfile.TemporaryFile()


@dataclass(frozen=True, slots=True, kw_only=True)
class Cuts:
    """What is done so that a book keeps to its budget."""

    pictures: Mapping[str, Laid]
    """Those that are smaller, by the `href` of what they stand for."""
    left_out: tuple[File, ...]
    """Recordings that are not in the book."""


class _Cutter:
    """Goes on until `total` is no more than `room`."""

    def __init__(self, files: Iterable[File], room: int, make: Callable[[str, int], Picture], drawer: Drawer) -> None:
        self.files = {each.href: each for each in files}
        self.room = room
        self.make = make
        self.drawer = drawer
        self.sizes = {each.href: each.size for each in self.files.values()}
        self.total = sum(self.sizes.values())
        self.pictures: dict[str, Laid] = {}
        self.left_out: list[File] = []

    def run(self) -> Cuts:
        for level in range(self.first(), len(LEVELS)):
            for href in self.order(level):
                self.reduce(href, level)
        self.leave_out()
        return Cuts(pictures=self.pictures, left_out=tuple(self.left_out))

    def first(self) -> int:
        """Return the level before the first one that seems to be enough, so that the next need not be for all."""
        pictures = sorted(self.reducible(), key=lambda each: (each.size, each.href))
        sample = pictures[:: len(pictures) // _SAMPLE + 1]
        all_of_them, those = sum(each.size for each in pictures), sum(each.size for each in sample)
        for level in range(1, len(LEVELS)):
            made = sum(min(each.size, len(self.make(each.urls[0], level).data)) for each in sample)
            if sample and self.total - all_of_them + all_of_them * made // those <= self.room:
                return max(1, level - 1)
        return len(LEVELS) - 1

    def reducible(self) -> list[File]:
        return [each for each in self.files.values() if each.urls and each.media_type in _REDUCIBLE]

    def order(self, level: int) -> list[str]:
        """Return the pictures, that first which is expected to save most at this level."""
        return sorted((each.href for each in self.reducible()), key=lambda href: (-self.saved(href, level), -self.sizes[href], href))

    def saved(self, href: str, level: int) -> int:
        """Return how many bytes a picture would save by its pixels alone."""
        width, height = self.files[href].pixels or (1, 1)
        new = within((width, height), LEVELS[level])
        return self.sizes[href] - self.sizes[href] * new[0] * new[1] // (width * height)

    def reduce(self, href: str, level: int) -> None:
        """Make a picture smaller, unless the book is small enough; one that would be larger stays."""
        if self.total <= self.room:
            return
        made = self.make(self.files[href].urls[0], level)
        if len(made.data) < self.sizes[href]:
            self.total -= self.sizes[href] - len(made.data)
            self.sizes[href] = len(made.data)
            self.pictures[href] = self.drawer.put(made, self.pictures.get(href))

    def leave_out(self) -> None:
        recordings = (each for each in self.files.values() if each.media_type.startswith("audio/"))
        for each in sorted(recordings, key=lambda each: (-each.size, each.href)):
            if self.total > self.room:
                self.total -= each.size
                self.left_out.append(each)


def cut(files: Iterable[File], room: int, make: Callable[[str, int], Picture], drawer: Drawer) -> Cuts:
    """Return what to do so that the files have no more than `room` bytes; `make` gives the picture at a URL at a level.

    Those that are made smaller are in the drawer.
    When not all that is possible is enough, all of it is done.
    """
    return _Cutter(files, room, make, drawer).run()
