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
from publisher.feedreading import rescue
from publisher.formats import Reading, beginning
from publisher.formats.atom import rules
from publisher.formats.atom.reader import read, read_tree
from publisher.formats.atom.rules import check, check_tree, fix
from publisher.formats.atom.writer import write
from publisher.problems import Problem

__all__ = [
    "EACH",
    "MEDIA_TYPE",
    "NAME",
    "PATH",
    "SPEC",
    "TITLE",
    "carry",
    "check",
    "fix",
    "read",
    "recognizes",
    "review",
    "rules",
    "write",
]

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


def review(body: bytes) -> tuple[Reading, list[Problem]]:
    """Return what `read` and `check` say, both of one tree when the feed is ours."""
    root = rescue.own(body)
    if root is None:
        return read(body), check(body)
    problems = check_tree(root, body)
    return read_tree(root), problems
