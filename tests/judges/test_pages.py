"""Other people's programs judge our pages: those of the exports, and those of generated publications."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

import nh3
import pytest

from publisher import markup
from publisher.article import Article
from tests.judges import chromium, nu
from tests.judges.examples import COUNT, EXPORTS, PAGES, exported, front_pages, publications, squeezed, written

pytestmark = pytest.mark.judges

# What the Nu Html Checker says of the text itself, which is the author's and not ours.
ABOUT_THE_TEXT = re.compile(
    r"Normalization Form C|Private Use|appears to be written in|year may be mistyped|minutes in time zone designator|hours in time zone designator|outside the reasonable range",
    re.IGNORECASE,
)


def test_nu_has_nothing_to_say_of_the_exports() -> None:
    assert len(PAGES) >= 10
    assert nu.check(PAGES) == []


def test_nu_finds_nothing_wrong_but_the_text_itself_in_generated_pages(tmp_path: Path) -> None:
    pages = [*written(tmp_path, "webpage"), *front_pages(tmp_path)]
    assert len(pages) >= 3 * COUNT
    assert [found for found in nu.check(pages) if not ABOUT_THE_TEXT.search(found.message)] == []


NO_LANGUAGE = "html-has-lang at "
"""Of a text of which nobody says in what language it is, a page cannot say it either."""


def violations(page: Path, number: int, *languages: str | None) -> list[str]:
    """Return what axe-core finds in a page that is in one of these languages; every other one on a narrow screen."""
    found = chromium.violations(page, (320, 1280)[number % 2])
    return [each for each in found if any(languages) or not each.startswith(NO_LANGUAGE)]


def test_axe_finds_no_violation_in_generated_pages(tmp_path: Path) -> None:
    pages = written(tmp_path, "webpage", range(3, COUNT, 7))  # of every kind: some that show pictures, one that has links
    assert len(pages) >= 12
    for number, (page, one) in enumerate(pages.items()):
        assert violations(page, number, one.in_language, one.articles[0].in_language) == [], page.name


def test_axe_finds_no_violation_in_generated_front_pages(tmp_path: Path) -> None:
    for number, (page, one) in enumerate(front_pages(tmp_path, (0, 7, 8, 49, 53, 55)).items()):
        assert violations(page, number, one.in_language) == [], page.name


def test_nh3_finds_nothing_to_take_out_of_a_body() -> None:
    """An independent sanitizer with the same allow-list, on bodies with everything."""
    for each in (*exported().articles, *(article for one in publications() for article in one.articles)):
        tags = set(re.findall(r"<([a-z0-9]+)", each.body)) - {"script", "style", "iframe", "object", "svg", "math"}
        attributes = {tag: set(re.findall(r' ([a-z]+)="', " ".join(re.findall(rf"<{tag}\b[^>]*>", each.body)))) for tag in tags}
        cleaned = nh3.clean(each.body, tags=tags, attributes=attributes, url_schemes={"http", "https", "mailto", "tel"}, link_rel=None)
        assert markup.clean(cleaned) == each.body


def shown() -> Iterator[tuple[str, str]]:
    """Yield the pages to look at, with what must be seen on them."""
    yield "index.html", exported().name
    for tongue in ("en", "ar", "ja"):
        article = next(each for each in exported().articles if each.in_language == tongue and each.image and each.image[0].content_url)
        yield page_of(article), article.headline


def page_of(article: Article) -> str:
    return unquote((article.url or "").removeprefix(exported().url))


@pytest.mark.parametrize("width", [320, 1200])
def test_a_browser_shows_pages_without_complaint(width: int) -> None:
    for path, words in shown():
        found = chromium.look(EXPORTS / path, width=width)
        assert (found.errors, squeezed(words) in squeezed(found.text)) == ((), True), path
