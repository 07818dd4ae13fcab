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
from itertools import chain, groupby
from urllib.parse import quote

from publisher.article import Article, Publication
from publisher.formats import Target, writer
from publisher.formats.epub.words import words
from publisher.newsstand import addresses, feeds, lists, periods
from publisher.newsstand.periods import Part
from publisher.newsstand.plan import FEEDS, Collection, Site, moment
from publisher.newsstand.shelf import chunks, paged
from publisher.outputs import Make, Output, Sheaf
from publisher.text import escape
from publisher.themes import pages

__all__ = ["FORMAT", "NUMBERED_BEFORE", "Moved", "Row", "lines", "of_feed", "of_list", "rows", "sheaves", "write"]

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What decides where the pages of a list are, and were: of its articles the days alone."""

    collection: Collection
    """Without articles."""
    days: str
    """As `periods.day` gives them, each on a line; as one text, since it is looked at in each build whether they are the same."""
    numbered: int
    """The place of the newest article that may have been on a page with a number."""
    months: tuple[Collection, ...]
    """Of a year, without articles."""


def rows(site: Site) -> Iterator[Row]:
    """Yield the lists that have older pages, where pages are written."""
    for each in site.collections if "webpage" in site.formats else ():
        if len(each.articles) > site.options.size:
            months = site.months_of.get(each.name, ()) if each.kind == "year" else ()
            yield Row(
                collection=_bare(each),
                days="\n".join(map(periods.day, each.articles)),
                numbered=_numbered(each.articles),
                months=tuple(map(_bare, months)),
            )


def _bare(collection: Collection) -> Collection:
    return replace(collection, articles=(), party=None)


def _numbered(articles: Sequence[Article]) -> int:
    """Return the place of the newest article that may have been where there were numbers; those without a date may."""
    return bisect_left(articles, True, key=lambda each: moment(each) < NUMBERED_BEFORE)


def sheaves(site: Site) -> Iterator[Sheaf]:
    """Yield the small pages at former addresses, of each list that has older pages."""
    for each in rows(site):
        yield Sheaf(f"\nmoved {each.collection.kind} {each.collection.name}", _pages, site.bare, each, site.options.size)


def _pages(publication: Publication, row: Row, size: int) -> Iterator[Output]:
    name = lists.called(row.collection.kind, row.collection.name, words(publication.in_language))
    for each in chain(*of_list(publication, row, size)):
        target = Target(url=addresses.url(publication, each.path))
        make = Make(write, publication, target, each.url, name)
        yield Output(path=each.path, format=FORMAT, publication=publication, target=target, make=make)


def of_list(publication: Publication, row: Row, size: int) -> tuple[list[Moved], list[Moved]]:
    """Return the former pages of a list, those with numbers, the newest first, and those of divided periods.

    Where there is a page now there is none of these.
    """
    collection, days = row.collection, row.days.split("\n")
    newest, older = lists.parts(collection, days, size) if not row.months else ((), ())  # the pages of a year are those of its months
    urls = _of_months(publication, row, days, size) if row.months else _urls(publication, collection, newest, older)
    divided, taken = _divided((*newest, *older), older)
    chunks_ = paged(range(row.numbered, len(days)), size)
    numbers = {name: places[0] for number, places in _counted(chunks_) if (name := str(number)) not in taken}
    first, second = (
        [Moved(lists.older_path(collection, name), _found(urls, days[place])) for name, place in found.items()]
        for found in (numbers, divided)
    )
    return first, second


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


def _urls(publication: Publication, collection: Collection, newest: Iterable[Part], older: Iterable[Part]) -> dict[str, str]:
    """Return the URL of the page that each part of a list is on, by its name."""
    first = {part.name: collection.url for part in newest}
    return first | {part.name: addresses.url(publication, lists.older_path(collection, part.name)) for part in older}


def _of_months(publication: Publication, row: Row, days: Sequence[str], size: int) -> dict[str, str]:
    """Return the same of all months of a year."""
    by_month = {name: [*found] for name, found in groupby(sorted(days), lambda day: day[:7])}
    found = (_urls(publication, each, *lists.parts(each, by_month[each.name], size)) for each in row.months)
    return {name: url for each in found for name, url in each.items()}


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
    undated = bisect_left(days, True, key=lambda day: day.startswith(periods.UNDATED))
    row = [*range(_numbered(articles), undated), *range(undated + size, len(days))]
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
    base = addresses.base(site.publication)
    for row in rows(site):
        numbered, divided = (
            ((moved.path, moved.url.removeprefix(base)) for moved in found) for found in of_list(site.publication, row, site.options.size)
        )
        yield [*_lines(numbered)], [*_lines(divided)]


def _lines(moved: Iterable[tuple[str, str]]) -> Iterator[str]:
    """Yield the lines of paths and of the addresses below the site to which they lead."""
    found = (f"/{quote(path)} /{address} 301" for path, address in moved)
    return (each for each in found if len(each) <= _LONGEST)
