"""Identifiers, slugs and addresses."""

from __future__ import annotations

import re
from datetime import date
from urllib.parse import unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publisher import minting, text

HEADLINE = "Putin and Trump Set to Meet in Paris on Nov. 11"
FROM_HEADLINE = "putin-and-trump-set-to-meet-in-paris-on-nov-11"


@pytest.mark.parametrize(
    ("path", "slug"),
    [
        ("putin-trump-paris.txt", "putin-trump-paris"),
        ("2018-10-24-putin-trump.md", "putin-trump"),
        ("news/2018/Putin und Trump.md", "putin-und-trump"),
        ("putin-trump/index.md", "putin-trump"),
        ("Путин в Париже.txt", "путин-в-париже"),
        ("巴黎.md", "巴黎"),
        ("feed face.txt", "feed-face"),
        ("cafe\u0301.md", "café"),
    ],
)
def test_a_file_name_that_reads_as_words_is_the_slug(path: str, slug: str) -> None:
    assert minting.slug(path, HEADLINE) == (slug, False)


@pytest.mark.parametrize(
    "path",
    [
        "000_60a462808e73488c.txt",
        "f47ac10b-58cc-4372-a567-0e02b2c3d479.txt",
        "deadbeefcafe.txt",
        "2018-10-24.md",
        "article-12.md",
        "untitled.txt",
        "IMG_1234.txt",
        "12.md",
        "",
    ],
)
def test_a_file_name_that_says_nothing_leaves_the_slug_to_the_headline(path: str) -> None:
    assert minting.slug(path, HEADLINE) == (FROM_HEADLINE, True)


def test_a_slug_that_is_asked_for_comes_first() -> None:
    assert minting.slug("putin-trump.md", HEADLINE, "Paris Meeting!") == ("paris-meeting", False)


def test_a_headline_without_letters_still_gets_a_slug() -> None:
    assert minting.slug("", "???") == ("article", True)


def test_an_identifier_is_a_tag_uri() -> None:
    assert (
        minting.identifier("https://www.themoscowtimes.com/", "1992-10-01", "a b/é")
        == "tag:www.themoscowtimes.com,1992-10-01:a%20b%2F%C3%A9"
    )


def test_an_address_is_below_the_publication() -> None:
    assert minting.address("https://example.org/news/", "путин") == "https://example.org/news/articles/%D0%BF%D1%83%D1%82%D0%B8%D0%BD.html"


def test_a_name_composed_or_not_gives_the_same_identifier() -> None:
    assert minting.stem("caf\u00e9.md") == minting.stem("cafe\u0301.md")


@pytest.mark.parametrize(("path", "day"), [("2018-10-24-x.md", date(2018, 10, 24)), ("2018-13-45-x.md", None), ("x-2018-10-24.md", None)])
def test_a_day_in_front_of_the_file_name_is_a_date(path: str, day: date | None) -> None:
    assert minting.day(path) == day


@given(st.text(max_size=60), st.text(max_size=60))
def test_whatever_a_file_is_called_its_address_is_a_url(path: str, headline: str) -> None:
    slug, _ = minting.slug(path, headline)
    address = minting.address("https://example.org/", slug)
    assert text.url(address) == address
    assert unquote(urlsplit(address).path) == f"/articles/{slug}.html"
    assert re.fullmatch(r"tag:example\.org,2026:[A-Za-z0-9._~%-]*", minting.identifier("https://example.org/", "2026", minting.stem(path)))
