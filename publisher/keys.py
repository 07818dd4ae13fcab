"""Keys and values that people write, each with its line: TOML, and YAML in which every value is text.

YAML 1.1 makes `lang: no` false, `time: 12:30` 750 and `version: 1.10` 1.1; here a value is what was written,
and whoever asks for it knows what it should be.
"""

from __future__ import annotations

import difflib
import json
import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Union

import yaml

from publisher.problems import Location, Problem, Severity, Unreadable, problem, shown
from publisher.schema import parsed, seconds
from publisher.text import url

__all__ = ["Keyed", "Node", "as_text", "closest", "duration", "flag", "json_text", "license_url", "toml", "yaml_text"]

Node = Union[str, list["Node"], dict[str, "Node"]]  # noqa: UP007 - `str | list["Node"]` is evaluated, and fails

_DEEPEST = 16
_LARGEST = 10_000  # values: beyond is an attack with aliases ("billion laughs"), not a header
_KEY = r"(?:\"(?:[^\"\\]++|\\.)*+\"|'[^']*'|[A-Za-z0-9_-]+)"
_TABLE = re.compile(rf"\s*(\[\[?)\s*({_KEY}(?:\s*\.\s*{_KEY})*)\s*\]")
_ASSIGNMENT = re.compile(rf"\s*({_KEY}(?:\s*\.\s*{_KEY})*)\s*=")
_PART = r"(?:[\w-]{1,200}|\"[^\"\n]{0,200}\"|'[^'\n]{0,200}')"
_JSON_KEY = re.compile(r'"((?:[^"\\]++|\\.)*+)"\s*+:')
_LONG_KEY = re.compile(rf"(?<![\w-]){_PART}(?:\s*\.\s*{_PART}){{100}}")
"""A dotted key takes tomllib time that grows with the square of its parts (3.11): 40 s for 128 kB."""
_PLACE = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")
_TWICE = re.compile(r"Cannot overwrite a value$|Cannot declare \(.*\) twice$|Duplicate inline table key '(?P<key>.*)'$")
_TRUE, _FALSE = frozenset(("true", "yes", "on", "y", "1")), frozenset(("false", "no", "off", "n", "0"))
_CREATIVE_COMMONS = re.compile(
    r"(?:cc|creative commons)[ -]*(by(?:[ -](?:nc|sa|nd)){0,2})[ -]*([1-4]\.\d)(?: international)?", re.IGNORECASE
)
_CLOCK = re.compile(r"(?:(\d{1,9}):)?(\d{1,9}):([0-5]\d)(?:\.\d+)?")
_HINTS = {
    "mapping values are not allowed": 'put a value with a colon in quotes: title: "Paris: a meeting"',
    "cannot start any token": "put a value that begins with a special character in quotes, and indent with spaces",
    "expected ':'": 'write "key: value" on each line',
    "undefined alias": "put a value that begins with * in quotes",
    "nested too deeply": "remove some brackets",
    "more than": "write fewer values and fewer aliases",
    "expected <block end>": "indent all keys alike, and put values with quotes inside in quotes",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Keyed:
    """Values by key, and the lines where the keys were written."""

    values: Mapping[str, Any] = field(default_factory=dict)
    lines: Mapping[tuple[str, ...], int] = field(default_factory=dict)
    repeated: tuple[tuple[str, int], ...] = ()
    """Keys that were written once more, with their lines; the first counts."""

    def line(self, *path: str) -> int:
        """Return the line of the key at `path`, or of what holds it; 0 when it was not written."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 0)


def closest(word: str, words: Iterable[str]) -> str:
    """Return the hint "did you mean" for a wrong word, `""` when nothing is close."""
    spelled = {each.casefold(): each for each in sorted(words)}
    found = difflib.get_close_matches(word[:60].casefold(), spelled, n=1, cutoff=0.65)
    return f"did you mean {spelled[found[0]]!r}?" if found else ""


def is_a_letter_away(word: str, other: str) -> bool:
    """Return whether one letter of a word is missing, too many or another, or two that stand together are turned; digits are no letters."""
    if word == other or abs(len(word) - len(other)) > 1:
        return False
    first = next((place for place, (one, two) in enumerate(zip(word, other, strict=False)) if one != two), min(len(word), len(other)))
    ways = ((1, 1), (1, 0), (0, 1), (2, 2))
    ends = [(word[first : first + one], other[first : first + two]) for one, two in ways if word[first + one :] == other[first + two :]]
    return any(not re.search(r"\d", f"{one}{two}") and (len(one) < 2 or one == two[::-1]) for one, two in ends)


# -- TOML ----------------------------------------------------------------------------------------------------------------


def toml(text: str, first_line: int = 1) -> Keyed:
    """Return what a TOML 1.0 document holds; raise `Unreadable` with line and column."""
    if found := _LONG_KEY.search(text):
        raise _malformed_toml("a key has more than 100 parts", text[: found.start()], first_line)
    try:
        values = parsed(tomllib.loads, text, "TOML")
    except tomllib.TOMLDecodeError as error:
        raise _malformed_toml(str(error), text, first_line) from None
    except ValueError:  # sys.set_int_max_str_digits
        raise _malformed_toml("a number has thousands of digits", text, first_line) from None
    return Keyed(values=values, lines=dict(_toml_lines(text, first_line)))


def _malformed_toml(message: str, text: str, first_line: int) -> Unreadable:
    place = _PLACE.search(message)
    line = int(place[1]) if place and place[1] else text.rstrip("\n").count("\n") + 1
    what = message[: place.start()] if place else message
    if twice := _twice(what, text, first_line, line):
        return Unreadable(twice)
    hint = "put text in quotes, and close every quote and bracket"
    found = problem("toml-malformed", Severity.ERROR, f"this is not TOML: {what[:1].lower()}{what[1:]}", hint=hint)
    column = int(place[2]) if place and place[2] else 0
    return Unreadable(replace(found, location=Location(line=line + first_line - 1, column=column)))


def _twice(what: str, text: str, first_line: int, line: int) -> Problem | None:
    """Return what is to be told when what is wrong at a line is that its key is there already, else `None`."""
    if not (found := _TWICE.match(what)):
        return None
    number = line + first_line - 1
    written = [(path, place) for path, place in _toml_lines(text, first_line) if place <= number]
    path, place = written[-1] if written and not found["key"] else ((found["key"],), number)
    return problem("toml-malformed", Severity.ERROR, f"{shown(path[-1])} is there twice", hint="keep one of them", line=place)


def _toml_lines(text: str, first_line: int) -> Iterator[tuple[tuple[str, ...], int]]:
    """Yield the path and line of each key; those inside an inline table are found at the table's.

    The tables of an array, `[[issues]]`, are at `issues` and, one by one, at `issues[0]`, `issues[1]`, ….
    """
    table: tuple[str, ...] = ()
    numbered: tuple[str, ...] = ()
    count: Counter[tuple[str, ...]] = Counter()
    inside = ""  # the quotes of a string that goes on
    for number, each in enumerate(text.split("\n"), start=first_line):
        if not inside and (found := _TABLE.match(each)):
            table = _parts(found[2])
            numbered = (*table[:-1], f"{table[-1]}[{count[table]}]") if found[1] == "[[" else ()
            count[table] += bool(numbered)
            yield from ((path, number) for path in (table, numbered) if path)
        elif not inside and (found := _ASSIGNMENT.match(each)):
            yield from (((*path, *_parts(found[1])), number) for path in (table, numbered) if path or path is table)
        for quotes in re.findall(r'"""|\'\'\'', each):
            inside = "" if inside == quotes else inside or quotes


def _parts(key: str) -> tuple[str, ...]:
    return tuple(part.strip("\"'") for part in re.findall(_KEY, key))


# -- YAML ----------------------------------------------------------------------------------------------------------------


def yaml_text(text: str, first_line: int = 1) -> Keyed | None:
    """Return what a YAML document holds, every value as text, or `None` when it is no mapping.

    Raise `Unreadable` with the line and a hint. Reads events, not nodes:
    libyaml's composer overflows the stack at 200,000 nested brackets (PyYAML 6.0.3).
    """
    tree = _Tree(text, first_line)
    try:
        values = tree.document()
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        raise _malformed_yaml(str(getattr(error, "problem", None) or error), (mark.line if mark else 0) + first_line) from None
    return Keyed(values=values, lines=tree.lines, repeated=tuple(tree.repeated)) if isinstance(values, dict) else None


def _malformed_yaml(what: str, line: int) -> Unreadable:
    hint = next((hint for phrase, hint in _HINTS.items() if phrase in what), "put values with special characters in quotes")
    return Unreadable(problem("yaml-malformed", Severity.ERROR, f"this is not YAML: {what}", hint=hint, line=line))


class _Tree:
    """Builds nodes from events, with the line of each key."""

    def __init__(self, text: str, first_line: int) -> None:
        loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)  # libyaml is missing from some builds
        self.events: Iterator[Any] = yaml.parse(text, Loader=loader)
        self.first_line = first_line
        self.lines: dict[tuple[str, ...], int] = {}
        self.repeated: list[tuple[str, int]] = []
        self.anchors: dict[str, Node] = {}
        self.size = 0

    def document(self) -> Node:
        """Return the first document's node."""
        for event in self.events:
            if isinstance(event, yaml.NodeEvent):
                return self.node(event, ())
        return ""

    def node(self, event: Any, path: tuple[str, ...]) -> Node:
        """Return the node that begins with `event`."""
        if len(path) > _DEEPEST:
            raise _malformed_yaml("nested too deeply", self.line(event))
        if isinstance(event, yaml.AliasEvent):
            return self.alias(event)
        node: Node = self.scalar(event) if isinstance(event, yaml.ScalarEvent) else self.collection(event, path)
        self.grow(1, event)
        if event.anchor:
            self.anchors[event.anchor] = node
        return node

    def scalar(self, event: Any) -> str:
        """Return the text as it was written; YAML's ways to say nothing are no text."""
        return "" if not event.style and event.value in ("~", "null", "Null", "NULL") else str(event.value)

    def collection(self, event: Any, path: tuple[str, ...]) -> Node:
        """Return a sequence or a mapping."""
        return self.sequence(path) if isinstance(event, yaml.SequenceStartEvent) else self.mapping(path)

    def sequence(self, path: tuple[str, ...]) -> Node:
        """Return the list up to its end."""
        nodes: list[Node] = []
        for event in self.events:
            if isinstance(event, yaml.SequenceEndEvent):
                break
            place = (*path, str(len(nodes)))
            self.lines[place] = self.line(event)
            nodes.append(self.node(event, place))
        return nodes

    def mapping(self, path: tuple[str, ...]) -> Node:
        """Return the mapping up to its end; `<<` brings the keys of another one."""
        nodes: dict[str, Node] = {}
        merged: dict[str, Node] = {}
        for event in self.events:
            if isinstance(event, yaml.MappingEndEvent):
                break
            key = self.node(event, path)
            line = self.line(event)
            if not isinstance(key, str):
                raise _malformed_yaml("a key is a list or a mapping", line)
            if key in nodes:
                self.repeated.append((key, line))
            self.lines.setdefault((*path, key), line)
            value = self.node(next(self.events), (*path, key))
            if key == "<<" and isinstance(value, dict):
                merged = value
            else:
                nodes.setdefault(key, value)
        return merged | nodes

    def alias(self, event: Any) -> Node:
        """Return what an alias stands for."""
        anchor = str(event.anchor)
        if anchor not in self.anchors:
            raise _malformed_yaml("undefined alias", self.line(event))
        self.grow(_size(self.anchors[anchor]), event)
        return self.anchors[anchor]

    def grow(self, size: int, event: Any) -> None:
        """Count values; raise `Unreadable` when there are too many."""
        self.size += size
        if self.size > _LARGEST:
            raise _malformed_yaml(f"more than {_LARGEST} values", self.line(event))

    def line(self, event: Any) -> int:
        """Return the line in which what an event tells of begins."""
        return int(event.start_mark.line) + self.first_line


def _size(node: Node) -> int:
    """Return how many values a node has; a long text counts as several."""
    if isinstance(node, str):
        return 1 + len(node) // 1000
    return 1 + sum(map(_size, node.values() if isinstance(node, dict) else node))


# -- JSON ----------------------------------------------------------------------------------------------------------------


def json_text(text: str) -> tuple[Keyed, int] | None:
    """Return what the JSON object at the start of `text` holds, every value as text, and where it ends; `None` when there is none.

    Raise `Unreadable` with the line when it is broken.
    """
    repeated: list[str] = []

    def first_of_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key, value in pairs:
            repeated.extend([key] if key in found else [])
            found.setdefault(key, "" if value is None else value)
        return found

    try:
        values, end = json.JSONDecoder(object_pairs_hook=first_of_each, parse_int=str, parse_float=str).raw_decode(text)
    except RecursionError:
        return None
    except ValueError as error:
        message = f"this is not JSON: {getattr(error, 'msg', error)}".lower()
        hint = "put keys and text in double quotes, and close every bracket"
        raise Unreadable(problem("json-malformed", Severity.ERROR, message, hint=hint, line=getattr(error, "lineno", 0))) from None
    if not isinstance(values, dict):
        return None
    first, last = _json_lines(text[:end])
    again = tuple((key, last.get(key, 0)) for key in dict.fromkeys(repeated))
    return Keyed(values=values, lines={(key,): first.get(key, 0) for key in values}, repeated=again), end


def _json_lines(text: str) -> tuple[dict[str, int], dict[str, int]]:
    """Return the lines in which each key is written for the first and for the last time."""
    first: dict[str, int] = {}
    last: dict[str, int] = {}
    line, place = 1, 0
    for found in _JSON_KEY.finditer(text):
        line, place = line + text.count("\n", place, found.start()), found.start()
        first.setdefault(found[1], line)
        last[found[1]] = line
    return first, last


# -- values --------------------------------------------------------------------------------------------------------------


def as_text(value: Any) -> Node:
    """Return a TOML value as YAML would have it here: every scalar as the text it was written as."""
    if isinstance(value, dict):
        return {key: as_text(each) for key, each in value.items()}
    if isinstance(value, list):
        return [as_text(each) for each in value]
    if isinstance(value, bool):
        return "true" if value else "false"
    # Python writes no decimal number of more than 4300 digits, but such a one was not written as a decimal number either.
    return value if isinstance(value, str) else hex(value) if isinstance(value, int) and abs(value) >= 2**64 else str(value)


def flag(text: str) -> bool | None:
    """Return the truth of "yes", "false", "on" and the like, `None` for other words."""
    word = text.strip().casefold()
    return True if word in _TRUE else False if word in _FALSE else None


def duration(text: str) -> int | None:
    """Return the seconds of "83", "1:23", "1:02:03" or ISO 8601's "PT1M23S"; `None` when it is no duration."""
    text = text.strip()
    if re.fullmatch(r"\d{1,9}(?:\.\d+)?", text):
        return int(float(text))
    if found := _CLOCK.fullmatch(text):
        return int(found[1] or 0) * 3600 + int(found[2]) * 60 + int(found[3])
    return seconds(text.upper())


def license_url(text: str) -> str | None:
    """Return the URL of a licence given by its URL or as "CC BY-SA 4.0", "CC0"; `None` when it is neither."""
    if found := _CREATIVE_COMMONS.fullmatch(text.strip()):
        return f"https://creativecommons.org/licenses/{found[1].lower().replace(' ', '-')}/{found[2]}/"
    if text.strip().upper().replace(" ", "") in ("CC0", "CC-0", "CC01.0", "CC0-1.0"):
        return "https://creativecommons.org/publicdomain/zero/1.0/"
    found_url = url(text)
    return found_url if found_url and found_url.startswith("http") else None
