"""Other people's programs judge our EPUBs: the exported issue, and generated ones."""

from __future__ import annotations

import re
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from publisher import formats, markup
from publisher.article import Article
from publisher.formats import Target
from tests.judges import ace, chromium, epubcheck, mupdf
from tests.judges.examples import COUNT, EPUB, exported, publications, squeezed, target, written
from tests.test_pictures import book, every_kind, issue

pytestmark = pytest.mark.judges


ALWAYS = {"identifier", "headline", "type"}
CORE_MEDIA = {"image/jpeg", "image/png", "image/svg+xml", "audio/mpeg", "audio/mp4", "audio/ogg; codecs=opus"}


def test_each_field_is_met_and_missed_in_the_generated_articles() -> None:
    """What a writer does with a field, and without it."""
    every = [article for each in publications() for article in each.articles]
    for name in Article.__dataclass_fields__:
        empty = [getattr(each, name) in (None, (), "") for each in every]
        assert set(empty) == ({False} if name in ALWAYS else {True, False}), name


def test_generated_issues_hold_media_of_every_kind_links_and_nothing(tmp_path: Path) -> None:
    """What the branches of the writers depend on (see `examples`)."""
    types: set[str] = set()
    chapters = b""
    for path in written(tmp_path, "epub"):
        with zipfile.ZipFile(path) as archive:
            types |= set(re.findall(r'media-type="([^"]+)"', archive.read("EPUB/content.opf").decode()))
            chapters += b"".join(archive.read(name) for name in archive.namelist() if "/article-" in name)
    assert types >= CORE_MEDIA
    assert b'data-href="' in chapters
    assert {len(each.articles) for each in publications()} >= {0, 1, 2, 3, 12}


def test_epubcheck_has_nothing_to_say_of_the_exports() -> None:
    assert epubcheck.check([EPUB]) == []


def test_epubcheck_has_nothing_to_say_of_generated_issues(tmp_path: Path) -> None:
    paths = list(written(tmp_path, "epub"))
    assert len(paths) == COUNT
    assert epubcheck.check(paths) == []


def test_other_programs_show_every_kind_of_picture(tmp_path: Path) -> None:
    path = tmp_path / "pictures.epub"
    path.write_bytes(book(issue(list(every_kind())), every_kind())[0])
    assert epubcheck.check([path]) == []
    assert mupdf.warnings(path) == []


def for_kobo(folder: Path) -> list[Path]:
    """Return the exported issue and every fourth of the generated ones as books for Kobo."""
    module = formats.writer("epub")
    issues = {"exported": (exported(), Target())} | {
        str(number): (publications()[number], target(number, module)) for number in range(1, COUNT, 4)
    }
    paths = {folder / f"{name}.kepub.epub": module.write(issue, replace(each, kepub=True)) for name, (issue, each) in issues.items()}
    return [path for path, body in paths.items() if path.write_bytes(body)]


def test_epubcheck_has_nothing_to_say_of_books_for_kobo(tmp_path: Path) -> None:
    assert epubcheck.check(for_kobo(tmp_path)) == []


def test_mupdf_finds_the_same_text_in_the_book_for_kobo(tmp_path: Path) -> None:
    for name, target_ in (("plain", Target()), ("kobo", Target(kepub=True))):
        (tmp_path / f"{name}.epub").write_bytes(formats.writer("epub").write(exported(), target_))
    plain, kobo = (squeezed(mupdf.text(tmp_path / f"{name}.epub")) for name in ("plain", "kobo"))
    assert len(plain) > 10_000
    assert kobo == plain


def test_ace_has_nothing_to_say_of_the_exports() -> None:
    assert ace.check([EPUB]) == []


def test_ace_has_nothing_to_say_of_generated_issues(tmp_path: Path) -> None:
    """A few, since each page of a book costs 0.2 s: with and without media, empty, with a cover that is given."""
    assert ace.check(list(written(tmp_path, "epub", (7, 17, 33, 49)))) == []


def test_mupdf_finds_every_headline_and_every_paragraph() -> None:
    """An independent witness that no text was lost or altered: MuPDF breaks lines and hyphenates, so white space is left out."""
    seen = squeezed(mupdf.text(EPUB))
    assert len(exported().articles) >= 10
    for article in exported().articles:
        blocks = [article.headline, *markup.to_text(without_tables(article.body)).split("\n\n")]
        assert [each for each in blocks if squeezed(each) not in seen] == [], article.headline


def without_tables(body: str) -> str:
    """Return the body without what MuPDF writes in an order of its own: tables, annotated characters, right-to-left lines."""
    annotated = r"<(\w+)\b[^>]*>(?:(?!</?\2\b).)*<ruby\b.*?</\2>"
    return re.sub(rf"<(table|pre)\b.*?</\1>|{annotated}", "<p></p>", body, flags=re.DOTALL)


def test_a_browser_shows_a_chapter_without_complaint(tmp_path: Path) -> None:
    with zipfile.ZipFile(EPUB) as archive:
        archive.extractall(tmp_path)
    heading = re.compile(r"<h1\b[^>]*>The lamp at Tarn Skerry turns again")
    (chapter,) = (each for each in tmp_path.rglob("article-*.xhtml") if heading.search(each.read_text("utf-8")))
    found = chromium.look(chapter)
    assert found.errors == ()
    assert "At 18:49 on Saturday" in found.text
