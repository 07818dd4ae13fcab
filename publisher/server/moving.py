"""A publication at another address: so that readers who subscribe to the preview ask the preview, and find every article there.

Only addresses change. Identifiers stay, also those that look like addresses: who subscribes to the preview and later to the
publication itself has each article once, and what is tried here is what will be out there. Only `podcast:guid` is another one here, since
its specification makes it of the address of the feed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar

from publisher import markup

__all__ = ["Change", "change", "moved"]

Change = Callable[[str], str]
"""Gives the new address of what is at an address."""
Value = TypeVar("Value")

_ADDRESSES = frozenset(("url", "content_url", "same_as", "license", "is_based_on", "image", "cover", "fonts", "certifier_report"))
"""Fields of the model, and of the options for site and books, that are addresses when they are texts."""


def change(old: str, new: str) -> Change:
    """Return what puts `new` where addresses begin with `old`; both end with `/`."""

    def changed(url: str) -> str:
        return f"{new}{url[len(old) :]}" if url.startswith(old) else new if f"{url}/" == old else url

    return changed


def moved(value: Value, change: Change) -> Value:
    """Return a value of the model with its addresses changed, and those inside it."""
    found = {each.name: _changed(each.name, getattr(value, each.name), change) for each in fields(value)}  # type: ignore[arg-type]
    return replace(value, **found)  # type: ignore[type-var]


def _changed(name: str, value: Any, change: Change) -> Any:
    if isinstance(value, str):
        return markup.relink(value, change) if name == "body" else change(value) if name in _ADDRESSES else value
    if isinstance(value, tuple):
        return tuple(_changed(name, each, change) for each in value)
    return moved(value, change) if is_dataclass(value) else value
