"""Pages of a stranger's book that are no articles: covers, title pages, contents, copyright pages.

They say so (EPUB 3 Structural Semantics, landmarks, the guide of EPUB 2), or nearly all of their words are links to other pages.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

from ebooklib import epub

from publisher.formats.epub.opening import tree
from publisher.markup import Element
from publisher.text import line

__all__ = ["kinds", "said_by_page", "types"]

_EPUB_TYPE = "{http://www.idpf.org/2007/ops}type"
_KINDS = {
    "cover": "cover",
    "titlepage": "title page",
    "title-page": "title page",
    "halftitlepage": "title page",
    "toc": "contents",
    "toc-brief": "contents",
    "loi": "contents",
    "lot": "contents",
    "page-list": "contents",
    "landmarks": "contents",
    "copyright-page": "copyright",
    "copyright": "copyright",
    "footnotes": "notes",
    "endnotes": "notes",
    "rearnotes": "notes",
    "notes": "notes",
}
"""Types of EPUB 3 and of the guide of EPUB 2, and what people call such pages."""
_FEWEST_LINKS = 4
_MOST_OF_IT = 0.8


def kinds(book: Any) -> dict[str, str]:
    """Return what pages are that the book says are no text, by their paths."""
    found: dict[str, str] = {}
    for kind, href in (*_guide(book), *_landmarks(book)):
        path = posixpath.normpath(unquote(href.partition("#")[0]))
        if kind in _KINDS and "#" not in href:
            found.setdefault(path, _KINDS[kind])
    return found


def _guide(book: Any) -> Iterator[tuple[str, str]]:
    for each in getattr(book, "guide", None) or ():
        yield str(each.get("type") or "").lower(), str(each.get("href") or "")


def _landmarks(book: Any) -> Iterator[tuple[str, str]]:
    for nav in (each for each in book.items if isinstance(each, epub.EpubNav) and each.content):
        root = tree(nav.content)
        for listed in root.iter("{*}nav") if root is not None else ():
            for link in listed.iter("{*}a") if "landmarks" in types(listed) else ():
                path = posixpath.join(posixpath.dirname(str(nav.file_name)), link.get("href") or "")
                yield from ((each, path) for each in types(link))


def types(element: Element) -> list[str]:
    """Return what an element is in words of EPUB, by its attribute `epub:type`."""
    return (element.get(_EPUB_TYPE) or element.get("epub:type") or "").split()


def said_by_page(content: Element) -> str | None:
    """Return what a page says it is: by the type of its body, or of the one element in it; or what its links make it."""
    around: Element | None = content
    while around is not None:
        if found := next((_KINDS[each] for each in types(around) if each in _KINDS), None):
            return found
        inside = [each for each in around if isinstance(each.tag, str)]
        around = inside[0] if len(inside) == 1 and not (around.text or "").strip() else None
    return "contents" if _is_list_of_links(content) else None


def _is_list_of_links(content: Element) -> bool:
    links = [each for each in content.iter("{*}a") if (each.get("href") or "").partition("#")[0] and "://" not in (each.get("href") or "")]
    if len(links) < _FEWEST_LINKS:
        return False
    linked = sum(len(line("".join(map(str, each.itertext()))) or "") for each in links)
    whole = len(line("".join(map(str, content.itertext()))) or "")
    return linked >= _MOST_OF_IT * whole
