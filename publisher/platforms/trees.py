"""XML of platforms, which their own programs do not always write well: read as far as it can be."""

from __future__ import annotations

import re
from itertools import accumulate

from lxml import etree

from publisher import markup
from publisher.markup import Element
from publisher.problems import Problem, Severity, Unreadable, problem

__all__ = ["parse", "text_in"]

_DOCTYPE = re.compile(rb"<!DOCTYPE", re.IGNORECASE)
_ENCODING = re.compile(rb"<\?xml[^<>]*encoding\s*=\s*[\"']([\w.-]+)")
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_CONTROL_BYTES = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_REFERENCES = re.compile(rb"&#(?:x0*+([0-9A-Fa-f]{1,9})[0-9A-Fa-f]*+|0*+([0-9]{1,9})[0-9]*+);")
_REFUSED = frozenset(("xml-too-deep",))
_HUGE = 9_000_000  # from here on libxml2's own limits have to be lifted (see `markup.parse_xml`)
_DEEPEST = 256


def parse(body: bytes, kind: str) -> tuple[Element, Problem | None]:
    """Return the root of an XML document and what is wrong with it when it is not well-formed.

    Of what is damaged all that can be understood is taken. Raise `Unreadable` when that is nothing,
    or when a document that declares entities is damaged: nobody exports such.
    """
    try:
        return markup.parse_xml(body), None
    except Unreadable as error:
        found = error.problems[0]
        if found.code in _REFUSED or _DOCTYPE.search(body):
            raise
    root = _recovered(_plain(body))
    if root is None:
        raise Unreadable(found)
    message = f"{found.message}; what can be understood of the file was read"
    hint = "export it anew, and compare how many articles there are"
    return root, problem(f"{kind}-damaged", Severity.WARNING, message, hint=hint, line=found.location.line)


def _plain(body: bytes) -> bytes:
    """Return a document without the characters that XML forbids: where one stands, libxml2 would leave out the rest of the text."""
    body = _in_utf_8(body)
    body = _CONTROLS.sub("", body.decode(errors="replace")).encode() if _is_utf_8(body) else _CONTROL_BYTES.sub(b"", body)
    return _REFERENCES.sub(_known, body)  # now, since a null may have stood in one


def _in_utf_8(body: bytes) -> bytes:
    """Return a document that is UTF-16, with a mark at its beginning or without, as UTF-8; all else as it is."""
    encoding = next((name for begin, name in _WIDE.items() if body.startswith(begin)), None)
    if not encoding:
        return body
    return _DECLARATION.sub("", body.decode(encoding, "replace")).encode(errors="replace")


_WIDE = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be", b"<\0": "utf-16-le", b"\0<": "utf-16-be"}
_DECLARATION = re.compile(r"\A\ufeff?(?:<\?xml\b[^>]*>)?")


def _known(found: re.Match[bytes]) -> bytes:
    """Return a reference to a character, to U+FFFD in place of one that is none: libxml2 makes bytes of it that are no text (2.14)."""
    number = int(found[1], 16) if found[1] else int(found[2])
    return b"&#xFFFD;" if number > 0x10FFFF or 0xD800 <= number <= 0xDFFF else found[0]


def _is_utf_8(body: bytes) -> bool:
    declared = _ENCODING.search(body[:200])
    return not declared or declared[1].lower() in (b"utf-8", b"utf8")


def _recovered(body: bytes) -> Element | None:
    huge = len(body) > _HUGE and b"\0" not in body[:200]
    parser = etree.XMLParser(
        recover=True, huge_tree=huge, resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(body, parser)
    except (etree.XMLSyntaxError, ValueError):
        return None
    return None if root is not None and huge and _is_deep(root) else root


def _is_deep(root: Element) -> bool:
    steps = (1 if event == "start" else -1 for event, _ in etree.iterwalk(root, events=("start", "end")))
    return max(accumulate(steps)) > _DEEPEST


def text_in(element: Element | None) -> str:
    """Return the text in an element, whatever tags are in it; `""` when there is none."""
    if element is None:
        return ""
    return "".join(map(str, element.itertext())) if len(element) else element.text or ""
