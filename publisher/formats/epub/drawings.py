"""Drawings (SVG 2, https://www.w3.org/TR/SVG2/, read 2026-11-26): what draws stays, what runs, moves, fetches or notes does not.

They stay drawings, since these are sharp at any size and every reading system of EPUB 3 shows them (3.2). What is taken out is told.
One that would show something else without it (HTML with words, a picture, a part of another file) is not used at all: the book
has a link to it. Nothing here is a list of what is dangerous: what is not known to be harmless goes, also in style sheets (`sheets`).
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from itertools import islice

from lxml import etree

from publisher.formats.epub import sheets, uses
from publisher.formats.epub.segments import Unfit
from publisher.markup import Element, parse_xml
from publisher.problems import Unreadable

__all__ = ["Drawing", "drawing"]

_MOST_BYTES = 5_000_000
_SVG = "{http://www.w3.org/2000/svg}"
_SHAPES = frozenset("path rect circle ellipse line polyline polygon use".split())
_DRAWN = _SHAPES | frozenset(
    "svg g defs symbol title desc text tspan textPath marker clipPath mask pattern linearGradient radialGradient stop filter feBlend "
    "feColorMatrix feComponentTransfer feComposite feConvolveMatrix feDiffuseLighting feDisplacementMap feDistantLight feDropShadow "
    "feFlood feFuncA feFuncB feFuncG feFuncR feGaussianBlur feImage feMerge feMergeNode feMorphology feOffset fePointLight "
    "feSpecularLighting feSpotLight feTile feTurbulence switch style".split()
)
_TOLD = {
    "script": "script",
    **dict.fromkeys("animate animateColor animateMotion animateTransform mpath set".split(), "animation"),
}
"""What is told when it is taken out. What only moves leaves the drawing as it is before it begins (SMIL 3.0)."""
_XLINK = "{http://www.w3.org/1999/xlink}href"
_LINKS = ("href", _XLINK)
_KEPT = ("{http://www.w3.org/XML/1998/namespace}lang", "{http://www.w3.org/XML/1998/namespace}space", _XLINK)
"""The attributes of other namespaces that say something about what is drawn; `xml:base` would lead `#a` out of the file."""
_NOTES = re.compile(r"data-.*|content|src")
"""Attributes for programs; in `content` diagrams.net has the whole diagram once more, compressed."""
_WORDS = re.compile(r"aria-.*|id|class|role|lang|title")
"""Attributes that are names or text, whatever is in them."""
_FEW = 50
"""Elements of what stands in for HTML that are looked at."""
_ELSEWHERE = "it shows what is in another file"
_GONE = "gone"
_LENGTH = re.compile(r"\s*(\d{1,5}(?:\.\d{1,4})?)(?:px)?\s*")
_PAPER = "background:#fff"


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """A drawing without what is not drawing."""

    data: bytes
    size: tuple[int, int] | None
    """Pixels, when it says so."""
    taken_out: tuple[tuple[str, int], ...] = ()
    """What ran, fetched or moved, and how often it did, in alphabetical order."""


def drawing(data: bytes) -> Drawing:
    """Return the drawing without what is not drawing; raise `Unfit` when it is of no use."""
    if len(data) > _MOST_BYTES:
        raise Unfit(f"it is a drawing of more than {_MOST_BYTES // 1_000_000} MB")
    root = _root(data)
    cleaner = _Cleaner()
    cleaner.clean(root)
    if not any(_draws(each) for each in root.iter()):
        raise Unfit("it has nothing that draws")
    uses.refuse_many(root)
    size = _sized(root)
    etree.cleanup_namespaces(root)
    clean = etree.tostring(root, encoding="utf-8", xml_declaration=True)
    if len(clean) > 2 * _MOST_BYTES:
        raise Unfit(f"it is a drawing of more than {_MOST_BYTES // 1_000_000} MB")  # by its entities
    return Drawing(data=clean, size=size, taken_out=tuple(sorted(cleaner.taken_out.items())))


def _root(data: bytes) -> Element:
    try:
        root = parse_xml(data, entities=True)  # Adobe Illustrator writes its namespaces as entities
    except Unreadable:
        raise Unfit("it is no picture, or damaged") from None
    if root.tag != f"{_SVG}svg":
        raise Unfit("it is no picture")
    etree.strip_elements(root, etree.Entity, with_tail=False)
    return root


class _Cleaner:
    """One pass over a drawing, from the outside to the inside; counts what it takes out."""

    def __init__(self) -> None:
        self.taken_out: Counter[str] = Counter()

    def clean(self, root: Element) -> None:
        waiting = [root]
        while waiting:
            element = waiting.pop()
            if not self.stays(element):
                element.tag = _GONE
                continue
            self.attributes(element)
            if element.tag == f"{_SVG}style":
                self.style(element)
            waiting += reversed(element)
        etree.strip_elements(root, _GONE, with_tail=False)

    def stays(self, element: Element) -> bool:
        """Return whether an element stays; of a link what is inside does, as a group."""
        space, _, name = str(element.tag).rpartition("}")
        if f"{space}}}" != _SVG:
            return False
        if name == "a":
            element.tag = f"{_SVG}{'tspan' if _is_text(element.getparent()) else 'g'}"
            self.taken_out["link"] += 1
            for each in _LINKS:
                element.attrib.pop(each, "")
            return True
        if name in ("foreignObject", "image"):
            _refuse_content(element, name)
        if name in _TOLD:
            self.taken_out[_TOLD[name]] += 1
        return name in _DRAWN

    def attributes(self, element: Element) -> None:
        for name, value in [(str(name), str(value)) for name, value in element.attrib.items()]:
            if name in _LINKS:
                if not value.strip().startswith("#"):
                    raise Unfit(_ELSEWHERE)
            elif name == "style":
                self.declarations(element, value)
            elif name.lower().startswith("on"):
                self.taken_out["event handler"] += 1
                del element.attrib[name]
            elif (name.startswith("{") and name not in _KEPT) or _NOTES.fullmatch(name):
                del element.attrib[name]
            elif not _WORDS.fullmatch(name) and not sheets.is_harmless(value):
                self.refuse_paint(name)
                del element.attrib[name]

    def declarations(self, element: Element, style: str) -> None:
        clean, left_out = sheets.declarations(style)
        for name in left_out:
            self.refuse_paint(name)
        element.set("style", clean) if clean else element.attrib.pop("style")

    def style(self, element: Element) -> None:
        """Write a style sheet anew; what its elements have inside is none of it, what is between them is."""
        clean, left_out = sheets.sheet("".join((element.text or "", *(child.tail or "" for child in element))))
        for name in left_out:
            self.refuse_paint(name)
        del element[:]
        element.text = clean

    def refuse_paint(self, name: str) -> None:
        """Refuse a drawing that has its paint from elsewhere; all else that could fetch something is only taken out."""
        if name.startswith(("fill", "stroke", "filter", "mask", "clip", "marker")):
            raise Unfit(_ELSEWHERE)
        self.taken_out["style rule"] += 1


def _is_text(element: Element | None) -> bool:
    return element is not None and element.tag in (f"{_SVG}text", f"{_SVG}tspan", f"{_SVG}textPath")


def _refuse_content(element: Element, name: str) -> None:
    """Refuse a drawing without which something would be missing: not an empty one, nor one that something else stands in for."""
    if name == "image" and any(element.get(each) for each in _LINKS):
        raise Unfit("it has a picture inside")
    if name == "foreignObject" and _says_something(element) and not _has_stand_in(element):
        raise Unfit("it has HTML inside")


def _says_something(element: Element) -> bool:
    return bool(_text(element).strip()) or any(str(each.tag).endswith(("}img", "}svg")) for each in element.iter())


def _has_stand_in(element: Element) -> bool:
    """Return whether what follows in a `switch` is drawn where there is no HTML: diagrams.net writes text there."""
    parent = element.getparent()
    return parent is not None and parent.tag == f"{_SVG}switch" and any(map(_draws, islice(parent[-1].iter(), _FEW)))


def _draws(element: Element) -> bool:
    """Return whether an element shows something by itself."""
    name = str(element.tag).removeprefix(_SVG)
    return name in _SHAPES or (name == "text" and bool(_text(element).strip()))


def _text(element: Element) -> str:
    return "".join(map(str, element.itertext()))


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
