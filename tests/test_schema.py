"""The model as JSON: nothing is lost, and what is wrong is told with its place and a way out."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any, cast

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from publisher import formats, schema
from publisher.article import (
    Article,
    Correction,
    Date,
    Image,
    Link,
    Media,
    Organization,
    Person,
    Place,
    Publication,
)
from publisher.problems import PublisherError, Severity, Unreadable
from publisher.schema import Json, JsonObject
from tests import strategies
from tests.test_rss import SAILING, SHOW

PUBLICATION: JsonObject = {
    "@type": "Periodical",
    "identifier": "https://lantern.example/",
    "name": "The Lantern",
    "url": "https://lantern.example/",
}
ARTICLE: JsonObject = {"@type": "NewsArticle", "identifier": "tag:lantern.example,2026:ferry", "headline": "The ferry’s last trip"}
VALIDATOR = jsonschema.Draft202012Validator(cast("Any", schema.json_schema()))


def document(**values: Json) -> JsonObject:
    """Return the JSON spelling of a publication with one article that has these values besides."""
    return {"publication": dict(PUBLICATION), "articles": [{**ARTICLE, **values}]}


def load_one(**values: Json) -> Article:
    """Return the article that these values make, of which none may be a problem."""
    publication, problems = schema.load(document(**values))
    assert problems == ()
    (article,) = publication.articles
    return article


def problems_of(given_: Json) -> list[tuple[str, str]]:
    """Return code and pointer of all that is wrong, whether it stops us or not."""
    try:
        problems = schema.load(given_)[1]
    except PublisherError as error:
        problems = error.problems
    return [(each.code, each.location.pointer) for each in problems]


# -- there and back -------------------------------------------------------------------------------------------------------


@given(strategies.publications(most=2))
@settings(max_examples=60)
def test_what_is_dumped_is_loaded(publication: Publication) -> None:
    assert schema.load(schema.from_text(schema.to_text(schema.dump(publication)))) == (publication, ())


@given(strategies.publications(most=1))
@settings(max_examples=30)
def test_the_json_schema_describes_what_is_dumped(publication: Publication) -> None:
    assert [error.message for error in VALIDATOR.iter_errors(cast("Any", schema.dump(publication)))] == []


def test_the_json_schema_is_one() -> None:
    jsonschema.Draft202012Validator.check_schema(cast("Any", schema.json_schema()))


@given(strategies.articles(), strategies.articles())
@settings(max_examples=50)
def test_the_rest_completes_what_a_format_can_say(article: Article, native: Article) -> None:
    rest = schema.rest(article, native)
    completed = schema.merge(native, rest) if rest else native
    assert schema.spell(replace(completed, body="")) == schema.spell(replace(article, body=""))


@given(strategies.articles())
@settings(max_examples=20)
def test_nothing_is_left_when_a_format_can_say_all(article: Article) -> None:
    assert schema.rest(article, article) is None


def test_what_is_wrong_with_somebody_is_told_each_time() -> None:
    """Who was read without a problem is remembered, others are not."""
    wrong: JsonObject = {"@type": "Person", "name": "Zoë", "url": "javascript:x"}
    node: JsonObject = {"@type": "NewsArticle", "identifier": "urn:1", "headline": "x", "author": [wrong, {**wrong}], "editor": [{**wrong}]}
    told = [[each.location.pointer for each in schema.told_from_linked(node)[1]] for _ in range(2)]
    assert told == [[".author[0].url", ".author[1].url", ".editor[0].url"]] * 2


def test_what_only_a_format_says_is_null_also_where_the_vocabulary_calls_it_otherwise() -> None:
    ours = Article(identifier="1", headline="x", type="BlogPosting")
    rest = schema.rest(ours, replace(ours, dateline="Oslo", description="y"))
    assert rest == {"@context": "https://schema.org", "@type": "BlogPosting", "description": None, "locationCreated": None}


def test_one_moment_with_two_offsets_is_two_values() -> None:
    here, there = datetime(2026, 1, 2, 3, tzinfo=UTC), datetime(2026, 1, 2, 4, tzinfo=timezone(timedelta(hours=1)))
    for field, first, second in (
        ("date_published", here, there),
        ("corrections", (Correction(text="x", date_published=here),), (Correction(text="x", date_published=there),)),
    ):
        ours, other = (Article(identifier="1", headline="x", **{field: cast("Any", each)}) for each in (first, second))
        rest = schema.rest(ours, other)
        assert ours == other
        assert rest is not None
        assert schema.spell(schema.merge(other, rest)) == schema.spell(ours) != schema.spell(other)


NATIVE = Article(identifier="1", headline="Ferry", body="<p>It sailed.</p>", dateline="ELLERY QUAY", keywords=("sea",))


@pytest.mark.parametrize(
    ("given_", "expected"),
    [
        ({"articleBody": None}, replace(NATIVE, body="")),
        ({"dateline": None, "keywords": None}, replace(NATIVE, dateline=None, keywords=())),
        ({"headline": None, "identifier": None}, NATIVE),
        ({"articleBody": 5}, NATIVE),
        ({"dateline": {}, "headline": 5}, NATIVE),
        ({"articleBody": "It\n\nsank."}, replace(NATIVE, body="<p>It</p><p>sank.</p>")),
    ],
)
def test_null_takes_a_field_away_and_what_is_wrong_changes_nothing(given_: JsonObject, expected: Article) -> None:
    assert schema.merge(NATIVE, given_) == expected


@given(strategies.publications(least=1, most=1))
@settings(max_examples=40)
def test_linked_data_says_all_but_the_markup_of_the_body(publication: Publication) -> None:
    (article,) = publication.articles
    back = schema.from_linked(schema.to_linked(article, publication, body=False), Publication(identifier="x", name="x", url="x"))
    assert schema.dump(back) == schema.dump(replace(publication, articles=(replace(article, body=""),)))


@given(strategies.publications(least=1, most=1))
@settings(max_examples=30)
def test_json_in_a_script_element_ends_nothing_and_means_the_same(publication: Publication) -> None:
    script = schema.to_script(schema.dump(publication))
    assert set(script) & set("<>&\u2028\u2029\n") == set()
    assert json.loads(script) == schema.dump(publication)


# -- what people write ----------------------------------------------------------------------------------------------------

WRONG: list[tuple[str, JsonObject, tuple[str, str], str]] = [
    ("a key with a slip", {"headlin": "x"}, ("json-unknown-key", "articles[0].headlin"), "did you mean 'headline'?"),
    ("a key that nothing resembles", {"zzz": 1}, ("json-unknown-key", "articles[0].zzz"), "remove it"),
    ("a key in an object", {"image": [{"contentURL": "x"}]}, ("json-unknown-key", "articles[0].image[0].contentURL"), "did you mean 'contentUrl'?"),
    ("a name for an object", {"author": ["Reuters"]}, ("json-wrong-type", "articles[0].author[0]"), "write an object"),
    ("a type with a slip", {"@type": "NewsArtikel"}, ("json-wrong-value", "articles[0].@type"), "did you mean 'NewsArticle'?"),
    ("a type of another kind", {"author": [{"@type": "Organisation", "name": "x"}]}, ("json-wrong-value", "articles[0].author[0].@type"), "did you mean 'Organization'?"),
    ("an author without a name", {"author": [{"@type": "Person"}]}, ("json-missing", "articles[0].author[0]"), "add 'name'"),
    ("words for a date", {"datePublished": "yesterday"}, ("json-wrong-value", "articles[0].datePublished"), "write a date, such as"),
    ("a day that is none", {"datePublished": "2026-02-30"}, ("json-wrong-value", "articles[0].datePublished"), "write a date, such as"),
    ("an address without its host", {"url": "/ferry.html"}, ("json-wrong-value", "articles[0].url"), "write a whole URL"),
    ("a script for an address", {"license": "javascript:alert(1)"}, ("json-wrong-value", "articles[0].license"), "write a whole URL"),
    ("the name of a language", {"inLanguage": "english"}, ("json-wrong-value", "articles[0].inLanguage"), "write a language tag, such as en"),
    ("a word for a number", {"image": [{"width": "wide"}]}, ("json-wrong-value", "articles[0].image[0].width"), "write a whole number"),
    ("a negative number", {"copyrightYear": -1}, ("json-wrong-value", "articles[0].copyrightYear"), "write a whole number"),
    ("a number for yes", {"isAccessibleForFree": 3}, ("json-wrong-value", "articles[0].isAccessibleForFree"), "write true or false"),
    ("a place off the Earth", {"contentLocation": [{"name": "x", "latitude": 91, "longitude": 0}]}, ("json-wrong-value", "articles[0].contentLocation[0].latitude"), "write a number from -90 to 90"),
    ("a digest that is none", {"image": [{"sha256": "abc"}]}, ("json-wrong-value", "articles[0].image[0].sha256"), "write a SHA-256 digest"),
    ("an address that is no mailbox", {"editor": [{"name": "x", "email": "desk"}]}, ("json-wrong-value", "articles[0].editor[0].email"), "write an e-mail address"),
    ("seconds without a unit", {"associatedMedia": [{"contentUrl": "https://e.org/a.mp3", "duration": "18"}]}, ("json-wrong-value", "articles[0].associatedMedia[0].duration"), "write a duration, such as PT18S"),
    ("a list for a text", {"headline": ["x"]}, ("json-wrong-value", "articles[0].headline"), "write text"),
]  # fmt: skip


@pytest.mark.parametrize(("values", "expected", "hint"), [each[1:] for each in WRONG], ids=[each[0] for each in WRONG])
def test_what_is_wrong_is_told_with_its_place_and_a_hint(values: JsonObject, expected: tuple[str, str], hint: str) -> None:
    found = schema.load(document(**values))[1][0]
    assert (found.code, found.location.pointer) == expected
    assert found.hint.startswith(hint)


@pytest.mark.parametrize(
    ("given_", "expected"),
    [
        ([], ("json-no-publication", "")),
        ({}, ("json-no-publication", "")),
        ({"publication": "The Lantern"}, ("json-no-publication", "")),
        ({"publication": {"name": "The Lantern"}}, ("json-missing", "publication")),
        ({"publication": PUBLICATION, "articles": {}}, ("json-wrong-type", "articles")),
        ({"publication": PUBLICATION, "articles": ["x"]}, ("json-wrong-type", "articles[0]")),
        ({"publication": PUBLICATION, "articles": [ARTICLE, {"headline": "x"}]}, ("json-missing", "articles[1]")),
        ({"publication": PUBLICATION, "article": [ARTICLE]}, ("json-unknown-key", "article")),
    ],
)
def test_a_document_that_is_not_the_spelling_is_told(given_: Json, expected: tuple[str, str]) -> None:
    assert problems_of(given_) == [expected]


def test_what_is_wrong_leaves_the_rest() -> None:
    publication, problems = schema.load(document(datePublished="yesterday", dateline="ELLERY QUAY"))
    assert publication.articles[0].dateline == "ELLERY QUAY"
    assert publication.articles[0].date_published is None
    assert len(problems) == 1


def test_an_article_without_a_headline_leaves_the_others() -> None:
    given_: JsonObject = {"publication": PUBLICATION, "articles": [{"identifier": "a"}, ARTICLE]}
    assert [each.headline for each in schema.load(given_)[0].articles] == ["The ferry’s last trip"]


def test_text_and_body_are_made_canonical() -> None:
    article = load_one(
        dateline="  ELLERY\n QUAY\u0007 ", body="<p>one<script>x()</script><p>two", inLanguage="en_gb", url="HTTPS://E.org/ä"
    )
    assert article.dateline == "ELLERY QUAY"
    assert article.body == "<p>one</p><p>two</p>"
    assert article.in_language == "en-GB"
    assert article.url == "https://e.org/%C3%A4"


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("2018-10-24", date(2018, 10, 24)),
        ("2018-10-24T08:00:00Z", datetime(2018, 10, 24, 8, tzinfo=UTC)),
        ("2018-10-24T08:00:00+00:00", datetime(2018, 10, 24, 8, tzinfo=UTC)),
        ("2018-10-24T08:00:00.750+05:45", datetime(2018, 10, 24, 8, tzinfo=timezone(timedelta(hours=5, minutes=45)))),
        ("2018-10-24T08:00", datetime(2018, 10, 24, 8, tzinfo=UTC)),
        ("1911-11-18", date(1911, 11, 18)),
        (" 2018-10-24 ", date(2018, 10, 24)),
        ("20181024", date(2018, 10, 24)),
        ("2018W433", date(2018, 10, 24)),
        ("20181024T080000Z", datetime(2018, 10, 24, 8, tzinfo=UTC)),
        ("0001-01-01T00:00:00Z", None),
        ("9999-12-31T23:59:59-12:00", None),
        ("2018-10-24T08:00:00+23:59:59", None),
        ("24.10.2018", None),
        ("2018", None),
        ("", None),
    ],
)
def test_dates_keep_their_precision_and_offset(written: str, expected: Date | None) -> None:
    found = schema.parse_date(written)
    assert (found, found and found.isoformat()) == (expected, expected and expected.isoformat())


@pytest.mark.parametrize(("written", "seconds"), [("PT18S", 18), ("PT1H2M3S", 3723), ("P1DT1S", 86401), ("PT0S", 0), ("PT90.5S", 90)])
def test_durations_are_seconds(written: str, seconds: int) -> None:
    (media,) = load_one(associatedMedia=[{"contentUrl": "https://e.org/a.mp3", "duration": written}]).associated_media
    assert media == Media(content_url="https://e.org/a.mp3", duration=seconds)


@pytest.mark.parametrize("written", ["P", "PT", "18", "pt18s", "PT" + "9" * 30 + "S", "PT" + "9" * 5000 + "S", f"PT{2**53}S", "PT٣S"])
def test_what_is_no_duration_is_told(written: str) -> None:
    given_ = document(associatedMedia=[{"contentUrl": "https://e.org/a.mp3", "duration": written}])
    assert problems_of(given_) == [("json-wrong-value", "articles[0].associatedMedia[0].duration")]


@pytest.mark.parametrize("number", ["1_0", "٣", "0x10", "1e", "nan", "infinity", "", "1,5"])
def test_what_only_python_takes_for_a_number_is_none(number: str) -> None:
    assert schema.load_object({"name": "x", "latitude": number, "longitude": "0"}, Place) == Place(name="x")
    assert schema.load_object({"contentUrl": "https://e.org/a.jpg", "width": number}, Image) == Image(content_url="https://e.org/a.jpg")


@pytest.mark.parametrize("number", ["54.5", " 54.5 ", "+54.5", "5.45e1", "54.50"])
def test_numbers_can_be_text(number: str) -> None:
    assert schema.load_object({"name": "x", "latitude": number, "longitude": "0"}, Place) == Place(name="x", latitude=54.5, longitude=0)


def test_a_place_keeps_every_digit() -> None:
    point = Place(name="Ellery Quay", latitude=54.123456789, longitude=-0.1234567890123)
    article = Article(identifier="1", headline="x", content_location=(point,))
    publication = Publication(identifier="x", name="x", url="https://lantern.example/", articles=(article,))
    for module in formats.writers().values():
        assert module.read(module.write(publication)).publication.articles[0].content_location == (point,), module.NAME


@pytest.mark.parametrize("address", ["mailto:desk@lantern.example", "tel:+441234567", "lantern.example"])
def test_a_publication_lives_on_the_web(address: str) -> None:
    given_: JsonObject = {"publication": {**PUBLICATION, "url": address}, "articles": []}
    assert problems_of(given_) == [("json-wrong-value", "publication.url"), ("json-missing", "publication")]


def test_a_text_that_no_xml_parser_takes_is_told_and_left_out() -> None:
    publication, problems = schema.load(document(body="x" * 5_000_001, dateline="y" * 5_000_001))
    assert (publication.articles[0].body, publication.articles[0].dateline) == ("", None)
    assert [(each.code, each.location.pointer) for each in problems] == [
        ("json-too-long", "articles[0].body"),
        ("json-too-long", "articles[0].dateline"),
    ]


def test_half_a_point_on_the_map_is_no_point() -> None:
    assert load_one(contentLocation=[{"name": "Ellery Quay", "latitude": 54.5}]).content_location == (Place(name="Ellery Quay"),)


def paths(value: Json, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Yield the way to each value inside JSON."""
    for key, each in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        yield (*path, key)
        yield from paths(each, (*path, key))


@given(article=strategies.articles(), data=st.data())
@settings(max_examples=60)
def test_whatever_the_json_schema_refuses_is_told(article: Article, data: st.DataObject) -> None:
    """Something that can be neither text nor number stands where some value was, or a key has a slip."""
    spoiled: schema.Json = {"publication": dict(PUBLICATION), "articles": [schema.spell(article)]}
    *way, last = data.draw(st.sampled_from(sorted(paths(spoiled), key=repr)))
    parent: Any = spoiled
    for step in way:
        parent = parent[step]
    if isinstance(last, str) and data.draw(st.booleans()) and last != "@type":
        parent[f"{last}x"] = parent.pop(last)
    else:
        parent[last] = data.draw(st.sampled_from([{"x": 1}, [[]], 3.5, "�", {"@type": "Recipe"}]))
    assert VALIDATOR.is_valid(cast("Any", spoiled)) or problems_of(spoiled)


SAID = {
    'a key with a slip': ("unknown key 'headlin'", "did you mean 'headline'?"),
    'a key that nothing resembles': ("unknown key 'zzz'", 'remove it, or use one of @type, identifier, headline, url, alternativeHeadline, description, body, articleSection, keywords, dateline, contentLocation, inLanguage, datePublished, dateModified, author, editor, contributor, publisher, image, associatedMedia, citation, isBasedOn, translations, corrections, license, copyrightNotice, copyrightHolder, copyrightYear, isAccessibleForFree'),
    'a key in an object': ("unknown key 'contentURL'", "did you mean 'contentUrl'?"),
    'a name for an object': ("expected an object, found 'Reuters'", 'write an object as `publisher schema` says'),
    'a type with a slip': ("'NewsArtikel' is no type of this", "did you mean 'NewsArticle'?"),
    'a type of another kind': ("'Organisation' is no type of this", "did you mean 'Organization'?"),
    'an author without a name': ("Person has no 'name'", "add 'name'"),
    'words for a date': ("'yesterday' is not a date, such as 2018-10-24 or 2018-10-24T08:00:00+01:00", "write a date, such as 2018-10-24 or 2018-10-24T08:00:00+01:00, or leave 'datePublished' out"),
    'a day that is none': ("'2026-02-30' is not a date, such as 2018-10-24 or 2018-10-24T08:00:00+01:00", "write a date, such as 2018-10-24 or 2018-10-24T08:00:00+01:00, or leave 'datePublished' out"),
    'an address without its host': ("'/ferry.html' is not a whole URL, such as https://example.org/", "write a whole URL, such as https://example.org/, or leave 'url' out"),
    'a script for an address': ("'javascript:alert(1)' is not a whole URL, such as https://example.org/", "write a whole URL, such as https://example.org/, or leave 'license' out"),
    'the name of a language': ("'english' is not a language tag, such as en or pt-BR", "write a language tag, such as en or pt-BR, or leave 'inLanguage' out"),
    'a word for a number': ("'wide' is not a whole number from 0 up", "write a whole number from 0 up, or leave 'width' out"),
    'a negative number': ('-1 is not a whole number from 0 up', "write a whole number from 0 up, or leave 'copyrightYear' out"),
    'a number for yes': ('3 is not true or false', "write true or false, or leave 'isAccessibleForFree' out"),
    'a place off the Earth': ('91 is not a number from -90 to 90', "write a number from -90 to 90, or leave 'latitude' out"),
    'a digest that is none': ("'abc' is not a SHA-256 digest", "write a SHA-256 digest, or leave 'sha256' out"),
    'an address that is no mailbox': ("'desk' is not an e-mail address", "write an e-mail address, or leave 'email' out"),
    'seconds without a unit': ("'18' is not a duration, such as PT18S", "write a duration, such as PT18S, or leave 'duration' out"),
    'a list for a text': ("['x'] is not text", "write text, or leave 'headline' out"),
}  # fmt: skip
"""In full: what is found, and what to do."""


@pytest.mark.parametrize("name", SAID)
def test_what_is_wrong_is_said_in_full(name: str) -> None:
    (values,) = [each[1] for each in WRONG if each[0] == name]
    found = schema.load(document(**values))[1][0]
    assert (found.message, found.hint, found.spec) == (*SAID[name], "https://schema.org/")
    assert found.severity == (Severity.WARNING if found.code == "json-unknown-key" else Severity.ERROR)


def told(given_: Json) -> list[tuple[str, Severity, str, str]]:
    """Return code, severity, message and hint of all that is wrong in a document."""
    try:
        problems = schema.load(given_)[1]
    except PublisherError as error:
        problems = error.problems
    return [(each.code, each.severity, each.message, each.hint) for each in problems]


def test_what_is_wrong_with_a_document_is_said_in_full() -> None:
    hint = 'write {"publication": {…}, "articles": […]} as `publisher schema` says'
    assert told([]) == [("json-no-publication", Severity.ERROR, "there is no publication in it", hint)]
    assert told({"publication": {}}) == [("json-missing", Severity.ERROR, "Periodical has no 'identifier'", "add 'identifier'")]
    articles: JsonObject = {"publication": PUBLICATION, "articles": {}}
    assert told(articles) == [("json-wrong-type", Severity.ERROR, "expected a list, found {}", "write [{…}]")]
    for length, shown in ((58, f"'{'x' * 58}'"), (59, f"'{'x' * 56}…")):
        message = f"expected an object, found {shown}"
        given_: JsonObject = {"publication": PUBLICATION, "articles": ["x" * length]}
        assert told(given_) == [("json-wrong-type", Severity.ERROR, message, "write an object as `publisher schema` says")]
    long: JsonObject = {**ARTICLE, "dateline": "y" * 5_000_001}
    said = ("json-too-long", Severity.ERROR, "the text has 5000001 characters", "write at most 5000000")
    assert told({"publication": PUBLICATION, "articles": [long]}) == [said]
    assert told({"publication": PUBLICATION, "articles": [{**ARTICLE, "dateline": "y" * 5_000_000}]}) == []


def test_a_place_beside_the_earth_is_told_by_the_side() -> None:
    (found,) = schema.load(document(contentLocation=[{"name": "x", "latitude": 0, "longitude": 181}]))[1]
    assert found.message == "181 is not a number from -180 to 180"


def test_a_body_that_is_no_text_is_told() -> None:
    (found,) = schema.load(document(body=5))[1]
    assert (found.message, found.hint) == ("5 is not HTML", "write HTML, or leave 'body' out")


def test_a_type_that_is_none_of_several_is_told_with_all_of_them() -> None:
    (found,) = schema.load(document(author=[{"@type": "Dog", "name": "x"}]))[1]
    assert (found.message, found.hint) == ("'Dog' is no type of this", "use one of Person, Organization")


# -- what others take from us ---------------------------------------------------------------------------------------------

CASES = Path(__file__).parent / "cases"


def test_the_json_schema_is_what_others_know() -> None:
    """Who validates by it does so with the one they have: another is accepted by reading the diff."""
    assert schema.to_text(schema.json_schema()) + "\n" == (CASES / "publication.schema.json").read_text("utf-8")


FULL = replace(
    SAILING,
    alternative_headline="Back again",
    content_location=(Place(name="Whitby", latitude=54.5, longitude=-0.6),),
    license="https://lantern.example/licence",
    citation=(Link(url="https://lantern.example/1", name="One", in_language="en"),),
    translations=(Link(url="https://lantern.example/fr", in_language="fr"),),
    corrections=(Correction(text="It was on Tuesday.", date_published=date(2026, 3, 6)),),
    copyright_holder=Organization(name="The Lantern", same_as=("https://e.org/lantern",)),
    is_accessible_for_free=False,
)


def test_linked_data_has_the_properties_of_schema_org() -> None:
    """Read beside https://schema.org/NewsArticle, and Google's page on paywalled content."""
    spelled = schema.to_linked(FULL, replace(SHOW, sections=("Harbour",), alternate_name="L"))
    assert schema.to_text(spelled) + "\n" == (CASES / "article.linked.json").read_text("utf-8")
    bare = schema.linked(FULL, body=False)
    assert bare == {key: value for key, value in spelled.items() if key not in ("articleBody", "isPartOf")}
    assert "hasPart" not in schema.linked(replace(FULL, is_accessible_for_free=True))
    assert "mainEntityOfPage" not in schema.linked(replace(FULL, url=None))
    assert schema.to_linked(FULL, SHOW, part_of={"@id": "#x"})["isPartOf"] == {"@id": "#x"}


def test_linked_data_of_ours_is_read_again() -> None:
    publication = replace(SHOW, sections=("Harbour",), alternate_name="L", articles=(FULL,))
    found, problems = schema.told_from_linked(schema.to_linked(FULL, publication))
    plain = replace(FULL, body="<p>It sails again, and it’s said.</p>")
    assert (found, problems) == (replace(publication, articles=(plain,)), ())


# -- JSON text ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        (b'{\n  "a": 1,}', "json-malformed", 2),
        (b"", "json-malformed", 1),
        (b"[" * 100_000, "json-too-deep", 0),
        (b"[" * 500 + b"]" * 500, "json-too-deep", 0),
        (b'{"a": "\xff"}', "json-not-utf-8", 0),
        (b"9" * 5000, "json-malformed", 0),
    ],
    ids=["a comma too many", "nothing", "nested too deep", "nested as deep as Python just reads", "Latin-1", "a number of 5000 digits"],
)
def test_what_is_no_json_is_told_with_its_line(text: bytes, code: str, line: int) -> None:
    with pytest.raises(Unreadable) as error:
        schema.from_text(text)
    assert [(each.code, each.location.line) for each in error.value.problems] == [(code, line)]


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999"])
def test_what_is_no_number_is_no_place(number: str) -> None:
    given_ = schema.from_text(f'{{"name": "x", "latitude": {number}, "longitude": 0}}')
    assert schema.load_object(given_, Place) == Place(name="x")


# -- other people's linked data -------------------------------------------------------------------------------------------


def linked(**values: Json) -> Article:
    """Return the article that a JSON-LD node of somebody else stands for."""
    node: JsonObject = {"@type": "http://schema.org/NewsArticle", "identifier": "1", "headline": "Ferry", **values}
    return schema.from_linked(node, Publication(identifier="x", name="x", url="https://e.org/")).articles[0]


@pytest.mark.parametrize(
    ("values", "field", "expected"),
    [
        ({"author": "Ada Byron"}, "author", (Person(name="Ada Byron"),)),
        ({"author": {"@type": "NewsMediaOrganization", "name": "Reuters"}}, "author", (Organization(name="Reuters"),)),
        ({"image": "https://e.org/a.jpg"}, "image", (Image(content_url="https://e.org/a.jpg"),)),
        ({"image": {"@type": "ImageObject", "url": "https://e.org/a.jpg"}}, "image", (Image(content_url="https://e.org/a.jpg"),)),
        ({"image": ["https://e.org/a.jpg", "https://e.org/b.jpg"]}, "image", (Image(content_url="https://e.org/a.jpg"), Image(content_url="https://e.org/b.jpg"))),
        ({"citation": "https://e.org/other"}, "citation", (Link(url="https://e.org/other"),)),
        ({"citation": "A book"}, "citation", (Link(name="A book"),)),
        ({"correction": "The name was wrong."}, "corrections", (Correction(text="The name was wrong."),)),
        ({"isAccessibleForFree": "http://schema.org/True"}, "is_accessible_for_free", True),
        ({"isAccessibleForFree": "False"}, "is_accessible_for_free", False),
        ({"headline": ["Ferry", "Fähre"]}, "headline", "Ferry"),
        ({"keywords": "ferries"}, "keywords", ("ferries",)),
        ({"copyrightYear": "2026"}, "copyright_year", 2026),
        ({"@type": ["Article", "https://schema.org/ReportageNewsArticle"]}, "type", "Article"),
        ({"articleBody": "One.\n\nTwo."}, "body", "<p>One.</p><p>Two.</p>"),
        ({"inventedKey": 1}, "headline", "Ferry"),
        ({"locationCreated": {"@type": "Place", "name": "Ellery Quay"}}, "dateline", "Ellery Quay"),
        ({"locationCreated": {"name": "Ellery Quay"}, "dateline": "PARIS"}, "dateline", "PARIS"),
        ({"author": {"@type": "PerformanceRole", "author": {"name": "Ada Byron"}, "roleName": "reporter"}}, "author", (Person(name="Ada Byron"),)),
    ],
)  # fmt: skip
def test_linked_data_is_read_in_its_many_forms(values: JsonObject, field: str, expected: object) -> None:
    assert getattr(linked(**values), field) == expected


def test_a_role_may_be_called_by_its_address() -> None:
    role: JsonObject = {"@type": "https://schema.org/PerformanceRole", "author": {"name": "Ada Byron"}, "roleName": "reporter"}
    assert linked(author=role).author == (Person(name="Ada Byron"),)


def test_an_article_is_spelled_with_its_text_unless_told_otherwise_and_without_an_empty_one() -> None:
    article = Article(identifier="1", headline="x", body="<p>y</p>")
    assert schema.linked(article)["articleBody"] == "y"
    assert "articleBody" not in schema.linked(article, body=False)
    assert "articleBody" not in schema.linked(replace(article, body=""))


def test_the_rest_has_what_differs_but_for_what_is_to_be_left_out() -> None:
    article = Article(identifier="1", headline="x", body="<p>y</p>", in_language="en")
    native = replace(article, body="", in_language=None)
    left = {name for leave in ((), ("body",)) for name in schema.rest(article, native, leave=leave) or {} if name[0] != "@"}
    assert left == {"articleBody", "inLanguage"}
    assert "articleBody" not in (schema.rest(article, native) or {})


@pytest.mark.parametrize("listed", [5, {"identifier": "a"}, "a", None])
def test_articles_that_are_no_list_are_told_and_the_publication_is_read(listed: Json) -> None:
    given_: JsonObject = {"publication": dict(PUBLICATION), "articles": listed}
    publication, problems = schema.load(given_)
    assert (publication.name, publication.articles) == ("The Lantern", ())
    assert [(each.code, each.location.pointer) for each in problems] == [("json-wrong-type", "articles")]


def test_a_list_that_is_null_is_empty() -> None:
    assert load_one(keywords=None).keywords == ()


def test_linked_data_has_both_types_so_that_both_are_found() -> None:
    article = Article(identifier="1", headline="x", type="OpinionNewsArticle")
    assert schema.spell(article, linked=True)["@type"] == ["NewsArticle", "OpinionNewsArticle"]


def test_news_of_no_kind_has_one_type() -> None:
    assert schema.spell(Article(identifier="1", headline="x"), linked=True)["@type"] == "NewsArticle"


def test_what_is_left_is_spelled_as_linked_data() -> None:
    publication = Publication(identifier="x", name="x", url="https://e.org/", sections=("Harbour",))
    rest = schema.rest(publication, replace(publication, sections=()))
    assert rest is not None
    assert rest["hasPart"] == [{"@type": "CreativeWork", "name": "Harbour"}]


def test_the_picture_of_an_editor_is_spelled_as_linked_data() -> None:
    editor = Person(name="Judith Amory", image=Image(content_url="https://e.org/a", content_size=5))
    spelled: Any = schema.spell(Article(identifier="1", headline="x", editor=(editor, LANTERN), contributor=(editor,)), linked=True)
    pictured = [*spelled["editor"], spelled["contributor"][0], spelled["contributor"][1]["contributor"]]
    assert [each["image"]["contentSize"] for each in pictured] == ["5", "5", "5"]


def test_where_no_editor_is_a_person_there_is_none() -> None:
    assert "editor" not in schema.spell(Article(identifier="1", headline="x", editor=(LANTERN,)), linked=True)


LANTERN = Organization(name="The Lantern")
JUDITH = Person(name="Judith Amory")


@pytest.mark.parametrize("kind", ["BlogPosting", "Article", "AdvertiserContentArticle"])
def test_only_news_has_a_dateline_so_other_articles_have_a_place_of_creation(kind: str) -> None:
    """schema.org: the domain of dateline is NewsArticle."""
    spelled = schema.spell(Article(identifier="1", headline="x", type=kind, dateline="ELLERY QUAY"), linked=True)
    assert "dateline" not in spelled
    assert spelled["locationCreated"] == {"@type": "Place", "name": "ELLERY QUAY"}


@pytest.mark.parametrize("kind", ["NewsArticle", "OpinionNewsArticle"])
def test_news_has_a_dateline(kind: str) -> None:
    spelled = schema.spell(Article(identifier="1", headline="x", type=kind, dateline="ELLERY QUAY"), linked=True)
    assert (spelled["dateline"], spelled.get("locationCreated")) == ("ELLERY QUAY", None)


def test_an_editor_is_a_person_and_an_organization_contributes_as_one() -> None:
    """schema.org: the range of editor is Person, that of contributor has Organization, and a Role says as what."""
    spelled = schema.spell(Article(identifier="1", headline="x", editor=(LANTERN, JUDITH), contributor=(LANTERN,)), linked=True)
    assert spelled["editor"] == [schema.spell(JUDITH)]
    assert spelled["contributor"] == [
        schema.spell(LANTERN),
        {"@type": "Role", "roleName": "editor", "contributor": schema.spell(LANTERN)},
        {"@type": "Role", "roleName": "editor", "contributor": schema.spell(JUDITH)},
    ]


@pytest.mark.parametrize(
    "article",
    [
        Article(identifier="1", headline="x", editor=(LANTERN, JUDITH), contributor=(LANTERN,)),
        Article(identifier="1", headline="x", type="BlogPosting", dateline="ELLERY QUAY"),
        Article(identifier="1", headline="x", type="BlogPosting", editor=(LANTERN,)),
    ],
)
def test_what_schema_org_spells_another_way_comes_back(article: Article) -> None:
    assert linked(**schema.spell(article, linked=True)) == article
    native = Article(identifier="1", headline="x", type=article.type, dateline="ELSEWHERE", contributor=(JUDITH,))
    rest = schema.rest(article, native)
    assert rest is not None
    assert schema.merge(native, rest) == article


def test_linked_data_without_a_headline_is_no_article() -> None:
    with pytest.raises(PublisherError, match="headline"):
        schema.from_linked({"@type": "NewsArticle", "identifier": "1"}, Publication(identifier="x", name="x", url="https://e.org/"))


def test_the_publication_comes_from_is_part_of() -> None:
    node: JsonObject = {"@type": "NewsArticle", "identifier": "1", "headline": "x", "isPartOf": [{"@type": "WebPage"}, PUBLICATION]}
    default = Publication(identifier="x", name="x", url="https://e.org/")
    assert schema.from_linked(node, default).name == "The Lantern"
    del node["isPartOf"]
    assert schema.from_linked(node, default).name == "x"


@pytest.mark.parametrize(
    ("kind", "name", "key"), [(Article, "date_published", "datePublished"), (Article, "type", "@type"), (Image, "sha256", "sha256")]
)
def test_keys_are_schema_orgs_names(kind: type, name: str, key: str) -> None:
    assert schema.key_of(kind, name) == key


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=20,
)


@given(VALUES)
def test_json_is_spelled_as_the_standard_library_does(value: Json) -> None:
    assert schema.to_text(value) == json.dumps(value, ensure_ascii=False, indent=2)
    assert schema.to_text(value, indent=None) == json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def test_the_publication_of_articles_read_one_after_the_other_is_made_once(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Json] = []
    load = schema.load_object

    def counted(data: Json, kind: type[Publication]) -> Publication | None:
        asked.append(data)
        return load(data, kind)

    monkeypatch.setattr(schema, "_SAME", {})
    monkeypatch.setattr(schema, "load_object", counted)
    nodes: list[JsonObject] = [
        {"@type": "NewsArticle", "identifier": str(n), "headline": "A", "isPartOf": {**PUBLICATION}} for n in range(5)
    ]
    found = {schema.with_articles(schema.from_linked(each), ()) for each in nodes}
    assert len(asked) == len(found) == 1
    other: JsonObject = {**nodes[0], "isPartOf": {**PUBLICATION, "name": "The Gazette"}}
    assert schema.from_linked(other).name == "The Gazette"


# -- single values --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("field", "given_", "expected"),
    [
        ("email", "desk@lantern.example", "desk@lantern.example"),
        ("email", "a b@lantern.example", None),
        ("email", "a@b@c", None),
        ("email", "a@", None),
        ("email", "<a@b>", None),
        ("email", 7, None),
        ("url", "lantern.example", None),
        ("url", "mailto:desk@lantern.example", "mailto:desk@lantern.example"),
        ("url", 7, None),
    ],
)
def test_what_a_person_can_have(field: str, given_: Json, expected: str | None) -> None:
    assert schema.load_object({"name": "x", field: given_}, Person) == Person(name="x", **{field: cast("Any", expected)})


@pytest.mark.parametrize(
    ("key", "given_", "field", "expected"),
    [
        ("width", 0, "width", 0),
        ("width", 2**53 - 1, "width", 2**53 - 1),
        ("width", 2**53, "width", None),
        ("width", -1, "width", None),
        ("width", True, "width", None),
        ("width", 1.5, "width", None),
        ("width", " +12 ", "width", 12),
        ("width", "-1", "width", None),
        ("width", "1" * 16, "width", 1111111111111111),
        ("width", "1" * 17, "width", None),
        ("sha256", "0" * 64, "sha256", "0" * 64),
        ("sha256", "A" * 64, "sha256", None),
        ("sha256", "0" * 65, "sha256", None),
        ("encodingFormat", "image/JPEG", "encoding_format", "image/jpeg"),
        ("encodingFormat", "image", "encoding_format", None),
        ("encodingFormat", 7, "encoding_format", None),
    ],
)
def test_what_a_picture_can_have(key: str, given_: Json, field: str, expected: object) -> None:
    found = schema.load_object({"contentUrl": "https://e.org/a", key: given_}, Image)
    assert found == Image(content_url="https://e.org/a", **{field: cast("Any", expected)})


@pytest.mark.parametrize(
    ("latitude", "longitude", "is_one"),
    [
        (90, 180, True),
        (-90, -180.0, True),
        (90.5, 0, False),
        (0, 180.5, False),
        (0, -181, False),
        (-91, 0, False),
        (True, 0, False),
        ("-12.", "1.5e-3", True),
        ("1e1000", 0, False),
        ("1" * 17, 0, False),
        ("x", 0, False),
    ],
)
def test_a_point_is_on_the_earth(latitude: Json, longitude: Json, is_one: bool) -> None:
    found = schema.load_object({"name": "x", "latitude": latitude, "longitude": longitude}, Place)
    assert found == (Place(name="x", latitude=float(str(latitude)), longitude=float(str(longitude))) if is_one else Place(name="x"))


def test_a_point_at_nought_has_no_sign() -> None:
    found = schema.load_object({"name": "x", "latitude": -0.0, "longitude": 0}, Place)
    assert found is not None
    assert (str(found.latitude), str(found.longitude)) == ("0.0", "0.0")


@pytest.mark.parametrize(
    ("given_", "expected"),
    [
        (True, True),
        (False, False),
        ("TRUE", True),
        ("http://schema.org/False", False),
        ("https://schema.org/True", True),
        ("yes", None),
        (1, None),
    ],
)
def test_what_says_yes_or_no(given_: Json, expected: bool | None) -> None:
    assert linked(isAccessibleForFree=given_).is_accessible_for_free is expected


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("P2D", 172_800),
        ("PT2H", 7200),
        ("PT3M", 180),
        ("P1DT1H1M1,9S", 90_061),
        (f"PT{2**53 - 1}S", 2**53 - 1),
        (f"PT{2**53}S", None),
        ("P", None),
        ("PT", None),
        ("xPT1S", None),
    ],
)
def test_seconds_of_a_duration(written: str, expected: int | None) -> None:
    assert schema.seconds(written) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (datetime.fromisoformat("2026-01-02T03:04:05.678"), "2026-01-02T03:04:05+00:00"),
        (datetime(2026, 1, 2, 3, 4, 5, tzinfo=timezone(timedelta(seconds=3629))), "2026-01-02T03:04:05+01:00"),
        (datetime(2026, 1, 2, 3, 4, 5, tzinfo=timezone(timedelta(seconds=3631))), "2026-01-02T03:04:05+01:01"),
        (datetime(2026, 1, 2, 3, 4, 5, tzinfo=timezone(timedelta(seconds=29))), "2026-01-02T03:04:05+00:00"),
    ],
)
def test_a_moment_has_whole_seconds_and_an_offset_in_whole_minutes(value: datetime, expected: str) -> None:
    found = schema.moment(value)
    assert (found.isoformat(), found.fold) == (expected, 0)
    assert (found.tzinfo is UTC) == expected.endswith("+00:00")


def test_a_day_begins_at_midnight_in_utc() -> None:
    moment = datetime(2026, 1, 2, 3, tzinfo=timezone(timedelta(hours=1)))
    assert schema.begin(date(2026, 1, 2)).isoformat() == "2026-01-02T00:00:00+00:00"
    assert schema.begin(moment) is moment


@pytest.mark.parametrize(("written", "year"), [("0999-12-31", None), ("1000-01-01", 1000), ("9998-12-31", 9998), ("9999-01-01", None)])
def test_years_are_those_that_every_format_can_write(written: str, year: int | None) -> None:
    found = schema.parse_date(written)
    assert (found and found.year) == year


# -- what stands in linked data of others ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "field", "expected"),
    [
        ({"author": {"@type": "Corporation", "name": "X"}}, "author", (Organization(name="X"),)),
        ({"author": {"@type": ["Thing", "https://schema.org/Organization"], "name": "X"}}, "author", (Organization(name="X"),)),
        ({"author": [{"name": "A"}, None, {"name": " "}, "B"]}, "author", (Person(name="A"), Person(name="B"))),
        ({"copyrightHolder": [{"name": "A"}, {"name": "B"}]}, "copyright_holder", Person(name="A")),
        ({"copyrightHolder": []}, "copyright_holder", None),
        ({"image": {"@type": "ImageObject"}}, "image", ()),
        ({"citation": {}}, "citation", ()),
        ({"associatedMedia": "https://e.org/a.mp3"}, "associated_media", (Media(content_url="https://e.org/a.mp3"),)),
        ({"associatedMedia": {"@type": ["X", "AudioObject"], "url": "https://e.org/a"}}, "associated_media", (Media(content_url="https://e.org/a", type="AudioObject"),)),
        ({"correction": {"text": "A", "datePublished": "2026-01-02"}}, "corrections", (Correction(text="A", date_published=date(2026, 1, 2)),)),
        ({"workTranslation": {"url": "https://e.org/fr"}}, "translations", (Link(url="https://e.org/fr"),)),
        ({"contributor": {"@type": "Role", "contributor": {"name": "A"}}}, "contributor", (Person(name="A"),)),
        ({"contributor": {"@type": "Role", "roleName": "editor", "contributor": {"name": "A"}}}, "contributor", ()),
        ({"contributor": {"@type": "Role", "roleName": "editor", "contributor": {"name": "A"}}}, "editor", (Person(name="A"),)),
        ({"contributor": [{"name": "B"}, {"@type": "Role", "roleName": "editor", "contributor": {"name": "A"}}]}, "contributor", (Person(name="B"),)),
        ({"editor": {"@type": "OrganizationRole", "editor": {"name": "A"}}}, "editor", (Person(name="A"),)),
        ({"locationCreated": [{"name": "A"}, {"name": "B"}]}, "dateline", "A"),
        ({"locationCreated": []}, "dateline", None),
        ({"locationCreated": "A"}, "dateline", "A"),
        ({"locationCreated": ["A"]}, "dateline", "A"),
        ({"@type": ["https://schema.org/NewsArticle", "OpinionNewsArticle"]}, "type", "OpinionNewsArticle"),
        ({"@type": "Recipe"}, "type", "NewsArticle"),
        ({"@type": ["NewsArticle"]}, "type", "NewsArticle"),
        ({"articleBody": 7}, "body", ""),
        ({"url": ["https://e.org/1", "https://e.org/2"]}, "url", "https://e.org/1"),
    ],
)  # fmt: skip
def test_linked_data_of_others_is_read(values: JsonObject, field: str, expected: object) -> None:
    assert getattr(linked(**values), field) == expected


@pytest.mark.parametrize(
    ("node", "identifier", "name"),
    [
        ({"url": "https://e.org/a/b"}, "https://e.org/", "e.org"),
        ({"url": ["http://e.org:81/a"], "publisher": {"name": "Herald"}}, "http://e.org:81/", "Herald"),
        ({"url": "mailto:a@e.org", "publisher": "Herald"}, "https://example.org/", "example.org"),
        ({}, "https://example.org/", "example.org"),
        ({"isPartOf": "x", "url": "https://e.org/"}, "https://e.org/", "e.org"),
    ],
)
def test_an_article_that_does_not_say_what_it_is_part_of_is_of_its_site(node: JsonObject, identifier: str, name: str) -> None:
    found = schema.from_linked({"@type": "NewsArticle", "identifier": "1", "headline": "x", **node})
    assert (found.identifier, found.url, found.name) == (identifier, identifier, name)


# -- JSON text: words -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        (b'{"a" 1}', "this is not JSON: expecting ':' delimiter", "check that the file is complete"),
        (b'{"a": "\xff"}', "this JSON is not UTF-8: invalid start byte", "save it as UTF-8"),
        (b"9" * 5000, "this is not JSON that anybody can read: a number has thousands of digits", "check where it comes from"),
        (b"[" * 101 + b"]" * 101, "this JSON is nested too deep", "check where it comes from"),
        (b'{"a":' * 101 + b"1" + b"}" * 101, "this JSON is nested too deep", "check where it comes from"),
    ],
)  # fmt: skip
def test_what_is_no_json_is_said(text: bytes, message: str, hint: str) -> None:
    with pytest.raises(Unreadable) as raised:
        schema.from_text(text)
    (found,) = raised.value.problems
    assert (found.message, found.hint, found.severity) == (message, hint, Severity.ERROR)


def test_a_hundred_lists_in_each_other_are_read() -> None:
    assert schema.from_text(b"[" * 100 + b"]" * 100)
    assert schema.from_text('{"a":' * 99 + "[1]" + "}" * 99)


@pytest.mark.parametrize("text", ['[{"a":' * 51 + "1" + "}]" * 51, "[" * 101 + "]" * 101], ids=["both in turn", "lists"])
def test_depth_is_seen_in_text_and_in_bytes(text: str) -> None:
    for each in (text, text.encode()):
        with pytest.raises(Unreadable, match="nested too deep"):
            schema.from_text(each)


def test_another_language_is_named() -> None:
    def parse(text: str) -> list[object]:
        raise RecursionError

    with pytest.raises(Unreadable, match="this YAML is nested too deep") as raised:
        schema.parsed(parse, "x", "YAML")
    assert raised.value.problems[0].code == "yaml-too-deep"


def test_text_for_people_and_for_scripts() -> None:
    value: Json = {"é": ["<a> & b", [], {}], "c": None}
    assert schema.to_text(value) == '{\n  "é": [\n    "<a> & b",\n    [],\n    {}\n  ],\n  "c": null\n}'
    assert schema.to_script("<a>&\u2028\u2029") == '"\\u003ca\\u003e\\u0026\\u2028\\u2029"'


def test_only_few_publications_are_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    remembered: dict[str, Publication | None] = {}
    monkeypatch.setattr(schema, "_SAME", remembered)
    sizes = []
    for number in range(20):
        part: JsonObject = {**PUBLICATION, "name": f"L{number}"}
        schema.from_linked({"@type": "NewsArticle", "identifier": "1", "headline": "x", "isPartOf": part})
        sizes.append(len(remembered))
    assert sizes == [*range(1, 9), *range(1, 9), *range(1, 5)]
    schema.from_linked({"@type": "NewsArticle", "identifier": "1", "headline": "x", "isPartOf": {**PUBLICATION, "name": "L" * 10_000}})
    assert len(remembered) == 4
