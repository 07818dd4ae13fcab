"""The record of an issue as JSON-LD: a `PublicationIssue` of a `Periodical` (schema.org V30.0, https://schema.org/PublicationIssue).

The reader takes the publication from `isPartOf`, and the order of the articles from `hasPart`. `version` is a digest of the digests
of all articles: by it one knows whether a book that lies somewhere has what the articles say now, without unpacking more of it than this.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import chain
from json.encoder import encode_basestring
from types import MappingProxyType

from publisher import schema
from publisher.article import Article, Date, Publication
from publisher.problems import Unreadable
from publisher.schema import Json, JsonObject

__all__ = ["MEMBER", "PATH", "Record", "digest", "is_of", "is_uri", "load", "places", "publication", "version", "write"]

PATH = "issue.jsonld"
MEMBER = f"EPUB/{PATH}"
"""Where it is in the ZIP file."""
_ARTICLES = "articles-sha256-"
_ESCAPED = ((b"\\", b"\\\\"), (b'"', b'\\"'), (b"\n", b"\\n"), (b"\t", b"\\t"))
_CONTROLS = bytes(set(range(0x20)) - set(b"\n\t"))
_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[A-Za-z0-9\-._~:/?#@!$&'()*+,;=%]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """What the record of a book says of its articles."""

    version: str
    headlines: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """By identifier."""
    count: int = 0
    """How many articles there are."""


def write(publication: Publication, *, identifier: str, name: str, published: Date | None, number: int | None) -> JsonObject:
    """Return the record; the publication in it is without articles."""
    found: JsonObject = {
        "@context": schema.CONTEXT,
        "@type": "PublicationIssue",
        "@id": identifier,
        "name": name,
        "issueNumber": number,
        "datePublished": published.isoformat() if published else None,
        "version": version(map(digest, publication.articles)),
        "isPartOf": schema.spell(publication, linked=True),
        "hasPart": [_part(each) for each in publication.articles],
    }
    return {key: value for key, value in found.items() if value not in (None, [])}


def _part(article: Article) -> JsonObject:
    found: JsonObject = {"@type": article.type, "identifier": article.identifier, "headline": article.headline, "url": article.url}
    own: JsonObject = {"@id": article.identifier} if is_uri(article.identifier) else {}
    return own | {key: value for key, value in found.items() if value is not None}


def is_uri(text: str) -> bool:
    """Return whether this is an absolute URI as far as its characters go (RFC 3986)."""
    return bool(_URI.fullmatch(text))


def version(digests: Iterable[bytes]) -> str:
    """Return the version of a book from the digests of its articles, in their order."""
    return f"{_ARTICLES}{sha256(b''.join(digests)).hexdigest()}"


def digest(article: Article) -> bytes:
    """Return the SHA-256 digest of the JSON spelling of an article, which has all that is in it."""
    found = sha256()
    for part in _spelled(article):
        found.update(part)
    return found.digest()


def is_of(known: str, articles: Iterable[Article]) -> bool:
    """Return whether a version is that of these articles; that of a book made until 2026-12-07 is one digest of all their spellings."""
    if known.startswith(_ARTICLES):
        return known == version(map(digest, articles))
    found = sha256()
    for part in chain.from_iterable(map(_spelled, articles)):
        found.update(part)
    return known == f"sha256-{found.hexdigest()}"


def _spelled(article: Article) -> Iterator[bytes]:
    """Yield the JSON spelling of an article in parts; that of the text is made here, in a third of the time that `json` takes."""
    node = schema.spell(article)
    if article.body:
        node["body"] = ""
    before, key, after = schema.to_text(node, indent=None).partition('"body":""')  # only there: inside of strings quotes have a backslash
    yield before.encode(errors="surrogatepass")
    if key:
        yield b'"body":%s' % _quoted(article.body)
        yield after.encode(errors="surrogatepass")
    yield b"\n"


def _quoted(text: str) -> bytes:
    """Return JSON's string of a text."""
    written = text.encode(errors="surrogatepass")
    if len(written.translate(None, _CONTROLS)) != len(written):
        return encode_basestring(text).encode(errors="surrogatepass")
    for character, escaped in _ESCAPED:
        written = written.replace(character, escaped)
    return b'"%s"' % written


def publication(node: JsonObject) -> Publication | None:
    """Return the publication that a record is of, without articles; older records are the `Periodical` itself."""
    part_of = node.get("isPartOf") if node.get("@type") == "PublicationIssue" else node
    return schema.load_object(part_of, Publication) if isinstance(part_of, dict) else None


def places(node: JsonObject) -> dict[tuple[str, str], list[int]]:
    """Return at which places of the publication articles stand, by identifier and headline, and by URL and headline.

    An older record lists none.
    """
    parts = node.get("hasPart")
    urls: dict[tuple[str, str], list[int]] = {}
    identifiers: dict[tuple[str, str], list[int]] = {}
    for number, part in enumerate(parts if isinstance(parts, list) else []):
        for found, key in ((urls, "url"), (identifiers, "identifier")):
            if isinstance(part, dict) and isinstance(name := part.get(key), str):
                found.setdefault((name, str(part.get("headline"))), []).append(number)
    return urls | identifiers


def load(written: bytes) -> Record | None:
    """Return what a record says, or `None` when it is none that has a version."""
    try:
        node = schema.from_text(written)
    except Unreadable:
        return None
    if not isinstance(node, dict) or not isinstance(known := node.get("version"), str):
        return None
    parts = node.get("hasPart")
    articles = list(filter(None, map(_headline, parts if isinstance(parts, list) else [])))
    return Record(version=known, headlines=dict(articles), count=len(articles))


def _headline(part: Json) -> tuple[str, str] | None:
    if not isinstance(part, dict) or not isinstance(identifier := part.get("identifier"), str):
        return None
    headline = part.get("headline")
    return identifier, headline if isinstance(headline, str) else identifier
