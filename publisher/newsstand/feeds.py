"""The feeds of the whole, of sections, authors and keywords, with their archives (RFC 5005, read 2026-11-27).

The document that people subscribe to has the newest articles; all that are older are in archives, cut from the oldest on,
so that a new article changes none of these: only the last one gets a link when another one comes after it.
No archive has articles of the newest day, whose order among themselves is not that in which they came. Articles without a date are
in the document that people subscribe to, as nobody can tell which of them are new; only where they are more than fill it,
the others are the oldest in the archives.
The feed of a list is a publication of its own, whose articles are the same as in the feed of the whole: with the same identifiers,
and without `atom:source`, since nothing that an entry could inherit is another's (RFC 4287, 4.2.11).
Deviation: an archive takes a correction of an article that is in it. As section 4.1 advises, the article is then
in the document with the newest as well, so that those learn of it who never ask for an archive twice.
An article that comes late, with a date before others that are archived, is such a correction when it says by `date_modified`
when it came. When it does not, nothing tells it from those that were there before: what is built depends on the sources alone.
It moves those after it by one place, and only who reads the archives meets it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

from publisher.article import Article, Image, Person, Publication
from publisher.channels import History
from publisher.formats import Target, Writer, writer
from publisher.newsstand import addresses
from publisher.newsstand.plan import FEEDS, Collection, Common, Site, Texts, chunks, feed_path, moment, named
from publisher.outputs import Output, Sheaf
from publisher.schema import begin, with_articles

__all__ = ["sheaves"]

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
            new, old = _parted(feed.articles, options.feed_size)
            common = Common(publication=feed.publication, target=target)
            yield Sheaf(f"\nfeed {feed.publication.identifier}", _newest, common, bare, names, feed.stem, Texts(new), len(old))
            # What is true today of the whole must not change what was written: its sections, and when it changed.
            kept = replace(common, publication=replace(feed.publication, sections=(), date_modified=None))
            for number, articles in enumerate(old, 1):
                yield Sheaf(
                    f"\nfeed {feed.publication.identifier} {number}",
                    _archive,
                    kept,
                    bare,
                    names,
                    feed.stem,
                    Texts(articles),
                    number,
                    number < len(old),
                )


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


def _newest(common: Common, site: Publication, names: Iterable[str], stem: str, given: Texts, archives: int) -> Iterator[Output]:
    """Yield the documents with the newest articles; `archives` is how many there are with older ones."""
    for module in map(writer, names):
        history = History(older=_url(site, module, stem, archives) if archives else None)
        yield _document(common, site, module, stem, given.articles, 0, history)


def _archive(
    common: Common, site: Publication, names: Iterable[str], stem: str, given: Texts, number: int, has_newer: bool
) -> Iterator[Output]:
    """Yield one archive; the first has the oldest articles."""
    kept = replace(common, target=replace(common.target, hub=None, cloud=None))
    for module in map(writer, names):
        older = _url(site, module, stem, number - 1) if number > 1 else None
        newer = _url(site, module, stem, number + 1) if has_newer else None
        history = History(older=older, newer=newer, current=_url(site, module, stem))
        yield _document(kept, site, module, stem, given.articles, number, history)


def _document(
    common: Common, site: Publication, module: Writer, stem: str, articles: tuple[Article, ...], number: int, history: History
) -> Output:
    target = replace(common.target, url=_url(site, module, stem, number), history=history)
    publication = with_articles(common.publication, articles)
    return Output(path=_path(module, stem, number), format=module.NAME, publication=publication, target=target)


def _path(module: Writer, stem: str, number: int = 0) -> str:
    """Return where a document of a feed is, that with the newest articles without a number; the feed of the whole has no stem."""
    own = stem or module.PATH.rpartition(".")[0]
    return feed_path(f"{own}/{number}" if number else own, module)


def _url(site: Publication, module: Writer, stem: str, number: int = 0) -> str:
    return addresses.url(site, _path(module, stem, number))


def _parted(articles: Sequence[Article], size: int) -> tuple[tuple[Article, ...], list[tuple[Article, ...]]]:
    """Return what the document with the newest has, and the archives, the oldest first; in each the newest article is first."""
    dated = [each for each in articles if each.date_published]
    undated = [each for each in articles if not each.date_published]
    row = (*dated, *undated[size:])
    old = [tuple(each) for each in chunks(row, size) if _day(each[0]) != _day(row[0]) or not dated]
    count = max(size, len(row) - sum(map(len, old)))
    new = row[:count]
    return (*new, *_corrected(row[count:], moment(new[-1]) if new else None), *undated[:size]), old


def _day(article: Article) -> date:
    return moment(article).astimezone(UTC).date()


def _corrected(old: Sequence[Article], since: datetime | None) -> tuple[Article, ...]:
    """Return those articles that were changed, or came late, after the oldest of the newest came out."""
    found = {each.identifier: at for each in old if since and each.date_modified and (at := begin(each.date_modified)) > since}
    kept = sorted(found, key=lambda each: (found[each], each))[-_CORRECTED:]
    return tuple(each for each in old if each.identifier in kept)
