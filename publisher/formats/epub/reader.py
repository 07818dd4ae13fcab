"""Books read back: ours exactly, other people's as far as it goes. EbookLib's reader does it, on archives found harmless.

Ours are known by the record of the issue and the JSON-LD block in each article's page.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from io import BytesIO
from typing import Any
from urllib.parse import unquote

from ebooklib import epub
from lxml import etree

from publisher import markup, schema
from publisher.article import Article, Date, Organization, Person, Publication
from publisher.charset import text_of
from publisher.cleaner import local_name
from publisher.formats import Context, Reading
from publisher.formats.epub import bodies, kepub
from publisher.formats.epub import record as records
from publisher.formats.epub.archive import CONTAINER, Archive
from publisher.markup import Element
from publisher.problems import Problem, Severity, Unreadable, problem
from publisher.schema import Json, JsonObject
from publisher.text import language, line, url

__all__ = ["read"]

_SPEC = "https://www.w3.org/TR/epub-33/"
_NOT_TEXT = (
    ".jpg",
    ".jpeg",
    ".png",
    ".gif",
    ".webp",
    ".avif",
    ".mp3",
    ".m4a",
    ".mp4",
    ".opus",
    ".ogg",
    ".webm",
    ".ttf",
    ".otf",
    ".woff",
    ".woff2",
)
_JSON_LD = "application/ld+json"
_ENCODING = re.compile(rb"""\s*<\?xml\b[^>]{0,200}?\sencoding\s*=\s*["']([A-Za-z0-9._-]{1,40})""")
_DOCTYPE = re.compile(
    r"""<!DOCTYPE\b[^\[>]*+(?:\[(?:<!--(?>.*?-->)|"[^"]*"|'[^']*'|<(?!!--)|[^\]"'<])*+\]\s*)?>""", re.IGNORECASE | re.DOTALL
)


def read(body: bytes, context: Context = Context()) -> Reading:
    """Return the publication in the book; raise `Unreadable` when there is none that we can reach."""
    archive = Archive(body)
    book = _load(archive)
    record = _record(book, archive)
    pages = [_Page(each) for each in _documents(book)]
    own = [(page, article) for page in pages if (article := page.own_article())]
    if record or own:
        publication = record or own[0][0].publication() or context.publication or _publication(book)
        return Reading(publication=replace(publication, articles=tuple(article for _, article in own)))
    return _foreign(book, pages, context)


def _documents(book: Any) -> list[Any]:
    """Return the pages in the order of the manifest, each once however often it is listed."""
    items = (each for each in book.items if isinstance(each, epub.EpubHtml) and not isinstance(each, epub.EpubNav))
    return list({each.get_name(): each for each in items}.values())


# -- opening --------------------------------------------------------------------------------------------------------------


class _Reader(epub.EpubReader):  # type: ignore[misc]  # EbookLib has no types
    def __init__(self, archive: Archive) -> None:
        super().__init__(BytesIO(archive.body))
        self.archive = archive
        self.unpacked: dict[str, bytes] = {}

    def read_file(self, name: str) -> bytes:
        """0.20 unpacks every picture, a file as often as it is listed, and gives up the whole book when one is missing."""
        name = posixpath.normpath(name)
        if name.lower().endswith(_NOT_TEXT) or name not in self.archive.names:
            return b""
        if name not in self.unpacked:
            self.unpacked[name] = self.archive.read(name)
        return self.unpacked[name]

    def _parse_nav(self, *given: Any, **more: Any) -> None:
        """0.20 gives up the whole book when the navigation document has no list."""
        try:
            super()._parse_nav(*given, **more)
        except (LookupError, AttributeError, ValueError, RecursionError, etree.LxmlError):
            self.book.toc = []


def _load(archive: Archive) -> Any:
    if CONTAINER not in archive.names:
        raise _unreadable("epub-no-container", f"there is no {CONTAINER}", "check that this is an EPUB")
    reader = _Reader(archive)
    try:
        book = reader.load()
    except Unreadable:
        raise
    except Exception as error:  # 0.20 raises whatever it stumbles over: AttributeError, KeyError, TypeError, EpubException, …
        message = f"EbookLib finds no package document that it understands ({type(error).__name__})"
        raise _unreadable("epub-no-package", message, "check the book with EPUBCheck") from None
    book.folder = reader.opf_dir
    return book


def _unreadable(code: str, message: str, hint: str) -> Unreadable:
    return Unreadable(problem(code, Severity.ERROR, message, hint=hint, spec=_SPEC))


def _metadata(book: Any, namespace: str, name: str) -> list[tuple[str | None, Mapping[str, str]]]:
    found: list[tuple[str | None, Mapping[str, str]]] = book.metadata.get(epub.NAMESPACES[namespace], {}).get(name, [])
    return found


# -- our books ------------------------------------------------------------------------------------------------------------


def _record(book: Any, archive: Archive) -> Publication | None:
    """Return the publication that the record of the issue describes, without articles."""
    for _, attributes in _metadata(book, "OPF", "link"):
        if attributes.get("rel") == "record" and attributes.get("media-type") == _JSON_LD:
            path = posixpath.normpath(posixpath.join(book.folder, unquote(attributes.get("href", ""))))
            if path in archive.names and (node := _json(archive.read(path))):
                return records.publication(node)
    return None


def _json(text: str | bytes) -> JsonObject | None:
    try:
        node: Json = schema.from_text(text)
    except Unreadable:
        return None
    return node if isinstance(node, dict) else None


class _Page:
    """One page of a book; a broken one is read as HTML."""

    def __init__(self, item: Any) -> None:
        self.item = item
        self.node: JsonObject | None = None
        self.root: Element | None = None
        if _JSON_LD.encode() in item.content:
            self.parse()

    def parse(self) -> None:
        """Look at what is on the page."""
        self.root = _tree(self.item.content)
        for script in self.root.iter("{*}script") if self.root is not None else ():
            if script.get("type") == _JSON_LD:
                self.node = self.node or _json(script.text or "")

    def own_article(self) -> Article | None:
        """Return the article, when the page has a JSON-LD block that describes one."""
        article = schema.load_object(self.node, Article) if self.node else None
        return replace(article, body=self.text()) if article else None

    def publication(self) -> Publication | None:
        """Return what the article says it is part of."""
        part_of = self.node.get("isPartOf") if self.node else None
        return schema.load_object(part_of, Publication) if isinstance(part_of, dict) else None

    def text(self) -> str:
        """Return the body that the page was made from."""
        if self.root is None:
            return ""
        own = next(filter(bodies.is_body, self.root.iter("{*}div")), None)
        if own is None:
            own = next(self.root.iter("{*}body"), self.root)
        bodies.restore(own)
        return markup.fragment(own)


def _tree(content: bytes) -> Element | None:
    """Return the page's tree without what Kobo puts into it, `None` when nothing is in it."""
    root = _parsed(content)
    if root is not None and b"koboSpan" in content:
        kepub.unwrap(root)
    return root


def _parsed(content: bytes) -> Element | None:
    """Return the page's tree: as XML when it is, else as HTML, `None` when nothing is in it."""
    try:
        root = markup.parse_xml(content)
        if next(root.iter(etree.Entity), None) is None:  # named entities, which only HTML's parser knows without the DTD
            return root
    except Unreadable:
        pass
    try:
        return markup.parse_html(_html(content))
    except Unreadable:
        return None


def _html(content: bytes) -> bytes:
    """Return a page as HTML in UTF-8: without its document type, since HTML's parser takes definitions in that for text."""
    declared = _ENCODING.match(content)
    text = text_of(content, declared[1] if declared else None)
    start = text.lower().find("<!doctype")
    found = _DOCTYPE.match(text, start) if start >= 0 else None
    return (text[: found.start()] + text[found.end() :] if found else text).encode()


# -- other people's books -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class _About:
    """What the package says about every page."""

    uid: str
    language: str | None
    author: tuple[Person, ...]
    published: Date | None
    labels: Mapping[str, str]
    """What the table of contents calls each page, by its path."""


def _foreign(book: Any, pages: list[_Page], context: Context) -> Reading:
    publication = context.publication or _publication(book)
    by_id = {page.item.get_id(): page for page in pages}
    order = [by_id[each] for each, _ in book.spine if each in by_id]
    about = _about(book)
    articles = tuple(article for each in order if (article := _article(each, about)))
    return Reading(publication=replace(publication, articles=articles), problems=tuple(_left(order, articles)))


def _left(pages: list[_Page], articles: tuple[Article, ...]) -> Iterator[Problem]:
    if len(pages) > len(articles):
        message = f"{len(pages) - len(articles)} of {len(pages)} pages have no text"
        yield problem("epub-page-without-text", Severity.INFO, message, hint="ignore this when they are covers and the like", spec=_SPEC)


def _publication(book: Any) -> Publication:
    """Return what the package document says about the book."""
    uid = _uid(book)
    name = _first(book, "title") or uid
    publisher = _first(book, "publisher")
    addresses = (url(each) for each in (_first(book, "source"), uid))
    return Publication(
        identifier=uid,
        name=name,
        url=next((each for each in addresses if each and each.startswith("http")), "https://example.org/"),
        description=_first(book, "description"),
        in_language=language(_first(book, "language")),
        publisher=Organization(name=publisher) if publisher else None,
        copyright_notice=_first(book, "rights"),
    )


def _uid(book: Any) -> str:
    return line(book.uid) or _first(book, "title") or "unknown"


def _first(book: Any, name: str) -> str | None:
    return next((found for value, _ in _metadata(book, "DC", name) if (found := line(value))), None)


def _about(book: Any) -> _About:
    names = (line(value) for value, _ in _metadata(book, "DC", "creator"))
    return _About(
        uid=_uid(book),
        language=language(_first(book, "language")),
        author=tuple(Person(name=each) for each in names if each),
        published=schema.parse_date(_first(book, "date") or ""),
        labels={href.partition("#")[0]: title for href, title in reversed(list(_labels(book.toc)))},
    )


def _labels(entries: Any) -> Iterator[tuple[str, str]]:
    for each in entries if isinstance(entries, list | tuple) else ():
        if isinstance(each, epub.Link | epub.Section):
            yield str(each.href or ""), str(each.title or "")
        else:
            yield from _labels(each)


def _article(page: _Page, about: _About) -> Article | None:
    """Return the page as an article, or `None` when there is no text on it."""
    root = page.root if page.root is not None else _tree(page.item.content)
    if root is None:
        return None
    content = next(root.iter("{*}body"), root)
    name = page.item.file_name
    headline = _take_headline(content) or line(about.labels.get(name)) or _title(root) or line(name) or about.uid
    body = markup.fragment(content)
    if not body:
        return None
    own = language(root.get("{http://www.w3.org/XML/1998/namespace}lang") or root.get("lang")) or about.language
    return Article(
        identifier=line(f"{about.uid}#{page.item.file_name}") or about.uid,
        headline=headline,
        body=body,
        in_language=own,
        author=about.author,
        date_published=about.published,
    )


def _take_headline(content: Element) -> str | None:
    """Return what the first `h1` says, and make it part of the text no more."""
    heading = next(content.iter("{*}h1"), None)
    said = line(" ".join(map(str, heading.itertext()))) if heading is not None else None
    if heading is not None and said:
        tail = heading.tail
        heading.clear()
        heading.tail = tail
    return said


def _title(root: Element) -> str | None:
    return next((said for each in root.iter("{*}title") if local_name(each.getparent()) == "head" and (said := line(each.text))), None)
