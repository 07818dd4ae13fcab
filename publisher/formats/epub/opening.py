"""Books opened: EbookLib's reader on archives found harmless, and what is in them taken apart.

Overrides of what it does wrong say what, and in which release.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from io import BytesIO
from typing import Any

from ebooklib import epub
from lxml import etree

from publisher import markup
from publisher.archives import Archive
from publisher.charset import text_of
from publisher.formats.epub import kepub
from publisher.formats.epub.archive import CONTAINER
from publisher.markup import Element
from publisher.problems import Severity, Unreadable, problem
from publisher.text import allowed, line

__all__ = ["SPEC", "documents", "first", "load", "metadata", "spine", "tree", "uid"]

SPEC = "https://www.w3.org/TR/epub-33/"
_NOT_TEXT = (
    ".jpg",
    ".jpeg",
    ".png",
    ".gif",
    ".webp",
    ".avif",
    ".mp3",
    ".m4a",
    ".mp4",
    ".opus",
    ".ogg",
    ".webm",
    ".ttf",
    ".otf",
    ".woff",
    ".woff2",
)
_ENCODING = re.compile(rb"""\s*<\?xml\b[^>]{0,200}?\sencoding\s*=\s*["']([A-Za-z0-9._-]{1,40})""")
_DOCTYPE = re.compile(
    r"""<!DOCTYPE\b[^\[>]*+(?:\[(?:<!--(?>.*?-->)|"[^"]*"|'[^']*'|<(?!!--)|[^\]"'<])*+\]\s*)?>""", re.IGNORECASE | re.DOTALL
)


class _Reader(epub.EpubReader):  # type: ignore[misc]  # EbookLib has no types
    def __init__(self, archive: Archive) -> None:
        super().__init__(BytesIO(archive.body))
        self.archive = archive
        self.unpacked: dict[str, bytes] = {}

    def read_file(self, name: str) -> bytes:
        """0.20 unpacks every picture, a file as often as it is listed, and gives up the whole book when one is missing."""
        name = posixpath.normpath(name)
        if name.lower().endswith(_NOT_TEXT) or name not in self.archive.names:
            return b""
        if name not in self.unpacked:
            self.unpacked[name] = self.archive.read(name)
        return self.unpacked[name]

    def _parse_nav(self, *given: Any, **more: Any) -> None:
        """0.20 gives up the whole book when the navigation document has no list."""
        try:
            super()._parse_nav(*given, **more)
        except (LookupError, AttributeError, ValueError, RecursionError, etree.LxmlError):
            self.book.toc = []


def load(archive: Archive) -> Any:
    """Return EbookLib's book, with the path of its package document's folder; raise `Unreadable` when there is none."""
    if CONTAINER not in archive.names:
        raise _unreadable("epub-no-container", f"there is no {CONTAINER}", "check that this is an EPUB")
    reader = _Reader(archive)
    try:
        book = reader.load()
    except Unreadable:
        raise
    except Exception as error:  # 0.20 raises whatever it stumbles over: AttributeError, KeyError, TypeError, EpubException, …
        message = f"EbookLib finds no package document that it understands ({type(error).__name__})"
        raise _unreadable("epub-no-package", message, "check the book with EPUBCheck") from None
    book.folder = reader.opf_dir
    return book


def _unreadable(code: str, message: str, hint: str) -> Unreadable:
    return Unreadable(problem(code, Severity.ERROR, message, hint=hint, spec=SPEC))


def metadata(book: Any, namespace: str, name: str) -> list[tuple[str | None, Mapping[str, str]]]:
    """Return what the package document says under a name: values with their attributes."""
    found: list[tuple[str | None, Mapping[str, str]]] = book.metadata.get(epub.NAMESPACES[namespace], {}).get(name, [])
    return found


def first(book: Any, name: str) -> str | None:
    """Return the first value of an element of Dublin Core."""
    return next((found for value, _ in metadata(book, "DC", name) if (found := line(value))), None)


def uid(book: Any) -> str:
    """Return the book's identifier, else its title."""
    return line(book.uid) or first(book, "title") or "unknown"


def documents(book: Any) -> list[Any]:
    """Return the pages in the order of the manifest, each once however often it is listed."""
    items = (each for each in book.items if isinstance(each, epub.EpubHtml) and not isinstance(each, epub.EpubNav))
    return list({each.get_name(): each for each in items}.values())


def spine(book: Any) -> list[str]:
    """Return the ids of the pages in reading order."""
    return [str(each) for each, _ in book.spine]


def tree(content: bytes) -> Element | None:
    """Return the page's tree without what Kobo puts into it, `None` when nothing is in it."""
    root = _parsed(content)
    if root is not None and b"koboSpan" in content:
        kepub.unwrap(root)
    return root


def _parsed(content: bytes) -> Element | None:
    """Return the page's tree: as XML when it is, else as HTML, `None` when nothing is in it."""
    try:
        root = markup.parse_xml(content)
        if next(root.iter(etree.Entity), None) is None:  # named entities, which only HTML's parser knows without the DTD
            return root
    except Unreadable:
        pass
    try:
        return markup.parse_html(_html(content))
    except Unreadable:
        return None


def _html(content: bytes) -> bytes:
    """Return a page as HTML in UTF-8: without its document type, since HTML's parser takes definitions in that for text.

    Nor has it the characters that XML forbids, which that parser lets through: no text with them could be put anywhere else.
    """
    declared = _ENCODING.match(content)
    text = allowed(text_of(content, declared[1] if declared else None))
    start = text.lower().find("<!doctype")
    found = _DOCTYPE.match(text, start) if start >= 0 else None
    return (text[: found.start()] + text[found.end() :] if found else text).encode()
