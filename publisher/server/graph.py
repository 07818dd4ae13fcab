"""JSON-LD as a graph: what there is (nodes), and how it belongs together (edges), drawn as SVG and written as a list.

A node that is named by its `@id` alone is the one that has this `@id` elsewhere; it is drawn once, and pointed to after that.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from publisher.schema import Json, JsonObject
from publisher.text import escape

__all__ = ["Node", "drawn", "nodes", "written"]

_ROW, _STEP, _LEFT, _TOP = 38, 22, 14, 22
_WIDTH = 460
"""Units of the drawing, about pixels."""
_MOST_NODES, _MOST_DEPTH = 200, 12
_SHORT = 44
_NAMES = ("name", "headline", "caption", "text", "contentUrl", "url", "@id", "identifier")


@dataclass(slots=True)
class Node:
    """One thing, with what is said of it and what it is tied to."""

    edge: str
    """The property that leads to it; `""` for what a block begins with."""
    type: str
    name: str
    depth: int
    facts: list[tuple[str, str]] = field(default_factory=list)
    again: bool = False
    """Whether it was drawn before."""
    inside: list[Node] = field(default_factory=list)


def nodes(blocks: Sequence[Json]) -> list[Node]:
    """Return the nodes that blocks of JSON-LD begin with."""
    known: dict[str, JsonObject] = {}
    tops = [each for block in blocks for each in _tops(block)]
    for each in tops:
        _index(each, known, 0)
    reader = _Reader(known)
    return [reader.node("", each, 0) for each in tops if not reader.is_drawn(each)]


def _tops(block: Json) -> list[JsonObject]:
    if isinstance(block, list):
        return [each for part in block for each in _tops(part)]
    if not isinstance(block, dict):
        return []
    graph = block.get("@graph")
    return _tops(graph) if isinstance(graph, list) else [block]


def _index(value: Json, known: dict[str, JsonObject], depth: int) -> None:
    if depth > _MOST_DEPTH:
        return
    if isinstance(value, list):
        for each in value:
            _index(each, known, depth)
    elif isinstance(value, dict):
        name = value.get("@id")
        if isinstance(name, str) and len(value) > len(known.get(name, {})):
            known[name] = value
        for each in value.values():
            _index(each, known, depth + 1)


class _Reader:
    def __init__(self, known: dict[str, JsonObject]) -> None:
        self.known = known
        self.drawn: set[str] = set()
        self.count = 0

    def is_drawn(self, value: JsonObject) -> bool:
        return value.get("@id") in self.drawn

    def node(self, edge: str, value: JsonObject, depth: int) -> Node:
        name = value.get("@id")
        whole = self.known.get(name, value) if isinstance(name, str) else value
        found = Node(edge=edge, type=_type(whole), name=_name(whole), depth=depth, again=self.is_drawn(whole))
        self.count += 1
        if not found.again and depth < _MOST_DEPTH:
            if isinstance(name, str):
                self.drawn.add(name)
            for key, inside in whole.items():
                self._property(found, key, inside)
        return found

    def _property(self, node: Node, key: str, value: Json) -> None:
        for each in value if isinstance(value, list) else [value]:
            if not isinstance(each, dict):
                if key not in ("@type", "@context") and each is not None:
                    node.facts.append((key, str(each)))
            elif self.count < _MOST_NODES:
                node.inside.append(self.node(key, each, node.depth + 1))


def _type(value: JsonObject) -> str:
    found = value.get("@type")
    return " · ".join(map(str, found)) if isinstance(found, list) else str(found or "")


def _name(value: JsonObject) -> str:
    return next((found for key in _NAMES if isinstance(found := value.get(key), str) and found), "")


def _each(tops: Sequence[Node]) -> Iterator[Node]:
    for node in tops:
        yield node
        yield from _each(node.inside)


def drawn(tops: Sequence[Node]) -> str:
    """Return the graph as SVG: each node in a row of its own, below the one it belongs to."""
    rows = {id(node): number for number, node in enumerate(_each(tops))}
    edges = "".join(_edge(node, each, rows) for node in _each(tops) for each in node.inside)
    points = "".join(_point(node, rows[id(node)]) for node in _each(tops))
    height = len(rows) * _ROW + 8
    return (
        f'<svg class="graph" viewBox="0 0 {_WIDTH} {height}" width="{_WIDTH}" height="{height}" role="img" '
        f'aria-label="The JSON-LD of this page as a graph of {len(rows)} nodes; it is written out below">'
        f"{edges}{points}</svg>"
    )


def _at(node: Node, row: int) -> tuple[int, int]:
    return _LEFT + node.depth * _STEP, _TOP + row * _ROW


def _edge(node: Node, inside: Node, rows: dict[int, int]) -> str:
    x, y = _at(node, rows[id(node)])
    to_x, to_y = _at(inside, rows[id(inside)])
    return f'<path d="M{x} {y + 6}V{to_y - 7}q0 7 7 7H{to_x - 6}"{_again(inside)}/>'


def _again(node: Node) -> str:
    return ' class="again"' if node.again else ""


def _point(node: Node, row: int) -> str:
    x, y = _at(node, row)
    edge = f'<tspan class="edge">{escape(node.edge)}</tspan> ' if node.edge else ""
    pointed = "↑ " if node.again else ""
    return (
        f'<g{_again(node)}><circle cx="{x}" cy="{y}" r="5"/><text x="{x + 13}" y="{y - 3}">{edge}'
        f'<tspan class="type">{escape(node.type or "–")}</tspan></text>'
        f'<text x="{x + 13}" y="{y + 12}" class="name">{pointed}{escape(_short(node.name))}<title>{escape(node.name)}</title></text></g>'
    )


def _short(text: str) -> str:
    return text if len(text) <= _SHORT else f"{text[: _SHORT - 1]}…"


def written(tops: Sequence[Node]) -> str:
    """Return the graph as nested lists in HTML, with all that is said of each node."""
    return "".join(_list(node) for node in tops)


def _list(node: Node) -> str:
    facts = "".join(f"<div><dt>{escape(key)}</dt><dd>{escape(value)}</dd></div>" for key, value in node.facts)
    edge = f'<span class="edge">{escape(node.edge)}</span> ' if node.edge else ""
    told = f"<dl>{facts}</dl>" if facts else ""
    head = f"{edge}<strong>{escape(node.type or '–')}</strong> {escape(_short(node.name))}{' (above)' if node.again else ''}"
    inside = "".join(map(_list, node.inside))
    is_open = " open" if node.depth == 0 else ""
    return f"<details{is_open}><summary>{head}</summary>{told}{inside}</details>" if told or inside else f'<p class="leaf">{head}</p>'
