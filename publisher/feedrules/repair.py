"""What can be put right without asking: edits of single bytes, so that the rest of a file stays as it is.

A repair is made only when there is one right way to write what is there; a date without a zone, say,
or with another day's weekday, is left alone.
Of edits that overlap the first is made, so that what is left is found, and repaired, when the result is checked again.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from functools import lru_cache
from html.entities import html5
from xml.parsers import expat

from publisher import feeds, schema
from publisher.article import Date
from publisher.feedrules import values
from publisher.problems import Problem, Unreadable

__all__ = [
    "Edit",
    "Part",
    "XmlRepair",
    "applied",
    "attribute_renamed",
    "attribute_set",
    "date_of",
    "moment",
    "moved_before",
    "renamed",
    "stripped",
    "written",
    "xml",
]

_START = re.compile(rb"""<([^\s/>]+)((?:\s+[^\s=>]+\s*=\s*(?:"[^"]*"|'[^']*'))*)(\s*/?>)""")
_CDATA = re.compile(rb"<!\[CDATA\[(.*?)\]\]>", re.DOTALL)
_NOT_TEXT = re.compile(rb"(<!\[CDATA\[.*?(?:\]\]>|\Z)|<!--.*?(?:-->|\Z))", re.DOTALL)
_NAMED = re.compile(rb"&([A-Za-z][A-Za-z0-9]*);")
_BARE = re.compile(rb"&(?!#\d+;|#x[0-9A-Fa-f]+;|[A-Za-z_][\w.-]*;)")
_ASCII_LIKE = re.compile(rb"""\s*<(?!\0|\?xml[^>]*encoding\s*=\s*["']utf-16)""", re.IGNORECASE)
_XML_OWN = frozenset(("amp", "lt", "gt", "quot", "apos"))
_LONG_NAMES = re.compile(
    r"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?,?\s+)?(\d{1,2})\s+([a-z]+)\.?,?\s+(\d{4})\s+"
    r"(\d\d:\d\d(?::\d\d)?)\s*([+-]\d\d):?(\d\d)",
    re.IGNORECASE,
)
_ISO = re.compile(r"(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d)(:\d\d)?(\.\d+)?\s*([Zz]|[+-]\d\d:?\d\d)")


@dataclass(frozen=True, slots=True)
class Edit:
    """New bytes for those from `start` to `end`."""

    start: int
    end: int
    text: bytes


@dataclass(slots=True)
class Part:
    """An element as it is spelled: where it starts, where its content starts and ends, where it ends."""

    body: bytes
    start: int
    inner: int
    name: bytes
    parent: Part | None
    outer: int = 0
    end: int = 0

    @property
    def content(self) -> bytes:
        """What is between the tags."""
        return self.body[self.inner : self.outer]


XmlRepair = Callable[[Part, Mapping[int, list[Part]]], Edit | None]
"""Gives the edit that repairs an element, if any; the second argument has the children of each element by its start."""


def xml(body: bytes, problems: Iterable[Problem], repairs: Mapping[str, XmlRepair]) -> bytes:
    """Return a feed in which every problem is repaired that has a repair; `body` itself when there is none."""
    problems = list(problems)
    if any(each.code == "xml-malformed" for each in problems):
        return _well_formed(body)
    wanted = [(each.location.line, each.location.column, repairs[each.code]) for each in problems if each.code in repairs]
    parts = dict(_parts(body)) if wanted and _ASCII_LIKE.match(body.removeprefix(b"\xef\xbb\xbf")) else {}
    children: dict[int, list[Part]] = {}
    for each in parts.values():
        if each.parent:
            children.setdefault(each.parent.start, []).append(each)
    found = (repair(parts[line, column], children) for line, column, repair in wanted if (line, column) in parts)
    return _if_read(applied(body, filter(None, found)), body)


def applied(body: bytes, edits: Iterable[Edit]) -> bytes:
    """Return the bytes after all edits that do not overlap one before them."""
    chunks, position = [], 0
    for each in sorted(edits, key=lambda edit: (edit.start, edit.end)):
        if each.start >= position:
            chunks += [body[position : each.start], each.text]
            position = each.end
    return b"".join((*chunks, body[position:]))


def _if_read(changed: bytes, body: bytes) -> bytes:
    """Return what was changed when it is still XML."""
    try:
        feeds.parse(changed)
    except Unreadable:
        return body
    return changed


def _well_formed(body: bytes) -> bytes:
    """Return a feed without white space in front, with names of characters as numbers, and with every bare & escaped, if that helps."""
    if not _ASCII_LIKE.match(body.removeprefix(b"\xef\xbb\xbf")):
        return body
    start = body.lstrip() if body.lstrip().startswith(b"<?xml") else body
    chunks = _NOT_TEXT.split(start)
    chunks[::2] = [_BARE.sub(b"&amp;", _NAMED.sub(_number, each)) for each in chunks[::2]]
    return _if_read(b"".join(chunks), body)


def _number(found: re.Match[bytes]) -> bytes:
    name = found[1].decode()
    known = None if name in _XML_OWN else html5.get(f"{name};")
    return "".join(f"&#{ord(each)};" for each in known).encode() if known else found[0]


def _parts(body: bytes) -> Iterator[tuple[tuple[int, int], Part]]:
    """Yield every element by line and column of its start, as `places` has them."""
    parser = expat.ParserCreate()
    parts: list[tuple[tuple[int, int], Part]] = []
    open_: list[Part] = []

    def begin(*_: object) -> None:
        start = parser.CurrentByteIndex
        found = _START.match(body, start)
        part = Part(body, start, found.end() if found else start, found[1] if found else b"", open_[-1] if open_ else None)
        parts.append(((parser.CurrentLineNumber, parser.CurrentColumnNumber + 1), part))
        open_.append(part)

    def finish(*_: object) -> None:
        part = open_.pop()
        empty = body[part.inner - 2 : part.inner] == b"/>"
        part.outer = part.inner if empty else parser.CurrentByteIndex
        part.end = part.inner if empty else body.find(b">", part.outer) + 1

    def refuse(*_: object) -> None:
        raise ValueError("an entity is declared")

    parser.StartElementHandler, parser.EndElementHandler, parser.EntityDeclHandler = begin, finish, refuse
    try:
        parser.Parse(body, True)
    except (expat.ExpatError, ValueError, LookupError):
        return
    yield from (each for each in parts if each[1].name)


# -- repairs --------------------------------------------------------------------------------------------------------------


def written(change: Callable[[str], str | None]) -> XmlRepair:
    """Return the repair that writes a text anew, when `change` knows how; CDATA sections stay what they are."""

    def repair(part: Part, _: Mapping[int, list[Part]]) -> Edit | None:
        raw = part.content
        section = _CDATA.fullmatch(raw.strip())
        text = section[1] if section else raw
        if b"<" in text or b"&" in text:
            return None
        try:
            new = change(text.decode())
        except UnicodeDecodeError:
            return None
        if new is None:
            return None
        spelled = b"<![CDATA[" + new.encode() + b"]]>" if section else new.encode()
        return Edit(part.inner, part.outer, spelled)

    return repair


def attribute_set(name: str, change: Callable[[str | None], str | None]) -> XmlRepair:
    """Return the repair that gives an attribute another value, or adds it."""
    pattern = re.compile(rb"(\s" + name.encode() + rb"\s*=\s*)(\"[^\"]*\"|'[^']*')")

    def repair(part: Part, _: Mapping[int, list[Part]]) -> Edit | None:
        tag = part.body[part.start : part.inner]
        found = pattern.search(tag)
        old = found[2][1:-1].decode(errors="replace") if found else None
        if old and "&" in old:
            return None
        new = change(old)
        if new is None or '"' in new:
            return None
        if found:
            start = part.start + found.start(2)
            return Edit(start, start + len(found[2]), f'"{new}"'.encode())
        place = part.start + 1 + len(part.name)
        return Edit(place, place, f' {name}="{new}"'.encode())

    return repair


def attribute_renamed(name: str, otherwise: XmlRepair | None = None) -> XmlRepair:
    """Return the repair that writes the name of an attribute with its capitals; `otherwise` is for an element without such a one."""
    pattern = re.compile(rb"\s(" + name.encode() + rb")\s*=\s*[\"'](?:true|false)[\"']", re.IGNORECASE)

    def repair(part: Part, children: Mapping[int, list[Part]]) -> Edit | None:
        tag = part.body[part.start : part.inner]
        found = pattern.search(tag)
        if not found or name.encode() in tag:
            return otherwise(part, children) if otherwise else None
        return Edit(part.start + found.start(1), part.start + found.end(1), name.encode())

    return repair


def stripped(name: str = "") -> XmlRepair:
    """Return the repair that takes white space around a text, or the value of an attribute, away."""

    def change(text: str | None) -> str | None:
        return text.strip() if text and text != text.strip() else None

    return attribute_set(name, change) if name else written(change)


def renamed(names: Mapping[str, str]) -> XmlRepair:
    """Return the repair that writes the name of an element as it should be: `names` has it by its small letters."""

    def repair(part: Part, children: Mapping[int, list[Part]]) -> Edit | None:
        new = names.get(part.name.decode(errors="replace").lower(), "").encode()
        siblings = children.get(part.parent.start, []) if part.parent else []
        if not new or any(each.name == new for each in siblings):
            return None
        rest = part.body[part.start + 1 + len(part.name) : part.outer]
        end = b"</" + new + part.body[part.outer + 2 + len(part.name) : part.end] if part.end > part.outer else b""
        return Edit(part.start, part.end, b"<" + new + rest + end)

    return repair


def moved_before(name: str) -> XmlRepair:
    """Return the repair that lets an element change places with the one called `name` after it."""

    def repair(part: Part, children: Mapping[int, list[Part]]) -> Edit | None:
        siblings = children.get(part.parent.start, []) if part.parent else []
        later = next((each for each in siblings if each.name == name.encode() and each.start >= part.end), None)
        if later is None:
            return None
        body = part.body
        swapped = body[later.start : later.end] + body[part.end : later.start] + body[part.start : part.end]
        return Edit(part.start, later.end, swapped)

    return repair


# -- dates ----------------------------------------------------------------------------------------------------------------


def moment(text: str) -> datetime | None:
    """Return the moment that a date says for sure, in RFC 822, ISO 8601, or English words; `None` without a zone."""
    text = " ".join(text.split())
    found = values.rfc_822(text)
    if found.moment and not re.search(r"\s[A-IK-Ya-ik-y]$", text):  # RFC 822 had the signs of military zones wrong
        return found.moment
    if iso := _ISO.fullmatch(text):
        day, minute, second, _, zone = iso.groups()
        spelled = f"{day}T{minute}{second or ':00'}{zone.upper().replace('Z', '+00:00')}"
        return _parsed(spelled)
    if long := _LONG_NAMES.fullmatch(text):
        day, month, year, clock, hours, minutes = long.groups()
        return values.rfc_822(f"{day} {month[:3]} {year} {clock} {hours}{minutes}").moment if _is_month(month) else None
    return None


def date_of(text: str | None) -> Date | None:
    """Return the date that a text says in ISO 8601 or in any way that `moment` knows, which is what can be repaired."""
    return _known_date(text) if text and len(text) <= _LONGEST_DATE else _date(text or "")


def _date(text: str) -> Date | None:
    if found := schema.parse_date(text):
        return found
    spoken = moment(text)
    return schema.parse_date(spoken.isoformat()) if spoken else None


_LONGEST_DATE = 100
_known_date = lru_cache(maxsize=4096)(_date)
"""What is written is read back at once, and most dates are in a feed more than once."""

_TWO_DIGITS = re.compile(r"\b\d{1,2}\s+[A-Za-z]+\.?,?\s+\d\d\s")


def _sure(text: str) -> datetime | None:
    """Return the moment of a date, `None` also when its day of the week is another's, or nobody can tell its century."""
    found = moment(text)
    weekday = text.strip()[:3].title()
    if not found or _TWO_DIGITS.search(text):
        return None
    return None if weekday in values.WEEKDAYS and weekday != values.WEEKDAYS[found.weekday()] else found


def _parsed(spelled: str) -> datetime | None:
    try:
        return datetime.fromisoformat(spelled)
    except ValueError:
        return None


def _is_month(name: str) -> bool:
    months = "january february march april may june july august september october november december".split()
    return len(name) >= 3 and any(each.startswith(name.lower()) or name.lower() == each[:4] for each in months)


def rfc_822(text: str) -> str | None:
    """Return a date as RSS has it, `None` when it is not sure which one it is, or there already."""
    found = _sure(text)
    return format_datetime(found) if found and found.year >= 1000 and format_datetime(found) != text else None


def rfc_3339(text: str) -> str | None:
    """Return a date as Atom has it, `None` when it is not sure which one it is, or there already."""
    found = _sure(text)
    if not found:
        return None
    iso = _ISO.fullmatch(" ".join(text.split()))
    spelled = found.isoformat()
    if iso and iso[4]:  # what is smaller than a second stays
        spelled = f"{spelled[:19]}{iso[4]}{spelled[19:]}"
    return spelled if spelled != text else None
