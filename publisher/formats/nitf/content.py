"""The body of an article as `body.content` of NITF, and what of it comes back.

Headings after the first level, formatting beyond `em`, and code keep their names as classes, which NITF leaves to everybody.
Lost, since NITF has no place for them: where in a line a picture or recording stands (it follows the paragraph), a figure around
anything else, the pictures that stand for films, the titles of abbreviations, and where long words may break.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from lxml import etree

from publisher import markup, nitftext
from publisher.cleaner import local_name
from publisher.markup import Element

__all__ = ["NITF", "add", "carried"]

NITF = "{http://iptc.org/std/NITF/2006-10-18/}"
_NMTOKEN = re.compile(r"[\w.:-]+")
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_MEDIA = {"img": "image", "audio": "audio", "video": "video"}
_MIXED = frozenset("li dd td th".split())
"""What may have text and blocks side by side."""
_BLOCKS = frozenset("p h2 h3 h4 h5 h6 ul ol dl table blockquote pre hr div figure".split())
_SAME = frozenset("ul ol dl tr thead tbody tfoot".split())
_NAMES = {
    "blockquote": "bq",
    "h2": "hl2",
    "h3": "hl2",
    "h4": "hl2",
    "h5": "hl2",
    "h6": "hl2",
    "time": "chron",
    "figcaption": "media-caption",
}
_KEPT = {
    "a": {"href": "href", "title": "title", "role": "class"},
    "blockquote": {"cite": "quote-source"},
    "q": {"cite": "quote-source"},
    "time": {"datetime": "norm"},
    "ol": {"start": "seqnum"},
    "td": {"colspan": "colspan", "rowspan": "rowspan"},
    "th": {"colspan": "colspan", "rowspan": "rowspan"},
}
"""Attributes of HTML that NITF has, by the names that it has for them."""


def carried(body: str) -> str:
    """Return the part of a body that NITF can hold."""
    if not body:
        return ""
    root = etree.Element(f"{NITF}body.content")
    _parts(root, markup.parse_xml(f"<body>{body}</body>".encode()))
    return markup.fragment(nitftext.contents(root))


def add(parent: Element, body: str) -> None:
    """Add a body as the contents of a document."""
    content = etree.SubElement(parent, f"{NITF}body.content")
    if body:
        _parts(content, markup.parse_xml(f"<body>{carried(body)}</body>".encode()))


def _parts(out: Element, element: Element) -> None:
    """Add the blocks inside an element."""
    for child in element.iterchildren("*"):
        _block(out, child)


def _block(out: Element, element: Element) -> None:
    name = local_name(element)
    if write := _WRITERS.get(name):
        write(out, element)
    elif name in _MIXED:
        _mixed(_made(out, element), element)
    elif name in _SAME:
        _parts(_made(out, element), element)
    else:
        _text(_made(out, element, "" if name in _NAMES or name == "dt" else "p"), element, out)


def _made(out: Element, element: Element, name: str = "") -> Element:
    """Add an element for one of HTML, with those of its attributes that NITF has."""
    tag = local_name(element)
    made = etree.SubElement(out, f"{NITF}{name or _NAMES.get(tag, tag)}")
    for old, new in {"id": "id", "lang": _LANG, **_KEPT.get(tag, {})}.items():
        if (value := element.get(old)) is not None:
            made.set(new, value)
    if tag in nitftext.CLASSES:
        made.set("class", tag)
    if direction := element.get("dir"):
        made.set("class", f"{made.get('class') or ''} {nitftext.DIRECTION}{direction}".strip())
    return made


def _text(made: Element, element: Element, out: Element) -> None:
    """Add text to what has nothing but text in it; its media follow it, and it goes when there is nothing else."""
    media = list(_inline(made, element))
    _settle(made, out)
    _alone(out, media)


def _settle(made: Element, out: Element) -> None:
    """Take an element back that has got nothing inside."""
    if not len(made) and not (made.text or "").strip():
        out.remove(made)


def _mixed(made: Element, element: Element) -> None:
    """Add text and blocks side by side, as an item of a list has them."""
    _say(made, element.text)
    for child in element.iterchildren("*"):
        if local_name(child) in _BLOCKS:
            _block(made, child)
        else:
            _alone(made, _one(made, child))
        _say(made, child.tail)


def _alone(out: Element, media: Iterable[Element]) -> None:
    """Add each medium as one without a caption."""
    for each in list(media):
        _medium(out, [each], None)


def _inline(made: Element, element: Element) -> Iterator[Element]:
    """Add what is inside an element as text; yield the media in it, which have no place there."""
    _say(made, element.text)
    for child in element.iterchildren("*"):
        yield from _one(made, child)
        _say(made, child.tail)


def _one(out: Element, element: Element) -> Iterator[Element]:
    name = local_name(element)
    if name in _MEDIA:
        yield element
    elif name == "br":
        etree.SubElement(out, f"{NITF}br")
    elif name == "time" and len(element):
        yield from _inline(out, element)  # chron has nothing but text inside
    elif name != "wbr":
        made = _made(out, element, "em" if name in nitftext.INLINE else "")
        if name in nitftext.INLINE:
            made.set("class", f"{name} {made.get('class') or ''}".strip())
        yield from _inline(made, element)


def _say(made: Element, text: str | None) -> None:
    """Add text at the end of an element."""
    if text and len(made):
        made[-1].tail = f"{made[-1].tail or ''}{text}"
    elif text:
        made.text = f"{made.text or ''}{text}"


def _quote(out: Element, element: Element) -> None:
    _parts(etree.SubElement(_made(out, element), f"{NITF}block"), element)


def _notes(out: Element, element: Element) -> None:
    """Add end notes; any other `div` is just what is inside."""
    if element.get("role") != "doc-endnotes":
        _parts(out, element)
        return
    note = etree.SubElement(out, f"{NITF}note", {"noteclass": "end"})
    _parts(etree.SubElement(note, f"{NITF}body.content"), element)


def _preformatted(out: Element, element: Element) -> None:
    made = _made(out, element)
    code = next(element.iter("{*}code"), None)
    if code is not None and code.getparent() is element and not (element.text or "") and not (code.tail or ""):
        made.set("class", " ".join(filter(_NMTOKEN.fullmatch, ("code", code.get("class") or "", made.get("class") or ""))))
    made.text = "".join(map(str, element.itertext()))


def _rule(out: Element, element: Element) -> None:
    etree.SubElement(out, f"{NITF}hr")


def _table(out: Element, element: Element) -> None:
    """Add a table; its rows are in a `tbody`, of which NITF has one."""
    made = _made(out, element)
    for name in ("caption", "thead", "tfoot"):
        for part in element.iterchildren(f"{{*}}{name}"):
            _caption(made, part) if name == "caption" else _parts(_made(made, part), part)
    rows = [row for part in element.iterchildren("{*}tbody") for row in part.iterchildren("*")]
    body = etree.SubElement(made, f"{NITF}tbody") if rows else None
    for row in rows if body is not None else ():
        _block(body if body is not None else made, row)


def _caption(table: Element, element: Element) -> None:
    made = _made(table, element)
    _alone(made, _inline(made, element))


def _figure(out: Element, element: Element) -> None:
    """Add pictures with their caption; of a figure of something else, that and the caption as a paragraph."""
    media = [each for each in element.iter("*") if local_name(each) in _MEDIA and not _in_caption(each)]
    caption = element.find("{*}figcaption")
    others = [each for each in element.iterchildren("*") if local_name(each) not in (*_MEDIA, "figcaption", "a", "br", "picture")]
    if media and not others and not _said(element):
        _medium(out, media, caption)
        return
    _loose(out, element)


def _said(figure: Element) -> bool:
    """Return whether a figure has text beside its caption."""
    inside = (figure.text, *(each.tail for each in figure.iterchildren("*")))
    links = ("".join(map(str, each.itertext())) for each in figure.iterchildren("{*}a"))
    return any((each or "").strip() for each in (*inside, *links))


def _loose(out: Element, element: Element) -> None:
    """Add the parts of a figure as blocks, its loose text and its caption as paragraphs."""
    paragraph, media = etree.SubElement(out, f"{NITF}p"), list[Element]()
    _say(paragraph, element.text)
    for child in element.iterchildren("*"):
        name = local_name(child)
        if name in _BLOCKS or name == "figcaption":
            _settle(paragraph, out)
            _alone(out, media)
            _block(out, child) if name in _BLOCKS else _loose(out, child)
            paragraph, media = etree.SubElement(out, f"{NITF}p"), []
        else:
            media += [child] if name in _MEDIA else _one(paragraph, child)
        _say(paragraph, child.tail)
    _settle(paragraph, out)
    _alone(out, media)


def _in_caption(element: Element) -> bool:
    return any(local_name(each) == "figcaption" for each in element.iterancestors())


def _medium(out: Element, media: list[Element], caption: Element | None) -> None:
    """Add pictures or recordings with one caption."""
    made = etree.SubElement(out, f"{NITF}media", {"class": nitftext.INSIDE, "media-type": _MEDIA[local_name(media[0])]})
    for each in media:
        reference = etree.SubElement(made, f"{NITF}media-reference")
        for old, new in (("src", "source"), ("alt", "alternate-text"), ("width", "width"), ("height", "height")):
            if (value := each.get(old)) is not None:
                reference.set(new, value)
    if caption is not None:
        _mixed(_made(made, caption), caption)


_WRITERS = {
    "blockquote": _quote,
    "div": _notes,
    "pre": _preformatted,
    "hr": _rule,
    "table": _table,
    "figure": _figure,
}
