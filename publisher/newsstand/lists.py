"""Lists as pages: of sections, authors, keywords, years and months, and the index of all of them.

HTML (https://html.spec.whatwg.org/multipage/) with CollectionPage JSON-LD, h-feed and h-entry
(https://microformats.org/wiki/h-feed), all read 2026-11-27.

The newest articles of a list are on its first page; those before them on pages of one period each (`periods`), so that a new article
changes the first page only, and any other the page of its own period. Where one of these pages comes or goes, those beside it change
their links. A year has no older pages: its months have all of its articles.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property, lru_cache
from itertools import accumulate, groupby

from publisher import schema
from publisher.article import Article, Image, Link, Party, Person, Publication
from publisher.formats import Alternate, Target
from publisher.formats.epub.words import Words, words
from publisher.linked import graph
from publisher.newsstand import addresses, periods
from publisher.newsstand.periods import Part
from publisher.newsstand.plan import Collection, Common, Lights, Site
from publisher.outputs import Content, Make, Output, Sheaf
from publisher.schema import Json
from publisher.surroundings import Kind, Rendition
from publisher.themes import frame, pages
from publisher.themes.frame import Place
from publisher.themes.pages import Offer

__all__ = [
    "ARCHIVE",
    "NAME",
    "Leaf",
    "ListFrame",
    "called",
    "leaves",
    "older_path",
    "outputs",
    "parts",
    "sheaves",
    "write",
    "write_archive",
]

NAME = "list"
ARCHIVE = "archive.html"
_TOLD = 8
"""How many articles of a page are told with their standfirst."""
_LISTED = 15
"""How many articles of a page its linked data lists: those on top, as on the front page."""
_DESCRIBED = 155
"""About how many characters of a description search engines show."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """A list, and how many articles it has."""

    kind: Kind
    name: str
    url: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaf:
    """One page of a list."""

    kind: Kind
    name: str
    path: str
    url: str
    articles: Sequence[Article]
    """Newest first, without their texts."""
    period: str = ""
    """That of a page with older articles, as its address has it, such as `2018-09`; `""` for the page with the newest."""
    total: int = 0
    """How many articles the list has, on the page with the newest; 0 on others, which stay as they are."""
    party: Party | None = None
    months: tuple[Count, ...] = ()
    """Of a year, on the page with the newest."""


# -- which pages there are --------------------------------------------------------------------------------------------------


def sheaves(site: Site) -> Iterator[Sheaf]:
    """Yield the pages of each list, where pages are written."""
    if "webpage" in site.formats:
        target = Target(alternates=site.alternates, media=site.media, site=site.around)
        named = {(each.kind, each.name): each.url for each in (*site.sections, *site.authors, *site.years)}
        common = Common(publication=site.bare, target=target, lists=named)
        for each in site.collections:
            leads = (_opener(each.kind, each.articles[0]), _portrait(each.party))
            shown = site.renditions_of(image.content_url for image in leads if image)
            given = replace(each, articles=Lights(each.articles, site.light))
            about = site.options.size, site.feeds_of(each), _months(site, each), shown
            yield Sheaf(f"\nlist {each.kind} {each.name}", _pages, common, given, *about)


def outputs(site: Site) -> Iterator[Output]:
    """Yield the index of all lists, where pages are written."""
    if "webpage" in site.formats and site.articles:
        yield _archive(site)


def _pages(
    common: Common,
    collection: Collection,
    size: int,
    own: tuple[Alternate, ...],
    months: tuple[Count, ...],
    shown: tuple[tuple[str, tuple[Rendition, ...]], ...],
) -> Iterator[Output]:
    pages_, sizes = leaves(collection, common.publication, size, months), dict(shown)
    for place, leaf in enumerate(pages_):
        newer, older = pages_[place - 1] if place else None, pages_[place + 1] if place + 1 < len(pages_) else None
        beside = newer.url if newer else None, older.url if older else None
        yield Output.late(leaf.path, NAME, _content, common, collection.url, leaf, own, sizes, *beside, is_made=True)


def _content(
    common: Common,
    first: str,
    leaf: Leaf,
    own: tuple[Alternate, ...],
    shown: Mapping[str, tuple[Rendition, ...]],
    newer: str | None,
    older: str | None,
) -> Content:
    """Return what a page is made of; `first` is the URL of the one with the newest articles."""
    leads = (_opener(leaf.kind, leaf.articles[0]) if leaf.articles and not leaf.period else None, _portrait(leaf.party))
    around = replace(
        common.target.site,
        trail=tuple(_trail(common, leaf, first)),
        newer=Link(url=newer) if newer else None,
        older=Link(url=older) if older else None,
        lists={key: common.lists[key] for key in _named(leaf.articles) if key in common.lists},
        renditions={url: shown[url] for url in (each.content_url for each in leads if each) if url and url in shown},
    )
    target = replace(common.target, url=leaf.url, site=around)
    return Content(publication=common.publication, target=target, make=Make(write, common.publication, target, leaf, own))


def leaves(collection: Collection, publication: Publication, size: int, months: tuple[Count, ...] = ()) -> tuple[Leaf, ...]:
    """Return the pages of a list, that with the newest articles first."""
    given = collection.articles
    newest, older = parts(collection, given.days() if isinstance(given, Lights) else [*map(periods.day, given)], size)
    places = sorted(place for part in newest for place in part.places)
    first = _leaf(collection, places, collection.path, collection.url)
    found = [replace(first, total=len(collection.articles), months=months)]
    for part in older if collection.kind != "year" else ():
        path = older_path(collection, part.name)
        found.append(replace(_leaf(collection, part.places, path, addresses.url(publication, path)), period=part.name))
    return tuple(found)


def parts(collection: Collection, days: Sequence[str], size: int) -> tuple[tuple[Part, ...], tuple[Part, ...]]:
    """Return what is on the page with the newest articles, which has whole parts until it has `size` articles, and what on older pages.

    `days` are those of the list's articles, as `periods.day` gives them.
    """
    found = periods.cut(days, size, collection.name if collection.kind in ("year", "month") else "")
    totals = accumulate(len(each.places) for each in found)
    count = next((number for number, total in enumerate(totals, 1) if total >= size), len(found))
    return found[:count], found[count:]


def older_path(collection: Collection, period: str) -> str:
    """Return where the page of one period of a list is."""
    return f"{collection.stem}/{period}.html"


def _months(site: Site, collection: Collection) -> tuple[Count, ...]:
    """Return the months of a year; `()` of any other list."""
    return tuple(map(_count, site.months_of.get(collection.name, ()))) if collection.kind == "year" else ()


def _leaf(collection: Collection, places: Sequence[int], path: str, url: str) -> Leaf:
    given = collection.articles
    articles = given.chosen(places) if isinstance(given, Lights) else tuple(given[each] for each in places)
    return Leaf(kind=collection.kind, name=collection.name, path=path, url=url, articles=articles, party=collection.party)


def _count(collection: Collection) -> Count:
    return Count(kind=collection.kind, name=collection.name, url=collection.url, count=len(collection.articles))


def _named(articles: Iterable[Article]) -> Iterator[tuple[Kind, str]]:
    """Yield the lists that a page of articles names: their sections and authors."""
    for each in articles:
        if each.article_section:
            yield "section", each.article_section
        yield from (("author", party.name) for party in each.author)


def _trail(common: Common, leaf: Leaf, first: str) -> Iterator[Link]:
    """Yield the way to a page: by the index, but to a section that every page names; a month by its year."""
    said, around = words(common.publication.in_language), common.target.site
    if leaf.kind != "section" or first not in (each.url for each in around.sections):
        yield Link(url=dict(around.services)["archive"], name=said.said.archive)
    if leaf.kind == "month" and (year := common.lists.get(("year", leaf.name[:4]))):
        yield Link(url=year, name=called("year", leaf.name[:4], said))
    if leaf.period:
        yield Link(url=first, name=called(leaf.kind, leaf.name, said))


def _archive(site: Site) -> Output:
    counts = tuple(map(_count, site.collections))
    undated = tuple(
        Link(url=each.url, name=each.headline, in_language=each.in_language) for each in site.articles if not each.date_published
    )
    path = site.free(ARCHIVE)
    target = Target(url=addresses.url(site.publication, path), alternates=site.alternates, media=site.media, site=site.around)
    made = Make(write_archive, site.bare, target, counts, undated)
    return Output(path=path, format="archive", publication=site.bare, target=target, make=made)


def called(kind: Kind, name: str, said: Words) -> str:
    """Return what a list is called on its page and in links to it, in the publication's language."""
    return _period_called(name, said) if kind in ("year", "month") else name


@lru_cache(maxsize=1024)
def _period_called(name: str, said: Words) -> str:
    return said.year(int(name)) if len(name) == 4 else said.month(date.fromisoformat(f"{name}-01"))


# -- one page of a list -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class ListFrame(frame.Frame):
    """What every page has, on one with feeds of its own."""

    own: tuple[Alternate, ...] = ()
    """The feeds of the list, which the head names before those of the whole."""

    @cached_property
    def offered(self) -> tuple[Offer, ...]:
        """The feeds of the whole, which are below every page."""
        return tuple(each for each in self.alternates if each not in self.own)

    @cached_property
    def own_feeds(self) -> tuple[Place, ...]:
        """The feeds of the list."""
        return frame.Frame(publication=self.publication, title="", data="", here=self.here, alternates=self.own).feeds


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """An article as a list tells it."""

    article: Article
    kind: str
    """What a reader has to be told: that it is opinion, paid for, …; `""` for a plain report."""
    is_told: bool
    """Whether its standfirst is there."""
    picture: Image | None = None


def write(publication: Publication, target: Target, leaf: Leaf, own: tuple[Alternate, ...] = ()) -> bytes:
    """Return one page of a list, in UTF-8; `own` are the feeds of the list."""
    said = words(publication.in_language)
    heading, period = _heading(leaf, said), _period(leaf, said)
    title = ", ".join(filter(None, (heading, period)))
    page = ListFrame(
        publication=publication,
        title=f"{title} – {publication.name}",
        shared_title=title,
        data=_data(publication, target, leaf, title),
        site=target.site,
        here=target.url,
        canonical=target.url,
        description=_description(leaf, title),
        alternates=(*own, *target.alternates),
        own=own,
        images=_images(leaf, publication),
        kind="profile" if isinstance(leaf.party, Person) else "website",
    )
    entries = tuple(_entries(leaf, page))
    months = tuple((page.near(each.url), called("month", each.name, said), page.number(each.count)) for each in leaf.months)
    groups = tuple(_groups(entries, said)) if leaf.kind == "year" else (("", entries),)
    trail = (*page.trail, *_here(period or called(leaf.kind, leaf.name, said)))
    return frame.render(
        page,
        "list.html",
        leaf=leaf,
        heading=heading,
        period=period,
        profile=_profile(leaf, page),
        groups=groups,
        months=months,
        way=trail,
    )


def _here(name: str) -> tuple[Place, ...]:
    """Return the last step of the way to a page: the page itself."""
    return (Place(url="", name=name, is_here=True),)


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """Whose page it is, as the page with the newest articles tells."""

    name: str
    url: str | None
    """Of what tells more than this page."""
    portrait: Image | None
    others: tuple[Place, ...]
    """Pages about the same one elsewhere."""


def _profile(leaf: Leaf, page: ListFrame) -> Profile | None:
    if not leaf.party or leaf.period:
        return None
    url = pages.media_url(leaf.party.url)
    others = tuple(Place(url=page.near(each), name=pages.shortened(each)) for each in leaf.party.same_as if pages.media_url(each))
    return Profile(
        name=leaf.party.name, url=page.near(url) if url and url != page.here else None, portrait=_portrait(leaf.party), others=others
    )


def _heading(leaf: Leaf, said: Words) -> str:
    if leaf.kind == "author":
        return said.said.written_by.format(name=leaf.name)
    return called(leaf.kind, leaf.name, said)


def _period(leaf: Leaf, said: Words) -> str:
    """Return what the period of an older page is called: a year or month by its name, any other by its days; `""` for the newest page."""
    if not leaf.period or leaf.period.startswith(periods.UNDATED):
        return said.said.more if leaf.period else ""
    if len(leaf.period) in (len("2018"), len("2018-09")):
        return _period_called(leaf.period, said)
    found = [_day(each.date_published) for each in leaf.articles if each.date_published]
    return said.days(min(found), max(found))


def _day(value: date) -> date:
    return value.date() if isinstance(value, datetime) else value


def _description(leaf: Leaf, title: str) -> str:
    """Return what is on the page, by its first headlines."""
    found = title
    for each in leaf.articles:
        longer = f"{found} · {each.headline}" if found != title else f"{title}: {each.headline}"
        if len(longer) > _DESCRIBED and found != title:
            break
        found = longer
    return found


def _images(leaf: Leaf, publication: Publication) -> tuple[Image, ...]:
    """Return what goes with a link to the page: the author's portrait, else the publication's picture, else that of an article."""
    portrait = _portrait(leaf.party)
    if portrait:
        return (portrait,)
    return () if publication.image else next(((lead,) for each in leaf.articles if (lead := pages.lead(each))), ())


def _portrait(party: Party | None) -> Image | None:
    image = (party.image if isinstance(party, Person) else party.logo) if party else None
    return image if image and pages.media_url(image.content_url) else None


def _opener(kind: Kind, newest: Article) -> Image | None:
    """Return the picture that a list begins with: of its newest article, where the list is of a subject."""
    lead = pages.lead(newest) if kind in ("section", "keyword") else None
    return lead if lead and (lead.width or frame.NARROW) >= frame.NARROW else None


def _entries(leaf: Leaf, page: ListFrame) -> Iterator[Entry]:
    """Yield the articles; those of a year by their headlines only."""
    for place, each in enumerate(leaf.articles):
        picture = None if place or leaf.period else _opener(leaf.kind, each)
        yield Entry(article=each, kind=pages.kind(each, page.words), is_told=leaf.kind != "year" and place < _TOLD, picture=picture)


def _groups(entries: Iterable[Entry], said: Words) -> Iterator[tuple[str, tuple[Entry, ...]]]:
    """Yield the articles of each month, and what the month is called."""
    for month, found in groupby(entries, lambda each: each.article.date_published.isoformat()[:7] if each.article.date_published else ""):
        yield called("month", month, said), tuple(found)


def _data(publication: Publication, target: Target, leaf: Leaf, title: str) -> str:
    assert target.url, "a list has an address"
    listed = (Link(url=each.url, name=each.headline) for each in leaf.articles[:_LISTED] if each.url)
    more: Mapping[str, Json] = {}
    if leaf.party and not leaf.period:
        more = {"@type": "ProfilePage", "mainEntity": {**schema.spell(leaf.party, linked=True), "@id": graph.author_id(target.url)}}
    return schema.to_script(graph.of_list(publication, target.site, Link(url=target.url, name=title), listed, more))


# -- the index of all lists -------------------------------------------------------------------------------------------------


def write_archive(publication: Publication, target: Target, counts: Sequence[Count], undated: Sequence[Link] = ()) -> bytes:
    """Return the index of all lists, in UTF-8."""
    assert target.url, "the index has an address"
    said = words(publication.in_language)
    here = Link(url=target.url, name=said.said.archive)
    listed = (Link(url=each.url, name=called(each.kind, each.name, said)) for each in counts if each.kind != "month")
    page = frame.Frame(
        publication=publication,
        title=f"{here.name} – {publication.name}",
        shared_title=here.name,
        data=schema.to_script(graph.of_list(publication, target.site, here, listed)),
        site=target.site,
        here=target.url,
        canonical=target.url,
        description=_index_description(publication, counts, said),
        alternates=target.alternates,
    )
    by_kind = {kind: _shown(page, counts, kind, said) for kind in ("year", "section", "author", "keyword")}
    years = [
        (each, _shown(page, [one for one in counts if one.name.startswith(f"{each.key}-")], "month", said)) for each in by_kind["year"]
    ]
    return frame.render(page, "archive.html", years=years, undated=tuple(map(page.place, undated)), way=_here(said.said.archive), **by_kind)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A list as the index names it."""

    key: str
    url: str
    name: str
    count: str


def _shown(page: frame.Frame, counts: Iterable[Count], kind: Kind, said: Words) -> tuple[Shown, ...]:
    return tuple(
        Shown(key=each.name, url=page.near(each.url), name=called(kind, each.name, said), count=page.number(each.count))
        for each in counts
        if each.kind == kind
    )


def _index_description(publication: Publication, counts: Iterable[Count], said: Words) -> str:
    named = [called(each.kind, each.name, said) for each in counts if each.kind in ("section", "year")]
    return f"{publication.name}, {said.said.archive}: {' · '.join(named)}"[:_DESCRIBED]
