"""EPUBCheck and Ace have nothing to say of issues that have everything, of hostile texts, of real pages, and of 500 articles."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from bench.articles import publication
from publisher.article import Article, Publication
from publisher.formats import Target, epub
from tests.judges import ace, books, epubcheck
from tests.test_exports import elements_that_bodies_can_have

pytestmark = pytest.mark.judges

SAMPLE = 8
"""Articles that Ace gets to see: each page costs it 0.4 s."""


def written(path: Path, issue: Publication, target: Target = books.TARGET) -> Path:
    body = epub.write(issue, target)
    assert epub.read(body).publication == epub.carry(issue)
    path.write_bytes(body)
    return path


def test_the_complete_issue_has_each_element_and_each_field_in_each_language() -> None:
    for article in books.COMPLETE.articles:
        assert elements_that_bodies_can_have() <= set(re.findall(r"<([a-z0-9]+)", article.body))
        assert [name for name in Article.__dataclass_fields__ if getattr(article, name) in (None, (), "")] == []
    assert len({article.in_language for article in books.COMPLETE.articles}) == 5


def test_nothing_is_wrong_with_an_issue_that_has_everything(tmp_path: Path) -> None:
    path = written(tmp_path / "complete.epub", books.COMPLETE, books.CERTIFIED)
    assert epubcheck.check([path]) == []
    assert ace.check([path]) == []


def test_nothing_is_wrong_with_hostile_texts(tmp_path: Path) -> None:
    issue = books.hostile(count=60, each=12)
    assert epubcheck.check([written(tmp_path / "hostile.epub", issue)]) == []
    sample = replace(issue, articles=issue.articles[:SAMPLE])
    assert ace.check([written(tmp_path / "sample.epub", sample)]) == []


def test_nothing_is_wrong_with_real_pages(tmp_path: Path) -> None:
    issue = books.real(books.PAGES)
    assert len(issue.articles) > SAMPLE
    assert epubcheck.check([written(tmp_path / "real.epub", issue)]) == []
    longest = sorted(issue.articles, key=lambda each: len(each.body))[-SAMPLE:]
    assert ace.check([written(tmp_path / "sample.epub", replace(issue, articles=tuple(longest)))]) == []


def test_nothing_is_wrong_with_500_articles(tmp_path: Path) -> None:
    assert epubcheck.check([written(tmp_path / "many.epub", publication(500))]) == []
