"""Texts that are HTML, or look like it: only as much of it is read as rules ask about."""

from __future__ import annotations

import re
from collections import Counter
from functools import cached_property, lru_cache

__all__ = ["Html", "garbled", "html_of", "looks_like_html", "title_like_html"]

_NAME = re.compile(r"<(/?[A-Za-z][A-Za-z0-9:]*)")
_WITH_ATTRIBUTES = re.compile(r"<([A-Za-z][A-Za-z0-9:]*)(\s[^<>]+)>")
_ATTRIBUTE = re.compile(r"""(?<![^\s"'/])([^\s"'<>/=]++)\s*+=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""")
_USUAL = (
    "a|abbr|acronym|address|b|big|blockquote|br|center|cite|code|dd|del|div|dl|dt|em|embed|figure|font|h[1-6]|hr|i|iframe|img|ins|li|"
    "object|ol|p|pre|q|s|script|small|span|strike|strong|style|sub|sup|table|tbody|td|th|tr|tt|u|ul|video"
)
_LIKE_HTML = re.compile(rf"</?(?:{_USUAL})(?:\s[^<>]*)?/?>|&(?:[A-Za-z]{{2,8}}|#\d{{2,6}}|#x[0-9A-Fa-f]{{2,6}});", re.IGNORECASE)


_GARBLED = re.compile(
    "(?<![A-Z\u00c0-\u00de])(?:\u00c3[\x80-\xbf]|\u00c2[\xa0\u00ab\u00bb\u00b0\u00a9\u00ae\u00b4\u00b7])"
    r'|\u00e2\u20ac[\x80-\x9f\u2122\u0153\u017e\u201c\u201d\u02dc\u00a6\u00a2\u0161"]|\u00ef\u00bf\u00bd|(?<=\w)\ufffd|\ufffd(?=\w)'
)
"""What UTF-8 looks like that was read as windows-1252; words in capitals can end in a letter of these."""


_GARBLED_SIGNS = ("\u00c3", "\u00c2", "\u00e2\u20ac", "\u00ef\u00bf\u00bd", "\ufffd")
"""One of these is in all of them: to look for them costs little, for their first character next to nothing."""


def garbled(text: str | None) -> str:
    """Return the first signs of UTF-8 that was read as another encoding, with what is around them, `""` when there are none."""
    if not text or text.isascii():
        return ""
    return _known_garbled(text) if len(text) < _REMEMBERED else _garbled(text)


def _garbled(text: str) -> str:
    if not any(each[0] in text and each in text for each in _GARBLED_SIGNS):
        return ""
    found = _GARBLED.search(text)
    return text[max(found.start() - 12, 0) : found.end() + 12].strip() if found else ""


def looks_like_html(text: str | None) -> str:
    """Return the first tag or character reference in a text that should be plain, `""` when there is none."""
    if not text or ("<" not in text and "&" not in text):
        return ""
    found = _LIKE_HTML.search(text)
    return found[0] if found else ""


def title_like_html(text: str | None) -> str:
    """Return the first tag or character reference in a title, `""` when it can be one that is written about HTML.

    `The <b> tag explained` is such a one: a single tag that nothing closes, or the references for its brackets.
    """
    found = [each[0] for each in _LIKE_HTML.finditer(text or "")] if looks_like_html(text) else []
    about = all(each in ("&lt;", "&gt;") for each in found) or (len(found) == 1 and found[0][0] == "<" and "/" not in found[0])
    return "" if about else found[0]


def html_of(text: str) -> Html:
    """Return the tags in a text; those of short ones are remembered, since an article is in several feeds."""
    return _known_html(text) if len(text) < _REMEMBERED else Html(text)


class Html:
    """The tags in a text, as far as regular expressions see them: no tree is made, since a feed has thousands of texts."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.names = self._names()
        self._tags: list[tuple[str, str]] = _WITH_ATTRIBUTES.findall(text) if self.names else []

    def _names(self) -> Counter[str]:
        """How often each tag is there; end tags begin with a slash."""
        found = Counter(_NAME.findall(self.text))
        if all(map(str.islower, found)):
            return found
        folded: Counter[str] = Counter()
        for name, count in found.items():
            folded[name.lower()] += count
        return folded

    @cached_property
    def attributes(self) -> list[tuple[str, str, str]]:
        """Tag, name and value of every attribute."""
        return [
            (tag.lower(), name.lower(), double or single or bare)
            for tag, attributes in self._tags
            for name, double, single, bare in _ATTRIBUTE.findall(attributes)
        ]

    @property
    def silent_pictures(self) -> bool:
        """Whether there is a picture without alt."""
        pictures = [attributes for tag, attributes in self._tags if tag.lower() == "img"] if self.names["img"] else []
        return len(pictures) < self.names["img"] or any("alt" not in each.lower() for each in pictures)


_REMEMBERED = 100_000
"""Characters of a text about which it is remembered what was found."""
_known_html = lru_cache(maxsize=128)(Html)
_known_garbled = lru_cache(maxsize=256)(_garbled)
