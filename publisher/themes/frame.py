"""What every page has around what it is about: the head for machines, name and sections, services, feeds, rights.

A `Frame` is what templates call `page`; what is about the page alone is given to them beside it.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256

from markupsafe import Markup

from publisher.article import Article, Date, Image, Link, Organization, Party, Publication
from publisher.surroundings import ALONE, Kind, Surroundings
from publisher.themes import pages, templates
from publisher.themes.pages import Offer, Words

__all__ = ["NARROW", "Frame", "Place", "render"]

_POLICY = "script-src {}; object-src 'none'; base-uri 'none'; form-action {}"
_NONE = Markup()
NARROW = 240
"""Pixels: a picture with less is no picture beside others, where it would be blown up."""
_CALLED = {
    "application/feed+json": "JSON Feed",
    "application/atom+xml": "Atom",
    "application/rss+xml": "RSS",
    "application/epub+zip": "EPUB",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A link as a page shows it."""

    url: str
    """As seen from the page."""
    name: str
    is_here: bool = False
    """Whether it is the page itself."""
    language: str | None = None
    media_type: str | None = None
    title: str | None = None
    direction: str = "auto"
    """Of the name, when it stands by itself."""
    attributes: Markup = _NONE
    """`lang` and `dir` of the name, where they are other than those of what is around."""


@dataclass(frozen=True, kw_only=True)
class Frame:
    """What every page has; `page` in templates."""

    publication: Publication
    title: str
    """Of the window."""
    shared_title: str | None = None
    """Of a link to the page, when it is another."""
    data: str
    """JSON-LD for the script, as `schema.to_script` gives it."""
    site: Surroundings = ALONE
    here: str | None = None
    """The page's URL; `None`: links are absolute."""
    canonical: str | None = None
    tongue: str | None = None
    """The page's language, when it is another than the publication's."""
    description: str | None = None
    alternates: tuple[Offer, ...] = ()
    """Feeds and books, as the head and the foot name them."""
    images: tuple[Image, ...] = ()
    """What goes with a link to the page; without any, the publication's."""
    kind: str = "website"
    """Open Graph's type."""
    sheets: tuple[str, ...] = ("page.css", "look.css")
    """The parts of the style sheet that a page which stands alone has inside."""
    scripts: tuple[str, ...] = ()
    """Sources of scripts that may run (CSP 3, 2.3.1), such as `'self'`."""
    forms: str = "'none'"
    """Where forms may lead (CSP 3, 6.4.1)."""
    is_indexed: bool = True

    # -- language

    @cached_property
    def language(self) -> str | None:
        """The page's language."""
        return self.tongue or self.publication.in_language

    @cached_property
    def direction(self) -> str:
        """`ltr`, `rtl` or `auto`."""
        return pages.direction(self.language)

    @cached_property
    def words(self) -> Words:
        """Our words in the page's language."""
        return pages.words(self.language)

    @cached_property
    def said(self) -> Markup:
        """The attributes of what is in our words, where those are in another language than the page."""
        own = (self.language or "").partition("-")[0]
        return _safe(pages.attributes(self.words.language, own) if self.words.language == "en" else "")

    @cached_property
    def wording(self) -> Words:
        """Our words in the publication's language, for what is around."""
        return pages.words(self.publication.in_language)

    @cached_property
    def around(self) -> Markup:
        """The attributes of what is around, where the page is in another language than the publication."""
        return self.lang(self.publication.in_language)

    def lang(self, language: str | None) -> Markup:
        """Return the attributes `lang` and `dir` of what is in a language, none when it is the page's."""
        return _safe(pages.attributes(language, self.language))

    # -- the head

    @cached_property
    def policy(self) -> str:
        """The policy that lets no script run but those named, whatever a text may have smuggled in (CSP 3, 6.1.11).

        A data block is no script, but the Nu Html Checker wants to see it allowed, hence its digest.
        """
        digest = f"'sha256-{b64encode(sha256(self.data.encode()).digest()).decode()}'"
        return _POLICY.format(" ".join((*self.scripts, digest)), self.forms)

    @cached_property
    def script(self) -> Markup:
        """The JSON-LD."""
        return templates.kept(self.data)

    @cached_property
    def sheet(self) -> str | None:
        """The style sheet's URL, `None` when it is inside the page."""
        return self.near(self.site.sheet) if self.site.sheet else None

    @cached_property
    def style(self) -> Markup:
        """The style sheet."""
        return templates.kept(templates.sheet(self.site.theme, *self.sheets))

    @cached_property
    def icon(self) -> Place | None:
        """The publisher's logo when it is the publication's own file, since nothing is loaded from elsewhere."""
        publisher = self.publication.publisher
        logo = publisher.logo if isinstance(publisher, Organization) else None
        href = self.near(logo.content_url) if logo and logo.content_url else ""
        return Place(url=href, name="", media_type=logo.encoding_format) if logo and href != (logo.content_url or "") else None

    @cached_property
    def locale(self) -> str | None:
        """The locale that Open Graph wants."""
        return pages.locale(self.language)

    @cached_property
    def shared(self) -> tuple[Image, ...]:
        """The pictures that go with a link to the page."""
        return pages.shared(self.images, self.publication)

    @cached_property
    def properties(self) -> tuple[tuple[str, str | int], ...]:
        """What Open Graph says of the page, and of each of its pictures."""
        said = [
            ("og:type", self.kind),
            ("og:title", self.shared_title or self.title),
            ("og:url", self.canonical),
            ("og:site_name", self.publication.name),
            ("og:description", self.description),
            ("og:locale", self.locale),
        ]
        return tuple((name, each) for name, each in (*said, *_pictured(self.shared)) if each)

    # -- around

    @cached_property
    def is_home(self) -> bool:
        """Whether this is the front page."""
        return self.here is not None and self.here in (self.publication.url, f"{self.publication.url.removesuffix('/')}/index.html")

    @cached_property
    def home(self) -> Place:
        """The front page."""
        return Place(url=self.near(self.publication.url), name=self.publication.name)

    @cached_property
    def sections(self) -> tuple[Place, ...]:
        """The pages of the sections; last, where there are many, the page that names the others."""
        rest = (Link(url=self.site.rest.url, name=self.wording.more),) if self.site.rest else ()
        return tuple(map(self.place, (*self.site.sections, *rest)))

    @cached_property
    def trail(self) -> tuple[Place, ...]:
        """The way from the front page to this one, both left out."""
        return tuple(map(self.place, self.site.trail))

    @cached_property
    def services(self) -> tuple[Place, ...]:
        """The other pages: all articles, the issues, how to subscribe, where to search."""
        return tuple(
            Place(url=self.near(url), name=getattr(self.wording, name, name), is_here=url == self.here) for name, url in self.site.services
        )

    @cached_property
    def feeds(self) -> tuple[Place, ...]:
        """The feeds and books, each by what it is called in short."""
        return tuple(
            Place(url=self.near(each.url), name=_CALLED.get(each.media_type, each.title), media_type=each.media_type, title=each.title)
            for each in self.offered
        )

    @cached_property
    def offered(self) -> tuple[Offer, ...]:
        """What is below every page of the feeds and books that the head names."""
        return self.alternates

    @cached_property
    def licence(self) -> str | None:
        """What the publication's licence is called."""
        return pages.licence(self.publication.license, self.wording) if self.publication.license else None

    def place(self, link: Link) -> Place:
        """Return a link as this page shows it."""
        name = link.name or pages.shortened(link.url or "")
        url = self.near(link.url) if link.url else ""
        return Place(
            url=url,
            name=name,
            is_here=link.url == self.here,
            language=link.in_language,
            attributes=_tongue(link.in_language, self.language),
        )

    def list_url(self, kind: Kind, name: str) -> str | None:
        """Return the address of the page of a section, an author or a keyword as seen from this page, `None` when it has none."""
        url = self.site.lists.get((kind, name))
        return self.near(url) if url else None

    # -- what templates call

    def near(self, url: str) -> str:
        """Return a link as seen from this page."""
        return self._near(url)

    @cached_property
    def _near(self) -> Callable[[str], str]:
        return pages.seen_from(self.here, self.publication)

    def time(self, value: Date, kind: str = "", *, day: bool = False, **given: str | None) -> Markup:
        """Return the time element of a day or moment, with the class `kind`; `day`: show no more than that."""
        return _safe(pages.time(value, self.words, kind, day=day, **given))

    def number(self, value: int | str) -> str:
        """Return a number with the digits of the page's language."""
        return pages.digits(value, self.words)

    def byline(self, parties: Iterable[Party], kind: str = "p-author") -> Markup:
        """Return names, linked to their pages here, else to where they say they are."""
        return _safe(pages.byline(parties, kind, self.near, self.list_url))

    def lead(self, article: Article) -> Image | None:
        """Return the article's picture, when it has one that is large enough to be shown beside others."""
        image = pages.lead(article)
        return image if image and (image.width or NARROW) >= NARROW else None

    def kind_of(self, article: Article) -> str:
        """Return what a reader has to be told about an article, such as that it is opinion; `""` when its section says so."""
        found = pages.kind(article, self.words)
        return found if found != article.article_section else ""

    def turned(self, article: Article) -> str | None:
        """Return an article's direction where it isn't the page's."""
        found = pages.direction(article.in_language or self.publication.in_language)
        return found if found != self.direction else None

    def day(self, article: Article) -> Markup:
        """Return the time element of the day on which an article was published, nothing when that is not known."""
        way = pages.direction(self.words.language) if self.turned(article) else None
        return self.time(article.date_published, "dt-published", day=True, dir=way) if article.date_published else Markup()

    def translations(self, article: Article) -> tuple[Place, ...]:
        """Return where an article is in other languages, called by the languages' own names."""
        return tuple(
            Place(
                url=self.near(each.url),
                name=pages.called(each.in_language) or each.in_language,
                language=each.in_language,
                attributes=_tongue(each.in_language, None),
            )
            for each in article.translations
            if each.url and each.in_language
        )

    def picture(self, image: Image, place: str = "story", **given: str | int | None) -> Markup:
        """Return the element of a picture, in all its sizes and types; `place`: `lead`, `top`, `story`."""
        img = pages.picture(image, self.near(image.content_url or ""), decoding="async", **given)
        return _safe(
            pages.framed(img, self.site.renditions.get(image.content_url or "", ()), self.near, pages.sizes(self.site.theme.name, place))
        )


def _pictured(images: Iterable[Image]) -> Iterator[tuple[str, str | int | None]]:
    for each in images:
        yield "og:image", each.content_url
        yield "og:image:type", each.encoding_format
        yield "og:image:width", each.width
        yield "og:image:height", each.height
        yield "og:image:alt", each.description or each.caption


def _tongue(language: str | None, around: str | None) -> Markup:
    return _safe(pages.attributes(language, around))


def _safe(markup: str) -> Markup:
    return Markup(markup) if markup else _NONE  # noqa: S704 (made and escaped by our own functions)


def render(page: Frame, name: str, **values: object) -> bytes:
    """Return a page by the template called `name`, which is given `page` and what it is about.

    Raise `PublisherError` when a user's own template is wrong.
    """
    given = {**values, "page": page, "publication": page.publication, "words": page.words, "same": _Same(page, name)}
    return templates.render(page.site.theme, name, given)


_MADE: dict[tuple[object, ...], dict[str, Markup]] = {}
"""What was made last of the parts of pages that are the same on many, by all that they are made of."""
_MOST_MADE = 32


class _Same:
    """Makes a part of a page only once for all pages of a folder that are made by one template; `same` in templates."""

    def __init__(self, page: Frame, template: str) -> None:
        self.page = page
        self.template = template

    def __call__(self, part: str, caller: Callable[[], Markup]) -> Markup:
        """Return the part, as it was made for another page or as `caller` makes it; always that where users have their own templates."""
        made = self._made
        if made is None:
            return caller()
        if part not in made:
            made[part] = caller()
        return made[part]

    @cached_property
    def _made(self) -> dict[str, Markup] | None:
        """The parts that were made with what this page has around it; `None` where they are made for this page alone."""
        page, site, paper = self.page, self.page.site, self.page.publication
        named = (*(each.url for each in site.sections), *(url for _, url in site.services), site.rest and site.rest.url)
        if page.here in named or any(name.endswith(".html") for name, _ in site.theme.files):
            return None
        around = (site.theme.name, pages.folder(page.here, paper), page.language, site.sections, site.rest, site.services, page.offered)
        key = (self.template, *around, paper.url, paper.name, paper.description, paper.in_language)
        found = _MADE.get(key)  # once: it takes longer to tell by what than to look
        if found is None:
            if len(_MADE) >= _MOST_MADE:
                _MADE.clear()
            found = _MADE[key] = {}
        return found
