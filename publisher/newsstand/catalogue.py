"""The catalogue of the books, in OPDS 1.2 (https://specs.opds.io/opds-1.2) and OPDS 2.0 (https://drafts.opds.io/opds-2.0); read 2026-11-27.

Its root lists the books themselves, the newest issue first, and no other feeds: so a publication with one book is one tap away, and
KOReader can synchronize it, which takes up nothing from a root of feeds (opdsbrowser.lua). Kinds of issues are facets of that list.
Where there are many issues, older ones are in documents that stay the same, as in RFC 5005, 3 and 4; what always stands there,
the book of everything, of a section or of a list, is in the first document.
Links are relative, so that a catalogue leads to the books beside it wherever it lies; only `self` is absolute.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from publisher.article import Publication
from publisher.formats import Alternate, Target, epub, opds, opds2
from publisher.issues import Held
from publisher.newsstand import addresses, browsing, opds_json, shelf
from publisher.newsstand.browsing import STEM, Page
from publisher.newsstand.plan import Site
from publisher.outputs import Make, Output

__all__ = ["filled", "outputs", "write_xml"]


def filled(site: Site, made: Iterable[Output], held: Iterable[Held], out: Collection[str]) -> Site:
    """Return the site with its books: those that are made, and those that are out, of which `held` tells."""
    books = shelf.arranged(site.publication, made, held if epub.NAME in site.formats else (), out)
    catalogues = tuple(_announced(site.publication)) if books and site.whole else ()
    return site.with_books(books, catalogues)


def _announced(publication: Publication) -> Iterator[Alternate]:
    """Yield how pages announce the catalogue (OPDS 1.2, 7, "Discovering OPDS Catalogs")."""
    for ending, module in (("xml", opds), ("json", opds2)):
        title = f"{publication.name} ({module.TITLE.partition(' (')[0]})"
        url = addresses.url(publication, f"{STEM}.{ending}")
        yield Alternate(url=url, media_type=module.MEDIA_TYPE, title=title, rel="related")


def outputs(site: Site) -> Iterator[Output]:
    """Yield all documents of the catalogue, where there are books and everything is written."""
    for page in browsing.pages(site) if site.catalogues else ():
        yield _output(site, page, f"{page.stem}.xml", opds.NAME, Make(write_xml, page))
        yield _output(site, page, f"{page.stem}.json", opds2.NAME, Make(opds_json.write, page))


def _output(site: Site, page: Page, path: str, name: str, make: Make) -> Output:
    target = Target(url=addresses.url(site.publication, path))
    return Output(path=path, format=name, publication=page.publication, target=target, make=make)


def write_xml(page: Page) -> bytes:
    """Return a page of the catalogue in OPDS 1.2."""
    from publisher.newsstand import opds_atom  # here because it needs lxml

    return opds_atom.write(page)
