"""A user's own files of a theme: which of them are used, and what is to be said of the others."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from publisher.keys import closest
from publisher.problems import Problem, PublisherError, Severity, problem
from publisher.themes import templates

__all__ = ["read", "strays", "told"]

_ENDINGS = (".html", ".css")
_MOST = 1_000_000
"""Characters of all files together."""
_MOST_OF_TEMPLATES = 250_000
"""Characters of the templates: they are sent along with each page that is written. Ours have 30,000."""


def read(given: Mapping[str, bytes]) -> tuple[tuple[tuple[str, str], ...], list[Problem]]:
    """Return the names and texts of the files that are used, sorted, and warnings about those that are not.

    `given` are all files in the folder by their names. Raise `PublisherError` when one cannot be used.
    """
    texts = {name: _text(name, body) for name, body in sorted(given.items()) if name.endswith(_ENDINGS)}
    if sum(map(len, texts.values())) > _MOST:
        raise _unusable("", f"these files are larger than {_MOST // 1_000_000} MB", "put pictures and fonts into media/")
    if sum(len(text) for name, text in texts.items() if name.endswith(".html")) > _MOST_OF_TEMPLATES:
        raise _unusable(
            "", f"the templates are larger than {_MOST_OF_TEMPLATES // 1000} kB", "put what is no markup into extra.css or media/"
        )
    used = {name: text for name, text in texts.items() if name in templates.names() or _is_named(name, texts)}
    return tuple(used.items()), list(_unused({name: body for name, body in given.items() if name not in used}))


def strays(sources: Sequence[str]) -> tuple[str, ...]:
    """Return those of the sources, by their paths in the folder, that are none of its templates, if perhaps one that is not used."""
    return tuple(each for each in sources if "/" in each or not each.endswith(_ENDINGS))


def told(strays: Sequence[str]) -> list[Problem]:
    """Return an error where there are sources in the folder: an article must not go away without a word."""
    return [_article(strays[0], len(strays) - 1)] if strays else []


def _article(path: str, more: int = 0) -> Problem:
    message = "this folder is for the look of pages, so what may be an article here is not published"
    told = f"{message} (and so are {more} more)" if more else message
    hint = f"move articles out of {templates.FOLDER}/, and delete what is none; or give the folder another name"
    return problem("theme-article", Severity.ERROR, told, hint=hint).at(_path(path))


def _text(name: str, body: bytes) -> str:
    try:
        return body.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError:
        raise _unusable(name, "this is not text in UTF-8", "save it as UTF-8") from None


def _is_named(name: str, texts: Mapping[str, str]) -> bool:
    """Return whether another template includes or extends a file."""
    return any(f'"{name}"' in text or f"'{name}'" in text for other, text in texts.items() if other != name)


def _unused(given: Mapping[str, bytes]) -> Iterator[Problem]:
    known = templates.names()
    for name, body in sorted(given.items()):
        if name.endswith(".html") and _is_page(body):
            yield _article(name)
            continue
        hint = closest(name, known) or f"use one of {', '.join(sorted(known))}"
        if not name.endswith(_ENDINGS):
            hint = "put pictures and fonts into media/"
        yield problem("theme-file-unused", Severity.WARNING, "the theme has no use for this file", hint=hint).at(_path(name))


def _is_page(body: bytes) -> bool:
    """Return whether this is a whole page and no template."""
    return body.lstrip(b"\xef\xbb\xbf \t\r\n")[:9].lower().startswith((b"<!doctype", b"<html")) and b"{{" not in body and b"{%" not in body


def _unusable(name: str, message: str, hint: str) -> PublisherError:
    return PublisherError(problem("theme-file-unusable", Severity.ERROR, message, hint=hint).at(_path(name)))


def _path(name: str) -> str:
    return f"{templates.FOLDER}/{name}" if name else templates.FOLDER
