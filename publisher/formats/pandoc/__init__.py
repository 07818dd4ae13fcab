"""Documents that pandoc reads for us, when it is installed: OpenDocument, RTF, LaTeX, reStructuredText, Org, Textile and more.

pandoc 2.15 or later (https://pandoc.org/MANUAL.html, read 2026-11-26), in its sandbox, with bounds on time and memory.
Its `--embed-resources` is not used: with it pandoc 3.1.11 reads any file and fetches any address in spite of the sandbox.
So pictures are taken by us out of OpenDocument, RTF and FictionBook; all others have none inside.
"""

from __future__ import annotations

from publisher.formats import Context, Reading
from publisher.formats.pandoc.kinds import kind_of

__all__ = ["MEDIA_TYPE", "NAME", "SPEC", "TITLE", "read", "recognizes"]

NAME = "pandoc"
TITLE = "OpenDocument, RTF, LaTeX, … (pandoc)"
SPEC = "https://pandoc.org/MANUAL.html"
MEDIA_TYPE = "application/vnd.oasis.opendocument.text"


def recognizes(body: bytes, path: str = "") -> bool:
    """Return whether the bytes are one of those formats; of texts without a beginning of their own the ending decides."""
    return kind_of(body, path) is not None


def read(body: bytes, context: Context = Context()) -> Reading:
    """Return the document as an article; raise `Unreadable` when pandoc is not there or does not understand it."""
    from publisher.formats.pandoc import reader

    return reader.read(body, context)
