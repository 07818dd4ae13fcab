"""Notes as a body has them: items of a list at the end, with links that say so (DPUB-ARIA 1.1; EPUB SSV 1.1, "Notes and annotations").

Books have them as an `aside` beside the paragraph that refers to it, or one after the other at the end.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import cast

from lxml import etree

from publisher.cleaner.elements import BOUNDARIES, Element, local_name
from publisher.text import language

__all__ = ["gather", "is_note", "is_notes", "without_empty_references"]

_EPUB_TYPE = "{http://www.idpf.org/2007/ops}type"
_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_WITH_KIND = etree.XPath("descendant::*[@role or @*[name()='epub:type']]")
_NOTE = frozenset("doc-footnote doc-endnote footnote endnote rearnote".split())
_NOTES = frozenset("doc-endnotes footnotes endnotes rearnotes".split())
_REFERENCE = frozenset(("doc-noteref", "noteref"))
_PARTS = frozenset("li dt dd caption thead tbody tfoot tr td th figcaption colgroup body html".split())
"""Elements that are nothing without those around them."""
_ROLE = ' role="doc-noteref"'
_WRITTEN_REFERENCE = re.compile(rf'<a [^<>]*href="#([^"<]*)"[^<>]*{_ROLE}')
_WRITTEN_ITEM = re.compile(r'<li [^<>]*\bid="([^"<]*)"')


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """What is around an element."""

    in_item: bool = False
    in_note: bool = False
    holder: Element | None = None
    """The element that holds the notes of the text, when it is in that."""
    language: str | None = None

    def inside(self, element: Element) -> _Place:
        """Return the place of what is right inside an element that is at this one."""
        in_note = self.in_note or is_note(element)
        return _Place(
            in_item=self.in_item or local_name(element) == "li",
            in_note=in_note,
            holder=element if is_notes(element) and not in_note else self.holder,
            language=_language(element) or self.language,
        )


def gather(root: Element) -> list[Element]:
    """Move the notes inside `root` that a link leads to into one list, in the order in which they are first referred to; return them."""
    said = [(each, _kinds(each)) for each in cast("list[Element]", _WITH_KIND(root))]
    for each, kinds in said:
        if kinds & _REFERENCE and local_name(each) == "a":
            each.set("role", "doc-noteref")
    if not any(kinds & _NOTE for _, kinds in said):
        return []
    notes, links = _found(root)
    wanted = dict.fromkeys(name for link, _ in links if (name := _target(link)) in notes)
    for link, place in links:
        if not place.in_note and _target(link) in notes:
            link.set("role", "doc-noteref")
    if wanted:
        _list([notes[each] for each in wanted], root)
    return [notes[each][0] for each in wanted]


def _found(root: Element) -> tuple[dict[str, tuple[Element, _Place]], list[tuple[Element, _Place]]]:
    """Return the notes by their ids, and the links, each with its place."""
    notes: dict[str, tuple[Element, _Place]] = {}
    links: list[tuple[Element, _Place]] = []
    places = [_Place()]
    for event, element in etree.iterwalk(root, events=("start", "end")):
        if event == "end":
            places.pop()
            continue
        if element is root:
            places.append(places[-1])
            continue
        if _is_loose(element, places[-1]):
            notes.setdefault(element.get("id", ""), (element, places[-1]))
        elif local_name(element) == "a":
            links.append((element, places[-1]))
        places.append(places[-1].inside(element))
    return notes, links


def is_note(element: Element) -> bool:
    """Return whether an element says that it is a note."""
    return bool(_kinds(element) & _NOTE)


def is_notes(element: Element) -> bool:
    """Return whether an element holds the notes of a text."""
    return bool(_kinds(element) & _NOTES) or "footnotes" in (element.get("class") or "").split()


def without_empty_references(body: str) -> str:
    """Return a canonical body in which a link that leads to no item of a list says no more that it leads to a note."""
    if _ROLE not in body:
        return body
    items = set(_WRITTEN_ITEM.findall(body))
    return _WRITTEN_REFERENCE.sub(lambda found: found[0] if found[1] in items else found[0].removesuffix(_ROLE), body)


def _kinds(element: Element) -> set[str]:
    given = (element.get(name) for name in ("role", _EPUB_TYPE, "epub:type"))
    return {kind for each in given if each for kind in each.lower().split()}


def _is_loose(element: Element, place: _Place) -> bool:
    """Return whether an element is a note that is not in a list of notes already."""
    if not element.get("id") or not is_note(element) or local_name(element) not in BOUNDARIES - _PARTS:
        return False
    return not (place.in_item and place.holder is not None)


def _target(link: Element) -> str:
    href = (link.get("href") or "").strip()
    return href[1:] if href.startswith("#") else ""


def _language(element: Element) -> str | None:
    return language(element.get(_XML_LANG) or element.get("lang") or element.get("xml:lang"))


def _list(notes: list[tuple[Element, _Place]], root: Element) -> None:
    """Move the notes into a list, where the first of them is held or else at the end."""
    holder = notes[0][1].holder
    holder = etree.SubElement(_content(root), "div", {"role": "doc-endnotes"}) if holder is None else holder
    items = etree.SubElement(holder, "ol")
    for note, place in notes:
        _take_out(note, place.language)
        note.tag = "li"
        items.append(note)


def _content(root: Element) -> Element:
    return next((each for each in reversed(root) if local_name(each) == "body"), root) if local_name(root) == "html" else root


def _take_out(note: Element, tongue: str | None) -> None:
    """Leave nothing in the place of a note but the text behind it, and let the note keep its language."""
    if tongue and not _language(note):
        note.set("lang", tongue)
    empty = etree.Element("div")  # a block, as the note was, so that what is around it stays apart
    empty.tail, note.tail = note.tail, None
    if (parent := note.getparent()) is not None:
        parent.replace(note, empty)
    for name in ("role", _EPUB_TYPE, "epub:type"):
        note.attrib.pop(name, "")
