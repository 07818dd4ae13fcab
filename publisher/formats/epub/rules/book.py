"""A stranger's book as rules see it: its package, its pages, its style sheets, and where in them something is."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import chain
from urllib.parse import unquote, urlsplit

from lxml import etree

from publisher.archives import Archive
from publisher.cleaner import local_name
from publisher.formats.epub.archive import CONTAINER
from publisher.keys import closest
from publisher.markup import Element, parse_xml
from publisher.places import XmlPlaces, line_ends, spot
from publisher.problems import Finding, Location, Severity, Unreadable, problem

__all__ = [
    "A11Y",
    "EPUB_TYPE",
    "HTML",
    "HTML_SPEC",
    "NCX",
    "PAGE",
    "SPACES",
    "SPEC",
    "SVG",
    "XML_LANG",
    "Book",
    "Document",
    "Item",
    "Link",
    "Reference",
    "Spot",
    "Style",
    "at",
    "label",
    "nearest",
    "quoted",
    "said",
    "script_kind",
]

SPEC = "https://www.w3.org/TR/epub-33/"
A11Y = "https://www.w3.org/TR/epub-a11y-11/"
HTML_SPEC = "https://html.spec.whatwg.org/multipage/"
PAGE, NCX, SVG = "application/xhtml+xml", "application/x-dtbncx+xml", "image/svg+xml"
HTML = "{http://www.w3.org/1999/xhtml}"
EPUB_TYPE = "{http://www.idpf.org/2007/ops}type"
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
SPACES = " \t\n\r"
"""White space of XML; a title that is a no-break space is one."""
_ROOTFILE = "application/oebps-package+xml"
_XLINK = "{http://www.w3.org/1999/xlink}href"
_SVG_IMAGE = "{http://www.w3.org/2000/svg}image"
_ENCRYPTION = "META-INF/encryption.xml"
_LONGEST = 80
_MOST_COMPARED = 500
_LONGEST_CHAIN = 100
"""Fallbacks of fallbacks; nobody has more than two."""
_MARKED = etree.XPath("descendant-or-self::*[@id or @style or @e:type]", namespaces={"e": "http://www.idpf.org/2007/ops"})
"""In one go, since each costs as much as reading the page."""
_COMMENT = re.compile(r"/\*.*?(?:\*/|$)", re.DOTALL)
_JAVASCRIPT = re.compile(r"((text|application)/(x-)?(java|ecma|live|j)script(1\.[0-5])?)?")
_SOURCES = (
    ("img", "src", "image"),
    ("input", "src", "image"),
    ("video", "poster", "image"),
    ("audio", "src", "audio"),
    ("video", "src", "video"),
    ("track", "src", "other"),
    ("iframe", "src", "other"),
    ("embed", "src", "other"),
    ("script", "src", "other"),
    ("object", "data", "other"),
)
_LOADS = tuple(name for name, _, _ in _SOURCES)


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """An item of the manifest."""

    element: Element
    id: str
    href: str
    path: str | None
    """Where its file is in the archive, `None` when it is elsewhere."""
    media_type: str
    properties: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """What a page needs to be shown: a picture, a recording, a frame, a style sheet."""

    element: Element
    href: str
    kind: str
    """`image`, `audio`, `video`, `style` or `other`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """Where a page leads to, or what it shows."""

    page: Document
    element: Element
    href: str
    target: str | None
    """The path in the archive, `None` when it is elsewhere."""
    kind: str = "link"
    """`link`, or the kind of a `Reference`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """A place in a file that is no XML; counts from 1."""

    path: str
    line: int = 0
    column: int = 0


@dataclass(frozen=True, kw_only=True)
class Style:
    """CSS: a file, a `style` element or a `style` attribute; comments are blank in `text`."""

    path: str
    text: str
    element: Element | None = None
    closed: bool = True
    """Whether every comment ends."""

    def where(self, offset: int) -> object:
        """Return where a character of the text is."""
        if self.element is not None:
            return self.element
        line, column = spot(self._ends, offset)
        return Spot(path=self.path, line=line, column=column)

    @cached_property
    def _ends(self) -> list[int]:
        return line_ends(self.text)


class Document:
    """One XML file of a book."""

    def __init__(self, path: str, body: bytes, root: Element) -> None:
        self.path = path
        self.body = body
        self.root = root

    @cached_property
    def _by_tag(self) -> dict[object, list[Element]]:
        found: dict[object, list[Element]] = {}
        for each in self.root.iter("*"):
            found.setdefault(each.tag, []).append(each)
        return found

    @cached_property
    def attributes(self) -> frozenset[str]:
        """The names of all attributes in it."""
        return frozenset(str(name) for several in self._by_tag.values() for each in several for name in each.keys())  # noqa: SIM118 - no dict

    @cached_property
    def order(self) -> dict[Element, int]:
        """The elements with their numbers in the order of the document."""
        return {each: number for number, each in enumerate(self.root.iter("*"))}

    @cached_property
    def tags(self) -> frozenset[str]:
        """The names of its elements with their namespaces."""
        return frozenset(map(str, self._by_tag))

    def html(self, *names: str) -> Iterator[Element]:
        """Yield the HTML elements of those names, one name after the other."""
        known = self._html
        return iter(()) if known.keys().isdisjoint(names) else chain.from_iterable(known[each] for each in names if each in known)

    @cached_property
    def _html(self) -> dict[str, list[Element]]:
        return {tag.removeprefix(HTML): found for tag, found in self._by_tag.items() if isinstance(tag, str) and tag.startswith(HTML)}

    @cached_property
    def html_names(self) -> frozenset[str]:
        """The names of its HTML elements."""
        return frozenset(self._html)

    @cached_property
    def ids(self) -> dict[str, list[Element]]:
        """The elements by their ids."""
        found: dict[str, list[Element]] = {}
        for each in self._marked:
            if (name := each.get("id")) is not None:
                found.setdefault(name, []).append(each)
        return found

    @cached_property
    def typed(self) -> list[tuple[Element, list[str]]]:
        """The elements that have an `epub:type`, with its values."""
        return [(each, kinds.split()) for each in self._marked if (kinds := each.get(EPUB_TYPE)) is not None]

    @cached_property
    def styled(self) -> list[Element]:
        """The elements that have a `style` attribute."""
        return [each for each in self._marked if each.get("style") is not None]

    @cached_property
    def _marked(self) -> list[Element]:
        found = _MARKED(self.root)
        return [each for each in found if isinstance(each, etree._Element)] if isinstance(found, list) else []

    @cached_property
    def is_based(self) -> bool:
        """Whether a `base` element changes what its references mean."""
        return any(each.get("href") for each in self.html("base"))

    @cached_property
    def references(self) -> list[Reference]:
        """What the page needs to be shown; references that are empty are there, too."""
        return list(self._references())

    def _references(self) -> Iterator[Reference]:
        for name, attribute, kind in _SOURCES if not self.html_names.isdisjoint(_LOADS) else ():
            for each in self.html(name):
                if (href := each.get(attribute)) is not None:
                    yield Reference(element=each, href=href.strip(SPACES), kind=kind)
        for each in self.html("img", "source"):
            for href in _candidates(each.get("srcset") or ""):
                yield Reference(element=each, href=href, kind="image")
        for each in self.html("source"):
            if (href := each.get("src")) is not None:
                yield Reference(element=each, href=href.strip(SPACES), kind=_kind_of_source(each))
        for each in self.html("link"):
            if "stylesheet" in (each.get("rel") or "").lower().split() and (href := each.get("href")) is not None:
                yield Reference(element=each, href=href.strip(SPACES), kind="style")
        for each in self._by_tag.get(_SVG_IMAGE, ()):
            if (href := each.get("href", each.get(_XLINK))) is not None:
                yield Reference(element=each, href=href.strip(SPACES), kind="image")

    @cached_property
    def places(self) -> XmlPlaces:
        """Where its elements are."""
        return XmlPlaces(self.root, self.body)


def _candidates(srcset: str) -> list[str]:
    """Return the addresses in a srcset; none where one is data, which has commas of its own."""
    return [] if "data:" in srcset else [words[0] for each in srcset.split(",") if (words := each.split(None, 1))]


def _kind_of_source(source: Element) -> str:
    around = local_name(source.getparent())
    return around if around in ("audio", "video") else "image"


class Book:
    """A book as its files say it is; raises `Unreadable` when there is no package document."""

    def __init__(self, archive: Archive) -> None:
        self.archive = archive
        self._documents: dict[Element, Document] = {}
        self._resolved: dict[tuple[str, str], str | None] = {}
        self.container = self._open(CONTAINER)
        self.path = self._package_path()
        self.folder = posixpath.dirname(self.path)
        self.document = self._open(self.path)
        self.package = self.document.root

    def _package_path(self) -> str:
        for each in self.container.root.iter("{*}rootfile"):
            if each.get("media-type") == _ROOTFILE and each.get("full-path"):
                return str(each.get("full-path"))
        hint = "name the package document in the container"
        raise Unreadable(problem("epub-no-package", Severity.ERROR, "the container names no package document", hint=hint, spec=SPEC))

    def _open(self, path: str) -> Document:
        if path not in self.archive.names:
            hint = "check that this is an EPUB"
            raise Unreadable(problem("epub-file-missing", Severity.ERROR, f"there is no {quoted(path)}", hint=hint, spec=SPEC))
        body = self.archive.read(path)
        document = Document(path, body, _parsed(path, body))
        self._documents[document.root] = document
        return document

    def open(self, path: str) -> Document | None:
        """Return an XML file, or `None` when it is missing, encrypted, damaged or malformed."""
        try:
            return None if path in self.encrypted else self._open(path)
        except Unreadable:
            return None

    def locate(self, where: object) -> Location:
        """Return the place of an element or a `Spot`: line and column in the file that the pointer begins with."""
        if isinstance(where, Spot):
            return Location(line=where.line, column=where.column, pointer=where.path)
        if not isinstance(where, etree._Element):
            return Location()
        document = self._documents.get(where.getroottree().getroot())
        if document is None:
            return Location()
        found = document.places(where)
        return Location(line=found.line, column=found.column, pointer=f"{document.path}:{found.pointer}")

    # -- the package ----------------------------------------------------------------------------------------------

    @cached_property
    def is_2(self) -> bool:
        """Whether the book is an EPUB 2, for which many rules do not hold."""
        return (self.package.get("version") or "").startswith("2")

    @cached_property
    def items(self) -> list[Item]:
        """The items of the manifest."""
        return [self._item(each) for each in self.package.iter("{*}item") if local_name(each.getparent()) == "manifest"]

    def _item(self, element: Element) -> Item:
        href = (element.get("href") or "").strip(SPACES)
        return Item(
            element=element,
            id=(element.get("id") or "").strip(SPACES),
            href=href,
            path=self.resolve(self.path, href) if href else None,
            media_type=(element.get("media-type") or "").strip(SPACES),
            properties=frozenset((element.get("properties") or "").split()),
        )

    @cached_property
    def by_id(self) -> dict[str, Item]:
        """The items by their ids; the first of several."""
        return {each.id: each for each in reversed(self.items) if each.id}

    @cached_property
    def paths(self) -> dict[str, Item]:
        """The items by the path of their file."""
        return {each.path: each for each in self.items if each.path}

    @cached_property
    def remote(self) -> dict[str, Item]:
        """The items that are not in the archive, by their address."""
        return {each.href: each for each in self.items if each.href and not each.path}

    @cached_property
    def spine(self) -> list[Element]:
        """The references of the spine."""
        return [each for each in self.package.iter("{*}itemref") if local_name(each.getparent()) == "spine"]

    @cached_property
    def in_spine(self) -> dict[str, int]:
        """The paths of the files in the spine, each with its place from 0; with their fallbacks."""
        order: dict[str, int] = {}
        for place, each in enumerate(self.spine):
            item = self.by_id.get((each.get("idref") or "").strip(SPACES))
            for one in self.chain(item) if item else ():
                if one.path:
                    order.setdefault(one.path, place)
        return order

    def chain(self, item: Item) -> Iterator[Item]:
        """Yield an item and its fallbacks, each once."""
        seen: set[str] = set()
        found: Item | None = item
        while found and found.id not in seen and len(seen) < _LONGEST_CHAIN:
            seen.add(found.id)
            yield found
            found = self.by_id.get((found.element.get("fallback") or "").strip(SPACES))

    def dc(self, name: str) -> list[Element]:
        """Return the Dublin Core elements of that name that are about the book."""
        return [each for each in self.package.iter(f"{{*}}{name}") if local_name(each.getparent()) == "metadata" and self._is_main(each)]

    def metas(self, name: str = "") -> list[Element]:
        """Return the `meta` elements with that property, or all, that are about the whole book."""
        found = (each for each in self.package.iter("{*}meta") if self._is_main(each) and not each.get("refines"))
        return [each for each in found if not name or (each.get("property") or "").strip(SPACES) == name]

    @cached_property
    def is_pre_paginated(self) -> bool:
        """Whether pages are of fixed layout that do not say otherwise; asked of each page, and `meta` elements may be thousands."""
        return any(said(each) == "pre-paginated" for each in self.metas("rendition:layout"))

    @staticmethod
    def _is_main(element: Element) -> bool:
        return next(element.iterancestors("{*}collection"), None) is None

    @cached_property
    def identifier(self) -> str:
        """The text of the unique identifier, `""` when there is none."""
        named = (self.package.get("unique-identifier") or "").strip(SPACES)
        return next((said(each) for each in self.dc("identifier") if named and (each.get("id") or "").strip(SPACES) == named), "")

    # -- files ----------------------------------------------------------------------------------------------------

    @cached_property
    def encryption(self) -> Document | None:
        """What says which files are encrypted."""
        try:
            return self._open(_ENCRYPTION)
        except Unreadable:
            return None

    @cached_property
    def encrypted(self) -> dict[str, Element]:
        """The `EncryptedData` of each encrypted file, by its path."""
        found: dict[str, Element] = {}
        for each in self.encryption.root.iter("{*}EncryptedData") if self.encryption else ():
            for reference in each.iter("{*}CipherReference"):
                found[unquote((reference.get("URI") or "").lstrip("/"))] = each
        return found

    @cached_property
    def pages(self) -> dict[str, Document]:
        """The pages that are well-formed, by their path."""
        paths = (path for path, item in self.paths.items() if item.media_type == PAGE)
        return {path: page for path in paths if (page := self.open(path))}

    def damaged(self) -> Iterator[str]:
        """Yield the names of the files that cannot be unpacked; pages, which are needed anyway, are unpacked only once."""
        _ = self.pages
        return self.archive.damaged()

    @cached_property
    def navs(self) -> list[Document]:
        """The navigation documents; there should be one."""
        return [page for path, page in self.pages.items() if "nav" in self.paths[path].properties]

    @cached_property
    def ncx(self) -> Document | None:
        """The NCX that the spine names."""
        item = self.by_id.get((self._spine_toc() or "").strip(SPACES))
        return self.open(item.path) if item and item.path and item.media_type == NCX else None

    def _spine_toc(self) -> str | None:
        return next((each.get("toc") for each in self.package.iter("{*}spine")), None)

    @cached_property
    def styles(self) -> list[Style]:
        """All CSS in the book."""
        return [*self._style_sheets(), *self._inner_styles()]

    def _style_sheets(self) -> Iterator[Style]:
        for path, item in self.paths.items():
            if item.media_type == "text/css" and (data := self.bytes(path)) is not None:
                yield _style(path, data.decode("utf-8-sig", "replace"), None)

    def _inner_styles(self) -> Iterator[Style]:
        for path, page in self.pages.items():
            for each in page.html("style"):
                yield _style(path, each.text or "", each)
            for each in page.styled:
                yield _style(path, f"*{{{each.get('style')}}}", each)

    def bytes(self, path: str) -> bytes | None:
        """Return a file's bytes, or `None` when it is missing, encrypted or damaged."""
        if path not in self.archive.names or path in self.encrypted:
            return None
        try:
            return self.archive.read(path)
        except Unreadable:
            return None

    def resolve(self, base: str, href: str) -> str | None:
        """Return the path in the archive that a reference means, or `None` when it goes elsewhere."""
        key = (base if href[:1] in "#?" else posixpath.dirname(base), href)
        if key not in self._resolved:
            self._resolved[key] = _resolved(base, href)
        return self._resolved[key]

    def is_inside(self, path: str | None) -> bool:
        """Return whether a resolved path does not lead out of the container."""
        return path is not None and not path.startswith(("/", "../")) and path != ".."

    @cached_property
    def links(self) -> list[Link]:
        """What can be followed, on pages without `base`."""
        return list(self._links())

    def _links(self) -> Iterator[Link]:
        for page in self.pages.values():
            for each in page.html("a", "area") if not page.is_based else ():
                if (href := each.get("href")) is not None:
                    href = href.strip(SPACES)
                    yield Link(page=page, element=each, href=href, target=self.resolve(page.path, href))

    @cached_property
    def shown(self) -> list[Link]:
        """What pages without `base` need to be shown."""
        return [
            Link(page=page, element=each.element, href=each.href, target=self.resolve(page.path, each.href), kind=each.kind)
            for page in self.pages.values()
            if not page.is_based
            for each in page.references
        ]


def _parsed(path: str, body: bytes) -> Element:
    try:
        return parse_xml(body)
    except Unreadable as error:
        raise Unreadable(*(replace(each, location=replace(each.location, pointer=path)) for each in error.problems)) from None


def _resolved(base: str, href: str) -> str | None:
    try:
        parts = urlsplit(href)
    except ValueError:
        return None
    if parts.scheme or parts.netloc:
        return None
    path = unquote(parts.path)
    return posixpath.normpath(posixpath.join(posixpath.dirname(base), path)) if path else base


def _style(path: str, text: str, element: Element | None) -> Style:
    closed = all(found[0].endswith("*/") and len(found[0]) > 3 for found in _COMMENT.finditer(text))
    return Style(path=path, text=_COMMENT.sub(lambda found: re.sub(r"[^\n]", " ", found[0]), text), element=element, closed=closed)


def at(where: object, message: str, hint: str = "") -> Finding:
    """Return what was found at an element or a spot."""
    return Finding(message=message, where=where, hint=hint)


def said(element: Element) -> str:
    """Return the text of an element, white space collapsed."""
    return " ".join("".join(map(str, element.itertext())).split(None)) if len(element) else (element.text or "").strip(SPACES)


def label(element: Element, *, by_title: bool = True) -> str:
    """Return what an element is called by those who do not see it: its text, alternative text, label or title."""
    parts = [each.get("alt") or each.get("aria-label") or "" for each in element.iter("*")]
    return said(element) or "".join(parts).strip() or ((element.get("title") or "").strip() if by_title else "")


def nearest(word: str, words: Collection[str]) -> str:
    """Return the hint "did you mean" for a wrong word, `""` when nothing is close or the search would take long."""
    return (
        closest(word, (each for each in words if len(each) <= _LONGEST)) if len(word) <= _LONGEST and len(words) <= _MOST_COMPARED else ""
    )


def script_kind(element: Element) -> str:
    """Return `script` or `module` for what is run, `""` for a block of data (HTML, 4.12.1)."""
    kind = (element.get("type") or "").partition(";")[0].strip().lower()
    return "module" if kind == "module" else "script" if _JAVASCRIPT.fullmatch(kind) else ""


def quoted(value: str | None) -> str:
    """Return a value in quotes, on one line, at most 80 characters of it."""
    text = " ".join((value or "").split())
    return repr(text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…")
