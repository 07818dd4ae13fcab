"""Templates (Jinja 3.1, https://jinja.palletsprojects.com/en/stable/templates/, read 2026-11-27) and style sheets of the themes.

A file is looked for among the user's own, then in the theme's folder, then in the newspaper's, so that a theme has only what differs.
With a folder before its name, as in `newspaper/article.html`, it is the theme's own, which a user's file of the same name may extend.
"""

from __future__ import annotations

import re
import traceback
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import lru_cache
from hashlib import sha256
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import TYPE_CHECKING, Any, Protocol

from markupsafe import Markup, _escape_inner, escape  # type: ignore[attr-defined] # what `escape` itself is made of

from publisher.problems import PublisherError, Severity, problem
from publisher.surroundings import THEMES, Theme

if TYPE_CHECKING:
    from jinja2 import BytecodeCache, Environment, Template
    from jinja2.bccache import Bucket
    from jinja2.runtime import Context

__all__ = ["FOLDER", "Compiled", "for_pages", "kept", "names", "remember", "render", "sheet", "text"]

FOLDER = "theme"
"""Where a user's own files are, beside `publisher.toml`."""
SHEETS = ("page.css", "look.css", "front.css", "list.css", "search.css")
"""What a theme's `style.css` is put together from."""
_OURS = files("publisher") / "themes"
_FALLBACK = "newspaper"
_KEPT = "\x1f"
"""Stands for a line end that has to stay: a control character, which no text of ours has."""
_INDENTATION = re.compile(r"\n\s+")
_SHEET_INSIDE = re.compile(r"\.css|\bstyle\b")
_STRING = r"""("(?:[^"\\\n]++|\\.)*+"|'(?:[^'\\\n]++|\\.)*+')"""
_COMMENT = re.compile(rf"{_STRING}|/\*.*?(?:\*/|\Z)", re.DOTALL)
_CSS_SPACE = re.compile(rf"{_STRING}|\s*([{{}};,>])\s*|(:)\s+|\s+", re.DOTALL)
_NEEDLESS = re.compile(rf"{_STRING}|;(?=\}})", re.DOTALL)
_ATTRIBUTE = re.compile(r"^'(?:[\w.]+ object|[\w.]+)' has no attribute '(\w+)'$")


class Compiled(Protocol):
    """Where compiled templates are kept, which nobody else can have written: they are run."""

    def get(self, key: str, /) -> bytes | None:
        """Return what is kept under a key, `None` when there is nothing."""

    def keep(self, key: str, body: bytes, /) -> object:
        """Keep it, if that can be."""


_COMPILED: list[Compiled] = []


def remember(compiled: Compiled) -> None:
    """Keep templates that were compiled there from now on, and take them from there: to compile one takes longer than a page."""
    _COMPILED[:] = [compiled]


def render(theme: Theme, name: str, values: Mapping[str, object]) -> bytes:
    """Return what a template makes of values: UTF-8, no line empty or indented, `\\n` at the end of each.

    Raise `PublisherError` when a user's own template is wrong.
    """
    try:
        made = _environment(theme).get_template(name).render(values)
    except PublisherError:
        raise
    except Exception as error:
        raise _wrong(theme, name, error) from error
    return (_INDENTATION.sub("\n", made).strip().replace(_KEPT, "\n") + "\n").encode()


def kept(markup: str) -> Markup:
    """Return markup whose lines stay as they are, as those of preformatted text must."""
    return Markup(markup.replace("\n", _KEPT))  # noqa: S704 (what is given is markup)


@lru_cache(maxsize=8)
def _environment(theme: Theme) -> Environment:
    """Return where templates are looked for, and kept when they are compiled; those of a user can do no more than make pages."""
    from jinja2 import Environment, FunctionLoader, StrictUndefined
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    is_ours = not any(name.endswith(".html") for name, _ in theme.files)
    made = Environment if is_ours else ImmutableSandboxedEnvironment
    found = made(
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        loader=FunctionLoader(lambda name: _source(theme, name)),
    )
    found.template_class = _quick()
    # Each page goes through these three times, and a `ChainMap`, which would show what is added later, is no quick one.
    found.make_globals = lambda d: {**found.globals, **(d or {})}  # type: ignore[method-assign]
    found.bytecode_cache = _bytecode(is_ours=is_ours)
    if is_ours:
        found.context_class, found.getattr = _direct(), getattr  # type: ignore[method-assign, assignment]
    return found


def _bytecode(*, is_ours: bool) -> BytecodeCache:
    """Return what keeps compiled templates: by their names and texts, and apart for those that can do no more than make pages."""
    from jinja2 import BytecodeCache

    class Kept(BytecodeCache):
        def load_bytecode(self, bucket: Bucket) -> None:
            if _COMPILED and (body := _COMPILED[0].get(f"{is_ours} {bucket.key}")):
                bucket.bytecode_from_string(body)  # unless it is of another text, by the checksum in it

        def dump_bytecode(self, bucket: Bucket) -> None:
            if _COMPILED:
                _COMPILED[0].keep(f"{is_ours} {bucket.key}", bucket.bytecode_to_string())

        def get_source_checksum(self, source: str) -> str:
            return sha256(source.encode(errors="surrogatepass")).hexdigest()

    return Kept()


def _direct() -> type[Context]:
    """Return the class of contexts in which calls are only that: our templates call nothing that wants to know the context."""
    from jinja2.runtime import Context

    class Direct(Context):
        def call(_, function: Callable[..., object], *given: object, **more: Any) -> object:  # noqa: N805
            if more:
                more.pop("_block_vars", None)
                more.pop("_loop_vars", None)
            return function(*given, **more)

    return Direct


def _quick() -> type[Template]:
    """Return the class of templates that make no object of each text that they escape: all become one text anyway."""
    from jinja2 import Template

    class Quick(Template):
        @classmethod
        def from_code(cls, *given: Any, **more: Any) -> Template:
            made = super().from_code(*given, **more)
            made.root_render_func.__globals__["escape"] = _escaped  # what all that was compiled looks it up in
            return made

    return Quick


def _escaped(value: object) -> str:
    """Return what `markupsafe.escape` does, as a plain text where it makes one."""
    if type(value) is str:
        return _escape_inner(value)  # in C, five times as fast as what makes an object of it
    return value if type(value) is Markup else str(escape(value))


def _source(theme: Theme, name: str) -> tuple[str, str, Callable[[], bool]] | None:
    """Return a template's text, and what it is called when something is wrong with it."""
    found = text(theme, name)
    own = "/" not in name and name in dict(theme.files)
    return None if found is None else (found, f"{FOLDER}/{name}" if own else f"{theme.name}:{name}", lambda: True)


def text(theme: Theme, name: str) -> str | None:
    """Return the text of a theme's file, `None` when there is none."""
    folder, _, file = name.rpartition("/")
    if folder:
        return _our_text(folder, file) if folder in THEMES else None
    given = dict(theme.files).get(name)
    return given if given is not None else _our_text(theme.name, name)


@lru_cache(maxsize=64)
def _our_text(folder: str, name: str) -> str | None:
    for each in dict.fromkeys((folder, _FALLBACK)):
        if name in _names(each):
            return (_OURS / each / name).read_text("utf-8")
    return None


def names() -> frozenset[str]:
    """Return the names of all files that a user's own can stand in for."""
    return frozenset(name for folder in THEMES for name in _names(folder)) | {"style.css", "extra.css", *SHEETS}


@lru_cache(maxsize=4)
def _names(folder: str) -> frozenset[str]:
    return frozenset(each.name for each in _listed(_OURS / folder) if each.name.endswith((".html", ".css")))


def _listed(folder: Traversable) -> list[Traversable]:
    return [*folder.iterdir()] if folder.is_dir() else []


def for_pages(theme: Theme) -> Theme:
    """Return the theme without the style sheets, which a page that links to one has no use for; with them where a template names one."""
    own = tuple(each for each in theme.files if each[0].endswith(".html"))
    return theme if any(_SHEET_INSIDE.search(text) for _, text in own) else replace(theme, files=own)


# -- style sheets ----------------------------------------------------------------------------------------------------------


@lru_cache(maxsize=32)
def sheet(theme: Theme, *parts: str) -> str:
    """Return the theme's style sheet, or only those parts of it, without comments and needless space."""
    whole = dict(theme.files).get("style.css")
    given = [whole] if whole is not None else [text(theme, each) for each in SHEETS if each in (parts or SHEETS)]
    joined = "".join(each or "" for each in (*given, text(theme, "extra.css")))
    spare = _CSS_SPACE.sub(lambda found: found[1] or found[2] or found[3] or " ", _COMMENT.sub(_string, joined))
    return _NEEDLESS.sub(_string, spare).strip()


def _string(found: re.Match[str]) -> str:
    """Return what is written in quotes as it is, and nothing of anything else."""
    return found[1] or ""


# -- mistakes --------------------------------------------------------------------------------------------------------------


def _wrong(theme: Theme, name: str, error: Exception) -> Exception:
    """Return what is wrong with a user's template as a problem; an error in ours, where they have none, is a defect and stays as it is."""
    own = [each for each, _ in theme.files if each.endswith(".html")]
    if not own:
        return error
    file, line = _place(error)
    found = problem("theme-template", Severity.ERROR, _message(error), hint=_hint(error), line=line)
    return PublisherError(found.at(file or f"{FOLDER}/{name if name in own else own[0]}"))


def _place(error: Exception) -> tuple[str, int]:
    """Return the file and line of the user's where it went wrong, the innermost; `("", 0)` when that is not known."""
    from jinja2 import TemplateSyntaxError

    if isinstance(error, TemplateSyntaxError):
        return (error.filename, error.lineno) if (error.filename or "").startswith(f"{FOLDER}/") and error.filename else ("", 0)
    places = [(each.filename, each.lineno or 0) for each in traceback.extract_tb(error.__traceback__, limit=-100)]
    return next((each for each in reversed(places) if each[0].startswith(f"{FOLDER}/")), ("", 0))


def _message(error: Exception) -> str:
    from jinja2 import TemplateNotFound, UndefinedError

    if isinstance(error, TemplateNotFound):
        return f"there is no template {error.name!r}"
    said = str(error).rstrip(".")
    if isinstance(error, UndefinedError) and (found := _ATTRIBUTE.match(said)):
        return f"there is nothing called {found[1]!r} in this"
    if isinstance(error, RecursionError):
        return "this template is inside itself"
    return said[:1].lower() + said[1:] if said else type(error).__name__


def _hint(error: Exception) -> str:
    from jinja2 import TemplateNotFound, TemplateSyntaxError

    if isinstance(error, TemplateNotFound):
        return f"name one of {', '.join(sorted(each for each in names() if each.endswith('.html')))}"
    if isinstance(error, TemplateSyntaxError):
        return "see https://jinja.palletsprojects.com/en/stable/templates/ for how templates are written"
    return 'see docs/themes.md for what each template is given; {% extends "newspaper/NAME.html" %} begins with ours'
