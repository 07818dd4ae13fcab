"""Ghost's export, as JSON or with its pictures in a ZIP file (https://ghost.org/docs/migration/custom/, Ghost 1 to 6, read 2026-11-26).

We only read it. Deviations: the text is the HTML that Ghost has made; only without it Lexical or Mobiledoc is read.
The section is the primary tag, the other public tags are keywords. An address is the site's and the slug, as it is without `routes.yaml`;
the export does not say which site it is of: that comes from the publication. E-mail addresses are left out, since no page shows them.
"""

from __future__ import annotations

import re

from publisher.formats import Context, Reading, beginning
from publisher.platforms import members

__all__ = ["MEDIA_TYPE", "NAME", "SPEC", "TITLE", "read", "recognizes"]

NAME = "ghost"
TITLE = "Ghost export"
SPEC = "https://ghost.org/docs/migration/custom/"
MEDIA_TYPE = "application/json"
_START = re.compile(rb'\{\s*(?:"db"\s*:\s*\[\s*\{\s*)?"(?:meta|data)"\s*:\s*\{')
_SURE = re.compile(rb'"db"\s*:\s*\[|"exported_on"\s*:')
_POSTS = re.compile(rb'"posts"\s*:\s*\[')


def recognizes(body: bytes, path: str = "") -> bool:
    """Return whether the bytes begin as such JSON does, or are a ZIP file with it in it."""
    if names := members.names(body):
        return any(each.lower().endswith(".json") for each in names) and any(map(_is_export, members.beginnings(body, ".json")))
    return _is_export(body)


def _is_export(body: bytes) -> bool:
    start = beginning(body)
    return bool(_START.match(start)) and bool(_SURE.search(start) or _POSTS.search(body))


def read(body: bytes, context: Context = Context()) -> Reading:
    """Return the posts and pages of an export; raise `Unreadable` when it is none."""
    from publisher.formats.ghost import reader

    return reader.read(body, context)
