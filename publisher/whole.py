"""A built publication as a whole: its outputs say the same of each article, and what they name is there.

Each file for itself is checked by its format; here are the rules that need more than one. Nothing opens a file:
`open` gives the bytes at a path. A folder is a publication when its pages and feeds say that they are published from it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from urllib.parse import quote, unquote, urljoin, urlsplit

from publisher import formats, schema
from publisher.article import Image, Media, Publication
from publisher.compare import Difference, between
from publisher.formats import Alternate
from publisher.issues import stays
from publisher.markup import Element, parse_html, parse_xml
from publisher.measure import Facts, measure
from publisher.places import line_of
from publisher.problems import Finding, Location, Problem, PublisherError, Severity, check_all, rule, rules_in
from publisher.schema import with_articles

__all__ = ["check"]

_HTML = "https://html.spec.whatwg.org/multipage/"
_GOOGLE = "https://developers.google.com/search/docs/appearance/structured-data/sd-policies"
_SITEMAPS = "https://www.sitemaps.org/protocol.html"
_PAGES = (".html", ".htm", ".xhtml")
_FEED_TYPES = {"application/rss+xml": "rss", "application/atom+xml": "atom", "application/feed+json": "jsonfeed"}
_FOLLOWED = ("a", "area")
_CORE = ("headline", "url", "datePublished", "dateModified", "author", "inLanguage", "isAccessibleForFree")
"""Fields that a reader of one output and of another must not find different."""


def check(paths: Iterable[str], open: Callable[[str], bytes]) -> list[Problem]:  # noqa: A002
    """Return what is wrong with the files at `paths` together, located by these paths; nothing when they are no publication."""
    site = Site(frozenset(paths), open)
    return check_all(_RULES, site, _locate) if site.base else []


def _locate(where: object) -> Location:
    return where if isinstance(where, Location) else Location()


@dataclass(frozen=True, slots=True)
class Reference:
    """What a page names."""

    url: str
    """Absolute."""
    element: str
    """Name of the element that names it."""
    line: int


@dataclass(frozen=True, slots=True)
class Page:
    """What is needed of a page: the rest is let go, so that a large site fits into memory."""

    path: str
    canonical: str | None
    base: str
    references: tuple[Reference, ...]
    alternates: tuple[Alternate, ...]
    ids: frozenset[str]


class Site:
    """The files of a publication, by their paths below its address."""

    def __init__(self, paths: frozenset[str], open: Callable[[str], bytes]) -> None:  # noqa: A002
        self.paths = paths
        self.open = open

    @cached_property
    def outputs(self) -> dict[str, tuple[str, Publication]]:
        """The name of the format and what is in it, without bodies, by path; what cannot be read is not there.

        Issues are left out: one that is out says what was true then.
        """
        return {path: found for path in sorted(self.paths) if not stays(path) and (found := self._read(path))}

    def _read(self, path: str) -> tuple[str, Publication] | None:
        if path.rpartition(".")[2].lower() not in ("rss", "atom", "xml", "json", "jsonld", "html", "htm", "epub"):
            return None
        try:
            body = self.open(path)
            module = formats.detect(body, path)
            read = module.read(body).publication if isinstance(module, formats.Writer) else None
        except PublisherError:
            return None
        return (module.NAME, with_articles(read, (replace(each, body="") for each in read.articles))) if read else None

    @cached_property
    def base(self) -> str:
        """The address of the folder, by what most outputs say and at least one page or feed stands for; `""` when none does."""
        counted = Counter(found.url for _, found in self.outputs.values())
        for url, _ in counted.most_common():
            base = f"{url.rstrip('/')}/"
            if any(page.canonical == f"{base}{path}" or page.canonical == self.address(path, base) for path, page in self.pages.items()):
                return base
        return ""

    def address(self, path: str, base: str = "") -> str:
        """Return the address of a file; that of an `index.html` is its folder's."""
        folder, name = path.rpartition("/")[::2]
        shown = (f"{folder}/" if folder else "") if name == "index.html" else path
        return f"{base or self.base}{quote(shown)}"

    def path(self, url: str) -> str | None:
        """Return the path that an address below `base` means, `None` when it is elsewhere; the file may not be there."""
        if not url.startswith(self.base):
            return None
        path = unquote(urlsplit(url[len(self.base) :]).path)
        candidates = (path, f"{path.rstrip('/')}/index.html".lstrip("/"), f"{path}.html")
        return next((each for each in candidates if each in self.paths), path)

    @cached_property
    def pages(self) -> dict[str, Page]:
        """The pages by their paths."""
        return {path: _page(path, self.open(path)) for path in sorted(self.paths) if path.endswith(_PAGES)}

    @cached_property
    def named(self) -> tuple[tuple[Page, Reference, str, str], ...]:
        """What each page names below the site's address: the page, the reference, the path it means, and the fragment."""
        return tuple(found for page in self.pages.values() for found in self._named(page))

    def _named(self, page: Page) -> Iterator[tuple[Page, Reference, str, str]]:
        start = urljoin(self.address(page.path), page.base)
        for reference in page.references:
            try:
                url, _, fragment = urljoin(start, reference.url).partition("#")
            except ValueError:
                continue  # no address: the page's own rules say so
            if (path := self.path(url)) is not None:
                yield page, reference, path, unquote(fragment)

    def is_original(self, path: str) -> bool:
        """Return whether a page does not say that it is a copy of another one of this site."""
        canonical = self.pages[path].canonical
        return not canonical or self.path(canonical) in (path, None)

    @lru_cache(maxsize=100_000)  # noqa: B019 - lives as long as the check
    def facts(self, path: str) -> Facts:
        """Return what the bytes of a medium say."""
        return measure(self.open(path), path)

    @cached_property
    def articles(self) -> dict[str, list[tuple[str, Publication]]]:
        """Every output that has an article, as its path and a publication of just that article, by identifier."""
        found: dict[str, list[tuple[str, Publication]]] = {}
        for path, (_, publication) in self.outputs.items():
            for article in publication.articles:
                found.setdefault(article.identifier, []).append((path, with_articles(publication, (article,))))
        return found


def _page(path: str, body: bytes) -> Page:
    try:
        root = parse_html(body) if not body.startswith(b"<?xml") else parse_xml(body)
    except PublisherError:
        return Page(path=path, canonical=None, base="", references=(), alternates=(), ids=frozenset())
    canonical = next((each.get("href") for each in _links(root, "canonical")), None)
    alternates = (Alternate(url=each.get("href") or "", media_type=each.get("type") or "", title="") for each in _links(root, "alternate"))
    base = next((each.get("href") or "" for each in root.iter("base")), "")
    return Page(
        path=path,
        canonical=canonical,
        base=base,
        references=tuple(_references(root)),
        alternates=tuple(each for each in alternates if each.media_type in _FEED_TYPES),
        ids=frozenset(value for each in root.iter("*") if (value := each.get("id") or (each.get("name") if each.tag == "a" else None))),
    )


def _links(root: Element, rel: str) -> Iterator[Element]:
    return (each for each in root.iter("link") if rel in (each.get("rel") or "").lower().split())


def _references(root: Element) -> Iterator[Reference]:
    """Yield what a reader follows or sees: not what only programs ask for."""
    for element in root.iter("a", "area", "img", "source", "audio", "video", "track", "script", "link", "iframe", "embed"):
        name = str(element.tag)
        if name == "link" and not {"stylesheet", "icon", "next", "prev", "manifest"} & set((element.get("rel") or "").lower().split()):
            continue
        for attribute in ("href", "src", "poster"):
            if value := element.get(attribute):
                yield Reference(value.strip(), name, line_of(element))


# -- what is named is there -----------------------------------------------------------------------------------------------


def _at(path: str, line: int = 0, pointer: str = "") -> Location:
    return Location(path=path, line=line, pointer=pointer)


@rule(Severity.ERROR, spec=f"{_HTML}urls-and-fetching.html", hint="publish the file, or mend the address")
def site_resource_missing(site: Site) -> Iterator[Finding]:
    """A picture, a recording or a style sheet that a page shows is among the published files."""
    for page, reference, path, _ in site.named:
        if path not in site.paths and reference.element not in _FOLLOWED:
            message = f"<{reference.element}> shows {reference.url!r}, and there is no such file"
            yield Finding(message=message, where=_at(page.path, reference.line))


@rule(
    Severity.WARNING,
    spec=f"{_HTML}links.html",
    hint="write the address of a page that is there; leave this be where another program makes it",
)
def site_link_broken(site: Site) -> Iterator[Finding]:
    """A link below the site's address leads to a published file: else a reader meets a 404."""
    for page, reference, path, _ in site.named:
        if path not in site.paths and reference.element in _FOLLOWED:
            yield Finding(message=f"the link {reference.url!r} leads to no file", where=_at(page.path, reference.line))


@rule(Severity.WARNING, spec=f"{_HTML}browsing-the-web.html#scrolling-to-a-fragment", hint="give the element that id, or link to the page")
def site_fragment_missing(site: Site) -> Iterator[Finding]:
    """A link to a place in a page names an id that the page has: else it ends at the top, and nobody knows why."""
    for page, reference, path, fragment in site.named:
        target = site.pages.get(path)
        if target and fragment and fragment != "top" and not fragment.startswith(":~:") and fragment not in target.ids:
            yield Finding(message=f"{reference.url!r} leads to no element of {path}", where=_at(page.path, reference.line))


@rule(Severity.ERROR, spec="https://www.rssboard.org/rss-autodiscovery", hint="publish the feed, or take the link out")
def site_feed_missing(site: Site) -> Iterator[Finding]:
    """A feed that a page announces is there, and is of the type that the page says: a reader subscribes to it unseen."""
    for page in site.pages.values():
        for each in page.alternates:
            path = site.path(urljoin(site.address(page.path), each.url))
            if path is None:
                continue
            name = site.outputs.get(path, ("", None))[0]
            if path not in site.paths:
                yield Finding(message=f"the feed {each.url!r} is not there", where=_at(page.path))
            elif name != _FEED_TYPES[each.media_type]:
                yield Finding(message=f"{path} is announced as {each.media_type} and is {name or 'no feed'}", where=_at(page.path))


@rule(Severity.ERROR, spec="https://www.rssboard.org/rss-specification#hrelementsOfLtitemgt", hint="publish the page, or mend the address")
def site_article_without_page(site: Site) -> Iterator[Finding]:
    """The address that a feed gives for an article below the site leads to a page."""
    for path, (name, publication) in site.outputs.items():
        if name in _FEED_TYPES.values():
            for article in publication.articles:
                target = site.path(article.url) if article.url else None
                if target is not None and target not in site.paths:
                    yield Finding(message=f"{article.url!r} is not there", where=_at(path, pointer=article.identifier))


# -- media are as they are said to be ---------------------------------------------------------------------------------------


def _media(site: Site) -> Iterator[tuple[str, str, Image | Media, str]]:
    """Yield what is said of each medium of the site: output, article, medium, and the path it means."""
    for output, (_, publication) in site.outputs.items():
        for article in publication.articles:
            media: tuple[Image | Media, ...] = (*article.image, *article.associated_media)
            for medium in media:
                if medium.content_url and (path := site.path(medium.content_url)) is not None:
                    yield output, article.identifier, medium, path


@rule(Severity.ERROR, spec="https://www.rssboard.org/media-rss#media-content", hint="publish the file, or mend the address")
def site_medium_missing(site: Site) -> Iterator[Finding]:
    """A picture or recording that an article has is published with it."""
    missing: dict[str, list[tuple[str, str, str]]] = {}
    for output, identifier, medium, path in _media(site):
        if path not in site.paths:
            missing.setdefault(path, []).append((output, identifier, medium.content_url or ""))
    for (output, identifier, url), *others in missing.values():
        also = f", and {len(others)} more outputs name it" if others else ""
        yield Finding(message=f"{url!r} is not there{also}", where=_at(output, pointer=identifier))


@rule(Severity.ERROR, spec="https://www.rfc-editor.org/rfc/rfc4287#section-4.2.7.3", hint="write the media type of the file itself")
def site_medium_type_differs(site: Site) -> Iterator[Finding]:
    """The media type that is said of a file is what the file is: players choose by it, and refuse what it is not."""
    for output, identifier, medium, path in _media(site):
        if path in site.paths and (actual := site.facts(path).encoding_format) and medium.encoding_format not in (None, actual):
            yield Finding(message=f"{path} is said to be {medium.encoding_format} and is {actual}", where=_at(output, pointer=identifier))


@rule(
    Severity.ERROR,
    spec="https://www.rssboard.org/rss-specification#ltenclosuregtSubelementOfLtitemgt",
    hint="write the size of the file in bytes",
)
def site_medium_size_differs(site: Site) -> Iterator[Finding]:
    """The size that is said of a file is its size: podcast players show it, and some stop there."""
    for output, identifier, medium, path in _media(site):
        if path in site.paths and medium.content_size and medium.content_size != site.facts(path).content_size:
            message = f"{path} is said to have {medium.content_size} bytes and has {site.facts(path).content_size}"
            yield Finding(message=message, where=_at(output, pointer=identifier))


@rule(
    Severity.WARNING,
    spec="https://developers.google.com/search/docs/appearance/structured-data/article",
    hint="write width and height of the file",
)
def site_picture_size_differs(site: Site) -> Iterator[Finding]:
    """Width and height that are said of a picture are its own: the page jumps when they are not."""
    for output, identifier, medium, path in _media(site):
        if isinstance(medium, Image) and medium.width and medium.height and path in site.paths:
            facts = site.facts(path)
            if facts.width and (facts.width, facts.height) != (medium.width, medium.height):
                message = f"{path} is said to have {medium.width} × {medium.height} pixels and has {facts.width} × {facts.height}"
                yield Finding(message=message, where=_at(output, pointer=identifier))


@rule(Severity.ERROR, spec=_GOOGLE, hint="build the page anew")
def site_page_of_another_article(site: Site) -> Iterator[Finding]:
    """The page at an article's address shows that article: a copy over it would go unnoticed everywhere else."""
    seen: set[str] = set()
    for name, publication in site.outputs.values():
        for article in publication.articles if name != "webpage" else ():
            path = site.path(article.url) if article.url else None
            shown_ = {each.identifier for each in site.outputs[path][1].articles} if path in site.pages and path in site.outputs else set()
            if path and shown_ and article.identifier not in shown_ and path not in seen:
                seen.add(path)
                yield Finding(
                    message=f"this is the address of {article.headline!r:.80}, and the page shows another article", where=_at(path)
                )


# -- all say the same -------------------------------------------------------------------------------------------------------


@rule(Severity.ERROR, spec=_GOOGLE, hint="build all outputs from one source")
def site_article_differs(site: Site) -> Iterator[Finding]:
    """Feed, page, JSON-LD and book agree on headline, address, dates, authors: who finds two answers trusts neither."""
    for versions in site.articles.values():
        path, first = _usual(versions)
        for other_path, other in versions:
            for each in between(first, other):
                # What they appear in may differ: the feed of a section is a publication of its own.
                if each.article and any(each.is_in(field) for field in _CORE):
                    yield Finding(message=_disagreement(each, path), where=_at(other_path, pointer=each.pointer))


def _usual(versions: Sequence[tuple[str, Publication]]) -> tuple[str, Publication]:
    """Return the version that most outputs have: what one alone says is more likely wrong."""
    said = [tuple(schema.to_text(schema.spell(each.articles[0]).get(key)) for key in _CORE) for _, each in versions]
    most = Counter(said).most_common(1)[0][0]
    return versions[said.index(most)]


def _disagreement(found: Difference, first: str) -> str:
    return f"{found.second!r:.80} here is {found.first!r:.80} in {first}"


@rule(Severity.ERROR, spec="https://www.rfc-editor.org/rfc/rfc4287#section-4.2.6", hint="give each article an identifier of its own")
def site_identifier_repeated(site: Site) -> Iterator[Finding]:
    """Two pages with one identifier are one article for every reader, which shows only one of them."""
    for identifier, versions in site.articles.items():
        pages = [path for path, _ in versions if path in site.pages and site.is_original(path)]
        for path in pages[1:]:
            yield Finding(message=f"the identifier {identifier!r} is that of {pages[0]} too", where=_at(path))


@rule(Severity.WARNING, spec="https://www.rfc-editor.org/rfc/rfc6596#section-3", hint="write the page's own address, or publish that page")
def site_canonical_missing(site: Site) -> Iterator[Finding]:
    """A canonical address below this site leads to a page: search engines drop the page for one that is not there."""
    for path, page in site.pages.items():
        target = site.path(page.canonical) if page.canonical else None
        if target is not None and target not in site.paths:
            yield Finding(message=f"the canonical address {page.canonical!r} is not there", where=_at(path))


# -- sitemaps ---------------------------------------------------------------------------------------------------------------


def _locations(site: Site) -> Iterator[tuple[str, Element]]:
    """Yield the `loc` elements of every sitemap with its path."""
    for path in sorted(site.paths):
        if path.rpartition("/")[2].startswith("sitemap") and path.endswith(".xml"):
            try:
                root = parse_xml(site.open(path))
            except PublisherError:
                continue
            yield from ((path, each) for each in root.iter("{*}loc"))


@rule(Severity.ERROR, spec=_SITEMAPS, hint="take the address out, or publish the page")
def site_sitemap_page_missing(site: Site) -> Iterator[Finding]:
    """A sitemap names only pages that are there."""
    for path, each in _locations(site):
        target = site.path((each.text or "").strip())
        if target is not None and target not in site.paths:
            yield Finding(message=f"{each.text!r} is not there", where=_at(path, line_of(each)))


_RULES = rules_in(globals())
