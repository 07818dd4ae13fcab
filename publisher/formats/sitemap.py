"""Sitemaps and indexes of them (https://www.sitemaps.org/protocol.html), with Google's news sitemaps; read 2026-11-24; only checked.

Deviation: what Google says that it ignores (`priority`, `changefreq`) is still checked for being what the protocol allows.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from urllib.parse import urlsplit

from publisher import listings
from publisher.formats import Context, Reading
from publisher.keys import closest
from publisher.listings import is_address, is_w3c_date
from publisher.markup import Element
from publisher.problems import Finding, Problem, Severity, rule, rules_in, shown
from publisher.text import language

NAME = "sitemap"
TITLE = "Sitemap 0.9 (checked only)"
SPEC = "https://www.sitemaps.org/protocol.html"
MEDIA_TYPE = "application/xml"

_NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
_MAP = f"{{{_NAMESPACE}}}"
_NEWS = "{http://www.google.com/schemas/sitemap-news/0.9}"
_IMAGE = "{http://www.google.com/schemas/sitemap-image/1.1}"
_LINK = "{http://www.w3.org/1999/xhtml}link"
_GOOGLE = "https://developers.google.com/search/docs/crawling-indexing/sitemaps/news-sitemap"
_PICTURES = "https://developers.google.com/search/docs/crawling-indexing/sitemaps/image-sitemaps"
_TONGUES = "https://developers.google.com/search/docs/specialty/international/localized-versions"
_ENTRIES = {"urlset": "url", "sitemapindex": "sitemap"}
_CHILDREN = {
    "urlset": frozenset(("url",)),
    "sitemapindex": frozenset(("sitemap",)),
    "url": frozenset("loc lastmod changefreq priority".split()),
    "sitemap": frozenset("loc lastmod".split()),
}
_LONGEST_NAME = 80
_OFTEN = frozenset("always hourly daily weekly monthly yearly never".split())
_MOST, _MOST_NEWS, _MOST_PICTURES, _LARGEST, _LONGEST = 50_000, 1000, 1000, 50 * 2**20, 2048
_IGNORED = {
    _NEWS: frozenset("access genres keywords stock_tickers".split()),
    _IMAGE: frozenset("caption geo_location title license".split()),
}
"""What Google has taken no notice of since 2022."""
_PRIORITY = re.compile(r"0(\.\d+)?|1(\.0+)?|\.\d+")


def recognizes(body: bytes, path: str = "") -> bool:
    """Return whether the first element is that of a sitemap or an index."""
    return listings.root_name(body) in _ENTRIES


def read(body: bytes, context: Context = Context()) -> Reading:
    """Raise `Unreadable`: it lists pages, and articles are in those."""
    raise listings.holds_no_articles("a sitemap")


def check(body: bytes) -> list[Problem]:
    """Return what is wrong with the sitemap; never raise."""
    if len(body) > _LARGEST:
        return [sitemap_too_large.problem(Finding(message=f"the file has {len(body):,} bytes"))]
    return listings.check(body, _RULES, "sitemap-malformed")


def _entries(root: Element) -> Iterator[Element]:
    return root.iterchildren(f"{_MAP}url", f"{_MAP}sitemap")


def _text(element: Element, name: str) -> str:
    return (element.findtext(name) or "").strip()


@rule(Severity.ERROR, spec=f"{SPEC}#xmlTagDefinitions", hint=f'write xmlns="{_NAMESPACE}"')
def sitemap_namespace_wrong(root: Element) -> Iterator[Finding]:
    """All is in the namespace of the protocol: without it a search engine finds nothing here."""
    if not str(root.tag).startswith(_MAP):
        yield Finding(message=f"the first element is {shown(root.tag)}", where=root)


@rule(Severity.ERROR, spec=f"{SPEC}#index", hint="write several sitemaps, and an index of them")
def sitemap_too_large(root: Element) -> Iterator[Finding]:
    """A sitemap has at most 50,000 entries and 50 MB."""
    if (count := sum(1 for _ in _entries(root))) > _MOST:
        yield Finding(message=f"there are {count:,} entries", where=root)


@rule(Severity.WARNING, spec=f"{SPEC}#xmlTagDefinitions", hint="add the pages, or take the sitemap away")
def sitemap_empty(root: Element) -> Iterator[Finding]:
    """A sitemap lists something: an empty one is reported as an error by Search Console."""
    if next(_entries(root), None) is None and str(root.tag).startswith(_MAP):
        yield Finding(message="nothing is listed", where=root)


@rule(Severity.WARNING, spec=f"{SPEC}#xmlTagDefinitions", hint="take it out, or write an element of the protocol")
def sitemap_element_unknown(root: Element) -> Iterator[Finding]:
    """Search engines pass over what the protocol does not have; capitals count, so lastMod is no date."""
    for parent in (root, *_entries(root)) if str(root.tag).startswith(_MAP) else ():
        known = _CHILDREN.get(str(parent.tag).removeprefix(_MAP), frozenset())
        for each in parent.iterchildren(f"{_MAP}*"):
            if (name := str(each.tag).removeprefix(_MAP)) not in known:
                hint = closest(name, known) if len(name) <= _LONGEST_NAME else ""
                yield Finding(message=f"there is {shown(name)} in {str(parent.tag).removeprefix(_MAP)}", where=each, hint=hint)


@rule(Severity.ERROR, spec=f"{SPEC}#locdef", hint="write the whole address, with https:// and at most 2,048 characters")
def sitemap_address_malformed(root: Element) -> Iterator[Finding]:
    """Each entry has one address, absolute and escaped."""
    for each in _entries(root):
        locations = each.findall(f"{_MAP}loc")
        address = _text(each, f"{_MAP}loc")
        if len(locations) != 1 or not is_address(address) or len(address) > _LONGEST or re.search(r"\s", address):
            yield Finding(message=f"the entry has the address {shown(address)}" if locations else "the entry has no loc", where=each)


@rule(Severity.WARNING, spec=f"{SPEC}#locdef", hint="name the page itself, without what follows #")
def sitemap_address_with_fragment(root: Element) -> Iterator[Finding]:
    """An entry is a page: search engines leave out what names a place on it, and have it twice."""
    for each in _entries(root):
        if "#" in (address := _text(each, f"{_MAP}loc")):
            yield Finding(message=f"the address {shown(address)} names a place on a page", where=each)


@rule(Severity.WARNING, spec=f"{SPEC}#location", hint="put the pages of another host into a sitemap there")
def sitemap_hosts_differ(root: Element) -> Iterator[Finding]:
    """All addresses are of one host: those of another are dropped."""
    hosts = Counter(host for each in _entries(root) if (host := _host(_text(each, f"{_MAP}loc"))))
    most = hosts.most_common(1)[0][0] if hosts else ""
    for each in _entries(root):
        host = _host(_text(each, f"{_MAP}loc"))
        if host and host != most:
            yield Finding(message=f"the host is {shown(host)}, elsewhere {shown(most)}", where=each)


def _host(address: str) -> str:
    try:
        return urlsplit(address).netloc.lower()
    except ValueError:
        return ""


@rule(Severity.WARNING, spec=f"{SPEC}#locdef", hint="name each page once")
def sitemap_address_repeated(root: Element) -> Iterator[Finding]:
    """Each page is named once."""
    seen: set[str] = set()
    for each in _entries(root):
        if (address := _text(each, f"{_MAP}loc")) in seen:
            yield Finding(message=f"the address {shown(address)} is there already", where=each)
        seen.add(address)


@rule(Severity.ERROR, spec=f"{SPEC}#lastmoddef", hint="write 2018-10-24 or 2018-10-24T08:00:00+01:00")
def sitemap_date_malformed(root: Element) -> Iterator[Finding]:
    """Dates are as in the W3C's note, in news sitemaps too: a page with a wrong one counts as never changed."""
    for each in root.iter(f"{_MAP}lastmod", f"{_NEWS}publication_date"):
        if not is_w3c_date((each.text or "").strip()):
            yield Finding(message=f"{shown(each.text or '')} is no date", where=each)


@rule(Severity.ERROR, spec=f"{SPEC}#changefreqdef", hint=f"write one of {', '.join(sorted(_OFTEN))}")
def sitemap_frequency_unknown(root: Element) -> Iterator[Finding]:
    """The frequency of changes is one of seven words."""
    for each in root.iter(f"{_MAP}changefreq"):
        if (each.text or "").strip() not in _OFTEN:
            yield Finding(message=f"the frequency is {shown(each.text or '')}", where=each)


@rule(Severity.ERROR, spec=f"{SPEC}#prioritydef", hint="write a number from 0.0 to 1.0")
def sitemap_priority_out_of_range(root: Element) -> Iterator[Finding]:
    """The priority is a number from 0.0 to 1.0."""
    for each in root.iter(f"{_MAP}priority"):
        if not _PRIORITY.fullmatch((each.text or "").strip()):
            yield Finding(message=f"the priority is {shown(each.text or '')}", where=each)


@rule(Severity.ERROR, spec=_GOOGLE, hint="add news:publication with name and language, news:publication_date and news:title")
def sitemap_news_incomplete(root: Element) -> Iterator[Finding]:
    """A news entry says who published it, in which language, when, and under which title: else it is not news to Google."""
    needed = (f"{_NEWS}publication/{_NEWS}name", f"{_NEWS}publication/{_NEWS}language", f"{_NEWS}publication_date", f"{_NEWS}title")
    for each in root.iter(f"{_NEWS}news"):
        missing = [name.rpartition("}")[2] for name in needed if not _text(each, name)]
        if missing:
            yield Finding(message=f"the news entry has no {' and no '.join(missing)}", where=each)


@rule(Severity.ERROR, spec=_GOOGLE, hint="write a code of ISO 639, such as en; for Chinese zh-cn or zh-tw")
def sitemap_news_language_unknown(root: Element) -> Iterator[Finding]:
    """The language of news is a code of ISO 639."""
    for each in root.iter(f"{_NEWS}language"):
        if not language((each.text or "").strip()):
            yield Finding(message=f"the language is {shown(each.text or '')}", where=each)


@rule(Severity.ERROR, spec=_GOOGLE, hint="keep the articles of the last two days, or write several sitemaps")
def sitemap_news_too_many(root: Element) -> Iterator[Finding]:
    """A news sitemap has at most 1,000 news entries."""
    if (count := sum(1 for _ in root.iter(f"{_NEWS}news"))) > _MOST_NEWS:
        yield Finding(message=f"there are {count:,} news entries", where=root)


@rule(Severity.INFO, spec=_PICTURES, hint="take it out: what the page says of the picture counts")
def sitemap_element_ignored(root: Element) -> Iterator[Finding]:
    """Google passes over some elements for news and pictures that it used to read."""
    for space, names in _IGNORED.items():
        for each in root.iter(*(f"{space}{name}" for name in sorted(names))):
            yield Finding(message=f"{str(each.tag).rpartition('}')[2]} is not read any more", where=each)


@rule(Severity.ERROR, spec=_PICTURES, hint="write the whole address of the picture into image:loc")
def sitemap_picture_without_address(root: Element) -> Iterator[Finding]:
    """A picture of a page is found by its address, in full."""
    for each in root.iter(f"{_IMAGE}image"):
        if not is_address(address := _text(each, f"{_IMAGE}loc")):
            yield Finding(message=f"the picture has the address {shown(address)}" if address else "the picture has no address", where=each)


@rule(Severity.WARNING, spec=_PICTURES, hint="keep the pictures that matter")
def sitemap_pictures_too_many(root: Element) -> Iterator[Finding]:
    """A page has at most 1,000 pictures: Google reads no more of them."""
    for each in _entries(root):
        if (count := sum(1 for _ in each.iterchildren(f"{_IMAGE}image"))) > _MOST_PICTURES:
            yield Finding(message=f"the page has {count:,} pictures", where=each)


@rule(
    Severity.ERROR,
    spec=_TONGUES,
    hint='write rel="alternate", hreflang with a language such as en or pt-BR, and href with the whole address',
)
def sitemap_language_malformed(root: Element) -> Iterator[Finding]:
    """A version in another language is a link with the language and the address."""
    for each in root.iter(_LINK):
        tongue, address = each.get("hreflang") or "", each.get("href")
        if each.get("rel") != "alternate" or not is_address(address) or not (tongue == "x-default" or language(tongue)):
            yield Finding(message=f"the version in {shown(tongue)} has the address {shown(address or '')}", where=each)


@rule(Severity.WARNING, spec=_TONGUES, hint="add a link with the language and the address of the page itself")
def sitemap_language_without_own(root: Element) -> Iterator[Finding]:
    """Each version names all, also itself: else Google takes no notice of the others."""
    for each in _entries(root):
        found = [link.get("href") for link in each.iterchildren(_LINK)]
        if found and _text(each, f"{_MAP}loc") not in found:
            yield Finding(message="the page names other versions and not its own", where=each)


_RULES = rules_in(globals())
