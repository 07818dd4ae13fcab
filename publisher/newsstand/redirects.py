"""Redirects from addresses that pages of lists and archives of feeds had, to where their articles are now.

A page has a small page at its former address (`meta refresh`, HTML, 4.2.5.3), which works on any host. Netlify
(https://docs.netlify.com/routing/redirects/) and Cloudflare Pages (https://developers.cloudflare.com/pages/configuration/redirects/),
both read 2026-12-07, read the file `_redirects` besides, which is the only way for a feed. Cloudflare takes 2,000 lines of at most
1,000 characters: feeds come first. Cloudflare follows a line also where there is a file; Netlify serves the file.

Two kinds of addresses are redirected, and both are decided from the articles alone. Before 2026-12-07 older pages and archives had
numbers, counted from the oldest: `sections/harbour/3.html`. And a period that has too many articles for one page (`periods`) may have had
one when it had fewer: `sections/harbour/2018.html` leads to the newest page of that year.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import chain
from urllib.parse import quote

from publisher.article import Article, Publication
from publisher.formats import Target, writer
from publisher.formats.epub.words import words
from publisher.newsstand import addresses, feeds, lists, periods
from publisher.newsstand.periods import Part
from publisher.newsstand.plan import FEEDS, Collection, Lights, Site, moment
from publisher.newsstand.shelf import chunks, paged
from publisher.outputs import Make, Output, Sheaf
from publisher.text import escape
from publisher.themes import pages

__all__ = ["FORMAT", "NUMBERED_BEFORE", "Moved", "lines", "of_feed", "of_list", "sheaves", "write"]

FORMAT = "redirect"
NUMBERED_BEFORE = datetime(2026, 12, 7, tzinfo=UTC)
"""From then on no page and no archive has a number: only older articles decide where a number leads, so that no new one changes it."""
_MOST = 2000
"""Lines of `_redirects` that Cloudflare takes."""
_LONGEST = 1000
"""Characters of such a line."""


@dataclass(frozen=True, slots=True)
class Moved:
    """A page that is elsewhere now."""

    path: str
    """Where it was, below the exports."""
    url: str
    """Where it is."""


# -- pages ----------------------------------------------------------------------------------------------------------------


def sheaves(site: Site) -> Iterator[Sheaf]:
    """Yield the small pages at former addresses, of each list that has older pages."""
    if "webpage" in site.formats:
        for each in site.collections:
            if len(each.articles) > site.options.size:
                given = replace(each, articles=Lights(each.articles, site.light))
                yield Sheaf(f"\nmoved {each.kind} {each.name}", _pages, site.bare, given, site.options.size, _months(site, each))


def _months(site: Site, collection: Collection) -> tuple[Collection, ...]:
    """Return the months of a year without their articles, which those of the year are; `()` of any other list."""
    months = site.months_of.get(collection.name, ()) if collection.kind == "year" else ()
    return tuple(replace(each, articles=()) for each in months)


def _pages(publication: Publication, collection: Collection, size: int, months: tuple[Collection, ...]) -> Iterator[Output]:
    name = lists.called(collection.kind, collection.name, words(publication.in_language))
    numbered, divided = of_list(collection, publication, size, months)
    for each in (*numbered, *divided):
        target = Target(url=addresses.url(publication, each.path))
        make = Make(write, publication, target, each.url, name)
        yield Output(path=each.path, format=FORMAT, publication=publication, target=target, make=make)


def of_list(
    collection: Collection, publication: Publication, size: int, months: tuple[Collection, ...] = ()
) -> tuple[list[Moved], list[Moved]]:
    """Return the former pages of a list, those with numbers, the newest first, and those of divided periods; `months` are those of a year.

    Where there is a page now there is none of these.
    """
    days = lists.days(collection.articles)
    newest, older = lists.parts(collection, size) if not months else ((), ())  # the pages of a year are those of its months
    urls = _of_months(collection, publication, size, months) if months else _urls(collection, publication, newest, older)
    divided, taken = _divided((*newest, *older), older)
    numbers = {str(number): places[0] for number, places in _counted(paged(_numbered(collection.articles), size))}
    kept = {name: place for name, place in numbers.items() if name not in taken}
    numbered, periods_ = (
        [Moved(lists.older_path(collection, name), _found(urls, days[place])) for name, place in found.items()] for found in (kept, divided)
    )
    return numbered, periods_


def _numbered(articles: Sequence[Article]) -> range:
    """Return the places of the articles that were on pages and in archives with numbers; those without a date count as such."""
    return range(bisect_left(articles, True, key=lambda each: moment(each) < NUMBERED_BEFORE), len(articles))


def _counted(chunks: Sequence[Sequence[int]]) -> Iterator[tuple[int, Sequence[int]]]:
    """Yield the pages or archives with their numbers, the newest first; the oldest has the number 1."""
    return zip(range(len(chunks), 0, -1), reversed(chunks), strict=True)


def _divided(parts: Iterable[Part], own: Iterable[Part]) -> tuple[dict[str, int], set[str]]:
    """Return the place of the newest article of each divided period, and all names that no number may have."""
    found = dict[str, int]()
    for part in parts:
        for name in part.divided:
            found.setdefault(name, part.places[0])
    return found, {*found, *(each.name for each in own)}


def _urls(collection: Collection, publication: Publication, newest: Iterable[Part], older: Iterable[Part]) -> dict[str, str]:
    """Return the URL of the page that each part of a list is on, by its name."""
    first = {part.name: collection.url for part in newest}
    return first | {part.name: addresses.url(publication, lists.older_path(collection, part.name)) for part in older}


def _of_months(collection: Collection, publication: Publication, size: int, months: tuple[Collection, ...]) -> dict[str, str]:
    """Return the same of all months of a year."""
    places: dict[str, list[int]] = {}
    for place, day in enumerate(lists.days(collection.articles)):
        places.setdefault(day[:7], []).append(place)
    given = [replace(each, articles=lists.chosen(collection.articles, places[each.name])) for each in months]
    return {name: url for each in given for name, url in _urls(each, publication, *lists.parts(each, size)).items()}


def _found(by_name: Mapping[str, str], day: str, missing: str = "") -> str:
    """Return what is known of the part that a day is in."""
    return next((by_name[name] for name in ("", *periods.above(day)) if name in by_name), missing)


def write(publication: Publication, target: Target, url: str, name: str) -> bytes:
    """Return the page that leads to another one at `url`, which is called `name`, in UTF-8."""
    near, language = escape(pages.near(url, target.url, publication)), escape(publication.in_language or "")
    return f"""<!DOCTYPE html>
<html lang="{language}" dir="{pages.direction(publication.in_language)}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(name)} – {escape(publication.name)}</title>
<meta http-equiv="refresh" content="0; url={near}">
<link rel="canonical" href="{escape(url)}">
<meta name="robots" content="noindex">
<meta name="color-scheme" content="light dark">
<meta name="generator" content="Publisher">
</head>
<body>
<main>
<h1><a href="{near}" dir="auto">{escape(name)}</a></h1>
</main>
</body>
</html>
""".encode()


# -- feeds ----------------------------------------------------------------------------------------------------------------


def of_feed(articles: Sequence[Article], size: int) -> tuple[dict[str, str], dict[str, str]]:
    """Return the names of the former archives of a feed, with numbers and of divided periods, each with that of the present one.

    That is `""` where the articles are in the document with the newest.
    """
    if len(articles) <= size:
        return {}, {}
    days = [*map(periods.day, articles)]
    _, old = feeds.parted(articles, size)
    names = {part.name: part.name for part in old}
    divided, taken = _divided(periods.cut(days, size), old)
    numbers = {str(number): _found(names, days[places[0]]) for number, places in _archived(articles, days, size)}
    return (
        {number: name for number, name in numbers.items() if number not in taken},
        {name: _found(names, days[place]) for name, place in divided.items()},
    )


def _archived(articles: Sequence[Article], days: Sequence[str], size: int) -> Iterator[tuple[int, Sequence[int]]]:
    """Yield the archives with numbers that there were, the newest first, each with the places of its articles."""
    places = _numbered(articles)
    undated = bisect_left(days, True, key=lambda day: day.startswith(periods.UNDATED))
    row = [*range(places.start, undated), *range(undated + size, places.stop)]
    today = days[row[0]] if row and row[0] < undated else None  # what was of the newest day was not archived
    return ((number, each) for number, each in _counted(chunks(row, size)) if days[each[0]] != today)


# -- the file for hosts ---------------------------------------------------------------------------------------------------


def lines(site: Site) -> tuple[str, ...]:
    """Return the lines of `_redirects`: numbers before periods, and of both feeds first, which have nothing else."""
    numbered, divided = list[str](), list[str]()
    for former, now in chain(_feeds(site), _lists(site)):
        numbered += former
        divided += now
        if len(numbered) >= _MOST:
            break
    return tuple((numbered + divided)[:_MOST])


Lines = tuple[list[str], list[str]]
"""Of addresses with numbers, and of those of divided periods."""


def _feeds(site: Site) -> Iterator[Lines]:
    """Yield the lines of each feed."""
    modules = [writer(each) for each in FEEDS if each in site.formats]
    own = ((each.stem, each.articles) for each in site.collections if site.feeds_of(each))
    for stem, articles in (("", site.articles), *own) if modules else ():
        numbered, divided = (
            (
                (feeds.path(module, stem, former), quote(feeds.path(module, stem, name)))
                for former, name in found.items()
                for module in modules
            )
            for found in of_feed(articles, site.options.feed_size)
        )
        yield [*_lines(numbered)], [*_lines(divided)]


def _lists(site: Site) -> Iterator[Lines]:
    """Yield the lines of the pages of each list."""
    base, size = addresses.base(site.publication), site.options.size
    for each in site.collections if "webpage" in site.formats else ():
        if len(each.articles) > size:
            numbered, divided = (
                ((moved.path, moved.url.removeprefix(base)) for moved in found)
                for found in of_list(each, site.publication, size, _months(site, each))
            )
            yield [*_lines(numbered)], [*_lines(divided)]


def _lines(moved: Iterable[tuple[str, str]]) -> Iterator[str]:
    """Yield the lines of paths and of the addresses below the site to which they lead."""
    found = (f"/{quote(path)} /{address} 301" for path, address in moved)
    return (each for each in found if len(each) <= _LONGEST)
