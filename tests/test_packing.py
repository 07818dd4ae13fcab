"""Values come back from bytes as they were."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given

from publisher import packing
from publisher.article import Article, Correction, Image, Link, Media, Organization, Person, Place, Publication
from tests.strategies import publications

KINDS = (Article, Person, Organization, Image, Media, Link, Place, Correction)
PORTRAIT = Image(content_url="https://lantern.example/a.png", width=3)
ARTICLE = Article(identifier="urn:1", headline="Ferry", body="<p>It sailed.</p>", author=(Person(name="Ines", image=PORTRAIT),))


@given(publications())
def test_articles_come_back_as_they_were(publication: Publication) -> None:
    packed = packing.pack(publication.articles, KINDS, (Person, Organization, Image))
    assert [*map(repr, packing.unpack(packed, KINDS))] == [*map(repr, publication.articles)]


def test_nothing_comes_back_as_nothing() -> None:
    assert packing.unpack(packing.pack((), KINDS), KINDS) == []


def test_what_is_equal_and_shared_is_one_afterwards() -> None:
    again = replace(ARTICLE, author=(Person(name="Ines", image=replace(PORTRAIT)),), image=(replace(PORTRAIT),))
    first, second = packing.unpack(packing.pack((ARTICLE, again), KINDS, (Person, Image)), KINDS)
    assert (first, second) == (ARTICLE, again)
    assert first.author[0] is second.author[0]
    assert first.author[0].image is second.image[0]


def test_moments_that_are_equal_keep_their_offsets() -> None:
    moments = (datetime(2026, 1, 2, 8, tzinfo=UTC), datetime(2026, 1, 2, 9, tzinfo=timezone(timedelta(hours=1))), date(2026, 1, 2))
    given = [replace(ARTICLE, date_published=each) for each in moments]
    found = packing.unpack(packing.pack(given, KINDS, (Person,)), KINDS)
    assert [repr(each.date_published) for each in found] == [*map(repr, moments)]


def test_a_field_can_be_left_out() -> None:
    (found,) = packing.unpack(packing.pack([ARTICLE], KINDS, (), "body"), KINDS, "body")
    assert found.headline == "Ferry"
    with pytest.raises(AttributeError):
        assert found.body
    with pytest.raises(AttributeError):
        assert packing.blank(ARTICLE, "body").body


def test_values_are_made_of_columns() -> None:
    assert packing.made(Link, 2, (["a", "b"], [None, "B"], [None, "en"])) == [Link(url="a"), Link(url="b", name="B", in_language="en")]
