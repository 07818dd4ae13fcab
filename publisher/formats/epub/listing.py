"""What a catalogue says of a book: before it is written from its articles, and later from what it says itself, the same of both.

So a book that is out stays listed as it is, also when its articles have changed or are gone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from typing import TYPE_CHECKING

from publisher.article import Organization, Party, Publication
from publisher.formats import Edition
from publisher.formats.epub import names, record
from publisher.formats.epub.issue import Issue, named, subjects
from publisher.formats.epub.words import UNKNOWN
from publisher.problems import Unreadable

if TYPE_CHECKING:
    from publisher.markup import Element

__all__ = ["PACKAGE", "Listing", "description", "house", "planned", "rights", "told"]

FOLDER = "EPUB/"
PACKAGE = f"{FOLDER}content.opf"
"""Where EbookLib puts the package document in the ZIP file."""
_DC, _OPF = "{http://purl.org/dc/elements/1.1/}", "{http://www.idpf.org/2007/opf}"
_POSITION = re.compile(r"[0-9]{1,9}(\.[0-9]{1,9})?")
_LISTED = 12
"""How many headlines say what is in an edition."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """What a book says of itself: its package document, and its record."""

    identifier: str
    title: str
    author: str
    """The house, by its name."""
    modified: datetime
    """In UTC."""
    language: str | None = None
    contributors: tuple[str, ...] = ()
    """Who has written and edited the articles."""
    published: str | None = None
    """A day."""
    description: str | None = None
    subjects: tuple[str, ...] = ()
    rights: str | None = None
    series: str | None = None
    position: str | None = None
    """See `Issue.position`."""
    count: int = 0
    """How many articles are in it; 0 when it does not say so."""


def description(issue: Issue) -> str:
    """Return what is in an edition by its headlines; of the book of everything what the publication is about."""
    articles = issue.publication.articles
    more = ["…"] if len(articles) > _LISTED else []
    own = None if issue.edition else issue.publication.description
    return own or " · ".join((*(each.headline for each in islice(articles, _LISTED)), *more))


def house(publication: Publication) -> Party:
    """Return who makes the book: the publisher, else the publication itself."""
    return publication.publisher or Organization(name=publication.name)


def rights(publication: Publication) -> str | None:
    """Return what is said of the rights."""
    return publication.copyright_notice or publication.license


# -- before it is written -------------------------------------------------------------------------------------------------


def planned(publication: Publication, edition: Edition | None) -> Listing:
    """Return what a book will say."""
    issue = named(publication, edition)
    return Listing(
        identifier=issue.identifier,
        title=issue.title,
        author=house(publication).name,
        modified=issue.modified.replace(microsecond=0),
        language=issue.language if issue.language != UNKNOWN else None,
        contributors=tuple(each.name for each in names.makers(publication.articles, issue.language)),
        published=issue.published.isoformat() if issue.published else None,
        description=description(issue) or None,
        subjects=tuple(filter(None, subjects(publication))),
        rights=rights(publication),
        series=publication.name,
        position=issue.position,
        count=len(publication.articles),
    )


# -- from what was written ------------------------------------------------------------------------------------------------


def told(package: bytes, recorded: bytes = b"") -> tuple[Listing, str] | None:
    """Return what a book says, and where in the ZIP file its cover is; `None` when the book is none of ours.

    `package` is its package document, `recorded` its record (see `record`).
    """
    from publisher.markup import parse_xml

    try:
        said = _Said(parse_xml(package))
    except Unreadable:
        return None
    cover, modified = said.cover(), said.modified()
    identifier, title, author = said.first("identifier"), said.first("title"), said.first("creator")
    if "publisher" not in said.meta("generator") or not (cover and modified and identifier and title and author):
        return None
    language = said.first("language")
    listing = Listing(
        identifier=identifier,
        title=title,
        author=author,
        modified=modified,
        language=language if language != UNKNOWN else None,
        contributors=tuple(said.all("contributor")),
        published=said.first("date"),
        description=said.first("description"),
        subjects=tuple(said.all("subject")),
        rights=said.first("rights"),
        series=next(iter(said.meta("belongs-to-collection")), None),
        position=next((each for each in said.meta("group-position") if _POSITION.fullmatch(each)), None),
        count=held.count if (held := record.load(recorded)) else 0,
    )
    return listing, f"{FOLDER}{cover}"


class _Said:
    """A package document as far as a catalogue asks."""

    def __init__(self, root: Element) -> None:
        self.root = root
        self.metas = root.findall(f"{_OPF}metadata/{_OPF}meta")

    def all(self, name: str) -> Iterator[str]:
        yield from (each.text for each in self.root.iterfind(f"{_OPF}metadata/{_DC}{name}") if each.text)

    def first(self, name: str) -> str | None:
        return next(self.all(name), None)

    def meta(self, name: str) -> list[str]:
        """Return the values of a property, or of what older readers call by a name."""
        said = (each.text if each.get("property") == name else each.get("content") for each in self.metas if name in each.values())
        return [each for each in said if each]

    def modified(self) -> datetime | None:
        try:
            return datetime.strptime("".join(self.meta("dcterms:modified")), "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
        except ValueError:
            return None

    def cover(self) -> str | None:
        """Return the path of the cover beside the package document, when it is a JPEG or PNG."""
        items = self.root.iterfind(f"{_OPF}manifest/{_OPF}item")
        covers = (each.get("href") for each in items if "cover-image" in (each.get("properties") or "").split())
        return next((each for each in covers if each and each.endswith((".jpg", ".png"))), None)
