"""What Kindle's conversion refuses, drops or shows otherwise: Send to Kindle, Kindle Publishing Guidelines (2019.2 and KDP's pages).

Read 2026-11-25. Where Amazon says nothing, what its tools were seen to do, with the report.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import unquote

from publisher.cleaner import local_name
from publisher.formats.epub.rules.book import EPUB_TYPE, HTML, NCX, Book, at, quoted, said
from publisher.formats.epub.rules.looks import RASTERS, cover_pages, declarations, hidden, lost_recordings, pictures, text_of
from publisher.markup import Element
from publisher.problems import Finding, Severity, rule

_HELP = "https://kdp.amazon.com/en_US/help/topic/"
_NAVIGATION, _IMAGES, _TABLES = f"{_HELP}GY3AD8C6C6GAG42N", f"{_HELP}G75V4YX5X8GRGXWV", f"{_HELP}GZ8BAXASXKB5JVML"
_COVER, _REFLOWABLE, _SOUND = f"{_HELP}G6GTK3T3NUHKLEFX", f"{_HELP}GPNJPYK298J8TRRV", f"{_HELP}GCRRGQL2SPQXYXD4"
_GUIDELINES = "https://kindlegen.s3.amazonaws.com/AmazonKindlePublishingGuidelines.pdf"
_SEND = "https://www.amazon.co.uk/gp/help/customer/display.html?nodeId=201974220"
_SEEN = "https://github.com/innocenat/kindle-epub-fix"
MOST_BY_MAIL = 50_000_000
"""Bytes that Send to Kindle takes by e-mail."""
_MOST_HIDDEN = 10_000
"""Characters (KindleGen, E3013)."""
_LEVELS = 2
_TAKEN = ("image/jpeg", "image/png", "image/gif", "image/bmp", "image/svg+xml")
_LANGUAGES = frozenset(
    "af ar br ca co cy da de en es eu fi fr frr fy ga gd gl gsw gu gv "
    "hi is it ja kw lb ml mr nb nl nn no oc pl pt rm sco stq sv ta zh".split()
)
"""Of books in Amazon's shop (KDP, "Supported Languages"), by their first subtag."""
_DECLARED = re.compile(rb"""\s*<\?xml\b[^>]{0,200}\bencoding\s*=\s*["'][uU][tT][fF]-?8["']""")
_BEYOND_ASCII = re.compile(rb"[\x80-\xff]")
_NEGATIVE = re.compile(r"(?:^|\s)-\s*(?:\d|\.\d)")
_DROPPED = ("form", "input", "button", "select", "textarea", "iframe", "embed", "object", "canvas")


@rule(Severity.WARNING, spec=_NAVIGATION, hint="make it two levels: sections, and what is in them")
def epub_kindle_toc_deep(book: Book) -> Iterator[Finding]:
    """Kindle shows two levels of the table of contents; what is deeper cannot be reached."""
    for page in book.navs:
        for nav in page.html("nav"):
            if "toc" in (nav.get(EPUB_TYPE) or "").split():
                yield from _too_deep(nav.iter(f"{HTML}ol"), "ol")
    if book.ncx:
        yield from _too_deep(book.ncx.root.iter("{*}navPoint"), "navPoint")


def _too_deep(elements: Iterator[Element], name: str) -> Iterator[Finding]:
    for each in elements:
        if sum(local_name(one) == name for one in each.iterancestors()) == _LEVELS:
            yield at(each, f"the table of contents has more than {_LEVELS} levels")
            return


@rule(Severity.WARNING, spec=_NAVIGATION, hint='name the page by a landmark or a reference of the guide of type "toc"')
def epub_kindle_toc_unnamed(book: Book) -> Iterator[Finding]:
    """Kindle's menu leads to the page with the contents only when a landmark or the guide says which it is."""
    guide = {each.get("type") for each in book.package.iter("{*}reference")}
    if "toc" not in guide | set(_landmarks(book)):
        yield at(book.package, "nothing says which page is the table of contents")


def _landmarks(book: Book) -> Iterator[str]:
    for page in book.navs:
        for nav in page.html("nav"):
            if "landmarks" in (nav.get(EPUB_TYPE) or "").split():
                yield from (kind for each in nav.iter(f"{HTML}a") for kind in (each.get(EPUB_TYPE) or "").split())


@rule(Severity.WARNING, spec=_COVER, hint='name the page by a reference of the guide of type "cover", or take it out')
def epub_kindle_cover_twice(book: Book) -> Iterator[Finding]:
    """Kindle shows the picture of the cover itself, and leaves out a page with it when it knows that it is one (KindleGen, I1052)."""
    guide = (each for each in book.package.iter("{*}reference") if (each.get("type") or "").lower() == "cover")
    known = {book.resolve(book.path, (each.get("href") or "").partition("#")[0]) for each in guide}
    for page in cover_pages(book):
        if page.path not in known | _cover_landmarks(book):
            yield at(page.root, f"{quoted(page.path)} shows the cover a second time")


def _cover_landmarks(book: Book) -> set[str | None]:
    links = (each for each in book.links if "cover" in (each.element.get(EPUB_TYPE) or "").split())
    return {each.target for each in links if any(each.page is one for one in book.navs)}


@rule(Severity.ERROR, spec=_IMAGES, hint="make it a JPEG or a PNG")
def epub_kindle_image_format(book: Book) -> Iterator[Finding]:
    """Kindle takes JPEG, PNG, GIF, BMP and SVG; WebP, AVIF and TIFF stop the conversion, or are not there afterwards."""
    for item in book.items:
        if item.media_type in RASTERS and not any(each.media_type in _TAKEN for each in book.chain(item)):
            yield at(item.element, f"{quoted(item.href)} is {quoted(item.media_type)}")


@rule(Severity.WARNING, spec=_IMAGES, hint="make it a picture that stands still, and link to the moving one")
def epub_kindle_image_moving(book: Book) -> Iterator[Finding]:
    """Kindle shows the first picture of a GIF at most."""
    for each in pictures(book):
        if each.moves:
            yield at(each.item.element, f"{quoted(each.item.href)} moves")


@rule(Severity.WARNING, spec=_IMAGES, hint="convert it to RGB or grey")
def epub_kindle_image_for_print(book: Book) -> Iterator[Finding]:
    """Kindle does not take the colours of printing ink (CMYK)."""
    for each in pictures(book):
        if each.for_print:
            yield at(each.item.element, f"{quoted(each.item.href)} is in colours for print")


@rule(Severity.WARNING, spec=_SOUND, hint="put a link to it inside, for those who cannot play it")
def epub_kindle_recording_lost(book: Book) -> Iterator[Finding]:
    """No Kindle with electronic paper plays sound or video; without a link nothing is left of it."""
    for each in lost_recordings(book):
        yield at(each, f"the {local_name(each)} has no link beside it")


@rule(Severity.WARNING, spec=_TABLES, hint="make two tables of it, or one")
def epub_kindle_table_nested(book: Book) -> Iterator[Finding]:
    """Kindle's typesetting (Enhanced Typesetting) knows no table in a table."""
    for page in book.pages.values():
        for each in page.html("table"):
            if next(each.iterancestors(f"{HTML}table"), None) is not None:
                yield at(each, "there is a table in a table")


@rule(Severity.WARNING, spec=_GUIDELINES, hint="take the minus away")
def epub_kindle_css_negative(book: Book) -> Iterator[Finding]:
    """Kindle cuts off what negative margins push over the edge (6.2), and its typesetting knows none."""
    for each in declarations(book):
        if (each.name.startswith("margin") or each.name == "line-height") and _NEGATIVE.search(each.value):
            yield at(each.where, f"the style sheet says {quoted(each.said)}")


@rule(Severity.INFO, spec=_REFLOWABLE, hint="leave the place to the flow of the text")
def epub_kindle_css_position(book: Book) -> Iterator[Finding]:
    """Kindle places nothing by position; what should be beside the text is in it, or over it."""
    for each in declarations(book):
        if each.name == "position" and each.value.split()[0].lower() in ("absolute", "relative", "fixed", "sticky"):
            yield at(each.where, f"the style sheet says {quoted(each.said)}")


@rule(Severity.WARNING, spec=_GUIDELINES, hint="write what can be read without it, and link to the rest")
def epub_kindle_element_dropped(book: Book) -> Iterator[Finding]:
    """Kindle has no forms and no frames (6.1): they are left out, with what they say."""
    for page in book.pages.values():
        for each in page.html(*_DROPPED):
            yield at(each, f"there is a {quoted(local_name(each))}")


@rule(Severity.ERROR, spec="https://github.com/pressbooks/pressbooks-book/pull/613", hint="take it out of the page, or show it")
def epub_kindle_text_hidden(book: Book) -> Iterator[Finding]:
    """The conversion stops when display: none hides more than 10,000 characters in all (KindleGen, E3013)."""
    found = [each for _, each in hidden(book)]
    total = sum(len(text_of(each)) for each in found)
    if total > _MOST_HIDDEN:
        yield at(found[0], f"{total} characters are hidden in {len(found)} places")


@rule(Severity.ERROR, spec="https://github.com/gutenbergtools/ebookmaker/issues/67", hint="link to what is shown")
def epub_kindle_link_to_hidden(book: Book) -> Iterator[Finding]:
    """The conversion stops at a link to what display: none hides (KindleGen, E21018)."""
    gone = {one for _, each in hidden(book) for one in each.iter("*")}
    for link in book.links if gone else ():
        if any(each in gone for each in _targets(book, link.target, link.href)):
            yield at(link.element, f"{quoted(link.href)} is hidden")


def _targets(book: Book, path: str | None, href: str) -> list[Element]:
    """Return the elements that a link with a fragment leads to; there should be one."""
    fragment = unquote(href.partition("#")[2])
    page = book.pages.get(path or "") if fragment else None
    return page.ids.get(fragment, []) if page else []


@rule(Severity.WARNING, spec=_SEEN, hint="link to the page without #, or give a heading the id")
def epub_kindle_link_to_body(book: Book) -> Iterator[Finding]:
    """Send to Kindle does not find the id of a body, and refuses the book for a link that leads nowhere."""
    for link in book.links:
        if any(local_name(each) == "body" for each in _targets(book, link.target, link.href)):
            yield at(link.element, f"{quoted(link.href)} is the body of its page")
    for document in (book.ncx,) if book.ncx else ():
        for each in document.root.iter("{*}content"):
            href = each.get("src") or ""
            if any(local_name(one) == "body" for one in _targets(book, book.resolve(document.path, href), href)):
                yield at(each, f"{quoted(href)} is the body of its page")


@rule(Severity.WARNING, spec=_SEEN, hint='begin the page with <?xml version="1.0" encoding="utf-8"?>')
def epub_kindle_encoding_unsaid(book: Book) -> Iterator[Finding]:
    """Send to Kindle takes a page that does not begin with its encoding for ISO-8859-1: Ã© for é."""
    for page in book.pages.values():
        if _BEYOND_ASCII.search(page.body) and not _DECLARED.match(page.body.removeprefix(b"\xef\xbb\xbf")):
            yield at(page.root, f"{quoted(page.path)} does not begin with its encoding")


@rule(Severity.INFO, spec=f"{_HELP}G200673300", hint="try whether Kindle takes the book; its own pages can be in any language")
def epub_kindle_language_unsupported(book: Book) -> Iterator[Finding]:
    """Amazon's shop takes no books in other languages, and Send to Kindle has refused some."""
    for each in book.dc("language")[:1]:
        if said(each).partition("-")[0].lower() not in _LANGUAGES:
            yield at(each, f"the language is {quoted(said(each))}")


@rule(Severity.WARNING, spec=_SEND, hint="reduce the pictures, or send it by https://www.amazon.com/sendtokindle, which takes 200 MB")
def epub_kindle_file_large(book: Book) -> Iterator[Finding]:
    """Send to Kindle takes 50 MB by e-mail."""
    if len(book.archive.body) > MOST_BY_MAIL:
        yield at(book.package, f"the book has {len(book.archive.body)} bytes")


@rule(Severity.WARNING, spec=_NAVIGATION, hint="add an NCX with the same entries")
def epub_kindle_ncx_missing(book: Book) -> Iterator[Finding]:
    """Kindle's menu is made of the NCX; some apps show none without it."""
    if not any(each.media_type == NCX for each in book.items):
        yield at(book.package, "there is no NCX")
