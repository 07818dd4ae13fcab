"""What must hold for a book, as rules; EPUBCheck knows many more, and these need no Java."""

from __future__ import annotations

import posixpath
import re
from collections import Counter
from collections.abc import Iterator
from functools import cached_property
from typing import cast
from urllib.parse import unquote, urlsplit

from publisher.cleaner import local_name
from publisher.formats.epub.archive import CONTAINER, MIMETYPE, Archive
from publisher.markup import Element, parse_xml
from publisher.problems import Finding, Problem, Severity, Unreadable, check_all, problem, rule, rules_in
from publisher.text import language

__all__ = ["check"]

_SPEC = "https://www.w3.org/TR/epub-33/"
_A11Y = "https://www.w3.org/TR/epub-a11y-11/#sec-disc-package"
_ROOTFILE = "application/oebps-package+xml"
_PAGE = "application/xhtml+xml"
_EPUB_TYPE = "{http://www.idpf.org/2007/ops}type"
_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_SPACES = " \t\n\r"
"""White space of XML; a title that is a no-break space is one."""
_MODIFIED = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")
_SOURCES = {
    "img": "src",
    "audio": "src",
    "video": "src",
    "source": "src",
    "track": "src",
    "iframe": "src",
    "embed": "src",
    "object": "data",
}
_DISCOVERY = ("schema:accessMode", "schema:accessibilityFeature", "schema:accessibilityHazard")
_DATA_BLOCKS = ("application/ld+json", "application/json")
_NOT_LISTED = re.compile(r"mimetype$|META-INF/|.*/$")


def check(body: bytes) -> list[Problem]:
    """Return what is wrong with the book; never raise."""
    try:
        book = _Book(Archive(body))
    except Unreadable as error:
        return list(error.problems)
    return check_all(_RULES, book)


class _Book:
    """A book as its files say it is; raises `Unreadable` when there is no package document."""

    def __init__(self, archive: Archive) -> None:
        self.archive = archive
        self.path = self._package_path()
        self.package = _parsed(archive, self.path)
        self.folder = posixpath.dirname(self.path)

    def _package_path(self) -> str:
        for each in _parsed(self.archive, CONTAINER).iter("{*}rootfile"):
            if each.get("media-type") == _ROOTFILE and each.get("full-path"):
                return str(each.get("full-path"))
        hint = "name the package document in the container"
        raise Unreadable(problem("epub-no-package", Severity.ERROR, "the container names no package document", hint=hint, spec=_SPEC))

    @cached_property
    def items(self) -> list[Element]:
        """The items of the manifest."""
        return [each for each in self.package.iter("{*}item") if local_name(each.getparent()) == "manifest"]

    @cached_property
    def paths(self) -> dict[str, Element]:
        """The items by the path of their file."""
        return {path: each for each in self.items if (path := self.resolve(self.path, each.get("href") or ""))}

    @cached_property
    def pages(self) -> dict[str, Element]:
        """The pages that are well-formed, by their path."""
        found = {}
        for path, item in self.paths.items():
            if item.get("media-type") == _PAGE and path in self.archive.names and (root := _tree(self.archive, path)) is not None:
                found[path] = root
        return found

    @cached_property
    def ids(self) -> dict[str, list[str]]:
        """All ids of each page."""
        return {path: [each.get("id") or "" for each in root.iter("{*}*") if each.get("id")] for path, root in self.pages.items()}

    def metadata(self, name: str) -> list[str]:
        """Return the text of the metadata elements of that name."""
        return [
            (each.text or "").strip(_SPACES) for each in self.package.iter(f"{{*}}{name}") if local_name(each.getparent()) == "metadata"
        ]

    def properties(self, name: str) -> list[str]:
        """Return the values of a `meta` property that are about the whole book."""
        found = (each for each in self.package.iter("{*}meta") if each.get("property") == name and not each.get("refines"))
        return [(each.text or "").strip(_SPACES) for each in found]

    def resolve(self, base: str, href: str) -> str | None:
        """Return the path in the archive that a reference means, or `None` when it goes elsewhere."""
        try:
            parts = urlsplit(href)
        except ValueError:
            return None
        if parts.scheme or parts.netloc:
            return None
        path = unquote(parts.path)
        return posixpath.normpath(posixpath.join(posixpath.dirname(base), path)) if path else base

    def elements(self, *names: str) -> Iterator[tuple[str, Element]]:
        """Yield the elements of those names with the path of their page."""
        for path, root in self.pages.items():
            for each in root.iter(*(f"{{*}}{name}" for name in names)):
                yield path, each


def _parsed(archive: Archive, path: str) -> Element:
    if path not in archive.names:
        hint = "check that this is an EPUB"
        raise Unreadable(problem("epub-file-missing", Severity.ERROR, f"there is no {path}", hint=hint, spec=_SPEC))
    return parse_xml(archive.read(path))


def _tree(archive: Archive, path: str) -> Element | None:
    try:
        return _parsed(archive, path)
    except Unreadable:
        return None


def _at(path: str, element: Element, message: str) -> Finding:
    return Finding(message=message, line=cast("int | None", element.sourceline) or 0, pointer=path)


# -- the archive ----------------------------------------------------------------------------------------------------------


@rule(Severity.ERROR, spec=f"{_SPEC}#sec-zip-container-mime", hint="write mimetype before everything else")
def epub_mimetype_not_first(book: _Book) -> Iterator[Finding]:
    """The first file is called `mimetype`, by which programs know a book without unpacking it."""
    if (first := book.archive.members[0].filename) != "mimetype":
        yield Finding(message=f"the first file is {first!r}", pointer=first)


@rule(Severity.ERROR, spec=f"{_SPEC}#sec-zip-container-mime", hint="store application/epub+zip in it, without compression and extra field")
def epub_mimetype_unclear(book: _Book) -> Iterator[Finding]:
    """The media type stands at byte 38 as plain text; EPUBCheck 5.3 does not see when it does not."""
    if book.archive.members[0].filename == "mimetype" and book.archive.body[30:60] != b"mimetype" + MIMETYPE + b"PK":
        yield Finding(message="mimetype is compressed, has an extra field or holds something else", pointer="mimetype")


@rule(Severity.ERROR, spec=f"{_SPEC}#sec-container-zip", hint="get the file anew")
def epub_file_damaged(book: _Book) -> Iterator[Finding]:
    """Every file can be unpacked and has the checksum that it should have."""
    for name in book.archive.damaged():
        yield Finding(message=f"{name!r} cannot be unpacked", pointer=name)


@rule(Severity.ERROR, spec=f"{_SPEC}#sec-container-filenames", hint="give each file a name of its own")
def epub_file_twice(book: _Book) -> Iterator[Finding]:
    """Two files whose names differ in nothing but case are one file on many systems."""
    for name, times in Counter(each.filename.casefold() for each in book.archive.members).items():
        if times > 1:
            yield Finding(message=f"{times} files are called {name!r}", pointer=name)


@rule(Severity.WARNING, spec=f"{_SPEC}#sec-container-filenames", hint="use only letters of ASCII, digits, hyphens and dots")
def epub_file_name_not_portable(book: _Book) -> Iterator[Finding]:
    """Names with spaces or letters outside ASCII are lost on the way through old programs."""
    for each in book.archive.members:
        if not each.filename.isascii() or " " in each.filename:
            yield Finding(message=f"the file name {each.filename!r}", pointer=each.filename)


# -- the package document -------------------------------------------------------------------------------------------------


@rule(Severity.ERROR, spec=f"{_SPEC}#sec-package-elem", hint='write version="3.0"')
def epub_version_unknown(book: _Book) -> Iterator[Finding]:
    """The version is 3.0 for every EPUB 3."""
    if (version := book.package.get("version")) != "3.0":
        yield _at(book.path, book.package, f"the version is {version!r}")


@rule(Severity.ERROR, spec=f"{_SPEC}#sec-opf-dcidentifier", hint="give the dc:identifier that unique-identifier names")
def epub_identifier_missing(book: _Book) -> Iterator[Finding]:
    """The unique identifier tells books apart, and is the same for every release of one."""
    named = book.package.get("unique-identifier")
    identifiers = [each for each in book.package.iter("{*}identifier") if each.get("id") == named and (each.text or "").strip(_SPACES)]
    if not named or not identifiers:
        yield _at(book.path, book.package, f"there is no dc:identifier with the id {named!r}")


@rule(Severity.ERROR, spec=f"{_SPEC}#sec-opf-dctitle", hint="add a dc:title")
def epub_title_missing(book: _Book) -> Iterator[Finding]:
    """The title is what shelves show."""
    if not any(book.metadata("title")):
        yield _at(book.path, book.package, "there is no dc:title")


@rule(Severity.ERROR, spec=f"{_SPEC}#sec-opf-dclanguage", hint="write a BCP 47 tag, such as en or pt-BR")
def epub_language_malformed(book: _Book) -> Iterator[Finding]:
    """The language is a well-formed tag; und where it is not known."""
    found = book.metadata("language")
    for each in found or [""]:
        if not _LANGUAGE.fullmatch(each):
            yield _at(book.path, book.package, f"{each!r} is no language tag")


@rule(Severity.ERROR, spec=f"{_SPEC}#sec-metadata-last-modified", hint="write it in UTC, such as 2018-10-24T07:00:00Z")
def epub_modified_malformed(book: _Book) -> Iterator[Finding]:
    """The moment of the last change, once, to the second, in UTC."""
    found = book.properties("dcterms:modified")
    if len(found) != 1 or not _MODIFIED.fullmatch(found[0]):
        yield _at(book.path, book.package, f"dcterms:modified is {', '.join(found) or 'missing'}")


@rule(Severity.WARNING, spec=_A11Y, hint="add the schema: properties")
def epub_accessibility_missing(book: _Book) -> Iterator[Finding]:
    """Readers choose by these whether a book is one that they can read."""
    for name in _DISCOVERY:
        if not any(book.properties(name)):
            yield _at(book.path, book.package, f"there is no {name}")


@rule(Severity.ERROR, spec=f"{_SPEC}#sec-item-elem", hint="add the file, or take the item out")
def epub_item_without_file(book: _Book) -> Iterator[Finding]:
    """What the manifest lists is in the book."""
    for path, item in book.paths.items():
        if path not in book.archive.names:
            yield _at(book.path, item, f"there is no {path}")


@rule(Severity.ERROR, spec=f"{_SPEC}#sec-item-elem", hint="list each file once, with an id of its own")
def epub_item_twice(book: _Book) -> Iterator[Finding]:
    """Ids and files of items are unique."""
    for name in ("id", "href"):
        for value, times in Counter(each.get(name) for each in book.items).items():
            if times > 1 or not value:
                yield _at(book.path, book.package, f"{times} items have the {name} {value!r}")


@rule(Severity.WARNING, spec=f"{_SPEC}#sec-manifest-elem", hint="list it in the manifest")
def epub_file_not_listed(book: _Book) -> Iterator[Finding]:
    """What is in the book is in the manifest; only the package document and linked records are not."""
    linked = {book.resolve(book.path, each.get("href") or "") for each in book.package.iter("{*}link")}
    for name in book.archive.names:
        if name not in book.paths and name not in linked and name != book.path and not _NOT_LISTED.match(name):
            yield Finding(message=f"{name!r} is not in the manifest", pointer=name)


@rule(Severity.ERROR, spec=f"{_SPEC}#sec-spine-elem", hint="name items of the manifest, each once")
def epub_spine_broken(book: _Book) -> Iterator[Finding]:
    """The spine names the pages in their order."""
    known = {each.get("id") for each in book.items}
    named = [each.get("idref") for each in book.package.iter("{*}itemref")]
    for value, times in Counter(named).items():
        if times > 1 or value not in known:
            yield _at(book.path, book.package, f"the spine has {value!r} {times} times" if times > 1 else f"there is no item {value!r}")
    if not named:
        yield _at(book.path, book.package, "the spine is empty")


@rule(Severity.WARNING, spec=f"{_SPEC}#sec-cover-image", hint='give the picture of the cover properties="cover-image"')
def epub_cover_missing(book: _Book) -> Iterator[Finding]:
    """One picture is the cover, by which people find the book on the shelf."""
    covers = [each for each in book.items if "cover-image" in (each.get("properties") or "").split()]
    if len(covers) != 1:
        yield _at(book.path, book.package, f"{len(covers)} items are the cover")


@rule(Severity.ERROR, spec=f"{_SPEC}#sec-nav", hint='add a page with properties="nav" that has a nav with epub:type="toc"')
def epub_nav_missing(book: _Book) -> Iterator[Finding]:
    """One page is the navigation document, with a table of contents that is not empty."""
    navs = [path for path, each in book.paths.items() if "nav" in (each.get("properties") or "").split()]
    if len(navs) != 1:
        yield _at(book.path, book.package, f"{len(navs)} items are the navigation document")
    for path in navs:
        if path in book.pages and next(_toc_links(book, path), None) is None:
            yield _at(path, book.pages[path], "there is no table of contents, or nothing in it")


def _toc_links(book: _Book, path: str) -> Iterator[Element]:
    for nav in book.pages[path].iter("{*}nav"):
        if nav.get(_EPUB_TYPE) == "toc":
            yield from nav.iter("{*}a")


@rule(Severity.WARNING, spec=f"{_SPEC}#sec-nav-toc", hint="bring the table of contents into the order of the spine")
def epub_toc_out_of_order(book: _Book) -> Iterator[Finding]:
    """The table of contents names the pages in reading order."""
    by_id = {each.get("id"): path for path, each in book.paths.items()}
    order = {by_id[each.get("idref")]: n for n, each in enumerate(book.package.iter("{*}itemref")) if each.get("idref") in by_id}
    for path in (each for each in book.pages if "nav" in (book.paths[each].get("properties") or "").split()):
        places = [order[to] for link in _toc_links(book, path) if (to := book.resolve(path, link.get("href") or "")) in order]
        if places != sorted(places):
            yield _at(path, book.pages[path], "the table of contents has another order than the spine")


# -- pages ----------------------------------------------------------------------------------------------------------------


@rule(Severity.ERROR, spec=f"{_SPEC}#sec-xhtml-req", hint="write well-formed XML")
def epub_page_malformed(book: _Book) -> Iterator[Finding]:
    """Pages are XML, and reading systems stop at the first mistake in it."""
    for path, item in book.paths.items():
        if item.get("media-type") == _PAGE and path in book.archive.names and path not in book.pages:
            try:
                _parsed(book.archive, path)
            except Unreadable as error:
                yield Finding(message=error.problems[0].message, line=error.problems[0].location.line, pointer=path)


@rule(Severity.ERROR, spec="https://html.spec.whatwg.org/multipage/semantics.html#the-title-element", hint="give the page a title")
def epub_page_without_title(book: _Book) -> Iterator[Finding]:
    """The title is what screen readers say first."""
    for path, root in book.pages.items():
        if not any(local_name(each.getparent()) == "head" and (each.text or "").strip(_SPACES) for each in root.iter("{*}title")):
            yield _at(path, root, "the page has no title")


@rule(Severity.WARNING, spec=f"{_A11Y}", hint="give the page lang and xml:lang with the same BCP 47 tag")
def epub_page_language_missing(book: _Book) -> Iterator[Finding]:
    """By the language of a page a voice is chosen, and where words are broken."""
    for path, root in book.pages.items():
        html, xml = root.get("lang"), root.get(_XML_LANG)
        if not (html or xml) or (html and xml and html != xml) or not (language(html or xml) or (html or xml) == "und"):
            yield _at(path, root, f"the language is {html!r} and {xml!r}")


@rule(Severity.ERROR, spec="https://html.spec.whatwg.org/multipage/dom.html#the-id-attribute", hint="give each element an id of its own")
def epub_id_twice(book: _Book) -> Iterator[Finding]:
    """A link to an id that two elements have goes to one of them by chance."""
    for path, ids in book.ids.items():
        for value, times in Counter(ids).items():
            if times > 1:
                yield _at(path, book.pages[path], f"{times} elements have the id {value!r}")


@rule(Severity.ERROR, spec=f"{_SPEC}#sec-resource-locations", hint="link to a page and an id that are in the book")
def epub_link_broken(book: _Book) -> Iterator[Finding]:
    """A link inside the book goes to a page that the spine or the navigation has, and to an id on it."""
    for path, link in book.elements("a", "area", "link"):
        href = link.get("href")
        if href is None or (target := book.resolve(path, href)) is None:
            continue
        fragment = href.partition("#")[2]
        if target not in book.archive.names:
            yield _at(path, link, f"there is no {href!r}")
        elif fragment and unquote(fragment) not in book.ids.get(target, []):
            yield _at(path, link, f"there is no place {href!r}")


@rule(Severity.ERROR, spec=f"{_SPEC}#sec-resource-locations", hint="put the file into the book, or link to it")
def epub_resource_remote(book: _Book) -> Iterator[Finding]:
    """What a page shows is in the book, so that it can be read on a train; only sound and video may be elsewhere."""
    for path, element in book.elements(*_SOURCES):
        source = element.get(_SOURCES[local_name(element)]) or ""
        if book.resolve(path, source) is None and not source.startswith("data:"):
            yield _at(path, element, f"{source!r} is not in the book")


@rule(Severity.ERROR, spec=f"{_SPEC}#sec-manifest-elem", hint="put the file into the book and list it in the manifest")
def epub_resource_missing(book: _Book) -> Iterator[Finding]:
    """What a page shows is in the manifest."""
    for path, element in book.elements(*_SOURCES):
        source = element.get(_SOURCES[local_name(element)])
        if source is not None and (target := book.resolve(path, source)) is not None and target not in book.paths:
            yield _at(path, element, f"there is no {source!r}")


@rule(
    Severity.ERROR,
    spec="https://www.w3.org/TR/epub-a11y-11/#sec-conf-reporting",
    hint='describe the picture, or write alt="" when it is decoration',
)
def epub_alternative_text_missing(book: _Book) -> Iterator[Finding]:
    """Without alternative text a screen reader says the name of the file."""
    for path, element in book.elements("img"):
        alternative = element.get("alt")
        if alternative is None or (alternative and not alternative.strip(" ")):
            yield _at(path, element, f"the picture {element.get('src')!r} has no alternative text")


@rule(Severity.WARNING, spec=f"{_SPEC}#sec-scripted-content", hint="take the script out; JSON-LD is no script")
def epub_script(book: _Book) -> Iterator[Finding]:
    """Few reading systems run scripts, and none that a newspaper needs."""
    for path, element in book.elements("script"):
        if (element.get("type") or "") not in _DATA_BLOCKS:
            yield _at(path, element, "there is a script")


_RULES = rules_in(globals())
