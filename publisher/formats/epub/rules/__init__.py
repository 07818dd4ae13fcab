"""What must hold for a book, as rules by subject; EPUBCheck and Ace know more, and these need neither Java nor a browser.

Read 2026-11-24: EPUB 3.3, EPUB Accessibility 1.1, EPUB SSV 1.1, HTML, and of EPUB 2.0.1 what differs.
A problem's pointer is `EPUB/nav.xhtml:/html/body/nav[2]`: the file in the book, and the element in it;
line and column are those in that file.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from types import MappingProxyType, ModuleType
from typing import Any

from publisher.archives import Archive
from publisher.formats.epub.rules import (
    accessibility,
    apple,
    attributes,
    container,
    content,
    google,
    kindle,
    kobo,
    koreader,
    navigation,
    package,
    pages,
    practice,
    resources,
    styles,
)
from publisher.formats.epub.rules.book import Book
from publisher.problems import Problem, Rule, Severity, Unreadable, rules_in

__all__ = ["SUBJECTS", "TARGETS", "check"]

_MOST = {Severity.ERROR: 100, Severity.WARNING: 100, Severity.INFO: 10}
"""How often a rule is told about one book."""

SUBJECTS = (container, package, resources, navigation, pages, content, attributes, styles, accessibility, practice)
TARGETS: Mapping[str, ModuleType] = MappingProxyType(
    {"kindle": kindle, "kobo": kobo, "apple": apple, "google": google, "koreader": koreader}
)
"""Devices and shops, each with the rules that hold only there."""

_RULES: tuple[Rule[Any], ...] = tuple(each for subject in SUBJECTS for each in rules_in(vars(subject)))


def check(body: bytes, targets: Collection[str] = ()) -> list[Problem]:
    """Return what is wrong with the book, also on the devices and in the shops asked for; never raise."""
    try:
        book = Book(Archive(body))
    except Unreadable as error:
        return list(error.problems)
    asked = (each for name, subject in TARGETS.items() if name in targets for each in rules_in(vars(subject)))
    return [found for each in (*_RULES, *asked) for found in each.first(book, book.locate, _MOST[each.severity])]
