"""Other people's books, of EPUB 2.0.1 and 3: the entries of their contents are articles, as far as they say who wrote them and when.

Without a table of contents each page of the spine is an article. What a page says of itself in JSON-LD comes before its headings,
those before the contents, and these before the package document. Pictures are published at `/media/`, the first sixteen digits of
the SHA-256 digest of the book's identifier, and their path in the book; their bytes are unpacked when they are asked for.
"""

from __future__ import annotations

import hashlib
import posixpath
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from publisher import bylines, markup, schema
from publisher.archives import Archive
from publisher.article import Article, Date, Organization, Party, Publication
from publisher.cleaner import local_name
from publisher.formats import Context, Reading
from publisher.formats.epub import leaving
from publisher.formats.epub.opening import SPEC, documents, first, metadata, spine, tree, uid
from publisher.formats.epub.outline import Entry, entries
from publisher.formats.epub.tearing import torn
from publisher.markup import Element
from publisher.problems import Problem, Severity, Unreadable, problem
from publisher.schema import JsonObject
from publisher.text import language, line, url

__all__ = ["about_book", "read"]

_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_XLINK = "{http://www.w3.org/1999/xlink}href"
_HEADINGS = tuple(f"{{*}}h{level}" for level in range(1, 7))
_NOBODY = frozenset(("unknown", "unknown author", "anonymous", "various"))
_ROLES = {"aut": "author", "": "author", "cre": "author", "edt": "editor"}
"""Of those who made the book (MARC relators); all others contributed."""
_NOT_NAMED = frozenset(("bkp", "pbl"))
_SPLIT = re.compile(r"_split_[0-9]+\.|\bpart[0-9]+\.")
"""How Calibre calls the files that it cuts pages into."""
_SHORT = 200
"""Letters of a section's page that is no more than its name and a sentence."""
_MOST_NOTES = 5_000


@dataclass(frozen=True, slots=True, kw_only=True)
class _About:
    """What the package says about every page."""

    uid: str
    language: str | None
    people: Mapping[str, tuple[Party, ...]]
    published: Date | None
    keywords: tuple[str, ...]


@dataclass(slots=True, kw_only=True)
class _Unit:
    """One article: where it begins, and what there is of it."""

    entry: Entry
    pages: list[_Page]
    contents: list[Element]


@dataclass(slots=True, kw_only=True)
class _Page:
    """A page of the spine."""

    path: str
    root: Element
    content: Element
    kind: str | None = None
    """What it is when it is no article, such as `cover`."""
    notes: dict[str, Element] = field(default_factory=dict)


def read(book: Any, archive: Archive, context: Context) -> Reading:
    """Return the articles that the contents of the book list, else each page of the spine."""
    publication = context.house or about_book(book)
    context = replace(context, publication=publication)
    return _Book(book, archive, context).reading(publication)


def about_book(book: Any) -> Publication:
    """Return what the package document says about the book, as a publication without articles."""
    name = first(book, "title") or uid(book)
    publisher = first(book, "publisher")
    addresses = (url(each) for each in (first(book, "source"), uid(book)))
    return Publication(
        identifier=uid(book),
        name=name,
        url=next((each for each in addresses if each and each.startswith("http")), "https://example.org/"),
        description=first(book, "description"),
        in_language=_language(book),
        publisher=Organization(name=publisher) if publisher else None,
        copyright_notice=first(book, "rights"),
    )


def _language(book: Any) -> str | None:
    """Return the language of the book; `und`, which Calibre writes, says that it is not known (BCP 47, 4.1)."""
    found = language(first(book, "language"))
    return None if found == "und" else found


def _about(book: Any) -> _About:
    return _About(
        uid=uid(book),
        language=_language(book),
        people=_people(book),
        published=_published(book),
        keywords=tuple(dict.fromkeys(said for value, _ in metadata(book, "DC", "subject") if (said := line(value)))),
    )


def _published(book: Any) -> Date | None:
    """Return the day of publication: EPUB 2 may have several days, each with what happened on it."""
    given = [(attributes, schema.parse_date(line(value) or "")) for value, attributes in metadata(book, "DC", "date")]
    dates = [(next((v for k, v in attributes.items() if k.endswith("event")), ""), found) for attributes, found in given if found]
    return next((found for event, found in dates if event == "publication"), next((found for event, found in dates if not event), None))


def _people(book: Any) -> dict[str, tuple[Party, ...]]:
    """Return who made the book, by what they did: EPUB 2 has an attribute for it, EPUB 3 a `meta` that refines."""
    refined = {
        attributes.get("refines", "").lstrip("#"): line(value) or ""
        for value, attributes in _refinements(book)
        if attributes.get("property") == "role"
    }
    found: dict[str, dict[str, Party]] = {"author": {}, "editor": {}, "contributor": {}}
    for name in ("creator", "contributor"):
        for value, attributes in metadata(book, "DC", name):
            role = next((v for k, v in attributes.items() if k.endswith("role")), "") or refined.get(attributes.get("id", ""), "")
            party = bylines.party(line(value) or "") if (line(value) or "").casefold() not in _NOBODY else None
            kind = _ROLES.get(role, "contributor") if name == "creator" or role in ("aut", "edt") else "contributor"
            if party and role not in _NOT_NAMED:
                found[kind].setdefault(party.name, party)
    return {kind: tuple(each.values()) for kind, each in found.items()}


def _refinements(book: Any) -> Iterator[tuple[str | None, Mapping[str, str]]]:
    for names in book.metadata.values():
        for listed in names.values():
            yield from (each for each in listed if each[1].get("refines"))


class _Book:
    def __init__(self, book: Any, archive: Archive, context: Context) -> None:
        self.book = book
        self.archive = archive
        self.context = context
        self.about = _about(book)
        self.kinds = leaving.kinds(book)
        self.left: dict[str, str] = {}
        self.without_text = 0
        self.found: dict[str, str] = {}
        self.repairs: dict[str, markup.Repair] = {}
        self.notes: Mapping[str, Element] = {}
        self.asked: list[tuple[str, str]] = []
        self.folder = hashlib.sha256(self.about.uid.encode()).hexdigest()[:16]

    def reading(self, publication: Publication) -> Reading:
        pages = list(self.pages())
        kept = [each for each in pages if not each.kind]
        if not kept:  # a book of nothing but what should be left out
            kept, self.left = pages, {}
        self.find_notes(pages)
        units = list(self.units(kept))
        articles = tuple(article for each in units if (article := self.article(each)))
        sections = tuple(dict.fromkeys(each.article_section for each in articles if each.article_section))
        return Reading(
            publication=replace(publication, articles=articles, sections=publication.sections or sections),
            problems=tuple(self.problems(len(pages))),
            media=self.media,
        )

    def problems(self, pages: int) -> Iterator[Problem]:
        if self.without_text:
            message = f"{self.without_text} of {pages} pages have no text"
            yield problem("epub-page-without-text", Severity.INFO, message, hint="ignore this when they are covers and the like", spec=SPEC)
        if self.left:
            named = ", ".join(f"{path} ({kind})" for path, kind in list(self.left.items())[:5]) + (", …" if len(self.left) > 5 else "")
            message = f"{len(self.left)} of {pages} pages are no articles and were left out: {named}"
            yield problem("epub-pages-left-out", Severity.INFO, message, hint="open the book when one of them matters", spec=SPEC)
        yield from (each.problem() for each in self.repairs.values())

    def tell(self, repairs: tuple[markup.Repair, ...]) -> None:
        """Count what was put right in all the articles together."""
        for each in repairs:
            known = self.repairs.setdefault(each.kind, replace(each, count=0))
            self.repairs[each.kind] = replace(known, count=known.count + each.count)

    # -- pages --------------------------------------------------------------------------------------------------------

    def pages(self) -> Iterator[_Page]:
        """Yield the pages of the spine, but those that say they are no part of its order."""
        by_id = {each.get_id(): each for each in documents(self.book)}
        linear = {str(name): kind != "no" for name, kind in self.book.spine}
        for name in spine(self.book):
            item = by_id.get(name)
            if item is None:
                continue
            if (root := tree(item.content)) is None:
                self.without_text += 1
                continue
            content = next(root.iter("{*}body"), root)
            path = posixpath.normpath(str(item.file_name))
            kind = self.kinds.get(path) or leaving.said_by_page(content)
            if kind or not linear[name]:
                self.left[path] = kind or "not in the order"
            yield _Page(path=path, root=root, content=content, kind=kind or (None if linear[name] else "not in the order"))

    # -- units --------------------------------------------------------------------------------------------------------

    def units(self, pages: list[_Page]) -> Iterator[_Unit]:
        """Yield the articles with all their pages and parts of pages."""
        listed: dict[str, list[Entry]] = {}
        for entry in entries(self.book):
            listed.setdefault(entry.path, []).append(entry)
        current: _Unit | None = None
        for page in pages:
            starts = listed.get(page.path, [])
            if not starts and current and listed and _goes_on(page):
                current.pages.append(page)
                current.contents.append(page.content)
                continue
            for unit in self.begun(
                page, starts or [Entry(path=page.path, fragment="", label=None, section=current.entry.section if current else None)]
            ):
                if current:
                    yield current
                current = unit
        if current:
            yield current

    def begun(self, page: _Page, starts: list[Entry]) -> Iterator[_Unit]:
        """Yield the articles that begin on a page; what stands before the first is part of it."""
        parts = torn(page.content, [each.fragment for each in starts]) if len(starts) > 1 else {}
        whole = next((each for each in starts if each.fragment not in parts), None)
        by_fragment = {each.fragment: each for each in starts}
        order = [by_fragment[name] for name in parts]
        if whole is None and order and not _words(page.content) and next(page.content.iter("{*}img"), None) is None:
            pass
        elif whole is None and order:
            yield _Unit(entry=order[0], pages=[page], contents=[page.content, parts[order.pop(0).fragment]])
        elif whole is not None:
            yield _Unit(entry=whole, pages=[page], contents=[page.content])
        for entry in order:
            yield _Unit(entry=entry, pages=[page], contents=[parts[entry.fragment]])

    # -- articles -----------------------------------------------------------------------------------------------------

    def article(self, unit: _Unit) -> Article | None:
        """Return the unit as an article, or `None` when there is no text in it."""
        page, entry = unit.pages[0], unit.entry
        paths = {each.path for each in unit.pages}
        for number, content in enumerate(unit.contents):
            self.prepare(content, unit.pages[min(number, len(unit.pages) - 1)].path, paths)
        headline = self.headline(unit)
        root = unit.contents[0].makeelement("div", {})
        root.extend([_as_part(each) for each in unit.contents])
        self.append_notes(root, unit)
        body, repairs = markup.mended(root, url)
        self.tell(repairs)
        if not body or (entry.opens and len(markup.to_text(body)) < _SHORT):
            self.without_text += not body
            if body:
                self.left[page.path] = "page of a section"
            return None
        native = Article(
            identifier=line(f"{self.about.uid}#{entry.path}" + (f"#{entry.fragment}" if entry.fragment else "")) or self.about.uid,
            headline=headline or line(page.path) or self.about.uid,
            body=body,
            article_section=entry.section or (entry.label if entry.opens else None),
            keywords=self.about.keywords,
            in_language=language(page.root.get(_XML_LANG) or page.root.get("lang")) or self.about.language,
            author=self.about.people["author"],
            editor=self.about.people["editor"],
            contributor=self.about.people["contributor"],
            date_published=self.about.published,
        )
        return _with_linked(native, _node(page.root)) if len(unit.contents) == len(unit.pages) else native

    def prepare(self, content: Element, path: str, paths: set[str]) -> None:
        """Make references absolute, by what is in the book, and spell notes as bodies have them."""
        folder = posixpath.dirname(path)
        _unwrap_drawings(content)
        for image in content.iter("{*}img"):
            image.set("src", self.picture(folder, image.get("src") or "") or "")
        for link in content.iter("{*}a"):
            target, hash_, place = (link.get("href") or "").partition("#")
            if target and hash_ and posixpath.normpath(posixpath.join(folder, unquote(target))) in paths:
                link.set("href", f"#{place}")
            if "noteref" in leaving.types(link) and not link.get("role"):
                link.set("role", "doc-noteref")
            self.refer_to_note(link, folder)
        _gather_notes(content)

    def picture(self, folder: str, reference: str) -> str | None:
        """Return where a picture of the book is published, or the address of one that is elsewhere."""
        try:
            if urlsplit(reference).scheme:
                return url(reference)
        except ValueError:
            return None
        path = posixpath.normpath(posixpath.join(self.book.folder, folder, unquote(reference.partition("#")[0])))
        if path not in self.archive.names:
            return None
        address = url(self.context.address(f"/media/{self.folder}/{quote(path)}"))
        if address:
            self.found[address] = path
        return address

    def media(self, address: str) -> bytes | None:
        """Return the bytes of a picture, `None` when there is none at that address or it cannot be unpacked."""
        try:
            return self.archive.read(self.found[address]) if address in self.found else None
        except Unreadable:
            return None

    def headline(self, unit: _Unit) -> str | None:
        """Return what the article is called, and make that part of the text no more."""
        label = unit.entry.label
        if found := _take_heading(unit.contents, lambda level, said: level == 1 or _squeezed(said) == _squeezed(label or "")):
            return found
        return label or _title(unit.pages[0].root)

    # -- notes on pages of their own --------------------------------------------------------------------------------------

    def find_notes(self, pages: list[_Page]) -> None:
        """Find the notes on pages that have nothing else."""
        found: dict[str, Element] = {}
        for page in pages:
            if page.kind == "notes":
                for each in page.content.iter("{*}li", "{*}aside", "{*}p", "{*}div"):
                    if (name := each.get("id")) and len(found) < _MOST_NOTES:
                        found[f"{page.path}#{name}"] = each
        self.notes = found

    def refer_to_note(self, link: Element, folder: str) -> None:
        target, _, place = (link.get("href") or "").partition("#")
        name = f"{posixpath.normpath(posixpath.join(folder, unquote(target)))}#{place}" if target else ""
        if name in self.notes:
            own = f"note-{len(self.asked) + 1}"
            self.asked.append((own, name))
            link.set("href", f"#{own}")
            link.set("role", "doc-noteref")

    def append_notes(self, root: Element, unit: _Unit) -> None:
        """Put the notes that the article refers to at its end."""
        if not self.asked:
            return
        notes = root.makeelement("section", {"role": "doc-endnotes"})
        listed = root.makeelement("ol", {})
        notes.append(listed)
        for own, name in self.asked:
            item = root.makeelement("li", {"id": own})
            item.text = line("".join(map(str, self.notes[name].itertext())))
            listed.append(item)
        root.append(notes)
        self.asked = []


def _goes_on(page: _Page) -> bool:
    """Return whether a page that the contents do not list is part of the article before it."""
    return bool(_SPLIT.search(page.path)) or next(page.content.iter("{*}h1"), None) is None


def _as_part(content: Element) -> Element:
    content.tag = "div"
    kept = [(name, value) for name in ("lang", "dir", _XML_LANG) if (value := content.get(name)) is not None]
    content.attrib.clear()  # not one by one: in HTML a name may begin with a brace, and lxml finds none of these
    for name, value in kept:
        content.set(name, value)
    return content


def _words(element: Element) -> str:
    """Return what an element says on one line; a line break is a space."""
    parts = [element.text or ""]
    for each in element.iterdescendants():
        parts += (
            " " if local_name(each) in ("br", "p", "div") else "",
            (each.text or "") if isinstance(each.tag, str) else "",
            each.tail or "",
        )
    return line("".join(parts)) or ""


def _squeezed(text: str) -> str:
    return "".join(each for each in text.casefold() if each.isalnum())


def _take_heading(contents: list[Element], wanted: Callable[[int, str], bool]) -> str | None:
    """Return what the first heading says that is `wanted`, and make it part of the text no more."""
    for content in contents:
        for heading in content.iter(*_HEADINGS):
            said = _words(heading)
            if said and wanted(int(local_name(heading)[1]), said):
                tail = heading.tail
                heading.clear()
                heading.tag, heading.tail = "div", tail  # an empty heading would be told as one without words
                return said
    return None


def _title(root: Element) -> str | None:
    return next((said for each in root.iter("{*}title") if local_name(each.getparent()) == "head" and (said := line(each.text))), None)


def _unwrap_drawings(content: Element) -> None:
    """Put a picture in the place of a drawing that is nothing but a frame for it, as Calibre and others write covers."""
    for drawing in list(content.iter("{*}svg")):
        inside = [each for each in drawing.iterdescendants() if isinstance(each.tag, str)]
        pictures = [each for each in inside if local_name(each) == "image"]
        if len(pictures) == 1 and all(local_name(each) in ("image", "g", "title", "desc") for each in inside):
            said = next((line(each.text) for each in inside if local_name(each) in ("title", "desc")), None)
            source = pictures[0].get(_XLINK) or pictures[0].get("href") or pictures[0].get("xlink:href") or ""
            image = drawing.makeelement("img", {"src": source} | ({"alt": said} if said else {}))
            image.tail = drawing.tail
            if (around := drawing.getparent()) is not None:
                around.replace(drawing, image)


def _gather_notes(content: Element) -> None:
    """Make lists of notes of the asides that are notes, each beside the one before (EPUB 3.3, 6.1.3.3)."""
    before: tuple[Element, Element] | None = None
    for note in list(content.iter("{*}aside")):
        if not set(leaving.types(note)) & {"footnote", "endnote", "rearnote", "note"}:
            continue
        around, earlier = note.getparent(), note.getprevious()
        if around is None:
            continue
        if before is not None and earlier is before[0] and not (earlier.tail or "").strip():
            listed = before[1]
            around.remove(note) if not (note.tail or "").strip() else None
        else:
            notes = note.makeelement("section", {"role": "doc-endnotes"})
            listed = note.makeelement("ol", {})
            notes.append(listed)
            around.replace(note, notes)
            notes.tail, note.tail = note.tail, None
            before = notes, listed
        note.tag = "li"
        listed.append(note)


def _node(root: Element) -> JsonObject | None:
    """Return what the page says of its article in JSON-LD, when that is one object."""
    for each in root.iter("{*}script"):
        if each.get("type") == "application/ld+json":
            try:
                found = schema.from_text(each.text or "")
            except Unreadable:
                continue
            if isinstance(found, dict) and str(found.get("@type", "")).endswith(("Article", "Posting")):
                return found
    return None


def _with_linked(native: Article, node: JsonObject | None) -> Article:
    """Return the article with what its page says of it in JSON-LD."""
    if not node:
        return native
    said: JsonObject = {name: value for name, value in node.items() if value not in (None, "", [], {}) and name != "articleBody"}
    return schema.merge(native, said)
