"""Rules about what JSON-LD says of an article and the page does not show: authors, dates, text, address, a second account of it.

Nothing is said of a page without a heading: a script has to put its text there.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import pairwise
from urllib.parse import parse_qsl, unquote, urlsplit

from publisher.formats.webpage import content
from publisher.formats.webpage.page import Page
from publisher.linked.values import moment
from publisher.markup import Element
from publisher.problems import Finding, Severity, rule, shown
from publisher.schema import Json, JsonObject

__all__ = ["are_apart"]

_POLICIES = "https://developers.google.com/search/docs/appearance/structured-data/sd-policies"
_CANONICAL = "https://developers.google.com/search/docs/crawling-indexing/consolidate-duplicate-urls"
_MANY_WORDS = 20
_BYLINE = 100
"""Characters of a line that tells who wrote when; longer ones are text."""
_NOT_OF_THE_ARTICLE = frozenset({"aside", "footer", "nav", "li", "td", "blockquote", "del", "ins", "figure", "template", "noscript"})


def _listed(value: Json) -> list[Json]:
    return value if isinstance(value, list) else [] if value is None else [value]


_ACCENTS = re.compile("[\u0300-\u036f\u0591-\u05bd\u064b-\u065f\u0670]+")


def _folded(text: str) -> str:
    """Return the words of a text, whatever their case and accents, each with a space before and after."""
    plain = text.casefold() if text.isascii() else _ACCENTS.sub("", unicodedata.normalize("NFKD", text.casefold()))
    words = " ".join(re.findall(r"\w+", plain))
    return f" {words} "


def _is_rendered(page: Page) -> bool:
    return any(content.said(each) for each in page.headings)


# -- authors --------------------------------------------------------------------------------------------------------------


@rule(Severity.WARNING, spec=_POLICIES, hint="name the author on the page, or correct the JSON-LD")
def page_author_not_shown(page: Page) -> Iterator[Finding]:
    """Linked data says only what the page shows: search engines distrust an author whom no reader sees."""
    names = [name for name in _names_in(page.node) if name.strip() and not page.shows(name)]
    if names and _is_rendered(page):
        text = _folded(page.shown)
        for name in names:
            if not _is_named(name, text):
                yield Finding(message=f"the author {shown(name)} is not on the page", where=page.script)


def _names_in(node: JsonObject) -> list[str]:
    """Return the names of an article's authors, as far as they are given with it."""
    found = [_name(each) for each in _listed(node.get("author"))]
    return [each for each in found if each and not re.match("https?:", each)]


def _name(author: Json) -> str:
    if isinstance(author, str):
        return author
    return content.string(author, "name") if isinstance(author, dict) and "Person" in map(str, _listed(author.get("@type"))) else ""


def _is_named(name: str, text: str) -> bool:
    """Return whether all longer words of a name are in a text; initials, titles and scripts without spaces aside."""
    words = _folded(name).split()
    joined = text.replace(" ", "")
    return (
        all(f" {each} " in text or (not each.isascii() and each in joined) for each in words if len(each) > 2) or "".join(words) in joined
    )


# -- the address ----------------------------------------------------------------------------------------------------------


@rule(Severity.WARNING, spec=_CANONICAL, hint="name the same address in both")
def page_url_differs(page: Page) -> Iterator[Finding]:
    """Where the article's address is not the canonical one, search engines have to guess which of two pages is meant."""
    if not page.canonical.startswith("http") or "isBasedOn" in page.node or len(page.articles) != 1:
        return
    for key in ("url", "mainEntityOfPage"):
        given = _address_in(page.node.get(key))
        if given.startswith("http") and given != page.canonical and _plain(given) != _plain(page.canonical):
            yield Finding(message=f"{key} is {shown(given)}, the canonical link {shown(page.canonical)}", where=page.script)


def _address_in(value: Json) -> str:
    """Return the address that a property gives, as text or as that of a node."""
    first = next(iter(_listed(value)), None)
    if isinstance(first, dict):
        first = first.get("url") or first.get("@id")
    return first.strip() if isinstance(first, str) else ""


def _plain(address: str) -> tuple[str, str, tuple[tuple[str, str], ...]]:
    """Return what makes two addresses different pages: not the scheme, `www.`, a slash at the end, what counts visits, the fragment."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return address, "", ()
    query = sorted(each for each in parse_qsl(parts.query, keep_blank_values=True) if not each[0].startswith("utm_"))
    host = parts.netloc.lower().removeprefix("www.").removesuffix(":443").removesuffix(":80")
    return host, unquote(parts.path).rstrip("/"), tuple(query)


# -- dates ----------------------------------------------------------------------------------------------------------------


@rule(Severity.WARNING, spec=_POLICIES, hint="say the same date in both")
def page_date_not_shown(page: Page) -> Iterator[Finding]:
    """Where the JSON-LD has another date than the page, search engines show either, or none."""
    given = [text.strip() for key in ("datePublished", "dateModified", "dateCreated") if (text := content.string(page.node, key))]
    if {each.get("datetime") for each in page.times} <= {*given}:
        return
    times = _times_of_the_article(page) if given and all(map(moment, given)) else []
    told = [each.get("datetime", "").strip().replace(" ", "T", 1) for each in times]
    if told and all(moment(each) and len(each) >= 10 and _is_none_of(each, given) for each in told):
        yield Finding(message=f"the page shows {told[0]!r}, the JSON-LD says {given[0]!r}", where=times[0])


def _is_none_of(date: str, given: list[str]) -> bool:
    return all(len(each) >= 10 and are_apart(date, each) for each in given)


def _times_of_the_article(page: Page) -> list[Element]:
    """Return the times beside the headline, else the only one of the page, when it is not in its text."""
    times = [each for each in page.times if each.get("datetime") and not _is_in_text(each)]
    beside = [each for each in times if any(up.tag == "header" and next(up.iter("h1"), None) is not None for up in each.iterancestors())]
    return beside or (times if len(page.times) == 1 else [])


def _is_in_text(time: Element) -> bool:
    for each in time.iterancestors():
        if each.tag in _NOT_OF_THE_ARTICLE or (each.tag == "p" and len("".join(map(str, each.itertext()))) > _BYLINE):
            return True
    return False


def are_apart(one: str, other: str) -> bool:
    """Return whether two dates cannot be the same moment, whatever zone each is in."""
    first, second = moment(one), moment(other)
    if first is None or second is None:
        return False
    if isinstance(first, datetime) and isinstance(second, datetime) and first.tzinfo and second.tzinfo:
        return abs(first - second) > timedelta(hours=14)
    days = [each.date() if isinstance(each, datetime) else each for each in (first, second)]
    return abs(days[0] - days[1]) > timedelta(days=1)


# -- the text -------------------------------------------------------------------------------------------------------------


@rule(Severity.WARNING, spec=_POLICIES, hint="put the text that the page shows into articleBody, or leave it out")
def page_body_not_shown(page: Page) -> Iterator[Finding]:
    """Text that only search engines get counts as cloaking, unless it is marked as being behind a paywall."""
    body = content.string(page.node, "articleBody")
    if body and not _is_paid(page.node) and _is_rendered(page):
        words = _folded(re.sub("<[^<>]*>", " ", html.unescape(body))).split()
        there = set(_folded(page.shown).split())
        missing = sum(each not in there for each in words)
        if len(words) >= _MANY_WORDS and missing * 2 > len(words) and len(body) < 12 * len(words):
            yield Finding(message=f"{missing} of the {len(words)} words of articleBody are not on the page", where=page.script)


def _is_paid(node: JsonObject) -> bool:
    return "hasPart" in node or str(node.get("isAccessibleForFree", "")).rpartition("/")[2].lower() == "false"


# -- two accounts ---------------------------------------------------------------------------------------------------------


@rule(Severity.WARNING, spec=_POLICIES, hint="keep one, or say the same in both")
def page_articles_contradict(page: Page) -> Iterator[Finding]:
    """Of two accounts of one article that differ, each search engine believes another."""
    for (one, _), (other, script) in pairwise(page.articles):
        if _are_of_one_page(page, one, other) and (name := _contradiction(one, other)):
            yield Finding(message=f"two articles in the JSON-LD are this page, and differ in {name}", where=script)


def _are_of_one_page(page: Page, one: JsonObject, other: JsonObject) -> bool:
    first, second = (_address_in(each.get("url")) or _address_in(each.get("mainEntityOfPage")) for each in (one, other))
    if first and second:
        return _plain(first) == _plain(second)
    here = {_plain(each) for each in (first, second, page.canonical) if each}
    return len(here) < 2 and len(page.articles) == 2 and len(page.headings) == 1


def _contradiction(one: JsonObject, other: JsonObject) -> str:
    """Return the property in which two accounts of an article cannot both be true, `""` when there is none."""
    headlines = [_folded(html.unescape(content.string(each, "headline"))).strip() for each in (one, other)]
    if all(headlines) and headlines[0] not in headlines[1] and headlines[1] not in headlines[0]:
        return "headline"
    for key in ("datePublished", "dateModified"):
        if are_apart(content.string(one, key).strip(), content.string(other, key).strip()):
            return key
    authors = [{_folded(name) for name in _names_in(each)} for each in (one, other)]
    return "author" if all(authors) and authors[0].isdisjoint(authors[1]) else ""
