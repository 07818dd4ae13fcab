"""JSON-LD in any legal shape says the same: ours in other people's shapes, and what other people write."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from pyld import jsonld

from publisher.article import Article, Organization, Person, Publication
from publisher.formats import Context, Reading, newsarticle
from publisher.problems import Unreadable

EXPORTS = sorted((Path(__file__).parent.parent / "exports" / "articles").glob("*.jsonld"))
SCHEMA = "http://schema.org/"
STORY = {"@type": "NewsArticle", "@id": "https://lantern.example/tram", "headline": "The tram is back"}


def read(document: Any) -> Reading:
    return newsarticle.read(json.dumps(document).encode())


def articles(document: Any) -> tuple[Article, ...]:
    return read(document).publication.articles


def only(document: Any) -> Article:
    (found,) = articles(document)
    return found


def codes(document: Any) -> list[str]:
    return [each.code for each in read(document).problems]


def story(**more: Any) -> dict[str, Any]:
    return {"@context": "https://schema.org", **STORY, **more}


# -- ours in other shapes -------------------------------------------------------------------------------------------------------


def local(address: str, options: Any) -> dict[str, Any]:
    return {"contentType": "application/ld+json", "contextUrl": None, "documentUrl": address, "document": {"@context": {"@vocab": SCHEMA}}}


def prefixed(value: Any) -> Any:
    if isinstance(value, dict):
        return {key if key[0] == "@" else f"schema:{key}": types(each) if key == "@type" else prefixed(each) for key, each in value.items()}
    return [prefixed(each) for each in value] if isinstance(value, list) else value


def types(value: Any) -> Any:
    return [f"schema:{each}" for each in value] if isinstance(value, list) else f"schema:{value}"


def renamed(value: Any) -> Any:
    if isinstance(value, dict):
        return {{"@type": "kind", "headline": "title"}.get(key, key): renamed(each) for key, each in value.items() if key != "@context"}
    return [renamed(each) for each in value] if isinstance(value, list) else value


SHAPES: dict[str, Callable[[dict[str, Any]], Any]] = {
    "expanded": lambda document: jsonld.expand(document, {"documentLoader": local}),
    "expanded with https": lambda document: json.loads(
        json.dumps(jsonld.expand(document, {"documentLoader": local})).replace(SCHEMA, "https://schema.org/")
    ),
    "prefixed": lambda document: {**prefixed(document), "@context": {"schema": "https://schema.org/"}},
    "prefixed without a context": lambda document: {
        key: each for key, each in prefixed(document).items() if key[1:] != "context" and key != "schema:@context"
    },
    "other names": lambda document: {
        **renamed(document),
        "@context": ["https://schema.org", {"kind": "@type", "title": {"@id": "http://schema.org/headline"}}],
    },
    "with a slash": lambda document: {**document, "@context": "http://schema.org/"},
    "in a graph": lambda document: {"@context": "https://schema.org", "@graph": [{k: v for k, v in document.items() if k != "@context"}]},
    "in a list": lambda document: [document],
    "on a page": lambda document: {"@context": "https://schema.org", "@type": "WebPage", "mainEntity": document},
    "flattened": lambda document: jsonld.flatten(document, None, {"documentLoader": local}),
}


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("path", EXPORTS[:12], ids=lambda path: path.stem[:20])
def test_ours_says_the_same_in_every_shape(path: Path, shape: str) -> None:
    body = path.read_bytes()
    expected = newsarticle.read(body).publication
    found = read(SHAPES[shape](json.loads(body)))
    assert replace(found.publication, articles=()) == replace(expected, articles=())
    assert found.publication.articles == expected.articles
    assert found.problems == ()


# -- names and values -----------------------------------------------------------------------------------------------------------


def test_a_name_may_have_any_prefix_of_its_context() -> None:
    document = {
        "@context": {"s": "http://schema.org/"},
        "@type": "s:NewsArticle",
        "s:headline": "Tram",
        "s:url": {"@id": "https://l.example/t"},
    }
    assert (only(document).headline, only(document).url) == ("Tram", "https://l.example/t")


def test_id_and_type_need_no_sign_with_the_context_of_schema_org() -> None:
    document = {"@context": "https://schema.org", "type": "NewsArticle", "id": "https://l.example/t", "headline": "Tram"}
    assert only(document).identifier == "https://l.example/t"


def test_values_and_lists_of_json_ld_are_what_is_in_them() -> None:
    found = only(
        story(
            headline={"@value": "Tram", "@language": "en"},
            datePublished={"@value": "2018-10-24", "@type": "http://schema.org/Date"},
            keywords={"@list": ["tram", "hill"]},
            author={"@set": [{"@type": "Person", "name": "Ines"}]},
        )
    )
    assert (found.headline, found.date_published, found.keywords, found.author) == (
        "Tram",
        date(2018, 10, 24),
        ("tram", "hill"),
        (Person(name="Ines"),),
    )


def test_of_texts_in_several_languages_the_one_of_the_article_is_taken() -> None:
    headline = [{"@value": "The tram", "@language": "en"}, {"@value": "Le tram", "@language": "fr"}]
    assert only(story(headline=headline, inLanguage="fr-CA")).headline == "Le tram"
    assert (only(story(headline=headline)).headline, only(story(headline=headline)).in_language) == ("The tram", "en")


def test_language_maps_are_texts_in_several_languages() -> None:
    context = ["https://schema.org", {"headline": {"@id": "http://schema.org/headline", "@container": "@language"}}]
    found = only({**story(headline={"en": "The tram", "fr": "Le tram"}, inLanguage="fr"), "@context": context})
    assert found.headline == "Le tram"


def test_of_a_language_map_the_language_wanted_is_taken_else_the_first_as_written() -> None:
    context = ["https://schema.org", {"headline": {"@id": "http://schema.org/headline", "@container": "@language"}}]
    document = {**story(headline={"nl": "De tram", "en": "The tram", "fr": "Le tram"}), "@context": context}
    assert (only(document).headline, only(document).in_language) == ("De tram", "nl")
    (told,) = read(document).problems
    assert (told.code, "en, fr" in told.message) == ("jsonld-languages-left-out", True)
    house = Publication(identifier="https://l.example/", name="L", url="https://l.example/", in_language="fr")
    (found,) = newsarticle.read(json.dumps(document).encode(), Context(publication=house)).publication.articles
    assert found.headline == "Le tram"
    part_of = {"@type": "Periodical", "name": "L", "url": "https://l.example/", "inLanguage": "en-GB"}
    assert only({**document, "isPartOf": part_of}).headline == "The tram"


def test_a_text_in_parts_is_put_together() -> None:
    assert only(story(articleBody=["One & two", "Three"])).body == "<p>One &amp; two</p><p>Three</p>"


def test_a_publisher_that_is_only_a_name_is_an_organization() -> None:
    assert only(story(publisher="Lantern")).publisher == Organization(name="Lantern")
    assert only(story(publisher=["Lantern"])).publisher == Organization(name="Lantern")


def test_a_picture_that_is_only_an_address_is_one() -> None:
    (image,) = only(story(image={"@id": "https://l.example/i.jpg"})).image
    assert image.content_url == "https://l.example/i.jpg"
    assert only(story(image={"@id": "https://l.example/i.jpg", "@type": "ImageObject"})).image == (image,)
    assert only(story(image={"@id": "https://l.example/#primaryimage"})).image == ()


def test_the_language_of_a_context_is_that_of_the_article() -> None:
    assert only({**story(), "@context": ["https://schema.org", {"@language": "nl"}]}).in_language == "nl"


def test_keywords_may_be_one_text_or_terms() -> None:
    assert only(story(keywords="tram, hill")).keywords == ("tram", "hill")
    assert only(story(keywords=[{"@type": "DefinedTerm", "name": "tram"}, "hill"])).keywords == ("tram", "hill")


def test_sizes_may_be_quantities_and_identifiers_properties() -> None:
    image = {"@type": "ImageObject", "url": "https://l.example/a.png", "width": {"@type": "QuantitativeValue", "value": 800}}
    found = only(story(image=image, identifier={"@type": "PropertyValue", "propertyID": "desk", "value": 17}))
    assert (found.image[0].width, found.identifier) == (800, "17")


def test_a_kind_of_article_that_we_do_not_know_is_the_one_above_it() -> None:
    kinds = ("LiveBlogPosting", "TechArticle", "ScholarlyArticle", ["Thing", "OpinionNewsArticle"])
    assert [only({**story(), "@type": each}).type for each in kinds] == ["BlogPosting", "Article", "Article", "OpinionNewsArticle"]


def test_a_date_that_people_write_is_read() -> None:
    assert only(story(datePublished="October 24, 2018")).date_published == date(2018, 10, 24)


# -- references -----------------------------------------------------------------------------------------------------------------


def test_references_are_what_they_refer_to() -> None:
    graph = [
        {**STORY, "author": {"@id": "#ines"}, "publisher": {"@id": "#house"}, "isPartOf": {"@id": "#page"}},
        {
            "@id": "#page",
            "@type": "WebPage",
            "name": "The tram is back - The Lantern",
            "url": "https://lantern.example/tram",
            "isPartOf": {"@id": "#site"},
        },
        {"@id": "#site", "@type": "WebSite", "name": "The Lantern", "url": "https://lantern.example/", "publisher": {"@id": "#house"}},
        {"@id": "#ines", "@type": "Person", "name": "Ines Calloway"},
        {"@id": "#house", "@type": "Organization", "name": "The Lantern Press"},
    ]
    found = read({"@context": "https://schema.org", "@graph": graph}).publication
    assert (found.name, found.url, found.publisher) == ("The Lantern", "https://lantern.example/", Organization(name="The Lantern Press"))
    assert (found.articles[0].author, found.articles[0].publisher) == (
        (Person(name="Ines Calloway"),),
        Organization(name="The Lantern Press"),
    )


def test_an_author_who_is_only_referred_to_has_no_name() -> None:
    assert only(story(author={"@id": "https://lantern.example/#ines"})).author == ()


def test_nodes_that_refer_to_each_other_have_an_end() -> None:
    graph = [
        {**STORY, "author": {"@id": "#a"}},
        {"@id": "#a", "@type": "Person", "name": "Ines", "knows": {"@id": "#b"}},
        {"@id": "#b", "knows": {"@id": "#a"}},
    ]
    assert only({"@context": "https://schema.org", "@graph": graph}).author == (Person(name="Ines"),)


def test_what_is_said_in_two_places_is_put_together() -> None:
    graph = [STORY, {"@id": STORY["@id"], "@type": "NewsArticle", "dateline": "HARBOUR"}]
    assert only({"@context": "https://schema.org", "@graph": graph}).dateline == "HARBOUR"


def test_what_is_said_the_other_way_round_is_said() -> None:
    document = {
        "@context": "https://schema.org",
        "@type": "Person",
        "@id": "#i",
        "name": "Ines",
        "@reverse": {"author": [STORY, {**STORY, "@id": "x:2"}]},
    }
    assert [each.author for each in articles(document)] == [(Person(name="Ines"),)] * 2


def test_a_name_can_mean_the_other_way_round() -> None:
    context = ["https://schema.org", {"wrote": {"@reverse": "http://schema.org/author"}}]
    assert only({"@context": context, "@type": "Person", "name": "Ines", "wrote": STORY}).author == (Person(name="Ines"),)


# -- several articles -----------------------------------------------------------------------------------------------------------

TWO = [STORY, {**STORY, "@id": "https://lantern.example/hill", "headline": "The hill"}]


@pytest.mark.parametrize(
    "document",
    [
        {"@type": "ItemList", "itemListElement": [{"@type": "ListItem", "position": n, "item": each} for n, each in enumerate(TWO)]},
        {"@type": "CollectionPage", "mainEntity": {"@type": "ItemList", "itemListElement": TWO}},
        {"@type": "Blog", "blogPost": TWO},
        {"@type": "Periodical", "hasPart": {"@type": "PublicationIssue", "hasPart": TWO}},
        {"@graph": TWO},
    ],
)
def test_lists_blogs_and_periodicals_have_several_articles(document: dict[str, Any]) -> None:
    assert [each.headline for each in articles({"@context": "https://schema.org", **document})] == ["The tram is back", "The hill"]


def test_the_blog_around_articles_is_what_they_appear_in() -> None:
    found = read(
        {"@context": "https://schema.org", "@type": "Blog", "name": "The Lantern", "url": "https://lantern.example/", "blogPost": TWO}
    )
    assert (found.publication.name, len(found.publication.articles)) == ("The Lantern", 2)


def test_an_article_that_another_one_cites_is_not_one_of_them() -> None:
    cited = {"@type": "Article", "headline": "Before", "url": "https://lantern.example/before"}
    assert [each.headline for each in articles(story(citation=cited, isBasedOn=cited))] == ["The tram is back"]


def test_one_without_a_headline_does_not_take_the_others_with_it() -> None:
    found = read({"@context": "https://schema.org", "@graph": [STORY, {"@type": "NewsArticle", "articleBody": "It runs."}]})
    assert len(found.publication.articles) == 1
    assert [each.code for each in found.problems] == ["jsonld-left-out"]


def test_links_to_articles_are_none() -> None:
    listed = {"@type": "ItemList", "itemListElement": [{"@type": "ListItem", "position": 1, "url": "https://lantern.example/tram"}]}
    with pytest.raises(Unreadable) as refused:
        articles({"@context": "https://schema.org", **listed})
    assert refused.value.problems[0].code == "jsonld-no-article"


# -- identity -------------------------------------------------------------------------------------------------------------------


def test_an_article_without_any_name_of_its_own_gets_one_that_stays() -> None:
    bare = {"@context": "https://schema.org", "@type": "NewsArticle", "headline": "Tram"}
    assert only(bare).identifier == only(bare).identifier
    assert only(bare).identifier.startswith("urn:uuid:")


def test_the_page_that_it_is_the_main_thing_of_is_its_address() -> None:
    bare = {"@context": "https://schema.org", "@type": "NewsArticle", "headline": "Tram"}
    for page in ("https://l.example/t", {"@id": "https://l.example/t"}, {"@type": "WebPage", "@id": "#p", "url": "https://l.example/t"}):
        assert only({**bare, "mainEntityOfPage": page}).url == "https://l.example/t"


def test_the_publication_that_it_is_read_for_stays_when_it_says_none() -> None:
    house = Publication(identifier="x", name="Bare", url="https://bare.example/")
    assert newsarticle.read(json.dumps(story()).encode(), Context(publication=house)).publication.name == "Bare"


# -- what is told ---------------------------------------------------------------------------------------------------------------


def test_another_context_is_never_fetched_and_told() -> None:
    document = {**story(), "@context": ["https://schema.org", "https://elsewhere.example/context.jsonld"]}
    assert only(document).headline == "The tram is back"
    assert codes(document) == ["jsonld-context-not-fetched"]


@pytest.mark.parametrize("context", [{"@vocab": 5}, {"a": {"@id": "b", "@container": "@none"}}, "http://[", {"@import": "x"}])
def test_a_context_that_breaks_a_rule_does_not_take_the_article_with_it(context: Any) -> None:
    document = {**story(), "@context": ["https://schema.org", context]}
    assert only(document).headline == "The tram is back"
    assert set(codes(document)) <= {"jsonld-not-expanded", "jsonld-context-not-fetched"}
    assert codes(document)


def test_a_value_that_does_not_fit_is_told() -> None:
    document = story(datePublished="soon")
    assert (only(document).date_published, codes(document)) == (None, ["jsonld-left-out"])


# -- size -----------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("context", ["https://schema.org", {"@vocab": "http://schema.org/", "x": "http://x.example/"}])
def test_depth_that_is_allowed_is_read(context: Any) -> None:
    node: dict[str, Any] = {"@type": "Thing"}
    for _ in range(90):
        node = {"@type": "Thing", "about": node}
    assert only({**story(about=node), "@context": context}).headline == "The tram is back"


def test_the_last_of_many_articles_is_as_whole_as_the_first() -> None:
    graph = [{**STORY, "@id": f"x:{n}", "author": {"@id": "#i"}, "keywords": list("abcdefghij")} for n in range(3000)]
    found = articles({"@context": "https://schema.org", "@graph": [*graph, {"@id": "#i", "@type": "Person", "name": "Ines"}]})
    assert (len(found), found[-1].author) == (3000, (Person(name="Ines"),))


def test_many_articles_in_several_languages_are_read_soon() -> None:
    headline = [{"@value": "The tram", "@language": "en"}, {"@value": "Le tram", "@language": "fr"}]
    nodes = [{"@type": "NewsArticle", "@id": f"https://l.example/{number}", "headline": headline} for number in range(2000)]
    start = time.monotonic()
    assert len(articles({"@context": "https://schema.org", "@graph": nodes})) == 2000
    assert time.monotonic() - start < 4


def test_nodes_that_refer_to_each_other_many_times_have_an_end() -> None:
    nodes = [{"@id": f"#{n}", "@type": "Thing", "about": [{"@id": f"#{n + 1}"}] * 10} for n in range(15)]
    start = time.process_time()
    assert only({"@context": "https://schema.org", "@graph": [{**STORY, "about": {"@id": "#0"}}, *nodes]}).headline
    assert time.process_time() - start < 10


def test_half_a_character_does_not_matter() -> None:
    assert only({"@context": "https://schema.org", "@type": "NewsArticle", "name": "Tram \ud800", "articleBody": "x"}).headline == "Tram"
