"""Engines of reading systems open our books and show their pages: by day and by night, on phones and e-readers, in any size of text."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from publisher import formats
from publisher.article import Publication
from publisher.formats import BookOptions, Target
from tests.judges import specimen
from tests.judges.engines import E_READER, PHONE, Opened, Screen, Seen, View, open_book
from tests.judges.examples import exported, media
from tests.test_epub_type import aileron

pytestmark = pytest.mark.judges

BOTH = pytest.mark.parametrize("engine", ["foliate", "epubjs"])
DAY, NIGHT, LARGE = View(href=""), View(href="", night=True), View(href="", night=True, size=300)
SMALL = replace(PHONE, scale=0.5)


def written(folder: Path, publication: Publication, target: Target) -> Path:
    path = folder / "book.epub"
    path.write_bytes(formats.writer("epub").write(publication, target))
    return path


@pytest.fixture(scope="module")
def issue(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the issue that the exports hold, as it is written now, with pictures."""
    return written(tmp_path_factory.mktemp("issue"), exported(), Target(media=media(0)))


@pytest.fixture(scope="module")
def type_specimen(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return written(tmp_path_factory.mktemp("specimen"), specimen.issue(), Target(media=specimen.media))


@pytest.fixture(scope="module")
def in_columns(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = Target(media=specimen.media, book=BookOptions(vertical=True))
    return written(tmp_path_factory.mktemp("columns"), specimen.issue("ja"), target)


@cache
def spine(book: Path, engine: str = "foliate") -> Sequence[str]:
    return open_book(book, engine=engine).spine


def everywhere(book: Path, look: View = DAY, screen: Screen = PHONE) -> tuple[Opened, dict[str, Seen]]:
    """Open every page of the book; return what was seen, by page."""
    opened = open_book(book, *(replace(look, href=href) for href in spine(book)), screen=screen)
    return opened, dict(zip(spine(book), opened.seen, strict=True))


def chapters(book: Path) -> list[str]:
    """Return the pages of articles."""
    return [href for href in spine(book) if "article-" in href]


def labels(entries: Sequence[Mapping[str, Any]]) -> list[tuple[str, list[str]]]:
    return [(each["label"], [inside["label"] for inside in each["inside"]]) for each in entries]


@BOTH
def test_engines_show_sections_with_their_articles(issue: Path, engine: str) -> None:
    """And no third level."""
    shown = exported()
    sections = [*shown.sections, None]
    articles = {name: [each.headline for each in shown.articles if each.article_section == name] for name in sections}
    opened = open_book(issue, engine=engine)
    found = labels(opened.toc)
    assert [inside for _, inside in found if inside] == [inside for inside in articles.values() if inside]
    assert [name for name, inside in found if inside and name in articles] == [name for name, inside in articles.items() if name and inside]
    assert opened.errors == []


@BOTH
def test_engines_find_cover_contents_and_beginning(issue: Path, engine: str) -> None:
    found = {each["type"]: each["href"] for each in open_book(issue, engine=engine).landmarks}
    assert {"cover", "toc", "bodymatter"} <= found.keys()
    assert [each for each in found.values() if not any(page.endswith(each.partition("#")[0]) for page in spine(issue, engine))] == []


@BOTH
def test_engines_read_title_language_and_publisher(issue: Path, engine: str) -> None:
    found = open_book(issue, engine=engine).metadata
    assert str(found["title"]).startswith(exported().name)
    assert found["language"] == exported().in_language
    assert found["publisher"] == "The Lantern Press"


def blank(picture: Path) -> bool:
    with Image.open(picture) as image:
        return len(image.convert("L").point(lambda shade: shade // 64).getcolors() or ()) < 2


@BOTH
def test_no_page_is_blank(issue: Path, engine: str, tmp_path: Path) -> None:
    views = [View(href=href, png=tmp_path / f"{number}.png") for number, href in enumerate(spine(issue, engine))]
    opened = open_book(issue, *views, engine=engine, screen=SMALL)
    assert len(views) > 20
    assert opened.errors == []
    assert [view.href for view in views if view.png and blank(view.png)] == []


def faults(seen: dict[str, Seen], name: str) -> dict[str, Sequence[str]]:
    return {href: found for href, each in seen.items() if (found := getattr(each, name))}


@pytest.mark.parametrize("look", [DAY, NIGHT, LARGE], ids=["day", "night", "large"])
@pytest.mark.parametrize("screen", [PHONE, E_READER], ids=["phone", "e-reader"])
def test_nothing_runs_off_the_page_and_no_text_vanishes(type_specimen: Path, screen: Screen, look: View) -> None:
    """Wide tables, long words, code, addresses, high and wide pictures, in twenty languages."""
    opened, seen = everywhere(type_specimen, look, screen)
    assert opened.errors == []
    assert [faults(seen, each) for each in ("overflowing", "faint", "fixed")] == [{}, {}, {}]


def test_nothing_of_the_issue_runs_off_a_phone_at_three_times_the_size(issue: Path) -> None:
    _, seen = everywhere(issue, LARGE)
    assert [faults(seen, each) for each in ("overflowing", "faint", "fixed")] == [{}, {}, {}]


def test_text_in_columns_stays_on_its_page(in_columns: Path) -> None:
    opened, seen = everywhere(in_columns, NIGHT)
    assert opened.direction == "rtl"
    vertical = [href for href, each in seen.items() if each.vertical]
    assert len(vertical) >= 4  # title page, contents, and the articles in Chinese, Japanese, Korean and Mongolian
    assert faults(seen, "overflowing") == {}


def test_mongolian_stands_in_columns_in_any_book(type_specimen: Path) -> None:
    last, before = open_book(type_specimen, *(View(href=href) for href in reversed(chapters(type_specimen)[-2:]))).seen
    assert "ᠬᠠᠮᠠᠭᠠᠯᠠᠭᠴᠢᠳ" in last.text
    assert (last.vertical, before.vertical) == (True, False)


BAD = {"overflowing": "table { min-width: 60em; }", "faint": "p { color: #333; }", "fixed": "blockquote { border-color: #333; }"}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_style_sheet_is_seen(type_specimen: Path, tmp_path: Path, name: str) -> None:
    """Else the tests above could say nothing."""
    path = tmp_path / "bad.epub"
    with zipfile.ZipFile(type_specimen) as good, zipfile.ZipFile(path, "w") as bad:
        for each in good.infolist():
            data = good.read(each)
            bad.writestr(each, data + BAD[name].encode() if each.filename.endswith("style.css") else data)
    (seen,) = open_book(path, View(href=chapters(type_specimen)[0], night=True)).seen
    assert getattr(seen, name) != []


def test_the_publishers_font_is_what_is_shown(tmp_path: Path) -> None:
    given = Target(media=lambda url: aileron() if url.endswith(".ttf") else None, book=BookOptions(fonts=("https://e.org/a.ttf",)))
    book = written(tmp_path, replace(specimen.issue(), articles=specimen.issue().articles[1:2]), given)
    opened = open_book(book, View(href=spine(book)[1]))
    assert opened.errors == []
    assert "Aileron" in opened.seen[0].fonts
