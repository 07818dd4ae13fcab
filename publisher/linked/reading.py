"""JSON as people send it: read to the end where it can be, with every fault noted on the way (RFC 8259, read 2026-11-24).

Text without a fault costs one call of `json.loads`; only what that refuses is read again, character by character.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

from publisher.schema import Json

__all__ = ["Fault", "exactly", "read"]

_DEEPEST = 100
_MOST = 100
"""Faults noted in one text; whoever mends so many looks again."""
_SPACE = re.compile(r"[ \t\n\r]*")
_CDATA = re.compile(r"/\*\s*(?:<!\[CDATA\[|\]\]>)\s*\*/|(?://\s*)?(?:<!\[CDATA\[|\]\]>)")
_COMMENT = re.compile(r"//[^\n]*|/\*.*?\*/|<!--|-->|#[^\n]*", re.DOTALL)
_PLAIN = ('"', "", ",", ":", "{", "}", "[", "]")
_OTHER_SPACE = re.compile(r"[\x0b\x0c\x85\xa0\u1680\u2000-\u200b\u2028\u2029\u202f\u205f\u3000\ufeff]+")
_STRING = re.compile(r'"([^"\\]*(?:\\.[^"\\]*)*)"', re.DOTALL)
_CONTROL = re.compile(r"[\x00-\x1f]")
_ESCAPE = re.compile(r'\\(?:u(?![0-9A-Fa-f]{4})|[^"\\/bfnrtu])')
_ODD_STRING = re.compile(r"'((?:[^'\\]++|\\.|'(?!\s*[,:}\]]))*)'|[“”„«]([^“”„«»\n]*)[“”»]|`([^`]*)`", re.DOTALL)
_GOES_ON = re.compile(r'[^\W\d_][^"\n]*"')
_NUMBER = re.compile(r"-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.])")
_ODD_NUMBER = re.compile(r"[+-]?[\d.][\w.]*")
_NAN = re.compile(r"[+-]?(?:NaN|Infinity)\b")
_WORD = re.compile(r"[A-Za-z_$@][\w$@-]*")
_LITERALS: dict[str, Json] = {"true": True, "false": False, "null": None}
_ODD_LITERALS: dict[str, Json] = {"True": True, "False": False, "None": None, "TRUE": True, "FALSE": False, "undefined": None, "NULL": None}
_ENTITY = re.compile(r"&(?:quot|#34|#x22);")


@dataclass(frozen=True, slots=True)
class Fault:
    """One place where a text is not JSON."""

    kind: str
    """What it is, as the rule about it calls it; such as `trailing comma`."""
    offset: int
    found: str = ""


def read(text: str) -> tuple[Json, tuple[Fault, ...], bool]:
    """Return what a JSON text says, its faults, and whether all of it could be read."""
    found = exactly(text)
    return (found[0], (), True) if found else _Reader(text).read()


def exactly(text: str) -> tuple[Json] | None:
    """Return what a JSON text says, `None` when there is a fault in it, or it is nested too deep."""
    fast = _Strict()
    try:
        value: Json = json.loads(text, object_pairs_hook=fast.members, parse_constant=fast.constant)
    except (ValueError, RecursionError):
        return None
    return (value,) if fast.clean and not _is_deep(value) else None


class _Strict:
    """What `json.loads` lets pass that JSON does not."""

    clean = True

    def members(self, pairs: list[tuple[str, Json]]) -> dict[str, Json]:
        found = dict(pairs)
        self.clean = self.clean and len(found) == len(pairs)
        return found

    def constant(self, name: str) -> None:
        self.clean = False


def _is_deep(value: Json) -> bool:
    level = [value]
    for _ in range(_DEEPEST):
        level = [
            inside
            for each in level
            for inside in (each.values() if isinstance(each, dict) else each if isinstance(each, list) else ())
            if isinstance(inside, dict | list)
        ]
        if not level:
            return False
    return True


class _Stop(Exception):
    """Nothing can be made of the rest."""


class _Reader:
    """Reads one text; `at` is how far it has come."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.faults: list[Fault] = []

    def read(self) -> tuple[Json, tuple[Fault, ...], bool]:
        value: Json = None
        try:
            value = self.whole()
            complete = True
        except _Stop:
            complete = False
        return value, tuple(self.faults), complete

    def whole(self) -> Json:
        if self.text.startswith("\ufeff"):
            self.note("byte order mark", 0)
            self.at = 1
        self.space()
        if self.at >= len(self.text):
            self.stop("empty", 0)
        if (found := _ENTITY.search(self.text)) and '"' not in self.text[: found.start()]:
            return self.unescaped(found.start())
        value = self.value(0)
        self.ending()
        return value

    def unescaped(self, offset: int) -> Json:
        self.note("entities", offset, self.text[offset : offset + 40])
        try:
            return json.loads(html.unescape(self.text[self.at :]))  # type: ignore[no-any-return]
        except (ValueError, RecursionError):
            raise _Stop from None

    def ending(self) -> None:
        self.space()
        rest = self.text[self.at :]
        if rest.startswith(";") and not rest.strip("; \t\r\n"):
            self.note("semicolon", self.at, ";")
        elif rest.lstrip(",; \t\r\n").startswith(("{", "[")):
            self.note("second value", self.at + len(rest) - len(rest.lstrip(",; \t\r\n")))
        elif rest:
            self.note("trailing text", self.at, rest)

    def note(self, kind: str, offset: int, found: str = "") -> None:
        if len(self.faults) < _MOST and (kind, offset) not in [(each.kind, each.offset) for each in self.faults[-2:]]:
            self.faults.append(Fault(kind, offset, found[:80]))

    def stop(self, kind: str, offset: int, found: str = "") -> None:
        self.note(kind, offset, found)
        raise _Stop

    def take(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        found = pattern.match(self.text, self.at)
        if found:
            self.at = found.end()
        return found

    def peek(self) -> str:
        """Return the next character that is no white space, `""` at the end."""
        self.space()
        return self.text[self.at : self.at + 1]

    def space(self) -> None:
        self.take(_SPACE)
        while self.text[self.at : self.at + 1] not in _PLAIN or self.text.startswith("]]>", self.at):
            before = self.at
            if self.take(_CDATA):
                self.note("cdata", before, self.text[before : self.at])
            elif found := self.take(_COMMENT):
                self.note("comment", before, found[0])
            elif self.take(_OTHER_SPACE):
                self.note("space", before, self.text[before])
            else:
                return
            self.take(_SPACE)

    def value(self, depth: int) -> Json:
        first = self.peek()
        if depth > _DEEPEST:
            self.stop("deep", self.at)
        if first == "{":
            return self.object(depth)
        if first == "[":
            return self.array(depth)
        if not first:
            self.stop("unclosed", len(self.text))
        if first in ",}]":
            self.note("value missing", self.at, first)
            return None
        return self.string() if first in "\"'“”„«`" else self.scalar()

    def object(self, depth: int) -> Json:
        start, found = self.at, dict[str, Json]()
        self.at += 1
        while self.peek() != "}":
            offset = self.at
            name = self.name()
            if name in found:
                self.note("duplicate name", offset, name)
            if self.peek() != ":":
                self.stop("colon missing" if self.at < len(self.text) else "unclosed", self.at, self.text[self.at : self.at + 40])
            self.at += 1
            found[name] = self.value(depth + 1)
            self.separator("}", start)
        self.at += 1
        return found

    def array(self, depth: int) -> Json:
        start, found = self.at, list[Json]()
        self.at += 1
        while self.peek() != "]":
            found.append(self.value(depth + 1))
            self.separator("]", start)
        self.at += 1
        return found

    def separator(self, end: str, start: int) -> None:
        """Take what is between two members, and stop where there is neither that nor the end."""
        first = self.peek()
        if first == ",":
            comma = self.at
            self.at += 1
            if self.peek() == end:
                self.note("trailing comma", comma, end)
        elif first == "":
            self.stop("unclosed", start, self.text[start : start + 40])
        elif first in "\"'“„" or (first in "{[" and end == "]"):
            self.note("comma missing", self.at, self.text[self.at : self.at + 40])
        elif first != end and self.text[: self.at].endswith('"') and _GOES_ON.match(self.text, self.at):
            self.stop("quote", self.at - 1, self.text[self.at - 1 : self.at + 39])
        elif first != end:
            self.stop("malformed", self.at, self.text[self.at : self.at + 40])

    def name(self) -> str:
        first = self.peek()
        if first and first in "\"'“”„«`":
            return self.string()
        if found := self.take(_WORD):
            self.note("unquoted", found.start(), found[0])
            return found[0]
        self.stop("malformed" if first else "unclosed", self.at, self.text[self.at : self.at + 40])
        return ""

    def string(self) -> str:
        start = self.at
        if found := self.take(_STRING):
            return self.unquoted(found[1], start + 1)
        if found := self.take(_ODD_STRING):
            self.note("quotes", start, found[0])
            return next(each for each in found.groups() if each is not None)
        self.stop("unclosed string", start, self.text[start : start + 40])
        return ""

    def unquoted(self, inside: str, offset: int) -> str:
        if found := _CONTROL.search(inside):
            self.note("control character", offset + found.start(), found[0])
        for found in _wrong_escapes(inside):
            self.note("escape", offset + found.start(), found[0])
            inside = _ESCAPE.sub(lambda each: each[0][1:], inside)
        try:
            return str(json.loads(f'"{inside}"', strict=False))
        except ValueError:
            return inside

    def scalar(self) -> Json:
        start = self.at
        if found := self.take(_NUMBER):
            return float(found[0]) if set(found[0]) & set(".eE") else _integer(found[0])
        if found := self.take(_NAN):
            self.note("not a number", start, found[0])
            return None
        if found := self.take(_ODD_NUMBER):
            self.note("number", start, found[0])
            return int(found[0]) if re.fullmatch(r"[+-]?[0-9]{1,300}", found[0]) else found[0]
        if found := self.take(_WORD):
            return self.word(found[0], start)
        self.stop("malformed", start, self.text[start : start + 40])
        return None

    def word(self, word: str, start: int) -> Json:
        if word in _LITERALS:
            return _LITERALS[word]
        self.note("literal" if word in _ODD_LITERALS else "unquoted", start, word)
        return _ODD_LITERALS.get(word, word)


def _wrong_escapes(inside: str) -> Iterator[re.Match[str]]:
    """Yield the first escape that JSON does not have; a backslash that is itself escaped begins none."""
    for found in re.finditer(r"\\.", inside, re.DOTALL):
        if wrong := _ESCAPE.match(inside, found.start()):
            yield wrong
            return


def _integer(digits: str) -> Json:
    return int(digits) if len(digits) < 400 else float("inf")
