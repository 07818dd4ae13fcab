"""The model: what every part of it has, what it has not unless told, and that nothing of it changes."""

from __future__ import annotations

import pickle
from dataclasses import MISSING, FrozenInstanceError, fields, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from publisher import article as model
from publisher.article import Article, Correction, Image, Link, Media, Organization, Person, Place, Publication

SMALLEST: list[Any] = [
    Image(),
    Media(content_url="https://lantern.example/a.mp3"),
    Person(name="Ada Byron"),
    Organization(name="The Lantern"),
    Link(),
    Place(name="Whitby"),
    Correction(text="It was on Tuesday."),
    Article(identifier="tag:lantern.example,2026:ferry", headline="The ferry is back"),
    Publication(identifier="tag:lantern.example,2026:", name="The Lantern", url="https://lantern.example/"),
]
"""One of each, with nothing but what it cannot be without."""
SAID: dict[str, dict[type, str]] = {"type": {Media: "MediaObject", Article: "NewsArticle"}, "body": {Article: ""}}
"""What is not absent when nobody says it."""


@pytest.mark.parametrize("value", SMALLEST, ids=lambda value: type(value).__name__)
def test_what_is_not_said_is_absent(value: Any) -> None:
    for each in fields(value):
        if each.default is not MISSING:
            expected = SAID.get(each.name, {}).get(type(value), () if "tuple" in str(each.type) else None)
            assert getattr(value, each.name) == expected, each.name


@pytest.mark.parametrize("value", SMALLEST, ids=lambda value: type(value).__name__)
def test_nothing_in_the_model_changes(value: Any) -> None:
    for each in fields(value):
        with pytest.raises(FrozenInstanceError):
            setattr(value, each.name, getattr(value, each.name))
    assert not hasattr(value, "__dict__")
    assert hash(value) == hash(replace(value))


@pytest.mark.parametrize("value", SMALLEST, ids=lambda value: type(value).__name__)
def test_the_model_is_told_by_name(value: Any) -> None:
    kind = type(value)
    with pytest.raises(TypeError):
        kind("https://lantern.example/")
    assert all(each.kw_only for each in fields(kind))


@pytest.mark.parametrize("value", SMALLEST, ids=lambda value: type(value).__name__)
def test_the_model_goes_to_another_process_and_back(value: Any) -> None:
    assert pickle.loads(pickle.dumps(value)) == value


def types_of_schema_org() -> dict[str, list[str]]:
    """Its types, with those that each is a kind of."""
    lines = (Path(__file__).parent.parent / "publisher/linked/schemaorg.txt").read_text("utf-8").splitlines()
    return {name: parents.split() for kind, name, parents, *_ in (f"{each}||".split("|") for each in lines) if kind == "t"}


def test_the_types_are_those_of_schema_org() -> None:
    known = types_of_schema_org()
    articles, media = model.ARTICLE_TYPES, model.MEDIA_TYPES
    assert len(set(articles)) == len(articles) == 10
    assert all(each == "Article" or {"Article", "NewsArticle", "SocialMediaPosting"} & set(known[each]) for each in articles)
    assert {each for each in known if "NewsArticle" in known[each]} | {"Article", "NewsArticle", "BlogPosting"} <= set(articles)
    assert set(media) == {"AudioObject", "VideoObject", "MediaObject"}
    assert all(each == "MediaObject" or known[each] == ["MediaObject"] for each in media)


def test_a_body_can_be_given_when_somebody_asks() -> None:
    def give(digest: bytes) -> str:
        asked.append(digest)
        return "<p>It sails again.</p>"

    asked: list[bytes] = []
    late = object.__new__(Article)
    for each in fields(Article):
        if each.name != "body":
            object.__setattr__(late, each.name, getattr(SMALLEST[7], each.name))
    object.__setattr__(late, "_late", (give, b"digest"))
    assert asked == []
    assert (late.body, asked) == ("<p>It sails again.</p>", [b"digest"])
    assert late == replace(SMALLEST[7], body="<p>It sails again.</p>")
    with pytest.raises(AttributeError, match="boddy"):
        getattr(late, "boddy")  # noqa: B009
    with pytest.raises(AttributeError, match="boddy"):
        getattr(SMALLEST[7], "boddy")  # noqa: B009


def test_the_types_of_values_are_what_they_are_called() -> None:
    assert model.Date.__args__ == (date, datetime)
    assert model.Party.__args__ == (Person, Organization)
