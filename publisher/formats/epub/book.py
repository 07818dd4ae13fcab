"""The issue as EbookLib's book: items, table of contents, spine, guide (EPUB 3.3, 5).

Pages go into the archive as they are made, like media; of each only what the end of the book asks for is kept.
The items of articles stand in the manifest in the order of the publication, since the spine has them by section.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from typing import Any

from ebooklib import epub

from publisher import schema
from publisher.article import Publication
from publisher.formats import Target
from publisher.formats.epub import accessibility, back, chapter, fonts, front, jacket, kepub, metadata, navigation, record
from publisher.formats.epub.budget import Drawer
from publisher.formats.epub.columns import in_columns
from publisher.formats.epub.issue import COLOPHON, CONTENTS, CONTRIBUTORS, COVER, FRONT_PAGE, NAV, NCX, STYLE, TITLE_PAGE, Issue, plan
from publisher.formats.epub.media import FOLDER, Kept, Shelf
from publisher.formats.epub.words import THEME, UNKNOWN
from publisher.formats.epub.writer import pack
from publisher.problems import Problem
from publisher.themes.pages import direction

__all__ = ["write"]

_XHTML = "application/xhtml+xml"
_COVER_PAGE = "cover-page"
_LICENCES = "META-INF/fonts.txt"


def write(publication: Publication, target: Target) -> bytes:
    """Return the publication's book, with smaller pictures when it would be beyond the budget otherwise."""
    issue, budget = plan(publication, target.edition), target.book.budget
    told: list[Problem] = []
    own = replace(target, tell=told.append)
    shelf = Shelf(target.media, budget)
    body = _Builder(issue, shelf, own).finished()
    if shelf.is_beyond(size := len(body)):
        body = b""  # the first try goes before anything is made for the second
        with closing(Drawer()) as drawer:
            shelf = shelf.fitting(size, drawer)
            told.clear()
            body = _Builder(issue, shelf, own).finished()
    for each in (*told, *shelf.problems(len(body), budget)):
        target.tell(each)
    return body


def _file(name: str, media_type: str, content: bytes, uid: str = "") -> Any:
    return epub.EpubItem(uid=uid or name.rpartition(".")[0].replace("/", "-"), file_name=name, media_type=media_type, content=content)


class _Builder:
    """Fills one book."""

    def __init__(self, issue: Issue, shelf: Shelf, target: Target) -> None:
        self.issue = issue
        self.shelf = shelf
        self.target = target
        self.given = fonts.collect(target)
        self.characters = set[str]()
        """What the pages show, when fonts have to be cut to that."""
        self.noted: dict[str, accessibility.Page] = {}
        self.book = epub.EpubBook()
        self.book.metadata = {}  # without 0.20's random identifier and its generator
        self.book.IDENTIFIER_ID = "identifier"
        way = direction(issue.language if issue.language != UNKNOWN else None)
        self.book.set_direction(way if way != "auto" else None)
        # as columns follow (EPUB 3.3, 5.7.1)
        self.book.page_progression = "rtl" if metadata.is_vertical(issue, target) else self.book.direction

    def finished(self) -> bytes:
        """Return the book."""
        picture, alternative = jacket.chosen(self.issue, self.shelf, self.target)
        kept = self.shelf.keep(picture)
        self.book.spine = [*self.front(kept, alternative), *self.articles(), *self.back()]
        self.add(_file(STYLE, "text/css", (THEME / "style.css").read_bytes() + self.fonts().encode()))
        nav = epub.EpubNav(uid="nav", file_name=NAV)
        nav.content = navigation.navigation(self.issue)
        self.add(nav)
        self.add(epub.EpubNcx(uid="ncx", file_name=NCX))
        self.media(kept.href)
        self.record()
        self.book.toc = [*self.toc()]
        self.book.guide = [*self.guide()]
        sounds = any(media_type.startswith("audio/") for _, media_type in self.shelf.files())
        metadata.describe(self.book, self.issue, self.target, accessibility.contents(self.noted, COVER, sounds=sounds))
        return pack(self.book, self.issue.modified, self.shelf.packer)

    def add(self, item: Any) -> Any:
        if item.media_type == _XHTML:
            self.shelf.packer.add(f"{FOLDER}{item.file_name}", self.final(item.file_name, item.content))
            item.content = b""
        return self.book.add_item(item)

    def final(self, name: str, page: bytes) -> bytes:
        """Return a page as it will be in the book; note what is on it."""
        if self.target.book.vertical and name not in (COVER, NAV):
            page = in_columns(page)
        self.noted[name] = accessibility.noted(page)
        if self.given:
            self.characters |= fonts.shown(page)
        return kepub.spanned(page) if self.target.kepub and name != NAV else page

    # -- content --------------------------------------------------------------------------------------------------

    def front(self, picture: Kept, alternative: str) -> Iterator[Any]:
        """Add the pages before the articles; yield their items."""
        yield self.add(_file(COVER, _XHTML, front.cover(self.issue, picture, alternative), _COVER_PAGE))
        yield self.page(TITLE_PAGE, front.title_page(self.issue))
        if self.issue.chapters:
            yield self.page(FRONT_PAGE, front.front_page(self.issue, self.shelf))
        yield self.page(CONTENTS, front.contents(self.issue))

    def articles(self) -> Iterator[Any]:
        """Add the pages of sections and articles; yield their items in reading order."""
        items = {each.key: self.page(each.href, chapter.chapter(self.issue, each, self.shelf)) for each in self.issue.chapters}
        for section in self.issue.sections:
            yield self.page(section.href, front.section(self.issue, section, self.shelf))
            yield from (items[each.key] for each in section.chapters)

    def back(self) -> Iterator[Any]:
        """Add the pages after the articles; yield their items."""
        if self.issue.contributors:
            yield self.page(CONTRIBUTORS, back.contributors(self.issue, self.shelf))
        yield self.page(COLOPHON, back.colophon(self.issue, self.given, self.target.book.issn))

    def page(self, name: str, content: bytes) -> Any:
        return self.add(_file(name, _XHTML, content))

    def media(self, cover_href: str) -> None:
        """Add an item for each picture and recording; their bytes are in the archive already."""
        for path, media_type in self.shelf.files():
            item = (epub.EpubCover if path == cover_href else epub.EpubItem)(file_name=path)
            item.id = metadata.COVER_ID if path == cover_href else path.rpartition(".")[0].replace("/", "-")
            item.media_type, item.content = media_type, b""
            self.add(item)

    def fonts(self) -> str:
        """Add the publisher's fonts, cut to what the pages need; return the rules that set these in them."""
        made = {each.path: each for each in fonts.faces(self.given, fonts.in_both_cases(self.characters), self.target.tell)}
        for path, each in made.items():
            self.add(_file(path, each.media_type, each.data))
        if made:
            # In `META-INF`, where files need not be in the manifest: no page could link to a text (EPUBCheck 5.3: RSC-010).
            text = fonts.licence(each.font for each in made.values())
            self.add(epub.EpubItem(uid="fonts", file_name=_LICENCES, media_type="text/plain", manifest=False, content=text.encode()))
        return fonts.style(made.values())

    def record(self) -> None:
        """Add the record of the whole issue, so that one without articles is read back too (EPUB 3.3, 5.5.5.2).

        It is linked, not in the manifest: EPUBCheck 5.3 wants one or the other (OPF-067).
        """
        issue, number = self.issue, self.issue.edition.issue_number if self.issue.edition else None
        said = record.write(issue.publication, identifier=issue.identifier, name=issue.title, published=issue.published, number=number)
        self.add(epub.EpubItem(uid="record", file_name=record.MEMBER, media_type="application/ld+json", manifest=False))
        self.book.items[-1].content = schema.to_text(said).encode()

    # -- structure ------------------------------------------------------------------------------------------------

    def toc(self) -> Iterator[Any]:
        """Yield the entries for the NCX; links and not items, since 0.20 knows only `EpubHtml` there."""
        for key, title, href, chapters in navigation.listed(self.issue):
            inside = [epub.Link(each.href, each.article.headline, f"ncx-{each.key}") for each in chapters]
            yield (epub.Section(title, href), inside) if inside else epub.Link(href, title, f"ncx-{key}")

    def guide(self) -> Iterator[dict[str, str]]:
        words = self.issue.words
        yield {"type": "cover", "title": words.cover, "href": COVER}
        yield {"type": "toc", "title": words.contents, "href": CONTENTS}
        yield {"type": "text", "title": words.articles, "href": navigation.first_page(self.issue)}
