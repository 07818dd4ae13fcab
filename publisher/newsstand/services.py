"""Pages that serve: the issues, how to subscribe, and what is shown where nothing is.

HTML (https://html.spec.whatwg.org/multipage/, read 2026-11-27); codes are QR codes (ISO/IEC 18004) as SVG.
The one script of a site is here: it copies an address, and without it the address is there to be selected.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from importlib.resources import files
from io import BytesIO

from markupsafe import Markup

from publisher import issues, schema
from publisher.article import Link, Publication
from publisher.formats import Alternate, Target
from publisher.formats.epub.words import Words, words
from publisher.issues import Book
from publisher.linked import graph
from publisher.newsstand import addresses
from publisher.newsstand.plan import Site
from publisher.outputs import Make, Output
from publisher.schema import Json
from publisher.surroundings import Kind
from publisher.themes import frame
from publisher.themes.frame import Frame, Place

__all__ = ["NAME", "Issue", "Offered", "code", "cover", "outputs", "script", "write_issues", "write_missing", "write_subscribe"]

NAME = "service"
ISSUES = "issues.html"
SUBSCRIBE = "subscribe.html"
MISSING = "404.html"
SCRIPT = "site.js"
CODES = "subscribe/"
"""Where the codes of the feeds of lists are: shown only when asked for, so that they make the page no heavier."""
CATALOGUES = (("catalogue.xml", "OPDS 1.2"), ("catalogue.json", "OPDS 2.0"))
"""Paths and names of the catalogues of the issues; what most programs read first."""
OPML = "feeds.opml"
_BEST = ("application/atom+xml", "application/rss+xml", "application/feed+json")
"""Feeds by how many programs read them, the most first: one address has to do for all who copy it."""


_FULL = 30
"""Up to how many lists each has its address in a field; where there are more, theirs is behind a link, so that the page stays small."""


# -- what there is ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """A book as the page of issues tells of it."""

    key: str
    """`""` for the book of everything."""
    name: str | None
    number: int | None
    days: tuple[date, date] | None
    count: int
    """How many articles are in it; 0 when that is not known any more."""
    url: str
    kepub: str | None
    """URL of the same for Kobo, when there is one."""
    cover: str
    """URL."""


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
        yield _page(site, ISSUES, write_issues, tuple(_issues(site)))
    if "subscribe" in there:
        offered = tuple(_offered(site))
        yield _page(site, SUBSCRIBE, write_subscribe, offered, bool(site.books))
        yield _file(site, SCRIPT, "script", Make(script))
        for each in offered:
            yield _file(site, each.path, "code", Make(code, min(each.feeds, key=_rank).url))
    if site.whole:
        yield _page(site, MISSING, write_missing)


def _page(site: Site, path: str, write: object, *given: object) -> Output:
    target = Target(url=addresses.url(site.publication, path), alternates=site.alternates, media=site.media, site=site.around)
    assert callable(write)
    return Output(path=path, format=NAME, publication=site.bare, target=target, make=Make(write, site.bare, target, *given))


def _file(site: Site, path: str, kind: str, make: Make) -> Output:
    target = Target(url=addresses.url(site.publication, path), media=site.media)
    return Output(path=path, format=kind, publication=site.bare, target=target, make=make)


def _issues(site: Site) -> Iterator[Issue]:
    """Yield the books that there are: that of everything, then those of days, the newest first, then the others."""
    there = [each for each in site.books if site.is_there(each)]
    days = {id(each): each.edition.last_day for each in there if each.edition}
    whole = [each for each in there if not each.edition]
    dated = sorted((each for each in there if days.get(id(each))), key=lambda each: days[id(each)] or date.min, reverse=True)
    rest = [each for each in there if each.edition and not each.edition.last_day]
    yield from (_issue(site, each) for each in (*whole, *dated, *rest))


def _issue(site: Site, book: Book) -> Issue:
    publication, edition = site.publication, book.edition
    path = issues.path(publication, edition)
    kepub = issues.path(publication, edition, kepub=True)
    days = (edition.first_day, edition.last_day) if edition and edition.first_day and edition.last_day else None
    return Issue(
        key=edition.key if edition else "",
        name=edition.name if edition else None,
        number=edition.issue_number if edition else None,
        days=days,
        count=len(book.articles),
        url=addresses.url(publication, path),
        kepub=addresses.url(publication, kepub) if site.is_there(book, kepub=True) else None,
        cover=addresses.url(publication, cover(path)),
    )


def cover(path: str) -> str:
    """Return where the cover of a book at a path is."""
    return f"issues/{path.rpartition('/')[2].removesuffix('.epub')}.jpg"


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
    cover: str


def write_issues(publication: Publication, target: Target, given: tuple[Issue, ...]) -> bytes:
    """Return the page of the issues, in UTF-8."""
    said = words(publication.in_language)
    titles = [_title(each, publication, said) for each in given]
    listed = [Link(url=each.url, name=title) for each, title in zip(given, titles, strict=True)]
    page = _frame(publication, target, said.said.issues, listed, description=said.said.issues_text)
    shown = tuple(_shown(each, title, page, said) for each, title in zip(given, titles, strict=True))
    return frame.render(
        page,
        "issues.html",
        heading=said.said.issues,
        issues=shown,
        catalogues=_catalogues(publication),
        code=_inline(_catalogue_url(publication)),
    )


def _title(issue: Issue, publication: Publication, said: Words) -> str:
    days = said.days(*issue.days) if issue.days else None
    return ", ".join(filter(None, (issue.name, days))) or publication.name


def _shown(issue: Issue, title: str, page: Frame, said: Words) -> Shown:
    number = said.number.format(n=page.number(issue.number)) if issue.number else None
    count = f"{said.articles}: {page.number(issue.count)}" if issue.count else None
    return Shown(
        title=title,
        notes=tuple(filter(None, (number, count))),
        url=page.near(issue.url),
        kepub=page.near(issue.kepub) if issue.kepub else None,
        cover=page.near(issue.cover),
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


def write_subscribe(publication: Publication, target: Target, offered: tuple[Offered, ...], has_books: bool) -> bytes:
    """Return the page that tells how to subscribe, in UTF-8."""
    said = words(publication.in_language).said
    whole = sorted((each for each in target.alternates if each.media_type in _BEST), key=_rank)
    page = _frame(publication, target, said.subscribe, [Link(url=each.url, name=each.title) for each in whole], description=said.feeds_text)
    page = replace(page, scripts=("'self'",))
    opml = Alternate(url=addresses.url(publication, OPML), media_type="text/x-opml", title=said.all_feeds)
    kinds: tuple[tuple[Kind, str], ...] = (("section", said.sections), ("author", said.authors), ("keyword", said.keywords))
    return frame.render(
        page,
        "subscribe.html",
        heading=said.subscribe,
        whole=tuple(map(_field, (*whole, opml))),
        code=_inline(whole[0].url) if whole else None,
        catalogues=_catalogues(publication) if has_books else (),
        catalogue_code=_inline(_catalogue_url(publication)) if has_books else None,
        groups=tuple((title, tuple(_row(page, each) for each in offered if each.kind == kind)) for kind, title in kinds),
        is_long=len(offered) > _FULL,
        script=page.near(addresses.url(publication, SCRIPT)),
    )


def _row(page: Frame, given: Offered) -> Row:
    best = min(given.feeds, key=_rank)
    feeds = replace(page, alternates=given.feeds).feeds
    field = Field(name=given.name, label=given.name, address=best.url)
    return Row(field=field, page=page.near(given.page), code=page.near(addresses.url(page.publication, given.path)), feeds=feeds)


def _rank(feed: Alternate) -> int:
    return _BEST.index(feed.media_type)


def _field(given: Alternate) -> Field:
    return Field(name=given.title, label=given.title, address=given.url)


def _catalogues(publication: Publication) -> tuple[Field, ...]:
    found = ((addresses.url(publication, path), title) for path, title in CATALOGUES)
    return tuple(Field(name=title, label=title, address=url) for url, title in found)


def _catalogue_url(publication: Publication) -> str:
    return addresses.url(publication, CATALOGUES[0][0])


def _inline(address: str) -> Code:
    import segno

    drawn = segno.make(address, error="m", micro=False).svg_inline(border=4, light="#fff", omitsize=True, svgclass=None, lineclass=None)
    return Code(address=address, drawn=Markup(drawn))  # noqa: S704 - only figures are in it


def code(address: str) -> bytes:
    """Return an address as a QR code, an SVG in UTF-8."""
    import segno

    out = BytesIO()
    segno.make(address, error="m", micro=False).save(out, kind="svg", border=4, light="#fff", scale=4, svgclass=None, lineclass=None)
    return out.getvalue()


def script() -> bytes:
    """Return the script that copies addresses, in UTF-8."""
    return (files("publisher") / "themes" / "newspaper" / SCRIPT).read_bytes()


# -- where nothing is -------------------------------------------------------------------------------------------------------


def write_missing(publication: Publication, target: Target) -> bytes:
    """Return the page that a server shows where it has none, in UTF-8: all its links are absolute, since its address can be any."""
    said = words(publication.in_language).said
    page = Frame(
        publication=publication,
        title=f"{said.not_found} – {publication.name}",
        data=schema.to_script({"@context": schema.CONTEXT, "@graph": list[Json](graph.site_nodes(publication, target.site))}),
        site=target.site,
        alternates=target.alternates,
        is_indexed=False,
    )
    there = dict(target.site.services)
    ways = [Place(url=page.home.url, name=said.home)]
    ways += [Place(url=there[each], name=name) for each, name in (("archive", said.archive), ("search", said.search)) if each in there]
    return frame.render(page, MISSING, ways=ways)


def _frame(publication: Publication, target: Target, name: str, listed: Iterable[Link], description: str) -> Frame:
    assert target.url, "the page has an address"
    here = Link(url=target.url, name=name)
    return Frame(
        publication=publication,
        title=f"{name} – {publication.name}",
        shared_title=name,
        data=schema.to_script(graph.of_list(publication, target.site, here, listed)),
        site=target.site,
        here=target.url,
        canonical=target.url,
        description=description,
        alternates=target.alternates,
    )
