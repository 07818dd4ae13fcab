"""RSS 2.0 (https://www.rssboard.org/rss-specification, 2.0.11, read 2026-11-23) with its profile.

Deviations: all authors are joined in one `dc:creator`, since of several elements readers show one;
`description` is the summary as HTML, since readers take it for HTML; the text is in `content:encoded`.
Read without `content:encoded`, the description is the text, as readers show it; one of ours that is not says so in the lossless element.
"""

from __future__ import annotations

import re
from typing import Literal

from publisher import listings
from publisher.article import Publication
from publisher.feedreading import rescue
from publisher.formats import Reading, beginning
from publisher.formats.rss import rules
from publisher.formats.rss.reader import read, read_tree
from publisher.formats.rss.rules import check, check_tree, fix
from publisher.formats.rss.writer import write
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

NAME = "rss"
TITLE = "RSS 2.0"
SPEC = "https://www.rssboard.org/rss-specification"
MEDIA_TYPE = "application/rss+xml"
PATH = "feed.rss"
EACH: Literal["publication"] = "publication"
_START = re.compile(rb"<rss[\s/>]")
_ROOTS = ("rss", "channel")


def recognizes(body: bytes, path: str = "") -> bool:
    """Return whether the bytes have an rss element near their beginning, or one that is meant to be it."""
    start = beginning(body)
    return bool(_START.search(start)) or (start.startswith(b"<") and listings.root_name(start).lower() in _ROOTS)


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
