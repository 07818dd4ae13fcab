"""The HTML of mammoth, and in it what went around mammoth: what each paragraph is, notes, figures, rubies, numbers of items."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from io import BytesIO
from itertools import count
from typing import Any

from lxml import etree

from publisher import markup
from publisher.archives import Archive
from publisher.cleaner import local_name
from publisher.formats.docx.preparing import MARK, Paragraph, Prepared
from publisher.markup import Element
from publisher.problems import Severity, Unreadable, problem

__all__ = ["Block", "blocks"]

Block = tuple[str, Element]
"""What a paragraph is (see `preparing.Paragraph.role`), and its element."""
_PREFIX = "word-"
_NOTE = re.compile(rf"{_PREFIX}(?:foot|end)note-(?!ref)")
_REFERENCE = re.compile(rf"{_PREFIX}(?:foot|end)note-ref-")
_WORDS_OF_PROGRAMS = re.compile(
    r"(?:(?<!\s)\s++)?(?:Description automatically generated(?: with [a-z]+ confidence)?|AI-generated content may be incorrect\.?)\s*$"
)
"""What Word puts after alternative texts that it made itself."""


def blocks(prepared: Prepared, archive: Archive, keep: Callable[[bytes], str | None]) -> tuple[list[Block], list[str]]:
    """Return the parts of the text, and the paths of the pictures that no browser shows.

    `keep` gives the address of a picture. Raise `Unreadable` when mammoth does not understand the document.
    """
    unknown: list[str] = []

    def picture(image: Any) -> dict[str, str]:
        with image.open() as opened:
            path = opened.read().decode()
        address = keep(archive.read(path))
        if not address:
            unknown.append(path)
        return {"src": address} if address else {}

    root = markup.parse_html(b"<html><body>" + _html(prepared, picture).encode() + b"</body></html>")
    body = next(root.iter("body"), root)
    for each in list(root.iter("img")):
        _picture(each)
    roles = _marked(root, prepared.paragraphs)
    _rubies(root)
    _notes(root)
    return list(_figures([(_role(roles.get(each, ""), each), each) for each in body])), unknown


def _role(role: str, block: Element) -> str:
    """Return what a paragraph is; one with a style for captions and only a picture in it is no caption, as pandoc writes them."""
    return "" if role == "caption" and _is_picture(block) else role


def _html(prepared: Prepared, picture: Callable[[Any], dict[str, str]]) -> str:
    from mammoth import convert_to_html, images

    try:
        result = convert_to_html(
            BytesIO(prepared.archive),
            style_map=prepared.style_map,
            include_default_style_map=False,
            include_embedded_style_map=False,
            external_file_access=False,
            convert_image=images.img_element(picture),
            id_prefix=_PREFIX,
        )
    except Unreadable:
        raise
    except Exception as error:  # 1.13 raises whatever it stumbles over, RecursionError among it
        message = f"mammoth does not understand this document ({type(error).__name__})"
        raise Unreadable(problem("docx-malformed", Severity.ERROR, message, hint="open it in Word and save it anew")) from None
    return str(result.value)


def _picture(image: Element) -> None:
    if not image.get("src"):
        markup.take_out(image)
    elif image.get("alt") == "\ue000":
        image.set("alt", "")
        image.set("role", "presentation")
    elif said := image.get("alt"):
        image.set("alt", _WORDS_OF_PROGRAMS.sub("", said))


# -- paragraphs -----------------------------------------------------------------------------------------------------------


def _marked(root: Element, paragraphs: tuple[Paragraph, ...]) -> dict[Element, str]:
    """Make of each paragraph what its bookmark says, and take the bookmark out; return what is more than its element."""
    roles: dict[Element, str] = {}
    for mark in list(root.iter("a")):
        name = (mark.get("id") or "").removeprefix(_PREFIX)
        if not name.startswith(MARK) or (block := mark.getparent()) is None:
            continue
        said = paragraphs[int(name.removeprefix(MARK))]
        _unwrap(mark)
        _apply(said, block)
        if said.role:
            roles[block] = said.role
    return roles


def _unwrap(element: Element) -> None:
    around = element.getparent()
    if around is not None:
        element.tag = "publisher-mark"
        etree.strip_tags(around, "publisher-mark")


def _apply(said: Paragraph, block: Element) -> None:
    if said.direction:
        block.set("dir", said.direction)
    if re.fullmatch("h[1-9]", said.role):
        block.tag = f"h{min(int(said.role[1:]), 6)}"
    if said.number is not None and block.tag == "li" and (listed := block.getparent()) is not None and listed.tag == "ol":
        first = listed[0] is block
        if first and said.number != 1:
            listed.set("start", str(said.number))
        elif not first and said.number != _expected(block):
            block.set("value", str(said.number))
        if first and said.type:
            listed.set("type", said.type)
        block.set("data-number", str(said.number))


def _expected(item: Element) -> int:
    before = item.getprevious()
    return int((before.get("data-number") if before is not None else None) or 0) + 1


def _rubies(root: Element) -> None:
    for base in list(root.iter("span")):
        annotation = base.getnext()
        if base.get("class") == "base" and not base.tail and annotation is not None and annotation.get("class") == "rt":
            base.tag, annotation.tag = "ruby", "rt"
            base.append(annotation)
            base.tail, annotation.tail = annotation.tail, None


# -- notes ----------------------------------------------------------------------------------------------------------------


def _notes(root: Element) -> None:
    """Spell notes as bodies have them, with roles that tell a screen reader what they are (DPUB-ARIA 1.1)."""
    numbers = count(1)
    names: dict[str, int] = {}
    for each in root.iter("a"):
        if _REFERENCE.match(name := each.get("id") or ""):
            number = next(numbers)
            note = (each.get("href") or "")[1:]
            first = note not in names
            names.setdefault(note, len(names) + 1)
            each.attrib.update({"id": f"fnref-{number}", "href": f"#fn-{names[note]}", "role": "doc-noteref"})
            each.text = str(names[note])
            names[name] = number if first else names.get(name, number)
    for item in [each for each in root.iter("li") if _NOTE.match(each.get("id") or "")]:
        _note(item, names)
    for listed in root.iter("ol"):
        if len(listed) and all((each.get("id") or "").startswith("fn-") for each in listed):
            listed.set("class", "notes")


def _note(item: Element, names: dict[str, int]) -> None:
    name = item.get("id") or ""
    number = names.get(name)
    if number is None or any(each.get("id") == f"fn-{number}" for each in item.itersiblings(preceding=True)):
        markup.take_out(item)
        return
    item.set("id", f"fn-{number}")
    for each in item.iter("a"):
        if _REFERENCE.match((target := each.get("href") or "")[1:]):
            each.attrib.update({"href": f"#fnref-{names.get(target[1:], number)}", "role": "doc-backlink"})
            each.text = "↩"


# -- figures, quotations, code ----------------------------------------------------------------------------------------------


def _figures(parts: list[Block]) -> Iterator[Block]:
    """Yield the parts with pictures and their captions in figures, and neighbours of one kind together."""
    place = 0
    while place < len(parts):
        role, block = parts[place]
        following = parts[place + 1] if place + 1 < len(parts) else ("", None)
        if role == "caption" and following[1] is not None and _takes_caption(following[1]) and not _is_captioned(parts, place):
            yield "", _with_caption(following[1], block)
            place += 2
        elif following[0] == "caption" and following[1] is not None and _takes_caption(block) and not role:
            yield "", _with_caption(block, following[1])
            place += 2
        elif role in ("quote", "code"):
            end = next((n for n in range(place, len(parts)) if parts[n][0] != role), len(parts))
            yield "", _joined(role, [each for _, each in parts[place:end]])
            place = end
        else:
            yield role, _as_notes(block)
            place += 1


def _is_captioned(parts: list[Block], place: int) -> bool:
    """Return whether the next part has its caption below, so that the one above belongs to something else."""
    after = parts[place + 2] if place + 2 < len(parts) else ("", None)
    return after[0] == "caption" and local_name(parts[place + 1][1]) != "table"


def _takes_caption(block: Element) -> bool:
    """Return whether it is a table, or a paragraph with pictures and nothing else."""
    if block.tag == "table":
        return next(block.iter("caption"), None) is None
    return _is_picture(block)


def _is_picture(block: Element) -> bool:
    return block.tag == "p" and next(block.iter("img"), None) is not None and not "".join(map(str, block.itertext())).strip()


def _with_caption(block: Element, caption: Element) -> Element:
    caption.tail = None
    if block.tag == "table":
        caption.tag = "caption"
        block.insert(0, caption)
        return block
    caption.tag, block.tag = "figcaption", "figure"
    block.append(caption)
    return block


def _joined(role: str, parts: list[Element]) -> Element:
    if role == "quote":
        quotation = etree.Element("blockquote")
        quotation.extend(parts)
        return quotation
    whole = etree.Element("pre")
    code = etree.SubElement(whole, "code")
    for number, each in enumerate(parts):
        each.tag, each.tail = "span", "\n" if number < len(parts) - 1 else None
        for line_break in each.iter("br"):
            line_break.tail = f"\n{line_break.tail or ''}"
        etree.strip_elements(each, "br", with_tail=False)
        code.append(each)
    return whole


def _as_notes(block: Element) -> Element:
    if block.get("class") != "notes":
        return block
    del block.attrib["class"]
    notes = etree.Element("section", role="doc-endnotes")
    notes.append(block)
    return notes
