"""Other people's programs judge what we write: all of `exports/`, and generated publications with every awkward character."""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from html import unescape
from pathlib import Path
from urllib.parse import quote, unquote

import extruct
import feedparser
import html5lib
import nh3
import pytest
from hypothesis import HealthCheck, given, settings

from publisher import formats, markup, schema, text
from publisher.article import Article, Publication
from publisher.formats import frontpage
from tests import strategies
from tests.judges import chromium, epubcheck, feeds, mupdf, nu

pytestmark = pytest.mark.judges

EXPORTS = Path(__file__).parents[2] / "exports"
EPUB = EXPORTS / "the-lantern.epub"
PAGES = sorted(EXPORTS.glob("**/*.html"))

# What the Nu Html Checker says of the text itself, which is the author's and not ours.
ABOUT_THE_TEXT = re.compile(
    r"Normalization Form C|Private Use|appears to be written in|year may be mistyped|minutes in time zone designator|hours in time zone designator|outside the reasonable range",
    re.IGNORECASE,
)


@cache
def publication() -> Publication:
    """Return what the exports hold, read from the EPUB, since a feed has only the newest articles."""
    return formats.get("epub").read(EPUB.read_bytes()).publication


@cache
def generated() -> tuple[Publication, ...]:
    """Return thirty publications with every field and every awkward character, the same ones every time."""
    found: list[Publication] = []

    @settings(max_examples=60, derandomize=True, database=None, deadline=None, suppress_health_check=list(HealthCheck))
    @given(strategies.publications(least=1, most=3))
    def collect(each: Publication) -> None:
        found.append(each)

    collect()
    return tuple(found[-30:])


def written(folder: Path, name: str) -> list[Path]:
    """Return the files of one format, written from the generated publications."""
    module = formats.writer(name)
    paths: list[Path] = []
    for number, each in enumerate(generated()):
        for part in [each] if module.EACH == "publication" else [replace(each, articles=(article,)) for article in each.articles]:
            paths.append(folder / f"{number}-{len(paths)}{Path(module.PATH).suffix}")
            paths[-1].write_bytes(module.write(part))
    assert len(paths) >= 30
    return paths


# -- EPUB -----------------------------------------------------------------------------------------------------------------


def test_epubcheck_has_nothing_to_say_of_the_exports() -> None:
    assert epubcheck.check([EPUB]) == []


def test_epubcheck_has_nothing_to_say_of_generated_issues(tmp_path: Path) -> None:
    assert epubcheck.check(written(tmp_path, "epub")) == []


def test_mupdf_finds_every_headline_and_every_paragraph() -> None:
    """An independent witness that no text was lost or altered: MuPDF breaks lines and hyphenates, so white space is left out."""
    seen = squeezed(mupdf.text(EPUB))
    assert len(publication().articles) >= 10
    for article in publication().articles:
        blocks = [article.headline, *markup.to_text(without_tables(article.body)).split("\n\n")]
        assert [each for each in blocks if squeezed(each) not in seen] == [], article.headline


def without_tables(body: str) -> str:
    """Return the body without what MuPDF writes in an order of its own: tables, annotated characters, right-to-left lines."""
    annotated = r"<(\w+)\b[^>]*>(?:(?!</?\2\b).)*<ruby\b.*?</\2>"
    return re.sub(rf"<(table|pre)\b.*?</\1>|{annotated}", "<p></p>", body, flags=re.DOTALL)


def squeezed(words: str) -> str:
    return re.sub(r"[\s\u00ad\u200b\u2028-\u202e\u2066-\u2069-]+", "", words)


# -- pages ----------------------------------------------------------------------------------------------------------------


def test_nu_has_nothing_to_say_of_the_exports() -> None:
    assert len(PAGES) >= 10
    assert nu.check(PAGES) == []


def test_nu_finds_nothing_wrong_but_the_text_itself_in_generated_pages(tmp_path: Path) -> None:
    pages = written(tmp_path, "webpage")
    for number, each in enumerate(generated()):
        pages.append(tmp_path / f"front-{number}.html")
        pages[-1].write_bytes(frontpage.write(each))
    assert [found for found in nu.check(pages) if not ABOUT_THE_TEXT.search(found.message)] == []


@pytest.mark.parametrize("page", [each for each in PAGES if each.parent.name == "articles"], ids=lambda path: path.stem)
def test_two_parsers_read_the_same_json_ld_from_a_page(page: Path) -> None:
    """extruct is lenient; html5lib is as strict as a browser."""
    body = page.read_bytes()
    lenient = extruct.extract(body, syntaxes=["json-ld"])["json-ld"]
    tree = html5lib.parse(body, namespaceHTMLElements=False)
    strict = [json.loads(each.text or "") for each in tree.iter("script") if each.get("type") == "application/ld+json"]
    assert len(strict) == 1
    assert lenient == strict


def test_two_parsers_read_the_same_json_ld_from_generated_pages(tmp_path: Path) -> None:
    for page in written(tmp_path, "webpage"):
        test_two_parsers_read_the_same_json_ld_from_a_page(page)


def test_nh3_finds_nothing_to_take_out_of_a_body() -> None:
    """An independent sanitizer with the same allow-list, on bodies with everything."""
    for each in (*publication().articles, *(article for one in generated() for article in one.articles)):
        tags = set(re.findall(r"<([a-z0-9]+)", each.body)) - {"script", "style", "iframe", "object", "svg", "math"}
        attributes = {tag: set(re.findall(r' ([a-z]+)="', " ".join(re.findall(rf"<{tag}\b[^>]*>", each.body)))) for tag in tags}
        cleaned = nh3.clean(each.body, tags=tags, attributes=attributes, url_schemes={"http", "https", "mailto", "tel"}, link_rel=None)
        assert markup.clean(cleaned) == each.body


def shown() -> Iterator[tuple[str, str]]:
    """Yield the pages to look at, with what must be seen on them."""
    yield "index.html", publication().name
    for tongue in ("en", "ar", "ja"):
        article = next(each for each in publication().articles if each.in_language == tongue and each.image and each.image[0].content_url)
        yield page_of(article), article.headline


def page_of(article: Article) -> str:
    return unquote((article.url or "").removeprefix(publication().url))


@pytest.mark.parametrize("width", [320, 1200])
def test_a_browser_shows_pages_without_complaint(width: int) -> None:
    for path, words in shown():
        found = chromium.look(EXPORTS / path, width=width)
        assert (found.errors, squeezed(words) in squeezed(found.text)) == ((), True), path


def test_a_browser_shows_a_chapter_without_complaint(tmp_path: Path) -> None:
    with zipfile.ZipFile(EPUB) as archive:
        archive.extractall(tmp_path)
    heading = re.compile(r"<h1\b[^>]*>The lamp at Tarn Skerry turns again")
    (chapter,) = (each for each in tmp_path.rglob("article-*.xhtml") if heading.search(each.read_text("utf-8")))
    found = chromium.look(chapter)
    assert found.errors == ()
    assert "At 18:49 on Saturday" in found.text


# -- feeds ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["feed.rss", "feed.atom"])
def test_feedparser_reads_every_field_that_it_knows(name: str) -> None:
    found = feedparser.parse((EXPORTS / name).read_bytes())
    assert not found.bozo
    assert found.feed.title == publication().name
    assert found.feed.link == publication().url
    assert len(found.entries) == len(publication().articles)
    for entry, article in zip(found.entries, publication().articles, strict=True):
        assert (entry.title, entry.link, entry.id) == (article.headline, article.url, article.identifier)
        assert entry.published[:4].isdigit() or str(article.date_published.year if article.date_published else "") in entry.published
        assert [each.name for each in article.author] == (
            [each["name"] for each in entry.authors] if name == "feed.atom" else entry.author.split(", ")
        )
        assert [*filter(None, [article.article_section]), *article.keywords] == [each.term for each in entry.get("tags", [])]
        assert squeezed(markup.to_text(article.body)) in squeezed(markup.to_text(markup.clean(entry.content[0].value)))
        pictures = [each.content_url for each in article.image if each.content_url]
        assert [each["url"] for each in entry.get("media_content", []) if each.get("medium") == "image"] == pictures


@pytest.mark.parametrize("name", ["feed.rss", "feed.atom", "feed.json"])
def test_a_second_parser_reads_the_same_articles(name: str) -> None:
    found = feeds.parse(EXPORTS / name)
    entries = found["feed"].get("items") or found["feed"].get("entries")
    titles = [each["title"]["value"] if isinstance(each["title"], dict) else each["title"] for each in entries]  # in Atom a text construct
    assert titles == [article.headline for article in publication().articles]


@pytest.mark.parametrize("name", ["rss", "atom"])
def test_feedparser_finds_generated_feeds_well_formed(name: str, tmp_path: Path) -> None:
    for path, each in zip(written(tmp_path, name), generated(), strict=True):
        found = feedparser.parse(path.read_bytes())
        assert not found.bozo
        # In RSS feedparser guesses from tags and entities in a title whether it is HTML, and escapes it once more (6.0.14).
        assert [unescape(text.line(entry.title) or "") for entry in found.entries] == [
            unescape(article.headline) for article in each.articles
        ]


# -- JSON-LD --------------------------------------------------------------------------------------------------------------


def test_every_json_ld_file_says_what_its_page_says() -> None:
    for path in sorted(EXPORTS.glob("articles/*.jsonld")):
        alone = schema.from_text(path.read_bytes())
        page = extruct.extract(path.with_suffix(".html").read_bytes(), syntaxes=["json-ld"])["json-ld"][0]
        assert isinstance(alone, dict)
        assert {key: value for key, value in alone.items() if key != "articleBody"} == page
        assert quote(path.stem) in str(page["url"])
