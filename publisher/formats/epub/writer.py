"""EbookLib's writer, and what it does wrong put right; each override says what, and in which release.

What is not here is EbookLib's own: the container, the metadata, manifest, spine and guide of the package document.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from ebooklib import epub
from lxml import etree

from publisher.formats.epub.archive import Packer

__all__ = ["pack"]

_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


def pack(book: epub.EpubBook, modified: datetime, packer: Packer) -> bytes:
    """Return the book as bytes; `modified` is a moment in UTC, and `packer` has its media already."""
    writer = _Writer(book, modified, packer)
    writer.write()
    return writer.packed


class _Writer(epub.EpubWriter):  # type: ignore[misc]  # EbookLib has no types
    packed = b""

    def __init__(self, book: epub.EpubBook, modified: datetime, packer: Packer) -> None:
        # 0.20 writes the local time of now with a `Z` unless it is told `mtime`.
        super().__init__("", book, {"mtime": modified, "package_direction": True, "play_order": {"enabled": True, "start_from": 1}})
        self.out = packer

    def write(self) -> None:
        """0.20 stamps every member with the time of now and keeps them in the order of the items."""
        self._write_container()
        self._write_opf()
        self._write_items()
        self.packed = self.out.pack()

    def _write_opf_file(self, root: Any) -> None:
        """0.20 has no language for the package (Ace: `epub-lang`) and declares a prefix that is reserved and not used."""
        root.set(_XML_LANG, self.book.language)
        del root.attrib["prefix"]
        super()._write_opf_file(root)

    def _write_opf_spine(self, root: Any, ncx_id: str | None) -> None:
        """0.20 turns pages as the package's text runs, which Chinese and Japanese in columns don't do."""
        super()._write_opf_spine(root, ncx_id)
        if way := self.book.page_progression:
            root.find("spine").set("page-progression-direction", way)

    def _get_nav(self, item: Any) -> bytes:
        """0.20 makes a navigation document of its own: no targets for sections, landmarks not hidden, false page lists."""
        content: bytes = item.content
        return content

    def _get_ncx(self) -> bytes:
        """0.20 says that the depth is 0, and nothing about the language (NCX, DAISY 2005, 8.4.2)."""
        root = etree.fromstring(super()._get_ncx())
        root.set(_XML_LANG, self.book.language)
        depth = 2 if any(isinstance(each, tuple) for each in self.book.toc) else 1
        for meta in root.iter("{*}meta"):
            if meta.get("name") == "dtb:depth":
                meta.set("content", str(depth))
        made: bytes = etree.tostring(root, encoding="utf-8", xml_declaration=True)
        return made
