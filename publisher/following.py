"""Feeds of many documents put together, and feeds of summaries given their texts; what asks the network is a function that is given.

RFC 5005 (https://www.rfc-editor.org/rfc/rfc5005, read 2026-11-26): an archived feed says `prev-archive` (4), a paged one `next` (3);
JSON Feed 1.1 says `next_url`. An address that no document announces is never asked.
Deviation: where both links are, the archive is followed, since it has all, and pages may be of a window that moves.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256

from lxml import etree

from publisher import feeds, markup, schema
from publisher.article import Article, Date, Publication
from publisher.feedreading import rescue
from publisher.feedreading.identity import is_newer
from publisher.problems import Problem, PublisherError, Severity, problem, shown
from publisher.text import line, url

__all__ = ["MOST", "Document", "Followed", "filled", "follow", "full_text", "merged", "onward", "wanting"]

MOST = 200
"""Documents of one feed: with the usual ten articles on a page, 2,000 articles."""
_BARREN = 3
"""Documents in a row without a new article, after which no more are asked for: some servers send their last page for ever."""
_RELATIONS = ("prev-archive", "next")
_SHORT = 600
"""Characters of a text that may be a summary only."""
_CUT_OFF = re.compile(
    r"(?:…|\.\.\.|\[(?:…|\.\.\.|&hellip;)\]|\(more…?\)|(?:read|continue|keep) (?:more|reading|on)\b.{0,60}|weiterlesen\b.{0,60}|"
    r"lire la suite\b.{0,60}|leer más\b.{0,60}|the post .{1,200} (?:appeared first|first appeared) on .{1,100})\W{0,4}$",
    re.IGNORECASE,
)
_AT_ONCE, _BATCH = 4, 64
_LONGER = 1.2
"""How many times as long as what the feed has the text of a page must be, to be more than the same with a byline."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One document of a feed as it was read."""

    url: str
    publication: Publication
    problems: tuple[Problem, ...] = ()
    drafts: frozenset[str] = frozenset()
    onward: str | None = None
    """The address of the next one, if it announces one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Followed:
    """A feed put together of its documents."""

    publication: Publication
    problems: tuple[Problem, ...] = ()
    drafts: frozenset[str] = frozenset()
    documents: int = 1


Get = Callable[[str], tuple[str, bytes]]
"""Gives where an answer came from, after redirects, and its bytes; raises `PublisherError` when there is none."""
Read = Callable[[str, bytes], Document]
"""Reads one document; raises `PublisherError` when it is no feed. What follows it is found by `follow`."""


def onward(body: bytes, address: str) -> str | None:
    """Return the address of the document that continues the one at `address`, if that says so."""
    address = feeds.web(address) or ""  # a file has none
    start = body[:400].replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    try:
        return _in_json(body, address) if start.startswith(b"{") else _in_xml(body, address)
    except PublisherError:
        return None


def _in_json(body: bytes, address: str) -> str | None:
    feed, _ = rescue.json_feed(body.removeprefix(b"\xef\xbb\xbf"))
    following = feed.get("next_url") if isinstance(feed, dict) else None
    return _web(url(following, address)) if isinstance(following, str) else None


def _in_xml(body: bytes, address: str) -> str | None:
    root = rescue.tree(body).root
    holders = [root, *(each for each in root.iterchildren("*") if etree.QName(each).localname.lower() == "channel")]
    links = [each for holder in holders for each in holder.iterchildren("*") if each.get("rel") and each.get("href")]
    for relation in _RELATIONS:
        for each in links:
            if relation in (each.get("rel") or "").lower().split() and (found := _web(feeds.resolve(each, each.get("href"), address))):
                return found
    return None


def _web(address: str | None) -> str | None:
    return feeds.web(address)


def follow(address: str, get: Get, read: Read, *, most: int = MOST) -> Followed:
    """Return the feed at `address` with all documents that follow it put together.

    Raise `PublisherError` when the first cannot be read; a later one that cannot is a problem, and ends the row.
    """
    documents, problems = [], list[Problem]()
    for each in _documents(address, get, read, most):
        if isinstance(each, Document):
            documents.append(each)
        else:
            problems.append(each)
    told = tuple(found.at(document.url) for document in documents for found in document.problems)
    return Followed(
        publication=merged([each.publication for each in documents]),
        problems=(*told, *problems),
        drafts=frozenset().union(*(each.drafts for each in documents)),
        documents=len(documents),
    )


def _documents(address: str, get: Get, read: Read, most: int) -> Iterator[Document | Problem]:
    """Yield the documents of a feed, the newest first, and why there are no more when something is wrong with that."""
    asked, digests, known = set[str](), set[bytes](), set[str]()
    following: str | None = address
    barren = 0
    while following and barren < _BARREN:
        if len(asked) >= most:
            yield _told("feed-follow-too-many", f"the feed has more than {most} documents: the rest is left out", "ask for more", following)
            return
        asked.add(_plain(following))
        try:
            at, body = get(following)
            asked.add(_plain(at))
            document = replace(read(at, body), onward=onward(body, at))
        except PublisherError as error:
            if not known and not digests:
                raise
            yield from (_as_warning(each, following) for each in error.problems)
            return
        if (digest := sha256(body).digest()) in digests:
            return
        digests.add(digest)
        new = {each.identifier for each in document.publication.articles} - known
        known |= new
        barren = 0 if new else barren + 1
        yield document
        following = document.onward
        if following and _plain(following) in asked:
            yield _told("feed-follow-loop", "the documents of the feed lead back to one before", "look at its links `next`", following)
            return


def _plain(address: str) -> str:
    return address.partition("#")[0]


def _told(code: str, message: str, hint: str, address: str) -> Problem:
    return problem(code, Severity.WARNING, message, hint=hint, spec="https://www.rfc-editor.org/rfc/rfc5005").at(address)


def _as_warning(found: Problem, address: str) -> Problem:
    located = found if found.location.path else found.at(address)
    return replace(located, severity=Severity.WARNING)


def merged(publications: Iterable[Publication]) -> Publication:
    """Return the first publication with the articles of all, each once: that which changed last, at the place where it was first.

    Of two that changed at the same time, or do not say when, the one in the document that was read first: that is the newer one.
    """
    first, *others = publications
    articles: dict[str, Article] = {}
    for publication in (first, *others):
        for each in publication.articles:
            known = articles.get(each.identifier)
            articles[each.identifier] = each if known is None or is_newer(each, known) else known
    return schema.with_articles(first, articles.values())


# -- the text of articles that are only summaries -------------------------------------------------------------------------


def wanting(publication: Publication) -> list[Article]:
    """Return the articles with an address whose text is none, is short, or says that it goes on elsewhere."""
    return [each for each in publication.articles if feeds.web(each.url) and _is_summary(each.body)]


def _is_summary(body: str) -> bool:
    said = markup.to_text(body)
    return len(said) < _SHORT or bool(_CUT_OFF.search(said[-400:].strip()))


Page = Callable[[str], Publication]
"""Reads the page at an address; raises `PublisherError` when that cannot be."""
Watch = Callable[[Iterable[tuple[Article, Problem | None]], int, str], Iterable[tuple[Article, Problem | None]]]
"""Passes values through and may show how far the work is: values, how many, what is done with them."""


def _unwatched(values: Iterable[tuple[Article, Problem | None]], total: int, what: str) -> Iterable[tuple[Article, Problem | None]]:
    return values


def full_text(publication: Publication, page: Page, watch: Watch = _unwatched) -> Followed:
    """Return the publication with the texts of those articles that have only a summary taken from their pages.

    Several pages are read at once, in threads. A page that cannot be read, or has no more, is a problem, and leaves its article as it is.
    """
    wanted = wanting(publication)
    found = list(watch(_completed(wanted, page), len(wanted), "reading pages"))
    new = {each.identifier: each for each, _ in found}
    problems = [each for _, each in found if each]
    short = [each for each in problems if each.code == "feed-full-text-none"]
    told = (*(each for each in problems if each not in short), *_summed(short))
    articles = (new.get(each.identifier, each) for each in publication.articles)
    return Followed(publication=schema.with_articles(publication, articles), problems=told)


def _completed(wanted: list[Article], page: Page) -> Iterator[tuple[Article, Problem | None]]:
    """Yield each article as it is afterwards, and what is wrong with its page."""
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        for start in range(0, len(wanted), _BATCH):
            yield from pool.map(lambda each: _of_page(each, page), wanted[start : start + _BATCH])


def _of_page(article: Article, page: Page) -> tuple[Article, Problem | None]:
    address = article.url or ""
    try:
        found = _same(article, page(address).articles)
    except PublisherError as error:
        return article, _as_warning(error.problems[0], address)
    full = filled(article, found) if found else None
    if full:
        return full, None
    message, hint = f"the page of {shown(article.headline)} has no more text than the feed", "look at the page"
    return article, problem("feed-full-text-none", Severity.INFO, message, hint=hint).at(address)


def _same(article: Article, found: tuple[Article, ...]) -> Article | None:
    """Return the article of a page that is meant: the one of the same address, else the longest."""
    same = [each for each in found if each.url == article.url]
    return max(same or found, key=lambda each: len(each.body), default=None)


def _summed(short: list[Problem]) -> Iterator[Problem]:
    """Yield the first of those that are about short pages, which many short news rightly have."""
    if len(short) > 1:
        yield replace(short[0], message=f"{short[0].message}; so it is with {len(short)} pages")
    else:
        yield from short


def filled(article: Article, page: Article) -> Article | None:
    """Return an article with the text of its page, and with what else only the page says; `None` when that has no more text.

    What the feed says is kept; what it had for a text becomes the summary when it has no other.
    """
    text, had = markup.to_text(page.body), markup.to_text(article.body)
    if len(text) <= len(had) * _LONGER or (not had and not text):
        return None
    taken = {name: getattr(page, name) for name in _FROM_PAGES if getattr(page, name) and not getattr(article, name)}
    full = replace(article, **taken, body=page.body, description=article.description or line(had) or page.description)
    return _in_order(full, {"date_published", "date_modified"} & taken.keys())


def _in_order(article: Article, taken: set[str]) -> Article:
    """Return an article without its last change when page and feed together say that it was before the publication.

    The clocks of a feed and of a page differ by what a cache or a time zone makes of them.
    """
    published, modified = article.date_published, article.date_modified
    return replace(article, date_modified=None) if len(taken) == 1 and published and modified and _before(modified, published) else article


def _before(one: Date, other: Date) -> bool:
    """Return whether a moment is before another; a day without a time is before the next day only."""
    if isinstance(one, datetime) and isinstance(other, datetime):
        return schema.begin(one) < schema.begin(other)
    return str(one)[:10] < str(other)[:10]


_FROM_PAGES = (
    *("author", "image", "date_published", "date_modified", "in_language", "article_section", "keywords", "publisher"),
    *("alternative_headline", "dateline", "license", "copyright_notice"),
)
