"""The desk: where files, settings and formats come together. Used by the command line and by `import publisher`."""

from __future__ import annotations

import os
import posixpath
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, closing
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from itertools import chain
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeVar
from urllib.parse import unquote

from publisher import fetch, files, formats, hints, issues, measure, records, settings, sources
from publisher.archives import Limits
from publisher.article import Publication
from publisher.disclosure import Unfit, Unsafe, is_unstyled
from publisher.fetch import Fetched
from publisher.files import MANIFEST, SETTINGS, Body, Cache, Folder, Inventory, Store
from publisher.issues import Held, Issues
from publisher.keys import toml
from publisher.manuscript import decode
from publisher.packing import made
from publisher.problems import Location, Problem, PublisherError, Severity, problem
from publisher.records import Records
from publisher.reports import Choice
from publisher.settings import Settings
from publisher.sources import Gathered, Read
from publisher.themes import own as own_theme
from publisher.tracing import NOTHING, Memory, Texts, Trace, text_digest

if TYPE_CHECKING:  # what only some commands need is imported by them: reading one file should not wait for all of it
    from publisher import following
    from publisher.newsstand.pictures import Developed
    from publisher.post import Enclosure

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
    "desk_of",
    "develop",
    "disclosed",
    "enclose",
    "fetch_media",
    "fix",
    "follow",
    "format_of",
    "full_text",
    "gather",
    "in_settings",
    "inside",
    "kept",
    "media_files",
    "memory_of",
    "moved",
    "pictures_kept",
    "press",
    "published",
    "read",
    "read_both",
    "read_bytes",
    "read_each",
    "seen",
    "unmatched",
    "unpacked",
    "write",
]

Value = TypeVar("Value")
Opened = tuple[str, bytes | PublisherError | Trace | Read]
"""The path of a source, and its bytes, why there are none, what was read of it, or what is known of it."""
Watch = Callable[[Iterable[Value], int, str], Iterable[Value]]
"""Passes values through and may show how far the work is: values, how many, what is done with them."""
Mapper = Callable[[int], Callable[..., Iterable[Any]]]
"""Gives the `map` for so many values."""

_FEEDS = frozenset(("feed", "index", "rss", "atom", "sitemap"))
"""Names that a feed has even when it is empty; any other empty file may be the one that the shell has just opened for our report."""
_MOST_REPAIRS = 10
"""One repair can make another possible, and hide it until then."""


def _alone(work: int) -> Callable[..., Iterable[Any]]:
    return map


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

    @property
    def place(self) -> str:
        """Where the settings are written, as seen from where we are."""
        return _from_here(str(self.folder.root / SETTINGS))


def _open(path: Path, *, absolute: bool = False) -> Desk:
    """Return the desk on which the source at `path` lies; what is wrong with it is told as seen from where we are, unless `absolute`."""
    root = files.home(path)
    try:
        found, problems = _settled(root)
    except PublisherError as error:
        raise PublisherError(*(_seen(error.problems, absolute=absolute))) from None
    own = found if (root / SETTINGS).is_file() else None
    seen = tuple(_seen(problems, absolute=absolute))
    return Desk(folder=Folder(root, found.publication.url), settings=found, own=own, problems=seen)


def _seen(problems: Iterable[Problem], *, absolute: bool) -> Iterable[Problem]:
    return problems if absolute else seen(problems)


def seen(problems: Iterable[Problem]) -> list[Problem]:
    """Return the problems of files with their places as seen from where we are."""
    return [each.at(_from_here(each.location.path)) for each in problems]


def _from_here(path: str) -> str:
    try:
        return os.path.relpath(path)
    except ValueError:  # Windows: on another drive
        return path


def _settled(root: Path) -> tuple[Settings, Sequence[Problem]]:
    """Return the settings of a folder, and what is to be said of them."""
    place = root / SETTINGS
    written = place.is_file()
    try:
        found, problems = settings.read(files.read(place) if written else None, partial(_is_there, root))
    except PublisherError as error:
        raise error.at(str(place)) from None
    located = [each.at(str(place)) for each in problems]
    if not written:
        return found, located
    found, unused = _themed(found, root)
    return found, (*located, *unused)


def _is_there(root: Path, url: str, base: str) -> bool:
    return Folder(root, base).path(url) is not None


def _themed(found: Settings, root: Path) -> tuple[Settings, list[Problem]]:
    """Return the settings with the user's own files of the theme, and what is to be said of those that are not used."""
    folder = root / files.THEME
    there = own_theme.strays([each for each in files.walk(folder) if sources.is_source(each)] if folder.is_dir() else ())
    strays = own_theme.told(there)
    try:
        own, unused = own_theme.read({name: body for name, body in files.small(folder).items() if name not in there})
    except PublisherError as error:
        raise PublisherError(*(each.at(str(root / each.location.path)) for each in (*strays, *error.problems))) from None
    theme, problems = replace(found.site.theme, files=own), (*strays, *unused)
    return replace(found, site=replace(found.site, theme=theme)), [each.at(str(root / each.location.path)) for each in problems]


def desk_of(path: Path) -> Desk:
    """Return the desk on which what is at `path`, or will be, lies."""
    return _open(path)


def gather(
    paths: Sequence[str],
    *,
    drafts: bool = False,
    watch: Watch[Opened] = _unwatched,
    root: Path | None = None,
    remember: bool = True,
    mapper: Mapper = _alone,
) -> tuple[Gathered, Desk]:
    """Return what all sources at `paths` give together, and the desk they lie on; raise `PublisherError` when there are none.

    `mapper` gives the `map` by which so many sources are read.
    What an earlier build made is no source, wherever it lies. Where there are no settings, `root` is the folder they belong to.
    Where there are, what was read is kept beside the sources, unless told not to, and not read again until it changes.
    """
    desk = _open(root or _existing(paths[0]))
    root = desk.folder.root
    _refuse_another(paths, root)
    names = list(dict.fromkeys(name for path in paths for name in _names(path, root)))
    found = (_gathered if desk.own and remember else _gathered_anew)(desk, names, watch, mapper, drafts=drafts)
    assumed = desk.problems if found.written or desk.own else ()  # a feed alone says itself what its articles appear in
    return replace(found, problems=(*assumed, *_below(root, found.problems)), written=True), desk


def _gathered_anew(desk: Desk, names: Sequence[str], watch: Watch[Opened], mapper: Mapper = _alone, *, drafts: bool) -> Gathered:
    opened = watch(_each_read(desk, names, NOTHING, mapper, drafts=drafts), len(names), "reading")
    paths = files.walk(desk.folder.root, made=False)
    return sources.gather(opened, desk.own, desk.settings, desk.folder, drafts=drafts, paths=paths)


def _each_read(desk: Desk, names: Sequence[str], memory: Memory, mapper: Mapper, *, drafts: bool) -> Iterator[Opened]:
    """Yield each source as it was read, or with what is known of it."""
    traces = {name: trace for name in names if (trace := memory.trace(name))}
    wanted = [(name, memory.digest(name)) for name in names if name not in traces]
    if wanted:
        memory.wake()  # before there are forks of us
        memory.expect(name for name, _ in wanted)
    found = iter(mapper(len(wanted))(partial(_read_one, desk.folder, desk.settings, drafts), wanted))
    for name in names:
        yield name, traces.get(name) or next(found) or _opened(desk.folder, name)


def _read_one(folder: Folder, assumed: Settings, drafts: bool, wanted: tuple[str, bytes]) -> Read:
    """Return what is read of the source at a path, unless its digest is the one that is known."""
    name, known = wanted
    return sources.read(name, _opened(folder, name), assumed, known, drafts=drafts)


def _gathered(desk: Desk, names: Sequence[str], watch: Watch[Opened], mapper: Mapper, *, drafts: bool) -> Gathered:
    """Return what the sources give, reading only what is not known from the last time."""
    with kept(desk) as records:
        # First the time, then the look at the files, then what is in them: whoever changes one meanwhile is noticed the next time.
        disk = Inventory(desk.folder, Cache(desk.folder).moment(), names)
        if not {each for each in disk.paths if sources.is_source(each)} <= {*names}:
            return _gathered_anew(desk, names, watch, mapper, drafts=drafts)
        opener = partial(_opened, desk.folder)
        with closing(memory_of(desk, records, disk, drafts=drafts)) as memory:
            opened = watch(_each_read(desk, names, memory, mapper, drafts=drafts), len(names), "reading")
            return sources.gather(
                opened, desk.own, desk.settings, desk.folder, drafts=drafts, paths=disk.paths, memory=memory, again=opener
            )


def memory_of(desk: Desk, records: Records, disk: Inventory | None = None, *, drafts: bool, only: Collection[str] = ()) -> Memory:
    """Return what is remembered of all sources; with `only`, at first of these alone."""
    key = f"{desk.settings.context('')!r} {desk.settings.site.metadata} {files.installed()!r}"
    kind = " with drafts" if drafts else ""
    return Memory(records, disk, key, kind, Texts(partial(kept, desk), partial(_texts_anew, desk, drafts=drafts), kind), only)


def _texts_anew(desk: Desk, *, drafts: bool) -> dict[bytes, str]:
    """Return the texts of all articles by their digests, since one is lost that should be among what is remembered."""
    names = [each for each in files.walk(desk.folder.root, made=False) if sources.is_source(each)]
    found = _gathered_anew(desk, names, _unwatched, drafts=drafts).publication.articles
    return {text_digest(each): each.body for each in found}


def kept(desk: Desk) -> AbstractContextManager[Records]:
    """Give what is remembered of a folder from build to build; nothing where there are no settings, or nothing can be written."""
    return records.kept(Cache(desk.folder).file("records") if desk.own else None, files.kept_folder())


def inside(found: Gathered, folder: Folder) -> dict[str, bytes]:
    """Return the media inside the sources that nothing lies beside them for, by their URL."""
    from publisher import build

    if not found.encloses:
        return {}
    urls = [url for url in dict.fromkeys(build.media_of(found.publication)) if folder.path(url) is None]
    return {url: body for url in urls if (body := found.media(url)) is not None}


_ADDED = re.compile("[?#]")


def media_files(publication: Publication, folder: Folder, *more: str | None) -> dict[str, Path]:
    """Return the files that the outputs refer to, by their paths, `more` of them by their URLs.

    A link to a source that is left out, such as a draft, does not publish it.
    """
    from publisher import build

    urls = dict.fromkeys((*build.media_of(publication), *filter(None, more)))
    # Most are pages of articles: what is called as a source is not looked for.
    plain = (url for url in urls if not sources.is_source(_ADDED.split(url, maxsplit=1)[0].removeprefix(folder.base)))
    paths = dict.fromkeys(map(folder.path, plain))
    return {path: folder.root / path for path in paths if path and not sources.is_source(path)}


def published(
    media: Mapping[str, Path], settings: Settings, keep: Callable[[str, bytes], Body], exports: Path
) -> dict[str, tuple[Body, tuple[Problem, ...]]]:
    """Return what is published of each file, as it is kept, and what is wrong with it.

    It is damaged, or lies where it would be published, so that it would have to be changed there.
    """
    found: dict[str, tuple[Body, tuple[Problem, ...]]] = {}
    for path, where in media.items():
        body = _read_here(where)
        made, told = disclosed(body, settings, where)
        if (place := exports / path).exists() and place.samefile(where):
            found[path] = where, told or (() if made is body else (_in_place(where),))
        else:  # not the file, which may be another one when it is copied
            found[path] = keep(path, made), told
    return found


def _read_here(path: Path) -> bytes:
    try:
        return files.read(path)
    except PublisherError as error:
        raise PublisherError(*seen(error.problems)) from None


def disclosed(body: bytes, settings: Settings, where: Path) -> tuple[bytes, tuple[Problem, ...]]:
    """Return what is published of the file there, the same object when it is as it is, and what is wrong with it."""
    try:
        made = sources.as_published(settings)(body, where.name)
    except Unfit as error:
        return body, (_damaged(error).at(str(where)),)
    return made, (_unstyled(where),) if is_unstyled(body, made) else ()


def _unstyled(original: Path) -> Problem:
    """Return the warning when a drawing looks other than it did."""
    message = "a style sheet that this drawing names was left out, since such an instruction can run something"
    return problem("media-unstyled", Severity.WARNING, message, hint="put the rules into an element <style>").at(str(original))


def moved(original: Path) -> Problem:
    """Return the error when a file has changed since articles were told of it: what they say of it is not so any more."""
    message, hint = "this file has changed while the others were made", "build again"
    return problem("file-changed", Severity.ERROR, message, hint=hint).at(str(original))


def _in_place(original: Path) -> Problem:
    """Return the error when a file would be written over by what is published of it."""
    message = "there is more in this file than is to be published, and it lies in the exports itself"
    hint = "choose another folder with -o, or set metadata = true in [site] of publisher.toml"
    return problem("media-in-place", Severity.ERROR, message, hint=hint).at(str(original))


def _damaged(error: Unfit) -> Problem:
    if isinstance(error, Unsafe):
        return problem("media-unsafe", Severity.ERROR, f"this drawing is not published: {error}", hint="save it anew, or take it out")
    message = f"what is noted in this picture could not be taken out: {error}"
    return problem("media-damaged", Severity.WARNING, message, hint="save it anew")


def unpacked(inside: dict[str, bytes], folder: Folder) -> dict[str, bytes]:
    """Return the files that lie inside sources, by their paths."""
    return {unquote(url.removeprefix(folder.base)): body for url, body in inside.items() if folder.base and url.startswith(folder.base)}


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
    above = _name(found.resolve(), root)
    return [posixpath.normpath(f"{above}/{each}") for each in _source_names(found, made=False)]  # links keep their own names


def _sources(folder: Path, *, made: bool) -> list[Path]:
    """Return the files in a folder that may hold articles; raise `PublisherError` when there are none."""
    return [folder / each for each in _source_names(folder, made=made)]


def _source_names(folder: Path, *, made: bool) -> list[str]:
    return _some([each for each in files.walk(folder, made=made) if sources.is_source(each)], folder)


def _some(found: list[Value], folder: Path) -> list[Value]:
    if found:
        return found
    hint = "name a file, or a folder with articles"
    raise PublisherError(problem("no-sources", Severity.ERROR, "there is nothing to read in this folder", hint=hint).at(str(folder)))


def _name(path: Path, root: Path) -> str:
    return os.path.relpath(path, root.resolve()).replace(os.sep, "/")


def _below(root: Path, problems: Sequence[Problem]) -> Sequence[Problem]:
    """Return the problems with their places as seen from where we are; a large archive has many."""
    here = _from_here(str(root))
    above = "" if here == "." else f"{here}/"
    plain = os.sep == "/" and (here == "." or here.strip("./") != "")  # not in a folder of the sources
    seen = {path: f"{above}{path}" if plain and _is_plain(path) else _from_here(str(root / path)) for path in map(_path, problems) if path}
    places = [each.location for each in problems]
    paths = [seen.get(each.path, "") for each in places]
    located = made(Location, len(places), (paths, *([*map(attrgetter(name), places)] for name in ("line", "column", "pointer"))))
    fields = ("code", "severity", "message", "hint", "spec")
    return made(Problem, len(places), (*(map(attrgetter(name), problems) for name in fields), located))


_path = attrgetter("location.path")


def _is_plain(path: str) -> bool:
    return not path.startswith(("/", ".")) and "/." not in path and "//" not in path


@dataclass(frozen=True, slots=True, kw_only=True)
class Press:
    """What books there are to make, and which issues are out."""

    issues: Issues = field(default_factory=Issues)
    out: frozenset[str] = frozenset()
    """Paths below the exports."""
    held: tuple[Held, ...] = ()
    """What those that are out say of themselves, for the catalogue."""


def press(
    publication: Publication,
    desk: Desk,
    exports: Path,
    wanted: Sequence[str] = (),
    *,
    whole: bool = True,
    today: date = date.max,
    paths: Iterable[str] = (),
) -> Press:
    """Return which books to make, and what is to be said of issues that are out and stay as they are, or that are of days to come.

    Of what is not a `whole` publication nothing becomes an issue unless it is wanted: there is one book of what was given.
    `paths` are those of the sources of all articles.
    Raise `PublisherError` when nothing is in an issue that is wanted.
    """
    out = frozenset(each for name in files.names(exports / "issues") if issues.stays(each := f"issues/{name}"))
    found = issues.plan(publication, desk.settings.issues if whole or wanted else (), wanted, out)
    _refuse_part(publication, found, exports, out if not whole else frozenset())
    planned = (each.at(desk.place) for each in (*found.problems, *issues.ahead(found.books, today)))
    problems = (*planned, *_ahead(publication, desk, paths, today), *_outdated(publication, found, exports, out))
    held = tuple(_held(exports, out)) if not wanted or issues.ALL in wanted else ()
    return Press(issues=replace(found, problems=problems), out=out, held=held)


def _ahead(publication: Publication, desk: Desk, paths: Iterable[str], today: date) -> Iterator[Problem]:
    """Yield what is to be told of articles of days to come, each where its source has the date."""
    yield from (_in_its_source(each, desk, "date_published") for each in hints.ahead(publication, today, paths))


def _in_its_source(found: Problem, desk: Desk, key: str) -> Problem:
    """Return what is told of an article where its source has the value of a key."""
    from publisher.formats import markdown  # here because hardly any build needs it

    if not found.location.path:
        return found.at(desk.place)
    body = _opened(desk.folder, found.location.path)
    line = markdown.line_of(body, key) if isinstance(body, bytes) else 0
    return next(iter(_below(desk.folder.root, [replace(found, location=replace(found.location, line=line))])))


def unmatched(publication: Publication, desk: Desk, paths: Sequence[str], of: Iterable[str] = ()) -> list[Problem]:
    """Return what the settings name and no article has, or has nearly, when the sources at `paths` are all there are.

    `of` are the paths of the sources of all articles.
    """
    root = desk.folder.root
    if not desk.own or not any(Path(each).resolve() == root.resolve() for each in paths):
        return []
    found = hints.unmatched(publication, desk.own, partial(_line_of_setting, root))
    misspelt = (_in_its_source(each, desk, "author") for each in hints.misspelt(publication, desk.own, of))
    return [*(each.at(desk.place) for each in found), *misspelt]


def in_settings(found: Problem, root: str, *path: str) -> Problem:
    """Return a problem of what `publisher.toml` in the folder `root` says under the key at `path`, located there."""
    place = Location(path=_from_here(os.path.join(root, SETTINGS)), line=_line_of_setting(Path(root), *path))
    return replace(found, location=place)


def _line_of_setting(root: Path, *path: str) -> int:
    return toml(decode(files.read(root / SETTINGS))[0]).line(*path)


def _held(exports: Path, out: frozenset[str]) -> Iterator[Held]:
    """Yield what the issues say that are out, each once; those that others have put there are none of ours."""
    from publisher.formats.epub import listing, record

    there = files.names(exports / "issues")
    for path in sorted(each for each in out if not each.endswith(".kepub.epub")):
        package = files.member(exports / path, listing.PACKAGE)
        if package and (said := listing.told(package, files.member(exports / path, record.MEMBER) or b"")):
            pictures = (issues.picture(path, small=small).rpartition("/")[2] for small in (False, True))
            missing = not there.issuperset(pictures)
            yield Held(path=path, listing=said[0], cover=files.member(exports / path, said[1]) if missing else None)


def _refuse_part(publication: Publication, found: Issues, exports: Path, out: frozenset[str]) -> None:
    """Raise `PublisherError` when an issue that is out would be made of some of its articles only."""
    for book in found.books:
        path = issues.path(publication, book.edition)
        if book.edition and book.make == "always" and path in out:
            message = "this issue is out, and would be made anew of the articles that were named alone"
            hint = "build the whole folder; or choose another folder with -o"
            raise PublisherError(problem("issue-partial", Severity.ERROR, message, hint=hint).at(str(exports / path)))


def _outdated(publication: Publication, found: Issues, exports: Path, out: frozenset[str]) -> Iterator[Problem]:
    from publisher.formats.epub import record

    for book in (each for each in found.books if each.make == "missing"):
        for path in {issues.path(publication, book.edition, kepub=kepub) for kepub in (False, True)} & out:
            held = files.member(exports / path, record.MEMBER)
            yield from (each.at(str(exports / path)) for each in filter(None, [issues.outdated(book, held) if held else None]))


def read(
    path: str | os.PathLike[str], *, private: bool = False, robots: bool = True, cache: bool = True, form: str | None = None
) -> Gathered:
    """Return what one file holds, or what is at an address; raise `PublisherError` when it cannot be read.

    With `private`, addresses of the own machine and network are asked too; `robots` and `cache` are as in `fetch.get`.
    `form` is the name of its format, when that is not to be found from its content.
    """
    if not fetch.is_url(str(path)):
        return _read(Path(path), files.read(Path(path)), form)
    limits = _limits()
    return _read_answer(fetch.get(str(path), private=private, robots=robots, cache=cache, bounds=_bounds(limits)), limits, form)


def read_both(first: str, second: str, *, private: bool = False, robots: bool = True, cache: bool = True) -> tuple[Gathered, Gathered]:
    """Return what each of two files or addresses holds, as `read` does; a source without settings as if it lay beside the other one."""
    ask = partial(read, private=private, robots=robots, cache=cache)
    return _read_beside(first, second, ask), _read_beside(second, first, ask)


def _read_beside(path: str, other: str, ask: Callable[[str], Gathered]) -> Gathered:
    if fetch.is_url(path):
        return ask(path)
    body = files.read(Path(path))  # once: it may be what another program writes
    found = _read(Path(path), body)
    if not found.written or fetch.is_url(other) or _open(Path(path)).own or not _open(Path(other)).own:
        return found
    # What is no file has no name: it is taken for another version of the other one.
    return _read(Path(path), body, place=Path(other).parent / Path(path).name if Path(path).is_file() else Path(other))


def read_each(
    paths: Sequence[str], *, private: bool = False, robots: bool = True, cache: bool = True, form: str | None = None
) -> Iterator[tuple[str, Gathered | PublisherError]]:
    """Yield each path or address with what is there, or with why it cannot be read, as `read` does; several addresses are asked at once."""
    limits = _limits()
    answers = fetch.get_each(filter(fetch.is_url, paths), private=private, robots=robots, cache=cache, bounds=_bounds(limits))
    for path in paths:
        try:
            if not fetch.is_url(path):
                yield path, read(path, form=form)
            elif isinstance(answer := next(answers)[1], PublisherError):
                yield path, answer
            else:
                yield path, _read_answer(answer, limits, form)
        except PublisherError as error:
            yield path, error


def _limits() -> Limits:
    """Return how much of a stranger is read, as the settings say that hold here."""
    return _open(Path()).settings.limits


def _bounds(limits: Limits) -> fetch.Bounds:
    return replace(fetch.DOCUMENTS, size=limits.file)


def read_bytes(body: bytes, name: str = "", form: str | None = None, limits: Limits | None = None) -> Gathered:
    """Return what bytes from nowhere hold, and nothing beside them; raise `PublisherError` when they cannot be read."""
    assumed, _ = settings.read(None)
    try:
        found = sources.one(name, body, None, replace(assumed, limits=limits or assumed.limits), formats.no_media, form=form)
    except PublisherError as error:
        raise error.at(name) from None
    return replace(found, problems=tuple(each.at(name) for each in found.problems))


def _read_answer(answer: Fetched, limits: Limits, form: str | None = None) -> Gathered:
    """Return what an answer holds; nothing beside it is read."""
    return read_bytes(answer.body, answer.url, form, limits)


_NAMELESS = "source"
"""What comes out of a pipe is called so, which the system gives another number each time: an identifier may be made of it."""


def _read(path: Path, body: bytes, form: str | None = None, place: Path | None = None) -> Gathered:
    """Return what a file holds that lies at a path, as if it did at another `place` where that is given."""
    place = place or (path if path.is_file() else path.with_name(_NAMELESS))
    desk = _open(place, absolute=path.is_absolute())
    try:
        root = desk.folder.root
        name, beside = _name(place.resolve(), root), files.walk(root, made=False)
        found = sources.one(name, body, desk.own, desk.settings, desk.folder, beside, form=form)
    except PublisherError as error:
        raise error.at(str(path)) from None
    # What is assumed is said where it matters: there is no file of settings that it could be said of.
    assumed = (each if desk.own else each.at(str(path)) for each in desk.problems if found.written)
    problems = (*assumed, *(each.at(str(path)) for each in found.problems))
    return replace(found, problems=problems, media=found.media if found.written else _built_beside(path, found))


def _built_beside(path: Path, found: Gathered) -> Callable[[str], bytes | None]:
    """Return what gives the media that a build has put into the same folder, or above, where they have the publication's addresses.

    Only those: a stranger's feed must not publish whatever else lies where it was saved. What pages look and run by is none.
    """
    root = next((each for each in path.resolve().parents if (each / MANIFEST).is_file()), None)
    if root is None:
        return found.media
    from publisher.newsstand import hosting, plan, services

    listed = frozenset(files.listed(root)) - {plan.SHEET, services.SCRIPT, hosting.HEADERS}
    folder = Folder(root, f"{found.publication.url.removesuffix('/')}/")

    def media(url: str) -> bytes | None:
        inside = found.media(url)
        return folder(url) if inside is None and folder.path(url) in listed else inside

    return media


_SVG = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*>\s*|<!--(?>.*?-->)\s*|<!DOCTYPE\s+(?:\w+:)?svg\b[^\[>]*(?:\[[^\]]*\]\s*)?>\s*)*+<(?:\w+:)?svg[\s/>]",
    re.DOTALL,
)
"""The root, not a drawing somewhere in a page that says that one must sign in."""
_MOST_FETCHED = 2_000_000_000
"""Bytes for one build."""
_FEW_PICTURES = 32
"""So many are looked for here before a process begins to make any: of a small site all are kept, and reading them takes less time."""


def fetch_media(
    urls: Iterable[str],
    cache: Cache,
    *,
    private: bool = False,
    robots: bool = True,
    watch: Watch[tuple[int, Problem | None]] = _unwatched,
    bounds: fetch.Bounds = fetch.MEDIA,
) -> list[Problem]:
    """Fetch the pictures and recordings that are not at hand, each address once; return what could not be had, as warnings."""
    wanted = [url for url in dict.fromkeys(each.partition("#")[0] for each in urls) if fetch.is_url(url) and cache.lacks(url)]
    if not wanted:
        return []
    try:
        cache.prepare()
    except PublisherError as error:
        return [replace(each, severity=Severity.WARNING) for each in error.problems]
    answers = fetch.media_each(wanted, private=private, robots=robots, bounds=bounds)
    fetched = watch(_kept(answers, cache, len(wanted)), len(wanted), "fetching")
    return [found for _, found in fetched if found]


def _kept(answers: Iterator[tuple[str, bytes | PublisherError]], cache: Cache, wanted: int) -> Iterator[tuple[int, Problem | None]]:
    """Yield how many bytes each address gave and what is wrong with it, in the order of the addresses; stop when it is too much."""
    total = 0
    for number, (url, answer) in enumerate(answers, 1):
        size, found = _keep(url, answer, cache)
        yield size, found
        total += size
        if total > _MOST_FETCHED and number < wanted:
            message = f"{wanted - number} more pictures or recordings were not fetched: there are more than {total >> 20} MB"
            yield 0, problem("fetch-too-large", Severity.WARNING, message, hint="build again, or make smaller books").at(url)
            return


def _keep(url: str, answer: bytes | PublisherError, cache: Cache) -> tuple[int, Problem | None]:
    """Keep one; only what looks like a picture or sound, so that a page that says "forbidden" is asked for again."""
    try:
        if isinstance(answer, PublisherError):
            raise answer
        if not _is_media(answer):
            hint = "check the address: the server answered with something else, perhaps a page that says what is wrong"
            raise PublisherError(problem("fetch-no-media", Severity.ERROR, "this is no picture and no sound", hint=hint))
        cache.keep(url, answer)
    except PublisherError as error:
        return 0, replace(error.problems[0], severity=Severity.WARNING).at(url)
    return len(answer), None


def _is_media(body: bytes) -> bool:
    kind = measure.measure(body, "").encoding_format or ""
    return kind.startswith(("image/", "audio/")) or bool(_SVG.match(body[:4096]))


_MOST_KEPT = 512 * 2**20
"""Bytes of pictures in several sizes, kept from build to build: those of about 2,000 pictures."""


def pictures_kept() -> Store:
    """Return where pictures in several sizes are kept from build to build."""
    store = Store(files.kept_folder() / "pictures")
    store.trim(_MOST_KEPT)
    return store


def develop(
    publication: Publication,
    media: Callable[[str], bytes | None],
    store: Store,
    map: Callable[..., Iterable[Developed]] = map,  # noqa: A002
    watch: Watch[Developed] = _unwatched,
    folder: Folder | None = None,
) -> tuple[Developed, ...]:
    """Make the pictures of pages in several sizes and types, as far as they are not kept from an earlier build.

    What is told of a picture is located at its file in the `folder` of the sources.
    """
    from publisher.newsstand import pictures

    urls = pictures.shown(publication)
    state = media.folder.state if isinstance(media, Cache) else None
    are_few = len(urls) <= _FEW_PICTURES
    there = {url: pictures.known(url, media, store, state) if are_few else None for url in urls}
    wanted = [url for url, known in there.items() if not known]
    make = partial(pictures.developed, media=media, store=store, state=state)
    if wanted:
        there |= zip(wanted, watch(map(make, wanted), len(wanted), "pictures"), strict=True)
    made = tuple(pictures.located(filter(None, there.values()), publication, partial(_file_of, folder=folder)))
    return (*made, *pictures.lacking()) if made else ()


def _file_of(url: str, folder: Folder | None) -> str:
    """Return where the file behind an address is, "" when it is none of this folder's."""
    path = folder.path(url) if folder else None
    return _from_here(str(folder.root / path)) if folder and path is not None else ""


_NAMES = {"xml": "rss", "rdf": "rss", "htm": "webpage", "xhtml": "webpage"}
"""Formats by endings that say less than the names we give."""


def format_of(name: str) -> str:
    """Return the format that a file's name says; raise `PublisherError` when it says none that we write."""
    base = Path(name).name.lower()
    given = {each: module.PATH.rpartition("/")[2] for each, module in formats.writers().items()}
    found = next((each for each, path in given.items() if path == base), None)
    ends = {path.removeprefix("{slug}") if "{slug}" in path else f".{formats.ending(path)}": each for each, path in reversed(given.items())}
    endings = sorted((each for each in ends if base.endswith(each) and each != ".json"), key=len)
    if known := found or (
        ends[endings[-1]] if endings else _NAMES.get(formats.ending(base), "spelling" if base.endswith(".json") else None)
    ):
        return known
    hint = f"use one of feed.json, {', '.join(dict.fromkeys([*ends, *(f'.{each}' for each in _NAMES)]))}"
    message = f"no format has the ending {Path(name).suffix!r}"
    raise PublisherError(problem("unknown-ending", Severity.ERROR, message, hint=hint).at(name))


def write(publication: Publication, path: str | os.PathLike[str]) -> None:
    """Write a publication in the format that the name says; raise `PublisherError` when that cannot be."""
    path = Path(path)
    module = formats.writers()[format_of(str(path))]
    if module.EACH == "article" and len(publication.articles) != 1:
        message = f"{module.TITLE} holds one article, and there are {len(publication.articles)}"
        raise PublisherError(problem("not-one-article", Severity.ERROR, message, hint="write each to a file of its own").at(str(path)))
    files.write(path, module.write(publication, formats.Target(media=Folder(files.home(path), publication.url))))


def choice(path: str) -> Choice:
    """Return which problems count in the folder that `path` is in, as its `publisher.toml` says."""
    place = Path() if fetch.is_url(path) else _existing(path)
    desk = _open(place, absolute=place.is_absolute())
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


def check_each(
    paths: Sequence[str],
    *,
    private: bool = False,
    robots: bool = True,
    cache: bool = True,
    targets: Collection[str] = (),
    watch: Watch[Sequence[Problem]] = _unwatched,
) -> Iterator[Problem]:
    """Yield what is wrong with each of the files and addresses, several of these asked at once; with settings and theme once."""
    told: set[object] = set()
    limits = _limits()
    answers = fetch.get_each(filter(fetch.is_url, paths), private=private, robots=robots, cache=cache, bounds=_bounds(limits))
    checked = (_check_answer(*next(answers), targets, limits) if fetch.is_url(path) else _check_file(path, targets) for path in paths)
    for each in chain.from_iterable(watch(checked, len(paths), "checking")):
        what = _meaning(each)
        if what not in told:
            yield each
        if what is not each or each.code.startswith(("settings-", "theme-", "toml-", "media-")):  # which several sources have
            told.add(what)


def _meaning(found: Problem) -> object:
    """Return what is one and the same where it is told of several sources; else the problem itself."""
    if found.code == "settings-missing":
        return found.code
    if found.code in sources.ABOUT_SETTINGS and not fetch.is_url(found.location.path):
        return found.code, files.home(Path(found.location.path)).resolve()
    return found


def check(
    path: str | os.PathLike[str], *, private: bool = False, robots: bool = True, cache: bool = True, targets: Collection[str] = ()
) -> list[Problem]:
    """Return what is wrong with one file, or with what is at an address: by the rules of its format, or for a source by reading it.

    `targets` are devices and shops (see `formats.targets`) whose rules hold too, where the format has some.
    `private`, `robots` and `cache` are as in `fetch.get`.
    """
    path = str(path)
    if not fetch.is_url(path):
        return _check_file(path, targets)
    try:
        limits = _limits()
        answer = fetch.get(path, private=private, robots=robots, cache=cache, bounds=_bounds(limits))
        return _check_answer(path, answer, targets, limits)
    except PublisherError as error:
        return _located(error.problems, path)


def _check_answer(url: str, answer: Fetched | PublisherError, targets: Collection[str], limits: Limits) -> list[Problem]:
    if isinstance(answer, PublisherError):
        return _located(answer.problems, url)
    return _located(_check(answer.body, answer.url, lambda: _read_answer(answer, limits), targets), url)


def _check_file(path: str, targets: Collection[str]) -> list[Problem]:
    try:
        body = files.read(Path(path))
    except PublisherError as error:
        return _located(error.problems, path)
    return _located(_check(body, path, lambda: _read(Path(path), body), targets), path)


def _located(problems: Iterable[Problem], path: str) -> list[Problem]:
    return [each if each.location.path else each.at(path) for each in problems]


def _check(body: bytes, path: str, read: Callable[[], Gathered], targets: Collection[str]) -> Sequence[Problem]:
    try:
        module = formats.detect(body, path)
        if targets and isinstance(module, formats.Targeted):
            return module.check(body, targets)
        return module.check(body) if isinstance(module, formats.Checker) else _checked(read(), path)
    except PublisherError as error:
        return error.problems


def _checked(found: Gathered, path: str) -> Sequence[Problem]:
    """Return what is wrong with a source: what its reader tells, and pictures of a text that a build could do nothing with."""
    if not found.written:
        return found.problems
    from publisher.newsstand import pictures

    damaged = pictures.damaged(found.publication, found.media)
    return (*found.problems, *damaged, *_unpublishable(pictures.shown(found.publication), found.media, path))


def _unpublishable(urls: Iterable[str], media: Callable[[str], bytes | None], path: str) -> Iterator[Problem]:
    """Yield why drawings that a source shows could not be published, each where its file is, as a build does."""
    drawings = dict.fromkeys(plain for each in urls if (plain := each.partition("#")[0]).lower().endswith(".svg"))
    if not drawings:
        return
    desk = _open(Path(path))
    publish = sources.as_published(desk.settings)
    for url in drawings:
        try:
            if (body := media(url)) is not None:
                publish(body, url)
        except Unfit as error:
            yield _damaged(error).at(_file_of(url, desk.folder))


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


def check_together(path: str, told: Iterable[Problem] = ()) -> list[Problem]:
    """Return what is wrong with the files of a folder together, when they are a publication that was built, or sources with their settings.

    What was `told` of single files is not said again.
    """
    from publisher import whole

    folder = Path(path)
    found = whole.check(files.walk(folder), lambda name: files.read(folder / name))
    every = [*told]
    said = {*map(_place_of, every)}
    once = sources.ABOUT_SETTINGS & {each.code for each in every}
    return [
        *(each.at(str(folder / each.location.path)) for each in found),
        *(each for each in _of_all_sources(folder) if _place_of(each) not in said and each.code not in once),
    ]


def _of_all_sources(folder: Path) -> Sequence[Problem]:
    """Return what a build would say of the sources in a folder with settings: two with one address are wrong, and neither is by itself."""
    if not (folder / SETTINGS).is_file():
        return ()
    try:
        found, desk = gather([str(folder)], remember=False)
    except PublisherError:  # which is told of what it is about
        return ()
    return (*found.problems, *unmatched(found.publication, desk, [str(folder)], found.paths))


def _place_of(found: Problem) -> tuple[str, str, int]:
    return found.code, os.path.realpath(found.location.path), found.location.line


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
    from publisher.post import Enclosure

    kind = _SENT.get(formats.ending(path.name))
    if kind is None:
        message, hint = "Kindles and most readers take no such file", f"send one that ends in {', '.join(_SENT)}"
        raise PublisherError(problem("send-format", Severity.ERROR, message, hint=hint, spec=_SEND_TO_KINDLE).at(str(path)))
    return Enclosure(name=path.name, media_type=kind, body=files.read(path))


# -- feeds of many documents ----------------------------------------------------------------------------------------------


def follow(
    path: str | os.PathLike[str], *, private: bool = False, robots: bool = True, cache: bool = True, most: int | None = None
) -> Gathered:
    """Return what a feed and all documents that continue it hold together, at most so many; see `following.follow`.

    `path` is an address or a file; its links are asked for on the web in both cases. Raise `PublisherError` when it cannot be read.
    """
    from publisher import following

    limits = _limits()

    def get(address: str) -> tuple[str, bytes]:
        if address == str(path) and not fetch.is_url(address):
            return address, files.read(Path(address))
        answer = ask(address)
        return answer.url, answer.body

    def document(address: str, body: bytes) -> following.Document:
        local = address == str(path) and not fetch.is_url(address)
        found = _read(Path(address), body) if local else _read_answer(Fetched(url=address, media_type="", body=body), limits)
        return following.Document(url=address, publication=found.publication, problems=found.problems, drafts=found.drafts)

    with fetch.asking(private=private, robots=robots, cache=cache, bounds=_bounds(limits)) as ask:
        found = following.follow(str(path), get, document, most=following.MOST if most is None else most)
    return Gathered(publication=found.publication, problems=found.problems, written=False, drafts=found.drafts)


def full_text(
    found: Gathered, *, private: bool = False, robots: bool = True, cache: bool = True, watch: following.Watch = _unwatched
) -> Gathered:
    """Return what was read with the texts of articles that have only a summary taken from their pages; see `following.full_text`."""
    from publisher import following

    limits = _limits()
    with fetch.asking(private=private, robots=robots, cache=cache, bounds=_bounds(limits)) as ask:
        full = following.full_text(found.publication, lambda url: _read_answer(ask(url), limits).publication, watch)
    return replace(found, publication=full.publication, problems=(*found.problems, *full.problems))
