"""Text in columns from top to bottom, the first one at the right: Chinese, Japanese and Korean where the publisher wants it.

The style sheet does it for pages of the class `vertical` (CSS Writing Modes 4, https://www.w3.org/TR/css-writing-modes-4/);
Mongolian in its own script is never set otherwise, so there the language alone is enough.
A number of one or two digits stands upright in its column, as Japanese newspapers have it (JLREQ, 3.2.5): engines know no
`text-combine-upright: digits`, so it gets a `span`, which `markup.fragment` leaves out on reading.
"""

from __future__ import annotations

import re

__all__ = ["in_columns", "is_columnar"]

_LANGUAGE = re.compile(r"(?:zh|yue|ja|ko)(?:-(?!Latn)[A-Za-z0-9]+)*")
_HTML = re.compile(r'<html [^<>]*? lang="([^"]*)"')
_LEAVES = re.compile(
    r"<(pre|code|kbd|samp|script|style)\b.*?</\1>|<[^>]*>|&[^;]*;|(?<![0-9A-Za-z.,:/+-])(?P<number>[0-9]{1,2})(?![0-9A-Za-z.,:/+-])",
    re.DOTALL,
)
"""Tags and what stays as it is, besides the numbers."""


def is_columnar(language: str) -> bool:
    """Return whether a language can be set in columns."""
    return bool(_LANGUAGE.fullmatch(language))


def in_columns(page: bytes) -> bytes:
    """Return a page of ours set in columns when its language can be."""
    text = page.decode()
    root = _HTML.search(text)
    if not root or not is_columnar(root[1]):
        return page
    head, body, rest = text.partition("<body")
    head = f'{head[: root.start()]}<html class="vertical"{head[root.start() + 5 :]}'
    return f"{head}{body}{_LEAVES.sub(_upright, rest)}".encode()


def _upright(found: re.Match[str]) -> str:
    return f'<span class="upright">{found[0]}</span>' if found["number"] else found[0]
