"""What a site has beside its articles: lists by section, author, keyword, year and month, their feeds, and pages that serve.

Decided purely from the publication and the options; nothing is rendered here.
"""

from __future__ import annotations

from bisect import bisect
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple, TypeVar, overload

from publisher.article import Article, Link, Party, Publication
from publisher.formats import Alternate, Target, Writer, no_media, writer
from publisher.issues import Book
from publisher.newsstand import addresses, periods
from publisher.newsstand.options import SiteOptions
from publisher.paths import Packed
from publisher.schema import begin
from publisher.surroundings import Kind, Rendition, Surroundings
from publisher.themes import templates
from publisher.tracing import light, named_in, told_digest

if TYPE_CHECKING:
    from publisher.newsstand.shelf import Listed

__all__ = [
    "FEEDS",
    "FOLDERS",
    "MOST_READ",
    "OPML",
    "SHEET",
    "Beside",
    "Collection",
    "Common",
    "Lights",
    "Site",
    "Texts",
    "embed_path",
    "moment",
    "newest_first",
]

Value = TypeVar("Value")
FOLDERS: Mapping[Kind, str] = {"section": "sections", "author": "authors", "keyword": "keywords", "year": "archive", "month": "archive"}
"""Where the lists of each kind are, below the exports."""
_OURS = frozenset(
    "404 archive articles catalogue feed feeds index issues keywords media search sections site sitemap style subscribe".split()
)
"""What is at the top of the site, without endings: no page of an author goes there."""
FEEDS = ("jsonfeed", "atom", "rss")
"""The formats of feeds, best first: the order in which pages announce them."""
MOST_READ = ("application/atom+xml", "application/rss+xml", "application/feed+json")
"""Feeds by how many programs read them, the most first: where one address has to do for all."""
OPML = "feeds.opml"
"""Where the list of all feeds is."""
SHEET = "style.css"
_RECENT = 1_000
"""Articles without their texts that are kept."""
_SECTIONS = 20
"""How many sections every page names, at most."""
_MORE = 3
"""How many other articles of its section a page names."""


class Lights(Sequence[Article]):
    """Articles without their texts, for who only names them; each is made when it is asked for, one for all."""

    __slots__ = ("_articles", "_light")

    def __init__(self, articles: Sequence[Article], light: Mapping[str, Article]) -> None:
        self._articles = articles
        self._light = light

    @overload
    def __getitem__(self, place: int) -> Article: ...

    @overload
    def __getitem__(self, place: slice) -> Lights: ...

    def __getitem__(self, place: int | slice) -> Article | Lights:
        if isinstance(place, slice):
            return Lights(self._articles[place], self._light)
        return self._light[self._articles[place].identifier]

    def __len__(self) -> int:
        return len(self._articles)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Lights) and self.told() == other.told()

    def __hash__(self) -> int:
        return hash(self.told())

    def __reduce__(self) -> tuple[type[tuple[Article, ...]], tuple[tuple[Article, ...]]]:
        return tuple, (tuple(self),)

    def days(self) -> list[str]:
        """Return the day of each, as `periods.day` gives it."""
        return [*map(periods.day, self._articles)]

    def chosen(self, places: Iterable[int]) -> Lights:
        """Return those at some places."""
        return Lights([self._articles[each] for each in places], self._light)

    def told(self) -> bytes:
        """Return what differs when anything of one of them does."""
        return b"".join(map(told_digest, self._articles))


@dataclass(frozen=True, slots=True)
class Texts:
    """Articles with their texts, which are the same where their digests are."""

    articles: tuple[Article, ...]


class _Light(dict[str, Article]):
    """Each article without its text by its identifier, made when it is asked for; only those of late are kept."""

    def __init__(self, articles: Sequence[Article], places: Mapping[str, int]) -> None:
        self._articles = articles
        self._places = places

    def __missing__(self, identifier: str) -> Article:
        if len(self) >= _RECENT:
            self.clear()
        found = self[identifier] = light(self._articles[self._places[identifier]])
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Common:
    """What all pages of one kind are told alike."""

    publication: Publication
    """Without articles."""
    target: Target
    lists: Mapping[tuple[Kind, str], str] = field(default_factory=dict)
    """The URLs of those lists that pages name which are of no one article."""


Shown = tuple[str | None, str | None, str | None]
"""The URL, the name and the language of a `Link`: of these there are many, and they are compared more often than they are shown."""


class Beside(NamedTuple):
    """What stands around the page of one article, and of no other; see `Surroundings`."""

    trail: tuple[Shown, ...]
    older: Shown | None
    newer: Shown | None
    more: tuple[Shown, ...]
    lists: tuple[tuple[tuple[Kind, str], str], ...]
    renditions: tuple[tuple[str, tuple[Rendition, ...]], ...]

    def within(self, around: Surroundings, embed: str | None) -> Surroundings:
        """Return it with what stands around all pages."""
        return replace(
            around,
            trail=tuple(map(_link, self.trail)),
            older=_link(self.older) if self.older else None,
            newer=_link(self.newer) if self.newer else None,
            more=tuple(map(_link, self.more)),
            lists=dict(self.lists),
            embed=embed,
            renditions=dict(self.renditions),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Collection:
    """One list of articles (https://schema.org/CollectionPage)."""

    kind: Kind
    name: str
    """As people call it; `2026` or `2026-11` for years and months."""
    path: str
    """Of its page with the newest, below the exports; older pages are `<path without .html>/2018-09.html` and so on, see `periods`."""
    url: str
    articles: Sequence[Article]
    """Newest first."""
    party: Party | None = None
    """Who it is, when it is an author."""

    @property
    def stem(self) -> str:
        """The path without its ending, from which the paths of feeds and older pages are made."""
        return self.path.removesuffix(".html")


@dataclass(frozen=True, kw_only=True)
class Site:
    """All that is published, and where."""

    publication: Publication
    options: SiteOptions = field(default_factory=SiteOptions)
    books: Sequence[Book] = ()
    """Those that are made, or were; none when no books are written."""
    formats: frozenset[str] = frozenset()
    """Names of the formats that are written."""
    alternates: tuple[Alternate, ...] = ()
    """Feeds and book of the whole, as every page announces them: best first."""
    newest: tuple[Alternate, ...] = ()
    """The last issue of each row of books, where there is no book of everything; only the front page announces them."""
    shelf: tuple[Listed, ...] = ()
    """The books that are there after the build, as the catalogue lists them: the newest issue first."""
    catalogues: tuple[Alternate, ...] = ()
    """The catalogue of the books, in OPDS 1.2 and 2.0; `newest` has them too."""
    whole: bool = True
    """Whether everything is written, not only some formats: then there are sitemaps, robots.txt and the like too."""
    media: Callable[[str], bytes | None] = no_media
    renditions: Mapping[str, tuple[Rendition, ...]] = field(default_factory=dict)
    """The sizes and types of each picture that has several, by its URL."""

    @cached_property
    def articles(self) -> tuple[Article, ...]:
        """All articles, newest first, those without a date last."""
        return tuple(newest_first(self.publication.articles))

    def slug(self, article: Article) -> str:
        """Return the name of an article's files."""
        return self._slugs[self._places[article.identifier]]

    @cached_property
    def _slugs(self) -> Packed:
        """The names of all articles, in their order."""
        names = addresses.slugs(self.publication)
        return Packed(names[each.identifier] for each in self.articles)

    @cached_property
    def light(self) -> dict[str, Article]:
        """Each article without its text by its identifier: one for all that only name it, which is sent to who writes them."""
        return _Light(self.articles, self._places)

    @cached_property
    def bare(self) -> Publication:
        """The publication without articles."""
        return replace(self.publication, articles=())

    def with_books(self, shelf: tuple[Listed, ...], catalogues: tuple[Alternate, ...]) -> Site:
        """Return the site with its books. What was found out of articles and lists stays known: books change nothing of it."""
        filled = replace(self, shelf=shelf, catalogues=catalogues, newest=(*self.newest, *catalogues))
        vars(filled).update((name, known) for name, known in vars(self).items() if name not in vars(filled))
        return filled

    def without_places(self) -> None:
        """Forget where the pages of articles are: once all is planned nobody looks for a place that is free."""
        vars(self).pop("_articles_at", None)

    # -- lists

    @cached_property
    def sections(self) -> tuple[Collection, ...]:
        """The sections that have articles: those of the settings in their order, then all others by name."""
        by_name = _grouped(self.articles, lambda each: (each.article_section,) if each.article_section else ())
        known = [each for each in dict.fromkeys(self.publication.sections) if each in by_name]  # somebody may name one twice
        return tuple(self._collections("section", by_name, [*known, *sorted(by_name.keys() - set(known))]))

    @cached_property
    def authors(self) -> tuple[Collection, ...]:
        """Who has written, by name."""
        return tuple(map(self._at_home, self._among_authors))

    @cached_property
    def _among_authors(self) -> tuple[Collection, ...]:
        """Who has written, each at a place among the authors."""
        by_name = _grouped(self.articles, lambda each: (party.name for party in each.author))
        return tuple(self._collections("author", by_name, sorted(by_name)))

    @cached_property
    def keywords(self) -> tuple[Collection, ...]:
        """The keywords that have as many articles as a page needs, by name."""
        by_name = _grouped(self.articles, lambda each: each.keywords)
        kept = (name for name, found in by_name.items() if len(found) >= self.options.keywords or name in self.options.keyword_feeds)
        return tuple(self._collections("keyword", by_name, sorted(kept)))

    @cached_property
    def years(self) -> tuple[Collection, ...]:
        """The years, the newest first."""
        by_name = _grouped(self.articles, lambda each: (each.date_published.isoformat()[:4],) if each.date_published else ())
        return tuple(self._collections("year", by_name, by_name))

    @cached_property
    def months(self) -> tuple[Collection, ...]:
        """The months, the newest first."""
        by_name = _grouped(self.articles, lambda each: (each.date_published.isoformat()[:7],) if each.date_published else ())
        return tuple(self._collections("month", by_name, by_name))

    @cached_property
    def months_of(self) -> dict[str, list[Collection]]:
        """The months of each year."""
        found: dict[str, list[Collection]] = {}
        for each in self.months:
            found.setdefault(each.name[:4], []).append(each)
        return found

    @property
    def collections(self) -> Iterator[Collection]:
        """All lists."""
        for found in (self.sections, self.authors, self.keywords, self.years, self.months):
            yield from found

    def _collections(self, kind: Kind, by_name: Mapping[str, Sequence[Article]], order: Iterable[str]) -> Iterator[Collection]:
        oldest = {name: min(self._ages[each.identifier] for each in found) for name, found in by_name.items()}
        shorts = addresses.distinct(sorted(by_name, key=lambda name: (oldest[name], name)))
        for name in order:
            short, found = shorts[name], tuple(by_name[name])
            party = next((each for each in found[0].author if each.name == name), None) if kind == "author" else None
            path = self.free(f"{FOLDERS[kind]}/{short}.html")
            url = addresses.url(self.publication, path)
            yield Collection(kind=kind, name=name, path=path, url=url, articles=found, party=party)

    @cached_property
    def _ages(self) -> dict[str, tuple[bool, datetime, str]]:
        return {each.identifier: addresses.age(each) for each in self.publication.articles}

    def _at_home(self, author: Collection) -> Collection:
        """Return the list of an author at the author's own address here, when nothing and nobody else has it."""
        url = author.party.url if author.party else None
        own = addresses.own_path(url, self.publication)
        if not url or not own or self._homes[addresses.place(own)] > 1 or addresses.place(own) in self._articles_at:
            return author
        return author if addresses.place(own).partition("/")[0] in _OURS else replace(author, path=own, url=url)

    @cached_property
    def _homes(self) -> Counter[str]:
        """How many authors each place of a page could be of: as their own address, or among the authors."""
        found: Counter[str] = Counter()
        for each in self._among_authors:
            own = addresses.own_path(each.party.url, self.publication) if each.party else None
            found.update({place for path in (own, each.path) if path for place in addresses.places(path)})
        return found

    # -- articles first

    def article_path(self, article: Article) -> str:
        """Return where the page of an article goes: where its address leads, when that is here."""
        return self.own_path(article) or writer("webpage").PATH.format(slug=self.slug(article))

    def own_path(self, article: Article) -> str | None:
        """Return where the address of an article leads, `None` when that is not here."""
        return addresses.own_path(article.url, self.publication)

    @cached_property
    def _articles_at(self) -> frozenset[str]:
        return frozenset(place for each in self.publication.articles for place in addresses.places(self.article_path(each)))

    def free(self, path: str) -> str:
        """Return where a page beside the articles goes: `archive--list.html` where `archive` is an article.

        The addresses of articles are those that people know: what we make ourselves gives way. No list has two hyphens in its name.
        """
        while addresses.place(path) in self._articles_at:
            path = f"{path.removesuffix('.html')}--list.html"
        return path

    # -- feeds

    def feeds_of(self, collection: Collection) -> tuple[Alternate, ...]:
        """Return the feeds of a list, best first; `()` when it has none of its own."""
        return tuple(
            _feed(self.publication, collection, writer(each)) for each in FEEDS if each in self.formats and self._has_feeds(collection)
        )

    def _has_feeds(self, collection: Collection) -> bool:
        options, kind = self.options, collection.kind
        return (
            (kind == "section" and options.section_feeds)
            or (kind == "author" and options.author_feeds)
            or (kind == "keyword" and collection.name in options.keyword_feeds)
        )

    # -- what pages are told

    @cached_property
    def lists(self) -> dict[tuple[Kind, str], str]:
        """The URL of each list."""
        found = {(each.kind, each.name): each.url for each in self.collections}
        vars(self).pop("_ages", None)  # which all lists have asked, and nobody else does
        return found

    @cached_property
    def services(self) -> tuple[tuple[str, str], ...]:
        """The other pages, with their URLs: all articles, the issues, how to subscribe, where to search."""
        there = {"archive": self.articles, "issues": self.books, "subscribe": self.alternates, "search": self.options.search}
        return tuple((name, addresses.url(self.publication, self.free(f"{name}.html"))) for name, is_there in there.items() if is_there)

    @cached_property
    def around(self) -> Surroundings:
        """What every page is told."""
        return Surroundings(
            theme=templates.for_pages(self.options.theme),
            sheet=addresses.url(self.publication, SHEET),
            sections=tuple(Link(url=each.url, name=each.name) for each in self.sections[:_SECTIONS]),
            rest=Link(url=dict(self.services)["archive"]) if len(self.sections) > _SECTIONS else None,
            services=self.services,
        )

    def beside(self, article: Article) -> Beside:
        """Return what stands around the page of an article."""
        place, section = self._places[article.identifier], article.article_section or ""
        older, newer = self.articles[place + 1 : place + 2], self.articles[place - 1 : place]
        way, others = self._ways.get(section, ((), ()))
        return Beside(
            trail=way,
            older=_shown(older[0]) if older else None,
            newer=_shown(newer[0]) if newer else None,
            more=tuple(filter(None, map(_shown, self._more(article, others, (*older, *newer))))),
            lists=tuple((key, self.lists[key]) for key in _keys(article) if key in self.lists),
            renditions=self.renditions_of((*(each.content_url for each in article.image), *named_in(article).media)),
        )

    def _more(self, article: Article, section: Sequence[Article], neighbours: Iterable[Article]) -> list[Article]:
        """Return the next older articles of the section that the page does not name already; where they are too few, the next newer ones.

        An article that comes or goes changes this for few others. If each page named the newest, it would change for the whole section.
        """
        links = (*article.citation, *article.translations)
        named = {article.url, *(each.url for each in neighbours), *(each.url for each in links)}
        place = bisect(section, self._places[article.identifier], key=lambda each: self._places[each.identifier])
        reach = _MORE + len(named)
        near = (*section[place : place + reach], *section[max(place - reach, 0) : place][::-1])
        return [each for each in near if each.url and each.url not in named][:_MORE]

    @cached_property
    def _places(self) -> dict[str, int]:
        return {each.identifier: place for place, each in enumerate(self.articles)}

    @cached_property
    def _ways(self) -> dict[str, tuple[tuple[Shown, ...], Sequence[Article]]]:
        """The way to each section, and its articles."""
        return {each.name: (((each.url, each.name, None),), each.articles) for each in self.sections}

    @property
    def has_embeds(self) -> bool:
        """Whether what other sites show of an article is beside its page, where that is here."""
        return self.whole and "webpage" in self.formats

    def renditions_of(self, urls: Iterable[str | None]) -> tuple[tuple[str, tuple[Rendition, ...]], ...]:
        """Return what a page with these pictures is told of their sizes and types."""
        return tuple((url, self.renditions[url]) for url in dict.fromkeys(urls) if url and url in self.renditions)


def embed_path(path: str) -> str:
    """Return where what other sites show of an article goes: beside its page at a path."""
    return f"{path.removesuffix('.html')}.oembed.json"


def _keys(article: Article) -> Iterator[tuple[Kind, str]]:
    """Yield the lists that an article is in and that its page names."""
    if article.article_section:
        yield "section", article.article_section
    yield from (("author", each.name) for each in article.author)
    yield from (("keyword", each) for each in article.keywords)


def _shown(article: Article) -> Shown | None:
    return (article.url, article.headline, article.in_language) if article.url else None


def _link(shown: Shown) -> Link:
    return Link(url=shown[0], name=shown[1], in_language=shown[2])


def feed_path(stem: str, module: Writer) -> str:
    """Return where the feed of a list is whose paths begin with `stem`: `sections/harbour.atom`."""
    return f"{stem}.{module.PATH.rpartition('.')[2]}"


def _feed(publication: Publication, collection: Collection, module: Writer) -> Alternate:
    url = addresses.url(publication, feed_path(collection.stem, module))
    return Alternate(url=url, media_type=module.MEDIA_TYPE, title=f"{named(publication, collection)} ({module.TITLE})")


def named(publication: Publication, collection: Collection) -> str:
    """Return what the feed of a list is called."""
    return f"{publication.name} – {collection.name}"


def _grouped(articles: Iterable[Article], names: Callable[[Article], Iterable[str]]) -> dict[str, list[Article]]:
    found: dict[str, list[Article]] = {}
    for article in articles:
        for name in dict.fromkeys(names(article)):
            found.setdefault(name, []).append(article)
    return found


def newest_first(articles: Iterable[Article]) -> list[Article]:
    """Return articles in the one order that they have on all pages and in all feeds: the newest first, those without a date last."""
    return sorted(articles, key=lambda each: (-moment(each).timestamp(), each.identifier))


def moment(article: Article) -> datetime:
    """Return when an article was published, long ago when that is not known."""
    return begin(article.date_published) if article.date_published else datetime.min.replace(tzinfo=UTC)
