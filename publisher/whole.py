"""A built publication as a whole: its outputs say the same of each article, and what they name is there.

Each file for itself is checked by its format; here are the rules that need more than one. Nothing opens a file:
`open` gives the bytes at a path. A folder is a publication when its pages and feeds say that they are published from it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from urllib.parse import quote, unquote, urljoin, urlsplit

from publisher import formats, naming, schema
from publisher.article import Image, Media, Publication
from publisher.compare import Difference, between
from publisher.feeds import ITUNES
from publisher.formats import Alternate
from publisher.issues import stays
from publisher.markup import Element, parse_html, parse_xml
from publisher.measure import Facts, measure
from publisher.naming import LINKED_DATA, Reference
from publisher.places import line_of
from publisher.problems import Finding, Location, Problem, PublisherError, Severity, check_all, rule, rules_in
from publisher.schema import with_articles

__all__ = ["check"]

_HTML = "https://html.spec.whatwg.org/multipage/"
_GOOGLE = "https://developers.google.com/search/docs/appearance/structured-data/sd-policies"
_SITEMAPS = "https://www.sitemaps.org/protocol.html"
_GOOGLE_MAPS = "https://developers.google.com/search/docs/crawling-indexing/sitemaps"
_PAGE_IN_MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}loc"
_PAGES = (".html", ".htm", ".xhtml")
_FEED_TYPES = {"application/rss+xml": "rss", "application/atom+xml": "atom", "application/feed+json": "jsonfeed"}
_FOLLOWED = ("a", "area", "form")
_SHOWN = ("img", "source", "audio", "video", "track", "script", "link", "iframe", "embed", "object", "meta", "style", "style sheet")
_NAMING = frozenset(("atom", "rss", "xml", "opml", "json", "jsonld", "css"))
_AT_THE_TOP = ("robots.txt", "_headers", "_redirects")
_UNLINKED = ("index.html", "404.html")
"""Pages that need no link to them."""
_HIDDEN = ("404.html", "search.html", "search--list.html")
"""Pages that ask search engines to leave them out; the last where an article has the address of the other."""
_CORE = ("headline", "url", "datePublished", "dateModified", "author", "inLanguage", "isAccessibleForFree")
"""Fields that a reader of one output and of another must not find different."""


def check(paths: Iterable[str], open: Callable[[str], bytes]) -> list[Problem]:  # noqa: A002
    """Return what is wrong with the files at `paths` together, located by these paths; nothing when they are no publication."""
    site = Site(frozenset(paths), open)
    return check_all(_RULES, site, _locate) if site.base else []


def _locate(where: object) -> Location:
    return where if isinstance(where, Location) else Location()


@dataclass(frozen=True, slots=True)
class Page:
    """What is needed of a page: the rest is let go, so that a large site fits into memory."""

    path: str
    canonical: str | None
    base: str
    references: tuple[Reference, ...]
    alternates: tuple[Alternate, ...]
    languages: tuple[tuple[str, str], ...]
    """The versions in other languages: language and address, as they are written."""
    ids: frozenset[str]


@dataclass(frozen=True, slots=True)
class Named:
    """What a file names below the site's address."""

    by: str
    """Path of the file."""
    reference: Reference
    path: str
    """What it means; the file may not be there."""
    fragment: str


@dataclass(frozen=True, slots=True)
class Ways:
    """What all pages and files name, in one walk: only what a rule may have to say something of is kept."""

    missing: tuple[Named, ...]
    fragments: tuple[Named, ...]
    reached: frozenset[str]
    """Paths that a page other than itself links to, or a catalogue."""


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

    @lru_cache(maxsize=100_000)  # noqa: B019 - lives as long as the check
    def path(self, url: str | None) -> str | None:
        """Return the path that an address below `base` means, `None` when it is elsewhere or none; the file may not be there."""
        if not url or not url.startswith(self.base):
            return None
        path = re.split("[?#]", url[len(self.base) :], maxsplit=1)[0]  # urlsplit would take `//` for a host
        if "%2f" in path.lower():
            return path  # an encoded slash divides nothing (RFC 3986, 2.2): no file is so called
        with suppress(UnicodeDecodeError):  # what is no UTF-8 is the name of no file that is published
            path = unquote(path, errors="strict")
        candidates = (path, f"{path.rstrip('/')}/index.html".lstrip("/"), f"{path}.html")
        return next((each for each in candidates if each in self.paths), path)

    @cached_property
    def pages(self) -> dict[str, Page]:
        """The pages by their paths."""
        return {path: _page(path, self.open(path)) for path in sorted(self.paths) if path.endswith(_PAGES)}

    @cached_property
    def ways(self) -> Ways:
        """What is named where."""
        missing, fragments, reached = list[Named](), list[Named](), set[str]()
        for each in self._named():
            if each.path not in self.paths:
                missing.append(each)
            elif each.fragment and each.path in self.pages and each.reference.element in _FOLLOWED:
                fragments.append(each)
            if each.path != each.by and each.reference.element != LINKED_DATA:
                reached.add(each.path)
        return Ways(tuple(missing), tuple(fragments), frozenset(reached))

    def _named(self) -> Iterator[Named]:
        for page in self.pages.values():
            yield from self._meant(page.path, _joined(self.address(page.path), page.base) or self.address(page.path), page.references)
        for path in sorted(self.paths - self.pages.keys()):
            if path.rpartition(".")[2].lower() in _NAMING or path in _AT_THE_TOP:
                yield from self._meant(path, self.address(path), naming.in_file(path, self.open(path)))

    def _meant(self, by: str, start: str, references: Iterable[Reference]) -> Iterator[Named]:
        for reference in references:
            url, _, fragment = (_joined(start, reference.url) or "").partition("#")
            if (path := self.path(url)) is not None:
                yield Named(by, reference, path, unquote(fragment))

    def is_original(self, path: str) -> bool:
        """Return whether a page does not say that it is a copy of another one of this site."""
        canonical = self.pages[path].canonical if path in self.pages else None
        return not canonical or self.path(canonical) in (path, None)

    @cached_property
    def listed(self) -> tuple[_Listed, ...]:
        """What the sitemaps list."""
        return tuple(_locations(self))

    @cached_property
    def robots(self) -> str | None:
        """The text of robots.txt, which counts only at the top of a host."""
        if "robots.txt" not in self.paths or urlsplit(self.base).path != "/":
            return None
        return self.open("robots.txt").decode(errors="replace")

    @cached_property
    def missing_media(self) -> frozenset[str]:
        """The paths of media of articles that are not there."""
        return frozenset(path for _, _, _, path in _media(self) if path not in self.paths)

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


def _joined(start: str, url: str) -> str | None:
    """Return the address that a reference means, `None` when it is none: the rules of its file say so."""
    try:
        return urljoin(start, url)
    except ValueError:
        return None


def _page(path: str, body: bytes) -> Page:
    try:
        root = parse_html(body) if not body.startswith(b"<?xml") else parse_xml(body)
    except PublisherError:
        return Page(path=path, canonical=None, base="", references=(), alternates=(), languages=(), ids=frozenset())
    canonical = next((each.get("href") for each in _links(root, "canonical")), None)
    alternates = (Alternate(url=each.get("href") or "", media_type=each.get("type") or "", title="") for each in _links(root, "alternate"))
    base = next((each.get("href") or "" for each in root.iter("base")), "")
    return Page(
        path=path,
        canonical=canonical,
        base=base,
        references=naming.in_page(root),
        alternates=tuple(each for each in alternates if each.media_type in _FEED_TYPES),
        languages=tuple((each.get("hreflang") or "", each.get("href") or "") for each in _links(root, "alternate") if each.get("hreflang")),
        ids=frozenset(value for each in root.iter("*") if (value := each.get("id") or (each.get("name") if each.tag == "a" else None))),
    )


def _links(root: Element, rel: str) -> Iterator[Element]:
    return (each for each in root.iter("link") if rel in (each.get("rel") or "").lower().split())


# -- what is named is there -----------------------------------------------------------------------------------------------


def _at(path: str, line: int = 0, pointer: str = "") -> Location:
    return Location(path=path, line=line, pointer=pointer)


@rule(Severity.ERROR, spec=f"{_HTML}urls-and-fetching.html", hint="publish the file, or mend the address")
def site_resource_missing(site: Site) -> Iterator[Finding]:
    """A picture, a recording, a script or a style sheet that a page or a style sheet shows is among the published files."""
    for each in site.ways.missing:
        if each.reference.element in _SHOWN:
            message = f"<{each.reference.element}> shows {each.reference.url!r:.200}, and there is no such file"
            yield Finding(message=message, where=_at(each.by, each.reference.line))


@rule(
    Severity.WARNING,
    spec=f"{_HTML}links.html",
    hint="write the address of a page that is there; leave this be where another program makes it",
)
def site_link_broken(site: Site) -> Iterator[Finding]:
    """A link below the site's address leads to a published file: else a reader meets a 404."""
    for each in site.ways.missing:
        if each.reference.element in _FOLLOWED:
            yield Finding(message=f"the link {each.reference.url!r:.200} leads to no file", where=_at(each.by, each.reference.line))


@rule(Severity.WARNING, spec=f"{_HTML}browsing-the-web.html#scrolling-to-a-fragment", hint="give the element that id, or link to the page")
def site_fragment_missing(site: Site) -> Iterator[Finding]:
    """A link to a place in a page names an id that the page has: else it ends at the top, and nobody knows why."""
    for each in site.ways.fragments:
        if each.fragment != "top" and not each.fragment.startswith(":~:") and each.fragment not in site.pages[each.path].ids:
            message = f"{each.reference.url!r:.200} leads to no element of {each.path}"
            yield Finding(message=message, where=_at(each.by, each.reference.line))


@rule(Severity.ERROR, spec="https://www.rfc-editor.org/rfc/rfc9110#section-15.5.5", hint="publish the file, or mend the address")
def site_address_missing(site: Site) -> Iterator[Finding]:
    """What feeds, catalogues, lists of feeds, linked data, redirects and the files of hosts name below the site is there.

    A reader follows the archive of a feed, an e-reader its catalogue, and neither tells anybody when there is nothing.
    """
    told = {(each.by, each.path) for each in site.ways.missing if each.reference.element in (*_SHOWN, *_FOLLOWED)}
    for each in site.ways.missing:
        key = (each.by, each.path)
        if key not in told and each.path not in site.missing_media:
            told.add(key)
            message = f"{each.reference.element} names {each.reference.url!r:.200}, and there is no such file"
            yield Finding(message=message, where=_at(each.by, each.reference.line))


@rule(Severity.INFO, spec="https://developers.google.com/search/docs/crawling-indexing/links-crawlable", hint="link to it from a list")
def site_page_orphaned(site: Site) -> Iterator[Finding]:
    """A page that no other page links to is found by nobody who reads, and by search engines late; a copy of another need not be."""
    for path in site.pages:
        if path not in site.ways.reached and path not in _UNLINKED and _is_at_home(site, path):
            yield Finding(message="no page links to this one", where=_at(path))


@rule(Severity.INFO, spec="https://specs.opds.io/opds-1.2", hint="link to it from the page of issues or from the catalogue")
def site_book_unlinked(site: Site) -> Iterator[Finding]:
    """A book that neither a page nor a catalogue links to is found by nobody, a former issue too."""
    for path in sorted(site.paths):
        if path.endswith(".epub") and path not in site.ways.reached:
            yield Finding(message="nothing links to this book", where=_at(path))


@rule(
    Severity.WARNING,
    spec="https://developers.google.com/search/docs/specialty/international/localized-versions",
    hint="name each version in all of them, also in itself",
)
def site_language_not_returned(site: Site) -> Iterator[Finding]:
    """A version of a page in another language names this one as its version, too: else search engines believe neither."""
    versions = {path: {site.path(_joined(site.address(path), url)) for _, url in page.languages} for path, page in site.pages.items()}
    for path, found in versions.items():
        for other in sorted(filter(None, found)):
            if other != path and path not in versions.get(other, {path}):
                yield Finding(message=f"{other} is named as a version in another language, and does not name this one", where=_at(path))


@rule(Severity.ERROR, spec="https://www.rssboard.org/rss-autodiscovery", hint="publish the feed, or take the link out")
def site_feed_missing(site: Site) -> Iterator[Finding]:
    """A feed that a page announces is there, and is of the type that the page says: a reader subscribes to it unseen."""
    for page in site.pages.values():
        for each in page.alternates:
            path = site.path(_joined(site.address(page.path), each.url))
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
        if path in site.missing_media:
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


_SMALLEST, _LARGEST = 1400, 3000
"""Pixels of a podcast's picture on each side."""


@rule(
    Severity.WARNING,
    spec="https://podcasters.apple.com/support/896-artwork-requirements",
    hint="set podcast_image in [feeds] to a square picture with 1400 to 3000 pixels; one of 3000 is best",
)
def site_podcast_picture(site: Site) -> Iterator[Finding]:
    """The picture of a podcast is square and large enough: Apple Podcasts takes no other, and lists no show without one."""
    seen: set[str] = set()
    for path, address in _artwork(site):
        picture = site.path(address)
        if picture in site.paths and picture not in seen:
            seen.add(picture)
            facts = site.facts(picture)
            if facts.width and facts.height and not _SMALLEST <= facts.width == facts.height <= _LARGEST:
                yield Finding(message=f"the podcast's picture {picture} has {facts.width} × {facts.height} pixels", where=_at(path))


def _artwork(site: Site) -> Iterator[tuple[str, str]]:
    """Yield the paths of podcasts with the addresses of their pictures."""
    for path in sorted(path for path, (name, _) in site.outputs.items() if name == "rss"):
        if b"itunes:image" in (body := site.open(path)):
            with suppress(PublisherError):  # its own rules tell what is wrong with it
                yield from ((path, each.get("href") or "") for each in parse_xml(body).iterfind(f"channel/{ITUNES}image"))


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


# -- sitemaps and robots ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Listed:
    """An address in a sitemap."""

    by: str
    url: str
    path: str | None
    line: int
    is_page: bool
    """It is no picture, and no other sitemap."""


def _locations(site: Site) -> Iterator[_Listed]:
    """Yield what every sitemap lists, and the versions in other languages."""
    for path in sorted(site.paths):
        if path.rpartition("/")[2].startswith("sitemap") and path.endswith(".xml"):
            try:
                root = parse_xml(site.open(path))
            except PublisherError:
                continue
            for each in root.iter("{*}loc", "{http://www.w3.org/1999/xhtml}link"):
                url = each.get("href") or (each.text or "").strip()
                yield _Listed(path, url, site.path(url), line_of(each), str(each.tag) == _PAGE_IN_MAP and str(root.tag).endswith("}urlset"))


@rule(Severity.ERROR, spec=_SITEMAPS, hint="take the address out, or publish the page")
def site_sitemap_page_missing(site: Site) -> Iterator[Finding]:
    """A sitemap names only pages, pictures and sitemaps that are there."""
    for each in site.listed:
        if each.path is not None and each.path not in site.paths:
            yield Finding(message=f"{each.url!r:.200} is not there", where=_at(each.by, each.line))


@rule(Severity.WARNING, spec=f"{_GOOGLE_MAPS}/build-sitemap", hint="list the canonical address")
def site_sitemap_page_not_canonical(site: Site) -> Iterator[Finding]:
    """A sitemap lists pages under their canonical addresses: of a copy, search engines drop one or the other."""
    for each in site.listed:
        page = site.pages.get(each.path or "") if each.is_page else None
        if page and page.canonical and page.canonical.partition("#")[0] != each.url:
            yield Finding(message=f"the page says that it is {page.canonical!r:.200}", where=_at(each.by, each.line))


@rule(Severity.INFO, spec=f"{_GOOGLE_MAPS}/overview", hint="build the sitemaps anew")
def site_page_unlisted(site: Site) -> Iterator[Finding]:
    """Where there are sitemaps, each page that is to be found is in one."""
    listed = {each.path for each in site.listed if each.is_page}
    for path in site.pages if listed else ():
        if path not in listed and path not in _HIDDEN and _is_at_home(site, path):
            yield Finding(message="the page is in no sitemap", where=_at(path))


def _is_at_home(site: Site, path: str) -> bool:
    """Return whether a page does not say that it is a copy of another one, here or elsewhere."""
    canonical, own = site.pages[path].canonical, site.address(path)
    named = (_joined(own, canonical) or "") if canonical else own
    return site.path(named) == path or _HOST.sub("", named) == _HOST.sub("", own)


_HOST = re.compile(r"^https?://(?:www\.)?")
"""What is mistaken for the same: such an address is no copy's."""


@rule(
    Severity.ERROR,
    spec="https://www.rfc-editor.org/rfc/rfc9309#section-2.2.2",
    hint="take out the line that forbids it, or list it no more",
)
def site_robots_forbid(site: Site) -> Iterator[Finding]:
    """What a sitemap lists, robots.txt does not forbid: one of the two is a mistake."""
    if not (text := site.robots):
        return
    from protego import Protego

    rules = Protego.parse(text)
    for each in site.listed:
        if each.path is not None and not all(rules.can_fetch(each.url, robot) for robot in ("*", "Googlebot", "Googlebot-News")):
            yield Finding(message=f"{each.url!r:.200} is in {each.by}, and forbidden here", where=_at("robots.txt"))


@rule(Severity.WARNING, spec=f"{_SITEMAPS}#submit_robots", hint="add a line: Sitemap: and the whole address")
def site_robots_without_sitemap(site: Site) -> Iterator[Finding]:
    """robots.txt says where the sitemaps are: no crawler guesses."""
    if site.robots is not None and "sitemap.xml" in site.paths and not re.search(r"(?im)^[ \t]*sitemap:", site.robots):
        yield Finding(message="no sitemap is named", where=_at("robots.txt"))


_RULES = rules_in(globals())
