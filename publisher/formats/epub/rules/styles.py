"""CSS in a book: what it refers to, and what it must not say (EPUB 3.3, 6.3)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from publisher.formats.epub.rules.book import SPEC, Book, Spot, Style, at, quoted
from publisher.problems import Finding, Severity, rule

_URL = re.compile(r"""\burl\(\s*+(?:"([^"\n]*)"|'([^'\n]*)'|([^\s"'()]*))\s*+\)""", re.IGNORECASE)
_IMPORT = re.compile(r"""@import\s+(?:"([^"\n]*)"|'([^'\n]*)')""", re.IGNORECASE)
_CHARSET = re.compile(r'\s*@charset\s+"([^"]*)"', re.IGNORECASE)
_STRING = re.compile(r"""(?P<mark>["'])(?:(?!(?P=mark))[^\\\n]|\\[\s\S])*+\\?(?:(?P=mark)|(?=\n)|\Z)|\burl\([^()]*\)""", re.IGNORECASE)
"""Also one that is not closed, which ends with its line."""
_DIRECTION = re.compile(r"(?<=[{;\s])(direction|unicode-bidi)\s*:[^:{};]*(?=[;}])", re.IGNORECASE)
_FIXED = re.compile(r"(?<=[{;\s])position\s*:\s*fixed\b", re.IGNORECASE)
_FONT_FACE = re.compile(r"@font-face\s*\{[^{}]*\}", re.IGNORECASE)
_NAMESPACE = re.compile(r"@namespace[^;{}@]*;", re.IGNORECASE)
_ELSEWHERE = ("http:", "https:", "//")


def _references(text: str) -> Iterator[tuple[int, str]]:
    """Yield the addresses in CSS with where they begin; a namespace is no address of a file."""
    files = _blank(_NAMESPACE, text)
    for pattern in (_IMPORT, _URL):
        for found in pattern.finditer(files):
            yield found.start(), next(filter(None, found.groups()), "").strip()


def _blank(pattern: re.Pattern[str], text: str) -> str:
    """Return the text with spaces where the pattern is found, and all else in its place."""
    return pattern.sub(lambda found: re.sub(r"[^\n]", " ", found[0]), text)


@rule(Severity.ERROR, spec=f"{SPEC}#sec-manifest-elem", hint="put the file into the book and list it in the manifest")
def epub_css_resource_missing(book: Book) -> Iterator[Finding]:
    """A style sheet's pictures, fonts and imports are in the manifest."""
    for style in book.styles:
        for place, href in _references(style.text):
            target = book.resolve(style.path, href) if href else None
            if not href:
                yield at(style.where(place), "an address is empty")
            if target is not None and href[:1] not in "#?" and target not in book.paths:
                yield at(style.where(place), f"there is no {quoted(href)}")


@rule(Severity.ERROR, spec=f"{SPEC}#sec-resource-locations", hint="put the file into the book")
def epub_css_resource_remote(book: Book) -> Iterator[Finding]:
    """A style sheet needs nothing from the web but fonts."""
    for style in book.styles:
        for place, href in _references(_blank(_FONT_FACE, style.text)):
            if href.lower().startswith(_ELSEWHERE):
                yield at(style.where(place), f"{quoted(href)} is not in the book")


@rule(Severity.ERROR, spec=f"{SPEC}#sec-css-req", hint="save the style sheet as UTF-8")
def epub_css_encoding(book: Book) -> Iterator[Finding]:
    """Style sheets are UTF-8; what they put before a quotation is garbage else."""
    for path, item in book.paths.items():
        data = book.bytes(path) if item.media_type == "text/css" else None
        if data is None or data.startswith((b"\xff\xfe", b"\xfe\xff")):
            continue
        declared = _CHARSET.match(data[:200].decode("latin-1"))
        if declared and declared[1].lower() not in ("utf-8", "utf8"):
            yield at(Spot(path=path, line=1, column=1), f"the charset is {quoted(declared[1])}")
        elif not _is_utf8(data):
            yield at(Spot(path=path), "this is not UTF-8")


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


@rule(Severity.ERROR, spec=f"{SPEC}#sec-css-req", hint="say it in the attribute dir")
def epub_css_direction(book: Book) -> Iterator[Finding]:
    """The direction of a text is part of it: it must be there without style sheets, too."""
    for style in book.styles:
        for found in _DIRECTION.finditer(without_strings(style)):
            yield at(style.where(found.start()), f"the style sheet says {quoted(found[0])}")


def without_strings(style: Style) -> str:
    """Return the CSS with strings and addresses blank, and all else in its place."""
    return _blank(_STRING, style.text)


@rule(Severity.ERROR, spec="https://www.w3.org/TR/css-syntax-3/#parse-errors", hint="close every brace and comment, and open none twice")
def epub_css_unclosed(book: Book) -> Iterator[Finding]:
    """After a brace that is not closed, all rules are one rule, and most of them do nothing."""
    for style in book.styles:
        text = without_strings(style)
        if not style.closed:
            yield at(style.where(len(style.text.rstrip())), "a comment does not end")
        elif text.count("{") != text.count("}"):
            yield at(
                style.where(max(text.rfind("{"), text.rfind("}"))),
                f"there are {text.count('{')} braces opened and {text.count('}')} closed",
            )


@rule(Severity.INFO, spec=f"{SPEC}#sec-css-req", hint="place it in the flow of the text")
def epub_css_position_fixed(book: Book) -> Iterator[Finding]:
    """On pages that are turned nothing stays where it is; what is fixed is shown once, or over the text."""
    for style in book.styles:
        for found in _FIXED.finditer(without_strings(style)):
            yield at(style.where(found.start()), f"the style sheet says {quoted(found[0])}")
