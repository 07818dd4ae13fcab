"""Pages made regular: text that stands loose among blocks becomes paragraphs, so that every word is in a block of its own."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from publisher.cleaner.elements import BOUNDARIES
from publisher.markup import Element
from publisher.text import allowed

__all__ = ["is_block", "leaves", "sanitize", "wrap"]

_WHOLE = frozenset(("pre", "table", "thead", "tbody", "tfoot", "tr", "ul", "ol", "dl", "html", "head"))
"""What has no loose text in it, or where line breaks are no paragraphs."""
_TRANSPARENT = frozenset("a b i em strong span font small big u s center ins del".split())
"""Elements for parts of a line that pages put around whole blocks."""
_Run = list[Element | str]


def is_block(element: Element) -> bool:
    """Return whether an element begins a new line."""
    return element.tag in BOUNDARIES or element.tag in ("pre", "hr")


def sanitize(root: Element) -> None:
    """Take out of the texts of a tree what no tree may be given: characters that XML forbids, which HTML has as references."""
    for each in root.iter():
        for name in ("text", "tail") if each.tag not in ("script", "style") else ("tail",):
            text = getattr(each, name)
            if text and text.strip(" \n\t\r") and (kept := allowed(text.replace("\f", " "))) != text:
                setattr(each, name, kept)


def wrap(root: Element) -> None:
    """Put each run of loose text beside blocks, and each that ends with an empty line, into a paragraph."""
    holders = _holders(root)
    for each in list(root.iter()):
        if isinstance(each.tag, str) and each.tag not in _WHOLE and _is_mixed(each, holders):
            _wrap(each, holders)


def leaves(root: Element) -> Iterator[Element]:
    """Yield the blocks with text that have no blocks in them, in their order."""
    holders = _holders(root)
    for each in root.iter():
        if is_block(each) and each not in holders and any(text.strip() for text in each.itertext()):
            yield each


def _holders(root: Element) -> set[Element]:
    """Return the elements that have blocks in them."""
    found: set[Element] = set()
    for each in root.iter():
        if is_block(each):
            above = each.getparent()
            while above is not None and above not in found:
                found.add(above)
                above = above.getparent()
    return found


def _is_mixed(element: Element, holders: set[Element]) -> bool:
    if element in holders:
        return is_block(element) or element.tag in _TRANSPARENT
    return is_block(element) and any(_ends_paragraph(each) for each in element.iterchildren("br"))


def _ends_paragraph(line_break: Element) -> bool:
    after = line_break.getnext()
    return not (line_break.tail or "").strip() and after is not None and after.tag == "br"


def _wrap(element: Element, holders: set[Element]) -> None:
    parts: list[Element] = []
    run: _Run = [element.text or ""]
    element.text = None
    for each in list(element):
        tail, each.tail = each.tail or "", None
        element.remove(each)
        if is_block(each) or each in holders:
            parts += [*_paragraphs(run), each]
            run = []
        else:
            run.append(each)
        run.append(tail)
    element.extend([*parts, *_paragraphs(run)])


def _paragraphs(run: _Run) -> Iterator[Element]:
    """Yield a paragraph for each part of a run between empty lines."""
    part: _Run = []
    breaks = 0
    for each in run:
        if not isinstance(each, str) and each.tag == "br":
            breaks += 1
            part.append(each)
        elif isinstance(each, str) and not each.strip():
            part.append(each)
        else:
            if breaks > 1:
                yield from _paragraph(part)
                part = []
            breaks = 0
            part.append(each)
    yield from _paragraph(part)


def _paragraph(part: _Run) -> Iterator[Element]:
    while part and (not part[-1].strip() if isinstance(part[-1], str) else part[-1].tag == "br"):
        part.pop()
    if not part:
        return
    made = etree.Element("p")
    last = None  # `len(made)` counts them (lxml 6.1)
    for each in part:
        if not isinstance(each, str):
            made.append(each)
            last = each
        elif last is not None:
            last.tail = (last.tail or "") + each
        else:
            made.text = (made.text or "") + each
    yield made
