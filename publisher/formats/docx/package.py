"""The parts of a document and how they refer to each other (ECMA-376, Part 2, Open Packaging Conventions)."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import unquote

from lxml import etree

from publisher import markup
from publisher.archives import Archive
from publisher.markup import Element
from publisher.problems import Problem, Severity, Unreadable, problem

__all__ = ["WP", "A", "Package", "R", "Relationship", "W", "local", "val"]

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
WP = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_STRICT = {
    b"http://purl.oclc.org/ooxml/wordprocessingml/main": b"http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    b"http://purl.oclc.org/ooxml/drawingml/wordprocessingDrawing": b"http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
    b"http://purl.oclc.org/ooxml/drawingml/": b"http://schemas.openxmlformats.org/drawingml/2006/",
    b"http://purl.oclc.org/ooxml/officeDocument/": b"http://schemas.openxmlformats.org/officeDocument/2006/",
}
"""Names in strict documents, and in those that are called transitional (Part 4)."""
_LARGEST = 10_000_000
"""Bytes of one part: a novel has three million, and mammoth takes a hundred times as much memory."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Relationship:
    """What a part refers to under an id."""

    target: str
    """Path in the package, or an address when it is outside."""
    kind: str
    """Last word of its type, such as `image`."""
    external: bool


class Package:
    """A document's parts; `problems` says which of them could not be read."""

    def __init__(self, archive: Archive) -> None:
        self.archive = archive
        self.problems: list[Problem] = []

    @cached_property
    def main(self) -> str:
        """The path of the part with the text."""
        found = (each.target for each in self.relationships("").values() if each.kind == "officeDocument")
        return next((each for each in found if each in self.archive.names), "word/document.xml")

    def document(self) -> Element:
        """Return the part with the text; raise `Unreadable` when there is none."""
        if self.main not in self.archive.names:
            raise _unreadable("no-document", "there is no document in this file", "check that it is a Word document")
        return self._parsed(self.main)

    def part(self, kind: str) -> str:
        """Return the path of what the text refers to by a type such as `styles`, `""` when there is none."""
        found = (each.target for each in self.relationships(self.main).values() if each.kind == kind and not each.external)
        return next((each for each in found if each in self.archive.names), "")

    def properties(self, kind: str) -> str:
        """Return the path of the properties of a type such as `core-properties`, `""` when there is none."""
        found = (each.target for each in self.relationships("").values() if each.kind == kind)
        return next((each for each in found if each in self.archive.names), "")

    def tree(self, name: str) -> Element | None:
        """Return a part, `None` when there is none or it cannot be read, which is told."""
        if not name:
            return None
        try:
            return self._parsed(name)
        except Unreadable as error:
            message = f"{name} cannot be read: {error.problems[0].message}"
            self.problems.append(problem("docx-part-damaged", Severity.WARNING, message, hint="open the document in Word and save it anew"))
            return None

    def relationships(self, name: str) -> dict[str, Relationship]:
        """Return what the part at a path, or the package (`""`), refers to, by id."""
        folder, _, base = name.rpartition("/")
        listed = posixpath.join(folder, "_rels", f"{base}.rels")
        root = self.tree(listed) if listed in self.archive.names else None
        return dict(_relationships(root, folder)) if root is not None else {}

    def _parsed(self, name: str) -> Element:
        body = self.archive.read(name)
        if len(body) > _LARGEST:
            raise _unreadable("too-long", f"{name} has {len(body):,} bytes", f"split it into documents of at most {_LARGEST:,}")
        if b"<!DOCTYPE" in body:
            raise _unreadable("doctype", f"{name} declares a document type, which no part may", "check where it comes from")
        for strict, other in _STRICT.items():
            body = body.replace(strict, other)
        return markup.parse_xml(body)


def _relationships(root: Element, folder: str) -> Iterator[tuple[str, Relationship]]:
    for each in root.iter("{*}Relationship"):
        target, kind, external = each.get("Target") or "", (each.get("Type") or "").rpartition("/")[2], each.get("TargetMode") == "External"
        if not external:
            target = posixpath.normpath(posixpath.join("/", folder, unquote(target))).lstrip("/")
        yield each.get("Id") or "", Relationship(target=target, kind=kind, external=external)


def _unreadable(code: str, message: str, hint: str) -> Unreadable:
    return Unreadable(problem(f"docx-{code}", Severity.ERROR, message, hint=hint))


def val(element: Element | None) -> str | None:
    """Return the attribute `w:val` of an element that may not be there."""
    return element.get(f"{W}val") if element is not None else None


def local(element: Element) -> str:
    """Return the local name of an element, `""` of what is none."""
    return etree.QName(element).localname if isinstance(element.tag, str) else ""
