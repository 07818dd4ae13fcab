"""The feeds of the whole, of sections, authors and keywords, with their archives (RFC 5005, read 2026-11-27).

The document that people subscribe to has the newest articles, `feed_size` of them, or all of the newest day where these are more.
All that are older are in archives of one period each (`periods`), so that a new article changes none of these, and any other
only the archive of its own period; where an archive comes or goes, the one before it and the one after it change their links.
An archive has all articles of its period, also those that the document with the newest has besides.
No archive has articles of the newest day, whose order among themselves is not that in which they came. Articles without a date are
in the document that people subscribe to, as nobody can tell which of them are new; only where they are more than fill it,
all of them are the oldest in the archives besides.
The feed of a list is a publication of its own, whose articles are the same as in the feed of the whole: with the same identifiers,
and without `atom:source`, since nothing that an entry could inherit is another's (RFC 4287, 4.2.11).
Deviation: an archive takes a correction of an article that is in it. As section 4.1 advises, the article is then
in the document with the newest as well, so that those learn of it who never ask for an archive twice.
An article that comes late, with a date before others that are archived, is such a correction when it says by `date_modified`
when it came. When it does not, nothing tells it from those that were there before: what is built depends on the sources alone.
Only who reads the archive of its period meets it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import accumulate

from publisher.article import Article, Image, Person, Publication
from publisher.channels import History
from publisher.formats import Target, Writer, writer
from publisher.newsstand import addresses, periods
from publisher.newsstand.periods import Part
from publisher.newsstand.plan import FEEDS, Collection, Common, Site, Texts, feed_path, moment, named
from publisher.outputs import Output, Sheaf
from publisher.schema import begin, with_articles

__all__ = ["parted", "path", "sheaves"]

_CORRECTED = 10
"""How many older articles that were changed since are in the document with the newest, at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Feed:
    """What one feed is of."""

    stem: str
    """The path without its ending: `sections/harbour`; empty for the feed of the whole."""
    publication: Publication
    """Without articles."""
    articles: Sequence[Article]
    """Newest first."""


def sheaves(site: Site) -> Iterator[Sheaf]:
    """Yield the documents of every feed, in all formats of feeds that are written: the one with the newest articles, and each archive."""
    names = tuple(each for each in FEEDS if each in site.formats)
    if names:
        options, bare = site.options, site.bare
        target = Target(hub=options.hub, cloud=options.cloud, media=site.media, home=bare.url, podcast=options.podcast)
        whole = _Feed(stem="", publication=bare, articles=site.articles)
        for feed in (whole, *(_part(site, each) for each in site.collections if site.feeds_of(each))):
            new, old = parted(feed.articles, options.feed_size)
            common, row = Common(publication=feed.publication, target=target), ["", *(each.name for each in old), ""]
            yield Sheaf(f"\nfeed {feed.publication.identifier}", _newest, common, bare, names, feed.stem, Texts(new), row[1])
            # What is true today of the whole must not change what was written: its sections, and when it changed.
            kept = replace(common, publication=replace(feed.publication, sections=(), date_modified=None))
            for part, newer, older in zip(old, row, row[2:], strict=False):
                texts = Texts(tuple(feed.articles[each] for each in part.places))
                name = f"\nfeed {feed.publication.identifier} {part.name}"
                yield Sheaf(name, _archive, kept, bare, names, feed.stem, texts, part.name, newer, older)


def _part(site: Site, collection: Collection) -> _Feed:
    """Return the feed of a list: a publication of its own, at the page of the list."""
    sections = {each.article_section for each in collection.articles}
    publication = replace(
        site.bare,
        identifier=addresses.urn(site.publication, f"{collection.kind} {collection.name}"),
        name=named(site.publication, collection),
        url=collection.url,
        image=_portrait(collection) or site.publication.image,
        date_modified=None,  # when another article has changed says nothing here
        sections=tuple(each for each in site.publication.sections if each in sections),
    )
    return _Feed(stem=collection.stem, publication=publication, articles=collection.articles)


def _portrait(collection: Collection) -> Image | None:
    return collection.party.image if isinstance(collection.party, Person) else None


def _newest(common: Common, site: Publication, names: Iterable[str], stem: str, given: Texts, last: str) -> Iterator[Output]:
    """Yield the documents with the newest articles; `last` is the period of the newest archive, `""` where there is none."""
    for module in map(writer, names):
        history = History(older=_url(site, module, stem, last) if last else None)
        yield _document(common, site, module, stem, given.articles, "", history)


def _archive(
    common: Common, site: Publication, names: Iterable[str], stem: str, given: Texts, period: str, newer: str, older: str
) -> Iterator[Output]:
    """Yield the archive of one period; `newer` and `older` are those of the archives beside it, `""` where there is none."""
    kept = replace(common, target=replace(common.target, hub=None, cloud=None))
    for module in map(writer, names):
        before, after = (_url(site, module, stem, each) if each else None for each in (older, newer))
        history = History(older=before, newer=after, current=_url(site, module, stem))
        yield _document(kept, site, module, stem, given.articles, period, history)


def _document(
    common: Common, site: Publication, module: Writer, stem: str, articles: tuple[Article, ...], period: str, history: History
) -> Output:
    target = replace(common.target, url=_url(site, module, stem, period), history=history)
    publication = with_articles(common.publication, articles)
    return Output(path=path(module, stem, period), format=module.NAME, publication=publication, target=target)


def path(module: Writer, stem: str, period: str = "") -> str:
    """Return where a document of a feed is, that with the newest articles without a period; the feed of the whole has no stem."""
    own = stem or module.PATH.rpartition(".")[0]
    return feed_path(f"{own}/{period}" if period else own, module)


def _url(site: Publication, module: Writer, stem: str, period: str = "") -> str:
    return addresses.url(site, path(module, stem, period))


def parted(articles: Sequence[Article], size: int) -> tuple[tuple[Article, ...], tuple[Part, ...]]:
    """Return the articles of the document with the newest, and the archives, the newest first.

    `articles` are the newest first, those without a date last.
    """
    if len(articles) <= size:
        return tuple(articles), ()
    parts = periods.cut([*map(periods.day, articles)], size)
    dated = [part for part in parts if articles[part.places[0]].date_published]
    row = [place for part in dated for place in part.places]
    undated = range(len(row), len(articles))
    count = max(size, len(dated[0].places)) if dated else 0
    new, rest = sorted(row[:count]), sorted((*row[count:], *undated[size:]))
    since = min(moment(articles[place]) for place in (new or undated[:size]))
    corrected = _corrected([articles[place] for place in rest], since)
    old = [part for part, total in zip(dated, accumulate(len(part.places) for part in dated), strict=True) if total > count]
    without = parts[len(dated) :] if len(undated) > size else ()
    return (*(articles[each] for each in new), *corrected, *(articles[each] for each in undated[:size])), (*old, *without)


def _corrected(old: Sequence[Article], since: datetime) -> tuple[Article, ...]:
    """Return those articles that were changed, or came late, after the oldest of the newest came out."""
    found = {each.identifier: at for each in old if each.date_modified and (at := begin(each.date_modified)) > since}
    kept = sorted(found, key=lambda each: (found[each], each))[-_CORRECTED:]
    return tuple(each for each in old if each.identifier in kept)
