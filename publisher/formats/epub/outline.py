"""What the table of contents of a stranger's book makes of its pages: which are articles, in which sections, and where each begins.

An entry with entries below it that lead to other pages is a section; one whose entries stay on its own page is an article with
headings. Several entries of one level on a page are articles that begin at their fragments; a page that no entry leads to goes on
with the article before it, unless it begins with a heading of the first level.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from ebooklib import epub

from publisher.text import line

__all__ = ["Entry", "entries"]

_MOST = 20_000
_DEEPEST = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One article or section in the table of contents."""

    path: str
    """Of its page, as the manifest has it."""
    fragment: str
    label: str | None
    section: str | None = None
    """The name of the outermost section that it is in."""
    opens: bool = False
    """Whether it is the page on which a section begins."""


def entries(book: Any) -> list[Entry]:
    """Return the articles and the pages of sections in the table of contents, in its order, each place once."""
    found: dict[tuple[str, str], Entry] = {}
    for each in _flat(book.toc, None, 0):
        if len(found) == _MOST:
            break
        if each.path:
            found.setdefault((each.path, each.fragment), each)
    return list(found.values())


def _flat(level: Any, section: str | None, depth: int) -> Iterator[Entry]:
    for each in level if isinstance(level, list | tuple) and depth < _DEEPEST else ():
        node, children = (each[0], each[1]) if _has_children(each) else (each, ())
        if not isinstance(node, epub.Link | epub.Section):
            yield from _flat(each, section, depth + 1)
            continue
        path, fragment = _place(node)
        label = line(str(node.title or ""))
        is_section = bool(children) and any(other and other != path for other in _paths(children, depth))
        if path:
            yield Entry(path=path, fragment=fragment, label=label, section=section, opens=is_section)
        if is_section or not path:
            yield from _flat(children, section or label, depth + 1)


def _has_children(each: Any) -> bool:
    return isinstance(each, tuple) and len(each) == 2 and isinstance(each[0], epub.Link | epub.Section)


def _paths(children: Any, depth: int) -> Iterator[str]:
    for each in children if isinstance(children, list | tuple) and depth < _DEEPEST else ():
        node, below = (each[0], each[1]) if _has_children(each) else (each, ())
        if isinstance(node, epub.Link | epub.Section):
            yield _place(node)[0]
        yield from _paths(below, depth + 1)


def _place(node: Any) -> tuple[str, str]:
    path, _, fragment = str(node.href or "").partition("#")
    return (posixpath.normpath(unquote(path)) if path else ""), unquote(fragment)
