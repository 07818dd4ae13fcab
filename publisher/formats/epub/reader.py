"""Books read back: ours exactly, also after others have saved them; other people's as far as it goes."""

from __future__ import annotations

from publisher.archives import Archive
from publisher.formats import Context, Reading
from publisher.formats.epub import foreign, opening, ours

__all__ = ["read"]


def read(body: bytes, context: Context = Context()) -> Reading:
    """Return the publication in the book; raise `Unreadable` when there is none that we can reach."""
    archive = Archive(body, limits=context.limits)
    book = opening.load(archive)
    return ours.read(book, archive, context) or foreign.read(book, archive, context)
