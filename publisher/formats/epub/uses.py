"""What a drawing draws again: parts that are used in parts that are used, which a few lines make billions of (SVG 2, 5.6).

A reading system that draws all of it hangs, and one that follows a part into itself has no stack left. So each element weighs what
is drawn because of it: itself, what is inside, and what it refers to; a mark weighs once for each corner of its line.
What a style sheet says counts for all that its selector may mean.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from graphlib import CycleError, TopologicalSorter

from publisher.formats.epub.segments import Unfit
from publisher.markup import Element

__all__ = ["refuse_many"]

_MOST = 100_000
"""How many elements may be drawn again."""
_HERE = re.compile(r"""\burl\(\s*["']?#([^"'()\s]*+(?:\s++[^"'()\s]++)*+)["']?\s*+\)""", re.IGNORECASE)
_RULE = re.compile(r"(?<![^{}])([^{}]*+)\{([^{}]*+)\}")
_DECLARATION = re.compile(r"(?<![\w-])([\w-]++):([^;]*)")
_LINKS = ("href", "{http://www.w3.org/1999/xlink}href")
_EVERYWHERE = frozenset("fill stroke marker marker-start marker-mid marker-end".split())
"""Properties that what is inside has, too."""
_AT_CORNERS = frozenset(("marker", "marker-mid"))
_FLAT = ("linearGradient", "radialGradient")
"""What paints without drawing anything again."""
_NUMBER = re.compile(r"\d+(?:\.\d*)?|\.\d+")

References = Mapping[Element, Sequence[tuple[str, Element]]]
"""For each element by which property it refers to which others; `href` for a link."""


def refuse_many(root: Element) -> None:
    """Raise `Unfit` when a drawing has something inside itself, or draws too much again."""
    named = {name: each for each in root.iter() if (name := each.get("id"))}
    said = [*_in_attributes(root), *_in_sheets(root)]
    references: dict[Element, list[tuple[str, Element]]] = {}
    for element, kind, name in said:
        if name in named:
            references.setdefault(element, []).append((kind, named[name]))
    if references and _drawn(root, references) - sum(1 for _ in root.iter()) > _MOST:
        raise Unfit(f"it draws its parts again more than {_MOST:,} times")


def _in_attributes(root: Element) -> Iterator[tuple[Element, str, str]]:
    """Yield each element with a property and the id that it refers to."""
    for element in root.iter():
        for name, value in element.attrib.items():
            if name in _LINKS:
                yield element, "href", str(value).strip()[1:]
            elif name == "style":
                yield from ((element, kind, each) for kind, said in _DECLARATION.findall(str(value)) for each in _HERE.findall(said))
            elif "#" in value:
                yield from ((element, str(name), each) for each in _HERE.findall(str(value)))


def _drawn(root: Element, references: References) -> int:
    """Return how many elements are drawn, at most a bit more than too many."""
    needed = {each: [*each, *(target for _, target in references.get(each, ()))] for each in root.iter()}
    marks = any(kind in _AT_CORNERS for every in references.values() for kind, _ in every)
    sizes, corners = dict[Element, int](), dict[Element, int]()
    try:
        for each in TopologicalSorter(needed).static_order():
            corners[each] = min(_corners(each) + sum(corners[inside] for inside in needed[each]), 10 * _MOST) if marks else 0
            sizes[each] = min(_size(each, references.get(each, ()), sizes, corners[each]), 10 * _MOST)
    except CycleError:
        raise Unfit("it has a part inside itself") from None
    return sizes[root]


def _size(element: Element, references: Sequence[tuple[str, Element]], sizes: Mapping[Element, int], corners: int) -> int:
    """Return how many elements are drawn because of one."""
    if str(element.tag).rpartition("}")[2] in _FLAT:
        return 0
    once = 1 + sum(sizes[child] for child in element) + sum(sizes[target] for kind, target in references if kind not in _EVERYWHERE)
    everywhere = sum(sizes[target] for kind, target in references if kind in _EVERYWHERE)
    return once * (1 + everywhere) + corners * sum(sizes[target] for kind, target in references if kind in _AT_CORNERS)


def _corners(element: Element) -> int:
    return len(_NUMBER.findall(element.get("d") or element.get("points") or "")) // 2


# -- style sheets, as `sheets` writes them --------------------------------------------------------------------------------

_STRING = re.compile(r""""[^"]*"|'[^']*'""")
_CONDITION = re.compile(r"\[[^\[\]]*\]|\([^()]*\)")
_PSEUDO = re.compile(r"::?[\w-]+")
_COMBINATOR = re.compile(r"[\s>+~]+")
_SIMPLE = re.compile(r"([.#]?)([\w-]+)")
_DEEPEST = 4
"""How deep conditions may be nested; beyond that a selector may mean anything."""
_MOST_MEANT = 1_000_000


def _in_sheets(root: Element) -> Iterator[tuple[Element, str, str]]:
    """Yield the same for what style sheets say."""
    rules = [rule for each in root.iter("{*}style") for rule in _RULE.findall(each.text or "") if "url(" in rule[1].lower()]
    named = _by_name(root) if rules else {}
    meant = 0
    for selectors, inside in rules:
        said = [(kind, each) for kind, value in _DECLARATION.findall(inside) for each in _HERE.findall(value)]
        for selector in _plain(selectors).split(","):
            names = ["".join(each) for each in _SIMPLE.findall(_COMBINATOR.split(selector.strip())[-1])]
            elements = min((named.get(each, []) for each in names or ["*"]), key=len)
            meant += len(elements) * len(said)
            if meant > _MOST_MEANT:
                raise Unfit("its style sheets say too much")
            yield from ((element, kind, target) for element in elements for kind, target in said)


def _by_name(root: Element) -> dict[str, list[Element]]:
    """Return elements by what selectors call them: `rect`, `.class`, `#id`, and `*` for all."""
    named: dict[str, list[Element]] = {}
    for element in root.iter():
        classes = (f".{each}" for each in (element.get("class") or "").split())
        for name in ("*", str(element.tag).rpartition("}")[2], f"#{element.get('id')}", *dict.fromkeys(classes)):
            named.setdefault(name, []).append(element)
    return named


def _plain(selectors: str) -> str:
    """Return selectors without what only narrows what they mean."""
    plain = _STRING.sub("", selectors)
    for _ in range(_DEEPEST):
        plain = _CONDITION.sub("", plain)
    return "*" if "(" in plain or "[" in plain else _PSEUDO.sub("", plain)
