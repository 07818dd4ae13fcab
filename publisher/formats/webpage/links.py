"""Rules about the links and cards in the head: canonical, languages, feeds, Open Graph, Twitter."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import unquote, urlsplit

from publisher.formats.webpage.page import Page
from publisher.linked.values import is_private, moment
from publisher.markup import Element
from publisher.places import line_of
from publisher.problems import Finding, Severity, rule
from publisher.text import language

_CANONICAL = "https://developers.google.com/search/docs/crawling-indexing/consolidate-duplicate-urls"
_LANGUAGES = "https://developers.google.com/search/docs/specialty/international/localized-versions"
_AUTODISCOVERY = "https://www.rssboard.org/rss-autodiscovery"
_FRAGMENTS = "https://html.spec.whatwg.org/multipage/browsing-the-web.html#scroll-to-fragid"
_OPEN_GRAPH = "https://ogp.me/"
_CARDS = "https://developer.x.com/en/docs/x-for-websites/cards/overview/markup"

# -- canonical ------------------------------------------------------------------------------------------------------------


@rule(Severity.WARNING, spec=_CANONICAL, hint="move it into the head, before what belongs into the body")
def page_canonical_in_body(page: Page) -> Iterator[Finding]:
    """Search engines heed a canonical link in the head only."""
    for each in (each for each in page.canonicals if any(up.tag == "body" for up in each.iterancestors())):
        end = re.search(r"</head\s*>|<body\b", page.text, re.IGNORECASE)
        # A picture in a noscript of the head ends the head for libxml2, but not for browsers.
        if end and line_of(each) > page.text.count("\n", 0, end.start()) + 1:
            yield Finding(message="the canonical link is in the body", where=each)


@rule(Severity.WARNING, spec=_CANONICAL, hint="write it without #")
def page_canonical_with_fragment(page: Page) -> Iterator[Finding]:
    """A fragment is a place in a page, and no page: search engines do not keep it."""
    for each in page.canonicals:
        if "#" in (each.get("href") or "") and "#!" not in (each.get("href") or ""):
            yield Finding(message=f"the canonical link is {each.get('href')!r}", where=each)


@rule(Severity.WARNING, spec=_CANONICAL, hint="write the address under which everybody reaches the page")
def page_canonical_not_public(page: Page) -> Iterator[Finding]:
    """An address of the machine on which a page was made takes the page out of all searches."""
    for each in page.canonicals:
        if is_private(each.get("href") or ""):
            yield Finding(message=f"the canonical link is {each.get('href')!r}", where=each)


# -- languages ------------------------------------------------------------------------------------------------------------


def _alternates(page: Page) -> list[tuple[str, str, Element]]:
    """Return language, address and element of each version of the page in a language."""
    return [((each.get("hreflang") or "").strip(), (each.get("href") or "").strip(), each) for each in page.versions]


@rule(Severity.WARNING, spec=_LANGUAGES, hint="write a language, such as en, pt-BR or zh-Hant, or x-default")
def page_hreflang_invalid(page: Page) -> Iterator[Finding]:
    """Search engines pass over a version whose language they do not know: British English is en-GB, and not en-UK."""
    for given, _, each in _alternates(page):
        if given.lower() != "x-default" and ("_" in given or language(given[:100]) is None or re.search("-UK$", given, re.IGNORECASE)):
            yield Finding(message=f"the hreflang is {given!r}", where=each)


@rule(Severity.WARNING, spec=_LANGUAGES, hint="write the whole address, with https://")
def page_hreflang_relative(page: Page) -> Iterator[Finding]:
    """Versions in other languages are named by whole addresses."""
    for given, href, each in _alternates(page):
        if href and not re.match("https?://", href):
            yield Finding(message=f"the version in {given!r} is at {href!r}", where=each)


@rule(Severity.WARNING, spec=_LANGUAGES, hint="keep one for each language")
def page_hreflang_twice(page: Page) -> Iterator[Finding]:
    """Of two versions in one language search engines take neither."""
    seen: dict[str, str] = {}
    for given, href, each in _alternates(page):
        if seen.setdefault(given.lower(), href) != href:
            yield Finding(message=f"there are two versions in {given!r}", where=each)


@rule(Severity.WARNING, spec=_LANGUAGES, hint="add the page itself, with its own language")
def page_hreflang_without_itself(page: Page) -> Iterator[Finding]:
    """Each version names all versions, itself included, or search engines may ignore them."""
    given = _alternates(page)
    if given and page.canonical and _plain(page.canonical) not in {_plain(href) for _, href, _ in given}:
        yield Finding(message="the versions in other languages are named, but not the page itself", where=given[0][2])


def _plain(address: str) -> tuple[str, str]:
    """Return what makes two addresses different pages: not the scheme, the query or a slash at the end."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return address, ""
    return parts.netloc.lower().removeprefix("www."), parts.path.rstrip("/")


# -- places in the page ---------------------------------------------------------------------------------------------------


@rule(Severity.WARNING, spec=_FRAGMENTS, hint="give the place that id, or correct the link")
def page_fragment_missing(page: Page) -> Iterator[Finding]:
    """A link to a place in the page that is not there does nothing when somebody follows it; scripts may make the place."""
    for each in page.anchors if not page.runs else ():
        name = (each.get("href") or "").strip()[1:].partition(":~:")[0]
        if name and name.lower() != "top" and not page.targets & {name, unquote(name)}:
            yield Finding(message=f"nothing here has the id {name[:80]!r}", where=each)


# -- feeds ----------------------------------------------------------------------------------------------------------------


@rule(Severity.WARNING, spec=_AUTODISCOVERY, hint='write type="application/rss+xml" or "application/atom+xml"')
def page_feed_type_unknown(page: Page) -> Iterator[Finding]:
    """Readers find a feed by the type of its link: text/xml may be anything."""
    for each in page.related("alternate"):
        given, href = (each.get("type") or "").strip().lower(), (each.get("href") or "").lower()
        odd = given in ("text/xml", "application/xml", "application/rss", "text/rss", "text/rss+xml", "application/atom", "text/atom+xml")
        if odd and re.search(r"rss|atom|feed", f"{given} {href} {(each.get('title') or '').lower()}"):
            yield Finding(message=f"the feed {each.get('href') or ''!r} has the type {given!r}", where=each)


# -- Open Graph -----------------------------------------------------------------------------------------------------------

_BASIC = ("og:title", "og:type", "og:url", "og:image", "og:description", "og:site_name")
_ONE = ("og:title", "og:type", "og:url", "og:description", "og:site_name", "article:published_time", "article:modified_time")
_TYPES = re.compile(
    r"article|website|profile|book|payment\.link|music\.(?:song|album|playlist|radio_station)|video\.(?:movie|episode|tv_show|other)|"
    r"object|product(?:\.\w+)?|place|blog|video|game|sport|movie|tv_show|[\w.-]+:[\w.-]+",
)
_TIMES = ("article:published_time", "article:modified_time", "article:expiration_time", "og:updated_time")


@rule(Severity.INFO, spec=_OPEN_GRAPH, hint='write <meta property="og:…">')
def page_open_graph_by_name(page: Page) -> Iterator[Finding]:
    """Open Graph is RDFa, which has `property`; some readers look for nothing else (extruct 0.18)."""
    for name in _BASIC:
        for _, each in page.metas.get(name, ()):
            if each.get("property") is None:
                yield Finding(message=f"{name} is given by name", where=each)
                return


@rule(Severity.WARNING, spec=_OPEN_GRAPH, hint="keep one")
def page_open_graph_twice(page: Page) -> Iterator[Finding]:
    """A page has one title, one address and one type; of several, each reader takes another."""
    for name in _ONE:
        said = page.metas.get(name, [])
        if len({text for text, _ in said}) > 1:
            yield Finding(message=f"{name} is {said[0][0]!r} and {said[1][0]!r}", where=said[1][1])


@rule(Severity.WARNING, spec=_OPEN_GRAPH, hint="write the whole address, with https://")
def page_open_graph_relative(page: Page) -> Iterator[Finding]:
    """Cards are made away from the page, where a relative address leads nowhere."""
    for name in ("og:url", "og:video", "og:audio", "og:video:url"):
        for said, each in page.metas.get(name, ()):
            if not re.match(r"[a-z][a-z0-9+.-]*:", said, re.IGNORECASE):
                yield Finding(message=f"{name} is {said!r}", where=each)


@rule(Severity.WARNING, spec=f"{_OPEN_GRAPH}#datetime", hint="write it as in 2018-10-24T08:00:00+01:00")
def page_open_graph_time_malformed(page: Page) -> Iterator[Finding]:
    """Times are ISO 8601; who reads Open Graph for the date of an article passes over others."""
    for name in _TIMES:
        for said, each in page.metas.get(name, ()):
            if moment(said) is None and not re.fullmatch(r"\d{9,13}", said if name == "og:updated_time" else ""):
                yield Finding(message=f"{name} is {said!r}", where=each)


@rule(Severity.INFO, spec=f"{_OPEN_GRAPH}#types", hint="write article, or website for a page that is none")
def page_open_graph_type_unknown(page: Page) -> Iterator[Finding]:
    """A type that Open Graph does not have counts as website, so that nobody looks for the date and the author."""
    for said, each in page.metas.get("og:type", ()):
        if not _TYPES.fullmatch(said):
            yield Finding(message=f"og:type is {said!r}", where=each)


@rule(Severity.INFO, spec=_OPEN_GRAPH, hint="write language and country, such as en_GB")
def page_open_graph_locale_malformed(page: Page) -> Iterator[Finding]:
    """A locale is language_TERRITORY."""
    for name in ("og:locale", "og:locale:alternate"):
        for said, each in page.metas.get(name, ()):
            if not re.fullmatch(r"[a-z]{2,3}_[A-Z]{2}|[a-z]{2,3}_419|es_LA|[a-z]{2}", said):
                yield Finding(message=f"{name} is {said!r}", where=each)


@rule(Severity.WARNING, spec=f"{_OPEN_GRAPH}#structured", hint="write the number of pixels")
def page_open_graph_size_malformed(page: Page) -> Iterator[Finding]:
    """The size of a picture is in pixels, digits only."""
    for name in ("og:image:width", "og:image:height"):
        for said, each in page.metas.get(name, ()):
            if not re.fullmatch(r"\d+(?:\.0+)?(?:px)?", said):
                yield Finding(message=f"{name} is {said!r}", where=each)


@rule(Severity.INFO, spec=_CANONICAL, hint="name the same address in both")
def page_open_graph_url_differs(page: Page) -> Iterator[Finding]:
    """Where `og:url` is not the canonical address, shares and links are counted for two pages."""
    for said, each in page.metas.get("og:url", ())[:1]:
        if page.canonical.startswith("http") and said.startswith("http") and _plain(said) != _plain(page.canonical):
            yield Finding(message=f"og:url is {said!r}, the canonical link {page.canonical!r}", where=each)


@rule(Severity.WARNING, spec=_CARDS, hint="write summary or summary_large_image")
def page_twitter_card_unknown(page: Page) -> Iterator[Finding]:
    """There are four kinds of cards; for another there is no card."""
    for said, each in page.metas.get("twitter:card", ()):
        if said.lower() not in ("summary", "summary_large_image", "app", "player", "photo", "gallery", "product"):
            yield Finding(message=f"twitter:card is {said!r}", where=each)


@rule(Severity.INFO, spec="https://developers.google.com/search/docs/crawling-indexing/robots-meta-tag", hint="check that this is meant")
def page_not_to_be_found(page: Page) -> Iterator[Finding]:
    """With noindex no search engine and no aggregator shows the page; that is as it should be of a search, and where there is no page."""
    if page.says_that_there_is_none or page.is_search or page.is_redirect:
        return
    for name in ("robots", "googlebot", "googlebot-news"):
        for said, each in page.metas.get(name, ()):
            if re.search(r"\b(?:noindex|none)\b", said.lower()):
                yield Finding(message=f"{name} is {said!r}", where=each)
