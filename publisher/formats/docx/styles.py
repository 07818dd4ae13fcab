"""What the styles of a document say (ECMA-376, Part 1, 17.7), with all that they inherit, and its numbering (17.9)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from publisher.formats.docx.package import Package, W, val
from publisher.markup import Element

__all__ = ["Level", "Styles", "numbering", "off", "on"]

_ROLES = {
    "title": "title",
    "subtitle": "subtitle",
    **{f"heading {level}": f"h{level}" for level in range(1, 10)},
    **dict.fromkeys(("quote", "intense quote", "block text", "quotations", "block quotation"), "quote"),
    **dict.fromkeys(("caption", "image caption", "table caption", "figure", "illustration"), "caption"),
    **dict.fromkeys(("html preformatted", "source code", "preformatted text", "macro text"), "code"),
    **dict.fromkeys(("byline", "author", "authors", "by line"), "byline"),
    **dict.fromkeys(("dateline",), "dateline"),
    **dict.fromkeys(("date",), "date"),
    **dict.fromkeys(("standfirst", "abstract", "lead", "lede", "deck", "summary"), "standfirst"),
    **dict.fromkeys(("toc heading", "contents heading", "index heading", *(f"toc {n}" for n in range(1, 10))), "toc"),
    **{f"contents {n}": "toc" for n in range(1, 10)},
}
"""What paragraphs are, by the names of built-in styles, of LibreOffice's and pandoc's, and of styles that newsrooms make."""
_CODE = frozenset(("html code", "verbatim char", "source text", "html keyboard", "html sample"))
_NAMED = {"strong": "b", "emphasis": "i", "subtle emphasis": "i"}
_DEEPEST = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """One level of a list."""

    format: str
    start: int


class Styles:
    """The styles of a document, by their ids."""

    def __init__(self, root: Element | None) -> None:
        listed = root.iter(f"{W}style") if root is not None else ()
        self._found = {each.get(f"{W}styleId") or "": each for each in listed}
        self._defaults = [each for name in ("pPrDefault", "rPrDefault") for each in (root.iter(f"{W}{name}") if root is not None else ())]
        self._normal = next((name for name, each in self._found.items() if _is_default(each)), "")
        self.chain = lru_cache(maxsize=None)(self._chain)
        self.role = lru_cache(maxsize=None)(self._role)

    def _chain(self, name: str | None) -> tuple[Element, ...]:
        """Return a style and those that it is based on, the nearest first."""
        found: list[Element] = []
        while name and (style := self._found.get(name)) is not None and style not in found and len(found) < _DEEPEST:
            found.append(style)
            name = val(style.find(f"{W}basedOn"))
        return tuple(found)

    def names(self, name: str | None) -> Iterator[str]:
        """Yield what a style is called, and those that it is based on: by its id when it is not defined."""
        yield from ((val(each.find(f"{W}name")) or "").casefold() for each in self.chain(name))
        yield (name or "").casefold()

    def _role(self, name: str | None) -> str:
        """Return what a paragraph with this style is, `""` for one like others."""
        found = (_ROLES.get(each, "") for each in self.names(name))
        return next(filter(None, found), "") or self.outline(name)

    def outline(self, name: str | None) -> str:
        """Return what the level in the outline makes of a style that has another name."""
        return heading(next((found for each in self.chain(name) if (found := val(each.find(f"{W}pPr/{W}outlineLvl")))), None))

    def paragraph(self, name: str | None, wanted: str) -> Element | None:
        """Return a property that a paragraph has from its style or by default."""
        return self._first(name or self._normal, f"{W}pPr/{W}{wanted}")

    def run(self, name: str | None, wanted: str) -> Element | None:
        """Return a property that a run has from its paragraph's style or by default."""
        return self._first(name or self._normal, f"{W}rPr/{W}{wanted}")

    def _first(self, name: str, path: str) -> Element | None:
        return next((found for each in (*self.chain(name), *self._defaults) if (found := each.find(path)) is not None), None)

    def emphasis(self, name: str) -> tuple[str, ...]:
        """Return which of b, i, strike and code a character style means."""
        chain = self.chain(name)
        said = {tag for tag in ("b", "i", "strike") if on(next((f for e in chain if (f := e.find(f"{W}rPr/{W}{tag}")) is not None), None))}
        called = set(self.names(name))
        said |= {tag for named, tag in _NAMED.items() if named in called}
        return tuple(sorted(said | ({"code"} if called & _CODE else set())))

    def heads(self, name: str | None) -> bool:
        """Return whether a table style shows the first row otherwise."""
        return any(each.get(f"{W}type") == "firstRow" for style in self.chain(name) for each in style.iter(f"{W}tblStylePr"))


def heading(level: str | None) -> str:
    """Return the heading that a level in the outline means: nine and more is text (17.3.1.20)."""
    return f"h{int(level) + 1}" if level and level.isascii() and level.isdigit() and int(level) < 9 else ""


def _is_default(style: Element) -> bool:
    return style.get(f"{W}type") == "paragraph" and style.get(f"{W}default") in ("1", "true", "on")


def on(element: Element | None) -> bool:
    """Return whether a property is there and not switched off (17.17.4)."""
    return element is not None and val(element) not in off


off = ("0", "false", "off", "none")
"""What switches a property off."""


def numbering(package: Package) -> dict[str, Mapping[str, Level]]:
    """Return the levels of each list: `{numId: {ilvl: level}}`."""
    root = package.tree(package.part("numbering"))
    if root is None:
        return {}
    abstract = {each.get(f"{W}abstractNumId"): _levels(each) for each in root.iter(f"{W}abstractNum")}
    links = {val(each.find(f"{W}styleLink")): each.get(f"{W}abstractNumId") for each in root.iter(f"{W}abstractNum")}
    linked = {each.get(f"{W}abstractNumId"): val(each.find(f"{W}numStyleLink")) for each in root.iter(f"{W}abstractNum")}
    found: dict[str, Mapping[str, Level]] = {}
    for each in root.iter(f"{W}num"):
        own = val(each.find(f"{W}abstractNumId"))
        style = linked.get(own)
        levels = abstract.get(links.get(style) if style else own, {})
        found[each.get(f"{W}numId") or ""] = {**levels, **dict(_overrides(each, levels))}
    return found


def _levels(element: Element) -> dict[str, Level]:
    return {each.get(f"{W}ilvl") or "0": _level(each) for each in element.iter(f"{W}lvl")}


def _level(element: Element) -> Level:
    return Level(format=val(element.find(f"{W}numFmt")) or "decimal", start=_number(val(element.find(f"{W}start")), 1))


def _overrides(element: Element, levels: Mapping[str, Level]) -> Iterator[tuple[str, Level]]:
    for each in element.iter(f"{W}lvlOverride"):
        name = each.get(f"{W}ilvl") or "0"
        level = next((_level(found) for found in each.iter(f"{W}lvl")), levels.get(name))
        if level:
            start = val(each.find(f"{W}startOverride"))
            yield name, Level(format=level.format, start=_number(start, level.start))


def _number(text: str | None, default: int) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 7 else default
