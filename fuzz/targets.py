"""What is fuzzed, and what with: every `read` and `check`, the settings, bodies, pictures and drawings."""

from __future__ import annotations

import ast
import re
import sys
import zlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import cache
from io import BytesIO
from pathlib import Path
from types import CodeType, FrameType
from typing import Any
from warnings import catch_warnings, simplefilter
from zipfile import BadZipFile, ZipFile, ZipInfo

from publisher import formats, markup
from publisher.problems import PublisherError
from tests import epub_cases, hostile, hostile_files, papers, platform_files
from tests.test_hostile import outputs

__all__ = ["TARGETS", "covered", "lines_of", "modules_of", "packed", "seeds", "tried", "unpacked", "words"]

HOUSE = Path(__file__).parent.parent
CASES = HOUSE / "tests" / "cases" / "fuzz"
_SMALL = 40_000
"""Bytes of a seed: what is larger takes long for each try, and says no more."""
_MOST_SEEDS = 250
"""Those that say most first: what broke once, what is read back whole, attacks, then all of the kind that lies about."""
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
    body = packed(body) if body.startswith(_UNPACKED) else body
    return _clean(body) if name == "body" else hostile_files.attempt(name, body)[0]


def _clean(body: bytes) -> str:
    with suppress(PublisherError):
        once = markup.clean(body.decode("utf-8", "surrogateescape"))
        assert markup.clean(once) == once, "cleaned again it is another"
        assert not hostile.fragment(once), hostile.fragment(once)
        return "cleaned"
    return "refused"


# -- archives -----------------------------------------------------------------------------------------------------------------

_UNPACKED, _BETWEEN = b"unpacked archive\n", b"\n-- next --\n"
"""An archive as text: chance would break its checksums, and nothing inside it would ever be looked at."""


def unpacked(body: bytes) -> bytes:
    """Return an archive as text, each member after its name; `b""` when it cannot be opened, or says what is not so."""
    try:
        with ZipFile(BytesIO(body)) as archive:
            parts = [each.filename.encode("utf-8", "surrogateescape") + b"\n" + archive.read(each) for each in archive.infolist()]
    except (ValueError, OSError, EOFError, RuntimeError, NotImplementedError, BadZipFile, zlib.error):
        return b""
    return _UNPACKED + _BETWEEN.join(parts)


def packed(text: bytes) -> bytes:
    """Return the archive that a text is of, nothing in it compressed."""
    out = BytesIO()
    with catch_warnings(), ZipFile(out, "w") as archive:
        simplefilter("ignore")  # two members of one name
        for each in text.removeprefix(_UNPACKED).split(_BETWEEN)[:_MOST_MEMBERS]:
            name, _, content = each.partition(b"\n")
            archive.writestr(ZipInfo(name[:200].decode("latin-1") or "x"), content)
    return out.getvalue()


_MOST_MEMBERS = 100


# -- what it begins with ------------------------------------------------------------------------------------------------------


@cache
def seeds(name: str) -> tuple[bytes, ...]:
    """Return small files of the kind: of exports, of sources, of cases, and of attacks."""
    every = (each for seed in _seeds(name) for each in (seed, unpacked(seed) if seed.startswith(b"PK") else b""))
    found = dict.fromkeys(each for each in every if each and len(each) < _SMALL)
    return tuple(sorted([*found][:_MOST_SEEDS], key=len))


def _seeds(name: str) -> Iterator[bytes]:
    yield from (each.read_bytes() for each in sorted(CASES.glob(f"{name}-*")))
    if name in platform_files.FILES:
        yield platform_files.export(name)
    yield from (known[name] for known in (papers.examples(), outputs()) if name in known)
    if name == "epub":
        yield epub_cases.packed(dict(epub_cases.members("good")), {})
        yield from (epub_cases.recipe(each) for each in sorted(epub_cases.CASES.glob("*.toml")))
    if name == "body":
        yield from (each.bytes for each in hostile.vectors()[::5])
    yield from (each.make() for each in hostile_files.files() if each.way == name and not hostile_files.SLOW.search(each.name))
    if name in _ENDINGS:
        folders = (HOUSE / "tests" / "cases", HOUSE / "seeds", HOUSE / "exports")
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


# -- words that it knows ------------------------------------------------------------------------------------------------------


def words(name: str) -> tuple[bytes, ...]:
    """Return the short texts that the target's modules compare with: libFuzzer puts them in where chance would never spell them."""
    trees = (ast.parse(path.read_bytes()) for path in modules_of(name))
    texts = {node.value for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    parts = {part for text in texts if len(text) < _LONG_LIST for part in text.split() if 1 < len(part) <= _LONGEST_WORD}
    return tuple(sorted(each.encode() for each in parts if each.isprintable()))


_LONG_LIST, _LONGEST_WORD = 2000, 40


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
    return {(str(path), line) for path in modules_of(name) for line in _lines(compile(path.read_bytes(), str(path), "exec"))}


@cache
def modules_of(name: str) -> tuple[Path, ...]:
    """Return the modules of a target that read and check, as far as those that write are others."""
    publisher = HOUSE / "publisher"
    places = [*_ROOMS.get(name, (f"formats/{name}/", f"formats/{name}.py")), *_ALSO.get(name, ())]
    paths = [found for place in places for found in ((publisher / place).rglob("*.py") if place.endswith("/") else [publisher / place])]
    found = sorted(path for path in paths if path.is_file())
    begin = [path for path in found if not _is_door(path) and _READS.search(str(path.relative_to(publisher)))]
    return tuple(_asked_for(begin, found)) if begin else tuple(found)


_READS = re.compile(r"(^|/)(reader|rules|feedreading|feedrules)\b")


def _is_door(path: Path) -> bool:
    """Return whether a module is that of a format, which has its reader and its writer imported."""
    return path.name == "__init__.py" and path.parent.parent.name == "formats"


def _asked_for(begin: list[Path], among: list[Path]) -> list[Path]:
    """Return modules with those that they import, wherever in their text, and so on."""
    names = {
        ".".join(path.relative_to(HOUSE).with_suffix("").parts).removesuffix(".__init__"): path for path in among if not _is_door(path)
    }
    found, waiting = set(begin), list(begin)
    while waiting:
        nodes = [node for node in ast.walk(ast.parse(waiting.pop().read_bytes())) if isinstance(node, ast.ImportFrom)]
        asked = {each for node in nodes for each in (node.module, *(f"{node.module}.{alias.name}" for alias in node.names))}
        new = {names[each] for each in asked if each in names} - found
        found |= new
        waiting += new
    return sorted(found)


def _lines(code: CodeType) -> Iterator[int]:
    for inner in (each for each in code.co_consts if isinstance(each, CodeType)):
        yield from (line for _, _, line in inner.co_lines() if line and line != inner.co_firstlineno)
        yield from _lines(inner)
