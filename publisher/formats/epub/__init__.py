"""EPUB 3.3 (https://www.w3.org/TR/epub-33/, read 2026-11-23): an issue as a book.

One page for each article, with the same JSON-LD block as its web page; reading takes the article from that block,
the text from the page, and the publication from the record of the whole issue. So nothing is lost.
What old reading systems need is there too: NCX, guide, `<meta name="cover">`.
Deviations from what EbookLib 0.20 makes and reads are in `writer` and `opening`, each with its reason.
"""

from __future__ import annotations

import importlib
from collections.abc import Collection, Mapping
from types import MappingProxyType, ModuleType
from typing import Literal

from publisher.article import Publication
from publisher.formats import Context, Reading, Target
from publisher.problems import Problem

NAME = "epub"
TITLE = "EPUB 3.3"
SPEC = "https://www.w3.org/TR/epub-33/"
MEDIA_TYPE = "application/epub+zip"
PATH = "{slug}.epub"
EACH: Literal["publication"] = "publication"
TARGETS: Mapping[str, str] = MappingProxyType(
    {"kindle": "Kindle", "kobo": "Kobo", "apple": "Apple Books", "google": "Google Play Books", "koreader": "KOReader"}
)
"""Devices and shops with rules of their own, and what they are called."""


def recognizes(body: bytes, path: str = "") -> bool:
    """Return whether the bytes begin as the specification says (4.2.6.3), or are a ZIP file with a container in it."""
    return body.startswith(b"PK\x03\x04") and (body[30:58] == b"mimetypeapplication/epub+zip" or b"META-INF/container.xml" in body)


def write(publication: Publication, target: Target = Target()) -> bytes:
    """Return the publication as one book; pictures and sound are inside as far as `target.media` has their bytes."""
    from publisher.formats.epub import book

    return book.write(publication, target)


def read(body: bytes, context: Context = Context()) -> Reading:
    """Return the publication in the book.

    In a book that is not ours each page of the spine is an article. Raise `Unreadable` when it is no book, or one made to do harm.
    """
    from publisher.formats.epub import reader

    return reader.read(body, context)


def carry(publication: Publication) -> Publication:
    """Return the publication: nothing is lost."""
    return publication


def check(body: bytes, targets: Collection[str] = ()) -> list[Problem]:
    """Return what is wrong with the book: what cannot be opened is one error, the rest comes from the rules.

    `targets` are those of `TARGETS` for which the book is meant.
    """
    from publisher.formats.epub import rules

    return rules.check(body, targets)


def __getattr__(name: str) -> ModuleType:
    """Return the module `rules`, for who lists all rules; it is loaded only when asked for, because it needs lxml."""
    if name == "rules":
        return importlib.import_module(f"{__name__}.rules")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
