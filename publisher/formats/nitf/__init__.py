"""NITF, the News Industry Text Format: read in versions 3.2 to 3.6, with DTD or namespace, written as 3.6.

https://iptc.org/standards/nitf/; the XML Schema and the documentation of 3.5, read 2026-11-26: what is written is in both.

What NITF has no element for is JSON-LD in a `meta` of the head, which holds any metadata. Deviations: formatting that HTML has and
NITF has not is an `em` with a class; an article's own pictures are the first `media` of the text, told by their class.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from publisher import listings
from publisher.article import Publication
from publisher.formats import beginning
from publisher.formats.nitf import rules
from publisher.formats.nitf.content import carried
from publisher.formats.nitf.reader import read
from publisher.formats.nitf.rules import check
from publisher.formats.nitf.writer import write

__all__ = ["EACH", "LOST", "MEDIA_TYPE", "NAME", "PATH", "SPEC", "TITLE", "carry", "check", "read", "recognizes", "rules", "write"]

NAME = "nitf"
TITLE = "NITF 3.6"
SPEC = "https://iptc.org/standards/nitf/"
MEDIA_TYPE = "application/nitf+xml"
PATH = "articles/{slug}.nitf.xml"
EACH: Literal["article"] = "article"
LOST = {"body": SPEC}
"""Only parts of some: see `content`."""


def recognizes(body: bytes, path: str = "") -> bool:
    """Return whether the first element is `nitf`."""
    start = beginning(body)
    return start.startswith(b"<") and listings.root_name(start) == "nitf"


def carry(publication: Publication) -> Publication:
    """Return the publication with the body of its article as NITF has it."""
    return replace(publication, articles=tuple(replace(each, body=carried(each.body)) for each in publication.articles))
