"""What the rules for devices and shops look at: pictures, CSS declaration by declaration, what is hidden, what has no way around it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Set
from contextlib import suppress
from dataclasses import dataclass
from io import BytesIO
from warnings import catch_warnings, simplefilter

from publisher.cleaner import local_name
from publisher.formats.epub.rules.book import HTML, Book, Document, Item, Style, said
from publisher.formats.epub.rules.styles import without_strings
from publisher.markup import Element

__all__ = [
    "Declaration",
    "Picture",
    "after",
    "cover_pages",
    "covers",
    "declarations",
    "hidden",
    "is_fixed",
    "lost_recordings",
    "pictures",
    "text_of",
]

RASTERS = ("image/jpeg", "image/png", "image/gif", "image/webp", "image/avif", "image/tiff", "image/bmp")
_COLOURS_OF_PRINT = ("CMYK", "YCCK", "LAB")
_BLOCK = re.compile(r"\{([^{}]*)\}")
_DECLARATION = re.compile(r"(?<![-\w])([-a-zA-Z]++)\s*+:\s*+([^;:{}][^;{}]*)")
_SIMPLE = re.compile(r"([a-zA-Z][\w-]*|\*)?(?:([.#\[])([\w-]+)\]?)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """What the first bytes of a picture say."""

    item: Item
    size: int
    """Bytes."""
    width: int
    """Pixels."""
    height: int
    """Pixels."""
    moves: bool
    transparent: bool
    """Whether it has an alpha channel or a transparent colour."""
    for_print: bool
    """Whether its colours are those of printing ink."""


def pictures(book: Book) -> Iterator[Picture]:
    """Yield the pictures of the book that are made of pixels, and whole."""
    for path, item in book.paths.items():
        data = book.bytes(path) if item.media_type in RASTERS else None
        if data and (found := _looked_at(item, data)):
            yield found


def _looked_at(item: Item, data: bytes) -> Picture | None:
    from PIL import Image  # here because importing it costs 60 ms

    with suppress(Exception), catch_warnings():  # broken pictures raise whatever a decoder stumbles over
        simplefilter("ignore")
        with Image.open(BytesIO(data)) as image:  # reads the header only
            return Picture(
                item=item,
                size=len(data),
                width=image.width,
                height=image.height,
                moves=item.media_type != "image/jpeg" and bool(getattr(image, "is_animated", False)),  # a photograph can have a preview
                transparent=image.has_transparency_data,
                for_print=image.mode in _COLOURS_OF_PRINT,
            )
    return None


def covers(book: Book) -> Iterator[Item]:
    """Yield the pictures that the manifest, or in EPUB 2 a `meta` element, calls the cover."""
    named = {each.get("content") for each in book.metas() if each.get("name") == "cover"}
    for item in book.items:
        if "cover-image" in item.properties or (book.is_2 and item.id in named):
            yield item


def cover_pages(book: Book) -> Iterator[Document]:
    """Yield the pages of the spine that show the picture of the cover."""
    paths = {each.path for each in covers(book)}
    found = {each.page.path: each.page for each in book.shown if each.kind == "image" and each.target in paths}
    yield from (page for path, page in found.items() if path in book.in_spine)


def is_fixed(book: Book) -> bool:
    """Return whether all pages have one size, so that advice on text that flows is none."""
    return any(said(each) == "pre-paginated" for each in book.metas("rendition:layout"))


def lost_recordings(book: Book) -> Iterator[Element]:
    """Yield the recordings that are nothing where they cannot be played: no link is inside or beside them."""
    for page in book.pages.values():
        for each in page.html("audio", "video"):
            around = each.getparent()
            if not any(link.get("href") for link in (around if around is not None else each).iter(f"{HTML}a")):
                yield each


def after(book: Book, link: Element, page: Document, target: Element, other: Document) -> bool:
    """Return whether `target` on the page `other` is read later than `link` on `page`."""
    if page.path == other.path:
        return page.order[target] > page.order[link]
    return book.in_spine.get(other.path, -1) > book.in_spine.get(page.path, -1)


def text_of(element: Element) -> str:
    """Return the text inside an element, without white space at its ends."""
    return "".join(map(str, element.itertext())).strip()


# -- CSS ------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Declaration:
    """One property of one rule of a style sheet."""

    style: Style
    offset: int
    selector: str
    """`*` for a `style` attribute."""
    name: str
    value: str

    @property
    def where(self) -> object:
        """Where it is."""
        return self.style.where(self.offset)

    @property
    def said(self) -> str:
        """How it is written."""
        return f"{self.name}: {self.value}"


def declarations(book: Book) -> Iterator[Declaration]:
    """Yield what the book's CSS declares, without what is in strings and addresses, and without fonts and pages."""
    for style in book.styles:
        text, end = without_strings(style), 0
        for block in _BLOCK.finditer(text):
            start = max(text.rfind(mark, end, block.start()) for mark in "{};") + 1 or end
            selector, end = text[start : block.start()].strip(), block.end()
            if not selector.startswith("@"):
                yield from _declared(style, selector, block)


def _declared(style: Style, selector: str, block: re.Match[str]) -> Iterator[Declaration]:
    for found in _DECLARATION.finditer(block[1]):
        value = " ".join(found[2].split())
        yield Declaration(style=style, offset=block.start(1) + found.start(), selector=selector, name=found[1].lower(), value=value)


_Selector = tuple[str, str, str]
"""Name of an element or `*`; `.`, `#`, `[` or nothing; and what that is about."""


def hidden(book: Book) -> Iterator[tuple[Document, Element]]:
    """Yield the outermost elements that CSS with simple selectors, such as `.note`, does not display."""
    sheets: dict[str, set[_Selector]] = {}
    """What each file means; a page is one when it has a `style` element."""
    alone: dict[str, set[Element]] = {}
    """The elements of each page that say so themselves."""
    for each in declarations(book):
        if each.name == "display" and each.value.split()[0].lower() == "none":
            own = each.style.element
            if own is not None and local_name(own) != "style":
                alone.setdefault(each.style.path, set()).add(own)
            else:
                sheets.setdefault(each.style.path, set()).update(_selectors(each.selector))
    for page in book.pages.values() if sheets or alone else ():
        found = alone.get(page.path, set()) | set(_meant(book, page, sheets))
        outermost = (each for each in found if not any(one in found for one in each.iterancestors()))
        yield from ((page, each) for each in sorted(outermost, key=lambda each: page.order[each]))


def _meant(book: Book, page: Document, sheets: Mapping[str, set[_Selector]]) -> Iterator[Element]:
    linked = {book.resolve(page.path, each.href) or "" for each in page.references if each.kind == "style"}
    wanted: set[_Selector] = set().union(*(sheets.get(path, ()) for path in {page.path, *linked}))
    return (each for each in page.root.iter("*") if wanted and _is_meant(each, wanted))


def _selectors(text: str) -> Iterator[_Selector]:
    """Yield the simple ones in a list of selectors; what others are about we cannot say."""
    for each in text.split(","):
        if (found := _SIMPLE.fullmatch(each.strip())) and found[0]:
            yield (found[1] or "*").lower(), found[2] or "", found[3] or ""


def _is_meant(element: Element, wanted: Set[_Selector]) -> bool:
    kinds = [("", ""), *(("[", str(name)) for name in element.attrib), ("#", element.get("id") or "")]
    kinds += [(".", name) for name in (element.get("class") or "").split()]
    return any((name, *kind) in wanted for name in (local_name(element), "*") for kind in kinds)
