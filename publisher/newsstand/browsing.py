"""Which documents the catalogue of the books has, and how they lead to each other; see `catalogue`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from publisher.article import Publication
from publisher.newsstand import addresses, shelf
from publisher.newsstand.plan import Site
from publisher.newsstand.shelf import Listed, chunks
from publisher.themes.pages import near, words

__all__ = ["STEM", "Facet", "Page", "moment", "pages"]

STEM = "catalogue"
"""Where the root is, without its ending; all else is in the folder of this name."""
_FOLDERS = {"month": "months", "week": "weeks", "day": "days", "newest": "newest", "list": "topics"}
"""Where the lists of the kinds are, in the order in which they are offered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Facet:
    """A choice among the books."""

    title: str
    stem: str
    """Of the list with what is chosen."""
    count: int
    active: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One document of the catalogue; all paths are without their endings."""

    publication: Publication
    """Without articles."""
    title: str
    stem: str
    books: tuple[Listed, ...]
    total: int | None = None
    """How many books are in the whole list; only the first page says so, since the others stay as they are."""
    facets: tuple[Facet, ...] = ()
    group: str = ""
    """What the facets together are called."""
    around: tuple[tuple[str, str], ...] = ()
    """Relations and what they lead to: `up`, `first`, `previous`, `next`, `last`."""

    def url(self, ending: str) -> str:
        """Return the address of this page in a format."""
        return addresses.url(self.publication, f"{self.stem}.{ending}")

    def near(self, path: str) -> str:
        """Return the way from this page to a file below the exports."""
        return near(addresses.url(self.publication, path), self.url("xml"), self.publication)

    @property
    def updated(self) -> str:
        """When the newest of its books was changed, as in RFC 3339."""
        return moment(max(each.listing.modified for each in self.books))


def moment(value: datetime) -> str:
    """Return a moment in UTC as in RFC 3339."""
    return value.isoformat().replace("+00:00", "Z")


def pages(site: Site) -> Iterator[Page]:
    """Yield all pages: those of all books, then of each kind where there are several."""
    books = tuple(replace(each, made=None, picture=None) for each in site.shelf)  # not to be sent to whoever writes the page
    kinds = {kind: tuple(each for each in books if each.kind == kind) for kind in _FOLDERS}
    present = {kind: found for kind, found in kinds.items() if found}
    said = words(site.publication.in_language)
    title, size = site.publication.name, site.options.size
    if len(present) < 2:
        yield from _list(Page(publication=site.bare, title=title, stem=STEM, books=books), size)
        return
    lists = {STEM: (said.issues_all, books)} | {
        f"{STEM}/{_FOLDERS[kind]}": (getattr(said, f"issues_{kind}"), found) for kind, found in present.items()
    }
    for stem, (name, found) in lists.items():
        facets = tuple(Facet(title=one, stem=other, count=len(several), active=other == stem) for other, (one, several) in lists.items())
        is_root = stem == STEM
        page = Page(publication=site.bare, title=title if is_root else f"{title}: {name}", stem=stem, books=found, facets=facets)
        yield from _list(replace(page, group=said.issues, around=() if is_root else (("up", STEM),)), size)


def _list(page: Page, size: int) -> Iterator[Page]:
    """Yield the pages of one list: the newest issues and what always stands there, then those before on pages that stay as they are."""
    rows, standing = shelf.parted(page.books)
    older = chunks(rows, size)[-2::-1]  # the last of them stays with the newest, so that these are never only a few
    stems = [page.stem, *(f"{page.stem}/{number}" for number in range(len(older), 0, -1))]
    newest = rows[: len(rows) - sum(map(len, older))]
    for place, books in enumerate(((*newest, *standing), *older)):
        around = (*page.around, *_around(stems, place)) if older else page.around
        facets = () if place else page.facets
        yield replace(page, stem=stems[place], books=tuple(books), around=around, facets=facets, total=None if place else len(page.books))


def _around(stems: Sequence[str], place: int) -> Iterator[tuple[str, str]]:
    """Yield where a page leads (RFC 5005, 3)."""
    yield "first", stems[0]
    if place:
        yield "previous", stems[place - 1]
    if place + 1 < len(stems):
        yield "next", stems[place + 1]
    yield "last", stems[-1]
