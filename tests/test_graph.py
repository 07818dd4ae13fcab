"""The JSON-LD graph of a page: each thing once, under one name on all pages, and the article comes back from it."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from urllib.parse import urlsplit

import pytest
from hypothesis import given

from publisher import linked
from publisher.article import Article, Link, Organization, Person, Publication
from publisher.formats import Target, newsarticle, webpage
from publisher.formats.webpage.rules import check
from publisher.linked import graph
from publisher.problems import Severity
from publisher.schema import Json, JsonObject
from publisher.surroundings import ALONE, Kind, Surroundings
from tests import strategies

SITE = "https://lantern.example/"
PRESS = Organization(name="The Lantern Press", url="https://press.lantern.example/", same_as=("https://social.example/@lantern",))
PUBLICATION = Publication(identifier=SITE, name="The Lantern", url=SITE, in_language="en", publisher=PRESS, sections=("Harbour",))
FERRY = Article(
    identifier="tag:lantern.example,2026:ferry",
    url=f"{SITE}articles/ferry.html",
    headline="The ferry’s last trip",
    article_section="Harbour",
    date_published=date(2026, 11, 20),
    author=(Person(name="Ines Calloway"),),
    publisher=PRESS,
)
HARBOUR = Link(url=f"{SITE}sections/harbour.html", name="Harbour")
AROUND = Surroundings(
    trail=(HARBOUR,), lists={("author", "Ines Calloway"): f"{SITE}authors/ines-calloway.html", ("section", "Harbour"): HARBOUR.url or ""}
)


def nodes(document: JsonObject) -> dict[str, JsonObject]:
    """Return the nodes of a graph by the last part of their names."""
    found = document["@graph"]
    assert isinstance(found, list)
    return {str(each["@id"]).partition("#")[2] or str(each["@id"]): each for each in found if isinstance(each, dict)}


def references(value: Json) -> set[str]:
    if isinstance(value, list):
        return {name for each in value for name in references(each)}
    if not isinstance(value, dict):
        return set()
    inside = {name for each in value.values() for name in references(each)}
    return inside | ({str(value["@id"])} if set(value) == {"@id"} else set())


def test_an_article_page_describes_six_things_each_once() -> None:
    found = nodes(graph.of_article(FERRY, PUBLICATION, AROUND))
    assert {name: each["@type"] for name, each in found.items()} == {
        "article": "NewsArticle",
        f"{SITE}articles/ferry.html": "WebPage",
        "breadcrumbs": "BreadcrumbList",
        "publication": "Periodical",
        "publisher": "NewsMediaOrganization",
        "site": "WebSite",
    }


def test_every_reference_is_to_something_described() -> None:
    document = graph.of_article(FERRY, PUBLICATION, AROUND)
    listed = document["@graph"]
    assert isinstance(listed, list)
    assert references(document) <= {str(each["@id"]) for each in listed if isinstance(each, dict)}
    assert f"{SITE}#publisher" in references(document)


def test_breadcrumbs_lead_from_the_front_page_through_the_section() -> None:
    found = nodes(graph.of_article(FERRY, PUBLICATION, AROUND))["breadcrumbs"]["itemListElement"]
    assert isinstance(found, list)
    assert [(each["position"], each["name"], each["item"]) for each in found if isinstance(each, dict)] == [
        (1, "The Lantern", SITE),
        (2, "Harbour", f"{SITE}sections/harbour.html"),
        (3, "The ferry’s last trip", f"{SITE}articles/ferry.html"),
    ]


def test_the_front_page_has_no_breadcrumbs_to_itself() -> None:
    assert graph.breadcrumbs(PUBLICATION, (Link(url=SITE, name="The Lantern"),)) == []
    assert "breadcrumbs" not in nodes(graph.of_list(PUBLICATION, ALONE, Link(url=SITE, name="The Lantern"), ()))


def test_site_publication_and_publisher_are_the_same_on_all_pages() -> None:
    on_article, on_list = (
        nodes(graph.of_article(FERRY, PUBLICATION, AROUND)),
        nodes(graph.of_list(PUBLICATION, AROUND, HARBOUR, (Link(url=FERRY.url, name=FERRY.headline),))),
    )
    for name in ("site", "publication", "publisher"):
        assert on_article[name] == on_list[name]


def test_an_author_with_a_page_here_has_the_name_that_the_page_gives() -> None:
    written = nodes(graph.of_article(FERRY, PUBLICATION, AROUND))["article"]["author"]
    assert written == [{"@type": "Person", "name": "Ines Calloway", "@id": f"{SITE}authors/ines-calloway.html#author"}]


def test_two_authors_of_one_name_are_two_people() -> None:
    two = replace(FERRY, author=(Person(name="Ines Calloway"), Person(name="Ines Calloway", url="https://other.example/")))
    written = nodes(graph.of_article(two, PUBLICATION, AROUND))["article"]["author"]
    assert isinstance(written, list)
    assert ["@id" in each for each in written if isinstance(each, dict)] == [False, False]


def test_a_page_of_an_author_is_a_profile() -> None:
    page = Link(url=f"{SITE}authors/ines-calloway.html", name="Ines Calloway")
    person: JsonObject = {"@type": "Person", "@id": graph.author_id(page.url or ""), "name": "Ines Calloway"}
    found = nodes(graph.of_list(PUBLICATION, ALONE, page, (), {"@type": "ProfilePage", "mainEntity": person}))[page.url or ""]
    assert (found["@type"], found["mainEntity"], found["about"]) == (
        "ProfilePage",
        person,
        {"@type": "ItemList", "numberOfItems": 0, "itemListElement": []},
    )


def test_only_a_site_that_can_be_searched_says_so() -> None:
    assert "potentialAction" not in nodes(graph.of_article(FERRY, PUBLICATION))["site"]
    around = replace(ALONE, services=(("search", f"{SITE}search.html"),))
    action = nodes(graph.of_article(FERRY, PUBLICATION, around))["site"]["potentialAction"]
    assert isinstance(action, dict)
    assert action["target"] == {"@type": "EntryPoint", "urlTemplate": f"{SITE}search.html?q={{search_term_string}}"}


def test_another_publisher_than_the_publications_is_described_in_the_article() -> None:
    wire = replace(FERRY, publisher=Organization(name="Northlight Wire"))
    assert nodes(graph.of_article(wire, PUBLICATION))["article"]["publisher"] == {"@type": "Organization", "name": "Northlight Wire"}


@pytest.mark.parametrize("address", ["https://lantern.example/#publisher", "https://lantern.example/#site"])
def test_an_article_that_is_a_part_of_a_page_takes_no_name_of_the_site(address: str) -> None:
    here = replace(FERRY, url=address)
    written = webpage.write(replace(PUBLICATION, articles=(here,)))
    assert webpage.read(written).publication == replace(PUBLICATION, articles=(here,))


def test_the_graph_has_no_problem() -> None:
    document = graph.of_article(FERRY, PUBLICATION, replace(AROUND, services=(("search", f"{SITE}search.html"),)))
    assert [each for each in linked.check(json.dumps(document)) if each.severity > Severity.INFO] == []


@given(strategies.publications(least=1, most=1))
def test_any_article_comes_back_from_its_page_whatever_is_around_it(publication: Publication) -> None:
    (article,) = publication.articles
    pages: dict[tuple[Kind, str], str] = {("author", each.name): f"{SITE}authors/a.html" for each in article.author}
    around = Surroundings(trail=(HARBOUR,), lists=pages, services=(("search", f"{SITE}search.html"),))
    written = webpage.write(publication, Target(site=around))
    assert webpage.read(written).publication == publication
    assert [each for each in check(written) if each.severity == Severity.ERROR] == []


@given(strategies.publications(least=1, most=1))
def test_a_graph_saved_as_a_file_of_its_own_is_the_same_article_without_text(publication: Publication) -> None:
    (article,) = publication.articles
    document = graph.of_article(article, publication)
    read = newsarticle.read(json.dumps(document).encode()).publication
    assert (read.articles[0].identifier, read.articles[0].headline) == (article.identifier, article.headline)
    assert urlsplit(read.url).netloc == urlsplit(publication.url).netloc
    assert read.name == publication.name


@given(strategies.publications(least=1, most=1))
def test_the_file_of_an_article_gives_things_the_names_of_its_page(publication: Publication) -> None:
    (article,) = publication.articles
    document = json.loads(newsarticle.write(publication))
    listed = graph.of_article(article, publication)["@graph"]
    first = listed[0] if isinstance(listed, list) else None
    assert isinstance(first, dict)
    assert (document.get("@id"), document["isPartOf"]["@id"]) == (first.get("@id"), graph.publication_id(publication))
    shared = {"@id": graph.publisher_id(publication)}
    assert (document.get("publisher", {}).get("@id") == shared["@id"]) == (first.get("publisher") == shared)
