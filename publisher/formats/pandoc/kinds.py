"""Which of pandoc's formats a file is in."""

from __future__ import annotations

import re

from publisher import archives
from publisher.formats import beginning, ending

__all__ = ["FICTIONBOOK", "ODT", "RTF", "kind_of"]

ODT, RTF, FICTIONBOOK = "odt", "rtf", "fb2"
_OPEN_DOCUMENT = b"mimetypeapplication/vnd.oasis.opendocument.text"
_BEGINNINGS = (
    ("latex", re.compile(rb"(?:\s*%[^\n]*\n)*\s*\\(?:documentclass|documentstyle|RequirePackage|begin\{document\})")),
    ("org", re.compile(rb"(?:\s*#[^\n]*\n){0,20}\s*#\+(?:TITLE|AUTHOR|OPTIONS|DATE):", re.IGNORECASE)),
    ("ipynb", re.compile(rb'\{\s*"(?:cells|metadata|nbformat)"\s*:')),
)
_ROOTS = (
    (FICTIONBOOK, re.compile(rb"<FictionBook[\s>]")),
    ("jats", re.compile(rb"<!DOCTYPE\s+article\s+PUBLIC\s+\"-//NLM//DTD|<article\s[^<>]*\b(?:dtd-version|article-type)=")),
    (
        "docbook",
        re.compile(
            rb"<!DOCTYPE\s+(?:article|book|chapter)\s+PUBLIC\s+\"-//OASIS//DTD DocBook|<\w+\s[^>]*xmlns=\"http://docbook\.org/ns/docbook\""
        ),
    ),
)
_NOTEBOOK = re.compile(rb'"nbformat"\s*:\s*\d')
_ENDINGS = {
    **dict.fromkeys(("rst", "rest"), "rst"),
    **dict.fromkeys(("tex", "latex", "ltx"), "latex"),
    "org": "org",
    "textile": "textile",
    **dict.fromkeys(("mediawiki", "wiki"), "mediawiki"),
    "dokuwiki": "dokuwiki",
    "creole": "creole",
    "muse": "muse",
    "t2t": "t2t",
    "typ": "typst",
}
"""Texts that only their names tell apart."""
_NO_TEXT = re.compile(rb"[\0-\x08\x0e-\x1a]")


def kind_of(body: bytes, path: str = "") -> str | None:
    """Return the name of pandoc's format, `None` when it is none."""
    if archives.looks_like(body):
        return ODT if body[30 : 30 + len(_OPEN_DOCUMENT)] == _OPEN_DOCUMENT else None
    start = beginning(body)
    if start.startswith(b"{\\rtf"):
        return RTF
    if start.startswith(b"<"):
        return next((name for name, root in _ROOTS if root.search(start)), None)
    found = next((name for name, pattern in _BEGINNINGS if pattern.match(start)), None)
    if found == "ipynb":
        return found if _NOTEBOOK.search(body) else None
    named = _ENDINGS.get(ending(path))
    return found or (named if named and start and not _NO_TEXT.search(start) and b"\0" not in body[:4096] else None)
