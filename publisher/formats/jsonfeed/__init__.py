"""JSON Feed 1.1 (https://www.jsonfeed.org/version/1.1/, read 2026-11-23).

What the format has no member for is in one extension object, `_schema`, as JSON-LD with schema.org's names;
it holds just the difference between the article and what the members alone give back.
Deviation: a section is the first of an item's `tags`, since readers filter by tags.
"""

from __future__ import annotations

import re
from typing import Literal

from publisher.article import Publication
from publisher.formats.jsonfeed import rules
from publisher.formats.jsonfeed.reader import read
from publisher.formats.jsonfeed.rules import check, fix
from publisher.formats.jsonfeed.writer import write

__all__ = ["EACH", "MEDIA_TYPE", "NAME", "PATH", "SPEC", "TITLE", "carry", "check", "fix", "read", "recognizes", "rules", "write"]

NAME = "jsonfeed"
TITLE = "JSON Feed 1.1"
SPEC = "https://www.jsonfeed.org/version/1.1/"
MEDIA_TYPE = "application/feed+json"
PATH = "feed.json"
EACH: Literal["publication"] = "publication"
_BOM = b"\xef\xbb\xbf"
_VERSIONS = re.compile(rb'"version"\s*:\s*"https?:\\?/\\?/(www\.)?jsonfeed\.org')


def recognizes(body: bytes, path: str = "") -> bool:
    """Return whether the bytes are JSON with a JSON Feed version."""
    return body.removeprefix(_BOM).lstrip()[:1] == b"{" and bool(_VERSIONS.search(body))


def carry(publication: Publication) -> Publication:
    """Return the publication: what has no member of its own is in `_schema`."""
    return publication
