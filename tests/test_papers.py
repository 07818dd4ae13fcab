"""What is read from documents is as whole as what is ours: it goes through every writer and comes back the same."""

from __future__ import annotations

import pytest

from publisher import formats, markup, schema
from publisher.article import Publication
from publisher.formats import Context
from tests import papers
from tests.test_epub_foreign import TEXT, book, entry
from tests.test_pandoc import odt

DOCUMENTS = {
    **papers.examples(),
    "pandoc": odt("<text:p>It runs.</text:p>"),
    "epub": book({"a": f"<h1>Out</h1>{TEXT}", "b": f"<h1>Back</h1>{TEXT}"}, entry("Out", "a.xhtml")),
}


def publication(name: str) -> Publication:
    return formats.get(name).read(DOCUMENTS[name], Context(path="2018/tram")).publication


@pytest.mark.parametrize("writer", formats.writers())
@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_document_comes_back_from_every_writer(name: str, writer: str) -> None:
    module, whole = formats.writer(writer), publication(name)
    part = schema.with_articles(whole, whole.articles[:1]) if module.EACH == "article" else whole
    assert module.read(module.write(part)).publication == module.carry(part)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_bodies_of_documents_are_canonical(name: str) -> None:
    assert [markup.clean(each.body) for each in publication(name).articles] == [each.body for each in publication(name).articles]
