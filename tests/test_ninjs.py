"""ninjs: what each version says, what the text is, what belongs to it, what is left out, and every rule with what breaks it."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given

from publisher import formats, newsroom, schema
from publisher.article import Article, Image, Link, Media, Organization, Person, Place, Publication
from publisher.formats import Context, Reading, ninjs
from publisher.problems import Severity, Unreadable
from tests import strategies

ITEM: dict[str, Any] = {
    "uri": "https://wire.example/news/2026/ferry",
    "standard": {"name": "ninjs", "version": "3.3"},
    "type": "text",
    "representationType": "full",
    "pubStatus": "usable",
    "urgency": 4,
    "firstCreated": "2026-10-24T08:00:00+01:00",
    "versionCreated": "2026-10-24T09:30:00Z",
    "language": "en",
    "headlines": [{"role": "main", "value": "The ferry’s last trip"}],
    "by": "By Ines Calloway and Tobias Wren",
    "located": "Ellery Quay",
    "descriptions": [{"role": "summary", "value": "It sailed."}],
    "bodies": [{"role": "main", "contentType": "text/html", "value": "<p>It <em>sailed</em>.</p>"}],
    "subjects": [{"name": "shipping", "rel": "about", "uri": "https://cv.example/shipping"}],
    "places": [{"name": "Ellery Quay", "geoJSON": {"type": "Point", "coordinates": [-1.2, 54.5]}}],
    "rightsInfo": {"linkedRights": "https://wire.example/rights"},
    "renditions": [{"name": "web", "href": "https://wire.example/ferry.html", "contentType": "text/html"}],
    "associations": [
        {
            "name": "a001",
            "uri": "https://wire.example/pictures/7",
            "type": "picture",
            "by": "Judith Amory",
            "descriptions": [{"role": "caption", "value": "The quay"}],
            "renditions": [
                {"name": "thumb", "href": "https://wire.example/7s.jpg", "width": 100, "height": 60},
                {"name": "high", "href": "https://wire.example/7.jpg", "contentType": "image/jpeg", "width": 3000, "height": 2000},
            ],
        }
    ],
}
OLD = {
    "uri": "http://wire.example/old/1",
    "type": "text",
    "versioncreated": "2013-07-09T10:37:00Z",
    "pubstatus": "usable",
    "byline": "Paulo Neri",
    "headline": "Captain on trial",
    "headline_short": "Trial",
    "description_text": "It has begun.",
    "body_text": "It has begun.\n\nIt goes on.",
    "body_xhtml": "<p>It has <b>begun</b>.</p>",
    "person": [{"name": "Francesco"}],
    "subject": [{"name": "courts"}],
    "place": [{"name": "Grosseto", "geometry_geojson": {"type": "Point", "coordinates": [11.1, 42.7]}}],
    "associations": {
        "main": {
            "uri": "http://wire.example/p/2",
            "type": "picture",
            "description_text": "The captain",
            "mimetype": "image/jpeg",
            "renditions": {"big": {"href": "http://wire.example/2.jpg", "width": 640, "height": 480, "mimetype": "image/jpeg"}},
        }
    },
}


def read(**members: Any) -> Reading:
    return ninjs.read(json.dumps({**ITEM, **members}).encode())


def article(**members: Any) -> Article:
    return read(**members).publication.articles[0]


def codes(document: Any) -> list[str]:
    return [each.code for each in ninjs.check(json.dumps(document).encode())]


# -- reading --------------------------------------------------------------------------------------------------------------


def test_an_item_of_version_3_is_an_article() -> None:
    assert article() == Article(
        identifier="https://wire.example/news/2026/ferry",
        headline="The ferry’s last trip",
        url="https://wire.example/ferry.html",
        description="It sailed.",
        body="<p>It <em>sailed</em>.</p>",
        keywords=("shipping",),
        dateline="Ellery Quay",
        content_location=(Place(name="Ellery Quay", latitude=54.5, longitude=-1.2),),
        in_language="en",
        date_published=datetime(2026, 10, 24, 8, tzinfo=timezone(timedelta(hours=1))),
        date_modified=datetime(2026, 10, 24, 9, 30, tzinfo=UTC),
        author=(Person(name="Ines Calloway"), Person(name="Tobias Wren")),
        image=(
            Image(
                content_url="https://wire.example/7.jpg",
                encoding_format="image/jpeg",
                width=3000,
                height=2000,
                caption="The quay",
                credit_text="Judith Amory",
            ),
        ),
        license="https://wire.example/rights",
    )


def test_what_it_appears_in_is_the_site_of_its_address() -> None:
    assert read().publication.url == "https://wire.example/"


def test_the_sources_of_the_folder_say_what_it_appears_in() -> None:
    lantern = Publication(identifier="x", name="The Lantern", url="https://lantern.example/")
    found = ninjs.read(json.dumps(ITEM).encode(), Context(publication=lantern))
    assert found.publication.name == "The Lantern"


def test_an_item_of_version_1_has_its_texts_in_properties_of_their_own() -> None:
    (found,) = ninjs.read(json.dumps(OLD).encode()).publication.articles
    assert (found.headline, found.description, found.body) == ("Captain on trial", "It has begun.", "<p>It has <b>begun</b>.</p>")
    assert found.author == (Person(name="Paulo Neri"),)
    assert found.keywords == ("courts",)
    assert found.content_location == (Place(name="Grosseto", latitude=42.7, longitude=11.1),)
    assert [(each.content_url, each.caption) for each in found.image] == [("http://wire.example/2.jpg", "The captain")]


def test_an_item_of_version_2_has_the_names_of_3_in_small_letters() -> None:
    members = {name.lower(): value for name, value in ITEM.items() if name != "standard"}
    (found,) = ninjs.read(json.dumps(members).encode()).publication.articles
    assert found == article()


def test_text_with_markup_comes_before_plain_text() -> None:
    bodies = [
        {"role": "main", "contentType": "text/plain", "value": "x"},
        {"role": "html5", "contentType": "text/html", "value": "<p>y</p>"},
    ]
    assert article(bodies=bodies).body == "<p>y</p>"


def test_plain_text_has_a_paragraph_for_each_block() -> None:
    assert article(bodies=[{"value": "One.\n\nTwo & three."}]).body == "<p>One.</p><p>Two &amp; three.</p>"


def test_a_text_in_nitf_is_read() -> None:
    text = "<nitf><body><body.content><p>It <em>sailed</em>.</p><hl2>Then</hl2></body.content></body></nitf>"
    assert article(bodies=[{"contentType": "application/nitf+xml", "value": text}]).body == "<p>It <em>sailed</em>.</p><h2>Then</h2>"


def test_nitf_that_is_no_xml_gives_its_text() -> None:
    assert article(bodies=[{"contentType": "application/nitf+xml", "value": "<p>It & more"}]).body == "<p>It &amp; more</p>"


def test_a_whole_page_as_body_does_not_say_its_headline_twice() -> None:
    page = "<html><head><title>x</title></head><body><h1>The ferry’s last trip</h1><p>It sailed.</p></body></html>"
    assert article(bodies=[{"contentType": "text/html", "value": page}]).body == "<p>It sailed.</p>"


def test_a_heading_like_the_headline_stays_where_the_body_is_no_page() -> None:
    body = "<h2>The ferry’s last trip</h2><p>It sailed.</p>"
    assert article(bodies=[{"contentType": "text/html", "value": body}]).body == body


def test_a_picture_alone_is_an_article_with_it() -> None:
    picture = {
        "uri": "https://wire.example/p/1",
        "type": "picture",
        "versionCreated": "2026-10-24T09:30:00Z",
        "headlines": [{"value": "Quay"}],
        "renditions": [{"name": "a", "href": "https://wire.example/a.jpg"}],
    }
    (found,) = ninjs.read(json.dumps(picture).encode()).publication.articles
    assert [each.content_url for each in found.image] == ["https://wire.example/a.jpg"]


def test_a_picture_without_caption_has_its_headline() -> None:
    picture = {
        "name": "b",
        "type": "picture",
        "uri": "x:y",
        "headlines": [{"value": "Quay"}],
        "renditions": [{"name": "o", "href": "https://wire.example/b.jpg"}],
    }
    assert [each.caption for each in article(associations=[picture]).image] == ["Quay"]


def test_texts_that_belong_to_it_are_related_reading() -> None:
    other = {"name": "b", "type": "text", "uri": "https://wire.example/news/2", "headlines": [{"value": "Bells"}]}
    assert article(associations=[other]).citation == (Link(url="https://wire.example/news/2", name="Bells"),)


def test_recordings_have_their_length() -> None:
    sound = {
        "name": "c",
        "type": "audio",
        "uri": "https://wire.example/c",
        "renditions": [{"name": "o", "href": "https://wire.example/c.mp3", "duration": 18.4}],
    }
    assert article(associations=[sound]).associated_media == (
        Media(content_url="https://wire.example/c.mp3", type="AudioObject", duration=18),
    )


def test_people_with_roles_are_more_than_a_byline() -> None:
    sources = [
        {"name": "Ines Calloway", "role": "author", "contactInfo": [{"type": "email", "value": "ines@wire.example"}]},
        {"name": "Judith Amory", "role": "editor"},
        {"name": "Wire", "role": "distributor"},
    ]
    found = article(infoSources=sources)
    assert found.author == (Person(name="Ines Calloway", email="ines@wire.example"),)
    assert (found.editor, found.publisher) == ((Person(name="Judith Amory"),), Organization(name="Wire"))


@pytest.mark.parametrize("genre", [{"uri": "http://cv.iptc.org/newscodes/genre/Opinion"}, {"name": "OpinionNewsArticle"}])
def test_a_genre_says_the_kind_of_article(genre: dict[str, str]) -> None:
    assert article(genres=[genre]).type == "OpinionNewsArticle"


def test_a_withheld_item_is_a_draft() -> None:
    assert read(pubStatus="withheld").draft
    assert not read().draft


def test_of_a_list_each_item_is_an_article_and_a_bad_one_is_told() -> None:
    found = ninjs.read(json.dumps([ITEM, {"type": "text"}, {**ITEM, "uri": "https://wire.example/2", "pubStatus": "canceled"}]).encode())
    assert [each.identifier for each in found.publication.articles] == [ITEM["uri"], "https://wire.example/2"]
    assert found.drafts == {"https://wire.example/2"}
    assert [(each.code, each.location.pointer) for each in found.problems if each.severity == Severity.ERROR] == [("ninjs-no-item", "[1]")]


def test_what_an_article_has_no_place_for_is_told_once() -> None:
    (found,) = read(edNote="Hold.", events=[{"name": "x"}]).problems
    assert (found.code, found.severity) == ("ninjs-left-out", Severity.INFO)
    assert found.message == "the article has no place for ednote, events, urgency"


def test_an_item_without_uri_has_an_identifier_all_the_same() -> None:
    body = json.dumps({name: value for name, value in ITEM.items() if name != "uri"}).encode()
    first, second = (ninjs.read(body).publication.articles[0].identifier for _ in range(2))
    assert first == second
    assert first.startswith("urn:uuid:")


@pytest.mark.parametrize("document", [{}, [], 5, {"uri": "x"}, [{"type": "text"}]])
def test_json_without_an_item_is_refused(document: Any) -> None:
    with pytest.raises(Unreadable) as error:
        ninjs.read(json.dumps(document).encode())
    assert {each.code for each in error.value.problems} == {"ninjs-no-item"}


# -- writing --------------------------------------------------------------------------------------------------------------


@given(strategies.publications(least=1, most=1))
def test_what_is_written_breaks_no_rule_but_that_a_text_has_a_body(publication: Publication) -> None:
    found = {each.code for each in ninjs.check(ninjs.write(publication))}
    assert found <= ({"ninjs-body-missing"} if not publication.articles[0].body else set())


@given(strategies.publications(least=1, most=1))
def test_every_uri_that_is_written_is_one(publication: Publication) -> None:
    item = json.loads(ninjs.write(publication))
    assert all(newsroom.is_uri(each["uri"]) for each in (item, *item.get("associations", [])))


def test_somebody_elses_json_ld_changes_nothing() -> None:
    description = {"role": "https://schema.org/NewsArticle", "contentType": "application/ld+json", "value": "{"}
    assert article(descriptions=[*ITEM["descriptions"], description]) == article()


def test_the_day_of_an_article_comes_back_as_a_day() -> None:
    written = Article(identifier="x y", headline="Ferry", date_published=date(2026, 10, 24))
    publication = Publication(identifier="x", name="The Lantern", url="https://lantern.example/", articles=(written,))
    item = json.loads(ninjs.write(publication))
    assert (item["uri"], item["firstCreated"]) == ("https://lantern.example/#x%20y", "2026-10-24T00:00:00+00:00")
    assert ninjs.read(json.dumps(item).encode()).publication == publication


# -- what it looks like ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("document", [ITEM, OLD, [ITEM], {"versioncreated": "x", "headline": "x", "body_text": "x", "slugline": "x"}])
def test_ninjs_is_recognized_by_its_properties(document: Any) -> None:
    assert formats.detect(json.dumps(document).encode(), "a.json").NAME == "ninjs"


@pytest.mark.parametrize(
    "document",
    [
        {"@context": "https://schema.org", "@type": "NewsArticle", "uri": "x", "urgency": 1},
        {"version": "https://jsonfeed.org/version/1.1", "title": "x", "items": [], "uri": "x", "urgency": 1},
        {"uri": "https://a.example/", "name": "x"},
        {"name": "package", "urgency": 1},
    ],
)
def test_other_json_is_no_ninjs(document: Any) -> None:
    assert not ninjs.recognizes(json.dumps(document).encode(), "a.json") or formats.detect(json.dumps(document).encode()).NAME != "ninjs"


# -- rules ----------------------------------------------------------------------------------------------------------------

GOOD = {
    **ITEM,
    "altIds": [{"role": "a", "value": "b"}],
    "genres": [{"name": "News"}],
    "trustIndicators": [{"title": "x", "href": "https://a.example/"}],
}
BROKEN: list[tuple[str, dict[str, Any]]] = [
    ("ninjs-uri-missing", {"uri": None}),
    ("ninjs-uri-missing", {"uri": ""}),
    ("ninjs-property-missing", {"headlines": [{"role": "main", "value": "x"}, {"role": "short"}]}),
    ("ninjs-property-missing", {"associations": [{"uri": "https://a.example/"}]}),
    ("ninjs-type-wrong", {"urgency": "4"}),
    ("ninjs-type-wrong", {"language": ["en"]}),
    ("ninjs-type-wrong", {"subjects": {"name": "x"}}),
    ("ninjs-type-wrong", {"rightsInfo": "all"}),
    ("ninjs-property-unknown", {"headLines": []}),
    ("ninjs-property-unknown", {"places": [{"name": "x", "latitude": 5}]}),
    ("ninjs-value-unknown", {"type": "article"}),
    ("ninjs-value-unknown", {"urgency": 10}),
    ("ninjs-value-unknown", {"subjects": [{"name": "x", "relevance": 101}]}),
    ("ninjs-date-malformed", {"versionCreated": "2026-10-24"}),
    ("ninjs-date-malformed", {"versionCreated": "2026-10-24T08:00:00"}),
    ("ninjs-date-malformed", {"expires": "24 October 2026"}),
    ("ninjs-uri-malformed", {"uri": "ferry"}),
    ("ninjs-uri-malformed", {"renditions": [{"name": "x", "href": "https://a.example/ä b"}]}),
    ("ninjs-rights-ambiguous", {"rightsInfo": {"linkedRights": "https://a.example/", "encodedRights": "x"}}),
    ("ninjs-rights-ambiguous", {"rightsInfo": {"langId": "https://a.example/"}}),
    ("ninjs-language-malformed", {"language": "English"}),
    ("ninjs-headline-missing", {"headlines": []}),
    ("ninjs-body-missing", {"bodies": [{"value": " "}]}),
    ("ninjs-standard-missing", {"standard": None}),
    ("ninjs-version-old", {"standard": {"name": "ninjs", "version": "2.1"}}),
]


def test_a_good_item_has_no_problem() -> None:
    assert codes(GOOD) == []


@pytest.mark.parametrize(("code", "change"), BROKEN)
def test_a_failing_case_breaks_its_rule_and_no_other(code: str, change: dict[str, Any]) -> None:
    document = {name: value for name, value in {**GOOD, **change}.items() if value is not None}
    problems = ninjs.check(json.dumps(document).encode())
    assert {each.code for each in problems} == {code}
    assert all(each.hint and each.location.line == 1 for each in problems)


def test_every_rule_has_a_failing_case() -> None:
    assert {each.code for each in ninjs.rules.RULES} - {code for code, _ in BROKEN} == {"ninjs-item-missing"}
    assert codes([]) == ["ninjs-item-missing"]


def test_a_problem_says_where_it_is() -> None:
    text = json.dumps(GOOD | {"urgency": 10}, indent=1)
    (found,) = ninjs.check(text.encode())
    assert (text.splitlines()[found.location.line - 1], found.location.pointer) == (' "urgency": 10,', "/urgency")


def test_an_old_item_is_told_to_be_old_and_no_more() -> None:
    assert codes(OLD) == ["ninjs-standard-missing", "ninjs-version-old"]


def test_what_is_no_json_is_one_error() -> None:
    assert [each.code for each in ninjs.check(b'{"uri": ')] == ["json-malformed"]


def test_the_writer_says_the_version_that_the_rules_know() -> None:
    publication = Publication(
        identifier="x", name="x", url="https://a.example/", articles=(Article(identifier="x:y", headline="x", body="<p>x</p>"),)
    )
    assert codes(json.loads(ninjs.write(publication))) == []
    assert schema.from_text(ninjs.write(publication))
