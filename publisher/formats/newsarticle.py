"""NewsArticle JSON-LD 1.1: one article with schema.org's names (V30.0, https://schema.org/NewsArticle, read 2026-11-23).

Deviation: `articleBody` is text in schema.org, so the markup of the body is lost here, and only here.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Literal

from publisher import linked, markup, schema
from publisher.article import ARTICLE_TYPES, Article, Publication
from publisher.formats import Context, Reading, Target, beginning
from publisher.problems import Finding, Problem, PublisherError, Severity, Unreadable, check_all, problem, rule
from publisher.schema import Json, JsonObject

NAME = "newsarticle"
TITLE = "NewsArticle JSON-LD"
SPEC = "https://schema.org/NewsArticle"
MEDIA_TYPE = "application/ld+json"
PATH = "articles/{slug}.jsonld"
EACH: Literal["article"] = "article"
LOST = {"body": "https://schema.org/articleBody"}
"""Fields that it cannot carry, and the sentence that says why: articleBody is text."""

_KEYWORDS = re.compile(rb'"@(?:context|type)"')


def recognizes(body: bytes, path: str = "") -> bool:
    """Return whether the bytes are JSON that has a context, or types, as it has when the context was forgotten."""
    if not beginning(body).startswith((b"{", b"[")):
        return False
    return bool(_KEYWORDS.search(body.replace(b"\0", b"") if b"\0" in body[:4] else body))


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
    """Return what is wrong with the JSON-LD; never raise."""
    encoding = jsonld_encoding.check(body)
    try:
        document = schema.from_text(body)
    except Unreadable as error:
        malformed = error.problems[0].code == "json-malformed"
        return [*encoding, *((linked.check(_text(body)) if malformed else []) or error.problems)]
    return [*encoding, *check_all(_RULES, document), *linked.check(_text(body))]


def _text(body: bytes) -> str:
    """Return the text as `json` decodes it, but with the byte order mark that UTF-8 must not have here."""
    encoding = json.detect_encoding(body)
    return body.decode("utf-8" if encoding == "utf-8-sig" else encoding, errors="surrogatepass")


@rule(Severity.ERROR, spec="https://www.rfc-editor.org/rfc/rfc8259#section-8.1", hint="save it as UTF-8")
def jsonld_encoding(body: bytes) -> Iterator[Finding]:
    """JSON that others read is in UTF-8; few readers try another encoding."""
    found = json.detect_encoding(body)
    if not found.startswith("utf-8"):
        yield Finding(message=f"the JSON-LD is in {found.upper()[:6]}", line=1)


@rule(Severity.ERROR, spec=SPEC, hint='give it "@type": "NewsArticle"')
def jsonld_article_missing(document: Json) -> Iterator[Finding]:
    """A document with no article in it says nothing about one."""
    if not any(_articles(document)):
        yield Finding(message="no node has an Article type")


_RULES = (jsonld_article_missing,)
