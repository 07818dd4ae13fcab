"""Ghost's older form of a text: Mobiledoc 0.3 (https://github.com/bustle/mobiledoc-kit/blob/master/MOBILEDOC.md, read 2026-11-26)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from publisher.formats.ghost import cards
from publisher.formats.ghost.cards import Note
from publisher.text import escape

__all__ = ["to_html"]

_MARKUP, _IMAGE, _LIST, _CARD = 1, 2, 3, 10
_TAGS = frozenset("p h1 h2 h3 h4 h5 h6 blockquote aside pull-quote".split())
_MARKUPS = frozenset("a b code em i s strong sub sup u mark".split())


def to_html(document: object, note: Note) -> str:
    """Return the HTML of a text; `note` is told the names of the cards that are left out."""
    return _Document(document, note).html() if isinstance(document, dict) else ""


def _at(values: object, place: object) -> Any:
    """Return what is at a place in a list, `None` when nothing is."""
    return values[place] if isinstance(values, list) and isinstance(place, int) and 0 <= place < len(values) else None


def _listed(values: object) -> list[Any]:
    return values if isinstance(values, list) else []


class _Document:
    def __init__(self, document: Mapping[str, Any], note: Note) -> None:
        self._document = document
        self._note = note

    def html(self) -> str:
        """Return all sections."""
        return "".join(self._section(each) for each in _listed(self._document.get("sections")))

    def _section(self, section: object) -> str:
        kind = _at(section, 0)
        if kind == _MARKUP:
            return self._block(str(_at(section, 1)), self._markers(_at(section, 2)))
        if kind == _IMAGE:
            return cards.html_of("image", {"src": _at(section, 1)}, self._note)
        if kind == _LIST:
            tag = "ol" if _at(section, 1) == "ol" else "ul"
            return f"<{tag}>{''.join(f'<li>{self._markers(each)}</li>' for each in _listed(_at(section, 2)))}</{tag}>"
        return self._card(_at(section, 1)) if kind == _CARD else ""

    def _block(self, tag: str, inside: str) -> str:
        if tag in ("aside", "pull-quote", "blockquote"):
            return f"<blockquote><p>{inside}</p></blockquote>"
        return f"<{tag}>{inside}</{tag}>" if tag in _TAGS else f"<p>{inside}</p>"

    def _card(self, place: object) -> str:
        card = _at(self._document.get("cards"), place)
        payload = _at(card, 1)
        return cards.html_of(str(_at(card, 0)), payload if isinstance(payload, dict) else {}, self._note)

    def _markers(self, markers: object) -> str:
        """Return the text of markers: each opens some markups, says something and closes some of those that are open."""
        out: list[str] = []
        opened: list[str] = []
        for each in _listed(markers):
            for place in _listed(_at(each, 1)):
                start, end = self._markup(_at(self._document.get("markups"), place))
                out.append(start)
                opened.append(end)
            out.append(self._said(_at(each, 0), _at(each, 3)))
            closed = _at(each, 2)
            out += (opened.pop() for _ in range(min(len(opened), closed if isinstance(closed, int) else 0)))
        return "".join([*out, *reversed(opened)])

    def _said(self, kind: object, value: object) -> str:
        if kind == 0:
            return escape(value) if isinstance(value, str) else ""
        atom = _at(self._document.get("atoms"), value)
        said = _at(atom, 1)
        return "<br/>" if _at(atom, 0) == "soft-return" else escape(said) if isinstance(said, str) else ""

    def _markup(self, markup: object) -> tuple[str, str]:
        """Return the start and the end tag of a markup, empty ones for what is none."""
        tag, values = _at(markup, 0), _listed(_at(markup, 1))
        if not isinstance(tag, str) or tag not in _MARKUPS:
            return "", ""
        address = next((value for name, value in zip(values[::2], values[1::2], strict=False) if name == "href"), None)
        return (f'<a href="{escape(address)}">' if tag == "a" and isinstance(address, str) else f"<{tag}>"), f"</{tag}>"
