"""Rules about what is around an article, as Google asks for it: breadcrumbs, the logo of who publishes, the name of the site
(read 2026-11-27)."""

from __future__ import annotations

from collections.abc import Iterator

from publisher.linked.document import Document
from publisher.linked.google import pixels
from publisher.linked.nodes import Node, Value
from publisher.places import Path
from publisher.problems import Finding, Severity, rule

_BREADCRUMB = "https://developers.google.com/search/docs/appearance/structured-data/breadcrumb"
_ORGANIZATION = "https://developers.google.com/search/docs/appearance/structured-data/organization"
_SITE_NAME = "https://developers.google.com/search/docs/appearance/site-names"
_SMALLEST_LOGO = 112
"""Pixels."""


# -- breadcrumbs ----------------------------------------------------------------------------------------------------------


def _trails(document: Document) -> Iterator[tuple[Node, list[Value]]]:
    """Yield each list of breadcrumbs with its items."""
    for node in document.all("BreadcrumbList"):
        if not node.is_reference:
            yield node, document.of(node, "itemListElement")


@rule(Severity.WARNING, spec=_BREADCRUMB, hint="name the pages above this one, or leave the list out")
def jsonld_breadcrumbs_short(document: Document) -> Iterator[Finding]:
    """Breadcrumbs are a way of two pages at least: Google takes no shorter one."""
    for node, items in document.once(_trails):
        if len(items) < 2:
            yield Finding(message="there is one breadcrumb" if items else "there are no breadcrumbs", where=node.path)


def _crumbs(document: Document) -> Iterator[tuple[int, int, Node, Path]]:
    """Yield each breadcrumb that is described: its place from 1, how many there are, the item, and where it is."""
    for _, items in document.once(_trails):
        for place, each in enumerate(items, 1):
            if crumb := document.meant(each):
                yield place, len(items), crumb, document.path_of(crumb, each)


def _inside(document: Document, crumb: Node) -> list[Node]:
    return [found for each in document.of(crumb, "item") if (found := document.meant(each))]


@rule(Severity.WARNING, spec=_BREADCRUMB, hint="add name, the title that the page has in search results")
def jsonld_breadcrumb_without_name(document: Document) -> Iterator[Finding]:
    """Each breadcrumb has a name, of its own or of the page that it leads to."""
    for place, _, crumb, path in document.once(_crumbs):
        if not document.has(crumb, "name") and not any(document.has(each, "name") for each in _inside(document, crumb)):
            yield Finding(message=f"breadcrumb {place} has no name", where=path)


@rule(Severity.WARNING, spec=_BREADCRUMB, hint="add item, the address of the page")
def jsonld_breadcrumb_without_address(document: Document) -> Iterator[Finding]:
    """Each breadcrumb leads to a page; only the last one may leave that out, since it is the page itself."""
    for place, count, crumb, path in document.once(_crumbs):
        if place < count and not document.has(crumb, "item", "url"):
            yield Finding(message=f"breadcrumb {place} of {count} leads nowhere", where=path)


@rule(Severity.WARNING, spec=_BREADCRUMB, hint="count from 1 up, in the order of the list")
def jsonld_breadcrumb_position_wrong(document: Document) -> Iterator[Finding]:
    """The positions count from 1: the front page, or what comes first, is 1."""
    for place, _, crumb, path in document.once(_crumbs):
        said = [each.data for each in document.of(crumb, "position")]
        if not said or str(said[0]).strip() != str(place):
            yield Finding(
                message=f"breadcrumb {place} has the position {said[0]!r:.20}" if said else f"breadcrumb {place} has no position",
                where=path,
            )


# -- who publishes --------------------------------------------------------------------------------------------------------


def _logos(document: Document) -> Iterator[tuple[Node, Path]]:
    for each in document.by_name.get("logo", ()):
        node = document.meant(each)
        if node and not node.is_reference and document.is_a(each.owner, "Organization"):
            yield node, document.path_of(node, each)


@rule(Severity.INFO, spec=_ORGANIZATION, hint=f"use a picture of at least {_SMALLEST_LOGO} × {_SMALLEST_LOGO} pixels")
def jsonld_logo_small(document: Document) -> Iterator[Finding]:
    """Google shows no logo that is lower or narrower than 112 pixels; 600 × 60 is what it once asked for."""
    for node, path in document.once(_logos):
        width, height = pixels(node.data.get("width")), pixels(node.data.get("height"))
        if 1 < width < _SMALLEST_LOGO or 1 < height < _SMALLEST_LOGO:
            yield Finding(message=f"the logo has {width} × {height} pixels", where=path)


@rule(Severity.WARNING, spec=_ORGANIZATION, hint="add contentUrl, the address of the picture")
def jsonld_logo_without_address(document: Document) -> Iterator[Finding]:
    """A logo is a picture that can be fetched."""
    for node, path in document.once(_logos):
        if not document.has(node, "contentUrl", "url") and not node.id.startswith("http"):
            yield Finding(message="the logo has no address", where=path)


# -- the site -------------------------------------------------------------------------------------------------------------


def _sites(document: Document) -> Iterator[Node]:
    """Yield the sites that are described for themselves, and not mentioned as what something is part of."""
    return (each for each in document.all("WebSite") if each.top and not each.is_reference)


@rule(Severity.WARNING, spec=_SITE_NAME, hint="add name, what the site is called")
def jsonld_site_without_name(document: Document) -> Iterator[Finding]:
    """The name of the site stands above each search result; without, the host does."""
    for node in document.once(_sites):
        if not document.has(node, "name"):
            yield Finding(message="the site has no name", where=node.path)


@rule(Severity.WARNING, spec=_SITE_NAME, hint="add url, the address of the front page")
def jsonld_site_without_address(document: Document) -> Iterator[Finding]:
    """The name of a site counts for the address that it gives."""
    for node in document.once(_sites):
        if not document.has(node, "url"):
            yield Finding(message="the site has no url", where=node.path)
