"""Ghost's newer form of a text: Lexical's JSON (https://lexical.dev/docs/concepts/nodes and Ghost's kg-default-nodes, read 2026-11-26)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from publisher.formats.ghost import cards
from publisher.formats.ghost.cards import Note
from publisher.platforms import cards as plain
from publisher.text import escape

__all__ = ["to_html"]

Node = Mapping[str, Any]
_FORMATS = ((1, "strong"), (2, "em"), (4, "s"), (8, "u"), (16, "code"), (32, "sub"), (64, "sup"), (128, "mark"))
"""Bits of a text's format."""
_QUOTES = frozenset(("quote", "extended-quote", "aside"))
_HEADINGS = frozenset(("heading", "extended-heading"))
_TEXTS = frozenset(("text", "extended-text", "code-highlight"))
_LINKS = frozenset(("link", "autolink", "at-link"))


def to_html(document: object, note: Note) -> str:
    """Return the HTML of a text; `note` is told the names of the cards that are left out."""
    root = document.get("root") if isinstance(document, dict) else None
    return _children(root, note) if isinstance(root, dict) else ""


def _children(node: Node, note: Note) -> str:
    """Return what is in a node; Python could go through it, since `schema.from_text` refuses what is nested deeper."""
    found = node.get("children")
    return "".join(_html(each, note) for each in found if isinstance(each, dict)) if isinstance(found, list) else ""


def _html(node: Node, note: Note) -> str:
    kind = str(node.get("type"))
    if kind in _TEXTS:
        return _text(node)
    if wrap := _WRAPPED.get(kind):
        return wrap(node, _children(node, note))
    if "children" in node:
        return _children(node, note)
    return cards.html_of(kind, node, note)


def _text(node: Node) -> str:
    said, bits = node.get("text"), node.get("format")
    found = escape(said) if isinstance(said, str) else ""
    wanted = bits if isinstance(bits, int) else 0
    for bit, tag in _FORMATS:
        found = f"<{tag}>{found}</{tag}>" if wanted & bit else found
    return found


def _link(node: Node, inside: str) -> str:
    address = cards.text(node, "url")
    return f'<a href="{escape(address)}">{inside or escape(address)}</a>' if address else inside


def _list(node: Node, inside: str) -> str:
    tag = "ol" if node.get("tag") == "ol" or node.get("listType") == "number" else "ul"
    start = node.get("start")
    first = f' start="{start}"' if tag == "ol" and isinstance(start, int) and start != 1 else ""
    return f"<{tag}{first}>{inside}</{tag}>"


_WRAPPED: Mapping[str, Callable[[Node, str], str]] = {
    "paragraph": lambda _, inside: f"<p>{inside}</p>",
    "list": _list,
    "listitem": lambda _, inside: f"<li>{inside}</li>",
    "linebreak": lambda *_: "<br/>",
    "tab": lambda *_: " ",
    **dict.fromkeys(_HEADINGS, lambda node, inside: plain.heading(node.get("tag"), inside)),
    **dict.fromkeys(_QUOTES, lambda _, inside: f"<blockquote><p>{inside}</p></blockquote>"),
    **dict.fromkeys(_LINKS, _link),
}
