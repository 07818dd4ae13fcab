"""What Apple Books wants (Apple Books Asset Guide 5.3, 2023, read 2026-11-25)."""

from __future__ import annotations

from collections.abc import Iterator

from publisher.formats.epub.rules.book import EPUB_TYPE, HTML, SVG, Book, at, quoted
from publisher.formats.epub.rules.looks import RASTERS, pictures
from publisher.problems import Finding, Severity, rule

_IMAGES = "https://help.apple.com/itc/booksassetguide/en.lproj/itca71ad3c33.html"
_MOST_PIXELS = 5_600_000
_TAKEN = ("image/jpeg", "image/png", SVG)
_SVG_IMAGE = "{http://www.w3.org/2000/svg}image"


@rule(Severity.ERROR, spec=_IMAGES, hint="make it smaller: width times height is at most 5,600,000")
def epub_apple_image_large(book: Book) -> Iterator[Finding]:
    """Apple takes no book with a picture of more than 5.6 million pixels."""
    for each in pictures(book):
        if each.width * each.height > _MOST_PIXELS:
            yield at(each.item.element, f"{quoted(each.item.href)} is {each.width} × {each.height}")


@rule(Severity.WARNING, spec=_IMAGES, hint="make it a JPEG, or with transparent parts a PNG")
def epub_apple_image_format(book: Book) -> Iterator[Finding]:
    """Pictures in a book at Apple are JPEG or PNG."""
    for item in book.items:
        if item.media_type in RASTERS and not any(each.media_type in _TAKEN for each in book.chain(item)):
            yield at(item.element, f"{quoted(item.href)} is {quoted(item.media_type)}")


@rule(Severity.WARNING, spec=_IMAGES, hint="convert it to sRGB")
def epub_apple_image_for_print(book: Book) -> Iterator[Finding]:
    """Apple wants RGB, and not the colours of printing ink (CMYK)."""
    for each in pictures(book):
        if each.for_print:
            yield at(each.item.element, f"{quoted(each.item.href)} is in colours for print")


@rule(Severity.INFO, spec=_IMAGES, hint="show it by img")
def epub_apple_image_in_svg(book: Book) -> Iterator[Finding]:
    """A picture that is wrapped in SVG cannot be enlarged by a tap in Apple Books."""
    for page in book.pages.values():
        for each in page.root.iter(_SVG_IMAGE):
            yield at(each, "a picture is wrapped in SVG")


@rule(Severity.INFO, spec="https://github.com/standardebooks/tools", hint="keep the type that says most")
def epub_apple_landmark_types_several(book: Book) -> Iterator[Finding]:
    """Apple Books finds where to open a book by a landmark of type bodymatter, and not when other types are beside it."""
    for page in book.navs:
        for nav in page.html("nav"):
            for each in nav.iter(f"{HTML}a") if "landmarks" in (nav.get(EPUB_TYPE) or "").split() else ():
                if len((each.get(EPUB_TYPE) or "").split()) > 1:
                    yield at(each, f"the landmark has the types {quoted(each.get(EPUB_TYPE))}")
