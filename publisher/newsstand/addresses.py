"""Where on the site things are: the paths of articles and lists, decided once, so that a new article moves no older one."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable
from datetime import UTC, datetime
from urllib.parse import quote, unquote

from publisher.article import Article, Publication
from publisher.newsstand import periods
from publisher.paths import composed, folded
from publisher.schema import begin
from publisher.text import slug

__all__ = ["age", "base", "distinct", "is_archive", "is_below", "own_path", "place", "places", "slugs", "url", "urn"]

_OLDER = re.compile(rf"(.+)/(?:[0-9]+|{periods.NAME})(\.[a-z]+)")
"""A page of a catalogue has a number; so had those of lists and feeds before 2026-12-07."""
_OLDER_PLACE = re.compile(rf"(.+)/(?:[0-9]+|{periods.NAME})")
_PAGE = re.compile(r"(?:/index)?[.]html?$")
_SYMBOLS = frozenset("$+<=>^`|~")
"""Those of ASCII."""
_MEANT = re.compile(r"^\s*\.|[#@*%!?\\]")
"""Punctuation that makes another name: `.NET`, `C#`, `Who?`."""


def base(publication: Publication) -> str:
    """Return the address of the folder that the exports become."""
    return f"{publication.url.removesuffix('/')}/"


def url(publication: Publication, path: str) -> str:
    """Return the address of a file below the exports."""
    return f"{base(publication)}{quote(path)}"


def urn(publication: Publication, part: str) -> str:
    """Return a URN (RFC 9562, 5.5) for a part of a publication, made of its identifier, of what the part is, and of nothing else."""
    from uuid import NAMESPACE_URL, uuid5  # here because its import takes 8 ms

    own = publication.identifier if ":" in publication.identifier else f"{publication.url} {publication.identifier}"
    return uuid5(NAMESPACE_URL, f"{own} {part}").urn


def is_below(address: str | None, publication: Publication) -> bool:
    """Return whether an address is one of this site."""
    return bool(address and address.startswith(base(publication)))


def own_path(address: str | None, publication: Publication) -> str | None:
    """Return where the page of an address of this site goes, so that the address is true; `None` when it can be no file's."""
    if not address or not is_below(address, publication) or any(mark in address for mark in "?#"):
        return None
    try:
        path = unquote(address[len(base(publication)) :], errors="strict")
    except UnicodeDecodeError:
        return None  # files are called by text, and a server looks for these bytes
    if "%2f" in address.lower():
        return None  # an encoded slash divides nothing (RFC 3986, 2.2), and no name of a file has one
    parts = path.removesuffix("/").split("/")
    if path in ("index", "index.html") or any(not part or part.startswith(".") or not part.isprintable() or "\\" in part for part in parts):
        return None  # an empty part would make the path absolute, and lead out of the exports
    return f"{path}index.html" if path.endswith("/") else path if path.endswith((".html", ".htm")) else f"{path}.html"


def is_archive(path: str, paths: Collection[str]) -> bool:
    """Return whether a file is an older part of one of `paths`: `feed/2026.atom` of `feed.atom`, `sections/2026.atom` of none."""
    found = _OLDER.fullmatch(path)
    return found is not None and f"{found[1]}{found[2]}" in paths


def place(path: str) -> str:
    """Return what two paths of pages have the same when only one of them can be there.

    Case, and how an accented letter is written, make no other file on many systems, and no server knows `a.html` and `a/index.html`
    of the address `a` apart.
    """
    return folded(_PAGE.sub("", composed(path)))


def places(path: str) -> set[str]:
    """Return the place of a page, and that of the list whose older articles it would have to have: `a/2026.html` is one of `a.html`."""
    own = place(path)
    found = _OLDER_PLACE.fullmatch(own)
    return {own, found[1]} if found and found[1] != "archive" else {own}  # what is in the archive are years and months


def slugs(publication: Publication) -> dict[str, str]:
    """Return the name of each article's files by its identifier: the last part of its address here, else its headline.

    Where several have one name the oldest keeps it, so that a new article renames no file of an older one.
    """
    found: dict[str, str] = {}
    taken: set[str] = set()
    for article in sorted(publication.articles, key=age):
        name = _name(article, publication)
        if name in taken:
            name = f"{name}-{hashlib.sha256(article.identifier.encode()).hexdigest()[:8]}"
        taken.add(name)
        found[article.identifier] = name
    return found


def distinct(names: Iterable[str]) -> dict[str, str]:
    """Return for each name one for files and addresses, no two the same; the oldest of the names come first.

    `harbour` for `Harbour` and `c-f1deb75f` for `C++`, whether there is a `C` or not: what a readable name would lose decides,
    by the name alone. Of those that differ only in case, spaces and punctuation the first is the readable one.
    """
    found: dict[str, str] = {}
    taken: set[str] = set()
    for name in names:
        short = slug(name)
        longer = (f"{short or 'list'}-{hashlib.sha256(name.encode()).hexdigest()[:length]}" for length in (8, 64))
        choice = next(each for each in (*((short,) if _is_all_said(name, short) else ()), *longer) if each.casefold() not in taken)
        taken.add(choice.casefold())
        found[name] = choice
    return found


def _is_all_said(name: str, short: str) -> bool:
    """Return whether the readable name loses only case, spaces, and marks that few mean: `E. M. Harkness`, not `C#`, `.NET`, `5 €`."""
    letters, symbols = _counted(unicodedata.normalize("NFKC", name).lower())
    is_whole = 0 < letters <= _counted(short)[0]  # and not cut
    return is_whole and not symbols and not _MEANT.search(name)


def _counted(text: str) -> tuple[int, int]:
    """Return how many letters, marks and digits, and how many symbols there are (Unicode, general categories L, M, N and S)."""
    if text.isascii():
        return sum(map(str.isalnum, text)), sum(map(_SYMBOLS.__contains__, text))
    kinds = Counter(map(unicodedata.category, text))
    return sum(count for kind, count in kinds.items() if kind[0] in "LMN"), sum(count for kind, count in kinds.items() if kind[0] == "S")


def age(article: Article) -> tuple[bool, datetime, str]:
    """Return what sorts articles, the oldest first and those without a date last."""
    published = article.date_published
    return published is None, begin(published) if published else datetime.max.replace(tzinfo=UTC), article.identifier


def _name(article: Article, publication: Publication) -> str:
    address = article.url or ""
    path = address[len(base(publication)) :].partition("?")[0].partition("#")[0] if is_below(address, publication) else ""
    last = unquote(path.rstrip("/").rpartition("/")[2])
    return slug(last.removesuffix(".html")) or slug(article.headline) or slug(article.identifier) or "article"
