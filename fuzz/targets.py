"""What is fuzzed, and what with: every `read` and `check`, the settings, bodies, pictures and drawings."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import cache
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

from publisher import formats, markup
from publisher.problems import PublisherError
from tests import epub_cases, hostile, hostile_files, papers, platform_files
from tests.test_hostile import outputs

__all__ = ["TARGETS", "covered", "lines_of", "seeds", "tried"]

HOUSE = Path(__file__).parent.parent
CASES = HOUSE / "tests" / "cases" / "fuzz"
_SMALL = 40_000
"""Bytes of a seed: what is larger takes long for each try, and says no more."""
_MOST_SEEDS = 60
TARGETS = (*(each for each in formats.FORMATS if each != "pandoc"), "settings", "body", "picture", "svg")
"""Not what pandoc reads: that starts a program of others for each try, and its HTML is read as any other."""
_ROOMS = {
    "settings": ("settings.py", "keys.py"),
    "body": ("markup.py", "cleaner/"),
    "picture": ("disclosure.py", "measure.py"),
    "svg": ("disclosure.py",),
}
"""The modules whose lines count, other than those of a format."""
_ALSO = {
    **dict.fromkeys(("rss", "atom", "rdf"), ("feedreading/", "feedrules/")),
    "newsarticle": ("linked/",),
    "markdown": ("keys.py", "manuscript.py"),
}


def tried(name: str, body: bytes) -> str:
    """Return what became of bytes; raise what must not be: any exception but that of a file that cannot be read."""
    return _clean(body) if name == "body" else hostile_files.attempt(name, body)[0]


def _clean(body: bytes) -> str:
    with suppress(PublisherError):
        once = markup.clean(body.decode("utf-8", "surrogateescape"))
        assert markup.clean(once) == once, "cleaned again it is another"
        assert not hostile.fragment(once), hostile.fragment(once)
        return "cleaned"
    return "refused"


# -- what it begins with ------------------------------------------------------------------------------------------------------


@cache
def seeds(name: str) -> tuple[bytes, ...]:
    """Return small files of the kind: of exports, of sources, of cases, and of attacks."""
    found = dict.fromkeys(each for each in _seeds(name) if len(each) < _SMALL)
    return tuple(sorted(found, key=len)[:_MOST_SEEDS])


def _seeds(name: str) -> Iterator[bytes]:
    yield from (each.read_bytes() for each in sorted(CASES.glob(f"{name}-*")))
    yield from (each.make() for each in hostile_files.files() if each.way == name and not hostile_files.SLOW.search(each.name))
    if name in platform_files.FILES:
        yield platform_files.export(name)
    yield from (known[name] for known in (papers.examples(), outputs()) if name in known)
    if name == "epub":
        yield epub_cases.packed(dict(epub_cases.members("good")), {})
    if name == "body":
        yield from (each.bytes for each in hostile.vectors()[::12])
    if name in _ENDINGS:
        folders = (HOUSE / "exports", HOUSE / "seeds", HOUSE / "tests" / "cases")
        yield from (each.read_bytes() for folder in folders for each in sorted(folder.rglob(f"*.{_ENDINGS[name]}")))


_ENDINGS = {
    "rss": "rss",
    "atom": "atom",
    "jsonfeed": "json",
    "newsarticle": "jsonld",
    "webpage": "html",
    "opml": "opml",
    "sitemap": "xml",
    "markdown": "md",
    "clipping": "txt",
    "settings": "toml",
    "svg": "svg",
    "picture": "png",
}


# -- how much of it was reached ---------------------------------------------------------------------------------------------------


def covered(name: str, bodies: list[bytes]) -> tuple[int, int]:
    """Return how many lines of the target's modules are run by all of these, and how many there are."""
    wanted = lines_of(name)
    reached: set[tuple[str, int]] = set()

    def note(frame: FrameType, event: str, _: Any) -> Callable[..., Any] | None:
        if frame.f_code.co_filename not in files:
            return None
        reached.add((frame.f_code.co_filename, frame.f_lineno))
        return note

    files = {path for path, _ in wanted}
    for body in bodies:
        sys.settrace(note)
        try:
            tried(name, body)
        except Exception:
            pass
        finally:
            sys.settrace(None)
    return len(wanted & reached), len(wanted)


def lines_of(name: str) -> set[tuple[str, int]]:
    """Return all lines of code inside functions of the target's modules."""
    publisher = HOUSE / "publisher"
    places = [*_ROOMS.get(name, (f"formats/{name}/", f"formats/{name}.py")), *_ALSO.get(name, ())]
    paths = [found for place in places for found in ((publisher / place).rglob("*.py") if place.endswith("/") else [publisher / place])]
    return {(str(path), line) for path in paths if path.is_file() for line in _lines(compile(path.read_bytes(), str(path), "exec"))}


def _lines(code: CodeType) -> Iterator[int]:
    for inner in (each for each in code.co_consts if isinstance(each, CodeType)):
        yield from (line for _, _, line in inner.co_lines() if line and line != inner.co_firstlineno)
        yield from _lines(inner)
