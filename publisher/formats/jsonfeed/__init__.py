"""JSON Feed 1.1 (https://www.jsonfeed.org/version/1.1/, read 2026-11-23).

What the format has no member for is in one extension object, `_schema`, as JSON-LD with schema.org's names;
it holds just the difference between the article and what the members alone give back.
Deviation: a section is the first of an item's `tags`, since readers filter by tags.
"""

from __future__ import annotations

import re
from typing import Literal

from publisher import schema
from publisher.article import Publication
from publisher.formats import Reading, beginning
from publisher.formats.jsonfeed import rules
from publisher.formats.jsonfeed.reader import read, read_parsed
from publisher.formats.jsonfeed.rules import check, fix, parsed_and_checked
from publisher.formats.jsonfeed.writer import write
from publisher.problems import Problem, Unreadable

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

NAME = "jsonfeed"
TITLE = "JSON Feed 1.1"
SPEC = "https://www.jsonfeed.org/version/1.1/"
MEDIA_TYPE = "application/feed+json"
PATH = "feed.json"
EACH: Literal["publication"] = "publication"
_VERSIONS = re.compile(rb'"version"\s*:\s*"[^"]{0,40}jsonfeed', re.IGNORECASE)
_ITEMS = re.compile(rb'"items"\s*:\s*\[')
_ADDRESSES = re.compile(rb'"(?:home_page|feed)_url"\s*:')
_FEED = ("title", "home_page_url", "feed_url")


def recognizes(body: bytes, path: str = "") -> bool:
    """Return whether the bytes are JSON with a JSON Feed version, or, as many forget that, with the members of a feed."""
    if not beginning(body).startswith(b"{"):
        return False
    plain = body.replace(b"\0", b"") if b"\0" in body[:4] else body
    return bool(_VERSIONS.search(plain) or (_ITEMS.search(plain) and _has_members(plain)))


def _has_members(body: bytes) -> bool:
    """Return whether an object has a list of items and says what it is a feed of; of broken JSON, whether it mentions an address."""
    try:
        feed = schema.from_text(body.decode("utf-8-sig", errors="replace"))
    except Unreadable:
        return bool(_ADDRESSES.search(body))
    if not isinstance(feed, dict) or "@context" in feed or not isinstance(feed.get("items"), list):
        return False
    return any(isinstance(feed.get(each), str) for each in _FEED)


def carry(publication: Publication) -> Publication:
    """Return the publication: what has no member of its own is in `_schema`."""
    return publication


def review(body: bytes) -> tuple[Reading, list[Problem]]:
    """Return what `read` and `check` say, both of what the text was parsed to once."""
    data, problems = parsed_and_checked(body)
    return (read(body) if data is None else read_parsed(data)), problems
