"""`import publisher`: read, write and check any file in two lines."""

from __future__ import annotations

import inspect
from pathlib import Path

import pytest

import publisher
from publisher.article import Publication
from publisher.problems import PublisherError, Severity

CLIPPING = """# The ferry’s last trip

By [Reuters](#)

24 October 2018

It sailed at *noon*, and did not come back.
"""


@pytest.fixture
def publication(tmp_path: Path) -> Publication:
    """What a person wrote, read."""
    (tmp_path / "ferry.txt").write_text(CLIPPING, "utf-8")
    return publisher.read(tmp_path / "ferry.txt")


def test_a_source_is_read_in_one_line(publication: Publication) -> None:
    (article,) = publication.articles
    assert article.headline == "The ferry’s last trip"
    assert article.body == "<p>It sailed at <em>noon</em>, and did not come back.</p>"


@pytest.mark.parametrize(
    "name",
    [
        "feed.rss",
        "feed.xml",
        "feed.atom",
        "feed.json",
        "ferry.json",
        "ferry.epub",
        "ferry.html",
        "ferry.ninjs.json",
        "a.newsml.xml",
        "a.nitf.xml",
    ],
)
def test_what_is_written_is_read_again(publication: Publication, tmp_path: Path, name: str) -> None:
    publisher.write(publication, tmp_path / name)
    assert publisher.read(tmp_path / name) == publication


def test_json_ld_is_read_again_but_for_the_markup(publication: Publication, tmp_path: Path) -> None:
    publisher.write(publication, tmp_path / "ferry.jsonld")
    (article,) = publisher.read(tmp_path / "ferry.jsonld").articles
    assert (article.body, article.author) == ("<p>It sailed at noon, and did not come back.</p>", publication.articles[0].author)


def test_paths_can_be_text(publication: Publication, tmp_path: Path) -> None:
    publisher.write(publication, str(tmp_path / "feed.rss"))
    assert publisher.read(str(tmp_path / "feed.rss")) == publication


def test_writing_twice_writes_the_same_bytes(publication: Publication, tmp_path: Path) -> None:
    for name in ("a.epub", "b.epub"):
        publisher.write(publication, tmp_path / name)
    assert (tmp_path / "a.epub").read_bytes() == (tmp_path / "b.epub").read_bytes()


def test_what_was_written_is_found_to_be_good(publication: Publication, tmp_path: Path) -> None:
    for name in ("feed.rss", "feed.atom", "feed.json", "ferry.epub", "ferry.jsonld", "ferry.json"):
        publisher.write(publication, tmp_path / name)
        assert [each for each in publisher.check(tmp_path / name) if str(each.severity) == "error"] == []


def test_a_broken_file_is_found_to_be_bad(tmp_path: Path) -> None:
    (tmp_path / "feed.json").write_text('{"version": "https://jsonfeed.org/version/1.1", "items": []}')
    assert [each.code for each in publisher.check(tmp_path / "feed.json") if each.severity == Severity.ERROR] == ["jsonfeed-title-missing"]


@pytest.mark.parametrize(("name", "code"), [("nowhere.md", "file-unreadable"), (".", "file-is-folder")])
def test_what_cannot_be_read_raises_with_a_problem(tmp_path: Path, name: str, code: str) -> None:
    with pytest.raises(PublisherError) as error:
        publisher.read(tmp_path / name)
    (found,) = error.value.problems
    assert (found.code, found.location.path) == (code, str(tmp_path / name))
    assert found.hint


def test_an_unknown_ending_raises_with_the_known_ones(publication: Publication, tmp_path: Path) -> None:
    with pytest.raises(PublisherError, match=r"no format has the ending '\.docx'") as error:
        publisher.write(publication, tmp_path / "a.docx")
    assert ".epub" in error.value.problems[0].hint


def test_several_articles_do_not_fit_on_a_page(publication: Publication, tmp_path: Path) -> None:
    both = Publication(identifier="urn:x", name="x", url="https://e.org/", articles=publication.articles * 2)
    with pytest.raises(PublisherError, match="holds one article, and there are 2"):
        publisher.write(both, tmp_path / "a.html")


def test_all_that_is_public_is_there_and_documented() -> None:
    assert publisher.__all__ == ["PublisherError", "__version__", "check", "read", "write"]
    for name in ("PublisherError", "check", "read", "write"):
        assert inspect.getdoc(getattr(publisher, name))
    assert publisher.__version__.count(".") == 2
