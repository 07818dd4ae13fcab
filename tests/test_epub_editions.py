"""Editions: which part of a publication a book is, in its identifier, its title, its place in the row, and who made it."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date
from hashlib import sha256
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publisher import linked, schema
from publisher.article import Article, Organization, Person, Publication
from publisher.formats import BookOptions, Edition, Target, epub
from publisher.formats.epub import names, record
from publisher.formats.epub.words import words
from tests.strategies import articles
from tests.test_epub import BELLS, FERRY, PUBLICATION, files, package, same

WEEK = Edition(key="2026-W47", first_day=date(2026, 11, 16), last_day=date(2026, 11, 22), issue_number=3)
MONTH = Edition(key="2026-11", first_day=date(2026, 11, 1), last_day=date(2026, 11, 30))
LINE_END = b"\n"
HARBOUR = Edition(key="harbour", name="Harbour")


def book(edition: Edition | None = WEEK, publication: Publication = PUBLICATION, **options: Any) -> bytes:
    return epub.write(publication, Target(edition=edition, **options))


def said(name: str, given: bytes) -> list[str]:
    """Return what the package says under a name, of Dublin Core or of a property."""
    return re.findall(rf"<(?:dc:{name}|meta property=\"{name}\")[^>]*>(.*?)</", package(given))


def identifier(edition: Edition | None, publication: Publication = PUBLICATION) -> str:
    return said("identifier", book(edition, publication))[0]


# -- identifier and title -------------------------------------------------------------------------------------------------


def test_each_edition_has_an_identifier_of_its_own_that_nothing_else_changes() -> None:
    assert len({identifier(each) for each in (None, WEEK, MONTH, HARBOUR)}) == 4
    other = replace(PUBLICATION, name="The Lamp", url="https://lamp.example/", articles=(BELLS,), in_language="de")
    assert identifier(replace(WEEK, name="Weekly", issue_number=None), other) == identifier(WEEK)
    assert identifier(WEEK, replace(PUBLICATION, identifier="tag:lamp.example,2026:")) != identifier(WEEK)


def test_an_identifier_is_the_same_on_every_machine() -> None:
    assert identifier(WEEK) == "urn:uuid:e888e5c9-aacf-52d8-b700-2bb55f380b26"


@pytest.mark.parametrize(
    ("edition", "title"),
    [
        (WEEK, "The Lantern, 16–22 November 2026"),
        (MONTH, "The Lantern, November 2026"),
        (HARBOUR, "The Lantern, Harbour"),
        (replace(MONTH, name="Almanac"), "The Lantern, Almanac, November 2026"),
        (Edition(key="2026-11-20", first_day=date(2026, 11, 20), last_day=date(2026, 11, 20)), "The Lantern, 20 November 2026"),
        (None, "The Lantern, 22 November 2026"),
    ],
    ids=["week", "month", "section", "name and days", "day", "everything"],
)
def test_the_title_says_what_it_is(edition: Edition | None, title: str) -> None:
    assert said("title", book(edition)) == [title]
    assert said("title-type", book(edition)) == ["main"]


@pytest.mark.parametrize(
    ("language", "month", "week"),
    [
        ("en-US", "November 2026", "November 16–22, 2026"),
        ("de", "November 2026", "16.–22. November 2026"),
        ("fr", "novembre 2026", "16–22 novembre 2026"),
        ("es", "noviembre de 2026", "16–22 de noviembre de 2026"),
        ("pl", "listopad 2026", "16–22 listopada 2026"),
        ("ru", "ноябрь 2026", "16–22 ноября 2026"),
        ("fi", "marraskuu 2026", "16.–22. marraskuuta 2026"),
        ("fa", "نوامبر ۲۰۲۶", "۱۶–۲۲ نوامبر ۲۰۲۶"),
        ("ja", "2026年11月", "2026年11月16日 – 2026年11月22日"),
        ("zh-TW", "2026年11月", "2026年11月16日 – 2026年11月22日"),
        ("vi", "tháng 11, 2026", "16–22 tháng 11, 2026"),
        ("tlh", "2026-11", "2026-11-16 – 2026-11-22"),
    ],
)
def test_months_and_weeks_are_written_as_the_language_does(language: str, month: str, week: str) -> None:
    known = words(language)
    assert known.days(date(2026, 11, 1), date(2026, 11, 30)) == month
    assert known.days(date(2026, 11, 16), date(2026, 11, 22)) == week


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        (date(2026, 6, 1), date(2026, 6, 7), "1er–7 juin 2026"),
        (date(2026, 11, 30), date(2026, 12, 6), "30 novembre 2026 – 6 décembre 2026"),
        (date(2026, 12, 28), date(2027, 1, 3), "28 décembre 2026 – 3 janvier 2027"),
        (date(2026, 2, 1), date(2026, 2, 28), "février 2026"),
        (date(2026, 2, 1), date(2027, 2, 28), "1er février 2026 – 28 février 2027"),
    ],
)
def test_days_of_two_months_are_two_dates(first: date, last: date, expected: str) -> None:
    assert words("fr").days(first, last) == expected


def test_titles_are_sorted_by_their_days() -> None:
    assert re.findall(r'"file-as" refines="#name">(.*?)<', package(book())) == ["The Lantern 2026-W47"]
    assert re.findall(r'"file-as" refines="#name">(.*?)<', package(book(None))) == ["The Lantern 2026-11-22"]


# -- the row and the dates ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("edition", "position"),
    [
        (WEEK, ["3"]),
        (replace(WEEK, issue_number=None), ["2026.47"]),
        (replace(WEEK, issue_number=None, first_day=date(2024, 12, 30), last_day=date(2025, 1, 5)), ["2025.01"]),
        (MONTH, ["2026.11"]),
        (Edition(key="2026-02-03", first_day=date(2026, 2, 3), last_day=date(2026, 2, 3)), ["2026.034"]),
        (HARBOUR, []),
        (None, []),
    ],
)
def test_an_edition_has_its_place_in_the_series(edition: Edition | None, position: list[str]) -> None:
    assert said("belongs-to-collection", book(edition)) == ["The Lantern"]
    assert said("group-position", book(edition)) == position


def test_the_series_is_known_by_its_issn_else_by_its_address() -> None:
    assert said("dcterms:identifier", book()) == ["https://lantern.example/"]
    assert said("dcterms:identifier", book(book=BookOptions(issn="2049-3630"))) == ["urn:issn:2049-3630"]


def test_an_edition_is_of_the_day_of_its_newest_article_and_modified_with_its_articles() -> None:
    changed = replace(
        PUBLICATION, date_modified=None, articles=(replace(BELLS, date_published=date(2026, 11, 20), date_modified=date(2026, 11, 24)),)
    )
    assert said("date", book(MONTH, changed)) == ["2026-11-20"]
    assert said("dcterms:modified", book(MONTH, changed)) == ["2026-11-24T00:00:00Z"]


def test_an_edition_without_dates_is_of_its_last_day() -> None:
    assert said("date", book(MONTH, replace(PUBLICATION, articles=(replace(BELLS, date_published=None),)))) == ["2026-11-30"]


def test_the_description_of_an_edition_is_what_is_in_it() -> None:
    assert said("description", book()) == [f"{FERRY.headline} · {BELLS.headline} · أسماء النجوم"]
    many = replace(PUBLICATION, articles=tuple(replace(BELLS, identifier=str(number)) for number in range(20)))
    assert said("description", book(WEEK, many)) == [" · ".join([*[BELLS.headline] * 12, "…"])]
    assert said("description", book(None)) == [PUBLICATION.description]


# -- who made it ----------------------------------------------------------------------------------------------------------


def test_everybody_is_named_once_with_all_roles() -> None:
    ada, wire = Person(name="Ada Byron"), Organization(name="Northlight Wire")
    articles = (
        Article(identifier="a", headline="a", author=(ada, wire), editor=(ada,)),
        Article(identifier="b", headline="b", contributor=(wire,), author=(ada,)),
    )
    found = [(each.name, each.roles, each.filed) for each in names.makers(articles, "en")]
    assert found == [("Ada Byron", ("aut", "edt"), "Byron, Ada"), ("Northlight Wire", ("aut", "ctb"), "Northlight Wire")]
    text = package(book(WEEK, replace(PUBLICATION, articles=articles)))
    assert '<dc:contributor id="contributor-1">Ada Byron</dc:contributor>' in text
    assert re.findall(r'"role" refines="#contributor-1" scheme="marc:relators">(.*?)<', text) == ["aut", "edt"]
    assert '<meta property="file-as" refines="#contributor-1">Byron, Ada</meta>' in text


def test_the_house_publishes_and_edits_so_that_shelves_show_it_as_the_author() -> None:
    assert re.findall(r'"role" refines="#creator" scheme="marc:relators">(.*?)<', package(book())) == ["isb", "edt"]
    assert re.findall(r'"file-as" refines="#creator">(.*?)<', package(book())) == said("creator", book()) == said("publisher", book())


@pytest.mark.parametrize(
    ("name", "language", "filed"),
    [
        ("Ines Calloway", "en", "Calloway, Ines"),
        ("Jean-Luc Hébert", "fr-CA", "Hébert, Jean-Luc"),
        ("J. R. Ewing", "en", "Ewing, J. R."),
        ("Mary A. Evans", "en", "Evans, Mary A."),
        ("Анна Ахматова", "ru", "Ахматова, Анна"),
        ("Conor O’Brien", "en", "O’Brien, Conor"),
        ("Ludwig van Beethoven", "de", "Ludwig van Beethoven"),
        ("Gabriel García Márquez", "es", "Gabriel García Márquez"),
        ("Kovács Anna", "hu", "Kovács Anna"),
        ("Nguyễn Du", "vi", "Nguyễn Du"),
        ("夏目漱石", "en", "夏目漱石"),
        ("نجيب محفوظ", "ar", "نجيب محفوظ"),
        ("Voltaire", "fr", "Voltaire"),
        ("Desk 2", "en", "Desk 2"),
        ("A & B", "en", "A & B"),
    ],
)
def test_a_family_name_comes_first_only_where_that_is_sure(name: str, language: str, filed: str) -> None:
    assert names.filed(Person(name=name), language) == filed
    assert names.filed(Organization(name=name), language) == name


def test_no_long_name_takes_long() -> None:
    assert names.filed(Person(name="a-" * 50_000 + "."), "en").startswith("a-")
    assert names.filed(Person(name="J. " * 50_000), "en").startswith("J.")


# -- the record -----------------------------------------------------------------------------------------------------------


def test_the_record_is_the_issue_of_the_publication_with_its_articles() -> None:
    node = json.loads(files(book())[record.MEMBER])
    assert (node["@type"], node["name"], node["issueNumber"]) == ("PublicationIssue", "The Lantern, 16–22 November 2026", 3)
    assert (node["@id"], node["datePublished"]) == (identifier(WEEK), "2026-11-20")
    assert node["isPartOf"] == schema.spell(PUBLICATION, linked=True)
    assert [(each["identifier"], each["headline"], each.get("url")) for each in node["hasPart"]] == [
        (each.identifier, each.headline, each.url) for each in PUBLICATION.articles
    ]


@pytest.mark.parametrize("edition", [None, WEEK, HARBOUR], ids=["everything", "week", "section"])
def test_the_record_is_sound_linked_data(edition: Edition | None) -> None:
    assert linked.check(files(book(edition))[record.MEMBER].decode()) == []


@given(articles(), st.text(st.sampled_from('body":\\\b\n\t\x7f{}é’\ud800'), max_size=30))
def test_the_record_has_the_digest_of_the_json_spelling(article: Article, body: str) -> None:
    """The spelling of the text, which is most of it, is a short way of what `json` does."""
    for each in (article, replace(article, body=body, headline=f'"body":"",{body}')):
        written = schema.to_text(schema.spell(each), indent=None).encode(errors="surrogatepass")
        assert record.digest(each) == sha256(written + LINE_END).digest()


def version(*articles: Article) -> str:
    return record.version(map(record.digest, articles))


def test_the_record_has_a_digest_that_changes_with_any_article() -> None:
    assert version(FERRY, BELLS) != version(BELLS, FERRY)
    assert version(FERRY) != version(replace(FERRY, body=f"{FERRY.body}<p>More.</p>"))
    found = record.load(files(book())[record.MEMBER])
    assert found
    assert found.version == version(*PUBLICATION.articles)
    assert list(found.headlines.values()) == [each.headline for each in PUBLICATION.articles]


@pytest.mark.parametrize("edition", [None, WEEK, HARBOUR], ids=["everything", "week", "section"])
def test_an_edition_comes_back_whole(edition: Edition | None) -> None:
    same(epub.read(book(edition)).publication, PUBLICATION)
    assert epub.check(book(edition)) == []


def test_a_book_whose_record_is_the_periodical_itself_is_still_read() -> None:
    assert record.publication(schema.spell(PUBLICATION, linked=True)) == replace(PUBLICATION, articles=())
