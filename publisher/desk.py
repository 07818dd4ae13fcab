"""The desk: where files, settings and formats come together. Used by the command line and by `import publisher`."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal, TypeVar

from publisher import fetch, files, following, formats, issues, measure, settings, sources, whole
from publisher.article import Publication
from publisher.fetch import Fetched
from publisher.files import MANIFEST, SETTINGS, Cache, Folder
from publisher.formats.epub import record
from publisher.issues import Issues
from publisher.post import Enclosure
from publisher.problems import Problem, PublisherError, Severity, problem
from publisher.reports import Choice
from publisher.settings import Settings
from publisher.sources import Gathered

__all__ = [
    "Desk",
    "Parcel",
    "Press",
    "Repair",
    "check",
    "check_each",
    "check_together",
    "checkable",
    "choice",
    "enclose",
    "fetch_media",
    "fix",
    "follow",
    "full_text",
    "gather",
    "press",
    "read",
    "write",
]

Value = TypeVar("Value")
Watch = Callable[[Iterable[Value], int, str], Iterable[Value]]
"""Passes values through and may show how far the work is: values, how many, what is done with them."""


_FEEDS = frozenset(("feed", "index", "rss", "atom", "sitemap"))
"""Names that a feed has even when it is empty; any other empty file may be the one that the shell has just opened for our report."""
_MOST_REPAIRS = 10
"""One repair can make another possible, and hide it until then."""


def _unwatched(values: Iterable[Value], total: int, what: str) -> Iterable[Value]:
    return values


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """A folder of sources and what its `publisher.toml` says."""

    folder: Folder
    settings: Settings
    own: Settings | None
    """The settings when there is a `publisher.toml`, `None` when they are only assumed."""
    problems: tuple[Problem, ...]


def _open(path: Path) -> Desk:
    """Return the desk on which the source at `path` lies."""
    root = files.home(path)
    written = (root / SETTINGS).is_file()
    try:
        found, problems = settings.read(files.read(root / SETTINGS) if written else None)
    except PublisherError as error:
        raise error.at(str(root / SETTINGS)) from None
    folder = Folder(root, found.publication.url)
    located = tuple(each.at(str(root / SETTINGS)) for each in problems)
    return Desk(folder=folder, settings=found, own=found if written else None, problems=located)


def gather(
    paths: Sequence[str], *, drafts: bool = False, watch: Watch[tuple[str, bytes | PublisherError]] = _unwatched
) -> tuple[Gathered, Desk]:
    """Return what all sources at `paths` give together, and the desk they lie on; raise `PublisherError` when there are none.

    What an earlier build made is no source, wherever it lies.
    """
    desk = _open(_existing(paths[0]))
    root = desk.folder.root
    _refuse_another(paths, root)
    names = list(dict.fromkeys(name for path in paths for name in _names(path, root)))
    opened = watch(((name, _opened(desk.folder, name)) for name in names), len(names), "reading")
    found = sources.gather(opened, desk.own, desk.settings, desk.folder, drafts=drafts, paths=files.walk(root, made=False))
    assumed = desk.problems if found.written or desk.own else ()  # a feed alone says itself what its articles appear in
    problems = (*assumed, *(_below(root, each) for each in found.problems))
    return Gathered(publication=found.publication, problems=problems), desk


def _refuse_another(paths: Sequence[str], root: Path) -> None:
    """Raise `PublisherError` when a path belongs to another publication than the first."""
    for path in paths:
        if (home := files.home(_existing(path))).resolve() != root.resolve() and (home / SETTINGS).is_file():
            message = f"this belongs to another publication than {paths[0]!r}"
            hint = "build each publication by itself, into a folder of its own"
            raise PublisherError(problem("two-publications", Severity.ERROR, message, hint=hint).at(path))


def _opened(folder: Folder, name: str) -> bytes | PublisherError:
    """Return the bytes of a source, or why there are none: one that cannot be opened keeps no other from being read."""
    try:
        if folder.leads_out(name):
            hint = "copy the file into the folder"
            raise PublisherError(problem("link-outside", Severity.ERROR, "this link leads out of the folder", hint=hint))
        return folder.open(name)
    except PublisherError as error:
        return error


def _existing(path: str) -> Path:
    if not Path(path).exists():
        raise PublisherError(problem("file-missing", Severity.ERROR, "there is no such file or folder", hint="check the path").at(path))
    return Path(path)


def _names(path: str, root: Path) -> list[str]:
    """Return the paths below `root` of the sources that `path` means; raise `PublisherError` when there are none."""
    found = _existing(path)
    if not found.is_dir():
        return [_name(found.resolve(), root)]
    return [_name(each.parent.resolve() / each.name, root) for each in _sources(found, made=False)]  # links keep their own names


def _sources(folder: Path, *, made: bool) -> list[Path]:
    """Return the files in a folder that may hold articles; raise `PublisherError` when there are none."""
    return _some([folder / each for each in files.walk(folder, made=made) if sources.is_source(each)], folder)


def _some(found: list[Path], folder: Path) -> list[Path]:
    if found:
        return found
    hint = "name a file, or a folder with articles"
    raise PublisherError(problem("no-sources", Severity.ERROR, "there is nothing to read in this folder", hint=hint).at(str(folder)))


def _name(path: Path, root: Path) -> str:
    return os.path.relpath(path, root.resolve()).replace(os.sep, "/")


def _below(root: Path, found: Problem) -> Problem:
    return found.at(os.path.relpath(root / found.location.path)) if found.location.path else found


@dataclass(frozen=True, slots=True, kw_only=True)
class Press:
    """What books there are to make, and which issues are out."""

    issues: Issues = field(default_factory=Issues)
    out: frozenset[str] = frozenset()
    """Paths below the exports."""


def press(publication: Publication, desk: Desk, exports: Path, wanted: Sequence[str] = (), *, whole: bool = True) -> Press:
    """Return which books to make, and what is to be said of issues that are out and stay as they are.

    Of what is not a `whole` publication nothing becomes an issue unless it is wanted: there is one book of what was given.
    Raise `PublisherError` when nothing is in an issue that is wanted.
    """
    out = frozenset(each for name in files.names(exports / "issues") if issues.stays(each := f"issues/{name}"))
    found = issues.plan(publication, desk.settings.issues if whole or wanted else (), wanted, out)
    written = str(desk.folder.root / SETTINGS)
    problems = (*(each.at(os.path.relpath(written)) for each in found.problems), *_outdated(publication, found, exports, out))
    return Press(issues=replace(found, problems=problems), out=out)


def _outdated(publication: Publication, found: Issues, exports: Path, out: frozenset[str]) -> Iterator[Problem]:
    for book in found.books:
        path = issues.path(publication, book.edition)
        if book.make == "missing" and path in out and (held := files.member(exports / path, record.MEMBER)):
            yield from (each.at(str(exports / path)) for each in filter(None, [issues.outdated(book, held)]))


def read(path: str | os.PathLike[str], *, private: bool = False) -> Gathered:
    """Return what one file holds, or what is at an address; raise `PublisherError` when it cannot be read.

    With `private`, addresses of the own machine and network are asked too.
    """
    if fetch.is_url(str(path)):
        return _read_answer(fetch.get(str(path), private=private))
    return _read(Path(path), files.read(Path(path)))


def _nothing(url: str) -> None:
    return None


def _read_answer(answer: Fetched) -> Gathered:
    """Return what an answer holds; nothing beside it is read."""
    assumed, _ = settings.read(None)
    try:
        found = sources.one(answer.url, answer.body, None, assumed, _nothing)
    except PublisherError as error:
        raise error.at(answer.url) from None
    return replace(found, problems=tuple(each.at(answer.url) for each in found.problems))


def _read(path: Path, body: bytes) -> Gathered:
    desk = _open(path)
    try:
        root = desk.folder.root
        found = sources.one(_name(path.resolve(), root), body, desk.own, desk.settings, desk.folder, files.walk(root, made=False))
    except PublisherError as error:
        raise error.at(str(path)) from None
    # What is assumed is said where it matters: there is no file of settings that it could be said of.
    assumed = (each if desk.own else each.at(str(path)) for each in desk.problems if found.written)
    return Gathered(
        publication=found.publication, problems=(*assumed, *(each.at(str(path)) for each in found.problems)), written=found.written
    )


_AT_ONCE, _BATCH = 4, 64
_MOST_FETCHED = 2_000_000_000
"""Bytes for one build."""


def fetch_media(
    urls: Iterable[str], cache: Cache, *, private: bool = False, watch: Watch[tuple[int, Problem | None]] = _unwatched
) -> list[Problem]:
    """Fetch the pictures and recordings that are not at hand, each address once; return what could not be had, as warnings."""
    wanted = [url for url in dict.fromkeys(urls) if fetch.is_url(url) and cache.lacks(url)]
    if not wanted:
        return []
    try:
        cache.prepare()
    except PublisherError as error:
        return [replace(each, severity=Severity.WARNING) for each in error.problems]
    fetched = watch(_fetched(wanted, cache, private=private), len(wanted), "fetching")
    return [found for _, found in fetched if found]


def _fetched(urls: Sequence[str], cache: Cache, *, private: bool) -> Iterator[tuple[int, Problem | None]]:
    """Yield how many bytes each address gave and what is wrong with it, in the order of the addresses."""
    total = 0
    pool = ThreadPoolExecutor(_AT_ONCE)
    try:
        for start in range(0, len(urls), _BATCH):
            if total > _MOST_FETCHED:
                message = f"{len(urls) - start} more pictures or recordings were not fetched: there are more than {total >> 20} MB"
                yield 0, problem("fetch-too-large", Severity.WARNING, message, hint="build again, or make smaller books").at(urls[start])
                return
            for size, found in pool.map(lambda url: _fetch(url, cache, private=private), urls[start : start + _BATCH]):
                total += size
                yield size, found
    finally:
        pool.shutdown(cancel_futures=True)


def _fetch(url: str, cache: Cache, *, private: bool) -> tuple[int, Problem | None]:
    """Fetch one; only what looks like a picture or sound is kept, so that a page that says "forbidden" is asked for again."""
    try:
        body = fetch.media(url, private=private)
        if not _is_media(body):
            hint = "check the address: the server answered with something else, perhaps a page that says what is wrong"
            raise PublisherError(problem("fetch-no-media", Severity.ERROR, "this is no picture and no sound", hint=hint))
        cache.keep(url, body)
    except PublisherError as error:
        return 0, replace(error.problems[0], severity=Severity.WARNING).at(url)
    return len(body), None


def _is_media(body: bytes) -> bool:
    kind = measure.measure(body, "").encoding_format or ""
    return kind.startswith(("image/", "audio/")) or b"<svg" in body[:4096]


_NAMES = {".rss": "rss", ".xml": "rss", ".atom": "atom", ".jsonld": "newsarticle", ".html": "webpage", ".epub": "epub", ".json": "spelling"}


def write(publication: Publication, path: str | os.PathLike[str]) -> None:
    """Write a publication in the format that the name says; raise `PublisherError` when that cannot be."""
    path = Path(path)
    name = "jsonfeed" if path.name == "feed.json" else _NAMES.get(path.suffix.lower())
    if name is None:
        hint = f"use one of feed.json, {', '.join(_NAMES)}"
        raise PublisherError(
            problem("unknown-ending", Severity.ERROR, f"no format has the ending {path.suffix!r}", hint=hint).at(str(path))
        )
    module = formats.writers()[name]
    if module.EACH == "article" and len(publication.articles) != 1:
        message = f"{module.TITLE} holds one article, and there are {len(publication.articles)}"
        raise PublisherError(problem("not-one-article", Severity.ERROR, message, hint="write each to a file of its own").at(str(path)))
    files.write(path, module.write(publication, formats.Target(media=Folder(files.home(path), publication.url))))


def choice(path: str) -> Choice:
    """Return which problems count in the folder that `path` is in, as its `publisher.toml` says."""
    desk = _open(Path() if fetch.is_url(path) else _existing(path))
    return replace(desk.settings.check, root=str(desk.folder.root))


def checkable(path: str) -> list[str]:
    """Return the files that `path` means, or the address that it is; raise `PublisherError` when there are none.

    Of a folder those that are in one of our formats; a text only where sources are, since on a site lie many that are no articles.
    """
    if fetch.is_url(path):
        return [path]
    found = _existing(path)
    return [str(each) for each in _checkable(found)] if found.is_dir() else [path]


def _checkable(folder: Path) -> list[Path]:
    kinds = {each: _kind(each) for each in _sources(folder, made=True)}
    all_text = set(kinds.values()) == {"text"}
    found = [each for each, kind in kinds.items() if kind == "ours" or (kind == "text" and (all_text or _is_written(each)))]
    return _some(found, folder)


def _kind(path: Path) -> Literal["ours", "text", "foreign"]:
    """Return whether a file is in a format with rules, is a text, or is none of our business."""
    kind = formats.ending(path.name)
    try:
        if not (body := files.read(path)).strip() and kind in ("json", "xml", "html", "htm", "xhtml"):
            return "ours" if path.stem.lower() in _FEEDS and kind in ("json", "xml") else "foreign"
        if formats.detect(body, path.name).NAME not in formats.SOURCES:
            return "ours"
    except PublisherError as error:
        if error.problems[0].code != "unknown-content":
            return "ours"
    return "text" if kind in formats.TEXTS else "foreign"


def _is_written(path: Path) -> bool:
    """Return whether a text lies where sources are, and not what was built, or where nobody says so, looks like an article."""
    for folder in path.absolute().parents:
        if (folder / SETTINGS).is_file():
            return True
        if (folder / MANIFEST).is_file():
            return False
    return sources.looks_written(files.read(path))


def check_each(paths: Iterable[str], *, private: bool = False, targets: Collection[str] = ()) -> Iterator[Problem]:
    """Yield what is wrong with each of the files; that there are no settings is told once."""
    told = False
    for path in paths:
        for each in check(path, private=private, targets=targets):
            if each.code != "settings-missing" or not told:
                yield each
            told = told or each.code == "settings-missing"


def check(path: str | os.PathLike[str], *, private: bool = False, targets: Collection[str] = ()) -> list[Problem]:
    """Return what is wrong with one file, or with what is at an address: by the rules of its format, or for a source by reading it.

    `targets` are devices and shops (see `formats.targets`) whose rules hold too, where the format has some.
    """
    path = str(path)
    try:
        if fetch.is_url(path):
            answer = fetch.get(path, private=private)
            problems = _check(answer.body, answer.url, lambda: _read_answer(answer), targets)
        else:
            body = files.read(Path(path))
            problems = _check(body, path, lambda: _read(Path(path), body), targets)
    except PublisherError as error:
        problems = error.problems
    return [each if each.location.path else each.at(path) for each in problems]


def _check(body: bytes, path: str, read: Callable[[], Gathered], targets: Collection[str]) -> Sequence[Problem]:
    module = formats.detect(body, path)
    if targets and isinstance(module, formats.Targeted):
        return module.check(body, targets)
    return module.check(body) if isinstance(module, formats.Checker) else read().problems


@dataclass(frozen=True, slots=True, kw_only=True)
class Repair:
    """A file before and after what could surely be repaired; the same when nothing could."""

    path: str
    before: bytes
    after: bytes


def fix(path: str | os.PathLike[str], *, keep: bool = True) -> Repair:
    """Repair in a file what has one sure repair, and write it unless told not to; raise `PublisherError` when it cannot be read."""
    body = before = files.read(Path(path))
    module = formats.detect(body, str(path))
    if isinstance(module, formats.Fixer):
        for _ in range(_MOST_REPAIRS):
            body = module.fix(body, module.check(body))
    if keep and body != before:
        files.write(Path(path), body)
    return Repair(path=str(path), before=before, after=body)


def check_together(path: str) -> list[Problem]:
    """Return what is wrong with the files of a folder together, when they are a publication that was built."""
    folder = Path(path)
    found = whole.check(files.walk(folder), lambda name: files.read(folder / name))
    return [each.at(str(folder / each.location.path)) for each in found]


# -- sending --------------------------------------------------------------------------------------------------------------

_MOST_FILES, _MOST_BYTES = 25, 50_000_000
"""Of one letter to Send to Kindle."""
_SEND_TO_KINDLE = "https://www.amazon.co.uk/gp/help/customer/display.html?nodeId=201974220"
_SENT = {
    "epub": "application/epub+zip",
    "pdf": "application/pdf",
    "txt": "text/plain",
    "rtf": "application/rtf",
    "htm": "text/html",
    "html": "text/html",
    "doc": "application/msword",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "png": "image/png",
    "gif": "image/gif",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "bmp": "image/bmp",
}
"""What Send to Kindle takes, by the endings of files."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """Files that are to be sent, and what is wrong with them."""

    enclosures: tuple[Enclosure, ...]
    problems: tuple[Problem, ...]


def enclose(paths: Sequence[str], targets: Collection[str] = ()) -> Parcel:
    """Return the files for a letter, checked for the devices they are sent to; raise `PublisherError` when one cannot be sent at all."""
    enclosures = tuple(_enclosed(Path(_existing(path))) for path in paths)
    problems = [found for path in paths if formats.ending(path) == "epub" for found in check(path, targets=targets)]
    size = sum(len(each.body) for each in enclosures)
    if "kindle" in targets and (len(paths) > _MOST_FILES or size > _MOST_BYTES):
        message = f"these are {len(paths)} files of {size} bytes: Send to Kindle takes {_MOST_FILES} of {_MOST_BYTES} at once"
        hint = "send fewer at once, or a large one by https://www.amazon.com/sendtokindle"
        raise PublisherError(problem("send-too-large", Severity.ERROR, message, hint=hint, spec=_SEND_TO_KINDLE))
    return Parcel(enclosures=enclosures, problems=tuple(each for each in problems if each.severity > Severity.INFO))


def _enclosed(path: Path) -> Enclosure:
    kind = _SENT.get(formats.ending(path.name))
    if kind is None:
        message, hint = "Kindles and most readers take no such file", f"send one that ends in {', '.join(_SENT)}"
        raise PublisherError(problem("send-format", Severity.ERROR, message, hint=hint, spec=_SEND_TO_KINDLE).at(str(path)))
    return Enclosure(name=path.name, media_type=kind, body=files.read(path))


# -- feeds of many documents ----------------------------------------------------------------------------------------------


def follow(path: str | os.PathLike[str], *, private: bool = False, most: int = following.MOST) -> Gathered:
    """Return what a feed and all documents that continue it hold together, at most so many; see `following.follow`.

    `path` is an address or a file; its links are asked for on the web in both cases. Raise `PublisherError` when it cannot be read.
    """

    answers: dict[str, Fetched] = {}

    def get(address: str) -> tuple[str, bytes]:
        if address == str(path) and not fetch.is_url(address):
            return address, files.read(Path(address))
        answer = fetch.get(address, private=private)
        answers[answer.url] = answer
        return answer.url, answer.body

    def document(address: str, body: bytes) -> following.Document:
        found = _read_answer(answers.pop(address)) if address in answers else _read(Path(address), body)
        return following.Document(url=address, publication=found.publication, problems=found.problems)

    found = following.follow(str(path), get, document, most=most)
    return Gathered(publication=found.publication, problems=found.problems, written=False)


def full_text(found: Gathered, *, private: bool = False, watch: following.Watch = _unwatched) -> Gathered:
    """Return what was read with the texts of articles that have only a summary taken from their pages; see `following.full_text`."""
    full = following.full_text(found.publication, lambda url: read(url, private=private).publication, watch)
    return replace(found, publication=full.publication, problems=(*found.problems, *full.problems))
