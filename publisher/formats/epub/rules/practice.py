"""What Kindle, Kobo, Apple Books and old reading systems want, and no specification says.

Kindle Publishing Guidelines (2019.2), kobolabs/epub-spec (2025-08), Apple Books Asset Guide (5.3); what they ask is advice.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from io import BytesIO
from warnings import catch_warnings, simplefilter

from publisher.cleaner import local_name
from publisher.formats.epub.rules.book import EPUB_TYPE, HTML, SPEC, Book, Item, at, quoted, said
from publisher.problems import Finding, Severity, rule

_KINDLE = "https://kindlegen.s3.amazonaws.com/AmazonKindlePublishingGuidelines.pdf"
_KOBO = "https://github.com/kobolabs/epub-spec"
_APPLE = "https://help.apple.com/itc/booksassetguide/"
_LEAST_COVER = (625, 1000)
_MOST_PIXELS = 5_600_000
_MOST_IMAGE = 5_000_000
_MOST_PAGE = 10_000_000
_DEEPEST = 3
_BODY = re.compile(r"(?:^|[{},;])\s*(?:html|body|\*)\s*(?:,[^{}]{0,300})?\{([^{}]*)\}", re.IGNORECASE)
_FORCED = re.compile(
    r"(?:^|;)\s*((?:background(?:-color)?|color)\s*:(?!\s*(?:inherit|transparent|currentcolor|initial|unset|none))[^;]+|font-size\s*:\s*[\d.]+(?:px|pt)\b)",
    re.IGNORECASE,
)


def _covers(book: Book) -> Iterator[tuple[Item, bytes]]:
    for path, item in book.paths.items():
        if "cover-image" in item.properties and (data := book.bytes(path)):
            yield item, data


def _size(data: bytes) -> tuple[int, int] | None:
    """Return width and height of a picture, in pixels."""
    from PIL import Image  # here because importing it costs 60 ms

    with suppress(Exception), catch_warnings():  # broken pictures raise whatever a decoder stumbles over
        simplefilter("ignore")
        with Image.open(BytesIO(data)) as picture:  # reads the header only
            return picture.size
    return None


@rule(Severity.INFO, spec=_KINDLE, hint="make the cover 1600 × 2560 pixels")
def epub_cover_small(book: Book) -> Iterator[Finding]:
    """A small cover is a blurred one; Amazon takes none below 625 × 1000."""
    for item, data in _covers(book):
        size = _size(data) if item.media_type in ("image/jpeg", "image/png") else None
        if size and (size[0] < _LEAST_COVER[0] or size[1] < _LEAST_COVER[1]):
            yield at(item.element, f"the cover is {size[0]} × {size[1]}")


@rule(Severity.INFO, spec=_KOBO, hint="make the cover a JPEG or a PNG")
def epub_cover_format(book: Book) -> Iterator[Finding]:
    """Kindle, Kobo and Apple show a cover that is a JPEG or a PNG, and no other."""
    for item, _ in _covers(book):
        if item.media_type not in ("image/jpeg", "image/png"):
            yield at(item.element, f"the cover {quoted(item.href)} is {quoted(item.media_type)}")


@rule(Severity.INFO, spec=_KOBO, hint='write <meta name="cover" content="…"/> with the id of the picture')
def epub_cover_unnamed(book: Book) -> Iterator[Finding]:
    """Kobo, Nook and old Kindles know the cover by the meta element of EPUB 2."""
    named = {each.get("content") for each in book.metas() if each.get("name") == "cover"}
    for item, _ in _covers(book):
        if item.id not in named:
            yield at(item.element, f"no meta element names the cover {quoted(item.id)}")


@rule(Severity.INFO, spec=_APPLE, hint="make the picture smaller")
def epub_image_large(book: Book) -> Iterator[Finding]:
    """Apple takes no picture over 5.6 megapixels, and Kindle none over 5 MB."""
    for path, item in book.paths.items():
        data = book.bytes(path) if item.media_type.startswith("image/") and item.media_type != "image/svg+xml" else None
        size = _size(data) if data else None
        if data and (len(data) > _MOST_IMAGE or (size and size[0] * size[1] > _MOST_PIXELS)):
            pixels = f" of {size[0]} × {size[1]} pixels" if size else ""
            yield at(item.element, f"{quoted(path)} has {len(data)} bytes{pixels}")


@rule(Severity.INFO, spec=_APPLE, hint="make it a JPEG or a PNG")
def epub_image_webp(book: Book) -> Iterator[Finding]:
    """WebP is new in EPUB 3.3: Apple Books, MuPDF and many readers before 2023 show nothing."""
    for item in book.items:
        if item.media_type == "image/webp":
            yield at(item.element, f"{quoted(item.href)} is WebP")


@rule(Severity.INFO, spec=_KOBO, hint="make several pages of it")
def epub_page_large(book: Book) -> Iterator[Finding]:
    """Kobo shows no page over 10 MB, and is slow long before."""
    for path, page in book.pages.items():
        if len(page.body) > _MOST_PAGE:
            yield at(page.root, f"{quoted(path)} has {len(page.body)} bytes")


@rule(Severity.INFO, spec=_KOBO, hint="make it three levels at most")
def epub_toc_deep(book: Book) -> Iterator[Finding]:
    """Kindle shows two levels of a table of contents and Kobo three; the rest is flat, or not there."""
    for page in book.navs:
        for nav in page.html("nav"):
            for each in nav.iter(f"{HTML}ol") if "toc" in (nav.get(EPUB_TYPE) or "").split() else ():
                if sum(local_name(one) == "ol" for one in each.iterancestors()) == _DEEPEST:
                    yield at(each, f"the table of contents has more than {_DEEPEST} levels")
                    return


@rule(Severity.INFO, spec=f"{SPEC}#sec-opf-dclanguage", hint="keep the main language, and mark the others on their pages")
def epub_language_several(book: Book) -> Iterator[Finding]:
    """Calibre and Kindle take the last of several languages for that of the whole book: an issue in twelve became Arabic."""
    if len(found := book.dc("language")) > 1:
        yield at(found[1], f"the languages are {', '.join(quoted(said(each)) for each in found)}")


@rule(Severity.INFO, spec=_KOBO, hint="leave colours and size of the text to the reader")
def epub_css_body_forced(book: Book) -> Iterator[Finding]:
    """At night, and with tired eyes, readers choose other colours and sizes; what the body says is in their way."""
    for style in book.styles:
        for found in _BODY.finditer(style.text) if style.element is None or local_name(style.element) == "style" else ():
            for forced in _FORCED.finditer(found[1]):
                yield at(style.where(found.start(1) + forced.start(1)), f"the body has {quoted(forced[1])}")


@rule(Severity.INFO, spec=f"{SPEC}#sec-nav-landmarks", hint='name where the text begins by epub:type="bodymatter"')
def epub_start_unknown(book: Book) -> Iterator[Finding]:
    """Kindle and Apple Books open a book where its landmarks say that the text begins."""
    for page in book.navs:
        for nav in page.html("nav"):
            links = list(nav.iter(f"{HTML}a")) if "landmarks" in (nav.get(EPUB_TYPE) or "").split() else []
            kinds = {kind for each in links for kind in (each.get(EPUB_TYPE) or "").split()}
            if links and not kinds & {"bodymatter", "text", "chapter", "part", "introduction", "preface", "titlepage"}:
                yield at(nav, f"the landmarks are {', '.join(sorted(kinds))}")
