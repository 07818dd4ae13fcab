"""What Kobo's devices, apps and shop want (kobolabs/epub-spec, read 2026-11-25): nearly all of it is advice."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from urllib.parse import unquote

from publisher.cleaner import local_name
from publisher.formats.epub.rules.book import EPUB_TYPE, HTML, Book, Link, at, quoted
from publisher.formats.epub.rules.looks import (
    after,
    cover_pages,
    covers,
    declarations,
    is_fixed,
    lost_recordings,
    pictures,
    text_of,
)
from publisher.formats.epub.rules.pages import is_note
from publisher.markup import Element
from publisher.problems import Finding, Severity, rule

_SPEC = "https://github.com/kobolabs/epub-spec"
_CSS = f"{_SPEC}#css"
_MOST_COVER = 3_000_000
_MOST_ON_A_PAGE = 10_000_000
_COLUMNS = 4
_POPUP = range(9, 5001)
"""Characters."""
_EM = 2
_NAME = re.compile(r"[A-Za-z0-9._-]+")
_SIDEWAYS = ("margin-left", "margin-right", "margin-inline", "margin-inline-start", "margin-inline-end")
_COLOUR = re.compile(
    r"#[0-9a-f]{3,8}\b|\b(?:rgb|hsl|hwb|lab|lch|color)a?\(|\b(?:white|black|silver|gr[ae]y|red|maroon|yellow|olive|lime|green|aqua|teal|blue|"
    r"navy|fuchsia|purple|orange|beige|ivory|(?:light|dark|pale)\w+|white\w+)\b",
    re.IGNORECASE,
)
_DIV = re.compile(r"(?:^|[\s,>+~])div\s*(?:,|$)", re.IGNORECASE)


@rule(Severity.WARNING, spec=f"{_SPEC}#cover-images", hint="put the cover alone on its page")
def epub_kobo_cover_not_alone(book: Book) -> Iterator[Finding]:
    """Kobo lays out the page of the cover as one of fixed size: text beside it can be cut off, and cannot be enlarged."""
    for page in cover_pages(book):
        body = next(page.html("body"), page.root)
        shown = sum(each.page is page and each.kind == "image" for each in book.shown)
        if text_of(body) or shown > 1:
            yield at(body, f"{quoted(page.path)} has more than the cover on it")


@rule(Severity.INFO, spec=f"{_SPEC}#cover-images", hint="save it as a JPEG of 3 MB at most")
def epub_kobo_cover_heavy(book: Book) -> Iterator[Finding]:
    """A cover over 3 MB looks no better and is slower."""
    heavy = {each.item.id: each.size for each in pictures(book) if each.size > _MOST_COVER}
    for item in covers(book):
        if item.id in heavy:
            yield at(item.element, f"the cover has {heavy[item.id]} bytes")


@rule(Severity.WARNING, spec=f"{_SPEC}#image-formatting", hint="convert it to RGB or grey")
def epub_kobo_image_for_print(book: Book) -> Iterator[Finding]:
    """Kobo wants RGB, and not the colours of printing ink (CMYK)."""
    for each in pictures(book):
        if each.for_print:
            yield at(each.item.element, f"{quoted(each.item.href)} is in colours for print")


@rule(Severity.INFO, spec=f"{_SPEC}#limitations-and-maximums", hint="make several pages of it, or its pictures smaller")
def epub_kobo_page_heavy(book: Book) -> Iterator[Finding]:
    """Kobo is slow with pages that have more than 10 MB of pictures and sound on them."""
    shown: dict[str, set[str]] = {}
    for each in book.shown:
        if each.target in book.archive.names:
            shown.setdefault(each.page.path, set()).add(each.target)
    for path, files in shown.items():
        size = sum(book.archive.names[each].file_size for each in files)
        if size > _MOST_ON_A_PAGE:
            yield at(book.pages[path].root, f"{quoted(path)} shows {size} bytes")


@rule(Severity.WARNING, spec=f"{_SPEC}#fallback-statements", hint="put a link to it inside, for those who cannot play it")
def epub_kobo_recording_lost(book: Book) -> Iterator[Finding]:
    """No Kobo with electronic paper plays sound or video; it shows what is inside the element instead."""
    for each in lost_recordings(book):
        yield at(each, f"the {local_name(each)} has no link beside it")


@rule(Severity.INFO, spec=f"{_SPEC}#opf", hint="take letters A to Z, digits, - and _")
def epub_kobo_file_name_special(book: Book) -> Iterator[Finding]:
    """Kobo does not promise that files with other characters in their names are found."""
    for path, item in book.paths.items():
        if not all(_NAME.fullmatch(each) for each in path.split(posixpath.sep)):
            yield at(item.element, f"the file is called {quoted(path)}")


@rule(Severity.INFO, spec=f"{_SPEC}#tables", hint="turn rows and columns round, or make two tables of it")
def epub_kobo_table_wide(book: Book) -> Iterator[Finding]:
    """A table with more than four columns may not be readable on a Kobo."""
    for page in book.pages.values():
        for each in page.html("table"):
            columns = max((_columns(row) for row in each.iter(f"{HTML}tr")), default=0)
            if columns > _COLUMNS:
                yield at(each, f"the table has {columns} columns")


def _columns(row: Element) -> int:
    spans = (each.get("colspan") or "1" for each in row if local_name(each) in ("td", "th"))
    return sum(int(each) if each.isascii() and each.isdigit() and len(each) < 4 else 1 for each in spans)


@rule(
    Severity.INFO, spec=f"{_SPEC}#footnotesendnotes-are-fully-supported-across-kobo-platforms", hint="link to the page without #, or back"
)
def epub_kobo_link_pops_up(book: Book) -> Iterator[Finding]:
    """Kobo takes a link to a place of 9 to 5000 characters further on for a note, and shows it in a box over the page."""
    for link in book.links:
        if next(link.element.iterancestors(f"{HTML}nav"), None) is None and _pops_up(book, link):
            yield at(link.element, f"{quoted(link.href)} is shown in a box")


def _pops_up(book: Book, link: Link) -> bool:
    """Return whether all is true that Kobo says, and it is no note, for which this is right."""
    other = book.pages.get(link.target or "")
    found = other.ids.get(unquote(link.href.partition("#")[2]), []) if other else []
    if not (other and found) or "noteref" in (link.element.get(EPUB_TYPE) or "").split() or is_note(found[0]):
        return False
    return _length(found[0]) in _POPUP and after(book, link.element, link.page, found[0], other)


def _length(element: Element) -> int:
    """Return how many characters are in an element, counted no further than Kobo looks."""
    total = 0
    for text in element.itertext():
        total += len(str(text).strip())
        if total >= _POPUP.stop:
            break
    return total


# -- style sheets ---------------------------------------------------------------------------------------------------------


@rule(Severity.INFO, spec=_CSS, hint="leave the background to the reader; a border does the same")
def epub_kobo_css_background(book: Book) -> Iterator[Finding]:
    """At night, on sepia and on electronic paper text on a coloured ground is hard to read."""
    for each in declarations(book) if not is_fixed(book) else ():
        if each.name in ("background", "background-color") and _COLOUR.search(each.value):
            yield at(each.where, f"the style sheet says {quoted(each.said)}")


@rule(Severity.INFO, spec=_CSS, hint="make it 2em at most, or a percentage")
def epub_kobo_css_margin_wide(book: Book) -> Iterator[Finding]:
    """Margins in em grow with the text: on a phone few letters are left between two of more than 2em."""
    for each in declarations(book) if not is_fixed(book) else ():
        if any(_ems(value) > _EM for value in _beside(each.name, each.value.split())):
            yield at(each.where, f"the style sheet says {quoted(each.said)}")


def _beside(name: str, values: list[str]) -> list[str]:
    """Return the values that are for left and right (CSS 2.2, 8.3)."""
    if name in _SIDEWAYS:
        return values
    return (values[1::2] or values[:1]) if name == "margin" else []


def _ems(value: str) -> float:
    number = value.lower().removesuffix("em") if value.lower().endswith("em") and not value.lower().endswith("rem") else ""
    return float(number) if re.fullmatch(r"\d{1,9}(?:\.\d{0,9})?|\.\d{1,9}", number) else 0.0


@rule(Severity.INFO, spec=_CSS, hint="write it in em")
def epub_kobo_css_font_size_percent(book: Book) -> Iterator[Finding]:
    """On Kobo's devices and desktop app a font size in percent can keep readers from changing it."""
    for each in declarations(book) if not is_fixed(book) else ():
        if each.name == "font-size" and each.value.split()[0].endswith("%"):
            yield at(each.where, f"the style sheet says {quoted(each.said)} for {quoted(each.selector)}")


@rule(Severity.INFO, spec=_CSS, hint="give the elements that you mean a class")
def epub_kobo_css_div(book: Book) -> Iterator[Finding]:
    """Kobo puts the text into div elements of its own: a rule for all div is one for all text."""
    seen = set()
    for each in declarations(book):
        if _DIV.search(each.selector) and (key := (each.style.path, each.selector)) not in seen:
            seen.add(key)
            yield at(each.where, f"the style sheet has a rule for {quoted(each.selector)}")


@rule(Severity.INFO, spec=_CSS, hint="put it into the style sheet, and give the element a class")
def epub_kobo_style_inline(book: Book) -> Iterator[Finding]:
    """Kobo may not show what a style attribute says."""
    for page in book.pages.values():
        for each in page.styled:
            yield at(each, f"the element has style={quoted(each.get('style'))}")
