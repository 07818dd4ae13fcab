"""Other people's processors read our JSON-LD: page, lone file and book say the same, whoever reads it."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import extruct
import html5lib
import pytest
from rdflib import Graph, Literal, URIRef

from tests.judges import graphs
from tests.judges.examples import COUNT, EPUB, EXPORTS, PAGES, exported, front_pages, publications, written

pytestmark = [pytest.mark.judges, pytest.mark.filterwarnings("ignore::DeprecationWarning:rdflib")]


ARTICLES = [each for each in PAGES if each.parent.name == "articles"]
SOME = range(1, COUNT, 5)
"""Two graphs of one article cost 0.1 s."""


def scripts(page: bytes) -> list[Any]:
    """Return the JSON-LD of a page as strictly as a browser and the JSON specification read it."""
    tree = html5lib.parse(page, namespaceHTMLElements=False)
    return [strict(each.text or "") for each in tree.iter("script") if each.get("type") == "application/ld+json"]


def strict(text: str | bytes) -> Any:
    return json.loads(text, parse_constant=refuse)


def refuse(constant: str) -> None:
    raise ValueError(f"{constant} is no JSON")


def chapters(book: Path) -> Iterator[Any]:
    """Yield the JSON-LD of each chapter, not that of the issue on its first page."""
    with zipfile.ZipFile(book) as archive:
        for name in archive.namelist():
            if name.endswith(".xhtml"):
                root = ElementTree.fromstring(archive.read(name))
                said = (strict(each.text or "") for each in root.iter("{http://www.w3.org/1999/xhtml}script"))
                yield from (each for each in said if "headline" in each)


def record(book: Path) -> Any:
    """Return the JSON-LD of the issue."""
    with zipfile.ZipFile(book) as archive:
        return strict(archive.read("EPUB/issue.jsonld"))


@pytest.mark.parametrize("page", ARTICLES, ids=lambda path: path.stem)
def test_two_parsers_read_the_same_json_ld_from_a_page(page: Path) -> None:
    """extruct is lenient; html5lib is as strict as a browser."""
    body = page.read_bytes()
    found = scripts(body)
    assert len(found) == 1
    assert extruct.extract(body, syntaxes=["json-ld"])["json-ld"] == found


def test_two_parsers_read_the_same_json_ld_from_generated_pages(tmp_path: Path) -> None:
    for page in (*written(tmp_path, "webpage"), *front_pages(tmp_path)):
        test_two_parsers_read_the_same_json_ld_from_a_page(page)


@pytest.mark.parametrize("page", ARTICLES, ids=lambda path: path.stem)
def test_page_file_and_chapter_are_one_graph(page: Path) -> None:
    lone = strict(page.with_suffix(".jsonld").read_bytes())
    (chapter,) = (each for each in chapters(EPUB) if each["identifier"] == lone["identifier"])
    one_graph(lone, scripts(page.read_bytes())[0], chapter)


def said(graph: Graph, headline: str) -> set[tuple[Any, Any]]:
    """Return what a graph says of an article in so many words."""
    (article,) = {*graph.subjects(URIRef(f"{graphs.SCHEMA}headline"), Literal(headline))}
    return {(name, value) for name, value in graph.predicate_objects(article) if isinstance(value, Literal)}


def words(graph: Graph) -> set[tuple[Any, Any]]:
    """Return all that a graph says in so many words, of whatever."""
    return {(name, value) for _, name, value in graph if isinstance(value, Literal)}


def one_graph(lone: Mapping[str, Any], page: Mapping[str, Any], chapter: Mapping[str, Any]) -> None:
    """Hold that the three say the same, but for the text, which page and chapter show, and the chapter's place in its issue."""
    whole = graphs.graph(lone)
    assert (None, URIRef(f"{graphs.SCHEMA}headline"), Literal(lone["headline"])) in whole
    rest = graphs.without(whole, "articleBody")
    # The page says of the site around it, too; page and file give things ids, and so say once what the chapter says twice.
    shown, told = graphs.graph(page), graphs.without(graphs.graph(chapter), "position")
    assert said(rest, lone["headline"]) == said(shown, lone["headline"]) == said(told, lone["headline"]), lone["identifier"]
    assert words(rest) <= words(shown), lone["identifier"]
    assert words(rest) == words(told), lone["identifier"]


def test_front_page_and_record_are_read_the_same_by_two_processors() -> None:
    for document in (*scripts((EXPORTS / "index.html").read_bytes()), record(EPUB)):
        assert (None, URIRef(f"{graphs.SCHEMA}name"), Literal(exported().name)) in graphs.graph(document)


def test_page_file_and_chapter_of_generated_articles_are_one_graph(tmp_path: Path) -> None:
    """Those whose identifier no other article of the issue has."""
    books = list(written(tmp_path, "epub", SOME))
    said = [{each["identifier"]: each for each in chapters(book)} for book in books]
    by_number = dict(zip(SOME, said, strict=True))
    files = zip(written(tmp_path, "newsarticle", SOME), written(tmp_path, "webpage", SOME), strict=True)
    compared = 0
    for file, page in files:
        lone, number = strict(file.read_bytes()), int(file.name.split("-")[1])
        if [each.identifier for each in publications()[number].articles].count(lone["identifier"]) == 1:
            one_graph(lone, scripts(page.read_bytes())[0], by_number[number][lone["identifier"]])
            compared += 1
    assert compared > len(SOME)


def test_front_pages_and_records_of_generated_issues_are_read_the_same_by_two_processors(tmp_path: Path) -> None:
    for page in front_pages(tmp_path, SOME):
        for each in scripts(page.read_bytes()):
            graphs.graph(each)
    for book in written(tmp_path, "epub", SOME):
        graphs.graph(record(book))
