"""What is fuzzed, and what with: every `read` and `check`, the settings, bodies, pictures and drawings."""

from __future__ import annotations

import ast
import re
import sys
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from pathlib import Path
from types import FrameType
from typing import Any
from warnings import catch_warnings, simplefilter
from zipfile import BadZipFile, ZipFile, ZipInfo

from fuzz import lines
from publisher import formats, markup
from publisher.article import Article, Publication
from publisher.formats import Target
from publisher.formats.epub import book
from publisher.problems import PublisherError
from tests import epub_cases, hostile, hostile_files, papers, platform_files
from tests.test_hostile import outputs

__all__ = ["TARGETS", "Seen", "changed", "lines_of", "modules_of", "packed", "seeds", "seen", "short", "tried", "unpacked", "words"]

HOUSE = Path(__file__).parent.parent
CASES = HOUSE / "tests" / "cases" / "fuzz"
SEEDS = Path(__file__).parent / "seeds"
"""Of each target those files of our tests that reach what nothing else here does, archives as text."""
_SMALL = 40_000
"""Bytes of a seed: what is larger takes long for each try, and says no more."""
_MOST_SEEDS = 500
"""Those that say most first: what broke once, what is read back whole, attacks, then all of the kind that lies about."""
TARGETS = (*(each for each in formats.FORMATS if each != "pandoc"), "settings", "body", "picture", "svg")
"""Not what pandoc reads: that starts a program of others for each try, and its HTML is read as any other."""
_ROOMS = {
    "settings": ("settings", "keys"),
    "body": ("markup", "cleaner"),
    "picture": ("disclosure", "measure", "formats.epub.pictures", "formats.epub.segments", "newsstand.encoder"),
    "svg": ("disclosure", "formats.epub.drawings"),
}
"""The modules whose lines count, other than those of a format."""
_ALSO = {
    **dict.fromkeys(("rss", "atom", "rdf"), ("feedreading", "feedrules")),
    "newsarticle": ("linked",),
    "markdown": ("keys", "manuscript"),
}
_BEGIN: Mapping[str, Sequence[lines.Name]] = {
    "settings": [("publisher.settings", "read")],
    "body": [("publisher.markup", "clean")],
    "picture": [
        ("publisher.disclosure", "published"),
        ("publisher.measure", "measure"),
        ("publisher.formats.epub.pictures", "picture_from"),
        ("publisher.newsstand.encoder", "encode"),
    ],
    "svg": [("publisher.disclosure", "_drawn"), ("publisher.formats.epub.drawings", "drawing")],
}
"""What is called, other than `read`, `check` and `fix` of a format."""


def tried(name: str, body: bytes) -> str:
    """Return what became of bytes; raise what must not be: any exception but that of a file that cannot be read."""
    body = packed(name, body) if body.startswith((_UNPACKED, _CHANGED, _CHANGED_ISSUE)) else body
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
_CHANGED, _CHANGED_ISSUE = b"changed archive\n", b"changed issue\n"
"""The same, of those members only that are not as in an example, or in a book of ours: a short text that is a whole book still."""


def short(name: str) -> int:
    """Return how many bytes a short file has at most: a whole book needs more than others."""
    return 4096 if _example(name) else 2048


def unpacked(body: bytes) -> bytes:
    """Return an archive as text, each member after its name; `b""` when it cannot be opened, or says what is not so."""
    members = _members(body)
    return _spelt(_UNPACKED, members) if members else b""


def changed(name: str, body: bytes) -> bytes:
    """Return what is not in an archive as in one of the examples of its kind; `b""` when that is all that there is."""
    members = _members(body)
    every = (_changed(begin, members, _example(name, begin)) for begin in (_CHANGED, _CHANGED_ISSUE))
    return min(filter(None, every), key=len, default=b"")


def _changed(begin: bytes, members: list[tuple[str, bytes]], example: Mapping[str, bytes]) -> bytes:
    other = [(path, content) for path, content in members if example.get(path) != content]
    return _spelt(begin, other) if 0 < len(other) < len(members) else b""


def _spelt(begin: bytes, members: Iterable[tuple[str, bytes]]) -> bytes:
    return begin + _BETWEEN.join(path.encode("latin-1", "replace") + b"\n" + content for path, content in members)


def _members(body: bytes) -> list[tuple[str, bytes]]:
    """Return paths and contents of an archive, pictures and styles made small, in their order; none when it cannot be opened."""
    try:
        with ZipFile(BytesIO(body)) as archive:
            return [(each.filename, _smaller(each.filename, archive.read(each))) for each in archive.infolist()]
    except (ValueError, OSError, EOFError, RuntimeError, NotImplementedError, BadZipFile, zlib.error):
        return []


def _smaller(path: str, content: bytes) -> bytes:
    if len(content) > _LARGE and path.endswith(".css"):
        return content[:_LARGE].rpartition(b"}")[0] + b"}"
    is_picture = len(content) > _LARGE and path.lower().endswith((".jpg", ".jpeg", ".png", ".gif", ".webp"))
    return epub_cases.picture(path.lower(), 1, 1) if is_picture else content


@cache
def _example(name: str, begin: bytes = _CHANGED) -> Mapping[str, bytes]:
    """Return the members of a small archive of a kind, none of what is no archive."""
    if name == "epub":
        return dict(_members(issue() if begin == _CHANGED_ISSUE else epub_cases.book("good")))
    return dict(_members(papers.examples().get(name) or (platform_files.export(name) if name in platform_files.FILES else b"")))


@cache
def issue() -> bytes:
    """Return a small book of ours, with a page that is torn in two."""
    article = Article(identifier="urn:x:a", headline="The ferry", body="<p>It <b>sails</b>.</p><h2>Why</h2><p>Coal.</p>")
    address = "https://lantern.example/"
    return book.write(Publication(identifier=address, name="The Lantern", url=address, in_language="en", articles=(article,)), Target())


def packed(name: str, text: bytes) -> bytes:
    """Return the archive that a text is of, nothing in it compressed."""
    parts = [each.partition(b"\n") for each in text.partition(b"\n")[2].split(_BETWEEN)[:_MOST_MEMBERS]]
    members = [(path[:200].decode("latin-1") or "x", content) for path, _, content in parts]
    if not text.startswith(_UNPACKED):
        members = [*{**_example(name, text[: text.index(b"\n") + 1]), **dict(members)}.items()]
    out = BytesIO()
    with catch_warnings(), ZipFile(out, "w") as archive:
        simplefilter("ignore")  # two members of one name
        for path, content in members:
            archive.writestr(ZipInfo(path), content)
    return out.getvalue()


_LARGE = 700
_MOST_MEMBERS = 100


# -- what it begins with ------------------------------------------------------------------------------------------------------


@cache
def seeds(name: str) -> tuple[bytes, ...]:
    """Return small files of the kind: of exports, of sources, of cases, and of attacks; of archives as text what is short."""
    every = (each for seed in _seeds(name) for each in ((seed, unpacked(seed), changed(name, seed)) if seed.startswith(b"PK") else (seed,)))
    found = dict.fromkeys(each for each in every if each and len(each) < _SMALL)
    return tuple(sorted([*found][:_MOST_SEEDS], key=len))


def _seeds(name: str) -> Iterator[bytes]:
    yield from (each.read_bytes() for each in (*sorted(CASES.glob(f"{name}-*")), *sorted((SEEDS / name).glob("*"))))
    if name in platform_files.FILES:
        yield platform_files.export(name)
    yield from (known[name] for known in (papers.examples(), outputs()) if name in known)
    if name == "epub":
        yield from (issue(), *(epub_cases.book(each.stem) for each in sorted(epub_cases.BOOKS.glob("*.toml"))))
        made = ((each, epub_cases.recipe(each)) for each in sorted(epub_cases.CASES.glob("*.toml")))
        yield from (body if b"\n[zip" in each.read_bytes() else changed(name, body) or body for each, body in made)
    if name == "rdf":
        yield from filter(None, (_as_rdf(each.read_bytes()) for each in sorted((SEEDS / "rss").glob("*"))))
    if name == "body":
        yield from (each.bytes for each in hostile.vectors()[::5])
    yield from (each.make() for each in hostile_files.files() if each.way == name and not hostile_files.SLOW.search(each.name))
    if name in _ENDINGS:
        folders = (HOUSE / "tests" / "cases", HOUSE / "seeds", HOUSE / "exports")
        yield from (each.read_bytes() for folder in folders for each in sorted(folder.rglob(f"*.{_ENDINGS[name]}")))


def _as_rdf(feed: bytes) -> bytes:
    """Return an RSS 2.0 feed as one of RSS 1.0; `b""` when it is no whole feed."""
    root, found = b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"', _RSS.search(feed)
    return root + found[1] + b">" + found[2] + b"</rdf:RDF>" if found else b""


_RSS = re.compile(rb"<rss[^<>]*?((?: xmlns:\w+=\"[^\"]*\")*)>(.*)</rss>", re.DOTALL)
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What some files have run."""

    reached: int
    """Lines that any of them runs of those of the target."""
    lines: int
    """How many there are."""
    calls: tuple[int, ...]
    """How many functions each of them calls, ours and those of libraries."""


def seen(name: str, bodies: Iterable[bytes]) -> Seen:
    """Try all of these, and return what they run."""
    wanted, reached, calls = lines_of(name), set[tuple[str, int]](), list[int]()
    files = {path for path, _ in wanted}

    def note(frame: FrameType, event: str, _: Any) -> Callable[..., Any] | None:
        calls[-1] += event == "call"
        if frame.f_code.co_filename not in files:
            return None
        reached.add((frame.f_code.co_filename, frame.f_lineno))
        return note

    for body in bodies:
        calls.append(0)
        sys.settrace(note)
        try:
            tried(name, body)
        except Exception:
            pass
        finally:
            sys.settrace(None)
    return Seen(reached=len(wanted & reached), lines=len(wanted), calls=tuple(calls))


@cache
def lines_of(name: str) -> frozenset[tuple[str, int]]:
    """Return all lines of code that the target may run in its modules."""
    return frozenset(lines.lines(_own(name)))


@cache
def modules_of(name: str) -> tuple[Path, ...]:
    """Return the modules of a target that read and check."""
    return tuple(sorted({path for module, _ in _own(name) if (path := lines.module_of(module))}))


def _own(name: str) -> set[lines.Name]:
    """Return all that the target may call in its own modules."""
    begin = _BEGIN.get(name) or [(f"publisher.formats.{name}", each) for each in ("read", "check", "fix")]
    rooms = tuple(f"publisher.{each}" for each in _ROOMS.get(name, (f"formats.{name}", *_ALSO.get(name, ()))))
    found = {each for each in lines.called(begin) if f"{each[0]}.".startswith(tuple(f"{room}." for room in rooms))}
    return found - (lines.called(_BEGIN["svg"]) if name == "picture" else set())
