"""Cards of editors in HTML, known by their class, written anew as what they say: their buttons, players and icons are not text."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import cast

from lxml import etree

from publisher import markup
from publisher.markup import Element
from publisher.text import allowed, escape, line

__all__ = ["Change", "append", "classes", "first", "inside", "parsed", "replace", "said", "tree"]

Change = Callable[[Element], str | None]
"""Gives the markup for an element; `None` leaves it as it is."""

_INLINE = frozenset(("a", "span", "em", "strong", "sup"))
_WITH_CLASS = etree.XPath("descendant::*[@class]")
_OF_CLASS = etree.XPath("descendant::*[contains(concat(' ', normalize-space(@class), ' '), concat(' ', $name, ' '))][1]")


def tree(html: str, changes: Mapping[str, Change]) -> Element:
    """Return the body of an HTML fragment in which what has a class among `changes` is replaced, the outer before the inner."""
    root = parsed(html)
    end, declined = 0, dict[str, int]()
    for place, element in enumerate(_with_class(root)):
        wanted = next((each for each in classes(element) if each in changes and declined.get(each, 0) <= place), None)
        if place < end or wanted is None:
            continue
        after = place + 1 + len(_with_class(element))
        if (made := changes[wanted](element)) is None:
            declined[wanted] = after  # or what is nested in itself would be looked through again and again
        else:
            end = after  # what is inside comes next, and is in the tree no more
            replace(element, made)
    return root


def _with_class(element: Element) -> list[Element]:
    return cast("list[Element]", _WITH_CLASS(element))


def parsed(html: str) -> Element:
    """Return the body of an HTML fragment."""
    root = markup.parse_html(f"<html><body>{allowed(html)}</body></html>".encode())
    return next(root.iter("body"), root)


def replace(element: Element, made: str) -> None:
    """Put markup in the place of an element."""
    parent = element.getparent()
    if parent is None:
        return
    new = parsed(made) if made else etree.Element("body")
    new.tag, new.tail = ("span" if element.tag in _INLINE else "div"), element.tail
    parent.replace(element, new)


def append(root: Element, made: str) -> None:
    """Put markup at the end of what is inside an element."""
    place = etree.SubElement(root, "div")
    replace(place, made)


def classes(element: Element) -> list[str]:
    """Return the names of an element's classes."""
    return (element.get("class") or "").split()


def first(element: Element, name: str) -> Element | None:
    """Return the first element of a class inside another."""
    return next(iter(cast("list[Element]", _OF_CLASS(element, name=name))), None)


def said(element: Element | None) -> str:
    """Return the text in an element on one line."""
    return (line("".join(map(str, element.itertext()))) or "") if element is not None else ""


def inside(element: Element | None) -> str:
    """Return the HTML inside an element."""
    if element is None:
        return ""
    start = escape(element.text or "")
    return start + "".join(etree.tostring(each, encoding="unicode", method="html") for each in element)
