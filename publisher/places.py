"""Where things are in a text: the line, the column and the path of an element or of a JSON value.

Only what is asked for is looked up, and the text is read for it only then, so that a document without problems costs nothing.
lxml knows lines but no columns, and `json` knows neither.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from functools import cached_property
from xml.parsers import expat

from publisher.markup import Element
from publisher.problems import Location

__all__ = ["HtmlPlaces", "JsonPlaces", "Path", "XmlPlaces", "line_of", "name_of", "pointer", "spot"]

Path = tuple[str | int, ...]
"""The way to a value in JSON: names of members and numbers of elements from 0."""

# Runs, and nothing to go back to: else `re` keeps 120 bytes for each character of a text (3.11).
_TOKEN = re.compile(r'"(?:[^"\\]++|\\.)*+"|[{}\[\]:,]|[^\s{}\[\]:,"]+', re.DOTALL)


class _Elements:
    """The elements of a document by their paths, such as `/rss/channel/item[3]/dc:creator`."""

    def __init__(self, root: Element) -> None:
        self.root = root
        self._labels: dict[Element, dict[Element, str]] = {}

    def path(self, element: Element) -> str:
        """Return the path from the root to an element; a number from 1 where there are several of a name."""
        parts = [self._label(each) for each in (element, *element.iterancestors())]
        return "".join(f"/{part}" for part in reversed(parts))

    def _label(self, element: Element) -> str:
        parent = element.getparent()
        if parent is None:
            return name_of(element)
        if parent not in self._labels:
            self._labels[parent] = dict(_labelled(parent))
        return self._labels[parent][element]


def _labelled(parent: Element) -> Iterator[tuple[Element, str]]:
    """Yield the elements in a parent with their names, numbered where there are several of one."""
    names = [(child, name_of(child)) for child in parent.iterchildren("*")]
    total: dict[str, int] = {}
    for _, name in names:
        total[name] = total.get(name, 0) + 1
    seen: dict[str, int] = {}
    for child, name in names:
        seen[name] = seen.get(name, 0) + 1
        yield child, f"{name}[{seen[name]}]" if total[name] > 1 else name


def name_of(element: Element) -> str:
    """Return the name of an element as it is written, with its prefix."""
    name = str(element.tag).rpartition("}")[2]  # HTML has tags that are no names in XML
    return f"{element.prefix}:{name}" if element.prefix else name


class XmlPlaces(_Elements):
    """Finds elements in an XML document."""

    def __init__(self, root: Element, body: bytes) -> None:
        super().__init__(root)
        self._body = body

    def __call__(self, where: object) -> Location:
        """Return where an element is."""
        if not isinstance(where, type(self.root)):
            return Location()
        number = self._numbers.get(where)
        line, column = (None if number is None else self._starts.at(number)) or (line_of(where), 0)
        return Location(line=line, column=column, pointer=self.path(where))

    @cached_property
    def _numbers(self) -> dict[Element, int]:
        return {each: number for number, each in enumerate(self.root.iter("*"))}

    @cached_property
    def _starts(self) -> _Starts:
        return _Starts(self._body)


_PIECE = 65_536


class _Starts:
    """Line and column of every start tag, both from 1, read as far as somebody asks; none behind what expat cannot read."""

    def __init__(self, body: bytes) -> None:
        self._places: list[tuple[int, int]] = []
        self._rest = memoryview(body)
        parser = self._parser = expat.ParserCreate()
        parser.StartElementHandler = lambda *_: self._places.append((parser.CurrentLineNumber, parser.CurrentColumnNumber + 1))
        parser.EntityDeclHandler = _refuse

    def at(self, number: int) -> tuple[int, int] | None:
        """Return the place of a tag by its number from 0, `None` when that is not known."""
        while len(self._places) <= number and self._rest:
            piece, self._rest = self._rest[:_PIECE], self._rest[_PIECE:]
            try:
                self._parser.Parse(bytes(piece), not self._rest)
            except (expat.ExpatError, _EntityDeclared, ValueError, LookupError):
                self._rest = memoryview(b"")
        return self._places[number] if number < len(self._places) else None


class _EntityDeclared(Exception):
    pass


def _refuse(*_: object) -> None:
    raise _EntityDeclared


class HtmlPlaces(_Elements):
    """Finds elements in an HTML document, as far as the line that libxml2 knows goes."""

    def __init__(self, root: Element, text: str) -> None:
        super().__init__(root)
        self._text = text
        self._columns: dict[tuple[int, str], dict[Element, int]] = {}

    def __call__(self, where: object) -> Location:
        """Return where an element is."""
        if not isinstance(where, type(self.root)):
            return Location()
        line = line_of(where)
        return Location(line=line, column=self._column(where, line), pointer=self.path(where))

    @cached_property
    def _lines(self) -> list[str]:
        return self._text.split("\n")

    @cached_property
    def _in_line(self) -> dict[tuple[int, str], list[Element]]:
        found: dict[tuple[int, str], list[Element]] = {}
        for each in self.root.iter("*"):
            found.setdefault((line_of(each), str(each.tag)), []).append(each)
        return found

    def _column(self, element: Element, line: int) -> int:
        """Return the column of the start tag; 0 when the line does not have as many such tags as elements."""
        if not 0 < line <= len(self._lines):
            return 0
        tag = str(element.tag)
        if (line, tag) not in self._columns:
            self._columns[line, tag] = self._columns_of(line, tag)
        return self._columns[line, tag].get(element, 0)

    def _columns_of(self, line: int, tag: str) -> dict[Element, int]:
        """Return the columns of all elements of a line that have a tag, which may be very many."""
        starts = [found.start() + 1 for found in re.finditer(rf"<{re.escape(tag)}(?![\w-])", self._lines[line - 1], re.IGNORECASE)]
        elements = self._in_line[line, tag]
        return dict(zip(elements, starts, strict=True)) if len(starts) == len(elements) else {}


class JsonPlaces:
    """Finds values in a JSON text by their paths; `start` is where the text begins in the file, for a block in a page."""

    def __init__(self, text: str, start: tuple[int, int] = (1, 1)) -> None:
        self._text = text
        self._start = start

    def __call__(self, where: object) -> Location:
        """Return where the value at a path is, or the nearest above it that is there."""
        if not isinstance(where, tuple):
            return Location()
        shown = pointer(where)
        while where and where not in self._offsets:
            where = where[:-1]
        line, column = self.at(self._offsets.get(where, 0))
        return Location(line=line, column=column, pointer=shown)

    def at(self, offset: int) -> tuple[int, int]:
        """Return line and column in the file of a character of the text."""
        line, column = spot(self._text, offset)
        return line + self._start[0] - 1, column + (self._start[1] - 1 if line == 1 else 0)

    @cached_property
    def _offsets(self) -> dict[Path, int]:
        return dict(_values(self._text))


def _values(text: str) -> Iterator[tuple[Path, int]]:
    """Yield the path of each value and where it begins; a member's is where its name does."""
    path: list[str | int] = []
    kinds: list[str] = []
    name: tuple[str, int] | None = None
    for token in _TOKEN.finditer(text):
        first = token[0][0]
        if first in "}]":
            if kinds:
                kinds.pop()
                path.pop()
        elif first == "," and kinds and kinds[-1] == "[" and isinstance(path[-1], int):
            path[-1] += 1
        elif first in ",:":
            continue
        elif kinds and kinds[-1] == "{" and name is None:
            name = (_unquoted(token[0]), token.start())
        else:
            if kinds and kinds[-1] == "{" and name:
                path[-1] = name[0]
            yield tuple(path), name[1] if name else token.start()
            name = None
            if first in "{[":
                kinds.append(first)
                path.append("" if first == "{" else 0)


def _unquoted(token: str) -> str:
    try:
        return str(json.loads(token, strict=False)) if "\\" in token else token.strip('"')
    except ValueError:  # not JSON; then nobody asks for this name
        return token


def line_of(element: Element) -> int:
    """Return the line on which an element starts, 0 when it is not known."""
    return int(str(element.sourceline or 0))


def pointer(path: Sequence[str | int]) -> str:
    """Return the JSON Pointer of a path (RFC 6901)."""
    return "".join(f"/{str(part).replace('~', '~0').replace('/', '~1')}" for part in path)


def spot(text: str, offset: int) -> tuple[int, int]:
    """Return line and column, both from 1, of a character of a text."""
    return text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset)
