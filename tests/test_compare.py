"""Where two publications differ: told field by field, so that a person finds it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from publisher.article import Article, Image, Organization, Person, Publication
from publisher.compare import Difference, between, differences, lines
from tests import strategies

ARTICLE = Article(identifier="tag:lantern.example,2026:ferry", headline="The ferry’s last trip")
PUBLICATION = Publication(identifier="https://lantern.example/", name="The Lantern", url="https://lantern.example/", articles=(ARTICLE,))


def changed(**values: Any) -> Publication:
    """Return the publication with an article that differs."""
    return replace(PUBLICATION, articles=(replace(ARTICLE, **values),))


def pointers(first: Publication, second: Publication) -> list[str]:
    return [each.pointer for each in differences(first, second)]


@given(strategies.publications())
@settings(max_examples=50)
def test_a_publication_does_not_differ_from_itself(publication: Publication) -> None:
    assert list(differences(publication, replace(publication))) == []


def test_a_difference_is_told_with_both_values() -> None:
    (found,) = differences(PUBLICATION, replace(PUBLICATION, name="The Beacon"))
    assert found == Difference(pointer="publication.name", first="The Lantern", second="The Beacon")


def test_what_only_one_of_them_has_differs_from_nothing() -> None:
    (found,) = differences(PUBLICATION, changed(dateline="ELLERY QUAY"))
    assert found == Difference(pointer="articles[0].dateline", first=None, second="ELLERY QUAY")


def test_the_pointer_leads_into_lists_and_objects() -> None:
    one = (Image(content_url="https://lantern.example/a.jpg", width=640), Image(caption="The quay"))
    other = (one[0], replace(one[1], caption="The pier"))
    assert pointers(changed(image=one), changed(image=other)) == ["articles[0].image[1].caption"]


def test_an_article_that_is_missing_is_one_difference() -> None:
    assert pointers(PUBLICATION, replace(PUBLICATION, articles=())) == ["articles[0]"]


NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    "other",
    [NOON.astimezone(timezone(timedelta(hours=1))), date(2026, 11, 20), NOON.replace(second=1)],
    ids=["the same moment with another offset", "the day alone", "a second later"],
)
def test_dates_differ_in_precision_and_offset_too(other: date) -> None:
    assert pointers(changed(date_published=NOON), changed(date_published=other)) == ["articles[0].datePublished"]


def test_a_person_is_not_an_organization_of_the_same_name() -> None:
    people, houses = (Person(name="Reuters"),), (Organization(name="Reuters"),)
    assert pointers(changed(author=people), changed(author=houses)) == ["articles[0].author[0].@type"]


def test_true_is_not_absent_and_not_false() -> None:
    first, second, third = changed(is_accessible_for_free=True), changed(is_accessible_for_free=False), PUBLICATION
    assert [len(pointers(*pair)) for pair in ((first, second), (first, third), (second, third))] == [1, 1, 1]


@given(st.permutations(["one", "two", "three"]))
@settings(max_examples=10)
def test_the_order_of_a_list_counts(words: list[str]) -> None:
    given_ = ("one", "two", "three")
    assert bool(pointers(changed(keywords=given_), changed(keywords=tuple(words)))) == (tuple(words) != given_)


# -- comparing two files --------------------------------------------------------------------------------------------------


def of(*articles: Article) -> Publication:
    return replace(PUBLICATION, articles=articles)


def named(name: str, **values: Any) -> Article:
    return Article(**{"identifier": f"tag:lantern.example,2026:{name}", "headline": f"About {name}", **values})


def told(first: Publication, second: Publication, *, common: bool = False) -> list[tuple[str, object, object]]:
    return [(each.pointer, each.first, each.second) for each in between(first, second, common=common)]


def test_the_order_of_articles_does_not_matter() -> None:
    assert told(of(named("a"), named("b")), of(named("b"), named("a"))) == []


def test_an_article_is_found_by_its_identifier_then_its_address_then_its_headline() -> None:
    first = of(named("a", headline="One"), named("b", url="https://e.org/b", headline="Two"), named("c", headline="Three"))
    second = of(named("x", headline="Three"), named("y", url="https://e.org/b", headline="Zwei"), named("a", headline="Eins"))
    assert [each.pointer.rpartition("]")[2] for each in between(first, second)] == [".headline", ".identifier", ".headline", ".identifier"]


def test_a_headline_that_several_have_tells_nothing() -> None:
    first, second = of(named("a", headline="One"), named("b", headline="One")), of(named("c", headline="One"))
    assert [found[1:] for found in told(first, second)] == [("One", None), ("One", None), (None, "One")]


def test_what_only_one_has_is_told_unless_only_the_common_is_asked_for() -> None:
    first, second = of(named("a"), named("b")), of(named("b"), named("c"))
    assert told(first, second) == [
        ("articles[tag:lantern.example,2026:a]", "About a", None),
        ("articles[tag:lantern.example,2026:c]", None, "About c"),
    ]
    assert told(first, second, common=True) == []


@pytest.mark.parametrize(
    ("pointer", "field", "expected"),
    [
        ("articles[tag:a,2026:b].image[0].width", "image", True),
        ("articles[tag:a,2026:b].imagery", "image", False),
        ("articles[tag:a,2026:b]", "image", False),
        ("publication.image.width", "publication.image", True),
        ("publication.image.width", "image", False),
    ],
)
def test_a_field_can_be_left_out(pointer: str, field: str, expected: bool) -> None:
    assert Difference(pointer=pointer, article="articles[tag:a,2026:b]", first=1, second=2).is_in(field) is expected


def test_of_two_bodies_only_the_blocks_are_shown_that_differ() -> None:
    found = Difference(pointer="body", first="<p>a</p><p>b</p><p>c</p>", second="<p>a</p><p>B</p><p>c</p><p>d</p>")
    assert list(lines(found)) == ["- <p>b</p>", "+ <p>B</p>", "+ <p>d</p>"]


def test_two_very_long_bodies_are_not_compared_block_by_block() -> None:
    """It took difflib minutes: its time grows faster than the product of the two lengths."""
    first = "<p>a</p>" * 5_000 + "<p>x</p>" + "<p>b</p>" * 5_000
    second = "<p>a</p>" * 4_000 + "<p>y</p>" + "<p>b</p>" * 6_000
    assert [each[0] for each in lines(Difference(pointer="body", first=first, second=second))] == ["-", "+"]


def test_of_a_long_text_what_is_around_the_difference_is_shown() -> None:
    first, second = lines(Difference(pointer="headline", first="x" * 500 + "a" * 500, second="x" * 500 + "b" * 500))
    assert first == f"- …{'x' * 60}{'a' * 180}…"
    assert second == f"+ …{'x' * 60}{'b' * 180}…"


@given(strategies.publications(), st.randoms(use_true_random=False))
@settings(max_examples=50)
def test_any_publication_is_the_same_in_any_order(publication: Publication, random: Any) -> None:
    single = {each.identifier: each for each in publication.articles}
    shuffled = list(single.values())
    random.shuffle(shuffled)
    assert told(replace(publication, articles=tuple(single.values())), replace(publication, articles=tuple(shuffled))) == []


def test_an_identifier_may_have_brackets_in_it() -> None:
    (found,) = between(of(named("x]y")), of(named("x]y", headline="Other")))
    assert found.is_in("headline")
