"""What links are called that have no words of their own."""

from __future__ import annotations

import re
from urllib.parse import unquote

from publisher.cleaner.elements import Element
from publisher.text import line

__all__ = ["UNSEEN", "destination", "in_words", "is_seen", "name_of_link"]

UNSEEN = "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f"
"""Characters that do not show, beside white space, as they are written in a set of a pattern."""
_UNSEEN = re.compile(rf"[\s{UNSEEN}]*")
_WEB = re.compile(r"https?://(?:www\.)?(?P<host>[^/?#]+)(?P<path>[^?#]*)(?:[?#].*)?")
_LONGEST = 60


def is_seen(text: str) -> bool:
    """Return whether there is a character in the text that shows."""
    return not _UNSEEN.fullmatch(text)


def in_words(value: str | None) -> str:
    """Return the words of an attribute on one line, `""` when it says nothing."""
    return said if value and (said := line(value)) and is_seen(said) else ""


def name_of_link(link: Element, picture: Element, href: str) -> str:
    """Return what a link is called whose only content is a picture without alternative text (WCAG 2.2, technique H30).

    What its author says of it elsewhere, else where it leads.
    """
    given = (link.get("aria-label"), link.get("title"), picture.get("aria-label"), picture.get("title"))
    return next(filter(None, map(in_words, given)), "") or destination(href)


def destination(href: str) -> str:
    """Return where a link leads in words: `timetable.pdf (lantern.example)`."""
    if href.startswith("#"):
        return href[1:]
    found = _WEB.fullmatch(href)
    if not found:
        return _decoded(href.partition(":")[2].partition("?")[0]) or href
    last = _decoded(found["path"].rstrip("/").rpartition("/")[2])
    says = len(last) <= _LONGEST and any(map(str.isalpha, last))
    return f"{last} ({found['host']})" if says else found["host"]


def _decoded(escaped: str) -> str:
    """Return a part of a URL as people write it, or as it is where that cannot be."""
    said = in_words(unquote(escaped))
    return said if said and "\ufffd" not in said else escaped
