"""NewsArticle JSON-LD 1.1: one article with schema.org's names (V30.0, https://schema.org/NewsArticle, read 2026-11-23).

Documents of others may have any shape that JSON-LD 1.1 allows (see `linked.shapes`).
Deviation: `articleBody` is text in schema.org, so the markup of the body is lost here, and only here.
"""

from __future__ import annotations

import hashlib
import json
import re
import uuid
from collections.abc import Iterator
from dataclasses import replace
from typing import Literal

from publisher import dates, linked, markup, schema
from publisher.article import ARTICLE_TYPES, Article, Publication
from publisher.formats import Context, Reading, Target, beginning
from publisher.linked import graph, shapes
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
_LONGEST_DATE = 100


def recognizes(body: bytes, path: str = "") -> bool:
    """Return whether the bytes are JSON that has a context, or types, as it has when the context was forgotten."""
    if not beginning(body).startswith((b"{", b"[")):
        return False
    return bool(_KEYWORDS.search(body.replace(b"\0", b"") if b"\0" in body[:4] else body))


def write(publication: Publication, target: Target = Target()) -> bytes:
    """Return the publication's one article as indented JSON-LD in UTF-8."""
    (article,) = publication.articles
    return f"{schema.to_text(graph.named(article, publication))}\n".encode()


def read(body: bytes, context: Context = Context()) -> Reading:
    """Return the articles, and the publication they say they are part of; raise `Unreadable` when there is no article."""
    return _read(schema.from_text(body), context)


def _read(document: Json, context: Context = Context()) -> Reading:
    if isinstance(document, dict) and _is_ours(document):
        try:
            return Reading(publication=schema.from_linked(document, context.house))
        except PublisherError as error:
            raise Unreadable(*error.problems) from None
    return _read_other(document, context)


def _is_ours(document: JsonObject) -> bool:
    """Return whether it has the shape that we write: then it is read as it is, exactly and soon."""
    part_of = document.get("isPartOf")
    named = isinstance(document.get("identifier"), str) and isinstance(part_of, dict) and part_of.get("@type") == "Periodical"
    return named and document.get("@context") == schema.CONTEXT and _is_article(document)


def _read_other(document: Json, context: Context) -> Reading:
    """Return the articles of a document in any shape; one with too little in it is left out, which is told, unless it is the only one."""
    found = shapes.shapes(document, context.publication.in_language if context.publication else None)
    problems, read, lacking = list(found.problems), list[Publication](), list[Problem]()
    for number, node in enumerate(found.articles):
        _put_right(node)
        try:
            publication, left = schema.told_from_linked(node, context.house)
            read.append(publication)
            problems += [_left(each, number) for each in left]
        except PublisherError as error:
            lacking += [_left(each, number) for each in error.problems[-1:]]
    if not read:
        message = "there is no article in this JSON-LD"
        missing = problem("jsonld-no-article", Severity.ERROR, message, hint='give it "@type": "NewsArticle"', spec=SPEC)
        raise Unreadable(*([replace(each, severity=Severity.ERROR) for each in lacking] or [missing]))
    articles = {each.articles[0].identifier: each.articles[0] for each in reversed(read)}
    return Reading(publication=replace(read[0], articles=tuple(reversed(articles.values()))), problems=(*problems, *lacking))


def _put_right(node: JsonObject) -> None:
    """Give an article an identifier that stays, and dates that people write."""
    if not node.get("identifier"):
        digest = hashlib.sha256(
            schema.to_text({name: node.get(name) for name in ("headline", "datePublished", "articleBody")}).encode(errors="replace")
        )
        node["identifier"] = uuid.uuid5(uuid.NAMESPACE_URL, digest.hexdigest()).urn
    for name in ("datePublished", "dateModified"):
        written = node.get(name)
        written = written[0] if isinstance(written, list) and written else written
        if isinstance(written, str) and not schema.parse_date(written) and (found := dates.parse(written[:_LONGEST_DATE])):
            node[name] = found.isoformat()


def _left(found: Problem, number: int) -> Problem:
    """Return what could not be taken of an article of others as advice: it is no error of ours, and all else was taken."""
    pointer = f"articles[{number}]{found.location.pointer}"
    message = f"left out, since it does not fit: {found.message}"
    return replace(
        found, code="jsonld-left-out", severity=Severity.WARNING, message=message, location=replace(found.location, pointer=pointer)
    )


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
    return replace(article, body=markup.from_text(markup.plain_text(article.body)))


def check(body: bytes) -> list[Problem]:
    """Return what is wrong with the JSON-LD; never raise."""
    return _checked(body, _document(body))


def review(body: bytes) -> tuple[Reading, list[Problem]]:
    """Return what `read` and `check` say, both of what the text was parsed to once."""
    document = _document(body)
    if not document or not document.is_exact:
        return read(body), check(body)
    problems = _checked(body, document)
    return _read(document.data), problems


def _document(body: bytes) -> linked.Document | None:
    """Return the text as `json` decodes it, but with the byte order mark that UTF-8 must not have here; `None` when it is no text."""
    encoding = json.detect_encoding(body)
    try:
        text = body.decode("utf-8" if encoding == "utf-8-sig" else encoding, errors="surrogatepass")
        return linked.Document(text)
    except UnicodeDecodeError:
        return None


def _checked(body: bytes, document: linked.Document | None) -> list[Problem]:
    encoding = jsonld_encoding.check(body)
    try:
        data = document.data if document and document.is_exact else schema.from_text(body)
    except Unreadable as error:
        malformed = document and error.problems[0].code == "json-malformed"
        return [*encoding, *((linked.check_document(document) if document and malformed else []) or error.problems)]
    return [*encoding, *check_all(_RULES, data), *(linked.check_document(document) if document else [])]


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
