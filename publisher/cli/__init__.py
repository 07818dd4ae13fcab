"""The command line: the only module that prints.

Results go to stdout, everything else to stderr. Exit codes: 0 fine, 1 errors in the content, 2 wrong usage, 3 our defect.
"""

from __future__ import annotations

import argparse
import errno
import gc
import os
import re
import signal
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from datetime import UTC, datetime
from io import TextIOWrapper
from itertools import chain
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any

from publisher import __version__
from publisher.cli import exchange
from publisher.cli import serve as preview
from publisher.cli.announce import KINDS, announce
from publisher.cli.talk import CONTENT, DEFECT, FINE, USAGE, print_compared, terms, utter
from publisher.cli.talk import END as _END
from publisher.cli.talk import colours_of as _colours
from publisher.cli.talk import count as _count
from publisher.cli.talk import failed as _failed
from publisher.cli.talk import progress as _progress
from publisher.cli.talk import report as _report
from publisher.cli.talk import say as _say
from publisher.cli.talk import show as _print
from publisher.cli.talk import verdict as _verdict
from publisher.cli.talk import visible as _visible

if TYPE_CHECKING:
    from publisher.article import Publication
    from publisher.cli.recall import Beside, Scene
    from publisher.compare import Difference
    from publisher.formats import Origin
    from publisher.post import Enclosure, Route
    from publisher.problems import Problem
    from publisher.reports import Choice

__all__ = ["COMMANDS", "main"]

_SELDOM = (20_000, 20, 50)
"""How seldom a build looks for garbage: little of what it makes is any, and all of that has to be looked at."""
_WIDE = 160
_NOT_THERE = frozenset(("announce-nothing", "file-missing", "file-unreadable"))
_OF_ANOTHER_KIND = frozenset(("file-is-folder", "folder-is-file"))
"""What is told of a file where a folder is wanted, and of a folder where a file is."""
_MEANINGLESS = frozenset(("issue-unknown", "no-format", "remote-address", "remote-no-settings", "remote-twice", "unknown-ending"))
"""What is told of names of files to write, of issues, and of addresses of fsspec."""
_OF_OPTIONS = frozenset(("send-address-malformed", "unknown-rule"))
"""What is told of options, when it has no place, and of settings."""
_NAMED_WRONGLY = {
    **dict.fromkeys((errno.EACCES, errno.EPERM), "check your rights"),
    errno.ENAMETOOLONG: "no file has so long a name; check the path",
    errno.ELOOP: "links lead to each other here; check where they go",
}
"""What a system says of names behind which nobody can look, and what to do."""
_READ_BACK = ("issues",)
"""Folders of the exports that builds read: what is out stays as it is."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return the exit code."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")  # JSON is UTF-8, and names of files can be anything
    parser = _parser()
    given = parser.parse_args(arguments)
    if given.command is None:
        parser.print_help(sys.stderr)
        return USAGE
    with _stopped_alike():
        return _guarded(COMMANDS[given.command].run, given)


@contextmanager
def _stopped_alike() -> Iterator[None]:
    """Let what ends a process end it as Ctrl-C does meanwhile, so that no worker, and nothing on the disk, outlives it."""
    numbers = [getattr(signal, each) for each in ("SIGTERM", "SIGHUP") if hasattr(signal, each)]
    former = {each: handler for each in numbers if (handler := signal.getsignal(each)) is not signal.SIG_IGN}  # as `nohup` wants it
    for each in former:
        signal.signal(each, signal.default_int_handler)
    try:
        yield
    finally:
        for each, handler in former.items():
            signal.signal(each, handler)


def _guarded(run: Callable[[argparse.Namespace], int], given: argparse.Namespace) -> int:
    """Run a command; say in one line what stopped it."""
    from publisher.problems import PublisherError

    try:
        code = run(given)
        sys.stdout.flush()
        return code
    except PublisherError as error:
        return _refused(error.problems, given)
    except KeyboardInterrupt as stopped:
        _say(str(stopped) or "stopped; nothing was changed")
        return 130
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # who read our output has seen enough
        return FINE
    except OSError as error:
        if error.errno in _NAMED_WRONGLY and error.filename is not None:
            return _refused((_unreachable(error),), given)
        if error.filename is not None:
            return _defect(error)
        _say(f"cannot write the result: {(error.strerror or str(error)).lower()}")
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # else Python tries to write it again at its end
        return CONTENT
    except Exception as error:
        return _defect(error)


def _refused(problems: Sequence[Problem], given: argparse.Namespace) -> int:
    """Tell why nothing was done, and return the exit code; 1 of `diff` says only that two files differ."""
    _report(problems, getattr(given, "format", "text"))
    return USAGE if given.command == "diff" or all(_is_wrongly_asked(each, given) for each in problems) else CONTENT


def _is_wrongly_asked(found: Problem, given: argparse.Namespace) -> bool:
    """Return whether the fault is in the command: a file that it names is not there, or an option says what there is not.

    The same is one of the content where something else names the file, or settings say it.
    """
    place = found.location.path
    if found.code in _NOT_THERE:
        return _is_absent(place) and Path(os.path.abspath(place)) in _named(given)
    if found.code in _OF_ANOTHER_KIND:
        return any(each.is_relative_to(os.path.abspath(place)) for each in _named(given))
    return found.code in _MEANINGLESS or (found.code in _OF_OPTIONS and not place)


def _named(given: argparse.Namespace) -> list[Path]:
    """Return what may be paths among all that the command says."""
    every = chain.from_iterable(each if isinstance(each, list | tuple) else [each] for each in vars(given).values())
    return [Path(os.path.abspath(each)) for each in every if isinstance(each, str)]


def _is_absent(path: str) -> bool:
    """Return whether there is nothing at a path; where we may not look something may be."""
    try:
        os.lstat(path)
    except (OSError, ValueError) as error:
        return isinstance(error, FileNotFoundError | NotADirectoryError) or getattr(error, "errno", 0) == errno.ENAMETOOLONG
    return False


def _unreachable(error: OSError) -> Problem:
    """Return the error when something lies where we may not even look whether it is there, or where nothing can be."""
    from publisher.problems import Severity, problem

    message, hint = f"this cannot be reached: {os.strerror(error.errno or 0).lower()}", _NAMED_WRONGLY[error.errno or 0]
    return problem("file-unreadable", Severity.ERROR, message, hint=hint).at(str(error.filename))


def _defect(error: Exception) -> int:
    """Say that the fault is ours; raise the error again for those who look for it."""
    if os.environ.get("PUBLISHER_DEBUG"):
        raise error
    _say(f"this is a defect of Publisher: {type(error).__name__}: {error}\n  set PUBLISHER_DEBUG=1 to see where, and please report it")
    return DEFECT


# -- build ----------------------------------------------------------------------------------------------------------------


def _build(given: argparse.Namespace) -> int:
    from publisher import files, remote
    from publisher.cli.recall import Beside, Scene

    started = perf_counter()
    today = datetime.now(UTC).date()
    with ExitStack() as stack:
        ends = stack.enter_context(remote.reached(given.source, given.output, _READ_BACK))
        given.source, given.output = ends.sources, ends.exports
        beside = Beside(given.source[0])
        scene = stack.enter_context(closing(Scene(given, beside, today, _colours(sys.stderr))))
        # What lies elsewhere may have changed there.
        if not ends.mirrors and (said := scene.said()):
            utter(said.problems, given.format)
            _say(f"{said.summary} in {perf_counter() - started:.1f} s")
            return FINE
        _keep_templates(beside)
        code = CONTENT
        try:
            with _seldom_collected():
                code = _amended(given, beside, scene, started) if not ends.mirrors else CONTENT
            if code != FINE:
                from publisher.cli.building import built

                with files.spool(Path(given.output)) as spool, _seldom_collected():
                    done = built(given, spool, ends, beside, scene, today)
                if done:
                    code = FINE
                    _say(f"{done} in {perf_counter() - started:.1f} s")
        except KeyboardInterrupt as stopped:
            raise KeyboardInterrupt(str(stopped) or ("stopped; but everything was in place already" if code == FINE else "")) from None
        return code


def _keep_templates(beside: Beside) -> None:
    """Let templates stay compiled beside the sources; who says again what was said needs none."""
    from publisher.cli.remember import Compiled
    from publisher.themes import templates

    templates.remember(Compiled(beside))


def _amended(given: argparse.Namespace, beside: Beside, scene: Scene, started: float) -> int:
    """Make only what has other texts than in the last build, where nothing else has changed; else return `CONTENT`."""
    from publisher.cli import amend

    if (done := amend.amended(given, beside, scene)) is None:
        return CONTENT
    said, placed = done
    utter(said.problems, given.format)
    _say(f"{said.after(len(placed.changed))} in {perf_counter() - started:.1f} s")
    return FINE


@contextmanager
def _seldom_collected() -> Iterator[None]:
    """Let the garbage collector rest meanwhile; what it is told to pass by for ever (`gc.freeze`), it sees again afterwards."""
    before = gc.get_threshold()
    gc.set_threshold(*_SELDOM)
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()


# -- show and check -------------------------------------------------------------------------------------------------------


def _show(given: argparse.Namespace) -> int:
    from publisher import desk, schema

    gathered = desk.read(given.file, **terms(given))
    _report(gathered.problems)
    if given.json:
        _print(schema.to_text(schema.dump(gathered.publication)))
    else:
        _print("\n".join(_described(gathered.publication, gathered.origins if given.explain else ())))
    return FINE


def _described(publication: Publication, origins: tuple[Origin, ...] = ()) -> Iterator[str]:
    """Yield lines for people: the publication, then each article with its fields, where they are from, and the beginning of its text."""
    from publisher import markup, schema

    known = {(each.identifier, each.field): f" ← {each.source}{' (guessed)' if each.guessed else ''}" for each in origins}
    yield f"{publication.name} · {publication.url} · {_count(len(publication.articles), 'article')}"
    for article in publication.articles:
        yield f"\n{article.headline}{known.get((article.identifier, 'headline'), '')}"
        for key, value in schema.spell(article).items():
            if key not in ("@type", "headline", "body"):
                text = _short(value if isinstance(value, str) else schema.to_text(value, indent=None))
                yield f"  {key}: {text}{known.get((article.identifier, key), '')}"
        yield f"  body: {_short(markup.to_text(article.body))}{known.get((article.identifier, 'body'), '')}"


def _diff(given: argparse.Namespace) -> int:
    from publisher import compare, desk

    first, second = (each.publication for each in desk.read_both(given.first, given.second, **terms(given)))
    every = compare.between(first, second, common=given.common)
    found = [each for each in every if not any(map(each.is_in, given.ignore or ()))]
    colours = {"-": "\033[31m", "+": "\033[32m"} if _colours(sys.stdout) else {}
    for each in found:
        _print(_difference_as_json(each) if given.json else _difference_as_text(each, colours))
    articles = f"{_count(len(first.articles), 'article')} and {_count(len(second.articles), 'article')}"
    _say(f"{articles}, {_count(len(found), 'difference')}")
    return CONTENT if found else FINE


def _difference_as_text(found: Difference, colours: dict[str, str]) -> str:
    from publisher import compare

    end = _END if colours else ""
    shown = (f"  {colours.get(line[0], '')}{_visible(line)}{end}" for line in compare.lines(found))
    return "\n".join((_visible(found.pointer), *shown))


def _difference_as_json(found: Difference) -> str:
    from publisher import schema

    return schema.to_text({"pointer": found.pointer, "first": found.first, "second": found.second}, indent=None)


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= _WIDE else f"{text[: _WIDE - 1]}…"


def _check(given: argparse.Namespace) -> int:
    from publisher import desk

    if given.fix and not given.path:
        _say("--fix wants to be told what to repair, such as . for all of this folder")
        return USAGE
    given.path = given.path or ["."]
    counts = _choice(given, desk.choice(given.path[0]))
    paths = _once(found for each in given.path for found in desk.checkable(each))
    if given.fix or given.dry_run:
        _fix(paths, write=not given.dry_run)
    judged = _judged(paths) if given.judges else ()
    targets = list(chain.from_iterable(given.target or ()))
    each = list(desk.check_each(paths, targets=targets, watch=_progress, **terms(given)))
    for path in _once(each for each in given.path if Path(each).is_dir()):
        each += desk.check_together(path, each)
    problems = list(counts([*each, *judged]))
    _report(problems, given.format, paths, counts.root)
    _say(f"{_count(len(paths), 'file')}, {_verdict(problems)}")
    return CONTENT if _failed(problems, strict=given.strict) else FINE


def _once(paths: Iterable[str]) -> list[str]:
    """Return paths and addresses without those that lead to where one before them does."""
    found: dict[str, str] = {}
    for each in paths:
        found.setdefault(each if "://" in each else os.path.realpath(each), each)
    return [*found.values()]


def _judged(paths: Sequence[str]) -> Sequence[Problem]:
    """Return what other people's programs find; say in one line which were asked, and which are not there."""
    from publisher import judges

    verdict = judges.ask(list(dict.fromkeys(paths)))
    _say(f"asked {'; '.join([', '.join(verdict.asked), *verdict.missing])}")
    return verdict.problems


def _fix(paths: Iterable[str], *, write: bool) -> None:
    """Repair what has one sure repair, and print the difference, as `diff -u` does."""
    from publisher import desk
    from publisher.fetch import is_url
    from publisher.problems import PublisherError

    repaired = 0
    for path in paths:
        try:
            repair = desk.fix(path, keep=write) if not is_url(path) else None
        except PublisherError:
            continue  # the check says why
        if repair and repair.before != repair.after:
            repaired += 1
            print_compared(repair.before, repair.after, f"{repair.path} (before)", f"{repair.path} (after)")
    if not repaired:
        _say("nothing was found that has one sure repair")


def _choice(given: argparse.Namespace, known: Choice) -> Choice:
    """Return which problems count: what was asked for now goes before what the settings say."""
    from dataclasses import replace

    from publisher.cli import codes
    from publisher.problems import PublisherError

    select, ignore = (tuple(code for each in several or () for code in each.split(",")) for several in (given.select, given.ignore))
    if wrong := [*codes.misspelt((*select, *ignore)), *codes.in_settings(known)]:
        raise PublisherError(*wrong)
    baseline = () if given.format == "baseline" else known.baseline
    return replace(known, select=select or known.select, ignore=(*known.ignore, *ignore), baseline=baseline)


# -- send -----------------------------------------------------------------------------------------------------------------


def _send(given: argparse.Namespace) -> int:
    """Send files by mail, when they are fit for where they go."""
    from publisher import desk, post
    from publisher.problems import PublisherError

    started = perf_counter()
    route = post.route(given.to, os.environ)
    to_kindle = given.to == "kindle" or post.is_kindle(route.recipient or "")
    parcel = desk.enclose(given.file, ["kindle"] if to_kindle else [])
    _report(parcel.problems)
    if _failed(parcel.problems, strict=False) and not given.force:
        _say(f"{_verdict(parcel.problems)}: nothing was sent; --force sends it all the same")
        return CONTENT
    if given.dry_run:
        _print("\n".join(_as_planned(route, parcel.enclosures)))
        return FINE
    if not (route.sender and route.recipient and route.server):
        raise PublisherError(*route.missing)
    now = datetime.now(UTC).replace(microsecond=0)
    letter = post.Letter(sender=route.sender, recipient=route.recipient, date=now, enclosures=parcel.enclosures)
    post.send(letter, route.server)
    _say(f"{_count(len(parcel.enclosures), 'file')} sent to {route.recipient} in {perf_counter() - started:.1f} s")
    return FINE


def _as_planned(route: Route, enclosures: Iterable[Enclosure]) -> Iterator[str]:
    """Yield what a letter would be like, for people; never the password."""
    server = route.server
    yield f"to: {route.recipient or 'not known: PUBLISHER_KINDLE_ADDRESS is not set'}"
    yield f"from: {route.sender or 'not known: PUBLISHER_SMTP_FROM is not set'}"
    login = f", as {server.user}" if server and server.user else ""
    yield f"by: {server.host}:{server.port}, {server.security}{login}" if server else "by: not known: PUBLISHER_SMTP_HOST is not set"
    yield from (f"file: {_visible(each.name)}, {each.media_type}, {len(each.body)} bytes" for each in enclosures)


# -- what we know ---------------------------------------------------------------------------------------------------------


def _schema(given: argparse.Namespace) -> int:
    from publisher import schema

    _print(schema.to_text(schema.json_schema()))
    return FINE


def _formats(given: argparse.Namespace) -> int:
    from publisher import formats

    writers = formats.writers()
    for name in formats.FORMATS:
        module = formats.get(name)
        does = f"read, write {writers[name].PATH}" if name in writers else "check" if name in formats.CHECKED else "read"
        does = "read, write sources" if name == formats.SOURCE else does
        _print(f"{name:<12} {module.TITLE:<42} {does}")
    return FINE


def _rules(given: argparse.Namespace) -> int:
    from publisher import docs

    _print(docs.explained(given.code) if given.code else docs.rules_page(), end="")
    return FINE


def _document(given: argparse.Namespace) -> int:
    from publisher import docs

    _print(docs.PAGES[given.command](), end="")
    return FINE


# -- the commands and their help ------------------------------------------------------------------------------------------


class _Command:
    """One command: what runs it, what its help says, and an example that works."""

    def __init__(
        self,
        run: Callable[[argparse.Namespace], int],
        summary: str,
        examples: Sequence[str],
        *options: tuple[Any, ...],
        notes: Callable[[], str] = str,
    ) -> None:
        self.run = run
        self.summary = summary
        self.examples = examples
        self.options = options
        self.notes = notes
        """Gives what its help says at the end."""


def _format(name: str) -> str:
    """Return the name of a format that we write; anything else is wrong usage."""
    from publisher import formats
    from publisher.problems import PublisherError

    try:
        return formats.writer(name).NAME
    except PublisherError as error:
        hint = "sources go before --only" if Path(name).exists() else error.problems[0].hint
        raise argparse.ArgumentTypeError(f"{error}: {hint}") from None


def _targets(text: str) -> list[str]:
    """Return the devices and shops in a list with commas, `all` for every one; a name of none is wrong usage."""
    from publisher import formats

    known = [*formats.targets()]
    for name in (given := [each.strip() for each in text.split(",")]):
        if name not in (*known, "all"):
            raise argparse.ArgumentTypeError(f"there is no target {name!r}: use one of {', '.join(known)} or all")
    return known if "all" in given else given


def _number(text: str) -> int:
    """Return a whole number from 1 up; anything else is wrong usage."""
    if not (text.isascii() and text.isdigit() and int(text)):
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from 1 up")
    return int(text)


def _engine(text: str) -> str:
    """Return the address of a cluster; anything else is wrong usage."""
    from publisher.cluster import SCHEMES

    scheme, _, place = text.partition("://")
    if scheme not in SCHEMES or not re.fullmatch(r"[\w.-]+:\d{1,5}|\[[\da-fA-F:.]+\]:\d{1,5}", place, re.ASCII):
        raise argparse.ArgumentTypeError(f"{text!r} is not the address of a cluster, such as dask://scheduler:8786")
    return text


def _port(text: str) -> int:
    """Return a port, 0 for any that is free; anything else is wrong usage."""
    if not (text.isascii() and text.isdigit() and len(text) < 6 and int(text) < 65536):
        raise argparse.ArgumentTypeError(f"{text!r} is not a port: a whole number up to 65535")
    return int(text)


_PRIVATE = (("--allow-private",), {"action": "store_true", "help": "ask addresses of this machine and its network too"})
_ROBOTS = (("--ignore-robots",), {"action": "store_true", "help": "fetch also what a robots.txt asks programs not to"})
_FOLLOW = (("--follow",), {"action": "store_true", "help": "read feeds to their end: also the archives and pages that they announce"})
_FULL_TEXT = (("--full-text",), {"action": "store_true", "help": "take the texts of articles that have only a summary from their pages"})
_ANEW = (("--no-cache",), {"action": "store_true", "help": "ask anew for what is kept of the web, in PUBLISHER_CACHE or the user's cache"})
_SPELLINGS = ("text", "json", "sarif", "github", "junit", "baseline")
_FORMAT = (("--format",), {"choices": _SPELLINGS, "default": "text", "help": "how problems are written; all but text go to stdout"})
_JSON = (("--json",), {"action": "store_const", "dest": "format", "const": "json", "help": "the same as --format json: one a line"})
_STRICT = (("--strict",), {"action": "store_true", "help": "let warnings count as errors"})

_FROM = (("--from",), {"dest": "form", "type": exchange.read, "metavar": "FORMAT", "help": "the format to read, whatever it looks like"})
_FORCE = (("--force",), {"action": "store_true", "help": "replace files that are there already"})
_WITH_DRAFTS = (("--drafts",), {"action": "store_true", "help": "take drafts too"})
_FETCH = (("--fetch",), {"action": "store_true", "help": "bring pictures and sound along from the web, each address once"})
_BRINGING = (_FETCH, _FOLLOW, _FULL_TEXT, _PRIVATE, _ROBOTS, _ANEW, _STRICT, _FORMAT, _JSON)
"""What `convert` and `import` have in common."""

_SOURCE = "files or folders, or their addresses, as s3://bucket/seeds (default: this folder)"
_ISSUE = "write just this issue, anew: a day, week (2026-W47), month, section or list; `all`: everything, and each issue anew"


def _variables() -> str:
    from publisher import post

    rows = "".join(f"  {name:<24}  {what}\n" for name, what in post.VARIABLES.items())
    approved = "Kindle takes mail only from senders that its owner has approved at Amazon."
    return f"\nsettings, all of them in the environment:\n{rows}\n{approved}\n"


COMMANDS = {
    "build": _Command(
        _build,
        "write every channel from the sources, and prove that each output reads back the same",
        (
            "publisher build seeds -o exports",
            "publisher build article.md -o out --only atom epub",
            "publisher build seeds --issue 2026-10 --issue lights-and-bells",
            "publisher build seeds --issue all",
        ),
        (("source",), {"nargs": "*", "default": ["."], "help": _SOURCE}),
        (("-o", "--output"), {"default": "exports", "metavar": "DIR", "help": "folder for the outputs, or its address (default: exports)"}),
        (("--only",), {"action": "extend", "nargs": "+", "type": _format, "metavar": "FORMAT", "help": "write just these formats"}),
        (("--issue",), {"action": "append", "metavar": "KEY", "help": _ISSUE}),
        (("--kepub",), {"action": "store_true", "help": "write each book for Kobo besides, as ….kepub.epub"}),
        (("--jobs",), {"type": _number, "metavar": "N", "help": "number of processes (default: by the amount of work)"}),
        (("--engine",), {"type": _engine, "metavar": "URL", "help": "have the work done by a Dask cluster, as dask://scheduler:8786"}),
        (("--drafts",), {"action": "store_true", "help": "publish drafts too"}),
        (("--fetch",), {"action": "store_true", "help": "fetch pictures and sound from the web for books, each address once"}),
        _PRIVATE,
        _ROBOTS,
        _STRICT,
        _FORMAT,
        _JSON,
    ),
    "convert": _Command(
        exchange.convert,
        "turn files of any format into another one, and say what that one cannot carry",
        (
            "publisher convert exports/feed.rss issue.epub",
            "publisher convert seeds/bells.md bells.jsonld",
            "publisher convert seeds/bells.md - --to rss",
            "publisher convert exports/feed.atom articles/ --to webpage",
            "publisher convert exports/feed.json sources/",
        ),
        (("source",), {"nargs": "+", "help": "files, folders, addresses on the web, or - for standard input"}),
        (("output",), {"help": "a file, whose name says the format; a folder, with / at its end; or - for standard output"}),
        (("--to",), {"type": exchange.written, "metavar": "FORMAT", "help": "the format to write, whatever the name says"}),
        _FROM,
        _FORCE,
        _WITH_DRAFTS,
        *_BRINGING,
    ),
    "import": _Command(
        exchange.bring,
        "make sources of files of any format: Markdown that people go on with, and media beside it",
        ("publisher import exports/feed.rss -o sources", "publisher import exports/the-lantern.epub exports/feed.atom -o sources"),
        (("source",), {"nargs": "+", "help": "files, folders, addresses on the web, or - for standard input"}),
        (("-o", "--output"), {"default": "seeds", "metavar": "DIR", "help": "folder of the sources (default: seeds)"}),
        _FROM,
        (("--force",), {"action": "store_true", "help": "replace files that were edited since they were imported, too"}),
        (("--no-drafts",), {"action": "store_true", "help": "leave drafts out"}),
        *_BRINGING,
    ),
    "show": _Command(
        _show,
        "print what a file holds, whatever its format",
        ("publisher show exports/feed.rss", "publisher show seeds/lighthouse.md --json"),
        (("file",), {"help": "a file that Publisher can read, or its address on the web"}),
        (("--json",), {"action": "store_true", "help": "print the JSON spelling (see `publisher schema`)"}),
        (("--explain",), {"action": "store_true", "help": "say beside each field what it was taken from, where its reader tells"}),
        _PRIVATE,
        _ROBOTS,
        _ANEW,
    ),
    "diff": _Command(
        _diff,
        "compare the articles of two files of any formats, field by field; exit code 1 when they differ, 2 when one cannot be read",
        (
            "publisher diff exports/feed.rss exports/feed.atom",
            "publisher diff exports/articles/bells.html exports/feed.json --common --ignore publication",
        ),
        (("first",), {"help": "a file that Publisher can read, or its address on the web"}),
        (("second",), {"help": "the file to compare it with"}),
        (("--common",), {"action": "store_true", "help": "leave out articles that only one of the files has"}),
        (("--ignore",), {"nargs": "+", "metavar": "FIELD", "help": "leave out these fields, such as body or publication.image"}),
        (("--json",), {"action": "store_true", "help": "print the differences as JSON, one a line"}),
        _PRIVATE,
        _ROBOTS,
        _ANEW,
    ),
    "check": _Command(
        _check,
        "say what is wrong with feeds, pages, EPUBs, JSON-LD and sources",
        (
            "publisher check",
            "publisher check exports",
            "publisher check exports/feed.atom --strict",
            "publisher check exports/feed.rss --fix --dry-run",
            "publisher check exports --select rss,atom --ignore rss-self --format sarif",
            "publisher check exports/the-lantern.epub --target kindle,kobo --target apple",
        ),
        (("path",), {"nargs": "*", "help": "files, folders, or addresses on the web (default: this folder, but for --fix)"}),
        (("--fix",), {"action": "store_true", "help": "repair what has one sure repair, and show the difference"}),
        (("--dry-run",), {"action": "store_true", "help": "only show what --fix would do"}),
        (("--select",), {"action": "append", "metavar": "CODE,…", "help": "only these problems; the beginning of a code means all such"}),
        (("--ignore",), {"action": "append", "metavar": "CODE,…", "help": "all but these"}),
        (
            ("--target",),
            {
                "action": "append",
                "type": _targets,
                "metavar": "TARGET,…",
                "help": "what books must be fit for: kindle, kobo, apple, google, koreader or all",
            },
        ),
        (("--judges",), {"action": "store_true", "help": "ask EPUBCheck, Ace and the Nu Html Checker too, where installed"}),
        _PRIVATE,
        _ROBOTS,
        _ANEW,
        _STRICT,
        _FORMAT,
        _JSON,
    ),
    "serve": _Command(
        preview.serve,
        "serve a preview that is built anew with every change, and show what readers, search engines and books make of each article",
        ("publisher serve seeds", "publisher serve seeds --drafts --open", "publisher serve seeds --lan --port 8080"),
        (("source",), {"nargs": "*", "default": ["."], "help": "files or folders (default: this folder)"}),
        (
            ("--port",),
            {"type": _port, "default": preview.PORT, "metavar": "N", "help": "where to listen (default: 8000, or the next that is free)"},
        ),
        (
            ("--lan",),
            {"action": "store_true", "help": "listen on the network too, and print addresses and a QR code for phones and e-readers"},
        ),
        (("--open",), {"action": "store_true", "help": "open the front page in a browser"}),
        (("--drafts",), {"action": "store_true", "help": "show drafts too"}),
    ),
    "send": _Command(
        _send,
        "send books and other files by mail to a Kindle, or to an address",
        (
            "publisher send exports/the-lantern.epub --to kindle --dry-run",
            "publisher send exports/the-lantern.epub --to ines@example.org --dry-run",
        ),
        (("file",), {"nargs": "+", "help": "EPUBs, or other files that Send to Kindle takes"}),
        (("--to",), {"required": True, "metavar": "WHOM", "help": "kindle, or an address"}),
        (("--dry-run",), {"action": "store_true", "help": "only check the files, and show what would be sent"}),
        (("--force",), {"action": "store_true", "help": "send books that have errors, too"}),
        notes=_variables,
    ),
    "announce": _Command(
        announce,
        "tell hubs and search engines what has changed since the last time; after the upload",
        (
            "publisher announce seeds -o exports --dry-run",
            "publisher announce seeds --only websub --dry-run",
        ),
        (("source",), {"nargs": "?", "default": ".", "help": "folder with publisher.toml (default: this folder)"}),
        (("-o", "--output"), {"default": "exports", "metavar": "DIR", "help": "folder of the outputs (default: exports)"}),
        (("--only",), {"action": "extend", "nargs": "+", "choices": KINDS, "help": "tell just these"}),
        (("--all",), {"action": "store_true", "help": "tell of everything, also of what has not changed"}),
        (("--dry-run",), {"action": "store_true", "help": "only show who would be told of what"}),
        (("--force",), {"action": "store_true", "help": "do not look first whether the server has the new version"}),
        _PRIVATE,
        _FORMAT,
        _JSON,
    ),
    "schema": _Command(_schema, "print the JSON Schema of the JSON spelling", ("publisher schema",)),
    "formats": _Command(_formats, "list the formats that can be read and written", ("publisher formats",)),
    "fields": _Command(_document, "print which format carries which field, as Markdown", ("publisher fields",)),
    "rules": _Command(
        _rules,
        "print the rules of `check`, as Markdown, or explain one",
        ("publisher rules", "publisher rules rss-guid-missing"),
        (("code",), {"nargs": "?", "help": "a code, or the beginning of one"}),
    ),
    "settings": _Command(_document, "print the keys of publisher.toml, as Markdown", ("publisher settings",)),
}


class _CommandParser(argparse.ArgumentParser):
    """Makes the end of its help only when that is shown, since it may need what takes long to import."""

    notes: Callable[[], str] = str

    def format_help(self) -> str:
        return f"{super().format_help()}{self.notes()}"


def _parser() -> argparse.ArgumentParser:
    layout = argparse.RawDescriptionHelpFormatter
    every = "\n".join(f"  {command.examples[0]}" for command in COMMANDS.values())
    parser = argparse.ArgumentParser(
        prog="publisher",
        description="One article in, every channel out, and back again.",
        epilog=f"examples:\n{every}\n\nexit codes: 0 fine, 1 errors in the content, 2 wrong usage, 3 our defect",
        formatter_class=layout,
    )
    parser.add_argument("--version", action="version", version=f"publisher {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", title="commands", parser_class=_CommandParser)
    for name, command in COMMANDS.items():
        examples = "examples:\n" + "\n".join(f"  {each}" for each in command.examples)
        one = commands.add_parser(name, help=command.summary, description=command.summary, epilog=examples, formatter_class=layout)
        one.notes = command.notes
        for flags, options in command.options:
            one.add_argument(*flags, **options)
    return parser


if __name__ == "__main__":
    sys.exit(main())
