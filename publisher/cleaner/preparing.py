"""What is done to a tree before a body is made of it: what a body says elsewhere, or not at all, gets its place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import cast

from lxml import etree

from publisher.cleaner import notes
from publisher.cleaner.elements import BLOCKS, BOUNDARIES, INLINE, Element, local_name, text_of
from publisher.text import allowed, language, line

__all__ = ["close_terms", "flatten", "hand_down", "is_written", "language_of", "spell_formulas", "tongue_of"]

_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_DIRECTIONS = ("ltr", "rtl", "auto")
_WITH_TONGUE = etree.XPath("descendant::*[@lang or @dir or @xml:lang]")
_WRITTEN = BLOCKS | INLINE | frozenset("li dt dd caption td th figcaption".split())
"""Elements that are written themselves, with their language and direction; of any other its parts are."""


def spell_formulas(root: Element) -> Iterator[tuple[Element, str]]:
    """Put what a formula says in its place, since no feed has MathML: as TeX where that is said (MathML 3, 5.2), else its letters."""
    for each in list(root.iter("{*}math", "math")):
        notations = (note for note in each.iter("{*}annotation", "annotation") if "tex" in (note.get("encoding") or "").lower())
        tex = line(next((note.text for note in notations if note.text), each.get("alttext")))
        for note in list(each.iter("{*}annotation", "annotation", "{*}annotation-xml", "annotation-xml")):
            note.text = None
            del note[:]
        said = tex or line("".join(map(str, each.itertext()))) or ""
        each.attrib.clear()
        del each[:]  # and not `clear`, which would take the text behind along
        each.tag, each.text = "code" if tex else "span", said
        if said:
            yield each, said


def close_terms(root: Element) -> None:
    """Put terms beside each other, and descriptions, that libxml2 (2.14) nests when they have no end tag (HTML, 13.1.2.4)."""
    for part in list(root.iter("{*}dt", "{*}dd")):
        if (around := part.getparent()) is not None and around is not root and local_name(around) in ("dt", "dd"):
            around.addnext(part)


def hand_down(root: Element) -> None:
    """Give language and direction of an element that is not written to what is inside it, where that says nothing else."""
    found = cast("list[Element]", _WITH_TONGUE(root))
    for element in found:  # grows: each element twice at most, since it is given each of the two once
        if not is_written(element):
            found += [child for child in element.iterchildren("*") if local_name(child) in BOUNDARIES and _take(child, tongue_of(element))]


def is_written(element: Element) -> bool:
    """Return whether an element is written itself, and not only what is inside."""
    return local_name(element) in _WRITTEN or notes.is_notes(element)


def _take(element: Element, tongue: Mapping[str, str]) -> bool:
    """Give an element the language and the direction that it does not have; return whether it was given any."""
    missing = {name: value for name, value in tongue.items() if not (language_of(element) if name == "lang" else element.get(name))}
    for name, value in missing.items():
        element.set(name, value)
    return bool(missing)


def tongue_of(element: Element) -> dict[str, str]:
    """Return the language and the direction of an element as attributes."""
    found = {"lang": language_of(element), "dir": (element.get("dir") or "").lower()}
    return {name: value for name, value in found.items() if value and (name == "lang" or value in _DIRECTIONS)}


def language_of(element: Element) -> str | None:
    """Return the language that an element says it is in."""
    return language(element.get(_XML_LANG) or element.get("lang") or element.get("xml:lang"))


def flatten(root: Element, deepest: int) -> int:
    """Make text of what is nested deeper, so that no input can exhaust the stack; return how deep it was nested, itself included."""
    deep, depth, most = [], 0, 0
    for event, element in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        most = max(depth, most)
        if event == "start" and depth == deepest:
            deep.append(element)
    for element in deep:
        text, tail = allowed(text_of(element)), allowed(element.tail or "")
        element.clear()
        element.text, element.tail = text, tail
    return most
