"""The books of a site as a catalogue lists them: those that this build makes, and those that lie there already."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

from publisher import issues
from publisher.article import Publication
from publisher.formats.epub.listing import Listing, planned
from publisher.issues import Held
from publisher.minting import publication_slug
from publisher.outputs import Output

__all__ = ["Listed", "arranged", "chunks", "paged", "parted"]

Value = TypeVar("Value")
_ROWS = ("day", "week", "month", "newest")
"""Kinds of issues that go on in time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """One book, and where things are that belong to it."""

    listing: Listing
    path: str
    """Below the exports, as all here."""
    kind: str
    """See `issues.kind`."""
    kepub: str | None = None
    """The same book for Kobo."""
    made: Output | None = None
    """What makes the book, when this build does."""
    picture: bytes | None = None
    """The cover, when it is to be laid beside a book that is not made."""

    @property
    def cover(self) -> str:
        """Where the cover is, a JPEG."""
        return issues.picture(self.path)

    @property
    def thumbnail(self) -> str:
        """Where the cover is in small."""
        return issues.picture(self.path, small=True)


def arranged(publication: Publication, outputs: Iterable[Output], held: Iterable[Held], out: Collection[str]) -> tuple[Listed, ...]:
    """Return all books: issues by their days, the newest first, then what stands beside them, the book of everything last.

    KOReader's synchronization (opdsbrowser.lua, `getSyncDownloadList`) stops at once where the first entry is the one it knows.
    So a book that is always there under one address must not stand before a new issue. Each book is listed once: when a publication
    gets another name its issues get other paths, and those of the old name may lie there still.
    """
    made = {each.path: each for each in outputs if each.format == "epub"}
    there = {*made, *out}
    every = [*_of_outputs(publication, made, there), *_of_held(publication, held, made, there)]
    found = {each.listing.identifier: each for each in reversed(every)}.values()
    rows, standing = parted(found)
    last = sorted(standing, key=lambda each: (each.kind == issues.ALL, each.path))
    return (*sorted(rows, key=_age, reverse=True), *last)


def parted(books: Iterable[Listed]) -> tuple[tuple[Listed, ...], tuple[Listed, ...]]:
    """Return the issues that go on in time, and the books that always stand there."""
    several = tuple(books)
    return tuple(each for each in several if each.kind in _ROWS), tuple(each for each in several if each.kind not in _ROWS)


def _age(book: Listed) -> tuple[str, str]:
    return book.listing.published or "", book.path


def _of_outputs(publication: Publication, made: dict[str, Output], there: Collection[str]) -> Iterator[Listed]:
    for path, each in made.items():
        if not each.target.kepub:
            kind = issues.kind(publication, path)
            listing = planned(each.publication, each.target.edition)
            yield Listed(listing=listing, path=path, kind=kind, kepub=_kepub(path, there), made=each)


def _of_held(publication: Publication, held: Iterable[Held], made: Collection[str], there: Collection[str]) -> Iterator[Listed]:
    own = f"/{publication_slug(publication)}-"
    for each in sorted(held, key=lambda each: own not in each.path):
        if each.path not in made:
            kind = issues.kind(publication, each.path)
            yield Listed(listing=each.listing, path=each.path, kind=kind, kepub=_kepub(each.path, there), picture=each.cover)


def _kepub(path: str, there: Collection[str]) -> str | None:
    twin = f"{path.removesuffix('.epub')}.kepub.epub"
    return twin if twin in there else None


def chunks(values: Sequence[Value], size: int) -> list[Sequence[Value]]:
    """Return the values that are older than the newest, `size` at a time, as they were cut from the oldest on.

    A new one at the front changes no chunk: only as many as fill one become a new one. The values are the newest first,
    and so are those of each chunk; the first chunk has the oldest. Issues are cut so, which are never taken out of the middle.
    """
    oldest = values[::-1]
    full = max(0, len(values) // size - (0 if len(values) % size else 1))
    return [oldest[each * size : (each + 1) * size][::-1] for each in range(full)]


def paged(values: Sequence[Value], size: int) -> list[Sequence[Value]]:
    """Return what is on pages that stay as they are, the oldest first; `size` at least are left for the first page."""
    older = chunks(values, size)
    return older[:-1] if len(values) - sum(map(len, older)) < size else older
