"""Front page: the publication as HTML (https://html.spec.whatwg.org/multipage/, read 2026-11-23).

Written only: nothing is on it that isn't in the feeds and in the articles' pages.
It links every article, so that none can be reached from a feed alone: newest first in each section,
the first five told with standfirst, older ones by their headline.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cached_property

from publisher import schema
from publisher.article import Article, Date, Publication
from publisher.formats import Target
from publisher.newsstand import addresses
from publisher.newsstand.plan import Site
from publisher.outputs import Make, Output
from publisher.schema import JsonObject
from publisher.text import escape, slug
from publisher.themes import pages
from publisher.themes.pages import Words, attributes, flow, link, meta, tag

NAME = "frontpage"
TITLE = "Front page (HTML with WebSite JSON-LD)"
SPEC = "https://html.spec.whatwg.org/multipage/"
MEDIA_TYPE = "text/html"
PATH = "index.html"

_TOLD = 5
"""How many articles of a section are told with their standfirst: a tall one with a picture and two by two beside it."""
_RECENT = 5
"""Among how many of the newest the one on top is chosen."""
_SIZES = {
    "top": "(min-width: 70rem) 38rem, (min-width: 40rem) 57vw, 100vw",
    "pictured": "(min-width: 70rem) 33rem, (min-width: 40rem) 48vw, 100vw",
}
"""How wide the pictures are in `front.css`."""
_NARROW = 240
"""Pixels: a picture with less is no picture for the front page, where it would be blown up."""


@dataclass(frozen=True)
class _Front:
    """What the parts of the page are made from."""

    publication: Publication
    target: Target

    @cached_property
    def words(self) -> Words:
        return pages.words(self.publication.in_language)

    @cached_property
    def articles(self) -> tuple[Article, ...]:
        """Newest first; those without a date last. Translations of what is there in the page's language stand with that."""
        told = {link.url for each in self.publication.articles if self.is_ours(each) for link in each.translations}
        given = (each for each in self.publication.articles if self.is_ours(each) or each.url not in told)
        return tuple(sorted(given, key=lambda each: (_moment(each.date_published), each.identifier), reverse=True))

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
    def sections(self) -> tuple[tuple[str, tuple[Article, ...]], ...]:
        """Each section's name and articles, without the one on top; what is in none of them comes last, under no name."""
        below = [each for each in self.articles if each is not self.top]
        names = tuple(dict.fromkeys(self.publication.sections))
        rest = tuple(each for each in below if each.article_section not in names)
        named = ((name, tuple(each for each in below if each.article_section == name)) for name in names)
        return tuple((name, found) for name, found in (*named, ("", rest)) if found)

    @cached_property
    def address(self) -> str:
        return self.publication.url.partition("#")[0]

    def near(self, href: str) -> str:
        """Return a link as seen from this page."""
        return pages.near(href, self.target.url or self.address, self.publication)


def _moment(value: Date | None) -> datetime:
    return schema.begin(value) if value else datetime.min.replace(tzinfo=UTC)


def outputs(site: Site) -> Iterator[Output]:
    """Yield the front page, where pages are written."""
    if "webpage" in site.formats:
        own = (*site.alternates, *site.newest)
        leads = (pages.lead(each) for each in site.articles)
        around = replace(site.around, renditions=site.renditions_of(each.content_url for each in leads if each))
        target = Target(url=addresses.url(site.publication, PATH), alternates=own, hub=site.options.hub, media=site.media, site=around)
        yield Output(path=PATH, format=NAME, publication=site.bare, target=target, make=Make(write, site.publication, target))


def write(publication: Publication, target: Target = Target()) -> bytes:
    """Return the publication's front page, in UTF-8."""
    front = _Front(publication, target)
    return pages.document(publication.in_language, _head(front), _body(front))


# -- the head -------------------------------------------------------------------------------------------------------------


def _head(front: _Front) -> Iterator[str]:
    publication = front.publication
    yield from pages.opening(publication.name, schema.to_script(_linked(front)), "page.css", "front.css")
    yield meta("description", publication.description)
    yield meta("robots", "max-image-preview:large")
    yield meta("generator", "Publisher")
    yield link("canonical", front.address)
    yield from (link("alternate", each.url, type=each.media_type, title=each.title) for each in front.target.alternates)
    yield link("license", publication.license)
    yield pages.icon(publication, front.near)
    yield from _open_graph(front)


def _open_graph(front: _Front) -> Iterator[str]:
    publication = front.publication
    yield meta("og:type", "website")
    yield meta("og:title", publication.name)
    yield meta("og:url", front.address)
    yield meta("og:site_name", publication.name)
    yield meta("og:description", publication.description)
    yield meta("og:locale", pages.locale(publication.in_language))
    images = pages.shared((), publication) or pages.shared(front.top.image if front.top else (), publication)
    yield from pages.open_graph_images(images)
    yield meta("twitter:card", "summary_large_image" if images else "summary")


def _linked(front: _Front) -> JsonObject:
    """Return the site, whose name search engines show, and the page as a list of its articles."""
    publication, address = front.publication, front.address
    site: JsonObject = {"@type": "WebSite", "@id": f"{address}#site", "name": publication.name, "url": address}
    site |= {
        key: value for key, value in schema.spell(publication, linked=True).items() if key in ("alternateName", "inLanguage", "publisher")
    }
    page: JsonObject = {"@type": "CollectionPage", "@id": address, "url": address, "name": publication.name}
    page |= {"isPartOf": {"@id": f"{address}#site"}, "about": schema.spell(publication, linked=True), "mainEntity": _list(front.articles)}
    return {"@context": schema.CONTEXT, "@graph": [site, page]}


def _list(articles: Iterable[Article]) -> JsonObject:
    listed = ((each.url, each.headline) for each in articles if each.url)
    items: list[schema.Json] = [
        {"@type": "ListItem", "position": position, "url": url, "name": name} for position, (url, name) in enumerate(listed, 1)
    ]
    return {"@type": "ItemList", "numberOfItems": len(items), "itemListElement": items}


# -- the body -------------------------------------------------------------------------------------------------------------


def _body(front: _Front) -> Iterator[str]:
    publication, target = front.publication, front.target
    yield f'<a class="skip" href="#_news"{_said(front)}>{front.words.front}</a>'
    yield pages.masthead(publication, publication.in_language, front.near, _edition(front))
    top = _story(front, front.top, "top", "h2", _anchor(front)) if front.top else ""
    # Also when there is nothing to tell: the first link leads here, and a page has a main part (axe-core's landmark-one-main).
    news = flow((top, *_sections(front)))
    yield f"{tag('main', id='_news', class_='front h-feed')}\n{news}\n</main>"
    yield pages.foot(publication, publication.in_language, target.alternates, front.near)


def _said(front: _Front) -> str:
    return attributes(front.words.language, (front.publication.in_language or "").partition("-")[0]) if front.words.language == "en" else ""


def _edition(front: _Front) -> str:
    """Return the lines around the name: what it is, and of what day."""
    publication = front.publication
    day = f"<span>{pages.time(publication.date_modified, front.words)}</span>" if publication.date_modified else ""
    about = f"<span>{escape(publication.description)}</span>" if publication.description else ""
    return f'<p class="edition">{" ".join(each for each in (about, day) if each)}</p>' if about or day else ""


def _anchor(front: _Front) -> str | None:
    """Return the name of the section that the article on top is in, when nothing else is in it."""
    name = front.top.article_section if front.top else None
    alone = name in front.publication.sections and name not in dict(front.sections)
    return slug(name) or None if name and alone else None


def _sections(front: _Front) -> Iterator[str]:
    taken = {_anchor(front), ""}
    for name, articles in front.sections:
        anchor = None if slug(name) in taken else slug(name)
        taken.add(anchor)
        yield _section(front, name, articles, anchor)


def _section(front: _Front, name: str, articles: Sequence[Article], anchor: str | None) -> str:
    title = f"<h2>{escape(name)}</h2>" if name else f"<h2{_said(front)}>{_untitled(front)}</h2>"
    pictured = next((each for each in articles[:_TOLD] if pages.lead(each)), None)
    told = [_story(front, each, "pictured" if each is pictured else "", "h3") for each in articles[:_TOLD]]
    older = flow((_older(front, each) for each in articles[_TOLD:]), "ul", class_="older")
    return flow((title, flow(told, "div", class_="stories"), older), "section", id=anchor)


def _untitled(front: _Front) -> str:
    return front.words.more if len(front.sections) > 1 else front.words.latest


def _story(front: _Front, article: Article, kind: str, level: str, anchor: str | None = None) -> str:
    """Return an article told: its picture, if any, and beside it a column of text in its own direction."""
    tongue = attributes(article.in_language, front.publication.in_language)
    about = f'<p class="standfirst p-summary"{tongue}>{escape(article.description)}</p>' if article.description else ""
    title = f"<{level}{tongue}>{_headline(front, article)}</{level}>"
    inside = flow((_kicker(front, article), title, about, _byline(front, article)), "div", dir=_turned(front, article))
    return flow((_picture(front, article, kind), inside), "article", class_=f"story h-entry {kind}".strip(), id=anchor)


def _turned(front: _Front, article: Article) -> str | None:
    """Return the article's direction where it isn't the page's."""
    found = pages.direction(article.in_language or front.publication.in_language)
    return found if found != pages.direction(front.publication.in_language) else None


def _kicker(front: _Front, article: Article) -> str:
    """Return the section, where no heading above says it, and the article's kind."""
    section, kind = article.article_section, pages.kind(article, front.words)
    below = section in front.publication.sections and article is not front.top
    parts = [f'<span class="p-category">{escape(section)}</span>'] if section and not below else []
    parts += [f"<span{_said(front)}>{kind}</span>"] if kind else []
    return f'<p class="kicker">{" ".join(parts)}</p>' if parts else ""


def _headline(front: _Front, article: Article) -> str:
    text = escape(article.headline)
    return (
        f"{tag('a', class_='u-url p-name', href=front.near(article.url))}{text}</a>"
        if article.url
        else f'<span class="p-name">{text}</span>'
    )


def _picture(front: _Front, article: Article, kind: str) -> str:
    """Return the picture; the headline beside it is the link, so that there is but one for keyboard and screen reader."""
    image = pages.lead(article) if kind else None
    if not image or not image.content_url or (image.width or _NARROW) < _NARROW:
        return ""
    when = {"fetchpriority": "high"} if kind == "top" else {"loading": "lazy"}
    sizes, renditions = _SIZES[kind], front.target.site.renditions.get(image.content_url, ())
    img = pages.picture(image, front.near(image.content_url), class_="u-photo", decoding="async", **when)
    return f"<figure>{pages.framed(img, renditions, front.near, sizes)}</figure>"


def _byline(front: _Front, article: Article) -> str:
    names = ", ".join(f'<span class="p-author" dir="auto">{escape(each.name)}</span>' for each in article.author)
    parts = [f"<span>{names}</span>"] if names else []
    parts += [_day(front, article)] if article.date_published else []
    parts += [_translation(front, each.url, each.in_language) for each in article.translations if each.url and each.in_language]
    return f'<p class="dates">{" ".join(parts)}</p>' if parts else ""


def _translation(front: _Front, url: str, language: str) -> str:
    start = tag("a", href=front.near(url), hreflang=language, lang=language, dir=pages.direction(language))
    return f"{start}{escape(pages.called(language) or language)}</a>"


def _day(front: _Front, article: Article) -> str:
    if not article.date_published:
        return ""
    way = pages.direction(front.words.language) if _turned(front, article) else None
    return pages.time(article.date_published, front.words, "dt-published", day=True, dir=way)


def _older(front: _Front, article: Article) -> str:
    tongue = attributes(article.in_language, front.publication.in_language)
    return f'<li class="h-entry"><span{tongue}>{_headline(front, article)}</span> {_day(front, article)}</li>'
