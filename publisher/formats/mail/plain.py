"""Plain text of mails as markup: lines that were broken to fit are put together again (RFC 3676), quotations are told by `>`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby

from publisher.text import escape

__all__ = ["to_html"]

_QUOTED = re.compile(r"(?:> ?)*>|")
_ADDRESS = re.compile(r"<?\b(https?://[^\s<>\"]+[^\s<>\".,;:!?)\]'])>?")
_SHORTEST_FULL = 50
"""Letters of a line that was broken since it was full."""
_DEEPEST = 10


def to_html(text: str, kind: str) -> str:
    """Return a text as HTML; `kind`: `plain`, `flowed`, or `flowed-delsp` when the space at a break is no part of the text."""
    lines = [_quoted(each) for each in text.split("\n")]
    if kind != "plain":
        lines = list(_flowed(lines, space=kind == "flowed"))
    return "".join(_blocks(lines, kind))


def _quoted(line: str) -> tuple[int, str]:
    """Return how deep a line is quoted, and what it says."""
    mark = _QUOTED.match(line)
    signs = mark[0] if mark else ""
    return min(signs.count(">"), _DEEPEST), line[len(signs) :]


def _flowed(lines: list[tuple[int, str]], *, space: bool) -> Iterator[tuple[int, str]]:
    """Yield lines with those put together that end in a space (RFC 3676, 4.2); the line before a signature stays one (4.3)."""
    parts: list[str] = []
    depth = 0
    for level, line in lines:
        line = line.removeprefix(" ")
        if parts and (level != depth or line == "-- "):
            yield depth, "".join(parts)
            parts = []
        depth = level
        if line.endswith(" ") and line != "-- ":
            parts.append(line if space else line[:-1])
        else:
            yield level, "".join((*parts, line))
            parts = []
    if parts:
        yield depth, "".join(parts)


def _blocks(lines: list[tuple[int, str]], kind: str) -> Iterator[str]:
    for depth, group in groupby(lines, key=lambda each: each[0]):
        yield "<blockquote>" * depth
        for filled, paragraph in groupby((line for _, line in group), key=lambda line: bool(line.strip())):
            if filled:
                yield from _paragraphs(list(paragraph), kind)
        yield "</blockquote>" * depth


def _paragraphs(lines: list[str], kind: str) -> Iterator[str]:
    if kind != "plain":
        yield from (f"<p>{_linked(each.strip())}</p>" for each in lines)
        return
    full = len(lines) > 1 and all(len(each.rstrip()) >= _SHORTEST_FULL for each in lines[:-1])
    yield f"<p>{(' ' if full else '<br/>').join(_linked(each.strip()) for each in lines)}</p>"


def _linked(text: str) -> str:
    place, parts = 0, []
    for found in _ADDRESS.finditer(text):
        parts += [escape(text[place : found.start()]), f'<a href="{escape(found[1])}">{escape(found[1])}</a>']
        place = found.end()
    return "".join((*parts, escape(text[place:])))
