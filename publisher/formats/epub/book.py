"""The issue as EbookLib's book: items, metadata, table of contents, spine, guide (EPUB 3.3, 5).

The items of articles stand in the manifest in the order of the publication, since the spine has them by section;
the reader takes the order from there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from itertools import islice, pairwise
from typing import Any

from ebooklib import epub

from publisher import schema
from publisher.article import Publication
from publisher.formats import Target
from publisher.formats.epub import cover, pages
from publisher.formats.epub.bodies import host
from publisher.formats.epub.issue import COVER, NAV, NCX, RECORD, STYLE, TITLE_PAGE, Issue, plan
from publisher.formats.epub.media import Picture, Shelf
from publisher.formats.epub.words import THEME, UNKNOWN
from publisher.formats.epub.writer import pack
from publisher.themes.pages import direction

__all__ = ["write"]

_XHTML = "application/xhtml+xml"
_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_PICTURE = re.compile(rb"<img [^>]*>")
_HEADLINES = 3


def write(publication: Publication, target: Target) -> bytes:
    """Return the publication's book, with smaller pictures when it would be beyond the budget otherwise."""
    issue, budget = plan(publication), target.book.budget
    shelf = Shelf(target.media, budget)
    body = _Builder(issue, shelf).bytes()
    if smaller := shelf.fitting(len(body)):
        body, shelf = b"", smaller  # the first try goes before the second is written
        body = _Builder(issue, shelf).bytes()
    for each in shelf.problems(len(body), budget):
        target.tell(each)
    return body


def _file(name: str, media_type: str, content: bytes, uid: str = "") -> Any:
    return epub.EpubItem(uid=uid or name.rpartition(".")[0].replace("/", "-"), file_name=name, media_type=media_type, content=content)


class _Builder:
    """Fills one book."""

    def __init__(self, issue: Issue, shelf: Shelf) -> None:
        self.issue = issue
        self.shelf = shelf
        self.book = epub.EpubBook()
        self.book.metadata = {}  # without 0.20's random identifier and its generator
        self.book.IDENTIFIER_ID = "identifier"
        way = direction(issue.language if issue.language != UNKNOWN else None)
        self.book.set_direction(way if way != "auto" else None)

    def bytes(self) -> bytes:
        """Return the book."""
        picture, alternative = self.cover()
        kept = self.shelf.keep(picture)
        front = [
            self.add(_file(COVER, _XHTML, pages.cover(self.issue, kept, alternative))),
            self.add(_file(TITLE_PAGE, _XHTML, pages.title_page(self.issue))),
            self.add(self.nav()),
        ]
        self.book.spine = [*front, *self.articles()]
        self.add(_file(STYLE, "text/css", (THEME / "style.css").read_bytes()))
        self.add(epub.EpubNcx(uid="ncx", file_name=NCX))
        self.media(kept.href)
        self.record()
        self.book.toc = [*self.toc()] or [epub.Link(TITLE_PAGE, self.issue.title, "title")]
        self.book.guide = [*self.guide()]
        self.metadata()
        return pack(self.book, self.issue.modified, self.shelf.packer)

    def add(self, item: Any) -> Any:
        return self.book.add_item(item)

    # -- content --------------------------------------------------------------------------------------------------

    def cover(self) -> tuple[Picture, str]:
        """Return the cover, and what it shows in words: the publication's picture, or one that we draw."""
        publication = self.issue.publication
        own = self.shelf.look(publication.image.content_url) if publication.image else None
        if own and publication.image and cover.is_portrait(own):
            return own, publication.image.description or self.issue.title
        home = host(publication.url)
        name = cover.writable(publication.name) or cover.writable(publication.alternate_name)
        front = cover.Front(
            name=name or home,
            date=cover.writable(self.issue.day) or _w3c_date(self.issue) or "",
            foot=home if name else "",
            headlines=tuple(islice(self.headlines(), _HEADLINES)),
            picture=own.data if own and own.media_type != "image/svg+xml" else None,
        )
        return cover.draw(front), f"{self.issue.words.cover}: {'. '.join((self.issue.title, *front.headlines))}"

    def headlines(self) -> Iterator[str]:
        """Yield the headlines that the cover can show, in the issue's own language before others."""
        own = self.issue.language.partition("-")[0]
        for each in sorted(self.issue.chapters, key=lambda each: each.language.partition("-")[0] != own):
            if written := cover.writable(each.article.headline):
                yield written

    def nav(self) -> Any:
        item = epub.EpubNav(uid="nav", file_name=NAV)
        item.content = pages.contents(self.issue)
        return item

    def articles(self) -> list[Any]:
        """Add the pages of sections and articles; return their items in reading order."""
        order = [each for section in self.issue.sections for each in section.chapters]
        before = {after.key: each for each, after in pairwise(order)}
        after = {before.key: each for before, each in pairwise(order)}
        items = {}
        for each in self.issue.chapters:
            page = pages.chapter(self.issue, each, self.shelf, before.get(each.key), after.get(each.key))
            items[each.key] = self.add(_file(each.href, _XHTML, page))
        spine = []
        for section in self.issue.sections:
            spine += [self.add(_file(section.href, _XHTML, pages.section(self.issue, section)))] if section.name else []
            spine += [items[each.key] for each in section.chapters]
        return spine

    def media(self, cover_href: str) -> None:
        """Add an item for each picture and recording; their bytes are in the archive already."""
        for path, media_type in self.shelf.files():
            item = (epub.EpubCover if path == cover_href else epub.EpubItem)(file_name=path)
            item.id, item.media_type, item.content = path.rpartition(".")[0].replace("/", "-"), media_type, b""
            self.add(item)

    def record(self) -> None:
        """Add the record of the whole issue, so that one without articles is read back too (EPUB 3.3, 5.5.5.2).

        It is linked, not in the manifest: EPUBCheck 5.3 wants one or the other (OPF-067).
        """
        record = {"@context": schema.CONTEXT, **schema.spell(self.issue.publication, linked=True)}
        path = f"{self.book.FOLDER_NAME}/{RECORD}"
        self.add(epub.EpubItem(uid="record", file_name=path, media_type="application/ld+json", manifest=False))
        self.book.items[-1].content = schema.to_text(record).encode()

    # -- structure ------------------------------------------------------------------------------------------------

    def toc(self) -> Iterator[Any]:
        """Yield the entries for the NCX; links and not items, since 0.20 knows only `EpubHtml` there."""
        for section in self.issue.sections:
            inside = [epub.Link(each.href, each.article.headline, f"ncx-{each.key}") for each in section.chapters]
            if section.name:
                yield epub.Section(section.name, section.href), inside
            else:
                yield from inside

    def guide(self) -> Iterator[dict[str, str]]:
        words = self.issue.words
        yield {"type": "cover", "title": words.cover, "href": COVER}
        yield {"type": "toc", "title": words.contents, "href": NAV}
        yield {"type": "text", "title": words.said.latest, "href": pages.first_page(self.issue)}

    # -- metadata -------------------------------------------------------------------------------------------------

    def dc(self, name: str, value: str | None, **attributes: str) -> None:
        if value:
            self.book.add_metadata("DC", name, value, attributes)

    def meta(self, name: str, value: str, **attributes: str) -> None:
        self.book.add_metadata("OPF", "meta", value, {"property": name, **attributes})

    def metadata(self) -> None:
        """Fill the package's metadata (EPUB 3.3, 5.5)."""
        issue, publication = self.issue, self.issue.publication
        self.book.set_identifier(issue.identifier)
        self.book.set_title(issue.title)
        self.book.set_language(issue.language)
        self.people()
        self.dc("date", _w3c_date(issue))
        self.dc("description", publication.description)
        self.dc("rights", publication.copyright_notice or publication.license)
        self.dc("source", publication.url)
        for section in issue.sections:
            self.dc("subject", section.name)
        self.series()
        self.accessibility()
        self.book.add_metadata("OPF", "cover", "", {"name": "cover", "content": self.cover_id()})  # for Kobo and other old ones
        self.book.add_metadata("OPF", "generator", "", {"name": "generator", "content": "publisher"})
        self.book.add_metadata(None, "link", None, {"rel": "record", "href": RECORD, "media-type": "application/ld+json"})

    def people(self) -> None:
        publication = self.issue.publication
        house = publication.publisher.name if publication.publisher else publication.name
        self.dc("creator", house, id="creator")
        self.meta("role", "pbl", refines="#creator", scheme="marc:relators")
        self.dc("publisher", house)
        for name in dict.fromkeys(each.name for article in publication.articles for each in article.author):
            self.dc("contributor", name)

    def series(self) -> None:
        """Say that this is one of many, by which shelves put the issues of a newspaper together (EPUB 3.3, D.3.2)."""
        self.meta("belongs-to-collection", self.issue.publication.name, id="series")
        self.meta("collection-type", "series", refines="#series")
        self.meta("dcterms:identifier", self.issue.publication.url, refines="#series")

    def cover_id(self) -> str:
        return next(str(each.id) for each in self.book.items if isinstance(each, epub.EpubCover))

    def accessibility(self) -> None:
        """Say what the book needs of its readers, from what is in it (EPUB Accessibility 1.1, 2)."""
        found = _Contents(self.book.items)
        for mode in found.modes():
            self.meta("schema:accessMode", mode)
        for mode in found.sufficient():
            self.meta("schema:accessModeSufficient", mode)
        for feature in found.features():
            self.meta("schema:accessibilityFeature", feature)
        self.meta("schema:accessibilityHazard", found.hazard())
        self.meta("schema:accessibilitySummary", found.summary(), **{_XML_LANG: "en"})


def _w3c_date(issue: Issue) -> str | None:
    known = issue.date
    return (known.date() if isinstance(known, datetime) else known).isoformat() if known else None


class _Contents:
    """What is in the book that somebody may not be able to see or hear."""

    def __init__(self, items: list[Any]) -> None:
        pictures = [found for each in items if each.media_type == _XHTML and each.id != "cover" for found in _PICTURE.findall(each.content)]
        kinds = {each.media_type.partition(";")[0] for each in items}
        self.pictures = bool(pictures)
        self.described = all(b' alt=""' not in each for each in pictures)
        self.sound = any(each.startswith("audio/") for each in kinds)
        self.moving = "image/gif" in kinds
        self.ruby = any(b"<ruby" in each.content for each in items if each.media_type == _XHTML)

    def modes(self) -> Iterator[str]:
        yield "textual"
        if self.pictures:
            yield "visual"
        if self.sound:
            yield "auditory"

    def sufficient(self) -> Iterator[str]:
        if not self.sound and self.described:
            yield "textual"
        if self.pictures or self.sound:
            yield ",".join(self.modes())

    def features(self) -> Iterator[str]:
        if self.described:
            yield "alternativeText"
        yield from ("displayTransformability", "readingOrder")
        if self.ruby:
            yield "rubyAnnotations"
        yield from ("structuralNavigation", "tableOfContents", "unlocked")

    def hazard(self) -> str:
        return "unknown" if self.sound or self.moving else "none"

    def summary(self) -> str:
        """Return the same in a sentence."""
        pictures = "All pictures have alternative text. " if self.described else "Some pictures have no alternative text. "
        sound = "Some recordings have no transcript. " if self.sound else ""
        return (
            f"{pictures if self.pictures else ''}{sound}Text can be enlarged and read aloud; articles are reached from a table of contents."
        )
