"""Sitemaps (https://www.sitemaps.org/protocol.html, read 2026-11-27) with Google's extensions for pictures, languages and news.

`sitemap.xml` is an index. There is a sitemap of the articles of each month, the oldest first, so that a new article changes one of
them and the index; one of all other pages; and `sitemap-news.xml` with the articles of the last two days.

Listed is what has its own address as canonical one. Deviations: `changefreq` and `priority` are left out, which Google ignores;
the last two days are those before the newest article, since a build that reads no clock gives the same bytes on any day.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import chain, islice, takewhile

from publisher.article import Article, Date
from publisher.newsstand import addresses, redirects
from publisher.newsstand.plan import Site, moment
from publisher.outputs import Make, Output, Sheaf
from publisher.schema import begin
from publisher.text import escape, language
from publisher.tracing import named_in

__all__ = ["INDEX", "NEWS", "is_site", "pages", "sheaves"]

FORMAT = "sitemap"
INDEX = "sitemap.xml"
NEWS = "sitemap-news.xml"
PAGES = "sitemap-pages.xml"

_XMLNS = "http://www.sitemaps.org/schemas/sitemap/0.9"
_IMAGE = "http://www.google.com/schemas/sitemap-image/1.1"
_NEWS = "http://www.google.com/schemas/sitemap-news/0.9"
_XHTML = "http://www.w3.org/1999/xhtml"
_MOST, _LARGEST, _LONGEST = 50_000, 45 * 2**20, 2048
"""Entries of one sitemap, bytes of it with room for what is around them (the protocol allows 50 MB), characters of an address."""
_MOST_PICTURES = 1000
_MOST_NEWS = 1000
_NEWS_DAYS = timedelta(days=2)
_UNLISTED = ("404.html", "search.html", "search--list.html")
"""Pages that nobody should find by searching elsewhere."""


@dataclass(frozen=True, slots=True)
class _Entry:
    """One page as a sitemap has it."""

    written: str
    changed: datetime | None


@dataclass(frozen=True, slots=True)
class _Map:
    path: str
    written: str
    changed: datetime | None
    """When the last of its pages was."""


def pages(outputs: Iterable[Output]) -> tuple[str, ...]:
    """Return the paths of those of the outputs that are pages to be found, but for articles'."""
    made = (each for each in outputs if each.is_made and each.path.endswith(".html") and each.format != redirects.FORMAT)
    return tuple(sorted(each.path for each in made if each.path not in _UNLISTED))


def sheaves(site: Site, others: tuple[str, ...], wanted: object = None) -> Iterator[Sheaf]:
    """Yield the sitemaps of all articles and of `others`, when the whole site is written."""
    if is_site(site):
        yield Sheaf("\nsitemaps", _outputs, site, others)


def _outputs(site: Site, others: Iterable[str]) -> Iterator[Output]:
    maps = [*_of_articles(site), *_cut(PAGES, _pages(site, others))]
    for each in maps:
        yield _output(site, each.path, Make(_urlset, each.written))
    yield _output(site, INDEX, Make(_index, "".join(_listed(site, each) for each in maps)))
    if news := "".join(_news(site)):
        yield _output(site, NEWS, Make(_urlset, news))


def is_site(site: Site) -> bool:
    """Return whether all of a site is written, and below an address that files can have."""
    return site.whole and "webpage" in site.formats and not any(mark in addresses.base(site.publication) for mark in "?#")


def _output(site: Site, path: str, make: Make) -> Output:
    return Output(path=path, format=FORMAT, publication=site.bare, make=make)


# -- articles -------------------------------------------------------------------------------------------------------------


def _of_articles(site: Site) -> Iterator[_Map]:
    by_month: dict[str, list[Article]] = {}
    for article in reversed(site.articles):
        if _is_own(site, article):
            by_month.setdefault(article.date_published.isoformat()[:7] if article.date_published else "undated", []).append(article)
    for month, articles in sorted(by_month.items()):
        yield from _cut(f"sitemap-{month}.xml", (_entry(each) for each in articles))


def _is_own(site: Site, article: Article) -> bool:
    """Return whether the article's own page here is the one to find, and not where it first appeared."""
    address = article.url
    is_listed = address is not None and len(address) <= _LONGEST and site.own_path(article) is not None
    return is_listed and article.is_based_on in (None, address)


def _entry(article: Article) -> _Entry:
    changed = article.date_modified or article.date_published
    pictures = dict.fromkeys([*(each.content_url for each in article.image), *named_in(article).pictures])
    shown = [each for each in pictures if each and each.startswith("http")][:_MOST_PICTURES]
    inside = "".join(f"<image:image><image:loc>{escape(each)}</image:loc></image:image>" for each in shown)
    tongues = "".join(
        f'<xhtml:link rel="alternate" hreflang="{escape(tongue)}" href="{escape(url)}"/>' for tongue, url in _languages(article).items()
    )
    return _Entry(_url(article.url or "", changed, f"{tongues}{inside}"), begin(changed) if changed else None)


def _languages(article: Article) -> dict[str, str]:
    """Return the address of the article in each of its languages, its own too; `{}` when there is but one, or its own is not known."""
    links = ((each.in_language, each.url) for each in article.translations if each.in_language and each.url)
    others = {tongue: url for tongue, url in links if url.startswith(("http://", "https://"))}
    own = {article.in_language: article.url} if others and article.in_language and article.url else {}
    return others | own if own else {}


def _url(address: str, changed: Date | None, more: str = "") -> str:
    when = f"<lastmod>{changed.isoformat()}</lastmod>" if changed else ""
    return f"<url><loc>{escape(address)}</loc>{when}{more}</url>\n"


def _news(site: Site) -> Iterator[str]:
    """Yield the entries of the newest articles; paid ones are no news (Google News policies, "Ads and sponsored content")."""
    dated = (each for each in site.articles if each.date_published and _is_own(site, each) and each.type != "AdvertiserContentArticle")
    newest = next(dated, None)
    since = moment(newest) - _NEWS_DAYS if newest else datetime.max.replace(tzinfo=UTC)
    recent = takewhile(lambda each: moment(each) >= since, chain((newest,) if newest else (), dated))
    for each in islice(recent, _MOST_NEWS):
        if tongue := _iso_639(each.in_language or site.publication.in_language):
            yield _url(each.url or "", None, _news_of(each, site.publication.name, tongue))


def _news_of(article: Article, name: str, tongue: str) -> str:
    publication = f"<news:publication><news:name>{escape(name)}</news:name><news:language>{tongue}</news:language></news:publication>"
    published = article.date_published.isoformat() if article.date_published else ""
    day = f"<news:publication_date>{published}</news:publication_date>"
    return f"<news:news>{publication}{day}<news:title>{escape(article.headline)}</news:title></news:news>"


def _iso_639(tag: str | None) -> str:
    """Return the code that Google takes for a language: two or three letters, but zh-cn and zh-tw."""
    primary, *rest = (language(tag or "") or "").split("-")
    if primary != "zh":
        return primary
    return "zh-tw" if {"TW", "HK", "MO", "Hant"} & set(rest) else "zh-cn"


# -- other pages ----------------------------------------------------------------------------------------------------------


def _pages(site: Site, others: Iterable[str]) -> Iterator[_Entry]:
    """Yield the pages that are made beside the articles': those of lists with when something on them has changed."""
    whens = dict(_changed(site.articles))
    changed = {each.path: _latest(whens, each.articles) for each in site.collections} | {"index.html": _latest(whens, site.articles)}
    at_home = {each.path: each.url for each in site.authors}
    for path in others:
        when, address = changed.get(path), at_home.get(path) or addresses.url(site.publication, path)
        yield _Entry(_url(address.removesuffix("index.html") if path == "index.html" else address, when), when)


def _changed(articles: Iterable[Article]) -> Iterator[tuple[str, datetime]]:
    """Yield the identifier of each article with when it was changed, where that is known."""
    for each in articles:
        if when := each.date_modified or each.date_published:
            yield each.identifier, begin(when).astimezone(UTC)


def _latest(whens: Mapping[str, datetime], articles: Iterable[Article]) -> datetime | None:
    return max(filter(None, (whens.get(each.identifier) for each in articles)), default=None)


# -- files ----------------------------------------------------------------------------------------------------------------


def _cut(path: str, entries: Iterable[_Entry]) -> Iterator[_Map]:
    """Yield a sitemap, or several when one would be too large: only the last grows."""
    part: list[_Entry] = []
    size, number = 0, 1
    for each in entries:
        length = len(each.written.encode())
        if part and (len(part) == _MOST or size + length > _LARGEST):
            yield _map(_numbered(path, number), part)
            part, size, number = [], 0, number + 1
        part.append(each)
        size += length
    if part:
        yield _map(_numbered(path, number), part)


def _map(path: str, entries: Sequence[_Entry]) -> _Map:
    return _Map(path, "".join(each.written for each in entries), max(filter(None, (each.changed for each in entries)), default=None))


def _numbered(path: str, number: int) -> str:
    return path if number == 1 else path.replace(".xml", f"-{number}.xml")


def _listed(site: Site, sitemap: _Map) -> str:
    when = f"<lastmod>{sitemap.changed.astimezone(UTC).isoformat()}</lastmod>" if sitemap.changed else ""
    return f"<sitemap><loc>{escape(addresses.url(site.publication, sitemap.path))}</loc>{when}</sitemap>\n"


def _urlset(text: str) -> bytes:
    """Return a sitemap of entries; only the namespaces that are used are declared."""
    known = {"image": _IMAGE, "news": _NEWS, "xhtml": _XHTML}
    used = "".join(f' xmlns:{prefix}="{name}"' for prefix, name in known.items() if f"<{prefix}:" in text)
    return f'{_DECLARATION}<urlset xmlns="{_XMLNS}"{used}>\n{text}</urlset>\n'.encode()


def _index(text: str) -> bytes:
    return f'{_DECLARATION}<sitemapindex xmlns="{_XMLNS}">\n{text}</sitemapindex>\n'.encode()


_DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'
