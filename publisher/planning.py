"""The plan of a build: which files are written, from which articles, and where they go.

Decided purely; nothing is rendered here and no file is opened.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial

from publisher import formats, issues
from publisher.article import Article, Publication
from publisher.formats import Alternate, Target, Writer, epub
from publisher.issues import Book, Held
from publisher.minting import publication_slug
from publisher.newsstand import (
    addresses,
    articles,
    catalogue,
    covers,
    feeds,
    front,
    hosting,
    keyfile,
    lists,
    opml,
    pictures,
    redirects,
    search,
    services,
    sheet,
    sitemaps,
)
from publisher.newsstand.pictures import Developed, Store
from publisher.newsstand.plan import FEEDS, Site
from publisher.outputs import Bundle, Output, Plan, Sheaf, forget
from publisher.settings import Settings

__all__ = ["DEFAULT", "plan", "stock"]

DEFAULT = ("rss", "atom", "jsonfeed", "epub", "newsarticle", "webpage")
"""The formats that a build writes when nothing else is asked for."""
_SITE = (
    front.outputs,
    keyfile.outputs,
    sheet.outputs,
    search.outputs,
    covers.outputs,
    catalogue.outputs,
    services.outputs,
)
"""What makes the files of a site beside its articles: each looks itself whether there is something for it to make."""


Unfold = Callable[[str, tuple[object, ...], Sequence[Article], Callable[..., Iterable[Sheaf]]], Iterable[Bundle]]
"""Gives the outputs of sheaves, by what these are called together, all that they are made from, the articles of which some are planned
with their texts, and what makes all of them, or some by name."""


def _all(name: str, given: tuple[object, ...], articles: Sequence[Article], sheaves: Callable[..., Iterable[Sheaf]]) -> Iterable[Bundle]:
    return map(Sheaf.bundle, sheaves())


def plan(
    publication: Publication,
    settings: Settings,
    media: Callable[[str], bytes | None],
    only: Collection[str] = (),
    *,
    books: Sequence[Book] | None = None,
    out: Collection[str] = (),
    held: Sequence[Held] = (),
    kepub: bool = False,
    developed: tuple[Sequence[Developed], Store] | None = None,
    unfold: Unfold = _all,
) -> Plan:
    """Return what is to be written, sorted by path.

    `books` are those that `issues.plan` has found, and `out` the paths of issues that are there: who is out is not written again.
    `held` is what those say of themselves, so that they stay in the catalogue.
    With `kepub` there are books for Kobo besides, as when the settings say so. `developed` are the pictures that were made
    in several sizes, and what they are kept in. `unfold` gives the outputs of
    sheaves: those need not be planned that are known.
    """
    writers = _writers(only)
    books = issues.plan(publication, settings.issues).books if books is None else books
    sized, store = developed or ((), None)
    site = replace(_site(publication, settings, media, writers, books, whole=not only), renditions=pictures.renditions(publication, sized))
    target = Target(hub=site.options.hub, cloud=site.options.cloud, alternates=site.alternates, media=media, book=settings.book)
    singles = [module for module in writers.values() if module.NAME not in (epub.NAME, *FEEDS)]
    given = site, target, tuple(each.NAME for each in singles if each.EACH == "article")
    outputs = Plan()
    outputs.add_all(unfold("most", given, publication.articles, partial(_sheaves, *given)))
    if epub.NAME in writers:
        outputs.add(_all_books(publication, books, target, out, kepub=kepub))
    site = catalogue.filled(site, outputs, held, out)
    outputs.add(_whole(module, publication, target) for module in singles if module.EACH == "publication")
    outputs.add(each for make in _SITE for each in make(site))
    outputs.add(pictures.outputs(site, sized, store) if store else ())
    maps = given[0], sitemaps.pages(outputs)
    outputs.add_all(unfold("maps", maps, publication.articles, partial(sitemaps.sheaves, *maps)))
    outputs.add([*hosting.outputs(site, outputs)])  # which lists the files that all others make
    for each in (given[0], site):
        each.without_places()
    outputs.sort()
    forget()
    return outputs


def stock(
    publication: Publication,
    settings: Settings,
    only: Collection[str] = (),
    *,
    books: Sequence[Book],
    out: Collection[str],
    held: Sequence[Held],
    kepub: bool = False,
) -> object:
    """Return all that a plan of these articles takes of the issues that are out: where that is the same, the whole plan is."""
    writers, made = _writers(only), Plan()
    site = _site(publication, settings, formats.no_media, writers, books, whole=not only)
    if epub.NAME in writers:
        made.add(_all_books(publication, books, Target(book=settings.book), out, kepub=kepub))
    shelf = catalogue.filled(site, made, held, out).shelf
    return tuple(books), tuple(made.paths), tuple((replace(each, made=None), each.made is None) for each in shelf)


def _writers(only: Collection[str]) -> dict[str, Writer]:
    return {name: formats.writer(name) for name in formats.FORMATS if name in (only or DEFAULT) and formats.is_written(name)}


def _site(
    publication: Publication,
    settings: Settings,
    media: Callable[[str], bytes | None],
    writers: Collection[str],
    books: Sequence[Book],
    *,
    whole: bool,
) -> Site:
    made = tuple(books) if epub.NAME in writers else ()
    alternates = tuple(_alternates(publication, writers, made))
    newest = tuple(_newest(publication, made))
    formats_ = frozenset(writers)
    return Site(
        publication=publication,
        options=settings.site,
        books=made,
        formats=formats_,
        alternates=alternates,
        newest=newest,
        media=media,
        whole=whole,
    )


def _all_books(publication: Publication, books: Iterable[Book], target: Target, out: Collection[str], *, kepub: bool) -> Iterator[Output]:
    kinds = (False, True) if kepub or target.book.kepub else (False,)
    return (each for book in books for each in _books(publication, book, target, kinds, out))


def _books(publication: Publication, book: Book, target: Target, kinds: Iterable[bool], out: Collection[str]) -> Iterator[Output]:
    """Yield what is to be written of one book: for all readers, and for Kobo."""
    part = issues.part(publication, book)
    paths = {kepub: issues.path(publication, book.edition, kepub=kepub) for kepub in (False, True)}
    is_new = book.make == "always" or (book.make == "missing" and bool(book.articles) and paths[False] not in out)
    for kepub, path in paths.items():
        is_missing = book.make == "missing" and bool(book.articles) and path not in out
        # What there is for Kobo goes with the book, so that the two never differ.
        if (is_new and path in out) or (kepub in kinds and (is_new or is_missing)):
            yield _output(path, epub.NAME, part, replace(target, edition=book.edition, kepub=kepub))


def _whole(module: Writer, publication: Publication, target: Target) -> Output:
    return _output(module.PATH.format(slug=publication_slug(publication)), module.NAME, publication, target)


def _sheaves(site: Site, target: Target, names: tuple[str, ...], wanted: Collection[str] | None = None) -> Iterator[Sheaf]:
    """Yield all of which there are many: what is of one article, of one list, and the feeds; of some names those at least."""
    yield from articles.sheaves(site, target, names, wanted)
    for kind, sheaves in (("\nfeed ", feeds.sheaves), ("\nlist ", lists.sheaves), ("\nmoved ", redirects.sheaves)):
        if wanted is None or any(each.startswith(kind) for each in wanted):
            yield from sheaves(site)
    yield Sheaf("\narchive", lists.outputs, site)
    yield Sheaf("\nopml", opml.outputs, site)


def _output(path: str, name: str, publication: Publication, target: Target) -> Output:
    return Output(path=path, format=name, publication=publication, target=replace(target, url=addresses.url(publication, path)))


def _alternates(publication: Publication, writers: Collection[str], books: Sequence[Book]) -> Iterator[Alternate]:
    """Yield what every page announces: feeds, and the book of everything where there is one."""
    for name in (each for each in FEEDS if each in writers):
        module = formats.writer(name)
        yield _alternate(publication, module.PATH.format(slug=publication_slug(publication)), module)
    if epub.NAME in writers and any(not each.edition for each in books):
        yield _alternate(publication, issues.path(publication, None), formats.writer(epub.NAME))


def _newest(publication: Publication, books: Sequence[Book]) -> Iterator[Alternate]:
    """Yield the last issue of each row, where there is no book of everything.

    Only the front page announces them: it changes with every article, and the page of an old article need not.
    """
    if all(each.edition for each in books):
        for edition in (each.edition for each in books if each.last and each.edition):
            yield _alternate(publication, issues.path(publication, edition), formats.writer(epub.NAME), edition.key)


def _alternate(publication: Publication, path: str, module: Writer, key: str = "") -> Alternate:
    name = f"{publication.name} {key}" if key else publication.name
    return Alternate(url=addresses.url(publication, path), media_type=module.MEDIA_TYPE, title=f"{name} ({module.TITLE})")
