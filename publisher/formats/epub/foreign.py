"""Other people's books: each page of the spine is an article, as far as it says who wrote it and when."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from ebooklib import epub

from publisher import markup, schema
from publisher.article import Article, Date, Organization, Person, Publication
from publisher.cleaner import local_name
from publisher.formats import Context, Reading
from publisher.formats.epub.opening import SPEC, documents, first, metadata, spine, tree, uid
from publisher.markup import Element
from publisher.problems import Problem, Severity, problem
from publisher.text import language, line, url

__all__ = ["about_book", "read"]

_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


@dataclass(frozen=True, slots=True, kw_only=True)
class _About:
    """What the package says about every page."""

    uid: str
    language: str | None
    author: tuple[Person, ...]
    published: Date | None
    labels: Mapping[str, str]
    """What the table of contents calls each page, by its path."""


def read(book: Any, context: Context) -> Reading:
    """Return each page of the spine as an article."""
    publication = context.publication or about_book(book)
    by_id = {each.get_id(): each for each in documents(book)}
    order = [by_id[each] for each in spine(book) if each in by_id]
    about = _about(book)
    articles = tuple(article for each in order if (article := _article(each, about)))
    return Reading(publication=replace(publication, articles=articles), problems=tuple(_left(order, articles)))


def _left(pages: list[Any], articles: tuple[Article, ...]) -> Iterator[Problem]:
    if len(pages) > len(articles):
        message = f"{len(pages) - len(articles)} of {len(pages)} pages have no text"
        yield problem("epub-page-without-text", Severity.INFO, message, hint="ignore this when they are covers and the like", spec=SPEC)


def about_book(book: Any) -> Publication:
    """Return what the package document says about the book, as a publication without articles."""
    name = first(book, "title") or uid(book)
    publisher = first(book, "publisher")
    addresses = (url(each) for each in (first(book, "source"), uid(book)))
    return Publication(
        identifier=uid(book),
        name=name,
        url=next((each for each in addresses if each and each.startswith("http")), "https://example.org/"),
        description=first(book, "description"),
        in_language=language(first(book, "language")),
        publisher=Organization(name=publisher) if publisher else None,
        copyright_notice=first(book, "rights"),
    )


def _about(book: Any) -> _About:
    names = (line(value) for value, _ in metadata(book, "DC", "creator"))
    return _About(
        uid=uid(book),
        language=language(first(book, "language")),
        author=tuple(Person(name=each) for each in names if each),
        published=schema.parse_date(first(book, "date") or ""),
        labels={href.partition("#")[0]: title for href, title in reversed(list(_labels(book.toc)))},
    )


def _labels(entries: Any) -> Iterator[tuple[str, str]]:
    for each in entries if isinstance(entries, list | tuple) else ():
        if isinstance(each, epub.Link | epub.Section):
            yield str(each.href or ""), str(each.title or "")
        else:
            yield from _labels(each)


def _article(page: Any, about: _About) -> Article | None:
    """Return the page as an article, or `None` when there is no text on it."""
    root = tree(page.content)
    if root is None:
        return None
    content = next(root.iter("{*}body"), root)
    name = page.file_name
    headline = _take_headline(content) or line(about.labels.get(name)) or _title(root) or line(name) or about.uid
    body = markup.fragment(content)
    if not body:
        return None
    return Article(
        identifier=line(f"{about.uid}#{name}") or about.uid,
        headline=headline,
        body=body,
        in_language=language(root.get(_XML_LANG) or root.get("lang")) or about.language,
        author=about.author,
        date_published=about.published,
    )


def _take_headline(content: Element) -> str | None:
    """Return what the first `h1` says, and make it part of the text no more."""
    heading = next(content.iter("{*}h1"), None)
    said = line(" ".join(map(str, heading.itertext()))) if heading is not None else None
    if heading is not None and said:
        tail = heading.tail
        heading.clear()
        heading.tail = tail
    return said


def _title(root: Element) -> str | None:
    return next((said for each in root.iter("{*}title") if local_name(each.getparent()) == "head" and (said := line(each.text))), None)
