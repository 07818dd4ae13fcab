"""Identifiers, slugs and addresses of articles: made once, from what does not change, and never anew.

An identifier is a tag URI (RFC 4151): `tag:example.org,2018:000_60a4`, the publication's host, since when it owns it,
and the name of the source file. It survives another headline, another slug and another place in the folders.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from functools import lru_cache
from pathlib import PurePosixPath
from urllib.parse import quote, urlsplit

from publisher.article import Publication
from publisher.text import slug as slugify

__all__ = ["UNNAMED", "address", "day", "identifier", "is_page", "publication_slug", "slug", "stem", "words"]

UNNAMED = Publication(identifier="https://example.org/", name="example.org", url="https://example.org/")
"""What articles appear in when nobody said."""

_DAY = re.compile(r"^\d{4}-\d\d?-\d\d?[-_ ]+(?=.)")  # Jekyll: 2018-10-24-title.md
_BUNDLE = frozenset(("index", "_index", "readme"))
_WORD = re.compile(r"[^\W\d_]{3,}|[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]{2,}")
_HEXADECIMAL = re.compile(r"(?=.*\d)[0-9a-f]+|[0-9a-f]{8,}")
_SAYS_NOTHING = frozenset(
    "untitled document article articles draft new text file clipping page post posts news story copy img index readme".split()
)


@lru_cache(maxsize=16)  # asked for several times with each source
def stem(path: str) -> str:
    """Return the name of the source without its ending; of a bundle, `title/index.md`, its folder's."""
    name = PurePosixPath(unicodedata.normalize("NFC", path))  # macOS decomposes file names: é is two characters there
    return name.parent.name if name.stem.casefold() in _BUNDLE and name.parent.name else name.stem


def words(path: str) -> str:
    """Return the source's name as words, without the date in front; `""` when it doesn't read as words."""
    name = _DAY.sub("", stem(path))
    tokens = [token for token in re.split(r"[\W_]+", name.casefold()) if not _HEXADECIMAL.fullmatch(token)]
    readable = any(_WORD.search(token) and token not in _SAYS_NOTHING for token in tokens)
    return re.sub(r"[\s_-]+", " ", name).strip() if readable else ""


def day(path: str) -> date | None:
    """Return the day that the source's name begins with."""
    found = re.match(r"(\d{4})-(\d\d?)-(\d\d?)(?!\d)", stem(path))
    try:
        return date(*map(int, found.groups())) if found else None
    except ValueError:
        return None


def slug(path: str, headline: str, wanted: str = "") -> tuple[str, bool]:
    """Return the last part of the article's address, and whether it had to come from the headline.

    What the source asks for, else its name when that reads as words, else the headline.
    """
    if given := slugify(wanted) or slugify(words(path)):
        return given, False
    return slugify(headline) or slugify(stem(path)) or "article", True


def identifier(url: str, since: str, name: str) -> str:
    """Return the tag URI of what is called `name` in the publication at `url`."""
    host = (urlsplit(url).hostname or "localhost").strip("[]").replace(":", "-")
    return f"tag:{host},{since}:{quote(name, safe='', errors='replace')}"


def publication_slug(publication: Publication) -> str:
    """Return what the files are called that hold the whole publication."""
    name = slugify(publication.name) or "publication"
    return name if name != "feed" else "feed-publication"  # feed.json is the JSON Feed's


def is_page(url: str, address: str) -> bool:
    """Return whether an address can be that of an article of the publication at `url`."""
    return address.startswith(url) and address != url and "?" not in address and "#" not in address


def address(url: str, slug: str) -> str:
    """Return where the publication at `url` has the page of the article."""
    return f"{url}articles/{quote(slug, safe='')}.html"
