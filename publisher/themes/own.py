"""A user's own files of a theme: which of them are used, and what is to be said of the others."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from publisher.keys import closest
from publisher.problems import Problem, PublisherError, Severity, problem
from publisher.themes import templates

__all__ = ["read"]

_ENDINGS = (".html", ".css")
_MOST = 1_000_000
"""Characters of all files together: each process that writes pages is sent them."""


def read(given: Mapping[str, bytes]) -> tuple[tuple[tuple[str, str], ...], list[Problem]]:
    """Return the names and texts of the files that are used, sorted, and warnings about those that are not.

    `given` are all files in the folder by their names. Raise `PublisherError` when one cannot be used.
    """
    texts = {name: _text(name, body) for name, body in sorted(given.items()) if name.endswith(_ENDINGS)}
    if sum(map(len, texts.values())) > _MOST:
        raise _unusable("", f"these files are larger than {_MOST // 1_000_000} MB", "put pictures and fonts into media/")
    used = {name: text for name, text in texts.items() if name in templates.names() or _is_named(name, texts)}
    return tuple(used.items()), list(_unused(given.keys() - used.keys()))


def _text(name: str, body: bytes) -> str:
    try:
        return body.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError:
        raise _unusable(name, "this is not text in UTF-8", "save it as UTF-8") from None


def _is_named(name: str, texts: Mapping[str, str]) -> bool:
    """Return whether another template includes or extends a file."""
    return any(f'"{name}"' in text or f"'{name}'" in text for other, text in texts.items() if other != name)


def _unused(names: Iterable[str]) -> Iterator[Problem]:
    known = templates.names()
    for name in sorted(names):
        hint = closest(name, known) or f"use one of {', '.join(sorted(known))}"
        if not name.endswith(_ENDINGS):
            hint = "put pictures and fonts into media/"
        yield problem("theme-file-unused", Severity.WARNING, "the theme has no use for this file", hint=hint).at(_path(name))


def _unusable(name: str, message: str, hint: str) -> PublisherError:
    return PublisherError(problem("theme-file-unusable", Severity.ERROR, message, hint=hint).at(_path(name)))


def _path(name: str) -> str:
    return f"{templates.FOLDER}/{name}" if name else templates.FOLDER
