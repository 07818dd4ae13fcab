"""The text of an article inside a book, and the very same text back.

A canonical body is XHTML already. What a book needs beyond it leaves the original beside it in `data-` attributes
(HTML Standard, 3.2.6.6), and `restore` puts that back:

- a picture or recording whose bytes are in the book has its address in `data-src`;
- one whose bytes are not is a link (inside a link: a span) with all its attributes as `data-` and its name as `data-element`;
- a link to another article of the issue has its address in `data-href`;
- a note has its id, and what pop-ups need, on a `div` inside the item of the list.

`epub:type` and `xml:lang` are added where they help; `markup.fragment` leaves them out on reading.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import urlsplit

from publisher.cleaner import local_name
from publisher.formats.epub.media import Shelf
from publisher.formats.epub.words import Words
from publisher.markup import Element, unescape
from publisher.text import escape

__all__ = ["for_book", "host", "is_body", "restore"]

_XHTML = "{http://www.w3.org/1999/xhtml}"
_TAG = re.compile(r'<(/?)([a-z][a-z0-9]*)((?: [a-z]+="[^"]*")*)(/?)>')
_ATTRIBUTE = re.compile(r' ([a-z]+)="([^"]*)"')
_NOTE = re.compile(r'<a href="#([^"]*)"[^>]* role="doc-noteref"')
_CHANGED = re.compile(r'<(?:img|audio|video) | href="http| lang="| role="doc-')
_STAYS = ("dir", "id", "lang")
"""Attributes that mean the same on what stands for an element."""


def for_book(body: str, shelf: Shelf, chapters: Mapping[str, str], words: Words) -> str:
    """Return a canonical body as a book has it; `chapters` are the pages of the issue's articles by their URL."""
    return _TAG.sub(_Rewriter(body, shelf, chapters, words).tag, body) if _CHANGED.search(body) else body


class _Rewriter:
    """One pass over the tags of a canonical body; attribute values stay escaped throughout."""

    def __init__(self, body: str, shelf: Shelf, chapters: Mapping[str, str], words: Words) -> None:
        self.shelf = shelf
        self.chapters = chapters
        self.words = words
        self.notes = frozenset(_NOTE.findall(body))
        self.in_link = False
        self.items: list[bool] = []
        """For each item of a list that is open, whether it is a note."""

    def tag(self, found: re.Match[str]) -> str:
        end, name, attributes = found[1], found[2], found[3]
        if name in ("audio", "video"):
            return "" if end else self.player(name, attributes)  # a player has nothing inside
        if name == "li":
            return self.item(end, attributes)
        if name == "a":
            self.in_link = not end
        if end or not attributes:
            return found[0]
        if name == "img":
            return self.picture(attributes)
        return f"<{name}{self.changed(name, attributes)}{found[4]}>"

    def item(self, end: str, attributes: str) -> str:
        """Return a tag of an item; that of a note has a `div` with the id inside, for pop-ups (Apple Books).

        An item cannot have the role `doc-footnote` (EPUBCheck 5.3), and Ace 1.4 wants it with the `epub:type`.
        """
        if end:
            return "</div></li>" if self.items.pop() else "</li>"
        given = dict(_ATTRIBUTE.findall(attributes))
        self.items.append(given.get("id") in self.notes)
        if not self.items[-1]:
            return f"<li{self.changed('li', attributes)}>"
        identifier = given.pop("id")
        note = f'<div class="note" id="{identifier}" epub:type="footnote" role="doc-footnote">'
        return f"<li{_with(given)}{_language(given)}>{note}"

    def changed(self, name: str, attributes: str) -> str:
        """Return the attributes of an element that stays, with those that a book needs besides."""
        given = dict(_ATTRIBUTE.findall(attributes))
        # Without the fragment: Kobo makes a pop-up of a link to one (kobolabs/epub-spec, "Footnotes").
        if name == "a" and (chapter := self.chapters.get(unescape(given.get("href", "")).partition("#")[0])):
            attributes = _with(given | {"data-href": given["href"], "href": chapter})
        return attributes + self.semantics(name, given) + _language(given)

    def semantics(self, name: str, given: Mapping[str, str]) -> str:
        """Return the `epub:type` of notes, for the pop-ups of Apple Books and others (EPUB SSV 1.1, "Notes and annotations")."""
        if name == "a" and given.get("role") == "doc-noteref":
            return ' epub:type="noteref"'
        return ' epub:type="endnotes"' if name == "div" and given.get("role") == "doc-endnotes" else ""

    def picture(self, attributes: str) -> str:
        given = dict(_ATTRIBUTE.findall(attributes))
        if kept := self.shelf.picture(unescape(given["src"])):
            return f"<img{_with(given | {'data-src': given['src'], 'src': kept.href})}{_language(given)}/>"
        label = given.get("alt") or given.get("title") or self.label(self.words.picture, given["src"])
        return self.stand_in("img", "picture", given, label)

    def player(self, name: str, attributes: str) -> str:
        given = dict(_ATTRIBUTE.findall(attributes))
        label = self.label(self.words.audio if name == "audio" else self.words.video, given["src"])
        if name == "audio" and (kept := self.shelf.recording(unescape(given["src"]))):
            # For reading systems without sound; `markup.fragment` leaves out what is inside a player.
            fallback = f'<a href="{given["src"]}">{label}</a>'
            return f"<audio{_with(given | {'data-src': given['src'], 'src': kept.href})}{_language(given)}>{fallback}</audio>"
        poster = self.shelf.picture(unescape(given.get("poster", "")))
        return self.stand_in(name, "recording", given, (f'<img alt="" src="{poster.href}"/>' if poster else "") + label)

    def label(self, word: str, address: str) -> str:
        return escape(f"{word} ({host(unescape(address))})")

    def stand_in(self, name: str, kind: str, given: Mapping[str, str], content: str) -> str:
        """Return what stands for an element whose bytes are not in the book."""
        attributes = {each if each in _STAYS else f"data-{each}": value for each, value in given.items()}
        attributes |= {"class": kind, "data-element": name} | ({} if self.in_link else {"href": given["src"]})
        tag = "span" if self.in_link else "a"
        return f"<{tag}{_with(attributes)}{_language(given)}>{content}</{tag}>"


def _with(attributes: Mapping[str, str]) -> str:
    return "".join(f' {name}="{value}"' for name, value in sorted(attributes.items()))


def _language(given: Mapping[str, str]) -> str:
    """Return the `xml:lang` that says the same as `lang` (EPUB 3.3, 6.1.2)."""
    return f' xml:lang="{given["lang"]}"' if "lang" in given else ""


def host(url: str) -> str:
    """Return who is behind an address: its host without `www.`, or all of it when it has none."""
    return (urlsplit(url).hostname or url).removeprefix("www.")


def restore(root: Element) -> None:
    """Put back, in the tree of a book's page, what `for_book` changed and `markup.fragment` would not leave out."""
    for element in list(root.iter("{*}div")):
        if element.get("class") == "note" and local_name(element.getparent()) == "li":
            _unwrap(element)
    for element in list(root.iter("{*}a", "{*}span", "{*}img", "{*}audio")):
        originals = {str(name)[5:]: str(value) for name, value in element.attrib.items() if str(name).startswith("data-")}
        if name := originals.pop("element", ""):
            _replace(element, name)
        for each, value in originals.items():
            element.set(each, value)


def _replace(element: Element, name: str) -> None:
    """Make an element one that was called `name`, with nothing inside and only the attributes that stay."""
    stays = {each: value for each in _STAYS if (value := element.get(each)) is not None}
    tail = element.tail
    element.clear()
    element.tag = f"{_XHTML}{name if name in ('img', 'audio', 'video') else 'span'}"
    element.tail = tail
    for each, value in stays.items():
        element.set(each, value)


def _unwrap(note: Element) -> None:
    """Make a note's item of the list what it was: with the id, and without the `div` that is all that is in it."""
    item = note.getparent()
    if item is not None:
        item.set("id", note.get("id") or "")
        item.text = note.text
        item[:] = list(note)


def is_body(element: Element) -> bool:
    """Return whether the element is the one that holds an article's text in our books."""
    return local_name(element) == "div" and element.get("class") == "body"
