"""Texts that are HTML, or look like it: only as much of it is read as rules ask about."""

from __future__ import annotations

import re
from collections import Counter
from functools import cached_property

__all__ = ["Html", "looks_like_html"]

_NAME = re.compile(r"<(/?[A-Za-z][A-Za-z0-9:]*)")
_WITH_ATTRIBUTES = re.compile(r"<([A-Za-z][A-Za-z0-9:]*)(\s[^<>]+)>")
_ATTRIBUTE = re.compile(r"""(?<![^\s"'/])([^\s"'<>/=]++)\s*+=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""")
_USUAL = (
    "a|abbr|acronym|address|b|big|blockquote|br|center|cite|code|dd|del|div|dl|dt|em|embed|figure|font|h[1-6]|hr|i|iframe|img|ins|li|"
    "object|ol|p|pre|q|s|script|small|span|strike|strong|style|sub|sup|table|tbody|td|th|tr|tt|u|ul|video"
)
_LIKE_HTML = re.compile(rf"</?(?:{_USUAL})(?:\s[^<>]*)?/?>|&(?:[A-Za-z]{{2,8}}|#\d{{2,6}}|#x[0-9A-Fa-f]{{2,6}});", re.IGNORECASE)


def looks_like_html(text: str | None) -> str:
    """Return the first tag or character reference in a text that should be plain, `""` when there is none."""
    if not text or ("<" not in text and "&" not in text):
        return ""
    found = _LIKE_HTML.search(text)
    return found[0] if found else ""


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
