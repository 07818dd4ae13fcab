"""NewsML-G2: news items, packages and messages are read in all versions 2.x; a news item of power conformance is written.

https://iptc.org/standards/newsml-g2/, the implementation guide and the structure matrix of 2.35, read in parts 2026-11-26.

The text is XHTML in `inlineXML`. What has no element is JSON-LD in a `schema:NewsArticle` at the end of `itemMeta`, where the schema
allows elements of others. Deviations: an identifier that is no URI is written as a fragment of the publication's URL, and comes back
from there; relations and kinds without a code of the IPTC's have their URI of schema.org's; an article without a date has the first
moment of 1970 as `versionCreated`, which is required.
"""

from __future__ import annotations

from typing import Literal

from publisher import listings
from publisher.article import Publication
from publisher.formats import beginning
from publisher.formats.newsml import rules
from publisher.formats.newsml.reader import ROOTS, read
from publisher.formats.newsml.rules import check
from publisher.formats.newsml.writer import write

__all__ = ["EACH", "MEDIA_TYPE", "NAME", "PATH", "SPEC", "TITLE", "carry", "check", "read", "recognizes", "rules", "write"]

NAME = "newsml"
TITLE = "NewsML-G2 2.35"
SPEC = "https://iptc.org/standards/newsml-g2/"
MEDIA_TYPE = "application/vnd.iptc.g2.newsitem+xml"
PATH = "articles/{slug}.newsml.xml"
EACH: Literal["article"] = "article"


def recognizes(body: bytes, path: str = "") -> bool:
    """Return whether the first element is one of NewsML-G2, or that of NewsML 1, so that its reader can say what is wrong."""
    start = beginning(body)
    return start.startswith(b"<") and listings.root_name(start) in ROOTS | {"NewsML"}


def carry(publication: Publication) -> Publication:
    """Return the publication: what has no element of its own is in the lossless one."""
    return publication
