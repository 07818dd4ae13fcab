"""The attributes that elements keep, each checked; and tags, written anew."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Protocol

from publisher.text import escape, line

__all__ = ["Referring", "Resolve", "address", "attributes_of", "is_meaningful", "tag_of"]

Resolve = Callable[[str], str | None]

_NUMBER = re.compile(r"[0-9]{1,5}")
_INTEGER = re.compile(r"-?[0-9]{1,6}")
_TIME = r"([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?"
_DATETIME = re.compile(rf"\d{{4}}(-(0[1-9]|1[0-2]))?|{_TIME}|(?P<day>\d{{4}}-\d\d-\d\d)(T{_TIME}(Z|[+-]([01]\d|2[0-3]):[0-5]\d)?)?")
_LANGUAGE_CLASS = re.compile(r"language-[A-Za-z0-9+#._-]{1,40}")
_ROLES = {"a": ("doc-noteref", "doc-backlink"), "div": ("doc-endnotes",)}


class Referring(Protocol):
    """Who knows where references lead."""

    resolve: Resolve

    def href(self, value: str) -> str | None:
        """Return where a link goes, or `None` when it goes nowhere."""


Check = Callable[[str, Referring], str | None]


def _match(pattern: re.Pattern[str]) -> Check:
    return lambda value, _: found[0] if (found := pattern.fullmatch(value.strip())) else None


def _one_of(*values: str) -> Check:
    return lambda value, _: lowered if (lowered := value.strip().lower()) in values else None


def address(value: str, cleaner: Referring) -> str | None:
    """Return the address on the web that a reference leads to, `None` when there is none."""
    return found if (found := cleaner.resolve(value)) and found.startswith("http") else None


def _present(value: str, _: Referring) -> str | None:
    return "reversed"


def _line(value: str, _: Referring) -> str | None:
    return line(value)


def _code_language(value: str, _: Referring) -> str | None:
    return next((each for each in value.split() if _LANGUAGE_CLASS.fullmatch(each)), None)


def _datetime(value: str, _: Referring) -> str | None:
    found = _DATETIME.fullmatch(value := value.strip())
    return value if found and not value.startswith("0000") and (not found["day"] or _is_day(found["day"])) else None


def _is_day(value: str) -> bool:
    try:
        return bool(date.fromisoformat(value))
    except ValueError:
        return False


def _href(value: str, cleaner: Referring) -> str | None:
    return cleaner.href(value)


_GLOBAL: dict[str, Check] = {"dir": _one_of("ltr", "rtl", "auto")}
_ATTRIBUTES: dict[str, dict[str, Check]] = {
    "a": {"href": _href, "role": _one_of(*_ROLES["a"]), "title": _line},
    "abbr": {"title": _line},
    "blockquote": {"cite": address},
    "code": {"class": _code_language},
    "del": {"cite": address, "datetime": _datetime},
    "dfn": {"title": _line},
    "div": {"role": _one_of(*_ROLES["div"])},
    "img": {"height": _match(_NUMBER), "title": _line, "width": _match(_NUMBER)},
    "ins": {"cite": address, "datetime": _datetime},
    "li": {"value": _match(_INTEGER)},
    "ol": {"reversed": _present, "start": _match(_INTEGER), "type": _match(re.compile("[1aAiI]"))},
    "q": {"cite": address},
    "th": {"scope": _one_of("col", "row", "colgroup", "rowgroup")},
    "time": {"datetime": _datetime},
    "video": {"height": _match(_NUMBER), "poster": address, "width": _match(_NUMBER)},
}
_ATTRIBUTES = {tag: _GLOBAL | checks for tag, checks in _ATTRIBUTES.items()}


def attributes_of(tag: str) -> dict[str, Check]:
    """Return the attributes that an element may have, each with what checks it."""
    return _ATTRIBUTES.get(tag, _GLOBAL)


def is_meaningful(tag: str, attributes: Mapping[str, str]) -> bool:
    """Return whether an inline element says anything with just these attributes."""
    needed = {"a": ("href",), "bdo": ("dir",), "span": ("lang", "dir"), "time": ("datetime",)}
    return tag not in needed or any(name in attributes for name in needed[tag])


def tag_of(tag: str, attributes: Mapping[str, str], *, void: bool = False) -> str:
    """Return a start tag; of a `void` element the whole of it."""
    pairs = "".join(f' {name}="{escape(value)}"' for name, value in sorted(attributes.items()))
    return f"<{tag}{pairs}/>" if void else f"<{tag}{pairs}>"
