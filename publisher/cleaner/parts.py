"""What is inside elements, in the order in which it is written."""

from __future__ import annotations

from collections.abc import Collection

from publisher.cleaner.elements import BOUNDARIES, FRAMES, LEFT_OUT, PLAYERS, Element, has_content, local_name

__all__ = ["SPACES", "inline_around_blocks", "inside", "is_ruby", "is_said", "parts_of"]

SPACES = " \t\n\r\f"


def inside(element: Element) -> list[Element | str]:
    """Return the text and the elements right inside an element, in their order."""
    parts: list[Element | str] = [element.text or ""]
    for child in element:
        parts += (child, child.tail or "")
    return parts


def inline_around_blocks(root: Element) -> set[Element]:
    """Return the inline elements and paragraphs that have a block somewhere inside."""
    around: set[Element] = set()
    for element in root.iter():
        if local_name(element) in BOUNDARIES:
            parent = element.getparent()
            while parent is not None and parent is not root and parent not in around:
                if (name := local_name(parent)) in BOUNDARIES and name != "p":
                    break
                around.add(parent)
                parent = parent.getparent()
    return around


def is_ruby(element: Element) -> bool:
    """Return whether each annotation has something before it to annotate (HTML, 4.5.10)."""
    base = bool((element.text or "").strip(SPACES))
    annotations = 0
    for child in element:
        if local_name(child) == "rt":
            if not base or not _has_words(child):
                return False
            annotations, base = annotations + 1, False
        elif local_name(child) != "rp":
            base = base or _has_words(child)
        base = base or bool((child.tail or "").strip(SPACES))
    return bool(annotations)


def _has_words(element: Element) -> bool:
    """Return whether there is text inside that stays."""
    if (name := local_name(element)) in LEFT_OUT or name in FRAMES or name in PLAYERS:
        return False
    return any(each.strip(SPACES) if isinstance(each, str) else _has_words(each) for each in inside(element))


def parts_of(element: Element, names: Collection[str], borders: Collection[str]) -> tuple[list[Element], list[Element | str]]:
    """Return what is called so inside `element`, and what else is there, in their order.

    Looks into what has such a part inside, but not into parts nor beyond `borders`.
    """
    parts: list[Element] = []
    loose: list[Element | str] = []
    around = _around(element, names, borders)

    def sort(node: Element) -> None:
        loose.append(node.text or "")
        for child in node:
            if local_name(child) in names:
                parts.append(child)
            elif child in around:
                loose.append(" ")
                sort(child)
            else:
                loose.append(child)
            loose.append((" " if child in around or child in parts[-1:] else "") + (child.tail or ""))

    sort(element)
    return parts, loose


def _around(element: Element, names: Collection[str], borders: Collection[str]) -> set[Element]:
    """Return the elements that have a part of `element` inside (see `_parts`)."""
    found: set[Element] = set()

    def look(node: Element) -> bool:
        inside = [local_name(child) in names or (local_name(child) not in borders and look(child)) for child in node]
        if any(inside):
            found.add(node)
        return any(inside)

    look(element)
    return found


def is_said(loose: list[Element | str]) -> bool:
    """Return whether there is text, or an element that may have some, among what stands between the parts."""
    return any(each.strip() if isinstance(each, str) else has_content(each) for each in loose)
