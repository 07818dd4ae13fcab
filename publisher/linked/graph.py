"""What a page says of itself as one JSON-LD graph: article, page, breadcrumbs, publication, publisher, site.

Each thing is one node with an `@id` that is the same on every page and for ever, so that who reads several pages knows it again
(JSON-LD 1.1, 3.3; https://developers.google.com/search/docs/appearance/structured-data/sd-policies, read 2026-11-27):

- `<publication>#site`, `<publication>#publication` and `<publication>#publisher`;
- a page has its own address, its breadcrumbs `<page>#breadcrumbs`, the article on it `<page>#article`;
- an author with a page here `<that page>#author`.

A reader of JSON-LD finds the article first, and puts nodes in the place of references.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from urllib.parse import quote

from publisher import schema
from publisher.article import Article, Link, Organization, Publication
from publisher.schema import Json, JsonObject
from publisher.surroundings import ALONE, Kind, Surroundings

__all__ = [
    "article_id",
    "author_id",
    "breadcrumbs",
    "named",
    "of_article",
    "of_list",
    "publication_id",
    "publisher_id",
    "site_id",
    "site_nodes",
]

_SEARCHED = "search_term_string"


def site_id(publication: Publication) -> str:
    """Return the `@id` of the site."""
    return f"{_address(publication)}#site"


def publication_id(publication: Publication) -> str:
    """Return the `@id` of what all articles appear in."""
    return f"{_address(publication)}#publication"


def publisher_id(publication: Publication) -> str:
    """Return the `@id` of who publishes it."""
    return f"{_address(publication)}#publisher"


def article_id(url: str) -> str:
    """Return the `@id` of the article with that address; one that is a part of a page shares no `@id` with what is around it."""
    return f"{url}{'-' if '#' in url else '#'}article"


def author_id(page: str) -> str:
    """Return the `@id` of the author whose page that is."""
    return f"{page}#author"


def _address(publication: Publication) -> str:
    return publication.url.partition("#")[0]


# -- pages ----------------------------------------------------------------------------------------------------------------


def of_article(article: Article, publication: Publication, around: Surroundings = ALONE) -> JsonObject:
    """Return the graph of an article's page, without the text of the article, which the page has itself."""
    found = schema.linked(article, body=False)
    found.pop("@context")
    found["isPartOf"] = {"@id": publication_id(publication)}
    for key, party in (("publisher", article.publisher), ("copyrightHolder", article.copyright_holder)):
        if party and party == publication.publisher:
            found[key] = {"@id": publisher_id(publication)}
    _name_authors(found, article, around.lists)
    node: JsonObject = {"@type": found.pop("@type")}
    if not article.url:
        return _graph([node | found, *site_nodes(publication, around)])
    node |= {"@id": article_id(article.url), **found}
    here = Link(url=article.url, name=article.headline)
    trail = breadcrumbs(publication, (*around.trail, here))
    return _graph([node, _page("WebPage", here, publication, article.in_language, trail), *trail, *site_nodes(publication, around)])


def of_list(
    publication: Publication, around: Surroundings, here: Link, items: Iterable[Link], more: Mapping[str, Json] | None = None
) -> JsonObject:
    """Return the graph of a page that lists articles, newest first; `here` is the page, and `more` what else is said of it.

    A page of an author is a `ProfilePage` with the author for `mainEntity`; its list is then what the page is `about`.
    """
    given = dict(more or {})
    kind = given.pop("@type", "CollectionPage")
    trail = breadcrumbs(publication, (*around.trail, here)) if here.url != _address(publication) else []
    page = _page(str(kind), here, publication, here.in_language or publication.in_language, trail)
    listed: JsonObject = {"about" if "mainEntity" in given else "mainEntity": _listed(items)}
    return _graph([page | listed | given, *trail, *site_nodes(publication, around)])


def named(article: Article, publication: Publication) -> JsonObject:
    """Return the article as JSON-LD of its own, all in one node, in which things have the names that they have on its page."""
    found = schema.linked(article)
    part_of = {"@type": "Periodical", "@id": publication_id(publication), **_spelled(*_key_of(publication))}
    for whole, party in ((found, article.publisher), (part_of, publication.publisher)):
        if party and party == publication.publisher:
            (whole["publisher"],) = _publisher(publication)
    opening: JsonObject = {"@context": found.pop("@context"), "@type": found.pop("@type")}
    return opening | ({"@id": article_id(article.url)} if article.url else {}) | found | {"isPartOf": part_of}


def _graph(nodes: Sequence[JsonObject]) -> JsonObject:
    return {"@context": schema.CONTEXT, "@graph": list(nodes)}


def _page(kind: str, here: Link, publication: Publication, language: str | None, trail: Sequence[JsonObject]) -> JsonObject:
    found: JsonObject = {"@type": kind, "@id": here.url, "url": here.url, "name": here.name}
    found |= {"inLanguage": language} if language else {}
    found["isPartOf"] = {"@id": site_id(publication)}
    return found | ({"breadcrumb": {"@id": trail[0]["@id"]}} if trail else {})


def _listed(items: Iterable[Link]) -> JsonObject:
    listed: list[Json] = [
        {"@type": "ListItem", "position": position, "url": each.url, "name": each.name} for position, each in enumerate(items, 1)
    ]
    return {"@type": "ItemList", "numberOfItems": len(listed), "itemListElement": listed}


def breadcrumbs(publication: Publication, trail: Iterable[Link]) -> list[JsonObject]:
    """Return the way from the front page to the last of `trail`, which is the page itself; none when that is the front page.

    Every item has an address, the last one too, so that the list also says which page it is of (Google, "Breadcrumb").
    """
    home = Link(url=_address(publication), name=publication.name)
    steps = [home, *(each for each in trail if each.url and each.url != home.url)]
    items: list[Json] = [
        {"@type": "ListItem", "position": position, "name": each.name or each.url, "item": each.url}
        for position, each in enumerate(steps, 1)
    ]
    return [{"@type": "BreadcrumbList", "@id": f"{_bare(steps[-1].url)}#breadcrumbs", "itemListElement": items}] if steps[1:] else []


def _bare(url: str | None) -> str:
    return (url or "").partition("#")[0]


def _name_authors(found: JsonObject, article: Article, lists: Mapping[tuple[Kind, str], str]) -> None:
    """Give each author with a page here the `@id` that the page gives; two of one name are two people, and share none."""
    names = [each.name for each in article.author]
    written = found.get("author")
    for each in written if isinstance(written, list) else []:
        name = each.get("name") if isinstance(each, dict) else None
        if isinstance(each, dict) and isinstance(name, str) and names.count(name) == 1 and (page := lists.get(("author", name))):
            each["@id"] = author_id(page)


# -- what is on every page ------------------------------------------------------------------------------------------------


def site_nodes(publication: Publication, around: Surroundings = ALONE) -> list[JsonObject]:
    """Return what every page says in the same words: the publication, its publisher, and the site, whose name search engines show."""
    return [*_site_nodes(*_key_of(publication), dict(around.services).get("search"))]


def _key_of(publication: Publication) -> tuple[Publication, str]:
    """Return a publication without articles, and its date as it is written: two that are equal may have other offsets."""
    return schema.with_articles(publication, ()), str(publication.date_modified)


@lru_cache(maxsize=8)
def _site_nodes(publication: Publication, modified: str, search: str | None) -> tuple[JsonObject, ...]:
    said = dict(_spelled(publication, modified))
    if publication.publisher:
        said["publisher"] = {"@id": publisher_id(publication)}
    periodical: JsonObject = {"@type": said.pop("@type"), "@id": publication_id(publication), **said}
    site: JsonObject = {"@type": "WebSite", "@id": site_id(publication), "url": _address(publication), "name": publication.name}
    site |= {key: said[key] for key in ("alternateName", "inLanguage", "publisher") if key in said}
    return periodical, *_publisher(publication), site | _search(search)


@lru_cache(maxsize=8)  # articles that are written one after the other are of one publication
def _spelled(publication: Publication, modified: str) -> JsonObject:
    return schema.spell(publication, linked=True)


def _publisher(publication: Publication) -> list[JsonObject]:
    party = publication.publisher
    if not party:
        return []
    said = schema.spell(party, linked=True)
    kind = "NewsMediaOrganization" if isinstance(party, Organization) else said["@type"]
    return [{"@type": kind, "@id": publisher_id(publication), **{key: each for key, each in said.items() if key != "@type"}}]


def _search(page: str | None) -> JsonObject:
    """Return how a program searches here: only where there is a page to search in (https://schema.org/SearchAction)."""
    if not page:
        return {}
    target: JsonObject = {"@type": "EntryPoint", "urlTemplate": f"{quote(page, safe=':/%?=&')}?q={{{_SEARCHED}}}"}
    return {"potentialAction": {"@type": "SearchAction", "target": target, "query-input": f"required name={_SEARCHED}"}}
