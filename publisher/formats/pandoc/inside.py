"""What pandoc does not hand on of a document: its pictures, and what OpenDocument says about itself (ODF 1.3, Part 3, 4.3)."""

from __future__ import annotations

import base64
import binascii
import hashlib
import posixpath
import re
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from copy import deepcopy
from io import BytesIO
from urllib.parse import unquote

from lxml import etree

from publisher import markup
from publisher.archives import Archive, Limits
from publisher.markup import Element
from publisher.problems import Unreadable
from publisher.schema import Json, JsonObject
from publisher.text import line

__all__ = ["OpenDocument", "fictionbook_picture", "rtf_picture"]

_RTF_PICTURE = re.compile(rb"\\(?:png|jpeg)blip\b[^{}]{0,2000}?\s((?:[0-9a-fA-F]{2}\s*){32,})")
_BINARY = re.compile(rb"<binary\b([^>]{0,500})>([A-Za-z0-9+/=\s]+)</binary>")
_BINARY_ID = re.compile(rb"""\bid\s*=\s*["']([^"']+)""")
_KINDS = {
    "title": "headline",
    "description": "description",
    "language": "inLanguage",
    "creation-date": "datePublished",
    "date": "dateModified",
}
_PEOPLE = ("initial-creator", "creator")
_NO_STYLES = '<a:document-styles xmlns:a="urn:oasis:names:tc:opendocument:xmlns:office:1.0"><a:styles/></a:document-styles>'
_LARGEST = 20_000_000


class OpenDocument:
    """An OpenDocument text whose archive was found harmless; raises `Unreadable` when it is not."""

    def __init__(self, body: bytes, limits: Limits) -> None:
        self.archive = Archive(body, "pandoc", limits)
        self.body = body
        self.content = self._tree("content.xml")
        self.counts: Counter[str] = Counter()

    def prepared(self) -> bytes:
        """Return the document for pandoc, which loses the rows that are the head of a table (3.1.11), without what is none of its text."""
        if self.content is None:
            return self.body
        for name, counted in (("tracked-changes", "changed-region"), ("annotation", ""), ("annotation-end", "-")):
            for each in list(self.content.iter(f"{{*}}{name}")):
                if counted != "-":
                    self.counts[name] += len(list(each.iter(f"{{*}}{counted}"))) if counted else 1
                markup.take_out(each)
        out = BytesIO()
        with zipfile.ZipFile(out, "w") as archive:
            for name in self.archive.names:
                if name in ("mimetype", "styles.xml", "meta.xml", "META-INF/manifest.xml"):
                    archive.writestr(name, self.archive.read(name))
            if "styles.xml" not in self.archive.names:
                archive.writestr("styles.xml", _NO_STYLES)
            archive.writestr("content.xml", self._without_heads())
        return out.getvalue()

    def _without_heads(self) -> bytes:
        content = deepcopy(self.content)
        assert content is not None
        for each in list(content.iter("{*}table-header-rows")):
            each.tag = "publisher-head"
        etree.strip_tags(content, "publisher-head")
        return etree.tostring(content)

    def heads(self) -> list[int]:
        """Return for each table how many rows are its head, in their order."""
        tables = self.content.iter("{urn:oasis:names:tc:opendocument:xmlns:table:1.0}table") if self.content is not None else ()
        return [sum(len(list(head.iterchildren("{*}table-row"))) for head in each.iterchildren("{*}table-header-rows")) for each in tables]

    def descriptions(self) -> dict[str, str]:
        """Return the alternative texts of pictures, by what the document calls those."""
        found: dict[str, str] = {}
        for frame in self.content.iter("{*}frame") if self.content is not None else ():
            said = next(
                (words for name in ("desc", "title") for each in frame.iterchildren(f"{{*}}{name}") if (words := line(each.text))), None
            )
            for image in frame.iterchildren("{*}image"):
                if said and (source := _attribute(image, "href")):
                    found.setdefault(source, said)
        return found

    def picture(self, source: str) -> bytes | None:
        """Return the bytes of a picture that the document calls `source`."""
        name = posixpath.normpath(unquote(source))
        try:
            return self.archive.read(name) if name in self.archive.names else None
        except Unreadable:
            return None

    def said(self) -> JsonObject:
        """Return what the document says about itself, in names of schema.org."""
        root = self._tree("meta.xml")
        found: JsonObject = {}
        people: dict[str, Json] = {}
        keywords: list[Json] = []
        for each in root.iter("{*}meta") if root is not None else ():
            for child in each:
                name, value = str(child.tag).rpartition("}")[2], line("".join(map(str, child.itertext())))
                if name in _KINDS and value:
                    found.setdefault(_KINDS[name], value)
                elif name in _PEOPLE and value:
                    people[name] = value
                elif name == "keyword" and value:
                    keywords += [word for word in map(str.strip, re.split("[,;]", value)) if word]
        author = next((people[name] for name in _PEOPLE if name in people), None)
        return found | ({"author": [author]} if author else {}) | ({"keywords": keywords} if keywords else {})

    def styled(self, style: str) -> str | None:
        """Return what the first paragraph says that has a style, or one made of it."""
        root = self.content
        if root is None:
            return None
        named = {style} | {_attribute(each, "name") for each in root.iter("{*}style") if _attribute(each, "parent-style-name") == style}
        found = (each for each in root.iter("{*}p", "{*}h") if _attribute(each, "style-name") in named)
        return next((said for each in found if (said := line("".join(map(str, each.itertext()))))), None)

    def _tree(self, name: str) -> Element | None:
        try:
            body = self.archive.read(name) if name in self.archive.names else b""
            return markup.parse_xml(body) if body and len(body) <= _LARGEST else None
        except Unreadable:
            return None


def _attribute(element: Element, name: str) -> str | None:
    return next((str(value) for key, value in element.attrib.items() if str(key).rpartition("}")[2] == name), None)


def rtf_picture(body: bytes) -> Callable[[str], bytes | None]:
    """Return what gives the bytes of a picture in RTF, which pandoc calls by the SHA-1 digest of its bytes."""
    found = {hashlib.sha1(each, usedforsecurity=False).hexdigest(): each for each in _rtf_pictures(body)}
    return lambda source: found.get(source.partition(".")[0])


def _rtf_pictures(body: bytes) -> Iterator[bytes]:
    for found in _RTF_PICTURE.finditer(body):
        yield binascii.unhexlify(b"".join(found[1].split()))


def fictionbook_picture(body: bytes) -> Callable[[str], bytes | None]:
    """Return what gives the bytes of a picture in FictionBook, by its id."""
    found: dict[str, bytes] = {}
    for attributes, written in _BINARY.findall(body):
        name = _BINARY_ID.search(attributes)
        try:
            found.setdefault(name[1].decode(errors="replace") if name else "", base64.b64decode(written))
        except ValueError:
            continue
    return lambda source: found.get(source.lstrip("#"))
