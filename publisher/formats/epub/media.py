"""The pictures and recordings inside a book: looked at by their bytes, made fit for every reading system, each kept once.

They go into the archive while the pages are written, and are nowhere else: memory does not grow by them beyond the book itself.
A book that is larger than its budget is written once more with another shelf, on which the largest pictures are smaller (`budget`).
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence, Sized
from dataclasses import dataclass, replace
from functools import partial

from publisher.formats.epub.archive import Packer
from publisher.formats.epub.budget import Cuts, Drawer, File, Laid, cut
from publisher.formats.epub.pictures import Picture, Unfit, made, picture_from, shape
from publisher.formats.epub.sounds import Recording, recording_from
from publisher.problems import Problem, Severity, problem

__all__ = ["FOLDER", "Kept", "Picture", "Recording", "Shelf", "picture_from"]

FOLDER = "EPUB/"
"""Where in the archive EbookLib puts everything."""
_MOST_BYTES_OF_SOUND = 25_000_000
_EXTENSIONS = {
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/svg+xml": "svg",
    "audio/mpeg": "mp3",
    "audio/mp4": "m4a",
    "audio/ogg; codecs=opus": "opus",
}
_SLACK, _SLACK_EACH = 4_000, 20
"""Bytes by which the pages may differ between two runs, and for each picture: other names and sizes deflate differently."""
_MOST_TOLD = 3
_CORE = "https://www.w3.org/TR/epub-33/#sec-core-media-types"


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """Where in the book something is, seen from its pages."""

    href: str
    width: int | None = None
    height: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Smaller:
    """A picture that was made smaller, before and after."""

    url: str
    size: tuple[int, int]
    """Bytes."""
    pixels: tuple[tuple[int | None, int | None], tuple[int | None, int | None]]

    def __str__(self) -> str:
        (old, new), (before, after) = self.size, self.pixels
        return f"{self.url} had {_megabytes(old)}{_pixels(before)} and has {_megabytes(new)}{_pixels(after)}"


def _megabytes(size: int) -> str:
    return f"{size / 1_000_000:.1f} MB" if size >= 1_000_000 else f"{size / 1000:.0f} kB"


def _pixels(size: tuple[int | None, int | None]) -> str:
    return f" ({size[0]} × {size[1]} pixels)" if size[0] else ""


class Shelf:
    """What the pages of one book have asked for, put into the archive under its digest, so that nothing is in the book twice."""

    def __init__(
        self,
        media: Callable[[str], bytes | None],
        budget: int | None = None,
        smaller: Mapping[str, Callable[[], Picture]] | None = None,
        without: Collection[str] = (),
    ) -> None:
        """`smaller` gives pictures by the URL that they are asked for with, and `without` are recordings that are left out."""
        self.packer = Packer()
        self.told: list[Problem] = []
        """What was done so that the book keeps to its budget."""
        self._media = media
        self._budget = budget
        self._ready = dict(smaller or {})
        self._looked: dict[str, Picture | None] = {}
        self._without = frozenset(without)
        self._asked: dict[tuple[str, str], Kept | None] = {}
        self._files: dict[str, File] = {}
        self._urls: dict[str, list[str]] = {}
        """Where each file is from."""
        self._fixed: set[str] = set()
        """What stays as it is: the cover, also where a page shows it too."""
        self._left = 0
        """Bytes that did not go into the archive since they are beyond the budget."""
        self._elsewhere: dict[str, list[str]] = {"picture": [], "recording": []}
        self._unfit: dict[str, dict[str, str]] = {"picture": {}, "recording": {}}
        self._large: list[str] = []
        self._still: list[str] = []
        self._cleaned: dict[str, tuple[tuple[str, int], ...]] = {}
        self._bounded: list[_Smaller] = []

    def files(self) -> Iterator[tuple[str, str]]:
        """Yield the path and the media type of each file, in the order of the paths."""
        for path in sorted(self._files):
            yield path, self._files[path].media_type

    def picture(self, url: str | None) -> Kept | None:
        """Return where the picture is, or `None` when its bytes are not at hand or of no use."""
        return self._ask(url, "picture", self._made)

    def recording(self, url: str | None) -> Kept | None:
        """Return where the sound is, or `None` when its bytes are not at hand, too many or of no core media type."""
        return self._ask(url, "recording", self._recorded)

    def look(self, url: str | None) -> Picture | None:
        """Return a picture without putting it into the book; it is made once, also when it is asked for later."""
        if url and url not in self._looked:
            self._looked[url] = picture_from(data) if (data := self._media(url)) else None
        return self._looked[url] if url else None

    def shape(self, url: str | None) -> float | None:
        """Return how many times as high as wide a picture is; `None` where that is not to be seen without decoding it."""
        return shape(data) if url and (data := self._media(url)) else None

    def keep(self, made: Picture | Recording, url: str | None = None) -> Kept:
        """Put a file into the book, unless it is there already; one with a `url`, where it is from, may be made smaller."""
        digest = hashlib.sha256(made.data).hexdigest()[:16]
        href = f"media/{digest}.{_EXTENSIONS[made.media_type]}"
        pixels = (made.width, made.height) if isinstance(made, Picture) and made.width and made.height else None
        if href not in self._files:
            self._files[href] = File(href=href, media_type=made.media_type, size=len(made.data), pixels=pixels)
            self._put(href, made.data)
        self._urls.setdefault(href, [])
        if url:
            self._urls[href].append(url)
        else:
            self._fixed.add(href)
        return Kept(href=href, width=made.width, height=made.height) if isinstance(made, Picture) else Kept(href=href)

    def _put(self, href: str, data: bytes) -> None:
        if self._budget is not None and self.packer.size + len(data) > self._budget:
            self._left += len(data)  # the book will be written once more, so this one need not be whole
        else:
            self.packer.add(f"{FOLDER}{href}", data)

    def _ask(self, url: str | None, kind: str, make: Callable[[str, bytes], Kept | None]) -> Kept | None:
        if not url:
            return None
        if (url, kind) not in self._asked:
            self._asked[url, kind] = self._kept(url, kind, make)
        return self._asked[url, kind]

    def _kept(self, url: str, kind: str, make: Callable[[str, bytes], Kept | None]) -> Kept | None:
        if not (data := self._media(url)):
            self._elsewhere[kind].append(url)
            return None
        try:
            return make(url, data)
        except Unfit as error:
            self._unfit[kind][url] = str(error)
            return None

    def _made(self, url: str, data: bytes) -> Kept:
        looked = self._looked.pop(url, None)
        found = ready() if (ready := self._ready.get(url)) else looked or made(data)
        if found.was_moving:
            self._still.append(url)
        if found.taken_out:
            self._cleaned[url] = found.taken_out
        if found.had and not found.level:
            pixels = (found.had, (found.width, found.height))
            self._bounded.append(_Smaller(url=url, size=(len(data), len(found.data)), pixels=pixels))
        return self.keep(found, url)

    def _recorded(self, url: str, data: bytes) -> Kept | None:
        if url in self._without:
            return None
        if len(data) > _MOST_BYTES_OF_SOUND:
            self._large.append(url)
            return None
        return self.keep(recording_from(data), url)

    # -- the budget -----------------------------------------------------------------------------------------------

    def is_beyond(self, size: int) -> bool:
        """Return whether the book is beyond its budget; `size` is what was written, in bytes."""
        return self._budget is not None and size + self._left > self._budget

    def fitting(self, size: int, drawer: Drawer) -> Shelf:
        """Return the shelf for writing a book again that is beyond its budget, smaller; until then pictures are in the drawer."""
        before, budget = size + self._left, self._budget or 0
        files = [replace(each, urls=() if each.href in self._fixed else tuple(self._urls[each.href])) for each in self._files.values()]
        room = budget - _SLACK - _SLACK_EACH * len(files) - (before - sum(each.size for each in files))
        cuts = cut(files, room, self._at, drawer)
        smaller = {url: partial(drawer.take, laid) for href, laid in cuts.pictures.items() for url in self._urls[href]}
        found = Shelf(self._media, None, smaller, [url for each in cuts.left_out for url in self._urls[each.href]])
        found.told = [*self._cuts_told(cuts, before)]
        return found

    def _at(self, url: str, level: int) -> Picture:
        return made(self._media(url) or b"", level)

    def _cuts_told(self, cuts: Cuts, before: int) -> Iterator[Problem]:
        budget = _megabytes(self._budget or 0)
        hint = "set a larger size in [epub], or take smaller pictures"
        found = [self._smaller(href, laid) for href, laid in cuts.pictures.items()]
        found.sort(key=lambda each: (each.size[1] - each.size[0], each.url))
        if found:
            message = f"{_count(found, 'picture')} made smaller, since the book would have {_megabytes(before)}, more than {budget}"
            yield problem("epub-picture-reduced", Severity.INFO, message, hint=hint)
        for each in found[:_MOST_TOLD]:
            yield problem("epub-picture-reduced", Severity.INFO, str(each), hint=hint)
        if cuts.left_out:
            urls = [self._urls[each.href][0] for each in cuts.left_out]
            message = f"{_first(urls, 'recording')} left out, since the book would have more than {budget}"
            yield problem("epub-recording-left-out", Severity.INFO, message, hint=f"{hint}; the book has a link to it")

    def _smaller(self, href: str, laid: Laid) -> _Smaller:
        before = self._files[href]
        pixels = (before.pixels or (None, None), (laid.picture.width, laid.picture.height))
        return _Smaller(url=self._urls[href][0], size=(before.size, laid.size), pixels=pixels)

    # -- what is told ---------------------------------------------------------------------------------------------

    def problems(self, size: int, budget: int) -> Iterator[Problem]:
        """Yield what is not in the book, or not as it was given; `size` is what the book has, in bytes, and `budget` may have."""
        yield from self.told
        if size > budget:
            message = f"the book has {size:,} bytes, more than {budget:,}, and nothing in it can be made smaller"
            yield problem("epub-over-budget", Severity.WARNING, message, hint="set a larger size in [epub], or make several books of it")
        yield from self._pictures_told()
        yield from self._unfit_told("picture", "give a JPEG, PNG or SVG that is whole")
        yield from self._unfit_told("recording", "give MP3, AAC (.m4a) or Opus")
        if self._large:
            message = f"{_first(self._large, 'recording')} larger than {_megabytes(_MOST_BYTES_OF_SOUND)}, and in the book only as a link"
            yield problem("epub-recording-left-out", Severity.INFO, message, hint="give a shorter or smaller recording")
        for kind, urls in self._elsewhere.items():
            if urls:
                message = f"{_first(urls, kind)} not at hand, and in the book only as a link"
                hint = "set fetch = true in [epub], or build with --fetch, to have in the book what is on the web"
                yield problem(f"epub-{kind}-elsewhere", Severity.INFO, message, hint=hint)

    def _unfit_told(self, kind: str, hint: str) -> Iterator[Problem]:
        unfit = [f"{url} cannot be used: {why}" for url, why in self._unfit[kind].items()]
        more = [f"{len(unfit) - _MOST_TOLD} more cannot be used"] if len(unfit) > _MOST_TOLD else []
        for message in (*unfit[:_MOST_TOLD], *more):
            yield problem(f"epub-{kind}-unusable", Severity.WARNING, message, hint=f"{hint}; the book has a link to it", spec=_CORE)

    def _pictures_told(self) -> Iterator[Problem]:
        if self._bounded:
            worst = min(self._bounded, key=lambda each: (each.size[1] - each.size[0], each.url))
            message = f"{_count(self._bounded, 'picture')} made smaller, to what readers for books can show: {worst}"
            yield problem("epub-picture-reduced", Severity.INFO, message, hint="nothing needs to be done: where it was, all of it stays")
        if self._still:
            message = f"{_first(self._still, 'picture')} moving, and stands still in the book: its first frame is there"
            yield problem("epub-picture-still", Severity.INFO, message, hint="say in the text what the others show")
        if self._cleaned:
            counts = Counter[str]()
            for taken_out in self._cleaned.values():
                counts.update(dict(taken_out))
            said = ", ".join(f"{number} {name}{'s' if number > 1 else ''}" for name, number in sorted(counts.items()))
            message = f"{_first([*self._cleaned], 'drawing')} in the book without what does not draw: {said}"
            yield problem("epub-drawing-cleaned", Severity.INFO, message, hint="look at it in the book: what draws is there")


def _count(several: Sized, one: str, many: str = "") -> str:
    """Return how many there are, and the verb for it."""
    return f"1 {one} is" if len(several) == 1 else f"{len(several)} {many or f'{one}s'} are"


def _first(urls: Sequence[str], one: str, many: str = "") -> str:
    """Return the first, or how many there are with the first, and the verb for it."""
    return f"the {one} {urls[0]} is" if len(urls) == 1 else f"{len(urls)} {many or f'{one}s'} ({urls[0]} and others) are"
