"""Paragraphs where people only pressed Enter: an empty line ends one, a single end of line is a line break.

So do WordPress (`wpautop`, https://developer.wordpress.org/reference/functions/wpautop/) and Movable Type ("convert line breaks").
Written anew after what they are documented to do, since theirs go over the text with some thirty expressions, one after the other.
Deviations: comments, scripts and style sheets go, and no tag is closed or opened that `markup.clean` mends anyway.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator

__all__ = ["paragraphs", "tokens"]

_BLOCKS = frozenset(
    "address article aside blockquote caption col colgroup dd details div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 "
    "header hgroup hr legend li main map menu nav ol p pre section summary table tbody td tfoot th thead tr ul".split()
)
_VOID = frozenset(("hr", "col"))
_WHOLE = frozenset(("pre", "textarea", "svg", "script", "style"))
"""Elements in which no end of line means anything new."""
_SILENT = frozenset(("script", "style", "!--"))
_TAG = re.compile(r"<(?:(?P<close>/)?(?P<name>[A-Za-z][A-Za-z0-9:-]*+)(?:[^<>\"']|\"[^\"<]*\"|'[^'<]*')*+>|(?P<comment>!--))")
_EMPTY_LINE = re.compile(r"\n[ \t\f\xa0]*(?:\n[ \t\f\xa0]*)+")
_BREAK_LAST = re.compile(r"<br\s{0,9}/?>\Z", re.IGNORECASE)
_SPACES = " \t\n\r\f"


def tokens(html: str, whole: frozenset[str] = _WHOLE) -> Iterator[tuple[str, str]]:
    """Yield the pieces of a text: the name of a tag with it (`/p` for an end), `""` with text between tags.

    An element among `whole` is one piece with all that is in it; so is a comment, called `!--`. Never looks twice for an end.
    """
    place, missing = 0, set[str]()
    while found := _TAG.search(html, place):
        if found.start() > place:
            yield "", html[place : found.start()]
        name, end = (found["name"] or "!--").lower(), found.end()
        if (name in whole and not found["close"]) or found["comment"]:
            end = _end_of(html, name, end, missing)
        yield ("/" if found["close"] else "") + name, html[found.start() : end]
        place = end
    if place < len(html):
        yield "", html[place:]


def _end_of(html: str, name: str, start: int, missing: set[str]) -> int:
    """Return where an element or comment ends that is one piece; right after its tag when it is never closed."""
    if name in missing:
        return start
    closed = re.compile("-->" if name == "!--" else rf"</{name}\s*>", re.IGNORECASE).search(html, start)
    if closed is None:
        missing.add(name)
    return closed.end() if closed else start


def paragraphs(text: str, embed: Callable[[str], str | None] | None = None, *, lines: bool = True) -> str:
    """Return HTML in which the paragraphs of `text`, which may have tags, are marked; two line breaks are the end of one, too.

    `embed` may give the markup for a line that is nothing else; `None` leaves it. Without `lines` the ends of lines mean nothing.
    """
    maker = _Maker(embed, lines=lines)
    for name, piece in tokens(text.replace("\r\n", "\n").replace("\r", "\n")):
        maker.take(name, piece)
    return maker.done()


class _Maker:
    """Collects what is on one line with each other, until a block begins or ends."""

    def __init__(self, embed: Callable[[str], str | None] | None, *, lines: bool) -> None:
        self._embed = embed
        self._lines_count = lines
        self._break = -1  # where in the run a line break is that nothing but space follows
        self._out: list[str] = []
        self._run: list[str] = []
        self._open: list[str] = []
        self._how_many: Counter[str] = Counter()

    def take(self, name: str, piece: str) -> None:
        """Take the next piece, as `tokens` gives it."""
        tag = name.lstrip("/")
        if name in _SILENT:
            return
        if tag not in _BLOCKS:
            self._inline(name, piece)
            return
        self._flush()
        self._out.append(piece)
        if name.startswith("/"):
            self._close(tag)
        elif tag not in _VOID and tag not in _WHOLE:
            self._open.append(tag)
            self._how_many[tag] += 1

    def _inline(self, name: str, piece: str) -> None:
        if name == "br" and self._break >= 0:
            self._run[self._break :] = ["\n\n"]
            self._break = -1
            return
        if name == "br":
            self._break = len(self._run)
        elif name or piece.strip(_SPACES):
            self._break = -1
        self._run.append(piece if not name and self._lines_count else piece.replace("\n", " "))

    def done(self) -> str:
        """Return all that was taken."""
        self._flush()
        return "".join(self._out)

    def _close(self, tag: str) -> None:
        while self._how_many[tag]:
            closed = self._open.pop()
            self._how_many[closed] -= 1
            if closed == tag:
                return

    def _flush(self) -> None:
        """Write the run as paragraphs; one alone inside of a block is the text of that block."""
        run, self._run, self._break = "".join(self._run).strip(_SPACES), [], -1
        pieces = [self._lines(each) for each in _EMPTY_LINE.split(run) if each.strip(_SPACES)]
        parent = self._open[-1] if self._open else ""
        if parent == "p":
            self._out.append("</p><p>".join(pieces))
        elif len(pieces) == 1 and parent not in ("", "blockquote"):
            self._out.append(pieces[0])
        else:
            self._out += (f"<p>{each}</p>" for each in pieces)

    def _lines(self, piece: str) -> str:
        lines = [_BREAK_LAST.sub("", each.strip(" \t")).rstrip(" \t") for each in piece.strip(_SPACES).split("\n")]
        return "<br/>\n".join((self._embed and self._embed(each)) or each for each in lines)
