"""Pages that serve: the issues, how to subscribe, and what is shown where nothing is.

HTML (https://html.spec.whatwg.org/multipage/, read 2026-11-27); codes are QR codes (ISO/IEC 18004) as SVG.
The one script of a site is here: it copies an address, and without it the address is there to be selected.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache, partial
from importlib.resources import files
from io import BytesIO
from typing import TYPE_CHECKING

from markupsafe import Markup

from publisher import schema
from publisher.article import Link, Publication
from publisher.formats import Alternate, Target
from publisher.formats.epub.words import Words, words
from publisher.issues import ALL
from publisher.linked import graph
from publisher.newsstand import addresses
from publisher.newsstand.lists import ListFrame
from publisher.newsstand.plan import MOST_READ, OPML, Site
from publisher.newsstand.shelf import Listed, paged, parted
from publisher.outputs import Make, Output
from publisher.schema import Json
from publisher.surroundings import Kind, Surroundings
from publisher.themes import frame, pages
from publisher.themes.frame import Frame, Place

if TYPE_CHECKING:
    from segno import QRCode

__all__ = ["NAME", "SCRIPT", "Issue", "Offered", "code", "outputs", "script", "write_issues", "write_missing", "write_subscribe"]

NAME = "service"
ISSUES = "issues.html"
SUBSCRIBE = "subscribe.html"
MISSING = "404.html"
SCRIPT = "site.js"
CODES = "subscribe/"
"""Where the codes of the feeds of lists are: shown only when asked for, so that they make the page no heavier."""
_FULL = 30
"""Up to how many lists each has its address in a field; where there are more, theirs is behind a link, so that the page stays small."""
_MOST = 20
"""How many lists of a kind are there at most: all others offer their feeds on their own pages."""
_OFFERED: tuple[Kind, ...] = ("section", "author", "keyword")


# -- what there is ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """A book as the page of issues tells of it."""

    title: str
    number: int | None
    published: str | None
    """A day."""
    count: int
    """How many articles are in it; 0 when that is not known."""
    url: str
    kepub: str | None
    """URL of the same for Kobo, when there is one."""
    cover: str | None
    """URL of its cover in small, when that is there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered:
    """The feeds of one list."""

    kind: Kind
    name: str
    page: str
    """URL."""
    path: str
    """Of the picture with the address of the feed to copy, below the exports."""
    feeds: tuple[Alternate, ...]


def outputs(site: Site) -> Iterator[Output]:
    """Yield the pages that serve, where pages are written and there is something to serve."""
    there = dict(site.services)
    if "webpage" not in site.formats:
        return
    if "issues" in there:
        yield from _shelves(site)
    if "subscribe" in there:
        every = tuple(_offered(site))
        by_kind = [[each for each in every if each.kind == kind] for kind in _OFFERED]
        offered = tuple(each for several in by_kind for each in several[:_MOST])
        cut = tuple(several[0].kind for several in by_kind if len(several) > _MOST)
        yield _page(site, site.free(SUBSCRIBE), write_subscribe, offered, site.catalogues, cut)
        yield _file(site, SCRIPT, "script", Make(script))
        for each in offered:
            yield _file(site, each.path, "code", Make(code, min(each.feeds, key=_rank).url))
    if site.whole and site.free(MISSING) == MISSING:  # servers look for it there only; an article that is there is shown instead
        yield _page(site, MISSING, write_missing)


def _page(site: Site, path: str, write: Callable[..., bytes], *given: object, around: Surroundings | None = None) -> Output:
    target = Target(url=addresses.url(site.publication, path), alternates=site.alternates, media=site.media, site=around or site.around)
    return Output(path=path, format=NAME, publication=site.bare, target=target, make=Make(write, site.bare, target, *given))


def _file(site: Site, path: str, kind: str, make: Make) -> Output:
    target = Target(url=addresses.url(site.publication, path), media=site.media)
    return Output(path=path, format=kind, publication=site.bare, target=target, make=make)


def _shelves(site: Site) -> Iterator[Output]:
    """Yield the pages of the issues: what always stands there and the newest on the first, older ones on pages that stay as they are."""
    rows, books_beside = parted(site.shelf)
    standing = tuple(_issue(site, each) for each in books_beside)
    older = paged(rows, site.options.size)
    first = site.free(ISSUES)
    paths = [first, *(f"{first.removesuffix('.html')}/{number}.html" for number in range(len(older), 0, -1))]
    urls = [addresses.url(site.publication, each) for each in paths]
    newest = rows[: len(rows) - sum(map(len, older))]
    for place, (path, books) in enumerate(zip(paths, [newest, *reversed(older)], strict=True)):
        around = replace(
            site.around,
            trail=(Link(url=urls[0], name=pages.words(site.publication.in_language).issues),) if place else (),
            newer=Link(url=urls[place - 1]) if place else None,
            older=Link(url=urls[place + 1]) if place + 1 < len(urls) else None,
        )
        given = (*map(partial(_issue, site), books), *(standing if not place else ()))
        yield _page(site, path, write_issues, given, site.catalogues, around=around)


def _issue(site: Site, book: Listed) -> Issue:
    publication, listing = site.publication, book.listing
    number = listing.position if (listing.position or "").isdecimal() else None
    return Issue(
        title=listing.title.removeprefix(f"{publication.name}, ") if book.kind != ALL else publication.name,
        number=int(number) if number else None,
        published=listing.published,
        count=listing.count,
        url=addresses.url(publication, book.path),
        kepub=addresses.url(publication, book.kepub) if book.kepub else None,
        cover=addresses.url(publication, book.thumbnail) if _has_cover(site, book) else None,
    )


def _has_cover(site: Site, book: Listed) -> bool:
    """Return whether a picture lies beside the book, as `covers` decides: not where only some formats are written."""
    return site.whole or not book.made or bool(book.made.target.edition)


def _offered(site: Site) -> Iterator[Offered]:
    for each in site.collections:
        if feeds := site.feeds_of(each):
            yield Offered(kind=each.kind, name=each.name, page=each.url, path=f"{CODES}{each.stem}.svg", feeds=feeds)


# -- the issues -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """An issue as the page shows it."""

    title: str
    notes: tuple[str, ...]
    url: str
    kepub: str | None
    cover: str | None


def write_issues(publication: Publication, target: Target, given: tuple[Issue, ...], catalogues: tuple[Alternate, ...]) -> bytes:
    """Return a page of the issues, in UTF-8."""
    said = words(publication.in_language)
    period = _period(given, said) if target.site.trail else ""
    title = ", ".join(filter(None, (said.said.issues, period)))
    listed = [Link(url=each.url, name=each.title) for each in given]
    page = _frame(publication, target, title, listed, description=said.said.issues_text, own=catalogues)
    return frame.render(
        page,
        "issues.html",
        heading=said.said.issues,
        period=period,
        way=(*page.trail, Place(url="", name=period, is_here=True)) if period else (),
        issues=tuple(_shown(each, page, said) for each in given),
        catalogues=tuple(map(_field, catalogues)),
        code=_inline(catalogues[0].url) if catalogues else None,
    )


def _period(given: Sequence[Issue], said: Words) -> str:
    days = [date.fromisoformat(each.published) for each in (given[-1], given[0]) if each.published]
    return said.days(days[0], days[1]) if len(days) == 2 else ""


def _shown(issue: Issue, page: Frame, said: Words) -> Shown:
    number = said.number.format(n=page.number(issue.number)) if issue.number else None
    count = f"{said.articles}: {page.number(issue.count)}" if issue.count else None
    return Shown(
        title=issue.title,
        notes=tuple(filter(None, (number, count))),
        url=page.near(issue.url),
        kepub=page.near(issue.kepub) if issue.kepub else None,
        cover=page.near(issue.cover) if issue.cover else None,
    )


# -- how to subscribe -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """An address to copy."""

    name: str
    """For people, beside the address."""
    label: str
    """For those who hear the field alone."""
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """An address to scan."""

    address: str
    drawn: Markup


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A list, the address of its feed to copy, and links to all of them."""

    field: Field
    page: str
    code: str
    """Where the address is as a picture to scan."""
    feeds: tuple[Place, ...]


def write_subscribe(
    publication: Publication, target: Target, offered: Sequence[Offered], catalogues: tuple[Alternate, ...], cut: Collection[Kind] = ()
) -> bytes:
    """Return the page that tells how to subscribe, in UTF-8; of the kinds that are `cut` there are more lists than are offered."""
    said = words(publication.in_language).said
    whole = sorted((each for each in target.alternates if each.media_type in MOST_READ), key=_rank)
    page = _frame(publication, target, said.subscribe, [Link(url=each.url, name=each.title) for each in whole], said.feeds_text, catalogues)
    page = replace(page, scripts=("'self'",))
    opml = Alternate(url=addresses.url(publication, OPML), media_type="text/x-opml", title=said.all_feeds)
    kinds: tuple[tuple[Kind, str], ...] = (("section", said.sections), ("author", said.authors), ("keyword", said.keywords))
    return frame.render(
        page,
        "subscribe.html",
        heading=said.subscribe,
        whole=tuple(map(_field, (*whole, opml))),
        code=_inline(whole[0].url) if whole else None,
        catalogues=tuple(map(_field, catalogues)),
        catalogue_code=_inline(catalogues[0].url) if catalogues else None,
        groups=tuple((title, tuple(_row(page, each) for each in offered if each.kind == kind)) for kind, title in kinds),
        rest={title: page.near(dict(target.site.services)["archive"]) for kind, title in kinds if kind in cut},
        is_long=len(offered) > _FULL,
        script=page.near(addresses.url(publication, SCRIPT)),
    )


def _row(page: Frame, given: Offered) -> Row:
    best = min(given.feeds, key=_rank)
    feeds = replace(page, alternates=given.feeds).feeds
    field = Field(name=given.name, label=given.name, address=best.url)
    return Row(field=field, page=page.near(given.page), code=page.near(addresses.url(page.publication, given.path)), feeds=feeds)


def _rank(feed: Alternate) -> int:
    return MOST_READ.index(feed.media_type)


def _field(given: Alternate) -> Field:
    return Field(name=given.title, label=given.title, address=given.url)


def _scanned(address: str) -> QRCode:
    import segno

    return segno.make(address, error="m", micro=False)


@lru_cache(maxsize=16)  # that of the catalogue is on each page of issues, and on the one to subscribe on
def _inline(address: str) -> Code:
    drawn = _scanned(address).svg_inline(border=4, light="#fff", omitsize=True, svgclass=None, lineclass=None)
    return Code(address=address, drawn=Markup(drawn))  # noqa: S704 - only figures are in it


def code(address: str) -> bytes:
    """Return an address as a QR code, an SVG in UTF-8."""
    out = BytesIO()
    _scanned(address).save(out, kind="svg", border=4, light="#fff", scale=4, svgclass=None, lineclass=None)
    return out.getvalue()


def script() -> bytes:
    """Return the script that copies addresses, in UTF-8."""
    return (files("publisher") / "themes" / "newspaper" / SCRIPT).read_bytes()


# -- where nothing is -------------------------------------------------------------------------------------------------------


def write_missing(publication: Publication, target: Target) -> bytes:
    """Return the page that a server shows where it has none, in UTF-8.

    All its links are absolute, since its address can be any, and its style is inside: it may be shown by another server than the site's.
    """
    said = words(publication.in_language).said
    page = Frame(
        publication=publication,
        title=f"{said.not_found} – {publication.name}",
        data=schema.to_script({"@context": schema.CONTEXT, "@graph": list[Json](graph.site_nodes(publication, target.site))}),
        site=replace(target.site, sheet=None),
        alternates=target.alternates,
        sheets=("page.css", "look.css", "list.css"),
        is_indexed=False,
    )
    there = dict(target.site.services)
    ways = [Place(url=page.home.url, name=said.home)]
    ways += [Place(url=there[each], name=name) for each, name in (("archive", said.archive), ("search", said.search)) if each in there]
    return frame.render(page, MISSING, ways=ways)


def _frame(
    publication: Publication, target: Target, name: str, listed: Iterable[Link], description: str, own: tuple[Alternate, ...] = ()
) -> ListFrame:
    assert target.url, "the page has an address"
    here = Link(url=target.url, name=name)
    return ListFrame(
        publication=publication,
        title=f"{name} – {publication.name}",
        shared_title=name,
        data=schema.to_script(graph.of_list(publication, target.site, here, listed)),
        site=target.site,
        here=target.url,
        canonical=target.url,
        description=description,
        alternates=(*target.alternates, *own),
        own=own,
    )
