"""WordPress's export, WXR 1.0 to 1.2 (https://wordpress.org/documentation/article/tools-export-screen/ and
wp-admin/includes/export.php of WordPress 6.8, read 2026-11-26), one file or several in a ZIP file. We only read it.

Deviations: e-mail addresses of accounts are left out, since no page shows them;
of several categories the section is the one that an SEO plugin calls primary, else the first that is not the default one,
and the others are keywords; drafts, private posts, posts with a password and those of the future are read and marked as drafts.
"""

from __future__ import annotations

import re

from publisher.formats import Context, Reading, beginning
from publisher.platforms import members

__all__ = ["MEDIA_TYPE", "NAME", "SPEC", "TITLE", "read", "recognizes"]

NAME = "wordpress"
TITLE = "WordPress export (WXR)"
SPEC = "https://wordpress.org/documentation/article/tools-export-screen/"
MEDIA_TYPE = "application/rss+xml"
_NAMESPACE = re.compile(rb"wordpress\.org/export/\d|<wp:wxr_version>|This is a WordPress eXtended RSS file")


def recognizes(body: bytes, path: str = "") -> bool:
    """Return whether the bytes begin as RSS with WordPress's namespace does, or are a ZIP file with such a file in it."""
    if names := members.names(body):
        return any(each.lower().endswith(".xml") for each in names) and any(map(_is_export, members.beginnings(body, ".xml")))
    return _is_export(body)


def _is_export(body: bytes) -> bool:
    start = beginning(body)
    return start.startswith(b"<") and bool(_NAMESPACE.search(start))


def read(body: bytes, context: Context = Context()) -> Reading:
    """Return the posts and pages of an export; raise `Unreadable` when it is none."""
    from publisher.formats.wordpress import reader

    return reader.read(body, context)
