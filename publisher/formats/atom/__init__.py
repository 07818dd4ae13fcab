"""Atom 1.0 (RFC 4287, https://www.rfc-editor.org/rfc/rfc4287, read 2026-11-23).

Deviations: translations are links with schema.org's `workTranslation` as relation, since readers take any second `alternate`
for the article; an author without an address gets the publication's, since feedparser gives it the previous author's.
An identifier that is no IRI is written as a fragment of the publication's URL, and comes back from the lossless element.
"""

from __future__ import annotations

import re
from typing import Literal

from publisher import listings
from publisher.article import Publication
from publisher.formats import beginning
from publisher.formats.atom import rules
from publisher.formats.atom.reader import read
from publisher.formats.atom.rules import check, fix
from publisher.formats.atom.writer import LAYOUT, write

__all__ = ["EACH", "LAYOUT", "MEDIA_TYPE", "NAME", "PATH", "SPEC", "TITLE", "carry", "check", "fix", "read", "recognizes", "rules", "write"]

NAME = "atom"
TITLE = "Atom 1.0"
SPEC = "https://www.rfc-editor.org/rfc/rfc4287"
MEDIA_TYPE = "application/atom+xml"
PATH = "feed.atom"
EACH: Literal["publication"] = "publication"
_START = re.compile(rb"<(?:[\w.-]+:)?(?:feed|entry)\s[^>]*(?:www\.w3\.org/2005/Atom|purl\.org/atom/)", re.IGNORECASE)


def recognizes(body: bytes, path: str = "") -> bool:
    """Return whether the bytes have an Atom feed, or an entry alone (RFC 4287, 2), near their beginning.

    The namespace is what people get wrong, so any feed element at the root will do.
    """
    start = beginning(body)
    return bool(_START.search(start)) or (start.startswith(b"<") and listings.root_name(start).lower() == "feed")


def carry(publication: Publication) -> Publication:
    """Return the publication: what has no element of its own is in the lossless one."""
    return publication
