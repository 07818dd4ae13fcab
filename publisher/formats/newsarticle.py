"""NewsArticle JSON-LD 1.1: one article with schema.org's names (V30.0, https://schema.org/NewsArticle, read 2026-11-23).

Deviation: `articleBody` is text in schema.org, so the markup of the body is lost here, and only here.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Literal

from publisher import markup, schema
from publisher.article import ARTICLE_TYPES, Article, Publication
from publisher.formats import Context, Reading, Target
from publisher.problems import Finding, Problem, PublisherError, Severity, Unreadable, check_all, problem, rule, rules_in
from publisher.schema import Json, JsonObject
from publisher.text import language, url

NAME = "newsarticle"
TITLE = "NewsArticle JSON-LD"
SPEC = "https://schema.org/NewsArticle"
MEDIA_TYPE = "application/ld+json"
PATH = "articles/{slug}.jsonld"
EACH: Literal["article"] = "article"

_GOOGLE = "https://developers.google.com/search/docs/appearance/structured-data/article"
_CONTEXT = re.compile(rb'"@context"')


def recognizes(body: bytes, path: str = "") -> bool:
    """Return whether the bytes are JSON that has a context."""
    return body.removeprefix(codecs.BOM_UTF8).lstrip()[:1] in (b"{", b"[") and bool(_CONTEXT.search(body))


def write(publication: Publication, target: Target = Target()) -> bytes:
    """Return the publication's one article as indented JSON-LD in UTF-8."""
    (article,) = publication.articles
    return f"{schema.to_text(schema.to_linked(article, publication))}\n".encode()


def read(body: bytes, context: Context = Context()) -> Reading:
    """Return the article, and the publication it says it is part of; raise `Unreadable` when there is no article."""
    node = next(_articles(schema.from_text(body)), None)
    if node is None:
        message = "there is no article in this JSON-LD"
        raise Unreadable(problem("jsonld-no-article", Severity.ERROR, message, hint='give it "@type": "NewsArticle"', spec=SPEC))
    try:
        return Reading(publication=schema.from_linked(node, context.publication))
    except PublisherError as error:
        raise Unreadable(*error.problems) from None


def _articles(document: Json) -> Iterator[JsonObject]:
    """Yield the article nodes of a document, at its top, in a list or in a graph."""
    if isinstance(document, list):
        for each in document:
            yield from _articles(each)
    elif isinstance(document, dict):
        if _is_article(document):
            yield document
        yield from _articles(document.get("@graph"))


def _is_article(node: JsonObject) -> bool:
    kinds = node.get("@type")
    return any(str(each).rpartition("/")[2] in ARTICLE_TYPES for each in (kinds if isinstance(kinds, list) else [kinds]))


def carry(publication: Publication) -> Publication:
    """Return the publication with its article's body without markup (schema.org: the range of articleBody is Text)."""
    return replace(publication, articles=tuple(_carry_article(each) for each in publication.articles))


def _carry_article(article: Article) -> Article:
    return replace(article, body=markup.from_text(markup.to_text(article.body)))


def check(body: bytes) -> list[Problem]:
    """Return what is wrong with the JSON-LD: what cannot be read is one error, the rest comes from the rules."""
    try:
        document = schema.from_text(body)
    except Unreadable as error:
        return list(error.problems)
    return check_all(_RULES, document)


# -- rules ----------------------------------------------------------------------------------------------------------------


def _of(node: JsonObject, key: str) -> list[Json]:
    value = node.get(key)
    return value if isinstance(value, list) else [] if value is None else [value]


def _text_at(node: JsonObject, key: str) -> str:
    return next((each for each in _of(node, key) if isinstance(each, str)), "")


@rule(Severity.ERROR, spec="https://www.w3.org/TR/json-ld11/#the-context", hint='add "@context": "https://schema.org"')
def jsonld_context_missing(document: Json) -> Iterator[Finding]:
    """Without a context the names mean nothing, and search engines ignore the whole block."""
    for node in document if isinstance(document, list) else [document]:
        if isinstance(node, dict) and "schema.org" not in str(node.get("@context", "")):
            yield Finding(message=f"the context is {node.get('@context')!r}")


@rule(Severity.ERROR, spec=SPEC, hint='give it "@type": "NewsArticle"')
def jsonld_article_missing(document: Json) -> Iterator[Finding]:
    """A document with no article in it says nothing about one."""
    if not any(_articles(document)):
        yield Finding(message="no node has an Article type")


@rule(Severity.ERROR, spec=_GOOGLE, hint="add the title that the page shows")
def jsonld_headline_missing(document: Json) -> Iterator[Finding]:
    """The headline is what search results show."""
    for node in _articles(document):
        if not _text_at(node, "headline").strip():
            yield Finding(message="the article has no headline", pointer="headline")


@rule(Severity.ERROR, spec=_GOOGLE, hint="write a day (2018-10-24) or a moment with its offset (2018-10-24T08:00:00+01:00)")
def jsonld_date_malformed(document: Json) -> Iterator[Finding]:
    """Dates are ISO 8601; others are ignored."""
    for node in _articles(document):
        for key in ("datePublished", "dateModified"):
            if (value := _text_at(node, key)) and schema.parse_date(value) is None:
                yield Finding(message=f"{value!r} is no date", pointer=key)


@rule(Severity.INFO, spec=_GOOGLE, hint="add the date of first publication")
def jsonld_date_missing(document: Json) -> Iterator[Finding]:
    """Without a date the article cannot be shown as news."""
    for node in _articles(document):
        if not _text_at(node, "datePublished"):
            yield Finding(message="the article has no datePublished", pointer="datePublished")


@rule(Severity.INFO, spec=_GOOGLE, hint="name the author")
def jsonld_author_missing(document: Json) -> Iterator[Finding]:
    """Google asks for every author, as Person or Organization, with a name."""
    for node in _articles(document):
        if not _of(node, "author"):
            yield Finding(message="the article has no author", pointer="author")


@rule(Severity.ERROR, spec=_GOOGLE, hint="give the author a name")
def jsonld_author_without_name(document: Json) -> Iterator[Finding]:
    """An author without a name is nobody."""
    for node in _articles(document):
        for number, author in enumerate(_of(node, "author")):
            if isinstance(author, dict) and "@id" not in author and not _text_at(author, "name"):
                yield Finding(message="the author has no name", pointer=f"author[{number}].name")


@rule(Severity.ERROR, spec=_GOOGLE, hint="write the whole address with https://")
def jsonld_url_relative(document: Json) -> Iterator[Finding]:
    """Addresses in data outside a page have no base to be resolved against."""
    for node in _articles(document):
        for key in ("url", "isBasedOn", "license"):
            if (value := _text_at(node, key)) and url(value) is None:
                yield Finding(message=f"{value!r} is no absolute URL", pointer=key)


@rule(Severity.WARNING, spec="https://schema.org/inLanguage", hint="write a BCP 47 tag, such as en or pt-BR")
def jsonld_language_unknown(document: Json) -> Iterator[Finding]:
    """Languages are BCP 47 tags."""
    for node in _articles(document):
        if (value := _text_at(node, "inLanguage")) and language(value) is None:
            yield Finding(message=f"{value!r} is no language tag", pointer="inLanguage")


_RULES = rules_in(globals())
