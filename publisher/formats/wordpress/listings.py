"""Program text in shortcodes, as SyntaxHighlighter has it (https://wordpress.org/plugins/syntaxhighlighter/): no character means markup."""

from __future__ import annotations

import re

from publisher.formats.wordpress import shortcodes
from publisher.text import escape

__all__ = ["with_listings"]

_START = re.compile(r"(?<!\[)\[(?P<name>sourcecode|source|code|highlight)(?P<rest>(?:[\s=][^\[\]<>]{0,500})?)\](?!\])", re.IGNORECASE)
_END = re.compile(r"\[/(sourcecode|source|code|highlight)\]", re.IGNORECASE)
_MARKED = re.compile(r"\s*<(?:/p|br|pre)\b", re.IGNORECASE)
"""How what the visual editor has put into paragraphs begins: that is left to the other shortcodes."""
_LANGUAGE = re.compile(r"[A-Za-z][\w+#.-]{0,39}")


def with_listings(html: str) -> str:
    """Return a text with each shortcode around program text replaced by `<pre><code>`; one that is never closed is text."""
    out, place = list[str](), 0
    last = {found[1].lower(): found.start() for found in _END.finditer(html)}
    for found in shortcodes.outside(html, _START) if last else ():
        name = found["name"].lower()
        if found.start() < place or last.get(name, -1) < found.end():
            continue
        ending = next(each for each in _END.finditer(html, found.end()) if each[1].lower() == name)
        inside = html[found.end() : ending.start()]
        out += (
            html[place : found.start()],
            html[found.start() : ending.end()] if _MARKED.match(inside) else _listing(found["rest"], inside),
        )
        place = ending.end()
    return "".join((*out, html[place:]))


def _listing(rest: str, inside: str) -> str:
    """Return the markup of a listing: the plugin keeps `<` as an entity, older posts have it as it was typed."""
    given = shortcodes.attributes(rest)
    named = next((given[name] for name in ("language", "lang", "0") if name in given), "")
    kind = f' class="language-{escape(named.lower())}"' if _LANGUAGE.fullmatch(named) else ""
    text = re.sub(r"\A[ \t]*\r?\n", "", inside).rstrip()
    return f"<pre><code{kind}>{escape(text) if '<' in text or '>' in text else text}</code></pre>"
