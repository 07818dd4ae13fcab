"""What KOReader's engine for EPUB, crengine, shows otherwise; its developers say so (read 2026-11-25)."""

from __future__ import annotations

from collections.abc import Iterator

from publisher.formats.epub.rules.book import Book, at, quoted
from publisher.formats.epub.rules.looks import declarations
from publisher.problems import Finding, Severity, rule

_HIDING = ("clip", "clip-path")


@rule(Severity.INFO, spec="https://github.com/koreader/koreader/issues/11377", hint="hide it by display: none, or show it")
def epub_koreader_text_shown(book: Book) -> Iterator[Finding]:
    """KOReader knows no clip: what is hidden so, for screen readers alone, is shown as text."""
    for each in declarations(book):
        if each.name in _HIDING and each.value.split()[0].lower() not in ("auto", "none", "inherit", "initial", "unset"):
            yield at(each.where, f"the style sheet says {quoted(each.said)} for {quoted(each.selector)}")
