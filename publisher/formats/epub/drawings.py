"""Drawings (SVG 2, https://www.w3.org/TR/SVG2/, read 2026-11-25): what draws stays, what runs, moves, fetches or notes does not.

They stay drawings, since these are sharp at any size and every reading system of EPUB 3 shows them (3.2). One that could say
something else without what is taken out of it (a script, HTML inside, a picture) is not used at all.
"""

from __future__ import annotations

import re

from lxml import etree

from publisher.formats.epub.segments import Unfit
from publisher.markup import Element, parse_xml
from publisher.problems import Unreadable

__all__ = ["drawing"]

_MOST_BYTES = 5_000_000
_SVG = "http://www.w3.org/2000/svg"
_DRAWN = frozenset(
    "svg g defs symbol use title desc path rect circle ellipse line polyline polygon text tspan textPath marker clipPath mask "
    "pattern linearGradient radialGradient stop filter feBlend feColorMatrix feComposite feFlood feGaussianBlur feMerge feMergeNode "
    "feOffset feDropShadow switch style".split()
)
_MOVING = frozenset("animate animateColor animateMotion animateTransform mpath set".split())
"""What only moves: without it the drawing is as it is before it begins (SMIL 3.0)."""
_XLINK = "{http://www.w3.org/1999/xlink}href"
_XML = "{http://www.w3.org/XML/1998/namespace}"
_REACHES_OUT = re.compile(r"@|expression|javascript|url\(\s*[\"']?(?!#)|\\", re.IGNORECASE)
_LENGTH = re.compile(r"\s*(\d{1,5}(?:\.\d{1,4})?)(?:px)?\s*")
_PAPER = "background:#fff"


def drawing(data: bytes) -> tuple[bytes, tuple[int, int] | None]:
    """Return the drawing without what is not drawing, and its size in pixels when it has one; raise `Unfit` when it is of no use."""
    if len(data) > _MOST_BYTES:
        raise Unfit(f"it is a drawing of more than {_MOST_BYTES // 1_000_000} MB")
    try:
        root = parse_xml(data)
    except Unreadable:
        raise Unfit("it is no picture, or damaged") from None
    if root.tag != f"{{{_SVG}}}svg":
        raise Unfit("it is no picture")
    _drop_foreign(root)
    for wrong in (each for each in root.iter() if not _harmless(each)):
        raise Unfit(f"the drawing has <{str(wrong.tag).rpartition('}')[2]}> that could run or fetch something")
    size = _sized(root)
    etree.cleanup_namespaces(root)
    return etree.tostring(root, encoding="utf-8", xml_declaration=True), size


def _drop_foreign(root: Element) -> None:
    """Remove what drawing programs note for themselves, elements and attributes of other namespaces, and what moves."""
    for element in list(root.iter(etree.Element)):
        _, _, name = str(element.tag).rpartition("}")
        foreign = not str(element.tag).startswith(f"{{{_SVG}}}") or name == "metadata" or name in _MOVING
        if foreign and (parent := element.getparent()) is not None:
            parent.remove(element)
        for attribute in map(str, list(element.attrib)):
            if attribute.startswith("{") and attribute != _XLINK and not attribute.startswith(_XML):
                del element.attrib[attribute]


def _harmless(element: Element) -> bool:
    if not isinstance(element.tag, str) or element.tag.rpartition("}")[2] not in _DRAWN:
        return False
    if element.tag.endswith("}style") and _REACHES_OUT.search(element.text or ""):
        return False
    return all(_harmless_attribute(str(name), str(value)) for name, value in element.attrib.items())


def _harmless_attribute(name: str, value: str) -> bool:
    if name in ("href", _XLINK):
        return value.startswith("#")
    return not name.lower().startswith("on") and not _REACHES_OUT.search(value) and not name.startswith(f"{_XML}base")


def _sized(root: Element) -> tuple[int, int] | None:
    """Put the drawing on white paper, so that black lines can be seen at night, and let it grow and shrink; return its size."""
    style = root.get("style", "")
    if "background" not in style:
        root.set("style", f"{style.rstrip('; ')};{_PAPER}".lstrip(";"))
    lengths = [_LENGTH.fullmatch(root.get(side, "")) for side in ("width", "height")]
    width, height = (float(each[1]) if each else 0.0 for each in lengths)
    if "viewBox" in root.attrib:
        parts = re.split(r"[\s,]+", root.get("viewBox", "").strip())
        plain = [_LENGTH.fullmatch(each) for each in parts[2:]]
        box = [float(each[1]) for each in plain if each]
        width, height = (width, height) if width and height else (box[0], box[1]) if len(box) == 2 else (0.0, 0.0)
    elif width and height:
        root.set("viewBox", f"0 0 {width:g} {height:g}")
    return (max(1, round(width)), max(1, round(height))) if width and height else None
