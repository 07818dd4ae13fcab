"""IPTC ninjs, news in JSON: read in versions 1.0 to 3.3, written in 3.3.

https://iptc.org/std/ninjs/userguide/ and the JSON Schema of 3.3 (copyright 2025 IPTC, CC BY 4.0), both read 2026-11-26.

What the schema has no property for is one of `descriptions`, whose media type is JSON-LD: it describes the object, as they all do.
Deviations: an identifier that is no URI is written as a fragment of the publication's URL, and comes back from the JSON-LD;
a section is a subject whose relation is schema.org's `articleSection`; the page of an article is its rendition called `web`.
"""

from __future__ import annotations

import re
from typing import Literal

from publisher.article import Publication
from publisher.formats import beginning
from publisher.formats.ninjs import rules
from publisher.formats.ninjs.reader import read
from publisher.formats.ninjs.rules import check
from publisher.formats.ninjs.writer import write

__all__ = ["EACH", "MEDIA_TYPE", "NAME", "PATH", "SPEC", "TITLE", "carry", "check", "read", "recognizes", "rules", "write"]

NAME = "ninjs"
TITLE = "IPTC ninjs 3.3"
SPEC = "https://iptc.org/std/ninjs/userguide/"
MEDIA_TYPE = "application/json"
PATH = "articles/{slug}.ninjs.json"
EACH: Literal["article"] = "article"

_URI = re.compile(rb'"uri"\s*:')
_SCHEMA = re.compile(rb"iptc\.org/std/ninjs/|\"name\"\s*:\s*\"(?:tt)?ninjs\"", re.IGNORECASE)
_LINKED = re.compile(rb'"@(?:context|graph)"\s*:')
_TELLING = re.compile(
    rb'"(representationtype|versioncreated|firstcreated|contentcreated|pubstatus|embargoed(?:until)?|description_(?:text|usage|caption)'
    rb'|body_(?:text|x?html5?)|headlines|bodies|slugline|copyright(?:holder|notice)|usageterms|ednote|urgency|located|infosources?)"\s*:',
    re.IGNORECASE,
)
"""Names of properties that hardly anybody else has."""
_FEW = 3


def recognizes(body: bytes, path: str = "") -> bool:
    """Return whether the bytes are JSON with properties of ninjs: its `uri` and one that is telling, or several of those."""
    if not beginning(body).startswith((b"{", b"[")):
        return False
    body = body.replace(b"\0", b"") if b"\0" in body[:4] else body
    if _LINKED.search(body):
        return False
    telling = {found[1].lower() for found in _TELLING.finditer(body[:100_000])}
    return bool((_URI.search(body) and telling) or len(telling) >= _FEW or (telling and _SCHEMA.search(body)))


def carry(publication: Publication) -> Publication:
    """Return the publication: what has no property of its own is in the JSON-LD among the descriptions."""
    return publication
