"""The issue as EbookLib's book: items, metadata, table of contents, spine, guide (EPUB 3.3, 5).

The items of articles stand in the manifest in the order of the publication, since the spine has them by section.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from typing import Any

from ebooklib import epub

from publisher import schema
from publisher.article import Organization, Publication
from publisher.formats import Target
from publisher.formats.epub import back, chapter, fonts, front, jacket, kepub, names, navigation, record
from publisher.formats.epub.accessibility import Statement, certificate, contents
from publisher.formats.epub.columns import in_columns, is_columnar
from publisher.formats.epub.issue import COLOPHON, CONTENTS, CONTRIBUTORS, COVER, FRONT_PAGE, NAV, NCX, STYLE, TITLE_PAGE, Issue, plan
from publisher.formats.epub.media import Kept, Shelf
from publisher.formats.epub.words import THEME, UNKNOWN
from publisher.formats.epub.writer import pack
from publisher.problems import Problem
from publisher.themes.pages import direction

__all__ = ["write"]

_XHTML = "application/xhtml+xml"
_COVER_PAGE = "cover-page"
_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_HOUSE = ("isb", "edt")
"""The house issues and edits. Calibre 8.5 takes an editor for the author where there is none, of a publisher it says "Unknown";
foliate-js 1.0 opens no book by a `pbl`."""
_LISTED = 12
"""How many headlines say what is in an edition."""
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
        shelf = shelf.fitting(size)
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
        self.book = epub.EpubBook()
        self.book.metadata = {}  # without 0.20's random identifier and its generator
        self.book.IDENTIFIER_ID = "identifier"
        way = direction(issue.language if issue.language != UNKNOWN else None)
        self.book.set_direction(way if way != "auto" else None)
        self.vertical = target.book.vertical and is_columnar(issue.language)
        self.book.page_progression = "rtl" if self.vertical else self.book.direction  # as columns follow (EPUB 3.3, 5.7.1)

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
        self.metadata()
        for each in self.book.get_items() if self.target.kepub else ():
            if each.media_type == _XHTML and each.file_name != NAV:
                each.content = kepub.spanned(each.content)
        return pack(self.book, self.issue.modified, self.shelf.packer)

    def add(self, item: Any) -> Any:
        if self.target.book.vertical and item.media_type == _XHTML and item.file_name not in (COVER, NAV):
            item.content = in_columns(item.content)
        return self.book.add_item(item)

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
        yield self.page(COLOPHON, back.colophon(self.issue, self.given))

    def page(self, name: str, content: bytes) -> Any:
        return self.add(_file(name, _XHTML, content))

    def media(self, cover_href: str) -> None:
        """Add an item for each picture and recording; their bytes are in the archive already."""
        for path, media_type in self.shelf.files():
            item = (epub.EpubCover if path == cover_href else epub.EpubItem)(file_name=path)
            item.id = "cover" if path == cover_href else path.rpartition(".")[0].replace("/", "-")  # what Nooks want it to be
            item.media_type, item.content = media_type, b""
            self.add(item)

    def fonts(self) -> str:
        """Add the publisher's fonts, cut to what the pages need; return the rules that set these in them."""
        wanted = fonts.characters(each.content for each in self.book.items if each.media_type == _XHTML) if self.given else frozenset()
        made = {each.path: each for each in fonts.faces(self.given, wanted, self.target.tell)}
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
        self.title()
        self.book.set_language(issue.language)
        self.people()
        self.dc("date", _w3c_date(issue))
        self.dc("description", self.description())
        self.dc("rights", publication.copyright_notice or publication.license)
        self.dc("source", publication.url)
        for section in issue.sections:
            self.dc("subject", section.name)
        self.series()
        self.accessibility()
        self.book.add_metadata("OPF", "cover", "", {"name": "cover", "content": self.cover_id()})  # for Kobo and other old ones
        if self.vertical:
            self.book.add_metadata("OPF", "primary-writing-mode", "", {"name": "primary-writing-mode", "content": "vertical-rl"})  # Kindle
        self.book.add_metadata("OPF", "generator", "", {"name": "generator", "content": "publisher"})
        self.book.add_metadata(None, "link", None, {"rel": "record", "href": record.PATH, "media-type": "application/ld+json"})

    def title(self) -> None:
        self.book.title = self.issue.title  # for the NCX
        self.dc("title", self.issue.title, id="name")
        self.meta("title-type", "main", refines="#name")
        self.meta("file-as", self.issue.sorted_title, refines="#name")

    def description(self) -> str:
        """Return what is in an edition by its headlines; of the book of everything what the publication is about."""
        headlines = [each.article.headline for each in islice(self.issue.chapters, _LISTED)]
        more = ["…"] if len(self.issue.chapters) > _LISTED else []
        own = None if self.issue.edition else self.issue.publication.description
        return own or " · ".join((*headlines, *more))

    def people(self) -> None:
        publication, language = self.issue.publication, self.issue.language
        house = publication.publisher or Organization(name=publication.name)
        self.maker("creator", "creator", names.Maker(name=house.name, roles=_HOUSE, filed=names.filed(house, language)))
        self.dc("publisher", house.name)
        for number, each in enumerate(names.makers(publication.articles, language), 1):
            self.maker("contributor", f"contributor-{number}", each)

    def maker(self, element: str, uid: str, maker: names.Maker) -> None:
        """Name somebody; the name as it is filed is said too, since Calibre turns round what is not, of the press as of people."""
        self.dc(element, maker.name, id=uid)
        for role in maker.roles:
            self.meta("role", role, refines=f"#{uid}", scheme="marc:relators")
        self.meta("file-as", maker.filed, refines=f"#{uid}")

    def series(self) -> None:
        """Say that this is one of many, by which shelves put the issues of a newspaper together (EPUB 3.3, D.3.2)."""
        issn = self.target.book.issn
        self.meta("belongs-to-collection", self.issue.publication.name, id="series")
        self.meta("collection-type", "series", refines="#series")
        self.meta("dcterms:identifier", f"urn:issn:{issn}" if issn else self.issue.publication.url, refines="#series")
        if self.issue.position:
            self.meta("group-position", self.issue.position, refines="#series")

    def cover_id(self) -> str:
        return next(str(each.id) for each in self.book.items if isinstance(each, epub.EpubCover))

    def accessibility(self) -> None:
        """Say what the book needs of its readers, from what is in it (EPUB Accessibility 1.1, 2)."""
        found = contents(self.book.items, COVER)
        for name, values in (
            ("accessMode", found.modes()),
            ("accessModeSufficient", found.sufficient()),
            ("accessibilityFeature", found.features()),
            ("accessibilityHazard", found.hazards()),
        ):
            for value in values:
                self.meta(f"schema:{name}", value)
        for problem in found.problems():
            self.target.tell(problem)
        self.meta("schema:accessibilitySummary", found.summary(), **{_XML_LANG: "en"})
        for each in certificate(self.target.book):
            self.state(each)

    def state(self, statement: Statement) -> None:
        more = ({"id": statement.uid} if statement.uid else {}) | ({"refines": f"#{statement.refines}"} if statement.refines else {})
        if statement.is_link:
            self.book.add_metadata(None, "link", None, {"rel": statement.property, "href": statement.value, **more})
        else:
            self.meta(statement.property, statement.value, **more)


def _w3c_date(issue: Issue) -> str | None:
    return issue.published.isoformat() if issue.published else None
