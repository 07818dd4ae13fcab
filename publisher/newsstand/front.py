"""Front page: the publication as HTML (https://html.spec.whatwg.org/multipage/, read 2026-11-23).

Written only: nothing is on it that isn't in the feeds and in the articles' pages.
One story on top, then each section's newest; what is older is a link away, on the section's own page. Where there is no such page,
every article is on this one, so that none can be reached from a feed alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

from publisher import schema
from publisher.article import Article, Link, Publication
from publisher.formats import Target
from publisher.linked import graph
from publisher.newsstand import addresses
from publisher.newsstand.plan import Site, newest_first
from publisher.outputs import Make, Output
from publisher.schema import JsonObject
from publisher.themes import frame, pages
from publisher.themes.frame import Frame

NAME = "frontpage"
PATH = "index.html"

_TOLD = ((4, 5), (9, 3), (14, 2))
"""How many articles of a section are told with their standfirst, up to so many sections: a tall one with a picture and two by two
beside it, or a row of three. Of more sections one each."""
_OLDER = 4
"""How many more of a section are named, when it has a page with all of them, and there are few sections."""
_RECENT = 5
"""Among how many of the newest the one on top is chosen."""
_LATEST = 5
"""How many of the newest stand beside the one on top, where there are at least twice as many."""
_NEWEST = 12
"""How many of the newest a front page without sections tells."""
_LISTED = 12
"""How many of the newest the linked data names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A section as the front page shows it."""

    name: str
    """Empty for what is in no section."""
    url: str | None
    """Of its page, as seen from the front page; `None` when it has none."""
    told: tuple[Article, ...]
    """Its newest."""
    older: tuple[Article, ...]
    """Those after them that are only named."""
    pictured: Article | None
    """The one of `told` with a picture."""
    everything: str | None
    """The words that lead to its page, when that has more."""


@dataclass(frozen=True)
class _Front:
    """What the parts of the page are made from."""

    publication: Publication
    target: Target

    @cached_property
    def articles(self) -> tuple[Article, ...]:
        """Newest first; those without a date last. Translations of what is there in the page's language stand with that."""
        told = {link.url for each in self.publication.articles if self.is_ours(each) for link in each.translations}
        given = (each for each in self.publication.articles if self.is_ours(each) or each.url not in told)
        return tuple(newest_first(given))

    def is_ours(self, article: Article) -> bool:
        """Return whether the article is in the page's language."""
        own, other = self.publication.in_language or "", article.in_language or self.publication.in_language or ""
        return own.partition("-")[0] == other.partition("-")[0]

    @cached_property
    def top(self) -> Article | None:
        """Among the newest those in the page's language, and of these the first with a picture."""
        recent = self.articles[:_RECENT]
        ours = [each for each in recent if self.is_ours(each)] or recent
        return next((each for each in ours if pages.lead(each)), next(iter(ours), None))

    @cached_property
    def below(self) -> tuple[Article, ...]:
        """All but the one on top."""
        return tuple(each for each in self.articles if each is not self.top)

    @cached_property
    def places(self) -> dict[str, str]:
        """The URL of the page of each section that has one, in their order."""
        return {each.name: each.url for each in self.target.site.sections if each.name and each.url}

    @cached_property
    def sections(self) -> tuple[tuple[str, tuple[Article, ...]], ...]:
        """Each section's name and articles, without the one on top; what is in none that pages name comes last, under no name."""
        found: dict[str, list[Article]] = {name: [] for name in (*(self.places or self.publication.sections), "")}
        for each in self.below:
            found[each.article_section if each.article_section in found else ""].append(each)
        return tuple((name, tuple(articles)) for name, articles in found.items() if articles)

    @cached_property
    def address(self) -> str:
        return self.publication.url.partition("#")[0]

    @cached_property
    def archive(self) -> str | None:
        """The URL of the page of all articles."""
        return dict(self.target.site.services).get("archive")


def outputs(site: Site) -> Iterator[Output]:
    """Yield the front page, where pages are written."""
    if "webpage" in site.formats:
        own = (*site.alternates, *site.newest)
        target = Target(url=addresses.url(site.publication, PATH), alternates=own, hub=site.options.hub, media=site.media, site=site.around)
        shown = schema.with_articles(site.publication, _shown(site, target))
        leads = (pages.lead(each) for each in shown.articles)
        around = replace(site.around, renditions=dict(site.renditions_of(each.content_url for each in leads if each)))
        target = replace(target, site=around)
        yield Output(path=PATH, format=NAME, publication=site.bare, target=target, make=Make(write, shown, target))


def _shown(site: Site, target: Target) -> Iterator[Article]:
    """Yield the articles that the page shows, without their texts: all of them only where others are on no page of their own.

    Of each section are there as many as it may show, one that may be on top instead, and one by which it knows that there are more.
    """
    front = _Front(site.publication, target)
    most = max(told for _, told in _TOLD) + _OLDER + 2
    shown = {each.identifier for each in front.articles[: _NEWEST + 1 if front.archive else None]}
    for name, articles in front.sections:
        is_elsewhere = name in front.places or (not name and front.archive)
        shown |= {each.identifier for each in articles[: most if is_elsewhere else None]}
    yield from (site.light[each.identifier] for each in site.publication.articles if each.identifier in shown)


def write(publication: Publication, target: Target = Target()) -> bytes:
    """Return the publication's front page, in UTF-8; raise `PublisherError` when a user's template is wrong."""
    front = _Front(publication, target)
    page = Frame(
        publication=publication,
        title=publication.name,
        data=schema.to_script(_linked(front)),
        site=target.site,
        here=target.url or front.address,
        canonical=front.address,
        description=publication.description,
        alternates=target.alternates,
        images=(() if publication.image or not front.top else front.top.image),
        sheets=("page.css", "look.css", "front.css"),
    )
    return frame.render(page, "front.html", **_given(front, page))


# -- linked data ----------------------------------------------------------------------------------------------------------


def _linked(front: _Front) -> JsonObject:
    """Return the site, whose name search engines show, and the page as a list of its articles."""
    publication = front.publication
    about: JsonObject = {"about": {"@id": graph.publication_id(publication)}}
    here, listed = (
        Link(url=front.address, name=publication.name),
        (Link(url=each.url, name=each.headline) for each in front.articles[:_LISTED] if each.url),
    )
    return graph.of_list(publication, front.target.site, here, listed, about)


# -- what the template is given -------------------------------------------------------------------------------------------


def _given(front: _Front, page: Frame) -> dict[str, object]:
    """Return what the template is given beside the page; docs/themes.md tells of each."""
    archive = page.near(front.archive) if front.archive else None
    return {
        "top": front.top,
        "latest": front.below[:_LATEST] if len(front.below) >= 2 * _LATEST else (),
        "sections": tuple(_section(front, page, name, articles) for name, articles in front.sections),
        "newest": front.articles[:_NEWEST],
        "rest": front.articles[_NEWEST:] if not archive else (),
        "archive": archive if len(front.articles) > _NEWEST else None,
    }


def _section(front: _Front, page: Frame, name: str, articles: tuple[Article, ...]) -> Section:
    """Return a section with its newest, and with all others too unless there is a page to find them on."""
    most = next((told for sections, told in _TOLD if len(front.sections) <= sections), 1)
    told, older = articles[:most], articles[most:]
    url = front.places.get(name) or (front.archive if not name else None)
    kept = older[: _OLDER if most == _TOLD[0][1] else 0] if url else older
    return Section(
        name=name,
        url=page.near(url) if url else None,
        told=told,
        older=kept,
        pictured=next((each for each in told if page.lead(each)), None),
        everything=_everything(page, name) if len(kept) < len(older) else None,
    )


def _everything(page: Frame, name: str) -> str:
    return page.words.all_of.format(name=name) if name else page.words.archive
