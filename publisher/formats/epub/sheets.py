"""Style sheets in drawings (CSS Syntax 3, https://www.w3.org/TR/css-syntax-3/, read 2026-11-26), written anew of what is harmless.

Harmless is what needs nothing but the drawing itself. That is told by the functions that are known, not by those that fetch, of
which there are more each year (`url`, `image`, `image-set`, `src`, `cross-fade`): no value without a function can fetch anything.
Rules that begin with @ go: they fetch (`@import`, `@font-face`), move (`@keyframes`) or are for other surroundings (`@media`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

__all__ = ["declarations", "is_harmless", "sheet"]

_FUNCTIONS = frozenset(
    "rgb rgba hsl hsla hwb lab lch oklab oklch color color-mix var calc min max clamp abs sign round mod sqrt pow hypot exp log sin cos "
    "tan asin acos atan atan2 matrix matrix3d translate translatex translatey translatez translate3d scale scalex scaley scalez scale3d "
    "rotate rotatex rotatey rotatez rotate3d skew skewx skewy perspective blur brightness contrast drop-shadow grayscale hue-rotate "
    "invert opacity saturate sepia circle ellipse inset path polygon rect xywh cubic-bezier steps linear icc-color device-cmyk "
    "linear-gradient radial-gradient conic-gradient repeating-linear-gradient repeating-radial-gradient".split()
)
_CALLED = re.compile(r"([^\s(),;:/*+]{0,40})\s{0,40}\(")
"""A parenthesis and what stands before it, as far as names of functions are long: what is longer is none of these."""
_HERE = re.compile(r"""\burl\(\s*(?:"#[^"'()\\]*"|'#[^"'()\\]*'|#[^\s"'()\\]*)\s*\)""", re.IGNORECASE)
_TOKEN = re.compile(
    r"""/\*.*?(?:\*/|\Z)|(?P<mark>["'])(?:(?!(?P=mark))[^\\\n]|\\.)*+\\?(?:(?P=mark)|(?=\n)|\Z)|[{};]|[^{};"'/]+|.""", re.DOTALL
)
"""A comment, a string (one that is not closed ends with its line), what has a meaning for rules, and all else."""
_STRING = r""""[^"'\\\n@{};]*"|'[^"'\\\n@{};]*'"""
_SELECTOR = re.compile(rf"(?:[\w\s.#*,>+~:()\[\]=|^$-]|{_STRING})+")
_NAME = re.compile(r"[\w-]+")
_VALUE = re.compile(rf"(?:[\w\s.#*,>+~:()=/%!-]|{_STRING})+")


def is_harmless(value: str) -> bool:
    """Return whether a value, of an attribute or a declaration, needs nothing but what is in the same file."""
    if "(" not in value:
        return True
    called = _CALLED.findall(_HERE.sub(" ", value))
    return "\\" not in value and all(not name or name.lower() in _FUNCTIONS for name in called)


def declarations(text: str) -> tuple[str, list[str]]:
    """Return the value of an attribute `style`, or the inside of a rule, with what is harmless, and the names of what is left out."""
    kept, left_out = [], []
    for each in _split(text):
        name, _, value = (part.strip() for part in each.partition(":"))
        if _NAME.fullmatch(name) and _is_whole(value) and is_harmless(value):
            kept.append(f"{name}:{value}")
        elif name:
            left_out.append(name.lower())
    return ";".join(kept), left_out


def sheet(text: str) -> tuple[str, list[str]]:
    """Return a style sheet with what is harmless, and the names of what is left out: of declarations and of rules (`@import`)."""
    kept, left_out = [], []
    for prelude, inside in _rules(text):
        if not _SELECTOR.fullmatch(prelude) or not _is_closed(prelude):
            left_out += [prelude.partition(" ")[0]] if prelude.strip("} \n\t\r") else []
            continue
        clean, without = declarations(inside)
        left_out += without
        kept.append(f"{prelude}{{{clean}}}")
    return "\n".join(kept), left_out


def _is_closed(selector: str) -> bool:
    """Return whether a selector ends before its rule: an address, which none has, would take all up to the next parenthesis (4.3.6)."""
    return selector.count("(") == selector.count(")") and "url(" not in selector.lower()


def _is_whole(value: str) -> bool:
    """Return whether a value ends where it seems to: all that it opens is closed."""
    return bool(_VALUE.fullmatch(value)) and "/*" not in value and value.count("(") == value.count(")")


def _tokens(text: str) -> Iterator[str]:
    """Yield the parts of a style sheet; a comment is a space."""
    return (" " if found[0].startswith("/*") else found[0] for found in _TOKEN.finditer(text))


def _split(text: str) -> Iterator[str]:
    """Yield what is between semicolons, other than those in strings."""
    part: list[str] = []
    for each in (*_tokens(text), ";"):
        if each == ";":
            yield "".join(part)
            part = []
        else:
            part.append(each)


def _rules(text: str) -> Iterator[tuple[str, str]]:
    """Yield what is before and in each pair of braces that is in no other one; a statement has nothing inside."""
    before, inside, depth = list[str](), list[str](), 0
    for each in _tokens(text):
        depth += (each == "{") - (each == "}" and depth > 0)
        if (each == "}" and not depth) or (each == ";" and not depth):
            yield "".join(before).strip(), "".join(inside[1:])
            before, inside = [], []
        else:
            (inside if depth else before).append(each)
    if before or inside:
        yield "".join(before).strip(), "".join(inside[1:])
