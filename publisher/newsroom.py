"""What the three newsroom formats of the IPTC share: identifiers, and the lossless JSON-LD for what they have no element for.

Native elements come first; where a format has a place for the metadata of others, what is left is JSON-LD there:
the difference of the article, and all of what it is part of, since none of these formats describes a publication.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, tzinfo
from urllib.parse import quote, urlsplit
from uuid import NAMESPACE_URL, uuid5

from publisher import schema
from publisher.article import Article, Person, Publication
from publisher.minting import UNNAMED
from publisher.problems import Unreadable
from publisher.schema import Json, JsonObject
from publisher.text import line

__all__ = ["ABOUT", "by", "difference", "fingerprint", "is_uri", "merged", "named", "publication_of", "uri", "zoned"]

ABOUT = "https://schema.org/"
"""What relations and roles begin with that have no code of the IPTC's."""
_MARK = r"[A-Za-z0-9\-._~:/?@!$&'()*+,;=]|%[0-9A-Fa-f]{2}"
_URI = re.compile(rf"[A-Za-z][A-Za-z0-9+.-]*:(?:{_MARK}|\[|\])+(?:#(?:{_MARK})*)?")


_NAIVE = re.compile(r"\d{4}-?\d\d-?\d\d[T ](?!00:?00(?::?00)?$)\d\d:?\d\d(?::?\d\d)?")
"""A moment without an offset; at midnight it is a day to many who write it so."""


def is_uri(text: str) -> bool:
    """Return whether a text is an absolute URI (RFC 3986)."""
    return bool(_URI.fullmatch(text))


def uri(identifier: str, publication: Publication) -> str:
    """Return the identifier when it is a URI, else one that is made of it, below the publication's address."""
    return identifier if is_uri(identifier) else f"{publication.url.partition('#')[0]}#{quote(identifier, safe='')}"


def fingerprint(*texts: str) -> str:
    """Return a URN (RFC 9562, 5.5) made of what an article says, for one that has no identifier."""
    return uuid5(NAMESPACE_URL, "\0".join(texts)).urn


def by(names: Iterable[str]) -> str | None:
    """Return a byline."""
    return ", ".join(names) or None


def named(name: str | None) -> tuple[Person, ...]:
    """Return the person of a name, none without."""
    return (Person(name=name),) if name else ()


def publication_of(address: str | None, name: str | None) -> Publication:
    """Return what an article appears in that does not say: the site of its address, called like who publishes, or like its host."""
    parts = urlsplit(schema.web_address(address) or "")
    if not parts.netloc:
        return replace(UNNAMED, name=name) if name else UNNAMED
    root = f"{parts.scheme}://{parts.netloc}/"
    return Publication(identifier=root, name=name or parts.netloc, url=root)


def difference(article: Article, native: Article, publication: Publication) -> JsonObject:
    """Return as JSON-LD what the article has beyond `native`, which is what a document already says, and what it is part of."""
    textless = bool(native.body) and not article.body
    rest = schema.rest(article, native, leave=() if textless else ("body",)) or {"@context": schema.CONTEXT, "@type": article.type}
    return {**rest, "isPartOf": schema.spell(publication, linked=True)}


def merged(native: Article, text: str | None) -> tuple[Article, Publication | None]:
    """Return the article with what `difference`, as JSON text, adds to it, and what it is part of; what is wrong changes nothing."""
    given = _parsed(text)
    if not isinstance(given, dict):
        return native, None
    part_of = given.get("isPartOf")
    found = schema.load_object(part_of, Publication) if isinstance(part_of, dict) else None
    return schema.merge(native, given), found


def _parsed(text: str | None) -> Json:
    try:
        return schema.from_text(text) if line(text) and text else None
    except Unreadable:  # somebody else's use of the name
        return None


def zoned(text: str, zone: tzinfo | None) -> str:
    """Return a moment in ISO 8601 that has no offset with that of `zone`; anything else as it is."""
    found = schema.parse_date(text.strip()) if zone and _NAIVE.fullmatch(text.strip()) else None
    return found.replace(tzinfo=zone).isoformat() if isinstance(found, datetime) else text
