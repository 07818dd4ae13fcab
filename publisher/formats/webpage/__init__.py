"""Web page: one article as HTML (https://html.spec.whatwg.org/multipage/, read 2026-11-23) with NewsArticle JSON-LD in it.

The JSON-LD holds every field but the body, the page's own text holds that, so both together lose nothing.
The rest of the page says the same to people, and to those who read Open Graph, h-entry or links instead of JSON-LD.

Deviations: `og:url` and the canonical link of a republished article name where it first appeared;
`article:author` is left out for authors without a profile, since its value is a URL (https://ogp.me/#type_article).
"""

from __future__ import annotations

import codecs
import re
from typing import Literal

from publisher.article import Publication
from publisher.formats.webpage import rules
from publisher.formats.webpage.reader import read, review
from publisher.formats.webpage.rules import check
from publisher.formats.webpage.writer import write

__all__ = [
    "EACH",
    "MEDIA_TYPE",
    "NAME",
    "PATH",
    "SPEC",
    "TITLE",
    "carry",
    "check",
    "read",
    "recognizes",
    "review",
    "rules",
    "write",
]

NAME = "webpage"
TITLE = "Web page (HTML with NewsArticle JSON-LD)"
SPEC = "https://html.spec.whatwg.org/multipage/"
MEDIA_TYPE = "text/html"
PATH = "articles/{slug}.html"
EACH: Literal["article"] = "article"

_START = re.compile(r"(?:<\?xml[^>]*>|<!--(?>.*?-->)|\s)*+<(!doctype\s+html|html|head|body)\b", re.IGNORECASE | re.DOTALL)
_ENDING = re.compile(r"\.x?html?", re.IGNORECASE)


def recognizes(body: bytes, path: str = "") -> bool:
    """Return whether the bytes begin like an HTML document, or are called one and have a tag."""
    start = body[:4096].removeprefix(codecs.BOM_UTF8).decode(errors="replace")
    return bool(_START.match(start)) or (bool(_ENDING.fullmatch(path[path.rfind(".") :])) and "<" in start)


def carry(publication: Publication) -> Publication:
    """Return the publication: nothing is lost, since schema.org has a name for every field and the page has the body."""
    return publication
