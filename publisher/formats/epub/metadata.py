"""What the package document says of an issue: Dublin Core, who made it, which series it belongs to, for whom it is fit (EPUB 3.3, 5.5)."""

from __future__ import annotations

from typing import Any

from publisher.formats import Target
from publisher.formats.epub import listing, names, record
from publisher.formats.epub.accessibility import Contents, Statement, certificate
from publisher.formats.epub.columns import is_columnar
from publisher.formats.epub.issue import Issue

__all__ = ["COVER_ID", "describe", "is_vertical"]

COVER_ID = "cover"
"""What Nooks want the picture of the cover to be called."""
_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_HOUSE = ("isb", "edt")
"""The house issues and edits. Calibre 8.5 takes an editor for the author where there is none, of a publisher it says "Unknown";
foliate-js 1.0 opens no book by a `pbl`."""


def describe(book: Any, issue: Issue, target: Target, found: Contents) -> None:
    """Fill the metadata of EbookLib's book; what it needs of its readers comes from what was found in its pages."""
    _Describer(book, issue, target, found).run()


def is_vertical(issue: Issue, target: Target) -> bool:
    """Return whether the book as a whole is set in columns."""
    return target.book.vertical and is_columnar(issue.language)


class _Describer:
    def __init__(self, book: Any, issue: Issue, target: Target, found: Contents) -> None:
        self.book = book
        self.issue = issue
        self.target = target
        self.found = found

    def run(self) -> None:
        issue, publication = self.issue, self.issue.publication
        self.book.set_identifier(issue.identifier)
        self.title()
        self.book.set_language(issue.language)
        self.people()
        self.dc("date", issue.published.isoformat() if issue.published else None)
        self.dc("description", listing.description(issue))
        self.dc("rights", listing.rights(publication))
        self.dc("source", publication.url)
        for section in issue.sections:
            self.dc("subject", section.name)
        self.series()
        self.accessibility()
        self.book.add_metadata("OPF", "cover", "", {"name": "cover", "content": COVER_ID})  # for Kobo and other old ones
        if is_vertical(self.issue, self.target):
            self.book.add_metadata("OPF", "primary-writing-mode", "", {"name": "primary-writing-mode", "content": "vertical-rl"})  # Kindle
        self.book.add_metadata("OPF", "generator", "", {"name": "generator", "content": "publisher"})
        self.book.add_metadata(None, "link", None, {"rel": "record", "href": record.PATH, "media-type": "application/ld+json"})

    def title(self) -> None:
        self.book.title = self.issue.title  # for the NCX
        self.dc("title", self.issue.title, id="name")
        self.meta("title-type", "main", refines="#name")
        self.meta("file-as", self.issue.sorted_title, refines="#name")

    def people(self) -> None:
        publication, language = self.issue.publication, self.issue.language
        house = listing.house(publication)
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

    def accessibility(self) -> None:
        """Say what the book needs of its readers, from what is in it (EPUB Accessibility 1.1, 2)."""
        found = self.found
        for name, values in (
            ("accessMode", found.modes()),
            ("accessModeSufficient", found.sufficient()),
            ("accessibilityFeature", found.features()),
            ("accessibilityHazard", found.hazards()),
        ):
            for value in values:
                self.meta(f"schema:{name}", value)
        for problem in found.problems(self.target.book):
            self.target.tell(problem)
        self.meta("schema:accessibilitySummary", found.summary(), **{_XML_LANG: "en"})
        for each in certificate(self.target.book, found):
            self.state(each)

    def state(self, statement: Statement) -> None:
        more = ({"id": statement.uid} if statement.uid else {}) | ({"refines": f"#{statement.refines}"} if statement.refines else {})
        if statement.is_link:
            self.book.add_metadata(None, "link", None, {"rel": statement.property, "href": statement.value, **more})
        else:
            self.meta(statement.property, statement.value, **more)

    def dc(self, name: str, value: str | None, **attributes: str) -> None:
        if value:
            self.book.add_metadata("DC", name, value, attributes)

    def meta(self, name: str, value: str, **attributes: str) -> None:
        self.book.add_metadata("OPF", "meta", value, {"property": name, **attributes})
