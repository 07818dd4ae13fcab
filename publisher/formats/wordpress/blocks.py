"""WordPress's blocks: HTML between comments (https://developer.wordpress.org/block-editor/reference-guides/core-blocks/).

    <!-- wp:image {"id":7} --> <figure class="wp-block-image">…</figure> <!-- /wp:image -->
    <!-- wp:latest-posts /-->

Most are the HTML that they have inside. What is made anew for every visitor has none, and is told.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from publisher import schema
from publisher.platforms import cards
from publisher.platforms.notes import Notes, end_notes
from publisher.platforms.paragraphs import paragraphs
from publisher.problems import Unreadable

__all__ = ["Site", "are_in", "plain", "references"]

_BLOCK = re.compile(r"\s*(?P<close>/)?wp:(?P<name>[a-z][a-z0-9_-]*(?:/[a-z][a-z0-9_-]*)?)(?P<rest>[\s\S]*)")
_CAPTION = re.compile(r"<(/)?figcaption\b[^<>]*>", re.IGNORECASE)
_ADDRESS = re.compile(r"https?://[^\s<>\"']+")
_LIST_TAG = re.compile(r"</?(?:ul|li)\b[^<>]*>", re.IGNORECASE)
_FILE_BUTTON = re.compile(r"<a\b[^<>]*wp-block-file__button[^<>]*>[^<>]*</a>|<object\b[^<>]*>[^<>]*</object>", re.IGNORECASE)
_DEEPEST = 60
_DROPPED = frozenset(("spacer", "more", "nextpage", "read-more", "page-break"))
_EMPTY = frozenset(("shortcode", "paragraph", "html", "freeform", "heading", "list"))
"""What says nothing when nothing is inside."""
_ANEW = frozenset(("query", "comments", "navigation", "social-links", "post-comments"))
"""What has something inside that is no part of the text: templates, and what is said when there is nothing to show."""
_HTML_CLASSIC = ("<p>", "<p ", "<P>")


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """What blocks ask the rest of the export for."""

    pattern: Callable[[int], str | None]
    """Gives the content of a block that several posts share, by its number."""
    note: Callable[[str], None]
    """Is told the name of a block that has nothing to read inside."""
    footnotes: str = ""
    """JSON list of `{id, content}`: what the block of footnotes shows."""


@dataclass(slots=True)
class _Frame:
    name: str
    attributes: Mapping[str, Any]
    out: list[str] = field(default_factory=list)


def are_in(content: str) -> bool:
    """Return whether a post was written in blocks."""
    return "<!-- wp:" in content


def plain(content: str, site: Site) -> str:
    """Return the HTML of a post that was written in blocks, without their comments."""
    frames = [_Frame("", {})]
    for html, found in _pieces(content):
        frames[-1].out.append(_classic(html) if len(frames) == 1 else html)
        if found and found["close"]:
            _close(frames, _short(found["name"]), site)
        elif found:
            _open(frames, found, site)
    while len(frames) > 1:
        _pop(frames, site)
    return "".join(frames[0].out)


def _pieces(content: str) -> Iterator[tuple[str, re.Match[str] | None]]:
    """Yield the HTML before each comment of a block, with that comment; what is after the last, with `None`."""
    place = start = 0
    while (start := content.find("<!--", start)) >= 0 and (end := content.find("-->", start)) >= 0:
        if found := _BLOCK.match(content, start + 4, end):
            yield content[place:start], found
            place = end + 3
        start = end + 3
    yield content[place:], None


def _short(name: str) -> str:
    return name.removeprefix("core/")


def _classic(html: str) -> str:
    """Return what stands between blocks: text of the classic editor."""
    return paragraphs(html) if html.strip() and not any(each in html for each in _HTML_CLASSIC) else html


def _attributes(rest: str) -> Mapping[str, Any]:
    start, end = rest.find("{"), rest.rfind("}")
    if start < 0 or end < start:
        return {}
    try:
        found = schema.from_text(rest[start : end + 1])
    except Unreadable:
        return {}
    return found if isinstance(found, dict) else {}


def _open(frames: list[_Frame], found: re.Match[str], site: Site) -> None:
    frame = _Frame(_short(found["name"]), _attributes(found["rest"]))
    if found["rest"].rstrip().endswith("/"):
        frames[-1].out.append(_alone(frame, site))
    elif len(frames) <= _DEEPEST:
        frames.append(frame)


def _close(frames: list[_Frame], name: str, site: Site) -> None:
    if name in [frame.name for frame in frames[1:]]:
        while frames[-1].name != name:
            _pop(frames, site)
        _pop(frames, site)


def _pop(frames: list[_Frame], site: Site) -> None:
    frame = frames.pop()
    if frame.name in _ANEW:
        site.note(frame.name)
    else:
        frames[-1].out.append(_made(frame, "".join(frame.out)))


def _alone(frame: _Frame, site: Site) -> str:
    """Return the HTML of a block that has none inside."""
    if frame.name == "footnotes":
        return _footnotes(site.footnotes)
    if frame.name == "block" and (shared := site.pattern(_number(frame.attributes.get("ref")))) is not None:
        return shared
    address = frame.attributes.get("url")
    if _is_embed(frame.name) and isinstance(address, str):
        return cards.embed(address)
    if frame.name not in _DROPPED | _EMPTY:
        site.note(frame.name)
    return ""


def _number(value: object) -> int:
    return value if isinstance(value, int) else -1


def _is_embed(name: str) -> bool:
    return name == "embed" or name.startswith("core-embed/")


def _made(frame: _Frame, content: str) -> str:
    if frame.name in _DROPPED:
        return ""
    if frame.name in ("freeform", "classic"):
        return _classic(content)
    if _is_embed(frame.name):
        return _embed(frame.attributes, content)
    if frame.name == "gallery":
        return _LIST_TAG.sub("", content)
    return _FILE_BUTTON.sub("", content) if frame.name == "file" else content


def _embed(attributes: Mapping[str, Any], content: str) -> str:
    given = attributes.get("url")
    found = _ADDRESS.search(given if isinstance(given, str) else content)
    return cards.embed(found[0], caption_html=_caption(content)) if found else content


def _caption(content: str) -> str:
    """Return what is in the first caption, `""` when there is none; looks for its end once."""
    start = _CAPTION.search(content)
    end = _CAPTION.search(content, start.end()) if start and not start[1] else None
    return content[start.end() : end.start()] if start and end and end[1] else ""


# -- footnotes ------------------------------------------------------------------------------------------------------------

_REFERENCE = re.compile(
    r'<sup\b[^<>]{0,300}?data-fn="(?P<id>[\w-]{1,100})"[^<>]{0,300}>\s*<a\b[^<>]*>[^<>]*</a>\s*</sup>',
    re.IGNORECASE,
)


def _footnotes(written: str) -> str:
    """Return the list of notes."""
    return end_notes((number, str(each.get("content", ""))) for number, each in enumerate(_listed(written), start=1))


def _listed(written: str) -> list[Mapping[str, Any]]:
    try:
        notes = schema.from_text(written) if written else []
    except Unreadable:
        return []
    return [each for each in notes if isinstance(each, dict)] if isinstance(notes, list) else []


def references(html: str, footnotes: str) -> str:
    """Return HTML in which the marks of footnotes lead to the notes of that list."""
    notes = Notes(str(each.get("id", number)) for number, each in enumerate(_listed(footnotes)))
    return _REFERENCE.sub(lambda found: notes.mark(found["id"]) if notes.knows(found["id"]) else "", html)
