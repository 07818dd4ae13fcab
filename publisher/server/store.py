"""What was built: every file once by its digest, and which of them a whole site is made of.

A file never changes here, and the edition before the one that is served is kept: who has just asked gets what was there. Who reads a file
for longer holds it, so that it stays whole whatever is built meanwhile.
Requests only ever name a path of an edition, and that is looked up in a table: no path of a stranger reaches the disk.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Literal
from urllib.parse import quote

from publisher import files
from publisher.problems import Problem
from publisher.server import kinds

__all__ = ["Edition", "Made", "Resource", "Store", "digest_of"]

_NOW = "now"
_DIGITS = 32
"""Hexadecimal digits of a digest (128 bits of SHA-256)."""


def digest_of(body: bytes) -> str:
    """Return what stands for some bytes and no others."""
    return hashlib.sha256(body).hexdigest()[:_DIGITS]


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """One file that is served."""

    digest: str
    size: int
    """Bytes."""
    media_type: str
    modified: float = 0.0
    """Seconds since 1970: since when these bytes are at their path."""


@dataclass(frozen=True, kw_only=True)
class Edition:
    """A whole site, at one moment."""

    name: str
    """The publication's."""
    base: str
    """URL of the preview; ends with `/`."""
    home: str
    """URL of the publication itself; ends with `/`."""
    hub: str | None = None
    resources: Mapping[str, Resource] = field(default_factory=dict)
    """By their path below `base`, not escaped."""
    articles: Mapping[str, str] = field(default_factory=dict)
    """Identifiers of articles by the path of their page."""
    books: Mapping[str, Collection[str]] = field(default_factory=dict)
    """Identifiers of the articles in each book, by its path."""

    def at_home(self, url: str) -> str:
        """Return the address that something of the preview has in the publication itself."""
        return f"{self.home}{url[len(self.base) :]}" if url.startswith(self.base) else url

    def url(self, path: str) -> str:
        """Return the address of a file."""
        return f"{self.base}{quote(path)}"

    @cached_property
    def looks(self) -> str:
        """The digest of all that pages look like beside their own bytes: style sheets, scripts, pictures."""
        shown = ((path, each.digest) for path, each in sorted(self.resources.items()) if _is_shown(each.media_type))
        return digest_of(repr(list(shown)).encode())

    def offered(self, *media_types: str) -> list[str]:
        """Return the paths of those types that are nearest the top, each type after the one before."""
        found = ((path.count("/"), place, path) for path, each in self.resources.items() for place in _places(each, media_types))
        return [path for _, _, path in sorted(found)]


def _is_shown(media_type: str) -> bool:
    return media_type.startswith(("text/css", "text/javascript", "image/", "font/", "audio/", "video/"))


def _places(resource: Resource, media_types: tuple[str, ...]) -> list[int]:
    is_catalogue = resource.media_type.startswith(kinds.CATALOGUES)
    found = (place for place, each in enumerate(media_types) if resource.media_type.startswith(each))
    return [place for place in found if is_catalogue == (media_types[place] in kinds.CATALOGUES)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """What a build gave: an edition, or only problems when it failed."""

    edition: Edition | None
    problems: tuple[Problem, ...]
    about: Literal["all", "more"] = "all"
    """Whether these are all problems, or more of the same edition."""


@dataclass(frozen=True, slots=True)
class Store:
    """A folder with the bytes of resources, each file named by its digest."""

    folder: Path

    def keep(self, path: str, body: bytes) -> Resource:
        """Keep the bytes of the file that will be served at `path`; raise `PublisherError` when that cannot be."""
        digest = digest_of(body)
        where = self.folder / digest
        if not where.is_file():
            files.write(where, body)
        return Resource(digest=digest, size=len(body), media_type=kinds.media_type(path, body))

    def has(self, resource: Resource) -> bool:
        """Return whether a resource is here: what remembers it may be older than the folder."""
        return (self.folder / resource.digest).is_file()

    def now(self) -> float:
        """Return the time on this disk, in seconds since 1970."""
        files.write(self.folder / _NOW, b"")
        return (self.folder / _NOW).stat().st_mtime

    def read(self, resource: Resource, start: int = 0, end: int | None = None) -> bytes:
        """Return the bytes of a resource, or of a part of it; raise `PublisherError` when they are gone."""
        return files.part(self.folder / resource.digest, start, resource.size if end is None else end)

    def held(self, resource: Resource) -> AbstractContextManager[Callable[[int, int], bytes]]:
        """Give what reads parts of a resource, also when later editions have removed it; raise `PublisherError` when it is gone."""
        return files.held(self.folder / resource.digest)

    def path(self, resource: Resource) -> Path:
        """Return the file of a resource."""
        return self.folder / resource.digest

    def clear(self, *editions: Edition | None) -> None:
        """Remove what none of these editions has."""
        used = {each.digest for edition in editions if edition for each in edition.resources.values()}
        for name in files.names(self.folder) - used:
            (self.folder / name).unlink(missing_ok=True)
