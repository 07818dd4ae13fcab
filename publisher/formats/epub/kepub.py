"""Books for Kobo: the same pages, with the spans by which Kobo's reading system keeps bookmarks and notes; and without them again.

There is no specification; we do what kepubify 4 does, which was compared with books from Kobo's shop
(https://github.com/pgaskin/kepubify, `kepub/transform.go`, read 2026-11-25): each sentence, and each picture, is in a span
`kobo.P.S`, where P counts paragraphs, lists, tables and pictures, and S the spans in one; the page is in two `div`.
Deviations: nothing is put into SVG, MathML, `rp` and what is hidden; ids that a text has already are passed over;
no style sheet is added, since ours has nothing that Kobo's would mend.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from publisher.cleaner import local_name
from publisher.markup import Element

__all__ = ["spanned", "unwrap"]

_CLASS = "koboSpan"
_OUTER, _INNER = "book-columns", "book-inner"
_BODY = re.compile(r"<body\b[^<>]*>")
_TOKEN = re.compile(r"""<(/?)([A-Za-z][^\s/>]*+)((?:[^<>"']++|"[^"]*"|'[^']*')*+)>|<!--.*?-->|[^<]+|<""", re.DOTALL)
_END = re.compile(r"""[.!?:](?:['"”’“…]|&quot;|&#39;)?[\t\n\f\r ]*""")
"""What ends a sentence for Kobo, in escaped text, with the white space that follows."""
_TAKEN = re.compile(r'\sid="(kobo\.\d+\.\d+)"')
_HIDDEN = re.compile(r"\shidden\b")
_NUMBERED = frozenset(("p", "ol", "ul", "table"))
_AS_THEY_ARE = frozenset(("script", "style", "pre", "audio", "video", "svg", "math", "rp", "select", "textarea"))
"""What keeps its text as it is, or can have no spans in it."""
_GONE = "gone"


def spanned(page: bytes) -> bytes:
    """Return an XHTML page in UTF-8 with Kobo's spans; one that has some, or no body, stays as it is."""
    text = page.decode()
    body, end = _BODY.search(text), text.rfind("</body>")
    if not body or end < body.end() or f'class="{_CLASS}"' in text:
        return page
    start, inside = body.end(), text[body.end() : end]
    marked = "".join(_Spans(inside).parts())
    if f'id="{_OUTER}"' not in inside and f'id="{_INNER}"' not in inside:
        marked = f'<div id="{_OUTER}"><div id="{_INNER}">{marked}</div></div>'
    return f"{text[:start]}{marked}{text[end:]}".encode()


class _Spans:
    """One pass over the tags and texts of a body."""

    def __init__(self, body: str) -> None:
        self.body = body
        self.taken = frozenset(_TAKEN.findall(body))
        self.paragraph = self.segment = 0
        self.is_next = False
        """Whether the next span is the first of a paragraph."""
        self.open = [""]
        """The names of the elements that are open."""
        self.kept = 0
        """How deep we are in an element that stays as it is."""

    def parts(self) -> Iterator[str]:
        """Yield the body in pieces."""
        for token in _TOKEN.finditer(self.body):
            if token[2]:
                yield self.tag(token)
            elif self.kept or token[0].startswith("<"):
                yield token[0]
            else:
                yield from self.text(token[0])

    def tag(self, token: re.Match[str]) -> str:
        end, name, attributes = token[1], token[2], token[3]
        if end:
            self.open.pop()
            self.kept -= bool(self.kept)
        elif name == "img" and not self.kept:
            return self.picture(token[0])
        elif not attributes.endswith("/"):
            self.open.append(name)
            self.kept += bool(self.kept or name in _AS_THEY_ARE or _HIDDEN.search(attributes))
            self.is_next = self.is_next or (name in _NUMBERED and not self.kept)
        return token[0]

    def picture(self, tag: str) -> str:
        if self.open[-1] == "picture":
            return tag
        self.is_next = True
        return self.span(tag)

    def text(self, text: str) -> Iterator[str]:
        start = 0
        for found in _END.finditer(text):
            yield self.sentence(text[start : found.end()])
            start = found.end()
        yield self.sentence(text[start:]) if start < len(text) else ""

    def sentence(self, text: str) -> str:
        """Return a sentence in a span; white space only in a paragraph, since it means nothing in most other places."""
        return text if text.isspace() and self.open[-1] != "p" else self.span(text)

    def span(self, content: str) -> str:
        if self.is_next:
            self.paragraph, self.segment, self.is_next = self.paragraph + 1, 0, False
        self.segment += 1
        while (identifier := f"kobo.{self.paragraph}.{self.segment}") in self.taken:
            self.segment += 1
        return f'<span class="{_CLASS}" id="{identifier}">{content}</span>'


def unwrap(root: Element) -> None:
    """Take Kobo's spans and the two `div` out of a page's tree; what was in them stays, and is one text again."""
    found = [each for each in root.iter("{*}span") if _CLASS in (each.get("class") or "").split()]
    for each in (*found, *_wrappers(root)):
        each.tag = _GONE
    etree.strip_tags(root, _GONE)


def _wrappers(root: Element) -> Iterator[Element]:
    for outer in root.iter("{*}div"):
        if outer.get("id") == _OUTER and local_name(outer.getparent()) == "body" and len(outer) == 1 and outer[0].get("id") == _INNER:
            yield from (outer, outer[0])
