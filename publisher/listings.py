"""What OPML, sitemaps and catalogues share: they list addresses, and hold no article; they are only checked."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from publisher.markup import Element, parse_xml
from publisher.places import XmlPlaces
from publisher.problems import Problem, Rule, Severity, Unreadable, check_all, problem
from publisher.schema import web_address

__all__ = ["check", "holds_no_articles", "is_address", "is_w3c_date", "root_name"]

_ROOT = re.compile(rb"<(?![?!])(?:[A-Za-z_][\w.-]*:)?([A-Za-z_][\w.-]*)")
_COMMENT = re.compile(rb"<!--.*?-->", re.DOTALL)
_W3C = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d)(?:T([01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d+)?)?(?:Z|[+-](?:0\d|1[0-4]):[0-5]\d))?)?)?")


def root_name(body: bytes) -> str:
    """Return the name of the first element at the beginning of the bytes, `""` when there is none."""
    found = _ROOT.search(_COMMENT.sub(b"", body[:4000]))
    return found[1].decode() if found else ""


def holds_no_articles(what: str, lists: str = "addresses") -> Unreadable:
    """Return what to raise when articles are wanted: only a warning, since among sources it is no mistake."""
    return Unreadable(problem("no-articles", Severity.WARNING, f"{what} lists {lists} and holds no article", hint="read what it lists"))


def check(body: bytes, rules: Iterable[Rule[Element]], malformed: str) -> list[Problem]:
    """Return what breaks the rules, or the one error, with the code `malformed`, that this is no XML."""
    try:
        root = parse_xml(body)
    except Unreadable as error:
        (found,) = error.problems
        return [replace(found, code=malformed)]
    return check_all(rules, root, XmlPlaces(root, body))


def is_address(value: str | None) -> bool:
    """Return whether this is an absolute address on the web."""
    return web_address(value) is not None


def is_w3c_date(value: str) -> bool:
    """Return whether this is a year, a month, a day or a moment with its zone (https://www.w3.org/TR/NOTE-datetime)."""
    if not (found := _W3C.fullmatch(value)):
        return False
    try:
        date(int(found[1]), int(found[2] or 1), int(found[3] or 1))
    except ValueError:
        return False
    return True
