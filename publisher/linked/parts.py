"""What pages say of the site in the same words: judged once, since nothing else on a page changes what the rules say of it.

A part is a node with an `@id` that describes a publication, an organization or a site, and all nodes in it, at the same place of
the document. It is kept when nothing at all was wrong with the document that it was in. In the next document that has the same part at
the same place, its texts and its nodes without an `@id` are not judged again: what the rules say of those depends on nothing
outside. What has an `@id` can be referred to, and be said more of elsewhere: that is judged each time.

Only builds use it, which ask for warnings and errors, and only for pages with one block of JSON-LD.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from publisher.linked.nodes import Node, Value
from publisher.linked.vocabulary import vocabulary
from publisher.places import Path
from publisher.schema import Json, JsonObject

__all__ = ["Part", "find", "keep", "may_be_kept"]

_KINDS = frozenset({"Organization", "Periodical", "WebSite"})
_MOST, _MOST_NODES, _LONGEST = 64, 100, 20_000
"""Parts that are kept, nodes in one, and characters of all its texts."""
_KNOWN: dict[tuple[str, Path], Part] = {}
"""By the `@id` and the place in the document."""


@dataclass(frozen=True, eq=False)
class Part:
    """A node and all that is in it, as some document had it."""

    data: JsonObject
    nodes: Sequence[Node]
    values: Sequence[Value]

    @cached_property
    def open_nodes(self) -> list[Node]:
        """The nodes that others can refer to."""
        return [each for each in self.nodes if each.id]

    @cached_property
    def open_values(self) -> list[Value]:
        """The values that are such nodes."""
        return [each for each in self.values if each.node and each.node.id]

    def of(self, name: str) -> Iterator[Value]:
        """Yield the values of a property."""
        return (each for each in self.values if each.name == name)


def find(data: JsonObject, path: Path) -> Part | None:
    """Return the same part at the same place as a document had it with which nothing was wrong."""
    name = data.get("@id")
    found = _KNOWN.get((name, path)) if isinstance(name, str) else None
    return found if found and found.data == data else None


def may_be_kept(node: Node) -> bool:
    """Return whether a node is of a site, and said on many of its pages."""
    return bool(node.id) and not node.is_reference and any(_KINDS & vocabulary().above(each) for each in node.types)


def keep(part: Part, referred: frozenset[str]) -> None:
    """Keep a part of a document with which nothing is wrong, if it can be judged by itself; `referred` are all ids."""
    root = part.nodes[0]
    if len(part.nodes) > _MOST_NODES:
        return
    texts = [each.data for each in part.values if isinstance(each.data, str)]
    apart = all(each.name != "mainEntity" for each in part.values) and referred.isdisjoint(texts)
    if apart and sum(map(len, texts)) <= _LONGEST and _is_plain(part.data):
        if len(_KNOWN) >= _MOST:
            _KNOWN.clear()
        _KNOWN[root.id, root.path] = part


def _is_plain(data: Json) -> bool:
    """Return whether there is only text, so that what is equal is the same, and no keyword but ids and types."""
    if isinstance(data, dict):
        return all((key[:1] != "@" or key in ("@id", "@type")) and _is_plain(each) for key, each in data.items())
    return all(map(_is_plain, data)) if isinstance(data, list) else isinstance(data, str)
