"""What Google Play Books wants (Partner Centre Help, "EPUB files" and "Files & uploading", read 2026-11-25)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from publisher.formats.epub.rules.book import SVG, Book, at, quoted
from publisher.formats.epub.rules.looks import RASTERS, covers, pictures
from publisher.markup import Element
from publisher.problems import Finding, Severity, rule

_FILES = "https://support.google.com/books/partner/answer/3316879"
_UPLOADING = "https://support.google.com/books/partner/answer/3424254"
_TAKEN = ("image/jpeg", "image/png", "image/gif", SVG)
_MOST_SVG = 3200
_COVER = range(640, 7201)
_SVG_ELEMENTS = ("{http://www.w3.org/2000/svg}svg", "{http://www.w3.org/2000/svg}image")
_PIXELS = re.compile(r"\s*(\d{1,9})(?:\.\d{0,9})?(?:px)?\s*")


@rule(Severity.WARNING, spec=_FILES, hint="make it a JPEG or a PNG")
def epub_google_image_format(book: Book) -> Iterator[Finding]:
    """Google Play takes pictures as JPEG, PNG, GIF and SVG."""
    for item in book.items:
        if item.media_type in RASTERS and not any(each.media_type in _TAKEN for each in book.chain(item)):
            yield at(item.element, f"{quoted(item.href)} is {quoted(item.media_type)}")


@rule(Severity.WARNING, spec=_FILES, hint="make it a picture that stands still")
def epub_google_image_moving(book: Book) -> Iterator[Finding]:
    """Google Play takes GIFs that do not move."""
    for each in pictures(book):
        if each.moves:
            yield at(each.item.element, f"{quoted(each.item.href)} moves")


@rule(Severity.WARNING, spec=_FILES, hint="make it smaller, and leave the size to viewBox")
def epub_google_svg_large(book: Book) -> Iterator[Finding]:
    """Google Play shows no SVG, and no picture in one, that is wider or higher than 3200 pixels."""
    for page in book.pages.values():
        for each in page.root.iter(*_SVG_ELEMENTS):
            if large := _large(each):
                yield at(each, large)
    for path, item in book.paths.items():
        drawing = book.open(path) if item.media_type == SVG else None
        if drawing and (large := _large(drawing.root)):
            yield at(item.element, f"{quoted(item.href)}: {large}")


def _large(element: Element) -> str:
    for name in ("width", "height"):
        found = _PIXELS.fullmatch(element.get(name) or "")
        if found and int(found[1]) > _MOST_SVG:
            return f"the {name} is {quoted(element.get(name))}"
    return ""


@rule(Severity.WARNING, spec=_UPLOADING, hint="make the cover 1600 × 2560 pixels")
def epub_google_cover_size(book: Book) -> Iterator[Finding]:
    """Google Play takes covers from 640 to 7200 pixels."""
    own = {each.id for each in covers(book)}
    for each in pictures(book):
        if each.item.id in own and not (each.width in _COVER and each.height in _COVER):
            yield at(each.item.element, f"the cover is {each.width} × {each.height}")
