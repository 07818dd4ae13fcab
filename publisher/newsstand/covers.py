"""The covers of books as pictures, for catalogues and for the page of issues: JPEG as large as inside the book, and one that is small.

Where they are is known before what is on them: a cover that is a PNG inside the book, having words only, is a JPEG here.
"""

from __future__ import annotations

from collections.abc import Iterator

from publisher import schema
from publisher.article import Publication
from publisher.formats import Target
from publisher.newsstand import addresses
from publisher.newsstand.plan import Site
from publisher.newsstand.shelf import Listed
from publisher.outputs import Make, Output

__all__ = ["NAME", "large_of", "outputs", "picture", "small", "small_of"]

NAME = "cover"


def outputs(site: Site) -> Iterator[Output]:
    """Yield two pictures for each book that is made, and for each issue that lies there without them.

    That of an issue goes with the issue, whatever else is written: nobody makes either again.
    """
    for each in site.shelf:
        if each.made and (site.whole or each.made.target.edition):
            yield from _drawn(site, each, each.made)
        elif each.picture and site.whole:
            yield _output(site, each.cover, Make(large_of, each.picture))
            yield _output(site, each.thumbnail, Make(small_of, each.picture))


def _drawn(site: Site, book: Listed, made: Output) -> Iterator[Output]:
    target = Target(media=made.target.media, edition=made.target.edition, book=made.target.book)
    light = schema.with_articles(made.publication, (site.light[each.identifier] for each in made.publication.articles))
    yield _output(site, book.cover, Make(picture, light, target))
    yield _output(site, book.thumbnail, Make(small, light, target))


def _output(site: Site, path: str, make: Make) -> Output:
    return Output(path=path, format=NAME, publication=site.bare, target=Target(url=addresses.url(site.publication, path)), make=make)


def picture(publication: Publication, target: Target) -> bytes:
    """Return the cover of a book, as JPEG."""
    return large_of(_inside(publication, target))


def small(publication: Publication, target: Target) -> bytes:
    """Return the cover of a book for a shelf."""
    return small_of(_inside(publication, target))


def _inside(publication: Publication, target: Target) -> bytes:
    from publisher.formats.epub import jacket

    return jacket.picture(publication, target)


def large_of(cover: bytes) -> bytes:
    """Return the cover of an issue as JPEG."""
    from publisher.formats.epub import cover as covers

    return covers.as_jpeg(cover)


def small_of(cover: bytes) -> bytes:
    """Return the cover of an issue for a shelf."""
    from publisher.formats.epub import cover as covers

    return covers.small(cover)
