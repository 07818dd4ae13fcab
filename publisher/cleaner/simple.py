"""Simple bodies, made canonical at once, without a tree.

Most texts are paragraphs, headings, lists and pictures, and most markup that is read was written by us or by a program.
What this small grammar allows to its last character the cleaner would give back as it is, but for addresses; all else is parsed.
Nothing is believed here that the cleaner would not write itself: tests hold that it makes the same of everything this knows.
An article (3.4 kB) takes 40 µs so, and 250 with a tree.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache

from publisher.cleaner.naming import UNSEEN
from publisher.cleaner.repairs import FILE_NAME
from publisher.text import allowed, escape

__all__ = ["canonical"]

_DEEPEST = 30
_INLINE = "em strong code i b u s q sub sup small mark cite kbd samp var del ins".split()
_HEADINGS = "h2 h3 h4 h5 h6".split()
_VOID = frozenset(("br/", "hr/", "img"))
_IN_LINE = frozenset((*_INLINE, "a"))
_BLOCKS = frozenset(("p", *_HEADINGS, "ul", "ol", "blockquote", "figure", "hr/"))
_INSIDE: Mapping[str, frozenset[str]] = {
    **dict.fromkeys(("body", "blockquote"), _BLOCKS),
    **dict.fromkeys(("ul", "ol"), frozenset(("li",))),
    **dict.fromkeys(_IN_LINE, _IN_LINE),
    **dict.fromkeys((*_HEADINGS, "figcaption"), _IN_LINE | {"br/"}),
    "p": _IN_LINE | {"br/", "img"},
    "li": _IN_LINE | {"br/", "p", "ul", "ol"},
    "figure": frozenset(("img", "figcaption")),
}
"""What may stand right inside each element; a picture only where no text is beside it that could say the same."""
_NAME = re.compile(r"<([^\s<>]+)")
_ALTERNATIVE = re.compile(r' alt="([^"]*)"')


def canonical(markup: str, resolve: Callable[[str], str | None]) -> str | None:
    """Return the canonical body made of markup when that is simple, else `None`.

    It may be canonical already, HTML with void elements without a slash, or have the white space and the positions of comrak's.
    """
    body = markup
    if not body.lstrip().startswith("<"):
        return None
    if not _grammar().fullmatch(body) and not _grammar().fullmatch(body := _without_spelling(markup)):
        return None
    if "  " in body or not (body.isprintable() or allowed(body) == body):
        return None
    names = _NAME.findall(body)
    if not _is_nested(names) or not _is_outlined(names) or ("img" in names and _names_files(body)):
        return None
    linked = _readdressed(body, '<a href="', "", resolve) if "a" in names else body
    return linked and (_readdressed(linked, ' src="', "http", resolve) if "img" in names else linked)


_POSITION = re.compile(r'(<[a-z]+[1-6]?) data-sourcepos="[0-9:-]*"(?=[ />])')
"""Where comrak puts it, right after the name: inside a value that a quote ends too early it is none."""
_BEFORE_BLOCK = re.compile(r"\n(?=\n|</?(?:p|h[1-6]|[uo]l|li|blockquote|figure|figcaption|hr)\b|\Z)")
_PICTURE = re.compile(r'<img src="([^"<>]*)" alt="([^"<>]*)" />')
_VOID_IN_HTML = re.compile(r"<(br|hr|img [^<>]*[^<>/])>")


def _without_spelling(markup: str) -> str:
    """Return markup with quotes in text, void elements and white space between blocks as a body has them."""
    body = _POSITION.sub(r"\1", markup) if "data-sourcepos" in markup else markup
    if any(each.rfind(">") > each.rfind("<") for each in body.split('"')[:-1]):
        body = _with_quotes(body)
    if "\n" in body:
        body = _BEFORE_BLOCK.sub("", body.replace("<br />\n", "<br/>")).replace("\n", " ")
    if " />" in body:
        body = _PICTURE.sub(r'<img alt="\2" src="\1"/>', body.replace("<br />", "<br/>").replace("<hr />", "<hr/>"))
    return _VOID_IN_HTML.sub(r"<\1/>", body) if "<br>" in body or "<hr>" in body or "<img " in body else body


def _with_quotes(body: str) -> str:
    """Return markup with escaped quotes in its text, as a tree is not written."""
    pieces = (each.partition(">") for each in body.split("<"))
    return "<".join(tag + end + text.replace('"', "&quot;") for tag, end, text in pieces)


@cache  # not before it is needed: it takes a few milliseconds
def _grammar() -> re.Pattern[str]:
    """Return the pattern of tags and text between them; it takes all it can and gives nothing back, so that one pass is enough."""
    white = "\t\n\r\f\v\x1c-\x1f\x85\u1680\u2000-\u200a\u2028\u2029\u205f\u3000"
    text = rf'(?:[^<>&"{white}{UNSEEN}]++|&(?:amp|lt|gt|quot);)++'
    address = r"(?!\#)(?:[!$%'-;=?-~\#]++|&amp;)++"
    inline, headings = "|".join(_INLINE), "|".join(_HEADINGS)
    opened = rf'<(?:{inline}|a[ ]href="{address}")>'
    closed = "|".join(f"(?<=</{each}>)" for each in (*_INLINE, "a"))
    return re.compile(
        rf"""(?=<)(?: {text}
        | (?={opened}[ <])(?<![ ])(?:(?<=[^\s>])|{closed})(?:{opened})++(?=[ ](?:[^\s<]|<[^/]))
        | {opened}(?!\s|</)
        | (?<![ ])</(?:{inline}|a)>
        | (?<![ ])<br/>(?!\s)
        | (?<![ ])(?<!<br/>)<(?:
            (?:p|{headings}|li|figcaption)>(?!\s|</|<br/>)
            | (?:ul|ol(?:[ ]start="-?[0-9]{{1,6}}")?)>(?=<li>)
            | /(?:p|{headings}|li|ul|ol|blockquote|figcaption|figure)>(?=<(?!br/>)|\Z)
            | blockquote>(?=<)(?!</)
            | figure>(?=<img[ ])
            | hr/>(?=<|\Z) )
        | (?:(?<=<p>)|(?<=<figure>))<img[ ]alt="(?:(?!\s){text}(?<![ ]))?"(?:[ ]height="[0-9]{{1,5}}")?[ ]src="{address}"
          (?:[ ]width="[0-9]{{1,5}}")?/>(?=</p>|<figcaption>|</figure>)
        )*+""",
        re.VERBOSE,
    )


def _is_nested(names: list[str]) -> bool:
    """Return whether every tag has its other one, and every element stands where it may."""
    around = ["body"]
    inside = _INSIDE["body"]
    for name in names:
        if name[0] == "/":
            if around.pop() != name[1:]:
                return False
            inside = _INSIDE[around[-1]]
        elif name not in inside or (name == "a" and "a" in around):
            return False
        elif name not in _VOID:
            around.append(name)
            inside = _INSIDE[name]
    return len(around) == 1


def _is_outlined(names: list[str]) -> bool:
    """Return whether headings begin at the second level and leave none out."""
    level = 1
    for each in [int(name[1]) for name in names if name in _HEADINGS]:
        if each > level + 1:
            return False
        level = each
    return True


def _names_files(body: str) -> bool:
    """Return whether an alternative text is the name of a file: its author is to be told."""
    return any(map(FILE_NAME.fullmatch, _ALTERNATIVE.findall(body)))


def _readdressed(body: str, before: str, begin: str, resolve: Callable[[str], str | None]) -> str | None:
    """Return the body with absolute addresses where `before` is in front of one, `None` when one cannot be."""
    first, *rest = body.split(before)
    pieces = [first]
    for each in rest:
        written, quote, after = each.partition('"')
        found = resolve(written.replace("&amp;", "&"))
        if not found or not found.startswith(begin):
            return None
        pieces.append(f"{escape(found)}{quote}{after}")
    return before.join(pieces)
